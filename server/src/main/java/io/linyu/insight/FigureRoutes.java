package io.linyu.insight;

import static io.linyu.platform.http.Sequential.sequential;
import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import io.linyu.casework.CaseId;
import io.linyu.community.Staff;
import io.linyu.community.Territory;
import io.linyu.community.audit.Audit;
import io.linyu.community.audit.Deed;
import io.linyu.community.audit.Who;
import io.linyu.insight.FigurePages.Asked;
import io.linyu.insight.FigurePages.BehindPage;
import io.linyu.insight.FigurePages.FiguresPage;
import io.linyu.insight.FigurePages.NonePage;
import io.linyu.insight.FigurePages.Slice;
import io.linyu.insight.FigureStore.Behind;
import io.linyu.insight.Figures.Listed;
import io.linyu.platform.Refusal;
import io.linyu.platform.db.Db;
import io.linyu.platform.http.Caller;
import io.linyu.platform.http.Frame;
import io.linyu.platform.http.Page;
import io.linyu.platform.http.Routes;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The figures of a place, and the cases behind each.
final class FigureRoutes implements Routes {
  private static final String PAGE = "/console/figures";

  /// So many cases at most behind one figure are taken away; more are looked at by smaller places.
  private static final int MOST = 20_000;

  private final Figures figures;
  private final Db db;
  private final Audit audit;
  private final String publicUrl;
  private final Page page;

  FigureRoutes(Figures figures, Db db, Audit audit, String publicUrl, Page page) {
    this.figures = figures;
    this.db = db;
    this.audit = audit;
    this.publicUrl = publicUrl;
    this.page = page;
  }

  @Override
  public void mount(Router router) {
    router.get(PAGE).handler(sequential(this::show));
    router.post(PAGE + "/export").handler(sequential(this::export));
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

  /// What is seen on the page, or the cases behind one figure, as a table. It is written down first
  /// who takes it away.
  private void export(RoutingContext rc) {
    Staff staff = Staff.signedIn(rc);
    Asked asked = asked(rc, staff);
    String named = given(rc, "metric");
    Metric metric = named.isEmpty() ? null : Metric.named(named).orElseThrow(Refusal::notFound);
    if (metric != null && metric.isInConfidence()) {
      throw new Refusal("figures-in-confidence", 403);
    }
    var table = new FigureTable(Frame.of(rc).words());
    String text =
        metric == null
            ? table.of(asked, figures.report(asked.place(), asked.period(), Weights.USUAL))
            : cases(staff, asked, metric, table);
    var told = new LinkedHashMap<String, Object>();
    told.put("place", asked.place().name());
    told.put("from", asked.period().from().toString());
    told.put("to", asked.period().last().toString());
    told.put("metric", metric == null ? "" : metric.word());
    audit.write(db, Who.staff(staff.id(), Caller.ip(rc)), Deed.FIGURES_EXPORTED, told);
    rc.response()
        .putHeader("Content-Type", "text/csv; charset=utf-8")
        .putHeader("Cache-Control", "no-store")
        .putHeader(
            "Content-Disposition",
            "attachment; filename=\"linyu-figures-"
                + asked.period().from()
                + "-"
                + asked.period().last()
                + ".csv\"")
        .end(text);
  }

  private String cases(Staff staff, Asked asked, Metric metric, FigureTable table) {
    var lines = new StringBuilder(table.headingOfCases());
    int rows = 0;
    int unseen = 0;
    int more = 0;
    Behind after = null;
    do {
      List<Listed> page =
          figures.behind(staff, asked.place(), asked.period(), metric, Weights.USUAL, after);
      after = null;
      for (Listed each : page) {
        lines.append(table.cases(metric, each, publicUrl));
        rows += each.seen().size() + each.unseen();
        unseen += each.unseen();
        more += each.more();
        after = each.next() == null ? after : each.next();
      }
    } while (after != null && rows < MOST);
    return lines.append(table.rest(unseen, more, after != null)).toString();
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
