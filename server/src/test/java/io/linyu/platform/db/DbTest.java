package io.linyu.platform.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linyu.World;
import io.linyu.platform.Refusal;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.IntStream;
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

  /// PostgreSQL ends what has failed without a word.
  @Test
  void whatNobodyWaitedForAndFailedIsNotKept() {
    db.execute("CREATE TEMPORARY TABLE lamp (lit int PRIMARY KEY)");
    var told = new AtomicBoolean();
    assertThatThrownBy(() ->
            db.withinTransaction(tx -> {
              tx.tell("INSERT INTO lamp VALUES (1)");
              var _ = tx.send("INSERT INTO lamp VALUES (1)", Tuple.tuple());
              tx.tell("INSERT INTO lamp VALUES (2)");
              tx.afterCommit(() -> told.set(true));
            }))
        .hasMessageContaining("lamp_pkey");
    assertThat(told).isFalse();
    assertThat(db.one("SELECT count(*) AS n FROM lamp").getLong("n")).isZero();
  }

  /// PostgreSQL never hears of it, and would keep the rest.
  @Test
  void whatCannotBeSentTakesAllBack() {
    db.execute("CREATE TEMPORARY TABLE lamp (lit int)");
    assertThatThrownBy(() ->
            db.withinTransaction(tx -> {
              tx.tell("INSERT INTO lamp VALUES ($1)", 1);
              tx.tell("INSERT INTO lamp VALUES ($1)", "two");
            }))
        .hasMessageContaining("two");
    assertThat(db.one("SELECT count(*) AS n FROM lamp").getLong("n")).isZero();
  }

  @Test
  void theLastAnswerIsThereOnceAllIsKept() {
    db.execute("CREATE TEMPORARY TABLE lamp (lit int PRIMARY KEY)");
    Function<Tx, Future<Integer>> lit =
        tx ->
            tx.send("INSERT INTO lamp VALUES (3) RETURNING lit", Tuple.tuple())
                .map(rows -> rows.iterator().next().getInteger("lit"));
    assertThat(db.committing(lit)).isEqualTo(3);
    assertThatThrownBy(() -> db.committing(lit)).hasMessageContaining("lamp_pkey");
    assertThat(db.one("SELECT count(*) AS n FROM lamp").getLong("n")).isOne();
  }

  @Test
  void whatIsTakenBackIsNeitherKeptNorTold() {
    db.execute("CREATE TEMPORARY TABLE lamp (lit int PRIMARY KEY)");
    var told = new AtomicBoolean();
    db.withinTransaction(tx -> {
      tx.tell("INSERT INTO lamp VALUES (1)");
      assertThatThrownBy(() ->
              tx.reversibly(() -> {
                tx.tell("INSERT INTO lamp VALUES (2)");
                tx.afterCommit(() -> told.set(true));
                throw new Refusal("lamp", 409);
              }))
          .isInstanceOf(Refusal.class);
      assertThat(tx.<Integer>reversibly(() -> tx.execute("INSERT INTO lamp VALUES (3)"))).isOne();
    });
    assertThat(told).isFalse();
    assertThat(db.rows("SELECT lit FROM lamp ORDER BY lit"))
        .extracting(row -> row.getInteger("lit"))
        .containsExactly(1, 3);
  }

  /// More than there are connections: each waits for its turn, and nobody is forgotten.
  @Test
  void manyShareOneConnection() throws Exception {
    db.execute("CREATE TEMPORARY TABLE lamp (lit int)");
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<java.util.concurrent.Future<?>> all =
          IntStream.range(0, 200)
              .<java.util.concurrent.Future<?>>mapToObj(n ->
                  threads.submit(
                      () -> db.withinTransaction(tx -> tx.tell("INSERT INTO lamp VALUES ($1)", n))))
              .toList();
      for (var each : all) {
        var _ = each.get();
      }
    }
    assertThat(db.one("SELECT count(*) AS n FROM lamp").getLong("n")).isEqualTo(200);
  }

  /// PostgreSQL may end one that nobody uses: at most whoever asks next hears of it.
  @Test
  void whatWasClosedMeanwhileIsNotUsedAgain() {
    int first = process(db);
    try (Db other = Db.connect(vertx, World.settings().databaseUrl(), 1)) {
      assertThat(other.one("SELECT pg_terminate_backend($1, 5000) AS over", first))
          .matches(row -> row.getBoolean("over"));
    }
    int second;
    try {
      second = process(db);
    } catch (Db.Away closed) {
      second = process(db);
    }
    assertThat(second).isNotEqualTo(first);
  }

  private static int process(Db db) {
    return db.one("SELECT pg_backend_pid() AS pid").getInteger("pid");
  }
}
