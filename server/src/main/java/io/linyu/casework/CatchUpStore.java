package io.linyu.casework;

import static io.linyu.casework.CaseStore.instant;
import static io.linyu.casework.CaseStore.maybeInstant;
import static java.time.ZoneOffset.UTC;

import io.linyu.casework.Errand.Why;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

final class CatchUpStore {
  private static final String CATCH_UP =
      "SELECT id, began_at, ended_at, rule, version FROM catch_up ";

  /// What is still to be done of what a digest tells.
  private static final String NEEDED =
      """
       WHERE e.digest_id = $1 AND c.closed_at IS NULL AND NOT c.rests AND c.desk_id = e.desk_id
         AND (e.why <> 'new' OR c.staff_id IS NULL)
      """;

  // Whether a server runs.

  /// When one last said so, locked; empty: none ever did.
  Optional<Instant> alive(Tx tx) {
    return tx.row("SELECT alive_at FROM heartbeat FOR NO KEY UPDATE")
        .map(row -> instant(row, "alive_at"));
  }

  void alive(Tx tx, Instant now) {
    tx.execute(
        """
        INSERT INTO heartbeat (alive_at) VALUES ($1)
            ON CONFLICT (one) DO UPDATE SET alive_at = greatest(heartbeat.alive_at, excluded.alive_at)
        """,
        now.atOffset(UTC));
  }

  void outage(Tx tx, Instant from, Instant until) {
    tx.execute(
        "INSERT INTO catch_up (kind, began_at, ended_at) VALUES ('outage', $1, $2)",
        from.atOffset(UTC),
        until.atOffset(UTC));
  }

  void live(Tx tx, LoopRule rule, int version, Instant at) {
    tx.execute(
        "INSERT INTO catch_up (kind, ended_at, rule, version) VALUES ('rule', $3, $1, $2)",
        rule.name(),
        version,
        at.atOffset(UTC));
  }

  // What is caught up with.

  /// The outage in which this moment lies.
  ///
  /// @param since those that ended before are caught up with
  Optional<CatchUp> outageAt(Sql sql, Instant at, Instant since) {
    return sql.row(
            CATCH_UP
                + " WHERE kind = 'outage' AND ended_at > $1 AND ended_at > $2 AND began_at <= $1 ORDER BY ended_at LIMIT 1",
            at.atOffset(UTC),
            since.atOffset(UTC))
        .map(CatchUpStore::read);
  }

  Optional<CatchUp> live(Sql sql, LoopRule rule, int version) {
    return sql.row(
            CATCH_UP + " WHERE kind = 'rule' AND rule = $1 AND version = $2", rule.name(), version)
        .map(CatchUpStore::read);
  }

  List<Outage> outages(Sql sql, Instant after) {
    return sql
        .rows(
            CATCH_UP + " WHERE kind = 'outage' AND ended_at > $1 ORDER BY ended_at",
            after.atOffset(UTC))
        .stream()
        .map(row -> new Outage(instant(row, "began_at"), instant(row, "ended_at")))
        .toList();
  }

  /// @param desks how many were told
  /// @param cases of how many
  record Told(CatchUp what, int desks, int cases) {}

  /// The newest first.
  List<Told> latest(Sql sql, int most) {
    return sql
        .rows(
            """
            SELECT u.id, u.began_at, u.ended_at, u.rule, u.version, d.desks, d.cases
              FROM (SELECT * FROM catch_up ORDER BY id DESC LIMIT $1) u
             CROSS JOIN LATERAL (
                   SELECT count(DISTINCT g.desk_id)::int AS desks, coalesce(sum(g.cases), 0)::int AS cases
                     FROM digest g WHERE g.catch_up_id = u.id AND g.cases > 0) d
             ORDER BY u.id DESC
            """,
            most)
        .stream()
        .map(row -> new Told(read(row), row.getInteger("desks"), row.getInteger("cases")))
        .toList();
  }

  // Digests.

  /// Whose desk all of one catching up can be told.
  record Ready(CatchUp what, long desk) {}

  /// Locked; empty as well while another node is at it.
  ///
  /// @param quiet since when nothing more must have come
  /// @param oldest or since when something waits at least
  Optional<Ready> ready(Tx tx, Instant quiet, Instant oldest) {
    return tx.row(
            """
            SELECT catch_up_id, desk_id FROM errand
             WHERE catch_up_id IS NOT NULL AND digest_id IS NULL
             GROUP BY catch_up_id, desk_id
            HAVING max(created_at) <= $1 OR min(created_at) <= $2
             ORDER BY catch_up_id, desk_id
             LIMIT 1
            """,
            quiet.atOffset(UTC),
            oldest.atOffset(UTC))
        .flatMap(found ->
            tx.row(
                    CATCH_UP + " WHERE id = $1 FOR NO KEY UPDATE SKIP LOCKED",
                    found.getLong("catch_up_id"))
                .map(row -> new Ready(read(row), found.getLong("desk_id"))));
  }

  /// All that waits for it.
  ///
  /// @return 0: another node has made one meanwhile
  long make(Tx tx, Ready ready, Instant now) {
    long id =
        tx.one(
                """
                INSERT INTO digest (catch_up_id, desk_id, made_at, cases, told)
                VALUES ($1, $2, $3, 0, 0) RETURNING id
                """,
                ready.what().id(),
                ready.desk(),
                now.atOffset(UTC))
            .getLong("id");
    int folded =
        tx.execute(
            """
            UPDATE errand SET digest_id = $3
             WHERE catch_up_id = $1 AND desk_id = $2 AND digest_id IS NULL
            """,
            ready.what().id(),
            ready.desk(),
            id);
    if (folded > 0) {
      return id;
    }
    tx.execute("DELETE FROM digest WHERE id = $1", id);
    return 0;
  }

  void told(Tx tx, long digest, int cases, int told) {
    tx.execute("UPDATE digest SET cases = $2, told = $3 WHERE id = $1", digest, cases, told);
  }

  /// @param holder null: nobody has them
  record Count(Why why, @Nullable Long holder, int cases) {}

  /// What is still to be done, by what is the matter and who has it.
  List<Count> counts(Tx tx, long digest) {
    return tx
        .rows(
            """
            SELECT e.why, c.staff_id, count(DISTINCT e.case_id)::int AS cases
              FROM errand e JOIN "case" c ON c.id = e.case_id
            """
                + NEEDED
                + " GROUP BY e.why, c.staff_id",
            digest)
        .stream()
        .map(row ->
            new Count(
                Why.of(row.getString("why")), row.getLong("staff_id"), row.getInteger("cases")))
        .toList();
  }

  int cases(Tx tx, long digest) {
    return tx.one(
            "SELECT count(DISTINCT e.case_id)::int AS cases FROM errand e JOIN \"case\" c ON c.id = e.case_id"
                + NEEDED,
            digest)
        .getInteger("cases");
  }

  /// Ids of errands, those that have waited longest.
  List<Long> oldest(Tx tx, long digest, int most) {
    return tx
        .rows(
            "SELECT e.id FROM errand e JOIN \"case\" c ON c.id = e.case_id"
                + NEEDED
                + " ORDER BY e.occasion, e.id LIMIT $2",
            digest,
            most)
        .stream()
        .map(row -> row.getLong("id"))
        .toList();
  }

  private static CatchUp read(Row row) {
    String rule = row.getString("rule");
    return new CatchUp(
        row.getLong("id"),
        maybeInstant(row, "began_at"),
        instant(row, "ended_at"),
        rule == null ? null : LoopRule.valueOf(rule),
        row.getInteger("version"));
  }
}
