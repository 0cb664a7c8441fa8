package io.linyu.platform.http;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import java.util.UUID;

/// What every request comes through, whatever it asks for: the event loops and what is measured of
/// them, the ways of HTTP, an id, and what each answer says to browsers.
public final class Front {
  /// Event loops, each of which listens. More of them only wake each other.
  public static final int LOOPS = Math.max(2, Runtime.getRuntime().availableProcessors());

  private static final String STRICT =
      "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
          + " media-src 'self' blob:; object-src 'none'; base-uri 'none'; frame-ancestors 'self'; form-action 'self'";

  /// The longest text that a form takes, every character of it escaped.
  private static final int LARGEST_FIELD = 64 * 1024;

  /// Live pages beat more often, and a proxy in front lets go of its own connections earlier.
  private static final int IDLE_SECONDS = 75;

  private Front() {}

  public static Vertx vertx(PrometheusMeterRegistry metrics) {
    return Vertx.builder()
        .with(
            new VertxOptions()
                .setPreferNativeTransport(true)
                .setEventLoopPoolSize(LOOPS)
                .setMetricsOptions(
                    new MicrometerMetricsOptions()
                        .setEnabled(true)
                        .setRegistryName(UUID.randomUUID().toString())))
        .withMetrics(new MicrometerMetricsFactory(metrics))
        .build();
  }

  public static HttpServerOptions options() {
    return new HttpServerOptions()
        .setCompressionSupported(true)
        // Nobody speaks WebSocket here, and each request would be looked at for it.
        .setPerFrameWebSocketCompressionSupported(false)
        .setPerMessageWebSocketCompressionSupported(false)
        .setMaxFormAttributeSize(LARGEST_FIELD)
        // A request that stops half-way has no end else.
        .setIdleTimeout(IDLE_SECONDS);
  }

  /// @param trusted whose word is taken for where a request comes from
  public static Router router(Vertx vertx, Proxies trusted) {
    Router router = Router.router(vertx);
    router.route().handler(RequestId::give).handler(trusted.asked()).handler(Front::strict);
    return router;
  }

  /// Lets a page have frames of others, which none has else.
  ///
  /// @param sources as in the policy, such as `https://*.example.org`
  public static void allowFrames(RoutingContext rc, String sources) {
    rc.response().putHeader("Content-Security-Policy", STRICT + "; frame-src 'self' " + sources);
  }

  private static void strict(RoutingContext rc) {
    rc.response()
        .putHeader("Content-Security-Policy", STRICT)
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("Referrer-Policy", "same-origin");
    rc.next();
  }
}
