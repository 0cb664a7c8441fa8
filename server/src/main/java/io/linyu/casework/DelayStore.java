package io.linyu.casework;

import io.linyu.casework.CaseClock.Kind;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;

final class DelayStore {
  /// Of the resident: what was promised to them. As the index has it.
  private static final String PROMISED =
      "stopped_at IS NULL AND late_at IS NULL AND kind IN ('acceptance', 'first_contact', 'handling')";

  record Late(Kind kind, Instant due) {}

  /// Of which cases a promise was not kept, and nobody has said so yet; the longest overdue first.
  List<CaseId> found(Sql sql, Instant now, int most) {
    return sql
        .rows(
            """
            SELECT case_id FROM (
              SELECT case_id, due_at FROM clock WHERE %s AND due_at <= $1 ORDER BY due_at, case_id LIMIT $2) AS late
             GROUP BY case_id ORDER BY min(due_at)
            """
                .formatted(PROMISED),
            now.atOffset(ZoneOffset.UTC),
            most)
        .stream()
        .map(row -> new CaseId(row.getLong("case_id")))
        .toList();
  }

  /// Notes of each that it is said. The case's row is locked.
  List<Late> take(Tx tx, CaseId id, Instant now) {
    return tx
        .rows(
            """
            UPDATE clock SET late_at = $2
             WHERE case_id = $1 AND %s AND due_at <= $2
            RETURNING kind, due_at
            """
                .formatted(PROMISED),
            id.value(),
            now.atOffset(ZoneOffset.UTC))
        .stream()
        .map(row ->
            new Late(Kind.of(row.getString("kind")), row.getOffsetDateTime("due_at").toInstant()))
        .toList();
  }
}
