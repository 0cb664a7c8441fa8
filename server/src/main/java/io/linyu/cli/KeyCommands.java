package io.linyu.cli;

import io.linyu.Settings;
import io.linyu.community.Community;
import io.linyu.community.audit.Audit;
import io.linyu.community.audit.Deed;
import io.linyu.platform.auth.Keys;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Migrations;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/// The key that seals names and telephone numbers, and its change.
@Command(name = "keys", subcommandsRepeatable = false)
final class KeyCommands {
  @SuppressWarnings("NullAway.Init")
  @ParentCommand
  private Commands linyu;

  /// Where the key lies in the data folder, it is drawn anew first; unless that has been done, and
  /// what came after was cut short.
  @Command(name = "rotate")
  int rotate() {
    SettingsLoader.Loaded loaded = linyu.settings(true);
    boolean inFolder = loaded.settings().secretsKey().isEmpty();
    Instant now = Clock.systemUTC().instant();
    try (var database = Database.open(loaded, linyu.progress())) {
      Servers servers = database.servers();
      Migrations.migrate(servers.settings().databaseUrl());
      boolean drawsNow = inFolder && !Servers.isChangingKeys(loaded.settings());
      if (drawsNow) {
        // First with the key that is there: it may be the wrong one.
        var _ = Keys.open(database.db(), servers.settings().secretsKey(), Community.SEALED, now);
      }
      Settings settings = drawsNow ? servers.drawNewKey(loaded) : servers.settings();
      var vault = Keys.open(database.db(), settings.secretsKey(), Community.SEALED, now);
      var keys = new Keys(database.db(), vault, Community.SEALED);
      var outcome =
          keys.rotate(now, (done, of) -> linyu.sayAside("keys.resealed", done, of, of - done));
      writeAudit(
          database.db(),
          Deed.KEY_ROTATED,
          Map.of("resealed", outcome.resealed(), "complete", outcome.isComplete()));
      return tell(outcome, inFolder, loaded.settings());
    }
  }

  /// Without the key that sealed them nobody can read them again, and the server does not start
  /// while it believes that they might be read.
  @Command(name = "forget")
  int forget(
      @Option(names = "--lost", required = true, descriptionKey = "keys.lost") boolean lost) {
    Instant now = Clock.systemUTC().instant();
    try (var database = Database.open(linyu.settings(true), linyu.progress())) {
      Settings settings = database.servers().settings();
      Migrations.migrate(settings.databaseUrl());
      Keys.giveUpLost(database.db(), settings.secretsKey(), now);
      var vault = Keys.open(database.db(), settings.secretsKey(), Community.SEALED, now);
      long erased = new Keys(database.db(), vault, Community.SEALED).eraseUnopened();
      writeAudit(database.db(), Deed.KEY_FORGOTTEN, Map.of("erased", erased));
      linyu.say("keys.forgotten", erased);
    }
    return 0;
  }

  private void writeAudit(Db db, Deed what, Map<String, ?> details) {
    db.withinTransaction(tx ->
        Audit.writeAlone(
            tx, Clock.systemUTC().instant(), linyu.environment().who(), what, null, details));
  }

  private int tell(Keys.Outcome outcome, boolean inFolder, Settings settings) {
    outcome.under().forEach((version, pieces) -> linyu.say("keys.unopened", pieces, version));
    String elsewhere = outcome.elsewhere();
    if (elsewhere != null) {
      linyu.say("keys.elsewhere", elsewhere);
    }
    if (!outcome.isComplete()) {
      return 1;
    }
    if (inFolder) {
      Servers.forgetPreviousKey(settings);
    }
    linyu.say(
        inFolder ? "keys.rotated-in-folder" : "keys.rotated",
        outcome.resealed(),
        settings.dataDir());
    return 0;
  }
}
