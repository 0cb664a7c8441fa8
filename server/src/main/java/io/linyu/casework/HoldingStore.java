package io.linyu.casework;

import static io.linyu.casework.CaseStore.instant;
import static io.linyu.casework.CaseStore.maybeInstant;
import static java.time.ZoneOffset.UTC;

import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Who has had a case, and when.
final class HoldingStore {
  /// From now on it is held by these; whoever had it had it until now.
  void hold(
      Tx tx, CaseId id, long desk, @Nullable Long staff, Instant at, @Nullable String reason) {
    begin(tx, id, desk, staff, endHolding(tx, id, at), reason);
  }

  /// Nobody has had it before.
  void begin(Tx tx, CaseId id, long desk, Instant at) {
    begin(tx, id, desk, null, at, null);
  }

  private void begin(
      Tx tx, CaseId id, long desk, @Nullable Long staff, Instant since, @Nullable String reason) {
    tx.tell(
        """
        INSERT INTO holding (case_id, desk_id, staff_id, during, reason)
        VALUES ($1, $2, $3, tstzrange($4, NULL), $5)
        """,
        id.value(),
        desk,
        staff,
        since.atOffset(UTC),
        reason);
  }

  /// @return when it ended: a moment later when it had only just begun, for a holding is never
  ///   empty
  Instant endHolding(Tx tx, CaseId id, Instant at) {
    return tx.row(
            """
            UPDATE holding
               SET during = tstzrange(
                       lower(during), greatest($2, lower(during) + interval '1 microsecond'))
             WHERE case_id = $1 AND upper_inf(during)
            RETURNING upper(during) AS until
            """,
            id.value(),
            at.atOffset(UTC))
        .map(row -> row.getOffsetDateTime("until").toInstant())
        .orElseGet(() -> afterAll(tx, id, at));
  }

  /// Nobody has it: what ended in this moment may have ended one later.
  private static Instant afterAll(Tx tx, CaseId id, Instant at) {
    return tx.one(
            "SELECT greatest($2, max(upper(during))) AS since FROM holding WHERE case_id = $1",
            id.value(),
            at.atOffset(UTC))
        .getOffsetDateTime("since")
        .toInstant();
  }

  List<Holding> holdings(Sql sql, CaseId id) {
    return sql
        .rows(
            """
            SELECT h.desk_id, d.name AS desk_name, h.staff_id, s.name AS staff_name,
                   lower(h.during) AS since, upper(h.during) AS until, h.reason
              FROM holding h JOIN desk d ON d.id = h.desk_id
              LEFT JOIN staff s ON s.id = h.staff_id
             WHERE h.case_id = $1
             ORDER BY lower(h.during)
            """,
            id.value())
        .stream()
        .map(row ->
            new Holding(
                row.getLong("desk_id"),
                row.getString("desk_name"),
                row.getLong("staff_id"),
                row.getString("staff_name"),
                instant(row, "since"),
                maybeInstant(row, "until"),
                row.getString("reason")))
        .toList();
  }
}
