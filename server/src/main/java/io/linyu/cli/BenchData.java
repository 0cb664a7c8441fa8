package io.linyu.cli;

import io.linyu.cli.bench.DataTrial;
import io.linyu.cli.bench.DataTrial.Timed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/// Ends with status 1 when something was slower than wished.
@Command(name = "data")
final class BenchData implements Callable<Integer> {
  private static final int TOLD_EVERY = 50_000;

  @SuppressWarnings("NullAway.Init")
  @ParentCommand
  private Bench bench;

  @Option(names = "--cases", paramLabel = "N", defaultValue = "1000000")
  private int cases;

  @Option(names = "--people", paramLabel = "N", defaultValue = "1000000")
  private int people;

  @Option(names = "--keep", paramLabel = "FOLDER")
  private @Nullable Path keep;

  @Option(names = "--requests", paramLabel = "N", defaultValue = "200")
  private int requests;

  @Option(names = "--consoles", paramLabel = "N", defaultValue = "500")
  private int consoles;

  @Option(names = "--rounds", paramLabel = "N", defaultValue = "10")
  private int rounds;

  @Option(names = "--java", paramLabel = "OPTIONS", defaultValue = "")
  private String java = "";

  @Override
  public Integer call() throws IOException {
    Commands linyu = bench.linyu();
    SettingsLoader.Loaded loaded = linyu.settings(true);
    Path folder = keep == null ? Bench.newFolder("data") : keep.toAbsolutePath();
    linyu.say("bench.data.begins", cases, people, folder);
    long slow =
        DataTrial.run(
            new DataTrial.Plan(
                folder,
                loaded.programs(),
                cases,
                people,
                requests,
                consoles,
                rounds,
                Arrays.stream(java.split(" ", -1)).filter(each -> !each.isBlank()).toList()),
            new Telling(linyu));
    linyu.say(slow == 0 ? "bench.data.kept" : "bench.data.slow", slow);
    if (keep == null) {
      Bench.delete(folder);
    } else {
      linyu.say("bench.data.left", folder);
    }
    return slow == 0 ? 0 : 1;
  }

  private record Telling(Commands linyu) implements DataTrial.Listener {
    @Override
    public void step(String what, Object detail) {
      boolean often = what.equals("cases") && (long) detail % TOLD_EVERY != 0;
      if (!often) {
        linyu.sayAside("bench.data.step." + what, detail);
      }
    }

    @Override
    public void filled(long cases, long people, long events, long messages, long seconds) {
      linyu.say("bench.data.filled", cases, people, events, messages, seconds);
      linyu.say("bench.data.head");
    }

    @Override
    public void timed(Timed timed) {
      Sentences words = linyu.sentences();
      linyu
          .out()
          .printf(
              Locale.ROOT,
              "%s %8.1f %8.1f %8.1f %7d %8d  %s: %s%n",
              timed.isKept() ? "✓" : "✗",
              timed.micros().get(0) / 1e3,
              timed.micros().get(1) / 1e3,
              timed.micros().get(2) / 1e3,
              timed.wish(),
              timed.bytes(),
              words.of("bench.data.who." + timed.who()),
              words.of("bench.data.what." + timed.what()));
    }

    @Override
    public void lived(DataTrial.Lived lived) {
      linyu.say(
          "bench.data.lived." + lived.what(),
          lived.isKept() ? "✓" : "✗",
          lived.consoles(),
          lived.missing(),
          millis(lived.heard()),
          millis(lived.fresh()),
          lived.requests());
    }

    private static String millis(List<Long> micros) {
      return "%.0f / %.0f / %.0f ms"
          .formatted(micros.get(0) / 1e3, micros.get(1) / 1e3, micros.get(2) / 1e3);
    }
  }
}
