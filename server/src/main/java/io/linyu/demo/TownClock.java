package io.linyu.demo;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;

/// The clock on the town hall. It runs with the world's, but for the time in which the town's past
/// is told: then it runs from wherever it was put.
public final class TownClock extends Clock {
  private final Clock world;
  private volatile Duration behind = Duration.ZERO;

  public TownClock(Clock world) {
    this.world = world;
  }

  public void putTo(Instant past) {
    behind = Duration.between(past, world.instant());
  }

  public void letRun() {
    behind = Duration.ZERO;
  }

  @Override
  public Instant instant() {
    return world.instant().minus(behind);
  }

  @Override
  public ZoneId getZone() {
    return world.getZone();
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return world.withZone(zone);
  }
}
