package io.linyu.casework;

import static io.linyu.casework.Bureau.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.linyu.casework.Cases.Step;
import io.linyu.community.Staff;
import io.linyu.platform.Refusal;
import io.linyu.platform.text.Words;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Who has it: taking it and taking that back, answering, handing on.
class ClaimingTest {
  @AutoClose private static final Bureau BUREAU = new Bureau();
  private static final Cases CASES = BUREAU.cases;
  private static final Handling HANDLING = BUREAU.handling;
  private static final Handovers HANDOVERS = BUREAU.handovers;
  private static final Corrections CORRECTIONS = BUREAU.corrections;
  private static final Staff REN = BUREAU.staff("任", "community_deputy", "C1");
  private static final Staff HE = BUREAU.staff("何", "info_officer", "C1");
  private static final Staff WEI = BUREAU.staff("韦", "street_dispatcher", "S1");
  private static final Checking CHECKING = BUREAU.casework.checking();
  private static final Staff ZHANG = BUREAU.staff("章", "district_dispatcher", "D");

  @BeforeEach
  void itIsThursdayTenOClock() {
    BUREAU.clock.set("2026-03-12T10:00");
  }

  @Test
  void aClaimThatIsTakenBackLeavesItAsItWas() {
    Opened opened = BUREAU.open(BUREAU.told("楼道堆物", "0102"));
    Case before = CASES.visibleTo(REN, opened.id());
    List<String> clocks = BUREAU.clocks(ZHANG, before);
    BUREAU.clock.pass(Duration.ofSeconds(30));
    Case claimed = HANDLING.claim(REN, opened.id(), before.version());
    BUREAU.clock.pass(Duration.ofSeconds(5));
    Case back = HANDLING.release(REN, opened.id(), claimed.version());
    assertThat(back.state()).isEqualTo(CaseState.DISPATCHED);
    assertThat(back.staffId()).isNull();
    assertThat(BUREAU.clocks(ZHANG, back)).containsExactlyInAnyOrderElementsOf(clocks);
    assertThat(back.nextDueAt()).isEqualTo(before.nextDueAt());
    assertThat(CASES.byCode(back.code(), "zh").orElseThrow().steps())
        .extracting(Line::word)
        .doesNotContain("claimed");

    Case again = HANDLING.claim(REN, opened.id(), back.version());
    Case taken = HANDLING.claim(HE, opened.id(), again.version());
    assertThat(HANDLING.release(HE, opened.id(), taken.version()).staffName()).isEqualTo("任");
    assertThat(CASES.history(HE, opened.id()).getLast().sentence()).isEqualTo("何 把它还给 任");

    Case held = CASES.visibleTo(REN, opened.id());
    Case answered = HANDLING.answer(REN, opened.id(), held.version(), "下午去看");
    assertThat(HANDLING.release(REN, opened.id(), answered.version()).state())
        .as("who was answered is being looked after")
        .isEqualTo(CaseState.HANDLING);
  }

  @Test
  void aClaimOfWhatWasOnlyReportedIsTakenBackWholly() {
    Opened opened = BUREAU.open(BUREAU.told("有人在门口摆摊", "0103", "C1L03", true, false));
    Case before = CASES.visibleTo(REN, opened.id());
    List<String> clocks = BUREAU.clocks(ZHANG, before);
    List<String> progress = progress(before);
    assertThat(before.state()).isEqualTo(CaseState.REPORTED);
    assertThat(clocks).containsExactly("ACCEPTANCE 2026-03-12T04:00:00Z");

    BUREAU.clock.pass(Duration.ofSeconds(30));
    Case claimed = HANDLING.claim(REN, opened.id(), before.version());
    assertThat(claimed.state()).isEqualTo(CaseState.HANDLING);
    assertThat(claimed.level()).isNotEqualTo(before.level());
    List<String> promised = BUREAU.clocks(ZHANG, claimed);
    BUREAU.clock.pass(Duration.ofSeconds(5));
    Case back = HANDLING.release(REN, opened.id(), claimed.version());
    assertThat(back.state()).isEqualTo(CaseState.REPORTED);
    assertThat(back.staffId()).isNull();
    assertThat(back.deskId()).isEqualTo(before.deskId());
    assertThat(back.level()).isEqualTo(before.level());
    assertThat(BUREAU.clocks(ZHANG, back)).isEqualTo(clocks);
    assertThat(back.nextDueAt()).isEqualTo(before.nextDueAt());
    assertThat(progress(back)).isEqualTo(progress);
    assertThat(BUREAU.steps(back)).containsExactly("T01", "T02", "T06", "T09", "T10", "T06b");
    assertThat(CASES.history(REN, opened.id()).getLast().sentence())
        .isEqualTo("任 没有接，放回 " + back.deskName() + "，等受理");

    Case again = HANDLING.claim(HE, opened.id(), back.version());
    assertThat(again.state()).isEqualTo(CaseState.HANDLING);
    assertThat(BUREAU.clocks(ZHANG, again))
        .as("counted from the first word, as ever")
        .isEqualTo(promised);
    BUREAU.clock.pass(Duration.ofMinutes(2));
    Case later = HANDLING.release(HE, opened.id(), again.version());
    assertThat(later.state()).as("what was accepted stays so").isEqualTo(CaseState.DISPATCHED);
    assertThat(BUREAU.clocks(ZHANG, later)).containsAll(promised);
    assertThat(BUREAU.events.broken(CaseEvent.VOCABULARY)).isEmpty();
  }

  @Test
  void whoSaysWhatItIsHasAcceptedItAndTakesBackOnlyTheSignature() {
    Opened opened = BUREAU.open(BUREAU.told("想找人说说家里的事", null, "C1L03", true, false));
    Case claimed = HANDLING.claim(REN, opened.id(), 1);
    Case known = CORRECTIONS.setCategory(REN, opened.id(), claimed.version(), "0701");
    Case back = HANDLING.release(REN, opened.id(), known.version());
    assertThat(back.state()).isEqualTo(CaseState.DISPATCHED);
    assertThat(BUREAU.steps(back)).endsWith("T06", "T09", "T10", "T10b");
  }

  @Test
  void whatWasTakenOverAndTherebyAcceptedGoesBackToTheColleague() {
    Opened opened = BUREAU.open(BUREAU.told("想找人说说家里的事", null, "C1L03", true, false));
    Case held = HANDLING.claim(REN, opened.id(), 1);
    Case known = CORRECTIONS.setCategory(HE, opened.id(), held.version(), "0701");
    assertThat(known.state()).isEqualTo(CaseState.REPORTED);
    Case taken = HANDLING.claim(HE, opened.id(), known.version());
    assertThat(taken.state()).isEqualTo(CaseState.HANDLING);
    Case back = HANDLING.release(HE, opened.id(), taken.version());
    assertThat(back.state()).isEqualTo(CaseState.REPORTED);
    assertThat(back.isHeldBy(REN.id())).isTrue();
  }

  @Test
  void whoIsRefusedReadsWhatTheyCanDoInstead() {
    Opened opened = BUREAU.open(BUREAU.told("楼道堆物", "0102"));
    Case held = HANDLING.claim(REN, opened.id(), 1);
    assertThat(refused(() -> CHECKING.report(HE, held.id(), held.version(), "清了")))
        .startsWith("任 已经接手了这件事。您现在能做的：“接过来”");
    Case over = BUREAU.finish(REN, held.id(), held.version(), "清了");
    assertThat(refused(() -> CHECKING.report(REN, over.id(), over.version(), "再清")))
        .endsWith("已经结束，不能再改。您现在能做的：“回复居民”。");
  }

  private static String refused(ThrowingCallable act) {
    return Words.in("zh").of(catchThrowableOfType(Refusal.class, act));
  }

  @Test
  void oneAnswersAndNobodySpeaksPastTheOther() {
    Opened opened = BUREAU.open(BUREAU.told("楼道堆物", "0102"));
    assertRefused("case-unclaimed", () -> HANDLING.answer(REN, opened.id(), 1, "我去看"));
    Case claimed = HANDLING.claim(REN, opened.id(), 1);
    assertRefused("case-changed", () -> HANDLING.answer(HE, opened.id(), 1, "我去看"));
    Case answered = HANDLING.answer(REN, opened.id(), claimed.version(), "下午去看");
    assertRefused(
        "case-changed", () -> HANDLING.answer(WEI, opened.id(), claimed.version(), "街道去"));
    assertThat(CASES.stepsFor(WEI, answered)).contains(Cases.Step.ANSWER);
    assertThat(HANDLING.answer(WEI, opened.id(), answered.version(), "街道也去").version())
        .isGreaterThan(answered.version());
  }

  @Test
  void aNoComesWithItsReason() {
    Opened opened = BUREAU.open(BUREAU.told("楼道堆物", "0102"));
    assertRefused("case-not-your-desk", () -> HANDLING.claim(WEI, opened.id(), 1));
    assertRefused("case-unclaimed", () -> CHECKING.report(REN, opened.id(), 1, "好了"));
    assertRefused("answer-missing", () -> HANDLING.answer(REN, opened.id(), 1, " \n"));
    assertRefused("text-too-long", () -> HANDLING.note(REN, opened.id(), "长".repeat(2_001)));
    assertRefused(
        "reason-missing",
        () -> HANDOVERS.handOn(REN, opened.id(), 1, BUREAU.desk("D02", "S1").id(), ""));
    assertRefused("desk-unknown", () -> HANDOVERS.handOn(REN, opened.id(), 1, 999_999, "理由"));
    assertRefused(
        "case-same-desk",
        () -> HANDOVERS.handOn(REN, opened.id(), 1, BUREAU.desk("D07", "C1").id(), "理由"));
    assertRefused("category-unknown", () -> CORRECTIONS.setCategory(REN, opened.id(), 1, "01"));

    Case matter = HANDLING.claim(REN, opened.id(), 1);
    assertRefused("case-changed", () -> HANDLING.claim(HE, opened.id(), 1));
    assertRefused("case-held", () -> CHECKING.report(HE, opened.id(), matter.version(), "好了"));
    assertThat(CASES.stepsFor(HE, matter))
        .containsExactly(
            Step.TAKE_OVER,
            Step.ANSWER,
            Step.NOTE,
            Step.HAND_ON,
            Step.CONVENE,
            Step.RAISE,
            Step.SET_CATEGORY,
            Step.SET_TERRITORY,
            Step.URGE,
            Step.SPLIT,
            Step.ASK_HEAD);
    assertThat(HANDLING.claim(REN, opened.id(), matter.version()).version())
        .as("taking what one has changes nothing")
        .isEqualTo(matter.version());
    Case taken = HANDLING.claim(HE, opened.id(), matter.version());
    Case closed = BUREAU.finish(HE, opened.id(), taken.version(), "清完了");
    assertRefused("case-closed", () -> HANDLING.claim(REN, opened.id(), closed.version()));
    assertThat(CASES.stepsFor(REN, closed)).containsExactly(Step.ANSWER, Step.NOTE, Step.PUBLISH);
  }

  @Test
  void whatWasJustHandedOnIsTakenBack() {
    Opened opened = BUREAU.open(BUREAU.told("楼道堆物", "0102"));
    Case mine = HANDLING.claim(REN, opened.id(), 1);
    Case gone =
        HANDOVERS.handOn(REN, opened.id(), mine.version(), BUREAU.desk("D02", "S1").id(), "按错了");
    BUREAU.clock.pass(Duration.ofSeconds(8));
    Case back = HANDOVERS.handBack(REN, opened.id(), gone.version());
    assertThat(back.state()).isEqualTo(CaseState.HANDLING);
    assertThat(back.isHeldBy(REN.id())).isTrue();
    assertThat(back.deskId()).isEqualTo(BUREAU.desk("D07", "C1").id());
    assertThat(back.level()).isEqualTo(io.linyu.community.Level.COMMUNITY);
    assertThat(BUREAU.clocks(ZHANG, back)).doesNotContain("SIGNING");

    Case again =
        HANDOVERS.handOn(REN, opened.id(), back.version(), BUREAU.desk("D02", "S1").id(), "这回对了");
    Case taken = HANDLING.claim(WEI, opened.id(), again.version());
    assertRefused("case-not-back", () -> HANDOVERS.handBack(REN, opened.id(), taken.version()));
  }

  @Test
  void ofTwoWhoReachForItOneHasItAndTheOtherIsTold() throws Exception {
    for (int round = 0; round < 5; round++) {
      Opened opened = BUREAU.open(BUREAU.told("楼道堆物", "0102"));
      var start = new CountDownLatch(1);
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Future<String>> outcomes =
            Stream.of(REN, HE)
                .map(who ->
                    threads.submit(() -> {
                      start.await();
                      try {
                        return HANDLING.claim(who, opened.id(), 1).staffName();
                      } catch (Refusal refused) {
                        return refused.code();
                      }
                    }))
                .toList();
        start.countDown();
        var heard = new ArrayList<String>();
        for (Future<String> outcome : outcomes) {
          heard.add(outcome.get());
        }
        assertThat(heard).containsOnlyOnce("case-changed");
        assertThat(heard).containsAnyOf("任", "何");
      }
    }
    assertThat(BUREAU.events.broken(CaseEvent.VOCABULARY)).isEmpty();
  }

  /// What many do at once shares transactions, and nobody can tell.
  @Test
  void whatManyDoAtOnceIsAsIfEachHadBeenAlone() throws Exception {
    Case alone = CASES.visibleTo(ZHANG, serve(BUREAU.open(BUREAU.told("楼道堆物", "0102")).id(), REN));
    List<CaseId> ids =
        Stream.generate(() -> BUREAU.open(BUREAU.told("楼道堆物", "0102")).id()).limit(30).toList();
    var start = new CountDownLatch(1);
    var heard = new ArrayList<String>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<String>> outcomes =
          ids.stream()
              .flatMap(id ->
                  Stream.of(REN, HE)
                      .map(who ->
                          threads.submit(() -> {
                            start.await();
                            try {
                              serve(id, who);
                              return "done";
                            } catch (Refusal refused) {
                              return refused.code();
                            }
                          })))
              .toList();
      start.countDown();
      for (Future<String> outcome : outcomes) {
        heard.add(outcome.get());
      }
    }
    assertThat(heard).containsOnly("done", "case-changed");
    assertThat(heard.stream().filter("done"::equals)).hasSize(ids.size());
    for (CaseId id : ids) {
      Case matter = CASES.visibleTo(ZHANG, id);
      assertThat(matter.state()).isEqualTo(alone.state());
      assertThat(matter.version()).isEqualTo(alone.version());
      assertThat(matter.nextDueAt()).isEqualTo(alone.nextDueAt());
      assertThat(BUREAU.steps(matter)).isEqualTo(BUREAU.steps(alone));
      assertThat(BUREAU.clocks(ZHANG, matter)).isEqualTo(BUREAU.clocks(ZHANG, alone));
      assertThat(CASES.answers(ZHANG, id)).hasSize(2);
      assertThat(CASES.holdings(ZHANG, id))
          .hasSameSizeAs(CASES.holdings(ZHANG, alone.id()))
          .filteredOn(each -> each.until() == null)
          .hasSize(1);
    }
    assertThat(BUREAU.events.broken(CaseEvent.VOCABULARY)).isEmpty();
  }

  private static CaseId serve(CaseId id, Staff who) {
    Case matter = HANDLING.claim(who, id, 1);
    matter = HANDLING.answer(who, id, matter.version(), "下午去看");
    var _ = CHECKING.report(who, id, matter.version(), "清掉了");
    return id;
  }

  private static List<String> progress(Case matter) {
    return CASES.byCode(matter.code(), "zh").orElseThrow().steps().stream()
        .map(Line::word)
        .toList();
  }
}
