package io.linyu.reception;

import io.linyu.channel.AddressKey;
import io.linyu.platform.db.Sql;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

final class ReachStore {
  record Place(long addressId, AddressKey key, boolean chosen, @Nullable Instant heardAt) {}

  /// All of the person's, the best first.
  ///
  /// @param told comes first among those that are as good
  List<Place> places(Sql sql, long person, long told, Instant now) {
    return sql
        .rows(
            """
            SELECT a.id, a.channel, a.account, a.external_id, a.chosen_at IS NOT NULL AS chosen,
                   c.last_heard
              FROM address a
              LEFT JOIN conversation c ON c.address_id = a.id
             WHERE a.person_id = $1
             ORDER BY a.follows DESC,
                      coalesce(c.quota_left > 0 AND c.quota_until > $3, false) DESC,
                      a.chosen_at DESC NULLS LAST, c.last_heard DESC NULLS LAST, a.id = $2 DESC,
                      a.id DESC
            """,
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
              heard == null ? null : heard.toInstant());
        })
        .toList();
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
