package io.linyu.cli;

import io.linyu.cli.bench.RollingTrial;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/// Two servers behind the project's own proxy are replaced one after the other. Ends with status 1
/// when anything was lost, late or refused, and then leaves its folder.
@Command(name = "rolling")
final class BenchRolling implements Callable<Integer> {
  @SuppressWarnings("NullAway.Init")
  @ParentCommand
  private Bench bench;

  @Option(names = "--rounds", paramLabel = "N", defaultValue = "2")
  private int rounds;

  @Option(names = "--rate", paramLabel = "N", defaultValue = "100")
  private int rate;

  @Option(names = "--people", paramLabel = "N", defaultValue = "400")
  private int people;

  @Option(names = "--connections", paramLabel = "N", defaultValue = "32")
  private int connections;

  @Override
  public Integer call() throws IOException {
    Commands linyu = bench.linyu();
    SettingsLoader.Loaded loaded = linyu.settings(true);
    Path folder = Bench.newFolder("rolling");
    linyu.say("bench.rolling.begins", rounds, rate, people, folder);
    RollingTrial.Result result =
        RollingTrial.run(
            new RollingTrial.Plan(
                folder,
                loaded.programs(),
                linyu.environment().home().resolve("docker"),
                rounds,
                rate,
                people,
                connections),
            each ->
                linyu.say(
                    "bench.rolling.restarted",
                    each.node(),
                    "%.1f".formatted(each.ended().toMillis() / 1e3),
                    "%.1f".formatted(each.ready().toMillis() / 1e3)));
    linyu.say(
        "bench.rolling.counted",
        result.answered(),
        result.lost(),
        result.late(),
        "%.2f".formatted(result.slowestSeconds()));
    linyu.say("bench.outage.counted", result.said(), result.received());
    linyu.say(
        "bench.rolling.pages",
        result.pages(),
        result.sent(),
        result.pagesFailed().size(),
        result.slowestPage());
    return bench.end(folder, result.breaches());
  }
}
