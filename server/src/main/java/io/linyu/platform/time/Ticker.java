package io.linyu.platform.time;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
  private final List<Runnable> waits = new ArrayList<>();
  private volatile boolean stopped;

  public synchronized Bell every(Duration pause, String name, Work work) {
    var rung = new AtomicBoolean();
    var thread =
        Thread.ofVirtual().name("due-" + name).unstarted(() -> run(pause, name, work, rung));
    threads.add(thread);
    thread.start();
    return () -> {
      rung.set(true);
      LockSupport.unpark(thread);
    };
  }

  /// What was begun by due work and goes on beside it is waited for when all work has stopped.
  public synchronized void atEnd(Runnable wait) {
    waits.add(wait);
  }

  private void run(Duration pause, String name, Work work, AtomicBoolean rung) {
    while (!stopped) {
      rung.set(false);
      try {
        if (!work.doDue()) {
          rest(pause, rung);
        }
      } catch (RuntimeException failed) {
        if (!stopped) {
          LOG.warn("{} failed and will be tried again", name, failed);
          rest(AFTER_FAILURE, new AtomicBoolean());
        }
      }
    }
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
