package io.linyu.simulator.wechat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.linyu.TestClock;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import me.chanjar.weixin.common.error.WxErrorException;
import me.chanjar.weixin.mp.api.WxMpService;
import me.chanjar.weixin.mp.api.impl.WxMpServiceHttpClientImpl;
import me.chanjar.weixin.mp.bean.message.WxMpXmlMessage;
import me.chanjar.weixin.mp.config.WxMpHostConfig;
import me.chanjar.weixin.mp.config.impl.WxMpDefaultConfigImpl;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What the platform does for some followers and not for others: tags, menus with rules, the
/// blacklist.
class FollowersTest {
  private static final String SEND = "message/custom/send";

  @AutoClose
  private final WechatSimulator wechat =
      WechatSimulator.start(Account.invented(Account.Mode.SAFE), TestClock.at("2026-11-22T10:00"));

  @AutoClose private final AccountServer server = new AccountServer(wechat.account());
  @AutoClose private final HttpClient http = HttpClient.newHttpClient();
  private static final String EVERY_BUTTON =
      """
      {"button": [
        {"name": "看", "sub_button": [
          {"type": "click", "name": "进度", "key": "progress"},
          {"type": "view", "name": "我的事", "url": "https://x.example/me"},
          {"type": "miniprogram", "name": "小程序", "url": "https://x.example", "appid": "wx1",
           "pagepath": "pages/me"}]},
        {"name": "拍", "sub_button": [
          {"type": "pic_sysphoto", "name": "拍照", "key": "p1"},
          {"type": "pic_photo_or_album", "name": "拍照或相册", "key": "p2"},
          {"type": "pic_weixin", "name": "相册", "key": "p3"},
          {"type": "scancode_push", "name": "扫码", "key": "scan"},
          {"type": "scancode_waitmsg", "name": "签到", "key": "check-in"}]},
        {"name": "还有", "sub_button": [
          {"type": "location_select", "name": "在哪", "key": "where"},
          {"type": "media_id", "name": "图", "media_id": "m"},
          {"type": "view_limited", "name": "文", "media_id": "m"},
          {"type": "article_id", "name": "章", "article_id": "a"},
          {"type": "article_view_limited", "name": "篇", "article_id": "a"}]}]}
      """;

  private final Phone li = wechat.phone("li");
  private final Phone wang = wechat.phone("wang");
  private List<WxMpXmlMessage> last = List.of();

  @BeforeEach
  void listen() {
    wechat.pushTo(server.url());
    server.answer = (request, message) -> request.response().end("success");
  }

  @Test
  void theNewestMenuWhoseRuleSomebodyMatchesIsTheirs() {
    long old = tag("老街坊");
    long head = tag("楼长");
    assertThat(code("menu/addconditional", menu("楼长", rule("tag_id", head)))).isEqualTo(65303);
    assertThat(code("menu/trymatch", whose(li))).isEqualTo(46003);
    assertThat(code("menu/create", menu("都有", null))).isZero();
    assertThat(seenBy(li)).isEqualTo("都有");

    String heads = add(menu("楼长", rule("tag_id", String.valueOf(head))));
    give(head, li);
    assertThat(seenBy(li)).isEqualTo("楼长");
    assertThat(seenBy(wang)).isEqualTo("都有");

    String phones = add(menu("苹果楼长", rule("tag_id", head).put("client_platform_type", "1")));
    assertThat(seenBy(li)).as("both must match").isEqualTo("楼长");
    assertThat(seenBy(li.running(Phone.Os.IOS))).as("the newer one").isEqualTo("苹果楼长");
    JsonObject told = ask("menu/get", null);
    assertThat(told.getJsonObject("menu").getLong("menuid")).isPositive();
    JsonArray conditional = told.getJsonArray("conditionalmenu");
    assertThat(conditional.getJsonObject(0).getLong("menuid")).hasToString(phones);
    assertThat(conditional.getJsonObject(1).getJsonObject("matchrule"))
        .isEqualTo(new JsonObject().put("group_id", String.valueOf(head)));

    give(old, li);
    assertThat(seenBy(li)).as("the tag given last counts").isEqualTo("都有");
    take(old, li);
    assertThat(code("menu/delconditional", new JsonObject().put("menuid", phones))).isZero();
    assertThat(seenBy(li)).isEqualTo("楼长");
    assertThat(code("menu/delconditional", new JsonObject().put("menuid", phones)))
        .isEqualTo(65301);
    assertThat(code("menu/create", menu("都有二", null))).isZero();
    assertThat(seenBy(li)).as("stays when the common one is made anew").isEqualTo("楼长");
    assertThat(seenBy(wang)).isEqualTo("都有二");

    assertThat(code("menu/delete", null)).isZero();
    assertThat(code("menu/get", null)).isEqualTo(46003);
    assertThat(code("menu/create", menu("都有", null))).isZero();
    assertThat(seenBy(li)).as("all were deleted").isEqualTo("都有");
    assertThat(code("menu/delconditional", new JsonObject().put("menuid", heads))).isEqualTo(65301);
    assertThat(code("menu/trymatch", whose(wang.unfollow()))).isEqualTo(65302);
  }

  @Test
  void aButtonDoesWhatTheMenuSaysThatThePersonSees() {
    assertThat(code("menu/create", new JsonObject(EVERY_BUTTON))).isZero();
    li.tap("进度").tap("我的事").tap("小程序");
    assertThat(told())
        .containsExactly(
            "CLICK progress", "VIEW https://x.example/me", "view_miniprogram pages/me");
    assertThat(li.quota().of()).as("a page opens no window, the word did").isEqualTo(3);
    long common = Long.parseLong(field(1, "MenuId"));

    li.tapAndScan("扫码", "rt:1").tapAndScan("签到", "rt:2");
    assertThat(told()).containsExactly("scancode_push scan", "scancode_waitmsg check-in");
    assertThat(field(1, "ScanCodeInfo")).contains("ScanResult=rt:2", "ScanType=qrcode");
    assertThat(wang.tapAndScan("签到", "rt:2").quota())
        .isEqualTo(new Quota(3, 3, Duration.ofMinutes(1)));

    server.understood.clear();
    for (String button : List.of("拍照", "拍照或相册", "相册")) {
      li.tapAndShow(button, Buffer.buffer("a"), Buffer.buffer("b"));
    }
    assertThat(server.understood).hasSize(9);
    assertThat(server.understood.get(0).getSendPicsInfo().getCount()).isEqualTo(2);
    assertThat(field(0, "SendPicsInfo"))
        .contains("0cc175b9c0f1b6a831c399e269772661", "92eb5ffee6ae2fec3ad71c777531578f");
    assertThat(server.understood.get(2).getMsgType()).isEqualTo("image");
    assertThat(told()).contains("pic_sysphoto p1", "pic_photo_or_album p2", "pic_weixin p3");

    li.tapAndPoint("在哪", 0.1, 0.2, "和光小区");
    assertThat(server.understood.getFirst().getSendLocationInfo().getLabel()).isEqualTo("和光小区");
    assertThat(server.understood.getLast().getMsgType()).isEqualTo("location");
    assertThat(told()).contains("location_select where");

    li.push(Push.position(0.1, 0.2, 65), "");
    assertThat(field(0, "Latitude")).isEqualTo("0.1");
    assertThat(told()).containsExactly("LOCATION ");

    JsonObject theirs = new JsonObject(EVERY_BUTTON).put("matchrule", rule("tag_id", 2));
    long made = Long.parseLong(add(theirs));
    give(2, li);
    li.tap("我的事");
    assertThat(field(0, "MenuId")).isEqualTo(Long.toString(made));
    assertThat(made).isGreaterThan(common);
    assertThatThrownBy(() -> li.tap("不在里面")).hasMessageContaining("no button");
  }

  @Test
  void theAccountIsToldWhatBecomesOfIt() {
    List<String> all =
        List.of(
            "kf_create_session KfAccount desk@linyu",
            "kf_close_session KfAccount desk@linyu",
            "kf_switch_session ToKfAccount street@linyu",
            "user_info_modified OpenID o1",
            "user_authorization_revoke RevokeInfo 1",
            "qualification_verify_success ExpiredTime 1826936000",
            "qualification_verify_fail FailReason by-time",
            "naming_verify_success ExpiredTime 1826936000",
            "naming_verify_fail FailTime 1795400030",
            "annual_renew ExpiredTime 1826936000",
            "verify_expired ExpiredTime 1826936000");
    for (String each : all) {
      String[] part = each.split(" ", 3);
      wechat.tell(Push.event(part[0], part[1], part[2]));
      assertThat(field(server.understood.size() - 1, part[1])).isEqualTo(part[2]);
      assertThat(server.understood.getLast().getEvent()).isEqualTo(part[0]);
    }
  }

  @Test
  void aNoticeNeedsLeaveAndValuesThatFit() {
    JsonObject notice =
        new JsonObject()
            .put("touser", li.openid())
            .put("template_id", Notices.ONCE)
            .put("data", thing("楼".repeat(20)));
    assertThat(code("message/subscribe/bizsend", notice)).isEqualTo(43101);
    li.refuses(Notices.ONCE);
    assertThat(code("message/subscribe/bizsend", notice)).isEqualTo(43101);
    li.allows(Notices.ONCE);
    JsonObject tooLong =
        ask("message/subscribe/bizsend", notice.copy().put("data", thing("楼".repeat(21))));
    assertThat(tooLong.getInteger("errcode")).isEqualTo(47003);
    assertThat(tooLong.getString("errmsg")).contains("thing2");
    assertThat(code("message/subscribe/bizsend", notice)).isZero();
    assertThat(code("message/subscribe/bizsend", notice)).as("leave was for one").isEqualTo(43101);

    li.allows(Notices.ONCE).turnsOff(Notices.ONCE);
    assertThat(code("message/subscribe/bizsend", notice)).isEqualTo(43101);
    li.allows(Notices.STANDING);
    notice.put("template_id", Notices.STANDING);
    assertThat(code("message/subscribe/bizsend", notice)).isZero();
    assertThat(code("message/subscribe/bizsend", notice)).isZero();
    assertThat(code("message/subscribe/bizsend", notice.put("template_id", "none")))
        .isEqualTo(40037);
  }

  @Test
  void aMenuWithARuleThatIsNoneIsRefused() {
    assertThat(code("menu/create", menu("都有", null))).isZero();
    JsonObject fits = rule("client_platform_type", 2);
    Map.of(
            65304, menu("空", new JsonObject().put("tag_id", "")),
            65320, menu("女士", rule("sex", "2").put("client_platform_type", 2)),
            65307, new JsonObject().put("button", new JsonArray()).put("matchrule", fits),
            40018, menu("名字太长太长", fits))
        .forEach((code, menu) -> assertThat(code("menu/addconditional", menu)).isEqualTo(code));
    JsonObject untyped = menu("没类型", fits);
    untyped.getJsonArray("button").getJsonObject(0).remove("type");
    assertThat(code("menu/addconditional", untyped)).isEqualTo(65308);
    assertThat(code("menu/addconditional", menu("规则", fits).put("matchrule", "安卓")))
        .as("JSON of another shape")
        .isEqualTo(47001);

    var _ = add(leadingTo(fits, "a", "b"));
    assertThat(code("menu/addconditional", leadingTo(fits, "b", "c", "a"))).isZero();
    assertThat(code("menu/addconditional", leadingTo(fits, "d"))).isEqualTo(65316);
  }

  @Test
  void whoIsOnTheBlacklistIsNeitherHeardNorWrittenTo() {
    JsonObject both = people(li);
    li.says("在吗");
    li.allows(Notices.ONCE);
    assertThat(code("tags/members/batchblacklist", both)).isZero();
    JsonObject page = ask("tags/members/getblacklist", new JsonObject().put("begin_openid", ""));
    assertThat(page.getInteger("total")).isOne();
    assertThat(page.getJsonObject("data").getJsonArray("openid")).containsExactly(li.openid());
    JsonObject rest =
        ask("tags/members/getblacklist", new JsonObject().put("begin_openid", li.openid()));
    assertThat(rest.getInteger("count")).isZero();

    int told = server.understood.size();
    li.says("听见了吗").image(Buffer.buffer("jpeg"));
    assertThat(server.understood).hasSize(told);
    assertThat(li.said()).hasSize(4);
    assertThat(li.heard()).isEmpty();
    assertThat(code(SEND, words(li, "好"))).isEqualTo(43019);
    assertThat(code("message/mass/preview", words(li, "好"))).isEqualTo(43019);
    JsonObject notice = new JsonObject().put("touser", li.openid()).put("data", thing("楼道灯"));
    assertThat(code("message/template/send", notice.put("template_id", Notices.TEMPLATE)))
        .isEqualTo(43019);
    assertThat(code("message/subscribe/bizsend", notice.put("template_id", Notices.ONCE)))
        .as("its own codes know no blacklist")
        .isZero();
    var many = new JsonObject().put("msgtype", "text").put("text", content("停水"));
    many.put("touser", new JsonArray(List.of(li.openid(), wang.openid())));
    assertThat(code("message/mass/send", many)).isZero();
    wang.awaitHeard("停水");
    assertThat(li.heard()).extracting(Line.Heard::way).doesNotContain(Line.Way.MASS);
    li.tapMenu("progress");
    assertThat(server.understood)
        .as("deeds are told")
        .extracting(WxMpXmlMessage::getEvent)
        .contains("CLICK");

    assertThat(code("tags/members/batchunblacklist", both)).isZero();
    li.says("现在呢");
    assertThat(server.understood)
        .extracting(WxMpXmlMessage::getContent)
        .contains("现在呢")
        .doesNotContain("听见了吗");
    assertThat(code(SEND, words(li, "好"))).isZero();
  }

  @Test
  void theBlacklistTakesTwentyFollowersAtOnce() {
    Phone[] crowd =
        IntStream.range(0, 21).mapToObj(i -> wechat.phone("crowd-" + i)).toArray(Phone[]::new);
    for (String call : List.of("batchblacklist", "batchunblacklist")) {
      assertThat(code("tags/members/" + call, people(crowd))).isEqualTo(40032);
      assertThat(code("tags/members/" + call, people())).isEqualTo(40032);
      JsonObject nobody = new JsonObject().put("openid_list", new JsonArray().add("nobody"));
      assertThat(code("tags/members/" + call, nobody)).isEqualTo(40003);
    }
    assertThat(code("tags/members/batchblacklist", people(li, wechat.stranger("far"))))
        .isEqualTo(49003);
    assertThat(ask("tags/members/getblacklist", new JsonObject()).getInteger("total")).isZero();
    assertThat(code("tags/members/getblacklist", new JsonObject().put("begin_openid", "nobody")))
        .isEqualTo(40003);
  }

  @Test
  void tagsHaveTheirLimitsAndReachWhoHasThem() {
    for (long own = 0; own <= 2; own++) {
      assertThat(code("tags/delete", named(own, null))).isEqualTo(45058);
      assertThat(code("tags/update", named(own, "我的"))).isEqualTo(45058);
    }
    long first = tag("第1");
    List<Long> all = new ArrayList<>(List.of(first));
    for (int i = 2; i <= 100; i++) {
      all.add(tag("第" + i));
    }
    assertThat(code("tags/create", named(null, "第101"))).isEqualTo(45056);
    for (long each : all.subList(0, 20)) {
      give(each, li);
    }
    assertThat(code("tags/members/batchtagging", people(li).put("tagid", all.get(20))))
        .isEqualTo(45059);
    assertThat(code("tags/members/batchtagging", people(wang).put("tagid", 99))).isEqualTo(45159);
    Phone[] crowd = Collections.nCopies(51, li).toArray(Phone[]::new);
    assertThat(code("tags/members/batchtagging", people(crowd).put("tagid", first)))
        .isEqualTo(40032);
    JsonArray known = ask("user/info?openid=" + li.openid(), null).getJsonArray("tagid_list");
    assertThat(known.stream().map(each -> ((Number) each).longValue()))
        .containsExactlyElementsOf(all.subList(0, 20));

    var many = new JsonObject().put("msgtype", "text").put("text", content("给第1"));
    many.put("filter", new JsonObject().put("is_to_all", false).put("tag_id", first));
    assertThat(code("message/mass/sendall", many)).isZero();
    li.awaitHeard("给第1");
    assertThat(wang.heard()).isEmpty();
  }

  @Test
  void aTagOfMoreThanAHundredThousandIsNotDeleted() {
    var tags = new Tags();
    long id = tags.create(named(null, "全区")).getJsonObject("tag").getLong("id");
    for (int i = 0; i <= 100_000; i += 50) {
      int from = i;
      tags.give(
          new JsonObject().put("tagid", id),
          IntStream.range(from, from + 50).mapToObj(each -> "o" + each).toList());
    }
    assertThat(catchThrowableOfType(PlatformError.class, () -> tags.delete(named(id, null))).code())
        .isEqualTo(45057);
    tags.take(
        new JsonObject().put("tagid", id), IntStream.range(0, 50).mapToObj(i -> "o" + i).toList());
    tags.delete(named(id, null));
    assertThat(tags.idsOf("o100")).isEmpty();
  }

  @Test
  void othersSoftwareUnderstandsMenusWithRulesAndTheBlacklist() throws Exception {
    // Not what it makes of `trymatch`: it looks for a `menu` around it, of which the platform's own
    // description knows nothing.
    WxMpService wx = wxJava();
    var menus = wx.getMenuService();
    wx.getMenuService().menuCreate(menu("都有", null).encode());
    String made = menus.menuCreate(menu("安卓", rule("client_platform_type", "2")).encode());
    var read = menus.menuGet();
    assertThat(read.getMenu().getButtons().getFirst().getName()).isEqualTo("都有");
    assertThat(read.getConditionalMenu())
        .hasSize(1)
        .first()
        .satisfies(each -> {
          assertThat(each.getRule().getClientPlatformType()).isEqualTo("2");
          assertThat(each.getButtons().getFirst().getName()).isEqualTo("安卓");
        });
    assertThat(menus.getSelfMenuInfo().getSelfMenuInfo().getButtons().getFirst().getName())
        .isEqualTo("都有");
    menus.menuDelete(made);
    assertThat(menus.menuGet().getConditionalMenu()).isNullOrEmpty();

    var black = wx.getBlackListService();
    black.pushToBlacklist(List.of(li.openid(), wang.openid()));
    assertThat(black.getBlacklist(null).getOpenidList())
        .containsExactlyInAnyOrder(li.openid(), wang.openid());
    black.pullFromBlacklist(List.of(wang.openid()));
    assertThat(black.getBlacklist("").getOpenidList()).containsExactly(li.openid());
    assertThat(
            catchThrowableOfType(
                    WxErrorException.class, () -> black.pushToBlacklist(List.of("nobody")))
                .getError()
                .getErrorCode())
        .isEqualTo(40003);
  }

  private WxMpService wxJava() {
    var config = new WxMpDefaultConfigImpl();
    config.setAppId(wechat.account().appId());
    config.setSecret(wechat.account().secret());
    config.useStableAccessToken(true);
    config.setHostConfig(
        WxMpHostConfig.builder()
            .apiHost(wechat.apiBase())
            .mpHost(wechat.apiBase())
            .openHost(wechat.apiBase())
            .build());
    var wx = new WxMpServiceHttpClientImpl();
    wx.setWxMpConfigStorage(config);
    return wx;
  }

  // What the account's server was told, and what is asked.

  /// Then it is forgotten.
  private List<String> told() {
    List<String> told =
        server.understood.stream()
            .filter(each -> each.getEvent() != null)
            .map(each -> each.getEvent() + " " + Objects.requireNonNullElse(each.getEventKey(), ""))
            .toList();
    last = List.copyOf(server.understood);
    server.understood.clear();
    return told;
  }

  /// Of what was told since.
  private String field(int number, String name) {
    List<WxMpXmlMessage> from = server.understood.isEmpty() ? last : server.understood;
    return String.valueOf(from.get(number).getAllFieldsMap().get(name));
  }

  private static JsonObject thing(String value) {
    return new JsonObject().put("thing2", new JsonObject().put("value", value));
  }

  private static JsonObject menu(String name, @Nullable JsonObject rule) {
    var button = new JsonObject().put("type", "click").put("name", name).put("key", "k");
    var menu = new JsonObject().put("button", new JsonArray().add(button));
    return rule == null ? menu : menu.put("matchrule", rule);
  }

  private static JsonObject leadingTo(JsonObject rule, String... hosts) {
    var buttons = new JsonArray();
    for (String host : hosts) {
      buttons.add(
          new JsonObject()
              .put("type", "view")
              .put("name", host)
              .put("url", "https://" + host + ".example/h5?x=1"));
    }
    return new JsonObject().put("button", buttons).put("matchrule", rule);
  }

  private static JsonObject rule(String field, Object value) {
    return new JsonObject().put(field, value);
  }

  private static JsonObject whose(Phone phone) {
    return new JsonObject().put("user_id", phone.openid());
  }

  private static JsonObject people(Phone... phones) {
    var named = new JsonArray();
    for (Phone each : phones) {
      named.add(each.openid());
    }
    return new JsonObject().put("openid_list", named);
  }

  private static JsonObject named(@Nullable Long id, @Nullable String name) {
    return new JsonObject().put("tag", new JsonObject().put("id", id).put("name", name));
  }

  private static JsonObject words(Phone to, String text) {
    return new JsonObject()
        .put("touser", to.openid())
        .put("msgtype", "text")
        .put("text", content(text));
  }

  private static JsonObject content(String text) {
    return new JsonObject().put("content", text);
  }

  private long tag(String name) {
    return ask("tags/create", named(null, name)).getJsonObject("tag").getLong("id");
  }

  private void give(long tag, Phone phone) {
    assertThat(code("tags/members/batchtagging", people(phone).put("tagid", tag))).isZero();
  }

  private void take(long tag, Phone phone) {
    assertThat(code("tags/members/batchuntagging", people(phone).put("tagid", tag))).isZero();
  }

  private String add(JsonObject menu) {
    return ask("menu/addconditional", menu).getString("menuid");
  }

  private String seenBy(Phone phone) {
    JsonArray buttons = ask("menu/trymatch", whose(phone)).getJsonArray("button");
    return buttons.getJsonObject(0).getString("name");
  }

  private int code(String what, @Nullable JsonObject body) {
    return ask(what, body).getInteger("errcode", 0);
  }

  private JsonObject ask(String what, @Nullable JsonObject body) {
    String asked =
        new JsonObject()
            .put("grant_type", "client_credential")
            .put("appid", wechat.account().appId())
            .put("secret", wechat.account().secret())
            .encode();
    String token = new JsonObject(post("/cgi-bin/stable_token", asked)).getString("access_token");
    String path = "/cgi-bin/" + what + (what.contains("?") ? '&' : '?') + "access_token=" + token;
    return new JsonObject(post(path, body == null ? "" : body.encode()));
  }

  private String post(String path, String body) {
    try {
      var request =
          HttpRequest.newBuilder(URI.create(wechat.apiBase() + path))
              .POST(BodyPublishers.ofString(body))
              .build();
      return http.send(request, BodyHandlers.ofString()).body();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
