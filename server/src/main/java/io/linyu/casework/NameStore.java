package io.linyu.casework;

import io.linyu.platform.db.Sql;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/// The names of those whom an event knows by their ids.
final class NameStore {
  Map<Long, String> staffNames(Sql sql, Collection<Long> ids) {
    return names(sql, "SELECT id, name FROM staff WHERE id = ANY($1)", ids);
  }

  Map<Long, String> staffRoles(Sql sql, Collection<Long> ids) {
    return names(sql, "SELECT id, role AS name FROM staff WHERE id = ANY($1)", ids);
  }

  Map<Long, String> deskNames(Sql sql, Collection<Long> ids) {
    return names(sql, "SELECT id, name FROM desk WHERE id = ANY($1)", ids);
  }

  private static Map<Long, String> names(Sql sql, String query, Collection<Long> ids) {
    var names = new HashMap<Long, String>();
    sql.rows(query, (Object) ids.toArray(Long[]::new))
        .forEach(row -> names.put(row.getLong("id"), row.getString("name")));
    return names;
  }
}
