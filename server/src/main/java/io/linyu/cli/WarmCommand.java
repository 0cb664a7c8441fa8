package io.linyu.cli;

import io.linyu.cli.bundle.Bundle;
import io.linyu.cli.bundle.Rehearsal;
import io.linyu.platform.CannotStart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/// Rehearses in the place where a bundle was unpacked, and keeps what Java learned there for quick
/// starts. Servers that run are not touched, and need not have it.
@Command(name = "warm")
final class WarmCommand implements Callable<Integer> {
  /// The launcher's: where it looks at the next start.
  private static final String WARM = "linyu.warm";

  @SuppressWarnings("NullAway.Init")
  @ParentCommand
  private Commands linyu;

  @Override
  public Integer call() throws IOException, InterruptedException {
    String named = System.getProperty(WARM);
    if (named == null) {
      throw new CannotStart("warm-no-bundle");
    }
    Path cache = Path.of(named);
    if (Files.exists(cache)) {
      linyu.say("warm.already");
      return 0;
    }
    Path folder = cache.resolveSibling("");
    if (!Files.isWritable(folder)) {
      throw new CannotStart("warm-read-only", folder);
    }
    linyu.settings(true);
    linyu.sayAside("warm.begins");
    try (var _ = Stop.watch()) {
      rehearse(new Bundle(linyu.environment().home()), cache);
    }
    forgetOthers(cache);
    linyu.say("warm.done", cache, Files.size(cache) >> 20);
    return 0;
  }

  /// Whoever starts meanwhile never meets half of it. Where it fails, its logs are needed: the
  /// sentence names them.
  private static void rehearse(Bundle bundle, Path cache) throws IOException, InterruptedException {
    Path ground = Rehearsal.newFolder("rehearsal");
    Path unfinished = cache.resolveSibling("unfinished-" + ProcessHandle.current().pid() + ".aot");
    try {
      Rehearsal.train(bundle, ground, unfinished);
      Files.move(unfinished, cache, StandardCopyOption.ATOMIC_MOVE);
    } catch (InterruptedException e) {
      Bundle.delete(ground);
      throw e;
    } finally {
      Files.deleteIfExists(unfinished);
    }
    Bundle.delete(ground);
  }

  /// Those of other jars or another Java, and what an interrupted one has left.
  private static void forgetOthers(Path cache) throws IOException {
    try (var all = Files.newDirectoryStream(cache.resolveSibling(""), "*.aot")) {
      for (Path each : all) {
        if (!each.getFileName().equals(cache.getFileName())) {
          Files.deleteIfExists(each);
        }
      }
    }
  }
}
