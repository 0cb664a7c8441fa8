package io.linyu.casework;

import static io.linyu.platform.http.Sequential.sequential;
import static java.util.Objects.requireNonNull;

import io.linyu.casework.PartPages.PartPage;
import io.linyu.casework.PartPages.PartsPage;
import io.linyu.casework.Parts.Sheet;
import io.linyu.community.Staff;
import io.linyu.platform.Refusal;
import io.linyu.platform.http.Frame;
import io.linyu.platform.http.Htmx;
import io.linyu.platform.http.Page;
import io.linyu.platform.http.Routes;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.util.List;

/// What one's desk is asked to do for the cases of others: a list, and a page for each. Plain
/// forms: they work on any telephone.
final class PartRoutes implements Routes {
  private static final String PARTS = "/console/parts";

  private final Parts parts;
  private final Page page;
  private final Clock clock;

  PartRoutes(Parts parts, Page page, Clock clock) {
    this.parts = parts;
    this.page = page;
    this.clock = clock;
  }

  @Override
  public void mount(Router router) {
    router.get(PARTS).handler(sequential(this::list));
    router.get(PARTS + "/:part").handler(sequential(this::show));
    router.post(PARTS + "/:part/holder").handler(sequential(this::sign));
    router.post(PARTS + "/:part/answer").handler(sequential(this::answer));
    router.post(PARTS + "/:part/refusal").handler(sequential(this::decline));
  }

  private void list(RoutingContext rc) {
    Staff staff = Staff.signedIn(rc);
    boolean over = "over".equals(rc.request().getParam("state"));
    String after = rc.request().getParam("after");
    List<Sheet> found = over ? parts.over(staff, after) : parts.waiting(staff, after);
    String next =
        found.size() < Parts.PAGE
            ? null
            : PARTS + "?" + (over ? "state=over&" : "") + "after=" + found.getLast().part().code();
    page.send(rc, "casework/parts", new PartsPage(Frame.of(rc), over, found, next));
  }

  private void show(RoutingContext rc) {
    Staff staff = Staff.signedIn(rc);
    page.send(
        rc,
        "casework/part",
        new PartPage(Frame.of(rc), parts.visibleTo(staff, code(rc)), staff.id()));
  }

  private void sign(RoutingContext rc) {
    done(rc, parts.sign(Staff.signedIn(rc), code(rc)), "part-signed");
  }

  private void answer(RoutingContext rc) {
    done(
        rc,
        parts.answer(Staff.signedIn(rc), code(rc), text(rc), Photos.taken(rc, clock.instant())),
        "part-answered");
  }

  private void decline(RoutingContext rc) {
    done(rc, parts.decline(Staff.signedIn(rc), code(rc), text(rc)), "part-declined");
  }

  private static void done(RoutingContext rc, Part part, String what) {
    Htmx.see(rc, PARTS + "/" + part.code() + "?done=" + what);
  }

  private static String code(RoutingContext rc) {
    return requireNonNull(rc.pathParam("part"));
  }

  private static String text(RoutingContext rc) {
    String text = rc.request().getFormAttribute("text");
    if (text == null) {
      throw new Refusal("form-outdated", 422);
    }
    return text;
  }
}
