package io.linyu;

import io.linyu.community.Community;
import io.linyu.community.OpeningHours;
import io.linyu.console.Console;
import io.linyu.platform.auth.Vault;
import io.linyu.platform.db.Db;
import io.linyu.platform.events.Events;
import io.linyu.platform.http.Assets;
import io.linyu.platform.http.Failures;
import io.linyu.platform.http.Live;
import io.linyu.platform.http.Page;
import io.linyu.platform.http.Routes;
import io.linyu.platform.redis.Redis;
import io.linyu.platform.time.Ticker;
import io.linyu.platform.time.WorkingCalendars;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.healthchecks.Status;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.healthchecks.HealthCheckHandler;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import io.vertx.micrometer.PrometheusScrapingHandler;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The wiring, top to bottom. What started last stops first.
public final class App implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(App.class);
  private static final String STRICT =
      "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self' blob:;"
          + " object-src 'none'; base-uri 'none'; frame-ancestors 'self'; form-action 'self'";

  private final Deque<Closing> closings = new ArrayDeque<>();
  private int port;

  private record Closing(String what, AutoCloseable how) {}

  public static App start(Settings settings, Clock clock) {
    var app = new App();
    try {
      app.open(settings, clock);
      return app;
    } catch (RuntimeException failed) {
      app.close();
      throw failed;
    }
  }

  public int port() {
    return port;
  }

  private void open(Settings settings, Clock clock) {
    migrate(settings.databaseUrl());

    Redis redis = closing("redis", Redis.connect(settings.redisUrl(), settings.redisPrefix()));
    var metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    Vertx vertx = vertx(metrics);
    closing("vertx", () -> vertx.close().await());
    Db db = closing("database", Db.connect(vertx, settings.databaseUrl(), 16));
    Ticker ticker = closing("due work", new Ticker());
    Events events = new Events(db, clock);

    Page page =
        settings.http().templates() == null
            ? Page.compiled()
            : Page.live(settings.http().templates(), Path.of("target", "live-templates"));

    Live live = new Live(vertx, redis);

    var platform =
        new Platform(settings, clock, vertx, db, redis, ticker, events, page, live, metrics);
    List<Routes> rooms = rooms(platform);
    var web = new Web(settings, db, redis, metrics, page, rooms);
    String deployment = vertx.deployVerticle(web, new DeploymentOptions()).await();
    closing("web", () -> vertx.undeploy(deployment).await());
    closing("live pages", live);
    port = web.server.actualPort();
    LOG.info("listening on {}", port);
  }

  /// What the rooms stand on.
  record Platform(
      Settings settings,
      Clock clock,
      Vertx vertx,
      Db db,
      Redis redis,
      Ticker ticker,
      Events events,
      Page page,
      Live live,
      PrometheusMeterRegistry metrics) {}

  /// The rooms, in the order in which one needs the other.
  private static List<Routes> rooms(Platform on) {
    Settings settings = on.settings();
    on.redis().subscribe("events", _ -> on.events().ring());
    var vault = new Vault(settings.secretsKey());
    var calendars = new WorkingCalendars(on.db(), settings.zone(), on.ticker());
    var community =
        Community.open(on.db(), vault, hours(calendars), on.clock(), settings.zone())
            .running(on.redis(), on.ticker());

    var routes = new ArrayList<Routes>();
    routes.addAll(
        Console.routes(
            community,
            on.live(),
            on.page(),
            on.redis(),
            on.db(),
            on.events(),
            on.clock(),
            settings.zone(),
            settings.http().publicUrl()));
    return routes;
  }

  private static OpeningHours hours(WorkingCalendars calendars) {
    return new OpeningHours() {
      @Override
      public boolean isOpen(Instant at) {
        return calendars.get().isOpen(at);
      }

      @Override
      public Instant nextOpen(Instant at) {
        return calendars.get().nextOpen(at);
      }
    };
  }

  private static void migrate(String databaseUrl) {
    Flyway.configure().dataSource(Jdbc.url(databaseUrl), null, null).load().migrate();
  }

  private static Vertx vertx(PrometheusMeterRegistry metrics) {
    return Vertx.builder()
        .with(
            new VertxOptions()
                .setPreferNativeTransport(true)
                .setMetricsOptions(
                    new MicrometerMetricsOptions()
                        .setEnabled(true)
                        .setRegistryName(UUID.randomUUID().toString())))
        .withMetrics(new MicrometerMetricsFactory(metrics))
        .build();
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

  private static final class Web extends AbstractVerticle {
    private final Settings settings;
    private final Db db;
    private final Redis redis;
    private final PrometheusMeterRegistry metrics;
    private final Page page;
    private final List<Routes> rooms;

    @SuppressWarnings("NullAway.Init") // set by start(), before anybody can ask
    private HttpServer server;

    Web(
        Settings settings,
        Db db,
        Redis redis,
        PrometheusMeterRegistry metrics,
        Page page,
        List<Routes> rooms) {
      this.settings = settings;
      this.db = db;
      this.redis = redis;
      this.metrics = metrics;
      this.page = page;
      this.rooms = rooms;
    }

    @Override
    public void start(io.vertx.core.Promise<Void> started) {
      var failures = new Failures(page);
      Router router = Router.router(vertx);
      router.route().handler(Web::strict).failureHandler(failures);
      router.errorHandler(404, failures);
      router.get("/healthz").handler(rc -> rc.end("ok"));
      router.get("/readyz").handler(readiness());
      router.get("/metrics").handler(PrometheusScrapingHandler.create(metrics));
      new Assets().mount(router);
      rooms.forEach(room -> room.mount(router));
      vertx
          .createHttpServer(new HttpServerOptions().setCompressionSupported(true))
          .requestHandler(router)
          .listen(settings.http().port(), settings.http().host())
          .onSuccess(listening -> server = listening)
          .<Void>mapEmpty()
          .onComplete(started);
    }

    private HealthCheckHandler readiness() {
      return HealthCheckHandler.create(vertx)
          .register(
              "database",
              2_000,
              answer ->
                  db.send("SELECT 1", io.vertx.sqlclient.Tuple.tuple())
                      .map(Status.OK())
                      .onComplete(answer))
          .register(
              "redis",
              2_000,
              answer -> {
                var _ =
                    redis
                        .commands()
                        .ping()
                        .whenComplete((pong, failed) ->
                            answer.tryComplete(failed == null ? Status.OK() : Status.KO()));
              });
    }

    private static void strict(RoutingContext rc) {
      rc.response()
          .putHeader("Content-Security-Policy", STRICT)
          .putHeader("X-Content-Type-Options", "nosniff")
          .putHeader("Referrer-Policy", "same-origin");
      rc.next();
    }
  }
}
