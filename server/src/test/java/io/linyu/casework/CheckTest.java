package io.linyu.casework;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linyu.Samples;
import io.linyu.TestClock;
import io.linyu.casework.CaseClock.Kind;
import io.linyu.casework.Cases.Step;
import io.linyu.casework.Checking.Finding;
import io.linyu.casework.ReturnVisit.Outcome;
import io.linyu.casework.ReturnVisit.Rating;
import io.linyu.casework.ReturnVisit.Satisfaction;
import io.linyu.casework.ReturnVisit.Solved;
import io.linyu.casework.ReturnVisits.Call;
import io.linyu.casework.ReturnVisits.Carried;
import io.linyu.channel.AddressKey;
import io.linyu.community.Staff;
import io.linyu.community.Territory;
import io.linyu.platform.Refusal;
import io.linyu.platform.blobs.Blobs;
import io.linyu.platform.events.Told;
import io.linyu.platform.time.QuietHours;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What is said to be done is looked at by another, and the resident has the last word.
class CheckTest {
  @AutoClose private static final Bureau BUREAU = new Bureau();
  private static final Staff GAO = BUREAU.staff("高", "community_secretary", "C1");
  private static final Staff REN = BUREAU.staff("任", "community_deputy", "C1");
  private static final Staff HE = BUREAU.staff("何", "info_officer", "C1");
  private static final Staff WEI = BUREAU.staff("韦", "street_dispatcher", "S1");
  private static final Staff SHI = BUREAU.staff("石", "street_supervisor", "S1");
  private static final Checking CHECKING = BUREAU.casework.checking();
  private static final ReturnVisits VISITS = BUREAU.casework.visits();
  private static final Rating CONTENT = new Rating(Solved.YES, Satisfaction.SATISFIED, true, null);
  private static final Finding SEEN = new Finding(true, "亮了", List.of(), "手机没电");
  private static final Errands.Pace BY_DAY_AND_NIGHT =
      new Errands.Pace(
          Duration.ofMinutes(15), Duration.ofMinutes(10), QuietHours.NONE, TestClock.ZONE);

  private final long person = person();

  @BeforeEach
  void itIsThursdayTenOClock() {
    BUREAU.clock.set("2026-03-12T10:00");
    VISITS.carriedBy((_, _, _) -> Carried.DELIVERED);
  }

  @Test
  void whoDidItAndWhoAnswersToThemDoNotCheckIt() {
    Case reported = reported(REN);
    assertThat(reported.state()).isEqualTo(CaseState.INSPECTING);
    assertThat(reported.staffId()).isNull();
    assertThat(clock(reported, Kind.CHECK).dueAt()).isEqualTo(at("2026-03-13T17:30"));
    assertThat(clock(reported, Kind.HANDLING).stoppedAt()).isNotNull();
    assertRefused("case-check-own", () -> claim(REN, reported));
    assertRefused("case-check-own", () -> claim(HE, reported));
    assertThat(steps(REN, reported)).doesNotContain(Step.CLAIM).contains(Step.TAKE_RESULT_BACK);
    assertRefused("case-unclaimed", () -> check(GAO, reported, SEEN));

    Case taken = claim(GAO, reported);
    assertThat(BUREAU.handling.colleagues(GAO, taken)).isEmpty();
    assertRefused("case-not-back", () -> CHECKING.takeBack(REN, taken.id(), taken.version()));
    assertRefused("check-photo-missing", () -> check(GAO, taken, found(true, "亮了", "")));
    assertRefused("check-words-missing", () -> check(GAO, taken, found(false, " ", "没拍")));
    assertThat(now(taken)).isEqualTo(taken);

    Case asked = check(GAO, taken, SEEN);
    assertThat(asked.state()).isEqualTo(CaseState.RETURN_VISIT);
    assertThat(asked.rests()).isTrue();
    assertThat(clock(asked, Kind.RETURN_VISIT).dueAt()).isEqualTo(at("2026-03-16T17:30"));
    assertThat(BUREAU.cases.notes(GAO, asked.id()))
        .extracting(Note::text)
        .containsExactly("亮了\n（手机没电）");
    assertThat(unclaimed(HE)).doesNotContain(asked.id());
  }

  /// What the desk of the street did, nobody of its communities checks.
  @Test
  void whereNobodyAtTheDeskMayTheNextOneChecks() {
    Case taken = taken(REN);
    long street = BUREAU.community.desks().of(WEI).getFirst().id();
    Case on = BUREAU.handovers.handOn(REN, taken.id(), taken.version(), street, "要街道出面");
    on = claim(SHI, on);
    Case alone = CHECKING.report(SHI, on.id(), on.version(), "拆了");
    assertThat(alone.state()).as("nobody else works here").isEqualTo(CaseState.CLOSED);
    assertThat(BUREAU.events.of(BUREAU.db, CaseEvent.VOCABULARY, alone.id().value()))
        .extracting(Told::event)
        .filteredOn(CaseEvent.Closed.class::isInstance)
        .singleElement()
        .isInstanceOfSatisfying(
            CaseEvent.Closed.class,
            closed ->
                assertThat(closed.exception())
                    .isEqualTo(CaseEvent.Closed.Unchecked.CLOSED_BY_HANDLER));

    var _ = BUREAU.staff("章", "district_dispatcher", "D");
    Case other = taken(REN);
    other = BUREAU.handovers.handOn(REN, other.id(), other.version(), street, "要街道出面");
    other = claim(SHI, other);
    Case reported = CHECKING.report(SHI, other.id(), other.version(), "拆了");
    assertThat(reported.deskId())
        .as("the dispatcher answers to the supervisor: the district")
        .isEqualTo(BUREAU.community.desks().fallbackFor(BUREAU.place("D")).id());

    Case again = taken(REN);
    again = BUREAU.handovers.handOn(REN, again.id(), again.version(), street, "要街道出面");
    again = claim(WEI, again);
    Case checked = CHECKING.report(WEI, again.id(), again.version(), "拆了");
    assertThat(checked.deskId()).isEqualTo(street);
    assertRefused("case-check-own", () -> claim(WEI, checked));
    assertThat(claim(SHI, checked).isHeldBy(SHI.id())).isTrue();
  }

  @Test
  void whatIsNotDoneGoesBackAndNoClockOfTheResidentBeginsAnew() {
    Case reported = reported(REN);
    CaseClock handling = clock(reported, Kind.HANDLING);
    BUREAU.clock.pass(Duration.ofHours(1));
    Case taken = claim(GAO, reported);
    Case back = check(GAO, taken, found(false, "还有一半没清", "没带手机"));
    assertThat(back.state()).isEqualTo(CaseState.HANDLING);
    assertThat(back.isHeldBy(REN.id())).isTrue();
    assertThat(back.reworks()).isEqualTo(1);
    assertThat(back.lead()).isNull();
    CaseClock goesOn = clock(back, Kind.HANDLING);
    assertThat(goesOn.isRunning()).isTrue();
    assertThat(goesOn.dueAt()).isEqualTo(handling.dueAt());
    assertThat(goesOn.startedAt()).isEqualTo(handling.startedAt());
    assertThat(clock(back, Kind.REWORK).rule()).startsWith("1 work_day");
    assertThat(BUREAU.cases.byCode(back.code(), "zh").orElseThrow().steps())
        .extracting(Line::sentence)
        .contains("任说办好了", "高核查，还没办好，" + back.deskName() + "重新办");

    Case again = CHECKING.report(REN, back.id(), back.version(), "都清了");
    assertThat(again.state()).isEqualTo(CaseState.INSPECTING);
    assertThat(clocks(again)).noneMatch(each -> each.kind() == Kind.REWORK && each.isRunning());
  }

  @Test
  void aResultThatNobodyHasTouchedIsTakenBack() {
    Case reported = reported(REN);
    BUREAU.clock.pass(Duration.ofSeconds(8));
    assertRefused("case-not-back", () -> CHECKING.takeBack(GAO, reported.id(), reported.version()));
    Case back = CHECKING.takeBack(REN, reported.id(), reported.version());
    assertThat(back.state()).isEqualTo(CaseState.HANDLING);
    assertThat(back.isHeldBy(REN.id())).isTrue();
    assertThat(clock(back, Kind.HANDLING).isRunning()).isTrue();
    assertThat(clocks(back)).noneMatch(each -> each.kind() == Kind.CHECK);
    assertThat(BUREAU.cases.byCode(back.code(), "zh").orElseThrow().steps())
        .as("the resident has heard of nothing")
        .extracting(Line::word)
        .doesNotContain("reported", "sent_to_check");
  }

  /// A question needs no look; but of a hundred some are looked at, and nobody knows which.
  @Test
  void onlyASampleOfWhatNeedsNoLookIsLookedAt() {
    BUREAU.db.execute(
        """
        INSERT INTO case_rules (version, valid_from, acceptance, signing, signing_critical_minutes,
                                checking, return_visit, whitelist, confidential, check_sample)
        SELECT 7, '2026-06-01', acceptance, signing, signing_critical_minutes, checking, return_visit,
               whitelist, confidential, 40 FROM case_rules WHERE version = 1
        """);
    BUREAU.clock.set("2026-06-04T10:00");
    var states = new ArrayList<CaseState>();
    for (int i = 0; i < 40; i++) {
      states.add(reported(REN, "0501").state());
    }
    assertThat(states).contains(CaseState.INSPECTING, CaseState.RETURN_VISIT);
    assertThat(states).containsOnly(CaseState.INSPECTING, CaseState.RETURN_VISIT);
  }

  @Test
  void whoSaysNothingHasNotAnsweredAndWhomNoQuestionReachedWasNotAsked() {
    Case silent = asked(REN);
    goOn();
    assertThat(visit(silent).tries()).isEqualTo(1);
    BUREAU.clock.set("2026-03-12T17:59");
    goOn();
    assertThat(visit(silent).tries()).as("asked in the morning: again in the evening").isEqualTo(1);
    BUREAU.clock.set("2026-03-12T18:00");
    goOn();
    BUREAU.clock.set("2026-03-13T10:00");
    goOn();
    assertThat(visit(silent).tries()).isEqualTo(3);
    BUREAU.clock.set("2026-03-14T10:00");
    goOn();
    assertThat(now(silent).isOpen()).as("until the end of the second working day").isTrue();
    BUREAU.clock.set("2026-03-16T17:31");
    goOn();
    assertThat(now(silent).state()).isEqualTo(CaseState.CLOSED);
    assertThat(visit(silent).outcome()).isEqualTo(Outcome.NO_ANSWER);
    assertThat(now(silent).staffId()).as("among what they have done").isEqualTo(REN.id());

    BUREAU.clock.set("2026-03-12T10:00");
    VISITS.carriedBy((_, _, _) -> Carried.LOST);
    Case lost = asked(REN);
    goOn();
    BUREAU.clock.pass(Duration.ofMinutes(15));
    goOn();
    assertThat(now(lost).rests()).as("somebody has to telephone").isFalse();
    assertThat(unclaimed(GAO)).contains(lost.id());
    Case taken = claim(GAO, now(lost));
    Case called = VISITS.call(GAO, lost.id(), taken.version(), new Call(false, Rating.NONE));
    assertThat(visit(lost).counted()).isEqualTo(1);
    assertRefused(
        "visit-called-lately",
        () -> VISITS.call(GAO, lost.id(), called.version(), new Call(false, Rating.NONE)));
    BUREAU.clock.set("2026-03-16T17:31");
    goOn();
    assertThat(visit(lost).outcome()).isEqualTo(Outcome.UNREACHABLE);
  }

  @Test
  void theResidentHasTheLastWordAndMayChangeItForAWeek() {
    Case asked = asked(REN);
    goOn();
    assertRefused("not-found", () -> rate(asked, person + 1, said(Solved.YES)));
    var half = rate(asked, person, said(Solved.YES));
    assertThat(half.matter().state()).isEqualTo(CaseState.RETURN_VISIT);
    BUREAU.clock.pass(Duration.ofMinutes(30));
    goOn();
    assertThat(now(asked).state()).as("whoever says no more").isEqualTo(CaseState.CLOSED);
    assertThat(visit(asked).outcome()).isEqualTo(Outcome.ANSWERED);
    Instant closed = now(asked).closedAt();
    BUREAU.clock.pass(Duration.ofDays(6));
    var _ = BUREAU.handling.note(GAO, asked.id(), "材料归档了");
    assertThat(now(asked).closedAt()).as("a note moves no end").isEqualTo(closed);
    var changed = rate(asked, person, said(Solved.PARTLY));
    assertThat(changed.before()).isTrue();
    assertThat(visit(asked).solved()).isEqualTo(Solved.PARTLY);
    BUREAU.clock.pass(Duration.ofDays(2));
    assertRefused("visit-over", () -> rate(asked, person, said(Solved.YES)));
    assertThat(BUREAU.events.broken(CaseEvent.VOCABULARY)).isEmpty();
  }

  @Test
  void whatIsNotSolvedIsDoneAgainAndCheckedByAnother() {
    Case asked = asked(REN);
    var rated = rate(asked, person, new Rating(Solved.NO, Satisfaction.DISSATISFIED, false, "还漏"));
    Case review = rated.matter();
    assertThat(review.state()).isEqualTo(CaseState.RETURN_VISIT);
    assertThat(review.rests()).isFalse();
    assertThat(steps(REN, review)).doesNotContain(Step.REOPEN, Step.CLAIM);
    assertThat(BUREAU.cases.permits(REN, review).seesRating()).isFalse();
    assertThat(BUREAU.cases.permits(GAO, review).seesRating()).isTrue();
    Case taken = claim(GAO, review);
    Case back = CHECKING.reopen(GAO, review.id(), taken.version(), "确实还漏");
    assertThat(back.state()).isEqualTo(CaseState.HANDLING);
    assertThat(back.isHeldBy(REN.id())).isTrue();
    assertThat(back.passedBy()).containsExactly(GAO.id());
    assertThat(visit(asked).outcome()).isEqualTo(Outcome.REOPENED);
    assertRefused("visit-early", () -> rate(asked, person, said(Solved.YES)));

    Case again = CHECKING.report(REN, back.id(), back.version(), "补好了");
    assertThat(again.deskId())
        .as("whoever passed it does not check it again: the street")
        .isEqualTo(BUREAU.community.desks().of(WEI).getFirst().id());
    Case second = check(WEI, claim(WEI, again), SEEN);
    assertThat(rate(second, person, CONTENT).matter().state()).isEqualTo(CaseState.CLOSED);
    assertThat(BUREAU.cases.holdings(GAO, second.id())).isNotEmpty();
  }

  @Test
  void onlyWhoLeadsSaysThatNothingMoreCanBeDone() {
    Case asked = asked(REN);
    assertRefused("case-step", () -> VISITS.overrule(GAO, asked.id(), now(asked).version(), "依规定"));
    Case review =
        rate(asked, person, new Rating(Solved.NO, Satisfaction.FAIR, true, null)).matter();
    assertRefused(
        "case-overrule-not-yours", () -> VISITS.overrule(HE, review.id(), review.version(), "依规定"));
    assertRefused("reason-missing", () -> VISITS.overrule(GAO, review.id(), review.version(), " "));
    Case closed = VISITS.overrule(GAO, review.id(), review.version(), "依《条例》，这里不归社区");
    assertThat(closed.state()).isEqualTo(CaseState.CLOSED);
    assertThat(visit(asked).outcome()).isEqualTo(Outcome.OVERRULED);
  }

  @Test
  void evidenceIsAPictureThatWasTakenThere() {
    var building = BUREAU.community.territories().byCode("C1L03").orElseThrow();
    var known =
        new Territory(
            building.id(),
            building.code(),
            building.level(),
            null,
            building.name(),
            null,
            null,
            null,
            building.path(),
            30.0,
            104.0,
            null,
            null,
            building.from(),
            null);
    assertThat(Evidence.of(List.of(), known).isWhole()).isFalse();
    assertThat(Evidence.of(List.of(drawn(null)), known).isWhole())
        .as("nobody knows where")
        .isFalse();
    assertThat(Evidence.of(List.of(drawn(new Photo.Spot(30.0005, 104.0, 10))), known).isWhole())
        .as("some fifty metres off")
        .isTrue();
    Evidence far = Evidence.of(List.of(drawn(new Photo.Spot(30.01, 104.0, 10))), known);
    assertThat(far.isWhole()).isFalse();
    assertThat(far.metres()).isBetween(1_080, 1_120);
    assertThat(Evidence.of(List.of(drawn(new Photo.Spot(31, 104, 10))), building).isWhole())
        .as("where the building is, nobody has said")
        .isTrue();
  }

  /// A number answers what has arrived, and may do so before the platform has said that it has.
  @Test
  void whoAnswersWhatIsBeingHandedOverHasReadIt() {
    VISITS.carriedBy((_, _, _) -> Carried.UNDER_WAY);
    Case asked = check(GAO, claim(GAO, reported(REN)), SEEN);
    goOn();
    for (var carried : Carried.values()) {
      VISITS.carriedBy((_, _, _) -> carried);
      boolean wasAsked =
          BUREAU.db.inTransaction(tx -> {
            ReturnVisit visit = VISITS.last(tx, asked.id()).orElseThrow();
            boolean was = VISITS.wasAsked(tx, visit);
            tx.execute(
                "UPDATE return_visit_try SET state = 'waiting' WHERE visit_id = $1", visit.id());
            return was;
          });
      assertThat(wasAsked)
          .as(carried.name())
          .isEqualTo(carried == Carried.HANDED_OVER || carried == Carried.DELIVERED);
    }
  }

  /// By the door: without a reason neither a picture from nowhere nor one from elsewhere will do.
  @Test
  void aPictureFromNowhereOrFromElsewhereNeedsAReason() {
    BUREAU.territory(located("30.0,104.0"));
    try {
      Case taken = claim(GAO, reported(REN));
      assertRefused("check-place-missing", () -> check(GAO, taken, seenAt(null)));
      assertRefused("check-far", () -> check(GAO, taken, seenAt(new Photo.Spot(30.01, 104.0, 10))));
      assertThat(now(taken)).isEqualTo(taken);
      assertThat(BUREAU.cases.notes(GAO, taken.id())).isEmpty();
      Case asked = check(GAO, taken, seenAt(new Photo.Spot(30.0005, 104.0, 10)));
      assertThat(asked.state()).isEqualTo(CaseState.RETURN_VISIT);
      assertThat(BUREAU.cases.notes(GAO, asked.id())).extracting(Note::text).containsExactly("亮了");
    } finally {
      BUREAU.territory(located(","));
    }
  }

  private static String located(String building) {
    return Bureau.TERRITORY
        .lines()
        .map(line ->
            line
                + (line.startsWith("code,")
                    ? ",lat,lng"
                    : line.startsWith("C1L03,") ? "," + building : ",,"))
        .collect(joining("\n"));
  }

  private static Finding seenAt(Photo.@Nullable Spot spot) {
    var picture = Samples.picture(40, 30, "JPEG");
    return new Finding(
        true, "亮了", List.of(new Photos.Taken(picture, BUREAU.clock.instant(), spot)), "");
  }

  private static Photos.Drawn drawn(Photo.@Nullable Spot spot) {
    Blobs.@Nullable Blob kept = null;
    return new Photos.Drawn(kept, BUREAU.clock.instant(), spot);
  }

  // In common.

  private Case taken(Staff who) {
    return taken(who, "0102");
  }

  private Case taken(Staff who, String category) {
    NewCase told = BUREAU.told("3栋楼道堆了杂物", category);
    var draft =
        NewCase.of(told.what(), told.territoryId(), "wechat")
            .by(person, null)
            .category(category)
            .confirmed(true)
            .ready();
    Opened opened =
        BUREAU.db.inTransaction(
            tx -> BUREAU.intake.open(tx, draft, Future.succeededFuture(BUREAU.clock.instant())));
    return claim(who, now(opened.id()));
  }

  private Case reported(Staff who) {
    return reported(who, "0102");
  }

  private Case reported(Staff who, String category) {
    Case taken = taken(who, category);
    return CHECKING.report(who, taken.id(), taken.version(), "清完了");
  }

  /// Checked by the secretary.
  private Case asked(Staff who) {
    return check(GAO, claim(GAO, reported(who)), SEEN);
  }

  private static Case claim(Staff who, Case matter) {
    return BUREAU.handling.claim(who, matter.id(), matter.version());
  }

  private static Case check(Staff who, Case matter, Finding finding) {
    return CHECKING.check(who, matter.id(), matter.version(), finding);
  }

  private static Finding found(boolean passed, String words, String excuse) {
    return new Finding(passed, words, List.of(), excuse);
  }

  private static Rating said(Solved solved) {
    return new Rating(solved, null, null, null);
  }

  private static ReturnVisits.Rated rate(Case matter, long who, Rating said) {
    return BUREAU.db.inTransaction(tx -> VISITS.rate(tx, matter.id(), who, null, said, List.of()));
  }

  private static void goOn() {
    while (VISITS.goOnDue(BY_DAY_AND_NIGHT)) {
      // there may be more
    }
  }

  private static ReturnVisit visit(Case matter) {
    return VISITS.last(BUREAU.db, matter.id()).orElseThrow();
  }

  private static Case now(Case matter) {
    return now(matter.id());
  }

  private static Case now(CaseId id) {
    return BUREAU.cases.named(BUREAU.db, id).orElseThrow();
  }

  private static List<Step> steps(Staff who, Case matter) {
    return BUREAU.cases.stepsFor(who, matter);
  }

  private static List<CaseClock> clocks(Case matter) {
    return new ClockStore().clocks(BUREAU.db, matter.id());
  }

  private static CaseClock clock(Case matter, Kind kind) {
    return clocks(matter).stream().filter(each -> each.kind() == kind).findFirst().orElseThrow();
  }

  private static List<CaseId> unclaimed(Staff who) {
    return BUREAU.inbox.page(who, Inbox.View.UNCLAIMED, "", null, 200).entries().stream()
        .map(Inbox.Entry::id)
        .toList();
  }

  private static Instant at(String local) {
    return Bureau.at(local);
  }

  private static long person() {
    var key = new AddressKey("wechat", "main", "check-" + UUID.randomUUID());
    return BUREAU.db.inTransaction(tx ->
        BUREAU.community.people().ensure(tx, List.of(key)).values().iterator().next().personId());
  }

  private static void assertRefused(String code, ThrowingCallable step) {
    assertThatThrownBy(step)
        .isInstanceOfSatisfying(
            Refusal.class, refusal -> assertThat(refusal.code()).isEqualTo(code));
  }
}
