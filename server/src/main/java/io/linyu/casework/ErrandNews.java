package io.linyu.casework;

import io.linyu.casework.Calls.NotCalled;
import io.linyu.casework.Errand.Why;
import io.linyu.community.Community;
import io.linyu.platform.db.Tx;
import io.linyu.platform.events.Events;
import io.linyu.platform.events.Told;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// What has just happened and somebody hears of at once: what others say or decide, and what went
/// on by itself.
final class ErrandNews {
  private final Events events;
  private final Clock clock;
  private final Cases cases;
  private final Parts parts;
  private final Community community;
  private final Calls calls;
  private final Summons summons;
  private final ErrandStore store = new ErrandStore();

  ErrandNews(
      Events events,
      Clock clock,
      Cases cases,
      Parts parts,
      Community community,
      Calls calls,
      Summons summons) {
    this.events = events;
    this.clock = clock;
    this.cases = cases;
    this.parts = parts;
    this.community = community;
    this.calls = calls;
    this.summons = summons;
  }

  void hear(Tx tx, Told<CaseEvent> told) {
    settleConference(tx, told);
    if (!told.at().isBefore(clock.instant().minus(Calls.FRESH))) {
      hearFresh(tx, told);
    }
    if (Handling.touches(told.event()) || told.event() instanceof CaseEvent.Noted) {
      Instant now = clock.instant();
      CaseId id = CaseId.of(told.subject());
      store.settle(tx, id, Why.REPLIED, null, now);
      store.settle(tx, id, Why.UNREPLIED, null, now);
    }
  }

  /// Nobody is called any more to what is over, or to what they have said something of.
  private void settleConference(Tx tx, Told<CaseEvent> told) {
    CaseId id = CaseId.of(told.subject());
    Instant now = clock.instant();
    switch (told.event()) {
      case CaseEvent.ConferenceSet _ -> store.settle(tx, id, Why.CONVENED, null, now);
      case CaseEvent.ConferenceAnswered answered ->
          store.settleOf(tx, id, Why.CONVENED, answered.deskId(), now);
      case CaseEvent.ConferenceHeld _, CaseEvent.ConferenceEnded _ -> {
        store.settle(tx, id, Why.CONVENED, null, now);
        store.settle(tx, id, Why.CONFERENCE_LATE, null, now);
      }
      default -> {
        // It is about something else.
      }
    }
  }

  /// Each desk that is asked, once; the occasion tells them apart.
  private void hearConvened(Tx tx, Told<CaseEvent> told, CaseEvent.ConferenceSet set) {
    Case matter = cases.named(tx, CaseId.of(told.subject())).orElseThrow();
    Conference conference = matter.conference();
    if (conference == null
        || conference.id() != set.conferenceId()
        || !set.starts().equals(conference.startsAt())
        || !Set.copyOf(set.desks()).equals(Set.copyOf(conference.desks()))) {
      return; // it is over already, or was set otherwise
    }
    var unreached = new ArrayList<NotCalled>();
    for (int i = 0; i < set.desks().size(); i++) {
      Instant occasion = told.at().plus(i, ChronoUnit.MICROS);
      // In quiet hours, where nobody of the desk has a chat, it is in its list.
      var _ =
          calls.call(
              tx, matter, set.desks().get(i), Why.CONVENED, occasion, clock.instant(), unreached);
    }
    unreached.forEach(each -> summons.note(tx, each));
  }

  private void hearFresh(Tx tx, Told<CaseEvent> told) {
    switch (told.event()) {
      case CaseEvent.Resumed resumed when resumed.staffId() == null ->
          hearResumed(tx, told, resumed);
      case CaseEvent.ReturnDecided decided when decided.agreed() -> hearAgreed(tx, told, decided);
      case CaseEvent.ReturnDecided decided -> hearKept(tx, told, decided);
      case CaseEvent.ConferenceSet set -> hearConvened(tx, told, set);
      case CaseEvent.Ruled ruled -> hearRuled(tx, told, ruled);
      case CaseEvent.PartMoved moved when moved.ends() -> hearPart(tx, told, moved);
      case CaseEvent.HeadAnswered _ -> hearHead(tx, told, Why.REPLIED);
      case CaseEvent.HeadSilent _ -> hearHead(tx, told, Why.UNREPLIED);
      default -> {
        // All else is for nobody at once.
      }
    }
  }

  /// What went on by itself: whoever has it, and who let it wait.
  private void hearResumed(Tx tx, Told<CaseEvent> told, CaseEvent.Resumed resumed) {
    Case matter = cases.named(tx, CaseId.of(told.subject())).orElseThrow();
    if (store.isFolded(tx, matter.id(), Why.RESUMED, told.at())) {
      return;
    }
    // In quiet hours the other is called when they are over, and this one is on the console.
    call(tx, matter, Why.RESUMED, told);
    calls.callToo(tx, matter, resumed.grantedBy(), Why.RESUMED, told.at(), clock.instant());
  }

  /// What is with them again who have returned it.
  private void hearKept(Tx tx, Told<CaseEvent> told, CaseEvent.ReturnDecided decided) {
    Case matter = cases.named(tx, CaseId.of(told.subject())).orElseThrow();
    // Where somebody has it already, or it has gone elsewhere, nobody needs to be called.
    if (matter.state() == CaseState.DISPATCHED && matter.deskId() == decided.deskId()) {
      call(tx, matter, Why.KEPT, told);
    }
  }

  /// Whoever has returned it, and does not see it any more, hears that it goes elsewhere.
  private void hearAgreed(Tx tx, Told<CaseEvent> told, CaseEvent.ReturnDecided decided) {
    Long by =
        events.of(tx, CaseEvent.VOCABULARY, told.subject()).stream()
            .filter(each -> !each.at().isAfter(told.at()))
            .map(Told::event)
            .filter(each ->
                each instanceof CaseEvent.Returned back
                    && back.waits()
                    && back.fromDesk() == decided.deskId())
            .map(each -> ((CaseEvent.Returned) each).staffId())
            .findFirst()
            .orElse(null);
    calls.news(tx, told, Why.RETURN_AGREED, decided.deskId(), by, decided.staffId());
  }

  /// Both of the two hear who leads.
  private void hearRuled(Tx tx, Told<CaseEvent> told, CaseEvent.Ruled ruled) {
    Case matter = cases.named(tx, CaseId.of(told.subject())).orElseThrow();
    for (long desk : List.of(ruled.deskId(), ruled.otherDesk())) {
      Long has = matter.deskId() == desk ? matter.staffId() : null;
      calls.news(tx, told, Why.RULED, desk, has, ruled.staffId());
    }
  }

  /// Whoever leads hears what they were answered, and whoever does a part that it is not wanted any
  /// more.
  private void hearPart(Tx tx, Told<CaseEvent> told, CaseEvent.PartMoved moved) {
    Case matter = cases.named(tx, CaseId.of(told.subject())).orElseThrow();
    Part part = parts.named(tx, moved.partId());
    boolean back =
        switch (moved.how()) {
          case ANSWERED, DECLINED -> true;
          default -> false;
        };
    Long to = back ? matter.staffId() : part.staffId();
    if (to == null || to.equals(moved.staffId())) {
      return;
    }
    community
        .deskOrders()
        .standIn(tx, to, back ? matter.deskId() : part.deskId())
        .filter(each -> each.addressId() != null)
        .ifPresent(each -> {
          var _ =
              store.insert(
                  tx,
                  matter.id(),
                  null,
                  part.id(),
                  back ? matter.deskId() : part.deskId(),
                  back ? Why.PART_BACK : Why.PART_OVER,
                  part.occasion(told.at()),
                  0,
                  each.staffId(),
                  clock.instant());
        });
  }

  /// Whoever has it hears what came of what was asked of a head, until they have done something.
  private void hearHead(Tx tx, Told<CaseEvent> told, Why why) {
    Case matter = cases.named(tx, CaseId.of(told.subject())).orElseThrow();
    if (matter.isOpen() && !matter.rests()) {
      // In quiet hours, where nobody of the desk has a chat, it is on the console.
      call(tx, matter, why, told);
    }
  }

  private void call(Tx tx, Case matter, Why why, Told<CaseEvent> told) {
    var unreached = new ArrayList<NotCalled>();
    var _ = calls.call(tx, matter, why, told.at(), told.at(), clock.instant(), unreached);
    unreached.forEach(each -> summons.note(tx, each));
  }
}
