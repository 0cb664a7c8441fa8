package io.linyu.platform.db;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxException;
import io.vertx.core.net.NetClientOptions;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// PostgreSQL, spoken to from virtual threads. Nobody waits for it without end: what gets no answer
/// in time ends as [Away].
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

  /// What is to be done in a transaction that others may use, too ([#sharing]).
  ///
  /// @param <A> what it has to know first
  /// @param <T> what comes of it
  public interface Shared<A, T> {
    /// Asks with what others ask; it waits for nothing here.
    Future<A> ask(Tx tx);

    /// Does it, or refuses to, and gives what its last statement will answer. It may be called a
    /// second time when nothing was kept of the first.
    Future<T> act(Tx tx, A answered);
  }

  /// In a transaction that others use it cannot be done, such as while somebody has the lock.
  public static final class Unshared extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public Unshared() {
      super("not with others", null, false, false);
    }
  }

  private static final Logger LOG = LoggerFactory.getLogger(Db.class);

  /// How the names of our connections begin.
  static final String NAME = "linyu";

  /// Deadlock and serialization failure: the transaction was rolled back whole and may run again.
  private static final Set<String> RUN_AGAIN = Set.of("40P01", "40001");

  private static final int ATTEMPTS = 3;

  /// How long a statement of the server may take, and how long a transaction may pause.
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /// PostgreSQL, when it is there, gives up first and says so.
  private static final Duration GRACE = Duration.ofSeconds(1);

  private static final Duration PING = Duration.ofSeconds(1);
  private static final Duration CONNECTING = Duration.ofSeconds(3);

  private final Connections connections;
  private final Duration patience;

  /// What a thread has open.
  private final ThreadLocal<@Nullable Tx> open;

  private final Sharing sharing = new Sharing(this);

  private Db(Connections connections, Duration patience, ThreadLocal<@Nullable Tx> open) {
    this.connections = connections;
    this.patience = patience;
    this.open = open;
  }

  public static Db connect(Vertx vertx, String url, int connections) {
    return connect(vertx, url, connections, PATIENCE);
  }

  /// @param name what PostgreSQL shows of these connections
  public static Db connect(Vertx vertx, String url, int connections, String name) {
    return connect(vertx, url, connections, PATIENCE, name, Map.of());
  }

  /// For the same few statements over and over, each by its keys: PostgreSQL plans them once and
  /// not for every call.
  public static Db connectForKeys(Vertx vertx, String url, int connections, String name) {
    return connect(
        vertx, url, connections, PATIENCE, name, Map.of("plan_cache_mode", "force_generic_plan"));
  }

  /// @param patience how long a statement may take, and how long a transaction may pause
  public static Db connect(Vertx vertx, String url, int connections, Duration patience) {
    return connect(vertx, url, connections, patience, NAME, Map.of());
  }

  private static Db connect(
      Vertx vertx,
      String url,
      int connections,
      Duration patience,
      String name,
      Map<String, String> properties) {
    String millis = Long.toString(patience.toMillis());
    PgConnectOptions server =
        PgConnectOptions.fromUri(url)
            .setCachePreparedStatements(true)
            .setPreparedStatementCacheMaxSize(512)
            // Vert.x keeps only short ones: the long ones cost most to be planned anew each time.
            .setPreparedStatementCacheSqlFilter(_ -> true)
            .addProperty("application_name", name)
            .addProperty("statement_timeout", millis)
            // A connection that broke may leave locks behind, on the other side.
            .addProperty("idle_in_transaction_session_timeout", millis);
    properties.forEach(server::addProperty);
    NetClientOptions net =
        new NetClientOptions()
            .setConnectTimeout((int) CONNECTING.toMillis())
            .setTcpKeepAlive(true)
            .setTcpUserTimeout((int) patience.toMillis())
            // Whoever is silent while connecting would keep its place in the pool.
            .setReadIdleTimeout((int) patience.plusMinutes(1).toSeconds());
    // Vert.x 5.0 may set the pool's own timer after it gave the connection: Connections has
    // another.
    PoolOptions options =
        new PoolOptions()
            .setMaxSize(connections)
            .setMaxWaitQueueSize(10_000)
            .setConnectionTimeout(0);
    Duration longest = patience.plus(GRACE);
    var drawn =
        new Connections(
            vertx,
            () ->
                PgBuilder.pool().with(options).with(net).connectingTo(server).using(vertx).build(),
            longest);
    return new Db(drawn, longest, new ThreadLocal<>());
  }

  /// The same connections, for somebody who has less time.
  public Db within(Duration shorter) {
    return new Db(connections, shorter, open);
  }

  /// Nothing of it is kept when it throws, or when any statement in it fails.
  public <T> T inTransaction(Function<Tx, T> work) {
    return committing(tx -> {
      T result = work.apply(tx);
      tx.hear();
      return Future.succeededFuture(result);
    });
  }

  public void withinTransaction(Consumer<Tx> work) {
    var _ =
        inTransaction(tx -> {
          work.accept(tx);
          return true;
        });
  }

  /// As [#inTransaction], for a work whose last statements nobody waits for: the commit is on its
  /// way behind them. PostgreSQL keeps nothing where it refuses one of them; but one that cannot be
  /// sent at all, since a parameter is of a type that the client does not know how to write, is
  /// found after the others were kept. So this is for steps whose every statement is run by a test.
  ///
  /// @param work gives what that statement will answer
  public <T> T committing(Function<Tx, Future<T>> work) {
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

  /// As [#committing]; but while others do the like, they do it in one transaction, with what they
  /// write in statements for all ([Bulk]). What one of them is refused touches none of the others.
  ///
  /// @param key of the row that is locked: two with the same are never in one transaction
  public <A, T> T sharing(long key, Shared<A, T> work) {
    return sharing.share(key, work);
  }

  <A, T> T alone(Shared<A, T> work) {
    return committing(tx -> work.act(tx, tx.hear(work.ask(tx))));
  }

  Future<Connections.Loan> draw() {
    return connections.draw(patience);
  }

  private <T> T once(Function<Tx, Future<T>> work) {
    Connections.Loan loan = await(draw());
    T result;
    var wire = new Wire(loan);
    var tx = new Tx(wire, false);
    try {
      wire.begin();
      Future<T> answer;
      try {
        answer = apply(work, tx);
        wire.requireSound();
      } catch (Throwable failed) {
        rollBack(wire);
        throw failed;
      }
      await(wire.commit());
      result = await(answer);
    } finally {
      var _ = loan.giveBack();
    }
    tx.committed();
    return result;
  }

  <T> Future<T> apply(Function<Tx, Future<T>> work, Tx tx) {
    Tx outer = open.get();
    open.set(tx);
    try {
      return work.apply(tx);
    } finally {
      open.set(outer);
    }
  }

  static void rollBack(Wire wire) {
    try {
      await(wire.rollBack());
    } catch (RuntimeException alreadyOver) {
      LOG.debug("rolling back", alreadyOver);
    }
  }

  /// Whether a statement gave up waiting for a row lock.
  public static boolean isLockTimeout(RuntimeException failed) {
    return failed instanceof PgException sql && "55P03".equals(sql.getSqlState());
  }

  /// Whether something still refers to the row that was to go.
  public static boolean isReferredTo(RuntimeException failed) {
    return failed instanceof PgException sql && "23503".equals(sql.getSqlState());
  }

  /// Whether this is nobody's mistake, and the same work may succeed a moment later.
  public static boolean isPassing(RuntimeException failed) {
    return failed instanceof Away
        || failed instanceof Stale
        || isLockTimeout(failed)
        || (failed instanceof PgException sql && RUN_AGAIN.contains(sql.getSqlState()));
  }

  /// Of a thread that has a transaction open it is a part of that: while it waited for a second
  /// connection, others could hold all that there are and wait for one, too.
  @Override
  public Future<RowSet<Row>> send(String sql, Tuple parameters) {
    Tx own = open.get();
    if (own != null) {
      return own.send(sql, parameters);
    }
    return draw()
        .compose(loan ->
            loan.ask(connection -> connection.preparedQuery(sql).execute(parameters))
                .eventually(loan::giveBack));
  }

  /// Succeeds when the database answers. For event loops, which must not wait.
  public Future<Void> ping() {
    return within(PING).send("SELECT 1", Tuple.tuple()).mapEmpty();
  }

  /// Whether the database is as far as this release expects; it may be further. For event loops,
  /// which must not wait.
  ///
  /// @param steps how many [Migrations] it had behind it when this release had brought it up to
  ///   date
  public Future<Boolean> hasSteps(int steps) {
    return within(PING)
        .send("SELECT count(*) FROM flyway_schema_history WHERE success", Tuple.tuple())
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

  /// Connection exceptions, shutdown and start-up of the server, too many connections, disk full; a
  /// statement that took too long, a transaction that paused too long.
  private static boolean isAway(PgException failed) {
    String state = failed.getSqlState();
    return state != null
        && (state.startsWith("08")
            || state.startsWith("57P")
            || state.startsWith("53")
            || state.equals("57014")
            || state.equals("25P03")
            || state.equals("25006"));
  }

  @Override
  public void close() {
    await(connections.close());
  }
}
