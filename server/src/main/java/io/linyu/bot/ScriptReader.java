package io.linyu.bot;

import io.linyu.bot.Script.Dialog;
import io.linyu.bot.Script.Emergency;
import io.linyu.bot.Script.Entity;
import io.linyu.bot.Script.Faq;
import io.linyu.bot.Script.Kind;
import io.linyu.bot.Script.MenuItem;
import io.linyu.bot.Script.Slot;
import io.linyu.bot.Script.Target;
import io.linyu.bot.Script.Target.Way;
import io.linyu.bot.Script.Word;
import io.linyu.bot.Scripts.Problem;
import io.linyu.bot.Scripts.Source;
import io.linyu.bot.match.Danger;
import io.linyu.bot.match.Lexicon;
import io.linyu.bot.match.Likeness;
import io.linyu.bot.match.Plain;
import io.linyu.bot.match.Topics;
import java.time.Duration;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Reads all files of a script set into one [Script]: sections may be spread over files, names must
/// not. What is wrong goes to the list of problems.
final class ScriptReader {
  private static final Set<String> SECTIONS =
      Set.of(
          "bot",
          "version",
          "settings",
          "words",
          "entities",
          "intents",
          "problems",
          "faq",
          "dialogs",
          "menu",
          "handoff",
          "fallback",
          "sentences",
          "emergency",
          "tests");
  private static final Set<String> DANGERS =
      new TreeSet<>(
          List.of(
              "fire",
              "gas",
              "medical",
              "crime",
              "violence",
              "trapped",
              "missing",
              "suicide",
              "hazard"));

  private final List<Problem> problems;
  private final @Nullable LocalDate today;
  private final ScriptChecks checks;

  private String name = "";
  private int version = 1;
  private Script.Settings settings = new Script.Settings(0.7, 0.45, 2, Duration.ofMinutes(30));
  private final Map<String, Entity> entities = new HashMap<>();
  private final Map<String, Intent> intents = new LinkedHashMap<>();
  private final Map<String, Dialog> dialogs = new LinkedHashMap<>();
  private final Map<String, Faq> faqs = new LinkedHashMap<>();
  private final List<MenuItem> menu = new ArrayList<>();
  private Phrase menuSays = Phrase.NOTHING;
  private Script.@Nullable HandOff handOff;
  private @Nullable Phrase notUnderstood;
  private final Map<Sentence, Phrase> sentences = new EnumMap<>(Sentence.class);
  private final Map<Word, Set<String>> words = new EnumMap<>(Word.class);
  private final Danger danger = new Danger();
  private final Map<String, Emergency> dangers = new HashMap<>();
  private final Lexicon<Boolean> signs = new Lexicon<>();
  private final Lexicon<Boolean> questions = new Lexicon<>();
  private final List<String> openings = new ArrayList<>();
  private Topics topics = Topics.NONE;
  private final Likeness<Target> likeness = new Likeness<>();

  /// @param starts the engine's own command, when it is one
  private record Intent(Item at, boolean problems, @Nullable Way starts, Set<String> said) {}

  ScriptReader(List<Problem> problems, @Nullable LocalDate today) {
    this.problems = problems;
    this.today = today;
    this.checks = new ScriptChecks();
  }

  Script read(List<Source> sources) {
    List<Map<String, Item>> files = new ArrayList<>();
    for (Source source : sources) {
      if (source.file().endsWith("categories.csv")) {
        topics = Topics.of(Catalogue.keywords(source, problems));
        continue;
      }
      Item root = Item.root(source, problems);
      if (root != null) {
        files.add(root.map(SECTIONS));
      }
    }
    each(files, "bot", item -> name = item.text());
    each(files, "version", item -> version = (int) item.number(1));
    each(files, "settings", this::settings);
    each(files, "words", this::words);
    each(files, "problems", this::problems);
    each(files, "entities", item -> item.map().forEach(this::entity));
    each(files, "intents", item -> item.map().forEach(this::intent));
    each(files, "dialogs", item -> item.map().forEach(this::dialog));
    each(files, "faq", item -> item.list().forEach(this::faq));
    each(files, "menu", this::menu);
    each(files, "handoff", this::handOff);
    each(files, "fallback", item -> notUnderstood = phrase(item, Set.of()));
    each(files, "sentences", this::sentences);
    each(files, "emergency", this::emergency);
    complete(sources.isEmpty() ? "bot-scripts" : sources.getFirst().file());
    return new Script(
        name,
        version,
        settings,
        entities,
        dialogs,
        faqs,
        menu,
        menuSays,
        handOff == null ? new Script.HandOff(Set.of(), Phrase.NOTHING, Phrase.NOTHING) : handOff,
        notUnderstood == null ? Phrase.NOTHING : notUnderstood,
        sentences,
        words,
        new Script.Dangers(danger, dangers),
        new Script.Problems(signs, questions, openings),
        topics,
        likeness.ready());
  }

  private static void each(
      List<Map<String, Item>> files, String section, java.util.function.Consumer<Item> read) {
    for (Map<String, Item> file : files) {
      Item item = file.get(section);
      if (item != null) {
        read.accept(item);
      }
    }
  }

  private void settings(Item item) {
    Map<String, Item> of = item.map(Set.of("sure", "maybe", "retries", "silence"));
    settings =
        new Script.Settings(
            number(of.get("sure"), settings.sure()),
            number(of.get("maybe"), settings.maybe()),
            (int) number(of.get("retries"), settings.retries()),
            minutes(of.get("silence")));
    if (settings.maybe() > settings.sure()) {
      item.problem("maybe 不能大于 sure", "maybe must not be above sure");
    }
  }

  private Duration minutes(@Nullable Item item) {
    if (item == null) {
      return settings.silence();
    }
    String text = item.text();
    if (text.matches("[1-9]\\d{0,3}m")) {
      return Duration.ofMinutes(Long.parseLong(text.substring(0, text.length() - 1)));
    }
    item.problem("时长要写成“30m”这样的分钟数", "a duration is written in minutes, such as 30m");
    return settings.silence();
  }

  private void words(Item item) {
    Set<String> known =
        new TreeSet<>(
            Arrays.stream(Word.values()).map(w -> w.name().toLowerCase(Locale.ROOT)).toList());
    item.map(known)
        .forEach((key, list) -> {
          if (known.contains(key)) {
            words
                .computeIfAbsent(Word.valueOf(key.toUpperCase(Locale.ROOT)), _ -> new HashSet<>())
                .addAll(plain(list.texts()));
          }
        });
  }

  private void problems(Item item) {
    Map<String, Item> of = item.map(Set.of("signs", "questions", "openings", "polite"));
    texts(of.get("signs")).forEach(word -> signs.add(word, true));
    texts(of.get("questions")).forEach(word -> questions.add(word, true));
    texts(of.get("openings")).forEach(word -> openings.add(Plain.of(word)));
    texts(of.get("polite")).forEach(likeness::ignore);
    openings.sort((a, b) -> Integer.compare(b.length(), a.length()));
  }

  private void entity(String called, Item item) {
    Map<String, Item> of = item.map(Set.of("type", "from", "values", "min", "max"));
    Item type = of.get("type");
    Kind kind = type == null ? null : kind(type.text());
    if (kind == null) {
      (type == null ? item : type)
          .problem(
              "“" + called + "”的 type 应当是 text、image、number、choice 或 lookup",
              "the type of `" + called + "` must be text, image, number, choice or lookup");
      return;
    }
    Item from = of.get("from");
    if (kind == Kind.LOOKUP && (from == null || !from.text().equals("buildings"))) {
      item.problem("lookup 现在只能查 buildings（from: buildings）", "a lookup is `from: buildings`");
    }
    Map<String, List<String>> values = new LinkedHashMap<>();
    Item listed = of.get("values");
    if (listed != null) {
      listed.map().forEach((value, means) -> values.put(value, plain(means.texts())));
    } else if (kind == Kind.CHOICE) {
      item.problem("choice 要写出 values", "a choice needs its values");
    }
    entities.put(
        called,
        new Entity(
            called,
            kind,
            values,
            number(of.get("min"), Double.NEGATIVE_INFINITY),
            number(of.get("max"), Double.POSITIVE_INFINITY)));
  }

  private static @Nullable Kind kind(String name) {
    return Arrays.stream(Kind.values())
        .filter(kind -> kind.name().toLowerCase(Locale.ROOT).equals(name))
        .findFirst()
        .orElse(null);
  }

  private void intent(String called, Item item) {
    Map<String, Item> of = item.map(Set.of("problems", "starts", "keywords", "examples"));
    Item starts = of.get("starts");
    Way way = null;
    if (starts != null) {
      way =
          switch (starts.text()) {
            case "progress" -> Way.PROGRESS;
            case "human" -> Way.HUMAN;
            case "menu" -> Way.MENU;
            default -> null;
          };
      if (way == null) {
        starts.problem(
            "starts 只能是 progress、human 或 menu", "starts must be progress, human or menu");
      }
    }
    Set<String> said = new HashSet<>();
    for (String part : List.of("keywords", "examples")) {
      Item list = of.get(part);
      if (list != null) {
        for (Item text : list.list()) {
          said.add(text.text());
          checks.example(called, text);
        }
      }
    }
    boolean problem = of.containsKey("problems") && of.get("problems").flag();
    if (intents.put(called, new Intent(item, problem, way, said)) != null) {
      item.problem("意图“" + called + "”有两个", "there are two intents `" + called + "`");
    }
    if (way != null) {
      teach(Target.of(way), said, texts(of.get("keywords")));
    } else {
      keywordsOf.put(called, texts(of.get("keywords")));
    }
  }

  private final Map<String, List<String>> keywordsOf = new HashMap<>();
  private final Set<String> started = new HashSet<>();

  private void dialog(String called, Item item) {
    Map<String, Item> of =
        item.map(Set.of("label", "when", "ask", "confirm", "do", "save_as", "say", "silence"));
    boolean catches = when(called, item, of.get("when"));
    Set<String> known = new TreeSet<>(Sentence.ALWAYS);
    known.add("我记的是");
    List<Slot> slots = new ArrayList<>();
    Item ask = of.get("ask");
    if (ask != null) {
      for (Item slot : ask.list()) {
        Slot read = slot(slot, known);
        if (read != null) {
          if (!known.add(read.name())) {
            slot.problem("“" + read.name() + "”写了两次", "`" + read.name() + "` stands here twice");
          }
          slots.add(read);
        }
      }
    }
    Phrase confirm = of.containsKey("confirm") ? phrase(of.get("confirm"), known) : null;
    Script.Do does = does(of, slots, confirm != null);
    Script.Silence silence =
        of.containsKey("silence") ? silence(of.get("silence"), known, does) : null;
    Set<String> knownAfter = new TreeSet<>(known);
    if (does != null) {
      does.action().gives().forEach(gives -> knownAfter.add(does.saveAs() + "." + gives.name()));
    }
    Item say = of.get("say");
    if (say == null) {
      item.problem("“" + called + "”最后没有 say", "`" + called + "` ends without say");
    }
    Item label = of.get("label");
    Dialog dialog =
        new Dialog(
            called,
            label == null
                ? new Phrase(Map.of("zh", List.of(Phrase.Variant.of(called))))
                : label.phrase(),
            catches,
            slots,
            confirm,
            does,
            say == null ? Phrase.NOTHING : phrase(say, knownAfter),
            silence);
    if (dialogs.put(called, dialog) != null) {
      item.problem("对话“" + called + "”有两个", "there are two dialogs `" + called + "`");
    }
    checks.dialog(called, item);
  }

  private boolean when(String called, Item item, @Nullable Item when) {
    boolean catches = false;
    if (when == null) {
      return false;
    }
    for (Item named : when.list()) {
      Intent intent = intents.get(named.text());
      if (intent == null) {
        named.problem("没有叫“" + named.text() + "”的意图", "there is no intent `" + named.text() + "`");
        continue;
      }
      if (!started.add(named.text())) {
        item.problem(
            "意图“" + named.text() + "”已经开始另一个对话",
            "the intent `" + named.text() + "` already starts another dialog");
      }
      checks.reached(called);
      catches |= intent.problems;
      teach(
          new Target(Way.DIALOG, called),
          intent.said,
          keywordsOf.getOrDefault(named.text(), List.of()));
    }
    return catches;
  }

  private void teach(Target target, Set<String> said, List<String> keywords) {
    said.forEach(example -> likeness.example(target, example));
    keywords.forEach(word -> likeness.keyword(target, word));
  }

  private @Nullable Slot slot(Item item, Set<String> known) {
    Map<String, Item> of =
        item.map(
            Set.of(
                "slot",
                "type",
                "say",
                "otherwise",
                "check",
                "optional",
                "silent",
                "from",
                "default"));
    Item slot = of.get("slot");
    Item type = of.get("type");
    if (slot == null || type == null) {
      item.problem("每一问要有 slot 和 type", "every question needs slot and type");
      return null;
    }
    Kind kind = kind(type.text());
    Entity entity =
        kind == null || kind == Kind.CHOICE || kind == Kind.LOOKUP
            ? entities.get(type.text())
            : new Entity(
                type.text(), kind, Map.of(), Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
    if (entity == null) {
      type.problem("没有叫“" + type.text() + "”的类型", "there is no type `" + type.text() + "`");
      return null;
    }
    Item check = of.get("check");
    int min = check == null ? 1 : (int) number(check.map(Set.of("min")).get("min"), 1);
    boolean fromFirst = is(of.get("from"), "first_message");
    boolean home = is(of.get("default"), "home");
    boolean silent = of.containsKey("silent") && of.get("silent").flag();
    if (!silent && !of.containsKey("say")) {
      item.problem("要问就要有 say，不问就写 silent: true", "needs say, or silent: true when never asked");
    }
    return new Slot(
        slot.text(),
        entity,
        of.containsKey("say") ? phrase(of.get("say"), known) : null,
        of.containsKey("otherwise") ? phrase(of.get("otherwise"), known) : null,
        min,
        of.containsKey("optional") && of.get("optional").flag(),
        silent,
        fromFirst,
        home);
  }

  private static boolean is(@Nullable Item item, String only) {
    if (item == null) {
      return false;
    }
    if (!item.text().equals(only)) {
      item.problem("这里只能写 " + only, "only `" + only + "` is possible here");
    }
    return true;
  }

  /// `open_case(事情, 地点, 照片)`: by the order of the parameters, or by name, `place: 地点`.
  private Script.@Nullable Do does(Map<String, Item> of, List<Slot> slots, boolean confirms) {
    Item item = of.get("do");
    if (item == null) {
      return null;
    }
    String call = item.text();
    int open = call.indexOf('(');
    Actions.Action action = Actions.named(open < 0 ? call : call.substring(0, open).strip());
    if (action == null || (open > 0 && !call.endsWith(")"))) {
      item.problem("没有这个动作：" + call, "there is no such action: " + call);
      return null;
    }
    if (action.changes() && !confirms) {
      item.problem(
          "“" + action.name() + "”会改变东西，前面要有 confirm",
          "`" + action.name() + "` changes something and needs a confirm before it");
    }
    List<Actions.Parameter> possible =
        action.takes().stream().filter(takes -> !takes.byBot()).toList();
    Map<String, String> arguments = new LinkedHashMap<>();
    String inside = open < 0 ? "" : call.substring(open + 1, call.length() - 1).strip();
    int position = 0;
    for (String written : inside.isEmpty() ? new String[0] : inside.split("[,，]", -1)) {
      int colon = written.indexOf(':');
      String slotName = written.substring(colon + 1).strip();
      Actions.Parameter parameter =
          colon >= 0
              ? action.takes(written.substring(0, colon).strip())
              : position < possible.size() ? possible.get(position) : null;
      position++;
      Slot slot = slots.stream().filter(s -> s.name().equals(slotName)).findFirst().orElse(null);
      if (parameter == null || parameter.byBot()) {
        item.problem(
            "“" + action.name() + "”没有参数给“" + written.strip() + "”",
            "`" + action.name() + "` has no parameter for `" + written.strip() + "`");
      } else if (slot == null) {
        item.problem("没有问过“" + slotName + "”", "`" + slotName + "` is no slot of this dialog");
      } else if (!fits(parameter.type(), slot.entity().kind())) {
        item.problem(
            "“" + slotName + "”的类型不适合参数 " + parameter.name(),
            "the type of `" + slotName + "` does not fit the parameter " + parameter.name());
      } else {
        arguments.put(parameter.name(), slotName);
      }
    }
    for (Actions.Parameter parameter : possible) {
      if (parameter.required() && !arguments.containsKey(parameter.name())) {
        item.problem(
            "“" + action.name() + "”缺少参数 " + parameter.name(),
            "`" + action.name() + "` lacks the parameter " + parameter.name());
      }
    }
    Item saveAs = of.get("save_as");
    return new Script.Do(action, arguments, saveAs == null ? action.name() : saveAs.text());
  }

  private static boolean fits(Actions.Type type, Kind kind) {
    return switch (type) {
      case TEXT -> kind != Kind.IMAGE;
      case NUMBER -> kind == Kind.NUMBER;
      case MESSAGES -> kind == Kind.IMAGE;
      case BOOL, LIST -> false;
    };
  }

  private Script.Silence silence(Item item, Set<String> known, Script.@Nullable Do does) {
    Map<String, Item> of = item.map(Set.of("say", "private"));
    Set<String> after = new TreeSet<>(known);
    if (does != null) {
      does.action().gives().forEach(gives -> after.add(does.saveAs() + "." + gives.name()));
    } else {
      item.problem("没有 do，silence 没有意义", "silence means nothing without do");
    }
    Map<String, Item> privately =
        of.containsKey("private")
            ? of.get("private").map(Set.of("categories", "words", "confirm", "say"))
            : Map.of();
    var privateWords = new Lexicon<Boolean>();
    texts(privately.get("words")).forEach(word -> privateWords.add(word, true));
    if (!of.containsKey("say")) {
      item.problem("silence 要有 say", "silence needs say");
    }
    return new Script.Silence(
        of.containsKey("say") ? phrase(of.get("say"), after) : Phrase.NOTHING,
        Set.copyOf(texts(privately.get("categories"))),
        privateWords,
        privately.containsKey("confirm") ? phrase(privately.get("confirm"), known) : Phrase.NOTHING,
        privately.containsKey("say") ? phrase(privately.get("say"), known) : Phrase.NOTHING);
  }

  private void faq(Item item) {
    Map<String, Item> of = item.map(Set.of("id", "q", "a", "source", "expires"));
    Item q = of.get("q");
    Item a = of.get("a");
    if (q == null || a == null) {
      item.problem("每一条要有 q 和 a", "every entry needs q and a");
      return;
    }
    List<String> asked = q.texts();
    String id = of.containsKey("id") ? of.get("id").text() : asked.getFirst();
    for (Item question : q.list()) {
      checks.question(id, question);
    }
    Item until = of.get("expires");
    LocalDate expires = until == null ? null : date(until);
    if (until != null && expires != null && today != null && today.isAfter(expires)) {
      until.problem(
          "“" + asked.getFirst() + "”已过期，机器人不再回答，请更新",
          "`" + asked.getFirst() + "` has expired and is no longer answered");
    }
    if (faqs.put(id, new Faq(id, asked, phrase(a, Set.of()), expires)) != null) {
      item.problem("问答“" + id + "”有两条", "there are two entries `" + id + "`");
    }
    // A short variant is a key word; every variant is an example.
    Target target = new Target(Way.FAQ, id);
    for (String variant : asked) {
      likeness.example(target, variant);
      if (variant.length() <= 6) {
        likeness.keyword(target, variant);
      }
    }
  }

  private static @Nullable LocalDate date(Item item) {
    try {
      return LocalDate.parse(item.text());
    } catch (DateTimeParseException e) {
      item.problem("日期要写成 2027-03-31 这样", "a date is written like 2027-03-31");
      return null;
    }
  }

  private void menu(Item item) {
    Map<String, Item> of = item.map(Set.of("say", "items"));
    if (of.containsKey("items")) {
      for (Item listed : of.get("items").list()) {
        Map<String, Item> parts = listed.map(Set.of("key", "label", "goto"));
        Item to = parts.get("goto");
        if (to == null || !parts.containsKey("key") || !parts.containsKey("label")) {
          listed.problem("每一项要有 key、label 和 goto", "every item needs key, label and goto");
          continue;
        }
        Target target =
            switch (to.text()) {
              case "progress" -> Target.of(Way.PROGRESS);
              case "human" -> Target.of(Way.HUMAN);
              default -> new Target(Way.DIALOG, to.text());
            };
        if (target.way() == Way.DIALOG && !dialogs.containsKey(target.name())) {
          to.problem("goto 没有叫“" + to.text() + "”的对话", "goto names no dialog: `" + to.text() + "`");
        }
        checks.reached(target.name());
        menu.add(
            new MenuItem(parts.get("key").text(), phrase(parts.get("label"), Set.of()), target));
      }
    }
    if (of.containsKey("say")) {
      menuSays = phrase(of.get("say"), Set.of());
    }
  }

  private void handOff(Item item) {
    Map<String, Item> of = item.map(Set.of("words", "open", "closed"));
    Set<String> known = new TreeSet<>(Sentence.ALWAYS);
    known.addAll(List.of("台", "时间"));
    handOff =
        new Script.HandOff(
            new HashSet<>(plain(texts(of.get("words")))),
            saying(item, of.get("open"), known),
            saying(item, of.get("closed"), known));
  }

  private Phrase saying(Item around, @Nullable Item item, Set<String> known) {
    Item say = item == null ? null : item.map(Set.of("say")).get("say");
    if (say == null) {
      around.problem("handoff 要有 open.say 和 closed.say", "handoff needs open.say and closed.say");
      return Phrase.NOTHING;
    }
    return phrase(say, known);
  }

  private void sentences(Item item) {
    Set<String> keys = Sentence.keys();
    item.map(keys)
        .forEach((key, said) -> {
          if (keys.contains(key)) {
            Sentence sentence = Sentence.valueOf(key.toUpperCase(Locale.ROOT));
            sentences.put(sentence, phrase(said, new TreeSet<>(sentence.placeholders)));
          }
        });
  }

  private void emergency(Item item) {
    Map<String, Item> of = item.map(Set.of("harmless", "lists", "unless", "kinds"));
    texts(of.get("harmless")).forEach(danger::harmless);
    Map<String, List<String>> lists = new TreeMap<>();
    if (of.containsKey("lists")) {
      of.get("lists").map().forEach((called, list) -> lists.put(called, list.texts()));
    }
    Set<String> unless = new HashSet<>(texts(of.get("unless")));
    if (of.containsKey("kinds")) {
      of.get("kinds").map(DANGERS).forEach((kind, said) -> danger(kind, said, lists, unless));
    }
  }

  private void danger(
      String kind, Item item, Map<String, List<String>> lists, Set<String> unlessAnywhere) {
    Map<String, Item> of = item.map(Set.of("when", "unless", "number", "say", "rung"));
    if (!of.containsKey("when") || !of.containsKey("number") || !of.containsKey("say")) {
      item.problem("每种险情要有 when、number 和 say", "every danger needs when, number and say");
      return;
    }
    Set<String> unless = new HashSet<>(unlessAnywhere);
    unless.addAll(texts(of.get("unless")));
    for (Item pattern : of.get("when").list()) {
      String wrong = danger.when(kind, pattern.text(), lists, unless);
      if (wrong != null) {
        pattern.problem("看不懂这个说法：" + wrong, "cannot be understood: " + wrong);
      }
    }
    dangers.put(
        kind,
        new Emergency(
            of.get("number").text(),
            phrase(of.get("say"), Set.of()),
            of.containsKey("rung") ? phrase(of.get("rung"), Set.of()) : null));
  }

  private void complete(String file) {
    for (Sentence sentence : Sentence.values()) {
      if (!sentences.containsKey(sentence)) {
        problems.add(
            new Problem(
                file,
                1,
                1,
                "sentences 里缺少 " + sentence.key(),
                "sentences lacks " + sentence.key()));
      }
    }
    if (name.isEmpty() || handOff == null || notUnderstood == null) {
      problems.add(
          new Problem(
              file, 1, 1, "缺少 bot、handoff 或 fallback", "bot, handoff or fallback is missing"));
    }
    intents.forEach((called, intent) -> {
      if (intent.starts == null && !started.contains(called)) {
        intent.at.problem("意图“" + called + "”没有对话用到", "no dialog uses the intent `" + called + "`");
      }
    });
    checks.unreachable();
  }

  private static Phrase phrase(@Nullable Item item, Set<String> known) {
    return item == null ? Phrase.NOTHING : ScriptChecks.phrase(item, item.phrase(), known);
  }

  private static List<String> texts(@Nullable Item item) {
    return item == null ? List.of() : item.texts();
  }

  private static List<String> plain(List<String> texts) {
    return texts.stream().map(Plain::of).toList();
  }

  private static double number(@Nullable Item item, double otherwise) {
    return item == null ? otherwise : item.number(otherwise);
  }
}
