package io.linyu.casework;

import static io.linyu.platform.http.Sequential.sequential;

import io.linyu.casework.CalendarPages.CalendarPage;
import io.linyu.casework.CalendarPages.Year;
import io.linyu.platform.http.Frame;
import io.linyu.platform.http.Page;
import io.linyu.platform.http.Routes;
import io.linyu.platform.time.WorkingCalendar;
import io.linyu.platform.time.WorkingCalendars;
import io.linyu.platform.time.WorkingCalendars.Known;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/// By which days limits are counted. It is published, so all who sign in may look.
final class CalendarRoutes implements Routes {
  private final WorkingCalendars calendars;
  private final Recounts recounts;
  private final Page page;
  private final Clock clock;

  CalendarRoutes(WorkingCalendars calendars, Recounts recounts, Page page, Clock clock) {
    this.calendars = calendars;
    this.recounts = recounts;
    this.page = page;
    this.clock = clock;
  }

  @Override
  public void mount(Router router) {
    router.get("/console/calendar").handler(sequential(this::show));
  }

  private void show(RoutingContext rc) {
    List<Known> known = calendars.known();
    int today = LocalDate.ofInstant(clock.instant(), calendars.get().zone()).getYear();
    SortedSet<Integer> years =
        known.stream()
            .map(each -> each.day().getYear())
            .collect(Collectors.toCollection(TreeSet::new));
    years.add(today);
    years.add(today + 1);
    String asked = rc.request().getParam("year");
    int year =
        years.stream().filter(each -> each.toString().equals(asked)).findFirst().orElse(today);
    Map<Integer, Integer> clocks = recounts.dueByYear(calendars.get().zone());
    page.send(
        rc,
        "casework/calendar",
        new CalendarPage(
            Frame.of(rc), List.copyOf(years), year(year, known), clocks.getOrDefault(year, 0)));
  }

  /// What is known of a provisional year has the last word in it, too.
  private Year year(int year, List<Known> known) {
    WorkingCalendar calendar = calendars.get();
    Map<LocalDate, Known> days =
        known.stream()
            .filter(each -> each.day().getYear() == year)
            .collect(Collectors.toMap(Known::day, Function.identity()));
    calendar
        .provisionalDays(year)
        .forEach((day, name) -> days.putIfAbsent(day, new Known(day, false, name, "")));
    return Year.of(year, calendar.isProvisional(year), days.values());
  }
}
