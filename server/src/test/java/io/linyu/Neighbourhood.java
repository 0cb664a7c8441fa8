package io.linyu;

import static java.util.Objects.requireNonNull;

import io.linyu.community.Community;
import io.linyu.platform.db.Migrations;
import io.linyu.platform.embedded.Ports;
import io.linyu.simulator.wechat.Account;
import io.linyu.simulator.wechat.Phone;
import io.linyu.simulator.wechat.WechatSimulator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// A running server with its own database, and the WeChat that residents reach it by.
public final class Neighbourhood implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  public final RunningClock clock = new RunningClock();
  public final WechatSimulator wechat;
  private final @Nullable WechatSimulator second;
  public final Settings settings;
  private final Path menu;
  private App app;
  private @Nullable Connection asking;

  public Neighbourhood(Account.Mode mode) {
    this(mode, World.settings(), Settings.Wechat.Rights.VERIFIED);
  }

  private Neighbourhood(Account.Mode mode, Settings plain, Settings.Wechat.Rights rights) {
    this(mode, plain, rights, false);
  }

  private Neighbourhood(
      Account.Mode mode, Settings plain, Settings.Wechat.Rights rights, boolean two) {
    this(mode, plain, rights, two, Duration.ZERO);
  }

  private Neighbourhood(
      Account.Mode mode,
      Settings plain,
      Settings.Wechat.Rights rights,
      boolean two,
      Duration probeEvery) {
    Account account = Account.invented(mode);
    wechat = WechatSimulator.start(account, clock);
    Account other =
        new Account(
            "gh_second",
            "wxsecond0123456789",
            account.secret(),
            account.token(),
            account.aesKey(),
            mode);
    second = two ? WechatSimulator.start(other, clock) : null;
    Map<String, Settings.Wechat> accounts = new HashMap<>();
    accounts.put("main", at(account, mode, wechat, rights).withProbe(probeEvery));
    if (second != null) {
      accounts.put("second", at(other, mode, second, rights));
    }
    settings =
        new Settings(
            plain.http(),
            plain.databaseUrl(),
            plain.redisUrl(),
            plain.redisPrefix(),
            plain.dataDir(),
            plain.zone(),
            plain.secretsKey(),
            plain.alarm(),
            plain.console(),
            plain.calls(),
            accounts);
    menu = temporary();
    app = App.start(settings, clock, menu, _ -> List.of());
    wechat.pushTo(url("/wechat/main"));
    wechat.registerPages("localhost");
    if (second != null) {
      second.pushTo(url("/wechat/second"));
    }
  }

  private static Settings.Wechat at(
      Account account, Account.Mode mode, WechatSimulator platform, Settings.Wechat.Rights rights) {
    return new Settings.Wechat(
        account.appId(),
        account.secret(),
        account.token(),
        null,
        account.aesKey(),
        null,
        Settings.Wechat.Mode.valueOf(mode.name()),
        null,
        platform.apiBase(),
        platform.apiBase(),
        rights,
        null);
  }

  private static Path temporary() {
    try {
      Path folder = Files.createTempDirectory(Path.of("target"), "menu");
      return folder.resolve("menu.yaml");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /// The file that makes the menu; there is none at first.
  public Path menu() {
    return menu;
  }

  /// With a second public account, `second`: the same resident has two addresses.
  public static Neighbourhood withTwoAccounts() {
    return withTwoAccounts(Settings.Wechat.Rights.VERIFIED);
  }

  /// @param rights of both
  public static Neighbourhood withTwoAccounts(Settings.Wechat.Rights rights) {
    return new Neighbourhood(Account.Mode.SAFE, World.settings(), rights, true);
  }

  /// Somebody who follows the second account.
  public Phone secondFollower(String name) {
    return requireNonNull(second).phone(name);
  }

  /// Reached under its public address, as pages must be to which a platform sends browsers back.
  public static Neighbourhood atItsAddress(Settings.Wechat.Rights rights) {
    return atItsAddress(rights, World.settings());
  }

  /// @param plain with another Redis, say
  public static Neighbourhood atItsAddress(Settings.Wechat.Rights rights, Settings plain) {
    int port = freePort();
    Settings.Http usual = plain.http();
    var http =
        new Settings.Http(
            usual.host(),
            port,
            "http://localhost:" + port,
            usual.trusted(),
            usual.drain(),
            usual.templates());
    return new Neighbourhood(Account.Mode.SAFE, plain.withHttp(http), rights);
  }

  /// Behind this proxy, which stands at the public address; it tries by itself every five minutes
  /// whether residents get through.
  public static Neighbourhood behind(ReverseProxy front) {
    Settings plain = World.settings();
    Settings.Http usual = plain.http();
    var http =
        new Settings.Http(
            usual.host(), 0, front.url(), usual.trusted(), usual.drain(), usual.templates());
    var town =
        new Neighbourhood(
            Account.Mode.SAFE,
            plain.withHttp(http),
            Settings.Wechat.Rights.VERIFIED,
            false,
            Settings.Wechat.PROBE_USUAL);
    front.leadsTo(town.url(""));
    return town;
  }

  private static int freePort() {
    try {
      return Ports.free();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static Neighbourhood open() {
    return new Neighbourhood(Account.Mode.SAFE);
  }

  /// With an account of another kind, or with notices.
  public static Neighbourhood with(Settings.Wechat.Rights rights) {
    return new Neighbourhood(Account.Mode.SAFE, World.settings(), rights);
  }

  /// With a database that is reached in another way.
  public static Neighbourhood withDatabase(String url) {
    Settings plain = World.settings();
    return new Neighbourhood(
        Account.Mode.SAFE,
        plain.withServers(url, plain.redisUrl(), plain.secretsKey()),
        Settings.Wechat.Rights.VERIFIED);
  }

  /// The doors of the running server.
  public Rooms rooms() {
    return app.rooms();
  }

  /// Somebody to work at the desks; returns when the running server knows of them.
  public Counter counter() {
    var counter = new Counter(settings, clock);
    Community known = rooms().community();
    until(
        "the server knows who came last",
        () ->
            known
                .territories()
                .byCode("88001002")
                .map(known.desks()::fallbackFor)
                .filter(known.desks()::isStaffed)
                .isPresent());
    return counter;
  }

  public String url(String path) {
    return "http://localhost:" + app.port() + path;
  }

  /// Somebody who follows the account.
  public Phone follower(String name) {
    return wechat.phone(name);
  }

  /// The first column of each row.
  public synchronized List<String> sql(String query) {
    try (var statement = asking().createStatement()) {
      var found = new ArrayList<String>();
      if (statement.execute(query)) {
        ResultSet rows = statement.getResultSet();
        while (rows.next()) {
          @Nullable String value = rows.getString(1);
          found.add(value == null ? "null" : value);
        }
      }
      return found;
    } catch (SQLException e) {
      throw new IllegalStateException(query, e);
    }
  }

  /// One for all questions: a new one costs more than most of them.
  private synchronized Connection asking() throws SQLException {
    Connection known = asking;
    if (known == null || !known.isValid(1)) {
      known = DriverManager.getConnection(Migrations.jdbcUrl(settings.databaseUrl()));
      asking = known;
    }
    return known;
  }

  public String sqlOne(String query) {
    return requireNonNull(sql(query).getFirst());
  }

  /// Something for this person that had no way to go out.
  public void park(Phone phone, String text) {
    outbound(phone, text, "'waiting', 'inbox', NULL");
  }

  /// Something for this person with which the platform was told to be left alone until tomorrow.
  public void holdBack(Phone phone, String text) {
    outbound(phone, text, "'queued', 'customer_service', now() + interval '1 day'");
  }

  private void outbound(Phone phone, String text, String how) {
    var _ =
        sql(
            """
            WITH whose AS (SELECT id FROM address WHERE external_id = '%s'),
                 waits AS (
                   UPDATE conversation SET waiting = true
                    WHERE address_id = (SELECT id FROM whose))
            INSERT INTO outbound
                   (message_key, address_id, text, state, way, next_due_at, created_at, updated_at)
            SELECT 'parked:' || id || ':' || gen_random_uuid(), id, '%s', %s, now(), now() FROM whose
            """
                .formatted(phone.openid(), text, how));
  }

  /// A lock that somebody else holds until it is closed.
  public Held holding(String lock) {
    try {
      var connection = DriverManager.getConnection(Migrations.jdbcUrl(settings.databaseUrl()));
      connection.setAutoCommit(false);
      try (var statement = connection.createStatement()) {
        statement.execute(lock);
      }
      return () -> {
        connection.rollback();
        connection.close();
      };
    } catch (SQLException e) {
      throw new IllegalStateException(lock, e);
    }
  }

  /// See [#holding].
  public interface Held extends AutoCloseable {
    @Override
    void close() throws SQLException;
  }

  /// Nobody can reach the database until [#bringDatabaseBack].
  public void takeDatabaseAway() {
    admin("ALTER DATABASE " + database() + " ALLOW_CONNECTIONS false");
    admin(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '"
            + database()
            + "'");
  }

  public void bringDatabaseBack() {
    admin("ALTER DATABASE " + database() + " ALLOW_CONNECTIONS true");
  }

  /// From now on nothing is done by rule: what somebody does to a case days later is done to what
  /// they know of it, wherever the rules would have sent it meanwhile.
  public void withoutRules() {
    var _ =
        sql(
            """
            INSERT INTO rule_switch (rule, version, mode)
            SELECT rule, max(version) + 1, 'off' FROM rule_switch GROUP BY rule
            """);
  }

  public void until(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("not in time: " + what);
      }
      LockSupport.parkNanos(20_000_000);
    }
  }

  /// A figure of the server's own, without labels.
  public double metric(String name) {
    try (var http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      String all =
          http.send(
                  HttpRequest.newBuilder(URI.create(url("/metrics"))).build(),
                  BodyHandlers.ofString())
              .body();
      return all.lines()
          .filter(line -> line.startsWith(name + " "))
          .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
          .findFirst()
          .orElse(0);
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private String database() {
    String url = settings.databaseUrl();
    return url.substring(url.lastIndexOf('/') + 1);
  }

  private void admin(String statement) {
    String url = settings.databaseUrl();
    String admin = url.substring(0, url.lastIndexOf('/') + 1) + "postgres";
    try (var connection = DriverManager.getConnection(Migrations.jdbcUrl(admin));
        var run = connection.createStatement()) {
      run.execute(statement);
    } catch (SQLException e) {
      throw new IllegalStateException(statement, e);
    }
  }

  @Override
  public void close() {
    app.close();
    wechat.close();
    if (second != null) {
      second.close();
    }
    try {
      if (asking != null) {
        asking.close();
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
