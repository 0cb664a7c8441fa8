package io.linyu.channel.wechat;

import static io.linyu.channel.wechat.FakePlatform.MEDIA;
import static io.linyu.channel.wechat.FakePlatform.SEND;
import static io.linyu.channel.wechat.FakePlatform.TOKEN;
import static io.linyu.channel.wechat.FakePlatform.json;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.linyu.Settings;
import io.linyu.TestClock;
import io.linyu.World;
import io.linyu.channel.AddressKey;
import io.linyu.channel.Channel;
import io.linyu.channel.Channel.Media;
import io.linyu.channel.ChannelError;
import io.linyu.channel.ChannelError.RateLimited;
import io.linyu.channel.ChannelError.Refused;
import io.linyu.channel.ChannelError.TokenExpired;
import io.linyu.channel.ChannelError.Unreachable;
import io.linyu.channel.ChannelError.Why;
import io.linyu.channel.Content;
import io.linyu.channel.Trouble;
import io.linyu.channel.wechat.WechatAccount.Mode;
import io.linyu.platform.redis.Redis;
import io.linyu.platform.text.Codes;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WechatChannelTest {
  /// Of nobody else.
  private static final String APP_ID = "wxfedcba9876543210";

  private static final AddressKey LI = new AddressKey("wechat", "main", Captured.OPEN_ID);

  private static final Buffer JPEG = Buffer.buffer(new byte[] {(byte) 0xff, (byte) 0xd8, -1, 1});

  /// Of which no beginning is known.
  private static final Buffer SPEEX = Buffer.buffer(new byte[] {0x1e, 0x02, 0x7f, 0});

  /// 23:30 at the platform.
  private final TestClock clock = new TestClock(Instant.EPOCH);

  private final List<AutoCloseable> closings = new ArrayList<>();

  @SuppressWarnings("NullAway.Init")
  private Settings settings;

  @SuppressWarnings("NullAway.Init")
  private FakePlatform platform;

  @SuppressWarnings("NullAway.Init")
  private Redis redis;

  @SuppressWarnings("NullAway.Init")
  private WechatChannel channel;

  @BeforeAll
  void servers() {
    settings = World.settings();
  }

  @BeforeEach
  void open() {
    platform = closing(new FakePlatform());
    clock.set("2026-11-23T23:30");
    // Every test begins without a token, also of an earlier run.
    redis =
        closing(Redis.connect(settings.redisUrl(), settings.redisPrefix() + Codes.random() + ":"));
    channel = channel(platform.base(), redis);
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : closings.reversed()) {
      each.close();
    }
    closings.clear();
  }

  @Test
  void aTextIsSentAsItIs() {
    String text = "您好 <a href=\"/h5\">看'这里'</a> & 😢\n= 第二行\u2028第三行\u0007";

    channel.send(LI, "key-1", text);

    FakePlatform.Asked sent = platform.asked(SEND).getFirst();
    assertThat(sent.body()).doesNotContain("\\u").contains("您好 <a href=");
    var message = new JsonObject(sent.body());
    assertThat(message.getString("touser")).isEqualTo(Captured.OPEN_ID);
    assertThat(message.getString("msgtype")).isEqualTo("text");
    assertThat(message.getJsonObject("text").getString("content"))
        .isEqualTo("您好 <a href=\"/h5\">看'这里'</a> & 😢\n= 第二行\n第三行");
    assertThat(sent.token()).isEqualTo("token-1");
  }

  @Test
  void tokensAreStableOnesAndNeverForced() {
    channel.send(LI, "key-1", "a");
    channel.send(LI, "key-2", "b");

    assertThat(platform.asked(TOKEN)).hasSize(1);
    var asked = new JsonObject(platform.asked(TOKEN).getFirst().body());
    assertThat(asked.getString("grant_type")).isEqualTo("client_credential");
    assertThat(asked.getString("appid")).isEqualTo(APP_ID);
    assertThat(asked.getString("secret")).isEqualTo(Tencent.SECRET);
    assertThat(asked.getBoolean("force_refresh")).isFalse();
    assertThat(platform.asked("/cgi-bin/token")).isEmpty();
  }

  @Test
  void sixtyColdCallersOnTwoNodesFetchOneToken() throws InterruptedException {
    WechatChannel otherNode = channel(platform.base(), redis);

    List<Thread> callers =
        IntStream.range(0, 60)
            .mapToObj(i ->
                Thread.ofVirtual()
                    .start(() -> (i % 2 == 0 ? channel : otherNode).send(LI, "key-" + i, "a")))
            .toList();
    for (Thread caller : callers) {
      caller.join();
    }

    assertThat(platform.asked(SEND)).hasSize(60).allMatch(one -> "token-1".equals(one.token()));
    assertThat(platform.asked(TOKEN)).hasSize(1);
  }

  @Test
  void aRefusedTokenIsFetchedAnewOnce() {
    channel.send(LI, "key-1", "a");
    platform.on(
        SEND,
        (request, one) ->
            json(
                request,
                "token-1".equals(one.token())
                    ? "{\"errcode\":42001,\"errmsg\":\"access_token expired rid: 1\"}"
                    : "{\"errcode\":0}"));

    channel.send(LI, "key-2", "b");

    assertThat(platform.asked(TOKEN)).hasSize(2);
    assertThat(platform.asked(SEND))
        .extracting(FakePlatform.Asked::token)
        .containsExactly("token-1", "token-1", "token-2");
  }

  @Test
  void aTokenThatStaysRefusedIsGivenUp() {
    platform.onJson(SEND, "{\"errcode\":40001,\"errmsg\":\"invalid credential rid: 1\"}");

    var failed = catchThrowableOfType(TokenExpired.class, () -> channel.send(LI, "key-1", "a"));

    assertThat(failed).hasMessage("40001 invalid credential rid: 1");
    assertThat(platform.asked(SEND)).hasSize(2);
    assertThat(platform.asked(TOKEN)).hasSize(2);
  }

  @Test
  void aTokenThatAnotherNodeHasRenewedIsTakenFromIt() {
    WechatChannel otherNode = channel(platform.base(), redis);
    channel.send(LI, "key-1", "a");
    otherNode.send(LI, "key-2", "b");
    platform.on(
        SEND,
        (request, one) ->
            json(
                request,
                "token-1".equals(one.token()) ? "{\"errcode\":40014}" : "{\"errcode\":0}"));

    channel.send(LI, "key-3", "c");
    otherNode.send(LI, "key-4", "d");

    assertThat(platform.asked(TOKEN)).hasSize(2);
  }

  @Test
  void withoutRedisEachNodeHasItsOwnToken() {
    redis.close();

    channel.send(LI, "key-1", "a");
    channel.send(LI, "key-2", "b");

    assertThat(platform.asked(SEND)).hasSize(2);
    assertThat(platform.asked(TOKEN)).hasSize(1);
  }

  @Test
  void aWrongSecretNeedsSomebodyToLook() {
    platform.onJson(TOKEN, "{\"errcode\":40125,\"errmsg\":\"invalid appsecret rid: 2\"}");

    var refused = catchThrowableOfType(RateLimited.class, () -> channel.send(LI, "key-1", "a"));

    assertThat(refused).hasMessage("40125 invalid appsecret rid: 2");
    assertThat(platform.asked(SEND)).isEmpty();
    assertThat(channel.troubles())
        .singleElement()
        .returns(Trouble.Kind.CREDENTIALS, Trouble::kind)
        .returns("main", Trouble::account);
  }

  @ParameterizedTest
  @CsvSource({
    "45009, reach max api daily quota limit rid: 1, QUOTA, 2026-11-23T16:00:00Z",
    "48006, clear quota limit rid: 1, QUOTA, 2026-11-23T16:00:00Z",
    "45011, minute quota rid: 1, TOO_OFTEN, 2026-11-23T15:31:00Z",
    "48004, api forbidden rid: 1, BANNED, 2026-11-23T16:30:00Z",
    "40013, invalid appid rid: 1, CREDENTIALS, 2026-11-23T15:35:00Z",
    "40164, 'invalid ip 203.0.113.7, not in whitelist rid: 1', ADDRESS, 2026-11-23T15:35:00Z",
    "89503, ip needs confirmation rid: 1, ADDRESS, 2026-11-23T15:35:00Z"
  })
  void whatIsToBeLeftAloneIsCalledByNoNodeUntilItsTime(
      int code, String said, Trouble.Kind kind, Instant until) {
    WechatChannel otherNode = channel(platform.base(), redis);
    Instant since = clock.instant();
    platform.onJson(SEND, "{\"errcode\":" + code + ",\"errmsg\":\"" + said + "\"}");
    try (var log = new Heard()) {
      for (WechatChannel node : List.of(channel, otherNode, channel)) {
        var not = catchThrowableOfType(RateLimited.class, () -> node.send(LI, "key", "a"));
        assertThat(not).hasMessage(code + " " + said);
        assertThat(since.plus(not.retryAfter())).isEqualTo(until);
      }
      assertThat(platform.asked(SEND)).hasSize(1);
      assertThat(otherNode.troubles())
          .singleElement()
          .returns(kind, Trouble::kind)
          .returns(code, Trouble::code)
          .returns(since, Trouble::since)
          .returns(until, Trouble::until);
      // What is not the same call goes on.
      platform.onJson(MEDIA, "{\"errcode\":40007,\"errmsg\":\"invalid media_id\"}");
      assertThat(catchThrowableOfType(Refused.class, () -> channel.fetch("main", "m")).why())
          .isEqualTo(Why.MEDIA_GONE);

      clock.pass(Duration.between(since, until));
      platform.onJson(SEND, "{\"errcode\":0}");
      otherNode.send(LI, "key", "a");
      channel.send(LI, "key", "a");

      assertThat(platform.asked(SEND)).hasSize(3);
      assertThat(channel.troubles()).isEmpty();
      assertThat(log.at(Level.ERROR)).singleElement(as(STRING)).contains(code + " " + said, APP_ID);
      assertThat(log.at(Level.INFO)).singleElement(as(STRING)).contains("answers again", "" + code);
    }
  }

  @Test
  void aPauseThatGoesOnIsSaidOnceAndOneNodeTriesAtATime() {
    WechatChannel otherNode = channel(platform.base(), redis);
    Instant since = clock.instant();
    platform.onJson(TOKEN, "{\"errcode\":40164,\"errmsg\":\"invalid ip 203.0.113.7 rid: 1\"}");
    try (var log = new Heard()) {
      assertThatThrownBy(() -> channel.send(LI, "key", "a")).isInstanceOf(RateLimited.class);
      clock.pass(Duration.ofMinutes(5));
      assertThatThrownBy(() -> otherNode.send(LI, "key", "a")).isInstanceOf(RateLimited.class);
      assertThatThrownBy(() -> channel.send(LI, "key", "a")).isInstanceOf(RateLimited.class);

      assertThat(platform.asked(TOKEN)).hasSize(2);
      assertThat(channel.troubles())
          .containsExactly(
              new Trouble(
                  "wechat",
                  "main",
                  Trouble.Kind.ADDRESS,
                  40164,
                  "stable_token",
                  "203.0.113.7",
                  since,
                  clock.instant().plus(Duration.ofMinutes(5))));

      clock.pass(Duration.ofMinutes(5));
      var asked = new CountDownLatch(1);
      var answer = new CountDownLatch(1);
      platform.on(
          TOKEN,
          (request, _) -> {
            asked.countDown();
            var _ =
                Thread.ofVirtual()
                    .start(() -> {
                      awaits(answer);
                      json(request, "{\"errcode\":40164,\"errmsg\":\"invalid ip 203.0.113.7\"}");
                    });
          });
      Thread trial =
          Thread.ofVirtual()
              .start(() ->
                  assertThatThrownBy(() -> channel.send(LI, "key", "a"))
                      .isInstanceOf(RateLimited.class));
      awaits(asked);
      redis
          .commands()
          .del(redis.prefix() + "wechat:token:" + APP_ID + ":lock")
          .toCompletableFuture()
          .join();
      assertThat(catchThrowableOfType(RateLimited.class, () -> otherNode.send(LI, "key", "a")))
          .returns(Duration.ofSeconds(2), RateLimited::retryAfter);
      answer.countDown();
      trial.join();
      assertThat(platform.asked(TOKEN)).hasSize(3);
      assertThat(log.at(Level.ERROR)).hasSize(1);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void whatWasPutRightIsTriedAtOnceByEveryNodeAndWhatWasNotWaitsAsBefore() {
    WechatChannel otherNode = channel(platform.base(), redis);
    Instant since = clock.instant();
    platform.onJson(SEND, "{\"errcode\":48004,\"errmsg\":\"api forbidden rid: 1\"}");
    try (var log = new Heard()) {
      assertThatThrownBy(() -> channel.send(LI, "key", "a")).isInstanceOf(RateLimited.class);
      clock.pass(Duration.ofMinutes(5));
      assertThat(otherNode.resume("main", "message/template/send")).as("another call").isFalse();
      assertThat(otherNode.resume("main", "message/custom/send")).isTrue();
      assertThat(otherNode.resume("main", "message/custom/send")).as("twice").isFalse();

      assertThatThrownBy(() -> channel.send(LI, "key", "a")).isInstanceOf(RateLimited.class);
      assertThatThrownBy(() -> otherNode.send(LI, "key", "a")).isInstanceOf(RateLimited.class);
      assertThat(platform.asked(SEND)).as("one tries, and says so for all").hasSize(2);
      assertThat(otherNode.troubles())
          .singleElement()
          .returns("message/custom/send", Trouble::call)
          .returns(since, Trouble::since)
          .returns(clock.instant().plus(Duration.ofHours(1)), Trouble::until);

      assertThat(channel.resume("main", "message/custom/send")).isTrue();
      platform.onJson(SEND, "{\"errcode\":0}");
      otherNode.send(LI, "key", "a");
      channel.send(LI, "key", "a");
      assertThat(platform.asked(SEND)).hasSize(4);
      assertThat(channel.troubles()).isEmpty();
      assertThat(log.at(Level.ERROR)).as("it is no new trouble").hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {40033, 41030, 47001})
  void whatIsOurOwnFaultIsAnErrorInTheLogWithoutWhatWasWritten(int code) {
    platform.onJson(
        SEND,
        "{\"errcode\":"
            + code
            + ",\"errmsg\":\"data format error 楼道灯坏了 \\\"my stove\\\" to "
            + LI.externalId()
            + " rid: 5f8e1a2b-0c-1\"}");
    try (var log = new Heard()) {
      assertThatThrownBy(() -> channel.send(LI, "key", "楼道灯坏了 my stove"))
          .isInstanceOf(Refused.class);
      assertThat(log.at(Level.ERROR))
          .singleElement(as(STRING))
          .contains(APP_ID, "/message/custom/send", "" + code, "rid: 5f8e1a2b-0c-1")
          .doesNotContain("灯", "stove", LI.externalId());
    }
    assertThat(channel.standings().getFirst().refusals())
        .singleElement()
        .satisfies(refusal ->
            assertThat(refusal.said()).isEqualTo("data format error … … to … rid: 5f8e1a2b-0c-1"));
    assertThat(channel.troubles()).as("it stops nobody else").isEmpty();
  }

  @Test
  void withoutPermissionEachIsRefusedAndThePlatformAskedOnce() {
    platform.onJson(SEND, "{\"errcode\":48001,\"errmsg\":\"api unauthorized rid: 1\"}");

    for (int i = 0; i < 3; i++) {
      assertThat(catchThrowableOfType(Refused.class, () -> channel.send(LI, "key", "a")).why())
          .isEqualTo(Why.NO_PERMISSION);
    }

    assertThat(platform.asked(SEND)).hasSize(1);
    assertThat(channel.troubles())
        .extracting(Trouble::kind)
        .containsExactly(Trouble.Kind.NO_PERMISSION);
    // Nor is it promised to anybody, on any node, until it is tried again; a person's window stays
    // theirs.
    assertThat(channel.ladder("main").messages()).isFalse();
    assertThat(channel(platform.base(), redis).ladder("main").messages()).isFalse();
    assertThat(channel.windowOpenedBy("main", new Content.Text("在吗", null))).isNotNull();
    clock.pass(Duration.ofMinutes(61));
    assertThat(channel.ladder("main").messages()).isTrue();
  }

  @Test
  void aPauseIsOfOneAccountAndOneKindOfCall() {
    platform.onJson(SEND, "{\"errcode\":45009,\"errmsg\":\"quota rid: 1\"}");
    assertThatThrownBy(() -> channel.send(LI, "key", "a")).isInstanceOf(RateLimited.class);
    platform.on(
        MEDIA,
        (request, _) -> request.response().putHeader("Content-Type", "image/jpeg").end(JPEG));

    assertThat(channel.fetch("main", "m").type()).isEqualTo("image/jpeg");
  }

  @Test
  void losingRedisLosesNoMoreThanThePause() {
    WechatChannel otherNode = channel(platform.base(), redis);
    platform.onJson(SEND, "{\"errcode\":45009,\"errmsg\":\"quota rid: 1\"}");
    redis.close();

    assertThatThrownBy(() -> channel.send(LI, "key", "a")).isInstanceOf(RateLimited.class);
    assertThatThrownBy(() -> channel.send(LI, "key", "a")).isInstanceOf(RateLimited.class);
    assertThat(platform.asked(SEND)).as("it knows what it was told itself").hasSize(1);
    assertThat(channel.troubles()).hasSize(1);

    platform.onJson(SEND, "{\"errcode\":0}");
    otherNode.send(LI, "key", "a");
  }

  @Test
  void anAnswerThatTricklesEndsAtItsTime() {
    WechatChannel hasty = hasty();
    channel.send(LI, "key", "a"); // so that there is a token
    platform.on(SEND, (request, _) -> trickle(request));

    var failed = catchThrowableOfType(Unreachable.class, () -> hasty.send(LI, "key", "a"));
    assertThat(failed).hasMessage("no answer in time");
    assertThat(failed.maybeDone()).isTrue();

    platform.on(MEDIA, (request, _) -> trickle(request));
    failed = catchThrowableOfType(Unreachable.class, () -> hasty.fetch("main", "m"));
    assertThat(failed.maybeDone()).isFalse();
  }

  @Test
  void aTokenThatTricklesEndsAtItsTimeAndNothingIsSentAfterwards() {
    WechatChannel hasty = hasty();
    platform.on(TOKEN, (request, _) -> trickle(request));

    var failed = catchThrowableOfType(Unreachable.class, () -> hasty.send(LI, "key", "a"));

    assertThat(failed.maybeDone()).isFalse();
    assertThat(platform.asked(SEND)).isEmpty();
  }

  @Test
  void everyCallEndsWithinWhatTheChannelPromises() {
    var usual = WechatApi.Limits.USUAL;
    assertThat(usual.send()).isLessThan(Channel.LONGEST_SEND);
    assertThat(usual.download()).isLessThan(Channel.LONGEST_FETCH);
    assertThat(usual.token()).isLessThan(usual.send());
  }

  @Test
  void aRefusalSaysWhy() {
    platform.onJson(SEND, "{\"errcode\":45047,\"errmsg\":\"out of response count limit rid: 3\"}");

    var refused = catchThrowableOfType(Refused.class, () -> channel.send(LI, "key-1", "a"));

    assertThat(refused.why()).isEqualTo(Why.WINDOW_CLOSED);
    assertThat(refused).hasMessage("45047 out of response count limit rid: 3");
  }

  @Test
  void aSendIsNotRepeatedWhenThePlatformIsBusy() {
    platform.onJson(SEND, "{\"errcode\":-1,\"errmsg\":\"system error\"}");

    var failed = catchThrowableOfType(Unreachable.class, () -> channel.send(LI, "key-1", "a"));

    assertThat(failed.maybeDone()).isTrue();
    assertThat(platform.asked(SEND)).hasSize(1);
  }

  @Test
  void aSendIsNotRepeatedWhenNoAnswerComes() {
    channel.send(LI, "key-1", "a"); // on a connection that is kept
    platform.on(SEND, (request, _) -> request.connection().close());

    var failed = catchThrowableOfType(Unreachable.class, () -> channel.send(LI, "key-2", "b"));

    assertThat(failed.maybeDone()).isTrue();
    assertThat(platform.asked(SEND)).hasSize(2);
  }

  @Test
  void aServerErrorLeavesItOpenAndAWrongAddressDoesNot() {
    platform.on(SEND, (request, _) -> request.response().setStatusCode(502).end());
    assertThat(
            catchThrowableOfType(Unreachable.class, () -> channel.send(LI, "key-1", "a"))
                .maybeDone())
        .isTrue();

    platform.on(SEND, (request, _) -> request.response().setStatusCode(404).end());
    assertThat(
            catchThrowableOfType(Unreachable.class, () -> channel.send(LI, "key-2", "a"))
                .maybeDone())
        .isFalse();

    platform.on(SEND, (request, _) -> request.response().end("<html>sign in to this network"));
    assertThat(
            catchThrowableOfType(Unreachable.class, () -> channel.send(LI, "key-3", "a"))
                .maybeDone())
        .isTrue();
  }

  @Test
  void whatWasNeverConnectedWasNotDone() throws IOException {
    int nobody;
    try (var socket = new ServerSocket(0)) {
      nobody = socket.getLocalPort();
    }
    channel.send(LI, "key-1", "a"); // so that there is a token
    WechatChannel cut = channel("http://localhost:" + nobody, redis);

    var failed = catchThrowableOfType(Unreachable.class, () -> cut.send(LI, "key-2", "a"));

    assertThat(failed.maybeDone()).isFalse();
  }

  @Test
  void mediaIsFetched() {
    platform.on(
        MEDIA,
        (request, _) -> request.response().putHeader("Content-Type", "image/jpeg").end(JPEG));

    Media media = channel.fetch("main", "media&1");

    assertThat(media.type()).isEqualTo("image/jpeg");
    assertThat(media.bytes()).isEqualTo(JPEG);
    assertThat(platform.asked(MEDIA).getFirst().query())
        .isEqualTo("access_token=token-1&media_id=media%261");
  }

  @Test
  void aRecordingHasAnAddressOfItsOwn() {
    platform.on(
        "/cgi-bin/media/get/jssdk",
        (request, _) -> request.response().putHeader("Content-Type", "voice/speex").end(SPEEX));

    assertThat(channel.fetchRecording("main", "media-1").type()).isEqualTo("voice/speex");
  }

  @Test
  void mediaThatIsGoneIsSaidInJson() {
    platform.onJson(MEDIA, "{\"errcode\":40007,\"errmsg\":\"invalid media_id rid: 4\"}");
    assertThat(catchThrowableOfType(Refused.class, () -> channel.fetch("main", "m")).why())
        .isEqualTo(Why.MEDIA_GONE);

    platform.onJson(MEDIA, "{\"video_url\":\"http://example.org/v\"}");
    assertThat(catchThrowableOfType(Refused.class, () -> channel.fetch("main", "m")).why())
        .isEqualTo(Why.CONTENT);
  }

  @Test
  void fetchingIsRepeatedWhenThePlatformIsBusy() {
    var calls = new AtomicInteger();
    platform.on(
        MEDIA,
        (request, _) -> {
          if (calls.incrementAndGet() == 1) {
            json(request, "{\"errcode\":-1}");
          } else {
            var _ = request.response().putHeader("Content-Type", "audio/amr").end("#!AMR\n");
          }
        });

    assertThat(channel.fetch("main", "m").type()).isEqualTo("audio/amr");
  }

  @Test
  void mediaHasALargestSize() {
    Buffer large = Buffer.buffer(new byte[WechatDownload.LARGEST + 1]);
    for (boolean announced : new boolean[] {true, false}) {
      platform.on(
          MEDIA,
          (request, _) -> {
            var _ =
                request
                    .response()
                    .setChunked(!announced)
                    .putHeader("Content-Type", "image/png")
                    .end(large);
          });
      assertThat(catchThrowableOfType(Refused.class, () -> channel.fetch("main", "m")).why())
          .isEqualTo(Why.CONTENT);
    }
  }

  @Test
  void aHostThatIsNotVerifiedHearsNothing(@TempDir Path folder) throws Exception {
    Path certificate = selfSigned(folder);
    FakePlatform false1 = closing(new FakePlatform(certificate));

    WechatChannel strict = channel(false1.base(), redis);
    var failed = catchThrowableOfType(Unreachable.class, () -> strict.send(LI, "key-1", "a"));
    assertThat(failed.maybeDone()).isFalse();

    // Signed by somebody we trust, but for another host.
    WechatChannel trusting =
        closing(
            new WechatChannel(
                Map.of("main", Tencent.account(Mode.SAFE, false1.base())),
                trusting(certificate),
                redis,
                Clock.systemUTC(),
                new SimpleMeterRegistry(),
                WechatApi.Limits.USUAL));
    failed = catchThrowableOfType(Unreachable.class, () -> trusting.send(LI, "key-1", "a"));
    assertThat(failed.maybeDone()).isFalse();

    assertThat(false1.asked).isEmpty();
  }

  @Test
  void noSecretIsLoggedOrThrown() {
    var root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    var log = new ListAppender<ILoggingEvent>();
    log.start();
    root.addAppender(log);
    var ours = (Logger) LoggerFactory.getLogger("io.linyu.channel.wechat");
    ours.setLevel(Level.TRACE);
    var said = new StringWriter();
    try {
      channel.send(LI, "key-1", "a");
      for (String answer :
          new String[] {
            "{\"errcode\":40003,\"errmsg\":\"token-1 " + Tencent.SECRET + "\"}",
            "{\"errcode\":40164,\"errmsg\":\"invalid ip token-1\"}",
            "{\"errcode\":40001,\"errmsg\":\"token-2 " + Tencent.SECRET + "\"}",
            "no json"
          }) {
        platform.onJson(SEND, answer);
        for (Trouble each : channel.troubles()) { // whatever was told before is over
          clock.pass(Duration.between(clock.instant(), each.until()));
        }
        catchThrowableOfType(ChannelError.class, () -> channel.send(LI, "key-2", "a"))
            .printStackTrace(new PrintWriter(said, true));
      }
      platform.on(SEND, (request, _) -> request.connection().close());
      catchThrowableOfType(ChannelError.class, () -> channel.send(LI, "key-2", "a"))
          .printStackTrace(new PrintWriter(said, true));
      platform.onJson(MEDIA, "{\"errcode\":40007,\"errmsg\":\"invalid media_id\"}");
      catchThrowableOfType(ChannelError.class, () -> channel.fetch("main", "m"))
          .printStackTrace(new PrintWriter(said, true));
    } finally {
      root.detachAppender(log);
      ours.setLevel(null);
    }
    for (ILoggingEvent event : List.copyOf(log.list)) {
      said.append(event.getFormattedMessage()).append('\n');
    }
    assertThat(said.toString()).contains("40164 invalid ip").doesNotContain(Tencent.SECRET);
    assertThat(said.toString()).doesNotContainPattern("token-[0-9]");
    assertThat(String.valueOf(Tencent.account(Mode.SAFE)))
        .doesNotContain(Tencent.SECRET, Tencent.TOKEN, Tencent.AES_KEY);
    // Whatever the level of the rest, these two write URLs.
    assertThat(level("me.chanjar.weixin.mp.api.impl.BaseWxMpServiceImpl")).isEqualTo(Level.OFF);
    assertThat(level("org.apache.http.wire")).isEqualTo(Level.WARN);
  }

  private WechatChannel hasty() {
    return closing(
        new WechatChannel(
            Map.of("main", account(platform.base())),
            trusted(),
            redis,
            clock,
            new SimpleMeterRegistry(),
            new WechatApi.Limits(
                Duration.ofMillis(900), Duration.ofMillis(900), Duration.ofMillis(600))));
  }

  private static SSLContext trusted() {
    try {
      return SSLContext.getDefault();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /// A byte now and then, each within the time-out of the connection.
  private static void trickle(HttpServerRequest request) {
    var response = request.response().setChunked(true).putHeader("Content-Type", "image/png");
    Thread.ofVirtual()
        .start(() -> {
          while (!response.closed()) {
            response.write(" ");
            LockSupport.parkNanos(20_000_000);
          }
        });
  }

  private static void awaits(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /// What this folder logs.
  private static final class Heard implements AutoCloseable {
    private final Logger ours = (Logger) LoggerFactory.getLogger("io.linyu.channel.wechat");
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    Heard() {
      log.start();
      ours.setLevel(Level.INFO);
      ours.addAppender(log);
    }

    List<String> at(Level level) {
      return List.copyOf(log.list).stream()
          .filter(event -> event.getLevel().equals(level))
          .map(ILoggingEvent::getFormattedMessage)
          .filter(said -> said.contains(APP_ID)) // others talk beside
          .toList();
    }

    @Override
    public void close() {
      ours.detachAppender(log);
      ours.setLevel(null);
    }
  }

  private static Level level(String logger) {
    return ((Logger) LoggerFactory.getLogger(logger)).getEffectiveLevel();
  }

  private static WechatAccount account(String base) {
    WechatAccount account = Tencent.account(Mode.SAFE, base);
    return new WechatAccount(
        APP_ID,
        account.secret(),
        account.token(),
        account.previousToken(),
        account.aesKey(),
        account.previousAesKey(),
        account.mode(),
        account.apiBase(),
        account.openBase(),
        account.rights(),
        account.verification());
  }

  private WechatChannel channel(String base, Redis redis) {
    return closing(
        new WechatChannel(Map.of("main", account(base)), redis, clock, new SimpleMeterRegistry()));
  }

  private static Path selfSigned(Path folder) throws IOException, InterruptedException {
    Path store = folder.resolve("evil.p12");
    int exit =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "evil",
                "-keyalg",
                "EC",
                "-dname",
                "CN=evil.example",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                "changeit")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("keytool.log").toFile())
            .start()
            .waitFor();
    assertThat(exit).as(Files.readString(folder.resolve("keytool.log"))).isZero();
    return store;
  }

  private static SSLContext trusting(Path certificate) throws Exception {
    KeyStore own = KeyStore.getInstance(certificate.toFile(), "changeit".toCharArray());
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("evil", requireNonNull(own.getCertificate("evil")));
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, factory.getTrustManagers(), null);
    return context;
  }

  private <C extends AutoCloseable> C closing(C each) {
    closings.add(each);
    return each;
  }
}
