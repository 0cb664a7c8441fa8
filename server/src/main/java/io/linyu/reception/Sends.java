package io.linyu.reception;

import io.linyu.channel.AddressKey;
import io.linyu.platform.redis.Redis;
import io.linyu.reception.PublicAccountPages.Count;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// How what went out by itself ended, by account and rung of the ladder: one hash a day in Redis,
/// for all nodes. A message counts nothing else for it.
final class Sends {
  private static final Duration KEPT = Duration.ofDays(8);
  private static final int DAYS = 7;
  private static final int PARTS = 4;

  private final String key;
  private final Redis redis;
  private final Clock clock;
  private final ZoneId zone;

  Sends(Redis redis, Clock clock, ZoneId zone) {
    this.key = redis.prefix() + "sends:";
    this.redis = redis;
    this.clock = clock;
    this.zone = zone;
  }

  void count(AddressKey to, String way, String ended) {
    String day = key + LocalDate.ofInstant(clock.instant(), zone);
    String field = String.join("|", to.channel(), to.account(), way, ended);
    try {
      var _ = redis.commands().hincrby(day, field, 1);
      var _ = redis.commands().pexpire(day, KEPT.toMillis());
    } catch (RuntimeException away) {
      // A figure is lost.
    }
  }

  List<Count> of(String channel, String account) {
    LocalDate today = LocalDate.ofInstant(clock.instant(), zone);
    Map<String, long[]> sums = new TreeMap<>();
    for (int back = 0; back < DAYS; back++) {
      boolean now = back == 0;
      all(key + today.minusDays(back))
          .forEach((field, bytes) -> {
            String[] parts = field.split("\\|", -1);
            if (parts.length == PARTS && parts[0].equals(channel) && parts[1].equals(account)) {
              long times = Long.parseLong(new String(bytes, StandardCharsets.UTF_8));
              long[] sum = sums.computeIfAbsent(parts[2] + "|" + parts[3], _ -> new long[2]);
              sum[0] += now ? times : 0;
              sum[1] += times;
            }
          });
    }
    var counts = new ArrayList<Count>();
    sums.forEach((field, sum) -> {
      int bar = field.indexOf('|');
      counts.add(new Count(field.substring(0, bar), field.substring(bar + 1), sum[0], sum[1]));
    });
    return counts;
  }

  private Map<String, byte[]> all(String of) {
    try {
      return redis.commands().hgetall(of).get(1, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException | RuntimeException away) {
      return Map.of();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Map.of();
    }
  }
}
