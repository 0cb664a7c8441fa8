package io.linyu.casework;

import io.linyu.community.Staff;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.linyu.platform.events.Events;
import io.linyu.platform.time.WorkingCalendar;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The matters that somebody must handle.
///
/// Staff reach a case only where they may see it: what is not theirs to see does not exist for
/// them. Every step holds the case's row lock, follows a row of [Transition], and writes its event
/// in the same transaction. `version` is the one the member of staff saw: when the case has moved
/// on since, the step is refused as `case-changed`.
public final class Cases {
  public Cases(
      Db db,
      Events events,
      Clock clock,
      Supplier<WorkingCalendar> calendar,
      Categories categories) {}

  // What a resident's turn does.

  /// Opens a case: number, category, desk and clocks. Confirmed and of a known kind and place, it
  /// is accepted and dispatched by rule; anything else waits for a person to accept it.
  ///
  /// The caller notes the case on the messages it was told in.
  public Opened open(Tx tx, NewCase draft) {
    return pending();
  }

  /// Registers danger to life: the case is with the emergency line at once, and remembered here.
  /// The alarm is rung by [Alarms#ring].
  public Opened handOff(Tx tx, NewCase draft, String kind) {
    return pending();
  }

  /// The resident said more about an open case of theirs. False when it is not theirs or not open.
  public boolean supplement(Tx tx, CaseId id, long personId, List<Long> messageIds) {
    return pending();
  }

  /// The person's cases, newest first.
  public List<Case> ofPerson(Sql sql, long personId, int limit) {
    return pending();
  }

  /// The person's case of that number. Nobody else's: a number opens nothing.
  public Optional<Case> byNumber(Sql sql, long personId, CaseNumber number) {
    return pending();
  }

  /// For the page that the link in the chat opens.
  public Optional<Followed> byCode(String code) {
    return pending();
  }

  // What staff see.

  public Case visibleTo(Staff staff, CaseId id) {
    return pending();
  }

  public Case visibleTo(Staff staff, String code) {
    return pending();
  }

  public List<Line> history(Staff staff, CaseId id) {
    return pending();
  }

  public List<Note> notes(Staff staff, CaseId id) {
    return pending();
  }

  public List<Holding> holdings(Staff staff, CaseId id) {
    return pending();
  }

  public List<CaseClock> clocks(Staff staff, CaseId id) {
    return pending();
  }

  /// What the answer says; for the listener that carries it to the resident. Empty once erased.
  public Optional<Answer> answer(Sql sql, long answerId) {
    return pending();
  }

  /// For listeners, which act for nobody.
  public Optional<Case> named(Sql sql, CaseId id) {
    return pending();
  }

  /// The next lawful steps for this person, for the buttons of the page.
  public List<Step> stepsFor(Staff staff, Case matter) {
    return pending();
  }

  /// The desks it can be handed on to, nearest first.
  public List<Target> targets(Staff staff, CaseId id) {
    return pending();
  }

  // What staff do.

  /// Takes it: signs what was dispatched, accepts what was only reported, takes over from a
  /// colleague of the same desk.
  public Case claim(Staff staff, CaseId id, int version) {
    return pending();
  }

  /// Puts it back on the desk.
  public Case release(Staff staff, CaseId id, int version) {
    return pending();
  }

  /// Speaks to the resident. The first answer stops the clock of the first contact.
  public Case answer(Staff staff, CaseId id, String text) {
    return pending();
  }

  /// Writes something down for colleagues.
  public Case note(Staff staff, CaseId id, String text) {
    return pending();
  }

  /// Gives it to another desk. The resident's clocks go on.
  public Case handOn(Staff staff, CaseId id, int version, long deskId, String reason) {
    return pending();
  }

  /// Takes back what one has just handed on, while nobody there has touched it.
  public Case handBack(Staff staff, CaseId id, int version) {
    return pending();
  }

  /// Corrects the category. What was only reported and is held by this person is thereby accepted.
  public Case setCategory(Staff staff, CaseId id, int version, String category) {
    return pending();
  }

  /// Corrects the place. What nobody has accepted yet goes to the desk of the new place.
  public Case setTerritory(Staff staff, CaseId id, int version, long territoryId) {
    return pending();
  }

  /// Finishes it; the text tells the resident what was done. That nobody else checked is recorded
  /// as an exception.
  public Case close(Staff staff, CaseId id, int version, String text) {
    return pending();
  }

  /// A verb of the page.
  public enum Step {
    CLAIM,
    TAKE_OVER,
    RELEASE,
    ANSWER,
    NOTE,
    HAND_ON,
    HAND_BACK,
    SET_CATEGORY,
    SET_TERRITORY,
    CLOSE
  }

  /// A desk to hand on to.
  ///
  /// @param body the body responsible, where the desk would hold the case in its place
  public record Target(long deskId, String deskName, String territoryName, @Nullable String body) {}

  @SuppressWarnings("TypeParameterUnusedInFormals")
  private static <T> T pending() {
    throw new IllegalStateException("not yet here");
  }
}
