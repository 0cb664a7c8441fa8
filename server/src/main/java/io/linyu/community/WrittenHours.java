package io.linyu.community;

import io.linyu.platform.Refusal;
import io.linyu.platform.time.WorkingCalendar.Interval;
import java.time.DayOfWeek;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The hours of a week as people write them: `8:00-12:00, 14:00-20:00`, with whatever dashes,
/// commas and colons a keyboard has; nothing for a day off. Refused with the day that is wrong.
final class WrittenHours {
  private static final int LONGEST = 100;
  private static final int MINUTES = 24 * 60;

  private static final Pattern COMMAS = Pattern.compile("[,;，；、\\s]+");
  private static final Pattern DASHES = Pattern.compile("\\s*(?:[-–—－~～至到])\\s*");

  private static final Pattern INTERVAL =
      Pattern.compile("(\\d{1,2})(?:[:：](\\d{2}))?-(\\d{1,2})(?:[:：](\\d{2}))?");

  private WrittenHours() {}

  static Map<DayOfWeek, List<Interval>> read(Map<DayOfWeek, String> written) {
    var week = new EnumMap<DayOfWeek, List<Interval>>(DayOfWeek.class);
    for (DayOfWeek day : DayOfWeek.values()) {
      week.put(day, read(day, written.getOrDefault(day, "").strip()));
    }
    if (week.values().stream().allMatch(List::isEmpty)) {
      throw new Refusal("hours-never", 422);
    }
    return week;
  }

  private static List<Interval> read(DayOfWeek day, String written) {
    if (written.isEmpty()) {
      return List.of();
    }
    if (written.length() > LONGEST) {
      throw new Refusal("text-too-long", 422, LONGEST);
    }
    var hours = new ArrayList<Interval>();
    COMMAS
        .splitAsStream(DASHES.matcher(written).replaceAll("-"))
        .filter(each -> !each.isEmpty())
        .forEach(each -> hours.add(interval(day, each)));
    hours.sort(Comparator.comparing(Interval::open));
    for (int i = 1; i < hours.size(); i++) {
      if (hours.get(i).overlaps(hours.get(i - 1))) {
        throw new Refusal(
            "hours-overlap", 422, day, hours.get(i - 1).written(), hours.get(i).written());
      }
    }
    return hours;
  }

  private static Interval interval(DayOfWeek day, String written) {
    Matcher part = INTERVAL.matcher(written);
    if (!part.matches()) {
      throw new Refusal("hours-unreadable", 422, day, written);
    }
    int open = minute(day, written, part.group(1), part.group(2));
    int close = minute(day, written, part.group(3), part.group(4));
    if (close <= open) {
      throw new Refusal("hours-end", 422, day, written);
    }
    return new Interval(time(open), time(close));
  }

  private static int minute(DayOfWeek day, String written, String hour, String minute) {
    int minutes = minute == null ? 0 : Integer.parseInt(minute);
    int of = Integer.parseInt(hour) * 60 + minutes;
    if (minutes >= 60 || of > MINUTES) {
      throw new Refusal("hours-unreadable", 422, day, written);
    }
    return of;
  }

  /// The end of the day is its midnight.
  private static LocalTime time(int minute) {
    return LocalTime.ofSecondOfDay(minute % MINUTES * 60L);
  }
}
