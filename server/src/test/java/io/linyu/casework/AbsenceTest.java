package io.linyu.casework;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linyu.community.Absence;
import io.linyu.community.Absences;
import io.linyu.community.Desk;
import io.linyu.community.DeskOrders.Member;
import io.linyu.community.DeskOrders.Move;
import io.linyu.community.Staff;
import io.linyu.community.StaffMember;
import io.linyu.platform.Refusal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Who is away, and who stands in.
class AbsenceTest {
  private static final LocalDate TODAY = LocalDate.parse("2026-03-12");

  @AutoClose private static final Bureau BUREAU = new Bureau();
  private static final Absences ABSENCES = BUREAU.community.absences();

  private static final Staff AN = BUREAU.staff("安", "info_officer", "C1");
  private static final Staff BO = BUREAU.staff("柏", "community_deputy", "C1");
  private static final Staff CEN = BUREAU.staff("岑", "info_officer", "C1");
  private static final Staff WEI = BUREAU.staff("韦", "street_dispatcher", "S1");
  private static final Staff QIU = BUREAU.staff("邱", "community_deputy", "C2");
  private static final Desk DESK = BUREAU.community.desks().byId(AN.desks().iterator().next());

  static {
    List.of(AN, BO, CEN).forEach(AbsenceTest::bind);
    BUREAU.community.deskOrders().move(BO, "", DESK, AN.id(), Move.UP);
  }

  @BeforeEach
  void itIsThursdayAndAllAreHere() {
    BUREAU.clock.set("2026-03-12T10:00");
    BUREAU.db.execute("TRUNCATE \"case\" CASCADE");
    BUREAU.db.execute("TRUNCATE absence");
    BUREAU.community.staff().join(BO, DESK); // so that what is held in memory is read again
  }

  @Test
  void whoStandsInIsCalledInTheirPlaceAndTheOthersWhereThatOneIsAwayToo() {
    assertThat(order()).startsWith("安");
    assertThat(called(held(AN))).isEqualTo(AN.id());
    away(AN, TODAY, TODAY.plusDays(1), CEN);
    assertThat(order()).as("in their place").startsWith("岑 代安").doesNotContain("安");
    assertThat(called(held(AN))).isEqualTo(CEN.id());
    assertThat(calledNew()).isEqualTo(CEN.id());

    away(CEN, TODAY, TODAY, BO);
    assertThat(order()).containsExactly("柏 代岑");
    assertThat(called(held(AN))).as("nobody stands in for who stands in").isEqualTo(BO.id());
    Case last = held(AN);
    Case other = held(AN);
    away(BO, TODAY, TODAY, null);
    assertThat(order()).isEmpty();
    assertThat(called(last)).as("the desk has to telephone").isNull();
    bind(WEI);
    assertThat(called(other)).as("those above are called, where one can be").isEqualTo(WEI.id());
    assertThat(calledToDanger()).as("of danger at once").isEqualTo(WEI.id());

    BUREAU.clock.set("2026-03-13T10:00");
    assertThat(order()).as("they are here again, but for one").startsWith("岑 代安");
    BUREAU.clock.set("2026-03-14T10:00");
    assertThat(order()).startsWith("安").noneMatch(each -> each.contains("代"));
  }

  @Test
  void nothingIsGivenToWhoIsAwayAndTheHistorySaysWhoStoodIn() {
    Case bos = held(BO);
    away(AN, TODAY, TODAY, CEN);
    assertThat(BUREAU.handling.colleagues(BO, bos))
        .extracting(StaffMember::name)
        .contains("岑")
        .doesNotContain("安");
    refused(
        "case-no-colleague",
        () -> BUREAU.handling.give(BO, bos.id(), bos.version(), AN.id(), "你来"));

    Case ans = held(AN);
    Case taken = BUREAU.handling.claim(CEN, ans.id(), ans.version());
    assertThat(taken.isHeldBy(CEN.id())).isTrue();
    assertThat(history(taken)).contains("岑 代 安 接手");
    Case other = held(AN);
    var _ = BUREAU.handling.claim(BO, other.id(), other.version());
    assertThat(history(other)).as("no deputy").contains("柏 从 安 手里接过来");
    assertThat(BUREAU.events.broken(CaseEvent.VOCABULARY)).isEmpty();
  }

  @Test
  void nobodyStandsInInACircleNorSaysItForOthers() {
    away(AN, TODAY, TODAY.plusDays(5), CEN);
    refused("absence-deputy-away", () -> away(CEN, TODAY.plusDays(5), TODAY.plusDays(9), AN));
    refused("absence-twice", () -> away(AN, TODAY.plusDays(5), TODAY.plusDays(6), null));
    away(CEN, TODAY.plusDays(6), TODAY.plusDays(9), AN);
    refused("absence-self", () -> away(BO, TODAY, TODAY, BO));
    refused("absence-past", () -> away(BO, TODAY.minusDays(1), TODAY, null));
    refused("absence-past", () -> away(BO, TODAY.plusDays(1), TODAY, null));
    refused("absence-no-colleague", () -> away(BO, TODAY, TODAY, QIU));
    // Each for themselves; for the others whoever leads the desk.
    ABSENCES.add(CEN, "", DESK, CEN.id(), TODAY, TODAY, null, true);
    refused(
        "absence-not-yours", () -> ABSENCES.add(CEN, "", DESK, BO.id(), TODAY, TODAY, null, true));
    Absence first = ABSENCES.of(DESK).getFirst();
    refused("absence-not-yours", () -> ABSENCES.end(CEN, "", DESK, other(first, CEN)));
    refused("not-found", () -> ABSENCES.end(WEI, "", DESK, 0));

    ABSENCES.end(BO, "", DESK, other(first, CEN));
    assertThat(ABSENCES.awayAt(DESK.id())).containsExactly(CEN.id());
    assertThat(ABSENCES.of(DESK)).extracting(Absence::name).containsExactly("岑", "岑");
  }

  /// One of somebody else than this one.
  private static long other(Absence first, Staff than) {
    return ABSENCES.of(DESK).stream()
        .filter(each -> each.staffId() != than.id())
        .findFirst()
        .orElse(first)
        .id();
  }

  private static void away(Staff who, LocalDate from, LocalDate last, @Nullable Staff deputy) {
    ABSENCES.add(BO, "", DESK, who.id(), from, last, deputy == null ? null : deputy.id(), true);
  }

  private static List<String> order() {
    return BUREAU.community.deskOrders().of(DESK.id()).stream()
        .filter(Member::called)
        .map(each ->
            each.standsInFor() == null ? each.name() : each.name() + " 代" + each.standsInFor())
        .toList();
  }

  private static CaseId told() {
    return BUREAU.open(BUREAU.told("楼道堆了水泥", "0102")).id();
  }

  private static Case held(Staff who) {
    CaseId id = told();
    return BUREAU.handling.claim(
        who, id, BUREAU.cases.named(BUREAU.db, id).orElseThrow().version());
  }

  /// Who is called since its time is over.
  private static @Nullable Long called(Case matter) {
    Instant now = BUREAU.clock.instant();
    BUREAU.db.execute(
        "UPDATE clock SET due_at = $2, amber_at = $2 WHERE case_id = $1 AND kind = 'handling'",
        matter.id().value(),
        now.minusSeconds(700).atOffset(ZoneOffset.UTC));
    look(matter.id());
    return whoIs(matter.id(), "overdue");
  }

  /// Who is called to what nobody has taken.
  private static @Nullable Long calledNew() {
    CaseId id = told();
    Instant now = BUREAU.clock.instant();
    BUREAU.clock.set("2026-03-12T10:20");
    look(id);
    Long who = whoIs(id, "new");
    assertThat(BUREAU.clock.instant()).isAfter(now);
    BUREAU.clock.set("2026-03-12T10:00");
    return who;
  }

  private static @Nullable Long calledToDanger() {
    NewCase draft = BUREAU.told("闻到煤气味", null);
    return BUREAU.db.inTransaction(tx -> {
      CaseId id = BUREAU.handOff(tx, draft, "gas").id();
      long alarm =
          BUREAU.alarms.ring(tx, id, null, draft.territoryId(), "gas", BUREAU.clock.instant());
      BUREAU
          .events
          .of(tx, AlarmEvent.VOCABULARY, alarm)
          .forEach(each -> BUREAU.casework.errands().alarmCalls().hear(tx, each));
      return tx.one("SELECT staff_id FROM errand WHERE case_id = $1", id.value())
          .getLong("staff_id");
    });
  }

  private static @Nullable Long whoIs(CaseId id, String why) {
    return BUREAU
        .db
        .one("SELECT staff_id FROM errand WHERE case_id = $1 AND why = $2", id.value(), why)
        .getLong("staff_id");
  }

  private static void look(CaseId id) {
    BUREAU.db.withinTransaction(
        tx -> new ErrandStore().watch(tx, List.of(id.value()), BUREAU.clock.instant()));
    while (BUREAU.casework.errands().lookDue()) {
      // the next of them
    }
  }

  private static List<String> history(Case matter) {
    return BUREAU.cases.history(WEI, matter.id()).stream().map(Line::sentence).toList();
  }

  private static void bind(Staff staff) {
    BUREAU.db.execute(
        """
        WITH p AS (INSERT INTO person (created_at) VALUES (now()) RETURNING id),
             a AS (INSERT INTO address (channel, account, external_id, person_id, code)
                   SELECT 'wechat', 'main', gen_random_uuid()::text, id, gen_random_uuid()::text FROM p RETURNING id)
        INSERT INTO staff_address (staff_id, address_id, bound_at) SELECT $1, id, now() FROM a
        """,
        staff.id());
  }

  private static void refused(String code, ThrowingCallable step) {
    assertThatThrownBy(step)
        .isInstanceOfSatisfying(
            Refusal.class, refusal -> assertThat(refusal.code()).isEqualTo(code));
  }
}
