package io.linyu.insight;

import static java.time.ZoneOffset.UTC;
import static java.util.stream.Collectors.joining;

import io.linyu.casework.CaseId;
import io.linyu.insight.Exclusion.Ground;
import io.linyu.platform.db.Sql;
import io.vertx.sqlclient.Row;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Counts in the database what [Metric] says of each case: a district's quarter is too much to be
/// read for one page. A test holds the two together.
final class FigureStore {
  /// What belongs to a place, and is what ended in a time and still counts as ended.
  private static final String ENDED =
      """
       FROM case_evaluation e
       %s
      WHERE %s AND e.ended_at >= $1 AND e.ended_at < $2 AND starts_with(e.territory_path, $3)
        AND NOT EXISTS (
              SELECT FROM case_evaluation n
               WHERE n.case_id = e.case_id AND n.version > 1 AND n.version > e.version)
      """;

  /// What is left out by two people.
  private static final String LEFT_OUT =
      """
       JOIN case_exclusion x ON x.case_id = e.case_id AND x.ended_at = e.ended_at
       JOIN case_exclusion_step s ON s.exclusion_id = x.id AND s.nth = 1 AND s.step = 'confirmed'
        AND NOT EXISTS (
              SELECT FROM case_exclusion_step b WHERE b.exclusion_id = x.id AND b.nth = 2)
      """;

  /// How much a case adds to what is asked for, and to what that is a part of.
  private record Added(String part, String whole) {
    /// Of those of which it is known, those of which it is true.
    static Added known(String column) {
      return new Added("(e." + column + ")::int", "(e." + column + " IS NOT NULL)::int");
    }

    static Added share(String of, String condition) {
      return new Added(
          "(" + of + " AND coalesce(" + condition + ", false))::int", "(" + of + ")::int");
    }

    static Added count(String part, String whole) {
      return new Added("e." + part, whole);
    }
  }

  private static final String FILED = "e.filed_at IS NOT NULL";
  private static final String CLOSED = "e.ended = 'closed'";
  private static final String TO_CLOSE = "(" + FILED + " AND " + CLOSED + ")";
  private static final String HAD_A_LIMIT = "(" + TO_CLOSE + " AND NOT e.ended_suspended)";
  private static final String TO_VISIT =
      "(" + CLOSED + " AND NOT coalesce(e.nobody_to_visit, false))";
  private static final String VISITED = "e.visit IS NOT NULL AND e.visit <> 'unreachable'";

  /// `$4` to `$6` are the weights.
  private static Added added(Metric metric) {
    return switch (metric) {
      case FILED -> Added.share("e.ended NOT IN ('merged', 'withdrawn', 'handed_off')", FILED);
      case DECIDED_ON_TIME -> Added.known("decided_in_time");
      case SIGNED_ON_TIME -> Added.count("signed_in_time", "e.dispatches - e.returns");
      case CONTACTED_ON_TIME -> Added.known("contact_in_time");
      case CLOSED -> Added.share(HAD_A_LIMIT, CLOSED);
      case ON_TIME -> Added.share(HAD_A_LIMIT, "e.closed_in_time");
      case RESULT_ON_TIME -> Added.known("result_in_time");
      case SOLVED ->
          new Added(
              "CASE e.solved WHEN 'yes' THEN 1 WHEN 'partly' THEN $4::text::numeric ELSE 0 END",
              "(e.solved IS NOT NULL)::int");
      case SATISFIED ->
          new Added(
              """
              CASE e.satisfied WHEN 'satisfied' THEN 1 WHEN 'basically' THEN $5::text::numeric
                               WHEN 'fair' THEN $6::text::numeric ELSE 0 END\
              """,
              "(e.satisfied IS NOT NULL)::int");
      case REWORKS ->
          new Added(
              "CASE WHEN e.result_at IS NOT NULL THEN e.reworks END",
              "(e.result_at IS NOT NULL)::int");
      case REWORKED -> Added.share(CLOSED, "e.reworks > 0");
      case LATE -> Added.share(TO_CLOSE, "NOT e.closed_in_time");
      case EXTENDED -> Added.share(FILED, "e.extensions > 0");
      case SUSPENDED -> Added.share(FILED, "e.suspensions > 0");
      case RETURNED -> Added.count("returns", "e.dispatches");
      case TRANSFERRED -> Added.count("transfers", "e.dispatches");
      case CHECKED_ON_TIME -> Added.count("checks_in_time", "e.checks");
      case OVERTURNED -> Added.count("checks_overturned", "e.checks");
      case VISITED -> Added.share(TO_VISIT, VISITED);
      case VISIT_ANSWERED -> Added.share(TO_VISIT + " AND " + VISITED, "e.solved IS NOT NULL");
      case NO_ANSWER -> Added.share(TO_VISIT, "e.visit = 'no_answer'");
      case UNREACHABLE -> Added.share(TO_VISIT, "e.visit = 'unreachable'");
      case REPEATED -> Added.share(FILED, "e.repeated");
      case FOUND -> Added.share(FILED, "e.channel = '" + Metric.PATROL + "'");
      case URGED -> new Added("CASE WHEN " + FILED + " THEN e.urges END", "(" + FILED + ")::int");
      case REPORTED_ON -> Added.count("reports_made", "e.reports_due");
      case BY_COMMUNITY -> closedAt("community");
      case BY_STREET -> closedAt("street");
      case BY_DISTRICT -> closedAt("district");
    };
  }

  private static Added closedAt(String level) {
    return Added.share(FILED, CLOSED + " AND e.level = '" + level + "' AND NOT e.escalated");
  }

  /// @param child the next place below that it lay in; null: in none
  /// @param cases how many have ended
  record Sum(@Nullable Long child, long cases, Map<Metric, Figure> figures) {}

  /// Of each place below, what ended there.
  List<Sum> sums(Sql sql, Area area, Instant from, Instant to, Weights weights) {
    return sums(sql, area, from, to, weights, ended(area, 7));
  }

  /// The same of what is left out.
  List<Sum> leftOut(Sql sql, Area area, Instant from, Instant to, Weights weights) {
    return sums(sql, area, from, to, weights, leftOut(area, 7));
  }

  /// How many are left out, and why.
  Map<Ground, Long> grounds(Sql sql, Area area, Instant from, Instant to) {
    var grounds = new EnumMap<Ground, Long>(Ground.class);
    sql.rows(
            "SELECT x.ground, count(*) AS cases" + leftOut(area, 4) + " GROUP BY 1",
            given(area, from, to, null))
        .forEach(row ->
            grounds.put(Ground.of(row.getString("ground")).orElseThrow(), row.getLong("cases")));
    return grounds;
  }

  private static String leftOut(Area area, int unit) {
    return ENDED.formatted(LEFT_OUT, condition(area, unit));
  }

  private static List<Sum> sums(
      Sql sql, Area area, Instant from, Instant to, Weights weights, String of) {
    String sums =
        Stream.of(Metric.values())
            .map(each -> {
              Added added = added(each);
              return "coalesce(sum(%s), 0)::numeric AS p_%s, coalesce(sum(%s), 0)::bigint AS w_%s"
                  .formatted(added.part(), each.word(), added.whole(), each.word());
            })
            .collect(joining(",\n"));
    return sql
        .rows(
            "SELECT "
                + area.child()
                + " AS child, count(*) AS cases,\n"
                + sums
                + of
                + " GROUP BY 1",
            given(area, from, to, weights))
        .stream()
        .map(FigureStore::sum)
        .toList();
  }

  private static Sum sum(Row row) {
    var figures = new EnumMap<Metric, Figure>(Metric.class);
    for (Metric each : Metric.values()) {
      BigDecimal part = row.getBigDecimal("p_" + each.word());
      figures.put(
          each,
          new Figure(each, part.stripTrailingZeros(), row.getLong("w_" + each.word()), List.of()));
    }
    return new Sum(row.getLong("child"), row.getLong("cases"), figures);
  }

  /// @param child null: in none of the places below
  record Answered(@Nullable Long child, long solved, long satisfied) {}

  /// How many residents said how it was, in each place below.
  List<Answered> answered(Sql sql, Area area, Instant from, Instant to) {
    return sql
        .rows(
            "SELECT "
                + area.child()
                + " AS child, count(e.solved) AS solved, "
                + "count(e.satisfied) AS satisfied"
                + ended(area, 4)
                + " GROUP BY 1",
            given(area, from, to, null))
        .stream()
        .map(row ->
            new Answered(row.getLong("child"), row.getLong("solved"), row.getLong("satisfied")))
        .toList();
  }

  /// How many live there; null: nobody has said.
  @Nullable Long residents(Sql sql, long place) {
    return sql.one("SELECT population::bigint AS n FROM territory WHERE id = $1", place)
        .getLong("n");
  }

  /// How many live behind a door of their own; null: nobody has said.
  @Nullable Long households(Sql sql, long place) {
    return sql.one("SELECT households::bigint AS n FROM territory WHERE id = $1", place)
        .getLong("n");
  }

  /// How long it took.
  TimeTaken working(Sql sql, Area area, Instant from, Instant to) {
    return taken(sql, area, from, to, "e.working_minutes");
  }

  TimeTaken calendar(Sql sql, Area area, Instant from, Instant to) {
    return taken(sql, area, from, to, "e.calendar_minutes");
  }

  private static TimeTaken taken(Sql sql, Area area, Instant from, Instant to, String column) {
    Row row =
        sql.one(
            """
            SELECT count(%1$s) AS cases, coalesce(round(avg(%1$s)), 0)::bigint AS mean,
                   coalesce(percentile_disc(0.5) WITHIN GROUP (ORDER BY %1$s), 0) AS median,
                   coalesce(percentile_disc(0.9) WITHIN GROUP (ORDER BY %1$s), 0) AS ninth
            """
                    .formatted(column)
                + ended(area, 4),
            given(area, from, to, null));
    return new TimeTaken(
        Math.toIntExact(row.getLong("cases")),
        row.getLong("mean"),
        row.getLong("median"),
        row.getLong("ninth"));
  }

  /// A case in a list, and when it ended.
  record Behind(CaseId id, Instant ended) {}

  /// What adds to a metric, in the order of its ends.
  List<Behind> behind(
      Sql sql,
      Area area,
      Metric metric,
      Instant from,
      Instant to,
      Weights weights,
      Behind after,
      int limit) {
    var given = new ArrayList<@Nullable Object>(List.of(given(area, from, to, weights)));
    int next = given.size() + 1;
    given.add(after.ended().atOffset(UTC));
    given.add(after.id().value());
    given.add(limit);
    return sql
        .rows(
            // Every parameter must be of a type, whether the metric asks for it or not.
            "SELECT e.case_id, e.ended_at, $4::text, $5::text, $6::text"
                + ended(area, 7)
                + " AND coalesce("
                + added(metric).part()
                + ", 0) > 0"
                + " AND (e.ended_at, e.case_id) > ($"
                + next
                + ", $"
                + (next + 1)
                + ")"
                + " ORDER BY e.ended_at, e.case_id LIMIT $"
                + (next + 2),
            given.toArray())
        .stream()
        .map(row ->
            new Behind(
                new CaseId(row.getLong("case_id")), row.getOffsetDateTime("ended_at").toInstant()))
        .toList();
  }

  private static String ended(Area area, int unit) {
    return ENDED.formatted("", condition(area, unit));
  }

  private static String condition(Area area, int unit) {
    return area.column() == null ? "true" : area.column() + " = $" + unit;
  }

  private static Object[] given(Area area, Instant from, Instant to, @Nullable Weights weights) {
    var given = new ArrayList<Object>();
    given.add(from.atOffset(UTC));
    given.add(to.atOffset(UTC));
    given.add(area.path());
    if (weights != null) {
      given.add(weights.partly().toPlainString());
      given.add(weights.basically().toPlainString());
      given.add(weights.fair().toPlainString());
    }
    if (area.column() != null) {
      given.add(area.id());
    }
    return given.toArray();
  }

  /// A place, as records know it.
  ///
  /// @param column that names it; null: everything is of it
  /// @param child the column of the places below
  record Area(String path, long id, @Nullable String column, String child) {}
}
