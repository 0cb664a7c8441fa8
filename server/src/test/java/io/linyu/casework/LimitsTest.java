package io.linyu.casework;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linyu.TestClock;
import io.linyu.casework.Replay.LimitSet;
import io.linyu.casework.Replay.State;
import io.linyu.community.Staff;
import io.linyu.platform.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LimitsTest {
  @AutoClose private static final Bureau BUREAU = new Bureau();
  private static final Limits LIMITS = BUREAU.casework.limits();
  private static final Replays REPLAYS = BUREAU.casework.replays();

  private static final Staff DEPUTY = BUREAU.staff("任", "community_deputy", "C1");
  private static final Staff STREET = BUREAU.staff("韦", "street_dispatcher", "S1");
  private static final Staff DISTRICT = BUREAU.staff("章", "district_dispatcher", "D");
  private static final LocalDate TODAY = LocalDate.parse("2026-03-12");

  @BeforeEach
  void itIsThursdayAndNothingWasTold() {
    BUREAU.clock.set("2026-03-12T10:00");
    BUREAU.db.execute("TRUNCATE \"case\" CASCADE");
    BUREAU.db.execute("DELETE FROM case_rules WHERE version > 1");
    BUREAU.db.execute("DELETE FROM replay");
  }

  @Test
  void aChangeIsSeenFirstAndIsANewVersionThatLeavesRunningClocksAlone() {
    BUREAU.clock.set("2026-03-02T10:00"); // a Monday; stairwells have two working days
    Case quick = done("0102", "2026-03-03T10:00");
    Case slow = done("0102", "2026-03-04T17:00");
    Case late = done("0102", "2026-03-05T10:00");
    Case running = BUREAU.cases.visibleTo(DISTRICT, tell("0102").id());
    var _ = done("0101", "2026-03-05T10:00");
    BUREAU.clock.set("2026-03-12T10:00");

    Replay asked = REPLAYS.order(DISTRICT, handling("0102", 1, "work_day", 1));
    REPLAYS.run(asked);
    Replay seen = REPLAYS.visibleTo(DISTRICT, asked.code());
    assertThat(seen.state()).isEqualTo(State.COMPLETE);
    Replay.Lateness sum = requireNonNull(seen.limits()).kinds().getFirst();
    assertThat(seen.limits().kinds()).hasSize(1);
    assertThat(sum.clocks()).isEqualTo(4);
    assertThat(sum.before()).as("%s and %s", late.id(), running.id()).isEqualTo(2);
    assertThat(sum.after()).isEqualTo(3);
    assertThat(sum.nowLate()).containsExactly(slow.id().value());
    assertThat(sum.nowInTime()).isEmpty();
    assertThat(REPLAYS.names(DISTRICT, List.of(quick.id().value()))).hasSize(1);
    refused(() -> REPLAYS.visibleTo(STREET, asked.code()), "not-found");

    assertThat(REPLAYS.decide(DISTRICT, "", asked.code())).isEmpty();
    assertThat(handlingOf(tell("0102"))).startsWith("2 work_day");
    BUREAU.clock.set("2026-03-13T00:00");
    Opened next = tell("0102");
    assertThat(handlingOf(next)).startsWith("1 work_day");
    assertThat(clock(next, CaseClock.Kind.HANDLING).ruleVersion()).isEqualTo(2);
    assertThat(handlingOf(tell("0101"))).startsWith("4 work_hour");
    CaseClock still = clock(running.id(), CaseClock.Kind.HANDLING);
    assertThat(still.rule()).startsWith("2 work_day");
    assertThat(still.ruleVersion()).isEqualTo(1);

    LimitVersion version = LIMITS.page(null, 5).versions().getFirst();
    assertThat(version.version()).isEqualTo(2);
    assertThat(requireNonNull(version.change()).was()).isEqualTo("2 work_day");
    assertThat(version.setBy()).isEqualTo("章");
    assertThat(REPLAYS.of(DISTRICT, List.of(requireNonNull(version.replay())))).hasSize(1);

    // As in the catalogue again: it is not its own any more.
    set(handling("0102", 2, "work_day", 0));
    assertThat(LIMITS.current().own()).isEmpty();
    assertThat(handlingOf(tell("0102"))).startsWith("2 work_day");
  }

  @Test
  void limitsOfTheHouseAndOfFirstContactAreChangedLikewise() {
    set(new LimitSet(Limited.SIGNING, null, null, 3, "work_hour", TODAY, "人手少"));
    set(new LimitSet(Limited.SIGNING_CRITICAL, null, null, 20, "minute", TODAY, "要快"));
    set(new LimitSet(Limited.FIRST_CONTACT, "0102", null, 8, "calendar_hour", TODAY, "要快"));
    Opened opened = tell("0102");
    assertThat(clock(opened, CaseClock.Kind.SIGNING).rule()).startsWith("3 work_hour");
    assertThat(clock(opened, CaseClock.Kind.FIRST_CONTACT).rule()).startsWith("8 calendar_hour");
    assertThat(handlingOf(opened)).startsWith("2 work_day");
    assertThat(clock(tell("0303"), CaseClock.Kind.SIGNING).rule()).isEqualTo("20 minute");
  }

  @Test
  void whatWaitsIsTakenBackAndVersionsComeOneAfterTheOther() {
    set(handling("0102", 5, "work_day", 10));
    refused(() -> set(handling("0301", 2, "work_day", 9)), "limit-planned");
    set(handling("0301", 2, "work_day", 10));
    refused(() -> LIMITS.takeBack(DISTRICT, "", 2), "limit-begun");
    LIMITS.takeBack(DISTRICT, "", 3);
    LimitVersion back = LIMITS.page(null, 1).versions().getFirst();
    assertThat(back.from()).isNull();
    assertThat(back.takenBackBy()).isEqualTo("章");
    assertThat(requireNonNull(back.change()).category()).isEqualTo("0301");
    BUREAU.clock.set("2026-03-22T00:00");
    assertThat(LIMITS.current().version()).isEqualTo(2);
    assertThat(handlingOf(tell("0102"))).startsWith("5 work_day");
    assertThat(handlingOf(tell("0301"))).startsWith("24 calendar_hour");
    refused(() -> LIMITS.takeBack(DISTRICT, "", 2), "limit-begun");
  }

  @Test
  void whatCannotBeIsRefused() {
    refused(() -> order(STREET, handling("0102", 1, "work_day", 1)), "limit-not-yours");
    refused(() -> order(DEPUTY, handling("0102", 1, "work_day", 1)), "limit-not-yours");
    refused(() -> order(DISTRICT, handling("0102", 0, "work_day", 1)), "limit-value");
    refused(() -> order(DISTRICT, handling("0102", 1000, "work_day", 1)), "limit-value");
    refused(() -> order(DISTRICT, handling("0102", 1, "minute", 1)), "limit-unit");
    refused(() -> order(DISTRICT, handling("0102", 1, "work_day", -1)), "routing-past");
    refused(() -> order(DISTRICT, handling("01", 1, "work_day", 1)), "limit-kind-missing");
    refused(() -> order(DISTRICT, handling(null, 1, "work_day", 1)), "limit-kind-missing");
    refused(() -> order(DISTRICT, handling("0102", 2, "work_day", 1)), "limit-same");
    refused(
        () ->
            order(
                DISTRICT,
                new LimitSet(Limited.FIRST_CONTACT, "0102", null, 1, "work_day", TODAY, "试")),
        "limit-unit");
    refused(
        () ->
            order(
                DISTRICT, new LimitSet(Limited.ACCEPTANCE, null, null, 1, "work_hour", TODAY, " ")),
        "reason-missing");
  }

  /// By the limits as they are every clock is due when it is, and as many are late as are.
  @Test
  void theLimitsAsTheyAreMoveNothing() {
    long seed = Long.getLong("linyu.seed", System.nanoTime());
    var random = new Random(seed);
    List<Category> kinds =
        BUREAU.casework.categories().all().stream().filter(Category::isSpecific).toList();
    var told = new ArrayList<CaseId>();
    for (int i = 0; i < 60; i++) {
      BUREAU.clock.set("2026-01-05T08:00");
      BUREAU.clock.pass(Duration.ofMinutes(random.nextInt(60 * 24 * 60)));
      boolean sure = random.nextInt(4) > 0;
      Category kind = kinds.get(random.nextInt(kinds.size()));
      Opened opened = BUREAU.open(BUREAU.told("有事", kind.code(), "C1L03", true, sure));
      told.add(opened.id());
    }
    BUREAU.clock.set("2026-03-12T10:00");
    Instant now = BUREAU.clock.instant();
    Rules rules = LIMITS.current();
    for (Limited what : Limited.values()) {
      LimitReplay past = REPLAYS.clocks(what, null, rules, rules);
      new ReplayStore()
          .clocks(BUREAU.db, what, Long.MAX_VALUE, 1_000)
          .forEach(each -> {
            if (each.ran() != null) {
              past.add(each.ran());
            }
          });
      Replay.Lates lates = past.outcome(false);
      List<CaseClock> ran =
          told.stream()
              .flatMap(id -> BUREAU.cases.clocks(DISTRICT, id).stream())
              .filter(each -> each.kind() == what.kind() && what.isCountedIn(each.unit()))
              .toList();
      assertThat(past.clocks()).as("%s, seed %d", what, seed).isEqualTo(ran.size());
      assertThat(lates.before())
          .as("%s, seed %d", what, seed)
          .isEqualTo(lates.after())
          .isEqualTo((int) ran.stream().filter(each -> each.isMissed(now)).count());
      assertThat(lates.kinds())
          .allMatch(each -> each.nowLate().isEmpty() && each.nowInTime().isEmpty());
    }
  }

  /// What no clock runs for is counted from what was returned and asked.
  @Test
  void returnsLooksAndViewsHaveLimitsInVersionsToo() {
    Staff luo = officer("罗", "D09", "S1");
    Staff shui = officer("水", "D04", "D");
    long toLuo = luo.desks().iterator().next();
    long toShui = shui.desks().iterator().next();
    Returning returning = BUREAU.casework.returning();
    Case sent = sentTo(toLuo);
    BUREAU.clock.pass(Duration.ofMinutes(90));
    Case returned =
        returning.sendBack(
            luo, sent.id(), sent.version(), Returning.Ground.NOT_OURS, toShui, "不归我们");
    Case agreed = returning.agree(STREET, returned.id(), returned.version(), toShui);
    assertThat(BUREAU.casework.ruling().offer(agreed).orElseThrow().viewUntil())
        .as("a working day")
        .isEqualTo(Bureau.at("2026-03-13T17:30"));
    Case before = sentTo(toLuo);
    BUREAU.clock.pass(Duration.ofMinutes(1));
    set(new LimitSet(Limited.RETURNING, null, null, 1, "work_hour", TODAY, "要快"));
    set(new LimitSet(Limited.RETURN_DECISION, null, null, 3, "work_hour", TODAY, "人手少"));
    set(new LimitSet(Limited.VIEWING, null, null, 2, "work_hour", TODAY, "要快"));
    Replay replay =
        REPLAYS.order(
            DISTRICT, new LimitSet(Limited.RETURNING, null, null, 8, "work_hour", TODAY, "放宽"));
    REPLAYS.run(replay);
    Replay.Lateness past =
        requireNonNull(REPLAYS.visibleTo(DISTRICT, replay.code()).limits()).kinds().getFirst();
    assertThat(past.clocks()).as("one was returned").isEqualTo(1);
    assertThat(past.before()).as("after one hour and a half").isEqualTo(1);
    assertThat(past.after()).isZero();

    Case after = sentTo(toLuo);
    assertThat(returning.offer(before).until())
        .as("what was sent before goes by the version of then")
        .isAfter(Bureau.at("2026-03-12T15:30"));
    assertThat(returning.offer(after).until()).isEqualTo(Bureau.at("2026-03-12T14:01"));
    assertThat(BUREAU.casework.ruling().offer(agreed).orElseThrow().viewUntil())
        .isEqualTo(Bureau.at("2026-03-12T15:01"));
    Case back =
        returning.sendBack(
            luo, after.id(), after.version(), Returning.Ground.NOT_OURS, toShui, "不归我们");
    assertThat(new ClockStore().clocks(BUREAU.db, back.id()))
        .filteredOn(each -> each.kind() == CaseClock.Kind.RULING)
        .singleElement()
        .satisfies(each -> {
          assertThat(each.rule()).startsWith("3 work_hour");
          assertThat(each.ruleVersion()).isEqualTo(LIMITS.current().version());
        });
    set(new LimitSet(Limited.LOOKING, null, null, 1, "work_hour", TODAY, "要快"));
    assertThat(LIMITS.current().limit(Limited.LOOKING, null)).isEqualTo("1 work_hour");
  }

  /// A kind may have its own of these; what has none goes by the house.
  @Test
  void oneKindIsReturnedDecidedSeenAndViewedInItsOwnTime() {
    Staff gu = officer("顾", "D09", "S1");
    Staff jiang = officer("江", "D04", "D");
    Staff head = BUREAU.staff("孟", "building_head", "C1L03");
    long toGu = gu.desks().iterator().next();
    long toJiang = jiang.desks().iterator().next();
    Returning returning = BUREAU.casework.returning();
    Case before = sentTo(toGu, "0102");
    BUREAU.clock.pass(Duration.ofMinutes(90));
    var _ =
        returning.sendBack(
            gu, before.id(), before.version(), Returning.Ground.NOT_OURS, toJiang, "不归我们");
    BUREAU.clock.set("2026-03-12T10:00");
    Replay replay = REPLAYS.order(DISTRICT, own(Limited.RETURNING, 1));
    REPLAYS.run(replay);
    Replay.Lateness past =
        requireNonNull(REPLAYS.visibleTo(DISTRICT, replay.code()).limits()).kinds().getFirst();
    assertThat(past.before()).isZero();
    assertThat(past.after()).as("after one hour and a half").isEqualTo(1);
    var _ = REPLAYS.decide(DISTRICT, "", replay.code());
    set(own(Limited.RETURN_DECISION, 3));
    set(own(Limited.VIEWING, 4));
    set(own(Limited.LOOKING, 1));
    LimitVersion version = LIMITS.page(null, 5).versions().getFirst();
    assertThat(requireNonNull(version.change()).category()).isEqualTo("0102");
    assertThat(version.change().was()).isEqualTo("2 work_hour");

    Case own = sentTo(toGu, "0102");
    Case other = sentTo(toGu, "0101");
    assertThat(returning.offer(own).until()).isEqualTo(Bureau.at("2026-03-12T11:00"));
    assertThat(returning.offer(other).until()).isAfter(Bureau.at("2026-03-12T15:00"));
    assertThat(decision(returned(gu, own, toJiang)).rule()).startsWith("3 work_hour");
    assertThat(decision(returned(gu, own, toJiang)).ruleVersion()).isEqualTo(version.version());
    assertThat(decision(returned(gu, other, toJiang)).rule()).startsWith("2 work_hour");
    assertThat(viewed(own, toJiang)).isEqualTo(Bureau.at("2026-03-12T15:30"));
    assertThat(viewed(other, toJiang)).as("a working day").isAfter(Bureau.at("2026-03-13T09:00"));
    assertThat(look(head, "0102").rule()).startsWith("1 work_hour");
    assertThat(look(head, "0101").rule()).startsWith("2 work_hour");
    // What comes for the house leaves it alone, and what is as in the house is not its own.
    set(new LimitSet(Limited.LOOKING, null, null, 3, "work_hour", TODAY, "人手少"));
    assertThat(look(head, "0102").rule()).startsWith("1 work_hour");
    assertThat(look(head, "0101").rule()).startsWith("3 work_hour");
    set(own(Limited.LOOKING, 3));
    assertThat(requireNonNull(LIMITS.current().own().get("0102")).looking()).isNull();

    refused(() -> order(DISTRICT, own(Limited.LOOKING, 3)), "limit-same");
    refused(() -> order(DISTRICT, own(Limited.SIGNING, 3)), "limit-of-house");
    refused(
        () ->
            order(
                DISTRICT, new LimitSet(Limited.RETURNING, "01", null, 1, "work_hour", TODAY, "要快")),
        "limit-kind-unknown");
    refused(
        () ->
            order(DISTRICT, new LimitSet(Limited.VIEWING, "0102", null, 1, "minute", TODAY, "要快")),
        "limit-unit");
  }

  private static LimitSet own(Limited what, int hours) {
    return new LimitSet(what, "0102", null, hours, "work_hour", TODAY, "要快");
  }

  private static Case returned(Staff by, Case sent, long to) {
    Case now = BUREAU.cases.visibleTo(DISTRICT, sent.id());
    return now.returned() != null
        ? now
        : BUREAU
            .casework
            .returning()
            .sendBack(by, now.id(), now.version(), Returning.Ground.NOT_OURS, to, "不归我们");
  }

  private static CaseClock decision(Case returned) {
    return clock(returned.id(), CaseClock.Kind.RULING);
  }

  /// By when the other desk would have to say how it sees it.
  private static Instant viewed(Case returned, long to) {
    Case now = BUREAU.cases.visibleTo(DISTRICT, returned.id());
    Case agreed = BUREAU.casework.returning().agree(STREET, now.id(), now.version(), to);
    return requireNonNull(BUREAU.casework.ruling().offer(agreed).orElseThrow().viewUntil());
  }

  private static CaseClock look(Staff head, String category) {
    Opened waits = BUREAU.open(BUREAU.told("有事", category, "C1L03", true, false));
    Case matter = BUREAU.cases.visibleTo(DISTRICT, waits.id());
    var question = new Requests.Question("请看一看", false, Requests.Within.SOON);
    var _ =
        BUREAU.casework.requests().look(DEPUTY, waits.id(), matter.version(), head.id(), question);
    return clock(waits.id(), CaseClock.Kind.LOOK);
  }

  private static Case sentTo(long desk) {
    return sentTo(desk, "0102");
  }

  private static Case sentTo(long desk, String category) {
    Case told = BUREAU.cases.visibleTo(DISTRICT, tell(category).id());
    return BUREAU.handovers.handOn(DEPUTY, told.id(), told.version(), desk, "请处理");
  }

  private static Staff officer(String name, String body, String territory) {
    Staff hired = BUREAU.staff(name, "department_handler", territory);
    BUREAU
        .community
        .staff()
        .join(
            hired,
            BUREAU.community.desks().at(BUREAU.place(territory)).stream()
                .filter(each -> each.body().equals(body))
                .findFirst()
                .orElseThrow());
    return BUREAU.community.staff().byCode("T-" + name).orElseThrow();
  }

  private static void set(LimitSet change) {
    Replay replay = REPLAYS.order(DISTRICT, change);
    REPLAYS.run(replay);
    var _ = REPLAYS.decide(DISTRICT, "", replay.code());
  }

  private static void order(Staff staff, LimitSet change) {
    var _ = REPLAYS.order(staff, change);
  }

  private static LimitSet handling(
      @Nullable String category, int value, String unit, int daysFromToday) {
    return new LimitSet(
        Limited.HANDLING,
        category,
        null,
        value,
        unit,
        LocalDate.ofInstant(BUREAU.clock.instant(), TestClock.ZONE).plusDays(daysFromToday),
        "试一试");
  }

  /// Told on that Monday and closed then.
  private static Case done(String category, String closed) {
    Case matter = BUREAU.cases.visibleTo(DEPUTY, tell(category).id());
    matter = BUREAU.handling.claim(DEPUTY, matter.id(), matter.version());
    BUREAU.clock.set(closed);
    matter = BUREAU.finish(DEPUTY, matter.id(), matter.version(), "清好了。");
    BUREAU.clock.set("2026-03-02T10:00");
    return matter;
  }

  private static Opened tell(String category) {
    return BUREAU.open(BUREAU.told("有事", category));
  }

  private static String handlingOf(Opened opened) {
    return clock(opened, CaseClock.Kind.HANDLING).rule();
  }

  private static CaseClock clock(Opened opened, CaseClock.Kind kind) {
    return clock(opened.id(), kind);
  }

  private static CaseClock clock(CaseId id, CaseClock.Kind kind) {
    return BUREAU.cases.clocks(DISTRICT, id).stream()
        .filter(each -> each.kind() == kind)
        .findFirst()
        .orElseThrow();
  }

  private static void refused(ThrowingCallable what, String code) {
    assertThatThrownBy(what)
        .isInstanceOfSatisfying(
            Refusal.class, refusal -> assertThat(refusal.code()).isEqualTo(code));
  }
}
