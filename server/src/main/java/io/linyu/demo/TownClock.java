package io.linyu.demo;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;

/// The clock on the town hall: it stands still until somebody moves it.
public final class TownClock extends Clock {
  private final AtomicReference<Instant> now;

  public TownClock(Instant now) {
    this.now = new AtomicReference<>(now);
  }

  public void moveTo(Instant instant) {
    now.set(instant);
  }

  public void forward(Duration time) {
    now.updateAndGet(instant -> instant.plus(time));
  }

  @Override
  public Instant instant() {
    return now.get();
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}
