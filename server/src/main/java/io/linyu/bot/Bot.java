package io.linyu.bot;

/// Speaks with a resident: a pure step from what was said to what should be done.
public final class Bot {
  /// The same state, input and scene always give the same step.
  public Step step(BotState state, Input input, Scene scene) {
    return switch (input) {
      case Input.Heard _ -> new Step(state, new Move.Say("对不起，我没听懂。您换个说法，或者回“人工”。"));
      case Input.Outcome _, Input.Refused _, Input.Silence _ -> new Step(state, new Move.Quiet());
    };
  }
}
