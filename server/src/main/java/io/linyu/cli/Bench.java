package io.linyu.cli;

import io.linyu.platform.CannotStart;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/// Trials that take too long for the suite. Each brings its own servers and leaves nothing behind.
@Command(name = "bench")
final class Bench implements Callable<Integer> {
  /// Ends with the status of the command.
  interface Trial {
    int run(Commands linyu) throws Exception;
  }

  private static final Map<String, Trial> TRIALS = new TreeMap<>(Map.of());

  @SuppressWarnings("NullAway.Init")
  @ParentCommand
  private Commands linyu;

  @SuppressWarnings("NullAway.Init")
  @Parameters(paramLabel = "NAME", descriptionKey = "bench.name")
  private String name;

  @Override
  public Integer call() throws Exception {
    Trial trial = TRIALS.get(name);
    if (trial == null) {
      throw new CannotStart("no-such-trial", name, String.join(", ", TRIALS.keySet()));
    }
    return trial.run(linyu);
  }
}
