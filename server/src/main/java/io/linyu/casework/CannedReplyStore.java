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

final class CannedReplyStore {
  private static final String REPLY =
      """
      SELECT r.code, r.name, r.text, r.desk_id, d.name AS desk_name
        FROM canned_reply r LEFT JOIN desk d ON d.id = r.desk_id
       WHERE (r.staff_id = $1 AND r.desk_id IS NULL OR r.desk_id = ANY($2))
      """;

  List<CannedReply> of(Sql sql, Staff staff, int most) {
    return sql
        .rows(
            REPLY + " ORDER BY r.desk_id IS NOT NULL, r.name, r.id LIMIT $3",
            staff.id(),
            CaseStore.ownDesks(staff),
            most)
        .stream()
        .map(CannedReplyStore::read)
        .toList();
  }

  Optional<CannedReply> named(Sql sql, Staff staff, String code) {
    return sql.row(REPLY + " AND r.code = $3", staff.id(), CaseStore.ownDesks(staff), code)
        .map(CannedReplyStore::read);
  }

  /// How many a person has, or a desk.
  long count(Sql sql, long staff, @Nullable Long desk) {
    return sql.one(
            """
            SELECT count(*) AS n FROM canned_reply
             WHERE $2::bigint IS NULL AND desk_id IS NULL AND staff_id = $1 OR desk_id = $2
            """,
            staff,
            desk)
        .getLong("n");
  }

  void add(
      Tx tx, String code, long staff, @Nullable Long desk, String name, String text, Instant at) {
    tx.execute(
        """
        INSERT INTO canned_reply (code, staff_id, desk_id, name, text, created_at)
        VALUES ($1, $2, $3, $4, $5, $6)
        """,
        code,
        staff,
        desk,
        name,
        text,
        at.atOffset(ZoneOffset.UTC));
  }

  void change(Tx tx, String code, String name, String text) {
    tx.execute("UPDATE canned_reply SET name = $2, text = $3 WHERE code = $1", code, name, text);
  }

  void remove(Tx tx, String code) {
    tx.execute("DELETE FROM canned_reply WHERE code = $1", code);
  }

  private static CannedReply read(Row row) {
    return new CannedReply(
        row.getString("code"),
        row.getString("name"),
        row.getString("text"),
        row.getLong("desk_id"),
        row.getString("desk_name"));
  }
}
