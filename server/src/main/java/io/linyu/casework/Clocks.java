package io.linyu.casework;

import static io.linyu.casework.CaseClock.Kind.ACCEPTANCE;
import static io.linyu.casework.CaseClock.Kind.CHECK;
import static io.linyu.casework.CaseClock.Kind.FIRST_CONTACT;
import static io.linyu.casework.CaseClock.Kind.HANDLING;
import static io.linyu.casework.CaseClock.Kind.RETURN_VISIT;
import static io.linyu.casework.CaseClock.Kind.REWORK;
import static io.linyu.casework.CaseClock.Kind.SIGNING;
import static io.linyu.platform.time.WorkingCalendar.Unit.CALENDAR_HOUR;
import static io.linyu.platform.time.WorkingCalendar.Unit.WORK_DAY;

import io.linyu.casework.CaseClock.Kind;
import io.linyu.casework.Category.Limit;
import io.linyu.platform.time.WorkingCalendar;
import io.linyu.platform.time.WorkingCalendar.Unit;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/// Sets clocks by the rules and the working calendar of the day.
record Clocks(Rules rules, WorkingCalendar calendar) {
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
    return limited(FIRST_CONTACT, saidAt, new Limit(rules.contactHours(category), CALENDAR_HOUR));
  }

  CaseClock handling(Instant saidAt, Category category) {
    return limited(HANDLING, saidAt, rules.handling(category));
  }

  /// When what began then is due, by these rules and this calendar.
  ///
  /// @param category where each has its own limit
  Instant due(Limited what, Instant start, @Nullable Category category) {
    if (what == Limited.SIGNING_CRITICAL) {
      return start.plus(Duration.ofMinutes(rules.signingCriticalMinutes()));
    }
    var limit = Limit.of(rules.limit(what, category));
    return calendar.due(start, limit.value(), limit.unit());
  }

  CaseClock check(Instant reported) {
    return limited(CHECK, reported, rules.checking());
  }

  CaseClock returnVisit(Instant begun) {
    return limited(RETURN_VISIT, begun, rules.returnVisit());
  }

  /// Half of what there was, but not less than a working day.
  CaseClock rework(Instant failed, Category category) {
    Limit limit = rules.handling(category);
    CaseClock by = limited(REWORK, failed, new Limit((limit.value() + 1) / 2, limit.unit()));
    CaseClock day = limited(REWORK, failed, new Limit(1, WORK_DAY));
    return by.dueAt().isBefore(day.dueAt()) ? day : by;
  }

  private CaseClock limited(Kind kind, Instant start, Limit limit) {
    return counted(calendar, kind, start, limit, rules.version());
  }

  /// The same limit from the same start, by another calendar.
  static CaseClock again(CaseClock was, WorkingCalendar calendar) {
    var limit = new Limit(Integer.parseInt(was.limit()), Unit.of(was.unit()));
    return counted(calendar, was.kind(), was.startedAt(), limit, was.ruleVersion());
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
