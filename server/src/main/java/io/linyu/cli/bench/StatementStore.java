package io.linyu.cli.bench;

import io.linyu.platform.db.Sql;
import java.util.List;

/// Where PostgreSQL spends its time, as its own extension has counted it.
///
/// https://www.postgresql.org/docs/18/pgstatstatements.html
final class StatementStore {
  static final List<String> POSTGRES =
      List.of(
          "shared_preload_libraries=pg_stat_statements", "pg_stat_statements.track_planning=on");

  private static final int SHOWN = 25;

  private StatementStore() {}

  /// What PostgreSQL has behind it when it has run for a while: statistics of what is there, and a
  /// checkpoint, after which the log is written into files that exist.
  static void settle(Sql sql) {
    sql.execute("ANALYZE");
    sql.execute("CHECKPOINT");
  }

  static void forget(Sql sql) {
    sql.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements");
    var _ = sql.row("SELECT pg_stat_statements_reset()");
  }

  /// Of this database, the most expensive first.
  static List<StatementTime> spent(Sql sql) {
    return sql
        .rows(
            """
            SELECT regexp_replace(query, '\\s+', ' ', 'g') AS statement, calls,
                   plans, total_plan_time AS planning, total_exec_time AS millis, rows
              FROM pg_stat_statements
             WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
             ORDER BY total_plan_time + total_exec_time DESC
             LIMIT $1
            """,
            SHOWN)
        .stream()
        .map(row ->
            new StatementTime(
                row.getString("statement"),
                row.getLong("calls"),
                row.getLong("plans"),
                row.getDouble("planning"),
                row.getDouble("millis"),
                row.getLong("rows")))
        .toList();
  }
}
