package io.linyu.casework;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.linyu.casework.CaseClock.Kind;
import io.linyu.casework.Cases.Step;
import io.linyu.community.Desk;
import io.linyu.community.Level;
import io.linyu.community.Staff;
import io.linyu.platform.Refusal;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What goes to the next level by hand, and to the one below.
class LevelsTest {
  @AutoClose private static final Bureau BUREAU = new Bureau();
  private static final Levels LEVELS = BUREAU.casework.levels();

  private static final Staff REN = BUREAU.staff("任", "community_deputy", "C1");
  private static final Staff WEI = BUREAU.staff("韦", "street_dispatcher", "S1");
  private static final Staff DU = BUREAU.staff("杜", "street_supervisor", "S1");
  private static final Staff ZHANG = BUREAU.staff("章", "district_dispatcher", "D");

  @BeforeEach
  void itIsThursdayTenOClock() {
    BUREAU.clock.set("2026-03-12T10:00");
  }

  @Test
  void whatIsBeyondALevelGoesToTheNextWithAReasonAndMayBeTakenBackAtOnce() {
    Case own = opened("0102");
    Case mine = BUREAU.handling.claim(REN, own.id(), own.version());
    String limits = limits(mine);
    assertThat(LEVELS.above(mine)).isEqualTo(desk("D02", "S1").name());
    assertRefused("reason-missing", () -> LEVELS.raise(REN, mine.id(), mine.version(), " "));
    assertRefused(
        "case-not-your-desk",
        () -> LEVELS.raise(ZHANG, mine.id(), mine.version(), "区里来办")); // not in the table
    assertRefused("send-down-bottom", () -> LEVELS.sendDown(REN, mine.id(), mine.version(), "下沉"));
    BUREAU.clock.pass(Duration.ofHours(1));
    Case up = LEVELS.raise(REN, mine.id(), mine.version(), "要两个社区一起清");
    assertThat(up.level()).isEqualTo(Level.STREET);
    assertThat(up.state()).isEqualTo(CaseState.DISPATCHED);
    assertThat(up.deskId()).isEqualTo(desk("D02", "S1").id());
    assertThat(up.staffId()).isNull();
    assertThat(limits(up)).as("no clock of the resident's is reset").isEqualTo(limits);
    assertThat(BUREAU.cases.holdings(WEI, up.id()).getLast().reason()).isEqualTo("要两个社区一起清");
    assertThat(steps(up)).endsWith("T30", "T09");
    assertThat(BUREAU.casework.parts().of(WEI, up.id()))
        .as("the community keeps contact with the resident")
        .extracting(Part::deskId, Part::isContact)
        .containsExactly(tuple(desk("D07", "C1").id(), true));

    Case back = BUREAU.handovers.handBack(REN, up.id(), up.version());
    assertThat(back.level()).isEqualTo(Level.COMMUNITY);
    assertThat(back.isHeldBy(REN.id())).isTrue();
    Case again = LEVELS.raise(REN, back.id(), back.version(), "要两个社区一起清");
    Case signed = BUREAU.handling.claim(WEI, again.id(), again.version());
    assertRefused(
        "send-down-signed", () -> LEVELS.sendDown(WEI, signed.id(), signed.version(), "下沉"));
    Case top = LEVELS.raise(WEI, signed.id(), signed.version(), "要区里协调");
    assertThat(top.level()).isEqualTo(Level.DISTRICT);
    assertThat(limits(top)).isEqualTo(limits);
    assertRefused("raise-top", () -> LEVELS.raise(ZHANG, top.id(), top.version(), "再往上"));
  }

  @Test
  void whatTheCatalogueLetsTheLevelBelowHandleIsSentDownUnsigned() {
    Case own = opened("0102");
    String limits = limits(own);
    Case up = LEVELS.raise(REN, own.id(), own.version(), "要街道出面");
    assertThat(BUREAU.cases.stepsFor(WEI, up)).contains(Step.SEND_DOWN, Step.RAISE);
    assertThat(BUREAU.cases.stepsFor(REN, up)).doesNotContain(Step.SEND_DOWN, Step.RAISE);
    assertThat(LEVELS.below(up)).isEqualTo(desk("D07", "C1").name());
    BUREAU.clock.pass(Duration.ofHours(1));
    Case down = LEVELS.sendDown(WEI, up.id(), up.version(), "社区能清，街道派车");
    assertThat(down.level()).isEqualTo(Level.COMMUNITY);
    assertThat(down.deskId()).isEqualTo(desk("D07", "C1").id());
    assertThat(down.state()).isEqualTo(CaseState.DISPATCHED);
    assertThat(limits(down)).as("no clock of the resident's is reset").isEqualTo(limits);
    assertThat(steps(down)).endsWith("T11", "T31", "null", "T09");
    assertThat(BUREAU.cases.notes(REN, down.id()))
        .extracting(Note::text)
        .containsExactly("社区能清，街道派车");
    Case mine = BUREAU.handling.claim(REN, down.id(), down.version());
    assertThat(mine.isHeldBy(REN.id())).isTrue();

    // What is not for the level below stays.
    String streets =
        BUREAU.casework.categories().all().stream()
            .filter(each -> each.isSpecific() && each.circle() == Level.STREET)
            .map(Category::code)
            .findFirst()
            .orElseThrow();
    Case theirs =
        BUREAU.cases.named(BUREAU.db, BUREAU.open(BUREAU.told("路边", streets)).id()).orElseThrow();
    assertThat(theirs.level()).isEqualTo(Level.STREET);
    assertThat(theirs.state()).isEqualTo(CaseState.DISPATCHED);
    assertThat(LEVELS.below(theirs)).isNull();
    assertRefused(
        "send-down-loop", () -> LEVELS.sendDown(WEI, theirs.id(), theirs.version(), "社区近"));
    assertThat(BUREAU.events.broken(CaseEvent.VOCABULARY)).isEmpty();
  }

  @Test
  void ofTwoWhoMoveItOneDoesAndTheOtherIsTold() throws Exception {
    Case own = opened("0102");
    Case up = LEVELS.raise(REN, own.id(), own.version(), "要街道出面");
    var start = new CountDownLatch(1);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<String>> outcomes =
          Stream.<ThrowingCallable>of(
                  () -> LEVELS.sendDown(WEI, up.id(), up.version(), "社区能办"),
                  () -> LEVELS.raise(DU, up.id(), up.version(), "要区里协调"))
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
    Case now = BUREAU.cases.named(BUREAU.db, up.id()).orElseThrow();
    assertThat(now.version()).as("once").isEqualTo(up.version() + 1);
  }

  private static Case opened(String category) {
    return BUREAU.cases.visibleTo(REN, BUREAU.open(BUREAU.told("楼道堆物", category)).id());
  }

  private static Desk desk(String body, String territory) {
    return BUREAU.community.desks().at(BUREAU.place(territory)).stream()
        .filter(each -> each.body().equals(body))
        .findFirst()
        .orElseThrow();
  }

  /// But for whoever keeps contact with the resident from then on.
  private static List<String> steps(Case matter) {
    return BUREAU.events.of(BUREAU.db, CaseEvent.VOCABULARY, matter.id().value()).stream()
        .filter(each ->
            !(each.event() instanceof CaseEvent.PartAsked
                || each.event() instanceof CaseEvent.PartMoved))
        .map(each -> Objects.toString(each.event().transition()))
        .toList();
  }

  /// The resident's clocks, from when to when.
  private static String limits(Case matter) {
    return new ClockStore()
        .clocks(BUREAU.db, matter.id()).stream()
            .filter(each -> each.kind() == Kind.HANDLING || each.kind() == Kind.FIRST_CONTACT)
            .map(each -> each.kind() + " " + each.startedAt() + " " + each.dueAt())
            .sorted()
            .toList()
            .toString();
  }

  private static void assertRefused(String code, ThrowingCallable what) {
    assertThatThrownBy(what)
        .isInstanceOfSatisfying(
            Refusal.class, refusal -> assertThat(refusal.code()).isEqualTo(code));
  }
}
