package io.linyu.cli;

import io.linyu.platform.db.Db;
import io.linyu.platform.embedded.Progress;
import io.vertx.core.Vertx;
import java.time.Duration;

/// The database for a command that needs no web server.
record Database(Servers servers, Vertx vertx, Db db) implements AutoCloseable {
  private static final int CONNECTIONS = 4;

  /// A whole file may be one statement, and its lines may be read in a pager.
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  static Database open(SettingsLoader.Loaded loaded, Progress progress) {
    Servers servers = Servers.any(loaded, progress);
    Vertx vertx = Vertx.vertx();
    Db db = Db.connect(vertx, servers.settings().databaseUrl(), CONNECTIONS, PATIENCE);
    return new Database(servers, vertx, db);
  }

  @Override
  public void close() {
    try (servers) {
      db.close();
      vertx.close().await();
    }
  }
}
