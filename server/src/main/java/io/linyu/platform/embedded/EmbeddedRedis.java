package io.linyu.platform.embedded;

import io.linyu.platform.CannotStart;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;

/// The real Redis. What it holds may be lost; it keeps it over an orderly stop all the same, so
/// that nobody has to sign in again.
final class EmbeddedRedis implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int ATTEMPTS = 3;

  private final Child child;
  private final int port;
  private final String password;

  private EmbeddedRedis(Child child, int port, String password) {
    this.child = child;
    this.port = port;
    this.password = password;
  }

  /// @param wanted the port, or 0 for any that is free
  static EmbeddedRedis start(
      DataFolder home, Binaries binaries, ServerUser user, int wanted, Progress progress)
      throws IOException, InterruptedException {
    Path data = home.file("redis");
    Path log = home.file("redis.log");
    Files.createDirectories(data);
    user.handOver(data);
    String password = home.secret("redis.password", 24).replaceAll("[^A-Za-z0-9]", "");
    Path settings = data.resolve("redis.conf");
    Orphan.stop("redis-server", settings, data, "TERM", progress);
    for (int attempt = 1; ; attempt++) {
      int port = wanted == 0 ? Ports.free() : wanted;
      write(home, user, settings, port, password);
      var redis =
          new EmbeddedRedis(
              Child.start(user, log, List.of(binaries.redis(), settings.toString())),
              port,
              password);
      if (redis.answers(log)) {
        return redis;
      }
      if (attempt == ATTEMPTS) {
        throw new CannotStart("server-failed", "Redis", Child.lastLine(log), log);
      }
    }
  }

  /// In a file, because everybody on the machine can read a command line. Changing its title would
  /// hide which folder it belongs to.
  private static void write(
      DataFolder home, ServerUser user, Path settings, int port, String password)
      throws IOException, InterruptedException {
    home.writePrivately(
        "redis.conf",
        """
        bind 127.0.0.1
        port %d
        requirepass %s
        dir "%s"
        save 300 1
        appendonly no
        set-proc-title no
        """
            .formatted(port, password, settings.getParent()));
    Path written = home.file("redis.conf");
    user.handOver(written);
    Files.move(written, settings, StandardCopyOption.ATOMIC_MOVE);
  }

  int port() {
    return port;
  }

  boolean isRunning() {
    return child.isRunning();
  }

  void kill() throws InterruptedException {
    child.kill();
  }

  void freeze() throws IOException, InterruptedException {
    child.freeze();
  }

  void thaw() throws IOException, InterruptedException {
    child.thaw();
  }

  String url() {
    return "redis://:" + password + "@127.0.0.1:" + port;
  }

  @Override
  public void close() throws IOException {
    child.stop("TERM", PATIENCE);
  }

  private boolean answers(Path log) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try (var socket = new Socket()) {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return true;
      } catch (IOException notYet) {
        if (!child.isRunning()) {
          return false;
        }
        if (System.nanoTime() > deadline) {
          close();
          throw new CannotStart(notYet, "server-failed", "Redis", Child.lastLine(log), log);
        }
        Thread.sleep(5);
      }
    }
  }
}
