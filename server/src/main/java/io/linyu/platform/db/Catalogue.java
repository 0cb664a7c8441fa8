package io.linyu.platform.db;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// The tables of a database, as PostgreSQL itself knows them: a new one is in every backup without
/// being asked.
///
/// @param columns of each table, without those that are computed
/// @param refersTo for each table those whose rows must be there first
record Catalogue(Map<String, List<String>> columns, Map<String, Set<String>> refersTo) {
  private static final String HISTORY = "flyway_schema_history";

  /// What triggers look for, where a foreign key would cost every row too much.
  private static final Map<String, Set<String>> LOOKED_FOR =
      Map.of("message", Set.of("case", "staff"));

  static Catalogue read(Copying copying) {
    var columns = new TreeMap<String, List<String>>();
    copying
        .rows(
            """
            SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum) AS columns
              FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
             WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r'
               AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
               AND NOT EXISTS (
                     SELECT FROM pg_depend d
                      WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
             GROUP BY c.relname
            """,
            row -> Map.entry(row.getString("relname"), Copying.texts(row, "columns")))
        .forEach(table -> columns.put(table.getKey(), table.getValue()));
    columns.remove(HISTORY);
    var refersTo = new HashMap<String, Set<String>>();
    copying
        .rows(
            """
            SELECT r.relname, f.relname AS to
              FROM pg_constraint k
              JOIN pg_class r ON r.oid = k.conrelid JOIN pg_class f ON f.oid = k.confrelid
             WHERE k.contype = 'f' AND k.connamespace = current_schema()::regnamespace
               AND k.conrelid <> k.confrelid
            """,
            row -> Map.entry(row.getString("relname"), row.getString("to")))
        .forEach(reference ->
            refersTo
                .computeIfAbsent(reference.getKey(), _ -> new HashSet<>())
                .add(reference.getValue()));
    LOOKED_FOR.forEach((table, others) -> {
      if (columns.containsKey(table)) {
        refersTo.computeIfAbsent(table, _ -> new HashSet<>()).addAll(others);
      }
    });
    return new Catalogue(columns, refersTo);
  }

  /// So that no row comes before one that it refers to.
  List<String> inOrder() {
    var order = new ArrayList<String>();
    var left = new ArrayList<>(columns.keySet());
    while (!left.isEmpty()) {
      List<String> next =
          left.stream()
              .filter(table -> order.containsAll(refersTo.getOrDefault(table, Set.of())))
              .toList();
      if (next.isEmpty()) {
        throw new IllegalStateException("tables refer to each other in a circle: " + left);
      }
      order.addAll(next);
      left.removeAll(next);
    }
    return order;
  }

  /// Of all tables, for a statement that names them.
  String all() {
    return String.join(", ", columns.keySet().stream().map(Copying::quoted).toList());
  }
}
