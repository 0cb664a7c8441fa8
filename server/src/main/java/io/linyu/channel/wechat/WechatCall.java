package io.linyu.channel.wechat;

import io.linyu.channel.ChannelError.Unreachable;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One call, which ends at its time whatever the platform does. The time-outs of connections begin
/// anew with every byte; this one does not.
///
/// It runs on a thread of its own, so that the caller goes on when the time is over. The thread is
/// interrupted then, which closes its connection.
final class WechatCall {
  private enum Stage {
    QUIET,
    ASKING,
    ENDED
  }

  private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.QUIET);

  private WechatCall() {}

  /// @param repeatable when nothing is lost by asking again, whatever was done
  /// @throws Unreachable when the time is over; [Unreachable#maybeDone] when the platform was asked
  static <T> @Nullable T within(
      Duration limit, boolean repeatable, Function<WechatCall, @Nullable T> work) {
    var call = new WechatCall();
    var task = new FutureTask<@Nullable T>(() -> work.apply(call));
    Thread.ofVirtual().name("wechat-call").start(task);
    try {
      return task.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof RuntimeException known) {
        throw known;
      }
      throw new IllegalStateException(failed.getCause());
    } catch (TimeoutException e) {
      throw call.given(task, "no answer in time", repeatable);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw call.given(task, "interrupted", repeatable);
    }
  }

  /// Now it is asked, unless the caller has gone.
  void asks() {
    if (!stage.compareAndSet(Stage.QUIET, Stage.ASKING)) {
      throw new Unreachable("too late", false, null);
    }
  }

  /// It said no, so that nothing was done.
  void refused() {
    stage.compareAndSet(Stage.ASKING, Stage.QUIET);
  }

  private Unreachable given(FutureTask<?> task, String why, boolean repeatable) {
    boolean asked = stage.getAndSet(Stage.ENDED) == Stage.ASKING;
    task.cancel(true);
    return new Unreachable(why, asked && !repeatable, null);
  }
}
