package io.linyu.casework;

import static java.util.Objects.requireNonNull;

import io.linyu.casework.Cases.Step;
import io.linyu.community.Desk;
import io.linyu.community.Desks;
import io.linyu.community.Level;
import io.linyu.community.Staff;
import io.linyu.community.StaffMembers;
import io.linyu.community.StaffName;
import io.linyu.community.Territories;
import io.linyu.community.Territory;
import io.linyu.platform.Refusal;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Tx;
import io.linyu.platform.events.Told;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Complaints that name a member of staff, also among other things: none of them comes to that
/// person's unit before somebody above it has looked. They confirm it, and it is handled as a
/// complaint about staff; or they lift it, and it goes where it would have gone. The resident's
/// clocks begin with the first word all the same.
///
/// `version` is the one the member of staff saw: when the case has moved on since, the step is
/// refused as `case-changed`.
public final class Suspicions {
  /// @param words by which they were named, as they were said
  /// @param accused whoever is meant, where that can be but one
  record Suspicion(String words, Accused accused) {}

  private final Db db;
  private final CaseFiles files;
  private final Acceptance acceptance;
  private final Categories categories;
  private final Territories territories;
  private final Routing routing;
  private final Desks desks;
  private final StaffMembers members;
  private final CaseStore cases = new CaseStore();
  private final SplitStore splits = new SplitStore();
  private final HandInStore papers = new HandInStore();
  private final ReturnVisitStore visits = new ReturnVisitStore();

  Suspicions(
      Db db,
      CaseFiles files,
      Acceptance acceptance,
      Categories categories,
      Territories territories,
      Routing routing,
      Desks desks,
      StaffMembers members) {
    this.db = db;
    this.desks = desks;
    this.files = files;
    this.acceptance = acceptance;
    this.categories = categories;
    this.territories = territories;
    this.routing = routing;
    this.members = members;
  }

  /// What a case becomes that is one; empty: this house has no such kind, and keeps nothing back.
  private Optional<Category> kind() {
    return categories.all().stream()
        .filter(each -> each.aboutStaff() && each.isSpecific())
        .min(Comparator.comparing(Category::code));
  }

  /// Whether what somebody told complains about a member of staff who works there. Asks memory
  /// alone.
  Optional<Suspicion> raised(String text, Territory place) {
    return kind()
        .filter(_ -> Complaint.mayBe(text))
        .flatMap(_ -> Complaint.about(text, nearby(place)))
        .map(found -> new Suspicion(found.words(), accused(found.who())));
  }

  /// Those of the community, of the street and of the district above it; where no community is
  /// known, of all that lies in the place. Who works closer comes first.
  private List<StaffName> nearby(Territory place) {
    String inside = territories.communityOf(place).orElse(place).path();
    var near = new ArrayList<StaffName>();
    var above = new ArrayList<StaffName>();
    for (StaffName each : members.names()) {
      Territory works = territories.byId(each.territoryId());
      // Above the district's own people is nobody here.
      if (works.level() == Level.DISTRICT) {
        continue;
      }
      if (works.path().startsWith(inside)) {
        near.add(each);
      } else if (inside.startsWith(works.path())) {
        above.add(each);
      }
    }
    near.addAll(above);
    return near;
  }

  /// All that belongs to the community, or the street, for which they work.
  private Accused accused(@Nullable StaffName who) {
    if (who == null) {
      return Accused.NOBODY;
    }
    Territory works = territories.byId(who.territoryId());
    Territory unit = territories.communityOf(works).orElse(works);
    return new Accused(null, who.id(), unit.id(), who.name(), null);
  }

  /// Whether a case is kept from whoever this complains about as it is.
  boolean keeps(Case matter, Suspicion raised) {
    Territory place = territories.byId(matter.territoryId());
    Desk desk = desks.byId(matter.deskId());
    return matter.confidential()
        && isAboutStaff(matter)
        && matter.level().compareTo(routing.levelFor(Category.ABOUT_STAFF, place, raised.accused()))
            <= 0
        && routing.mayHold(Category.ABOUT_STAFF, place, raised.accused(), desk);
  }

  private boolean isAboutStaff(Case matter) {
    return matter.accused().isSuspected()
        || matter.accused().isNamed()
        || categories.named(matter.categoryCode()).filter(Category::aboutStaff).isPresent();
  }

  /// Whether these words seem to complain about this member of staff, or about their unit.
  public boolean meet(Staff staff, String words, Territory place) {
    return raised(words, place)
        .filter(raised ->
            Long.valueOf(staff.id()).equals(raised.accused().staffId())
                || routing.isOfUnit(staff, place, raised.accused()))
        .isPresent();
  }

  /// It is one.
  ///
  /// @param words what they note down about it; empty: nothing
  public Case confirm(Staff staff, CaseId id, int version, String words) {
    Category kind = kind().orElseThrow(() -> new Refusal("category-unknown", 422, ""));
    return files.change(
        staff,
        id,
        version,
        (permits, file) -> {
          Case matter = judged(permits, file, true);
          note(permits, file, words);
          Transition step = file.go(Transition.T32, permits.actors());
          file.file(kind, matter.urgency());
          file.tell(
              new CaseEvent.Corrected(
                  step, file.rule(), staff.id(), "category", matter.categoryCode(), kind.code()));
          acceptance.acceptHere(file, permits, kind, matter.territoryId(), matter.territoryKnown());
        });
  }

  /// It is none: it goes where it would have gone, as openly as it was told; what was said of
  /// another case goes back to that one as long as that goes on.
  ///
  /// @param words what they note down about it; empty: nothing
  public Case lift(Staff staff, CaseId id, int version, String words) {
    return lift(staff, id, version, words, false);
  }

  /// The same of a complaint about neighbours: whoever is named is the neighbour, and works here.
  /// It goes where it would have gone, and from them it stays hidden.
  public Case keepFromNeighbour(Staff staff, CaseId id, int version, String words) {
    return lift(staff, id, version, words, true);
  }

  private Case lift(Staff staff, CaseId id, int version, String words, boolean neighbour) {
    return db.inTransaction(tx -> {
      CaseId from = splits.from(tx, id).orElse(null);
      if (from != null) {
        files.lock(tx, List.of(from, id));
      }
      return files.withFile(
          tx, staff, id, version, null, (permits, file) -> lift(permits, file, words, neighbour));
    });
  }

  private void lift(Permits permits, CaseFile file, String words, boolean neighbour) {
    Case matter = judged(permits, file, false);
    note(permits, file, words);
    Category category = categories.named(matter.categoryCode()).orElse(null);
    if (neighbour) {
      keepFromNeighbour(permits, file, category);
    } else if (isPutBack(permits, file, matter)) {
      return;
    }
    Territory place = territories.byId(matter.territoryId());
    if (category != null && matter.territoryKnown() && matter.confirmed()) {
      acceptance.acceptHere(file, permits, category, place.id(), true);
      return;
    }
    Desk nearest = routing.acceptance(place);
    Desk waits =
        neighbour
                && category != null
                && !routing.mayHold(category, place, matter.accused(), nearest)
            ? routing.aboveUnit(category, place, matter.accused())
            : nearest;
    file.raise(routing.circleOf(waits));
    if (waits.id() != matter.deskId()) {
      file.waitAt(permits.staff().id(), waits.id());
    }
  }

  private static void keepFromNeighbour(
      Permits permits, CaseFile file, @Nullable Category category) {
    Accused named = permits.matter().accused();
    Long who = named.staffId();
    if (who == null || category == null || !category.aboutNeighbours()) {
      throw new Refusal("suspicion-no-neighbour", 422);
    }
    file.keepConfidential();
    file.accuse(new Accused(null, who, null, named.name(), null));
    file.keepFrom(who);
    file.tell(
        new CaseEvent.AccusedNamed(
            file.go(Transition.T32, permits.actors()),
            file.rule(),
            permits.staff().id(),
            null,
            who));
  }

  /// Where it was said of another case: what was added belongs to that one, as if it had never been
  /// apart, and what was said in a rating to the rating.
  private boolean isPutBack(Permits permits, CaseFile file, Case matter) {
    CaseEvent.StaffSuspected said =
        file.told().stream()
            .map(Told::event)
            .filter(CaseEvent.StaffSuspected.class::isInstance)
            .map(CaseEvent.StaffSuspected.class::cast)
            .filter(each -> each.addedTo() != null)
            .findFirst()
            .orElse(null);
    if (said == null) {
      return false;
    }
    Tx tx = file.tx();
    Case of = cases.byId(tx, new CaseId(requireNonNull(said.addedTo()))).orElseThrow();
    Long visit = said.visit();
    List<Long> messages = visit == null ? splits.messages(tx, matter.id()) : List.of();
    if (!Objects.equals(of.personId(), matter.personId())
        || (visit == null && (!of.isOpen() || messages.isEmpty()))) {
      return false;
    }
    if (visit == null) {
      cases.heard(tx, of.id(), messages, file.at());
      papers.move(tx, matter.id(), of.id());
    } else {
      visits.add(tx, visit, matter.what());
    }
    long by = permits.staff().id();
    CaseFile back = files.open(tx, of);
    back.tell(
        new CaseEvent.Supplemented(null, back.rule(), messages, matter.consentId(), null, by));
    Transition step = file.go(Transition.T08f, permits.actors());
    file.tell(new CaseEvent.SplitTakenBack(step, file.rule(), by));
    file.shut();
    splits.forget(tx, matter.id());
    return true;
  }

  private static Case judged(Permits permits, CaseFile file, boolean confirmed) {
    permits.require(Step.JUDGE);
    Transition step = file.go(Transition.T32, permits.actors());
    file.judge(confirmed);
    file.tell(new CaseEvent.SuspicionJudged(step, file.rule(), permits.staff().id(), confirmed));
    return permits.matter();
  }

  private static void note(Permits permits, CaseFile file, String words) {
    if (!words.isBlank()) {
      String sound = CaseFiles.sound(words, "text-missing");
      long note = file.note(permits.staff().id(), sound, List.of());
      file.tell(
          new CaseEvent.Noted(null, file.rule(), permits.staff().id(), note, file.digest(sound)));
    }
  }
}
