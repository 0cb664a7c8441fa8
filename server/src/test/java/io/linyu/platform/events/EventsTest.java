package io.linyu.platform.events;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.linyu.TestClock;
import io.linyu.World;
import io.linyu.platform.db.Db;
import io.linyu.platform.text.Digest;
import io.linyu.platform.time.Ticker;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventsTest {
  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "event")
  @JsonSubTypes(@JsonSubTypes.Type(value = Lamp.Lit.class, name = "lit"))
  sealed interface Lamp extends DomainEvent {
    Vocabulary<Lamp> VOCABULARY = new Vocabulary<>("lamps", Lamp.class, true);

    record Lit(int times) implements Lamp {}
  }

  private final Vertx vertx = Vertx.vertx();
  private final Db db = Db.connect(vertx, World.settings().databaseUrl(), 4);
  private final TestClock clock = TestClock.at("2026-03-12T10:00");
  private final Events events = new Events(db, clock);

  @AfterEach
  void close() {
    db.close();
    vertx.close().await();
  }

  @Test
  void aListenerHearsWhatWasWrittenInAnOpenTransactionAfterItIsOver() throws Exception {
    BlockingQueue<Integer> heard = new LinkedBlockingQueue<>();
    try (var ticker = new Ticker()) {
      events.listen(
          ticker,
          "test",
          Lamp.VOCABULARY,
          (_, told) -> told.forEach(each -> heard.add(times(each))));
      db.withinTransaction(slow -> {
        events.write(slow, Lamp.VOCABULARY, 1, new Lamp.Lit(1));
        light(2, 2); // has a later id and is committed earlier
      });
      assertThat(List.of(next(heard), next(heard))).containsExactlyInAnyOrder(1, 2);
    }
  }

  @Test
  void eachDayGetsOneRootOverTheLastLinkOfEveryChainThatGrew() {
    light(1, 1);
    light(2, 1);
    light(1, 2);
    clock.set("2026-03-13T00:05");
    assertThat(events.keepRootDue(TestClock.ZONE)).as("the day has not settled").isFalse();

    clock.set("2026-03-13T00:15");
    light(3, 1); // belongs to the next day
    assertThat(events.keepRootDue(TestClock.ZONE)).isTrue();
    assertThat(events.keepRootDue(TestClock.ZONE)).as("once").isFalse();

    var root = db.one("SELECT day::text AS day, chains, root FROM event_root");
    assertThat(root.getString("day")).isEqualTo("2026-03-12");
    assertThat(root.getInteger("chains")).isEqualTo(2);
    assertThat(root.getBuffer("root").getBytes()).isEqualTo(Digest.sha256(link(1, 2), link(2, 1)));
    assertThat(events.broken(Lamp.VOCABULARY)).isEmpty();
  }

  @Test
  void oneBadEventDoesNotSilenceAListenerForEver() {
    light(1, 1);
    light(1, 13);
    light(1, 2);
    BlockingQueue<Integer> heard = new LinkedBlockingQueue<>();
    Listener<Lamp> superstitious =
        (_, told) -> {
          if (told.stream().anyMatch(each -> times(each) == 13)) {
            throw new IllegalStateException("not thirteen");
          }
          told.forEach(each -> heard.add(times(each)));
        };
    // Transactions of other databases hold the horizon back as well: so it is asked until it is so.
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (!heard.contains(2) && System.nanoTime() < end) {
      try {
        if (events.tellNext("superstitious", Lamp.VOCABULARY, superstitious)
            == Events.Found.NOTHING) {
          LockSupport.parkNanos(5_000_000);
        }
      } catch (IllegalStateException again) {
        assertThat(heard).as("waits for its turn").doesNotContain(2);
      }
    }
    assertThat(heard).contains(1, 2);
    assertThat(events.parked()).containsExactly(Map.entry("superstitious", 1));
  }

  @Test
  void aChainGoesOnWhereItEndsWhateverWasTakenBack() {
    light(1, 1);
    db.withinTransaction(tx -> {
      events.write(tx, Lamp.VOCABULARY, 1, new Lamp.Lit(2));
      var _ =
          tx.takenBack(() -> {
            events.write(tx, Lamp.VOCABULARY, 1, new Lamp.Lit(3));
            return true;
          });
      events.write(tx, Lamp.VOCABULARY, 1, new Lamp.Lit(4));
    });
    light(1, 5);
    assertThat(events.of(db, Lamp.VOCABULARY, 1))
        .extracting(EventsTest::times)
        .containsExactly(1, 2, 4, 5);
    assertThat(events.broken(Lamp.VOCABULARY)).isEmpty();
  }

  private static int times(Told<Lamp> told) {
    return ((Lamp.Lit) told.event()).times();
  }

  private void light(long lamp, int times) {
    db.withinTransaction(tx -> events.write(tx, Lamp.VOCABULARY, lamp, new Lamp.Lit(times)));
  }

  private byte[] link(long lamp, int seq) {
    return db.one("SELECT hash FROM event WHERE subject = $1 AND seq = $2", lamp, seq)
        .getBuffer("hash")
        .getBytes();
  }

  private static int next(BlockingQueue<Integer> heard) throws InterruptedException {
    Integer one = heard.poll(10, TimeUnit.SECONDS);
    assertThat(one).isNotNull();
    return one;
  }
}
