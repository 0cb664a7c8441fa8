package io.linyu.channel.wechat;

import static java.util.Objects.requireNonNull;

import io.lettuce.core.RedisFuture;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.linyu.channel.ChannelError;
import io.linyu.channel.ChannelError.RateLimited;
import io.linyu.channel.ChannelError.Refused;
import io.linyu.channel.ChannelError.Why;
import io.linyu.channel.Trouble;
import io.linyu.platform.redis.Redis;
import io.linyu.platform.text.Json;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the platform told us to leave alone, by its address and for all nodes: nobody calls it
/// until its time has come, then one of them tries.
///
/// It lives in Redis. Without it each node knows only of what it was told itself.
final class WechatPauses {
  private static final Logger LOG = LoggerFactory.getLogger(WechatPauses.class);

  /// Longer than one call: then another may try.
  private static final Duration TRIAL = Duration.ofSeconds(10);

  /// Whoever finds that another tries comes back then.
  private static final Duration TRIAL_WAITS = Duration.ofSeconds(2);

  /// Who chooses a way need not know it sooner.
  private static final Duration KNOWN_FOR = Duration.ofSeconds(5);

  /// What nobody has tried for so long is not known any more.
  private static final Duration FORGOTTEN = Duration.ofDays(7);

  private static final Pattern ADDRESS =
      Pattern.compile(
          "\\b\\d{1,3}(?:\\.\\d{1,3}){3}\\b|\\b[0-9a-fA-F]{0,4}(?::[0-9a-fA-F]{0,4}){2,7}\\b");

  private final String appId;
  private final String key;
  private final Redis redis;
  private final Clock clock;
  private final Map<String, Pause> own = new ConcurrentHashMap<>();
  private volatile Denied denied = new Denied(Instant.MIN, Set.of());

  /// As of some seconds ago.
  private record Denied(Instant asOf, Set<String> apis) {}

  record Pause(String api, int code, String told, Instant since, Instant until) {
    Trouble.Kind kind() {
      return requireNonNull(WechatErrors.trouble(code));
    }

    String call() {
      return WechatCounts.call(api);
    }
  }

  WechatPauses(String appId, Redis redis, Clock clock) {
    this.appId = appId;
    this.key = redis.prefix() + "wechat:paused:" + appId;
    this.redis = redis;
    this.clock = clock;
  }

  /// Before a call.
  ///
  /// @return what this call tries whether it is over; null when there was nothing
  /// @throws ChannelError while it is not to be called
  @Nullable Pause pass(String api) {
    Pause pause = find(api);
    if (pause == null) {
      return null;
    }
    Duration left = Duration.between(clock.instant(), pause.until());
    if (left.isPositive()) {
      throw refusal(pause, left);
    }
    if (!mayTry(api)) {
      throw refusal(pause, TRIAL_WAITS);
    }
    return pause;
  }

  /// Whether the account may not make this call at all for now, as far as was known some seconds
  /// ago: for choosing a way and saying which it will be. What is called asks [#pass].
  boolean isDenied(String api) {
    Instant now = clock.instant();
    Denied known = denied;
    if (known.asOf().isBefore(now.minus(KNOWN_FOR))) {
      known =
          new Denied(
              now,
              all().stream()
                  .filter(pause -> isDenial(pause) && pause.until().isAfter(now))
                  .map(Pause::api)
                  .collect(Collectors.toUnmodifiableSet()));
      denied = known;
    }
    return known.apis().contains(api);
  }

  private static boolean isDenial(Pause pause) {
    return pause.kind() == Trouble.Kind.NO_PERMISSION || pause.kind() == Trouble.Kind.TEMPLATE;
  }

  /// The platform has just said so.
  void begin(String api, int code, String told, Duration lasts) {
    Instant now = clock.instant();
    Pause before = find(api);
    boolean goesOn = before != null && before.code() == code;
    var pause =
        new Pause(
            api, code, told, before != null && goesOn ? before.since() : now, now.plus(lasts));
    own.put(api, pause);
    denied = new Denied(Instant.MIN, Set.of());
    boolean first = !goesOn;
    try {
      byte[] json = bytes(Json.write(pause));
      if (before == null) {
        // Of many that hear it at once, one says so.
        first = Boolean.TRUE.equals(ask(redis -> redis.hsetnx(key, api, json)));
      }
      if (before != null || !first) {
        var _ = ask(redis -> redis.hset(key, api, json));
      }
      var _ = ask(redis -> redis.pexpire(key, FORGOTTEN.toMillis()));
      var _ = ask(redis -> redis.del(trial(api)));
    } catch (Redis.Away away) {
      LOG.warn("a pause is not shared: {}", away.getMessage());
    }
    if (first) {
      LOG.error(
          "account {} needs somebody to look: {} says {}; it is left alone until {}",
          appId,
          api,
          told,
          pause.until());
    }
  }

  /// It answers again.
  void over(Pause pause) {
    own.remove(pause.api());
    boolean last = true;
    try {
      Long removed = ask(redis -> redis.hdel(key, pause.api()));
      last = removed != null && removed > 0;
      var _ = ask(redis -> redis.del(trial(pause.api())));
    } catch (Redis.Away away) {
      LOG.warn("the end of a pause is not shared: {}", away.getMessage());
    }
    if (last) {
      LOG.info("account {}: {} answers again after {}", appId, pause.api(), pause.code());
    }
  }

  /// Somebody says that it was put right: the next call tries, whichever node makes it. What is
  /// known of it stays until the platform has answered, so that one who goes on refusing is not
  /// taken for a new one.
  ///
  /// @return whether it was still to be left alone
  /// @throws Redis.Away then the other nodes cannot be told
  boolean resume(String call) {
    Instant now = clock.instant();
    Map<String, byte[]> known = ask(redis -> redis.hgetall(key));
    List<Pause> lifted =
        known == null
            ? List.of()
            : known.values().stream()
                .map(WechatPauses::read)
                .filter(pause -> pause.call().equals(call) && pause.until().isAfter(now))
                .toList();
    for (Pause each : lifted) {
      var pause = new Pause(each.api(), each.code(), each.told(), each.since(), now);
      own.put(each.api(), pause);
      var _ = ask(redis -> redis.hset(key, each.api(), bytes(Json.write(pause))));
      LOG.info("account {}: {} may be tried again after {}", appId, each.api(), each.code());
    }
    return !lifted.isEmpty();
  }

  /// What somebody should know, oldest first.
  List<Trouble> troubles(String account) {
    Instant now = clock.instant();
    return all().stream()
        .map(pause ->
            new Trouble(
                WechatCodec.CHANNEL,
                account,
                pause.kind(),
                pause.code(),
                pause.call(),
                detail(pause),
                pause.since(),
                pause.until()))
        .filter(trouble -> !trouble.kind().passes() || trouble.until().isAfter(now))
        .sorted(Comparator.comparing(Trouble::since))
        .toList();
  }

  private static ChannelError refusal(Pause pause, Duration left) {
    return isDenial(pause)
        ? new Refused(Why.NO_PERMISSION, pause.told())
        : new RateLimited(pause.told(), left);
  }

  private static String detail(Pause pause) {
    var address = ADDRESS.matcher(pause.told());
    return address.find() ? address.group() : pause.api();
  }

  private @Nullable Pause find(String api) {
    try {
      byte[] json = ask(redis -> redis.hget(key, api));
      Pause shared = json == null ? null : read(json);
      // Ended or lifted on another node: so it is here, should Redis go away.
      own.computeIfPresent(api, (_, _) -> shared);
      return shared;
    } catch (Redis.Away away) {
      return own.get(api);
    }
  }

  private List<Pause> all() {
    try {
      Map<String, byte[]> found = ask(redis -> redis.hgetall(key));
      return found == null ? List.of() : found.values().stream().map(WechatPauses::read).toList();
    } catch (Redis.Away away) {
      return List.copyOf(own.values());
    }
  }

  private boolean mayTry(String api) {
    try {
      var once = SetArgs.Builder.nx().px(TRIAL.toMillis());
      return ask(redis -> redis.set(trial(api), bytes("1"), once)) != null;
    } catch (Redis.Away away) {
      return true;
    }
  }

  private String trial(String api) {
    return key + ":trial:" + api;
  }

  private <T> @Nullable T ask(
      Function<RedisAsyncCommands<String, byte[]>, RedisFuture<T>> command) {
    try {
      return command.apply(redis.commands()).get(1, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new Redis.Away(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Redis.Away(e);
    } catch (RuntimeException e) { // after the client was closed
      throw new Redis.Away(e);
    }
  }

  private static Pause read(byte[] json) {
    return Json.read(new String(json, StandardCharsets.UTF_8), Pause.class);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
