package io.linyu.cli;

import io.linyu.cli.bench.Load;
import io.linyu.cli.bench.WebhookTrial;
import io.linyu.cli.bench.WebhookTrial.Round;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What `bench webhook` has measured, as a table of `docs/benchmarks.md`, beside what was wanted.
final class WebhookFigures {
  private WebhookFigures() {}

  static String table(WebhookTrial.Result result, String command, LocalDate day, int processors) {
    Round bare = result.bare();
    Round full = result.full();
    var table = new StringBuilder();
    line(
        table,
        "`%s`, %s, %d processors".formatted(command, day, processors),
        "ceiling",
        "full turn",
        "");
    line(table, "---", "---", "---", "---");
    line(
        table,
        "answers a second",
        whole(bare.load().perSecond()),
        whole(full.load().perSecond()),
        "%s of it; wanted: 0.3"
            .formatted(ratio(full.load().perSecond() / bare.load().perSecond())));
    line(
        table,
        "processor time a message, server + PostgreSQL, µs",
        "%.0f + %.0f".formatted(bare.server(), bare.database()),
        "%.0f + %.0f".formatted(full.server(), full.database()),
        "%s times; wanted: 4".formatted(ratio(full.processor() / bare.processor())));
    line(
        table,
        "p50, p99, slowest, ms",
        times(bare.load()),
        times(full.load()),
        "wanted: p99 50, none over 4,500");
    result.rates().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(each ->
            line(
                table,
                "the same when %d come a second".formatted(each.getKey()),
                "",
                times(each.getValue().load()),
                ""));
    line(table, "one step of the bot, µs", "", "%.1f".formatted(result.botStep()), "wanted: 20");
    line(
        table,
        "memory of the server, at the end and at most, MiB",
        "",
        "%d, %d".formatted(result.memory().now() >> 20, result.memory().most() >> 20),
        "wanted: 300 MB (286 MiB)");
    line(
        table,
        "what else used the machine meanwhile, in processors",
        "%.2f".formatted(bare.others()),
        "%.2f".formatted(full.others()),
        "");
    line(table, "wrong answers", "", Long.toString(result.wrong()), "wanted: none");
    return table.toString();
  }

  private static void line(StringBuilder table, String... cells) {
    table.append("| ").append(String.join(" | ", List.of(cells))).append(" |\n");
  }

  private static String whole(double number) {
    return String.format(Locale.ROOT, "%,.0f", number);
  }

  private static String ratio(double number) {
    return String.format(Locale.ROOT, "%.2f", number);
  }

  private static String times(Load.Measured load) {
    List<Long> micros = load.micros();
    return String.format(
        Locale.ROOT,
        "%.1f, %.1f, %.0f",
        micros.get(0) / 1e3,
        micros.get(2) / 1e3,
        micros.get(4) / 1e3);
  }
}
