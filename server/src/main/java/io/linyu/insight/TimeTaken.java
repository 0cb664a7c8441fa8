package io.linyu.insight;

import io.linyu.insight.Evaluation.Times;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// K17: how long it took from the first word to the result, over those that have one.
///
/// @param cases how many these are; 0: the others mean nothing and are 0
/// @param mean minutes
/// @param median minutes; of an even number the lower of the two in the middle
/// @param ninth minutes within which nine of ten were done
public record TimeTaken(int cases, long mean, long median, long ninth) {
  /// By working time, without what had to wait.
  public static TimeTaken working(Collection<Evaluation> evaluations) {
    return of(evaluations, Times::workingMinutes);
  }

  /// By the clock on the wall.
  public static TimeTaken calendar(Collection<Evaluation> evaluations) {
    return of(evaluations, Times::calendarMinutes);
  }

  private static TimeTaken of(
      Collection<Evaluation> evaluations, Function<Times, @Nullable Long> minutes) {
    List<Long> all =
        evaluations.stream()
            .map(each -> minutes.apply(each.times()))
            .filter(Objects::nonNull)
            .sorted()
            .toList();
    if (all.isEmpty()) {
      return new TimeTaken(0, 0, 0, 0);
    }
    long mean = Math.round(all.stream().mapToLong(Long::longValue).average().orElseThrow());
    return new TimeTaken(all.size(), mean, at(all, 50), at(all, 90));
  }

  /// The smallest that at least so many of a hundred do not exceed.
  private static long at(List<Long> sorted, int percent) {
    return sorted.get((int) Math.ceilDiv((long) sorted.size() * percent, 100L) - 1);
  }
}
