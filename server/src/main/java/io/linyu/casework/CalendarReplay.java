package io.linyu.casework;

import io.linyu.casework.RecountStore.Ended;
import io.linyu.platform.db.Sql;
import io.linyu.platform.time.WorkingCalendar;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// What another calendar would have done with the clocks of the last months that ran in working
/// time and are over: looked at before it takes effect, as any other change of a limit. None of
/// them is touched.
///
/// @param clocks so many there were
/// @param moved how many would have been due at another time
/// @param late how many would have been late and were not
/// @param inTime how many were late and would not have been
/// @param full whether there were more cases than are looked at
public record CalendarReplay(int clocks, int moved, int late, int inTime, boolean full) {
  private static final int AT_ONCE = 1_000;

  public static CalendarReplay of(Sql sql, WorkingCalendar then, Instant now) {
    var store = new RecountStore();
    Instant since = now.minus(Duration.ofDays(Replay.DAYS));
    var sum = new CalendarReplay(0, 0, 0, 0, false);
    long before = Long.MAX_VALUE;
    for (int seen = 0; seen < Replays.MOST; seen += AT_ONCE) {
      List<Ended> page = store.ended(sql, before, AT_ONCE);
      for (Ended each : page) {
        CaseClock clock = each.clock();
        if (clock != null && !each.openedAt().isBefore(since)) {
          sum = sum.plus(clock, Clocks.again(clock, then));
        }
      }
      boolean more = page.stream().map(Ended::caseId).distinct().count() == AT_ONCE;
      if (!more || page.getLast().openedAt().isBefore(since)) {
        return sum;
      }
      before = page.getLast().caseId().value();
    }
    return new CalendarReplay(sum.clocks, sum.moved, sum.late, sum.inTime, true);
  }

  private CalendarReplay plus(CaseClock was, CaseClock is) {
    boolean late = isLate(was, was.dueAt());
    boolean wouldBe = isLate(was, is.dueAt());
    return new CalendarReplay(
        clocks + 1,
        moved + (is.dueAt().equals(was.dueAt()) ? 0 : 1),
        this.late + (wouldBe && !late ? 1 : 0),
        inTime + (late && !wouldBe ? 1 : 0),
        full);
  }

  private static boolean isLate(CaseClock clock, Instant due) {
    Instant stopped = clock.stoppedAt();
    return stopped != null && due.isBefore(stopped);
  }
}
