package io.linyu.board;

import static io.linyu.platform.http.Sequential.sequential;

import io.linyu.board.BoxBoardPages.BoxBoardLine;
import io.linyu.board.BoxBoardPages.BoxBoardPage;
import io.linyu.casework.Boxes;
import io.linyu.casework.Boxes.Hanging;
import io.linyu.casework.Boxes.Published;
import io.linyu.community.Territories;
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

/// Each time that an opinion box was opened: how many slips there were, and what became of them.
/// Nothing of what they say, and of nobody who wrote them.
public final class BoxBoardRoutes implements Routes {
  private static final String PATH = "/board/boxes";
  private static final int AT_ONCE = 20;

  /// In ten minutes, from one address, which many people of a mobile network share.
  private static final int FROM_ONE_PLACE = 300;

  private static final Duration WITHIN = Duration.ofMinutes(10);

  private final Boxes boxes;
  private final Territories territories;
  private final Page page;
  private final Clock clock;
  private final ZoneId zone;
  private final boolean secure;
  private final RateLimit fromOnePlace;

  public BoxBoardRoutes(
      Boxes boxes,
      Territories territories,
      Redis redis,
      Page page,
      Clock clock,
      ZoneId zone,
      boolean secure) {
    this.boxes = boxes;
    this.territories = territories;
    this.page = page;
    this.clock = clock;
    this.zone = zone;
    this.secure = secure;
    this.fromOnePlace =
        new RateLimit(redis.commands(), redis.prefix() + "board-boxes:", FROM_ONE_PLACE, WITHIN);
  }

  @Override
  public void mount(Router router) {
    router.get(PATH).handler(sequential(this::show));
  }

  private void show(RoutingContext rc) {
    fromOnePlace.takeOrRefuse(Caller.ip(rc));
    String code = rc.request().getParam("box");
    Hanging box =
        code == null || code.isEmpty() ? null : boxes.hanging(code).orElseThrow(Refusal::notFound);
    List<Published> found =
        boxes.published(
            box == null ? null : box.code(), before(rc.request().getParam("before")), AT_ONCE + 1);
    List<Published> shown = found.subList(0, Math.min(AT_ONCE, found.size()));
    page.send(
        rc,
        "board/boxes",
        new BoxBoardPage(
            Visit.of(rc, zone, clock.instant(), null, secure),
            box,
            shown.stream()
                .map(each -> BoxBoardLine.of(each, territories.byId(each.territory()).name(), zone))
                .toList(),
            found.size() > shown.size()
                ? PATH
                    + "?before="
                    + shown.getLast().id()
                    + (box == null ? "" : "&box=" + box.code())
                : null,
            (box == null
                    ? territories.phone()
                    : territories.phoneOf(territories.byId(box.territory())))
                .orElse(null)));
  }

  private static long before(@Nullable String given) {
    try {
      return given == null || given.isEmpty() ? Long.MAX_VALUE : Long.parseLong(given);
    } catch (NumberFormatException unreadable) {
      throw new Refusal("form-outdated", 422);
    }
  }
}
