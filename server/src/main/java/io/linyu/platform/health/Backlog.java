package io.linyu.platform.health;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/// What is due in one queue and not done yet.
///
/// @param waiting at most [#COUNTED_AT_MOST]: more is not counted
/// @param oldest since when the first of it has been due; null: nothing is
public record Backlog(String queue, long waiting, @Nullable Instant oldest) {
  /// Those that ring: people are waited for, and not a server.
  public static final String ALARMS = "alarms-ringing";

  /// Counting a million rows helps nobody.
  public static final int COUNTED_AT_MOST = 10_000;

  public static Backlog empty(String queue) {
    return new Backlog(queue, 0, null);
  }

  /// @param oldest as PostgreSQL gives it
  public static Backlog of(String queue, long waiting, @Nullable OffsetDateTime oldest) {
    return new Backlog(queue, waiting, oldest == null ? null : oldest.toInstant());
  }

  /// How long the first has been due.
  public Duration age(Instant now) {
    return oldest == null || oldest.isAfter(now) ? Duration.ZERO : Duration.between(oldest, now);
  }
}
