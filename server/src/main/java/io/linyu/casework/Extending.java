package io.linyu.casework;

import io.linyu.casework.Cases.Step;
import io.linyu.casework.Category.Limit;
import io.linyu.casework.TimeRequest.What;
import io.linyu.community.Staff;
import io.linyu.platform.Refusal;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Sql;
import io.linyu.platform.events.Events;
import io.linyu.platform.events.Told;
import io.linyu.platform.text.Words;
import io.linyu.platform.time.WorkingCalendar.Unit;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// More time for a case: whoever has it asks before its limit is over, and somebody else decides.
/// Asking stops no clock. Granted, the limit is as much longer, and counts from where it began; the
/// resident reads why in the words of whoever asked ([CaseEvent.Extended]).
public final class Extending {
  private final Db db;
  private final Events events;
  private final CaseFiles files;
  private final ClockStore clocks = new ClockStore();

  Extending(Db db, Events events, CaseFiles files) {
    this.db = db;
    this.events = events;
    this.files = files;
  }

  /// How much can be asked for.
  ///
  /// @param unit a word of [Unit]
  /// @param due when the limit is over now
  /// @param choices from the least to the most
  public record Offer(String unit, Instant due, List<Choice> choices) {
    public boolean isLate(Instant now) {
      return !due.isAfter(now);
    }

    /// When it would be due with so much more.
    public Instant with(int amount) {
      return choices.stream()
          .filter(each -> each.amount() == amount)
          .map(Choice::due)
          .findFirst()
          .orElse(due);
    }
  }

  /// @param due when it would be due then
  public record Choice(int amount, Instant due) {}

  /// Empty: the limit has not begun, or does not run.
  Optional<Offer> offer(CaseId id) {
    return offer(db, id, events.of(db, CaseEvent.VOCABULARY, id.value()));
  }

  private Optional<Offer> offer(Sql sql, CaseId id, List<Told<CaseEvent>> told) {
    return clocks
        .running(sql, id, CaseClock.Kind.HANDLING)
        .map(clock ->
            new Offer(
                clock.unit(),
                clock.dueAt(),
                IntStream.rangeClosed(1, most(clock, told))
                    .mapToObj(more ->
                        new Choice(more, Clocks.longer(clock, more, files.calendar()).dueAt()))
                    .toList()));
  }

  /// Each time as much as the limit was at first.
  private static int most(CaseClock clock, List<Told<CaseEvent>> told) {
    int extended =
        told.stream()
            .map(Told::event)
            .mapToInt(each -> each instanceof CaseEvent.Extended more ? more.amount() : 0)
            .sum();
    return Integer.parseInt(clock.limit()) - extended;
  }

  /// By whoever has it.
  ///
  /// @param amount by how much, in the unit of the limit
  /// @param reason as the resident reads it, once it is granted
  public Case ask(Staff staff, CaseId id, int amount, String reason) {
    String why = CaseFiles.soundToResident(reason, "reason-missing");
    return files.add(
        staff,
        id,
        null,
        (permits, file) -> {
          permits.require(Step.ASK_EXTENSION);
          CaseClock clock = file.handling();
          if (!clock.dueAt().isAfter(file.at())) {
            throw new Refusal("extension-late", 409);
          }
          int most = most(clock, file.told());
          if (amount < 1 || amount > most) {
            throw new Refusal("extension-amount", 422, plainly(staff, most, clock.unit()));
          }
          long note = file.note(staff.id(), why, List.of());
          file.askExtension(staff.id(), note, amount);
          file.tell(
              new CaseEvent.TimeAsked(
                  null,
                  file.rule(),
                  staff.id(),
                  What.EXTENSION,
                  new Limit(amount, Unit.of(clock.unit())).toString(),
                  null,
                  null,
                  note,
                  file.digest(why)));
        });
  }

  private static String plainly(Staff staff, int amount, String unit) {
    return Words.in(staff.language()).of("clock.rule." + unit, amount);
  }

  /// By somebody else, who may.
  ///
  /// @param request the note by which it was asked for that they read
  public Case grant(Staff staff, CaseId id, long request) {
    return files.add(
        staff,
        id,
        null,
        (permits, file) -> {
          TimeRequest asked = permits.requireDeciding(TimeRequest.What.EXTENSION, request);
          CaseClock was = file.handling();
          // The resident was told that it is late, and it is.
          if (!was.dueAt().isAfter(file.at())) {
            throw new Refusal("extension-over", 409);
          }
          Transition step = file.go(Transition.T14, permits.deciding());
          CaseClock is = Clocks.longer(was, asked.amount(), files.calendar());
          String why = file.noteText(asked.noteId());
          long answer = file.tellLater(asked.askedBy(), why);
          file.extend(is);
          file.tell(
              new CaseEvent.Extended(
                  step,
                  file.rule(),
                  staff.id(),
                  asked.askedBy(),
                  asked.amount(),
                  was.dueAt(),
                  is.dueAt(),
                  answer,
                  file.digest(why)));
        });
  }
}
