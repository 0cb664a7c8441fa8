package io.linyu.casework;

import io.linyu.casework.Cases.Step;
import io.linyu.community.Desk;
import io.linyu.community.Staff;
import io.linyu.community.Territories;
import io.linyu.platform.Refusal;
import io.linyu.platform.db.Tx;
import io.linyu.platform.events.Told;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What somebody says is done is looked at by somebody else ([Checkers]), and then the resident is
/// asked ([ReturnVisits]). Where the kind of matter needs no look, only a sample is looked at.
///
/// `version` is the one the member of staff saw: when the case has moved on since, the step is
/// refused as `case-changed`.
public final class Checking {
  /// What somebody found.
  ///
  /// @param words what they found; those who do it again read it
  /// @param photos that they took of it
  /// @param excuse why there is no picture, or none that says where it was taken; empty: there is
  public record Finding(boolean passed, String words, List<Photos.Taken> photos, String excuse) {}

  private final CaseFiles files;
  private final Cases cases;
  private final Categories categories;
  private final Territories territories;
  private final Routing routing;
  private final Checkers checkers;
  private final Enclosures enclosures;
  private final Photos photos;
  private final ReturnVisits visits;
  private final Parts parts;

  Checking(
      CaseFiles files,
      Cases cases,
      Categories categories,
      Territories territories,
      Routing routing,
      Checkers checkers,
      Enclosures enclosures,
      Photos photos,
      ReturnVisits visits,
      Parts parts) {
    this.files = files;
    this.cases = cases;
    this.categories = categories;
    this.territories = territories;
    this.routing = routing;
    this.checkers = checkers;
    this.enclosures = enclosures;
    this.photos = photos;
    this.visits = visits;
    this.parts = parts;
  }

  /// Says that it is done; the text tells the resident what was done. They hear it once somebody
  /// else has looked.
  public Case report(Staff staff, CaseId id, int version, String text) {
    return report(staff, id, version, text, List.of());
  }

  /// @param along codes of [Enclosures] that go with it
  public Case report(Staff staff, CaseId id, int version, String text, List<String> along) {
    return files.change(staff, id, version, reporting(staff, id, text, along));
  }

  /// The same, in the transaction of a turn.
  Case report(Tx tx, Staff staff, CaseId id, int version, String text) {
    return files.withFile(tx, staff, id, version, null, reporting(staff, id, text, List.of()));
  }

  private CaseFiles.Change reporting(Staff staff, CaseId id, String text, List<String> along) {
    String done = CaseFiles.soundToResident(text, "answer-missing");
    return (permits, file) -> {
      permits.require(Step.REPORT);
      // What is asked comes first: what is written behind it is written with what others write.
      Case matter = permits.matter();
      Category category = categories.named(matter.categoryCode()).orElseThrow();
      Case.Lead lead = file.reported(staff);
      Optional<Desk> desk =
          checkers.deskFor(matter, lead, category, file.keepsFromNearest(category));
      boolean looks = category.onSite() || (maySample(matter, category) && file.isInSample());
      List<Case> heard = looks ? List.of() : cases.heardOf(file.tx(), matter, file.at());
      String told = done + parts.letLapse(file, matter);
      Set<Actor> actors = permits.actors();
      Transition reported = file.go(Transition.T17, actors);
      long answer = file.answer(staff.id(), told);
      enclosures.send(file.tx(), staff.id(), id, answer, along);
      file.tell(
          new CaseEvent.Reported(reported, file.rule(), staff.id(), answer, file.digest(told)));
      if (desk.isEmpty()) {
        closeUnchecked(file, staff, answer);
      } else if (looks) {
        Transition sent = file.go(Transition.T18, Set.of(Actor.SYSTEM));
        file.tell(new CaseEvent.SentToCheck(sent, file.rule(), desk.get().id()));
        file.startCheck(desk.get());
      } else {
        Transition skipped = file.go(Transition.T21, Set.of(Actor.SYSTEM));
        file.tell(new CaseEvent.CheckSkipped(skipped, file.rule(), null));
        visits.begin(file, matter, heard, desk.get().id(), answer, null);
      }
    };
  }

  /// What is told in confidence, or is nobody else's business, nobody looks at for the sample's
  /// sake.
  private static boolean maySample(Case matter, Category category) {
    return category.open() && !matter.confidential();
  }

  /// Nobody else works here: that neither check nor return visit took place stands in the record.
  private static void closeUnchecked(CaseFile file, Staff staff, long answer) {
    Transition skipped = file.go(Transition.T21, Set.of(Actor.SYSTEM));
    file.tell(new CaseEvent.CheckSkipped(skipped, file.rule(), staff.id()));
    file.tell(
        new CaseEvent.Closed(
            file.go(Transition.T22, Set.of(Actor.SYSTEM)),
            file.rule(),
            staff.id(),
            answer,
            CaseEvent.Closed.Unchecked.CLOSED_BY_HANDLER,
            null));
    file.shut();
  }

  /// Takes back what one has just reported, while nobody has touched it. Nobody heard of it.
  public Case takeBack(Staff staff, CaseId id, int version) {
    return files.change(
        staff,
        id,
        version,
        (permits, file) -> {
          Case matter = permits.matter();
          Case.Lead lead = matter.lead();
          if (lead == null || !isJustReported(staff, file.told(), file.at())) {
            throw new Refusal("case-not-back", 409, matter.deskName());
          }
          Transition back = file.go(Transition.T17b, EnumSet.of(Actor.HANDLER));
          file.tell(new CaseEvent.ReportTakenBack(back, file.rule(), staff.id(), lead.deskId()));
          file.give(lead.deskId(), lead.bodyCode(), lead.staffId(), null);
          file.resumeHandling();
        });
  }

  /// Whether they have just reported it, and nobody has touched it since.
  static boolean isJustReported(Staff staff, List<Told<CaseEvent>> told, Instant now) {
    Told<CaseEvent> last = Handling.lastTouch(told);
    return last.event() instanceof CaseEvent.SentToCheck
        && CaseFile.isFresh(last, now)
        && told.reversed().stream()
            .map(Told::event)
            .filter(CaseEvent.Reported.class::isInstance)
            .findFirst()
            .filter(each -> ((CaseEvent.Reported) each).staffId() == staff.id())
            .isPresent();
  }

  /// Says whether it is done. Refused where neither a picture that was taken there nor a reason for
  /// its absence shows that somebody looked.
  public Case check(Staff staff, CaseId id, int version, Finding finding) {
    List<Photos.Drawn> drawn = Photos.drawn(finding.photos());
    String excuse = finding.excuse().strip();
    String words = finding.words().strip();
    if (!finding.passed() && words.isEmpty()) {
      throw new Refusal("check-words-missing", 422);
    }
    return files.change(
        staff,
        id,
        version,
        (permits, file) -> {
          permits.require(finding.passed() ? Step.PASS : Step.FAIL);
          Case matter = permits.matter();
          var all = new ArrayList<>(drawn);
          all.addAll(photos.takenBy(file.tx(), id, staff.id(), file.heldSince()));
          Evidence evidence = Evidence.of(all, territories.byId(matter.territoryId()));
          if (!evidence.isWhole() && excuse.isEmpty()) {
            throw lacking(evidence);
          }
          String found = found(finding.passed(), words, excuse);
          long note = file.note(staff.id(), CaseFiles.sound(found, "note-missing"), List.of());
          photos.keep(file.tx(), id, note, file.at(), drawn);
          if (finding.passed()) {
            pass(file, permits, note, found, evidence, excuse);
          } else {
            fail(file, permits, note, found, evidence, excuse);
          }
        });
  }

  private static Refusal lacking(Evidence evidence) {
    if (evidence.photos() == 0) {
      return new Refusal("check-photo-missing", 422);
    }
    Integer metres = evidence.metres();
    return metres == null
        ? new Refusal("check-place-missing", 422)
        : new Refusal("check-far", 422, metres);
  }

  /// For colleagues, as a note.
  private static String found(boolean passed, String words, String excuse) {
    String said = words.isEmpty() ? (passed ? "核查通过。" : "") : words;
    return excuse.isEmpty() ? said : said + "\n（" + excuse + "）";
  }

  private void pass(
      CaseFile file, Permits permits, long note, String found, Evidence evidence, String excuse) {
    Transition step = file.go(Transition.T20, permits.actors());
    tell(file, step, permits.staff(), true, note, found, evidence, excuse, null);
    file.stop(CaseClock.Kind.CHECK);
    Case matter = permits.matter();
    visits.begin(
        file,
        matter,
        cases.heardOf(file.tx(), matter, file.at()),
        matter.deskId(),
        reported(file).answerId(),
        permits.staff().id());
  }

  private void fail(
      CaseFile file, Permits permits, long note, String found, Evidence evidence, String excuse) {
    Transition step = file.go(Transition.T19, permits.actors());
    long again = backToLead(file, permits.matter(), found, null);
    tell(file, step, permits.staff(), false, note, found, evidence, excuse, again);
  }

  /// It is not solved: whoever had done it does it again, and another checks it then.
  ///
  /// Also what is closed, by those who lead.
  ///
  /// @param reason that those read who do it again
  public Case reopen(Staff staff, CaseId id, int version, String reason) {
    return visits.reopen(staff, id, version, reason, this);
  }

  /// The same, since whoever told it says that it is not solved after all.
  ///
  /// @param person whose case it is
  /// @param consent by which another says so; null: they do so themselves
  public Case again(Tx tx, CaseId id, long person, @Nullable Long consent) {
    return visits.again(tx, id, person, consent, this);
  }

  /// To whoever had done it, or to the desk in their place.
  ///
  /// @param why they read there; null: it stands elsewhere
  /// @param passedBy who had found it done; null: nobody had
  /// @return the desk
  long backToLead(CaseFile file, Case matter, @Nullable String why, @Nullable Long passedBy) {
    Case.Lead lead = matter.lastLead();
    Routing.Way way =
        routing.again(
            lead.deskId(),
            categories.named(matter.categoryCode()).orElse(null),
            matter.level(),
            territories.byId(matter.territoryId()),
            matter.accused());
    boolean same = way.desk().id() == lead.deskId();
    boolean stillThere =
        same && lead.staffId() != null && routing.worksThere(way.desk(), lead.staffId());
    file.give(
        way.desk().id(),
        same ? lead.bodyCode() : way.body(),
        stillThere ? lead.staffId() : null,
        why);
    file.rework(categories.named(matter.categoryCode()).orElse(null), passedBy);
    return way.desk().id();
  }

  private static void tell(
      CaseFile file,
      Transition step,
      Staff by,
      boolean passed,
      long note,
      String found,
      Evidence evidence,
      String excuse,
      @Nullable Long toDesk) {
    file.tell(
        new CaseEvent.Checked(
            step,
            file.rule(),
            by.id(),
            passed,
            note,
            file.digest(found),
            evidence.photos(),
            evidence.metres(),
            !excuse.isEmpty(),
            toDesk));
  }

  /// What was said last to be done.
  static CaseEvent.Reported reported(CaseFile file) {
    return file.told().reversed().stream()
        .map(Told::event)
        .filter(CaseEvent.Reported.class::isInstance)
        .map(CaseEvent.Reported.class::cast)
        .findFirst()
        .orElseThrow();
  }
}
