package io.linyu.casework;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.linyu.TestClock;
import io.linyu.casework.RoutingRule.Plan;
import io.linyu.casework.RoutingRules.When;
import io.linyu.casework.RoutingRules.Why;
import io.linyu.casework.RuleStore.Named;
import io.linyu.community.Absences;
import io.linyu.community.Desk;
import io.linyu.community.ImportReport;
import io.linyu.community.Imports;
import io.linyu.community.Staff;
import io.linyu.community.Territory;
import io.linyu.platform.Refusal;
import io.linyu.platform.db.Db;
import io.linyu.platform.text.Problem;
import java.io.StringReader;
import java.time.LocalDate;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RoutingTest {
  @AutoClose private static final Bureau BUREAU = new Bureau();
  private static final RoutingRules RULES = BUREAU.casework.routingRules();
  private static final Routing ROUTING =
      new Routing(
          BUREAU.community.territories(), BUREAU.community.desks(), BUREAU.casework.categories());

  static {
    BUREAU.territory(Bureau.TERRITORY + "S2,street,桥头街道,D,,\nC3,community,桥东社区,S2,,\n");
    var _ = BUREAU.staff("任", "community_deputy", "C1");
    var _ = BUREAU.staff("邱", "community_deputy", "C2");
    var _ = BUREAU.staff("莫", "community_deputy", "C3");
  }

  private static final Staff DEPUTY = BUREAU.staff("何", "community_deputy", "C1");
  private static final Staff STREET = BUREAU.staff("韦", "street_dispatcher", "S1");
  private static final Staff OTHER = BUREAU.staff("石", "street_dispatcher", "S2");
  private static final Staff DISTRICT = BUREAU.staff("章", "district_dispatcher", "D");
  private static final LocalDate TODAY = LocalDate.parse("2026-03-12");

  @BeforeEach
  void itIsThursdayAndNobodyHasRuled() {
    BUREAU.clock.set("2026-03-12T10:00");
    BUREAU.db.execute("DELETE FROM routing_rule");
  }

  @Test
  void aRuleTakesWhatIsToldFromItsDayOnAndLeavesTheRestWhereItIs() {
    long community = desk("D07", "C1").id();
    long street = desk("D02", "S1").id();
    RoutingRule rule = add(STREET, plan("0102", "C1", street, 1, null));
    Opened before = tell("0102");
    assertThat(before.deskId()).isEqualTo(community);

    BUREAU.clock.set("2026-03-13T00:00");
    Opened after = tell("0102");
    assertThat(after.deskId()).isEqualTo(street);
    assertThat(BUREAU.cases.visibleTo(DISTRICT, before.id()).deskId()).isEqualTo(community);
    assertThat(rule.hasBegun(TODAY)).isFalse();

    RoutingRule ended = end(STREET, rule.id(), LocalDate.parse("2026-03-20"), "搬回来了");
    assertThat(ended.last()).isEqualTo("2026-03-19");
    BUREAU.clock.set("2026-03-19T23:59");
    assertThat(tell("0102").deskId()).isEqualTo(street);
    BUREAU.clock.set("2026-03-20T00:00");
    assertThat(tell("0102").deskId()).isEqualTo(community);
    assertThat(BUREAU.cases.visibleTo(DISTRICT, after.id()).deskId()).isEqualTo(street);
    assertThat(RULES.visibleTo(STREET, rule.id()))
        .satisfies(kept -> {
          assertThat(kept.setBy()).isEqualTo("韦");
          assertThat(kept.endReason()).isEqualTo("搬回来了");
          assertThat(kept.isOver(RULES.today())).isTrue();
        });
  }

  @Test
  void whatHasNotBegunIsTakenBackAndWhatHasIsNot() {
    RoutingRule rule = add(STREET, plan("0102", "C1", desk("D02", "S1").id(), 3, null));
    refused(() -> end(STREET, rule.id(), TODAY, "不要了"), "routing-not-begun");
    RoutingRule back = RULES.takeBack(STREET, "", rule.id());
    assertThat(back.takenBack()).isTrue();
    assertThat(back.from()).isEqualTo(TODAY.plusDays(3));
    refused(() -> RULES.takeBack(STREET, "", rule.id()), "routing-over");
    // Its place is free again.
    RoutingRule now = add(STREET, plan("0102", "C1", desk("D02", "S1").id(), 0, null));
    refused(() -> RULES.takeBack(STREET, "", now.id()), "routing-begun");
    refused(() -> end(STREET, now.id(), TODAY.minusDays(1), "不要了"), "routing-past");
    // What was set by mistake today does not hold today.
    assertThat(end(STREET, now.id(), TODAY, "定错了").takenBack()).isTrue();
    assertThat(tell("0102").deskId()).isEqualTo(desk("D07", "C1").id());
  }

  @Test
  void theNearestPlaceWinsThenTheKindThenItsGroupThenAll() {
    add(null, "S1", "D02", "S1");
    add("01", "S1", "D13", "S1");
    assertThat(named("0102", "C1L03").desk()).isEqualTo(desk("D13", "S1").id());
    assertThat(named("0301", "C1L03").desk()).isEqualTo(desk("D02", "S1").id());
    add("0102", "S1", "D01", "D");
    assertThat(named("0102", "C1L03").desk()).isEqualTo(desk("D01", "D").id());
    add(null, "C1", "D07", "C1");
    assertThat(named("0102", "C1L03").desk()).isEqualTo(desk("D07", "C1").id());
    assertThat(named("0102", "C2Z1").desk()).isEqualTo(desk("D01", "D").id());
    // A complaint about staff listens to rules of its own only.
    Opened complaint = tell("1205");
    assertThat(complaint.deskId()).isNotEqualTo(desk("D07", "C1").id());
    add("1205", "C1", "D02", "S1");
    assertThat(tell("1205").deskId()).isEqualTo(desk("D02", "S1").id());
  }

  /// What is asked of the database for one case is what is asked in memory for thousands.
  @Test
  void theTableInMemoryFindsWhatTheDatabaseFinds() {
    long seed = Long.getLong("linyu.seed", System.nanoTime());
    var random = new Random(seed);
    List<Category> all = BUREAU.casework.categories().all();
    List<String> places = List.of("D", "S1", "C1", "C2", "C1Z1", "C1L03", "C2Z1", "S2", "C3");
    var store = new RoutingRuleStore();
    for (int i = 0; i < 120; i++) {
      Territory place = place(pick(places, random));
      Category kind = pick(all, random);
      String category = random.nextInt(4) == 0 ? null : kind.code();
      List<Desk> near = BUREAU.community.desks().at(place("S1"));
      LocalDate from = TODAY.plusDays(random.nextInt(20));
      var plan =
          new Plan(category, place.id(), pick(near, random).id(), from, from.plusDays(9), "");
      BUREAU.db.withinTransaction(tx -> {
        if (store.overlapping(tx, plan).isEmpty()) {
          var _ = store.insert(tx, plan, null, BUREAU.clock.instant(), null);
        }
      });
    }
    for (int i = 0; i < 300; i++) {
      LocalDate day = TODAY.plusDays(random.nextInt(30));
      Category kind = pick(all, random);
      Territory place = place(pick(places, random));
      var table = RoutingTable.of(store.inForce(BUREAU.db, day));
      assertThat(table.route(ROUTING.kinds(kind), ROUTING.path(place)))
          .as("seed %d, %s at %s on %s", seed, kind.code(), place.code(), day)
          .isEqualTo(Db.await(ROUTING.named(BUREAU.db, kind, place, day)));
    }
  }

  @Test
  void whatCannotBeIsRefusedWithWhatAndWhere() {
    long street = desk("D02", "S1").id();
    refused(() -> add(STREET, plan("0102", "C1", street, -1, null)), "routing-past")
        .extracting("arguments")
        .isEqualTo(List.of(TODAY));
    refused(() -> add(STREET, plan("0102", "C1", street, 2, 2)), "routing-until-early");
    refused(() -> add(STREET, plan("9999", "C1", street, 1, null)), "category-unknown");
    refused(() -> add(STREET, plan("0102", "C1", 999_999, 1, null)), "desk-unknown");
    refused(
        () -> add(STREET, plan("0102", "C1", desk("D07", "C2").id(), 1, null)),
        "routing-desk-elsewhere");
    refused(
        () -> add(STREET, plan("0102", "C1", desk("D13", "S1").id(), 1, null)),
        "routing-desk-empty");
    refused(() -> add(STREET, plan("1205", "C1", street, 1, null)), "routing-confidential");
    refused(() -> add(STREET, plan("0102", "C1G1", street, 1, null)), "routing-grid");
    refused(
        () -> add(DISTRICT, plan("1205", "S1", desk("D07", "C1").id(), 1, null)),
        "routing-own-unit");
    refused(
        () -> add(STREET, new Plan("0102", place("C1").id(), street, TODAY.plusDays(1), null, " ")),
        "reason-missing");

    var _ = add(STREET, plan("0102", "C1", street, 5, 9));
    refused(() -> add(STREET, plan("0102", "C1", street, 8, null)), "routing-overlaps")
        .extracting("arguments")
        .isEqualTo(List.of(desk("D02", "S1").name(), "2026-03-17 – 2026-03-20"));
    var _ = add(STREET, plan("0102", "C1", street, 9, null));
    var _ = add(STREET, plan("01", "C1", street, 5, 9));

    // A unit that ends takes its desk with it.
    BUREAU.territory(Bureau.TERRITORY + "C4,community,临时社区,S1,,\n");
    Desk gone = desk("D06", "C4");
    ImportReport ended =
        BUREAU
            .community
            .imports()
            .territory(
                new StringReader(Bureau.TERRITORY + "S2,street,桥头街道,D,,\nC3,community,桥东社区,S2,,\n"),
                new Imports.Options(false, true));
    assertThat(ended.ended()).containsExactly("C4");
    refused(() -> add(STREET, plan("0102", "S1", gone.id(), 1, null)), "routing-desk-ends");
    refused(
        () ->
            add(STREET, new Plan("0102", gone.territoryId(), street, TODAY.plusDays(1), null, "试")),
        "routing-place-ends");
  }

  @Test
  void onlyThoseWhoSendOutRuleAndOnlyInTheirOwnPlaces() {
    long street = desk("D02", "S1").id();
    RoutingRule rule = add(STREET, plan("0102", "C1", street, 0, null));
    refused(() -> add(DEPUTY, plan("0301", "C1", street, 1, null)), "routing-not-yours");
    refused(() -> add(OTHER, plan("0301", "C1", street, 1, null)), "routing-not-yours");
    refused(() -> end(DEPUTY, rule.id(), TODAY, "不要"), "routing-not-yours");
    refused(() -> end(OTHER, rule.id(), TODAY, "不要"), "not-found");
    refused(() -> RULES.visibleTo(OTHER, rule.id()), "not-found");
    assertThat(seen(OTHER)).isEmpty();
    assertThat(seen(DEPUTY)).containsExactly(rule.id());

    RoutingRule complaints = add(DISTRICT, plan("1205", "C1", street, 0, null));
    refused(() -> end(STREET, complaints.id(), TODAY, "不要"), "routing-confidential");
    var _ = end(DISTRICT, complaints.id(), TODAY, "试过了");

    RoutingRule around = add(DISTRICT, plan("0301", "D", desk("D01", "D").id(), 0, null));
    assertThat(seen(OTHER)).containsExactly(around.id());
    refused(() -> end(OTHER, around.id(), TODAY, "不要"), "routing-not-yours");
    assertThat(
            RULES.page(DISTRICT, When.NOW, null, null, null, 1).rules().stream()
                .map(RoutingRule::id))
        .containsExactly(around.id());
    assertThat(RULES.page(DISTRICT, When.NOW, null, null, around.id(), 1).rules().getFirst().id())
        .isEqualTo(rule.id());
    assertThat(RULES.page(DISTRICT, When.NOW, place("C3"), null, null, 9).rules())
        .extracting(RoutingRule::id)
        .containsExactly(around.id());
    assertThat(RULES.page(DISTRICT, When.NOW, null, "0102", null, 9).rules())
        .extracting(RoutingRule::id)
        .containsExactly(rule.id());
  }

  @Test
  void saysWhoWouldGetItAndWhy() {
    RoutingRules.Answer catalogue = RULES.who("0102", place("C1L03"), TODAY);
    assertThat(catalogue.why()).isEqualTo(Why.CATALOGUE);
    assertThat(catalogue.desk()).isEqualTo(desk("D07", "C1"));
    assertThat(catalogue.coBodies()).containsExactly("物业服务人", "消防救援机构");

    // Nobody works at the partner: the desk of the level holds it in its place.
    RoutingRules.Answer partner = RULES.who("0201", place("C1L03"), TODAY);
    assertThat(partner.desk()).isEqualTo(desk("D02", "S1"));
    assertThat(partner.meant()).isEqualTo(desk("D12", "D"));
    assertThat(partner.body()).isEqualTo("路灯管护单位");

    RoutingRule rule = add(STREET, plan("01", "C1", desk("D02", "S1").id(), 1, null));
    assertThat(RULES.who("0102", place("C1L03"), TODAY).rule()).isNull();
    RoutingRules.Answer ruled = RULES.who("0102", place("C1L03"), TODAY.plusDays(1));
    assertThat(ruled.why()).isEqualTo(Why.RULE);
    assertThat(ruled.rule()).isEqualTo(rule);
    assertThat(ruled.desk()).isEqualTo(desk("D02", "S1"));
  }

  /// However few people there are, every matter has a desk: what is passed on climbs.
  @Test
  void everyWayEnds() {
    for (Category kind : BUREAU.casework.categories().all()) {
      if (kind.isSpecific()) {
        for (String where : List.of("D", "S1", "C1L03", "C2Z1", "S2", "C3")) {
          assertThat(RULES.who(kind.code(), place(where), TODAY).desk()).isNotNull();
        }
      }
    }
  }

  /// A rule names one desk, and what passes a desk by only climbs: whoever tries, each matter comes
  /// to rest at one.
  @Test
  void noRulesNorPeopleWhoAreAwayMakeACircle() {
    Desk community = desk("D07", "C1");
    Desk street = desk("D02", "S1");
    var imports = RoutingImport.open(BUREAU.db, BUREAU.clock, TestClock.ZONE, BUREAU.community);

    // To a desk that would send it back since nobody works there: by the page and by a file.
    refused(
        () -> add(STREET, plan("0102", "C1", desk("D13", "S1").id(), 0, null)),
        "routing-desk-empty");
    assertThat(
            imports
                .routing(
                    new StringReader(
                        "category,territory,body,from,reason\n0102,C1,D13@S1,2026-03-12,试\n"),
                    false,
                    null)
                .problems())
        .extracting(Problem::column, Problem::key)
        .containsExactly(tuple("body", "routing-desk-empty"));

    // Each sends to the other what it has.
    assertThat(
            imports
                .routing(
                    new StringReader(
                        """
                        category,territory,body,from,reason
                        0102,C1,D02@S1,2026-03-12,给街道
                        0102,S1,D07@C1,2026-03-12,给社区
                        """),
                    false,
                    null)
                .problems())
        .isEmpty();
    assertThat(tell("0102").deskId()).as("the nearest place wins, once").isEqualTo(street.id());

    // And nobody is there: the desk of its level takes it, no rule is asked again, and it climbs.
    away(STREET, street);
    assertThat(tell("0102").deskId()).isEqualTo(community.id());
    away(DEPUTY, community);
    away(BUREAU.community.staff().byCode("T-任").orElseThrow(), community);
    assertThat(tell("0102").deskId()).isEqualTo(desk("D01", "D").id());
    away(DISTRICT, desk("D01", "D"));
    assertThat(tell("0102").deskId()).as("it waits for its own people").isEqualTo(street.id());
    BUREAU.db.execute("TRUNCATE absence");

    // Two who stand in for each other: of one desk, or each at the other's.
    Absences absences = BUREAU.community.absences();
    Staff colleague = BUREAU.community.staff().byCode("T-任").orElseThrow();
    absences.add(DEPUTY, "", community, DEPUTY.id(), TODAY, TODAY, colleague.id(), true);
    refused(
        () ->
            absences.add(colleague, "", community, colleague.id(), TODAY, TODAY, DEPUTY.id(), true),
        "absence-deputy-away");
    refused(
        () ->
            absences.add(colleague, "", community, colleague.id(), TODAY, TODAY, STREET.id(), true),
        "absence-deputy-checks");
    refused(
        () -> absences.add(STREET, "", street, STREET.id(), TODAY, TODAY, colleague.id(), true),
        "absence-no-colleague");
    refused(
        () -> absences.add(STREET, "", street, STREET.id(), TODAY, TODAY, STREET.id(), true),
        "absence-self");
    BUREAU.db.execute("TRUNCATE absence");
    BUREAU.community.staff().join(DEPUTY, community); // so that it is read again

    // What everything falls back to lies above, in a file, too.
    assertThat(
            BUREAU
                .community
                .imports()
                .territory(
                    new StringReader(
                        Bureau.TERRITORY.replace("S1,street,柳岸街道,D", "S1,street,柳岸街道,C1")),
                    Imports.Options.PLAIN)
                .problems())
        .extracting(Problem::column, Problem::key)
        .contains(tuple("parent_code", "parent-level"));
    assertThat(
            BUREAU
                .community
                .imports()
                .territory(
                    new StringReader(
                        Bureau.TERRITORY.replace("S1,street,柳岸街道,D", "S1,street,柳岸街道,S1")),
                    Imports.Options.PLAIN)
                .problems())
        .extracting(Problem::column, Problem::key)
        .contains(tuple("parent_code", "parent-level"));
  }

  private static void away(Staff who, Desk desk) {
    BUREAU.community.absences().add(who, "", desk, who.id(), TODAY, TODAY, null, true);
  }

  @Test
  void aFileIsReadWholeOrNotAtAll() {
    var imports = RoutingImport.open(BUREAU.db, BUREAU.clock, TestClock.ZONE, BUREAU.community);
    String good =
        """
        category,territory,body,from,until,reason
        0102,C1,D02@S1,2026-03-13,,统一派单
        *,C2,街道分中心,2026-03-13,2026-03-31,社区装修
        """;
    ImportReport bad =
        imports.routing(
            new StringReader(
                good
                    + """
                    9999,C1,D02,2026-03-13,,试
                    0102,C9,D02,2026-03-13,,试
                    0102,C1,D99,2026-03-13,,试
                    0301,C1,D02,2026-03-11,,试
                    0301,C1,D07@C2,2026-03-13,,试
                    1205,C1,D07,2026-03-13,,试
                    0102,C1,D02,2026-04-13,,试
                    """),
            false,
            "rules.csv");
    assertThat(bad.problems())
        .extracting(Problem::line, Problem::column, Problem::key)
        .containsExactly(
            tuple(4, "category", "category-unknown"),
            tuple(5, "territory", "no-such-territory"),
            tuple(6, "body", "routing-no-desk"),
            tuple(7, "from", "routing-past"),
            tuple(8, "body", "routing-desk-elsewhere"),
            tuple(9, "body", "routing-own-unit"),
            tuple(10, "from", "twice"));
    assertThat(imports.routing(new StringReader(good), true, "rules.csv").added()).hasSize(2);
    assertThat(seen(DISTRICT)).isEmpty();
    assertThat(imports.routing(new StringReader(good), false, "rules.csv").added()).hasSize(2);
    ImportReport again = imports.routing(new StringReader(good), false, "rules.csv");
    assertThat(again.added()).isEmpty();
    assertThat(again.unchanged()).isEqualTo(2);

    BUREAU.clock.set("2026-03-13T09:00");
    assertThat(tell("0102").deskId()).isEqualTo(desk("D02", "S1").id());
    assertThat(seen(STREET)).hasSize(2);
  }

  private static List<Long> seen(Staff staff) {
    return RULES.page(staff, When.NOW, null, null, null, 100).rules().stream()
        .map(RoutingRule::id)
        .toList();
  }

  private static Named named(String category, String where) {
    Category kind = BUREAU.casework.categories().named(category).orElseThrow();
    return Db.await(ROUTING.named(BUREAU.db, kind, place(where), TODAY)).getFirst();
  }

  private static Opened tell(String category) {
    return BUREAU.open(BUREAU.told("3栋有事", category));
  }

  private static void add(@Nullable String category, String where, String body, String at) {
    BUREAU.db.withinTransaction(tx -> {
      var _ =
          new RoutingRuleStore()
              .insert(
                  tx,
                  plan(category, where, desk(body, at).id(), 0, null),
                  null,
                  BUREAU.clock.instant(),
                  null);
    });
  }

  private static RoutingRule add(Staff staff, Plan plan) {
    return BUREAU.db.inTransaction(tx -> RULES.add(tx, staff, "", plan, null));
  }

  private static RoutingRule end(Staff staff, long rule, LocalDate day, String reason) {
    return BUREAU.db.inTransaction(tx -> RULES.end(tx, staff, "", rule, day, reason, null));
  }

  /// Days from today.
  private static Plan plan(
      @Nullable String category, String where, long desk, int from, @Nullable Integer until) {
    return new Plan(
        category,
        place(where).id(),
        desk,
        TODAY.plusDays(from),
        until == null ? null : TODAY.plusDays(until),
        "试一试");
  }

  private static Territory place(String code) {
    return BUREAU.place(code);
  }

  private static Desk desk(String body, String territory) {
    return BUREAU.community.desks().at(place(territory)).stream()
        .filter(each -> each.body().equals(body))
        .findFirst()
        .orElseThrow();
  }

  private static <T> T pick(List<T> from, Random random) {
    return from.get(random.nextInt(from.size()));
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> refused(
      ThrowingCallable what, String code) {
    return assertThatThrownBy(what)
        .isInstanceOfSatisfying(
            Refusal.class, refusal -> assertThat(refusal.code()).isEqualTo(code));
  }
}
