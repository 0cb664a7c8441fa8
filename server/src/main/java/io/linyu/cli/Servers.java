package io.linyu.cli;

import io.linyu.Settings;
import io.linyu.platform.CannotStart;
import io.linyu.platform.embedded.DataFolder;
import io.linyu.platform.embedded.EmbeddedServers;
import io.linyu.platform.embedded.PortFile;
import io.linyu.platform.embedded.Ports;
import io.linyu.platform.embedded.Progress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The database and the Redis that a command works with: servers of one's own, those of a process
/// that runs on the same data folder, or embedded ones that live as long as the command.
final class Servers implements AutoCloseable {
  private static final String DATABASE = "linyu";
  private static final String SECRETS = "secrets.key";
  private static final String PREVIOUS_SECRETS = "secrets.key.previous";
  private static final int SECRETS_BYTES = 32;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Settings settings;
  private final @Nullable DataFolder folder;
  private final @Nullable EmbeddedServers embedded;

  private Servers(
      Settings settings, @Nullable DataFolder folder, @Nullable EmbeddedServers embedded) {
    this.settings = settings;
    this.folder = folder;
    this.embedded = embedded;
  }

  /// For the server itself, which must be the only one on its folder and its port. Both are looked
  /// at before anything is begun.
  static Servers own(SettingsLoader.Loaded loaded, Progress progress) {
    Settings settings = loaded.settings();
    if (needsNone(settings)) {
      checkPort(settings.http());
      return new Servers(settings, null, null);
    }
    DataFolder folder = DataFolder.own(settings.dataDir());
    try {
      checkPort(settings.http());
    } catch (CannotStart busy) {
      close(folder);
      throw busy;
    }
    return start(loaded, folder, progress);
  }

  /// For every other command, which may work beside it.
  static Servers any(SettingsLoader.Loaded loaded, Progress progress) {
    Settings settings = loaded.settings();
    if (needsNone(settings)) {
      return new Servers(settings, null, null);
    }
    if (DataFolder.isOwned(settings.dataDir())) {
      return new Servers(attached(loaded, settings.dataDir()), null, null);
    }
    Servers own = start(loaded, DataFolder.own(settings.dataDir()), progress);
    own.publish(0);
    return own;
  }

  private static void checkPort(Settings.Http http) {
    if (http.port() != 0) {
      Ports.check(http.host(), http.port());
    }
  }

  private static boolean needsNone(Settings settings) {
    return !settings.embedsDatabase() && !settings.embedsRedis();
  }

  private static Servers start(SettingsLoader.Loaded loaded, DataFolder folder, Progress progress) {
    Settings settings = loaded.settings();
    try {
      var servers = EmbeddedServers.start(folder, loaded.programs(), List.of(), progress).tended();
      String secrets =
          settings.secretsKey().isEmpty()
              ? withPrevious(loaded, folder.path(), folder.secret(SECRETS, SECRETS_BYTES))
              : settings.secretsKey();
      return new Servers(
          settings.withServers(
              settings.embedsDatabase() ? servers.databaseUrl(DATABASE) : settings.databaseUrl(),
              settings.embedsRedis() ? servers.redisUrl() : settings.redisUrl(),
              secrets),
          folder,
          servers);
    } catch (RuntimeException failed) {
      close(folder);
      throw failed;
    }
  }

  private static Settings attached(SettingsLoader.Loaded loaded, Path path) {
    Settings settings = loaded.settings();
    PortFile running = published(path);
    return settings.withServers(
        settings.embedsDatabase() ? running.databaseUrl() : settings.databaseUrl(),
        settings.embedsRedis() ? running.redisUrl() : settings.redisUrl(),
        settings.secretsKey().isEmpty()
            ? withPrevious(loaded, path, DataFolder.kept(path, SECRETS))
            : settings.secretsKey());
  }

  /// The keys that open what was sealed before the one in the folder was drawn.
  private static String withPrevious(SettingsLoader.Loaded loaded, Path folder, String key) {
    String previous = loaded.previousKey();
    String keys = previous == null ? key : key + "," + previous;
    return Files.exists(folder.resolve(PREVIOUS_SECRETS))
        ? keys + "," + DataFolder.kept(folder, PREVIOUS_SECRETS)
        : keys;
  }

  /// Whether a key is being changed that lies in the folder.
  static boolean isChangingKeys(Settings settings) {
    Path previous = settings.dataDir().resolve(PREVIOUS_SECRETS);
    return Files.exists(previous)
        && !DataFolder.kept(settings.dataDir(), PREVIOUS_SECRETS)
            .equals(DataFolder.kept(settings.dataDir(), SECRETS));
  }

  /// A new key in the folder; the one before stays beside it until nothing needs it any more.
  Settings drawNewKey(SettingsLoader.Loaded loaded) {
    if (folder == null) {
      throw new CannotStart("keys-in-use", settings.dataDir());
    }
    folder.drawAgain(SECRETS, SECRETS_BYTES, PREVIOUS_SECRETS);
    String keys = withPrevious(loaded, folder.path(), DataFolder.kept(folder.path(), SECRETS));
    return settings.withServers(settings.databaseUrl(), settings.redisUrl(), keys);
  }

  static void forgetPreviousKey(Settings settings) {
    DataFolder.forget(settings.dataDir(), PREVIOUS_SECRETS);
  }

  /// The owner may still be starting.
  private static PortFile published(Path path) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline) {
      Optional<PortFile> found = PortFile.read(path);
      if (found.isPresent()) {
        return found.get();
      }
      try {
        Thread.sleep(50);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CannotStart(e, "interrupted");
      }
    }
    throw new CannotStart("folder-owner-silent", path);
  }

  /// With everything in its place.
  Settings settings() {
    return settings;
  }

  /// Lets other commands find these servers.
  ///
  /// @param http where the web server listens; 0 without one
  void publish(int http) {
    if (folder != null) {
      folder.publish(
          new PortFile(
              ProcessHandle.current().pid(), http, settings.databaseUrl(), settings.redisUrl()));
    }
  }

  @Override
  public void close() {
    if (embedded != null) {
      close(embedded);
    }
    if (folder != null) {
      close(folder);
    }
  }

  private static void close(AutoCloseable each) {
    try {
      each.close();
    } catch (Exception failed) {
      // It ends with this process in any case.
      System.err.println(failed.getMessage());
    }
  }
}
