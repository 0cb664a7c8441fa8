package io.linyu.casework;

import io.linyu.community.Desk;
import io.linyu.community.Desks;
import io.linyu.community.Level;
import io.linyu.community.Territories;
import io.linyu.community.Territory;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// To the desk of the next level, by rule (`T30`). Whoever had it does not have it any more but
/// keeps contact with the resident, whose clocks go on.
final class Raising {
  private static final Set<Actor> BY_RULE = EnumSet.of(Actor.SYSTEM);

  private record Above(Desk desk, Level level) {}

  private final Territories territories;
  private final Desks desks;
  private final Routing routing;

  Raising(Territories territories, Desks desks, Routing routing) {
    this.territories = territories;
    this.desks = desks;
    this.routing = routing;
  }

  boolean canRise(Case matter) {
    return above(matter).isPresent();
  }

  /// The nearest level above whose desk has people, and is another than the one that has it.
  private Optional<Above> above(Case matter) {
    Territory place = territories.byId(matter.territoryId());
    return Stream.of(Level.STREET, Level.DISTRICT)
        .filter(level -> level.compareTo(matter.level()) < 0)
        .map(level -> routing.taking(level, place))
        .filter(desk -> desk.id() != matter.deskId() && desks.isStaffed(desk))
        .map(desk -> new Above(desk, routing.circleOf(desk)))
        .filter(above -> above.level().compareTo(matter.level()) < 0)
        .findFirst();
  }

  void raise(CaseFile file, Case matter) {
    Above above = above(matter).orElseThrow();
    Level from = file.level();
    Transition up = file.go(Transition.T30, BY_RULE);
    file.raise(above.level());
    file.tell(new CaseEvent.LevelChanged(up, file.rule(), null, from, above.level()));
    Transition step = file.go(Transition.T09, BY_RULE);
    file.startSigning();
    file.give(above.desk().id(), null, null, null);
    file.tell(new CaseEvent.Dispatched(step, file.rule(), null, above.desk().id(), null, null));
    file.keepContact(matter.deskId(), matter.staffId());
  }
}
