package io.linyu.insight;

import static org.assertj.core.api.Assertions.assertThat;

import io.linyu.casework.Rounds.Outcomes;
import org.junit.jupiter.api.Test;

/// K20: households visited, of all households.
class CoverageTest {
  private static final Outcomes SOME = new Outcomes(45, 5, 10);

  @Test
  void isOfAllHouseholdsWhereTheImportSaysHowManyElseOfTheDoorsThatWereGoneTo() {
    assertThat(Coverage.of(SOME, 180L).rate()).isEqualByComparingTo("0.25");
    assertThat(Coverage.of(SOME, null).rate()).isEqualByComparingTo("0.75");
    assertThat(Coverage.of(SOME, 12L).rate())
        .as("fewer households than doors is no number of households")
        .isEqualByComparingTo("0.75");
    assertThat(Coverage.of(SOME, 12L).isOfAll()).isFalse();
  }

  @Test
  void whoDidNotWantToTalkIsNotVisitedAndNothingIsNoRate() {
    assertThat(Coverage.of(new Outcomes(0, 3, 0), 3L).rate()).isEqualByComparingTo("0");
    assertThat(Coverage.of(new Outcomes(0, 0, 0), null).rate()).isNull();
  }
}
