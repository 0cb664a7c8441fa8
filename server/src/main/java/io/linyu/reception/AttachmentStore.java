package io.linyu.reception;

import io.linyu.casework.HandIns;
import io.linyu.channel.AddressKey;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.linyu.platform.health.Backlog;
import io.linyu.platform.text.Codes;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

final class AttachmentStore {
  /// @param lease until when it is ours. Each claim has a later one than the one before, so it also
  ///   tells whether it still is
  record Wanted(
      long id,
      long messageId,
      long addressId,
      AddressKey address,
      String language,
      String kind,
      String mediaId,
      int attempts,
      Instant lease) {}

  void insert(Tx tx, long messageId, long addressId, String kind, String mediaId, Instant now) {
    tx.execute(
        """
        INSERT INTO attachment (message_id, address_id, kind, media_id, code, next_due_at)
        VALUES ($1, $2, $3, $4, $5, $6)
        """,
        messageId,
        addressId,
        kind,
        mediaId,
        Codes.random(),
        now.atOffset(ZoneOffset.UTC));
  }

  /// What is there already and needs no fetching.
  void keep(Tx tx, long messageId, long addressId, String kind, String name, Buffer digest) {
    tx.execute(
        """
        INSERT INTO attachment (message_id, address_id, kind, media_id, code, state, digest, name)
        VALUES ($1, $2, $3, '', $4, 'fetched', $5, $6)
        """,
        messageId,
        addressId,
        kind,
        Codes.random(),
        digest,
        name);
  }

  /// What is there of these messages, by message.
  Map<Long, HandIns.Kept> kept(Sql sql, Collection<Long> messages) {
    return sql
        .rows(
            """
            SELECT t.message_id, t.code, t.kind, coalesce(t.name, '') AS name, b.bytes, t.digest
              FROM attachment t JOIN blob b ON b.digest = t.digest
             WHERE t.message_id = ANY($1::bigint[])
            """,
            (Object) messages.toArray(Long[]::new))
        .stream()
        .collect(
            Collectors.toMap(
                row -> row.getLong("message_id"),
                row ->
                    new HandIns.Kept(
                        row.getString("code"),
                        KeptPapers.kind(row.getString("kind")),
                        row.getString("name"),
                        row.getLong("bytes"),
                        row.getBuffer("digest"))));
  }

  void forget(Tx tx, long messageId) {
    tx.execute("DELETE FROM attachment WHERE message_id = $1", messageId);
  }

  /// What is due and not done yet.
  Backlog backlog(Sql sql, Instant now) {
    Row row =
        sql.one(
            """
            SELECT count(*) AS n, min(due) AS oldest
              FROM (SELECT next_due_at AS due FROM attachment
                     WHERE state = 'waiting' AND next_due_at <= $1
                     ORDER BY next_due_at
                     LIMIT $2) d
            """,
            now.atOffset(ZoneOffset.UTC),
            Backlog.COUNTED_AT_MOST);
    return Backlog.of("fetch", row.getLong("n"), row.getOffsetDateTime("oldest"));
  }

  /// The next due time is the lease: when it passes, the work is due again. So no more may be taken
  /// than is begun at once.
  List<Wanted> claim(Sql sql, Instant now, Instant lease, int most) {
    return sql
        .rows(
            """
            WITH due AS (
              SELECT id FROM attachment
               WHERE state = 'waiting' AND next_due_at <= $1
               ORDER BY next_due_at, id
               LIMIT $3
                 FOR UPDATE SKIP LOCKED
            )
            UPDATE attachment t
               SET attempts = t.attempts + 1, next_due_at = $2
              FROM due, address a, person p
             WHERE t.id = due.id AND a.id = t.address_id AND p.id = a.person_id
            RETURNING t.id, t.message_id, t.address_id, t.kind, t.media_id, t.attempts, t.next_due_at,
                      a.channel, a.account, a.external_id, p.language
            """,
            now.atOffset(ZoneOffset.UTC),
            lease.atOffset(ZoneOffset.UTC),
            most)
        .stream()
        .map(row ->
            new Wanted(
                row.getLong("id"),
                row.getLong("message_id"),
                row.getLong("address_id"),
                new AddressKey(
                    row.getString("channel"),
                    row.getString("account"),
                    row.getString("external_id")),
                row.getString("language"),
                row.getString("kind"),
                row.getString("media_id"),
                row.getInteger("attempts"),
                row.getOffsetDateTime("next_due_at").toInstant()))
        .toList();
  }

  /// @param kind `image` or `voice`
  /// @param state `waiting`, `fetched` or `failed`
  record Kept(String code, String kind, String state) {}

  List<Kept> ofMessages(Sql sql, List<Long> messages) {
    return sql
        .rows(
            "SELECT code, kind, state FROM attachment WHERE message_id = ANY($1) ORDER BY id",
            (Object) messages.toArray(Long[]::new))
        .stream()
        .map(row -> new Kept(row.getString("code"), row.getString("kind"), row.getString("state")))
        .toList();
  }

  boolean isStillWanted(Tx tx, long id) {
    return tx.row("SELECT id FROM attachment WHERE id = $1 AND state = 'waiting' FOR UPDATE", id)
        .isPresent();
  }

  void fetched(Tx tx, long id, Buffer digest) {
    tx.execute(
        """
        UPDATE attachment SET state = 'fetched', digest = $2, next_due_at = NULL, reason = NULL
         WHERE id = $1 AND state = 'waiting'
        """,
        id,
        digest);
  }

  /// False, here and below: it is not ours any more, and nothing was written.
  boolean again(Sql sql, Wanted each, String reason, Instant due) {
    return sql.execute(
            """
            UPDATE attachment SET reason = $3, next_due_at = $4
             WHERE id = $1 AND state = 'waiting' AND next_due_at = $2
            """,
            each.id(),
            each.lease().atOffset(ZoneOffset.UTC),
            reason,
            due.atOffset(ZoneOffset.UTC))
        == 1;
  }

  /// Without using up an attempt.
  boolean later(Sql sql, Wanted each, String reason, Instant due) {
    return sql.execute(
            """
            UPDATE attachment SET attempts = attempts - 1, reason = $3, next_due_at = $4
             WHERE id = $1 AND state = 'waiting' AND next_due_at = $2
            """,
            each.id(),
            each.lease().atOffset(ZoneOffset.UTC),
            reason,
            due.atOffset(ZoneOffset.UTC))
        == 1;
  }

  boolean failed(Tx tx, Wanted each, String reason) {
    return tx.execute(
            """
            UPDATE attachment SET state = 'failed', reason = $3, next_due_at = NULL
             WHERE id = $1 AND state = 'waiting' AND next_due_at = $2
            """,
            each.id(),
            each.lease().atOffset(ZoneOffset.UTC),
            reason)
        == 1;
  }

  Optional<Buffer> digest(Sql sql, String code) {
    return sql.row("SELECT digest FROM attachment WHERE code = $1 AND state = 'fetched'", code)
        .map(row -> row.getBuffer("digest"));
  }

  Optional<Attachments.Origin> origin(Sql sql, String code) {
    return sql.row(
            """
            SELECT a.person_id, a.id, t.message_id, coalesce(t.name, '') AS name, c.number
              FROM attachment t JOIN address a ON a.id = t.address_id
              LEFT JOIN handed_in h ON h.message_id = t.message_id
              LEFT JOIN "case" c ON c.id = h.case_id
             WHERE t.code = $1
            """,
            code)
        .map(row ->
            new Attachments.Origin(
                row.getLong("person_id"),
                row.getLong("id"),
                row.getLong("message_id"),
                row.getString("name"),
                row.getString("number")));
  }
}
