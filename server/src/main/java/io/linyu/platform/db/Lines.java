package io.linyu.platform.db;

import io.netty.channel.Channel;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.impl.SocketConnectionBase;
import io.vertx.sqlclient.internal.Connection;
import io.vertx.sqlclient.internal.SqlConnectionInternal;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The connections to PostgreSQL. After a failover the old ones may be silent for ever while new
/// ones work. So a connection that does not answer in time is cut instead of going back to the
/// pool, and others that have said nothing since it was asked are not trusted either.
final class Lines {
  private static final Logger LOG = LoggerFactory.getLogger(Lines.class);

  private static final Duration GOODBYE = Duration.ofSeconds(2);

  private final Pool pool;

  /// When each last answered, as [System#nanoTime] has it.
  private final Map<Connection, Long> heard = Collections.synchronizedMap(new WeakHashMap<>());

  private final AtomicLong silentSince = new AtomicLong(System.nanoTime());

  Lines(Pool pool) {
    this.pool = pool;
  }

  /// Whatever keeps us from connecting, the database is away.
  Future<Line> draw(Duration patience) {
    Future<SqlConnection> drawing = pool.getConnection();
    return drawing
        .timeout(patience.toMillis(), TimeUnit.MILLISECONDS)
        .onFailure(_ -> drawing.onSuccess(SqlConnection::close)) // it may come after all
        .recover(failed -> Future.failedFuture(new Db.Away(failed)))
        .map(connection -> new Line(connection, patience))
        .compose(line -> {
          if (line.isTrusted()) {
            return Future.succeededFuture(line);
          }
          line.cut();
          return draw(patience);
        });
  }

  /// Says goodbye, and does not wait long for those that are silent.
  Future<Void> close() {
    return pool.close()
        .timeout(GOODBYE.toMillis(), TimeUnit.MILLISECONDS)
        .otherwise(failed -> null);
  }

  /// A connection on loan.
  final class Line {
    private final SqlConnection connection;
    private final Connection physical;
    private final Duration patience;
    private volatile boolean cut;

    private Line(SqlConnection connection, Duration patience) {
      this.connection = connection;
      this.physical = ((SqlConnectionInternal) connection).unwrap().unwrap();
      this.patience = patience;
    }

    /// Fails with a [TimeoutException] when there is no answer in time.
    <T> Future<T> ask(Function<SqlConnection, Future<T>> question) {
      long asked = System.nanoTime();
      return question
          .apply(connection)
          .timeout(patience.toMillis(), TimeUnit.MILLISECONDS)
          .onFailure(failed -> {
            if (failed instanceof TimeoutException) {
              LOG.warn("no answer from the database within {}", patience);
              silentSince.accumulateAndGet(asked, (a, b) -> a - b > 0 ? a : b);
              cut();
            }
          });
    }

    Future<Void> giveBack() {
      if (cut) {
        return Future.succeededFuture();
      }
      heard.put(physical, System.nanoTime());
      return connection.close();
    }

    private boolean isTrusted() {
      Long last = heard.get(physical);
      return last == null || last - silentSince.get() >= 0;
    }

    /// Past all handlers, which would close in good manners: wait for the answers still owed. Goes
    /// back to the pool only closed, so that nobody draws it again.
    private void cut() {
      cut = true;
      Channel channel =
          ((SocketConnectionBase) physical).socket().channelHandlerContext().channel();
      channel.eventLoop().execute(() -> channel.unsafe().close(channel.voidPromise()));
      channel.closeFuture().addListener(_ -> channel.eventLoop().execute(connection::close));
    }
  }
}
