package io.linyu.casework;

import static java.time.ZoneOffset.UTC;

import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import java.time.Instant;
import java.util.List;

/// When cases are looked at by due work, each in a row of `case_id` and `next_due_at`.
final class DueStore {
  private final String take;
  private final String due;
  private final String takeOne;

  /// @param table of those rows, a name of our own
  DueStore(String table) {
    take =
        """
        SELECT w.case_id FROM "case" c JOIN %s w ON w.case_id = c.id
         WHERE w.next_due_at <= $1
         ORDER BY w.next_due_at, w.case_id
         LIMIT $2
           FOR NO KEY UPDATE OF c SKIP LOCKED
           FOR UPDATE OF w SKIP LOCKED
        """
            .formatted(table);
    due =
        """
        SELECT case_id FROM %s
         WHERE next_due_at <= $1
         ORDER BY next_due_at, case_id
         LIMIT $2
        """
            .formatted(table);
    takeOne =
        """
        SELECT case_id FROM %s WHERE case_id = $1 AND next_due_at <= $2
           FOR UPDATE SKIP LOCKED
        """
            .formatted(table);
  }

  /// Locks those that have been due the longest, each case and then that it is due: in the order of
  /// whoever changes a case. Those at which somebody is at work, or another node, are passed by.
  List<CaseId> take(Tx tx, Instant now, int most) {
    return tx.rows(take, now.atOffset(UTC), most).stream()
        .map(row -> new CaseId(row.getLong("case_id")))
        .toList();
  }

  /// The longest due first.
  List<CaseId> due(Sql sql, Instant now, int most) {
    return sql.rows(due, now.atOffset(UTC), most).stream()
        .map(row -> new CaseId(row.getLong("case_id")))
        .toList();
  }

  /// Locks one in the same way; false when somebody is at work at it, or another node has looked.
  boolean take(Tx tx, CaseId id, Instant now) {
    return tx.row("SELECT id FROM \"case\" WHERE id = $1 FOR NO KEY UPDATE SKIP LOCKED", id.value())
        .flatMap(_ -> tx.row(takeOne, id.value(), now.atOffset(UTC)))
        .isPresent();
  }
}
