package io.linyu.channel.wechat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.linyu.platform.text.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The menu at the foot of the account's chat.
///
/// https://developers.weixin.qq.com/doc/service/guide/product/menu/intro.html
public record WechatMenu(List<Button> buttons) {
  static final int MOST_BUTTONS = 3;
  static final int MOST_BELOW = 5;

  /// In bytes of UTF-8, of which a Chinese character has three. Phones show four characters of it.
  static final int LONGEST_NAME = 16;

  static final int LONGEST_NAME_BELOW = 60;
  static final int LONGEST_KEY = 128;
  static final int LONGEST_URL = 1024;

  /// What a button does: the word in our file, and the platform's.
  public enum Kind {
    /// Tells us its key, which the bot knows as an item of its own menu.
    KEY("click"),
    /// Opens a page.
    URL("view"),
    /// Scans a code and tells us what it says.
    SCAN("scancode_waitmsg"),
    /// Takes a photo or chooses one, and sends it.
    PHOTO("pic_photo_or_album"),
    /// Chooses a place, and sends it.
    PLACE("location_select");

    private final String type;

    Kind(String type) {
      this.type = type;
    }

    /// The platform's word for it.
    String type() {
      return type;
    }

    public String word() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /// Either does something, or opens those below it.
  ///
  /// @param below empty: it does something itself
  public record Button(String name, Kind kind, String value, List<Button> below) {
    boolean opens() {
      return !below.isEmpty();
    }
  }

  /// Every key that the bot must know.
  public List<String> keys() {
    return buttons.stream()
        .flatMap(each -> each.opens() ? each.below().stream() : List.of(each).stream())
        .filter(each -> each.kind() == Kind.KEY)
        .map(Button::value)
        .distinct()
        .toList();
  }

  ObjectNode json() {
    ObjectNode menu = Json.MAPPER.createObjectNode();
    ArrayNode all = menu.putArray("button");
    buttons.forEach(each -> all.add(json(each)));
    return menu;
  }

  private static ObjectNode json(Button button) {
    ObjectNode json = Json.MAPPER.createObjectNode().put("name", button.name());
    if (button.opens()) {
      ArrayNode below = json.putArray("sub_button");
      button.below().forEach(each -> below.add(json(each)));
      return json;
    }
    return json.put("type", button.kind().type)
        .put(button.kind() == Kind.URL ? "url" : "key", button.value());
  }

  /// As it is published, drawn in lines; what our file does not know is shown in the platform's
  /// words.
  static List<String> drawn(JsonNode published) {
    var lines = new ArrayList<String>();
    published.path("button").forEach(each -> draw(each, "", lines));
    return lines;
  }

  public List<String> drawn() {
    return drawn(json());
  }

  private static void draw(JsonNode button, String indent, List<String> lines) {
    JsonNode below = button.path("sub_button");
    if (below.isArray() && !below.isEmpty()) {
      lines.add(indent + button.path("name").asText());
      below.forEach(each -> draw(each, indent + "  ", lines));
      return;
    }
    Map<String, String> rest = new LinkedHashMap<>();
    button
        .properties()
        .forEach(each -> {
          if (each.getValue().isValueNode() && !List.of("name", "type").contains(each.getKey())) {
            rest.put(each.getKey(), each.getValue().asText());
          }
        });
    lines.add(
        indent
            + button.path("name").asText()
            + "  ["
            + button.path("type").asText()
            + "] "
            + String.join(" ", rest.values()));
  }

  /// What changes from one to the other: lines with `-`, `+`, or two spaces before them.
  public static List<String> changes(List<String> before, List<String> after) {
    int[][] common = new int[before.size() + 1][after.size() + 1];
    for (int i = before.size() - 1; i >= 0; i--) {
      for (int j = after.size() - 1; j >= 0; j--) {
        common[i][j] =
            before.get(i).equals(after.get(j))
                ? common[i + 1][j + 1] + 1
                : Math.max(common[i + 1][j], common[i][j + 1]);
      }
    }
    var lines = new ArrayList<String>();
    int i = 0;
    int j = 0;
    while (i < before.size() || j < after.size()) {
      if (i < before.size() && j < after.size() && before.get(i).equals(after.get(j))) {
        lines.add("  " + after.get(j));
        i++;
        j++;
      } else if (j < after.size() && (i == before.size() || common[i][j + 1] >= common[i + 1][j])) {
        lines.add("+ " + after.get(j++));
      } else {
        lines.add("- " + before.get(i++));
      }
    }
    return lines;
  }
}
