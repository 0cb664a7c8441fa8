package io.linyu;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.Socket;
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

  @Test
  void nobodyHoldsAConnectionWithHalfARequest() throws Exception {
    try (var socket = new Socket("localhost", APP.port())) {
      socket.getOutputStream().write("GET /healthz HTTP/1.1\r\nHost: local".getBytes(US_ASCII));
      socket.setSoTimeout(20_000);
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
  }

  private static String get(String path) throws Exception {
    var uri = URI.create("http://localhost:" + APP.port() + path);
    return HTTP.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
  }
}
