package io.linyu.casework;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linyu.TestClock;
import io.linyu.casework.CaseClock.Kind;
import io.linyu.casework.Checking.Finding;
import io.linyu.casework.ReturnVisit.Outcome;
import io.linyu.casework.ReturnVisit.Rating;
import io.linyu.casework.ReturnVisit.Satisfaction;
import io.linyu.casework.ReturnVisit.Solved;
import io.linyu.casework.ReturnVisits.Carried;
import io.linyu.community.Desk;
import io.linyu.community.Level;
import io.linyu.community.Staff;
import io.linyu.insight.Evaluation;
import io.linyu.insight.Evaluation.Course;
import io.linyu.insight.Evaluation.End;
import io.linyu.insight.Evaluation.InTime;
import io.linyu.insight.Evaluation.Visit;
import io.linyu.insight.Evaluations;
import io.linyu.insight.Figure;
import io.linyu.insight.Insight;
import io.linyu.insight.Metric;
import io.linyu.insight.Weights;
import io.linyu.platform.time.QuietHours;
import io.linyu.platform.time.Ticker;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What becomes of a case in the figures, told by those who handle it.
class EvaluationTest {
  @AutoClose private static final Bureau BUREAU = new Bureau();
  @AutoClose private static final Ticker TICKER = new Ticker();
  private static final Staff GAO = BUREAU.staff("高", "community_secretary", "C1");
  private static final Staff REN = BUREAU.staff("任", "community_deputy", "C1");
  private static final Staff WEI = BUREAU.staff("韦", "street_dispatcher", "S1");
  private static final Staff SHI = BUREAU.staff("石", "street_supervisor", "S1");
  private static final Checking CHECKING = BUREAU.casework.checking();
  private static final ReturnVisits VISITS = BUREAU.casework.visits();
  private static final Rating CONTENT = new Rating(Solved.YES, Satisfaction.SATISFIED, true, null);
  private static final Errands.Pace BY_DAY_AND_NIGHT =
      new Errands.Pace(
          Duration.ofMinutes(15), Duration.ofMinutes(10), QuietHours.NONE, TestClock.ZONE);
  private static final Finding SEEN = new Finding(true, "亮了", List.of(), "手机没电");
  private static final Evaluations EVALUATIONS =
      Insight.open(
              BUREAU.db,
              BUREAU.events,
              BUREAU.clock,
              BUREAU.cases,
              BUREAU.casework.catchUps(),
              BUREAU.casework.rounds(),
              BUREAU.community.territories(),
              BUREAU.community.audit(),
              BUREAU.calendars)
          .running(TICKER)
          .evaluations();

  private final long person =
      BUREAU.db.one("INSERT INTO person (created_at) VALUES (now()) RETURNING id").getLong("id");

  @BeforeEach
  void itIsThursdayTenOClock() {
    BUREAU.clock.set("2026-03-12T10:00");
    VISITS.carriedBy((_, _, _) -> Carried.DELIVERED);
  }

  @Test
  void whatWentWellIsWrittenDownOnceAndNeverChanged() {
    Case matter = told("0102");
    assertThat(heard(matter)).as("it has not ended").isEmpty();
    BUREAU.clock.set("2026-03-12T10:20");
    matter = claim(REN, matter);
    matter = BUREAU.handling.answer(REN, matter.id(), matter.version(), "我去看看");
    BUREAU.clock.set("2026-03-12T11:00");
    matter = report(REN, matter);
    BUREAU.clock.set("2026-03-12T15:00");
    matter = check(GAO, claim(GAO, matter), SEEN);
    rate(matter, CONTENT);

    Evaluation first = heard(matter).getFirst();
    assertThat(heard(matter)).hasSize(1);
    assertThat(first.end()).isEqualTo(End.CLOSED);
    assertThat(first.version()).isEqualTo(1);
    assertThat(first.category()).isEqualTo("0102");
    assertThat(first.repeat()).isFalse();
    assertThat(first.inTime()).isEqualTo(new InTime(true, true, true, true));
    assertThat(first.course())
        .isEqualTo(new Course(1, 1, 1, 1, 0, 0, 0, 0, 0, 0, false, 0, false, false, 0, 0));
    assertThat(first.visit())
        .isEqualTo(new Visit(Outcome.ANSWERED, Solved.YES, Satisfaction.SATISFIED, true, false));
    assertThat(first.where().level()).isEqualTo(Level.COMMUNITY);
    assertThat(first.where().desk()).as("who led, not who checked").isEqualTo(desk(REN));
    assertThat(first.where().community()).isEqualTo(BUREAU.place("C1").id());
    assertThat(first.where().street()).isEqualTo(BUREAU.place("S1").id());
    assertThat(first.times().said()).isEqualTo(Bureau.at("2026-03-12T10:00"));
    assertThat(first.times().result()).isEqualTo(Bureau.at("2026-03-12T11:00"));
    assertThat(first.times().ended()).isEqualTo(Bureau.at("2026-03-12T15:00"));
    assertThat(first.times().due()).isEqualTo(due(matter, Kind.HANDLING));
    assertThat(first.times().workingMinutes()).isEqualTo(60);

    // Within seven days they may think otherwise.
    BUREAU.clock.set("2026-03-17T10:00");
    rate(matter, new Rating(Solved.PARTLY, null, null, null));
    List<Evaluation> both = heard(matter);
    assertThat(both).hasSize(2);
    assertThat(both.getFirst()).as("as it was").isEqualTo(first);
    assertThat(both.getLast().version()).isEqualTo(2);
    assertThat(both.getLast().visit().solved()).isEqualTo(Solved.PARTLY);
    assertThat(both.getLast().times()).isEqualTo(first.times());
    assertThat(inPeriod("2026-03-12", "2026-03-13", matter))
        .as("the highest version counts, in the time in which it ended")
        .containsExactly(both.getLast());
    assertThat(inPeriod("2026-03-13", "2026-03-18", matter)).isEmpty();

    assertThatThrownBy(() -> BUREAU.db.execute("UPDATE case_evaluation SET closed_in_time = true"))
        .hasMessageContaining("never changed");
    assertThatThrownBy(() -> BUREAU.db.execute("DELETE FROM case_evaluation"))
        .hasMessageContaining("never changed");

    // Told everything again, as after a crash before the cursor was written.
    long rows = rows();
    BUREAU.db.execute(
        "UPDATE event_cursor SET last_xid = '0', last_event = 0 WHERE listener = 'evaluations'");
    assertThat(heard(matter)).isEqualTo(both);
    assertThat(rows()).isEqualTo(rows);
  }

  /// From five past ten until a quarter to four no server ran.
  @Test
  void whatNoServerRanIsCreditedToTheDeskAndNotTakenFromTheResident() {
    Case matter = told("0102");
    Instant signing = due(matter, Kind.SIGNING);
    Instant handling = due(matter, Kind.HANDLING);
    Case urgent = told("0101");
    Instant contact = due(urgent, Kind.FIRST_CONTACT);
    assertThat(contact).isBetween(Bureau.at("2026-03-12T10:05"), Bureau.at("2026-03-12T15:45"));
    BUREAU.clock.set("2026-03-12T10:05");
    BUREAU.casework.catchUps().begin();
    BUREAU.clock.set("2026-03-12T15:45");
    BUREAU.casework.catchUps().begin();
    Case slow = told("0102");
    BUREAU.clock.set("2026-03-12T15:50");
    BUREAU.notice();
    assertThat(BUREAU.delays(urgent.id()))
        .as("whoever waits hears that it is late")
        .anyMatch(each -> each.startsWith("first_contact " + contact))
        .anyMatch(each -> each.endsWith(" true"));
    assertThat(due(urgent, Kind.FIRST_CONTACT)).as("as it was promised").isEqualTo(contact);
    matter = claim(REN, matter);
    BUREAU.clock.set("2026-03-13T10:00");
    slow = claim(REN, slow);
    assertThat(due(matter, Kind.SIGNING)).as("as it was promised").isEqualTo(signing);
    assertThat(due(matter, Kind.HANDLING)).as("as it was promised").isEqualTo(handling);
    finishAndRate(matter);
    finishAndRate(slow);
    Course course = heard(matter).getFirst().course();
    assertThat(course.signedInTime()).isEqualTo(course.dispatches()).isEqualTo(1);
    assertThat(heard(slow).getFirst().course().signedInTime())
        .as("told after it, and nobody but the desk let it lie")
        .isZero();
  }

  private void finishAndRate(Case matter) {
    Case reported = report(REN, matter);
    rate(check(GAO, claim(GAO, reported), SEEN), CONTENT);
  }

  @Test
  void whatWasLateAndDoneAgainSaysSo() {
    Case matter = told("0102");
    BUREAU.clock.set("2026-03-12T15:00");
    matter = claim(REN, matter);
    BUREAU.clock.set("2026-03-13T10:01");
    matter = BUREAU.handling.answer(REN, matter.id(), matter.version(), "才看到");
    BUREAU.clock.pass(Duration.between(BUREAU.clock.instant(), due(matter, Kind.HANDLING)));
    BUREAU.clock.pass(Duration.ofMinutes(1));
    matter = report(REN, matter);
    Instant late = BUREAU.clock.instant();
    matter = check(GAO, claim(GAO, matter), new Finding(false, "还有一半", List.of(), "没带手机"));
    matter = report(REN, matter);
    matter = check(GAO, claim(GAO, matter), SEEN);
    rate(matter, new Rating(Solved.NO, Satisfaction.DISSATISFIED, true, null));
    matter = claim(GAO, now(matter));
    assertThat(heard(matter)).as("it has not ended").isEmpty();
    matter = CHECKING.reopen(GAO, matter.id(), matter.version(), "确实没好");
    matter = report(REN, matter);
    BUREAU.clock.pass(Duration.ofDays(4));
    matter = check(WEI, claim(WEI, matter), SEEN);
    rate(matter, new Rating(Solved.YES, Satisfaction.FAIR, true, null));

    Evaluation it = heard(matter).getLast();
    assertThat(it.inTime()).isEqualTo(new InTime(true, false, false, false));
    assertThat(it.course())
        .as("signed late, three checks of which one was in vain and one late, done again twice")
        .isEqualTo(new Course(1, 0, 3, 2, 1, 2, 0, 0, 0, 0, false, 0, false, false, 0, 0));
    assertThat(it.visit())
        .isEqualTo(new Visit(Outcome.ANSWERED, Solved.YES, Satisfaction.FAIR, true, false));
    assertThat(it.times().result()).isEqualTo(late);
    assertThat(figure(Metric.LATE, it).part()).isEqualByComparingTo("1");
    assertThat(figure(Metric.REWORKS, it).part()).isEqualByComparingTo("2");
    assertThat(figure(Metric.REWORKED, it).part()).isEqualByComparingTo("1");
  }

  @Test
  void whatWaitedIsCountedWithoutItsWaiting() {
    Case matter = claim(REN, told("0102"));
    var extending = BUREAU.casework.extending();
    matter = extending.ask(REN, matter.id(), 1, "等料");
    matter = extending.grant(GAO, matter.id(), note(matter));
    var suspending = BUREAU.casework.suspending();
    BUREAU.clock.set("2026-03-12T11:00");
    matter = waiting(matter, LocalDate.of(2026, 3, 24));
    matter = suspending.grant(GAO, matter.id(), matter.version(), note(matter));
    BUREAU.clock.set("2026-03-24T09:00");
    matter = suspending.resume(REN, matter.id(), matter.version());
    BUREAU.clock.set("2026-03-24T10:30");
    matter = BUREAU.finish(REN, matter.id(), matter.version(), "移走了");

    Evaluation it = heard(matter).getLast();
    assertThat(it.end()).isEqualTo(End.CLOSED);
    assertThat(it.course().extensions()).isEqualTo(1);
    assertThat(it.course().suspensions()).isEqualTo(1);
    assertThat(it.course().endedSuspended()).isFalse();
    assertThat(it.inTime().closing()).isTrue();
    assertThat(it.times().workingMinutes()).as("from ten to eleven, and then").isEqualTo(150);
    assertThat(it.times().calendarMinutes())
        .isEqualTo(Duration.ofDays(12).plusMinutes(30).toMinutes());
    assertThat(figure(Metric.ON_TIME, it).whole()).isEqualTo(1);

    // What cannot be done at all is not solved, and had no limit to keep.
    BUREAU.clock.set("2026-03-12T10:00");
    Case never = claim(REN, told("0102"));
    never = waiting(never, LocalDate.of(2026, 3, 24));
    never = suspending.grant(GAO, never.id(), never.version(), note(never));
    never = suspending.close(SHI, never.id(), never.version(), "要等法院执行");
    Evaluation over = heard(never).getLast();
    assertThat(over.end()).isEqualTo(End.CLOSED);
    assertThat(over.course().endedSuspended()).isTrue();
    assertThat(over.inTime()).isEqualTo(new InTime(true, true, null, null));
    assertThat(over.visit().solved()).isEqualTo(Solved.NO);
    assertThat(over.repeat()).as("the same person, the same place and kind").isTrue();
    assertThat(figure(Metric.CLOSED, over).whole()).isZero();
    assertThat(figure(Metric.SOLVED, over).whole()).isEqualTo(1);
    assertThat(figure(Metric.SOLVED, over).part()).isEqualByComparingTo("0");
    assertThat(figure(Metric.VISITED, over).part()).isEqualByComparingTo("0");
  }

  @Test
  void whatWasRejectedAndIsOpenedAgainHasNotEnded() {
    Case matter = unnamed();
    matter = reject(matter);
    assertThat(heard(matter)).extracting(Evaluation::end).containsExactly(End.REJECTED);
    assertThat(heard(matter).getLast().inTime()).isEqualTo(new InTime(true, null, null, null));
    assertThat(heard(matter).getLast().times().filed()).isNull();
    matter = BUREAU.casework.rejecting().takeBack(REN, matter.id(), matter.version());
    BUREAU.clock.set("2026-03-12T16:00");
    matter = reject(matter);
    BUREAU.clock.set("2026-03-16T10:00");
    CaseId id = matter.id();
    BUREAU.db.inTransaction(tx -> BUREAU.casework.appealing().appeal(tx, id, person, null));
    List<Evaluation> all = heard(matter);
    assertThat(all)
        .extracting(Evaluation::end)
        .containsExactly(End.REJECTED, End.OPEN, End.REJECTED, End.OPEN);
    assertThat(all.get(2).inTime().decision()).as("two hours were over at noon").isFalse();
    assertThat(all.getLast().times().ended()).isNull();
    assertThat(inPeriod("2026-03-12", "2026-03-17", matter)).as("it goes on").isEmpty();

    // The street accepts it, and the community does it.
    Case asked = claim(REN, BUREAU.corrections.setCategory(WEI, id, now(matter).version(), "0102"));
    asked = BUREAU.finish(REN, id, asked.version(), "办了");
    Evaluation done = heard(asked).getLast();
    assertThat(done.version()).isEqualTo(5);
    assertThat(done.end()).isEqualTo(End.CLOSED);
    assertThat(done.inTime().decision()).as("this time").isTrue();
    assertThat(done.inTime().contact()).as("counted from the first word").isFalse();
  }

  @Test
  void whatIsHandedOnIsATransferUnlessItIsTakenBackAtOnce() {
    Case matter = claim(REN, told("0102"));
    long street = desk(WEI);
    matter = BUREAU.handovers.handOn(REN, matter.id(), matter.version(), street, "要街道出面");
    matter = BUREAU.handovers.handBack(REN, matter.id(), matter.version());
    Case own = BUREAU.finish(REN, matter.id(), matter.version(), "清了");
    Evaluation stayed = heard(own).getLast();
    assertThat(stayed.course().transfers()).isZero();
    assertThat(stayed.course().returns()).isZero();
    assertThat(stayed.course().dispatches()).isEqualTo(1);
    assertThat(stayed.course().signedInTime()).isEqualTo(1);
    assertThat(stayed.course().escalated()).isFalse();
    assertThat(figure(Metric.BY_COMMUNITY, stayed).part()).isEqualByComparingTo("1");

    // Accepted by being handed on, it stays accepted, and is to be signed here.
    Case fresh = told("要人来看看", "0102", false);
    fresh = BUREAU.handovers.handOn(REN, fresh.id(), fresh.version(), street, "要街道出面");
    fresh = BUREAU.handovers.handBack(REN, fresh.id(), fresh.version());
    fresh = claim(REN, fresh);
    Course here = heard(BUREAU.finish(REN, fresh.id(), fresh.version(), "看了")).getLast().course();
    assertThat(here.dispatches()).isEqualTo(here.signedInTime()).isEqualTo(1);
    assertThat(here.transfers() + here.returns()).isZero();

    Case other = told("0102");
    // Not signed, but returned; then worked on, and transferred.
    other = BUREAU.handovers.handOn(REN, other.id(), other.version(), street, "不归社区");
    other = claim(WEI, other);
    other = BUREAU.handovers.handOn(WEI, other.id(), other.version(), desk(REN), "归社区");
    other = claim(REN, other);
    other = BUREAU.finish(REN, other.id(), other.version(), "清了");
    Evaluation went = heard(other).getLast();
    assertThat(went.course().returns()).isEqualTo(1);
    assertThat(went.course().transfers()).isEqualTo(1);
    assertThat(went.course().dispatches()).isEqualTo(3);
    assertThat(went.course().signedInTime()).isEqualTo(2);
    assertThat(went.course().escalated()).isTrue();
    assertThat(figure(Metric.SIGNED_ON_TIME, went).whole()).isEqualTo(2);
    assertThat(figure(Metric.BY_COMMUNITY, went).part()).isEqualByComparingTo("0");
    assertThat(went.where().desk()).isEqualTo(desk(REN));
  }

  /// Until that is decided, the desk that decides has it.
  @Test
  void whatEndsWhileItIsReturnedEndsThere() {
    Staff luo = officerOfTheStreet("罗", "D09");
    Case matter = returned(luo, told("0102"));
    BUREAU.db.inTransaction(tx -> BUREAU.intake.withdraw(tx, matter.id(), person, null));
    Evaluation ended = heard(matter).getLast();
    assertThat(ended.end()).isEqualTo(End.WITHDRAWN);
    assertThat(ended.where().desk()).isEqualTo(desk(WEI)).isEqualTo(now(matter).deskId());
    assertThat(ended.where().body()).isNull();
    assertThat(ended.course().returns()).as("by the community, and by them").isEqualTo(2);

    Case kept = returned(luo, told("0102"));
    kept = BUREAU.casework.returning().refuse(WEI, kept.id(), kept.version(), "人行道归你们");
    kept = BUREAU.finish(luo, kept.id(), claim(luo, kept).version(), "清了");
    Evaluation done = heard(kept).getLast();
    assertThat(done.where().desk()).isEqualTo(desk(luo));
  }

  private static Case returned(Staff by, Case told) {
    Case sent = BUREAU.handovers.handOn(REN, told.id(), told.version(), desk(by), "占了人行道");
    return BUREAU
        .casework
        .returning()
        .sendBack(by, sent.id(), sent.version(), Returning.Ground.NOT_OURS, desk(REN), "不归我们");
  }

  private static Staff officerOfTheStreet(String name, String body) {
    Staff officer = BUREAU.staff(name, "department_handler", "S1");
    Desk desk =
        BUREAU.community.desks().at(BUREAU.place("S1")).stream()
            .filter(each -> each.body().equals(body))
            .findFirst()
            .orElseThrow();
    BUREAU.community.staff().join(officer, desk);
    return BUREAU.community.staff().byId(officer.id()).orElseThrow();
  }

  @Test
  void whatIsLateAndGoesOnIsReadAsItIsNow() {
    Case matter = told("0102");
    Case waits = claim(REN, told("0102"));
    waits = waiting(waits, LocalDate.of(2026, 4, 24));
    waits = BUREAU.casework.suspending().grant(GAO, waits.id(), waits.version(), note(waits));
    assertThat(late("2026-03-16", "2026-03-17", matter)).as("not yet").isEmpty();
    assertThat(late("2026-03-12", "2026-03-16", matter)).as("due on another day").isEmpty();
    BUREAU.clock.set("2026-03-18T10:00");
    assertThat(late("2026-03-16", "2026-03-17", waits)).as("its limit stands still").isEmpty();
    Evaluation it = late("2026-03-16", "2026-03-17", matter).getFirst();
    assertThat(it.end()).isEqualTo(End.OPEN);
    assertThat(it.version()).isZero();
    assertThat(it.inTime()).isEqualTo(new InTime(true, false, false, null));
    assertThat(it.times().due()).isEqualTo(Bureau.at("2026-03-16T17:30"));
    assertThat(figure(Metric.CLOSED, it).whole()).isEqualTo(1);
    assertThat(figure(Metric.CLOSED, it).part()).isEqualByComparingTo("0");
    assertThat(figure(Metric.LATE, it).part()).isEqualByComparingTo("1");

    matter = BUREAU.finish(REN, matter.id(), claim(REN, matter).version(), "清了");
    assertThat(late("2026-03-16", "2026-03-17", matter)).as("it has ended").isEmpty();
    Evaluation ended = heard(matter).getLast();
    assertThat(inPeriod("2026-03-18", "2026-03-19", matter)).containsExactly(ended);
    assertThat(ended.inTime().closing()).isFalse();
  }

  @Test
  void whatIsWithdrawnUrgedAndSupervisedLeavesItsRecord() {
    Case matter = told("0102");
    CaseId id = matter.id();
    BUREAU.db.inTransaction(tx -> BUREAU.urging.urge(tx, id, person, null));
    matter = claim(REN, now(matter));
    var _ = BUREAU.casework.supervising().supervise(GAO, id, "盯一下");
    BUREAU.db.inTransaction(tx -> BUREAU.intake.withdraw(tx, id, person, null));
    Evaluation it = heard(matter).getLast();
    assertThat(it.end()).isEqualTo(End.WITHDRAWN);
    assertThat(it.course().urges()).isEqualTo(1);
    assertThat(it.course().supervised()).isTrue();
    assertThat(it.inTime())
        .as("there was still time")
        .isEqualTo(new InTime(true, null, null, null));
    assertThat(it.times().result()).isNull();
    assertThat(figure(Metric.FILED, it).whole()).isZero();
    assertThat(figure(Metric.CLOSED, it).whole()).isZero();
  }

  @Test
  void whatIsSeenToForSafetyAloneHasNobodyToVisit() {
    NewCase told =
        NewCase.of("楼道的扶手掉了", BUREAU.place("C1L03").id(), "wechat")
            .by(person, null)
            .category("0102")
            .urgency(Urgency.CRITICAL)
            .confirmed(true)
            .ready();
    Case matter = claim(REN, now(BUREAU.open(told).id()));
    CaseId id = matter.id();
    BUREAU.db.inTransaction(tx -> BUREAU.intake.withdraw(tx, id, person, null));
    matter = now(matter);
    assertThat(matter.letGoAt()).isNotNull();
    VISITS.carriedBy((_, _, _) -> Carried.LOST);
    var _ = check(GAO, claim(GAO, report(REN, matter)), SEEN);
    while (VISITS.goOnDue(BY_DAY_AND_NIGHT)) {
      // there may be more
    }
    Evaluation it = heard(matter).getLast();
    assertThat(it.end()).isEqualTo(End.CLOSED);
    assertThat(it.visit()).isEqualTo(new Visit(null, null, null, null, true));
    assertThat(figure(Metric.CONTACTED_ON_TIME, it).whole()).as("they had told it").isEqualTo(1);
    assertThat(figure(Metric.VISITED, it).whole()).isZero();
    assertThat(figure(Metric.UNREACHABLE, it).whole()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"patrol", "proactive"})
  void whatNobodyToldIsNotContactedVisitedOrRated(String channel) {
    NewCase found =
        NewCase.of("楼道堆了杂物", BUREAU.place("C1L03").id(), channel)
            .category("0102")
            .confirmed(true)
            .ready();
    Case matter = claim(REN, now(BUREAU.open(found).id()));
    matter = BUREAU.handling.answer(REN, matter.id(), matter.version(), "在办");
    matter = check(GAO, claim(GAO, report(REN, matter)), SEEN);
    assertThat(matter.state()).as("nobody is asked").isEqualTo(CaseState.CLOSED);
    Evaluation it = heard(matter).getLast();
    assertThat(it.end()).isEqualTo(End.CLOSED);
    assertThat(it.inTime()).isEqualTo(new InTime(true, null, true, true));
    assertThat(figure(Metric.ON_TIME, it).part()).isEqualByComparingTo("1");
    assertThat(figure(Metric.FOUND, it).whole()).isEqualTo(1);
    assertThat(figure(Metric.FOUND, it).part())
        .isEqualByComparingTo(channel.equals("patrol") ? "1" : "0");
    // Nor where it cannot be done.
    Case never = claim(REN, now(BUREAU.open(found).id()));
    never = waiting(never, LocalDate.of(2026, 3, 24));
    never = BUREAU.casework.suspending().grant(GAO, never.id(), never.version(), note(never));
    never = BUREAU.casework.suspending().close(SHI, never.id(), never.version(), "要等法院执行");
    for (Evaluation each : List.of(it, heard(never).getLast())) {
      for (Metric asked :
          List.of(
              Metric.CONTACTED_ON_TIME,
              Metric.SOLVED,
              Metric.SATISFIED,
              Metric.VISITED,
              Metric.VISIT_ANSWERED,
              Metric.NO_ANSWER,
              Metric.UNREACHABLE)) {
        assertThat(figure(asked, each).whole()).as("%s of %s", asked, each).isZero();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = LoopRule.Mode.class,
      names = {"DRY", "LIVE"})
  void whatARuleDoesCountsOnlyIfItWasDone(LoopRule.Mode mode) {
    BUREAU.rule(LoopRule.E2, mode);
    Case matter = claim(REN, told("0102"));
    BUREAU.clock.set("2026-03-17T09:00"); // the working day after it was over
    BUREAU.applyRules();
    BUREAU.db.inTransaction(tx -> BUREAU.intake.withdraw(tx, matter.id(), person, null));
    Evaluation it = heard(matter).getLast();
    assertThat(it.course().supervised()).isEqualTo(mode == LoopRule.Mode.LIVE);
    assertThat(it.course().urges()).isEqualTo(mode == LoopRule.Mode.LIVE ? 1 : 0);
  }

  @Test
  void aDangerLeavesItsRecordAtOnce() {
    Opened danger =
        BUREAU.db.inTransaction(tx -> BUREAU.handOff(tx, BUREAU.told("家里有煤气味", "0303"), "gas"));
    Evaluation it = heard(now(danger.id())).getLast();
    assertThat(it.end()).isEqualTo(End.HANDED_OFF);
    assertThat(it.times().ended()).isEqualTo(BUREAU.clock.instant());
    assertThat(it.where().level()).isNull();
    assertThat(figure(Metric.FILED, it).whole()).isZero();
  }

  // In common.

  /// Once everything that has happened was heard. Every working day until it is done: Thursday
  /// nobody, Friday a note of the desk's, Monday the result; what whoever supervises it writes is
  /// no report.
  @Test
  void whatIsSupervisedIsToBeReportedOnEveryWorkingDay() {
    Case matter = claim(REN, told("0102"));
    matter = BUREAU.casework.supervising().supervise(SHI, matter.id(), "拖得太久");
    BUREAU.clock.set("2026-03-12T16:00");
    var _ = BUREAU.handling.note(SHI, matter.id(), "还在等");
    BUREAU.clock.set("2026-03-13T15:00");
    var _ = BUREAU.handling.note(REN, matter.id(), "已联系师傅");
    BUREAU.clock.set("2026-03-16T09:30");
    matter = report(REN, now(matter));
    BUREAU.clock.set("2026-03-17T10:00");
    matter = check(GAO, claim(GAO, matter), SEEN);
    rate(matter, CONTENT);

    Evaluation it = heard(matter).getLast();
    assertThat(it.course().reportsDue()).as("none while it is checked").isEqualTo(3);
    assertThat(it.course().reportsMade()).isEqualTo(2);
    assertThat(figure(Metric.REPORTED_ON, it).part()).isEqualByComparingTo("2");
    assertThat(figure(Metric.REPORTED_ON, it).whole()).isEqualTo(3);

    // Lifted before the day was over: nothing was due.
    BUREAU.clock.set("2026-03-18T10:00");
    Case other = claim(REN, told("0102"));
    other = BUREAU.casework.supervising().supervise(SHI, other.id(), "我来看");
    BUREAU.clock.set("2026-03-18T16:00");
    other = BUREAU.casework.supervising().lift(SHI, other.id());
    BUREAU.clock.set("2026-03-20T10:00");
    other = report(REN, now(other));
    other = check(GAO, claim(GAO, other), SEEN);
    rate(other, CONTENT);
    assertThat(heard(other).getLast().course().reportsDue()).isZero();
    assertThat(figure(Metric.REPORTED_ON, heard(other).getLast()).whole()).isZero();
  }

  private static List<Evaluation> heard(Case matter) {
    hear(BUREAU);
    return EVALUATIONS.of(matter.id());
  }

  /// How it went with this case, in a house that does not count beside.
  static Evaluation record(Bureau bureau, Case matter) {
    try (var ticker = new Ticker()) {
      Evaluations records =
          Insight.open(
                  bureau.db,
                  bureau.events,
                  bureau.clock,
                  bureau.cases,
                  bureau.casework.catchUps(),
                  bureau.casework.rounds(),
                  bureau.community.territories(),
                  bureau.community.audit(),
                  bureau.calendars)
              .running(ticker)
              .evaluations();
      hear(bureau);
      return records.of(matter.id()).getLast();
    }
  }

  /// However much there is to hear, as long as it goes on.
  static void hear(Bureau bureau) {
    long place = -1;
    long since = System.nanoTime();
    while (!isAllHeard(bureau)) {
      long now = heardTo(bureau);
      if (now != place) {
        place = now;
        since = System.nanoTime();
      }
      assertThat(System.nanoTime() - since)
          .as("nothing heard since event %d", place)
          .isLessThan(Duration.ofSeconds(20).toNanos());
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    }
    assertThat(bureau.events.parked()).doesNotContainKey("evaluations");
  }

  private static long heardTo(Bureau bureau) {
    return bureau
        .db
        .row("SELECT last_event FROM event_cursor WHERE listener = 'evaluations'")
        .map(row -> row.getLong("last_event"))
        .orElse(-1L);
  }

  private static boolean isAllHeard(Bureau bureau) {
    return bureau
        .db
        .one(
            """
            SELECT NOT EXISTS (
                     SELECT FROM event e
                       LEFT JOIN event_cursor c ON c.listener = 'evaluations'
                      WHERE e.room = 'casework'
                        AND (e.xid, e.id) > (coalesce(c.last_xid, '0'), coalesce(c.last_event, 0))) AS done
            """)
        .getBoolean("done");
  }

  private static long rows() {
    return BUREAU.db.one("SELECT count(*) AS n FROM case_evaluation").getLong("n");
  }

  private static List<Evaluation> inPeriod(String from, String to, Case matter) {
    var found = new ArrayList<Evaluation>();
    EVALUATIONS.walk(
        BUREAU.place("C1"), Bureau.at(from + "T00:00"), Bureau.at(to + "T00:00"), found::addAll);
    return found.stream().filter(each -> each.caseId().equals(matter.id())).toList();
  }

  private static List<Evaluation> late(String from, String to, Case matter) {
    var found = new ArrayList<Evaluation>();
    EVALUATIONS.walkLate(
        BUREAU.place("C1"),
        Bureau.at(from + "T00:00"),
        Bureau.at(to + "T00:00"),
        BUREAU.clock.instant(),
        found::addAll);
    return found.stream().filter(each -> each.caseId().equals(matter.id())).toList();
  }

  private static Figure figure(Metric metric, Evaluation it) {
    return Figure.of(metric, List.of(it), Weights.USUAL);
  }

  private Case told(String category) {
    return told("3栋楼道堆了杂物", category, true);
  }

  /// Nobody can tell what it is: it waits to be accepted.
  private Case unnamed() {
    return told("补助停了要恢复", null, false);
  }

  private Case told(String what, @Nullable String category, boolean confirmed) {
    var draft =
        NewCase.of(what, BUREAU.place("C1L03").id(), "wechat")
            .by(person, null)
            .category(category)
            .confirmed(confirmed)
            .ready();
    Opened opened =
        BUREAU.db.inTransaction(
            tx -> BUREAU.intake.open(tx, draft, Future.succeededFuture(BUREAU.clock.instant())));
    return now(opened.id());
  }

  private static Case claim(Staff who, Case matter) {
    return BUREAU.handling.claim(who, matter.id(), now(matter).version());
  }

  private static Case report(Staff who, Case matter) {
    return CHECKING.report(who, matter.id(), matter.version(), "清完了");
  }

  private static Case check(Staff who, Case matter, Finding finding) {
    return CHECKING.check(who, matter.id(), matter.version(), finding);
  }

  private void rate(Case matter, Rating said) {
    var _ =
        BUREAU.db.inTransaction(tx -> VISITS.rate(tx, matter.id(), person, null, said, List.of()));
  }

  private static Case reject(Case matter) {
    return BUREAU
        .casework
        .rejecting()
        .reject(REN, matter.id(), matter.version(), Rejecting.Reason.OUTSIDE, "请到街道民政窗口问");
  }

  private static Case waiting(Case matter, LocalDate until) {
    return BUREAU
        .casework
        .suspending()
        .ask(REN, matter.id(), TimeRequest.Reason.SEASON, until, "花要等到月底才能移");
  }

  private static long note(Case of) {
    return requireNonNull(of.asked()).noteId();
  }

  private static long desk(Staff of) {
    return BUREAU.community.desks().of(of).getFirst().id();
  }

  private static Instant due(Case matter, Kind kind) {
    return new ClockStore()
        .clocks(BUREAU.db, matter.id()).stream()
            .filter(each -> each.kind() == kind)
            .findFirst()
            .orElseThrow()
            .dueAt();
  }

  private static Case now(Case matter) {
    return now(matter.id());
  }

  private static Case now(CaseId id) {
    return BUREAU.cases.named(BUREAU.db, id).orElseThrow();
  }
}
