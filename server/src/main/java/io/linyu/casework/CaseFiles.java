package io.linyu.casework;

import io.linyu.community.Staff;
import io.linyu.community.Staff.StandIn;
import io.linyu.platform.Refusal;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.linyu.platform.events.Events;
import io.linyu.platform.events.Told;
import io.linyu.platform.time.WorkingCalendar;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Opens the file of a case for a step of staff and puts it back: under the row's lock, only for
/// those who may see it, and only when it still is as they saw it.
final class CaseFiles {
  private static final int LONGEST_TEXT = 2_000;
  private static final Duration SENDINGS_KEPT = Duration.ofDays(30);
  private static final int AT_ONCE = 1_000;

  /// What is done while the file is open.
  interface Change {
    void make(Permits permits, CaseFile file);
  }

  private final Db db;
  private final Events events;
  private final Clock clock;
  private final Supplier<WorkingCalendar> calendar;
  private final Cases cases;
  private final CaseStore store = new CaseStore();
  private final RuleStore rules = new RuleStore();
  private final SendingStore sendings = new SendingStore();
  private final MergeStore merges = new MergeStore();

  CaseFiles(Db db, Events events, Clock clock, Supplier<WorkingCalendar> calendar, Cases cases) {
    this.db = db;
    this.events = events;
    this.clock = clock;
    this.calendar = calendar;
    this.cases = cases;
  }

  /// A step that others must look at before they take theirs.
  Case change(Staff staff, CaseId id, int version, Change change) {
    return withFile(staff, id, version, null, change);
  }

  /// The same, once under this key: whoever sends it again gets the case as it is now.
  Case change(Staff staff, CaseId id, int version, @Nullable Sending sending, Change change) {
    return withFile(staff, id, version, sending, change);
  }

  /// Something that is added and disturbs nobody.
  Case add(Staff staff, CaseId id, @Nullable Sending sending, Change change) {
    return withFile(staff, id, null, sending, change);
  }

  private Case withFile(
      Staff staff, CaseId id, @Nullable Integer version, @Nullable Sending sending, Change change) {
    return db.sharing(id.value(), new Opening(staff, id, version, sending, change));
  }

  /// For a step that locks other cases, too, and so has its transaction for itself.
  Case changeGroup(Staff staff, CaseId id, int version, Change change) {
    return db.inTransaction(tx -> withFile(tx, staff, id, version, null, change));
  }

  /// In the transaction of somebody's turn, where what is done and what is said in answer are one.
  ///
  /// @param version null: something that is added and disturbs nobody
  Case withFile(
      Tx tx,
      Staff staff,
      CaseId id,
      @Nullable Integer version,
      @Nullable Sending sending,
      Change change) {
    var opening = new Opening(staff, id, version, sending, change);
    return tx.hear(opening.act(tx, tx.hear(opening.ask(tx))));
  }

  /// What is known of it before it is changed.
  ///
  /// @param unread as it is under its lock; empty: it is not locked, or they may not see it
  /// @param last of its chain, where it is locked
  /// @param sent whether it was sent before
  private record Found(Optional<CaseStore.Unread> unread, Events.Last last, boolean sent) {}

  /// One step of one member of staff.
  private final class Opening implements Db.Shared<Found, Case> {
    private final Staff staff;
    private final CaseId id;
    private final @Nullable Integer version;
    private final @Nullable Sending sending;
    private final Change change;

    private Opening(
        Staff staff,
        CaseId id,
        @Nullable Integer version,
        @Nullable Sending sending,
        Change change) {
      this.staff = staff;
      this.id = id;
      this.version = version;
      this.sending = sending;
      this.change = change;
    }

    @Override
    public Future<Found> ask(Tx tx) {
      Future<Optional<CaseStore.Unread>> opening = cases.open(tx, staff, id, now());
      Future<Events.Last> last = events.last(tx, CaseEvent.VOCABULARY, id.value());
      Future<Boolean> sent =
          sending == null
              ? Future.succeededFuture(false)
              : sendings.find(tx, sending, staff.id(), id);
      return opening.compose(
          open -> last.compose(link -> sent.map(before -> new Found(open, link, before))));
    }

    @Override
    public Future<Case> act(Tx tx, Found found) {
      Optional<CaseStore.Opened> opened = opened(tx, found);
      return opened.isPresent()
          ? change(tx, opened.get())
          : Future.succeededFuture(store.byId(tx, id).orElseThrow(Refusal::notFound));
    }

    /// Empty: what was sent has been done before. That comes before anything is compared: it has
    /// itself changed the case, and perhaps sent it to where they cannot look.
    private Optional<CaseStore.Opened> opened(Tx tx, Found found) {
      if (found.unread().isPresent()) {
        events.goOn(tx, CaseEvent.VOCABULARY, id.value(), found.last());
        return found.sent()
            ? Optional.empty()
            : Optional.of(CaseStore.opened(tx, found.unread().get()));
      }
      if (tx.isShared()) {
        throw new Db.Unshared();
      }
      Future<Optional<CaseStore.Locked>> locking = store.lockFirst(tx, id, now());
      if (sending != null && sendings.isDone(tx, sending.key(), staff.id(), id)) {
        return Optional.empty();
      }
      Case seen = cases.visibleTo(tx, staff, id);
      return Optional.of(
          new CaseStore.Opened(seen, Db.await(locking).orElseThrow(Refusal::notFound)));
    }

    private Future<Case> change(Tx tx, CaseStore.Opened opened) {
      Case matter = opened.matter();
      if (version != null && matter.version() != version) {
        throw new Refusal("case-changed", 409, matter.number().text());
      }
      CaseStore.Locked locked = opened.locked();
      var file = new CaseFile(tx, events, clocks(locked.rules()), now(), matter, locked);
      file.isOpenedBy(staff);
      if (sending != null) {
        take(tx, sending, file.at());
      }
      standingIn(staff, matter).ifPresent(each -> file.actFor(staff, each));
      change.make(cases.permits(staff, matter), file);
      return file.isTouched() ? file.saving(version != null) : Future.succeededFuture(matter);
    }

    private void take(Tx tx, Sending key, Instant at) {
      if (tx.isShared()) {
        sendings.takeWithOthers(tx, key, staff.id(), id, at);
      } else if (!sendings.take(tx, key.key(), staff.id(), id, at)) {
        throw new Refusal("form-outdated", 422);
      }
    }
  }

  /// At the desk that has it, or is asked to say something of it.
  private static Optional<StandIn> standingIn(Staff staff, Case matter) {
    CaseDispute dispute = matter.disputed();
    return staff
        .standsInAt(matter.deskId())
        .or(() -> dispute == null ? Optional.empty() : staff.standsInAt(dispute.otherDeskId()))
        .or(() -> dispute == null ? Optional.empty() : staff.standsInAt(dispute.rulingDeskId()));
  }

  /// Before it is read for [#open].
  void lock(Tx tx, CaseId id) {
    store.lock(tx, id);
  }

  /// The same for it and what it is handled with, in the order of all locks of cases.
  ///
  /// @return what it is handled with; null: it is handled by itself
  @Nullable CaseId lockGroup(Tx tx, CaseId id) {
    CaseId master = merges.masterOf(tx, id).orElse(null);
    lock(tx, master == null ? List.of(id) : List.of(id, master));
    if (!Objects.equals(master, merges.masterOf(tx, id).orElse(null))) {
      throw new Refusal("case-changed", 409, store.byId(tx, id).orElseThrow().number().text());
    }
    return master;
  }

  void lock(Tx tx, List<CaseId> ids) {
    ids.stream()
        .distinct()
        .sorted(Comparator.comparingLong(CaseId::value))
        .forEach(each -> store.lock(tx, each));
  }

  Permits permits(Staff staff, Case matter) {
    return cases.permits(staff, matter);
  }

  /// Writes what was done about it by no step of the loop.
  void tell(Tx tx, CaseId id, IntFunction<CaseEvent> event) {
    store.lock(tx, id);
    CaseFile file = open(tx, store.byId(tx, id).orElseThrow());
    file.tell(event.apply(file.rule()));
  }

  /// For a step that concerns many cases, or is not taken by staff.
  ///
  /// @param matter as it is under its row's lock
  CaseFile open(Tx tx, Case matter) {
    tx.requireUnshared();
    Instant at = now();
    return new CaseFile(tx, events, clocks(tx, at), at, matter);
  }

  /// The same, for one of many.
  ///
  /// @param by what counts at this moment
  CaseFile open(Tx tx, Case matter, Clocks by) {
    tx.requireUnshared();
    return new CaseFile(tx, events, by, now(), matter);
  }

  /// What happened to it so far, oldest first.
  List<Told<CaseEvent>> told(Sql sql, CaseId id) {
    return events.of(sql, CaseEvent.VOCABULARY, id.value());
  }

  /// By the rules and the calendar of that moment.
  Clocks clocks(Sql sql, Instant at) {
    return clocks(Db.await(rules(sql, at)));
  }

  Clocks clocks(Rules rules) {
    return new Clocks(rules, calendar.get());
  }

  /// The rules of that moment.
  Future<Rules> rules(Sql sql, Instant at) {
    return rules.at(sql, at);
  }

  WorkingCalendar calendar() {
    return calendar.get();
  }

  LocalDate day(Instant at) {
    return LocalDate.ofInstant(at, calendar.get().zone());
  }

  /// Due work: lets go of keys that no device sends any more.
  boolean forgetSendings() {
    return sendings.forget(db, now().minus(SENDINGS_KEPT), AT_ONCE) == AT_ONCE;
  }

  /// PostgreSQL keeps microseconds.
  Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  /// What somebody wrote, as it is kept; refused when there is nothing, or too much.
  static String sound(String text, String missing) {
    String sound = text.strip();
    if (sound.isEmpty()) {
      throw new Refusal(missing, 422);
    }
    if (sound.length() > LONGEST_TEXT) {
      throw new Refusal("text-too-long", 422, LONGEST_TEXT);
    }
    return sound;
  }

  /// The same, of what the resident reads: nothing of it is left to be filled in.
  static String soundToResident(String text, String missing) {
    String sound = sound(text, missing);
    Blanks.requireNone(sound);
    return sound;
  }
}
