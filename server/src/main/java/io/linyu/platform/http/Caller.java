package io.linyu.platform.http;

import io.vertx.ext.web.RoutingContext;
import java.net.InetAddress;
import java.net.UnknownHostException;

/// Where a request comes from, as far as that can be believed.
public final class Caller {
  private Caller() {}

  /// The peer itself; behind a proxy in our own network, whom that proxy names. Each proxy appends,
  /// so the last name is the one that ours has written.
  public static String ip(RoutingContext rc) {
    String peer = rc.request().remoteAddress().hostAddress();
    String forwarded = rc.request().getHeader("X-Forwarded-For");
    if (forwarded == null || !isOurs(peer)) {
      return peer;
    }
    String[] named = forwarded.split(",", -1);
    return named[named.length - 1].strip();
  }

  private static boolean isOurs(String peer) {
    try {
      InetAddress address = InetAddress.getByName(peer);
      return address.isLoopbackAddress() || address.isSiteLocalAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
