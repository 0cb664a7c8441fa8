package io.linyu.platform.embedded;

import io.linyu.platform.CannotStart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/// Servers of a run that was killed and that still work in our folder. Only to be looked for by the
/// folder's owner: then nobody else can have started them.
final class Orphan {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration PAUSE = Duration.ofMillis(20);

  private Orphan() {}

  /// Stops the server and waits until it and its workers are gone, the process table included.
  ///
  /// @param named what its command line names: the folder, or a file in it
  /// @param folder the server's data, in which it and its workers work
  static void stop(String program, Path named, Path folder, String signal, Progress progress)
      throws IOException, InterruptedException {
    List<ProcessHandle> servers = working(program, named);
    if (servers.isEmpty() && workers(folder).isEmpty()) {
      return;
    }
    progress.reached(Progress.Phase.RECOVERING, folder);
    for (ProcessHandle server : servers) {
      signal(signal, server.pid());
    }
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (servers.stream().anyMatch(ProcessHandle::isAlive) || !workers(folder).isEmpty()) {
      if (System.nanoTime() > deadline) {
        throw new CannotStart(
            "orphan-does-not-end",
            program,
            folder,
            servers.isEmpty() ? "?" : Long.toString(servers.getFirst().pid()));
      }
      Thread.sleep(PAUSE);
    }
  }

  static void signal(String signal, long... pids) throws IOException, InterruptedException {
    // The shell's own: a small system has no such program.
    String all = LongStream.of(pids).mapToObj(Long::toString).collect(Collectors.joining(" "));
    new ProcessBuilder("sh", "-c", "kill -s " + signal + " " + all).start().waitFor();
  }

  private static List<ProcessHandle> working(String program, Path named) {
    return ProcessHandle.allProcesses()
        .filter(each -> isOurs(each.info(), program, named.toString()))
        .toList();
  }

  private static boolean isOurs(ProcessHandle.Info process, String program, String named) {
    return process.command().filter(path -> path.endsWith("/" + program)).isPresent()
        && process.arguments().filter(all -> List.of(all).contains(named)).isPresent();
  }

  /// What is left of a server whose head was killed: its workers change their command lines, but
  /// not the folder they work in. Known on Linux only; elsewhere PostgreSQL's own check must do.
  private static List<Path> workers(Path folder) throws IOException {
    Path processes = Path.of("/proc");
    if (!Files.isDirectory(processes.resolve("self"))) {
      return List.of();
    }
    try (var all = Files.newDirectoryStream(processes, "[0-9]*")) {
      var found = new java.util.ArrayList<Path>();
      for (Path process : all) {
        if (folder.equals(workingFolder(process))) {
          found.add(process);
        }
      }
      return found;
    }
  }

  private static Path workingFolder(Path process) {
    try {
      return Files.readSymbolicLink(process.resolve("cwd"));
    } catch (IOException goneOrNotOurs) {
      return process;
    }
  }
}
