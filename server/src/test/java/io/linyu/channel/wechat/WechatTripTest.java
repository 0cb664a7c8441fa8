package io.linyu.channel.wechat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.linyu.Samples;
import io.linyu.Settings;
import io.linyu.World;
import io.linyu.channel.AddressKey;
import io.linyu.channel.ChannelError.Refused;
import io.linyu.channel.ChannelError.Unreachable;
import io.linyu.channel.ChannelError.Why;
import io.linyu.channel.Content;
import io.linyu.channel.Reply;
import io.linyu.platform.redis.Redis;
import io.linyu.platform.text.Codes;
import io.linyu.simulator.wechat.Account;
import io.linyu.simulator.wechat.Fault;
import io.linyu.simulator.wechat.Line;
import io.linyu.simulator.wechat.Phone;
import io.linyu.simulator.wechat.WechatSimulator;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Both directions against a platform that somebody else has written down.
class WechatTripTest {
  private static final Settings SETTINGS = World.settings();

  @ParameterizedTest
  @EnumSource
  void aWordGoesThereAndTheAnswerBack(Account.Mode mode) {
    Account account = Account.invented(mode);
    try (var wechat = WechatSimulator.start(account, Clock.systemUTC());
        var server =
            new CallbackServer(
                Map.of("main", ours(account, wechat)), Clock.systemUTC(), Duration.ofSeconds(5))) {
      wechat.pushTo("http://127.0.0.1:" + server.port() + "/wechat/main");
      server.answer = Future.succeededFuture(new Reply("记下了 <a href=\"/h5\">]]></a>", Tencent.NOW));
      Phone li = wechat.phone("li");

      li.says("楼道灯坏了 <b>&]]>😢");

      assertThat(li.hears()).isEqualTo("记下了 <a href=\"/h5\">]]></a>");
      assertThat(server.received.getFirst().content())
          .isEqualTo(new Content.Text("楼道灯坏了 <b>&]]>😢", null));
      assertThat(server.received.getFirst().externalId())
          .isEqualTo(Long.toString(li.said().getFirst().messageId()));
    }
  }

  @Test
  void theDeskAnswersUntilTheWindowIsUsedUp() throws IOException {
    Account account = Account.invented(Account.Mode.SAFE);
    try (var wechat = WechatSimulator.start(account, Clock.systemUTC());
        Redis redis = Redis.connect(SETTINGS.redisUrl(), SETTINGS.redisPrefix() + Codes.random());
        var server =
            new CallbackServer(
                Map.of("main", ours(account, wechat)), Clock.systemUTC(), Duration.ofSeconds(5));
        var channel =
            new WechatChannel(
                Map.of("main", ours(account, wechat)),
                redis,
                Clock.systemUTC(),
                new SimpleMeterRegistry())) {
      wechat.pushTo("http://127.0.0.1:" + server.port() + "/wechat/main");
      Phone li = wechat.phone("li");
      var address = new AddressKey("wechat", "main", li.openid());
      Buffer photo = Samples.picture(8, 8, "JPEG");
      li.image(photo);

      assertThat(server.received.getFirst().content())
          .isInstanceOfSatisfying(
              Content.Image.class,
              image -> assertThat(channel.fetch("main", image.mediaId()).bytes()).isEqualTo(photo));
      wechat.faults().next(FakePlatform.SEND, Fault.TOKEN_EXPIRED);
      channel.send(address, "key-1", "第一条");
      assertThat(li.hears()).isEqualTo("第一条");
      assertThat(li.heard().getLast().way()).isEqualTo(Line.Way.CUSTOMER_SERVICE);

      // Done, but the answer is lost: the phone has it, and we do not know.
      wechat.faults().next(FakePlatform.SEND, Fault.DROPPED_AFTER_ACCEPTING);
      assertThat(
              catchThrowableOfType(Unreachable.class, () -> channel.send(address, "key-2", "第二条"))
                  .maybeDone())
          .isTrue();
      assertThat(li.hears()).isEqualTo("第二条");

      for (int number = 3; number <= 5; number++) {
        channel.send(address, "key-" + number, "第" + number + "条");
      }
      assertThat(why(channel, address)).isEqualTo(Why.WINDOW_CLOSED);

      li.unfollow();
      assertThat(why(channel, address)).isIn(Why.NOT_FOLLOWING, Why.WINDOW_CLOSED);
      assertThat(why(channel, new AddressKey("wechat", "main", "oNobody")))
          .isEqualTo(Why.NOT_FOLLOWING);
      assertThat(li.heard()).hasSize(5);
    }
  }

  private static Why why(WechatChannel channel, AddressKey to) {
    return catchThrowableOfType(Refused.class, () -> channel.send(to, "key-x", "再来一条")).why();
  }

  private static WechatAccount ours(Account account, WechatSimulator wechat) {
    return new WechatAccount(
        account.appId(),
        account.secret(),
        account.token(),
        null,
        account.aesKey(),
        null,
        WechatAccount.Mode.valueOf(account.mode().name()),
        wechat.apiBase(),
        wechat.apiBase(),
        WechatAccount.Rights.VERIFIED,
        null);
  }
}
