package io.linyu.casework;

import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

final class AdmissionStore {
  private static final String ENTRY =
      """
      SELECT a.id, a.territory_id, t.name AS territory, a.name, a.admitted, a.category_code,
             lower(a.valid) AS begins, upper(a.valid) AS ends, a.decided_by, s.name AS set_by
        FROM admission a
        JOIN territory t ON t.id = a.territory_id
        LEFT JOIN staff s ON s.id = a.set_by
      """;

  /// One at a time changes the list.
  void lock(Tx tx) {
    tx.rows("SELECT pg_advisory_xact_lock(hashtext('linyu.admissions'))");
  }

  /// What holds on that day for communities of these: a place, and what it lies in. What is of this
  /// kind comes first, then what is of no kind.
  List<Admission> inForce(
      Sql sql, List<Long> around, @Nullable String category, LocalDate day, int most) {
    return sql
        .rows(
            ENTRY
                + """
                 WHERE a.territory_id = ANY($1::bigint[]) AND a.valid @> $2::date
                   AND (a.category_code IS NULL OR a.category_code = $3)
                 ORDER BY a.category_code IS NULL, a.admitted, a.id DESC
                 LIMIT $4
                """,
            around.toArray(Long[]::new),
            day,
            category,
            most)
        .stream()
        .map(AdmissionStore::read)
        .toList();
  }

  /// What holds or will hold, or also what is over; the newest first.
  ///
  /// @param before only those written down before this one
  List<Admission> page(
      Sql sql, List<Long> territories, boolean all, LocalDate today, long before, int limit) {
    return sql
        .rows(
            ENTRY
                + """
                 WHERE a.territory_id = ANY($1::bigint[]) AND a.id < $2 AND NOT isempty(a.valid)
                   AND ($3 OR upper(a.valid) IS NULL OR upper(a.valid) > $4)
                 ORDER BY a.id DESC
                 LIMIT $5
                """,
            territories.toArray(Long[]::new),
            before,
            all,
            today,
            limit)
        .stream()
        .map(AdmissionStore::read)
        .toList();
  }

  Optional<Admission> byId(Sql sql, long id) {
    return sql.row(ENTRY + " WHERE a.id = $1 AND NOT isempty(a.valid)", id)
        .map(AdmissionStore::read);
  }

  /// Whether there is one of this name then; the same one, where it begins on the same day.
  Stream<Admission> ofName(
      Sql sql, long territory, String name, LocalDate from, @Nullable LocalDate until) {
    return sql
        .rows(
            ENTRY + " WHERE a.territory_id = $1 AND a.name = $2 AND a.valid && daterange($3, $4)",
            territory,
            name,
            from,
            until)
        .stream()
        .map(AdmissionStore::read);
  }

  void insert(Tx tx, Admissions.Plan plan, @Nullable Long by, Instant at) {
    tx.execute(
        """
        INSERT INTO admission (territory_id, name, admitted, category_code, valid, decided_by, set_by, set_at)
        VALUES ($1, $2, $3, $4, daterange($5, $6), $7, $8, $9)
        """,
        plan.territory(),
        plan.name(),
        plan.admitted(),
        plan.category(),
        plan.from(),
        plan.until(),
        plan.decidedBy(),
        by,
        at.atOffset(ZoneOffset.UTC));
  }

  /// @param until the first day on which it does not hold; not before its first: then it never held
  void end(Tx tx, long id, LocalDate until, long by) {
    tx.execute(
        """
        UPDATE admission SET valid = daterange(lower(valid), greatest($2, lower(valid))), ended_by = $3
         WHERE id = $1
        """,
        id,
        until,
        by);
  }

  private static Admission read(Row row) {
    return new Admission(
        row.getLong("id"),
        row.getLong("territory_id"),
        row.getString("territory"),
        row.getString("name"),
        row.getBoolean("admitted"),
        row.getString("category_code"),
        Objects.requireNonNull(row.getLocalDate("begins")),
        row.getLocalDate("ends"),
        row.getString("decided_by"),
        row.getString("set_by"));
  }
}
