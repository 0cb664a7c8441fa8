package io.linyu.platform.embedded;

import io.linyu.platform.CannotStart;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A server process that lives and dies with this one, also when this one is killed.
///
/// The kernel sends the death signal when the *thread* that started the child ends, so start
/// children from `main` or another thread that never ends, not from a virtual or pooled one.
final class Child {
  private final Process process;

  private Child(Process process) {
    this.process = process;
  }

  static Child start(ServerUser user, Path log, List<String> command) throws IOException {
    return new Child(process(log, user.command(command, true)));
  }

  static void runToEnd(ServerUser user, Path log, List<String> command)
      throws IOException, InterruptedException {
    if (process(log, user.command(command, false)).waitFor() != 0) {
      throw new CannotStart(
          "server-failed", Path.of(command.getFirst()).getFileName(), lastLine(log), log);
    }
  }

  private static Process process(Path log, List<String> command) throws IOException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(Redirect.appendTo(log.toFile()))
        .directory(Path.of("/").toFile())
        .start();
  }

  /// What the server said last, which is usually why it did not start.
  static String lastLine(Path log) throws IOException {
    try (var lines = Files.lines(log)) {
      return lines.filter(line -> !line.isBlank()).reduce("", (_, last) -> last).strip();
    }
  }

  long pid() {
    return process.pid();
  }

  boolean isRunning() {
    return process.isAlive();
  }

  /// Without a word to it, and waits until it is gone.
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /// Stands still with all its own children, and holds every connection open, until it thaws.
  void freeze() throws IOException, InterruptedException {
    signalAll("STOP");
  }

  void thaw() throws IOException, InterruptedException {
    signalAll("CONT");
  }

  private void signalAll(String signal) throws IOException, InterruptedException {
    // Itself first: what stands still has no more children.
    Orphan.signal(signal, process.pid());
    long[] others = process.descendants().mapToLong(ProcessHandle::pid).toArray();
    if (others.length > 0) {
      Orphan.signal(signal, others);
    }
  }

  void stop(String signal, Duration patience) throws IOException {
    try {
      Orphan.signal(signal, process.pid());
      if (process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.destroyForcibly();
  }
}
