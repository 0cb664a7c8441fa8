package io.linyu.casework;

import static io.linyu.platform.http.Sequential.sequential;
import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import io.linyu.casework.AdmissionPages.ListPage;
import io.linyu.casework.AdmissionPages.Row;
import io.linyu.community.Staff;
import io.linyu.platform.Refusal;
import io.linyu.platform.http.Caller;
import io.linyu.platform.http.Frame;
import io.linyu.platform.http.Htmx;
import io.linyu.platform.http.Page;
import io.linyu.platform.http.Routes;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;

/// What communities take on: everybody may look it up, and streets and the district keep it.
final class AdmissionRoutes implements Routes {
  private static final String PAGE = "/console/admissions";
  private static final int AT_ONCE = 30;

  private final Admissions admissions;
  private final Categories categories;
  private final Page page;

  AdmissionRoutes(Casework casework, Page page) {
    this.admissions = casework.admissions();
    this.categories = casework.categories();
    this.page = page;
  }

  @Override
  public void mount(Router router) {
    router.get(PAGE).handler(sequential(this::list));
    router.post(PAGE).handler(sequential(this::add));
    router.post(PAGE + "/:entry/end").handler(sequential(this::end));
  }

  private void list(RoutingContext rc) {
    Staff staff = Staff.signedIn(rc);
    Frame frame = Frame.of(rc);
    boolean all = "yes".equals(rc.request().getParam("all"));
    String before = rc.request().getParam("before");
    Admissions.Listing listing =
        admissions.page(staff, all, before == null ? null : (Long) id(before), AT_ONCE);
    LocalDate today = admissions.today();
    page.send(
        rc,
        "casework/admissions",
        new ListPage(
            frame,
            all,
            listing.entries().stream()
                .map(each ->
                    new Row(
                        each,
                        categories.named(each.category()).orElse(null),
                        admissions.mayKeep(staff, each) && !each.isOver(today)))
                .toList(),
            listing.next(),
            admissions.kept(staff),
            CaseViews.groups(categories, frame.words().language()),
            today));
  }

  private void add(RoutingContext rc) {
    String category = field(rc, "category");
    LocalDate last = field(rc, "last").isEmpty() ? null : day(rc, "last");
    admissions.add(
        Staff.signedIn(rc),
        Caller.ip(rc),
        new Admissions.Plan(
            id(field(rc, "territory")),
            field(rc, "name").strip(),
            admitted(rc),
            category.isEmpty() ? null : category,
            day(rc, "from"),
            last == null ? null : last.plusDays(1),
            field(rc, "by").strip()));
    Htmx.go(rc, PAGE + "?done=admission-set");
  }

  private static boolean admitted(RoutingContext rc) {
    return switch (field(rc, "admitted")) {
      case "yes" -> true;
      case "no" -> false;
      default -> throw new Refusal("admission-kind-missing", 422);
    };
  }

  private void end(RoutingContext rc) {
    admissions.end(Staff.signedIn(rc), Caller.ip(rc), id(requireNonNull(rc.pathParam("entry"))));
    Htmx.go(rc, PAGE + "?done=admission-ended");
  }

  private static LocalDate day(RoutingContext rc, String name) {
    try {
      return LocalDate.parse(field(rc, name));
    } catch (DateTimeParseException e) {
      throw new Refusal("day-unreadable", 422, field(rc, name));
    }
  }

  private static long id(String written) {
    try {
      return Long.parseLong(written);
    } catch (NumberFormatException e) {
      throw new Refusal("form-outdated", 422);
    }
  }

  private static String field(RoutingContext rc, String name) {
    return requireNonNullElse(rc.request().getFormAttribute(name), "");
  }
}
