package io.linyu.bot;

import io.linyu.bot.Script.Word;
import java.util.HashMap;
import java.util.Map;

/// 催, 催一下 3-0417: what the resident waits for is passed on to whoever has it.
final class Urging extends OneMatter {
  static final String URGE = "urge";

  Urging(Turn turn) {
    super(
        turn,
        new Kind(
            Word.URGE,
            URGE,
            Actions.GOING_ON,
            Actions.URGE_CASE,
            Sentence.URGE_NONE,
            Sentence.URGE_WHICH));
  }

  @Override
  Step done(Map<String, Object> values) {
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
