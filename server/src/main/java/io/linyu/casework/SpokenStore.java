package io.linyu.casework;

import static java.time.ZoneOffset.UTC;

import io.linyu.community.Staff;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

final class SpokenStore {
  /// Whoever sends the same at the same time waits here, and then finds it done.
  void hold(Tx tx, Sending sending) {
    tx.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", "spoken " + sending.key());
  }

  /// Who they are now; until this is over nobody joins them with somebody else.
  long hold(Tx tx, long person) {
    return tx.one(
            "SELECT coalesce(merged_into, id) AS id FROM person WHERE id = $1 FOR SHARE", person)
        .getLong("id");
  }

  Optional<CaseId> sent(Sql sql, Sending sending, long staff) {
    return sql.row(
            "SELECT case_id FROM case_sending WHERE key = $1 AND staff_id = $2",
            sending.key(),
            staff)
        .map(row -> new CaseId(row.getLong("case_id")));
  }

  /// Open ones of that kind that they may see: in that place, or in one around it. The newest
  /// first.
  List<CaseId> alike(
      Sql sql, Staff staff, Scope scope, Units units, String path, String category, int limit) {
    Long unit = units.community() != null ? units.community() : units.street();
    return sql
        .rows(
            """
            SELECT c.id FROM "case" c
             WHERE c.closed_at IS NULL AND %s AND $1::bigint IS NOT NULL AND c.category_code = $7
               AND NOT EXISTS (SELECT FROM category q WHERE q.code = $7 AND q.quiet)
               AND (starts_with(c.territory_path, $8) OR starts_with($8, c.territory_path))
               AND %s
             ORDER BY c.id DESC
             LIMIT $9
            """
                .formatted(
                    units.community() != null
                        ? "c.community_id = $1"
                        : units.street() != null ? "c.street_id = $1" : "true",
                    CaseStore.VISIBLE),
            unit == null ? Long.valueOf(0) : unit,
            CaseStore.desks(staff),
            staff.id(),
            scope.grid(),
            scope.path(),
            scope.confidential(),
            category,
            path,
            limit)
        .stream()
        .map(row -> new CaseId(row.getLong("id")))
        .toList();
  }

  /// From now on this one opens the page, under this address, and no other does.
  void draw(Tx tx, CaseId id, byte[] hash, String pageCode, long staff, Instant at) {
    tx.execute(
        """
        INSERT INTO slip_code (case_id, code_hash, page_code, drawn_by, drawn_at)
        VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (case_id) DO UPDATE
           SET code_hash = excluded.code_hash, page_code = excluded.page_code,
               drawn_by = excluded.drawn_by, drawn_at = excluded.drawn_at
        """,
        id.value(),
        Buffer.buffer(hash),
        pageCode,
        staff,
        at.atOffset(UTC));
  }

  /// Of what page it is the code.
  Optional<String> page(Sql sql, List<byte[]> hashes) {
    return sql.row(
            "SELECT page_code FROM slip_code WHERE code_hash = ANY($1)",
            (Object) hashes.stream().map(Buffer::buffer).toArray(Buffer[]::new))
        .map(row -> row.getString("page_code"));
  }

  Optional<Instant> drawnAt(Sql sql, CaseId id) {
    return sql.row("SELECT drawn_at FROM slip_code WHERE case_id = $1", id.value())
        .map(row -> CaseStore.instant(row, "drawn_at"));
  }
}
