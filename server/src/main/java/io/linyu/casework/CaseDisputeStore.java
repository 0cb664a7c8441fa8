package io.linyu.casework;

import static java.time.ZoneOffset.UTC;

import io.linyu.community.Level;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import java.time.Instant;

/// What desks do not agree on, once each two of a case. The case's row is locked.
final class CaseDisputeStore {
  /// False when these two have had theirs.
  boolean begin(
      Tx tx,
      CaseId id,
      long desk,
      long other,
      long by,
      Instant at,
      long note,
      Instant viewDue,
      long rulingDesk,
      Level rulingLevel) {
    return tx.execute(
            """
            INSERT INTO case_dispute
                   (case_id, desk_id, other_desk_id, staff_id, at, note_id, view_due_at, ruling_desk_id, ruling_level)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
                ON CONFLICT (case_id, least(desk_id, other_desk_id), greatest(desk_id, other_desk_id)) DO NOTHING
            """,
            id.value(),
            desk,
            other,
            by,
            at.atOffset(UTC),
            note,
            viewDue.atOffset(UTC),
            rulingDesk,
            rulingLevel.word())
        == 1;
  }

  void view(Tx tx, CaseId id, long by, Instant at, long note) {
    tx.execute(
        """
        UPDATE case_dispute SET viewed_by = $2, viewed_at = $3, view_note_id = $4
         WHERE case_id = $1 AND ended_at IS NULL
        """,
        id.value(),
        by,
        at.atOffset(UTC),
        note);
  }

  void rule(Tx tx, CaseId id, long by, Instant at, long lead, long note) {
    tx.execute(
        """
        UPDATE case_dispute SET ruled_by = $2, ended_at = $3, lead_desk_id = $4, ruling_note_id = $5
         WHERE case_id = $1 AND ended_at IS NULL
        """,
        id.value(),
        by,
        at.atOffset(UTC),
        lead,
        note);
  }

  /// It waits no more, and nobody has ruled.
  void end(Tx tx, CaseId id, Instant at) {
    tx.execute(
        "UPDATE case_dispute SET ended_at = $2 WHERE case_id = $1 AND ended_at IS NULL",
        id.value(),
        at.atOffset(UTC));
  }

  /// Whether these two have had theirs.
  boolean exists(Sql sql, CaseId id, long desk, long other) {
    return sql.one(
            """
            SELECT EXISTS (
              SELECT FROM case_dispute
               WHERE case_id = $1 AND least(desk_id, other_desk_id) = least($2::bigint, $3::bigint)
                 AND greatest(desk_id, other_desk_id) = greatest($2::bigint, $3::bigint)) AS known
            """,
            id.value(),
            desk,
            other)
        .getBoolean("known");
  }
}
