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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Who is away, and who stands in: a colleague who works at one of their desks, and so may do there
/// already what they may. Said by themselves, or by whoever leads a desk of theirs.
///
/// Who stands in must be there all the while when that is said, so nobody can stand in for each
/// other. Whoever is away meanwhile all the same stands in for nobody: then the others of the desk
/// are called.
public final class Absences {
  private static final int LONGEST = 366;
  private static final int KEPT = 366;
  private static final int FORGOTTEN_AT_ONCE = 100;

  private final Db db;
  private final Clock clock;
  private final ZoneId zone;
  private final DeskOrders orders;
  private final Audit audit;
  private final AbsenceStore store = new AbsenceStore();

  Absences(Db db, Clock clock, ZoneId zone, DeskOrders orders, Audit audit) {
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

  /// @param from the address they act from
  /// @param desk at which that one works
  /// @param last the last day
  /// @param deputy null: nobody stands in
  public void add(
      Staff by,
      String from,
      Desk desk,
      long member,
      LocalDate first,
      LocalDate last,
      @Nullable Long deputy) {
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
      if (deputy != null) {
        if (deputy == member) {
          throw new Refusal("absence-self", 422);
        }
        if (!store.areColleagues(tx, member, deputy)) {
          throw new Refusal("absence-no-colleague", 422, desk.name());
        }
        if (store.isAway(tx, deputy, first, until)) {
          throw new Refusal("absence-deputy-away", 409);
        }
      }
      store.insert(tx, member, first, until, deputy, by.id(), clock.instant());
      audit.writeAbout(
          tx,
          Who.staff(by.id(), from),
          Deed.ABSENCE_SET,
          member,
          Map.of("from", first.toString(), "last", last.toString()));
    });
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
      audit.writeAbout(
          tx,
          Who.staff(by.id(), from),
          Deed.ABSENCE_ENDED,
          absence.staffId(),
          Map.of("from", absence.from().toString(), "last", absence.last().toString()));
    });
  }

  /// Due work: a year later nobody needs to know.
  boolean forgetDue() {
    return store.forget(db, today().minusDays(KEPT), FORGOTTEN_AT_ONCE) == FORGOTTEN_AT_ONCE;
  }
}
