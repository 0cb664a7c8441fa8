package io.linyu.platform.text;

import static java.util.Objects.requireNonNull;

import io.linyu.platform.Refusal;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.DayOfWeek;
import java.time.format.TextStyle;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What people read on pages, in their language: the bundles `words/messages_zh.properties` and
/// `words/messages_en.properties`.
///
/// A sentence has places: `{0}` is the first argument, `{0|reply|replies}` a word that depends on
/// whether the first argument is one. A day of the week is named in the language of the sentence.
public final class Words {
  public static final String DEFAULT_LANGUAGE = "zh";
  public static final List<String> LANGUAGES = List.of("zh", "en");

  private static final Pattern PLACE =
      Pattern.compile("\\{(\\d)(?:\\|(?<one>[^|}]*)\\|(?<many>[^}]*))?}");
  private static final Map<String, Words> ALL = Map.of("zh", read("zh"), "en", read("en"));

  private final String language;
  private final Map<String, String> sentences;

  private Words(String language, Map<String, String> sentences) {
    this.language = language;
    this.sentences = sentences;
  }

  /// The words of this language, or Chinese where there are none.
  public static Words in(@Nullable String language) {
    Words found = language == null ? null : ALL.get(language);
    return found == null ? requireNonNull(ALL.get(DEFAULT_LANGUAGE)) : found;
  }

  public String language() {
    return language;
  }

  /// For the page's own `lang`.
  public String tag() {
    return language.equals("zh") ? "zh-CN" : language;
  }

  public boolean has(String key) {
    return sentences.containsKey(key);
  }

  public String of(String key, Object... arguments) {
    String sentence = sentences.get(key);
    if (sentence == null) {
      throw new IllegalArgumentException("no words for " + key + " in " + language);
    }
    return arguments.length == 0
        ? sentence
        : PLACE
            .matcher(sentence)
            .replaceAll(
                place -> java.util.regex.Matcher.quoteReplacement(filled(place, arguments)));
  }

  /// Why not, said to a person.
  public String of(Refusal refused) {
    String key = "refusal." + refused.code();
    return has(key) ? of(key, refused.arguments().toArray()) : of("refusal.other");
  }

  Map<String, String> all() {
    return sentences;
  }

  private String filled(MatchResult place, Object[] arguments) {
    int index = Integer.parseInt(place.group(1));
    Object argument = index < arguments.length ? arguments[index] : "";
    if (argument instanceof DayOfWeek day) {
      return day.getDisplayName(TextStyle.FULL, Locale.of(language));
    }
    if (place.group("one") == null) {
      return argument.toString();
    }
    return argument.toString().equals("1") ? place.group("one") : place.group("many");
  }

  private static Words read(String language) {
    String name = "/words/messages_" + language + ".properties";
    var properties = new Properties();
    try (var in = requireNonNull(Words.class.getResourceAsStream(name), name);
        var reader = new InputStreamReader(in, StandardCharsets.UTF_8)) {
      properties.load(reader);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var sentences = new TreeMap<String, String>();
    properties
        .stringPropertyNames()
        .forEach(key -> sentences.put(key, requireNonNull(properties.getProperty(key))));
    return new Words(language, Map.copyOf(sentences));
  }
}
