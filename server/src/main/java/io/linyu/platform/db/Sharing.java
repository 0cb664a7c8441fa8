package io.linyu.platform.db;

import io.linyu.platform.db.Db.Shared;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.pgclient.PgException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What several do at the same time is done in one transaction, as each would do it in his own: a
/// few are under way, and who comes meanwhile waits for one of them to end and goes with all others
/// that wait. So a company grows with the load, and whoever is alone waits for nobody.
///
/// The first of a company does the work of all. Where anything fails but what was found before
/// anything was written, nothing is kept, and each does his own by himself.
final class Sharing {
  private static final Logger LOG = LoggerFactory.getLogger(Sharing.class);

  private static final int COMPANIES = Math.max(2, Runtime.getRuntime().availableProcessors());

  /// Where one fails, all of it is done again.
  private static final int MOST = 12;

  /// So many that wait are worth a company beside one that is under way.
  private static final int ENOUGH = 4;

  /// When one takes so long, any are worth it.
  private static final Duration SLOW = Duration.ofMillis(20);

  /// Whoever waits longer for those that are under way goes alone: they may hang.
  private static final Duration PATIENCE = Duration.ofMillis(250);

  /// How it ended for one of a company.
  private sealed interface End<T> {
    record Kept<T>(T result) implements End<T> {}

    record Refused<T>(RuntimeException why) implements End<T> {}

    /// Not at all: he is to do it by himself.
    record Undone<T>() implements End<T> {}
  }

  /// One of a company.
  private static final class Seat<A, T> {
    private final long key;
    private final Shared<A, T> work;

    /// With those whose work he is to do; with none when his own is done.
    private final Promise<List<Seat<?, ?>>> called = Promise.promise();

    private volatile End<T> end = new End.Undone<>();

    private Seat(long key, Shared<A, T> work) {
      this.key = key;
      this.work = work;
    }
  }

  /// One was refused when some of it was written already.
  private static final class Spoilt extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final RuntimeException why;

    private Spoilt(RuntimeException why) {
      super(why.toString(), null, false, false);
      this.why = why;
    }

    /// Whether it would be the same if he had been by himself.
    private boolean isFinal() {
      return !(why instanceof Db.Unshared) && !(why instanceof PgException);
    }
  }

  /// The part of one of them in a transaction.
  private final class Share<A, T> {
    private final Seat<A, T> seat;
    private final Tx tx;
    private final Future<A> asked;
    private @Nullable Future<T> answer;

    private Share(Seat<A, T> seat, Wire wire) {
      this.seat = seat;
      this.tx = new Tx(wire, true);
      this.asked = seat.work.ask(tx);
    }

    private void act() {
      try {
        A answered = Db.await(asked);
        answer = db.apply(own -> seat.work.act(own, answered), tx);
      } catch (RuntimeException refused) {
        if (tx.wentApart()) {
          throw new Spoilt(refused);
        }
        tx.drop();
        if (!(refused instanceof Db.Unshared)) {
          seat.end = new End.Refused<>(refused);
        }
      }
    }

    private boolean isDone() {
      return answer != null;
    }

    /// Until it is heard of.
    private void isUnknown() {
      seat.end = new End.Refused<>(new Db.Away(new IllegalStateException("no answer to COMMIT")));
    }

    /// It is kept, whatever goes wrong from here on.
    private void hear() {
      try {
        if (answer != null) {
          T result = Db.await(answer);
          tx.committed();
          seat.end = new End.Kept<>(result);
        }
      } catch (RuntimeException failed) {
        seat.end = new End.Refused<>(failed);
      }
    }
  }

  /// That of a company which is under way.
  private final class Place {
    private boolean left;

    /// The next may take it.
    private void leave() {
      if (!left) {
        left = true;
        callNext();
      }
    }
  }

  private final Db db;
  private final int companies;
  private final Duration patience;
  private final Deque<Seat<?, ?>> waiting = new ArrayDeque<>();
  private int running;

  /// When the last one began, in nanoseconds.
  private long begunAt;

  Sharing(Db db) {
    this(db, COMPANIES, PATIENCE);
  }

  /// @param companies so many are under way at once
  Sharing(Db db, int companies, Duration patience) {
    this.db = db;
    this.companies = companies;
    this.patience = patience;
  }

  /// How many wait to be taken along.
  synchronized int waiting() {
    return waiting.size();
  }

  <A, T> T share(long key, Shared<A, T> work) {
    var own = new Seat<>(key, work);
    List<Seat<?, ?>> company = join(own);
    if (!company.contains(own)) {
      call(company);
      company = waitFor(own);
    }
    if (!company.isEmpty()) {
      var place = new Place();
      try {
        lead(company, place);
      } finally {
        place.leave();
      }
    }
    return switch (own.end) {
      case End.Kept<T>(T result) -> result;
      case End.Refused<T>(RuntimeException why) -> throw why;
      case End.Undone<T> _ -> db.alone(work);
    };
  }

  /// Those whose work is to be done now; none: he has to wait.
  private synchronized List<Seat<?, ?>> join(Seat<?, ?> own) {
    waiting.add(own);
    boolean worthWhile = running == 0 || waiting.size() >= ENOUGH || isSlow();
    if (running == companies || !worthWhile) {
      return List.of();
    }
    running++;
    return company();
  }

  private boolean isSlow() {
    return System.nanoTime() - begunAt > SLOW.toNanos();
  }

  private synchronized boolean withdraw(Seat<?, ?> own) {
    return waiting.remove(own);
  }

  private List<Seat<?, ?>> waitFor(Seat<?, ?> own) {
    Future<List<Seat<?, ?>>> called = own.called.future();
    try {
      return Db.await(
          called
              .timeout(patience.toMillis(), TimeUnit.MILLISECONDS)
              .recover(late -> withdraw(own) ? Future.succeededFuture(List.of()) : called));
    } catch (RuntimeException interrupted) {
      if (!withdraw(own)) {
        called.onSuccess(this::disband);
      }
      throw interrupted;
    }
  }

  /// Whoever was to do the work of these does not wait any more.
  private void disband(List<Seat<?, ?>> company) {
    if (!company.isEmpty()) {
      dismiss(company);
      callNext();
    }
  }

  private static void dismiss(List<Seat<?, ?>> company) {
    company.forEach(each -> each.called.tryComplete(List.of()));
  }

  private void callNext() {
    call(next());
  }

  private static void call(List<Seat<?, ?>> company) {
    if (!company.isEmpty()) {
      company.getFirst().called.complete(company);
    }
  }

  /// None where another company is under way, and takes them when it ends.
  private synchronized List<Seat<?, ?>> next() {
    if (waiting.isEmpty() || (running > 1 && waiting.size() < ENOUGH)) {
      running--;
      return List.of();
    }
    return company();
  }

  /// What has the same key as one of them waits on.
  private List<Seat<?, ?>> company() {
    var company = new ArrayList<Seat<?, ?>>();
    Set<Long> keys = new HashSet<>();
    Iterator<Seat<?, ?>> each = waiting.iterator();
    while (each.hasNext() && company.size() < MOST) {
      Seat<?, ?> one = each.next();
      if (keys.add(one.key)) {
        company.add(one);
        each.remove();
      }
    }
    begunAt = System.nanoTime();
    return company;
  }

  private void lead(List<Seat<?, ?>> company, Place place) {
    try {
      together(company, place);
    } catch (RuntimeException failed) {
      LOG.debug("{} do by themselves what failed together", company.size(), failed);
      company.forEach(each ->
          each.end =
              company.size() == 1 && failed instanceof Spoilt spoilt && spoilt.isFinal()
                  ? new End.Refused<>(spoilt.why)
                  : new End.Undone<>());
    } finally {
      dismiss(company);
    }
  }

  /// Fails where nothing was kept.
  private void together(List<Seat<?, ?>> company, Place place) {
    Connections.Loan loan;
    try {
      loan = Db.await(db.draw());
    } catch (Db.Away away) { // each would only wait as long once more
      company.forEach(each -> each.end = new End.Refused<>(away));
      return;
    }
    try {
      var wire = new Wire(loan);
      List<Share<?, ?>> done = written(wire, company);
      done.forEach(Share::isUnknown);
      try {
        Future<Void> committed = wire.commit();
        place.leave(); // while the disk writes, others have the processor
        Db.await(committed);
      } catch (PgException refused) {
        throw refused;
      } catch (RuntimeException away) {
        LOG.warn("nobody knows whether {} were done", done.size(), away);
        return;
      }
      done.forEach(Share::hear);
    } finally {
      var _ = loan.giveBack();
    }
  }

  /// Those of them that were not refused; the statements of all are on their way.
  private List<Share<?, ?>> written(Wire wire, List<Seat<?, ?>> company) {
    wire.begin();
    try {
      // In the order of all locks.
      List<Share<?, ?>> all =
          company.stream()
              .sorted(Comparator.comparingLong(each -> each.key))
              .<Share<?, ?>>map(each -> new Share<>(each, wire))
              .toList();
      Tx.sendTogether(wire, all.stream().map(each -> each.tx).toList());
      all.forEach(Share::act);
      List<Share<?, ?>> done = all.stream().filter(Share::isDone).toList();
      Tx.sendTogether(wire, done.stream().map(each -> each.tx).toList());
      wire.requireSound();
      return done;
    } catch (Throwable failed) {
      Db.rollBack(wire);
      throw failed;
    }
  }
}
