package io.linyu.community;

import io.linyu.community.audit.Audit;
import io.linyu.community.audit.Deed;
import io.linyu.community.audit.Who;
import io.linyu.platform.Refusal;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Sql;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Who of a desk is called first, and who stands in when that one does not answer. Kept by whoever
/// leads the desk; until it is kept, everybody in the order of their codes.
public final class DeskOrders {
  private static final Set<String> LEADERS =
      Set.of(
          "community_secretary",
          "community_deputy",
          "street_supervisor",
          "street_dispatcher",
          "district_dispatcher",
          "department_handler");

  private final Db db;
  private final Territories territories;
  private final Audit audit;
  private final DeskOrderStore store;
  private final Clock clock;
  private final ZoneId zone;
  private final AbsenceStore absences = new AbsenceStore();

  DeskOrders(
      Db db, Territories territories, Audit audit, DeskOrderStore store, Clock clock, ZoneId zone) {
    this.clock = clock;
    this.zone = zone;
    this.db = db;
    this.territories = territories;
    this.audit = audit;
    this.store = store;
  }

  /// @param phone to ring them; null when unknown
  /// @param called whether they are called at all
  /// @param addressId where they are reached in a chat; null: nowhere
  /// @param awayUntil the last day on which they are away; null: they are here
  /// @param standsInFor the names of those who are away and for whom they are called; null: nobody
  /// @param own whether they work there; else they are of another desk, and stand in
  public record Member(
      long staffId,
      String code,
      String name,
      String role,
      @Nullable String phone,
      boolean called,
      @Nullable Long addressId,
      @Nullable LocalDate awayUntil,
      @Nullable String standsInFor,
      boolean own) {
    public @Nullable String phoneMasked() {
      return phone == null ? null : Phones.masked(phone);
    }
  }

  public enum Move {
    UP,
    DOWN,
    OFF,
    ON
  }

  /// Who works there now, those who are called first in front, those who are not at the end. At
  /// most [DeskOrderStore#MOST].
  public List<Member> of(Sql sql, long desk) {
    return store.members(sql, desk, today());
  }

  public List<Member> of(long desk) {
    return of(db, desk);
  }

  /// Whether these are people of whom all are away.
  ///
  /// @param all of a desk, and those who stand in there
  public static boolean isLeft(List<Member> all) {
    return !all.isEmpty() && all.stream().allMatch(each -> each.awayUntil() != null);
  }

  private LocalDate today() {
    return LocalDate.ofInstant(clock.instant(), zone);
  }

  /// Whom to call about what somebody has: them; while they are away whoever stands in for them, if
  /// that one is here.
  public Optional<Member> standIn(Sql sql, long staff) {
    return standIn(sql, staff, null);
  }

  /// The same, about what they have at this desk: a deputy of another one acts nowhere else.
  public Optional<Member> standIn(Sql sql, long staff, @Nullable Long desk) {
    Optional<Absence> away = absences.on(sql, staff, today());
    if (away.isEmpty()) {
      return member(sql, staff);
    }
    return away.filter(each -> each.deskId() == null || desk == null || each.deskId().equals(desk))
        .flatMap(each -> Optional.ofNullable(each.deputyId()))
        .filter(deputy -> absences.on(sql, deputy, today()).isEmpty())
        .flatMap(deputy -> member(sql, deputy));
  }

  /// One who may not be of the desk, such as whoever has a case.
  public Optional<Member> member(Sql sql, long staff) {
    return store.member(sql, staff);
  }

  /// Whether this person says who is called.
  public boolean isLedBy(Staff staff, Desk desk) {
    if (!LEADERS.contains(staff.role())) {
      return false;
    }
    return staff.worksAt(desk.id())
        || (!staff.role().equals("department_handler")
            && staff.sees(territories.byId(desk.territoryId()).path()));
  }

  /// Whether this is one of those who lead the desk they work at.
  public static boolean isLeader(Staff staff) {
    return LEADERS.contains(staff.role());
  }

  /// Whether whoever works at a desk in this role leads it.
  public boolean leads(Member member) {
    return LEADERS.contains(member.role());
  }

  /// @throws Refusal when it is not theirs to say
  public void move(Staff by, String from, Desk desk, long member, Move move) {
    if (!isLedBy(by, desk)) {
      throw new Refusal("desk-not-led", 403, desk.name());
    }
    db.withinTransaction(tx -> {
      store.lock(tx, desk.id());
      List<Member> members = new ArrayList<>(store.members(tx, desk.id(), null));
      int at = indexOf(members, member);
      Member who = members.remove(at);
      int lastCalled = (int) members.stream().filter(Member::called).count();
      switch (move) {
        case UP -> members.add(Math.max(0, at - 1), who);
        case DOWN -> members.add(Math.min(lastCalled, at + 1), who);
        case OFF, ON -> members.add(lastCalled, calling(who, move == Move.ON));
      }
      store.keep(tx, desk.id(), members);
      audit.writeAbout(
          tx,
          Who.staff(by.id(), from),
          Deed.DESK_ORDER_CHANGED,
          member,
          Map.of("desk", desk.name(), "move", move.name().toLowerCase(java.util.Locale.ROOT)));
    });
  }

  private static Member calling(Member who, boolean called) {
    return new Member(
        who.staffId(),
        who.code(),
        who.name(),
        who.role(),
        who.phone(),
        called,
        who.addressId(),
        who.awayUntil(),
        who.standsInFor(),
        who.own());
  }

  private static int indexOf(List<Member> members, long staff) {
    for (int i = 0; i < members.size(); i++) {
      if (members.get(i).staffId() == staff) {
        return i;
      }
    }
    throw Refusal.notFound();
  }
}
