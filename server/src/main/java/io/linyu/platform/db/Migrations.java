package io.linyu.platform.db;

import io.linyu.platform.CannotStart;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Arrays;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.database.postgresql.PostgreSQLConfigurationExtension;

/// The steps that bring a database to what this release expects. Flyway runs them, which speaks
/// JDBC.
public final class Migrations {
  static final String LATEST = "latest";

  private Migrations() {}

  /// Brings the database up to date; several servers may try at once.
  ///
  /// @return how many steps it has behind it, for [Db#hasSteps]
  public static int migrate(String databaseUrl) {
    try {
      look(databaseUrl);
      Flyway flyway = flyway(databaseUrl);
      flyway.migrate();
      return flyway.info().applied().length;
    } catch (FlywayException failed) {
      throw explained(failed);
    }
  }

  /// How many steps are still to be made.
  public static int pending(String databaseUrl) {
    try {
      return flyway(databaseUrl).info().pending().length;
    } catch (FlywayException failed) {
      throw explained(failed);
    }
  }

  /// The last step it has behind it; empty when it has none.
  static String version(String databaseUrl) {
    try {
      MigrationInfo current = flyway(databaseUrl).info().current();
      return current == null ? "" : String.valueOf(current.getVersion());
    } catch (FlywayException failed) {
      throw explained(failed);
    }
  }

  static boolean isOlder(String version, String other) {
    return MigrationVersion.fromVersion(version).compareTo(MigrationVersion.fromVersion(other)) < 0;
  }

  /// Whether this release does not know the step yet.
  static boolean isNewerThanOurs(String databaseUrl, String version) {
    MigrationVersion asked = MigrationVersion.fromVersion(version);
    return Arrays.stream(flyway(databaseUrl).info().all())
        .noneMatch(each -> asked.equals(each.getVersion()));
  }

  /// For whoever holds the lock of a restore.
  static void migrateTo(String databaseUrl, String version) {
    try {
      var _ = configured(jdbcUrl(databaseUrl)).target(version).load().migrate();
    } catch (FlywayException failed) {
      throw explained(failed);
    }
  }

  /// A step outside of a transaction that could not end, on a disk that was full for instance, is
  /// noted as failed, and Flyway would go no further before somebody has looked. Those steps are
  /// written so that they can be made again.
  private static void look(String databaseUrl) {
    try (var look = Copying.connect(databaseUrl, Db.NAME)) {
      if (!look.isSoon("SELECT pg_try_advisory_lock_shared(" + Restore.LOCK + ")")) {
        throw new CannotStart("restore-running");
      }
      if (look.one(
          "SELECT to_regclass('flyway_schema_history') IS NOT NULL", row -> row.getBoolean(1))) {
        look.run("DELETE FROM flyway_schema_history WHERE NOT success");
      }
    }
  }

  private static Flyway flyway(String databaseUrl) {
    return configured(jdbcUrl(databaseUrl)).load();
  }

  /// An index that is made beside those who write waits for every older transaction to end, and
  /// Flyway's own lock must not be one: it holds a session's, which ends with the session as well.
  public static FluentConfiguration configured(String jdbcUrl) {
    FluentConfiguration configured = Flyway.configure().dataSource(jdbcUrl, null, null);
    configured
        .getConfigurationExtension(PostgreSQLConfigurationExtension.class)
        .setTransactionalLock(false);
    return configured;
  }

  private static RuntimeException explained(FlywayException failed) {
    return failed.getCause() instanceof SQLException away
        ? new CannotStart(failed, "database-away", String.valueOf(away.getMessage()))
        : failed;
  }

  /// From `postgresql://user:password@host:port/name?options`.
  public static String jdbcUrl(String url) {
    URI uri = URI.create(url);
    var jdbc =
        new StringBuilder("jdbc:postgresql://")
            .append(uri.getHost())
            .append(':')
            .append(uri.getPort() < 0 ? 5432 : uri.getPort())
            .append(uri.getPath())
            .append('?');
    if (uri.getRawQuery() != null) {
      jdbc.append(uri.getRawQuery()).append('&');
    }
    if (uri.getRawUserInfo() != null) {
      String[] who = uri.getRawUserInfo().split(":", 2);
      jdbc.append("user=").append(encoded(who[0]));
      if (who.length == 2) {
        jdbc.append("&password=").append(encoded(who[1]));
      }
    }
    return jdbc.toString();
  }

  /// A plus sign stands for itself in the one address and for a space in the other.
  private static String encoded(String part) {
    return URLEncoder.encode(
        java.net.URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8),
        StandardCharsets.UTF_8);
  }
}
