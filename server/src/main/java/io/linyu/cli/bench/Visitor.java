package io.linyu.cli.bench;

import io.linyu.platform.http.Frame;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A member of staff who comes to the console while Redis is away, and again when it is back.
final class Visitor implements AutoCloseable {
  /// Nobody looks longer at a page that does not come.
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final int AWAY = 503;
  private static final int SIGNED_IN = 303;

  private final List<ServerProcess> nodes;
  private final HttpClient http = HttpClient.newHttpClient();
  private final List<String> breaches = new ArrayList<>();
  private int times;

  Visitor(List<ServerProcess> nodes) {
    this.nodes = nodes;
  }

  void findsItAway(String why) throws InterruptedException {
    come(AWAY, why);
  }

  void comesIn(String why) throws InterruptedException {
    come(SIGNED_IN, why);
  }

  private void come(int expected, String why) throws InterruptedException {
    URI door = URI.create(nodes.get(times % nodes.size()).url("/console/session"));
    times++;
    String form = "the-same-in-both";
    var request =
        HttpRequest.newBuilder(door)
            .timeout(PATIENCE)
            .header("Cookie", "linyu_form=" + form)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(
                BodyPublishers.ofString(
                    "%s=%s&login=%s&password=%s"
                        .formatted(Frame.FORM, form, Ground.LOGIN, Ground.PASSWORD)))
            .build();
    try {
      int status = http.send(request, BodyHandlers.discarding()).statusCode();
      if (status != expected) {
        breaches.add("%s: status %d and not %d".formatted(why, status, expected));
      }
    } catch (IOException failed) {
      breaches.add(why + ": " + failed);
    }
  }

  int times() {
    return times;
  }

  List<String> breaches() {
    return breaches;
  }

  @Override
  public void close() {
    http.close();
  }
}
