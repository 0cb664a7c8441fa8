package io.linyu.casework;

import io.linyu.community.Staff;
import io.linyu.community.Territories;
import io.linyu.community.Territory;
import io.linyu.platform.Refusal;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.linyu.platform.events.Events;
import io.linyu.platform.health.Backlog;
import io.linyu.platform.time.WorkingCalendar;
import java.time.Clock;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Danger to life. An alarm rings on consoles and at the webhook, climbs from community to street
/// to district and rings on there, and ends only when a named person acknowledges it.
public final class Alarms {
  private static final Logger LOG = LoggerFactory.getLogger(Alarms.class);

  /// @param step how far up it rings: 0 community, 1 street, 2 district
  /// @param rings whether it rings for the person who asked; false: they see it, and others are
  ///   nearer
  /// @param called what staff call the person
  /// @param what the first words
  /// @param place as the person said it, such as the number of a flat
  public record Alarm(
      long id,
      CaseId caseId,
      CaseNumber number,
      String code,
      String kind,
      String territoryName,
      @Nullable String dutyPhone,
      @Nullable Long addressId,
      @Nullable String called,
      String what,
      @Nullable String place,
      Instant rungAt,
      int step,
      boolean rings,
      @Nullable String acknowledgedBy,
      @Nullable Instant acknowledgedAt) {

    /// Where the latest words can be had, from the room that keeps them; only of a chat.
    public @Nullable String words() {
      return addressId == null
          ? null
          : "/console/conversations/" + addressId + "/words?case=" + code;
    }
  }

  /// @param seen whether somebody has acknowledged it
  public record Rung(CaseId caseId, CaseNumber number, String deskName, boolean seen) {}

  /// An hour of the week in which an alarm would reach nobody.
  public record Silent(DayOfWeek day, int hour) {}

  /// The kind of what is critical and nobody has signed.
  public static final String UNSIGNED = "unsigned";

  private static final int TOP = 2;
  private static final List<String> LEVELS = List.of("community", "street", "district");
  private static final Duration LEASE = AlarmGateway.PATIENCE.plusSeconds(10);
  private static final Duration TRY_AGAIN = Duration.ofSeconds(10);
  private static final int ATTEMPTS = 10;

  private final Db db;
  private final Events events;
  private final Clock clock;
  private final Supplier<WorkingCalendar> calendar;
  private final Territories territories;
  private final @Nullable AlarmGateway gateway;
  private final String publicUrl;
  private final Duration climbEvery;
  private final AlarmStore store = new AlarmStore();

  /// @param webhook an address that gets a POST with each ring; null: none
  /// @param climbEvery how long each step has to acknowledge
  public Alarms(
      Db db,
      Events events,
      Clock clock,
      Supplier<WorkingCalendar> calendar,
      Territories territories,
      @Nullable String webhook,
      String publicUrl,
      Duration climbEvery) {
    this.db = db;
    this.events = events;
    this.clock = clock;
    this.calendar = calendar;
    this.territories = territories;
    this.gateway = webhook == null ? null : new AlarmGateway(webhook);
    this.publicUrl = publicUrl;
    this.climbEvery = climbEvery;
  }

  /// Rings at the nearest step that there is.
  ///
  /// @param kind what the danger is, such as `fire`
  /// @param at when it was told
  public long ring(
      Tx tx, CaseId caseId, @Nullable Long addressId, long territoryId, String kind, Instant at) {
    int step = AlarmStore.rank(territories.byId(territoryId).level());
    return ring(tx, caseId, addressId, territoryId, kind, at, step);
  }

  /// What is critical and nobody has signed rings by day and night, from the community upwards;
  /// what is told in confidence from the level that handles it. Once, until somebody has it.
  void ringUnsigned(Tx tx, Case matter) {
    if (store.rings(tx, matter.id(), UNSIGNED)) {
      return;
    }
    int nearest = AlarmStore.rank(territories.byId(matter.territoryId()).level());
    int step = matter.confidential() ? Math.max(nearest, AlarmStore.rank(matter.level())) : nearest;
    var _ = ring(tx, matter.id(), null, matter.territoryId(), UNSIGNED, clock.instant(), step);
  }

  /// Somebody has signed it after all, and so has it.
  void signed(Tx tx, CaseId caseId, long staff) {
    store
        .end(tx, caseId, UNSIGNED, staff, clock.instant())
        .forEach(id ->
            events.write(
                tx, AlarmEvent.VOCABULARY, id, new AlarmEvent.Acknowledged(caseId, null, staff)));
  }

  private long ring(
      Tx tx,
      CaseId caseId,
      @Nullable Long addressId,
      long territoryId,
      String kind,
      Instant at,
      int step) {
    Territory place = territories.byId(territoryId);
    Long grid = territories.gridOf(place).map(Territory::id).orElse(null);
    Instant now = clock.instant();
    Instant climbsAt = now.plus(climbEvery);
    long id = store.insert(tx, caseId, addressId, place, grid, kind, at, step, climbsAt);
    if (gateway != null) {
      store.addCall(tx, id, step, 1, now);
    }
    events.write(
        tx, AlarmEvent.VOCABULARY, id, new AlarmEvent.Rung(caseId, addressId, territoryId, kind));
    return id;
  }

  /// The alarm of this kind that was rung for this address since then, with what its case is called
  /// to the person.
  public Optional<Rung> rung(Tx tx, long addressId, String kind, Instant since) {
    return store.rung(tx, addressId, kind, since);
  }

  /// Those that nobody has acknowledged, of all that this person may see, oldest first.
  public List<Alarm> openFor(Staff staff) {
    Scope scope = Scope.of(staff, territories);
    return store.open(db, staff, scope).stream().map(found -> read(found, scope)).toList();
  }

  /// The alarms of a case, newest first.
  public List<Alarm> of(Staff staff, CaseId caseId) {
    Scope scope = Scope.of(staff, territories);
    return store.ofCase(db, staff, scope, caseId).stream()
        .map(found -> read(found, scope))
        .toList();
  }

  /// The first one wins; whoever comes second is refused and hears who has it.
  public Alarm acknowledge(Staff staff, long id) {
    return db.inTransaction(tx -> acknowledge(tx, staff, id));
  }

  Alarm acknowledge(Tx tx, Staff staff, long id) {
    Scope scope = Scope.of(staff, territories);
    Alarm alarm = visible(tx, staff, scope, id);
    if (!store.acknowledge(tx, id, staff.id(), clock.instant())) {
      String who = visible(tx, staff, scope, id).acknowledgedBy();
      throw new Refusal("alarm-acknowledged", 409, who == null ? "" : who);
    }
    events.write(
        tx,
        AlarmEvent.VOCABULARY,
        id,
        new AlarmEvent.Acknowledged(alarm.caseId(), alarm.addressId(), staff.id()));
    return visible(tx, staff, scope, id);
  }

  /// Who has it; empty: nobody yet, or it is not theirs to see.
  Optional<String> had(Tx tx, Staff staff, long id) {
    return store
        .visible(tx, staff, Scope.of(staff, territories), id)
        .flatMap(found -> Optional.ofNullable(found.acknowledgedBy()));
  }

  boolean isVisibleTo(Sql sql, Staff staff, long id) {
    return store.visible(sql, staff, Scope.of(staff, territories), id).isPresent();
  }

  String kindOf(Sql sql, long id) {
    return store.kindOf(sql, id);
  }

  Duration climbEvery() {
    return climbEvery;
  }

  /// Carries up what nobody acknowledged in time; at the top it rings again. True when there may be
  /// more.
  public boolean climbDue() {
    return db.inTransaction(tx -> {
      Instant now = clock.instant();
      Optional<AlarmStore.Overdue> overdue = store.overdue(tx, now);
      overdue.ifPresent(alarm -> {
        int step = Math.min(TOP, alarm.step() + 1);
        int round = alarm.round() + 1;
        store.climb(tx, alarm.id(), step, round, now.plus(climbEvery));
        if (gateway != null) {
          store.addCall(tx, alarm.id(), step, round, now);
        }
        events.write(
            tx,
            AlarmEvent.VOCABULARY,
            alarm.id(),
            new AlarmEvent.Climbed(alarm.caseId(), alarm.address(), step, round));
      });
      return overdue.isPresent();
    });
  }

  /// Calls the gateway; true when there may be more. No transaction is open meanwhile; a call whose
  /// node died is made again under the same id when its lease is over.
  public boolean callDue() {
    AlarmGateway to = gateway;
    if (to == null) {
      return false;
    }
    Optional<AlarmStore.Call> due =
        db.inTransaction(tx -> store.takeCall(tx, clock.instant(), LEASE));
    due.ifPresent(call -> {
      String trouble = to.call(ring(call));
      if (trouble == null) {
        store.called(db, call.id());
        return;
      }
      LOG.warn("the alarm gateway did not take call {}: {}", call.id(), trouble);
      Instant again = clock.instant().plus(TRY_AGAIN);
      store.notCalled(db, call.id(), trouble, call.attempts() < ATTEMPTS ? again : null);
    });
    return due.isPresent();
  }

  private AlarmGateway.Ring ring(AlarmStore.Call call) {
    Territory place = territories.byId(call.territory());
    return new AlarmGateway.Ring(
        call.id(),
        call.alarm(),
        call.number(),
        call.kind(),
        territories.nameForResident(place),
        place.code(),
        LEVELS.get(call.step()),
        call.round(),
        territories.dutyPhoneOf(place).orElse(null),
        call.rungAt(),
        publicUrl + "/console/cases/" + call.code());
  }

  /// The hours of the week in which an alarm would reach nobody; empty when all is well. The
  /// gateway reaches somebody at any hour if there is a duty telephone for the whole district;
  /// consoles reach somebody in working hours if anybody who looks after territory can sign in.
  public List<Silent> silentHours() {
    if (gateway != null && territories.dutyPhoneOf(territories.root()).isPresent()) {
      return List.of();
    }
    boolean manned = store.somebodySignsIn(db, Scope.ROLES);
    LocalDate monday = LocalDate.of(2025, 3, 3); // a week without a holiday
    WorkingCalendar hours = calendar.get();
    var silent = new ArrayList<Silent>();
    for (int hour = 0; hour < 7 * 24; hour++) {
      ZonedDateTime at = monday.atStartOfDay(hours.zone()).plusHours(hour);
      Duration open = hours.between(at.toInstant(), at.plusHours(1).toInstant());
      if (!manned || open.compareTo(Duration.ofHours(1)) < 0) {
        silent.add(new Silent(at.getDayOfWeek(), at.getHour()));
      }
    }
    return silent;
  }

  private Alarm visible(Sql sql, Staff staff, Scope scope, long id) {
    return read(store.visible(sql, staff, scope, id).orElseThrow(Refusal::notFound), scope);
  }

  private Alarm read(AlarmStore.Found found, Scope scope) {
    Territory place = territories.byId(found.territory());
    return found.alarm(AlarmStore.rank(scope), territories.dutyPhoneOf(place).orElse(null));
  }

  /// What rings and what is to be called, for whoever watches over the server.
  public List<Backlog> backlogs() {
    return store.backlogs(db, clock.instant());
  }
}
