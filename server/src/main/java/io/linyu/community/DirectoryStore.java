package io.linyu.community;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import io.linyu.platform.db.Sql;
import io.vertx.sqlclient.Row;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;

final class DirectoryStore {
  long version(Sql sql) {
    return sql.one("SELECT version FROM community_version").getLong(0);
  }

  void bump(Sql sql) {
    sql.execute("UPDATE community_version SET version = version + 1");
  }

  List<Territory> territories(Sql sql) {
    return sql
        .rows(
            """
            SELECT id, code, level, kind, name, estate, parent_id, grid_id, path, latitude, longitude,
                   phone, duty_phone, lower(valid) AS valid_from, upper(valid) AS valid_until
              FROM territory
             ORDER BY code, valid
            """)
        .stream()
        .map(DirectoryStore::territory)
        .toList();
  }

  List<StaffName> staff(Sql sql) {
    return sql
        .rows("SELECT id, code, name, role, territory_id FROM staff WHERE active ORDER BY id")
        .stream()
        .map(row ->
            new StaffName(
                row.getLong("id"),
                row.getString("code"),
                row.getString("name"),
                row.getString("role"),
                row.getLong("territory_id")))
        .toList();
  }

  DeskTable desks(Sql sql) {
    List<Body> bodies =
        sql
            .rows("SELECT code, name, level, kind, also_called, fallback FROM body ORDER BY code")
            .stream()
            .map(DirectoryStore::body)
            .toList();
    List<DeskTable.Entry> desks =
        sql
            .rows(
                """
                SELECT d.id, d.body, d.name, d.territory_id, d.kind, d.fallback,
                       EXISTS (SELECT FROM desk_member m JOIN staff s ON s.id = m.staff_id
                                WHERE m.desk_id = d.id AND s.active) AS staffed
                  FROM desk d
                 ORDER BY d.id
                """)
            .stream()
            .map(row -> new DeskTable.Entry(desk(row), row.getBoolean("staffed")))
            .toList();
    return new DeskTable(bodies, desks);
  }

  /// @param from what is over by then is left out
  Presence presence(Sql sql, LocalDate from) {
    List<Presence.Away> away =
        sql
            .rows(
                """
                SELECT staff_id, lower(days) AS begins, upper(days) AS until FROM absence
                 WHERE upper(days) > $1
                """,
                from)
            .stream()
            .map(DirectoryStore::away)
            .toList();
    Map<Long, List<Long>> members =
        sql
            .rows(
                """
                SELECT m.desk_id, m.staff_id FROM desk_member m JOIN staff s ON s.id = m.staff_id
                 WHERE s.active
                   AND m.desk_id IN (SELECT k.desk_id FROM absence a
                                       JOIN desk_member k ON k.staff_id = a.staff_id
                                       JOIN staff p ON p.id = a.staff_id AND p.active
                                      WHERE upper(a.days) > $1)
                """,
                from)
            .stream()
            .collect(
                groupingBy(
                    row -> row.getLong("desk_id"),
                    mapping(row -> row.getLong("staff_id"), toList())));
    List<Presence.StandsIn> deputies =
        sql
            .rows(
                """
                SELECT a.desk_id, a.deputy_id, a.staff_id, lower(a.days) AS begins, upper(a.days) AS until
                  FROM absence a
                  JOIN staff s ON s.id = a.deputy_id AND s.active
                  JOIN desk_member m ON m.desk_id = a.desk_id AND m.staff_id = a.staff_id
                 WHERE a.desk_id IS NOT NULL AND upper(a.days) > $1
                """,
                from)
            .stream()
            .map(row ->
                new Presence.StandsIn(row.getLong("desk_id"), row.getLong("deputy_id"), away(row)))
            .toList();
    return new Presence(away, members, deputies);
  }

  private static Presence.Away away(Row row) {
    return new Presence.Away(
        row.getLong("staff_id"),
        requireNonNull(row.getLocalDate("begins")),
        requireNonNull(row.getLocalDate("until")));
  }

  private static Territory territory(Row row) {
    return new Territory(
        row.getLong("id"),
        row.getString("code"),
        Level.of(row.getString("level")),
        row.getString("kind"),
        row.getString("name"),
        row.getString("estate"),
        row.getLong("parent_id"),
        row.getLong("grid_id"),
        row.getString("path"),
        row.getDouble("latitude"),
        row.getDouble("longitude"),
        row.getString("phone"),
        row.getString("duty_phone"),
        row.getLocalDate("valid_from"),
        row.getLocalDate("valid_until"));
  }

  static Body body(Row row) {
    return new Body(
        row.getString("code"),
        row.getString("name"),
        row.getString("level"),
        row.getString("kind"),
        List.of(row.getArrayOfStrings("also_called")),
        row.getBoolean("fallback"));
  }

  static Desk desk(Row row) {
    return new Desk(
        row.getLong("id"),
        row.getString("body"),
        row.getString("name"),
        row.getLong("territory_id"),
        row.getString("kind"),
        row.getBoolean("fallback"));
  }
}
