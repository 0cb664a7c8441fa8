package io.linyu.platform.embedded;

import io.linyu.platform.CannotStart;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// PostgreSQL and Redis for an installation that brings no servers of its own. They live as long as
/// this process, and not a second longer.
///
/// Start them from a thread that never ends, such as `main`: the kernel stops them when it does.
public final class EmbeddedServers implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedServers.class);
  private static final Duration TENDED_EVERY = Duration.ofSeconds(2);

  private final Ground ground;
  private volatile EmbeddedPostgres postgres;
  private volatile EmbeddedRedis redis;
  private volatile boolean closed;
  private @Nullable Thread tending;

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

  /// From now on, whatever ends without being told to is started again where it was: PostgreSQL
  /// ends on a disk that is full.
  public EmbeddedServers tended() {
    // The kernel ends what a thread has started when the thread ends: this one outlives them.
    tending = Thread.ofPlatform().daemon().name("tending").start(this::tend);
    return this;
  }

  private void tend() {
    while (!closed) {
      try {
        Thread.sleep(TENDED_EVERY);
        startWhatEnded();
      } catch (InterruptedException told) {
        return;
      } catch (RuntimeException failed) {
        LOG.warn("cannot be started yet: {}", failed.getMessage());
      }
    }
  }

  /// Once; throws when it cannot be started now.
  public synchronized void startWhatEnded() {
    if (!closed && !postgres.isRunning()) {
      LOG.error("PostgreSQL has ended and is started again; why is in its log");
      bringPostgresBack();
    }
    if (!closed && !redis.isRunning()) {
      LOG.error("Redis has ended and is started again; why is in its log");
      bringRedisBack();
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
    closed = true;
    Thread tends = tending;
    if (tends != null) {
      tends.interrupt();
    }
    synchronized (this) {
      closeBoth();
    }
  }

  private void closeBoth() throws IOException {
    try {
      redis.close();
    } finally {
      postgres.close();
    }
  }
}
