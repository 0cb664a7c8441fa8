package io.linyu.platform.time;

import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

final class HolidayStore {
  /// The days that differ from the week, true when they are worked.
  Map<LocalDate, Boolean> all(Sql sql) {
    var days = new HashMap<LocalDate, Boolean>();
    sql.rows(
            """
            SELECT day, kind = 'work' AS worked FROM holiday
            """)
        .forEach(row -> days.put(row.getLocalDate("day"), row.getBoolean("worked")));
    return days;
  }

  /// All days as they are written down, in order.
  List<WorkingCalendars.Known> known(Sql sql) {
    return sql
        .rows("SELECT day, kind = 'work' AS worked, name, source FROM holiday ORDER BY day")
        .stream()
        .map(row ->
            new WorkingCalendars.Known(
                row.getLocalDate("day"),
                row.getBoolean("worked"),
                row.getString("name"),
                row.getString("source")))
        .toList();
  }

  /// Waits for whoever counts by them.
  void lock(Tx tx) {
    tx.rows("SELECT pg_advisory_xact_lock(hashtext('linyu.holidays'))");
  }

  /// Waits for whoever changes them.
  void share(Tx tx) {
    tx.rows("SELECT pg_advisory_xact_lock_shared(hashtext('linyu.holidays'))");
  }
}
