package io.linyu.community;

import io.linyu.community.audit.Audit;
import io.linyu.community.audit.Deed;
import io.linyu.community.audit.Who;
import io.linyu.platform.Refusal;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Who is away, and who stands in: a colleague who works at one of their desks, and so may do there
/// already what they may; or somebody of another desk nearby, who acts at theirs for these days and
/// no longer ([Staff.StandIn]). Said by themselves, or by whoever leads a desk of theirs.
///
/// Who stands in must be there all the while when that is said, so nobody can stand in for each
/// other. Whoever is away meanwhile all the same stands in for nobody: then the others of the desk
/// are called.
public final class Absences {
  private static final int LONGEST = 366;
  private static final int KEPT = 366;
  private static final int FORGOTTEN_AT_ONCE = 100;
  private static final int LENT = 200;

  /// Somebody of another desk who may stand in.
  public record Lent(long deskId, String deskName, long staffId, String name, String role) {}

  /// A desk at which nobody would be, from the first to the last of the days on which that is so.
  record Left(long desk, LocalDate first, LocalDate last) {}

  private final Db db;
  private final Clock clock;
  private final ZoneId zone;
  private final Directory directory;
  private final Territories territories;
  private final Desks desks;
  private final DeskOrders orders;
  private final Audit audit;
  private final AbsenceStore store = new AbsenceStore();

  Absences(
      Db db,
      Clock clock,
      ZoneId zone,
      Directory directory,
      Territories territories,
      Desks desks,
      DeskOrders orders,
      Audit audit) {
    this.directory = directory;
    this.territories = territories;
    this.desks = desks;
    this.db = db;
    this.clock = clock;
    this.zone = zone;
    this.orders = orders;
    this.audit = audit;
  }

  public LocalDate today() {
    return LocalDate.ofInstant(clock.instant(), zone);
  }

  /// Of those who work at this desk, that of today and what comes, the nearest first.
  public List<Absence> of(Desk desk) {
    return store.atDesk(db, desk.id(), today());
  }

  /// Who of this desk is away today.
  public Set<Long> awayAt(Sql sql, long desk) {
    return store.awayAt(sql, desk, today());
  }

  public Set<Long> awayAt(long desk) {
    return awayAt(db, desk);
  }

  /// Empty: they are here.
  public Optional<Absence> today(Sql sql, long staff) {
    return store.on(sql, staff, today());
  }

  public Optional<Absence> today(long staff) {
    return today(db, staff);
  }

  /// Whether somebody stands in for that colleague today.
  public boolean standsIn(Sql sql, long deputy, long absent) {
    return today(sql, absent).filter(each -> each.isDeputy(deputy)).isPresent()
        && today(sql, deputy).isEmpty();
  }

  /// Whether they may say when that one is away.
  private boolean maySay(Staff by, Desk desk, long member) {
    return by.id() == member || orders.isLedBy(by, desk);
  }

  /// Who of other desks may stand in at this one, the nearest first.
  public List<Lent> lent(Staff by, Desk desk) {
    return store.lent(db, desk.id(), lending(by, desk).map(Desk::id).toArray(Long[]::new), LENT);
  }

  /// Whose people may stand in at this desk: those of its own place, and of the one above that
  /// takes everything; beside that whom those who say so look after, at the same place or of the
  /// same body beside it. Not those below: what is said of them may lie here.
  private Stream<Desk> lending(Staff by, Desk desk) {
    Territory place = territories.byId(desk.territoryId());
    boolean small = place.level() != Level.DISTRICT;
    Desk taking = desks.fallbackFor(place);
    Stream<Desk> above =
        taking.id() == desk.id() ? desks.fallbackAbove(desk).stream() : Stream.of(taking);
    Stream<Desk> near = desks.at(place).stream().filter(each -> small || orders.isLedBy(by, each));
    Stream<Desk> beside =
        small
            ? Optional.ofNullable(place.parentId()).map(territories::byId).stream()
                .flatMap(parent -> territories.children(parent).stream())
                .flatMap(each -> desks.at(each).stream())
                .filter(each -> each.body().equals(desk.body()) && orders.isLedBy(by, each))
            : Stream.of();
    return Stream.of(near, above, beside)
        .flatMap(each -> each)
        .distinct()
        .filter(
            each -> each.id() != desk.id() && each.kind().equals("desk") && desks.isStaffed(each));
  }

  /// @param from the address they act from
  /// @param desk at which that one works
  /// @param last the last day
  /// @param deputy null: nobody stands in
  /// @param evenLeft whether they know that nobody would be at a desk, if that is so
  public void add(
      Staff by,
      String from,
      Desk desk,
      long member,
      LocalDate first,
      LocalDate last,
      @Nullable Long deputy,
      boolean evenLeft) {
    if (!maySay(by, desk, member)) {
      throw new Refusal("absence-not-yours", 403, desk.name());
    }
    if (first.isBefore(today()) || last.isBefore(first)) {
      throw new Refusal("absence-past", 422);
    }
    if (last.isAfter(first.plusDays(LONGEST))) {
      throw new Refusal("absence-long", 422, LONGEST);
    }
    LocalDate until = last.plusDays(1);
    db.withinTransaction(tx -> {
      store.lock(tx);
      if (!store.worksAt(tx, member, desk.id())) {
        throw Refusal.notFound();
      }
      if (store.isAway(tx, member, first, until)) {
        throw new Refusal("absence-twice", 409);
      }
      Long at = deputy == null ? null : standsAt(tx, by, desk, member, deputy);
      if (deputy != null && store.isAway(tx, deputy, first, until)) {
        throw new Refusal("absence-deputy-away", 409);
      }
      if (deputy != null && at != null) {
        requireCheckers(tx, desk, deputy, first, until);
      }
      List<Left> left = evenLeft ? List.of() : store.left(tx, member, first, until, deputy, at);
      if (!left.isEmpty()) {
        Left one = left.getFirst();
        throw new Refusal(
            "absence-leaves",
            409,
            left.stream()
                .map(each -> desks.byId(each.desk()).name())
                .collect(Collectors.joining("、")),
            one.first(),
            one.last());
      }
      store.insert(tx, member, first, until, deputy, at, by.id(), clock.instant());
      new DirectoryStore().bump(tx);
      var details = new LinkedHashMap<String, Object>();
      details.put("from", first.toString());
      details.put("last", last.toString());
      if (deputy != null) {
        details.put("deputy", store.nameOf(tx, deputy));
      }
      if (at != null) {
        details.put("desk", desk.name());
      }
      audit.writeAbout(tx, Who.staff(by.id(), from), Deed.ABSENCE_SET, member, details);
    });
    directory.changed();
  }

  /// Where the deputy is alone at the desk above, nobody would be left there to check what they do
  /// at this one.
  private void requireCheckers(Tx tx, Desk desk, long deputy, LocalDate first, LocalDate until) {
    Territory place = territories.byId(desk.territoryId());
    store.left(tx, deputy, first, until, null, null).stream()
        .map(each -> desks.byId(each.desk()))
        .filter(each -> each.fallback() && each.id() != desk.id())
        .filter(each -> territories.byId(each.territoryId()).contains(place))
        .findFirst()
        .ifPresent(alone -> {
          throw new Refusal("absence-deputy-checks", 409, alone.name(), desk.name());
        });
  }

  /// At which desk a deputy of another one acts; null: they are colleagues.
  private @Nullable Long standsAt(Tx tx, Staff by, Desk desk, long member, long deputy) {
    if (deputy == member) {
      throw new Refusal("absence-self", 422);
    }
    if (store.worksAt(tx, deputy, desk.id())) {
      return null;
    }
    if (lent(by, desk).stream().anyMatch(each -> each.staffId() == deputy)) {
      return desk.id();
    }
    if (!store.areColleagues(tx, member, deputy)) {
      throw new Refusal("absence-no-colleague", 422, desk.name());
    }
    return null;
  }

  /// From today on they are here.
  public void end(Staff by, String from, Desk desk, long id) {
    db.withinTransaction(tx -> {
      store.lock(tx);
      Absence absence = store.byId(tx, id).orElseThrow(Refusal::notFound);
      if (!store.worksAt(tx, absence.staffId(), desk.id())) {
        throw Refusal.notFound();
      }
      if (!maySay(by, desk, absence.staffId())) {
        throw new Refusal("absence-not-yours", 403, desk.name());
      }
      if (absence.last().isBefore(today())) {
        throw new Refusal("absence-over", 409);
      }
      store.end(tx, id, today());
      new DirectoryStore().bump(tx);
      audit.writeAbout(
          tx,
          Who.staff(by.id(), from),
          Deed.ABSENCE_ENDED,
          absence.staffId(),
          Map.of("from", absence.from().toString(), "last", absence.last().toString()));
    });
    directory.changed();
  }

  /// Due work: a year later nobody needs to know.
  boolean forgetDue() {
    return store.forget(db, today().minusDays(KEPT), FORGOTTEN_AT_ONCE) == FORGOTTEN_AT_ONCE;
  }
}
