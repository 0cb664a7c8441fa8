package io.linyu.casework;

import io.linyu.casework.Calls.NotCalled;
import io.linyu.casework.Errand.Why;
import io.linyu.platform.db.Tx;
import io.linyu.platform.events.Events;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Looks at how a case stands, and not at what happened: makes the errands that are lacking, and
/// ends those that nobody needs any more.
final class ErrandLooks {
  /// What is to go on by itself does so sooner.
  private static final Duration GOES_ON_WITHIN = Duration.ofMinutes(10);

  private final Events events;
  private final Callees callees;
  private final Calls calls;
  private final SupervisedDays supervised;
  private final ErrandStore store = new ErrandStore();
  private final ClockStore clocks = new ClockStore();
  private final PartStore partStore = new PartStore();

  ErrandLooks(Events events, Callees callees, Calls calls, SupervisedDays supervised) {
    this.events = events;
    this.callees = callees;
    this.calls = calls;
    this.supervised = supervised;
  }

  /// Makes what is lacking and ends what nobody needs any more, by how it stands and not by what
  /// happened.
  ///
  /// @return when to look again; null: not before something happens
  @Nullable Instant look(Tx tx, Case matter, Instant now, List<NotCalled> unreached) {
    if (!matter.isOpen() || matter.rests()) {
      store.settleAll(tx, matter.id(), now);
      return null;
    }
    store.settleElsewhere(tx, matter.id(), matter.deskId(), now);
    var next = new ArrayList<>(lookParts(tx, matter, now, unreached));
    Long holder = matter.staffId();
    CaseReturn returned = matter.returned();
    if (returned != null) {
      // Nobody is to take it: somebody is to say where it goes.
      Instant at = returned.at();
      next.addAll(calls.call(tx, matter, Why.RETURNED, at, at, now, unreached));
    } else if (holder == null) {
      Instant since = store.heldSince(tx, matter.id()).orElse(matter.openedAt());
      next.addAll(
          calls.call(
              tx, matter, Why.NEW, since, since.plus(calls.pace().claimWithin()), now, unreached));
    } else {
      store.settleTaken(tx, matter.id(), holder, now.minus(Errands.ANSWERED_WITHIN), now);
    }
    next.addAll(lookDisputed(tx, matter, now, unreached));
    next.addAll(lookConference(tx, matter, now, unreached));
    next.addAll(lookUrged(tx, matter, now, unreached));
    next.addAll(supervised.look(tx, matter, now, unreached));
    List<CaseClock> running =
        clocks.clocks(tx, matter.id()).stream().filter(CaseClock::isRunning).toList();
    store.settleClocks(tx, matter.id(), running.stream().map(CaseClock::dueAt).toList(), now);
    for (CaseClock each : running) {
      if (each.kind() == CaseClock.Kind.REVIEW) {
        next.addAll(lookReview(tx, matter, each.dueAt(), now, unreached));
        continue;
      }
      if (each.kind() == CaseClock.Kind.LOOK) {
        continue; // its end is told by itself
      }
      if (now.isBefore(each.dueAt())) {
        // Nobody has it: that is what they are called about.
        if (holder != null) {
          next.addAll(
              calls.call(tx, matter, Why.SOON, each.dueAt(), each.amberAt(), now, unreached));
        }
        next.add(each.dueAt());
      } else {
        next.addAll(
            calls.call(tx, matter, Why.OVERDUE, each.dueAt(), each.dueAt(), now, unreached));
      }
    }
    return next.stream().filter(now::isBefore).min(Instant::compareTo).orElse(null);
  }

  /// Whose it is the desk that was named is asked, and then the one that rules.
  private List<Instant> lookDisputed(Tx tx, Case matter, Instant now, List<NotCalled> unreached) {
    CaseDispute dispute = matter.disputed();
    boolean waits = dispute != null && !dispute.isRipe(now);
    boolean ripe = dispute != null && !waits;
    Instant asked = dispute == null ? null : dispute.at();
    Instant ripeAt = dispute == null ? null : dispute.ripeAt();
    store.settle(tx, matter.id(), Why.DISPUTED, waits ? asked : null, now);
    store.settle(tx, matter.id(), Why.TO_RULE, ripe ? ripeAt : null, now);
    if (dispute == null) {
      return List.of();
    }
    var next = new ArrayList<Instant>();
    if (waits) {
      next.addAll(
          calls.call(
              tx, matter, dispute.otherDeskId(), Why.DISPUTED, dispute.at(), now, unreached));
      next.add(dispute.viewDueAt());
    } else {
      next.addAll(
          calls.call(
              tx, matter, dispute.rulingDeskId(), Why.TO_RULE, dispute.ripeAt(), now, unreached));
    }
    return next;
  }

  /// Who leads the desk that has it is called where it was not held in time.
  private List<Instant> lookConference(Tx tx, Case matter, Instant now, List<NotCalled> unreached) {
    Conference conference = matter.conference();
    return conference == null
        ? List.of()
        : calls.callLead(tx, matter, Why.CONFERENCE_LATE, conference.lateAt(), now, unreached);
  }

  /// What other desks do: when they are asked, when their day is near, when it is over, and when
  /// whoever leads urges them.
  private List<Instant> lookParts(Tx tx, Case matter, Instant now, List<NotCalled> unreached) {
    List<Part> open =
        matter.work().isOpen()
            ? partStore.open(tx, matter.id()).stream().filter(each -> !each.isContact()).toList()
            : List.of();
    store.settleParts(tx, matter.id(), open, now.minus(Errands.ANSWERED_WITHIN), now);
    var next = new ArrayList<Instant>();
    for (Part each : open) {
      Instant due = Objects.requireNonNull(each.dueAt());
      Instant amber = Objects.requireNonNull(each.amberAt());
      Instant urged = each.urgedAt();
      if (each.staffId() == null) {
        next.addAll(
            calls.call(tx, each, Why.PART_ASKED, each.askedAt(), each.askedAt(), now, unreached));
      }
      if (urged != null) {
        next.addAll(calls.call(tx, each, Why.PART_URGED, urged, urged, now, unreached));
      }
      boolean late = !now.isBefore(due);
      Instant occasion = each.occasion(due);
      store.settlePart(tx, each.id(), Why.PART_SOON, late ? null : occasion, now);
      store.settlePart(tx, each.id(), Why.PART_OVERDUE, occasion, now);
      if (late) {
        next.addAll(calls.call(tx, each, Why.PART_OVERDUE, due, due, now, unreached));
      } else {
        // Nobody has it: that is what they are called about.
        if (each.staffId() != null) {
          next.addAll(calls.call(tx, each, Why.PART_SOON, due, amber, now, unreached));
        }
        next.add(due);
      }
    }
    return next;
  }

  /// Whoever has it, and who leads them; until the resident is answered, or somebody has taken it
  /// who sees that it was urged.
  private List<Instant> lookUrged(Tx tx, Case matter, Instant now, List<NotCalled> unreached) {
    Instant urged = matter.urgedAt();
    if (urged == null) {
      return List.of();
    }
    boolean over =
        !matter.isUrged()
            || (matter.staffId() != null
                && store.heldSince(tx, matter.id()).filter(urged::isBefore).isPresent());
    store.settle(tx, matter.id(), Why.URGED, over ? null : urged, now);
    if (over || store.exists(tx, matter.id(), Why.URGED, urged)) {
      return List.of();
    }
    List<Instant> again = calls.call(tx, matter, Why.URGED, urged, urged, now, unreached);
    if (again.isEmpty()
        && !urged.isBefore(now.minus(Calls.FRESH))
        && !store.isFolded(tx, matter.id(), Why.URGED, urged)) {
      Set<Long> called = new HashSet<>(store.called(tx, matter.id(), Why.URGED, urged));
      callees
          .leadOf(tx, matter, called)
          .ifPresent(lead -> {
            var _ =
                store.insert(
                    tx,
                    matter.id(),
                    null,
                    matter.deskId(),
                    Why.URGED,
                    urged,
                    0,
                    lead.staffId(),
                    now);
          });
    }
    return again;
  }

  /// On its day it goes on by itself, and they are called about that. Where it does not, since the
  /// rule is off or tried out, whoever has it and who let it wait are called all the same.
  private List<Instant> lookReview(
      Tx tx, Case matter, Instant day, Instant now, List<NotCalled> unreached) {
    Instant at = day.plus(GOES_ON_WITHIN);
    boolean first = !now.isBefore(at) && !store.exists(tx, matter.id(), Why.OVERDUE, day);
    List<Instant> again = calls.call(tx, matter, Why.OVERDUE, day, at, now, unreached);
    if (first
        && again.isEmpty()
        && !at.isBefore(now.minus(Calls.FRESH))
        && !store.isFolded(tx, matter.id(), Why.OVERDUE, day)) {
      long granted = Suspending.grantedBy(events.of(tx, CaseEvent.VOCABULARY, matter.id().value()));
      calls.callToo(tx, matter, granted, Why.OVERDUE, day, now);
    }
    return again;
  }
}
