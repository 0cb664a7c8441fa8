package io.linyu.channel.wechat;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PfxOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// An API host that answers as the test likes. Its tokens are `token-1`, `token-2` …
final class FakePlatform implements AutoCloseable {
  static final String SEND = "/cgi-bin/message/custom/send";
  static final String TOKEN = "/cgi-bin/stable_token";
  static final String MEDIA = "/cgi-bin/media/get";

  final List<Asked> asked = new CopyOnWriteArrayList<>();
  final AtomicInteger tokens = new AtomicInteger();

  private final Map<String, BiConsumer<HttpServerRequest, Asked>> answers =
      new ConcurrentHashMap<>();
  private final Vertx vertx = Vertx.vertx();
  private final HttpServer server;
  private final String scheme;

  record Asked(String path, @Nullable String token, String query, String body) {}

  FakePlatform() {
    this(null);
  }

  /// @param certificate of another host than the one it is reached by, with the password `changeit`
  FakePlatform(@Nullable Path certificate) {
    var options = new HttpServerOptions();
    scheme = certificate == null ? "http" : "https";
    if (certificate != null) {
      options
          .setSsl(true)
          .setKeyCertOptions(
              new PfxOptions().setPath(certificate.toString()).setPassword("changeit"));
    }
    server =
        vertx
            .createHttpServer(options)
            .requestHandler(request ->
                request
                    .body()
                    .onSuccess(body -> {
                      var one =
                          new Asked(
                              String.valueOf(request.path()),
                              request.getParam("access_token"),
                              String.valueOf(request.query()),
                              body.toString());
                      asked.add(one);
                      answers.getOrDefault(one.path(), this::ok).accept(request, one);
                    }))
            .listen(0, "127.0.0.1")
            .await();
    anew();
  }

  /// Everything is answered as usual again, and nothing was asked.
  void anew() {
    asked.clear();
    answers.clear();
    answers.put(
        TOKEN,
        (request, _) ->
            json(
                request,
                "{\"access_token\":\"token-"
                    + tokens.incrementAndGet()
                    + "\",\"expires_in\":7200}"));
  }

  String base() {
    return scheme + "://localhost:" + server.actualPort();
  }

  void on(String path, BiConsumer<HttpServerRequest, Asked> answer) {
    answers.put(path, answer);
  }

  void onJson(String path, String json) {
    on(path, (request, _) -> json(request, json));
  }

  List<Asked> asked(String path) {
    return asked.stream().filter(each -> each.path().equals(path)).toList();
  }

  static void json(HttpServerRequest request, String json) {
    var _ =
        request
            .response()
            .putHeader("Content-Type", "application/json; encoding=utf-8")
            .end(Buffer.buffer(json));
  }

  private void ok(HttpServerRequest request, Asked one) {
    json(request, "{\"errcode\":0,\"errmsg\":\"ok\"}");
  }

  @Override
  public void close() {
    vertx.close().await();
  }
}
