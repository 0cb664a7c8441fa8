package io.linyu.cli.bench;

import io.linyu.platform.db.Loading;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Rows of one table on their way into the database, in PostgreSQL's text format.
///
/// https://www.postgresql.org/docs/18/sql-copy.html
final class Rows {
  private static final HexFormat HEX = HexFormat.of();

  private final String table;
  private final List<String> columns;
  private final StringBuilder text = new StringBuilder();
  private long written;

  Rows(String table, String... columns) {
    this.table = table;
    this.columns = List.of(columns);
  }

  void add(@Nullable Object... values) {
    if (values.length != columns.size()) {
      throw new IllegalArgumentException(table + " has " + columns.size() + " columns");
    }
    for (int i = 0; i < values.length; i++) {
      if (i > 0) {
        text.append('\t');
      }
      Object value = values[i];
      if (value == null) {
        text.append("\\N");
      } else if (value instanceof byte[] bytes) {
        text.append("\\\\x");
        HEX.formatHex(text, bytes);
      } else {
        escape(value.toString());
      }
    }
    text.append('\n');
    written++;
  }

  private void escape(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '\\' -> text.append("\\\\");
        case '\t' -> text.append("\\t");
        case '\n' -> text.append("\\n");
        case '\r' -> text.append("\\r");
        default -> text.append(c);
      }
    }
  }

  /// Writes what has come together.
  void pour(Loading into) {
    if (!text.isEmpty()) {
      into.copy(table, columns, text);
      text.setLength(0);
    }
  }

  long written() {
    return written;
  }
}
