package io.linyu.casework;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.linyu.TestClock;
import io.linyu.casework.CaseClock.Kind;
import io.linyu.channel.AddressKey;
import io.linyu.community.Staff;
import io.linyu.insight.Evaluation;
import io.linyu.insight.Evaluation.End;
import io.linyu.insight.Evaluations;
import io.linyu.insight.Insight;
import io.linyu.platform.Refusal;
import io.linyu.platform.db.Tx;
import io.linyu.platform.events.Told;
import io.linyu.platform.time.QuietHours;
import io.linyu.platform.time.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// The loop by random histories: whoever does whatever to a case, in whichever order, what must
/// always hold holds after each step, and what is refused has done nothing at all.
///
/// `-Dlinyu.histories=10000` for a long run, `-Dlinyu.seed=…` for the same one again.
class LoopTest {
  private static final int HISTORIES = Integer.getInteger("linyu.histories", 50);
  private static final int PLANNED_ANEW = 200;

  /// With so many none of the verbs is missed.
  private static final int MANY = 5_000;

  private static final int LONGEST = 20;
  private static final Duration FIRST_WORD_TO_END = Duration.ofDays(9);

  @AutoClose private static final Bureau BUREAU = new Bureau();

  private static final List<Staff> STAFF =
      List.of(
          BUREAU.staff("高", "community_secretary", "C1"),
          BUREAU.staff("任", "community_deputy", "C1"),
          BUREAU.staff("何", "info_officer", "C1"),
          BUREAU.staff("邱", "community_deputy", "C2"),
          BUREAU.staff("韦", "street_dispatcher", "S1"),
          BUREAU.staff("督", "street_supervisor", "S1"),
          BUREAU.staff("章", "district_dispatcher", "D"),
          officer("罗", "D09", "S1"),
          officer("水", "D04", "D"));

  /// Of a body that is sent cases, and says where none of them goes.
  private static Staff officer(String name, String body, String territory) {
    Staff hired = BUREAU.staff(name, "department_handler", territory);
    BUREAU
        .community
        .staff()
        .join(
            hired,
            BUREAU.community.desks().at(BUREAU.place(territory)).stream()
                .filter(each -> each.body().equals(body))
                .findFirst()
                .orElseThrow());
    return BUREAU.community.staff().byCode("T-" + name).orElseThrow();
  }

  /// Lives there; holds nothing, whatever is asked of them.
  private static final Staff HEAD = BUREAU.staff("楼", "building_head", "C1L03");

  private static final Requests REQUESTS = BUREAU.casework.requests();

  /// With a category that has a loop of its own each: community, street, department, and unknown.
  private static final List<String> CATEGORIES =
      BUREAU.casework.categories().all().stream()
          .filter(Category::isSpecific)
          .map(Category::code)
          .toList();

  /// The clocks that run for the resident from the first word.
  private static final Set<Kind> THEIRS = Set.of(Kind.FIRST_CONTACT, Kind.HANDLING);

  private static final Errands.Pace BY_DAY_AND_NIGHT =
      new Errands.Pace(
          Duration.ofMinutes(15), Duration.ofMinutes(10), QuietHours.NONE, TestClock.ZONE);

  private static final Set<Verb> ENDS = Set.of(Verb.RATE, Verb.REJECT, Verb.CLOSE_SUSPENDED);

  private static final PartStore PARTS = new PartStore();
  private static final ExampleStore EXAMPLES = new ExampleStore();

  private static final Map<String, LoopTable.Row> TABLE = LoopTable.written();

  /// A step of the table that somebody took.
  private record Lived(CaseState from, CaseState to) {}

  private final Map<String, Set<Lived>> steps = new TreeMap<>();

  /// By which a case comes to its end, or begins again.
  private static final Set<Verb> ONWARDS =
      Set.of(
          Verb.CLAIM,
          Verb.REPORT,
          Verb.PASS,
          Verb.FAIL,
          Verb.CALL,
          Verb.REOPEN,
          Verb.OVERRULE,
          Verb.RESUME);

  /// What hardly anybody may do, or hardly ever; without this it would not be seen in a thousand.
  private static final Set<Verb> SELDOM =
      Set.of(Verb.REJECT, Verb.ASK_SUSPENSION, Verb.CLOSE_SUSPENDED);

  private static final List<Verb> TRIED = List.of(Verb.CLAIM, Verb.GIVE, Verb.HAND_ON);

  private enum Verb {
    CLAIM,
    RELEASE,
    GIVE,
    TAKE_BACK,
    ANSWER,
    NOTE,
    HAND_ON,
    HAND_BACK,
    RETURN,
    NOT_LISTED,
    /// Agrees to it, or does not.
    DECIDE_RETURN,
    DISPUTE,
    GIVE_VIEW,
    RULE,
    TAKE_DISPUTE_BACK,
    CONVENE,
    WRITE_MINUTES,
    CALL_CONFERENCE_OFF,
    RAISE,
    SEND_DOWN,
    SET_CATEGORY,
    SET_TERRITORY,
    NAME_ACCUSED,
    REPORT,
    TAKE_RESULT_BACK,
    PASS,
    FAIL,
    CALL,
    REOPEN,
    OVERRULE,
    /// The resident says how it is.
    RATE,
    /// And that it is not solved after all.
    AGAIN,
    /// Due work.
    ASK_AFTER,
    /// By staff.
    URGE,
    SUPERVISE,
    LIFT_SUPERVISION,
    REJECT,
    TAKE_REJECTION_BACK,
    APPEAL,
    ASK_EXTENSION,
    /// Grants it, or refuses it.
    DECIDE_EXTENSION,
    ASK_SUSPENSION,
    DECIDE_SUSPENSION,
    TAKE_REQUEST_BACK,
    RESUME,
    CLOSE_SUSPENDED,
    CO_HANDLE,
    /// Urges, extends or calls off what others were asked.
    TEND_PARTS,
    /// By the desk that was asked.
    SIGN_PART,
    ANSWER_PART,
    DECLINE_PART,
    /// Due work: whatever a rule wants of it. All are live.
    APPLY_RULES,
    SUPPLEMENT,
    WAIT_FOR,
    /// With another that tells of the same, and by itself again.
    MERGE,
    UNMERGE,
    /// A message that tells of several matters, and that taken back.
    SPLIT,
    TAKE_SPLIT_BACK,
    /// Whether it complains about staff.
    JUDGE,
    /// Another with this one, and by itself again.
    GATHER,
    PART,
    /// Whoever told of one that follows it says how it is.
    FOLLOWER_RATES,
    WITHDRAW,
    NOTICE_DELAYS,
    /// A head of the place is asked, and the case goes on; or waits for it, before it is accepted.
    ASK_HEAD,
    LOOK,
    /// Whoever was asked says something, or the same in other words.
    HEAD_ANSWERS,
    RELEASE_HEAD,
    /// Due work: nobody has answered in time.
    HEAD_SILENT,
    /// A week goes by, and it is filed away.
    ARCHIVE,
    /// As an example; and whoever told it agrees, or does not.
    PUBLISH,
    AGREE
  }

  private record Move(Staff who, Verb verb) {}

  /// All that is known of a case at one moment.
  private record Seen(
      Case matter,
      List<Told<CaseEvent>> told,
      List<Holding> holdings,
      List<CaseClock> clocks,
      List<Part> parts) {}

  private final Map<Verb, Integer> done = new EnumMap<>(Verb.class);
  private final Map<Verb, Integer> refused = new EnumMap<>(Verb.class);
  private final List<CaseId> lived = new ArrayList<>();

  @Test
  void whateverIsDoneToACaseWhatMustHoldHolds() {
    long seed = Long.getLong("linyu.seed", new Random().nextInt(1_000_000));
    System.err.printf("loop: %d histories, seed %d%n", HISTORIES, seed);
    List.of(LoopRule.values()).forEach(rule -> BUREAU.rule(rule, LoopRule.Mode.LIVE));
    BUREAU.casework.archiving().recordedBy((_, ends) -> Set.copyOf(ends));
    for (int history = 0; history < HISTORIES; history++) {
      var random = new Random(seed + history);
      BUREAU.clock.set(
          "2026-03-%02dT%02d:%02d"
              .formatted(2 + random.nextInt(12), random.nextInt(24), random.nextInt(60)));
      live(random, "seed %d, history %d".formatted(seed, history));
      if (history % PLANNED_ANEW == 0) {
        BUREAU.db.execute("ANALYZE"); // nobody else does in a test, and plans are kept
      }
    }
    System.err.printf("loop: done %s, refused %s%n", done, refused);
    assertThat(done.keySet())
        .as("what was taken")
        .contains(
            HISTORIES < MANY
                ? new Verb[] {Verb.CLAIM, Verb.ANSWER, Verb.NOTE, Verb.HAND_ON, Verb.SET_CATEGORY}
                : Verb.values());
    if (HISTORIES >= MANY) {
      assertThat(LoopTable.Mutation.values())
          .filteredOn(each -> each != LoopTable.Mutation.WHOEVER_DID_IT_CHECKS_IT)
          .as("no other table could have been lived by")
          .allSatisfy(each -> assertThat(contradicts(each.of(TABLE))).as("%s", each).isTrue());
    }
    assertThat(refused.keySet()).as("and refused").contains(Verb.CLAIM, Verb.GIVE, Verb.HAND_ON);
    assertThat(BUREAU.events.broken(CaseEvent.VOCABULARY)).as("chains, seed %d", seed).isEmpty();
    checkRecords(seed);
  }

  /// What the figures are counted from says the same of each case as the case does.
  private void checkRecords(long seed) {
    try (var ticker = new Ticker()) {
      Evaluations records =
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
      lived.forEach(id -> checkRecord(see(id), records.of(id), seed));
    }
  }

  private static void checkRecord(Seen seen, List<Evaluation> versions, long seed) {
    Case matter = seen.matter();
    End end =
        switch (matter.state()) {
          case CLOSED, ARCHIVED -> End.CLOSED;
          case REJECTED -> End.REJECTED;
          case WITHDRAWN -> End.WITHDRAWN;
          case MERGED -> End.MERGED;
          case HANDED_OFF -> End.HANDED_OFF;
          default -> End.OPEN;
        };
    String what =
        "record of %s, seed %d: %s of %s".formatted(matter.number(), seed, versions, seen.told());
    if (versions.isEmpty()) {
      assertThat(end).as(what).isEqualTo(End.OPEN);
      return;
    }
    Evaluation last = versions.getLast();
    assertThat(last.end()).as(what).isEqualTo(end);
    if (end == End.OPEN) {
      return; // it has gone on since
    }
    assertThat(last.category()).as(what).isEqualTo(matter.categoryCode());
    assertThat(last.where().territory()).as(what).isEqualTo(matter.territoryId());
    assertThat(last.where().desk()).as(what).isEqualTo(matter.deskId());
    assertThat(last.course().reworks()).as(what).isEqualTo(matter.reworks());
    assertThat(last.course().extensions()).as(what).isEqualTo(matter.extensions());
    assertThat(last.course().returns()).as(what).isNotNegative();
    assertThat(last.course().transfers()).as(what).isNotNegative();
    assertThat(last.course().signedInTime())
        .as(what)
        .isBetween(0, last.course().dispatches() - last.course().returns());
    assertThat(last.times().filed() != null)
        .as(what)
        .isEqualTo(seen.clocks().stream().anyMatch(each -> each.kind() == Kind.HANDLING));
    if (!matter.isTold()) {
      assertThat(last.inTime().contact()).as(what).isNull();
      assertThat(last.visit().solved()).as(what).isNull();
    }
    if (end == End.CLOSED) {
      assertThat(last.where().level()).as(what).isEqualTo(matter.level());
      CaseClock limit =
          seen.clocks().stream()
              .filter(each -> each.kind() == Kind.HANDLING)
              .findFirst()
              .orElseThrow();
      assertThat(last.inTime().closing())
          .as(what)
          .isEqualTo(
              last.course().endedSuspended() ? null : !limit.isMissed(BUREAU.clock.instant()));
    }
  }

  private void live(Random random, String which) {
    long person = person();
    Opened opened = BUREAU.open(told(person, random));
    lived.add(opened.id());
    Seen seen = see(opened.id());
    check(seen, which + ": opened");
    var said = new ArrayList<String>();
    Move last = null;
    for (int step = 1 + random.nextInt(LONGEST); step > 0; step--) {
      BUREAU.clock.pass(
          Duration.ofSeconds(
              random.nextInt(4) == 0
                  ? random.nextLong(FIRST_WORD_TO_END.toSeconds() / LONGEST)
                  : random.nextInt(last != null && last.verb() == Verb.REJECT ? 15 : 90)));
      // First by somebody of another community, mostly: so that it is refused is no chance.
      Move move =
          said.isEmpty()
              ? new Move(STAFF.get(3), TRIED.get(lived.size() % TRIED.size()))
              : move(random, seen.matter(), last);
      Verb verb = move.verb();
      Staff who = move.who();
      String refusal = take(random, verb, who, seen.matter(), person);
      said.add(verb + " by " + who.name() + (refusal == null ? "" : ": " + refusal));
      Seen after = see(opened.id());
      String where = which + ": " + said;
      if (refusal == null) {
        last = move;
        done.merge(verb, 1, Integer::sum);
        check(after, where);
        checkStep(seen, after, where);
      } else {
        refused.merge(verb, 1, Integer::sum);
        assertThat(after).as("%s: nothing was done", where).isEqualTo(seen);
      }
      seen = after;
    }
  }

  /// Mostly what somebody may do, and often enough anything by anybody.
  private static Move move(Random random, Case matter, @Nullable Move last) {
    if (last != null && random.nextBoolean()) {
      Verb undone = last.verb();
      if (undone == Verb.REJECT) {
        return new Move(last.who(), random.nextBoolean() ? Verb.TAKE_REJECTION_BACK : Verb.APPEAL);
      }
      if (undone == Verb.GIVE || undone == Verb.HAND_ON || undone == Verb.RAISE) {
        return new Move(last.who(), undone == Verb.GIVE ? Verb.TAKE_BACK : Verb.HAND_BACK);
      }
      if (undone == Verb.SPLIT) {
        return new Move(last.who(), Verb.TAKE_SPLIT_BACK);
      }
      if (undone == Verb.REPORT && random.nextInt(3) == 0) {
        return new Move(last.who(), Verb.TAKE_RESULT_BACK);
      }
    }
    List<Verb> theirs = theirs(matter);
    if (!theirs.isEmpty() && random.nextInt(3) == 0) {
      return new Move(one(random, STAFF), one(random, theirs));
    }
    List<Move> allowed =
        STAFF.stream()
            .filter(who -> BUREAU.cases.isVisibleTo(BUREAU.db, who, matter.id()))
            .flatMap(who ->
                BUREAU.cases.stepsFor(who, matter).stream().map(step -> new Move(who, verb(step))))
            .toList();
    List<Move> seldom = allowed.stream().filter(each -> SELDOM.contains(each.verb())).toList();
    if (!seldom.isEmpty() && random.nextInt(8) == 0) {
      return one(random, seldom);
    }
    if (random.nextInt(6) == 0 && isAboutStaff(matter)) {
      return new Move(one(random, STAFF), Verb.NAME_ACCUSED);
    }
    List<Move> deciding =
        allowed.stream()
            .filter(each ->
                each.verb() == Verb.DECIDE_EXTENSION
                    || each.verb() == Verb.RETURN
                    || each.verb() == Verb.NOT_LISTED
                    || each.verb() == Verb.DECIDE_RETURN
                    || each.verb() == Verb.DISPUTE
                    || each.verb() == Verb.GIVE_VIEW
                    || each.verb() == Verb.RULE
                    || each.verb() == Verb.DECIDE_SUSPENSION
                    || ONWARDS.contains(each.verb())
                    || each.verb() == Verb.CLOSE_SUSPENDED)
            .toList();
    if (!deciding.isEmpty() && random.nextInt(5) < 2) {
      return one(random, deciding);
    }
    List<Part> open =
        matter.work().isOpen()
            ? PARTS.open(BUREAU.db, matter.id()).stream().filter(each -> !each.isContact()).toList()
            : List.of();
    List<Staff> asked =
        STAFF.stream()
            .filter(who -> open.stream().anyMatch(each -> who.worksAt(each.deskId())))
            .toList();
    if (!asked.isEmpty() && random.nextInt(3) == 0) {
      return new Move(
          one(random, asked),
          one(random, List.of(Verb.SIGN_PART, Verb.ANSWER_PART, Verb.DECLINE_PART)));
    }
    boolean goesOn = random.nextInt(4) > 0;
    List<Verb> verbs =
        allowed.stream()
            .map(Move::verb)
            .distinct()
            .filter(verb -> !ENDS.contains(verb) || !goesOn)
            .toList();
    if (!verbs.isEmpty() && random.nextInt(3) > 0) {
      Verb verb = one(random, verbs);
      return one(random, allowed.stream().filter(each -> each.verb() == verb).toList());
    }
    Verb verb = one(random, List.of(Verb.values()));
    return new Move(one(random, STAFF), verb == Verb.WITHDRAW && goesOn ? Verb.SUPPLEMENT : verb);
  }

  /// One at a time, and of what is over none.
  private static void checkConference(Seen seen, String where) {
    Long waits = null;
    for (Told<CaseEvent> each : seen.told()) {
      switch (each.event()) {
        case CaseEvent.ConferenceCalled called -> {
          assertThat(waits).as("%s: one at a time", where).isNull();
          waits = called.conferenceId();
        }
        case CaseEvent.ConferenceSet set -> {
          assertThat(waits == null || waits == set.conferenceId()).as(where).isTrue();
          waits = set.conferenceId();
        }
        case CaseEvent.ConferenceHeld _, CaseEvent.ConferenceEnded _ -> waits = null;
        default -> {
          // It is about something else.
        }
      }
    }
    Conference conference = seen.matter().conference();
    assertThat(conference == null ? null : (Long) conference.id())
        .as("%s: as the events say", where)
        .isEqualTo(waits);
    assertThat(conference == null || seen.matter().isOpen())
        .as("%s: nobody sits down about what is over", where)
        .isTrue();
  }

  private static boolean isAboutStaff(Case matter) {
    return BUREAU
        .casework
        .categories()
        .named(matter.categoryCode())
        .filter(Category::aboutStaff)
        .isPresent();
  }

  /// What whoever told it has to say of it as it stands, and what happens by itself.
  private static List<Verb> theirs(Case matter) {
    return switch (matter.state()) {
      case RETURN_VISIT ->
          List.of(Verb.RATE, Verb.RATE, Verb.FOLLOWER_RATES, Verb.FOLLOWER_RATES, Verb.ASK_AFTER);
      case HANDLING -> List.of(Verb.GATHER, Verb.SPLIT);
      case CLOSED -> List.of(Verb.AGAIN, Verb.RATE, Verb.ARCHIVE, Verb.AGREE);
      case ARCHIVED -> List.of(Verb.AGAIN, Verb.RATE, Verb.AGREE);
      case VERIFYING -> List.of(Verb.HEAD_ANSWERS, Verb.RELEASE_HEAD, Verb.HEAD_SILENT);
      default -> List.of();
    };
  }

  private static Verb verb(Cases.Step step) {
    return step == Cases.Step.TAKE_OVER ? Verb.CLAIM : Verb.valueOf(step.name());
  }

  /// What a step answers is what stands.
  private static void isAsAnswered(Case answered) {
    assertThat(answered).isEqualTo(BUREAU.cases.named(BUREAU.db, answered.id()).orElseThrow());
  }

  /// @return why it was refused; null: it was done
  private @Nullable String take(Random random, Verb verb, Staff who, Case matter, long person) {
    CaseId id = matter.id();
    // Some have looked away for too long.
    int version = random.nextInt(12) == 0 ? matter.version() - 1 : matter.version();
    try {
      switch (verb) {
        case CLAIM -> isAsAnswered(BUREAU.handling.claim(who, id, version));
        case RELEASE -> isAsAnswered(BUREAU.handling.release(who, id, version));
        case GIVE -> isAsAnswered(BUREAU.handling.give(who, id, version, one(random, STAFF).id()));
        case TAKE_BACK -> isAsAnswered(BUREAU.handling.takeBack(who, id, version));
        case ANSWER -> isAsAnswered(BUREAU.handling.answer(who, id, version, "明天来看"));
        case NOTE -> isAsAnswered(BUREAU.handling.note(who, id, "问过物业"));
        case HAND_ON -> {
          List<Handovers.Target> targets = BUREAU.handovers.targets(who, id);
          long desk = targets.isEmpty() ? matter.deskId() : one(random, targets).deskId();
          BUREAU.handovers.handOn(who, id, version, desk, "归他们管");
        }
        case HAND_BACK -> isAsAnswered(BUREAU.handovers.handBack(who, id, version));
        case RETURN -> {
          Returning returning = BUREAU.casework.returning();
          List<Handovers.Target> targets = returning.offer(matter).targets();
          Long named = targets.isEmpty() ? null : (Long) one(random, targets).deskId();
          var ground = one(random, Returning.Ground.ofAll());
          returning.sendBack(who, id, version, ground, named, "不归我们");
        }
        case NOT_LISTED -> BUREAU.casework.admitting().say(who, id, version, null, "清单上没有");
        case DECIDE_RETURN -> {
          Returning returning = BUREAU.casework.returning();
          List<Handovers.Target> targets = returning.targets(matter);
          if (targets.isEmpty() || random.nextInt(3) == 0) {
            returning.refuse(who, id, version, "还是你们办");
          } else {
            returning.agree(who, id, version, one(random, targets).deskId());
          }
        }
        case DISPUTE -> {
          List<Handovers.Target> targets =
              BUREAU.casework.ruling().offer(matter).map(Ruling.Offer::targets).orElse(List.of());
          long named = targets.isEmpty() ? matter.deskId() : one(random, targets).deskId();
          BUREAU.casework.ruling().dispute(who, id, version, named, "不归我们");
        }
        case GIVE_VIEW -> BUREAU.casework.ruling().view(who, id, "也不归我们");
        case RULE -> {
          CaseDispute dispute = matter.disputed();
          Long view = dispute == null ? null : dispute.viewNoteId();
          long lead =
              dispute == null
                  ? matter.deskId()
                  : random.nextBoolean() ? dispute.deskId() : dispute.otherDeskId();
          String along = random.nextInt(3) == 0 ? "请一起去看" : "";
          BUREAU.casework.ruling().rule(who, id, version, view, lead, "按三定", along);
        }
        case TAKE_DISPUTE_BACK -> BUREAU.casework.ruling().takeBack(who, id, version);
        case CONVENE -> {
          List<Conferences.Invitee> all =
              BUREAU.casework.conferences().invitees(matter, List.of(), List.of());
          long desk = all.isEmpty() ? matter.deskId() : one(random, all).deskId();
          LocalDateTime when =
              LocalDateTime.ofInstant(BUREAU.clock.instant(), TestClock.ZONE)
                  .plusDays(random.nextInt(9) - 1);
          isAsAnswered(
              BUREAU
                  .casework
                  .conferences()
                  .set(who, id, version, when, "会议室", List.of(desk), "谁来办"));
        }
        case WRITE_MINUTES -> {
          List<Parts.Partner> partners = BUREAU.casework.parts().partners(matter);
          LocalDate day = LocalDate.ofInstant(BUREAU.clock.instant(), TestClock.ZONE);
          List<Conferences.Decision> decisions =
              partners.isEmpty() || random.nextBoolean()
                  ? List.of()
                  : List.of(
                      new Conferences.Decision(
                          one(random, partners).deskId(), day.plusDays(1), "去清"));
          String said = random.nextBoolean() ? "" : "几家一起清";
          isAsAnswered(
              BUREAU.casework.conferences().hold(who, id, version, "一起清", decisions, said));
        }
        case CALL_CONFERENCE_OFF ->
            isAsAnswered(BUREAU.casework.conferences().callOff(who, id, version, "电话里说清了"));
        case RAISE -> BUREAU.casework.levels().raise(who, id, version, "超出本级");
        case SEND_DOWN -> BUREAU.casework.levels().sendDown(who, id, version, "下面能办");
        case SET_CATEGORY ->
            BUREAU.corrections.setCategory(who, id, version, one(random, CATEGORIES));
        case SET_TERRITORY ->
            BUREAU.corrections.setTerritory(
                who, id, version, BUREAU.place(one(random, List.of("C1L03", "C1", "C2"))).id());
        case NAME_ACCUSED ->
            BUREAU.corrections.nameAccused(
                who,
                id,
                version,
                one(
                    random,
                    List.of("", "staff:" + one(random, STAFF).id(), "desk:" + matter.deskId())));
        case REPORT -> isAsAnswered(BUREAU.casework.checking().report(who, id, version, "办好了"));
        case TAKE_RESULT_BACK -> BUREAU.casework.checking().takeBack(who, id, version);
        case PASS, FAIL -> {
          boolean excused = random.nextInt(4) > 0;
          BUREAU
              .casework
              .checking()
              .check(
                  who,
                  id,
                  version,
                  new Checking.Finding(
                      verb == Verb.PASS, "看过了", List.of(), excused ? "在居民家里" : ""));
        }
        case CALL -> {
          boolean reached = random.nextInt(3) > 0;
          var said = reached ? rating(random) : ReturnVisit.Rating.NONE;
          BUREAU.casework.visits().call(who, id, version, new ReturnVisits.Call(reached, said));
        }
        case REOPEN -> BUREAU.casework.checking().reopen(who, id, version, "还没通");
        case OVERRULE -> BUREAU.casework.visits().overrule(who, id, version, "依规定办不了");
        case RATE ->
            BUREAU.db.inTransaction(tx ->
                BUREAU.casework.visits().rate(tx, id, person, null, rating(random), List.of()));
        case AGAIN ->
            BUREAU.db.inTransaction(tx -> BUREAU.casework.checking().again(tx, id, person, null));
        case ASK_AFTER -> {
          while (BUREAU.casework.visits().goOnDue(BY_DAY_AND_NIGHT)) {
            // there may be more
          }
        }
        case URGE -> BUREAU.casework.urging().urge(who, id);
        case SUPERVISE -> BUREAU.casework.supervising().supervise(who, id, "拖得太久");
        case LIFT_SUPERVISION -> BUREAU.casework.supervising().lift(who, id);
        case REJECT ->
            BUREAU
                .casework
                .rejecting()
                .reject(
                    who, id, version, one(random, List.of(Rejecting.Reason.values())), "这件事请找房管所");
        case TAKE_REJECTION_BACK -> BUREAU.casework.rejecting().takeBack(who, id, version);
        case APPEAL ->
            BUREAU.db.inTransaction(tx -> BUREAU.casework.appealing().appeal(tx, id, person, null));
        case ASK_EXTENSION -> BUREAU.casework.extending().ask(who, id, random.nextInt(4), "等材料");
        case DECIDE_EXTENSION -> {
          if (random.nextInt(3) > 0) {
            BUREAU.casework.extending().grant(who, id, asked(random, matter));
          } else {
            BUREAU.casework.timeRequests().refuse(who, id, asked(random, matter), "能办完");
          }
        }
        case ASK_SUSPENSION ->
            BUREAU
                .casework
                .suspending()
                .ask(
                    who,
                    id,
                    one(random, List.of(TimeRequest.Reason.values())),
                    LocalDate.ofInstant(BUREAU.clock.instant(), TestClock.ZONE)
                        .plusDays(random.nextInt(8)),
                    "等开春");
        case DECIDE_SUSPENSION -> {
          if (random.nextInt(3) > 0) {
            BUREAU.casework.suspending().grant(who, id, version, asked(random, matter));
          } else {
            BUREAU.casework.timeRequests().refuse(who, id, asked(random, matter), "能办");
          }
        }
        case CLOSE_SUSPENDED -> BUREAU.casework.suspending().close(who, id, version, "办不成");
        case RESUME -> BUREAU.casework.suspending().resume(who, id, version);
        case CO_HANDLE -> {
          List<Parts.Partner> partners = BUREAU.casework.parts().partners(matter);
          List<Long> desks =
              partners.isEmpty() || random.nextInt(8) == 0
                  ? List.of(matter.deskId())
                  : random.nextInt(3) == 0
                      ? partners.stream().limit(2).map(Parts.Partner::deskId).toList()
                      : List.of(one(random, partners).deskId());
          LocalDate day = LocalDate.ofInstant(BUREAU.clock.instant(), TestClock.ZONE);
          BUREAU
              .casework
              .parts()
              .ask(who, id, desks, day.plusDays(random.nextInt(4) - 1), "请一起去看", false);
        }
        case TEND_PARTS -> tend(random, who, id);
        case SIGN_PART -> BUREAU.casework.parts().sign(who, code(random, id));
        case ANSWER_PART -> BUREAU.casework.parts().answer(who, code(random, id), "修好了", List.of());
        case DECLINE_PART -> BUREAU.casework.parts().decline(who, code(random, id), "不归我们");
        case APPLY_RULES -> BUREAU.applyRules();
        case ARCHIVE -> {
          if (matter.state() != CaseState.CLOSED) {
            throw new Refusal("form-outdated", 422);
          }
          BUREAU.clock.pass(Duration.ofDays(7));
          while (BUREAU.casework.archiving().archiveDue()) {
            // there may be more
          }
        }
        case PUBLISH ->
            BUREAU
                .casework
                .examples()
                .propose(
                    who,
                    "",
                    id,
                    version,
                    new Example.Text("灯亮了", "灯不亮", "换了" + random.nextInt(99) + "盏"));
        case AGREE -> {
          Example example = EXAMPLES.last(BUREAU.db, id).orElse(null);
          if (example == null) {
            throw new Refusal("form-outdated", 422);
          }
          BUREAU
              .casework
              .examples()
              .answer(
                  BUREAU.cases.link(matter.code()).orElseThrow(),
                  example.code(),
                  one(random, List.of(Examples.Answer.values())));
        }
        case TAKE_REQUEST_BACK -> BUREAU.casework.timeRequests().takeBack(who, id);
        case WAIT_FOR -> {
          var urged =
              BUREAU.db.inTransaction(tx -> BUREAU.casework.urging().urge(tx, id, person, null));
          if (urged.before()) {
            throw new Refusal("urged-before", 409);
          }
        }
        case SUPPLEMENT -> {
          if (BUREAU
              .db
              .inTransaction(tx -> BUREAU.intake.supplement(tx, id, person, List.of()))
              .isEmpty()) {
            throw new Refusal("not-open", 409);
          }
        }
        case MERGE -> {
          Opened other = BUREAU.open(alike(matter));
          BUREAU.casework.merging().merge(who, id, version, other.code());
        }
        case UNMERGE -> BUREAU.casework.merging().unmerge(who, id, version);
        case SPLIT -> split(random, who, matter, version);
        case JUDGE -> {
          if (random.nextBoolean()) {
            BUREAU.casework.suspicions().confirm(who, id, version, "");
          } else {
            BUREAU.casework.suspicions().lift(who, id, version, "不是投诉");
          }
        }
        case TAKE_SPLIT_BACK -> BUREAU.casework.splitting().takeBack(who, id, version);
        case GATHER -> {
          Case other = see(BUREAU.open(alike(matter)).id()).matter();
          BUREAU.casework.merging().merge(who, other.id(), other.version(), matter.code());
        }
        case PART -> {
          Case other = follower(random, matter);
          BUREAU.casework.merging().unmerge(who, other.id(), other.version());
        }
        case FOLLOWER_RATES -> {
          Case other = follower(random, matter);
          long theirs = requireNonNull(other.personId());
          BUREAU.db.inTransaction(tx ->
              BUREAU
                  .casework
                  .visits()
                  .rate(tx, other.id(), theirs, null, rating(random), List.of()));
        }
        case ASK_HEAD -> REQUESTS.ask(who, id, HEAD.id(), question(random));
        case LOOK -> REQUESTS.look(who, id, version, HEAD.id(), question(random));
        case HEAD_ANSWERS -> {
          Request asked = asked(id);
          BUREAU.db.inTransaction(tx ->
              REQUESTS.answer(
                  tx, asked, one(random, List.of(Request.Outcome.values())), "堆着纸箱", List.of()));
        }
        case RELEASE_HEAD -> REQUESTS.release(who, id, version, asked(id).id());
        case HEAD_SILENT -> {
          while (REQUESTS.goOnDue(NOBODY)) {
            // there may be more
          }
        }
        case WITHDRAW ->
            BUREAU.db.inTransaction(tx -> BUREAU.intake.withdraw(tx, id, person, null));
        case NOTICE_DELAYS -> {
          while (BUREAU.casework.delays().noticeDue(BY_DAY_AND_NIGHT)) {
            // there may be more
          }
        }
      }
      return null;
    } catch (Refusal refusal) {
      return refusal.code();
    }
  }

  private static void tend(Random random, Staff who, CaseId id) {
    Parts parts = BUREAU.casework.parts();
    String code = code(random, id);
    LocalDate day = LocalDate.ofInstant(BUREAU.clock.instant(), TestClock.ZONE);
    switch (random.nextInt(3)) {
      case 0 -> parts.urge(who, id, code);
      case 1 -> parts.extend(who, id, code, day.plusDays(random.nextInt(4)));
      default -> parts.cancel(who, id, List.of(code));
    }
  }

  /// Of one that is open, mostly.
  private static String code(Random random, CaseId id) {
    List<Part> all = PARTS.of(BUREAU.db, id);
    List<Part> open = all.stream().filter(Part::isOpen).toList();
    List<Part> some = open.isEmpty() || random.nextInt(8) == 0 ? all : open;
    return some.isEmpty() ? "none" : one(random, some).code();
  }

  private static Requests.Question question(Random random) {
    return new Requests.Question(
        "楼道里现在堆着东西没有？", random.nextBoolean(), one(random, List.of(Requests.Within.values())));
  }

  /// What was asked last.
  private static Request asked(CaseId id) {
    return new RequestStore()
        .ofCase(BUREAU.db, id, 1).stream()
            .map(RequestStore.Found::request)
            .findFirst()
            .orElseThrow(() -> new Refusal("nothing-asked", 409));
  }

  /// Reaches nobody: nobody here has a chat.
  private static final Requests.Mouth NOBODY =
      new Requests.Mouth() {
        @Override
        public void hold(Tx tx, long address, Instant until) {}

        @Override
        public void ask(Tx tx, Requests.Telling telling) {}

        @Override
        public void over(Tx tx, Requests.Telling telling) {}

        @Override
        public Optional<Instant> heardBy(Tx tx, long request) {
          return Optional.empty();
        }
      };

  /// What somebody else tells of the same.
  private static NewCase alike(Case matter) {
    return NewCase.of("楼道里又堆了杂物", matter.territoryId(), "wechat")
        .by(person(), null)
        .category(matter.categoryCode())
        .confirmed(true)
        .confidential(matter.confidential())
        .ready();
  }

  private static Case follower(Random random, Case matter) {
    List<Case> all = BUREAU.casework.merging().followers(matter);
    if (all.isEmpty()) {
      throw new Refusal("nobody-follows", 404);
    }
    return one(random, all);
  }

  /// What is split off stands as if it had been told by itself, and keeps what it was told with
  /// from nobody's eyes less than that.
  private void split(Random random, Staff who, Case matter, int version) {
    var others = new ArrayList<Splitting.Matter>();
    for (int left = random.nextInt(3); left >= 0; left--) {
      others.add(
          new Splitting.Matter(
              List.of(random.nextInt(12) == 0 ? "没有说过的" : "堆了杂物"),
              random.nextInt(4) == 0 ? null : one(random, CATEGORIES),
              random.nextInt(3) == 0 ? BUREAU.place("C2").id() : null));
    }
    BUREAU.casework.splitting().split(who, matter.id(), version, List.of("楼道里"), others);
    var split = (CaseEvent.Split) see(matter.id()).told().getLast().event();
    for (long each : split.parts()) {
      Seen part = see(new CaseId(each));
      String where = "split off " + matter.number();
      check(part, where);
      assertThat(part.matter().personId()).as(where).isEqualTo(matter.personId());
      assertThat(part.matter().saidAt()).as(where).isEqualTo(matter.saidAt());
      assertThat(part.clocks())
          .as("%s: no desk has fresh time for the resident's clocks", where)
          .filteredOn(clock -> THEIRS.contains(clock.kind()) || clock.kind() == Kind.ACCEPTANCE)
          .isNotEmpty()
          .allSatisfy(clock -> assertThat(clock.startedAt()).isEqualTo(matter.saidAt()));
      assertThat(part.matter().confidential() || !matter.confidential())
          .as("%s: what was told in confidence stays so", where)
          .isTrue();
      assertThat(BUREAU.cases.isQuiet(BUREAU.db, part.matter()) || !isQuiet(matter))
          .as("%s: and quiet", where)
          .isTrue();
    }
  }

  private static boolean isQuiet(Case matter) {
    return BUREAU.cases.isQuiet(BUREAU.db, matter);
  }

  private static ReturnVisit.Rating rating(Random random) {
    boolean whole = random.nextBoolean();
    return new ReturnVisit.Rating(
        one(random, List.of(ReturnVisit.Solved.values())),
        whole ? one(random, List.of(ReturnVisit.Satisfaction.values())) : null,
        whole ? random.nextBoolean() : null,
        null);
  }

  /// The request that somebody has read; some have read another.
  private static long asked(Random random, Case matter) {
    TimeRequest asked = matter.asked();
    return asked == null || random.nextInt(12) == 0 ? -1 : asked.noteId();
  }

  /// What holds at every moment.
  private void check(Seen seen, String where) {
    Case matter = seen.matter();
    List<Holding> current = seen.holdings().stream().filter(each -> each.until() == null).toList();
    if (matter.isOpen()) {
      assertThat(current).as("%s: exactly one has it", where).hasSize(1);
      assertThat(current.getFirst().deskId()).as(where).isEqualTo(matter.deskId());
      assertThat(current.getFirst().staffId()).as(where).isEqualTo(matter.staffId());
    } else {
      assertThat(current).as("%s: nobody has it any more", where).isEmpty();
    }
    for (int i = 1; i < seen.holdings().size(); i++) {
      Instant until = seen.holdings().get(i - 1).until();
      Instant since = seen.holdings().get(i).since();
      if (!since.equals(until)) {
        assertThat(isRejectedFrom(seen, until, since))
            .as("%s: it is never between two but while it is rejected", where)
            .isTrue();
      }
    }
    checkRejections(seen, where);
    checkParts(seen, where);
    List<CaseClock> running = seen.clocks().stream().filter(CaseClock::isRunning).toList();
    assertThat(matter.nextDueAt())
        .as("%s: what is due next", where)
        .isEqualTo(running.stream().map(CaseClock::dueAt).min(Instant::compareTo).orElse(null));
    assertThat(running.isEmpty())
        .as("%s: no open case without a clock", where)
        .isEqualTo(!matter.isOpen());
    checkPauses(seen, where);
    checkLook(seen, where);
    assertThat(
            matter.isTold()
                || seen.clocks().stream().noneMatch(each -> each.kind() == Kind.FIRST_CONTACT))
        .as("%s: nobody is contacted about what nobody told", where)
        .isTrue();
    assertThat(matter.asked() == null || matter.state() == CaseState.HANDLING)
        .as("%s: time is asked for what is worked on", where)
        .isTrue();
    assertThat(waiting(seen)).as("%s: and waits once", where).isEqualTo(matter.asked() != null);
    assertThat(replayed(seen, where))
        .as("%s: its events tell its state", where)
        .isEqualTo(matter.state());
    checkReturns(seen, where);
    checkDisputes(seen, where);
    checkChecker(seen, where);
    boolean waits =
        matter.state() == CaseState.INSPECTING || matter.state() == CaseState.RETURN_VISIT;
    assertThat(matter.lead() != null).as("%s: who did it is remembered", where).isEqualTo(waits);
    checkConference(seen, where);
    if (matter.rests()) {
      assertThat(matter.state()).as(where).isEqualTo(CaseState.RETURN_VISIT);
    }
    if (matter.state().isClosed()) {
      checkEnd(seen, where);
    }
    checkFollowers(seen, where);
  }

  /// Whoever told of the same hears what is said, and is asked by themselves before it ends.
  private static void checkFollowers(Seen seen, String where) {
    Case matter = seen.matter();
    List<Case> followers = BUREAU.casework.merging().followers(matter);
    if (matter.follows()) {
      assertThat(followers).as("%s: no chains", where).isEmpty();
      assertThat(matter.state()).as(where).isEqualTo(CaseState.MERGED);
    }
    if (followers.isEmpty()) {
      return;
    }
    assertThat(matter.state())
        .as("%s: nobody is left behind", where)
        .isNotEqualTo(CaseState.WITHDRAWN);
    List<Case> heard = BUREAU.cases.heardOf(BUREAU.db, matter, BUREAU.clock.instant());
    assertThat(heard)
        .as("%s: a merged reporter still gets every notice", where)
        .extracting(Case::id)
        .containsAll(followers.stream().map(Case::id).toList());
    assertThat(heard)
        .as("%s: as it stands", where)
        .extracting(Case::state)
        .containsOnly(matter.state());
    boolean visited =
        seen.told().getLast().event() instanceof CaseEvent.Closed closed && closed.visit() != null;
    for (Case each : followers) {
      Instant since =
          Merging.spans(BUREAU.events.of(BUREAU.db, CaseEvent.VOCABULARY, each.id().value()))
              .getLast()
              .since();
      List<Instant> shown =
          BUREAU.cases.byCode(each.code(), "zh").orElseThrow().steps().stream()
              .map(Line::at)
              .toList();
      assertThat(shown)
          .as("%s: and reads it on their page", where)
          .containsAll(
              seen.told().stream()
                  .filter(told -> isNotice(told.event()) && !told.at().isBefore(since))
                  .map(Told::at)
                  .toList());
      if (visited) {
        assertThat(BUREAU.casework.visits().last(BUREAU.db, each.id()))
            .as("%s: was asked", where)
            .hasValueSatisfying(visit ->
                assertThat(visit.outcome()).isNotNull().isNotEqualTo(ReturnVisit.Outcome.REOPENED));
      }
    }
  }

  private static boolean isNotice(CaseEvent event) {
    return switch (event) {
      case CaseEvent.Answered _,
          CaseEvent.Extended _,
          CaseEvent.Suspended _,
          CaseEvent.Resumed _,
          CaseEvent.Reopened _,
          CaseEvent.Closed _ ->
          true;
      default -> false;
    };
  }

  /// Each desk returns it once at most, to another, and not those decide who have returned it. What
  /// waits to be decided has nothing to be signed.
  private static void checkReturns(Seen seen, String where) {
    var desks = new HashSet<Long>();
    CaseEvent.Returned waits = null;
    for (Told<CaseEvent> each : seen.told()) {
      switch (each.event()) {
        case CaseEvent.Returned back when back.waits() -> {
          assertThat(desks.add(back.fromDesk())).as("%s: once from each desk", where).isTrue();
          assertThat(back.toDesk()).as("%s: to another", where).isNotEqualTo(back.fromDesk());
          waits = back;
        }
        case CaseEvent.ReturnDecided decided -> {
          assertThat(decided.deskId()).as(where).isEqualTo(requireNonNull(waits).fromDesk());
          assertThat(decided.staffId())
              .as("%s: decided by another", where)
              .isNotEqualTo(waits.staffId());
          waits = null;
        }
        default -> {}
      }
    }
    boolean filed = seen.matter().state() == CaseState.FILED;
    assertThat(seen.matter().returned() != null)
        .as("%s: what nobody has been sent waits to be decided", where)
        .isEqualTo(filed);
    assertThat(
            seen.clocks().stream()
                .filter(CaseClock::isRunning)
                .map(CaseClock::kind)
                .filter(kind -> kind == Kind.RULING || kind == Kind.SIGNING)
                .toList())
        .as("%s: somebody decides or signs", where)
        .isEqualTo(
            filed
                ? List.of(Kind.RULING)
                : seen.matter().state() == CaseState.DISPATCHED
                    ? List.of(Kind.SIGNING)
                    : List.of());
  }

  /// Each two desks dispute it once, whoever has it has it until that is ruled by another, and what
  /// is ruled neither of them moves.
  private static void checkDisputes(Seen seen, String where) {
    var pairs = new HashSet<Set<Long>>();
    var bound = new HashSet<Long>();
    CaseEvent.Disputed waits = null;
    boolean viewed = false;
    for (Told<CaseEvent> each : seen.told()) {
      switch (each.event()) {
        case CaseEvent.Disputed disputed -> {
          assertThat(waits).as("%s: one at a time", where).isNull();
          assertThat(pairs.add(Set.of(disputed.deskId(), disputed.otherDesk())))
              .as("%s: once between two", where)
              .isTrue();
          assertThat(bound)
              .as("%s: what is ruled is ruled", where)
              .doesNotContain(disputed.deskId());
          waits = disputed;
          viewed = false;
        }
        case CaseEvent.Viewed view -> {
          assertThat(view.deskId()).as(where).isEqualTo(requireNonNull(waits).otherDesk());
          viewed = true;
        }
        case CaseEvent.DisputeEnded _ -> {
          assertThat(waits).as("%s: something waited", where).isNotNull();
          waits = null;
        }
        case CaseEvent.Ruled ruled -> {
          CaseEvent.Disputed asked = requireNonNull(waits);
          assertThat(ruled.staffId())
              .as("%s: ruled by another", where)
              .isNotEqualTo(asked.staffId());
          assertThat(Set.of(asked.deskId(), asked.otherDesk()))
              .as(where)
              .contains(ruled.leadDesk());
          assertThat(viewed || !each.at().isBefore(asked.viewUntil()))
              .as("%s: both have spoken, or could have", where)
              .isTrue();
          bound.addAll(List.of(asked.deskId(), asked.otherDesk()));
          waits = null;
        }
        case CaseEvent.Returned back when back.waits() ->
            assertThat(bound).as("%s: nor is it returned", where).doesNotContain(back.fromDesk());
        default -> {}
      }
    }
    CaseDispute open = seen.matter().disputed();
    assertThat(open != null).as("%s: what waits to be ruled", where).isEqualTo(waits != null);
    if (open != null) {
      assertThat(open.deskId()).as("%s: they have it", where).isEqualTo(seen.matter().deskId());
      assertThat(seen.matter().state()).as(where).isIn(CaseState.DISPATCHED, CaseState.HANDLING);
    }
    assertThat(seen.matter().ruled().desks()).as(where).containsOnlyOnceElementsOf(bound);
  }

  /// Nothing is reported as done while a part of it is open and in its time; nothing is left open
  /// once nobody works on it; and events and rows say the same.
  private static void checkParts(Seen seen, String where) {
    Case matter = seen.matter();
    var open = new TreeMap<Long, Boolean>();
    var due = new TreeMap<Long, Instant>();
    for (Told<CaseEvent> each : seen.told()) {
      switch (each.event()) {
        case CaseEvent.PartAsked asked -> {
          open.put(asked.partId(), asked.contact());
          if (asked.due() != null) {
            due.put(asked.partId(), asked.due());
            assertThat(asked.due()).as("%s: asked for some time", where).isAfter(each.at());
          }
        }
        case CaseEvent.PartMoved moved -> {
          assertThat(open).as("%s: %s", where, moved).containsKey(moved.partId());
          if (moved.how() == CaseEvent.PartMoved.Move.EXTENDED) {
            due.put(moved.partId(), requireNonNull(moved.due()));
          }
          if (moved.how() == CaseEvent.PartMoved.Move.LAPSED) {
            assertThat(each.at())
                .as("%s: its day is over", where)
                .isAfterOrEqualTo(due.get(moved.partId()));
          }
          if (moved.ends()) {
            open.remove(moved.partId());
          }
        }
        case CaseEvent.Reported _ ->
            assertThat(open.values())
                .as("%s: reported with open parts", where)
                .doesNotContain(false);
        default -> {}
      }
    }
    assertThat(seen.parts().stream().filter(Part::isOpen).map(Part::id).toList())
        .as("%s: open parts", where)
        .containsExactlyElementsOf(open.keySet());
    boolean workedOn =
        Set.of(CaseState.DISPATCHED, CaseState.HANDLING, CaseState.SUSPENDED)
            .contains(matter.state());
    for (Part each : seen.parts()) {
      if (each.isOpen()) {
        // What was returned is with those who decide on it, and its parts go on meanwhile.
        boolean goesOn = workedOn || matter.state() == CaseState.FILED;
        assertThat(each.isContact() ? matter.isOpen() : goesOn)
            .as("%s: %s is part of something", where, each)
            .isTrue();
        assertThat(workedOn && each.deskId() == matter.deskId())
            .as("%s: %s is not the whole", where, each)
            .isFalse();
      }
    }
  }

  private static boolean isRejectedFrom(Seen seen, @Nullable Instant from, Instant until) {
    List<Transition> steps =
        seen.told().stream()
            .filter(each -> from != null && !each.at().isBefore(from.minusNanos(1_000)))
            .filter(each -> !each.at().isAfter(until))
            .map(each -> each.event().transition())
            .filter(Objects::nonNull)
            .toList();
    return steps.contains(Transition.T26)
        || steps.contains(Transition.T08b)
        || (steps.contains(Transition.T07)
            && (steps.contains(Transition.T07c) || steps.contains(Transition.T07d)));
  }

  /// Each has a reason and words; they are looked at again once at most, and by others.
  private static void checkRejections(Seen seen, String where) {
    CaseEvent.Rejected first = null;
    int appeals = 0;
    for (Told<CaseEvent> each : seen.told()) {
      switch (each.event()) {
        case CaseEvent.Rejected rejected -> {
          assertThat(rejected.reason()).as(where).isNotNull();
          assertThat(rejected.afterAppeal()).as(where).isEqualTo(appeals > 0);
          checkJudge(first, appeals, rejected.deskId(), rejected.staffId(), where);
          first = first == null ? rejected : first;
        }
        case CaseEvent.RejectionTakenBack _ -> first = appeals > 0 ? first : null;
        case CaseEvent.Appealed _ -> appeals++;
        case CaseEvent.AppealGranted granted ->
            checkJudge(first, appeals, granted.deskId(), granted.staffId(), where);
        case CaseEvent.Accepted accepted -> {
          if (appeals > 0) {
            assertThat(accepted.staffId())
                .as("%s: accepted by another", where)
                .isNotEqualTo(requireNonNull(first).staffId());
          }
        }
        default -> {}
      }
    }
    assertThat(appeals).as("%s: it is looked at again once", where).isLessThanOrEqualTo(1);
    if (seen.matter().state() == CaseState.REJECTED) {
      CaseEvent.Rejected last =
          seen.told().stream()
              .map(Told::event)
              .filter(CaseEvent.Rejected.class::isInstance)
              .map(CaseEvent.Rejected.class::cast)
              .reduce((_, later) -> later)
              .orElseThrow();
      assertThat(BUREAU.cases.answer(BUREAU.db, last.answerId()))
          .as("%s: the resident reads why", where)
          .hasValueSatisfying(answer -> assertThat(answer.text()).isNotBlank());
    }
  }

  private static void checkJudge(
      CaseEvent.@Nullable Rejected first, int appeals, long desk, long staff, String where) {
    if (appeals > 0) {
      assertThat(desk)
          .as("%s: decided by another desk", where)
          .isNotEqualTo(requireNonNull(first).deskId());
      assertThat(staff).as("%s: and by somebody else", where).isNotEqualTo(first.staffId());
    }
  }

  /// What waits stands still, once, and its day is the clock that runs in its place.
  private static void checkPauses(Seen seen, String where) {
    boolean suspended = seen.matter().state() == CaseState.SUSPENDED;
    assertThat(seen.clocks().stream().filter(CaseClock::isPaused).map(CaseClock::kind).toList())
        .as("%s: what stands still", where)
        .isEqualTo(suspended ? List.of(Kind.HANDLING) : List.of());
    assertThat(
            seen.clocks().stream()
                .filter(each -> each.kind() == Kind.REVIEW && each.isRunning())
                .count())
        .as("%s: and its day", where)
        .isEqualTo(suspended ? 1 : 0);
    if (!suspended) {
      return;
    }
    CaseClock limit = seen.clocks().stream().filter(CaseClock::isPaused).findFirst().orElseThrow();
    assertThat(limit.stoppedAt()).as(where).isEqualTo(limit.pauses().getLast());
  }

  /// While somebody looks its desk has it, a clock of the desk's own runs, and that of acceptance
  /// goes on; whoever looks has never held anything.
  private static void checkLook(Seen seen, String where) {
    boolean looked = seen.matter().state() == CaseState.VERIFYING;
    assertThat(running(seen, Kind.LOOK)).as("%s: the look's clock", where).isEqualTo(looked);
    if (looked) {
      assertThat(running(seen, Kind.ACCEPTANCE)).as("%s: acceptance goes on", where).isTrue();
    }
    assertThat(seen.holdings())
        .as("%s: a head holds nothing", where)
        .noneMatch(each -> each.staffId() != null && each.staffId() == HEAD.id());
  }

  private static boolean running(Seen seen, Kind kind) {
    return seen.clocks().stream().anyMatch(each -> each.kind() == kind && each.isRunning());
  }

  /// Whether by its events something waits to be decided.
  private static boolean waiting(Seen seen) {
    boolean waits = false;
    for (Told<CaseEvent> each : seen.told()) {
      switch (each.event()) {
        case CaseEvent.TimeAsked _ -> {
          assertThat(waits).as("one at a time").isFalse();
          waits = true;
        }
        case CaseEvent.Extended e -> {
          assertThat(waits).as("granted what was asked for").isTrue();
          assertThat(e.staffId()).as("by somebody else").isNotEqualTo(e.askedBy());
          waits = false;
        }
        case CaseEvent.Suspended e -> {
          assertThat(waits).as("granted what was asked for").isTrue();
          assertThat(e.staffId()).as("by somebody else").isNotEqualTo(e.askedBy());
          waits = false;
        }
        case CaseEvent.TimeRefused e -> {
          assertThat(e.staffId()).as("by somebody else").isNotEqualTo(e.askedBy());
          waits = false;
        }
        case CaseEvent.TimeRequestEnded _ -> waits = false;
        default -> {}
      }
    }
    return waits;
  }

  /// By the rows of the table alone, as it was laid down.
  private CaseState replayed(Seen seen, String where) {
    assertThat(seen.told().getFirst().event().transition()).as(where).isEqualTo(Transition.T01);
    CaseState state = CaseState.DRAFT;
    for (Told<CaseEvent> each : seen.told().subList(1, seen.told().size())) {
      Transition step = each.event().transition();
      if (step != null) {
        LoopTable.Row row = Objects.requireNonNull(TABLE.get(step.name()));
        assertThat(row.from()).as("%s: %s from %s", where, step, state).contains(state);
        CaseState then = row.to(state, row.to().isEmpty());
        steps.computeIfAbsent(step.name(), _ -> new HashSet<>()).add(new Lived(state, then));
        state = then;
      }
    }
    return state;
  }

  /// Of what was lived, what this table does not know.
  private boolean contradicts(Map<String, LoopTable.Row> table) {
    return steps.entrySet().stream()
        .anyMatch(each -> {
          LoopTable.Row row = Objects.requireNonNull(table.get(each.getKey()));
          return each.getValue().stream()
              .anyMatch(step ->
                  !row.from().contains(step.from())
                      || row.to(step.from(), row.to().isEmpty()) != step.to());
        });
  }

  /// Checked by another and asked after, or the exception stands in the record.
  private static void checkEnd(Seen seen, String where) {
    Set<Transition> steps =
        seen.told().stream()
            .map(each -> each.event().transition())
            .filter(each -> each != null)
            .collect(Collectors.toSet());
    boolean looked = steps.contains(Transition.T20) || steps.contains(Transition.T21);
    boolean asked = steps.contains(Transition.T22) || steps.contains(Transition.T24);
    boolean checked = looked && asked && visited(seen);
    boolean excepted =
        seen.told().stream()
            .map(Told::event)
            .anyMatch(
                each -> each instanceof CaseEvent.Closed closed && closed.exception() != null);
    assertThat(checked || excepted).as("%s: closed without check or exception", where).isTrue();
  }

  /// The return visit has an end that says how it was.
  private static boolean visited(Seen seen) {
    if (seen.matter().letGoAt() != null || !seen.matter().isTold()) {
      return true; // only those who follow it are asked
    }
    return BUREAU
        .casework
        .visits()
        .last(BUREAU.db, seen.matter().id())
        .filter(each -> each.outcome() != null && each.outcome() != ReturnVisit.Outcome.REOPENED)
        .isPresent();
  }

  /// Neither whoever did it nor who answers to them has checked it.
  private static void checkChecker(Seen seen, String where) {
    Long did = null;
    for (Told<CaseEvent> each : seen.told()) {
      switch (each.event()) {
        case CaseEvent.Reported reported -> did = reported.staffId();
        case CaseEvent.Checked checked -> {
          assertThat(checked.staffId()).as("%s: another checks", where).isNotEqualTo(did);
          assertThat(answersTo(checked.staffId(), did))
              .as("%s: nobody who answers to whoever did it", where)
              .isFalse();
        }
        default -> {}
      }
    }
  }

  private static boolean answersTo(long who, @Nullable Long whom) {
    List<String> line = List.of("高", "任", "何");
    String below = name(who);
    String above = whom == null ? "" : name(whom);
    return line.contains(below)
        && line.contains(above)
        && line.indexOf(above) < line.indexOf(below);
  }

  private static String name(long staff) {
    return STAFF.stream()
        .filter(each -> each.id() == staff)
        .map(Staff::name)
        .findFirst()
        .orElse("");
  }

  /// What holds from one moment to the next.
  private static void checkStep(Seen before, Seen after, String where) {
    assertThat(after.told().subList(0, before.told().size()))
        .as("%s: what was told stays", where)
        .isEqualTo(before.told());
    assertThat(after.matter().version())
        .as(where)
        .isGreaterThanOrEqualTo(before.matter().version());
    assertThat(after.matter().number().base()).as(where).isEqualTo(before.matter().number().base());
    assertThat(after.matter().number().round())
        .as("%s: its number says how often it was opened again", where)
        .isEqualTo(
            1
                + after.told().stream()
                    .filter(each -> each.event().transition() == Transition.T26)
                    .count());
    Set<Transition> looks = EnumSet.of(Transition.T04, Transition.T05, Transition.T05b);
    if (after.told().stream()
        .skip(before.told().size())
        .anyMatch(each -> looks.contains(each.event().transition()))) {
      assertThat(after.holdings()).as("%s: who has it has it", where).isEqualTo(before.holdings());
    }
    boolean unaccepted =
        after.told().stream()
            .skip(before.told().size())
            .anyMatch(each -> each.event().transition() == Transition.T06b);
    if (!unaccepted) {
      List<String> had = theirs(before, moved(before, after));
      List<String> has = theirs(after, Map.of());
      assertThat(has).as("%s: the resident's clocks are never set again", where).containsAll(had);
      assertThat(has.size()).as("%s: and begin once", where).isLessThanOrEqualTo(THEIRS.size());
    }
  }

  /// When the limit is due by what has happened in this step; nothing: nothing has moved it.
  private static Map<Kind, Instant> moved(Seen before, Seen after) {
    var moved = new EnumMap<Kind, Instant>(Kind.class);
    after.told().stream()
        .skip(before.told().size())
        .map(Told::event)
        .forEach(each -> {
          if (each instanceof CaseEvent.Extended more) {
            assertThat(more.to()).as("more time").isAfter(more.from());
            moved.put(Kind.HANDLING, more.to());
          }
          if (each instanceof CaseEvent.Resumed on) {
            CaseClock was =
                before.clocks().stream().filter(CaseClock::isPaused).findFirst().orElseThrow();
            CaseClock is =
                after.clocks().stream()
                    .filter(clock -> clock.kind() == Kind.HANDLING)
                    .findFirst()
                    .orElseThrow();
            assertThat(left(is)).as("as much is left as was").isEqualTo(left(was));
            moved.put(Kind.HANDLING, on.due());
          }
        });
    return moved;
  }

  /// From the end of what it stood still, or from where it does, in what it counts.
  private static Duration left(CaseClock stood) {
    Instant from = stood.pauses().getLast();
    return stood.unit().equals("calendar_hour")
        ? Duration.between(from, stood.dueAt())
        : BUREAU.calendar().between(from, stood.dueAt());
  }

  private static List<String> theirs(Seen seen, Map<Kind, Instant> moved) {
    return seen.clocks().stream()
        .filter(each -> THEIRS.contains(each.kind()))
        .map(each ->
            each.kind()
                + " from "
                + each.startedAt()
                + " until "
                + moved.getOrDefault(each.kind(), each.dueAt()))
        .toList();
  }

  private static Seen see(CaseId id) {
    return new Seen(
        BUREAU.cases.named(BUREAU.db, id).orElseThrow(),
        BUREAU.events.of(BUREAU.db, CaseEvent.VOCABULARY, id.value()),
        new HoldingStore().holdings(BUREAU.db, id),
        new ClockStore().clocks(BUREAU.db, id),
        PARTS.of(BUREAU.db, id));
  }

  private static NewCase told(long person, Random random) {
    boolean confirmed = random.nextInt(5) > 0;
    String what = random.nextInt(6) > 0 ? "楼道里堆了杂物" : "楼道里堆了杂物，T-任态度很差";
    long place = BUREAU.place(one(random, List.of("C1L03", "C1", "C2"))).id();
    boolean found = random.nextInt(8) == 0;
    return NewCase.of(what, place, found ? "patrol" : "wechat")
        .by(found ? null : (Long) person, null)
        .territoryKnown(random.nextInt(4) > 0)
        .category(random.nextInt(4) == 0 ? null : one(random, CATEGORIES))
        .confirmed(confirmed)
        .ready();
  }

  private static long person() {
    var key = new AddressKey("wechat", "main", "loop-" + UUID.randomUUID());
    return BUREAU.db.inTransaction(tx ->
        BUREAU.community.people().ensure(tx, List.of(key)).values().iterator().next().personId());
  }

  private static <T> T one(Random random, List<T> all) {
    return all.get(random.nextInt(all.size()));
  }
}
