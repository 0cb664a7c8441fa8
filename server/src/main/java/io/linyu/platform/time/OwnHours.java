package io.linyu.platform.time;

import io.linyu.platform.time.WorkingCalendar.Interval;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The hours of one who does not work when the house does. They hold until the next ones begin, and
/// never change: what was counted by them names them.
///
/// @param owner whose they are: a desk
/// @param week null: from then on those of the house
/// @param holidays whether public holidays and the days that make up for them count; else it is the
///   same every week
public record OwnHours(
    long id,
    long owner,
    LocalDate from,
    @Nullable Map<DayOfWeek, List<Interval>> week,
    boolean holidays) {
  /// As they follow each other: of two from the same day the one that was set later.
  static final Comparator<OwnHours> IN_ORDER =
      Comparator.comparing(OwnHours::from).thenComparingLong(OwnHours::id);

  private static final String DASH = "–";

  public OwnHours {
    week = week == null ? null : whole(week);
  }

  /// Those of every day of the week, Monday first, as they are kept.
  public static Map<DayOfWeek, List<Interval>> read(List<String> days) {
    var week = new EnumMap<DayOfWeek, List<Interval>>(DayOfWeek.class);
    for (DayOfWeek day : DayOfWeek.values()) {
      String written = days.get(day.getValue() - 1);
      week.put(
          day,
          written.isEmpty()
              ? List.of()
              : Arrays.stream(written.split(" ", -1)).map(OwnHours::interval).toList());
    }
    return week;
  }

  private static Interval interval(String written) {
    String[] part = written.split(DASH, 2);
    return Interval.of(part[0], part[1]);
  }

  /// Such as `08:00–12:00 14:00–18:00`; nothing for a day without.
  public static String written(List<Interval> hours) {
    return hours.stream().map(Interval::written).collect(Collectors.joining(" "));
  }

  /// As [#read] takes them.
  public static List<String> written(Map<DayOfWeek, List<Interval>> week) {
    return Stream.of(DayOfWeek.values())
        .map(day -> written(week.getOrDefault(day, List.of())))
        .toList();
  }

  /// Whether who works so works likewise.
  ///
  /// @param one null: as the house
  public static boolean same(
      @Nullable Map<DayOfWeek, List<Interval>> one,
      @Nullable Map<DayOfWeek, List<Interval>> other) {
    if (one == null || other == null) {
      return one == null && other == null;
    }
    return written(one).equals(written(other));
  }

  private static Map<DayOfWeek, List<Interval>> whole(Map<DayOfWeek, List<Interval>> week) {
    var whole = new EnumMap<DayOfWeek, List<Interval>>(DayOfWeek.class);
    for (DayOfWeek day : DayOfWeek.values()) {
      whole.put(day, List.copyOf(week.getOrDefault(day, List.of())));
    }
    return Collections.unmodifiableMap(whole);
  }
}
