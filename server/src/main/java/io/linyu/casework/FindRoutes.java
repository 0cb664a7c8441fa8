package io.linyu.casework;

import static io.linyu.platform.http.Sequential.sequential;
import static java.util.concurrent.TimeUnit.SECONDS;

import io.linyu.casework.SpokenPages.FindPage;
import io.linyu.community.Territories;
import io.linyu.platform.http.Caller;
import io.linyu.platform.http.Htmx;
import io.linyu.platform.http.Page;
import io.linyu.platform.http.Routes;
import io.linyu.platform.http.Visit;
import io.linyu.platform.redis.RateLimit;
import io.linyu.platform.redis.Redis;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/// From the code on a slip of paper to the page of the matter.
///
/// Only wrong codes count: thirty from one address in ten minutes, a thousand from all in an hour.
/// With a million codes drawn, whoever guesses day and night at that pace hits one in a century.
/// What cannot be a code, because its check does not hold, is not looked for and does not count.
/// Without Redis nobody counts, so nothing is opened.
final class FindRoutes implements Routes {
  private static final String PATH = "/h5/find";
  private static final String ALL = "all";
  private static final int LARGEST_FORM = 4_000;
  private static final int LONGEST = 60;
  private static final long PATIENCE_SECONDS = 2;
  static final int WRONG_FROM_ONE_PLACE = 30;
  private static final Duration ONE_PLACE = Duration.ofMinutes(10);
  private static final int WRONG_FROM_ALL = 1_000;
  private static final Duration FROM_ALL = Duration.ofHours(1);

  private final Spoken spoken;
  private final Territories territories;
  private final Page page;
  private final Clock clock;
  private final ZoneId zone;
  private final boolean secure;
  private final RateLimit fromOnePlace;
  private final RateLimit fromAll;

  FindRoutes(
      Spoken spoken,
      Territories territories,
      Redis redis,
      Page page,
      Clock clock,
      ZoneId zone,
      boolean secure) {
    this.spoken = spoken;
    this.territories = territories;
    this.page = page;
    this.clock = clock;
    this.zone = zone;
    this.secure = secure;
    this.fromOnePlace =
        new RateLimit(
            redis.commands(), redis.prefix() + "h5-find-from:", WRONG_FROM_ONE_PLACE, ONE_PLACE);
    this.fromAll =
        new RateLimit(redis.commands(), redis.prefix() + "h5-find:", WRONG_FROM_ALL, FROM_ALL);
  }

  @Override
  public void mount(Router router) {
    router.get(PATH).handler(sequential(rc -> find(rc, rc.request().getParam("code"))));
    router
        .post(PATH)
        .handler(BodyHandler.create(false).setBodyLimit(LARGEST_FORM))
        .handler(sequential(rc -> find(rc, rc.request().getFormAttribute("code"))));
  }

  private void find(RoutingContext rc, @Nullable String given) {
    String typed = given == null ? "" : given.strip();
    if (typed.isEmpty()) {
      show(rc, 200, "", null);
      return;
    }
    Optional<SlipCode> code = typed.length() > LONGEST ? Optional.empty() : SlipCode.parse(typed);
    if (code.isEmpty()) {
      show(rc, 422, typed.substring(0, Math.min(LONGEST, typed.length())), "find.mistyped");
      return;
    }
    String from = Caller.ip(rc);
    Boolean free = takes(from);
    if (free == null) {
      show(rc, 503, typed, "find.not-now");
    } else if (!free) {
      show(rc, 429, typed, "find.too-often");
    } else {
      open(rc, from, typed, code.get());
    }
  }

  private void open(RoutingContext rc, String from, String typed, SlipCode code) {
    Optional<String> found = spoken.page(code);
    if (found.isEmpty()) {
      show(rc, 404, typed, "find.none");
      return;
    }
    for (var given : List.of(fromOnePlace.giveBack(from), fromAll.giveBack(ALL))) {
      var _ = given.exceptionally(_ -> null); // then it counts as a wrong one
    }
    Htmx.see(rc, "/h5/cases/" + found.get());
  }

  /// Null: nobody can count.
  private @Nullable Boolean takes(String from) {
    try {
      return waits(fromOnePlace, from).isZero() && waits(fromAll, ALL).isZero();
    } catch (CompletionException away) {
      return null;
    }
  }

  private static Duration waits(RateLimit limit, String key) {
    return limit.take(key).toCompletableFuture().orTimeout(PATIENCE_SECONDS, SECONDS).join();
  }

  private void show(RoutingContext rc, int status, String typed, @Nullable String no) {
    rc.response().setStatusCode(status).putHeader("Cache-Control", "no-store");
    Visit visit = Visit.of(rc, zone, clock.instant(), null, secure).at(PATH);
    page.send(
        rc,
        "casework/find",
        new FindPage(
            visit,
            typed,
            no == null ? null : visit.words().of(no),
            territories.phone().orElse(null)));
  }
}
