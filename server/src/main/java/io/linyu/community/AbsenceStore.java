package io.linyu.community;

import static java.util.stream.Collectors.toUnmodifiableSet;

import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

final class AbsenceStore {
  private static final int MOST = 100;

  private static final String ABSENCE =
      """
      SELECT a.id, a.staff_id, s.name, lower(a.days) AS begins, upper(a.days) - 1 AS last,
             a.deputy_id, d.name AS deputy, a.desk_id
        FROM absence a
        JOIN staff s ON s.id = a.staff_id
        LEFT JOIN staff d ON d.id = a.deputy_id
      """;

  /// One at a time says who is away and who stands in.
  void lock(Tx tx) {
    tx.rows("SELECT pg_advisory_xact_lock(hashtext('linyu.absences'))");
  }

  /// Of those who work at this desk, that of today and what comes, the nearest first.
  List<Absence> atDesk(Sql sql, long desk, LocalDate today) {
    return sql
        .rows(
            ABSENCE
                + """
                 WHERE a.staff_id IN (SELECT staff_id FROM desk_member WHERE desk_id = $1)
                   AND s.active AND upper(a.days) > $2
                 ORDER BY lower(a.days), a.id
                 LIMIT $3
                """,
            desk,
            today,
            MOST)
        .stream()
        .map(AbsenceStore::read)
        .toList();
  }

  Set<Long> awayAt(Sql sql, long desk, LocalDate today) {
    return sql
        .rows(
            """
            SELECT m.staff_id FROM desk_member m JOIN absence a ON a.staff_id = m.staff_id
             WHERE m.desk_id = $1 AND a.days @> $2::date
            """,
            desk,
            today)
        .stream()
        .map(row -> row.getLong("staff_id"))
        .collect(toUnmodifiableSet());
  }

  Optional<Absence> on(Sql sql, long staff, LocalDate day) {
    return sql.row(ABSENCE + " WHERE a.staff_id = $1 AND a.days @> $2::date", staff, day)
        .map(AbsenceStore::read);
  }

  /// Whether they are away on any of these days.
  boolean isAway(Sql sql, long staff, LocalDate from, LocalDate until) {
    return sql.one(
            "SELECT EXISTS (SELECT FROM absence WHERE staff_id = $1 AND days && daterange($2, $3)) AS away",
            staff,
            from,
            until)
        .getBoolean("away");
  }

  boolean areColleagues(Sql sql, long one, long other) {
    return sql.one(
            """
            SELECT EXISTS (SELECT FROM desk_member m JOIN desk_member n ON n.desk_id = m.desk_id
                             JOIN staff s ON s.id = n.staff_id
                            WHERE m.staff_id = $1 AND n.staff_id = $2 AND s.active) AS are
            """,
            one,
            other)
        .getBoolean("are");
  }

  String nameOf(Sql sql, long staff) {
    return sql.one("SELECT name FROM staff WHERE id = $1", staff).getString("name");
  }

  boolean worksAt(Sql sql, long staff, long desk) {
    return sql.row(
            "SELECT staff_id FROM desk_member WHERE desk_id = $1 AND staff_id = $2", desk, staff)
        .isPresent();
  }

  /// Whether that one, of another desk, acts at this one on that day. Those of these desks who do
  /// not work at this one, by desk and code.
  List<Absences.Lent> lent(Sql sql, long desk, Long[] desks, int most) {
    return sql
        .rows(
            """
            SELECT d.id AS desk_id, d.name AS desk_name, s.id, s.name, s.role
              FROM unnest($2::bigint[]) WITH ORDINALITY AS l (desk_id, place)
              JOIN desk d ON d.id = l.desk_id
              JOIN desk_member m ON m.desk_id = l.desk_id
              JOIN staff s ON s.id = m.staff_id
             WHERE s.active
               AND NOT EXISTS (SELECT FROM desk_member o WHERE o.desk_id = $1 AND o.staff_id = s.id)
             ORDER BY l.place, s.code
             LIMIT $3
            """,
            desk,
            desks,
            most)
        .stream()
        .map(row ->
            new Absences.Lent(
                row.getLong("desk_id"),
                row.getString("desk_name"),
                row.getLong("id"),
                row.getString("name"),
                row.getString("role")))
        .toList();
  }

  /// At which desks nobody would be on some of these days, were that one away: of those at which
  /// they work, or stand in.
  ///
  /// @param deputy who stands in; null: nobody
  /// @param at the desk at which a deputy of another one acts; null: they are colleagues
  List<Absences.Left> left(
      Sql sql,
      long staff,
      LocalDate from,
      LocalDate until,
      @Nullable Long deputy,
      @Nullable Long at) {
    return sql
        .rows(
            """
            SELECT g.desk_id, min(g.day) AS first, max(g.day) AS last
              FROM (SELECT k.desk_id, n.day::date AS day
                      FROM (SELECT desk_id, NULL::daterange AS days FROM desk_member WHERE staff_id = $1
                             UNION ALL
                            SELECT desk_id, days FROM absence
                             WHERE deputy_id = $1 AND desk_id IS NOT NULL AND days && daterange($2, $3)) k
                     CROSS JOIN generate_series($2::date, $3::date - 1, interval '1 day') AS n (day)
                     WHERE k.days IS NULL OR k.days @> n.day::date) g
             WHERE ($5::bigint IS NULL OR $4::bigint IS NULL OR g.desk_id <> $5)
               AND NOT EXISTS (SELECT FROM desk_member o JOIN staff s ON s.id = o.staff_id
                                WHERE o.desk_id = g.desk_id AND s.active AND o.staff_id <> $1
                                  AND NOT EXISTS (SELECT FROM absence x
                                                   WHERE x.staff_id = s.id AND x.days @> g.day))
               AND NOT EXISTS (SELECT FROM absence a JOIN staff s ON s.id = a.deputy_id
                                WHERE a.desk_id = g.desk_id AND a.days @> g.day AND s.active
                                  AND a.deputy_id <> $1
                                  AND NOT EXISTS (SELECT FROM absence x
                                                   WHERE x.staff_id = s.id AND x.days @> g.day))
             GROUP BY g.desk_id
             ORDER BY g.desk_id
            """,
            staff,
            from,
            until,
            deputy,
            at)
        .stream()
        .map(row ->
            new Absences.Left(
                row.getLong("desk_id"),
                Objects.requireNonNull(row.getLocalDate("first")),
                Objects.requireNonNull(row.getLocalDate("last"))))
        .toList();
  }

  void insert(
      Tx tx,
      long staff,
      LocalDate from,
      LocalDate until,
      @Nullable Long deputy,
      @Nullable Long desk,
      long by,
      Instant at) {
    tx.execute(
        """
        INSERT INTO absence (staff_id, days, deputy_id, desk_id, set_by, set_at)
        VALUES ($1, daterange($2, $3), $4, $5, $6, $7)
        """,
        staff,
        from,
        until,
        deputy,
        desk,
        by,
        at.atOffset(ZoneOffset.UTC));
  }

  Optional<Absence> byId(Sql sql, long id) {
    return sql.row(ABSENCE + " WHERE a.id = $1 AND NOT isempty(a.days)", id)
        .map(AbsenceStore::read);
  }

  /// @param until the first day on which they are here
  void end(Tx tx, long id, LocalDate until) {
    tx.execute(
        "UPDATE absence SET days = daterange(lower(days), greatest($2, lower(days))) WHERE id = $1",
        id,
        until);
  }

  int forget(Sql sql, LocalDate before, int most) {
    return sql.execute(
        """
        DELETE FROM absence
         WHERE id IN (SELECT id FROM absence
                       WHERE upper(days) < $1 OR isempty(days) AND set_at < $1::date LIMIT $2)
        """,
        before,
        most);
  }

  private static Absence read(Row row) {
    return new Absence(
        row.getLong("id"),
        row.getLong("staff_id"),
        row.getString("name"),
        Objects.requireNonNull(row.getLocalDate("begins")),
        Objects.requireNonNull(row.getLocalDate("last")),
        row.getLong("deputy_id"),
        row.getString("deputy"),
        row.getLong("desk_id"));
  }
}
