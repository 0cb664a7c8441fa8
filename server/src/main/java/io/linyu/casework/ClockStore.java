package io.linyu.casework;

import static io.linyu.casework.CaseStore.instant;
import static io.linyu.casework.CaseStore.maybeInstant;
import static java.time.ZoneOffset.UTC;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static java.util.stream.Collectors.toMap;

import io.linyu.casework.CaseClock.Kind;
import io.linyu.platform.db.Bulk;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The clocks of a case. One that is stopped is kept; only what began by mistake is forgotten.
final class ClockStore {
  private static final Bulk START =
      new Bulk(
          """
          case_id bigint, kind text, started_at timestamptz, amber_at timestamptz, due_at timestamptz,
          stopped_at timestamptz, rule text, rule_version int
          """,
          """
          INSERT INTO clock
                 (case_id, kind, started_at, amber_at, due_at, stopped_at, rule, rule_version)
          SELECT x.case_id, x.kind, x.started_at, x.amber_at, x.due_at, x.stopped_at, x.rule, x.rule_version
            FROM %s
              ON CONFLICT (case_id, kind, started_at) DO UPDATE SET stopped_at = excluded.stopped_at
          """);

  void start(Tx tx, CaseId id, CaseClock clock) {
    Instant stopped = clock.stoppedAt();
    tx.tell(
        START,
        id.value(),
        clock.kind().word(),
        clock.startedAt().atOffset(UTC),
        clock.amberAt().atOffset(UTC),
        clock.dueAt().atOffset(UTC),
        stopped == null ? null : stopped.atOffset(UTC),
        clock.rule(),
        clock.ruleVersion());
  }

  /// The first clocks of a case.
  void begin(Tx tx, CaseId id, List<CaseClock> clocks) {
    tx.tell(
        """
        INSERT INTO clock
               (case_id, kind, started_at, amber_at, due_at, stopped_at, rule, rule_version)
        SELECT $1, n.*
          FROM unnest($2::text[], $3::timestamptz[], $4::timestamptz[], $5::timestamptz[],
                      $6::timestamptz[], $7::text[], $8::int[]) AS n
        """,
        id.value(),
        clocks.stream().map(each -> each.kind().word()).toArray(String[]::new),
        times(clocks, CaseClock::startedAt),
        times(clocks, CaseClock::amberAt),
        times(clocks, CaseClock::dueAt),
        times(clocks, CaseClock::stoppedAt),
        clocks.stream().map(CaseClock::rule).toArray(String[]::new),
        clocks.stream().map(CaseClock::ruleVersion).toArray(Integer[]::new));
  }

  private static OffsetDateTime[] times(
      List<CaseClock> clocks, Function<CaseClock, @Nullable Instant> get) {
    return clocks.stream()
        .map(get)
        .map(at -> at == null ? null : at.atOffset(UTC))
        .toArray(OffsetDateTime[]::new);
  }

  private static final String STOP =
      """
      UPDATE clock SET stopped_at = $3
       WHERE case_id = $1 AND kind = $2 AND stopped_at IS NULL
      """;

  void stop(Tx tx, CaseId id, Kind kind, Instant at) {
    tx.tell(STOP, id.value(), kind.word(), at.atOffset(UTC));
  }

  /// Lets the last one of its kind run on.
  boolean resume(Tx tx, CaseId id, Kind kind) {
    return tx.execute(
            """
            UPDATE clock SET stopped_at = NULL
             WHERE case_id = $1 AND kind = $2
               AND started_at = (
                     SELECT max(started_at) FROM clock WHERE case_id = $1 AND kind = $2)
            """,
            id.value(),
            kind.word())
        > 0;
  }

  /// What never began was never started.
  void forget(Tx tx, CaseId id, Kind kind) {
    tx.tell("DELETE FROM clock WHERE case_id = $1 AND kind = $2", id.value(), kind.word());
  }

  /// Due at another time from now on.
  void move(Tx tx, CaseId id, CaseClock clock) {
    tx.tell(
        """
        UPDATE clock SET amber_at = $4, due_at = $5, rule = $6
         WHERE case_id = $1 AND kind = $2 AND started_at = $3
        """,
        id.value(),
        clock.kind().word(),
        clock.startedAt().atOffset(UTC),
        clock.amberAt().atOffset(UTC),
        clock.dueAt().atOffset(UTC),
        clock.rule());
  }

  /// It stands still.
  void pause(Tx tx, CaseId id, CaseClock clock, Instant at) {
    tx.tell(
        """
        UPDATE clock SET stopped_at = $4, pauses = pauses || $4::timestamptz
         WHERE case_id = $1 AND kind = $2 AND started_at = $3
        """,
        id.value(),
        clock.kind().word(),
        clock.startedAt().atOffset(UTC),
        at.atOffset(UTC));
  }

  /// It runs on, as it is now.
  void runOn(Tx tx, CaseId id, CaseClock clock) {
    move(tx, id, clock);
    tx.tell(
        """
        UPDATE clock SET stopped_at = NULL, pauses = $4
         WHERE case_id = $1 AND kind = $2 AND started_at = $3
        """,
        id.value(),
        clock.kind().word(),
        clock.startedAt().atOffset(UTC),
        clock.pauses().stream().map(each -> each.atOffset(UTC)).toArray(OffsetDateTime[]::new));
  }

  /// Also what stands still does not run on.
  void stopAll(Tx tx, CaseId id, Instant at) {
    tx.tell(
        """
        UPDATE clock
           SET stopped_at = coalesce(stopped_at, $2),
               pauses = CASE WHEN cardinality(pauses) % 2 = 1 THEN pauses || $2::timestamptz ELSE pauses END
         WHERE case_id = $1 AND (stopped_at IS NULL OR cardinality(pauses) % 2 = 1)
        """,
        id.value(), at.atOffset(UTC));
  }

  List<CaseClock> clocks(Sql sql, CaseId id) {
    return sql
        .rows(
            """
            SELECT kind, started_at, amber_at, due_at, stopped_at, rule, rule_version, pauses
              FROM clock
             WHERE case_id = $1
             ORDER BY due_at, started_at
            """,
            id.value())
        .stream()
        .map(ClockStore::read)
        .toList();
  }

  Map<CaseId, List<CaseClock>> clocks(Sql sql, Collection<CaseId> ids) {
    return sql
        .rows(
            """
            SELECT case_id, kind, started_at, amber_at, due_at, stopped_at, rule, rule_version, pauses
              FROM clock
             WHERE case_id = ANY($1::bigint[])
             ORDER BY case_id, due_at, started_at
            """,
            (Object) ids.stream().map(CaseId::value).toArray(Long[]::new))
        .stream()
        .collect(
            groupingBy(
                row -> new CaseId(row.getLong("case_id")), mapping(ClockStore::read, toList())));
  }

  Optional<CaseClock> running(Sql sql, CaseId id, Kind kind) {
    return clocks(sql, id).stream()
        .filter(each -> each.kind() == kind && each.isRunning())
        .findFirst();
  }

  /// Of each case the running clock that is due next, but the desk's own.
  Map<CaseId, CaseClock> next(Sql sql, Collection<CaseId> ids) {
    return sql
        .rows(
            """
            SELECT DISTINCT ON (case_id)
                   case_id, kind, started_at, amber_at, due_at, stopped_at, rule, rule_version, pauses
              FROM clock
             WHERE case_id = ANY($1::bigint[]) AND stopped_at IS NULL AND kind NOT IN ('signing', 'ruling', 'rework')
             ORDER BY case_id, due_at
            """,
            (Object) ids.stream().map(CaseId::value).toArray(Long[]::new))
        .stream()
        .collect(toMap(row -> new CaseId(row.getLong("case_id")), ClockStore::read));
  }

  /// What this desk had to sign since then in working time, of the cases that it has and of those
  /// that it has brought to their end; the newest first.
  List<CaseClock> signing(Sql sql, long desk, Instant since, int most) {
    return sql
        .rows(
            """
            SELECT k.kind, k.started_at, k.amber_at, k.due_at, k.stopped_at, k.rule, k.rule_version, k.pauses
              FROM (SELECT id FROM "case" WHERE desk_id = $1 AND closed_at IS NULL
                     UNION ALL
                    SELECT id FROM "case" WHERE desk_id = $1 AND closed_at >= $2) c
              JOIN clock k ON k.case_id = c.id AND k.kind = 'signing' AND k.started_at >= $2 AND k.rule LIKE '% work%'
             WHERE EXISTS (SELECT FROM holding h
                            WHERE h.case_id = c.id AND h.desk_id = $1 AND h.during @> k.started_at)
             ORDER BY k.started_at DESC
             LIMIT $3
            """,
            desk, since.atOffset(UTC), most)
        .stream()
        .map(ClockStore::read)
        .toList();
  }

  private static CaseClock read(Row row) {
    return new CaseClock(
        Kind.of(row.getString("kind")),
        instant(row, "started_at"),
        instant(row, "amber_at"),
        instant(row, "due_at"),
        maybeInstant(row, "stopped_at"),
        row.getString("rule"),
        row.getInteger("rule_version"),
        pauses(row));
  }

  static List<Instant> pauses(Row row) {
    return Arrays.stream(row.getArrayOfOffsetDateTimes("pauses"))
        .map(OffsetDateTime::toInstant)
        .toList();
  }
}
