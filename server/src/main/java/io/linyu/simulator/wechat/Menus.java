package io.linyu.simulator.wechat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/// What a menu may be.
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

  private Menus() {}

  static void check(JsonObject menu) {
    JsonArray buttons = menu.getJsonArray("button", new JsonArray());
    if (buttons.isEmpty() || buttons.size() > 3) {
      throw new PlatformError(40016, "invalid button size");
    }
    for (Object each : buttons) {
      JsonObject button = (JsonObject) each;
      checkName(button, 16, 40018);
      JsonArray below = button.getJsonArray("sub_button", new JsonArray());
      if (below.isEmpty()) {
        checkDeed(button);
      }
      if (below.size() > 5) {
        throw new PlatformError(40023, "invalid sub button size");
      }
      for (Object one : below) {
        checkName((JsonObject) one, 60, 40025);
        checkDeed((JsonObject) one);
      }
    }
  }

  private static void checkName(JsonObject button, int longest, int code) {
    int length = bytes(button.getString("name", ""));
    if (length == 0 || length > longest) {
      throw new PlatformError(code, "invalid button name size");
    }
  }

  private static void checkDeed(JsonObject button) {
    String type = button.getString("type", "");
    if (type.equals("view")) {
      String url = button.getString("url", "");
      if (!url.startsWith("http") || bytes(url) > 1024) {
        throw new PlatformError(40055, "invalid button url domain");
      }
    } else if (WITH_KEY.contains(type)) {
      String key = button.getString("key", "");
      if (key.isEmpty() || bytes(key) > 128) {
        throw new PlatformError(40019, "invalid button key size");
      }
    } else {
      throw new PlatformError(40017, "invalid button type");
    }
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
