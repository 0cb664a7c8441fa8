package io.linyu.casework;

import static java.time.ZoneOffset.UTC;

import io.linyu.casework.Inbox.Counts;
import io.linyu.casework.Inbox.Entry;
import io.linyu.casework.Inbox.View;
import io.linyu.community.Level;
import io.linyu.community.Staff;
import io.linyu.platform.db.Sql;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
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

  /// The whole number `$5`, in its own index; the beginning of one, which reads differently for
  /// each length that a number can have; or the last four digits, and those before them.
  private static final String BY_NUMBER =
      """
      (number = $5
           OR number ~>=~ $12[1] AND number ~<~ ($12[1] || '~')
           OR number ~>=~ $12[2] AND number ~<~ ($12[2] || '~')
           OR number ~>=~ $12[3] AND number ~<~ ($12[3] || '~')
           OR number ~>=~ $12[4] AND number ~<~ ($12[4] || '~')
           OR number ~>=~ $12[5] AND number ~<~ ($12[5] || '~')
           OR right(number, 4) = right($6, 4)
              AND right(replace(number, '-', ''), length($6)) = $6)
      """;

  /// The words `$5`, by the pieces `$12` of which they consist.
  private static final String BY_WORDS =
      """
      AND title_pieces(title) @> $12 AND position($5 IN title) > 0
      """;

  /// So few that they are found first, and put in order then: PostgreSQL takes the open cases for
  /// fewer than they are, and would read them all.
  private static final String FEW =
      """
      few AS MATERIALIZED (
        SELECT id, next_due_at, closed_at, desk_id, staff_id, street_id, community_id, grid_id,
               confidential, level
          FROM "case" WHERE %s),
      """
          .formatted(BY_NUMBER);

  private static final String OPEN =
      """
      SELECT id, next_due_at AS at FROM %s
       WHERE closed_at IS NULL AND %s
         AND (next_due_at, id) > ($1, $2) AND next_due_at < $3
         %s
       ORDER BY next_due_at, id
       LIMIT $4
      """;

  private static final String CLOSED =
      """
      SELECT id, closed_at AS at FROM %s
       WHERE closed_at IS NOT NULL AND %s
         AND (closed_at, id) < ($1, $2) AND closed_at >= $3
         %s
       ORDER BY closed_at DESC, id DESC
       LIMIT $4
      """;

  /// How many there are for all who see the same.
  record Shared(long desk, long unclaimed, long dueSoon, long overdue, long allOpen) {
    Counts with(long mine) {
      return new Counts(mine, desk, unclaimed, dueSoon, overdue, allOpen);
    }
  }

  /// @param after where the page begins
  /// @param until where the list ends
  List<Entry> page(
      Sql sql, Staff staff, Scope scope, View view, Place after, Instant until, int limit) {
    String order = order(view);
    return sql
        .rows(
            query(view, scope, null)
                + ENTRY
                + " FROM page JOIN \"case\" c ON c.id = page.id "
                + AROUND
                + " ORDER BY page."
                + order.replace(", ", ", page."),
            parameters(staff, scope, after, until, null, limit))
        .stream()
        .map(InboxStore::read)
        .toList();
  }

  /// Which are found, in order. Planned for each word anew: one that is in every title is found in
  /// the order of the list, one that is in few by itself. What is shown of them is not, see
  /// [#entries].
  ///
  /// @param sql a transaction
  List<Long> search(
      Sql sql,
      Staff staff,
      Scope scope,
      View view,
      Place after,
      Instant until,
      Sought sought,
      int limit) {
    var _ =
        sql.send("SELECT set_config('plan_cache_mode', 'force_custom_plan', true)", Tuple.tuple());
    return sql
        .rows(
            query(view, scope, sought) + "SELECT id FROM page ORDER BY " + order(view),
            parameters(staff, scope, after, until, sought, limit))
        .stream()
        .map(row -> row.getLong("id"))
        .toList();
  }

  /// @param ids that the reader may see, in the order they are to be shown
  List<Entry> entries(Sql sql, List<Long> ids) {
    return sql.rows(ENTRIES, (Object) ids.toArray(Long[]::new)).stream()
        .map(InboxStore::read)
        .toList();
  }

  private static final String ENTRIES =
      ENTRY
          + """
            FROM unnest($1::bigint[]) WITH ORDINALITY AS page (id, place)
           CROSS JOIN LATERAL (SELECT * FROM "case" WHERE id = page.id LIMIT 1) AS c
          """
          + AROUND
          + " ORDER BY page.place";

  static Object[] parameters(
      Staff staff, Scope scope, Place after, Instant until, @Nullable Sought sought, int limit) {
    return new Object[] {
      after.at().atOffset(UTC),
      after.id(),
      until.atOffset(UTC),
      limit,
      sought == null ? null : sought.text(),
      sought == null ? null : sought.digits(),
      staff.id(),
      CaseStore.desks(staff),
      scope.unit(),
      scope.grid(),
      scope.confidential(),
      sought == null ? null : sought.pieces().toArray(String[]::new)
    };
  }

  private static String order(View view) {
    return view == View.CLOSED ? "at DESC, id DESC" : "at, id";
  }

  /// The beginning of one, which finds a `page` of ids.
  private static String query(View view, Scope scope, @Nullable Sought sought) {
    boolean few = sought != null && sought.isFew();
    String where =
        sought == null || few ? "" : sought.digits() == null ? BY_WORDS : "AND " + BY_NUMBER;
    String list =
        (view == View.CLOSED ? CLOSED : OPEN).formatted(few ? "few" : "\"case\"", "%s", where);
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
    // Every parameter is named, whichever of them the list needs.
    return """
    WITH given AS (SELECT $5::text, $6::text, $7::bigint, $8::bigint[], $9::bigint, $10::bigint,
                          $11::text[], $12::text[]),
         %s
         found AS (%s),
         page AS (SELECT id, at FROM found ORDER BY %s LIMIT $4)
    """
        .formatted(few ? FEW : "", found, order(view));
  }

  private static String one(String list, String where) {
    return "(" + list.formatted(where) + ")";
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

  Shared counts(Sql sql, Staff staff, Scope scope, Instant now, Instant soon) {
    Row row =
        sql.one(
            counting(scope),
            CaseStore.desks(staff),
            scope.unit(),
            scope.grid(),
            now.atOffset(UTC),
            soon.atOffset(UTC),
            scope.confidential());
    return new Shared(
        row.getLong("desk"),
        row.getLong("unclaimed"),
        row.getLong("soon"),
        row.getLong("overdue"),
        row.getLong("every"));
  }

  static String counting(Scope scope) {
    Level level = scope.level();
    String seen =
        level == null
            ? "desk_id = ANY($1)"
            : within(scope).replace("$9", "$2").replace("$10", "$3").replace("$11", "$6");
    // Those of the desks that lie outside the territory come on top.
    String beside = level == null ? "false" : "desk_id = ANY($1) AND (" + seen + ") IS NOT TRUE";
    return """
    WITH given AS (SELECT $2::bigint, $3::bigint, $6::text[]),
         seen AS (
           SELECT count(*) AS n, count(*) FILTER (WHERE next_due_at < $4) AS overdue,
                  count(*) FILTER (WHERE next_due_at >= $4 AND next_due_at < $5) AS soon
             FROM "case" WHERE closed_at IS NULL AND %s),
         beside AS (
           SELECT count(*) AS n, count(*) FILTER (WHERE next_due_at < $4) AS overdue,
                  count(*) FILTER (WHERE next_due_at >= $4 AND next_due_at < $5) AS soon
             FROM "case" WHERE closed_at IS NULL AND %s),
         desk AS (
           SELECT count(*) AS n, count(*) FILTER (WHERE staff_id IS NULL) AS unclaimed
             FROM "case" WHERE closed_at IS NULL AND desk_id = ANY($1))
    SELECT desk.n AS desk, desk.unclaimed, seen.soon + beside.soon AS soon,
           seen.overdue + beside.overdue AS overdue, seen.n + beside.n AS every
      FROM seen, beside, desk
    """
        .formatted(seen, beside);
  }

  long mine(Sql sql, Staff staff) {
    return sql.one(MINE, staff.id()).getLong("n");
  }

  static final String MINE =
      "SELECT count(*) AS n FROM \"case\" WHERE closed_at IS NULL AND staff_id = $1";

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
