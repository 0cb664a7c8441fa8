package io.linyu.casework;

import static io.linyu.casework.Bureau.assertRefused;
import static io.linyu.casework.Bureau.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linyu.casework.Cases.Step;
import io.linyu.community.Staff;
import io.linyu.platform.Refusal;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What is waited for: what was promised and is late, what is urged, and what is supervised.
class UrgingTest {
  @AutoClose private static final Bureau BUREAU = new Bureau();
  private static final Cases CASES = BUREAU.cases;
  private static final Handling HANDLING = BUREAU.handling;
  private static final Handovers HANDOVERS = BUREAU.handovers;
  private static final Staff REN = BUREAU.staff("任", "community_deputy", "C1");
  private static final Staff HE = BUREAU.staff("何", "info_officer", "C1");
  private static final Staff QIU = BUREAU.staff("邱", "community_deputy", "C2");
  private static final Staff WEI = BUREAU.staff("韦", "street_dispatcher", "S1");
  private static final Staff ZHANG = BUREAU.staff("章", "district_dispatcher", "D");

  @BeforeEach
  void itIsThursdayTenOClock() {
    BUREAU.clock.set("2026-03-12T10:00");
  }

  /// Only by day, once each, and the resident hears of no second one before somebody has answered.
  @Test
  void whatWasPromisedAndNotDoneInTimeIsNoticed() {
    NewCase draft = BUREAU.told("3栋楼道堆了旧家具", "0102");
    Opened left = BUREAU.open(draft, BUREAU.clock.instant());
    NewCase other = BUREAU.told("3栋楼道堆了纸箱", "0102");
    Opened claimed = BUREAU.open(other, BUREAU.clock.instant());
    Case mine = HANDLING.claim(REN, claimed.id(), CASES.visibleTo(REN, claimed.id()).version());
    BUREAU.clock.set("2026-03-13T09:59");
    BUREAU.notice();
    assertThat(BUREAU.delays(left.id())).isEmpty();

    BUREAU.clock.set("2026-03-13T10:00");
    BUREAU.notice();
    BUREAU.notice();
    assertThat(BUREAU.delays(left.id())).containsExactly("first_contact 2026-03-13T02:00:00Z true");
    Case unsigned = HANDLING.release(REN, mine.id(), mine.version());
    assertThat(unsigned.state()).as("it moved nothing").isEqualTo(CaseState.DISPATCHED);
    Case again = HANDLING.claim(REN, unsigned.id(), unsigned.version());
    var _ = HANDLING.answer(REN, again.id(), again.version(), "周一来清");

    BUREAU.clock.set("2026-03-16T21:30");
    BUREAU.notice();
    assertThat(BUREAU.delays(claimed.id())).hasSize(1);
    BUREAU.clock.set("2026-03-17T08:00");
    BUREAU.notice();
    assertThat(BUREAU.delays(claimed.id())).last().isEqualTo("handling 2026-03-16T09:30:00Z true");
    assertThat(BUREAU.delays(left.id())).last().isEqualTo("handling 2026-03-16T09:30:00Z false");
    assertThat(CASES.byCode(CASES.visibleTo(REN, left.id()).code(), "zh").orElseThrow().steps())
        .extracting(Line::sentence)
        .contains("说好联系您的时间过了，晚了", "说好办完的时间过了，晚了");
  }

  @Test
  void whatIsUrgedKeepsItsClocksAndIsUrgedOnceADay() {
    long person =
        BUREAU.db.one("INSERT INTO person (created_at) VALUES (now()) RETURNING id").getLong("id");
    Opened opened = BUREAU.open(Bureau.toldBy(person, BUREAU.told("3栋楼道堆了轮胎", "0102")));
    Case matter = CASES.visibleTo(REN, opened.id());
    assertThat(CASES.stepsFor(REN, matter)).as("take it first").doesNotContain(Step.URGE);
    matter = HANDLING.claim(REN, matter.id(), matter.version());
    assertThat(CASES.stepsFor(REN, matter)).as("nobody urges themselves").doesNotContain(Step.URGE);
    List<String> running = BUREAU.clocks(ZHANG, matter);

    Urging.Urged urged = urge(opened.id(), person);
    assertThat(urged.before()).isFalse();
    BUREAU.clock.pass(Duration.ofHours(23));
    Urging.Urged again = urge(opened.id(), person);
    assertThat(again.before()).isTrue();
    assertThat(again.at()).isEqualTo(urged.at());
    assertThat(again.again()).isEqualTo(at("2026-03-13T10:00"));
    assertThatThrownBy(() -> urge(opened.id(), person + 1))
        .as("of nobody else")
        .isInstanceOf(Refusal.class);
    BUREAU.clock.pass(Duration.ofHours(1));
    assertThat(urge(opened.id(), person).before()).isFalse();

    Case now = CASES.visibleTo(REN, opened.id());
    assertThat(now.urges()).isEqualTo(2);
    assertThat(now.version()).as("nobody's step is outdated").isEqualTo(matter.version());
    assertThat(BUREAU.clocks(ZHANG, now)).isEqualTo(running);
    assertThat(now.isUrged()).isTrue();

    assertRefused("case-urge-own", () -> BUREAU.urging.urge(REN, opened.id()));
    assertRefused("case-urged-lately", () -> BUREAU.urging.urge(HE, opened.id()));
    BUREAU.clock.pass(Duration.ofHours(1));
    Case byDesk = BUREAU.urging.urge(HE, opened.id());
    assertThat(byDesk.urges()).as("by whoever told it").isEqualTo(2);
    assertThat(byDesk.version()).isEqualTo(matter.version());
    assertThat(CASES.history(REN, opened.id())).extracting(Line::sentence).contains("居民催了", "何 催办");
    assertThat(CASES.byCode(now.code(), "zh").orElseThrow().steps())
        .extracting(Line::word)
        .contains("urged")
        .doesNotContain("urged_by");
    assertRefused("not-found", () -> BUREAU.urging.urge(QIU, opened.id()));

    // The street has it: its dispatcher does not urge, the community does.
    Case on =
        HANDOVERS.handOn(
            REN, byDesk.id(), byDesk.version(), BUREAU.desk("D02", "S1").id(), "要街道出面");
    on = HANDLING.claim(WEI, on.id(), on.version());
    assertThat(CASES.stepsFor(ZHANG, on)).doesNotContain(Step.URGE);
    BUREAU.clock.pass(Duration.ofHours(1));
    var _ = BUREAU.urging.urge(REN, on.id());
    on = HANDLING.answer(WEI, on.id(), on.version(), "明天来拉走");
    assertThat(on.isUrged()).as("whoever waited has heard").isFalse();
    var _ = BUREAU.finish(WEI, on.id(), on.version(), "拉走了");
    assertThatThrownBy(() -> urge(opened.id(), person))
        .isInstanceOfSatisfying(
            Refusal.class, refused -> assertThat(refused.code()).isEqualTo("case-urge-over"));
    assertThat(BUREAU.events.broken(CaseEvent.VOCABULARY)).isEmpty();
  }

  @Test
  void whatIsSupervisedIsAskedAboutOnEveryWorkingDayWithoutAWordOfIt() {
    Staff gao = BUREAU.staff("高", "community_secretary", "C1");
    Supervising supervising = BUREAU.casework.supervising();
    Opened opened = BUREAU.open(BUREAU.told("3栋楼道堆了水泥", "0102"));
    Case matter = CASES.visibleTo(REN, opened.id());
    matter = HANDLING.claim(REN, matter.id(), matter.version());
    List<String> running = BUREAU.clocks(ZHANG, matter);
    assertThat(CASES.stepsFor(HE, matter)).doesNotContain(Step.SUPERVISE);
    assertThat(CASES.stepsFor(gao, matter))
        .contains(Step.SUPERVISE)
        .doesNotContain(Step.LIFT_SUPERVISION);
    assertRefused("case-supervise-not-yours", () -> supervising.supervise(HE, opened.id(), "拖"));
    assertRefused("reason-missing", () -> supervising.supervise(gao, opened.id(), " "));
    assertRefused("not-found", () -> supervising.supervise(QIU, opened.id(), "拖"));

    Case now = supervising.supervise(gao, opened.id(), "第三次了，要看到清走");
    assertThat(now.supervisedAt()).isEqualTo(BUREAU.clock.instant());
    assertThat(now.version()).isEqualTo(matter.version());
    assertThat(BUREAU.clocks(ZHANG, now)).isEqualTo(running);
    assertThat(CASES.stepsFor(gao, now))
        .contains(Step.LIFT_SUPERVISION)
        .doesNotContain(Step.SUPERVISE);
    assertRefused("case-supervised", () -> supervising.supervise(gao, opened.id(), "再来"));
    assertThat(CASES.notes(REN, opened.id())).extracting(Note::text).contains("第三次了，要看到清走");
    assertThat(BUREAU.inbox.page(HE, Inbox.View.ALL_OPEN, null, SUPERVISED, null, 50).entries())
        .extracting(Inbox.Entry::id)
        .containsExactly(opened.id());
    assertThat(askedFor(opened)).containsExactly("2026-03-12T02:00:00Z phone");

    BUREAU.clock.set("2026-03-12T13:29");
    assertThat(askedFor(opened)).hasSize(1);
    BUREAU.clock.set("2026-03-12T13:30");
    assertThat(askedFor(opened))
        .containsExactly("2026-03-12T02:00:00Z settled", "2026-03-12T05:30:00Z phone");
    BUREAU.clock.set("2026-03-13T09:30");
    var _ = HANDLING.note(gao, opened.id(), "怎么样了");
    var _ = HANDLING.note(REN, opened.id(), "车下午到");
    BUREAU.clock.set("2026-03-13T14:00");
    assertThat(askedFor(opened))
        .as("there was a word")
        .hasSize(2)
        .allMatch(each -> each.endsWith("settled"));
    BUREAU.clock.set("2026-03-14T14:00");
    assertThat(askedFor(opened)).as("Saturday").hasSize(2);
    BUREAU.clock.set("2026-03-16T14:00");
    assertThat(askedFor(opened)).contains("2026-03-16T05:30:00Z phone");

    assertRefused("case-supervise-not-yours", () -> supervising.lift(REN, opened.id()));
    assertThat(supervising.lift(gao, opened.id()).supervisedAt()).isNull();
    BUREAU.clock.set("2026-03-17T14:00");
    assertThat(askedFor(opened)).hasSize(3);
    assertThat(CASES.history(REN, opened.id()))
        .extracting(Line::sentence)
        .contains("高 督办", "高 解除督办");
    assertThat(CASES.byCode(now.code(), "zh").orElseThrow().steps())
        .extracting(Line::sentence)
        .contains("有领导在盯这件事");
    assertThat(BUREAU.events.broken(CaseEvent.VOCABULARY)).isEmpty();
  }

  private static final Filters SUPERVISED =
      Filters.read(name -> name.equals("supervised") ? "yes" : null);

  /// About what of it being supervised somebody is called, once that has been looked at.
  private static List<String> askedFor(Opened of) {
    BUREAU.db.withinTransaction(
        tx -> new ErrandStore().watch(tx, List.of(of.id().value()), BUREAU.clock.instant()));
    while (BUREAU.casework.errands().lookDue()) {
      // the next of them
    }
    return BUREAU
        .db
        .rows(
            "SELECT occasion, state FROM errand WHERE case_id = $1 AND why = 'supervised' ORDER BY occasion",
            of.id().value())
        .stream()
        .map(row -> row.getOffsetDateTime("occasion").toInstant() + " " + row.getString("state"))
        .toList();
  }

  private static Urging.Urged urge(CaseId id, long person) {
    return BUREAU.db.inTransaction(tx -> BUREAU.urging.urge(tx, id, person, null));
  }
}
