package io.linyu.reception;

import io.linyu.channel.AddressKey;
import io.linyu.channel.Inbound;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

final class ReplyStore {
  record Waiting(long id, String text, String from, Instant at) {}

  /// A stored reply that is offered to whoever asked for it again.
  record Offer(TurnStore.Key key, String text) {}

  /// The bot's own message with these words that has no sending yet: so staff see beside it how the
  /// sending ended. Looked for among the last ones, and only when the sending did not simply
  /// succeed.
  ///
  /// @param address and text of what was sent
  static String spoken(String address, String text) {
    return """
    (SELECT m.id
       FROM (SELECT id, said_by, content FROM message
              WHERE address_id = %s
              ORDER BY id DESC
              LIMIT 100) AS m
      WHERE m.said_by = 'bot' AND m.content ->> 'text' = %s
        AND NOT EXISTS (SELECT FROM outbound o WHERE o.message_id = m.id)
      ORDER BY m.id DESC
      LIMIT 1)
    """
        .formatted(address, text);
  }

  /// A reply that was not heard.
  record Unheard(Inbound answers, String text) {}

  /// Two people's events may have the same external id: the key names the address too. Not when it
  /// has been offered to somebody who asked again: then that one's end counts.
  void queueReplies(Sql sql, List<Unheard> replies, Instant now, Instant due) {
    List<Inbound> answers = replies.stream().map(Unheard::answers).toList();
    sql.execute(
        """
        INSERT INTO outbound (message_key, address_id, message_id, text, next_due_at, created_at, updated_at)
        SELECT DISTINCT ON (a.id, k.message) 'reply:' || a.id || ':' || k.message, a.id, %s, k.text,
               $7::timestamptz, $6::timestamptz, $6::timestamptz
          FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[])
               AS k (channel, account, address, message, text)
          JOIN address a
            ON a.channel = k.channel AND a.account = k.account AND a.external_id = k.address
         ORDER BY a.id, k.message
            ON CONFLICT (message_key) DO NOTHING
        """
            .formatted(spoken("a.id", "k.text")),
        strings(answers, each -> each.from().channel()),
        strings(answers, each -> each.from().account()),
        strings(answers, each -> each.from().externalId()),
        strings(answers, Inbound::externalId),
        replies.stream().map(Unheard::text).toArray(String[]::new),
        at(now),
        at(due));
  }

  /// Queues what was offered, unless it has been offered once more since.
  void offeredWasNotHeard(Sql sql, Inbound answers, int offer, Instant now, Instant due) {
    AddressKey to = answers.from();
    sql.execute(
        """
        UPDATE outbound o
           SET state = 'queued', message_id = coalesce(o.message_id, %s), next_due_at = $7,
               lease_until = NULL, updated_at = $6
          FROM address a
         WHERE a.channel = $1 AND a.account = $2 AND a.external_id = $3
           AND o.message_key = 'reply:' || a.id || ':' || $4::text
           AND o.state = 'sending' AND o.way = 'passive' AND o.attempts = $5
        """
            .formatted(spoken("o.address_id", "o.text")),
        to.channel(),
        to.account(),
        to.externalId(),
        answers.externalId(),
        offer,
        at(now),
        at(due));
  }

  /// From here on until the lease is over it is under way, whatever an earlier delivery tells of
  /// its own end; whoever dies before telling how it ended leaves it unknown, and never sent twice.
  ///
  /// @return with the number of the offer; without those that have reached their person, or are on
  ///   another way
  Map<TurnStore.Key, Integer> offerAgain(Tx tx, List<Offer> offers, Instant now, Instant lease) {
    var numbers = new HashMap<TurnStore.Key, Integer>();
    List<Row> offered =
        tx.rows(
            """
            INSERT INTO outbound (message_key, address_id, text, state, way, attempts, lease_until, created_at, updated_at)
            SELECT 'reply:' || k.address_id || ':' || k.external_id, k.address_id, k.text, 'sending',
                   'passive', 1, $5, $4, $4
              FROM unnest($1::bigint[], $2::text[], $3::text[]) AS k (address_id, external_id, text)
             ORDER BY k.address_id, k.external_id
                ON CONFLICT (message_key) DO UPDATE
               SET state = 'sending', way = 'passive', attempts = outbound.attempts + 1,
                   next_due_at = NULL, lease_until = $5, updated_at = $4
             WHERE outbound.state = 'queued'
                OR (outbound.state = 'sending' AND outbound.way = 'passive')
            RETURNING address_id, message_key, attempts
            """,
            offers.stream().map(each -> each.key().addressId()).toArray(Long[]::new),
            offers.stream().map(each -> each.key().externalId()).toArray(String[]::new),
            offers.stream().map(Offer::text).toArray(String[]::new),
            at(now),
            at(lease));
    for (Row row : offered) {
      long address = row.getLong("address_id");
      String externalId =
          row.getString("message_key").substring(("reply:" + address + ":").length());
      numbers.put(new TurnStore.Key(address, externalId), row.getInteger("attempts"));
    }
    return numbers;
  }

  /// What went with a reply goes with it again.
  void carryAgain(Tx tx, TurnStore.Key by, Instant now, Instant lease) {
    tx.execute(
        """
        UPDATE outbound
           SET state = 'sending', attempts = attempts + 1, next_due_at = NULL, lease_until = $4,
               updated_at = $3
         WHERE address_id = $1 AND carried_by = $2 AND way = 'passive' AND state = 'queued'
        """,
        by.addressId(),
        by.externalId(),
        at(now),
        at(lease));
  }

  void offeredWasHeard(Sql sql, List<Inbound> answers, Instant now) {
    sql.execute(
        """
        WITH heard AS (
          SELECT o.id
            FROM unnest($1::text[], $2::text[], $3::text[], $4::text[])
                 AS k (channel, account, address, message)
            JOIN address a
              ON a.channel = k.channel AND a.account = k.account AND a.external_id = k.address
            JOIN outbound o ON o.message_key = 'reply:' || a.id || ':' || k.message
           WHERE o.state IN ('queued', 'waiting') OR (o.state = 'sending' AND o.way = 'passive')
           ORDER BY a.id, k.message
             FOR NO KEY UPDATE OF o
        )
        UPDATE outbound
           SET state = 'delivered', way = 'passive', next_due_at = NULL, lease_until = NULL,
               updated_at = $5
         WHERE id IN (SELECT id FROM heard)
        """,
        strings(answers, each -> each.from().channel()),
        strings(answers, each -> each.from().account()),
        strings(answers, each -> each.from().externalId()),
        strings(answers, Inbound::externalId),
        at(now));
  }

  private static String[] strings(List<Inbound> of, Function<Inbound, String> get) {
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
