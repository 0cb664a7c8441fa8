package io.linyu.casework;

import io.linyu.casework.RuleStore.Named;
import io.linyu.community.Desk;
import io.linyu.community.Desks;
import io.linyu.community.Level;
import io.linyu.community.Staff;
import io.linyu.community.Territories;
import io.linyu.community.Territory;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Sql;
import io.vertx.core.Future;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
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
  private final Categories categories;
  private final RuleStore store = new RuleStore();

  Routing(Territories territories, Desks desks, Categories categories) {
    this.territories = territories;
    this.desks = desks;
    this.categories = categories;
  }

  /// A rule for this place, else the category's own body near it, else the desk that takes what
  /// nobody else does.
  Way handling(Sql sql, Rules rules, Category category, Territory place, LocalDate day) {
    return handling(sql, rules, category, place, day, Accused.NOBODY);
  }

  /// @param accused whom it complains about; they do not get it
  Way handling(
      Sql sql, Rules rules, Category category, Territory place, LocalDate day, Accused accused) {
    return handling(Db.await(named(sql, category, place, day)), rules, category, place, accused);
  }

  /// The rules for this kind of matter at this place, on their way; the first that suits decides.
  Future<List<Named>> named(Sql sql, Category category, Territory place, LocalDate day) {
    return store.route(sql, kinds(category), path(place), day);
  }

  /// The kind, then the groups it belongs to, the nearest first.
  List<String> kinds(Category category) {
    var kinds = new ArrayList<String>();
    for (Category each = category;
        each != null && !kinds.contains(each.code());
        each = categories.named(each.parent()).orElse(null)) {
      kinds.add(each.code());
    }
    return kinds;
  }

  /// Ids from the root down to the place.
  List<Long> path(Territory place) {
    return territories.pathOf(place).stream().map(Territory::id).toList();
  }

  /// @param named as they were found
  Way handling(List<Named> named, Rules rules, Category category, Territory place) {
    return handling(named, rules, category, place, Accused.NOBODY);
  }

  Way handling(
      List<Named> named, Rules rules, Category category, Territory place, Accused accused) {
    return away(found(named, rules, category, place), category, place, accused);
  }

  /// @param strict the kind as it is kept from those it is about, [Category#likeAboutStaff]
  Way handling(
      List<Named> named,
      Rules rules,
      Category category,
      Category strict,
      Territory place,
      Accused accused) {
    return away(found(named, rules, category, place), strict, place, accused);
  }

  private Way found(List<Named> named, Rules rules, Category category, Territory place) {
    Level level = category.circle();
    Optional<Named> rule = named.stream().filter(each -> each.suits(category, rules)).findFirst();
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

  // A complaint about staff.

  /// Whether a matter of this kind and place may come to this desk: a complaint about staff never
  /// comes to the unit that it is about, by whatever step.
  boolean mayHold(@Nullable Category category, Territory place, Accused accused, Desk desk) {
    if (category == null || !category.aboutStaff()) {
      return true;
    }
    Long staff = accused.staffId();
    Long own = accused.deskId();
    return unit(place, accused)
            .filter(each -> each.contains(territories.byId(desk.territoryId())))
            .isEmpty()
        && (own == null || own != desk.id())
        && (staff == null || !worksThere(desk, staff));
  }

  /// Of whom nobody has said who it is: the community, or what is known of it, the street. Of what
  /// may be anywhere it is nobody's.
  private Optional<Territory> unit(Territory place, Accused accused) {
    if (accused.isNamed()) {
      return Optional.ofNullable(accused.territoryId()).map(territories::byId);
    }
    return territories.communityOf(place).or(() -> territories.ancestorOf(place, Level.STREET));
  }

  /// The level that such a complaint is at least handled at, so that the unit does not see it.
  Level levelFor(Category category, Territory place, Accused accused) {
    Level above =
        unit(place, accused).filter(each -> each.level() == Level.STREET).isPresent()
            ? Level.DISTRICT
            : Level.STREET;
    Level circle = category.circle();
    return !category.aboutStaff() || circle.compareTo(above) < 0 ? circle : above;
  }

  /// Whether they work for the unit that such a complaint is about.
  boolean isOfUnit(Staff staff, Territory place, Accused accused) {
    return unit(place, accused)
        .filter(each -> each.contains(territories.byId(staff.territoryId())))
        .isPresent();
  }

  /// The same way, or a desk above in the place of one that may not hold it.
  private Way away(Way way, Category category, Territory place, Accused accused) {
    return mayHold(category, place, accused, way.desk())
        ? way
        : new Way(aboveUnit(category, place, accused), way.body(), null);
  }

  /// Where nobody is above them, theirs all the same.
  Desk aboveUnit(Category category, Territory place, Accused accused) {
    Desk desk = taking(levelFor(category, place, accused), place);
    while (!mayHold(category, place, accused, desk)) {
      Optional<Desk> above = desks.fallbackAbove(desk);
      if (above.isEmpty()) {
        return desk; // nobody is above them
      }
      desk = above.get();
    }
    return desk;
  }

  /// The desk that takes everything at this level; of a complaint about staff, above the unit.
  Desk taking(Category category, Territory place, Accused accused) {
    Desk desk = taking(category.circle(), place);
    return mayHold(category, place, accused, desk) ? desk : aboveUnit(category, place, accused);
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

  /// Where it was before; or, where that desk has no people any more, the one that takes its place.
  Way again(long desk, @Nullable Category category, Level level, Territory place, Accused accused) {
    Way way = to(desks.byId(desk), level, place);
    return category == null ? way : away(way, category, place, accused);
  }

  boolean worksThere(Desk desk, long staff) {
    return desks.membersOf(desk).stream().anyMatch(each -> each.id() == staff);
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
