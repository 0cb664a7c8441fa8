package io.linyu.casework;

import static io.linyu.casework.Bureau.assertRefused;
import static io.linyu.casework.Bureau.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.linyu.casework.Cases.Step;
import io.linyu.community.Staff;
import io.linyu.platform.time.WorkingCalendar;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// More time: a longer limit, what waits until a day, and what cannot be done at all.
class WaitingTest {
  @AutoClose private static final Bureau BUREAU = new Bureau();
  private static final Cases CASES = BUREAU.cases;
  private static final Intake INTAKE = BUREAU.intake;
  private static final Handling HANDLING = BUREAU.handling;
  private static final Handovers HANDOVERS = BUREAU.handovers;
  private static final Staff REN = BUREAU.staff("任", "community_deputy", "C1");
  private static final Staff HE = BUREAU.staff("何", "info_officer", "C1");
  private static final Staff QIU = BUREAU.staff("邱", "community_deputy", "C2");
  private static final Staff WEI = BUREAU.staff("韦", "street_dispatcher", "S1");
  private static final Staff DU = BUREAU.staff("杜", "street_supervisor", "S1");
  private static final Staff ZHANG = BUREAU.staff("章", "district_dispatcher", "D");

  @BeforeEach
  void itIsThursdayTenOClock() {
    BUREAU.clock.set("2026-03-12T10:00");
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

    List<String> running = BUREAU.clocks(ZHANG, matter);
    Case asked = extending.ask(REN, id, 2, "拉门板的车周二才有");
    assertThat(BUREAU.clocks(ZHANG, asked)).as("asking stops nothing").isEqualTo(running);
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
    assertThat(BUREAU.clocks(ZHANG, refused)).isEqualTo(running);
    var _ = extending.ask(REN, id, 1, "问错了");
    var _ = requests.takeBack(REN, id);
    Case again = extending.ask(REN, id, 2, "拉门板的车周二才有");
    Case granted = extending.grant(HE, id, note(again));
    assertThat(granted.extensions()).isEqualTo(1);
    assertThat(granted.asked()).isNull();
    assertThat(BUREAU.clocks(ZHANG, granted))
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
    Case on = HANDOVERS.handOn(REN, id, second.version(), BUREAU.desk("D02", "S1").id(), "要街道出面");
    assertThat(on.asked()).as("it was asked of others").isNull();
    var _ = HANDOVERS.handBack(REN, id, on.version());
    on = extending.ask(REN, id, 2, "车坏了");
    Case twice = extending.grant(gao, id, note(on));
    assertThat(twice.extensions()).isEqualTo(2);
    assertThat(BUREAU.clocks(ZHANG, twice)).contains("HANDLING 2026-03-20T09:30:00Z");

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
    assertThat(BUREAU.clocks(ZHANG, asked))
        .as("asking stops nothing")
        .isEqualTo(BUREAU.clocks(ZHANG, matter));
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
    assertThat(BUREAU.clocks(ZHANG, waits))
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
    BUREAU.notice();
    assertThat(BUREAU.delays(opened.id())).isEmpty();
    assertThat(review()).as("not yet").doesNotContain(id);
    int version = waits.version();
    assertRefused("case-held", () -> suspending.resume(gao, id, version));

    BUREAU.clock.set("2026-03-24T09:00");
    assertThat(review()).contains(id);
    assertThat(review()).as("once").doesNotContain(id);
    Case on = CASES.visibleTo(REN, id);
    assertThat(on.state()).isEqualTo(CaseState.HANDLING);
    assertThat(on.staffId()).isEqualTo(REN.id());
    assertThat(BUREAU.clocks(ZHANG, on))
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
    assertThat(BUREAU.clocks(ZHANG, on)).containsExactly("HANDLING 2026-03-27T03:00:00Z");

    // Again, and whoever has it goes on the same night.
    on = wait(REN, id, LocalDate.of(2026, 4, 10));
    on = suspending.grant(gao, id, on.version(), note(on));
    BUREAU.clock.set("2026-03-27T02:00");
    on = suspending.resume(REN, id, on.version());
    assertThat(BUREAU.clocks(ZHANG, on)).containsExactly("HANDLING 2026-03-27T08:30:00Z");
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
    Opened opened = BUREAU.open(Bureau.toldBy(person, BUREAU.told("3栋楼道有裂缝", safety)));
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
    Opened piled = BUREAU.open(Bureau.toldBy(person, BUREAU.told("3栋楼道堆物", "0102")));
    var _ = HANDLING.claim(REN, piled.id(), CASES.visibleTo(REN, piled.id()).version());
    Case waits = wait(REN, piled.id(), LocalDate.of(2026, 3, 16));
    var _ = suspending.grant(gao, piled.id(), waits.version(), note(waits));
    for (CaseId each : List.of(id, piled.id())) {
      BUREAU.db.inTransaction(tx -> INTAKE.withdraw(tx, each, person, null));
    }
    BUREAU.clock.set("2026-03-17T10:00");
    assertThat(review()).as("others may come to harm").contains(id).doesNotContain(piled.id());
    assertThat(CASES.clocks(REN, piled.id()))
        .noneMatch(each -> each.isPaused() || each.isRunning());
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
    assertThat(BUREAU.told(over).getLast().event())
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
    BUREAU
        .told(CASES.visibleTo(REN, id))
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
}
