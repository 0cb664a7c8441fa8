package io.linyu.casework;

import static io.linyu.casework.Bureau.at;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linyu.TestClock;
import io.linyu.casework.CaseClock.Kind;
import io.linyu.casework.Cases.Step;
import io.linyu.community.Level;
import io.linyu.community.Staff;
import io.linyu.platform.Refusal;
import java.io.StringReader;
import java.time.LocalDate;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What is sent down to a community and is not on its list.
class AdmissionTest {
  private static final String PILES = "0102";
  private static final LocalDate TODAY = LocalDate.parse("2026-03-12");

  @AutoClose private static final Bureau BUREAU = new Bureau();
  private static final Admitting ADMITTING = BUREAU.casework.admitting();
  private static final Admissions LIST = BUREAU.casework.admissions();
  private static final Returning RETURNING = BUREAU.casework.returning();

  private static final Staff GAO = BUREAU.staff("高", "community_secretary", "C1");
  private static final Staff REN = BUREAU.staff("任", "community_deputy", "C1");
  private static final Staff WEI = BUREAU.staff("韦", "street_dispatcher", "S1");
  private static final Staff ZHANG = BUREAU.staff("章", "district_dispatcher", "D");

  @BeforeEach
  void itIsThursdayTenOClock() {
    BUREAU.clock.set("2026-03-12T10:00");
    BUREAU.db.execute("TRUNCATE \"case\" CASCADE");
    BUREAU.db.execute("TRUNCATE admission CASCADE");
    BUREAU.db.execute("DELETE FROM rule_switch WHERE version > 1");
  }

  @Test
  void theStreetTakesItBackAndSendsItElsewhere() {
    Case down = sentDown();
    assertThat(down.level()).isEqualTo(Level.COMMUNITY);
    String limits = limits(down);
    Admitting.Offer offer = ADMITTING.offer(down).orElseThrow();
    assertThat(offer.against()).isNull();
    assertThat(offer.until()).as("four working hours").isEqualTo(at("2026-03-12T15:30"));
    assertThat(BUREAU.cases.stepsFor(REN, down)).contains(Step.NOT_LISTED);
    assertThat(BUREAU.cases.stepsFor(WEI, down)).doesNotContain(Step.NOT_LISTED);

    refused("admission-reason-missing", () -> say(down, null, " "));
    Case said = say(down, null, "巡河不是社区的活");
    assertThat(said.state()).isEqualTo(CaseState.FILED);
    assertThat(WEI.worksAt(said.deskId())).isTrue();
    assertThat(requireNonNull(said.returned()).unlisted()).isTrue();
    assertThat(limits(said)).as("the resident's clocks run on").isEqualTo(limits);
    assertThat(due(said, Kind.RULING)).isEqualTo("2026-03-12T15:30");
    assertThat(BUREAU.cases.stepsFor(WEI, said)).contains(Step.DECIDE_RETURN);
    assertThat(BUREAU.cases.stepsFor(ZHANG, said)).contains(Step.DECIDE_RETURN);
    for (Staff theirs : List.of(REN, GAO)) {
      assertThat(BUREAU.cases.stepsFor(theirs, said))
          .doesNotContain(Step.DECIDE_RETURN, Step.CLAIM, Step.HAND_ON);
      assertThatThrownBy(() -> RETURNING.refuse(theirs, said.id(), said.version(), "我们办"))
          .isInstanceOf(Refusal.class);
    }

    Case taken = RETURNING.agree(WEI, said.id(), said.version(), said.deskId());
    assertThat(taken.state()).isEqualTo(CaseState.DISPATCHED);
    assertThat(taken.level()).as("the street keeps it").isEqualTo(Level.STREET);
    assertThat(WEI.worksAt(taken.deskId())).isTrue();
    assertThat(limits(taken)).isEqualTo(limits);
    assertThat(history(taken))
        .contains(
            "任（" + down.deskName() + "）说不在准入清单上，交 " + taken.deskName() + " 定夺",
            "韦（" + taken.deskName() + "）同意不由 " + down.deskName() + " 办，收回");
    assertThat(BUREAU.events.broken(CaseEvent.VOCABULARY)).isEmpty();
  }

  @Test
  void orTheCommunityTakesItOnAndHearsWithWhatHelp() {
    Case handed = opened();
    Case up = BUREAU.casework.levels().raise(REN, handed.id(), handed.version(), "两个社区的事");
    Case given =
        BUREAU.handovers.handOn(WEI, up.id(), up.version(), REN.desks().iterator().next(), "社区近");
    assertThat(given.level()).as("handed on, it is the street's still").isEqualTo(Level.STREET);
    Case said = say(given, null, "没有人手");
    assertThat(said.deskId()).isEqualTo(up.deskId());
    refused("reason-missing", () -> RETURNING.refuse(WEI, said.id(), said.version(), " "));
    Case kept = RETURNING.refuse(WEI, said.id(), said.version(), "派两名保洁，工钱街道出");
    assertThat(kept.state()).isEqualTo(CaseState.DISPATCHED);
    assertThat(REN.worksAt(kept.deskId())).isTrue();
    assertThat(history(kept)).contains("韦（" + said.deskName() + "）准入，由 " + given.deskName() + " 办");
    assertThat(BUREAU.cases.notes(REN, kept.id())).extracting(Note::text).contains("派两名保洁，工钱街道出");
    assertThat(ADMITTING.offer(kept).orElseThrow().against()).as("once").isNotNull();
    refused("return-once", () -> say(kept, null, "还是没有人手"));
  }

  @Test
  void aNoSaysWhyAndWhatCanBeDoneInstead() {
    Case own = opened();
    assertThat(ADMITTING.offer(own)).as("nobody sent it down").isEmpty();
    refused("admission-not-sent", () -> say(own, null, "不归我们"));
    Case up = BUREAU.casework.levels().raise(REN, own.id(), own.version(), "两个社区的事");
    refused("admission-community", () -> ADMITTING.say(WEI, up.id(), up.version(), null, "不在清单上"));
    Case down = BUREAU.casework.levels().sendDown(WEI, up.id(), up.version(), "社区办");
    refused("admission-unknown", () -> say(down, 0L, ""));
    refused(
        "form-outdated",
        () ->
            RETURNING.sendBack(
                REN, down.id(), down.version(), Returning.Ground.NOT_LISTED, null, "不在清单上"));
    Case signed = BUREAU.handling.claim(REN, down.id(), down.version());
    refused("admission-signed", () -> say(signed, null, "不归我们"));
    Case again = BUREAU.handling.release(REN, signed.id(), signed.version());
    BUREAU.clock.set("2026-03-12T15:31");
    refused("return-late", () -> say(again, null, "不归我们"));
  }

  @Test
  void silenceIsRaisedByItsOwnRule() {
    Case said = say(sentDown(), null, "不归我们");
    later("2026-03-12T17:29");
    assertThat(see(said).state()).as("E1 waits for nobody here").isEqualTo(CaseState.FILED);
    later("2026-03-12T17:30");
    Case raised = see(said);
    assertThat(raised.level()).isEqualTo(Level.DISTRICT);
    assertThat(ZHANG.worksAt(raised.deskId())).isTrue();
    assertThat(raised.returned()).isNull();
    assertThat(history(raised)).contains("按规则 E8（第 1 版）提到上一级");

    BUREAU.rule(LoopRule.E8, LoopRule.Mode.DRY);
    BUREAU.clock.set("2026-03-12T10:00");
    Case other = say(sentDown(), null, "不归我们");
    later("2026-03-12T17:30");
    assertThat(see(other)).isEqualTo(other);
    assertThat(history(other)).containsOnlyOnce("规则 E8（第 2 版，试运行）本来会提到上一级，没有做");
  }

  @Test
  void theListSaysWhatIsNotToBeSentDownAndIsNamed() {
    Case street = raised();
    add(WEI, "S1", "楼道堆物整治", true, PILES, TODAY.minusDays(30), null);
    LIST.end(WEI, "", LIST.page(WEI, false, null, 1).entries().getFirst().id());
    add(ZHANG, "D", "招商引资", false, null, TODAY, null);
    add(ZHANG, "D", "遛狗不牵绳", false, "0107", TODAY, null);
    Case down = BUREAU.casework.levels().sendDown(WEI, street.id(), street.version(), "社区办");
    assertThat(ADMITTING.offer(down).orElseThrow().entries())
        .as("what holds, of this kind or of none")
        .extracting(Admission::name)
        .containsExactly("招商引资");
    add(WEI, "S1", "清理违建", false, PILES, TODAY, null);
    Admission named = ADMITTING.offer(down).orElseThrow().entries().getFirst();
    assertThat(named.name()).isEqualTo("清理违建");
    Case said = say(down, named.id(), "");
    assertThat(requireNonNull(said.returned()).entryName()).isEqualTo("清理违建");
    assertThat(BUREAU.cases.notes(WEI, said.id())).extracting(Note::text).contains("清理违建");

    Case second = raised();
    assertThat(BUREAU.casework.levels().below(second)).isNull();
    refused(
        "send-down-barred",
        () -> BUREAU.casework.levels().sendDown(WEI, second.id(), second.version(), "社区办"));
    LIST.end(WEI, "", named.id());
    assertThat(BUREAU.casework.levels().below(second)).isNotNull();
    assertThat(see(said).returned()).as("what was named stays").isNotNull();
  }

  @Test
  void streetsKeepTheirOwnListAndTheDistrictAll() {
    add(WEI, "S1", "调解邻里", true, null, TODAY, null);
    add(ZHANG, "D", "招商引资", false, null, TODAY.plusDays(1), null);
    assertThat(LIST.page(REN, false, null, 9).entries())
        .extracting(Admission::name)
        .containsExactly("招商引资", "调解邻里");
    assertThat(LIST.kept(REN)).isEmpty();
    assertThat(LIST.kept(WEI)).hasSize(1);
    assertThat(LIST.kept(ZHANG)).hasSize(2);
    refused("admission-not-yours", () -> add(REN, "S1", "扫雪", true, null, TODAY, null));
    refused("admission-not-yours", () -> add(WEI, "D", "扫雪", true, null, TODAY, null));
    refused("admission-not-yours", () -> add(ZHANG, "C1", "扫雪", true, null, TODAY, null));
    refused("admission-twice", () -> add(WEI, "S1", "调解邻里", false, null, TODAY, null));
    refused("admission-name-missing", () -> add(WEI, "S1", "", true, null, TODAY, null));
    refused("admission-category", () -> add(WEI, "S1", "扫雪", true, "01", TODAY, null));
    refused("admission-past", () -> add(WEI, "S1", "扫雪", true, null, TODAY, TODAY));
    Admission first = LIST.page(WEI, false, null, 1).entries().getFirst();
    refused("admission-not-yours", () -> LIST.end(WEI, "", first.id()));
    LIST.end(ZHANG, "", first.id());
    assertThat(LIST.page(WEI, true, null, 9).entries())
        .as("what never held is gone")
        .extracting(Admission::name)
        .containsExactly("调解邻里");

    String file =
        """
        territory,name,admitted,category,from,until,decided_by
        D,办证明,N,,2026-01-01,,区委
        S1,河道保洁,N,0101,2026-01-01,2026-12-31,街道
        """;
    assertThat(LIST.read(new StringReader(file), true, "f").added()).hasSize(2);
    assertThat(LIST.read(new StringReader(file), false, "f").added()).hasSize(2);
    assertThat(LIST.read(new StringReader(file), false, "f").unchanged()).isEqualTo(2);
    assertThat(LIST.page(REN, false, null, 9).entries()).hasSize(3);
    assertThat(LIST.page(REN, false, null, 2).next()).isNotNull();
    String bad =
        """
        territory,name,admitted,category,from,until,decided_by
        C1,扫雪,Y,,2026-01-01,,区委
        S1,扫雪,Y,01,2026-01-01,2025-01-01,街道
        """;
    assertThat(LIST.read(new StringReader(bad), false, "f").problems())
        .extracting(each -> each.line() + " " + each.column())
        .containsExactly("2 territory", "3 category");
  }

  // What happens.

  private static Case opened() {
    return see(BUREAU.open(BUREAU.told("楼道堆了水泥", PILES)).id());
  }

  /// To the street, by hand.
  private static Case raised() {
    Case own = opened();
    return BUREAU.casework.levels().raise(REN, own.id(), own.version(), "两个社区的事");
  }

  private static Case sentDown() {
    Case up = raised();
    return BUREAU.casework.levels().sendDown(WEI, up.id(), up.version(), "社区办");
  }

  private static Case say(Case matter, @Nullable Long entry, String words) {
    return ADMITTING.say(REN, matter.id(), matter.version(), entry, words);
  }

  private static void add(
      Staff staff,
      String territory,
      String name,
      boolean admitted,
      @Nullable String category,
      LocalDate from,
      @Nullable LocalDate until) {
    LIST.add(
        staff,
        "",
        new Admissions.Plan(
            BUREAU.place(territory).id(), name, admitted, category, from, until, "区委区政府"));
  }

  private static void later(String local) {
    BUREAU.clock.set(local);
    BUREAU.applyRules();
  }

  private static Case see(Case matter) {
    return see(matter.id());
  }

  private static Case see(CaseId id) {
    return BUREAU.cases.named(BUREAU.db, id).orElseThrow();
  }

  private static String limits(Case matter) {
    return due(matter, Kind.FIRST_CONTACT) + " " + due(matter, Kind.HANDLING);
  }

  private static String due(Case matter, Kind kind) {
    return BUREAU.cases.clocks(ZHANG, matter.id()).stream()
        .filter(each -> each.kind() == kind && each.isRunning())
        .map(each -> each.dueAt().atZone(TestClock.ZONE).toLocalDateTime().toString())
        .findFirst()
        .orElse("none");
  }

  private static List<String> history(Case matter) {
    return BUREAU.cases.history(ZHANG, matter.id()).stream().map(Line::sentence).toList();
  }

  private static void refused(String code, ThrowingCallable step) {
    assertThatThrownBy(step)
        .isInstanceOfSatisfying(
            Refusal.class, refusal -> assertThat(refusal.code()).isEqualTo(code));
  }
}
