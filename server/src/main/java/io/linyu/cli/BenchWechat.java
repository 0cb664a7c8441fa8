package io.linyu.cli;

import io.linyu.cli.bench.SendTrial;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/// Ends with status 1 when a message was lost or doubled, and then leaves its folder.
@Command(name = "wechat")
final class BenchWechat implements Callable<Integer> {
  private static final int BREACHES_SHOWN = 20;

  @SuppressWarnings("NullAway.Init")
  @ParentCommand
  private Bench bench;

  @Option(names = "--people", paramLabel = "N", defaultValue = "6000")
  private int people;

  @Option(names = "--doubted", paramLabel = "N", defaultValue = "400")
  private int doubted;

  @Option(names = "--kills", paramLabel = "N", defaultValue = "3")
  private int kills;

  @Option(names = "--latency", paramLabel = "MS", defaultValue = "50")
  private int latency;

  @Option(names = "--heap", paramLabel = "MB", defaultValue = "200")
  private int heap;

  @Override
  public Integer call() throws IOException {
    Commands linyu = bench.linyu();
    SettingsLoader.Loaded loaded = linyu.settings(true);
    Path folder = Bench.newFolder("wechat");
    linyu.say("bench.wechat.begins", people, doubted, kills, latency, heap, folder);
    SendTrial.Result result =
        SendTrial.run(
            new SendTrial.Plan(
                folder,
                loaded.programs(),
                people,
                doubted,
                kills,
                Duration.ofMillis(latency),
                List.of("-Xmx" + heap + "m")),
            step -> linyu.sayAside("bench.wechat.step." + step));
    String table = table(result);
    linyu.out().println();
    linyu.out().print(table);
    Path page = linyu.environment().home().resolve("docs").resolve("benchmarks.md");
    if (result.breaches().isEmpty() && new FiguresPage(page).put("wechat", table)) {
      linyu.say("bench.figures", page);
    }
    return bench.end(folder, result.breaches().stream().limit(BREACHES_SHOWN).toList());
  }

  private String table(SendTrial.Result result) {
    SendTrial.Speed speed = result.speed();
    SendTrial.Doubt doubt = result.doubt();
    var table = new StringBuilder();
    line(
        table,
        "`./linyu bench wechat --people %d --doubted %d --kills %d --latency %d --heap %d`, %s, %d processors"
            .formatted(
                people,
                doubted,
                kills,
                latency,
                heap,
                LocalDate.now(ZoneOffset.UTC),
                Runtime.getRuntime().availableProcessors()),
        "",
        "");
    line(table, "---", "---", "---");
    line(
        table,
        "sends a second, %,d in all".formatted(speed.sent()),
        whole(speed.perSecond()),
        "wanted: 1,000; a client that does nothing else: " + whole(speed.ceiling()));
    line(
        table,
        "processor time of each, server + PostgreSQL, µs",
        "%.0f + %.0f".formatted(speed.server(), speed.database()),
        "");
    line(
        table,
        "memory of the server with a heap of at most %d MB, at the end and at most, MiB"
            .formatted(heap),
        "%d, %d".formatted(speed.memory().now() >> 20, speed.memory().most() >> 20),
        "wanted: a heap of 200 MB");
    line(
        table,
        "tokens asked for by all who found none",
        Long.toString(speed.tokens()),
        "wanted: 1");
    line(
        table,
        "half of the calls fail by chance (seed %d), %d kills: calls for all"
            .formatted(doubt.seed(), doubt.kills()),
        Long.toString(doubt.asked()),
        "");
    line(table, "of those without a key", doubt.keyless().toString(), "wanted: none doubled");
    line(table, "of those with a key", doubt.keyed().toString(), "wanted: all delivered, once");
    line(
        table,
        "lost, doubled or wrongly told",
        Integer.toString(result.breaches().size()),
        "wanted: none");
    return table.toString();
  }

  private static void line(StringBuilder table, String... cells) {
    table.append("| ").append(String.join(" | ", List.of(cells))).append(" |\n");
  }

  private static String whole(double number) {
    return String.format(Locale.ROOT, "%,.0f", number);
  }
}
