package io.linyu.insight;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What residents said is told of nobody who could be known from it.
class DiscretionTest {
  @Test
  void whatWouldTellOfAnotherIsHiddenWithIt() {
    assertThat(hidden(Map.of(1L, 9L, 2L, 7L))).isEmpty();
    assertThat(hidden(Map.of(1L, 9L, 2L, 4L, 3L, 30L)))
        .as("the whole without the third would tell of the second")
        .containsExactlyInAnyOrder(1L, 2L);
    assertThat(hidden(Map.of(1L, 9L, 2L, 4L, 3L, 3L)))
        .as("two, and together enough")
        .containsExactlyInAnyOrder(2L, 3L);
    assertThat(hidden(Map.of(1L, 9L, 2L, 1L, 3L, 2L, 4L, 8L)))
        .as("two that together are too few")
        .containsExactlyInAnyOrder(2L, 3L, 4L);
    assertThat(
            Discretion.hidden(
                Map.of(1L, 9L, 2L, 30L, 3L, 8L), Set.of(1L), Comparator.naturalOrder()))
        .as("one alone that is not told for another reason")
        .containsExactlyInAnyOrder(1L, 3L);
    assertThat(hidden(Map.of(1L, 9L, 2L, 0L))).as("nobody said anything").isEmpty();
  }

  @Test
  void aQuarterTellsOfNoMonth() {
    assertThat(Discretion.tells(List.of(9L, 0L, 7L))).isTrue();
    assertThat(Discretion.tells(List.of(9L, 3L, 7L)))
        .as("the two months are told, and the rest would be the third")
        .isFalse();
    assertThat(Discretion.tells(List.of(9L, 1L, 2L))).isFalse();
    assertThat(Discretion.tells(List.of(9L, 3L, 2L))).isTrue();
    assertThat(Discretion.tells(List.of(3L, 2L, 4L))).isTrue();
  }

  /// Of any places at all: what is left when all that is told is taken from the whole is nothing,
  /// or answers enough of two places at least.
  @Test
  void nothingIsLeftOverThatTellsOfOnePlace() {
    for (int seed = 0; seed < 2_000; seed++) {
      var random = new Random(seed);
      var answers = new HashMap<Long, Long>();
      for (long i = random.nextInt(8); i >= 0; i--) {
        answers.put(i, (long) random.nextInt(12));
      }
      Set<Long> hidden = hidden(answers);
      String what = "seed " + seed + ": " + answers + " hidden " + hidden;
      answers.forEach((place, many) -> {
        if (many > 0 && many < Discretion.FEWEST) {
          assertThat(hidden).as(what).contains(place);
        }
      });
      long whole = answers.values().stream().mapToLong(Long::longValue).sum();
      long left = hidden.stream().mapToLong(answers::get).sum();
      if (whole >= Discretion.FEWEST && !hidden.isEmpty()) {
        assertThat(left).as(what).isGreaterThanOrEqualTo(Discretion.FEWEST);
        assertThat(hidden).as(what).hasSizeGreaterThan(1);
      }
    }
  }

  private static Set<Long> hidden(Map<Long, Long> answers) {
    return Discretion.hidden(answers, Set.of(), Comparator.naturalOrder());
  }
}
