package io.linyu.channel.wechat;

import static io.linyu.channel.wechat.Tencent.AES_KEY;
import static io.linyu.channel.wechat.Tencent.APP_ID;
import static io.linyu.channel.wechat.Tencent.NOW;
import static io.linyu.channel.wechat.Tencent.OLD_AES_KEY;
import static io.linyu.channel.wechat.Tencent.OLD_TOKEN;
import static io.linyu.channel.wechat.Tencent.TOKEN;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.linyu.channel.Content;
import io.linyu.channel.Delivery;
import io.linyu.channel.Receiver;
import io.linyu.channel.Reply;
import io.linyu.channel.wechat.WechatAccount.Mode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WechatCallbackTest {
  private static final WechatCrypto CRYPTO = new WechatCrypto(AES_KEY, APP_ID);

  @SuppressWarnings("NullAway.Init")
  private CallbackServer server;

  @BeforeAll
  void open() {
    server =
        new CallbackServer(
            Map.of(
                "main", Tencent.account(Mode.SAFE),
                "plain", Tencent.account(Mode.PLAIN),
                "both", Tencent.account(Mode.COMPATIBLE)));
  }

  @AfterAll
  void close() {
    server.close();
  }

  @BeforeEach
  void saysNothing() {
    server.answer = Future.succeededFuture(new Reply(null, Tencent.NOW));
    server.deliveries.clear();
  }

  @Test
  void theAddressIsVerified() {
    Map<String, String> query = Tencent.plain(TOKEN, NOW);
    query.put("echostr", "5870<b>&923");

    HttpResponse<String> answer = server.get("main", query);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("5870<b>&923");
    assertThat(answer.headers().firstValue("Content-Type")).contains("text/plain; charset=utf-8");
  }

  @Test
  void aPlainMessageGetsAPlainReply() {
    server.answer =
        Future.succeededFuture(new Reply("您好 ]]> <a href=\"/h5\">看这里</a>", Tencent.NOW));

    HttpResponse<String> answer =
        server.post("plain", Tencent.plain(TOKEN, NOW), Tencent.text("灯坏了"));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type")).contains("text/xml; charset=utf-8");
    WechatFields reply = WechatFields.parse(answer.body().getBytes(UTF_8));
    assertThat(reply.need("ToUserName")).isEqualTo(Captured.OPEN_ID);
    assertThat(reply.need("FromUserName")).isEqualTo(Captured.OURSELVES);
    assertThat(reply.need("CreateTime")).isEqualTo(Long.toString(NOW.getEpochSecond()));
    assertThat(reply.need("MsgType")).isEqualTo("text");
    assertThat(reply.text("Content")).isEqualTo("您好 ]]> <a href=\"/h5\">看这里</a>");
  }

  @Test
  void aSealedMessageGetsASealedReply() {
    server.answer = Future.succeededFuture(new Reply("收到", Tencent.NOW));
    String cipher = CRYPTO.seal(Tencent.text("灯坏了"));

    HttpResponse<String> answer =
        server.post("main", Tencent.sealed(TOKEN, NOW, cipher), Tencent.envelope(cipher));

    assertThat(opened(answer.body(), TOKEN, CRYPTO).text("Content")).isEqualTo("收到");
    assertThat(server.received.getLast().content()).isEqualTo(new Content.Text("灯坏了", null));
  }

  @Test
  void whileTheKeysChangeTheOldOnesAreGood() {
    server.answer = Future.succeededFuture(new Reply("收到", Tencent.NOW));
    var old = new WechatCrypto(OLD_AES_KEY, APP_ID);
    String cipher = old.seal(Tencent.text("灯坏了"));

    HttpResponse<String> answer =
        server.post("main", Tencent.sealed(OLD_TOKEN, NOW, cipher), Tencent.envelope(cipher));

    assertThat(opened(answer.body(), OLD_TOKEN, old).text("Content")).isEqualTo("收到");
  }

  @Test
  void nothingToSayIsSuccess() {
    assertThat(server.post("plain", Tencent.plain(TOKEN, NOW), Tencent.text("a")).body())
        .isEqualTo("success");
    server.answer = Future.succeededFuture(new Reply("\u0000 \n", Tencent.NOW));
    assertThat(server.post("plain", Tencent.plain(TOKEN, NOW), Tencent.text("b")).body())
        .isEqualTo("success");
  }

  @Test
  void whoIsAnsweredInTimeIsKnown() throws Exception {
    var _ = server.post("plain", Tencent.plain(TOKEN, NOW), Tencent.text("a"));

    assertThat(server.deliveries.take().answered().await(5, TimeUnit.SECONDS)).isTrue();
  }

  /// Some proxies speak HTTP/2 to what is behind them; there the stream closes with the answer.
  @Test
  void whoIsAnsweredInTimeIsKnownAlsoOverHttp2() throws Exception {
    server.answer = Future.succeededFuture(new Reply("记下了", Tencent.NOW));
    try (var http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
      for (int number = 0; number < 20; number++) {
        var answer =
            http.send(
                server
                    .request("plain", Tencent.url(Tencent.plain(TOKEN, NOW)))
                    .POST(HttpRequest.BodyPublishers.ofByteArray(Tencent.text("a")))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
        assertThat(answer.body()).contains("记下了");
        assertThat(server.deliveries.take().answered().await(5, TimeUnit.SECONDS)).isTrue();
      }
    }
  }

  @Test
  void whoHasHungUpIsKnown() throws Exception {
    Promise<Reply> later = server.answersLater();
    Delivery delivery;
    try (Socket socket = server.socket()) {
      socket.getOutputStream().write(http("plain", Tencent.plain(TOKEN, NOW), "a"));
      delivery = requireNonNull(server.deliveries.poll(5, TimeUnit.SECONDS));
      assertThat(delivery.isOpen()).isTrue();
      assertThat(delivery.arrivedAt()).isEqualTo(NOW);
    }
    assertThat(delivery.answered().await(5, TimeUnit.SECONDS)).isFalse();
    assertThat(delivery.isOpen()).isFalse();
    later.complete(new Reply("too late", Tencent.NOW));
  }

  @Test
  void aDroppedMessageIsNotAnsweredAtAll() throws IOException {
    for (Throwable failure :
        new Throwable[] {new Receiver.Dropped("no database"), new IllegalStateException("a bug")}) {
      server.answer = Future.failedFuture(failure);
      try (Socket socket = server.socket()) {
        socket.getOutputStream().write(http("plain", Tencent.plain(TOKEN, NOW), "a"));
        assertThat(socket.getInputStream().readAllBytes()).isEmpty();
      }
      assertThat(server.deliveries.remove().answered().await()).isFalse();
    }
  }

  @Test
  void anOverloadedServerSaysSo() {
    server.answer = Future.failedFuture(new Receiver.Overloaded("full"));

    assertThat(server.post("plain", Tencent.plain(TOKEN, NOW), Tencent.text("a")).statusCode())
        .isEqualTo(503);
    assertThat(server.deliveries.remove().answered().await()).isFalse();
  }

  @Test
  void anAnswerMayComeFromAnyThread() throws InterruptedException {
    Promise<Reply> later = server.answersLater();
    var completing =
        Thread.ofVirtual()
            .start(() -> {
              try {
                var _ = server.deliveries.take();
                later.complete(new Reply("来了", Tencent.NOW));
              } catch (InterruptedException e) {
                later.fail(e);
              }
            });
    assertThat(server.post("plain", Tencent.plain(TOKEN, NOW), Tencent.text("a")).body())
        .contains("来了");
    // It may still be on its way back when the answer is here.
    assertThat(completing.join(Duration.ofSeconds(5))).isTrue();
  }

  @Test
  void whatArrivesIsCountedByKind() {
    double before = server.count("linyu.wechat.messages", "kind", "unknown");
    for (String name : new String[] {"an-event-of-tomorrow", "a-kind-of-tomorrow"}) {
      byte[] payload =
          Captured.all().stream()
              .filter(each -> each.name().equals(name))
              .findFirst()
              .orElseThrow()
              .payload();
      assertThat(server.post("plain", Tencent.plain(TOKEN, NOW), payload).body())
          .isEqualTo("success");
    }
    assertThat(server.count("linyu.wechat.messages", "kind", "unknown")).isEqualTo(before + 2);
  }

  @Test
  void twoEventsInOneSecondAreTwo() {
    for (String key : new String[] {"report", "progress"}) {
      byte[] payload =
          """
          <xml><ToUserName>gh</ToUserName><FromUserName>o1</FromUserName>
          <CreateTime>1795400000</CreateTime><MsgType>event</MsgType>
          <Event>CLICK</Event><EventKey>%s</EventKey></xml>\
          """
              .formatted(key)
              .getBytes(UTF_8);
      var _ = server.post("plain", Tencent.plain(TOKEN, NOW), payload);
    }
    var last = server.received.subList(server.received.size() - 2, server.received.size());
    assertThat(last)
        .extracting(inbound -> inbound.externalId())
        .containsExactly("1795400000:CLICK:report", "1795400000:CLICK:progress");
  }

  private static WechatFields opened(String body, String token, WechatCrypto crypto) {
    WechatFields envelope = WechatFields.parse(body.getBytes(UTF_8));
    String cipher = envelope.need("Encrypt");
    assertThat(envelope.need("MsgSignature"))
        .isEqualTo(
            WechatCrypto.signature(
                token, envelope.need("TimeStamp"), envelope.need("Nonce"), cipher));
    assertThat(Instant.ofEpochSecond(Long.parseLong(envelope.need("TimeStamp")))).isEqualTo(NOW);
    return WechatFields.parse(requireNonNull(crypto.open(cipher)));
  }

  private static byte[] http(String account, Map<String, String> query, String text) {
    byte[] body = Tencent.text(text);
    return "POST /wechat/%s?%s HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n%s"
        .formatted(account, Tencent.url(query), body.length, new String(body, UTF_8))
        .getBytes(UTF_8);
  }
}
