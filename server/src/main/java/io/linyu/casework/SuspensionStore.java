package io.linyu.casework;

import static java.time.ZoneOffset.UTC;

import io.linyu.platform.db.Tx;
import java.time.Instant;
import java.util.List;

final class SuspensionStore {
  /// What is to be looked at again by now and nobody works at, the longest due first. Their rows
  /// are locked.
  List<CaseId> take(Tx tx, Instant now, int most) {
    List<Long> due =
        tx
            .rows(
                """
                SELECT case_id FROM clock
                 WHERE stopped_at IS NULL AND kind = 'review' AND due_at <= $1
                 ORDER BY due_at, case_id
                 LIMIT $2
                """,
                now.atOffset(UTC),
                most)
            .stream()
            .map(row -> row.getLong("case_id"))
            .toList();
    return tx
        .rows(
            """
            SELECT id FROM "case"
             WHERE id = ANY($1::bigint[]) AND state = 'SUSPENDED'
             ORDER BY id
               FOR NO KEY UPDATE SKIP LOCKED
            """,
            (Object) due.toArray(Long[]::new))
        .stream()
        .map(row -> new CaseId(row.getLong("id")))
        .toList();
  }
}
