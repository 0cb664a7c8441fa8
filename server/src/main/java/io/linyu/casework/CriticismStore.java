package io.linyu.casework;

import static io.linyu.casework.CaseStore.instant;
import static io.linyu.casework.CaseStore.maybeInstant;
import static java.time.ZoneOffset.UTC;

import io.linyu.casework.Criticism.Said;
import io.linyu.community.Staff;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The list is read off what rule E2 has done; a row of its own has only what was said of it.
final class CriticismStore {
  /// What they may know of: of their place, where they lead there (nothing lies below `-`), and of
  /// their desks.
  record Seen(String path, List<Long> desks) {
    private Long[] deskIds() {
      return desks.toArray(Long[]::new);
    }
  }

  /// How often a desk was silent, and how often of that was struck off.
  record Tally(long deskId, String deskName, int many, int struck) {}

  /// What was raised for silence in a period, and by which desk: the last that had it before.
  private static final String RAISED =
      """
        FROM rule_applied a
        JOIN "case" c ON c.id = a.case_id
       CROSS JOIN LATERAL (
             SELECT h.desk_id FROM holding h
              WHERE h.case_id = a.case_id AND lower(h.during) < a.at
              ORDER BY lower(h.during) DESC
              LIMIT 1) h
        LEFT JOIN criticism x ON x.case_id = a.case_id AND x.occasion = a.occasion
       WHERE a.rule = 'E2' AND a.effect = 'raised' AND NOT a.dry
         AND (starts_with(c.territory_path, $1) OR h.desk_id = ANY($2))
      """;

  /// What was told in confidence, complains about staff or is kept quiet is counted and not named.
  private static final String NAMED = " AND " + CaseStore.LOOKABLE;

  private static final String ENTRY =
      """
      SELECT a.case_id, a.occasion, a.at, c.code, case_number(c.number, c.round) AS number, c.category_code,
             c.territory_path, c.state, h.desk_id, (SELECT name FROM desk WHERE id = h.desk_id) AS desk_name,
             (SELECT name FROM desk WHERE id = c.desk_id) AS now_desk,
             -- As it was said when they were urged, whatever has become of the clock since.
             least(a.at, coalesce((SELECT max(u.occasion) FROM rule_applied u
                        WHERE u.case_id = a.case_id AND u.rule = 'E2' AND u.effect = 'urged' AND NOT u.dry
                          AND u.at <= a.at),
                      (SELECT k.due_at FROM clock k
                        WHERE k.case_id = a.case_id AND k.kind = 'handling' AND k.started_at < a.at
                        ORDER BY k.started_at DESC LIMIT 1),
                      a.occasion)) AS red_at,
             (SELECT min(s.at)
                FROM (SELECT staff_id, at FROM case_answer WHERE case_id = a.case_id
                      UNION ALL
                      SELECT staff_id, at FROM case_note WHERE case_id = a.case_id) s
               WHERE s.at > a.at
                 AND EXISTS (SELECT FROM desk_member m WHERE m.desk_id = h.desk_id AND m.staff_id = s.staff_id)) AS spoke_at,
             x.words, x.said_by, x.said_at,
             x.asked_why, x.asked_by, x.asked_at, coalesce((SELECT name FROM territory WHERE id = x.asked_place),
                                                         (SELECT name FROM desk WHERE id = h.desk_id)) AS asked_place,
             x.struck, x.decided_why, x.decided_by, x.decided_at,
             (SELECT name FROM territory WHERE id = x.decided_place) AS decided_place
      """
          + RAISED
          + NAMED;

  /// The newest first.
  ///
  /// @param desk of which alone; null: of all
  /// @param before where the page before ended
  List<Criticism> list(
      Sql sql,
      Seen seen,
      Instant from,
      Instant to,
      @Nullable Long desk,
      Criticisms.@Nullable Place before,
      int limit) {
    Instant end = before == null ? to : before.at();
    return sql
        .rows(
            ENTRY
                + """
                  AND a.at >= $3 AND a.at < $4 AND (a.at, a.case_id) < ($5, $6)
                  AND ($7::bigint IS NULL OR h.desk_id = $7)
                ORDER BY a.at DESC, a.case_id DESC LIMIT $8
                """,
            seen.path(),
            seen.deskIds(),
            from.atOffset(UTC),
            to.atOffset(UTC),
            end.atOffset(UTC),
            before == null ? Long.MAX_VALUE : before.id(),
            desk,
            limit)
        .stream()
        .map(CriticismStore::read)
        .toList();
  }

  /// What somebody has asked to be struck off, and nobody has decided on, the newest first.
  List<Criticism> waiting(Sql sql, Seen seen, Criticisms.@Nullable Place before, int limit) {
    return sql
        .rows(
            ENTRY
                + """
                  AND x.asked_by IS NOT NULL AND x.decided_by IS NULL AND (a.at, a.case_id) < ($3, $4)
                ORDER BY a.at DESC, a.case_id DESC LIMIT $5
                """,
            seen.path(),
            seen.deskIds(),
            (before == null ? FAR : before.at()).atOffset(UTC),
            before == null ? Long.MAX_VALUE : before.id(),
            limit)
        .stream()
        .map(CriticismStore::read)
        .toList();
  }

  Optional<Criticism> one(Sql sql, Seen seen, String code, Instant occasion) {
    return sql.row(
            ENTRY
                + " AND c.id = (SELECT case_id FROM case_key WHERE code = $3) AND a.occasion = $4",
            seen.path(),
            seen.deskIds(),
            code,
            occasion.atOffset(UTC))
        .map(CriticismStore::read);
  }

  /// Those that were silent most first.
  List<Tally> byDesk(Sql sql, Seen seen, Instant from, Instant to) {
    return sql
        .rows(
            """
            SELECT h.desk_id, (SELECT name FROM desk WHERE id = h.desk_id) AS desk_name,
                   (count(*) FILTER (WHERE x.struck IS NOT TRUE))::int AS many,
                   (count(*) FILTER (WHERE x.struck))::int AS struck
            """
                + RAISED
                + NAMED
                + """
                  AND a.at >= $3 AND a.at < $4
                GROUP BY h.desk_id
                ORDER BY many DESC, desk_name, h.desk_id
                """,
            seen.path(),
            seen.deskIds(),
            from.atOffset(UTC),
            to.atOffset(UTC))
        .stream()
        .map(row ->
            new Tally(
                row.getLong("desk_id"),
                row.getString("desk_name"),
                row.getInteger("many"),
                row.getInteger("struck")))
        .toList();
  }

  /// What is only counted.
  int unnamed(Sql sql, Seen seen, Instant from, Instant to) {
    return sql.one(
            "SELECT count(*)::int AS many"
                + RAISED
                + " AND NOT ("
                + CaseStore.LOOKABLE
                + ") AND a.at >= $3 AND a.at < $4",
            seen.path(),
            seen.deskIds(),
            from.atOffset(UTC),
            to.atOffset(UTC))
        .getInteger("many");
  }

  /// False: it had said something.
  boolean say(Tx tx, Criticism of, String words, Staff by, Instant now) {
    return tx.execute(
            """
            INSERT INTO criticism AS x (case_id, occasion, desk_id, words, said_by, said_at)
            VALUES ($1, $2, $3, $4, $5, $6)
                ON CONFLICT (case_id, occasion) DO UPDATE
               SET words = excluded.words, said_by = excluded.said_by, said_at = excluded.said_at
             WHERE x.words IS NULL
            """,
            of.caseId().value(),
            of.occasion().atOffset(UTC),
            of.deskId(),
            words,
            by.id(),
            now.atOffset(UTC))
        == 1;
  }

  /// False: somebody has asked.
  ///
  /// @param place for which they lead; null: the desk itself asks
  boolean ask(Tx tx, Criticism of, String why, Staff by, @Nullable Long place, Instant now) {
    return tx.execute(
            """
            INSERT INTO criticism AS x (case_id, occasion, desk_id, asked_why, asked_by, asked_place, asked_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
                ON CONFLICT (case_id, occasion) DO UPDATE
               SET asked_why = excluded.asked_why, asked_by = excluded.asked_by,
                   asked_place = excluded.asked_place, asked_at = excluded.asked_at
             WHERE x.asked_by IS NULL
            """,
            of.caseId().value(),
            of.occasion().atOffset(UTC),
            of.deskId(),
            why,
            by.id(),
            place,
            now.atOffset(UTC))
        == 1;
  }

  /// False: somebody has decided, or nobody asks.
  boolean decide(Tx tx, Criticism of, boolean strikes, String why, Staff by, Instant now) {
    return tx.execute(
            """
            UPDATE criticism
               SET struck = $3, decided_why = $4, decided_by = $5, decided_place = $6, decided_at = $7
             WHERE case_id = $1 AND occasion = $2 AND asked_by <> $5 AND decided_by IS NULL
            """,
            of.caseId().value(),
            of.occasion().atOffset(UTC),
            strikes,
            why,
            by.id(),
            by.territoryId(),
            now.atOffset(UTC))
        == 1;
  }

  private static Criticism read(Row row) {
    String desk = row.getString("desk_name");
    return new Criticism(
        new CaseId(row.getLong("case_id")),
        row.getString("code"),
        row.getString("number"),
        row.getString("category_code"),
        row.getString("territory_path"),
        instant(row, "occasion"),
        row.getLong("desk_id"),
        desk,
        instant(row, "red_at"),
        instant(row, "at"),
        maybeInstant(row, "spoke_at"),
        CaseState.valueOf(row.getString("state")),
        row.getString("now_desk"),
        said(row, "said_by", desk, "words", "said_at"),
        said(row, "asked_by", row.getString("asked_place"), "asked_why", "asked_at"),
        said(row, "decided_by", row.getString("decided_place"), "decided_why", "decided_at"),
        Boolean.TRUE.equals(row.getBoolean("struck")));
  }

  private static @Nullable Said said(
      Row row, String by, @Nullable String name, String text, String at) {
    Long staff = row.getLong(by);
    return staff == null || name == null
        ? null
        : new Said(staff, name, row.getString(text), instant(row, at));
  }

  private static final Instant FAR = Instant.parse("9999-01-01T00:00:00Z");
}
