package io.linyu.reception;

import io.linyu.channel.AddressKey;
import io.linyu.platform.db.Sql;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

final class ReachStore {
  record Place(
      long addressId, AddressKey key, boolean chosen, @Nullable Instant heardAt, boolean follows) {}

  /// The best first; the one named comes first among those that are as good.
  private static final String ORDER =
      """
      ORDER BY a.follows DESC, coalesce(c.quota_left > 0 AND c.quota_until > %s, false) DESC,
               a.chosen_at DESC NULLS LAST, c.last_heard DESC NULLS LAST, a.id = %s DESC, a.id DESC
      """;

  /// All of the person's, the best first.
  ///
  /// @param told comes first among those that are as good
  List<Place> places(Sql sql, long person, long told, Instant now) {
    return sql
        .rows(
            """
            SELECT a.id, a.channel, a.account, a.external_id, a.chosen_at IS NOT NULL AS chosen,
                   c.last_heard, a.follows
              FROM address a
              LEFT JOIN conversation c ON c.address_id = a.id
             WHERE a.person_id = $1
            """
                + ORDER.formatted("$3", "$2"),
            person,
            told,
            now.atOffset(ZoneOffset.UTC))
        .stream()
        .map(row -> {
          OffsetDateTime heard = row.getOffsetDateTime("last_heard");
          return new Place(
              row.getLong("id"),
              key(row),
              row.getBoolean("chosen"),
              heard == null ? null : heard.toInstant(),
              row.getBoolean("follows"));
        })
        .toList();
  }

  /// For each of these, the best of the same person's.
  Map<Long, Long> best(Sql sql, Collection<Long> told, Instant now) {
    var best = new HashMap<Long, Long>();
    sql.rows(
            """
            SELECT t.id AS told, b.id AS best
              FROM unnest($1::bigint[]) AS t (id)
             CROSS JOIN LATERAL (SELECT person_id FROM address WHERE id = t.id LIMIT 1) AS w
             CROSS JOIN LATERAL (
                SELECT a.id
                  FROM address a
                  LEFT JOIN conversation c ON c.address_id = a.id
                 WHERE a.person_id = w.person_id
                %s
                 LIMIT 1) AS b
            """
                .formatted(ORDER.formatted("$2", "t.id")),
            (Object) told.toArray(Long[]::new),
            now.atOffset(ZoneOffset.UTC))
        .forEach(row -> best.put(row.getLong("told"), row.getLong("best")));
    return best;
  }

  Optional<AddressKey> alone(Sql sql, long address) {
    return sql.row("SELECT channel, account, external_id FROM address WHERE id = $1", address)
        .map(ReachStore::key);
  }

  private static AddressKey key(Row row) {
    return new AddressKey(
        row.getString("channel"), row.getString("account"), row.getString("external_id"));
  }
}
