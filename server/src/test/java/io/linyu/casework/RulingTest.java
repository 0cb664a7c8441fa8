package io.linyu.casework;

import static io.linyu.casework.Bureau.at;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linyu.casework.CaseClock.Kind;
import io.linyu.casework.Cases.Step;
import io.linyu.casework.Returning.Ground;
import io.linyu.community.Desk;
import io.linyu.community.Level;
import io.linyu.community.Staff;
import io.linyu.platform.Refusal;
import io.linyu.platform.events.Told;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Two desks that do not agree whose a case is.
class RulingTest {
  @AutoClose private static final Bureau BUREAU = new Bureau();
  private static final Ruling RULING = BUREAU.casework.ruling();
  private static final Returning RETURNING = BUREAU.casework.returning();

  private static final Staff REN = BUREAU.staff("任", "community_deputy", "C1");
  private static final Staff WEI = BUREAU.staff("韦", "street_dispatcher", "S1");
  private static final Staff DU = BUREAU.staff("杜", "street_supervisor", "S1");
  private static final Staff ZHANG = BUREAU.staff("章", "district_dispatcher", "D");

  /// The street's officers, and a department of the district.
  private static final Staff LUO = officer("罗", "D09", "S1");

  private static final Staff SHUI = officer("水", "D04", "D");

  @BeforeEach
  void itIsThursdayTenOClock() {
    BUREAU.clock.set("2026-03-12T10:00");
  }

  @Test
  void bothSayHowTheySeeItAndTheDeskOfTheLevelRulesWhoLeads() {
    Case mine = signed(LUO);
    String limits = limits(mine);
    String holdings = holdings(mine);
    assertThat(BUREAU.cases.stepsFor(LUO, mine))
        .contains(Step.DISPUTE)
        .doesNotContain(Step.RETURN, Step.HAND_ON, Step.RULE);
    Ruling.Offer offer = RULING.offer(mine).orElseThrow();
    assertThat(offer.viewUntil()).as("a working day").isEqualTo(at("2026-03-13T17:30"));
    assertThat(offer.targets()).extracting(Handovers.Target::deskId).contains(desk(SHUI));

    Case waits = RULING.dispute(LUO, mine.id(), mine.version(), desk(SHUI), "主干道归城管局");
    CaseDispute dispute = requireNonNull(waits.disputed());
    assertThat(dispute.rulingDeskId()).isEqualTo(desk(WEI));
    assertThat(waits.state()).as("they go on with it").isEqualTo(CaseState.HANDLING);
    assertThat(waits.isHeldBy(LUO.id())).isTrue();
    assertThat(holdings(waits)).isEqualTo(holdings);
    assertThat(limits(waits)).as("the resident's clocks run on").isEqualTo(limits);
    assertThat(BUREAU.cases.stepsFor(LUO, waits))
        .contains(Step.ANSWER, Step.REPORT, Step.CO_HANDLE, Step.TAKE_DISPUTE_BACK)
        .doesNotContain(Step.DISPUTE, Step.RULE, Step.GIVE_VIEW);
    assertThat(called(waits, "disputed")).as("the other one is called").containsExactly("phone");
    assertThat(called(waits, "to_rule")).isEmpty();
    assertThat(deskOf(waits, "disputed")).isEqualTo(desk(SHUI));

    // The one who is named sees it now, and only says how they see it.
    Case seen = BUREAU.cases.visibleTo(SHUI, waits.id());
    assertThat(BUREAU.cases.stepsFor(SHUI, seen))
        .contains(Step.GIVE_VIEW)
        .doesNotContain(Step.CLAIM, Step.RULE, Step.ANSWER, Step.REPORT);
    assertRefused(
        "ruling-waits",
        () -> BUREAU.handovers.handOn(WEI, waits.id(), waits.version(), desk(SHUI), "转过去"));
    assertRefused("ruling-early", () -> rule(WEI, waits, desk(SHUI), "归你们"));
    assertRefused("view-not-yours", () -> RULING.view(LUO, waits.id(), "就是他们"));
    BUREAU.clock.set("2026-03-12T11:00");
    assertRefused("view-missing", () -> RULING.view(SHUI, waits.id(), " "));
    Case viewed = RULING.view(SHUI, waits.id(), "是背街，不是主干道");
    assertRefused("view-given", () -> RULING.view(SHUI, waits.id(), "再说一遍"));
    assertThat(called(viewed, "disputed")).containsExactly("settled");
    assertThat(called(viewed, "to_rule")).as("both have spoken").containsExactly("phone");
    assertThat(deskOf(viewed, "to_rule")).isEqualTo(desk(WEI));
    assertThat(BUREAU.cases.notes(WEI, waits.id()))
        .extracting(Note::text)
        .contains("主干道归城管局", "是背街，不是主干道");

    assertRefused("ruling-not-yours", () -> rule(LUO, viewed, desk(SHUI), "归他们"));
    assertRefused("ruling-not-yours", () -> rule(SHUI, viewed, desk(LUO), "归他们"));
    assertRefused("desk-unknown", () -> rule(WEI, viewed, desk(REN), "归社区"));
    assertRefused("reason-missing", () -> rule(WEI, viewed, desk(SHUI), " "));
    assertRefused(
        "case-changed",
        () -> RULING.rule(WEI, viewed.id(), viewed.version(), null, desk(SHUI), "没看", ""));

    Case ruled = rule(WEI, viewed, desk(SHUI), "门前属主干道，城管局牵头");
    assertThat(ruled.state()).isEqualTo(CaseState.DISPATCHED);
    assertThat(ruled.deskId()).isEqualTo(desk(SHUI));
    assertThat(ruled.staffId()).isNull();
    assertThat(ruled.level()).isEqualTo(Level.DISTRICT);
    assertThat(ruled.disputed()).isNull();
    assertThat(limits(ruled)).isEqualTo(limits);
    assertOneHolderAtATime(ruled);
    assertThat(called(ruled, "to_rule")).containsExactly("settled");
    assertThat(history(ruled))
        .contains(
            "罗 从 %s 提请裁定：认为应由 %s 牵头，由 %s 裁定".formatted(name(LUO), name(SHUI), name(WEI)),
            "水（%s）说了看法".formatted(name(SHUI)),
            "韦（%s）裁定由 %s 牵头，不由 %s 牵头".formatted(name(WEI), name(SHUI), name(LUO)));
    assertThat(progress(ruled))
        .as("the resident reads who has it, and nothing of the dispute")
        .noneMatch(each -> each.contains("裁定") || each.contains("争议") || each.contains("看法"));

    // Binding, whoever it is.
    assertThat(BUREAU.cases.stepsFor(SHUI, ruled)).doesNotContain(Step.RETURN, Step.DISPUTE);
    assertRefused(
        "ruling-binding",
        () ->
            RETURNING.sendBack(
                SHUI, ruled.id(), ruled.version(), Ground.NOT_OURS, desk(LUO), "还是不归我们"));
    Case theirs = BUREAU.handling.claim(SHUI, ruled.id(), ruled.version());
    assertRefused(
        "ruling-binding",
        () -> RULING.dispute(SHUI, theirs.id(), theirs.version(), desk(REN), "归社区"));
    assertThat(BUREAU.cases.stepsFor(ZHANG, theirs))
        .as("the desk of the level, as ever")
        .contains(Step.HAND_ON);
    Case done = BUREAU.finish(SHUI, theirs.id(), theirs.version(), "清了");
    assertThat(EvaluationTest.record(BUREAU, done).course().transfers())
        .as("it has changed hands")
        .isEqualTo(1);
    assertThat(BUREAU.events.broken(CaseEvent.VOCABULARY)).isEmpty();
  }

  @Test
  void whereTheDeskOfTheLevelIsAPartyTheNextOneRulesAndWithoutAViewOnceTheDayIsOver() {
    Case mine = signed(LUO);
    Case waits = RULING.dispute(LUO, mine.id(), mine.version(), desk(WEI), "该街道自己办");
    CaseDispute dispute = requireNonNull(waits.disputed());
    assertThat(dispute.rulingDeskId()).isEqualTo(desk(ZHANG));
    assertRefused("ruling-not-yours", () -> rule(WEI, waits, desk(LUO), "还是你们"));
    BUREAU.clock.set("2026-03-13T17:29");
    assertRefused("ruling-early", () -> rule(ZHANG, waits, desk(LUO), "还是你们"));
    assertThat(called(waits, "to_rule")).isEmpty();
    BUREAU.clock.set("2026-03-13T17:30");
    assertThat(called(waits, "to_rule")).as("the day is over").containsExactly("phone");
    assertThat(deskOf(waits, "to_rule")).isEqualTo(desk(ZHANG));

    Case ruled =
        RULING.rule(ZHANG, waits.id(), waits.version(), null, desk(LUO), "执法归你们", "出两个人维持秩序");
    assertThat(ruled.state()).as("it stays where it is").isEqualTo(CaseState.HANDLING);
    assertThat(ruled.isHeldBy(LUO.id())).isTrue();
    assertThat(limits(ruled)).isEqualTo(limits(mine));
    assertThat(ruled.work().desks()).as("the other one is asked along").containsExactly(name(WEI));
    assertThat(BUREAU.casework.parts().of(LUO, ruled.id()).getLast().request())
        .isEqualTo("出两个人维持秩序");
    assertRefused(
        "ruling-binding",
        () -> RULING.dispute(LUO, ruled.id(), ruled.version(), desk(SHUI), "归城管局"));
    assertRefused(
        "ruling-binding",
        () -> BUREAU.handovers.handOn(WEI, ruled.id(), ruled.version(), desk(SHUI), "转走"));
    assertRefused(
        "ruling-binding",
        () -> BUREAU.casework.levels().raise(WEI, ruled.id(), ruled.version(), "提级"));
    // The desk that has ruled may, with a reason, as ever.
    Case on = BUREAU.handovers.handOn(ZHANG, ruled.id(), ruled.version(), desk(SHUI), "新情况");
    assertThat(on.deskId()).isEqualTo(desk(SHUI));
  }

  @Test
  void whomAReturnHasSentItToDisagreesSignedOrNot() {
    Case sent = sentTo(LUO);
    assertThat(RULING.offer(sent)).as("that is returned first").isEmpty();
    assertRefused(
        "ruling-return-first",
        () -> RULING.dispute(LUO, sent.id(), sent.version(), desk(SHUI), "不归我们"));

    Case on = sentOnByAReturn(sent);
    assertThat(RULING.offer(on).orElseThrow().proposed()).isEqualTo(desk(LUO));
    Case waits = RULING.dispute(SHUI, on.id(), on.version(), desk(LUO), "人行道归街道");
    assertThat(requireNonNull(waits.disputed()).rulingDeskId())
        .as("of the level that has it now")
        .isEqualTo(desk(ZHANG));
    assertThat(waits.state()).isEqualTo(CaseState.DISPATCHED);
    assertRefused(
        "ruling-waits",
        () ->
            RETURNING.sendBack(
                SHUI, waits.id(), waits.version(), Ground.NOT_OURS, desk(LUO), "退回去"));
    Case viewed = RULING.view(LUO, waits.id(), "退过了，不归我们");
    Case ruled = rule(ZHANG, viewed, desk(LUO), "人行道归街道");
    assertThat(ruled.deskId()).isEqualTo(desk(LUO));
    assertThat(ruled.state()).isEqualTo(CaseState.DISPATCHED);
    assertThat(steps(ruled)).containsSubsequence("T11", "T09");
    assertThat(running(ruled)).containsOnlyOnce("SIGNING");
    assertOneHolderAtATime(ruled);

    // Who has begun meanwhile goes on with it until then.
    Case other = sentOnByAReturn(sentTo(LUO));
    Case again = RULING.dispute(SHUI, other.id(), other.version(), desk(LUO), "人行道归街道");
    Case begun = BUREAU.handling.claim(SHUI, again.id(), again.version());
    assertThat(begun.disputed()).isNotNull();
    Case moved = rule(ZHANG, RULING.view(LUO, begun.id(), "退过了"), desk(LUO), "归街道");
    assertThat(moved.state()).isEqualTo(CaseState.DISPATCHED);
    assertThat(steps(moved)).contains("T12");
    assertThat(moved.deskId()).isEqualTo(desk(LUO));
  }

  @Test
  void whatIsPassedOnByRulingsIsAProblemTicketAtTheThird() {
    BUREAU.rule(LoopRule.E3, LoopRule.Mode.LIVE);
    // A return that was agreed to, a ruling before anybody had signed, and a transfer.
    Case on = sentOnByAReturn(sentTo(LUO));
    Case waits = RULING.dispute(SHUI, on.id(), on.version(), desk(LUO), "归街道");
    Case ruled = rule(ZHANG, RULING.view(LUO, waits.id(), "不归我们"), desk(LUO), "归街道");
    List<Told<CaseEvent>> told = told(ruled);
    assertThat(told.stream().map(Told::event).filter(CaseEvent.Ruled.class::isInstance))
        .singleElement()
        .satisfies(each -> assertThat(((CaseEvent.Ruled) each).moves()).isTrue());
    BUREAU.db.execute("UPDATE \"case\" SET level = 'street' WHERE id = $1", ruled.id().value());
    BUREAU.applyRules();
    assertThat(see(ruled).deskId()).as("twice is not three times").isEqualTo(desk(LUO));
    Case signed = BUREAU.handling.claim(LUO, ruled.id(), see(ruled).version());
    Case third = BUREAU.handovers.handOn(ZHANG, signed.id(), signed.version(), desk(REN), "社区近");
    BUREAU.applyRules();
    assertThat(see(third).level()).as("the third time").isEqualTo(Level.DISTRICT);
    assertThat(see(third).deskId()).isEqualTo(desk(ZHANG));
  }

  @Test
  void isTakenBackOrEndsByItselfAndIsOnceForEachTwoDesks() {
    Case mine = signed(LUO);
    Case waits = RULING.dispute(LUO, mine.id(), mine.version(), desk(SHUI), "归城管局");
    assertThat(called(waits, "disputed")).containsExactly("phone");
    assertRefused("dispute-not-yours", () -> RULING.takeBack(WEI, waits.id(), waits.version()));
    Case back = RULING.takeBack(LUO, waits.id(), waits.version());
    assertThat(back.disputed()).isNull();
    assertThat(back.ruled()).as("nothing was ruled").isEqualTo(CaseDispute.Binding.NONE);
    assertThat(called(back, "disputed")).containsExactly("settled");
    assertRefused("not-found", () -> BUREAU.cases.visibleTo(SHUI, back.id()));
    assertRefused("ruling-not-asked", () -> rule(WEI, back, desk(LUO), "不用了"));
    assertThat(RULING.offer(back).orElseThrow().targets())
        .extracting(Handovers.Target::deskId)
        .doesNotContain(desk(SHUI));
    assertRefused(
        "ruling-once", () -> RULING.dispute(LUO, back.id(), back.version(), desk(SHUI), "又想了想"));
    // The database holds it, whichever of the two asks.
    assertThatThrownBy(() ->
            BUREAU.db.execute(
                """
                INSERT INTO case_dispute (case_id, desk_id, other_desk_id, staff_id, at, note_id, view_due_at,
                                          ruling_desk_id, ruling_level)
                SELECT case_id, other_desk_id, desk_id, staff_id, at, note_id, view_due_at, ruling_desk_id, ruling_level
                  FROM case_dispute WHERE case_id = $1
                """,
                back.id().value()))
        .hasMessageContaining("case_dispute_once");

    Case again = RULING.dispute(LUO, back.id(), back.version(), desk(REN), "归社区");
    Case done = BUREAU.casework.checking().report(LUO, again.id(), again.version(), "办好了");
    assertThat(done.disputed()).as("it is done").isNull();
    assertThat(history(done)).contains("争议不用裁定了");

    Case other = signed(LUO);
    Case open = RULING.dispute(LUO, other.id(), other.version(), desk(SHUI), "归城管局");
    Case raised = BUREAU.casework.levels().raise(WEI, open.id(), open.version(), "超出本街");
    assertThat(raised.disputed()).as("it is with another now").isNull();
    assertThat(raised.deskId()).isEqualTo(desk(ZHANG));
  }

  @Test
  void aNoSaysWhyAndWhatCanBeDoneInstead() {
    Case mine = signed(LUO);
    assertRefused(
        "reason-missing", () -> RULING.dispute(LUO, mine.id(), mine.version(), desk(SHUI), " "));
    assertRefused(
        "ruling-desk-missing", () -> RULING.dispute(LUO, mine.id(), mine.version(), null, "不归我们"));
    assertRefused(
        "desk-unknown", () -> RULING.dispute(LUO, mine.id(), mine.version(), desk(LUO), "我们"));
    assertRefused(
        "case-changed",
        () -> RULING.dispute(LUO, mine.id(), mine.version() - 1, desk(SHUI), "不归我们"));
    assertRefused(
        "case-not-your-desk",
        () -> RULING.dispute(WEI, mine.id(), mine.version(), desk(SHUI), "不归他们"));
    assertRefused("ruling-not-asked", () -> RULING.view(LUO, mine.id(), "不归我们"));

    // The desk of the level hands on.
    Case own = BUREAU.cases.visibleTo(REN, BUREAU.open(BUREAU.told("楼道堆物", "0102")).id());
    Case held = BUREAU.handling.claim(REN, own.id(), own.version());
    assertRefused(
        "ruling-level-desk",
        () -> RULING.dispute(REN, held.id(), held.version(), desk(LUO), "归街道"));
  }

  @Test
  void whatWasToldInConfidenceIsShownToNobodyForThat() {
    Case mine = signed(LUO);
    BUREAU.db.execute("UPDATE \"case\" SET confidential = true WHERE id = $1", mine.id().value());
    assertThat(RULING.offer(see(mine)).orElseThrow().viewUntil()).isNull();
    Case waits = RULING.dispute(LUO, mine.id(), mine.version(), desk(SHUI), "归城管局");
    assertRefused("not-found", () -> BUREAU.cases.visibleTo(SHUI, waits.id()));
    assertThat(called(waits, "disputed")).as("nor is anybody called").isEmpty();
    assertThat(called(waits, "to_rule")).as("it is ruled at once").containsExactly("phone");
    Case ruled = rule(WEI, waits, desk(LUO), "还由你们");
    assertThat(ruled.isHeldBy(LUO.id())).isTrue();
  }

  @Test
  void ofTwoWhoRuleOneDoesAndTheOtherIsTold() throws Exception {
    for (int round = 0; round < 3; round++) {
      Case mine = signed(LUO);
      Case asked = RULING.dispute(LUO, mine.id(), mine.version(), desk(SHUI), "归城管局");
      Case waits = RULING.view(SHUI, asked.id(), "不归我们");
      var start = new CountDownLatch(1);
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Future<String>> outcomes =
            Stream.<ThrowingCallable>of(
                    () -> rule(WEI, waits, desk(SHUI), "归城管局"),
                    () -> rule(DU, waits, desk(LUO), "归综合执法"))
                .map(each ->
                    threads.submit(() -> {
                      start.await();
                      try {
                        each.call();
                        return "done";
                      } catch (Refusal refusal) {
                        return refusal.code();
                      } catch (Throwable broken) {
                        throw new AssertionError(broken);
                      }
                    }))
                .toList();
        start.countDown();
        assertThat(List.of(outcomes.get(0).get(), outcomes.get(1).get()))
            .containsExactlyInAnyOrder("done", "case-changed");
      }
      Case now = see(waits);
      assertThat(now.disputed()).isNull();
      assertThat(told(now).stream().filter(e -> e.event() instanceof CaseEvent.Ruled)).hasSize(1);
      assertOneHolderAtATime(now);
    }
  }

  private static Case rule(Staff by, Case matter, long lead, String words) {
    CaseDispute dispute = matter.disputed();
    return RULING.rule(
        by,
        matter.id(),
        matter.version(),
        dispute == null ? null : dispute.viewNoteId(),
        lead,
        words,
        "");
  }

  private static Staff officer(String name, String body, String territory) {
    BUREAU.staff(name, "department_handler", territory);
    BUREAU.community.staff().join(named(name), deskAt(body, territory));
    return named(name);
  }

  private static Staff named(String name) {
    return BUREAU.community.staff().byCode("T-" + name).orElseThrow();
  }

  /// By the community's desk.
  private static Case sentTo(Staff officer) {
    Case own = BUREAU.cases.visibleTo(REN, BUREAU.open(BUREAU.told("楼道堆物", "0102")).id());
    return BUREAU.handovers.handOn(REN, own.id(), own.version(), desk(officer), "占了人行道");
  }

  private static Case signed(Staff officer) {
    Case sent = sentTo(officer);
    return BUREAU.handling.claim(officer, sent.id(), sent.version());
  }

  /// By Luo, to Shui.
  private static Case sentOnByAReturn(Case sent) {
    Case returned =
        RETURNING.sendBack(
            LUO, sent.id(), sent.version(), Ground.ANOTHER_LEADS, desk(SHUI), "归城管局");
    return RETURNING.agree(WEI, sent.id(), returned.version(), desk(SHUI));
  }

  private static Desk deskAt(String body, String territory) {
    return BUREAU.community.desks().at(BUREAU.place(territory)).stream()
        .filter(each -> each.body().equals(body))
        .findFirst()
        .orElseThrow();
  }

  private static Desk deskOf(Staff who) {
    return switch (who.name()) {
      case "罗" -> deskAt("D09", "S1");
      case "水" -> deskAt("D04", "D");
      case "章" -> deskAt("D01", "D");
      case "任" -> deskAt("D07", "C1");
      default -> deskAt("D02", "S1");
    };
  }

  private static long desk(Staff who) {
    return deskOf(who).id();
  }

  private static String name(Staff who) {
    return deskOf(who).name();
  }

  private static Case see(Case matter) {
    return BUREAU.cases.named(BUREAU.db, matter.id()).orElseThrow();
  }

  private static List<Told<CaseEvent>> told(Case matter) {
    return BUREAU.events.of(BUREAU.db, CaseEvent.VOCABULARY, matter.id().value());
  }

  private static List<String> steps(Case matter) {
    return told(matter).stream().map(each -> String.valueOf(each.event().transition())).toList();
  }

  private static List<CaseClock> all(Case matter) {
    return new ClockStore().clocks(BUREAU.db, matter.id());
  }

  private static List<String> running(Case matter) {
    return all(matter).stream()
        .filter(CaseClock::isRunning)
        .map(each -> each.kind().name())
        .toList();
  }

  /// The resident's clocks, from when to when.
  private static String limits(Case matter) {
    return all(matter).stream()
        .filter(each -> each.kind() == Kind.HANDLING || each.kind() == Kind.FIRST_CONTACT)
        .map(each -> each.kind() + " " + each.startedAt() + " " + each.dueAt())
        .sorted()
        .toList()
        .toString();
  }

  private static String holdings(Case matter) {
    return new HoldingStore().holdings(BUREAU.db, matter.id()).toString();
  }

  private static List<String> history(Case matter) {
    return BUREAU.cases.history(ZHANG, matter.id()).stream().map(Line::sentence).toList();
  }

  private static List<String> progress(Case matter) {
    return BUREAU.cases.byCode(matter.code(), "zh").orElseThrow().steps().stream()
        .map(Line::sentence)
        .toList();
  }

  private static void assertOneHolderAtATime(Case matter) {
    List<Holding> held = new HoldingStore().holdings(BUREAU.db, matter.id());
    for (int i = 1; i < held.size(); i++) {
      Instant until = held.get(i - 1).until();
      assertThat(held.get(i).since()).isEqualTo(until);
    }
    assertThat(held.getLast().until()).isNull();
  }

  /// About what somebody is called, once that has been looked at.
  private static List<String> called(Case matter, String why) {
    BUREAU.db.withinTransaction(
        tx -> new ErrandStore().watch(tx, List.of(matter.id().value()), BUREAU.clock.instant()));
    while (BUREAU.casework.errands().lookDue()) {
      // the next of them
    }
    return BUREAU
        .db
        .rows("SELECT state FROM errand WHERE case_id = $1 AND why = $2", matter.id().value(), why)
        .stream()
        .map(row -> row.getString("state"))
        .toList();
  }

  private static long deskOf(Case matter, String why) {
    return BUREAU
        .db
        .one("SELECT desk_id FROM errand WHERE case_id = $1 AND why = $2", matter.id().value(), why)
        .getLong("desk_id");
  }

  private static void assertRefused(String code, ThrowingCallable what) {
    assertThatThrownBy(what)
        .isInstanceOfSatisfying(
            Refusal.class, refusal -> assertThat(refusal.code()).isEqualTo(code));
  }
}
