package io.linyu.casework;

import io.linyu.community.Desk;
import io.linyu.community.Desks;
import io.linyu.community.Level;
import io.linyu.community.Territories;
import io.linyu.community.Territory;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Sql;
import io.vertx.core.Future;
import java.time.LocalDate;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Which desk a matter goes to. There is always one.
final class Routing {
  /// @param body responsible, where it has nobody of its own here and the desk holds the case in
  ///   its place
  /// @param rule the routing rule that decided; null: the catalogue, or a person
  record Way(Desk desk, @Nullable String body, @Nullable Long rule) {}

  private final Territories territories;
  private final Desks desks;
  private final RuleStore store = new RuleStore();

  Routing(Territories territories, Desks desks) {
    this.territories = territories;
    this.desks = desks;
  }

  /// A rule for this place, else the category's own body near it, else the desk that takes what
  /// nobody else does.
  Way handling(Sql sql, Category category, Territory place, LocalDate day) {
    return handling(Db.await(rule(sql, category, place, day)), category, place);
  }

  /// The rule for this kind of matter at this place, on its way.
  Future<Optional<RuleStore.Named>> rule(
      Sql sql, Category category, Territory place, LocalDate day) {
    var path = territories.pathOf(place).stream().map(Territory::id).toList();
    return store.route(sql, category.code(), path, day);
  }

  /// @param rule as it was found
  Way handling(Optional<RuleStore.Named> rule, Category category, Territory place) {
    Level level = category.circle();
    if (rule.isPresent()) {
      Way way = to(desks.byId(rule.get().desk()), level, place);
      return new Way(way.desk(), way.body(), rule.get().rule());
    }
    String body = category.body();
    if (body == null) {
      return new Way(taking(level, place), null, null);
    }
    return desks
        .ofBodyNear(body, place)
        .map(desk -> to(desk, level, place))
        .orElseGet(() -> inPlaceOf(body, level, place));
  }

  /// Who looks again at what this desk decided: the nearest above it that takes everything and has
  /// people; if none has, the nearest. Empty where nobody is above.
  Optional<Desk> reviewing(Desk desk) {
    Optional<Desk> nearest =
        desks
            .fallbackAbove(desk)
            .or(() -> Optional.of(desks.fallbackFor(territories.byId(desk.territoryId()))))
            .filter(each -> each.id() != desk.id());
    Optional<Desk> staffed = nearest;
    while (staffed.isPresent() && !desks.isStaffed(staffed.get())) {
      staffed = desks.fallbackAbove(staffed.get());
    }
    return staffed.or(() -> nearest);
  }

  /// Who decides whether and by whom a matter of this place is handled.
  Desk acceptance(Territory place) {
    return taking(Level.COMMUNITY, place);
  }

  /// The desk at which somebody told it.
  Desk stoodAt(long desk, Territory place) {
    Desk at = desks.byId(desk);
    return to(at, circleOf(at), place).desk();
  }

  /// The level of the territory that a desk is at.
  Level circleOf(Desk desk) {
    return territories.byId(desk.territoryId()).level();
  }

  /// To this desk; or, where it has no people, to the one that takes its place.
  Way to(Desk desk, Level level, Territory place) {
    return desk.kind().equals("desk") && desks.isStaffed(desk)
        ? new Way(desk, null, null)
        : inPlaceOf(desk.body(), level, place);
  }

  private Way inPlaceOf(String body, Level level, Territory place) {
    Desk taking = taking(level, place);
    return new Way(taking, taking.body().equals(body) ? null : body, null);
  }

  /// The nearest desk from this level upwards that takes everything and has people; if none has,
  /// the nearest.
  Desk taking(Level level, Territory place) {
    Desk nearest = desks.fallbackFor(territories.ancestorOf(place, level).orElse(place));
    Desk desk = nearest;
    while (!desks.isStaffed(desk)) {
      Optional<Desk> above = desks.fallbackAbove(desk);
      if (above.isEmpty()) {
        return nearest;
      }
      desk = above.get();
    }
    return desk;
  }
}
