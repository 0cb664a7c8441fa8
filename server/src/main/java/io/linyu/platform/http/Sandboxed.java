package io.linyu.platform.http;

import io.linyu.platform.blobs.Blobs.Blob;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/// What people have sent, as it is handed to a browser: whatever is in it, nothing of it runs on a
/// page of ours. What is under one address stays the same, so a browser keeps it, but no proxy.
public final class Sandboxed {
  private Sandboxed() {}

  /// On the page.
  public static void show(RoutingContext rc, Blob blob) {
    end(rc.response().putHeader("Cache-Control", "private, max-age=86400, immutable"), blob);
  }

  /// The same, where something else may soon be under that address.
  public static void showAnew(RoutingContext rc, Blob blob) {
    end(rc.response().putHeader("Cache-Control", "private, no-cache"), blob);
  }

  /// @param name under which it is kept by whoever keeps it
  /// @param shown whether it is shown on the page; else it is to be kept
  public static void send(RoutingContext rc, Blob blob, String name, boolean shown) {
    String encoded = URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    rc.response()
        .putHeader(
            "Content-Disposition",
            (shown ? "inline" : "attachment") + "; filename*=UTF-8''" + encoded);
    show(rc, blob);
  }

  private static void end(HttpServerResponse response, Blob blob) {
    response
        .putHeader("Content-Type", blob.type())
        .putHeader("Content-Security-Policy", "default-src 'none'; sandbox")
        .end(blob.bytes());
  }
}
