package io.linyu.platform.embedded;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A server process that lives and dies with this one, also when this one is killed.
///
/// The kernel sends the death signal when the *thread* that started the child ends, so start
/// children from `main` or another thread that never ends, not from a virtual or pooled one.
final class Child {
  private static final String UNPRIVILEGED = "65534";
  private static final boolean ROOT = "root".equals(System.getProperty("user.name"));

  private final Process process;

  private Child(Process process) {
    this.process = process;
  }

  static Child start(Path log, List<String> command) throws IOException {
    return new Child(
        new ProcessBuilder(asServer(command, true))
            .redirectErrorStream(true)
            .redirectOutput(Redirect.appendTo(log.toFile()))
            .directory(Path.of("/").toFile())
            .start());
  }

  static void runToEnd(Path log, List<String> command) throws IOException, InterruptedException {
    int status =
        new ProcessBuilder(asServer(command, false))
            .redirectErrorStream(true)
            .redirectOutput(Redirect.appendTo(log.toFile()))
            .directory(Path.of("/").toFile())
            .start()
            .waitFor();
    if (status != 0) {
      throw new IOException(command.getFirst() + " ended with status " + status + ", see " + log);
    }
  }

  /// PostgreSQL refuses to run as root: give the folder to the user it will run as.
  static void handOver(Path folder) throws IOException, InterruptedException {
    if (ROOT) {
      new ProcessBuilder("chown", "-R", UNPRIVILEGED + ":" + UNPRIVILEGED, folder.toString())
          .inheritIO()
          .start()
          .waitFor();
    }
  }

  boolean isRunning() {
    return process.isAlive();
  }

  void stop(String signal, Duration patience) throws IOException {
    try {
      new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
      if (process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.destroyForcibly();
  }

  private static List<String> asServer(List<String> command, boolean diesWithUs) {
    List<String> whole = new ArrayList<>(List.of("setpriv"));
    if (ROOT) {
      whole.addAll(List.of("--reuid=" + UNPRIVILEGED, "--regid=" + UNPRIVILEGED, "--clear-groups"));
    }
    if (diesWithUs) {
      whole.add("--pdeathsig=INT");
    }
    whole.addAll(command);
    return whole;
  }
}
