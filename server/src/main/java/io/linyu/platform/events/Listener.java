package io.linyu.platform.events;

import io.linyu.platform.db.Tx;
import java.util.List;

/// Hears committed events in order. What it writes through the transaction it is given is committed
/// together with its place in the row, so its effects in the database happen once; everything else
/// it does may happen again after a crash.
@FunctionalInterface
public interface Listener<E extends DomainEvent> {
  /// @param told at least one, in order
  void hear(Tx tx, List<Told<E>> told);
}
