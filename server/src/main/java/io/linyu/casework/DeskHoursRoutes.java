package io.linyu.casework;

import static io.linyu.platform.http.Sequential.sequential;
import static java.util.Objects.requireNonNullElse;

import io.linyu.casework.DeskHoursPages.HoursLook;
import io.linyu.casework.DeskHoursPages.HoursPage;
import io.linyu.casework.DeskHoursPages.Typed;
import io.linyu.community.Community;
import io.linyu.community.Desk;
import io.linyu.community.DeskHours;
import io.linyu.community.DeskHours.Plan;
import io.linyu.community.Staff;
import io.linyu.platform.Refusal;
import io.linyu.platform.db.Db;
import io.linyu.platform.http.Caller;
import io.linyu.platform.http.Frame;
import io.linyu.platform.http.Htmx;
import io.linyu.platform.http.Page;
import io.linyu.platform.http.Routes;
import io.linyu.platform.time.OwnHours;
import io.linyu.platform.time.WorkingCalendar;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// When a desk works: whoever works there or leads it reads it, and the dispatchers of its
/// territory set it, after they have seen what it would have done.
final class DeskHoursRoutes implements Routes {
  private static final String PAGE = "/console/desks/:desk/hours";
  private static final int AT_ONCE = 20;

  private final Db db;
  private final Clock clock;
  private final Supplier<WorkingCalendar> calendar;
  private final TelephoneList list;
  private final Community community;
  private final DeskHours hours;
  private final Page page;

  DeskHoursRoutes(
      Db db,
      Clock clock,
      Supplier<WorkingCalendar> calendar,
      TelephoneList list,
      Community community,
      Page page) {
    this.db = db;
    this.clock = clock;
    this.calendar = calendar;
    this.list = list;
    this.community = community;
    this.hours = community.deskHours();
    this.page = page;
  }

  @Override
  public void mount(Router router) {
    router.get(PAGE).handler(sequential(rc -> show(rc, desk(rc), null)));
    router.get(PAGE + "/look").handler(sequential(this::look));
    router.post(PAGE).handler(sequential(this::set));
    router.post(PAGE + "/:hours/back").handler(sequential(this::takeBack));
  }

  private void show(RoutingContext rc, Desk desk, @Nullable HoursLook look) {
    Frame frame = Frame.of(rc);
    page.send(
        rc,
        "casework/hours",
        new HoursPage(
            frame,
            desk,
            community
                .desks()
                .working(desk)
                .map(each -> HoursWords.working(each, frame.moments()))
                .orElseGet(() -> frame.words().of("hours.house")),
            hours.book(desk, number(rc.request().getParam("before")), AT_ONCE),
            look == null ? present(desk) : look.typed(),
            hours.areSetBy(Staff.signedIn(rc), desk),
            hours.today(),
            look));
  }

  /// What the form begins with.
  private Typed present(Desk desk) {
    OwnHours own = calendar.get().own(desk.id(), hours.today()).orElse(null);
    Map<DayOfWeek, List<WorkingCalendar.Interval>> its = own == null ? null : own.week();
    List<String> week = OwnHours.written(requireNonNullElse(its, WorkingCalendar.OFFICE_WEEK));
    var days = new EnumMap<DayOfWeek, String>(DayOfWeek.class);
    for (DayOfWeek day : DayOfWeek.values()) {
      days.put(day, week.get(day.getValue() - 1));
    }
    return new Typed(
        false, days, own == null || own.holidays(), hours.today().plusDays(1).toString(), "");
  }

  /// Before it takes effect; nothing is set by it.
  private void look(RoutingContext rc) {
    Desk desk = desk(rc);
    Frame frame = Frame.of(rc);
    Typed typed = typed(name -> rc.request().getParam(name));
    Plan plan = plan(typed);
    hours.require(Staff.signedIn(rc), desk, plan);
    var look =
        new HoursLook(
            frame,
            desk,
            HoursWords.hours(plan.week(), plan.holidays(), frame.words()),
            typed,
            plan.from(),
            HoursReplay.of(db, desk, plan.of(desk), calendar.get(), clock.instant()));
    if (Htmx.asks(rc)) {
      page.send(rc, "casework/_hours-look", look);
    } else {
      show(rc, desk, look);
    }
  }

  private void set(RoutingContext rc) {
    Desk desk = desk(rc);
    Typed typed = typed(name -> rc.request().getFormAttribute(name));
    hours.set(Staff.signedIn(rc), Caller.ip(rc), desk, plan(typed));
    Htmx.go(rc, DeskHoursPages.url(desk) + "?done=hours-set");
  }

  private void takeBack(RoutingContext rc) {
    Desk desk = desk(rc);
    Long version = number(rc.pathParam("hours"));
    hours.takeBack(Staff.signedIn(rc), Caller.ip(rc), desk, version == null ? 0 : version);
    Htmx.go(rc, DeskHoursPages.url(desk) + "?done=hours-taken-back");
  }

  private Plan plan(Typed typed) {
    return hours.plan(
        day(typed.from()), typed.house() ? null : typed.days(), typed.holidays(), typed.reason());
  }

  private static Typed typed(Function<String, @Nullable String> field) {
    var days = new EnumMap<DayOfWeek, String>(DayOfWeek.class);
    for (DayOfWeek day : DayOfWeek.values()) {
      String name = day.name().toLowerCase(Locale.ROOT);
      days.put(day, requireNonNullElse(field.apply(name), ""));
    }
    return new Typed(
        "yes".equals(field.apply("house")),
        days,
        "yes".equals(field.apply("holidays")),
        requireNonNullElse(field.apply("from"), ""),
        requireNonNullElse(field.apply("reason"), ""));
  }

  /// What is not theirs to see does not exist.
  private Desk desk(RoutingContext rc) {
    Long id = number(rc.pathParam("desk"));
    Desk desk = community.desks().find(id == null ? 0 : id).orElseThrow(Refusal::notFound);
    list.require(Staff.signedIn(rc), desk);
    return desk;
  }

  private static LocalDate day(String written) {
    try {
      return LocalDate.parse(written);
    } catch (DateTimeException unreadable) {
      throw new Refusal("day-unreadable", 422, written);
    }
  }

  private static @Nullable Long number(@Nullable String text) {
    try {
      return text == null || text.isEmpty() ? null : Long.valueOf(text);
    } catch (NumberFormatException nonsense) {
      throw Refusal.notFound();
    }
  }
}
