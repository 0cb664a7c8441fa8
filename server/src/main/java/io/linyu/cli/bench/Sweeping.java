package io.linyu.cli.bench;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Judges a sweep by two nodes: each case whose time had come was done, and once.
final class Sweeping {
  /// What a chain says.
  ///
  /// @param occasion which time
  record Applied(long subject, String rule, String effect, String occasion) {
    @Override
    public String toString() {
      return "case %d: %s %s at %s".formatted(subject, rule, effect, occasion);
    }
  }

  private Sweeping() {}

  /// @param due the cases whose time had come
  /// @param applied what the chains of these say, each event once
  /// @param stands those that stand now as they should
  /// @param rounds how much each node has done
  /// @return one line for each that is not as it should be
  static List<String> breaches(
      Collection<Long> due, List<Applied> applied, Collection<Long> stands, List<Long> rounds) {
    var breaches = new ArrayList<String>();
    Map<Applied, Long> times =
        applied.stream().collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    times.entrySet().stream()
        .filter(each -> each.getValue() > 1)
        .map(each -> each.getKey() + " was done " + each.getValue() + " times")
        .sorted()
        .forEach(breaches::add);
    Map<Long, Long> occasions = new TreeMap<>();
    times.keySet().forEach(each -> occasions.merge(each.subject(), 1L, Long::sum));
    var standing = new HashSet<>(stands);
    for (long each : due) {
      long done = occasions.getOrDefault(each, 0L);
      if (done == 0) {
        breaches.add("case " + each + " was not done");
      } else if (done > 1) {
        breaches.add("case " + each + " was done for " + done + " occasions, and had one");
      } else if (!standing.contains(each)) {
        breaches.add("case " + each + " does not stand as its chain says");
      }
    }
    for (int i = 0; i < rounds.size(); i++) {
      if (rounds.get(i) == 0) {
        breaches.add("node " + (i + 1) + " has done nothing");
      }
    }
    return breaches;
  }
}
