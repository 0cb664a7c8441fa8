package io.linyu.simulator.wechat;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How long the platform waits for an answer, and how often it tries.
///
/// @param cutOff after which an attempt is dropped
/// @param pause before the next attempt when the server could not be reached at all
/// @param overlap when set, the next attempt starts this long after the one before it, which still
///   runs
public record Patience(int attempts, Duration cutOff, Duration pause, @Nullable Duration overlap) {
  public static final Patience OF_WECHAT =
      new Patience(3, Duration.ofSeconds(5), Duration.ofMillis(500), null);

  public Patience overlapping(Duration apart) {
    return new Patience(attempts, cutOff, pause, apart);
  }

  public Patience cutOffAfter(Duration time) {
    return new Patience(attempts, time, pause, overlap);
  }
}
