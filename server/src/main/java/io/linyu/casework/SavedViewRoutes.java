package io.linyu.casework;

import static io.linyu.platform.http.Sequential.sequential;
import static java.util.Objects.requireNonNull;

import io.linyu.community.Desks;
import io.linyu.community.Staff;
import io.linyu.platform.Refusal;
import io.linyu.platform.http.Frame;
import io.linyu.platform.http.Htmx;
import io.linyu.platform.http.Page;
import io.linyu.platform.http.Routes;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The lists that have a name: beside the views that everybody has.
public final class SavedViewRoutes implements Routes {
  /// More is told as many.
  private static final int COUNTED = 100;

  private final SavedViews views;
  private final Inbox inbox;
  private final Desks desks;
  private final Page page;

  SavedViewRoutes(Casework casework, Desks desks, Page page) {
    this.views = casework.savedViews();
    this.inbox = casework.inbox();
    this.desks = desks;
    this.page = page;
  }

  @Override
  public void mount(Router router) {
    router.get("/console/cases/views/:view/count").handler(sequential(this::count));
    router.post("/console/cases/views").handler(sequential(this::keep));
    router.post("/console/cases/views/:view").handler(sequential(this::rename));
    router.post("/console/cases/views/:view/end").handler(sequential(this::remove));
  }

  /// What is shown of them beside a list.
  CasePages.SavedLine line(RoutingContext rc, Look look, boolean oob) {
    Staff staff = Staff.signedIn(rc);
    Frame frame = Frame.of(rc);
    return new CasePages.SavedLine(
        frame.words(), frame.form(), views.of(staff), desks.of(staff), look, oob);
  }

  private void count(RoutingContext rc) {
    Staff staff = Staff.signedIn(rc);
    SavedView view = views.visibleTo(staff, requireNonNull(rc.pathParam("view")));
    int count = inbox.count(staff, Look.of(view.list()), COUNTED);
    rc.response()
        .putHeader("Content-Type", "text/html; charset=utf-8")
        .putHeader("Cache-Control", "no-store")
        .end(count < COUNTED ? Integer.toString(count) : COUNTED - 1 + "+");
  }

  private void keep(RoutingContext rc) {
    Look look = Look.of(required(rc, "list"));
    String desk = field(rc, "desk");
    views.keep(
        Staff.signedIn(rc),
        required(rc, "name"),
        look,
        desk == null || desk.isEmpty() ? null : (Long) number(desk));
    done(rc, look, "view-kept", null);
  }

  private void rename(RoutingContext rc) {
    SavedView view =
        views.rename(
            Staff.signedIn(rc), requireNonNull(rc.pathParam("view")), required(rc, "name"));
    done(rc, Look.of(view.list()), "view-renamed", null);
  }

  private void remove(RoutingContext rc) {
    SavedView view = views.remove(Staff.signedIn(rc), requireNonNull(rc.pathParam("view")));
    Map<String, String> fields = new HashMap<>(Map.of("name", view.name(), "list", view.list()));
    Long desk = view.deskId();
    if (desk != null) {
      fields.put("desk", desk.toString());
    }
    done(
        rc,
        Look.of(view.list()),
        "view-removed",
        new Htmx.Undo("POST", "/console/cases/views", fields));
  }

  private void done(RoutingContext rc, Look look, String what, Htmx.@Nullable Undo undo) {
    if (Htmx.asks(rc)) {
      Htmx.toast(rc, Frame.of(rc).words().of("done." + what), undo);
      page.send(rc, "casework/_saved", line(rc, look, true));
    } else {
      Htmx.see(rc, "/console/cases" + look.query() + "&done=" + what);
    }
  }

  private static long number(String typed) {
    try {
      return Long.parseLong(typed);
    } catch (NumberFormatException e) {
      throw new Refusal("form-outdated", 422);
    }
  }

  private static String required(RoutingContext rc, String name) {
    String value = field(rc, name);
    if (value == null) {
      throw new Refusal("form-outdated", 422);
    }
    return value;
  }

  private static @Nullable String field(RoutingContext rc, String name) {
    List<String> values = rc.request().formAttributes().getAll(name);
    return values.isEmpty() ? null : values.getFirst();
  }
}
