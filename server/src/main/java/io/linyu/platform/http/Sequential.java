package io.linyu.platform.http;

import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;

/// Runs a handler on a virtual thread of its own, where it may wait.
///
/// The body must have been read before (by a `BodyHandler`), since nobody listens on the event loop
/// in the meantime.
public final class Sequential {
  private Sequential() {}

  public static Handler<RoutingContext> sequential(Handler<RoutingContext> handler) {
    return rc -> {
      var loop = rc.vertx().getOrCreateContext();
      Thread.ofVirtual()
          .name("request")
          .start(() -> {
            try (var _ = RequestId.of(rc)) {
              handler.handle(rc);
            } catch (Throwable failed) {
              loop.runOnContext(v -> rc.fail(failed));
            }
          });
    };
  }
}
