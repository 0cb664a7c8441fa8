package io.linyu.casework;

import static io.linyu.casework.Bureau.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.linyu.TestClock;
import io.linyu.community.Imports;
import io.linyu.community.Staff;
import io.linyu.platform.events.Told;
import io.linyu.platform.time.QuietHours;
import io.linyu.platform.time.StatutoryDays;
import io.linyu.platform.time.Ticker;
import io.linyu.platform.time.WorkingCalendar;
import io.linyu.platform.time.WorkingCalendars;
import java.io.StringReader;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The holidays of the next year are announced while clocks run into it.
class RecountsTest {
  @AutoClose private final Bureau bureau = new Bureau();
  private final Staff ren = bureau.staff("任", "community_deputy", "C1");

  @BeforeEach
  void itIsNewYearsEve() {
    bureau.clock.set("2026-12-31T10:00");
  }

  @Test
  void whatRunsIsCountedAgainOnceAndNothingElseMoves() {
    Opened opened = bureau.open(bureau.told("3栋楼道堆了旧家具", "0102"));
    Case before = bureau.handling.claim(ren, opened.id(), see(opened).version());
    before = bureau.handling.answer(ren, before.id(), before.version(), "下周来清");
    assertThat(before.nextDueAt()).as("New Year is off by law").isEqualTo(at("2027-01-05T17:30"));
    Opened other = bureau.open(bureau.told("想找人说说家里的事", null, "C1L03", true, false));
    Opened closed = bureau.open(bureau.told("3栋楼道堆了纸箱", "0102"));
    Case done = bureau.handling.claim(ren, closed.id(), see(closed).version());
    var _ = bureau.finish(ren, done.id(), done.version(), "清完了");

    assertThat(forecast("2027-01-04,off,元旦\n"))
        .isEqualTo(new ClockForecast(2, 1, Duration.ofDays(1), 0, Duration.ZERO, 0));
    announce("2027-01-04,off,元旦\n");
    assertThat(countAll()).isEqualTo(1);
    assertThat(countAll()).as("never twice").isZero();

    Case after = see(opened);
    assertThat(after.nextDueAt()).isEqualTo(at("2027-01-06T17:30"));
    assertThat(after.version()).isEqualTo(before.version());
    assertThat(after.state()).isEqualTo(before.state());
    assertThat(after.staffId()).isEqualTo(before.staffId());
    CaseClock handling = bureau.cases.clocks(ren, after.id()).getLast();
    assertThat(handling.rule()).isEqualTo("2 work_day by " + calendar().version());
    assertThat(handling.startedAt()).isEqualTo(at("2026-12-31T10:00"));
    assertThat(handling.amberAt())
        .as("four fifths of twenty hours")
        .isEqualTo(calendar().after(at("2026-12-31T10:00"), Duration.ofHours(16)));
    assertThat(moves(opened))
        .containsExactly("handling 2027-01-05T09:30:00Z 2027-01-06T09:30:00Z false");
    assertThat(moves(other)).as("due today, whatever is next year").isEmpty();
    assertThat(moves(closed)).isEmpty();
    assertThat(bureau.events.broken(CaseEvent.VOCABULARY)).isEmpty();

    assertThat(bureau.cases.byCode(after.code(), "zh").orElseThrow().steps())
        .extracting(Line::sentence)
        .contains("放假安排更新了，时间按工作日重新算：办完的时间从 2027年1月5日 17:30 改到 2027年1月6日 17:30");
    assertThat(bureau.cases.byCode(after.code(), "zh").orElseThrow().next())
        .extracting(CaseClock::dueAt)
        .isEqualTo(at("2027-01-06T17:30"));
    assertThat(bureau.cases.history(ren, after.id()))
        .extracting(Line::sentence)
        .contains("假日安排更新，办理时限从 2027年1月5日 17:30 改到 2027年1月6日 17:30");
  }

  @Test
  void whatIsLateNoMoreMayBeLateAgainAndNobodyIsMadeLateByAFile() {
    Opened opened = bureau.open(bureau.told("3栋楼道堆了旧家具", "0102"));
    Case matter = bureau.handling.claim(ren, opened.id(), see(opened).version());
    var _ = bureau.handling.answer(ren, matter.id(), matter.version(), "下周来清");
    Opened unanswered = bureau.open(bureau.told("3栋楼道堆了纸箱", "0102"));
    bureau.clock.set("2027-01-01T10:30");
    notice();
    bureau.clock.set("2027-01-05T18:00");
    notice();
    assertThat(delays(opened)).containsExactly("2027-01-05T09:30:00Z true");

    announce("2027-01-04,off,元旦\n");
    assertThat(countAll()).isEqualTo(1);
    assertThat(moves(opened))
        .containsExactly("handling 2027-01-05T09:30:00Z 2027-01-06T09:30:00Z true");
    assertThat(moves(unanswered))
        .as("they heard that nobody has contacted them, and that stays so")
        .contains("handling 2027-01-05T09:30:00Z 2027-01-06T09:30:00Z false");
    notice();
    assertThat(delays(opened)).hasSize(1);

    bureau.clock.set("2027-01-06T10:00");
    String worked = "2027-01-04,work,元旦\n";
    assertThat(forecast(worked))
        .isEqualTo(new ClockForecast(3, 0, Duration.ZERO, 0, Duration.ZERO, 2));
    announce(worked);
    assertThat(countAll()).isEqualTo(1);
    assertThat(handling(opened).dueAt()).isEqualTo(at("2027-01-06T17:30"));
    assertThat(moves(opened)).hasSize(1);

    bureau.clock.set("2027-01-06T18:00");
    notice();
    assertThat(delays(opened)).hasSize(2).last().isEqualTo("2027-01-06T09:30:00Z true");
  }

  /// Before the days take effect one sees what they would have done with what is over.
  @Test
  void whatIsOverIsLookedAtByTheNewDaysAndStaysAsItWas() {
    Opened opened = bureau.open(bureau.told("3栋楼道堆了旧家具", "0102"));
    Case matter = bureau.handling.claim(ren, opened.id(), see(opened).version());
    bureau.clock.set("2027-01-05T18:00");
    var _ = bureau.finish(ren, matter.id(), see(opened).version(), "清完了");
    assertThat(handling(opened).dueAt()).as("half an hour late").isEqualTo(at("2027-01-05T17:30"));

    CalendarReplay past = replay("2027-01-04,off,元旦\n");
    assertThat(past.clocks()).isPositive();
    assertThat(past.moved()).isPositive().isLessThanOrEqualTo(past.clocks());
    assertThat(past.inTime()).as("there would have been another day").isEqualTo(1);
    assertThat(past.late()).isZero();
    assertThat(past.full()).isFalse();
    assertThat(replay("").moved()).as("as it was").isZero();
    announce("2027-01-04,off,元旦\n");
    assertThat(replay("2027-01-04,work,元旦\n").late()).isZero();
    assertThat(countAll()).as("what is over is not touched").isZero();
    assertThat(handling(opened).dueAt()).isEqualTo(at("2027-01-05T17:30"));
    bureau.clock.pass(Duration.ofDays(91));
    assertThat(replay("2027-01-04,off,元旦\n").clocks()).as("long ago").isZero();
  }

  private CalendarReplay replay(String more) {
    var days =
        bureau.community.imports().holidaysWith(new StringReader(notice(more))).orElseThrow();
    return CalendarReplay.of(
        bureau.db, WorkingCalendars.with(TestClock.ZONE, days), bureau.clock.instant());
  }

  @Test
  void whatWasExtendedStaysExtended() {
    Staff he = bureau.staff("何", "info_officer", "C1");
    Extending extending = bureau.casework.extending();
    Opened opened = bureau.open(bureau.told("3栋楼道堆了旧家具", "0102"));
    Case matter = bureau.handling.claim(ren, opened.id(), see(opened).version());
    matter = extending.ask(ren, matter.id(), 1, "等车");
    matter = extending.grant(he, matter.id(), Objects.requireNonNull(matter.asked()).noteId());
    assertThat(handling(opened).dueAt()).isEqualTo(at("2027-01-06T17:30"));
    announce("2027-01-04,off,元旦\n");
    assertThat(countAll()).isEqualTo(1);
    assertThat(handling(opened).dueAt()).isEqualTo(at("2027-01-07T17:30"));
    assertThat(moves(opened))
        .containsExactly("handling 2027-01-06T09:30:00Z 2027-01-07T09:30:00Z false");
    matter = extending.ask(ren, matter.id(), 2, "还等");
    assertThat(extending.offer(matter.id()).orElseThrow().with(2))
        .as("never more than the limit was at first")
        .isEqualTo(at("2027-01-11T17:30"));
  }

  /// Also one that stands still while they are announced, and one that has stood still before.
  @Test
  void whatStoodStillIsCountedWithoutThatTime() {
    Staff gao = bureau.staff("高", "community_secretary", "C1");
    Suspending suspending = bureau.casework.suspending();
    Opened opened = bureau.open(bureau.told("3栋楼道堆了旧家具", "0102"));
    Case matter = bureau.handling.claim(ren, opened.id(), see(opened).version());
    matter = waits(matter, LocalDate.of(2027, 1, 20));
    bureau.clock.set("2026-12-31T11:00");
    matter =
        suspending.grant(
            gao, matter.id(), matter.version(), Objects.requireNonNull(matter.asked()).noteId());
    bureau.clock.set("2027-01-06T11:00");
    var _ = suspending.resume(ren, matter.id(), matter.version());
    assertThat(handling(opened).dueAt())
        .as("five hours of the last day, and two days of seven")
        .isEqualTo(at("2027-01-08T17:30"));

    announce("2027-01-07,off,元旦\n");
    assertThat(countAll()).isEqualTo(1);
    assertThat(handling(opened).dueAt()).isEqualTo(at("2027-01-11T17:30"));
    assertThat(countAll()).isZero();

    bureau.clock.set("2027-01-08T09:00");
    matter = waits(see(opened), LocalDate.of(2027, 1, 20));
    matter =
        suspending.grant(
            gao, matter.id(), matter.version(), Objects.requireNonNull(matter.asked()).noteId());
    String rule = handling(opened).rule();
    announce("2027-01-07,off,元旦\n2027-01-12,off,元旦\n");
    assertThat(countAll()).as("it does not run").isZero();
    assertThat(handling(opened).rule()).isEqualTo(rule);
    bureau.clock.set("2027-01-11T09:00");
    var _ = suspending.resume(ren, matter.id(), matter.version());
    assertThat(handling(opened).dueAt())
        .as("two days were left, and a day between is off now")
        .isEqualTo(at("2027-01-13T17:30"));
    assertThat(countAll()).isZero();
  }

  private Case waits(Case matter, LocalDate until) {
    return bureau
        .casework
        .suspending()
        .ask(ren, matter.id(), TimeRequest.Reason.SEASON, until, "等开春");
  }

  @Test
  void nodesThatCountAtTheSameTimeCountEachOnceAlsoOneThatHasNotHeardOfIt() throws Exception {
    List<Opened> opened = new ArrayList<>();
    for (int i = 0; i < 70; i++) {
      opened.add(bureau.open(bureau.told("3栋楼道堆了旧家具" + i, "0102")));
    }
    var ticker = new Ticker();
    var behind = new WorkingCalendars(bureau.db, TestClock.ZONE, ticker);
    ticker.close();
    announce("2027-01-04,off,元旦\n");
    assertThat(behind.get().version()).isNotEqualTo(calendar().version());
    try (var nodes = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<Integer> here = () -> countAll(bureau.calendars);
      Callable<Integer> there = () -> countAll(behind);
      for (Future<Integer> each : nodes.invokeAll(List.of(here, there, here, there))) {
        each.get();
      }
    }
    assertThat(countAll()).isZero();
    assertThat(opened)
        .allSatisfy(each -> {
          assertThat(moves(each)).hasSize(1);
          assertThat(handling(each).dueAt()).isEqualTo(at("2027-01-06T17:30"));
        });
    assertThat(behind.get().version()).isEqualTo(calendar().version());
    assertThat(bureau.events.broken(CaseEvent.VOCABULARY)).isEmpty();
  }

  @Test
  void fromNovemberOnTheNextYearsNoticeIsMissed() {
    assertThat(bureau.calendars.missed(at("2026-10-31T23:59"))).isEmpty();
    assertThat(bureau.calendars.missed(at("2026-11-01T00:00"))).hasValue(2027);
    assertThat(bureau.calendars.missed(at("2027-01-01T00:00"))).hasValue(2027);
    announce("");
    assertThat(bureau.calendars.missed(at("2026-11-01T00:00"))).isEmpty();
    assertThat(bureau.calendars.missed(at("2027-10-31T23:59"))).isEmpty();
  }

  private int countAll() {
    return countAll(bureau.calendars);
  }

  /// In how many batches.
  private int countAll(WorkingCalendars calendars) {
    int batches = 0;
    while (bureau.casework.recounts().countDue(calendars)) {
      batches++;
    }
    return batches;
  }

  private ClockForecast forecast(String more) {
    var days =
        bureau.community.imports().holidaysWith(new StringReader(notice(more))).orElseThrow();
    return ClockForecast.of(
        bureau.db, WorkingCalendars.with(TestClock.ZONE, days), bureau.clock.instant());
  }

  private void announce(String more) {
    var report =
        bureau.community.imports().holidays(new StringReader(notice(more)), Imports.Options.PLAIN);
    assertThat(report.isGood()).isTrue();
    bureau.calendars.refresh();
  }

  /// Of an invented year: what the law gives, and this.
  private static String notice(String more) {
    Stream<String> days =
        StatutoryDays.off(2027).entrySet().stream()
            .map(each -> each.getKey() + ",off," + each.getValue());
    return "date,kind,name\n" + days.collect(Collectors.joining("\n")) + "\n" + more;
  }

  private WorkingCalendar calendar() {
    return bureau.calendars.get();
  }

  private Case see(Opened opened) {
    return bureau.cases.visibleTo(ren, opened.id());
  }

  private CaseClock handling(Opened opened) {
    return bureau.cases.clocks(ren, opened.id()).stream()
        .filter(each -> each.kind() == CaseClock.Kind.HANDLING)
        .findFirst()
        .orElseThrow();
  }

  private List<String> moves(Opened of) {
    return told(of)
        .filter(CaseEvent.ClockMoved.class::isInstance)
        .map(CaseEvent.ClockMoved.class::cast)
        .map(each -> each.clock() + " " + each.from() + " " + each.to() + " " + each.excused())
        .toList();
  }

  private List<String> delays(Opened of) {
    return told(of)
        .filter(CaseEvent.Delayed.class::isInstance)
        .map(CaseEvent.Delayed.class::cast)
        .map(each -> each.due() + " " + each.said())
        .toList();
  }

  private Stream<CaseEvent> told(Opened of) {
    return bureau.events.of(bureau.db, CaseEvent.VOCABULARY, of.id().value()).stream()
        .map(Told::event);
  }

  private void notice() {

    var pace =
        new Errands.Pace(
            Duration.ofMinutes(15), Duration.ofMinutes(10), QuietHours.NONE, TestClock.ZONE);
    while (bureau.casework.delays().noticeDue(pace)) {
      // there may be more
    }
  }
}
