package io.linyu.platform.time;

import static java.util.stream.Collectors.groupingBy;

import io.linyu.platform.text.Digest;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// When work is done: a weekly pattern of intervals, public holidays, and the weekend days that
/// make up for them. Every interval contains its beginning and not its end.
///
/// Of a year whose notice is not known yet a calendar may have the days off that the law gives
/// anyway: see [#provisionally].
public final class WorkingCalendar {
  /// What a limit is counted in.
  public enum Unit {
    /// Runs day and night: for safety.
    CALENDAR_HOUR,
    /// Runs while the calendar is open.
    WORK_HOUR,
    /// Whole days: the day of the start does not count, the last one ends with its last interval.
    WORK_DAY;

    public static Unit of(String word) {
      return valueOf(word.toUpperCase(Locale.ROOT));
    }

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// @param close midnight: the end of the day
  public record Interval(LocalTime open, LocalTime close) {
    private static final String END_OF_DAY = "24:00";

    public Interval {
      if (!open.isBefore(close) && !close.equals(LocalTime.MIDNIGHT)) {
        throw new IllegalArgumentException("an interval ends after it begins: " + open);
      }
    }

    public static Interval of(String open, String close) {
      return new Interval(
          LocalTime.parse(open),
          close.equals(END_OF_DAY) ? LocalTime.MIDNIGHT : LocalTime.parse(close));
    }

    /// Whether this one begins before that one, which began sooner, is over.
    public boolean overlaps(Interval before) {
      return before.isToTheEnd() || open.isBefore(before.close);
    }

    private boolean isToTheEnd() {
      return close.equals(LocalTime.MIDNIGHT);
    }

    /// When it is over on that day.
    public Instant end(LocalDate day, ZoneId zone) {
      return (isToTheEnd() ? day.plusDays(1) : day).atTime(close).atZone(zone).toInstant();
    }

    /// Such as `08:00–12:00`, `00:00–24:00`. Not [#toString]: the version of a calendar is made of
    /// that.
    public String written() {
      return open + "–" + (isToTheEnd() ? END_OF_DAY : close.toString());
    }
  }

  /// Nine to half past five with a break at noon, Monday to Friday.
  public static final Map<DayOfWeek, List<Interval>> OFFICE_WEEK = officeWeek();

  private static final int LONGEST_CLOSURE = 366;
  private static final String AT = " at ";

  private final ZoneId zone;
  private final Map<DayOfWeek, List<Interval>> week;
  private final List<Interval> workday;
  private final Map<LocalDate, Boolean> exceptions;
  private final String version;
  private final boolean provisional;
  private final Map<Integer, NavigableMap<LocalDate, String>> supposed = new ConcurrentHashMap<>();

  /// Who has other hours, as they follow each other.
  private final Map<Long, List<OwnHours>> others;

  /// The same by the number of the hours.
  private final Map<Long, WorkingCalendar> inOthers = new ConcurrentHashMap<>();

  /// Which hours these are; null: those of the house.
  private final @Nullable Long hours;

  /// @param exceptions the days that differ from the week: true for a make-up working day, false
  ///   for a day off
  public WorkingCalendar(
      ZoneId zone, Map<DayOfWeek, List<Interval>> week, Map<LocalDate, Boolean> exceptions) {
    this(zone, week, exceptions, false, Map.of(), null, null);
  }

  /// @param version null: by what is counted
  private WorkingCalendar(
      ZoneId zone,
      Map<DayOfWeek, List<Interval>> week,
      Map<LocalDate, Boolean> exceptions,
      boolean provisional,
      Map<Long, List<OwnHours>> others,
      @Nullable Long hours,
      @Nullable String version) {
    this.zone = zone;
    this.provisional = provisional;
    this.others = others;
    this.hours = hours;
    this.week = new EnumMap<>(DayOfWeek.class);
    for (DayOfWeek day : DayOfWeek.values()) {
      this.week.put(day, sound(week.getOrDefault(day, List.of())));
    }
    this.workday =
        this.week.values().stream()
            .filter(d -> !d.isEmpty())
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("never open"));
    this.exceptions = Map.copyOf(exceptions);
    this.version = version == null ? digest() : version;
  }

  private String digest() {
    return Digest.hex(
            zone
                + " "
                + week
                + " "
                + new TreeMap<>(exceptions)
                + (provisional ? " " + StatutoryDays.LAW : ""))
        .substring(0, 8);
  }

  /// The same, but years of which no notice is known have the days off that the law gives, with
  /// what makes up for those on a weekend. A day that is known all the same stays as it is.
  public WorkingCalendar provisionally() {
    return new WorkingCalendar(zone, week, exceptions, true, others, hours, null);
  }

  /// The same, knowing who has hours of their own.
  public WorkingCalendar with(Collection<OwnHours> own) {
    return new WorkingCalendar(
        zone,
        week,
        exceptions,
        provisional,
        own.stream().sorted(OwnHours.IN_ORDER).collect(groupingBy(OwnHours::owner)),
        hours,
        version);
  }

  /// The days of this one in those hours: its holidays and make-up days, where they count there.
  public WorkingCalendar in(OwnHours own) {
    Map<DayOfWeek, List<Interval>> its = own.week();
    return its == null
        ? this
        : new WorkingCalendar(
            zone,
            its,
            own.holidays() ? exceptions : Map.of(),
            own.holidays() && provisional,
            Map.of(),
            own.id(),
            version);
  }

  /// The hours that this one has of their own on that day; empty: those of the house.
  public Optional<OwnHours> own(long owner, LocalDate day) {
    return others.getOrDefault(owner, List.of()).reversed().stream()
        .filter(each -> !each.from().isAfter(day))
        .findFirst()
        .filter(each -> each.week() != null);
  }

  /// By what this one works on that day.
  public WorkingCalendar of(long owner, LocalDate day) {
    return own(owner, day).map(this::known).orElse(this);
  }

  /// By what they work at that moment.
  public WorkingCalendar of(long owner, Instant at) {
    return others.isEmpty() ? this : of(owner, dayOf(at));
  }

  /// By which a rule was counted that says so ([#mark]): hours that are over stay what they were.
  /// Those that are not known here are taken for the house's.
  public WorkingCalendar ofRule(String rule) {
    int at = rule.indexOf(AT);
    if (at < 0) {
      return this;
    }
    String[] mark = rule.substring(at + AT.length()).split(" ", 2);
    long id = Long.parseLong(mark[0]);
    return others.values().stream()
        .flatMap(List::stream)
        .filter(each -> each.id() == id)
        .findFirst()
        .map(this::known)
        .orElse(this);
  }

  private WorkingCalendar known(OwnHours own) {
    return inOthers.computeIfAbsent(own.id(), _ -> in(own));
  }

  /// By what was counted, as a rule says it: ` by 1f3a90c2`, in hours of their own ` at 17 by
  /// 1f3a90c2`.
  public String mark() {
    return (hours == null ? "" : AT + hours) + " by " + version;
  }

  public boolean isOpen(long owner, Instant at) {
    return of(owner, at).isOpen(at);
  }

  /// When they open next, where their hours change meanwhile by the new ones.
  public Instant nextOpen(long owner, Instant from) {
    Instant at = from;
    for (OwnHours next : others.getOrDefault(owner, List.of())) {
      Instant begins = next.from().atStartOfDay(zone).toInstant();
      if (begins.isAfter(at)) {
        Instant opens = of(owner, at).nextOpen(at);
        if (opens.isBefore(begins)) {
          return opens;
        }
        at = begins;
      }
    }
    return of(owner, at).nextOpen(at);
  }

  /// Whether that year is counted by the law alone, since its notice is not known.
  public boolean isProvisional(int year) {
    return !provisionalDays(year).isEmpty();
  }

  /// What is off in that year by law alone, with its name; empty when its notice is known.
  public NavigableMap<LocalDate, String> provisionalDays(int year) {
    return provisional
        ? supposed.computeIfAbsent(
            year,
            asked ->
                StatutoryDays.isAnnounced(asked, exceptions)
                    ? Collections.emptyNavigableMap()
                    : StatutoryDays.off(asked))
        : Collections.emptyNavigableMap();
  }

  public ZoneId zone() {
    return zone;
  }

  /// Two calendars that count alike have the same; in hours of their own it is that of the house.
  public String version() {
    return version;
  }

  /// When something is due that was said at `start` and has `value` units of time.
  public Instant due(Instant start, int value, Unit unit) {
    if (value < 0) {
      throw new IllegalArgumentException("a limit is not negative: " + value);
    }
    return switch (unit) {
      case CALENDAR_HOUR -> start.plus(Duration.ofHours(value));
      case WORK_HOUR -> after(start, Duration.ofHours(value));
      case WORK_DAY -> endOfWorkDay(start, value);
    };
  }

  public boolean isOpen(Instant at) {
    LocalDate day = dayOf(at);
    return hours(day).stream()
        .anyMatch(h -> !at.isBefore(at(day, h.open())) && at.isBefore(h.end(day, zone)));
  }

  /// The given moment when it is open, else the next one at which it opens.
  public Instant nextOpen(Instant from) {
    LocalDate day = dayOf(from);
    for (int i = 0; i <= LONGEST_CLOSURE; i++, day = day.plusDays(1)) {
      for (Interval hours : hours(day)) {
        if (from.isBefore(hours.end(day, zone))) {
          Instant opens = at(day, hours.open());
          return opens.isAfter(from) ? opens : from;
        }
      }
    }
    throw new IllegalStateException("closed for a year from " + from);
  }

  /// The moment at which so much working time has passed since `start`.
  public Instant after(Instant start, Duration working) {
    Instant at = start;
    Duration left = working;
    while (left.isPositive()) {
      Instant begin = nextOpen(at);
      Instant end = closing(begin);
      Duration here = Duration.between(begin, end);
      if (left.compareTo(here) <= 0) {
        return begin.plus(left);
      }
      left = left.minus(here);
      at = end;
    }
    return at;
  }

  /// How much of the time between the two is working time; nothing when they are the wrong way
  /// round.
  public Duration between(Instant from, Instant to) {
    Duration sum = Duration.ZERO;
    LocalDate last = dayOf(to);
    for (LocalDate day = dayOf(from); !day.isAfter(last); day = day.plusDays(1)) {
      for (Interval hours : hours(day)) {
        Instant open = later(from, at(day, hours.open()));
        Instant close = earlier(to, hours.end(day, zone));
        if (open.isBefore(close)) {
          sum = sum.plus(Duration.between(open, close));
        }
      }
    }
    return sum;
  }

  /// The hours of that day, in order; none on a day off.
  public List<Interval> hours(LocalDate day) {
    Boolean exception = exceptions.get(day);
    List<Interval> usual = week.get(day.getDayOfWeek());
    if (exception == null && provisionalDays(day.getYear()).containsKey(day)) {
      return List.of();
    }
    if (exception == null) {
      return usual == null ? List.of() : usual;
    }
    if (!exception) {
      return List.of();
    }
    return usual == null || usual.isEmpty() ? workday : usual;
  }

  public boolean isWorkingDay(LocalDate day) {
    return !hours(day).isEmpty();
  }

  private Instant endOfWorkDay(Instant start, int days) {
    LocalDate day = dayOf(start);
    int closed = 0;
    for (int left = days; left > 0; ) {
      day = day.plusDays(1);
      if (isWorkingDay(day)) {
        left--;
        closed = 0;
      } else if (++closed > LONGEST_CLOSURE) {
        throw new IllegalStateException("closed for a year before " + day);
      }
    }
    return days == 0 ? start : hours(day).getLast().end(day, zone);
  }

  private Instant closing(Instant open) {
    LocalDate day = dayOf(open);
    return hours(day).stream()
        .map(hours -> hours.end(day, zone))
        .filter(open::isBefore)
        .findFirst()
        .orElseThrow();
  }

  private LocalDate dayOf(Instant at) {
    return LocalDate.ofInstant(at, zone);
  }

  private Instant at(LocalDate day, LocalTime time) {
    return day.atTime(time).atZone(zone).toInstant();
  }

  private static Instant later(Instant a, Instant b) {
    return a.isAfter(b) ? a : b;
  }

  private static Instant earlier(Instant a, Instant b) {
    return a.isBefore(b) ? a : b;
  }

  private static List<Interval> sound(List<Interval> hours) {
    for (int i = 1; i < hours.size(); i++) {
      if (hours.get(i).overlaps(hours.get(i - 1))) {
        throw new IllegalArgumentException("intervals overlap or are out of order: " + hours);
      }
    }
    return List.copyOf(hours);
  }

  private static Map<DayOfWeek, List<Interval>> officeWeek() {
    var hours = List.of(Interval.of("09:00", "12:00"), Interval.of("13:30", "17:30"));
    var week = new EnumMap<DayOfWeek, List<Interval>>(DayOfWeek.class);
    for (DayOfWeek day : DayOfWeek.values()) {
      week.put(day, day.getValue() <= 5 ? hours : List.of());
    }
    return Collections.unmodifiableMap(week);
  }
}
