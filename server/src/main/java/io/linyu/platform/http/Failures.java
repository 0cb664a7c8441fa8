package io.linyu.platform.http;

import io.linyu.platform.Refusal;
import io.linyu.platform.db.Db;
import io.linyu.platform.redis.Redis;
import io.linyu.platform.text.Words;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a person reads when a request could not be answered. A caller's mistake is answered and not
/// logged; ours is logged once and not shown.
public final class Failures implements Handler<RoutingContext> {
  /// @param home where the page's way back leads; empty: nowhere
  /// @param phone where a resident is helped; null: none is known
  public record Refused(
      Words words, int status, String sentence, String home, @Nullable String phone) {}

  /// Says by which code it was refused.
  private static final String CODE = "X-Linyu-Refusal";

  private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

  private final Page page;
  private final Supplier<Optional<String>> phone;

  /// @param phone for residents
  public Failures(Page page, Supplier<Optional<String>> phone) {
    this.page = page;
    this.phone = phone;
  }

  @Override
  public void handle(RoutingContext rc) {
    if (rc.response().headWritten()) {
      rc.response().reset();
      return;
    }
    int status = status(rc);
    if (status >= 500) {
      try (var _ = RequestId.of(rc)) {
        LOG.error("{} {}", rc.request().method(), rc.normalizedPath(), rc.failure());
      }
    }
    rc.response().setStatusCode(status);
    if (rc.failure() instanceof Refusal refused) {
      rc.response().putHeader(CODE, refused.code()); // for scripts, which cannot read a sentence
    }
    String path = rc.normalizedPath();
    if (!path.startsWith("/console") && !path.startsWith("/h5")) {
      rc.response().end();
      return;
    }
    Words words = Frame.wordsOf(rc);
    String sentence = sentence(rc, words, status);
    if (Htmx.asks(rc)) {
      rc.response().putHeader("Content-Type", "text/plain; charset=utf-8").end(sentence);
    } else {
      boolean console = path.startsWith("/console");
      String home = console ? "/console" : "";
      String call = console ? null : phone.get().orElse(null);
      page.send(rc, "layout/refused", new Refused(words, status, sentence, home, call));
    }
  }

  private static int status(RoutingContext rc) {
    return switch (rc.failure()) {
      case Refusal refused -> refused.status();
      case HttpException http -> http.getStatusCode();
      case Db.Away _, Redis.Away _ -> 503;
      case null, default -> rc.statusCode() > 0 ? rc.statusCode() : 500;
    };
  }

  private static String sentence(RoutingContext rc, Words words, int status) {
    if (status == 404 && rc.normalizedPath().startsWith("/h5")) {
      return words.of("h5.gone");
    }
    return switch (rc.failure()) {
      case Refusal refused -> words.of(refused);
      case Db.Away _ -> words.of("refusal.database-away");
      case Redis.Away _ -> words.of("refusal.redis-away");
      case null, default ->
          switch (status) {
            case 404, 405 -> words.of("refusal.not-found");
            case 413 -> words.of("refusal.too-large");
            default -> words.of("refusal.other");
          };
    };
  }
}
