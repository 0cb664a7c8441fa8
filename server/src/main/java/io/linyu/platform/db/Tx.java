package io.linyu.platform.db;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// An open transaction. Doors open it with [Db#inTransaction], stores receive it.
public final class Tx implements Sql {
  private final Connections.Loan loan;
  private final List<Future<RowSet<Row>>> unheard = new ArrayList<>();
  private final List<Runnable> afterCommit = new ArrayList<>();

  private int told;

  /// Why the first statement failed that did.
  private volatile @Nullable Throwable first;

  Tx(Connections.Loan loan) {
    this.loan = loan;
  }

  /// Nobody waits for it alone: where it fails the connection is gone, and all behind it fails.
  void begin() {
    var _ = control("BEGIN");
  }

  /// Fails where it is known already that a statement has.
  void requireSound() {
    Throwable why = first;
    if (why != null) {
      var _ = Db.await(Future.failedFuture(why));
    }
  }

  /// When a statement has failed, also one that nobody has waited for, PostgreSQL takes everything
  /// back instead and calls that a success: this fails as that statement did.
  Future<Void> commit() {
    return control("COMMIT")
        .transform((_, failed) -> {
          Throwable why = first == null ? failed : first;
          return why == null ? Future.succeededFuture() : Future.failedFuture(why);
        });
  }

  Future<Void> rollBack() {
    return control("ROLLBACK");
  }

  private Future<Void> control(String word) {
    return loan.ask(connection -> connection.query(word).execute()).mapEmpty();
  }

  /// Everything after a statement that failed fails as well, and says nothing of why: it fails as
  /// the first one did.
  @Override
  public Future<RowSet<Row>> send(String sql, Tuple parameters) {
    return loan.ask(connection -> connection.preparedQuery(sql).execute(parameters))
        .recover(failed -> {
          Throwable why = first;
          first = why == null ? failed : why;
          return Future.failedFuture(first);
        });
  }

  /// Writes without waiting, for what nobody asks the outcome of: it is on its way with whatever
  /// comes next. When it fails, that fails too, or the commit, for the same reason.
  public void tell(String sql, @Nullable Object... parameters) {
    told++;
    unheard.add(send(sql, Tuple.wrap(parameters)));
  }

  /// How many writes were [told][#tell]: as long as it is the same, none was.
  public int told() {
    return told;
  }

  /// Does all of it and takes it back: nobody else ever sees any of it, and no signal of it is
  /// given.
  public <T> T takenBack(Supplier<T> work) {
    int signals = mark();
    T result = work.get();
    takeBack(signals);
    return result;
  }

  /// Does all of it or, where it throws, none of it, and what else this transaction does is kept.
  public <T> T reversibly(Supplier<T> work) {
    int signals = mark();
    T result;
    try {
      result = work.get();
    } catch (RuntimeException thrown) {
      takeBack(signals);
      throw thrown;
    }
    tell("RELEASE SAVEPOINT mark");
    return result;
  }

  private int mark() {
    tell("SAVEPOINT mark");
    return afterCommit.size();
  }

  private void takeBack(int signals) {
    hear(); // what failed would be taken back without a word
    tell("ROLLBACK TO SAVEPOINT mark");
    tell("RELEASE SAVEPOINT mark");
    afterCommit.subList(signals, afterCommit.size()).clear();
  }

  /// Waits until all that was told is done.
  void hear() {
    unheard.forEach(Db::await);
    unheard.clear();
  }

  /// Runs when, and only when, everything here has been committed. For signals that may be lost,
  /// never for facts.
  public void afterCommit(Runnable signal) {
    afterCommit.add(signal);
  }

  void committed() {
    afterCommit.forEach(Runnable::run);
  }
}
