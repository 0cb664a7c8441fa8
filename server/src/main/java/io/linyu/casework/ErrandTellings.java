package io.linyu.casework;

import io.linyu.casework.CaseEvent.Summoned.How;
import io.linyu.casework.Errand.State;
import io.linyu.casework.Errand.Why;
import io.linyu.casework.Errands.Item;
import io.linyu.casework.Errands.Mouth;
import io.linyu.casework.Errands.Telling;
import io.linyu.community.Community;
import io.linyu.community.DeskOrders.Member;
import io.linyu.community.Staff;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Tx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells those who are called, each all that is due in one message, and calls the next where
/// somebody does not say in time that they know.
final class ErrandTellings {
  private static final Logger LOG = LoggerFactory.getLogger(ErrandTellings.class);
  private static final int TOLD_AT_ONCE = 10;

  /// Two digits, so that none is taken for a choice.
  private static final int FIRST_NUMBER = 11;

  private static final int LAST_NUMBER = 99;

  private final Db db;
  private final Clock clock;
  private final Cases cases;
  private final Parts parts;
  private final Alarms alarms;
  private final Community community;
  private final ErrandItems items;
  private final Callees callees;
  private final Calls calls;
  private final Summons summons;
  private final ErrandStore store = new ErrandStore();

  ErrandTellings(
      Db db,
      Clock clock,
      Cases cases,
      Parts parts,
      Alarms alarms,
      Community community,
      ErrandItems items,
      Callees callees,
      Calls calls,
      Summons summons) {
    this.db = db;
    this.clock = clock;
    this.cases = cases;
    this.parts = parts;
    this.alarms = alarms;
    this.community = community;
    this.items = items;
    this.callees = callees;
    this.calls = calls;
    this.summons = summons;
  }

  /// Tells one member of staff all that is due, in one message. True when there may be more.
  boolean tellDue(Mouth mouth) {
    return db.inTransaction(tx -> {
      Instant now = clock.instant();
      List<Errand> due = store.toTell(tx, now, TOLD_AT_ONCE);
      if (!due.isEmpty()) {
        tell(tx, mouth, due, now);
      }
      return !due.isEmpty();
    });
  }

  private void tell(Tx tx, Mouth mouth, List<Errand> due, Instant now) {
    long staffId = Objects.requireNonNull(due.getFirst().staffId());
    Optional<Staff> who = community.staff().byId(staffId);
    Long address =
        community.staffAddresses().of(tx, staffId).stream()
            .filter(each -> each.follows())
            .map(each -> each.addressId())
            .findFirst()
            .orElse(null);
    var told = new ArrayList<Item>();
    Iterator<Integer> numbers =
        store
            .freeNumbers(
                tx,
                staffId,
                now.minus(Errands.ANSWERED_WITHIN),
                FIRST_NUMBER,
                LAST_NUMBER,
                due.size())
            .iterator();
    for (Errand each : due) {
      Instant undisturbed = calls.undisturbed(each.deskId(), now);
      if (!each.isAlarm() && undisturbed.isAfter(now)) {
        store.later(tx, each.id(), undisturbed);
        continue;
      }
      Case matter = cases.named(tx, each.caseId()).orElseThrow();
      if (!isStillNeeded(tx, each, matter)) {
        store.end(tx, each.id(), State.SETTLED, now);
      } else if (who.isEmpty() || address == null || !items.mayKnow(tx, who.get(), each, matter)) {
        pass(tx, each, matter, now);
      } else {
        boolean news = each.why().isNews();
        Integer number = !news && numbers.hasNext() ? numbers.next() : null;
        Duration patience = each.isAlarm() ? alarms.climbEvery() : calls.pace().answerWithin();
        store.told(tx, each.id(), number, now, now.plus(patience));
        if (news) {
          store.end(tx, each.id(), State.SETTLED, now);
        }
        told.add(items.item(tx, numbered(each, number, now), matter));
      }
    }
    if (!told.isEmpty()) {
      for (Item each : inOrder(told)) {
        How how = each.errand().step() == 0 ? How.TOLD : How.STAND_IN;
        summons.note(tx, each.errand(), how, staffId, null);
      }
      mouth.tell(tx, new Telling(who.orElseThrow(), Objects.requireNonNull(address), told));
    }
  }

  /// Locks of cases are taken in one order.
  private static List<Item> inOrder(List<Item> items) {
    return items.stream()
        .sorted(Comparator.comparingLong(each -> each.matter().id().value()))
        .toList();
  }

  private static Errand numbered(Errand one, @Nullable Integer number, Instant now) {
    return new Errand(
        one.id(),
        one.caseId(),
        one.alarmId(),
        one.partId(),
        one.deskId(),
        one.why(),
        one.occasion(),
        one.step(),
        one.staffId(),
        number,
        State.TOLD,
        one.since(),
        now);
  }

  /// Passes on what was not acknowledged in time. True when there may be more.
  boolean passDue() {
    return db.inTransaction(tx -> {
      Instant now = clock.instant();
      Optional<Errand> due = store.toPass(tx, now);
      due.ifPresent(one -> {
        Case matter = cases.named(tx, one.caseId()).orElseThrow();
        Instant undisturbed = calls.undisturbed(one.deskId(), now);
        if (!isStillNeeded(tx, one, matter)) {
          store.end(tx, one.id(), State.SETTLED, now);
        } else if (!one.isAlarm() && undisturbed.isAfter(now)) {
          store.later(tx, one.id(), undisturbed);
        } else {
          pass(tx, one, matter, now);
        }
      });
      return due.isPresent();
    });
  }

  private void pass(Tx tx, Errand one, Case matter, Instant now) {
    if (one.why().isNews()) {
      store.end(tx, one.id(), State.SETTLED, now); // nobody stands in for that
      return;
    }
    store.end(tx, one.id(), State.PASSED, now);
    // Of two who are called at once only the last who does not answer is stood in for.
    if (one.why().callsTwo() && store.reachesAnother(tx, one)) {
      summons.count("passed");
      return;
    }
    Set<Long> called = new HashSet<>(store.called(tx, one.caseId(), one.why(), one.occasion()));
    // An alarm calls all of a desk at once, and climbs by itself.
    Long part = one.partId();
    Optional<Member> next =
        one.isAlarm()
            ? Optional.empty()
            : one.why().isOfOthers()
                ? callees.firstOf(tx, null, one.deskId(), called).findFirst()
                : part == null
                    ? callees.firstOf(tx, matter, called)
                    : callees.firstOf(tx, parts.named(tx, part), called);
    Long to = next.map(Member::staffId).orElse(null);
    boolean isNew =
        store.insert(
            tx,
            one.caseId(),
            one.alarmId(),
            part,
            one.deskId(),
            one.why(),
            one.occasion(),
            called.size(),
            to,
            now);
    summons.count("passed");
    if (to == null && isNew) {
      LOG.warn("case {}: nobody answered, the desk has to telephone", matter.number());
      summons.note(tx, one, How.TELEPHONE, null, null);
    }
  }

  private boolean isStillNeeded(Tx tx, Errand one, Case matter) {
    Long alarm = one.alarmId();
    if (alarm != null) {
      return store.ringing(tx, alarm).isPresent();
    }
    Long part = one.partId();
    if (part != null) {
      Part asked = parts.named(tx, part);
      return one.why().isNews()
          || (asked.isOpen() && (one.why() != Why.PART_ASKED || asked.staffId() == null));
    }
    CaseDispute dispute = matter.disputed();
    if (one.why().isNewsOfParty()) {
      return true;
    }
    if (one.why().isOfDispute()) {
      return dispute != null
          && one.deskId()
              == (one.why() == Why.TO_RULE ? dispute.rulingDeskId() : dispute.otherDeskId())
          && dispute.isRipe(clock.instant()) == (one.why() == Why.TO_RULE);
    }
    Conference conference = matter.conference();
    if (one.why() == Why.CONVENED) {
      return conference != null && conference.asks(one.deskId());
    }
    return matter.isOpen()
        && !matter.rests()
        && (one.why() != Why.CONFERENCE_LATE || conference != null)
        && matter.deskId() == one.deskId()
        && (!one.why().isOfUntaken() || matter.staffId() == null)
        && (one.why() != Why.RETURNED || matter.returned() != null)
        && (one.why() != Why.SUPERVISED || matter.supervisedAt() != null);
  }
}
