package io.linyu.channel.wechat;

import io.linyu.App;
import io.linyu.Neighbourhood;
import io.linyu.channel.AddressKey;
import io.linyu.channel.Channel;
import io.linyu.channel.ChannelContract;
import io.linyu.platform.redis.Redis;
import io.linyu.simulator.wechat.Attempt;
import io.linyu.simulator.wechat.Fault;
import io.linyu.simulator.wechat.Line;
import io.linyu.simulator.wechat.Patience;
import io.linyu.simulator.wechat.Phone;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;

/// WeChat keeps what every channel promises.
class WechatContractTest extends ChannelContract {
  private static final String SEND = "/cgi-bin/message/custom/send";

  @Override
  protected FarSide open() {
    var town = Neighbourhood.open();
    return new Wechat(town, Redis.connect(town.settings.redisUrl(), town.settings.redisPrefix()));
  }

  private record Wechat(Neighbourhood town, Redis redis) implements FarSide {
    @Override
    public Somebody somebody(String name) {
      return new Follower(town, town.follower("contract-" + name));
    }

    @Override
    public Channel channel() {
      var channel =
          new WechatChannel(
              App.wechatAccounts(town.settings.wechat()),
              redis,
              town.clock,
              new SimpleMeterRegistry());
      channel.reachedAt(town.url(""));
      return channel;
    }

    @Override
    public boolean takesPictures() {
      return true;
    }

    @Override
    public void next(Fate fate) {
      town.wechat
          .faults()
          .next(
              SEND,
              switch (fate) {
                case NOT_YET -> Fault.TOKEN_EXPIRED;
                case ANSWER_LOST -> Fault.DROPPED_AFTER_ACCEPTING;
                case ANSWER_EMPTY -> Fault.EMPTY_ANSWER;
                case ANSWER_UNREADABLE -> Fault.ANSWER_WITHOUT_CODE;
                case ANSWER_FROM_SOMEBODY_ELSE -> Fault.STRANGE_PAGE;
              });
    }

    @Override
    public void close() {
      redis.close();
      town.close();
    }
  }

  private record Follower(Neighbourhood town, Phone phone) implements ChannelContract.Somebody {
    @Override
    public AddressKey address() {
      return new AddressKey("wechat", "main", phone.openid());
    }

    @Override
    public Somebody says(String text) {
      var _ = phone.says(text);
      return this;
    }

    @Override
    public Somebody saysWithOverlappingDeliveries(String text) {
      Patience usual = phone.patience();
      var _ =
          phone
              .with(new Patience(3, Duration.ofSeconds(5), Duration.ZERO, Duration.ZERO))
              .says(text)
              .with(usual);
      return this;
    }

    @Override
    public String deliveredAgain() {
      Attempt again = phone.again(phone.said().getLast());
      return again.reply() == null ? "" : again.reply().text();
    }

    @Override
    public List<String> heard() {
      return phone.heard().stream().map(Line.Heard::text).toList();
    }

    @Override
    public List<Buffer> pictures() {
      return phone.received();
    }

    @Override
    public int left() {
      return phone.quota().left();
    }

    @Override
    public void hasNoWindow() {
      town.clock.pass(Duration.ofHours(49));
    }

    @Override
    public void leaves() {
      var _ = phone.unfollow();
    }

    @Override
    public void comesBack() {
      var _ = phone.follow();
    }
  }
}
