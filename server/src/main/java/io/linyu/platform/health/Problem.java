package io.linyu.platform.health;

import io.linyu.platform.time.Moments;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Something that is wrong now. Each kind has a sentence under `problem.` that says what it means
/// for residents and what to do.
///
/// @param about the queue or listener, where it is about one
/// @param number of seconds, messages or megabytes
/// @param since when it began, as far as that is known
public record Problem(Kind kind, String about, long number, @Nullable Instant since) {
  public enum Kind {
    /// PostgreSQL does not answer, or cannot write.
    DATABASE_AWAY,
    REDIS_AWAY,
    /// Deliveries of the platform that got no answer within the last minutes.
    UNANSWERED,
    /// Due work waits for minutes.
    QUEUE_LATE,
    /// Nobody has acknowledged an alarm for minutes.
    ALARM_RINGS,
    /// A listener has given up on so many events.
    PARKED,
    /// So many megabytes are left for the database.
    DISK_LOW,
    /// This server's clock and the database's differ by so many seconds.
    CLOCK_APART,
    /// The notice of a year's holidays is not imported; `about` is the year.
    HOLIDAYS_MISSED;

    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  public String sentence(Moments moments) {
    var words = moments.words();
    String queue = "queue." + about;
    return words.of(
        "problem." + kind.word(),
        words.has(queue) ? words.of(queue) : about,
        number,
        since == null ? "" : moments.at(since));
  }
}
