package io.linyu.reception;

import io.linyu.platform.db.Sql;
import java.time.Instant;
import java.time.ZoneOffset;

/// What an account was told to leave alone is put off, with the platform's number in its reason.
final class ResumptionStore {
  /// So that senders and those who write meanwhile wait for no long statement.
  static final int AT_ONCE = 1_000;

  /// @return how many, [#AT_ONCE] at most: then there may be more
  int wakeMessages(Sql sql, String channel, String account, int code, Instant now) {
    return sql.execute(
        """
        WITH waits AS (
          SELECT o.id
            FROM outbound o
            JOIN address a ON a.id = o.address_id
           WHERE o.state = 'queued' AND o.next_due_at > $1
             AND split_part(o.reason, ' ', 2) = $4
             AND a.channel = $2 AND a.account = $3
           ORDER BY o.next_due_at, o.id
           LIMIT $5
             FOR UPDATE OF o SKIP LOCKED
        )
        UPDATE outbound o SET next_due_at = $1, updated_at = $1
          FROM waits
         WHERE o.id = waits.id
        """,
        now.atOffset(ZoneOffset.UTC),
        channel,
        account,
        Integer.toString(code),
        AT_ONCE);
  }

  /// One that is just being fetched has its next time soon, and is left as it is.
  ///
  /// @return as of messages
  int wakeFiles(Sql sql, String channel, String account, int code, Instant now) {
    return sql.execute(
        """
        WITH waits AS (
          SELECT t.id
            FROM attachment t
            JOIN address a ON a.id = t.address_id
           WHERE t.state = 'waiting' AND t.next_due_at > $1::timestamptz + interval '2 minutes'
             AND split_part(t.reason, ' ', 1) = $4
             AND a.channel = $2 AND a.account = $3
           ORDER BY t.next_due_at, t.id
           LIMIT $5
             FOR UPDATE OF t SKIP LOCKED
        )
        UPDATE attachment t SET next_due_at = $1
          FROM waits
         WHERE t.id = waits.id
        """,
        now.atOffset(ZoneOffset.UTC),
        channel,
        account,
        Integer.toString(code),
        AT_ONCE);
  }
}
