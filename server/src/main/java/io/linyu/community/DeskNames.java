package io.linyu.community;

import java.util.Map;

/// What the desk of a body is called at one place: `清月园社区居委会`, `望澜街道派出所`, `澜湖区指挥中心`.
final class DeskNames {
  /// The word with which a body of this level begins, and which the place's name already says.
  private static final Map<String, String> SAID_BY_PLACE =
      Map.of("community", "社区", "street", "街道");

  private DeskNames() {}

  static String of(String body, String level, String kind, String place) {
    if (level.equals("district")) {
      // A department is known without the district's name.
      return body.startsWith("区级")
          ? place + body.substring(2)
          : body.startsWith("区") ? place + body.substring(1) : body;
    }
    String said = SAID_BY_PLACE.getOrDefault(level, "");
    String rest = body.startsWith(said) ? body.substring(said.length()) : body;
    return place
        + (kind.equals("village") ? rest.replace("居委会", "村委会").replace("居民小组长", "村民小组长") : rest);
  }
}
