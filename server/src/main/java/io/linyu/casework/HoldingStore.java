package io.linyu.casework;

import static io.linyu.casework.CaseStore.instant;
import static io.linyu.casework.CaseStore.maybeInstant;
import static java.time.ZoneOffset.UTC;

import io.linyu.platform.db.Bulk;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Who has had a case, and when.
final class HoldingStore {
  private static final Bulk HOLD =
      new Bulk(
          "case_id bigint, at timestamptz, desk_id bigint, staff_id bigint, reason text",
          """
          WITH n AS MATERIALIZED (SELECT * FROM %s),
          ended AS (
          UPDATE holding h
             SET during = tstzrange(
                     lower(h.during), greatest(n.at, lower(h.during) + interval '1 microsecond'))
            FROM n
           WHERE h.case_id = n.case_id AND upper_inf(h.during)
          RETURNING h.case_id, upper(h.during) AS until)
          INSERT INTO holding (case_id, desk_id, staff_id, during, reason)
          SELECT n.case_id, n.desk_id, n.staff_id,
                 tstzrange(coalesce(
                     ended.until,
                     (SELECT greatest(n.at, max(upper(during))) FROM holding WHERE case_id = n.case_id)), NULL),
                 n.reason
            FROM n LEFT JOIN ended ON ended.case_id = n.case_id
          """);

  /// From now on it is held by these; whoever had it had it until now, or until a moment later when
  /// they had only just got it: a holding is never empty. What nobody has may have ended one moment
  /// later, too.
  void hold(
      Tx tx, CaseId id, long desk, @Nullable Long staff, Instant at, @Nullable String reason) {
    tx.tell(HOLD, id.value(), at.atOffset(UTC), desk, staff, reason);
  }

  /// Nobody has had it before.
  void begin(Tx tx, CaseId id, long desk, Instant at) {
    tx.tell(
        "INSERT INTO holding (case_id, desk_id, during) VALUES ($1, $2, tstzrange($3, NULL))",
        id.value(),
        desk,
        at.atOffset(UTC));
  }

  private static final String END =
      """
      UPDATE holding
         SET during = tstzrange(
                 lower(during), greatest($2, lower(during) + interval '1 microsecond'))
       WHERE case_id = $1 AND upper_inf(during)
      """;

  void endHolding(Tx tx, CaseId id, Instant at) {
    tx.tell(END, id.value(), at.atOffset(UTC));
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
