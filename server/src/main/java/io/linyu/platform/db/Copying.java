package io.linyu.platform.db;

import io.linyu.platform.CannotStart;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.sql.Array;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.postgresql.PGConnection;

/// One connection that speaks COPY, which moves whole tables without ever holding one in memory.
///
/// JDBC serves Flyway, and this: the Vert.x client knows no COPY. For backup and restore alone.
final class Copying implements AutoCloseable {
  private static final int ATTEMPTS = 20;
  private static final Duration PAUSE = Duration.ofMillis(50);

  private final Connection connection;

  private Copying(Connection connection) {
    this.connection = connection;
  }

  /// @param name what PostgreSQL shows of it
  static Copying connect(String databaseUrl, String name) {
    var properties = new Properties();
    properties.setProperty("ApplicationName", name);
    try {
      var copying =
          new Copying(DriverManager.getConnection(Migrations.jdbcUrl(databaseUrl), properties));
      copying.run("SET statement_timeout = 0");
      copying.run("SET idle_in_transaction_session_timeout = 0");
      // So that what is written can be read by another server, whatever it is set to.
      copying.run("SET timezone = 'UTC'");
      copying.run("SET datestyle = 'ISO'");
      copying.run("SET intervalstyle = 'postgres'");
      copying.run("SET bytea_output = 'hex'");
      copying.run("SET extra_float_digits = 1");
      return copying;
    } catch (SQLException away) {
      throw new CannotStart(away, "database-away", String.valueOf(away.getMessage()));
    }
  }

  /// All that is read afterwards is as it was at one moment.
  void beginReading() {
    begin();
    run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
  }

  void begin() {
    try {
      connection.setAutoCommit(false);
    } catch (SQLException failed) {
      throw explained(failed);
    }
  }

  void commit() {
    try {
      connection.commit();
      connection.setAutoCommit(true);
    } catch (SQLException failed) {
      throw explained(failed);
    }
  }

  /// How many rows it changed.
  int run(String sql) {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
      return Math.max(0, statement.getUpdateCount());
    } catch (SQLException failed) {
      throw explained(failed);
    }
  }

  interface Reading<T> {
    T read(ResultSet row) throws SQLException;
  }

  <T> List<T> rows(String sql, Reading<T> reading) {
    try (var statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      var found = new ArrayList<T>();
      while (rows.next()) {
        found.add(reading.read(rows));
      }
      return found;
    } catch (SQLException failed) {
      throw explained(failed);
    }
  }

  <T> T one(String sql, Reading<T> reading) {
    return rows(sql, reading).getFirst();
  }

  /// Whether it is so, or becomes so at once: PostgreSQL notices a moment late that a connection
  /// has been closed, and what it held is free.
  boolean isSoon(String question) {
    for (int attempt = 1; !one(question, row -> row.getBoolean(1)); attempt++) {
      if (attempt == ATTEMPTS) {
        return false;
      }
      try {
        Thread.sleep(PAUSE);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CannotStart(e, "interrupted");
      }
    }
    return true;
  }

  static List<String> texts(ResultSet row, String column) throws SQLException {
    Array array = row.getArray(column);
    return List.of((String[]) array.getArray());
  }

  /// @return how many rows
  long out(String copy, OutputStream to) throws IOException {
    try {
      return connection.unwrap(PGConnection.class).getCopyAPI().copyOut(copy, to);
    } catch (SQLException failed) {
      throw explained(failed);
    }
  }

  /// @return how many rows
  long in(String copy, InputStream from) throws IOException {
    try {
      return connection.unwrap(PGConnection.class).getCopyAPI().copyIn(copy, from);
    } catch (SQLException failed) {
      throw explained(failed);
    }
  }

  static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  private static CannotStart explained(SQLException failed) {
    return new CannotStart(failed, "database-refuses", String.valueOf(failed.getMessage()));
  }

  /// What was not committed is undone.
  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException gone) {
      throw explained(gone);
    }
  }
}
