package io.linyu.platform.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class TickerTest {
  private static final Duration FOR_EVER = Duration.ofDays(1);

  @Test
  void aBellThatRingsWhileTheWorkWaitsIsNotMissed() throws Exception {
    var waiting = new CountDownLatch(1);
    var rung = new CountDownLatch(1);
    var again = new CountDownLatch(2);
    try (var ticker = new Ticker()) {
      Ticker.Bell bell = ticker.every(FOR_EVER, "test", () -> work(waiting, rung, again));
      waiting.await();
      bell.ring();
      rung.countDown();
      assertThat(again.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void stopsAlsoWhenToldWhileTheWorkWaits() throws Exception {
    var waiting = new CountDownLatch(1);
    var told = new CountDownLatch(1);
    var ticker = new Ticker();
    var _ = ticker.every(FOR_EVER, "test", () -> work(waiting, told, new CountDownLatch(1)));
    waiting.await();
    Thread closing = Thread.ofVirtual().start(ticker::close);
    while (closing.getState() == Thread.State.NEW || closing.getState() == Thread.State.RUNNABLE) {
      Thread.onSpinWait();
    }
    told.countDown();
    assertThat(closing.join(Duration.ofSeconds(5))).isTrue();
  }

  /// Waits for the database, as it were, and swallows what wakes it meanwhile.
  private static boolean work(CountDownLatch waiting, CountDownLatch go, CountDownLatch done) {
    waiting.countDown();
    try {
      go.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    LockSupport.parkNanos(1_000_000);
    done.countDown();
    return false;
  }
}
