package io.linyu.casework;

import static org.assertj.core.api.Assertions.assertThat;

import io.linyu.TestClock;
import io.linyu.casework.Category.Limit;
import io.linyu.platform.time.WorkingCalendar;
import io.linyu.platform.time.WorkingCalendar.Unit;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Whatever stands still, when and how often: what is worked in adds up to the limit.
class ClocksTest {
  private static final WorkingCalendar CALENDAR =
      new WorkingCalendar(
          TestClock.ZONE,
          WorkingCalendar.OFFICE_WEEK,
          Map.of(LocalDate.of(2026, 3, 14), true, LocalDate.of(2026, 3, 18), false));

  private static final Clocks CLOCKS =
      new Clocks(
          new Rules(
              1,
              new Limit(2, Unit.WORK_HOUR),
              new Limit(2, Unit.WORK_HOUR),
              30,
              new Limit(1, Unit.WORK_DAY),
              new Limit(2, Unit.WORK_DAY),
              new Limit(4, Unit.WORK_HOUR),
              new Limit(2, Unit.WORK_HOUR),
              new Limit(2, Unit.WORK_HOUR),
              new Limit(1, Unit.WORK_DAY),
              10,
              null,
              List.of(),
              Map.of()),
          CALENDAR);

  @Test
  void suspendingInWhateverPartsLeavesTheSameTime() {
    long seed = new Random().nextInt(1_000_000);
    for (int i = 0; i < 2_000; i++) {
      var random = new Random(seed + i);
      String which = "seed %d, %d".formatted(seed, i);
      Unit unit = List.of(Unit.values()).get(random.nextInt(3));
      Instant start = TestClock.instant("2026-03-09T00:00").plus(minutes(random, 10 * 24 * 60));
      CaseClock clock = started(start, new Limit(1 + random.nextInt(8), unit));
      Duration whole = worked(unit, start, clock.dueAt(), List.of());

      CaseClock now = clock;
      CaseClock split = clock;
      Instant at = start;
      var spans = new ArrayList<Instant>();
      for (int pauses = random.nextInt(5); pauses > 0; pauses--) {
        Instant from = at.plus(minutes(random, 3 * 24 * 60));
        if (!from.isBefore(now.dueAt())) {
          break;
        }
        Instant until = from.plus(minutes(random, 6 * 24 * 60));
        Instant between = from.plus(Duration.between(from, until).dividedBy(1 + random.nextInt(3)));
        Duration left = worked(unit, from, now.dueAt(), List.of());
        now = CLOCKS.resumed(paused(now, from), until);
        assertThat(worked(unit, until, now.dueAt(), List.of()))
            .as("%s: as much is left as was", which)
            .isEqualTo(left);
        split = CLOCKS.resumed(paused(split, from), between);
        split = CLOCKS.resumed(paused(split, between), until);
        spans.add(from);
        spans.add(until);
        at = until;
      }
      assertThat(worked(unit, start, now.dueAt(), spans)).as(which).isEqualTo(whole);
      assertThat(split.dueAt()).as("%s: in parts", which).isEqualTo(now.dueAt());
      CaseClock again = Clocks.again(now, CALENDAR);
      assertThat(again.dueAt()).as("%s: counted again", which).isEqualTo(now.dueAt());
      assertThat(again.amberAt()).as("%s: counted again", which).isEqualTo(now.amberAt());
      assertThat(now.startedAt()).as(which).isEqualTo(start);
    }
  }

  private static CaseClock started(Instant start, Limit limit) {
    var any =
        new CaseClock(CaseClock.Kind.HANDLING, start, start, start, null, limit + " by then", 1);
    return Clocks.again(any, CALENDAR);
  }

  private static CaseClock paused(CaseClock was, Instant at) {
    var pauses = new ArrayList<>(was.pauses());
    pauses.add(at);
    return new CaseClock(
        was.kind(),
        was.startedAt(),
        was.amberAt(),
        was.dueAt(),
        at,
        was.rule(),
        was.ruleVersion(),
        pauses);
  }

  /// What counts between the two, but for what stood still.
  private static Duration worked(Unit unit, Instant from, Instant until, List<Instant> still) {
    Duration sum = counted(unit, from, until);
    for (int i = 0; i < still.size(); i += 2) {
      sum = sum.minus(counted(unit, still.get(i), still.get(i + 1)));
    }
    return sum;
  }

  private static Duration counted(Unit unit, Instant from, Instant until) {
    return unit == Unit.CALENDAR_HOUR
        ? Duration.between(from, until)
        : CALENDAR.between(from, until);
  }

  private static Duration minutes(Random random, int most) {
    return Duration.ofMinutes(random.nextInt(most));
  }
}
