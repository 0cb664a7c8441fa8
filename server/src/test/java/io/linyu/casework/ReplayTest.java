package io.linyu.casework;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.linyu.TestClock;
import io.linyu.casework.Replay.Move;
import io.linyu.casework.Replay.RuleEnded;
import io.linyu.casework.Replay.RuleSet;
import io.linyu.casework.Replay.Share;
import io.linyu.casework.Replay.State;
import io.linyu.casework.RoutingRule.Plan;
import io.linyu.community.Desk;
import io.linyu.community.Staff;
import io.linyu.platform.Refusal;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a change would have done is seen before it is made.
class ReplayTest {
  @AutoClose private static final Bureau BUREAU = new Bureau();
  private static final Replays REPLAYS = BUREAU.casework.replays();
  private static final RoutingRuleStore STORE = new RoutingRuleStore();

  private static final Staff DEPUTY = BUREAU.staff("任", "community_deputy", "C1");
  private static final Staff NEXT = BUREAU.staff("邱", "community_deputy", "C2");
  private static final Staff STREET = BUREAU.staff("韦", "street_dispatcher", "S1");
  private static final Staff DISTRICT = BUREAU.staff("章", "district_dispatcher", "D");
  private static final LocalDate TODAY = LocalDate.parse("2026-03-12");

  @BeforeEach
  void itIsThursdayAndNothingWasTold() {
    BUREAU.clock.set("2026-03-12T10:00");
    BUREAU.db.execute("TRUNCATE \"case\" CASCADE");
    BUREAU.db.execute("DELETE FROM routing_rule");
    BUREAU.db.execute("DELETE FROM case_rules WHERE version > 1");
    BUREAU.db.execute("DELETE FROM replay");
  }

  @Test
  void showsWhatARuleWouldHaveDoneThenSetsItOnceAndKeepsWhatWasSeen() {
    Desk community = desk("D07", "C1");
    Desk street = desk("D02", "S1");
    BUREAU.clock.set("2025-12-01T10:00");
    var _ = tell("0102", "C1L03");
    BUREAU.clock.set("2026-03-01T10:00");
    Opened first = tell("0102", "C1L03");
    Opened second = tell("0102", "C1L03");
    var _ = tell("0102", "C2Z1");
    var _ = tell("0301", "C1L03");
    // Nobody knows where it is: no rule has a say.
    var _ = BUREAU.open(BUREAU.told("楼道堆物", "0102", "C1", false, true));
    BUREAU.clock.set("2026-03-12T10:00");

    Replay asked = REPLAYS.order(STREET, new RuleSet(plan("0102", "C1", street.id(), 1)));
    refused(() -> REPLAYS.decide(STREET, "", asked.code()), "replay-running");
    REPLAYS.run(asked);
    Replay seen = REPLAYS.visibleTo(STREET, asked.code());
    assertThat(seen.state()).isEqualTo(State.COMPLETE);
    assertThat(seen.cases()).isEqualTo(2);
    Replay.Ways ways = requireNonNull(seen.routing());
    assertThat(ways.shares())
        .containsExactlyInAnyOrder(new Share(community.id(), 2, 0), new Share(street.id(), 0, 2));
    assertThat(ways.moves())
        .containsExactly(
            new Move(
                community.id(), street.id(), 2, List.of(second.id().value(), first.id().value())));
    assertThat(REPLAYS.names(STREET, ways.moves().getFirst().cases())).hasSize(2);
    assertThat(REPLAYS.names(NEXT, ways.moves().getFirst().cases())).isEmpty();
    // It has done nothing yet, and whoever may not rule does not see it.
    assertThat(tell("0102", "C1L03").deskId()).isEqualTo(community.id());
    refused(() -> REPLAYS.visibleTo(DEPUTY, asked.code()), "not-found");
    refused(() -> REPLAYS.decide(DISTRICT, "", asked.code()), "not-found");

    RoutingRule set = REPLAYS.decide(STREET, "", asked.code()).orElseThrow();
    assertThat(set.from()).isEqualTo(TODAY.plusDays(1));
    assertThat(set.replay()).isEqualTo(seen.id());
    refused(() -> REPLAYS.decide(STREET, "", asked.code()), "replay-decided");
    BUREAU.clock.set("2026-03-13T10:00");
    assertThat(tell("0102", "C1L03").deskId()).isEqualTo(street.id());

    // And what would be without it again.
    Replay end = REPLAYS.order(STREET, new RuleEnded(set.id(), TODAY.plusDays(2), "搬回来了"));
    REPLAYS.run(end);
    ways = requireNonNull(REPLAYS.visibleTo(STREET, end.code()).routing());
    assertThat(ways.moves())
        .extracting(Move::from, Move::to, Move::many)
        .containsExactly(tuple(street.id(), community.id(), 4));
    RoutingRule ended = REPLAYS.decide(STREET, "", end.code()).orElseThrow();
    assertThat(ended.until()).isEqualTo(TODAY.plusDays(2));
    assertThat(ended.replay()).isEqualTo(seen.id());
    assertThat(REPLAYS.of(STREET, List.of(requireNonNull(ended.endReplay())))).hasSize(1);
  }

  /// A file, too: what it would have done is said before it does.
  @Test
  void whatAFileOfRulesOrAnotherCatalogueWouldHaveDoneIsSaidBeforeItCounts() throws IOException {
    BUREAU.clock.set("2026-03-09T10:00");
    Opened early = tell("0102", "C1L03");
    var _ = tell("0102", "C2Z1");
    var _ = tell("0501", "C1L03");
    BUREAU.clock.set("2026-03-12T10:00");
    CaseClock runs = handling(early.id());

    var rules = RoutingImport.open(BUREAU.db, BUREAU.clock, TestClock.ZONE, BUREAU.community);
    String file = "category,territory,body,from,reason\n0102,C1,D02@S1,2026-03-20,统一派单\n";
    FileReplay past = rules.replay(new StringReader(file)).orElseThrow();
    String community = desk("D07", "C1").name();
    String street = desk("D02", "S1").name();
    assertThat(past.cases()).isEqualTo(3);
    assertThat(past.moves()).containsExactly(new FileReplay.Move(community, street, 1));
    assertThat(tell("0102", "C1L03").deskId())
        .as("it has done nothing yet")
        .isEqualTo(desk("D07", "C1").id());
    assertThat(rules.replay(new StringReader(file.replace("2026-03-20", "2026-03-11"))))
        .as("a day in the past is refused at entry")
        .isEmpty();

    String shipped = Files.readString(Path.of("../config/categories.csv"));
    String other =
        shipped.replaceFirst("(?m)^(0102,.*),社区居委会,(.*),2,work_day,", "$1,街道分中心,$2,5,work_day,");
    var catalogue =
        new CategoryImport(
            BUREAU.db,
            BUREAU.casework.categories(),
            BUREAU.community.desks(),
            BUREAU.community.audit());
    assertThat(replayed(catalogue, shipped)).as("it changes nothing").isEmpty();
    past = replayed(catalogue, other).orElseThrow();
    assertThat(past.moves().stream().mapToInt(FileReplay.Move::many).sum()).isEqualTo(3);
    assertThat(past.lates())
        .extracting(
            each -> each.kind().code(),
            FileReplay.Late::what,
            FileReplay.Late::was,
            FileReplay.Late::is)
        .containsExactly(tuple("0102", Limited.HANDLING, "2 work_day", "5 work_day"));
    assertThat(past.lates())
        .extracting(FileReplay.Late::clocks, FileReplay.Late::before, FileReplay.Late::after)
        .as("two of three have been late since Wednesday")
        .containsExactly(tuple(3, 2, 0));

    try {
      assertThat(catalogue.categories(new StringReader(other), false, null).changed())
          .containsExactly("0102");
      assertThat(handling(early.id())).as("what runs keeps its limit").isEqualTo(runs);
      assertThat(handling(tell("0102", "C1L03").id()).rule()).startsWith("5 work_day");
      assertThat(handling(early.id()).rule()).startsWith("2 work_day");
    } finally {
      catalogue.categories(new StringReader(shipped), false, null);
    }
  }

  private static Optional<FileReplay> replayed(CategoryImport catalogue, String file) {
    return catalogue.replay(
        new StringReader(file), BUREAU.community, BUREAU.calendar(), BUREAU.clock.instant());
  }

  private static CaseClock handling(CaseId id) {
    return new ClockStore()
        .clocks(BUREAU.db, id).stream()
            .filter(each -> each.kind() == CaseClock.Kind.HANDLING)
            .findFirst()
            .orElseThrow();
  }

  @Test
  void whatIsStoppedOrOldOrImpossibleIsNotTakenForSeen() {
    long street = desk("D02", "S1").id();
    refused(
        () -> REPLAYS.order(DEPUTY, new RuleSet(plan("0102", "C1", street, 1))),
        "routing-not-yours");
    refused(
        () -> REPLAYS.order(STREET, new RuleSet(plan("0102", "C1", street, -1))), "routing-past");

    Replay given = REPLAYS.order(STREET, new RuleSet(plan("0102", "C1", street, 1)));
    Replay other = REPLAYS.order(STREET, new RuleSet(plan("0301", "C1", street, 1)));
    assertThat(REPLAYS.visibleTo(STREET, given.code()).state())
        .as("whoever asks for another has given up this one")
        .isEqualTo(State.STOPPED);
    REPLAYS.stop(STREET, other.code());
    REPLAYS.run(other);
    assertThat(REPLAYS.visibleTo(STREET, other.code()).state()).isEqualTo(State.STOPPED);
    // In need, a rule is set without having seen all; it says so.
    RoutingRule set = REPLAYS.decide(STREET, "", other.code()).orElseThrow();
    assertThat(REPLAYS.of(STREET, List.of(requireNonNull(set.replay()))).values())
        .extracting(Replay::state)
        .containsExactly(State.STOPPED);

    Replay silent = REPLAYS.order(STREET, new RuleSet(plan("0104", "C1", street, 5)));
    BUREAU.clock.pass(Duration.ofMinutes(2));
    assertThat(REPLAYS.visibleTo(STREET, silent.code()).state())
        .as("its server is gone")
        .isEqualTo(State.FAILED);
    BUREAU.clock.pass(Duration.ofDays(1));
    refused(() -> REPLAYS.decide(STREET, "", silent.code()), "replay-old");

    BUREAU.clock.pass(Duration.ofDays(31));
    assertThat(REPLAYS.forgetDue()).isFalse();
    refused(() -> REPLAYS.visibleTo(STREET, silent.code()), "not-found");
    assertThat(REPLAYS.of(STREET, List.of(requireNonNull(set.replay()))))
        .as("what was decided is kept")
        .hasSize(1);
  }

  /// By the rules as they are every case goes where it went, whatever the rules are.
  @Test
  void theRulesAsTheyAreMoveNothing() {
    long seed = Long.getLong("linyu.seed", System.nanoTime());
    var random = new Random(seed);
    List<Category> kinds = BUREAU.casework.categories().all();
    List<Category> specific =
        kinds.stream().filter(each -> each.isSpecific() && !each.code().equals("1205")).toList();
    List<String> places = List.of("S1", "C1", "C2", "C1Z1", "C1L03", "C2Z1");
    List<Desk> desks =
        List.of(desk("D07", "C1"), desk("D02", "S1"), desk("D13", "S1"), desk("D01", "D"));
    for (int i = 0; i < 60; i++) {
      String kind = random.nextInt(5) == 0 ? null : pick(kinds, random).code();
      Plan plan = plan(kind, pick(places, random), pick(desks, random).id(), 0);
      BUREAU.db.withinTransaction(tx -> {
        if (STORE.overlapping(tx, plan).isEmpty()) {
          var _ = STORE.insert(tx, plan, null, BUREAU.clock.instant(), null);
        }
      });
    }
    Map<Long, Integer> went = new HashMap<>();
    for (int i = 0; i < 150; i++) {
      Opened opened = tell(pick(specific, random).code(), pick(places, random));
      went.merge(opened.deskId(), 1, Integer::sum);
    }
    var asTheyAre = RoutingTable.of(STORE.inForce(BUREAU.db, TODAY));
    RoutingReplay past = REPLAYS.routing(asTheyAre, asTheyAre, "/", null);
    new ReplayStore()
        .cases(BUREAU.db, Long.MAX_VALUE, 1_000)
        .forEach(each -> past.add(each.past()));
    Replay.Ways ways = past.outcome(false);
    assertThat(ways.moves()).as("seed %d", seed).isEmpty();
    assertThat(ways.shares().stream().collect(Collectors.toMap(Share::desk, Share::before)))
        .as("seed %d", seed)
        .isEqualTo(went);
    assertThat(ways.shares()).allMatch(each -> each.difference() == 0);
  }

  private static Opened tell(String category, String where) {
    return BUREAU.open(BUREAU.told("有事", category, where, true, true));
  }

  private static Plan plan(@Nullable String category, String where, long desk, int from) {
    return new Plan(category, BUREAU.place(where).id(), desk, TODAY.plusDays(from), null, "试一试");
  }

  private static Desk desk(String body, String territory) {
    return BUREAU.community.desks().at(BUREAU.place(territory)).stream()
        .filter(each -> each.body().equals(body))
        .findFirst()
        .orElseThrow();
  }

  private static <T> T pick(List<T> from, Random random) {
    return from.get(random.nextInt(from.size()));
  }

  private static void refused(ThrowingCallable what, String code) {
    assertThatThrownBy(what)
        .isInstanceOfSatisfying(
            Refusal.class, refusal -> assertThat(refusal.code()).isEqualTo(code));
  }
}
