package io.linyu.cli.bench;

import io.linyu.platform.text.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/// [Load] in a process of its own, so that it shares nothing with the server but the machine.
final class LoadProcess implements AutoCloseable {
  private final Process process;
  private final PrintStream orders;
  private final BufferedReader answers;

  private LoadProcess(Process process) {
    this.process = process;
    this.orders = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
    this.answers = process.inputReader(StandardCharsets.UTF_8);
  }

  /// @param folder for its log
  static LoadProcess start(Path folder) throws IOException {
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
                Load.class.getName()));
    builder.redirectError(folder.resolve("load.log").toFile());
    return new LoadProcess(builder.start());
  }

  long pid() {
    return process.pid();
  }

  /// Returns when it is carried out.
  Load.Measured carryOut(Load.Order order) throws IOException {
    orders.println(Json.write(order));
    String answer = answers.readLine();
    if (answer == null) {
      throw new IOException("the load has ended, see its log");
    }
    return Json.read(answer, Load.Measured.class);
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
