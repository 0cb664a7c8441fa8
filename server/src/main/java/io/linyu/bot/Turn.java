package io.linyu.bot;

import io.linyu.bot.BotState.Choice;
import io.linyu.bot.BotState.Waiting;
import io.linyu.bot.Script.Target;
import io.linyu.bot.Script.Target.Way;
import io.linyu.bot.Script.Word;
import io.linyu.bot.match.Nonsense;
import io.linyu.bot.match.Places;
import io.linyu.bot.match.Plain;
import io.linyu.channel.Content;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One step: what the engine owns whatever the dialogs are. Danger comes first, then the words that
/// always work, then the open dialog, then what the text most likely wants.
final class Turn {
  /// For so long, what is said may still be about what was told before.
  static final Duration AFTERMATH = Duration.ofMinutes(30);

  /// For so long, what is told goes to the desk whose code was scanned.
  private static final Duration AT_DESK = Duration.ofHours(2);

  private static final String HUMAN = "human:";
  private static final String NEXT = "next:";

  /// Of these the person expects that somebody reads them.
  private static final Set<String> OPENED_BY_NOBODY = Set.of("link", "file");

  private static final Pattern NUMBER = Pattern.compile("^(?:第|选|回)?(\\d)(?:个|号|项)?$");

  final Script script;
  final Scene scene;
  @Nullable Draft draft;

  /// For whom what is begun in this step is told; null: for themselves.
  BotState.@Nullable Acting acting;

  List<Choice> choices;
  final List<Choice> offered;
  private boolean person;
  private int misses;
  private BotState.@Nullable Filed filed;
  BotState.@Nullable Joined joined;
  private BotState.@Nullable Stands stands;
  private final List<String> asked;
  private @Nullable Waiting waiting;
  private @Nullable String before;
  private Input.@Nullable Heard heard;
  final Wording words;
  private final Dangers dangers;
  private final Voices voices;
  private final Unsolved unsolved = new Unsolved(this);
  private final Progress progress = new Progress(this);
  private final Urging urging = new Urging(this);
  final Rating rating = new Rating(this);
  private final Appealing appealing = new Appealing(this);
  private final PaperPage papers = new PaperPage(this);
  final Dialogs dialogs = new Dialogs(this);
  final Homes homes = new Homes(this);
  private final Links links = new Links(this);
  private final Family family = new Family(this);
  final Known known = new Known(this);

  Turn(Script script, BotState state, Scene scene) {
    this.script = script;
    this.scene = scene;
    words = new Wording(script, scene);
    draft = Draft.of(state.form(), script);
    offered = state.choices();
    choices = List.of();
    person = state.person() != null && state.person();
    misses = state.misses() == null ? 0 : state.misses();
    dangers = new Dangers(this, state);
    filed = state.filed();
    joined = state.joined();
    stands = state.stands();
    voices = new Voices(this, state.voice());
    asked = new ArrayList<>(state.asked());
    waiting = state.waiting();
    before = state.before();
  }

  Step heard(Input.Heard heard) {
    waiting = null;
    long message = heard.message();
    this.heard = heard;
    return switch (heard.content()) {
      case Content.Text text -> said(text.text(), message, false);
      case Content.Voice sound -> {
        String recognised = sound.recognition();
        if (recognised != null && !recognised.isBlank()) {
          yield said(recognised, message, true);
        }
        yield scene.recorded() ? voices.keep(message) : quiet();
      }
      case Content.Unfollowed _ -> homes.left();
      case Content.Other(String name, _) when !OPENED_BY_NOBODY.contains(name) -> quiet();
      case Content.Image _,
          Content.Video _,
          Content.File _,
          Content.Other _,
          Content.Location _,
          Content.Followed _,
          Content.Scanned _,
          Content.MenuTapped _
          when !scene.recorded() ->
          quiet();
      case Content.Followed followed -> homes.welcome(followed.scene(), message);
      case Content.Scanned scanned -> homes.welcome(scanned.scene(), message);
      case Content.MenuTapped tapped -> tapped(tapped.key(), message);
      case Content.Image _, Content.Video _ -> person ? quiet() : dialogs.picture(message);
      case Content.File _ -> person ? quiet() : papers.came();
      case Content.Other(String name, _) when name.equals("file") ->
          person ? quiet() : papers.came();
      case Content.Other _ -> person ? quiet() : say(words.sentence(Sentence.NOT_READABLE));
      case Content.Location location -> person ? quiet() : dialogs.places.sent(location, message);
    };
  }

  /// A language that is clearly another one is taken up first; then the words are heard in it.
  private Step said(String said, long message, boolean byVoice) {
    String plain = Plain.of(said);
    String named = person ? null : Tongue.named(Plain.bare(plain));
    String tongue = named == null ? Tongue.of(plain, script) : named;
    boolean other = tongue != null && !tongue.equals(scene.language());
    if (!scene.recorded() || (named == null && !other)) {
      return understood(said, message, byVoice);
    }
    Waiting then = new Waiting("language", named == null ? said : "", byVoice + ":" + message);
    return act(
        Actions.SET_LANGUAGE,
        Map.of("language", tongue == null ? "zh" : tongue),
        "language:" + message,
        then);
  }

  private Step spoken(Waiting of) {
    String[] how = (of.kind() == null ? "false:0" : of.kind()).split(":", 2);
    return of.text() == null || of.text().isEmpty()
        ? answer(words.sentence(Sentence.LANGUAGE_SET))
        : understood(of.text(), Long.parseLong(how[1]), Boolean.parseBoolean(how[0]));
  }

  private Step understood(String said, long message, boolean byVoice) {
    String plain = Plain.of(said);
    String bare = Plain.bare(plain);
    String danger = script.dangers().wording().in(plain);
    if (danger != null) {
      return dangers.ring(danger, said, message);
    }
    if (!scene.recorded()) {
      return quiet();
    }
    Step linked = links.said(bare, message);
    if (linked == null && offersLink()) {
      linked = chosen(bare, message);
    }
    if (linked == null) {
      linked = family.said(said, bare, message);
    }
    if (linked != null) {
      return linked;
    }
    if (person) {
      return withPerson(bare, message);
    }
    if (script.handOff().words().contains(bare)) {
      return human("asked", message);
    }
    if (script.is(Word.CANCEL, bare)) {
      return cancel();
    }
    Step cases = progress.asked(bare);
    if (cases == null) {
      cases = family.ofMatter(said, bare, message);
    }
    if (cases == null) {
      cases = urging.said(bare, message);
    }
    if (cases == null && draft == null) {
      cases = rating.said(bare, message);
    }
    if (cases == null) {
      cases = appealing.said(bare, message);
    }
    if (cases != null) {
      return cases;
    }
    if (script.is(Word.MENU, bare) || script.is(Word.BOT, bare)) {
      return answer(words.menu());
    }
    if (draft == null && script.is(Word.OTHER, bare)) {
      return known.leave(message);
    }
    Step chosen = chosen(bare, message);
    if (chosen != null) {
      return chosen;
    }
    return draft != null
        ? inDialog(draft, said, plain, message, byVoice)
        : idle(said, plain, bare, message, byVoice);
  }

  /// A person answers; what was told before they came does not wait in a form meanwhile.
  private Step withPerson(String bare, long message) {
    if (script.is(Word.BOT, bare)) {
      return act(Actions.HAND_BACK, Map.of(), "back:" + message, new Waiting("back", null, null));
    }
    Step cases = progress.asked(bare);
    if (cases != null) {
      return cases;
    }
    if (draft != null) {
      return dialogs.silence(draft);
    }
    return quiet();
  }

  private Step inDialog(Draft open, String said, String plain, long message, boolean byVoice) {
    understoodAgain();
    return dialogs.answer(open, said, plain, message, byVoice);
  }

  private Step idle(String said, String plain, String bare, long message, boolean byVoice) {
    if (Nonsense.isWordless(plain)) {
      return answer(plain.indexOf('?') >= 0 ? words.menu() : words.sentence(Sentence.FINE));
    }
    if (script.is(Word.YES, bare) || script.is(Word.NO, bare) || script.is(Word.SKIP, bare)) {
      return answer(words.sentence(Sentence.FINE));
    }
    boolean alarmed = dangers.isFresh();
    boolean justFiled = within(AFTERMATH, filed == null ? null : filed.at());
    Step home = alarmed || justFiled ? null : homes.told(said, plain, message);
    if (home != null) {
      return home;
    }
    if (unsolved.isSaid(bare)) {
      return unsolved.said(said, message);
    }
    Meaning meaning = meaning(plain);
    Target target = meaning.target();
    if (target != null && meaning.sure()) {
      return start(target, said, plain, message, byVoice);
    }
    if (alarmed) {
      return answer(dangers.after());
    }
    Places.Mention mention = Places.in(plain);
    if (mention != null && Plain.weight(plain) - mention.length() <= 3) {
      Target report = Meaning.report(script);
      if (report != null) {
        return start(report, said, plain, message, byVoice);
      }
    }
    boolean clear = target != null && !meaning.problem();
    if (!clear && justFiled && filed != null && filed.consent() != null) {
      return family.add(filed.number(), message);
    }
    if (!clear && justFiled && filed != null) {
      return answer(words.sentence(Sentence.AFTER_FILED, Map.of("编号", filed.number())));
    }
    if (target != null) {
      return suggest(target, said, message);
    }
    return missed(said, message, byVoice);
  }

  Step start(Target target, String said, String plain, long message, boolean byVoice) {
    understoodAgain();
    return switch (target.way()) {
      case DIALOG -> {
        Script.Dialog dialog = script.dialogs().get(target.name());
        yield dialog == null
            ? answer(words.menu())
            : dialogs.start(dialog, said, plain, message, byVoice);
      }
      case FAQ -> {
        Step page = papers.asked(target.name());
        yield page != null ? page : answer(words.faq(target.name()));
      }
      case PROGRESS -> progress.ask(null);
      case HUMAN -> human("asked", message);
      case UNSOLVED -> unsolved.said(said, message);
      case MENU -> answer(words.menu());
    };
  }

  /// What answers a question or a courtesy without opening a dialog, or null.
  @Nullable String passing(String plain) {
    Meaning meaning = meaning(plain);
    Target target = meaning.target();
    if (target == null || !meaning.sure() || meaning.problem()) {
      return null;
    }
    if (target.way() == Way.FAQ) {
      return words.faq(target.name());
    }
    Script.Dialog dialog = target.way() == Way.DIALOG ? script.dialogs().get(target.name()) : null;
    return dialog != null && dialog.slots().isEmpty() ? words.phrase(dialog.say()) : null;
  }

  // Commands

  private Step cancel() {
    boolean open = draft != null;
    draft = null;
    return answer(words.sentence(open ? Sentence.CANCELLED : Sentence.NOTHING_TO_CANCEL));
  }

  /// Files what was told so far, then hears this as something else.
  Step another(Draft open, String said, long message) {
    return dialogs.carryOut(open, NEXT + message, said);
  }

  /// What was told so far is filed first: nothing waits in a form while a person talks.
  Step human(String reason, long message) {
    if (draft != null && dialogs.isToBeKept(draft)) {
      return dialogs.carryOut(draft, HUMAN + reason + ":" + message);
    }
    draft = null;
    return handOver(reason, Long.toString(message));
  }

  private Step handOver(String reason, String message) {
    Long desk = desk();
    Map<String, Object> arguments = new HashMap<>();
    arguments.put("reason", reason);
    if (desk != null) {
      arguments.put("desk", desk);
    }
    if (filed != null && filed.consent() != null && within(AFTERMATH, filed.at())) {
      arguments.put("consent", filed.consent()); // about what they have just told for somebody
    }
    return act(Actions.HAND_OVER, arguments, HUMAN + message, new Waiting("human", null, null));
  }

  void understoodAgain() {
    misses = 0;
  }

  private Step missed(String said, long message, boolean byVoice) {
    misses++;
    if (misses >= script.settings().retries()) {
      return human("not_understood", message);
    }
    return say(
        byVoice
            ? words.sentence(Sentence.HEARD_NOT_UNDERSTOOD, Map.of("话", Wording.clip(said)))
            : words.phrase(script.notUnderstood()));
  }

  /// Two guesses in a row are as good as not understanding.
  private Step suggest(Target target, String said, long message) {
    misses++;
    String idea = words.idea(target);
    if (idea.isEmpty() || misses >= script.settings().retries()) {
      return human("not_understood", message);
    }
    choices = List.of(new Choice(target.way().name(), target.name(), null, said, message));
    return say(words.sentence(Sentence.SUGGEST, Map.of("想法", idea)));
  }

  // Numbers

  /// Whoever has the conversation, a yes to this is the bot's.
  private boolean offersLink() {
    return offered.stream()
        .anyMatch(each ->
            each.what().equals(Links.JOIN)
                || each.what().equals(Links.PART)
                || Family.isOffered(each));
  }

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
      case "place" -> dialogs.places.chosen(text, territory, message);
      case "home" -> homes.bind(territory, "kept", message);
      case Links.JOIN, Links.PART -> links.chosen(choice.what(), message);
      case Family.TAKE, Family.FOR, Family.STOP, Family.WITHDRAW -> family.chosen(choice, message);
      case Family.NAME -> null;
      case Urging.URGE -> urging.chosen(choice, message);
      case Rating.RATE -> rating.chosen(choice, message);
      case Unsolved.AGAIN -> unsolved.chosen(choice, message);
      case Appealing.APPEAL -> appealing.chosen(choice, message);
      default -> {
        String said = choice.said() == null ? "" : choice.said();
        long first = choice.message() == null ? message : choice.message();
        Target target = new Target(Way.valueOf(choice.what()), text);
        yield start(target, said, Plain.of(said), first, false);
      }
    };
  }

  private Step tapped(String key, long message) {
    Target target =
        script.menu().stream()
            .filter(item -> item.key().equals(key))
            .findFirst()
            .map(Script.MenuItem::target)
            .orElse(Target.of(Way.MENU));
    if (person && target.way() != Way.PROGRESS) {
      return say(words.sentence(Sentence.PERSON_HAS_IT));
    }
    if (target.way() == Way.DIALOG && draft != null && draft.dialog.name().equals(target.name())) {
      return dialogs.resume(draft, "");
    }
    return start(target, "", "", message, false);
  }

  // What comes back

  Step outcome(Map<String, Object> values) {
    Waiting of = waiting;
    waiting = null;
    if (of == null) {
      return quiet();
    }
    return switch (of.what()) {
      case "home", "scan" -> homes.found(of, Values.places(values));
      case "desk" -> homes.desk(values);
      case "bind" -> homes.bound(of, values);
      case "cases" -> progress.found(of, values);
      case PaperPage.WAITING -> papers.found(of, values);
      case "alarm" -> dangers.rung(of.kind(), true, Boolean.TRUE.equals(values.get("seen")));
      case "voice" -> voices.kept(of, values);
      case "human" -> handedOver(values);
      case "language" -> spoken(of);
      case "unsolved" -> unsolved.found(of, values);
      case Unsolved.AGAIN -> unsolved.reopened(values);
      case "link-code", "link-claim", "link-join", "link-part", "link-unlink", "link-here" ->
          links.found(of, values);
      case "back" -> {
        person = false;
        yield answer(words.sentence(Sentence.BACK));
      }
      case "done" -> done(of, dialogs.outcome(of, values));
      case "joined" -> done(of, known.joined(of, values));
      case "left" -> known.left(of, values);
      case Family.WAITING -> family.found(of, values);
      case Urging.URGE -> urging.found(of, values);
      case Rating.WAITING -> rating.found(of, values);
      case Appealing.APPEAL -> appealing.found(of, values);
      default -> dialogs.outcome(of, values);
    };
  }

  Step refused(String code, String sentence) {
    Waiting of = waiting;
    waiting = null;
    if (of == null) {
      return say(sentence);
    }
    if (code.equals("consent-ended")) {
      draft = null; // nobody is spoken for any more, and what was told cannot be filed
      return say(sentence);
    }
    return switch (of.what()) {
      case "alarm" -> dangers.rung(of.kind(), false, false);
      case "language" -> spoken(of);
      case "bind" -> homes.refused(of);
      case "lookup" -> dialogs.outcome(of, Map.of());
      case "joined" -> known.refused(of);
      case "done" ->
          of.kind() != null && of.kind().startsWith(NEXT) ? say(sentence) : done(of, say(sentence));
      default -> say(sentence);
    };
  }

  /// Filed; a person was called for before, and comes now.
  private Step done(Waiting of, Step told) {
    String why = of.kind() == null ? "" : of.kind();
    if (why.startsWith(NEXT) && of.text() != null && told.move() instanceof Move.Say(String text)) {
      draft = null;
      before = text;
      return said(of.text(), Long.parseLong(why.substring(NEXT.length())), false);
    }
    if (!why.startsWith(HUMAN)) {
      return told;
    }
    draft = null;
    int colon = why.lastIndexOf(':');
    return handOver(why.substring(HUMAN.length(), colon), why.substring(colon + 1));
  }

  private Step handedOver(Map<String, Object> values) {
    Map<String, String> said = new HashMap<>();
    said.put("台", Values.text(values, "desk"));
    said.put("时间", Values.text(values, "nextOpen"));
    if (!Values.text(values, "phone").isEmpty()) {
      said.put("电话", Values.text(values, "phone"));
    }
    understoodAgain();
    if (Boolean.TRUE.equals(values.get("open"))) {
      person = true;
      return step(new Move.HandOff(Wording.fit(words.phrase(script.handOff().open(), said))));
    }
    return say(
        dangers.isFresh() ? dangers.calling() : words.phrase(script.handOff().closed(), said));
  }

  Step silence() {
    waiting = null;
    return draft == null ? quiet() : dialogs.silence(draft);
  }

  // Saying and doing

  /// Says it, and asks again what was being asked.
  Step answer(String text) {
    return draft == null || person ? say(text) : dialogs.resume(draft, text);
  }

  Step say(String text) {
    String first = before;
    before = null;
    String whole = first == null ? text : text.isEmpty() ? first : first + "\n" + text;
    return step(whole.isEmpty() ? new Move.Quiet() : new Move.Say(Wording.fit(whole)));
  }

  /// Says this before whatever is said next in this turn.
  void sayFirst(String text) {
    before = before == null ? text : before + "\n" + text;
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

  void standsAt(long desk) {
    stands = new BotState.Stands(desk, scene.now());
  }

  /// At which desk the resident stands, for as long as they may still stand there.
  @Nullable Long desk() {
    return stands != null && within(AT_DESK, stands.since()) ? Long.valueOf(stands.desk()) : null;
  }

  /// @param consent by which it was told for somebody else; null: it is their own
  void filed(String number, @Nullable Long consent) {
    filed = new BotState.Filed(number, scene.now(), consent);
  }

  private Step step(Move move) {
    if (draft != null && heard != null && draft.messages.contains(heard.message())) {
      heard.along().forEach(draft::belongs);
    }
    return new Step(
        new BotState(
            draft == null ? null : script.settings().silence(),
            script.version(),
            person ? true : null,
            draft == null ? null : draft.form(),
            waiting,
            choices,
            misses == 0 ? null : misses,
            dangers.alarm(),
            filed,
            voices.last(),
            asked,
            before,
            dangers.others(),
            joined,
            stands),
        move);
  }

  /// The first time this is asked of the resident.
  boolean once(String question) {
    if (wasAsked(question)) {
      return false;
    }
    asked.add(question);
    return true;
  }

  void forget(String question) {
    asked.remove(question);
  }

  boolean wasAsked(String question) {
    return asked.contains(question);
  }

  Step which(String what, List<Values.Found> found) {
    choices = found.stream().map(one -> Choice.of(what, one.name(), one.territory())).toList();
    return say(words.which(found));
  }

  Meaning meaning(String plain) {
    return Meaning.of(plain, script, LocalDate.ofInstant(scene.now(), scene.zone()));
  }

  boolean within(Duration span, @Nullable Instant since) {
    return since != null && scene.now().isBefore(since.plus(span));
  }
}
