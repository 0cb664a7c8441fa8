package io.linyu.casework;

import io.linyu.platform.db.Sql;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

final class StandInStore {
  /// @param to who was away; null: they do not work there any more
  record Kept(CaseId matter, long desk, long deputy, @Nullable Long to) {}

  /// What deputies of other desks have at one at which they do not stand in on this day, each once.
  List<Kept> kept(Sql sql, LocalDate today, int most) {
    return sql
        .rows(
            """
            SELECT DISTINCT ON (c.id) c.id, c.desk_id, c.staff_id, m.staff_id AS absent
              FROM absence a
             CROSS JOIN LATERAL (
                   SELECT id, desk_id, staff_id FROM "case"
                    WHERE staff_id = a.deputy_id AND closed_at IS NULL AND desk_id = a.desk_id) c
              LEFT JOIN staff s ON s.id = a.staff_id AND s.active
              LEFT JOIN desk_member m ON m.desk_id = a.desk_id AND m.staff_id = s.id
             WHERE a.desk_id IS NOT NULL
               AND NOT EXISTS (SELECT FROM desk_member o
                                WHERE o.desk_id = a.desk_id AND o.staff_id = a.deputy_id)
               AND NOT EXISTS (SELECT FROM absence b
                                WHERE b.deputy_id = a.deputy_id AND b.desk_id = a.desk_id
                                  AND b.days @> $1::date)
             ORDER BY c.id, a.id DESC
             LIMIT $2
            """,
            today,
            most)
        .stream()
        .map(row ->
            new Kept(
                new CaseId(row.getLong("id")),
                row.getLong("desk_id"),
                row.getLong("staff_id"),
                row.getLong("absent")))
        .toList();
  }
}
