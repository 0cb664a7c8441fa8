package io.linyu.platform.db;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxException;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// PostgreSQL, spoken to from virtual threads.
public final class Db implements Sql, AutoCloseable {
  /// The database could not be reached, or went away in the middle. Whether a commit that was under
  /// way has happened is then unknown, so what is tried again must find its own traces.
  public static final class Away extends RuntimeException {
    Away(Throwable cause) {
      super("the database is away: " + cause.getMessage(), cause);
    }
  }

  /// What was remembered is not so any more: read it again.
  public static final class Stale extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public Stale(String message) {
      super(message, null, false, false);
    }
  }

  private static final Logger LOG = LoggerFactory.getLogger(Db.class);

  /// Deadlock and serialization failure: the transaction was rolled back whole and may run again.
  private static final Set<String> RUN_AGAIN = Set.of("40P01", "40001");

  private static final int ATTEMPTS = 3;

  private final Pool pool;

  private Db(Pool pool) {
    this.pool = pool;
  }

  public static Db connect(Vertx vertx, String url, int connections) {
    PgConnectOptions server =
        PgConnectOptions.fromUri(url)
            .setCachePreparedStatements(true)
            .setPreparedStatementCacheMaxSize(512)
            .addProperty("application_name", "linyu");
    PoolOptions options =
        new PoolOptions()
            .setMaxSize(connections)
            .setMaxWaitQueueSize(10_000)
            .setConnectionTimeout(4)
            .setConnectionTimeoutUnit(TimeUnit.SECONDS);
    return new Db(PgBuilder.pool().with(options).connectingTo(server).using(vertx).build());
  }

  public <T> T inTransaction(Function<Tx, T> work) {
    for (int attempt = 1; ; attempt++) {
      try {
        return once(work);
      } catch (PgException failed) {
        if (attempt == ATTEMPTS || !RUN_AGAIN.contains(failed.getSqlState())) {
          throw failed;
        }
        LOG.info("running a transaction again after {}", failed.getSqlState());
      }
    }
  }

  public void withinTransaction(Consumer<Tx> work) {
    var _ =
        inTransaction(tx -> {
          work.accept(tx);
          return true;
        });
  }

  private <T> T once(Function<Tx, T> work) {
    SqlConnection connection = connected();
    Tx tx = new Tx(connection);
    T result;
    try {
      var transaction = await(connection.begin());
      try {
        result = work.apply(tx);
        await(transaction.commit());
      } catch (Throwable failed) {
        rollBack(transaction);
        throw failed;
      }
    } finally {
      var _ = connection.close();
    }
    tx.committed();
    return result;
  }

  /// Whatever keeps us from connecting, the database is away.
  private SqlConnection connected() {
    return await(pool.getConnection().recover(failed -> Future.failedFuture(new Away(failed))));
  }

  private static void rollBack(io.vertx.sqlclient.Transaction transaction) {
    try {
      await(transaction.rollback());
    } catch (RuntimeException alreadyOver) {
      LOG.debug("rolling back", alreadyOver);
    }
  }

  /// Whether a statement gave up waiting for a row lock.
  public static boolean isLockTimeout(RuntimeException failed) {
    return failed instanceof PgException sql && "55P03".equals(sql.getSqlState());
  }

  /// Whether this is nobody's mistake, and the same work may succeed a moment later.
  public static boolean isPassing(RuntimeException failed) {
    return failed instanceof Away
        || failed instanceof Stale
        || isLockTimeout(failed)
        || (failed instanceof PgException sql && RUN_AGAIN.contains(sql.getSqlState()));
  }

  @Override
  public Future<RowSet<Row>> send(String sql, Tuple parameters) {
    return pool.getConnection()
        .recover(failed -> Future.failedFuture(new Away(failed)))
        .compose(connection ->
            connection.preparedQuery(sql).execute(parameters).eventually(connection::close));
  }

  /// Succeeds when the database answers. For event loops, which must not wait.
  public Future<Void> ping() {
    return pool.query("SELECT 1").execute().mapEmpty();
  }

  /// Whether the database is as far as this release expects; it may be further. For event loops,
  /// which must not wait.
  ///
  /// @param steps how many [Migrations] it had behind it when this release had brought it up to
  ///   date
  public Future<Boolean> hasSteps(int steps) {
    return pool.query("SELECT count(*) FROM flyway_schema_history WHERE success")
        .execute()
        .map(rows -> rows.iterator().next().getLong(0) >= steps);
  }

  /// Waits, and tells a database that is away from a statement that is wrong.
  @SuppressWarnings("NullAway") // a Future<Void> gives null, which nobody reads
  public static <T> T await(Future<T> answer) {
    try {
      return answer.await();
    } catch (Throwable failed) {
      throw translated(failed);
    }
  }

  private static RuntimeException translated(Throwable failed) {
    return switch (failed) {
      case Away away -> away;
      case PgException sql when isAway(sql) -> new Away(sql);
      case PgException sql -> sql;
      case VertxException closed -> new Away(closed);
      case IOException broken -> new Away(broken);
      case TimeoutException late -> new Away(late);
      case RuntimeException other -> other;
      default -> new Away(failed);
    };
  }

  /// Connection exceptions, shutdown and start-up of the server, too many connections, disk full.
  private static boolean isAway(PgException failed) {
    String state = failed.getSqlState();
    return state != null
        && (state.startsWith("08")
            || state.startsWith("57P")
            || state.startsWith("53")
            || state.equals("25006"));
  }

  @Override
  public void close() {
    await(pool.close());
  }
}
