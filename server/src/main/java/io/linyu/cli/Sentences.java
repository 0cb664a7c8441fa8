package io.linyu.cli;

import io.linyu.platform.CannotStart;
import java.util.List;
import java.util.Locale;
import java.util.ResourceBundle;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What commands say, in Chinese or English: the bundles `words/commands_zh.properties` and
/// `words/commands_en.properties`.
final class Sentences {
  private static final Pattern PLACE = Pattern.compile("\\{(\\d)}");

  private final ResourceBundle bundle;
  private final String language;

  Sentences(String language) {
    this.language = language;
    this.bundle =
        ResourceBundle.getBundle(
            "words.commands",
            Locale.of(language),
            ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES));
  }

  ResourceBundle bundle() {
    return bundle;
  }

  String language() {
    return language;
  }

  String of(String key, Object... arguments) {
    return PLACE
        .matcher(bundle.getString(key))
        .replaceAll(place -> {
          int index = Integer.parseInt(place.group(1));
          return Matcher.quoteReplacement(
              index < arguments.length ? arguments[index].toString() : "");
        });
  }

  /// Always one line, whatever the arguments hold.
  String of(CannotStart cannot) {
    List<Object> arguments = cannot.arguments();
    return of("cannot." + cannot.code(), arguments.toArray()).replaceAll("\\s*\\R\\s*", " ");
  }
}
