package io.linyu.bot;

import io.linyu.bot.BotState.Choice;
import io.linyu.bot.BotState.Waiting;
import io.linyu.bot.Script.Target;
import io.linyu.bot.Script.Target.Way;
import io.linyu.bot.Script.Word;
import io.linyu.bot.match.Places;
import io.linyu.bot.match.Plain;
import io.linyu.channel.Content;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One step: what the engine owns whatever the dialogs are. Danger comes first, then the words that
/// always work, then the open dialog, then what the text most likely wants.
final class Turn {
  private static final Duration AFTERMATH = Duration.ofMinutes(30);
  private static final Duration BURST = Duration.ofMinutes(10);
  private static final int MOST_CASES = 5;
  private static final Pattern CASE_NUMBER =
      Pattern.compile("^(.{0,8}?)[#:, ]*([a-z]{0,3}\\d[0-9a-z]*(?:-[0-9a-z]+)*)$");
  private static final Pattern NUMBER = Pattern.compile("^(?:第|选|回)?(\\d)(?:个|号|项)?$");
  private static final Pattern LIVES =
      Pattern.compile(
          "(?:我们?(?:家|屋头)?(?:是|住|住在|在)|家住|(?:我|家)们?(?:家|屋头)?住在?[\\u4e00-\\u9fff]{1,8}|住在|i live (?:in|at) )$");
  private static final Pattern EMOJI =
      Pattern.compile("/:[a-z@&#*!;:~^'\"<>(){}\\[\\]|0-9_+-]+|\\[[^\\[\\]]{1,8}]|【收到不支持的消息类型.*】");

  final Script script;
  final Scene scene;
  @Nullable Draft draft;
  List<Choice> choices;
  private final List<Choice> offered;
  private boolean person;
  private int misses;
  private BotState.@Nullable Alarm alarm;
  private BotState.@Nullable Filed filed;
  private @Nullable Instant voice;
  private final List<String> asked;
  private @Nullable Waiting waiting;
  private final Dialogs dialogs = new Dialogs(this);

  Turn(Script script, BotState state, Scene scene) {
    this.script = script;
    this.scene = scene;
    draft = Draft.of(state.form(), script);
    offered = state.choices();
    choices = List.of();
    person = state.person() != null && state.person();
    misses = state.misses() == null ? 0 : state.misses();
    alarm = state.alarm();
    filed = state.filed();
    voice = state.voice();
    asked = new ArrayList<>(state.asked());
    waiting = state.waiting();
  }

  Step heard(Content content, long message) {
    waiting = null;
    return switch (content) {
      case Content.Text text -> said(text.text(), message, false);
      case Content.Voice sound -> {
        String words = sound.recognition();
        if (words != null && !words.isBlank()) {
          yield said(words, message, true);
        }
        yield scene.recorded() ? keepVoice(message) : quiet();
      }
      case Content.Unfollowed _, Content.Other _ -> quiet();
      case Content.Image _,
          Content.Location _,
          Content.Followed _,
          Content.Scanned _,
          Content.MenuTapped _
          when !scene.recorded() ->
          quiet();
      case Content.Followed followed -> welcome(followed.scene(), message);
      case Content.Scanned scanned -> welcome(scanned.scene(), message);
      case Content.MenuTapped tapped -> tapped(tapped.key(), message);
      case Content.Image _ -> person ? quiet() : dialogs.picture(message);
      case Content.Location location -> person ? quiet() : dialogs.location(location, message);
    };
  }

  private Step said(String said, long message, boolean byVoice) {
    String plain = Plain.of(said);
    String bare = Plain.bare(plain);
    String danger = script.dangers().wording().in(plain);
    if (danger != null) {
      return ring(danger, said, message);
    }
    if (!scene.recorded()) {
      return quiet();
    }
    if (person) {
      return script.is(Word.BOT, bare)
          ? act(Actions.HAND_BACK, Map.of(), "back:" + message, new Waiting("back", null, null))
          : quiet();
    }
    if (script.handOff().words().contains(bare)) {
      return human("asked", message);
    }
    if (script.is(Word.CANCEL, bare)) {
      return cancel();
    }
    String number = caseNumber(bare);
    if (number != null || script.is(Word.PROGRESS, bare)) {
      return progress(number);
    }
    if (script.is(Word.MENU, bare) || script.is(Word.BOT, bare)) {
      return answer(menu());
    }
    Step chosen = chosen(bare, message);
    if (chosen != null) {
      return chosen;
    }
    return draft != null
        ? dialogs.answer(draft, said, plain, message, byVoice)
        : idle(said, plain, bare, message, byVoice);
  }

  private Step idle(String said, String plain, String bare, long message, boolean byVoice) {
    String words = EMOJI.matcher(plain).replaceAll("");
    if (words.codePoints().noneMatch(Character::isLetterOrDigit)) {
      return answer(plain.indexOf('?') >= 0 ? menu() : sentence(Sentence.FINE));
    }
    if (script.is(Word.YES, bare) || script.is(Word.NO, bare) || script.is(Word.SKIP, bare)) {
      return answer(sentence(Sentence.FINE));
    }
    Places.Mention mention = Places.in(plain);
    boolean alarmed = within(AFTERMATH, alarm == null ? null : alarm.at());
    if (mention != null && scene.place() == null && !alarmed && isHome(plain, mention)) {
      return ask(
          Actions.FIND_BUILDING,
          Map.of("text", mention.context()),
          new Waiting("home", mention.shown(), Long.toString(message)));
    }
    Meaning meaning = Meaning.of(plain, script, today());
    Target target = meaning.target();
    if (target != null && meaning.sure()) {
      return start(target, said, plain, message, byVoice);
    }
    if (alarmed) {
      return answer(sentence(Sentence.AFTER_ALARM));
    }
    if (mention != null && Plain.weight(plain) - (mention.end() - mention.start()) <= 3) {
      Target report = Meaning.report(script);
      if (report != null) {
        return start(report, said, plain, message, byVoice);
      }
    }
    boolean clear = target != null && !meaning.problem();
    if (!clear && filed != null && within(AFTERMATH, filed.at())) {
      return answer(sentence(Sentence.AFTER_FILED, Map.of("编号", filed.number())));
    }
    if (target != null) {
      return suggest(target, said, message);
    }
    return missed(said, message, byVoice);
  }

  Step start(Target target, String said, String plain, long message, boolean byVoice) {
    misses = 0;
    return switch (target.way()) {
      case DIALOG -> {
        Script.Dialog dialog = script.dialogs().get(target.name());
        yield dialog == null
            ? answer(menu())
            : dialogs.start(dialog, said, plain, message, byVoice);
      }
      case FAQ -> answer(faq(target.name()));
      case PROGRESS -> progress(null);
      case HUMAN -> human("asked", message);
      case MENU -> answer(menu());
    };
  }

  /// What answers a question or a courtesy without opening a dialog, or null.
  @Nullable String passing(String plain) {
    Meaning meaning = Meaning.of(plain, script, today());
    Target target = meaning.target();
    if (target == null || !meaning.sure() || meaning.problem()) {
      return null;
    }
    if (target.way() == Way.FAQ) {
      return faq(target.name());
    }
    Script.Dialog dialog = target.way() == Way.DIALOG ? script.dialogs().get(target.name()) : null;
    return dialog != null && dialog.slots().isEmpty() ? phrase(dialog.say(), Map.of()) : null;
  }

  private String faq(String id) {
    Script.Faq faq = script.faqs().get(id);
    return faq == null ? "" : phrase(faq.answer(), Map.of());
  }

  // Danger

  private Step ring(String kind, String said, long message) {
    Script.Emergency emergency = script.dangers().kinds().get(kind);
    if (emergency == null) {
      return quiet();
    }
    if (!scene.recorded()) {
      return say(phrase(emergency.say(), Map.of()) + "\n" + sentence(Sentence.UNRECORDED));
    }
    boolean same = alarm != null && alarm.kind().equals(kind) && within(AFTERMATH, alarm.at());
    long first = same && alarm != null ? alarm.first() : message;
    alarm = new BotState.Alarm(kind, first, scene.now());
    return act(
        Actions.RING_ALARM,
        Map.of(
            "kind", kind, "what", said, "number", emergency.number(), "messages", List.of(message)),
        "alarm:" + kind + ":" + first,
        new Waiting("alarm", null, kind));
  }

  private Step rung(@Nullable String kind, boolean rings) {
    Script.Emergency emergency = script.dangers().kinds().get(kind == null ? "" : kind);
    if (emergency == null) {
      return quiet();
    }
    Phrase own = emergency.rung();
    String then =
        !rings
            ? sentence(Sentence.UNRECORDED)
            : own == null ? sentence(Sentence.RUNG) : phrase(own, Map.of());
    return say(phrase(emergency.say(), Map.of()) + "\n" + then);
  }

  // Commands

  private Step cancel() {
    boolean open = draft != null;
    draft = null;
    return answer(sentence(open ? Sentence.CANCELLED : Sentence.NOTHING_TO_CANCEL));
  }

  Step human(String reason, long message) {
    return act(
        Actions.HAND_OVER,
        Map.of("reason", reason),
        "human:" + message,
        new Waiting("human", null, null));
  }

  private Step missed(String said, long message, boolean byVoice) {
    misses++;
    if (misses >= script.settings().retries()) {
      return human("not_understood", message);
    }
    return say(
        byVoice
            ? sentence(Sentence.HEARD_NOT_UNDERSTOOD, Map.of("话", clip(said)))
            : phrase(script.notUnderstood(), Map.of()));
  }

  private Step progress(@Nullable String number) {
    return ask(
        Actions.MY_CASES,
        number == null ? Map.of() : Map.of("number", number),
        new Waiting("cases", number, null));
  }

  /// `查询 3-0417`, `3-0417`, `单号 3-0417`.
  private @Nullable String caseNumber(String bare) {
    Matcher matcher = CASE_NUMBER.matcher(bare);
    if (!matcher.matches()) {
      return null;
    }
    String before = Plain.bare(matcher.group(1));
    String number = matcher.group(2);
    boolean named = script.is(Word.PROGRESS, before);
    boolean alone = before.isEmpty() && number.matches("\\d{1,3}-\\d{3,6}");
    return alone || (named && number.length() >= 2) ? number.toUpperCase(Locale.ROOT) : null;
  }

  /// Two guesses in a row are as good as not understanding.
  private Step suggest(Target target, String said, long message) {
    misses++;
    String idea = idea(target);
    if (idea.isEmpty() || misses >= script.settings().retries()) {
      return human("not_understood", message);
    }
    choices = List.of(new Choice(target.way().name(), target.name(), null, said, message));
    return say(sentence(Sentence.SUGGEST, Map.of("想法", idea)));
  }

  /// What a suggestion is called.
  private String idea(Target target) {
    return switch (target.way()) {
      case DIALOG -> {
        Script.Dialog dialog = script.dialogs().get(target.name());
        yield dialog == null ? "" : phrase(dialog.label(), Map.of());
      }
      case FAQ -> {
        Script.Faq faq = script.faqs().get(target.name());
        yield faq == null
            ? ""
            : sentence(Sentence.QUESTION, Map.of("问题", faq.questions().getFirst()));
      }
      case PROGRESS, HUMAN, MENU ->
          script.menu().stream()
              .filter(item -> item.target().equals(target))
              .findFirst()
              .map(item -> phrase(item.label(), Map.of()))
              .orElse("");
    };
  }

  // Numbers

  private @Nullable Step chosen(String bare, long message) {
    Matcher matcher = NUMBER.matcher(bare);
    int number = matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
    if (offered.isEmpty()) {
      return draft == null && number >= 1 && number <= script.menu().size()
          ? start(script.menu().get(number - 1).target(), "", "", message, false)
          : null;
    }
    if (number == 0 && offered.size() == 1 && script.is(Word.YES, bare)) {
      number = 1;
    }
    if (number < 1 || number > offered.size()) {
      return null;
    }
    Choice choice = offered.get(number - 1);
    String text = choice.text() == null ? "" : choice.text();
    long territory = choice.territory() == null ? 0 : choice.territory();
    return switch (choice.what()) {
      case "place" -> dialogs.placed(text, territory, message);
      case "home" -> bind(territory, "kept", message);
      default -> {
        String said = choice.said() == null ? "" : choice.said();
        long first = choice.message() == null ? message : choice.message();
        Target target = new Target(Way.valueOf(choice.what()), text);
        yield start(target, said, Plain.of(said), first, false);
      }
    };
  }

  // Voice

  private Step keepVoice(long message) {
    boolean burst = within(BURST, voice);
    voice = scene.now();
    return act(
        Actions.KEEP_VOICE,
        Map.of("message", message, "bundle", burst),
        "voice:" + message,
        new Waiting("voice", null, burst ? "burst" : null));
  }

  // Where the resident lives

  private Step welcome(@Nullable String code, long message) {
    if (code != null && code.startsWith("bld:")) {
      return ask(
          Actions.FIND_BUILDING,
          Map.of("text", "code:" + code.substring(4)),
          new Waiting("scan", null, Long.toString(message)));
    }
    return greet();
  }

  private Step greet() {
    Scene.Place place = scene.place();
    if (place != null) {
      return say(sentence(Sentence.GREETING_AT_HOME, Map.of("地点", place.name())));
    }
    if (asked.contains("home")) {
      return say(sentence(Sentence.GREETING));
    }
    asked.add("home");
    return say(sentence(Sentence.GREETING_ASK_HOME));
  }

  private boolean isHome(String plain, Places.Mention mention) {
    int rest = Plain.weight(plain) - (mention.end() - mention.start());
    boolean answers = rest <= 3 && asked.contains("home");
    return answers
        || (rest <= 8 && lives(plain, mention) && !Meaning.of(plain, script, today()).problem());
  }

  static boolean lives(String plain, Places.Mention mention) {
    return LIVES.matcher(plain.substring(0, mention.start())).find();
  }

  Step bind(long territory, String then, long message) {
    return act(
        Actions.BIND_BUILDING,
        Map.of("territory", territory),
        "bind:" + message + ":" + territory,
        new Waiting("bind", Long.toString(territory), then));
  }

  private Step found(Waiting of, List<Found> found) {
    long message = of.kind() == null ? 0 : Long.parseLong(of.kind());
    boolean scan = of.what().equals("scan");
    if (found.size() == 1) {
      return bind(found.getFirst().territory(), scan ? "greet" : "kept", message);
    }
    if (scan) {
      return greet();
    }
    if (found.isEmpty() || found.size() > Dialogs.MOST_PLACES) {
      return answer(sentence(Sentence.HOME_UNKNOWN));
    }
    return which("home", found);
  }

  Step which(String what, List<Found> found) {
    choices = found.stream().map(f -> Choice.of(what, f.name(), f.territory())).toList();
    var list = new StringBuilder();
    for (int i = 0; i < found.size(); i++) {
      list.append(i == 0 ? "" : "\n").append(i + 1).append(' ').append(found.get(i).name());
    }
    return say(sentence(Sentence.WHICH_PLACE, Map.of("列表", list.toString())));
  }

  private Step tapped(String key, long message) {
    Target target =
        script.menu().stream()
            .filter(item -> item.key().equals(key))
            .findFirst()
            .map(Script.MenuItem::target)
            .orElse(Target.of(Way.MENU));
    if (person && target.way() != Way.PROGRESS) {
      return say(sentence(Sentence.PERSON_HAS_IT));
    }
    if (target.way() == Way.DIALOG && draft != null && draft.dialog.name().equals(target.name())) {
      return dialogs.resume(draft, "");
    }
    return start(target, "", "", message, false);
  }

  // What comes back

  /// A place as it was found.
  record Found(long territory, String name) {}

  Step outcome(Map<String, Object> values) {
    Waiting of = waiting;
    waiting = null;
    if (of == null) {
      return quiet();
    }
    return switch (of.what()) {
      case "home", "scan" -> found(of, Dialogs.places(values));
      case "bind" -> bound(of, values);
      case "cases" -> answer(cases(of.text(), values));
      case "alarm" -> rung(of.kind(), true);
      case "voice" -> voiceKept(of, values);
      case "human" -> handedOver(values);
      case "back" -> {
        person = false;
        yield answer(sentence(Sentence.BACK));
      }
      default -> dialogs.outcome(of, values);
    };
  }

  Step refused(String sentence) {
    Waiting of = waiting;
    waiting = null;
    if (of == null) {
      return say(sentence);
    }
    return switch (of.what()) {
      case "alarm" -> rung(of.kind(), false);
      case "bind" -> "form".equals(of.kind()) ? dialogs.proceed() : greet();
      case "lookup" -> dialogs.outcome(of, Map.of());
      default -> say(sentence);
    };
  }

  private Step bound(Waiting of, Map<String, Object> values) {
    if ("form".equals(of.kind())) {
      return dialogs.proceed();
    }
    String name = text(values, "name");
    Long territory = of.text() == null ? null : Long.valueOf(of.text());
    if (draft != null && dialogs.placeAt(name, territory)) {
      return dialogs.proceed();
    }
    Map<String, String> said = new HashMap<>();
    said.put("地点", name);
    said.put("社区", text(values, "community"));
    boolean greets = "greet".equals(of.kind());
    return answer(sentence(greets ? Sentence.GREETING_AT_HOME : Sentence.HOME_KEPT, said));
  }

  private Step voiceKept(Waiting of, Map<String, Object> values) {
    boolean waits = values.get("already") instanceof Number already && already.intValue() > 0;
    if (waits && of.kind() != null) {
      return quiet();
    }
    Map<String, String> said = new HashMap<>();
    said.put("时间", text(values, "by"));
    if (!text(values, "phone").isEmpty()) {
      said.put("电话", text(values, "phone"));
    }
    return say(sentence(Sentence.VOICE, said));
  }

  private Step handedOver(Map<String, Object> values) {
    Map<String, String> said = new HashMap<>();
    said.put("台", text(values, "desk"));
    said.put("时间", text(values, "nextOpen"));
    if (!text(values, "phone").isEmpty()) {
      said.put("电话", text(values, "phone"));
    }
    misses = 0;
    if (Boolean.TRUE.equals(values.get("open"))) {
      person = true;
      return step(new Move.HandOff(clipBytes(phrase(script.handOff().open(), said))));
    }
    return say(phrase(script.handOff().closed(), said));
  }

  private String cases(@Nullable String number, Map<String, Object> values) {
    List<Map<String, Object>> cases = Dialogs.maps(values.get("cases"));
    if (cases.isEmpty()) {
      return number == null
          ? sentence(Sentence.NO_CASES)
          : sentence(Sentence.NO_SUCH_CASE, Map.of("编号", number));
    }
    List<String> lines = new ArrayList<>();
    for (Map<String, Object> one : cases.subList(0, Math.min(MOST_CASES, cases.size()))) {
      Map<String, String> said = new LinkedHashMap<>();
      said.put("编号", text(one, "number"));
      said.put("事情", clip(text(one, "title")));
      said.put("状态", text(one, "state"));
      said.put("办理", text(one, "desk"));
      said.put("时间", text(one, "by"));
      said.put("链接", text(one, "link"));
      lines.add(sentence(Sentence.CASE, said));
    }
    return sentence(
        Sentence.CASES,
        Map.of("件数", Integer.toString(cases.size()), "列表", String.join("\n", lines)));
  }

  Step silence() {
    waiting = null;
    return draft == null ? quiet() : dialogs.silence(draft);
  }

  // Saying and doing

  /// Says it, and asks again what was being asked.
  Step answer(String text) {
    return draft == null ? say(text) : dialogs.resume(draft, text);
  }

  Step say(String text) {
    return step(text.isEmpty() ? new Move.Quiet() : new Move.Say(clipBytes(text)));
  }

  Step quiet() {
    return step(new Move.Quiet());
  }

  Step ask(Actions.Action action, Map<String, Object> arguments, Waiting then) {
    waiting = then;
    return step(new Move.Ask(action.name(), arguments));
  }

  Step act(Actions.Action action, Map<String, Object> arguments, String key, Waiting then) {
    waiting = then;
    return step(new Move.Act(action.name(), arguments, key));
  }

  boolean isWithPerson() {
    return person;
  }

  void understood() {
    misses = 0;
  }

  void filed(String number) {
    filed = new BotState.Filed(number, scene.now());
  }

  private Step step(Move move) {
    return new Step(
        new BotState(
            draft == null ? null : script.settings().silence(),
            script.version(),
            person ? true : null,
            draft == null ? null : draft.form(),
            waiting,
            choices,
            misses == 0 ? null : misses,
            alarm,
            filed,
            voice,
            asked),
        move);
  }

  String menu() {
    var list = new StringBuilder(phrase(script.menuSays(), Map.of()));
    int number = 1;
    for (Script.MenuItem item : script.menu()) {
      list.append('\n').append(number++).append(' ').append(phrase(item.label(), Map.of()));
    }
    return list.toString();
  }

  String sentence(Sentence sentence) {
    return sentence(sentence, Map.of());
  }

  String sentence(Sentence sentence, Map<String, String> values) {
    return phrase(script.sentences().getOrDefault(sentence, Phrase.NOTHING), values);
  }

  String phrase(Phrase phrase, Map<String, String> values) {
    Map<String, String> all = new HashMap<>();
    all.put("社区", scene.desk().name());
    all.put("电话", scene.desk().phone());
    all.put("值班电话", scene.desk().dutyPhone());
    String nextOpen = scene.desk().nextOpen();
    all.put("下次", nextOpen == null ? "" : nextOpen);
    Scene.Place place = scene.place();
    all.put("住处", place == null ? "" : place.name());
    all.putAll(values);
    return phrase.say(scene.language(), all);
  }

  private LocalDate today() {
    return LocalDate.ofInstant(scene.now(), scene.zone());
  }

  private boolean within(Duration span, @Nullable Instant since) {
    return since != null && scene.now().isBefore(since.plus(span));
  }

  static String text(Map<String, ?> values, String name) {
    return values.get(name) instanceof String text ? text : "";
  }

  /// Long words of a resident are read back by their beginning.
  static String clip(String text) {
    return text.codePointCount(0, text.length()) <= 120
        ? text
        : text.substring(0, text.offsetByCodePoints(0, 118)) + "……";
  }

  private static String clipBytes(String text) {
    String clipped = text;
    while (clipped.getBytes(StandardCharsets.UTF_8).length > ScriptChecks.REPLY_BYTES) {
      int cut = clipped.lastIndexOf('\n');
      clipped =
          cut > 0
              ? clipped.substring(0, cut)
              : clipped.substring(0, clipped.offsetByCodePoints(clipped.length(), -1));
    }
    return clipped;
  }
}
