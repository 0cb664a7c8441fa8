package io.linyu.casework;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linyu.Finishing;
import io.linyu.Settings;
import io.linyu.TestClock;
import io.linyu.World;
import io.linyu.community.Community;
import io.linyu.community.Desk;
import io.linyu.community.Imports;
import io.linyu.community.OpeningHours;
import io.linyu.community.Staff;
import io.linyu.community.Territory;
import io.linyu.platform.Refusal;
import io.linyu.platform.auth.Vault;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Tx;
import io.linyu.platform.events.Events;
import io.linyu.platform.events.Told;
import io.linyu.platform.time.QuietHours;
import io.linyu.platform.time.Ticker;
import io.linyu.platform.time.WorkingCalendar;
import io.linyu.platform.time.WorkingCalendars;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.StringReader;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;

/// A small district with its offices: one street with two communities, the desks of the shipped
/// catalogue, a few people who work there. The time stands still on a Thursday at ten.
final class Bureau implements AutoCloseable {
  static final String TERRITORY =
      """
      code,level,name,parent_code,extra,duty_phone
      D,district,云溪区,,,
      S1,street,柳岸街道,D,,
      C1,community,清泉社区,S1,,12000000999
      C2,community,槐荫社区,S1,,
      C1G1,grid,清泉一格,C1,,
      C1Z1,group,一组,C1,,
      C1L03,building,3栋,C1Z1,C1G1,
      C2Z1,group,一组,C2,,
      """;

  final TestClock clock = TestClock.at("2026-03-12T10:00");
  final Db db;
  final Events events;
  final Community community;
  final Casework casework;
  final Cases cases;
  final Intake intake;
  final Handling handling;
  final Handovers handovers;
  final Urging urging;
  final Corrections corrections;
  final Inbox inbox;
  final Alarms alarms;
  final WorkingCalendars calendars;
  private final Vertx vertx = Vertx.vertx();
  private final Ticker ticker = new Ticker();

  Bureau() {
    this(null);
  }

  Bureau(@Nullable String webhook) {
    Settings settings = World.settings();
    db = Db.connect(vertx, settings.databaseUrl(), 8);
    events = new Events(db, clock);
    calendars = new WorkingCalendars(db, TestClock.ZONE, ticker);
    community =
        Community.open(
            db,
            new Vault(settings.secretsKey()),
            OpeningHours.of(calendars, calendars::refresh),
            clock,
            TestClock.ZONE);
    calendars.refresh();
    territory(TERRITORY);
    casework =
        Casework.open(
            db,
            events,
            clock,
            calendars,
            community,
            webhook,
            "https://linyu.example",
            Duration.ofMinutes(3));
    cases = casework.cases();
    intake = casework.intake();
    handling = casework.handling();
    handovers = casework.handovers();
    urging = casework.urging();
    corrections = casework.corrections();
    inbox = casework.inbox();
    alarms = casework.alarms();
  }

  /// Puts this in the place of what there is.
  void territory(String file) {
    good(community.imports().territory(new StringReader(file), Imports.Options.PLAIN));
  }

  private static void good(io.linyu.community.ImportReport report) {
    if (!report.isGood()) {
      throw new IllegalStateException(report.problems().toString());
    }
  }

  Territory place(String code) {
    return community.territories().byCode(code).orElseThrow();
  }

  WorkingCalendar calendar() {
    return calendars.get();
  }

  /// Somebody who works there, at the desk that goes with the role.
  Staff staff(String name, String role, String territory) {
    return community.staff().add("T-" + name, name, role, place(territory), "full_time", null);
  }

  /// What a resident tells, confirmed, in 3栋.
  NewCase told(String what, @Nullable String category) {
    return told(what, category, "C1L03", true, true);
  }

  NewCase told(
      String what, @Nullable String category, String territory, boolean known, boolean confirmed) {
    return NewCase.of(what, place(territory).id(), "wechat")
        .territoryKnown(known)
        .category(category)
        .confirmed(confirmed)
        .ready();
  }

  Opened open(NewCase draft) {
    return open(draft, clock.instant());
  }

  Opened open(NewCase draft, Instant said) {
    return db.inTransaction(tx -> intake.open(tx, draft, Future.succeededFuture(said)));
  }

  /// Reported by this one, checked by another, and the resident is content.
  Case finish(Staff staff, CaseId id, int version, String text) {
    return new Finishing(casework, community).finish(staff, id, version, text);
  }

  /// Sets a rule as the district does; nothing where it is so.
  void rule(LoopRule rule, LoopRule.Mode mode) {
    RuleSwitch is = casework.loopRules().current(rule);
    if (is.mode() != mode) {
      Staff district =
          community.staff().byCode("T-规").orElseGet(() -> staff("规", "district_dispatcher", "D"));
      casework.loopRules().set(district, "", rule, mode, is.version(), "试过了");
    }
  }

  /// Due work: what the rules want now.
  void applyRules() {
    while (casework.loopRules().applyDue()) {
      // there may be more
    }
  }

  Opened handOff(Tx tx, NewCase draft, String kind) {
    return intake.handOff(tx, draft, Future.succeededFuture(clock.instant()), kind);
  }

  /// What happened to it.
  List<Told<CaseEvent>> told(CaseId id) {
    return events.of(db, CaseEvent.VOCABULARY, id.value());
  }

  List<Told<CaseEvent>> told(Case matter) {
    return told(matter.id());
  }

  /// But for what other desks do beside it, such as keeping contact.
  List<Told<CaseEvent>> happened(Case matter) {
    return told(matter).stream()
        .filter(each ->
            !(each.event() instanceof CaseEvent.PartAsked
                || each.event() instanceof CaseEvent.PartMoved))
        .toList();
  }

  List<String> steps(Case matter) {
    return happened(matter).stream()
        .map(each -> String.valueOf(each.event().transition()))
        .toList();
  }

  List<String> delays(CaseId id) {
    return told(id).stream()
        .map(Told::event)
        .filter(CaseEvent.Delayed.class::isInstance)
        .map(CaseEvent.Delayed.class::cast)
        .map(each -> each.clock() + " " + each.due() + " " + each.said())
        .toList();
  }

  /// Notices what is late by now.
  void notice() {
    var quiet = new QuietHours(LocalTime.of(21, 0), LocalTime.of(8, 0));
    var pace =
        new Errands.Pace(Duration.ofMinutes(15), Duration.ofMinutes(10), quiet, TestClock.ZONE);
    while (casework.delays().noticeDue(pace)) {
      // there may be more
    }
  }

  /// Those that run, as this one sees them.
  List<String> clocks(Staff who, Case matter) {
    return cases.clocks(who, matter.id()).stream()
        .filter(CaseClock::isRunning)
        .map(each -> each.kind() + " " + each.dueAt())
        .toList();
  }

  Desk desk(String body, String territory) {
    return community.desks().at(place(territory)).stream()
        .filter(each -> each.body().equals(body))
        .findFirst()
        .orElseThrow();
  }

  long person() {
    return db.one("INSERT INTO person DEFAULT VALUES RETURNING id").getLong("id");
  }

  static NewCase toldBy(long person, NewCase told) {
    return told.again().by(person, null).ready();
  }

  static void assertRefused(String code, ThrowingCallable verb) {
    assertThatThrownBy(verb)
        .isInstanceOfSatisfying(
            Refusal.class, refused -> assertThat(refused.code()).isEqualTo(code));
  }

  /// The time by local wall clocks.
  static Instant at(String local) {
    return TestClock.instant(local);
  }

  @Override
  public void close() {
    ticker.close();
    db.close();
    vertx.close().await();
  }
}
