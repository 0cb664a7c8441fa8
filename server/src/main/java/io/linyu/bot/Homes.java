package io.linyu.bot;

import io.linyu.bot.BotState.Waiting;
import io.linyu.bot.Values.Found;
import io.linyu.bot.match.Places;
import io.linyu.bot.match.Plain;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Where the resident lives: told by the code on a door or by saying so, asked once.
final class Homes {
  private static final String BUILDING_CODE = "bld:";
  private static final String DESK_CODE = "dsk:";
  private static final String ASKED = "home";
  private static final Pattern LIVES =
      Pattern.compile(
          "(?:我们?(?:家|屋头)?(?:是|住|住在|在)|家住|(?:我|家)们?(?:家|屋头)?住在?[\\u4e00-\\u9fff]{1,8}|住在"
              + "|i live (?:in|at) )$");

  private final Turn turn;

  Homes(Turn turn) {
    this.turn = turn;
  }

  /// Who leaves is forgotten, and may be asked again.
  Step left() {
    turn.forget(ASKED);
    return turn.quiet();
  }

  /// Followed or scanned.
  Step welcome(@Nullable String scene, long message) {
    if (scene != null && scene.startsWith(BUILDING_CODE)) {
      return turn.ask(
          Actions.FIND_BUILDING,
          Map.of("text", "code:" + scene.substring(BUILDING_CODE.length())),
          new Waiting("scan", null, Long.toString(message)));
    }
    if (scene != null && scene.startsWith(DESK_CODE)) {
      return turn.ask(
          Actions.FIND_DESK,
          Map.of("code", scene.substring(DESK_CODE.length())),
          new Waiting("desk", null, null));
    }
    return greet();
  }

  /// What is told from here on goes to the desk whose code was scanned.
  Step desk(Map<String, Object> values) {
    if (!(values.get("desk") instanceof Number desk)) {
      String unknown = turn.words.sentence(Sentence.CODE_UNKNOWN);
      return turn.draft == null
          ? turn.say(turn.words.sentence(Sentence.GREETING) + "\n" + unknown)
          : turn.answer(unknown);
    }
    turn.standsAt(desk.longValue());
    return turn.answer(
        turn.words.sentence(Sentence.GREETING_AT_DESK, Map.of("台", Values.text(values, "name"))));
  }

  Step greet() {
    Scene.Place place = turn.scene.place();
    if (place != null) {
      return turn.say(turn.words.sentence(Sentence.GREETING_AT_HOME, Map.of("地点", place.name())));
    }
    return turn.say(
        turn.words.sentence(turn.once(ASKED) ? Sentence.GREETING_ASK_HOME : Sentence.GREETING));
  }

  /// When the text says where the resident lives and little else, or null.
  @Nullable Step told(String said, String plain, long message) {
    Gist.Correction correction = Gist.correction(said);
    String right = correction == null ? plain : Plain.of(correction.right());
    Places.Mention mention = Places.in(right);
    if (mention == null || !isHome(right, mention, correction != null)) {
      return null;
    }
    Scene.Place home = turn.scene.place();
    return turn.ask(
        Actions.FIND_BUILDING,
        Map.of("text", PlaceTalk.inEstate(home == null ? "" : home.name(), mention)),
        new Waiting("home", null, Long.toString(message)));
  }

  private boolean isHome(String plain, Places.Mention mention, boolean corrects) {
    int rest = Plain.weight(plain) - mention.length();
    boolean bound = turn.scene.place() != null;
    boolean answers = rest <= 3 && (bound ? corrects : turn.wasAsked(ASKED));
    return answers || (rest <= 8 && lives(plain, mention) && !turn.meaning(plain).problem());
  }

  static boolean lives(String plain, Places.Mention mention) {
    return LIVES.matcher(plain.substring(0, mention.start())).find();
  }

  Step found(Waiting of, List<Found> found) {
    long message = of.kind() == null ? 0 : Long.parseLong(of.kind());
    boolean scan = of.what().equals("scan");
    if (found.size() == 1) {
      return bind(found.getFirst().territory(), scan ? "greet" : "kept", message);
    }
    if (scan) {
      String unknown = turn.words.sentence(Sentence.CODE_UNKNOWN);
      return turn.draft == null
          ? turn.say(turn.words.sentence(Sentence.GREETING) + "\n" + unknown)
          : turn.answer(unknown);
    }
    return found.isEmpty() || found.size() > PlaceTalk.MOST
        ? turn.answer(turn.words.sentence(Sentence.HOME_UNKNOWN))
        : turn.which("home", found);
  }

  /// @param then `greet`, `kept`, or `form` to go on with the open dialog
  Step bind(long territory, String then, long message) {
    return turn.act(
        Actions.BIND_BUILDING,
        Map.of("territory", territory),
        "bind:" + message + ":" + territory,
        new Waiting("bind", Long.toString(territory), then));
  }

  Step bound(Waiting of, Map<String, Object> values) {
    if ("form".equals(of.kind())) {
      return turn.dialogs.proceed();
    }
    String name = Values.text(values, "name");
    Long territory = of.text() == null ? null : Long.valueOf(of.text());
    if (turn.dialogs.places.put(name, territory)) {
      return turn.dialogs.proceed();
    }
    Map<String, String> said = new HashMap<>();
    said.put("地点", name);
    said.put("社区", Values.text(values, "community"));
    boolean greets = "greet".equals(of.kind());
    return turn.answer(
        turn.words.sentence(greets ? Sentence.GREETING_AT_HOME : Sentence.HOME_KEPT, said));
  }

  Step refused(Waiting of) {
    return "form".equals(of.kind()) ? turn.dialogs.proceed() : greet();
  }
}
