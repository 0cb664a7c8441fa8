package io.linyu.casework;

import io.linyu.community.Staff;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

final class SavedViewStore {
  private static final String VIEW =
      """
      SELECT v.code, v.name, v.list, v.staff_id, v.desk_id, d.name AS desk_name
        FROM saved_view v LEFT JOIN desk d ON d.id = v.desk_id
      """;

  /// Of whoever it is theirs: who made it, and those at the desk it is shared with.
  private static final String THEIRS =
      "(v.staff_id = $1 AND v.desk_id IS NULL OR v.desk_id = ANY($2))";

  List<SavedView> of(Sql sql, Staff staff, int most) {
    return sql
        .rows(
            VIEW + " WHERE " + THEIRS + " ORDER BY v.desk_id IS NOT NULL, v.id LIMIT $3",
            staff.id(),
            CaseStore.ownDesks(staff),
            most)
        .stream()
        .map(SavedViewStore::read)
        .toList();
  }

  Optional<SavedView> named(Sql sql, Staff staff, String code) {
    return sql.row(
            VIEW + " WHERE " + THEIRS + " AND v.code = $3",
            staff.id(),
            CaseStore.ownDesks(staff),
            code)
        .map(SavedViewStore::read);
  }

  /// How many a person has, or a desk.
  long count(Sql sql, long staff, @Nullable Long desk) {
    return sql.one(
            """
            SELECT count(*) AS n FROM saved_view
             WHERE $2::bigint IS NULL AND desk_id IS NULL AND staff_id = $1 OR desk_id = $2
            """,
            staff,
            desk)
        .getLong("n");
  }

  void add(
      Tx tx, String code, long staff, @Nullable Long desk, String name, String list, Instant at) {
    tx.execute(
        """
        INSERT INTO saved_view (code, staff_id, desk_id, name, list, created_at)
        VALUES ($1, $2, $3, $4, $5, $6)
        """,
        code,
        staff,
        desk,
        name,
        list,
        at.atOffset(ZoneOffset.UTC));
  }

  void rename(Tx tx, String code, String name) {
    tx.execute("UPDATE saved_view SET name = $2 WHERE code = $1", code, name);
  }

  void remove(Tx tx, String code) {
    tx.execute("DELETE FROM saved_view WHERE code = $1", code);
  }

  private static SavedView read(Row row) {
    return new SavedView(
        row.getString("code"),
        row.getString("name"),
        row.getString("list"),
        row.getLong("staff_id"),
        row.getLong("desk_id"),
        row.getString("desk_name"));
  }
}
