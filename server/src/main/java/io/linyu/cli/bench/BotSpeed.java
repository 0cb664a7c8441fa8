package io.linyu.cli.bench;

import io.linyu.bot.Bot;
import io.linyu.bot.BotState;
import io.linyu.bot.Input;
import io.linyu.bot.Move;
import io.linyu.bot.Scene;
import io.linyu.bot.Scripts;
import io.linyu.bot.Step;
import io.linyu.channel.Content;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;

/// How long the bot thinks, alone on one thread: the [Talk] with what a desk would answer.
final class BotSpeed {
  private static final Scene SCENE =
      new Scene(
          "wechat",
          Instant.parse("2026-03-02T02:00:00Z"),
          ZoneId.of("Asia/Shanghai"),
          "zh",
          new Scene.Place(1, "清月园3栋", "清月园社区"),
          new Scene.Desk("清月园社区", "000-0000001", "000-0000002", true, null),
          true);
  private static final Map<String, Object> OPENED =
      Map.of("number", "1-0017", "desk", "清月园社区", "promise", "今天17:30前联系您", "link", "");

  private BotSpeed() {}

  /// @return microseconds for one step, in the second half of the time
  static double step(Duration lasts) {
    Bot bot = Scripts.shipped();
    var _ = steps(bot, lasts.dividedBy(2)); // to warm up
    return steps(bot, lasts.dividedBy(2));
  }

  private static double steps(Bot bot, Duration lasts) {
    long began = System.nanoTime();
    long steps = 0;
    BotState state = BotState.fresh();
    while (System.nanoTime() - began < lasts.toNanos()) {
      for (Talk.Line line : Talk.LINES) {
        if (line.kind() == Talk.Kind.DUPLICATE) {
          continue; // the bot is not asked
        }
        Step step = bot.step(state, new Input.Heard(new Content.Text(line.says(), null), 1), SCENE);
        steps++;
        while (step.move() instanceof Move.Act || step.move() instanceof Move.Ask) {
          step = bot.step(step.state(), new Input.Outcome(OPENED), SCENE);
          steps++;
        }
        state = step.state();
      }
    }
    return (System.nanoTime() - began) / 1e3 / steps;
  }
}
