package io.linyu.cli;

import io.linyu.Settings;
import io.linyu.community.audit.Audit;
import io.linyu.community.audit.Deed;
import io.linyu.platform.db.Backup;
import io.linyu.platform.db.Db;
import io.linyu.platform.events.Events;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/// The whole database in one file, while servers run. The key that opens what is sealed in it is
/// not in it.
@Command(name = "backup")
final class BackupCommand implements Callable<Integer> {
  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("'linyu-'yyyy-MM-dd-HHmmss'.zip'", Locale.ROOT);

  @SuppressWarnings("NullAway.Init")
  @ParentCommand
  private Commands linyu;

  @Parameters(arity = "0..1", paramLabel = "FILE", descriptionKey = "backup.file")
  private @Nullable Path named;

  @Option(names = "--force", descriptionKey = "backup.force")
  private boolean force;

  @Override
  public Integer call() {
    SettingsLoader.Loaded loaded = linyu.settings(true);
    Clock clock = Clock.systemUTC();
    Path file =
        named != null
            ? named
            : Path.of(ZonedDateTime.now(clock.withZone(loaded.settings().zone())).format(NAME));
    Backup.checkFree(file, force);
    try (var servers = Servers.any(loaded, linyu.progress())) {
      Backup.Made made =
          Backup.write(
              servers.settings().databaseUrl(),
              file,
              force,
              Events.portable(),
              new Version().getVersion()[0],
              clock.instant(),
              progress(linyu));
      writeAudit(servers.settings(), made, clock);
      linyu.say("backup.done", made.file(), made.tables(), made.rows(), made.bytes() >> 10);
      linyu.say(
          loaded.settings().secretsKey().isEmpty() ? "backup.key-in-folder" : "backup.key",
          loaded.settings().dataDir().resolve("secrets.key"));
    }
    return 0;
  }

  /// Afterwards: a backup does not know of itself.
  private void writeAudit(Settings settings, Backup.Made made, Clock clock) {
    Vertx vertx = Vertx.vertx();
    try (Db db = Db.connect(vertx, settings.databaseUrl(), 1)) {
      db.withinTransaction(tx ->
          Audit.writeAlone(
              tx,
              clock.instant(),
              linyu.environment().who(),
              Deed.BACKED_UP,
              made.file().toAbsolutePath().normalize().toString(),
              Map.of("tables", made.tables(), "rows", made.rows())));
    } finally {
      vertx.close().await();
    }
  }

  /// A line for each table that has something in it, and for each large piece of one.
  static Backup.Progress progress(Commands linyu) {
    return (table, rows, complete) -> {
      if (rows > 0) {
        linyu.sayAside(complete ? "backup.table" : "backup.rows", table, rows);
      }
    };
  }
}
