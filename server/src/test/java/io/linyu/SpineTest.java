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
    assertThat(get("/readyz")).contains("UP").contains("redis");
    assertThat(get("/metrics")).contains("vertx_http_server_response_time");
  }

  private static String get(String path) throws Exception {
    var uri = URI.create("http://localhost:" + APP.port() + path);
    return HTTP.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
  }
}
