package io.linyu.simulator.wechat;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the platform tells the account's server about one deed of a follower.
///
/// @param type the `MsgType`
/// @param fields strings become CDATA, numbers stand bare, maps are nested elements, lists the same
///   element several times
public record Push(String type, Map<String, Object> fields) {
  static final Grant MESSAGE = new Grant(5, Duration.ofDays(2));
  private static final Grant DEED = new Grant(3, Duration.ofMinutes(1));

  /// How many customer-service messages a push allows, and for how long.
  public record Grant(int messages, Duration lasts) {}

  public static Push text(String content) {
    return of("text", "Content", content);
  }

  public static Push image(String mediaId) {
    return of("image", "PicUrl", "http://mmbiz.invalid/" + mediaId, "MediaId", mediaId);
  }

  /// @param recognition what the platform understood, where the account has that switched on
  public static Push voice(String mediaId, @Nullable String recognition) {
    Push push = of("voice", "MediaId", mediaId, "Format", "amr", "MediaId16K", mediaId + "-16k");
    if (recognition != null) {
      push.fields.put("Recognition", recognition);
    }
    return push;
  }

  public static Push video(String mediaId) {
    return of("video", "MediaId", mediaId, "ThumbMediaId", mediaId + "-thumb");
  }

  public static Push link(String title, String url) {
    return of("link", "Title", title, "Description", "", "Url", url);
  }

  public static Push location(double latitude, double longitude, String label) {
    return of(
        "location", "Location_X", latitude, "Location_Y", longitude, "Scale", 16, "Label", label);
  }

  /// Where the phone is, told by itself now and then.
  ///
  /// @param precision in metres
  public static Push position(double latitude, double longitude, double precision) {
    return event("LOCATION", "Latitude", latitude, "Longitude", longitude, "Precision", precision);
  }

  /// @param menu which of the account's menus it was in
  static Push opened(String event, String where, long menu) {
    return event(event, "EventKey", where, "MenuId", menu);
  }

  static Push scanned(String event, String key, String result) {
    var code = new LinkedHashMap<String, Object>();
    code.put("ScanType", "qrcode");
    code.put("ScanResult", result);
    return event(event, "EventKey", key, "ScanCodeInfo", code);
  }

  /// The pictures themselves are messages of their own.
  ///
  /// @param sums of each, by MD5
  static Push pictures(String event, String key, List<String> sums) {
    var info = new LinkedHashMap<String, Object>();
    info.put("Count", sums.size());
    info.put(
        "PicList", Map.of("item", sums.stream().map(each -> Map.of("PicMd5Sum", each)).toList()));
    return event(event, "EventKey", key, "SendPicsInfo", info);
  }

  /// The place itself is a message of its own.
  static Push placed(String key, double latitude, double longitude, String label) {
    var info = new LinkedHashMap<String, Object>();
    info.put("Location_X", Double.toString(latitude));
    info.put("Location_Y", Double.toString(longitude));
    info.put("Scale", "16");
    info.put("Label", label);
    info.put("Poiname", "");
    return event("location_select", "EventKey", key, "SendLocationInfo", info);
  }

  public static Push event(String event, Object... fields) {
    Push push = of("event", "Event", event);
    push.fields.putAll(of("event", fields).fields);
    return push;
  }

  /// @param fields names and values by turns
  public static Push of(String type, Object... fields) {
    var named = new LinkedHashMap<String, Object>();
    for (int i = 0; i < fields.length; i += 2) {
      named.put((String) fields[i], fields[i + 1]);
    }
    return new Push(type, named);
  }

  boolean isEvent() {
    return type.equals("event");
  }

  @Nullable Grant grant() {
    if (!isEvent()) {
      return MESSAGE;
    }
    return switch ((String) fields.getOrDefault("Event", "")) {
      case "subscribe", "SCAN", "CLICK", "scancode_push", "scancode_waitmsg" -> DEED;
      default -> null;
    };
  }

  String xml(String to, String from, Instant at, long messageId) {
    var whole = new LinkedHashMap<String, Object>();
    whole.put("ToUserName", to);
    whole.put("FromUserName", from);
    whole.put("CreateTime", at.getEpochSecond());
    whole.put("MsgType", type);
    whole.putAll(fields);
    if (!isEvent()) {
      whole.put("MsgId", messageId);
    }
    return "<xml>" + elements(whole) + "</xml>";
  }

  static String elements(Map<?, ?> fields) {
    var xml = new StringBuilder();
    fields.forEach((name, value) -> {
      for (Object each : value instanceof List<?> several ? several : List.of(value)) {
        xml.append('<').append(name).append('>');
        xml.append(content(each)).append("</").append(name).append('>');
      }
    });
    return xml.toString();
  }

  private static String content(Object value) {
    return switch (value) {
      case Number number -> number.toString();
      case Map<?, ?> nested -> elements(nested);
      default -> "<![CDATA[" + value.toString().replace("]]>", "]]]]><![CDATA[>") + "]]>";
    };
  }
}
