package io.linyu.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TogetherTest {
  private final Together<String, Integer> together = new Together<>();
  private final AtomicInteger times = new AtomicInteger();

  /// Whoever comes while it is asked gets the next answer, and all of them the same.
  @Test
  void nobodyGetsAnAnswerThatWasBegunBeforeTheyAsked() throws Exception {
    var begun = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    var first = new CompletableFuture<Integer>();
    Thread.startVirtualThread(() ->
        first.complete(
            together.ask(
                "list",
                () -> {
                  begun.countDown();
                  await(goOn);
                  return times.incrementAndGet();
                })));
    begun.await();
    Queue<Integer> heard = new ConcurrentLinkedQueue<>();
    List<Thread> others =
        IntStream.range(0, 50)
            .mapToObj(_ ->
                Thread.startVirtualThread(
                    () -> heard.add(together.ask("list", times::incrementAndGet))))
            .toList();
    while (!others.stream().allMatch(each -> each.getState() == Thread.State.WAITING)) {
      Thread.onSpinWait();
    }
    assertThat(together.ask("another list", () -> 7)).isEqualTo(7);
    goOn.countDown();
    assertThat(first.get()).isEqualTo(1);
    for (Thread each : others) {
      each.join();
    }
    assertThat(heard).hasSize(50).containsOnly(2);
    assertThat(together.ask("list", () -> 9)).as("nothing is kept").isEqualTo(9);
  }

  @Test
  void whatFailsFailsForAllWhoAskedAndIsAskedAgain() {
    assertThatThrownBy(() ->
            together.ask(
                "list",
                () -> {
                  throw new Refusal("page-unknown", 400);
                }))
        .isInstanceOf(Refusal.class);
    assertThat(together.ask("list", () -> 1)).isEqualTo(1);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
