package io.linyu.platform.redis;

import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.linyu.platform.Refusal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/// So many times within so long, counted in Redis for all nodes together.
public final class RateLimit {
  /// Generic cell rate: one key holds the moment at which the budget is full again. Redis' own
  /// clock.
  private static final String TAKE =
      """
      local now = redis.call('TIME')
      now = now[1] * 1000 + math.floor(now[2] / 1000)
      local gap, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
      local full = math.max(tonumber(redis.call('GET', KEYS[1]) or 0), now)
      local wait = full + gap - burst - now
      if wait > 0 then return wait end
      redis.call('SET', KEYS[1], full + gap, 'PX', full + gap - now)
      return 0
      """;

  private static final String GIVE_BACK =
      """
      local full = tonumber(redis.call('GET', KEYS[1]) or 0) - tonumber(ARGV[1])
      local now = redis.call('TIME')
      local left = full - (now[1] * 1000 + math.floor(now[2] / 1000))
      if left > 0 then redis.call('SET', KEYS[1], full, 'PX', left) else redis.call('DEL', KEYS[1]) end
      return 0
      """;

  private final RedisAsyncCommands<String, byte[]> redis;
  private final String prefix;
  private final Duration gap;
  private final Duration burst;

  public RateLimit(
      RedisAsyncCommands<String, byte[]> redis, String prefix, int times, Duration within) {
    this.redis = redis;
    this.prefix = prefix;
    this.gap = within.dividedBy(times);
    this.burst = within;
  }

  /// Completes with how long to wait; zero means: go ahead, it has been counted.
  public CompletionStage<Duration> take(String key) {
    return redis
        .<Long>eval(
            TAKE,
            ScriptOutputType.INTEGER,
            new String[] {prefix + key},
            bytes(gap.toMillis()),
            bytes(burst.toMillis()))
        .thenApply(Duration::ofMillis);
  }

  /// Refuses whoever comes too often. Without Redis everybody comes in: for pages whose codes are
  /// long enough by themselves.
  public void takeOrRefuse(String key) {
    Duration wait = take(key).exceptionally(_ -> Duration.ZERO).toCompletableFuture().join();
    if (wait.isPositive()) {
      throw new Refusal("too-often", 429);
    }
  }

  /// What was taken need not have been: it is not counted after all.
  public CompletionStage<Void> giveBack(String key) {
    return redis
        .<Long>eval(
            GIVE_BACK, ScriptOutputType.INTEGER, new String[] {prefix + key}, bytes(gap.toMillis()))
        .thenAccept(_ -> {});
  }

  private static byte[] bytes(long number) {
    return Long.toString(number).getBytes(StandardCharsets.UTF_8);
  }
}
