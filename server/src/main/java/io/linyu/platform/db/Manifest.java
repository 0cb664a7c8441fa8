package io.linyu.platform.db;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/// What is in a backup, as its last entry says.
///
/// @param format of the file: a release reads those up to its own
/// @param linyu the release that made it
/// @param migration the last step its database had behind it
/// @param sequences the number that each would have given next
/// @param roots the daily roots over the chains of events, as they may have been published
record Manifest(
    int format,
    String linyu,
    String migration,
    Instant madeAt,
    List<Table> tables,
    Map<String, Long> sequences,
    List<String> roots) {
  static final int FORMAT = 1;
  static final String ENTRY = "manifest.json";

  /// A file need not be what it says.
  Manifest {
    if (Stream.of(linyu, migration, madeAt, tables, sequences, roots).anyMatch(Objects::isNull)) {
      throw new IllegalArgumentException("incomplete");
    }
  }

  record Table(String name, List<String> columns, long rows, String sha256) {
    String entry() {
      return "tables/" + name;
    }
  }

  long rows() {
    return tables.stream().mapToLong(Table::rows).sum();
  }
}
