package io.linyu.casework;

import static io.linyu.platform.http.Sequential.sequential;
import static java.util.Objects.requireNonNull;

import io.linyu.platform.Refusal;
import io.linyu.platform.db.Db;
import io.linyu.platform.http.Caller;
import io.linyu.platform.http.Htmx;
import io.linyu.platform.http.Routes;
import io.linyu.platform.redis.RateLimit;
import io.linyu.platform.redis.Redis;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.Duration;

/// Urging and withdrawing on the page of a matter: plain forms. What became of it is on the page,
/// as the database knows it.
final class WishRoutes implements Routes {
  private static final int LARGEST_FORM = 1_000;

  /// Many people share the address of a mobile network.
  private static final int FROM_ONE_PLACE = 120;

  private static final int OF_ONE_MATTER = 20;
  private static final Duration WITHIN = Duration.ofMinutes(10);

  private final Db db;
  private final Cases cases;
  private final Urging urging;
  private final Intake intake;
  private final SameOrigin origin;
  private final RateLimit fromOnePlace;
  private final RateLimit ofOneMatter;

  WishRoutes(Db db, Cases cases, Urging urging, Intake intake, Redis redis, String publicUrl) {
    this.db = db;
    this.cases = cases;
    this.urging = urging;
    this.intake = intake;
    this.origin = SameOrigin.of(publicUrl);
    this.fromOnePlace =
        new RateLimit(redis.commands(), redis.prefix() + "h5-wishes-from:", FROM_ONE_PLACE, WITHIN);
    this.ofOneMatter =
        new RateLimit(redis.commands(), redis.prefix() + "h5-wishes-of:", OF_ONE_MATTER, WITHIN);
  }

  @Override
  public void mount(Router router) {
    router
        .post("/h5/cases/:code/urges")
        .handler(BodyHandler.create(false).setBodyLimit(LARGEST_FORM))
        .handler(sequential(this::urge));
    router
        .post("/h5/cases/:code/withdrawal")
        .handler(BodyHandler.create(false).setBodyLimit(LARGEST_FORM))
        .handler(sequential(this::withdraw));
  }

  private void urge(RoutingContext rc) {
    Cases.Link link = link(rc);
    if (Urging.isOpenTo(link.matter())) {
      var _ = urging.urge(link);
    }
    // What ended meanwhile says so there; what was urged before says when it may be again.
    Htmx.see(rc, page(rc) + "#urge");
  }

  private void withdraw(RoutingContext rc) {
    Cases.Link link = link(rc);
    try {
      db.withinTransaction(tx -> intake.withdraw(tx, link));
    } catch (Refusal refused) {
      if (refused.status() == 404) {
        throw refused;
      }
      // Sent twice it is withdrawn, and the page says no more than that.
      Htmx.see(rc, page(rc) + "?kept=1#withdraw");
      return;
    }
    Htmx.see(rc, page(rc));
  }

  private Cases.Link link(RoutingContext rc) {
    origin.require(rc);
    fromOnePlace.takeOrRefuse(Caller.ip(rc));
    Cases.Link link =
        cases.link(requireNonNull(rc.pathParam("code"))).orElseThrow(Refusal::notFound);
    ofOneMatter.takeOrRefuse(Long.toString(link.matter().id().value()));
    return link;
  }

  private static String page(RoutingContext rc) {
    return "/h5/cases/" + rc.pathParam("code");
  }
}
