package io.linyu.casework;

import static java.time.ZoneOffset.UTC;

import io.linyu.community.Staff;
import io.linyu.platform.db.Sql;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What makes up somebody's day, beside the lists of the inbox.
final class DayStore {
  /// Until when the resident was promised to hear of somebody, of those who have not.
  Map<CaseId, Instant> promisedCalls(Sql sql, Collection<CaseId> some) {
    var promised = new HashMap<CaseId, Instant>();
    sql.rows(
            """
            SELECT case_id, due_at FROM clock
             WHERE case_id = ANY($1) AND kind = 'first_contact' AND stopped_at IS NULL
            """,
            (Object) some.stream().map(CaseId::value).toArray(Long[]::new))
        .forEach(row ->
            promised.put(new CaseId(row.getLong("case_id")), CaseStore.instant(row, "due_at")));
    return promised;
  }

  /// Cases for which they have begun to write, the latest first, as far as they still see them.
  List<Long> begun(Sql sql, Staff staff, Scope scope, int most) {
    return ids(
        sql,
        """
        SELECT c.id FROM (
          SELECT case_id, max(at) AS at FROM draft WHERE staff_id = $1 GROUP BY case_id) w
          JOIN "case" c ON c.id = w.case_id
         WHERE\
        """
            + CaseStore.VISIBLE
            + " ORDER BY w.at DESC, c.id LIMIT "
            + most,
        staff.id(),
        CaseStore.desks(staff),
        staff.id(),
        scope.grid(),
        scope.path(),
        scope.confidential());
  }

  /// What came to their desks since then and nobody has taken, the newest first.
  List<Long> come(Sql sql, Staff staff, Instant since, int most) {
    return ids(
        sql,
        """
        SELECT id FROM "case"
         WHERE closed_at IS NULL AND desk_id = ANY($1) AND staff_id IS NULL AND opened_at > $2
           AND (NOT confidential OR desk_id = ANY($3)) AND id <> ALL (%s)
         ORDER BY opened_at DESC, id DESC
         LIMIT\
        """
                .formatted(CaseStore.keptFrom("$4"))
            + " "
            + most,
        CaseStore.desks(staff),
        since.atOffset(UTC),
        CaseStore.ownDesks(staff),
        staff.id());
  }

  /// What was theirs to the end and ended since then, the latest first.
  List<Long> closed(Sql sql, Staff staff, Instant since, int most) {
    return ids(
        sql,
        """
        SELECT id FROM "case"
         WHERE closed_at IS NOT NULL AND staff_id = $1 AND closed_at >= $2 AND id <> ALL (%s)
         ORDER BY closed_at DESC, id DESC
         LIMIT\
        """
                .formatted(CaseStore.keptFrom("$1"))
            + " "
            + most,
        staff.id(),
        since.atOffset(UTC));
  }

  private static List<Long> ids(Sql sql, String statement, Object... parameters) {
    return sql.rows(statement, parameters).stream().map(row -> row.getLong("id")).toList();
  }

  /// When they were here before this time, and notes that they are here now.
  ///
  /// @param apart whoever was away for less was here all the time
  Optional<Instant> wasHere(Sql sql, long staff, Instant now, Instant apart) {
    return sql.row(
            """
            INSERT INTO day_seen (staff_id, seen_at) VALUES ($1, $2)
            ON CONFLICT (staff_id) DO UPDATE
               SET before = CASE WHEN day_seen.seen_at < $3 THEN day_seen.seen_at ELSE day_seen.before END,
                   seen_at = EXCLUDED.seen_at
            RETURNING before
            """,
            staff,
            now.atOffset(UTC),
            apart.atOffset(UTC))
        .flatMap(row -> Optional.ofNullable(CaseStore.maybeInstant(row, "before")));
  }

  /// The same, without being noticed.
  Optional<Instant> before(Sql sql, long staff) {
    return sql.row("SELECT before FROM day_seen WHERE staff_id = $1", staff)
        .flatMap(row -> Optional.ofNullable(CaseStore.maybeInstant(row, "before")));
  }
}
