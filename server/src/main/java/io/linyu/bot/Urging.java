package io.linyu.bot;

import io.linyu.bot.BotState.Choice;
import io.linyu.bot.BotState.Waiting;
import io.linyu.bot.Script.Word;
import io.linyu.bot.match.Plain;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// 催: what the resident waits for is passed on to whoever has it. Of one matter a word is enough,
/// of several they say which.
final class Urging {
  static final String URGE = "urge";
  static final String WAITING = "urge";

  private static final Pattern NUMBER =
      Pattern.compile("^(\\D{1,12}?)[#:, ]*(\\d{1,4}(?:-\\d{4}){1,2}(?:-[1-9]\\d?)?|\\d{5,9})$");

  private final Turn turn;

  Urging(Turn turn) {
    this.turn = turn;
  }

  /// `催`, `催一下 3-0417`; null when it is neither.
  @Nullable Step said(String bare, long message) {
    if (turn.script.is(Word.URGE, bare)) {
      return which(null, message);
    }
    Matcher named = NUMBER.matcher(bare);
    return named.matches() && turn.script.is(Word.URGE, Plain.bare(named.group(1)))
        ? which(named.group(2).toUpperCase(Locale.ROOT), message)
        : null;
  }

  private Step which(@Nullable String number, long message) {
    return turn.ask(
        Actions.GOING_ON,
        number == null ? Map.of() : Map.of("number", number),
        new Waiting(WAITING, number, "which:" + message));
  }

  Step chosen(Choice choice, long message) {
    String number = choice.text();
    return number == null ? which(null, message) : urge(number, message);
  }

  private Step urge(String number, long message) {
    return turn.act(
        Actions.URGE_CASE,
        Map.of("number", number),
        "urge:" + message,
        new Waiting(WAITING, null, "urged"));
  }

  // What comes back.

  Step found(Waiting of, Map<String, Object> values) {
    turn.understoodAgain();
    String[] how = (of.kind() == null ? "" : of.kind()).split(":", 2);
    return how[0].equals("which")
        ? which(of.text(), Values.maps(values.get("cases")), Long.parseLong(how[1]))
        : urged(values);
  }

  private Step which(@Nullable String number, List<Map<String, Object>> found, long message) {
    if (found.isEmpty()) {
      return turn.answer(
          number == null
              ? turn.words.sentence(Sentence.URGE_NONE)
              : turn.words.sentence(Sentence.NO_SUCH_CASE, Map.of("编号", number)));
    }
    if (found.size() == 1) {
      return urge(Values.text(found.getFirst(), "number"), message);
    }
    var lines = new ArrayList<String>();
    var offers = new ArrayList<Choice>();
    for (Map<String, Object> each : found) {
      String its = Values.text(each, "number");
      lines.add(lines.size() + 1 + " " + its + " " + Wording.clip(Values.text(each, "title")));
      offers.add(new Choice(URGE, its, null, null, null));
    }
    turn.choices = List.copyOf(offers);
    return turn.say(
        turn.words.sentence(Sentence.URGE_WHICH, Map.of("列表", String.join("\n", lines))));
  }

  private Step urged(Map<String, Object> values) {
    var said = new HashMap<String, String>();
    said.put("编号", Values.text(values, "number"));
    said.put("谁", Values.text(values, "who"));
    said.put("下一步", Values.text(values, "next"));
    said.put("上次", Values.text(values, "last"));
    said.put("再来", Values.text(values, "again"));
    return turn.answer(
        turn.words.sentence(
            Boolean.TRUE.equals(values.get("done")) ? Sentence.URGED : Sentence.URGED_BEFORE,
            said));
  }
}
