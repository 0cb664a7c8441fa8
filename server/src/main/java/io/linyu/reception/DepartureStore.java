package io.linyu.reception;

import io.linyu.platform.db.Sql;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;

/// Addresses at which nobody is, as far as the platform says.
final class DepartureStore {
  private static final String GONE =
      "NOT follows AND forget_at IS NULL AND NOT starts_with(external_id, 'left:')";

  /// Since when, of those that have become so.
  int note(Sql sql, Instant now, int most) {
    return sql.execute(
        """
        UPDATE address SET lost_at = $1
         WHERE id IN (SELECT id FROM address WHERE %s AND lost_at IS NULL
                       ORDER BY lost_at NULLS FIRST, id LIMIT $2 FOR UPDATE SKIP LOCKED)
        """
            .formatted(GONE),
        now.atOffset(ZoneOffset.UTC),
        most);
  }

  List<Long> gone(Sql sql, Instant since, int most) {
    return sql
        .rows(
            "SELECT id FROM address WHERE %s AND lost_at <= $1 ORDER BY lost_at, id LIMIT $2"
                .formatted(GONE),
            since.atOffset(ZoneOffset.UTC),
            most)
        .stream()
        .map(row -> row.getLong("id"))
        .toList();
  }

  boolean isGone(Sql sql, long address) {
    return sql.row(
            "SELECT 1 FROM address WHERE id = $1 AND %s AND lost_at IS NOT NULL".formatted(GONE),
            address)
        .isPresent();
  }
}
