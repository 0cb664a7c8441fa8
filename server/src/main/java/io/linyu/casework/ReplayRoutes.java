package io.linyu.casework;

import static io.linyu.platform.http.Sequential.sequential;
import static java.util.Objects.requireNonNull;

import io.linyu.casework.Replay.LimitSet;
import io.linyu.casework.Replay.RuleEnded;
import io.linyu.casework.Replay.RuleSet;
import io.linyu.casework.Replay.Share;
import io.linyu.casework.ReplayPages.CaseLines;
import io.linyu.casework.ReplayPages.DeskLine;
import io.linyu.casework.ReplayPages.KindLine;
import io.linyu.casework.ReplayPages.ReplayPage;
import io.linyu.casework.ReplayPages.ReplayView;
import io.linyu.casework.ReplayStore.Name;
import io.linyu.community.Community;
import io.linyu.community.Staff;
import io.linyu.platform.http.Caller;
import io.linyu.platform.http.Frame;
import io.linyu.platform.http.Htmx;
import io.linyu.platform.http.Page;
import io.linyu.platform.http.Routes;
import io.linyu.platform.text.Words;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// What a change would have done: how far the looking is, what it came to, and the button by which
/// it takes effect.
final class ReplayRoutes implements Routes {
  private static final String PAGE = "/console/replays/:code";

  /// Of a table, or of groups of cases.
  private static final int LINES = 60;

  private static final int NAMED = 50;

  private final Replays replays;
  private final RoutingRules rules;
  private final Categories categories;
  private final RuleWords inWords;
  private final Page page;

  ReplayRoutes(Casework casework, Community community, Page page) {
    this.replays = casework.replays();
    this.rules = casework.routingRules();
    this.categories = casework.categories();
    this.inWords = new RuleWords(categories, community);
    this.page = page;
  }

  @Override
  public void mount(Router router) {
    router.get(PAGE).handler(sequential(this::show));
    router.get(PAGE + "/progress").handler(sequential(this::progress));
    router.post(PAGE + "/stop").handler(sequential(this::stop));
    router.post(PAGE + "/effect").handler(sequential(this::decide));
  }

  private void show(RoutingContext rc) {
    page.send(rc, "casework/replay", new ReplayPage(Frame.of(rc), view(rc)));
  }

  private void progress(RoutingContext rc) {
    page.send(rc, "casework/_replay", view(rc));
  }

  private void stop(RoutingContext rc) {
    replays.stop(Staff.signedIn(rc), code(rc));
    if (Htmx.asks(rc)) {
      progress(rc);
    } else {
      Htmx.see(rc, "/console/replays/" + code(rc));
    }
  }

  private void decide(RoutingContext rc) {
    Staff staff = Staff.signedIn(rc);
    boolean ends = replays.visibleTo(staff, code(rc)).change() instanceof RuleEnded;
    Optional<RoutingRule> rule = replays.decide(staff, Caller.ip(rc), code(rc));
    Htmx.go(
        rc,
        rule.map(each ->
                "/console/routing/"
                    + each.id()
                    + "?done="
                    + (ends ? "routing-ended" : "routing-set"))
            .orElse("/console/limits?done=limit-set"));
  }

  private ReplayView view(RoutingContext rc) {
    Staff staff = Staff.signedIn(rc);
    Frame frame = Frame.of(rc);
    Words words = frame.words();
    Replay replay = replays.visibleTo(staff, code(rc));
    Replay.Ways ways = replay.routing();
    Replay.Lates lates = replay.limits();
    return new ReplayView(
        words,
        frame.moments(),
        frame.form(),
        replay,
        what(replay, words),
        ways == null ? List.of() : desks(ways.shares()),
        ways == null
            ? 0
            : (int) ways.shares().stream().filter(each -> each.difference() == 0).count(),
        lates == null ? List.of() : kinds(lates, words),
        named(
            staff,
            ways != null ? moved(ways, words) : lates != null ? late(lates, words) : List.of()),
        replay.askedBy() == staff.id());
  }

  private List<DeskLine> desks(List<Share> shares) {
    return shares.stream()
        .filter(each -> each.difference() != 0)
        .limit(LINES)
        .map(each -> new DeskLine(inWords.desk(each.desk()), each.before(), each.after()))
        .toList();
  }

  private List<KindLine> kinds(Replay.Lates lates, Words words) {
    return lates.kinds().stream()
        .map(each ->
            new KindLine(kind(each.category(), words), each.clocks(), each.before(), each.after()))
        .toList();
  }

  private String kind(String category, Words words) {
    return category.isEmpty() ? words.of("replay.kind-unknown") : inWords.kind(category, words);
  }

  /// Cases under a heading.
  private record Some(String heading, int many, List<Long> cases) {}

  private List<Some> moved(Replay.Ways ways, Words words) {
    return ways.moves().stream()
        .limit(LINES)
        .map(each ->
            new Some(
                words.of(
                    "replay.move", inWords.desk(each.from()), inWords.desk(each.to()), each.many()),
                each.many(),
                each.cases()))
        .toList();
  }

  private List<Some> late(Replay.Lates lates, Words words) {
    var some = new ArrayList<Some>();
    for (Replay.Lateness each : lates.kinds()) {
      String kind = kind(each.category(), words);
      if (!each.nowLate().isEmpty()) {
        some.add(new Some(words.of("replay.now-late", kind), 0, each.nowLate()));
      }
      if (!each.nowInTime().isEmpty()) {
        some.add(new Some(words.of("replay.now-in-time", kind), 0, each.nowInTime()));
      }
    }
    return some.subList(0, Math.min(LINES, some.size()));
  }

  private List<CaseLines> named(Staff staff, List<Some> some) {
    Map<Long, Name> names =
        replays.names(
            staff, some.stream().flatMap(each -> each.cases().stream().limit(NAMED)).toList());
    return some.stream()
        .map(each ->
            new CaseLines(
                each.heading(),
                each.many(),
                each.cases().stream()
                    .limit(NAMED)
                    .distinct()
                    .map(names::get)
                    .filter(Objects::nonNull)
                    .map(
                        found -> new ReplayPages.Named(found.number(), found.code(), found.title()))
                    .toList()))
        .toList();
  }

  private String what(Replay replay, Words words) {
    return switch (replay.change()) {
      case RuleSet set -> {
        RoutingRule.Plan plan = set.plan();
        yield words.of(
            "replay.rule",
            inWords.place(plan.territory()),
            inWords.kind(plan.category(), words),
            inWords.desk(plan.desk()),
            RoutingPages.period(words, plan.from(), plan.until()));
      }
      case RuleEnded end -> {
        RoutingRule rule = rules.byId(end.rule());
        yield words.of(
            "replay.rule-end",
            inWords.place(rule.territory()),
            inWords.kind(rule.category(), words),
            inWords.desk(rule.desk()),
            RoutingPages.day(words, end.from()));
      }
      case LimitSet limit -> LimitPages.what(categories, limit, words);
    };
  }

  private static String code(RoutingContext rc) {
    return requireNonNull(rc.pathParam("code"));
  }
}
