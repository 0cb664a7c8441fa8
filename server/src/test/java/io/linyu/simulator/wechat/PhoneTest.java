package io.linyu.simulator.wechat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import me.chanjar.weixin.mp.bean.message.WxMpXmlMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PhoneTest {
  private static final Patience SHORT = Patience.OF_WECHAT.cutOffAfter(Duration.ofMillis(150));

  private WechatSimulator wechat = WechatSimulator.start(account(Account.Mode.SAFE), clock());
  private AccountServer server = new AccountServer(wechat.account());

  PhoneTest() {
    wechat.pushTo(server.url());
  }

  @AfterEach
  void close() {
    server.close();
    wechat.close();
  }

  @ParameterizedTest
  @EnumSource
  void isUnderstoodAndUnderstandsInEveryMode(Account.Mode mode) {
    close();
    wechat = WechatSimulator.start(account(mode), clock());
    server = new AccountServer(wechat.account());
    wechat.pushTo(server.url());
    Phone li = wechat.phone("li");

    li.says("楼道灯坏了 <b>&]]>");
    assertThat(server.understood.getFirst().getContent()).isEqualTo("楼道灯坏了 <b>&]]>");

    server.understood.clear();
    li.says("楼道灯又坏了 <b>&");
    assertThat(li.hears()).isEqualTo("你说：楼道灯又坏了 <b>&");
    assertThat(server.understood)
        .singleElement()
        .satisfies(message -> {
          assertThat(message.getFromUser()).isEqualTo(li.openid());
          assertThat(message.getMsgId()).isEqualTo(li.said().getLast().messageId());
        });
  }

  @Test
  void tellsOfEveryKindOfDeed() {
    server.answer = (request, message) -> request.response().end("success");
    Phone wang = wechat.stranger("wang");
    wang.follow("bld:3").unfollow().scan("bld:4").scan("bld:5").tapMenu("progress");
    wang.image(Buffer.buffer("jpeg")).voice(Buffer.buffer("amr")).location(0.1, 0.2, "和光小区");

    assertThat(server.understood)
        .extracting(WxMpXmlMessage::getMsgType)
        .containsExactly("event", "event", "event", "event", "event", "image", "voice", "location");
    assertThat(server.understood.subList(0, 5))
        .extracting(message -> message.getEvent() + " " + message.getEventKey())
        .containsExactly(
            "subscribe qrscene_bld:3",
            "unsubscribe ",
            "subscribe qrscene_bld:4",
            "SCAN bld:5",
            "CLICK progress");
    assertThat(server.understood.getLast().getLabel()).isEqualTo("和光小区");
    assertThat(wang.heard()).isEmpty();
  }

  @Test
  void triesThreeTimesWithTheSameIdAndThenSaysThatTheAccountFails() {
    server.answer = (request, message) -> {};
    Phone li = wechat.phone("li").with(SHORT);

    li.says("在吗");

    assertThat(server.understood)
        .hasSize(3)
        .extracting(WxMpXmlMessage::getMsgId)
        .containsOnly(li.said().getFirst().messageId());
    assertThat(results(li)).containsOnly(Attempt.Result.TIMED_OUT).hasSize(3);
    assertThat(li.hears()).isEqualTo(Phone.OUT_OF_ORDER);
  }

  @Test
  void showsTheReplyToALaterAttempt() {
    server.answer =
        (request, message) -> {
          if (server.understood.size() == 2) {
            server.echo(request, message);
          }
        };
    Phone li = wechat.phone("li").with(Patience.OF_WECHAT.cutOffAfter(Duration.ofSeconds(1)));

    li.says("在吗");

    assertThat(results(li)).containsExactly(Attempt.Result.TIMED_OUT, Attempt.Result.REPLIED);
    assertThat(li.hears()).isEqualTo("你说：在吗");
  }

  @Test
  void canTryAgainWhileTheFirstAttemptStillRuns() {
    var everybodyIsHere = new CompletableFuture<Void>();
    server.answer =
        (request, message) -> {
          var _ = everybodyIsHere.thenRun(() -> server.echo(request, message));
          if (server.understood.size() == 3) {
            everybodyIsHere.complete(null);
          }
        };
    Phone li = wechat.phone("li").with(Patience.OF_WECHAT.overlapping(Duration.ofMillis(20)));

    li.says("在吗");

    assertThat(results(li)).hasSize(3).containsOnly(Attempt.Result.REPLIED);
    assertThat(li.heard()).hasSize(1);
  }

  @Test
  void takesNothingButAReplyForAReply() {
    Phone li = wechat.phone("li").with(Patience.OF_WECHAT.cutOffAfter(Duration.ofMinutes(1)));
    for (String wrong : List.of("{\"ok\":true}", "<html>error</html>", "Success", "<xml/>")) {
      server.answer = (request, message) -> request.response().end(wrong);
      assertThat(li.says(wrong).hears()).isEqualTo(Phone.OUT_OF_ORDER);
    }
    server.answer = (request, message) -> request.response().setStatusCode(500).end();
    assertThat(li.says("500").hears()).isEqualTo(Phone.OUT_OF_ORDER);
    assertThat(li.said()).allSatisfy(said -> assertThat(said.attempts()).hasSize(1));
  }

  @Test
  void refusesACiphertextForAnotherAccount() {
    var envelope = new Envelope(String.valueOf(wechat.account().aesKey()), "wxother");
    var own = new Envelope(String.valueOf(wechat.account().aesKey()), wechat.account().appId());

    assertThat(own.open(own.seal("好"))).isEqualTo("好");
    assertThatThrownBy(() -> own.open(envelope.seal("好"))).hasMessageContaining("another appid");
  }

  private static List<Attempt.Result> results(Phone phone) {
    return phone.said().getLast().attempts().stream().map(Attempt::result).toList();
  }

  private static Account account(Account.Mode mode) {
    return Account.invented(mode);
  }

  private static Clock clock() {
    return Clock.systemUTC();
  }
}
