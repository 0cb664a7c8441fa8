package io.linyu.casework;

import static io.linyu.platform.http.Sequential.sequential;
import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import io.linyu.casework.ConferencePages.ConferencePage;
import io.linyu.casework.ConferencePages.ConferencesPage;
import io.linyu.casework.Conferences.Listed;
import io.linyu.community.Staff;
import io.linyu.platform.Refusal;
import io.linyu.platform.http.Frame;
import io.linyu.platform.http.Htmx;
import io.linyu.platform.http.Page;
import io.linyu.platform.http.Routes;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/// To what one's desk is asked to come: a list, and a page for each, as long as it is to be held.
/// Plain forms: they work on any telephone.
final class ConferenceRoutes implements Routes {
  private static final String CONFERENCES = "/console/conferences";
  private static final String ONE = "/console/cases/:code/conference";

  private final Conferences conferences;
  private final Page page;

  ConferenceRoutes(Casework casework, Page page) {
    this.conferences = casework.conferences();
    this.page = page;
  }

  @Override
  public void mount(Router router) {
    router.get(CONFERENCES).handler(sequential(this::list));
    router.get(ONE).handler(sequential(this::show));
    router.post(ONE + "/answer").handler(sequential(this::answer));
  }

  private void list(RoutingContext rc) {
    String before = requireNonNullElse(rc.request().getParam("before"), "");
    List<Listed> found =
        conferences.of(Staff.signedIn(rc), before.isEmpty() ? Long.MAX_VALUE : number(before));
    List<Listed> shown = found.subList(0, Math.min(Conferences.PAGE, found.size()));
    page.send(
        rc,
        "casework/conferences",
        new ConferencesPage(
            Frame.of(rc), shown, found.size() > shown.size() ? shown.getLast().id() : null));
  }

  private void show(RoutingContext rc) {
    page.send(
        rc,
        "casework/conference",
        new ConferencePage(Frame.of(rc), conferences.visibleTo(Staff.signedIn(rc), code(rc))));
  }

  private void answer(RoutingContext rc) {
    boolean comes =
        switch (field(rc, "comes")) {
          case "yes" -> true;
          case "no" -> false;
          default -> throw new Refusal("conference-comes-missing", 422);
        };
    conferences.answer(
        Staff.signedIn(rc), code(rc), number(field(rc, "desk")), comes, field(rc, "text"));
    Htmx.see(rc, "/console/cases/" + code(rc) + "/conference?done=conference-answered");
  }

  private static String code(RoutingContext rc) {
    return requireNonNull(rc.pathParam("code"));
  }

  private static long number(String typed) {
    try {
      return Long.parseLong(typed);
    } catch (NumberFormatException e) {
      throw new Refusal("form-outdated", 422);
    }
  }

  private static String field(RoutingContext rc, String name) {
    return requireNonNullElse(rc.request().getFormAttribute(name), "");
  }
}
