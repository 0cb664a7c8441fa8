package io.linyu.cli;

import io.linyu.cli.bench.CasesTrial;
import io.linyu.cli.bench.CasesTrial.DataSize;
import io.linyu.cli.bench.CasesTrial.Measured;
import io.linyu.cli.bench.StatementTime;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/// Ends with status 1 when something was slower than wished, done twice, or broken.
@Command(name = "cases")
final class BenchCases implements Callable<Integer> {
  private static final int TOLD_EVERY = 50_000;
  private static final int STATEMENT_SHOWN = 150;

  /// Steps of making the data, which the other trial has, too. `chains` is verifying here.
  private static final List<String> FILLING =
      List.of("district", "cases", "index", "words", "roots");

  /// What the goals are for: less is tried out, and not kept on the page.
  private static final int WHOLE = 1_000_000;

  @SuppressWarnings("NullAway.Init")
  @ParentCommand
  private Bench bench;

  @Option(names = "--cases", paramLabel = "N", defaultValue = "1000000")
  private int cases;

  @Option(names = "--people", paramLabel = "N", defaultValue = "1000000")
  private int people;

  @Option(names = "--due", paramLabel = "N", defaultValue = "10000")
  private int due;

  @Option(names = "--matters", paramLabel = "N", defaultValue = "6000")
  private int matters;

  @Option(names = "--hands", paramLabel = "N", defaultValue = "24")
  private int hands;

  @Option(names = "--requests", paramLabel = "N", defaultValue = "200")
  private int requests;

  @Option(names = "--keep", paramLabel = "FOLDER")
  private @Nullable Path keep;

  @Option(names = "--statements")
  private boolean statements;

  @Override
  public Integer call() throws IOException {
    Commands linyu = bench.linyu();
    SettingsLoader.Loaded loaded = linyu.settings(true);
    Path folder =
        keep == null
            ? Bench.newFolder("cases", loaded.settings().dataDir().toAbsolutePath())
            : keep.toAbsolutePath();
    int processors = Runtime.getRuntime().availableProcessors();
    linyu.say("bench.cases.begins", cases, people, processors, folder);
    CasesTrial.Result result =
        CasesTrial.run(
            new CasesTrial.Plan(
                folder,
                loaded.programs(),
                cases,
                people,
                due,
                matters,
                hands,
                requests,
                statements),
            new Telling(linyu));
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
              each.statement().substring(0, Math.min(each.statement().length(), STATEMENT_SHOWN)));
    }
    result.breaches().forEach(each -> linyu.out().println("✗ " + each));
    if (!result.breaches().isEmpty()) {
      linyu.say("bench.cases.broken", result.breaches().size(), folder);
      return 1;
    }
    linyu.say(result.slow() == 0 ? "bench.cases.kept" : "bench.cases.slow", result.slow());
    if (keep == null) {
      Bench.delete(folder);
    } else {
      linyu.say("bench.data.left", folder);
    }
    keep(linyu, result, processors);
    return result.slow() == 0 ? 0 : 1;
  }

  /// What was only tried out is not kept.
  private void keep(Commands linyu, CasesTrial.Result result, int processors) throws IOException {
    String command =
        "./linyu bench cases --cases %d --people %d --due %d --matters %d --hands %d --requests %d"
            .formatted(cases, people, due, matters, hands, requests);
    String table = CasesFigures.table(result, command, LocalDate.now(ZoneOffset.UTC), processors);
    linyu.out().println();
    linyu.out().println(table.stripTrailing());
    Path page = linyu.environment().home().resolve("docs").resolve("benchmarks.md");
    boolean whole = result.size().cases() >= WHOLE && !statements;
    if (whole && new FiguresPage(page).put("cases", table)) {
      linyu.say("bench.figures", page);
    }
  }

  private record Telling(Commands linyu) implements CasesTrial.Listener {
    @Override
    public void step(String what, Object detail) {
      boolean often = what.equals("cases") && (long) detail % TOLD_EVERY != 0;
      if (often) {
        return;
      }
      // Making the data is the same in both.
      boolean making = FILLING.contains(what);
      linyu.sayAside((making ? "bench.data.step." : "bench.cases.step.") + what, detail);
    }

    @Override
    public void size(DataSize size) {
      linyu.say("bench.cases.size", size.cases(), size.people(), size.events(), size.seconds());
      linyu.say("bench.cases.head");
    }

    @Override
    public void measured(Measured each) {
      linyu
          .out()
          .printf(
              Locale.ROOT,
              "%s %10d %10.1f %8s  %s  %s%n",
              each.wish() == null ? " " : each.isKept() ? "✓" : "✗",
              each.size(),
              each.value(),
              each.wish() == null ? "" : "%.0f".formatted(each.wish()),
              linyu.sentences().of("bench.cases.what." + each.what()),
              each.more());
    }
  }
}
