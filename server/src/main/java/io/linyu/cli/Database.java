package io.linyu.cli;

import io.linyu.platform.db.Db;
import io.linyu.platform.embedded.Progress;
import io.vertx.core.Vertx;

/// The database for a command that needs no web server.
record Database(Servers servers, Vertx vertx, Db db) implements AutoCloseable {
  private static final int CONNECTIONS = 4;

  static Database open(SettingsLoader.Loaded loaded, Progress progress) {
    Servers servers = Servers.any(loaded, progress);
    Vertx vertx = Vertx.vertx();
    return new Database(
        servers, vertx, Db.connect(vertx, servers.settings().databaseUrl(), CONNECTIONS));
  }

  @Override
  public void close() {
    try (servers) {
      db.close();
      vertx.close().await();
    }
  }
}
