package io.linyu.cli.bench;

import static java.util.Objects.requireNonNull;

import io.linyu.platform.CannotStart;
import io.linyu.platform.embedded.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A server in a process of its own, of the same build, that can be killed and started again on the
/// same port. To be started from a thread that outlives it, as all children.
final class ServerProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Duration PATIENCE_AT_THE_END = Duration.ofSeconds(10);

  /// One that starts often and lives shortly is not worth the second compiler.
  static final List<String> SHORT_LIVED = List.of("-XX:TieredStopAtLevel=1");

  /// `linyu serve`.
  private static final List<String> SERVE = List.of("io.linyu.Main", "serve");

  private final Path folder;
  private final String name;
  private final Path log;
  private final int port;
  private final List<String> options;
  private final List<String> program;
  private final Map<String, String> settings;
  private final HttpClient http = HttpClient.newHttpClient();
  private @Nullable Process process;

  /// `linyu serve`, with a data folder of its own.
  static ServerProcess node(
      Path folder, String name, int port, List<String> options, Map<String, String> settings) {
    var own = new HashMap<>(settings);
    own.put("LINYU_DATA_DIR", folder.resolve(name).toString());
    return new ServerProcess(folder, name, port, options, SERVE, own);
  }

  /// @param name of itself and of its log
  /// @param options for Java, beside those that every server has
  /// @param program the main class and its arguments
  /// @param settings `LINYU_…` variables; there is no file of settings
  ServerProcess(
      Path folder,
      String name,
      int port,
      List<String> options,
      List<String> program,
      Map<String, String> settings) {
    this.folder = folder;
    this.name = name;
    this.log = folder.resolve(name + ".log");
    this.port = port;
    this.options = options;
    this.program = program;
    this.settings = settings;
  }

  /// Below those that the system gives to outgoing connections: none of them must sit on it while
  /// the server is away.
  static int quietPort(Random random) {
    while (true) {
      int port = 12_000 + random.nextInt(18_000);
      if (Ports.isFree("127.0.0.1", port)) {
        return port;
      }
    }
  }

  String url(String path) {
    return "http://127.0.0.1:" + port + path;
  }

  /// By which the platform tells it apart.
  String name() {
    return name;
  }

  int port() {
    return port;
  }

  Path log() {
    return log;
  }

  /// Of the running process.
  long pid() {
    return requireNonNull(process).pid();
  }

  /// Returns when it is ready.
  void start() {
    startAll(List.of(this));
  }

  /// Returns when all of them are ready.
  static void startAll(List<ServerProcess> all) {
    all.forEach(ServerProcess::launch);
    all.forEach(ServerProcess::awaitReady);
  }

  private void launch() {
    try {
      var builder =
          new ProcessBuilder(command())
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(Redirect.appendTo(log.toFile()));
      builder.environment().keySet().removeIf(name -> name.startsWith("LINYU_"));
      builder.environment().putAll(settings);
      builder.environment().put("LINYU_HTTP_PORT", Integer.toString(port));
      builder.environment().putIfAbsent("LINYU_HTTP_PUBLICURL", url(""));
      process = builder.start();
    } catch (IOException e) {
      throw new CannotStart(e, "server-failed", "linyu", String.valueOf(e.getMessage()), log);
    }
  }

  private List<String> command() {
    var command = new ArrayList<String>();
    if (Files.isDirectory(Path.of("/proc/self"))) {
      // The embedded servers need the program, too.
      command.addAll(List.of("setpriv", "--pdeathsig=KILL"));
    }
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(each -> each.startsWith("-XX:AOTCache="))
        .forEach(command::add);
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-Xmx512m",
            "-Xmn36m",
            "-Xlog:aot=off",
            "-Xlog:cds=off",
            "--enable-native-access=ALL-UNNAMED",
            "-Dlinyu.home=" + folder));
    command.addAll(options);
    // Surefire's own class path is one jar that lists the others in its manifest.
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))));
    command.addAll(program);
    return command;
  }

  private void awaitReady() {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    try {
      while (!isReady()) {
        if (!isRunning() || System.nanoTime() > deadline) {
          throw new CannotStart("server-failed", "linyu", lastLine(), log);
        }
        Thread.sleep(20);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CannotStart("interrupted");
    }
  }

  /// Whether it says so itself.
  boolean isReady() throws InterruptedException {
    var ready =
        HttpRequest.newBuilder(URI.create(url("/readyz"))).timeout(Duration.ofSeconds(5)).build();
    try {
      return http.send(ready, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException notYet) {
      return false; // nobody listens
    }
  }

  private String lastLine() {
    try (var lines = Files.lines(log)) {
      return lines.filter(line -> !line.isBlank()).reduce("", (_, last) -> last);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean isRunning() {
    Process running = process;
    return running != null && running.isAlive();
  }

  void kill() {
    Process running = process;
    if (running != null) {
      try {
        running.destroyForcibly().waitFor();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /// In order, as a service manager would: who takes longer is killed.
  ///
  /// @return whether it ended by itself
  boolean stop(Duration patience) {
    Process running = process;
    if (running == null) {
      return true;
    }
    running.destroy();
    try {
      if (running.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        return true;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    kill();
    return false;
  }

  @Override
  public void close() {
    var _ = stop(PATIENCE_AT_THE_END);
    http.close();
  }
}
