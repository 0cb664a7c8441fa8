package io.linyu.platform.db;

import io.linyu.platform.CannotStart;
import io.linyu.platform.text.Json;
import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// Writes all tables into one file, as they were at one moment, while servers go on. The file is a
/// zip: each table as PostgreSQL's COPY writes it, and a [Manifest] at the end.
public final class Backup {
  private static final int BUFFER = 1 << 16;

  private Backup() {}

  /// What is written otherwise than it is stored.
  ///
  /// @param columns for each table the columns with the expression that is written instead
  /// @param roots a query for the daily roots, one text each
  public record Portable(Map<String, Map<String, String>> columns, String roots) {}

  /// Told while a table is under way, with the rows so far, and when it is complete.
  @FunctionalInterface
  public interface Progress {
    void reached(String table, long rows, boolean complete);
  }

  public record Made(Path file, int tables, long rows, long bytes) {}

  /// @param overwrites whether a file of that name may be replaced, which happens at the end
  public static Made write(
      String databaseUrl,
      Path file,
      boolean overwrites,
      Portable portable,
      String linyu,
      Instant now,
      Progress progress) {
    checkFree(file, overwrites);
    Path fresh =
        file.resolveSibling(
            file.getFileName() + "." + ProcessHandle.current().pid() + ".unfinished");
    try {
      Files.deleteIfExists(fresh);
      Manifest manifest;
      try (var channel =
          FileChannel.open(
              fresh,
              Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
        // Closed by the channel alone: closing it here would hide what went wrong.
        var zip =
            new ZipOutputStream(
                new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER),
                StandardCharsets.UTF_8);
        zip.setLevel(Deflater.BEST_SPEED);
        manifest = write(databaseUrl, zip, portable, linyu, now, progress);
        zip.finish();
        zip.flush();
        channel.force(true);
      }
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      force(folder(file));
      return new Made(file, manifest.tables().size(), manifest.rows(), Files.size(file));
    } catch (NoSuchFileException e) {
      throw new CannotStart(e, "backup-no-folder", folder(file));
    } catch (IOException e) {
      throw new CannotStart(e, "backup-unwritten", file, why(e));
    } finally {
      delete(fresh);
    }
  }

  /// Before servers are started for it.
  public static void checkFree(Path file, boolean overwrites) {
    if (file.getFileName() == null
        || (Files.exists(file) && !(overwrites && Files.isRegularFile(file)))) {
      throw new CannotStart("backup-exists", file);
    }
  }

  private static Path folder(Path file) {
    return file.toAbsolutePath().resolveSibling("");
  }

  private static String why(IOException e) {
    return e instanceof FileSystemException f && f.getReason() == null
        ? "Permission denied"
        : String.valueOf(e.getMessage());
  }

  private static void force(Path folder) throws IOException {
    try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static void delete(Path fresh) {
    try {
      Files.deleteIfExists(fresh);
    } catch (IOException e) {
      throw new CannotStart(e, "backup-unwritten", fresh, why(e));
    }
  }

  private static Manifest write(
      String databaseUrl,
      ZipOutputStream zip,
      Portable portable,
      String linyu,
      Instant now,
      Progress progress)
      throws IOException {
    try (var copying = Copying.connect(databaseUrl, Db.NAME + " backup")) {
      String migration = Migrations.version(databaseUrl);
      if (migration.isEmpty()) {
        throw new CannotStart("backup-nothing");
      }
      // What is there is locked before the moment is chosen, so that no step of a newer release
      // rewrites a table under it.
      Catalogue known = Catalogue.read(copying);
      copying.beginReading();
      copying.run("LOCK TABLE " + known.all() + " IN ACCESS SHARE MODE");
      if (!Catalogue.read(copying).equals(known)
          || !Migrations.version(databaseUrl).equals(migration)) {
        throw new CannotStart("backup-migrating");
      }
      var tables = new ArrayList<Manifest.Table>();
      for (String table : known.inOrder()) {
        tables.add(
            written(
                copying,
                zip,
                table,
                known.columns().getOrDefault(table, List.of()),
                portable.columns().getOrDefault(table, Map.of()),
                progress));
      }
      var manifest =
          new Manifest(
              Manifest.FORMAT,
              linyu,
              migration,
              now,
              tables,
              sequences(copying),
              copying.rows(portable.roots(), row -> row.getString(1)));
      zip.putNextEntry(new ZipEntry(Manifest.ENTRY));
      zip.write(Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(manifest));
      zip.closeEntry();
      return manifest;
    }
  }

  private static Manifest.Table written(
      Copying copying,
      ZipOutputStream zip,
      String table,
      List<String> columns,
      Map<String, String> instead,
      Progress progress)
      throws IOException {
    List<String> values =
        columns.stream()
            .map(column -> instead.getOrDefault(column, Copying.quoted(column)))
            .toList();
    var counted = new Counted(rows -> progress.reached(table, rows, false));
    var bare = new Manifest.Table(table, columns, 0, "");
    zip.putNextEntry(new ZipEntry(bare.entry()));
    long rows =
        copying.out(
            "COPY (SELECT %s FROM %s) TO STDOUT"
                .formatted(String.join(", ", values), Copying.quoted(table)),
            counting(zip, counted));
    zip.closeEntry();
    progress.reached(table, rows, true);
    return new Manifest.Table(table, columns, rows, counted.sha256());
  }

  private static OutputStream counting(OutputStream to, Counted counted) {
    return new FilterOutputStream(to) {
      @Override
      public void write(byte[] bytes, int from, int length) throws IOException {
        to.write(bytes, from, length);
        counted.passed(bytes, from, length);
      }

      @Override
      public void flush() {
        // COPY flushes at its end; the file is flushed at ours
      }

      @Override
      public void close() {
        // other tables follow
      }
    };
  }

  /// Read last: whatever a row of ours has drawn is below them.
  private static Map<String, Long> sequences(Copying copying) {
    var sequences = new TreeMap<String, Long>();
    for (String name : names(copying)) {
      sequences.put(
          name,
          copying.one(
              "SELECT last_value + CASE WHEN is_called THEN 1 ELSE 0 END AS next FROM "
                  + Copying.quoted(name),
              row -> row.getLong("next")));
    }
    return sequences;
  }

  private static List<String> names(Copying copying) {
    return copying.rows(
        """
        SELECT relname FROM pg_class
         WHERE relnamespace = current_schema()::regnamespace AND relkind = 'S'
        """,
        row -> row.getString("relname"));
  }
}
