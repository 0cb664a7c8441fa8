package io.linyu.platform.db;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The connections to PostgreSQL. After a failover the old ones may be open and silent for ever
/// while new ones work. So when one does not answer in time, the whole pool is given up and another
/// takes its place; who still gets answers from the old one may end what he began.
final class Connections {
  private static final Logger LOG = LoggerFactory.getLogger(Connections.class);

  private static final Duration GOODBYE = Duration.ofSeconds(2);

  /// How often it is looked whether somebody waits for too long: a timer for each statement would
  /// cost as much as many a statement.
  private static final Duration LOOK = Duration.ofMillis(200);

  private final Vertx vertx;
  private final Supplier<Pool> opening;

  /// Nobody waits longer for an answer.
  private final Duration longest;

  private final Set<Loan> lent = ConcurrentHashMap.newKeySet();
  private final long watch;

  private volatile Bundle bundle;

  private static final class Bundle {
    private final Pool pool;

    /// What was just given back, at hand for the next without asking the pool, the last one first.
    private final ConcurrentLinkedDeque<SqlConnection> idle = new ConcurrentLinkedDeque<>();

    /// How many wait for the pool.
    private final AtomicInteger drawing = new AtomicInteger();

    /// When one of them last answered, as [System#nanoTime] has it.
    private volatile long heard = System.nanoTime();

    private volatile boolean givenUp;

    Bundle(Pool pool) {
      this.pool = pool;
    }

    /// As long as somebody waits for the pool, what is given back goes there.
    @Nullable SqlConnection atHand() {
      return idle.pollFirst();
    }

    Future<SqlConnection> draw() {
      drawing.incrementAndGet();
      SqlConnection back = atHand(); // given back before whoever gave it saw that we wait
      if (back != null) {
        drawing.decrementAndGet();
        return Future.succeededFuture(back);
      }
      return pool.getConnection()
          .onSuccess(connection -> connection.closeHandler(_ -> idle.remove(connection)))
          .onComplete(_ -> drawing.decrementAndGet());
    }

    Future<Void> giveBack(SqlConnection connection) {
      if (!isWanted()) {
        idle.addFirst(connection);
        if (!isWanted() || !idle.remove(connection)) {
          return Future.succeededFuture();
        }
      }
      return connection.close();
    }

    private boolean isWanted() {
      return givenUp || drawing.get() > 0;
    }

    Future<Void> close() {
      givenUp = true;
      for (SqlConnection each = atHand(); each != null; each = atHand()) {
        var _ = each.close();
      }
      return pool.close();
    }
  }

  Connections(Vertx vertx, Supplier<Pool> opening, Duration longest) {
    this.vertx = vertx;
    this.opening = opening;
    this.longest = longest;
    this.bundle = new Bundle(opening.get());
    this.watch = vertx.setPeriodic(LOOK.toMillis(), _ -> lent.forEach(Loan::look));
  }

  /// Whatever keeps us from connecting, the database is away.
  Future<Loan> draw(Duration patience) {
    Bundle from = bundle;
    SqlConnection atHand = from.atHand();
    if (atHand != null) {
      return Future.succeededFuture(new Loan(from, atHand, patience));
    }
    long asked = System.nanoTime();
    Future<SqlConnection> drawing = from.draw();
    return drawing
        .timeout(patience.toMillis(), TimeUnit.MILLISECONDS)
        .onFailure(failed -> {
          drawing.onSuccess(from::giveBack); // it may come after all
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
      silent.givenUp = true;
      vertx.setTimer(longest.toMillis(), _ -> silent.close());
    }
  }

  /// Says goodbye, and does not wait long for those that are silent.
  Future<Void> close() {
    vertx.cancelTimer(watch);
    return bundle.close().timeout(GOODBYE.toMillis(), TimeUnit.MILLISECONDS).otherwiseEmpty();
  }

  /// A connection on loan.
  final class Loan {
    private final Bundle from;
    private final SqlConnection connection;
    private final long patience;

    /// In the order of asking, in which they are answered.
    private final Queue<Promise<?>> unanswered = new ConcurrentLinkedQueue<>();

    /// Since when we wait for the first of them, as [System#nanoTime] has it.
    private volatile long since;

    private volatile boolean silent;

    private Loan(Bundle from, SqlConnection connection, Duration patience) {
      this.from = from;
      this.connection = connection;
      this.patience = patience.toNanos();
      lent.add(this);
    }

    /// Fails with a [TimeoutException] when there is no answer in time, and at once from then on.
    /// What is asked behind something else has its time from the answer to that.
    <T> Future<T> ask(Function<SqlConnection, Future<T>> question) {
      Promise<T> answer = Promise.promise();
      if (unanswered.isEmpty()) {
        since = System.nanoTime();
      }
      unanswered.add(answer);
      if (silent) {
        unanswered.remove(answer);
        return Future.failedFuture(new TimeoutException("silent before"));
      }
      question
          .apply(connection)
          .onComplete((answered, failed) -> {
            long now = System.nanoTime();
            since = now;
            from.heard = now;
            unanswered.remove(answer);
            if (failed == null) {
              answer.tryComplete(answered);
            } else {
              answer.tryFail(failed);
            }
          });
      return answer.future();
    }

    private void look() {
      if (unanswered.isEmpty() || System.nanoTime() - since < patience) {
        return;
      }
      silent = true;
      lent.remove(this);
      giveUp(from);
      for (Promise<?> each = unanswered.poll(); each != null; each = unanswered.poll()) {
        each.tryFail(new TimeoutException("no answer"));
      }
    }

    /// One that is silent goes back to nobody: it may be in the middle of a transaction.
    Future<Void> giveBack() {
      lent.remove(this);
      return silent ? Future.succeededFuture() : from.giveBack(connection);
    }
  }
}
