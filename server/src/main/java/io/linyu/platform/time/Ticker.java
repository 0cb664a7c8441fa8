package io.linyu.platform.time;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/// Asks again and again whether work is due. The work itself is rows with `next_due_at` and a
/// lease, so a node that stops loses nothing, and several nodes may ask at once.
public final class Ticker implements AutoCloseable {
  /// Work that is asked for regularly.
  @FunctionalInterface
  public interface Work {
    /// Does what is due now; true when there may be more, and it should be asked again at once.
    boolean doDue();
  }

  /// Wakes one kind of work before its time.
  public interface Bell {
    void ring();
  }

  private static final Logger LOG = LoggerFactory.getLogger(Ticker.class);
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

  private final List<Thread> threads = new ArrayList<>();
  private final Map<String, Bell> bells = new ConcurrentHashMap<>();
  private final List<Runnable> waits = new ArrayList<>();
  private final MeterRegistry metrics;
  private volatile boolean stopped;

  /// Nobody counts.
  public Ticker() {
    this(new CompositeMeterRegistry());
  }

  /// @param metrics hear of all work that was done or failed, and how long it took
  public Ticker(MeterRegistry metrics) {
    this.metrics = metrics;
  }

  public synchronized Bell every(Duration pause, String name, Work work) {
    var rung = new AtomicBoolean();
    var thread =
        Thread.ofVirtual().name("due-" + name).unstarted(() -> run(pause, name, work, rung));
    Bell bell =
        () -> {
          rung.set(true);
          LockSupport.unpark(thread);
        };
    bells.put(name, bell);
    threads.add(thread);
    thread.start();
    return bell;
  }

  /// Wakes work by its name, for whoever has moved the clock; nothing, where there is none.
  public void ring(String name) {
    Bell bell = bells.get(name);
    if (bell != null) {
      bell.ring();
    }
  }

  /// What was begun by due work and goes on beside it is waited for when all work has stopped.
  public synchronized void atEnd(Runnable wait) {
    waits.add(wait);
  }

  private void run(Duration pause, String name, Work work, AtomicBoolean rung) {
    MDC.put("work", name);
    Timer done = timer(name, "done");
    while (!stopped) {
      rung.set(false);
      long began = System.nanoTime();
      try {
        if (work.doDue()) {
          done.record(System.nanoTime() - began, TimeUnit.NANOSECONDS);
        } else {
          rest(pause, rung);
        }
      } catch (RuntimeException failed) {
        if (!stopped) {
          timer(name, "failed").record(System.nanoTime() - began, TimeUnit.NANOSECONDS);
          LOG.warn("{} failed and will be tried again", name, failed);
          rest(AFTER_FAILURE, new AtomicBoolean());
        }
      }
    }
  }

  private Timer timer(String name, String outcome) {
    return metrics.timer("linyu.work", "work", name, "outcome", outcome);
  }

  /// The work itself waits too, and would swallow a wake-up that comes meanwhile: so both are
  /// looked at before going to sleep.
  private void rest(Duration pause, AtomicBoolean rung) {
    if (!stopped && !rung.get()) {
      LockSupport.parkNanos(pause.toNanos());
    }
  }

  @Override
  public synchronized void close() {
    stopped = true;
    for (Thread thread : threads) {
      LockSupport.unpark(thread);
    }
    for (Thread thread : threads) {
      try {
        if (!thread.join(Duration.ofSeconds(10))) {
          LOG.warn("{} did not stop in time", thread.getName());
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
    waits.forEach(Runnable::run);
  }
}
