package io.linyu.casework;

import static io.linyu.casework.CaseStore.instant;
import static io.linyu.casework.CaseStore.maybeInstant;
import static java.time.ZoneOffset.UTC;
import static java.util.stream.Collectors.toUnmodifiableSet;

import io.linyu.casework.LoopRule.Due;
import io.linyu.casework.LoopRule.Effect;
import io.linyu.casework.LoopRule.Mode;
import io.linyu.community.Staff;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

final class LoopRuleStore {
  private static final String SWITCH =
      """
      SELECT r.rule, r.version, r.mode, r.reason, r.set_at, s.name AS set_by
        FROM rule_switch r LEFT JOIN staff s ON s.id = r.set_by
      """;

  private static final Set<String> EFFECTS =
      Stream.of(Effect.values()).map(Effect::word).collect(toUnmodifiableSet());

  /// @param done how often it was live
  /// @param dry how often it would have been
  record Count(int done, int dry) {}

  /// @param at when it was applied, or would have been
  record Applied(
      String code, String number, String title, Effect effect, boolean dry, Instant at) {}

  /// When a case is to be looked at again.
  record Again(CaseId id, Instant at) {}

  // What is due.

  /// Not before something happens to them.
  void rest(Tx tx, List<CaseId> over) {
    if (!over.isEmpty()) {
      tx.tell(
          "DELETE FROM rule_watch WHERE case_id = ANY($1::bigint[])",
          (Object) over.stream().map(CaseId::value).toArray(Long[]::new));
    }
  }

  void lookAgain(Tx tx, CaseId id, Instant at) {
    lookAgain(tx, List.of(new Again(id, at)));
  }

  void lookAgain(Tx tx, List<Again> again) {
    if (!again.isEmpty()) {
      tx.tell(
          """
          UPDATE rule_watch w SET next_due_at = n.at
            FROM unnest($1::bigint[], $2::timestamptz[]) AS n (id, at)
           WHERE w.case_id = n.id
          """,
          again.stream().map(each -> each.id().value()).toArray(Long[]::new),
          again.stream().map(each -> each.at().atOffset(UTC)).toArray(OffsetDateTime[]::new));
    }
  }

  /// All that is open, the longest due first.
  void watchOpen(Tx tx, Instant now) {
    tx.execute(
        """
        INSERT INTO rule_watch (case_id, next_due_at)
        SELECT id, least(next_due_at, $1) FROM "case" WHERE closed_at IS NULL ORDER BY id
            ON CONFLICT (case_id) DO UPDATE
           SET next_due_at = least(rule_watch.next_due_at, excluded.next_due_at)
        """,
        now.atOffset(UTC));
  }

  /// What is done once.
  record Once(CaseId id, LoopRule rule, Effect effect, Instant occasion, boolean dry) {
    /// @param occasion PostgreSQL keeps microseconds
    Once {
      occasion = occasion.truncatedTo(ChronoUnit.MICROS);
    }

    static Once of(CaseId id, RuleSwitch by, Due due) {
      return new Once(id, by.rule(), due.effect(), due.occasion(), by.isDry());
    }
  }

  /// What was done about these. As long as their watches are locked nothing comes to it but by
  /// whoever has locked them.
  Set<Once> applied(Sql sql, Collection<CaseId> ids) {
    return sql
        .rows(
            "SELECT case_id, rule, effect, occasion, dry FROM rule_applied WHERE case_id = ANY($1::bigint[])",
            (Object) ids.stream().map(CaseId::value).toArray(Long[]::new))
        .stream()
        // What only a newer server does concerns nobody here.
        .filter(row ->
            LoopRule.named(row.getString("rule")).isPresent()
                && EFFECTS.contains(row.getString("effect")))
        .map(row ->
            new Once(
                new CaseId(row.getLong("case_id")),
                LoopRule.valueOf(row.getString("rule")),
                Effect.of(row.getString("effect")),
                instant(row, "occasion"),
                row.getBoolean("dry")))
        .collect(toUnmodifiableSet());
  }

  private static final String APPLY =
      """
      INSERT INTO rule_applied (case_id, rule, effect, occasion, dry, version, at)
      VALUES ($1, $2, $3, $4, $5, $6, $7)
      """;

  /// What was not [applied][#applied] yet.
  void apply(Tx tx, Once once, int version, Instant now) {
    tx.tell(APPLY, parameters(once, version, now));
  }

  /// Where others may be doing the same.
  ///
  /// @return false: it was done
  boolean applyOnce(Tx tx, Once once, int version, Instant now) {
    return tx.execute(APPLY + " ON CONFLICT DO NOTHING", parameters(once, version, now)) == 1;
  }

  private static Object[] parameters(Once once, int version, Instant now) {
    return new Object[] {
      once.id().value(),
      once.rule().name(),
      once.effect().word(),
      once.occasion().atOffset(UTC),
      once.dry(),
      version,
      now.atOffset(UTC)
    };
  }

  // How they are set.

  /// One at a time changes them.
  void lock(Tx tx) {
    tx.rows("SELECT pg_advisory_xact_lock(hashtext('linyu.rules'))");
  }

  /// Of each rule that this server knows, the newest version.
  List<RuleSwitch> current(Sql sql) {
    return sql
        .rows(
            SWITCH
                + """
                 WHERE r.version = (SELECT max(version) FROM rule_switch n WHERE n.rule = r.rule)
                 ORDER BY r.rule
                """)
        .stream()
        .filter(row -> LoopRule.named(row.getString("rule")).isPresent())
        .map(LoopRuleStore::read)
        .toList();
  }

  List<RuleSwitch> versions(Sql sql, LoopRule rule) {
    return sql
        .rows(SWITCH + " WHERE r.rule = $1 ORDER BY r.version DESC LIMIT 100", rule.name())
        .stream()
        .map(LoopRuleStore::read)
        .toList();
  }

  void insert(Tx tx, LoopRule rule, int version, Mode mode, String reason, long by, Instant at) {
    tx.execute(
        """
        INSERT INTO rule_switch (rule, version, mode, reason, set_by, set_at)
        VALUES ($1, $2, $3, $4, $5, $6)
        """,
        rule.name(),
        version,
        mode.word(),
        reason,
        by,
        at.atOffset(UTC));
  }

  // What was done.

  Map<LoopRule, Count> counts(Sql sql, Instant since) {
    var counts = new EnumMap<LoopRule, Count>(LoopRule.class);
    sql.rows(
            """
            SELECT rule, (count(*) FILTER (WHERE NOT dry))::int AS done, (count(*) FILTER (WHERE dry))::int AS dry
              FROM rule_applied
             WHERE at > $1
             GROUP BY rule
            """,
            since.atOffset(UTC))
        .forEach(row ->
            LoopRule.named(row.getString("rule"))
                .ifPresent(rule ->
                    counts.put(rule, new Count(row.getInteger("done"), row.getInteger("dry")))));
    return counts;
  }

  List<Applied> applied(Sql sql, Staff staff, Scope scope, LoopRule rule, Instant since, int most) {
    return sql
        .rows(
            """
            SELECT c.code, case_number(c.number, c.round) AS number, c.title, a.effect, a.dry, a.at
              FROM rule_applied a JOIN "case" c ON c.id = a.case_id
             WHERE a.rule = $1 AND a.at > $7 AND %s
             ORDER BY a.at DESC, a.case_id DESC
             LIMIT $8
            """
                .formatted(CaseStore.VISIBLE),
            rule.name(),
            CaseStore.desks(staff),
            staff.id(),
            scope.grid(),
            scope.path(),
            scope.confidential(),
            since.atOffset(UTC),
            most)
        .stream()
        .filter(row -> EFFECTS.contains(row.getString("effect")))
        .map(row ->
            new Applied(
                row.getString("code"),
                row.getString("number"),
                row.getString("title"),
                Effect.of(row.getString("effect")),
                row.getBoolean("dry"),
                instant(row, "at")))
        .toList();
  }

  private static RuleSwitch read(Row row) {
    return new RuleSwitch(
        LoopRule.valueOf(row.getString("rule")),
        row.getInteger("version"),
        Mode.of(row.getString("mode")).orElseThrow(),
        row.getString("reason"),
        row.getString("set_by"),
        maybeInstant(row, "set_at"));
  }
}
