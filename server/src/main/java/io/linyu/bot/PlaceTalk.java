package io.linyu.bot;

import io.linyu.bot.BotState.Form;
import io.linyu.bot.BotState.Slot;
import io.linyu.bot.BotState.Waiting;
import io.linyu.bot.Script.Kind;
import io.linyu.bot.Script.Word;
import io.linyu.bot.Values.Found;
import io.linyu.bot.match.Places;
import io.linyu.bot.match.Plain;
import io.linyu.channel.Content;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The place of an open dialog: recognised in what was said, looked up, chosen from several, or
/// taken as it was said.
final class PlaceTalk {
  /// More places than these are too many to choose from by number.
  static final int MOST = 4;

  /// A building without its estate.
  private static final Pattern BARE = Pattern.compile("[0-9A-Z甲乙丙丁]+栋");

  private final Turn turn;

  PlaceTalk(Turn turn) {
    this.turn = turn;
  }

  Step lookUp(Draft draft, Places.Mention mention, String plain) {
    Script.Slot slot = draft.slotOf(Kind.LOOKUP);
    if (slot == null) {
      return turn.dialogs.proceed();
    }
    Slot home = turn.dialogs.home(draft);
    String unit = mention.shown().substring(mention.lookup().length());
    if (home != null && names(home.text(), mention.lookup())) {
      draft.fill(slot.name(), new Slot(home.text() + unit, home.territory(), List.of()));
      return turn.dialogs.proceed();
    }
    // Around somebody else's home, where it is told for them.
    String before =
        draft.acting != null && home != null && draft.text(slot.name()).isEmpty()
            ? home.text()
            : draft.text(slot.name());
    boolean joins = !mention.building() && BARE.matcher(before).lookingAt();
    String lookup = joins ? mention.lookup() + before : inEstate(before, mention);
    draft.fill(slot.name(), Slot.of(joins ? lookup : mention.shown()));
    boolean lives = draft.acting == null && home == null && Homes.lives(plain, mention);
    return turn.ask(
        Actions.FIND_BUILDING,
        Map.of("text", lookup),
        new Waiting("lookup", unit, lives ? "lives" : null));
  }

  /// An answer to the question for the place.
  Step answered(Draft draft, Script.Slot slot, String said, String plain) {
    Places.Mention mention = Places.in(plain);
    if (mention != null) {
      return lookUp(draft, mention, plain);
    }
    if (turn.script.is(Word.NO, Plain.bare(plain))) {
      draft.fill(slot.name(), Slot.of(""));
      return turn.dialogs.proceed();
    }
    String before = draft.text(slot.name());
    String place = BARE.matcher(before).lookingAt() ? said.strip() + before : said.strip();
    draft.fill(slot.name(), Slot.of(place));
    return turn.ask(
        Actions.FIND_BUILDING,
        Map.of("text", Wording.clip(place)),
        new Waiting("lookup", null, null));
  }

  Step looked(Draft draft, Waiting of, List<Found> found) {
    Script.Slot slot = draft.slotOf(Kind.LOOKUP);
    if (slot == null) {
      return turn.dialogs.proceed();
    }
    if (found.size() == 1) {
      Found one = found.getFirst();
      String unit = of.text() == null ? "" : of.text();
      draft.fill(slot.name(), new Slot(one.name() + unit, one.territory(), List.of()));
      return "lives".equals(of.kind())
          ? turn.homes.bind(one.territory(), "form", draft.first)
          : turn.dialogs.proceed();
    }
    boolean asked = slot.name().equals(draft.asking) || Form.CONFIRM.equals(draft.asking);
    if (found.size() > 1 && found.size() <= MOST) {
      draft.asking = slot.name();
      return turn.which("place", found);
    }
    if (asked || turn.dialogs.home(draft) != null) {
      return turn.dialogs.proceed();
    }
    draft.asking = slot.name();
    return turn.say(
        turn.words.sentence(Sentence.WHICH_ESTATE, Map.of("地点", draft.text(slot.name()))));
  }

  Step chosen(String name, long territory, long message) {
    Draft draft = turn.draft;
    if (draft != null) {
      draft.belongs(message);
      put(name, territory);
    }
    return turn.dialogs.proceed();
  }

  /// @return whether there is an open dialog with a place to fill
  boolean put(String name, @Nullable Long territory) {
    Draft draft = turn.draft;
    Script.Slot slot = draft == null ? null : draft.slotOf(Kind.LOOKUP);
    if (draft == null || slot == null) {
      return false;
    }
    draft.fill(slot.name(), new Slot(name, territory, List.of()));
    return true;
  }

  Step sent(Content.Location location, long message) {
    String label =
        location.label().isBlank()
            ? String.format(Locale.ROOT, "%.5f,%.5f", location.latitude(), location.longitude())
            : location.label().strip();
    Draft draft = turn.dialogs.openFor(message);
    if (draft == null || !put(label, null)) {
      return turn.say(turn.words.menu());
    }
    Script.Slot matter = draft.matter();
    if (matter != null && draft.text(matter.name()).isEmpty()) {
      draft.asking = matter.name();
      return turn.say(turn.words.sentence(Sentence.PLACE_ALONE, Map.of("地点", label)));
    }
    return turn.dialogs.proceed();
  }

  /// Whether nobody can tell yet whose place it is.
  boolean isUnknown(Draft draft) {
    Script.Slot slot = draft.slotOf(Kind.LOOKUP);
    Slot filled = slot == null ? null : draft.slots.get(slot.name());
    return slot != null
        && (filled == null || filled.territory() == null)
        && turn.dialogs.home(draft) == null;
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
  static String inEstate(String before, Places.Mention mention) {
    int estate = 0;
    while (estate < before.length() && !Character.isDigit(before.charAt(estate))) {
      estate++;
    }
    boolean named = estate > 1 && estate < before.length();
    return named && BARE.matcher(mention.lookup()).matches()
        ? before.substring(0, estate) + mention.lookup()
        : mention.context();
  }
}
