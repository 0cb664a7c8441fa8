package io.linyu.cli.bench;

import io.linyu.platform.db.Sql;
import java.util.List;

/// Where PostgreSQL spends its time, as its own extension has counted it.
///
/// https://www.postgresql.org/docs/18/pgstatstatements.html
public final class Statements {
  static final List<String> POSTGRES = List.of("shared_preload_libraries=pg_stat_statements");

  private static final int SHOWN = 25;

  private Statements() {}

  /// @param millis of all calls together, planning and waiting for locks included
  public record Spent(String statement, long calls, double millis, long rows) {}

  static void forget(Sql sql) {
    sql.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements");
    var _ = sql.row("SELECT pg_stat_statements_reset()");
  }

  /// Of this database, the most expensive first.
  static List<Spent> spent(Sql sql) {
    return sql
        .rows(
            """
            SELECT regexp_replace(query, '\\s+', ' ', 'g') AS statement, calls,
                   total_exec_time + total_plan_time AS millis, rows
              FROM pg_stat_statements
             WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
             ORDER BY millis DESC
             LIMIT $1
            """,
            SHOWN)
        .stream()
        .map(row ->
            new Spent(
                row.getString("statement"),
                row.getLong("calls"),
                row.getDouble("millis"),
                row.getLong("rows")))
        .toList();
  }
}
