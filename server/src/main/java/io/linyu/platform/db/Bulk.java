package io.linyu.platform.db;

import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Tuple;
import java.lang.reflect.Array;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A statement that is run for one row as for many, each the row of another key. For each statement
/// PostgreSQL sets up anew all that it may need, such as the conditions of a table and of its
/// indexes: of a table that has dozens of them that costs several times what writing a row does,
/// and is paid once for all that are written together.
public final class Bulk {
  private static final Map<String, Class<?>> TYPES =
      Map.of(
          "bigint", Long.class,
          "int", Integer.class,
          "text", String.class,
          "boolean", Boolean.class,
          "timestamptz", OffsetDateTime.class,
          "bytea", Buffer.class);

  private final String sql;
  private final List<Class<?>> types;
  private final boolean several;

  /// @param columns names and types of a row's values, such as `id bigint, state text`
  /// @param sql with `%s` where it reads the rows, which are `x` there and have `nth` as their last
  ///   column; where it answers a row, it gives that one's `nth`
  public Bulk(String columns, String sql) {
    this(columns, sql, false);
  }

  /// Of which one statement may have several rows of the same key, in their order.
  public static Bulk ofSeveral(String columns, String sql) {
    return new Bulk(columns, sql, true);
  }

  private Bulk(String columns, String sql, boolean several) {
    this.several = several;
    List<String[]> each = Arrays.stream(columns.split(",")).map(Bulk::named).toList();
    this.types = each.stream().<Class<?>>map(one -> type(one[1])).toList();
    this.sql = sql.formatted(rows(each));
  }

  private static String[] named(String column) {
    return column.strip().split("\\s+", 2);
  }

  private static Class<?> type(String name) {
    return Objects.requireNonNull(TYPES.get(name), name);
  }

  /// How many there are is kept from the planner: it would think that few are cheaper than some,
  /// and plan anew for each call.
  private static String rows(List<String[]> columns) {
    String arrays =
        IntStream.range(0, columns.size())
            .mapToObj(i -> "(SELECT $" + (i + 1) + "::" + columns.get(i)[1] + "[])")
            .collect(Collectors.joining(", "));
    String names = columns.stream().map(each -> each[0]).collect(Collectors.joining(", "));
    return "unnest(" + arrays + ") WITH ORDINALITY AS x (" + names + ", nth)";
  }

  String sql() {
    return sql;
  }

  boolean isOfSeveral() {
    return several;
  }

  /// @param rows the values of each
  Tuple parameters(List<Tuple> rows) {
    var arrays = new ArrayList<Object>();
    for (int column = 0; column < types.size(); column++) {
      Object values = Array.newInstance(types.get(column), rows.size());
      for (int i = 0; i < rows.size(); i++) {
        Array.set(values, i, rows.get(i).getValue(column));
      }
      arrays.add(values);
    }
    return Tuple.wrap(arrays);
  }
}
