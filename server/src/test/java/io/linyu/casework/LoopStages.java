package io.linyu.casework;

import static io.linyu.casework.CaseState.*;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.linyu.TestClock;
import io.linyu.channel.AddressKey;
import io.linyu.community.Level;
import io.linyu.community.Staff;
import java.time.Duration;
import java.time.LocalDate;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Everybody who has to do with a case, one in each capacity, and a case at each point of the loop
/// at which it differs who may do what. Each is brought there by those who do that, through the
/// doors.
final class LoopStages {
  /// In the order of how near they are to the resident.
  enum Who {
    GRID_WORKER("格", "grid_worker", "C1G1"),
    BUILDING_HEAD("楼", "building_head", "C1L03"),
    /// Has what the community has, reports it, and asks for more time.
    DEPUTY("任", "community_deputy", "C1"),
    INFO_OFFICER("何", "info_officer", "C1"),
    /// Leads the community; checks what the deputy did.
    SECRETARY("高", "community_secretary", "C1"),
    OTHER_COMMUNITY("邱", "community_deputy", "C2"),
    /// Has what the street's officers have.
    OFFICER("罗", "D09", "S1"),
    OFFICERS_COLLEAGUE("骆", "D09", "S1"),
    /// Of a department that is asked for a part, or named in a dispute.
    CO_BODY("水", "D04", "D"),
    DISPATCHER("韦", "street_dispatcher", "S1"),
    SUPERVISOR("督", "street_supervisor", "S1"),
    INSPECTOR("监", "district_inspector", "D"),
    DISTRICT("章", "district_dispatcher", "D");

    final String called;
    final String role;
    final String territory;

    Who(String called, String role, String territory) {
      this.called = called;
      this.role = role;
      this.territory = territory;
    }

    boolean isOf(Who... some) {
      return Set.of(some).contains(this);
    }
  }

  /// Whose desk it is at.
  enum At {
    COMMUNITY,
    STREET,
    OFFICERS
  }

  enum Stage {
    S01_UNKNOWN(REPORTED),
    S01_SUSPECTED(REPORTED, Level.STREET, At.STREET),
    S01_APPEALED(REPORTED, Level.STREET, At.STREET),
    S01(REPORTED),
    S02(VERIFYING),
    S03(FILED, Level.STREET, At.STREET),
    S04(DISPATCHED),
    S04_OFFICERS(DISPATCHED, Level.STREET, At.OFFICERS),
    S04_RAISED(DISPATCHED, Level.STREET, At.STREET),
    /// The community has been sent what stays the street's.
    S04_BELOW(DISPATCHED, Level.STREET, At.COMMUNITY),
    S04_SENT_DOWN(DISPATCHED),
    S05(HANDLING),
    S05_OFFICERS(HANDLING, Level.STREET, At.OFFICERS),
    S05_DISPUTED(HANDLING, Level.STREET, At.OFFICERS),
    S05_VIEWED(HANDLING, Level.STREET, At.OFFICERS),
    S05_PARTS(HANDLING),
    S05_MORE_TIME(HANDLING),
    S05_PAUSE(HANDLING),
    S05_SUPERVISED(HANDLING),
    S05_CONVENED(HANDLING),
    S06_OFFICERS(SUSPENDED, Level.STREET, At.OFFICERS),
    S06(SUSPENDED),
    S08(INSPECTING),
    S08_TAKEN(INSPECTING),
    S09(RETURN_VISIT),
    S09_NOT_SOLVED(RETURN_VISIT),
    S09_TAKEN(RETURN_VISIT),
    S10(CLOSED),
    S11(ARCHIVED),
    S12(REJECTED),
    S13(MERGED),
    S14(WITHDRAWN),
    S15(HANDED_OFF);

    final CaseState state;
    final Level level;
    final At at;

    Stage(CaseState state) {
      this(state, Level.COMMUNITY, At.COMMUNITY);
    }

    Stage(CaseState state, Level level, At at) {
      this.state = state;
      this.level = level;
      this.at = at;
    }

    boolean isOf(Stage... some) {
      return Set.of(some).contains(this);
    }
  }

  private final Bureau bureau;
  private final Casework casework;
  private final Map<Who, Staff> staff = new EnumMap<>(Who.class);

  LoopStages(Bureau bureau) {
    this.bureau = bureau;
    this.casework = bureau.casework;
    for (Who who : Who.values()) {
      boolean officer = who.role.startsWith("D");
      Staff hired =
          bureau.staff(who.called, officer ? "department_handler" : who.role, who.territory);
      if (officer) {
        bureau.community.staff().join(hired, bureau.desk(who.role, who.territory));
        hired = bureau.community.staff().byCode(hired.code()).orElseThrow();
      }
      staff.put(who, hired);
    }
    casework.archiving().recordedBy((_, ends) -> Set.copyOf(ends));
  }

  Staff staff(Who who) {
    return requireNonNull(staff.get(who));
  }

  Case now(CaseId id) {
    return bureau.cases.named(bureau.db, id).orElseThrow();
  }

  /// Told by somebody of their own.
  Case at(Stage stage) {
    Case there = bring(stage);
    assertThat(there.state()).as("%s", stage).isEqualTo(stage.state);
    assertThat(there.level()).as("%s", stage).isEqualTo(stage.level);
    return there;
  }

  private Case bring(Stage stage) {
    return switch (stage) {
      case S01 -> told("楼道里堆了杂物", "0102", false);
      case S01_UNKNOWN -> told("反映个事，说不清", null, true);
      case S01_SUSPECTED -> told("楼道里堆了杂物，T-任态度很差", "0102", true);
      case S01_APPEALED -> {
        Case rejected = at(Stage.S12);
        bureau.db.inTransaction(
            tx -> casework.appealing().appeal(tx, rejected.id(), teller(rejected), null));
        yield now(rejected.id());
      }
      case S02 -> {
        Case told = at(Stage.S01);
        long head = staff(Who.BUILDING_HEAD).id();
        yield casework
            .requests()
            .look(staff(Who.DEPUTY), told.id(), told.version(), head, question());
      }
      case S03 -> {
        Case sent = at(Stage.S04_OFFICERS);
        yield casework
            .returning()
            .sendBack(
                staff(Who.OFFICER),
                sent.id(),
                sent.version(),
                Returning.Ground.NOT_OURS,
                desk(Who.CO_BODY),
                "不归我们");
      }
      case S04 -> told("楼道里堆了杂物", "0102", true);
      case S04_OFFICERS -> {
        Case sent = at(Stage.S04);
        yield bureau.handovers.handOn(
            staff(Who.DEPUTY), sent.id(), sent.version(), desk(Who.OFFICER), "占了人行道");
      }
      case S04_RAISED -> {
        Case sent = at(Stage.S04);
        yield casework.levels().raise(staff(Who.DEPUTY), sent.id(), sent.version(), "要街道出面");
      }
      case S04_BELOW -> {
        Case up = at(Stage.S04_RAISED);
        yield bureau.handovers.handOn(
            staff(Who.DISPATCHER), up.id(), up.version(), desk(Who.DEPUTY), "社区先去看");
      }
      case S04_SENT_DOWN -> {
        Case up = at(Stage.S04_RAISED);
        // Long enough for the community not to take it back.
        bureau.clock.pass(Duration.ofMinutes(20));
        yield casework.levels().sendDown(staff(Who.DISPATCHER), up.id(), up.version(), "社区能清");
      }
      case S05 -> claim(Who.DEPUTY, at(Stage.S04));
      case S05_OFFICERS -> claim(Who.OFFICER, at(Stage.S04_OFFICERS));
      case S05_DISPUTED -> {
        Case mine = at(Stage.S05_OFFICERS);
        yield casework
            .ruling()
            .dispute(staff(Who.OFFICER), mine.id(), mine.version(), desk(Who.CO_BODY), "归城管局");
      }
      case S05_VIEWED ->
          casework.ruling().view(staff(Who.CO_BODY), at(Stage.S05_DISPUTED).id(), "不归我们");
      case S05_PARTS -> {
        Case mine = at(Stage.S05);
        List<Long> desks = List.of(desk(Who.CO_BODY));
        yield casework
            .parts()
            .ask(staff(Who.DEPUTY), mine.id(), desks, today().plusDays(1), "请一起去看", false)
            .matter();
      }
      case S05_MORE_TIME ->
          casework.extending().ask(staff(Who.DEPUTY), at(Stage.S05).id(), 1, "等材料");
      case S05_PAUSE -> pause(Who.DEPUTY, at(Stage.S05));
      case S05_SUPERVISED ->
          casework.supervising().supervise(staff(Who.SUPERVISOR), at(Stage.S05).id(), "拖得太久");
      case S05_CONVENED -> {
        Case mine = at(Stage.S05);
        yield casework
            .conferences()
            .set(
                staff(Who.DEPUTY),
                mine.id(),
                mine.version(),
                today().plusDays(1).atTime(10, 0),
                "社区会议室",
                List.of(desk(Who.CO_BODY)),
                "");
      }
      case S06 -> paused(Who.SECRETARY, at(Stage.S05_PAUSE));
      case S06_OFFICERS -> paused(Who.SUPERVISOR, pause(Who.OFFICER, at(Stage.S05_OFFICERS)));
      case S08 -> {
        Case mine = at(Stage.S05);
        yield casework.checking().report(staff(Who.DEPUTY), mine.id(), mine.version(), "清走了");
      }
      case S08_TAKEN -> claim(Who.SECRETARY, at(Stage.S08));
      case S09 -> {
        Case taken = at(Stage.S08_TAKEN);
        var seen = new Checking.Finding(true, "看过了", List.of(), "手机没电");
        yield casework.checking().check(staff(Who.SECRETARY), taken.id(), taken.version(), seen);
      }
      case S09_NOT_SOLVED -> rated(at(Stage.S09), ReturnVisit.Solved.NO);
      case S09_TAKEN -> claim(Who.SECRETARY, at(Stage.S09));
      case S10 -> rated(at(Stage.S09), ReturnVisit.Solved.YES);
      case S11 -> {
        Case closed = at(Stage.S10);
        bureau.clock.pass(Duration.ofDays(7));
        while (casework.archiving().archiveDue()) {
          // there may be more
        }
        yield now(closed.id());
      }
      case S12 -> {
        Case told = at(Stage.S01);
        yield casework
            .rejecting()
            .reject(
                staff(Who.DEPUTY), told.id(), told.version(), Rejecting.Reason.OUTSIDE, "这件事请找房管所");
      }
      case S13 -> {
        Case other = at(Stage.S04);
        Case sent = at(Stage.S04);
        yield casework.merging().merge(staff(Who.DEPUTY), sent.id(), sent.version(), other.code());
      }
      case S14 -> {
        Case told = at(Stage.S01);
        bureau.db.inTransaction(tx -> bureau.intake.withdraw(tx, told.id(), teller(told), null));
        yield now(told.id());
      }
      case S15 ->
          bureau.db.inTransaction(tx -> {
            NewCase gas = Bureau.toldBy(person(), bureau.told("家里有煤气味", "0303"));
            return bureau.cases.named(tx, bureau.handOff(tx, gas, "gas").id()).orElseThrow();
          });
    };
  }

  private Case told(String what, @Nullable String category, boolean confirmed) {
    NewCase draft = bureau.told(what, category, "C1L03", true, confirmed);
    return now(bureau.open(Bureau.toldBy(person(), draft)).id());
  }

  private Case claim(Who who, Case matter) {
    return bureau.handling.claim(staff(who), matter.id(), matter.version());
  }

  private Case pause(Who who, Case mine) {
    return casework
        .suspending()
        .ask(staff(who), mine.id(), TimeRequest.Reason.SEASON, today().plusDays(7), "等开春");
  }

  private Case paused(Who by, Case asked) {
    long note = requireNonNull(asked.asked()).noteId();
    return casework.suspending().grant(staff(by), asked.id(), asked.version(), note);
  }

  private Case rated(Case asked, ReturnVisit.Solved solved) {
    boolean content = solved == ReturnVisit.Solved.YES;
    var said =
        new ReturnVisit.Rating(
            solved,
            content ? ReturnVisit.Satisfaction.SATISFIED : ReturnVisit.Satisfaction.DISSATISFIED,
            true,
            null);
    bureau.db.inTransaction(
        tx -> casework.visits().rate(tx, asked.id(), teller(asked), null, said, List.of()));
    return now(asked.id());
  }

  static long teller(Case matter) {
    return requireNonNull(matter.personId());
  }

  long desk(Who who) {
    return staff(who).desks().iterator().next();
  }

  LocalDate today() {
    return LocalDate.ofInstant(bureau.clock.instant(), TestClock.ZONE);
  }

  static Requests.Question question() {
    return new Requests.Question("楼道里现在堆着东西没有？", false, Requests.Within.SOON);
  }

  long person() {
    var key = new AddressKey("wechat", "main", "stage-" + UUID.randomUUID());
    return bureau.db.inTransaction(tx ->
        bureau.community.people().ensure(tx, List.of(key)).values().iterator().next().personId());
  }
}
