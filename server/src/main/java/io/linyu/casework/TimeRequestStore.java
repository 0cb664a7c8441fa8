package io.linyu.casework;

import static java.time.ZoneOffset.UTC;

import io.linyu.casework.TimeRequest.Reason;
import io.linyu.casework.TimeRequest.What;
import io.linyu.platform.db.Tx;
import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/// The request that waits, beside its case. The case's row is locked.
final class TimeRequestStore {
  void askExtension(Tx tx, CaseId id, long by, Instant at, long note, int amount) {
    ask(tx, id, What.EXTENSION, by, at, note, amount, null, null);
  }

  void askSuspension(
      Tx tx, CaseId id, long by, Instant at, long note, Reason reason, LocalDate review) {
    ask(tx, id, What.SUSPENSION, by, at, note, null, reason.word(), review);
  }

  private static void ask(
      Tx tx,
      CaseId id,
      What what,
      long by,
      Instant at,
      long note,
      @Nullable Integer amount,
      @Nullable String reason,
      @Nullable LocalDate review) {
    tx.execute(
        """
        INSERT INTO time_request (case_id, what, asked_by, asked_at, note_id, amount, reason, review_on)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        """,
        id.value(),
        what.word(),
        by,
        at.atOffset(UTC),
        note,
        amount,
        reason,
        review);
    tx.execute(
        "UPDATE \"case\" SET time_asked_at = $2 WHERE id = $1", id.value(), at.atOffset(UTC));
  }

  /// It waits no more.
  void end(Tx tx, CaseId id) {
    tx.execute("DELETE FROM time_request WHERE case_id = $1", id.value());
    tx.execute("UPDATE \"case\" SET time_asked_at = NULL WHERE id = $1", id.value());
  }
}
