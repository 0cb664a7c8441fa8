package io.linyu.casework;

import static io.linyu.platform.http.Sequential.sequential;
import static java.util.Objects.requireNonNull;

import io.linyu.casework.ExportOrders.Order;
import io.linyu.casework.ExportOrders.Progress;
import io.linyu.community.Staff;
import io.linyu.platform.http.Caller;
import io.linyu.platform.http.Download;
import io.linyu.platform.http.Frame;
import io.linyu.platform.http.Htmx;
import io.linyu.platform.http.Page;
import io.linyu.platform.http.Routes;
import io.linyu.platform.text.TableFile;
import io.linyu.platform.text.Words;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneId;

/// Taking a list away: it is ordered, fetched once, and looked after meanwhile.
public final class ExportRoutes implements Routes {
  private static final String WORKBOOK =
      "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

  /// @param id by what it is fetched
  /// @param begins whether the page is to fetch it now
  public record Exporting(
      Words words, String form, String id, String state, int rows, boolean over, boolean begins) {}

  private final Exports exports;
  private final Page page;
  private final Clock clock;
  private final ZoneId zone;

  ExportRoutes(Exports exports, Page page, Clock clock, ZoneId zone) {
    this.exports = exports;
    this.page = page;
    this.clock = clock;
    this.zone = zone;
  }

  @Override
  public void mount(Router router) {
    router.post("/console/cases/exports").handler(sequential(this::order));
    router.get("/console/cases/exports/:id").handler(sequential(this::fetch));
    router.get("/console/cases/exports/:id/progress").handler(sequential(this::progress));
    router.post("/console/cases/exports/:id/end").handler(sequential(this::stop));
  }

  private void order(RoutingContext rc) {
    String reason = rc.request().getFormAttribute("reason");
    String id =
        exports.order(
            Staff.signedIn(rc),
            Look.read(rc.request()::getParam),
            "xlsx".equals(rc.request().getFormAttribute("format")),
            rc.request().getFormAttribute("unmasked") != null,
            reason == null ? "" : reason);
    if (Htmx.asks(rc)) {
      show(rc, id, new Progress(ExportOrders.State.ORDERED, 0), true);
    } else {
      Htmx.see(rc, "/console/cases/exports/" + id);
    }
  }

  private void progress(RoutingContext rc) {
    String id = requireNonNull(rc.pathParam("id"));
    show(rc, id, exports.progress(Staff.signedIn(rc), id), false);
  }

  private void stop(RoutingContext rc) {
    String id = requireNonNull(rc.pathParam("id"));
    Staff staff = Staff.signedIn(rc);
    exports.stop(staff, id);
    show(rc, id, exports.progress(staff, id), false);
  }

  private void show(RoutingContext rc, String id, Progress now, boolean begins) {
    Frame frame = Frame.of(rc);
    page.send(
        rc,
        "casework/_export",
        new Exporting(
            frame.words(), frame.form(), id, now.state().word(), now.rows(), now.isOver(), begins));
  }

  private void fetch(RoutingContext rc) {
    Staff staff = Staff.signedIn(rc);
    String id = requireNonNull(rc.pathParam("id"));
    Order order = exports.begin(staff, id);
    String name =
        "linyu-"
            + LocalDate.ofInstant(clock.instant(), zone)
            + (order.workbook() ? ".xlsx" : ".csv");
    Download download =
        Download.begin(
            rc, name, order.workbook() ? WORKBOOK : "text/csv; charset=utf-8", order.workbook());
    TableFile file =
        order.workbook()
            ? TableFile.workbook(download, Frame.of(rc).words().of("section.inbox"))
            : TableFile.csv(download);
    boolean whole = exports.write(staff, Caller.ip(rc), id, order, file, download::isOver);
    try {
      if (whole) {
        download.end();
      } else {
        download.breakOff();
      }
    } catch (IOException gone) {
      // They have it, or have left at the last moment.
    }
  }
}
