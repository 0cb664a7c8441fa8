package io.linyu;

import static java.util.Objects.requireNonNull;

import io.linyu.board.BoxBoardRoutes;
import io.linyu.board.ExampleBoardRoutes;
import io.linyu.board.RootRoutes;
import io.linyu.bot.Scripts;
import io.linyu.casework.Casework;
import io.linyu.casework.CaseworkRoutes;
import io.linyu.casework.Errands;
import io.linyu.casework.Spoken;
import io.linyu.channel.AccountKey;
import io.linyu.channel.Channels;
import io.linyu.channel.wechat.WechatAccount;
import io.linyu.channel.wechat.WechatCallback;
import io.linyu.channel.wechat.WechatChannel;
import io.linyu.channel.wechat.WechatForm;
import io.linyu.channel.wechat.WechatMenus;
import io.linyu.community.Community;
import io.linyu.community.OpeningHours;
import io.linyu.console.Console;
import io.linyu.insight.Insight;
import io.linyu.platform.auth.Keys;
import io.linyu.platform.auth.Vault;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Migrations;
import io.linyu.platform.events.Events;
import io.linyu.platform.health.Health;
import io.linyu.platform.health.Problem;
import io.linyu.platform.http.Front;
import io.linyu.platform.http.Live;
import io.linyu.platform.http.Page;
import io.linyu.platform.http.Routes;
import io.linyu.platform.redis.Redis;
import io.linyu.platform.time.Ticker;
import io.linyu.platform.time.WorkingCalendars;
import io.linyu.reception.PassingCodes;
import io.linyu.reception.ReceptionRoom;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The wiring, top to bottom. What started last stops first.
public final class App implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(App.class);

  private static final int GOODBYE_SECONDS = 5;

  private final Deque<Closing> closings = new ArrayDeque<>();
  private @Nullable Rooms rooms;
  private int port;

  private final AtomicBoolean stopping = new AtomicBoolean();

  private record Closing(String what, AutoCloseable how) {}

  public static App start(Settings settings, Clock clock) {
    return start(settings, clock, _ -> List.of());
  }

  /// @param beside pages that stand beside those of the rooms
  public static App start(Settings settings, Clock clock, Function<Rooms, List<Routes>> beside) {
    return start(settings, clock, Path.of("config", "menu.yaml"), beside);
  }

  /// @param menu of what the file says that makes the menus of our accounts
  public static App start(
      Settings settings, Clock clock, Path menu, Function<Rooms, List<Routes>> beside) {
    var app = new App();
    try {
      app.open(settings, clock, menu, beside);
      return app;
    } catch (RuntimeException failed) {
      app.close();
      throw failed;
    }
  }

  public int port() {
    return port;
  }

  public Rooms rooms() {
    return requireNonNull(rooms);
  }

  private void open(
      Settings settings, Clock clock, Path menu, Function<Rooms, List<Routes>> beside) {
    // Side by side, for a quick start.
    CompletableFuture<Redis> reaching =
        CompletableFuture.supplyAsync(
            () -> Redis.connect(settings.redisUrl(), settings.redisPrefix()));
    closing(
        "redis",
        () -> {
          var _ = reaching.thenAccept(Redis::close); // where it was reached
        });
    int steps = Migrations.migrate(settings.databaseUrl());
    Redis redis = reached(reaching);

    var metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    Vertx vertx = Front.vertx(metrics);
    // Connections that fell silent would have it wait for their last word.
    closing("vertx", () -> vertx.close().await(GOODBYE_SECONDS, TimeUnit.SECONDS));
    Vault vault =
        Keys.open(
            vertx,
            settings.databaseUrl(),
            settings.secretsKey(),
            Community.SEALED,
            clock.instant());
    Db db =
        closing("database", Db.connect(vertx, settings.databaseUrl(), 12, Keys.announced(vault)));
    // Of their own: pages that take long do not keep residents waiting.
    Db turns =
        closing(
            "database", Db.connectForKeys(vertx, settings.databaseUrl(), 8, Keys.announced(vault)));
    // Listeners ask a few things by their keys, and thousands of times.
    Db listening =
        closing(
            "database", Db.connectForKeys(vertx, settings.databaseUrl(), 4, Keys.announced(vault)));
    // Before the due work, which ends what it has begun to send.
    var wechat =
        closing(
            "wechat", new WechatChannel(wechatAccounts(settings.wechat()), redis, clock, metrics));
    wechat.reachedAt(settings.http().publicUrl());
    Ticker ticker = closing("due work", new Ticker(metrics));
    Events events = new Events(listening, clock);

    Page page =
        settings.http().templates() == null
            ? Page.compiled()
            : Page.live(settings.http().templates(), Path.of("target", "live-templates"));

    Live live = new Live(vertx, redis);
    var health = new Health(db, redis, disk(settings), clock, metrics);
    health.queues(events::backlogs);
    health.parking(events::parked);

    var platform =
        new Platform(
            settings, clock, vertx, vault, db, turns, steps, redis, ticker, events, page, live,
            metrics, health, stopping);
    wechat.menus(
        new WechatMenus(
            wechat, menu, settings.http().publicUrl(), () -> Scripts.shipped().menuKeys()));
    List<Routes> routes = rooms(platform, wechat, beside);
    port =
        closing("web", Web.start(platform, routes, () -> rooms().community().territories().phone()))
            .port();
    closing("live pages", live);
    closing("draining", () -> drain(settings.http().drain()));
    closing("tries of our own", () -> rooms().reception().probes().rest());
    health.watch(ticker);
    LOG.info("listening on {}", port);
  }

  private static Redis reached(CompletableFuture<Redis> reaching) {
    try {
      return reaching.join();
    } catch (CompletionException failed) {
      throw failed.getCause() instanceof RuntimeException why ? why : failed;
    }
  }

  /// What the rooms stand on.
  ///
  /// @param turns connections for residents' turns alone
  /// @param steps of the migrations, that the database has behind it
  record Platform(
      Settings settings,
      Clock clock,
      Vertx vertx,
      Vault vault,
      Db db,
      Db turns,
      int steps,
      Redis redis,
      Ticker ticker,
      Events events,
      Page page,
      Live live,
      PrometheusMeterRegistry metrics,
      Health health,
      AtomicBoolean stopping) {}

  /// The rooms, in the order in which one needs the other.
  private List<Routes> rooms(
      Platform on, WechatChannel wechat, Function<Rooms, List<Routes>> beside) {
    Settings settings = on.settings();
    on.redis().subscribe("events", _ -> on.events().ring());
    on.events().keepRoots(on.ticker(), settings.zone());
    var calendars = new WorkingCalendars(on.db(), settings.zone(), on.ticker());
    on.redis().subscribe(WorkingCalendars.TOPIC, _ -> Thread.ofVirtual().start(calendars::refresh));
    var community =
        Community.open(
                on.db(), on.vault(), hours(calendars, on.redis()), on.clock(), settings.zone())
            .running(on.redis(), on.ticker(), settings.console().auditKept());

    var accounts = wechatAccounts(settings.wechat());
    var casework =
        Casework.open(
                on.db(),
                on.events(),
                on.clock(),
                calendars,
                community,
                settings.alarm().webhook(),
                settings.http().publicUrl(),
                settings.alarm().climbEvery())
            .running(on.redis(), on.ticker());
    on.health().hinting(() -> missed(calendars, on.clock().instant()));
    on.health().queues(casework.alarms()::backlogs);
    on.health().queues(casework.words()::backlogs);
    on.health().queues(casework.errands()::backlogs);
    on.health().queues(casework.shifts()::backlogs);
    on.health().queues(() -> List.of(casework.requests().backlog()));
    var channels = new Channels(List.of(wechat));
    var bot = Scripts.shipped();
    var reception =
        ReceptionRoom.open(
            on.vertx(),
            on.db(),
            on.turns(),
            on.redis(),
            on.events(),
            on.ticker(),
            on.live(),
            on.page(),
            on.metrics(),
            on.health(),
            on.clock(),
            settings.zone(),
            settings.http().publicUrl(),
            homeOfAccount(settings),
            probeEvery(settings),
            channels,
            community,
            calendars,
            casework.cases(),
            casework.enclosures(),
            casework.intake(),
            casework.urging(),
            casework.visits(),
            casework.checking(),
            casework.appealing(),
            casework.alarms(),
            casework.known(),
            casework.suspicions(),
            casework.merging(),
            casework.errands(),
            casework.requests(),
            () -> bot,
            on.vault());
    var pace =
        new Errands.Pace(
            settings.calls().claimWithin(),
            settings.calls().answerWithin(),
            settings.calls().quiet(),
            settings.zone());
    casework.catchUps().start(on.ticker(), pace, reception.digests());
    casework.errands().start(on.ticker(), on.metrics(), pace, reception.staff());
    casework.requests().start(on.ticker(), pace, reception.heads());
    casework.delays().start(on.ticker(), pace);
    casework.visits().start(on.ticker(), pace, reception.carrier());
    casework.examples().start(on.ticker(), pace);
    casework.recounts().start(on.ticker(), calendars);
    casework.loopRules().start(on.ticker());
    casework.rootCauses().start(on.events(), on.ticker());
    casework.shifts().start(on.ticker(), pace, reception.lead());
    casework.boxes().start(on.ticker(), pace, reception.boxes());
    casework.boxOpenings().start(on.ticker());
    casework.rounds().start(on.ticker());
    casework.words().ask(reception.said());
    casework.handIns().keptBy(reception.papers());
    casework
        .spoken()
        .start(
            on.vault(),
            (said, language) ->
                bot.peril(said, language)
                    .map(each -> new Spoken.Danger(each.kind(), each.number(), each.advice())));

    var routes = new ArrayList<Routes>();
    routes.add(
        new WechatCallback(on.vertx(), accounts, on.clock(), reception.reception(), on.metrics()));
    routes.addAll(
        Console.routes(
            community,
            on.live(),
            on.page(),
            on.redis(),
            on.db(),
            on.clock(),
            settings.zone(),
            settings.http().publicUrl(),
            settings.console().secondFactor()::isRequiredOf,
            new PassingCodes(channels)::toWork));
    // Behind the console's guard, which is mounted first.
    routes.addAll(reception.routes());
    routes.addAll(
        CaseworkRoutes.all(
            on.db(),
            on.redis(),
            on.events(),
            on.ticker(),
            on.live(),
            on.page(),
            on.clock(),
            settings.zone(),
            settings.http().publicUrl(),
            calendars,
            community,
            channels.names(),
            casework));
    routes.add(new RootRoutes(on.events(), on.redis()));
    routes.add(
        new BoxBoardRoutes(
            casework.boxes(),
            community.territories(),
            on.redis(),
            on.page(),
            on.clock(),
            settings.zone(),
            settings.http().publicUrl().startsWith("https:")));
    routes.add(
        new ExampleBoardRoutes(
            casework.examples(),
            community.territories(),
            on.redis(),
            on.page(),
            on.clock(),
            settings.zone(),
            settings.http().publicUrl().startsWith("https:")));
    var insight =
        Insight.open(
                on.db(),
                on.events(),
                on.clock(),
                casework.cases(),
                casework.catchUps(),
                casework.rounds(),
                community.territories(),
                community.audit(),
                calendars)
            .running(on.ticker());
    casework.archiving().start(on.ticker(), insight.evaluations()::recorded);
    routes.addAll(
        insight.routes(on.db(), community.audit(), settings.http().publicUrl(), on.page()));
    var doors = new Rooms(on.db(), on.ticker(), on.page(), community, casework, reception, insight);
    routes.addAll(beside.apply(doors));
    rooms = doors;
    return routes;
  }

  /// The adapter's own shape of the settings.
  public static Map<String, WechatAccount> wechatAccounts(Map<String, Settings.Wechat> accounts) {
    return accounts.entrySet().stream()
        .collect(
            Collectors.toUnmodifiableMap(
                Map.Entry::getKey,
                each -> {
                  Settings.Wechat account = each.getValue();
                  return new WechatAccount(
                      account.appId(),
                      account.secret(),
                      account.token(),
                      account.previousToken(),
                      account.aesKey(),
                      account.previousAesKey(),
                      WechatAccount.Mode.valueOf(account.mode().name()),
                      account.apiBase(),
                      account.openBase(),
                      new WechatAccount.Rights(
                          account.rights().service(),
                          account.rights().verified(),
                          form(account.rights().notice()),
                          form(account.rights().template())),
                      account.verification());
                }));
  }

  private static @Nullable WechatForm form(Settings.Wechat.@Nullable Form form) {
    return form == null
        ? null
        : new WechatForm(form.id(), WechatForm.fields(form.fields()), form.standing());
  }

  /// Code of the home territory by account; those without one are not in it. Each channel puts its
  /// own beside the others'.
  public static Map<AccountKey, String> homeOfAccount(Settings settings) {
    var homes = new HashMap<AccountKey, String>();
    settings
        .wechat()
        .forEach((name, account) -> {
          String home = account.territory();
          if (home != null) {
            homes.put(new AccountKey(WechatChannel.NAME, name), home);
          }
        });
    return Map.copyOf(homes);
  }

  /// How often each account is tried; those of channels that try nothing are not in it.
  private static Map<AccountKey, Duration> probeEvery(Settings settings) {
    var every = new HashMap<AccountKey, Duration>();
    settings
        .wechat()
        .forEach((name, account) ->
            every.put(new AccountKey(WechatChannel.NAME, name), account.probeEvery()));
    return Map.copyOf(every);
  }

  /// Where the database that this server brings along keeps its files.
  private static @Nullable Path disk(Settings settings) {
    Path own = settings.dataDir().resolve("postgres");
    return Files.isDirectory(own) ? settings.dataDir() : null;
  }

  private static Optional<Problem> missed(WorkingCalendars calendars, Instant now) {
    OptionalInt year = calendars.missed(now);
    return year.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Problem(Problem.Kind.HOLIDAYS_MISSED, Integer.toString(year.getAsInt()), 0, null));
  }

  private static OpeningHours hours(WorkingCalendars calendars, Redis redis) {
    return OpeningHours.of(
        calendars,
        () -> {
          calendars.refresh();
          redis.publish(WorkingCalendars.TOPIC, "");
        });
  }

  /// Still answers everybody, and says that it will not for long.
  private void drain(Duration time) throws InterruptedException {
    stopping.set(true);
    if (time.isPositive()) {
      LOG.info("stopping in {} s", time.toSeconds());
      Thread.sleep(time);
    }
  }

  @Override
  public void close() {
    while (!closings.isEmpty()) {
      Closing next = closings.pop();
      try {
        next.how().close();
      } catch (Exception e) {
        LOG.warn("{} did not close", next.what(), e);
      }
    }
  }

  private <C extends AutoCloseable> C closing(String what, C resource) {
    closings.push(new Closing(what, resource));
    return resource;
  }
}
