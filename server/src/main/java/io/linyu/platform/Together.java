package io.linyu.platform;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Those who ask the same at the same moment share one answer: when something has happened, a
/// hundred open pages ask for the same list at once.
///
/// Nobody gets an answer that was begun before they asked, so what somebody has just done is always
/// in what they see. At most one question of each kind is under way; whoever comes meanwhile waits
/// for the next. For virtual threads.
public final class Together<K, V> {
  private final ConcurrentHashMap<K, Asking<V>> latest = new ConcurrentHashMap<>();

  private static final class Asking<V> {
    private final CompletableFuture<V> answer = new CompletableFuture<>();
    private @Nullable Asking<V> before;
    private boolean begun;

    Asking(@Nullable Asking<V> before) {
      this.before = before;
    }
  }

  /// @param what two that are equal have the same answer
  public V ask(K what, Supplier<V> question) {
    var first = new AtomicBoolean();
    Asking<V> asking =
        latest.compute(
            what,
            (_, known) -> {
              if (known != null && !known.begun) {
                return known;
              }
              first.set(true);
              return new Asking<>(known);
            });
    return first.get() ? lead(what, asking, question) : follow(asking);
  }

  private V lead(K what, Asking<V> asking, Supplier<V> question) {
    Asking<V> before = asking.before;
    if (before != null) {
      var _ = before.answer.handle((_, _) -> true).join();
      asking.before = null;
    }
    // From here on others have come too late to share it.
    var _ =
        latest.computeIfPresent(
            what,
            (_, known) -> {
              asking.begun = true;
              return known;
            });
    try {
      V answer = question.get();
      asking.answer.complete(answer);
      return answer;
    } catch (Throwable failed) {
      asking.answer.completeExceptionally(failed);
      throw failed;
    } finally {
      latest.remove(what, asking);
    }
  }

  private static <V> V follow(Asking<V> asking) {
    try {
      return asking.answer.join();
    } catch (CompletionException failed) {
      if (failed.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw failed;
    }
  }
}
