package io.linyu.bot;

import java.util.Map;

/// What the bot wants done. It decides, reception acts.
public sealed interface Move {
  /// Says this and ends the turn.
  record Say(String text) implements Move {}

  /// Changes something, then steps again with the outcome.
  ///
  /// @param name registered in [Actions]
  /// @param key the same for the same wish, so that it is done once
  record Act(String name, Map<String, Object> arguments, String key) implements Move {}

  /// Looks something up, then steps again with the outcome.
  record Ask(String name, Map<String, Object> arguments) implements Move {}

  /// Says this, and from now on a person has the conversation.
  record HandOff(String text) implements Move {}

  /// Says nothing and ends the turn.
  record Quiet() implements Move {}
}
