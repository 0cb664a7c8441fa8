package io.linyu.cli;

import io.linyu.Settings;
import io.linyu.casework.CaseEvent;
import io.linyu.community.Community;
import io.linyu.community.audit.Audit;
import io.linyu.community.audit.Deed;
import io.linyu.platform.CannotStart;
import io.linyu.platform.auth.Keys;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Restore;
import io.linyu.platform.events.Events;
import io.linyu.reception.Unsent;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/// A backup, brought back into an empty database.
@Command(name = "restore")
final class RestoreCommand implements Callable<Integer> {
  /// Into which the migrations themselves write, or triggers while the tables before are copied.
  private static final Set<String> SEEDED =
      Set.of("case_key", "case_rules", "community_version", "rule_switch", "rule_watch");

  @SuppressWarnings("NullAway.Init")
  @ParentCommand
  private Commands linyu;

  @SuppressWarnings("NullAway.Init")
  @Parameters(paramLabel = "FILE", descriptionKey = "restore.file")
  private Path file;

  @Option(names = "--send-queued", descriptionKey = "restore.send-queued")
  private boolean sendQueued;

  @Override
  public Integer call() {
    SettingsLoader.Loaded loaded = linyu.settings(true);
    try (var servers = Servers.any(loaded, linyu.progress())) {
      Settings settings = servers.settings();
      var restored =
          new Restore(settings.databaseUrl(), file, SEEDED, BackupCommand.progress(linyu))
              .run(Unsent.becomeUnknown(sendQueued));
      linyu.say(
          "restore.done",
          file,
          restored.tables(),
          restored.rows(),
          restored.linyu(),
          restored.madeAt().atZone(settings.zone()).toLocalDateTime().withNano(0));
      if (!restored.leftOut().isEmpty()) {
        linyu.say("restore.left-out", String.join(", ", restored.leftOut()));
      }
      int unknown = restored.changed().stream().mapToInt(Integer::intValue).sum();
      if (unknown > 0) {
        linyu.say("restore.unknown", unknown);
      }
      Vertx vertx = Vertx.vertx();
      try (Db db = Db.connect(vertx, settings.databaseUrl(), 1)) {
        writeAudit(db, settings, restored, unknown);
        return look(db, settings, restored.roots());
      } finally {
        vertx.close().await();
      }
    }
  }

  private void writeAudit(Db db, Settings settings, Restore.Restored restored, int unknown) {
    var details = new LinkedHashMap<String, Object>();
    details.put(
        "made_at",
        restored.madeAt().atZone(settings.zone()).toLocalDateTime().withNano(0).toString());
    details.put("release", restored.linyu());
    details.put("rows", restored.rows());
    details.put("unknown", unknown);
    db.withinTransaction(tx ->
        Audit.writeAlone(
            tx,
            Clock.systemUTC().instant(),
            linyu.environment().who(),
            Deed.RESTORED,
            file.toAbsolutePath().normalize().toString(),
            details));
  }

  private int look(Db db, Settings settings, int roots) {
    List<String> broken = Events.broken(db, CaseEvent.VOCABULARY);
    if (!broken.isEmpty()) {
      linyu.say("restore.broken", broken.size(), broken.getFirst());
      return 1;
    }
    linyu.say("restore.chains", roots);
    try {
      var _ = Keys.open(db, settings.secretsKey(), Community.SEALED, Clock.systemUTC().instant());
      linyu.say("restore.ready");
    } catch (CannotStart otherKey) {
      linyu.say("restore.key", settings.dataDir().resolve("secrets.key"));
    }
    return 0;
  }
}
