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

/// Saying on the page of a matter whether it may be published: a plain form. What was said is on
/// the page, as the database knows it, and can be taken back there.
final class ExampleRoutes implements Routes {
  private static final int LARGEST_FORM = 1_000;

  /// Many people share the address of a mobile network.
  private static final int FROM_ONE_PLACE = 120;

  private static final int OF_ONE_MATTER = 20;
  private static final Duration WITHIN = Duration.ofMinutes(10);

  private final Cases cases;
  private final Examples examples;
  private final FollowRoutes followed;
  private final SameOrigin origin;
  private final RateLimit fromOnePlace;
  private final RateLimit ofOneMatter;

  ExampleRoutes(
      Cases cases, Examples examples, FollowRoutes followed, Redis redis, String publicUrl) {
    this.cases = cases;
    this.examples = examples;
    this.followed = followed;
    this.origin = SameOrigin.of(publicUrl);
    this.fromOnePlace =
        new RateLimit(
            redis.commands(), redis.prefix() + "h5-examples-from:", FROM_ONE_PLACE, WITHIN);
    this.ofOneMatter =
        new RateLimit(redis.commands(), redis.prefix() + "h5-examples-of:", OF_ONE_MATTER, WITHIN);
  }

  @Override
  public void mount(Router router) {
    router
        .post("/h5/cases/:code/example")
        .handler(BodyHandler.create(false).setBodyLimit(LARGEST_FORM))
        .handler(sequential(this::answer));
  }

  private void answer(RoutingContext rc) {
    origin.require(rc);
    fromOnePlace.takeOrRefuse(Caller.ip(rc));
    String code = requireNonNull(rc.pathParam("code"));
    Cases.Link link = cases.link(code).orElseThrow(Refusal::notFound);
    ofOneMatter.takeOrRefuse(Long.toString(link.matter().id().value()));
    try {
      examples.answer(link, field(rc, "example"), Examples.Answer.of(field(rc, "answer")));
    } catch (Refusal refused) {
      if (refused.status() == 404) {
        throw refused;
      }
      followed.showNotAgreed(rc, refused);
      return;
    }
    Htmx.see(rc, "/h5/cases/" + code + "#example");
  }

  private static String field(RoutingContext rc, String name) {
    return requireNonNullElse(rc.request().getFormAttribute(name), "");
  }
}
