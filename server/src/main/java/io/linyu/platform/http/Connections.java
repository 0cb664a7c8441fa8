package io.linyu.platform.http;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// Bounds what strangers can hold on to: how many connections, and for how long one may stay
/// without a whole request. For one event loop.
public final class Connections {
  private final Vertx vertx;
  private final int atMost;
  private final Duration first;
  private final Duration next;
  private final Map<HttpConnection, Visit> open = new HashMap<>();

  private static final class Visit {
    private int requests;
    private long timer;
  }

  /// @param first how long the first request may take to arrive
  /// @param next how long a connection is kept after its last answer
  public Connections(Vertx vertx, int atMost, Duration first, Duration next) {
    this.vertx = vertx;
    this.atMost = atMost;
    this.first = first;
    this.next = next;
  }

  public void opened(HttpConnection connection) {
    if (open.size() >= atMost) {
      var _ = connection.close();
      return;
    }
    var visit = new Visit();
    open.put(connection, visit);
    wait(connection, visit, first);
    connection.closeHandler(_ -> {
      open.remove(connection);
      vertx.cancelTimer(visit.timer);
    });
  }

  /// The first handler of all: from here on the answer is our own affair.
  public void asked(RoutingContext rc) {
    HttpConnection connection = rc.request().connection();
    Visit visit = open.get(connection);
    if (visit != null) {
      visit.requests++;
      vertx.cancelTimer(visit.timer);
      rc.addEndHandler(_ -> {
        visit.requests--;
        if (visit.requests == 0 && open.containsKey(connection)) {
          wait(connection, visit, next);
        }
      });
    }
    rc.next();
  }

  private void wait(HttpConnection connection, Visit visit, Duration atMost) {
    visit.timer = vertx.setTimer(atMost.toMillis(), _ -> connection.close());
  }
}
