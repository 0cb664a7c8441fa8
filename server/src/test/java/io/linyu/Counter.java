package io.linyu;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.linyu.bot.BotState;
import io.linyu.casework.Alarms;
import io.linyu.casework.Case;
import io.linyu.casework.CaseId;
import io.linyu.casework.Cases;
import io.linyu.casework.Casework;
import io.linyu.casework.Enclosures;
import io.linyu.casework.Handling;
import io.linyu.casework.Handovers;
import io.linyu.casework.Intake;
import io.linyu.casework.NewCase;
import io.linyu.casework.Opened;
import io.linyu.casework.Shifts;
import io.linyu.channel.AddressKey;
import io.linyu.channel.Content;
import io.linyu.community.Address;
import io.linyu.community.Community;
import io.linyu.community.Desk;
import io.linyu.community.ImportReport;
import io.linyu.community.Imports;
import io.linyu.community.OpeningHours;
import io.linyu.community.Staff;
import io.linyu.community.Territory;
import io.linyu.platform.Refusal;
import io.linyu.platform.auth.Vault;
import io.linyu.platform.db.Db;
import io.linyu.platform.events.Events;
import io.linyu.platform.redis.Redis;
import io.linyu.platform.text.Json;
import io.linyu.platform.time.Ticker;
import io.linyu.platform.time.WorkingCalendars;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.StringReader;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// One small community with three members of staff, one next door, and the doors behind a running
/// server: what pages need to have something to show.
public final class Counter implements AutoCloseable {
  public static final String ZHANG = "U1";
  public static final String LI = "U2";
  public static final String WANG = "U3";

  /// Of the community next door.
  public static final String SUN = "U4";

  public static final String PASSWORD = "qingyueyuan-3";

  /// Of the password, as cheap as Argon2id goes: many sign in.
  private static final String HASH =
      "$argon2id$v=19$m=8,t=1,p=1$dG93bnNmb2xrLXNhbHQtMQ$/LwuQ9SfsaeoZLjrt4+ks8OVyfLwB8BQWa0FEK6mK5k";

  private static final AtomicInteger NUMBER = new AtomicInteger();

  private final Vertx vertx = Vertx.vertx();
  private final Clock clock;
  private final Db db;
  private final Redis redis;
  private final Ticker ticker = new Ticker();
  public final Community community;
  public final Cases cases;
  public final Handling handling;
  public final Handovers handovers;
  public final Enclosures enclosures;
  public final Shifts shifts;
  private final Intake intake;
  public final Casework casework;
  private final Finishing finishing;
  public final Alarms alarms;
  public final Events events;

  public Counter(Settings settings, Clock clock) {
    this.clock = clock;
    this.db = Db.connect(vertx, settings.databaseUrl(), 4);
    this.redis = Redis.connect(settings.redisUrl(), settings.redisPrefix());
    this.events = new Events(db, clock);
    var calendars = new WorkingCalendars(db, settings.zone(), ticker);
    this.community =
        Community.open(
                db, new Vault(settings.secretsKey()), OpeningHours.ALWAYS, clock, settings.zone())
            .telling(redis);
    casework =
        Casework.open(
            db,
            events,
            clock,
            calendars,
            community,
            null,
            "http://localhost",
            Duration.ofMinutes(3));
    this.finishing = new Finishing(casework, community);
    this.cases = casework.cases();
    this.handling = casework.handling();
    this.handovers = casework.handovers();
    this.enclosures = casework.enclosures();
    this.shifts = casework.shifts();
    this.intake = casework.intake();
    this.alarms = casework.alarms();
    invent();
  }

  private void invent() {
    done(
        community
            .imports()
            .territory(
                new StringReader(
                    """
                    code,level,name,parent_code,type,phone,households,population,elderly60,lat,lng,extra
                    88,district,澜湖区,,district,12000000800,,,,,,
                    88001,street,望澜街道,88,urban,,,,,,,
                    88001001,community,清月园社区,88001,urban,,,,,,,
                    88001002,community,月塘社区,88001,urban,,,,,,,
                    88001001G1,group,一组,88001001,group,,,,,,,
                    88001001B1,building,1栋,88001001G1,building,,,,,,,
                    88001001B3,building,3栋,88001001G1,building,,,,,,,
                    """),
                new Imports.Options(false, true)));
    var staff = community.staff();
    hire(ZHANG, "张伟", "community_deputy", place("88001001"));
    hire(LI, "李敏", "community_deputy", place("88001001"));
    hire(WANG, "王芳", "street_dispatcher", place("88001"));
    hire(SUN, "孙丽", "community_deputy", place("88001002"));
    for (String each : List.of(ZHANG, LI, WANG, SUN)) {
      staff.setPasswordHash(each, HASH);
    }
  }

  private void hire(String code, String name, String role, Territory where) {
    if (community.staff().byCode(code).isEmpty()) { // or they have moved here with the database
      community.staff().add(code, name, role, where, "full_time", null);
    }
  }

  /// Somebody who leads the community, and works at its desk.
  public void hireSecretary(String code) {
    hire(code, "高岚", "community_secretary", place("88001001"));
    community.staff().setPasswordHash(code, HASH);
  }

  /// Somebody who leads the street.
  public void hireSupervisor(String code) {
    hire(code, "杜衡", "street_supervisor", place("88001"));
    community.staff().setPasswordHash(code, HASH);
  }

  /// Somebody who lives there and is asked to look; nobody who signs in.
  public Staff hireHead(String code, String name, String role, String where) {
    hire(code, name, role, place(where));
    return staff(code);
  }

  /// Somebody of the whole district.
  public void hireDispatcher(String code) {
    hire(code, "周敏", "district_dispatcher", place("88"));
    community.staff().setPasswordHash(code, HASH);
  }

  /// Somebody at the desk of a department; what the desk is called.
  public String hireAt(String code, String body) {
    hire(code, "水清", "department_handler", place("88"));
    community.staff().setPasswordHash(code, HASH);
    Desk desk = community.desks().ofBodyNear(body, place("88001001B3")).orElseThrow();
    community.staff().join(staff(code), desk);
    return desk.name();
  }

  private static void done(ImportReport report) {
    assertThat(report.isGood()).as("%s", report).isTrue();
  }

  public Territory place(String code) {
    return community.territories().byCode(code).orElseThrow();
  }

  public Db db() {
    return db;
  }

  /// Of a case, for its page.
  public String codeOf(String number) {
    return db.one("SELECT code FROM \"case\" WHERE number = $1", number).getString("code");
  }

  public Staff staff(String code) {
    return community.staff().byCode(code).orElseThrow();
  }

  /// A resident of building 3 whom staff call so.
  public Address resident(String called) {
    return db.inTransaction(tx -> {
      var key = new AddressKey("wechat", "main", "resident-" + NUMBER.incrementAndGet());
      Address address = requireNonNull(community.people().ensure(tx, List.of(key)).get(key));
      community.people().call(tx, address.personId(), called);
      community.people().bind(tx, address.personId(), place("88001001B3"));
      tx.execute(
          """
          INSERT INTO conversation (address_id, state, quota_left, quota_until)
          VALUES ($1, $2::text::jsonb, 5, $3)
          """,
          address.id(),
          Json.write(BotState.fresh()),
          clock.instant().plus(Duration.ofDays(2)).atOffset(ZoneOffset.UTC));
      return address;
    });
  }

  /// @param by `resident`, `bot`, `staff` or `system`
  public void said(Address with, String by, String text, Instant at) {
    db.execute(
        """
        INSERT INTO message (address_id, at, said_by, content) VALUES ($1, $2, $3, $4::text::jsonb)
        """,
        with.id(),
        at.atOffset(ZoneOffset.UTC),
        by,
        Json.write(Content.class, new Content.Text(text, null)));
  }

  public Opened told(Address by, String what, @Nullable String category, Instant said) {
    return db.inTransaction(tx ->
        intake.open(
            tx,
            NewCase.of(what, place("88001001B3").id(), "wechat")
                .by(by.personId(), by.id())
                .place("3栋")
                .category(category)
                .confirmed(true)
                .ready(),
            Future.succeededFuture(said)));
  }

  public Opened told(Address by, String what) {
    return told(by, what, null, clock.instant());
  }

  public void danger(Address by, String what, String kind) {
    danger(by, what, kind, place("88001001B3").id());
  }

  public void danger(Address by, String what, String kind, long where) {
    db.withinTransaction(tx -> {
      var draft =
          NewCase.of(what, where, "wechat")
              .by(by.personId(), by.id())
              .place("3栋")
              .confirmed(true)
              .ready();
      Opened opened = intake.handOff(tx, draft, Future.succeededFuture(clock.instant()), kind);
      var _ = alarms.ring(tx, opened.id(), by.id(), where, kind, clock.instant());
    });
  }

  /// Reported by this one, checked by another, and the resident is content.
  public Case finish(Staff staff, CaseId id, int version, String text) {
    return finishing.finish(staff, id, version, text);
  }

  /// What somebody does to a case as it stands.
  public interface Step {
    Case on(Case matter);
  }

  /// Once more where a rule came between, as time has passed.
  public Case asItStands(Staff staff, CaseId id, Step step) {
    while (true) {
      try {
        return step.on(cases.visibleTo(staff, id));
      } catch (Refusal refused) {
        if (!refused.code().equals("case-changed")) {
          throw refused;
        }
      }
    }
  }

  /// By somebody who did not do it.
  public Case check(Case reported) {
    return finishing.checked(reported);
  }

  /// The same, as far as the resident is asked in the chat.
  public Case finishAndAsk(Staff staff, CaseId id, int version, String text) {
    return finishing.checked(casework.checking().report(staff, id, version, text));
  }

  @Override
  public void close() {
    ticker.close();
    db.close();
    redis.close();
    vertx.close().await();
  }
}
