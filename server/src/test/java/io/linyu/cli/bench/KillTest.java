package io.linyu.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.linyu.World;
import io.linyu.cli.bench.KillTrial.Victim;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/// The short form of `./linyu bench kill`: one of two servers is killed in the middle of
/// everything. What happens when PostgreSQL or Redis are killed, [OutageTest] shows.
@ResourceLock("trial") // both at once would starve each other
@Order(1) // the longest, so that nothing waits for it in the end
class KillTest {
  private static final List<Victim> KILLED = List.of(Victim.SERVER);

  @Test
  void everyPromiseIsKeptWhoeverIsKilled(@TempDir Path folder) {
    long seed = new Random().nextInt(1_000_000);
    Findings found =
        KillTrial.run(
            new KillTrial.Plan(
                folder, World.PROGRAMS, 2, 6, 200, Duration.ZERO, seed, KILLED, false),
            (_, _) -> {});
    System.err.printf("kill trial: seed %d %s%n", seed, found.figures());
    assertThat(found.breaches()).as("seed %d: %s", seed, found.figures()).isEmpty();
    assertThat(found.promises())
        .as("what was looked at")
        .filteredOn(each -> each.counted() > 0)
        .extracting(Findings.Promise::key)
        .contains(
            "receipts",
            "replies",
            "cases",
            "forms",
            "chains",
            "answers",
            "unknown",
            "twice",
            "live",
            "token");
  }
}
