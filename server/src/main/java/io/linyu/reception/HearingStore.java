package io.linyu.reception;

import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.linyu.reception.Hearings.Waiting;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

final class HearingStore {
  record Open(long addressId, long messageId, long deskId, String mediaId, boolean heard) {}

  long insert(Tx tx, long address, long message, long desk, Instant said, Instant due) {
    return tx.one(
            """
            INSERT INTO hearing (address_id, message_id, attachment_id, desk_id, said_at, due_at)
            SELECT $1, $2, id, $3, $4, $5 FROM attachment WHERE message_id = $2
            RETURNING id
            """,
            address,
            message,
            desk,
            at(said),
            at(due))
        .getLong("id");
  }

  int countOf(Sql sql, long address) {
    return sql.one(
            "SELECT count(*)::int AS n FROM hearing WHERE address_id = $1 AND heard_at IS NULL",
            address)
        .getInteger("n");
  }

  int count(Sql sql, Long[] desks) {
    return sql.one(
            """
            SELECT count(*)::int AS n FROM hearing
             WHERE desk_id = ANY($1::bigint[]) AND heard_at IS NULL
            """,
            (Object) desks)
        .getInteger("n");
  }

  List<Waiting> waiting(Sql sql, Long[] desks, @Nullable Waiting after, int limit) {
    return sql
        .rows(
            """
            SELECT h.id, h.address_id, h.said_at, h.due_at, t.state, t.code, t.reason,
                   coalesce(p.called, '') AS called, coalesce(p.home_id, 0) AS home
              FROM hearing h
              JOIN attachment t ON t.id = h.attachment_id
              JOIN address a ON a.id = h.address_id
              JOIN person p ON p.id = a.person_id
             WHERE h.desk_id = ANY($1::bigint[]) AND h.heard_at IS NULL
               AND (h.due_at, h.id) > ($2, $3)
             ORDER BY h.due_at, h.id
             LIMIT $4
            """,
            desks,
            at(after == null ? Instant.EPOCH : after.dueAt()),
            after == null ? 0L : after.id(),
            limit)
        .stream()
        .map(HearingStore::read)
        .toList();
  }

  boolean isAt(Sql sql, String code, Long[] desks) {
    return sql.row(
            """
            SELECT h.id FROM hearing h JOIN attachment t ON t.id = h.attachment_id
             WHERE t.code = $1 AND h.desk_id = ANY($2::bigint[])
            """,
            code,
            desks)
        .isPresent();
  }

  Optional<Open> lock(Tx tx, long hearing, Long[] desks) {
    return tx.row(
            """
            SELECT h.address_id, h.message_id, h.desk_id, h.heard_at, t.media_id
              FROM hearing h JOIN attachment t ON t.id = h.attachment_id
             WHERE h.id = $1 AND h.desk_id = ANY($2::bigint[])
               FOR NO KEY UPDATE OF h
            """,
            hearing,
            desks)
        .map(row ->
            new Open(
                row.getLong("address_id"),
                row.getLong("message_id"),
                row.getLong("desk_id"),
                row.getString("media_id"),
                row.getOffsetDateTime("heard_at") != null));
  }

  void heard(Tx tx, long hearing, long staff, String transcript, Instant now) {
    tx.execute(
        """
        UPDATE hearing SET heard_by = $2, transcript = $3, heard_at = $4 WHERE id = $1
        """,
        hearing,
        staff,
        transcript,
        at(now));
  }

  private static Waiting read(Row row) {
    boolean fetched = row.getString("state").equals("fetched");
    boolean failed = row.getString("state").equals("failed");
    return new Waiting(
        row.getLong("id"),
        row.getLong("address_id"),
        row.getString("called"),
        Long.toString(row.getLong("home")),
        row.getOffsetDateTime("said_at").toInstant(),
        row.getOffsetDateTime("due_at").toInstant(),
        fetched ? row.getString("code") : null,
        failed ? row.getString("reason") : null);
  }

  private static OffsetDateTime at(Instant at) {
    return at.atOffset(ZoneOffset.UTC);
  }
}
