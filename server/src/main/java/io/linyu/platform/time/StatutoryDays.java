package io.linyu.platform.time;

import com.tyme.lunar.LunarDay;
import com.tyme.solar.SolarDay;
import com.tyme.solar.SolarTerm;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/// The days off that the law gives every year (全国年节及纪念日放假办法), known long before the year's notice
/// says how they are bridged. Thirteen since 2025, eleven before.
public final class StatutoryDays {
  /// Goes into the version of calendars that count by it: to be changed with the days below, or
  /// clocks that run would not be counted again.
  static final String LAW = "law of 2025";

  private static final int NEW_YEARS_EVE_SINCE = 2025;

  /// @param name as it is called on the house's pages
  public record Holiday(LocalDate day, String name) {}

  private StatutoryDays() {}

  /// In the order of the year. Two may fall on one day: Mid-Autumn lies within the National Day's
  /// in some years.
  public static List<Holiday> of(int year) {
    boolean since = year >= NEW_YEARS_EVE_SINCE;
    var days = new ArrayList<Holiday>();
    add(days, LocalDate.of(year, 1, 1), 1, "元旦");
    LocalDate spring = lunar(year, 1, 1);
    add(days, since ? spring.minusDays(1) : spring, since ? 4 : 3, "春节");
    add(days, date(SolarTerm.fromName(year, "清明").getSolarDay()), 1, "清明节");
    add(days, LocalDate.of(year, 5, 1), since ? 2 : 1, "劳动节");
    add(days, lunar(year, 5, 5), 1, "端午节");
    add(days, lunar(year, 8, 15), 1, "中秋节");
    add(days, LocalDate.of(year, 10, 1), 3, "国庆节");
    days.sort(Comparator.comparing(Holiday::day));
    return List.copyOf(days);
  }

  /// What certainly is off, by day: one that falls on a weekend, or on another holiday, is made up
  /// for by the next working day. Weekends are in it where a holiday is on them; nothing is
  /// bridged.
  public static NavigableMap<LocalDate, String> off(int year) {
    var off = new TreeMap<LocalDate, String>();
    var owed = new ArrayList<Holiday>();
    for (Holiday each : of(year)) {
      if (off.putIfAbsent(each.day, each.name) != null || isWeekend(each.day)) {
        owed.add(each);
      }
    }
    for (Holiday each : owed) {
      LocalDate instead = each.day;
      while (isWeekend(instead) || off.containsKey(instead)) {
        instead = instead.plusDays(1);
      }
      off.put(instead, each.name);
    }
    return Collections.unmodifiableNavigableMap(off);
  }

  /// Whether a notice of the year is known: all that the law gives is in it. Less is no notice, but
  /// a day that somebody has brought by hand, or half a file.
  ///
  /// @param exceptions false for a day off
  static boolean isAnnounced(int year, Map<LocalDate, Boolean> exceptions) {
    return of(year).stream().allMatch(each -> Boolean.FALSE.equals(exceptions.get(each.day)));
  }

  private static void add(List<Holiday> days, LocalDate first, int count, String name) {
    for (int i = 0; i < count; i++) {
      days.add(new Holiday(first.plusDays(i), name));
    }
  }

  private static LocalDate lunar(int year, int month, int day) {
    return date(LunarDay.fromYmd(year, month, day).getSolarDay());
  }

  private static LocalDate date(SolarDay day) {
    return LocalDate.of(day.getYear(), day.getMonth(), day.getDay());
  }

  private static boolean isWeekend(LocalDate day) {
    return day.getDayOfWeek().compareTo(DayOfWeek.SATURDAY) >= 0;
  }
}
