package io.linyu.community;

import io.linyu.community.audit.Audit;
import io.linyu.community.audit.Deed;
import io.linyu.community.audit.Who;
import io.linyu.platform.Refusal;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Sql;
import io.linyu.platform.time.OwnHours;
import io.linyu.platform.time.WorkingCalendar.Interval;
import io.linyu.platform.time.WorkingCalendars;
import java.time.Clock;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// When a desk works that does not when the house does, as the dispatchers of its territory set it.
/// Hours begin on a day, today at the earliest, and hold until the next ones do; they are kept,
/// since clocks name them. They come one after the other: while some wait to begin, only what
/// begins later may follow.
///
/// What is asked with each step is answered from memory ([Desks#working], [OpeningHours]); this is
/// the book that it is read from.
public final class DeskHours {
  /// Who sets them, in their own territory.
  private static final Set<String> SETTING = Set.of("district_dispatcher", "street_dispatcher");

  private static final int LONGEST_REASON = 300;

  /// @param week null: those of the house again
  public record Plan(
      LocalDate from,
      @Nullable Map<DayOfWeek, List<Interval>> week,
      boolean holidays,
      String reason) {
    /// As it would be, before it has a number.
    public OwnHours of(Desk desk) {
      return new OwnHours(0, desk.id(), from, week, holidays);
    }
  }

  /// What was, what holds, and what is planned; newest first.
  ///
  /// @param now which of them holds today; null: the house's, and none was ever set
  /// @param revocable which may be taken back; null: none
  /// @param next where the next page begins; null: there is none
  public record Book(
      List<HoursVersion> versions,
      @Nullable Long now,
      @Nullable Long revocable,
      @Nullable Long next) {}

  private final Db db;
  private final Clock clock;
  private final ZoneId zone;
  private final Territories territories;
  private final OpeningHours hours;
  private final Audit audit;
  private final DeskHoursStore store = new DeskHoursStore();

  DeskHours(
      Db db, Clock clock, ZoneId zone, Territories territories, OpeningHours hours, Audit audit) {
    this.db = db;
    this.clock = clock;
    this.zone = zone;
    this.territories = territories;
    this.hours = hours;
    this.audit = audit;
  }

  public LocalDate today() {
    return LocalDate.ofInstant(clock.instant(), zone);
  }

  /// Whether they may say when this desk works.
  public boolean areSetBy(Staff staff, Desk desk) {
    return SETTING.contains(staff.role())
        && staff.sees(territories.byId(desk.territoryId()).path());
  }

  public Book book(Desk desk, @Nullable Long before, int limit) {
    List<HoursVersion> found =
        store.page(db, desk.id(), before == null ? Long.MAX_VALUE : before, limit + 1);
    boolean more = found.size() > limit;
    List<HoursVersion> shown = more ? found.subList(0, limit) : found;
    return new Book(
        shown,
        store.on(db, desk.id(), today()).map(HoursVersion::id).orElse(null),
        store.planned(db, desk.id(), today()).map(HoursVersion::id).orElse(null),
        more ? shown.getLast().id() : null);
  }

  /// As somebody wrote it; refused with what is wrong.
  ///
  /// @param days what is written for each day; null: as the house
  public Plan plan(
      LocalDate from, @Nullable Map<DayOfWeek, String> days, boolean holidays, String reason) {
    if (from.isBefore(today())) {
      throw new Refusal("hours-past", 422, today());
    }
    Map<DayOfWeek, List<Interval>> week = days == null ? null : WrittenHours.read(days);
    String why = reason.strip();
    if (why.isEmpty()) {
      throw new Refusal("reason-missing", 422);
    }
    if (why.length() > LONGEST_REASON) {
      throw new Refusal("text-too-long", 422, LONGEST_REASON);
    }
    return new Plan(from, week, week == null || holidays, why);
  }

  /// Refused where it cannot be set so.
  public void require(Staff staff, Desk desk, Plan plan) {
    require(db, staff, desk, plan);
  }

  private void require(Sql sql, Staff staff, Desk desk, Plan plan) {
    if (!areSetBy(staff, desk)) {
      throw new Refusal("hours-not-yours", 403, desk.name());
    }
    if (plan.from().isBefore(today())) {
      throw new Refusal("hours-past", 422, today());
    }
    Optional<HoursVersion> planned = store.planned(sql, desk.id(), today());
    if (planned.filter(each -> !each.from().isBefore(plan.from())).isPresent()) {
      throw new Refusal("hours-planned", 409, planned.get().from());
    }
    Optional<HoursVersion> was = store.on(sql, desk.id(), plan.from());
    boolean same =
        was.map(each ->
                OwnHours.same(each.week(), plan.week()) && each.holidays() == plan.holidays())
            .orElse(plan.week() == null);
    if (same) {
      throw new Refusal("hours-same", 409, desk.name());
    }
  }

  /// @param from the address they act from
  public void set(Staff staff, String from, Desk desk, Plan plan) {
    db.withinTransaction(tx -> {
      // Whoever counts clocks again has read the hours before: none that name these come meanwhile.
      WorkingCalendars.lock(tx);
      store.lock(tx, desk.id());
      require(tx, staff, desk, plan);
      long id = store.insert(tx, desk.id(), plan, staff.id(), now());
      var week = plan.week();
      audit.write(
          tx,
          Who.staff(staff.id(), from),
          Deed.DESK_HOURS_SET,
          Map.of(
              "desk",
              desk.name(),
              "hours",
              id,
              "from",
              plan.from().toString(),
              "week",
              week == null ? "" : String.join(" | ", OwnHours.written(week)),
              "holidays",
              plan.holidays(),
              "reason",
              plan.reason()));
    });
    hours.changed();
  }

  /// As if nobody had set them. Only the last ones, and only before they begin.
  public void takeBack(Staff staff, String from, Desk desk, long id) {
    if (!areSetBy(staff, desk)) {
      throw new Refusal("hours-not-yours", 403, desk.name());
    }
    db.withinTransaction(tx -> {
      store.lock(tx, desk.id());
      HoursVersion last =
          store
              .planned(tx, desk.id(), today())
              .filter(each -> each.id() == id)
              .orElseThrow(() -> new Refusal("hours-begun", 409));
      store.takeBack(tx, id, staff.id(), now());
      audit.write(
          tx,
          Who.staff(staff.id(), from),
          Deed.DESK_HOURS_TAKEN_BACK,
          Map.of("desk", desk.name(), "hours", id, "from", last.from().toString()));
    });
    hours.changed();
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }
}
