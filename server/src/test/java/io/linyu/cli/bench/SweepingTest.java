package io.linyu.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.linyu.cli.bench.Sweeping.Applied;
import java.util.List;
import org.junit.jupiter.api.Test;

class SweepingTest {
  private static final Applied FIRST = applied(1, "09:00");
  private static final Applied SECOND = applied(2, "09:00");
  private static final List<Long> DUE = List.of(1L, 2L);
  private static final List<Long> BOTH = List.of(5L, 4L);

  @Test
  void eachOnceByBothIsAsItShouldBe() {
    assertThat(Sweeping.breaches(DUE, List.of(FIRST, SECOND), DUE, BOTH)).isEmpty();
  }

  @Test
  void whatWasDoneTwiceIsNamed() {
    assertThat(Sweeping.breaches(DUE, List.of(FIRST, SECOND, applied(2, "09:00")), DUE, BOTH))
        .containsExactly("case 2: E2 supervised at 09:00 was done 2 times");
  }

  @Test
  void twoOccasionsOfOneAreNamed() {
    assertThat(Sweeping.breaches(DUE, List.of(FIRST, SECOND, applied(2, "09:01")), DUE, BOTH))
        .containsExactly("case 2 was done for 2 occasions, and had one");
  }

  @Test
  void whatWasPassedByIsNamed() {
    assertThat(Sweeping.breaches(DUE, List.of(FIRST), List.of(1L), BOTH))
        .containsExactly("case 2 was not done");
  }

  @Test
  void whatIsOnlyWrittenDownIsNamed() {
    assertThat(Sweeping.breaches(DUE, List.of(FIRST, SECOND), List.of(1L), BOTH))
        .containsExactly("case 2 does not stand as its chain says");
  }

  @Test
  void oneNodeAloneIsNoSweepByTwo() {
    assertThat(Sweeping.breaches(DUE, List.of(FIRST, SECOND), DUE, List.of(9L, 0L)))
        .containsExactly("node 2 has done nothing");
  }

  private static Applied applied(long subject, String occasion) {
    return new Applied(subject, "E2", "supervised", occasion);
  }
}
