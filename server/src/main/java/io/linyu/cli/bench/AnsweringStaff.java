package io.linyu.cli.bench;

import io.linyu.casework.Case;
import io.linyu.casework.CaseId;
import io.linyu.casework.CaseState;
import io.linyu.casework.Checking.Finding;
import io.linyu.community.Staff;
import io.linyu.platform.Refusal;
import io.linyu.platform.db.Db;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Staff who take what lies on their desks, answer, report some of it as done, and check what
/// others have done. Each text carries a mark that no other has.
///
/// What fails because the database is away is left as it is: nobody knows whether it was written.
final class AnsweringStaff {
  private static final int AT_ONCE = 3;
  private static final int PAUSE = 150;

  private final Ground ground;
  private final Random random;
  private final KillStore store = new KillStore();
  private final AtomicInteger marks = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();
  private final Thread thread;
  private volatile boolean stopped;
  private volatile @Nullable Exception broken;

  AnsweringStaff(Ground ground, Random random) {
    this.ground = ground;
    this.random = random;
    this.thread = Thread.ofVirtual().name("staff").unstarted(this::work);
  }

  void start() {
    thread.start();
  }

  void stop() throws InterruptedException {
    stopped = true;
    thread.join();
  }

  int refused() {
    return refused.get();
  }

  private void work() {
    try {
      while (!stopped) {
        try {
          store.unclaimed(ground.db(), AT_ONCE).forEach(this::serve);
        } catch (Db.Away away) {
          // Until it is back.
        }
        Thread.sleep(PAUSE);
      }
    } catch (InterruptedException | RuntimeException e) {
      broken = e;
    }
  }

  /// Why they stopped before they were told to.
  Optional<Exception> broken() {
    return Optional.ofNullable(broken);
  }

  private void serve(long id) {
    var cases = ground.casework().cases();
    var handling = ground.casework().handling();
    try {
      Case matter = cases.named(ground.db(), CaseId.of(id)).orElseThrow();
      Staff who = ground.staffAt().get(matter.deskId());
      if (who == null) {
        refused.incrementAndGet();
        return;
      }
      Case claimed = handling.claim(who, matter.id(), matter.version());
      if (claimed.state() == CaseState.INSPECTING) {
        var _ =
            ground
                .casework()
                .checking()
                .check(
                    who,
                    claimed.id(),
                    claimed.version(),
                    new Finding(random.nextInt(4) > 0, "看过了", List.of(), "没带手机"));
        return;
      }
      Case answered = handling.answer(who, claimed.id(), claimed.version(), "好的，马上去看" + mark());
      if (random.nextBoolean()) {
        var _ =
            ground
                .casework()
                .checking()
                .report(who, answered.id(), answered.version(), "修好了" + mark());
      }
    } catch (Refusal moved) {
      refused.incrementAndGet(); // the resident said more in the meantime
    }
  }

  private String mark() {
    return "〔" + marks.incrementAndGet() + "〕";
  }
}
