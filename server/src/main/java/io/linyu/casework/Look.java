package io.linyu.casework;

import io.linyu.casework.Inbox.View;
import io.linyu.platform.Refusal;
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
  private static final int LONGEST_SEARCH = 200;

  /// @param given what stands in the address under a name; null: nothing
  static Look read(Function<String, @Nullable String> given) {
    String view = given.apply("view");
    String typed = given.apply("q");
    String search = typed == null ? "" : typed.strip();
    if (search.length() > LONGEST_SEARCH) {
      throw new Refusal("text-too-long", 422, LONGEST_SEARCH);
    }
    return new Look(
        Arrays.stream(View.values())
            .filter(each -> each.word().equals(view))
            .findFirst()
            .orElse(View.DESK),
        search,
        Filters.read(given));
  }

  /// @param query as [#query()] writes it
  static Look of(String query) {
    Map<String, String> given = new HashMap<>();
    for (String each : (query.startsWith("?") ? query.substring(1) : query).split("&", -1)) {
      int between = each.indexOf('=');
      if (between > 0) {
        given.put(each.substring(0, between), decoded(each.substring(between + 1)));
      }
    }
    return read(given::get);
  }

  private static String decoded(String value) {
    try {
      return URLDecoder.decode(value, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new Refusal("page-unknown", 422);
    }
  }

  /// The same words, looked for in all that one may see.
  String everywhere() {
    return new Look(View.ALL_OPEN, search, Filters.NONE).query();
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
