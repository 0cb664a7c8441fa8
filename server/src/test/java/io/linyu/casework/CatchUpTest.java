package io.linyu.casework;

import static org.assertj.core.api.Assertions.assertThat;

import io.linyu.TestClock;
import io.linyu.casework.Errand.Why;
import io.linyu.casework.LoopRule.Mode;
import io.linyu.community.Staff;
import io.linyu.platform.time.QuietHours;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a down-time left, or a rule that was turned live, is told in one message.
class CatchUpTest {
  @AutoClose private static final Bureau BUREAU = new Bureau();
  private static final CatchUps CATCH_UPS = BUREAU.casework.catchUps();
  private static final Errands.Pace PACE =
      new Errands.Pace(
          Duration.ofMinutes(15), Duration.ofMinutes(10), QuietHours.NONE, TestClock.ZONE);

  private static final Staff REN = BUREAU.staff("任", "info_officer", "C1");
  private static final Staff GAO = BUREAU.staff("高", "community_secretary", "C1");
  private static final Staff WEI = BUREAU.staff("韦", "street_dispatcher", "S1");

  private final List<CatchUps.Telling> told = Collections.synchronizedList(new ArrayList<>());

  @BeforeEach
  void everybodyHasAChatAndAServerRuns() {
    BUREAU.clock.set("2026-03-12T10:00");
    BUREAU.db.execute("TRUNCATE \"case\" CASCADE");
    BUREAU.db.execute("TRUNCATE catch_up, heartbeat CASCADE");
    BUREAU.db.execute("DELETE FROM rule_switch WHERE version > 1");
    BUREAU.db.execute("DELETE FROM staff_address");
    List.of(REN, GAO, WEI).forEach(CatchUpTest::bind);
    CATCH_UPS.begin();
  }

  @Test
  void aDeskHearsOfAllThatADownTimeLeftInOneMessageAndOfWhatComesAfterAsEver() {
    CaseId first = tell();
    BUREAU.clock.pass(Duration.ofMinutes(1));
    CaseId held = tell();
    var _ = BUREAU.handling.claim(REN, held, see(held).version());
    CaseId second = tell();
    CaseId critical = tell();
    BUREAU.db.execute("UPDATE \"case\" SET urgency = 'critical' WHERE id = " + critical.value());
    down("2026-03-12T10:05", "2026-03-12T15:45");
    look();
    assertThat(errands(first)).containsExactly("new settled folded", "overdue settled folded");
    assertThat(errands(critical)).as("danger waits for nobody").contains("new waiting called");
    assertThat(history(first)).contains("不单独叫人，合在一条汇总里告诉 清泉社区居委会：新事没人接");
    tellDue();
    assertThat(told).as("more may come").isEmpty();

    CaseId fresh = tell();
    BUREAU.clock.pass(Duration.ofMinutes(15));
    look();
    assertThat(errands(fresh)).containsExactly("new waiting called");
    tellDue();
    tellDue();
    assertThat(told).extracting(each -> each.to().name()).containsExactly("任", "高");
    CatchUps.Telling ren = told.getFirst();
    assertThat(ren.cases()).isEqualTo(2);
    assertThat(ren.counts()).isEqualTo(Map.of(Why.NEW, 2, Why.OVERDUE, 2));
    assertThat(ren.theirs()).isZero();
    assertThat(ren.oldest().getFirst().matter().id()).isEqualTo(first);
    assertThat(ren.oldest()).extracting(each -> each.matter().id()).contains(second);
    assertThat(ren.why().beganAt()).isEqualTo(Bureau.at("2026-03-12T10:05"));
    assertThat(CATCH_UPS.latest(9)).containsExactly(new CatchUpStore.Told(ren.why(), 1, 2));
  }

  @Test
  void whoeverHasSomeOfThemHearsHowMany() {
    Staff shu = BUREAU.staff("舒", "community_deputy", "C1");
    bind(shu);
    CaseId held = tell();
    var _ = BUREAU.handling.claim(shu, held, see(held).version());
    var _ = tell();
    down("2026-03-12T10:05", "2026-03-18T09:00");
    look();
    BUREAU.clock.pass(CatchUps.QUIET);
    tellDue();
    assertThat(told)
        .filteredOn(each -> each.to().name().equals("舒"))
        .singleElement()
        .satisfies(each -> {
          assertThat(each.cases()).isEqualTo(2);
          assertThat(each.theirs()).as("its limits").isGreaterThanOrEqualTo(1);
        });
  }

  @Test
  void aShortStopIsNoDownTime() {
    CaseId id = tell();
    down("2026-03-12T10:10", "2026-03-12T10:19");
    look();
    assertThat(errands(id)).containsExactly("new waiting called");
    assertThat(CATCH_UPS.latest(9)).isEmpty();
  }

  @Test
  void whatWasSeenToMeanwhileIsNotTold() {
    CaseId id = tell();
    down("2026-03-12T10:05", "2026-03-12T11:00");
    look();
    var _ = BUREAU.handling.claim(REN, id, see(id).version());
    BUREAU.clock.pass(CatchUps.QUIET);
    tellDue();
    assertThat(told).isEmpty();
  }

  @Test
  void whereNoChatReachesAnybodyTheDeskTelephonesAboutTheOldest() {
    BUREAU.db.execute("DELETE FROM staff_address");
    CaseId oldest = tell();
    for (int i = 0; i < 6; i++) {
      BUREAU.clock.pass(Duration.ofSeconds(10));
      var _ = tell();
    }
    down("2026-03-12T10:05", "2026-03-12T11:00");
    look();
    assertThat(phones()).isZero();
    BUREAU.clock.pass(CatchUps.QUIET);
    tellDue();
    assertThat(phones()).isEqualTo(5);
    assertThat(errands(oldest)).containsExactly("new phone folded");
  }

  @Test
  void aRuleThatIsTurnedLiveOverMuchThatStoodSoCallsNobodyOneByOne() {
    BUREAU.rule(LoopRule.E1, Mode.OFF);
    List<CaseId> before = List.of(tell(), tell(), tell());
    BUREAU.clock.set("2026-03-12T16:00");
    BUREAU.rule(LoopRule.E1, Mode.LIVE);
    BUREAU.applyRules();
    BUREAU.clock.pass(Duration.ofMinutes(16));
    look();
    assertThat(before)
        .allSatisfy(each -> {
          assertThat(WEI.worksAt(see(each).deskId())).isTrue();
          assertThat(errands(each)).contains("new settled folded");
        });
    tellDue();
    assertThat(told)
        .singleElement()
        .satisfies(each -> {
          assertThat(each.to().name()).isEqualTo("韦");
          assertThat(each.cases()).isEqualTo(3);
          assertThat(each.why().rule()).isEqualTo(LoopRule.E1);
        });
    CaseId after = tell();
    BUREAU.clock.set("2026-03-13T11:00");
    BUREAU.applyRules();
    BUREAU.clock.pass(Duration.ofMinutes(16));
    look();
    assertThat(errands(after)).as("as ever").contains("new waiting called");
  }

  @Test
  void twoNodesMakeOneDigestAndNoticeOneDownTime() throws InterruptedException, ExecutionException {
    for (int i = 0; i < 30; i++) {
      var _ = tell();
    }
    BUREAU.clock.set("2026-03-12T10:05");
    CATCH_UPS.begin();
    BUREAU.clock.set("2026-03-12T11:00");
    atOnce(CATCH_UPS::begin);
    assertThat(CATCH_UPS.latest(9)).hasSize(1);
    atOnce(CatchUpTest::look);
    BUREAU.clock.pass(CatchUps.QUIET);
    atOnce(this::tellDue);
    assertThat(told).extracting(each -> each.to().name()).containsExactly("任", "高");
    assertThat(told.getFirst().cases()).isEqualTo(30);
  }

  private static void atOnce(Runnable work) throws InterruptedException, ExecutionException {
    try (var nodes = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<Void> node =
          () -> {
            work.run();
            return null;
          };
      for (var each : nodes.invokeAll(List.of(node, node, node))) {
        each.get();
      }
    }
  }

  private static void down(String from, String until) {
    BUREAU.clock.set(from);
    var _ = CATCH_UPS.beat();
    BUREAU.clock.set(until);
    CATCH_UPS.begin();
  }

  private static void bind(Staff staff) {
    BUREAU.db.execute(
        """
        WITH p AS (INSERT INTO person (created_at) VALUES (now()) RETURNING id),
             a AS (INSERT INTO address (channel, account, external_id, person_id, code)
                   SELECT 'wechat', 'main', gen_random_uuid()::text, id, gen_random_uuid()::text FROM p RETURNING id)
        INSERT INTO staff_address (staff_id, address_id, bound_at) SELECT %d, id, now() FROM a
        """
            .formatted(staff.id()));
  }

  private static CaseId tell() {
    return BUREAU.open(BUREAU.told("3栋楼道堆了水泥", "0102")).id();
  }

  /// Due work: whoever is to be called.
  private static void look() {
    BUREAU.db.execute(
        "INSERT INTO errand_watch (case_id, next_due_at) SELECT id, '-infinity' FROM \"case\" ON CONFLICT (case_id) DO UPDATE SET next_due_at = '-infinity'");
    while (BUREAU.casework.errands().lookDue()) {
      // the next of them
    }
  }

  private void tellDue() {
    while (CATCH_UPS.tellDue(PACE, (_, telling) -> told.add(telling))) {
      // the next desk
    }
  }

  private static List<String> errands(CaseId id) {
    return BUREAU
        .db
        .rows(
            """
            SELECT why || ' ' || state || CASE WHEN catch_up_id IS NULL THEN ' called' ELSE ' folded' END AS is
              FROM errand WHERE case_id = $1 ORDER BY id
            """,
            id.value())
        .stream()
        .map(row -> row.getString("is"))
        .toList();
  }

  private static int phones() {
    return BUREAU
        .db
        .one("SELECT count(*)::int AS many FROM errand WHERE state = 'phone'")
        .getInteger("many");
  }

  private static Case see(CaseId id) {
    return BUREAU.cases.named(BUREAU.db, id).orElseThrow();
  }

  private static List<String> history(CaseId id) {
    return BUREAU.cases.history(GAO, id).stream().map(Line::sentence).toList();
  }
}
