package io.linyu.platform.db;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// An open transaction. Doors open it with [Db#inTransaction], stores receive it.
///
/// Several may share one ([Db#sharing]): then each has its own of these, and what it writes with a
/// [Bulk] waits until the others have come as far, or until it asks for something itself.
public final class Tx implements Sql {
  private final Wire wire;
  private final boolean shared;
  private final List<Future<?>> unheard = new ArrayList<>();
  private final List<Runnable> afterCommit = new ArrayList<>();
  private final List<Waiting> waiting = new ArrayList<>();

  private final Map<Object, Object> known = new HashMap<>();

  private int told;

  /// Whether anything was sent but together with the others.
  private boolean apart;

  /// A row that is written or asked for together with others.
  private record Waiting(Bulk bulk, Tuple row, Promise<Optional<Row>> answer) {}

  /// @param shared whether others use the same transaction
  Tx(Wire wire, boolean shared) {
    this.wire = wire;
    this.shared = shared;
  }

  /// Whether others use the same transaction: whoever waits for a lock would keep all of them.
  public boolean isShared() {
    return shared;
  }

  /// For what locks more than it was let in for: the others of a transaction have every lock that
  /// one of them has.
  public void requireUnshared() {
    if (shared) {
      throw new Db.Unshared();
    }
  }

  /// Whether it has done something by itself, that cannot be left out any more.
  boolean wentApart() {
    return apart;
  }

  @Override
  public Future<RowSet<Row>> send(String sql, Tuple parameters) {
    sendWaiting();
    apart = true;
    return wire.send(sql, parameters);
  }

  /// Writes without waiting, for what nobody asks the outcome of: it is on its way with whatever
  /// comes next. When it fails, that fails too, or the commit, for the same reason.
  public void tell(String sql, @Nullable Object... parameters) {
    told++;
    unheard.add(send(sql, Tuple.wrap(parameters)));
  }

  /// The same, with what others write.
  public void tell(Bulk bulk, @Nullable Object... row) {
    told++;
    unheard.add(ask(bulk, row));
  }

  /// Asks without waiting, with what others ask. The answer is waited for with [#hear(Future)], or
  /// by whoever commits.
  ///
  /// @return empty: there is none for this row
  public Future<Optional<Row>> ask(Bulk bulk, @Nullable Object... row) {
    var one = new Waiting(bulk, Tuple.wrap(row), Promise.promise());
    if (shared) {
      waiting.add(one);
    } else {
      send(wire, bulk, List.of(one));
    }
    return one.answer().future();
  }

  /// Waits for an answer.
  public <T> T hear(Future<T> answer) {
    sendWaiting();
    return Db.await(answer);
  }

  private void sendWaiting() {
    apart |= !waiting.isEmpty();
    waiting.forEach(each -> send(wire, each.bulk(), List.of(each)));
    waiting.clear();
  }

  /// Leaves out what has not been sent.
  void drop() {
    waiting.clear();
    unheard.clear();
    afterCommit.clear();
  }

  /// Sends what waits, as much as can be in one statement, each in its own order.
  static void sendTogether(Wire wire, Collection<Tx> all) {
    List<Deque<Waiting>> rest = all.stream().<Deque<Waiting>>map(Tx::take).toList();
    for (Bulk next = next(rest); next != null; next = next(rest)) {
      Bulk bulk = next;
      send(wire, bulk, rest.stream().flatMap(each -> take(bulk, each).stream()).toList());
    }
  }

  private static List<Waiting> take(Bulk bulk, Deque<Waiting> rest) {
    var taken = new ArrayList<Waiting>();
    while (isNext(bulk, rest) && (taken.isEmpty() || bulk.isOfSeveral())) {
      taken.add(rest.removeFirst());
    }
    return taken;
  }

  private ArrayDeque<Waiting> take() {
    var all = new ArrayDeque<>(waiting);
    waiting.clear();
    return all;
  }

  /// The one that the fewest would have to run once more, for what stands behind others yet.
  private static @Nullable Bulk next(List<Deque<Waiting>> rest) {
    return rest.stream()
        .flatMap(each -> each.stream().limit(1))
        .map(Waiting::bulk)
        .distinct()
        .min(
            Comparator.<Bulk>comparingLong(bulk -> later(bulk, rest))
                .thenComparing(
                    bulk -> rest.stream().filter(each -> isNext(bulk, each)).count(),
                    Comparator.reverseOrder()))
        .orElse(null);
  }

  private static long later(Bulk bulk, List<Deque<Waiting>> rest) {
    return rest.stream()
        .filter(each -> each.stream().skip(1).anyMatch(one -> one.bulk() == bulk))
        .count();
  }

  private static boolean isNext(Bulk bulk, Deque<Waiting> rest) {
    Waiting first = rest.peekFirst();
    return first != null && first.bulk() == bulk;
  }

  private static void send(Wire wire, Bulk bulk, List<Waiting> rows) {
    wire.send(bulk.sql(), bulk.parameters(rows.stream().map(Waiting::row).toList()))
        .map(Tx::byPlace)
        .onComplete(
            found -> {
              for (int i = 0; i < rows.size(); i++) {
                rows.get(i).answer().complete(Optional.ofNullable(found.get(i + 1L)));
              }
            },
            failed -> rows.forEach(each -> each.answer().fail(failed)));
  }

  private static Map<Long, Row> byPlace(RowSet<Row> answered) {
    Map<Long, Row> found = new HashMap<>();
    answered.forEach(row -> found.put(row.getLong("nth"), row));
    return found;
  }

  /// What is known of rows that nobody else changes meanwhile; nothing more once something was
  /// taken back.
  public @Nullable Object known(Object of) {
    return known.get(of);
  }

  public void know(Object of, Object what) {
    known.put(of, what);
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
    known.clear();
    tell("ROLLBACK TO SAVEPOINT mark");
    tell("RELEASE SAVEPOINT mark");
    afterCommit.subList(signals, afterCommit.size()).clear();
  }

  /// Waits until all that was told is done.
  void hear() {
    sendWaiting();
    for (Future<?> each : unheard) {
      Db.await(each);
    }
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
