package io.linyu.casework;

import static io.linyu.casework.Bureau.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.linyu.community.Absences;
import io.linyu.community.Desk;
import io.linyu.community.DeskOrders.Member;
import io.linyu.community.Staff;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Who stands in at another desk, and desks of which nobody is there.
class DeputyTest {
  private static final LocalDate TODAY = LocalDate.parse("2026-03-12");

  @AutoClose private static final Bureau BUREAU = new Bureau();
  private static final Absences ABSENCES = BUREAU.community.absences();

  private static final Staff AN = BUREAU.staff("安", "community_deputy", "C1");
  private static final Staff BO = BUREAU.staff("柏", "info_officer", "C1");
  private static final Staff DU = BUREAU.staff("独", "community_deputy", "C2");
  private static final Staff WEI = BUREAU.staff("韦", "street_dispatcher", "S1");
  private static final Staff WU = BUREAU.staff("邬", "street_dispatcher", "S1");
  private static final Staff QU = BUREAU.staff("区", "district_dispatcher", "D");
  private static final Desk SMALL = desk(DU);
  private static final Desk STREET = desk(WEI);

  @BeforeEach
  void itIsThursdayAndAllAreHere() {
    BUREAU.clock.set("2026-03-12T10:00");
    BUREAU.db.execute("TRUNCATE \"case\" CASCADE");
    BUREAU.db.execute("TRUNCATE absence");
    BUREAU.community.staff().join(DU, SMALL); // so that what is held in memory is read again
  }

  @Test
  void whoStandsInAtAnotherDeskActsThereForTheseDaysAndNoLonger() {
    CaseId id = BUREAU.open(told()).id();
    Case secret = BUREAU.cases.visibleTo(DU, BUREAU.open(told().inConfidence()).id());
    List<String> promised = BUREAU.clocks(WU, seen(WU, id));
    assertRefused("not-found", () -> seen(BO, id));

    away(WEI, DU, TODAY, TODAY.plusDays(1), BO);
    assertThat(called(SMALL)).containsExactly("柏 代独");
    assertThat(called(desk(BO))).as("at their own desk as ever").contains("柏").hasSize(2);
    Case matter = seen(BO, id);
    assertRefused("not-found", () -> seen(BO, secret.id()));
    assertThat(listed(BO, Inbox.View.UNCLAIMED)).containsExactly(id);
    assertThat(listed(BO, Inbox.View.ALL_OPEN)).containsExactly(id);
    assertThat(BUREAU.inbox.counts(now(BO)).unclaimed()).isOne();
    assertThat(BUREAU.inbox.counts(now(BO)).desk()).isOne();
    assertRefused("not-found", () -> seen(AN, id));

    var _ = BUREAU.handling.claim(now(BO), id, matter.version());
    matter = BUREAU.handling.note(now(BO), id, "看过了");
    assertThat(history(matter)).containsOnlyOnce("柏 代 独 办 " + SMALL.name() + " 的事");
    assertThat(history(matter)).anyMatch(each -> each.startsWith("柏 接手"));

    BUREAU.clock.set("2026-03-13T18:00");
    assertThat(BUREAU.casework.standIns().endDue()).isFalse();
    assertThat(seen(BO, id).isHeldBy(BO.id())).as("still their day").isTrue();
    BUREAU.clock.set("2026-03-14T08:00");
    assertThat(BUREAU.casework.standIns().endDue()).isFalse();
    assertRefused("not-found", () -> seen(BO, id));
    assertThat(listed(BO, Inbox.View.ALL_OPEN)).isEmpty();
    assertThat(called(SMALL)).containsExactly("独");
    assertThat(seen(DU, id).isHeldBy(DU.id())).isTrue();
    assertThat(BUREAU.clocks(WU, seen(WU, id)))
        .as("but for that it is signed, as promised")
        .isEqualTo(promised.stream().filter(each -> !each.startsWith("SIGNING")).toList());
    assertThat(BUREAU.events.broken(CaseEvent.VOCABULARY)).isEmpty();
  }

  @Test
  void whoIsAwayThemselvesStandsInNowhereAndNobodyFromFarOrBelowDoes() {
    CaseId id = BUREAU.open(told()).id();
    away(WEI, DU, TODAY, TODAY.plusDays(3), BO);
    away(AN, BO, TODAY.plusDays(1), TODAY.plusDays(1), null);
    assertThat(seen(BO, id)).isNotNull();
    BUREAU.clock.set("2026-03-13T10:00");
    assertRefused("not-found", () -> seen(BO, id));
    assertThat(called(SMALL)).isEmpty();
    ABSENCES.end(WEI, "", SMALL, ABSENCES.of(SMALL).getFirst().id());
    BUREAU.clock.set("2026-03-14T10:00");
    assertRefused("not-found", () -> seen(BO, id));

    LocalDate later = TODAY.plusDays(9);
    // Next door by whoever leads both, and not by oneself; below by nobody.
    assertRefused("absence-no-colleague", () -> away(DU, DU, later, later, BO));
    assertRefused("absence-no-colleague", () -> away(QU, WEI, later, later, AN));
    away(WEI, WU, later, later, null);
    assertRefused("absence-deputy-checks", () -> away(DU, DU, later, later, WEI));
    away(DU, DU, later.plusDays(1), later.plusDays(1), WEI);
    assertThat(ABSENCES.lent(DU, SMALL)).extracting(Absences.Lent::name).contains("韦", "邬");
  }

  @Test
  void whoStandsInChecksNothingThatTheOtherOfTheirDesksDid() {
    CaseId id = BUREAU.open(told()).id();
    Case matter = BUREAU.handling.claim(DU, id, seen(DU, id).version());
    matter = BUREAU.handling.answer(DU, id, matter.version(), "马上清");
    matter = BUREAU.casework.checking().report(DU, id, matter.version(), "清走了");
    assertThat(matter.deskId()).isEqualTo(STREET.id());
    away(DU, DU, TODAY, TODAY, WEI);
    int version = matter.version();
    assertRefused("case-check-own", () -> BUREAU.handling.claim(now(WEI), id, version));
    assertThat(BUREAU.handling.claim(WU, id, version).isHeldBy(WU.id())).isTrue();
  }

  @Test
  void whereNobodyIsThereTheDeskAboveGetsWhatIsNewAndSeesWhatLiesThere() {
    CaseId lies = BUREAU.open(told()).id();
    assertRefused("absence-leaves", () -> add(DU, DU, TODAY, TODAY, null, false));
    add(DU, DU, TODAY.plusDays(30), TODAY.plusDays(30), WEI, false);
    Opened before = BUREAU.open(told());
    assertThat(before.deskId()).isEqualTo(SMALL.id());
    assertThat(left(WEI)).isEmpty();

    add(DU, DU, TODAY, TODAY.plusDays(1), null, true);
    assertThat(left(WEI)).containsExactly(SMALL.name() + " 2");
    assertThat(left(AN)).isEmpty();
    Opened sent = BUREAU.open(told());
    assertThat(sent.deskId()).isEqualTo(STREET.id());
    assertThat(sent.contactBy()).as("what was promised is the same").isEqualTo(before.contactBy());
    Case matter = seen(WEI, sent.id());
    assertThat(BUREAU.clocks(WEI, matter)).isEqualTo(BUREAU.clocks(WEI, seen(WEI, before.id())));
    assertThat(history(matter)).contains(SMALL.name() + " 没有人在岗，先由 " + STREET.name() + " 接");
    Opened unsure = BUREAU.open(BUREAU.told("楼道堆了水泥", null, "C2Z1", true, false));
    assertThat(unsure.deskId()).isEqualTo(STREET.id());
    assertThat(history(seen(WEI, unsure.id()))).anyMatch(each -> each.contains("没有人在岗"));
    assertThat(seen(WEI, lies).deskId()).as("it stays, and is named").isEqualTo(SMALL.id());
    Levels levels = BUREAU.casework.levels();
    Case up = levels.raise(WEI, lies, seen(WEI, lies).version(), "没有人在");
    assertThat(up.deskId()).isEqualTo(STREET.id());
    assertRefused("send-down-nobody", () -> levels.sendDown(WEI, lies, up.version(), "社区的事"));
    assertThat(BUREAU.open(BUREAU.told("楼道堆了水泥", "0102")).deskId()).isEqualTo(desk(AN).id());

    // Who is there when it opens next counts.
    BUREAU.clock.set("2026-03-13T21:00");
    assertThat(BUREAU.open(told()).deskId()).isEqualTo(SMALL.id());
    assertThat(left(WEI)).isEmpty();
    assertThat(BUREAU.events.broken(CaseEvent.VOCABULARY)).isEmpty();
  }

  @Test
  void whoStandsInIsThereButWhatIsToldInConfidenceIsNamedAbove() {
    away(WEI, DU, TODAY, TODAY, BO);
    assertThat(BUREAU.open(told()).deskId()).isEqualTo(SMALL.id());
    assertThat(left(WEI)).isEmpty();
    var _ = BUREAU.open(told().inConfidence());
    assertThat(left(WEI)).containsExactly(SMALL.name() + " 1");
    // Were the deputy away, too, the desk would be left: that is said at theirs.
    assertRefused("absence-leaves", () -> add(AN, BO, TODAY, TODAY, null, false));
    add(AN, BO, TODAY, TODAY, null, true);
    assertThat(left(WEI)).containsExactly(SMALL.name() + " 2");
    assertThat(BUREAU.open(told()).deskId()).isEqualTo(STREET.id());
  }

  private static NewCase told() {
    return BUREAU.told("楼道堆了水泥", "0102", "C2Z1", true, true);
  }

  private static void away(
      Staff by, Staff who, LocalDate from, LocalDate last, @Nullable Staff deputy) {
    add(by, who, from, last, deputy, true);
  }

  private static void add(
      Staff by, Staff who, LocalDate from, LocalDate last, @Nullable Staff deputy, boolean left) {
    ABSENCES.add(
        by, "", desk(who), who.id(), from, last, deputy == null ? null : deputy.id(), left);
  }

  private static Desk desk(Staff who) {
    return BUREAU.community.desks().byId(who.desks().iterator().next());
  }

  /// As they come in now.
  private static Staff now(Staff who) {
    return BUREAU.community.staff().byId(who.id()).orElseThrow();
  }

  private static Case seen(Staff who, CaseId id) {
    return BUREAU.cases.visibleTo(now(who), id);
  }

  private static List<CaseId> listed(Staff who, Inbox.View view) {
    return BUREAU.inbox.page(now(who), view, null, Filters.NONE, null, 20).entries().stream()
        .map(Inbox.Entry::id)
        .toList();
  }

  private static List<String> called(Desk desk) {
    return BUREAU.community.deskOrders().of(desk.id()).stream()
        .filter(Member::called)
        .map(each ->
            each.standsInFor() == null ? each.name() : each.name() + " 代" + each.standsInFor())
        .toList();
  }

  private static List<String> left(Staff who) {
    return new LeftDesks(BUREAU.db, BUREAU.community.desks(), BUREAU.community.territories())
        .under(now(who)).stream().map(each -> each.desk().name() + " " + each.waiting()).toList();
  }

  private static List<String> history(Case matter) {
    return BUREAU.cases.history(WU, matter.id()).stream().map(Line::sentence).toList();
  }
}
