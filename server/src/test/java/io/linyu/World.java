package io.linyu;

import static java.util.Objects.requireNonNull;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.Playwright;
import io.linyu.platform.embedded.EmbeddedPostgres;
import io.linyu.platform.embedded.EmbeddedRedis;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/// What all tests share: one PostgreSQL, one Redis, one browser, started when first asked for and
/// stopped when the last test is over. Every test class gets a database and a Redis prefix of its
/// own.
public final class World implements LauncherSessionListener {
  private static final String TEMPLATE = "town";
  private static final AtomicInteger NUMBER = new AtomicInteger();

  private static @Nullable Servers servers;
  private static @Nullable Browsers browsers;

  private record Servers(EmbeddedPostgres postgres, EmbeddedRedis redis) {}

  private record Browsers(Playwright playwright, Browser browser) {}

  /// A running server that nobody else in this test run sees.
  public static App app() {
    return App.start(settings(), Clock.systemUTC());
  }

  public static synchronized Settings settings() {
    if (servers == null) {
      servers = startServers();
    }
    Servers running = servers;
    String name = "town_" + NUMBER.incrementAndGet();
    sql(running.postgres(), "DROP DATABASE IF EXISTS " + name); // of an earlier run
    sql(
        running.postgres(),
        "CREATE DATABASE " + name + " TEMPLATE " + TEMPLATE + " STRATEGY FILE_COPY");
    return new Settings(
        new Settings.Http("127.0.0.1", 0, "http://localhost", null),
        running.postgres().url(name),
        running.redis().url(),
        name + ":",
        Path.of("target", "town"),
        ZoneId.of("Asia/Shanghai"),
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        new Settings.Alarm(null),
        Map.of());
  }

  public static synchronized Browser browser() {
    if (browsers == null) {
      browsers = startBrowser();
    }
    return browsers.browser();
  }

  @Override
  public void launcherSessionClosed(LauncherSession session) {
    try {
      if (browsers != null) {
        browsers.playwright().close();
      }
      if (servers != null) {
        servers.redis().close();
        servers.postgres().close();
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Servers startServers() {
    long began = System.nanoTime();
    try {
      Path home = Path.of("target", "town").toAbsolutePath();
      Files.createDirectories(home);
      var postgres =
          EmbeddedPostgres.start(
              home,
              freePort(),
              List.of(
                  "fsync=off",
                  "full_page_writes=off",
                  "synchronous_commit=off",
                  "timezone=Asia/Kathmandu",
                  "max_connections=200"));
      var redis = EmbeddedRedis.start(home, freePort());
      sql(postgres, "DROP DATABASE IF EXISTS " + TEMPLATE);
      sql(postgres, "CREATE DATABASE " + TEMPLATE);
      Flyway.configure().dataSource(postgres.jdbcUrl(TEMPLATE), null, null).load().migrate();
      System.err.printf("world: servers %d ms%n", (System.nanoTime() - began) / 1_000_000);
      return new Servers(postgres, redis);
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
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
                    .setExecutablePath(Path.of(chromium()))
                    .setArgs(List.of("--no-sandbox", "--disable-dev-shm-usage")));
    System.err.printf("world: browser %d ms%n", (System.nanoTime() - began) / 1_000_000);
    return new Browsers(playwright, browser);
  }

  private static String chromium() {
    return requireNonNull(
        List.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome").stream()
            .filter(each -> Files.isExecutable(Path.of(each)))
            .findFirst()
            .orElse(null),
        "no Chromium on this machine");
  }

  private static void sql(EmbeddedPostgres postgres, String statement) {
    try (var connection = DriverManager.getConnection(postgres.jdbcUrl("postgres"));
        var run = connection.createStatement()) {
      run.execute(statement);
    } catch (SQLException e) {
      throw new IllegalStateException(statement, e);
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
