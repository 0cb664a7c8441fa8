package io.linyu.casework;

import static io.linyu.casework.CaseClock.Kind.ACCEPTANCE;
import static io.linyu.casework.CaseClock.Kind.FIRST_CONTACT;
import static io.linyu.casework.CaseClock.Kind.HANDLING;
import static io.linyu.casework.CaseClock.Kind.SIGNING;
import static io.linyu.platform.time.WorkingCalendar.Unit.CALENDAR_HOUR;

import io.linyu.casework.CaseClock.Kind;
import io.linyu.casework.Category.Limit;
import io.linyu.platform.time.WorkingCalendar;
import io.linyu.platform.time.WorkingCalendar.Unit;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;

/// Sets clocks by the rules and the working calendar of the day.
record Clocks(Rules rules, WorkingCalendar calendar) {
  private static final Limit USUAL_CONTACT = new Limit(24, CALENDAR_HOUR);
  private static final double AMBER = 0.8;

  LocalDate today(Instant at) {
    return LocalDate.ofInstant(at, calendar.zone());
  }

  CaseClock acceptance(Instant saidAt) {
    return limited(ACCEPTANCE, saidAt, rules.acceptance());
  }

  CaseClock signing(Instant dispatched, Urgency urgency) {
    if (urgency.compareTo(Urgency.CRITICAL) < 0) {
      return limited(SIGNING, dispatched, rules.signing());
    }
    int minutes = rules.signingCriticalMinutes();
    return clock(
        SIGNING,
        dispatched,
        share(dispatched, Duration.ofMinutes(minutes)),
        dispatched.plus(Duration.ofMinutes(minutes)),
        minutes + " minute");
  }

  CaseClock firstContact(Instant saidAt, Category category) {
    Integer hours = category.firstResponseHours();
    return limited(
        FIRST_CONTACT, saidAt, hours == null ? USUAL_CONTACT : new Limit(hours, CALENDAR_HOUR));
  }

  CaseClock handling(Instant saidAt, Category category) {
    Limit limit = category.limit();
    if (limit == null) {
      throw new IllegalArgumentException("no limit: " + category.code());
    }
    return limited(HANDLING, saidAt, limit);
  }

  private CaseClock limited(Kind kind, Instant start, Limit limit) {
    return counted(calendar, kind, start, limit, rules.version());
  }

  /// The same limit from the same start, by another calendar.
  static CaseClock again(CaseClock was, WorkingCalendar calendar) {
    var limit = new Limit(Integer.parseInt(was.limit()), Unit.of(was.unit()));
    return counted(calendar, was.kind(), was.startedAt(), limit, was.ruleVersion());
  }

  /// The same with a limit that is longer by so much, from the same start: whoever counts it again
  /// by another calendar counts that, too. Never earlier than it was.
  static CaseClock longer(CaseClock was, int more, WorkingCalendar calendar) {
    Unit unit = Unit.of(was.unit());
    var limit = new Limit(Integer.parseInt(was.limit()) + more, unit);
    CaseClock is = counted(calendar, was.kind(), was.startedAt(), limit, was.ruleVersion());
    // One that kept its time when the calendar changed is due later than it is counted.
    Instant least = calendar.due(was.dueAt(), more, unit);
    return is.dueAt().isAfter(was.dueAt())
        ? is
        : new CaseClock(
            is.kind(), is.startedAt(), is.amberAt(), least, null, is.rule(), is.ruleVersion());
  }

  private static CaseClock counted(
      WorkingCalendar calendar, Kind kind, Instant start, Limit limit, int ruleVersion) {
    Instant due = calendar.due(start, limit.value(), limit.unit());
    Instant amber =
        limit.unit() == CALENDAR_HOUR
            ? share(start, Duration.between(start, due))
            : calendar.after(start, part(calendar.between(start, due)));
    String rule = limit + " by " + calendar.version();
    return new CaseClock(kind, start, amber, due, null, rule, ruleVersion);
  }

  private CaseClock clock(Kind kind, Instant start, Instant amber, Instant due, String rule) {
    return new CaseClock(kind, start, amber, due, null, rule, rules.version());
  }

  private static Instant share(Instant start, Duration whole) {
    return start.plus(part(whole));
  }

  private static Duration part(Duration whole) {
    return Duration.ofMillis((long) (whole.toMillis() * AMBER));
  }
}
