package io.linyu.bot;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads what acts and questions come back with.
final class Values {
  private Values() {}

  /// A place as it was found.
  record Found(long territory, String name) {}

  static String text(Map<String, ?> values, String name) {
    return values.get(name) instanceof String text ? text : "";
  }

  static List<Found> places(Map<String, Object> values) {
    return maps(values.get("found")).stream()
        .filter(one -> one.get("territory") instanceof Number && one.get("name") instanceof String)
        .map(one -> new Found(((Number) one.get("territory")).longValue(), text(one, "name")))
        .toList();
  }

  @SuppressWarnings("unchecked")
  static List<Map<String, Object>> maps(@Nullable Object list) {
    return list instanceof List<?> all
        ? all.stream().filter(Map.class::isInstance).map(one -> (Map<String, Object>) one).toList()
        : List.of();
  }
}
