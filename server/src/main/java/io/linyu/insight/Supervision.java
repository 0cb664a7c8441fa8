package io.linyu.insight;

import io.linyu.platform.time.WorkingCalendar;
import io.linyu.platform.time.WorkingCalendar.Interval;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Whether what those who lead see to themselves was reported on every working day, as `T29` wants
/// it: somebody else than whoever supervises it answered, noted something, or said that it is done.
///
/// A day counts where it was supervised before the last working hours of it began, and was still to
/// be worked on when they ended, or there was word of it. So a day on which the supervision is
/// lifted at noon asks nothing of anybody.
final class Supervision {
  /// @param leader null: by rule
  private record Span(Instant from, Instant to, @Nullable Long leader) {}

  private record Word(Instant at, long staff) {}

  /// @param due on so many days somebody was to report
  /// @param made and on so many of these somebody has
  record Kept(int due, int made) {}

  private final List<Span> spans = new ArrayList<>();
  private final List<Word> words = new ArrayList<>();
  private boolean stands;
  private @Nullable Long leader;
  private @Nullable Instant since;

  /// @param by null: by rule
  void begin(Instant at, @Nullable Long by) {
    if (!stands) {
      stands = true;
      leader = by;
      since = at;
    }
  }

  void lift(Instant at) {
    rest(at);
    stands = false;
  }

  /// It is said to be done, or over: nobody has to report on it.
  void rest(Instant at) {
    if (since != null) {
      spans.add(new Span(since, at, leader));
      since = null;
    }
  }

  /// And is to be done again.
  void goOn(Instant at) {
    if (stands && since == null) {
      since = at;
    }
  }

  void said(Instant at, long staff) {
    words.add(new Word(at, staff));
  }

  /// @param now up to when it was read
  Kept kept(WorkingCalendar calendar, Instant now) {
    var all = new ArrayList<>(spans);
    if (since != null) {
      all.add(new Span(since, now, leader));
    }
    int due = 0;
    int made = 0;
    for (Span span : all) {
      ZoneId zone = calendar.zone();
      LocalDate last = LocalDate.ofInstant(span.to(), zone);
      for (LocalDate day = LocalDate.ofInstant(span.from(), zone);
          !day.isAfter(last);
          day = day.plusDays(1)) {
        List<Interval> hours = calendar.hours(day);
        if (!hours.isEmpty()) {
          Instant asked = hours.getLast().open().atDate(day).atZone(zone).toInstant();
          Instant end = hours.getLast().end(day, zone);
          boolean word = isWordOf(day, span, zone);
          if (span.from().isBefore(asked) && (word || !span.to().isBefore(end))) {
            due++;
            made += word ? 1 : 0;
          }
        }
      }
    }
    return new Kept(due, made);
  }

  private boolean isWordOf(LocalDate day, Span span, ZoneId zone) {
    return words.stream()
        .anyMatch(each ->
            !each.at().isBefore(span.from())
                && !each.at().isAfter(span.to())
                && (span.leader() == null || span.leader() != each.staff())
                && LocalDate.ofInstant(each.at(), zone).equals(day));
  }
}
