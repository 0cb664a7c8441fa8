package io.linyu.channel.wechat;

import io.linyu.channel.Delivery;
import io.linyu.channel.Inbound;
import io.linyu.channel.Receiver;
import io.linyu.channel.Reply;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;

/// The callback on a real server, and a receiver that remembers and says what it is told to.
final class CallbackServer implements AutoCloseable, Receiver {
  final List<Inbound> received = new CopyOnWriteArrayList<>();
  final BlockingQueue<Delivery> deliveries = new LinkedBlockingQueue<>();
  final SimpleMeterRegistry metrics = new SimpleMeterRegistry();

  /// What [#receive] gives; completes whenever the test likes.
  volatile Future<Reply> answer = Future.succeededFuture(new Reply(null, Tencent.NOW));

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final HttpServer server;

  CallbackServer(Map<String, WechatAccount> accounts) {
    this(accounts, Clock.fixed(Tencent.NOW, ZoneOffset.UTC), Duration.ofSeconds(5));
  }

  CallbackServer(Map<String, WechatAccount> accounts, Clock clock, Duration slowestBody) {
    Router router = Router.router(vertx);
    new WechatCallback(vertx, accounts, clock, this, metrics, slowestBody).mount(router);
    server = vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1").await();
  }

  @Override
  public Future<Reply> receive(Inbound inbound, Delivery delivery) {
    received.add(inbound);
    deliveries.add(delivery);
    return answer;
  }

  Promise<Reply> answersLater() {
    Promise<Reply> later = Promise.promise();
    answer = later.future();
    return later;
  }

  HttpResponse<String> get(String account, Map<String, String> query) {
    return send(request(account, Tencent.url(query)).GET());
  }

  HttpResponse<String> post(String account, Map<String, String> query, byte[] body) {
    return post(account, Tencent.url(query), body);
  }

  HttpResponse<String> post(String account, String query, byte[] body) {
    return send(
        request(account, query)
            .header("Content-Type", "text/xml")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
  }

  HttpRequest.Builder request(String account, String query) {
    return HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:%d/wechat/%s?%s".formatted(port(), account, query)))
        .timeout(Duration.ofSeconds(10));
  }

  HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /// A connection on which the test decides each byte.
  Socket socket() throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), port());
    socket.setSoTimeout(10_000);
    return socket;
  }

  double count(String meter, String tag, String value) {
    return metrics.counter(meter, tag, value).count();
  }

  int port() {
    return server.actualPort();
  }

  @Override
  public void close() {
    http.close();
    vertx.close().await();
  }
}
