package io.linyu.casework;

import static io.linyu.casework.CaseStore.instant;
import static io.linyu.casework.CaseStore.maybeInstant;
import static java.time.ZoneOffset.UTC;

import io.linyu.casework.CaseClock.Kind;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import java.time.Instant;
import java.util.List;

/// The clocks of a case. One that is stopped is kept; only what began by mistake is forgotten.
final class ClockStore {
  void start(Tx tx, CaseId id, CaseClock clock) {
    Instant stopped = clock.stoppedAt();
    tx.execute(
        """
        INSERT INTO clock
               (case_id, kind, started_at, amber_at, due_at, stopped_at, rule, rule_version)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            ON CONFLICT (case_id, kind, started_at) DO UPDATE SET stopped_at = excluded.stopped_at
        """,
        id.value(),
        clock.kind().word(),
        clock.startedAt().atOffset(UTC),
        clock.amberAt().atOffset(UTC),
        clock.dueAt().atOffset(UTC),
        stopped == null ? null : stopped.atOffset(UTC),
        clock.rule(),
        clock.ruleVersion());
  }

  boolean stop(Tx tx, CaseId id, Kind kind, Instant at) {
    return tx.execute(
            """
            UPDATE clock SET stopped_at = $3
             WHERE case_id = $1 AND kind = $2 AND stopped_at IS NULL
            """,
            id.value(),
            kind.word(),
            at.atOffset(UTC))
        > 0;
  }

  /// Lets the last one of its kind run on.
  boolean resume(Tx tx, CaseId id, Kind kind) {
    return tx.execute(
            """
            UPDATE clock SET stopped_at = NULL
             WHERE case_id = $1 AND kind = $2
               AND started_at = (
                     SELECT max(started_at) FROM clock WHERE case_id = $1 AND kind = $2)
            """,
            id.value(),
            kind.word())
        > 0;
  }

  /// What never began was never started.
  void forget(Tx tx, CaseId id, Kind kind) {
    tx.execute("DELETE FROM clock WHERE case_id = $1 AND kind = $2", id.value(), kind.word());
  }

  void stopAll(Tx tx, CaseId id, Instant at) {
    tx.execute(
        """
        UPDATE clock SET stopped_at = $2 WHERE case_id = $1 AND stopped_at IS NULL
        """,
        id.value(),
        at.atOffset(UTC));
  }

  List<CaseClock> clocks(Sql sql, CaseId id) {
    return sql
        .rows(
            """
            SELECT kind, started_at, amber_at, due_at, stopped_at, rule, rule_version
              FROM clock
             WHERE case_id = $1
             ORDER BY due_at, started_at
            """,
            id.value())
        .stream()
        .map(row ->
            new CaseClock(
                Kind.of(row.getString("kind")),
                instant(row, "started_at"),
                instant(row, "amber_at"),
                instant(row, "due_at"),
                maybeInstant(row, "stopped_at"),
                row.getString("rule"),
                row.getInteger("rule_version")))
        .toList();
  }
}
