package io.linyu.cli;

import io.linyu.cli.bench.Load;
import io.linyu.cli.bench.StatementTime;
import io.linyu.cli.bench.WebhookTrial;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/// Ends with status 1 when an answer was not the expected one.
@Command(name = "webhook")
final class BenchWebhook implements Callable<Integer> {
  private static final int STATEMENT_SHOWN = 150;

  @SuppressWarnings("NullAway.Init")
  @ParentCommand
  private Bench bench;

  @Option(names = "--seconds", paramLabel = "N", defaultValue = "10")
  private int seconds;

  @Option(names = "--rounds", paramLabel = "N", defaultValue = "3")
  private int rounds;

  @Option(names = "--warming", paramLabel = "N", defaultValue = "40")
  private int warming;

  @Option(names = "--connections", paramLabel = "N", defaultValue = "64")
  private int connections;

  @Option(names = "--people", paramLabel = "N", defaultValue = "4000")
  private int people;

  @Option(names = "--java", paramLabel = "OPTIONS", defaultValue = "")
  private String java = "";

  @Option(names = "--statements")
  private boolean statements;

  @Override
  public Integer call() throws IOException {
    Commands linyu = bench.linyu();
    SettingsLoader.Loaded loaded = linyu.settings(true);
    Path folder = Bench.newFolder("webhook");
    linyu.say("bench.webhook.begins", people, connections, rounds, seconds, folder);
    WebhookTrial.Result result =
        WebhookTrial.run(
            new WebhookTrial.Plan(
                folder,
                loaded.programs(),
                connections,
                people,
                rounds,
                Duration.ofSeconds(warming),
                Duration.ofSeconds(seconds),
                words(java),
                statements),
            round -> tell(linyu, round));
    linyu.say(
        "bench.webhook.ratio",
        "%.2f".formatted(result.full().load().perSecond() / result.bare().load().perSecond()),
        "%.2f".formatted(result.full().processor() / result.bare().processor()));
    linyu.say("bench.webhook.bot", "%.1f".formatted(result.botStep()));
    linyu.say("bench.webhook.memory", result.memory().now() >> 20, result.memory().most() >> 20);
    for (StatementTime each : result.statements()) {
      linyu
          .out()
          .printf(
              "  %7.0f ms + %6.0f planning %6d times, %6d × %7d rows  %s%n",
              each.millis(),
              each.planning(),
              each.plans(),
              each.calls(),
              each.rows(),
              start(each.statement()));
    }
    result.rounds().stream()
        .flatMap(each -> each.load().examples().stream())
        .forEach(example -> linyu.out().println("  " + example));
    if (result.wrong() > 0) {
      linyu.say("bench.webhook.wrong", result.wrong(), folder);
      return 1;
    }
    Bench.delete(folder);
    keep(linyu, result);
    return 0;
  }

  /// What was only tried out is not kept.
  private void keep(Commands linyu, WebhookTrial.Result result) throws IOException {
    Path page = linyu.environment().home().resolve("docs").resolve("benchmarks.md");
    String command =
        "./linyu bench webhook --connections %d --people %d --warming %d --rounds %d --seconds %d"
            .formatted(connections, people, warming, rounds, seconds);
    String table =
        WebhookFigures.table(
            result,
            command,
            LocalDate.now(ZoneOffset.UTC),
            Runtime.getRuntime().availableProcessors());
    boolean asShipped = java.isBlank() && !statements;
    linyu.out().println();
    linyu.out().print(table);
    if (asShipped && new FiguresPage(page).put("webhook", table)) {
      linyu.say("bench.figures", page);
    }
  }

  private static void tell(Commands linyu, WebhookTrial.Round round) {
    Load.Measured load = round.load();
    List<Long> micros = load.micros();
    linyu
        .out()
        .printf(
            "  %-5s %8.0f/s  p50 %6.1f  p99 %6.1f  max %7.1f ms  cpu %6.1f + %6.1f µs"
                + "  other %4.2f  %s%n",
            round.target(),
            load.perSecond(),
            micros.get(0) / 1e3,
            micros.get(2) / 1e3,
            micros.get(4) / 1e3,
            round.server(),
            round.database(),
            round.others(),
            load.byKind());
  }

  private static String start(String statement) {
    return statement.substring(0, Math.min(statement.length(), STATEMENT_SHOWN));
  }

  private static List<String> words(String options) {
    return Arrays.stream(options.split(" ", -1)).filter(each -> !each.isBlank()).toList();
  }
}
