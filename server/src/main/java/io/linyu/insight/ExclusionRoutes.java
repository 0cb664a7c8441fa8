package io.linyu.insight;

import static io.linyu.platform.http.Sequential.sequential;
import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import io.linyu.casework.CaseId;
import io.linyu.casework.Cases;
import io.linyu.community.Staff;
import io.linyu.insight.Exclusion.Ground;
import io.linyu.insight.ExclusionPages.ExclusionLine;
import io.linyu.insight.ExclusionPages.ExclusionsPage;
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

/// What is left out of the figures, and by whom.
final class ExclusionRoutes implements Routes {
  private static final String PAGE = "/console/exclusions";

  private final Figures figures;
  private final Exclusions exclusions;
  private final Page page;

  ExclusionRoutes(Figures figures, Exclusions exclusions, Page page) {
    this.figures = figures;
    this.exclusions = exclusions;
    this.page = page;
  }

  @Override
  public void mount(Router router) {
    router.get(PAGE).handler(sequential(this::list));
    router.post(PAGE).handler(sequential(this::propose));
    router.post(PAGE + "/:id/decision").handler(sequential(this::decide));
    router.post(PAGE + "/:id/end").handler(sequential(this::takeBack));
  }

  private void list(RoutingContext rc) {
    Staff staff = Staff.signedIn(rc);
    if (!figures.areFor(staff)) {
      throw new Refusal("figures-not-yours", 403);
    }
    String before = requireNonNullElse(rc.request().getParam("before"), "");
    List<Exclusion> found =
        exclusions.visibleTo(staff, before.isEmpty() ? Long.MAX_VALUE : number(before));
    List<Exclusion> shown = found.subList(0, Math.min(Exclusions.PAGE, found.size()));
    Map<CaseId, Cases.Named> names = exclusions.named(staff, shown);
    page.send(
        rc,
        "insight/exclusions",
        new ExclusionsPage(
            Frame.of(rc),
            exclusions.mayDecide(staff),
            List.of(Ground.values()),
            shown.stream()
                .map(each ->
                    new ExclusionLine(
                        each,
                        names.get(each.caseId()),
                        exclusions.mayDecide(staff, each),
                        exclusions.mayTakeBack(staff, each)))
                .toList(),
            found.size() > shown.size() ? shown.getLast().id() : null));
  }

  private void propose(RoutingContext rc) {
    Ground ground =
        Ground.of(field(rc, "ground")).orElseThrow(() -> new Refusal("exclusion-no-ground", 422));
    exclusions.propose(
        Staff.signedIn(rc), Caller.ip(rc), field(rc, "number"), ground, field(rc, "reason"));
    Htmx.go(rc, PAGE + "?done=exclusion-proposed");
  }

  private void decide(RoutingContext rc) {
    boolean confirms =
        switch (field(rc, "decision")) {
          case "confirm" -> true;
          case "refuse" -> false;
          default -> throw new Refusal("form-outdated", 422);
        };
    exclusions.decide(Staff.signedIn(rc), Caller.ip(rc), id(rc), confirms, field(rc, "reason"));
    Htmx.go(rc, PAGE + "?done=" + (confirms ? "exclusion-confirmed" : "exclusion-refused"));
  }

  private void takeBack(RoutingContext rc) {
    exclusions.takeBack(Staff.signedIn(rc), Caller.ip(rc), id(rc), field(rc, "reason"));
    Htmx.go(rc, PAGE + "?done=exclusion-taken-back");
  }

  private static long id(RoutingContext rc) {
    return number(requireNonNull(rc.pathParam("id")));
  }

  private static long number(String given) {
    try {
      return Long.parseLong(given);
    } catch (NumberFormatException e) {
      throw Refusal.notFound();
    }
  }

  private static String field(RoutingContext rc, String name) {
    return requireNonNullElse(rc.request().getFormAttribute(name), "");
  }
}
