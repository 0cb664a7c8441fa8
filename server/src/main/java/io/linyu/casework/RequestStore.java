package io.linyu.casework;

import static io.linyu.casework.CaseStore.instant;
import static java.time.ZoneOffset.UTC;

import io.linyu.casework.Request.Outcome;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.linyu.platform.health.Backlog;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// There is no question in here that counts by head, and there must be none.
final class RequestStore {
  private static final String REQUEST =
      """
      SELECT r.id, r.case_id, r.code, r.asked_by,
             (SELECT name FROM staff WHERE id = r.asked_by) AS asked_by_name,
             (SELECT name FROM desk WHERE id = c.desk_id) AS desk_name, r.head_id, h.name AS head_name, h.role AS head_role, h.language, c.territory_id,
             r.look, r.photo, q.text AS question, r.asked_at, r.until, r.told_at, r.answer_id,
             a.text AS answer, r.outcome, r.answered_at, r.words_only, coalesce(a.spoken, false) AS spoken, r.ended_at,
             c.closed_at IS NULL AND NOT c.confidential AS live
        FROM request r
        JOIN "case" c ON c.id = r.case_id
        JOIN staff h ON h.id = r.head_id
        JOIN case_note q ON q.id = r.question_id
        LEFT JOIN case_note a ON a.id = r.answer_id
      """;

  /// A row, with where it is.
  record Found(Request request, long territory) {}

  long add(
      Tx tx,
      CaseId id,
      String code,
      long by,
      long head,
      boolean look,
      boolean photo,
      long question,
      Instant at,
      Instant until,
      Instant next) {
    return tx.one(
            """
            INSERT INTO request
                   (case_id, code, asked_by, head_id, look, photo, question_id, asked_at, until, next_due_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            RETURNING id
            """,
            id.value(),
            code,
            by,
            head,
            look,
            photo,
            question,
            at.atOffset(UTC),
            until.atOffset(UTC),
            next.atOffset(UTC))
        .getLong("id");
  }

  Optional<Found> byId(Sql sql, long id) {
    return sql.row(REQUEST + " WHERE r.id = $1", id).map(RequestStore::read);
  }

  /// Under the lock of its case.
  Optional<Found> locked(Tx tx, long id) {
    return tx.row(REQUEST + " WHERE r.id = $1 FOR NO KEY UPDATE OF r", id).map(RequestStore::read);
  }

  Optional<Found> byCode(Sql sql, String code) {
    return sql.row(REQUEST + " WHERE r.code = $1", code).map(RequestStore::read);
  }

  /// Newest first.
  List<Found> ofCase(Sql sql, CaseId id, int limit) {
    return read(sql, " WHERE r.case_id = $1 ORDER BY r.id DESC LIMIT $2", id.value(), limit);
  }

  /// Of these what is asked of cases at these desks, and nobody has ended.
  List<Found> at(Sql sql, List<Long> ids, List<Long> desks) {
    return read(
        sql,
        " WHERE r.id = ANY($1::bigint[]) AND c.desk_id = ANY($2::bigint[]) AND r.ended_at IS NULL",
        ids.toArray(Long[]::new),
        desks.toArray(Long[]::new));
  }

  /// The one that its case waits for.
  Optional<Found> lookOf(Sql sql, CaseId id) {
    return read(
            sql,
            """
             WHERE r.case_id = $1 AND r.look AND r.answered_at IS NULL AND r.ended_at IS NULL
             ORDER BY r.id DESC LIMIT 1
            """,
            id.value())
        .stream()
        .findFirst();
  }

  /// What somebody was told of since then and nobody has ended, the newest first.
  List<Found> told(Sql sql, long head, Instant since, int limit) {
    return read(
        sql,
        """
         WHERE r.head_id = $1 AND r.told_at >= $2 AND r.ended_at IS NULL
         ORDER BY r.told_at DESC, r.id DESC LIMIT $3
        """,
        head,
        since.atOffset(UTC),
        limit);
  }

  private static List<Found> read(Sql sql, String which, Object... wanted) {
    return sql.rows(REQUEST + which, wanted).stream().map(RequestStore::read).toList();
  }

  List<Long> due(Sql sql, Instant now, int limit) {
    return sql
        .rows(
            "SELECT id FROM request WHERE next_due_at <= $1 ORDER BY next_due_at, id LIMIT $2",
            now.atOffset(UTC),
            limit)
        .stream()
        .map(row -> row.getLong("id"))
        .toList();
  }

  void next(Tx tx, long id, @Nullable Instant at) {
    tx.execute(
        "UPDATE request SET next_due_at = $2 WHERE id = $1",
        id,
        at == null ? null : at.atOffset(UTC));
  }

  /// False when somebody else has told them meanwhile.
  boolean told(Tx tx, long id, Instant at) {
    return tx.execute(
            """
            UPDATE request SET told_at = $2, next_due_at = until
             WHERE id = $1 AND told_at IS NULL AND answered_at IS NULL AND ended_at IS NULL
            """,
            id,
            at.atOffset(UTC))
        == 1;
  }

  void answer(Tx tx, long id, Outcome outcome, long note, boolean wordsOnly, Instant at) {
    tx.execute(
        """
        UPDATE request SET outcome = $2, answer_id = $3, words_only = $4, next_due_at = NULL,
               answered_at = coalesce(answered_at, $5)
         WHERE id = $1
        """,
        id,
        outcome.word(),
        note,
        wordsOnly,
        at.atOffset(UTC));
  }

  /// As if nothing had been said.
  ///
  /// @param next when the desk is told that there was no answer; null: it was told, or it is over
  void unanswer(Tx tx, long id, @Nullable Instant next) {
    tx.execute(
        """
        UPDATE request SET outcome = NULL, answer_id = NULL, answered_at = NULL, words_only = false,
               next_due_at = $2
         WHERE id = $1
        """,
        id,
        next == null ? null : next.atOffset(UTC));
  }

  void end(Tx tx, long id, Instant at) {
    tx.execute(
        "UPDATE request SET ended_at = $2, next_due_at = NULL WHERE id = $1", id, at.atOffset(UTC));
  }

  /// Its case is: whoever was to look need not go.
  void over(Tx tx, CaseId id, Instant at) {
    tx.tell(
        """
        UPDATE request SET next_due_at = $2
         WHERE case_id = $1 AND answered_at IS NULL AND ended_at IS NULL
        """,
        id.value(),
        at.atOffset(UTC));
  }

  Backlog backlog(Sql sql, Instant now) {
    Row row =
        sql.one(
            """
            SELECT count(*) AS n, min(due) AS oldest
              FROM (SELECT next_due_at AS due FROM request
                     WHERE next_due_at <= $1 ORDER BY next_due_at LIMIT $2) d
            """,
            now.atOffset(UTC),
            Backlog.COUNTED_AT_MOST);
    return Backlog.of("requests", row.getLong("n"), row.getOffsetDateTime("oldest"));
  }

  private static @Nullable Instant sometime(Row row, String column) {
    OffsetDateTime at = row.getOffsetDateTime(column);
    return at == null ? null : at.toInstant();
  }

  private static Found read(Row row) {
    String outcome = row.getString("outcome");
    return new Found(
        new Request(
            row.getLong("id"),
            new CaseId(row.getLong("case_id")),
            row.getString("code"),
            row.getLong("asked_by"),
            row.getString("asked_by_name"),
            row.getString("desk_name"),
            row.getLong("head_id"),
            row.getString("head_name"),
            row.getString("head_role"),
            row.getString("language"),
            "",
            row.getBoolean("look"),
            row.getBoolean("photo"),
            row.getString("question"),
            instant(row, "asked_at"),
            instant(row, "until"),
            sometime(row, "told_at"),
            row.getLong("answer_id"),
            row.getString("answer"),
            outcome == null ? null : Outcome.ofWord(outcome),
            sometime(row, "answered_at"),
            row.getBoolean("words_only"),
            row.getBoolean("spoken"),
            sometime(row, "ended_at"),
            row.getBoolean("live")),
        row.getLong("territory_id"));
  }
}
