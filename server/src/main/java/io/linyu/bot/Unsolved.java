package io.linyu.bot;

import io.linyu.bot.BotState.Choice;
import io.linyu.bot.BotState.Waiting;
import io.linyu.bot.Script.Target;
import io.linyu.bot.Script.Target.Way;
import io.linyu.bot.Script.Word;
import io.linyu.bot.match.Plain;
import java.util.List;
import java.util.Map;

/// Something is said to be done and is not. What is just being asked after is not closed then; what
/// was closed goes on under its number, as long as it may; else this begins a new one that names
/// it.
final class Unsolved {
  static final String AGAIN = "again";

  private final Turn turn;

  Unsolved(Turn turn) {
    this.turn = turn;
  }

  /// 没修好，楼道灯还是不亮: it begins so.
  boolean isSaid(String bare) {
    return turn.script.is(Word.UNSOLVED, bare)
        || turn.script.is(Word.UNSOLVED, bare.split("[,.! ]", 2)[0]);
  }

  /// Yes, that one.
  Step chosen(Choice choice, long message) {
    long first = choice.message() == null ? message : choice.message();
    return turn.act(
        Actions.REOPEN_CASE,
        Map.of("number", choice.text() == null ? "" : choice.text(), "messages", List.of(first)),
        AGAIN + ":" + message,
        new Waiting(AGAIN, null, null));
  }

  Step reopened(Map<String, Object> values) {
    return turn.say(
        turn.words.sentence(
            Sentence.REOPENED,
            Map.of(
                "编号", Values.text(values, "number"),
                "谁", Values.text(values, "who"),
                "下一步", Values.text(values, "next"))));
  }

  Step said(String said, long message) {
    return turn.ask(
        Actions.LAST_CLOSED, Map.of(), new Waiting("unsolved", said, Long.toString(message)));
  }

  Step found(Waiting of, Map<String, Object> values) {
    String said = of.text() == null ? "" : of.text();
    long message = of.kind() == null ? 0 : Long.parseLong(of.kind());
    String asked = Values.text(values, "asked");
    if (!asked.isEmpty()) {
      boolean nothingMore = turn.script.is(Word.UNSOLVED, Plain.bare(Plain.of(said)));
      return turn.rating.notSolved(asked, nothingMore ? "" : said.strip(), message);
    }
    String number = Values.text(values, "number");
    String rejected = Values.text(values, "rejected");
    if (!rejected.isEmpty() && turn.script.is(Word.UNSOLVED, Plain.bare(Plain.of(said)))) {
      return turn.answer(turn.words.sentence(Sentence.UNSOLVED_REJECTED, Map.of("编号", rejected)));
    }
    Target report = Meaning.report(turn.script);
    if (number.isEmpty() || report == null) {
      Meaning meaning = turn.meaning(Plain.of(said));
      Target target = meaning.target();
      return target != null && target.way() == Way.DIALOG && meaning.sure() && meaning.problem()
          ? turn.start(target, said, Plain.of(said), message, false)
          : turn.say(turn.words.sentence(Sentence.UNSOLVED_WHICH));
    }
    turn.understoodAgain();
    if (Boolean.TRUE.equals(values.get("reopens"))) {
      turn.choices = List.of(new Choice(AGAIN, number, null, said, message));
      return turn.say(
          turn.words.sentence(
              Sentence.REOPEN_ASK,
              Map.of("编号", number, "事情", Wording.clip(Values.text(values, "title")))));
    }
    turn.acting = Family.acting(values);
    String matter =
        turn.words.sentence(
            Sentence.UNSOLVED,
            Map.of("编号", number, "事情", Wording.clip(Values.text(values, "title"))));
    Number territory = values.get("territory") instanceof Number id ? id : null;
    boolean bare = turn.script.is(Word.UNSOLVED, Plain.bare(Plain.of(said)));
    return turn.dialogs.again(
        report.name(),
        bare ? matter : matter + "，" + said.strip(),
        new BotState.Slot(
            Values.text(values, "place"),
            territory == null ? null : Long.valueOf(territory.longValue()),
            List.of()),
        message);
  }
}
