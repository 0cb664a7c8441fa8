package io.linyu.cli.bench;

import io.linyu.platform.CannotStart;
import io.linyu.platform.embedded.Ports;
import io.vertx.core.net.SelfSignedCertificate;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// HAProxy with the configuration that the project ships. Only places are changed in it: where it
/// listens, where its certificate lies, where the nodes are, and that nobody has to be asked for
/// that.
final class Proxy implements AutoCloseable {
  private static final String CONFIGURATION = "haproxy.cfg";
  private static final String COMPOSE = "compose.yaml";
  private static final Pattern DRAIN = Pattern.compile("LINYU_HTTP_DRAINSECONDS: \"(\\d+)\"");
  private static final int STARTS_WITHIN = 10_000;

  private final Path folder;
  private final Path docker;
  private final int port;
  private final Path log;
  private final Process process;

  private Proxy(Path folder, Path docker, int port, List<ServerProcess> nodes) throws IOException {
    this.folder = folder;
    this.docker = docker;
    this.port = port;
    this.log = folder.resolve("haproxy.log");
    Path configuration = folder.resolve(CONFIGURATION);
    Files.writeString(configuration, configuration(nodes));
    process =
        new ProcessBuilder(
                "setpriv", "--pdeathsig=KILL", "haproxy", "-db", "-f", configuration.toString())
            .redirectErrorStream(true)
            .redirectOutput(Redirect.appendTo(log.toFile()))
            .start();
    awaitListening();
  }

  /// Before anything long is begun.
  ///
  /// @param docker the folder of the configuration
  static void check(Path docker) {
    if (!Files.exists(docker.resolve(CONFIGURATION))) {
      throw new CannotStart("bench.rolling.no-configuration", docker.resolve(CONFIGURATION));
    }
    try {
      int status =
          new ProcessBuilder("haproxy", "-v")
              .redirectErrorStream(true)
              .redirectOutput(Redirect.DISCARD)
              .start()
              .waitFor();
      if (status == 0) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CannotStart("interrupted");
    } catch (IOException absent) {
      // said below
    }
    throw new CannotStart("bench.rolling.no-haproxy");
  }

  /// How long a node that is told to stop goes on serving, as the nodes of the compose file do.
  static String drainSeconds(Path docker) throws IOException {
    Matcher drain = DRAIN.matcher(Files.readString(docker.resolve(COMPOSE)));
    if (!drain.find()) {
      throw new CannotStart("bench.rolling.unknown", DRAIN, docker.resolve(COMPOSE));
    }
    return drain.group(1);
  }

  /// @param folder for its files
  /// @param port where it listens, with TLS
  static Proxy start(Path folder, Path docker, int port, List<ServerProcess> nodes)
      throws IOException {
    return new Proxy(folder, docker, port, nodes);
  }

  private String configuration(List<ServerProcess> nodes) throws IOException {
    String text = Files.readString(docker.resolve(CONFIGURATION));
    text = with(text, " resolvers docker$", "");
    text = with(text, "^resolvers docker\\n(?: .*\\n)+", "");
    text = with(text, "bind :80$", "bind 127.0.0.1:" + Ports.free());
    text = with(text, "bind :443 ", "bind 127.0.0.1:" + port + " ");
    text = with(text, "/run/secrets/tls(?=\\s)", certificate().toString());
    for (int i = 0; i < nodes.size(); i++) {
      String name = "node-" + (char) ('a' + i);
      text = with(text, "\\b" + name + ":8080\\b", "127.0.0.1:" + nodes.get(i).port());
    }
    return text;
  }

  private String with(String text, String what, String instead) {
    Matcher found = Pattern.compile(what, Pattern.MULTILINE).matcher(text);
    if (!found.find()) {
      throw new CannotStart("bench.rolling.unknown", what, docker.resolve(CONFIGURATION));
    }
    return found.replaceAll(Matcher.quoteReplacement(instead));
  }

  /// Certificate and key in one file, as HAProxy wants it.
  private Path certificate() throws IOException {
    SelfSignedCertificate made = SelfSignedCertificate.create("127.0.0.1");
    try {
      return Files.writeString(
          folder.resolve("tls.pem"),
          Files.readString(Path.of(made.certificatePath()))
              + "\n"
              + Files.readString(Path.of(made.privateKeyPath())));
    } finally {
      made.delete();
    }
  }

  private void awaitListening() throws IOException {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(STARTS_WITHIN);
    while (Ports.isFree("127.0.0.1", port)) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        close();
        throw new CannotStart("server-failed", "haproxy", Files.readString(log).strip(), log);
      }
      try {
        Thread.sleep(20);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CannotStart("interrupted");
      }
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
  }
}
