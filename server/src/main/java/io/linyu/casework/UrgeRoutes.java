package io.linyu.casework;

import static io.linyu.platform.http.Sequential.sequential;
import static java.util.Objects.requireNonNull;

import io.linyu.platform.Refusal;
import io.linyu.platform.http.Caller;
import io.linyu.platform.http.Htmx;
import io.linyu.platform.http.Routes;
import io.linyu.platform.redis.RateLimit;
import io.linyu.platform.redis.Redis;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.Duration;

/// Urging on the page of a matter: a plain form. What became of it is on the page, as the database
/// knows it.
final class UrgeRoutes implements Routes {
  private static final int LARGEST_FORM = 1_000;

  /// Many people share the address of a mobile network.
  private static final int FROM_ONE_PLACE = 120;

  private static final int OF_ONE_MATTER = 20;
  private static final Duration WITHIN = Duration.ofMinutes(10);

  private final Cases cases;
  private final Urging urging;
  private final SameOrigin origin;
  private final RateLimit fromOnePlace;
  private final RateLimit ofOneMatter;

  UrgeRoutes(Cases cases, Urging urging, Redis redis, String publicUrl) {
    this.cases = cases;
    this.urging = urging;
    this.origin = SameOrigin.of(publicUrl);
    this.fromOnePlace =
        new RateLimit(redis.commands(), redis.prefix() + "h5-urges-from:", FROM_ONE_PLACE, WITHIN);
    this.ofOneMatter =
        new RateLimit(redis.commands(), redis.prefix() + "h5-urges-of:", OF_ONE_MATTER, WITHIN);
  }

  @Override
  public void mount(Router router) {
    router
        .post("/h5/cases/:code/urges")
        .handler(BodyHandler.create(false).setBodyLimit(LARGEST_FORM))
        .handler(sequential(this::urge));
  }

  private void urge(RoutingContext rc) {
    origin.require(rc);
    fromOnePlace.takeOrRefuse(Caller.ip(rc));
    String code = requireNonNull(rc.pathParam("code"));
    Cases.Link link = cases.link(code).orElseThrow(Refusal::notFound);
    ofOneMatter.takeOrRefuse(Long.toString(link.matter().id().value()));
    if (Urging.isOpenTo(link.matter())) {
      var _ = urging.urge(link);
    }
    // What ended meanwhile says so there; what was urged before says when it may be again.
    Htmx.see(rc, "/h5/cases/" + code + "#urge");
  }
}
