package io.linyu.platform.embedded;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;

/// Where the servers of a data folder are to be found while they run, for other commands.
///
/// @param http 0 when no web server belongs to them
public record PortFile(long pid, int http, String databaseUrl, String redisUrl) {
  static final String NAME = "running";

  /// What the owner has published; empty when there is none, or not yet.
  public static Optional<PortFile> read(Path folder) {
    var lines = new Properties();
    try {
      lines.load(new StringReader(Files.readString(folder.resolve(NAME))));
      return Optional.of(
          new PortFile(
              Long.parseLong(lines.getProperty("pid", "0")),
              Integer.parseInt(lines.getProperty("http", "0")),
              lines.getProperty("database", ""),
              lines.getProperty("redis", "")));
    } catch (IOException | UncheckedIOException none) {
      return Optional.empty();
    }
  }

  String text() {
    return "pid=%d\nhttp=%d\ndatabase=%s\nredis=%s".formatted(pid, http, databaseUrl, redisUrl);
  }

  /// It holds passwords.
  @Override
  public String toString() {
    return "PortFile[" + pid + ", " + http + "]";
  }
}
