package io.linyu.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.linyu.cli.bench.CasesTrial.DataSize;
import io.linyu.cli.bench.CasesTrial.Measured;
import io.linyu.cli.bench.CasesTrial.Result;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CasesFiguresTest {
  private static final Measured RATE =
      new Measured("transitions", 24_000, 999.9, 1_000.0, true, Map.of("bare", "4000"));
  private static final Measured TIME = new Measured("sweep", 10_000, 10, 10.0, false, Map.of());
  private static final Measured SMALL =
      new Measured("replay.limits", 800, 25, null, false, Map.of());

  @Test
  void aGoalIsReachedFromItsOwnSide() {
    assertThat(RATE.isKept()).isFalse();
    assertThat(TIME.isKept()).isTrue();
    assertThat(new Measured("sweep", 10_000, 10.1, 10.0, false, Map.of()).isKept()).isFalse();
    assertThat(SMALL.isKept()).as("too small to be judged").isTrue();
  }

  @Test
  void whatIsMissedOrBrokenStandsInTheTable() {
    var result =
        new Result(
            new DataSize(1_000_000, 1_000_000, 12_034_567, 900),
            List.of(RATE, TIME, SMALL),
            List.of("case 2 was not done"),
            List.of());
    assertThat(result.slow()).isEqualTo(1);
    String table = CasesFigures.table(result, "./linyu bench cases", LocalDate.of(2026, 11, 27), 2);
    assertThat(table)
        .contains("2026-11-27, 2 processors; 1,000,000 cases, 1,000,000 people, 12,034,567 events")
        .contains("| 24,000 | 999.9 | **at least 1,000.0** | ceiling a second: 4000 |")
        .contains("| 10,000 | 10.0 | at most 10.0 |  |")
        .contains("| 800 | 25.0 |  |  |")
        .contains("not noticed |  | 1 | none |  |");
    assertThat(table.lines().map(each -> each.chars().filter(c -> c == '|').count()).distinct())
        .as("as many cells in each line")
        .containsExactly(6L);
  }
}
