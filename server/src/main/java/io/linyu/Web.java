package io.linyu;

import io.linyu.platform.CannotStart;
import io.linyu.platform.embedded.Ports;
import io.linyu.platform.http.Assets;
import io.linyu.platform.http.Failures;
import io.linyu.platform.http.Front;
import io.linyu.platform.http.Routes;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.healthchecks.Status;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.healthchecks.HealthCheckHandler;
import io.vertx.micrometer.PrometheusScrapingHandler;
import java.net.BindException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/// The web server: one instance for each event loop, all on the same port, each with the routes of
/// every room.
final class Web implements AutoCloseable {
  /// Requests that are being answered may end; live pages connect again elsewhere. Longer than a
  /// turn may be held.
  private static final int GRACE_SECONDS = 6;

  private final Vertx vertx;
  private final String deployment;
  private final int port;

  private Web(Vertx vertx, String deployment, int port) {
    this.vertx = vertx;
    this.deployment = deployment;
    this.port = port;
  }

  /// @param phone where residents are helped whose page cannot be shown
  /// @throws CannotStart when nobody can listen there
  static Web start(App.Platform on, List<Routes> rooms, Supplier<Optional<String>> phone) {
    Settings.Http http = on.settings().http();
    var port = new AtomicInteger();
    try {
      String deployment =
          on.vertx()
              .deployVerticle(
                  () -> new Listener(on, rooms, phone, port),
                  new DeploymentOptions().setInstances(Front.LOOPS))
              .await();
      return new Web(on.vertx(), deployment, port.get());
    } catch (Throwable failed) {
      throw explained(failed, http);
    }
  }

  private static RuntimeException explained(Throwable failed, Settings.Http http) {
    if (failed instanceof BindException || failed.getCause() instanceof BindException) {
      return Ports.cannotListen(failed, http.host(), http.port());
    }
    return failed instanceof RuntimeException runtime
        ? runtime
        : new IllegalStateException("the web server did not start", failed);
  }

  int port() {
    return port;
  }

  @Override
  public void close() {
    vertx.undeploy(deployment).await();
  }

  private static final class Listener extends AbstractVerticle {
    private final App.Platform on;
    private final List<Routes> rooms;
    private final Supplier<Optional<String>> phone;
    private final AtomicInteger port;

    @SuppressWarnings("NullAway.Init") // set by start()
    private HttpServer server;

    Listener(
        App.Platform on, List<Routes> rooms, Supplier<Optional<String>> phone, AtomicInteger port) {
      this.on = on;
      this.rooms = rooms;
      this.phone = phone;
      this.port = port;
    }

    @Override
    public void start(Promise<Void> started) {
      var failures = new Failures(on.page(), phone);
      Settings.Http http = on.settings().http();
      Router router = Front.router(vertx, http.trusted());
      router.route().failureHandler(failures);
      router.errorHandler(404, failures);
      router.get("/healthz").handler(rc -> rc.end("ok"));
      router.get("/readyz").handler(readiness(on));
      router.get("/metrics").handler(PrometheusScrapingHandler.create(on.metrics()));
      rooms.forEach(room -> room.mount(router));
      new Assets().mount(router);
      server = vertx.createHttpServer(Front.options());
      server
          .requestHandler(router)
          // Any free port is -1: with 0 each instance would get one of its own.
          .listen(http.port() == 0 ? -1 : http.port(), http.host())
          .onSuccess(listening -> port.set(listening.actualPort()))
          .<Void>mapEmpty()
          .onComplete(started);
    }

    @Override
    public void stop(Promise<Void> stopped) {
      server.shutdown(GRACE_SECONDS, TimeUnit.SECONDS).onComplete(stopped);
    }
  }

  private static HealthCheckHandler readiness(App.Platform on) {
    return HealthCheckHandler.create(on.vertx())
        // Whoever stands before us sends nothing more to one that is about to stop.
        .register(
            "stays", answer -> answer.complete(on.stopping().get() ? Status.KO() : Status.OK()))
        .register("database", 2_000, answer -> on.db().ping().map(Status.OK()).onComplete(answer))
        .register(
            "migrations",
            2_000,
            answer ->
                on.db()
                    .hasSteps(on.steps())
                    .map(made -> made ? Status.OK() : Status.KO())
                    .onComplete(answer))
        .register(
            "redis",
            2_000,
            answer -> {
              var _ =
                  on.redis()
                      .commands()
                      .ping()
                      .whenComplete((pong, failed) ->
                          answer.tryComplete(failed == null ? Status.OK() : Status.KO()));
            });
  }
}
