package io.linyu.channel.wechat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.linyu.ReverseProxy;
import io.linyu.channel.Content;
import io.linyu.channel.Probe;
import io.linyu.channel.Probe.Half;
import io.linyu.channel.Probe.Why;
import io.linyu.channel.Reply;
import io.linyu.channel.wechat.WechatAccount.Mode;
import io.vertx.core.Future;
import java.lang.reflect.Proxy;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A try of our own comes in as a push of the platform does, and whatever keeps it from being
/// answered has its name.
class WechatProbeTest {
  /// For who does not answer.
  private static final Duration HASTY = Duration.ofMillis(400);

  private final ReverseProxy front = new ReverseProxy();

  @AfterEach
  void close() {
    front.close();
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void worksWhereWhatComesBackIsTheAnswerToThisMessage(Mode mode) {
    WechatAccount account = Tencent.account(mode);
    try (var callback = new CallbackServer(Map.of("main", account))) {
      callback.answer = Future.succeededFuture(new Reply("您好", Tencent.NOW));
      front.leadsTo(at(callback));
      Half half = probe(account);
      assertThat(half.failure()).isNull();
      assertThat(half.took()).isPositive().isLessThan(WechatProbe.PATIENCE);

      assertThat(callback.received)
          .singleElement()
          .satisfies(inbound -> {
            assertThat(Probe.isFrom(inbound.from())).isTrue();
            assertThat(inbound.from().account()).isEqualTo("main");
            assertThat(inbound.externalId()).matches("\\d{1,19}");
            assertThat(inbound.content()).isInstanceOf(Content.Text.class);
          });
      // Another message another time, or it would be answered from memory.
      assertThat(probe(account).failure()).isNull();
      assertThat(callback.received).extracting(each -> each.externalId()).doesNotHaveDuplicates();
      assertThat(callback.count("linyu.wechat.messages", "kind", "probe")).isEqualTo(2);

      callback.answer = Future.succeededFuture(new Reply(null, Tencent.NOW));
      assertThat(why(account)).as("taken without a word").isEqualTo(Why.EMPTY);
    }
  }

  @Test
  void theNewestTokenAndKeyAreUsed() {
    WechatAccount before = account(Tencent.OLD_TOKEN, Tencent.OLD_AES_KEY);
    WechatAccount now = Tencent.account(Mode.SAFE);
    try (var callback = new CallbackServer(Map.of("main", before))) {
      callback.answer = Future.succeededFuture(new Reply("您好", Tencent.NOW));
      front.leadsTo(at(callback));
      // Another server, which was not told of the new ones yet.
      Half half = probe(now);
      assertThat(half.failure()).isEqualTo(new Probe.Failure(Why.DENIED, "403"));
      assertThat(probe(before).failure()).isNull();
      assertThat(why(account(Tencent.OLD_TOKEN, Tencent.AES_KEY))).isEqualTo(Why.DENIED);
    }
  }

  @Test
  void whateverStandsInBetweenHasItsName() {
    front.answers(502, "text/html", "<html>Bad Gateway</html>");
    assertThat(probe(Tencent.account(Mode.SAFE)).failure())
        .isEqualTo(new Probe.Failure(Why.STATUS, "502"));
    front.answers(403, "text/html", "");
    assertThat(why()).isEqualTo(Why.DENIED);
    front.answers(200, "text/html", "<!DOCTYPE html><html><body>Welcome</body></html>");
    assertThat(why()).isEqualTo(Why.STRANGE);
    front.answers(200, "text/plain", "success");
    assertThat(why()).isEqualTo(Why.EMPTY);
    front.answers(200, "text/plain", "");
    assertThat(why()).isEqualTo(Why.EMPTY);
    front.answers(200, "text/xml", "<xml><a>" + "长".repeat(64 * 1024) + "</a></xml>");
    assertThat(why()).as("more than is read").isEqualTo(Why.STRANGE);
    front.drops();
    assertThat(why()).isEqualTo(Why.CLOSED);

    int before = front.asked();
    try (var elsewhere = new ReverseProxy()) {
      front.leadsTo(elsewhere.url());
      front.answers(302, "text/html", "");
      assertThat(why()).isEqualTo(Why.REDIRECT);
      assertThat(elsewhere.asked()).as("the platform does not go there").isZero();
    }
    assertThat(front.asked()).isEqualTo(before + 1);
  }

  @Test
  void whoHangsIsGivenUp() {
    front.hangs();
    Half half = probe(Tencent.account(Mode.SAFE), front.url(), HASTY);
    assertThat(half.failure()).isEqualTo(new Probe.Failure(Why.SLOW, ""));
    assertThat(half.took()).isBetween(HASTY, WechatProbe.PATIENCE);
    front.trickles();
    half = probe(Tencent.account(Mode.SAFE), front.url(), HASTY);
    assertThat(half.failure()).isEqualTo(new Probe.Failure(Why.SLOW, ""));
    assertThat(half.took()).isBetween(HASTY, WechatProbe.PATIENCE);
  }

  @Test
  void whoIsNotThereHasAName() {
    WechatAccount account = Tencent.account(Mode.SAFE);
    assertThat(why(account, "http://nowhere.invalid")).isEqualTo(Why.RESOLVE);
    assertThat(why(account, "https://127.0.0.1:" + front.port())).isEqualTo(Why.TLS);
    front.close();
    assertThat(why(account, "http://127.0.0.1:" + front.port())).isEqualTo(Why.CONNECT);
  }

  @Test
  void anAnswerToAnotherMessageIsNone() {
    String reply = WechatWire.text(Probe.NOBODY, "gh_0a1b2c3d4e5f", 1, "您好");
    front.answers(200, "text/xml", reply);
    assertThat(why(Tencent.account(Mode.PLAIN), front.url())).isEqualTo(Why.STRANGE);
    assertThat(why()).as("in the open").isEqualTo(Why.SEALED);
    front.answers(200, "text/xml", sealed(reply, Tencent.OLD_AES_KEY, Tencent.TOKEN));
    assertThat(why()).as("sealed with another key").isEqualTo(Why.SEALED);
    front.answers(200, "text/xml", sealed(reply, Tencent.AES_KEY, Tencent.OLD_TOKEN));
    assertThat(why()).as("signed with another token").isEqualTo(Why.SEALED);
    front.answers(200, "text/xml", sealed(reply, Tencent.AES_KEY, Tencent.TOKEN));
    assertThat(why()).as("kept by somebody").isEqualTo(Why.STRANGE);
  }

  private static String sealed(String reply, String key, String token) {
    String cipher = new WechatCrypto(key, Tencent.APP_ID).seal(reply.getBytes(UTF_8));
    return WechatWire.envelope(
        cipher, WechatCrypto.signature(token, "1", "nonce", cipher), "1", "nonce");
  }

  private static WechatAccount account(String token, String key) {
    WechatAccount usual = Tencent.account(Mode.SAFE);
    return new WechatAccount(
        usual.appId(),
        usual.secret(),
        token,
        null,
        key,
        null,
        Mode.SAFE,
        usual.apiBase(),
        usual.openBase(),
        usual.rights(),
        null);
  }

  private static String at(CallbackServer callback) {
    return "http://127.0.0.1:" + callback.port();
  }

  private Why why() {
    return why(Tencent.account(Mode.SAFE));
  }

  private Why why(WechatAccount account) {
    return why(account, front.url());
  }

  private static Why why(WechatAccount account, String url) {
    Probe.Failure failure = probe(account, url, WechatProbe.PATIENCE).failure();
    assertThat(failure).isNotNull();
    return failure.why();
  }

  private Half probe(WechatAccount account) {
    return probe(account, front.url(), WechatProbe.PATIENCE);
  }

  private static Half probe(WechatAccount account, String url, Duration patience) {
    var nobody =
        (WechatGateway)
            Proxy.newProxyInstance(
                WechatGateway.class.getClassLoader(),
                new Class<?>[] {WechatGateway.class},
                (_, method, _) -> {
                  throw new AssertionError("the platform is asked nothing: " + method);
                });
    try {
      return new WechatProbe(
              "main",
              account,
              nobody,
              url,
              SSLContext.getDefault(),
              Clock.fixed(Tencent.NOW, ZoneOffset.UTC),
              patience)
          .in();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
