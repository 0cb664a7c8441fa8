package io.linyu.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.linyu.World;
import io.linyu.cli.bench.OutageTrial.Outcome;
import io.linyu.cli.bench.OutageTrial.Stage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/// The short form of `./linyu bench outage`: everything is away for a few seconds.
@ResourceLock("trial") // both at once would starve each other
@Order(1) // one of the longest, so that nothing waits for it in the end
class OutageTest {
  @Test
  void itComesBackByItselfAndNothingAcknowledgedIsLost(@TempDir Path folder) throws IOException {
    var stages = List.of(Stage.OVERLOAD, Stage.DATABASE_AWAY, Stage.REDIS_AWAY);
    OutageTrial.Result found =
        OutageTrial.run(
            new OutageTrial.Plan(
                folder, World.PROGRAMS, stages, Duration.ofSeconds(5), 20, 100, true),
            outcome -> System.err.println("outage trial: " + outcome));
    assertThat(found.breaches()).isEmpty();
    assertThat(found.said()).isGreaterThan(200);
    assertThat(found.outcomes()).extracting(Outcome::stage).isEqualTo(stages);
    assertThat(found.outcomes().get(0).load().dropped()).as("held, and then let go").isPositive();
    assertThat(found.outcomes().get(1).load().dropped()).as("held, and then let go").isPositive();
    assertThat(found.outcomes().get(2).load().dropped()).as("nobody needs Redis").isZero();
  }
}
