package io.linyu.reception;

import io.linyu.channel.AddressKey;
import io.linyu.platform.db.Sql;
import io.linyu.reception.Chats.Chat;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

final class ChatStore {
  /// As many notices as there will be.
  private static final int STANDING = Integer.MAX_VALUE;

  private static final String CHAT =
      """
      a.id, a.channel, a.account, a.external_id, a.follows, a.chosen_at IS NOT NULL AS chosen,
      c.address_id IS NOT NULL AS talks, c.last_heard, coalesce(c.quota_left > 0 AND c.quota_until > $2, false) AS open,
      l.templates, l.leaves
      """;

  private static final String BESIDE =
      """
      LEFT JOIN conversation c ON c.address_id = a.id
      LEFT JOIN LATERAL (
        SELECT array_agg(template) AS templates, array_agg(coalesce(left_over, %d)) AS leaves
          FROM subscription
         WHERE address_id = a.id) AS l ON true
      """
          .formatted(STANDING);

  /// All of the person's.
  List<Chat> of(Sql sql, long person, Instant now) {
    return sql
        .rows(
            "SELECT " + CHAT + " FROM address a " + BESIDE + " WHERE a.person_id = $1",
            person,
            now.atOffset(ZoneOffset.UTC))
        .stream()
        .map(ChatStore::chat)
        .toList();
  }

  /// For each of these, all of the same person's.
  Map<Long, List<Chat>> besides(Sql sql, Collection<Long> told, Instant now) {
    return sql
        .rows(
            """
            SELECT t.id AS told, %s
              FROM unnest($1::bigint[]) AS t (id)
             CROSS JOIN LATERAL (SELECT person_id FROM address WHERE id = t.id LIMIT 1) AS w
              JOIN address a ON a.person_id = w.person_id
             %s
            """
                .formatted(CHAT, BESIDE),
            told.toArray(Long[]::new),
            now.atOffset(ZoneOffset.UTC))
        .stream()
        .collect(
            Collectors.groupingBy(
                row -> row.getLong("told"),
                Collectors.mapping(ChatStore::chat, Collectors.toList())));
  }

  Optional<AddressKey> alone(Sql sql, long address) {
    return sql.row("SELECT channel, account, external_id FROM address WHERE id = $1", address)
        .map(ChatStore::key);
  }

  private static Chat chat(Row row) {
    OffsetDateTime heard = row.getOffsetDateTime("last_heard");
    return new Chat(
        row.getLong("id"),
        key(row),
        row.getBoolean("follows"),
        row.getBoolean("chosen"),
        row.getBoolean("talks"),
        heard == null ? null : heard.toInstant(),
        row.getBoolean("open"),
        leaves(row));
  }

  private static Map<String, Integer> leaves(Row row) {
    String[] templates = row.getArrayOfStrings("templates");
    if (templates == null) {
      return Map.of();
    }
    Integer[] leaves = row.getArrayOfIntegers("leaves");
    var all = new HashMap<String, Integer>();
    for (int i = 0; i < templates.length; i++) {
      all.put(templates[i], leaves[i]);
    }
    return all;
  }

  private static AddressKey key(Row row) {
    return new AddressKey(
        row.getString("channel"), row.getString("account"), row.getString("external_id"));
  }
}
