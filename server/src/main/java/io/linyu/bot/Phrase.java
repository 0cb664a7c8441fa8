package io.linyu.bot;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Something the bot says, in each language a list of variants. The first variant all of whose
/// placeholders are known is said, so that no sentence ever has a hole: no telephone, no `也可以打`.
record Phrase(Map<String, List<Variant>> languages) {
  static final Phrase NOTHING = new Phrase(Map.of("zh", List.of(new Variant(List.of("")))));

  /// Text and placeholder names in turn, beginning with text.
  record Variant(List<String> parts) {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([^{}]+)}");

    static Variant of(String text) {
      List<String> parts = new ArrayList<>();
      Matcher matcher = PLACEHOLDER.matcher(text);
      int from = 0;
      while (matcher.find()) {
        parts.add(text.substring(from, matcher.start()));
        parts.add(matcher.group(1).strip());
        from = matcher.end();
      }
      parts.add(text.substring(from));
      return new Variant(parts);
    }

    List<String> placeholders() {
      List<String> names = new ArrayList<>();
      for (int i = 1; i < parts.size(); i += 2) {
        names.add(parts.get(i));
      }
      return names;
    }

    private boolean isKnown(Map<String, String> values) {
      for (int i = 1; i < parts.size(); i += 2) {
        if (values.getOrDefault(parts.get(i), "").isEmpty()) {
          return false;
        }
      }
      return true;
    }

    private String with(Map<String, String> values) {
      var text = new StringBuilder();
      for (int i = 0; i < parts.size(); i++) {
        text.append(i % 2 == 0 ? parts.get(i) : values.getOrDefault(parts.get(i), ""));
      }
      return text.toString();
    }
  }

  String say(String language, Map<String, String> values) {
    List<Variant> variants =
        languages.getOrDefault(language, languages.getOrDefault("zh", List.of()));
    for (Variant variant : variants) {
      if (variant.isKnown(values)) {
        return variant.with(values);
      }
    }
    return variants.isEmpty() ? "" : variants.getLast().with(values);
  }

  Set<String> placeholders() {
    Set<String> names = new LinkedHashSet<>();
    languages.values().forEach(all -> all.forEach(v -> names.addAll(v.placeholders())));
    return names;
  }

  boolean speaks(String language) {
    return languages.containsKey(language);
  }
}
