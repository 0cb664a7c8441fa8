package io.linyu.reception;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
/// Turns are tried together, in [Batches]. Those that act leave the batch and run alone, one
/// person's after another.
///
/// While the database is away, turns are held, bounded in number and memory, and dropped without an
/// answer when their time is over, so that the platform delivers them again. Danger to life is
/// answered at once, also then.
public final class Reception implements Receiver {
  private static final Logger LOG = LoggerFactory.getLogger(Reception.class);
  private static final int HELD_AT_MOST = 4_000;
  private static final int BYTES_AT_MOST = 32 << 20;

  private static final Duration ENDS_WITHIN = Duration.ofSeconds(5);
  private static final Duration SWEEP = Duration.ofMillis(100);

  /// The platform waits for five seconds.
  private static final Duration[] STEPS =
      Stream.of(10, 25, 50, 100, 250, 500, 1_000, 2_500, 4_500)
          .map(Duration::ofMillis)
          .toArray(Duration[]::new);

  /// When nobody speaks any more, nobody knows whether it goes again.
  private static final Duration FORGOTTEN = Duration.ofSeconds(30);

  private static final Duration PAUSE_WHEN_BUSY = Duration.ofMillis(20);
  private static final Duration PAUSE_WHEN_AWAY = Duration.ofMillis(200);

  private final Turns turns;
  private final Scenes scenes;
  private final Settlements settlements;
  private final Clock clock;
  private final Executor threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Batches batches = new Batches(threads, this::tryTogether);
  private final Deadlines deadlines = new Deadlines();
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
    vertx.setPeriodic(SWEEP.toMillis(), _ -> sweep());
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
    deadlines.add(turn);
    // In one step: who starts to run alone takes along all that came before.
    alone.compute(
        turn.from(),
        (_, queue) -> {
          if (queue == null) {
            batches.add(turn);
          } else {
            queue.add(turn);
          }
          return queue;
        });
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
    if (!turn.isProbe()) {
      overloaded.increment();
    }
    time(turn, "overloaded");
    return Future.failedFuture(new Overloaded("too many turns are held"));
  }

  private void release(Turn turn) {
    held.decrementAndGet();
    heldBytes.addAndGet(-turn.size());
  }

  /// What has to be tried again.
  private List<Turn> tryTogether(List<Turn> batch) {
    List<Turn> open = new ArrayList<>();
    for (Turn turn : batch) {
      if (turn.isOver(clock.instant())) {
        drop(turn);
      } else {
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
      done.decided().forEach(this::answer);
      startAlone(done.alone());
      return List.of();
    } catch (Db.Away away) {
      tellAway(away);
      open.forEach(this::answerDanger);
      LockSupport.parkNanos(PAUSE_WHEN_AWAY.toNanos());
      return open;
    } catch (RuntimeException failed) {
      // One of them is bad: alone, it takes no other with it.
      LOG.warn("a batch of {} runs again singly", open.size(), failed);
      startAlone(open);
      return List.of();
    }
  }

  private void sweep() {
    Instant now = clock.instant();
    List<Turn> late = deadlines.over(now);
    if (!late.isEmpty()) {
      late.forEach(this::drop);
      // They do not count as held any more, so they must not be kept.
      batches.removeIf(turn -> turn.isAnswered() && turn.isOver(now));
    }
    List<Turn> old = deadlines.toBeLookedAt(now);
    if (!old.isEmpty()) {
      threads.execute(() -> old.forEach(this::answerDanger));
    }
    batches.goOn();
  }

  /// From now on each of these people has a row of their own: these turns, then those that came
  /// meanwhile, then whatever comes.
  private void startAlone(List<Turn> turns) {
    Map<AddressKey, List<Turn>> byPerson =
        turns.stream().collect(groupingBy(Turn::from, LinkedHashMap::new, toList()));
    byPerson.forEach((from, theirs) -> {
      alone.compute(
          from,
          (_, running) -> {
            Deque<Turn> queue = running == null ? new ArrayDeque<>() : running;
            queue.addAll(theirs);
            queue.addAll(batches.withdraw(from));
            if (running == null) {
              threads.execute(() -> runAlone(from));
            }
            return queue;
          });
    });
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
        LockSupport.parkNanos(PAUSE_WHEN_BUSY.toNanos());
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
    if (decided.reply() == null || turn.isProbe()) {
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
      if (!turn.isProbe()) {
        dropped.increment();
      }
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

  /// From the delivery to its answer. What we try ourselves has figures of its own.
  private void time(Turn turn, String outcome) {
    if (turn.isProbe()) {
      return;
    }
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
