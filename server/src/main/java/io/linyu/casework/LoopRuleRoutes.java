package io.linyu.casework;

import static io.linyu.platform.http.Sequential.sequential;
import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import io.linyu.casework.LoopRule.Mode;
import io.linyu.casework.LoopRulePages.CaseLine;
import io.linyu.casework.LoopRulePages.CatchUpLine;
import io.linyu.casework.LoopRulePages.RuleLine;
import io.linyu.casework.LoopRulePages.RulePage;
import io.linyu.casework.LoopRulePages.RulesPage;
import io.linyu.casework.LoopRulePages.SwitchLine;
import io.linyu.community.Staff;
import io.linyu.platform.Refusal;
import io.linyu.platform.http.Caller;
import io.linyu.platform.http.Frame;
import io.linyu.platform.http.Htmx;
import io.linyu.platform.http.Page;
import io.linyu.platform.http.Routes;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// What is done by itself: everybody may look it up, and the district's dispatchers set it.
final class LoopRuleRoutes implements Routes {
  private static final String PAGE = "/console/rules";
  private static final int CASES = 50;
  private static final int CATCH_UPS = 20;
  private static final int FOUND = 20;
  private static final int LINKS = 10;

  private final LoopRules rules;
  private final CatchUps catchUps;
  private final RootCauses roots;
  private final Page page;

  LoopRuleRoutes(Casework casework, Page page) {
    this.rules = casework.loopRules();
    this.catchUps = casework.catchUps();
    this.roots = casework.rootCauses();
    this.page = page;
  }

  @Override
  public void mount(Router router) {
    router.get(PAGE).handler(sequential(this::list));
    router.get(PAGE + "/:rule").handler(sequential(this::show));
    router.post(PAGE + "/:rule").handler(sequential(this::set));
  }

  private void list(RoutingContext rc) {
    Map<LoopRule, LoopRuleStore.Count> counts = rules.counts();
    page.send(
        rc,
        "casework/rules",
        new RulesPage(
            Frame.of(rc),
            rules.current().stream().map(each -> line(each, counts)).toList(),
            catchUps.latest(CATCH_UPS).stream()
                .map(each -> new CatchUpLine(each.what(), each.desks(), each.cases()))
                .toList(),
            LoopRules.COUNTED.toDays()));
  }

  private void show(RoutingContext rc) {
    Staff staff = Staff.signedIn(rc);
    RuleSwitch now = rules.current(rule(rc));
    List<Mode> others =
        rules.mayRule(staff)
            ? Stream.of(Mode.values()).filter(mode -> mode != now.mode()).toList()
            : List.of();
    page.send(
        rc,
        "casework/rule",
        new RulePage(
            Frame.of(rc),
            line(now, rules.counts()),
            others,
            rules.versions(now.rule()).stream().map(SwitchLine::of).toList(),
            rules.applied(staff, now.rule(), CASES).stream()
                .map(each ->
                    new CaseLine(
                        each.code(),
                        each.number(),
                        each.title(),
                        each.effect(),
                        each.dry(),
                        each.at()))
                .toList(),
            now.rule() == LoopRule.E4 ? roots.latest(staff, FOUND, LINKS) : List.of(),
            LoopRules.COUNTED.toDays()));
  }

  private static RuleLine line(RuleSwitch set, Map<LoopRule, LoopRuleStore.Count> counts) {
    LoopRuleStore.Count count = counts.getOrDefault(set.rule(), new LoopRuleStore.Count(0, 0));
    return new RuleLine(SwitchLine.of(set), count.done(), count.dry());
  }

  private void set(RoutingContext rc) {
    LoopRule rule = rule(rc);
    Mode mode = Mode.of(field(rc, "mode")).orElseThrow(() -> new Refusal("form-outdated", 422));
    rules.set(Staff.signedIn(rc), Caller.ip(rc), rule, mode, version(rc), field(rc, "reason"));
    Htmx.go(rc, PAGE + "/" + rule.name() + "?done=rule-set");
  }

  private static LoopRule rule(RoutingContext rc) {
    return LoopRule.named(requireNonNull(rc.pathParam("rule"))).orElseThrow(Refusal::notFound);
  }

  private static int version(RoutingContext rc) {
    try {
      return Integer.parseInt(field(rc, "version"));
    } catch (NumberFormatException e) {
      throw new Refusal("form-outdated", 422);
    }
  }

  private static String field(RoutingContext rc, String name) {
    return requireNonNullElse(rc.request().getFormAttribute(name), "");
  }
}
