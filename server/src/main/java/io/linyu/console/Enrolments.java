package io.linyu.console;

import io.lettuce.core.SetArgs;
import io.linyu.community.SecondFactors;
import io.linyu.platform.auth.Sessions;
import io.linyu.platform.auth.Sessions.Session;
import io.linyu.platform.auth.Totp;
import io.linyu.platform.redis.Redis;
import io.linyu.platform.text.Digest;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// Secrets that an authenticator has been shown and that no code has confirmed yet: sealed in
/// Redis, one for each session, so that nobody confirms what somebody else has seen.
final class Enrolments {
  private final Redis redis;
  private final SecondFactors factors;

  Enrolments(Redis redis, SecondFactors factors) {
    this.redis = redis;
    this.factors = factors;
  }

  /// The same one as long as the session asks for it: a phone may load the page again while the
  /// person looks at the authenticator.
  String secret(Session session) {
    return drawn(session).orElseGet(() -> draw(session));
  }

  Optional<String> drawn(Session session) {
    byte @Nullable [] found = await(redis.commands().get(key(session)));
    return Optional.ofNullable(found).map(factors::opened);
  }

  String draw(Session session) {
    String secret = Totp.secret();
    await(
        redis
            .commands()
            .set(
                key(session),
                factors.sealed(secret),
                SetArgs.Builder.px(Sessions.SETTING_UP.toMillis())));
    return secret;
  }

  void forget(Session session) {
    var _ = await(redis.commands().del(key(session)));
  }

  private String key(Session session) {
    return redis.prefix() + "enrolment:" + Digest.hex(session.id());
  }

  private static <T extends @Nullable Object> T await(CompletionStage<T> answer) {
    try {
      return answer.toCompletableFuture().join();
    } catch (CompletionException e) {
      throw new Redis.Away(e.getCause() == null ? e : e.getCause());
    }
  }
}
