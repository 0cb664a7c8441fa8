package io.linyu.casework;

import io.linyu.casework.CaseClock.Kind;
import io.linyu.platform.events.Told;
import io.linyu.platform.time.WorkingCalendar;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/// A case as a rule looks at it.
///
/// @param told what happened to it, oldest first
/// @param canRise whether there is a desk of a level above with people
/// @param withThoseItIsAbout whether it complains about staff, and their unit has it
record Standing(
    Case matter,
    List<CaseClock> clocks,
    List<Told<CaseEvent>> told,
    WorkingCalendar calendar,
    boolean canRise,
    boolean withThoseItIsAbout) {
  CaseState state() {
    return matter.state();
  }

  Optional<CaseClock> running(Kind kind) {
    return clocks.stream().filter(each -> each.kind() == kind && each.isRunning()).findFirst();
  }

  /// Whether it waits for the street to say whether a community takes it on.
  boolean isUnlisted() {
    CaseReturn returned = matter.returned();
    return returned != null && returned.unlisted();
  }

  /// When staff last said or did something after this; the moment itself: nobody has.
  Instant lastWord(Instant since) {
    return lastWord(told, since);
  }

  static Instant lastWord(List<Told<CaseEvent>> told, Instant since) {
    return told.reversed().stream()
        .takeWhile(each -> each.at().isAfter(since))
        .filter(each -> each.event() instanceof CaseEvent.Noted || Handling.touches(each.event()))
        .map(Told::at)
        .findFirst()
        .orElse(since);
  }

  /// When it came where it is, or it was found out what or where it is.
  Instant placedAt() {
    return told.reversed().stream()
        .filter(each ->
            switch (each.event()) {
              case CaseEvent.Corrected _,
                  CaseEvent.AccusedNamed _,
                  CaseEvent.Dispatched _,
                  CaseEvent.HandedOn _,
                  CaseEvent.Accepted _ ->
                  true;
              default -> false;
            })
        .findFirst()
        .map(Told::at)
        .orElse(matter.openedAt());
  }

  /// When work begins on the next working day.
  Instant nextWorkingDay(Instant after) {
    LocalDate day = LocalDate.ofInstant(after, calendar.zone()).plusDays(1);
    return calendar.nextOpen(day.atStartOfDay(calendar.zone()).toInstant());
  }
}
