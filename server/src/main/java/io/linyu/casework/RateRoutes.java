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
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Saying on the page of a matter whether it is solved: a plain form. What was said is on the page,
/// as the database knows it, and can be changed there.
final class RateRoutes implements Routes {
  private static final int LARGEST_FORM = 20_000;
  static final int LONGEST_WORDS = 500;

  /// Many people share the address of a mobile network.
  private static final int FROM_ONE_PLACE = 120;

  private static final int OF_ONE_MATTER = 20;
  private static final Duration WITHIN = Duration.ofMinutes(10);

  private final Cases cases;
  private final ReturnVisits visits;
  private final PageDangers dangers;
  private final FollowRoutes followed;
  private final SameOrigin origin;
  private final RateLimit fromOnePlace;
  private final RateLimit ofOneMatter;

  RateRoutes(
      Cases cases,
      ReturnVisits visits,
      PageDangers dangers,
      FollowRoutes followed,
      Redis redis,
      String publicUrl) {
    this.cases = cases;
    this.visits = visits;
    this.dangers = dangers;
    this.followed = followed;
    this.origin = SameOrigin.of(publicUrl);
    this.fromOnePlace =
        new RateLimit(redis.commands(), redis.prefix() + "h5-rates-from:", FROM_ONE_PLACE, WITHIN);
    this.ofOneMatter =
        new RateLimit(redis.commands(), redis.prefix() + "h5-rates-of:", OF_ONE_MATTER, WITHIN);
  }

  @Override
  public void mount(Router router) {
    router
        .post("/h5/cases/:code/rating")
        .handler(BodyHandler.create(false).setBodyLimit(LARGEST_FORM))
        .handler(sequential(this::rate));
  }

  private void rate(RoutingContext rc) {
    origin.require(rc);
    fromOnePlace.takeOrRefuse(Caller.ip(rc));
    String code = requireNonNull(rc.pathParam("code"));
    Cases.Link link = cases.link(code).orElseThrow(Refusal::notFound);
    ofOneMatter.takeOrRefuse(Long.toString(link.matter().id().value()));
    String words = requireNonNullElse(rc.request().getFormAttribute("words"), "");
    boolean danger = dangers.heard(link, words);
    try {
      var _ = visits.rate(link, rating(rc));
    } catch (Refusal refused) {
      followed.showRefused(rc, refused, null, danger);
      return;
    }
    Htmx.see(rc, "/h5/cases/" + code + (danger ? "?danger=1#danger" : "#rate"));
  }

  /// As a form says it, of residents and of staff who telephoned.
  static ReturnVisit.Rating rating(RoutingContext rc) {
    var form = rc.request().formAttributes();
    String words = form.get("words");
    if (words != null && words.length() > LONGEST_WORDS) {
      throw new Refusal("text-too-long", 422, LONGEST_WORDS);
    }
    String contacted = form.get("contacted");
    return new ReturnVisit.Rating(
        chosen(form.get("solved"), ReturnVisit.Solved::of, true),
        chosen(form.get("satisfied"), ReturnVisit.Satisfaction::of, false),
        isGiven(contacted) ? Boolean.valueOf("yes".equals(contacted)) : null,
        words == null || words.isBlank() ? null : words.strip());
  }

  private static boolean isGiven(@Nullable String field) {
    return field != null && !field.isEmpty();
  }

  private static <T> @Nullable T chosen(
      @Nullable String word, Function<String, Optional<T>> of, boolean needed) {
    if (word == null || word.isEmpty()) {
      if (needed) {
        throw new Refusal("visit-solved-missing", 422);
      }
      return null;
    }
    return of.apply(word).orElseThrow(() -> new Refusal("form-outdated", 422));
  }
}
