package io.linyu.cli.bench;

import io.linyu.platform.http.Frame;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.CookieManager;
import java.net.HttpCookie;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/// A member of staff who comes in by one node and has a page of the console open at each of them.
final class Onlooker implements AutoCloseable {
  private static final String DATA = "data:";

  private final List<ServerProcess> nodes;
  private final CookieManager cookies = new CookieManager();
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1) // as browsers speak without TLS
          .cookieHandler(cookies)
          .build();
  private final Map<ServerProcess, Set<String>> heard = new ConcurrentHashMap<>();

  Onlooker(List<ServerProcess> nodes) {
    this.nodes = nodes;
  }

  /// Returns when every page hears.
  ///
  /// @throws IllegalStateException when a node does not know who comes
  void comeIn() throws InterruptedException {
    try {
      String form = "the-same-in-both";
      URI door = URI.create(nodes.getFirst().url("/console/session"));
      var cookie = new HttpCookie("linyu_form", form);
      cookie.setPath("/");
      cookie.setVersion(0);
      cookies.getCookieStore().add(door, cookie);
      expect(
          303,
          http.send(
              HttpRequest.newBuilder(door)
                  .header("Content-Type", "application/x-www-form-urlencoded")
                  .POST(
                      BodyPublishers.ofString(
                          "%s=%s&login=%s&password=%s"
                              .formatted(Frame.FORM, form, Ground.LOGIN, Ground.PASSWORD)))
                  .build(),
              BodyHandlers.discarding()));
      for (ServerProcess node : nodes) {
        var request = HttpRequest.newBuilder(URI.create(node.url("/console/live"))).build();
        HttpResponse<Stream<String>> stream = http.send(request, BodyHandlers.ofLines());
        expect(200, stream);
        Set<String> names = ConcurrentHashMap.newKeySet();
        heard.put(node, names);
        Thread.ofVirtual().start(() -> listen(stream, names));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void expect(int status, HttpResponse<?> answer) {
    if (answer.statusCode() != status) {
      throw new IllegalStateException(answer + " and not " + status);
    }
  }

  private static void listen(HttpResponse<Stream<String>> stream, Set<String> names) {
    try (Stream<String> lines = stream.body()) {
      lines
          .filter(line -> line.startsWith(DATA))
          .forEach(line -> names.add(line.substring(DATA.length()).strip()));
    } catch (UncheckedIOException over) {
      // its node has ended
    }
  }

  /// What a page of the console shows, or what stands where it should be; empty when nobody
  /// answers.
  String sees(ServerProcess node, String path) throws InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create(node.url(path))).timeout(Duration.ofSeconds(5)).build();
    try {
      return http.send(request, BodyHandlers.ofString()).body();
    } catch (IOException nobody) {
      return "";
    }
  }

  /// Which page did not hear of which of these in time.
  List<String> missed(Set<String> signals, Duration within) throws InterruptedException {
    long deadline = System.nanoTime() + within.toNanos();
    while (System.nanoTime() < deadline
        && heard.values().stream().anyMatch(each -> !each.containsAll(signals))) {
      Thread.sleep(20);
    }
    var missed = new ArrayList<String>();
    heard.forEach((node, names) ->
        signals.stream()
            .filter(each -> !names.contains(each))
            .forEach(each -> missed.add(each + " was not heard at port " + node.port())));
    return missed;
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
