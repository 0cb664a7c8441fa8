package io.linyu.platform.embedded;

import io.linyu.platform.CannotStart;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// PostgreSQL and Redis for an installation that brings no servers of its own. They live as long as
/// this process, and not a second longer.
///
/// Start them from a thread that never ends, such as `main`: the kernel stops them when it does.
public final class EmbeddedServers implements AutoCloseable {
  private final EmbeddedPostgres postgres;
  private final EmbeddedRedis redis;

  private EmbeddedServers(EmbeddedPostgres postgres, EmbeddedRedis redis) {
    this.postgres = postgres;
    this.redis = redis;
  }

  /// @param shelf where the unpacked programs are kept; null: inside the folder
  /// @param options for PostgreSQL, such as `work_mem=8MB`
  public static EmbeddedServers start(
      DataFolder folder, @Nullable Path shelf, List<String> options, Progress progress) {
    try {
      Machine machine = Machine.here();
      ServerUser user = ServerUser.reaching(folder.path(), machine);
      Path programs = user.shelf(shelf != null ? shelf : folder.file("programs"));
      Binaries binaries = Binaries.unpacked(programs, machine, progress);
      var postgres = EmbeddedPostgres.start(folder, binaries, user, options, progress);
      try {
        return new EmbeddedServers(postgres, EmbeddedRedis.start(folder, binaries, user, progress));
      } catch (IOException | InterruptedException | RuntimeException e) {
        postgres.close();
        throw e;
      }
    } catch (IOException e) {
      throw new CannotStart(e, "servers-failed", folder.path(), String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CannotStart("interrupted");
    }
  }

  /// Creates it when there is none of this name.
  public String databaseUrl(String name) {
    postgres.createDatabase(name);
    return postgres.url(name);
  }

  public String jdbcUrl(String database) {
    return postgres.jdbcUrl(database);
  }

  public String redisUrl() {
    return redis.url();
  }

  @Override
  public void close() throws IOException {
    try {
      redis.close();
    } finally {
      postgres.close();
    }
  }
}
