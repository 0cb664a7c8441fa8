package io.linyu.cli;

import io.linyu.cli.bench.Findings;
import io.linyu.cli.bench.KillTrial;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/// `kill -9` at random moments under load. Ends with status 1 when a promise was broken, and then
/// leaves its folder for who wants to look.
@Command(name = "kill")
final class BenchKill implements Callable<Integer> {
  private static final int BREACHES_SHOWN = 10;

  @SuppressWarnings("NullAway.Init")
  @ParentCommand
  private Bench bench;

  @Option(names = "--seconds", paramLabel = "N", defaultValue = "120")
  private int seconds;

  @Option(names = "--nodes", paramLabel = "N", defaultValue = "2")
  private int nodes;

  @Option(names = "--twice", paramLabel = "N", defaultValue = "1000")
  private int twice;

  @Option(names = "--phones", paramLabel = "N", defaultValue = "30")
  private int phones;

  @Option(names = "--seed", paramLabel = "N")
  private @Nullable Long seed;

  @Option(
      names = "--kills",
      paramLabel = "WHOM",
      split = ",",
      defaultValue = "server,postgres,both,redis,redis_hangs,postgres_hangs,postgres_hangs_long")
  private List<KillTrial.Victim> victims = List.of();

  @Override
  public Integer call() throws IOException {
    Commands linyu = bench.linyu();
    SettingsLoader.Loaded loaded = linyu.settings(true);
    long chosen = seed == null ? new Random().nextInt(1_000_000) : seed;
    Path folder = Bench.newFolder("kill");
    linyu.say("bench.kill.begins", phones, seconds, Long.toString(chosen), folder);
    Findings findings =
        KillTrial.run(
            new KillTrial.Plan(
                folder,
                loaded.programs(),
                nodes,
                phones,
                twice,
                Duration.ofSeconds(seconds),
                chosen,
                victims,
                true),
            (victim, recovery) -> linyu.sayAside("bench.kill.killed", victim, recovery.toMillis()));
    tell(linyu, findings);
    boolean kept = findings.breaches().isEmpty();
    linyu.say(kept ? "bench.kill.kept" : "bench.kill.broken", folder);
    if (kept) {
      Bench.delete(folder);
    }
    return kept ? 0 : 1;
  }

  private static void tell(Commands linyu, Findings findings) {
    Sentences words = linyu.sentences();
    findings
        .figures()
        .forEach((key, value) ->
            linyu.out().printf("  %10s  %s%n", value, words.of("bench.kill.figure." + key)));
    for (Findings.Promise each : findings.promises()) {
      linyu
          .out()
          .printf(
              "%s %10d  %s%n",
              each.breaches().isEmpty() ? "✓" : "✗",
              each.counted(),
              words.of("bench.kill.promise." + each.key()));
      each.breaches().stream()
          .limit(BREACHES_SHOWN)
          .forEach(breach -> linyu.out().println("               " + breach));
    }
  }
}
