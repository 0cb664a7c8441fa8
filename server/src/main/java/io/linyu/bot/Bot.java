package io.linyu.bot;

import io.linyu.bot.Script.Word;
import io.linyu.bot.match.Plain;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Speaks with a resident: a pure step from what was said to what should be done. It asks no clock,
/// no table and no network; the same state, input and scene always give the same step.
public final class Bot {
  private final Script script;

  Bot(Script script) {
    this.script = script;
  }

  public Step step(BotState state, Input input, Scene scene) {
    var turn = new Turn(script, state, scene);
    return switch (input) {
      case Input.Heard heard -> turn.heard(heard);
      case Input.Outcome outcome -> turn.outcome(outcome.values());
      case Input.Refused refused -> turn.refused(refused.code(), refused.sentence());
      case Input.Silence _ -> turn.silence();
    };
  }

  /// Danger to life.
  ///
  /// @param number to be called
  /// @param advice what whoever tells of it is told
  public record Peril(String kind, String number, String advice) {}

  /// The danger that these words tell of, for somebody who takes them down for another; empty:
  /// none.
  public Optional<Peril> peril(String said, String language) {
    return Optional.ofNullable(script.dangers().wording().in(Plain.of(said)))
        .flatMap(kind ->
            Optional.ofNullable(script.dangers().kinds().get(kind))
                .map(each -> new Peril(kind, each.number(), each.say().say(language, Map.of()))));
  }

  /// Whether the whole of it is one of the words that always work, or a bare yes or no.
  public boolean isWord(String said) {
    String bare = Plain.bare(Plain.of(said));
    return script.handOff().words().contains(bare)
        || Arrays.stream(Word.values()).anyMatch(word -> word != Word.KIN && script.is(word, bare));
  }

  /// What a menu may call, by key.
  public Set<String> menuKeys() {
    return script.menu().stream().map(Script.MenuItem::key).collect(Collectors.toUnmodifiableSet());
  }

  /// The version its scripts name.
  public int version() {
    return script.version();
  }
}
