package io.linyu.reception;

import io.linyu.platform.db.Db;
import io.linyu.reception.OutboxStore.Claimed;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;

/// Writes down what was delivered. One at a time writes, for all who have come meanwhile: under
/// load many share one transaction, and nobody waits for a timer. For virtual threads.
final class Deliveries {
  private record Delivery(Claimed claimed, CompletableFuture<Boolean> written) {}

  private final Db db;
  private final OutboxStore store;
  private final Clock clock;
  private final Queue<Delivery> unwritten = new ConcurrentLinkedQueue<>();
  private final ReentrantLock writing = new ReentrantLock();

  Deliveries(Db db, OutboxStore store, Clock clock) {
    this.db = db;
    this.store = store;
    this.clock = clock;
  }

  /// Returns when it is committed.
  ///
  /// @return whether any of those it was written with has more to be told
  boolean write(Claimed claimed) {
    var delivery = new Delivery(claimed, new CompletableFuture<>());
    unwritten.add(delivery);
    writing.lock();
    try {
      if (!delivery.written().isDone()) {
        writeAll();
      }
    } finally {
      writing.unlock();
    }
    try {
      return delivery.written().join();
    } catch (CompletionException failed) {
      throw failed.getCause() instanceof RuntimeException cause ? cause : failed;
    }
  }

  private void writeAll() {
    var all = new ArrayList<Delivery>();
    for (Delivery each = unwritten.poll(); each != null; each = unwritten.poll()) {
      all.add(each);
    }
    List<Claimed> delivered = all.stream().map(Delivery::claimed).toList();
    try {
      boolean more = store.delivered(db, delivered, clock.instant());
      all.forEach(each -> each.written().complete(more));
    } catch (Throwable failed) {
      all.forEach(each -> each.written().completeExceptionally(failed));
    }
  }
}
