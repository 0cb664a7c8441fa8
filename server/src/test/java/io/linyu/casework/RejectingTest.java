package io.linyu.casework;

import static io.linyu.casework.Bureau.assertRefused;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.linyu.casework.Cases.Step;
import io.linyu.community.Staff;
import io.linyu.platform.text.Words;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What is not accepted, and is looked at once more by another desk.
class RejectingTest {
  @AutoClose private static final Bureau BUREAU = new Bureau();
  private static final Cases CASES = BUREAU.cases;
  private static final Handling HANDLING = BUREAU.handling;
  private static final Handovers HANDOVERS = BUREAU.handovers;
  private static final Corrections CORRECTIONS = BUREAU.corrections;
  private static final Staff REN = BUREAU.staff("任", "community_deputy", "C1");
  private static final Staff HE = BUREAU.staff("何", "info_officer", "C1");
  private static final Staff QIU = BUREAU.staff("邱", "community_deputy", "C2");
  private static final Staff WEI = BUREAU.staff("韦", "street_dispatcher", "S1");
  private static final Staff ZHANG = BUREAU.staff("章", "district_dispatcher", "D");

  @BeforeEach
  void itIsThursdayTenOClock() {
    BUREAU.clock.set("2026-03-12T10:00");
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
    List<String> running = BUREAU.clocks(ZHANG, waits);

    Case gone = reject(REN, waits);
    assertThat(gone.state()).isEqualTo(CaseState.REJECTED);
    assertThat(gone.isOpen()).isFalse();
    assertThat(BUREAU.clocks(ZHANG, gone)).isEmpty();
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
    assertThat(BUREAU.clocks(ZHANG, back)).isEqualTo(running);
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
    assertThat(offer.desk()).isEqualTo(BUREAU.desk("D02", "S1"));
    assertThat(offer.until()).isEqualTo("2026-03-27");

    BUREAU.clock.set("2026-03-27T23:59");
    Case asked = appeal(gone.id(), person);
    assertThat(asked.isUnderReview()).isTrue();
    assertThat(asked.deskName()).isEqualTo(BUREAU.desk("D02", "S1").name());
    assertThat(asked.level()).isEqualTo(io.linyu.community.Level.STREET);
    assertThat(asked.staffId()).isNull();
    assertThat(BUREAU.clocks(ZHANG, asked))
        .as("from now on")
        .containsExactly("ACCEPTANCE 2026-03-30T03:00:00Z");
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
    assertThat(district.deskName()).isEqualTo(BUREAU.desk("D01", "D").name());
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
    Case waits = CASES.visibleTo(REN, BUREAU.open(Bureau.toldBy(person, told)).id());
    Case asked = appeal(reject(REN, waits).id(), person);
    BUREAU.clock.pass(Duration.ofMinutes(5));
    Case taken = HANDLING.claim(WEI, asked.id(), asked.version());
    assertThat(taken.state()).isEqualTo(CaseState.HANDLING);
    assertThat(way(taken)).contains("appealed", "appeal_granted", "claimed");
    assertRefused("case-reject-accepted", () -> reject(WEI, taken));
    BUREAU.clock.pass(Duration.ofSeconds(20));
    Case back = HANDLING.release(WEI, taken.id(), taken.version());
    assertThat(back.isUnderReview()).isTrue();
    assertThat(BUREAU.clocks(ZHANG, back)).isEqualTo(BUREAU.clocks(ZHANG, asked));
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
    return HANDOVERS.handOn(
        REN, matter.id(), matter.version(), BUREAU.desk("D02", "S1").id(), "归街道");
  }

  private static NewCase withPerson(String what, String territory, boolean known) {
    long person =
        BUREAU.db.one("INSERT INTO person (created_at) VALUES (now()) RETURNING id").getLong("id");
    return Bureau.toldBy(person, BUREAU.told(what, null, territory, known, false));
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
}
