package io.linyu.bot;

import io.linyu.bot.match.Plain;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The language in which somebody writes, as far as it is clear: `ok` and a number are of none.
final class Tongue {
  private static final Set<String> NAMES_ENGLISH =
      Set.of("english", "in english", "speak english", "英文", "英语", "用英文", "用英语", "说英语", "切换英文");
  private static final Set<String> NAMES_CHINESE =
      Set.of("chinese", "in chinese", "中文", "汉语", "普通话", "用中文", "说中文", "切换中文");

  /// Among three words of English hardly ever is none of these.
  private static final Set<String> COMMON =
      Set.of(
          "the", "a", "an", "is", "are", "was", "not", "no", "in", "on", "of", "at", "to", "my",
          "i", "i'm", "it", "it's", "we", "you", "there", "this", "that", "has", "have", "for",
          "please", "how", "what", "where", "when", "can", "want", "broken", "again", "and");

  private static final int WORDS = 3;
  private static final int CHARACTERS = 2;

  private Tongue() {}

  /// `en` or `zh` when the person asks for it by name, else null.
  static @Nullable String named(String bare) {
    return NAMES_ENGLISH.contains(bare) ? "en" : NAMES_CHINESE.contains(bare) ? "zh" : null;
  }

  /// `en` or `zh`, or null when that is not clear.
  static @Nullable String of(String plain, Script script) {
    long han =
        plain
            .codePoints()
            .filter(c -> Character.UnicodeScript.of(c) == Character.UnicodeScript.HAN)
            .count();
    if (han > 0) {
      return han >= CHARACTERS ? "zh" : null;
    }
    String bare = Plain.bare(plain);
    String[] words = bare.split("[^a-z']+", -1);
    boolean command =
        bare.matches("[a-z ]{4,}")
            && (script.is(Script.Word.PROGRESS, bare)
                || script.is(Script.Word.MENU, bare)
                || script.is(Script.Word.CANCEL, bare)
                || script.handOff().words().contains(bare));
    boolean talk = words.length >= WORDS && Arrays.stream(words).anyMatch(COMMON::contains);
    return command || talk ? "en" : null;
  }
}
