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
  private final Ground ground;
  private EmbeddedPostgres postgres;
  private EmbeddedRedis redis;

  private EmbeddedServers(Ground ground, EmbeddedPostgres postgres, EmbeddedRedis redis) {
    this.ground = ground;
    this.postgres = postgres;
    this.redis = redis;
  }

  /// What both are started from.
  private record Ground(
      DataFolder folder, Binaries binaries, ServerUser user, List<String> options) {
    EmbeddedPostgres postgres(int port, Progress progress)
        throws IOException, InterruptedException {
      return EmbeddedPostgres.start(folder, binaries, user, options, port, progress);
    }

    EmbeddedRedis redis(int port, Progress progress) throws IOException, InterruptedException {
      return EmbeddedRedis.start(folder, binaries, user, port, progress);
    }
  }

  private interface Deed<T> {
    T done() throws IOException, InterruptedException;
  }

  /// @param shelf where the unpacked programs are kept; null: inside the folder
  /// @param options for PostgreSQL, such as `work_mem=8MB`
  public static EmbeddedServers start(
      DataFolder folder, @Nullable Path shelf, List<String> options, Progress progress) {
    return explained(
        folder,
        () -> {
          Machine machine = Machine.here();
          ServerUser user = ServerUser.reaching(folder.path(), folder.file("postgres"), machine);
          Path programs = user.shelf(shelf != null ? shelf : folder.file("programs"));
          Binaries binaries = Binaries.unpacked(programs, machine, progress);
          var ground = new Ground(folder, binaries, user, List.copyOf(options));
          EmbeddedPostgres postgres = ground.postgres(0, progress);
          try {
            return new EmbeddedServers(ground, postgres, ground.redis(0, progress));
          } catch (IOException | InterruptedException | RuntimeException e) {
            postgres.close();
            throw e;
          }
        });
  }

  private static <T> T explained(DataFolder folder, Deed<T> deed) {
    try {
      return deed.done();
    } catch (IOException e) {
      throw new CannotStart(e, "servers-failed", folder.path(), String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CannotStart("interrupted");
    }
  }

  // For trials of speed, and of what happens when a machine fails.

  /// Of the process whose children serve the connections.
  public long postgresPid() {
    return postgres.pid();
  }

  /// Kills PostgreSQL without a word to it.
  public void killPostgres() {
    done(() -> postgres.kill());
  }

  /// Starts it again where it was: on the same folder and the same port.
  public void bringPostgresBack() {
    postgres = explained(ground.folder(), () -> ground.postgres(postgres.port(), Progress.SILENT));
  }

  /// It answers nobody and closes nothing, until it thaws.
  public void freezePostgres() {
    done(() -> postgres.freeze());
  }

  public void thawPostgres() {
    done(() -> postgres.thaw());
  }

  public void killRedis() {
    done(() -> redis.kill());
  }

  public void bringRedisBack() {
    redis = explained(ground.folder(), () -> ground.redis(redis.port(), Progress.SILENT));
  }

  public void freezeRedis() {
    done(() -> redis.freeze());
  }

  public void thawRedis() {
    done(() -> redis.thaw());
  }

  private interface Blow {
    void fall() throws IOException, InterruptedException;
  }

  private void done(Blow blow) {
    var _ =
        explained(
            ground.folder(),
            () -> {
              blow.fall();
              return true;
            });
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
