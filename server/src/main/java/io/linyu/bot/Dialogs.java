package io.linyu.bot;

import io.linyu.bot.BotState.Form;
import io.linyu.bot.BotState.Slot;
import io.linyu.bot.BotState.Waiting;
import io.linyu.bot.Script.Kind;
import io.linyu.bot.Script.Word;
import io.linyu.bot.match.Places;
import io.linyu.bot.match.Plain;
import io.linyu.bot.match.Topics.Topic;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The course of an open dialog: fill from the first message, ask what is missing, read back, do,
/// tell.
final class Dialogs {
  private static final int LEAST_MATTER = 2;

  final PlaceTalk places;
  private final Turn turn;
  private final ReadBack readBack;

  Dialogs(Turn turn) {
    this.turn = turn;
    places = new PlaceTalk(turn);
    readBack = new ReadBack(turn);
  }

  Step start(Script.Dialog dialog, String said, String plain, long message, boolean byVoice) {
    if (dialog.slots().isEmpty() && dialog.does() == null) {
      return turn.answer(turn.words.phrase(dialog.say()));
    }
    Draft draft = open(dialog, message);
    draft.voice = byVoice;
    Script.Slot matter = draft.matter();
    if (matter != null) {
      takeMatter(draft, matter, said);
    }
    Places.Mention mention = Places.in(plain);
    return mention == null ? proceed() : places.lookUp(draft, mention, plain);
  }

  /// A matter that is told once more.
  ///
  /// @param place where it was; empty: where the resident lives
  Step again(String dialog, String what, Slot place, long message) {
    Script.Dialog report = turn.script.dialogs().get(dialog);
    Draft draft = report == null ? null : open(report, message);
    Script.Slot matter = draft == null ? null : draft.matter();
    if (draft == null || matter == null) {
      return turn.say(turn.words.menu());
    }
    draft.fill(matter.name(), Slot.of(what));
    if (!place.text().isEmpty()) {
      places.put(place.text(), place.territory());
    }
    return proceed();
  }

  private Draft open(Script.Dialog dialog, long message) {
    Draft draft = new Draft(dialog, message);
    draft.belongs(message);
    draft.acting = turn.acting;
    turn.draft = draft;
    return draft;
  }

  /// Where it is when nothing is said of it: where whoever it belongs to lives.
  @Nullable Slot home(Draft draft) {
    BotState.Acting acting = draft.acting;
    Scene.Place home = turn.scene.place();
    if (acting != null) {
      return acting.place() == null
          ? null
          : new Slot(acting.place(), acting.territory(), List.of());
    }
    return home == null ? null : new Slot(home.name(), home.territory(), List.of());
  }

  /// The open dialog, or the one that takes problems, for what comes without words.
  @Nullable Draft openFor(long message) {
    Draft draft = turn.draft;
    if (draft != null) {
      draft.belongs(message);
      return draft;
    }
    Script.Target report = Meaning.report(turn.script);
    Script.Dialog dialog = report == null ? null : turn.script.dialogs().get(report.name());
    return dialog == null ? null : open(dialog, message);
  }

  // Answers

  Step answer(Draft draft, String said, String plain, long message, boolean byVoice) {
    if (Form.KNOWN.equals(draft.asking)) {
      return turn.known.answered(draft, said, plain, message, byVoice);
    }
    if (Form.CONFIRM.equals(draft.asking)) {
      return readBack.answered(draft, said, plain, message, byVoice);
    }
    String bare = Plain.bare(plain);
    Script.Slot slot = draft.dialog.slot(draft.asking);
    if (slot == null) {
      return proceed();
    }
    if (slot.optional() && turn.script.is(Word.SKIP, bare)) {
      draft.fill(slot.name(), Slot.of(""));
      return proceed();
    }
    String passing = slot.entity().kind() == Kind.CHOICE ? null : turn.passing(plain);
    if (passing != null) {
      return resume(draft, passing);
    }
    draft.belongs(message);
    draft.voice |= byVoice;
    return switch (slot.entity().kind()) {
      case TEXT -> text(draft, slot, said, plain, message);
      case LOOKUP -> place(draft, slot, said, plain);
      case NUMBER -> number(draft, slot, bare, message);
      case CHOICE -> choice(draft, slot, bare, message);
      case IMAGE -> again(draft, slot, message);
    };
  }

  private Step text(Draft draft, Script.Slot slot, String said, String plain, long message) {
    Places.Mention mention = Places.in(plain);
    if (!takeMatter(draft, slot, said) && mention == null) {
      return again(draft, slot, message);
    }
    return mention == null ? proceed() : places.lookUp(draft, mention, plain);
  }

  private boolean takeMatter(Draft draft, Script.Slot slot, String said) {
    String gist = Gist.of(said, turn.script.problems().openings());
    if (Plain.weight(Plain.of(gist)) < Math.max(LEAST_MATTER, slot.min())) {
      return false;
    }
    draft.fill(slot.name(), Slot.of(gist));
    return true;
  }

  /// Who tells more of the trouble when asked for the place is heard, and asked once more.
  private Step place(Draft draft, Script.Slot slot, String said, String plain) {
    Script.Slot matter = draft.matter();
    Meaning meaning = turn.meaning(plain);
    if (matter == null || !meaning.problem() || !meaning.sure() || Places.in(plain) != null) {
      return places.answered(draft, slot, said, plain);
    }
    String more = Gist.of(said, turn.script.problems().openings());
    int tries = draft.tries + 1;
    draft.add(matter.name(), more);
    draft.tries = tries;
    if (slot.optional() && tries >= turn.script.settings().retries()) {
      draft.fill(slot.name(), Slot.of(""));
      return proceed();
    }
    return turn.say(question(draft));
  }

  private Step number(Draft draft, Script.Slot slot, String bare, long message) {
    String digits = bare.replaceAll("[^0-9]", "");
    double value =
        digits.isEmpty() || digits.length() > 9 ? Double.NaN : Double.parseDouble(digits);
    if (value >= slot.entity().min() && value <= slot.entity().max()) {
      draft.fill(slot.name(), Slot.of(digits));
      return proceed();
    }
    return again(draft, slot, message);
  }

  private Step choice(Draft draft, Script.Slot slot, String bare, long message) {
    int position = 0;
    for (Map.Entry<String, List<String>> value : slot.entity().values().entrySet()) {
      position++;
      if (bare.equals(Integer.toString(position))
          || bare.contains(value.getKey().toLowerCase(Locale.ROOT))
          || value.getValue().stream().anyMatch(bare::contains)) {
        draft.fill(slot.name(), Slot.of(value.getKey()));
        return proceed();
      }
    }
    return again(draft, slot, message);
  }

  private Step again(Draft draft, Script.Slot slot, long message) {
    draft.tries++;
    if (draft.tries >= turn.script.settings().retries()) {
      draft.tries = 0;
      return turn.human("stuck", message);
    }
    Phrase otherwise = slot.otherwise();
    return turn.say(
        otherwise == null ? question(draft) : turn.words.phrase(otherwise, values(draft)));
  }

  Step picture(long message) {
    Draft draft = openFor(message);
    Script.Slot slot = draft == null ? null : draft.slotOf(Kind.IMAGE);
    if (draft == null || slot == null) {
      return turn.say(turn.words.menu());
    }
    List<Long> pictures = new ArrayList<>(draft.pictures());
    pictures.add(message);
    draft.fill(slot.name(), new Slot("", null, pictures));
    if (slot.name().equals(draft.asking)) {
      return proceed();
    }
    Script.Slot matter = draft.matter();
    if (matter != null && draft.text(matter.name()).isEmpty()) {
      draft.asking = matter.name();
      return turn.say(turn.words.sentence(Sentence.PHOTO_ALONE));
    }
    String count = Integer.toString(pictures.size());
    return resume(draft, turn.words.sentence(Sentence.PHOTO_ADDED, Map.of("张数", count)));
  }

  // The course

  /// Says what is known already, else asks the next empty slot, else reads back, else does it.
  Step proceed() {
    Draft draft = turn.draft;
    if (draft == null) {
      return turn.quiet();
    }
    Slot home = home(draft);
    for (Script.Slot slot : draft.dialog.slots()) {
      if (slot.home() && home != null && !draft.slots.containsKey(slot.name())) {
        draft.fill(slot.name(), home);
      }
      if (!slot.silent() && !draft.slots.containsKey(slot.name())) {
        Step known = turn.known.offered(draft);
        if (known != null) {
          return known;
        }
        draft.asking = slot.name();
        return turn.say(slot.equals(draft.matter()) ? matter(draft) : question(draft));
      }
    }
    Step known = turn.known.offered(draft);
    if (known != null) {
      return known;
    }
    if (draft.dialog.confirm() != null) {
      draft.asking = Form.CONFIRM;
      return turn.say(question(draft));
    }
    return carryOut(draft, "confirmed");
  }

  /// A place that was said before the matter is said back.
  private String matter(Draft draft) {
    Script.Slot place = draft.slotOf(Kind.LOOKUP);
    String where = place == null ? "" : draft.text(place.name());
    return where.isEmpty()
        ? question(draft)
        : turn.words.sentence(Sentence.PLACE_ALONE, Map.of("地点", where));
  }

  /// Says it, then what was being asked.
  Step resume(Draft draft, String text) {
    String question = question(draft);
    if (question.isEmpty() && Form.KNOWN.equals(draft.asking)) {
      turn.sayFirst(text); // it has ended meanwhile
      return proceed();
    }
    boolean both = !text.isEmpty() && !question.isEmpty();
    return turn.say(both ? text + "\n" + question : text + question);
  }

  private String question(Draft draft) {
    if (Form.KNOWN.equals(draft.asking)) {
      return turn.known.question(draft);
    }
    if (!Form.CONFIRM.equals(draft.asking)) {
      Script.Slot slot = draft.dialog.slot(draft.asking);
      Phrase say = slot == null ? null : slot.say();
      return say == null ? "" : turn.words.phrase(say, values(draft));
    }
    Script.Silence silence = draft.dialog.silence();
    Phrase confirm = draft.dialog.confirm();
    Phrase readsBack =
        silence != null && isPrivate(draft, silence) ? silence.privateConfirm() : confirm;
    String text = readsBack == null ? "" : turn.words.phrase(readsBack, values(draft));
    return places.isUnknown(draft)
        ? text + "\n" + turn.words.sentence(Sentence.PLACE_UNKNOWN)
        : text;
  }

  Map<String, String> values(Draft draft) {
    Map<String, String> values = new HashMap<>();
    draft.slots.forEach((name, slot) -> values.put(name, Wording.clip(slot.text())));
    values.put("我记的是", noted(draft));
    return values;
  }

  /// How what was told is read back.
  String noted(Draft draft) {
    BotState.Acting acting = draft.acting;
    return acting != null
        ? turn.words.sentence(Sentence.FAMILY_NOTED, Map.of("谁", acting.who()))
        : turn.words.sentence(draft.voice ? Sentence.HEARD : Sentence.NOTED);
  }

  // Doing

  /// Does it, unless staff have said meanwhile what is known of it: then that is said first, and
  /// asked about as of anybody who tells of it now.
  Step confirmed(Draft draft) {
    Step known = turn.known.offered(draft);
    if (known == null) {
      return carryOut(draft, "confirmed");
    }
    draft.tries = 0; // of the read-back
    return known;
  }

  /// @param why `confirmed`, `silence`, or anything else that goes on after it
  Step carryOut(Draft draft, String why) {
    return carryOut(draft, why, null);
  }

  /// @param said what is heard after it
  Step carryOut(Draft draft, String why, @Nullable String said) {
    Script.Do does = draft.dialog.does();
    if (does == null) {
      turn.draft = null;
      return turn.say(turn.words.phrase(draft.dialog.say(), values(draft)));
    }
    Step joins = why.equals("confirmed") ? null : turn.known.unanswered(draft, why, said);
    if (joins != null) {
      return joins;
    }
    Map<String, Object> arguments = new HashMap<>();
    for (Actions.Parameter takes : does.action().takes()) {
      Object value =
          takes.byBot()
              ? own(draft, takes.name(), why.equals("confirmed"))
              : told(draft, takes, does.arguments().get(takes.name()));
      if (value != null) {
        arguments.put(takes.name(), value);
      }
    }
    Waiting then = new Waiting("done", said, why);
    return does.action().changes()
        ? turn.act(does.action(), arguments, draft.dialog.name() + ":" + draft.first + ":do", then)
        : turn.ask(does.action(), arguments, then);
  }

  private @Nullable Object told(Draft draft, Actions.Parameter takes, @Nullable String name) {
    Slot slot = name == null ? null : draft.slots.get(name);
    String text = slot == null ? "" : slot.text();
    return switch (takes.type()) {
      case MESSAGES -> slot == null ? List.of() : slot.messages();
      case NUMBER -> text.isEmpty() ? null : Long.valueOf(text);
      case TEXT ->
          text.isEmpty() && takes.required() ? wordless(draft) : text.isEmpty() ? null : text;
      case BOOL, LIST -> null;
    };
  }

  String wordless(Draft draft) {
    String count = Integer.toString(draft.pictures().size());
    return turn.words.sentence(Sentence.PHOTO_ONLY, Map.of("张数", count));
  }

  private @Nullable Object own(Draft draft, String parameter, boolean confirmed) {
    return switch (parameter) {
      case "messages" -> List.copyOf(draft.messages);
      case "confirmed" -> confirmed;
      case "quiet" -> {
        Script.Silence silence = draft.dialog.silence();
        yield (silence != null && isPrivate(draft, silence)) ? Boolean.TRUE : null;
      }
      case "desk" -> turn.desk();
      case "consent" -> draft.consent();
      case "territory" -> {
        Script.Slot slot = draft.slotOf(Kind.LOOKUP);
        Slot filled = slot == null ? null : draft.slots.get(slot.name());
        yield filled == null ? null : filled.territory();
      }
      case "category" -> {
        Topic topic = turn.script.topics().of(Plain.of(draft.told()));
        yield topic == null ? null : topic.code();
      }
      default -> null;
    };
  }

  Step outcome(Waiting of, Map<String, Object> values) {
    Draft draft = turn.draft;
    Script.Do does = draft == null ? null : draft.dialog.does();
    if (draft == null) {
      return turn.quiet();
    }
    if (of.what().equals("lookup")) {
      return places.looked(draft, of, Values.places(values));
    }
    if (does == null) {
      return turn.quiet();
    }
    Map<String, String> said = values(draft);
    values.forEach((name, value) -> said.put(does.saveAs() + "." + name, value.toString()));
    if (does.action().equals(Actions.OPEN_CASE)) {
      turn.filed(Values.text(values, "number"), draft.consent());
    }
    turn.draft = null;
    Script.Silence silence = draft.dialog.silence();
    if (turn.isWithPerson()) {
      return turn.quiet();
    }
    Phrase told =
        silence != null && "silence".equals(of.kind()) ? silence.say() : draft.dialog.say();
    BotState.Acting acting = draft.acting;
    String text = turn.words.phrase(told, said);
    return turn.say(
        acting == null
            ? text
            : text + "\n" + turn.words.sentence(Sentence.FAMILY_FILED, Map.of("谁", acting.who())));
  }

  // Silence

  /// A problem told is handed on; neighbours are complained about only by those who say so twice.
  Step silence(Draft draft) {
    Script.Silence silence = draft.dialog.silence();
    if (isToBeKept(draft)) {
      return carryOut(draft, "silence");
    }
    turn.draft = null;
    return silence == null || !draft.isTold() || turn.isWithPerson()
        ? turn.quiet()
        : turn.say(turn.words.phrase(silence.privateSay(), values(draft)));
  }

  /// Whether it is filed although nobody confirmed it.
  boolean isToBeKept(Draft draft) {
    Script.Silence silence = draft.dialog.silence();
    return silence != null && draft.isTold() && !isPrivate(draft, silence);
  }

  /// Whether these words are about neighbours, and what was told before is not: silence means no to
  /// the one and must not to the other.
  boolean isAnotherAndPrivate(Draft draft, String plain) {
    Script.Silence silence = draft.dialog.silence();
    return silence != null
        && !isPrivate(draft, silence)
        && isPrivate(plain, silence)
        && turn.meaning(plain).problem();
  }

  boolean isPrivate(Draft draft, Script.Silence silence) {
    return isPrivate(Plain.of(draft.told()), silence);
  }

  private boolean isPrivate(String told, Script.Silence silence) {
    Topic topic = turn.script.topics().of(told);
    return topic == null
        ? silence.privateWords().anyIn(told)
        : silence.privateCategories().contains(topic.code());
  }
}
