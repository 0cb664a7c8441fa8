package io.linyu.simulator.wechat;

import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Subscribe notices and template messages: what a field may hold, who has given leave, and what
/// became of them.
final class Notices {
  /// Leave is for one notice.
  static final String ONCE = "sim-result-notice";

  /// Leave holds until it is taken back.
  static final String STANDING = "sim-standing-notice";

  static final String TEMPLATE = "sim-template";

  /// Of all three.
  static final String CONTENT =
      """
      编号:{{character_string1.DATA}}
      事项:{{thing2.DATA}}
      答复:{{thing3.DATA}}
      时间:{{time4.DATA}}
      """;

  private static final Set<String> KNOWN = Set.of(ONCE, STANDING, TEMPLATE);

  /// By the beginning of a field's name.
  private static final Map<String, Pattern> VALUES =
      new TreeMap<>(
          Map.of(
              "thing", Pattern.compile(".{1,20}"),
              "character_string", Pattern.compile("[\\x21-\\x7e]{1,32}"),
              "number", Pattern.compile("[0-9.]{1,32}"),
              "phrase", Pattern.compile("\\p{IsHan}{1,5}"),
              "name", Pattern.compile("\\p{IsHan}{1,10}|[A-Za-z ]{1,20}"),
              "time", Pattern.compile("\\d{4}-\\d{2}-\\d{2} \\d{2}:\\d{2}|\\d{2}:\\d{2}"),
              "date", Pattern.compile("\\d{4}-\\d{2}-\\d{2}( \\d{2}:\\d{2})?"),
              "letter", Pattern.compile("[A-Za-z]{1,32}")));

  private final AtomicLong lastId = new AtomicLong(3_000_000_000_000_000L);
  private final Map<String, Long> byKey = new ConcurrentHashMap<>();

  static void check(String template) {
    if (!KNOWN.contains(template)) {
      throw new PlatformError(40037, "invalid template_id");
    }
  }

  /// What the phone shows.
  ///
  /// @throws PlatformError naming the first field that is not as it must be
  static String shown(JsonObject data) {
    if (data.isEmpty()) {
      throw new PlatformError(47003, "argument invalid! data is empty");
    }
    var shown = new StringBuilder();
    for (String field : data.fieldNames()) {
      String value =
          data.getValue(field) instanceof JsonObject one ? one.getString("value", "") : "";
      Pattern rule =
          VALUES.entrySet().stream()
              .filter(each -> field.startsWith(each.getKey()))
              .map(Map.Entry::getValue)
              .findFirst()
              .orElse(null);
      if (rule == null || !rule.matcher(value).matches()) {
        throw new PlatformError(47003, "argument invalid! data." + field + ".value invalid");
      }
      shown.append(shown.isEmpty() ? "" : "\n").append(value);
    }
    return shown.toString();
  }

  long next() {
    return lastId.incrementAndGet();
  }

  /// The id under which it was sent before with the same key; null: it was not, and now has this
  /// one.
  @Nullable Long before(@Nullable String key, long id) {
    return key == null ? null : byKey.putIfAbsent(key, id);
  }
}
