package io.linyu.casework;

import io.lettuce.core.SetArgs;
import io.linyu.community.Staff;
import io.linyu.platform.redis.Redis;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Codes that were drawn just now, for the page that shows them to whoever drew them: sealed, in
/// Redis, for a quarter of an hour. What is lost is drawn anew.
final class FreshSlips {
  private static final Logger LOG = LoggerFactory.getLogger(FreshSlips.class);
  private static final Duration SHOWN = Duration.ofMinutes(15);
  private static final long PATIENCE_SECONDS = 2;

  private final Redis redis;
  private final Spoken spoken;

  FreshSlips(Redis redis, Spoken spoken) {
    this.redis = redis;
    this.spoken = spoken;
  }

  void put(Staff staff, CaseId id, SlipCode code) {
    byte[] sealed = spoken.sealed(code);
    var _ =
        await(redis.commands().set(key(staff, id), sealed, SetArgs.Builder.px(SHOWN.toMillis())));
  }

  Optional<SlipCode> of(Staff staff, CaseId id) {
    byte @Nullable [] found = await(redis.commands().get(key(staff, id)));
    return found == null ? Optional.empty() : spoken.opened(found);
  }

  private String key(Staff staff, CaseId id) {
    return redis.prefix() + "slip:" + id.value() + ":" + staff.id();
  }

  private static <T> @Nullable T await(CompletionStage<T> asked) {
    try {
      return asked.toCompletableFuture().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    } catch (RuntimeException away) {
      LOG.warn("a code on a slip cannot be shown, and has to be drawn anew: {}", away.toString());
      return null;
    }
  }
}
