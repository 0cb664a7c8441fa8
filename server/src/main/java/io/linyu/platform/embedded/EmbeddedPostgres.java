package io.linyu.platform.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/// The real PostgreSQL from the binaries jar, in a folder of its own, kept between runs.
public final class EmbeddedPostgres implements AutoCloseable {
  private static final String BINARIES = "/postgres-linux-x86_64.txz";
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Child child;
  private final int port;

  private EmbeddedPostgres(Child child, int port) {
    this.child = child;
    this.port = port;
  }

  public static EmbeddedPostgres start(Path home, int port, List<String> options)
      throws IOException, InterruptedException {
    Path bin = unpack(home.resolve("postgres")).resolve("bin");
    Path data = home.resolve("data");
    Path log = home.resolve("postgres.log");
    if (!Files.exists(data.resolve("PG_VERSION"))) {
      Files.createDirectories(data);
      Child.handOver(data);
      Child.runToEnd(
          log,
          List.of(
              bin + "/initdb",
              "--pgdata=" + data,
              "--username=linyu",
              "--auth=trust",
              "--encoding=UTF8",
              "--locale-provider=builtin",
              "--locale=C.UTF-8",
              "--no-sync",
              "--no-instructions"));
    }
    List<String> command =
        new ArrayList<>(
            List.of(
                bin + "/postgres",
                "-D",
                data.toString(),
                "-p",
                Integer.toString(port),
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "unix_socket_directories="));
    for (String option : options) {
      command.addAll(List.of("-c", option));
    }
    var postgres = new EmbeddedPostgres(Child.start(log, command), port);
    postgres.awaitConnection(log);
    return postgres;
  }

  public String url(String database) {
    return "postgresql://linyu@127.0.0.1:" + port + "/" + database;
  }

  public String jdbcUrl(String database) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + database + "?user=linyu";
  }

  @Override
  public void close() throws IOException {
    child.stop("INT", PATIENCE);
  }

  private void awaitConnection(Path log) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        DriverManager.getConnection(jdbcUrl("postgres")).close();
        return;
      } catch (SQLException notYet) {
        if (!child.isRunning() || System.nanoTime() > deadline) {
          throw new IOException("PostgreSQL did not start, see " + log, notYet);
        }
        Thread.sleep(20);
      }
    }
  }

  private static Path unpack(Path folder) throws IOException {
    Path done = folder.resolve(".unpacked");
    if (Files.exists(done)) {
      return folder;
    }
    try (InputStream packed =
            Objects.requireNonNull(EmbeddedPostgres.class.getResourceAsStream(BINARIES), BINARIES);
        var tar = new TarArchiveInputStream(new XZInputStream(packed))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        Path target = folder.resolve(entry.getName()).normalize();
        if (!target.startsWith(folder)) {
          throw new IOException("entry outside the folder: " + entry.getName());
        }
        if (entry.isDirectory()) {
          Files.createDirectories(target);
        } else if (entry.isSymbolicLink()) {
          Files.createDirectories(target.getParent());
          Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
        } else {
          Files.createDirectories(target.getParent());
          Files.copy(tar, target, StandardCopyOption.REPLACE_EXISTING);
          if ((entry.getMode() & 0100) != 0 && !target.toFile().setExecutable(true, false)) {
            throw new IOException("cannot make executable: " + target);
          }
        }
      }
    }
    Files.createFile(done);
    return folder;
  }
}
