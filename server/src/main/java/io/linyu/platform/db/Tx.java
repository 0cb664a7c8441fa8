package io.linyu.platform.db;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// An open transaction. Doors open it with [Db#inTransaction], stores receive it.
public final class Tx implements Sql {
  private final Connections.Loan loan;
  private final List<Future<RowSet<Row>>> unheard = new ArrayList<>();
  private final List<Runnable> afterCommit = new ArrayList<>();
  private final Map<Object, Object> known = new HashMap<>();

  Tx(Connections.Loan loan) {
    this.loan = loan;
  }

  @Override
  public Future<RowSet<Row>> send(String sql, Tuple parameters) {
    return loan.ask(connection -> connection.preparedQuery(sql).execute(parameters))
        .recover(failed -> Future.failedFuture(failure().orElse(failed)));
  }

  /// Writes without waiting, for what nobody asks the outcome of: it is on its way with whatever
  /// comes next. When it fails, that fails too, or the commit, for the same reason.
  public void tell(String sql, @Nullable Object... parameters) {
    unheard.add(send(sql, Tuple.wrap(parameters)));
  }

  /// How many writes are on their way: as long as it is the same, nothing was told.
  public int told() {
    return unheard.size();
  }

  /// Everything after a statement that failed fails as well, and says nothing of why.
  private Optional<Throwable> failure() {
    return unheard.stream().filter(Future::failed).map(Future::cause).findFirst();
  }

  /// Does all of it and takes it back: nobody else ever sees any of it, and no signal of it is
  /// given.
  public <T> T takenBack(Supplier<T> work) {
    int signals = afterCommit.size();
    tell("SAVEPOINT taken_back");
    T result = work.get();
    hear(); // what failed would be taken back without a word
    var _ = execute("ROLLBACK TO SAVEPOINT taken_back");
    afterCommit.subList(signals, afterCommit.size()).clear();
    known.clear();
    return result;
  }

  /// Keeps what nobody else can change while this transaction lasts, so that it is not read again.
  /// Forgotten when something is [taken back][#takenBack].
  public void know(Object key, Object value) {
    known.put(key, value);
  }

  /// @return null: nobody has asked yet
  public @Nullable Object known(Object key) {
    return known.get(key);
  }

  /// Before the commit, which would end a failed transaction without a word.
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
