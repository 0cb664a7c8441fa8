package io.linyu.reception;

import io.linyu.platform.db.Sql;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

final class TagStore {
  record Tag(long territory, long tag, String name) {}

  /// @param home where the person is bound to
  /// @param tag which the platform has; 0: none
  record Follower(
      long address, String externalId, boolean follows, @Nullable Long home, long tag) {}

  private static final String FOLLOWER =
      """
      SELECT a.id, a.external_id, a.follows, p.home_id, coalesce(t.tag, 0) AS tag
        FROM address a
        JOIN person p ON p.id = a.person_id
        LEFT JOIN address_tag t ON t.address_id = a.id
      """;

  /// Where the round goes on, if it is its turn and nobody else is at it.
  ///
  /// @param first when the first round begins, which is no hurry
  Optional<Long> claim(
      Sql sql, String channel, String account, Instant first, Instant now, Instant lease) {
    sql.execute(
        """
        INSERT INTO tag_round (channel, account, next_due_at) VALUES ($1, $2, $3)
        ON CONFLICT DO NOTHING
        """,
        channel,
        account,
        first.atOffset(ZoneOffset.UTC));
    return sql.row(
            """
            UPDATE tag_round SET next_due_at = $4
             WHERE channel = $1 AND account = $2 AND next_due_at <= $3
            RETURNING after_address
            """,
            channel,
            account,
            now.atOffset(ZoneOffset.UTC),
            lease.atOffset(ZoneOffset.UTC))
        .map(row -> row.getLong("after_address"));
  }

  /// @param ended when the round came to its end or went on; null: it did neither
  void wentOn(
      Sql sql, String channel, String account, long after, Instant due, @Nullable Instant ended) {
    sql.execute(
        """
        UPDATE tag_round
           SET after_address = $3, next_due_at = $4,
               ended_at = CASE WHEN $3 = 0 THEN coalesce($5, ended_at) ELSE ended_at END
         WHERE channel = $1 AND account = $2
        """,
        channel,
        account,
        after,
        due.atOffset(ZoneOffset.UTC),
        ended == null ? null : ended.atOffset(ZoneOffset.UTC));
  }

  List<Tag> all(Sql sql, String channel, String account) {
    return sql
        .rows(
            "SELECT territory_id, tag, name FROM territory_tag WHERE channel = $1 AND account = $2",
            channel,
            account)
        .stream()
        .map(row -> new Tag(row.getLong("territory_id"), row.getLong("tag"), row.getString("name")))
        .toList();
  }

  Optional<Tag> of(Sql sql, String channel, String account, long territory) {
    return all(sql, channel, account).stream()
        .filter(each -> each.territory() == territory)
        .findFirst();
  }

  /// The tag of each territory.
  Map<Long, Long> tags(Sql sql, String channel, String account) {
    var tags = new HashMap<Long, Long>();
    all(sql, channel, account).forEach(each -> tags.put(each.territory(), each.tag()));
    return tags;
  }

  void keep(Sql sql, String channel, String account, Tag tag) {
    sql.execute(
        """
        INSERT INTO territory_tag (channel, account, territory_id, tag, name)
        VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (channel, account, territory_id)
        DO UPDATE SET tag = EXCLUDED.tag, name = EXCLUDED.name
        """,
        channel,
        account,
        tag.territory(),
        tag.tag(),
        tag.name());
  }

  /// Whoever had it has it no longer.
  void drop(Sql sql, String channel, String account, Tag tag) {
    sql.execute(
        """
        DELETE FROM address_tag t USING address a
         WHERE a.id = t.address_id AND a.channel = $1 AND a.account = $2 AND t.tag = $3
        """,
        channel,
        account,
        tag.tag());
    sql.execute(
        "DELETE FROM territory_tag WHERE channel = $1 AND account = $2 AND territory_id = $3",
        channel,
        account,
        tag.territory());
  }

  void forgetAll(Sql sql, String channel, String account) {
    sql.execute(
        """
        DELETE FROM address_tag t USING address a
         WHERE a.id = t.address_id AND a.channel = $1 AND a.account = $2
        """,
        channel,
        account);
  }

  List<Follower> followers(Sql sql, String channel, String account, long after, int limit) {
    return read(
        sql.rows(
            FOLLOWER
                + """
                 WHERE a.channel = $1 AND a.account = $2 AND a.id > $3 AND a.follows
                 ORDER BY a.id
                 LIMIT $4
                """,
            channel,
            account,
            after,
            limit));
  }

  /// Of those who left the platform has forgotten it already.
  void forgetLeft(Sql sql, long after, long upTo) {
    sql.execute(
        """
        DELETE FROM address_tag t USING address a
         WHERE t.address_id > $1 AND t.address_id <= $2 AND a.id = t.address_id AND NOT a.follows
        """,
        after,
        upTo);
  }

  List<Follower> named(Sql sql, String channel, String account, List<String> externalIds) {
    return read(
        sql.rows(
            FOLLOWER
                + " WHERE a.channel = $1 AND a.account = $2 AND a.external_id = ANY($3::text[])",
            channel,
            account,
            externalIds.toArray(String[]::new)));
  }

  private static List<Follower> read(List<Row> rows) {
    return rows.stream()
        .map(row ->
            new Follower(
                row.getLong("id"),
                row.getString("external_id"),
                row.getBoolean("follows"),
                row.getLong("home_id"),
                row.getLong("tag")))
        .toList();
  }

  void has(Sql sql, List<Long> addresses, long tag) {
    sql.execute(
        """
        INSERT INTO address_tag (address_id, tag) SELECT unnest($1::bigint[]), $2
        ON CONFLICT (address_id) DO UPDATE SET tag = EXCLUDED.tag
        """,
        addresses.toArray(Long[]::new),
        tag);
  }

  void hasNone(Sql sql, List<Long> addresses) {
    sql.execute(
        "DELETE FROM address_tag WHERE address_id = ANY($1::bigint[])",
        (Object) addresses.toArray(Long[]::new));
  }
}
