package io.linyu.bot;

import io.linyu.bot.BotState.Choice;
import io.linyu.bot.BotState.Waiting;
import io.linyu.bot.Script.Word;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// 好了没有: whether it is solved, how content they are, whether anybody was in touch. Each is answered
/// by a number, and only in the message that follows the question: neither thanks nor a number that
/// answers something else rates anything.
final class Rating {
  static final String RATE = "rate";
  static final String WAITING = "rate";
  private static final String SOLVED = "solved";

  private static final Map<String, List<String>> ANSWERS =
      Map.of(
          SOLVED,
          List.of("yes", "no", "partly"),
          "satisfied",
          List.of("satisfied", "basically", "fair", "dissatisfied"),
          "contacted",
          List.of("yes", "no"));

  private final Turn turn;

  Rating(Turn turn) {
    this.turn = turn;
  }

  /// What the numbers stand for when it is asked whether this is solved.
  static List<Choice> solved(String number) {
    return choices(SOLVED, number);
  }

  private static List<Choice> choices(String what, String number) {
    return ANSWERS.getOrDefault(what, List.of()).stream()
        .map(value -> new Choice(RATE, what + ":" + value, null, number, null))
        .toList();
  }

  static boolean isOffered(Choice choice) {
    return choice.what().equals(RATE);
  }

  /// 评价; or in words what was just asked in numbers. Null when it is neither.
  @Nullable Step said(String bare, long message) {
    if (turn.script.is(Word.RATE, bare)) {
      return turn.ask(Actions.TO_RATE, Map.of(), new Waiting(WAITING, null, "which"));
    }
    return turn.offered.stream()
        .filter(Rating::isOffered)
        .filter(each -> (SOLVED + ":yes").equals(each.text()) && turn.script.is(Word.SOLVED, bare))
        .findFirst()
        .map(each -> chosen(each, message))
        .orElse(null);
  }

  Step chosen(Choice choice, long message) {
    String[] part = (choice.text() == null ? "" : choice.text()).split(":", 2);
    String number = choice.said() == null ? "" : choice.said();
    return turn.act(
        Actions.RATE_CASE,
        Map.of("number", number, "what", part[0], "value", part[1]),
        RATE + ":" + message,
        new Waiting(WAITING, null, "rated"));
  }

  /// 没修好 about what is just being asked after.
  Step notSolved(String number, String said, long message) {
    var arguments = new HashMap<String, Object>();
    arguments.put("number", number);
    arguments.put("what", SOLVED);
    arguments.put("value", "no");
    arguments.put("unasked", "yes");
    arguments.put("words", said);
    return turn.act(
        Actions.RATE_CASE, arguments, RATE + ":" + message, new Waiting(WAITING, null, "rated"));
  }

  // What comes back.

  Step found(Waiting of, Map<String, Object> values) {
    turn.understoodAgain();
    String number = Values.text(values, "number");
    if (number.isEmpty()) {
      return turn.answer(turn.words.sentence(Sentence.RATE_NONE));
    }
    String next = Values.text(values, "next");
    Map<String, String> told =
        Map.of(
            "编号", number,
            "事情", Wording.clip(Values.text(values, "title")),
            "好没好", Values.text(values, "said"));
    turn.choices = choices(next, number);
    if ("which".equals(of.kind()) || next.equals(SOLVED)) {
      return turn.say(turn.words.sentence(Sentence.RATE_SOLVED, told));
    }
    boolean against = Boolean.TRUE.equals(values.get("against"));
    return turn.say(
        switch (next) {
          case "satisfied" -> turn.words.sentence(Sentence.RATE_SATISFIED, told);
          case "contacted" -> turn.words.sentence(Sentence.RATE_CONTACTED, told);
          default ->
              turn.words.sentence(
                  !against
                      ? Sentence.RATED
                      : Boolean.TRUE.equals(values.get("open"))
                          ? Sentence.RATED_AGAINST
                          : Sentence.RATED_AGAINST_LATE,
                  told);
        });
  }
}
