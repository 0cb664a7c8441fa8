package io.linyu.bot;

import static io.linyu.bot.Item.number;
import static io.linyu.bot.Item.phrase;
import static io.linyu.bot.Item.plain;
import static io.linyu.bot.Item.texts;

import io.linyu.bot.Script.Emergency;
import io.linyu.bot.Script.Faq;
import io.linyu.bot.Script.MenuItem;
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
  private final ScriptChecks checks = new ScriptChecks();

  private String name = "";
  private int version = 1;
  private Script.Settings settings = new Script.Settings(0.7, 0.45, 2, Duration.ofMinutes(30));
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
  private final Intents intents;
  private final DialogReader dialogs;

  ScriptReader(List<Problem> problems, @Nullable LocalDate today) {
    this.problems = problems;
    this.today = today;
    intents = new Intents(checks, likeness);
    dialogs = new DialogReader(intents, checks);
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
    each(files, "version", item -> version = (int) item.asNumber(1));
    each(files, "settings", this::settings);
    each(files, "words", this::words);
    each(files, "problems", this::problems);
    each(files, "entities", item -> item.map().forEach(dialogs::entity));
    each(files, "intents", item -> item.map().forEach(intents::read));
    each(files, "dialogs", item -> item.map().forEach(dialogs::dialog));
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
        dialogs.all(),
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
                .addAll(plain(list.asTexts()));
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

  private void faq(Item item) {
    Map<String, Item> of = item.map(Set.of("id", "q", "a", "source", "expires"));
    Item q = of.get("q");
    Item a = of.get("a");
    if (q == null || a == null) {
      item.problem("每一条要有 q 和 a", "every entry needs q and a");
      return;
    }
    List<String> asked = q.asTexts();
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
    if (faqs.put(id, new Faq(id, asked, phrase(a, Set.of(PaperPage.PAGE)), expires)) != null) {
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
        if (target.way() == Way.DIALOG && !dialogs.all().containsKey(target.name())) {
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
      of.get("lists").map().forEach((called, list) -> lists.put(called, list.asTexts()));
    }
    Set<String> unless = new HashSet<>(texts(of.get("unless")));
    if (of.containsKey("kinds")) {
      of.get("kinds").map(DANGERS).forEach((kind, said) -> danger(kind, said, lists, unless));
    }
  }

  private void danger(
      String kind, Item item, Map<String, List<String>> lists, Set<String> unlessAnywhere) {
    Map<String, Item> of = item.map(Set.of("when", "unless", "number", "say", "rung", "after"));
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
            of.containsKey("rung") ? phrase(of.get("rung"), Set.of()) : null,
            of.containsKey("after") ? phrase(of.get("after"), Set.of()) : null));
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
    intents.unused();
    checks.unreachable();
  }
}
