package io.linyu.casework;

import static java.time.ZoneOffset.UTC;
import static java.util.Objects.requireNonNull;

import io.linyu.casework.RoutingRule.Plan;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The rules themselves, as people set them. What a case asks is [RuleStore#route].
final class RoutingRuleStore {
  private static final String RULES =
      """
      SELECT r.id, r.category_code, r.territory_id, r.desk_id, r.reason, r.set_at, r.ended_at, r.end_reason,
             r.replay_id, r.end_replay_id,
             coalesce(lower(r.valid), lower(r.planned), '2000-01-01') AS begins, upper(r.valid) AS ends,
             isempty(r.valid) AS taken_back, s.name AS set_by, e.name AS ended_by
        FROM routing_rule r
        JOIN territory t ON t.id = r.territory_id
        LEFT JOIN staff s ON s.id = r.set_by
        LEFT JOIN staff e ON e.id = r.ended_by
      """;

  /// Those of their territory, and those around it that hold for it, too.
  private static final String THEIRS = "(starts_with(t.path, $1) OR starts_with($1, t.path))";

  /// One at a time changes them.
  void lock(Tx tx) {
    tx.rows("SELECT pg_advisory_xact_lock(hashtext('linyu.routing'))");
  }

  /// Newest first.
  ///
  /// @param within the path of a place: what holds for it or a part of it
  /// @param kinds of these, or of every kind; null: whatever they are of
  List<RoutingRule> page(
      Sql sql,
      String mine,
      String within,
      @Nullable List<String> kinds,
      RoutingRules.When when,
      LocalDate today,
      long before,
      int limit) {
    String whenSql =
        switch (when) {
          case NOW -> "r.valid @> $4::date";
          case COMING -> "lower(r.valid) > $4::date";
          case OVER -> "(isempty(r.valid) OR upper(r.valid) <= $4::date)";
        };
    return sql
        .rows(
            RULES
                + """
                 WHERE %s AND (starts_with(t.path, $2) OR starts_with($2, t.path))
                   AND ($3::text[] IS NULL OR r.category_code IS NULL OR r.category_code = ANY($3))
                   AND %s AND r.id < $5
                 ORDER BY r.id DESC
                 LIMIT $6
                """
                    .formatted(THEIRS, whenSql),
            mine,
            within,
            kinds == null ? null : kinds.toArray(String[]::new),
            today,
            before,
            limit)
        .stream()
        .map(RoutingRuleStore::read)
        .toList();
  }

  Optional<RoutingRule> visible(Sql sql, String mine, long id) {
    return sql.row(RULES + " WHERE " + THEIRS + " AND r.id = $2", mine, id)
        .map(RoutingRuleStore::read);
  }

  Optional<RoutingRule> byId(Sql sql, long id) {
    return sql.row(RULES + " WHERE r.id = $1", id).map(RoutingRuleStore::read);
  }

  /// All that hold on this day.
  List<RoutingRule> inForce(Sql sql, LocalDate day) {
    return sql.rows(RULES + " WHERE r.valid @> $1::date ORDER BY r.id", day).stream()
        .map(RoutingRuleStore::read)
        .toList();
  }

  /// All that hold on this day or later.
  List<RoutingRule> from(Sql sql, LocalDate day) {
    return sql
        .rows(RULES + " WHERE r.valid && daterange($1::date, NULL) ORDER BY r.id", day)
        .stream()
        .map(RoutingRuleStore::read)
        .toList();
  }

  /// For the same kind and place, in a part of the same time.
  Optional<RoutingRule> overlapping(Sql sql, Plan plan) {
    return sql
        .rows(
            RULES
                + """
                 WHERE coalesce(r.category_code, '') = coalesce($1, '') AND r.territory_id = $2
                   AND r.valid && daterange($3::date, $4::date)
                 ORDER BY r.valid
                 LIMIT 1
                """,
            plan.category(),
            plan.territory(),
            plan.from(),
            plan.until())
        .stream()
        .findFirst()
        .map(RoutingRuleStore::read);
  }

  /// @param by null: a file
  /// @param replay what they had looked at before
  long insert(Tx tx, Plan plan, @Nullable Long by, Instant at, @Nullable Long replay) {
    return requireNonNull(
        tx.one(
                """
                INSERT INTO routing_rule (category_code, territory_id, desk_id, valid, planned, reason, set_by, set_at,
                                          replay_id)
                VALUES ($1, $2, $3, daterange($4::date, $5::date), daterange($4::date, $5::date), $6, $7, $8, $9)
                RETURNING id
                """,
                plan.category(),
                plan.territory(),
                plan.desk(),
                plan.from(),
                plan.until(),
                plan.reason(),
                by,
                at.atOffset(UTC),
                replay)
            .getLong("id"));
  }

  /// @param day the first on which it holds no more; null: it never holds
  /// @param replay what they had looked at before
  void end(
      Tx tx,
      long id,
      @Nullable LocalDate day,
      long by,
      String reason,
      Instant at,
      @Nullable Long replay) {
    tx.execute(
        """
        UPDATE routing_rule
           SET valid = CASE WHEN $2::date IS NULL THEN 'empty'
                            ELSE daterange(lower(valid), $2::date) END,
               ended_by = $3, ended_at = $4, end_reason = $5, end_replay_id = $6
         WHERE id = $1
        """,
        id,
        day,
        by,
        at.atOffset(UTC),
        reason,
        replay);
  }

  private static RoutingRule read(Row row) {
    return new RoutingRule(
        row.getLong("id"),
        row.getString("category_code"),
        row.getLong("territory_id"),
        row.getLong("desk_id"),
        row.getLocalDate("begins"),
        row.getLocalDate("ends"),
        row.getString("reason"),
        row.getString("set_by"),
        CaseStore.maybeInstant(row, "set_at"),
        row.getString("ended_by"),
        CaseStore.maybeInstant(row, "ended_at"),
        row.getString("end_reason"),
        row.getLong("replay_id"),
        row.getLong("end_replay_id"),
        row.getBoolean("taken_back"));
  }
}
