package io.linyu.casework;

import static io.linyu.casework.Bureau.at;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linyu.casework.CaseClock.Kind;
import io.linyu.casework.Cases.Step;
import io.linyu.casework.Splitting.Matter;
import io.linyu.channel.AddressKey;
import io.linyu.community.Level;
import io.linyu.community.Staff;
import io.linyu.insight.Insight;
import io.linyu.platform.Refusal;
import io.linyu.platform.time.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// One message that tells of several matters.
class SplitTest {
  @AutoClose private static final Bureau BUREAU = new Bureau();
  private static final Splitting SPLITTING = BUREAU.casework.splitting();

  private static final Staff REN = BUREAU.staff("任", "community_deputy", "C1");
  private static final Staff QIU = BUREAU.staff("邱", "community_deputy", "C2");
  private static final Staff ZHANG = BUREAU.staff("章", "district_dispatcher", "D");
  private static final Staff WEI = BUREAU.staff("韦", "street_dispatcher", "S1");

  private static final String SAID = "楼道里堆了旧沙发，广场舞太吵了。";
  private static final List<String> SOFA = List.of("楼道里堆了旧沙发，");
  private static final List<String> NOISE = List.of("广场舞太吵了。");

  @BeforeEach
  void itIsThursdayTenOClock() {
    BUREAU.clock.set("2026-03-12T10:00");
  }

  @Test
  void eachMatterIsACaseOfItsOwnWithClocksFromTheFirstWord() {
    Case whole = mine("0102");
    BUREAU.clock.set("2026-03-12T15:00");
    assertThat(BUREAU.cases.stepsFor(REN, whole)).contains(Step.SPLIT);
    assertThat(BUREAU.cases.stepsFor(WEI, whole)).as("who says where it goes").contains(Step.SPLIT);
    Case first =
        SPLITTING.split(
            REN, whole.id(), whole.version(), SOFA, List.of(new Matter(NOISE, "0705", null)));
    Case other = SPLITTING.family(BUREAU.db, first).others().getFirst();

    assertThat(first.number()).isEqualTo(whole.number());
    assertThat(first.isHeldBy(REN.id())).isTrue();
    assertThat(first.title()).isEqualTo("楼道里堆了旧沙发");
    assertThat(first.what()).as("what was said stays readable").isEqualTo(SAID);
    assertThat(other.number()).isNotEqualTo(whole.number());
    assertThat(other.what()).isEqualTo("广场舞太吵了。");
    assertThat(other.categoryCode()).isEqualTo("0705");
    assertThat(other.state()).isEqualTo(CaseState.DISPATCHED);
    assertThat(other.staffId()).isNull();
    assertThat(other.personId()).isEqualTo(whole.personId());
    assertThat(SPLITTING.family(BUREAU.db, other).from())
        .extracting(Case::id)
        .isEqualTo(first.id());

    Category.Limit limit =
        requireNonNull(BUREAU.casework.categories().named("0705").orElseThrow().limit());
    assertThat(clock(other, Kind.HANDLING).startedAt()).isEqualTo(at("2026-03-12T10:00"));
    assertThat(clock(other, Kind.HANDLING).dueAt())
        .as("as if it had been told by itself")
        .isEqualTo(BUREAU.calendar().due(at("2026-03-12T10:00"), limit.value(), limit.unit()));
    assertThat(clock(other, Kind.FIRST_CONTACT).startedAt()).isEqualTo(at("2026-03-12T10:00"));
    assertThat(clock(other, Kind.FIRST_CONTACT).isRunning()).isTrue();
    assertThat(clock(other, Kind.SIGNING).startedAt())
        .as("its own desk signs it from now")
        .isEqualTo(at("2026-03-12T15:00"));
    assertThat(clock(first, Kind.HANDLING)).isEqualTo(clock(whole, Kind.HANDLING));

    assertRefused("case-changed", () -> split(whole, "0705"));
    assertThat(history(first)).contains("任 把它分成 2 件事办");
    assertThat(history(other)).contains("任 从居民的同一段话里分出来");
    assertThat(progress(first)).contains("您一次说的是2件事，分开办");
  }

  @Test
  void whoeverWasAnsweredWasAnsweredAboutAllTheyHadTold() {
    Case whole = mine("0102");
    BUREAU.clock.set("2026-03-12T11:00");
    Case answered = BUREAU.handling.answer(REN, whole.id(), whole.version(), "我下午来看。");
    BUREAU.clock.set("2026-03-12T15:00");
    Case other = other(split(answered, "0705"));
    assertThat(clock(other, Kind.FIRST_CONTACT).stoppedAt()).isEqualTo(at("2026-03-12T11:00"));
    Case mine = BUREAU.handling.claim(WEI.worksAt(other.deskId()) ? WEI : REN, other.id(), 1);
    BUREAU.clock.set("2026-03-13T10:00");
    Case done = BUREAU.finish(holder(mine), mine.id(), mine.version(), "说好了，八点以后不跳。");
    assertThat(done.state()).isEqualTo(CaseState.CLOSED);
    try (var ticker = new Ticker()) {
      var records =
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
              .running(ticker)
              .evaluations();
      EvaluationTest.hear(BUREAU);
      var record = records.of(done.id()).getLast();
      assertThat(record.repeat()).as("it was told once").isFalse();
      assertThat(record.course().returns()).isZero();
      assertThat(record.inTime().contact()).isTrue();
      assertThat(records.of(answered.id())).as("the other goes on").isEmpty();
    }
  }

  private static Staff holder(Case matter) {
    return matter.isHeldBy(REN.id()) ? REN : WEI;
  }

  @Test
  void itIsTakenBackSoonAndNotOnceSomebodyHasBegun() {
    Case whole = mine("0102");
    Case first = split(whole, "0705");
    Case other = other(first);
    BUREAU.clock.pass(Duration.ofSeconds(20));
    assertRefused("split-undo-late", () -> SPLITTING.takeBack(WEI, first.id(), first.version()));
    Case back = SPLITTING.takeBack(REN, first.id(), first.version());
    assertThat(back.title()).isEqualTo(whole.title());
    assertThat(SPLITTING.family(BUREAU.db, back).isEmpty()).isTrue();
    Case gone = BUREAU.cases.named(BUREAU.db, other.id()).orElseThrow();
    assertThat(gone.state()).isEqualTo(CaseState.WITHDRAWN);
    assertThat(gone.what()).as("nothing is left of it").isEmpty();
    assertThat(gone.personId()).isNull();
    assertThat(BUREAU.cases.ofPerson(BUREAU.db, person(back), 9)).hasSize(1);
    assertThat(progress(back))
        .as("and they read nothing of it")
        .noneMatch(each -> each.contains("分开办"));

    Case again = split(back, "0705");
    BUREAU.clock.pass(Duration.ofSeconds(30));
    assertRefused("split-undo-late", () -> SPLITTING.takeBack(REN, again.id(), again.version()));
    Case third = split(again, "0705");
    Case begun = SPLITTING.family(BUREAU.db, third).others().getLast();
    Staff takes = WEI.worksAt(begun.deskId()) ? WEI : REN;
    BUREAU.handling.claim(takes, begun.id(), begun.version());
    assertRefused("split-begun", () -> SPLITTING.takeBack(REN, third.id(), third.version()));
    // What was two by mistake is merged: of one kind they are.
    Case same = BUREAU.corrections.setCategory(takes, begun.id(), begun.version() + 1, "0102");
    Case merged = BUREAU.casework.merging().merge(takes, same.id(), same.version(), third.code());
    assertThat(merged.masterId()).isEqualTo(third.id());
  }

  @Test
  void itIsMadeOfWhatWasSaidByWhoHasItOrSaysWhereItGoes() {
    Case whole = mine("0102");
    assertRefused(
        "split-one", () -> SPLITTING.split(REN, whole.id(), whole.version(), SOFA, List.of()));
    assertRefused(
        "split-words-missing",
        () ->
            SPLITTING.split(
                REN,
                whole.id(),
                whole.version(),
                List.of(),
                List.of(new Matter(NOISE, null, null))));
    assertRefused(
        "split-not-said",
        () ->
            SPLITTING.split(
                REN,
                whole.id(),
                whole.version(),
                SOFA,
                List.of(new Matter(List.of("电梯坏了"), null, null))));
    Matter noise = new Matter(NOISE, "0705", null);
    assertRefused(
        "split-many",
        () ->
            SPLITTING.split(
                REN,
                whole.id(),
                whole.version(),
                SOFA,
                List.of(noise, noise, noise, noise, noise)));
    assertThatThrownBy(
            () -> SPLITTING.split(QIU, whole.id(), whole.version(), SOFA, List.of(noise)))
        .as("it is not theirs to see")
        .isInstanceOf(Refusal.class)
        .hasFieldOrPropertyWithValue("status", 404);
    assertThat(Splitting.clauses("灯坏了，电梯也不动。\n还有，水小"))
        .containsExactly("灯坏了，", "电梯也不动。", "还有，", "水小");
    // By its words, and at another place.
    Case first =
        SPLITTING.split(
            REN,
            whole.id(),
            whole.version(),
            SOFA,
            List.of(new Matter(List.of("广场舞太吵"), null, BUREAU.place("C2").id())));
    Case other = other(first);
    assertThat(other.territoryId()).isEqualTo(BUREAU.place("C2").id());
    assertThat(other.what()).isEqualTo("广场舞太吵");
  }

  @Test
  void whatWasToldInConfidenceStaysSoAndNothingComesToThoseItIsAbout() {
    Case about = open("1205", "C1L03");
    assertThat(about.level()).isEqualTo(Level.DISTRICT);
    assertThat(BUREAU.cases.isVisibleTo(BUREAU.db, REN, about.id())).isFalse();
    Case mine = BUREAU.handling.claim(ZHANG, about.id(), about.version());
    Case other =
        other(
            SPLITTING.split(
                ZHANG, mine.id(), mine.version(), NOISE, List.of(new Matter(SOFA, "0102", null))));
    assertThat(other.confidential()).isTrue();
    assertThat(other.level()).isEqualTo(Level.STREET);
    assertThat(BUREAU.cases.isVisibleTo(BUREAU.db, REN, other.id()))
        .as("what was told with a complaint about them passes them by")
        .isFalse();

    // A complaint that is told among other things is kept from them from then on.
    Case whole = mine("0102");
    Case part = other(split(whole, "1205"));
    assertThat(part.confidential()).isTrue();
    assertThat(BUREAU.cases.isVisibleTo(BUREAU.db, REN, part.id())).isFalse();

    Case quiet = open("0704", "C1L03");
    Staff has = WEI.worksAt(quiet.deskId()) ? WEI : REN;
    Case held = BUREAU.handling.claim(has, quiet.id(), quiet.version());
    Case light =
        other(
            SPLITTING.split(
                has, held.id(), held.version(), NOISE, List.of(new Matter(SOFA, "0102", null))));
    assertThat(BUREAU.cases.isQuiet(BUREAU.db, light)).as("what was told with it").isTrue();
  }

  private static Case mine(String category) {
    Case told = open(category, "C1L03");
    return BUREAU.handling.claim(REN, told.id(), told.version());
  }

  private static Case open(String category, String place) {
    var key = new AddressKey("wechat", "main", "split-" + UUID.randomUUID());
    long person =
        BUREAU.db.inTransaction(tx ->
            BUREAU
                .community
                .people()
                .ensure(tx, List.of(key))
                .values()
                .iterator()
                .next()
                .personId());
    Opened opened =
        BUREAU.open(
            NewCase.of(SAID, BUREAU.place(place).id(), "wechat")
                .by(person, null)
                .category(category)
                .confirmed(true)
                .ready());
    return BUREAU.cases.named(BUREAU.db, opened.id()).orElseThrow();
  }

  private static long person(Case matter) {
    return requireNonNull(matter.personId());
  }

  private static Case split(Case whole, String category) {
    return SPLITTING.split(
        REN, whole.id(), whole.version(), SOFA, List.of(new Matter(NOISE, category, null)));
  }

  private static Case other(Case first) {
    return SPLITTING.family(BUREAU.db, first).others().getLast();
  }

  private static CaseClock clock(Case matter, Kind kind) {
    return new ClockStore()
        .clocks(BUREAU.db, matter.id()).stream()
            .filter(each -> each.kind() == kind)
            .findFirst()
            .orElseThrow();
  }

  private static List<String> history(Case matter) {
    return BUREAU.cases.told(matter.id(), "zh").stream().map(Line::sentence).toList();
  }

  private static List<String> progress(Case matter) {
    return BUREAU.cases.byCode(matter.code(), "zh").orElseThrow().steps().stream()
        .map(Line::sentence)
        .toList();
  }

  private static void assertRefused(String code, ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(Refusal.class).hasFieldOrPropertyWithValue("code", code);
  }
}
