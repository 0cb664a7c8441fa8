package io.linyu.bot;

import io.linyu.channel.Content;
import java.util.List;
import java.util.Map;

/// What the bot is told in one step.
public sealed interface Input {
  /// The resident said or did something.
  ///
  /// @param message the id under which it is kept, so that drafts can name what belongs to them
  /// @param along the ids of others that were said in one with it
  record Heard(Content content, long message, List<Long> along) implements Input {
    public Heard(Content content, long message) {
      this(content, message, List.of());
    }
  }

  /// The last [Move.Act] or [Move.Ask] was carried out; `values` is what its registered name
  /// promises.
  record Outcome(Map<String, Object> values) implements Input {}

  /// The last act or question was refused; the sentence is fit for the resident.
  record Refused(String code, String sentence) implements Input {}

  /// Nobody has said anything for as long as [BotState#wakeAfter] asked.
  record Silence() implements Input {}
}
