package io.linyu.platform.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Open pages that want to hear what changes, as server-sent events.
public final class Live {
  private final Set<HttpServerResponse> listeners = ConcurrentHashMap.newKeySet();

  public void open(RoutingContext rc) {
    HttpServerResponse response = rc.response();
    response
        .setChunked(true)
        .putHeader("Content-Type", "text/event-stream")
        .putHeader("Cache-Control", "no-store")
        .putHeader("X-Accel-Buffering", "no");
    response.closeHandler(v -> listeners.remove(response));
    listeners.add(response);
    var _ = response.write(": open\n\n");
  }

  public void send(String event, Buffer html) {
    Buffer message = message(event, html);
    for (HttpServerResponse listener : listeners) {
      if (listener.writeQueueFull()) {
        listener.reset(); // too slow to listen: it reconnects and asks for the whole page again
      } else {
        var _ = listener.write(message);
      }
    }
  }

  public int listeners() {
    return listeners.size();
  }

  static Buffer message(String event, Buffer html) {
    Buffer message = Buffer.buffer("event: ").appendString(event);
    for (String line : html.toString(StandardCharsets.UTF_8).split("\r\n|\r|\n", -1)) {
      message.appendString("\ndata: ").appendString(line);
    }
    return message.appendString("\n\n");
  }
}
