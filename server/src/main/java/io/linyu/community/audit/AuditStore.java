package io.linyu.community.audit;

import com.fasterxml.jackson.core.type.TypeReference;
import io.linyu.community.audit.Audit.Filter;
import io.linyu.community.audit.Audit.Reading;
import io.linyu.community.audit.AuditEntry.Person;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.linyu.platform.text.Json;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

final class AuditStore {
  /// Later than anything that happens.
  static final Instant NEVER = Instant.parse("9999-12-31T00:00:00Z");

  private static final TypeReference<Map<String, Object>> DETAILS = new TypeReference<>() {};

  private static final String WRITE =
      """
      INSERT INTO audit_entry (at, by_kind, staff_id, what, about_id, subject, details, address)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
      """;

  /// Found by the units of whoever looked, and of the case.
  private static final String WRITE_LOOK =
      """
      WITH e AS (
      %s RETURNING id, at, staff_id, what, details::jsonb ->> 'case' AS number)
      INSERT INTO audit_unit (territory_id, at, entry_id, staff_id, what, case_number)
      SELECT u.id, e.at, e.id, e.staff_id, e.what, e.number
        FROM e CROSS JOIN LATERAL units_of_look(e.staff_id, e.number) u (id)
      """
          .formatted(WRITE);

  void write(
      Sql sql,
      Instant at,
      Who who,
      Deed what,
      @Nullable Long about,
      @Nullable String subject,
      Map<String, ?> details) {
    sql.execute(
        what.isLook() && who.staff() != null ? WRITE_LOOK : WRITE,
        at.atOffset(ZoneOffset.UTC),
        who.kind().word(),
        who.staff(),
        what.word(),
        about,
        subject,
        Json.write(details),
        who.address());
  }

  void writeEach(Sql sql, Instant at, Who who, Deed what, Map<String, Map<String, ?>> details) {
    sql.execute(
        """
        INSERT INTO audit_entry (at, by_kind, staff_id, what, about_id, details, address)
        SELECT $1, $2, $3, $4, s.id, each.details, $5
          FROM unnest($6::text[], $7::text[]) WITH ORDINALITY AS each (code, details, place)
          JOIN staff s ON s.code = each.code
         ORDER BY each.place
        """,
        at.atOffset(ZoneOffset.UTC),
        who.kind().word(),
        who.staff(),
        what.word(),
        who.address(),
        details.keySet().toArray(String[]::new),
        details.values().stream().map(Json::write).toArray(String[]::new));
  }

  /// Newest first.
  ///
  /// @param scope what of it they read: asked again in the query
  List<AuditEntry> before(
      Sql sql,
      long reader,
      Reading scope,
      Filter filter,
      Instant from,
      Instant until,
      AuditEntry.@Nullable Place before,
      int limit) {
    var place = before == null ? new AuditEntry.Place(NEVER, Long.MAX_VALUE) : before;
    return sql
        .rows(
            """
            SELECT e.id, e.at, e.by_kind, e.what, e.subject, e.details, e.address,
                   s.code AS staff_code, s.name AS staff_name,
                   o.code AS about_code, o.name AS about_name
              FROM audit_entry e
              LEFT JOIN staff s ON s.id = e.staff_id
              LEFT JOIN staff o ON o.id = e.about_id
             WHERE e.id IN (%s)
             ORDER BY e.at DESC, e.id DESC
             LIMIT $10
            """
                .formatted(scope == Reading.ALL ? all(filter) : theirs(filter, scope)),
            reader,
            scope.roles().toArray(String[]::new),
            scope.level() == null ? null : scope.level().word(),
            from.atOffset(ZoneOffset.UTC),
            until.atOffset(ZoneOffset.UTC),
            place.at().atOffset(ZoneOffset.UTC),
            place.id(),
            filter.by() == null ? null : filter.by().word(),
            filter.what() == null ? null : filter.what().word(),
            limit,
            filter.who(),
            filter.about())
        .stream()
        .map(AuditStore::read)
        .toList();
  }

  /// What all of them take, so that each has a type wherever it is not needed.
  private static final String GIVEN =
      """
      $1::bigint IS NOT NULL AND $2::text[] IS NOT NULL AND $3::text IS NOT DISTINCT FROM $3
      AND $8::text IS NOT DISTINCT FROM $8 AND $9::text IS NOT DISTINCT FROM $9
      AND $11::text IS NOT NULL AND $12::text IS NOT NULL
      """;

  private static final String WITHIN =
      " AND e.at >= $4 AND e.at < $5 AND (e.at, e.id) < ($6, $7) AND " + GIVEN;

  private static String all(Filter filter) {
    return """
    SELECT e.id FROM audit_entry e
     WHERE EXISTS (SELECT FROM staff r JOIN territory t ON t.id = r.territory_id
                    WHERE r.id = $1 AND r.active AND r.role = ANY($2) AND t.level = $3)
       AND ($8::text IS NULL OR e.by_kind = $8)
       AND ($9::text IS NULL OR e.what = $9)
       AND %s AND %s %s
     ORDER BY e.at DESC, e.id DESC
     LIMIT $10
    """
        .formatted(
            filter.who().isEmpty() ? "true" : OF_PERSON,
            filter.about().isEmpty() ? "true" : "e.details::jsonb ->> 'case' = $12",
            WITHIN);
  }

  /// By the two indexes: one person's entries are few among all.
  private static final String OF_PERSON =
      """
      e.id IN (SELECT a.id FROM audit_entry a JOIN staff w ON w.id = a.staff_id WHERE w.code = $11
               UNION ALL
               SELECT a.id FROM audit_entry a JOIN staff w ON w.id = a.about_id WHERE w.code = $11)
      """;

  /// What they did themselves; and where they lead a unit, what was looked at by its staff and of
  /// its matters. Of a matter that is kept from that unit they do not read that somebody looked.
  private static String theirs(Filter filter, Reading scope) {
    String own =
        """
        (SELECT e.id FROM audit_entry e
          WHERE e.staff_id = $1
            AND ($8::text IS NULL OR e.by_kind = $8)
            AND ($9::text IS NULL OR e.what = $9)
            AND %s AND %s %s
          ORDER BY e.at DESC, e.id DESC
          LIMIT $10)
        """
            .formatted(
                filter.who().isEmpty()
                    ? "true"
                    : "EXISTS (SELECT FROM staff w WHERE w.id = e.staff_id AND w.code = $11)",
                filter.about().isEmpty() ? "true" : "e.details::jsonb ->> 'case' = $12",
                WITHIN);
    if (scope == Reading.OWN) {
      return own;
    }
    return own
        + """
        UNION
        (SELECT u.entry_id
           FROM audit_unit u
           LEFT JOIN case_key k ON k.number = u.case_number
           LEFT JOIN "case" c ON c.id = k.case_id
          WHERE u.territory_id = (SELECT t.id FROM staff r JOIN territory t ON t.id = r.territory_id
                                   WHERE r.id = $1 AND r.active AND r.role = ANY($2) AND t.level = $3)
            AND (c.id IS NULL OR NOT c.confidential OR c.level = ANY(%s))
            AND ($8::text IS NULL OR $8 = 'staff')
            AND ($9::text IS NULL OR u.what = $9)
            AND %s AND %s
            AND u.at >= $4 AND u.at < $5 AND (u.at, u.entry_id) < ($6, $7) AND %s
          ORDER BY u.at DESC, u.entry_id DESC
          LIMIT $10)
        """
            .formatted(
                scope == Reading.STREET ? "'{community,street}'" : "'{community}'",
                filter.who().isEmpty()
                    ? "true"
                    : "u.staff_id = (SELECT w.id FROM staff w WHERE w.code = $11)",
                filter.about().isEmpty() ? "true" : "u.case_number = $12",
                GIVEN);
  }

  List<AuditEntry> after(Sql sql, AuditEntry.Place place, int limit) {
    return sql
        .rows(
            """
            SELECT e.id, e.at, e.by_kind, e.what, e.subject, e.details, e.address,
                   s.code AS staff_code, s.name AS staff_name,
                   o.code AS about_code, o.name AS about_name
              FROM audit_entry e
              LEFT JOIN staff s ON s.id = e.staff_id
              LEFT JOIN staff o ON o.id = e.about_id
             WHERE (e.at, e.id) > ($1, $2)
             ORDER BY e.at, e.id
             LIMIT $3
            """,
            place.at().atOffset(ZoneOffset.UTC),
            place.id(),
            limit)
        .stream()
        .map(AuditStore::read)
        .toList();
  }

  /// The table lets go only while the transaction says so.
  int forget(Tx tx, Instant before, int limit) {
    var _ = tx.rows("SELECT set_config('linyu.audit_forgets', 'on', true)");
    int forgotten =
        tx.execute(
            """
            DELETE FROM audit_entry
             WHERE id IN (SELECT id FROM audit_entry
                           WHERE at < least($1, now() - interval '6 months')
                           ORDER BY at, id LIMIT $2 FOR UPDATE SKIP LOCKED)
            """,
            before.atOffset(ZoneOffset.UTC),
            limit);
    var _ = tx.rows("SELECT set_config('linyu.audit_forgets', 'off', true)");
    return forgotten;
  }

  private static AuditEntry read(Row row) {
    return new AuditEntry(
        row.getLong("id"),
        row.getOffsetDateTime("at").toInstant(),
        Who.Kind.of(row.getString("by_kind")).orElse(Who.Kind.NOBODY),
        person(row.getString("staff_code"), row.getString("staff_name")),
        row.getString("what"),
        person(row.getString("about_code"), row.getString("about_name")),
        row.getString("subject"),
        Json.read(row.getString("details"), DETAILS),
        row.getString("address"));
  }

  private static @Nullable Person person(@Nullable String code, @Nullable String name) {
    return code == null || name == null ? null : new Person(code, name);
  }
}
