package io.linyu.cli;

import io.linyu.cli.bench.Load;
import io.linyu.cli.bench.OutageTrial;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/// What the server stands on is away for a while, one thing after the other. Ends with status 1
/// when something was lost or did not come back, and then leaves its folder.
@Command(name = "outage")
final class BenchOutage implements Callable<Integer> {
  @SuppressWarnings("NullAway.Init")
  @ParentCommand
  private Bench bench;

  @Option(names = "--seconds", paramLabel = "N", defaultValue = "60")
  private int seconds;

  @Option(names = "--rate", paramLabel = "N", defaultValue = "200")
  private int rate;

  @Option(names = "--crowd", paramLabel = "N", defaultValue = "6000")
  private int crowd;

  @Option(
      names = "--stages",
      paramLabel = "WHAT",
      split = ",",
      defaultValue = "overload,database_away,redis_away,disk_full")
  private List<OutageTrial.Stage> stages = List.of();

  @Override
  public Integer call() throws IOException {
    Commands linyu = bench.linyu();
    SettingsLoader.Loaded loaded = linyu.settings(true);
    Path folder = Bench.newFolder("outage");
    linyu.say("bench.outage.begins", seconds, rate, crowd, folder);
    OutageTrial.Result result =
        OutageTrial.run(
            new OutageTrial.Plan(
                folder, loaded.programs(), stages, Duration.ofSeconds(seconds), rate, crowd, false),
            outcome -> tell(linyu, outcome));
    linyu.say("bench.outage.counted", result.said(), result.received());
    return bench.end(folder, result.breaches());
  }

  private static void tell(Commands linyu, OutageTrial.Outcome outcome) {
    Load.Measured load = outcome.load();
    Duration recovered = outcome.recovered();
    linyu
        .out()
        .printf(
            "  %-14s %s%n",
            outcome.stage(),
            linyu
                .sentences()
                .of(
                    "bench.outage.stage",
                    load.messages(),
                    load.dropped(),
                    load.refused(),
                    recovered == null ? "-" : "%.1f".formatted(recovered.toMillis() / 1e3),
                    outcome.memoryBefore() >> 20,
                    outcome.memory() >> 20,
                    "%.1f".formatted(load.micros().get(4) / 1e6)));
  }
}
