package io.linyu.casework;

import static io.linyu.casework.CaseStore.instant;
import static io.linyu.casework.CaseStore.maybeInstant;
import static java.time.ZoneOffset.UTC;

import io.linyu.casework.ReturnVisit.Outcome;
import io.linyu.casework.ReturnVisit.Rating;
import io.linyu.casework.ReturnVisit.Satisfaction;
import io.linyu.casework.ReturnVisit.Solved;
import io.linyu.platform.db.Bulk;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Return visits and the tries of each. Whoever writes holds the row lock of the case.
final class ReturnVisitStore {
  enum Way {
    CHAT,
    TELEPHONE;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final String VISIT =
      """
      SELECT v.id, v.case_id, v.begun_at, v.answer_id, v.solved, v.satisfied, v.contacted, v.words,
             v.rated_at, v.outcome, v.ended_at, v.passed_by, t.tries, t.counted, t.days
        FROM return_visit v
       CROSS JOIN LATERAL (
             SELECT count(*)::int AS tries,
                    count(*) FILTER (WHERE state = 'counted')::int AS counted,
                    count(DISTINCT day) FILTER (WHERE state = 'counted')::int AS days
               FROM return_visit_try WHERE visit_id = v.id) t
      """;

  private static final Bulk BEGIN =
      Bulk.ofSeveral(
          "case_id bigint, at timestamptz, answer bigint, passed_by bigint",
          """
          INSERT INTO return_visit (case_id, begun_at, answer_id, passed_by, next_due_at)
          SELECT x.case_id, x.at, x.answer, x.passed_by, x.at FROM %s
          """);

  void begin(Tx tx, CaseId id, long answer, @Nullable Long passedBy, Instant at) {
    tx.tell(BEGIN, id.value(), at.atOffset(UTC), answer, passedBy);
  }

  Optional<ReturnVisit> last(Sql sql, CaseId id) {
    return sql.row(VISIT + " WHERE v.case_id = $1 ORDER BY v.id DESC LIMIT 1", id.value())
        .map(ReturnVisitStore::read);
  }

  /// Those that go on of it and of what follows it, oldest first.
  List<ReturnVisit> openOfGroup(Sql sql, CaseId master) {
    return sql
        .rows(
            VISIT
                + """
                 WHERE v.ended_at IS NULL
                   AND v.case_id IN (SELECT $1::bigint
                                     UNION ALL
                                     SELECT id FROM "case" WHERE master_id = $1)
                 ORDER BY v.id
                """,
            master.value())
        .stream()
        .map(ReturnVisitStore::read)
        .toList();
  }

  /// The last of each of these.
  List<ReturnVisit> lasts(Sql sql, List<CaseId> ids) {
    return sql
        .rows(
            VISIT
                + """
                 WHERE v.case_id = ANY($1::bigint[])
                   AND NOT EXISTS (SELECT FROM return_visit n WHERE n.case_id = v.case_id AND n.id > v.id)
                """,
            (Object) ids.stream().map(CaseId::value).toArray(Long[]::new))
        .stream()
        .map(ReturnVisitStore::read)
        .toList();
  }

  /// The longest overdue first.
  List<CaseId> due(Sql sql, Instant now, int most) {
    return sql
        .rows(
            """
            SELECT case_id FROM return_visit
             WHERE ended_at IS NULL AND next_due_at <= $1
             ORDER BY next_due_at, id
             LIMIT $2
            """,
            now.atOffset(UTC),
            most)
        .stream()
        .map(row -> new CaseId(row.getLong("case_id")))
        .toList();
  }

  /// The one that is due, once.
  boolean take(Tx tx, CaseId id, Instant now) {
    return tx.execute(
            """
            UPDATE return_visit SET next_due_at = NULL
             WHERE case_id = $1 AND ended_at IS NULL AND next_due_at <= $2
            """,
            id.value(),
            now.atOffset(UTC))
        > 0;
  }

  void dueAt(Tx tx, long visit, @Nullable Instant at) {
    tx.execute(
        "UPDATE return_visit SET next_due_at = $2 WHERE id = $1",
        visit,
        at == null ? null : at.atOffset(UTC));
  }

  /// @param state `waiting`, `counted`, or `failed`
  record Try(int nth, Way way, String state, Instant at) {
    boolean isUnderWay() {
      return state.equals("waiting");
    }

    boolean counts() {
      return state.equals("counted");
    }
  }

  List<Try> tries(Sql sql, long visit) {
    return sql
        .rows(
            "SELECT nth, way, state, at FROM return_visit_try WHERE visit_id = $1 ORDER BY nth",
            visit)
        .stream()
        .map(row ->
            new Try(
                row.getInteger("nth"),
                Way.valueOf(row.getString("way").toUpperCase(Locale.ROOT)),
                row.getString("state"),
                instant(row, "at")))
        .toList();
  }

  List<CaseId> open(Sql sql, List<CaseId> ids, Instant since) {
    return sql
        .rows(
            """
            SELECT v.case_id FROM return_visit v
             WHERE v.case_id = ANY($1::bigint[])
               AND (v.ended_at IS NULL
                    OR v.outcome <> 'reopened' AND coalesce(v.rated_at, v.ended_at) > $2)
               AND NOT EXISTS (SELECT FROM return_visit n WHERE n.case_id = v.case_id AND n.id > v.id)
             ORDER BY v.ended_at IS NOT NULL, v.id DESC
            """,
            (Object) ids.stream().map(CaseId::value).toArray(Long[]::new),
            since.atOffset(UTC))
        .stream()
        .map(row -> new CaseId(row.getLong("case_id")))
        .toList();
  }

  /// @return which it is, counted from one
  int addTry(Tx tx, long visit, Way way, @Nullable Long staff, Instant at, LocalDate day) {
    return tx.one(
            """
            INSERT INTO return_visit_try (visit_id, nth, way, state, staff_id, at, day)
            SELECT $1, coalesce(max(nth), 0) + 1, $2, $3, $4, $5, $6 FROM return_visit_try WHERE visit_id = $1
            RETURNING nth
            """,
            visit,
            way.word(),
            way == Way.CHAT ? "waiting" : "counted",
            staff,
            at.atOffset(UTC),
            day)
        .getInteger("nth");
  }

  /// @param counts whether it was a try
  void settle(Tx tx, long visit, int nth, boolean counts) {
    tx.execute(
        "UPDATE return_visit_try SET state = $3 WHERE visit_id = $1 AND nth = $2 AND state = 'waiting'",
        visit,
        nth,
        counts ? "counted" : "failed");
  }

  Optional<Instant> lastCall(Tx tx, long visit) {
    return tx.row(
            "SELECT at FROM return_visit_try WHERE visit_id = $1 AND way = 'telephone' ORDER BY nth DESC LIMIT 1",
            visit)
        .map(row -> instant(row, "at"));
  }

  /// @param staff who heard it by telephone; null: they said it themselves
  ReturnVisit rate(Tx tx, long visit, Rating said, @Nullable Long staff, Instant at) {
    Solved solved = said.solved();
    Satisfaction satisfied = said.satisfied();
    tx.execute(
        """
        UPDATE return_visit
           SET solved = $2, satisfied = $3, contacted = $4, words = $5, staff_id = $6,
               rated_at = coalesce(rated_at, $7),
               outcome = CASE WHEN ended_at IS NULL OR outcome = 'overruled' THEN outcome ELSE 'answered' END
         WHERE id = $1
        """,
        visit,
        solved == null ? null : solved.word(),
        satisfied == null ? null : satisfied.word(),
        said.contacted(),
        said.words(),
        staff,
        at.atOffset(UTC));
    return tx.row(VISIT + " WHERE v.id = $1", visit).map(ReturnVisitStore::read).orElseThrow();
  }

  /// What was said with it, after somebody else has looked.
  void add(Tx tx, long visit, String words) {
    tx.execute(
        "UPDATE return_visit SET words = concat_ws('；', nullif(words, ''), $2::text) WHERE id = $1",
        visit,
        words);
  }

  void end(Tx tx, long visit, Outcome outcome, Instant at) {
    tx.execute(
        "UPDATE return_visit SET outcome = $2, ended_at = $3, next_due_at = NULL WHERE id = $1",
        visit,
        outcome.word(),
        at.atOffset(UTC));
  }

  /// It had ended, and has not.
  void goOnAgain(Tx tx, long visit) {
    tx.execute("UPDATE return_visit SET outcome = NULL, ended_at = NULL WHERE id = $1", visit);
  }

  private static ReturnVisit read(Row row) {
    String solved = row.getString("solved");
    String satisfied = row.getString("satisfied");
    String outcome = row.getString("outcome");
    return new ReturnVisit(
        row.getLong("id"),
        new CaseId(row.getLong("case_id")),
        instant(row, "begun_at"),
        row.getLong("answer_id"),
        row.getInteger("tries"),
        row.getInteger("counted"),
        row.getInteger("days"),
        solved == null ? null : Solved.of(solved).orElseThrow(),
        satisfied == null ? null : Satisfaction.of(satisfied).orElseThrow(),
        row.getBoolean("contacted"),
        row.getString("words"),
        maybeInstant(row, "rated_at"),
        outcome == null ? null : Outcome.of(outcome),
        maybeInstant(row, "ended_at"),
        row.getLong("passed_by"));
  }
}
