package io.linyu.casework;

import static io.linyu.casework.Bureau.assertRefused;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linyu.casework.Cases.Step;
import io.linyu.casework.Conferences.Decision;
import io.linyu.casework.Conferences.Guest;
import io.linyu.casework.Conferences.Invitee;
import io.linyu.casework.LoopRule.Mode;
import io.linyu.community.Level;
import io.linyu.community.Staff;
import io.linyu.platform.Refusal;
import io.linyu.platform.events.Told;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Desks that sit down together about one case.
class ConferenceTest {
  @AutoClose private static final Bureau BUREAU = new Bureau();
  private static final Conferences CONFERENCES = BUREAU.casework.conferences();

  private static final Staff REN = BUREAU.staff("任", "community_deputy", "C1");
  private static final Staff WEI = BUREAU.staff("韦", "street_dispatcher", "S1");
  private static final Staff DU = BUREAU.staff("杜", "street_supervisor", "S1");
  private static final Staff ZHANG = BUREAU.staff("章", "district_dispatcher", "D");
  private static final Staff NEXT_DOOR = BUREAU.staff("邱", "community_deputy", "C2");

  /// A department of the district, which sees nothing but what its desk has to do with.
  private static final Staff SHUI = officer("水", "D04", "D");

  private static final LocalDateTime TUESDAY = LocalDateTime.parse("2026-03-17T14:00");
  private static final String HALL = "街道二楼会议室";

  @BeforeEach
  void itIsThursdayAndTheHouseIsNew() {
    BUREAU.clock.set("2026-03-12T10:00");
    BUREAU.db.execute("TRUNCATE \"case\" CASCADE");
    BUREAU.db.execute("TRUNCATE catch_up CASCADE");
    BUREAU.db.execute("DELETE FROM rule_switch WHERE version > 1");
  }

  @Test
  void aProblemTicketIsTalkedOverAndWhatIsDecidedIsDoneByOthers() {
    BUREAU.rule(LoopRule.E3, Mode.LIVE);
    CaseId id = passedOnThreeTimes();
    Case raised = see(id);
    assertThat(raised.level()).isEqualTo(Level.DISTRICT);
    Conference called = requireNonNull(raised.conference());
    assertThat(called.isSet()).isFalse();
    assertThat(called.calledBy()).isNull();
    assertThat(history(id)).anyMatch(each -> each.startsWith("要开会商，由 "));
    BUREAU.applyRules();
    assertThat(requireNonNull(see(id).conference()).id()).as("once").isEqualTo(called.id());
    assertThat(progress(id)).noneMatch(each -> each.contains("一起商量"));

    // The desk that has it now is to set it; those that had it before are proposed.
    assertThat(BUREAU.cases.stepsFor(ZHANG, raised))
        .contains(Step.CONVENE, Step.CALL_CONFERENCE_OFF)
        .doesNotContain(Step.WRITE_MINUTES);
    assertThat(BUREAU.cases.stepsFor(REN, raised)).doesNotContain(Step.CONVENE);
    assertThat(
            CONFERENCES.invitees(raised, BUREAU.cases.holdings(ZHANG, id), List.of()).stream()
                .filter(Invitee::chosen)
                .map(Invitee::deskId))
        .containsExactlyInAnyOrder(desk(REN), desk(WEI));
    assertRefused("conference-past", () -> set(ZHANG, id, at("2026-03-12T10:00"), desk(WEI)));
    assertRefused("conference-nobody", () -> set(ZHANG, id, TUESDAY));
    assertRefused("conference-desk", () -> set(ZHANG, id, TUESDAY, desk(ZHANG)));
    assertRefused("conference-not-yours", () -> set(WEI, id, TUESDAY, desk(REN)));
    assertNotFound(() -> BUREAU.cases.visibleTo(SHUI, id));

    Case set = set(ZHANG, id, TUESDAY, desk(REN), desk(WEI), desk(SHUI));
    assertThat(set.deskId()).as("it stays where it is").isEqualTo(raised.deskId());
    hear(id);
    assertThat(called(id, "convened")).containsExactlyInAnyOrder(desk(REN), desk(WEI), desk(SHUI));
    assertThat(progress(id)).last().asString().contains("几家单位定在").contains("3月17日");
    assertThat(BUREAU.cases.visibleTo(SHUI, id).id()).as("until it is held").isEqualTo(id);
    assertThat(BUREAU.cases.stepsFor(SHUI, see(id)))
        .doesNotContain(Step.CLAIM, Step.ANSWER, Step.HAND_ON, Step.WRITE_MINUTES);
    assertThat(CONFERENCES.of(SHUI, Long.MAX_VALUE)).hasSize(1);
    assertThat(CONFERENCES.of(NEXT_DOOR, Long.MAX_VALUE)).isEmpty();
    assertNotFound(() -> CONFERENCES.visibleTo(NEXT_DOOR, set.code()));

    CONFERENCES.answer(SHUI, set.code(), desk(SHUI), true, "管线是我们的，路面不是");
    assertNotFound(() -> CONFERENCES.answer(SHUI, set.code(), desk(WEI), true, ""));
    hear(id);
    assertThat(called(id, "convened")).as("they have said so").doesNotContain(desk(SHUI));
    Guest guest =
        CONFERENCES.guests(see(id)).stream()
            .filter(each -> each.deskId() == desk(SHUI))
            .findFirst()
            .orElseThrow();
    assertThat(guest.comes()).isTrue();
    assertThat(guest.view()).isEqualTo("管线是我们的，路面不是");
    assertThat(BUREAU.cases.notes(WEI, id)).anyMatch(each -> each.text().contains("管线是我们的"));

    BUREAU.clock.set("2026-03-17T16:00");
    assertRefused("minutes-missing", () -> hold(ZHANG, id, " ", List.of(), ""));
    assertRefused(
        "part-past", () -> hold(ZHANG, id, "城管局清", List.of(todo(SHUI, "2026-03-16")), ""));
    assertThat(see(id).conference()).as("all of it or nothing").isNotNull();
    Case held = hold(ZHANG, id, "管线移走，路面补平", List.of(todo(SHUI, "2026-03-25")), "先移管线，再补路面，下周三前完成");
    assertThat(held.conference()).isNull();
    assertThat(held.deskId()).isEqualTo(raised.deskId());
    assertThat(held.work().desks()).as("after the limit was over, too").hasSize(1);
    Part part =
        new PartStore()
            .open(BUREAU.db, id).stream()
                .filter(each -> !each.isContact())
                .findFirst()
                .orElseThrow();
    assertThat(part.deskId()).isEqualTo(desk(SHUI));
    assertThat(part.request()).isEqualTo("移走管线");
    hear(id);
    assertThat(called(id, "convened")).isEmpty();
    assertThat(progress(id)).anyMatch(each -> each.equals("几家单位一起商量过了"));
    assertThat(BUREAU.cases.byCode(held.code(), "zh").orElseThrow().answers())
        .anyMatch(each -> each.text().contains("先移管线"));
    assertThat(history(id)).anyMatch(each -> each.contains("记了会商结果，派出 1 项会办"));
    assertRefused("conference-none", () -> hold(ZHANG, id, "又定了", List.of(), ""));
    var _ = BUREAU.casework.parts().answer(SHUI, part.code(), "移走了", List.of());
    assertNotFound(() -> BUREAU.cases.visibleTo(SHUI, id));
    assertThat(BUREAU.events.broken(CaseEvent.VOCABULARY)).isEmpty();
  }

  @Test
  void whatIsTriedOutCallsNobodyTogether() {
    CaseId id = passedOnThreeTimes();
    assertThat(see(id).conference()).isNull();
  }

  @Test
  void whoLeadsCallsOneByHandMovesItAndCallsItOff() {
    CaseId id = claimed();
    assertThat(BUREAU.cases.stepsFor(DU, see(id))).contains(Step.CONVENE);
    Case set = set(DU, id, TUESDAY, desk(SHUI), desk(WEI));
    assertThat(requireNonNull(set.conference()).calledBy()).isEqualTo(DU.id());
    assertThat(set.isHeldBy(REN.id())).as("who has it has it").isTrue();
    CONFERENCES.answer(SHUI, set.code(), desk(SHUI), false, "那天来不了");
    assertRefused(
        "case-changed",
        () ->
            CONFERENCES.set(
                DU, id, set.version() - 1, TUESDAY.plusDays(1), HALL, List.of(desk(SHUI)), ""));
    BUREAU.clock.set("2026-03-12T10:05");
    Case moved = set(DU, id, TUESDAY.plusDays(1), desk(SHUI));
    assertThat(CONFERENCES.guests(moved))
        .as("asked anew, and what they have said stays")
        .extracting(each -> each.deskId() + " " + each.comes() + " " + each.view())
        .containsExactly(desk(SHUI) + " null 那天来不了");
    assertThat(progress(id)).anyMatch(each -> each.startsWith("几家单位改在"));
    hear(id);
    assertThat(called(id, "convened")).as("of the last day alone").containsExactly(desk(SHUI));
    Case off = CONFERENCES.callOff(DU, id, moved.version(), "电话里说清了");
    assertThat(off.conference()).isNull();
    hear(id);
    assertThat(called(id, "convened")).isEmpty();
    assertThat(progress(id)).last().asString().contains("先不坐到一起商量了");
    assertNotFound(() -> BUREAU.cases.visibleTo(SHUI, id));
  }

  @Test
  void whatIsToldInConfidenceIsShownToNobodyWhoIsAsked() {
    CaseId id = claimed();
    BUREAU.db.execute("UPDATE \"case\" SET confidential = true WHERE id = $1", id.value());
    Case set =
        CONFERENCES.set(
            DU, id, see(id).version(), TUESDAY, HALL, List.of(desk(SHUI), desk(WEI)), "请带上管线图");
    assertNotFound(() -> BUREAU.cases.visibleTo(SHUI, id));
    CONFERENCES.answer(WEI, set.code(), desk(WEI), true, "反映的人住三楼");
    Conferences.Sheet sheet = CONFERENCES.visibleTo(SHUI, set.code());
    assertThat(sheet.shows()).isFalse();
    assertThat(sheet.about()).as("which was written for them").isEqualTo("请带上管线图");
    assertThat(sheet.guests()).extracting(Guest::view).containsOnlyNulls();
    CONFERENCES.answer(SHUI, set.code(), desk(SHUI), true, "带来");
    assertThat(CONFERENCES.visibleTo(SHUI, set.code()).guests())
        .extracting(Guest::view)
        .containsOnlyOnce("带来");
  }

  @Test
  void whereTheCaseIsOverNobodySitsDown() {
    CaseId id = claimed();
    Case set = set(DU, id, TUESDAY, desk(SHUI));
    hear(id);
    assertThat(called(id, "convened")).isNotEmpty();
    Case over = BUREAU.finish(REN, id, set.version(), "清好了");
    assertThat(over.conference()).isNull();
    assertThat(told(id).stream().map(Told::event))
        .anyMatch(
            each -> each instanceof CaseEvent.ConferenceEnded ended && ended.staffId() == null);
    hear(id);
    assertThat(called(id, "convened")).isEmpty();
    assertNotFound(() -> CONFERENCES.visibleTo(SHUI, set.code()));
    assertNotFound(() -> BUREAU.cases.visibleTo(SHUI, id));
    assertRefused("conference-none", () -> hold(DU, id, "晚了", List.of(), ""));
    assertThat(CONFERENCES.of(SHUI, Long.MAX_VALUE))
        .extracting(each -> each.over() + " " + each.held())
        .containsExactly("true false");
  }

  @Test
  void whatIsNotHeldInTenWorkingDaysCallsWhoLeads() {
    CaseId id = claimed();
    var _ = set(DU, id, TUESDAY, desk(SHUI));
    Instant late = requireNonNull(see(id).conference()).lateAt();
    assertThat(late).isEqualTo(Bureau.at("2026-03-26T17:30"));
    BUREAU.clock.set("2026-03-26T17:29");
    assertThat(called(id, "conference_late")).isEmpty();
    BUREAU.clock.set("2026-03-26T17:30");
    assertThat(called(id, "conference_late")).containsExactly(see(id).deskId());
  }

  @Test
  void ofTwoWhoWriteTheMinutesAtOnceOneIsTooLate() throws InterruptedException, ExecutionException {
    CaseId id = claimed();
    int version = set(DU, id, TUESDAY, desk(SHUI)).version();
    List<Decision> todo = List.of(todo(SHUI, "2026-03-13"));
    try (var both = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<String> du = () -> write(DU, id, version, todo);
      Callable<String> wei = () -> write(WEI, id, version, todo);
      List<String> ends =
          List.of(both.submit(du), both.submit(wei)).stream()
              .map(each -> {
                try {
                  return each.get();
                } catch (InterruptedException | ExecutionException failed) {
                  throw new IllegalStateException(failed);
                }
              })
              .toList();
      assertThat(ends).containsExactlyInAnyOrder("held", "case-changed");
    }
    assertThat(new PartStore().open(BUREAU.db, id)).hasSize(1);
    assertThat(BUREAU.events.broken(CaseEvent.VOCABULARY)).isEmpty();
  }

  private static String write(Staff staff, CaseId id, int version, List<Decision> todo) {
    try {
      var _ = CONFERENCES.hold(staff, id, version, "定了", todo, "");
      return "held";
    } catch (Refusal refused) {
      return refused.code();
    }
  }

  private static Case set(Staff staff, CaseId id, LocalDateTime when, Long... desks) {
    return CONFERENCES.set(staff, id, see(id).version(), when, HALL, List.of(desks), "谁来清");
  }

  private static Case hold(
      Staff staff, CaseId id, String minutes, List<Decision> decisions, String said) {
    return CONFERENCES.hold(staff, id, see(id).version(), minutes, decisions, said);
  }

  private static Decision todo(Staff of, String day) {
    return new Decision(desk(of), LocalDate.parse(day), "移走管线");
  }

  private static LocalDateTime at(String local) {
    return LocalDateTime.parse(local);
  }

  private static CaseId claimed() {
    CaseId id = BUREAU.open(BUREAU.told("3栋楼道堆了水泥", "0102")).id();
    var _ = BUREAU.handling.claim(REN, id, see(id).version());
    return id;
  }

  /// Between the community and the street, and taken there.
  private static CaseId passedOnThreeTimes() {
    CaseId id = claimed();
    for (int i = 0; i < 3; i++) {
      Case matter = see(id);
      boolean down = matter.deskId() == desk(WEI);
      matter =
          BUREAU.handovers.handOn(WEI, id, matter.version(), down ? desk(REN) : desk(WEI), "归他们管");
      var _ = BUREAU.handling.claim(down ? REN : WEI, id, matter.version());
    }
    BUREAU.applyRules();
    return id;
  }

  private static Staff officer(String name, String body, String territory) {
    BUREAU.staff(name, "department_handler", territory);
    Staff hired = BUREAU.community.staff().byCode("T-" + name).orElseThrow();
    BUREAU.community.staff().join(hired, BUREAU.desk(body, territory));
    return BUREAU.community.staff().byCode("T-" + name).orElseThrow();
  }

  private static long desk(Staff who) {
    return who.name().equals("水") ? BUREAU.desk("D04", "D").id() : who.desks().iterator().next();
  }

  private static Case see(CaseId id) {
    return BUREAU.cases.named(BUREAU.db, id).orElseThrow();
  }

  private static List<Told<CaseEvent>> told(CaseId id) {
    return BUREAU.told(id);
  }

  private static List<String> history(CaseId id) {
    return BUREAU.cases.history(ZHANG, id).stream().map(Line::sentence).toList();
  }

  private static List<String> progress(CaseId id) {
    return BUREAU.cases.byCode(see(id).code(), "zh").orElseThrow().steps().stream()
        .map(Line::sentence)
        .toList();
  }

  /// As the listener does.
  private static void hear(CaseId id) {
    told(id)
        .forEach(
            each -> BUREAU.db.withinTransaction(tx -> BUREAU.casework.errands().hear(tx, each)));
  }

  /// Desks that are called about it, and have not said so yet.
  private static List<Long> called(CaseId id, String why) {
    BUREAU.db.withinTransaction(
        tx -> new ErrandStore().watch(tx, List.of(id.value()), BUREAU.clock.instant()));
    while (BUREAU.casework.errands().lookDue()) {
      // the next of them
    }
    return BUREAU
        .db
        .rows(
            "SELECT desk_id FROM errand WHERE case_id = $1 AND why = $2 AND state <> 'settled'",
            id.value(),
            why)
        .stream()
        .map(row -> row.getLong("desk_id"))
        .toList();
  }

  private static void assertNotFound(ThrowingCallable what) {
    assertThatThrownBy(what)
        .isInstanceOfSatisfying(Refusal.class, no -> assertThat(no.status()).isEqualTo(404));
  }
}
