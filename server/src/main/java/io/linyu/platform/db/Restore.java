package io.linyu.platform.db;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.linyu.platform.CannotStart;
import io.linyu.platform.text.Json;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/// Brings a [Backup] back into an empty database: all of it or nothing.
public final class Restore {
  /// Held while a restore runs; a server that would start looks whether somebody has it.
  static final long LOCK = 0x4C696E7975L; // "Linyu"

  /// Numbers that were given after the backup are not given again to somebody else: people may have
  /// heard a case's, and platforms may know a message's key.
  private static final long INNER_GAP = 1_000_000;

  private static final long SPOKEN_GAP = 1_000;

  private static final int BUFFER = 1 << 16;

  private final String databaseUrl;
  private final Path file;
  private final Set<String> seeded;
  private final Backup.Progress progress;

  /// @param seeded tables into which the migrations themselves write
  public Restore(String databaseUrl, Path file, Set<String> seeded, Backup.Progress progress) {
    this.databaseUrl = databaseUrl;
    this.file = file;
    this.seeded = seeded;
    this.progress = progress;
  }

  /// @param changed how many rows each of the statements has changed that were to follow
  /// @param leftOut tables of the backup that no migration makes, such as the demo's
  public record Restored(
      Instant madeAt,
      String linyu,
      int tables,
      long rows,
      int roots,
      List<Integer> changed,
      List<String> leftOut) {}

  /// @param afterwards statements that make a past state fit for the present
  public Restored run(List<String> afterwards) {
    if (!Files.isRegularFile(file)) {
      throw new CannotStart("file-missing", file);
    }
    try (var zip = new ZipFile(file.toFile())) {
      Manifest manifest = manifest(zip);
      for (Manifest.Table table : manifest.tables()) {
        check(zip, table);
      }
      return run(zip, manifest, afterwards);
    } catch (IOException e) {
      throw broken(String.valueOf(e.getMessage()));
    }
  }

  private CannotStart broken(String why) {
    return new CannotStart("backup-broken", file, why);
  }

  private Manifest manifest(ZipFile zip) throws IOException {
    ZipEntry entry = zip.getEntry(Manifest.ENTRY);
    if (entry == null) {
      throw new CannotStart("backup-foreign", file);
    }
    try (InputStream text = zip.getInputStream(entry)) {
      JsonNode read = Json.MAPPER.readTree(text);
      if (read.path("format").asInt() > Manifest.FORMAT) {
        throw new CannotStart("backup-newer", file, read.path("linyu").asText());
      }
      if (!read.isObject()) {
        throw broken(Manifest.ENTRY);
      }
      Manifest manifest = Json.MAPPER.treeToValue(read, Manifest.class);
      if (Migrations.isNewerThanOurs(databaseUrl, manifest.migration())) {
        throw new CannotStart("backup-newer", file, manifest.linyu());
      }
      return manifest;
    } catch (JsonProcessingException e) {
      throw broken(Manifest.ENTRY);
    }
  }

  /// Before anything is written anywhere.
  private void check(ZipFile zip, Manifest.Table table) throws IOException {
    var counted = new Counted(_ -> {});
    try (InputStream from = counting(open(zip, table), counted)) {
      var _ = from.transferTo(java.io.OutputStream.nullOutputStream());
    }
    if (counted.rows() != table.rows() || !counted.sha256().equals(table.sha256())) {
      throw broken(table.entry());
    }
  }

  private InputStream open(ZipFile zip, Manifest.Table table) throws IOException {
    ZipEntry entry = zip.getEntry(table.entry());
    if (entry == null) {
      throw broken(table.entry());
    }
    return zip.getInputStream(entry);
  }

  private Restored run(ZipFile zip, Manifest manifest, List<String> afterwards) throws IOException {
    try (var copying = Copying.connect(databaseUrl, Db.NAME + " restore")) {
      if (!copying.isSoon("SELECT pg_try_advisory_lock(" + LOCK + ")")) {
        throw new CannotStart("restore-running");
      }
      checkNobodyElse(copying);
      checkEmpty(copying);
      String version = Migrations.version(databaseUrl);
      if (!version.isEmpty() && Migrations.isOlder(manifest.migration(), version)) {
        throw new CannotStart("restore-further", version, manifest.migration());
      }
      Migrations.migrateTo(databaseUrl, manifest.migration());
      Set<String> ours = Catalogue.read(copying).columns().keySet();
      List<Integer> changed = copy(copying, zip, manifest, afterwards);
      Migrations.migrateTo(databaseUrl, Migrations.LATEST);
      return new Restored(
          manifest.madeAt(),
          manifest.linyu(),
          ours.size(),
          manifest.tables().stream()
              .filter(table -> ours.contains(table.name()))
              .mapToLong(Manifest.Table::rows)
              .sum(),
          manifest.roots().size(),
          changed,
          manifest.tables().stream()
              .map(Manifest.Table::name)
              .filter(name -> !ours.contains(name))
              .toList());
    }
  }

  /// Those that come later find every table locked, and then what was restored.
  private static void checkNobodyElse(Copying copying) {
    boolean alone =
        copying.isSoon(
            """
            SELECT count(*) = 0 FROM pg_stat_activity
             WHERE datname = current_database() AND pid <> pg_backend_pid()
               AND starts_with(application_name, '%s')
            """
                .formatted(Db.NAME));
    if (!alone) {
      throw new CannotStart("restore-in-use");
    }
  }

  private void checkEmpty(Copying copying) {
    for (String table : Catalogue.read(copying).columns().keySet()) {
      boolean hasRows =
          copying.one(
              "SELECT EXISTS (SELECT FROM " + Copying.quoted(table) + ")",
              row -> row.getBoolean(1));
      if (hasRows && !seeded.contains(table)) {
        throw new CannotStart("restore-not-empty", table);
      }
    }
  }

  private List<Integer> copy(
      Copying copying, ZipFile zip, Manifest manifest, List<String> afterwards) throws IOException {
    Catalogue here = Catalogue.read(copying);
    Map<String, Manifest.Table> tables =
        manifest.tables().stream().collect(Collectors.toMap(Manifest.Table::name, each -> each));
    checkTables(here, tables);
    copying.begin();
    copying.run("LOCK TABLE " + here.all() + " IN ACCESS EXCLUSIVE MODE");
    checkNobodyElse(copying);
    checkEmpty(copying);
    for (String name : here.inOrder()) {
      // Only now: a trigger may have written into it since the first table was copied.
      if (seeded.contains(name)) {
        copying.run("DELETE FROM " + Copying.quoted(name));
      }
      Manifest.Table table = tables.get(name);
      if (table != null) {
        copy(copying, zip, table);
      }
    }
    List<Integer> changed = afterwards.stream().map(copying::run).toList();
    goOnCounting(copying, manifest.sequences());
    copying.commit();
    return changed;
  }

  /// The same step has made the same tables.
  private static void checkTables(Catalogue here, Map<String, Manifest.Table> tables) {
    here.columns()
        .forEach((name, columns) -> {
          Manifest.Table table = tables.get(name);
          if (table == null || !Set.copyOf(table.columns()).equals(Set.copyOf(columns))) {
            throw new CannotStart("restore-other-tables", name);
          }
        });
  }

  private void copy(Copying copying, ZipFile zip, Manifest.Table table) throws IOException {
    List<String> columns = table.columns().stream().map(Copying::quoted).toList();
    var counted = new Counted(rows -> progress.reached(table.name(), rows, false));
    long rows;
    try (InputStream from = counting(open(zip, table), counted)) {
      rows =
          copying.in(
              "COPY %s (%s) FROM STDIN"
                  .formatted(Copying.quoted(table.name()), String.join(", ", columns)),
              from);
    }
    // The file may have been changed since it was checked.
    if (rows != table.rows() || !counted.sha256().equals(table.sha256())) {
      throw broken(table.entry());
    }
    progress.reached(table.name(), rows, true);
  }

  private static InputStream counting(InputStream from, Counted counted) {
    return new FilterInputStream(from) {
      private final byte[] one = new byte[1];

      @Override
      public int read() throws IOException {
        return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
      }

      @Override
      public int read(byte[] bytes, int at, int length) throws IOException {
        int read = in.read(bytes, at, Math.min(length, BUFFER));
        if (read > 0) {
          counted.passed(bytes, at, read);
        }
        return read;
      }
    };
  }

  private static void goOnCounting(Copying copying, Map<String, Long> sequences) {
    Map<String, Boolean> innerByName =
        copying
            .rows(
                """
                SELECT s.relname, EXISTS (
                         SELECT FROM pg_depend d
                          WHERE d.classid = 'pg_class'::regclass AND d.objid = s.oid AND d.deptype = 'i'
                       ) AS is_inner
                  FROM pg_class s
                 WHERE s.relkind = 'S' AND s.relnamespace = current_schema()::regnamespace
                """,
                row -> Map.entry(row.getString("relname"), row.getBoolean("is_inner")))
            .stream()
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    innerByName.forEach((name, inner) -> {
      Long next = sequences.get(name);
      if (next == null) {
        throw new CannotStart("restore-other-tables", name);
      }
      var _ =
          copying.one(
              "SELECT setval('%s'::regclass, %d, false)"
                  .formatted(
                      Copying.quoted(name).replace("'", "''"),
                      next + (inner ? INNER_GAP : SPOKEN_GAP)),
              row -> row.getLong(1));
    });
  }
}
