package io.linyu.casework;

import static java.time.ZoneOffset.UTC;

import io.linyu.casework.LimitReplay.Ran;
import io.linyu.casework.Replay.Change;
import io.linyu.casework.Replay.State;
import io.linyu.casework.RoutingReplay.Past;
import io.linyu.community.Staff;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.linyu.platform.text.Json;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

final class ReplayStore {
  private static final String REPLAY =
      """
      SELECT r.id, r.code, r.kind, r.territory_id, r.asked_by, s.name AS asked_by_name, r.asked_at, r.change::text AS change,
             r.state, r.cases, r.share, r.touched_at, r.outcome::text AS outcome, r.decided_at
        FROM replay r JOIN staff s ON s.id = r.asked_by
      """;

  /// A case and when it came.
  record Came(Past past, Instant at) {}

  /// A case, when it came, and a clock of it; null: it has none.
  record Ticked(long caseId, Instant at, @Nullable Ran ran) {}

  /// How a case is named on a page.
  record Name(long id, String number, String code, String title) {}

  /// Also ends what the same person has begun and not waited for.
  long insert(Tx tx, String code, Change change, long territory, long by, Instant at) {
    tx.execute(
        "UPDATE replay SET state = 'stopped' WHERE asked_by = $1 AND decided_at IS NULL AND state = 'running'",
        by);
    return tx.one(
            """
            INSERT INTO replay (code, kind, territory_id, asked_by, asked_at, touched_at, change)
            VALUES ($1, $2, $3, $4, $5, $5, $6::text::jsonb)
            RETURNING id
            """,
            code,
            change.kind(),
            territory,
            by,
            at.atOffset(UTC),
            Json.write(change))
        .getLong("id");
  }

  /// @param silentSince whoever has said nothing since then runs no more
  Optional<Replay> find(Sql sql, String code, Instant silentSince) {
    return sql.row(REPLAY + " WHERE r.code = $1", code).map(row -> read(row, silentSince));
  }

  Optional<Replay> byId(Sql sql, long id, Instant silentSince) {
    return sql.row(REPLAY + " WHERE r.id = $1", id).map(row -> read(row, silentSince));
  }

  List<Replay> byIds(Sql sql, Collection<Long> ids, Instant silentSince) {
    return sql
        .rows(REPLAY + " WHERE r.id = ANY($1::bigint[])", (Object) ids.toArray(Long[]::new))
        .stream()
        .map(row -> read(row, silentSince))
        .toList();
  }

  void lock(Tx tx, String code) {
    tx.rows("SELECT id FROM replay WHERE code = $1 FOR NO KEY UPDATE", code);
  }

  void decided(Tx tx, long id, Instant at) {
    tx.execute("UPDATE replay SET decided_at = $2 WHERE id = $1", id, at.atOffset(UTC));
  }

  /// False when nobody waits for it any more.
  boolean goesOn(Sql sql, long id, int cases, int share, Instant now) {
    return sql.execute(
            """
            UPDATE replay SET cases = $2, share = $3, touched_at = $4 WHERE id = $1 AND state = 'running'
            """,
            id,
            cases,
            share,
            now.atOffset(UTC))
        > 0;
  }

  void stop(Sql sql, long id) {
    sql.execute("UPDATE replay SET state = 'stopped' WHERE id = $1 AND state = 'running'", id);
  }

  /// What was stopped stays so, with what was seen until then.
  void end(Sql sql, long id, State state, int cases, @Nullable Object outcome) {
    sql.execute(
        """
        UPDATE replay
           SET state = CASE WHEN state = 'running' THEN $2 ELSE state END, cases = $3,
               share = CASE WHEN $2 = 'complete' THEN 100 ELSE share END, outcome = $4::text::jsonb
         WHERE id = $1
        """,
        id,
        state.word(),
        cases,
        outcome == null ? null : Json.write(outcome));
  }

  /// True when there may be more.
  boolean forget(Sql sql, Instant before, int atOnce) {
    return sql.execute(
            """
            DELETE FROM replay
             WHERE id IN (SELECT id FROM replay WHERE decided_at IS NULL AND asked_at < $1
                           ORDER BY asked_at LIMIT $2)
            """,
            before.atOffset(UTC),
            atOnce)
        == atOnce;
  }

  /// Newest first.
  ///
  /// @param before the case that the page before ended with
  List<Came> cases(Sql sql, long before, int atOnce) {
    return sql
        .rows(
            """
            SELECT id, category_code, territory_id, territory_path, territory_known, state, opened_at
              FROM "case"
             WHERE id < $1
             ORDER BY id DESC
             LIMIT $2
            """,
            before,
            atOnce)
        .stream()
        .map(row ->
            new Came(
                new Past(
                    row.getLong("id"),
                    row.getString("category_code"),
                    row.getLong("territory_id"),
                    row.getString("territory_path"),
                    row.getBoolean("territory_known"),
                    CaseState.valueOf(row.getString("state"))),
                CaseStore.instant(row, "opened_at")))
        .toList();
  }

  private static final String CLOCKS =
      "(SELECT case_id, started_at, stopped_at, rule FROM clock WHERE kind = $3)";

  /// From when a desk had it to sign, until it returned it.
  private static final String RETURNS =
      """
      (SELECT r.case_id, s.started_at, r.at AS stopped_at, s.rule
         FROM case_return r
        CROSS JOIN LATERAL (SELECT started_at, rule FROM clock
                             WHERE case_id = r.case_id AND kind = $3 AND started_at < r.at
                             ORDER BY started_at DESC LIMIT 1) s)
      """;

  /// From when a desk was asked how it sees a dispute, until it said so or nobody asked any more.
  private static final String VIEWS =
      """
      (SELECT case_id, at AS started_at, coalesce(viewed_at, ended_at) AS stopped_at, '1 ' || $3 AS rule
         FROM case_dispute WHERE view_due_at > at)
      """;

  /// What had this limit of the newest cases; a case without is a line all the same.
  ///
  /// @param before the case that the page before ended with
  List<Ticked> clocks(Sql sql, Limited what, long before, int atOnce) {
    CaseClock.Kind kind = what.kind();
    String ran = kind != null ? CLOCKS : what == Limited.RETURNING ? RETURNS : VIEWS;
    String asked =
        kind != null
            ? kind.word()
            : what == Limited.RETURNING ? CaseClock.Kind.SIGNING.word() : what.units().getFirst();
    return sql
        .rows(
            """
            SELECT c.id, c.category_code, c.opened_at, k.started_at, k.stopped_at, k.rule
              FROM (SELECT id, category_code, opened_at FROM "case" WHERE id < $1 ORDER BY id DESC LIMIT $2) c
              LEFT JOIN LATERAL (SELECT * FROM %s x WHERE x.case_id = c.id) k ON true
             ORDER BY c.id DESC, k.started_at
            """
                .formatted(ran),
            before,
            atOnce,
            asked)
        .stream()
        .map(row -> {
          String rule = row.getString("rule");
          return new Ticked(
              row.getLong("id"),
              CaseStore.instant(row, "opened_at"),
              rule == null
                  ? null
                  : new Ran(
                      row.getLong("id"),
                      row.getString("category_code"),
                      CaseStore.instant(row, "started_at"),
                      CaseStore.maybeInstant(row, "stopped_at"),
                      rule));
        })
        .toList();
  }

  /// Of these, those that they may see.
  Map<Long, Name> names(Sql sql, Staff staff, Scope scope, Collection<Long> ids) {
    var names = new HashMap<Long, Name>();
    sql.rows(
            "SELECT c.id, case_number(c.number, c.round) AS number, c.code, c.title FROM \"case\" c WHERE c.id = ANY($1::bigint[]) AND "
                + CaseStore.VISIBLE,
            ids.toArray(Long[]::new),
            CaseStore.desks(staff),
            staff.id(),
            scope.grid(),
            scope.path(),
            scope.confidential())
        .forEach(row ->
            names.put(
                row.getLong("id"),
                new Name(
                    row.getLong("id"),
                    row.getString("number"),
                    row.getString("code"),
                    row.getString("title"))));
    return names;
  }

  private static Replay read(Row row, Instant silentSince) {
    String kind = row.getString("kind");
    String change = row.getString("change");
    String outcome = row.getString("outcome");
    State state = State.of(row.getString("state"));
    boolean silent = CaseStore.instant(row, "touched_at").isBefore(silentSince);
    return new Replay(
        row.getLong("id"),
        row.getString("code"),
        switch (kind) {
          case "rule" -> Json.read(change, Replay.RuleSet.class);
          case "rule_end" -> Json.read(change, Replay.RuleEnded.class);
          case "limit" -> Json.read(change, Replay.LimitSet.class);
          default -> throw new IllegalStateException("unknown kind of change: " + kind);
        },
        row.getLong("territory_id"),
        row.getLong("asked_by"),
        row.getString("asked_by_name"),
        CaseStore.instant(row, "asked_at"),
        state == State.RUNNING && silent ? State.FAILED : state,
        row.getInteger("cases"),
        row.getInteger("share"),
        outcome == null || kind.equals("limit") ? null : Json.read(outcome, Replay.Ways.class),
        outcome != null && kind.equals("limit") ? Json.read(outcome, Replay.Lates.class) : null,
        CaseStore.maybeInstant(row, "decided_at"));
  }
}
