package io.linyu.platform.time;

import io.linyu.platform.db.Sql;
import java.time.LocalDate;
import java.util.HashMap;
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
}
