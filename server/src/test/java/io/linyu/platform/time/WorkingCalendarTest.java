package io.linyu.platform.time;

import static io.linyu.platform.time.WorkingCalendar.Unit.CALENDAR_HOUR;
import static io.linyu.platform.time.WorkingCalendar.Unit.WORK_DAY;
import static io.linyu.platform.time.WorkingCalendar.Unit.WORK_HOUR;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linyu.TestClock;
import io.linyu.platform.time.WorkingCalendar.Interval;
import io.linyu.platform.time.WorkingCalendar.Unit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WorkingCalendarTest {
  private static final WorkingCalendar TOWN = town(TestClock.ZONE);

  @Test
  void isDueAsTheVectorsSay() {
    List<String> vectors = lines("/time/clock_vectors.csv");
    assertThat(vectors)
        .hasSize(10)
        .allSatisfy(line -> {
          String[] field = line.split(",", 5);
          Instant due = TOWN.due(at(field[0]), Integer.parseInt(field[1]), Unit.of(field[2]));
          assertThat(due).isEqualTo(at(field[3]));
        });
    assertThat(TOWN.due(at("2026-09-19T10:00"), 1, WORK_DAY)).isEqualTo(at("2026-09-20T17:30"));
  }

  @Test
  void hoursOfSafetyRunAtNight() {
    assertThat(TOWN.due(at("2026-02-16T23:10"), 24, CALENDAR_HOUR))
        .isEqualTo(at("2026-02-17T23:10"));
    assertThat(TOWN.due(at("2026-02-16T23:10"), 0, WORK_HOUR)).isEqualTo(at("2026-02-16T23:10"));
  }

  @Test
  void anIntervalHasItsBeginningAndNotItsEnd() {
    assertThat(TOWN.isOpen(at("2026-03-12T09:00"))).isTrue();
    assertThat(TOWN.isOpen(at("2026-03-12T12:00"))).isFalse();
    assertThat(TOWN.isOpen(at("2026-03-12T13:29"))).isFalse();
    assertThat(TOWN.nextOpen(at("2026-03-12T12:00"))).isEqualTo(at("2026-03-12T13:30"));
    assertThat(TOWN.nextOpen(at("2026-03-12T10:00"))).isEqualTo(at("2026-03-12T10:00"));
    assertThat(TOWN.nextOpen(at("2026-02-14T17:30"))).isEqualTo(at("2026-02-24T09:00"));
  }

  @Test
  void partsOfATimeAddUp() {
    var random = new Random(20260312);
    for (int i = 0; i < 2_000; i++) {
      Instant from = somewhen(random);
      Instant to = from.plusSeconds(random.nextInt(3_000_000));
      Instant between = from.plusSeconds(random.nextInt(3_000_000));
      if (between.isAfter(to)) {
        between = to;
      }
      assertThat(TOWN.between(from, between).plus(TOWN.between(between, to)))
          .isEqualTo(TOWN.between(from, to));
    }
  }

  @Test
  void whatIsDueHasExactlyItsTimeAndComesNoEarlierForALaterStart() {
    var random = new Random(20260313);
    for (int i = 0; i < 2_000; i++) {
      Instant start = somewhen(random);
      Instant later = start.plusSeconds(random.nextInt(500_000));
      Unit unit = List.of(CALENDAR_HOUR, WORK_HOUR, WORK_DAY).get(random.nextInt(3));
      int value = random.nextInt(1, 20);
      Instant due = TOWN.due(start, value, unit);
      assertThat(due).isAfterOrEqualTo(start).isBeforeOrEqualTo(TOWN.due(later, value, unit));
      assertThat(due).isBefore(TOWN.due(start, value + 1, unit));
      if (unit == WORK_HOUR) {
        assertThat(TOWN.between(start, due)).isEqualTo(Duration.ofHours(value));
        assertThat(TOWN.isOpen(due.minusNanos(1))).isTrue();
      }
    }
  }

  @Test
  void whatIsDueEndsAWorkingTimeAndTwoLimitsInARowAreOne() {
    WorkingCalendar calendar = TOWN.provisionally();
    var random = new Random(20261127);
    for (int i = 0; i < 2_000; i++) {
      Instant start = somewhen(random).plus(Duration.ofDays(random.nextInt(1_500)));
      Unit unit = random.nextBoolean() ? WORK_DAY : WORK_HOUR;
      int first = random.nextInt(1, 20);
      int second = random.nextInt(1, 20);
      Instant between = calendar.due(start, first, unit);
      assertThat(between).isAfter(start);
      assertThat(calendar.isOpen(between.minusNanos(1))).as("%s", between).isTrue();
      assertThat(calendar.due(between, second, unit))
          .isEqualTo(calendar.due(start, first + second, unit));
    }
  }

  /// The notices bridge and make up, and so have just as many days off as the law gives.
  @Test
  void theNoticesHaveTheDaysOfTheLaw() {
    Map<LocalDate, Boolean> notices = days();
    for (int year = 2024; year <= 2026; year++) {
      assertThat(StatutoryDays.of(year)).hasSize(year == 2024 ? 11 : 13);
      assertThat(StatutoryDays.off(year).keySet())
          .allSatisfy(day -> assertThat(notices.get(day)).as("%s", day).isFalse());
      int of = year;
      long off =
          notices.entrySet().stream()
              .filter(each -> each.getKey().getYear() == of)
              .mapToLong(each -> each.getValue() ? -1 : isWeekend(each.getKey()) ? 0 : 1)
              .sum();
      assertThat(off).as("%d", year).isEqualTo(StatutoryDays.of(year).size());
    }
  }

  @Test
  void aYearThatIsNotAnnouncedHasTheDaysOfTheLawAndWhatMakesUpForWeekends() {
    assertThat(StatutoryDays.off(2027).keySet())
        .extracting(LocalDate::toString)
        .containsExactly(
            "2027-01-01",
            "2027-02-05",
            "2027-02-06",
            "2027-02-07",
            "2027-02-08",
            "2027-02-09",
            "2027-02-10",
            "2027-04-05",
            "2027-05-01",
            "2027-05-02",
            "2027-05-03",
            "2027-05-04",
            "2027-06-09",
            "2027-09-15",
            "2027-10-01",
            "2027-10-02",
            "2027-10-03",
            "2027-10-04",
            "2027-10-05");
    assertThat(StatutoryDays.off(2028).tailMap(LocalDate.of(2028, 10, 1)).keySet())
        .as("Mid-Autumn within the National Day's, of which the first is a Sunday")
        .extracting(LocalDate::toString)
        .containsExactly("2028-10-01", "2028-10-02", "2028-10-03", "2028-10-04", "2028-10-05");

    WorkingCalendar calendar = TOWN.provisionally();
    assertThat(calendar.isProvisional(2026)).isFalse();
    assertThat(calendar.isProvisional(2027)).isTrue();
    assertThat(TOWN.isProvisional(2027)).isFalse();
    assertThat(calendar.version()).isNotEqualTo(TOWN.version());
    Instant eve = at("2026-12-31T10:00");
    assertThat(TOWN.due(eve, 1, WORK_DAY)).isEqualTo(at("2027-01-01T17:30"));
    assertThat(calendar.due(eve, 1, WORK_DAY)).isEqualTo(at("2027-01-04T17:30"));
  }

  @Test
  void aDayBroughtByHandMakesNoNoticeAndCounts() {
    Map<LocalDate, Boolean> days = days();
    days.put(LocalDate.parse("2027-01-04"), false);
    days.put(LocalDate.parse("2027-02-09"), true);
    WorkingCalendar calendar = WorkingCalendars.with(TestClock.ZONE, days);
    assertThat(calendar.isProvisional(2027)).isTrue();
    assertThat(calendar.isWorkingDay(LocalDate.parse("2027-01-04"))).isFalse();
    assertThat(calendar.isWorkingDay(LocalDate.parse("2027-02-09"))).isTrue();
    assertThat(calendar.isWorkingDay(LocalDate.parse("2027-10-01"))).isFalse();

    StatutoryDays.of(2027).forEach(each -> days.put(each.day(), false));
    WorkingCalendar announced = WorkingCalendars.with(TestClock.ZONE, days);
    assertThat(announced.isProvisional(2027)).isFalse();
    assertThat(announced.isWorkingDay(LocalDate.parse("2027-02-10")))
        .as("a notice has the last word on what makes up for what")
        .isTrue();
  }

  private static boolean isWeekend(LocalDate day) {
    return day.getDayOfWeek().compareTo(DayOfWeek.SATURDAY) >= 0;
  }

  @Test
  void keepsItsOwnZoneAndHours() {
    var lateShift =
        new WorkingCalendar(
            ZoneId.of("America/New_York"),
            Map.of(DayOfWeek.SUNDAY, List.of(Interval.of("01:00", "05:00"))),
            Map.of());
    // The night in which the clocks go forward has an hour less.
    Instant open = Instant.parse("2026-03-08T06:00:00Z");
    assertThat(lateShift.isOpen(open)).isTrue();
    assertThat(lateShift.between(open, open.plus(Duration.ofDays(1))))
        .isEqualTo(Duration.ofHours(3));
  }

  @Test
  void aDutyDeskWorksOverAHolidayDayAndNight() {
    WorkingCalendar duty = TOWN.in(own(17, null, "00:00", "24:00", false));
    Instant evening = at("2026-02-16T23:10");
    assertThat(TOWN.due(evening, 2, WORK_HOUR)).isEqualTo(at("2026-02-24T11:00"));
    assertThat(duty.due(evening, 2, WORK_HOUR)).isEqualTo(at("2026-02-17T01:10"));
    assertThat(duty.due(evening, 1, WORK_DAY)).isEqualTo(at("2026-02-18T00:00"));
    assertThat(duty.between(evening, at("2026-02-19T23:10"))).isEqualTo(Duration.ofDays(3));
    assertThat(duty.nextOpen(evening)).isEqualTo(evening);
    assertThat(duty.isOpen(at("2026-02-17T00:00"))).isTrue();
    assertThat(duty.mark()).isEqualTo(" at 17 by " + TOWN.version());
    assertThat(duty.version()).as("recounts go by that of the house").isEqualTo(TOWN.version());
    assertThat(TOWN.mark()).isEqualTo(" by " + TOWN.version());
  }

  @Test
  void aDeskMayWorkTwiceADayAndOnWhatMakesUpForAHoliday() {
    Map<DayOfWeek, List<Interval>> week =
        OwnHours.read(
            List.of("08:00–12:00 14:00–20:00", "", "08:00–12:00 14:00–20:00", "", "", "", ""));
    WorkingCalendar desk = TOWN.in(new OwnHours(18, 7, DAY, week, true));
    // A Monday, and the Wednesday after it.
    assertThat(desk.due(at("2026-03-09T11:30"), 2, WORK_HOUR)).isEqualTo(at("2026-03-09T15:30"));
    assertThat(desk.due(at("2026-03-09T19:30"), 2, WORK_HOUR)).isEqualTo(at("2026-03-11T09:30"));
    assertThat(desk.isOpen(at("2026-02-16T10:00"))).as("a holiday on a Monday").isFalse();
    assertThat(desk.isOpen(at("2026-02-14T19:00"))).as("a Saturday that makes up").isTrue();
    WorkingCalendar always = TOWN.in(new OwnHours(19, 7, DAY, week, false));
    assertThat(always.isOpen(at("2026-02-16T10:00"))).isTrue();
    assertThat(always.isOpen(at("2026-02-14T19:00"))).isFalse();
    assertThat(OwnHours.written(week).getFirst()).isEqualTo("08:00–12:00 14:00–20:00");
  }

  @Test
  void hoursFollowEachOtherAndWhatWasCountedKeepsItsOwn() {
    OwnHours first = own(1, LocalDate.parse("2026-03-14"), "08:00", "20:00", false);
    OwnHours night = own(2, LocalDate.parse("2026-03-16"), "20:00", "24:00", false);
    var back = new OwnHours(3, 7, LocalDate.parse("2026-03-18"), null, true);
    WorkingCalendar calendar = TOWN.with(List.of(night, back, first));
    assertThat(calendar.version()).isEqualTo(TOWN.version());
    assertThat(calendar.of(7, at("2026-03-13T10:00"))).as("not yet").isSameAs(calendar);
    assertThat(calendar.of(8, at("2026-03-14T10:00"))).as("another desk").isSameAs(calendar);
    assertThat(calendar.of(7, at("2026-03-15T10:00")).mark()).startsWith(" at 1 ");
    assertThat(calendar.of(7, at("2026-03-17T10:00")).mark()).startsWith(" at 2 ");
    assertThat(calendar.of(7, at("2026-03-18T10:00"))).as("as the house").isSameAs(calendar);

    assertThat(calendar.nextOpen(7, at("2026-03-13T18:00"))).isEqualTo(at("2026-03-14T08:00"));
    assertThat(calendar.nextOpen(7, at("2026-03-15T21:00"))).isEqualTo(at("2026-03-16T20:00"));
    assertThat(calendar.nextOpen(7, at("2026-03-17T23:59"))).isEqualTo(at("2026-03-17T23:59"));
    assertThat(calendar.nextOpen(7, at("2026-03-18T00:00"))).isEqualTo(at("2026-03-18T09:00"));

    WorkingCalendar was = calendar.ofRule("2 work_hour at 1 by 00000000");
    assertThat(was.due(at("2026-03-18T07:00"), 2, WORK_HOUR)).isEqualTo(at("2026-03-18T10:00"));
    assertThat(calendar.ofRule("2 work_hour by 00000000")).isSameAs(calendar);
  }

  private static final LocalDate DAY = LocalDate.parse("2026-01-01");

  private static OwnHours own(
      long id, @Nullable LocalDate from, String open, String close, boolean holidays) {
    var week = new EnumMap<DayOfWeek, List<Interval>>(DayOfWeek.class);
    for (DayOfWeek day : DayOfWeek.values()) {
      week.put(day, List.of(Interval.of(open, close)));
    }
    return new OwnHours(id, 7, from == null ? DAY : from, week, holidays);
  }

  @Test
  void refusesHoursThatCannotBe() {
    assertThatThrownBy(() -> Interval.of("12:00", "12:00"))
        .isInstanceOf(IllegalArgumentException.class);
    var overlapping = List.of(Interval.of("09:00", "12:00"), Interval.of("11:00", "17:30"));
    assertThatThrownBy(() ->
            new WorkingCalendar(TestClock.ZONE, Map.of(DayOfWeek.MONDAY, overlapping), Map.of()))
        .hasMessageContaining("overlap");
    assertThatThrownBy(() -> new WorkingCalendar(TestClock.ZONE, Map.of(), Map.of()))
        .hasMessageContaining("never");
  }

  /// Of the town, in another zone.
  static WorkingCalendar town(ZoneId zone) {
    return new WorkingCalendar(zone, WorkingCalendar.OFFICE_WEEK, days());
  }

  private static Map<LocalDate, Boolean> days() {
    var days = new HashMap<LocalDate, Boolean>();
    for (String line : lines("/config/holidays.csv")) {
      String[] field = line.split(",", 3);
      days.put(LocalDate.parse(field[0]), field[1].equals("work"));
    }
    return days;
  }

  private static Instant somewhen(Random random) {
    return at("2024-06-01T00:00").plusSeconds(random.nextInt(70_000_000));
  }

  private static Instant at(String local) {
    return TestClock.instant(local);
  }

  private static List<String> lines(String resource) {
    try (var in = requireNonNull(WorkingCalendarTest.class.getResourceAsStream(resource))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().skip(1).toList();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
