package io.linyu.board;

import static io.linyu.platform.http.Sequential.sequential;

import io.linyu.platform.Refusal;
import io.linyu.platform.events.Events;
import io.linyu.platform.events.Events.Root;
import io.linyu.platform.http.Caller;
import io.linyu.platform.http.Routes;
import io.linyu.platform.redis.RateLimit;
import io.linyu.platform.redis.Redis;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The root of each day over all chains of events, for everybody to keep: whoever has yesterday's
/// can tell later that nothing of what had happened by then was changed.
///
/// Plain text, since programs read it more often than people: a line a day, `day chains root`, the
/// newest first. What is older is where the `Link` header leads.
public final class RootRoutes implements Routes {
  private static final String PATH = "/board/roots";

  /// Days in one answer: more than a year.
  private static final int AT_ONCE = 400;

  /// In ten minutes, from one address: enough for every year there is.
  private static final int FROM_ONE_PLACE = 120;

  private static final Duration WITHIN = Duration.ofMinutes(10);

  private final Events events;
  private final RateLimit fromOnePlace;

  public RootRoutes(Events events, Redis redis) {
    this.events = events;
    this.fromOnePlace =
        new RateLimit(redis.commands(), redis.prefix() + "board-roots:", FROM_ONE_PLACE, WITHIN);
  }

  @Override
  public void mount(Router router) {
    router.get(PATH).handler(sequential(this::show));
  }

  private void show(RoutingContext rc) {
    fromOnePlace.takeOrRefuse(Caller.ip(rc));
    List<Root> found = events.roots(day(rc.request().getParam("before")), AT_ONCE + 1);
    List<Root> shown = found.subList(0, Math.min(AT_ONCE, found.size()));
    var lines = new StringBuilder();
    for (Root each : shown) {
      lines
          .append(each.day())
          .append(' ')
          .append(each.chains())
          .append(' ')
          .append(HexFormat.of().formatHex(each.root().getBytes()))
          .append('\n');
    }
    HttpServerResponse response = rc.response();
    if (found.size() > shown.size()) {
      response.putHeader(
          "Link", "<" + PATH + "?before=" + shown.getLast().day() + ">; rel=\"next\"");
    }
    response
        .putHeader("Content-Type", "text/plain; charset=utf-8")
        // A root that is kept never changes; a new one comes once a day.
        .putHeader("Cache-Control", "public, max-age=300")
        .end(lines.toString());
  }

  private static @Nullable LocalDate day(@Nullable String given) {
    try {
      return given == null || given.isEmpty() ? null : LocalDate.parse(given);
    } catch (DateTimeException unreadable) {
      throw new Refusal("form-outdated", 422);
    }
  }
}
