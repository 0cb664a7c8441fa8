package io.linyu.cli.bench;

import java.util.ArrayDeque;
import java.util.Deque;

/// What a trial has opened: the last is closed first, and one that fails keeps no other open.
final class Closings implements AutoCloseable {
  private final Deque<AutoCloseable> open = new ArrayDeque<>();

  <C extends AutoCloseable> C closing(C resource) {
    open.push(resource);
    return resource;
  }

  @Override
  public void close() {
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (Exception failed) {
        // It ends with this process in any case.
        System.err.println(failed.getMessage());
      }
    }
  }
}
