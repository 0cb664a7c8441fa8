package io.linyu.casework;

import com.fasterxml.jackson.core.type.TypeReference;
import io.linyu.casework.Category.Limit;
import io.linyu.casework.Rules.Own;
import io.linyu.platform.db.Sql;
import io.linyu.platform.text.Json;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

final class RuleStore {
  private static final TypeReference<Map<String, Own>> OWN = new TypeReference<>() {};

  /// The desk that a routing rule names.
  ///
  /// @param category a kind, or a group of kinds; null: every kind
  record Named(long rule, long desk, @Nullable String category) {
    /// A rule for many kinds does not speak of what is told in confidence, such as a complaint
    /// about the very desk that it names.
    boolean suits(Category kind, Rules rules) {
      return kind.code().equals(category) || !rules.keepsConfidential(kind);
    }
  }

  /// Of `case_rules`, as [#read] reads them beside those of a case.
  static final String COLUMNS =
      """
      version AS rule_version, acceptance, signing, signing_critical_minutes, checking, return_visit,
      return_window, return_decision, looking, viewing, check_sample, whitelist,
      confidential AS rule_confidential, own::text AS own
      """;

  private static final String AT =
      "SELECT "
          + COLUMNS
          + """
            FROM case_rules
           WHERE valid_from <= %s
           ORDER BY valid_from DESC, version DESC
           LIMIT 1
          """;

  /// The same as a part of another statement, whose rows [#read] reads.
  ///
  /// @param at the parameter that says when
  static String at(String at) {
    return AT.formatted(at);
  }

  Future<Rules> at(Sql sql, Instant at) {
    return sql.send(AT.formatted("$1"), Tuple.of(at.atOffset(ZoneOffset.UTC)))
        .map(rows -> read(rows.iterator().next()));
  }

  /// All that fit. The deepest territory comes first; there, a rule for the kind itself, then for
  /// the groups it belongs to, then for all.
  ///
  /// @param kinds the kind, then its groups, the nearest first
  Future<List<Named>> route(
      Sql sql, List<String> kinds, Collection<Long> territories, LocalDate day) {
    return sql.send(
            """
            SELECT r.id, r.desk_id, r.category_code
              FROM routing_rule r JOIN territory t ON t.id = r.territory_id
             WHERE r.territory_id = ANY($1)
               AND (r.category_code IS NULL OR r.category_code = ANY($2::text[]))
               AND r.valid @> $3::date
             ORDER BY length(t.path) - length(replace(t.path, '/', '')) DESC,
                      array_position($2::text[], r.category_code) NULLS LAST
            """,
            Tuple.of(territories.toArray(Long[]::new), kinds.toArray(String[]::new), day))
        .map(rows ->
            rows.stream()
                .map(row ->
                    new Named(
                        row.getLong("id"), row.getLong("desk_id"), row.getString("category_code")))
                .toList());
  }

  static Rules read(Row row) {
    String[] whitelist = row.getArrayOfStrings("whitelist");
    return new Rules(
        row.getInteger("rule_version"),
        Limit.of(row.getString("acceptance")),
        Limit.of(row.getString("signing")),
        row.getInteger("signing_critical_minutes"),
        Limit.of(row.getString("checking")),
        Limit.of(row.getString("return_visit")),
        Limit.of(row.getString("return_window")),
        Limit.of(row.getString("return_decision")),
        Limit.of(row.getString("looking")),
        Limit.of(row.getString("viewing")),
        row.getInteger("check_sample"),
        whitelist == null ? null : List.of(whitelist),
        List.of(row.getArrayOfStrings("rule_confidential")),
        own(row.getString("own")));
  }

  private static Map<String, Own> own(String json) {
    return json.equals("{}") ? Map.of() : Json.read(json, OWN);
  }
}
