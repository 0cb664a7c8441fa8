package io.linyu.reception;

import io.linyu.channel.AddressKey;
import io.linyu.channel.Inbound;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;

final class ReplyStore {
  /// A reply that reached its person at a later delivery of what it answers.
  record Heard(Inbound answers, String text) {}

  record Waiting(long id, String text, String from, Instant at) {}

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
  void heardAfterAll(Sql sql, List<Heard> heard, Instant now) {
    sql.execute(
        """
        INSERT INTO outbound (message_key, address_id, text, state, way, created_at, updated_at)
        SELECT DISTINCT ON (a.id, k.message) 'reply:' || a.id || ':' || k.message, a.id, k.text,
               'delivered', 'passive', $6::timestamptz, $6::timestamptz
          FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[])
               AS k (channel, account, address, message, text)
          JOIN address a
            ON a.channel = k.channel AND a.account = k.account AND a.external_id = k.address
         ORDER BY a.id, k.message
            ON CONFLICT (message_key) DO UPDATE
           SET state = 'delivered', way = 'passive', next_due_at = NULL, lease_until = NULL,
               updated_at = $6
         WHERE outbound.state IN ('queued', 'waiting')
            OR (outbound.state = 'sending' AND outbound.way = 'passive')
        """,
        strings(heard, each -> each.answers().from().channel()),
        strings(heard, each -> each.answers().from().account()),
        strings(heard, each -> each.answers().from().externalId()),
        strings(heard, each -> each.answers().externalId()),
        strings(heard, Heard::text),
        at(now));
  }

  private static String[] strings(List<Heard> of, Function<Heard, String> get) {
    return of.stream().map(get).toArray(String[]::new);
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
    return sql.rows(query, addressId, at(now), OutboxStore.CLAIMED).stream()
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

  private static OffsetDateTime at(Instant at) {
    return at.atOffset(ZoneOffset.UTC);
  }
}
