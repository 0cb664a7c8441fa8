package io.linyu.casework;

import io.linyu.community.Desks.Working;
import io.linyu.platform.text.Words;
import io.linyu.platform.time.Moments;
import io.linyu.platform.time.OwnHours;
import io.linyu.platform.time.WorkingCalendar.Interval;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.format.TextStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The hours of a desk in words: `周一至周五 08:00–20:00，周六 09:00–12:00`.
public final class HoursWords {
  private static final String WHOLE_DAY = "00:00–24:00";

  private HoursWords() {}

  /// With when it opens again, where it is closed.
  public static String working(Working working, Moments moments) {
    Words words = moments.words();
    String hours = hours(working.hours().week(), working.hours().holidays(), words);
    Instant opens = working.opens();
    return opens == null ? hours : words.of("hours.opens", hours, moments.at(opens));
  }

  /// @param week null: as the house
  public static String hours(
      @Nullable Map<DayOfWeek, List<Interval>> week, boolean holidays, Words words) {
    if (week == null) {
      return words.of("hours.house");
    }
    return words.of("hours.works", week(week, words))
        + (holidays ? "" : words.of("hours.comma") + words.of("hours.without-holidays"));
  }

  /// Days in a row that are alike are named as one; those without hours are not named.
  public static String week(Map<DayOfWeek, List<Interval>> week, Words words) {
    List<String> days = OwnHours.written(week);
    if (days.stream().allMatch(WHOLE_DAY::equals)) {
      return words.of("hours.always");
    }
    var spans = new ArrayList<String>();
    for (int first = 0; first < days.size(); ) {
      int next = first + 1;
      while (next < days.size() && days.get(next).equals(days.get(first))) {
        next++;
      }
      if (!days.get(first).isEmpty()) {
        spans.add(span(first, next - 1, words) + " " + days.get(first));
      }
      first = next;
    }
    return String.join(words.of("hours.comma"), spans);
  }

  private static String span(int first, int last, Words words) {
    return first == last
        ? day(first, words)
        : words.of("hours.days", day(first, words), day(last, words));
  }

  private static String day(int day, Words words) {
    return DayOfWeek.of(day + 1).getDisplayName(TextStyle.SHORT, Locale.of(words.language()));
  }
}
