package io.linyu.reception;

import io.linyu.channel.AddressKey;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What waits to be tried together. A few batches are in flight: what arrives meanwhile forms the
/// next one, so a batch grows with the load and no timer is needed. One person's turns are never in
/// two of them, and keep their order.
///
/// Comes from all event loops, and is never locked for longer than it takes to move a few turns.
final class Batches {
  private static final Logger LOG = LoggerFactory.getLogger(Batches.class);

  /// With one alone, everybody would wait behind a message that hangs; with many they are small,
  /// and each costs its statements and a write to the disk.
  private static final int AT_ONCE = Math.max(2, Runtime.getRuntime().availableProcessors());

  /// So many that wait are worth a batch beside one that is on its way.
  private static final int ENOUGH = 24;

  /// When one takes so long, few are worth it.
  private static final Duration SLOW = Duration.ofMillis(20);

  private final Executor threads;
  private final UnaryOperator<List<Turn>> attempt;
  private final Deque<Turn> waiting = new ArrayDeque<>();

  /// Whose turns are in a batch that is in flight: their next ones wait for it, in order.
  private final Set<AddressKey> inFlight = new HashSet<>();

  private int running;

  /// When the last one began, in nanoseconds.
  private long begunAt;

  /// @param attempt tries a batch, and gives what of it has to be tried once more
  Batches(Executor threads, UnaryOperator<List<Turn>> attempt) {
    this.threads = threads;
    this.attempt = attempt;
  }

  synchronized boolean isRunning() {
    return running > 0;
  }

  void add(Turn turn) {
    boolean begins;
    synchronized (this) {
      waiting.add(turn);
      begins = begins(running == 0 || waiting.size() >= ENOUGH || isSlow());
    }
    if (begins) {
      threads.execute(this::run);
    }
  }

  /// One more begins where some wait, whatever those do that are on their way: they may hang.
  void goOn() {
    if (begins(true)) {
      threads.execute(this::run);
    }
  }

  /// Those of this person that wait, in order, and wait no more.
  synchronized List<Turn> withdraw(AddressKey from) {
    List<Turn> theirs = waiting.stream().filter(turn -> turn.from().equals(from)).toList();
    if (!theirs.isEmpty()) {
      waiting.removeIf(turn -> turn.from().equals(from));
    }
    return theirs;
  }

  synchronized void removeIf(Predicate<Turn> which) {
    waiting.removeIf(which);
  }

  /// The last one that began takes longer than most.
  private boolean isSlow() {
    return System.nanoTime() - begunAt > SLOW.toNanos();
  }

  /// Whether one more batch is to begin, which is then counted.
  private synchronized boolean begins(boolean worthWhile) {
    boolean begins = worthWhile && !waiting.isEmpty() && running < AT_ONCE;
    if (begins) {
      running++;
    }
    return begins;
  }

  private void run() {
    for (List<Turn> batch = next(); !batch.isEmpty(); batch = next()) {
      try {
        putBack(batch, attempt.apply(batch));
      } catch (Throwable bug) {
        LOG.error("a batch of {} broke", batch.size(), bug);
        putBack(batch, List.of());
      }
    }
  }

  /// Empty when there is nothing to do any more, and whoever asked has ended.
  private synchronized List<Turn> next() {
    var batch = new ArrayList<Turn>();
    if (running > 1 && waiting.size() < ENOUGH) {
      running--;
      return batch; // another one is on its way, and takes them
    }
    for (var each = waiting.iterator(); each.hasNext() && batch.size() < TurnStore.AT_ONCE; ) {
      Turn turn = each.next();
      if (!inFlight.contains(turn.from())) {
        batch.add(turn);
        each.remove();
      }
    }
    batch.forEach(turn -> inFlight.add(turn.from()));
    begunAt = System.nanoTime();
    if (batch.isEmpty()) {
      running--;
    }
    return batch;
  }

  private synchronized void putBack(List<Turn> batch, List<Turn> again) {
    batch.forEach(turn -> inFlight.remove(turn.from()));
    again.reversed().forEach(waiting::addFirst);
  }
}
