package io.linyu.bot;

import io.linyu.bot.BotState.Choice;
import io.linyu.bot.BotState.Waiting;
import io.linyu.bot.Script.Word;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One person at several addresses: a code from here is typed there and confirmed there, and either
/// side may part again. Also where answers shall go.
final class Links {
  static final String JOIN = "join";
  static final String PART = "part";

  private static final Pattern CODE =
      Pattern.compile("^(?:绑定码?|绑|link|bind)[^0-9a-z]{0,4}(\\d{4})[^0-9a-z]{0,3}(\\d{4})$");

  private final Turn turn;

  Links(Turn turn) {
    this.turn = turn;
  }

  /// Null when these words are about something else.
  @Nullable Step said(String bare, long message) {
    Matcher code = CODE.matcher(bare);
    if (code.matches()) {
      return act(
          Actions.LINK_CLAIM, Map.of("code", code.group(1) + code.group(2)), "claim", message);
    }
    if (turn.script.is(Word.LINK, bare)) {
      return act(Actions.LINK_CODE, Map.of(), "code", message);
    }
    if (turn.script.is(Word.UNLINK, bare)) {
      return turn.ask(Actions.LINKED, Map.of(), new Waiting("link-part", null, null));
    }
    return turn.script.is(Word.HERE, bare)
        ? act(Actions.ANSWER_HERE, Map.of(), "here", message)
        : null;
  }

  Step chosen(String what, long message) {
    return what.equals(JOIN)
        ? act(Actions.LINK_JOIN, Map.of(), "join", message)
        : act(Actions.UNLINK, Map.of(), "unlink", message);
  }

  private Step act(
      Actions.Action action, Map<String, Object> arguments, String what, long message) {
    return turn.act(
        action, arguments, "link-" + what + ":" + message, new Waiting("link-" + what, null, null));
  }

  Step found(Waiting of, Map<String, Object> values) {
    turn.understoodAgain();
    String who = Values.text(values, "who");
    return switch (of.what()) {
      case "link-code" ->
          turn.answer(
              turn.words.sentence(
                  Sentence.LINK_CODE,
                  Map.of("码", Values.text(values, "code"), "链接", Values.text(values, "link"))));
      case "link-claim" ->
          switch (Values.text(values, "outcome")) {
            case "right" -> asked(JOIN, Sentence.LINK_FOUND, who);
            case "same" -> answer(Sentence.LINK_SAME);
            case "often" -> answer(Sentence.LINK_LATER);
            default -> answer(Sentence.LINK_WRONG);
          };
      case "link-join" ->
          who.isEmpty()
              ? answer(Sentence.LINK_GONE)
              : turn.answer(turn.words.sentence(Sentence.LINK_DONE, Map.of("对方", who)));
      case "link-part" ->
          who.isEmpty() ? answer(Sentence.UNLINK_NONE) : asked(PART, Sentence.UNLINK_ASK, who);
      case "link-unlink" ->
          answer(
              Boolean.TRUE.equals(values.get("done")) ? Sentence.UNLINKED : Sentence.UNLINK_NONE);
      default -> answer(Sentence.ANSWERS_HERE);
    };
  }

  private Step answer(Sentence sentence) {
    return turn.answer(turn.words.sentence(sentence));
  }

  private Step asked(String what, Sentence sentence, String who) {
    turn.choices = List.of(new Choice(what, null, null, null, null));
    return turn.say(turn.words.sentence(sentence, Map.of("对方", who)));
  }
}
