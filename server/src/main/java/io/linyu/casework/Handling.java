package io.linyu.casework;

import io.linyu.casework.CaseClock.Kind;
import io.linyu.casework.Cases.Step;
import io.linyu.community.Level;
import io.linyu.community.Staff;
import io.linyu.platform.events.Told;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What staff do with a case that is theirs: take it, speak to the resident, finish it.
///
/// `version` is the one the member of staff saw: when the case has moved on since, the step is
/// refused as `case-changed`.
public final class Handling {
  private final CaseFiles files;
  private final Acceptance acceptance;
  private final Categories categories;
  private final Enclosures enclosures;

  Handling(CaseFiles files, Acceptance acceptance, Categories categories, Enclosures enclosures) {
    this.files = files;
    this.acceptance = acceptance;
    this.categories = categories;
    this.enclosures = enclosures;
  }

  /// Takes it: signs what was dispatched, accepts what was only reported and is of a known kind,
  /// takes over from a colleague of the same desk.
  public Case claim(Staff staff, CaseId id, int version) {
    return files.change(
        staff,
        id,
        version,
        (permits, file) -> {
          Case matter = permits.matter();
          if (matter.isHeldBy(staff.id())) {
            return;
          }
          permits.require(matter.staffId() == null ? Step.CLAIM : Step.TAKE_OVER);
          Optional<Category> category = categories.named(matter.categoryCode());
          Level waitedAt = null;
          if (matter.state() == CaseState.REPORTED && category.isPresent()) {
            acceptance.accept(file, permits, category.get());
            acceptance.dispatch(file, permits, permits.desk(), null);
            waitedAt = matter.level();
          }
          Transition signed = null;
          if (file.state() == CaseState.DISPATCHED) {
            signed = file.go(Transition.T10, permits.actors());
            file.stop(Kind.SIGNING);
          }
          file.give(staff.id());
          file.tell(
              new CaseEvent.Claimed(
                  signed, file.rule(), staff.id(), matter.deskId(), matter.staffId(), waitedAt));
        });
  }

  /// Puts it back on the desk. What was claimed and not touched since waits to be signed again, as
  /// before; no clock starts anew. What was just taken over goes back to the colleague, and what
  /// was just accepted by being taken waits to be accepted again.
  public Case release(Staff staff, CaseId id, int version) {
    return files.change(
        staff,
        id,
        version,
        (permits, file) -> {
          Case matter = permits.matter();
          permits.require(Step.RELEASE);
          Transition unsigned = null;
          Long to = null;
          Told<CaseEvent> last = lastTouch(file.told());
          if (last.event() instanceof CaseEvent.Claimed claimed
              && claimed.staffId() == staff.id()) {
            boolean fresh = CaseFile.isFresh(last, file.at());
            Level waitedAt = claimed.waitedAt();
            if (fresh) {
              to = claimed.from();
            }
            if (fresh && waitedAt != null) {
              unsigned = file.go(Transition.T06b, permits.actors());
              file.waitAgain(waitedAt);
            } else if (claimed.transition() != null) {
              unsigned = file.go(Transition.T10b, permits.actors());
              file.resumeSigning();
            }
          }
          file.give(to);
          file.tell(new CaseEvent.Released(unsigned, file.rule(), staff.id(), matter.deskId(), to));
        });
  }

  /// What the resident adds and what colleagues note down leaves it as it was.
  private static Told<CaseEvent> lastTouch(List<Told<CaseEvent>> told) {
    return told.reversed().stream()
        .filter(each ->
            !(each.event() instanceof CaseEvent.Supplemented
                || each.event() instanceof CaseEvent.Noted))
        .findFirst()
        .orElseThrow();
  }

  /// Speaks to the resident; refused when somebody else has answered or taken it in the meantime.
  /// The first answer stops the clock of the first contact.
  public Case answer(Staff staff, CaseId id, int version, String text) {
    return answer(staff, id, version, text, List.of());
  }

  /// @param along codes of [Enclosures] that go with it
  public Case answer(Staff staff, CaseId id, int version, String text, List<String> along) {
    String said = CaseFiles.sound(text, "answer-missing");
    Blanks.requireNone(said);
    return files.change(
        staff,
        id,
        version,
        (permits, file) -> {
          permits.require(Step.ANSWER);
          boolean first = file.stop(Kind.FIRST_CONTACT);
          long answer = file.answer(staff.id(), said);
          enclosures.send(file.tx(), staff.id(), id, answer, along);
          file.tell(
              new CaseEvent.Answered(
                  null, file.rule(), staff.id(), answer, first, file.digest(said)));
        });
  }

  /// Writes something down for colleagues.
  public Case note(Staff staff, CaseId id, String text) {
    String written = CaseFiles.sound(text, "note-missing");
    return files.add(
        staff,
        id,
        (_, file) -> {
          long note = file.note(staff.id(), written);
          file.tell(new CaseEvent.Noted(null, file.rule(), staff.id(), note, file.digest(written)));
        });
  }

  /// Finishes it; the text tells the resident what was done. That nobody else checked is recorded
  /// as an exception.
  public Case close(Staff staff, CaseId id, int version, String text) {
    return close(staff, id, version, text, List.of());
  }

  /// @param along codes of [Enclosures] that go with it
  public Case close(Staff staff, CaseId id, int version, String text, List<String> along) {
    String told = CaseFiles.sound(text, "answer-missing");
    Blanks.requireNone(told);
    return files.change(
        staff,
        id,
        version,
        (permits, file) -> {
          permits.require(Step.CLOSE);
          Set<Actor> actors = permits.actors();
          Transition reported = file.go(Transition.T17, actors);
          long answer = file.answer(staff.id(), told);
          enclosures.send(file.tx(), staff.id(), id, answer, along);
          file.tell(
              new CaseEvent.Reported(reported, file.rule(), staff.id(), answer, file.digest(told)));
          actors.add(Actor.SYSTEM);
          file.tell(
              new CaseEvent.CheckSkipped(file.go(Transition.T21, actors), file.rule(), staff.id()));
          file.tell(
              new CaseEvent.Closed(
                  file.go(Transition.T22, actors),
                  file.rule(),
                  staff.id(),
                  answer,
                  CaseEvent.Closed.Unchecked.CLOSED_BY_HANDLER));
          file.shut();
        });
  }
}
