package io.linyu.insight;

import static java.time.ZoneOffset.UTC;

import io.linyu.casework.CaseId;
import io.linyu.community.Staff;
import io.linyu.insight.Evaluation.Where;
import io.linyu.insight.Exclusion.Ground;
import io.linyu.insight.Exclusion.Outcome;
import io.linyu.insight.Exclusion.Said;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

final class ExclusionStore {
  private static final String SELECT =
      """
      SELECT x.*, p.name AS proposed_name, d.step, d.reason AS d_reason, d.at AS d_at, d.staff_id AS d_by,
             ds.name AS d_name, b.reason AS b_reason, b.at AS b_at, b.staff_id AS b_by, bs.name AS b_name
        FROM case_exclusion x
        JOIN staff p ON p.id = x.proposed_by
        LEFT JOIN case_exclusion_step d ON d.exclusion_id = x.id AND d.nth = 1
        LEFT JOIN staff ds ON ds.id = d.staff_id
        LEFT JOIN case_exclusion_step b ON b.exclusion_id = x.id AND b.nth = 2
        LEFT JOIN staff bs ON bs.id = b.staff_id
      """;

  /// So that of two who propose the same at once the second sees the first.
  void lock(Tx tx, CaseId id) {
    var _ = tx.one("SELECT id FROM \"case\" WHERE id = $1 FOR UPDATE", id.value());
  }

  void add(
      Tx tx, Evaluation of, Instant ended, Ground ground, String reason, Staff by, Instant now) {
    Where where = of.where();
    var _ =
        tx.execute(
            """
            INSERT INTO case_exclusion (case_id, version, ended_at, territory_path, led_desk, ground,
                                        reason, proposed_by, proposed_place, proposed_desks, proposed_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            """,
            of.caseId().value(),
            of.version(),
            ended.atOffset(UTC),
            where.path(),
            where.desk(),
            ground.word(),
            reason,
            by.id(),
            by.territoryId(),
            desks(by),
            now.atOffset(UTC));
  }

  /// Nothing where somebody else was first.
  boolean step(Tx tx, long id, int nth, Outcome what, String reason, Staff by, Instant now) {
    return tx.execute(
            """
            INSERT INTO case_exclusion_step (exclusion_id, nth, step, reason, staff_id, place, desks, at,
                                             proposed_by, proposed_place, proposed_desks, led_desk)
            SELECT id, $2, $3, $4, $5, $6, $7, $8, proposed_by, proposed_place, proposed_desks, led_desk
              FROM case_exclusion WHERE id = $1
                ON CONFLICT DO NOTHING
            """,
            id,
            nth,
            what.word(),
            reason,
            by.id(),
            by.territoryId(),
            desks(by),
            now.atOffset(UTC))
        == 1;
  }

  Optional<Exclusion> byId(Sql sql, long id, String path) {
    return sql.row(SELECT + " WHERE x.id = $1 AND starts_with(x.territory_path, $2)", id, path)
        .map(ExclusionStore::read);
  }

  List<Exclusion> of(Sql sql, CaseId id) {
    return sql.rows(SELECT + " WHERE x.case_id = $1 ORDER BY x.id", id.value()).stream()
        .map(ExclusionStore::read)
        .toList();
  }

  /// The newest first.
  ///
  /// @param before the last of the page before
  List<Exclusion> at(Sql sql, String path, long before, int limit) {
    return sql
        .rows(
            SELECT
                + " WHERE x.id < $1 AND starts_with(x.territory_path, $2) ORDER BY x.id DESC LIMIT $3",
            before,
            path,
            limit)
        .stream()
        .map(ExclusionStore::read)
        .toList();
  }

  private static Long[] desks(Staff by) {
    return by.desks().stream().sorted().toArray(Long[]::new);
  }

  private static Exclusion read(Row row) {
    String step = row.getString("step");
    return new Exclusion(
        row.getLong("id"),
        new CaseId(row.getLong("case_id")),
        row.getOffsetDateTime("ended_at").toInstant(),
        row.getLong("led_desk"),
        Ground.valueOf(row.getString("ground").toUpperCase(Locale.ROOT)),
        new Said(
            row.getLong("proposed_by"),
            row.getString("proposed_name"),
            row.getString("reason"),
            row.getOffsetDateTime("proposed_at").toInstant()),
        Set.of(row.getArrayOfLongs("proposed_desks")),
        row.getLong("proposed_place"),
        step == null ? null : Outcome.valueOf(step.toUpperCase(Locale.ROOT)),
        said(row, "d_"),
        said(row, "b_"));
  }

  private static @Nullable Said said(Row row, String prefix) {
    Long by = row.getLong(prefix + "by");
    return by == null
        ? null
        : new Said(
            by,
            row.getString(prefix + "name"),
            row.getString(prefix + "reason"),
            row.getOffsetDateTime(prefix + "at").toInstant());
  }
}
