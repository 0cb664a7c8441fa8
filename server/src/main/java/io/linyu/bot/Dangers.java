package io.linyu.bot;

import io.linyu.bot.BotState.Waiting;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Danger to life was told: the right number at once, and an alarm; never a form. Nothing is
/// claimed that did not happen.
final class Dangers {
  private final Turn turn;
  private BotState.@Nullable Alarm alarm;

  Dangers(Turn turn, BotState.@Nullable Alarm alarm) {
    this.turn = turn;
    this.alarm = alarm;
  }

  BotState.@Nullable Alarm alarm() {
    return alarm;
  }

  boolean isFresh() {
    return alarm != null && turn.within(Turn.AFTERMATH, alarm.at());
  }

  /// Who tells more of the same danger rings the same alarm.
  Step ring(String kind, String said, long message) {
    Script.Emergency emergency = turn.script.dangers().kinds().get(kind);
    if (emergency == null) {
      return turn.quiet();
    }
    if (!turn.scene.recorded()) {
      return advise(emergency, turn.words.sentence(Sentence.UNRECORDED));
    }
    boolean same = isFresh() && alarm != null && alarm.kind().equals(kind);
    long first = same && alarm != null ? alarm.first() : message;
    alarm = new BotState.Alarm(kind, first, turn.scene.now());
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
