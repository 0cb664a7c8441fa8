package io.linyu.casework;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.linyu.Plans;
import io.linyu.casework.Cases.Step;
import io.linyu.channel.AddressKey;
import io.linyu.community.Desk;
import io.linyu.community.Level;
import io.linyu.community.Staff;
import io.linyu.platform.Refusal;
import io.linyu.platform.db.Tx;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Other desks do a part of a case; whoever has it leads, and answers for the whole.
class CoHandlingTest {
  @AutoClose private static final Bureau BUREAU = new Bureau();
  private static final Staff SECRETARY = BUREAU.staff("高", "community_secretary", "C1");
  private static final Staff REN = BUREAU.staff("任", "community_deputy", "C1");
  private static final Staff HE = BUREAU.staff("何", "info_officer", "C1");
  private static final Staff WEI = BUREAU.staff("韦", "street_dispatcher", "S1");
  private static final Staff ZHANG = BUREAU.staff("章", "district_dispatcher", "D");
  private static final Staff HUO = at("霍", "消防救援机构");
  private static final Staff ZHU = at("朱", "消防救援机构");
  private static final Staff LIN = at("林", "残联");
  private static final Parts PARTS = BUREAU.casework.parts();
  private static final LocalDate THURSDAY = LocalDate.parse("2026-03-12");
  private static final LocalDate FRIDAY = THURSDAY.plusDays(1);
  private static final LocalDate MONDAY = THURSDAY.plusDays(4);

  private final long person = person();

  @BeforeEach
  void itIsThursdayTenOClock() {
    BUREAU.clock.set("2026-03-12T10:00");
    var _ =
        BUREAU.db.execute(
            "UPDATE case_part SET state = 'ended', ended_at = '2020-01-01Z' WHERE ended_at IS NULL");
  }

  @Test
  void anotherDeskSignsAndAnswersAndOnlyThenIsItReported() {
    Case mine = taken("0102");
    assertThat(PARTS.partners(mine).getFirst())
        .as("the catalogue names them for this kind")
        .isEqualTo(new Parts.Partner(desk(HUO), "消防救援机构", "云溪区", true));
    assertNotFound(() -> BUREAU.cases.visibleTo(HUO, mine.id()));
    assertThat(PARTS.count(HUO)).isZero();

    Parts.Asked asked = ask(mine, FRIDAY, HUO);
    Case then = asked.matter();
    assertThat(then.isHeldBy(REN.id())).as("one has it, who leads").isTrue();
    assertThat(then.state()).isEqualTo(CaseState.HANDLING);
    assertThat(then.version()).as("nobody's step is outdated").isEqualTo(mine.version());
    assertThat(BUREAU.cases.holdings(REN, mine.id())).last().extracting(Holding::until).isNull();
    assertThat(BUREAU.cases.visibleTo(HUO, mine.id()).title()).isEqualTo(mine.title());
    assertThat(BUREAU.cases.byNumberVisibleTo(HUO, mine.number())).isPresent();
    assertThat(steps(HUO, then)).contains(Step.NOTE).doesNotContain(Step.ANSWER, Step.REPORT);
    assertThat(PARTS.count(HUO)).isOne();
    assertThat(PARTS.waiting(HUO, null))
        .extracting(each -> each.part().code())
        .isEqualTo(asked.codes());
    assertThat(part(asked).dueAt()).isEqualTo(Bureau.at("2026-03-13T17:30"));
    assertThat(followed(mine).alsoAtWork()).containsExactly("消防救援机构");

    assertThat(steps(REN, then)).contains(Step.TEND_PARTS).doesNotContain(Step.REPORT);
    assertRefused("part-open", () -> report(mine));
    assertNotFound(() -> PARTS.sign(LIN, code(asked)));

    assertThat(PARTS.sign(HUO, code(asked)).staffName()).isEqualTo("霍");
    assertRefused("part-held", () -> PARTS.answer(ZHU, code(asked), "查了", List.of()));
    assertThat(PARTS.sign(ZHU, code(asked)).staffName()).as("taken on").isEqualTo("朱");
    assertRefused("part-answer-missing", () -> PARTS.answer(ZHU, code(asked), " ", List.of()));
    BUREAU.clock.set("2026-03-12T15:00");
    Part answered = PARTS.answer(ZHU, code(asked), "通道清出来了", List.of());
    assertThat(answered.state()).isEqualTo(Part.State.ANSWERED);
    assertThat(PARTS.of(REN, mine.id()))
        .extracting(Part::request, Part::reply, Part::staffName)
        .containsExactly(tuple("请一起去清楼道", "通道清出来了", "朱"));
    assertNotFound(() -> BUREAU.cases.visibleTo(ZHU, mine.id()));
    assertThat(PARTS.count(HUO)).isZero();
    assertThat(PARTS.over(HUO, null))
        .extracting(each -> each.part().reply())
        .first()
        .isEqualTo("通道清出来了");
    assertThat(PARTS.visibleTo(HUO, code(asked)).isOpenToThem()).isFalse();
    assertRefused("part-over", () -> PARTS.answer(ZHU, code(asked), "还有", List.of()));

    assertThat(report(mine).state()).isNotEqualTo(CaseState.HANDLING);
    assertThat(history(mine))
        .contains("任 请 消防救援机构 会办，2026年3月13日 17:30 前答复", "霍 签收了会办（消防救援机构）", "朱 答复了会办（消防救援机构）");
    assertThat(progress(mine))
        .contains("请 消防救援机构 一起办", "消防救援机构 办了他们那一块，回了话")
        .noneMatch(each -> each.contains("会办") || each.contains("签收"));
    assertThat(followed(mine).alsoAtWork()).isEmpty();
  }

  @Test
  void whatIsNotAnsweredByItsDayIsNamedInAStageResult() {
    Case mine = taken("0102");
    Parts.Asked asked = ask(mine, THURSDAY, HUO, LIN);
    PARTS.answer(LIN, asked.codes().getLast(), "不用坡道", List.of());
    BUREAU.clock.set("2026-03-12T17:29");
    assertRefused("part-open", () -> report(mine));
    BUREAU.clock.set("2026-03-12T17:30");
    Case reported = report(mine);
    assertThat(reported.work().isOpen()).isFalse();
    assertThat(PARTS.of(REN, mine.id()))
        .extracting(Part::state)
        .containsExactly(Part.State.LAPSED, Part.State.ANSWERED);
    assertThat(BUREAU.cases.answers(REN, mine.id()).getLast().text())
        .startsWith("清走了")
        .contains("消防救援机构 那一块到时间还没有回话")
        .doesNotContain("残联");
    assertThat(progress(mine)).contains("消防救援机构 那一块到时间还没有回话");
    assertRefused("part-over", () -> PARTS.sign(HUO, asked.codes().getFirst()));
  }

  @Test
  void whatCannotBeAskedIsRefusedAndNothingIsDone() {
    Case mine = taken("0102");
    List<Long> fire = List.of(desk(HUO));
    assertRefused("part-past", () -> ask(mine, THURSDAY.minusDays(1), HUO));
    assertRefused("part-beyond", () -> ask(mine, MONDAY.plusDays(1), HUO));
    assertRefused(
        "part-desk-missing", () -> PARTS.ask(REN, mine.id(), List.of(), FRIDAY, "去", false));
    assertRefused(
        "part-request-missing", () -> PARTS.ask(REN, mine.id(), fire, FRIDAY, " ", false));
    assertRefused(
        "part-desk-elsewhere",
        () -> PARTS.ask(REN, mine.id(), List.of(desk(HUO), mine.deskId()), FRIDAY, "去", false));
    assertRefused("case-held", () -> PARTS.ask(HE, mine.id(), fire, FRIDAY, "去", false));
    assertNotFound(() -> PARTS.ask(HUO, mine.id(), fire, FRIDAY, "去", false));
    assertThat(PARTS.of(REN, mine.id())).isEmpty();
    assertThat(BUREAU.cases.notes(REN, mine.id())).isEmpty();

    Parts.Asked asked = ask(mine, MONDAY, HUO);
    assertRefused("part-asked", () -> ask(mine, MONDAY, HUO));
    assertThat(PARTS.of(REN, mine.id())).hasSize(1);
    assertRefused("reason-missing", () -> PARTS.decline(HUO, code(asked), ""));
    assertThat(PARTS.decline(HUO, code(asked), "这是物业的事").state()).isEqualTo(Part.State.DECLINED);
    assertThat(ask(mine, MONDAY, HUO).codes()).as("asked again").hasSize(1);
    BUREAU.clock.set("2026-03-16T17:30");
    assertRefused("part-late", () -> ask(mine, MONDAY, LIN));
  }

  @Test
  void whatWasToldInConfidenceIsNotTheirsToSeeUnlessWhoeverLeadsSaysSo() {
    Case quiet = confidential();
    Parts.Asked asked = ask(quiet, FRIDAY, HUO);
    assertNotFound(() -> BUREAU.cases.visibleTo(HUO, quiet.id()));
    assertThat(BUREAU.cases.byNumberVisibleTo(HUO, quiet.number())).isEmpty();
    Parts.Sheet sheet = PARTS.visibleTo(HUO, code(asked));
    assertThat(sheet.part().request()).isEqualTo("请一起去清楼道");
    assertThat(sheet.shows()).isFalse();
    PARTS.answer(HUO, code(asked), "去过了", List.of());

    Parts.Asked open = PARTS.ask(REN, quiet.id(), List.of(desk(HUO)), FRIDAY, "请看看全部", true);
    assertThat(BUREAU.cases.visibleTo(HUO, quiet.id()).title()).isEqualTo(quiet.title());
    PARTS.cancel(REN, quiet.id(), open.codes());
    assertNotFound(() -> BUREAU.cases.visibleTo(HUO, quiet.id()));
  }

  @Test
  void whoeverLeadsUrgesGivesLongerAndCallsOff() {
    Case mine = taken("0102");
    Parts.Asked asked = ask(mine, THURSDAY, HUO, LIN);
    String code = code(asked);
    assertThat(called(mine, "part_asked"))
        .as("each desk by itself")
        .containsExactly("phone", "phone");
    PARTS.urge(REN, mine.id(), code);
    assertRefused("case-urged-lately", () -> PARTS.urge(REN, mine.id(), code));
    assertRefused("case-held", () -> PARTS.urge(HE, mine.id(), code));
    assertThat(called(mine, "part_urged")).containsExactly("phone");
    PARTS.sign(HUO, code);
    assertThat(called(mine, "part_asked")).containsExactly("settled", "phone");

    assertRefused("part-sooner", () -> PARTS.extend(REN, mine.id(), code, THURSDAY));
    assertRefused("part-beyond", () -> PARTS.extend(REN, mine.id(), code, MONDAY.plusDays(1)));
    PARTS.extend(REN, mine.id(), code, MONDAY);
    assertThat(part(asked).dueAt()).isEqualTo(Bureau.at("2026-03-16T17:30"));
    BUREAU.clock.set("2026-03-12T17:30");
    assertThat(called(mine, "part_overdue")).as("only the other one").containsExactly("phone");
    PARTS.cancel(REN, mine.id(), List.of(asked.codes().getLast()));
    assertThat(called(mine, "part_overdue")).containsExactly("settled");
    assertRefused("part-over", () -> PARTS.sign(LIN, asked.codes().getLast()));
    BUREAU.clock.set("2026-03-16T16:00");
    assertThat(called(mine, "part_soon")).containsExactly("phone");
    BUREAU.clock.set("2026-03-16T17:30");
    assertThat(called(mine, "part_overdue")).containsExactlyInAnyOrder("settled", "phone");
    assertThat(called(mine, "part_soon")).containsExactly("settled");
  }

  /// What becomes of open parts when the case goes its way.
  @Test
  void partsGoAlongWithWhoeverLeadsAndEndWithTheCase() {
    Case given = taken("0102");
    Parts.Asked asked = ask(given, FRIDAY, HUO, LIN);
    Case on = BUREAU.handovers.handOn(REN, given.id(), given.version(), desk(HUO), "该他们牵头");
    assertThat(states(on))
        .as("who has all of it has no part")
        .containsExactly("消防救援机构 ENDED", "残联 ASKED", "清泉社区居委会 SIGNED");
    Case theirs = BUREAU.handling.claim(HUO, on.id(), on.version());
    assertThat(steps(HUO, theirs)).contains(Step.TEND_PARTS);
    assertRefused(
        "part-open", () -> BUREAU.casework.checking().report(HUO, on.id(), theirs.version(), "好了"));
    PARTS.cancel(HUO, on.id(), List.of(asked.codes().getLast()));
    assertThat(BUREAU.casework.checking().report(HUO, on.id(), theirs.version(), "好了").isOpen())
        .as("who keeps contact holds nothing up")
        .isTrue();

    Case withdrawn = taken("0102");
    ask(withdrawn, FRIDAY, HUO);
    BUREAU.db.inTransaction(tx -> BUREAU.intake.withdraw(tx, withdrawn.id(), person, null));
    assertThat(states(withdrawn)).containsExactly("消防救援机构 ENDED");
    assertThat(PARTS.count(HUO)).isZero();
    assertThat(called(withdrawn, "part_asked")).doesNotContain("phone", "waiting");

    Case unsigned = taken("0102");
    ask(unsigned, FRIDAY, HUO);
    Case released = BUREAU.handling.release(REN, unsigned.id(), now(unsigned).version());
    assertThat(states(released)).as("the desk still leads").containsExactly("消防救援机构 ASKED");
    assertRefused(
        "case-unclaimed",
        () -> PARTS.urge(REN, unsigned.id(), code(PARTS.of(REN, unsigned.id()).getFirst())));

    Case waits = taken("0102");
    Parts.Asked whileItWaits = ask(waits, FRIDAY, HUO);
    var _ =
        BUREAU.casework.suspending().ask(REN, waits.id(), TimeRequest.Reason.SEASON, MONDAY, "等开春");
    Case granted =
        BUREAU
            .casework
            .suspending()
            .grant(
                SECRETARY,
                waits.id(),
                now(waits).version(),
                requireNonNull(now(waits).asked()).noteId());
    assertThat(granted.state()).isEqualTo(CaseState.SUSPENDED);
    assertThat(states(granted)).containsExactly("消防救援机构 ASKED");
    assertThat(PARTS.answer(HUO, code(whileItWaits), "先清了一半", List.of()).isOpen()).isFalse();
  }

  @Test
  void whatIsRaisedLeavesTheResidentWithTheDeskThatKnowsThem() {
    BUREAU.rule(LoopRule.E1, LoopRule.Mode.LIVE);
    Opened opened = BUREAU.open(told("0102"));
    Case told = now(opened.id());
    BUREAU.clock.set("2026-03-12T15:30");
    BUREAU.applyRules();
    Case raised = now(opened.id());
    assertThat(raised.level()).isEqualTo(Level.STREET);
    assertThat(states(raised)).containsExactly("清泉社区居委会 SIGNED");
    assertThat(steps(REN, raised)).contains(Step.ANSWER).doesNotContain(Step.CLAIM, Step.REPORT);
    Case answered = BUREAU.handling.answer(REN, raised.id(), raised.version(), "街道接着办，有事找我");
    assertThat(history(answered)).contains("清泉社区居委会 继续联系居民");
    assertThat(progress(answered)).contains("清泉社区居委会 继续跟您联系");
    assertThat(PARTS.count(REN)).as("nothing to be done").isZero();
    String contact = PARTS.of(WEI, raised.id()).getFirst().code();
    assertRefused("part-contact", () -> PARTS.answer(REN, contact, "好", List.of()));
    Case theirs = BUREAU.handling.claim(WEI, raised.id(), answered.version());
    assertThat(steps(WEI, theirs)).as("holds nothing up").contains(Step.REPORT);

    Case mine = taken("0102");
    Case byHand = BUREAU.handovers.handOn(REN, mine.id(), mine.version(), desk(WEI), "要街道出面");
    assertThat(byHand.level()).isEqualTo(Level.STREET);
    assertThat(states(byHand)).containsExactly("清泉社区居委会 SIGNED");
    Case back = BUREAU.handovers.handBack(REN, byHand.id(), byHand.version());
    assertThat(states(back)).containsExactly("清泉社区居委会 ENDED");
    assertThat(told.level()).isEqualTo(Level.COMMUNITY);
  }

  @Test
  void ofTwoAtOnceOneComesFirstAndTheOtherHears() throws Exception {
    Case mine = taken("0102");
    List<String> asked =
        atOnce(
            () -> {
              ask(mine, FRIDAY, HUO);
            },
            () -> {
              ask(mine, FRIDAY, HUO);
            });
    assertThat(asked).containsExactlyInAnyOrder("", "part-asked");
    String code = code(PARTS.of(REN, mine.id()).getFirst());
    List<String> said =
        atOnce(
            () -> {
              PARTS.answer(HUO, code, "清了", List.of());
            },
            () -> {
              PARTS.cancel(REN, mine.id(), List.of(code));
            });
    assertThat(said).containsOnlyOnce("");
    assertThat(said).containsAnyOf("part-over", "part-none");
    assertThat(states(mine)).containsAnyOf("消防救援机构 ANSWERED", "消防救援机构 CANCELLED");

    Case other = taken("0102");
    List<String> reported =
        atOnce(
            () -> {
              report(other);
            },
            () -> {
              ask(other, FRIDAY, HUO);
            });
    assertThat(reported).containsOnlyOnce("");
    assertThat(now(other).state() == CaseState.HANDLING).isEqualTo(now(other).work().isOpen());
  }

  /// What stands beside the row is read as it was before the wait, and must be read again.
  @Test
  void whoeverHasWaitedSeesAllThatTheOtherDid() throws Exception {
    Case mine = taken("0102");
    var _ = BUREAU.handling.note(REN, mine.id(), "问过物业");
    long note = BUREAU.cases.notes(REN, mine.id()).getFirst().id();
    var store = new CaseStore();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Case> waits =
          BUREAU.db.inTransaction(tx -> {
            assertThat(store.lock(tx, mine.id())).isTrue();
            new TimeRequestStore()
                .askExtension(tx, mine.id(), REN.id(), BUREAU.clock.instant(), note, 1);
            store.urged(tx, mine.id(), true, BUREAU.clock.instant());
            Future<Case> other =
                threads.submit(() -> BUREAU.handling.note(REN, mine.id(), "又问了一次"));
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(8);
            while (!isWaitedFor(tx)) {
              assertThat(System.nanoTime()).as("nobody waits").isLessThan(end);
            }
            return other;
          });
      Case seen = waits.get();
      assertThat(seen.residentUrgedAt()).isNotNull();
      assertThat(seen.asked()).isNotNull();
    }
    assertThat(BUREAU.events.broken(CaseEvent.VOCABULARY)).isEmpty();
  }

  private static boolean isWaitedFor(Tx tx) {
    return tx.one(
            """
            SELECT EXISTS (SELECT FROM pg_locks
                            WHERE NOT granted AND transactionid = pg_current_xact_id()::xid) AS waits
            """)
        .getBoolean("waits");
  }

  @Test
  void theListsOfADeskAreReadInTheirOrderHoweverManyThereAre() {
    Case mine = taken("0102");
    ask(mine, FRIDAY, HUO);
    var _ =
        BUREAU.db.execute(
            """
            INSERT INTO case_part
                   (case_id, code, kind, state, desk_id, asked_by, asked_at, request_note_id, amber_at, due_at, ended_at)
            SELECT p.case_id, 'many-' || n, 'work', 'cancelled', p.desk_id, p.asked_by, p.asked_at,
                   p.request_note_id, p.amber_at, p.due_at, p.asked_at + n * interval '1 minute'
              FROM case_part p, generate_series(1, 3000) AS n
             WHERE p.case_id = $1
            """,
            mine.id().value());
    var _ = BUREAU.db.rows("ANALYZE case_part");
    BUREAU.db.withinTransaction(tx -> {
      // Of few rows all would be read: that there is a way beside shows this.
      for (String way : List.of("seqscan", "bitmapscan")) {
        var _ = tx.rows("SELECT set_config('enable_' || $1, 'off', true)", way);
      }
      var plans = new Plans(tx, 4 * Parts.PAGE, Set.of("case_part"));
      var store = new PartStore();
      Long[] desks = CaseStore.desks(HUO);
      assertThat(store.waiting(plans, HUO.id(), desks, desks, null, 0, Parts.PAGE)).hasSize(1);
      assertThat(
              store.over(
                  plans, HUO.id(), desks, desks, Bureau.at("2027-01-01T00:00"), 0, Parts.PAGE))
          .hasSize(Parts.PAGE);
      assertThat(store.count(plans, HUO.id(), desks, desks)).isOne();
      assertThat(
              new CaseStore()
                  .visible(plans, HUO, Scope.of(HUO, BUREAU.community.territories()), mine.id()))
          .isPresent();
      assertThat(plans.complaints()).isEmpty();
    });
  }

  /// @return the code of what was refused; empty: it was done
  private static List<String> atOnce(Deed one, Deed two) throws InterruptedException {
    var ready = new CountDownLatch(2);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<String>> all =
          threads.invokeAll(
              List.of(one, two).stream()
                  .<Callable<String>>map(each -> () -> said(ready, each))
                  .toList());
      var said = new ArrayList<String>();
      for (Future<String> each : all) {
        try {
          said.add(each.get());
        } catch (ExecutionException e) {
          throw new AssertionError(e);
        }
      }
      return said;
    }
  }

  private interface Deed {
    void take();
  }

  private static String said(CountDownLatch ready, Deed step) throws InterruptedException {
    ready.countDown();
    ready.await();
    try {
      step.take();
      return "";
    } catch (Refusal refusal) {
      return refusal.code();
    }
  }

  // What they have.

  private static Parts.Asked ask(Case matter, LocalDate day, Staff... whom) {
    return PARTS.ask(
        REN,
        matter.id(),
        List.of(whom).stream().map(CoHandlingTest::desk).toList(),
        day,
        "请一起去清楼道",
        false);
  }

  private static Case report(Case matter) {
    return BUREAU.casework.checking().report(REN, matter.id(), now(matter).version(), "清走了");
  }

  private Case taken(String category) {
    Opened opened = BUREAU.open(told(category));
    return BUREAU.handling.claim(REN, opened.id(), now(opened.id()).version());
  }

  private NewCase told(String category) {
    return told(category, false);
  }

  private NewCase told(String category, boolean confidential) {
    return NewCase.of("楼道里堆了杂物", BUREAU.place("C1L03").id(), "wechat")
        .by(person, null)
        .category(category)
        .confirmed(true)
        .confidential(confidential)
        .ready();
  }

  private Case confidential() {
    Opened opened = BUREAU.open(told("0102", true));
    Case told = now(opened.id());
    assertThat(told.confidential()).isTrue();
    return BUREAU.handling.claim(REN, told.id(), told.version());
  }

  private static Staff at(String name, String body) {
    Staff hired = BUREAU.staff(name, "department_handler", "D");
    Desk desk = BUREAU.community.desks().ofBodyNear(body, BUREAU.place("C1L03")).orElseThrow();
    BUREAU.community.staff().join(hired, desk);
    return BUREAU.community.staff().byId(hired.id()).orElseThrow();
  }

  private static long desk(Staff who) {
    return who.desks().stream()
        .filter(each -> !BUREAU.community.desks().byId(each).fallback() || who.id() == WEI.id())
        .findFirst()
        .orElseThrow();
  }

  private static String code(Parts.Asked asked) {
    return asked.codes().getFirst();
  }

  private static String code(Part part) {
    return part.code();
  }

  private static Part part(Parts.Asked asked) {
    return PARTS.of(REN, asked.matter().id()).stream()
        .filter(each -> each.code().equals(code(asked)))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> states(Case matter) {
    return new PartStore()
        .of(BUREAU.db, matter.id()).stream()
            .map(each -> each.deskName() + " " + each.state())
            .toList();
  }

  private static List<Step> steps(Staff who, Case matter) {
    return BUREAU.cases.stepsFor(who, matter);
  }

  private static Case now(Case matter) {
    return now(matter.id());
  }

  private static Case now(CaseId id) {
    return BUREAU.cases.named(BUREAU.db, id).orElseThrow();
  }

  private static Followed followed(Case matter) {
    return BUREAU.cases.byCode(matter.code(), "zh").orElseThrow();
  }

  private static List<String> progress(Case matter) {
    return followed(matter).steps().stream().map(Line::sentence).toList();
  }

  private static List<String> history(Case matter) {
    return BUREAU.cases.history(ZHANG, matter.id()).stream().map(Line::sentence).toList();
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
        .rows(
            "SELECT state FROM errand WHERE case_id = $1 AND why = $2 ORDER BY part_id",
            matter.id().value(),
            why)
        .stream()
        .map(row -> row.getString("state"))
        .toList();
  }

  private static long person() {
    var key = new AddressKey("wechat", "main", "part-" + UUID.randomUUID());
    return BUREAU.db.inTransaction(tx ->
        BUREAU.community.people().ensure(tx, List.of(key)).values().iterator().next().personId());
  }

  private static void assertNotFound(ThrowingCallable step) {
    assertRefused("not-found", step);
  }

  private static void assertRefused(String code, ThrowingCallable step) {
    assertThatThrownBy(step)
        .isInstanceOfSatisfying(
            Refusal.class, refusal -> assertThat(refusal.code()).isEqualTo(code));
  }
}
