package io.linyu.casework;

import io.linyu.casework.Cases.Step;
import io.linyu.community.Desk;
import io.linyu.community.Desks;
import io.linyu.community.Level;
import io.linyu.community.Staff;
import io.linyu.community.StaffMember;
import io.linyu.community.StaffMembers;
import io.linyu.community.StaffName;
import io.linyu.community.Territories;
import io.linyu.community.Territory;
import io.linyu.platform.Refusal;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What staff set right about a case. Once it is known what and where it is, it is accepted.
///
/// `version` is the one the member of staff saw: when the case has moved on since, the step is
/// refused as `case-changed`.
public final class Corrections {
  private final CaseFiles files;
  private final Acceptance acceptance;
  private final Categories categories;
  private final Territories territories;
  private final Routing routing;
  private final Desks desks;
  private final StaffMembers members;

  Corrections(
      CaseFiles files,
      Acceptance acceptance,
      Categories categories,
      Territories territories,
      Routing routing,
      Desks desks,
      StaffMembers members) {
    this.files = files;
    this.acceptance = acceptance;
    this.categories = categories;
    this.territories = territories;
    this.routing = routing;
    this.desks = desks;
    this.members = members;
  }

  /// Corrects the category. What was only reported is thereby accepted: by the one who holds it for
  /// their own desk, else for the desk that the rules name.
  public Case setCategory(Staff staff, CaseId id, int version, String code) {
    Category category =
        categories
            .named(code)
            .filter(Category::isSpecific)
            .orElseThrow(() -> new Refusal("category-unknown", 422, code));
    return files.change(
        staff,
        id,
        version,
        (permits, file) -> {
          Case matter = permits.matter();
          permits.require(Step.SET_CATEGORY);
          if (code.equals(matter.categoryCode())) {
            return;
          }
          Transition step = file.go(Transition.T32, permits.actors());
          Urgency usual =
              categories
                  .named(matter.categoryCode())
                  .map(Category::usualUrgency)
                  .orElse(Urgency.NORMAL);
          file.file(
              category, matter.urgency() == usual ? category.usualUrgency() : matter.urgency());
          file.tell(
              new CaseEvent.Corrected(
                  step, file.rule(), staff.id(), "category", matter.categoryCode(), code));
          if (matter.state() == CaseState.REPORTED) {
            acceptance.acceptHere(
                file, permits, category, matter.territoryId(), matter.territoryKnown());
          }
        });
  }

  /// Corrects the place. What nobody has taken or accepted yet goes to the desk of the new place.
  public Case setTerritory(Staff staff, CaseId id, int version, long territoryId) {
    Territory place;
    try {
      place = territories.byId(territoryId);
    } catch (IllegalArgumentException unknown) {
      throw new Refusal("territory-unknown", 422);
    }
    return files.change(
        staff,
        id,
        version,
        (permits, file) -> {
          Case matter = permits.matter();
          permits.require(Step.SET_TERRITORY);
          if (place.id() == matter.territoryId() && matter.territoryKnown()) {
            return;
          }
          Transition step = file.go(Transition.T32, permits.actors());
          file.moveTo(place, Units.of(place, territories));
          file.tell(
              new CaseEvent.Corrected(
                  step,
                  file.rule(),
                  staff.id(),
                  "territory",
                  Long.toString(matter.territoryId()),
                  Long.toString(place.id())));
          if (matter.state() != CaseState.REPORTED) {
            return;
          }
          Optional<Category> category = categories.named(matter.categoryCode());
          Desk waits = routing.acceptance(place);
          if (category.isPresent()) {
            acceptance.acceptHere(file, permits, category.get(), place.id(), true);
          } else if (matter.staffId() == null
              && waits.id() != matter.deskId()
              // Wherever it is: the desk that has it decides.
              && !matter.isUnderReview()) {
            file.waitAt(staff.id(), waits.id());
          }
        });
  }

  // Whom a complaint about staff is about.

  /// A desk that a complaint may be about, with its people.
  public record Unit(Desk desk, List<StaffMember> members) {}

  /// Those of the community and the street where it is.
  public List<Unit> accusable(Case matter) {
    return territories.pathOf(territories.byId(matter.territoryId())).reversed().stream()
        .filter(node -> node.level() == Level.COMMUNITY || node.level() == Level.STREET)
        .flatMap(node -> desks.at(node).stream())
        .filter(desk -> desk.kind().equals("desk") && desks.isStaffed(desk))
        .map(desk -> new Unit(desk, desks.membersOf(desk)))
        .toList();
  }

  /// Who of staff may be the neighbour that it is about: those of the community and above it,
  /// wherever they live.
  public List<StaffName> neighbours(Case matter) {
    Territory place = territories.byId(matter.territoryId());
    Territory community = territories.communityOf(place).orElse(place);
    return members.names().stream()
        .filter(each -> {
          Territory works = territories.byId(each.territoryId());
          return community.contains(works) || works.contains(community);
        })
        .sorted(Comparator.comparing(StaffName::name))
        .toList();
  }

  /// Says whom it is about. They do not get it from then on, and what they have is taken from them
  /// by rule E6. Of a complaint about neighbours it is the one who lives there and works here: it
  /// stays with its desk, and they see nothing of it.
  ///
  /// @param whom as [Accused#word] writes it; empty: the unit where it happened
  public Case nameAccused(Staff staff, CaseId id, int version, String whom) {
    return files.change(
        staff,
        id,
        version,
        (permits, file) -> {
          Case matter = permits.matter();
          permits.require(Step.SET_CATEGORY);
          Category category = categories.named(matter.categoryCode()).orElse(null);
          boolean aboutStaff = category != null && category.aboutStaff();
          // Who was named may always be taken back, whatever it turned out to be.
          boolean neighbour =
              (category != null && category.aboutNeighbours())
                  || (whom.isEmpty() && matter.accused().isNamed());
          if (!aboutStaff && !neighbour) {
            throw new Refusal("case-not-about-staff", 409, matter.number().text());
          }
          Accused accused = aboutStaff ? accused(whom) : neighbour(whom);
          if (accused.word().equals(matter.accused().word())) {
            return;
          }
          Transition step = file.go(Transition.T32, permits.actors());
          if (!aboutStaff) {
            requireOthers(matter, accused);
          }
          file.accuse(accused);
          file.keepFrom(aboutStaff ? null : accused.staffId());
          file.tell(
              new CaseEvent.AccusedNamed(
                  step, file.rule(), staff.id(), accused.deskId(), accused.staffId()));
        });
  }

  private Accused neighbour(String word) {
    if (word.isEmpty()) {
      return Accused.NOBODY;
    }
    if (!word.matches("staff:[0-9]{1,18}")) {
      throw new Refusal("accused-unknown", 422);
    }
    return members
        .byId(Long.parseLong(word.substring("staff:".length())))
        .map(who -> new Accused(null, who.id(), null, who.name(), null))
        .orElseThrow(() -> new Refusal("accused-unknown", 422));
  }

  /// What nobody sees any more who could go on with it is handed on first.
  private void requireOthers(Case matter, Accused accused) {
    Long staff = accused.staffId();
    if (staff == null) {
      return;
    }
    Case.Lead lead = matter.lead();
    if (matter.isHeldBy(staff) || (lead != null && Objects.equals(lead.staffId(), staff))) {
      throw new Refusal("neighbour-has-it", 409, Objects.requireNonNull(accused.name()));
    }
    if (routing.isAlone(desks.byId(matter.deskId()), staff)) {
      throw new Refusal("neighbour-alone", 409, matter.deskName());
    }
  }

  private Accused accused(String word) {
    if (word.isEmpty()) {
      return Accused.NOBODY;
    }
    String[] parts = word.split(":", 2);
    long id;
    try {
      id = Long.parseLong(parts[parts.length - 1]);
    } catch (NumberFormatException e) {
      throw new Refusal("accused-unknown", 422);
    }
    return switch (parts[0]) {
      case "desk" ->
          desks.find(id).map(this::accused).orElseThrow(() -> new Refusal("accused-unknown", 422));
      case "staff" ->
          members
              .byId(id)
              .map(this::accused)
              .orElseThrow(() -> new Refusal("accused-unknown", 422));
      default -> throw new Refusal("accused-unknown", 422);
    };
  }

  private Accused accused(Desk desk) {
    return new Accused(
        desk.id(), null, desk.fallback() ? unit(desk.territoryId()) : null, desk.name(), null);
  }

  /// The widest of what they look after and work for.
  private Accused accused(Staff who) {
    Stream<Long> after =
        Scope.ROLES.contains(who.role()) ? Stream.of(who.territoryId()) : Stream.empty();
    Stream<Long> at = desks.of(who).stream().filter(Desk::fallback).map(Desk::territoryId);
    @Nullable Long widest =
        Stream.concat(after, at)
            .map(this::unit)
            .min(Comparator.comparing(each -> territories.byId(each).level()))
            .orElse(null);
    return new Accused(null, who.id(), widest, who.name(), null);
  }

  /// Above the district nobody is here: what is about them is told elsewhere.
  private Long unit(long territory) {
    Territory place = territories.byId(territory);
    Territory unit = territories.communityOf(place).orElse(place);
    if (unit.level() == Level.DISTRICT) {
      throw new Refusal("accused-above", 409);
    }
    return unit.id();
  }
}
