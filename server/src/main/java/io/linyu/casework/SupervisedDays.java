package io.linyu.casework;

import io.linyu.casework.Calls.NotCalled;
import io.linyu.casework.Errand.Why;
import io.linyu.platform.db.Tx;
import io.linyu.platform.events.Events;
import io.linyu.platform.events.Told;
import io.linyu.platform.time.WorkingCalendar;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What is supervised: whoever has it is called when that begins, and then once on every working
/// day that has passed half without a word of it.
final class SupervisedDays {
  /// There is a working day within so many.
  private static final int LONGEST_HOLIDAY = 30;

  private final Events events;
  private final CaseFiles files;
  private final Calls calls;
  private final ErrandStore store = new ErrandStore();

  SupervisedDays(Events events, CaseFiles files, Calls calls) {
    this.events = events;
    this.files = files;
    this.calls = calls;
  }

  /// When it begins, and then once on every working day that has passed half without a word of it.
  /// What begins by rule begins when the limit is over, and they are called about that already.
  List<Instant> look(Tx tx, Case matter, Instant now, List<NotCalled> unreached) {
    Instant since = matter.supervisedAt();
    if (since == null) {
      return List.of();
    }
    WorkingCalendar calendar = files.calendar();
    LocalDate today = files.day(now);
    Instant asked = asked(calendar, today);
    Instant midnight = today.atStartOfDay(calendar.zone()).toInstant();
    boolean daily = asked != null && since.isBefore(asked) && !now.isBefore(asked);
    Instant occasion = daily && asked != null ? asked : since;
    boolean heard = hasWord(tx, matter.id(), daily && since.isBefore(midnight) ? midnight : since);
    store.settle(tx, matter.id(), Why.SUPERVISED, heard ? null : occasion, now);
    var next = new ArrayList<Instant>();
    if (!heard && (daily || !isSupervisedByRule(tx, matter.id()))) {
      next.addAll(calls.call(tx, matter, Why.SUPERVISED, occasion, occasion, now, unreached));
    }
    if (asked != null && now.isBefore(asked)) {
      next.add(asked);
    } else {
      today
          .datesUntil(today.plusDays(LONGEST_HOLIDAY))
          .skip(1)
          .map(day -> asked(calendar, day))
          .filter(Objects::nonNull)
          .findFirst()
          .ifPresent(next::add);
    }
    return next;
  }

  private boolean isSupervisedByRule(Tx tx, CaseId id) {
    return events.of(tx, CaseEvent.VOCABULARY, id.value()).reversed().stream()
        .map(Told::event)
        .filter(each -> each instanceof CaseEvent.Supervised || isSupervisedByRule(each))
        .findFirst()
        .filter(SupervisedDays::isSupervisedByRule)
        .isPresent();
  }

  private static boolean isSupervisedByRule(CaseEvent event) {
    return event instanceof CaseEvent.RuleApplied rule
        && rule.isDone(LoopRule.E2, LoopRule.Effect.SUPERVISED);
  }

  /// When half of the day's work is over; null: it is no working day.
  private static @Nullable Instant asked(WorkingCalendar calendar, LocalDate day) {
    List<WorkingCalendar.Interval> hours = calendar.hours(day);
    return hours.isEmpty()
        ? null
        : hours.getLast().open().atDate(day).atZone(calendar.zone()).toInstant();
  }

  /// Whether anybody but whoever supervises it has answered or noted something since.
  private boolean hasWord(Tx tx, CaseId id, Instant since) {
    List<Told<CaseEvent>> told = events.of(tx, CaseEvent.VOCABULARY, id.value());
    Long leads =
        told.reversed().stream()
            .map(Told::event)
            .filter(each -> each instanceof CaseEvent.Supervised || isSupervisedByRule(each))
            .findFirst()
            .map(each ->
                each instanceof CaseEvent.Supervised supervised
                    ? (Long) supervised.staffId()
                    : null)
            .orElse(null);
    return told.reversed().stream()
        .takeWhile(each -> each.at().isAfter(since))
        .map(each ->
            switch (each.event()) {
              case CaseEvent.Answered answered -> (Long) answered.staffId();
              case CaseEvent.Noted noted -> (Long) noted.staffId();
              default -> null;
            })
        .anyMatch(by -> by != null && !by.equals(leads));
  }
}
