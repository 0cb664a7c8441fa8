package io.linyu;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.RequestOptions;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// What stands before the server under its public address: passes everything on, or does what a
/// test wants of it.
public final class ReverseProxy implements AutoCloseable {
  private final Vertx vertx = Vertx.vertx();
  private final HttpClient http = vertx.createHttpClient();
  private final HttpServer server;
  private final AtomicInteger asked = new AtomicInteger();
  private volatile String to = "";
  private volatile @Nullable BiConsumer<HttpServerRequest, Buffer> instead;

  public ReverseProxy() {
    server =
        vertx
            .createHttpServer()
            .requestHandler(request ->
                request
                    .body()
                    .onSuccess(body -> {
                      asked.incrementAndGet();
                      BiConsumer<HttpServerRequest, Buffer> other = instead;
                      if (other == null) {
                        passOn(request, body);
                      } else {
                        other.accept(request, body);
                      }
                    }))
            .listen(0, "127.0.0.1")
            .await();
  }

  public String url() {
    return "http://127.0.0.1:" + server.actualPort();
  }

  public int port() {
    return server.actualPort();
  }

  /// How many requests have come.
  public int asked() {
    return asked.get();
  }

  /// @param url of the server, without a path
  public ReverseProxy leadsTo(String url) {
    to = url;
    instead = null;
    return this;
  }

  /// Leads where it led before.
  public void mend() {
    instead = null;
  }

  public void answers(int status, String type, String body) {
    instead =
        (request, _) -> {
          var _ =
              request
                  .response()
                  .setStatusCode(status)
                  .putHeader("Content-Type", type)
                  .putHeader("Location", to + "/elsewhere")
                  .end(body);
        };
  }

  public void hangs() {
    instead = (_, _) -> {};
  }

  /// Begins to answer, and never ends.
  public void trickles() {
    instead = (request, _) -> request.response().setChunked(true).write("<xml>");
  }

  public void drops() {
    instead = (request, _) -> request.connection().close();
  }

  private void passOn(HttpServerRequest request, Buffer body) {
    http.request(
            new RequestOptions()
                .setMethod(HttpMethod.valueOf(request.method().name()))
                .setAbsoluteURI(to + request.uri()))
        .compose(onward -> {
          String type = request.getHeader("Content-Type");
          return (type == null ? onward : onward.putHeader("Content-Type", type)).send(body);
        })
        .compose(answer ->
            answer
                .body()
                .compose(content -> {
                  String type = answer.getHeader("Content-Type");
                  var response = request.response().setStatusCode(answer.statusCode());
                  return (type == null ? response : response.putHeader("Content-Type", type))
                      .end(content);
                }))
        .onFailure(_ -> request.connection().close());
  }

  @Override
  public void close() {
    vertx.close().await();
  }
}
