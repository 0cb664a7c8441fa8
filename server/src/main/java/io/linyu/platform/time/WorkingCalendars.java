package io.linyu.platform.time;

import io.linyu.platform.db.Db;
import java.time.Duration;
import java.time.ZoneId;
import java.util.function.Supplier;

/// The working calendar with the holidays that were imported, kept fresh on every node.
public final class WorkingCalendars implements Supplier<WorkingCalendar> {
  private static final Duration PAUSE = Duration.ofMinutes(1);

  private final Db db;
  private final ZoneId zone;
  private final HolidayStore store = new HolidayStore();
  private volatile WorkingCalendar current;

  public WorkingCalendars(Db db, ZoneId zone, Ticker ticker) {
    this.db = db;
    this.zone = zone;
    this.current = read();
    ticker.every(
        PAUSE,
        "holidays",
        () -> {
          refresh();
          return false;
        });
  }

  @Override
  public WorkingCalendar get() {
    return current;
  }

  /// Reads the holidays again, at once.
  public void refresh() {
    current = read();
  }

  private WorkingCalendar read() {
    return new WorkingCalendar(zone, WorkingCalendar.OFFICE_WEEK, store.all(db));
  }
}
