package io.linyu.bot;

import io.linyu.bot.BotState.Form;
import io.linyu.bot.BotState.Slot;
import io.linyu.bot.BotState.Waiting;
import io.linyu.bot.Script.Kind;
import io.linyu.bot.Script.Word;
import io.linyu.bot.Turn.Found;
import io.linyu.bot.match.Places;
import io.linyu.bot.match.Plain;
import io.linyu.bot.match.Topics.Topic;
import io.linyu.channel.Content;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The course of an open dialog: fill from the first message, ask what is missing, read back, do,
/// tell.
final class Dialogs {
  static final int MOST_PLACES = 6;
  private static final String SKIPPED = "";

  /// A building without its estate.
  private static final Pattern BARE = Pattern.compile("[0-9A-Z甲乙丙丁]+栋");

  private final Turn turn;

  Dialogs(Turn turn) {
    this.turn = turn;
  }

  Step start(Script.Dialog dialog, String said, String plain, long message, boolean byVoice) {
    turn.understood();
    if (dialog.slots().isEmpty() && dialog.does() == null) {
      return turn.say(turn.phrase(dialog.say(), Map.of()));
    }
    Draft draft = open(dialog, message);
    draft.voice = byVoice;
    Script.Slot matter = draft.matter();
    String gist = Gist.of(said, turn.script.problems().openings());
    if (matter != null && Plain.weight(Plain.of(gist)) >= Math.max(2, matter.min())) {
      draft.fill(matter.name(), Slot.of(gist));
    }
    Places.Mention mention = Places.in(plain);
    return mention == null ? proceed() : lookUp(draft, mention, plain);
  }

  private Draft open(Script.Dialog dialog, long message) {
    Draft draft = new Draft(dialog, message);
    draft.belongs(message);
    turn.draft = draft;
    return draft;
  }

  // Answers

  Step answer(Draft draft, String said, String plain, long message, boolean byVoice) {
    String bare = Plain.bare(plain);
    String asking = draft.asking;
    turn.understood();
    if (Form.CONFIRM.equals(asking)) {
      return confirmed(draft, said, plain, bare, message, byVoice);
    }
    Script.Slot slot = draft.dialog.slot(asking);
    if (slot == null) {
      return proceed();
    }
    if (slot.optional() && turn.script.is(Word.SKIP, bare)) {
      draft.fill(slot.name(), Slot.of(SKIPPED));
      return proceed();
    }
    String passing = turn.passing(plain);
    if (passing != null && slot.entity().kind() != Kind.CHOICE) {
      return resume(draft, passing);
    }
    draft.belongs(message);
    draft.voice |= byVoice;
    return switch (slot.entity().kind()) {
      case TEXT -> matter(draft, slot, said, plain, message);
      case LOOKUP -> place(draft, slot, said, plain, bare);
      case NUMBER -> number(draft, slot, bare, message);
      case CHOICE -> choice(draft, slot, bare, message);
      case IMAGE -> again(draft, slot, message);
    };
  }

  private Step matter(Draft draft, Script.Slot slot, String said, String plain, long message) {
    String gist = Gist.of(said, turn.script.problems().openings());
    Places.Mention mention = Places.in(plain);
    if (Plain.weight(Plain.of(gist)) < Math.max(2, slot.min())) {
      return mention == null ? again(draft, slot, message) : lookUp(draft, mention, plain);
    }
    draft.fill(slot.name(), Slot.of(gist));
    return mention == null ? proceed() : lookUp(draft, mention, plain);
  }

  private Step place(Draft draft, Script.Slot slot, String said, String plain, String bare) {
    Places.Mention mention = Places.in(plain);
    if (mention != null) {
      return lookUp(draft, mention, plain);
    }
    if (turn.script.is(Word.NO, bare)) {
      draft.fill(slot.name(), Slot.of(SKIPPED));
      return proceed();
    }
    String before = draft.text(slot.name());
    String place = BARE.matcher(before).lookingAt() ? said.strip() + before : said.strip();
    draft.fill(slot.name(), Slot.of(place));
    return turn.ask(
        Actions.FIND_BUILDING, Map.of("text", Turn.clip(place)), new Waiting("lookup", null, null));
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
    return turn.say(otherwise == null ? question(draft) : turn.phrase(otherwise, values(draft)));
  }

  // Places

  private Step lookUp(Draft draft, Places.Mention mention, String plain) {
    Script.Slot slot = draft.slotOf(Kind.LOOKUP);
    if (slot == null) {
      return proceed();
    }
    Scene.Place home = turn.scene.place();
    String unit = mention.shown().substring(mention.lookup().length());
    if (home != null && names(home.name(), mention.lookup())) {
      draft.fill(slot.name(), new Slot(home.name() + unit, home.territory(), List.of()));
      return proceed();
    }
    String before = draft.text(slot.name());
    boolean joins = !mention.building() && BARE.matcher(before).lookingAt();
    String lookup = joins ? mention.lookup() + before : inEstate(before, mention);
    draft.fill(slot.name(), Slot.of(joins ? lookup : mention.shown()));
    return turn.ask(
        Actions.FIND_BUILDING,
        Map.of("text", lookup),
        new Waiting("lookup", unit, home == null && Turn.lives(plain, mention) ? "lives" : null));
  }

  /// `和光小区3栋` is named by `3栋`, `和光小区13栋` is not.
  private static boolean names(String place, String lookup) {
    int start = place.length() - lookup.length();
    return place.endsWith(lookup)
        && (start == 0
            || !Character.isDigit(lookup.charAt(0))
            || !Character.isDigit(place.charAt(start - 1)));
  }

  /// A bare `5栋` after `和光小区3栋` is in the same estate.
  private static String inEstate(String before, Places.Mention mention) {
    int estate = 0;
    while (estate < before.length() && !Character.isDigit(before.charAt(estate))) {
      estate++;
    }
    boolean named = estate > 1 && estate < before.length();
    return named && BARE.matcher(mention.lookup()).matches()
        ? before.substring(0, estate) + mention.lookup()
        : mention.context();
  }

  private Step looked(Draft draft, Waiting of, List<Found> found) {
    Script.Slot slot = draft.slotOf(Kind.LOOKUP);
    if (slot == null) {
      return proceed();
    }
    if (found.size() == 1) {
      Found one = found.getFirst();
      String unit = of.text() == null ? "" : of.text();
      draft.fill(slot.name(), new Slot(one.name() + unit, one.territory(), List.of()));
      return "lives".equals(of.kind())
          ? turn.bind(one.territory(), "form", draft.first)
          : proceed();
    }
    boolean asked = slot.name().equals(draft.asking) || Form.CONFIRM.equals(draft.asking);
    if (found.size() > 1 && found.size() <= MOST_PLACES) {
      draft.asking = slot.name();
      return turn.which("place", found);
    }
    if (asked || turn.scene.place() != null) {
      return proceed();
    }
    String said = draft.text(slot.name());
    draft.asking = slot.name();
    return turn.say(turn.sentence(Sentence.WHICH_ESTATE, Map.of("地点", said)));
  }

  Step placed(String name, long territory, long message) {
    Draft draft = turn.draft;
    if (draft == null) {
      return turn.quiet();
    }
    draft.belongs(message);
    placeAt(name, territory);
    return proceed();
  }

  /// @return whether the open dialog has a place to fill
  boolean placeAt(String name, @Nullable Long territory) {
    Draft draft = turn.draft;
    Script.Slot slot = draft == null ? null : draft.slotOf(Kind.LOOKUP);
    if (draft == null || slot == null) {
      return false;
    }
    draft.fill(slot.name(), new Slot(name, territory, List.of()));
    return true;
  }

  Step location(Content.Location location, long message) {
    String label =
        location.label().isBlank()
            ? String.format(Locale.ROOT, "%.5f,%.5f", location.latitude(), location.longitude())
            : location.label().strip();
    Draft draft = openFor(message);
    if (draft == null || !placeAt(label, null)) {
      return turn.say(turn.menu());
    }
    Script.Slot matter = draft.matter();
    if (matter != null && draft.text(matter.name()).isEmpty()) {
      draft.asking = matter.name();
      return turn.say(turn.sentence(Sentence.PLACE_ALONE, Map.of("地点", label)));
    }
    return proceed();
  }

  // Pictures

  Step picture(long message) {
    Draft draft = openFor(message);
    Script.Slot slot = draft == null ? null : draft.slotOf(Kind.IMAGE);
    if (draft == null || slot == null) {
      return turn.say(turn.menu());
    }
    List<Long> pictures = new ArrayList<>(draft.pictures());
    pictures.add(message);
    draft.fill(slot.name(), new Slot(SKIPPED, null, pictures));
    if (slot.name().equals(draft.asking)) {
      return proceed();
    }
    Script.Slot matter = draft.matter();
    if (matter != null && draft.text(matter.name()).isEmpty()) {
      draft.asking = matter.name();
      return turn.say(turn.sentence(Sentence.PHOTO_ALONE));
    }
    return resume(
        draft,
        turn.sentence(Sentence.PHOTO_ADDED, Map.of("张数", Integer.toString(pictures.size()))));
  }

  /// The open dialog, or the one that takes problems.
  private @Nullable Draft openFor(long message) {
    Draft draft = turn.draft;
    if (draft == null) {
      Script.Target report = Meaning.report(turn.script);
      Script.Dialog dialog = report == null ? null : turn.script.dialogs().get(report.name());
      return dialog == null ? null : open(dialog, message);
    }
    draft.belongs(message);
    return draft;
  }

  // The course

  /// Asks the next empty slot, else reads back, else does it.
  Step proceed() {
    Draft draft = turn.draft;
    if (draft == null) {
      return turn.quiet();
    }
    for (Script.Slot slot : draft.dialog.slots()) {
      Scene.Place home = turn.scene.place();
      if (slot.home() && home != null && !draft.slots.containsKey(slot.name())) {
        draft.fill(slot.name(), new Slot(home.name(), home.territory(), List.of()));
      }
      if (!slot.silent() && !draft.slots.containsKey(slot.name())) {
        draft.asking = slot.name();
        return turn.say(question(draft));
      }
    }
    if (draft.dialog.confirm() != null) {
      draft.asking = Form.CONFIRM;
      return turn.say(question(draft));
    }
    return carryOut(draft, true);
  }

  /// Says it, then what was being asked.
  Step resume(Draft draft, String text) {
    String question = question(draft);
    return turn.say(
        text.isEmpty() || question.isEmpty() ? text + question : text + "\n" + question);
  }

  private String question(Draft draft) {
    if (Form.CONFIRM.equals(draft.asking)) {
      Script.Silence silence = draft.dialog.silence();
      Phrase confirm = draft.dialog.confirm();
      Phrase phrase =
          silence != null && isPrivate(draft, silence)
              ? silence.privateConfirm()
              : confirm == null ? Phrase.NOTHING : confirm;
      String text = turn.phrase(phrase, values(draft));
      return isUnplaced(draft) ? text + "\n" + turn.sentence(Sentence.PLACE_UNKNOWN) : text;
    }
    Script.Slot slot = draft.dialog.slot(draft.asking);
    Phrase say = slot == null ? null : slot.say();
    return say == null ? "" : turn.phrase(say, values(draft));
  }

  private boolean isUnplaced(Draft draft) {
    Script.Slot slot = draft.slotOf(Kind.LOOKUP);
    Slot filled = slot == null ? null : draft.slots.get(slot.name());
    return slot != null
        && (filled == null || filled.territory() == null)
        && turn.scene.place() == null;
  }

  private Map<String, String> values(Draft draft) {
    Map<String, String> values = new HashMap<>();
    draft.slots.forEach((name, slot) -> values.put(name, Turn.clip(slot.text())));
    values.put("我记的是", turn.sentence(draft.voice ? Sentence.HEARD : Sentence.NOTED));
    return values;
  }

  // Reading back

  private Step confirmed(
      Draft draft, String said, String plain, String bare, long message, boolean byVoice) {
    Script.Slot placeSlot = draft.slotOf(Kind.LOOKUP);
    if (turn.script.is(Word.YES, bare) || bare.equals("1")) {
      draft.belongs(message);
      return carryOut(draft, true);
    }
    String[] parts = bare.split("[,.! ]", 2);
    if (parts.length == 2 && turn.script.is(Word.YES, parts[0])) {
      String rest = Plain.bare(parts[1]);
      boolean adds = Plain.weight(rest) > 4 && !turn.script.is(Word.YES, rest);
      return confirmed(draft, rest, rest, adds ? rest : parts[0], message, byVoice);
    }
    if (turn.script.is(Word.NO, bare) || bare.equals("2")) {
      return wrong(draft, message);
    }
    if (turn.script.is(Word.SKIP, bare)) {
      return resume(draft, "");
    }
    Gist.Correction correction = Gist.correction(said);
    Places.Mention mention = Places.in(plain);
    boolean placeOnly =
        mention != null && Plain.weight(plain) - (mention.end() - mention.start()) <= 3;
    String unit = Places.unit(plain);
    if (correction != null || placeOnly || (unit != null && placeSlot != null)) {
      draft.belongs(message);
      draft.voice |= byVoice;
    }
    if (correction != null) {
      return corrected(draft, correction);
    }
    if (mention != null && placeOnly) {
      return lookUp(draft, mention, plain);
    }
    if (unit != null && placeSlot != null) {
      Slot place = draft.slots.getOrDefault(placeSlot.name(), Slot.of(""));
      draft.fill(placeSlot.name(), new Slot(place.text() + unit, place.territory(), List.of()));
      return proceed();
    }
    String passing = turn.passing(plain);
    if (passing != null) {
      return resume(draft, passing);
    }
    Script.Slot matter = draft.matter();
    String gist = Gist.of(said, turn.script.problems().openings());
    if (matter == null || Plain.weight(Plain.of(gist)) < 3) {
      return wrong(draft, message);
    }
    // Anything else adds to what was told.
    draft.belongs(message);
    draft.voice |= byVoice;
    draft.fill(matter.name(), Slot.of(draft.text(matter.name()) + "，" + gist));
    return proceed();
  }

  private Step wrong(Draft draft, long message) {
    draft.tries++;
    if (draft.tries > turn.script.settings().retries()) {
      draft.tries = 0;
      return turn.human("stuck", message);
    }
    return turn.say(turn.sentence(Sentence.WHAT_IS_WRONG));
  }

  private Step corrected(Draft draft, Gist.Correction correction) {
    String right = correction.right();
    String wrong = correction.wrong();
    String plain = Plain.of(right);
    Places.Mention mention = Places.in(plain);
    Script.Slot matter = draft.matter();
    boolean placeOnly =
        mention != null && Plain.weight(plain) - (mention.end() - mention.start()) <= 3;
    if (matter != null && !placeOnly) {
      String told = draft.text(matter.name());
      draft.fill(
          matter.name(),
          Slot.of(
              wrong != null && told.contains(wrong)
                  ? told.replace(wrong, right)
                  : Gist.of(right, turn.script.problems().openings())));
    }
    return mention == null ? proceed() : lookUp(draft, mention, plain);
  }

  // Doing

  private Step carryOut(Draft draft, boolean confirmed) {
    Script.Do does = draft.dialog.does();
    if (does == null) {
      turn.draft = null;
      return turn.say(turn.phrase(draft.dialog.say(), values(draft)));
    }
    Map<String, Object> arguments = new HashMap<>();
    for (Actions.Parameter takes : does.action().takes()) {
      Object value =
          takes.byBot()
              ? own(draft, takes.name(), confirmed)
              : told(draft, takes, does.arguments().get(takes.name()));
      if (value != null) {
        arguments.put(takes.name(), value);
      }
    }
    Waiting then = new Waiting("done", null, confirmed ? null : "silence");
    return does.action().changes()
        ? turn.act(does.action(), arguments, draft.dialog.name() + ":" + draft.first + ":do", then)
        : turn.ask(does.action(), arguments, then);
  }

  private @Nullable Object told(Draft draft, Actions.Parameter takes, @Nullable String name) {
    Slot slot = name == null ? null : draft.slots.get(name);
    return switch (takes.type()) {
      case MESSAGES -> slot == null ? List.of() : slot.messages();
      case NUMBER -> slot == null || slot.text().isEmpty() ? null : Long.valueOf(slot.text());
      case TEXT -> {
        if (slot != null && !slot.text().isEmpty()) {
          yield slot.text();
        }
        yield takes.required()
            ? turn.sentence(
                Sentence.PHOTO_ONLY, Map.of("张数", Integer.toString(draft.pictures().size())))
            : null;
      }
      case BOOL, LIST -> null;
    };
  }

  private @Nullable Object own(Draft draft, String parameter, boolean confirmed) {
    return switch (parameter) {
      case "messages" -> List.copyOf(draft.messages);
      case "confirmed" -> confirmed;
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
    if (draft == null) {
      return turn.quiet();
    }
    if (of.what().equals("lookup")) {
      return looked(draft, of, places(values));
    }
    Script.Do does = draft.dialog.does();
    if (does == null) {
      return turn.quiet();
    }
    Map<String, String> said = values(draft);
    values.forEach((name, value) -> said.put(does.saveAs() + "." + name, value.toString()));
    if (does.action().equals(Actions.OPEN_CASE)) {
      turn.filed(Turn.text(values, "number"));
    }
    turn.draft = null;
    Script.Silence silence = draft.dialog.silence();
    if (turn.isWithPerson()) {
      return turn.quiet();
    }
    return turn.say(
        turn.phrase(
            "silence".equals(of.kind()) && silence != null ? silence.say() : draft.dialog.say(),
            said));
  }

  // Silence

  Step silence(Draft draft) {
    Script.Silence silence = draft.dialog.silence();
    if (silence == null || !draft.isTold()) {
      turn.draft = null;
      return turn.quiet();
    }
    if (isPrivate(draft, silence)) {
      turn.draft = null;
      return turn.isWithPerson()
          ? turn.quiet()
          : turn.say(turn.phrase(silence.privateSay(), values(draft)));
    }
    return carryOut(draft, false);
  }

  private boolean isPrivate(Draft draft, Script.Silence silence) {
    String told = Plain.of(draft.told());
    Topic topic = turn.script.topics().of(told);
    return topic == null
        ? silence.privateWords().anyIn(told)
        : silence.privateCategories().contains(topic.code());
  }

  // Outcomes

  static List<Found> places(Map<String, Object> values) {
    return maps(values.get("found")).stream()
        .filter(one -> one.get("territory") instanceof Number && one.get("name") instanceof String)
        .map(one -> new Found(((Number) one.get("territory")).longValue(), Turn.text(one, "name")))
        .toList();
  }

  @SuppressWarnings("unchecked")
  static List<Map<String, Object>> maps(@Nullable Object list) {
    return list instanceof List<?> all
        ? all.stream().filter(Map.class::isInstance).map(one -> (Map<String, Object>) one).toList()
        : List.of();
  }
}
