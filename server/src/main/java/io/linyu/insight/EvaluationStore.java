package io.linyu.insight;

import static java.time.ZoneOffset.UTC;

import io.linyu.casework.CaseId;
import io.linyu.casework.ReturnVisit.Outcome;
import io.linyu.casework.ReturnVisit.Satisfaction;
import io.linyu.casework.ReturnVisit.Solved;
import io.linyu.community.Level;
import io.linyu.insight.Evaluation.Course;
import io.linyu.insight.Evaluation.End;
import io.linyu.insight.Evaluation.InTime;
import io.linyu.insight.Evaluation.Times;
import io.linyu.insight.Evaluation.Visit;
import io.linyu.insight.Evaluation.Where;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

final class EvaluationStore {
  /// The newest version there is of a case.
  ///
  /// @param event that made it
  record Newest(int version, boolean ended, long event) {
    static final Newest NONE = new Newest(0, false, 0);
  }

  /// Of each of these cases that has one.
  Map<CaseId, Newest> newest(Sql sql, Collection<CaseId> cases) {
    return sql
        .rows(
            """
            SELECT DISTINCT ON (case_id) case_id, version, ended <> 'open' AS over, event_id
              FROM case_evaluation
             WHERE case_id = ANY($1::bigint[])
             ORDER BY case_id, version DESC
            """,
            (Object) cases.stream().map(CaseId::value).toArray(Long[]::new))
        .stream()
        .collect(
            Collectors.toMap(
                row -> new CaseId(row.getLong("case_id")),
                row ->
                    new Newest(
                        row.getInteger("version"),
                        row.getBoolean("over"),
                        row.getLong("event_id"))));
  }

  /// Told twice, it is written once.
  void add(Tx tx, long event, Evaluation e) {
    Where where = e.where();
    Times times = e.times();
    InTime inTime = e.inTime();
    Course course = e.course();
    Visit visit = e.visit();
    tx.tell(
        """
        INSERT INTO case_evaluation
               (case_id, version, event_id, at, ended, ended_at, category_code, channel, territory_id,
                territory_path, street_id, community_id, desk_id, body, level, said_at, filed_at, due_at,
                result_at, working_minutes, calendar_minutes, decided_in_time, contact_in_time,
                result_in_time, closed_in_time, dispatches, signed_in_time, checks, checks_in_time,
                checks_overturned, reworks, returns, transfers, extensions, suspensions,
                ended_suspended, urges, supervised, escalated, repeated, visit, solved, satisfied,
                contacted, reports_due, reports_made, nobody_to_visit)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,
                $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36,
                $37, $38, $39, $40, $41, $42, $43, $44, $45, $46, $47)
            ON CONFLICT (event_id) DO NOTHING
        """,
        e.caseId().value(),
        e.version(),
        event,
        at(e.at()),
        e.end().word(),
        at(times.ended()),
        e.category(),
        e.channel(),
        where.territory(),
        where.path(),
        where.street(),
        where.community(),
        where.desk(),
        where.body(),
        where.level() == null ? null : where.level().word(),
        at(times.said()),
        at(times.filed()),
        at(times.due()),
        at(times.result()),
        times.workingMinutes(),
        times.calendarMinutes(),
        inTime.decision(),
        inTime.contact(),
        inTime.result(),
        inTime.closing(),
        course.dispatches(),
        course.signedInTime(),
        course.checks(),
        course.checksInTime(),
        course.checksOverturned(),
        course.reworks(),
        course.returns(),
        course.transfers(),
        course.extensions(),
        course.suspensions(),
        course.endedSuspended(),
        course.urges(),
        course.supervised(),
        course.escalated(),
        e.repeat(),
        visit.outcome() == null ? null : visit.outcome().word(),
        visit.solved() == null ? null : visit.solved().word(),
        visit.satisfied() == null ? null : visit.satisfied().word(),
        visit.contacted(),
        course.reportsDue(),
        course.reportsMade(),
        visit.nobody());
  }

  /// Of these events those that made a record.
  Set<Long> recorded(Sql sql, Collection<Long> events) {
    return sql
        .rows(
            "SELECT event_id FROM case_evaluation WHERE event_id = ANY($1::bigint[])",
            (Object) events.toArray(Long[]::new))
        .stream()
        .map(row -> row.getLong("event_id"))
        .collect(Collectors.toUnmodifiableSet());
  }

  /// Every version of one case, the first one first.
  List<Evaluation> of(Sql sql, CaseId id) {
    return sql
        .rows("SELECT * FROM case_evaluation WHERE case_id = $1 ORDER BY version", id.value())
        .stream()
        .map(EvaluationStore::read)
        .toList();
  }

  /// What ended there in this time and still counts as ended, in the order in which it did.
  ///
  /// @param path of the place; everything below it belongs to it
  /// @param street its own id where it is one; else null
  /// @param community its own id where it is one; else null
  /// @param after the case behind which the page begins, and when that ended
  List<Evaluation> ended(
      Sql sql,
      String path,
      @Nullable Long street,
      @Nullable Long community,
      Instant from,
      Instant to,
      Instant after,
      long afterCase,
      int limit) {
    String unit =
        community != null
            ? "e.community_id = $7"
            : street != null ? "e.street_id = $7" : "$7::bigint IS NULL";
    return sql
        .rows(
            """
            SELECT e.* FROM case_evaluation e
             WHERE %s AND e.ended_at >= $1 AND e.ended_at < $2
               AND (e.ended_at, e.case_id) > ($3, $4)
               AND starts_with(e.territory_path, $5)
               AND NOT EXISTS (
                     SELECT FROM case_evaluation n
                      WHERE n.case_id = e.case_id AND n.version > e.version)
             ORDER BY e.ended_at, e.case_id
             LIMIT $6
            """
                .formatted(unit),
            at(from),
            at(to),
            at(after),
            afterCase,
            path,
            limit,
            community != null ? community : street)
        .stream()
        .map(EvaluationStore::read)
        .toList();
  }

  private static @Nullable OffsetDateTime at(@Nullable Instant at) {
    return at == null ? null : at.atOffset(UTC);
  }

  private static Evaluation read(Row row) {
    return new Evaluation(
        new CaseId(row.getLong("case_id")),
        row.getInteger("version"),
        row.getOffsetDateTime("at").toInstant(),
        End.valueOf(row.getString("ended").toUpperCase(Locale.ROOT)),
        row.getString("category_code"),
        row.getString("channel"),
        row.getBoolean("repeated"),
        new Where(
            row.getLong("territory_id"),
            row.getString("territory_path"),
            row.getLong("street_id"),
            row.getLong("community_id"),
            row.getLong("desk_id"),
            row.getString("body"),
            named(row.getString("level"), Level::of)),
        new Times(
            row.getOffsetDateTime("said_at").toInstant(),
            maybe(row, "filed_at"),
            maybe(row, "due_at"),
            maybe(row, "result_at"),
            maybe(row, "ended_at"),
            row.getLong("working_minutes"),
            row.getLong("calendar_minutes")),
        new InTime(
            row.getBoolean("decided_in_time"),
            row.getBoolean("contact_in_time"),
            row.getBoolean("result_in_time"),
            row.getBoolean("closed_in_time")),
        new Course(
            row.getInteger("dispatches"),
            row.getInteger("signed_in_time"),
            row.getInteger("checks"),
            row.getInteger("checks_in_time"),
            row.getInteger("checks_overturned"),
            row.getInteger("reworks"),
            row.getInteger("returns"),
            row.getInteger("transfers"),
            row.getInteger("extensions"),
            row.getInteger("suspensions"),
            row.getBoolean("ended_suspended"),
            row.getInteger("urges"),
            row.getBoolean("supervised"),
            row.getBoolean("escalated"),
            many(row, "reports_due"),
            many(row, "reports_made")),
        new Visit(
            named(row.getString("visit"), word -> Outcome.valueOf(word.toUpperCase(Locale.ROOT))),
            named(row.getString("solved"), word -> Solved.valueOf(word.toUpperCase(Locale.ROOT))),
            named(
                row.getString("satisfied"),
                word -> Satisfaction.valueOf(word.toUpperCase(Locale.ROOT))),
            row.getBoolean("contacted"),
            Boolean.TRUE.equals(row.getBoolean("nobody_to_visit"))));
  }

  private static <T> @Nullable T named(@Nullable String word, Function<String, T> of) {
    return word == null ? null : of.apply(word);
  }

  /// None where nobody counted them yet.
  private static int many(Row row, String column) {
    Integer many = row.getInteger(column);
    return many == null ? 0 : many;
  }

  private static @Nullable Instant maybe(Row row, String column) {
    OffsetDateTime at = row.getOffsetDateTime(column);
    return at == null ? null : at.toInstant();
  }
}
