package io.linyu.casework;

import static java.time.ZoneOffset.UTC;

import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Which cases are handled with which. Whoever writes holds the row locks of both.
final class MergeStore {
  private final CaseStore cases = new CaseStore();

  void follow(Tx tx, CaseId id, CaseId master, Instant at) {
    tx.execute(
        "UPDATE \"case\" SET master_id = $2, merged_at = $3 WHERE id = $1",
        id.value(),
        master.value(),
        at.atOffset(UTC));
  }

  /// It follows nothing any more.
  void leave(Tx tx, CaseId id) {
    tx.execute("UPDATE \"case\" SET master_id = NULL, merged_at = NULL WHERE id = $1", id.value());
  }

  void letGo(Tx tx, CaseId id, Instant at) {
    tx.execute("UPDATE \"case\" SET let_go_at = $2 WHERE id = $1", id.value(), at.atOffset(UTC));
  }

  /// Somebody who told of the same has said more.
  void heard(Tx tx, CaseId master, Instant at) {
    tx.execute(
        "UPDATE \"case\" SET heard_at = $2, rests = false WHERE id = $1",
        master.value(),
        at.atOffset(UTC));
  }

  Optional<CaseId> masterOf(Sql sql, CaseId id) {
    return Optional.ofNullable(masters(sql, List.of(id)).get(id));
  }

  /// What these follow; those that follow nothing are not among them.
  Map<CaseId, CaseId> masters(Sql sql, Collection<CaseId> ids) {
    var found = new HashMap<CaseId, CaseId>();
    sql.rows(
            "SELECT id, master_id FROM \"case\" WHERE id = ANY($1::bigint[]) AND master_id IS NOT NULL",
            (Object) ids.stream().map(CaseId::value).toArray(Long[]::new))
        .forEach(
            row -> found.put(new CaseId(row.getLong("id")), new CaseId(row.getLong("master_id"))));
    return found;
  }

  /// In the order in which they were told.
  ///
  /// @param since those that had been merged by then
  List<Case> followers(Sql sql, CaseId master, Instant since) {
    return cases.following(sql, master, since);
  }

  int countFollowers(Sql sql, CaseId master) {
    return sql.one(
            "SELECT count(*)::int AS many FROM \"case\" WHERE master_id = $1", master.value())
        .getInteger("many");
  }

  /// Open cases of this kind in this community, or where there is none in this street, that are
  /// accepted and follow nothing: off the index of what is open there. Those at the same place
  /// first, then the newest.
  List<CaseId> near(Sql sql, Case matter, Units units, int limit) {
    Long unit = units.community() != null ? units.community() : units.street();
    return sql
        .rows(
            """
            SELECT id FROM "case"
             WHERE closed_at IS NULL AND %s AND $1::bigint IS NOT NULL
               AND category_code = $2 AND id <> $3 AND confidential = $4
               AND NOT EXISTS (SELECT FROM category q WHERE q.code = $2 AND q.quiet)
               AND state IN ('FILED', 'DISPATCHED', 'HANDLING', 'SUSPENDED')
             ORDER BY territory_id <> $5, id DESC
             LIMIT $6
            """
                .formatted(
                    units.community() != null
                        ? "community_id = $1"
                        : units.street() != null ? "street_id = $1" : "true"),
            unit == null ? Long.valueOf(0) : unit,
            matter.categoryCode(),
            matter.id().value(),
            matter.confidential(),
            matter.territoryId(),
            limit)
        .stream()
        .map(row -> new CaseId(row.getLong("id")))
        .toList();
  }
}
