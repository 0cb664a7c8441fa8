package io.linyu.channel.wechat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.linyu.Samples;
import io.linyu.Settings;
import io.linyu.World;
import io.linyu.channel.Channel.Media;
import io.linyu.channel.ChannelError;
import io.linyu.channel.ChannelError.Refused;
import io.linyu.channel.ChannelError.Unreachable;
import io.linyu.channel.Enclosed;
import io.linyu.channel.Notice;
import io.linyu.channel.Tagging;
import io.linyu.channel.wechat.WechatAccount.Mode;
import io.linyu.platform.redis.Redis;
import io.linyu.platform.text.Codes;
import io.linyu.platform.text.Digest;
import io.linyu.simulator.wechat.Account;
import io.linyu.simulator.wechat.Fault;
import io.linyu.simulator.wechat.WechatSimulator;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.buffer.Buffer;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.apache.http.impl.client.CloseableHttpClient;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever comes instead of the platform's answer, to whichever call: the caller hears that it
/// failed, why, and whether it may have been done.
class WechatNonsenseTest {
  private static final Settings SETTINGS = World.settings();
  private static final String LI = Captured.OPEN_ID;
  private static final String BIZSEND = "/cgi-bin/message/subscribe/bizsend";
  private static final String DATACUBE = "/datacube/";
  private static final List<String> FIGURES =
      List.of("getusersummary", "getusercumulate", "getupstreammsg", "getinterfacesummary");
  private static final WechatForm FORM =
      new WechatForm("template-1", Map.of("thing2", WechatForm.Part.MATTER), false);
  private static final Notice NOTICE =
      new Notice("3-0417", "楼道灯", "已办结", "修好了", Instant.EPOCH, "https://x.example/h5", "zh", true);
  private static final Buffer PICTURE = Samples.picture(8, 8, "JPEG");
  private static final Enclosed PHOTO =
      new Enclosed(
          Enclosed.Kind.IMAGE,
          "1.jpg",
          "image/jpeg",
          Buffer.buffer(Digest.sha256(PICTURE.getBytes())),
          () -> PICTURE);

  private static final String OF_ANOTHER_TYPE =
      """
      {"access_token":{},"ticket":[],"url":{},"media_id":7,"video_url":[],"menu":{"button":{}},
       "ip_list":"127.0.0.1","quota":[],"data":7,"template_list":{},"list":{},"tags":"all",
       "tag":{"id":"abc"},"count":"many","openid":{}}
      """;

  private static final List<String> NONSENSE =
      List.of(
          "",
          " ",
          "null",
          "7",
          "\"ok\"",
          "[\"ok\"]",
          "{}",
          "{\"errcode\":\"abc\"}",
          "{\"errcode\":{},\"media_id\":\"m\",\"ticket\":\"t\",\"access_token\":\"t\"}",
          "{\"errcode\":0",
          "[".repeat(5_000),
          "<html><body>Please sign in to this network</body></html>");

  @AutoClose private static final FakePlatform PLATFORM = new FakePlatform();
  @AutoClose private static final CloseableHttpClient HTTP = WechatHttp.client(trusted());

  @AutoClose
  private static final Redis REDIS =
      Redis.connect(SETTINGS.redisUrl(), SETTINGS.redisPrefix() + Codes.random() + ":");

  @AutoClose
  private static final WechatSimulator SIMULATOR =
      WechatSimulator.start(Account.invented(Account.Mode.SAFE), Clock.systemUTC());

  /// @param mayBeDone what was asked cannot be asked again without harm
  /// @param answered it is answered with something, and not only that it was done
  record Call(
      String name, String path, boolean mayBeDone, boolean answered, Consumer<WechatGateway> ask) {
    @Override
    public String toString() {
      return name;
    }
  }

  @BeforeEach
  void open() {
    PLATFORM.anew();
  }

  /// All that [WechatGateway] has.
  static Stream<Call> calls() {
    var calls = new ArrayList<Call>();
    calls.add(send("text", FakePlatform.SEND, true, api -> api.sendText(LI, "好")));
    calls.add(
        send(
            "picture",
            FakePlatform.SEND,
            true,
            api -> api.sendMedia(LI, Enclosed.Kind.IMAGE, "m")));
    calls.add(send("notice", BIZSEND, true, api -> api.sendSubscribeNotice(LI, FORM, NOTICE)));
    calls.add(
        send(
            "template",
            "/cgi-bin/message/template/send",
            true, // asked again it says so once, but only by this call
            api -> api.sendTemplate(LI, "key", FORM, NOTICE)));
    calls.add(
        send("menu", "/cgi-bin/menu/create", false, api -> api.publish(new WechatMenu(List.of()))));
    calls.add(ask("token", FakePlatform.TOKEN, WechatGateway::checkToken));
    calls.add(
        ask(
            "ticket",
            "/cgi-bin/ticket/getticket",
            api -> api.pageKey("https://x.example/h5", "t")));
    calls.add(ask("code", "/cgi-bin/qrcode/create", api -> api.sceneUrl("bld:1")));
    calls.add(
        ask(
            "passing code",
            "/cgi-bin/qrcode/create",
            api -> api.passingSceneUrl("bld:1", Duration.ofMinutes(1))));
    calls.add(ask("upload", "/cgi-bin/media/upload", api -> api.upload(PHOTO, false)));
    calls.add(ask("media", FakePlatform.MEDIA, api -> api.media("m")));
    calls.add(ask("recording", FakePlatform.MEDIA + "/jssdk", api -> api.recording("m")));
    calls.add(ask("published menu", "/cgi-bin/menu/get", WechatGateway::menu));
    calls.add(ask("menu as it is", "/cgi-bin/menu/get", WechatGateway::menuJson));
    calls.add(ask("greeting", "/cgi-bin/getcallbackip", WechatGateway::greet));
    calls.add(ask("limits", "/cgi-bin/openapi/quota/get", WechatGateway::askLimits));
    calls.add(
        ask("subscriptions", "/wxaapi/newtmpl/gettemplate", WechatGateway::subscriptionTemplates));
    calls.add(
        ask("templates", "/cgi-bin/template/get_all_private_template", WechatGateway::templates));
    for (String each : FIGURES) {
      calls.add(ask(each, DATACUBE + each, api -> api.figures(LocalDate.parse("2026-11-22"))));
    }
    calls.add(ask("tags", "/cgi-bin/tags/get", tags(Tagging::all)));
    calls.add(ask("new tag", "/cgi-bin/tags/create", tags(each -> each.make("三栋"))));
    calls.add(ask("who has it", "/cgi-bin/user/tag/get", tags(each -> each.having(100, null))));
    String people = "/cgi-bin/tags/members/";
    calls.add(
        send("tag renamed", "/cgi-bin/tags/update", false, tags(each -> each.rename(100, "三"))));
    calls.add(send("tag dropped", "/cgi-bin/tags/delete", false, tags(each -> each.drop(100))));
    calls.add(
        send("given", people + "batchtagging", false, tags(each -> each.give(100, List.of(LI)))));
    calls.add(
        send("taken", people + "batchuntagging", false, tags(each -> each.take(100, List.of(LI)))));
    calls.add(
        new Call(
            "arrival", // whose code is good for one question
            "/sns/oauth2/access_token",
            true,
            true,
            api -> api.arrival("code-1")));
    return calls.stream();
  }

  private static Call send(
      String name, String path, boolean mayBeDone, Consumer<WechatGateway> send) {
    return new Call(name, path, mayBeDone, false, send);
  }

  private static Call ask(String name, String path, Consumer<WechatGateway> ask) {
    return new Call(name, path, false, true, ask);
  }

  private static Consumer<WechatGateway> tags(Consumer<Tagging> what) {
    return api -> what.accept(api.tagging());
  }

  @ParameterizedTest
  @MethodSource("calls")
  void whatIsNoAnswerSaysSo(Call call) {
    FIGURES.forEach(each -> PLATFORM.onJson(DATACUBE + each, "{\"list\":[]}"));
    List<String> answers = new ArrayList<>(NONSENSE);
    answers.add("<p>" + "x".repeat(2 << 20));
    if (call.answered()) {
      answers.add("{\"errcode\":0,\"errmsg\":\"ok\"}");
      answers.add(OF_ANOTHER_TYPE);
    }
    for (String answer : answers) {
      PLATFORM.asked.clear();
      for (String type : List.of("", "application/json", "text/html", "image/jpeg")) {
        // Only for media it is looked at.
        if (!type.isEmpty() && !call.path().startsWith(FakePlatform.MEDIA)) {
          continue;
        }
        PLATFORM.asked.clear();
        PLATFORM.on(
            call.path(),
            (request, _) -> {
              if (!type.isEmpty()) {
                request.response().putHeader("Content-Type", type);
              }
              var _ = request.response().end(answer);
            });
        assertNonsense(call, api(PLATFORM.base()), call.name() + " " + type + " " + head(answer));
        assertThat(PLATFORM.asked(call.path())).hasSize(1);
      }
    }
  }

  private static void assertNonsense(Call call, WechatGateway api, String what) {
    Throwable thrown = catchThrowable(() -> call.ask().accept(api));
    assertThat(thrown)
        .as(what)
        .isInstanceOfSatisfying(
            Unreachable.class,
            failed -> assertThat(failed.maybeDone()).as(what).isEqualTo(call.mayBeDone()))
        .hasMessageStartingWith("an answer that is not the platform's: ");
  }

  /// The same, as the simulator does it: some of it is done, and the answer is lost.
  @ParameterizedTest
  @MethodSource("calls")
  void soItIsWithTheSimulator(Call call) {
    for (Fault fault :
        List.of(
            Fault.EMPTY_ANSWER,
            Fault.ANSWER_WITHOUT_CODE,
            Fault.ANSWER_OF_ANOTHER_TYPE,
            Fault.STRANGE_PAGE)) {
      SIMULATOR.faults().next(call.path(), fault);
      assertNonsense(call, api(SIMULATOR), call + " " + fault);
      assertThat(SIMULATOR.faults().on()).as("it was asked").isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("calls")
  void aNoToSomethingElseIsANo(Call call) {
    if (call.path().equals("/cgi-bin/menu/get")) {
      return;
    }
    FIGURES.forEach(each -> PLATFORM.onJson(DATACUBE + each, "{\"list\":[]}"));
    PLATFORM.onJson(call.path(), "{\"errcode\":46003,\"errmsg\":\"menu no exist\"}");
    assertThat(catchThrowable(() -> call.ask().accept(api(PLATFORM.base()))))
        .isInstanceOf(ChannelError.class)
        .hasMessageContaining("46003");
  }

  /// The platform took it: only what became of it cannot be told later.
  @Test
  void aNoticeThatWasTakenWithoutAnIdWasTaken() {
    for (String answer :
        List.of(
            "{\"errcode\":0,\"errmsg\":\"ok\"}",
            "{\"errcode\":0,\"msgid\":null}",
            "{\"errcode\":0,\"msgid\":{}}")) {
      PLATFORM.onJson(BIZSEND, answer);
      assertThat(api(PLATFORM.base()).sendSubscribeNotice(LI, FORM, NOTICE)).as(answer).isNull();
    }
    PLATFORM.onJson(BIZSEND, "{\"errcode\":0,\"msgid\":3000000000000001}");
    assertThat(api(PLATFORM.base()).sendSubscribeNotice(LI, FORM, NOTICE))
        .isEqualTo("3000000000000001");
  }

  @Test
  void thereMayBeNoMenu() {
    PLATFORM.onJson("/cgi-bin/menu/get", "{\"errcode\":46003,\"errmsg\":\"menu no exist\"}");
    assertThat(api(PLATFORM.base()).menu()).isEmpty();
  }

  /// However the platform calls it.
  @Test
  void mediaAreKnownByTheirFirstBytes() {
    for (String type : List.of("", "text/plain", "application/json", "image/jpeg")) {
      PLATFORM.on(
          FakePlatform.MEDIA,
          (request, _) -> {
            if (!type.isEmpty()) {
              request.response().putHeader("Content-Type", type);
            }
            var _ = request.response().end(PICTURE);
          });
      Media media = api(PLATFORM.base()).media("m");
      assertThat(media.bytes()).as(type).isEqualTo(PICTURE);

      PLATFORM.on(
          FakePlatform.MEDIA,
          (request, _) -> {
            if (!type.isEmpty()) {
              request.response().putHeader("Content-Type", type);
            }
            var _ = request.response().end("{\"errcode\":40007,\"errmsg\":\"invalid media_id\"}");
          });
      assertThat(catchThrowableOfType(Refused.class, () -> api(PLATFORM.base()).media("m")).why())
          .as(type)
          .isEqualTo(ChannelError.Why.MEDIA_GONE);
    }
  }

  @Test
  void aFilmIsNoPageAndNoWordsAreAnAddress() {
    PLATFORM.onJson(FakePlatform.MEDIA, "{\"video_url\":\"" + PLATFORM.base() + "/film\"}");
    PLATFORM.on(
        "/film",
        (request, _) -> {
          var _ = request.response().putHeader("Content-Type", "video/mp4").end("<html>moved");
        });
    assertThat(catchThrowableOfType(Unreachable.class, () -> api(PLATFORM.base()).media("m")))
        .hasMessageContaining("no film");

    PLATFORM.onJson(FakePlatform.MEDIA, "{\"video_url\":\"a film\"}");
    assertThat(catchThrowableOfType(Unreachable.class, () -> api(PLATFORM.base()).media("m")))
        .hasMessageContaining("neither media nor where it is");

    // On which the library breaks, and not with what it promises.
    PLATFORM.onJson(FakePlatform.MEDIA, "{\"video_url\":\"http://localhost:99999/film\"}");
    assertThat(catchThrowableOfType(Unreachable.class, () -> api(PLATFORM.base()).media("m")))
        .hasMessageContaining("IllegalArgumentException in ");
  }

  /// A platform that gives the same page of names for ever.
  @Test
  void namesThatWereReadAlreadyAreNoNextPage() {
    PLATFORM.onJson(
        "/cgi-bin/user/tag/get", "{\"count\":1,\"data\":{\"openid\":[\"" + LI + "\"]}}");
    Tagging tags = api(PLATFORM.base()).tagging();
    assertThat(tags.having(100, null)).containsExactly(LI);
    assertThat(catchThrowable(() -> tags.having(100, LI))).isInstanceOf(Unreachable.class);
  }

  private static String head(String answer) {
    return answer.substring(0, Math.min(60, answer.length()));
  }

  /// Of an account that nobody has used: tokens, uploads and pauses are remembered.
  private static WechatGateway api(String base) {
    WechatAccount known = Tencent.account(Mode.SAFE, base);
    return api(
        new WechatAccount(
            "wx" + Codes.random(),
            known.secret(),
            known.token(),
            null,
            known.aesKey(),
            null,
            known.mode(),
            known.apiBase(),
            known.openBase(),
            known.rights(),
            null));
  }

  private static WechatGateway api(WechatSimulator platform) {
    Account account = platform.account();
    String prefix = REDIS.prefix() + "wechat:";
    var _ =
        REDIS
            .commands()
            .del(
                prefix + "token:" + account.appId(),
                prefix + "ticket:" + account.appId(),
                prefix
                    + "media:"
                    + account.appId()
                    + ":"
                    + HexFormat.of().formatHex(PHOTO.digest().getBytes()))
            .toCompletableFuture()
            .join();
    return api(
        new WechatAccount(
            account.appId(),
            account.secret(),
            account.token(),
            null,
            account.aesKey(),
            null,
            Mode.SAFE,
            platform.apiBase(),
            platform.apiBase(),
            WechatAccount.Rights.VERIFIED,
            null));
  }

  private static WechatGateway api(WechatAccount account) {
    return new WechatApi(
        account, HTTP, REDIS, Clock.systemUTC(), new SimpleMeterRegistry(), WechatApi.Limits.USUAL);
  }

  private static SSLContext trusted() {
    try {
      return SSLContext.getDefault();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
