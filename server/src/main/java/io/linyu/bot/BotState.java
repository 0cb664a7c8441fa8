package io.linyu.bot;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What the bot remembers of one conversation between turns. Kept as JSON by reception, which looks
/// at nothing in it but [#wakeAfter].
///
/// @param wakeAfter how long the resident may be silent before [Input.Silence] is due; null: for
///   ever
public record BotState(@Nullable Duration wakeAfter) {
  public static BotState fresh() {
    return new BotState(null);
  }
}
