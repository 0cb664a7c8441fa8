package io.linyu.casework;

import static io.linyu.platform.http.Sequential.sequential;
import static java.util.Objects.requireNonNull;

import io.linyu.casework.ShiftPages.HandoverPage;
import io.linyu.casework.ShiftPages.HistoryPage;
import io.linyu.casework.ShiftPages.ShiftPage;
import io.linyu.casework.ShiftPages.ShiftPaper;
import io.linyu.casework.ShiftPages.Waiting;
import io.linyu.casework.Shifts.Remark;
import io.linyu.community.Community;
import io.linyu.community.Desk;
import io.linyu.community.Staff;
import io.linyu.community.audit.Who;
import io.linyu.platform.Refusal;
import io.linyu.platform.db.Db;
import io.linyu.platform.http.Caller;
import io.linyu.platform.http.Frame;
import io.linyu.platform.http.Htmx;
import io.linyu.platform.http.Live;
import io.linyu.platform.http.Page;
import io.linyu.platform.http.Routes;
import io.vertx.core.MultiMap;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Handing a desk over to the next shift, and taking over.
final class ShiftRoutes implements Routes {
  private static final String HANDOVER = "/console/handover";
  private static final String SHIFT = HANDOVER + "/shifts/:shift";

  private final Shifts shifts;
  private final Community community;
  private final Live live;
  private final Page page;
  private final Maskings maskings;
  private final Cases cases;

  ShiftRoutes(Shifts shifts, Cases cases, Db db, Community community, Live live, Page page) {
    this.maskings = new Maskings(db, community.people());
    this.shifts = shifts;
    this.cases = cases;
    this.community = community;
    this.live = live;
    this.page = page;
  }

  @Override
  public void mount(Router router) {
    router.get(HANDOVER).handler(sequential(this::first));
    router.get(HANDOVER + "/waiting").handler(sequential(this::waiting));
    router.get(SHIFT).handler(sequential(this::one));
    router.get(SHIFT + "/print").handler(sequential(this::print));
    router.post(SHIFT + "/words").handler(sequential(this::say));
    router.post(SHIFT + "/taking").handler(sequential(this::take));
    router.post(SHIFT + "/taking/end").handler(sequential(this::giveBack));
    router.post(SHIFT + "/end").handler(sequential(this::withdraw));
    router.get(HANDOVER + "/:desk").handler(sequential(rc -> show(rc, desk(rc))));
    router.post(HANDOVER + "/:desk").handler(sequential(this::handOver));
    router.post(HANDOVER + "/:desk/draft").handler(sequential(this::draft));
    router.get(HANDOVER + "/:desk/history").handler(sequential(this::history));
  }

  /// One's own desk, or the page that says that there is none.
  private void first(RoutingContext rc) {
    List<Desk> own = community.desks().of(Staff.signedIn(rc));
    if (own.isEmpty()) {
      throw new Refusal("no-desk", 404);
    }
    Htmx.see(rc, HANDOVER + "/" + own.getFirst().id());
  }

  private void waiting(RoutingContext rc) {
    Staff staff = Staff.signedIn(rc);
    Frame frame = Frame.of(rc);
    page.send(
        rc,
        "casework/_shifts-waiting",
        new Waiting(frame.words(), frame.moments(), staff.id(), shifts.waitingFor(staff)));
  }

  // Whoever goes.

  private void show(RoutingContext rc, Desk desk) {
    Staff staff = Staff.signedIn(rc);
    Shift offered = shifts.offeredBy(staff, desk).orElse(null);
    page.send(
        rc,
        "casework/handover",
        new HandoverPage(
            Frame.of(rc),
            staff.id(),
            desk,
            community.desks().of(staff),
            offered,
            offered == null ? shifts.gather(staff, desk) : null,
            shifts.offeredAt(staff, desk)));
  }

  private void handOver(RoutingContext rc) {
    Staff staff = Staff.signedIn(rc);
    Desk desk = desk(rc);
    MultiMap form = rc.request().formAttributes();
    List<Remark> remarks =
        form.getAll("case").stream()
            .map(code ->
                new Remark(
                    code,
                    form.contains("star-" + code),
                    form.contains("keep-" + code),
                    form.contains("comment-" + code)
                        ? requireNonNull(form.get("comment-" + code))
                        : ""))
            .toList();
    String to = form.get("to");
    Shift shift =
        shifts.handOver(
            staff,
            who(rc),
            desk,
            to == null || to.isEmpty() ? null : (Long) number(to),
            required(rc, "note"),
            remarks);
    changed(shift);
    Htmx.toast(
        rc,
        Frame.of(rc).words().of("done.shift-handed-over"),
        new Htmx.Undo("POST", url(shift) + "/end", Map.of()));
    if (Htmx.asks(rc)) {
      page.send(
          rc,
          "casework/_handover",
          new HandoverPage(
              Frame.of(rc),
              staff.id(),
              desk,
              community.desks().of(staff),
              shift,
              null,
              shifts.offeredAt(staff, desk)));
    } else {
      Htmx.see(rc, HANDOVER + "/" + desk.id() + "?done=shift-handed-over");
    }
  }

  /// What is being written, whenever the pen rests.
  private void draft(RoutingContext rc) {
    String text = field(rc, "text");
    shifts.keepDraft(
        Staff.signedIn(rc),
        desk(rc),
        required(rc, "kind"),
        field(rc, "case"),
        text == null ? "" : text);
    rc.response().setStatusCode(204).end();
  }

  private void withdraw(RoutingContext rc) {
    Shift shift = shifts.withdraw(Staff.signedIn(rc), who(rc), code(rc));
    changed(shift);
    // What was written of it is written on: the whole page is another one.
    Htmx.go(rc, HANDOVER + "/" + shift.deskId() + "?done=shift-withdrawn");
  }

  // Whoever comes.

  private void one(RoutingContext rc) {
    send(rc, code(rc));
  }

  private void send(RoutingContext rc, String code) {
    page.send(rc, Htmx.asks(rc) ? "casework/_shift" : "casework/shift", view(rc, code));
  }

  private ShiftPage view(RoutingContext rc, String code) {
    Staff staff = Staff.signedIn(rc);
    return view(rc, staff, shifts.sheet(staff, code));
  }

  private ShiftPage view(RoutingContext rc, Staff staff, Shifts.Sheet sheet) {
    Shift shift = sheet.shift();
    return new ShiftPage(
        Frame.of(rc),
        staff.id(),
        sheet,
        cases.unsolved(
            sheet.entries().values().stream()
                .filter(each -> each.state().isClosed())
                .map(Inbox.Entry::id)),
        shift.isOffered() && staff.worksAt(shift.deskId()) && !shift.isFrom(staff.id()),
        shift.isOffered() && shift.isFrom(staff.id()),
        shift.isForAnother(staff.id()));
  }

  private void print(RoutingContext rc) {
    Staff staff = Staff.signedIn(rc);
    Shifts.Sheet sheet = shifts.printed(staff, who(rc), code(rc));
    boolean whole = Exports.mayUnmask(staff);
    page.send(
        rc,
        "casework/print-shift",
        new ShiftPaper(
            view(rc, staff, sheet),
            whole,
            whole ? Map.of() : maskings.of(sheet.entries().keySet())));
  }

  private void say(RoutingContext rc) {
    Shift shift = shifts.say(Staff.signedIn(rc), code(rc), required(rc, "text"));
    changed(shift);
    done(rc, shift, "shift-said", Frame.of(rc).words().of("done.shift-said"), null);
  }

  private void take(RoutingContext rc) {
    Shifts.Taken taken = shifts.takeOver(Staff.signedIn(rc), who(rc), code(rc));
    changed(taken.shift());
    done(
        rc,
        taken.shift(),
        "shift-taken",
        Frame.of(rc).words().of("done.shift-taken-of", taken.passed()),
        new Htmx.Undo("POST", url(taken.shift()) + "/taking/end", Map.of()));
  }

  private void giveBack(RoutingContext rc) {
    Shift shift = shifts.giveBack(Staff.signedIn(rc), who(rc), code(rc));
    changed(shift);
    if (Htmx.asks(rc)) {
      // It is taken back from the page on which it was taken, which is there no more.
      rc.response().putHeader("HX-Retarget", "#shift").putHeader("HX-Reswap", "outerHTML");
    }
    done(rc, shift, "shift-given-back", Frame.of(rc).words().of("done.shift-given-back"), null);
  }

  private void done(
      RoutingContext rc, Shift shift, String what, String said, Htmx.@Nullable Undo undo) {
    if (Htmx.asks(rc)) {
      Htmx.toast(rc, said, undo);
      send(rc, shift.code());
    } else {
      Htmx.see(rc, url(shift) + "?done=" + what);
    }
  }

  private void history(RoutingContext rc) {
    Staff staff = Staff.signedIn(rc);
    Desk desk = desk(rc);
    String before = rc.request().getParam("before");
    List<Shift> found =
        shifts.history(staff, desk, before == null ? Long.MAX_VALUE : number(before));
    page.send(
        rc,
        "casework/shifts",
        new HistoryPage(
            Frame.of(rc),
            desk,
            community.desks().of(staff),
            found,
            found.size() < Shifts.PAGE
                ? null
                : HANDOVER + "/" + desk.id() + "/history?before=" + found.getLast().id()));
  }

  /// Open pages of those who work there ask again.
  private void changed(Shift shift) {
    live.tell(new Live.Signal("shift", null, Set.of(shift.deskId())));
  }

  private static String url(Shift shift) {
    return HANDOVER + "/shifts/" + shift.code();
  }

  /// Whether they may look is asked by the door.
  private Desk desk(RoutingContext rc) {
    try {
      return community.desks().byId(number(requireNonNull(rc.pathParam("desk"))));
    } catch (IllegalArgumentException unknown) {
      throw Refusal.notFound();
    }
  }

  private static String code(RoutingContext rc) {
    return requireNonNull(rc.pathParam("shift"));
  }

  private static Who who(RoutingContext rc) {
    return Who.staff(Staff.signedIn(rc).id(), Caller.ip(rc));
  }

  private static String required(RoutingContext rc, String name) {
    String value = field(rc, name);
    if (value == null) {
      throw new Refusal("form-outdated", 422);
    }
    return value;
  }

  private static @Nullable String field(RoutingContext rc, String name) {
    return rc.request().getFormAttribute(name);
  }

  private static long number(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException nonsense) {
      throw Refusal.notFound();
    }
  }
}
