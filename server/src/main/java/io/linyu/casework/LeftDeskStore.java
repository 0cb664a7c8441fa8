package io.linyu.casework;

import static java.util.stream.Collectors.toMap;

import io.linyu.community.Staff;
import io.linyu.platform.db.Sql;
import java.util.Map;

final class LeftDeskStore {
  record Count(long all, long confidential) {
    static final Count NONE = new Count(0, 0);
  }

  /// How many open cases lie at these desks, of those that they may see.
  Map<Long, Count> waiting(Sql sql, Staff staff, Scope scope, Long[] desks) {
    return sql
        .rows(
            """
            SELECT c.desk_id, count(*) AS every, count(*) FILTER (WHERE c.confidential) AS confidential
              FROM "case" c
             WHERE c.closed_at IS NULL AND c.desk_id = ANY($1) AND\
            """
                + CaseStore.VISIBLE
                + " GROUP BY c.desk_id",
            desks,
            CaseStore.desks(staff),
            staff.id(),
            scope.grid(),
            scope.path(),
            scope.confidential())
        .stream()
        .collect(
            toMap(
                row -> row.getLong("desk_id"),
                row -> new Count(row.getLong("every"), row.getLong("confidential"))));
  }
}
