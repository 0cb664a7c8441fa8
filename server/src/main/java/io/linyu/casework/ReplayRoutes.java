package io.linyu.casework;

import static io.linyu.platform.http.Sequential.sequential;
import static java.util.Objects.requireNonNull;

import io.linyu.casework.Replay.Move;
import io.linyu.casework.Replay.RuleEnded;
import io.linyu.casework.Replay.RuleSet;
import io.linyu.casework.ReplayPages.DeskLine;
import io.linyu.casework.ReplayPages.MoveLine;
import io.linyu.casework.ReplayPages.ReplayPage;
import io.linyu.casework.ReplayPages.ReplayView;
import io.linyu.casework.ReplayStore.Name;
import io.linyu.community.Community;
import io.linyu.community.Desks;
import io.linyu.community.Staff;
import io.linyu.community.Territories;
import io.linyu.platform.http.Caller;
import io.linyu.platform.http.Frame;
import io.linyu.platform.http.Htmx;
import io.linyu.platform.http.Page;
import io.linyu.platform.http.Routes;
import io.linyu.platform.text.Words;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// What a change would have done: how far the looking is, what it came to, and the button by which
/// it takes effect.
final class ReplayRoutes implements Routes {
  private static final String PAGE = "/console/replays/:code";

  /// Desks that would get as many as before are counted, and only so many others named.
  private static final int DESKS = 60;

  private static final int MOVES = 60;
  private static final int NAMED = 50;

  private final Replays replays;
  private final RoutingRules rules;
  private final Categories categories;
  private final Territories territories;
  private final Desks desks;
  private final Page page;

  ReplayRoutes(Casework casework, Community community, Page page) {
    this.replays = casework.replays();
    this.rules = casework.routingRules();
    this.categories = casework.categories();
    this.territories = community.territories();
    this.desks = community.desks();
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
    RoutingRule rule = replays.decide(staff, Caller.ip(rc), code(rc));
    Htmx.go(
        rc, "/console/routing/" + rule.id() + "?done=" + (ends ? "routing-ended" : "routing-set"));
  }

  private ReplayView view(RoutingContext rc) {
    Staff staff = Staff.signedIn(rc);
    Frame frame = Frame.of(rc);
    Replay replay = replays.visibleTo(staff, code(rc));
    Replay.Ways ways = replay.routing();
    List<DeskLine> lines =
        ways == null
            ? List.of()
            : ways.shares().stream()
                .filter(each -> each.difference() != 0)
                .limit(DESKS)
                .map(each -> new DeskLine(name(each.desk()), each.before(), each.after()))
                .toList();
    int same =
        ways == null
            ? 0
            : (int) ways.shares().stream().filter(each -> each.difference() == 0).count();
    return new ReplayView(
        frame.words(),
        frame.moments(),
        frame.form(),
        replay,
        what(replay, frame.words()),
        lines,
        same,
        ways == null ? List.of() : moves(staff, ways.moves()),
        replay.askedBy() == staff.id());
  }

  private List<MoveLine> moves(Staff staff, List<Move> moves) {
    List<Move> shown = moves.stream().limit(MOVES).toList();
    Map<Long, Name> names =
        replays.names(
            staff, shown.stream().flatMap(each -> each.cases().stream().limit(NAMED)).toList());
    return shown.stream()
        .map(each ->
            new MoveLine(
                name(each.from()),
                name(each.to()),
                each.many(),
                each.cases().stream()
                    .limit(NAMED)
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
            place(plan.territory()),
            RoutingPages.category(categories, plan.category(), words),
            name(plan.desk()),
            RoutingPages.period(words, plan.from(), plan.until()));
      }
      case RuleEnded end -> {
        RoutingRule rule = rules.byId(end.rule());
        yield words.of(
            "replay.rule-end",
            place(rule.territory()),
            RoutingPages.category(categories, rule.category(), words),
            name(rule.desk()),
            RoutingPages.day(words, end.from()));
      }
    };
  }

  private String place(long territory) {
    return territories.nameForResident(territories.byId(territory));
  }

  private String name(long desk) {
    return desks.byId(desk).name();
  }

  private static String code(RoutingContext rc) {
    return requireNonNull(rc.pathParam("code"));
  }
}
