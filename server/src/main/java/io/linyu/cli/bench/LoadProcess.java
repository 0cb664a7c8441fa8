package io.linyu.cli.bench;

import io.linyu.platform.text.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/// The other side of a trial, such as [Load], in a process of its own, so that it shares nothing
/// with the server but the machine: it reads an order from each line, and answers with a line.
///
/// @param <A> its answers
final class LoadProcess<A> implements AutoCloseable {
  private final Process process;
  private final PrintStream orders;
  private final BufferedReader answers;

  private final Class<A> answer;

  private LoadProcess(Process process, Class<A> answer) {
    this.answer = answer;
    this.process = process;
    this.orders = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
    this.answers = process.inputReader(StandardCharsets.UTF_8);
  }

  static LoadProcess<Load.Measured> start(Path folder) throws IOException {
    return start(folder, Load.class, Load.Measured.class);
  }

  /// @param folder for its log
  /// @param program its main class
  static <A> LoadProcess<A> start(Path folder, Class<?> program, Class<A> answer)
      throws IOException {
    var builder =
        new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx512m",
                "-Dstdout.encoding=UTF-8",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                program.getName()));
    String log = program.getSimpleName().toLowerCase(Locale.ROOT) + ".log";
    builder.redirectError(Redirect.appendTo(folder.resolve(log).toFile()));
    return new LoadProcess<>(builder.start(), answer);
  }

  long pid() {
    return process.pid();
  }

  /// Returns when it is carried out.
  A carryOut(Object order) throws IOException {
    orders.println(Json.write(order));
    String line = answers.readLine();
    if (line == null) {
      throw new IOException("the load has ended, see its log");
    }
    return Json.read(line, answer);
  }

  @Override
  public void close() {
    orders.close(); // it ends with its input
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
  }
}
