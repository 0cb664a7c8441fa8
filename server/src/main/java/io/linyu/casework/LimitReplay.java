package io.linyu.casework;

import static java.util.Comparator.comparingInt;

import io.linyu.casework.Replay.Lateness;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Counts past clocks once more, by the limits as they are and as they would be: what would have
/// been late, and what in time. It asks nobody but memory.
///
/// Each counts from its own beginning to its own end; what still runs, until now. The limit is that
/// of the present, also for what was counted by an earlier one.
final class LimitReplay {
  private static final int NAMED = 100;

  /// A clock as it ran.
  ///
  /// @param category null: nobody has found out
  /// @param stopped null: it runs
  /// @param rule by which it was counted
  record Ran(
      long caseId,
      @Nullable String category,
      Instant started,
      @Nullable Instant stopped,
      String rule) {
    String unit() {
      return rule.split(" ", 3)[1];
    }
  }

  private static final class Sum {
    private int clocks;
    private int before;
    private int after;
    private final List<Long> nowLate = new ArrayList<>();
    private final List<Long> nowInTime = new ArrayList<>();
  }

  private final Categories categories;
  private final Limited what;
  private final @Nullable String kind;
  private final Clocks before;
  private final Clocks after;
  private final Instant now;
  private final Map<String, Sum> sums = new TreeMap<>();
  private int clocks;

  /// @param kind the category that the change concerns; null: whatever they are of
  LimitReplay(
      Categories categories,
      Limited what,
      @Nullable String kind,
      Clocks before,
      Clocks after,
      Instant now) {
    this.categories = categories;
    this.what = what;
    this.kind = kind;
    this.before = before;
    this.after = after;
    this.now = now;
  }

  void add(Ran ran) {
    Category category = categories.named(ran.category()).orElse(null);
    boolean counts =
        what.isCountedIn(ran.unit())
            && (kind == null || kind.equals(ran.category()))
            && (!what.isOfKinds() || (category != null && category.isSpecific()));
    if (!counts) {
      return;
    }
    clocks++;
    Sum sum = sums.computeIfAbsent(Objects.requireNonNullElse(ran.category(), ""), _ -> new Sum());
    sum.clocks++;
    boolean was = isLate(before, ran, category);
    boolean is = isLate(after, ran, category);
    sum.before += was ? 1 : 0;
    sum.after += is ? 1 : 0;
    if (was != is) {
      List<Long> named = is ? sum.nowLate : sum.nowInTime;
      if (named.size() < NAMED) {
        named.add(ran.caseId());
      }
    }
  }

  private boolean isLate(Clocks by, Ran ran, @Nullable Category category) {
    Instant stopped = ran.stopped();
    Instant due = by.due(what, ran.started(), category, ran.rule());
    return due.isBefore(stopped == null ? now : stopped);
  }

  /// How many it concerned.
  int clocks() {
    return clocks;
  }

  /// @param full whether there were more than were looked at
  Replay.Lates outcome(boolean full) {
    return new Replay.Lates(
        sums.entrySet().stream()
            .map(each -> {
              Sum sum = each.getValue();
              return new Lateness(
                  each.getKey(),
                  sum.clocks,
                  sum.before,
                  sum.after,
                  List.copyOf(sum.nowLate),
                  List.copyOf(sum.nowInTime));
            })
            .sorted(
                comparingInt((Lateness each) -> Math.abs(each.after() - each.before()))
                    .reversed()
                    .thenComparing(Lateness::category))
            .toList(),
        full);
  }
}
