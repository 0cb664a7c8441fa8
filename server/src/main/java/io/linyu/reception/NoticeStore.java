package io.linyu.reception;

import static java.util.Objects.requireNonNull;

import io.linyu.channel.Ladder.Rung;
import io.linyu.channel.Notice;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.linyu.platform.text.Json;
import io.linyu.reception.Chats.Worth;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What goes by a rung that takes fields.
final class NoticeStore {
  /// At most so many pushes a case; everything else is on its page. The last one is kept for the
  /// end of the matter.
  private static final int MOST_OF_A_CASE = 3;

  /// Beside a message that is queued under this key; said again, nothing is written. Of what is
  /// kept quiet nothing is pushed for which the person has not given leave.
  void queue(Tx tx, String key, long caseId, Notice notice) {
    tx.execute(
        """
        INSERT INTO outbound_notice (outbound_id, case_id, notice, last, given_up)
        SELECT id, $2, $3::text::jsonb, $4,
               CASE WHEN is_quiet($2) THEN ARRAY[$5] ELSE '{}'::text[] END
          FROM outbound WHERE message_key = $1
        ON CONFLICT (outbound_id) DO NOTHING
        """,
        key,
        caseId,
        Json.write(notice),
        notice.last(),
        Rung.TEMPLATE.word());
  }

  /// The same for many at once, of those that have one.
  void queueAll(Tx tx, List<Outbox.Saying> all) {
    List<Outbox.Saying> pushed = all.stream().filter(each -> each.notice() != null).toList();
    if (pushed.isEmpty()) {
      return;
    }
    tx.execute(
        """
        INSERT INTO outbound_notice (outbound_id, case_id, notice, last)
        SELECT o.id, n.case_id, n.notice::jsonb, n.last
          FROM unnest($1::text[], $2::bigint[], $3::text[], $4::boolean[]) AS n (key, case_id, notice, last)
          JOIN outbound o ON o.message_key = n.key
        ON CONFLICT (outbound_id) DO NOTHING
        """,
        pushed.stream().map(Outbox.Saying::key).toArray(String[]::new),
        pushed.stream().map(Outbox.Saying::caseId).toArray(Long[]::new),
        pushed.stream()
            .map(each -> Json.write(requireNonNull(each.notice())))
            .toArray(String[]::new),
        pushed.stream().map(each -> requireNonNull(each.notice()).last()).toArray(Boolean[]::new));
  }

  /// Beside a call to a member of staff. Leave that they gave as a resident is not used up by it.
  void queueCall(Tx tx, String key, long caseId, Notice notice) {
    tx.execute(
        """
        INSERT INTO outbound_notice (outbound_id, case_id, notice, last, given_up)
        SELECT id, $2, $3::text::jsonb, $4, ARRAY[$5] FROM outbound WHERE message_key = $1
        ON CONFLICT (outbound_id) DO NOTHING
        """,
        key,
        caseId,
        Json.write(notice),
        notice.last(),
        Rung.SUBSCRIBE_NOTICE.word());
  }

  /// Calls to staff are not counted.
  boolean mayPush(Sql sql, long caseId, boolean last) {
    long pushed =
        sql.one(
                """
                SELECT count(*) AS n
                  FROM outbound_notice n JOIN outbound o ON o.id = n.outbound_id
                 WHERE n.case_id = $1 AND n.rung IS NOT NULL AND NOT starts_with(o.message_key, $2)
                """,
                caseId,
                OutboxStore.CALL)
            .getLong("n");
    return pushed < (last ? MOST_OF_A_CASE : MOST_OF_A_CASE - 1);
  }

  /// How far something may go that is told of this case.
  ///
  /// @param last whether it is the end, for which the last push is kept
  Worth worth(Sql sql, long caseId, boolean last) {
    if (!mayPush(sql, caseId, last)) {
      return Worth.WORDS;
    }
    return last ? Worth.END : Worth.NOTICE;
  }

  void goesBy(Sql sql, long outbound, Rung rung) {
    sql.execute(
        "UPDATE outbound_notice SET rung = $2 WHERE outbound_id = $1", outbound, rung.word());
  }

  /// It certainly did not go that way.
  void didNotGo(Sql sql, long outbound) {
    sql.execute("UPDATE outbound_notice SET rung = NULL WHERE outbound_id = $1", outbound);
  }

  /// It goes to another chat: what was tried and refused in the one says nothing of the other. A
  /// call to staff never does, and keeps what it must not use.
  void beginAnew(Sql sql, long outbound) {
    sql.execute(
        "UPDATE outbound_notice SET rung = NULL, given_up = '{}' WHERE outbound_id = $1", outbound);
  }

  /// Whether there is another way than the one that was refused; for this message that one is not
  /// tried any more.
  boolean giveUp(Sql sql, long outbound, Rung rung) {
    return sql.execute(
            """
            UPDATE outbound_notice SET rung = NULL, given_up = array_append(given_up, $2)
             WHERE outbound_id = $1
            """,
            outbound,
            rung.word())
        == 1;
  }

  /// The whole text can be read where the notice leads: its other parts have gone with it.
  void accepted(Sql sql, OutboxStore.Claimed each, @Nullable String platformId, Instant now) {
    sql.execute(
        """
        WITH known AS (
          UPDATE outbound_notice SET platform_id = $2 WHERE outbound_id = $1
        )
        UPDATE outbound
           SET state = 'delivered', way = $5, next_due_at = NULL, updated_at = $6
         WHERE address_id = $3 AND starts_with(message_key, $4) AND state IN ('queued', 'waiting')
        """,
        each.id(),
        platformId,
        each.addressId(),
        each.key() + ":",
        each.way(),
        now.atOffset(ZoneOffset.UTC));
  }

  boolean isUnderWay(Sql sql, long address) {
    return sql.one(
            """
            SELECT EXISTS (
              SELECT FROM outbound
               WHERE address_id = $1 AND state = 'sending' AND way IN ('subscribe_notice', 'template')) AS sending
            """,
            address)
        .getBoolean("sending");
  }

  /// The platform had accepted it, and could not deliver it after all.
  ///
  /// @return the message; empty when there is none, or it has been told before
  Optional<Long> failed(Tx tx, long address, String platformId, String reason, Instant now) {
    return tx.row(
            """
            UPDATE outbound o SET state = 'failed', reason = $3, updated_at = $4
              FROM outbound_notice n
             WHERE n.platform_id = $2 AND o.id = n.outbound_id AND o.address_id = $1
               AND o.state = 'delivered'
            RETURNING o.id
            """,
            address,
            platformId,
            reason,
            now.atOffset(ZoneOffset.UTC))
        .map(row -> row.getLong("id"));
  }
}
