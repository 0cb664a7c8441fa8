package io.linyu.community;

import io.linyu.platform.text.Csv;
import io.linyu.platform.text.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What an import did, or with a dry run would do. With problems it does nothing at all.
///
/// @param added codes of what is new
/// @param changed codes of what differs
/// @param unchanged how many are as before
/// @param ended codes of what is no more
public record ImportReport(
    List<String> added,
    List<String> changed,
    int unchanged,
    List<String> ended,
    List<Problem> problems) {
  public ImportReport {
    added = List.copyOf(added);
    changed = List.copyOf(changed);
    ended = List.copyOf(ended);
    problems = List.copyOf(problems);
  }

  public static ImportReport wrong(List<Problem> problems) {
    return new ImportReport(List.of(), List.of(), 0, List.of(), problems);
  }

  /// Of records that are compared whole.
  ///
  /// @param before the same one as it was, or null when it is new
  public static <T> ImportReport of(
      Csv csv, List<T> read, Function<T, String> code, Function<T, @Nullable T> before) {
    if (!csv.problems().isEmpty()) {
      return wrong(csv.problems());
    }
    var added = new ArrayList<String>();
    var changed = new ArrayList<String>();
    for (T each : read) {
      T known = before.apply(each);
      if (known == null) {
        added.add(code.apply(each));
      } else if (!known.equals(each)) {
        changed.add(code.apply(each));
      }
    }
    int unchanged = read.size() - added.size() - changed.size();
    return new ImportReport(added, changed, unchanged, List.of(), List.of());
  }

  public boolean isGood() {
    return problems.isEmpty();
  }

  /// For the audit.
  public Map<String, ?> counts(String kind) {
    var counts = new LinkedHashMap<String, Object>();
    counts.put("kind", kind);
    counts.put("added", added.size());
    counts.put("changed", changed.size());
    counts.put("unchanged", unchanged);
    counts.put("ended", ended.size());
    return counts;
  }

  public boolean changesNothing() {
    return added.isEmpty() && changed.isEmpty() && ended.isEmpty();
  }
}
