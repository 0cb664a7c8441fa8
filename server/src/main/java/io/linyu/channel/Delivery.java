package io.linyu.channel;

import io.vertx.core.Future;
import java.time.Instant;

/// One attempt of a platform to hand something over, and what becomes of our answer to it.
public interface Delivery {
  /// From here the platform's deadline runs.
  Instant arrivedAt();

  /// Whether somebody still waits for the answer, as far as we can see.
  boolean isOpen();

  /// True once the answer with its text was handed to an open connection, false when it was not: a
  /// reply that ends so has to go out another way, unless the platform asks again. Never fails.
  Future<Boolean> answered();
}
