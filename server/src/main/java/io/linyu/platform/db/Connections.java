package io.linyu.platform.db;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The connections to PostgreSQL. After a failover the old ones may be open and silent for ever
/// while new ones work. So when one does not answer in time, the whole pool is given up and another
/// takes its place; who still gets answers from the old one may end what he began.
final class Connections {
  private static final Logger LOG = LoggerFactory.getLogger(Connections.class);

  private static final Duration GOODBYE = Duration.ofSeconds(2);

  private final Vertx vertx;
  private final Supplier<Pool> opening;

  /// Nobody waits longer for an answer.
  private final Duration longest;

  private volatile Bundle bundle;

  private static final class Bundle {
    private final Pool pool;

    /// When one of them last answered, as [System#nanoTime] has it.
    private volatile long heard = System.nanoTime();

    Bundle(Pool pool) {
      this.pool = pool;
    }
  }

  Connections(Vertx vertx, Supplier<Pool> opening, Duration longest) {
    this.vertx = vertx;
    this.opening = opening;
    this.longest = longest;
    this.bundle = new Bundle(opening.get());
  }

  /// Whatever keeps us from connecting, the database is away.
  Future<Loan> draw(Duration patience) {
    Bundle from = bundle;
    long asked = System.nanoTime();
    Future<SqlConnection> drawing = from.pool.getConnection();
    return drawing
        .timeout(patience.toMillis(), TimeUnit.MILLISECONDS)
        .onFailure(failed -> {
          drawing.onSuccess(SqlConnection::close); // it may come after all
          // Where others were answered meanwhile, all were only busy.
          if (failed instanceof TimeoutException && from.heard - asked < 0) {
            giveUp(from);
          }
        })
        .recover(failed -> Future.failedFuture(new Db.Away(failed)))
        .map(connection -> new Loan(from, connection, patience));
  }

  private synchronized void giveUp(Bundle silent) {
    if (bundle == silent) {
      LOG.warn("the database is silent: connecting anew");
      bundle = new Bundle(opening.get());
      vertx.setTimer(longest.toMillis(), _ -> silent.pool.close());
    }
  }

  /// Says goodbye, and does not wait long for those that are silent.
  Future<Void> close() {
    return bundle.pool.close().timeout(GOODBYE.toMillis(), TimeUnit.MILLISECONDS).otherwiseEmpty();
  }

  /// A connection on loan.
  final class Loan {
    private final Bundle from;
    private final SqlConnection connection;
    private final Duration patience;
    private volatile boolean silent;

    private Loan(Bundle from, SqlConnection connection, Duration patience) {
      this.from = from;
      this.connection = connection;
      this.patience = patience;
    }

    /// Fails with a [TimeoutException] when there is no answer in time, and at once from then on.
    <T> Future<T> ask(Function<SqlConnection, Future<T>> question) {
      if (silent) {
        return Future.failedFuture(new TimeoutException("silent before"));
      }
      return question
          .apply(connection)
          .timeout(patience.toMillis(), TimeUnit.MILLISECONDS)
          .onComplete(answered -> {
            if (answered.cause() instanceof TimeoutException) {
              silent = true;
              giveUp(from);
            } else {
              from.heard = System.nanoTime();
            }
          });
    }

    /// One that is silent goes back to nobody: it may be in the middle of a transaction.
    Future<Void> giveBack() {
      return silent ? Future.succeededFuture() : connection.close();
    }
  }
}
