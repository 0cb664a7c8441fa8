package io.linyu.simulator.wechat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linyu.TestClock;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PlatformTest {
  private static final String SEND = "/cgi-bin/message/custom/send";
  private static final int OK = 0;

  private final TestClock clock = TestClock.at("2026-11-22T10:00");
  private final WechatSimulator wechat =
      WechatSimulator.start(Account.invented(Account.Mode.SAFE), clock);
  private final AccountServer server = new AccountServer(wechat.account());
  private final HttpClient http = HttpClient.newHttpClient();
  private final Phone li = wechat.phone("li");

  PlatformTest() {
    wechat.pushTo(server.url());
    server.answer = (request, message) -> request.response().end("success");
  }

  @AfterEach
  void close() {
    http.close();
    server.close();
    wechat.close();
  }

  @Test
  void givesTheSameTokenUntilFiveMinutesBeforeItsEnd() throws Exception {
    String first = token();
    clock.pass(Duration.ofMinutes(114));
    assertThat(token()).isEqualTo(first);

    clock.pass(Duration.ofMinutes(2));
    String second = token();
    li.says("你好");
    assertThat(second).isNotEqualTo(first);
    assertThat(send(first, li.openid(), "旧的")).isEqualTo(OK);
    assertThat(send(second, li.openid(), "新的")).isEqualTo(OK);

    clock.pass(Duration.ofMinutes(5));
    assertThat(send(first, li.openid(), "旧的")).isEqualTo(42001);
    assertThat(send("made up", li.openid(), "假的")).isEqualTo(40014);
  }

  @Test
  void forcingANewTokenEndsTheOldOneAndIsLimited() throws Exception {
    String first = token();
    assertThat(forced().getString("access_token")).isNotEqualTo(first);
    assertThat(send(first, li.openid(), "旧的")).isEqualTo(40001);
    assertThat(forced().getInteger("errcode")).isEqualTo(45011);
    for (int i = 1; i < 20; i++) {
      clock.pass(Duration.ofSeconds(30));
      forced();
    }
    clock.pass(Duration.ofSeconds(30));
    assertThat(forced().getInteger("errcode")).isEqualTo(45009);
  }

  @Test
  void knowsItsAccounts() throws Exception {
    assertThat(stable("wxother", wechat.account().secret()).getInteger("errcode")).isEqualTo(40013);
    assertThat(stable(wechat.account().appId(), "other").getInteger("errcode")).isEqualTo(40125);
  }

  @Test
  void aMessageAllowsFiveAnswersInTwoDays() throws Exception {
    String token = token();
    assertThat(send(token, li.openid(), "没人问过")).isEqualTo(45015);
    li.says("在吗");
    for (int i = 1; i <= 5; i++) {
      assertThat(send(token, li.openid(), "第" + i + "条")).isEqualTo(OK);
    }
    assertThat(send(token, li.openid(), "第6条")).isEqualTo(45047);
    assertThat(li.heard()).extracting(Line.Heard::way).containsOnly(Line.Way.CUSTOMER_SERVICE);

    li.says("还在吗");
    clock.pass(Duration.ofDays(2));
    assertThat(send(token(), li.openid(), "晚了")).isEqualTo(45015);
  }

  @Test
  void aDeedAllowsThreeAnswersInAMinuteAndTakesNothingFromALargerWindow() throws Exception {
    li.tapMenu("progress");
    assertThat(li.quota()).isEqualTo(new Quota(3, 3, Duration.ofMinutes(1)));
    for (int i = 1; i <= 3; i++) {
      assertThat(send(token(), li.openid(), "第" + i + "条")).isEqualTo(OK);
    }
    assertThat(send(token(), li.openid(), "第4条")).isEqualTo(45047);

    li.says("在吗").tapMenu("progress");
    assertThat(send(token(), li.openid(), "第1条")).isEqualTo(OK);
    clock.pass(Duration.ofMinutes(2));
    assertThat(li.quota().left()).isEqualTo(4);
  }

  @Test
  void theCallsOfADayAreStartedAnewTenTimesAMonth() throws Exception {
    String token = token();
    String asked = "/cgi-bin/getcallbackip?access_token=" + token;
    String clear = "/cgi-bin/clear_quota?access_token=" + token;
    String account = "{\"appid\":\"" + wechat.account().appId() + "\"}";
    wechat.limit("/cgi-bin/getcallbackip", 1);
    assertThat(post(asked, "{}").body()).contains("ip_list");
    assertThat(code(post(asked, "{}"))).isEqualTo(45009);
    assertThat(code(post(clear, "{\"appid\":\"wxother\"}"))).isEqualTo(40013);
    assertThat(code(post(clear, account))).isEqualTo(OK);
    assertThat(post(asked, "{}").body()).contains("ip_list");
    assertThat(code(post(asked, "{}"))).isEqualTo(45009);
    for (int i = 2; i <= 10; i++) {
      assertThat(code(post(clear, account))).isEqualTo(OK);
    }
    assertThat(code(post(clear, account))).isEqualTo(48006);
    clock.set("2026-12-01T00:00");
    String next = "/cgi-bin/clear_quota?access_token=" + token();
    assertThat(code(post(next, account))).isEqualTo(OK);
  }

  @Test
  void theCallsOfADayAreCountedUntilMidnight() throws Exception {
    for (int i = 0; i < 10; i++) {
      assertThat(platform("freepublish/delete", "{}").getInteger("errcode")).isEqualTo(53600);
    }
    assertThat(platform("freepublish/delete", "{}").getInteger("errcode")).isEqualTo(45009);
    JsonObject asked =
        platform("openapi/quota/get", "{\"cgi_path\":\"/cgi-bin/freepublish/delete\"}");
    assertThat(asked.getJsonObject("quota").getInteger("daily_limit")).isEqualTo(10);
    assertThat(asked.getJsonObject("quota").getInteger("remain")).isZero();
    clock.set("2026-11-23T00:00");
    assertThat(platform("freepublish/delete", "{}").getInteger("errcode")).isEqualTo(53600);
  }

  @Test
  void tokensAreForListedAddressesOnly() throws Exception {
    String token = token();
    wechat.listAddresses("203.0.113.9");
    JsonObject refused = stable(wechat.account().appId(), wechat.account().secret());
    assertThat(refused.getInteger("errcode")).isEqualTo(40164);
    assertThat(refused.getString("errmsg")).contains("127.0.0.1");
    assertThat(code(post("/cgi-bin/token?grant_type=client_credential", ""))).isEqualTo(40164);
    li.says("在吗");
    assertThat(send(token, li.openid(), "有令牌的照样发")).isEqualTo(OK);
    wechat.listAddresses("203.0.113.9", "127.0.0.1");
    assertThat(token()).isEqualTo(token);
  }

  @Test
  void refusesWhatTheRealOneRefuses() throws Exception {
    String token = token();
    li.says("在吗");
    assertThat(send(token, "nobody", "好")).isEqualTo(40003);
    assertThat(send(token, li.openid(), "好".repeat(683))).isEqualTo(45002);
    assertThat(send(token, li.openid(), "")).isEqualTo(44004);
    String escaped =
        "{\"touser\":\""
            + li.openid()
            + "\",\"msgtype\":\"text\",\"text\":{\"content\":\"\\u597d\"}}";
    assertThat(code(post(SEND + "?access_token=" + token, escaped))).isEqualTo(40033);
    assertThat(code(post(SEND + "?access_token=" + token, "{"))).isEqualTo(47001);
    assertThat(code(post(SEND, "{}"))).isEqualTo(41001);
    li.unfollow();
    assertThat(send(token, li.openid(), "好")).isEqualTo(43004);
  }

  @Test
  void keepsMediaForThreeDays() throws Exception {
    li.voice(Buffer.buffer("#!AMR"));
    String media = "/cgi-bin/media/get?media_id=" + li.said().getFirst().mediaId();
    var fetched = post(media + "&access_token=" + token(), "");
    assertThat(fetched.body()).isEqualTo("#!AMR");
    assertThat(fetched.headers().firstValue("Content-Type")).contains("audio/amr");

    clock.pass(Duration.ofDays(3));
    assertThat(code(post(media + "&access_token=" + token(), ""))).isEqualTo(40007);
  }

  @Test
  void aQrLeadsToItsScene() throws Exception {
    var asked =
        "{\"action_name\":\"QR_LIMIT_STR_SCENE\",\"action_info\":{\"scene\":{\"scene_str\":\"bld:3\"}}}";
    var made = new JsonObject(post("/cgi-bin/qrcode/create?access_token=" + token(), asked).body());
    wechat.stranger("wang").scan(made.getString("ticket"));
    assertThat(server.understood.getLast().getEventKey()).isEqualTo("qrscene_bld:3");

    var wang = wechat.phone("wang").openid();
    var known = post("/cgi-bin/user/info?openid=" + wang + "&access_token=" + token(), "").body();
    assertThat(new JsonObject(known).getString("qr_scene_str")).isEqualTo("bld:3");
  }

  @Test
  void aDraftIsKeptChangedAndPublishedWhichIsTold() throws Exception {
    String one = "{\"title\":\"停水通知\",\"content\":\"<p>明天</p>\",\"thumb_media_id\":\"m\"}";
    String draft =
        platform("draft/add", "{\"articles\":[" + one + "," + one + "]}").getString("media_id");
    assertThat(platform("draft/add", "{\"articles\":[]}").getInteger("errcode")).isEqualTo(45008);
    String tooLong = "{\"articles\":[" + one.replace("停水通知", "长".repeat(65)) + "]}";
    assertThat(platform("draft/add", tooLong).getInteger("errcode")).isEqualTo(45003);
    String named = "{\"media_id\":\"" + draft + "\"";
    assertThat(
            platform(
                    "draft/update",
                    named + ",\"index\":1,\"articles\":" + one.replace("明天", "后天") + "}")
                .getInteger("errcode"))
        .isZero();
    assertThat(
            platform("draft/update", named + ",\"index\":2,\"articles\":" + one + "}")
                .getInteger("errcode"))
        .isEqualTo(40114);
    assertThat(
            platform("draft/get", named + "}")
                .getJsonArray("news_item")
                .getJsonObject(1)
                .getString("content"))
        .contains("后天");
    assertThat(platform("draft/count", "").getInteger("total_count")).isEqualTo(1);
    assertThat(platform("draft/batchget", "{\"offset\":0,\"count\":20}").getInteger("item_count"))
        .isEqualTo(1);

    String id = platform("freepublish/submit", named + "}").getString("publish_id");
    JsonObject state = new JsonObject();
    while (state.getInteger("publish_status", 1) == 1) {
      state = platform("freepublish/get", "{\"publish_id\":\"" + id + "\"}");
    }
    assertThat(state.getJsonObject("article_detail").getInteger("count")).isEqualTo(2);
    while (server.understood.isEmpty()) {
      Thread.onSpinWait();
    }
    assertThat(server.understood.getLast().getEvent()).isEqualTo("PUBLISHJOBFINISH");
    assertThat(String.valueOf(server.understood.getLast().getAllFieldsMap()))
        .contains(id, state.getString("article_id"));
    assertThat(platform("draft/get", named + "}").getInteger("errcode")).isEqualTo(40007);
    String article = "{\"article_id\":\"" + state.getString("article_id") + "\"}";
    assertThat(platform("freepublish/getarticle", article).getJsonArray("news_item").size())
        .isEqualTo(2);
    JsonObject published = platform("freepublish/batchget", "{\"offset\":0,\"count\":20}");
    assertThat(published.getInteger("total_count")).isEqualTo(1);
    assertThat(platform("freepublish/delete", article).getInteger("errcode")).isZero();
    assertThat(platform("freepublish/getarticle", article).getInteger("errcode")).isEqualTo(53600);
    String other = platform("draft/add", "{\"articles\":[" + one + "]}").getString("media_id");
    assertThat(platform("draft/delete", "{\"media_id\":\"" + other + "\"}").getInteger("errcode"))
        .isZero();
    assertThat(platform("draft/count", "").getInteger("total_count")).isZero();
  }

  @Test
  void showsThatSomebodyIsWriting() throws Exception {
    String to = "{\"touser\":\"" + li.openid() + "\",\"command\":\"";
    assertThat(platform("message/custom/typing", to + "Typing\"}").getInteger("errcode")).isZero();
    assertThat(li.typing()).isTrue();
    assertThat(platform("message/custom/typing", to + "CancelTyping\"}").getInteger("errcode"))
        .isZero();
    assertThat(li.typing()).isFalse();
  }

  @Test
  void whatGoesToManyHasASpeed() throws Exception {
    assertThat(platform("message/mass/speed/get", "{}").getInteger("realspeed")).isEqualTo(80);
    assertThat(platform("message/mass/speed/set", "{\"speed\":4}").getInteger("errcode")).isZero();
    assertThat(platform("message/mass/speed/get", "{}").getInteger("realspeed")).isEqualTo(10);
    assertThat(platform("message/mass/speed/set", "{\"speed\":5}").getInteger("errcode"))
        .isEqualTo(45083);
  }

  @Test
  void theOldWayOfTokensEndsTheOneBeforeInFiveMinutes() throws Exception {
    String asked =
        "/cgi-bin/token?grant_type=client_credential&appid="
            + wechat.account().appId()
            + "&secret=";
    String good = asked + wechat.account().secret();
    String stable = token();
    String first = new JsonObject(post(good, "").body()).getString("access_token");
    String second = new JsonObject(post(good, "").body()).getString("access_token");
    li.says("在吗");
    assertThat(send(first, li.openid(), "还行")).isEqualTo(OK);
    clock.pass(Duration.ofMinutes(5));
    assertThat(send(first, li.openid(), "旧的")).isEqualTo(42001);
    assertThat(send(second, li.openid(), "新的")).isEqualTo(OK);
    assertThat(send(stable, li.openid(), "另一路")).as("apart from these").isEqualTo(OK);
    assertThat(code(post(asked + "other", ""))).isEqualTo(40125);
  }

  private JsonObject platform(String what, String body) throws Exception {
    return new JsonObject(post("/cgi-bin/" + what + "?access_token=" + token(), body).body());
  }

  @Test
  void failsWhenToldTo() throws Exception {
    String token = token();
    li.says("在吗");
    wechat.faults().next(SEND, Fault.BUSY);
    assertThat(send(token, li.openid(), "忙")).isEqualTo(-1);
    wechat.faults().next(SEND, Fault.DROPPED_AFTER_ACCEPTING);
    assertThatThrownBy(() -> send(token, li.openid(), "断")).isInstanceOf(IOException.class);
    assertThat(li.hears()).isEqualTo("断");
    assertThat(send(token, li.openid(), "好")).isEqualTo(OK);
    assertThat(wechat.calls(SEND)).isEqualTo(3);
  }

  private String token() throws Exception {
    return stable(wechat.account().appId(), wechat.account().secret()).getString("access_token");
  }

  private JsonObject stable(String appId, String secret) throws Exception {
    return new JsonObject(post("/cgi-bin/stable_token", asked(appId, secret).encode()).body());
  }

  private JsonObject forced() throws Exception {
    var asked = asked(wechat.account().appId(), wechat.account().secret());
    return new JsonObject(
        post("/cgi-bin/stable_token", asked.put("force_refresh", true).encode()).body());
  }

  private static JsonObject asked(String appId, String secret) {
    return new JsonObject()
        .put("grant_type", "client_credential")
        .put("appid", appId)
        .put("secret", secret);
  }

  private int send(String token, String openid, String text) throws Exception {
    var message =
        new JsonObject()
            .put("touser", openid)
            .put("msgtype", "text")
            .put("text", new JsonObject().put("content", text));
    return code(post(SEND + "?access_token=" + token.replace(' ', '+'), message.encode()));
  }

  private static int code(HttpResponse<String> answer) {
    return new JsonObject(answer.body()).getInteger("errcode");
  }

  private HttpResponse<String> post(String path, String body) throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create(wechat.apiBase() + path))
            .POST(BodyPublishers.ofString(body))
            .build();
    return http.send(request, BodyHandlers.ofString());
  }
}
