package io.linyu.platform.db;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import org.jspecify.annotations.Nullable;

/// What a transaction sends, one after the other.
final class Wire {
  private final Connections.Loan loan;

  /// Why the first statement failed that did.
  private volatile @Nullable Throwable first;

  Wire(Connections.Loan loan) {
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
  Future<RowSet<Row>> send(String sql, Tuple parameters) {
    return loan.ask(connection -> connection.preparedQuery(sql).execute(parameters))
        .recover(failed -> {
          Throwable why = first;
          first = why == null ? failed : why;
          return Future.failedFuture(first);
        });
  }
}
