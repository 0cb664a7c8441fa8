package io.linyu.community;

import static java.time.ZoneOffset.UTC;
import static java.util.Objects.requireNonNull;

import io.linyu.community.DeskHours.Plan;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.linyu.platform.time.OwnHours;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

final class DeskHoursStore {
  private static final String HOURS =
      """
      SELECT h.id, h.valid_from, h.week, h.holidays, h.reason, s.name AS set_by, h.set_at,
             b.name AS taken_back_by, h.taken_back_at
        FROM desk_hours h
        JOIN staff s ON s.id = h.set_by
        LEFT JOIN staff b ON b.id = h.taken_back_by
      """;

  /// One at a time sets those of this desk.
  void lock(Tx tx, long desk) {
    var _ = tx.one("SELECT id FROM desk WHERE id = $1 FOR NO KEY UPDATE", desk);
  }

  /// Newest first.
  List<HoursVersion> page(Sql sql, long desk, long before, int limit) {
    return sql
        .rows(
            HOURS + " WHERE h.desk_id = $1 AND h.id < $2 ORDER BY h.id DESC LIMIT $3",
            desk,
            before,
            limit)
        .stream()
        .map(DeskHoursStore::read)
        .toList();
  }

  /// Which hold on that day; empty: those of the house.
  Optional<HoursVersion> on(Sql sql, long desk, LocalDate day) {
    return sql.row(
            HOURS
                + """
                 WHERE h.desk_id = $1 AND h.taken_back_at IS NULL AND h.valid_from <= $2
                 ORDER BY h.valid_from DESC, h.id DESC
                 LIMIT 1
                """,
            desk,
            day)
        .map(DeskHoursStore::read);
  }

  /// Those that begin last, after that day.
  Optional<HoursVersion> planned(Sql sql, long desk, LocalDate after) {
    return sql.row(
            HOURS
                + """
                 WHERE h.desk_id = $1 AND h.taken_back_at IS NULL AND h.valid_from > $2
                 ORDER BY h.valid_from DESC, h.id DESC
                 LIMIT 1
                """,
            desk,
            after)
        .map(DeskHoursStore::read);
  }

  long insert(Tx tx, long desk, Plan plan, long by, Instant at) {
    var week = plan.week();
    return tx.one(
            """
            INSERT INTO desk_hours (desk_id, valid_from, week, holidays, reason, set_by, set_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            RETURNING id
            """,
            desk,
            plan.from(),
            week == null ? null : OwnHours.written(week).toArray(String[]::new),
            plan.holidays(),
            plan.reason(),
            by,
            at.atOffset(UTC))
        .getLong("id");
  }

  void takeBack(Tx tx, long id, long by, Instant at) {
    tx.execute(
        "UPDATE desk_hours SET taken_back_by = $2, taken_back_at = $3 WHERE id = $1",
        id,
        by,
        at.atOffset(UTC));
  }

  private static HoursVersion read(Row row) {
    String[] week = row.getArrayOfStrings("week");
    OffsetDateTime back = row.getOffsetDateTime("taken_back_at");
    return new HoursVersion(
        row.getLong("id"),
        requireNonNull(row.getLocalDate("valid_from")),
        week == null ? null : OwnHours.read(List.of(week)),
        row.getBoolean("holidays"),
        row.getString("reason"),
        row.getString("set_by"),
        row.getOffsetDateTime("set_at").toInstant(),
        row.getString("taken_back_by"),
        back == null ? null : back.toInstant());
  }
}
