package io.linyu.reception;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// With what the bot wants something done: each under the name by which [Actions] knows it.
record Arguments(Map<String, Object> named) {
  String text(String name) {
    String value = optional(name);
    if (value == null) {
      throw new IllegalArgumentException("missing: " + name);
    }
    return value;
  }

  @Nullable String optional(String name) {
    return named.get(name) instanceof String value && !value.isBlank() ? value : null;
  }

  @Nullable Long number(String name) {
    return named.get(name) instanceof Number value ? Long.valueOf(value.longValue()) : null;
  }

  boolean flag(String name) {
    return Boolean.TRUE.equals(named.get(name));
  }

  List<Long> ids(String name) {
    return named.get(name) instanceof List<?> list
        ? list.stream().map(each -> ((Number) each).longValue()).toList()
        : List.of();
  }
}
