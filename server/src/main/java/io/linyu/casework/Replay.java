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

  boolean isFresh(Instant now) {
    return now.isBefore(askedAt.plus(FRESH));
  }

  public boolean isOver() {
    return state != State.RUNNING;
  }
}
