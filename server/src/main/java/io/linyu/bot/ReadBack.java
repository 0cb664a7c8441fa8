package io.linyu.bot;

import io.linyu.bot.BotState.Slot;
import io.linyu.bot.Script.Kind;
import io.linyu.bot.Script.Word;
import io.linyu.bot.match.Nonsense;
import io.linyu.bot.match.Places;
import io.linyu.bot.match.Plain;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What was understood has been read back: the resident agrees, corrects, adds, or asks something
/// else in between.
final class ReadBack {
  private static final Set<String> PLACE =
      Set.of(
          "地点",
          "地址",
          "位置",
          "楼栋",
          "楼号",
          "楼",
          "小区",
          "几栋",
          "地方",
          "门牌",
          "address",
          "place",
          "building");
  private static final Set<String> MATTER = Set.of("事情", "内容", "事", "说法", "matter", "text");

  private final Turn turn;

  ReadBack(Turn turn) {
    this.turn = turn;
  }

  Step answered(Draft draft, String said, String plain, long message, boolean byVoice) {
    String bare = Plain.bare(plain);
    if (turn.script.is(Word.YES, bare) || bare.equals("1")) {
      draft.belongs(message);
      return turn.dialogs.confirmed(draft);
    }
    String[] parts = bare.split("[,.! ]", 2);
    if (parts.length == 2 && turn.script.is(Word.YES, parts[0])) {
      String rest = Plain.bare(parts[1]);
      boolean adds =
          Plain.weight(rest) > 4 && !turn.script.is(Word.YES, rest) && !Nonsense.is(rest);
      String then = adds ? rest : parts[0];
      return answered(draft, then, then, message, byVoice);
    }
    if (turn.script.is(Word.NO, bare) || bare.equals("2")) {
      return wrong(draft, message);
    }
    if (turn.script.is(Word.SKIP, bare)) {
      return turn.dialogs.resume(draft, "");
    }
    Script.Slot again = named(draft, bare);
    if (again != null) {
      draft.asking = again.name();
      return turn.dialogs.resume(draft, "");
    }
    Gist.Correction correction = Gist.correction(said);
    Places.Mention mention = Places.in(plain);
    Places.Mention moved = mention != null && isOnly(plain, mention) ? mention : null;
    Script.Slot place = draft.slotOf(Kind.LOOKUP);
    String unit = place == null ? null : Places.unit(plain);
    if (correction == null && moved == null && unit == null) {
      String passing = turn.passing(plain);
      return passing == null
          ? added(draft, said, message, byVoice)
          : turn.dialogs.resume(draft, passing);
    }
    draft.belongs(message);
    draft.voice |= byVoice;
    if (correction != null) {
      return replaced(draft, correction);
    }
    if (moved != null) {
      return turn.dialogs.places.lookUp(draft, moved, plain);
    }
    if (place != null) {
      Slot before = draft.slots.getOrDefault(place.name(), Slot.of(""));
      draft.fill(place.name(), new Slot(before.text() + unit, before.territory(), List.of()));
    }
    return turn.dialogs.proceed();
  }

  private Step replaced(Draft draft, Gist.Correction correction) {
    String right = correction.right();
    String wrong = correction.wrong();
    String plain = Plain.of(right);
    Places.Mention mention = Places.in(plain);
    Script.Slot matter = draft.matter();
    if (matter != null && (mention == null || !isOnly(plain, mention))) {
      String told = draft.text(matter.name());
      String gist = Gist.of(right, turn.script.problems().openings());
      if (wrong != null && told.contains(wrong)) {
        draft.fill(matter.name(), Slot.of(told.replace(wrong, right)));
      } else if (wrong != null || isWhole(plain)) {
        draft.fill(matter.name(), Slot.of(gist));
      } else {
        draft.add(matter.name(), gist);
      }
    }
    return mention == null
        ? turn.dialogs.proceed()
        : turn.dialogs.places.lookUp(draft, mention, plain);
  }

  /// A correction that does not say what was wrong takes the place of what was told only when it
  /// could stand by itself; else it is one thing more: 应该是晚上响.
  private boolean isWhole(String plain) {
    Meaning meaning = turn.meaning(plain);
    return meaning.problem() && meaning.sure();
  }

  /// 改一下楼栋: that slot is asked again; what it holds is kept until there is an answer.
  private Script.@Nullable Slot named(Draft draft, String bare) {
    String name = Gist.changed(bare);
    if (name == null) {
      return null;
    }
    Script.Slot slot = draft.dialog.slot(name);
    if (slot != null) {
      return slot.silent() ? null : slot;
    }
    Script.Slot place = draft.slotOf(Kind.LOOKUP);
    if (place != null && (PLACE.contains(name) || name.equals(place.entity().name()))) {
      return place;
    }
    return MATTER.contains(name) ? draft.matter() : null;
  }

  /// Anything else adds to what was told, if it says anything.
  private Step added(Draft draft, String said, long message, boolean byVoice) {
    if (Nonsense.is(Plain.of(said))) {
      return isStuck(draft)
          ? turn.human("stuck", message)
          : turn.dialogs.resume(draft, turn.words.sentence(Sentence.NOT_ADDED));
    }
    Script.Slot matter = draft.matter();
    String gist = Gist.of(said, turn.script.problems().openings());
    if (matter == null || Plain.weight(Plain.of(gist)) < 3) {
      return wrong(draft, message);
    }
    if (turn.dialogs.isAnotherAndPrivate(draft, Plain.of(said))) {
      return turn.another(draft, said, message);
    }
    draft.belongs(message);
    draft.voice |= byVoice;
    draft.add(matter.name(), gist);
    return turn.dialogs.proceed();
  }

  private Step wrong(Draft draft, long message) {
    return isStuck(draft)
        ? turn.human("stuck", message)
        : turn.say(turn.words.sentence(Sentence.WHAT_IS_WRONG));
  }

  private boolean isStuck(Draft draft) {
    draft.tries++;
    boolean stuck = draft.tries > turn.script.settings().retries();
    if (stuck) {
      draft.tries = 0;
    }
    return stuck;
  }

  private static boolean isOnly(String plain, Places.Mention mention) {
    return Plain.weight(plain) - mention.length() <= 3;
  }
}
