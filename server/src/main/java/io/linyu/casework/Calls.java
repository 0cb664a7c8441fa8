package io.linyu.casework;

import io.linyu.casework.CaseEvent.Summoned.How;
import io.linyu.casework.Errand.Why;
import io.linyu.casework.Errands.Pace;
import io.linyu.community.Community;
import io.linyu.community.DeskOrders.Member;
import io.linyu.platform.db.Tx;
import io.linyu.platform.events.Told;
import io.linyu.platform.time.QuietHours;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Calls somebody of a desk to a case, or to a part of one, once. Where nobody there can be reached
/// in a chat, the desk has to telephone, though not in quiet hours.
final class Calls {
  /// What was due long ago is on the console, and nobody is called about it any more.
  static final Duration FRESH = Duration.ofDays(1);

  /// What nobody of the desk can be called to, or is told of in a digest.
  record NotCalled(CaseId matter, Why why, long desk, How how) {}

  private final Clock clock;
  private final Community community;
  private final Callees callees;
  private final CatchUps catchUps;
  private final ErrandStore store = new ErrandStore();
  private Pace pace =
      new Pace(Duration.ofMinutes(15), Duration.ofMinutes(10), QuietHours.NONE, ZoneId.of("UTC"));

  Calls(Clock clock, Community community, Callees callees, CatchUps catchUps) {
    this.clock = clock;
    this.community = community;
    this.callees = callees;
    this.catchUps = catchUps;
  }

  void goAt(Pace given) {
    pace = given;
  }

  Pace pace() {
    return pace;
  }

  /// When somebody of that desk may be called about what is no danger: now, or when the quiet hours
  /// are over. Who works by hours of their own is called in them: the time to sign runs then.
  Instant undisturbed(long desk, Instant now) {
    return community.desks().isOnDuty(desk, now) ? now : pace.quiet().next(now, pace.zone());
  }

  /// Calls the first who can be reached, once. Where nobody can be, the desk has to telephone.
  ///
  /// @param at when
  /// @return when to look again, for this
  List<Instant> call(
      Tx tx,
      Case matter,
      Why why,
      Instant occasion,
      Instant at,
      Instant now,
      List<NotCalled> unreached) {
    if (now.isBefore(at)) {
      return List.of(at);
    }
    if (store.exists(tx, matter.id(), why, occasion)) {
      return List.of();
    }
    Optional<CatchUp> into = catchUps.of(tx, matter, at);
    if (into.isPresent()) {
      if (store.fold(tx, matter.id(), matter.deskId(), why, occasion, into.get().id(), now)) {
        unreached.add(new NotCalled(matter.id(), why, matter.deskId(), How.DIGEST));
      }
      return List.of();
    }
    if (at.isBefore(now.minus(FRESH))) {
      return List.of();
    }
    Optional<Member> first = callees.firstOf(tx, matter, Set.of());
    return call(tx, matter.id(), null, matter.deskId(), why, occasion, first, now, unreached);
  }

  /// Calls who leads the desk that has it, or the one above, once it is due; else whoever comes
  /// first there.
  List<Instant> callLead(
      Tx tx, Case matter, Why why, Instant due, Instant now, List<NotCalled> unreached) {
    if (now.isBefore(due)) {
      return List.of(due);
    }
    if (due.isBefore(now.minus(FRESH)) || store.exists(tx, matter.id(), why, due)) {
      return List.of();
    }
    Optional<Member> first =
        callees
            .leadOf(tx, matter, Set.of())
            .or(() -> callees.firstOf(tx, null, matter.deskId(), Set.of()).findFirst());
    return call(tx, matter.id(), null, matter.deskId(), why, due, first, now, unreached);
  }

  /// Calls whoever comes first at a desk that does not have it, once.
  List<Instant> call(
      Tx tx,
      Case matter,
      long desk,
      Why why,
      Instant occasion,
      Instant now,
      List<NotCalled> unreached) {
    if (occasion.isBefore(now.minus(FRESH)) || store.exists(tx, matter.id(), why, occasion)) {
      return List.of();
    }
    Optional<Member> first = callees.firstOf(tx, null, desk, Set.of()).findFirst();
    return call(tx, matter.id(), null, desk, why, occasion, first, now, unreached);
  }

  /// Calls whoever has signed it, or comes first at its desk, once.
  List<Instant> call(
      Tx tx,
      Part part,
      Why why,
      Instant occasion,
      Instant at,
      Instant now,
      List<NotCalled> unreached) {
    Instant once = part.occasion(occasion);
    if (now.isBefore(at)) {
      return List.of(at);
    }
    if (at.isBefore(now.minus(FRESH)) || store.exists(tx, part.caseId(), why, once)) {
      return List.of();
    }
    Optional<Member> first = callees.firstOf(tx, part, Set.of());
    return call(tx, part.caseId(), part.id(), part.deskId(), why, once, first, now, unreached);
  }

  private List<Instant> call(
      Tx tx,
      CaseId id,
      @Nullable Long part,
      long desk,
      Why why,
      Instant occasion,
      Optional<Member> first,
      Instant now,
      List<NotCalled> unreached) {
    Long staff = first.map(Member::staffId).orElse(null);
    Instant undisturbed = undisturbed(desk, now);
    if (staff == null && undisturbed.isAfter(now)) {
      return List.of(undisturbed);
    }
    boolean isNew = store.insert(tx, id, null, part, desk, why, occasion, 0, staff, now);
    if (isNew && staff == null) {
      unreached.add(new NotCalled(id, why, desk, How.TELEPHONE));
    }
    return List.of();
  }

  /// Beside whoever has it, where they can be reached in a chat.
  void callToo(Tx tx, Case matter, long staff, Why why, Instant occasion, Instant now) {
    community
        .deskOrders()
        .standIn(tx, staff, matter.deskId())
        .filter(each -> each.addressId() != null && !matter.isHeldBy(each.staffId()))
        .ifPresent(each -> {
          var _ =
              store.insert(
                  tx, matter.id(), null, matter.deskId(), why, occasion, 0, each.staffId(), now);
        });
  }

  /// Tells one of that desk, once, where they can be reached in a chat.
  ///
  /// @param first who is told before all others; null: whoever comes first there
  /// @param by whose doing it is, who needs no news of it
  void news(Tx tx, Told<CaseEvent> told, Why why, long desk, @Nullable Long first, long by) {
    if (told.at().isBefore(clock.instant().minus(FRESH))) {
      return;
    }
    callees
        .firstOf(tx, first, desk, Set.of(by))
        .findFirst()
        .ifPresent(each -> {
          var _ =
              store.insert(
                  tx,
                  CaseId.of(told.subject()),
                  null,
                  desk,
                  why,
                  told.at(),
                  0,
                  each.staffId(),
                  clock.instant());
        });
  }
}
