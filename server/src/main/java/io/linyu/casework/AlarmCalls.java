package io.linyu.casework;

import io.linyu.casework.CaseEvent.Summoned.How;
import io.linyu.casework.Errand.Why;
import io.linyu.community.Community;
import io.linyu.community.Desk;
import io.linyu.community.DeskOrders;
import io.linyu.community.DeskOrders.Member;
import io.linyu.community.Territory;
import io.linyu.platform.db.Tx;
import io.linyu.platform.events.Told;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Danger waits for nobody: all of a desk who can be reached are called at once, and as the alarm
/// climbs those of the desk above.
final class AlarmCalls {
  private final Clock clock;
  private final Cases cases;
  private final Alarms alarms;
  private final Community community;
  private final Summons summons;
  private final ErrandStore store = new ErrandStore();

  AlarmCalls(Clock clock, Cases cases, Alarms alarms, Community community, Summons summons) {
    this.clock = clock;
    this.cases = cases;
    this.alarms = alarms;
    this.community = community;
    this.summons = summons;
  }

  void hear(Tx tx, Told<AlarmEvent> told) {
    long alarm = told.subject();
    Instant now = clock.instant();
    switch (told.event()) {
      case AlarmEvent.Rung rung -> {
        boolean unsigned = rung.kind().equals(Alarms.UNSIGNED);
        store
            .ringing(tx, alarm)
            .ifPresent(one -> {
              if (unsigned) {
                Case matter = cases.named(tx, one.caseId()).orElseThrow();
                callAll(tx, alarm, one, community.desks().byId(matter.deskId()), one.step(), now);
              }
              callAll(tx, alarm, one.step(), now);
            });
      }
      case AlarmEvent.Climbed climbed -> callAll(tx, alarm, climbed.step(), now);
      case AlarmEvent.Acknowledged(_, _, long staffId) ->
          store.settleAlarm(tx, alarm, staffId, now.minus(Errands.ANSWERED_WITHIN), now);
    }
  }

  /// What rang since nobody had signed it.
  void hearSigned(Tx tx, Told<CaseEvent> told) {
    if (told.event() instanceof CaseEvent.Claimed claimed) {
      alarms.signed(tx, CaseId.of(told.subject()), claimed.staffId());
    }
  }

  /// Danger waits for nobody: all of a desk who can be reached are called at once.
  private void callAll(Tx tx, long alarm, int step, Instant now) {
    Optional<ErrandStore.Ringing> ringing = store.ringing(tx, alarm);
    if (ringing.isEmpty()) {
      return;
    }
    ErrandStore.Ringing one = ringing.get();
    callAll(tx, alarm, one, deskOf(community.territories().byId(one.territory()), step), step, now);
  }

  private void callAll(
      Tx tx, long alarm, ErrandStore.Ringing one, Desk desk, int step, Instant now) {
    List<Member> all = community.deskOrders().of(tx, desk.id());
    List<Member> reached =
        all.stream().filter(each -> each.called() && each.addressId() != null).toList();
    for (Member each : reached) {
      var _ = insert(tx, one, alarm, desk, step, each.staffId(), now);
    }
    if (reached.isEmpty() && DeskOrders.isLeft(all)) {
      // Nobody is there to telephone.
      Optional<Desk> above = community.desks().watching(desk);
      if (above.isPresent()) {
        callAll(tx, alarm, one, above.get(), step, now);
        return;
      }
    }
    if (reached.isEmpty() && insert(tx, one, alarm, desk, step, null, now)) {
      summons.note(tx, one.caseId(), Why.ALARM, desk.id(), How.TELEPHONE, null, null);
    }
  }

  private boolean insert(
      Tx tx,
      ErrandStore.Ringing one,
      long alarm,
      Desk desk,
      int step,
      @Nullable Long staff,
      Instant now) {
    return store.insert(
        tx, one.caseId(), alarm, desk.id(), Why.ALARM, one.rungAt(), step, staff, now);
  }

  private Desk deskOf(Territory place, int step) {
    Desk desk = community.desks().fallbackFor(place);
    for (int rank = AlarmStore.rank(community.territories().byId(desk.territoryId()).level());
        rank < step;
        rank++) {
      desk = community.desks().fallbackAbove(desk).orElse(desk);
    }
    return desk;
  }
}
