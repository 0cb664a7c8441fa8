package io.linyu.casework;

import static io.linyu.platform.http.Sequential.sequential;
import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

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

/// Asking for another look on the page of a matter that was rejected: a plain form. What became of
/// it is on the page, as the database knows it.
final class AppealRoutes implements Routes {
  private static final int LARGEST_FORM = 10_000;

  /// Many people share the address of a mobile network.
  private static final int FROM_ONE_PLACE = 120;

  private static final int OF_ONE_MATTER = 20;
  private static final Duration WITHIN = Duration.ofMinutes(10);

  private final Cases cases;
  private final Appealing appealing;
  private final PageDangers dangers;
  private final FollowRoutes pages;
  private final SameOrigin origin;
  private final RateLimit fromOnePlace;
  private final RateLimit ofOneMatter;

  AppealRoutes(
      Cases cases,
      Appealing appealing,
      PageDangers dangers,
      FollowRoutes pages,
      Redis redis,
      String publicUrl) {
    this.cases = cases;
    this.appealing = appealing;
    this.dangers = dangers;
    this.pages = pages;
    this.origin = SameOrigin.of(publicUrl);
    this.fromOnePlace =
        new RateLimit(
            redis.commands(), redis.prefix() + "h5-appeals-from:", FROM_ONE_PLACE, WITHIN);
    this.ofOneMatter =
        new RateLimit(redis.commands(), redis.prefix() + "h5-appeals-of:", OF_ONE_MATTER, WITHIN);
  }

  @Override
  public void mount(Router router) {
    router
        .post("/h5/cases/:code/appeals")
        .handler(BodyHandler.create(false).setBodyLimit(LARGEST_FORM))
        .handler(sequential(this::appeal));
  }

  private void appeal(RoutingContext rc) {
    origin.require(rc);
    fromOnePlace.takeOrRefuse(Caller.ip(rc));
    String code = requireNonNull(rc.pathParam("code"));
    Cases.Link link = cases.link(code).orElseThrow(Refusal::notFound);
    ofOneMatter.takeOrRefuse(Long.toString(link.matter().id().value()));
    String words = requireNonNullElse(rc.request().getFormAttribute("words"), "");
    boolean danger = dangers.heard(link, words);
    // Sent twice it is there: the page says how it stands.
    if (!link.matter().isUnderReview()) {
      try {
        appealing.appeal(link, words);
      } catch (Refusal refused) {
        if (refused.status() == 404) {
          throw refused;
        }
        pages.showNotAppealed(rc, refused, words, danger);
        return;
      }
    }
    Htmx.see(rc, "/h5/cases/" + code + (danger ? "?danger=1#danger" : "#appeal"));
  }
}
