package io.linyu.casework;

import static io.linyu.casework.Bureau.at;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linyu.TestClock;
import io.linyu.casework.Cases.Step;
import io.linyu.community.Desk;
import io.linyu.community.Staff;
import io.linyu.platform.Refusal;
import io.linyu.platform.events.Told;
import io.linyu.platform.text.Words;
import io.linyu.platform.time.QuietHours;
import io.linyu.platform.time.WorkingCalendar;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CasesTest {
  @AutoClose private static final Bureau BUREAU = new Bureau();
  private static final Cases CASES = BUREAU.cases;
  private static final Intake INTAKE = BUREAU.intake;
  private static final Handling HANDLING = BUREAU.handling;
  private static final Handovers HANDOVERS = BUREAU.handovers;
  private static final Corrections CORRECTIONS = BUREAU.corrections;

  private static final Staff REN = BUREAU.staff("任", "community_deputy", "C1");
  private static final Staff HE = BUREAU.staff("何", "info_officer", "C1");
  private static final Staff QIU = BUREAU.staff("邱", "community_deputy", "C2");
  private static final Staff WEI = BUREAU.staff("韦", "street_dispatcher", "S1");
  private static final Checking CHECKING = BUREAU.casework.checking();
  private static final Staff DU = BUREAU.staff("杜", "street_supervisor", "S1");
  private static final Staff ZHANG = BUREAU.staff("章", "district_dispatcher", "D");

  @BeforeEach
  void itIsThursdayTenOClock() {
    BUREAU.clock.set("2026-03-12T10:00");
  }

  @Test
  void aMatterGoesItsWayFromTheFirstWordToTheEnd() {
    NewCase draft = BUREAU.told("3栋楼道堆了好多杂物。堵住了走不了人", "0102");
    Instant said = BUREAU.clock.instant();
    BUREAU.clock.pass(Duration.ofMinutes(5));
    Opened opened = BUREAU.open(draft, said);
    assertThat(opened.state()).isEqualTo(CaseState.DISPATCHED);
    assertThat(opened.deskName()).isEqualTo(desk("D07", "C1").name());
    assertThat(opened.contactBy()).isEqualTo(at("2026-03-13T10:00"));
    Case matter = CASES.visibleTo(REN, opened.id());
    assertThat(matter.title()).isEqualTo("3栋楼道堆了好多杂物");
    assertThat(clocks(matter))
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
    assertThat(clocks(matter)).containsExactly("HANDLING 2026-03-16T09:30:00Z");

    matter = HANDOVERS.handOn(REN, matter.id(), matter.version(), desk("D02", "S1").id(), "要街道出面");
    assertThat(matter.deskId()).isEqualTo(desk("D02", "S1").id());
    assertThat(matter.staffId()).isNull();
    assertThat(matter.level()).isEqualTo(io.linyu.community.Level.STREET);
    assertThat(clocks(matter))
        .as("the resident's clock goes on, the desk has two hours to sign")
        .containsExactlyInAnyOrder("SIGNING 2026-03-12T05:55:00Z", "HANDLING 2026-03-16T09:30:00Z");

    BUREAU.clock.pass(Duration.ofMinutes(10));
    matter = HANDLING.claim(WEI, matter.id(), matter.version());
    matter = HANDLING.note(WEI, matter.id(), "保洁公司三点到");
    matter = BUREAU.finish(WEI, matter.id(), matter.version(), "杂物清完了，通道畅通。");
    assertThat(matter.state()).isEqualTo(CaseState.CLOSED);
    assertThat(matter.isOpen()).isFalse();
    assertThat(matter.nextDueAt()).isNull();
    assertThat(clocks(matter)).isEmpty();

    assertThat(CASES.holdings(REN, matter.id()))
        .extracting(holding -> holding.deskName() + " " + holding.staffName())
        .containsExactly(
            desk("D07", "C1").name() + " null",
            desk("D07", "C1").name() + " 任",
            desk("D02", "S1").name() + " null",
            desk("D02", "S1").name() + " 韦",
            desk("D02", "S1").name() + " null",
            desk("D02", "S1").name() + " 杜",
            desk("D02", "S1").name() + " null",
            desk("D02", "S1").name() + " 杜");
    assertThat(matter.deskId())
        .as("among what the street has done")
        .isEqualTo(desk("D02", "S1").id());
    assertThat(CASES.holdings(REN, matter.id()).getLast().until()).isNotNull();
    assertThat(steps(matter))
        .containsExactly(
            "T01", "T02", "T06", "T09", "T10", "null", "T30", "T09", "T10", "null", "T17", "T18",
            "null", "T20", "null", "null", "null", "T22");
    assertThat(happened(matter).getLast().event())
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

  /// Only by day, once each, and the resident hears of no second one before somebody has answered.
  @Test
  void whatWasPromisedAndNotDoneInTimeIsNoticed() {
    NewCase draft = BUREAU.told("3栋楼道堆了旧家具", "0102");
    Opened left = BUREAU.open(draft, BUREAU.clock.instant());
    NewCase other = BUREAU.told("3栋楼道堆了纸箱", "0102");
    Opened claimed = BUREAU.open(other, BUREAU.clock.instant());
    Case mine = HANDLING.claim(REN, claimed.id(), CASES.visibleTo(REN, claimed.id()).version());
    BUREAU.clock.set("2026-03-13T09:59");
    notice();
    assertThat(delays(left)).isEmpty();

    BUREAU.clock.set("2026-03-13T10:00");
    notice();
    notice();
    assertThat(delays(left)).containsExactly("first_contact 2026-03-13T02:00:00Z true");
    Case unsigned = HANDLING.release(REN, mine.id(), mine.version());
    assertThat(unsigned.state()).as("it moved nothing").isEqualTo(CaseState.DISPATCHED);
    Case again = HANDLING.claim(REN, unsigned.id(), unsigned.version());
    var _ = HANDLING.answer(REN, again.id(), again.version(), "周一来清");

    BUREAU.clock.set("2026-03-16T21:30");
    notice();
    assertThat(delays(claimed)).hasSize(1);
    BUREAU.clock.set("2026-03-17T08:00");
    notice();
    assertThat(delays(claimed)).last().isEqualTo("handling 2026-03-16T09:30:00Z true");
    assertThat(delays(left)).last().isEqualTo("handling 2026-03-16T09:30:00Z false");
    assertThat(CASES.byCode(CASES.visibleTo(REN, left.id()).code(), "zh").orElseThrow().steps())
        .extracting(Line::sentence)
        .contains("说好联系您的时间过了，晚了", "说好办完的时间过了，晚了");
  }

  private static void notice() {
    var quiet = new QuietHours(LocalTime.of(21, 0), LocalTime.of(8, 0));
    var pace =
        new Errands.Pace(Duration.ofMinutes(15), Duration.ofMinutes(10), quiet, TestClock.ZONE);
    while (BUREAU.casework.delays().noticeDue(pace)) {
      // there may be more
    }
  }

  private static List<String> delays(Opened of) {
    return told(CASES.visibleTo(REN, of.id())).stream()
        .map(Told::event)
        .filter(CaseEvent.Delayed.class::isInstance)
        .map(CaseEvent.Delayed.class::cast)
        .map(each -> each.clock() + " " + each.due() + " " + each.said())
        .toList();
  }

  @Test
  void whatIsUrgedKeepsItsClocksAndIsUrgedOnceADay() {
    long person =
        BUREAU.db.one("INSERT INTO person (created_at) VALUES (now()) RETURNING id").getLong("id");
    Opened opened = BUREAU.open(of(person, BUREAU.told("3栋楼道堆了轮胎", "0102")));
    Case matter = CASES.visibleTo(REN, opened.id());
    assertThat(CASES.stepsFor(REN, matter)).as("take it first").doesNotContain(Step.URGE);
    matter = HANDLING.claim(REN, matter.id(), matter.version());
    assertThat(CASES.stepsFor(REN, matter)).as("nobody urges themselves").doesNotContain(Step.URGE);
    List<String> running = clocks(matter);

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
    assertThat(clocks(now)).isEqualTo(running);
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
    Case on = HANDOVERS.handOn(REN, byDesk.id(), byDesk.version(), desk("D02", "S1").id(), "要街道出面");
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
    List<String> running = clocks(matter);
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
    assertThat(clocks(now)).isEqualTo(running);
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

  private static final String GO_TO = "这件事请找供电所，电话 12000000555。";

  @Test
  void whatIsRejectedHasALawfulReasonAndWordsAndIsTakenBackUnsaid() {
    Case waits = reported("想要回二十年前的工龄");
    assertThat(CASES.stepsFor(REN, waits)).contains(Step.REJECT);
    assertThat(CASES.stepsFor(WEI, waits)).as("not their desk").doesNotContain(Step.REJECT);
    assertThat(CASES.stepsFor(ZHANG, waits)).doesNotContain(Step.REJECT);
    assertRefused("case-not-your-desk", () -> reject(WEI, waits));
    assertRefused("not-found", () -> reject(QIU, waits));
    assertRefused("reject-text-missing", () -> reject(REN, waits, " "));
    for (String language : List.of("zh", "en")) {
      for (Rejecting.Reason each : Rejecting.Reason.values()) {
        String template = Words.in(language).of("reject.text." + each.word());
        assertRefused("answer-unfilled", () -> reject(REN, waits, template));
      }
    }
    List<String> running = clocks(waits);

    Case gone = reject(REN, waits);
    assertThat(gone.state()).isEqualTo(CaseState.REJECTED);
    assertThat(gone.isOpen()).isFalse();
    assertThat(clocks(gone)).isEmpty();
    assertThat(CASES.holdings(REN, gone.id())).allMatch(each -> each.until() != null);
    assertThat(CASES.history(REN, gone.id()))
        .extracting(Line::sentence)
        .contains("任 不予受理：不在社区和街道的职责里");
    Followed seen = CASES.byCode(gone.code(), "zh").orElseThrow();
    Line step = seen.steps().getLast();
    assertThat(step.sentence()).contains("不能受理", "不在社区和街道的职责里");
    assertThat(seen.answers())
        .filteredOn(each -> step.text() != null && each.id() == step.text())
        .extracting(Answer::text)
        .containsExactly(GO_TO);
    assertRefused("case-closed", () -> reject(REN, gone));

    // As it was, by the one who did it, while nobody has been told.
    BUREAU.clock.pass(Duration.ofSeconds(9));
    assertRefused(
        "case-reject-told",
        () -> BUREAU.casework.rejecting().takeBack(HE, gone.id(), gone.version()));
    Case back = BUREAU.casework.rejecting().takeBack(REN, gone.id(), gone.version());
    assertThat(back.state()).isEqualTo(CaseState.REPORTED);
    assertThat(back.isHeldBy(REN.id())).as("who had it").isTrue();
    assertThat(back.rejectedDeskId()).isNull();
    assertThat(clocks(back)).isEqualTo(running);
    assertThat(CASES.answers(REN, back.id())).isEmpty();
    assertThat(CASES.byCode(back.code(), "zh").orElseThrow().steps())
        .extracting(Line::word)
        .doesNotContain("rejected");
    Case again = reject(REN, back);
    BUREAU.clock.pass(Duration.ofSeconds(13));
    assertRefused(
        "case-reject-told",
        () -> BUREAU.casework.rejecting().takeBack(REN, again.id(), again.version()));
    assertThat(BUREAU.events.broken(CaseEvent.VOCABULARY)).isEmpty();
  }

  @Test
  void whatIsAcceptedOrConcernsALifeIsNotRejected() {
    Case byRule = CASES.visibleTo(REN, BUREAU.open(BUREAU.told("楼道堆了门板", "0102")).id());
    assertThat(CASES.stepsFor(REN, byRule)).doesNotContain(Step.REJECT);
    assertRefused("case-reject-accepted", () -> reject(REN, byRule));
    NewCase told = BUREAU.told("井盖没了", null, "C1L03", true, false);
    Case danger =
        CASES.visibleTo(
            REN,
            BUREAU
                .open(
                    NewCase.of(told.what(), told.territoryId(), "wechat")
                        .urgency(Urgency.CRITICAL)
                        .ready())
                .id());
    assertThat(danger.state()).isEqualTo(CaseState.REPORTED);
    assertThat(CASES.stepsFor(REN, danger)).doesNotContain(Step.REJECT);
    assertRefused("case-reject-danger", () -> reject(REN, danger));
    // One voice: not past a colleague who has it.
    Case held = reported("要一份别人家的名单");
    assertRefused("case-held", () -> reject(HE, held));
  }

  @Test
  void whatWasRejectedIsLookedAtOnceMoreByAnotherDesk() {
    Case waits = reported("补助停了要恢复");
    long person = requireNonNull(waits.personId());
    assertRefused("case-appeal-open", () -> appeal(waits.id(), person));
    Case gone = reject(REN, waits);
    assertRefused("not-found", () -> appeal(gone.id(), person + 1));
    Appealing.Offer offer = BUREAU.casework.appealing().offered(gone).orElseThrow();
    assertThat(offer.desk()).isEqualTo(desk("D02", "S1"));
    assertThat(offer.until()).isEqualTo("2026-03-27");

    BUREAU.clock.set("2026-03-27T23:59");
    Case asked = appeal(gone.id(), person);
    assertThat(asked.isUnderReview()).isTrue();
    assertThat(asked.deskName()).isEqualTo(desk("D02", "S1").name());
    assertThat(asked.level()).isEqualTo(io.linyu.community.Level.STREET);
    assertThat(asked.staffId()).isNull();
    assertThat(clocks(asked)).as("from now on").containsExactly("ACCEPTANCE 2026-03-30T03:00:00Z");
    assertThat(BUREAU.inbox.entry(WEI, asked.id()))
        .isNotNull()
        .satisfies(each -> assertThat(requireNonNull(each).appealed()).isTrue());
    assertRefused("case-appeal-asked", () -> appeal(gone.id(), person));

    // Those who rejected it do not decide, however they try.
    assertThat(CASES.stepsFor(REN, asked)).doesNotContain(Step.REJECT, Step.CLAIM, Step.HAND_ON);
    assertRefused("case-appeal-own", () -> reject(REN, asked));
    assertRefused("case-appeal-own", () -> HANDLING.claim(HE, asked.id(), asked.version()));
    assertRefused(
        "case-appeal-own", () -> CORRECTIONS.setCategory(REN, asked.id(), asked.version(), "0701"));
    long their = requireNonNull(asked.rejectedDeskId());
    assertThat(HANDOVERS.targets(WEI, asked.id()))
        .extracting(Handovers.Target::deskId)
        .doesNotContain(their);
    assertRefused(
        "case-appeal-elsewhere",
        () -> HANDOVERS.handOn(WEI, asked.id(), asked.version(), their, "你们再看"));
    Case stays =
        CORRECTIONS.setTerritory(WEI, asked.id(), asked.version(), BUREAU.place("C1L03").id());
    assertThat(stays.deskId()).isEqualTo(asked.deskId());

    // Granted: accepted by the other desk, with clocks from the first word.
    Case granted = CORRECTIONS.setCategory(WEI, stays.id(), stays.version(), "0701");
    assertThat(granted.isUnderReview()).isFalse();
    assertThat(granted.isOpen()).isTrue();
    assertThat(CASES.clocks(WEI, granted.id()))
        .filteredOn(each -> each.kind() == CaseClock.Kind.HANDLING)
        .extracting(CaseClock::startedAt)
        .containsExactly(waits.saidAt());
    assertThat(CASES.history(WEI, granted.id()))
        .extracting(Line::sentence)
        .contains("居民申请复核，交给 " + asked.deskName(), "韦 复核后同意受理");
    assertThat(BUREAU.events.broken(CaseEvent.VOCABULARY)).isEmpty();
  }

  @Test
  void anAppealIsUpheldOnceAndForAllAndComesInTime() {
    Case waits = reported("想说说家里的旧事");
    long person = requireNonNull(waits.personId());
    Case gone = reject(REN, waits);
    BUREAU.clock.set("2026-03-28T00:00");
    assertThat(BUREAU.casework.appealing().offered(gone)).isEmpty();
    assertRefused("case-appeal-late", () -> appeal(gone.id(), person));

    BUREAU.clock.set("2026-03-20T10:00");
    Case asked = appeal(gone.id(), person);
    assertThat(CASES.stepsFor(WEI, asked)).contains(Step.REJECT, Step.CLAIM);
    Case upheld = reject(WEI, asked);
    assertThat(upheld.state()).isEqualTo(CaseState.REJECTED);
    assertThat(CASES.history(WEI, upheld.id()))
        .extracting(Line::sentence)
        .contains("韦 复核后维持不予受理：不在社区和街道的职责里");
    assertThat(BUREAU.casework.appealing().offered(upheld)).isEmpty();
    assertRefused("case-appeal-over", () -> appeal(upheld.id(), person));

    // What the street rejects the district looks at; above that there is nobody.
    Case street = atStreet("想说说以前的旧事");
    assertThat(CASES.stepsFor(REN, street)).as("not where it waits").doesNotContain(Step.REJECT);
    Case refused = reject(WEI, street);
    Case district = appeal(refused.id(), requireNonNull(street.personId()));
    assertThat(district.deskName()).isEqualTo(desk("D01", "D").name());
    Case top =
        reject(ZHANG, CASES.visibleTo(ZHANG, BUREAU.open(withPerson("想说说从前的旧事", "D", false)).id()));
    assertThat(BUREAU.casework.appealing().offered(top)).isEmpty();
    assertRefused("case-appeal-nobody", () -> appeal(top.id(), requireNonNull(top.personId())));
  }

  @Test
  void whoeverTakesWhatIsLookedAtAgainGrantsItAndMayTakeThatBack() {
    // Of a kind that is known, and waiting, since nobody confirmed it.
    long person =
        BUREAU.db.one("INSERT INTO person (created_at) VALUES (now()) RETURNING id").getLong("id");
    NewCase told = BUREAU.told("楼道里堆了旧门板", "0102", "C1L03", true, false);
    Case waits = CASES.visibleTo(REN, BUREAU.open(of(person, told)).id());
    Case asked = appeal(reject(REN, waits).id(), person);
    BUREAU.clock.pass(Duration.ofMinutes(5));
    Case taken = HANDLING.claim(WEI, asked.id(), asked.version());
    assertThat(taken.state()).isEqualTo(CaseState.HANDLING);
    assertThat(way(taken)).contains("appealed", "appeal_granted", "claimed");
    assertRefused("case-reject-accepted", () -> reject(WEI, taken));
    BUREAU.clock.pass(Duration.ofSeconds(20));
    Case back = HANDLING.release(WEI, taken.id(), taken.version());
    assertThat(back.isUnderReview()).isTrue();
    assertThat(clocks(back)).isEqualTo(clocks(asked));
    assertThat(way(back)).contains("appealed").doesNotContain("appeal_granted", "claimed");
    assertRefused("case-appeal-own", () -> HANDLING.claim(REN, back.id(), back.version()));

    // Accepted there, the desk that rejected it may be the one that handles it.
    Case on =
        HANDOVERS.handOn(
            WEI, back.id(), back.version(), requireNonNull(back.rejectedDeskId()), "还是社区来清");
    assertThat(on.deskName()).isEqualTo(waits.deskName());
    assertThat(way(on)).contains("appeal_granted");
    assertThat(HANDLING.claim(REN, on.id(), on.version()).isHeldBy(REN.id())).isTrue();
    assertThat(BUREAU.events.broken(CaseEvent.VOCABULARY)).isEmpty();
  }

  private static List<String> way(Case matter) {
    return CASES.byCode(matter.code(), "zh").orElseThrow().steps().stream()
        .map(Line::word)
        .toList();
  }

  /// Of no kind that is known; 任 has it.
  private static Case reported(String what) {
    Case matter = CASES.visibleTo(REN, BUREAU.open(withPerson(what, "C1L03", true)).id());
    assertThat(matter.state()).isEqualTo(CaseState.REPORTED);
    return HANDLING.claim(REN, matter.id(), matter.version());
  }

  private static Case atStreet(String what) {
    Case matter = CASES.visibleTo(REN, BUREAU.open(withPerson(what, "C1L03", true)).id());
    return HANDOVERS.handOn(REN, matter.id(), matter.version(), desk("D02", "S1").id(), "归街道");
  }

  private static NewCase withPerson(String what, String territory, boolean known) {
    long person =
        BUREAU.db.one("INSERT INTO person (created_at) VALUES (now()) RETURNING id").getLong("id");
    return of(person, BUREAU.told(what, null, territory, known, false));
  }

  private static Case reject(Staff staff, Case matter) {
    return reject(staff, matter, GO_TO);
  }

  private static Case reject(Staff staff, Case matter, String text) {
    return BUREAU
        .casework
        .rejecting()
        .reject(staff, matter.id(), matter.version(), Rejecting.Reason.OUTSIDE, text);
  }

  private static Case appeal(CaseId id, long person) {
    return BUREAU.db.inTransaction(tx -> BUREAU.casework.appealing().appeal(tx, id, person, null));
  }

  @Test
  void moreTimeIsAskedForBeforeTheLimitIsOverAndSomebodyElseDecides() {
    Staff gao = BUREAU.staff("高岚", "community_secretary", "C1");
    Extending extending = BUREAU.casework.extending();
    TimeRequests requests = BUREAU.casework.timeRequests();
    Opened opened = BUREAU.open(BUREAU.told("3栋楼道堆了门板", "0102"));
    CaseId id = opened.id();
    Case matter = CASES.visibleTo(REN, id);
    matter = HANDLING.claim(REN, id, matter.version());
    assertThat(CASES.stepsFor(REN, matter)).contains(Step.ASK_EXTENSION);
    assertThat(CASES.stepsFor(HE, matter)).doesNotContain(Step.ASK_EXTENSION);
    assertRefused("reason-missing", () -> extending.ask(REN, id, 1, " "));
    assertRefused("extension-amount", () -> extending.ask(REN, id, 3, "等车"));
    assertRefused("extension-amount", () -> extending.ask(REN, id, 0, "等车"));
    assertRefused("case-held", () -> extending.ask(HE, id, 1, "等车"));
    assertRefused("time-not-asked", () -> extending.grant(HE, id, 0));

    List<String> running = clocks(matter);
    Case asked = extending.ask(REN, id, 2, "拉门板的车周二才有");
    assertThat(clocks(asked)).as("asking stops nothing").isEqualTo(running);
    assertThat(asked.asked()).isNotNull();
    assertThat(CASES.stepsFor(REN, asked))
        .contains(Step.TAKE_REQUEST_BACK)
        .doesNotContain(Step.DECIDE_EXTENSION, Step.ASK_EXTENSION);
    assertThat(CASES.stepsFor(HE, asked)).contains(Step.DECIDE_EXTENSION);
    assertThat(CASES.stepsFor(WEI, asked)).as("the level above").contains(Step.DECIDE_EXTENSION);
    assertThat(CASES.stepsFor(HE, asked)).doesNotContain(Step.TAKE_REQUEST_BACK);
    assertRefused("time-asked", () -> extending.ask(REN, id, 1, "再等"));
    assertRefused("time-own", () -> extending.grant(REN, id, note(asked)));
    assertRefused("case-changed", () -> extending.grant(HE, id, 0));
    assertRefused("not-found", () -> extending.grant(QIU, id, note(asked)));
    assertRefused("time-request-not-yours", () -> requests.takeBack(HE, id));
    assertThat(BUREAU.inbox.page(HE, Inbox.View.ALL_OPEN, null, ASKING, null, 50).entries())
        .extracting(Inbox.Entry::id)
        .containsExactly(id);

    Case refused = requests.refuse(HE, id, note(asked), "物业有车，先问");
    assertThat(refused.asked()).isNull();
    assertThat(clocks(refused)).isEqualTo(running);
    var _ = extending.ask(REN, id, 1, "问错了");
    var _ = requests.takeBack(REN, id);
    Case again = extending.ask(REN, id, 2, "拉门板的车周二才有");
    Case granted = extending.grant(HE, id, note(again));
    assertThat(granted.extensions()).isEqualTo(1);
    assertThat(granted.asked()).isNull();
    assertThat(clocks(granted))
        .as("two working days more, from where it began; nothing else moves")
        .containsExactlyInAnyOrder(
            "FIRST_CONTACT 2026-03-13T02:00:00Z", "HANDLING 2026-03-18T09:30:00Z");
    assertThat(granted.waitsForAnswer()).as("no answer").isTrue();
    assertThat(CASES.history(REN, id))
        .extracting(Line::sentence)
        .contains(
            "任 申请延期 2 个工作日",
            "何 没有同意 任 的延期",
            "任 收回了延期申请",
            "何 同意 任 延期，办理时限从 2026年3月16日 17:30 改到 2026年3月18日 17:30");
    Followed followed = CASES.byCode(granted.code(), "zh").orElseThrow();
    assertThat(followed.steps())
        .extracting(Line::sentence)
        .contains("要多些时间：办完的时间从 2026年3月16日 17:30 改到 2026年3月18日 17:30")
        .noneMatch(each -> each.contains("申请"));
    assertThat(followed.answers()).extracting(Answer::text).containsExactly("拉门板的车周二才有");

    // The second one only by who leads, and no longer than the limit was at first.
    assertRefused("extension-amount", () -> extending.ask(REN, id, 3, "等"));
    Case second = extending.ask(REN, id, 2, "车坏了");
    assertRefused("extension-by-leader", () -> extending.grant(HE, id, note(second)));
    assertRefused("extension-by-leader", () -> extending.grant(WEI, id, note(second)));
    Case on = HANDOVERS.handOn(REN, id, second.version(), desk("D02", "S1").id(), "要街道出面");
    assertThat(on.asked()).as("it was asked of others").isNull();
    var _ = HANDOVERS.handBack(REN, id, on.version());
    on = extending.ask(REN, id, 2, "车坏了");
    Case twice = extending.grant(gao, id, note(on));
    assertThat(twice.extensions()).isEqualTo(2);
    assertThat(clocks(twice)).contains("HANDLING 2026-03-20T09:30:00Z");

    Case third = extending.ask(REN, id, 1, "还差一点");
    BUREAU.clock.set("2026-03-20T17:30");
    assertRefused("extension-over", () -> extending.grant(gao, id, note(third)));
    Case none = requests.refuse(gao, id, note(third), "晚了，先回复");
    assertRefused("extension-late", () -> extending.ask(REN, id, 1, "等"));
    var _ = BUREAU.finish(REN, id, none.version(), "拉走了");
    assertThat(BUREAU.events.broken(CaseEvent.VOCABULARY)).isEmpty();
  }

  @Test
  void whatNobodyCanGoOnWithWaitsUntilItsDayAndHasAsMuchTimeLeftThen() {
    Staff gao = BUREAU.staff("高山", "community_secretary", "C1");
    Suspending suspending = BUREAU.casework.suspending();
    Opened opened = BUREAU.open(BUREAU.told("3栋楼道堆了花盆", "0102"));
    CaseId id = opened.id();
    Case matter = HANDLING.claim(REN, id, CASES.visibleTo(REN, id).version());
    var day = LocalDate.of(2026, 3, 24);
    assertRefused("suspension-review", () -> wait(REN, id, LocalDate.of(2026, 3, 12)));
    assertRefused("suspension-review", () -> wait(REN, id, LocalDate.of(2026, 6, 11)));
    assertRefused("case-held", () -> wait(HE, id, day));
    Case asked = wait(REN, id, day);
    assertThat(clocks(asked)).as("asking stops nothing").isEqualTo(clocks(matter));
    assertRefused(
        "suspension-by-leader", () -> suspending.grant(HE, id, asked.version(), note(asked)));
    assertRefused(
        "suspension-by-leader", () -> suspending.grant(WEI, id, asked.version(), note(asked)));
    assertRefused("time-own", () -> suspending.grant(REN, id, asked.version(), note(asked)));
    assertRefused("time-asked", () -> BUREAU.casework.extending().ask(REN, id, 1, "等"));
    assertThat(CASES.stepsFor(gao, asked)).contains(Step.DECIDE_SUSPENSION);

    // Thursday eleven: one hour of it, two hours after noon and two days of seven are left.
    BUREAU.clock.set("2026-03-12T11:00");
    Case waits = suspending.grant(gao, id, asked.version(), note(asked));
    assertThat(waits.state()).isEqualTo(CaseState.SUSPENDED);
    assertThat(waits.isOpen()).isTrue();
    assertThat(clocks(waits))
        .as("the first contact does not wait")
        .containsExactlyInAnyOrder(
            "FIRST_CONTACT 2026-03-13T02:00:00Z", "REVIEW 2026-03-24T01:00:00Z");
    waits = HANDLING.answer(REN, id, waits.version(), "三月底再移");
    assertThat(waits.nextDueAt()).as("its day").isEqualTo(at("2026-03-24T09:00"));
    assertThat(CASES.stepsFor(REN, waits))
        .contains(Step.RESUME, Step.ANSWER)
        .doesNotContain(Step.REPORT, Step.HAND_ON, Step.ASK_EXTENSION, Step.ASK_SUSPENSION);
    assertThat(CASES.stepsFor(gao, waits)).contains(Step.URGE, Step.SUPERVISE);
    Followed followed = CASES.byCode(waits.code(), "zh").orElseThrow();
    assertThat(followed.steps())
        .extracting(Line::sentence)
        .contains("现在办不了，先放一放，2026年3月24日 09:00 再看");
    assertThat(followed.answers()).extracting(Answer::text).contains("花要等到月底才能移");
    assertThat(followed.next()).extracting(CaseClock::kind).isEqualTo(CaseClock.Kind.REVIEW);

    // A delay of what stands still is none.
    BUREAU.clock.set("2026-03-17T10:00");
    notice();
    assertThat(delays(opened)).isEmpty();
    assertThat(review()).as("not yet").doesNotContain(id);
    int version = waits.version();
    assertRefused("case-held", () -> suspending.resume(gao, id, version));

    BUREAU.clock.set("2026-03-24T09:00");
    assertThat(review()).contains(id);
    assertThat(review()).as("once").doesNotContain(id);
    Case on = CASES.visibleTo(REN, id);
    assertThat(on.state()).isEqualTo(CaseState.HANDLING);
    assertThat(on.staffId()).isEqualTo(REN.id());
    assertThat(clocks(on))
        .as("nineteen hours from nine: two days of seven and five hours")
        .containsExactly("HANDLING 2026-03-26T07:30:00Z");
    assertThat(CASES.clocks(REN, id))
        .filteredOn(each -> each.kind() == CaseClock.Kind.HANDLING)
        .extracting(CaseClock::startedAt)
        .containsExactly(at("2026-03-12T10:00"));
    assertThat(CASES.history(REN, id))
        .extracting(Line::sentence)
        .contains(
            "任 申请挂账，到 2026-03-24 再看（季节、天气不合适）",
            "高山 同意 任 挂账（季节、天气不合适），2026年3月24日 09:00 再看，办理时限暂停",
            "到了再看的日子，按规则 E7 接着办，办理时限到 2026年3月26日 15:30");
    assertThat(calledFor(id)).as("nobody here has a chat").containsExactly("resumed phone");

    // Where nobody has looked for a day, the day is not the resident's.
    on = wait(REN, id, LocalDate.of(2026, 3, 25));
    BUREAU.clock.set("2026-03-24T12:00");
    var _ = suspending.grant(gao, id, on.version(), note(on));
    BUREAU.clock.set("2026-03-26T12:00");
    assertThat(review()).contains(id);
    on = CASES.visibleTo(REN, id);
    assertThat(clocks(on)).containsExactly("HANDLING 2026-03-27T03:00:00Z");

    // Again, and whoever has it goes on the same night.
    on = wait(REN, id, LocalDate.of(2026, 4, 10));
    on = suspending.grant(gao, id, on.version(), note(on));
    BUREAU.clock.set("2026-03-27T02:00");
    on = suspending.resume(REN, id, on.version());
    assertThat(clocks(on)).containsExactly("HANDLING 2026-03-27T08:30:00Z");
    assertThat(review()).doesNotContain(id);
    var _ = BUREAU.finish(REN, id, on.version(), "移走了");
    assertThat(BUREAU.events.broken(CaseEvent.VOCABULARY)).isEmpty();
  }

  /// An hour of safety is an hour, and what its person takes back does not come up again.
  @Test
  void whatWaitsIsWithdrawnAndCountsTheHoursOfSafetyByTheClock() {
    Staff gao = BUREAU.staff("高原", "community_secretary", "C1");
    Suspending suspending = BUREAU.casework.suspending();
    long person =
        BUREAU.db.one("INSERT INTO person (created_at) VALUES (now()) RETURNING id").getLong("id");
    String safety =
        BUREAU.casework.categories().all().stream()
            .filter(each -> {
              Category.Limit limit = each.limit();
              return limit != null
                  && limit.unit() == WorkingCalendar.Unit.CALENDAR_HOUR
                  && each.circle() == io.linyu.community.Level.COMMUNITY;
            })
            .map(Category::code)
            .findFirst()
            .orElseThrow();
    Opened opened = BUREAU.open(of(person, BUREAU.told("3栋楼道有裂缝", safety)));
    CaseId id = opened.id();
    var _ = HANDLING.claim(REN, id, CASES.visibleTo(REN, id).version());
    Instant due = handling(id).dueAt();
    Case matter = wait(REN, id, LocalDate.of(2026, 3, 16));
    matter = suspending.grant(gao, id, matter.version(), note(matter));
    BUREAU.clock.pass(Duration.ofHours(13));
    var _ = suspending.resume(REN, id, matter.version());
    assertThat(handling(id).dueAt()).isEqualTo(due.plus(Duration.ofHours(13)));
    matter = wait(REN, id, LocalDate.of(2026, 3, 16));
    var _ = suspending.grant(gao, id, matter.version(), note(matter));
    BUREAU.db.inTransaction(tx -> INTAKE.withdraw(tx, id, person, null));
    BUREAU.clock.set("2026-03-17T10:00");
    assertThat(review()).doesNotContain(id);
    assertThat(CASES.clocks(REN, id)).noneMatch(each -> each.isPaused() || each.isRunning());
  }

  @Test
  void whatWaitsAndCannotBeDoneIsEndedByTheLevelAboveAsNotSolved() {
    Staff gao = BUREAU.staff("高远", "community_secretary", "C1");
    Suspending suspending = BUREAU.casework.suspending();
    Opened opened = BUREAU.open(BUREAU.told("3栋楼道堆了石料", "0102"));
    CaseId id = opened.id();
    Case matter = HANDLING.claim(REN, id, CASES.visibleTo(REN, id).version());
    assertThat(CASES.stepsFor(DU, matter)).doesNotContain(Step.CLOSE_SUSPENDED);
    Case asked = wait(REN, id, LocalDate.of(2026, 3, 24));
    Case waits = suspending.grant(gao, id, asked.version(), note(asked));
    int version = waits.version();
    assertThat(CASES.stepsFor(DU, waits)).contains(Step.CLOSE_SUSPENDED);
    for (Staff other : List.of(gao, HE, WEI, ZHANG)) {
      assertRefused("suspended-close-above", () -> suspending.close(other, id, version, "不归谁"));
    }
    assertRefused("time-own", () -> suspending.close(REN, id, version, "办不成"));
    assertRefused("answer-missing", () -> suspending.close(DU, id, version, " "));
    Case over = suspending.close(DU, id, version, "石料是判给别人的，要等法院执行");
    assertThat(over.state()).isEqualTo(CaseState.CLOSED);
    assertThat(CASES.clocks(REN, id)).noneMatch(each -> each.isPaused() || each.isRunning());
    assertThat(told(over).getLast().event())
        .isInstanceOfSatisfying(
            CaseEvent.Closed.class,
            closed -> {
              assertThat(closed.transition()).isEqualTo(Transition.T15b);
              assertThat(closed.unsolved()).isTrue();
            });
    Followed followed = CASES.byCode(over.code(), "zh").orElseThrow();
    assertThat(followed.isUnsolved()).isTrue();
    assertThat(followed.steps()).extracting(Line::sentence).contains("没有办成，到这里结束");
    assertThat(followed.answers()).extracting(Answer::text).contains("石料是判给别人的，要等法院执行");

    // Who let it wait does not end it as well.
    Opened other = BUREAU.open(BUREAU.told("3栋楼道堆了木料", "0102"));
    Case mine = HANDLING.claim(REN, other.id(), CASES.visibleTo(REN, other.id()).version());
    mine = wait(REN, mine.id(), LocalDate.of(2026, 3, 24));
    Case granted = suspending.grant(DU, mine.id(), mine.version(), note(mine));
    assertRefused(
        "suspended-close-own", () -> suspending.close(DU, granted.id(), granted.version(), "办不成"));
  }

  /// By which it is asked for.
  private static long note(Case of) {
    return Objects.requireNonNull(of.asked()).noteId();
  }

  private static CaseClock handling(CaseId id) {
    return CASES.clocks(REN, id).stream()
        .filter(each -> each.kind() == CaseClock.Kind.HANDLING)
        .findFirst()
        .orElseThrow();
  }

  private static Case wait(Staff by, CaseId id, LocalDate until) {
    return BUREAU.casework.suspending().ask(by, id, TimeRequest.Reason.SEASON, until, "花要等到月底才能移");
  }

  /// Which go on by rule, now.
  private static List<CaseId> review() {
    BUREAU.rule(LoopRule.E7, LoopRule.Mode.LIVE);
    List<Long> before = suspended();
    BUREAU.applyRules();
    List<Long> after = suspended();
    return before.stream().filter(each -> !after.contains(each)).map(CaseId::new).toList();
  }

  private static List<Long> suspended() {
    return BUREAU.db.rows("SELECT id FROM \"case\" WHERE state = 'SUSPENDED'").stream()
        .map(row -> row.getLong("id"))
        .toList();
  }

  /// Who is called since it went on by itself, once that has been heard.
  private static List<String> calledFor(CaseId id) {
    told(CASES.visibleTo(REN, id))
        .forEach(
            each -> BUREAU.db.withinTransaction(tx -> BUREAU.casework.errands().hear(tx, each)));
    return BUREAU
        .db
        .rows(
            "SELECT why, state FROM errand WHERE case_id = $1 AND why = 'resumed' ORDER BY id",
            id.value())
        .stream()
        .map(row -> row.getString("why") + " " + row.getString("state"))
        .toList();
  }

  private static final Filters ASKING = Filters.read(name -> name.equals("asking") ? "yes" : null);

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

  private static NewCase of(long person, NewCase told) {
    return told.again().by(person, null).ready();
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
    assertThat(clocks(matter)).containsExactly("ACCEPTANCE 2026-03-12T04:00:00Z");

    matter = HANDLING.claim(REN, matter.id(), matter.version());
    assertThat(matter.state()).as("nobody knows yet what it is").isEqualTo(CaseState.REPORTED);
    Case held = matter;
    assertRefused(
        "case-category-missing", () -> CHECKING.report(REN, held.id(), held.version(), "好了"));

    matter = CORRECTIONS.setCategory(REN, matter.id(), matter.version(), "0701");
    assertThat(matter.state()).isEqualTo(CaseState.HANDLING);
    assertThat(matter.isHeldBy(REN.id())).isTrue();
    assertThat(clocks(matter))
        .containsExactlyInAnyOrder(
            "FIRST_CONTACT 2026-03-12T06:00:00Z", "HANDLING 2026-03-19T09:30:00Z");
  }

  @Test
  void whatIsFiledByTheDeskGoesWhereTheRulesSay() {
    Opened opened = BUREAU.open(BUREAU.told("有人在门口摆摊", null, "D", false, true));
    assertThat(opened.state()).isEqualTo(CaseState.REPORTED);
    assertThat(opened.deskId()).isEqualTo(desk("D01", "D").id());
    Case matter = CASES.visibleTo(ZHANG, opened.id());
    assertThat(matter.categoryCode()).isEqualTo("0103");
    assertThat(BUREAU.inbox.entry(REN, matter.id())).isNull();

    matter = CORRECTIONS.setTerritory(ZHANG, matter.id(), 1, BUREAU.place("C1").id());
    assertThat(matter.state()).isEqualTo(CaseState.DISPATCHED);
    assertThat(matter.deskName())
        .as("the street's officers have no people, so its centre holds it for them")
        .isEqualTo(desk("D02", "S1").name());
    assertThat(matter.bodyCode()).isEqualTo("D09");
    assertThat(CASES.visibleTo(REN, matter.id()).territoryName()).isEqualTo("清泉社区");
  }

  @Test
  void theHistoryNamesTheBodyThatADeskStandsInFor() {
    Opened opened = BUREAU.open(BUREAU.told("楼道堆物", "0102"));
    String own = desk("D07", "C1").name();
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
        desk("D02", "S1").id(),
        desk("D01", "D").id());
    NewCase draft = BUREAU.told("狗不牵绳", "0107", "C2Z1", true, true);
    assertThat(BUREAU.open(draft).deskId()).isEqualTo(desk("D01", "D").id());
    assertThat(BUREAU.open(BUREAU.told("狗不牵绳", "0107")).deskId()).isEqualTo(desk("D02", "S1").id());
    BUREAU.clock.set("2026-04-01T10:00");
    assertThat(BUREAU.open(draft).deskId()).isEqualTo(desk("D02", "S1").id());
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
      assertThat(opened.deskId()).isEqualTo(desk("D01", "D").id());
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
  void aClaimThatIsTakenBackLeavesItAsItWas() {
    Opened opened = BUREAU.open(BUREAU.told("楼道堆物", "0102"));
    Case before = CASES.visibleTo(REN, opened.id());
    List<String> clocks = clocks(before);
    BUREAU.clock.pass(Duration.ofSeconds(30));
    Case claimed = HANDLING.claim(REN, opened.id(), before.version());
    BUREAU.clock.pass(Duration.ofSeconds(5));
    Case back = HANDLING.release(REN, opened.id(), claimed.version());
    assertThat(back.state()).isEqualTo(CaseState.DISPATCHED);
    assertThat(back.staffId()).isNull();
    assertThat(clocks(back)).containsExactlyInAnyOrderElementsOf(clocks);
    assertThat(back.nextDueAt()).isEqualTo(before.nextDueAt());
    assertThat(CASES.byCode(back.code(), "zh").orElseThrow().steps())
        .extracting(Line::word)
        .doesNotContain("claimed");

    Case again = HANDLING.claim(REN, opened.id(), back.version());
    Case taken = HANDLING.claim(HE, opened.id(), again.version());
    assertThat(HANDLING.release(HE, opened.id(), taken.version()).staffName()).isEqualTo("任");
    assertThat(CASES.history(HE, opened.id()).getLast().sentence()).isEqualTo("何 把它还给 任");

    Case held = CASES.visibleTo(REN, opened.id());
    Case answered = HANDLING.answer(REN, opened.id(), held.version(), "下午去看");
    assertThat(HANDLING.release(REN, opened.id(), answered.version()).state())
        .as("who was answered is being looked after")
        .isEqualTo(CaseState.HANDLING);
  }

  @Test
  void aClaimOfWhatWasOnlyReportedIsTakenBackWholly() {
    Opened opened = BUREAU.open(BUREAU.told("有人在门口摆摊", "0103", "C1L03", true, false));
    Case before = CASES.visibleTo(REN, opened.id());
    List<String> clocks = clocks(before);
    List<String> progress = progress(before);
    assertThat(before.state()).isEqualTo(CaseState.REPORTED);
    assertThat(clocks).containsExactly("ACCEPTANCE 2026-03-12T04:00:00Z");

    BUREAU.clock.pass(Duration.ofSeconds(30));
    Case claimed = HANDLING.claim(REN, opened.id(), before.version());
    assertThat(claimed.state()).isEqualTo(CaseState.HANDLING);
    assertThat(claimed.level()).isNotEqualTo(before.level());
    List<String> promised = clocks(claimed);
    BUREAU.clock.pass(Duration.ofSeconds(5));
    Case back = HANDLING.release(REN, opened.id(), claimed.version());
    assertThat(back.state()).isEqualTo(CaseState.REPORTED);
    assertThat(back.staffId()).isNull();
    assertThat(back.deskId()).isEqualTo(before.deskId());
    assertThat(back.level()).isEqualTo(before.level());
    assertThat(clocks(back)).isEqualTo(clocks);
    assertThat(back.nextDueAt()).isEqualTo(before.nextDueAt());
    assertThat(progress(back)).isEqualTo(progress);
    assertThat(steps(back)).containsExactly("T01", "T02", "T06", "T09", "T10", "T06b");
    assertThat(CASES.history(REN, opened.id()).getLast().sentence())
        .isEqualTo("任 没有接，放回 " + back.deskName() + "，等受理");

    Case again = HANDLING.claim(HE, opened.id(), back.version());
    assertThat(again.state()).isEqualTo(CaseState.HANDLING);
    assertThat(clocks(again)).as("counted from the first word, as ever").isEqualTo(promised);
    BUREAU.clock.pass(Duration.ofMinutes(2));
    Case later = HANDLING.release(HE, opened.id(), again.version());
    assertThat(later.state()).as("what was accepted stays so").isEqualTo(CaseState.DISPATCHED);
    assertThat(clocks(later)).containsAll(promised);
    assertThat(BUREAU.events.broken(CaseEvent.VOCABULARY)).isEmpty();
  }

  @Test
  void whoSaysWhatItIsHasAcceptedItAndTakesBackOnlyTheSignature() {
    Opened opened = BUREAU.open(BUREAU.told("想找人说说家里的事", null, "C1L03", true, false));
    Case claimed = HANDLING.claim(REN, opened.id(), 1);
    Case known = CORRECTIONS.setCategory(REN, opened.id(), claimed.version(), "0701");
    Case back = HANDLING.release(REN, opened.id(), known.version());
    assertThat(back.state()).isEqualTo(CaseState.DISPATCHED);
    assertThat(steps(back)).endsWith("T06", "T09", "T10", "T10b");
  }

  @Test
  void whatWasTakenOverAndTherebyAcceptedGoesBackToTheColleague() {
    Opened opened = BUREAU.open(BUREAU.told("想找人说说家里的事", null, "C1L03", true, false));
    Case held = HANDLING.claim(REN, opened.id(), 1);
    Case known = CORRECTIONS.setCategory(HE, opened.id(), held.version(), "0701");
    assertThat(known.state()).isEqualTo(CaseState.REPORTED);
    Case taken = HANDLING.claim(HE, opened.id(), known.version());
    assertThat(taken.state()).isEqualTo(CaseState.HANDLING);
    Case back = HANDLING.release(HE, opened.id(), taken.version());
    assertThat(back.state()).isEqualTo(CaseState.REPORTED);
    assertThat(back.isHeldBy(REN.id())).isTrue();
  }

  @Test
  void oneAnswersAndNobodySpeaksPastTheOther() {
    Opened opened = BUREAU.open(BUREAU.told("楼道堆物", "0102"));
    assertRefused("case-unclaimed", () -> HANDLING.answer(REN, opened.id(), 1, "我去看"));
    Case claimed = HANDLING.claim(REN, opened.id(), 1);
    assertRefused("case-changed", () -> HANDLING.answer(HE, opened.id(), 1, "我去看"));
    Case answered = HANDLING.answer(REN, opened.id(), claimed.version(), "下午去看");
    assertRefused(
        "case-changed", () -> HANDLING.answer(WEI, opened.id(), claimed.version(), "街道去"));
    assertThat(CASES.stepsFor(WEI, answered)).contains(Cases.Step.ANSWER);
    assertThat(HANDLING.answer(WEI, opened.id(), answered.version(), "街道也去").version())
        .isGreaterThan(answered.version());
  }

  @Test
  void aNoComesWithItsReason() {
    Opened opened = BUREAU.open(BUREAU.told("楼道堆物", "0102"));
    assertRefused("case-not-your-desk", () -> HANDLING.claim(WEI, opened.id(), 1));
    assertRefused("case-unclaimed", () -> CHECKING.report(REN, opened.id(), 1, "好了"));
    assertRefused("answer-missing", () -> HANDLING.answer(REN, opened.id(), 1, " \n"));
    assertRefused("text-too-long", () -> HANDLING.note(REN, opened.id(), "长".repeat(2_001)));
    assertRefused(
        "reason-missing", () -> HANDOVERS.handOn(REN, opened.id(), 1, desk("D02", "S1").id(), ""));
    assertRefused("desk-unknown", () -> HANDOVERS.handOn(REN, opened.id(), 1, 999_999, "理由"));
    assertRefused(
        "case-same-desk",
        () -> HANDOVERS.handOn(REN, opened.id(), 1, desk("D07", "C1").id(), "理由"));
    assertRefused("category-unknown", () -> CORRECTIONS.setCategory(REN, opened.id(), 1, "01"));

    Case matter = HANDLING.claim(REN, opened.id(), 1);
    assertRefused("case-changed", () -> HANDLING.claim(HE, opened.id(), 1));
    assertRefused("case-held", () -> CHECKING.report(HE, opened.id(), matter.version(), "好了"));
    assertThat(CASES.stepsFor(HE, matter))
        .containsExactly(
            Step.TAKE_OVER,
            Step.ANSWER,
            Step.NOTE,
            Step.HAND_ON,
            Step.RAISE,
            Step.SET_CATEGORY,
            Step.SET_TERRITORY,
            Step.URGE,
            Step.ASK_HEAD);
    assertThat(HANDLING.claim(REN, opened.id(), matter.version()).version())
        .as("taking what one has changes nothing")
        .isEqualTo(matter.version());
    Case taken = HANDLING.claim(HE, opened.id(), matter.version());
    Case closed = BUREAU.finish(HE, opened.id(), taken.version(), "清完了");
    assertRefused("case-closed", () -> HANDLING.claim(REN, opened.id(), closed.version()));
    assertThat(CASES.stepsFor(REN, closed)).containsExactly(Step.ANSWER, Step.NOTE);
  }

  @Test
  void whatWasJustHandedOnIsTakenBack() {
    Opened opened = BUREAU.open(BUREAU.told("楼道堆物", "0102"));
    Case mine = HANDLING.claim(REN, opened.id(), 1);
    Case gone = HANDOVERS.handOn(REN, opened.id(), mine.version(), desk("D02", "S1").id(), "按错了");
    BUREAU.clock.pass(Duration.ofSeconds(8));
    Case back = HANDOVERS.handBack(REN, opened.id(), gone.version());
    assertThat(back.state()).isEqualTo(CaseState.HANDLING);
    assertThat(back.isHeldBy(REN.id())).isTrue();
    assertThat(back.deskId()).isEqualTo(desk("D07", "C1").id());
    assertThat(back.level()).isEqualTo(io.linyu.community.Level.COMMUNITY);
    assertThat(clocks(back)).doesNotContain("SIGNING");

    Case again = HANDOVERS.handOn(REN, opened.id(), back.version(), desk("D02", "S1").id(), "这回对了");
    Case taken = HANDLING.claim(WEI, opened.id(), again.version());
    assertRefused("case-not-back", () -> HANDOVERS.handBack(REN, opened.id(), taken.version()));
  }

  @Test
  void ofTwoWhoReachForItOneHasItAndTheOtherIsTold() throws Exception {
    for (int round = 0; round < 5; round++) {
      Opened opened = BUREAU.open(BUREAU.told("楼道堆物", "0102"));
      var start = new CountDownLatch(1);
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Future<String>> outcomes =
            Stream.of(REN, HE)
                .map(who ->
                    threads.submit(() -> {
                      start.await();
                      try {
                        return HANDLING.claim(who, opened.id(), 1).staffName();
                      } catch (Refusal refused) {
                        return refused.code();
                      }
                    }))
                .toList();
        start.countDown();
        var heard = new ArrayList<String>();
        for (Future<String> outcome : outcomes) {
          heard.add(outcome.get());
        }
        assertThat(heard).containsOnlyOnce("case-changed");
        assertThat(heard).containsAnyOf("任", "何");
      }
    }
    assertThat(BUREAU.events.broken(CaseEvent.VOCABULARY)).isEmpty();
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
    long person = person();
    Opened opened = BUREAU.open(ofPerson(person));
    assertThat(CASES.byNumber(BUREAU.db, person, opened.number())).isPresent();
    assertThat(CASES.byNumber(BUREAU.db, person(), opened.number())).isEmpty();
    assertThat(CASES.ofPerson(BUREAU.db, person, 5)).hasSize(1);

    Case claimed = HANDLING.claim(REN, opened.id(), 1);
    Case answered = HANDLING.answer(REN, opened.id(), claimed.version(), "知道了");
    assertThat(answered.waitsForAnswer()).isFalse();
    BUREAU.clock.pass(Duration.ofMinutes(1));
    assertThat(
            BUREAU.db.<Boolean>inTransaction(
                tx -> INTAKE.supplement(tx, opened.id(), person, List.of(7L))))
        .isTrue();
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

  private static long person() {
    return BUREAU.db.one("INSERT INTO person DEFAULT VALUES RETURNING id").getLong("id");
  }

  private static void tamper(Case matter) {
    BUREAU.db.execute(
        "UPDATE event SET body = replace(body, '0102', '0103') WHERE subject = $1 AND seq = 3",
        matter.id().value());
  }

  private static Desk desk(String body, String territory) {
    return BUREAU.community.desks().at(BUREAU.place(territory)).stream()
        .filter(desk -> desk.body().equals(body))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> clocks(Case matter) {
    return CASES.clocks(ZHANG, matter.id()).stream()
        .filter(CaseClock::isRunning)
        .map(clock -> clock.kind() + " " + clock.dueAt())
        .toList();
  }

  private static List<String> progress(Case matter) {
    return CASES.byCode(matter.code(), "zh").orElseThrow().steps().stream()
        .map(Line::word)
        .toList();
  }

  private static List<Told<CaseEvent>> told(Case matter) {
    return BUREAU.events.of(BUREAU.db, CaseEvent.VOCABULARY, matter.id().value());
  }

  /// But for what other desks do beside it, such as keeping contact.
  private static List<Told<CaseEvent>> happened(Case matter) {
    return told(matter).stream()
        .filter(each ->
            !(each.event() instanceof CaseEvent.PartAsked
                || each.event() instanceof CaseEvent.PartMoved))
        .toList();
  }

  private static List<String> steps(Case matter) {
    return happened(matter).stream()
        .map(told -> String.valueOf(told.event().transition()))
        .toList();
  }

  private static void assertRefused(String code, ThrowingCallable verb) {
    assertThatThrownBy(verb)
        .isInstanceOfSatisfying(
            Refusal.class, refused -> assertThat(refused.code()).isEqualTo(code));
  }
}
