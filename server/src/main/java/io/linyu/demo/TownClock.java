package io.linyu.demo;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The clock on the town hall. It runs with the world's, but for the time in which the town's past
/// is told: then it stands wherever it was put.
public final class TownClock extends Clock {
  private final Clock world;
  private final AtomicReference<@Nullable Instant> put = new AtomicReference<>();

  public TownClock(Clock world) {
    this.world = world;
  }

  public void putTo(Instant past) {
    put.set(past);
  }

  public void letRun() {
    put.set(null);
  }

  @Override
  public Instant instant() {
    Instant past = put.get();
    return past == null ? world.instant() : past;
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
