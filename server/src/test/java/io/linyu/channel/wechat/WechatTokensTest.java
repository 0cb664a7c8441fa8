package io.linyu.channel.wechat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linyu.Settings;
import io.linyu.World;
import io.linyu.channel.ChannelError;
import io.linyu.channel.ChannelError.Unreachable;
import io.linyu.platform.redis.Redis;
import io.linyu.platform.text.Codes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WechatTokensTest {
  private static final Settings SETTINGS = World.settings();

  private final Moving clock = new Moving();
  private final AtomicInteger fetched = new AtomicInteger();
  private volatile CountDownLatch open = new CountDownLatch(0);

  @SuppressWarnings("NullAway.Init")
  private Redis redis;

  @SuppressWarnings("NullAway.Init")
  private WechatTokens tokens;

  private static final class Moving extends Clock {
    private volatile Instant now = Instant.parse("2026-11-23T00:00:00Z");

    void forward(Duration duration) {
      now = now.plus(duration);
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new UnsupportedOperationException();
    }
  }

  @BeforeEach
  void connect() {
    // Every test begins without a token, also of an earlier run.
    String prefix = SETTINGS.redisPrefix() + Codes.random() + ":";
    redis = Redis.connect(SETTINGS.redisUrl(), prefix);
    tokens = node();
  }

  @AfterEach
  void close() {
    redis.close();
  }

  @Test
  void aTokenIsRenewedBeforeItEndsAndNobodyWaits() throws InterruptedException {
    assertThat(tokens.current()).isEqualTo("token-1");
    clock.forward(Duration.ofSeconds(6_119));
    assertThat(tokens.current()).isEqualTo("token-1");
    assertThat(fetched).hasValue(1);

    clock.forward(Duration.ofSeconds(2)); // past 85 % of two hours
    open = new CountDownLatch(1); // the platform takes its time
    assertThat(tokens.current()).isEqualTo("token-1");
    assertThat(tokens.current()).isEqualTo("token-1");
    open.countDown();

    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (!tokens.current().equals("token-2")) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.onSpinWait();
    }
    assertThat(fetched).hasValue(2);
  }

  @Test
  void anEndedTokenIsNotUsed() {
    assertThat(tokens.current()).isEqualTo("token-1");
    clock.forward(Duration.ofHours(2));
    assertThat(tokens.current()).isEqualTo("token-2");
  }

  @Test
  void anotherNodeTakesTheSharedOne() {
    assertThat(tokens.current()).isEqualTo("token-1");
    assertThat(node().current()).isEqualTo("token-1");
    assertThat(fetched).hasValue(1);
  }

  @Test
  void aFailureIsNotKept() {
    var failing = new AtomicInteger(1);
    var shaky =
        new WechatTokens(
            "token",
            "wx-shaky",
            () -> {
              if (failing.getAndDecrement() > 0) {
                throw new ChannelError.Unreachable("no", false, null);
              }
              return new WechatTokens.Fetched("good", Duration.ofHours(2));
            },
            redis,
            clock);

    assertThatThrownBy(shaky::current).isInstanceOf(ChannelError.Unreachable.class);
    assertThat(shaky.current()).isEqualTo("good");
  }

  @Test
  void theLockOutlastsTheLongestFetchAndRedisAroundIt() throws Exception {
    assertThat(WechatTokens.LOCKED)
        .isGreaterThan(WechatTokens.LONGEST_FETCH.plusSeconds(4 * 2)); // a command takes two
    open = new CountDownLatch(1);
    Thread first = Thread.ofVirtual().start(tokens::current);
    byte[] owner = null;
    while (owner == null) {
      owner = redis.commands().get(redis.prefix() + "wechat:token:wx-test:lock").get();
    }
    assertThat(redis.commands().pttl(redis.prefix() + "wechat:token:wx-test:lock").get())
        .isBetween(WechatTokens.LONGEST_FETCH.toMillis(), WechatTokens.LOCKED.toMillis());
    open.countDown();
    first.join();
  }

  @Test
  void whoeverGivesUpDoesNotEndTheFetchForTheOthers() throws InterruptedException {
    open = new CountDownLatch(1);
    Thread hasty =
        Thread.ofVirtual()
            .start(() -> assertThatThrownBy(tokens::current).isInstanceOf(Unreachable.class));
    var got = new AtomicReference<String>();
    Thread patient = Thread.ofVirtual().start(() -> got.set(tokens.current()));

    hasty.interrupt();
    hasty.join();
    open.countDown();
    patient.join();

    assertThat(got).hasValue("token-1");
    assertThat(fetched).hasValue(1);
  }

  @Test
  void noTokenShowsItself() {
    assertThat(new WechatTokens.Fetched("token-1", Duration.ofHours(2)).toString())
        .doesNotContain("token-1");
    assertThat(new WechatTokens.Token("token-1", clock.instant(), clock.instant()).toString())
        .doesNotContain("token-1");
  }

  private WechatTokens node() {
    return new WechatTokens("token", "wx-test", this::fetch, redis, clock);
  }

  private WechatTokens.Fetched fetch() {
    try {
      open.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return new WechatTokens.Fetched("token-" + fetched.incrementAndGet(), Duration.ofHours(2));
  }
}
