package io.linyu.casework;

import static io.linyu.casework.CaseStore.instant;
import static io.linyu.casework.CaseStore.maybeInstant;
import static java.time.ZoneOffset.UTC;

import io.linyu.casework.RootCause.Link;
import io.linyu.community.Staff;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

final class RootCauseStore {
  /// One that counts.
  ///
  /// @param personId null: nobody knows who told it
  /// @param told whether within the week
  /// @param done whether it was closed within the month
  record Counted(
      CaseId id,
      @Nullable Long personId,
      boolean told,
      boolean done,
      Instant saidAt,
      @Nullable Instant closedAt) {}

  /// What is in the way of another one.
  ///
  /// @param open whether it is handled still
  record Last(long id, @Nullable CaseId caseId, boolean open) {}

  private static final String CAUSE =
      "SELECT r.id, r.territory_id, r.category_code, r.case_id, r.version, r.reporters, r.closed, r.at FROM root_cause r ";

  // What is due.

  void due(Tx tx, Collection<CaseId> cases, Instant now) {
    tx.execute(
        """
        INSERT INTO root_cause_due (case_id, next_due_at)
        SELECT id, $2 FROM unnest($1::bigint[]) AS n (id) ORDER BY id
            ON CONFLICT DO NOTHING
        """,
        cases.stream().map(CaseId::value).toArray(Long[]::new),
        now.atOffset(UTC));
  }

  /// One of each place and kind of which there may be enough, whatever the rule was before.
  void dueOfAll(Tx tx, Instant week, Instant month, Instant now) {
    tx.execute(
        """
        INSERT INTO root_cause_due (case_id, next_due_at)
        SELECT max(id), $3
          FROM (SELECT id, territory_id, category_code FROM "case" WHERE closed_at > $2
                 UNION ALL
                SELECT id, territory_id, category_code FROM "case"
                 WHERE closed_at IS NULL AND said_at > $1) lately
         WHERE category_code IS NOT NULL
         GROUP BY territory_id, category_code
        HAVING count(*) >= $4
            ON CONFLICT DO NOTHING
        """,
        week.atOffset(UTC),
        month.atOffset(UTC),
        now.atOffset(UTC),
        Math.min(RootCauses.REPORTERS, RootCauses.CLOSED));
  }

  /// Locks the oldest that is due; another node passes it by.
  Optional<CaseId> take(Tx tx, Instant now) {
    return tx.row(
            """
            SELECT case_id FROM root_cause_due
             WHERE next_due_at <= $1
             ORDER BY next_due_at, case_id
             LIMIT 1
               FOR UPDATE SKIP LOCKED
            """,
            now.atOffset(UTC))
        .map(row -> new CaseId(row.getLong("case_id")));
  }

  void done(Tx tx, CaseId id) {
    tx.execute("DELETE FROM root_cause_due WHERE case_id = $1", id.value());
  }

  void lookAgain(Tx tx, CaseId id, Instant at) {
    tx.execute(
        "UPDATE root_cause_due SET next_due_at = $2 WHERE case_id = $1",
        id.value(),
        at.atOffset(UTC));
  }

  /// One at a time looks at a place and kind.
  void lock(Tx tx, long territory, String category) {
    tx.rows(
        "SELECT pg_advisory_xact_lock(hashtext('linyu.root'), hashtext($1))",
        territory + " " + category);
  }

  // What counts.

  /// What is open of this kind at this place, or was closed there since `month`, and what is
  /// handled with one of these, from wherever: read off `case_by_place_and_kind` and
  /// `case_followers`. Not what nobody is to hear of, what was opened by this rule, or what belongs
  /// to one that was found before.
  ///
  /// @param dry whether also what was found while it was tried out counts as found
  /// @return the newest first
  List<Counted> counted(
      Sql sql, long territory, String category, Instant week, Instant month, boolean dry) {
    return sql
        .rows(
            """
            WITH here AS (
              SELECT id FROM "case" WHERE territory_id = $1 AND category_code = $2 AND closed_at IS NULL
               UNION ALL
              SELECT id FROM "case" WHERE territory_id = $1 AND category_code = $2 AND closed_at > $4),
            all_of AS (
              SELECT id FROM here
               UNION
              SELECT f.id FROM here h JOIN "case" f ON f.master_id = h.id)
            SELECT c.id, c.person_id, c.said_at, c.closed_at, c.said_at > $3 AND c.channel <> ALL ($7) AS told,
                   c.state IN ('CLOSED', 'ARCHIVED') AND c.closed_at > $4 AS done
              FROM all_of a JOIN "case" c ON c.id = a.id
             WHERE (c.said_at > $3 OR c.state IN ('CLOSED', 'ARCHIVED') AND c.closed_at > $4)
               AND c.territory_known
               AND c.state NOT IN ('DRAFT', 'REJECTED', 'WITHDRAWN')
               AND c.channel <> $6
               AND NOT EXISTS (
                     SELECT FROM root_cause_case l JOIN root_cause r ON r.id = l.root_cause_id
                      WHERE l.case_id = c.id AND (r.case_id IS NOT NULL OR $5))
               AND %s
             ORDER BY c.id DESC
            """
                .formatted(CaseStore.LOOKABLE),
            territory,
            category,
            week.atOffset(UTC),
            month.atOffset(UTC),
            dry,
            RootCauses.CHANNEL,
            Case.UNTOLD.toArray(String[]::new))
        .stream()
        .map(row ->
            new Counted(
                new CaseId(row.getLong("id")),
                row.getLong("person_id"),
                row.getBoolean("told"),
                row.getBoolean("done"),
                instant(row, "said_at"),
                maybeInstant(row, "closed_at")))
        .toList();
  }

  /// What is handled still, or was closed since `month`; while the rule is tried out, also what it
  /// would have opened since.
  Optional<Last> last(Sql sql, long territory, String category, Instant month, boolean dry) {
    return sql.row(
            """
            SELECT r.id, r.case_id, r.case_id IS NOT NULL AND c.closed_at IS NULL AS open
              FROM root_cause r LEFT JOIN "case" c ON c.id = r.case_id
             WHERE r.territory_id = $1 AND r.category_code = $2
               AND (r.case_id IS NOT NULL AND (c.closed_at IS NULL OR c.closed_at > $3)
                    OR r.case_id IS NULL AND $4 AND r.at > $3)
             ORDER BY r.case_id IS NULL, r.id DESC
             LIMIT 1
            """,
            territory,
            category,
            month.atOffset(UTC),
            dry)
        .map(row -> new Last(row.getLong("id"), id(row), row.getBoolean("open")));
  }

  // What was found.

  long insert(
      Tx tx,
      long territory,
      String category,
      @Nullable CaseId opened,
      int version,
      int reporters,
      int closed,
      Instant at) {
    return tx.one(
            """
            INSERT INTO root_cause (territory_id, category_code, case_id, version, reporters, closed, at)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            RETURNING id
            """,
            territory,
            category,
            opened == null ? null : opened.value(),
            version,
            reporters,
            closed,
            at.atOffset(UTC))
        .getLong("id");
  }

  void link(Tx tx, long cause, Collection<CaseId> cases) {
    tx.execute(
        """
        INSERT INTO root_cause_case (root_cause_id, case_id)
        SELECT $1, id FROM unnest($2::bigint[]) AS n (id) ORDER BY id
            ON CONFLICT DO NOTHING
        """,
        cause,
        cases.stream().map(CaseId::value).toArray(Long[]::new));
  }

  // Who may see what of it.

  /// Of the matter that was opened.
  Optional<RootCause> opened(Sql sql, CaseId id) {
    return sql.row(CAUSE + "WHERE r.case_id = $1", id.value()).map(RootCauseStore::read);
  }

  /// What belongs to each of these, of what they may see; the newest first.
  Map<Long, List<Link>> links(
      Sql sql, Staff staff, Scope scope, Collection<Long> causes, int most) {
    var links = new HashMap<Long, List<Link>>();
    sql.rows(
            """
            SELECT x.id AS cause, l.*
              FROM unnest($1::bigint[]) AS x (id)
             CROSS JOIN LATERAL (
                   SELECT c.code, c.number, c.title, c.state, c.said_at
                     FROM root_cause_case k JOIN "case" c ON c.id = k.case_id
                    WHERE k.root_cause_id = x.id AND %s AND %s
                    ORDER BY k.case_id DESC
                    LIMIT $7) l
            """
                .formatted(CaseStore.LOOKABLE, CaseStore.VISIBLE),
            causes.toArray(Long[]::new),
            CaseStore.desks(staff),
            staff.id(),
            scope.grid(),
            scope.path(),
            scope.confidential(),
            most)
        .forEach(row ->
            links.computeIfAbsent(row.getLong("cause"), _ -> new ArrayList<>()).add(link(row)));
    return links;
  }

  /// The matter that was opened for this one, if they may see it; nothing for what nobody is to
  /// hear of any more.
  Optional<Link> openedFor(Sql sql, Staff staff, Scope scope, CaseId id) {
    return sql.row(
            """
            SELECT c.code, c.number, c.title, c.state, c.said_at
              FROM root_cause_case l JOIN root_cause r ON r.id = l.root_cause_id
              JOIN "case" c ON c.id = r.case_id
             WHERE l.case_id = $1 AND %s
               AND EXISTS (SELECT FROM "case" c WHERE c.id = l.case_id AND %s)
             ORDER BY r.id DESC
             LIMIT 1
            """
                .formatted(CaseStore.VISIBLE, CaseStore.LOOKABLE),
            id.value(),
            CaseStore.desks(staff),
            staff.id(),
            scope.grid(),
            scope.path(),
            scope.confidential())
        .map(RootCauseStore::link);
  }

  /// Those to which something belongs that they may see, the newest first.
  List<RootCause> latest(Sql sql, Staff staff, Scope scope, Instant since, int most) {
    return sql
        .rows(
            CAUSE
                + """
                 WHERE r.at > $1
                   AND EXISTS (SELECT FROM root_cause_case l JOIN "case" c ON c.id = l.case_id
                                WHERE l.root_cause_id = r.id AND %s AND %s)
                 ORDER BY r.at DESC, r.id DESC
                 LIMIT $7
                """
                    .formatted(CaseStore.LOOKABLE, CaseStore.VISIBLE),
            since.atOffset(UTC),
            CaseStore.desks(staff),
            staff.id(),
            scope.grid(),
            scope.path(),
            scope.confidential(),
            most)
        .stream()
        .map(RootCauseStore::read)
        .toList();
  }

  private static Link link(Row row) {
    return new Link(
        row.getString("code"),
        row.getString("number"),
        row.getString("title"),
        CaseState.valueOf(row.getString("state")),
        instant(row, "said_at"));
  }

  private static RootCause read(Row row) {
    return new RootCause(
        row.getLong("id"),
        row.getLong("territory_id"),
        row.getString("category_code"),
        id(row),
        row.getInteger("version"),
        row.getInteger("reporters"),
        row.getInteger("closed"),
        instant(row, "at"));
  }

  private static @Nullable CaseId id(Row row) {
    Long id = row.getLong("case_id");
    return id == null ? null : new CaseId(id);
  }
}
