package io.linyu;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class SpineTest {
  @AutoClose private static final App APP = World.app();
  @AutoClose private static final HttpClient HTTP = HttpClient.newHttpClient();

  @Test
  void saysHowItIs() throws Exception {
    assertThat(get("/readyz")).contains("UP").contains("database", "migrations", "redis");
    assertThat(get("/metrics"))
        .contains("vertx_http_server_response_time", "linyu_up{part=\"database\"} 1.0");
  }

  @Test
  void isNotReadyOnADatabaseThatIsBehind() throws Exception {
    try (var town = Neighbourhood.open()) {
      var ready = HttpRequest.newBuilder(URI.create(town.url("/readyz"))).build();
      assertThat(HTTP.send(ready, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
      town.sql(
          """
          DELETE FROM flyway_schema_history
           WHERE installed_rank = (SELECT max(installed_rank) FROM flyway_schema_history)
          """);
      assertThat(HTTP.send(ready, BodyHandlers.ofString()).statusCode()).isEqualTo(503);
    }
  }

  @Test
  void aRequestIsFoundInTheLogByTheIdThatItBrought() throws Exception {
    var uri = URI.create("http://localhost:" + APP.port() + "/healthz");
    var brought = HttpRequest.newBuilder(uri).header("X-Request-Id", "proxy-0815-ab").build();
    var forged = HttpRequest.newBuilder(uri).header("X-Request-Id", "a b\u00e4").build();
    assertThat(id(brought)).isEqualTo("proxy-0815-ab");
    assertThat(id(forged)).matches("[a-z0-9]{16}");
    assertThat(id(HttpRequest.newBuilder(uri).build())).matches("[a-z0-9]{16}");
  }

  private static String id(HttpRequest request) throws Exception {
    return HTTP.send(request, BodyHandlers.discarding())
        .headers()
        .firstValue("X-Request-Id")
        .orElseThrow();
  }

  private static String get(String path) throws Exception {
    var uri = URI.create("http://localhost:" + APP.port() + path);
    return HTTP.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
  }
}
