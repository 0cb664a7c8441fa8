package io.linyu.simulator.wechat;

import static java.util.Map.entry;

import io.linyu.platform.text.Codes;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The platform's interface: one small method for each address.
final class Api {
  private static final int LONGEST_TEXT = 2048;
  private static final String FILMS = "/films";
  private static final Pattern ESCAPED = Pattern.compile("(?<!\\\\)(\\\\\\\\)*\\\\u[0-9a-fA-F]{4}");
  private static final Set<String> TYPES =
      Set.of(
          "text",
          "image",
          "voice",
          "video",
          "music",
          "news",
          "mpnews",
          "mpnewsarticle",
          "msgmenu",
          "wxcard",
          "miniprogrampage");

  private final WechatSimulator platform;
  private final Map<String, Endpoint> endpoints =
      Map.ofEntries(
          entry("/cgi-bin/stable_token", this::stableToken),
          entry(Sendings.PATH, checked(this::send)),
          entry("/cgi-bin/message/custom/typing", checked(this::typing)),
          entry("/cgi-bin/message/subscribe/bizsend", checked(this::subscribeNotice)),
          entry("/cgi-bin/message/template/send", checked(this::template)),
          entry("/cgi-bin/ticket/getticket", checked(this::pageTicket)),
          entry("/wxaapi/newtmpl/gettemplate", checked(_ -> subscriptionTemplates())),
          entry("/cgi-bin/template/get_all_private_template", checked(_ -> templates())),
          entry("/cgi-bin/media/get", checked(this::media)),
          entry("/cgi-bin/media/upload", checked(this::upload)),
          entry(FILMS, this::film),
          entry("/cgi-bin/media/get/jssdk", checked(this::speex)),
          entry("/cgi-bin/qrcode/create", checked(this::createQrcode)),
          entry("/cgi-bin/user/info", checked(this::userInfo)),
          entry("/cgi-bin/openapi/quota/get", checked(this::quota)),
          entry("/datacube/getusersummary", checked(this::insight)),
          entry("/datacube/getusercumulate", checked(this::insight)),
          entry("/datacube/getupstreammsg", checked(this::insight)),
          entry("/datacube/getinterfacesummary", checked(this::insight)),
          entry("/cgi-bin/tags/create", checked(this::createTag)),
          entry("/cgi-bin/tags/get", checked(this::tags)),
          entry("/cgi-bin/tags/update", checked(this::updateTag)),
          entry("/cgi-bin/tags/delete", checked(this::deleteTag)),
          entry("/cgi-bin/tags/members/batchtagging", checked(this::giveTag)),
          entry("/cgi-bin/tags/members/batchuntagging", checked(this::takeTag)),
          entry("/cgi-bin/user/tag/get", checked(this::havingTag)));

  /// Those that live in files of their own.
  private final Map<String, Endpoint> beside = new HashMap<>();

  Api(WechatSimulator platform) {
    this.platform = platform;
    beside.put("/cgi-bin/token", this::classicToken);
    beside.put("/cgi-bin/clear_quota", checked(call -> platform.insight().clearQuota(call)));
    beside.put(
        "/cgi-bin/tags/getidlist",
        checked(call ->
            new Answer.Json(
                new JsonObject()
                    .put(
                        "tagid_list", tagsOf(platform.phoneOf(call.json().getString("openid")))))));
    beside.put("/cgi-bin/getcallbackip", checked(_ -> callbackAddresses()));
    beside.put("/cgi-bin/user/get", checked(call -> platform.followers().page(call)));
    beside.put("/cgi-bin/user/info/batchget", checked(call -> platform.followers().several(call)));
    massSending();
    articles();
    menus();
    blacklist();
    beside.put("/sns/oauth2/access_token", call -> platform.authorizations().exchange(call));
    beside.put("/sns/oauth2/refresh_token", call -> platform.authorizations().refresh(call));
    beside.put("/sns/auth", call -> platform.authorizations().check(call));
    beside.put("/sns/userinfo", call -> platform.authorizations().userInfo(call));
  }

  private void massSending() {
    String mass = "/cgi-bin/message/mass/";
    beside.put(mass + "sendall", checked(call -> platform.massSendings().toFollowers(call)));
    beside.put(mass + "send", checked(call -> platform.massSendings().toSome(call)));
    beside.put(mass + "preview", checked(call -> platform.massSendings().preview(call)));
    beside.put(mass + "get", checked(call -> platform.massSendings().state(call)));
    beside.put(mass + "delete", checked(call -> platform.massSendings().delete(call)));
    beside.put(mass + "speed/get", checked(_ -> platform.massSendings().speed()));
    beside.put(mass + "speed/set", checked(call -> platform.massSendings().setSpeed(call)));
  }

  private void articles() {
    String drafts = "/cgi-bin/draft/";
    beside.put(drafts + "add", checked(call -> platform.articles().add(call)));
    beside.put(drafts + "update", checked(call -> platform.articles().update(call)));
    beside.put(drafts + "get", checked(call -> platform.articles().get(call)));
    beside.put(drafts + "delete", checked(call -> platform.articles().delete(call)));
    beside.put(drafts + "batchget", checked(call -> platform.articles().list(call)));
    beside.put(drafts + "count", checked(_ -> platform.articles().count()));
    String publishing = "/cgi-bin/freepublish/";
    beside.put(publishing + "submit", checked(call -> platform.articles().submit(call)));
    beside.put(publishing + "get", checked(call -> platform.articles().state(call)));
    beside.put(publishing + "getarticle", checked(call -> platform.articles().article(call)));
    beside.put(publishing + "delete", checked(call -> platform.articles().withdraw(call)));
    beside.put(publishing + "batchget", checked(call -> platform.articles().published(call)));
  }

  private void menus() {
    String menus = "/cgi-bin/menu/";
    beside.put(menus + "create", checked(call -> platform.menus().create(call)));
    beside.put(menus + "get", checked(_ -> platform.menus().get()));
    beside.put(menus + "delete", checked(_ -> platform.menus().delete()));
    beside.put(menus + "addconditional", checked(call -> platform.menus().addConditional(call)));
    beside.put(menus + "delconditional", checked(call -> platform.menus().deleteConditional(call)));
    beside.put(menus + "trymatch", checked(call -> platform.menus().tryMatch(call)));
    beside.put("/cgi-bin/get_current_selfmenu_info", checked(_ -> platform.menus().current()));
  }

  private void blacklist() {
    String members = "/cgi-bin/tags/members/";
    beside.put(members + "getblacklist", checked(call -> platform.blacklist().page(call)));
    beside.put(members + "batchblacklist", checked(call -> platform.blacklist().add(call)));
    beside.put(members + "batchunblacklist", checked(call -> platform.blacklist().remove(call)));
  }

  /// @param server which of several asks; empty: they are not told apart
  record Call(String server, String path, MultiMap query, Buffer body) {
    JsonObject json() {
      String text = body.toString(StandardCharsets.UTF_8);
      try {
        var json = new JsonObject(text);
        dropNulls(json.getMap());
        return json;
      } catch (DecodeException e) {
        throw new PlatformError(47001, "data format error");
      }
    }

    /// What is null is not there.
    private static void dropNulls(@Nullable Object json) {
      switch (json) {
        case Map<?, ?> fields -> {
          fields.values().removeIf(Objects::isNull);
          fields.values().forEach(Call::dropNulls);
        }
        case List<?> items -> items.forEach(Call::dropNulls);
        case null, default -> {}
      }
    }

    JsonObject unescapedJson() {
      JsonObject json = json();
      if (ESCAPED.matcher(body.toString(StandardCharsets.UTF_8)).find()) {
        throw new PlatformError(
            40033, "invalid charset. please check your request, if include \\uxxxx");
      }
      return json;
    }
  }

  sealed interface Answer {
    record Json(JsonObject json) implements Answer {}

    record File(String type, String name, Buffer bytes) implements Answer {}
  }

  interface Endpoint {
    Answer answer(Call call);
  }

  boolean has(String path) {
    return endpoints.containsKey(path) || beside.containsKey(path);
  }

  Answer answer(Call call) {
    try {
      return endpoints
          .getOrDefault(call.path(), beside.getOrDefault(call.path(), Api::unknown))
          .answer(call);
    } catch (PlatformError refused) {
      return error(refused.code(), refused.getMessage());
    } catch (ClassCastException anotherType) {
      return error(47001, "data format error");
    }
  }

  static boolean isDone(Answer answer) {
    return !(answer instanceof Answer.Json(var json)) || json.getInteger("errcode", 0) == 0;
  }

  static Answer error(int code, @Nullable String message) {
    return new Answer.Json(
        new JsonObject()
            .put("errcode", code)
            .put("errmsg", message + " rid: " + Codes.random().substring(0, 8)));
  }

  private static Answer unknown(Call call) {
    throw new PlatformError(40066, "invalid url " + call.path());
  }

  static Answer ok() {
    return new Answer.Json(new JsonObject().put("errcode", 0).put("errmsg", "ok"));
  }

  /// For those who show the account's token.
  private Endpoint checked(Endpoint endpoint) {
    return call -> {
      platform.tokens().check(call.query().get("access_token"));
      return endpoint.answer(call);
    };
  }

  private Answer stableToken(Call call) {
    JsonObject asked = call.json();
    Account account = platform.account();
    if (!"client_credential".equals(asked.getString("grant_type"))) {
      throw new PlatformError(40002, "invalid grant_type");
    }
    if (!account.appId().equals(asked.getString("appid"))) {
      throw new PlatformError(40013, "invalid appid");
    }
    if (!account.secret().equals(asked.getString("secret"))) {
      throw new PlatformError(40125, "invalid appsecret");
    }
    var issued = platform.tokens().issue(asked.getBoolean("force_refresh", false));
    return new Answer.Json(
        new JsonObject().put("access_token", issued.token()).put("expires_in", issued.seconds()));
  }

  /// The old way, apart from the stable tokens: each call soon ends the token before.
  private Answer classicToken(Call call) {
    Account account = platform.account();
    if (!"client_credential".equals(call.query().get("grant_type"))) {
      throw new PlatformError(40002, "invalid grant_type");
    }
    if (!account.appId().equals(call.query().get("appid"))) {
      throw new PlatformError(40013, "invalid appid");
    }
    if (!account.secret().equals(call.query().get("secret"))) {
      throw new PlatformError(40125, "invalid appsecret");
    }
    var issued = platform.tokens().issueClassic();
    return new Answer.Json(
        new JsonObject().put("access_token", issued.token()).put("expires_in", issued.seconds()));
  }

  /// Those of the loopback: whoever lets in nobody else must let these in.
  private static Answer callbackAddresses() {
    return new Answer.Json(new JsonObject().put("ip_list", new JsonArray(List.of("127.0.0.1"))));
  }

  private Answer send(Call call) {
    JsonObject message = call.unescapedJson();
    String type = message.getString("msgtype", "");
    if (!TYPES.contains(type)) {
      throw new PlatformError(40008, "invalid message type");
    }
    Phone to = platform.phoneOf(message.getString("touser"));
    JsonObject payload = message.getJsonObject(type, new JsonObject());
    String mediaId = null;
    if (Set.of("image", "voice", "video").contains(type)) {
      mediaId = payload.getString("media_id");
      var _ = platform.shelf().fetch(mediaId);
    }
    to.receive(type.equals("text") ? text(payload) : shown(type, payload), mediaId);
    return ok();
  }

  static String text(JsonObject payload) {
    String content = payload.getString("content", "");
    if (content.isEmpty()) {
      throw new PlatformError(44004, "empty content");
    }
    if (Reply.bytes(content) > LONGEST_TEXT) {
      throw new PlatformError(45002, "content size out of limit");
    }
    return content;
  }

  private static String shown(String type, JsonObject payload) {
    return switch (type) {
      case "msgmenu" -> menu(payload);
      case "image" -> "[图片]";
      case "voice" -> "[语音]";
      case "news" -> payload.getJsonArray("articles").getJsonObject(0).getString("title");
      default -> "[" + type + "]";
    };
  }

  private static String menu(JsonObject payload) {
    var lines = new StringBuilder(payload.getString("head_content", ""));
    for (Object item : payload.getJsonArray("list", new JsonArray())) {
      lines.append('\n').append(((JsonObject) item).getString("content"));
    }
    return lines.append('\n').append(payload.getString("tail_content", "")).toString().strip();
  }

  private Answer typing(Call call) {
    JsonObject asked = call.json();
    platform.phoneOf(asked.getString("touser")).typing("Typing".equals(asked.getString("command")));
    return ok();
  }

  private Answer subscribeNotice(Call call) {
    JsonObject asked = call.unescapedJson();
    String template = asked.getString("template_id", "");
    Notices.check(template);
    Phone to = platform.phoneOf(asked.getString("touser"));
    String shown = Notices.shown(asked.getJsonObject("data", new JsonObject()));
    long id = platform.notices().next();
    to.receiveNotice(template, shown);
    platform.later(() -> to.reportNotice(id, template));
    return done(id);
  }

  private Answer template(Call call) {
    JsonObject asked = call.unescapedJson();
    Notices.check(asked.getString("template_id", ""));
    Phone to = platform.phoneOf(asked.getString("touser"));
    if (!to.follows()) {
      throw new PlatformError(43004, "require subscribe");
    }
    platform.blacklist().check(to);
    String shown = Notices.shown(asked.getJsonObject("data", new JsonObject()));
    long id = platform.notices().next();
    Long before = platform.notices().before(asked.getString("client_msg_id"), id);
    if (before != null) {
      return done(before);
    }
    to.receiveTemplate(shown);
    platform.later(() -> to.reportTemplate(id));
    return done(id);
  }

  private static Answer done(long id) {
    return new Answer.Json(new JsonObject().put("errcode", 0).put("errmsg", "ok").put("msgid", id));
  }

  private Answer pageTicket(Call call) {
    if (!"jsapi".equals(call.query().get("type"))) {
      throw new PlatformError(40097, "invalid args");
    }
    return new Answer.Json(
        new JsonObject()
            .put("errcode", 0)
            .put("errmsg", "ok")
            .put("ticket", platform.pageTicket())
            .put("expires_in", 7_200));
  }

  private static Answer subscriptionTemplates() {
    var all = new JsonArray();
    for (String id : List.of(Notices.ONCE, Notices.STANDING)) {
      all.add(new JsonObject().put("priTmplId", id).put("content", Notices.CONTENT));
    }
    return new Answer.Json(new JsonObject().put("errcode", 0).put("errmsg", "ok").put("data", all));
  }

  private static Answer templates() {
    var one = new JsonObject().put("template_id", Notices.TEMPLATE).put("content", Notices.CONTENT);
    return new Answer.Json(new JsonObject().put("template_list", new JsonArray().add(one)));
  }

  private Answer media(Call call) {
    return file(call, "");
  }

  /// The 16 kHz recording goes by the same id with `-16k` on the push's own field.
  private Answer speex(Call call) {
    return file(call, "-16k");
  }

  private Answer file(Call call, String suffix) {
    String id = String.valueOf(call.query().get("media_id"));
    String bare = id.endsWith(suffix) ? id.substring(0, id.length() - suffix.length()) : id;
    Shelf.Item item = platform.shelf().fetch(bare);
    if (item.type().startsWith("video/")) {
      return new Answer.Json(
          new JsonObject().put("video_url", platform.apiBase() + FILMS + "?id=" + bare));
    }
    return new Answer.File(item.type(), bare + "." + item.extension(), item.bytes());
  }

  private Answer quota(Call call) {
    return platform.insight().quota(call);
  }

  private Answer insight(Call call) {
    return platform.insight().rows(call);
  }

  private Answer createTag(Call call) {
    return new Answer.Json(platform.tags().create(call.unescapedJson()));
  }

  private Answer tags(Call call) {
    return new Answer.Json(platform.tags().all());
  }

  private Answer updateTag(Call call) {
    platform.tags().update(call.unescapedJson());
    return ok();
  }

  private Answer deleteTag(Call call) {
    platform.tags().delete(call.json());
    return ok();
  }

  private Answer giveTag(Call call) {
    platform.tags().give(call.json(), people(call));
    return ok();
  }

  private Answer takeTag(Call call) {
    platform.tags().take(call.json(), people(call));
    return ok();
  }

  private JsonArray tagsOf(Phone phone) {
    return new JsonArray(platform.tags().idsOf(phone.openid()));
  }

  private Answer havingTag(Call call) {
    return new Answer.Json(platform.tags().having(call.json()));
  }

  /// All of them must follow.
  private List<String> people(Call call) {
    return call.json().getJsonArray("openid_list", new JsonArray()).stream()
        .map(each -> {
          Phone phone = platform.phoneOf(each.toString());
          if (!phone.follows()) {
            throw new PlatformError(49003, "not match openid with appid");
          }
          return phone.openid();
        })
        .toList();
  }

  private Answer upload(Call call) {
    return Uploads.take(call, platform.shelf());
  }

  /// Where films are; nobody asks who one is there.
  private Answer film(Call call) {
    Shelf.Item item = platform.shelf().fetch(call.query().get("id"));
    return new Answer.File(item.type(), "film." + item.extension(), item.bytes());
  }

  private Answer createQrcode(Call call) {
    JsonObject asked = call.json();
    String action = asked.getString("action_name", "");
    JsonObject scene =
        asked
            .getJsonObject("action_info", new JsonObject())
            .getJsonObject("scene", new JsonObject());
    Object id =
        action.contains("STR") ? scene.getString("scene_str") : scene.getInteger("scene_id");
    if (!action.startsWith("QR_")
        || id == null
        || id.toString().isEmpty()
        || id.toString().length() > 64) {
      throw new PlatformError(40053, "invalid action info");
    }
    String ticket = platform.ticketFor(id.toString());
    JsonObject answer =
        new JsonObject().put("ticket", ticket).put("url", "http://weixin.qq.com/q/" + ticket);
    if (!action.contains("LIMIT")) {
      int seconds = asked.getInteger("expire_seconds", 60);
      answer.put("expire_seconds", Math.clamp(seconds, 60, 2_592_000));
    }
    return new Answer.Json(answer);
  }

  private Answer userInfo(Call call) {
    return new Answer.Json(platform.phoneOf(call.query().get("openid")).profile());
  }
}
