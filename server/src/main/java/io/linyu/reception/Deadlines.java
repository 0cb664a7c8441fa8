package io.linyu.reception;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// Until when each turn is to be answered, wherever it hangs: in the database, or in the row.
final class Deadlines {
  /// How long a message may wait before it is looked at for danger, whatever the database does. Not
  /// shorter than a busy server may need: what is said then is that nobody could be called.
  private static final Duration DANGER_WAITS = Duration.ofSeconds(3);

  private final Deque<Turn> unanswered = new ArrayDeque<>();
  private final Deque<Turn> notLookedAt = new ArrayDeque<>();

  synchronized void add(Turn turn) {
    unanswered.add(turn);
    notLookedAt.add(turn);
  }

  /// Those whose time is over, or that have been answered since.
  synchronized List<Turn> over(Instant now) {
    var over = new ArrayList<Turn>();
    while (!unanswered.isEmpty()
        && (unanswered.peek().isAnswered() || unanswered.peek().isOver(now))) {
      over.add(unanswered.poll());
    }
    return over;
  }

  /// Those that are to be looked at for danger. Each is given once: what it says does not change,
  /// and thousands may come of age together.
  synchronized List<Turn> toBeLookedAt(Instant now) {
    var old = new ArrayList<Turn>();
    while (!notLookedAt.isEmpty()
        && (notLookedAt.peek().isAnswered() || notLookedAt.peek().olderThan(DANGER_WAITS, now))) {
      Turn turn = notLookedAt.poll();
      if (!turn.isAnswered()) {
        old.add(turn);
      }
    }
    return old;
  }
}
