package io.linyu.casework;

import io.linyu.community.Community;
import io.linyu.community.Desk;
import io.linyu.community.DeskOrders;
import io.linyu.community.DeskOrders.Member;
import io.linyu.platform.db.Tx;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Who is called: of a desk, those who can be reached in a chat, in its order.
final class Callees {
  private final Community community;
  private final Checkers checkers;

  Callees(Community community, Checkers checkers) {
    this.community = community;
    this.checkers = checkers;
  }

  /// Who has it, or stands in for them, then those of the desk in their order who are not away; of
  /// them the first who can be reached in a chat and was not called yet.
  Optional<Member> firstOf(Tx tx, Case matter, Set<Long> called) {
    return firstOf(tx, matter.staffId(), matter.deskId(), called)
        .filter(each -> mayTake(matter, each))
        .findFirst();
  }

  /// Whoever has signed it, then those of its desk.
  Optional<Member> firstOf(Tx tx, Part part, Set<Long> called) {
    return firstOf(tx, part.staffId(), part.deskId(), called).findFirst();
  }

  /// Of a desk of which everybody is away, those of the one above.
  ///
  /// @param holder who comes before all others; null: nobody
  Stream<Member> firstOf(Tx tx, @Nullable Long holder, long desk, Set<Long> called) {
    Stream<Member> has =
        holder == null ? Stream.empty() : community.deskOrders().standIn(tx, holder, desk).stream();
    return Stream.concat(has, members(tx, desk))
        .filter(each -> each.addressId() != null && !called.contains(each.staffId()));
  }

  private Stream<Member> members(Tx tx, long desk) {
    List<Member> all = community.deskOrders().of(tx, desk);
    return DeskOrders.isLeft(all)
        ? community.desks().watching(community.desks().byId(desk)).stream()
            .flatMap(above -> community.deskOrders().of(tx, above.id()).stream())
            .filter(Member::called)
        : all.stream().filter(Member::called);
  }

  /// Who leads the desk that has it, beside those who are called already; else who leads the one
  /// above it. Who can be reached in a chat.
  Optional<Member> leadOf(Tx tx, Case matter, Set<Long> called) {
    Desk desk = community.desks().byId(matter.deskId());
    return Stream.concat(Stream.of(desk), community.desks().fallbackAbove(desk).stream())
        .flatMap(each -> community.deskOrders().of(tx, each.id()).stream())
        .filter(each ->
            each.called()
                && each.addressId() != null
                && community.deskOrders().leads(each)
                && !matter.isHeldBy(each.staffId())
                && !matter.accused().is(each.staffId())
                && !called.contains(each.staffId()))
        .findFirst();
  }

  /// Whoever did it is not called to check it.
  private boolean mayTake(Case matter, Member who) {
    if (matter.accused().is(who.staffId())) {
      return false;
    }
    Case.Lead lead = matter.lead();
    return lead == null
        || checkers.mayCheck(
            matter, lead, community.desks().byId(matter.deskId()), who.staffId(), who.role());
  }
}
