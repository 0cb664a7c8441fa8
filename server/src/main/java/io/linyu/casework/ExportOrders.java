package io.linyu.casework;

import io.lettuce.core.SetArgs;
import io.linyu.platform.redis.Redis;
import io.linyu.platform.text.Codes;
import io.linyu.platform.text.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// What has been ordered and how far it is, in Redis: another node may be asked for it than the one
/// that writes it.
final class ExportOrders {
  /// Longer than the longest takes.
  private static final Duration KEPT = Duration.ofHours(1);

  /// @param list the query of its address
  /// @param reason why it is to be unmasked; empty: it is masked
  record Order(long staff, String list, boolean workbook, boolean unmasked, String reason) {}

  /// Words for these are under `export.state.<word>`.
  enum State {
    ORDERED,
    RUNNING,
    COMPLETE,
    /// There was more than is given at once.
    FULL,
    /// Whoever had ordered it did not want it any more.
    STOPPED,
    FAILED;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// @param rows so many have been written
  record Progress(State state, int rows) {
    boolean isOver() {
      return state != State.ORDERED && state != State.RUNNING;
    }
  }

  private final Redis redis;

  ExportOrders(Redis redis) {
    this.redis = redis;
  }

  String place(Order order) {
    String id = Codes.random();
    put(key(id, "order"), Json.write(order));
    return id;
  }

  Optional<Order> find(String id) {
    return get(key(id, "order")).map(text -> Json.read(text, Order.class));
  }

  /// Only the first who asks gets it: what is loaded again would be another export.
  boolean begin(String id) {
    return "OK"
        .equals(
            await(
                redis
                    .commands()
                    .set(key(id, "begun"), bytes("1"), SetArgs.Builder.nx().px(KEPT.toMillis()))));
  }

  void tell(String id, Progress progress) {
    put(key(id, "progress"), Json.write(progress));
  }

  Progress progress(String id) {
    return get(key(id, "progress"))
        .map(text -> Json.read(text, Progress.class))
        .orElse(new Progress(State.ORDERED, 0));
  }

  void stop(String id) {
    put(key(id, "stop"), "1");
  }

  boolean isStopped(String id) {
    return get(key(id, "stop")).isPresent();
  }

  private String key(String id, String what) {
    return redis.prefix() + "export:" + id + ":" + what;
  }

  private void put(String key, String text) {
    var _ = await(redis.commands().set(key, bytes(text), SetArgs.Builder.px(KEPT.toMillis())));
  }

  private Optional<String> get(String key) {
    byte @Nullable [] found = await(redis.commands().get(key));
    return found == null
        ? Optional.empty()
        : Optional.of(new String(found, StandardCharsets.UTF_8));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static <T extends @Nullable Object> T await(CompletionStage<T> answer) {
    try {
      return answer.toCompletableFuture().join();
    } catch (CompletionException e) {
      throw new Redis.Away(e.getCause() == null ? e : e.getCause());
    }
  }
}
