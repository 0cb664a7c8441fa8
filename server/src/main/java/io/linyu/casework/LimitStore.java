package io.linyu.casework;

import static java.time.ZoneOffset.UTC;

import io.linyu.casework.Replay.LimitSet;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.linyu.platform.text.Json;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.List;

/// Versions of the limits. By which one a case goes is [RuleStore#at].
final class LimitStore {
  /// The newest that was not taken back, whether it has begun or not.
  record Latest(Rules rules, Instant from) {}

  /// One at a time changes them.
  void lock(Tx tx) {
    tx.rows("SELECT pg_advisory_xact_lock(hashtext('linyu.limits'))");
  }

  Latest latest(Sql sql) {
    Row row =
        sql.one(
            """
            SELECT %s, valid_from FROM case_rules
             WHERE valid_from < 'infinity'
             ORDER BY valid_from DESC, version DESC
             LIMIT 1
            """
                .formatted(RuleStore.COLUMNS));
    return new Latest(RuleStore.read(row), CaseStore.instant(row, "valid_from"));
  }

  /// Newest first.
  List<LimitVersion> page(Sql sql, int before, int limit) {
    return sql
        .rows(
            """
            SELECT r.version, CASE WHEN r.valid_from < 'infinity' THEN r.valid_from END AS valid_from,
                   r.change::text AS change, s.name AS set_by, r.set_at, r.replay_id, b.name AS taken_back_by,
                   r.taken_back_at
              FROM case_rules r
              LEFT JOIN staff s ON s.id = r.set_by
              LEFT JOIN staff b ON b.id = r.taken_back_by
             WHERE r.version < $1
             ORDER BY r.version DESC
             LIMIT $2
            """,
            before,
            limit)
        .stream()
        .map(LimitStore::version)
        .toList();
  }

  /// With the number after the greatest that there is.
  int insert(Tx tx, Rules rules, LimitSet change, Instant from, long by, Instant at, long replay) {
    List<String> whitelist = rules.whitelist();
    return tx.one(
            """
            INSERT INTO case_rules (version, valid_from, acceptance, signing, signing_critical_minutes, checking, return_visit,
                                    whitelist, confidential, own, change, set_by, set_at, replay_id, check_sample,
                                    return_window, return_decision, looking, viewing)
            SELECT max(version) + 1, $1, $2, $3, $4, $5, $6, $7, $8, $9::text::jsonb, $10::text::jsonb, $11, $12, $13, $14,
                   $15, $16, $17, $18
              FROM case_rules
            RETURNING version
            """,
            from.atOffset(UTC),
            rules.acceptance().toString(),
            rules.signing().toString(),
            rules.signingCriticalMinutes(),
            rules.checking().toString(),
            rules.returnVisit().toString(),
            whitelist == null ? null : whitelist.toArray(String[]::new),
            rules.confidential().toArray(String[]::new),
            Json.write(rules.own()),
            Json.write(change),
            by,
            at.atOffset(UTC),
            replay,
            rules.checkSample(),
            rules.returning().toString(),
            rules.returnDecision().toString(),
            rules.looking().toString(),
            rules.viewing().toString())
        .getInteger("version");
  }

  void takeBack(Tx tx, int version, long by, Instant at) {
    tx.execute(
        """
        UPDATE case_rules SET valid_from = 'infinity', taken_back_by = $2, taken_back_at = $3 WHERE version = $1
        """,
        version,
        by,
        at.atOffset(UTC));
  }

  private static LimitVersion version(Row row) {
    String change = row.getString("change");
    return new LimitVersion(
        row.getInteger("version"),
        CaseStore.maybeInstant(row, "valid_from"),
        change == null ? null : Json.read(change, LimitSet.class),
        row.getString("set_by"),
        CaseStore.maybeInstant(row, "set_at"),
        row.getLong("replay_id"),
        row.getString("taken_back_by"),
        CaseStore.maybeInstant(row, "taken_back_at"));
  }
}
