package io.linyu.casework;

import io.linyu.casework.DelayStore.Late;
import io.linyu.casework.Errands.Pace;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Tx;
import io.linyu.platform.events.Told;
import io.linyu.platform.time.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/// Notices that a promise to a resident was not kept in time, and sees to it that they hear so from
/// us before they have to ask. Each clock is late once, however long; nobody is disturbed at night
/// for it; and nobody hears of a second delay while nobody has answered them since the first.
public final class Delays {
  private static final Duration PAUSE = Duration.ofSeconds(5);
  private static final int AT_ONCE = 50;

  private final Db db;
  private final CaseFiles files;
  private final Cases cases;
  private final DelayStore store = new DelayStore();

  Delays(Db db, CaseFiles files, Cases cases) {
    this.db = db;
    this.files = files;
    this.cases = cases;
  }

  public void start(Ticker ticker, Pace pace) {
    var _ = ticker.every(PAUSE, "delays", () -> noticeDue(pace));
  }

  /// True when there may be more.
  boolean noticeDue(Pace pace) {
    Instant now = files.now();
    if (pace.quiet().next(now, pace.zone()).isAfter(now)) {
      return false;
    }
    List<CaseId> found = store.found(db, now, AT_ONCE);
    found.forEach(id -> db.withinTransaction(tx -> notice(tx, id, now)));
    return !found.isEmpty();
  }

  private void notice(Tx tx, CaseId id, Instant now) {
    files.lock(tx, id);
    // The last that was promised says the most.
    List<Late> late =
        store.take(tx, id, now).stream()
            .sorted(Comparator.comparing(Late::kind).reversed())
            .toList();
    if (late.isEmpty()) {
      return; // it was done meanwhile, or another node has noticed
    }
    CaseFile file = files.open(tx, cases.named(tx, id).orElseThrow());
    boolean say = isToHear(file.told());
    for (Late each : late) {
      file.tell(
          new CaseEvent.Delayed(
              null,
              file.rule(),
              each.kind().word(),
              each.due(),
              say && each.equals(late.getFirst())));
    }
  }

  /// Also when the first was none in the end, since the calendar has moved it.
  private static boolean isToHear(List<Told<CaseEvent>> told) {
    return told.reversed().stream()
        .map(Told::event)
        .takeWhile(each ->
            !(each instanceof CaseEvent.Answered
                || (each instanceof CaseEvent.ClockMoved moved && moved.excused())))
        .noneMatch(each -> each instanceof CaseEvent.Delayed delayed && delayed.said());
  }
}
