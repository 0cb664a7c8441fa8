package io.linyu.casework;

import io.linyu.casework.Inbox.View;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The list that somebody looks at, as its address says.
///
/// @param search what was typed; empty: nothing
public record Look(View view, String search, Filters filters) {
  /// @param given what stands in the address under a name; null: nothing
  static Look read(Function<String, @Nullable String> given) {
    String view = given.apply("view");
    String search = given.apply("q");
    return new Look(
        Arrays.stream(View.values())
            .filter(each -> each.word().equals(view))
            .findFirst()
            .orElse(View.DESK),
        search == null ? "" : search.strip(),
        Filters.read(given));
  }

  /// @param query as [#query()] writes it
  static Look of(String query) {
    Map<String, String> given = new HashMap<>();
    for (String each : (query.startsWith("?") ? query.substring(1) : query).split("&", -1)) {
      int between = each.indexOf('=');
      if (between > 0) {
        given.put(
            each.substring(0, between),
            URLDecoder.decode(each.substring(between + 1), StandardCharsets.UTF_8));
      }
    }
    return read(given::get);
  }

  /// With a `?` in front.
  public String query() {
    return query(filters.query());
  }

  /// Without one of its filters.
  String queryWithout(String filter) {
    return query(filters.queryWithout(filter));
  }

  /// What is typed, without what it is narrowed by.
  String unfiltered() {
    return query("");
  }

  private String query(String filters) {
    return "?view="
        + view.word()
        + (search.isEmpty() ? "" : "&q=" + Filters.encoded(search))
        + filters;
  }

  /// Whether it is more than one of the lists that everybody has.
  public boolean isNarrowed() {
    return !search.isEmpty() || !filters.isNone();
  }
}
