package io.linyu.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Ends the process in order when it is told to, by Ctrl-C or by a service manager.
///
/// Everything is closed by the thread that opened it, which is `main`: the hook only asks, and
/// keeps the process alive for as long as that takes.
final class Stop implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread main = Thread.currentThread();
  private volatile boolean waiting;

  static Stop watch() {
    var stop = new Stop();
    Runtime.getRuntime().addShutdownHook(new Thread(stop::ask, "stop"));
    return stop;
  }

  /// Returns when the process should end.
  void await() {
    waiting = true;
    try {
      asked.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void ask() {
    asked.countDown();
    if (!waiting) {
      main.interrupt(); // still starting
    }
    try {
      var _ = closed.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
