package io.linyu.casework;

import static io.linyu.casework.CaseState.CLOSED;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/// The table in the code against the table of the loop.
class TransitionTest {
  @Test
  void statesAreThoseOfTheTable() {
    assertThat(LoopTable.rows("states"))
        .extracting(row -> row.get("code") + " " + row.get("name_en"))
        .containsExactly(
            Arrays.stream(CaseState.values())
                .map(state -> state.code() + " " + state)
                .toArray(String[]::new));
  }

  @Test
  void everyRowIsInTheCodeAndNoOther() {
    assertThat(LoopTable.coded()).isEqualTo(LoopTable.written());
  }

  @Test
  void whateverIsChangedInItIsSeen() {
    assertThat(LoopTable.Mutation.values())
        .hasSizeGreaterThanOrEqualTo(10)
        .allSatisfy(each ->
            assertThat(each.of(LoopTable.coded()))
                .as("%s", each)
                .isNotEqualTo(LoopTable.written()));
  }

  @Test
  void nobodyReachesTheEndPastCheckAndReturnVisit() {
    assertThat(Transition.values())
        .filteredOn(transition -> !transition.staysPut())
        .filteredOn(transition ->
            transition.from().stream().anyMatch(from -> transition.to(from) == CLOSED))
        .containsExactly(Transition.T15b, Transition.T22, Transition.T24);
  }
}
