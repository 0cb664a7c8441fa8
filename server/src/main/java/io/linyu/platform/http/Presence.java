package io.linyu.platform.http;

import io.lettuce.core.Range;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.linyu.platform.redis.Redis;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;

/// Who is looking at the same page just now, on any node. A courtesy: without Redis, nobody is.
public final class Presence {
  private static final Duration SEEN = Duration.ofSeconds(45);

  private final Redis redis;
  private final Clock clock;

  public Presence(Redis redis, Clock clock) {
    this.redis = redis;
    this.clock = clock;
  }

  /// Says that this person is here, and names the others.
  public List<String> enter(String place, long person, String name) {
    String key = redis.prefix() + "present:" + place;
    RedisAsyncCommands<String, byte[]> commands = redis.commands();
    byte[] me = (person + " " + name).getBytes(StandardCharsets.UTF_8);
    double now = clock.millis();
    try {
      var _ = commands.zadd(key, now, me);
      var _ = commands.zremrangebyscore(key, Range.create(0d, now - SEEN.toMillis()));
      var _ = commands.pexpire(key, SEEN);
      return others(commands.zrange(key, 0, 20).toCompletableFuture().join(), person);
    } catch (CompletionException away) {
      return List.of();
    }
  }

  private static List<String> others(List<byte[]> present, long person) {
    var names = new ArrayList<String>();
    for (byte[] each : present) {
      String[] who = new String(each, StandardCharsets.UTF_8).split(" ", 2);
      if (Long.parseLong(who[0]) != person) {
        names.add(who[1]);
      }
    }
    return names;
  }
}
