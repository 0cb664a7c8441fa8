package io.linyu.platform.http;

import io.linyu.platform.text.Json;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The same action, asked for by a script that replaces a fragment, or by a plain form.
public final class Htmx {
  /// How something just done is taken back.
  public record Undo(String method, String url, Map<String, String> fields) {}

  private Htmx() {}

  public static boolean asks(RoutingContext rc) {
    return "true".equals(rc.request().getHeader("HX-Request"))
        && !"true".equals(rc.request().getHeader("HX-History-Restore-Request"));
  }

  /// Whether the page itself asks, because it heard that something changed.
  public static boolean isLive(RoutingContext rc) {
    return rc.request().getHeader("X-Linyu-Live") != null;
  }

  /// Has the page say this sentence for a while, with a way back where there is one.
  public static void toast(RoutingContext rc, String sentence, @Nullable Undo undo) {
    var toast = new LinkedHashMap<String, Object>();
    toast.put("text", sentence);
    if (undo != null) {
      toast.put("undo", undo);
    }
    rc.response().putHeader("HX-Trigger", ascii(Json.write(Map.of("linyu:toast", toast))));
  }

  /// Sends a plain form's sender on to a page.
  public static void see(RoutingContext rc, String location) {
    rc.response().setStatusCode(303).putHeader("Location", location).end();
  }

  /// Sends the whole page on, whoever asked.
  public static void go(RoutingContext rc, String location) {
    if (asks(rc)) {
      rc.response().putHeader("HX-Redirect", location).end();
    } else {
      see(rc, location);
    }
  }

  /// Header values are ASCII.
  private static String ascii(String json) {
    var escaped = new StringBuilder(json.length());
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      if (c < 128) {
        escaped.append(c);
      } else {
        escaped.append("\\u%04x".formatted((int) c));
      }
    }
    return escaped.toString();
  }
}
