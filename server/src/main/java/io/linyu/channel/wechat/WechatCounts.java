package io.linyu.channel.wechat;

import io.linyu.channel.Standing;
import io.linyu.platform.redis.Redis;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// What was asked of the platform and how it refused, a day by its own clock at a time, for all
/// nodes: one hash a day in Redis, which a call adds to and waits for nothing.
final class WechatCounts {
  /// Quotas begin anew at midnight there, wherever we are.
  private static final ZoneId PLATFORM = ZoneId.of("Asia/Shanghai");

  private static final Duration KEPT = Duration.ofDays(8);
  private static final int DAYS = 7;

  private final String calls;
  private final String codes;
  private final String limits;
  private final Redis redis;
  private final Clock clock;

  WechatCounts(String appId, Redis redis, Clock clock) {
    this.calls = redis.prefix() + "wechat:calls:" + appId + ":";
    this.codes = redis.prefix() + "wechat:codes:" + appId + ":";
    this.limits = redis.prefix() + "wechat:limits:" + appId;
    this.redis = redis;
    this.clock = clock;
  }

  LocalDate today() {
    return LocalDate.ofInstant(clock.instant(), PLATFORM);
  }

  void asked(String api) {
    add(calls + today(), api);
  }

  void refused(String api, int code) {
    add(codes + today(), code + " " + api);
  }

  private void add(String key, String field) {
    try {
      var _ = redis.commands().hincrby(key, field, 1);
      var _ = redis.commands().pexpire(key, KEPT.toMillis());
    } catch (RuntimeException away) {
      // A figure is lost.
    }
  }

  /// What the platform said of its limits.
  void limit(String api, long limit, long used) {
    try {
      var _ =
          redis
              .commands()
              .hset(
                  limits,
                  api,
                  (limit + " " + used + " " + clock.instant().getEpochSecond())
                      .getBytes(StandardCharsets.UTF_8));
      var _ = redis.commands().pexpire(limits, KEPT.toMillis());
    } catch (RuntimeException away) {
      // It is asked again.
    }
  }

  /// The most used first.
  ///
  /// @param name of a call
  List<Standing.Use> uses(UnaryOperator<String> name) {
    Map<String, String> said = all(limits);
    Map<String, Long> ours = new TreeMap<>();
    all(calls + today()).forEach((api, times) -> ours.put(api, Long.parseLong(times)));
    said.keySet().forEach(api -> ours.putIfAbsent(api, 0L));
    var uses = new ArrayList<Standing.Use>();
    ours.forEach((api, times) -> uses.add(use(name.apply(api), times, said.get(api))));
    uses.sort(Comparator.comparingLong(Standing.Use::ours).reversed());
    return uses;
  }

  private Standing.Use use(String call, long ours, @Nullable String said) {
    if (said == null) {
      return new Standing.Use(call, ours, null, null, null);
    }
    String[] parts = said.split(" ", -1);
    Instant at = Instant.ofEpochSecond(Long.parseLong(parts[2]));
    boolean today = LocalDate.ofInstant(at, PLATFORM).equals(today());
    return new Standing.Use(
        call, ours, Long.valueOf(parts[0]), today ? Long.valueOf(parts[1]) : null, at);
  }

  /// The newest first.
  List<Standing.Refusal> refusals(UnaryOperator<String> name) {
    var refusals = new ArrayList<Standing.Refusal>();
    for (int back = 0; back < DAYS; back++) {
      LocalDate day = today().minusDays(back);
      all(codes + day)
          .forEach((field, times) -> {
            int space = field.indexOf(' ');
            refusals.add(
                new Standing.Refusal(
                    day,
                    Integer.parseInt(field.substring(0, space)),
                    name.apply(field.substring(space + 1)),
                    Long.parseLong(times)));
          });
    }
    return refusals;
  }

  private Map<String, String> all(String key) {
    try {
      var found = new TreeMap<String, String>();
      redis
          .commands()
          .hgetall(key)
          .get(1, TimeUnit.SECONDS)
          .forEach((field, value) -> found.put(field, new String(value, StandardCharsets.UTF_8)));
      return found;
    } catch (ExecutionException | TimeoutException | RuntimeException away) {
      return Map.of();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Map.of();
    }
  }
}
