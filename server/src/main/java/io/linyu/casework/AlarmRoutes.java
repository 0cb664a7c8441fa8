package io.linyu.casework;

import static io.linyu.platform.http.Sequential.sequential;

import io.linyu.casework.Alarms.Alarm;
import io.linyu.casework.CasePages.AlarmsPage;
import io.linyu.casework.CasePages.Ringing;
import io.linyu.community.Staff;
import io.linyu.platform.Refusal;
import io.linyu.platform.http.Frame;
import io.linyu.platform.http.Htmx;
import io.linyu.platform.http.Page;
import io.linyu.platform.http.Routes;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/// Danger to life, on top of every page until a named person has it.
public final class AlarmRoutes implements Routes {
  private final Alarms alarms;
  private final Page page;

  public AlarmRoutes(Alarms alarms, Page page) {
    this.alarms = alarms;
    this.page = page;
  }

  @Override
  public void mount(Router router) {
    router.get("/console/alarms").handler(sequential(this::show));
    router.get("/console/alarms/ringing").handler(sequential(this::ringing));
    router.post("/console/alarms/:id/acknowledgement").handler(sequential(this::acknowledge));
  }

  private void show(RoutingContext rc) {
    var view = new AlarmsPage(Frame.of(rc), alarms.openFor(Staff.signedIn(rc)));
    boolean part = Htmx.asks(rc) && "alarms".equals(rc.request().getHeader("HX-Target"));
    page.send(rc, part ? "casework/_alarms" : "casework/alarms", view);
  }

  private void ringing(RoutingContext rc) {
    ringing(rc, Staff.signedIn(rc));
  }

  private void ringing(RoutingContext rc, Staff staff) {
    var ringing = alarms.openFor(staff).stream().filter(Alarm::rings).toList();
    page.send(rc, "casework/_ringing", new Ringing(Frame.of(rc), ringing));
  }

  private void acknowledge(RoutingContext rc) {
    Staff staff = Staff.signedIn(rc);
    Alarm now = alarms.acknowledge(staff, id(rc));
    if (Htmx.asks(rc)) {
      Htmx.toast(rc, Frame.of(rc).words().of("done.acknowledged"), null);
      ringing(rc, staff);
    } else {
      Htmx.see(rc, "/console/cases/" + now.code() + "?done=acknowledged");
    }
  }

  private static long id(RoutingContext rc) {
    try {
      return Long.parseLong(rc.pathParam("id"));
    } catch (NumberFormatException e) {
      throw Refusal.notFound();
    }
  }
}
