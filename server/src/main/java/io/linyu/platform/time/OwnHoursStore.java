package io.linyu.platform.time;

import static java.util.Objects.requireNonNull;

import io.linyu.platform.db.Sql;
import io.vertx.sqlclient.Row;
import java.util.List;

final class OwnHoursStore {
  /// All but what was taken back before it began.
  List<OwnHours> all(Sql sql) {
    return sql
        .rows(
            """
            SELECT id, desk_id, valid_from, week, holidays FROM desk_hours
             WHERE taken_back_at IS NULL
             ORDER BY valid_from, id
            """)
        .stream()
        .map(OwnHoursStore::read)
        .toList();
  }

  private static OwnHours read(Row row) {
    String[] week = row.getArrayOfStrings("week");
    return new OwnHours(
        row.getLong("id"),
        row.getLong("desk_id"),
        requireNonNull(row.getLocalDate("valid_from")),
        week == null ? null : OwnHours.read(List.of(week)),
        row.getBoolean("holidays"));
  }
}
