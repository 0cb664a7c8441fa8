package io.linyu.channel.wechat;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.linyu.channel.Notice;
import io.linyu.platform.text.Json;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// A template of the platform's, as it was chosen in its console, and what goes into which of its
/// fields.
///
/// @param id of the template
/// @param fields from the platform's name, such as `thing2`, to what it tells
/// @param standing for subscribe notices: leave once given holds. Governments, medicine and public
///   services may have such templates
///
///   https://developers.weixin.qq.com/doc/service/guide/product/subscription_messages/intro.html
public record WechatForm(String id, Map<String, Part> fields, boolean standing) {
  /// What a field tells of a matter.
  public enum Part {
    NUMBER,
    MATTER,
    STATE,
    WORDS,
    TIME
  }

  private static final Pattern FIELD = Pattern.compile("([a-z_]+?)(\\d+)?");
  private static final Pattern NOT_A_SYMBOL = Pattern.compile("[^\\x21-\\x7e]");
  private static final Pattern NO_DIGIT = Pattern.compile("\\D");
  private static final Pattern NO_WORD = Pattern.compile("[^\\p{IsHan}]");
  private static final Pattern BLANKS = Pattern.compile("\\s+");
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm");
  private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("yyyy-MM-dd");

  /// What the platform shows of time is China's.
  private static final ZoneId PLATFORM = ZoneId.of("Asia/Shanghai");

  private static final int THING = 20;
  private static final int SYMBOLS = 32;
  private static final int PHRASE = 5;
  private static final int NAME = 10;

  /// Those of which the limits are known. A template message may have older ones, which have none.
  private static final List<String> KINDS =
      List.of("thing", "character_string", "number", "phrase", "name", "time", "date");

  /// Reads `thing2=matter, time4=time`.
  ///
  /// @throws IllegalArgumentException when it is anything else
  public static Map<String, Part> fields(String text) {
    var fields = new LinkedHashMap<String, Part>();
    for (String each : text.split(",", -1)) {
      String[] pair = each.split("=", -1);
      if (pair.length != 2 || !FIELD.matcher(pair[0].strip()).matches()) {
        throw new IllegalArgumentException("no field: " + each);
      }
      if (fields.put(
              pair[0].strip(), Part.valueOf(pair[1].strip().toUpperCase(java.util.Locale.ROOT)))
          != null) {
        throw new IllegalArgumentException("twice: " + pair[0]);
      }
    }
    return fields;
  }

  /// The other way round.
  public String written() {
    return fields.entrySet().stream()
        .map(
            each -> each.getKey() + "=" + each.getValue().name().toLowerCase(java.util.Locale.ROOT))
        .collect(joining(", "));
  }

  /// Each field as its kind allows it. The platform refuses the whole notice over one that is not.
  ObjectNode data(Notice notice) {
    ObjectNode data = Json.MAPPER.createObjectNode();
    fields.forEach((field, part) -> data.putObject(field).put("value", value(field, part, notice)));
    return data;
  }

  private static String value(String field, Part part, Notice notice) {
    String text =
        switch (part) {
          case NUMBER -> notice.number();
          case MATTER -> notice.matter();
          case STATE -> notice.state();
          case WORDS -> notice.words();
          case TIME -> TIME.format(notice.at().atZone(PLATFORM));
        };
    String kind = KINDS.stream().filter(field::startsWith).findFirst().orElse("");
    String value =
        switch (kind) {
          case "thing" -> shortened(oneLine(text), THING);
          case "character_string" -> cut(NOT_A_SYMBOL.matcher(text).replaceAll(""), SYMBOLS);
          case "number" -> cut(NO_DIGIT.matcher(text).replaceAll(""), SYMBOLS);
          case "phrase" -> cut(NO_WORD.matcher(text).replaceAll(""), PHRASE);
          case "name" -> cut(NO_WORD.matcher(text).replaceAll(""), NAME);
          case "time" -> TIME.format(notice.at().atZone(PLATFORM));
          case "date" -> DATE.format(notice.at().atZone(PLATFORM));
          default -> oneLine(text);
        };
    return value.isEmpty() ? empty(kind, notice) : value;
  }

  /// No field may be empty.
  private static String empty(String kind, Notice notice) {
    return switch (kind) {
      case "character_string", "number" -> "0";
      case "phrase", "name" -> notice.last() ? "已办结" : "处理中";
      default -> "…";
    };
  }

  private static String oneLine(String text) {
    return BLANKS.matcher(text.strip()).replaceAll(" ");
  }

  private static String shortened(String text, int most) {
    return text.codePointCount(0, text.length()) <= most ? text : cut(text, most - 1) + "…";
  }

  private static String cut(String text, int most) {
    int length = text.codePointCount(0, text.length());
    return length <= most ? text : text.substring(0, text.offsetByCodePoints(0, most));
  }
}
