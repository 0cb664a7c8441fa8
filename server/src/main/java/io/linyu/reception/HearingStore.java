package io.linyu.reception;

import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.linyu.reception.Hearings.Waiting;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

final class HearingStore {
  /// @param request to which it is a head's answer; null: to none
  /// @param asks whether a head has still to say to which of several it is
  record Open(
      long addressId,
      long messageId,
      long deskId,
      @Nullable Long request,
      boolean asks,
      Instant saidAt,
      String mediaId,
      boolean heard) {}

  /// @param deskBefore at which it waited until it was said to what it is the answer
  record Meant(long deskBefore, Instant dueAt) {}

  long insert(
      Tx tx,
      long address,
      long message,
      long desk,
      @Nullable Long request,
      boolean asks,
      Instant said,
      Instant due) {
    return tx.one(
            """
            INSERT INTO hearing (address_id, message_id, attachment_id, desk_id, request_id, asks, said_at, due_at)
            SELECT $1, $2, id, $3, $4, $5, $6, $7 FROM attachment WHERE message_id = $2
            RETURNING id
            """,
            address,
            message,
            desk,
            request,
            asks,
            at(said),
            at(due))
        .getLong("id");
  }

  /// Of what they said as a resident.
  int countOf(Sql sql, long address) {
    return sql.one(
            """
            SELECT count(*)::int AS n FROM hearing
             WHERE address_id = $1 AND heard_at IS NULL AND request_id IS NULL AND NOT asks
            """,
            address)
        .getInteger("n");
  }

  int count(Sql sql, Long[] desks) {
    return sql.one(
            """
            SELECT count(*)::int AS n FROM hearing
             WHERE desk_id = ANY($1::bigint[]) AND heard_at IS NULL AND request_id IS NULL
            """,
            (Object) desks)
        .getInteger("n");
  }

  private static final String WAITING =
      """
      SELECT h.id, h.address_id, h.said_at, h.due_at, h.request_id, h.asks, t.state, t.code, t.reason,
             coalesce(p.called, '') AS called, coalesce(p.home_id, 0) AS home
        FROM hearing h
        JOIN attachment t ON t.id = h.attachment_id
        JOIN address a ON a.id = h.address_id
        JOIN person p ON p.id = a.person_id
      """;

  /// What is no answer of a head's.
  List<Waiting> waiting(Sql sql, Long[] desks, @Nullable Waiting after, int limit) {
    return read(
        sql,
        """
         WHERE h.desk_id = ANY($1::bigint[]) AND h.heard_at IS NULL AND h.request_id IS NULL
           AND (h.due_at, h.id) > ($2, $3)
         ORDER BY h.due_at, h.id
         LIMIT $4
        """,
        desks,
        at(after == null ? Instant.EPOCH : after.dueAt()),
        after == null ? 0L : after.id(),
        limit);
  }

  /// Answers of heads wait where the case is now.
  List<Waiting> answers(Sql sql, Long[] desks, @Nullable Waiting after, int limit) {
    return read(
        sql,
        """
         WHERE h.request_id IS NOT NULL AND h.heard_at IS NULL
           AND EXISTS (SELECT FROM request r JOIN "case" c ON c.id = r.case_id
                        WHERE r.id = h.request_id AND r.ended_at IS NULL AND c.closed_at IS NULL
                          AND c.desk_id = ANY($1::bigint[]))
           AND (h.due_at, h.id) > ($2, $3)
         ORDER BY h.due_at, h.id
         LIMIT $4
        """,
        desks,
        at(after == null ? Instant.EPOCH : after.dueAt()),
        after == null ? 0L : after.id(),
        limit);
  }

  List<Waiting> answersTo(Sql sql, long request, int limit) {
    return read(
        sql,
        " WHERE h.request_id = $1 AND h.heard_at IS NULL ORDER BY h.due_at, h.id LIMIT $2",
        request,
        limit);
  }

  private static List<Waiting> read(Sql sql, String which, Object... wanted) {
    return sql.rows(WAITING + which, wanted).stream().map(HearingStore::read).toList();
  }

  /// The code is that of the sound, whether somebody has heard it or not.
  boolean isAt(Sql sql, String code, Long[] desks) {
    return sql.row(
            """
            SELECT h.id FROM hearing h JOIN attachment t ON t.id = h.attachment_id
             WHERE t.code = $1 AND h.desk_id = ANY($2::bigint[]) AND h.request_id IS NULL
            """,
            code,
            desks)
        .isPresent();
  }

  boolean isAnswerTo(Sql sql, String code, long request) {
    return sql.row(
            """
            SELECT h.id FROM hearing h JOIN attachment t ON t.id = h.attachment_id
             WHERE t.code = $1 AND h.request_id = $2 AND h.heard_at IS NULL
            """,
            code,
            request)
        .isPresent();
  }

  /// What of these are answers to.
  List<Long> requestsOf(Sql sql, List<Long> hearings) {
    return sql
        .rows(
            """
            SELECT DISTINCT request_id FROM hearing
             WHERE id = ANY($1::bigint[]) AND request_id IS NOT NULL
            """,
            (Object) hearings.toArray(Long[]::new))
        .stream()
        .map(row -> row.getLong("request_id"))
        .toList();
  }

  /// Of whom it is, to be locked first, as a turn does it.
  Optional<Long> addressOf(Tx tx, long hearing) {
    return tx.row("SELECT address_id FROM hearing WHERE id = $1", hearing)
        .map(row -> row.getLong("address_id"));
  }

  /// @param requests whose answers they may hear
  Optional<Open> lock(Tx tx, long hearing, Long[] desks, Collection<Long> requests) {
    return tx.row(
            """
            SELECT h.address_id, h.message_id, h.desk_id, h.request_id, h.asks, h.said_at, h.heard_at, t.media_id
              FROM hearing h JOIN attachment t ON t.id = h.attachment_id
             WHERE h.id = $1
               AND CASE WHEN h.request_id IS NULL THEN h.desk_id = ANY($2::bigint[])
                        ELSE h.request_id = ANY($3::bigint[]) END
               FOR NO KEY UPDATE OF h
            """,
            hearing,
            desks,
            requests.toArray(Long[]::new))
        .map(row ->
            new Open(
                row.getLong("address_id"),
                row.getLong("message_id"),
                row.getLong("desk_id"),
                row.getLong("request_id"),
                row.getBoolean("asks"),
                row.getOffsetDateTime("said_at").toInstant(),
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

  /// These are the answer to that; what somebody has heard already is told by its words.
  List<Meant> mean(Tx tx, List<Long> messages, long desk, long request) {
    return tx
        .rows(
            """
            UPDATE hearing h SET request_id = $2, asks = false, desk_id = $3
              FROM hearing before
             WHERE before.id = h.id AND h.message_id = ANY($1::bigint[]) AND h.asks AND h.heard_at IS NULL
            RETURNING before.desk_id AS desk_before, h.due_at
            """,
            messages.toArray(Long[]::new),
            request,
            desk)
        .stream()
        .map(row ->
            new Meant(row.getLong("desk_before"), row.getOffsetDateTime("due_at").toInstant()))
        .toList();
  }

  /// @return at which desks they waited
  List<Long> drop(Tx tx, List<Long> messages) {
    return tx
        .rows(
            """
            DELETE FROM hearing WHERE message_id = ANY($1::bigint[]) AND asks AND heard_at IS NULL
            RETURNING desk_id
            """,
            (Object) messages.toArray(Long[]::new))
        .stream()
        .map(row -> row.getLong("desk_id"))
        .distinct()
        .toList();
  }

  Optional<Instant> heardBy(Tx tx, long request) {
    return Optional.ofNullable(
            tx.one(
                    """
                    SELECT min(due_at) AS by FROM hearing WHERE request_id = $1 AND heard_at IS NULL
                    """,
                    request)
                .getOffsetDateTime("by"))
        .map(OffsetDateTime::toInstant);
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
        row.getLong("request_id"),
        row.getBoolean("asks"),
        fetched ? row.getString("code") : null,
        failed ? row.getString("reason") : null);
  }

  private static OffsetDateTime at(Instant at) {
    return at.atOffset(ZoneOffset.UTC);
  }
}
