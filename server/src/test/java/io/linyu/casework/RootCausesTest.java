package io.linyu.casework;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.linyu.Plans;
import io.linyu.casework.LoopRule.Mode;
import io.linyu.casework.RootCause.Link;
import io.linyu.channel.AddressKey;
import io.linyu.community.Level;
import io.linyu.community.Staff;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What comes back at one place.
class RootCausesTest {
  private static final String PILES = "0102";

  @AutoClose private static final Bureau BUREAU = new Bureau();
  private static final RootCauses ROOTS = BUREAU.casework.rootCauses();

  private static final Staff REN = BUREAU.staff("任", "community_deputy", "C1");
  private static final Staff QIU = BUREAU.staff("邱", "community_deputy", "C2");
  private static final Staff WEI = BUREAU.staff("韦", "street_dispatcher", "S1");

  @BeforeEach
  void itIsThursdayAndTheRuleIsLive() {
    BUREAU.clock.set("2026-03-12T10:00");
    BUREAU.db.execute("TRUNCATE \"case\" CASCADE");
    BUREAU.db.execute("TRUNCATE root_cause CASCADE");
    BUREAU.db.execute("TRUNCATE catch_up CASCADE");
    BUREAU.db.execute("DELETE FROM rule_switch WHERE version > 1");
    BUREAU.rule(LoopRule.E4, Mode.LIVE);
  }

  @Test
  void whatFivePeopleTellInAWeekBecomesOneCaseAtTheNextLevel() {
    long wang = person();
    List<CaseId> told = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      told.add(tell(wang, PILES, "C1L03")); // one who tells it five times is one
    }
    told.add(tell(person(), PILES, "C1L03"));
    told.add(tell(person(), PILES, "C1L03"));
    told.add(tell(null, PILES, "C1L03"));
    var _ = tell(null, PILES, "C1L03");
    var _ = tell(person(), PILES, "C1");
    var _ = tell(person(), PILES, "C1Z1");
    var _ = tell(person(), "0107", "C1L03");
    assertThat(opened()).as("those of whom nobody knows who they are count as one").isEmpty();
    BUREAU.clock.pass(Duration.ofDays(6));
    told.add(tell(person(), PILES, "C1L03"));

    Case root = see(opened().getFirst());
    assertThat(opened()).hasSize(1);
    assertThat(root.state()).isEqualTo(CaseState.DISPATCHED);
    assertThat(root.level()).isEqualTo(Level.STREET);
    assertThat(WEI.worksAt(root.deskId())).isTrue();
    assertThat(root.personId()).isNull();
    assertThat(root.channel()).isEqualTo("proactive");
    assertThat(root.waitsForAnswer()).as("nobody waits for an answer").isFalse();
    assertThat(root.what()).contains("7 天内有 5 人反映");
    assertThat(BUREAU.cases.clocks(WEI, root.id()))
        .extracting(CaseClock::kind)
        .containsExactlyInAnyOrder(CaseClock.Kind.SIGNING, CaseClock.Kind.HANDLING);
    assertThat(history(root.id())).contains("按规则 E4（第 2 版）立案，主动治理");
    RootCauses.View view = ROOTS.of(WEI, root);
    assertThat(requireNonNull(view.cause()).reporters()).isEqualTo(5);
    assertThat(view.links())
        .hasSize(10)
        .extracting(Link::code)
        .contains(see(told.getFirst()).code());
    for (CaseId each : told) {
      assertThat(history(each)).containsOnlyOnce("规则 E4（第 2 版）：同一处同一类事反复出现，连到了主动治理件");
      assertThat(requireNonNull(ROOTS.of(REN, see(each)).opened()).code()).isEqualTo(root.code());
      assertThat(see(each).state()).isEqualTo(CaseState.DISPATCHED);
    }
    assertThat(BUREAU.events.broken(CaseEvent.VOCABULARY)).isEmpty();

    CaseId more = tell(person(), PILES, "C1L03");
    assertThat(opened()).as("one at a time").hasSize(1);
    assertThat(ROOTS.of(REN, see(more)).opened()).isNotNull();
  }

  @Test
  void whatWasClosedThreeTimesInAMonthBecomesOneAndThenRestsForAMonth() {
    List<CaseId> closed = List.of(finished(), finished());
    BUREAU.clock.pass(Duration.ofDays(31));
    var _ = finished();
    var _ = finished();
    assertThat(opened()).as("the first two are too long ago").isEmpty();
    CaseId third = finished();
    Case root = see(opened().getFirst());
    assertThat(ROOTS.of(REN, root).links()).hasSize(3);
    assertThat(ROOTS.of(REN, see(closed.getFirst())).isEmpty()).isTrue();
    assertThat(requireNonNull(ROOTS.of(REN, see(third)).opened()).code()).isEqualTo(root.code());

    Case signed = BUREAU.handling.claim(WEI, root.id(), root.version());
    var _ = BUREAU.finish(WEI, signed.id(), signed.version(), "装了监控，定了每周清");
    assertThat(see(root.id()).isOpen()).as("nobody has to be asked").isFalse();
    look(root.id());
    for (int i = 0; i < 3; i++) {
      var _ = finished();
    }
    assertThat(opened()).as("it rests").hasSize(1);
    BUREAU.clock.pass(Duration.ofDays(31));
    for (int i = 0; i < 3; i++) {
      var _ = finished();
    }
    assertThat(opened()).as("and comes back").hasSize(2);
  }

  @Test
  void whatNobodyIsToHearOfNeitherCountsNorBelongs() {
    List<CaseId> told = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      told.add(tell(person(), PILES, "C1L03"));
    }
    CaseId secret = BUREAU.open(by(person(), PILES, "C1L03").inConfidence()).id();
    look(secret);
    assertThat(opened()).isEmpty();
    for (int i = 0; i < 6; i++) {
      var _ = tell(person(), "0704", "C1L03");
      var _ = tell(person(), "1205", "C1L03");
    }
    assertThat(opened()).isEmpty();
    told.add(tell(person(), PILES, "C1L03"));
    Case root = see(opened().getFirst());
    assertThat(ROOTS.of(WEI, root).links())
        .hasSize(5)
        .extracting(Link::code)
        .doesNotContain(see(secret).code());
    assertThat(ROOTS.of(WEI, see(secret)).isEmpty()).isTrue();
    assertThat(ROOTS.of(QIU, root).links()).as("of another community").isEmpty();
    // What becomes confidential afterwards is not shown any more.
    CaseId later = told.getFirst();
    BUREAU.db.execute("UPDATE \"case\" SET confidential = true WHERE id = $1", later.value());
    assertThat(ROOTS.of(WEI, root).links()).hasSize(4);
    assertThat(ROOTS.of(REN, see(later)).isEmpty()).isTrue();
  }

  @Test
  void whoeverWasMergedCountsAndWhatIsWithdrawnDoesNot() {
    Case first = see(tell(person(), PILES, "C1L03"));
    for (int i = 0; i < 3; i++) {
      var _ = tell(person(), PILES, "C1L03");
    }
    // Of the community as a whole, and found to be the same.
    Case fifth = see(tell(person(), PILES, "C1"));
    var _ = BUREAU.casework.merging().merge(REN, fifth.id(), fifth.version(), first.code());
    look(fifth.id());
    assertThat(opened()).hasSize(1);
    assertThat(ROOTS.of(REN, see(fifth.id())).opened()).isNotNull();

    for (int i = 0; i < 4; i++) {
      var _ = tell(person(), "0107", "C1L03");
    }
    long sun = person();
    CaseId gone = BUREAU.open(by(sun, "0107", "C1L03")).id();
    var _ = BUREAU.db.inTransaction(tx -> BUREAU.intake.withdraw(tx, gone, sun, null));
    look(gone);
    assertThat(opened()).hasSize(1);
  }

  @Test
  void whatIsTriedOutSaysWhatItWouldHaveOpenedOnceAndDoesItWhenItIsLive() {
    BUREAU.rule(LoopRule.E4, Mode.DRY);
    List<CaseId> told = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      told.add(tell(person(), PILES, "C1L03"));
    }
    assertThat(opened()).isEmpty();
    String line = "规则 E4（第 3 版，试运行）：同一处同一类事反复出现，本来会另立主动治理件，没有做";
    assertThat(history(told.get(4))).containsOnlyOnce(line);
    assertThat(history(told.get(3))).doesNotContain(line);
    assertThat(history(told.get(5))).doesNotContain(line);
    assertThat(BUREAU.casework.loopRules().counts().get(LoopRule.E4))
        .isEqualTo(new LoopRuleStore.Count(0, 1));
    RootCauses.Found found = ROOTS.latest(REN, 9, 9).getFirst();
    assertThat(found.opened()).isNull();
    assertThat(found.links()).as("what came after, too").hasSize(6);
    assertThat(found.place()).contains("3栋");
    assertThat(ROOTS.latest(QIU, 9, 9)).isEmpty();
    assertThat(ROOTS.of(REN, see(told.getFirst())).isEmpty()).isTrue();

    BUREAU.clock.pass(Duration.ofHours(1));
    BUREAU.rule(LoopRule.E4, Mode.LIVE);
    lookAll();
    Case root = see(opened().getFirst());
    assertThat(ROOTS.of(WEI, root).links()).hasSize(6);
    assertThat(
            BUREAU
                .db
                .one(
                    "SELECT count(*)::int AS n FROM errand WHERE case_id = $1 AND catch_up_id IS NOT NULL",
                    root.id().value())
                .getInteger("n"))
        .as("what stood so before calls the desk in one message")
        .isEqualTo(1);
    assertThat(ROOTS.latest(REN, 9, 9))
        .extracting(each -> each.opened() == null ? "" : each.opened().code())
        .containsExactly(root.code(), "");
  }

  @Test
  void whatIsOffDoesNothing() {
    BUREAU.rule(LoopRule.E4, Mode.OFF);
    for (int i = 0; i < 6; i++) {
      var _ = tell(person(), PILES, "C1L03");
    }
    assertThat(opened()).isEmpty();
    assertThat(ROOTS.latest(REN, 9, 9)).isEmpty();
  }

  @Test
  void threeNodesAtOnceOpenOne() throws InterruptedException, ExecutionException {
    for (int i = 0; i < 30; i++) {
      CaseId id = BUREAU.open(by(person(), PILES, "C1L03")).id();
      hear(id);
    }
    try (var nodes = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<Void> node =
          () -> {
            lookAll();
            return null;
          };
      for (var each : nodes.invokeAll(List.of(node, node, node))) {
        each.get();
      }
    }
    assertThat(opened()).hasSize(1);
    assertThat(ROOTS.of(WEI, see(opened().getFirst())).links()).hasSize(30);
    assertThat(history(opened().getFirst())).hasSize(5);
  }

  /// Whatever there is elsewhere: of a thousand cases those of one place and kind are read.
  @Test
  void aPlaceIsReadOffItsIndex() {
    for (int i = 0; i < 6; i++) {
      var _ = tell(person(), PILES, "C1L03");
    }
    CaseId one = tell(person(), PILES, "C1L03");
    BUREAU.db.execute(
        """
        INSERT INTO "case" (number, code, state, level, urgency, category_code, territory_id, territory_path,
                            territory_known, channel, confirmed, confidential, title, what, salt, desk_id,
                            said_at, opened_at, closed_at)
        SELECT 'n' || n, 'code-of-many-' || n, 'CLOSED', level, urgency,
               CASE WHEN n %% 2 = 0 THEN category_code ELSE '0107' END,
               CASE WHEN n %% 2 = 0 THEN $2 ELSE territory_id END, territory_path,
               true, channel, true, false, title, what, salt, desk_id, said_at, opened_at,
               now()
          FROM "case", generate_series(1, 4000) n WHERE id = $1
        """
            .replace("%%", "%"),
        one.value(),
        BUREAU.place("C1Z1").id());
    BUREAU.db.execute("ANALYZE \"case\"");
    var plans = new Plans(BUREAU.db, 50, Set.of("case"));
    var store = new RootCauseStore();
    var now = BUREAU.clock.instant();
    long place = BUREAU.place("C1L03").id();
    assertThat(
            store.counted(
                plans,
                place,
                PILES,
                now.minus(Duration.ofDays(7)),
                now.minus(Duration.ofDays(30)),
                true))
        .isEmpty();
    var _ = store.last(plans, place, PILES, now.minus(Duration.ofDays(30)), true);
    var _ = ROOTS.of(WEI, see(one));
    assertThat(plans.complaints()).isEmpty();
  }

  // Helpers of this class.

  private static CaseId tell(@Nullable Long person, String category, String place) {
    CaseId id = BUREAU.open(by(person, category, place)).id();
    look(id);
    return id;
  }

  private static NewCase by(@Nullable Long person, String category, String place) {
    return NewCase.of("楼道堆了水泥", BUREAU.place(place).id(), "wechat")
        .by(person, null)
        .category(category)
        .confirmed(true)
        .ready();
  }

  private static CaseId finished() {
    Case told = see(tell(null, PILES, "C1L03"));
    Case signed = BUREAU.handling.claim(REN, told.id(), told.version());
    var _ = BUREAU.finish(REN, signed.id(), signed.version(), "清走了");
    look(told.id());
    return told.id();
  }

  private static long person() {
    var key = new AddressKey("wechat", "main", "root-" + UUID.randomUUID());
    return BUREAU.db.inTransaction(tx ->
        BUREAU.community.people().ensure(tx, List.of(key)).values().iterator().next().personId());
  }

  /// Its events are heard, and what is due is looked at.
  private static void look(CaseId id) {
    hear(id);
    lookAll();
  }

  private static void hear(CaseId id) {
    BUREAU.db.withinTransaction(tx -> {
      var _ = ROOTS.hear(tx, BUREAU.events.of(tx, CaseEvent.VOCABULARY, id.value()));
    });
  }

  private static void lookAll() {
    while (ROOTS.lookDue()) {
      // there may be more
    }
  }

  private static Case see(CaseId id) {
    return BUREAU.cases.named(BUREAU.db, id).orElseThrow();
  }

  private static List<String> history(CaseId id) {
    return BUREAU.cases.history(WEI, id).stream().map(Line::sentence).toList();
  }

  private static List<CaseId> opened() {
    return BUREAU
        .db
        .rows("SELECT id FROM \"case\" WHERE channel = 'proactive' ORDER BY id DESC")
        .stream()
        .map(row -> new CaseId(row.getLong("id")))
        .toList();
  }
}
