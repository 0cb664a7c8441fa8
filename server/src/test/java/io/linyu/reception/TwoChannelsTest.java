package io.linyu.reception;

import static org.assertj.core.api.Assertions.assertThat;

import io.linyu.App;
import io.linyu.Counter;
import io.linyu.Neighbourhood;
import io.linyu.bot.Scripts;
import io.linyu.channel.AccountKey;
import io.linyu.channel.AddressKey;
import io.linyu.channel.Channel;
import io.linyu.channel.Channels;
import io.linyu.channel.Content;
import io.linyu.channel.Probe;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Two platforms, on each of which our account is called `main`.
class TwoChannelsTest {
  @AutoClose private static final Neighbourhood TOWN = Neighbourhood.open();
  @AutoClose private static final Counter COUNTER = TOWN.counter();

  private static final AccountKey OF_PIGEON = new AccountKey("pigeon", "main");

  @Test
  void eachAccountHasItsOwnHome() {
    var scenes =
        new Scenes(
            COUNTER.community.territories(),
            COUNTER.community.desks(),
            Scripts::shipped,
            Map.of(OF_PIGEON, "88001001"),
            TOWN.settings.zone(),
            TOWN.rooms().casework().known());
    assertThat(scenes.homeOf(new AddressKey("pigeon", "main", "p-1")))
        .isEqualTo(COUNTER.place("88001001"));
    assertThat(scenes.homeOf(new AddressKey("owl", "main", "o-1")))
        .as("of the same name, on another platform")
        .isEqualTo(COUNTER.community.territories().root());
    assertThat(App.homeOfAccount(TOWN.settings).keySet())
        .allMatch(each -> each.channel().equals("wechat"));
  }

  @Test
  void eachAccountIsTriedAsOftenAsItsOwnSettingsSay() {
    var probes =
        new Probes(
            TOWN.rooms().db(),
            new Channels(List.of(new Bird("pigeon"), new Bird("owl"))),
            Map.of(OF_PIGEON, Duration.ofMinutes(5), new AccountKey("owl", "main"), Duration.ZERO),
            "https://linyu.example",
            new SimpleMeterRegistry(),
            TOWN.clock);
    var _ = probes.tryDue();
    assertThat(TOWN.sql("SELECT channel FROM probe WHERE channel IN ('pigeon', 'owl')"))
        .containsExactly("pigeon");
  }

  private record Bird(String name) implements Channel {
    @Override
    public @Nullable Window windowOpenedBy(String account, Content content) {
      return null;
    }

    @Override
    public boolean mayAnswer(Content content) {
      return true;
    }

    @Override
    public int textLimit() {
      return 1_000;
    }

    @Override
    public void send(AddressKey to, String messageKey, String text) {
      throw new AssertionError("nobody is there");
    }

    @Override
    public Media fetch(String account, String mediaId) {
      throw new AssertionError("nothing is there");
    }

    @Override
    public List<String> accountsWithProbe() {
      return List.of("main");
    }

    @Override
    public Probe probe(String account) {
      return new Probe.NotSupported();
    }
  }
}
