package io.linyu.bot;

import io.linyu.bot.BotState.Acting;
import io.linyu.bot.BotState.Choice;
import io.linyu.bot.BotState.Waiting;
import io.linyu.bot.Script.Target;
import io.linyu.bot.Script.Word;
import io.linyu.bot.match.Plain;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// 家人代办: somebody lets a relative act for them by a code, and ends it by a word; the relative takes
/// it with a yes and a name, says for whom they speak, and may stop. Whoever means somebody else
/// says so: nothing is guessed from what is told.
///
/// Also what can be done about a matter that is named by its number: adding to it, and not wanting
/// it any more.
final class Family {
  static final String TAKE = "family-take";
  static final String NAME = "family-name";
  static final String FOR = "family-for";
  static final String STOP = "family-stop";
  static final String WITHDRAW = "withdraw";
  static final String WAITING = "family";

  /// In the words of a script any relative is called so.
  private static final String ANY = "家人";

  private static final Pattern CODE =
      Pattern.compile("^(?:家人)?(?:代办码?|consent)[^0-9a-z]{0,4}(\\d{4})[^0-9a-z]{0,3}(\\d{4})$");
  private static final Pattern NUMBER =
      Pattern.compile(
          "^(\\D{1,12}?)[#:, ]*(\\d{1,4}(?:-\\d{4}){1,2}(?:-[1-9]\\d?)?|\\d{5,9})(?![\\d块元])(.*)$");
  private static final Pattern NAMED =
      Pattern.compile(
          "^(?:\\p{IsHan}{2,4}|\\p{IsHan}{1,8}·[\\p{IsHan}·]{1,10}|[a-zA-Z][a-zA-Z.' -]{1,19})$");

  /// Whoever says so, or asks, neither agrees nor tells their name.
  private static final Pattern UNWILLING =
      Pattern.compile("不|吗|怎么|什么|\\b(?:no|not|don't|never)\\b");

  /// A name that stands right behind the yes may be the rest of another word.
  private static final int JOINED_AT_MOST = 4;

  private final Turn turn;

  Family(Turn turn) {
    this.turn = turn;
  }

  static boolean isOffered(Choice each) {
    return Set.of(TAKE, FOR, STOP, WITHDRAW).contains(each.what());
  }

  /// Null when these words are about something else.
  @Nullable Step said(String said, String bare, long message) {
    Matcher code = CODE.matcher(bare);
    if (code.matches()) {
      return act(
          Actions.FAMILY_CLAIM, Map.of("code", code.group(1) + code.group(2)), "claim", message);
    }
    Step agreed = agreed(said, bare, message);
    if (agreed != null) {
      return agreed;
    }
    String kin = kin(bare);
    String any =
        kin == null ? bare : Plain.bare(Plain.of(bare.replaceFirst(Pattern.quote(kin), ANY)));
    if (turn.script.is(Word.ENTRUST, any)) {
      return act(Actions.FAMILY_CODE, Map.of("kinship", kin == null ? ANY : kin), "code", message);
    }
    if (turn.script.is(Word.REVOKE, any)) {
      return act(
          Actions.FAMILY_REVOKE,
          kin == null || kin.equals(ANY) ? Map.of() : Map.of("kinship", kin),
          "revoke",
          message);
    }
    if (turn.script.is(Word.SHOW_ALL, any)) {
      return act(Actions.FAMILY_ALL, Map.of(), "all", message);
    }
    if (turn.script.is(Word.STOP_ACTING, bare)) {
      return mine("stop", "", said, message);
    }
    return turn.isWithPerson() ? null : speaking(said, bare, message);
  }

  /// 帮家人说, with or without what there is to say.
  private @Nullable Step speaking(String said, String bare, long message) {
    if (turn.script.is(Word.ACT_FOR, bare)) {
      return mine("for", "", said, message);
    }
    Behind told = behind(said, Word.ACT_FOR);
    return told != null && told.apart() ? mine("for", told.text(), said, message) : null;
  }

  /// @param text as it was said
  /// @param apart whether a space or a mark stands before it
  private record Behind(String text, boolean apart) {}

  /// What was said behind the longest of these words that it begins with; null: behind none.
  private @Nullable Behind behind(String said, Word words) {
    String aligned = Plain.aligned(said);
    int end =
        turn.script.words().getOrDefault(words, Set.of()).stream()
            .mapToInt(each -> endOf(each, aligned))
            .max()
            .orElse(-1);
    return end < 0
        ? null
        : new Behind(
            said.substring(end).replaceFirst("^[\\p{P}\\p{S}\\s]+", "").strip(),
            end == said.length() || !Character.isLetterOrDigit(said.codePointAt(end)));
  }

  /// Where a word ends that a text begins with, however many spaces are in it; -1: it does not.
  private static int endOf(String word, String aligned) {
    String spaced =
        word.codePoints()
            .mapToObj(c -> c == ' ' ? " +" : Pattern.quote(Character.toString(c)))
            .collect(Collectors.joining(" *"));
    Matcher found = Pattern.compile("[\\p{P}\\s]*" + spaced).matcher(aligned);
    return found.lookingAt() ? found.end() : -1;
  }

  private @Nullable Step agreed(String said, String bare, long message) {
    if (turn.offered.size() != 1) {
      return null;
    }
    String what = turn.offered.getFirst().what();
    if (what.equals(NAME)) {
      return named(said, bare, message);
    }
    if (!what.equals(TAKE)) {
      return null;
    }
    if (turn.script.is(Word.AGREE, bare)) {
      return asksName();
    }
    Behind yes = behind(said, Word.AGREE);
    if (yes == null || isUnwilling(yes.text())) {
      return null;
    }
    if (yes.apart() && isName(yes.text())) {
      return take(yes.text(), message);
    }
    // 同意林红 or 同意代办: it is not for us to say which of them is a name.
    boolean brief = Plain.weight(yes.text()) <= JOINED_AT_MOST && isHan(yes.text());
    return brief || isNoName(yes.text()) ? asksName() : null;
  }

  private Step asksName() {
    turn.choices = List.of(new Choice(NAME, null, null, null, null));
    return turn.say(turn.words.sentence(Sentence.FAMILY_NAME));
  }

  /// Asked again when they say yes once more, or put it off; anything else is heard as such.
  private @Nullable Step named(String said, String bare, long message) {
    Behind yes = behind(said, Word.AGREE);
    String name = yes != null && yes.apart() ? yes.text() : said.strip();
    if (isName(name)) {
      return take(name, message);
    }
    return turn.script.is(Word.AGREE, bare) || isNoName(name) ? asksName() : null;
  }

  /// A word of the bot's own is none, nor is what says no, or yes once more.
  private boolean isName(String said) {
    String plain = Plain.of(said);
    String bare = Plain.bare(plain);
    boolean word =
        List.of(Word.values()).stream().anyMatch(each -> turn.script.is(each, bare))
            || turn.script.handOff().words().contains(bare)
            || turn.script.words().getOrDefault(Word.AGREE, Set.of()).stream()
                .anyMatch(bare::contains);
    return !word
        && !isUnwilling(said)
        && NAMED.matcher(said).matches()
        && !turn.meaning(plain).problem();
  }

  private boolean isNoName(String said) {
    return turn.script.is(Word.NO_NAME, Plain.bare(Plain.of(said)));
  }

  private static boolean isUnwilling(String said) {
    return UNWILLING.matcher(Plain.aligned(said)).find();
  }

  private static boolean isHan(String said) {
    return said.codePoints()
        .allMatch(c -> Character.UnicodeScript.of(c) == Character.UnicodeScript.HAN);
  }

  private Step take(String name, long message) {
    return act(Actions.FAMILY_TAKE, Map.of("name", name), "take", message);
  }

  /// The longest word for a relative that is in it.
  private @Nullable String kin(String bare) {
    return turn.script.words().getOrDefault(Word.KIN, Set.of()).stream()
        .filter(bare::contains)
        .max(Comparator.comparingInt(String::length))
        .orElse(null);
  }

  @Nullable Step chosen(Choice choice, long message) {
    Acting acting = choice.acting();
    return switch (choice.what()) {
      case TAKE -> asksName();
      case FOR -> {
        Long first = choice.message();
        yield acting == null
            ? null
            : begin(acting, text(choice.said()), first == null ? message : first);
      }
      case STOP ->
          acting == null
              ? null
              : act(Actions.FAMILY_STOP, Map.of("consent", acting.consent()), "stopped", message);
      default ->
          act(Actions.WITHDRAW_CASE, Map.of("number", text(choice.text())), "withdrawn", message);
    };
  }

  private static String text(@Nullable String text) {
    return text == null ? "" : text;
  }

  // A matter by its number.

  /// `补充 3-0417 还漏水`, `撤回 3-0417`; null when it is neither.
  @Nullable Step ofMatter(String said, String bare, long message) {
    Matcher named = NUMBER.matcher(bare);
    if (!named.matches()) {
      return null;
    }
    String word = Plain.bare(named.group(1));
    String number = named.group(2).toUpperCase(Locale.ROOT);
    if (turn.script.is(Word.ADD, word) && !Plain.bare(named.group(3)).isEmpty()) {
      return add(number, message);
    }
    return turn.script.is(Word.WITHDRAW, word) && Plain.bare(named.group(3)).isEmpty()
        ? turn.ask(
            Actions.MY_CASES, Map.of("number", number), new Waiting(WAITING, number, "withdraw"))
        : null;
  }

  Step add(String number, long message) {
    return act(
        Actions.ADD_TO_CASE,
        Map.of("number", number, "messages", List.of(message)),
        "add",
        message);
  }

  private Step withdraws(String number, Map<String, Object> values) {
    List<Map<String, Object>> found = Values.maps(values.get("cases"));
    if (found.isEmpty()) {
      return turn.answer(turn.words.cases(number, values));
    }
    String written = Values.text(found.getFirst(), "number");
    turn.choices = List.of(new Choice(WITHDRAW, written, null, null, null));
    return turn.say(
        turn.words.sentence(
            Sentence.WITHDRAW_ASK,
            Map.of("编号", written, "事情", Wording.clip(Values.text(found.getFirst(), "title")))));
  }

  // What comes back.

  Step found(Waiting of, Map<String, Object> values) {
    turn.understoodAgain();
    String who = Values.text(values, "who");
    return switch (text(of.kind())) {
      case "code" ->
          answer(
              Sentence.FAMILY_CODE, Map.of("码", Values.text(values, "code"), "亲", text(of.text())));
      case "all" ->
          answer(
              Boolean.TRUE.equals(values.get("done"))
                  ? Sentence.FAMILY_ALL
                  : Sentence.FAMILY_ALL_NONE);
      case "claim" -> claimed(Values.text(values, "outcome"), who, values);
      case "take" ->
          who.isEmpty()
              ? answer(Sentence.FAMILY_GONE)
              : answer(Sentence.FAMILY_TAKEN, Map.of("谁", who, "期限", Values.text(values, "until")));
      case "revoke" -> revoked(who, Values.text(values, "still"));
      case "stopped" -> answer(Sentence.FAMILY_STOPPED, Map.of("谁", who));
      case "withdraw" -> withdraws(text(of.text()), values);
      case "withdrawn" ->
          answer(
              Boolean.TRUE.equals(values.get("safety"))
                  ? Sentence.WITHDRAWN_SAFETY
                  : Sentence.WITHDRAWN,
              Map.of("编号", Values.text(values, "number")));
      case "add" ->
          answer(
              Boolean.TRUE.equals(values.get("done")) ? Sentence.ADDED : Sentence.NOT_ADDED_OVER,
              Map.of("编号", Values.text(values, "number")));
      default -> which(of, values);
    };
  }

  private Step revoked(String who, String still) {
    if (who.isEmpty()) {
      return answer(Sentence.FAMILY_REVOKED_NONE);
    }
    return still.isEmpty()
        ? answer(Sentence.FAMILY_REVOKED, Map.of("谁", who))
        : answer(Sentence.FAMILY_REVOKED_SOME, Map.of("谁", who, "还", still));
  }

  private Step claimed(String outcome, String who, Map<String, Object> values) {
    if (!outcome.equals("right")) {
      return answer(
          switch (outcome) {
            case "own" -> Sentence.FAMILY_OWN;
            case "often" -> Sentence.FAMILY_LATER;
            default -> Sentence.FAMILY_WRONG;
          });
    }
    turn.choices = List.of(new Choice(TAKE, null, null, null, null));
    boolean all = Boolean.TRUE.equals(values.get("all"));
    return turn.say(
        turn.words.sentence(
            Sentence.FAMILY_FOUND,
            Map.of(
                "谁",
                who,
                "看",
                turn.words.sentence(all ? Sentence.FAMILY_SEES_ALL : Sentence.FAMILY_SEES_SOME))));
  }

  /// For whom to speak, or whom not to act for any more.
  private Step which(Waiting of, Map<String, Object> values) {
    String[] how = text(of.kind()).split(":", 2);
    boolean stops = how[0].equals("stop");
    long message = how.length < 2 ? 0 : Long.parseLong(how[1]);
    List<Acting> all = Values.maps(values.get("acting")).stream().map(Family::one).toList();
    if (all.isEmpty()) {
      return answer(Sentence.FAMILY_NONE);
    }
    if (all.size() == 1) {
      Acting only = all.getFirst();
      return stops
          ? act(Actions.FAMILY_STOP, Map.of("consent", only.consent()), "stopped", message)
          : begin(only, text(of.text()), message);
    }
    var lines = new ArrayList<String>();
    var offers = new ArrayList<Choice>();
    for (Acting each : all) {
      lines.add(lines.size() + 1 + " " + each.who());
      offers.add(new Choice(stops ? STOP : FOR, null, null, of.text(), message, each));
    }
    turn.choices = List.copyOf(offers);
    return turn.say(
        turn.words.sentence(
            stops ? Sentence.FAMILY_STOP_WHICH : Sentence.FAMILY_WHICH,
            Map.of("列表", String.join("\n", lines))));
  }

  /// What they tell from here on is that person's. What they were telling for themselves is filed
  /// first.
  private Step begin(Acting acting, String said, long message) {
    Target report = Meaning.report(turn.script);
    if (report == null) {
      return turn.answer(turn.words.menu());
    }
    turn.acting = acting;
    turn.draft = null;
    turn.sayFirst(turn.words.sentence(Sentence.FAMILY_SPEAK, Map.of("谁", acting.who())));
    return turn.start(report, said, Plain.of(said), message, false);
  }

  private static Acting one(Map<String, Object> each) {
    long consent = each.get("consent") instanceof Number number ? number.longValue() : 0;
    Long territory = each.get("territory") instanceof Number number ? number.longValue() : null;
    String place = Values.text(each, "place");
    return new Acting(consent, Values.text(each, "who"), place.isEmpty() ? null : place, territory);
  }

  /// For whom something that comes back was told; null: for themselves.
  static @Nullable Acting acting(Map<String, Object> values) {
    return values.get("consent") instanceof Number ? one(values) : null;
  }

  // Saying and doing.

  /// @param whole what was said, to be heard again when something else has to be filed first
  private Step mine(String what, String said, String whole, long message) {
    Draft open = turn.draft;
    if (what.equals("for") && open != null && turn.dialogs.isToBeKept(open)) {
      return turn.another(open, whole, message);
    }
    return turn.ask(
        Actions.FAMILY_MINE,
        Map.of(),
        new Waiting(WAITING, said.isEmpty() ? null : said, what + ":" + message));
  }

  private Step act(
      Actions.Action action, Map<String, Object> arguments, String what, long message) {
    Object kin = arguments.get("kinship");
    return turn.act(
        action,
        new HashMap<>(arguments),
        "family-" + what + ":" + message,
        new Waiting(WAITING, kin == null ? null : kin.toString(), what));
  }

  private Step answer(Sentence sentence) {
    return answer(sentence, Map.of());
  }

  private Step answer(Sentence sentence, Map<String, String> said) {
    return turn.answer(turn.words.sentence(sentence, said));
  }
}
