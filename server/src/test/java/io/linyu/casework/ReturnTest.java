package io.linyu.casework;

import static io.linyu.casework.Bureau.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linyu.casework.CaseClock.Kind;
import io.linyu.casework.Cases.Step;
import io.linyu.casework.Returning.Ground;
import io.linyu.community.Desk;
import io.linyu.community.Level;
import io.linyu.community.Staff;
import io.linyu.insight.Evaluation;
import io.linyu.platform.Refusal;
import io.linyu.platform.events.Told;
import io.linyu.platform.text.Words;
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

/// What a desk was sent that is not for it.
class ReturnTest {
  @AutoClose private static final Bureau BUREAU = new Bureau();
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
  void whatIsNotForThemGoesToTheDeskOfTheLevelWhichSendsItElsewhere() {
    Case sent = sentTo(LUO);
    String limits = limits(sent);
    assertThat(BUREAU.cases.stepsFor(LUO, sent))
        .contains(Step.CLAIM, Step.RETURN)
        .doesNotContain(Step.HAND_ON, Step.DECIDE_RETURN);
    Returning.Offer offer = RETURNING.offer(sent);
    assertThat(offer.against()).isNull();
    assertThat(offer.to()).isEqualTo(desk("D02", "S1").name());
    assertThat(offer.until()).as("four working hours").isEqualTo(at("2026-03-12T15:30"));

    BUREAU.clock.set("2026-03-12T11:00");
    Case returned =
        RETURNING.sendBack(
            LUO, sent.id(), sent.version(), Ground.ANOTHER_LEADS, desk(SHUI), "占的是主干道，归城管局");
    assertThat(returned.state()).isEqualTo(CaseState.FILED);
    assertThat(returned.deskId()).isEqualTo(desk("D02", "S1").id());
    assertThat(returned.staffId()).isNull();
    assertThat(limits(returned)).as("the resident's clocks run on").isEqualTo(limits);
    assertThat(clocks(returned)).containsOnlyOnce("RULING 2026-03-12T14:30");
    assertThat(running(returned)).doesNotContain("SIGNING");
    assertThat(called(returned, "returned")).hasSize(1);
    assertThat(BUREAU.cases.stepsFor(WEI, returned))
        .contains(Step.DECIDE_RETURN, Step.ANSWER, Step.NOTE)
        .doesNotContain(Step.CLAIM, Step.GIVE, Step.HAND_ON, Step.RETURN, Step.REPORT);
    assertRefused("return-waits", () -> BUREAU.handling.claim(WEI, sent.id(), returned.version()));
    assertRefused(
        "return-waits",
        () -> BUREAU.handovers.handOn(WEI, sent.id(), returned.version(), desk(SHUI), "直接转"));
    assertRefused(
        "not-found", () -> RETURNING.agree(LUO, sent.id(), returned.version(), desk(SHUI)));
    CaseReturn waits = java.util.Objects.requireNonNull(returned.returned());
    assertThat(waits.ground()).isEqualTo(Ground.ANOTHER_LEADS);
    assertThat(waits.proposedDeskId()).isEqualTo(desk(SHUI));
    assertThat(BUREAU.cases.notes(WEI, sent.id()))
        .filteredOn(each -> each.id() == waits.noteId())
        .extracting(Note::text)
        .containsExactly("占的是主干道，归城管局");
    assertThat(progress(returned)).endsWith(desk("D02", "S1").name() + "正在确定由谁来办");

    BUREAU.clock.set("2026-03-12T11:30");
    Case on = RETURNING.agree(WEI, sent.id(), returned.version(), desk(SHUI));
    assertThat(on.state()).isEqualTo(CaseState.DISPATCHED);
    assertThat(on.deskId()).isEqualTo(desk(SHUI));
    assertThat(on.level()).isEqualTo(Level.DISTRICT);
    assertThat(on.returned()).isNull();
    assertThat(limits(on)).isEqualTo(limits);
    assertThat(running(on)).contains("SIGNING").doesNotContain("RULING");
    assertThat(history(on))
        .contains(
            "罗 从 "
                + desk("D09", "S1").name()
                + " 退单给 "
                + desk("D02", "S1").name()
                + "：应当由别的单位牵头，认为应由 "
                + desk("D04", "D").name()
                + " 办",
            "韦（" + desk("D02", "S1").name() + "）同意 " + desk("D09", "S1").name() + " 退单");
    assertThat(steps(on)).endsWith("T11", "null", "null", "T30", "T09");
    assertOneHolderAtATime(on);

    // Another desk may return it, too, to the desk of the level that has it now.
    Case back =
        RETURNING.sendBack(SHUI, on.id(), on.version(), Ground.NOT_OURS, desk(ZHANG), "不是主干道");
    assertThat(back.deskId()).isEqualTo(desk(ZHANG));
    // To a partner without people goes what the district's desk takes in its place, never back.
    assertRefused(
        "desk-unknown", () -> RETURNING.agree(ZHANG, back.id(), back.version(), desk(SHUI)));
    Case own = RETURNING.agree(ZHANG, back.id(), back.version(), desk(ZHANG));
    assertThat(own.deskId()).as("it does it itself").isEqualTo(desk(ZHANG));
    assertRefused("return-level-desk", () -> returned(ZHANG, own));
  }

  @Test
  void whatIsRefusedStaysWithThemAndIsNotReturnedAgain() {
    Case sent = sentTo(LUO);
    String limits = limits(sent);
    Case returned = returned(LUO, sent);
    assertRefused(
        "reason-missing", () -> RETURNING.refuse(WEI, sent.id(), returned.version(), " "));
    assertThat(called(returned, "returned")).containsExactly("phone");
    BUREAU.clock.set("2026-03-12T11:00");
    Case kept = RETURNING.refuse(WEI, sent.id(), returned.version(), "人行道归你们，先清");
    assertThat(kept.state()).isEqualTo(CaseState.DISPATCHED);
    assertThat(kept.deskId()).isEqualTo(desk(LUO));
    assertThat(kept.staffId()).isNull();
    assertThat(limits(kept)).isEqualTo(limits);
    assertThat(clocks(kept)).contains("SIGNING 2026-03-12T14:30");
    assertThat(history(kept))
        .contains("韦（" + desk("D02", "S1").name() + "）不同意退单，还由 " + desk("D09", "S1").name() + " 办");
    assertThat(progress(kept)).endsWith("确定由" + desk("D09", "S1").name() + "来办");
    hear(kept);
    assertThat(called(kept, "kept")).hasSize(1);
    assertThat(called(kept, "returned")).as("nobody decides any more").containsOnly("settled");

    Returning.Offer offer = RETURNING.offer(kept);
    assertThat(offer.against()).isNotNull();
    assertRefused("return-once", () -> returned(LUO, kept));
    assertRefused("return-not-asked", () -> RETURNING.refuse(WEI, sent.id(), kept.version(), "再定"));
    Case signed = BUREAU.handling.claim(LUO, kept.id(), kept.version());
    assertThat(signed.isHeldBy(LUO.id())).isTrue();
    assertThat(called(signed, "kept")).containsOnly("settled");
    assertRefused("return-signed", () -> returned(LUO, signed));
    // The desk of the level transfers what was signed, as ever, and E3 counts it.
    Case done = BUREAU.finish(LUO, signed.id(), signed.version(), "清了");
    Evaluation record = EvaluationTest.record(BUREAU, done);
    assertThat(record.course().returns()).as("and passed by the community's desk").isEqualTo(2);
    assertThat(record.course().dispatches()).as("sent, sent here, and kept").isEqualTo(3);
    assertThat(record.course().signedInTime()).isEqualTo(1);
  }

  @Test
  void aNoSaysWhyAndWhatCanBeDoneInstead() {
    Case sent = sentTo(LUO);
    assertRefused(
        "reason-missing",
        () -> RETURNING.sendBack(LUO, sent.id(), sent.version(), Ground.NOT_OURS, desk(SHUI), " "));
    assertRefused(
        "return-desk-missing",
        () -> RETURNING.sendBack(LUO, sent.id(), sent.version(), Ground.NOT_OURS, null, "不归我们"));
    assertRefused(
        "desk-unknown",
        () -> RETURNING.sendBack(LUO, sent.id(), sent.version(), Ground.NOT_OURS, desk(LUO), "我们"));
    assertRefused(
        "case-return-instead",
        () -> BUREAU.handovers.handOn(LUO, sent.id(), sent.version(), desk(WEI), "不归我们"));
    assertRefused(
        "case-changed",
        () ->
            RETURNING.sendBack(
                LUO, sent.id(), sent.version() - 1, Ground.NOT_OURS, desk(SHUI), "不归我们"));
    assertRefused("not-found", () -> returned(SHUI, sent));
    assertRefused("case-not-your-desk", () -> returned(ZHANG, sent));

    BUREAU.clock.set("2026-03-12T15:30");
    assertThat(RETURNING.offer(sent).against()).as("to the last moment").isNull();
    BUREAU.clock.set("2026-03-12T15:31");
    assertRefused("return-late", () -> returned(LUO, sent));
    assertThat(RETURNING.offer(sent).against())
        .satisfies(refusal ->
            assertThat(
                    Words.in("zh").of("refusal." + refusal.code(), refusal.arguments().toArray()))
                .isEqualTo(
                    "能退单的时间已经过了。请先签收办着（首接负责），再点“争议裁定”，或者写备注请 "
                        + desk("D02", "S1").name()
                        + " 转派。"));

    // The desk of the level need not return: it hands on.
    BUREAU.clock.set("2026-03-12T10:00");
    Case own = opened();
    assertThat(BUREAU.cases.stepsFor(REN, own)).contains(Step.HAND_ON).doesNotContain(Step.RETURN);
    assertRefused("return-level-desk", () -> returned(REN, own));
    // A community desk that was sent what the street handles returns it to the street.
    Case down = sentTo(LUO);
    Case theirs = BUREAU.handovers.handOn(WEI, down.id(), down.version(), desk(REN), "社区近");
    assertThat(theirs.level()).isEqualTo(Level.STREET);
    assertRefused(
        "case-return-instead",
        () -> BUREAU.handovers.handOn(REN, down.id(), theirs.version(), desk(WEI), "归街道"));
    Case back = returned(REN, theirs);
    assertThat(back.deskId()).isEqualTo(desk(WEI));
    assertRefused(
        "case-not-your-desk", () -> RETURNING.agree(REN, back.id(), back.version(), desk(LUO)));
  }

  @Test
  void ofTwoWhoDecideOneDoesAndTheOtherIsTold() throws Exception {
    for (int round = 0; round < 3; round++) {
      Case waits = returned(LUO, sentTo(LUO));
      var start = new CountDownLatch(1);
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Future<String>> outcomes =
            Stream.<ThrowingCallable>of(
                    () -> RETURNING.agree(WEI, waits.id(), waits.version(), desk(SHUI)),
                    () -> RETURNING.refuse(DU, waits.id(), waits.version(), "还是你们办"))
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
      assertThat(now.state()).isEqualTo(CaseState.DISPATCHED);
      assertThat(told(now).stream().filter(e -> e.event() instanceof CaseEvent.ReturnDecided))
          .hasSize(1);
      assertOneHolderAtATime(now);
    }
    assertThat(BUREAU.events.broken(CaseEvent.VOCABULARY)).isEmpty();
  }

  @Test
  void whatNobodyDecidesOnGoesToTheNextLevelByRule() {
    BUREAU.rule(LoopRule.E1, LoopRule.Mode.LIVE);
    Case waits = returned(LUO, sentTo(LUO));
    BUREAU.clock.set("2026-03-12T15:29");
    BUREAU.applyRules();
    assertThat(see(waits).state()).isEqualTo(CaseState.FILED);
    BUREAU.clock.set("2026-03-12T15:31");
    BUREAU.applyRules();
    Case raised = see(waits);
    assertThat(raised.state()).isEqualTo(CaseState.DISPATCHED);
    assertThat(raised.deskId()).isEqualTo(desk(ZHANG));
    assertThat(raised.returned()).isNull();
    assertThat(running(raised)).contains("SIGNING").doesNotContain("RULING");
    assertThat(limits(raised)).isEqualTo(limits(waits));
  }

  @Test
  void aReturnThatIsLetGoLeavesNothingToDecide() {
    Case waits = returned(LUO, sentTo(LUO));
    Case other = BUREAU.corrections.setCategory(WEI, waits.id(), waits.version(), "0107");
    assertThat(other.state()).as("what it is changes nothing of that").isEqualTo(CaseState.FILED);
    assertThat(other.returned()).isNotNull();
    long person =
        BUREAU.db.one("INSERT INTO person (created_at) VALUES (now()) RETURNING id").getLong("id");
    BUREAU.db.execute(
        "UPDATE \"case\" SET person_id = $2 WHERE id = $1", waits.id().value(), person);
    BUREAU.db.withinTransaction(tx -> {
      var _ = BUREAU.intake.withdraw(tx, waits.id(), person, null);
    });
    Case over = see(waits);
    assertThat(over.state()).isEqualTo(CaseState.WITHDRAWN);
    assertThat(over.returned()).isNull();
    assertThat(running(over)).isEmpty();
    assertRefused("return-not-asked", () -> RETURNING.refuse(WEI, over.id(), over.version(), "x"));
  }

  private static Staff officer(String name, String body, String territory) {
    BUREAU.staff(name, "department_handler", territory);
    BUREAU.community.staff().join(named(name), desk(body, territory));
    return named(name);
  }

  private static Staff named(String name) {
    return BUREAU.community.staff().byCode("T-" + name).orElseThrow();
  }

  private static Case opened() {
    return BUREAU.cases.visibleTo(REN, BUREAU.open(BUREAU.told("楼道堆物", "0102")).id());
  }

  /// By the community's desk.
  private static Case sentTo(Staff officer) {
    Case own = opened();
    return BUREAU.handovers.handOn(REN, own.id(), own.version(), desk(officer), "占了人行道");
  }

  private static Case returned(Staff by, Case matter) {
    long named = by.equals(SHUI) ? desk(LUO) : desk(SHUI);
    return RETURNING.sendBack(by, matter.id(), matter.version(), Ground.NOT_OURS, named, "不归我们");
  }

  private static Desk desk(String body, String territory) {
    return BUREAU.community.desks().at(BUREAU.place(territory)).stream()
        .filter(each -> each.body().equals(body))
        .findFirst()
        .orElseThrow();
  }

  private static long desk(Staff who) {
    return switch (who.name()) {
      case "罗" -> desk("D09", "S1").id();
      case "水" -> desk("D04", "D").id();
      case "章" -> desk("D01", "D").id();
      case "任" -> desk("D07", "C1").id();
      default -> desk("D02", "S1").id();
    };
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

  private static List<String> clocks(Case matter) {
    return all(matter).stream()
        .filter(CaseClock::isRunning)
        .map(each ->
            each.kind() + " " + each.dueAt().atZone(io.linyu.TestClock.ZONE).toLocalDateTime())
        .toList();
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

  private static void hear(Case matter) {
    BUREAU.db.withinTransaction(
        tx -> told(matter).forEach(each -> BUREAU.casework.errands().hear(tx, each)));
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

  private static void assertRefused(String code, ThrowingCallable what) {
    assertThatThrownBy(what)
        .isInstanceOfSatisfying(
            Refusal.class, refusal -> assertThat(refusal.code()).isEqualTo(code));
  }
}
