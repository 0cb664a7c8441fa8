package io.linyu.casework;

import io.linyu.casework.CaseClock.Kind;
import io.linyu.casework.Cases.Step;
import io.linyu.community.Absences;
import io.linyu.community.Desks;
import io.linyu.community.Level;
import io.linyu.community.Staff;
import io.linyu.community.StaffMember;
import io.linyu.platform.Refusal;
import io.linyu.platform.db.Tx;
import io.linyu.platform.events.Told;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What staff do with a case that is theirs: take it, speak to the resident, finish it.
///
/// `version` is the one the member of staff saw: when the case has moved on since, the step is
/// refused as `case-changed`.
public final class Handling {
  private final CaseFiles files;
  private final Photos photos;
  private final Desks desks;
  private final Checkers checkers;
  private final Absences absences;
  private final Acceptance acceptance;
  private final Categories categories;
  private final Enclosures enclosures;

  Handling(
      CaseFiles files,
      Acceptance acceptance,
      Categories categories,
      Photos photos,
      Enclosures enclosures,
      Desks desks,
      Checkers checkers,
      Absences absences) {
    this.absences = absences;
    this.desks = desks;
    this.checkers = checkers;
    this.photos = photos;
    this.files = files;
    this.acceptance = acceptance;
    this.categories = categories;
    this.enclosures = enclosures;
  }

  /// Takes it: signs what was dispatched, accepts what was only reported and is of a known kind,
  /// takes over from a colleague of the same desk.
  public Case claim(Staff staff, CaseId id, int version) {
    return files.change(staff, id, version, claiming(staff));
  }

  /// The same, but from nobody: taking over is for who has read the case.
  Case claimUnheld(Staff staff, CaseId id, int version) {
    return files.change(
        staff,
        id,
        version,
        (permits, file) -> {
          permits.require(Step.CLAIM);
          take(permits, file, staff.id(), null, "");
        });
  }

  /// As [#claim(Staff, CaseId, int)], in the transaction of a turn.
  Case claim(Tx tx, Staff staff, CaseId id, int version) {
    return files.withFile(tx, staff, id, version, null, claiming(staff));
  }

  private CaseFiles.Change claiming(Staff staff) {
    return (permits, file) -> {
      Case matter = permits.matter();
      if (matter.isHeldBy(staff.id())) {
        return;
      }
      permits.require(matter.staffId() == null ? Step.CLAIM : Step.TAKE_OVER);
      take(permits, file, staff.id(), null, "");
    };
  }

  /// @param why somebody gives it; empty: they do not say
  private void take(Permits permits, CaseFile file, long taker, @Nullable Long by, String why) {
    Case matter = permits.matter();
    Optional<Category> category = categories.named(matter.categoryCode());
    Level waitedAt = null;
    if (matter.state() == CaseState.REPORTED && category.isPresent()) {
      acceptance.accept(file, permits, category.get(), true);
      acceptance.dispatch(file, permits, permits.desk(), null);
      waitedAt = matter.level();
    }
    Transition signed = null;
    if (file.state() == CaseState.DISPATCHED) {
      signed = file.go(Transition.T10, permits.actors());
      file.stop(Kind.SIGNING);
    }
    file.tell(
        new CaseEvent.Claimed(
            signed,
            file.rule(),
            taker,
            matter.deskId(),
            matter.staffId(),
            waitedAt,
            by,
            null,
            why.isEmpty() ? null : file.digest(why),
            standsIn(file, taker, by, matter.staffId()) ? true : null));
    file.give(taker, why.isEmpty() ? null : why);
  }

  private boolean standsIn(CaseFile file, long taker, @Nullable Long by, @Nullable Long holder) {
    return by == null && holder != null && absences.standsIn(file.tx(), taker, holder);
  }

  /// Who can be given it: those at its desk who are not away, where one works there.
  List<StaffMember> colleagues(Staff staff, Case matter) {
    Set<Long> away = absences.awayAt(matter.deskId());
    return staff.actsAt(matter.deskId())
        ? desks.membersOf(desks.byId(matter.deskId())).stream()
            .filter(each -> each.id() != staff.id() && !away.contains(each.id()))
            .filter(each -> mayTake(matter, each))
            .toList()
        : List.of();
  }

  private boolean mayTake(Case matter, StaffMember who) {
    if (matter.accused().is(who.id())) {
      return false;
    }
    Case.Lead lead = matter.lead();
    return lead == null
        || checkers.mayCheck(matter, lead, desks.byId(matter.deskId()), who.id(), who.role());
  }

  /// Gives a colleague at the same desk what is one's own, or what nobody has taken, as if they had
  /// taken it. The resident's clocks go on.
  public Case give(Staff staff, CaseId id, int version, long colleague) {
    return give(staff, id, version, colleague, "");
  }

  /// @param reason that those read who look where it has been; empty: none is given
  public Case give(Staff staff, CaseId id, int version, long colleague, String reason) {
    String why = reason.isBlank() ? "" : CaseFiles.sound(reason, "reason-missing");
    return files.change(
        staff,
        id,
        version,
        (permits, file) -> {
          Case matter = permits.matter();
          permits.require(Step.GIVE);
          if (matter.isHeldBy(colleague)) {
            return;
          }
          if (colleagues(staff, matter).stream().noneMatch(each -> each.id() == colleague)) {
            throw new Refusal("case-no-colleague", 422, matter.deskName());
          }
          take(permits, file, colleague, staff.id(), why);
        });
  }

  /// Takes back what one has just given a colleague, as long as they have not touched it.
  public Case takeBack(Staff staff, CaseId id, int version) {
    return files.change(
        staff,
        id,
        version,
        (permits, file) -> {
          Case matter = permits.matter();
          Told<CaseEvent> last = lastTouch(file.told());
          if (!(last.event() instanceof CaseEvent.Claimed given
              && given.by() != null
              && given.by() == staff.id()
              && CaseFile.isFresh(last, file.at()))) {
            throw new Refusal("case-not-back", 409, matter.deskName());
          }
          putBack(permits, file, given, true);
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
          Told<CaseEvent> last = lastTouch(file.told());
          // Whose shift is over is not given back what they have handed over.
          if (last.event() instanceof CaseEvent.Claimed claimed
              && claimed.staffId() == staff.id()
              && claimed.shift() == null) {
            putBack(permits, file, claimed, CaseFile.isFresh(last, file.at()));
          } else {
            file.give(null);
            file.tell(new CaseEvent.Released(null, file.rule(), staff.id(), matter.deskId(), null));
          }
        });
  }

  /// As it was before it was claimed.
  private static void putBack(
      Permits permits, CaseFile file, CaseEvent.Claimed claimed, boolean fresh) {
    Transition unsigned = null;
    Level waitedAt = claimed.waitedAt();
    if (fresh && waitedAt != null) {
      unsigned = file.go(Transition.T06b, permits.actors());
      file.waitAgain(waitedAt);
    } else if (claimed.transition() != null) {
      unsigned = file.go(Transition.T10b, permits.actors());
      file.resumeSigning();
    }
    Long to = fresh ? claimed.from() : null;
    file.give(to);
    file.tell(
        new CaseEvent.Released(
            unsigned, file.rule(), permits.staff().id(), permits.matter().deskId(), to));
  }

  /// What the resident adds and what colleagues note down leaves it as it was.
  static Told<CaseEvent> lastTouch(List<Told<CaseEvent>> told) {
    return told.reversed().stream().filter(each -> touches(each.event())).findFirst().orElseThrow();
  }

  /// Whether somebody has done something about it.
  static boolean touches(CaseEvent event) {
    return switch (event) {
      case CaseEvent.Supplemented _,
          CaseEvent.TakenBack _,
          CaseEvent.Noted _,
          CaseEvent.StaffSuspected _,
          CaseEvent.StoodIn _,
          CaseEvent.NobodyThere _,
          CaseEvent.Summoned _,
          CaseEvent.Urged _,
          CaseEvent.Supervised _,
          CaseEvent.SupervisionLifted _,
          CaseEvent.Archived _,
          CaseEvent.ExampleProposed _,
          CaseEvent.ExampleAsked _,
          CaseEvent.ExampleAnswered _,
          CaseEvent.ExampleEnded _,
          CaseEvent.RuleApplied _,
          CaseEvent.ConferenceCalled _,
          CaseEvent.ConferenceAnswered _,
          CaseEvent.TimeRequestEnded _,
          CaseEvent.PartMoved _,
          CaseEvent.Delayed _,
          CaseEvent.ClockMoved _,
          CaseEvent.Asked _,
          CaseEvent.Unreached _,
          CaseEvent.HeadAnswered _,
          CaseEvent.HeadMistaken _,
          CaseEvent.HeadSilent _,
          CaseEvent.LetGo _,
          CaseEvent.Rated _ ->
          false;
      // By hand: that of a rule comes beside what raised it.
      case CaseEvent.PartAsked asked -> asked.transition() != null;
      case CaseEvent.ConferenceEnded ended -> ended.staffId() != null;
      // How it was taken before more people waited for it, nobody takes back any more.
      case CaseEvent.FollowerChanged changed ->
          changed.how() == CaseEvent.FollowerChanged.Change.JOINED;
      case CaseEvent.Drafted _,
          CaseEvent.Opened _,
          CaseEvent.HandedOff _,
          CaseEvent.Accepted _,
          CaseEvent.Dispatched _,
          CaseEvent.Claimed _,
          CaseEvent.Released _,
          CaseEvent.Returned _,
          CaseEvent.ReturnDecided _,
          CaseEvent.Disputed _,
          CaseEvent.Viewed _,
          CaseEvent.DisputeEnded _,
          CaseEvent.Ruled _,
          CaseEvent.ConferenceSet _,
          CaseEvent.ConferenceHeld _,
          CaseEvent.LevelChanged _,
          CaseEvent.HandedOn _,
          CaseEvent.Withdrawn _,
          CaseEvent.TimeAsked _,
          CaseEvent.TimeRefused _,
          CaseEvent.Extended _,
          CaseEvent.Suspended _,
          CaseEvent.Resumed _,
          CaseEvent.Answered _,
          CaseEvent.Corrected _,
          CaseEvent.AccusedNamed _,
          CaseEvent.SuspicionJudged _,
          CaseEvent.Reported _,
          CaseEvent.SentToCheck _,
          CaseEvent.ReportTakenBack _,
          CaseEvent.Checked _,
          CaseEvent.CheckSkipped _,
          CaseEvent.Called _,
          CaseEvent.SentToReview _,
          CaseEvent.Reopened _,
          CaseEvent.Closed _,
          CaseEvent.Joined _,
          CaseEvent.Left _,
          CaseEvent.Merged _,
          CaseEvent.Unmerged _,
          CaseEvent.Split _,
          CaseEvent.SplitOff _,
          CaseEvent.SplitTakenBack _,
          CaseEvent.Rejected _,
          CaseEvent.RejectionTakenBack _,
          CaseEvent.Appealed _,
          CaseEvent.AppealGranted _,
          CaseEvent.HeadAsked _,
          CaseEvent.HeadReleased _ ->
          true;
    };
  }

  /// Speaks to the resident; refused when somebody else has answered or taken it in the meantime.
  /// The first answer stops the clock of the first contact.
  public Case answer(Staff staff, CaseId id, int version, String text) {
    return answer(staff, id, version, text, List.of());
  }

  /// @param along codes of [Enclosures] that go with it
  public Case answer(Staff staff, CaseId id, int version, String text, List<String> along) {
    return answer(staff, id, version, null, text, along);
  }

  /// The same, once under this key.
  Case answer(
      Staff staff,
      CaseId id,
      int version,
      @Nullable Sending sending,
      String text,
      List<String> along) {
    String said = CaseFiles.soundToResident(text, "answer-missing");
    return files.change(
        staff,
        id,
        version,
        sending,
        (permits, file) -> {
          permits.require(Step.ANSWER);
          long answer = file.answer(staff.id(), said);
          enclosures.send(file.tx(), staff.id(), id, answer, along);
          file.tell(
              new CaseEvent.Answered(
                  null, file.rule(), staff.id(), answer, file.contact(), file.digest(said)));
        });
  }

  /// Writes something down for colleagues.
  public Case note(Staff staff, CaseId id, String text) {
    return note(staff, id, null, text, List.of());
  }

  /// The same, in the transaction of a turn.
  ///
  /// @param pictures the messages they came in
  Case note(Tx tx, Staff staff, CaseId id, String text, List<Long> pictures) {
    String written = CaseFiles.sound(text, "note-missing");
    return files.withFile(
        tx,
        staff,
        id,
        null,
        null,
        (permits, file) -> {
          permits.require(Step.NOTE);
          tellNote(file, staff, file.note(staff.id(), written, pictures), written);
        });
  }

  /// The same, with pictures, once under this key.
  Case note(
      Staff staff, CaseId id, @Nullable Sending sending, String text, List<Photos.Taken> photos) {
    String written = CaseFiles.sound(text, "note-missing");
    List<Photos.Drawn> drawn = Photos.drawn(photos);
    return files.add(
        staff,
        id,
        sending,
        (permits, file) -> {
          permits.require(Step.NOTE);
          long note = file.note(staff.id(), written, List.of());
          this.photos.keep(file.tx(), id, note, file.at(), drawn);
          tellNote(file, staff, note, written);
        });
  }

  private static void tellNote(CaseFile file, Staff staff, long note, String written) {
    file.tell(new CaseEvent.Noted(null, file.rule(), staff.id(), note, file.digest(written)));
  }

  /// Due work: see [CaseFiles#forgetSendings].
  boolean forgetSendings() {
    return files.forgetSendings();
  }
}
