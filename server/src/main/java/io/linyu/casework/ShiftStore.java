package io.linyu.casework;

import static io.linyu.casework.CaseStore.instant;
import static io.linyu.casework.CaseStore.maybeInstant;
import static java.time.ZoneOffset.UTC;

import io.linyu.community.Staff;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.linyu.platform.health.Backlog;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

final class ShiftStore {
  /// Whether whoever was chosen can still come: works there, and is not away, whom the desk does
  /// not call meanwhile.
  private static final String THERE =
      """
      (coalesce(o.active, false)
       AND EXISTS (SELECT FROM desk_member m WHERE m.desk_id = s.desk_id AND m.staff_id = s.to_id)
       AND NOT EXISTS (SELECT FROM desk_order w
                        WHERE w.desk_id = s.desk_id AND w.staff_id = s.to_id AND w.place IS NULL))
      """;

  private static final String SHIFT =
      """
      SELECT s.id, s.code, s.desk_id, d.name AS desk_name, s.from_id, f.name AS from_name, s.to_id,
             o.name AS to_name,
             %s AS to_there,
             s.note, s.state, s.handed_at, s.taken_by, t.name AS taken_name, s.ended_at
        FROM shift s
        JOIN desk d ON d.id = s.desk_id
        JOIN staff f ON f.id = s.from_id
        LEFT JOIN staff o ON o.id = s.to_id
        LEFT JOIN staff t ON t.id = s.taken_by
      """
          .formatted(THERE);

  /// So many of a desk's open cases are looked through for those whose residents wait, the most
  /// urgent first.
  private static final int LOOKED_THROUGH = 2_000;

  // What there is to hand over.

  /// A case of the desk and why it is among what is handed over.
  record Gathered(CaseId id, Shift.Kind kind, boolean held) {}

  /// Those that are due before then, those that residents wait for, those that somebody was called
  /// to in vain, and what this person has: each once, by what presses most, the most urgent first.
  ///
  /// @param ringing the cases of alarms that ring
  /// @param most of each kind
  List<Gathered> gather(
      Sql sql,
      long desk,
      long staff,
      Collection<CaseId> ringing,
      Instant now,
      Instant until,
      int most) {
    return sql
        .rows(
            """
            WITH due AS (
              SELECT id FROM "case"
               WHERE closed_at IS NULL AND desk_id = $1 AND next_due_at < $5
               ORDER BY next_due_at, id LIMIT $6
            ), head AS (
              SELECT id, heard_at > coalesce(answered_at, '-infinity') AS waits FROM "case"
               WHERE closed_at IS NULL AND desk_id = $1
               ORDER BY next_due_at, id LIMIT %d
            ), waits AS (
              SELECT id FROM head WHERE waits LIMIT $6
            ), called AS (
              SELECT DISTINCT case_id AS id FROM (
                SELECT case_id FROM errand
                 WHERE desk_id = $1 AND state IN ('waiting', 'told', 'phone')
                 ORDER BY id DESC LIMIT $6) e
            ), held AS (
              SELECT id FROM "case"
               WHERE closed_at IS NULL AND staff_id = $2 AND desk_id = $1
               ORDER BY next_due_at, id LIMIT $6
            ), found AS (
              SELECT id, min(rank) AS rank FROM (
                SELECT unnest($3::bigint[]) AS id, 1 AS rank
                UNION ALL SELECT id, 2 FROM due
                UNION ALL SELECT id, 4 FROM waits
                UNION ALL SELECT id, 5 FROM called
                UNION ALL SELECT id, 6 FROM held) a
               GROUP BY id)
            SELECT c.id, c.staff_id IS NOT DISTINCT FROM $2 AS held,
                   (ARRAY['alarm', 'overdue', 'due', 'waits', 'called', 'held'])[r.rank] AS kind
              FROM found f
             CROSS JOIN LATERAL (SELECT * FROM "case" WHERE id = f.id LIMIT 1) c
             CROSS JOIN LATERAL (
                   SELECT CASE WHEN f.rank = 2 AND c.next_due_at >= $4 THEN 3 ELSE f.rank END AS rank) r
             WHERE f.rank = 1 OR c.closed_at IS NULL AND c.desk_id = $1
             ORDER BY r.rank, c.next_due_at, c.id
            """
                .formatted(LOOKED_THROUGH),
            desk,
            staff,
            ringing.stream().map(CaseId::value).toArray(Long[]::new),
            now.atOffset(UTC),
            until.atOffset(UTC),
            most)
        .stream()
        .map(row ->
            new Gathered(
                new CaseId(row.getLong("id")),
                Shift.Kind.of(row.getString("kind")),
                row.getBoolean("held")))
        .toList();
  }

  // Handing over.

  /// Empty: they have handed this desk over already, and nobody has taken over.
  Optional<Long> insert(
      Tx tx,
      String code,
      long desk,
      long from,
      @Nullable Long to,
      String note,
      Instant now,
      Instant reminds) {
    return tx.row(
            """
            INSERT INTO shift (code, desk_id, from_id, to_id, note, state, handed_at, next_due_at)
            VALUES ($1, $2, $3, $4, $5, 'offered', $6, $7)
                ON CONFLICT (desk_id, from_id) WHERE state = 'offered' DO NOTHING
            RETURNING id
            """,
            code,
            desk,
            from,
            to,
            note,
            now.atOffset(UTC),
            reminds.atOffset(UTC))
        .map(row -> row.getLong("id"));
  }

  void insertLines(Tx tx, long shift, List<Shift.Line> lines) {
    tx.execute(
        """
        INSERT INTO shift_line (shift_id, case_id, kind, place, held, keeps, starred, comment)
        SELECT $1, n.case_id, n.kind, n.place, n.held, n.keeps, n.starred, n.comment
          FROM unnest($2::bigint[], $3::text[], $4::boolean[], $5::boolean[], $6::boolean[], $7::text[])
               WITH ORDINALITY AS n (case_id, kind, held, keeps, starred, comment, place)
        """,
        shift,
        lines.stream().map(each -> each.caseId().value()).toArray(Long[]::new),
        lines.stream().map(each -> each.kind().word()).toArray(String[]::new),
        lines.stream().map(Shift.Line::held).toArray(Boolean[]::new),
        lines.stream().map(Shift.Line::keeps).toArray(Boolean[]::new),
        lines.stream().map(Shift.Line::starred).toArray(Boolean[]::new),
        lines.stream().map(Shift.Line::comment).toArray(String[]::new));
  }

  void end(
      Tx tx, long shift, Shift.State state, @Nullable Long takenBy, Instant now, boolean goesOn) {
    tx.execute(
        """
        UPDATE shift SET state = $2, taken_by = $3, ended_at = $4,
               next_due_at = CASE WHEN $5 THEN $4::timestamptz END
         WHERE id = $1
        """,
        shift,
        state.word(),
        takenBy,
        now.atOffset(UTC),
        goesOn);
  }

  void offerAgain(Tx tx, long shift, Instant reminds) {
    tx.execute(
        """
        UPDATE shift SET state = 'offered', taken_by = NULL, ended_at = NULL, next_due_at = $2
         WHERE id = $1
        """,
        shift,
        reminds.atOffset(UTC));
  }

  void dueAt(Tx tx, long shift, @Nullable Instant due) {
    tx.execute(
        "UPDATE shift SET next_due_at = $2 WHERE id = $1",
        shift,
        due == null ? null : due.atOffset(UTC));
  }

  // Finding.

  /// Nobody else changes it until the transaction is over.
  Optional<Shift> lock(Tx tx, String code) {
    return tx.row(SHIFT + " WHERE s.code = $1 FOR NO KEY UPDATE OF s", code).map(ShiftStore::read);
  }

  Optional<Shift> byCode(Sql sql, String code) {
    return sql.row(SHIFT + " WHERE s.code = $1", code).map(ShiftStore::read);
  }

  Optional<Shift> byId(Sql sql, long id) {
    return sql.row(SHIFT + " WHERE s.id = $1", id).map(ShiftStore::read);
  }

  /// The one of this person and desk that waits.
  Optional<Shift> offered(Sql sql, long desk, long from) {
    return sql.row(
            SHIFT + " WHERE s.desk_id = $1 AND s.from_id = $2 AND s.state = 'offered'", desk, from)
        .map(ShiftStore::read);
  }

  /// What waits for this person: offered at their desks to them, to anybody, or to somebody who
  /// cannot come any more; where nobody came in time, to all of the desk and to those who were
  /// reminded; and their own, where somebody asked back.
  List<Shift> waiting(Sql sql, Staff staff, int limit) {
    return sql
        .rows(
            SHIFT
                + """
                 WHERE s.state = 'offered'
                   AND (s.desk_id = ANY($1) AND s.from_id <> $2
                        AND (s.to_id IS NULL OR s.to_id = $2 OR NOT %s
                             OR EXISTS (SELECT FROM shift_reminder r WHERE r.shift_id = s.id))
                        OR EXISTS (SELECT FROM shift_reminder r
                                    WHERE r.shift_id = s.id AND r.staff_id = $2)
                        OR s.from_id = $2 AND s.desk_id = ANY($1)
                           AND (SELECT w.staff_id FROM shift_word w WHERE w.shift_id = s.id
                                 ORDER BY w.id DESC LIMIT 1) <> $2)
                 ORDER BY s.id
                 LIMIT $3
                """
                    .formatted(THERE),
            CaseStore.ownDesks(staff),
            staff.id(),
            limit)
        .stream()
        .map(ShiftStore::read)
        .toList();
  }

  /// What waits at this desk, oldest first.
  List<Shift> offeredAt(Sql sql, long desk, int limit) {
    return sql
        .rows(
            SHIFT + " WHERE s.desk_id = $1 AND s.state = 'offered' ORDER BY s.id LIMIT $2",
            desk,
            limit)
        .stream()
        .map(ShiftStore::read)
        .toList();
  }

  /// Newest first.
  ///
  /// @param before only those handed over before this one
  List<Shift> ofDesk(Sql sql, long desk, long before, int limit) {
    return sql
        .rows(
            SHIFT + " WHERE s.desk_id = $1 AND s.id < $2 ORDER BY s.id DESC LIMIT $3",
            desk,
            before,
            limit)
        .stream()
        .map(ShiftStore::read)
        .toList();
  }

  /// Its lines in order, those of cases that this person may see.
  List<Shift.Line> lines(Sql sql, long shift, Staff staff, Scope scope) {
    return sql
        .rows(
            """
            SELECT l.case_id, l.kind, l.held, l.keeps, l.starred, l.comment, l.passed
              FROM shift_line l
             CROSS JOIN LATERAL (SELECT * FROM "case" WHERE id = l.case_id LIMIT 1) c
             WHERE l.shift_id = $1 AND\
            """
                + CaseStore.VISIBLE
                + " ORDER BY l.place",
            shift,
            CaseStore.desks(staff),
            staff.id(),
            scope.grid(),
            scope.path(),
            scope.confidential())
        .stream()
        .map(ShiftStore::line)
        .toList();
  }

  int countLines(Sql sql, long shift) {
    return sql.one("SELECT count(*)::int AS n FROM shift_line WHERE shift_id = $1", shift)
        .getInteger("n");
  }

  /// What came into their hands after they had handed over.
  List<CaseId> cameAfter(Sql sql, Shift shift, int limit) {
    return sql
        .rows(
            """
            SELECT c.id FROM "case" c
             WHERE c.closed_at IS NULL AND c.staff_id = $2 AND c.desk_id = $3
               AND NOT EXISTS (SELECT FROM shift_line l WHERE l.shift_id = $1 AND l.case_id = c.id AND l.held)
             ORDER BY c.next_due_at, c.id
             LIMIT $4
            """,
            shift.id(),
            shift.fromId(),
            shift.deskId(),
            limit)
        .stream()
        .map(row -> new CaseId(row.getLong("id")))
        .toList();
  }

  // Passing.

  /// The next that pass, in the order of their numbers, locked: what whoever handed over still has
  /// at the desk and does not keep.
  List<CaseId> toPass(Tx tx, Shift shift, int limit) {
    return tx
        .rows(
            """
            SELECT c.id FROM "case" c
             WHERE c.closed_at IS NULL AND c.staff_id = $2 AND c.desk_id = $3
               AND NOT EXISTS (SELECT FROM shift_line l
                                WHERE l.shift_id = $1 AND l.case_id = c.id AND (l.keeps OR l.passed))
             ORDER BY c.id
             LIMIT $4
               FOR NO KEY UPDATE OF c
            """,
            shift.id(),
            shift.fromId(),
            shift.deskId(),
            limit)
        .stream()
        .map(row -> new CaseId(row.getLong("id")))
        .toList();
  }

  /// With a line for those that came after it was handed over.
  void passed(Tx tx, long shift, List<CaseId> cases) {
    tx.execute(
        """
        INSERT INTO shift_line AS l (shift_id, case_id, kind, place, held, keeps, starred, passed)
        SELECT $1, n.id, 'held', 1000 + n.place, true, false, false, true
          FROM unnest($2::bigint[]) WITH ORDINALITY AS n (id, place)
            ON CONFLICT (shift_id, case_id) DO UPDATE SET passed = true
        """,
        shift,
        cases.stream().map(CaseId::value).toArray(Long[]::new));
  }

  /// Those that have passed, in the order of their numbers.
  List<CaseId> passed(Sql sql, long shift) {
    return sql
        .rows(
            "SELECT case_id FROM shift_line WHERE shift_id = $1 AND passed ORDER BY case_id", shift)
        .stream()
        .map(row -> new CaseId(row.getLong("case_id")))
        .toList();
  }

  void notPassed(Tx tx, long shift, List<CaseId> cases) {
    tx.execute(
        "UPDATE shift_line SET passed = false WHERE shift_id = $1 AND case_id = ANY($2::bigint[])",
        shift,
        cases.stream().map(CaseId::value).toArray(Long[]::new));
  }

  // Words.

  void say(Tx tx, long shift, long staff, String text, Instant now) {
    tx.execute(
        "INSERT INTO shift_word (shift_id, staff_id, at, text) VALUES ($1, $2, $3, $4)",
        shift,
        staff,
        now.atOffset(UTC),
        text);
  }

  List<Shift.Word> words(Sql sql, long shift) {
    return sql
        .rows(
            """
            SELECT w.staff_id, s.name, w.at, w.text FROM shift_word w JOIN staff s ON s.id = w.staff_id
             WHERE w.shift_id = $1 ORDER BY w.id
            """,
            shift)
        .stream()
        .map(row ->
            new Shift.Word(
                row.getLong("staff_id"),
                row.getString("name"),
                instant(row, "at"),
                row.getString("text")))
        .toList();
  }

  // What is being written.

  List<Shift.Draft> drafts(Sql sql, long staff, long desk) {
    return sql
        .rows(
            "SELECT kind, case_id, text FROM shift_draft WHERE staff_id = $1 AND desk_id = $2",
            staff,
            desk)
        .stream()
        .flatMap(row -> {
          Long id = row.getLong("case_id");
          return Shift.Draft.Part.of(row.getString("kind")).stream()
              .map(part ->
                  new Shift.Draft(part, id == null ? null : new CaseId(id), row.getString("text")));
        })
        .toList();
  }

  void keepDraft(Sql sql, long staff, long desk, Shift.Draft draft, Instant now) {
    sql.execute(
        """
        INSERT INTO shift_draft (staff_id, desk_id, kind, case_id, text, at)
        VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (staff_id, desk_id, kind, case_id)
            DO UPDATE SET text = excluded.text, at = excluded.at
        """,
        staff,
        desk,
        draft.part().word(),
        idOf(draft.caseId()),
        draft.text(),
        now.atOffset(UTC));
  }

  void forgetDraft(Sql sql, long staff, long desk, Shift.Draft draft) {
    sql.execute(
        """
        DELETE FROM shift_draft
         WHERE staff_id = $1 AND desk_id = $2 AND kind = $3 AND case_id IS NOT DISTINCT FROM $4
        """,
        staff,
        desk,
        draft.part().word(),
        idOf(draft.caseId()));
  }

  void forgetDrafts(Sql sql, long staff, long desk) {
    sql.execute("DELETE FROM shift_draft WHERE staff_id = $1 AND desk_id = $2", staff, desk);
  }

  /// What was handed over and taken back is being written again.
  void draftAgain(Tx tx, Shift shift, Instant now) {
    forgetDrafts(tx, shift.fromId(), shift.deskId());
    tx.execute(
        """
        INSERT INTO shift_draft (staff_id, desk_id, kind, case_id, text, at)
        SELECT $2::bigint, $3::bigint, 'note', NULL::bigint, s.note, $4::timestamptz FROM shift s WHERE s.id = $1 AND s.note <> ''
        UNION ALL
        SELECT $2, $3, 'to', NULL::bigint, s.to_id::text, $4 FROM shift s WHERE s.id = $1 AND s.to_id IS NOT NULL
        UNION ALL
        SELECT $2, $3, k.kind, l.case_id, k.text, $4
          FROM shift_line l
         CROSS JOIN LATERAL (VALUES ('comment', l.comment), ('star', CASE WHEN l.starred THEN 'on' END),
                                    ('keep', CASE WHEN l.keeps THEN 'on' END)) AS k (kind, text)
         WHERE l.shift_id = $1 AND k.text IS NOT NULL
        """,
        shift.id(),
        shift.fromId(),
        shift.deskId(),
        now.atOffset(UTC));
  }

  private static @Nullable Long idOf(@Nullable CaseId id) {
    return id == null ? null : id.value();
  }

  // Reminding.

  /// The first whose time has come.
  Optional<Shift> due(Tx tx, Instant now) {
    return tx.row(
            """
            SELECT id FROM shift WHERE next_due_at <= $1
             ORDER BY next_due_at LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED
            """,
            now.atOffset(UTC))
        .flatMap(row -> byId(tx, row.getLong("id")));
  }

  void remind(Tx tx, long shift, long staff, @Nullable Instant toldAt, Instant now) {
    tx.execute(
        """
        INSERT INTO shift_reminder AS r (shift_id, staff_id, at, told_at) VALUES ($1, $2, $3, $4)
            ON CONFLICT (staff_id, shift_id) DO UPDATE SET told_at = coalesce(r.told_at, excluded.told_at)
        """,
        shift,
        staff,
        now.atOffset(UTC),
        toldAt == null ? null : toldAt.atOffset(UTC));
  }

  /// Who was told in a chat.
  List<Long> told(Sql sql, long shift) {
    return sql
        .rows(
            "SELECT staff_id FROM shift_reminder WHERE shift_id = $1 AND told_at IS NOT NULL",
            shift)
        .stream()
        .map(row -> row.getLong("staff_id"))
        .toList();
  }

  boolean isReminded(Sql sql, long shift, long staff) {
    return sql.row("SELECT FROM shift_reminder WHERE shift_id = $1 AND staff_id = $2", shift, staff)
        .isPresent();
  }

  /// A case of it by which a push can be sent where no free words go.
  Optional<CaseId> someCase(Sql sql, long shift) {
    return sql.row(
            "SELECT case_id FROM shift_line WHERE shift_id = $1 ORDER BY place LIMIT 1", shift)
        .map(row -> new CaseId(row.getLong("case_id")));
  }

  // Due work.

  int forget(Sql sql, Instant before, int most) {
    return sql.execute(
        """
        DELETE FROM shift WHERE id IN (
          SELECT id FROM (SELECT id, handed_at, state FROM shift ORDER BY id LIMIT $2) first
           WHERE handed_at < $1 AND state <> 'offered')
        """,
        before.atOffset(UTC),
        most);
  }

  int forgetDrafts(Sql sql, Instant before, int most) {
    return sql.execute(
        """
        DELETE FROM shift_draft WHERE ctid IN (
          SELECT ctid FROM shift_draft WHERE at < $1 ORDER BY at LIMIT $2 FOR UPDATE SKIP LOCKED)
        """,
        before.atOffset(UTC),
        most);
  }

  Backlog backlog(Sql sql, Instant now) {
    Row due =
        sql.one(
            """
            SELECT count(*) AS n, min(due) AS oldest
              FROM (SELECT next_due_at AS due FROM shift WHERE next_due_at <= $1
                     ORDER BY next_due_at LIMIT $2) d
            """,
            now.atOffset(UTC),
            Backlog.COUNTED_AT_MOST);
    return Backlog.of("shifts", due.getLong("n"), due.getOffsetDateTime("oldest"));
  }

  private static Shift.Line line(Row row) {
    return new Shift.Line(
        new CaseId(row.getLong("case_id")),
        Shift.Kind.of(row.getString("kind")),
        row.getBoolean("held"),
        row.getBoolean("keeps"),
        row.getBoolean("starred"),
        row.getString("comment"),
        row.getBoolean("passed"));
  }

  private static Shift read(Row row) {
    return new Shift(
        row.getLong("id"),
        row.getString("code"),
        row.getLong("desk_id"),
        row.getString("desk_name"),
        row.getLong("from_id"),
        row.getString("from_name"),
        row.getLong("to_id"),
        row.getString("to_name"),
        Objects.requireNonNullElse(row.getBoolean("to_there"), false),
        row.getString("note"),
        Shift.State.of(row.getString("state")),
        instant(row, "handed_at"),
        row.getLong("taken_by"),
        row.getString("taken_name"),
        maybeInstant(row, "ended_at"));
  }
}
