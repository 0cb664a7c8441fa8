package io.linyu.bot;

import io.linyu.bot.Scripts.Loaded;
import io.linyu.bot.Scripts.Problem;
import io.linyu.bot.Scripts.Source;
import io.linyu.channel.Content;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// `bot check`, `bot test` and `bot chat`. Each returns the exit code of the command.
public final class BotConsole {
  private static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");

  private final PrintStream out;
  private final Clock clock;

  public BotConsole(PrintStream out, Clock clock) {
    this.out = out;
    this.clock = clock;
  }

  /// Prints every problem with file, line and a sentence in both languages.
  public int check(List<Source> sources) {
    return switch (Scripts.load(sources, LocalDate.now(clock.withZone(ZONE)))) {
      case Loaded.Ready _ -> {
        out.println("脚本没有问题。 The scripts are sound.");
        yield 0;
      }
      case Loaded.Faulty faulty -> {
        faulty.problems().forEach(this::print);
        out.printf("%d 处要改。 %d to correct.%n", faulty.problems().size(), faulty.problems().size());
        yield 1;
      }
    };
  }

  /// Plays all transcripts.
  public int test(List<Source> sources, List<Source> tests) {
    if (!(Scripts.load(sources) instanceof Loaded.Ready ready)) {
      return check(sources);
    }
    Transcripts.Report report = Transcripts.run(ready.bot(), tests);
    report.failures().forEach(this::print);
    out.printf(
        "对话 %d 段通过，%d 处不符。 %d conversations passed, %d differences.%n",
        report.passed(), report.failures().size(), report.passed(), report.failures().size());
    return report.failures().isEmpty() ? 0 : 1;
  }

  /// A conversation at the terminal; nothing is registered, acts are shown and answered by a dummy.
  /// A line `/image`, `/voice`, `/scan bld:x`, `/follow`, `/menu report` or `/silence` does that.
  public int chat(List<Source> sources, BufferedReader in, String language) throws IOException {
    if (!(Scripts.load(sources) instanceof Loaded.Ready ready)) {
      return check(sources);
    }
    out.println("直接打字；/image /voice /scan bld:x /follow /menu report /silence；空行结束。");
    BotState state = BotState.fresh();
    long message = 0;
    for (String line = in.readLine(); line != null && !line.isBlank(); line = in.readLine()) {
      Input input =
          line.equals("/silence")
              ? new Input.Silence()
              : new Input.Heard(content(line.strip(), ++message), message);
      state = turn(ready.bot(), state, input, language);
    }
    return 0;
  }

  private BotState turn(Bot bot, BotState before, Input first, String language) {
    BotState state = before;
    Input input = first;
    for (int steps = 0; steps < 8; steps++) {
      Step step = bot.step(state, input, scene(language));
      state = step.state();
      switch (step.move()) {
        case Move.Say say -> out.println("机器人：" + say.text());
        case Move.HandOff handOff -> out.println("机器人（转人工）：" + handOff.text());
        case Move.Quiet _ -> out.println("（不说话）");
        case Move.Act act -> {
          out.println("  → " + act.name() + " " + act.arguments());
          input = new Input.Outcome(dummy(act.name()));
          continue;
        }
        case Move.Ask ask -> {
          out.println("  ? " + ask.name() + " " + ask.arguments());
          input = new Input.Outcome(dummy(ask.name()));
          continue;
        }
      }
      return state;
    }
    return state;
  }

  private static Content content(String line, long message) {
    String detail = line.substring(line.indexOf(' ') + 1);
    return switch (line.split(" ", 2)[0]) {
      case "/image" -> new Content.Image("media" + message, null);
      case "/voice" -> new Content.Voice("media" + message, "amr", null);
      case "/follow" -> new Content.Followed(null);
      case "/scan" -> new Content.Scanned(detail);
      case "/menu" -> new Content.MenuTapped(detail);
      default -> new Content.Text(line, null);
    };
  }

  private static Map<String, Object> dummy(String name) {
    Map<String, Object> values = new HashMap<>();
    switch (name) {
      case "open_case", "ring_alarm" -> {
        values.put("number", "3-0417");
        values.put("desk", "清月园社区");
        values.put("promise", "今天17:30前联系您");
        values.put("link", "");
      }
      case "find_building" ->
          values.put("found", List.of(Map.of("territory", 7L, "name", "和光小区3栋")));
      case "bind_building" -> {
        values.put("name", "和光小区3栋");
        values.put("community", "清月园社区");
      }
      case "my_cases" -> values.put("cases", List.of());
      case "keep_voice" -> {
        values.put("by", "今天16:00");
        values.put("phone", "1234-5678");
        values.put("already", 0L);
      }
      case "hand_over" -> {
        values.put("desk", "清月园社区");
        values.put("open", true);
        values.put("phone", "1234-5678");
      }
      default -> {}
    }
    return values;
  }

  private Scene scene(String language) {
    return new Scene(
        "wechat",
        clock.instant(),
        ZONE,
        language,
        null,
        new Scene.Desk("清月园社区", "1234-5678", "1234-9999", true, null),
        true);
  }

  private void print(Problem problem) {
    out.printf(
        "%s:%d:%d %s%n    %s%n",
        problem.file(), problem.line(), problem.column(), problem.zh(), problem.en());
  }
}
