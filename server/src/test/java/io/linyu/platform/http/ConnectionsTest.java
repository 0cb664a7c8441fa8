package io.linyu.platform.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConnectionsTest {
  private final Vertx vertx = Vertx.vertx();
  private final HttpServer server = serve();

  @Test
  void oneConnectionTooManyIsClosedAndAPlaceThatIsLeftIsTaken() throws IOException {
    try (var first = connect()) {
      assertThat(ask(first)).startsWith("HTTP/1.1 200");
      try (var second = connect()) {
        assertThat(second.getInputStream().read()).isEqualTo(-1);
      }
    }
    String answer = "";
    for (int attempt = 0; attempt < 500 && answer.isEmpty(); attempt++) {
      try (var third = connect()) {
        answer = ask(third);
      } catch (IOException closed) {
        answer = ""; // the first is still being closed
      }
    }
    assertThat(answer).startsWith("HTTP/1.1 200");
  }

  @Test
  void aConnectionIsClosedSomeTimeAfterItsLastAnswer() throws IOException {
    try (var visit = connect()) {
      assertThat(ask(visit)).startsWith("HTTP/1.1 200");
      assertThat(ask(visit)).startsWith("HTTP/1.1 200");
      assertThat(visit.getInputStream().readAllBytes()).isEmpty();
    }
  }

  private HttpServer serve() {
    var connections = new Connections(vertx, 1, Duration.ofSeconds(5), Duration.ofMillis(300));
    Router router = Router.router(vertx);
    router.route().handler(connections::asked).handler(rc -> rc.end("ok"));
    return vertx
        .createHttpServer()
        .connectionHandler(connections::opened)
        .requestHandler(router)
        .listen(0, "localhost")
        .await();
  }

  private Socket connect() throws IOException {
    var socket = new Socket("localhost", server.actualPort());
    socket.setSoTimeout(20_000);
    return socket;
  }

  /// The whole answer, which ends with its body.
  private static String ask(Socket socket) throws IOException {
    socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(US_ASCII));
    var answer = new StringBuilder();
    for (int next = socket.getInputStream().read();
        next >= 0;
        next = socket.getInputStream().read()) {
      answer.append((char) next);
      if (answer.toString().endsWith("ok")) {
        break;
      }
    }
    return answer.toString();
  }

  @AfterEach
  void stop() {
    vertx.close().await();
  }
}
