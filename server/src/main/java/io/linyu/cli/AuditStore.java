package io.linyu.cli;

import io.linyu.platform.db.Db;
import io.vertx.sqlclient.Row;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

final class AuditStore {
  /// Through a cursor: a year has millions, and they need not fit into memory.
  void eachReceipt(Db db, @Nullable String channel, Consumer<String> line) {
    db.withinTransaction(tx -> {
      if (tx.one("SELECT to_regclass('inbound_receipt') AS there").getValue("there") == null) {
        return; // no server has begun here yet
      }
      // A cursor takes no parameters, so the choice is a setting of this transaction.
      tx.rows("SELECT set_config('linyu.channel', $1, true)", channel == null ? "" : channel);
      tx.execute(
          """
          DECLARE receipts NO SCROLL CURSOR FOR
          SELECT external_id FROM inbound_receipt
           WHERE current_setting('linyu.channel') IN ('', channel)
           ORDER BY received_at, external_id
          """);
      List<Row> rows;
      do {
        rows = tx.rows("FETCH 5000 FROM receipts");
        rows.forEach(row -> line.accept(row.getString("external_id")));
      } while (!rows.isEmpty());
    });
  }
}
