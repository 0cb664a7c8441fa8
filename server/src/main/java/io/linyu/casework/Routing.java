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
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Which desk a matter goes to. There is always one.
final class Routing {
  /// @param body responsible, where it has nobody of its own here and the desk holds the case in
  ///   its place
  /// @param rule the routing rule that decided; null: the catalogue, or a person
  /// @param left the desk that would have it, were somebody there today; null: nobody is passed by
  record Way(Desk desk, @Nullable String body, @Nullable Long rule, @Nullable Long left) {
    Way(Desk desk, @Nullable String body, @Nullable Long rule) {
      this(desk, body, rule, null);
    }
  }

  private final Territories territories;
  private final Desks desks;
  private final Categories categories;
  private final Predicate<Desk> there;
  private final RuleStore store = new RuleStore();

  /// As it is today: what comes to a desk of which nobody is there goes on to the one above.
  Routing(Territories territories, Desks desks, Categories categories) {
    this(territories, desks, categories, desks::isThere);
  }

  private Routing(
      Territories territories, Desks desks, Categories categories, Predicate<Desk> there) {
    this.territories = territories;
    this.desks = desks;
    this.categories = categories;
    this.there = there;
  }

  /// As it is on every day, whoever is away today.
  Routing usual() {
    return new Routing(territories, desks, categories, desks::isStaffed);
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
      return new Way(way.desk(), way.body(), rule.get().rule(), way.left());
    }
    String body = category.body();
    if (body == null) {
      return taking(level, place, null);
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
    Long staff = accused.staffId();
    if (category == null || !category.aboutStaff()) {
      // The neighbour it is about may work there, but not alone.
      return staff == null || !isAlone(desk, staff);
    }
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
    return upwards(nearest)
        .filter(there)
        .findFirst()
        .or(() -> upwards(nearest).filter(desks::isStaffed).findFirst())
        .or(() -> nearest);
  }

  /// Who decides whether and by whom a matter of this place is handled.
  Desk acceptance(Territory place) {
    return accepting(place).desk();
  }

  /// The same, and who is passed by.
  Way accepting(Territory place) {
    return taking(Level.COMMUNITY, place, null);
  }

  /// The desk at which somebody told it.
  Way stoodAt(long desk, Territory place) {
    Desk at = desks.byId(desk);
    return to(at, circleOf(at), place);
  }

  /// The level of the territory that a desk is at.
  Level circleOf(Desk desk) {
    return territories.byId(desk.territoryId()).level();
  }

  /// To this desk; or, where it has no people, or nobody of them is there today, to the one that
  /// takes its place. Where nobody is there either, it waits for its own people.
  Way to(Desk desk, Level level, Territory place) {
    boolean own = desk.kind().equals("desk") && desks.isStaffed(desk);
    if (own && there.test(desk)) {
      return new Way(desk, null, null);
    }
    Way instead = inPlaceOf(desk.body(), level, place);
    if (!own) {
      return instead;
    }
    return there.test(instead.desk())
        ? new Way(instead.desk(), instead.body(), null, desk.id())
        : new Way(desk, null, null);
  }

  /// Where it was before; or, where that desk has no people any more, the one that takes its place.
  Way again(long desk, @Nullable Category category, Level level, Territory place, Accused accused) {
    Way way = to(desks.byId(desk), level, place);
    return category == null ? way : away(way, category, place, accused);
  }

  /// Whether nobody works there but them.
  boolean isAlone(Desk desk, long staff) {
    return worksThere(desk, staff)
        && desks.membersOf(desk).stream().allMatch(each -> each.id() == staff);
  }

  boolean worksThere(Desk desk, long staff) {
    return desks.membersOf(desk).stream().anyMatch(each -> each.id() == staff);
  }

  private Way inPlaceOf(String body, Level level, Territory place) {
    return taking(level, place, body);
  }

  /// The nearest desk from this level upwards that takes everything and has people, of whom
  /// somebody is there today; if nobody is anywhere, the nearest that has people; if none has, the
  /// nearest.
  Desk taking(Level level, Territory place) {
    return taking(level, place, null).desk();
  }

  /// @param body responsible; null: none in particular
  private Way taking(Level level, Territory place, @Nullable String body) {
    Optional<Desk> nearest =
        Optional.of(desks.fallbackFor(territories.ancestorOf(place, level).orElse(place)));
    Optional<Desk> usual = upwards(nearest).filter(desks::isStaffed).findFirst();
    Desk desk =
        upwards(nearest).filter(there).findFirst().or(() -> usual).or(() -> nearest).orElseThrow();
    return new Way(
        desk,
        body == null || desk.body().equals(body) ? null : body,
        null,
        usual.map(Desk::id).filter(each -> each != desk.id()).orElse(null));
  }

  private Stream<Desk> upwards(Optional<Desk> nearest) {
    return Stream.iterate(nearest, Optional::isPresent, each -> each.flatMap(desks::fallbackAbove))
        .flatMap(Optional::stream);
  }
}
