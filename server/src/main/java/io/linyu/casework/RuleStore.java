package io.linyu.casework;

import static java.util.Objects.requireNonNull;

import io.linyu.casework.Category.Limit;
import io.linyu.platform.db.Sql;
import io.linyu.platform.time.WorkingCalendar.Unit;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

final class RuleStore {
  /// The desk that a routing rule names.
  record Named(long rule, long desk) {}

  Future<Rules> at(Sql sql, Instant at) {
    return sql.send(
            """
            SELECT version, acceptance, signing, signing_critical_minutes, checking, return_visit,
                   check_sample, whitelist, confidential
              FROM case_rules
             WHERE valid_from <= $1
             ORDER BY valid_from DESC, version DESC
             LIMIT 1
            """,
            Tuple.of(at.atOffset(ZoneOffset.UTC)))
        .map(rows -> read(rows.iterator().next()));
  }

  /// The deepest territory wins; there, a rule for the category wins over one for all.
  Future<Optional<Named>> route(
      Sql sql, String category, Collection<Long> territories, LocalDate day) {
    return sql.send(
            """
            SELECT r.id, r.desk_id
              FROM routing_rule r JOIN territory t ON t.id = r.territory_id
             WHERE r.territory_id = ANY($1)
               AND (r.category_code IS NULL OR r.category_code = $2)
               AND r.valid @> $3::date
             ORDER BY length(t.path) - length(replace(t.path, '/', '')) DESC,
                      r.category_code NULLS LAST
             LIMIT 1
            """,
            Tuple.of(territories.toArray(Long[]::new), category, day))
        .map(rows ->
            rows.stream()
                .map(row -> new Named(row.getLong("id"), row.getLong("desk_id")))
                .findFirst());
  }

  private static Rules read(Row row) {
    String[] whitelist = row.getArrayOfStrings("whitelist");
    return new Rules(
        row.getInteger("version"),
        limit(row.getString("acceptance")),
        limit(row.getString("signing")),
        row.getInteger("signing_critical_minutes"),
        limit(row.getString("checking")),
        limit(row.getString("return_visit")),
        row.getInteger("check_sample"),
        whitelist == null ? null : List.of(whitelist),
        List.of(row.getArrayOfStrings("confidential")));
  }

  private static Limit limit(String written) {
    int space = requireNonNull(written).indexOf(' ');
    return new Limit(
        Integer.parseInt(written.substring(0, space)), Unit.of(written.substring(space + 1)));
  }
}
