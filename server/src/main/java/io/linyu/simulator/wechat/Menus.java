package io.linyu.simulator.wechat;

import io.linyu.simulator.wechat.Api.Answer;
import io.linyu.simulator.wechat.Api.Call;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What is at the foot of the chat: one menu for all, and others beside it for those who match a
/// rule. Of these the newest that matches counts.
///
/// https://developers.weixin.qq.com/doc/offiaccount/Custom_Menus/Personalized_menu_interface.html
final class Menus {
  private static final Set<String> WITH_KEY =
      Set.of(
          "click",
          "scancode_push",
          "scancode_waitmsg",
          "pic_sysphoto",
          "pic_photo_or_album",
          "pic_weixin",
          "location_select");

  private static final Set<String> WITH_MEDIA = Set.of("media_id", "view_limited");
  private static final Set<String> WITH_ARTICLE = Set.of("article_id", "article_view_limited");

  /// The platform has stopped to tell people apart by these.
  private static final Set<String> PRIVATE =
      Set.of("sex", "country", "province", "city", "language");

  private static final Pattern HOST = Pattern.compile("https?://([^/?#:]+)");

  /// All the menus with rules together.
  private static final int MOST_HOSTS = 3;

  private static final Level TOP = new Level(16, 40018, 40017, 40019, 40020, 40055);
  private static final Level BELOW = new Level(60, 40025, 40024, 40026, 40027, 40054);

  private final WechatSimulator platform;

  /// The newest first.
  private final Deque<Conditional> conditional = new ArrayDeque<>();

  private @Nullable JsonObject forAll;
  private long lastId = 208_379_532;
  private long idForAll;

  /// @param name bytes of the longest
  /// @param nameCode and the others: what is said of a button there that is not right
  private record Level(
      int name, int nameCode, int typeCode, int keyCode, int urlSizeCode, int urlCode) {}

  /// @param tag null: whichever they have
  /// @param os null: whatever theirs is
  private record Conditional(
      long id, JsonArray buttons, @Nullable String tag, @Nullable String os) {
    boolean matches(@Nullable String theirTag, String theirOs) {
      return (tag == null || tag.equals(theirTag)) && (os == null || os.equals(theirOs));
    }

    /// A tag is told by its old name, a group.
    JsonObject told() {
      var rule = new JsonObject();
      if (tag != null) {
        rule.put("group_id", tag);
      }
      if (os != null) {
        rule.put("client_platform_type", os);
      }
      return new JsonObject().put("button", buttons).put("matchrule", rule).put("menuid", id);
    }
  }

  Menus(WechatSimulator platform) {
    this.platform = platform;
  }

  /// Null: there is none.
  synchronized @Nullable JsonObject forAll() {
    return forAll;
  }

  /// @param id as the platform names it when a button is tapped
  record Seen(long id, JsonArray buttons) {
    /// @throws IllegalArgumentException when there is no such button, or it only opens others
    JsonObject button(String name) {
      return deeds(new JsonObject().put("button", buttons))
          .filter(each -> name.equals(each.getString("name")))
          .findFirst()
          .orElseThrow(() -> new IllegalArgumentException("no button " + name + " in " + buttons));
    }
  }

  /// What somebody sees; null: nothing.
  synchronized @Nullable Seen seenBy(Phone phone) {
    if (forAll == null) {
      return null;
    }
    // Of several tags the last that was given counts.
    Long tag = platform.tags().lastOf(phone.openid());
    String theirs = tag == null ? null : tag.toString();
    return conditional.stream()
        .filter(each -> each.matches(theirs, Integer.toString(phone.os().code())))
        .findFirst()
        .map(each -> new Seen(each.id(), each.buttons()))
        .orElse(new Seen(idForAll, forAll.getJsonArray("button")));
  }

  synchronized Answer create(Call call) {
    JsonObject menu = call.unescapedJson();
    check(menu);
    forAll = menu;
    idForAll = ++lastId;
    return Api.ok();
  }

  synchronized Answer get() {
    if (forAll == null) {
      throw new PlatformError(46003, "menu no exist");
    }
    if (conditional.isEmpty()) {
      return new Answer.Json(new JsonObject().put("menu", forAll));
    }
    var all = new JsonArray(conditional.stream().map(Conditional::told).toList());
    return new Answer.Json(
        new JsonObject()
            .put("menu", forAll.copy().put("menuid", idForAll))
            .put("conditionalmenu", all));
  }

  /// What is shown now, whoever made it.
  synchronized Answer current() {
    var told = new JsonObject().put("is_menu_open", forAll == null ? 0 : 1);
    if (forAll == null) {
      return new Answer.Json(told);
    }
    JsonArray buttons = forAll.copy().getJsonArray("button");
    for (int i = 0; i < buttons.size(); i++) {
      JsonArray below = below(buttons.getJsonObject(i));
      if (!below.isEmpty()) {
        buttons.getJsonObject(i).put("sub_button", new JsonObject().put("list", below));
      }
    }
    return new Answer.Json(told.put("selfmenu_info", new JsonObject().put("button", buttons)));
  }

  /// All of them.
  synchronized Answer delete() {
    forAll = null;
    conditional.clear();
    return Api.ok();
  }

  /// How many there may be the platform does not tell beforehand (65305), nor what it says to a tag
  /// that there is not: neither is refused here.
  synchronized Answer addConditional(Call call) {
    JsonObject menu = call.unescapedJson();
    if (forAll == null) {
      throw new PlatformError(65303, "there is no selfmenu, please create selfmenu first");
    }
    if (menu.getJsonArray("button", new JsonArray()).isEmpty()) {
      throw new PlatformError(65307, "conditional menu is empty");
    }
    JsonObject rule = menu.getJsonObject("matchrule", new JsonObject());
    if (PRIVATE.stream().anyMatch(each -> part(rule, each) != null)) {
      throw new PlatformError(65320, "match rule holds what is private");
    }
    String tag = part(rule, "tag_id") == null ? part(rule, "group_id") : part(rule, "tag_id");
    String os = part(rule, "client_platform_type");
    if (tag == null && os == null) {
      throw new PlatformError(65304, "match rule empty");
    }
    if (deeds(menu).anyMatch(each -> each.getString("type", "").isEmpty())) {
      throw new PlatformError(65308, "a button has no type");
    }
    check(menu);
    Stream<JsonObject> before =
        conditional.stream().flatMap(each -> deeds(new JsonObject().put("button", each.buttons())));
    if (Stream.concat(before, deeds(menu))
            .map(Menus::host)
            .filter(Objects::nonNull)
            .collect(Collectors.toSet())
            .size()
        > MOST_HOSTS) {
      throw new PlatformError(65316, "too many domains to redirect to");
    }
    conditional.addFirst(new Conditional(++lastId, menu.getJsonArray("button"), tag, os));
    return new Answer.Json(new JsonObject().put("menuid", Long.toString(lastId)));
  }

  synchronized Answer deleteConditional(Call call) {
    String id = part(call.json(), "menuid");
    if (!conditional.removeIf(each -> Long.toString(each.id()).equals(id))) {
      throw new PlatformError(65301, "no such menuid");
    }
    return Api.ok();
  }

  /// By the openid; by somebody's WeChat name, which the real one takes as well, nobody is known
  /// here.
  synchronized Answer tryMatch(Call call) {
    String whose = part(call.json(), "user_id");
    Phone phone =
        platform.followers().all().stream()
            .filter(each -> each.openid().equals(whose))
            .findFirst()
            .orElseThrow(() -> new PlatformError(65302, "no such user"));
    Seen seen = seenBy(phone);
    if (seen == null) {
      throw new PlatformError(46003, "menu no exist");
    }
    return new Answer.Json(new JsonObject().put("button", seen.buttons()));
  }

  /// Numbers come as text, too; null: it is not there, or empty.
  private static @Nullable String part(JsonObject json, String name) {
    Object value = json.getValue(name);
    return value == null || value.toString().isEmpty() ? null : value.toString();
  }

  static void check(JsonObject menu) {
    JsonArray buttons = menu.getJsonArray("button", new JsonArray());
    if (buttons.isEmpty() || buttons.size() > 3) {
      throw new PlatformError(40016, "invalid button size");
    }
    for (Object each : buttons) {
      JsonObject button = (JsonObject) each;
      checkName(button, TOP);
      JsonArray below = below(button);
      if (below.isEmpty()) {
        checkDeed(button, TOP);
      }
      if (below.size() > 5) {
        throw new PlatformError(40023, "invalid sub button size");
      }
      for (Object one : below) {
        checkName((JsonObject) one, BELOW);
        if (!below((JsonObject) one).isEmpty()) {
          throw new PlatformError(40022, "invalid sub button level");
        }
        checkDeed((JsonObject) one, BELOW);
      }
    }
  }

  private static JsonArray below(JsonObject button) {
    return button.getJsonArray("sub_button", new JsonArray());
  }

  /// Those that do something.
  private static Stream<JsonObject> deeds(JsonObject menu) {
    return menu.getJsonArray("button").stream()
        .map(JsonObject.class::cast)
        .flatMap(each ->
            below(each).isEmpty()
                ? Stream.of(each)
                : below(each).stream().map(JsonObject.class::cast));
  }

  private static @Nullable String host(JsonObject button) {
    Matcher url = HOST.matcher(button.getString("url", ""));
    return url.lookingAt() ? url.group(1) : null;
  }

  private static void checkName(JsonObject button, Level level) {
    int length = bytes(button.getString("name", ""));
    if (length == 0 || length > level.name()) {
      throw new PlatformError(level.nameCode(), "invalid button name size");
    }
  }

  private static void checkDeed(JsonObject button, Level level) {
    String type = button.getString("type", "");
    if (type.equals("view")) {
      checkUrl(button, level);
    } else if (type.equals("miniprogram")) {
      checkUrl(button, level);
      need(button, "appid", 40013, "invalid appid");
      need(button, "pagepath", 40035, "invalid parameter");
    } else if (WITH_KEY.contains(type)) {
      String key = button.getString("key", "");
      if (key.isEmpty() || bytes(key) > 128) {
        throw new PlatformError(level.keyCode(), "invalid button key size");
      }
    } else if (WITH_MEDIA.contains(type)) {
      need(button, "media_id", 40007, "invalid media_id");
    } else if (WITH_ARTICLE.contains(type)) {
      need(button, "article_id", 40035, "invalid parameter");
    } else {
      throw new PlatformError(level.typeCode(), "invalid button type");
    }
  }

  private static void checkUrl(JsonObject button, Level level) {
    String url = button.getString("url", "");
    if (bytes(url) > 1024) {
      throw new PlatformError(level.urlSizeCode(), "invalid button url size");
    }
    if (!url.startsWith("http")) {
      throw new PlatformError(level.urlCode(), "invalid button url domain");
    }
  }

  private static void need(JsonObject button, String field, int code, String message) {
    if (button.getString(field, "").isEmpty()) {
      throw new PlatformError(code, message);
    }
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
