package io.linyu.platform.events;

import io.linyu.platform.db.Tx;

/// Hears committed events in order. What it writes through the transaction it is given is committed
/// together with its place in the row, so its effects in the database happen once; everything else
/// it does may happen again after a crash.
@FunctionalInterface
public interface Listener<E extends DomainEvent> {
  void hear(Tx tx, Told<E> told);
}
