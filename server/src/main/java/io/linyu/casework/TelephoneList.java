package io.linyu.casework;

import io.linyu.casework.CaseEvent.Summoned.How;
import io.linyu.casework.Errand.State;
import io.linyu.casework.Errands.Item;
import io.linyu.community.Community;
import io.linyu.community.Desk;
import io.linyu.community.DeskOrders.Member;
import io.linyu.community.Staff;
import io.linyu.community.audit.Deed;
import io.linyu.community.audit.Who;
import io.linyu.platform.Refusal;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What a desk has to telephone about, since nobody answered, or no chat reaches anybody of it.
public final class TelephoneList {
  /// What a desk has to telephone about.
  ///
  /// @param called who was called in vain, in turn, and then those whom no chat reaches
  public record ToTelephone(Item item, List<CalledInVain> called) {}

  /// @param phone masked; null: unknown
  /// @param toldAt null: they could not be reached
  /// @param bound whether there was a chat to call them in
  public record CalledInVain(
      long staffId,
      String name,
      String role,
      @Nullable String phone,
      @Nullable Instant toldAt,
      boolean bound) {}

  static final int PAGE = 30;

  private final Db db;
  private final Clock clock;
  private final Cases cases;
  private final Parts parts;
  private final Community community;
  private final ErrandItems items;
  private final Summons summons;
  private final ErrandStore store = new ErrandStore();

  TelephoneList(
      Db db,
      Clock clock,
      Cases cases,
      Parts parts,
      Community community,
      ErrandItems items,
      Summons summons) {
    this.db = db;
    this.clock = clock;
    this.cases = cases;
    this.parts = parts;
    this.community = community;
    this.items = items;
    this.summons = summons;
  }

  /// What this desk has to telephone about, oldest first.
  ///
  /// @param after the last one of the page before; 0: the first page
  public List<ToTelephone> toTelephone(Staff who, Desk desk, long after) {
    require(who, desk);
    List<Member> order = community.deskOrders().of(desk.id());
    return store.toTelephone(db, desk.id(), after, PAGE).stream()
        .flatMap(each -> {
          Case matter = cases.named(db, each.caseId()).orElseThrow();
          if (!items.mayKnow(db, who, each, matter)) {
            return Stream.empty();
          }
          return Stream.of(
              new ToTelephone(items.item(db, each, matter), inVain(db, each, matter, order)));
        })
        .toList();
  }

  /// How many there are at their desks, up to a hundred.
  public long countToTelephone(Staff who) {
    return who.desks().isEmpty() ? 0 : store.countToTelephone(db, CaseStore.ownDesks(who));
  }

  /// The telephone number of somebody who was called in vain. That it was looked at is recorded.
  public Member number(Staff who, Who by, long errand, long staff) {
    return db.inTransaction(tx -> {
      Errand one = inVain(tx, who, errand, staff);
      Member called = community.deskOrders().member(tx, staff).orElseThrow(Refusal::notFound);
      Case matter = cases.named(tx, one.caseId()).orElseThrow();
      community
          .audit()
          .writeAbout(
              tx, by, Deed.STAFF_NUMBER_SEEN, staff, Map.of("case", matter.number().base()));
      return called;
    });
  }

  /// Somebody reached one of them by telephone: they know.
  ///
  /// @return the case
  public Case reached(Staff who, Who by, long errand, long staff) {
    return db.inTransaction(tx -> {
      Errand one = inVain(tx, who, errand, staff);
      Case matter = cases.named(tx, one.caseId()).orElseThrow();
      if (one.state() != State.PHONE) {
        throw new Refusal("errand-over", 409, matter.number().text());
      }
      store.acknowledge(tx, one.id(), who.id(), staff, clock.instant());
      store.settleOthers(tx, one, clock.instant());
      summons.note(tx, one, How.REACHED, staff, who.id());
      community
          .audit()
          .writeAbout(tx, by, Deed.STAFF_REACHED, staff, Map.of("case", matter.number().base()));
      return matter;
    });
  }

  /// Who works there, or leads it.
  public void require(Staff who, Desk desk) {
    if (!who.actsAt(desk.id()) && !community.deskOrders().isLedBy(who, desk)) {
      throw Refusal.notFound();
    }
  }

  private Errand inVain(Tx tx, Staff who, long errand, long staff) {
    Errand one = store.phoneOf(tx, errand).orElseThrow(Refusal::notFound);
    require(who, community.desks().byId(one.deskId()));
    Case matter = cases.named(tx, one.caseId()).orElseThrow();
    List<Member> order = community.deskOrders().of(tx, one.deskId());
    if (inVain(tx, one, matter, order).stream().noneMatch(each -> each.staffId() == staff)) {
      throw Refusal.notFound();
    }
    return one;
  }

  /// Who was called in vain, then whoever has it and those of the desk whom no chat reaches.
  private List<CalledInVain> inVain(Sql sql, Errand one, Case matter, List<Member> order) {
    var vain = new ArrayList<CalledInVain>();
    for (ErrandStore.Called each : store.calledInTurn(sql, one)) {
      community
          .deskOrders()
          .member(sql, each.staffId())
          .ifPresent(who -> vain.add(inVain(who, each.toldAt(), true)));
    }
    Set<Long> named = vain.stream().map(CalledInVain::staffId).collect(Collectors.toSet());
    Long part = one.partId();
    Long holder =
        one.isAlarm() || one.why().isOfDispute()
            ? null
            : part == null ? matter.staffId() : parts.named(sql, part).staffId();
    Stream<Member> has =
        holder == null ? Stream.empty() : community.deskOrders().member(sql, holder).stream();
    Stream.concat(has, order.stream().filter(Member::called))
        .filter(each -> each.addressId() == null && named.add(each.staffId()))
        .forEach(each -> vain.add(inVain(each, null, false)));
    return vain;
  }

  private static CalledInVain inVain(Member who, @Nullable Instant toldAt, boolean bound) {
    return new CalledInVain(
        who.staffId(), who.name(), who.role(), who.phoneMasked(), toldAt, bound);
  }
}
