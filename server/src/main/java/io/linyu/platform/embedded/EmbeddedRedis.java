package io.linyu.platform.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/// The real Redis from the binaries jar.
public final class EmbeddedRedis implements AutoCloseable {
  private static final String BINARY = "/redis-server-7.0.15-linux-amd64";
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Child child;
  private final int port;

  private EmbeddedRedis(Child child, int port) {
    this.child = child;
    this.port = port;
  }

  public static EmbeddedRedis start(Path home, int port) throws IOException, InterruptedException {
    Path program = home.resolve("redis-server");
    Path data = home.resolve("redis");
    if (!Files.exists(program)) {
      Files.createDirectories(data);
      Child.handOver(data);
      try (InputStream binary =
          Objects.requireNonNull(EmbeddedRedis.class.getResourceAsStream(BINARY), BINARY)) {
        Files.copy(binary, program);
      }
      if (!program.toFile().setExecutable(true, false)) {
        throw new IOException("cannot make executable: " + program);
      }
    }
    Path log = home.resolve("redis.log");
    var redis =
        new EmbeddedRedis(
            Child.start(
                log,
                List.of(
                    program.toString(),
                    "--port",
                    Integer.toString(port),
                    "--bind",
                    "127.0.0.1",
                    "--dir",
                    data.toString(),
                    "--save",
                    "",
                    "--appendonly",
                    "no")),
            port);
    redis.awaitConnection(log);
    return redis;
  }

  public String url() {
    return "redis://127.0.0.1:" + port;
  }

  @Override
  public void close() throws IOException {
    child.stop("TERM", PATIENCE);
  }

  private void awaitConnection(Path log) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try (var socket = new Socket()) {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return;
      } catch (IOException notYet) {
        if (!child.isRunning() || System.nanoTime() > deadline) {
          throw new IOException("Redis did not start, see " + log, notYet);
        }
        Thread.sleep(5);
      }
    }
  }
}
