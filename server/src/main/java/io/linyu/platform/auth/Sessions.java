package io.linyu.platform.auth;

import io.lettuce.core.GetExArgs;
import io.lettuce.core.SetArgs;
import io.linyu.platform.redis.Redis;
import io.linyu.platform.text.Codes;
import io.linyu.platform.text.Digest;
import io.linyu.platform.text.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// Who is signed in, in Redis, so that any node serves any visitor and a restart signs nobody out.
///
/// A session is written at sign-in, and again only when its person changes a credential, so
/// requests that cross cannot spoil it. It ends by itself after [#IDLE] without an action of the
/// person, and after [#SHIFT] in any case; pages that refresh themselves do not prolong it. Redis
/// knows only the digest of its id.
public final class Sessions {
  public static final Duration IDLE = Duration.ofMinutes(30);
  public static final Duration SHIFT = Duration.ofHours(12);

  /// How long whoever has shown a password has to show a code.
  public static final Duration HALF_WAY = Duration.ofMinutes(5);

  /// How long, when an authenticator has to be set up first.
  public static final Duration SETTING_UP = Duration.ofMinutes(15);

  /// @param id the secret in the cookie
  /// @param form must come back with everything the person sends, so that no other site can send it
  /// @param credentials the state of what the person has proved themselves with: it ends when that
  ///   is another
  public record Session(String id, long subject, String form, Instant began, int credentials) {
    public boolean isForm(@Nullable String given) {
      return given != null && MessageDigest.isEqual(bytes(form), bytes(given));
    }
  }

  /// @param credentials null: of a release that did not know of it yet
  private record Kept(long subject, String form, Instant began, @Nullable Integer credentials) {
    Session as(String id) {
      return new Session(id, subject, form, began, credentials == null ? 0 : credentials);
    }
  }

  private final Redis redis;
  private final Clock clock;
  private final String name;

  public Sessions(Redis redis, Clock clock) {
    this(redis, clock, "session:");
  }

  private Sessions(Redis redis, Clock clock, String name) {
    this.redis = redis;
    this.clock = clock;
    this.name = name;
  }

  /// Of those who have proved one thing of two. They are kept apart: none is ever found among the
  /// sessions of those who are signed in.
  public static Sessions halfWay(Redis redis, Clock clock) {
    return new Sessions(redis, clock, "half-session:");
  }

  /// Of residents on their own pages, who never find themselves in the console with theirs.
  public static Sessions ofResidents(Redis redis, Clock clock) {
    return new Sessions(redis, clock, "resident-session:");
  }

  public Session begin(long subject, int credentials) {
    return begin(subject, credentials, IDLE);
  }

  /// @param life until it ends, unless it is prolonged
  public Session begin(long subject, int credentials, Duration life) {
    var kept = new Kept(subject, secret(), clock.instant(), credentials);
    String id = secret();
    await(
        redis
            .commands()
            .set(key(id), bytes(Json.write(kept)), SetArgs.Builder.px(life.toMillis())));
    return kept.as(id);
  }

  /// It goes on, as the one from which the person has just changed a credential.
  public void goOn(Session session) {
    var kept =
        new Kept(session.subject(), session.form(), session.began(), session.credentials() + 1);
    var _ =
        await(
            redis
                .commands()
                .set(key(session.id()), bytes(Json.write(kept)), SetArgs.Builder.xx().keepttl()));
  }

  /// @param prolong whether the person has just done something
  public Optional<Session> find(String id, boolean prolong) {
    byte @Nullable [] found =
        await(
            prolong
                ? redis.commands().getex(key(id), GetExArgs.Builder.px(IDLE.toMillis()))
                : redis.commands().get(key(id)));
    if (found == null) {
      return Optional.empty();
    }
    var kept = Json.read(new String(found, StandardCharsets.UTF_8), Kept.class);
    if (kept.began().plus(SHIFT).isBefore(clock.instant())) {
      end(id);
      return Optional.empty();
    }
    return Optional.of(kept.as(id));
  }

  /// Whether it still goes on; when Redis does not answer, it does.
  public CompletionStage<Boolean> goesOn(String id) {
    return redis.commands().exists(key(id)).handle((found, failed) -> failed != null || found > 0);
  }

  public void end(String id) {
    var _ = await(redis.commands().del(key(id)));
  }

  private String key(String id) {
    return redis.prefix() + name + Digest.hex(id);
  }

  private static String secret() {
    return Codes.random() + Codes.random();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static <T extends @Nullable Object> T await(CompletionStage<T> answer) {
    try {
      return answer.toCompletableFuture().join();
    } catch (CompletionException e) {
      throw new Redis.Away(e.getCause() == null ? e : e.getCause());
    }
  }
}
