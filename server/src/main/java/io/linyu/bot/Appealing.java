package io.linyu.bot;

import io.linyu.bot.Script.Word;
import java.util.Map;

/// 复核, 申诉 3-0417: what was rejected is looked at once more, by another desk.
final class Appealing extends OneMatter {
  static final String APPEAL = "appeal";

  Appealing(Turn turn) {
    super(
        turn,
        new Kind(
            Word.APPEAL,
            APPEAL,
            Actions.REJECTED,
            Actions.APPEAL_CASE,
            Sentence.APPEAL_NONE,
            Sentence.APPEAL_WHICH));
  }

  @Override
  Step done(Map<String, Object> values) {
    return turn.answer(
        turn.words.sentence(
            Sentence.APPEALED,
            Map.of(
                "编号", Values.text(values, "number"),
                "谁", Values.text(values, "desk"),
                "时间", Values.text(values, "by"))));
  }
}
