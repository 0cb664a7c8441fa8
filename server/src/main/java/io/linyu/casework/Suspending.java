package io.linyu.casework;

import io.linyu.casework.Cases.Step;
import io.linyu.casework.TimeRequest.Reason;
import io.linyu.community.Staff;
import io.linyu.platform.Refusal;
import io.linyu.platform.events.Told;
import io.linyu.platform.time.WorkingCalendar;
import java.time.Instant;
import java.time.LocalDate;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What nobody can go on with now waits until a day: whoever has it asks, a leader grants. The
/// limit stands still meanwhile, and has as much left afterwards as before; the first contact does
/// not wait. On that day it goes on by itself ([LoopRule#E7]), where that is live; else whoever has
/// it is called ([Errands]), so that nothing is put away and forgotten.
public final class Suspending {
  /// How long it may wait at most, in days of the calendar.
  public static final int LONGEST = 90;

  private final CaseFiles files;

  Suspending(CaseFiles files) {
    this.files = files;
  }

  /// By whoever has it.
  ///
  /// @param review the day on which it is looked at again
  /// @param words why, as the resident reads it, once it is granted
  public Case ask(Staff staff, CaseId id, Reason reason, LocalDate review, String words) {
    String why = CaseFiles.soundToResident(words, "reason-missing");
    return files.add(
        staff,
        id,
        null,
        (permits, file) -> {
          permits.require(Step.ASK_SUSPENSION);
          requireSound(review, file.today());
          var _ = file.handling(); // there is something to stand still
          long note = file.note(staff.id(), why, List.of());
          file.askSuspension(staff.id(), note, reason, review);
          file.tell(
              new CaseEvent.TimeAsked(
                  null,
                  file.rule(),
                  staff.id(),
                  TimeRequest.What.SUSPENSION,
                  null,
                  reason,
                  review,
                  note,
                  file.digest(why)));
        });
  }

  private static void requireSound(LocalDate review, LocalDate today) {
    LocalDate last = today.plusDays(LONGEST);
    if (!review.isAfter(today) || review.isAfter(last)) {
      throw new Refusal("suspension-review", 422, today.plusDays(1).toString(), last.toString());
    }
  }

  /// By somebody else, who leads.
  ///
  /// @param request the note by which it was asked for that they read
  public Case grant(Staff staff, CaseId id, int version, long request) {
    return files.change(
        staff,
        id,
        version,
        (permits, file) -> {
          TimeRequest asked = permits.requireDeciding(TimeRequest.What.SUSPENSION, request);
          LocalDate review = Objects.requireNonNull(asked.review());
          requireSound(review, file.today());
          Transition step = file.go(Transition.T15, permits.deciding());
          CaseClock was = file.handling();
          Instant until = opening(review);
          String why = file.noteText(asked.noteId());
          long answer = file.tellLater(asked.askedBy(), why);
          file.suspend(was, Clocks.review(file.at(), until, review, file.rule()));
          file.tell(
              new CaseEvent.Suspended(
                  step,
                  file.rule(),
                  staff.id(),
                  asked.askedBy(),
                  Objects.requireNonNull(asked.reason()),
                  until,
                  answer,
                  file.digest(why)));
        });
  }

  /// When work begins on that day, or next after it.
  private Instant opening(LocalDate day) {
    WorkingCalendar calendar = files.calendar();
    return calendar.nextOpen(day.atStartOfDay(calendar.zone()).toInstant());
  }

  /// By whoever has it, on whatever day.
  public Case resume(Staff staff, CaseId id, int version) {
    return files.change(
        staff,
        id,
        version,
        (permits, file) -> {
          permits.require(Step.RESUME);
          resume(file, staff.id(), EnumSet.of(Actor.HANDLER));
        });
  }

  /// Its day has come.
  void resumeByRule(CaseFile file) {
    resume(file, null, EnumSet.of(Actor.SYSTEM));
  }

  private static void resume(CaseFile file, @Nullable Long by, Set<Actor> actors) {
    Transition step = file.go(Transition.T16, actors);
    CaseClock is = file.resume();
    file.tell(new CaseEvent.Resumed(step, file.rule(), by, grantedBy(file.told()), is.dueAt()));
  }

  /// What waits cannot be done at all, by law or by nature: by who leads the level above, and not
  /// by whoever let it wait. It counts as not solved.
  ///
  /// @param reason as the resident reads it, and the public
  public Case close(Staff staff, CaseId id, int version, String reason) {
    String told = CaseFiles.soundToResident(reason, "answer-missing");
    return files.change(
        staff,
        id,
        version,
        (permits, file) -> {
          permits.require(Step.CLOSE_SUSPENDED);
          if (grantedBy(file.told()) == staff.id()) {
            throw new Refusal("suspended-close-own", 409);
          }
          Transition step = file.go(Transition.T15b, EnumSet.of(Actor.LEADER));
          long answer = file.answer(staff.id(), told);
          file.tell(
              new CaseEvent.Closed(
                  step,
                  file.rule(),
                  staff.id(),
                  answer,
                  CaseEvent.Closed.Unchecked.CLOSED_WHILE_SUSPENDED,
                  null));
          file.shut();
        });
  }

  /// Who let it wait, last.
  static long grantedBy(List<Told<CaseEvent>> told) {
    return told.reversed().stream()
        .flatMap(each ->
            each.event() instanceof CaseEvent.Suspended suspended
                ? Stream.of(suspended.staffId())
                : Stream.empty())
        .findFirst()
        .orElseThrow();
  }
}
