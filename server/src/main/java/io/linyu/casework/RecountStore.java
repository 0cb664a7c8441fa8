package io.linyu.casework;

import static io.linyu.casework.CaseStore.instant;
import static io.linyu.casework.CaseStore.maybeInstant;
import static java.time.ZoneOffset.UTC;

import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

final class RecountStore {
  /// What runs in working time, by the calendar it was counted with. As the index has it.
  private static final String IN_WORKING_TIME = "stopped_at IS NULL AND rule LIKE '% work%'";

  private static final String CALENDAR = "split_part(rule, ' by ', 2)";

  /// @param late whether it was noticed that it is late
  record Running(CaseId caseId, CaseClock clock, boolean late, String calendar) {}

  /// Cases with a clock that was counted with another calendar than this.
  List<CaseId> found(Sql sql, String calendar, int most) {
    return sql
        .rows(
            """
            SELECT DISTINCT case_id FROM (
              (SELECT case_id FROM clock WHERE %1$s AND %2$s < $1 ORDER BY %2$s, case_id LIMIT $2)
              UNION ALL
              (SELECT case_id FROM clock WHERE %1$s AND %2$s > $1 ORDER BY %2$s, case_id LIMIT $2)) AS other
             ORDER BY case_id LIMIT $2
            """
                .formatted(IN_WORKING_TIME, CALENDAR),
            calendar,
            most)
        .stream()
        .map(row -> new CaseId(row.getLong("case_id")))
        .toList();
  }

  /// Of these, in their order, those at which nobody works just now.
  List<CaseId> take(Tx tx, List<CaseId> ids) {
    return tx
        .rows(
            """
            SELECT id FROM "case" WHERE id = ANY($1::bigint[]) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
            """,
            (Object) ids.stream().map(CaseId::value).toArray(Long[]::new))
        .stream()
        .map(row -> new CaseId(row.getLong("id")))
        .toList();
  }

  /// Of these cases what was counted with another calendar. Their rows are locked.
  List<Running> counted(Tx tx, Collection<CaseId> ids, String calendar) {
    return tx
        .rows(
            """
            SELECT case_id, kind, started_at, amber_at, due_at, rule, rule_version, pauses, late_at IS NOT NULL AS late,
                   %2$s AS calendar
              FROM clock
             WHERE case_id = ANY($1::bigint[]) AND %1$s AND %2$s <> $2
             ORDER BY case_id, due_at, kind
            """
                .formatted(IN_WORKING_TIME, CALENDAR),
            ids.stream().map(CaseId::value).toArray(Long[]::new),
            calendar)
        .stream()
        .map(RecountStore::read)
        .toList();
  }

  /// All, in the order of the index.
  List<Running> running(Sql sql, @Nullable Running after, int most) {
    CaseClock clock = after == null ? null : after.clock();
    return sql
        .rows(
            """
            SELECT case_id, kind, started_at, amber_at, due_at, rule, rule_version, pauses, late_at IS NOT NULL AS late,
                   %2$s AS calendar
              FROM clock
             WHERE %1$s AND (%2$s, case_id, kind, started_at) > ($1, $2, $3, $4)
             ORDER BY %2$s, case_id, kind, started_at
             LIMIT $5
            """
                .formatted(IN_WORKING_TIME, CALENDAR),
            after == null ? "" : after.calendar(),
            after == null ? -1L : after.caseId().value(),
            clock == null ? "" : clock.kind().word(),
            (clock == null ? Instant.EPOCH : clock.startedAt()).atOffset(UTC),
            most)
        .stream()
        .map(RecountStore::read)
        .toList();
  }

  /// @param clock that ran in working time and is over; null: the case has none
  record Ended(CaseId caseId, Instant openedAt, @Nullable CaseClock clock) {}

  /// Of the newest cases; one without such a clock is a line all the same.
  ///
  /// @param before the case that the page before ended with
  List<Ended> ended(Sql sql, long before, int cases) {
    return sql
        .rows(
            """
            SELECT c.id, c.opened_at, k.kind, k.started_at, k.amber_at, k.due_at, k.stopped_at, k.rule,
                   k.rule_version, k.pauses
              FROM (SELECT id, opened_at FROM "case" WHERE id < $1 ORDER BY id DESC LIMIT $2) c
              LEFT JOIN LATERAL (
                   SELECT * FROM clock x
                    WHERE x.case_id = c.id AND x.stopped_at IS NOT NULL AND x.rule LIKE '% work%') k ON true
             ORDER BY c.id DESC, k.started_at
            """,
            before, cases)
        .stream()
        .map(row ->
            new Ended(
                new CaseId(row.getLong("id")),
                instant(row, "opened_at"),
                row.getString("kind") == null ? null : clock(row, maybeInstant(row, "stopped_at"))))
        .toList();
  }

  /// What was late and is not any more may be late once more.
  void write(Tx tx, List<Running> was, List<CaseClock> is, Instant now) {
    tx.execute(
        """
        UPDATE clock k
           SET amber_at = n.amber_at, due_at = n.due_at, rule = n.rule,
               late_at = CASE WHEN n.due_at > $7 THEN NULL ELSE k.late_at END
          FROM unnest($1::bigint[], $2::text[], $3::timestamptz[], $4::timestamptz[], $5::timestamptz[], $6::text[])
            AS n(case_id, kind, started_at, amber_at, due_at, rule)
         WHERE k.case_id = n.case_id AND k.kind = n.kind AND k.started_at = n.started_at
        """,
        was.stream().map(each -> each.caseId().value()).toArray(Long[]::new),
        is.stream().map(each -> each.kind().word()).toArray(String[]::new),
        times(is, CaseClock::startedAt),
        times(is, CaseClock::amberAt),
        times(is, CaseClock::dueAt),
        is.stream().map(CaseClock::rule).toArray(String[]::new),
        now.atOffset(UTC));
  }

  /// The lists go by the earliest of a case's clocks.
  void follow(Tx tx, Collection<CaseId> ids) {
    tx.execute(
        """
        UPDATE "case" c
           SET next_due_at = k.due_at, next_amber_at = k.amber_at
          FROM unnest($1::bigint[]) AS x(case_id)
         CROSS JOIN LATERAL (
               SELECT due_at, amber_at FROM clock
                WHERE case_id = x.case_id AND stopped_at IS NULL
                ORDER BY due_at
                LIMIT 1) k
         WHERE c.id = x.case_id AND c.closed_at IS NULL
        """,
        (Object) ids.stream().map(CaseId::value).toArray(Long[]::new));
  }

  /// How many running clocks are due in each of these years.
  Map<Integer, Integer> dueByYear(Sql sql, ZoneId zone) {
    var many = new HashMap<Integer, Integer>();
    sql.rows(
            """
            SELECT extract(year FROM due_at AT TIME ZONE $1)::int AS year, count(*)::int AS many
              FROM clock WHERE %s
             GROUP BY 1
            """
                .formatted(IN_WORKING_TIME),
            zone.getId())
        .forEach(row -> many.put(row.getInteger("year"), row.getInteger("many")));
    return many;
  }

  private static OffsetDateTime[] times(List<CaseClock> clocks, Function<CaseClock, Instant> get) {
    return clocks.stream().map(get).map(at -> at.atOffset(UTC)).toArray(OffsetDateTime[]::new);
  }

  private static Running read(Row row) {
    return new Running(
        new CaseId(row.getLong("case_id")),
        clock(row, null),
        row.getBoolean("late"),
        row.getString("calendar"));
  }

  private static CaseClock clock(Row row, @Nullable Instant stopped) {
    return new CaseClock(
        CaseClock.Kind.of(row.getString("kind")),
        instant(row, "started_at"),
        instant(row, "amber_at"),
        instant(row, "due_at"),
        stopped,
        row.getString("rule"),
        row.getInteger("rule_version"),
        ClockStore.pauses(row));
  }
}
