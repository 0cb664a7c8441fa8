package io.linyu.reception;

import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

final class ReplyStore {
  record Waiting(long id, String text, String from, Instant at) {}

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
  ///
  /// @param message the bot's own
  record Unheard(TurnStore.Key answers, String text, @Nullable Long message) {}

  /// Not when it has been offered to somebody who asked again: then that one's end counts.
  void queueReplies(Sql sql, List<Unheard> replies, Instant now, Instant due) {
    sql.execute(
        """
        INSERT INTO outbound (message_key, address_id, message_id, text, next_due_at, created_at, updated_at)
        SELECT DISTINCT ON (k.address_id, k.external_id)
               'reply:' || k.address_id || ':' || k.external_id, k.address_id, k.message, k.text,
               $6::timestamptz, $5::timestamptz, $5::timestamptz
          FROM unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[])
               AS k (address_id, external_id, text, message)
         ORDER BY k.address_id, k.external_id
            ON CONFLICT (message_key) DO NOTHING
        """,
        addresses(replies, Unheard::answers),
        externalIds(replies, Unheard::answers),
        replies.stream().map(Unheard::text).toArray(String[]::new),
        replies.stream().map(Unheard::message).toArray(Long[]::new),
        at(now),
        at(due));
  }

  /// Queues what was offered, unless it has been offered once more since.
  void offeredWasNotHeard(Sql sql, TurnStore.Key answers, Instant lease, Instant now, Instant due) {
    sql.execute(
        """
        UPDATE outbound o
           SET state = 'queued', message_id = coalesce(o.message_id, %s), next_due_at = $4,
               lease_until = NULL, updated_at = $3
         WHERE o.message_key = $1 AND o.state = 'sending' AND o.way = 'passive'
           AND o.lease_until = $2
        """
            .formatted(spoken("o.address_id", "o.text")),
        keyOf(answers),
        at(lease),
        at(now),
        at(due));
  }

  /// From here on until the lease is over they are under way, whatever an earlier delivery tells of
  /// its own end; whoever dies before telling how it ended leaves them unknown, and never sent
  /// twice. Not those that have reached their person, or are on another way.
  void offerAgain(Tx tx, Map<TurnStore.Key, String> offers, Instant now, Instant lease) {
    List<Map.Entry<TurnStore.Key, String>> all = List.copyOf(offers.entrySet());
    tx.tell(
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
        """,
        addresses(all, Map.Entry::getKey),
        externalIds(all, Map.Entry::getKey),
        all.stream().map(Map.Entry::getValue).toArray(String[]::new),
        at(now),
        at(lease));
  }

  void offeredWasHeard(Sql sql, List<TurnStore.Key> answers, Instant now) {
    sql.execute(
        """
        WITH heard AS (
          SELECT id FROM outbound
           WHERE message_key = ANY($1::text[])
             AND (state IN ('queued', 'waiting') OR (state = 'sending' AND way = 'passive'))
           ORDER BY address_id, message_key
             FOR NO KEY UPDATE
        )
        UPDATE outbound
           SET state = 'delivered', way = 'passive', next_due_at = NULL, lease_until = NULL,
               updated_at = $2
         WHERE id IN (SELECT id FROM heard)
        """,
        answers.stream().map(ReplyStore::keyOf).toArray(String[]::new),
        at(now));
  }

  /// Two people's events may have the same external id: the key names the address too.
  private static String keyOf(TurnStore.Key answers) {
    return "reply:" + answers.addressId() + ":" + answers.externalId();
  }

  private static <T> Long[] addresses(List<T> of, Function<T, TurnStore.Key> get) {
    return of.stream().map(each -> get.apply(each).addressId()).toArray(Long[]::new);
  }

  private static <T> String[] externalIds(List<T> of, Function<T, TurnStore.Key> get) {
    return of.stream().map(each -> get.apply(each).externalId()).toArray(String[]::new);
  }

  /// What is held up comes with what waits: it was certainly not sent, and the platform is left
  /// alone until later. Not a reply for which the platform may still ask, nor what may be taken
  /// back.
  private static final String WAITING =
      """
      WITH held AS (
        SELECT id, address_id, next_due_at FROM outbound
         WHERE address_id = ANY($1::bigint[]) AND state = 'queued'
           AND way IS DISTINCT FROM 'passive' AND way IS DISTINCT FROM 'template'
           AND NOT starts_with(message_key, $3)
           AND (way IS NOT NULL OR NOT starts_with(message_key, 'reply:'))
      )
      SELECT o.id, o.text, o.created_at, coalesce(s.name, '') AS from_staff
        FROM outbound o
        LEFT JOIN message m ON m.id = o.message_id
        LEFT JOIN staff s ON s.id = m.staff_id
       WHERE o.address_id = ANY($1::bigint[])
         AND (o.state = 'waiting'
              OR (o.state = 'queued' AND o.id IN (SELECT id FROM held)
                  AND o.id >= (SELECT min(h.id) FROM held h
                                WHERE h.address_id = o.address_id AND h.next_due_at > $2)))
       ORDER BY o.id
      """;

  /// @param addresses all of one person
  List<Waiting> waiting(Sql sql, List<Long> addresses, Instant now) {
    return waiting(sql, WAITING, addresses, now);
  }

  /// A sender that is just claiming one of them has it: whoever waited for it here, with the
  /// conversation locked, would wait for somebody who waits for us.
  List<Waiting> takeWaiting(Tx tx, List<Long> addresses, Instant now) {
    return waiting(tx, WAITING + " FOR UPDATE OF o SKIP LOCKED", addresses, now);
  }

  private static List<Waiting> waiting(Sql sql, String query, List<Long> addresses, Instant now) {
    return sql.rows(query, addresses.toArray(Long[]::new), at(now), OutboxStore.CLAIMED).stream()
        .map(row ->
            new Waiting(
                row.getLong("id"),
                row.getString("text"),
                row.getString("from_staff"),
                row.getOffsetDateTime("created_at").toInstant()))
        .toList();
  }

  /// All addresses of whose this one is.
  List<Long> addressesOfPerson(Sql sql, long addressId) {
    return sql
        .rows(
            """
            SELECT o.id FROM address a JOIN address o ON o.person_id = a.person_id
             WHERE a.id = $1 ORDER BY o.id
            """,
            addressId)
        .stream()
        .map(row -> row.getLong("id"))
        .toList();
  }

  /// They go out here now, wherever they waited.
  void carry(Tx tx, long addressId, List<Long> ids, String by, Instant now, Instant lease) {
    tx.execute(
        """
        UPDATE outbound
           SET address_id = $5, state = 'sending', way = 'passive', carried_by = $2,
               attempts = attempts + 1, next_due_at = NULL, lease_until = $4, updated_at = $3
         WHERE id = ANY($1::bigint[])
        """,
        ids.toArray(Long[]::new),
        by,
        at(now),
        at(lease),
        addressId);
  }

  /// What went with a reply goes with it again.
  void carryAgain(Tx tx, TurnStore.Key by, Instant now, Instant lease) {
    tx.tell(
        """
        UPDATE outbound
           SET state = 'sending', attempts = attempts + 1, next_due_at = NULL, lease_until = $4,
               updated_at = $3
         WHERE address_id = $1 AND carried_by = $2 AND way = 'passive'
           AND state IN ('queued', 'sending')
        """,
        by.addressId(),
        by.externalId(),
        at(now),
        at(lease));
  }

  void carriedWasHeard(Sql sql, TurnStore.Key by, Instant now) {
    sql.execute(
        """
        UPDATE outbound
           SET state = 'delivered', reason = NULL, next_due_at = NULL, lease_until = NULL,
               updated_at = $3
         WHERE address_id = $1 AND carried_by = $2 AND way = 'passive'
           AND state IN ('queued', 'sending')
        """,
        by.addressId(),
        by.externalId(),
        at(now));
  }

  /// Unless it has gone with the reply once more since.
  void carriedWasNotHeard(Sql sql, TurnStore.Key by, Instant lease, Instant now, Instant due) {
    sql.execute(
        """
        UPDATE outbound
           SET state = 'queued', next_due_at = $5, lease_until = NULL, updated_at = $4
         WHERE address_id = $1 AND carried_by = $2 AND way = 'passive' AND state = 'sending'
           AND lease_until = $3
        """,
        by.addressId(),
        by.externalId(),
        at(lease),
        at(now),
        at(due));
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
