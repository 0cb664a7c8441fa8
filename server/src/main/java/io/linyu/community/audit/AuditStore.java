package io.linyu.community.audit;

import com.fasterxml.jackson.core.type.TypeReference;
import io.linyu.community.audit.Audit.Filter;
import io.linyu.community.audit.AuditEntry.Person;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.linyu.platform.text.Json;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

final class AuditStore {
  /// Later than anything that happens.
  static final Instant NEVER = Instant.parse("9999-12-31T00:00:00Z");

  private static final TypeReference<Map<String, Object>> DETAILS = new TypeReference<>() {};

  void write(
      Sql sql,
      Instant at,
      Who who,
      Deed what,
      @Nullable Long about,
      @Nullable String subject,
      Map<String, ?> details) {
    sql.execute(
        """
        INSERT INTO audit_entry (at, by_kind, staff_id, what, about_id, subject, details, address)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        """,
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

  /// Newest first, and nothing for whoever may not read it.
  List<AuditEntry> before(
      Sql sql,
      long reader,
      Set<String> readers,
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
             WHERE EXISTS (SELECT FROM staff r JOIN territory t ON t.id = r.territory_id
                            WHERE r.id = $1 AND r.active AND r.role = ANY($2)
                              AND t.level = 'district')
               AND e.at >= $3 AND e.at < $4
               AND (e.at, e.id) < ($5, $6)
               AND ($7::text IS NULL OR e.by_kind = $7)
               AND ($8::text IS NULL OR e.what = $8)
               AND %s
             ORDER BY e.at DESC, e.id DESC
             LIMIT $9
            """
                .formatted(filter.who().isEmpty() ? "$10 = ''" : OF_PERSON),
            reader,
            readers.toArray(String[]::new),
            from.atOffset(ZoneOffset.UTC),
            until.atOffset(ZoneOffset.UTC),
            place.at().atOffset(ZoneOffset.UTC),
            place.id(),
            filter.by() == null ? null : filter.by().word(),
            filter.what() == null ? null : filter.what().word(),
            limit,
            filter.who())
        .stream()
        .map(AuditStore::read)
        .toList();
  }

  /// By the two indexes: one person's entries are few among all.
  private static final String OF_PERSON =
      """
      e.id IN (SELECT a.id FROM audit_entry a JOIN staff w ON w.id = a.staff_id WHERE w.code = $10
               UNION ALL
               SELECT a.id FROM audit_entry a JOIN staff w ON w.id = a.about_id WHERE w.code = $10)
      """;

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
