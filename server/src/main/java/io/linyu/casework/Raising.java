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

/// To the desk of the next level (`T30`), by rule here, by hand in [Levels]. Whoever had it does
/// not have it any more but keeps contact with the resident, whose clocks go on.
final class Raising {
  private static final Set<Actor> BY_RULE = EnumSet.of(Actor.SYSTEM);

  record Above(Desk desk, Level level) {}

  private final Territories territories;
  private final Desks desks;
  private final Routing routing;
  private final Categories categories;

  Raising(Territories territories, Desks desks, Routing routing, Categories categories) {
    this.territories = territories;
    this.desks = desks;
    this.routing = routing;
    this.categories = categories;
  }

  boolean canRise(Case matter) {
    return above(matter).isPresent();
  }

  /// The nearest level above whose desk has people, and is another than the one that has it.
  Optional<Above> above(Case matter) {
    Territory place = territories.byId(matter.territoryId());
    return Stream.of(Level.STREET, Level.DISTRICT)
        .filter(level -> level.compareTo(matter.level()) < 0)
        .map(level -> routing.taking(level, place))
        .filter(desk -> desk.id() != matter.deskId() && desks.isStaffed(desk))
        .filter(desk -> mayHold(matter, desk))
        .map(desk -> new Above(desk, routing.circleOf(desk)))
        .filter(above -> above.level().compareTo(matter.level()) < 0)
        .findFirst();
  }

  void raise(CaseFile file, Case matter) {
    Above above = above(matter).orElseThrow();
    move(file, above.level(), new Routing.Way(above.desk(), null, null));
    file.keepContact(matter.deskId(), matter.staffId());
  }

  private Level levelOf(Case matter, Category category) {
    return routing.levelFor(category, territories.byId(matter.territoryId()), matter.accused());
  }

  /// Whether it complains about those who have it, or who can see it.
  boolean isWithThoseItIsAbout(Case matter) {
    return categories
        .named(matter.categoryCode())
        .filter(Category::aboutStaff)
        .filter(each ->
            !mayHold(matter, desks.byId(matter.deskId()))
                || !matter.confidential()
                || levelOf(matter, each).compareTo(matter.level()) < 0)
        // Where nobody is above them it stays, and is not taken round and round.
        .filter(each ->
            mayHold(
                matter,
                routing.aboveUnit(each, territories.byId(matter.territoryId()), matter.accused())))
        .isPresent();
  }

  private boolean mayHold(Case matter, Desk desk) {
    return routing.mayHold(
        categories.named(matter.categoryCode()).orElse(null),
        territories.byId(matter.territoryId()),
        matter.accused(),
        desk);
  }

  /// From those it is about, to the desk that would have got it from the first.
  void takeAway(CaseFile file, Case matter) {
    Category category = categories.named(matter.categoryCode()).orElseThrow();
    Territory place = territories.byId(matter.territoryId());
    Routing.Way way =
        routing.handling(file.tx(), file.rules(), category, place, file.today(), matter.accused());
    Level level = levelOf(matter, category);
    file.keepConfidential();
    file.endPartsOf(desk -> !mayHold(matter, desks.byId(desk)));
    move(file, level.compareTo(matter.level()) < 0 ? level : matter.level(), way);
  }

  private static void move(CaseFile file, Level to, Routing.Way way) {
    Level from = file.level();
    Transition up = file.go(Transition.T30, BY_RULE);
    file.raise(to);
    file.tell(new CaseEvent.LevelChanged(up, file.rule(), null, from, to));
    Transition step = file.go(Transition.T09, BY_RULE);
    file.startSigning(way.desk().id());
    file.give(way.desk().id(), way.body(), null, null);
    file.tell(
        new CaseEvent.Dispatched(step, file.rule(), null, way.desk().id(), way.body(), way.rule()));
    file.passedBy(way);
  }
}
