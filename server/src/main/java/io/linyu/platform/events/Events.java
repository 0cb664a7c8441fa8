package io.linyu.platform.events;

import io.linyu.platform.db.Backup;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.linyu.platform.health.Backlog;
import io.linyu.platform.text.Json;
import io.linyu.platform.time.Ticker;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes facts in the transaction that makes them true, and tells them to listeners afterwards.
///
/// Each listener has a cursor of its own in the database, so it hears every event at least once, in
/// order of commit horizon, also after a crash, on one node at a time. Events of transactions that
/// are still open are never passed over: the cursor stops before the oldest of them. An event that
/// a listener fails at again and again is parked and shown by the doctor, and the listener goes on.
///
/// While servers are upgraded one after the other, the older ones leave to the newer what they do
/// not know: their listeners stop before such an event, and a newer server takes them past it.
public final class Events {
  private static final Logger LOG = LoggerFactory.getLogger(Events.class);
  private static final int AT_ONCE = 100;

  /// Whoever hears one at a time passes by so many at most that do not concern him.
  private static final int READ_SINGLY = 20;

  /// How often a listener may fail at one event, a second apart, before it goes on without it.
  private static final int ATTEMPTS = 10;

  private static final Duration PAUSE = Duration.ofSeconds(1);

  /// So short that nobody notices, and what is told meanwhile needs one transaction and not many.
  private static final Duration BREATH = Duration.ofMillis(100);

  private static final Duration ROOTS_PAUSE = Duration.ofMinutes(5);

  /// Longer than any transaction that began before midnight.
  private static final Duration DAY_SETTLES = Duration.ofMinutes(10);

  private final Db db;
  private final Clock clock;
  private final EventStore store = new EventStore();

  /// By name, with the room it hears.
  private final Map<String, String> listening = new ConcurrentHashMap<>();

  /// Where each listener stands before something newer.
  private final Map<String, Long> left = new ConcurrentHashMap<>();

  private final List<Ticker.Bell> bells = new CopyOnWriteArrayList<>();

  public Events(Db db, Clock clock) {
    this.db = db;
    this.clock = clock;
  }

  /// Asks for the last link of a subject, with what others ask.
  public Future<Last> last(Tx tx, Vocabulary<?> vocabulary, long subject) {
    return store.last(tx, vocabulary.room(), subject);
  }

  /// From here on nobody else writes of this subject until the transaction ends: the links are made
  /// here, and not where the one before them is read.
  public void goOn(Tx tx, Vocabulary<?> vocabulary, long subject, Last from) {
    store.goOn(tx, vocabulary.room(), subject, from);
  }

  /// The last link of a chain.
  ///
  /// @param seq 0: there is none yet
  public record Last(int seq, Buffer hash) {}

  public <E extends DomainEvent> void write(
      Tx tx, Vocabulary<E> vocabulary, long subject, E event) {
    String body = Json.write(vocabulary.type(), event);
    if (vocabulary.chained()) {
      store.appendChained(tx, vocabulary.room(), subject, clock.instant(), body);
    } else {
      store.append(tx, vocabulary.room(), subject, clock.instant(), body);
    }
    tx.afterCommit(this::ring);
  }

  /// The first events of a subject that this transaction has made, in one statement.
  public <E extends DomainEvent> void begin(
      Tx tx, Vocabulary<E> vocabulary, long subject, List<E> first) {
    List<String> bodies = first.stream().map(each -> Json.write(vocabulary.type(), each)).toList();
    store.beginChained(tx, vocabulary.room(), subject, clock.instant(), bodies);
    tx.afterCommit(this::ring);
  }

  /// @param name the cursor's name; a listener that is new hears everything from the first event
  public <E extends DomainEvent> void listen(
      Ticker ticker, String name, Vocabulary<E> vocabulary, Listener<E> listener) {
    listen(ticker, name, vocabulary.room(), () -> tellNext(name, vocabulary, listener));
  }

  /// For a listener that locks rows others lock too: each event has a transaction of its own, so it
  /// never holds one such lock while it waits for the next.
  ///
  /// @param concerns whether it does anything about an event; the others are only passed by
  public <E extends DomainEvent> void listenSingly(
      Ticker ticker,
      String name,
      Vocabulary<E> vocabulary,
      Predicate<E> concerns,
      Listener<E> listener) {
    listen(
        ticker,
        name,
        vocabulary.room(),
        () -> tellNextSingly(name, vocabulary, concerns, listener));
  }

  private void listen(Ticker ticker, String name, String room, Supplier<Found> telling) {
    listening.put(name, room);
    bells.add(
        ticker.every(
            PAUSE,
            "listener-" + name,
            () -> {
              Found found = telling.get();
              if (found != Found.MORE) {
                breathe();
              }
              return found != Found.NOTHING;
            }));
  }

  /// However often it is rung for meanwhile.
  private static void breathe() {
    long end = System.nanoTime() + BREATH.toNanos();
    for (long left = BREATH.toNanos(); left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  /// Wakes the listeners of this node, because somebody else has written.
  public void ring() {
    bells.forEach(Ticker.Bell::ring);
  }

  /// The events of one subject, oldest first.
  public <E extends DomainEvent> List<Told<E>> of(Sql sql, Vocabulary<E> vocabulary, long subject) {
    return store.of(sql, vocabulary, subject);
  }

  /// The same of several subjects, by subject; what has none is not in it.
  public <E extends DomainEvent> Map<Long, List<Told<E>>> of(
      Sql sql, Vocabulary<E> vocabulary, Collection<Long> subjects) {
    return store.of(sql, vocabulary, subjects).stream()
        .collect(Collectors.groupingBy(Told::subject));
  }

  /// One link of a chain.
  ///
  /// @param seq 1 for the first
  public record Link(int seq, Instant at, String body, Buffer hash) {}

  /// The whole chain of one subject, for a past that is made up.
  ///
  /// @param told oldest first
  public static <E extends DomainEvent> List<Link> chain(
      Vocabulary<E> vocabulary, long subject, List<Told<E>> told) {
    return EventStore.chain(vocabulary, subject, told);
  }

  /// Subjects whose chain does not verify, with the first wrong place.
  public List<String> broken(Vocabulary<?> vocabulary) {
    return broken(db, vocabulary);
  }

  public static List<String> broken(Sql sql, Vocabulary<?> vocabulary) {
    var broken = new ArrayList<String>();
    new EventStore().verify(sql, vocabulary.room(), broken::add);
    return broken;
  }

  /// Of these subjects those whose chain does not verify.
  public Set<Long> broken(Sql sql, Vocabulary<?> vocabulary, Collection<Long> subjects) {
    return store.broken(sql, vocabulary.room(), subjects);
  }

  /// Keeps one root a day over all chains that grew that day, as soon as the day is safely over.
  public void keepRoots(Ticker ticker, ZoneId zone) {
    var _ = ticker.every(ROOTS_PAUSE, "roots", () -> keepRootDue(zone));
  }

  /// Keeps the root of the first day that has none yet; false when there is no such day.
  public boolean keepRootDue(ZoneId zone) {
    Instant now = clock.instant();
    Instant today =
        LocalDate.ofInstant(now.minus(DAY_SETTLES), zone).atStartOfDay(zone).toInstant();
    return db.inTransaction(tx -> {
      Optional<Instant> first = store.firstWithoutRoot(tx, zone, today);
      if (first.isEmpty()) {
        return false;
      }
      LocalDate day = LocalDate.ofInstant(first.get(), zone);
      Instant from = day.atStartOfDay(zone).toInstant();
      Instant to = day.plusDays(1).atStartOfDay(zone).toInstant();
      store.keepRoot(tx, day, store.lastLinks(tx, from, to), now);
      return true;
    });
  }

  /// One root a day.
  ///
  /// @param chains how many grew that day
  /// @param root SHA-256 over their last links of that day, one after the other in the order of
  ///   rooms and subjects
  public record Root(LocalDate day, int chains, Buffer root) {}

  /// The newest first.
  ///
  /// @param before null: from the newest
  public List<Root> roots(@Nullable LocalDate before, int limit) {
    return store.roots(db, before, limit);
  }

  /// How events and cursors are written so that another PostgreSQL can go on with them.
  ///
  /// Transactions are numbered by each PostgreSQL for itself, and those of the old one may all be
  /// in the future of the new one, where no event would ever be told. So between two cursors that
  /// follow each other all events get one number, from 3 on, which is past everywhere. Each
  /// listener stands where it stood: it hears nothing twice and misses nothing.
  public static Backup.Portable portable() {
    return EventStore.portable();
  }

  /// How many events each listener has given up on, for the doctor.
  public Map<String, Integer> parked() {
    return store.parked(db);
  }

  /// What each listener of this server has not heard yet.
  public List<Backlog> backlogs() {
    return store.backlogs(db, listening);
  }

  /// What a listener found to hear.
  enum Found {
    NOTHING,
    SOME,
    /// And there is more at once.
    MORE
  }

  <E extends DomainEvent> Found tellNext(
      String name, Vocabulary<E> vocabulary, Listener<E> listener) {
    try {
      return tell(name, vocabulary, _ -> true, AT_ONCE, AT_ONCE, listener, _ -> {});
    } catch (RuntimeException failed) {
      if (Db.isPassing(failed)) {
        throw failed;
      }
      return tellNextSingly(name, vocabulary, _ -> true, listener);
    }
  }

  /// One at a time, so that a bad event is known by its id and takes no good one with it.
  private <E extends DomainEvent> Found tellNextSingly(
      String name, Vocabulary<E> vocabulary, Predicate<E> concerns, Listener<E> listener) {
    var telling = new AtomicReference<EventStore.@Nullable Cursor>();
    try {
      return tell(name, vocabulary, concerns, READ_SINGLY, 1, listener, telling::set);
    } catch (RuntimeException failed) {
      EventStore.Cursor bad = telling.get();
      if (bad == null || Db.isPassing(failed) || !givesUp(name, bad, failed)) {
        throw failed;
      }
      LOG.error("{} gives up on event {}", name, bad.event(), failed);
      return Found.MORE;
    }
  }

  private void leave(String name, long event) {
    if (!Objects.equals(left.put(name, event), event)) {
      LOG.warn(
          "{} leaves event {} to a newer server: this one does not know what it is", name, event);
    }
  }

  private boolean givesUp(String name, EventStore.Cursor bad, RuntimeException failed) {
    return db.inTransaction(tx -> {
      EventStore.Cursor cursor = store.lockCursor(tx, name).orElse(null);
      int attempts = store.trouble(tx, name, bad.event(), failed.toString(), clock.instant());
      if (cursor == null || attempts < ATTEMPTS) {
        return false;
      }
      store.park(tx, name, bad.event());
      if (cursor.compareTo(bad) < 0) {
        store.move(tx, name, bad);
      }
      return true;
    });
  }

  /// @param reading so many are looked at
  /// @param atOnce so many of those that concern it are told
  private <E extends DomainEvent> Found tell(
      String name,
      Vocabulary<E> vocabulary,
      Predicate<E> concerns,
      int reading,
      int atOnce,
      Listener<E> listener,
      Consumer<EventStore.Cursor> telling) {
    return db.inTransaction(tx -> {
      EventStore.Cursor cursor = store.lockCursor(tx, name).orElse(null);
      if (cursor == null) {
        return Found.NOTHING; // another node is telling
      }
      var heard = new ArrayList<Told<E>>();
      EventStore.Cursor passed = null;
      EventStore.Upcoming<E> upcoming = store.after(tx, cursor, vocabulary, reading);
      List<EventStore.Next<E>> next = upcoming.next();
      if (upcoming.beyond() != null) {
        leave(name, upcoming.beyond());
      }
      boolean more = next.size() == reading;
      for (EventStore.Next<E> each : next) {
        if (concerns.test(each.told().event())) {
          if (heard.size() == atOnce) {
            more = true;
            break;
          }
          heard.add(each.told());
          telling.accept(each.place());
        }
        passed = each.place();
      }
      if (passed == null) {
        return Found.NOTHING;
      }
      if (!heard.isEmpty()) {
        listener.hear(tx, heard);
      }
      store.move(tx, name, passed);
      return more ? Found.MORE : Found.SOME;
    });
  }
}
