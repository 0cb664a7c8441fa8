package io.linyu.casework;

import io.linyu.community.Desk;
import io.linyu.community.Territories;
import io.linyu.community.Territory;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Accepts what was only reported, and sends it to a desk: done on the way by whoever takes it,
/// hands it on, or finds out what or where it is.
final class Acceptance {
  private final Territories territories;
  private final Routing routing;

  Acceptance(Territories territories, Routing routing) {
    this.territories = territories;
    this.routing = routing;
  }

  /// Accepts what waited: for one's own desk when one holds it, else for the desk that the rules
  /// name, once the place is known.
  void acceptHere(
      CaseFile file, Permits permits, Category category, long territory, boolean territoryKnown) {
    Territory place = territories.byId(territory);
    Accused accused = permits.matter().accused();
    boolean mayKeep = routing.mayHold(category, place, accused, permits.desk());
    if (!permits.accepts()) {
      // A desk above has set it right. Its own accepts it, or the one above those it is about.
      if (!mayKeep) {
        file.raise(routing.levelFor(category, place, accused));
        file.waitAt(permits.staff().id(), routing.aboveUnit(category, place, accused).id());
      }
      return;
    }
    if (permits.matter().isHeldBy(permits.staff().id()) && mayKeep) {
      accept(file, permits, category);
      dispatch(file, permits, permits.desk(), null);
      Transition signed = file.go(Transition.T10, permits.actors());
      file.tell(
          new CaseEvent.Claimed(
              signed, file.rule(), permits.staff().id(), permits.desk().id(), null, null));
    } else if (!mayKeep || (territoryKnown && permits.matter().staffId() == null)) {
      accept(file, permits, category);
      Routing.Way way =
          routing.handling(
              file.tx(),
              file.rules(),
              category,
              territories.byId(territory),
              file.today(),
              permits.matter().accused());
      dispatch(file, permits, way.desk(), way);
      file.give(way.desk().id(), way.body(), null, null);
      file.startSigning(way.desk().id());
    }
  }

  void accept(CaseFile file, Permits permits, Category category) {
    accept(file, permits, category, false);
  }

  /// @param taken whether whoever accepts it takes it with the same step
  void accept(CaseFile file, Permits permits, Category category, boolean taken) {
    if (permits.matter().isUnderReview()) {
      file.tell(
          new CaseEvent.AppealGranted(
              null, file.rule(), permits.staff().id(), permits.desk().id(), taken));
    }
    Transition step = file.go(Transition.T06, permits.actors());
    file.raise(
        routing.levelFor(
            category,
            territories.byId(permits.matter().territoryId()),
            permits.matter().accused()));
    file.startResidentsClocks(category);
    file.tell(
        new CaseEvent.Accepted(
            step, file.rule(), permits.staff().id(), category.code(), file.level()));
  }

  /// @param way null: to the desk of the one who does it
  void dispatch(CaseFile file, Permits permits, Desk desk, Routing.@Nullable Way way) {
    Set<Actor> actors = permits.actors();
    actors.add(Actor.SYSTEM);
    Transition step = file.go(Transition.T09, actors);
    file.tell(
        new CaseEvent.Dispatched(
            step,
            file.rule(),
            permits.staff().id(),
            desk.id(),
            way == null ? null : way.body(),
            way == null ? null : way.rule()));
    if (way != null) {
      file.passedBy(way);
    }
  }
}
