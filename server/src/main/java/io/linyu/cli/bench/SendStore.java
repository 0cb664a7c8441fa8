package io.linyu.cli.bench;

import io.linyu.platform.db.Sql;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a trial of sending puts on its way, and how it ended. Each text is the key of its message.
final class SendStore {
  /// @param way null: it has not gone yet
  record Ended(long id, String key, String state, @Nullable String way, @Nullable String reason) {}

  /// Everybody who has a window is told so many things. They are queued before they are due, by
  /// turns, so that all are due at one moment.
  void queue(Sql sql, String of, int each, Instant due) {
    sql.execute(
        """
        WITH spoken AS MATERIALIZED (
          SELECT nextval('message_id') AS id, c.address_id,
                 $1 || '-' || c.address_id || '-' || n AS key
            FROM generate_series(1, $2) n
           CROSS JOIN (SELECT address_id FROM conversation WHERE quota_left > 0 ORDER BY address_id) c
           ORDER BY n, c.address_id
        ), written AS (
          INSERT INTO message (id, address_id, at, said_by, content)
          SELECT id, address_id, $3, 'bot', jsonb_build_object('type', 'text', 'text', key) FROM spoken
        )
        INSERT INTO outbound (message_key, address_id, message_id, text, next_due_at, created_at, updated_at)
        SELECT key, address_id, id, key, $3, $3, $3 FROM spoken ORDER BY id
        """,
        of,
        each,
        due.atOffset(ZoneOffset.UTC));
  }

  /// The window of every other person is closed, and they are told twice of their matter.
  void queueNotices(Sql sql, String of, Instant due) {
    sql.execute("UPDATE conversation SET quota_left = 0 WHERE address_id % 2 = 0");
    sql.execute(
        """
        WITH spoken AS MATERIALIZED (
          SELECT nextval('message_id') AS id, k.address_id, k.id AS case_id, n,
                 $1 || '-' || k.address_id || '-' || n AS key
            FROM generate_series(1, 2) n
           CROSS JOIN (SELECT DISTINCT ON (address_id) address_id, id FROM "case"
                        WHERE address_id % 2 = 0 ORDER BY address_id, id) k
           ORDER BY n, k.address_id
        ), written AS (
          INSERT INTO message (id, address_id, at, said_by, case_id, content)
          SELECT id, address_id, $2, 'bot', case_id, jsonb_build_object('type', 'text', 'text', key)
            FROM spoken
        ), queued AS (
          INSERT INTO outbound (message_key, address_id, message_id, text, next_due_at, created_at, updated_at)
          SELECT key, address_id, id, key, $2, $2, $2 FROM spoken ORDER BY id
          RETURNING id, message_key
        )
        INSERT INTO outbound_notice (outbound_id, case_id, notice, last)
        SELECT q.id, s.case_id,
               jsonb_build_object('number', s.key, 'matter', 'm', 'state', 's', 'words', 'w',
                                  'at', $3::text, 'link', 'http://localhost/h5', 'language', 'zh',
                                  'last', s.n = 2),
               s.n = 2
          FROM queued q JOIN spoken s ON s.key = q.message_key
        """,
        of, due.atOffset(ZoneOffset.UTC), due.toString());
  }

  /// Those that are neither on their way nor due.
  long ended(Sql sql, String of) {
    return sql.one(
            """
            SELECT count(*) AS n FROM outbound
             WHERE starts_with(message_key, $1) AND state NOT IN ('queued', 'sending')
            """,
            of)
        .getLong("n");
  }

  List<Ended> all(Sql sql, String of) {
    return sql
        .rows(
            """
            SELECT id, message_key, state, way, reason FROM outbound
             WHERE starts_with(message_key, $1) ORDER BY id
            """,
            of)
        .stream()
        .map(row ->
            new Ended(
                row.getLong("id"),
                row.getString("message_key"),
                row.getString("state"),
                row.getString("way"),
                row.getString("reason")))
        .toList();
  }

  /// Whatever waits for its time has it now, as on the next day.
  void letTimePass(Sql sql) {
    sql.execute("UPDATE outbound SET next_due_at = now() WHERE state = 'queued'");
  }
}
