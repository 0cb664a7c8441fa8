package io.linyu.casework;

import io.linyu.casework.RuleStore.Named;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The routing rules of one day in memory, for questions about thousands of cases. Finds what
/// [RuleStore#route] finds for one.
final class RoutingTable {
  private record Where(long territory, String category) {}

  private final Map<Where, Named> rules;

  private RoutingTable(Map<Where, Named> rules) {
    this.rules = rules;
  }

  static RoutingTable of(List<RoutingRule> inForce) {
    var rules = new HashMap<Where, Named>();
    for (RoutingRule each : inForce) {
      rules.put(
          where(each.territory(), each.category()),
          new Named(each.id(), each.desk(), each.category()));
    }
    return new RoutingTable(rules);
  }

  /// The same with one more, which is not written yet and has no number.
  RoutingTable with(RoutingRule.Plan plan) {
    var more = new HashMap<>(rules);
    more.put(where(plan.territory(), plan.category()), new Named(0, plan.desk(), plan.category()));
    return new RoutingTable(more);
  }

  RoutingTable without(long rule) {
    var less = new HashMap<>(rules);
    less.values().removeIf(each -> each.rule() == rule);
    return new RoutingTable(less);
  }

  /// All that fit, the nearest and most special first.
  ///
  /// @param kinds the kind of matter, then the groups it belongs to, the nearest first
  /// @param path ids from the root down to the place
  List<Named> route(List<String> kinds, List<Long> path) {
    var found = new ArrayList<Named>();
    for (long territory : path.reversed()) {
      for (String kind : kinds) {
        add(found, territory, kind);
      }
      add(found, territory, null);
    }
    return found;
  }

  private void add(List<Named> found, long territory, @Nullable String kind) {
    Named rule = rules.get(where(territory, kind));
    if (rule != null) {
      found.add(rule);
    }
  }

  private static Where where(long territory, @Nullable String category) {
    return new Where(territory, Objects.requireNonNullElse(category, ""));
  }
}
