package io.linyu.casework;

import static io.linyu.casework.CaseState.*;
import static io.linyu.casework.Cases.Step.*;
import static io.linyu.casework.LoopStages.Stage.*;
import static io.linyu.casework.LoopStages.Who.*;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.linyu.casework.Cases.Step;
import io.linyu.casework.LoopStages.At;
import io.linyu.casework.LoopStages.Stage;
import io.linyu.casework.LoopStages.Who;
import io.linyu.community.Level;
import io.linyu.community.Staff;
import io.linyu.platform.Refusal;
import io.linyu.platform.text.Words;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// The table of the loop, row by row: wherever a case is, each step is offered to those whom the
/// table as it was laid down names, and to nobody else. Where the desks are stricter than the
/// table, or wider, it stands here with the reason ([#DIFFERENCES]), and one that makes no
/// difference fails.
class StepByStepTest {
  @AutoClose private static final Bureau BUREAU = new Bureau();
  private static final Casework CASEWORK = BUREAU.casework;
  private static final LoopStages STAGES = new LoopStages(BUREAU);
  private static final Map<String, LoopTable.Row> TABLE = LoopTable.written();

  private static LoopTable.Row row(String id) {
    return requireNonNull(TABLE.get(id), id);
  }

  private static final Set<Actor> DESKS = EnumSet.of(Actor.COMMUNITY, Actor.STREET, Actor.DISTRICT);

  /// The rows that a step follows; none: it leaves the case where the table has it, and
  /// [#besideTheTable] says whose it is.
  private static List<String> rows(Step step) {
    return switch (step) {
      case LOOK -> List.of("T04");
      case CLAIM -> List.of("T06", "T10", "T20", "T23");
      case REJECT -> List.of("T07");
      case MERGE -> List.of("T08");
      case UNMERGE -> List.of("T08b");
      case SPLIT -> List.of("T08e");
      case HAND_ON -> List.of("T06", "T09", "T12");
      case DECIDE_RETURN -> List.of("T09");
      case RETURN, NOT_LISTED -> List.of("T11");
      case RULE -> List.of("T12", "T09"); // to a wider circle by way of S03
      case CO_HANDLE, TEND_PARTS -> List.of("T13");
      case ASK_EXTENSION, DECIDE_EXTENSION -> List.of("T14");
      case ASK_SUSPENSION, DECIDE_SUSPENSION -> List.of("T15");
      case CLOSE_SUSPENDED -> List.of("T15b");
      case RESUME -> List.of("T16");
      case REPORT -> List.of("T17");
      case TAKE_RESULT_BACK -> List.of("T17b");
      case FAIL -> List.of("T19");
      case PASS -> List.of("T20");
      case CALL -> List.of("T22");
      case REOPEN -> List.of("T23", "T26");
      case OVERRULE -> List.of("T24");
      case URGE -> List.of("T28");
      case SUPERVISE, LIFT_SUPERVISION -> List.of("T29");
      case RAISE -> List.of("T30");
      case SEND_DOWN -> List.of("T31");
      case SET_CATEGORY, SET_TERRITORY -> List.of("T32");
      case TAKE_OVER,
          RELEASE,
          GIVE,
          ANSWER,
          NOTE,
          HAND_BACK,
          DISPUTE,
          GIVE_VIEW,
          TAKE_DISPUTE_BACK,
          JUDGE,
          TAKE_REQUEST_BACK,
          ASK_HEAD ->
          List.of();
    };
  }

  /// Rows that name staff and are no step of the page of a case: whose door they are.
  private static final Map<String, String> OTHER_DOORS =
      Map.ofEntries(
          Map.entry("T01", "what is taken down for somebody: SpokenTest"),
          Map.entry("T02", "the same"),
          Map.entry("T03", "danger to life, while it is taken down: SpokenTest"),
          Map.entry("T05", "the head who was asked answers: reception.RequestsTest"),
          Map.entry("T05b", "whoever asked waits no longer: reception.RequestsTest"),
          Map.entry("T06b", "a claim that is given up at once: ClaimingTest"),
          Map.entry("T07b", "an appeal is granted by accepting it: CLAIM at S01_APPEALED"),
          Map.entry("T07d", "a rejection that is taken back at once: RejectingTest"),
          Map.entry("T08c", "a known matter is joined: reception.KnownTest"),
          Map.entry("T08d", "and left: reception.KnownTest"),
          Map.entry("T08f", "a splitting that is taken back: SplitTest"),
          Map.entry("T10b", "a signature that is taken back at once: ClaimingTest"),
          Map.entry("T33", "everybody who sees it: NOTE, and the doors refuse who does not"),
          Map.entry(
              "T34", "what was said once for many: board and known matters, reception.KnownTest"));

  /// In what capacity they act, as the letters of the table mean it.
  private static Set<Actor> capacities(Who who, Stage stage) {
    Set<Actor> actors = EnumSet.noneOf(Actor.class);
    switch (who) {
      case GRID_WORKER, BUILDING_HEAD -> actors.add(Actor.GRID);
      case DEPUTY, INFO_OFFICER, SECRETARY -> {
        if (stage.level == Level.COMMUNITY || stage.at == At.COMMUNITY) {
          actors.add(Actor.COMMUNITY);
        }
      }
      case DISPATCHER, SUPERVISOR -> actors.add(Actor.STREET);
      case DISTRICT -> actors.add(Actor.DISTRICT);
      case INSPECTOR -> actors.add(Actor.AUDITOR);
      case CO_BODY -> {
        if (stage == S05_PARTS) {
          actors.add(Actor.CO_BODY);
        }
      }
      case OTHER_COMMUNITY, OFFICER, OFFICERS_COLLEAGUE -> {}
    }
    if (who.isOf(SECRETARY, SUPERVISOR)) {
      actors.add(Actor.LEADER);
    }
    if (isOfItsDesk(who, stage)) {
      actors.add(Actor.HANDLER);
      if (stage.state == REPORTED || stage.state == VERIFYING) {
        actors.add(Actor.COMMUNITY); // wherever it waits is its acceptance desk
      }
    }
    if (stage.state == INSPECTING && who == SECRETARY) {
      actors.add(Actor.VERIFIER);
    }
    return actors;
  }

  private static boolean isOfItsDesk(Who who, Stage stage) {
    return switch (stage.at) {
      case COMMUNITY -> who.isOf(DEPUTY, INFO_OFFICER, SECRETARY);
      case STREET -> who.isOf(DISPATCHER, SUPERVISOR);
      case OFFICERS -> who.isOf(OFFICER, OFFICERS_COLLEAGUE);
    };
  }

  private static boolean sees(Who who, Stage stage) {
    return switch (who) {
      case BUILDING_HEAD, OTHER_COMMUNITY -> false;
      case OFFICER, OFFICERS_COLLEAGUE -> stage.at == At.OFFICERS;
      case CO_BODY -> stage.isOf(S05_PARTS, S05_DISPUTED, S05_VIEWED);
      // What seems to complain about the community's staff is above it.
      case GRID_WORKER, DEPUTY, INFO_OFFICER, SECRETARY -> stage != S01_SUSPECTED;
      case DISPATCHER, SUPERVISOR, INSPECTOR, DISTRICT -> true;
    };
  }

  private static @Nullable Who holder(Stage stage) {
    return switch (stage) {
      case S05, S05_PARTS, S05_MORE_TIME, S05_PAUSE, S05_SUPERVISED, S06 -> DEPUTY;
      case S05_OFFICERS, S05_DISPUTED, S05_VIEWED, S06_OFFICERS -> OFFICER;
      case S08_TAKEN, S09_TAKEN -> SECRETARY;
      default -> null;
    };
  }

  private static boolean holds(Who who, Stage stage) {
    return holder(stage) == who;
  }

  private static boolean isDisputed(Stage stage) {
    return stage.isOf(S05_DISPUTED, S05_VIEWED);
  }

  /// What is done with a case and leaves it where it is.
  private static boolean besideTheTable(Step step, Stage stage, Who who) {
    boolean concerns = isOfItsDesk(who, stage) || !disjoint(capacities(who, stage), DESKS);
    return switch (step) {
      case TAKE_OVER ->
          (stage.isOf(S05, S05_PARTS, S05_MORE_TIME, S05_PAUSE, S05_SUPERVISED, S06)
                  && who.isOf(INFO_OFFICER, SECRETARY))
              || (stage.isOf(S05_OFFICERS, S05_DISPUTED, S05_VIEWED, S06_OFFICERS)
                  && who == OFFICERS_COLLEAGUE);
      case RELEASE -> holds(who, stage);
      // What one has, or could have.
      case GIVE -> holds(who, stage) || expected(CLAIM, stage, who);
      // With one voice: who could take it does so first. Who had it before it was raised goes on
      // to speak with the resident.
      case ANSWER ->
          stage != S11
              && ((concerns && !expected(CLAIM, stage, who))
                  || (stage == S04_RAISED && who.isOf(DEPUTY, INFO_OFFICER, SECRETARY)));
      case NOTE -> stage != S11;
      case ASK_HEAD ->
          stage.state.isOpen() && stage != S01_SUSPECTED && concerns; // it is confidential
      // Within a quarter of an hour, by whoever did it.
      case HAND_BACK ->
          (stage.isOf(S04_OFFICERS, S04_RAISED) && who == DEPUTY)
              || (stage == S04_BELOW && who == DISPATCHER);
      case DISPUTE ->
          (stage.isOf(S04_OFFICERS, S04_BELOW) && isOfItsDesk(who, stage))
              || (stage == S05_OFFICERS && who == OFFICER);
      case GIVE_VIEW -> stage == S05_DISPUTED && who == CO_BODY;
      case TAKE_DISPUTE_BACK -> isDisputed(stage) && who == OFFICER;
      case JUDGE -> stage == S01_SUSPECTED && who.isOf(DISPATCHER, SUPERVISOR);
      case TAKE_REQUEST_BACK -> stage.isOf(S05_MORE_TIME, S05_PAUSE) && who == DEPUTY;
      default -> throw new IllegalArgumentException(step + " is in the table");
    };
  }

  /// Why others than the table names may take a step, or not all of them.
  ///
  /// @param offered whether it is wider than the table, or stricter
  private record Difference(
      boolean offered, String why, Set<Step> steps, BiPredicate<Stage, Who> where) {
    boolean applies(Step step, Stage stage, Who who) {
      return steps.contains(step) && where.test(stage, who);
    }
  }

  private static Difference wider(String why, BiPredicate<Stage, Who> where, Step... steps) {
    return new Difference(true, why, Set.of(steps), where);
  }

  private static Difference stricter(String why, BiPredicate<Stage, Who> where, Step... steps) {
    return new Difference(false, why, Set.of(steps), where);
  }

  private static final List<Difference> DIFFERENCES =
      List.of(
          wider(
              "what is being looked at has somebody who sees to it, and is accepted afterwards",
              (stage, who) -> stage == S02 && isOfItsDesk(who, stage),
              CLAIM),
          wider(
              "as long as nobody can name it, it only waits at another desk",
              (stage, who) -> stage == S01_UNKNOWN && !disjoint(capacities(who, stage), DESKS),
              HAND_ON),
          stricter(
              "what nobody can name is the same as nothing",
              (stage, who) -> stage == S01_UNKNOWN,
              MERGE),
          wider(
              "whoever is near the resident urges wider circles",
              (stage, who) ->
                  stage.level == Level.STREET
                      && row("T28").from().contains(stage.state)
                      && who.isOf(DEPUTY, INFO_OFFICER),
              URGE),
          wider(
              "above a street only the district's desk leads",
              (stage, who) -> stage == S06_OFFICERS && who == DISTRICT,
              CLOSE_SUSPENDED),
          stricter(
              "a leader of the level above, not of the same",
              (stage, who) -> who == SECRETARY || (stage == S06_OFFICERS && who == SUPERVISOR),
              CLOSE_SUSPENDED),
          stricter(
              "whoever did it, and who answers to them, does not ask after it",
              (stage, who) -> stage.state == RETURN_VISIT && who != SECRETARY,
              CLAIM,
              CALL,
              REOPEN),
          stricter("a colleague has it", (stage, who) -> holder(stage) != null, CLAIM),
          stricter(
              "nobody has taken it to check it, or to ask after it",
              (stage, who) -> stage.isOf(S08, S09, S09_NOT_SOLVED),
              PASS,
              FAIL,
              CALL,
              REOPEN),
          stricter(
              "the resident has not said that it is not solved",
              (stage, who) -> stage.isOf(S09, S09_TAKEN),
              OVERRULE),
          stricter(
              "nobody takes it out of a colleague's hands",
              (stage, who) -> holder(stage) != null && !holds(who, stage),
              MERGE,
              CO_HANDLE,
              ASK_EXTENSION,
              ASK_SUSPENSION,
              RESUME,
              REPORT),
          stricter(
              "nor do the colleagues of whoever has it split it, who do not direct it",
              (stage, who) -> stage == S05_OFFICERS && who == OFFICERS_COLLEAGUE,
              SPLIT),
          stricter(
              "whoever is asked for a part is tended by whoever has the whole",
              (stage, who) -> stage != S05_PARTS || !holds(who, stage),
              TEND_PARTS),
          stricter(
              "a part of it is open, and in its time", (stage, who) -> stage == S05_PARTS, REPORT),
          stricter(
              "one request at a time",
              (stage, who) -> stage.isOf(S05_MORE_TIME, S05_PAUSE),
              ASK_EXTENSION,
              ASK_SUSPENSION),
          stricter(
              "nothing was asked for, or by themselves",
              (stage, who) -> stage != S05_MORE_TIME || who == DEPUTY,
              DECIDE_EXTENSION),
          stricter("nothing was asked for", (stage, who) -> stage != S05_PAUSE, DECIDE_SUSPENSION),
          stricter(
              "only at once, and by whoever reported it",
              (stage, who) -> stage != S08 || who != DEPUTY,
              TAKE_RESULT_BACK),
          stricter(
              "it seems to complain about staff, and somebody has to say whether it does",
              (stage, who) -> stage == S01_SUSPECTED,
              CLAIM,
              LOOK,
              HAND_ON,
              REJECT,
              MERGE,
              SPLIT,
              SET_CATEGORY,
              SET_TERRITORY),
          stricter(
              "while an appeal waits it is accepted or rejected",
              (stage, who) -> stage == S01_APPEALED,
              MERGE,
              SPLIT),
          stricter(
              "what was returned goes nowhere before that is decided",
              (stage, who) -> stage == S03,
              HAND_ON,
              SPLIT,
              RAISE,
              SEND_DOWN),
          stricter(
              "while it is disputed whose it is, that is ruled",
              (stage, who) -> isDisputed(stage),
              HAND_ON,
              SPLIT),
          stricter(
              "nothing is disputed, or the other desk still has time to say how it sees it",
              (stage, who) -> stage != S05_VIEWED,
              RULE),
          stricter(
              "a desk that says itself where it goes hands it on",
              (stage, who) -> stage.at != At.OFFICERS && stage != S04_BELOW,
              RETURN),
          stricter(
              "only a community says that something is not on its list",
              (stage, who) -> stage.at != At.COMMUNITY,
              NOT_LISTED),
          stricter(
              "what waits, or is said to be done, is not raised by hand",
              (stage, who) -> stage.state.compareTo(HANDLING) > 0,
              RAISE),
          stricter(
              "a narrower desk that was sent it does not say where it goes, and returns it",
              (stage, who) -> stage == S04_BELOW && isOfItsDesk(who, stage),
              HAND_ON,
              RAISE),
          stricter(
              "below a community is no desk",
              (stage, who) -> stage.level == Level.COMMUNITY,
              SEND_DOWN),
          stricter(
              "nobody urges themselves: they have it, or nobody at their desk has taken it",
              (stage, who) ->
                  holds(who, stage) || (holder(stage) == null && isOfItsDesk(who, stage)),
              URGE),
          stricter(
              "nor sees to it what they have themselves",
              (stage, who) -> holds(who, stage),
              SUPERVISE),
          stricter("it is supervised already", (stage, who) -> stage == S05_SUPERVISED, SUPERVISE),
          stricter(
              "it is not supervised", (stage, who) -> stage != S05_SUPERVISED, LIFT_SUPERVISION),
          stricter(
              "what is over is corrected where it was wrong, by those who are asked",
              (stage, who) -> !stage.state.isOpen(),
              SET_CATEGORY,
              SET_TERRITORY));

  private static boolean expected(Step step, Stage stage, Who who) {
    if (!sees(who, stage)) {
      return false;
    }
    if (rows(step).isEmpty()) {
      return besideTheTable(step, stage, who);
    }
    boolean offered = byTable(step, stage, who);
    for (Difference each : DIFFERENCES) {
      if (each.applies(step, stage, who)) {
        offered = each.offered();
      }
    }
    return offered;
  }

  private static boolean byTable(Step step, Stage stage, Who who) {
    Set<Actor> actors = capacities(who, stage);
    switch (step) {
      // Of the two that one row names: who asks, and who decides.
      case ASK_EXTENSION, ASK_SUSPENSION -> actors.retainAll(Set.of(Actor.HANDLER));
      case DECIDE_EXTENSION, DECIDE_SUSPENSION -> actors.remove(Actor.HANDLER);
      default -> {}
    }
    return rows(step).stream()
        .map(StepByStepTest::row)
        .anyMatch(row -> row.from().contains(from(step, stage)) && !disjoint(row.by(), actors));
  }

  /// What is sent elsewhere, or down, before it is signed goes by way of S03, in one step.
  private static CaseState from(Step step, Stage stage) {
    return (step == HAND_ON || step == SEND_DOWN) && stage.state == DISPATCHED
        ? FILED
        : stage.state;
  }

  private static boolean disjoint(Set<Actor> some, Set<Actor> others) {
    return some.stream().noneMatch(others::contains);
  }

  @Test
  void everyRowThatNamesStaffIsWalked() {
    Set<String> walked =
        Arrays.stream(Step.values())
            .flatMap(step -> rows(step).stream())
            .collect(Collectors.toCollection(HashSet::new));
    assertThat(walked).doesNotContainAnyElementsOf(OTHER_DOORS.keySet());
    walked.addAll(OTHER_DOORS.keySet());
    assertThat(walked)
        .containsAll(
            TABLE.entrySet().stream()
                .filter(each -> each.getValue().by().stream().anyMatch(StepByStepTest::isStaff))
                .map(Map.Entry::getKey)
                .toList());
    assertThat(Step.values())
        .allSatisfy(step -> assertThat(offering(step)).as("%s", step).isNotEmpty());
    assertThat(DIFFERENCES)
        .allSatisfy(
            each -> assertThat(isDifferent(each)).as("%s makes a difference", each.why()).isTrue());
  }

  private static boolean isStaff(Actor actor) {
    return !Set.of(Actor.RESIDENT, Actor.BOT, Actor.SYSTEM).contains(actor);
  }

  private static List<Stage> offering(Step step) {
    return Arrays.stream(Stage.values())
        .filter(stage -> Arrays.stream(Who.values()).anyMatch(who -> expected(step, stage, who)))
        .toList();
  }

  private static boolean isDifferent(Difference difference) {
    return difference.steps().stream()
        .allMatch(step ->
            Arrays.stream(Stage.values())
                .anyMatch(stage ->
                    Arrays.stream(Who.values())
                        .anyMatch(who ->
                            sees(who, stage)
                                && difference.applies(step, stage, who)
                                && byTable(step, stage, who) != difference.offered())));
  }

  /// Whoever may not is told why, in both languages, and nothing has happened.
  @TestFactory
  Stream<DynamicTest> eachStepIsOfferedToThoseWhomTheTableNamesAndRefusedToEverybodyElse() {
    return Arrays.stream(Stage.values())
        .map(stage -> DynamicTest.dynamicTest(stage.name(), () -> walk(stage)));
  }

  private static void walk(Stage stage) {
    BUREAU.clock.set("2026-03-12T10:00");
    Case matter = STAGES.at(stage);
    Object before = all(matter.id());
    Map<Step, List<Who>> offered = new LinkedHashMap<>();
    Map<Step, List<Who>> wanted = new LinkedHashMap<>();
    for (Who who : Who.values()) {
      Staff staff = STAGES.staff(who);
      boolean sees = BUREAU.cases.isVisibleTo(BUREAU.db, staff, matter.id());
      assertThat(sees).as("%s sees it at %s", who, stage).isEqualTo(sees(who, stage));
      List<Step> theirs = sees ? BUREAU.cases.stepsFor(staff, matter) : List.of();
      for (Step step : Step.values()) {
        note(offered, step, who, theirs.contains(step));
        note(wanted, step, who, expected(step, stage, who));
        if (sees && !theirs.contains(step)) {
          BUREAU.cases.permits(staff, matter).against(step).ifPresent(StepByStepTest::isSaid);
        }
      }
    }
    assertThat(offered).as("who may do what at %s", stage).isEqualTo(wanted);
    for (Step step : Step.values()) {
      // By the nearest who sees it; by who does not it is the same wherever it is.
      Stream.of(true, stage != S05)
          .distinct()
          .flatMap(sees -> refused(step, stage, sees))
          .forEach(who -> isRefused(step, stage, who, matter));
    }
    for (ByResident each : ByResident.values()) {
      assertThat(catchThrowable(() -> each.door.by(matter, STAGES.person())))
          .as("%s by a stranger at %s", each, stage)
          .isInstanceOf(Refusal.class);
      if (!each.isInTheTable(stage)) {
        assertThat(catchThrowable(() -> each.door.by(matter, LoopStages.teller(matter))))
            .as("%s at %s", each, stage)
            .isInstanceOfSatisfying(Refusal.class, StepByStepTest::isSaid);
      }
    }
    assertThat(all(matter.id())).as("nothing has happened at %s", stage).isEqualTo(before);
  }

  private static Stream<Who> refused(Step step, Stage stage, boolean sees) {
    return Arrays.stream(Who.values())
        .filter(who -> sees(who, stage) == sees && !expected(step, stage, who))
        .limit(1);
  }

  private static void note(Map<Step, List<Who>> all, Step step, Who who, boolean is) {
    if (is) {
      all.computeIfAbsent(step, _ -> new ArrayList<>()).add(who);
    }
  }

  private static void isRefused(Step step, Stage stage, Who who, Case matter) {
    assertThat(catchThrowable(() -> take(step, who, matter)))
        .as("%s by %s at %s", step, who, stage)
        .isInstanceOfSatisfying(
            Refusal.class,
            no -> {
              isSaid(no);
              if (!sees(who, stage)) {
                assertThat(no.status()).as("%s by %s: there is none", step, who).isEqualTo(404);
              }
            });
  }

  private static void isSaid(Refusal no) {
    for (String language : List.of("zh", "en")) {
      Words words = Words.in(language);
      assertThat(words.has("refusal." + no.code())).as("%s in %s", no.code(), language).isTrue();
      assertThat(words.of(no)).isNotBlank();
    }
  }

  private static Object all(CaseId id) {
    return List.of(
        STAGES.now(id),
        BUREAU.told(id),
        new HoldingStore().holdings(BUREAU.db, id),
        new ClockStore().clocks(BUREAU.db, id),
        new PartStore().of(BUREAU.db, id));
  }

  /// And who may does it: each step from each state, by whoever is furthest of those to whom it is
  /// offered. It leads where the table says.
  @TestFactory
  Stream<DynamicTest> whoeverIsOfferedAStepTakesItAndItLeadsWhereTheTableSays() {
    return Arrays.stream(Step.values())
        .flatMap(step -> lastOfEachState(offering(step)).map(stage -> takenForGood(step, stage)));
  }

  private static Stream<Stage> lastOfEachState(List<Stage> stages) {
    Map<CaseState, Stage> last = new LinkedHashMap<>();
    stages.forEach(stage -> last.put(stage.state, stage));
    return last.values().stream();
  }

  private static DynamicTest takenForGood(Step step, Stage stage) {
    return DynamicTest.dynamicTest(step + " at " + stage, () -> takeForGood(step, stage));
  }

  private static void takeForGood(Step step, Stage stage) {
    BUREAU.clock.set("2026-03-12T10:00");
    Case matter = STAGES.at(stage);
    Who who =
        Arrays.stream(Who.values())
            .filter(each -> expected(step, stage, each))
            .reduce((_, further) -> further)
            .orElseThrow();
    int told = BUREAU.told(matter.id()).size();
    String what = "%s by %s at %s".formatted(step, who, stage);
    Throwable refused = catchThrowable(() -> take(step, who, matter));
    String asksMore = asksMore(step, stage);
    if (asksMore != null) {
      assertThat(refused).as(what).isInstanceOf(Refusal.class).hasMessage(asksMore);
      return;
    }
    assertThat(refused).as(what).isNull();
    leadsWhereTheTableSays(matter, told, what, rows(step));
  }

  /// What a door asks that the case by itself does not say.
  private static @Nullable String asksMore(Step step, Stage stage) {
    if (step == GIVE && stage.isOf(S08_TAKEN, S09_TAKEN)) {
      return "case-no-colleague"; // nobody else there may check it
    }
    // As long as it may be returned, it is not disputed.
    if (step == DISPUTE && stage.state == DISPATCHED) {
      return "ruling-return-first";
    }
    return step == SEND_DOWN && stage == S04_BELOW ? "send-down-nobody" : null; // it is there
  }

  private static void leadsWhereTheTableSays(
      Case before, int told, String what, List<String> rows) {
    CaseState state = before.state();
    var taken = new ArrayList<String>();
    for (var each : BUREAU.told(before.id()).subList(told, BUREAU.told(before.id()).size())) {
      Transition step = each.event().transition();
      if (step != null) {
        LoopTable.Row row = row(step.name());
        assertThat(row.from()).as("%s: %s", what, step).contains(state);
        state = row.to(state, row.to().isEmpty());
        taken.add(step.name());
      }
    }
    assertThat(STAGES.now(before.id()).state()).as(what).isEqualTo(state);
    if (taken.isEmpty()) {
      assertThat(state).as("%s: it stays where it is", what).isEqualTo(before.state());
    } else if (!rows.isEmpty()) {
      assertThat(rows).as(what).containsAnyElementsOf(taken);
    }
  }

  /// A desk above sets right what waits below it, and does not accept it by that.
  @Test
  void whatADeskAboveFindsOutIsAcceptedByWhoeverHasItOrIsAboveThem() {
    BUREAU.clock.set("2026-03-12T10:00");
    Staff street = STAGES.staff(DISPATCHER);
    Case waits = STAGES.at(S01);
    Case dogs = BUREAU.corrections.setCategory(street, waits.id(), waits.version(), "0107");
    assertThat(dogs.state()).isEqualTo(REPORTED);
    assertThat(dogs.deskId()).isEqualTo(waits.deskId());
    assertThat(BUREAU.cases.stepsFor(STAGES.staff(DEPUTY), dogs)).contains(CLAIM, REJECT);

    waits = STAGES.at(S01);
    Case theirs = BUREAU.corrections.setCategory(street, waits.id(), waits.version(), "1205");
    assertThat(theirs.state()).isEqualTo(REPORTED);
    assertThat(theirs.deskId()).as("not those it is about").isEqualTo(STAGES.desk(DISTRICT));
    assertThat(theirs.level()).isEqualTo(Level.DISTRICT);
    assertThat(BUREAU.cases.isVisibleTo(BUREAU.db, STAGES.staff(DEPUTY), waits.id())).isFalse();
  }

  @Test
  void whoeverToldItDoesWhatTheTableLetsThem() {
    for (ByResident each : ByResident.values()) {
      List<Stage> stages = Arrays.stream(Stage.values()).filter(each::isInTheTable).toList();
      for (Stage stage : lastOfEachState(stages).toList()) {
        BUREAU.clock.set("2026-03-12T10:00");
        Case matter = STAGES.at(stage);
        int told = BUREAU.told(matter.id()).size();
        String what = each + " at " + stage;
        each.door.by(matter, LoopStages.teller(matter));
        leadsWhereTheTableSays(matter, told, what, each.rows);
      }
    }
  }

  private interface ResidentsDoor {
    void by(Case matter, long person);
  }

  /// What residents do themselves.
  private enum ByResident {
    WITHDRAW(
        (matter, person) ->
            BUREAU.db.inTransaction(tx -> BUREAU.intake.withdraw(tx, matter.id(), person, null)),
        "T27",
        "T27b"),
    URGE(
        (matter, person) ->
            BUREAU.db.inTransaction(tx -> BUREAU.urging.urge(tx, matter.id(), person, null)),
        "T28"),
    APPEAL(
        (matter, person) ->
            BUREAU.db.inTransaction(
                tx -> CASEWORK.appealing().appeal(tx, matter.id(), person, null)),
        "T07c"),
    NOT_SOLVED_AFTER_ALL(
        (matter, person) ->
            BUREAU.db.inTransaction(tx -> CASEWORK.checking().again(tx, matter.id(), person, null)),
        "T26");

    @SuppressWarnings("ImmutableEnumChecker") // the lambdas above hold nothing
    final ResidentsDoor door;

    @SuppressWarnings("ImmutableEnumChecker") // unmodifiable
    final List<String> rows;

    ByResident(ResidentsDoor door, String... rows) {
      this.door = door;
      this.rows = List.of(rows);
    }

    boolean isInTheTable(Stage stage) {
      return rows.stream()
          .map(StepByStepTest::row)
          .anyMatch(row -> row.from().contains(stage.state) && row.by().contains(Actor.RESIDENT));
    }
  }

  /// Through the door of the step, with what somebody would say who may.
  private static void take(Step step, Who who, Case matter) {
    Staff staff = STAGES.staff(who);
    CaseId id = matter.id();
    int version = matter.version();
    switch (step) {
      case CLAIM, TAKE_OVER -> BUREAU.handling.claim(staff, id, version);
      case RELEASE -> BUREAU.handling.release(staff, id, version);
      case GIVE -> BUREAU.handling.give(staff, id, version, taker(who).id());
      case ANSWER -> BUREAU.handling.answer(staff, id, version, "明天来看");
      case NOTE -> BUREAU.handling.note(staff, id, "问过物业");
      case HAND_ON ->
          BUREAU.handovers.handOn(
              staff,
              id,
              version,
              STAGES.desk(matter.deskId() == STAGES.desk(OFFICER) ? DEPUTY : OFFICER),
              "归他们管");
      case HAND_BACK -> BUREAU.handovers.handBack(staff, id, version);
      case RETURN ->
          CASEWORK
              .returning()
              .sendBack(
                  staff, id, version, Returning.Ground.NOT_OURS, STAGES.desk(CO_BODY), "不归我们");
      case NOT_LISTED -> CASEWORK.admitting().say(staff, id, version, null, "清单上没有");
      case DECIDE_RETURN -> CASEWORK.returning().refuse(staff, id, version, "还是你们办");
      case DISPUTE -> CASEWORK.ruling().dispute(staff, id, version, STAGES.desk(CO_BODY), "不归我们");
      case GIVE_VIEW -> CASEWORK.ruling().view(staff, id, "也不归我们");
      case RULE -> {
        CaseDispute dispute = matter.disputed();
        Long view = dispute == null ? null : dispute.viewNoteId();
        long lead = dispute == null ? matter.deskId() : dispute.otherDeskId();
        CASEWORK.ruling().rule(staff, id, version, view, lead, "按三定", "");
      }
      case TAKE_DISPUTE_BACK -> CASEWORK.ruling().takeBack(staff, id, version);
      case RAISE -> CASEWORK.levels().raise(staff, id, version, "超出本级");
      case SEND_DOWN -> CASEWORK.levels().sendDown(staff, id, version, "下面能办");
      case SET_CATEGORY -> BUREAU.corrections.setCategory(staff, id, version, "0107");
      case SET_TERRITORY ->
          BUREAU.corrections.setTerritory(staff, id, version, BUREAU.place("C1").id());
      case URGE -> BUREAU.urging.urge(staff, id);
      case SUPERVISE -> CASEWORK.supervising().supervise(staff, id, "拖得太久");
      case LIFT_SUPERVISION -> CASEWORK.supervising().lift(staff, id);
      case CO_HANDLE ->
          CASEWORK
              .parts()
              .ask(
                  staff,
                  id,
                  List.of(STAGES.desk(DISPATCHER)),
                  STAGES.today().plusDays(1),
                  "请一起去看",
                  false);
      case TEND_PARTS ->
          CASEWORK
              .parts()
              .cancel(
                  staff, id, new PartStore().of(BUREAU.db, id).stream().map(Part::code).toList());
      case REPORT -> CASEWORK.checking().report(staff, id, version, "办好了");
      case TAKE_RESULT_BACK -> CASEWORK.checking().takeBack(staff, id, version);
      case PASS, FAIL -> {
        var finding = new Checking.Finding(step == PASS, "看过了", List.of(), "在居民家里");
        CASEWORK.checking().check(staff, id, version, finding);
      }
      case CALL -> {
        var content = new ReturnVisit.Rating(ReturnVisit.Solved.YES, null, null, null);
        CASEWORK.visits().call(staff, id, version, new ReturnVisits.Call(true, content));
      }
      case REOPEN -> CASEWORK.checking().reopen(staff, id, version, "还没通");
      case OVERRULE -> CASEWORK.visits().overrule(staff, id, version, "依规定办不了");
      case REJECT ->
          CASEWORK.rejecting().reject(staff, id, version, Rejecting.Reason.OUTSIDE, "这件事请找房管所");
      case MERGE -> CASEWORK.merging().merge(staff, id, version, STAGES.at(S04).code());
      case UNMERGE -> CASEWORK.merging().unmerge(staff, id, version);
      case JUDGE -> CASEWORK.suspicions().lift(staff, id, version, "不是投诉");
      case SPLIT ->
          CASEWORK
              .splitting()
              .split(
                  staff,
                  id,
                  version,
                  List.of("楼道里"),
                  List.of(new Splitting.Matter(List.of("堆了杂物"), "0107", null)));
      case ASK_EXTENSION -> CASEWORK.extending().ask(staff, id, 1, "等材料");
      case DECIDE_EXTENSION -> CASEWORK.extending().grant(staff, id, asked(matter));
      case ASK_SUSPENSION ->
          CASEWORK
              .suspending()
              .ask(staff, id, TimeRequest.Reason.SEASON, STAGES.today().plusDays(7), "等开春");
      case DECIDE_SUSPENSION -> CASEWORK.suspending().grant(staff, id, version, asked(matter));
      case RESUME -> CASEWORK.suspending().resume(staff, id, version);
      case CLOSE_SUSPENDED -> CASEWORK.suspending().close(staff, id, version, "办不成");
      case TAKE_REQUEST_BACK -> CASEWORK.timeRequests().takeBack(staff, id);
      case ASK_HEAD ->
          CASEWORK.requests().ask(staff, id, STAGES.staff(GRID_WORKER).id(), LoopStages.question());
      case LOOK ->
          CASEWORK
              .requests()
              .look(staff, id, version, STAGES.staff(BUILDING_HEAD).id(), LoopStages.question());
    }
  }

  /// A colleague at the same desk.
  private static Staff taker(Who who) {
    return STAGES.staff(
        switch (who) {
          case OFFICER -> OFFICERS_COLLEAGUE;
          case OFFICERS_COLLEAGUE -> OFFICER;
          case DISPATCHER -> SUPERVISOR;
          case SUPERVISOR -> DISPATCHER;
          case DEPUTY -> INFO_OFFICER;
          default -> DEPUTY;
        });
  }

  private static long asked(Case matter) {
    TimeRequest asked = matter.asked();
    return asked == null ? -1 : asked.noteId();
  }
}
