package io.linyu.platform.time;

import io.linyu.platform.db.Db;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Month;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Supplier;

/// The working calendar with the holidays that were imported and the hours of those who have others
/// than the house, kept fresh on every node. Years that nobody has imported are provisional.
public final class WorkingCalendars implements Supplier<WorkingCalendar> {
  /// On which nodes are told that holidays or hours have changed.
  public static final String TOPIC = "holidays";

  /// In case nobody says that they have changed.
  private static final Duration PAUSE = Duration.ofMinutes(1);

  private static final HolidayStore STORE = new HolidayStore();
  private static final OwnHoursStore HOURS = new OwnHoursStore();

  private final Db db;
  private final ZoneId zone;
  private volatile WorkingCalendar current;

  /// A day that differs from the week, as it was imported.
  ///
  /// @param worked whether it makes up for a day off
  /// @param source where it is published; empty when that was not said
  public record Known(LocalDate day, boolean worked, String name, String source) {}

  public WorkingCalendars(Db db, ZoneId zone, Ticker ticker) {
    this.db = db;
    this.zone = zone;
    this.current = read(db);
    ticker.every(
        PAUSE,
        "holidays",
        () -> {
          refresh();
          return false;
        });
  }

  /// @param days true for a make-up working day, false for a day off
  public static WorkingCalendar with(ZoneId zone, Map<LocalDate, Boolean> days) {
    return new WorkingCalendar(zone, WorkingCalendar.OFFICE_WEEK, days).provisionally();
  }

  /// With those days, and the hours that are known.
  public static WorkingCalendar with(Sql sql, ZoneId zone, Map<LocalDate, Boolean> days) {
    return with(zone, days).with(HOURS.all(sql));
  }

  /// Before they are changed: nobody counts by them until the transaction ends.
  public static void lock(Tx tx) {
    STORE.lock(tx);
  }

  @Override
  public WorkingCalendar get() {
    return current;
  }

  /// Reads them again, at once.
  public void refresh() {
    current = read(db);
  }

  /// As it is, and nobody changes it until the transaction ends.
  public WorkingCalendar held(Tx tx) {
    STORE.share(tx);
    WorkingCalendar now = read(tx);
    current = now;
    return now;
  }

  /// What was imported, in order.
  public List<Known> known() {
    return STORE.known(db);
  }

  /// The year whose notice is missed: this one, or from November on the next. Its notice usually
  /// comes early in that month.
  public OptionalInt missed(Instant now) {
    WorkingCalendar calendar = current;
    LocalDate today = LocalDate.ofInstant(now, zone);
    if (calendar.isProvisional(today.getYear())) {
      return OptionalInt.of(today.getYear());
    }
    return today.getMonth().compareTo(Month.NOVEMBER) >= 0
            && calendar.isProvisional(today.getYear() + 1)
        ? OptionalInt.of(today.getYear() + 1)
        : OptionalInt.empty();
  }

  private WorkingCalendar read(Sql sql) {
    return with(sql, zone, STORE.all(sql));
  }
}
