package io.linyu.casework;

import io.linyu.community.Desk;
import io.linyu.platform.db.Sql;
import io.linyu.platform.time.OwnHours;
import io.linyu.platform.time.WorkingCalendar;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// What other hours would have done with what a desk had to sign in the last months: looked at
/// before they take effect. Of what it has, and what it has brought to its end; none of it is
/// touched.
///
/// @param clocks so many times it had something to sign
/// @param before how often that was late; what it has not signed yet, by now
/// @param after how often it would have been
/// @param full whether there were more than are looked at
public record HoursReplay(int clocks, int before, int after, boolean full) {
  static final int MOST = 10_000;

  static HoursReplay of(Sql sql, Desk desk, OwnHours then, WorkingCalendar calendar, Instant now) {
    Instant since = now.minus(Duration.ofDays(Replay.DAYS));
    List<CaseClock> signing = new ClockStore().signing(sql, desk.id(), since, MOST + 1);
    List<CaseClock> seen = signing.size() > MOST ? signing.subList(0, MOST) : signing;
    WorkingCalendar hours = calendar.in(then);
    return new HoursReplay(
        seen.size(),
        (int) seen.stream().filter(each -> each.isMissed(now)).count(),
        (int) seen.stream().filter(each -> isMissed(each, hours, now)).count(),
        signing.size() > MOST);
  }

  private static boolean isMissed(CaseClock was, WorkingCalendar hours, Instant now) {
    Instant stopped = was.stoppedAt();
    Instant due = Clocks.againIn(was, hours).dueAt();
    return due.isBefore(stopped == null ? now : stopped);
  }
}
