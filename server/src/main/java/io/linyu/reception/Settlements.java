package io.linyu.reception;

import io.linyu.channel.Inbound;
import io.linyu.platform.db.Db;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What became of replies, written down after the answer, off the resident's way: what is known
/// while one transaction runs goes into the next.
final class Settlements {
  private static final Logger LOG = LoggerFactory.getLogger(Settlements.class);

  /// Shorter than a reply that was not heard waits before it is sent.
  private static final Duration WITHIN = Duration.ofSeconds(15);

  private static final Duration PAUSE_WHEN_AWAY = Duration.ofMillis(200);
  private static final Duration POLL = Duration.ofMillis(20);

  /// Nobody waits for it, and what comes meanwhile needs no transaction of its own.
  private static final Duration BREATH = Duration.ofMillis(50);

  private static final int AT_ONCE = 100;

  /// @param written whether the answer reached an open connection
  record Settlement(Inbound inbound, Turns.Decided decided, boolean written, Instant since) {}

  private final Replies replies;
  private final Executor threads;
  private final Clock clock;
  private final ConcurrentLinkedQueue<Settlement> open = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean running = new AtomicBoolean();
  private volatile boolean stopped;

  Settlements(Replies replies, Executor threads, Clock clock) {
    this.replies = replies;
    this.threads = threads;
    this.clock = clock;
  }

  void add(Inbound inbound, Turns.Decided decided, boolean written) {
    if (stopped) {
      LOG.warn("the reply to {} is not settled", inbound.externalId());
      return;
    }
    open.add(new Settlement(inbound, decided, written, clock.instant()));
    wake();
  }

  /// Before the connections close. What is left then is told of once: it is neither sent by itself
  /// nor shown as heard.
  void finish() {
    long end = System.nanoTime() + WITHIN.toNanos();
    while ((running.get() || !open.isEmpty()) && System.nanoTime() < end) {
      LockSupport.parkNanos(POLL.toNanos());
    }
    stopped = true;
    if (!open.isEmpty()) {
      LOG.warn("{} replies are not settled", open.size());
    }
  }

  private void wake() {
    if (!stopped && !open.isEmpty() && running.compareAndSet(false, true)) {
      threads.execute(this::run);
    }
  }

  private void run() {
    try {
      while (!stopped && !open.isEmpty()) {
        settle(next());
        LockSupport.parkNanos(BREATH.toNanos());
      }
    } finally {
      running.set(false);
      wake(); // for who came since the last look
    }
  }

  private List<Settlement> next() {
    var next = new ArrayList<Settlement>();
    while (next.size() < AT_ONCE) {
      Settlement each = open.poll();
      if (each == null) {
        break;
      }
      next.add(each);
    }
    return next;
  }

  /// Known here alone: a database that is away is waited for, else what was heard would be sent
  /// again, or what was not would never be.
  private void settle(List<Settlement> some) {
    try {
      replies.settle(some);
    } catch (Db.Away away) {
      Instant now = clock.instant();
      for (Settlement each : some) {
        if (now.isBefore(each.since().plus(WITHIN))) {
          open.add(each);
        } else {
          tell(each, away);
        }
      }
      LockSupport.parkNanos(PAUSE_WHEN_AWAY.toNanos());
    } catch (RuntimeException failed) {
      if (some.size() == 1) {
        tell(some.getFirst(), failed);
      } else {
        some.forEach(each -> settle(List.of(each))); // one of them is bad
      }
    }
  }

  private static void tell(Settlement unsettled, RuntimeException why) {
    LOG.warn("the reply to {} is not settled", unsettled.inbound().externalId(), why);
  }
}
