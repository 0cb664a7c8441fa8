package io.linyu.simulator.wechat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.linyu.Samples;
import io.linyu.TestClock;
import io.linyu.platform.text.Json;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import me.chanjar.weixin.mp.bean.message.WxMpXmlMessage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The simulator as clients see it that others have written for the real one (`co-wechat-api` and
/// `co-wechat-oauth`, from npm): what they ask is understood, and what they are told they can read.
/// Our own adapter and our own tests could share a mistake with the simulator; these do not.
@WithNpm
class IndependentClientTest {
  /// Kept until `mvn clean`: fetched once.
  private static final Path FOLDER = Path.of("target", "npm").toAbsolutePath();

  private static final TestClock CLOCK = TestClock.at("2026-11-22T10:00");
  private static final WechatSimulator WECHAT =
      WechatSimulator.start(Account.invented(Account.Mode.SAFE), CLOCK);
  private static final AccountServer SERVER = new AccountServer(WECHAT.account());
  private static final Phone LI = WECHAT.phone("li");
  private static final Phone WANG = WECHAT.phone("wang");

  @SuppressWarnings("NullAway.Init")
  private static Process node;

  @SuppressWarnings("NullAway.Init")
  private static BufferedWriter asks;

  @SuppressWarnings("NullAway.Init")
  private static BufferedReader hears;

  @BeforeAll
  static void fetch() throws Exception {
    Files.createDirectories(FOLDER);
    boolean fetched = Files.exists(FOLDER.resolve("node_modules"));
    for (String file : List.of("package.json", "package-lock.json", "drive.js")) {
      String text = resource(file);
      Path there = FOLDER.resolve(file);
      fetched &=
          Files.exists(there) && (file.endsWith("js") || Files.readString(there).equals(text));
      Files.writeString(there, text);
    }
    if (!fetched) {
      npm();
    }
    node =
        new ProcessBuilder(
                "node",
                "drive.js",
                WECHAT.apiBase(),
                WECHAT.account().appId(),
                WECHAT.account().secret())
            .directory(FOLDER.toFile())
            .redirectError(FOLDER.resolve("drive.log").toFile())
            .start();
    asks = node.outputWriter(UTF_8);
    hears = node.inputReader(UTF_8);
    WECHAT.pushTo(SERVER.url());
    SERVER.answer = (request, message) -> request.response().end("success");
  }

  /// What the lock names, by digest, from the registry that this machine uses. Nothing of it is run
  /// while it is fetched.
  private static void npm() throws IOException, InterruptedException {
    Path log = FOLDER.resolve("npm.log");
    var npm =
        new ProcessBuilder(
                "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline")
            .directory(FOLDER.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    boolean ended = npm.waitFor(90, TimeUnit.SECONDS);
    if (!ended) {
      npm.destroyForcibly();
    }
    if (ended && npm.exitValue() == 0) {
      return;
    }
    String why = "NPM COULD NOT FETCH THE INDEPENDENT CLIENT: " + Files.readString(log);
    // A machine without the registry may go on without it; CI may not.
    Assumptions.assumeTrue("true".equals(System.getenv("CI")), why);
    throw new AssertionError(why);
  }

  @AfterAll
  static void close() throws IOException {
    if (node != null) {
      asks.close();
      node.destroy();
    }
    SERVER.close();
    WECHAT.close();
  }

  @AfterEach
  void nothingFails() {
    WECHAT.faults().none();
  }

  @Test
  void itsTokensAreGoodBesideTheStableOnesAndRenewedWhenCalledOld() {
    assertThat(api("getIp").value().path("ip_list")).isNotEmpty();
    long asked = WECHAT.calls("/cgi-bin/token");
    WECHAT.faults().next("/cgi-bin/user/get", Fault.TOKEN_EXPIRED);
    assertThat(api("getFollowers").value().path("total").asInt()).isPositive();
    assertThat(WECHAT.calls("/cgi-bin/token"))
        .as("fetched a new one by itself")
        .isEqualTo(asked + 1);
    WECHAT.faults().next("/cgi-bin/user/get", Fault.DAILY_QUOTA);
    assertThat(api("getFollowers").code()).isEqualTo(45009);
  }

  @Test
  void whatItSendsArrivesUntilTheWindowIsUsedUp() {
    Phone zhao = WECHAT.phone("zhao");
    assertThat(api("sendText", zhao.openid(), "没人问过").code()).isEqualTo(45015);
    zhao.says("在吗");
    assertThat(api("sendText", zhao.openid(), "您好 <1> & “2”").code()).isZero();
    assertThat(zhao.hears()).isEqualTo("您好 <1> & “2”");
    var article =
        Map.of("title", "停水通知", "description", "d", "url", "https://x.example", "picurl", "");
    assertThat(api("sendNews", zhao.openid(), List.of(article)).code()).isZero();
    assertThat(zhao.hears()).isEqualTo("停水通知");
    for (int left = 3; left > 0; left--) {
      assertThat(api("sendText", zhao.openid(), "还有" + left).code()).isZero();
    }
    assertThat(api("sendText", zhao.openid(), "第六条").code()).isEqualTo(45047);
    assertThat(api("sendText", "nobody", "x").code()).isEqualTo(40003);
  }

  @Test
  void aTemplateMessageIsReportedAndAWrongOneNamed() {
    var data =
        Map.of(
            "character_string1", Map.of("value", "3-0417"),
            "thing2", Map.of("value", "楼道灯"),
            "thing3", Map.of("value", "修好了"),
            "time4", Map.of("value", "2026-11-22 10:00"));
    JsonNode sent =
        api("sendTemplate", WANG.openid(), "sim-template", "https://x.example", "", data).value();
    assertThat(sent.path("msgid").asText()).matches("\\d+");
    assertThat(WANG.awaitHeard("修好了").way()).isEqualTo(Line.Way.NOTICE);
    awaitTold("TEMPLATESENDJOBFINISH");

    assertThat(api("sendTemplate", WANG.openid(), "none", "", "", data).code()).isEqualTo(40037);
    Said wrong =
        api(
            "sendTemplate",
            WANG.openid(),
            "sim-template",
            "",
            "",
            Map.of("thing2", Map.of("value", "长".repeat(21))));
    assertThat(wrong.code()).isEqualTo(47003);
    assertThat(wrong.message()).contains("thing2");
    assertThat(
            api("getAllPrivateTemplate")
                .value()
                .path("template_list")
                .path(0)
                .path("template_id")
                .asText())
        .isEqualTo("sim-template");
  }

  @Test
  void aCodeLeadsToItsScene() {
    JsonNode code = api("createTmpQRCode", "bld:7", 600).value();
    assertThat(code.path("expire_seconds").asInt()).isEqualTo(600);
    WECHAT.stranger("scanner").scan(code.path("ticket").asText());
    assertThat(
            api("getUser", WECHAT.phone("scanner").openid()).value().path("qr_scene_str").asText())
        .isEqualTo("bld:7");
    assertThat(api("createLimitQRCode", 12).value().path("url").asText()).startsWith("http");
    assertThat(api("createTmpQRCode", "", 600).code()).isEqualTo(40053);
  }

  @Test
  void aMenuIsReadBackAsItWasMadeAndOneTooLongIsRefused() {
    assertThat(api("getMenu").code()).isEqualTo(46003);
    var key = Map.of("type", "click", "name", "查进度", "key", "progress");
    var page = Map.of("type", "view", "name", "我的事", "url", "https://x.example/h5/me");
    assertThat(
            api(
                    "createMenu",
                    Map.of(
                        "button", List.of(key, Map.of("name", "更多", "sub_button", List.of(page)))))
                .code())
        .isZero();
    JsonNode read = api("getMenu").value().path("menu").path("button");
    assertThat(read.path(0).path("key").asText()).isEqualTo("progress");
    assertThat(read.path(1).path("sub_button").path(0).path("url").asText()).endsWith("/h5/me");
    assertThat(api("createMenu", Map.of("button", List.of(key, key, key, key))).code())
        .isEqualTo(40016);
    JsonNode shown = api("getMenuConfig").value();
    assertThat(shown.path("is_menu_open").asInt()).isOne();
    assertThat(shown.path("selfmenu_info").path("button").path(1).path("sub_button").path("list"))
        .hasSize(1);

    // A menu of one's own for those with a tag.
    long tag = api("createTags", "楼长").value().path("tag").path("id").asLong();
    Phone head = WECHAT.phone("head");
    assertThat(api("batchTagging", List.of(head.openid()), tag).code()).isZero();
    var theirs = Map.of("button", List.of(page), "matchrule", Map.of("tag_id", "" + tag));
    String made = api("addConditionalMenu", theirs).value().path("menuid").asText();
    assertThat(api("tryConditionalMenu", head.openid()).value().path("button").path(0).path("name"))
        .hasToString("\"我的事\"");
    assertThat(api("tryConditionalMenu", LI.openid()).value().path("button")).hasSize(2);
    assertThat(api("getMenu").value().path("conditionalmenu").path(0).path("menuid").asText())
        .isEqualTo(made);
    assertThat(api("addConditionalMenu", Map.of("button", List.of(page))).code()).isEqualTo(65304);
    assertThat(api("delConditionalMenu", made).code()).isZero();
    assertThat(api("delConditionalMenu", made).code()).isEqualTo(65301);
    assertThat(api("tryConditionalMenu", head.openid()).value().path("button")).hasSize(2);

    assertThat(api("removeMenu").code()).isZero();
    assertThat(WECHAT.menu()).isNull();
    assertThat(api("addConditionalMenu", theirs).code()).as("none for all").isEqualTo(65303);
  }

  @Test
  void followersAreListedAndDescribed() {
    JsonNode page = api("getFollowers").value();
    assertThat(page.path("data").path("openid").toString()).contains(LI.openid(), WANG.openid());
    assertThat(page.path("count").asInt()).isEqualTo(page.path("data").path("openid").size());
    JsonNode after = api("getFollowers", page.path("next_openid").asText()).value();
    assertThat(after.path("count").asInt()).isZero();
    JsonNode both = api("batchGetUsers", List.of(LI.openid(), WANG.openid())).value();
    assertThat(both.path("user_info_list").path(1).path("openid").asText())
        .isEqualTo(WANG.openid());
    assertThat(both.path("user_info_list").path(0).path("subscribe").asInt()).isEqualTo(1);
    Phone left = WECHAT.phone("left").unfollow();
    assertThat(api("getUser", left.openid()).value().path("subscribe").asInt()).isZero();
    assertThat(api("getFollowers").value().toString()).doesNotContain(left.openid());
    assertThat(api("batchGetUsers", List.of("nobody")).code()).isEqualTo(40003);
  }

  @Test
  void picturesComeDownAsTheyWentUp() {
    byte[] picture = {(byte) 0xff, (byte) 0xd8, 1, 2, 3, 0, 10, 13};
    LI.image(Buffer.buffer(picture));
    String media = requireNonNull(LI.said().getLast().mediaId());
    assertThat(bytes(api("getMedia", media))).isEqualTo(picture);
    assertThat(api("getMedia", "none").code()).isEqualTo(40007);

    Map<String, Object> photo =
        Map.of("base64", Base64.getEncoder().encodeToString(bytes(Samples.picture(8, 8, "JPEG"))));
    JsonNode up = api("uploadMedia", photo, "image", "photo.jpg", "image/jpeg").value();
    assertThat(up.path("type").asText()).isEqualTo("image");
    assertThat(bytes(api("getMedia", up.path("media_id").asText())))
        .isEqualTo(bytes(Samples.picture(8, 8, "JPEG")));
    assertThat(api("sendImage", LI.openid(), up.path("media_id").asText()).code()).isZero();
    assertThat(LI.hears()).isEqualTo("[图片]");
    assertThat(api("uploadMedia", photo, "film", "photo.jpg", "image/jpeg").code())
        .isEqualTo(40004);
  }

  @Test
  void tagsAreMadeGivenReadAndTakenAway() {
    long tag = api("createTags", "三栋").value().path("tag").path("id").asLong();
    assertThat(api("createTags", "三栋").code()).isEqualTo(45157);
    assertThat(api("createTags", "长".repeat(31)).code()).isEqualTo(45158);
    assertThat(api("batchTagging", List.of(LI.openid(), WANG.openid()), tag).code()).isZero();
    assertThat(api("getUsersFromTag", tag, "").value().path("data").path("openid").toString())
        .contains(LI.openid(), WANG.openid());
    assertThat(api("batchUnTagging", List.of(WANG.openid()), tag).code()).isZero();
    assertThat(api("getUsersFromTag", tag, "").value().path("count").asInt()).isOne();
    assertThat(api("getIdList", LI.openid()).value().path("tagid_list").toString())
        .isEqualTo("[" + tag + "]");
    assertThat(api("updateTag", tag, "和光小区").code()).isZero();
    assertThat(api("getTags").value().path("tags").findValuesAsText("name")).contains("和光小区");
    assertThat(api("deleteTag", tag).code()).isZero();
    assertThat(api("getTags").value().path("tags").findValuesAsText("name")).doesNotContain("和光小区");
    assertThat(api("batchTagging", List.of(LI.openid()), tag).code()).isEqualTo(45159);
  }

  @Test
  void aTicketSignsAPage() {
    var page = Map.of("debug", false, "jsApiList", List.of(), "url", "https://x.example/h5/a?b=1");
    JsonNode signed = api("getJsConfig", page).value();
    assertThat(
            WECHAT.trusts(
                "https://x.example/h5/a?b=1",
                signed.path("nonceStr").asText(),
                signed.path("timestamp").asText(),
                signed.path("signature").asText()))
        .isTrue();
  }

  @Test
  void whatGoesToManyIsCountedAndReported() {
    Phone follower = WECHAT.phone("mass");
    Phone gone = WECHAT.phone("mass-gone").unfollow();
    List<String> to = List.of(follower.openid(), gone.openid());
    JsonNode sent = api("massSendText", "第一次", to, "key-1").value();
    assertThat(follower.awaitHeard("第一次").way()).isEqualTo(Line.Way.MASS);
    String told = awaitTold("MASSSENDJOBFINISH");
    assertThat(told).contains(sent.path("msg_id").asText(), "TotalCount=2", "SentCount=1");
    assertThat(
            api("getMassMessageStatus", sent.path("msg_id").asText())
                .value()
                .path("msg_status")
                .asText())
        .isEqualTo("SEND_SUCCESS");

    assertThat(api("massSendText", "又一次", to, "key-1").code()).as("the same key").isEqualTo(45065);
    for (int i = 2; i <= 4; i++) {
      assertThat(api("massSendText", "第" + i + "次", to, "key-" + i).code()).isZero();
      follower.awaitHeard("第" + i + "次");
    }
    int heard = follower.heard().size();
    assertThat(api("massSendText", "第五次", to, "key-5").code()).as("accepted").isZero();
    awaitTold("SentCount=0");
    assertThat(follower.heard()).as("four a month reach a follower").hasSize(heard);
    CLOCK.pass(Duration.ofDays(10)); // another month
    assertThat(api("massSendText", "十二月", to, "key-6").code()).isZero();
    follower.awaitHeard("十二月");

    assertThat(api("massSendText", "一个人", List.of(follower.openid()), "key-7").code())
        .isEqualTo(40130);
    for (int i = 1; i <= 4; i++) {
      assertThat(api("massSendText", "全体" + i, true, "all-" + i).code()).isZero();
    }
    assertThat(api("massSendText", "全体5", true, "all-5").code()).isEqualTo(45028);
    assertThat(api("previewText", follower.openid(), "样子").code()).isZero();
    assertThat(follower.hears()).isEqualTo("样子");
    assertThat(api("deleteMass", sent.path("msg_id").asText()).code()).isZero();
    assertThat(api("deleteMass", "1").code()).isEqualTo(40059);
  }

  @Test
  void aPageIsToldWhoOpensItByACodeThatIsGoodOnce() {
    WECHAT.registerPages("linyu.example.org");
    String back = "https://linyu.example.org/h5/back";
    String asked = ask("oauth", "getAuthorizeURL", back, "state1", "snsapi_base").value().asText();
    String sent = WECHAT.authorize(LI, query(asked));
    assertThat(sent).startsWith(back + "?code=").endsWith("&state=state1");
    String code = requireNonNull(query(sent).get("code"));
    assertThat(ask("oauth", "getAccessToken", code).value().toString()).contains(LI.openid());
    assertThat(ask("oauth", "getAccessToken", code).code()).isEqualTo(40163);
    assertThat(ask("oauth", "getAccessToken", "made-up").code()).isEqualTo(40029);
    assertThat(ask("oauth", "getUser", LI.openid()).code()).as("it was not asked").isEqualTo(48001);

    String userinfo =
        ask("oauth", "getAuthorizeURL", back, "s", "snsapi_userinfo").value().asText();
    String more = requireNonNull(query(WECHAT.authorize(WANG, query(userinfo))).get("code"));
    assertThat(ask("oauth", "getUserByCode", more).value().path("openid").asText())
        .isEqualTo(WANG.openid());

    String late = requireNonNull(query(WECHAT.authorize(LI, query(asked))).get("code"));
    CLOCK.pass(Duration.ofMinutes(5));
    assertThat(ask("oauth", "getAccessToken", late).code()).isEqualTo(40029);
  }

  // What it is told and says.

  private record Said(JsonNode value, int code, String message) {}

  private static Said api(String call, Object... with) {
    return ask("api", call, with);
  }

  private static synchronized Said ask(String by, String call, Object... with) {
    try {
      asks.write(Json.write(Map.of("by", by, "call", call, "with", Arrays.asList(with))));
      asks.newLine();
      asks.flush();
      String line = hears.readLine();
      if (line == null) {
        throw new AssertionError("node ended: " + Files.readString(FOLDER.resolve("drive.log")));
      }
      JsonNode answer = Json.MAPPER.readTree(line);
      return new Said(
          answer.path("value"), answer.path("code").asInt(), answer.path("message").asText());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] bytes(Buffer content) {
    return content.getBytes();
  }

  private static byte[] bytes(Said said) {
    return Base64.getDecoder().decode(said.value().path("base64").asText());
  }

  private static MultiMap query(String url) {
    var query = MultiMap.caseInsensitiveMultiMap();
    for (String pair : requireNonNull(URI.create(url).getRawQuery()).split("&", -1)) {
      String[] part = pair.split("=", 2);
      query.add(part[0], URLDecoder.decode(part[1], UTF_8));
    }
    return query;
  }

  /// What the account's server was told, once this is part of it.
  private static String awaitTold(String part) {
    long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (System.nanoTime() < end) {
      for (WxMpXmlMessage each : SERVER.understood) {
        String told = String.valueOf(each.getAllFieldsMap());
        if (told.contains(part)) {
          return told;
        }
      }
      Thread.onSpinWait();
    }
    throw new AssertionError("was not told of " + part);
  }

  private static String resource(String name) throws IOException {
    try (var in = IndependentClientTest.class.getResourceAsStream("/npm/" + name)) {
      return new String(requireNonNull(in).readAllBytes(), UTF_8);
    }
  }
}
