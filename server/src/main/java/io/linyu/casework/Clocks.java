package io.linyu.casework;

import static io.linyu.casework.CaseClock.Kind.ACCEPTANCE;
import static io.linyu.casework.CaseClock.Kind.CHECK;
import static io.linyu.casework.CaseClock.Kind.FIRST_CONTACT;
import static io.linyu.casework.CaseClock.Kind.HANDLING;
import static io.linyu.casework.CaseClock.Kind.LOOK;
import static io.linyu.casework.CaseClock.Kind.RETURN_VISIT;
import static io.linyu.casework.CaseClock.Kind.REWORK;
import static io.linyu.casework.CaseClock.Kind.RULING;
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
import java.util.ArrayList;
import java.util.List;
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

  /// In the hours of the desk that is to sign: those of the day on which it is sent there. What is
  /// critical is signed day and night, whatever its hours.
  CaseClock signing(Instant dispatched, Urgency urgency, long desk) {
    if (urgency.compareTo(Urgency.CRITICAL) < 0) {
      return counted(
          calendar.of(desk, dispatched),
          SIGNING,
          dispatched,
          rules.signing(),
          rules.version(),
          List.of());
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
  /// @param rule by which it was counted: in the same hours it is counted again
  Instant due(Limited what, Instant start, @Nullable Category category, String rule) {
    if (what == Limited.SIGNING_CRITICAL) {
      return start.plus(Duration.ofMinutes(rules.signingCriticalMinutes()));
    }
    var limit = Limit.of(rules.limit(what, category));
    return calendar.ofRule(rule).due(start, limit.value(), limit.unit());
  }

  CaseClock ruling(Instant returned, Limit within) {
    return limited(RULING, returned, within);
  }

  CaseClock check(Instant reported) {
    return limited(CHECK, reported, rules.checking());
  }

  /// @param kind the code of a category; null: nobody has found out
  CaseClock look(Instant asked, @Nullable String kind) {
    return limited(LOOK, asked, rules.limitOf(Limited.LOOKING, kind));
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
    return counted(calendar, kind, start, limit, rules.version(), List.of());
  }

  /// The same limit from the same start, by another calendar; in hours of its own, where it was
  /// counted in such.
  static CaseClock again(CaseClock was, WorkingCalendar calendar) {
    return againIn(was, calendar.ofRule(was.rule()));
  }

  /// The same, in these hours.
  static CaseClock againIn(CaseClock was, WorkingCalendar hours) {
    var limit = new Limit(Integer.parseInt(was.limit()), Unit.of(was.unit()));
    return counted(hours, was.kind(), was.startedAt(), limit, was.ruleVersion(), was.pauses());
  }

  /// What stood still runs on now, with what was left: where the calendar has changed meanwhile, as
  /// the new one counts, but nobody is made late by it.
  CaseClock resumed(CaseClock was, Instant now) {
    var pauses = new ArrayList<>(was.pauses());
    Instant from = pauses.getLast();
    pauses.add(now);
    Unit unit = Unit.of(was.unit());
    Instant due = later(was.dueAt(), from, now, unit, calendar);
    Instant amber =
        from.isBefore(was.amberAt())
            ? later(was.amberAt(), from, now, unit, calendar)
            : was.amberAt();
    var is =
        new CaseClock(
            was.kind(), was.startedAt(), amber, due, null, was.rule(), was.ruleVersion(), pauses);
    return unit == CALENDAR_HOUR || was.rule().endsWith(" by " + calendar.version())
        ? is
        : Recount.of(is, calendar, now).is();
  }

  /// Later by as much as was to be counted between the two.
  private static Instant later(
      Instant at, Instant from, Instant until, Unit unit, WorkingCalendar calendar) {
    return unit == CALENDAR_HOUR
        ? at.plus(Duration.between(from, until))
        : calendar.after(at, calendar.between(from, until));
  }

  /// When what is suspended is looked at again. Short from the day before.
  static CaseClock review(Instant now, Instant until, LocalDate day, int ruleVersion) {
    Instant amber = until.minus(Duration.ofDays(1));
    return new CaseClock(
        Kind.REVIEW,
        now,
        amber.isBefore(now) ? now : amber,
        until,
        null,
        day + " review",
        ruleVersion);
  }

  /// The same with a limit that is longer by so much, from the same start: whoever counts it again
  /// by another calendar counts that, too. Never earlier than it was.
  static CaseClock longer(CaseClock was, int more, WorkingCalendar calendar) {
    Unit unit = Unit.of(was.unit());
    var limit = new Limit(Integer.parseInt(was.limit()) + more, unit);
    CaseClock is =
        counted(calendar, was.kind(), was.startedAt(), limit, was.ruleVersion(), was.pauses());
    // One that kept its time when the calendar changed is due later than it is counted.
    Instant least = calendar.due(was.dueAt(), more, unit);
    return is.dueAt().isAfter(was.dueAt())
        ? is
        : new CaseClock(
            is.kind(),
            is.startedAt(),
            is.amberAt(),
            least,
            null,
            is.rule(),
            is.ruleVersion(),
            is.pauses());
  }

  private static CaseClock counted(
      WorkingCalendar calendar,
      Kind kind,
      Instant start,
      Limit limit,
      int ruleVersion,
      List<Instant> pauses) {
    Instant due = calendar.due(start, limit.value(), limit.unit());
    Instant amber =
        limit.unit() == CALENDAR_HOUR
            ? share(start, Duration.between(start, due))
            : calendar.after(start, part(calendar.between(start, due)));
    String rule = limit + calendar.mark();
    for (int i = 0; i + 1 < pauses.size(); i += 2) {
      Instant from = pauses.get(i);
      Instant until = pauses.get(i + 1);
      due = later(due, from, until, limit.unit(), calendar);
      amber = from.isBefore(amber) ? later(amber, from, until, limit.unit(), calendar) : amber;
    }
    return new CaseClock(kind, start, amber, due, null, rule, ruleVersion, pauses);
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
