package io.linyu.casework;

import static io.linyu.casework.Bureau.assertRefused;
import static io.linyu.casework.Bureau.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linyu.community.Staff;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The way of a matter from the first word to the end, where it goes, and who sees it.
class CasesTest {
  @AutoClose private static final Bureau BUREAU = new Bureau();
  private static final Cases CASES = BUREAU.cases;
  private static final Intake INTAKE = BUREAU.intake;
  private static final Handling HANDLING = BUREAU.handling;
  private static final Handovers HANDOVERS = BUREAU.handovers;
  private static final Corrections CORRECTIONS = BUREAU.corrections;
  private static final Staff REN = BUREAU.staff("任", "community_deputy", "C1");
  private static final Staff QIU = BUREAU.staff("邱", "community_deputy", "C2");
  private static final Staff WEI = BUREAU.staff("韦", "street_dispatcher", "S1");
  private static final Checking CHECKING = BUREAU.casework.checking();
  private static final Staff ZHANG = BUREAU.staff("章", "district_dispatcher", "D");

  static {
    // Somebody who has not done it has to check what the street did.
    var _ = BUREAU.staff("杜", "street_supervisor", "S1");
  }

  @BeforeEach
  void itIsThursdayTenOClock() {
    BUREAU.clock.set("2026-03-12T10:00");
  }

  /// A building becomes part of the community next door.
  @Test
  void belongsToTheUnitOfItsDay() {
    try (var bureau = new Bureau()) {
      Opened before = bureau.open(bureau.told("楼道堆物", "0102"));
      Case was = bureau.cases.named(bureau.db, before.id()).orElseThrow();
      bureau.clock.set("2026-03-13T10:00");
      bureau.territory(Bureau.TERRITORY.replace("3栋,C1Z1,C1G1,", "3栋,C2Z1,,"));
      Opened after = bureau.open(bureau.told("楼道又堆物", "0102"));
      assertThat(before.deskName()).isEqualTo(bureau.desk("D07", "C1").name());
      assertThat(after.deskName()).isEqualTo(bureau.desk("D07", "C2").name());
      Staff near = bureau.staff("邱", "community_deputy", "C2");
      assertThat(bureau.cases.visibleTo(near, after.id()).deskId()).isEqualTo(after.deskId());
      assertThat(bureau.cases.named(bureau.db, before.id()).orElseThrow())
          .as("what was opened before stays where it was")
          .isEqualTo(was);
      assertRefused("not-found", () -> bureau.cases.visibleTo(near, before.id()));
    }
  }

  @Test
  void theDatabaseTakesNoTwoWhoHaveItAtOnce() {
    Opened opened = BUREAU.open(BUREAU.told("楼道堆物", "0102"));
    assertThatThrownBy(() ->
            BUREAU.db.execute(
                """
                INSERT INTO holding (case_id, desk_id, during)
                VALUES ($1, $2, tstzrange($3, NULL))
                """,
                opened.id().value(),
                BUREAU.desk("D02", "S1").id(),
                BUREAU.clock.instant().atOffset(ZoneOffset.UTC)))
        .hasMessageContaining("23P01");
  }

  @Test
  void aMatterGoesItsWayFromTheFirstWordToTheEnd() {
    NewCase draft = BUREAU.told("3栋楼道堆了好多杂物。堵住了走不了人", "0102");
    Instant said = BUREAU.clock.instant();
    BUREAU.clock.pass(Duration.ofMinutes(5));
    Opened opened = BUREAU.open(draft, said);
    assertThat(opened.state()).isEqualTo(CaseState.DISPATCHED);
    assertThat(opened.deskName()).isEqualTo(BUREAU.desk("D07", "C1").name());
    assertThat(opened.contactBy()).isEqualTo(at("2026-03-13T10:00"));
    Case matter = CASES.visibleTo(REN, opened.id());
    assertThat(matter.title()).isEqualTo("3栋楼道堆了好多杂物");
    assertThat(BUREAU.clocks(ZHANG, matter))
        .containsExactlyInAnyOrder(
            "SIGNING 2026-03-12T05:35:00Z",
            "FIRST_CONTACT 2026-03-13T02:00:00Z",
            "HANDLING 2026-03-16T09:30:00Z");
    assertThat(matter.nextDueAt()).isEqualTo(at("2026-03-12T13:35"));

    BUREAU.clock.pass(Duration.ofMinutes(10));
    matter = HANDLING.claim(REN, matter.id(), matter.version());
    assertThat(matter.state()).isEqualTo(CaseState.HANDLING);
    assertThat(matter.staffName()).isEqualTo("任");
    assertThat(matter.waitsForAnswer()).isTrue();

    BUREAU.clock.pass(Duration.ofMinutes(10));
    matter = HANDLING.answer(REN, matter.id(), matter.version(), "  下午就来清。 ");
    assertThat(matter.waitsForAnswer()).isFalse();
    assertThat(BUREAU.clocks(ZHANG, matter)).containsExactly("HANDLING 2026-03-16T09:30:00Z");

    matter =
        HANDOVERS.handOn(
            REN, matter.id(), matter.version(), BUREAU.desk("D02", "S1").id(), "要街道出面");
    assertThat(matter.deskId()).isEqualTo(BUREAU.desk("D02", "S1").id());
    assertThat(matter.staffId()).isNull();
    assertThat(matter.level()).isEqualTo(io.linyu.community.Level.STREET);
    assertThat(BUREAU.clocks(ZHANG, matter))
        .as("the resident's clock goes on, the desk has two hours to sign")
        .containsExactlyInAnyOrder("SIGNING 2026-03-12T05:55:00Z", "HANDLING 2026-03-16T09:30:00Z");

    BUREAU.clock.pass(Duration.ofMinutes(10));
    matter = HANDLING.claim(WEI, matter.id(), matter.version());
    matter = HANDLING.note(WEI, matter.id(), "保洁公司三点到");
    matter = BUREAU.finish(WEI, matter.id(), matter.version(), "杂物清完了，通道畅通。");
    assertThat(matter.state()).isEqualTo(CaseState.CLOSED);
    assertThat(matter.isOpen()).isFalse();
    assertThat(matter.nextDueAt()).isNull();
    assertThat(BUREAU.clocks(ZHANG, matter)).isEmpty();

    assertThat(CASES.holdings(REN, matter.id()))
        .extracting(holding -> holding.deskName() + " " + holding.staffName())
        .containsExactly(
            BUREAU.desk("D07", "C1").name() + " null",
            BUREAU.desk("D07", "C1").name() + " 任",
            BUREAU.desk("D02", "S1").name() + " null",
            BUREAU.desk("D02", "S1").name() + " 韦",
            BUREAU.desk("D02", "S1").name() + " null",
            BUREAU.desk("D02", "S1").name() + " 杜",
            BUREAU.desk("D02", "S1").name() + " null",
            BUREAU.desk("D02", "S1").name() + " 杜");
    assertThat(matter.deskId())
        .as("among what the street has done")
        .isEqualTo(BUREAU.desk("D02", "S1").id());
    assertThat(CASES.holdings(REN, matter.id()).getLast().until()).isNotNull();
    assertThat(BUREAU.steps(matter))
        .containsExactly(
            "T01", "T02", "T06", "T09", "T10", "null", "T30", "T09", "T10", "null", "T17", "T18",
            "null", "T20", "null", "null", "null", "T22");
    assertThat(BUREAU.happened(matter).getLast().event())
        .isInstanceOfSatisfying(
            CaseEvent.Closed.class,
            closed -> {
              assertThat(closed.exception()).isNull();
              assertThat(closed.visit()).isEqualTo("answered");
            });
    assertThat(CASES.history(REN, matter.id()))
        .extracting(Line::sentence)
        .contains("任 首次联系居民", "杜 核查通过（没有照片，说明了原因）", "居民回了话，结案");
    Followed followed = CASES.byCode(matter.code(), "en").orElseThrow();
    assertThat(followed.steps()).extracting(Line::sentence).contains("任 answered you", "Finished");
    assertThat(followed.answers()).extracting(Answer::text).contains("下午就来清。");
    assertThat(followed.next()).isNull();
  }

  @Test
  void whatNobodyConfirmedWaitsForAPersonAndStartsItsClocksFromTheFirstWord() {
    NewCase draft = BUREAU.told("想找人说说家里的事", null, "C1L03", true, false);
    Instant said = BUREAU.clock.instant();
    BUREAU.clock.pass(Duration.ofMinutes(30));
    Opened opened = BUREAU.open(draft, said);
    assertThat(opened.state()).isEqualTo(CaseState.REPORTED);
    assertThat(opened.contactBy()).isEqualTo(at("2026-03-12T12:00"));
    Case matter = CASES.visibleTo(REN, opened.id());
    assertThat(BUREAU.clocks(ZHANG, matter)).containsExactly("ACCEPTANCE 2026-03-12T04:00:00Z");

    matter = HANDLING.claim(REN, matter.id(), matter.version());
    assertThat(matter.state()).as("nobody knows yet what it is").isEqualTo(CaseState.REPORTED);
    Case held = matter;
    assertRefused(
        "case-category-missing", () -> CHECKING.report(REN, held.id(), held.version(), "好了"));

    matter = CORRECTIONS.setCategory(REN, matter.id(), matter.version(), "0701");
    assertThat(matter.state()).isEqualTo(CaseState.HANDLING);
    assertThat(matter.isHeldBy(REN.id())).isTrue();
    assertThat(BUREAU.clocks(ZHANG, matter))
        .containsExactlyInAnyOrder(
            "FIRST_CONTACT 2026-03-12T06:00:00Z", "HANDLING 2026-03-19T09:30:00Z");
  }

  @Test
  void whatIsFiledByTheDeskGoesWhereTheRulesSay() {
    Opened opened = BUREAU.open(BUREAU.told("有人在门口摆摊", null, "D", false, true));
    assertThat(opened.state()).isEqualTo(CaseState.REPORTED);
    assertThat(opened.deskId()).isEqualTo(BUREAU.desk("D01", "D").id());
    Case matter = CASES.visibleTo(ZHANG, opened.id());
    assertThat(matter.categoryCode()).isEqualTo("0103");
    assertThat(BUREAU.inbox.entry(REN, matter.id())).isNull();

    matter = CORRECTIONS.setTerritory(ZHANG, matter.id(), 1, BUREAU.place("C1").id());
    assertThat(matter.state()).isEqualTo(CaseState.DISPATCHED);
    assertThat(matter.deskName())
        .as("the street's officers have no people, so its centre holds it for them")
        .isEqualTo(BUREAU.desk("D02", "S1").name());
    assertThat(matter.bodyCode()).isEqualTo("D09");
    assertThat(CASES.visibleTo(REN, matter.id()).territoryName()).isEqualTo("清泉社区");
  }

  @Test
  void theHistoryNamesTheBodyThatADeskStandsInFor() {
    Opened opened = BUREAU.open(BUREAU.told("楼道堆物", "0102"));
    String own = BUREAU.desk("D07", "C1").name();
    long body =
        HANDOVERS.targets(REN, opened.id()).stream()
            .filter(target -> own.equals(target.heldBy()))
            .findFirst()
            .orElseThrow()
            .deskId();
    Case handed = HANDOVERS.handOn(REN, opened.id(), 1, body, "要他们来清");
    assertThat(handed.deskName()).isEqualTo(own);
    assertThat(CASES.history(REN, opened.id()).getLast().sentence())
        .isEqualTo("任 从 " + own + " 转给 " + own + "，代 " + handed.bodyName() + " 承办");
  }

  @Test
  void aRoutingRuleWinsOverTheCatalogueAndTheDeepestOfThem() {
    BUREAU.db.execute(
        """
        INSERT INTO routing_rule (category_code, territory_id, desk_id, valid)
        VALUES ('0107', $1, $3, '[2026-01-01,)'), (NULL, $2, $4, '[2026-01-01,2026-04-01)')
        """,
        BUREAU.place("S1").id(),
        BUREAU.place("C2").id(),
        BUREAU.desk("D02", "S1").id(),
        BUREAU.desk("D01", "D").id());
    NewCase draft = BUREAU.told("狗不牵绳", "0107", "C2Z1", true, true);
    assertThat(BUREAU.open(draft).deskId()).isEqualTo(BUREAU.desk("D01", "D").id());
    assertThat(BUREAU.open(BUREAU.told("狗不牵绳", "0107")).deskId())
        .isEqualTo(BUREAU.desk("D02", "S1").id());
    BUREAU.clock.set("2026-04-01T10:00");
    assertThat(BUREAU.open(draft).deskId()).isEqualTo(BUREAU.desk("D02", "S1").id());
    BUREAU.db.execute("DELETE FROM routing_rule");
  }

  @Test
  void nobodySeesWhatIsNotTheirs() {
    Opened opened = BUREAU.open(BUREAU.told("楼道堆物", "0102"));
    assertThat(CASES.visibleTo(WEI, opened.code()).id()).isEqualTo(opened.id());
    Staff head = BUREAU.staff("楼长", "building_head", "C1L03");
    for (Staff stranger : List.of(QIU, head)) {
      assertRefused("not-found", () -> CASES.visibleTo(stranger, opened.id()));
      assertRefused("not-found", () -> CASES.history(stranger, opened.id()));
      assertRefused("not-found", () -> HANDLING.claim(stranger, opened.id(), 1));
      assertRefused("not-found", () -> HANDLING.note(stranger, opened.id(), "看看"));
    }
  }

  @Test
  void aComplaintAboutStaffPassesTheirOwnLevelBy() {
    long before = BUREAU.inbox.counts(REN).allOpen();
    for (boolean confirmed : List.of(true, false)) {
      Opened opened = BUREAU.open(BUREAU.told("那个主任拍桌子骂人", "1205", "C1L03", true, confirmed));
      assertThat(opened.deskId()).isEqualTo(BUREAU.desk("D01", "D").id());
      assertRefused("not-found", () -> CASES.visibleTo(REN, opened.id()));
      assertRefused("not-found", () -> CASES.visibleTo(WEI, opened.id()));
      assertThat(CASES.visibleTo(ZHANG, opened.id()).confidential()).isTrue();
      assertThat(BUREAU.inbox.entry(WEI, opened.id())).isNull();
      BUREAU.casework.words().write(opened.id().value(), opened.id().value());
    }
    assertThat(BUREAU.inbox.counts(REN).allOpen()).isEqualTo(before);
    assertThat(BUREAU.inbox.page(REN, Inbox.View.ALL_OPEN, "拍桌子", null, 9).entries()).isEmpty();
    assertThat(BUREAU.inbox.page(ZHANG, Inbox.View.ALL_OPEN, "拍桌子", null, 9).entries()).hasSize(2);
  }

  @Test
  void aChangedEventBreaksTheChain() {
    Opened opened = BUREAU.open(BUREAU.told("楼道堆物", "0102"));
    Case matter = HANDLING.claim(REN, opened.id(), 1);
    assertThatThrownBy(() -> tamper(matter)).hasMessageContaining("append-only");
    BUREAU.db.execute("ALTER TABLE event DISABLE TRIGGER event_append_only");
    try {
      tamper(matter);
    } finally {
      BUREAU.db.execute("ALTER TABLE event ENABLE TRIGGER event_append_only");
    }
    assertThat(BUREAU.events.broken(CaseEvent.VOCABULARY))
        .containsExactly("casework " + matter.id() + " at 3");
    BUREAU.db.execute("ALTER TABLE event DISABLE TRIGGER event_append_only");
    BUREAU.db.execute(
        "UPDATE event SET body = replace(body, '0103', '0102') WHERE subject = $1",
        matter.id().value());
    BUREAU.db.execute("ALTER TABLE event ENABLE TRIGGER event_append_only");
    assertThat(BUREAU.events.broken(CaseEvent.VOCABULARY)).isEmpty();
  }

  @Test
  void aNumberOpensOnlyOnesOwn() {
    long person = BUREAU.person();
    Opened opened = BUREAU.open(ofPerson(person));
    assertThat(CASES.byNumber(BUREAU.db, person, opened.number())).isPresent();
    assertThat(CASES.byNumber(BUREAU.db, BUREAU.person(), opened.number())).isEmpty();
    assertThat(CASES.ofPerson(BUREAU.db, person, 5)).hasSize(1);

    Case claimed = HANDLING.claim(REN, opened.id(), 1);
    Case answered = HANDLING.answer(REN, opened.id(), claimed.version(), "知道了");
    assertThat(answered.waitsForAnswer()).isFalse();
    BUREAU.clock.pass(Duration.ofMinutes(1));
    Optional<CaseId> added =
        BUREAU.db.inTransaction(tx -> INTAKE.supplement(tx, opened.id(), person, List.of(7L)));
    assertThat(added).contains(opened.id());
    assertThat(CASES.visibleTo(REN, opened.id()).waitsForAnswer()).isTrue();
  }

  private static NewCase ofPerson(long person) {
    NewCase draft = BUREAU.told("楼道堆物", "0102");
    return NewCase.of(draft.what(), draft.territoryId(), "wechat")
        .by(person, null)
        .category("0102")
        .confirmed(true)
        .ready();
  }

  private static void tamper(Case matter) {
    BUREAU.db.execute(
        "UPDATE event SET body = replace(body, '0102', '0103') WHERE subject = $1 AND seq = 3",
        matter.id().value());
  }
}
