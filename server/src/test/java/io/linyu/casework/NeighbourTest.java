package io.linyu.casework;

import static io.linyu.casework.Bureau.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.linyu.casework.Cases.Step;
import io.linyu.casework.Inbox.View;
import io.linyu.community.Staff;
import io.linyu.community.StaffMember;
import io.linyu.community.StaffName;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A complaint about neighbours, where the neighbour works here.
class NeighbourTest {
  private static final String LOUD = "0701";

  @AutoClose private static final Bureau BUREAU = new Bureau();
  private static final Staff GAO = BUREAU.staff("高", "community_secretary", "C1");
  private static final Staff REN = BUREAU.staff("任", "community_deputy", "C1");
  private static final Staff HE = BUREAU.staff("何", "info_officer", "C1");
  private static final Staff QIU = BUREAU.staff("邱", "community_deputy", "C2");
  private static final Staff WEI = BUREAU.staff("韦", "street_dispatcher", "S1");
  private static final Staff HEAD = BUREAU.staff("楼", "building_head", "C1L03");

  @BeforeEach
  void itIsThursdayTenOClock() {
    BUREAU.clock.set("2026-03-12T10:00");
    BUREAU.db.execute("TRUNCATE \"case\" CASCADE");
  }

  @Test
  void theyFindItNowhereAndItStaysWithTheirDesk() {
    Case other = told("0102", "C1L03");
    Case loud = told(LOUD, "C1L03");
    assertThat(loud.confidential()).isTrue();
    assertThat(found(REN)).contains(loud.id());
    assertThat(BUREAU.corrections.neighbours(loud))
        .extracting(StaffName::name)
        .contains("任", "楼", "韦")
        .doesNotContain("邱");

    Case named = name(HE, loud, REN);
    assertThat(named.deskId()).isEqualTo(loud.deskId());
    assertThat(named.state()).isEqualTo(loud.state());
    assertThat(named.level()).isEqualTo(loud.level());
    assertThat(sees(REN, loud)).isFalse();
    assertThat(BUREAU.cases.byNumberVisibleTo(REN, loud.number())).isEmpty();
    assertThat(found(REN)).containsExactly(other.id());
    assertThat(BUREAU.inbox.page(REN, View.ALL_OPEN, loud.number().text(), null, 9).entries())
        .isEmpty();
    assertThat(BUREAU.inbox.entry(REN, loud.id())).isNull();
    assertThat(BUREAU.inbox.counts(REN).desk()).isEqualTo(1);
    assertThat(BUREAU.inbox.counts(REN).allOpen()).isEqualTo(1);
    assertRefused("not-found", () -> BUREAU.handling.claim(REN, loud.id(), named.version()));

    // For the others it is as it was, and they do not give it to that one.
    assertThat(found(HE)).contains(loud.id(), other.id());
    assertThat(BUREAU.inbox.counts(HE).desk()).isEqualTo(2);
    assertThat(BUREAU.cases.told(loud.id(), "zh"))
        .extracting(Line::sentence)
        .contains("何 写明反映的是 任");
    Case mine = BUREAU.handling.claim(HE, loud.id(), named.version());
    assertThat(BUREAU.handling.colleagues(HE, mine))
        .extracting(StaffMember::name)
        .containsExactly("高");
    assertRefused(
        "case-no-colleague", () -> BUREAU.handling.give(HE, mine.id(), mine.version(), REN.id()));

    // Nor is that one asked for a part, or to check it.
    var _ =
        BUREAU
            .casework
            .parts()
            .ask(
                HE,
                mine.id(),
                List.of(BUREAU.desk("D02", "S1").id()),
                LocalDate.parse("2026-03-13"),
                "请一起去看",
                true);
    assertThat(BUREAU.casework.parts().count(WEI)).isOne();
    Case again = name(GAO, BUREAU.cases.visibleTo(GAO, mine.id()), WEI);
    assertThat(BUREAU.casework.parts().count(WEI)).isZero();
    assertThat(BUREAU.casework.parts().waiting(WEI, null)).isEmpty();
    assertThat(sees(REN, loud)).as("it was somebody else").isTrue();
    assertThat(heads(again)).contains("楼");
    Case head = name(GAO, again, HEAD);
    assertThat(sees(WEI, loud)).isTrue();
    assertThat(heads(head)).doesNotContain("楼");
    Case back = name(GAO, head, REN);

    Case open = BUREAU.corrections.nameAccused(GAO, back.id(), back.version(), "");
    assertThat(open.accused().isNamed()).isFalse();
    assertThat(sees(REN, loud)).isTrue();
    assertThat(found(REN)).contains(loud.id());
  }

  @Test
  void whatOnlyTheyCouldGoOnWithIsHandedOnFirst() {
    Case told = told(LOUD, "C1L03");
    Case mine = BUREAU.handling.claim(REN, told.id(), told.version());
    assertRefused("neighbour-has-it", () -> name(GAO, mine, REN));
    Case taken = BUREAU.handling.claim(HE, mine.id(), mine.version());
    Case named = name(GAO, taken, REN);
    Case reported = BUREAU.casework.checking().report(HE, named.id(), named.version(), "谈妥了");
    assertThat(reported.state()).isEqualTo(CaseState.INSPECTING);
    assertThat(sees(REN, reported)).isFalse();
    assertThat(BUREAU.cases.stepsFor(GAO, reported)).contains(Step.CLAIM);
    assertRefused("neighbour-has-it", () -> name(GAO, reported, HE));

    Case alone = told(LOUD, "C2Z1");
    assertThat(QIU.worksAt(alone.deskId())).isTrue();
    assertRefused("neighbour-alone", () -> name(WEI, alone, QIU));
    Case up =
        BUREAU.handovers.handOn(
            WEI, alone.id(), alone.version(), BUREAU.desk("D02", "S1").id(), "街道来谈");
    assertRefused("neighbour-alone", () -> name(WEI, up, WEI));
    Case theirs = name(WEI, up, QIU);
    assertThat(sees(QIU, theirs)).isFalse();
    assertRefused(
        "case-about-them",
        () ->
            BUREAU.handovers.handOn(
                WEI, theirs.id(), theirs.version(), BUREAU.desk("D07", "C2").id(), "还是社区办"));
  }

  @Test
  void onlyOfComplaintsAboutNeighboursAndOnlyAPerson() {
    Case goods = told("0102", "C1L03");
    assertRefused("case-not-about-staff", () -> name(HE, goods, REN));
    Case loud = told(LOUD, "C1L03");
    for (String wrong : List.of("desk:" + loud.deskId(), "staff:0", "staff:", "任")) {
      assertRefused(
          "accused-unknown",
          () -> BUREAU.corrections.nameAccused(HE, loud.id(), loud.version(), wrong));
    }
    assertRefused("not-found", () -> name(QIU, loud, REN));
  }

  private static Case told(String category, String where) {
    NewCase draft = BUREAU.told("楼上有事", category, where, true, true);
    return BUREAU.cases.named(BUREAU.db, BUREAU.open(draft).id()).orElseThrow();
  }

  private static List<String> heads(Case matter) {
    return BUREAU.casework.requests().candidates(HE, matter).stream()
        .map(Requests.Candidate::name)
        .toList();
  }

  private static Case name(Staff by, Case matter, Staff whom) {
    return BUREAU.corrections.nameAccused(by, matter.id(), matter.version(), "staff:" + whom.id());
  }

  private static boolean sees(Staff who, Case matter) {
    return BUREAU.cases.isVisibleTo(BUREAU.db, who, matter.id());
  }

  /// By each of the lists, which agree.
  private static List<CaseId> found(Staff who) {
    List<CaseId> all = ids(who, View.ALL_OPEN);
    assertThat(ids(who, View.DESK)).containsExactlyInAnyOrderElementsOf(all);
    return all;
  }

  private static List<CaseId> ids(Staff who, View view) {
    return BUREAU.inbox.page(who, view, null, null, 99).entries().stream()
        .map(Inbox.Entry::id)
        .toList();
  }
}
