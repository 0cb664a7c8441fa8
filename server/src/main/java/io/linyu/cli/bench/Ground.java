package io.linyu.cli.bench;

import io.linyu.casework.Casework;
import io.linyu.community.Community;
import io.linyu.community.ImportReport;
import io.linyu.community.Imports;
import io.linyu.community.Staff;
import io.linyu.community.Territory;
import io.linyu.community.audit.Who;
import io.linyu.platform.auth.Vault;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Migrations;
import io.linyu.platform.embedded.DataFolder;
import io.linyu.platform.embedded.EmbeddedServers;
import io.linyu.platform.embedded.Progress;
import io.linyu.platform.events.Events;
import io.linyu.platform.time.Ticker;
import io.linyu.platform.time.WorkingCalendars;
import io.linyu.simulator.wechat.Account;
import io.linyu.simulator.wechat.WechatSimulator;
import io.vertx.core.Vertx;
import java.io.StringReader;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// What a trial stands on: PostgreSQL with fsync and Redis in a folder of their own, the platform,
/// a small community, and one server or more that are ready.
///
/// The doors here work on the same database as the server, as those of a second node would.
final class Ground implements AutoCloseable {
  static final String HOME = "bld:88001001B3";

  private static final String MAIN = "LINYU_WECHAT_ACCOUNTS_MAIN_";
  private static final String API_BASE = MAIN + "APIBASE";
  private static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");

  /// Who comes to the console.
  static final String LOGIN = "U3";

  static final String PASSWORD = "qingyueyuan-3";

  private static final String SECRETS = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
  private static final String TERRITORY =
      """
      code,level,name,parent_code,type,households,population,elderly60,lat,lng,extra
      88,district,澜湖区,,district,,,,,,
      88001,street,望澜街道,88,urban,,,,,,
      88001001,community,清月园社区,88001,urban,,,,,,
      88001001G1,group,一组,88001001,group,,,,,,
      88001001B1,building,1栋,88001001G1,building,,,,,,
      88001001B3,building,3栋,88001001G1,building,,,,,,
      """;

  private final Closings closings = new Closings();
  private final EmbeddedServers servers;
  private final WechatSimulator wechat;
  private final Db db;
  private final Events events;
  private final Casework casework;
  private final Map<Long, Staff> staffAt = new HashMap<>();
  private final Map<String, String> settings;
  private final List<ServerProcess> nodes;

  private Ground(
      Path path,
      @Nullable Path programs,
      int size,
      List<String> postgres,
      List<String> options,
      Map<String, String> more,
      Random random) {
    try {
      Clock clock = Clock.systemUTC();
      DataFolder folder = closings.closing(DataFolder.own(path));
      servers =
          closings.closing(EmbeddedServers.start(folder, programs, postgres, Progress.SILENT));
      String url = servers.databaseUrl("linyu");
      Migrations.migrate(url);

      Vertx vertx = Vertx.vertx();
      var _ = closings.closing(() -> vertx.close().await());
      db = closings.closing(Db.connect(vertx, url, 4));
      events = new Events(db, clock);
      try (var ticker = new Ticker()) {
        var calendars = new WorkingCalendars(db, ZONE, ticker);
        var community = Community.open(db, new Vault(SECRETS), clock, ZONE, Who.SERVER);
        invent(community);
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
      }
      wechat = closings.closing(WechatSimulator.start(Account.invented(Account.Mode.SAFE), clock));
      settings = settings(url);
      settings.putAll(more);
      nodes =
          IntStream.rangeClosed(1, size)
              .mapToObj(i ->
                  closings.closing(
                      ServerProcess.node(
                          folder.path(),
                          "node-" + i,
                          ServerProcess.quietPort(random),
                          options,
                          settingsOf("node-" + i))))
              .toList();
      ServerProcess.startAll(nodes);
      wechat.pushTo(nodes.stream().map(each -> each.url("/wechat/main")).toArray(String[]::new));
    } catch (RuntimeException failed) {
      close();
      throw failed;
    }
  }

  /// @param size how many servers
  /// @param postgres options of PostgreSQL
  /// @param options for the server's Java
  static Ground open(
      Path path,
      @Nullable Path programs,
      int size,
      List<String> postgres,
      List<String> options,
      Random random) {
    return new Ground(path, programs, size, postgres, options, Map.of(), random);
  }

  /// One server, with settings of its own.
  ///
  /// @param more `LINYU_…` variables
  static Ground open(
      Path path,
      @Nullable Path programs,
      List<String> options,
      Map<String, String> more,
      Random random) {
    return new Ground(path, programs, 1, List.of(), options, more, random);
  }

  private Map<String, String> settings(String database) {
    Account account = wechat.account();
    return new HashMap<>(
        Map.ofEntries(
            Map.entry("LINYU_DATABASE_URL", database),
            Map.entry("LINYU_REDIS_URL", servers.redisUrl()),
            Map.entry("LINYU_SECRETS_KEY", SECRETS),
            Map.entry(MAIN + "APPID", account.appId()),
            Map.entry(MAIN + "SECRET", account.secret()),
            Map.entry(MAIN + "TOKEN", account.token()),
            Map.entry(MAIN + "AESKEY", String.valueOf(account.aesKey())),
            Map.entry(MAIN + "TERRITORY", "88"),
            Map.entry(API_BASE, wechat.apiBase())));
  }

  private Map<String, String> settingsOf(String node) {
    var own = new HashMap<>(settings);
    own.put(API_BASE, wechat.apiBase(node));
    return own;
  }

  /// Somebody at the desk of every level that takes whatever comes.
  private void invent(Community community) {
    ImportReport report =
        community.imports().territory(new StringReader(TERRITORY), Imports.Options.PLAIN);
    if (!report.isGood()) {
      throw new IllegalStateException(report.toString());
    }
    hire(community, "U1", "张伟", "community_deputy", "88001001");
    hire(community, "U2", "王芳", "street_dispatcher", "88001");
    hire(community, LOGIN, "章宪", "district_dispatcher", "88");
    community.staff().setPassword(LOGIN, PASSWORD);
  }

  private void hire(Community community, String code, String name, String role, String where) {
    Territory territory = community.territories().byCode(where).orElseThrow();
    Staff hired = community.staff().add(code, name, role, territory, "full_time", null);
    hired.desks().forEach(desk -> staffAt.put(desk, hired));
  }

  /// Of the server, as `LINYU_…` variables.
  Map<String, String> settings() {
    return settings;
  }

  EmbeddedServers servers() {
    return servers;
  }

  /// The first, or the only one.
  ServerProcess server() {
    return nodes.getFirst();
  }

  List<ServerProcess> nodes() {
    return nodes;
  }

  WechatSimulator wechat() {
    return wechat;
  }

  Db db() {
    return db;
  }

  Events events() {
    return events;
  }

  Casework casework() {
    return casework;
  }

  /// Who works at a desk, by its id.
  Map<Long, Staff> staffAt() {
    return staffAt;
  }

  @Override
  public void close() {
    closings.close();
  }
}
