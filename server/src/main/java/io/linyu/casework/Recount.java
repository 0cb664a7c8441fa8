package io.linyu.casework;

import io.linyu.platform.time.WorkingCalendar;
import java.time.Instant;

/// One clock by another calendar.
///
/// @param is as it goes on: with the new calendar's version, whether it is due at another time or
///   not
/// @param keeps whether it would have been late by the new calendar alone. Nobody is made late by a
///   file: it stays due when it was
record Recount(CaseClock was, CaseClock is, boolean keeps) {
  static Recount of(CaseClock was, WorkingCalendar calendar, Instant now) {
    CaseClock is = Clocks.again(was, calendar);
    boolean keeps = is.dueAt().isBefore(was.dueAt()) && !is.dueAt().isAfter(now);
    return new Recount(was, keeps ? was.by(is.rule()) : is, keeps);
  }

  boolean moves() {
    return !is.dueAt().equals(was.dueAt());
  }
}
