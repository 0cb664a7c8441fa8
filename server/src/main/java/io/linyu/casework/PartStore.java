package io.linyu.casework;

import static io.linyu.casework.CaseStore.instant;
import static io.linyu.casework.CaseStore.maybeInstant;
import static java.time.ZoneOffset.UTC;

import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The parts of cases. Whoever changes one has locked the case's row.
final class PartStore {
  private static final String PART =
      """
      SELECT p.id, p.code, p.case_id, p.kind, p.state, p.desk_id, p.staff_id, p.asked_at, p.amber_at,
             p.due_at, p.urged_at, p.ended_at, p.reply_note_id, p.shows, d.name AS desk_name,
             s.name AS staff_name, a.name AS asked_by_name, q.text AS request, r.text AS reply
        FROM case_part p
        JOIN desk d ON d.id = p.desk_id
        LEFT JOIN staff s ON s.id = p.staff_id
        LEFT JOIN staff a ON a.id = p.asked_by
        LEFT JOIN case_note q ON q.id = p.request_note_id
        LEFT JOIN case_note r ON r.id = p.reply_note_id
      """;

  /// What lists are ordered by, as the index has it: what has no day comes last.
  private static final String DUE = "coalesce(due_at, '9999-01-01 00:00:00+00'::timestamptz)";

  /// Empty when that desk has an open one already.
  Optional<Long> ask(
      Tx tx,
      CaseId id,
      String code,
      long desk,
      long by,
      Instant at,
      long note,
      Instant amber,
      Instant due,
      boolean shows) {
    return tx.row(
            """
            INSERT INTO case_part
                   (case_id, code, kind, state, desk_id, asked_by, asked_at, request_note_id, amber_at,
                    due_at, shows)
            VALUES ($1, $2, 'work', 'asked', $3, $4, $5, $6, $7, $8, $9)
                ON CONFLICT (case_id, desk_id, kind) WHERE ended_at IS NULL DO NOTHING
            RETURNING id
            """,
            id.value(),
            code,
            desk,
            by,
            at.atOffset(UTC),
            note,
            amber.atOffset(UTC),
            due.atOffset(UTC),
            shows)
        .map(row -> row.getLong("id"));
  }

  /// Empty when that desk keeps contact already.
  Optional<Long> keepContact(
      Tx tx, CaseId id, String code, long desk, @Nullable Long staff, Instant at) {
    return tx.row(
            """
            INSERT INTO case_part (case_id, code, kind, state, desk_id, staff_id, asked_at, shows)
            VALUES ($1, $2, 'contact', 'signed', $3, $4, $5, true)
                ON CONFLICT (case_id, desk_id, kind) WHERE ended_at IS NULL DO NOTHING
            RETURNING id
            """,
            id.value(),
            code,
            desk,
            staff,
            at.atOffset(UTC))
        .map(row -> row.getLong("id"));
  }

  void sign(Tx tx, long id, long staff) {
    tx.execute("UPDATE case_part SET state = 'signed', staff_id = $2 WHERE id = $1", id, staff);
  }

  /// @param note what was said; null: nothing
  void end(Tx tx, long id, Part.State state, @Nullable Long note, Instant at) {
    tx.execute(
        "UPDATE case_part SET state = $2, reply_note_id = $3, ended_at = $4 WHERE id = $1",
        id,
        state.word(),
        note,
        at.atOffset(UTC));
  }

  void urge(Tx tx, long id, Instant at) {
    tx.execute("UPDATE case_part SET urged_at = $2 WHERE id = $1", id, at.atOffset(UTC));
  }

  void extend(Tx tx, long id, Instant amber, Instant due) {
    tx.execute(
        "UPDATE case_part SET amber_at = $2, due_at = $3 WHERE id = $1",
        id,
        amber.atOffset(UTC),
        due.atOffset(UTC));
  }

  Optional<Part> byCode(Sql sql, String code) {
    return sql.row(PART + " WHERE p.code = $1", code).map(PartStore::read);
  }

  Optional<Part> byId(Sql sql, long id) {
    return sql.row(PART + " WHERE p.id = $1", id).map(PartStore::read);
  }

  /// All of a case, oldest first.
  List<Part> of(Sql sql, CaseId id) {
    return sql.rows(PART + " WHERE p.case_id = $1 ORDER BY p.id", id.value()).stream()
        .map(PartStore::read)
        .toList();
  }

  List<Part> open(Sql sql, CaseId id) {
    return sql
        .rows(PART + " WHERE p.case_id = $1 AND p.ended_at IS NULL ORDER BY p.id", id.value())
        .stream()
        .map(PartStore::read)
        .toList();
  }

  /// Of what was told in confidence nothing at desks that are not their own.
  private static final String SHOWN =
      """
      (desk_id = ANY($5) OR EXISTS (SELECT FROM "case" c WHERE c.id = case_id AND NOT c.confidential))
      AND case_id <> ALL (%s)
      """
          .formatted(CaseStore.keptFrom("$6"));

  /// What waits at these desks, the soonest first.
  ///
  /// @param due of the last one of the page before, and its id; null: the first page
  /// @param own of these desks those at which they do not only stand in
  /// @param staff who asks
  List<Part> waiting(
      Sql sql, long staff, Long[] desks, Long[] own, @Nullable Instant due, long id, int limit) {
    return sql
        .rows(
            PART
                + """
                  JOIN (SELECT w.id, w.at
                          FROM unnest($1::bigint[]) AS mine (desk_id)
                         CROSS JOIN LATERAL (
                               SELECT id, %1$s AS at FROM case_part
                                WHERE desk_id = mine.desk_id AND ended_at IS NULL AND %2$s
                                  AND (%1$s, id) > ($2::timestamptz, $3::bigint)
                                ORDER BY %1$s, id
                                LIMIT $4) w
                         ORDER BY w.at, w.id LIMIT $4) page ON page.id = p.id
                 ORDER BY page.at, page.id
                """
                    .formatted(DUE, SHOWN),
            desks,
            (due == null ? Instant.EPOCH : due).atOffset(UTC),
            id,
            limit,
            own,
            staff)
        .stream()
        .map(PartStore::read)
        .toList();
  }

  /// What is over at these desks, the newest first.
  List<Part> over(
      Sql sql, long staff, Long[] desks, Long[] own, Instant before, long id, int limit) {
    return sql
        .rows(
            PART
                + """
                  JOIN (SELECT w.id, w.ended_at AS at
                          FROM unnest($1::bigint[]) AS mine (desk_id)
                         CROSS JOIN LATERAL (
                               SELECT id, ended_at FROM case_part
                                WHERE desk_id = mine.desk_id AND ended_at IS NOT NULL AND %s
                                  AND (ended_at, id) < ($2::timestamptz, $3::bigint)
                                ORDER BY ended_at DESC, id DESC
                                LIMIT $4) w
                         ORDER BY w.ended_at DESC, w.id DESC LIMIT $4) page ON page.id = p.id
                 ORDER BY page.at DESC, page.id DESC
                """
                    .formatted(SHOWN),
            desks,
            before.atOffset(UTC),
            id,
            limit,
            own,
            staff)
        .stream()
        .map(PartStore::read)
        .toList();
  }

  /// How many are to be answered at these desks, up to a hundred.
  long count(Sql sql, long staff, Long[] desks, Long[] own) {
    return sql.one(
            """
            SELECT count(*) AS n
              FROM (SELECT FROM case_part
                     WHERE desk_id = ANY($1) AND ended_at IS NULL AND kind = 'work'
                       AND (desk_id = ANY($2)
                            OR EXISTS (SELECT FROM "case" c WHERE c.id = case_id AND NOT c.confidential))
                       AND case_id <> ALL (%s)
                     LIMIT 100) AS first
            """
                .formatted(CaseStore.keptFrom("$3")),
            desks,
            own,
            staff)
        .getLong("n");
  }

  private static Part read(Row row) {
    return new Part(
        row.getLong("id"),
        row.getString("code"),
        new CaseId(row.getLong("case_id")),
        Part.Kind.of(row.getString("kind")),
        Part.State.of(row.getString("state")),
        row.getLong("desk_id"),
        row.getString("desk_name"),
        row.getLong("staff_id"),
        row.getString("staff_name"),
        row.getString("asked_by_name"),
        instant(row, "asked_at"),
        Objects.requireNonNullElse(row.getString("request"), ""),
        maybeInstant(row, "amber_at"),
        maybeInstant(row, "due_at"),
        maybeInstant(row, "urged_at"),
        maybeInstant(row, "ended_at"),
        row.getLong("reply_note_id"),
        row.getString("reply"),
        row.getBoolean("shows"));
  }
}
