package io.linyu.casework;

import io.linyu.platform.db.Bulk;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;

/// By what keys staff have sent something, so that nothing is done twice.
final class SendingStore {
  /// Whether this person has sent it already, about this case. The caller holds the case's lock, so
  /// the same cannot be under way.
  boolean isDone(Sql sql, String key, long staff, CaseId id) {
    return sql.row(
            "SELECT 1 FROM case_sending WHERE key = $1 AND staff_id = $2 AND case_id = $3",
            key,
            staff,
            id.value())
        .isPresent();
  }

  private static final Bulk FIND =
      new Bulk(
          "key text, staff bigint, case_id bigint",
          """
          SELECT x.nth FROM %s
           WHERE EXISTS (SELECT FROM case_sending s
                          WHERE s.key = x.key AND s.staff_id = x.staff AND s.case_id = x.case_id)
          """);

  /// The same with others, without waiting.
  Future<Boolean> find(Tx tx, Sending sending, long staff, CaseId id) {
    return tx.ask(FIND, sending.key(), staff, id.value()).map(Optional::isPresent);
  }

  private static final Bulk TAKE =
      new Bulk(
          "key text, staff bigint, case_id bigint, at timestamptz",
          """
          INSERT INTO case_sending (key, staff_id, case_id, at)
          SELECT x.key, x.staff, x.case_id, x.at FROM %s
          """);

  /// Fails when the key is somebody else's, or was used for something else.
  void takeWithOthers(Tx tx, Sending sending, long staff, CaseId id, Instant at) {
    tx.tell(TAKE, sending.key(), staff, id.value(), at.atOffset(ZoneOffset.UTC));
  }

  /// False when the key is somebody else's, or was used for something else.
  boolean take(Tx tx, String key, long staff, CaseId id, Instant at) {
    return tx.execute(
            """
            INSERT INTO case_sending (key, staff_id, case_id, at) VALUES ($1, $2, $3, $4)
            ON CONFLICT DO NOTHING
            """,
            key,
            staff,
            id.value(),
            at.atOffset(ZoneOffset.UTC))
        == 1;
  }

  int forget(Sql sql, Instant before, int most) {
    return sql.execute(
        """
        DELETE FROM case_sending
         WHERE key IN (
               SELECT key FROM case_sending WHERE at < $1
                ORDER BY at LIMIT $2 FOR UPDATE SKIP LOCKED)
        """,
        before.atOffset(ZoneOffset.UTC),
        most);
  }
}
