package io.linyu.casework;

import io.linyu.platform.db.Sql;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// What staff are writing and have not sent.
final class DraftStore {
  void keep(Sql sql, long staff, CaseId id, Drafts.Kind kind, String text, Instant at) {
    sql.execute(
        """
        INSERT INTO draft (staff_id, case_id, kind, text, at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (staff_id, case_id, kind) DO UPDATE SET text = EXCLUDED.text, at = EXCLUDED.at
        """,
        staff,
        id.value(),
        kind.word(),
        text,
        at.atOffset(ZoneOffset.UTC));
  }

  void forget(Sql sql, long staff, CaseId id, Drafts.Kind kind) {
    sql.execute(
        "DELETE FROM draft WHERE staff_id = $1 AND case_id = $2 AND kind = $3",
        staff,
        id.value(),
        kind.word());
  }

  Map<Drafts.Kind, String> of(Sql sql, long staff, CaseId id) {
    var drafts = new EnumMap<Drafts.Kind, String>(Drafts.Kind.class);
    sql.rows("SELECT kind, text FROM draft WHERE staff_id = $1 AND case_id = $2", staff, id.value())
        .forEach(row ->
            Drafts.Kind.of(row.getString("kind"))
                .ifPresent(kind -> drafts.put(kind, row.getString("text"))));
    return drafts;
  }

  Set<CaseId> among(Sql sql, long staff, Collection<CaseId> cases) {
    return sql
        .rows(
            "SELECT DISTINCT case_id FROM draft WHERE staff_id = $1 AND case_id = ANY($2)",
            staff,
            cases.stream().map(CaseId::value).toArray(Long[]::new))
        .stream()
        .map(row -> new CaseId(row.getLong("case_id")))
        .collect(Collectors.toUnmodifiableSet());
  }

  int forget(Sql sql, Instant before, int most) {
    return sql.execute(
        """
        DELETE FROM draft
         WHERE (staff_id, case_id, kind) IN (
               SELECT staff_id, case_id, kind FROM draft WHERE at < $1
                ORDER BY at LIMIT $2 FOR UPDATE SKIP LOCKED)
        """,
        before.atOffset(ZoneOffset.UTC),
        most);
  }
}
