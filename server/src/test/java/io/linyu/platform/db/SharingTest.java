package io.linyu.platform.db;

import static io.linyu.Patience.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linyu.World;
import io.linyu.platform.Refusal;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Lamps that are lit by many at once. One company is under way at most, so whoever comes while the
/// door is shut goes with the next.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class SharingTest {
  private static final Bulk READ =
      new Bulk(
          "id bigint",
          "SELECT x.nth, l.lit FROM %s JOIN lamp_of_many l ON l.id = x.id FOR NO KEY UPDATE OF l");

  private static final Bulk LIGHT =
      new Bulk(
          "id bigint, lit int",
          """
          UPDATE lamp_of_many l SET lit = x.lit FROM %s WHERE l.id = x.id RETURNING x.nth, l.id, l.lit
          """);

  private static final Bulk NOTE =
      Bulk.ofSeveral(
          "id bigint, said text",
          "INSERT INTO lamp_note (id, said) SELECT x.id, x.said FROM %s ORDER BY x.nth");

  private final Vertx vertx = Vertx.vertx();
  private final Db db = Db.connect(vertx, World.settings().databaseUrl(), 4, Duration.ofSeconds(5));
  private final Sharing sharing = new Sharing(db, 1, Duration.ofMinutes(1));
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch door = new CountDownLatch(1);
  private final AtomicInteger signals = new AtomicInteger();

  @BeforeEach
  void tenLamps() {
    db.execute("CREATE TABLE lamp_of_many (id bigint PRIMARY KEY, lit int CHECK (lit < 100))");
    db.execute("CREATE TABLE lamp_note (nth bigserial, id bigint, said text)");
    db.execute("INSERT INTO lamp_of_many SELECT n, 0 FROM generate_series(0, 9) AS n");
  }

  @AfterEach
  void putAway() {
    door.countDown();
    threads.close();
    db.execute("DROP TABLE lamp_of_many, lamp_note");
    db.close();
    vertx.close().await();
  }

  /// What is done to a lamp.
  private interface Deed {
    void on(Tx tx, long id);
  }

  /// Says what it was, does this, and lights it.
  private record Lighting(long id, int lit, Deed deed, AtomicInteger signals)
      implements Db.Shared<Optional<Row>, String> {
    @Override
    public Future<Optional<Row>> ask(Tx tx) {
      return tx.ask(READ, id);
    }

    @Override
    public Future<String> act(Tx tx, Optional<Row> lamp) {
      tx.tell(NOTE, id, "was " + lamp.orElseThrow().getInteger("lit"));
      deed.on(tx, id);
      tx.tell(NOTE, id, "is " + lit);
      tx.afterCommit(signals::incrementAndGet);
      return tx.ask(LIGHT, id, lit)
          .map(Optional::orElseThrow)
          .map(row -> row.getLong("id") + " is " + row.getInteger("lit"));
    }
  }

  private java.util.concurrent.Future<String> light(long id, int lit, Deed deed) {
    return threads.submit(() -> sharing.share(id, new Lighting(id, lit, deed, signals)));
  }

  private java.util.concurrent.Future<String> light(long id, int lit) {
    return light(id, lit, (_, _) -> {});
  }

  /// Until then whoever comes has to wait.
  private java.util.concurrent.Future<String> shutTheDoor() throws InterruptedException {
    var inside = new CountDownLatch(1);
    var first =
        light(
            0,
            1,
            (_, _) -> {
              inside.countDown();
              pass(door);
            });
    inside.await();
    return first;
  }

  private static void pass(CountDownLatch door) {
    try {
      door.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void openWhenWaiting(int many) {
    until(many + " wait", () -> sharing.waiting() == many);
    door.countDown();
  }

  private int transactions(long... lamps) {
    Long[] ids = java.util.Arrays.stream(lamps).boxed().toArray(Long[]::new);
    return db.one(
            "SELECT count(DISTINCT xmin::text)::int AS n FROM lamp_of_many WHERE id = ANY($1)",
            (Object) ids)
        .getInteger("n");
  }

  private List<String> notes(long id) {
    return db.rows("SELECT said FROM lamp_note WHERE id = $1 ORDER BY nth", id).stream()
        .map(row -> row.getString("said"))
        .toList();
  }

  @Test
  void whoeverComesMeanwhileGoesTogether() throws Exception {
    var first = shutTheDoor();
    var all = new ArrayList<java.util.concurrent.Future<String>>();
    for (int i = 1; i < 10; i++) {
      all.add(light(i, 10 + i));
    }
    openWhenWaiting(9);
    assertThat(first.get()).isEqualTo("0 is 1");
    for (int i = 1; i < 10; i++) {
      assertThat(all.get(i - 1).get()).as("each hears of his own").isEqualTo(i + " is " + (10 + i));
      assertThat(notes(i)).containsExactly("was 0", "is " + (10 + i));
    }
    assertThat(transactions(1, 2, 3, 4, 5, 6, 7, 8, 9)).isOne();
    assertThat(signals).hasValue(10);
  }

  @Test
  void theSameLampIsLitOneAfterTheOther() throws Exception {
    var first = shutTheDoor();
    var one = light(1, 11);
    until("1 wait", () -> sharing.waiting() == 1);
    var other = light(1, 12);
    openWhenWaiting(2);
    assertThat(first.get()).isEqualTo("0 is 1");
    assertThat(one.get()).isEqualTo("1 is 11");
    assertThat(other.get()).isEqualTo("1 is 12");
    assertThat(notes(1)).containsExactly("was 0", "is 11", "was 11", "is 12");
  }

  @Test
  void whoIsRefusedTouchesNobody() throws Exception {
    var first = shutTheDoor();
    var refused =
        light(
            1,
            11,
            (_, _) -> {
              throw new Refusal("lamp", 409);
            });
    var others = List.of(light(2, 12), light(3, 13));
    openWhenWaiting(3);
    assertThat(first.get()).isNotNull();
    assertThatThrownBy(refused::get).hasCauseInstanceOf(Refusal.class);
    assertThat(others.get(0).get()).isEqualTo("2 is 12");
    assertThat(others.get(1).get()).isEqualTo("3 is 13");
    assertThat(transactions(2, 3)).isOne();
    assertThat(notes(1)).as("what he had written down is not kept").isEmpty();
    assertThat(signals).hasValue(3);
  }

  /// Nothing can be left out of what is written already.
  @Test
  void whoIsRefusedWithSomethingWrittenLeavesTheOthersToThemselves() throws Exception {
    var first = shutTheDoor();
    var refused =
        light(
            1,
            11,
            (tx, id) -> {
              assertThat(
                      tx.one("SELECT count(*) AS n FROM lamp_note WHERE id = $1", id).getLong("n"))
                  .as("he sees what he has written")
                  .isOne();
              throw new Refusal("lamp", 409);
            });
    var others = List.of(light(2, 12), light(3, 13));
    openWhenWaiting(3);
    assertThat(first.get()).isNotNull();
    assertThatThrownBy(refused::get).hasCauseInstanceOf(Refusal.class);
    assertThat(others.get(0).get()).isEqualTo("2 is 12");
    assertThat(others.get(1).get()).isEqualTo("3 is 13");
    assertThat(transactions(2, 3)).isEqualTo(2);
    assertThat(notes(1)).isEmpty();
    assertThat(notes(2)).containsExactly("was 0", "is 12");
    assertThat(signals).hasValue(3);
  }

  @Test
  void whatTheDatabaseRefusesOneIsDoneForTheOthers() throws Exception {
    var first = shutTheDoor();
    var wrong = light(1, 1_000);
    var others = List.of(light(2, 12), light(3, 13));
    openWhenWaiting(3);
    assertThat(first.get()).isNotNull();
    assertThatThrownBy(wrong::get).hasCauseInstanceOf(PgException.class);
    assertThat(others.get(0).get()).isEqualTo("2 is 12");
    assertThat(others.get(1).get()).isEqualTo("3 is 13");
    assertThat(db.one("SELECT lit FROM lamp_of_many WHERE id = 1").getInteger("lit")).isZero();
    assertThat(notes(1)).isEmpty();
    assertThat(notes(3)).containsExactly("was 0", "is 13");
    assertThat(signals).hasValue(3);
  }

  @Test
  void whatLocksMoreIsDoneByItself() throws Exception {
    var first = shutTheDoor();
    var shared = new AtomicInteger();
    var alone =
        light(
            1,
            11,
            (tx, _) -> {
              shared.addAndGet(tx.isShared() ? 1 : 100);
              tx.requireUnshared();
            });
    var other = light(2, 12);
    openWhenWaiting(2);
    assertThat(first.get()).isNotNull();
    assertThat(alone.get()).isEqualTo("1 is 11");
    assertThat(other.get()).isEqualTo("2 is 12");
    assertThat(shared).as("once with the other, once alone").hasValue(101);
    assertThat(notes(1)).containsExactly("was 0", "is 11");
  }

  /// Where a commit may have been on its way nobody knows, and each is told so; else each does his
  /// own on another connection. None is done twice, and the next are as ever.
  @Test
  void whenTheirConnectionIsCutEachIsDoneOnceOrHearsThatNobodyKnows() throws Exception {
    var first = shutTheDoor();
    var cut = new AtomicBoolean();
    var one =
        light(
            1,
            11,
            (tx, _) -> {
              if (cut.compareAndSet(false, true)) {
                end(tx.one("SELECT pg_backend_pid() AS process").getInteger("process"));
              }
            });
    var other = light(2, 12);
    openWhenWaiting(2);
    assertThat(first.get()).isEqualTo("0 is 1");
    int ofOne = isDone(one) ? 2 : 0;
    int ofOther = isDone(other) ? 2 : 0;
    assertThat(notes(1)).hasSize(ofOne);
    assertThat(notes(2)).hasSize(ofOther);
    assertThat(light(1, 21).get()).isEqualTo("1 is 21");
    assertThat(light(2, 22).get()).isEqualTo("2 is 22");
  }

  private static boolean isDone(java.util.concurrent.Future<String> lighting)
      throws InterruptedException {
    try {
      return !lighting.get().isEmpty();
    } catch (ExecutionException failed) {
      assertThat(failed).hasCauseInstanceOf(Db.Away.class);
      return false;
    }
  }

  private void end(int process) {
    try (Db hand = Db.connect(vertx, World.settings().databaseUrl(), 1)) {
      assertThat(hand.one("SELECT pg_terminate_backend($1, 5000) AS over", process))
          .matches(row -> row.getBoolean("over"));
    }
  }

  /// It is kept by then, and must not be done once more.
  @Test
  void aSignalThatFailsUndoesNothing() throws Exception {
    var first = shutTheDoor();
    var unlucky =
        light(
            1,
            11,
            (tx, _) ->
                tx.afterCommit(() -> {
                  throw new IllegalStateException("nobody hears");
                }));
    var other = light(2, 12);
    openWhenWaiting(2);
    assertThat(first.get()).isNotNull();
    assertThatThrownBy(unlucky::get).hasRootCauseMessage("nobody hears");
    assertThat(other.get()).isEqualTo("2 is 12");
    assertThat(notes(1)).containsExactly("was 0", "is 11");
    assertThat(notes(2)).containsExactly("was 0", "is 12");
  }

  /// A company of one, which is what there mostly is.
  @Test
  void whoIsAloneIsRefusedAtOnce() {
    var tries = new AtomicInteger();
    var lighting =
        new Lighting(
            1,
            11,
            (tx, _) -> {
              tries.incrementAndGet();
              var _ = tx.one("SELECT 1 AS n");
              throw new Refusal("lamp", 409);
            },
            signals);
    assertThatThrownBy(() -> sharing.share(1, lighting)).isInstanceOf(Refusal.class);
    assertThat(tries).hasValue(1);
    assertThat(notes(1)).isEmpty();
    assertThat(sharing.share(1, new Lighting(1, 12, (_, _) -> {}, signals))).isEqualTo("1 is 12");
  }

  @Test
  void whoHasWaitedLongEnoughGoesAlone() throws Exception {
    var impatient = new Sharing(db, 1, Duration.ofMillis(50));
    var inside = new CountDownLatch(1);
    var first =
        threads.submit(() ->
            impatient.share(
                0,
                new Lighting(
                    0,
                    1,
                    (_, _) -> {
                      inside.countDown();
                      pass(door);
                    },
                    signals)));
    inside.await();
    assertThat(impatient.share(1, new Lighting(1, 11, (_, _) -> {}, signals))).isEqualTo("1 is 11");
    assertThat(first.isDone()).isFalse();
    door.countDown();
    assertThat(first.get()).isEqualTo("0 is 1");
    assertThat(impatient.share(0, new Lighting(0, 2, (_, _) -> {}, signals)))
        .as("and the place is free again")
        .isEqualTo("0 is 2");
  }

  /// The one who was to do the work of all has gone.
  @Test
  void whoDoesNotWaitAnyMoreKeepsNobody() throws Exception {
    var first = shutTheDoor();
    var gone = light(1, 11);
    until("1 wait", () -> sharing.waiting() == 1);
    var other = light(2, 12);
    until("2 wait", () -> sharing.waiting() == 2);
    assertThat(gone.cancel(true)).isTrue();
    until("one has gone", () -> sharing.waiting() == 1);
    door.countDown();
    assertThat(first.get()).isEqualTo("0 is 1");
    assertThat(other.get()).isEqualTo("2 is 12");
    assertThat(notes(1)).isEmpty();
  }

  /// Each as often as it was asked for, whoever goes with whom.
  @Test
  void manyForAWhile() throws Exception {
    var usual = new Sharing(db);
    var all = new ArrayList<java.util.concurrent.Future<String>>();
    for (int i = 0; i < 400; i++) {
      long id = i % 10;
      all.add(
          threads.submit(() ->
              usual.share(
                  id,
                  new Db.Shared<Optional<Row>, String>() {
                    @Override
                    public Future<Optional<Row>> ask(Tx tx) {
                      return tx.ask(READ, id);
                    }

                    @Override
                    public Future<String> act(Tx tx, Optional<Row> lamp) {
                      int lit = lamp.orElseThrow().getInteger("lit") + 1;
                      return tx.ask(LIGHT, id, lit).map(_ -> "");
                    }
                  })));
    }
    for (var each : all) {
      assertThat(each.get()).isEmpty();
    }
    assertThat(db.one("SELECT min(lit) AS least, max(lit) AS most FROM lamp_of_many"))
        .satisfies(row -> {
          assertThat(row.getInteger("least")).isEqualTo(40);
          assertThat(row.getInteger("most")).isEqualTo(40);
        });
  }
}
