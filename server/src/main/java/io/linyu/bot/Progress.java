package io.linyu.bot;

import io.linyu.bot.BotState.Waiting;
import io.linyu.bot.Script.Word;
import io.linyu.bot.match.Plain;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// How far the resident's matters are: all of them, or the one whose number is named.
final class Progress {
  private static final Pattern CASE_NUMBER =
      Pattern.compile("^(.{0,8}?)[#:, ]*([a-z]{0,3}\\d[0-9a-z]*(?:-[0-9a-z]+)*)$");

  private final Turn turn;

  Progress(Turn turn) {
    this.turn = turn;
  }

  /// Null when these words do not ask for it.
  @Nullable Step asked(String bare) {
    String number = caseNumber(bare);
    return number != null || turn.script.is(Word.PROGRESS, bare) ? ask(number) : null;
  }

  /// @param number null: all
  Step ask(@Nullable String number) {
    return turn.ask(
        Actions.MY_CASES,
        number == null ? Map.of() : Map.of("number", number),
        new Waiting("cases", number, null));
  }

  Step found(Waiting of, Map<String, Object> values) {
    return turn.answer(turn.words.cases(of.text(), values));
  }

  /// `查询 3-0417`, `3-0417`, `单号 3-0417`. `5-301` alone is where somebody lives.
  private @Nullable String caseNumber(String bare) {
    Matcher matcher = CASE_NUMBER.matcher(bare);
    if (!matcher.matches()) {
      return null;
    }
    String before = Plain.bare(matcher.group(1));
    String number = matcher.group(2);
    boolean named = turn.script.is(Word.PROGRESS, before);
    boolean alone = before.isEmpty() && number.matches("\\d{1,3}-\\d{4}(?:-[1-9]\\d?)?");
    return alone || (named && number.length() >= 2) ? number.toUpperCase(Locale.ROOT) : null;
  }
}
