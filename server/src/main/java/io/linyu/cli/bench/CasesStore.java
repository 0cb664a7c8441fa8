package io.linyu.cli.bench;

import static java.time.ZoneOffset.UTC;

import io.linyu.cli.bench.Sweeping.Applied;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/// What the trial of the loop asks and prepares behind the doors.
final class CasesStore {
  private static final int READ_AT_ONCE = 5_000;

  // The ceiling: one row changed and one written, and nothing looked at.

  void prepareBare(Sql sql, int rows) {
    forgetBare(sql);
    sql.execute(
        "CREATE TABLE bare_step (id bigint PRIMARY KEY, version int NOT NULL, state text NOT NULL)");
    sql.execute(
        """
        CREATE TABLE bare_event (
          id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
          step bigint NOT NULL,
          at   timestamptz NOT NULL,
          body text NOT NULL
        )
        """);
    sql.execute(
        "INSERT INTO bare_step SELECT n, 0, 'HANDLING' FROM generate_series(1, $1::int) n", rows);
  }

  void forgetBare(Sql sql) {
    sql.execute("DROP TABLE IF EXISTS bare_step, bare_event");
  }

  void bareStep(Tx tx, long id, Instant at, String body) {
    tx.execute("UPDATE bare_step SET version = version + 1 WHERE id = $1", id);
    tx.execute(
        "INSERT INTO bare_event (step, at, body) VALUES ($1, $2, $3)", id, at.atOffset(UTC), body);
  }

  // Sweeping.

  /// The limits of these run out at this moment, all of them.
  ///
  /// @return of how many it is so
  int runOut(Sql sql, Collection<Long> cases, Instant at) {
    return sql.execute(
        """
        WITH due AS (
          UPDATE clock SET amber_at = least(amber_at, $2), due_at = $2
           WHERE case_id = ANY($1::bigint[]) AND kind = 'handling' AND stopped_at IS NULL
          RETURNING case_id)
        UPDATE "case" c SET next_due_at = least(c.next_due_at, $2)
          FROM due WHERE c.id = due.case_id
        """,
        ids(cases),
        at.atOffset(UTC));
  }

  boolean isAnyDue(Sql sql, Instant now) {
    return sql.one(
            "SELECT EXISTS (SELECT FROM rule_watch WHERE next_due_at <= $1) AS due",
            now.atOffset(UTC))
        .getBoolean("due");
  }

  /// What the chains of these say that was done by rule since then, each event once.
  List<Applied> applied(Sql sql, Collection<Long> cases, Instant since) {
    return sql
        .rows(
            """
            SELECT subject, body::jsonb ->> 'code' AS rule, body::jsonb ->> 'effect' AS effect,
                   body::jsonb ->> 'occasion' AS occasion
              FROM event
             WHERE room = 'casework' AND subject = ANY($1::bigint[]) AND at >= $2
               AND body LIKE '%"rule_applied"%'
             ORDER BY id
            """,
            ids(cases), since.atOffset(UTC))
        .stream()
        .map(CasesStore::read)
        .toList();
  }

  private static Applied read(Row row) {
    return new Applied(
        row.getLong("subject"),
        row.getString("rule"),
        row.getString("effect"),
        row.getString("occasion"));
  }

  /// Which of these are supervised.
  List<Long> supervised(Sql sql, Collection<Long> cases) {
    return sql
        .rows(
            "SELECT id FROM \"case\" WHERE id = ANY($1::bigint[]) AND supervised_at IS NOT NULL",
            (Object) ids(cases))
        .stream()
        .map(row -> row.getLong("id"))
        .toList();
  }

  // Chains.

  long events(Sql sql) {
    return sql.one("SELECT count(*) AS n FROM event WHERE room = 'casework' AND seq IS NOT NULL")
        .getLong("n");
  }

  long cases(Sql sql) {
    return sql.one("SELECT count(*) AS n FROM \"case\"").getLong("n");
  }

  /// Those that came since then.
  long cases(Sql sql, Instant since) {
    return sql.one("SELECT count(*) AS n FROM \"case\" WHERE opened_at >= $1", since.atOffset(UTC))
        .getLong("n");
  }

  /// Reads all chains as whoever verifies them, and looks at none.
  long readChains(Sql sql) {
    long subject = Long.MIN_VALUE;
    int seq = 0;
    long read = 0;
    while (true) {
      List<Row> page =
          sql.rows(
              """
              SELECT subject, seq, at, body, hash FROM event
               WHERE room = 'casework' AND seq IS NOT NULL AND (subject, seq) > ($1, $2)
               ORDER BY subject, seq
               LIMIT $3
              """,
              subject,
              seq,
              READ_AT_ONCE);
      if (page.isEmpty()) {
        return read;
      }
      read += page.size();
      subject = page.getLast().getLong("subject");
      seq = page.getLast().getInteger("seq");
    }
  }

  /// Breaks the chains of three cases, each in another way, and says which they are. For a
  /// transaction that is taken back.
  List<Long> breakChains(Tx tx) {
    List<Long> cases =
        tx
            .rows(
                """
                SELECT subject FROM event
                 WHERE room = 'casework' AND seq = 4 AND subject % 7 = 3 ORDER BY subject DESC LIMIT 3
                """)
            .stream()
            .map(row -> row.getLong("subject"))
            .toList();
    tx.execute("ALTER TABLE event DISABLE TRIGGER USER");
    // What was done by somebody else; a link whose digest was made anew; one that is gone.
    tx.execute(
        "UPDATE event SET body = replace(body, 'T0', 'T1') WHERE room = 'casework' AND subject = $1 AND seq = 2",
        cases.get(0));
    tx.execute(
        "UPDATE event SET hash = sha256(hash) WHERE room = 'casework' AND subject = $1 AND seq = 3",
        cases.get(1));
    tx.execute(
        "DELETE FROM event WHERE room = 'casework' AND subject = $1 AND seq = 2", cases.get(2));
    return cases;
  }

  private static Long[] ids(Collection<Long> cases) {
    return cases.toArray(Long[]::new);
  }
}
