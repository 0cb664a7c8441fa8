package io.linyu.casework;

import static io.linyu.platform.http.Sequential.sequential;
import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import io.linyu.casework.CasePages.Place;
import io.linyu.casework.KnownPages.Places;
import io.linyu.casework.RoutingPages.DeskChoice;
import io.linyu.casework.RoutingPages.FormPage;
import io.linyu.casework.RoutingPages.ListPage;
import io.linyu.casework.RoutingPages.Row;
import io.linyu.casework.RoutingPages.RulePage;
import io.linyu.casework.RoutingPages.Unit;
import io.linyu.casework.RoutingPages.WhoView;
import io.linyu.casework.RoutingRule.Plan;
import io.linyu.casework.RoutingRules.When;
import io.linyu.community.Community;
import io.linyu.community.Desk;
import io.linyu.community.Desks;
import io.linyu.community.Level;
import io.linyu.community.Staff;
import io.linyu.community.Territories;
import io.linyu.community.Territory;
import io.linyu.platform.Refusal;
import io.linyu.platform.http.Caller;
import io.linyu.platform.http.Frame;
import io.linyu.platform.http.Htmx;
import io.linyu.platform.http.Page;
import io.linyu.platform.http.Routes;
import io.linyu.platform.text.Words;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Who gets what: the rules, the form by which one is set, and the question who would get it.
final class RoutingRoutes implements Routes {
  private static final String PAGE = "/console/routing";
  private static final int AT_ONCE = 30;
  private static final int LONGEST_PLACE = 100;

  /// Every kind, in a form.
  private static final String ALL = "*";

  private final RoutingRules rules;
  private final Replays replays;
  private final Categories categories;
  private final Territories territories;
  private final Desks desks;
  private final RuleWords inWords;
  private final Page page;

  RoutingRoutes(Casework casework, Community community, Page page) {
    this.rules = casework.routingRules();
    this.replays = casework.replays();
    this.categories = casework.categories();
    this.territories = community.territories();
    this.desks = community.desks();
    this.inWords = new RuleWords(categories, community);
    this.page = page;
  }

  @Override
  public void mount(Router router) {
    router.get(PAGE).handler(sequential(this::list));
    router.post(PAGE).handler(sequential(this::add));
    router.get(PAGE + "/who").handler(sequential(this::who));
    router.get(PAGE + "/new").handler(sequential(this::form));
    router.get(PAGE + "/places").handler(sequential(this::places));
    router.get(PAGE + "/desks").handler(sequential(this::desks));
    router.get(PAGE + "/:rule").handler(sequential(this::show));
    router.post(PAGE + "/:rule/end").handler(sequential(this::end));
    router.post(PAGE + "/:rule/back").handler(sequential(this::takeBack));
  }

  private void list(RoutingContext rc) {
    Staff staff = Staff.signedIn(rc);
    Frame frame = Frame.of(rc);
    String typed = sought(rc, "place");
    String category = kind(rc.request().getParam("category"));
    When when = When.of(rc.request().getParam("when"));
    Territory within =
        typed.isEmpty()
            ? null
            : found(staff, typed).stream()
                .findFirst()
                .orElseThrow(() -> new Refusal("place-not-found", 422, typed));
    RoutingRules.Listing listing =
        rules.page(staff, when, within, category, number(rc.request().getParam("before")), AT_ONCE);
    var view =
        new ListPage(
            frame,
            when,
            typed,
            category,
            CaseViews.groups(categories, frame.words().language()),
            listing.rules().stream().map(each -> row(each, frame.words())).toList(),
            listing.next(),
            rules.mayRule(staff),
            shown(around(staff)),
            rules.today());
    boolean more = Htmx.asks(rc) && "more".equals(rc.request().getHeader("HX-Target"));
    page.send(rc, more ? "casework/_routing-rows" : "casework/routing", view);
  }

  private void who(RoutingContext rc) {
    Staff staff = Staff.signedIn(rc);
    Words words = Frame.of(rc).words();
    Territory place = territory(rc.request().getParam("territory"));
    if (!staff.sees(place.path())) {
      throw new Refusal("territory-unknown", 422);
    }
    RoutingRules.Answer answer =
        rules.who(
            requireNonNullElse(rc.request().getParam("category"), ""),
            place,
            day(rc.request().getParam("day"), rules.today()));
    RoutingRule rule = answer.rule();
    page.send(
        rc,
        "casework/_routing-who",
        new WhoView(
            words,
            answer,
            territories.nameForResident(place),
            rule == null ? null : row(rule, words)));
  }

  private void form(RoutingContext rc) {
    Staff staff = ruling(rc);
    Frame frame = Frame.of(rc);
    Territory own = around(staff);
    page.send(
        rc,
        "casework/routing-form",
        new FormPage(
            frame,
            List.of(shown(own)),
            CaseViews.groups(categories, frame.words().language()),
            choice(frame.words(), staff, own, ""),
            rules.today()));
  }

  private void places(RoutingContext rc) {
    Staff staff = Staff.signedIn(rc);
    String typed = sought(rc, "place");
    List<Place> places =
        typed.isEmpty() ? List.of() : found(staff, typed).stream().map(this::shown).toList();
    page.send(rc, "casework/_known-places", new Places(Frame.of(rc).words(), typed, places));
  }

  /// In their territory.
  private List<Territory> found(Staff staff, String typed) {
    Territory own = around(staff);
    return own.name().equals(typed)
        ? List.of(own)
        : territories.findPlaces(typed, own).stream()
            .filter(each -> staff.sees(each.path()))
            .toList();
  }

  private void desks(RoutingContext rc) {
    Staff staff = ruling(rc);
    page.send(
        rc,
        "casework/_routing-desks",
        choice(
            Frame.of(rc).words(),
            staff,
            territory(rc.request().getParam("territory")),
            sought(rc, "at")));
  }

  /// The desks at the place and around it; and those below it at the unit that is typed.
  private DeskChoice choice(Words words, Staff staff, Territory place, String at) {
    Set<Territory> units = new LinkedHashSet<>();
    if (!at.isEmpty()) {
      found(staff, at).stream()
          .filter(each -> place.contains(each) || each.contains(place))
          .forEach(units::add);
    }
    units.addAll(territories.pathOf(place).reversed());
    return new DeskChoice(
        words,
        at,
        units.stream()
            .map(unit ->
                new Unit(unit.name(), desks.at(unit).stream().filter(rules::mayBeNamed).toList()))
            .filter(unit -> !unit.desks().isEmpty())
            .toList());
  }

  /// What it would have done is looked at first.
  private void add(RoutingContext rc) {
    look(rc, new Replay.RuleSet(plan(rc)));
  }

  private void look(RoutingContext rc, Replay.Change change) {
    Htmx.go(rc, "/console/replays/" + replays.begin(ruling(rc), change).code());
  }

  private void show(RoutingContext rc) {
    Staff staff = Staff.signedIn(rc);
    Frame frame = Frame.of(rc);
    RoutingRule rule = rules.visibleTo(staff, id(rc));
    boolean theirs =
        rules.mayRule(staff, territories.byId(rule.territory())) && !rule.isOver(rules.today());
    page.send(
        rc,
        "casework/routing-rule",
        new RulePage(
            frame,
            row(rule, frame.words()),
            theirs,
            replays
                .of(
                    staff,
                    Stream.of(rule.replay(), rule.endReplay()).filter(Objects::nonNull).toList())
                .values()
                .stream()
                .sorted(Comparator.comparingLong(Replay::id))
                .toList()));
  }

  private void end(RoutingContext rc) {
    look(
        rc,
        new Replay.RuleEnded(
            id(rc), day(field(rc, "day"), null), requireNonNullElse(field(rc, "reason"), "")));
  }

  private void takeBack(RoutingContext rc) {
    var _ = rules.takeBack(ruling(rc), Caller.ip(rc), id(rc));
    Htmx.go(rc, PAGE + "/" + id(rc) + "?done=routing-taken-back");
  }

  // What is shown.

  private Row row(RoutingRule rule, Words words) {
    Desk desk = desks.byId(rule.desk());
    Desk takes = rules.takes(rule);
    return new Row(
        rule,
        inWords.place(rule.territory()),
        inWords.kind(rule.category(), words),
        desk.name(),
        takes.id() == desk.id() ? null : takes.name(),
        rules.today());
  }

  private Place shown(Territory place) {
    Level level = place.level() == Level.COMMUNITY ? Level.STREET : Level.COMMUNITY;
    return new Place(
        place.id(),
        territories.nameForResident(place),
        territories
            .ancestorOf(place, level)
            .filter(each -> each.id() != place.id())
            .map(Territory::name)
            .orElse(""));
  }

  private Territory around(Staff staff) {
    return territories.byId(staff.territoryId());
  }

  // What was sent.

  private Staff ruling(RoutingContext rc) {
    Staff staff = Staff.signedIn(rc);
    if (!rules.mayRule(staff)) {
      throw new Refusal("routing-not-yours", 403, around(staff).name());
    }
    return staff;
  }

  private Plan plan(RoutingContext rc) {
    String last = field(rc, "last");
    Long desk = number(field(rc, "desk"));
    if (desk == null) {
      throw new Refusal("routing-desk-missing", 422);
    }
    return new Plan(
        kind(field(rc, "category")),
        territory(field(rc, "territory")).id(),
        desk,
        day(field(rc, "from"), null),
        last == null || last.isEmpty() ? null : day(last, null).plusDays(1),
        requireNonNullElse(field(rc, "reason"), ""));
  }

  private static @Nullable String kind(@Nullable String given) {
    return given == null || given.isEmpty() || given.equals(ALL) ? null : given;
  }

  private Territory territory(@Nullable String given) {
    Long id = number(given);
    if (id == null) {
      throw new Refusal("known-place-missing", 422);
    }
    return rules.find(id).orElseThrow(() -> new Refusal("territory-unknown", 422));
  }

  /// @param otherwise where nothing was given; null: then it is refused
  private static LocalDate day(@Nullable String given, @Nullable LocalDate otherwise) {
    if (otherwise != null && (given == null || given.isEmpty())) {
      return otherwise;
    }
    try {
      return LocalDate.parse(requireNonNullElse(given, ""));
    } catch (DateTimeException unreadable) {
      throw new Refusal("known-time-unreadable", 422);
    }
  }

  private static long id(RoutingContext rc) {
    try {
      return Long.parseLong(requireNonNull(rc.pathParam("rule")));
    } catch (NumberFormatException unknown) {
      throw Refusal.notFound();
    }
  }

  private static String sought(RoutingContext rc, String name) {
    String sought = requireNonNullElse(rc.request().getParam(name), "").strip();
    if (sought.length() > LONGEST_PLACE) {
      throw new Refusal("text-too-long", 422, LONGEST_PLACE);
    }
    return sought;
  }

  private static @Nullable Long number(@Nullable String value) {
    try {
      return value == null || value.isEmpty() ? null : Long.valueOf(value);
    } catch (NumberFormatException e) {
      throw new Refusal("form-outdated", 422);
    }
  }

  private static @Nullable String field(RoutingContext rc, String name) {
    return rc.request().getFormAttribute(name);
  }
}
