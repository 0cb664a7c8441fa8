package io.linyu.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TogetherTest {
  private final Together<String, Integer> together = new Together<>();
  private final AtomicInteger times = new AtomicInteger();

  /// Whoever comes while it is asked gets the next answer, and all of them the same.
  @Test
  void nobodyGetsAnAnswerThatWasBegunBeforeTheyAsked() throws Exception {
    var begun = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    try (var crowd = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Integer> first =
          crowd.submit(() ->
              together.ask(
                  "list",
                  () -> {
                    begun.countDown();
                    await(goOn);
                    return times.incrementAndGet();
                  }));
      begun.await();
      var others = new ArrayList<Future<Integer>>();
      var come = new CountDownLatch(50);
      for (int i = 0; i < 50; i++) {
        others.add(
            crowd.submit(() -> {
              come.countDown();
              return together.ask("list", times::incrementAndGet);
            }));
      }
      come.await();
      assertThat(together.ask("another list", () -> 7)).isEqualTo(7);
      goOn.countDown();
      assertThat(first.get()).isEqualTo(1);
      for (Future<Integer> each : others) {
        assertThat(each.get()).isGreaterThan(1);
      }
    }
    assertThat(times.get()).isLessThan(51);
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
