package io.linyu.platform.time;

import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;

/// A time of every day in which nobody is disturbed without need. It may go over midnight.
///
/// @param from the first moment of it
/// @param until the first moment after it; the same as `from`: there is no quiet
public record QuietHours(LocalTime from, LocalTime until) {
  public static final QuietHours NONE = new QuietHours(LocalTime.MIDNIGHT, LocalTime.MIDNIGHT);

  /// When somebody may be disturbed: at once, or when the quiet is over.
  public Instant next(Instant at, ZoneId zone) {
    ZonedDateTime local = at.atZone(zone);
    LocalTime time = local.toLocalTime();
    boolean overnight = from.isAfter(until);
    boolean quiet =
        overnight
            ? !time.isBefore(from) || time.isBefore(until)
            : !time.isBefore(from) && time.isBefore(until);
    if (!quiet) {
      return at;
    }
    boolean tomorrow = overnight && !time.isBefore(from);
    return local.toLocalDate().plusDays(tomorrow ? 1 : 0).atTime(until).atZone(zone).toInstant();
  }
}
