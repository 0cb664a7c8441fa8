package io.linyu.console;

import io.linyu.platform.Refusal;
import io.linyu.platform.redis.RateLimit;
import io.linyu.platform.redis.Redis;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/// How often somebody may be wrong.
///
/// Only failures are counted, for each name and for each place they come from, so that a whole
/// office may arrive in one minute and nobody may try a hundred passwords. Without Redis nobody
/// signs in, because nobody would be counted.
///
/// Codes are short, and whoever tries them has the password: of these there are fewer in a day.
final class Tries {
  private static final Duration WITHIN = Duration.ofMinutes(15);
  private static final int OF_ONE = 5;
  private static final int FROM_ONE_PLACE = 60;
  private static final int CODES_IN_A_DAY = 20;
  private static final Duration TOLD_AGAIN = Duration.ofMinutes(1);

  private final Redis redis;
  private final RateLimit byPlace;
  private final RateLimit byName;
  private final RateLimit codes;
  private final RateLimit codesInADay;
  private final RateLimit told;

  Tries(Redis redis) {
    this.redis = redis;
    this.byPlace = limit("place:", FROM_ONE_PLACE, WITHIN);
    this.byName = limit("name:", OF_ONE, WITHIN);
    this.codes = limit("second:", OF_ONE, WITHIN);
    this.codesInADay = limit("second-day:", CODES_IN_A_DAY, Duration.ofDays(1));
    this.told = limit("told:", 1, TOLD_AGAIN);
  }

  private RateLimit limit(String what, int times, Duration within) {
    return new RateLimit(redis.commands(), redis.prefix() + "sign-in:" + what, times, within);
  }

  void count(String place, String name) {
    take(byPlace, place);
    take(byName, name);
  }

  /// It was right, and is not counted after all.
  void forgive(String place, String name) {
    var _ = await(byPlace.giveBack(place));
    var _ = await(byName.giveBack(name));
  }

  void countSecond(String place, long staff) {
    take(byPlace, place);
    take(codes, Long.toString(staff));
    take(codesInADay, Long.toString(staff));
  }

  void forgiveSecond(String place, long staff) {
    var _ = await(byPlace.giveBack(place));
    var _ = await(codes.giveBack(Long.toString(staff)));
    var _ = await(codesInADay.giveBack(Long.toString(staff)));
  }

  /// Whether it is worth writing down that somebody from there was refused: not for every try, so
  /// that nobody can fill the audit.
  boolean isNews(String place) {
    return await(told.take(place)).isZero();
  }

  private static void take(RateLimit limit, String key) {
    Duration wait = await(limit.take(key));
    if (wait.isPositive()) {
      throw new Refusal("sign-in-too-often", 429, Math.max(1, (wait.toSeconds() + 59) / 60));
    }
  }

  @SuppressWarnings("NullAway") // a stage of nothing gives null, which nobody reads
  private static <T> T await(CompletionStage<T> answer) {
    try {
      return answer.toCompletableFuture().join();
    } catch (CompletionException e) {
      throw new Redis.Away(e);
    }
  }
}
