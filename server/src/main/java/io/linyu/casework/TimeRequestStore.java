package io.linyu.casework;

import static java.time.ZoneOffset.UTC;

import io.linyu.platform.db.Tx;
import java.time.Instant;

/// The request that waits, beside its case. The case's row is locked.
final class TimeRequestStore {
  void ask(Tx tx, CaseId id, TimeRequest.What what, long by, Instant at, long note, int amount) {
    tx.execute(
        """
        INSERT INTO time_request (case_id, what, asked_by, asked_at, note_id, amount)
        VALUES ($1, $2, $3, $4, $5, $6)
        """,
        id.value(),
        what.word(),
        by,
        at.atOffset(UTC),
        note,
        amount);
    tx.execute(
        "UPDATE \"case\" SET time_asked_at = $2 WHERE id = $1", id.value(), at.atOffset(UTC));
  }

  /// It waits no more.
  void end(Tx tx, CaseId id) {
    tx.execute("DELETE FROM time_request WHERE case_id = $1", id.value());
    tx.execute("UPDATE \"case\" SET time_asked_at = NULL WHERE id = $1", id.value());
  }
}
