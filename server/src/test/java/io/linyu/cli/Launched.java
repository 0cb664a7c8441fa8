package io.linyu.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// A command in a process of its own, as the launcher starts it.
final class Launched implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Process process;
  private final List<String> lines = new ArrayList<>();
  private final CountDownLatch silent = new CountDownLatch(1);

  private Launched(Process process) {
    this.process = process;
    Thread.ofVirtual().start(this::listen);
  }

  /// @param as what goes before the command, such as `setpriv …`
  static Launched start(List<String> as, Map<String, String> environment, String... arguments) {
    var command = new ArrayList<>(as);
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xshare:auto",
            "-XX:-UsePerfData", // it would speak of the files of others
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            // Surefire's own class path is one jar that lists the others in its manifest.
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            "io.linyu.Main"));
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("LINYU_"));
    builder.environment().put("LANG", "en_US.UTF-8");
    builder.environment().remove("LC_ALL");
    builder.environment().putAll(environment);
    try {
      return new Launched(builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void listen() {
    try (var reader =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        synchronized (lines) {
          lines.add(line);
        }
      }
    } catch (IOException closed) {
      // it has been killed
    } finally {
      silent.countDown();
    }
  }

  long pid() {
    return process.pid();
  }

  List<String> lines() {
    synchronized (lines) {
      return List.copyOf(lines);
    }
  }

  String awaitLine(String part) throws InterruptedException {
    await(
        () -> !process.isAlive() || lines().stream().anyMatch(line -> line.contains(part)),
        "a line with \"" + part + "\" in " + lines());
    return lines().stream()
        .filter(line -> line.contains(part))
        .findFirst()
        .orElseThrow(() -> new AssertionError("it ended without \"" + part + "\": " + lines()));
  }

  int awaitEnd() throws InterruptedException {
    if (!process.waitFor(PATIENCE) || !silent.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError("it does not end: " + lines());
    }
    return process.exitValue();
  }

  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  void terminate() {
    process.destroy();
  }

  static void await(BooleanSupplier condition, String what) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("waited in vain for " + what);
      }
      Thread.sleep(10);
    }
  }

  /// Whatever the test has left running.
  @Override
  public void close() {
    process.destroyForcibly();
  }
}
