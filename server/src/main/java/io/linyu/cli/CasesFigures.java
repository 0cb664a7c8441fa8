package io.linyu.cli;

import io.linyu.cli.bench.CasesTrial;
import io.linyu.cli.bench.CasesTrial.Measured;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// What `bench cases` has measured, as a table of `docs/benchmarks.md`, beside what was wanted.
final class CasesFigures {
  /// How each is called on that page.
  private static final Map<String, String> NAMES =
      Map.of(
          "opened", "cases told and dispatched, a second",
          "transitions", "transitions a second (taken, answered, reported)",
          "inbox.community", "the slowest list of the busiest community's desk, p95, ms",
          "inbox.street", "the same of its street, ms",
          "inbox.district", "the same of the district, ms",
          "sweep", "two nodes do what is due at once, s",
          "replay.routing", "replay of who gets what, s",
          "replay.limits", "replay of a limit, s",
          "chains", "events verified a second");

  private CasesFigures() {}

  static String table(CasesTrial.Result result, String command, LocalDate day, int processors) {
    var table = new StringBuilder();
    CasesTrial.DataSize size = result.size();
    line(
        table,
        "`%s`, %s, %d processors; %s cases, %s people, %s events"
            .formatted(
                command,
                day,
                processors,
                whole(size.cases()),
                whole(size.people()),
                whole(size.events())),
        "of",
        "measured",
        "wanted",
        "");
    line(table, "---", "---", "---", "---", "---");
    for (Measured each : result.measured()) {
      line(
          table,
          NAMES.getOrDefault(each.what(), each.what()),
          whole(each.size()),
          number(each.value()),
          wanted(each),
          each.more().entrySet().stream()
              .sorted(Map.Entry.comparingByKey())
              .map(more -> named(more.getKey()) + " " + more.getValue())
              .collect(Collectors.joining("; ")));
    }
    line(
        table,
        "done twice, not done, broken, or not noticed",
        "",
        Integer.toString(result.breaches().size()),
        "none",
        "");
    return table.toString();
  }

  /// Missed goals are marked: a table must not look as if it were all well.
  private static String wanted(Measured each) {
    if (each.wish() == null) {
      return "";
    }
    String goal = (each.atLeast() ? "at least " : "at most ") + number(each.wish());
    return each.isKept() ? goal : "**" + goal + "**";
  }

  private static String named(String more) {
    return switch (more) {
      case "cpu" -> "processor time of each, here + PostgreSQL, µs:";
      case "others" -> "others used, in processors:";
      case "bare" -> "ceiling a second:";
      case "ratio" -> "share of it:";
      default -> more + ":";
    };
  }

  private static void line(StringBuilder table, String... cells) {
    table.append("| ").append(String.join(" | ", List.of(cells))).append(" |\n");
  }

  private static String number(double number) {
    return String.format(Locale.ROOT, number < 10_000 ? "%,.1f" : "%,.0f", number);
  }

  private static String whole(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
