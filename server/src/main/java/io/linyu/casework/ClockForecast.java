package io.linyu.casework;

import io.linyu.platform.db.Sql;
import io.linyu.platform.time.WorkingCalendar;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// What another calendar would do to the clocks that run.
///
/// @param running how many run in working time
/// @param later how many would be due later
/// @param latest by how much at most
/// @param earlier how many would be due earlier
/// @param earliest by how much at most
/// @param late how many of them would be late by that, and so keep the time that they have
public record ClockForecast(
    int running, int later, Duration latest, int earlier, Duration earliest, int late) {
  private static final int AT_ONCE = 5_000;

  public static ClockForecast of(Sql sql, WorkingCalendar then, Instant now) {
    var store = new RecountStore();
    var sum = new ClockForecast(0, 0, Duration.ZERO, 0, Duration.ZERO, 0);
    List<RecountStore.Running> page = store.running(sql, null, AT_ONCE);
    while (!page.isEmpty()) {
      for (RecountStore.Running each : page) {
        sum = sum.plus(Recount.of(each.clock(), then, now), now);
      }
      page = page.size() < AT_ONCE ? List.of() : store.running(sql, page.getLast(), AT_ONCE);
    }
    return sum;
  }

  public boolean movesNothing() {
    return later == 0 && earlier == 0 && late == 0;
  }

  private ClockForecast plus(Recount one, Instant now) {
    Duration by = Duration.between(one.was().dueAt(), one.is().dueAt());
    return new ClockForecast(
        running + 1,
        later + (by.isPositive() ? 1 : 0),
        by.compareTo(latest) > 0 ? by : latest,
        earlier + (by.isNegative() ? 1 : 0),
        by.negated().compareTo(earliest) > 0 ? by.negated() : earliest,
        late + (one.keeps() && one.was().dueAt().isAfter(now) ? 1 : 0));
  }
}
