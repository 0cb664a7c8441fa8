package io.linyu.platform.time;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.TextStyle;
import java.time.temporal.ChronoUnit;
import java.time.temporal.IsoFields;
import java.util.Locale;

/// Times as neighbours say them: `明天上午9点`, `今天下午5点半前`, `周五上午`.
///
/// @param language `zh` or `en`
public record TimeWords(ZoneId zone, String language) {
  private static final Duration SOON = Duration.ofHours(2);

  /// A promise: `今天下午5点半前`, `by 5:30 pm today`. Odd minutes are rounded, always to the earlier
  /// side, so that what is promised is never later than what is due.
  public String before(Instant due, Instant now) {
    Instant promised = promised(due, now);
    return english() ? "by " + at(promised, now) : at(promised, now) + "前";
  }

  /// A promise without the word for it, for sentences that have one: `今天下午5点半`, `5:30 pm today`.
  public String by(Instant due, Instant now) {
    return at(promised(due, now), now);
  }

  /// A moment: `明天上午9点`, `9 am tomorrow`.
  public String at(Instant at, Instant now) {
    ZonedDateTime then = at.atZone(zone);
    String day = day(then.toLocalDate(), now.atZone(zone).toLocalDate());
    return english() ? englishTime(then) + " " + day : day + part(then) + chineseTime(then);
  }

  /// When a counter opens: `明早9点`, `周一早上9点`.
  public String opens(Instant at, Instant now) {
    ZonedDateTime then = at.atZone(zone);
    String day = day(then.toLocalDate(), now.atZone(zone).toLocalDate());
    if (english() || then.getHour() >= 12) {
      return at(at, now);
    }
    return switch (day) {
      case "今天" -> "今早" + chineseTime(then);
      case "明天" -> "明早" + chineseTime(then);
      default -> day + "早上" + chineseTime(then);
    };
  }

  /// Roughly: `周五上午`, `Friday morning`.
  public String around(Instant at, Instant now) {
    ZonedDateTime then = at.atZone(zone);
    String day = day(then.toLocalDate(), now.atZone(zone).toLocalDate());
    if (!english()) {
      return day + part(then);
    }
    return switch (day) {
      case "today" -> "this " + part(then);
      case "tomorrow", "yesterday" -> day + " " + part(then);
      default -> day + " in the " + part(then);
    };
  }

  /// To the minute, for pages: `明天 17:30`, `tomorrow 17:30`.
  public String exact(Instant at, Instant now) {
    ZonedDateTime then = at.atZone(zone);
    return "%s %02d:%02d"
        .formatted(
            day(then.toLocalDate(), now.atZone(zone).toLocalDate()),
            then.getHour(),
            then.getMinute());
  }

  /// To the minute, a promise, for pages: `明天17:30前`, `by 17:30 tomorrow`.
  public String exactlyBefore(Instant due, Instant now) {
    ZonedDateTime then = due.atZone(zone);
    String day = day(then.toLocalDate(), now.atZone(zone).toLocalDate());
    String time = "%02d:%02d".formatted(then.getHour(), then.getMinute());
    return english() ? "by " + time + " " + day : day + time + "前";
  }

  /// To the minute and with the year, for what is read long after: `2027年1月4日 17:30`.
  public String dated(Instant at) {
    ZonedDateTime then = at.atZone(zone);
    String date =
        english()
            ? "%d %s %d,"
                .formatted(
                    then.getDayOfMonth(),
                    then.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH),
                    then.getYear())
            : "%d年%d月%d日".formatted(then.getYear(), then.getMonthValue(), then.getDayOfMonth());
    return "%s %02d:%02d".formatted(date, then.getHour(), then.getMinute());
  }

  /// A day with its year: `2027年1月4日`.
  public String date(LocalDate day) {
    return english()
        ? "%d %s %d"
            .formatted(
                day.getDayOfMonth(),
                day.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH),
                day.getYear())
        : "%d年%d月%d日".formatted(day.getYear(), day.getMonthValue(), day.getDayOfMonth());
  }

  private Instant promised(Instant due, Instant now) {
    long step = Duration.between(now, due).compareTo(SOON) > 0 ? 30 : 5;
    ZonedDateTime then = due.atZone(zone).truncatedTo(ChronoUnit.MINUTES);
    Instant rounded = then.minusMinutes(then.getMinute() % step).toInstant();
    return rounded.isAfter(now) ? rounded : due;
  }

  private String day(LocalDate day, LocalDate today) {
    long away = ChronoUnit.DAYS.between(today, day);
    if (away == 0) {
      return english() ? "today" : "今天";
    }
    if (away == 1) {
      return english() ? "tomorrow" : "明天";
    }
    if (away == -1) {
      return english() ? "yesterday" : "昨天";
    }
    if (away == 2 && !english()) {
      return "后天";
    }
    if (away > 0 && away < 7) {
      return weekday(day, week(today) != week(day));
    }
    return date(day, today);
  }

  private String weekday(LocalDate day, boolean nextWeek) {
    if (english()) {
      return "on " + day.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
    }
    // On Thursday 周二 could be taken for the one just gone by.
    return (nextWeek ? "下周" : "周") + "一二三四五六日".charAt(day.getDayOfWeek().getValue() - 1);
  }

  private String date(LocalDate day, LocalDate today) {
    boolean sameYear = day.getYear() == today.getYear();
    if (english()) {
      String date =
          day.getDayOfMonth() + " " + day.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
      return "on " + date + (sameYear ? "" : " " + day.getYear());
    }
    String date = day.getMonthValue() + "月" + day.getDayOfMonth() + "日";
    return sameYear ? date : day.getYear() + "年" + date;
  }

  private static int week(LocalDate day) {
    return day.get(IsoFields.WEEK_BASED_YEAR) * 100 + day.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR);
  }

  private String part(ZonedDateTime then) {
    int hour = then.getHour();
    if (english()) {
      return hour < 12 ? "morning" : hour < 18 ? "afternoon" : "evening";
    }
    if (hour < 6) {
      return "凌晨";
    }
    return hour < 9 ? "早上" : hour < 12 ? "上午" : hour < 13 ? "中午" : hour < 18 ? "下午" : "晚上";
  }

  private static String chineseTime(ZonedDateTime then) {
    int hour = then.getHour() > 12 ? then.getHour() - 12 : then.getHour();
    int minute = then.getMinute();
    return hour + "点" + (minute == 0 ? "" : minute == 30 ? "半" : "%02d分".formatted(minute));
  }

  private static String englishTime(ZonedDateTime then) {
    LocalTime time = then.toLocalTime();
    if (time.equals(LocalTime.NOON)) {
      return "noon";
    }
    int hour = time.getHour() % 12 == 0 ? 12 : time.getHour() % 12;
    String half = time.getHour() < 12 ? " am" : " pm";
    return time.getMinute() == 0
        ? hour + half
        : "%d:%02d%s".formatted(hour, time.getMinute(), half);
  }

  private boolean english() {
    return language.equals("en");
  }
}
