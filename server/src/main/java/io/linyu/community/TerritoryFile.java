package io.linyu.community;

import static java.util.stream.Collectors.toUnmodifiableSet;

import io.linyu.platform.text.Csv;
import java.io.Reader;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A file of territory, as far as it can be judged by itself and against what is there.
final class TerritoryFile {
  private static final Set<String> LEVELS =
      Stream.of(Level.values()).map(Level::word).collect(toUnmodifiableSet());
  private static final Map<Level, Set<Level>> PARENTS =
      Map.of(
          Level.STREET, Set.of(Level.DISTRICT),
          Level.COMMUNITY, Set.of(Level.STREET, Level.DISTRICT),
          Level.GRID, Set.of(Level.COMMUNITY),
          Level.GROUP, Set.of(Level.COMMUNITY),
          Level.BUILDING, Set.of(Level.GROUP, Level.COMMUNITY));

  private final Csv csv;
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  /// One line of the file. Which node it becomes is decided by its code.
  record Entry(
      Csv.Line line,
      String code,
      Level level,
      @Nullable String kind,
      String name,
      @Nullable String estate,
      @Nullable String parent,
      @Nullable String grid,
      @Nullable Integer households,
      @Nullable Integer population,
      @Nullable Double latitude,
      @Nullable Double longitude,
      @Nullable String phone,
      @Nullable String dutyPhone) {}

  private TerritoryFile(Csv csv) {
    this.csv = csv;
  }

  static TerritoryFile read(Reader file) {
    var read =
        new TerritoryFile(
            Csv.read(
                file,
                List.of("code", "level", "name", "parent_code"),
                List.of(
                    "type",
                    "households",
                    "population",
                    "elderly60",
                    "lat",
                    "lng",
                    "extra",
                    "estate",
                    "phone",
                    "duty_phone")));
    read.csv.lines().forEach(read::enter);
    return read;
  }

  Csv csv() {
    return csv;
  }

  Map<String, Entry> entries() {
    return entries;
  }

  private void enter(Csv.Line line) {
    String code = line.text("code");
    String levelWord = line.oneOf("level", LEVELS);
    String name = line.text("name");
    if (code.isEmpty() || !LEVELS.contains(levelWord)) {
      return;
    }
    Level level = Level.of(levelWord);
    boolean isInGrid = level == Level.GROUP || level == Level.BUILDING;
    var entry =
        new Entry(
            line,
            code,
            level,
            line.optional("type"),
            name,
            line.optional("estate"),
            line.optional("parent_code"),
            // For the other levels it is a remark.
            isInGrid ? line.optional("extra") : null,
            line.count("households"),
            line.count("population"),
            line.decimal("lat", -90, 90),
            line.decimal("lng", -180, 180),
            phone(line, "phone"),
            phone(line, "duty_phone"));
    Entry before = entries.putIfAbsent(code, entry);
    if (before != null) {
      line.wrong("code", "twice", before.line.number());
    }
  }

  private static @Nullable String phone(Csv.Line line, String column) {
    String typed = line.optional(column);
    if (typed != null && !Phones.isOne(typed)) {
      line.wrong(column, "not-a-phone");
    }
    return typed;
  }

  /// Notes what does not fit together, or not to the nodes that are there.
  ///
  /// @param existing by code, as of today
  /// @param endMissing then only what is in the file will be there
  void judge(Map<String, TerritoryRow> existing, boolean endMissing) {
    Map<Long, String> codes = new HashMap<>();
    existing.values().forEach(row -> codes.put(row.id(), row.code()));
    var around = new Around(existing, codes);
    judgeDistricts(existing);
    for (Entry entry : entries.values()) {
      TerritoryRow before = existing.get(entry.code);
      if (before != null && before.level() != entry.level) {
        entry.line.wrong("level", "level-changed", before.level().word());
      }
      judgeParent(entry, around, endMissing);
      judgeGrid(entry, around);
    }
  }

  private void judgeDistricts(Map<String, TerritoryRow> existing) {
    List<Entry> districts =
        entries.values().stream().filter(each -> each.level == Level.DISTRICT).toList();
    districts.stream().skip(1).forEach(each -> each.line.wrong("level", "two-districts"));
    existing.values().stream()
        .filter(row -> row.level() == Level.DISTRICT && !row.code().equals(Bootstrap.ROOT))
        .findFirst()
        .ifPresent(root ->
            districts.stream()
                .filter(each -> !each.code.equals(root.code()))
                .forEach(each -> each.line.wrong("code", "other-district", root.name())));
  }

  private void judgeParent(Entry entry, Around around, boolean endMissing) {
    String parent = entry.parent;
    if (entry.level == Level.DISTRICT) {
      if (parent != null) {
        entry.line.wrong("parent_code", "parent-of-district");
      }
      return;
    }
    if (parent == null) {
      entry.line.wrong("parent_code", "no-parent");
      return;
    }
    Level level = around.level(parent);
    if (level == null) {
      entry.line.wrong("parent_code", "no-such-territory");
    } else if (!PARENTS.getOrDefault(entry.level, Set.of()).contains(level)) {
      entry.line.wrong("parent_code", "parent-level", entry.level.word(), level.word());
    } else if (endMissing && !entries.containsKey(parent)) {
      entry.line.wrong("parent_code", "parent-ends");
    }
  }

  private void judgeGrid(Entry entry, Around around) {
    String grid = entry.grid;
    if (grid == null) {
      return;
    }
    if (around.level(grid) != Level.GRID) {
      entry.line.wrong("extra", "no-such-grid");
    } else if (!Objects.equals(around.community(grid), around.community(entry.code))) {
      entry.line.wrong("extra", "grid-elsewhere");
    }
  }

  /// The tree as it will be: the file's word before what is there.
  private final class Around {
    private final Map<String, TerritoryRow> existing;
    private final Map<Long, String> codes;

    Around(Map<String, TerritoryRow> existing, Map<Long, String> codes) {
      this.existing = existing;
      this.codes = codes;
    }

    @Nullable Level level(String code) {
      Entry entry = entries.get(code);
      TerritoryRow row = existing.get(code);
      return entry != null ? entry.level : row == null ? null : row.level();
    }

    /// Climbs at most as many steps as there are levels: a wrong file may be a ring.
    @Nullable String community(String code) {
      String at = code;
      for (int step = 0; at != null && step < Level.values().length; step++) {
        if (level(at) == Level.COMMUNITY) {
          return at;
        }
        at = parent(at);
      }
      return null;
    }

    private @Nullable String parent(String code) {
      Entry entry = entries.get(code);
      if (entry != null) {
        return entry.parent;
      }
      TerritoryRow row = existing.get(code);
      return row == null || row.parentId() == null ? null : codes.get(row.parentId());
    }
  }
}
