package io.linyu.casework;

import static io.linyu.casework.Bureau.assertRefused;
import static io.linyu.casework.Bureau.at;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import io.linyu.TestClock;
import io.linyu.casework.CaseClock.Kind;
import io.linyu.community.Desk;
import io.linyu.community.DeskHours;
import io.linyu.community.DeskHours.Plan;
import io.linyu.community.HoursVersion;
import io.linyu.community.Staff;
import io.linyu.platform.Refusal;
import io.linyu.platform.text.Words;
import io.linyu.platform.time.QuietHours;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A desk works at other hours than the house.
class DeskHoursTest {
  private static final LocalDate TODAY = LocalDate.parse("2026-03-12");
  private static final Map<DayOfWeek, String> DAILY = daily("8:00-20:00");

  @AutoClose private static final Bureau BUREAU = bureau();
  private static final DeskHours HOURS = BUREAU.community.deskHours();

  private static final Staff REN = BUREAU.staff("任", "community_deputy", "C1");
  private static final Staff QIU = BUREAU.staff("邱", "community_deputy", "C2");
  private static final Staff WEI = BUREAU.staff("韦", "street_dispatcher", "S1");
  private static final Staff SHAO = BUREAU.staff("邵", "street_dispatcher", "S2");
  private static final Desk DESK = BUREAU.community.desks().of(REN).getFirst();

  private static Bureau bureau() {
    var bureau = new Bureau();
    bureau.territory(Bureau.TERRITORY + "S2,street,梅岭街道,D,,\n");
    return bureau;
  }

  @BeforeEach
  void itIsThursdayAndAllWorkWhenTheHouseDoes() {
    BUREAU.clock.set("2026-03-12T10:00");
    BUREAU.db.execute("TRUNCATE \"case\" CASCADE");
    BUREAU.db.execute("TRUNCATE desk_hours");
    BUREAU.db.execute("DELETE FROM holiday WHERE name = '临时'");
    BUREAU.calendars.refresh();
  }

  @Test
  void itSignsInItsOwnHoursAndResidentsArePromisedThoseOfTheHouse() {
    set(DAILY, false);
    BUREAU.clock.set("2026-03-14T10:00"); // a Saturday
    Opened here = tell("C1L03", "0102");
    Opened there = tell("C2Z1", "0102");
    assertThat(clock(here, Kind.SIGNING).dueAt()).isEqualTo(at("2026-03-14T12:00"));
    assertThat(clock(there, Kind.SIGNING).dueAt()).isEqualTo(at("2026-03-16T11:00"));
    Returning returning = BUREAU.casework.returning();
    assertThat(returning.until(BUREAU.db, see(here)))
        .as("and so long it may return it")
        .isEqualTo(at("2026-03-14T14:00"));
    assertThat(returning.until(BUREAU.db, see(there))).isAfter(at("2026-03-16T12:00"));
    for (Kind each : new Kind[] {Kind.FIRST_CONTACT, Kind.HANDLING}) {
      assertThat(clock(here, each).dueAt()).isEqualTo(clock(there, each).dueAt());
      assertThat(clock(here, each).rule()).doesNotContain(" at ");
    }
    assertThat(clock(tell("C1L03", "0303"), Kind.SIGNING).dueAt())
        .as("what is critical is signed day and night")
        .isEqualTo(at("2026-03-14T10:30"));

    // To another desk by its hours, and back.
    BUREAU.clock.pass(Duration.ofMinutes(1));
    Desk street = BUREAU.community.desks().of(WEI).getFirst();
    Case on = BUREAU.handovers.handOn(WEI, here.id(), see(here).version(), street.id(), "请办");
    assertThat(signing(on.id()).dueAt()).isEqualTo(at("2026-03-16T11:00"));
    BUREAU.clock.pass(Duration.ofMinutes(1));
    Case again = BUREAU.handovers.handOn(WEI, on.id(), on.version(), DESK.id(), "还是你们");
    assertThat(signing(again.id()).dueAt()).isEqualTo(at("2026-03-14T12:02"));
    assertThat(BUREAU.handovers.targets(WEI, see(there).id()))
        .allSatisfy(each -> assertThat(each.working()).isNull());
    assertThat(BUREAU.community.desks().working(DESK).orElseThrow().opens()).isNull();
  }

  @Test
  void aRecountLeavesItInItsHoursAndAskedForTheSameOnceMoreDoesNothing() {
    set(DAILY, false);
    BUREAU.clock.set("2026-03-13T19:30");
    Opened through = tell("C1L03", "0102");
    BUREAU.clock.set("2026-03-14T00:00");
    set(DAILY, true);
    BUREAU.clock.set("2026-03-14T19:30");
    Opened pauses = tell("C1L03", "0102");
    assertThat(clock(through, Kind.SIGNING).dueAt()).isEqualTo(at("2026-03-14T09:30"));
    assertThat(clock(pauses, Kind.SIGNING).dueAt()).isEqualTo(at("2026-03-15T09:30"));
    CaseClock first = clock(through, Kind.SIGNING);
    CaseClock second = clock(pauses, Kind.SIGNING);

    BUREAU.db.execute("INSERT INTO holiday VALUES ('2026-03-15', 'off', '临时', '')");
    BUREAU.calendars.refresh();
    while (BUREAU.casework.recounts().countDue(BUREAU.calendars)) {
      // there may be more
    }
    String version = BUREAU.calendar().version();
    CaseClock still = clock(through, Kind.SIGNING);
    assertThat(still.dueAt()).as("holidays are nothing to it").isEqualTo(first.dueAt());
    assertThat(still.rule()).isEqualTo(rule(first) + " by " + version);
    CaseClock moved = clock(pauses, Kind.SIGNING);
    assertThat(moved.dueAt()).isEqualTo(at("2026-03-16T09:30"));
    assertThat(moved.rule()).isEqualTo(rule(second) + " by " + version);
    assertThat(rule(first)).isNotEqualTo(rule(second));
    assertThat(BUREAU.casework.recounts().countDue(BUREAU.calendars)).isFalse();
    assertThat(new RecountStore().found(BUREAU.db, version, 10)).isEmpty();
  }

  @Test
  void beforeItTakesEffectOneSeesWhatItWouldHaveDone() {
    BUREAU.clock.set("2026-03-06T18:00"); // a Friday
    Opened weekend = tell("C1L03", "0102");
    BUREAU.clock.set("2026-03-09T10:00");
    var _ = BUREAU.handling.claim(REN, weekend.id(), see(weekend).version());
    var _ = tell("C1L03", "0303");
    var _ = tell("C2Z1", "0102");
    BUREAU.clock.set("2026-03-09T12:30");
    var _ = tell("C1L03", "0102");
    BUREAU.clock.set("2026-03-12T10:00");
    // Signed on Monday within two hours of the house, and never: late by either.
    assertThat(look(DAILY)).isEqualTo(new HoursReplay(2, 1, 2, false));
    assertThat(look(daily("9:00-9:30"))).isEqualTo(new HoursReplay(2, 1, 0, false));
    assertThat(signing(weekend.id()).rule()).as("none is touched").doesNotContain(" at ");
    BUREAU.clock.set("2026-07-12T10:00");
    assertThat(look(DAILY).clocks()).as("long ago").isZero();
  }

  private static HoursReplay look(Map<DayOfWeek, String> days) {
    Plan plan = HOURS.plan(HOURS.today(), days, false, "看看");
    HOURS.require(WEI, DESK, plan);
    return HoursReplay.of(
        BUREAU.db, DESK, plan.of(DESK), BUREAU.calendar(), BUREAU.clock.instant());
  }

  @Test
  void whatWasIsKeptAndWhatHasNotBegunIsTakenBack() {
    set(DAILY, false);
    HOURS.set(WEI, "", DESK, HOURS.plan(TODAY.plusDays(7), null, false, "试完了"));
    assertRefused("hours-planned", () -> set(daily("9-12"), true));
    assertRefused("hours-not-yours", () -> HOURS.takeBack(SHAO, "", DESK, last().id()));
    long planned = last().id();
    assertThat(HOURS.book(DESK, null, 9).revocable()).isEqualTo(planned);
    BUREAU.clock.set("2026-03-18T21:00");
    assertThat(BUREAU.community.desks().working(DESK).orElseThrow().opens())
        .as("on the next day as the house")
        .isEqualTo(at("2026-03-19T09:00"));
    HOURS.takeBack(WEI, "", DESK, planned);
    assertThat(BUREAU.community.desks().working(DESK).orElseThrow().opens())
        .isEqualTo(at("2026-03-19T08:00"));
    assertRefused("hours-begun", () -> HOURS.takeBack(WEI, "", DESK, planned));
    assertThat(last().takenBackBy()).isEqualTo("韦");
    long held = HOURS.book(DESK, planned, 9).versions().getFirst().id();
    assertRefused("hours-begun", () -> HOURS.takeBack(WEI, "", DESK, held));
    assertThat(HOURS.book(DESK, null, 9).now()).isEqualTo(held);
    assertThat(BUREAU.db.rows("SELECT FROM audit_entry WHERE what = 'desk_hours_taken_back'"))
        .hasSize(1);
  }

  @Test
  void whatCannotBeIsRefusedAndNamesTheDay() {
    assertRefused("hours-past", () -> HOURS.plan(TODAY.minusDays(1), DAILY, true, "早"));
    assertRefused("reason-missing", () -> HOURS.plan(TODAY, DAILY, true, " "));
    assertRefused("hours-never", () -> HOURS.plan(TODAY, daily(""), true, "关了"));
    assertRefused("hours-unreadable", () -> plan("早上"));
    assertRefused("hours-unreadable", () -> plan("8:00-25:00"));
    assertRefused("hours-end", () -> plan("20:00-8:00"));
    assertRefused("hours-end", () -> plan("0:00-0:00"));
    assertRefused("hours-overlap", () -> plan("8-12 11:30-14"));
    assertRefused("hours-same", () -> HOURS.require(WEI, DESK, HOURS.plan(TODAY, null, true, "x")));
    for (Staff each : Stream.of(SHAO, REN, QIU).toList()) {
      assertRefused("hours-not-yours", () -> HOURS.set(each, "", DESK, plan("8-12")));
    }
    try {
      var _ = HOURS.plan(TODAY, Map.of(DayOfWeek.SATURDAY, "20:00-8:00"), true, "夜班");
    } catch (Refusal refused) {
      assertThat(Words.in("zh").of(refused)).startsWith("星期六的“20:00-8:00”");
      assertThat(Words.in("en").of(refused)).startsWith("Saturday: “20:00-8:00”");
    }
    Plan sound = HOURS.plan(TODAY, daily("14：00 至 20：00，8—12"), true, "写法不同");
    assertThat(HoursWords.hours(sound.week(), true, Words.in("zh")))
        .isEqualTo("工作时间：周一至周日 08:00–12:00 14:00–20:00");
    assertThat(HoursWords.hours(plan("0-24").week(), false, Words.in("en")))
        .isEqualTo("Works day and night, on holidays as on other days, no make-up days");
  }

  /// The time to sign runs at night, and so somebody is called then.
  @Test
  void whoWorksAtNightIsCalledAtNight() {
    var desks = BUREAU.community.desks();
    var territories = BUREAU.community.territories();
    var routing = new Routing(territories, desks, BUREAU.casework.categories());
    var callees = new Callees(BUREAU.community, new Checkers(territories, desks, routing));
    var calls = new Calls(BUREAU.clock, BUREAU.community, callees, BUREAU.casework.catchUps());
    var quiet = new QuietHours(LocalTime.of(21, 0), LocalTime.of(8, 0));
    calls.goAt(
        new Errands.Pace(Duration.ofMinutes(15), Duration.ofMinutes(10), quiet, TestClock.ZONE));
    Instant night = at("2026-03-12T23:00");
    assertThat(calls.undisturbed(DESK.id(), night)).isEqualTo(at("2026-03-13T08:00"));
    set(daily("0-24"), false);
    assertThat(calls.undisturbed(DESK.id(), night)).isEqualTo(night);
    BUREAU.clock.set("2026-03-13T00:00");
    set(daily("20-22"), false);
    assertThat(calls.undisturbed(DESK.id(), at("2026-03-13T21:30")))
        .isEqualTo(at("2026-03-13T21:30"));
    assertThat(calls.undisturbed(DESK.id(), at("2026-03-13T22:00")))
        .isEqualTo(at("2026-03-14T08:00"));
  }

  private static Plan plan(String daily) {
    return HOURS.plan(TODAY, daily(daily), true, "排班");
  }

  private static void set(Map<DayOfWeek, String> days, boolean holidays) {
    HOURS.set(WEI, "", DESK, HOURS.plan(HOURS.today(), days, holidays, "窗口延时"));
  }

  private static HoursVersion last() {
    return HOURS.book(DESK, null, 1).versions().getFirst();
  }

  private static Map<DayOfWeek, String> daily(String hours) {
    return Stream.of(DayOfWeek.values()).collect(toMap(each -> each, _ -> hours));
  }

  private static Opened tell(String place, @Nullable String kind) {
    return BUREAU.open(BUREAU.told("楼道堆了水泥", kind, place, true, true));
  }

  private static Case see(Opened opened) {
    return BUREAU.cases.visibleTo(WEI, opened.id());
  }

  private static CaseClock signing(CaseId id) {
    return BUREAU.cases.clocks(WEI, id).stream()
        .filter(each -> each.kind() == Kind.SIGNING)
        .max(Comparator.comparing(CaseClock::startedAt))
        .orElseThrow();
  }

  private static CaseClock clock(Opened opened, Kind kind) {
    return BUREAU.cases.clocks(WEI, opened.id()).stream()
        .filter(each -> each.kind() == kind)
        .findFirst()
        .orElseThrow();
  }

  /// But for the calendar.
  private static String rule(CaseClock clock) {
    return clock.rule().substring(0, clock.rule().indexOf(" by "));
  }
}
