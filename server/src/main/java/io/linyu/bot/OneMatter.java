package io.linyu.bot;

import io.linyu.bot.Actions.Action;
import io.linyu.bot.BotState.Choice;
import io.linyu.bot.BotState.Waiting;
import io.linyu.bot.Script.Word;
import io.linyu.bot.match.Plain;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A word that does something with one matter of the resident's. Of one matter the word is enough,
/// or its number behind it; of several they say which.
abstract class OneMatter {
  private static final Pattern NUMBER =
      Pattern.compile("^(\\D{1,12}?)[#:, ]*(\\d{1,4}(?:-\\d{4}){1,2}(?:-[1-9]\\d?)?|\\d{5,9})$");
  private static final String WHICH = "which";

  /// How one of them differs from another.
  ///
  /// @param word by which it is said
  /// @param name of what is waited for, and of what is chosen
  /// @param asks which matters it may be, one of [Actions]
  /// @param acts what is done then, one of [Actions]
  /// @param none said where there is no such matter
  /// @param which said where there are several, with `列表`
  record Kind(Word word, String name, Action asks, Action acts, Sentence none, Sentence which) {}

  final Turn turn;
  private final Kind kind;

  OneMatter(Turn turn, Kind kind) {
    this.turn = turn;
    this.kind = kind;
  }

  /// The word alone, or the word and a number; null when it is neither.
  @Nullable Step said(String bare, long message) {
    if (turn.script.is(kind.word(), bare)) {
      return which(null, message);
    }
    Matcher named = NUMBER.matcher(bare);
    return named.matches() && turn.script.is(kind.word(), Plain.bare(named.group(1)))
        ? which(named.group(2).toUpperCase(Locale.ROOT), message)
        : null;
  }

  private Step which(@Nullable String number, long message) {
    return turn.ask(
        kind.asks(),
        number == null ? Map.of() : Map.of("number", number),
        new Waiting(kind.name(), number, WHICH + ":" + message));
  }

  Step chosen(Choice choice, long message) {
    String number = choice.text();
    return number == null ? which(null, message) : act(number, message);
  }

  private Step act(String number, long message) {
    return turn.act(
        kind.acts(),
        Map.of("number", number),
        kind.name() + ":" + message,
        new Waiting(kind.name(), null, "done"));
  }

  // What comes back.

  Step found(Waiting of, Map<String, Object> values) {
    turn.understoodAgain();
    String[] how = (of.kind() == null ? "" : of.kind()).split(":", 2);
    return how[0].equals(WHICH)
        ? which(of.text(), Values.maps(values.get("cases")), Long.parseLong(how[1]))
        : done(values);
  }

  /// What is said once it is done.
  abstract Step done(Map<String, Object> values);

  private Step which(@Nullable String number, List<Map<String, Object>> found, long message) {
    if (found.isEmpty()) {
      return turn.answer(
          number == null
              ? turn.words.sentence(kind.none())
              : turn.words.sentence(Sentence.NO_SUCH_CASE, Map.of("编号", number)));
    }
    if (found.size() == 1) {
      return act(Values.text(found.getFirst(), "number"), message);
    }
    var lines = new ArrayList<String>();
    var offers = new ArrayList<Choice>();
    for (Map<String, Object> each : found) {
      String its = Values.text(each, "number");
      lines.add(lines.size() + 1 + " " + its + " " + Wording.clip(Values.text(each, "title")));
      offers.add(new Choice(kind.name(), its, null, null, null));
    }
    turn.choices = List.copyOf(offers);
    return turn.say(turn.words.sentence(kind.which(), Map.of("列表", String.join("\n", lines))));
  }
}
