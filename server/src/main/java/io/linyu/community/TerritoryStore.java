package io.linyu.community;

import io.linyu.platform.db.Sql;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

final class TerritoryStore {
  List<TerritoryRow> all(Sql sql) {
    return sql
        .rows(
            """
            SELECT id, code, level, kind, name, estate, parent_id, grid_id, path, households, population,
                   latitude, longitude, phone, duty_phone,
                   lower(valid) AS valid_from, upper(valid) AS valid_until
              FROM territory
             ORDER BY id
            """)
        .stream()
        .map(TerritoryStore::read)
        .toList();
  }

  void write(Sql sql, TerritoryPlan plan, Instant at, LocalDate today) {
    TerritoryPlan.Rows rows = plan.rows(count -> ids(sql, count));
    remember(
        sql,
        rows.changed().stream()
            .filter(TerritoryPlan.Change::isRemembered)
            .map(TerritoryPlan.Change::before)
            .toList(),
        at);
    end(sql, plan.ended(), today);
    update(sql, rows.changed().stream().map(TerritoryPlan.Change::after).toList());
    insert(sql, rows.added());
    move(sql, rows.moved());
  }

  private static List<Long> ids(Sql sql, int count) {
    return sql
        .rows(
            "SELECT nextval(pg_get_serial_sequence('territory', 'id')) FROM generate_series(1, $1)",
            count)
        .stream()
        .map(row -> row.getLong(0))
        .toList();
  }

  private static void remember(Sql sql, List<TerritoryRow> before, Instant until) {
    sql.execute(
        """
        INSERT INTO territory_was (territory_id, until, code, name, estate, parent_id)
        SELECT id, $2, code, name, estate, parent_id FROM territory WHERE id = ANY($1)
        """,
        ids(before),
        until.atOffset(ZoneOffset.UTC));
  }

  /// What began today ends tomorrow, for a period of no day is none.
  private static void end(Sql sql, List<TerritoryRow> rows, LocalDate today) {
    sql.execute(
        """
        UPDATE territory SET valid = daterange(lower(valid), greatest($2::date, lower(valid) + 1))
         WHERE id = ANY($1)
        """,
        ids(rows),
        today);
  }

  private static void insert(Sql sql, List<TerritoryRow> rows) {
    sql.execute(
        """
        INSERT INTO territory (id, code, level, kind, name, estate, parent_id, grid_id, path, households,
                               population, latitude, longitude, phone, duty_phone, valid)
        OVERRIDING SYSTEM VALUE
        SELECT id, code, level, kind, name, estate, parent_id, grid_id, path, households,
               population, latitude, longitude, phone, duty_phone, daterange(valid_from, NULL)
          FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[],
                      $7::bigint[], $8::bigint[], $9::text[], $10::int[], $11::int[],
                      $12::float8[], $13::float8[], $14::text[], $15::text[], $16::date[])
               AS r (id, code, level, kind, name, estate, parent_id, grid_id, path, households,
                     population, latitude, longitude, phone, duty_phone, valid_from)
        """,
        ids(rows),
        texts(rows, TerritoryRow::code),
        texts(rows, row -> row.level().word()),
        texts(rows, TerritoryRow::kind),
        texts(rows, TerritoryRow::name),
        texts(rows, TerritoryRow::estate),
        array(rows, TerritoryRow::parentId, Long[]::new),
        array(rows, TerritoryRow::gridId, Long[]::new),
        texts(rows, TerritoryRow::path),
        array(rows, TerritoryRow::households, Integer[]::new),
        array(rows, TerritoryRow::population, Integer[]::new),
        array(rows, TerritoryRow::latitude, Double[]::new),
        array(rows, TerritoryRow::longitude, Double[]::new),
        texts(rows, TerritoryRow::phone),
        texts(rows, TerritoryRow::dutyPhone),
        array(rows, TerritoryRow::from, LocalDate[]::new));
  }

  private static void update(Sql sql, List<TerritoryRow> rows) {
    sql.execute(
        """
        UPDATE territory t
           SET code = r.code, kind = r.kind, name = r.name, estate = r.estate, parent_id = r.parent_id,
               grid_id = r.grid_id, path = r.path, households = r.households, population = r.population,
               latitude = r.latitude, longitude = r.longitude, phone = r.phone, duty_phone = r.duty_phone
          FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[],
                      $6::bigint[], $7::bigint[], $8::text[], $9::int[], $10::int[],
                      $11::float8[], $12::float8[], $13::text[], $14::text[])
               AS r (id, code, kind, name, estate, parent_id, grid_id, path, households,
                     population, latitude, longitude, phone, duty_phone)
         WHERE t.id = r.id
        """,
        ids(rows),
        texts(rows, TerritoryRow::code),
        texts(rows, TerritoryRow::kind),
        texts(rows, TerritoryRow::name),
        texts(rows, TerritoryRow::estate),
        array(rows, TerritoryRow::parentId, Long[]::new),
        array(rows, TerritoryRow::gridId, Long[]::new),
        texts(rows, TerritoryRow::path),
        array(rows, TerritoryRow::households, Integer[]::new),
        array(rows, TerritoryRow::population, Integer[]::new),
        array(rows, TerritoryRow::latitude, Double[]::new),
        array(rows, TerritoryRow::longitude, Double[]::new),
        texts(rows, TerritoryRow::phone),
        texts(rows, TerritoryRow::dutyPhone));
  }

  private static void move(Sql sql, List<TerritoryRow> rows) {
    sql.execute(
        """
        UPDATE territory t SET path = r.path
          FROM unnest($1::bigint[], $2::text[]) AS r (id, path)
         WHERE t.id = r.id
        """,
        ids(rows),
        texts(rows, TerritoryRow::path));
  }

  private static Object ids(List<TerritoryRow> rows) {
    return rows.stream().map(TerritoryRow::id).toArray(Long[]::new);
  }

  private static Object texts(
      List<TerritoryRow> rows, Function<TerritoryRow, @Nullable String> column) {
    return array(rows, column, String[]::new);
  }

  private static <T> Object array(
      List<TerritoryRow> rows, Function<TerritoryRow, @Nullable T> column, IntFunction<T[]> array) {
    return rows.stream().map(column).toArray(array);
  }

  private static TerritoryRow read(Row row) {
    return new TerritoryRow(
        row.getLong("id"),
        row.getString("code"),
        Level.of(row.getString("level")),
        row.getString("kind"),
        row.getString("name"),
        row.getString("estate"),
        row.getLong("parent_id"),
        row.getLong("grid_id"),
        row.getString("path"),
        row.getInteger("households"),
        row.getInteger("population"),
        row.getDouble("latitude"),
        row.getDouble("longitude"),
        row.getString("phone"),
        row.getString("duty_phone"),
        row.getLocalDate("valid_from"),
        row.getLocalDate("valid_until"));
  }
}
