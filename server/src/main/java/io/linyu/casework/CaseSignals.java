package io.linyu.casework;

import io.linyu.platform.db.Tx;
import io.linyu.platform.events.Events;
import io.linyu.platform.events.Told;
import io.linyu.platform.http.Live;
import io.linyu.platform.http.Live.Signal;
import io.linyu.platform.time.Ticker;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Tells the open pages of those who may see a case that it has changed.
final class CaseSignals {
  private final Cases cases;
  private final Live live;
  private final KnownMatterStore known = new KnownMatterStore();

  CaseSignals(Cases cases, Live live) {
    this.cases = cases;
    this.live = live;
  }

  void listen(Events events, Ticker ticker) {
    events.listen(ticker, "live-cases", CaseEvent.VOCABULARY, this::hear);
    events.listen(ticker, "live-known", KnownEvent.VOCABULARY, this::hearKnown);
    events.listen(ticker, "live-alarms", AlarmEvent.VOCABULARY, this::hearAlarm);
  }

  private void hear(Tx tx, List<Told<CaseEvent>> told) {
    Map<CaseId, Set<Long>> changed = new LinkedHashMap<>();
    for (Told<CaseEvent> each : told) {
      Set<Long> desks = changed.computeIfAbsent(new CaseId(each.subject()), _ -> new HashSet<>());
      switch (each.event()) {
        case CaseEvent.HandedOn on -> desks.add(on.fromDesk());
        case CaseEvent.Returned returned -> desks.add(returned.fromDesk());
        case CaseEvent.ReturnDecided decided -> desks.add(decided.byDesk());
        case CaseEvent.Disputed disputed ->
            desks.addAll(List.of(disputed.otherDesk(), disputed.byDesk()));
        case CaseEvent.DisputeEnded ended ->
            desks.addAll(List.of(ended.deskId(), ended.otherDesk()));
        case CaseEvent.Ruled ruled ->
            desks.addAll(List.of(ruled.deskId(), ruled.otherDesk(), ruled.byDesk()));
        case CaseEvent.ConferenceSet set -> desks.addAll(set.desks());
        case CaseEvent.ConferenceAnswered answered -> desks.add(answered.deskId());
        default -> {}
      }
      if (each.event() instanceof CaseEvent.PartAsked part) {
        desks.add(part.deskId());
      }
      if (each.event() instanceof CaseEvent.PartMoved part) {
        desks.add(part.deskId());
      }
    }
    for (Case matter : cases.named(tx, changed.keySet())) {
      Set<Long> desks = changed.getOrDefault(matter.id(), new HashSet<>());
      desks.add(matter.deskId());
      live.tell(new Signal("case-" + matter.code(), matter.territoryPath(), desks));
      live.tell(new Signal("inbox", matter.territoryPath(), desks));
    }
  }

  private void hearKnown(Tx tx, List<Told<KnownEvent>> told) {
    told.stream()
        .map(Told::subject)
        .distinct()
        .flatMap(id -> known.byId(tx, id).stream())
        .forEach(matter -> live.tell(new Signal("known", matter.territoryPath(), Set.of())));
  }

  private void hearAlarm(Tx tx, List<Told<AlarmEvent>> told) {
    Set<CaseId> changed =
        told.stream().map(each -> each.event().caseId()).collect(Collectors.toSet());
    for (Case matter : cases.named(tx, changed)) {
      live.tell(new Signal("alarm", matter.territoryPath(), Set.of(matter.deskId())));
    }
  }
}
