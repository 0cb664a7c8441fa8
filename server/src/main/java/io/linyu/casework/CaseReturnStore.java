package io.linyu.casework;

import static java.time.ZoneOffset.UTC;

import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What desks have returned, once each of a case. The case's row is locked.
final class CaseReturnStore {
  void begin(
      Tx tx,
      CaseId id,
      long desk,
      long by,
      Instant at,
      Returning.Ground ground,
      @Nullable Long proposed,
      @Nullable Long entry,
      long note) {
    boolean unlisted = ground == Returning.Ground.NOT_LISTED;
    tx.execute(
        """
        INSERT INTO case_return
               (case_id, desk_id, staff_id, at, ground, proposed_desk_id, note_id, unlisted, admission_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        """,
        id.value(),
        desk,
        by,
        at.atOffset(UTC),
        ground.known().word(),
        proposed,
        note,
        unlisted,
        entry);
  }

  /// It waits no more.
  void end(Tx tx, CaseId id, Instant at) {
    tx.execute(
        "UPDATE case_return SET ended_at = $2 WHERE case_id = $1 AND ended_at IS NULL",
        id.value(),
        at.atOffset(UTC));
  }

  /// Whether this desk has returned it before.
  boolean exists(Sql sql, CaseId id, long desk) {
    return sql.one(
            "SELECT EXISTS (SELECT FROM case_return WHERE case_id = $1 AND desk_id = $2) AS known",
            id.value(),
            desk)
        .getBoolean("known");
  }
}
