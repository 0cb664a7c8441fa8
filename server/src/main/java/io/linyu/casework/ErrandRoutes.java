package io.linyu.casework;

import static io.linyu.platform.http.Sequential.sequential;

import io.linyu.casework.ErrandPages.DeskPage;
import io.linyu.casework.ErrandPages.NumberShown;
import io.linyu.casework.TelephoneList.ToTelephone;
import io.linyu.community.Community;
import io.linyu.community.Desk;
import io.linyu.community.DeskOrders.Member;
import io.linyu.community.DeskOrders.Move;
import io.linyu.community.Staff;
import io.linyu.community.audit.Who;
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
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The page of a desk: whom it has to telephone, and who of it is called in which order.
final class ErrandRoutes implements Routes {
  private static final String DESKS = "/console/desks";

  private final TelephoneList list;
  private final LeftDesks leftDesks;
  private final Community community;
  private final Page page;

  ErrandRoutes(TelephoneList list, LeftDesks leftDesks, Community community, Page page) {
    this.leftDesks = leftDesks;
    this.list = list;
    this.community = community;
    this.page = page;
  }

  @Override
  public void mount(Router router) {
    router.get(DESKS).handler(sequential(this::first));
    router.get(DESKS + "/badge").handler(sequential(this::badge));
    router.get(DESKS + "/:desk").handler(sequential(rc -> show(rc, desk(rc))));
    router.post(DESKS + "/:desk/order").handler(sequential(this::move));
    router.post(DESKS + "/:desk/absences").handler(sequential(this::away));
    router.post(DESKS + "/:desk/absences/:absence/end").handler(sequential(this::here));
    router.post("/console/errands/:errand/numbers").handler(sequential(this::number));
    router.post("/console/errands/:errand/reached").handler(sequential(this::reached));
  }

  /// One's own desk, or the page that says that there is none.
  private void first(RoutingContext rc) {
    List<Desk> own = community.desks().allOf(Staff.signedIn(rc));
    if (own.isEmpty()) {
      throw new Refusal("no-desk", 404);
    }
    Htmx.see(rc, DESKS + "/" + own.getFirst().id());
  }

  private void badge(RoutingContext rc) {
    long count = list.countToTelephone(Staff.signedIn(rc));
    rc.response()
        .putHeader("Content-Type", "text/html; charset=utf-8")
        .end(count == 0 ? "" : Long.toString(count));
  }

  private void show(RoutingContext rc, Desk desk) {
    page.send(rc, Htmx.asks(rc) ? "casework/_desk" : "casework/desk", view(rc, desk));
  }

  private DeskPage view(RoutingContext rc, Desk desk) {
    Staff staff = Staff.signedIn(rc);
    long after = number(rc.request().getParam("after"), 0);
    List<ToTelephone> due = list.toTelephone(staff, desk, after);
    List<Member> order = community.deskOrders().of(desk.id());
    boolean leads = community.deskOrders().isLedBy(staff, desk);
    return new DeskPage(
        Frame.of(rc),
        desk,
        community.desks().allOf(staff),
        due,
        due.size() < TelephoneList.PAGE
            ? null
            : DESKS + "/" + desk.id() + "?after=" + due.getLast().item().errand().id(),
        order,
        leads,
        order.stream().anyMatch(each -> each.called() && each.addressId() != null),
        community.absences().of(desk),
        leads || staff.worksAt(desk.id()) ? community.absences().lent(staff, desk) : List.of(),
        leftDesks.under(staff, Set.of(desk.id())),
        staff.worksAt(desk.id()),
        staff.id(),
        community.absences().today(),
        community
            .desks()
            .working(desk)
            .map(each -> HoursWords.working(each, Frame.of(rc).moments()))
            .orElseGet(() -> Frame.of(rc).words().of("hours.house")));
  }

  private void move(RoutingContext rc) {
    Desk desk = desk(rc);
    String wanted = rc.request().getFormAttribute("move");
    Move move =
        Arrays.stream(Move.values())
            .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(wanted))
            .findFirst()
            .orElseThrow(() -> new Refusal("form-outdated", 422));
    community.deskOrders().move(Staff.signedIn(rc), Caller.ip(rc), desk, field(rc, "member"), move);
    if (Htmx.asks(rc)) {
      show(rc, desk);
    } else {
      Htmx.see(rc, DESKS + "/" + desk.id() + "?done=order-changed");
    }
  }

  private void away(RoutingContext rc) {
    Desk desk = desk(rc);
    String deputy = rc.request().getFormAttribute("deputy");
    community
        .absences()
        .add(
            Staff.signedIn(rc),
            Caller.ip(rc),
            desk,
            field(rc, "member"),
            day(rc, "from"),
            day(rc, "last"),
            deputy == null || deputy.isEmpty() ? null : (Long) number(deputy, 0),
            "yes".equals(rc.request().getFormAttribute("left")));
    changed(rc, desk, "absence-set");
  }

  private void here(RoutingContext rc) {
    Desk desk = desk(rc);
    community
        .absences()
        .end(Staff.signedIn(rc), Caller.ip(rc), desk, number(rc.pathParam("absence"), 0));
    changed(rc, desk, "absence-ended");
  }

  private void changed(RoutingContext rc, Desk desk, String done) {
    if (Htmx.asks(rc)) {
      Htmx.toast(rc, Frame.of(rc).words().of("done." + done), null);
      show(rc, desk);
    } else {
      Htmx.see(rc, DESKS + "/" + desk.id() + "?done=" + done);
    }
  }

  private static LocalDate day(RoutingContext rc, String name) {
    String written = rc.request().getFormAttribute(name);
    try {
      return LocalDate.parse(written == null ? "" : written);
    } catch (DateTimeParseException e) {
      throw new Refusal("day-unreadable", 422, written == null ? "" : written);
    }
  }

  private void number(RoutingContext rc) {
    Staff staff = Staff.signedIn(rc);
    Member called = list.number(staff, who(rc), errand(rc), field(rc, "member"));
    page.send(
        rc,
        "casework/_number",
        new NumberShown(Frame.of(rc).words(), called.name(), called.phone()));
  }

  private void reached(RoutingContext rc) {
    Case matter = list.reached(Staff.signedIn(rc), who(rc), errand(rc), field(rc, "member"));
    Desk desk = community.desks().byId(field(rc, "desk"));
    if (Htmx.asks(rc)) {
      Htmx.toast(rc, Frame.of(rc).words().of("done.errand-reached-of", matter.number()), null);
      show(rc, desk);
    } else {
      Htmx.see(rc, DESKS + "/" + desk.id() + "?done=errand-reached");
    }
  }

  /// What is not theirs to see does not exist.
  private Desk desk(RoutingContext rc) {
    long id = number(rc.pathParam("desk"), 0);
    Desk desk;
    try {
      desk = community.desks().byId(id);
    } catch (IllegalArgumentException unknown) {
      throw Refusal.notFound();
    }
    list.require(Staff.signedIn(rc), desk);
    return desk;
  }

  private static Who who(RoutingContext rc) {
    return Who.staff(Staff.signedIn(rc).id(), Caller.ip(rc));
  }

  private static long errand(RoutingContext rc) {
    return number(rc.pathParam("errand"), 0);
  }

  private static long field(RoutingContext rc, String name) {
    String value = rc.request().getFormAttribute(name);
    if (value == null) {
      throw new Refusal("form-outdated", 422);
    }
    return number(value, 0);
  }

  private static long number(@Nullable String text, long otherwise) {
    try {
      return text == null ? otherwise : Long.parseLong(text);
    } catch (NumberFormatException nonsense) {
      throw Refusal.notFound();
    }
  }
}
