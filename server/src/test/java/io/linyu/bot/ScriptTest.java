package io.linyu.bot;

import static org.assertj.core.api.Assertions.assertThat;

import io.linyu.bot.Script.Target;
import io.linyu.bot.Script.Target.Way;
import io.linyu.bot.Scripts.Loaded;
import io.linyu.bot.Scripts.Problem;
import io.linyu.bot.Scripts.Source;
import io.linyu.bot.match.Plain;
import io.linyu.channel.Content;
import io.linyu.platform.text.Json;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScriptTest {
  private static final Instant NOON = Instant.parse("2026-11-23T04:00:00Z");
  private static final LocalDate TODAY = LocalDate.of(2026, 11, 23);

  @Test
  void everyWrittenConversationGoesAsWritten() {
    Transcripts.Report report = Transcripts.run(Scripts.shipped(), Scripts.shippedTests());

    assertThat(report.failures()).isEmpty();
    assertThat(report.passed()).isGreaterThanOrEqualTo(70);
  }

  @Test
  void aConversationThatGoesOtherwiseIsReportedWithItsLine() {
    var test =
        new Source(
            "t.yaml",
            """
            tests:
              - name: wrong
                talk:
                  - 他说: 菜单
                  - 机器人说含: 没有这句话
              - name: silent
                talk:
                  - 他说: 人工
            """);

    assertThat(Transcripts.run(Scripts.shipped(), List.of(test)).failures())
        .extracting(Problem::line)
        .containsExactly(5, 8);
  }

  @Test
  void theFoldersOfTheRepositoryAndTheClassPathHoldTheSameScripts() {
    Path folder = Path.of("..", "bot-scripts");

    assertThat(texts(Scripts.in(folder)))
        .containsExactlyInAnyOrderElementsOf(texts(Scripts.shippedSources()));
    assertThat(texts(Scripts.testsIn(folder)))
        .containsExactlyInAnyOrderElementsOf(texts(Scripts.shippedTests()));
  }

  private static List<String> texts(List<Source> sources) {
    return sources.stream().map(Source::text).toList();
  }

  @Test
  void everySentenceIsSaidInBothLanguages() {
    Script script = shipped();
    List<Phrase> phrases = new ArrayList<>(script.sentences().values());
    phrases.addAll(
        List.of(
            script.menuSays(),
            script.notUnderstood(),
            script.handOff().open(),
            script.handOff().closed()));
    script.faqs().values().forEach(faq -> phrases.add(faq.answer()));
    script
        .dialogs()
        .values()
        .forEach(dialog -> phrases.addAll(List.of(dialog.say(), dialog.label())));
    script.dangers().kinds().values().forEach(danger -> phrases.add(danger.say()));

    assertThat(phrases).allMatch(phrase -> phrase.speaks("zh") && phrase.speaks("en"));
  }

  @Test
  void everyQuestionOfTheKnowledgeBaseLeadsToItsOwnAnswer() {
    Script script = shipped();

    script
        .faqs()
        .forEach((id, faq) ->
            assertThat(faq.questions())
                .as(id)
                .allSatisfy(question -> {
                  String plain = Plain.of(question);
                  assertThat(script.dangers().wording().in(plain)).isNull();
                  assertThat(Meaning.of(plain, script, TODAY).target())
                      .isEqualTo(new Target(Way.FAQ, id));
                }));
  }

  @Test
  void anAnswerPastItsDateIsNoLongerGiven() {
    List<Source> sources = new ArrayList<>(Scripts.shippedSources());
    sources.add(new Source("x.yaml", "faq: [{q: [灯会哪天办], a: 正月十五。, expires: 2026-03-03}]"));
    Bot bot = ((Loaded.Ready) Scripts.load(sources)).bot();

    assertThat(says(bot, "灯会哪天办", NOON)).doesNotContain("正月十五");
    assertThat(says(bot, "灯会哪天办", Instant.parse("2026-02-01T04:00:00Z"))).isEqualTo("正月十五。");
    assertThat(problems(Scripts.load(sources, TODAY)))
        .singleElement()
        .extracting(Problem::en)
        .asString()
        .contains("expired");
  }

  /// One mistake each, in a file beside the shipped ones; the line it must be reported at.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          1 | intents: {x: {keyword: [a]}}                                        | unknown word `keyword`
          1 | entities: {x: {type: colour}}                                       | must be text, image
          1 | dialogs: {x: {when: 谢谢, say: a}}                                   | already starts another
          1 | dialogs: {x: {when: 没有的, say: a}}                                  | no intent `没有的`
          1 | dialogs: {x: {say: a}}                                              | nothing starts `x`
          2 | intents: {i: {examples: [甲乙]}}/dialogs: {x: {when: i, say: '{谁}'}}   | {谁} has no source
          2 | intents: {i: {examples: [甲乙]}}/dialogs: {x: {when: i, say: a, ask: [{slot: s, type: 颜色, say: b}]}} | no type `颜色`
          2 | intents: {i: {examples: [甲乙]}}/dialogs: {x: {when: i, say: a, ask: [{slot: s, type: text}]}} | needs say
          2 | intents: {i: {examples: [甲乙]}}/dialogs: {x: {when: i, say: a, confirm: c, do: fly(s)}} | no such action
          2 | intents: {i: {examples: [甲乙]}}/dialogs: {x: {when: i, say: a, confirm: c, do: open_case(s)}} | `s` is no slot
          2 | intents: {i: {examples: [甲乙]}}/dialogs: {x: {when: i, say: a, confirm: c, do: open_case(t), ask: [{slot: t, type: text, say: b}]}} | lacks the parameter photos
          2 | intents: {i: {examples: [甲乙]}}/dialogs: {x: {when: i, say: a, confirm: c, do: 'open_case(t, t, t)', ask: [{slot: t, type: text, say: b}]}} | does not fit
          2 | intents: {i: {examples: [甲乙]}}/dialogs: {x: {when: i, say: a, do: hand_back}} | needs a confirm
          2 | intents: {i: {examples: [甲乙]}}/dialogs: {x: {when: i, say: '{w.tail}', do: my_cases, save_as: w}} | {w.tail} has no source
          1 | intents: {i: {starts: human, examples: [谢谢你]}}                     | belongs to the intent
          1 | faq: [{q: [居住证怎么办], a: b}]                                       | already asked
          1 | faq: [{q: [甲乙], a: b, expires: soon}]                               | a date is written
          1 | faq: [{q: [甲乙]}]                                                   | needs q and a
          1 | settings: {sure: much}                                              | not a number
          1 | settings: {silence: 5h}                                             | in minutes
          1 | menu: {items: [{key: k, label: l, goto: 哪里}]}                       | no dialog
          1 | emergency: {kinds: {flood: {when: [a], number: 1, say: b}}}         | unknown word `flood`
          1 | emergency: {kinds: {fire: {when: ['{谁}'], number: 1, say: b}}}       | cannot be understood
          1 | sentences: {hello: a}                                               | unknown word `hello`
          1 | sentences: {menu: a                                                 | not valid YAML
          """)
  void everyMistakeIsNamedWithItsLine(int line, String text, String says) {
    List<Source> sources = new ArrayList<>(Scripts.shippedSources());
    sources.add(new Source("x.yaml", text.strip().replace("}}/", "}}\n")));

    assertThat(problems(Scripts.load(sources)))
        .filteredOn(problem -> problem.file().equals("x.yaml") && problem.line() == line)
        .extracting(Problem::en)
        .anyMatch(en -> en.contains(says.strip()));
  }

  @Test
  void allMistakesOfAllFilesAreNamedInOneRun() {
    List<Source> sources = new ArrayList<>(Scripts.shippedSources());
    sources.add(new Source("a.yaml", "wrong: 1\nsettings: {sure: much}"));
    sources.add(new Source("b.yaml", "faq:\n  - q: [甲]\n    a: " + "长".repeat(700)));

    assertThat(problems(Scripts.load(sources)))
        .extracting(problem -> problem.file() + ":" + problem.line() + ":" + problem.column())
        .containsExactly("a.yaml:1:1", "a.yaml:2:18", "b.yaml:3:8");
  }

  @Test
  void anEmptySetOfScriptsIsRefusedAndNotACrash() {
    assertThat(problems(Scripts.load(List.of(new Source("empty.yaml", ""))))).isNotEmpty();
  }

  @Test
  void dangerToLifeIsAlwaysHeardAndOrdinaryTroubleNever() throws IOException {
    var danger = shipped().dangers().wording();
    List<String> missed = new ArrayList<>();
    List<String> alarms = new ArrayList<>();
    int harmless = 0;
    int dangers = 0;
    for (String line : labelled()) {
      String kind = line.substring(0, line.indexOf(' '));
      String heard = danger.in(Plain.of(line.substring(kind.length() + 1)));
      if (kind.equals("-")) {
        harmless++;
        if (heard != null) {
          alarms.add(line + " → " + heard);
        }
      } else {
        dangers++;
        if (!kind.equals(heard)) {
          missed.add(line + " → " + heard);
        }
      }
    }

    assertThat(dangers).isGreaterThan(250);
    assertThat(harmless).isGreaterThan(400);
    assertThat(missed).isEmpty();
    assertThat(alarms).hasSizeLessThanOrEqualTo(harmless / 200);
  }

  private static List<String> labelled() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(ScriptTest.class.getResourceAsStream("/bot/danger.txt"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .toList();
    }
  }

  @Test
  void aStateWithoutAnythingIsFreshAndAStateOfALaterReleaseIsRead() {
    assertThat(Json.read("{}", BotState.class)).isEqualTo(BotState.fresh());
    assertThat(
            Json.read(
                "{\"person\":true,\"later\":{\"x\":1},\"form\":{\"dialog\":\"d\",\"first\":1,\"y\":2}}",
                BotState.class))
        .satisfies(state -> {
          assertThat(state.person()).isTrue();
          assertThat(state.form()).isNotNull();
        });
  }

  @Test
  void aReportInADialogThatNoLongerExistsDoesNotStopTheBot() {
    BotState state =
        Json.read(
            "{\"form\":{\"dialog\":\"gone\",\"first\":1},\"waiting\":{\"what\":\"done\"}}",
            BotState.class);

    assertThat(Scripts.shipped().step(state, new Input.Silence(), scene(NOON)).move())
        .isEqualTo(new Move.Quiet());
  }

  @Test
  void theSameStepIsAlwaysTheSame() {
    Bot bot = Scripts.shipped();
    var input = new Input.Heard(new Content.Text("三栋楼道灯又不亮了", null), 5);

    Step once = bot.step(BotState.fresh(), input, scene(NOON));

    assertThat(Scripts.shipped().step(BotState.fresh(), input, scene(NOON))).isEqualTo(once);
    assertThat(once.state().wakeAfter()).isEqualTo(Duration.ofMinutes(30));
  }

  @Test
  void aVeryLongMessageIsFiledWholeAndReadBackInOneReply() {
    Bot bot = Scripts.shipped();
    String story = "楼道灯坏了，" + "天黑了看不见路，".repeat(300);
    Step heard =
        bot.step(BotState.fresh(), new Input.Heard(new Content.Text(story, null), 1), scene(NOON));
    Step done =
        bot.step(heard.state(), new Input.Heard(new Content.Text("对", null), 2), scene(NOON));

    assertThat(((Move.Say) heard.move()).text().getBytes(StandardCharsets.UTF_8).length)
        .isLessThan(2048);
    assertThat(((Move.Act) done.move()).arguments().get("what"))
        .asString()
        .hasSizeGreaterThan(2300);
  }

  @Test
  void theTerminalChecksTestsAndTalks() throws IOException {
    var out = new ByteArrayOutputStream();
    var console =
        new BotConsole(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            Clock.fixed(NOON, ZoneId.of("UTC")));

    assertThat(console.check(Scripts.shippedSources())).isZero();
    assertThat(console.check(List.of(new Source("bad.yaml", "nonsense: 1")))).isEqualTo(1);
    assertThat(console.test(Scripts.shippedSources(), Scripts.shippedTests())).isZero();
    assertThat(
            console.chat(
                Scripts.shippedSources(),
                new BufferedReader(new StringReader("三栋楼道灯不亮了\n对\n/voice\n\n")),
                "zh"))
        .isZero();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("bad.yaml:1:1", "我记的是：和光小区3栋，楼道灯不亮了", "编号3-0417", "语音收到了");
  }

  @Test
  void correctionsAreUnderstoodInTheWaysTheyAreSaid() {
    assertThat(List.of("不是3栋,是5栋", "不是3栋，而是5栋", "是5栋，不是3栋", "不对，应该是5栋", "错了，5栋", "改成5栋"))
        .allSatisfy(said ->
            assertThat(Gist.correction(said))
                .isNotNull()
                .extracting(Gist.Correction::right)
                .isEqualTo("5栋"));
    assertThat(Gist.correction("楼道灯坏了")).isNull();
  }

  private static String says(Bot bot, String text, Instant now) {
    Move move =
        bot.step(BotState.fresh(), new Input.Heard(new Content.Text(text, null), 1), scene(now))
            .move();
    return move instanceof Move.Say say ? say.text() : "";
  }

  private static Script shipped() {
    List<Problem> problems = new ArrayList<>();
    Script script = new ScriptReader(problems, null).read(Scripts.shippedSources());
    assertThat(problems).isEmpty();
    return script;
  }

  private static List<Problem> problems(Loaded loaded) {
    return loaded instanceof Loaded.Faulty faulty ? faulty.problems() : List.of();
  }

  private static Scene scene(Instant now) {
    return new Scene(
        "wechat",
        now,
        ZoneId.of("Asia/Shanghai"),
        "zh",
        new Scene.Place(7, "和光小区3栋", "清月园社区"),
        new Scene.Desk("清月园社区", "1234-5678", "1234-9999", true, null),
        true);
  }
}
