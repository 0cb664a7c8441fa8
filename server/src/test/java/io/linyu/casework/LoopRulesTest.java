package io.linyu.casework;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linyu.casework.LoopRule.Mode;
import io.linyu.community.Level;
import io.linyu.community.Staff;
import io.linyu.platform.Refusal;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What is done by itself, live and tried out.
class LoopRulesTest {
  @AutoClose private static final Bureau BUREAU = new Bureau();
  private static final LoopRules RULES = BUREAU.casework.loopRules();

  private static final Staff GAO = BUREAU.staff("高", "community_secretary", "C1");
  private static final Staff REN = BUREAU.staff("任", "community_deputy", "C1");
  private static final Staff WEI = BUREAU.staff("韦", "street_dispatcher", "S1");
  private static final Staff ZHANG = BUREAU.staff("章", "district_dispatcher", "D");

  @BeforeEach
  void itIsThursdayAndTheHouseIsNew() {
    BUREAU.clock.set("2026-03-12T10:00");
    BUREAU.db.execute("TRUNCATE \"case\" CASCADE");
    BUREAU.db.execute("TRUNCATE catch_up CASCADE");
    BUREAU.db.execute("DELETE FROM rule_switch WHERE version > 1");
  }

  @Test
  void aNewHouseTriesOutWhatIsNotForSafety() {
    assertThat(RULES.current())
        .extracting(each -> each.rule() + " " + each.mode() + " " + each.version())
        .containsExactly(
            "E1 LIVE 1",
            "E2 DRY 1",
            "E3 DRY 1",
            "E4 DRY 1",
            "E5 LIVE 1",
            "E6 LIVE 1",
            "E7 DRY 1",
            "E8 LIVE 1");
  }

  @Test
  void whatNobodySignsGoesToTheNextLevelTwoWorkingHoursLater() {
    CaseId id = tell();
    Case told = see(id);
    assertThat(told.state()).isEqualTo(CaseState.DISPATCHED);
    at("2026-03-12T15:29");
    assertThat(see(id)).as("12:00 it was overdue, and noon does not count").isEqualTo(told);
    at("2026-03-12T15:30");
    Case raised = see(id);
    assertThat(raised.level()).isEqualTo(Level.STREET);
    assertThat(raised.state()).isEqualTo(CaseState.DISPATCHED);
    assertThat(WEI.worksAt(raised.deskId())).isTrue();
    assertThat(raised.version()).isEqualTo(told.version() + 1);
    assertThat(history(id)).contains("按规则 E1（第 1 版）提到上一级", "按规则 提到街道");
    assertThat(progress(raised)).noneMatch(each -> each.contains("规则"));
    assertThat(due(id, CaseClock.Kind.HANDLING)).isEqualTo("2026-03-16T17:30");
    // 2 working hours to sign it, until 17:30, and 2 more.
    at("2026-03-13T10:59");
    assertThat(see(id).level()).isEqualTo(Level.STREET);
    at("2026-03-13T11:00");
    assertThat(see(id).level()).as("and there nobody either").isEqualTo(Level.DISTRICT);
    at("2026-03-20T11:30");
    assertThat(history(id).stream().filter(each -> each.contains("E1")).count())
        .as("above the district is nobody")
        .isEqualTo(2);
    assertThat(BUREAU.events.broken(CaseEvent.VOCABULARY)).isEmpty();
  }

  /// While servers are replaced one after the other.
  @Test
  void whatOnlyANewerServerDoesStopsNobody() {
    CaseId id = tell();
    BUREAU.db.execute(
        "INSERT INTO rule_applied VALUES ($1, 'E1', 'sung_of', now(), false, 1, now())",
        id.value());
    at("2026-03-12T15:30");
    assertThat(see(id).level()).isEqualTo(Level.STREET);
    assertThat(RULES.applied(REN, LoopRule.E1, 9))
        .extracting(LoopRuleStore.Applied::code)
        .containsOnlyOnce(see(id).code());
    BUREAU.db.execute("DELETE FROM rule_applied WHERE effect = 'sung_of'");
  }

  @Test
  void whatIsSignedIsNotRaised() {
    CaseId id = tell();
    BUREAU.clock.set("2026-03-12T15:00");
    var _ = BUREAU.handling.claim(REN, id, see(id).version());
    at("2026-03-13T17:00");
    assertThat(see(id).level()).isEqualTo(Level.COMMUNITY);
    assertThat(applied(id)).isEmpty();
  }

  @Test
  void whatIsTriedOutIsWrittenDownOnceAndIsDoneOnceItIsLive() {
    BUREAU.rule(LoopRule.E1, Mode.DRY);
    CaseId id = tell();
    Case told = see(id);
    at("2026-03-12T16:00");
    BUREAU.applyRules();
    assertThat(see(id)).as("nothing else").isEqualTo(told);
    assertThat(clocks(id)).hasSize(3);
    assertThat(history(id)).containsOnlyOnce("规则 E1（第 2 版，试运行）本来会提到上一级，没有做");
    assertThat(progress(told)).noneMatch(each -> each.contains("规则"));
    assertThat(requireNonNull(RULES.counts().get(LoopRule.E1)))
        .isEqualTo(new LoopRuleStore.Count(0, 1));
    assertThat(RULES.applied(REN, LoopRule.E1, 9))
        .extracting(LoopRuleStore.Applied::code)
        .containsExactly(told.code());
    Staff elsewhere = BUREAU.staff("邱", "community_deputy", "C2");
    assertThat(RULES.applied(elsewhere, LoopRule.E1, 9)).isEmpty();

    BUREAU.rule(LoopRule.E1, Mode.LIVE);
    BUREAU.applyRules();
    assertThat(see(id).level()).as("it stands so still").isEqualTo(Level.STREET);
    assertThat(applied(id)).containsExactly("E1 RAISED dry 2", "E1 RAISED done 3");
  }

  @Test
  void whatIsOffDoesNothingUntilItIsTurnedOn() {
    BUREAU.rule(LoopRule.E1, Mode.OFF);
    CaseId id = tell();
    at("2026-03-13T16:00");
    assertThat(applied(id)).isEmpty();
    BUREAU.rule(LoopRule.E1, Mode.DRY);
    BUREAU.applyRules();
    assertThat(applied(id)).containsExactly("E1 RAISED dry 3");
  }

  @Test
  void whatIsLateIsSupervisedUrgedTheNextWorkingDayAndRaisedAfterFiveWithoutAWord() {
    BUREAU.rule(LoopRule.E2, Mode.LIVE);
    CaseId id = claimed();
    at("2026-03-16T17:29");
    assertThat(applied(id)).isEmpty();
    at("2026-03-16T17:30");
    assertThat(see(id).supervisedAt()).isEqualTo(BUREAU.clock.instant());
    assertThat(called(id, "supervised")).as("they are called since it is late").isEmpty();
    at("2026-03-17T08:59");
    assertThat(see(id).urgedAt()).isNull();
    at("2026-03-17T09:00");
    assertThat(see(id).urgedAt()).isEqualTo(BUREAU.clock.instant());
    assertThat(see(id).urges()).as("no resident did").isZero();
    assertThat(called(id, "urged")).isNotEmpty();
    BUREAU.clock.set("2026-03-17T13:30");
    assertThat(called(id, "supervised")).as("and then daily").isNotEmpty();
    at("2026-03-23T17:29");
    assertThat(see(id).level()).isEqualTo(Level.COMMUNITY);
    at("2026-03-23T17:30");
    assertThat(see(id).level()).isEqualTo(Level.STREET);
    assertThat(see(id).staffId()).isNull();
    assertThat(applied(id))
        .containsExactly("E2 SUPERVISED done 2", "E2 URGED done 2", "E2 RAISED done 2");
    assertThat(history(id)).contains("按规则 E2（第 2 版）标为督办", "按规则 E2（第 2 版）催办");
    assertThat(BUREAU.events.broken(CaseEvent.VOCABULARY)).isEmpty();
  }

  @Test
  void whoSaysAWordOfItIsNotUrgedAndTheFiveDaysBeginThere() {
    BUREAU.rule(LoopRule.E2, Mode.LIVE);
    CaseId id = claimed();
    at("2026-03-16T17:30");
    BUREAU.clock.set("2026-03-16T18:00");
    var _ = BUREAU.handling.note(REN, id, "车明天来");
    at("2026-03-17T09:00");
    assertThat(see(id).urgedAt()).isNull();
    BUREAU.clock.set("2026-03-18T10:00");
    var _ = BUREAU.handling.note(REN, id, "车没有来");
    at("2026-03-25T17:29");
    assertThat(see(id).level()).isEqualTo(Level.COMMUNITY);
    at("2026-03-25T17:30");
    assertThat(see(id).level()).isEqualTo(Level.STREET);
  }

  @Test
  void whatIsLateIsLeftAloneWhileItIsTriedOut() {
    CaseId id = claimed();
    Case before = see(id);
    at("2026-03-16T17:30");
    at("2026-03-17T09:00");
    at("2026-03-30T09:00");
    assertThat(see(id)).isEqualTo(before);
    assertThat(applied(id))
        .containsExactly("E2 SUPERVISED dry 1", "E2 URGED dry 1", "E2 RAISED dry 1");
  }

  /// A server that was down for weeks: all of it, in its order, once.
  @Test
  void afterADownTimeTheOldestComesFirst() {
    BUREAU.rule(LoopRule.E2, Mode.LIVE);
    CaseId late = claimed();
    BUREAU.clock.set("2026-03-12T10:01");
    CaseId later = claimed();
    BUREAU.applyRules();
    at("2026-04-20T10:00");
    assertThat(applied(late))
        .as("nobody is urged who has it no more")
        .startsWith("E2 SUPERVISED done 2", "E2 RAISED done 2");
    assertThat(applied(later)).hasSameSizeAs(applied(late));
    assertThat(
            BUREAU
                .db
                .one(
                    "SELECT array_agg(case_id ORDER BY at, case_id) AS ids FROM rule_applied WHERE effect = 'supervised'")
                .getArrayOfLongs("ids"))
        .containsExactly(late.value(), later.value());
  }

  @Test
  void whatIsPassedOnThreeTimesIsAProblemTicket() {
    BUREAU.rule(LoopRule.E3, Mode.LIVE);
    CaseId id = passedOn(2);
    BUREAU.applyRules();
    assertThat(applied(id)).isEmpty();
    passOn(id);
    long desk = see(id).deskId();
    BUREAU.applyRules();
    assertThat(applied(id)).containsExactly("E3 RAISED done 2");
    Case raised = see(id);
    assertThat(raised.level()).isEqualTo(Level.DISTRICT);
    assertThat(raised.deskId()).isNotEqualTo(desk);
    assertThat(ZHANG.worksAt(raised.deskId())).isTrue();
    BUREAU.applyRules();
    assertThat(applied(id)).hasSize(1);
  }

  @Test
  void whatIsNotDoneAfterAllThreeTimesIsAProblemTicket() {
    BUREAU.rule(LoopRule.E3, Mode.LIVE);
    CaseId id = claimed();
    for (int i = 0; i < 3; i++) {
      BUREAU.applyRules();
      assertThat(applied(id)).as("%d times", i).isEmpty();
      BUREAU.clock.pass(Duration.ofMinutes(5));
      sentBack(id);
    }
    assertThat(see(id).reworks()).isEqualTo(3);
    BUREAU.applyRules();
    assertThat(applied(id)).containsExactly("E3 RAISED done 2");
    assertThat(see(id).level()).isEqualTo(Level.STREET);
  }

  @Test
  void aProblemTicketThatIsTriedOutStaysWhereItIs() {
    CaseId id = passedOn(3);
    Case before = see(id);
    BUREAU.applyRules();
    BUREAU.applyRules();
    assertThat(see(id)).isEqualTo(before);
    assertThat(applied(id)).containsExactly("E3 RAISED dry 1");
  }

  @Test
  void whatWaitsStaysAndCallsWhileItsRuleIsTriedOutAndGoesOnOnceItIsLive() {
    CaseId id = claimed();
    LocalDate day = LocalDate.parse("2026-03-20");
    Case asked = BUREAU.casework.suspending().ask(REN, id, TimeRequest.Reason.SEASON, day, "等花期过");
    var _ =
        BUREAU
            .casework
            .suspending()
            .grant(GAO, id, asked.version(), requireNonNull(asked.asked()).noteId());
    Case waits = see(id);
    at("2026-03-20T09:00");
    assertThat(see(id)).isEqualTo(waits);
    assertThat(applied(id)).containsExactly("E7 RESUMED dry 1");
    assertThat(called(id, "overdue")).isEmpty();
    BUREAU.clock.set("2026-03-20T09:10");
    assertThat(called(id, "overdue")).as("a person has to").hasSize(1);

    BUREAU.rule(LoopRule.E7, Mode.LIVE);
    BUREAU.applyRules();
    assertThat(see(id).state()).isEqualTo(CaseState.HANDLING);
    assertThat(applied(id)).containsExactly("E7 RESUMED dry 1", "E7 RESUMED done 2");
    assertThat(history(id)).contains("按规则 E7（第 2 版）接着办");
  }

  @Test
  void aComplaintAboutStaffIsTakenFromTheCommunityItIsAbout()
      throws InterruptedException, ExecutionException {
    CaseId id = claimed();
    var _ = BUREAU.corrections.setCategory(REN, id, see(id).version(), "1205");
    threeNodes();
    Case away = see(id);
    assertThat(applied(id)).containsExactly("E6 TAKEN_AWAY done 1");
    assertThat(ZHANG.worksAt(away.deskId())).isTrue();
    assertThat(away.level()).isEqualTo(Level.DISTRICT);
    assertThat(away.confidential()).isTrue();
    assertThat(away.staffId()).isNull();
    assertThat(history(id)).contains("按规则 E6（第 1 版）从被反映的单位移走");
    for (Staff each : List.of(GAO, REN, WEI)) {
      refused(() -> BUREAU.cases.visibleTo(each, id), "not-found");
      assertThat(BUREAU.inbox.entry(each, id)).isNull();
      assertThat(
              BUREAU.inbox.page(each, Inbox.View.ALL_OPEN, null, Filters.NONE, null, 50).entries())
          .extracting(Inbox.Entry::id)
          .doesNotContain(id);
    }
    assertThat(BUREAU.events.broken(CaseEvent.VOCABULARY)).isEmpty();
    keptFromThem(id);
  }

  @Test
  void aComplaintAboutStaffStaysWhileItsRuleIsTriedOutAndIsStillGivenToNobodyOfTheirs() {
    BUREAU.rule(LoopRule.E6, Mode.DRY);
    CaseId id = claimed();
    var _ = BUREAU.corrections.setCategory(REN, id, see(id).version(), "1205");
    Case there = see(id);
    BUREAU.applyRules();
    BUREAU.applyRules();
    assertThat(see(id)).isEqualTo(there);
    assertThat(applied(id)).containsExactly("E6 TAKEN_AWAY dry 2");
    assertThat(history(id)).contains("规则 E6（第 2 版，试运行）本来会从被反映的单位移走，没有做");
    Case elsewhere =
        BUREAU.cases.named(BUREAU.db, BUREAU.open(BUREAU.told("主任骂人", "1205")).id()).orElseThrow();
    assertThat(ZHANG.worksAt(elsewhere.deskId())).isTrue();
    keptFromThem(elsewhere.id());
  }

  /// The street's discipline desk has it, and it turns out to be about the street.
  @Test
  void aComplaintIsTakenFromWhoeverItIsSaidToBeAbout() {
    Staff he = BUREAU.staff("何", "street_supervisor", "S1");
    CaseId id = BUREAU.open(BUREAU.told("主任骂人", "1205")).id();
    BUREAU.db.execute("UPDATE category SET loop = 'street', body = NULL WHERE code = '1205'");
    BUREAU.casework.categories().refresh();
    try {
      CaseId near = BUREAU.open(BUREAU.told("主任又骂人", "1205")).id();
      assertThat(WEI.worksAt(see(near).deskId())).as("above the community").isTrue();
      assertThat(see(near).level()).isEqualTo(Level.STREET);
      var _ = BUREAU.handling.claim(WEI, near, see(near).version());
      var squad =
          BUREAU.community.desks().ofBodyNear("街道综合执法队", BUREAU.place("C1L03")).orElseThrow();
      BUREAU.community.staff().join(BUREAU.staff("罗", "department_handler", "S1"), squad);
      Parts parts = BUREAU.casework.parts();
      LocalDate today = LocalDate.ofInstant(BUREAU.clock.instant(), ZoneId.of("Asia/Shanghai"));
      assertThat(parts.partners(see(near)))
          .as("their community is not asked along")
          .extracting(Parts.Partner::deskId)
          .contains(squad.id())
          .doesNotContain(REN.desks().iterator().next());
      var _ = parts.ask(WEI, near, List.of(squad.id()), today.plusDays(1), "那天谁当班？", false);
      var _ = BUREAU.corrections.nameAccused(WEI, near, see(near).version(), "staff:" + he.id());
      BUREAU.applyRules();
      assertThat(see(near).work().isOpen()).as("nor goes on working along").isFalse();
      assertThat(applied(near)).containsExactly("E6 TAKEN_AWAY done 1");
      assertThat(ZHANG.worksAt(see(near).deskId())).isTrue();
      assertThat(see(near).level()).isEqualTo(Level.DISTRICT);
      for (Staff each : List.of(he, WEI, GAO, REN)) {
        refused(() -> BUREAU.cases.visibleTo(each, near), "not-found");
      }
      assertThat(history(near)).contains("韦 写明反映的是 何");
      assertThat(BUREAU.handovers.targets(ZHANG, near))
          .extracting(Handovers.Target::deskId)
          .doesNotContain(WEI.desks().iterator().next());
      refused(
          () ->
              BUREAU.corrections.nameAccused(
                  ZHANG, near, see(near).version(), "staff:" + ZHANG.id()),
          "accused-above");
      refused(
          () -> BUREAU.corrections.nameAccused(ZHANG, near, see(near).version(), "staff:0"),
          "accused-unknown");
      long desk = REN.desks().iterator().next();
      // Somebody who came to work at the uppermost desk meanwhile: nobody is above, and it stays.
      var top = BUREAU.community.desks().byId(see(near).deskId());
      BUREAU.community.staff().join(he, top);
      BUREAU.db.execute(
          "INSERT INTO rule_watch (case_id, next_due_at) VALUES (%d, '-infinity') ON CONFLICT (case_id) DO UPDATE SET next_due_at = excluded.next_due_at"
              .formatted(near.value()));
      BUREAU.applyRules();
      assertThat(applied(near)).hasSize(1);
      BUREAU.community.staff().leave(he, top);
      assertThat(
              BUREAU
                  .corrections
                  .nameAccused(ZHANG, near, see(near).version(), "desk:" + desk)
                  .accused()
                  .name())
          .isEqualTo("清泉社区居委会");
    } finally {
      BUREAU.db.execute(
          "UPDATE category SET loop = 'district', body = (SELECT code FROM body WHERE name = '街道纪检监察岗') WHERE code = '1205'");
      BUREAU.casework.categories().refresh();
    }
    CaseId other = tell();
    refused(
        () ->
            BUREAU.corrections.nameAccused(ZHANG, other, see(other).version(), "staff:" + he.id()),
        "case-not-about-staff");
    assertThat(see(id).accused()).isEqualTo(Accused.NOBODY);
  }

  /// Told as nobody knows what, taken by somebody of the community, and found to be about them.
  @Test
  void whoeverFindsThatItIsAboutTheirOwnColleaguesDoesNotKeepIt() {
    BUREAU.rule(LoopRule.E6, Mode.OFF);
    CaseId id = BUREAU.open(BUREAU.told("你们那里的人", null)).id();
    var _ = BUREAU.handling.claim(REN, id, see(id).version());
    assertThat(see(id).isHeldBy(REN.id())).isTrue();
    var _ = BUREAU.corrections.setCategory(REN, id, see(id).version(), "1205");
    assertThat(ZHANG.worksAt(see(id).deskId())).isTrue();
    assertThat(see(id).staffId()).isNull();
    refused(() -> BUREAU.cases.visibleTo(REN, id), "not-found");
  }

  /// Handed on, sent to be checked, found not done: by no step does it come to them.
  private static void keptFromThem(CaseId id) {
    long theirs = REN.desks().iterator().next();
    assertThat(BUREAU.handovers.targets(ZHANG, id))
        .isNotEmpty()
        .extracting(Handovers.Target::deskId)
        .doesNotContain(theirs);
    refused(
        () -> BUREAU.handovers.handOn(ZHANG, id, see(id).version(), theirs, "你们看看"),
        "case-about-them");
    Case matter = BUREAU.handling.claim(ZHANG, id, see(id).version());
    var _ = BUREAU.casework.checking().report(ZHANG, id, matter.version(), "谈过话了");
    assertThat(see(id).deskId()).isNotEqualTo(theirs);
    refused(() -> BUREAU.cases.visibleTo(REN, id), "not-found");
  }

  @Test
  void whatIsCriticalAndNobodySignsRingsUntilSomebodyHasItOrSignsIt()
      throws InterruptedException, ExecutionException {
    CaseId id = critical();
    at("2026-03-12T10:29");
    assertThat(ringing()).isEmpty();
    BUREAU.clock.set("2026-03-12T10:30");
    threeNodes();
    assertThat(applied(id)).containsExactly("E5 ALARMED done 1");
    assertThat(ringing()).containsExactly("unsigned 0");
    assertThat(BUREAU.alarms.openFor(REN)).extracting(Alarms.Alarm::caseId).containsExactly(id);
    long alarm = BUREAU.alarms.openFor(REN).getFirst().id();
    BUREAU
        .events
        .of(BUREAU.db, AlarmEvent.VOCABULARY, alarm)
        .forEach(each ->
            BUREAU.db.withinTransaction(
                tx -> BUREAU.casework.errands().alarmCalls().hear(tx, each)));
    assertThat(
            BUREAU
                .db
                .one("SELECT desk_id FROM errand WHERE why = 'alarm' AND state = 'phone'")
                .getLong("desk_id"))
        .as("whoever has it first; no chat reaches anybody there")
        .isEqualTo(see(id).deskId());
    BUREAU.clock.pass(Duration.ofMinutes(3));
    assertThat(BUREAU.alarms.climbDue()).isTrue();
    BUREAU.clock.pass(Duration.ofMinutes(3));
    assertThat(BUREAU.alarms.climbDue()).isTrue();
    assertThat(ringing()).as("community, street, district").containsExactly("unsigned 2");
    assertThat(history(id)).contains("按规则 E5（第 1 版）响警报，叫人签收");
    assertThat(progress(see(id))).noneMatch(each -> each.contains("规则"));

    var _ = BUREAU.handling.claim(WEI, id, see(id).version());
    hear(id);
    assertThat(ringing()).as("somebody has signed it").isEmpty();
    assertThat(BUREAU.alarms.of(REN, id).getFirst().acknowledgedBy()).isEqualTo("韦");
  }

  @Test
  void whatIsCriticalIsOnlyWrittenDownWhileItsRuleIsTriedOut() {
    BUREAU.rule(LoopRule.E5, Mode.DRY);
    CaseId id = critical();
    at("2026-03-12T10:30");
    BUREAU.applyRules();
    assertThat(ringing()).isEmpty();
    assertThat(applied(id)).containsExactly("E5 ALARMED dry 2");
    assertThat(history(id)).contains("规则 E5（第 2 版，试运行）本来会响警报，没有做");
  }

  @Test
  void whatIsCriticalAndToldInConfidenceRingsWhereItMayBeSeen() {
    CaseId id = critical();
    BUREAU.db.execute(
        "UPDATE \"case\" SET confidential = true, level = 'street' WHERE id = " + id.value());
    at("2026-03-12T10:30");
    assertThat(ringing()).containsExactly("unsigned 1");
    assertThat(BUREAU.alarms.openFor(REN)).isEmpty();
    assertThat(BUREAU.alarms.openFor(WEI)).hasSize(1);
  }

  private static CaseId critical() {
    CaseId id = BUREAU.open(BUREAU.told("电梯门一直乱开", "0404")).id();
    assertThat(see(id).urgency()).isEqualTo(Urgency.CRITICAL);
    assertThat(see(id).state()).isEqualTo(CaseState.DISPATCHED);
    return id;
  }

  private static List<String> ringing() {
    return BUREAU
        .db
        .rows("SELECT kind || ' ' || step AS is FROM alarm WHERE acknowledged_at IS NULL")
        .stream()
        .map(row -> row.getString("is"))
        .toList();
  }

  /// As the listener does.
  private static void hear(CaseId id) {
    BUREAU
        .events
        .of(BUREAU.db, CaseEvent.VOCABULARY, id.value())
        .forEach(
            each -> BUREAU.db.withinTransaction(tx -> BUREAU.casework.errands().hear(tx, each)));
  }

  private static void threeNodes() throws InterruptedException, ExecutionException {
    try (var nodes = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<Void> node =
          () -> {
            BUREAU.applyRules();
            return null;
          };
      for (var each : nodes.invokeAll(List.of(node, node, node))) {
        each.get();
      }
    }
    BUREAU.applyRules();
  }

  @Test
  void twoNodesAtOnceDoItOnce() throws InterruptedException, ExecutionException {
    for (int i = 0; i < 45; i++) {
      var _ = tell();
    }
    BUREAU.clock.set("2026-03-12T16:00");
    threeNodes();
    assertThat(
            BUREAU
                .db
                .one("SELECT count(*)::int AS many FROM \"case\" WHERE level = 'street'")
                .getInteger("many"))
        .isEqualTo(45);
    assertThat(
            BUREAU
                .db
                .one("SELECT count(*)::int AS many FROM holding WHERE NOT upper_inf(during)")
                .getInteger("many"))
        .as("each left its desk once")
        .isEqualTo(45);
  }

  @Test
  void whatCannotBeLookedAtHoldsUpNoOther() {
    CaseId bad = tell();
    CaseId good = tell();
    BUREAU.db.execute("UPDATE clock SET rule = 'nonsense' WHERE case_id = $1", bad.value());
    BUREAU.clock.set("2026-03-12T16:00");
    assertThatThrownBy(RULES::applyDue).isInstanceOf(IndexOutOfBoundsException.class);
    assertThat(see(good).level()).isEqualTo(Level.STREET);
    assertThat(see(bad).level()).isEqualTo(Level.COMMUNITY);
    at("2026-03-12T16:59"); // it is left alone
    BUREAU.clock.set("2026-03-12T17:00");
    assertThatThrownBy(RULES::applyDue).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void aRuleIsSetByTheDistrictWithAReasonHavingSeenHowItIs() {
    refused(() -> RULES.set(WEI, "", LoopRule.E2, Mode.LIVE, 1, "试过了"), "rule-not-yours");
    refused(() -> RULES.set(GAO, "", LoopRule.E2, Mode.LIVE, 1, "试过了"), "rule-not-yours");
    refused(() -> RULES.set(ZHANG, "", LoopRule.E2, Mode.LIVE, 1, " "), "reason-missing");
    refused(() -> RULES.set(ZHANG, "", LoopRule.E2, Mode.DRY, 1, "试"), "rule-same");
    RULES.set(ZHANG, "", LoopRule.E2, Mode.LIVE, 1, "试过了");
    refused(() -> RULES.set(ZHANG, "", LoopRule.E2, Mode.OFF, 1, "不要了"), "rule-changed");
    RuleSwitch is = RULES.current(LoopRule.E2);
    assertThat(is.version()).isEqualTo(2);
    assertThat(is.setBy()).isEqualTo("章");
    assertThat(is.setAt()).isEqualTo(BUREAU.clock.instant());
    assertThat(RULES.versions(LoopRule.E2))
        .extracting(RuleSwitch::mode)
        .containsExactly(Mode.LIVE, Mode.DRY);
    assertThat(
            BUREAU
                .db
                .one(
                    "SELECT count(*)::int AS many FROM audit_entry WHERE what = 'rule_set' AND staff_id = $1",
                    ZHANG.id())
                .getInteger("many"))
        .isEqualTo(1);
  }

  private static CaseId tell() {
    return BUREAU.open(BUREAU.told("3栋楼道堆了水泥", "0102")).id();
  }

  private static CaseId claimed() {
    CaseId id = tell();
    var _ = BUREAU.handling.claim(REN, id, see(id).version());
    return id;
  }

  /// Reported by whoever has it, and found not done by another.
  private static void sentBack(CaseId id) {
    Case matter = BUREAU.casework.checking().report(REN, id, see(id).version(), "清好了");
    Staff checker =
        Stream.of(GAO, WEI, ZHANG)
            .filter(each -> BUREAU.cases.stepsFor(each, see(id)).contains(Cases.Step.CLAIM))
            .findFirst()
            .orElseThrow();
    matter = BUREAU.handling.claim(checker, id, matter.version());
    var _ =
        BUREAU
            .casework
            .checking()
            .check(
                checker,
                id,
                matter.version(),
                new Checking.Finding(false, "还堆着", List.of(), "天黑了"));
  }

  private static CaseId passedOn(int times) {
    CaseId id = claimed();
    for (int i = 0; i < times; i++) {
      passOn(id);
    }
    return id;
  }

  /// Between the community and the street, and taken there.
  private static void passOn(CaseId id) {
    Case matter = see(id);
    boolean down = WEI.worksAt(matter.deskId());
    long to = (down ? REN : WEI).desks().iterator().next();
    matter = BUREAU.handovers.handOn(WEI, id, matter.version(), to, "归他们管");
    var _ = BUREAU.handling.claim(down ? REN : WEI, id, matter.version());
  }

  private static void at(String local) {
    BUREAU.clock.set(local);
    BUREAU.applyRules();
  }

  private static Case see(CaseId id) {
    return BUREAU.cases.named(BUREAU.db, id).orElseThrow();
  }

  private static List<CaseClock> clocks(CaseId id) {
    return new ClockStore().clocks(BUREAU.db, id);
  }

  private static String due(CaseId id, CaseClock.Kind kind) {
    return clocks(id).stream()
        .filter(each -> each.kind() == kind)
        .map(each -> each.dueAt().atZone(io.linyu.TestClock.ZONE).toLocalDateTime().toString())
        .findFirst()
        .orElseThrow();
  }

  private static List<String> history(CaseId id) {
    return BUREAU.cases.history(ZHANG, id).stream().map(Line::sentence).toList();
  }

  private static List<String> progress(Case matter) {
    return BUREAU.cases.byCode(matter.code(), "zh").orElseThrow().steps().stream()
        .map(Line::sentence)
        .toList();
  }

  private static List<String> applied(CaseId id) {
    return BUREAU.events.of(BUREAU.db, CaseEvent.VOCABULARY, id.value()).stream()
        .filter(each -> each.event() instanceof CaseEvent.RuleApplied)
        .map(each -> (CaseEvent.RuleApplied) each.event())
        .map(each ->
            each.code() + " " + each.effect() + (each.dry() ? " dry " : " done ") + each.version())
        .toList();
  }

  /// About what somebody is called, once that has been looked at.
  private static List<String> called(CaseId id, String why) {
    BUREAU.db.withinTransaction(
        tx -> new ErrandStore().watch(tx, List.of(id.value()), BUREAU.clock.instant()));
    while (BUREAU.casework.errands().lookDue()) {
      // the next of them
    }
    return BUREAU
        .db
        .rows("SELECT state FROM errand WHERE case_id = $1 AND why = $2", id.value(), why)
        .stream()
        .map(row -> row.getString("state"))
        .toList();
  }

  private static void refused(ThrowingCallable what, String code) {
    assertThatThrownBy(what)
        .isInstanceOfSatisfying(
            Refusal.class, refusal -> assertThat(refusal.code()).isEqualTo(code));
  }
}
