package io.linyu.casework;

import static java.time.ZoneOffset.UTC;

import io.linyu.casework.Inbox.Counts;
import io.linyu.casework.Inbox.Entry;
import io.linyu.casework.Inbox.View;
import io.linyu.community.Level;
import io.linyu.community.Staff;
import io.linyu.platform.db.Sql;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Every list is read off an index in its order: by desk, by person, by community, by street, or
/// the whole district. Where several apply, each gives its first rows and the lists are merged.
final class InboxStore {
  /// A place in a list: the time it is ordered by, and the id.
  record Place(Instant at, long id) {}

  private static final String ENTRY =
      """
      SELECT c.id, c.number, c.code, c.title, c.state, c.urgency, c.channel, p.called, c.desk_id,
             d.name AS desk_name, c.staff_id, s.name AS staff_name, c.said_at,
             coalesce(c.closed_at, c.next_due_at) AS due_at, c.next_amber_at,
             coalesce(c.heard_at > coalesce(c.answered_at, '-infinity'), false) AS waits, c.version,
             %s AS place_name
      """
          .formatted(CaseStore.PLACE_NAME);

  private static final String AROUND =
      """
        JOIN desk d ON d.id = c.desk_id
        JOIN territory t ON t.id = c.territory_id
        LEFT JOIN territory u ON u.id = c.community_id
        LEFT JOIN staff s ON s.id = c.staff_id
        LEFT JOIN person p ON p.id = c.person_id
      """;

  /// What is looked for: `$5` the first or the last digits of a number, `$6` words of the title.
  private static final String SOUGHT =
      """
      AND ($5::text IS NULL OR starts_with(replace(number, '-', ''), $5)
           OR length($5) >= 4 AND right(replace(number, '-', ''), length($5)) = $5)
      AND ($6::text IS NULL OR position($6 IN title) > 0)
      """;

  private static final String OPEN =
      """
      SELECT id, next_due_at AS at FROM "case"
       WHERE closed_at IS NULL AND %s
         AND (next_due_at, id) > ($1, $2) AND next_due_at < $3
         %s
       ORDER BY next_due_at, id
       LIMIT $4
      """;

  private static final String CLOSED =
      """
      SELECT id, closed_at AS at FROM "case"
       WHERE closed_at IS NOT NULL AND %s
         AND (closed_at, id) < ($1, $2) AND closed_at >= $3
         %s
       ORDER BY closed_at DESC, id DESC
       LIMIT $4
      """;

  /// @param after where the page begins
  /// @param until where the list ends
  List<Entry> page(
      Sql sql,
      Staff staff,
      Scope scope,
      View view,
      Place after,
      Instant until,
      @Nullable String number,
      @Nullable String words,
      int limit) {
    return sql
        .rows(
            query(view, scope),
            after.at().atOffset(UTC),
            after.id(),
            until.atOffset(UTC),
            limit,
            number,
            words,
            staff.id(),
            CaseStore.desks(staff),
            scope.unit(),
            scope.grid(),
            scope.confidential())
        .stream()
        .map(InboxStore::read)
        .toList();
  }

  static String query(View view, Scope scope) {
    String list = view == View.CLOSED ? CLOSED : OPEN;
    String found =
        switch (view) {
          case MINE -> one(list, "staff_id = $7");
          case DESK -> eachDesk(list, "true");
          case UNCLAIMED -> eachDesk(list, "staff_id IS NULL");
          case DUE_SOON, OVERDUE, ALL_OPEN, CLOSED -> {
            String own = eachDesk(list, "true");
            yield scope.level() == null ? own : one(list, within(scope)) + " UNION " + own;
          }
        };
    String order = view == View.CLOSED ? "DESC" : "";
    // Every parameter is named, whichever of them the list needs.
    return """
    WITH given AS (SELECT $7::bigint, $8::bigint[], $9::bigint, $10::bigint, $11::text[]),
         found AS (%s),
         page AS (SELECT id, at FROM found ORDER BY at %s, id %s LIMIT $4)
    %s
      FROM page JOIN "case" c ON c.id = page.id
    %s
     ORDER BY page.at %s, page.id %s
    """
        .formatted(found, order, order, ENTRY, AROUND, order, order);
  }

  private static String one(String list, String where) {
    return "(" + list.formatted(where, SOUGHT) + ")";
  }

  private static String eachDesk(String list, String where) {
    return """
    SELECT l.id, l.at FROM unnest($8::bigint[]) AS mine (desk_id)
     CROSS JOIN LATERAL %s l
    """
        .formatted(one(list, "desk_id = mine.desk_id AND " + where));
  }

  private static String within(Scope scope) {
    if (scope.grid() != 0) {
      return "community_id = $9 AND grid_id = $10 AND NOT confidential";
    }
    return switch (scope.level()) {
      case DISTRICT -> "true";
      case STREET -> "street_id = $9 AND (NOT confidential OR level = ANY($11))";
      case COMMUNITY -> "community_id = $9 AND (NOT confidential OR level = ANY($11))";
      case GROUP, BUILDING, GRID ->
          throw new IllegalStateException("no list of a " + scope.level());
      case null -> throw new IllegalStateException("no territory");
    };
  }

  @Nullable Entry entry(Sql sql, Staff staff, Scope scope, CaseId id) {
    return sql.row(
            ENTRY
                + " FROM \"case\" c "
                + AROUND
                + """
                 WHERE c.id = $1
                   AND (c.desk_id = ANY($2) OR c.staff_id = $3
                        OR (c.grid_id = $4 OR starts_with(c.territory_path, $5))
                           AND (NOT c.confidential OR c.level = ANY($6)))
                """,
            id.value(),
            CaseStore.desks(staff),
            staff.id(),
            scope.grid(),
            scope.path(),
            scope.confidential())
        .map(InboxStore::read)
        .orElse(null);
  }

  Counts counts(Sql sql, Staff staff, Scope scope, Instant now, Instant soon) {
    Level level = scope.level();
    String seen =
        level == null
            ? "desk_id = ANY($2)"
            : within(scope).replace("$9", "$3").replace("$10", "$4").replace("$11", "$7");
    // Those of the desks that lie outside the territory come on top.
    String beside = level == null ? "false" : "desk_id = ANY($2) AND (" + seen + ") IS NOT TRUE";
    Row row =
        sql.one(
            """
            WITH given AS (SELECT $3::bigint, $4::bigint, $7::text[]),
                 seen AS (
                   SELECT count(*) AS n, count(*) FILTER (WHERE next_due_at < $5) AS overdue,
                          count(*) FILTER (WHERE next_due_at >= $5 AND next_due_at < $6) AS soon
                     FROM "case" WHERE closed_at IS NULL AND %s),
                 beside AS (
                   SELECT count(*) AS n, count(*) FILTER (WHERE next_due_at < $5) AS overdue,
                          count(*) FILTER (WHERE next_due_at >= $5 AND next_due_at < $6) AS soon
                     FROM "case" WHERE closed_at IS NULL AND %s),
                 desk AS (
                   SELECT count(*) AS n, count(*) FILTER (WHERE staff_id IS NULL) AS unclaimed
                     FROM "case" WHERE closed_at IS NULL AND desk_id = ANY($2)),
                 mine AS (
                   SELECT count(*) AS n FROM "case" WHERE closed_at IS NULL AND staff_id = $1)
            SELECT mine.n AS mine, desk.n AS desk, desk.unclaimed, seen.soon + beside.soon AS soon,
                   seen.overdue + beside.overdue AS overdue, seen.n + beside.n AS every
              FROM seen, beside, desk, mine
            """
                .formatted(seen, beside),
            staff.id(),
            CaseStore.desks(staff),
            scope.unit(),
            scope.grid(),
            now.atOffset(UTC),
            soon.atOffset(UTC),
            scope.confidential());
    return new Counts(
        row.getLong("mine"),
        row.getLong("desk"),
        row.getLong("unclaimed"),
        row.getLong("soon"),
        row.getLong("overdue"),
        row.getLong("every"));
  }

  private static Entry read(Row row) {
    return new Entry(
        new CaseId(row.getLong("id")),
        new CaseNumber(row.getString("number")),
        row.getString("code"),
        row.getString("title"),
        CaseState.valueOf(row.getString("state")),
        Urgency.of(row.getString("urgency")),
        row.getString("channel"),
        row.getString("place_name"),
        row.getString("called"),
        row.getLong("desk_id"),
        row.getString("desk_name"),
        row.getLong("staff_id"),
        row.getString("staff_name"),
        CaseStore.instant(row, "said_at"),
        CaseStore.instant(row, "due_at"),
        CaseStore.maybeInstant(row, "next_amber_at"),
        row.getBoolean("waits"),
        row.getInteger("version"));
  }
}
