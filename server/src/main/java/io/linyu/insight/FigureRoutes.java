package io.linyu.insight;

import static io.linyu.platform.http.Sequential.sequential;
import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import io.linyu.casework.CaseId;
import io.linyu.community.Staff;
import io.linyu.community.Territory;
import io.linyu.insight.FigurePages.Asked;
import io.linyu.insight.FigurePages.BehindPage;
import io.linyu.insight.FigurePages.FiguresPage;
import io.linyu.insight.FigurePages.NonePage;
import io.linyu.insight.FigurePages.Slice;
import io.linyu.insight.FigureStore.Behind;
import io.linyu.insight.Figures.Listed;
import io.linyu.platform.Refusal;
import io.linyu.platform.http.Frame;
import io.linyu.platform.http.Page;
import io.linyu.platform.http.Routes;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The figures of a place, and the cases behind each.
final class FigureRoutes implements Routes {
  private static final String PAGE = "/console/figures";

  private final Figures figures;
  private final Page page;

  FigureRoutes(Figures figures, Page page) {
    this.figures = figures;
    this.page = page;
  }

  @Override
  public void mount(Router router) {
    router.get(PAGE).handler(sequential(this::show));
    router.get(PAGE + "/:metric").handler(sequential(this::behind));
  }

  private void show(RoutingContext rc) {
    Staff staff = Staff.signedIn(rc);
    if (!figures.areFor(staff)) {
      page.send(rc, "insight/none", new NonePage(Frame.of(rc)));
      return;
    }
    Asked asked = asked(rc, staff);
    page.send(
        rc,
        "insight/figures",
        new FiguresPage(
            Frame.of(rc),
            asked,
            figures.way(staff, asked.place()),
            figures.report(asked.place(), asked.period(), Weights.USUAL),
            figures.today(),
            List.of(Period.Kind.values())));
  }

  private void behind(RoutingContext rc) {
    Staff staff = Staff.signedIn(rc);
    Metric metric =
        Metric.named(requireNonNull(rc.pathParam("metric"))).orElseThrow(Refusal::notFound);
    Asked asked = asked(rc, staff);
    List<Listed> found =
        figures.behind(
            staff, asked.place(), asked.period(), metric, Weights.USUAL, after(given(rc, "after")));
    Behind next =
        found.stream().map(Listed::next).filter(Objects::nonNull).findFirst().orElse(null);
    page.send(
        rc,
        "insight/behind",
        new BehindPage(
            Frame.of(rc),
            asked,
            metric,
            found.stream()
                .map(each -> new Slice(each.open(), each.seen(), each.unseen(), each.more()))
                .toList(),
            next == null
                ? null
                : asked.behind(metric) + "&after=" + next.ended() + "_" + next.id()));
  }

  private Asked asked(RoutingContext rc, Staff staff) {
    Territory place = figures.place(staff, given(rc, "place"));
    Period period =
        Period.chosen(given(rc, "period"), given(rc, "from"), given(rc, "to"), figures.today());
    return new Asked(place, period, Metric.named(given(rc, "compare")).orElse(Metric.ON_TIME));
  }

  private static @Nullable Behind after(String given) {
    int line = given.indexOf('_');
    if (given.isEmpty()) {
      return null;
    }
    try {
      return new Behind(
          new CaseId(Long.parseLong(given.substring(line + 1))),
          Instant.parse(given.substring(0, Math.max(0, line))));
    } catch (NumberFormatException | DateTimeException unreadable) {
      throw new Refusal("form-outdated", 422);
    }
  }

  private static String given(RoutingContext rc, String name) {
    return requireNonNullElse(rc.request().getParam(name), "");
  }
}
