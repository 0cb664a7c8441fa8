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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
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
    var days = new HashMap<LocalDate, Boolean>();
    for (String line : lines("/config/holidays.csv")) {
      String[] field = line.split(",", 3);
      days.put(LocalDate.parse(field[0]), field[1].equals("work"));
    }
    return new WorkingCalendar(zone, WorkingCalendar.OFFICE_WEEK, days);
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
