package io.linyu.casework;

import static io.linyu.casework.Bureau.assertRefused;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.linyu.casework.Criticisms.Entry;
import io.linyu.casework.LoopRule.Mode;
import io.linyu.community.Staff;
import io.linyu.platform.Refusal;
import java.time.Instant;
import java.time.YearMonth;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Which desks were silent until a case was raised.
class CriticismTest {
  @AutoClose private static final Bureau BUREAU = new Bureau();
  private static final Criticisms LIST = BUREAU.casework.criticisms();
  private static final YearMonth MARCH = YearMonth.of(2026, 3);

  private static final Staff REN = BUREAU.staff("任", "community_deputy", "C1");
  private static final Staff NEXT_DOOR = BUREAU.staff("邱", "community_deputy", "C2");
  private static final Staff HEAD = BUREAU.staff("楼", "building_head", "C1L03");
  private static final Staff WEI = BUREAU.staff("韦", "street_dispatcher", "S1");
  private static final Staff DU = BUREAU.staff("杜", "street_supervisor", "S1");
  private static final Staff ZHANG = BUREAU.staff("章", "district_dispatcher", "D");

  @BeforeEach
  void itIsThursdayAndSilenceIsRaised() {
    BUREAU.clock.set("2026-03-12T10:00");
    BUREAU.db.execute("TRUNCATE \"case\" CASCADE");
    BUREAU.db.execute("TRUNCATE catch_up CASCADE");
    BUREAU.db.execute("DELETE FROM rule_switch WHERE version > 1");
    BUREAU.rule(LoopRule.E2, Mode.LIVE);
  }

  @Test
  void theDeskThatWasSilentIsListedForThoseWhoLeadAndForItself() {
    CaseId id = silent();
    Entry entry = only(WEI);
    Criticism what = entry.what();
    assertThat(what.caseId()).isEqualTo(id);
    assertThat(REN.worksAt(what.deskId())).as("that had it, and not the one that has it").isTrue();
    assertThat(what.redAt()).isEqualTo(Bureau.at("2026-03-16T17:30"));
    assertThat(entry.urgedAt()).isEqualTo(Bureau.at("2026-03-17T09:00"));
    assertThat(entry.since()).isEqualTo(what.redAt());
    assertThat(entry.days()).isEqualTo(5);
    assertThat(what.raisedAt()).isEqualTo(Bureau.at("2026-03-23T17:30"));
    assertThat(what.spokeAt()).isNull();
    assertThat(of(WEI).desks())
        .extracting(each -> each.deskName() + " " + each.many() + " " + each.struck())
        .containsExactly(what.deskName() + " 1 0");

    assertThat(of(ZHANG).entries()).hasSize(1);
    assertThat(of(REN).entries()).as("what is its own").hasSize(1);
    assertThat(of(NEXT_DOOR).entries()).isEmpty();
    assertThat(of(HEAD).entries()).isEmpty();
    assertThat(LIST.of(WEI, MARCH.plusMonths(1), null, null).entries()).isEmpty();
    assertThat(LIST.of(WEI, MARCH, WEI.desks().iterator().next(), null).entries()).isEmpty();

    BUREAU.clock.set("2026-03-24T10:00");
    var _ = BUREAU.handling.note(REN, id, "车坏了，明天修");
    assertThat(only(WEI).what().spokeAt()).as("and what it did then").isEqualTo(now());
  }

  @Test
  void theFiveDaysCountFromTheLastWordAndWhatIsTriedOutIsNotListed() {
    BUREAU.clock.set("2026-03-12T10:00");
    CaseId id = claimed();
    at("2026-03-16T17:30");
    BUREAU.clock.set("2026-03-16T18:00");
    var _ = BUREAU.handling.note(REN, id, "车明天来");
    at("2026-03-23T17:30");
    Entry entry = only(WEI);
    assertThat(entry.since()).isEqualTo(Bureau.at("2026-03-16T18:00"));
    assertThat(entry.urgedAt()).as("there was a word").isNull();
    assertThat(entry.what().redAt()).isEqualTo(Bureau.at("2026-03-16T17:30"));

    BUREAU.db.execute("TRUNCATE \"case\" CASCADE");
    BUREAU.rule(LoopRule.E2, Mode.DRY);
    var _ = silent();
    assertThat(of(WEI).entries()).isEmpty();
  }

  @Test
  void whatIsToldInConfidenceIsOnlyCounted() {
    CaseId id = silent();
    BUREAU.db.execute("UPDATE \"case\" SET confidential = true WHERE id = $1", id.value());
    for (Staff each : List.of(WEI, ZHANG, REN)) {
      assertThat(of(each).entries()).isEmpty();
      assertThat(of(each).desks()).isEmpty();
      assertThat(of(each).unnamed()).isEqualTo(1);
    }
    assertThat(of(NEXT_DOOR).unnamed()).isZero();
  }

  @Test
  void theDeskSaysWhyAndAnotherOfTheNextLevelStrikesItOff() {
    var _ = silent();
    Criticism what = only(WEI).what();
    String code = what.code();
    Instant once = what.occasion();
    assertRefused("criticism-not-your-desk", () -> LIST.say(WEI, "", code, once, "他们没有车"));
    Assertions.assertThatThrownBy(() -> LIST.say(NEXT_DOOR, "", code, once, "不归他们"))
        .isInstanceOfSatisfying(Refusal.class, no -> assertThat(no.status()).isEqualTo(404));
    LIST.say(REN, "", code, once, "台风，全员在排涝");
    assertRefused("criticism-said", () -> LIST.say(REN, "", code, once, "又一个原因"));
    assertThat(requireNonNull(only(WEI).what().word()).text()).isEqualTo("台风，全员在排涝");

    assertRefused("criticism-not-asked", () -> LIST.decide(DU, "", code, once, true, "排涝属实"));
    LIST.ask(DU, "", code, once, "那几天全街道停办");
    assertRefused("criticism-asked", () -> LIST.ask(REN, "", code, once, "我们也提"));
    assertThat(LIST.waiting(WEI, null).entries()).hasSize(1);
    assertThat(LIST.waiting(NEXT_DOOR, null).entries()).isEmpty();
    assertThat(LIST.mayDecide(DU, only(DU).what())).isFalse();
    assertRefused("criticism-own-request", () -> LIST.decide(DU, "", code, once, true, "排涝属实"));
    assertRefused("criticism-next-level", () -> LIST.decide(REN, "", code, once, true, "排涝属实"));
    assertRefused("reason-missing", () -> LIST.decide(WEI, "", code, once, true, " "));
    LIST.decide(WEI, "", code, once, true, "排涝属实");
    assertRefused("criticism-decided", () -> LIST.decide(ZHANG, "", code, once, false, "不算"));

    assertThat(only(WEI).what().struck()).as("it stays on the list").isTrue();
    assertThat(of(WEI).desks())
        .extracting(each -> each.many() + " " + each.struck())
        .containsExactly("0 1");
    assertThat(LIST.waiting(WEI, null).entries()).isEmpty();
    assertThat(
            BUREAU
                .db
                .rows("SELECT what FROM audit_entry WHERE what LIKE 'criticism%' ORDER BY id")
                .stream()
                .map(row -> row.getString("what")))
        .containsExactly("criticism_answered", "criticism_disputed", "criticism_decided");
  }

  @Test
  void theListIsReadPageByPage() {
    int many = Criticisms.PAGE + 3;
    for (int i = 0; i < many; i++) {
      var _ = claimed();
    }
    at("2026-03-16T17:30");
    at("2026-03-17T09:00");
    at("2026-03-23T17:30");
    Criticisms.Listing first = of(ZHANG);
    assertThat(first.entries()).hasSize(Criticisms.PAGE);
    Criticisms.Listing second = LIST.of(ZHANG, MARCH, null, requireNonNull(first.next()));
    assertThat(second.entries()).hasSize(3);
    assertThat(second.next()).isNull();
    assertThat(second.entries()).doesNotContainAnyElementsOf(first.entries());
    assertThat(LIST.taken(ZHANG, "", MARCH, null)).hasSize(many);
  }

  private static CaseId claimed() {
    CaseId id = BUREAU.open(BUREAU.told("3栋楼道堆了水泥", "0102")).id();
    int version = BUREAU.cases.named(BUREAU.db, id).orElseThrow().version();
    var _ = BUREAU.handling.claim(REN, id, version);
    return id;
  }

  /// By the community's desk, until rule E2 raises it.
  private static CaseId silent() {
    BUREAU.clock.set("2026-03-12T10:00");
    CaseId id = claimed();
    at("2026-03-16T17:30");
    at("2026-03-17T09:00");
    at("2026-03-23T17:30");
    return id;
  }

  private static void at(String local) {
    BUREAU.clock.set(local);
    BUREAU.applyRules();
  }

  private static Instant now() {
    return BUREAU.clock.instant();
  }

  private static Criticisms.Listing of(Staff staff) {
    return LIST.of(staff, MARCH, null, null);
  }

  private static Entry only(Staff staff) {
    List<Entry> all = of(staff).entries();
    assertThat(all).hasSize(1);
    return all.getFirst();
  }
}
