package io.linyu.casework;

import io.linyu.casework.RoutingRule.Plan;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A change, and what it would have done with the cases of the last months: looked at before it is
/// made, and kept with it.
///
/// @param territory whose cases are looked at
/// @param cases so many that it concerns have been looked at
/// @param share per cent of the way
/// @param routing what it came to, for a change of who gets what
/// @param limits what it came to, for a change of a limit
/// @param decidedAt when it was made; null: not yet
public record Replay(
    long id,
    String code,
    Change change,
    long territory,
    long askedBy,
    String askedByName,
    Instant askedAt,
    State state,
    int cases,
    int share,
    @Nullable Ways routing,
    @Nullable Lates limits,
    @Nullable Instant decidedAt) {
  /// So far back it looks.
  public static final int DAYS = 90;

  /// What is not decided by then was looked at too long ago.
  private static final Duration FRESH = Duration.ofDays(1);

  /// What somebody wants to change.
  public sealed interface Change {
    /// The word by which it is kept.
    String kind();

    LocalDate from();

    String reason();
  }

  public record RuleSet(Plan plan) implements Change {
    @Override
    public String kind() {
      return "rule";
    }

    @Override
    public LocalDate from() {
      return plan.from();
    }

    @Override
    public String reason() {
      return plan.reason();
    }
  }

  /// @param from the first day on which it holds no more
  public record RuleEnded(long rule, LocalDate from, String reason) implements Change {
    @Override
    public String kind() {
      return "rule_end";
    }
  }

  /// @param category where each has its own limit; null otherwise
  /// @param was the limit until then, as it is written; null: not looked at yet
  /// @param unit a key under `clock.rule`
  public record LimitSet(
      Limited what,
      @Nullable String category,
      @Nullable String was,
      int value,
      String unit,
      LocalDate from,
      String reason)
      implements Change {
    @Override
    public String kind() {
      return "limit";
    }

    /// As it is written.
    String limit() {
      return value + " " + unit;
    }
  }

  /// Words for these are under `replay.state.<word>`.
  public enum State {
    RUNNING,
    COMPLETE,
    /// Nobody wanted to wait for the rest.
    STOPPED,
    /// Cut short, as when a server stops.
    FAILED;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    static State of(String word) {
      return valueOf(word.toUpperCase(Locale.ROOT));
    }
  }

  /// @param shares how many each desk has got, and would have
  /// @param moves from which desk to which
  /// @param full whether there were more cases than are looked at
  public record Ways(List<Share> shares, List<Move> moves, boolean full) {
    public int moved() {
      return moves.stream().mapToInt(Move::many).sum();
    }
  }

  public record Share(long desk, int before, int after) {
    public int difference() {
      return after - before;
    }
  }

  /// @param cases the first of them by their ids, newest first
  public record Move(long from, long to, int many, List<Long> cases) {}

  /// @param kinds by category
  /// @param full whether there were more clocks than are looked at
  public record Lates(List<Lateness> kinds, boolean full) {
    public int before() {
      return kinds.stream().mapToInt(Lateness::before).sum();
    }

    public int after() {
      return kinds.stream().mapToInt(Lateness::after).sum();
    }
  }

  /// @param category its code; empty: not known
  /// @param clocks how many there were
  /// @param before how many were late, and `after`, would have been
  /// @param nowLate the first of those that would be late instead, by the ids of their cases, and
  ///   `nowInTime` of those that would not
  public record Lateness(
      String category,
      int clocks,
      int before,
      int after,
      List<Long> nowLate,
      List<Long> nowInTime) {}

  /// Whether there is something to be seen.
  public boolean hasOutcome() {
    return routing != null || limits != null;
  }

  boolean isFresh(Instant now) {
    return now.isBefore(askedAt.plus(FRESH));
  }

  public boolean isOver() {
    return state != State.RUNNING;
  }
}
