package io.linyu.community;

import io.linyu.community.HolidayPlan.Holiday;
import io.linyu.platform.db.Sql;
import java.time.LocalDate;
import java.util.List;

final class HolidayStore {
  private HolidayStore() {}

  static List<Holiday> all(Sql sql) {
    return sql.rows("SELECT day, kind, name, source FROM holiday ORDER BY day").stream()
        .map(row ->
            new Holiday(
                row.getLocalDate("day"),
                row.getString("kind"),
                row.getString("name"),
                row.getString("source")))
        .toList();
  }

  static void write(Sql sql, List<Holiday> days) {
    sql.execute(
        """
        INSERT INTO holiday (day, kind, name, source)
        SELECT * FROM unnest($1::date[], $2::text[], $3::text[], $4::text[])
        ON CONFLICT (day) DO UPDATE
           SET kind = excluded.kind, name = excluded.name, source = excluded.source
        """,
        days.stream().map(Holiday::day).toArray(LocalDate[]::new),
        days.stream().map(Holiday::kind).toArray(String[]::new),
        days.stream().map(Holiday::name).toArray(String[]::new),
        days.stream().map(Holiday::source).toArray(String[]::new));
  }
}
