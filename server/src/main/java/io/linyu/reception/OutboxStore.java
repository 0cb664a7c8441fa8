package io.linyu.reception;

import io.linyu.channel.AddressKey;
import io.linyu.channel.Content;
import io.linyu.channel.Inbound;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.linyu.platform.text.Json;
import io.linyu.reception.Outbox.Way;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

final class OutboxStore {
  /// How the keys begin of what may still be taken back.
  static final String CLAIMED = "claimed:";

  /// @param mayGo false: no way is open, and it waits now
  record Claimed(
      long id,
      long addressId,
      AddressKey to,
      String key,
      String text,
      int attempts,
      boolean mayGo) {}

  record Waiting(long id, String text, String from, Instant at) {}

  void queue(
      Tx tx,
      long addressId,
      String key,
      String by,
      @Nullable Long staffId,
      @Nullable Long caseId,
      String text,
      Instant now,
      Instant due) {
    // The message and its sending are one thing: said again under the same key, neither is written.
    tx.execute(
        """
        WITH spoken AS (
          SELECT nextval('message_id') AS id
           WHERE NOT EXISTS (SELECT FROM outbound WHERE message_key = $2)
        ), written AS (
          INSERT INTO message (id, address_id, at, said_by, staff_id, case_id, content)
          SELECT id, $1, $7, $3, $4, $5, $8::text::jsonb FROM spoken
          RETURNING id
        )
        INSERT INTO outbound (message_key, address_id, message_id, text, next_due_at, created_at, updated_at)
        SELECT $2, $1, id, $6, $9, $7, $7 FROM written
        """,
        addressId,
        key,
        by,
        staffId,
        caseId,
        text,
        at(now),
        Json.write(Content.class, Outbox.content(text)),
        at(due));
  }

  void claimedIsDue(Tx tx, long caseId, Instant now) {
    tx.execute(
        """
        UPDATE outbound o SET next_due_at = $2, updated_at = $2
          FROM message m
         WHERE m.case_id = $1 AND o.message_id = m.id AND starts_with(o.message_key, $3)
           AND o.state = 'queued' AND o.next_due_at > $2 AND o.attempts = 0
        """,
        caseId,
        at(now),
        CLAIMED);
  }

  void unsayClaimed(Tx tx, long caseId) {
    tx.execute(
        """
        WITH unsaid AS (
          DELETE FROM outbound o USING message m
           WHERE m.case_id = $1 AND o.message_id = m.id AND starts_with(o.message_key, $2)
             AND o.state = 'queued' AND o.attempts = 0
          RETURNING m.id
        )
        DELETE FROM message WHERE id IN (SELECT id FROM unsaid)
        """,
        caseId,
        CLAIMED);
  }

  /// Two people's events may have the same external id: the key names the address too. It goes with
  /// the bot's own message, so that staff see beside it how the sending ended.
  void queueReply(Sql sql, Inbound answers, String text, Instant now, Instant due) {
    AddressKey to = answers.from();
    sql.execute(
        """
        INSERT INTO outbound (message_key, address_id, message_id, text, next_due_at, created_at, updated_at)
        SELECT 'reply:' || a.id || ':' || $4::text, a.id,
               (SELECT max(m.id) FROM message m
                 WHERE m.address_id = a.id AND m.said_by = 'bot' AND m.content ->> 'text' = $5
                   AND NOT EXISTS (SELECT FROM outbound o WHERE o.message_id = m.id)),
               $5, $7, $6, $6
          FROM address a
         WHERE a.channel = $1 AND a.account = $2 AND a.external_id = $3
            ON CONFLICT (message_key) DO UPDATE
           SET state = 'queued', next_due_at = $7, lease_until = NULL, updated_at = $6
         WHERE outbound.state = 'sending' AND outbound.way = 'passive'
        """,
        to.channel(),
        to.account(),
        to.externalId(),
        answers.externalId(),
        text,
        at(now),
        at(due));
  }

  void offerAgain(Tx tx, Collection<TurnStore.Key> keys, Instant now, Instant lease) {
    tx.execute(
        """
        UPDATE outbound o
           SET state = 'sending', way = 'passive', attempts = o.attempts + 1, next_due_at = NULL,
               lease_until = $4, updated_at = $3
          FROM unnest($1::bigint[], $2::text[]) AS k (address_id, external_id)
         WHERE o.address_id = k.address_id AND o.state = 'queued'
           AND (o.message_key = 'reply:' || k.address_id || ':' || k.external_id
                OR (o.carried_by = k.external_id AND o.way = 'passive'))
        """,
        keys.stream().map(TurnStore.Key::addressId).toArray(Long[]::new),
        keys.stream().map(TurnStore.Key::externalId).toArray(String[]::new),
        at(now),
        at(lease));
  }

  /// Leaves a trace also where nothing is queued yet: what a slower attempt would queue afterwards
  /// has been heard.
  void heardAfterAll(Sql sql, Inbound answers, String text, Instant now) {
    AddressKey to = answers.from();
    sql.execute(
        """
        INSERT INTO outbound (message_key, address_id, text, state, way, created_at, updated_at)
        SELECT 'reply:' || id || ':' || $4::text, id, $5, 'delivered', 'passive', $6, $6 FROM address
         WHERE channel = $1 AND account = $2 AND external_id = $3
            ON CONFLICT (message_key) DO UPDATE
           SET state = 'delivered', way = 'passive', next_due_at = NULL, lease_until = NULL,
               updated_at = $6
         WHERE outbound.state IN ('queued', 'waiting')
            OR (outbound.state = 'sending' AND outbound.way = 'passive')
        """,
        to.channel(),
        to.account(),
        to.externalId(),
        answers.externalId(),
        text,
        at(now));
  }

  /// What is held up comes with what waits: it was certainly not sent, and the platform is left
  /// alone until later. Not a reply for which the platform may still ask, nor what may be taken
  /// back.
  private static final String WAITING =
      """
      WITH held AS (
        SELECT id, next_due_at FROM outbound
         WHERE address_id = $1 AND state = 'queued' AND way IS DISTINCT FROM 'passive'
           AND NOT starts_with(message_key, $3)
           AND (way IS NOT NULL OR NOT starts_with(message_key, 'reply:'))
      )
      SELECT o.id, o.text, o.created_at, coalesce(s.name, '') AS from_staff
        FROM outbound o
        LEFT JOIN message m ON m.id = o.message_id
        LEFT JOIN staff s ON s.id = m.staff_id
       WHERE o.address_id = $1
         AND (o.state = 'waiting'
              OR (o.state = 'queued' AND o.id IN (SELECT id FROM held)
                  AND o.id >= (SELECT min(id) FROM held WHERE next_due_at > $2)))
       ORDER BY o.id
      """;

  List<Waiting> waiting(Sql sql, long addressId, Instant now) {
    return waiting(sql, WAITING, addressId, now);
  }

  /// A sender that is just claiming one of them has it: whoever waited for it here, with the
  /// conversation locked, would wait for somebody who waits for us.
  List<Waiting> takeWaiting(Tx tx, long addressId, Instant now) {
    return waiting(tx, WAITING + " FOR UPDATE OF o SKIP LOCKED", addressId, now);
  }

  private static List<Waiting> waiting(Sql sql, String query, long addressId, Instant now) {
    return sql.rows(query, addressId, at(now), CLAIMED).stream()
        .map(row ->
            new Waiting(
                row.getLong("id"),
                row.getString("text"),
                row.getString("from_staff"),
                row.getOffsetDateTime("created_at").toInstant()))
        .toList();
  }

  void carry(Tx tx, List<Long> ids, String by, Instant now, Instant lease) {
    tx.execute(
        """
        UPDATE outbound
           SET state = 'sending', way = 'passive', carried_by = $2, attempts = attempts + 1,
               next_due_at = NULL, lease_until = $4, updated_at = $3
         WHERE id = ANY($1::bigint[])
        """,
        ids.toArray(Long[]::new),
        by,
        at(now),
        at(lease));
  }

  void carriedWasHeard(Sql sql, Inbound by, Instant now) {
    carried(
        sql,
        by,
        """
        UPDATE outbound o
           SET state = 'delivered', reason = NULL, next_due_at = NULL, lease_until = NULL,
               updated_at = $5
          FROM address a
         WHERE a.channel = $1 AND a.account = $2 AND a.external_id = $3
           AND o.address_id = a.id AND o.carried_by = $4 AND o.way = 'passive'
           AND o.state IN ('queued', 'sending')
        """,
        at(now));
  }

  void carriedWasNotHeard(Sql sql, Inbound by, Instant now, Instant due) {
    carried(
        sql,
        by,
        """
        UPDATE outbound o
           SET state = 'queued', next_due_at = $6, lease_until = NULL, updated_at = $5
          FROM address a
         WHERE a.channel = $1 AND a.account = $2 AND a.external_id = $3
           AND o.address_id = a.id AND o.carried_by = $4 AND o.way = 'passive'
           AND o.state = 'sending'
        """,
        at(now),
        at(due));
  }

  private static void carried(Sql sql, Inbound by, String update, Object... times) {
    AddressKey from = by.from();
    var parameters = new ArrayList<Object>();
    parameters.addAll(List.of(from.channel(), from.account(), from.externalId(), by.externalId()));
    parameters.addAll(List.of(times));
    sql.execute(update, parameters.toArray());
  }

  void shownOnPage(Tx tx, List<Long> ids, Instant now) {
    tx.execute(
        """
        UPDATE outbound SET state = 'delivered', way = 'inbox', next_due_at = NULL, updated_at = $2
         WHERE id = ANY($1::bigint[])
        """,
        ids.toArray(Long[]::new),
        at(now));
  }

  /// Takes the oldest of each person, and reserves its place in the window; without a place it
  /// waits.
  List<Claimed> claim(Tx tx, Instant now, Instant lease, int limit) {
    List<Row> due =
        tx.rows(
            """
            SELECT o.id, o.address_id, o.message_key, o.text, o.attempts,
                   a.channel, a.account, a.external_id, a.follows
              FROM outbound o
              JOIN address a ON a.id = o.address_id
             WHERE o.state = 'queued' AND o.next_due_at <= $1
               AND NOT EXISTS (
                     SELECT FROM outbound e
                      WHERE e.address_id = o.address_id AND e.id < o.id
                        AND e.state IN ('queued', 'sending')
                        AND (e.next_due_at IS NULL OR e.next_due_at <= $1 OR e.attempts > 0
                             OR NOT starts_with(e.message_key, $3)))
             ORDER BY o.next_due_at, o.id
             LIMIT $2
               FOR UPDATE OF o SKIP LOCKED
            """,
            at(now),
            limit,
            CLAIMED);
    // Conversations are locked in the order of their ids, as everywhere.
    List<Row> inOrder =
        due.stream().sorted(Comparator.comparing(row -> row.getLong("address_id"))).toList();
    var claimed = new ArrayList<Claimed>();
    for (Row row : inOrder) {
      long id = row.getLong("id");
      long address = row.getLong("address_id");
      boolean open =
          row.getBoolean("follows")
              && tx.execute(
                      """
                      UPDATE conversation SET quota_left = quota_left - 1
                       WHERE address_id = $1 AND quota_left > 0 AND quota_until > $2
                      """,
                      address,
                      at(now))
                  == 1;
      Claimed each =
          new Claimed(
              id,
              address,
              new AddressKey(
                  row.getString("channel"), row.getString("account"), row.getString("external_id")),
              row.getString("message_key"),
              row.getString("text"),
              row.getInteger("attempts") + 1,
              open);
      if (!row.getBoolean("follows")) {
        unreachable(tx, each, "the person does not follow any more", now);
      } else if (open) {
        tx.execute(
            """
            UPDATE outbound
               SET state = 'sending', way = 'customer_service', attempts = attempts + 1,
                   lease_until = $2, next_due_at = NULL, updated_at = $3
             WHERE id = $1
            """,
            id,
            at(lease),
            at(now));
      } else {
        park(tx, each, "no window is open", now);
      }
      claimed.add(each);
    }
    return claimed;
  }

  void delivered(Sql sql, long id, Instant now) {
    end(sql, id, "delivered", null, now);
  }

  void failed(Sql sql, long id, String reason, Instant now) {
    end(sql, id, "failed", reason, now);
  }

  void unknown(Sql sql, long id, String reason, Instant now) {
    end(sql, id, "unknown", reason, now);
  }

  /// The window is over, whatever we counted: it waits for the next contact.
  void park(Tx tx, Claimed each, String reason, Instant now) {
    tx.execute(
        "UPDATE conversation SET quota_left = 0, waiting = true WHERE address_id = $1",
        each.addressId());
    tx.execute(
        """
        UPDATE outbound
           SET state = 'waiting', way = 'inbox', reason = $2, next_due_at = NULL,
               lease_until = NULL, updated_at = $3
         WHERE id = $1
        """,
        each.id(),
        reason,
        at(now));
  }

  /// Until the person speaks to us again.
  void unreachable(Tx tx, Claimed each, String reason, Instant now) {
    tx.execute("UPDATE address SET follows = false WHERE id = $1", each.addressId());
    end(tx, each.id(), "failed", reason, now);
  }

  /// It certainly was not sent: its place in the window is given back, unless a newer window has
  /// replaced that one. If the person speaks before it is tried again, they are shown it.
  void again(Tx tx, Claimed each, String reason, Instant now, Instant due, int full) {
    tx.execute(
        """
        UPDATE conversation
           SET waiting = true,
               quota_left =
                 CASE WHEN quota_until > $2 THEN least(quota_left + 1, $3) ELSE quota_left END
         WHERE address_id = $1
        """,
        each.addressId(),
        at(now),
        full);
    tx.execute(
        """
        UPDATE outbound
           SET state = 'queued', reason = $2, next_due_at = $4, lease_until = NULL, updated_at = $3
         WHERE id = $1 AND state = 'sending'
        """,
        each.id(),
        reason,
        at(now),
        at(due));
  }

  /// The platform was not asked, or answered for everybody at once: neither the attempt nor the
  /// place in the window is used.
  void later(Sql sql, Claimed each, String reason, Instant now, Instant due, int full) {
    sql.execute(
        """
        WITH given_back AS (
          UPDATE outbound
             SET state = 'queued', attempts = attempts - 1, reason = $2, next_due_at = $4,
                 lease_until = NULL, updated_at = $3
           WHERE id = $1 AND state = 'sending'
          RETURNING address_id
        )
        UPDATE conversation c
           SET waiting = true,
               quota_left =
                 CASE WHEN c.quota_until > $3 THEN least(c.quota_left + 1, $5) ELSE c.quota_left END
          FROM given_back g
         WHERE c.address_id = g.address_id
        """,
        each.id(),
        reason,
        at(now),
        at(due),
        full);
  }

  /// Whether it is still ours to send; then the lease begins anew.
  boolean holds(Sql sql, Claimed each, Instant now, Instant lease) {
    return sql.execute(
            """
            UPDATE outbound SET lease_until = $3
             WHERE id = $1 AND state = 'sending' AND lease_until > $2
            """,
            each.id(),
            at(now),
            at(lease))
        == 1;
  }

  List<Long> endLost(Sql sql, Instant now) {
    return sql
        .rows(
            """
            UPDATE outbound
               SET state = 'unknown', reason = 'the sender was lost', lease_until = NULL, updated_at = $1
             WHERE state = 'sending' AND lease_until < $1
            RETURNING address_id
            """,
            at(now))
        .stream()
        .map(row -> row.getLong("address_id"))
        .toList();
  }

  Way way(Sql sql, long addressId, Instant now, int full) {
    return sql.row(
            """
            SELECT c.quota_left, c.quota_until, a.follows
              FROM conversation c JOIN address a ON a.id = c.address_id
             WHERE c.address_id = $1
            """,
            addressId)
        .map(row -> {
          Instant until = row.getOffsetDateTime("quota_until").toInstant();
          boolean open = until.isAfter(now) && row.getBoolean("follows");
          return new Way(open ? row.getInteger("quota_left") : 0, full, until);
        })
        .orElse(new Way(0, full, now));
  }

  private static void end(Sql sql, long id, String state, @Nullable String reason, Instant now) {
    sql.execute(
        """
        UPDATE outbound
           SET state = $2, reason = $3, next_due_at = NULL, lease_until = NULL, updated_at = $4
         WHERE id = $1 AND state IN ('queued', 'sending')
        """,
        id,
        state,
        reason,
        at(now));
  }

  private static OffsetDateTime at(Instant at) {
    return at.atOffset(ZoneOffset.UTC);
  }
}
