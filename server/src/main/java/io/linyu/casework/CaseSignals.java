package io.linyu.casework;

import io.linyu.platform.db.Tx;
import io.linyu.platform.events.Events;
import io.linyu.platform.events.Told;
import io.linyu.platform.http.Live;
import io.linyu.platform.http.Live.Signal;
import io.linyu.platform.time.Ticker;
import java.util.HashSet;
import java.util.Set;

/// Tells the open pages of those who may see a case that it has changed.
final class CaseSignals {
  private final Cases cases;
  private final Live live;

  CaseSignals(Cases cases, Live live) {
    this.cases = cases;
    this.live = live;
  }

  void listen(Events events, Ticker ticker) {
    events.listen(ticker, "live-cases", CaseEvent.VOCABULARY, this::hear);
    events.listen(ticker, "live-alarms", AlarmEvent.VOCABULARY, this::hearAlarm);
  }

  private void hear(Tx tx, Told<CaseEvent> told) {
    var desks = new HashSet<Long>();
    if (told.event() instanceof CaseEvent.HandedOn on) {
      desks.add(on.fromDesk());
    }
    tell(tx, new CaseId(told.subject()), desks, true);
  }

  private void hearAlarm(Tx tx, Told<AlarmEvent> told) {
    tell(tx, told.event().caseId(), new HashSet<>(), false);
  }

  private void tell(Tx tx, CaseId id, Set<Long> desks, boolean changed) {
    cases
        .named(tx, id)
        .ifPresent(matter -> {
          desks.add(matter.deskId());
          String path = matter.territoryPath();
          if (changed) {
            live.tell(new Signal("case-" + matter.code(), path, desks));
            live.tell(new Signal("inbox", path, desks));
          } else {
            live.tell(new Signal("alarm", path, desks));
          }
        });
  }
}
