package io.linyu;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// Waits for what comes by itself.
public final class Patience {
  private static final Duration LONGEST = Duration.ofSeconds(15);
  private static final Duration GLANCE = Duration.ofMillis(5);

  private Patience() {}

  /// Returns as soon as it is so, and fails when it is not in time.
  public static void until(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + LONGEST.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("not in time: " + what);
      }
      LockSupport.parkNanos(GLANCE.toNanos());
    }
  }
}
