package io.linyu.bot;

import io.linyu.bot.BotState.Form;
import io.linyu.bot.BotState.Slot;
import io.linyu.bot.BotState.Waiting;
import io.linyu.bot.Script.Kind;
import io.linyu.bot.Script.Word;
import io.linyu.bot.match.Nonsense;
import io.linyu.bot.match.Places;
import io.linyu.bot.match.Plain;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What is known already is said at once to whoever tells of it. With the same matter they join it;
/// another one is registered as ever, and nothing they said has to be said again.
///
/// Who falls silent at this question joins, unconfirmed: they have read the answer, and one word
/// makes it another matter at any time. Sixty open cases of people who had nothing to add would
/// help nobody.
final class Known {
  private final Turn turn;

  Known(Turn turn) {
    this.turn = turn;
  }

  /// Asks whether it is the matter that is known; null when none is.
  @Nullable Step offered(Draft draft) {
    Scene.Known known = about(draft);
    if (known == null) {
      return null;
    }
    BotState.Joined before = turn.joined;
    if (before != null
        && before.matter() == known.matter()
        && Objects.equals(before.consent(), draft.consent())) {
      return join(draft, known, "again", true, null);
    }
    draft.asking = Form.KNOWN;
    return turn.say(question(draft, known));
  }

  /// What was asked; empty when it is not known any more.
  String question(Draft draft) {
    Scene.Known known = about(draft);
    return known == null ? "" : question(draft, known);
  }

  private String question(Draft draft, Scene.Known known) {
    draft.shown = new BotState.Shown(known.matter(), known.version());
    Map<String, String> said = values(known);
    Script.Slot matter = draft.matter();
    String told = matter == null ? "" : draft.text(matter.name());
    said.put("事情", Wording.clip(told));
    said.put("我记的是", turn.dialogs.noted(draft));
    return turn.words.sentence(Sentence.KNOWN, said);
  }

  private static Map<String, String> values(Scene.Known known) {
    var said = new HashMap<String, String>();
    said.put("谁", known.by());
    said.put("说明", known.told());
    said.put("下次有消息", known.next());
    return said;
  }

  Step answered(Draft draft, String said, String plain, long message, boolean byVoice) {
    String bare = Plain.bare(plain);
    Scene.Known known = about(draft);
    boolean same =
        bare.equals("1") || turn.script.is(Word.YES, bare) || turn.script.is(Word.SAME, bare);
    boolean other =
        bare.equals("2") || turn.script.is(Word.NO, bare) || turn.script.is(Word.OTHER, bare);
    if (known == null) {
      // It has ended meanwhile: the choice means nothing any more, and the rest is heard as ever.
      draft.asking = null;
      draft.belongs(message);
      Script.Slot matter = draft.matter();
      if (!same && !other && matter != null && !Nonsense.is(plain)) {
        draft.add(matter.name(), Gist.of(said, turn.script.problems().openings()));
      }
      return turn.dialogs.proceed();
    }
    BotState.Shown shown = draft.shown;
    if ((same || other) && shown != null && shown.matter() != known.matter()) {
      // Another one was published nearer by: the answer is not to that one.
      draft.belongs(message);
      return turn.say(question(draft, known));
    }
    if (same || other) {
      draft.belongs(message);
      return same ? join(draft, known, "confirmed", true, null) : isAnother(draft, known);
    }
    String passing = turn.passing(plain);
    if (passing != null) {
      return turn.dialogs.resume(draft, passing);
    }
    if (turn.dialogs.isAnotherAndPrivate(draft, plain)) {
      return turn.another(draft, said, message);
    }
    int tries = draft.tries + 1;
    Script.Slot matter = draft.matter();
    Places.Mention mention = Places.in(plain);
    if (matter != null && !Nonsense.is(plain)) {
      draft.belongs(message);
      draft.voice |= byVoice;
      if (Plain.weight(plain) - (mention == null ? 0 : mention.length()) > 3) {
        draft.add(matter.name(), Gist.of(said, turn.script.problems().openings()));
      }
    }
    draft.tries = tries;
    if (tries > turn.script.settings().retries()) {
      return isAnother(draft, known); // they go on telling: somebody should read it
    }
    return mention == null
        ? turn.dialogs.proceed()
        : turn.dialogs.places.lookUp(draft, mention, plain);
  }

  private Step isAnother(Draft draft, Scene.Known known) {
    draft.others.add(known.matter());
    draft.asking = null;
    draft.tries = 0;
    return turn.dialogs.proceed();
  }

  /// What is filed without an answer joins; null when nothing was asked.
  @Nullable Step unanswered(Draft draft, String why, @Nullable String said) {
    Scene.Known known = Form.KNOWN.equals(draft.asking) ? about(draft) : null;
    return known == null ? null : join(draft, known, why, false, said);
  }

  private Step join(
      Draft draft, Scene.Known known, String why, boolean confirmed, @Nullable String said) {
    Script.Slot matter = draft.matter();
    Slot place = place(draft);
    String what = matter == null ? "" : draft.text(matter.name());
    var messages = new LinkedHashSet<>(draft.messages);
    messages.addAll(draft.pictures());
    Map<String, Object> arguments = new HashMap<>();
    arguments.put("matter", known.matter());
    arguments.put("what", what.isEmpty() ? turn.dialogs.wordless(draft) : what);
    arguments.put("messages", List.copyOf(messages));
    arguments.put("confirmed", confirmed);
    BotState.Shown shown = draft.shown;
    if (shown != null && shown.matter() == known.matter()) {
      arguments.put("version", shown.version());
    }
    Long consent = draft.consent();
    if (consent != null) {
      arguments.put("consent", consent);
    }
    if (place != null && !place.text().isEmpty()) {
      arguments.put("place", place.text());
    }
    if (place != null && place.territory() != null) {
      arguments.put("territory", place.territory());
    }
    return turn.act(
        Actions.JOIN_KNOWN,
        arguments,
        draft.dialog.name() + ":" + draft.first + ":join",
        new Waiting("joined", said, why));
  }

  Step joined(Waiting of, Map<String, Object> values) {
    Draft draft = turn.draft;
    Scene.Known known = draft == null ? null : about(draft);
    String number = Values.text(values, "number");
    Long consent = draft == null ? null : draft.consent();
    turn.draft = null;
    turn.filed(number, consent);
    if (known != null) {
      turn.joined = new BotState.Joined(known.matter(), number, consent);
    }
    if (turn.isWithPerson()) {
      return turn.quiet();
    }
    Map<String, String> said = known == null ? new HashMap<>() : values(known);
    said.put("编号", number);
    said.put("链接", Values.text(values, "link"));
    boolean already = known != null && Boolean.TRUE.equals(values.get("already"));
    return turn.say(
        turn.words.sentence(
            already
                ? Sentence.KNOWN_AGAIN
                : "silence".equals(of.kind()) ? Sentence.KNOWN_SILENT : Sentence.KNOWN_JOINED,
            said));
  }

  /// It ended just now, or more was told than is known: it is registered as ever.
  Step refused(Waiting of) {
    Draft draft = turn.draft;
    if (draft == null) {
      return turn.quiet();
    }
    Scene.Known known = about(draft);
    if (known != null) {
      draft.others.add(known.matter());
    }
    turn.joined = null;
    draft.asking = null;
    String why = of.kind() == null ? "" : of.kind();
    return why.equals("confirmed") || why.equals("again")
        ? turn.dialogs.proceed()
        : turn.dialogs.carryOut(draft, why, of.text());
  }

  Step leave(long message) {
    Long consent = turn.joined == null ? null : turn.joined.consent();
    return turn.act(
        Actions.LEAVE_KNOWN,
        consent == null ? Map.of() : Map.of("consent", consent),
        "leave:" + message,
        new Waiting("left", null, consent == null ? null : consent.toString()));
  }

  Step left(Waiting of, Map<String, Object> values) {
    turn.joined = null;
    turn.filed(Values.text(values, "number"), of.kind() == null ? null : Long.valueOf(of.kind()));
    return turn.answer(
        turn.words.sentence(
            Sentence.KNOWN_LEFT,
            Map.of(
                "编号", Values.text(values, "number"),
                "台", Values.text(values, "desk"),
                "时间", Values.text(values, "promise"))));
  }

  /// Of what is told here, and not said to be another matter. Never of what is told in confidence.
  private Scene.@Nullable Known about(Draft draft) {
    Script.Do does = draft.dialog.does();
    Script.Silence silence = draft.dialog.silence();
    if (does == null
        || !does.action().equals(Actions.OPEN_CASE)
        || draft.told().isEmpty()
        || isElsewhere(draft)
        || (silence != null && turn.dialogs.isPrivate(draft, silence))) {
      return null;
    }
    Slot place = place(draft);
    Long territory = place == null ? null : place.territory();
    return turn.script.topics().likeliest(Plain.of(draft.told())).stream()
        .map(category -> turn.scene.knowing().about(category, territory))
        .filter(known -> known != null && !draft.others.contains(known.matter()))
        .findFirst()
        .orElse(null);
  }

  /// Told for somebody of whom it is not known where they live: what is known around the speaker
  /// need not be so there.
  private static boolean isElsewhere(Draft draft) {
    Slot place = place(draft);
    return draft.acting != null && (place == null || place.territory() == null);
  }

  private static @Nullable Slot place(Draft draft) {
    Script.Slot slot = draft.slotOf(Kind.LOOKUP);
    return slot == null ? null : draft.slots.get(slot.name());
  }
}
