package io.linyu.reception;

import io.linyu.channel.AddressKey;
import io.linyu.channel.Delivery;
import io.linyu.channel.Inbound;
import io.linyu.channel.Receiver;
import io.linyu.channel.Reply;
import io.linyu.platform.db.Db;
import io.linyu.platform.time.Ticker;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/// The door for whatever arrives from a channel.
///
/// A few batches are in flight: what arrives meanwhile forms the next one, so the batch grows with
/// the load and no timer is needed. Turns that act leave the batch and run alone, one person's
/// after another.
///
/// While the database is away, turns are held, bounded in number and memory, and dropped without an
/// answer when their time is over, so that the platform delivers them again. Danger to life is
/// answered at once, also then.
public final class Reception implements Receiver {
  private static final Logger LOG = LoggerFactory.getLogger(Reception.class);
  private static final int HELD_AT_MOST = 4_000;
  private static final int BYTES_AT_MOST = 32 << 20;

  /// With one alone, everybody would wait behind a message that hangs; with many they are small,
  /// and each costs its statements and a write to the disk.
  private static final int BATCHES_AT_ONCE =
      Math.max(2, Runtime.getRuntime().availableProcessors());

  /// So many that wait are worth a batch beside one that is on its way.
  private static final int ENOUGH = 24;

  /// When one takes so long, few are worth it.
  private static final Duration SLOW = Duration.ofMillis(20);

  private static final Duration ENDS_WITHIN = Duration.ofSeconds(5);
  private static final Duration SWEEP = Duration.ofMillis(100);

  /// How long a message may wait before it is looked at for danger, whatever the database does. Not
  /// shorter than a busy server may need: what is said then is that nobody could be called.
  private static final Duration DANGER_WAITS = Duration.ofSeconds(3);

  /// The platform waits for five seconds.
  private static final Duration[] STEPS =
      Stream.of(10, 25, 50, 100, 250, 500, 1_000, 2_500, 4_500)
          .map(Duration::ofMillis)
          .toArray(Duration[]::new);

  /// When nobody speaks any more, nobody knows whether it goes again.
  private static final Duration FORGOTTEN = Duration.ofSeconds(30);

  private static final Duration PAUSE_WHEN_AWAY = Duration.ofMillis(200);

  private final Turns turns;
  private final Scenes scenes;
  private final Settlements settlements;
  private final Clock clock;
  private final Executor threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Batches batches = new Batches();
  private final Map<AddressKey, Deque<Turn>> alone = new ConcurrentHashMap<>();
  private final AtomicInteger held = new AtomicInteger();
  private final AtomicInteger heldBytes = new AtomicInteger();
  private final Counter dropped;
  private final Counter overloaded;
  private final Counter late;
  private final DistributionSummary sizes;
  private final MeterRegistry metrics;

  /// By channel and outcome.
  private final Map<String, Timer> answers = new ConcurrentHashMap<>();

  private volatile @Nullable Instant awayAt;

  Reception(
      Vertx vertx,
      Turns turns,
      Scenes scenes,
      Replies replies,
      MeterRegistry metrics,
      Clock clock) {
    this.turns = turns;
    this.scenes = scenes;
    this.settlements = new Settlements(replies, threads, clock);
    this.clock = clock;
    this.metrics = metrics;
    this.dropped = metrics.counter("linyu.turns.dropped");
    this.overloaded = metrics.counter("linyu.turns.overloaded");
    this.late = metrics.counter("linyu.replies.late");
    metrics.gauge("linyu.turns.held", held);
    this.sizes =
        DistributionSummary.builder("linyu.turns.batch")
            .description("Turns that were tried in one transaction")
            .register(metrics);
    vertx.setPeriodic(SWEEP.toMillis(), _ -> batches.sweep());
  }

  @Override
  public Future<Reply> receive(Inbound inbound, Delivery delivery) {
    var turn = new Turn(inbound, delivery, Promise.promise());
    int turnsHeld = held.incrementAndGet();
    int bytesHeld = heldBytes.addAndGet(turn.size());
    if (turnsHeld > HELD_AT_MOST || bytesHeld > BYTES_AT_MOST) {
      release(turn);
      return refuse(turn);
    }
    batches.add(turn);
    return turn.answer().future();
  }

  /// Turns that nobody waits for any more end, and what became of replies is written down, before
  /// the connections close.
  void start(Ticker ticker) {
    ticker.atEnd(this::finish);
  }

  private void finish() {
    long end = System.nanoTime() + ENDS_WITHIN.toNanos();
    while ((batches.isRunning() || !alone.isEmpty()) && System.nanoTime() < end) {
      LockSupport.parkNanos(SWEEP.toNanos());
    }
    settlements.finish();
  }

  /// There is no room to keep it, so that it comes again; but for danger nobody may wait.
  private Future<Reply> refuse(Turn turn) {
    Instant now = clock.instant();
    Optional<String> help = scenes.dangerWithoutRecord(turn.inbound(), now);
    if (help.isPresent()) {
      time(turn, "unrecorded");
      return Future.succeededFuture(new Reply(help.get(), now));
    }
    overloaded.increment();
    time(turn, "overloaded");
    return Future.failedFuture(new Overloaded("too many turns are held"));
  }

  private void release(Turn turn) {
    held.decrementAndGet();
    heldBytes.addAndGet(-turn.size());
  }

  /// What waits to be tried together. Comes from all event loops, and is never locked for longer
  /// than it takes to move a few of them.
  private final class Batches {
    private final Deque<Turn> waiting = new ArrayDeque<>();
    private final Deque<Turn> unanswered = new ArrayDeque<>();
    private final Deque<Turn> notLookedAt = new ArrayDeque<>();

    /// Whose turns are in a batch that is in flight: their next ones wait for it, in order.
    private final Set<AddressKey> inFlight = new HashSet<>();

    private int running;

    /// When the last one began, in nanoseconds.
    private long begunAt;

    synchronized boolean isRunning() {
      return running > 0;
    }

    void add(Turn turn) {
      boolean begins;
      synchronized (this) {
        unanswered.add(turn);
        notLookedAt.add(turn);
        if (joinAlone(turn)) {
          return;
        }
        waiting.add(turn);
        begins = begins(running == 0 || waiting.size() >= ENOUGH || isSlow());
      }
      if (begins) {
        threads.execute(this::run);
      }
    }

    /// The last one that began takes longer than most.
    private boolean isSlow() {
      return System.nanoTime() - begunAt > SLOW.toNanos();
    }

    /// Whether one more batch is to begin, which is then counted.
    private synchronized boolean begins(boolean worthWhile) {
      boolean begins = worthWhile && !waiting.isEmpty() && running < BATCHES_AT_ONCE;
      if (begins) {
        running++;
      }
      return begins;
    }

    private void run() {
      for (List<Turn> batch = next(); !batch.isEmpty(); batch = next()) {
        try {
          putBack(batch, tryOnce(batch));
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

    /// @param again of the batch, what has to be tried once more
    private synchronized void putBack(List<Turn> batch, List<Turn> again) {
      batch.forEach(turn -> inFlight.remove(turn.from()));
      again.reversed().forEach(waiting::addFirst);
    }

    /// What has to be tried again.
    private List<Turn> tryOnce(List<Turn> batch) {
      List<Turn> open = new ArrayList<>();
      for (Turn turn : batch) {
        if (turn.isOver(clock.instant())) {
          drop(turn);
        } else if (!joinAlone(turn)) {
          open.add(turn);
        }
      }
      return open.isEmpty() ? List.of() : attempt(open);
    }

    /// What has to be tried again, because the database is away.
    private List<Turn> attempt(List<Turn> open) {
      sizes.record(open.size());
      try {
        Turns.Together done = turns.together(open);
        awayAt = null;
        done.decided().forEach(Reception.this::answer);
        done.alone().forEach(Reception.this::startAlone);
        return List.of();
      } catch (Db.Away away) {
        tellAway(away);
        open.forEach(Reception.this::answerDanger);
        LockSupport.parkNanos(PAUSE_WHEN_AWAY.toNanos());
        return open;
      } catch (RuntimeException failed) {
        // One of them is bad: alone, it takes no other with it.
        LOG.warn("a batch of {} runs again singly", open.size(), failed);
        open.forEach(Reception.this::startAlone);
        return List.of();
      }
    }

    /// Deadlines are kept here, since a turn may hang in the database or in the row.
    void sweep() {
      Instant now = clock.instant();
      var late = new ArrayList<Turn>();
      // Each is looked at once: what it says does not change. Thousands may come of age together.
      var old = new ArrayList<Turn>();
      synchronized (this) {
        while (!unanswered.isEmpty()
            && (unanswered.peek().isAnswered() || unanswered.peek().isOver(now))) {
          late.add(unanswered.poll());
        }
        while (!notLookedAt.isEmpty()
            && (notLookedAt.peek().isAnswered()
                || notLookedAt.peek().olderThan(DANGER_WAITS, now))) {
          Turn turn = notLookedAt.poll();
          if (!turn.isAnswered()) {
            old.add(turn);
          }
        }
      }
      if (!late.isEmpty()) {
        late.forEach(Reception.this::drop);
        synchronized (this) {
          // They do not count as held any more, so they must not be kept.
          waiting.removeIf(turn -> turn.isAnswered() && turn.isOver(now));
        }
      }
      if (!old.isEmpty()) {
        threads.execute(() -> old.forEach(Reception.this::answerDanger));
      }
      if (begins(true)) {
        threads.execute(this::run); // those that are on their way may hang
      }
    }
  }

  /// True when this person already has a turn running alone: then this one comes after it.
  private boolean joinAlone(Turn turn) {
    return alone.computeIfPresent(
            turn.from(),
            (_, queue) -> {
              queue.add(turn);
              return queue;
            })
        != null;
  }

  private void startAlone(Turn turn) {
    if (joinAlone(turn)) {
      return;
    }
    var queue = new ArrayDeque<Turn>();
    queue.add(turn);
    if (alone.putIfAbsent(turn.from(), queue) != null) {
      startAlone(turn);
      return;
    }
    threads.execute(() -> runAlone(turn.from()));
  }

  private void runAlone(AddressKey from) {
    while (true) {
      var next = new Turn[1];
      alone.computeIfPresent(
          from,
          (_, queue) -> {
            next[0] = queue.poll();
            return next[0] == null ? null : queue;
          });
      if (next[0] == null) {
        return;
      }
      try (var _ = MDC.putCloseable("message", next[0].inbound().externalId())) {
        attemptAlone(next[0]);
      }
    }
  }

  private void attemptAlone(Turn turn) {
    while (!turn.isOver(clock.instant())) {
      try {
        Turns.Decided decided = turns.alone(turn.inbound());
        awayAt = null;
        answer(turn, decided);
        return;
      } catch (Db.Away away) {
        tellAway(away);
        answerDanger(turn);
        LockSupport.parkNanos(PAUSE_WHEN_AWAY.toNanos());
      } catch (RuntimeException failed) {
        if (!Turns.isBusy(failed)) {
          LOG.error("message {} was not kept", turn.inbound().externalId(), failed);
          answerDanger(turn);
          break;
        }
      }
    }
    drop(turn);
  }

  private void answer(Turn turn, Turns.Decided decided) {
    boolean waited = turn.answer().tryComplete(new Reply(decided.reply(), decided.at()));
    if (waited) {
      release(turn);
      time(turn, decided.repeated() ? "repeated" : decided.reply() == null ? "taken" : "replied");
    }
    if (decided.reply() == null) {
      return;
    }
    if (!waited) {
      settle(turn, decided, false);
      return;
    }
    turn.delivery()
        .answered()
        .onSuccess(written -> {
          if (!written || decided.repeated() || decided.carried() > 0) {
            settle(turn, decided, written);
          }
        });
  }

  /// A reply that nobody heard goes out by itself, unless the platform asks again and hears it
  /// then.
  private void settle(Turn turn, Turns.Decided decided, boolean written) {
    if (!written) {
      late.increment();
    }
    settlements.add(turn.inbound(), decided, written);
  }

  private void drop(Turn turn) {
    if (turn.answer().tryFail(new Dropped("not in time"))) {
      release(turn);
      dropped.increment();
      time(turn, "dropped");
    }
  }

  private void answerDanger(Turn turn) {
    if (turn.isAnswered()) {
      return;
    }
    Instant now = clock.instant();
    Optional<String> help = scenes.dangerWithoutRecord(turn.inbound(), now);
    help.ifPresent(text -> {
      if (turn.answer().tryComplete(new Reply(text, now))) {
        release(turn);
        time(turn, "unrecorded");
      }
    });
  }

  /// From the delivery to its answer.
  private void time(Turn turn, String outcome) {
    String channel = turn.from().channel();
    answers
        .computeIfAbsent(
            channel + ' ' + outcome,
            _ ->
                Timer.builder("linyu.answers")
                    .description("From a delivery to its answer, or to its being given up")
                    .serviceLevelObjectives(STEPS)
                    .tag("channel", channel)
                    .tag("outcome", outcome)
                    .register(metrics))
        .record(Duration.between(turn.delivery().arrivedAt(), clock.instant()));
  }

  /// Deliveries that got no answer so far.
  public double unanswered() {
    return dropped.count() + overloaded.count();
  }

  /// Whether turns were tried in vain of late: PostgreSQL may answer and yet not be able to write.
  public boolean isHeldUp() {
    Instant last = awayAt;
    return last != null && last.plus(FORGOTTEN).isAfter(clock.instant());
  }

  private void tellAway(Db.Away away) {
    boolean first = awayAt == null;
    awayAt = clock.instant();
    if (first) {
      LOG.warn("holding what arrives: {}", away.getMessage());
    }
  }
}
