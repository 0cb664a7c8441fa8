package io.linyu.bot;

import io.linyu.bot.BotState.Waiting;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Voices that no machine understood: kept for somebody to listen to. Of several in a row only the
/// first is answered.
final class Voices {
  private static final Duration BURST = Duration.ofMinutes(10);

  private final Turn turn;
  private @Nullable Instant last;

  Voices(Turn turn, @Nullable Instant last) {
    this.turn = turn;
    this.last = last;
  }

  @Nullable Instant last() {
    return last;
  }

  Step keep(long message) {
    boolean burst = turn.within(BURST, last);
    last = turn.scene.now();
    return turn.act(
        Actions.KEEP_VOICE,
        Map.of("message", message, "bundle", burst),
        "voice:" + message,
        new Waiting("voice", null, burst ? "burst" : null));
  }

  Step kept(Waiting of, Map<String, Object> values) {
    boolean waits = values.get("already") instanceof Number already && already.intValue() > 0;
    if (waits && of.kind() != null) {
      return turn.quiet();
    }
    Map<String, String> said = new HashMap<>();
    said.put("时间", Values.text(values, "by"));
    if (!Values.text(values, "phone").isEmpty()) {
      said.put("电话", Values.text(values, "phone"));
    }
    return turn.say(turn.words.sentence(Sentence.VOICE, said));
  }
}
