package io.linyu.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/// Trials that take too long for the suite. Each brings its own servers and leaves nothing behind.
@Command(
    name = "bench",
    subcommands = {
      BenchCases.class,
      BenchData.class,
      BenchKill.class,
      BenchOutage.class,
      BenchRolling.class,
      BenchWebhook.class,
      BenchWechat.class
    },
    subcommandsRepeatable = false)
final class Bench {
  @SuppressWarnings("NullAway.Init")
  @ParentCommand
  private Commands linyu;

  Commands linyu() {
    return linyu;
  }

  /// Open to all, so that the servers' programs can lie in it, and go with it.
  static Path newFolder(String name) throws IOException {
    Path folder = Files.createTempDirectory("linyu-bench-" + name + "-");
    return Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /// The same, in the data folder where one is set: what is made there may be large.
  static Path newFolder(String name, Path within) throws IOException {
    Files.createDirectories(within);
    Path folder = Files.createTempDirectory(within, "bench-" + name + "-");
    return Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /// Says which promises were broken, and leaves the folder then.
  ///
  /// @return the status to end with
  int end(Path folder, List<String> breaches) throws IOException {
    breaches.forEach(breach -> linyu.out().println("✗ " + breach));
    if (!breaches.isEmpty()) {
      linyu.say("bench.kill.broken", folder);
      return 1;
    }
    linyu.say("bench.kill.kept");
    delete(folder);
    return 0;
  }

  static void delete(Path folder) throws IOException {
    try (var inside = Files.walk(folder)) {
      for (Path each : inside.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }
}
