package io.linyu.channel.wechat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.linyu.channel.Standing;
import io.linyu.platform.redis.Redis;
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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What was asked of the platform and how it refused, a day by its own clock at a time, for all
/// nodes: one hash a day in Redis, which a call adds to and waits for nothing.
final class WechatCounts {
  private static final Logger LOG = LoggerFactory.getLogger(WechatCounts.class);

  /// A value of a notice that its template does not allow.
  private static final int NOTICE_FIELD = 47003;

  /// Quotas begin anew at midnight there, wherever we are.
  private static final ZoneId PLATFORM = ZoneId.of("Asia/Shanghai");

  private static final Duration KEPT = Duration.ofDays(8);
  private static final int DAYS = 7;

  private final String appId;
  private final String calls;
  private final String codes;
  private final String reasons;
  private final String limits;
  private final Redis redis;
  private final Clock clock;

  WechatCounts(String appId, Redis redis, Clock clock) {
    this.appId = appId;
    this.calls = redis.prefix() + "wechat:calls:" + appId + ":";
    this.codes = redis.prefix() + "wechat:codes:" + appId + ":";
    this.reasons = redis.prefix() + "wechat:reasons:" + appId + ":";
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

  /// @param said the platform's own words, of which the last are kept
  void refused(String api, int code, String said) {
    String field = code + " " + api;
    String kept = WechatReason.kept(said);
    if (WechatErrors.isOurFault(code)) {
      LOG.error("account {}: what we asked of {} was wrong: {} {}", appId, api, code, kept);
    }
    add(codes + today(), field);
    try {
      var _ = redis.commands().hset(reasons + today(), field, kept.getBytes(UTF_8));
      var _ = redis.commands().pexpire(reasons + today(), KEPT.toMillis());
    } catch (RuntimeException away) {
      // The next refusal has one, too.
    }
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
                  (limit + " " + used + " " + clock.instant().getEpochSecond()).getBytes(UTF_8));
      var _ = redis.commands().pexpire(limits, KEPT.toMillis());
    } catch (RuntimeException away) {
      // It is asked again.
    }
  }

  /// The platform's own path, without what all of them have.
  static String call(String api) {
    return api.replaceFirst("^.*/(?:cgi-bin|wxaapi|datacube|sns)/", "");
  }

  /// The most used first.
  List<Standing.Use> uses() {
    Map<String, String> said = all(limits);
    Map<String, Long> ours = new TreeMap<>();
    all(calls + today()).forEach((api, times) -> ours.put(api, Long.parseLong(times)));
    said.keySet().forEach(api -> ours.putIfAbsent(api, 0L));
    var uses = new ArrayList<Standing.Use>();
    ours.forEach((api, times) -> uses.add(use(call(api), times, said.get(api))));
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
  List<Standing.Refusal> refusals() {
    var refusals = new ArrayList<Standing.Refusal>();
    for (int back = 0; back < DAYS; back++) {
      LocalDate day = today().minusDays(back);
      Map<String, String> said = all(reasons + day);
      all(codes + day)
          .forEach((field, times) -> {
            int space = field.indexOf(' ');
            int code = Integer.parseInt(field.substring(0, space));
            refusals.add(
                new Standing.Refusal(
                    day,
                    code,
                    call(field.substring(space + 1)),
                    Long.parseLong(times),
                    said.get(field),
                    code == NOTICE_FIELD
                        ? WechatReason.field(said.getOrDefault(field, ""))
                        : null));
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
          .forEach((field, value) -> found.put(field, new String(value, UTF_8)));
      return found;
    } catch (ExecutionException | TimeoutException | RuntimeException away) {
      return Map.of();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Map.of();
    }
  }
}
