package io.linyu.platform.db;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;

/// An open transaction. Doors open it with [Db#inTransaction], stores receive it.
public final class Tx implements Sql {
  private final Connections.Loan loan;
  private final List<Runnable> afterCommit = new ArrayList<>();

  Tx(Connections.Loan loan) {
    this.loan = loan;
  }

  @Override
  public Future<RowSet<Row>> send(String sql, Tuple parameters) {
    return loan.ask(connection -> connection.preparedQuery(sql).execute(parameters));
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
