package io.linyu.casework;

import static io.linyu.platform.http.Sequential.sequential;

import io.linyu.community.Staff;
import io.linyu.platform.http.Frame;
import io.linyu.platform.http.Htmx;
import io.linyu.platform.http.Page;
import io.linyu.platform.http.Routes;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/// What is before somebody today, on one page.
public final class DayRoutes implements Routes {
  /// @param handsOver whether they work at a desk that can be handed over
  public record DayPage(Frame frame, Day day, boolean handsOver) {}

  private final Days days;
  private final Page page;

  DayRoutes(Days days, Page page) {
    this.days = days;
    this.page = page;
  }

  @Override
  public void mount(Router router) {
    router.get("/console/today").handler(sequential(this::show));
  }

  private void show(RoutingContext rc) {
    boolean part = Htmx.asks(rc) && "day".equals(rc.request().getHeader("HX-Target"));
    Staff staff = Staff.signedIn(rc);
    var view = new DayPage(Frame.of(rc), days.of(staff, !part), !staff.desks().isEmpty());
    page.send(rc, part ? "casework/_day" : "casework/day", view);
  }
}
