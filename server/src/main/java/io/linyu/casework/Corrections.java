package io.linyu.casework;

import io.linyu.casework.Cases.Step;
import io.linyu.community.Desk;
import io.linyu.community.Staff;
import io.linyu.community.Territories;
import io.linyu.community.Territory;
import io.linyu.platform.Refusal;
import java.util.Optional;

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

  Corrections(
      CaseFiles files,
      Acceptance acceptance,
      Categories categories,
      Territories territories,
      Routing routing) {
    this.files = files;
    this.acceptance = acceptance;
    this.categories = categories;
    this.territories = territories;
    this.routing = routing;
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
            file.give(waits.id(), null, null, null);
            file.tell(
                new CaseEvent.HandedOn(
                    null,
                    file.rule(),
                    staff.id(),
                    matter.deskId(),
                    waits.id(),
                    null,
                    false,
                    file.digest("")));
          }
        });
  }
}
