package io.linyu.casework;

import io.linyu.casework.RecountStore.Running;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Tx;
import io.linyu.platform.events.Events;
import io.linyu.platform.events.Told;
import io.linyu.platform.time.Ticker;
import io.linyu.platform.time.WorkingCalendar;
import io.linyu.platform.time.WorkingCalendars;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Counts running clocks again when the calendar has changed: the year's holidays were announced. A
/// clock's rule names the calendar it was counted with, so what is still to be counted is what
/// names another one. That survives every node, and needs no order between them.
public final class Recounts {
  private static final Duration PAUSE = Duration.ofSeconds(5);
  private static final int AT_ONCE = 50;

  private final Db db;
  private final Events events;
  private final CaseFiles files;
  private final RecountStore store = new RecountStore();

  Recounts(Db db, Events events, CaseFiles files) {
    this.db = db;
    this.events = events;
    this.files = files;
  }

  public void start(Ticker ticker, WorkingCalendars calendars) {
    var _ = ticker.every(PAUSE, "recounts", () -> countDue(calendars));
  }

  /// Running clocks by the year in which they are due, in working time alone.
  public Map<Integer, Integer> dueByYear(ZoneId zone) {
    return store.dueByYear(db, zone);
  }

  /// True when there may be more.
  boolean countDue(WorkingCalendars calendars) {
    return db.inTransaction(tx -> count(tx, calendars));
  }

  /// The calendar is read and held in the same transaction: a node that has not heard of a new one
  /// would otherwise count back what another has counted.
  private boolean count(Tx tx, WorkingCalendars calendars) {
    WorkingCalendar calendar = calendars.held(tx);
    List<CaseId> found = store.found(tx, calendar.version(), AT_ONCE);
    if (found.isEmpty()) {
      return false;
    }
    List<CaseId> taken = store.take(tx, found);
    List<Running> was = store.counted(tx, taken, calendar.version());
    Instant now = files.now();
    var is = new ArrayList<CaseClock>();
    Set<CaseId> moved = new LinkedHashSet<>();
    for (Running each : was) {
      Recount recount = Recount.of(each.clock(), calendar, now);
      is.add(recount.is());
      if (recount.moves()) {
        moved.add(each.caseId());
        tell(tx, each, recount.is(), calendar.version(), now);
      }
    }
    store.write(tx, was, is, now);
    store.follow(tx, moved);
    return !was.isEmpty();
  }

  private void tell(Tx tx, Running was, CaseClock is, String calendar, Instant now) {
    events.write(
        tx,
        CaseEvent.VOCABULARY,
        was.caseId().value(),
        new CaseEvent.ClockMoved(
            null,
            is.ruleVersion(),
            is.kind().word(),
            was.clock().dueAt(),
            is.dueAt(),
            calendar,
            was.late() && is.dueAt().isAfter(now) && isToldOf(tx, was)));
  }

  /// Whether this is the delay that the resident heard of, or is about to hear of.
  private boolean isToldOf(Tx tx, Running was) {
    return events.of(tx, CaseEvent.VOCABULARY, was.caseId().value()).reversed().stream()
        .map(Told::event)
        .filter(each -> each instanceof CaseEvent.Delayed delayed && delayed.said())
        .findFirst()
        .filter(each ->
            each instanceof CaseEvent.Delayed last
                && last.clock().equals(was.clock().kind().word())
                && last.due().equals(was.clock().dueAt()))
        .isPresent();
  }
}
