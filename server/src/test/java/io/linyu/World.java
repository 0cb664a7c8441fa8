package io.linyu;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.Playwright;
import io.linyu.platform.db.Migrations;
import io.linyu.platform.embedded.DataFolder;
import io.linyu.platform.embedded.EmbeddedServers;
import io.linyu.platform.embedded.Progress;
import io.linyu.platform.http.Proxies;
import io.linyu.platform.text.Codes;
import io.linyu.platform.time.QuietHours;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/// What all tests share: one PostgreSQL, one Redis, a few browsers, started when first asked for
/// and stopped when the last test is over. Every test class gets a database and a Redis prefix of
/// its own.
public final class World implements LauncherSessionListener {
  /// Unpacked once and kept until `mvn clean`; tests that start processes of their own use them
  /// too.
  public static final Path PROGRAMS = Path.of("target", "programs").toAbsolutePath();

  private static final Path HOME = Path.of("target", "town").toAbsolutePath();
  private static final String TEMPLATE = "town";

  /// The launcher has looked for it.
  private static final Optional<Path> CHROMIUM =
      Optional.of(System.getProperty("linyu.chromium", ""))
          .filter(path -> !path.isEmpty())
          .map(Path::of);

  /// The kernel stops the servers when the thread that started them ends, and JUnit's threads end
  /// when they have had nothing to do for a while.
  private static final Executor KEEPER =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("world").factory());

  private static final AtomicInteger NUMBER = new AtomicInteger();

  private static @Nullable Servers servers;
  private static final Map<Class<?>, Browsers> LENT = new HashMap<>();
  private static final Deque<Browsers> FREE = new ArrayDeque<>();

  private record Servers(DataFolder folder, EmbeddedServers embedded) {}

  private record Browsers(Playwright playwright, Browser browser) {}

  /// A running server that nobody else in this test run sees.
  public static App app() {
    return App.start(settings(), Clock.systemUTC());
  }

  public static synchronized Settings settings() {
    if (servers == null) {
      servers = CompletableFuture.supplyAsync(World::startServers, KEEPER).join();
    }
    Servers running = servers;
    String name = "town_" + NUMBER.incrementAndGet();
    sql(running.embedded(), "DROP DATABASE IF EXISTS " + name); // of an earlier run
    sql(
        running.embedded(),
        "CREATE DATABASE " + name + " TEMPLATE " + TEMPLATE + " STRATEGY FILE_COPY");
    return new Settings(
        new Settings.Http(
            "127.0.0.1", 0, "http://localhost", Proxies.of(Proxies.USUAL), Duration.ZERO, null),
        running.embedded().databaseUrl(name),
        running.embedded().redisUrl() + "?timeout=20s", // while others use the machine up
        name + Codes.random() + ":", // an earlier run's Redis comes back with what was in it
        HOME,
        ZoneId.of("Asia/Shanghai"),
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        new Settings.Alarm(null, Duration.ofMinutes(3)),
        Settings.Console.USUAL,
        new Settings.Calls(Duration.ofMinutes(15), Duration.ofMinutes(10), QuietHours.NONE),
        Map.of());
  }

  /// For these tests alone until they give it back: Playwright serves one thread at a time.
  static synchronized Browser lendBrowser(Class<?> tests) {
    return LENT.computeIfAbsent(tests, _ -> FREE.isEmpty() ? startBrowser() : FREE.pop()).browser();
  }

  static synchronized void takeBrowserBack(Class<?> tests) {
    Browsers lent = LENT.remove(tests);
    if (lent != null) {
      FREE.push(lent);
    }
  }

  @Override
  public void launcherSessionClosed(LauncherSession session) {
    try {
      FREE.forEach(each -> each.playwright().close());
      if (servers != null) {
        servers.embedded().close();
        servers.folder().close();
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Servers startServers() {
    long began = System.nanoTime();
    var folder = DataFolder.own(HOME);
    var embedded =
        EmbeddedServers.start(
            folder,
            PROGRAMS,
            List.of(
                "fsync=off",
                "full_page_writes=off",
                "synchronous_commit=off",
                // Each database would have a process of its own for it, once a minute.
                "autovacuum=off",
                "timezone=Asia/Kathmandu",
                "max_connections=200"),
            Progress.SILENT);
    sql(embedded, "DROP DATABASE IF EXISTS " + TEMPLATE);
    sql(embedded, "CREATE DATABASE " + TEMPLATE);
    var _ = Migrations.configured(embedded.jdbcUrl(TEMPLATE)).load().migrate();
    System.err.printf("world: servers %d ms%n", (System.nanoTime() - began) / 1_000_000);
    return new Servers(folder, embedded);
  }

  private static Browsers startBrowser() {
    long began = System.nanoTime();
    var playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    var browser =
        playwright
            .chromium()
            .launch(
                new LaunchOptions()
                    .setExecutablePath(
                        CHROMIUM.orElseThrow(() -> new IllegalStateException("no Chromium")))
                    .setArgs(List.of("--no-sandbox", "--disable-dev-shm-usage")));
    System.err.printf("world: browser %d ms%n", (System.nanoTime() - began) / 1_000_000);
    return new Browsers(playwright, browser);
  }

  /// Whether page tests can be played here.
  static boolean hasBrowser() {
    return CHROMIUM.isPresent();
  }

  private static void sql(EmbeddedServers servers, String statement) {
    try (var connection = DriverManager.getConnection(servers.jdbcUrl("postgres"));
        var run = connection.createStatement()) {
      run.execute(statement);
    } catch (SQLException e) {
      throw new IllegalStateException(statement, e);
    }
  }
}
