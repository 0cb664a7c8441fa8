package io.linyu.casework;

import static java.util.Objects.requireNonNull;

import io.linyu.casework.RoutingRule.Plan;
import io.linyu.casework.RuleStore.Named;
import io.linyu.community.Community;
import io.linyu.community.Desk;
import io.linyu.community.Desks;
import io.linyu.community.Level;
import io.linyu.community.Staff;
import io.linyu.community.Territories;
import io.linyu.community.Territory;
import io.linyu.community.audit.Audit;
import io.linyu.community.audit.Deed;
import io.linyu.community.audit.Who;
import io.linyu.platform.Refusal;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Who gets what, as the desks of a district and its streets rule it. A rule never holds for what
/// was told before the day on which it begins, and is kept when it has ended: cases name it.
///
/// No way goes in a circle: a rule names one desk, and a desk without people passes on upwards
/// only. A rule for a desk without people would come back to where it was made to lead away from,
/// and is refused.
public final class RoutingRules {
  private static final Set<String> RULING = Set.of("district_dispatcher", "street_dispatcher");

  /// Who may be named: whoever else there is holds no case.
  private static final Set<String> HOLDING = Set.of("desk", "partner");

  private static final int LONGEST_REASON = 300;

  /// Words for these are under `routing.when.<word>`.
  public enum When {
    NOW,
    COMING,
    OVER;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    static When of(@Nullable String word) {
      for (When each : values()) {
        if (each.word().equals(word)) {
          return each;
        }
      }
      return NOW;
    }
  }

  /// @param next where the next page begins; null: there is none
  record Listing(List<RoutingRule> rules, @Nullable Long next) {}

  /// Why a desk would get it. Words for these are under `routing.why.<word>`.
  public enum Why {
    RULE,
    CATALOGUE,
    FALLBACK;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// Who would get a matter.
  ///
  /// @param desk that would hold it
  /// @param meant the desk that is named, where nobody works there and it is held in its place
  /// @param body responsible, where the desk holds it in its place
  /// @param rule that decides; null: none
  /// @param coBodies that work on it, too, by their names
  public record Answer(
      Desk desk,
      @Nullable Desk meant,
      @Nullable String body,
      Why why,
      @Nullable RoutingRule rule,
      List<String> coBodies) {}

  /// What is wrong with a plan.
  ///
  /// @param column of a file, where it stands
  /// @param code names the sentence: `refusal.<code>` on the page, `import.<code>` for a file
  record Fault(String column, String code, List<Object> arguments) {
    Fault(String column, String code, Object... arguments) {
      this(column, code, List.of(arguments));
    }

    Refusal refusal() {
      return new Refusal(code, 422, arguments.toArray());
    }
  }

  private final Db db;
  private final Clock clock;
  private final ZoneId zone;
  private final Routing routing;
  private final Categories categories;
  private final Territories territories;
  private final Desks desks;
  private final Audit audit;
  private final RuleStore house = new RuleStore();
  private final RoutingRuleStore store = new RoutingRuleStore();

  RoutingRules(
      Db db,
      Clock clock,
      ZoneId zone,
      Routing routing,
      Categories categories,
      Community community) {
    this.db = db;
    this.clock = clock;
    this.zone = zone;
    this.routing = routing;
    this.categories = categories;
    this.territories = community.territories();
    this.desks = community.desks();
    this.audit = community.audit();
  }

  LocalDate today() {
    return LocalDate.ofInstant(clock.instant(), zone);
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  private Rules rules(Sql sql) {
    return Db.await(house.at(sql, now()));
  }

  /// Whether they may rule at all.
  boolean mayRule(Staff staff) {
    return RULING.contains(staff.role());
  }

  /// Whether they may rule for this place.
  boolean mayRule(Staff staff, Territory place) {
    return mayRule(staff) && staff.sees(place.path());
  }

  /// Whether a rule may name it.
  boolean mayBeNamed(Desk desk) {
    return HOLDING.contains(desk.kind());
  }

  /// What holds for their territory or a part of it: everybody may know who gets what.
  ///
  /// @param within what holds for this place or a part of it; null: everywhere
  /// @param category what holds for this kind, or this group of kinds; null: for any
  Listing page(
      Staff staff,
      When when,
      @Nullable Territory within,
      @Nullable String category,
      @Nullable Long before,
      int limit) {
    List<String> kinds = categories.named(category).map(routing::kinds).orElse(null);
    List<RoutingRule> found =
        store.page(
            db,
            staff.territoryPath(),
            within == null ? "/" : within.path(),
            kinds,
            when,
            today(),
            before == null ? Long.MAX_VALUE : before,
            limit + 1);
    boolean more = found.size() > limit;
    List<RoutingRule> shown = more ? found.subList(0, limit) : found;
    return new Listing(shown, more ? shown.getLast().id() : null);
  }

  /// Refused as not found where it holds for nothing of theirs.
  RoutingRule visibleTo(Staff staff, long id) {
    return store.visible(db, staff.territoryPath(), id).orElseThrow(Refusal::notFound);
  }

  RoutingRule byId(long id) {
    return store.byId(db, id).orElseThrow(Refusal::notFound);
  }

  /// Who would get a matter that is told on this day.
  Answer who(String kind, Territory place, LocalDate day) {
    Category category =
        categories
            .named(kind)
            .filter(Category::isSpecific)
            .orElseThrow(() -> new Refusal("category-unknown", 422, kind));
    Rules rules = rules(db);
    List<Named> named = Db.await(routing.named(db, category, place, day));
    Routing.Way way = routing.handling(named, rules, category, place);
    Long rule = way.rule();
    String body = category.body();
    Desk meant =
        rule != null
            ? desks.byId(requireNonNull(first(named, rule)).desk())
            : body == null ? null : desks.ofBodyNear(body, place).orElse(null);
    Why why = rule != null ? Why.RULE : meant != null ? Why.CATALOGUE : Why.FALLBACK;
    return new Answer(
        way.desk(),
        meant == null || meant.id() == way.desk().id() ? null : meant,
        way.body() == null ? null : bodyName(way.body()),
        why,
        rule == null ? null : store.byId(db, rule).orElseThrow(),
        category.coBodies().stream().map(this::bodyName).toList());
  }

  private static @Nullable Named first(List<Named> named, long rule) {
    return named.stream().filter(each -> each.rule() == rule).findFirst().orElse(null);
  }

  private String bodyName(String code) {
    return desks.body(code).map(each -> each.name()).orElse(code);
  }

  /// Who gets at present what this desk is named for: itself, or whoever takes its place.
  Desk takes(RoutingRule rule) {
    Desk desk = desks.byId(rule.desk());
    Territory place = territories.byId(rule.territory());
    return routing.to(desk, level(rule.category()), place).desk();
  }

  private Level level(@Nullable String category) {
    return categories.named(category).map(Category::circle).orElse(Level.COMMUNITY);
  }

  /// Refused with a sentence where it cannot be a rule.
  void require(Staff staff, Plan plan) {
    require(db, staff, plan);
  }

  private void require(Sql sql, Staff staff, Plan plan) {
    requireTheirs(sql, staff, plan.territory(), plan.category());
    var _ = soundReason(plan.reason());
    Optional<Fault> fault = fault(sql, plan).or(() -> overlap(sql, plan));
    if (fault.isPresent()) {
      throw fault.get().refusal();
    }
  }

  /// @param from the address they act from
  /// @param replay what they had looked at before; null: nothing
  RoutingRule add(Tx tx, Staff staff, String from, Plan plan, @Nullable Long replay) {
    store.lock(tx);
    require(tx, staff, plan);
    var sound = with(plan, soundReason(plan.reason()));
    long id = store.insert(tx, sound, staff.id(), now(), replay);
    audit.write(tx, Who.staff(staff.id(), from), Deed.ROUTING_SET, told(id, sound));
    return store.byId(tx, id).orElseThrow();
  }

  /// What came by a file, each of it looked at before.
  void addAll(Tx tx, List<Plan> plans) {
    plans.forEach(plan -> {
      var _ = store.insert(tx, plan, null, now(), null);
    });
  }

  /// Refused where it cannot be ended so.
  ///
  /// @param day the first on which it holds no more
  RoutingRule requireEnd(Staff staff, long id, LocalDate day, String reason) {
    RoutingRule rule = ending(db, staff, id, day);
    var _ = soundReason(reason);
    return rule;
  }

  private RoutingRule ending(Sql sql, Staff staff, long id, LocalDate day) {
    RoutingRule rule = theirs(sql, staff, id);
    LocalDate today = today();
    if (rule.isOver(today)) {
      throw new Refusal("routing-over", 409);
    }
    if (!rule.hasBegun(today)) {
      throw new Refusal("routing-not-begun", 409);
    }
    if (day.isBefore(today)) {
      throw new Refusal("routing-past", 422, today);
    }
    LocalDate until = rule.until();
    if (until != null && !day.isBefore(until)) {
      throw new Refusal("routing-ends-before", 422, requireNonNull(rule.last()));
    }
    return rule;
  }

  /// @param replay what they had looked at before; null: nothing
  RoutingRule end(
      Tx tx,
      Staff staff,
      String from,
      long id,
      LocalDate day,
      String reason,
      @Nullable Long replay) {
    store.lock(tx);
    String why = soundReason(reason);
    RoutingRule rule = ending(tx, staff, id, day);
    // What was set today and is not to hold today never did.
    LocalDate last = rule.from().equals(day) ? null : day;
    store.end(tx, id, last, staff.id(), why, now(), replay);
    audit.write(
        tx,
        Who.staff(staff.id(), from),
        Deed.ROUTING_ENDED,
        Map.of("rule", id, "until", day.toString(), "reason", why));
    return store.byId(tx, id).orElseThrow();
  }

  /// As if nobody had set it. Only before it begins.
  RoutingRule takeBack(Staff staff, String from, long id) {
    return db.inTransaction(tx -> {
      store.lock(tx);
      RoutingRule rule = theirs(tx, staff, id);
      if (rule.isOver(today())) {
        throw new Refusal("routing-over", 409);
      }
      if (rule.hasBegun(today())) {
        throw new Refusal("routing-begun", 409, rule.from());
      }
      store.end(tx, id, null, staff.id(), "", now(), null);
      audit.write(tx, Who.staff(staff.id(), from), Deed.ROUTING_TAKEN_BACK, Map.of("rule", id));
      return store.byId(tx, id).orElseThrow();
    });
  }

  private RoutingRule theirs(Sql sql, Staff staff, long id) {
    RoutingRule rule = store.visible(sql, staff.territoryPath(), id).orElseThrow(Refusal::notFound);
    requireTheirs(sql, staff, rule.territory(), rule.category());
    return rule;
  }

  /// Where complaints about staff go is nothing that the street complained of says.
  private void requireTheirs(Sql sql, Staff staff, long territory, @Nullable String category) {
    Territory place = find(territory).orElseThrow(() -> new Refusal("territory-unknown", 422));
    if (!mayRule(staff, place)) {
      throw new Refusal("routing-not-yours", 403, place.name());
    }
    if (rules(sql).keepsConfidential(categories.named(category).orElse(null))
        && !mayRule(staff, territories.root())) {
      throw new Refusal("routing-confidential", 403);
    }
  }

  private static String soundReason(String given) {
    String reason = given.strip();
    if (reason.isEmpty()) {
      throw new Refusal("reason-missing", 422);
    }
    if (reason.length() > LONGEST_REASON) {
      throw new Refusal("text-too-long", 422, LONGEST_REASON);
    }
    return reason;
  }

  private static Plan with(Plan plan, String reason) {
    return new Plan(
        plan.category(), plan.territory(), plan.desk(), plan.from(), plan.until(), reason);
  }

  // What is refused at entry.

  /// What is wrong with it by itself; the place must exist.
  Optional<Fault> fault(Sql sql, Plan plan) {
    Fault fault = againstTime(plan);
    return Optional.ofNullable(fault == null ? againstDesk(sql, plan) : fault);
  }

  private @Nullable Fault againstTime(Plan plan) {
    LocalDate today = today();
    LocalDate until = plan.until();
    Territory place = territories.byId(plan.territory());
    if (plan.category() != null && categories.named(plan.category()).isEmpty()) {
      return new Fault("category", "category-unknown", plan.category());
    }
    if (place.level() == Level.GRID) {
      return new Fault("territory", "routing-grid", place.name());
    }
    if (plan.from().isBefore(today)) {
      return new Fault("from", "routing-past", today);
    }
    if (until != null && !until.isAfter(plan.from())) {
      return new Fault("until", "routing-until-early", plan.from());
    }
    if (!existsThroughout(place, plan)) {
      return new Fault("territory", "routing-place-ends", place.name(), period(place));
    }
    return null;
  }

  private @Nullable Fault againstDesk(Sql sql, Plan plan) {
    Desk desk = desks.find(plan.desk()).orElse(null);
    if (desk == null) {
      return new Fault("body", "desk-unknown");
    }
    Territory at = territories.byId(desk.territoryId());
    Territory place = territories.byId(plan.territory());
    if (!existsThroughout(at, plan)) {
      return new Fault("body", "routing-desk-ends", desk.name(), period(at));
    }
    if (!at.contains(place) && !place.contains(at)) {
      return new Fault("body", "routing-desk-elsewhere", desk.name(), place.name());
    }
    if (!mayBeNamed(desk)) {
      return new Fault("body", "routing-desk-kind", desk.name());
    }
    Category category = categories.named(plan.category()).orElse(null);
    if (rules(sql).keepsConfidential(category) && at.level() == Level.COMMUNITY) {
      return new Fault("body", "routing-own-unit", desk.name(), at.name());
    }
    if (desk.kind().equals("desk") && !desks.isStaffed(desk)) {
      Desk instead = routing.to(desk, level(plan.category()), place).desk();
      return new Fault("body", "routing-desk-empty", desk.name(), instead.name());
    }
    return null;
  }

  private static boolean existsThroughout(Territory node, Plan plan) {
    LocalDate until = plan.until();
    LocalDate last = until == null ? plan.from() : until.minusDays(1);
    LocalDate end = node.until();
    return node.existsOn(plan.from()) && node.existsOn(last) && (until != null || end == null);
  }

  private static String period(Territory node) {
    LocalDate until = node.until();
    return node.from() + " – " + (until == null ? "" : until.minusDays(1));
  }

  Optional<Fault> overlap(Sql sql, Plan plan) {
    return store
        .overlapping(sql, plan)
        .map(other ->
            new Fault("from", "routing-overlaps", desks.byId(other.desk()).name(), period(other)));
  }

  static String period(RoutingRule rule) {
    LocalDate last = rule.last();
    return rule.from() + " – " + (last == null ? "" : last);
  }

  Optional<Territory> find(long territory) {
    try {
      return Optional.of(territories.byId(territory));
    } catch (IllegalArgumentException unknown) {
      return Optional.empty();
    }
  }

  private Map<String, Object> told(long id, Plan plan) {
    var told = new LinkedHashMap<String, Object>();
    told.put("rule", id);
    told.put("category", plan.category() == null ? "*" : plan.category());
    told.put("territory", territories.byId(plan.territory()).code());
    told.put("desk", desks.byId(plan.desk()).name());
    told.put("from", plan.from().toString());
    if (plan.until() != null) {
      told.put("until", plan.until().toString());
    }
    told.put("reason", plan.reason());
    return told;
  }
}
