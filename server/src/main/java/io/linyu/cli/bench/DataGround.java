package io.linyu.cli.bench;

import io.linyu.casework.CaseEvent;
import io.linyu.casework.Casework;
import io.linyu.community.Community;
import io.linyu.community.audit.Who;
import io.linyu.demo.District;
import io.linyu.demo.Town;
import io.linyu.platform.CannotStart;
import io.linyu.platform.auth.Passwords;
import io.linyu.platform.auth.Vault;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Loading;
import io.linyu.platform.db.Migrations;
import io.linyu.platform.embedded.DataFolder;
import io.linyu.platform.embedded.EmbeddedServers;
import io.linyu.platform.embedded.Progress;
import io.linyu.platform.events.Events;
import io.linyu.platform.http.Front;
import io.linyu.platform.text.Json;
import io.linyu.platform.time.Ticker;
import io.linyu.platform.time.WorkingCalendars;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// PostgreSQL with fsync and Redis in a folder of their own, the shipped district with a
/// [Population], and a server on them, once it is started. A folder that has been filled before is
/// used as it is.
final class DataGround implements AutoCloseable {
  /// The community that has a multitude open.
  static final String BUSY = Town.QINGYUEYUAN;

  private static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");
  private static final String SECRETS = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
  private static final long SEED = 7;
  private static final int CONNECTIONS = 12;
  private static final Duration CLIMB = Duration.ofMinutes(3);

  /// Written when everything is in it.
  private static final String FILLED = "filled.json";

  /// What a folder was filled with.
  ///
  /// @param chains how many of the cases have a chain that verifies
  /// @param seconds it took
  record Filled(long cases, long people, long events, long messages, long chains, long seconds) {}

  /// Is told how far it is.
  @FunctionalInterface
  interface Told {
    void step(String what, Object detail);
  }

  private final Closings closings = new Closings();
  private final EmbeddedServers servers;
  private final Db db;
  private final Events events;
  private final Community community;
  private final Casework casework;
  private final WorkingCalendars calendars;
  private final String url;
  private final Filled filled;
  private final ServerProcess server;

  private DataGround(
      Path path,
      @Nullable Path programs,
      int cases,
      int people,
      List<String> postgres,
      List<String> options,
      Told told) {
    try {
      Path mark = path.resolve(FILLED);
      checkOurs(path, mark);
      DataFolder folder = closings.closing(DataFolder.own(path));
      servers =
          closings.closing(
              EmbeddedServers.start(
                  folder,
                  programs,
                  Stream.concat(Stream.of("max_wal_size=4GB"), postgres.stream()).toList(),
                  Progress.SILENT));
      url = servers.databaseUrl("linyu");
      Migrations.migrate(url);
      Vertx vertx = Vertx.vertx();
      var _ = closings.closing(() -> vertx.close().await());
      db = closings.closing(Db.connect(vertx, url, 4, Duration.ofMinutes(10)));
      var vault = new Vault(SECRETS);
      Clock clock = Clock.systemUTC();
      events = new Events(db, clock);
      community = Community.open(db, vault, clock, ZONE, Who.SERVER);
      try (var ticker = new Ticker()) {
        calendars = new WorkingCalendars(db, ZONE, ticker);
      }
      casework =
          Casework.open(db, events, clock, calendars, community, null, "http://localhost", CLIMB);
      if (!Files.exists(mark)) {
        Filled made = fill(url, vault, cases, people, told);
        Files.writeString(mark, Json.write(made));
      }
      filled = Json.read(Files.readString(mark), Filled.class);
      server =
          closings.closing(
              ServerProcess.node(
                  folder.path(),
                  "server",
                  ServerProcess.quietPort(new Random()),
                  options,
                  Map.of(
                      "LINYU_DATABASE_URL",
                      url,
                      "LINYU_REDIS_URL",
                      servers.redisUrl(),
                      "LINYU_SECRETS_KEY",
                      SECRETS)));
    } catch (IOException e) {
      close();
      throw new UncheckedIOException(e);
    } catch (RuntimeException failed) {
      close();
      throw failed;
    }
  }

  /// @param path new and empty, or filled by an earlier trial
  /// @param postgres settings of its own, as `name=value`
  /// @param options for the server's Java
  static DataGround open(
      Path path,
      @Nullable Path programs,
      int cases,
      int people,
      List<String> postgres,
      List<String> options,
      Told told) {
    return new DataGround(path, programs, cases, people, postgres, options, told);
  }

  /// The doors as one server has them, with as many connections as it has for staff.
  ///
  /// @param casework without anything that goes on by itself
  record Node(Db db, Events events, Community community, Casework casework) {}

  Node node() {
    Vertx vertx = Front.vertx(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
    var _ = closings.closing(() -> vertx.close().await());
    Db own = closings.closing(Db.connect(vertx, url, CONNECTIONS));
    Clock clock = Clock.systemUTC();
    var its = new Events(own, clock);
    Community theirs = Community.open(own, new Vault(SECRETS), clock, ZONE, Who.SERVER);
    return new Node(
        own,
        its,
        theirs,
        Casework.open(own, its, clock, calendars, theirs, null, "http://localhost", CLIMB));
  }

  /// Nothing is written into what somebody else has made.
  private static void checkOurs(Path path, Path mark) throws IOException {
    if (Files.exists(mark) || !Files.exists(path)) {
      return;
    }
    try (var inside = Files.list(path)) {
      if (inside.findAny().isPresent()) {
        throw new CannotStart("bench.folder-foreign", path);
      }
    }
  }

  /// Made of the others, once these have their indexes.
  private static final List<String> WORDS = List.of("case_words");

  private Filled fill(String url, Vault vault, int cases, int people, Told told) {
    long began = System.nanoTime();
    told.step("district", BUSY);
    District.load(community);
    var population =
        new Population(
            cases,
            people,
            SEED,
            Clock.systemUTC().instant(),
            BUSY,
            community,
            casework.categories(),
            calendars.get(),
            vault);
    List<String> all = Stream.concat(Population.TABLES.stream(), WORDS.stream()).toList();
    try (var loading = Loading.begin(url, all)) {
      population.pour(loading, done -> told.step("cases", done));
      loading.finish(Population.TABLES, table -> told.step("index", table));
      told.step("words", "");
      casework.words().write(1, population.written("case"));
      loading.finish(WORDS, table -> told.step("index", table));
    }
    told.step("roots", "");
    while (events.keepRootDue(ZONE)) {
      // one day after the other
    }
    told.step("chains", population.written("event"));
    List<String> broken = events.broken(CaseEvent.VOCABULARY);
    if (!broken.isEmpty()) {
      throw new IllegalStateException("chains do not verify: " + broken.getFirst());
    }
    return new Filled(
        population.written("case"),
        population.written("person"),
        population.written("event"),
        population.written("message"),
        population.written("case"),
        Duration.ofNanos(System.nanoTime() - began).toSeconds());
  }

  /// Lets somebody sign in.
  void admit(List<String> staff) {
    String hash = Passwords.hash(Town.PASSWORD); // slow on purpose, so made once
    staff.forEach(each -> community.staff().setPasswordHash(each, hash));
  }

  Filled filled() {
    return filled;
  }

  Db db() {
    return db;
  }

  Community community() {
    return community;
  }

  Casework casework() {
    return casework;
  }

  EmbeddedServers servers() {
    return servers;
  }

  ServerProcess server() {
    return server;
  }

  @Override
  public void close() {
    closings.close();
  }
}
