package io.linyu.community;

import io.linyu.community.TerritoryFile.Entry;
import io.linyu.platform.text.Csv;
import java.io.Reader;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// What importing a file of territory comes to.
final class TerritoryPlan {
  private static final LocalDate EVER_SINCE = LocalDate.of(2000, 1, 1);

  private final List<TerritoryRow> all;
  private final Map<String, TerritoryRow> existing = new HashMap<>();
  private final Map<Long, String> codes = new HashMap<>();
  private final LocalDate today;
  private final Csv csv;
  private final List<Entry> added = new ArrayList<>();
  private final Map<TerritoryRow, Entry> changed = new LinkedHashMap<>();
  private final List<TerritoryRow> ended = new ArrayList<>();
  private int unchanged;

  /// Rows as they will be. Those whose node only lies on another path now are in `moved`.
  record Rows(List<TerritoryRow> added, List<Change> changed, List<TerritoryRow> moved) {}

  record Change(TerritoryRow before, TerritoryRow after) {
    /// Whether it is called or placed otherwise, which is remembered.
    boolean isRemembered() {
      return !before.code().equals(after.code())
          || !before.name().equals(after.name())
          || !Objects.equals(before.estate(), after.estate())
          || !Objects.equals(before.parentId(), after.parentId());
    }
  }

  private TerritoryPlan(Csv csv, List<TerritoryRow> all, LocalDate today) {
    this.csv = csv;
    this.all = all;
    this.today = today;
    for (TerritoryRow row : all) {
      codes.put(row.id(), row.code());
      if (row.existsOn(today)) {
        existing.put(row.code(), row);
      }
    }
  }

  static TerritoryPlan of(
      Reader file, List<TerritoryRow> all, LocalDate today, boolean endMissing) {
    TerritoryFile read = TerritoryFile.read(file);
    var plan = new TerritoryPlan(read.csv(), all, today);
    plan.letTheDistrictTakeTheRoot(read);
    read.judge(plan.existing, endMissing);
    if (read.csv().problems().isEmpty()) {
      plan.compare(read, endMissing);
    }
    return plan;
  }

  ImportReport report() {
    return new ImportReport(
        added.stream().map(Entry::code).toList(),
        changed.values().stream().map(Entry::code).toList(),
        unchanged,
        ended.stream().map(TerritoryRow::code).toList(),
        csv.problems());
  }

  List<TerritoryRow> ended() {
    return ended;
  }

  /// @param ids draws as many new ids as asked for
  Rows rows(IntFunction<List<Long>> ids) {
    List<Long> drawn = ids.apply(added.size());
    Map<String, Long> byCode = new HashMap<>();
    existing.forEach((code, row) -> byCode.put(code, row.id()));
    for (int i = 0; i < added.size(); i++) {
      byCode.put(added.get(i).code(), drawn.get(i));
    }

    Map<Long, TerritoryRow> after = new LinkedHashMap<>();
    all.forEach(row -> after.put(row.id(), row));
    changed.forEach((before, entry) -> after.put(before.id(), row(before, entry, byCode)));
    added.forEach(entry -> {
      TerritoryRow row = row(null, entry, byCode);
      after.put(row.id(), row);
    });
    after.replaceAll((_, row) -> row.withPath(path(row, after)));

    var rows = new Rows(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    added.forEach(entry -> rows.added.add(at(after, byCode, entry.code())));
    for (TerritoryRow before : all) {
      TerritoryRow now = Objects.requireNonNull(after.get(before.id()));
      if (changed.containsKey(before)) {
        rows.changed.add(new Change(before, now));
      } else if (!before.path().equals(now.path())) {
        rows.moved.add(now);
      }
    }
    return rows;
  }

  /// An installation starts with a root of no code of its own, which becomes the first district
  /// that is imported: what was said to it until then stays where it is.
  private void letTheDistrictTakeTheRoot(TerritoryFile read) {
    TerritoryRow root = existing.get(Bootstrap.ROOT);
    if (root != null && !read.entries().containsKey(Bootstrap.ROOT)) {
      read.entries().values().stream()
          .filter(entry -> entry.level() == Level.DISTRICT)
          .findFirst()
          .ifPresent(district -> existing.putIfAbsent(district.code(), root));
    }
  }

  private void compare(TerritoryFile read, boolean endMissing) {
    for (Entry entry : read.entries().values()) {
      TerritoryRow before = existing.get(entry.code());
      if (before == null) {
        added.add(entry);
      } else if (isSame(before, entry)) {
        unchanged++;
      } else {
        changed.put(before, entry);
      }
    }
    if (endMissing) {
      existing.values().stream()
          .distinct()
          .filter(row -> row.parentId() != null && !read.entries().containsKey(row.code()))
          .forEach(ended::add);
    }
  }

  private boolean isSame(TerritoryRow before, Entry entry) {
    String parent = before.parentId() == null ? null : codes.get(before.parentId());
    String grid = before.gridId() == null ? null : codes.get(before.gridId());
    return before.code().equals(entry.code())
        && before.name().equals(entry.name())
        && Objects.equals(parent, entry.parent())
        && same("extra", grid, entry.grid())
        && same("type", before.kind(), entry.kind())
        && same("estate", before.estate(), entry.estate())
        && same("households", before.households(), entry.households())
        && same("population", before.population(), entry.population())
        && same("lat", before.latitude(), entry.latitude())
        && same("lng", before.longitude(), entry.longitude())
        && same("phone", before.phone(), entry.phone())
        && same("duty_phone", before.dutyPhone(), entry.dutyPhone());
  }

  /// A file without the column says nothing about it.
  private boolean same(String column, @Nullable Object before, @Nullable Object now) {
    return !csv.has(column) || Objects.equals(before, now);
  }

  private TerritoryRow row(@Nullable TerritoryRow before, Entry entry, Map<String, Long> byCode) {
    Long parent = entry.parent() == null ? null : byCode.get(entry.parent());
    Long grid = entry.grid() == null ? null : byCode.get(entry.grid());
    if (before == null) {
      // What is there from the start was there before this installation; what is added later began
      // then, and so does what had ended and comes back.
      boolean isFirst = all.size() <= 1;
      return new TerritoryRow(
          Objects.requireNonNull(byCode.get(entry.code())),
          entry.code(),
          entry.level(),
          entry.kind(),
          entry.name(),
          entry.estate(),
          parent,
          grid,
          "",
          entry.households(),
          entry.population(),
          entry.latitude(),
          entry.longitude(),
          entry.phone(),
          entry.dutyPhone(),
          isFirst ? EVER_SINCE : today,
          null);
    }
    return new TerritoryRow(
        before.id(),
        entry.code(),
        before.level(),
        csv.has("type") ? entry.kind() : before.kind(),
        entry.name(),
        csv.has("estate") ? entry.estate() : before.estate(),
        parent,
        csv.has("extra") ? grid : before.gridId(),
        "",
        csv.has("households") ? entry.households() : before.households(),
        csv.has("population") ? entry.population() : before.population(),
        csv.has("lat") ? entry.latitude() : before.latitude(),
        csv.has("lng") ? entry.longitude() : before.longitude(),
        csv.has("phone") ? entry.phone() : before.phone(),
        csv.has("duty_phone") ? entry.dutyPhone() : before.dutyPhone(),
        before.from(),
        before.until());
  }

  private static String path(TerritoryRow row, Map<Long, TerritoryRow> rows) {
    Long parent = row.parentId();
    String above = parent == null ? "/" : path(Objects.requireNonNull(rows.get(parent)), rows);
    return above + row.id() + "/";
  }

  private static TerritoryRow at(
      Map<Long, TerritoryRow> rows, Map<String, Long> byCode, String code) {
    return Objects.requireNonNull(rows.get(Objects.requireNonNull(byCode.get(code))));
  }
}
