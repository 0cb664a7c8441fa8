package io.linyu.casework;

import io.linyu.casework.CasePages.ClockBar;
import io.linyu.platform.text.Words;
import io.linyu.platform.time.Moments;
import io.linyu.platform.time.WorkingCalendar;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/// Clocks as short bars with words. What is counted in working time is shown in working time, in
/// the hours in which it is counted.
record Bars(WorkingCalendar calendar, Moments moments) {
  private static final Duration WORKING_DAY = Duration.ofMinutes(450);

  /// Those that run come first.
  List<ClockBar> of(List<CaseClock> clocks) {
    return clocks.stream()
        .sorted(Comparator.comparing(clock -> !clock.isRunning()))
        .map(this::of)
        .toList();
  }

  private ClockBar of(CaseClock clock) {
    Words words = moments.words();
    Instant now = moments.now();
    Instant stopped = clock.stoppedAt();
    if (stopped != null && clock.isPaused()) {
      String left =
          clock.isMissed(now)
              ? words.of("clock.over", span(clock, clock.dueAt(), stopped))
              : words.of("clock.left", span(clock, stopped, clock.dueAt()));
      return new ClockBar(clock, words.of("clock.paused", left), passed(clock), "paused");
    }
    if (stopped != null) {
      return clock.isMissed(now)
          ? new ClockBar(
              clock, words.of("clock.late", span(clock, clock.dueAt(), stopped)), 100, "late")
          : new ClockBar(clock, moments.at(stopped), 100, "done");
    }
    if (clock.isMissed(now)) {
      return new ClockBar(
          clock, words.of("clock.over", span(clock, clock.dueAt(), now)), 100, "red");
    }
    String left = words.of("clock.left", span(clock, now, clock.dueAt()));
    String kind = now.isBefore(clock.amberAt()) ? "green" : "amber";
    return new ClockBar(clock, left, passed(clock), kind);
  }

  private int passed(CaseClock clock) {
    Instant stopped = clock.stoppedAt();
    Instant until = stopped == null ? moments.now() : stopped;
    long still = 0;
    for (int i = 0; i + 1 < clock.pauses().size(); i += 2) {
      still += time(clock, clock.pauses().get(i), clock.pauses().get(i + 1)).toMillis();
    }
    long whole = time(clock, clock.startedAt(), clock.dueAt()).toMillis() - still;
    long gone = time(clock, clock.startedAt(), until).toMillis() - still;
    return whole <= 0 ? 100 : Math.clamp(gone * 100 / whole, 0, 100);
  }

  private String span(CaseClock clock, Instant from, Instant to) {
    Duration time = time(clock, from, to);
    if (!isWorking(clock)) {
      return moments.span(time);
    }
    Words words = moments.words();
    return time.compareTo(WORKING_DAY.multipliedBy(2)) < 0
        ? words.of("time.working", moments.span(time))
        : words.of("time.working-days", time.dividedBy(WORKING_DAY));
  }

  private Duration time(CaseClock clock, Instant from, Instant to) {
    return isWorking(clock)
        ? calendar.ofRule(clock.rule()).between(from, to)
        : Duration.between(from, to);
  }

  private static boolean isWorking(CaseClock clock) {
    return clock.rule().contains("work_");
  }
}
