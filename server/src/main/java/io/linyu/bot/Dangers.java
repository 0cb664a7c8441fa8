package io.linyu.bot;

import io.linyu.bot.BotState.Waiting;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Danger to life was told: the right number at once, and an alarm; never a form. Nothing is
/// claimed that did not happen.
final class Dangers {
  private final Turn turn;
  private BotState.@Nullable Alarm alarm;
  private final List<BotState.Alarm> others;

  Dangers(Turn turn, BotState state) {
    this.turn = turn;
    alarm = state.alarm();
    others = new ArrayList<>(state.alarms());
  }

  BotState.@Nullable Alarm alarm() {
    return alarm;
  }

  /// Told before the last one, and not too long ago.
  List<BotState.Alarm> others() {
    return others.stream().filter(this::isFresh).toList();
  }

  boolean isFresh() {
    return alarm != null && isFresh(alarm);
  }

  private boolean isFresh(BotState.Alarm told) {
    return turn.within(Turn.AFTERMATH, told.at());
  }

  /// Who tells more of the same danger rings the same alarm, also when another was told between.
  Step ring(String kind, String said, long message) {
    Script.Emergency emergency = turn.script.dangers().kinds().get(kind);
    if (emergency == null) {
      return turn.quiet();
    }
    if (!turn.scene.recorded()) {
      return advise(emergency, turn.words.sentence(Sentence.UNRECORDED));
    }
    long first = told(kind, message);
    return turn.act(
        Actions.RING_ALARM,
        Map.of(
            "kind", kind,
            "what", said,
            "number", emergency.number(),
            "messages", List.of(message),
            "first", first),
        "alarm:" + kind + ":" + first,
        new Waiting("alarm", null, kind));
  }

  /// @return the message in which this danger was told first
  private long told(String kind, long message) {
    if (alarm != null) {
      others.add(alarm);
    }
    long first =
        others().stream()
            .filter(each -> each.kind().equals(kind))
            .findFirst()
            .map(BotState.Alarm::first)
            .orElse(message);
    others.removeIf(each -> each.kind().equals(kind));
    alarm = new BotState.Alarm(kind, first, turn.scene.now());
    return first;
  }

  /// @param seen a named person has the alarm already, so nobody is called any more
  Step rung(@Nullable String kind, boolean rings, boolean seen) {
    Script.Emergency emergency = turn.script.dangers().kinds().get(kind == null ? "" : kind);
    if (emergency == null) {
      return turn.quiet();
    }
    Phrase own = emergency.rung();
    if (!rings) {
      return advise(emergency, turn.words.sentence(Sentence.UNRECORDED));
    }
    if (seen) {
      return advise(emergency, turn.words.sentence(Sentence.ALARM_SEEN));
    }
    return advise(
        emergency, own == null ? turn.words.sentence(Sentence.RUNG) : turn.words.phrase(own));
  }

  /// What is said while the alarm is fresh to what does not tell of danger.
  String after() {
    Script.Emergency emergency =
        alarm == null ? null : turn.script.dangers().kinds().get(alarm.kind());
    Phrase own = emergency == null ? null : emergency.after();
    return own == null ? turn.words.sentence(Sentence.AFTER_ALARM) : turn.words.phrase(own);
  }

  /// Who asks for a person while the office is closed is told of the alarm, not of the morning.
  String calling() {
    Script.Emergency emergency =
        alarm == null ? null : turn.script.dangers().kinds().get(alarm.kind());
    Phrase own = emergency == null ? null : emergency.after();
    return own == null ? turn.words.sentence(Sentence.ALARM_CALLS) : turn.words.phrase(own);
  }

  private Step advise(Script.Emergency emergency, String then) {
    return turn.say(turn.words.phrase(emergency.say()) + "\n" + then);
  }
}
