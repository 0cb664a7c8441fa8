package io.linyu.demo;

import io.linyu.platform.db.Sql;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What the demo asks the database itself: whether its past has been told, and what the phones
/// showed before the last stop. Its one table is no migration: `serve` never has it.
final class DemoStore {
  /// One line of an earlier chat.
  record Earlier(long id, Instant at, String by, JsonObject content, @Nullable Buffer media) {}

  record Left(boolean follows, int quota, Instant until) {}

  /// How many steps of the past have been told; more than there are when it was told to the end.
  int told(Sql sql) {
    sql.execute(
        """
        CREATE TABLE IF NOT EXISTS demo_past (told int NOT NULL, began timestamptz NOT NULL)
        """);
    sql.execute("ALTER TABLE demo_past ADD COLUMN IF NOT EXISTS stands timestamptz");
    return sql.row("SELECT told FROM demo_past").map(row -> row.getInteger("told")).orElse(0);
  }

  /// When the telling began: a second attempt must tell it of the same days.
  Instant began(Sql sql, Instant now) {
    sql.execute(
        """
        INSERT INTO demo_past (told, began) SELECT 0, $1 WHERE NOT EXISTS (SELECT FROM demo_past)
        """,
        now.atOffset(ZoneOffset.UTC));
    return sql.one("SELECT began FROM demo_past").getOffsetDateTime("began").toInstant();
  }

  /// @param stands where the town's clock stands
  void told(Sql sql, int steps, Instant stands) {
    sql.execute(
        "UPDATE demo_past SET told = $1, stands = $2", steps, stands.atOffset(ZoneOffset.UTC));
  }

  void toldToTheEnd(Sql sql) {
    sql.execute("UPDATE demo_past SET stands = NULL");
  }

  /// Where the clock stood when the telling was cut short; empty: it was not. Asked before there
  /// are tables.
  Optional<Instant> stands(Sql sql) {
    boolean begun =
        sql.row(
                """
                SELECT 1 FROM information_schema.columns
                 WHERE table_schema = current_schema() AND table_name = 'demo_past' AND column_name = 'stands'
                """)
            .isPresent();
    return begun
        ? sql.row("SELECT stands FROM demo_past WHERE stands IS NOT NULL")
            .map(row -> row.getOffsetDateTime("stands").toInstant())
        : Optional.empty();
  }

  /// What is said and not yet sent, sent to us and not yet fetched, has happened and was not yet
  /// heard of, or is due and not yet done.
  ///
  /// @param awake whether it is an hour at which residents may be disturbed
  /// @param staff whether staff are to have been called, too
  long onItsWay(Sql sql, Instant now, boolean awake, boolean staff) {
    return sql.one(
            """
            SELECT (SELECT count(*) FROM outbound
                     WHERE state = 'sending' OR state = 'queued' AND next_due_at <= $1)
                 + (SELECT count(*) FROM attachment WHERE state = 'waiting')
                 + (SELECT count(*) FROM conversation WHERE next_due_at <= $1)
                 + (SELECT count(*) FROM rule_watch WHERE next_due_at <= $1)
                 + (SELECT count(*) FROM case_archive WHERE next_due_at <= $1)
                 + (SELECT count(*) FROM errand_watch WHERE $3 AND next_due_at <= $1)
                 + (SELECT count(*) FROM return_visit
                     WHERE $2 AND ended_at IS NULL AND next_due_at <= $1)
                 + (SELECT count(*) FROM clock
                     WHERE $2 AND stopped_at IS NULL AND late_at IS NULL AND due_at <= $1
                       AND kind IN ('acceptance', 'first_contact', 'handling'))
                 + (SELECT count(*)
                      FROM (VALUES ('tell-residents', 'casework'), ('tell-alarms', 'alarm'), ('errands', 'casework'))
                             AS l (listener, room)
                      JOIN event_cursor c ON c.listener = l.listener AND (l.listener <> 'errands' OR $3)
                     CROSS JOIN LATERAL (
                           SELECT FROM event
                            WHERE room = l.room AND (xid, id) > (c.last_xid, c.last_event)) e) AS things
            """,
            now.atOffset(ZoneOffset.UTC),
            awake,
            staff)
        .getLong("things");
  }

  Optional<Long> addressId(Sql sql, String openid) {
    return sql.row("SELECT id FROM address WHERE channel = 'wechat' AND external_id = $1", openid)
        .map(row -> row.getLong("id"));
  }

  Optional<Left> left(Sql sql, String openid) {
    return sql.row(
            """
            SELECT a.follows, c.quota_left,
                   greatest(c.quota_until, 'epoch') AS quota_until
              FROM address a JOIN conversation c ON c.address_id = a.id
             WHERE a.channel = 'wechat' AND a.external_id = $1
            """,
            openid)
        .map(row ->
            new Left(
                row.getBoolean("follows"),
                row.getInteger("quota_left"),
                row.getOffsetDateTime("quota_until").toInstant()));
  }

  List<Earlier> earlier(Sql sql, String openid, int newest) {
    return sql
        .rows(
            """
            SELECT m.id, m.at, m.said_by, m.content::text AS content,
                   (SELECT string_agg(b.bytes, ''::bytea ORDER BY b.seq)
                      FROM attachment t JOIN blob_chunk b ON b.digest = t.digest
                     WHERE t.message_id = m.id) AS media
              FROM message m JOIN address a ON a.id = m.address_id
             WHERE a.channel = 'wechat' AND a.external_id = $1
             ORDER BY m.id DESC
             LIMIT $2
            """,
            openid,
            newest)
        .stream()
        .map(DemoStore::earlier)
        .toList()
        .reversed();
  }

  private static Earlier earlier(Row row) {
    return new Earlier(
        row.getLong("id"),
        row.getOffsetDateTime("at").toInstant(),
        row.getString("said_by"),
        new JsonObject(row.getString("content")),
        row.getBuffer("media"));
  }
}
