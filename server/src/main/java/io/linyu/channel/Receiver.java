package io.linyu.channel;

import io.vertx.core.Future;

/// Who takes what a channel has verified and translated. Adapters call it; reception is it.
///
/// Called on the adapter's event loop, so it must not block; the future may complete on any thread.
/// It fails with [Dropped] or [Overloaded]; any other failure is treated as [Dropped].
@FunctionalInterface
public interface Receiver {
  Future<Reply> receive(Inbound inbound, Delivery delivery);

  /// Close the connection without any answer: the platform will deliver it again.
  final class Dropped extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public Dropped(String message) {
      super(message, null, false, false);
    }
  }

  /// Say 503: not even waiting is possible.
  final class Overloaded extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public Overloaded(String message) {
      super(message, null, false, false);
    }
  }
}
