package io.linyu.platform.db;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Statements with `$1` parameters, from a virtual thread: each call waits for its answer.
///
/// A `Db` runs each statement by itself, a [Tx] runs all of them or none.
public interface Sql {
  /// Sends without waiting, so that several statements share a round trip. The answer comes in the
  /// order of sending.
  Future<RowSet<Row>> send(String sql, Tuple parameters);

  default List<Row> rows(String sql, @Nullable Object... parameters) {
    var found = new ArrayList<Row>();
    Db.await(send(sql, Tuple.wrap(parameters))).forEach(found::add);
    return found;
  }

  default Optional<Row> row(String sql, @Nullable Object... parameters) {
    List<Row> found = rows(sql, parameters);
    if (found.size() > 1) {
      throw new IllegalStateException("more than one row: " + sql);
    }
    return found.stream().findFirst();
  }

  /// The only row, for statements that always give one.
  default Row one(String sql, @Nullable Object... parameters) {
    return row(sql, parameters).orElseThrow(() -> new IllegalStateException("no row: " + sql));
  }

  /// How many rows it changed.
  default int execute(String sql, @Nullable Object... parameters) {
    return Db.await(send(sql, Tuple.wrap(parameters))).rowCount();
  }
}
