package io.linyu.platform.embedded;

import com.sun.management.OperatingSystemMXBean;
import io.linyu.platform.CannotStart;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/// The real PostgreSQL, with its data in a folder that is kept between runs.
final class EmbeddedPostgres implements AutoCloseable {
  private static final String USER = "linyu";
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int ATTEMPTS = 3;

  private final Child child;
  private final int port;
  private final String password;

  private EmbeddedPostgres(Child child, int port, String password) {
    this.child = child;
    this.port = port;
    this.password = password;
  }

  long pid() {
    return child.pid();
  }

  /// @param options such as `work_mem=8MB`
  /// @param wanted the port, or 0 for any that is free
  static EmbeddedPostgres start(
      DataFolder home,
      Binaries binaries,
      ServerUser user,
      List<String> options,
      int wanted,
      Progress progress)
      throws IOException, InterruptedException {
    Path data = home.file("postgres");
    Path log = home.file("postgres.log");
    String password = home.secret("postgres.password", 24).replaceAll("[^A-Za-z0-9]", "");
    if (Files.exists(data)) {
      DataFolder.checkWritable(data); // it may be somebody else's
    }
    if (Files.exists(data.resolve("PG_VERSION"))) {
      checkVersion(data);
      user.handOver(data);
      Orphan.stop("postgres", data, data, "INT", progress);
      // Nobody works in this folder now, whatever the file says: after a crash of the machine the
      // number in it may belong to somebody else.
      Files.deleteIfExists(data.resolve("postmaster.pid"));
    } else {
      progress.reached(Progress.Phase.CREATING, data);
      create(home, binaries, user, data, log, password);
    }
    progress.reached(Progress.Phase.STARTING, data);
    for (int attempt = 1; ; attempt++) {
      int port = wanted == 0 ? Ports.free() : wanted;
      var postgres =
          new EmbeddedPostgres(
              Child.start(user, log, command(binaries, data, port, options)), port, password);
      if (postgres.answers(log)) {
        return postgres;
      }
      String why = Child.lastLine(log);
      if (attempt == ATTEMPTS) {
        throw new CannotStart("server-failed", "PostgreSQL", why, log);
      }
    }
  }

  private static List<String> command(
      Binaries binaries, Path data, int port, List<String> options) {
    List<String> command =
        new ArrayList<>(
            List.of(
                binaries.postgres("postgres"),
                "-D",
                data.toString(),
                "-p",
                Integer.toString(port),
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "unix_socket_directories=",
                "-c",
                "shared_buffers=%dMB".formatted(cache())));
    for (String option : options) {
      command.addAll(List.of("-c", option));
    }
    return command;
  }

  /// An eighth of the machine's memory, in MB: others live here, too, and what PostgreSQL does not
  /// keep the system does. With its own 128 MB it copies each page of a large district anew. Only
  /// what is used of it is taken.
  private static long cache() {
    var machine = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return Math.clamp(machine.getTotalMemorySize() / 8 / (1 << 20), 128, 4_096);
  }

  private static void create(
      DataFolder home, Binaries binaries, ServerUser user, Path data, Path log, String password)
      throws IOException, InterruptedException {
    // Built under another name, so that a creation that was killed is begun again.
    Path fresh = home.file("postgres.new");
    Binaries.delete(fresh);
    Path secret = home.file("postgres.new.password");
    Files.deleteIfExists(secret);
    Files.createFile(
        secret, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(secret, password);
    try {
      Files.createDirectory(fresh);
      user.handOver(fresh);
      user.handOver(secret);
      Child.runToEnd(
          user,
          log,
          List.of(
              binaries.postgres("initdb"),
              "--pgdata=" + fresh,
              "--username=" + USER,
              "--pwfile=" + secret,
              "--auth=scram-sha-256",
              // Nobody guesses a password as long and random as ours, however cheap a try: and
              // each connection would pay for stretching it.
              "--set=scram_iterations=1",
              "--encoding=UTF8",
              "--locale-provider=builtin",
              "--locale=C.UTF-8",
              "--no-instructions"));
    } finally {
      Files.deleteIfExists(secret);
    }
    Files.move(fresh, data);
  }

  private static void checkVersion(Path data) throws IOException {
    String version = Files.readString(data.resolve("PG_VERSION")).strip();
    if (!version.equals(Binaries.POSTGRES_MAJOR)) {
      throw new CannotStart("other-postgres", data, version, Binaries.POSTGRES_MAJOR);
    }
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

  String url(String database) {
    return "postgresql://%s:%s@127.0.0.1:%d/%s".formatted(USER, password, port, database);
  }

  String jdbcUrl(String database) {
    return "jdbc:postgresql://127.0.0.1:%d/%s?user=%s&password=%s"
        .formatted(port, database, USER, password);
  }

  void createDatabase(String name) {
    try (var connection = connect();
        var ask = connection.prepareStatement("SELECT 1 FROM pg_database WHERE datname = ?")) {
      ask.setString(1, name);
      try (var found = ask.executeQuery()) {
        if (!found.next()) {
          try (var create = connection.createStatement()) {
            create.execute("CREATE DATABASE " + name);
          }
        }
      }
    } catch (SQLException e) {
      throw new IllegalStateException("cannot create the database " + name, e);
    }
  }

  @Override
  public void close() throws IOException {
    child.stop("INT", PATIENCE);
  }

  /// Waits until it takes connections; false when it has ended instead.
  private boolean answers(Path log) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        connect().close();
        return true;
      } catch (SQLException notYet) {
        if (!child.isRunning()) {
          return false;
        }
        if (System.nanoTime() > deadline) {
          close();
          throw new CannotStart(notYet, "server-failed", "PostgreSQL", Child.lastLine(log), log);
        }
        Thread.sleep(20);
      }
    }
  }

  private Connection connect() throws SQLException {
    var properties = new Properties();
    properties.setProperty("user", USER);
    properties.setProperty("password", password);
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + port + "/postgres", properties);
  }
}
