package io.linyu.platform.time;

import io.linyu.platform.text.Words;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/// Times as people say them, seen from one moment and one place.
public record Moments(Words words, ZoneId zone, Instant now) {
  private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm");
  private static final DateTimeFormatter FULL = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm");

  /// `刚刚`, `2 分钟前`, `3 小时前`, then the day.
  public String ago(Instant at) {
    Duration passed = Duration.between(at, now);
    if (passed.toSeconds() < 60) {
      return words.of("time.just-now");
    }
    return passed.toHours() < 6 ? words.of("time.ago", span(passed)) : at(at);
  }

  /// `今天 10:02`, `昨天 10:02`, `明天 17:30`, `11月20日 10:02`.
  public String at(Instant at) {
    return new TimeWords(zone, words.language()).exact(at, now);
  }

  /// A promise: `明天17:30前`.
  public String before(Instant due) {
    return new TimeWords(zone, words.language()).exactlyBefore(due, now);
  }

  public String clock(Instant at) {
    return CLOCK.format(at.atZone(zone));
  }

  /// For machines and for those who want it exactly.
  public String full(Instant at) {
    return FULL.format(at.atZone(zone));
  }

  /// The largest unit that says it: `25 分钟`, `3 小时`, `2 天`.
  public String span(Duration span) {
    long minutes = Math.max(1, span.abs().toMinutes());
    if (minutes < 60) {
      return words.of("time.minutes", minutes);
    }
    long hours = minutes / 60;
    return hours < 48 ? words.of("time.hours", hours) : words.of("time.days", hours / 24);
  }
}
