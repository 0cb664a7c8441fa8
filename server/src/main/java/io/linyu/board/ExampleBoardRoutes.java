package io.linyu.board;

import static io.linyu.platform.http.Sequential.sequential;
import static java.util.Objects.requireNonNull;

import io.linyu.board.ExampleBoardPages.ExampleBoardPage;
import io.linyu.board.ExampleBoardPages.ExamplePage;
import io.linyu.casework.ExamplePages.Shown;
import io.linyu.casework.Examples;
import io.linyu.casework.Examples.Published;
import io.linyu.community.Level;
import io.linyu.community.Territories;
import io.linyu.community.Territory;
import io.linyu.platform.Refusal;
import io.linyu.platform.http.Caller;
import io.linyu.platform.http.Page;
import io.linyu.platform.http.Routes;
import io.linyu.platform.http.Visit;
import io.linyu.platform.redis.RateLimit;
import io.linyu.platform.redis.Redis;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What was told and what was done about it, where whoever told it has agreed that everybody reads
/// it. What is taken back is gone at once: nobody keeps these pages.
public final class ExampleBoardRoutes implements Routes {
  private static final String PATH = "/board/cases";
  private static final int AT_ONCE = 20;

  /// In ten minutes, from one address, which many people of a mobile network share.
  private static final int FROM_ONE_PLACE = 300;

  private static final Duration WITHIN = Duration.ofMinutes(10);

  private final Examples examples;
  private final Territories territories;
  private final Page page;
  private final Clock clock;
  private final ZoneId zone;
  private final boolean secure;
  private final RateLimit fromOnePlace;

  public ExampleBoardRoutes(
      Examples examples,
      Territories territories,
      Redis redis,
      Page page,
      Clock clock,
      ZoneId zone,
      boolean secure) {
    this.examples = examples;
    this.territories = territories;
    this.page = page;
    this.clock = clock;
    this.zone = zone;
    this.secure = secure;
    this.fromOnePlace =
        new RateLimit(redis.commands(), redis.prefix() + "board-cases:", FROM_ONE_PLACE, WITHIN);
  }

  @Override
  public void mount(Router router) {
    router.get(PATH).handler(sequential(this::list));
    router.get(PATH + "/:code").handler(sequential(this::show));
  }

  private void list(RoutingContext rc) {
    fromOnePlace.takeOrRefuse(Caller.ip(rc));
    Territory of = community(rc.request().getParam("community"));
    List<Published> found = examples.published(of, rc.request().getParam("after"), AT_ONCE + 1);
    List<Published> shown = found.subList(0, Math.min(AT_ONCE, found.size()));
    Visit visit = visit(rc);
    page.send(
        rc,
        "board/examples",
        new ExampleBoardPage(
            visit,
            of,
            examples.communities(),
            shown.stream().map(each -> new Shown(visit.words(), each)).toList(),
            found.size() > shown.size()
                ? PATH
                    + "?after="
                    + shown.getLast().code()
                    + (of == null ? "" : "&community=" + of.code())
                : null,
            (of == null ? territories.phone() : territories.phoneOf(of)).orElse(null)));
  }

  private void show(RoutingContext rc) {
    fromOnePlace.takeOrRefuse(Caller.ip(rc));
    Published example =
        examples.published(requireNonNull(rc.pathParam("code"))).orElseThrow(Refusal::notFound);
    Visit visit = visit(rc);
    page.send(
        rc,
        "board/example",
        new ExamplePage(
            visit,
            new Shown(visit.words(), example),
            territories.phoneOf(example.community()).orElse(null)));
  }

  private Visit visit(RoutingContext rc) {
    return Visit.of(rc, zone, clock.instant(), null, secure);
  }

  private @Nullable Territory community(@Nullable String code) {
    return code == null || code.isEmpty()
        ? null
        : territories
            .byCode(code)
            .filter(each -> each.level() == Level.COMMUNITY)
            .orElseThrow(Refusal::notFound);
  }
}
