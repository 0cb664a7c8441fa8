package io.linyu.platform.db;

import static org.assertj.core.api.Assertions.assertThat;

import io.linyu.World;
import io.vertx.core.Vertx;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DbTest {
  private final Vertx vertx = Vertx.vertx();
  private final Db db = Db.connect(vertx, World.settings().databaseUrl(), 1, Duration.ofSeconds(2));

  @AfterEach
  void close() {
    db.close();
    vertx.close().await();
  }

  @Test
  void whoHasATransactionOpenNeedsNoSecondConnection() {
    long seen =
        db.inTransaction(tx -> {
          tx.tell("CREATE TEMPORARY TABLE lamp (lit int)");
          tx.tell("INSERT INTO lamp VALUES (7)");
          return db.one("SELECT lit FROM lamp").getLong("lit");
        });
    assertThat(seen).isEqualTo(7);
    assertThat(db.one("SELECT lit FROM lamp").getLong("lit")).as("and afterwards").isEqualTo(7);
  }

  /// Whoever is told of it afterwards is told outside.
  @Test
  void whatIsAskedAfterTheCommitIsNoPartOfIt() {
    db.withinTransaction(tx -> {
      tx.tell("CREATE TEMPORARY TABLE lamp (lit int)");
      tx.afterCommit(() -> db.execute("INSERT INTO lamp VALUES (1)"));
    });
    assertThat(db.one("SELECT count(*) AS n FROM lamp").getLong("n")).isOne();
  }
}
