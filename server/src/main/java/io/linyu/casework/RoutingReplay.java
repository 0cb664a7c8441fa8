package io.linyu.casework;

import static java.util.Comparator.comparingInt;

import io.linyu.casework.Replay.Move;
import io.linyu.casework.Replay.Share;
import io.linyu.community.Territories;
import io.linyu.community.Territory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Sends past cases once more, by the rules as they are and as they would be: what would have gone
/// where. It asks nobody but memory.
///
/// A case counts where its kind and place are known; as they are known now, and by the desks that
/// have people now.
final class RoutingReplay {
  /// So many of those that would move are named.
  private static final int NAMED = 100;

  /// A case as it is.
  ///
  /// @param category null: nobody has found out
  record Past(
      long id,
      @Nullable String category,
      long territory,
      String path,
      boolean placeKnown,
      CaseState state) {}

  private record Pair(long from, long to) {}

  private static final class Moved {
    private final List<Long> first = new ArrayList<>();
    private int many;
  }

  private final Routing routing;
  private final Categories categories;
  private final Territories territories;
  private final Rules rules;
  private final RoutingTable before;
  private final RoutingTable after;
  private final String within;
  private final @Nullable String kind;
  private final Function<Category, Category> then;
  private final Map<Long, Integer> had = new TreeMap<>();
  private final Map<Long, Integer> has = new TreeMap<>();
  private final Map<Pair, Moved> moves = new LinkedHashMap<>();
  private int cases;

  /// @param within the path of the place that the change concerns
  /// @param kind or group of kinds that it concerns; null: every kind
  /// @param then what a kind would be, by another catalogue
  RoutingReplay(
      Routing routing,
      Categories categories,
      Territories territories,
      Rules rules,
      RoutingTable before,
      RoutingTable after,
      String within,
      @Nullable String kind,
      Function<Category, Category> then) {
    this.routing = routing;
    this.categories = categories;
    this.territories = territories;
    this.rules = rules;
    this.before = before;
    this.after = after;
    this.within = within;
    this.kind = kind;
    this.then = then;
  }

  void add(Past past) {
    Optional<Category> category = categories.named(past.category()).filter(Category::isSpecific);
    if (category.isEmpty()
        || !past.placeKnown()
        || !past.path().startsWith(within)
        || past.state() == CaseState.HANDED_OFF // danger goes to the emergency line
        || past.state() == CaseState.MERGED) { // and this to what is known already
      return;
    }
    List<String> kinds = routing.kinds(category.get());
    if (kind != null && !kinds.contains(kind)) {
      return;
    }
    // A change for many kinds does not concern it, and how many there are is nobody's business.
    if (rules.keepsConfidential(category.get()) && !category.get().code().equals(kind)) {
      return;
    }
    cases++;
    long from = desk(before, category.get(), kinds, past);
    long to = desk(after, then.apply(category.get()), kinds, past);
    had.merge(from, 1, Integer::sum);
    has.merge(to, 1, Integer::sum);
    if (from != to) {
      Moved moved = moves.computeIfAbsent(new Pair(from, to), _ -> new Moved());
      moved.many++;
      if (moved.first.size() < NAMED) {
        moved.first.add(past.id());
      }
    }
  }

  private long desk(RoutingTable table, Category category, List<String> kinds, Past past) {
    Territory place = territories.byId(past.territory());
    return routing
        .handling(table.route(kinds, routing.path(place)), rules, category, place)
        .desk()
        .id();
  }

  /// How many it concerned.
  int cases() {
    return cases;
  }

  /// @param full whether there were more than were looked at
  Replay.Ways outcome(boolean full) {
    var desks = new TreeMap<Long, Share>();
    had.forEach((desk, many) -> desks.put(desk, new Share(desk, many, has.getOrDefault(desk, 0))));
    has.forEach((desk, many) -> desks.putIfAbsent(desk, new Share(desk, 0, many)));
    return new Replay.Ways(
        desks.values().stream()
            .sorted(
                comparingInt((Share each) -> Math.abs(each.difference()))
                    .reversed()
                    .thenComparingLong(Share::desk))
            .toList(),
        moves.entrySet().stream()
            .map(each ->
                new Move(
                    each.getKey().from(),
                    each.getKey().to(),
                    each.getValue().many,
                    List.copyOf(each.getValue().first)))
            .sorted(comparingInt(Move::many).reversed())
            .toList(),
        full);
  }
}
