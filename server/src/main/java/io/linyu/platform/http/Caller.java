package io.linyu.platform.http;

import io.vertx.ext.web.RoutingContext;
import java.util.List;

/// Where a request comes from, as far as that can be believed.
public final class Caller {
  private static final String FORWARDED = "X-Forwarded-For";

  private Caller() {}

  /// The peer itself; behind one of our own [Proxies], whom that proxy names. Each proxy appends to
  /// the line or adds one of its own, so the last name is the one that ours has written.
  public static String ip(RoutingContext rc) {
    String peer = rc.request().remoteAddress().hostAddress();
    List<String> forwarded = rc.request().headers().getAll(FORWARDED);
    if (forwarded.isEmpty() || !Proxies.include(rc, peer)) {
      return peer;
    }
    String last = forwarded.getLast();
    return last.substring(last.lastIndexOf(',') + 1).strip();
  }
}
