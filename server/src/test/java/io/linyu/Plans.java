package io.linyu;

import io.linyu.platform.db.Db;
import io.linyu.platform.db.Sql;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Looks at how PostgreSQL carries out each statement that goes through it: no big table may be
/// read from one end to the other, no more of its rows than allowed may be touched, nor sorted.
public final class Plans implements Sql {
  private static final Set<String> SORTS = Set.of("Sort", "Incremental Sort");

  private final Sql sql;
  private final long most;
  private final Set<String> big;
  private final List<String> complaints = new ArrayList<>();

  /// @param most rows of a big table that one statement may touch, in each of its steps
  /// @param big the tables that have very many rows
  public Plans(Sql sql, long most, Set<String> big) {
    this.sql = sql;
    this.most = most;
    this.big = big;
  }

  /// Has PostgreSQL plan as if a column had so many different values, all as frequent.
  ///
  /// https://www.postgresql.org/docs/18/functions-admin.html#FUNCTIONS-ADMIN-STATSMOD
  public static void pretendValues(Db db, String table, Map<String, Integer> values) {
    values.forEach((column, many) -> {
      var _ =
          db.rows("SELECT pg_clear_attribute_stats('public', $1, $2, false)::text", table, column);
      var _ =
          db.rows(
              """
              SELECT pg_restore_attribute_stats(
                       'schemaname', 'public', 'relname', $1::text, 'attname', $2::text,
                       'inherited', false, 'null_frac', 0::real, 'avg_width', 8,
                       'n_distinct', $3::real)
              """,
              table,
              column,
              (float) many);
    });
  }

  @Override
  public Future<RowSet<Row>> send(String statement, Tuple parameters) {
    Row explained =
        Db.await(sql.send("EXPLAIN (ANALYZE, FORMAT JSON) " + statement, parameters))
            .iterator()
            .next();
    look(((JsonArray) explained.getValue(0)).getJsonObject(0).getJsonObject("Plan"), statement);
    return sql.send(statement, parameters);
  }

  private void look(JsonObject node, String statement) {
    String kind = node.getString("Node Type");
    String table = node.getString("Relation Name", "");
    double rows =
        (node.getDouble("Actual Rows") + node.getDouble("Rows Removed by Filter", 0.0))
            * node.getDouble("Actual Loops");
    if (big.contains(table) && kind.equals("Seq Scan")) {
      complaints.add("reads all of " + table + ": " + statement);
    }
    boolean counts =
        big.contains(table) || SORTS.contains(kind) || kind.equals("Bitmap Index Scan");
    if (counts && rows > most) {
      complaints.add(
          "%s %s of %.0f rows: %s"
              .formatted(kind, node.getString("Index Name", table), rows, statement));
    }
    JsonArray below = node.getJsonArray("Plans", new JsonArray());
    for (int i = 0; i < below.size(); i++) {
      look(below.getJsonObject(i), statement);
    }
  }

  /// What was wrong so far; empty: nothing.
  public List<String> complaints() {
    return List.copyOf(complaints);
  }
}
