package io.linyu.reception;

import io.linyu.channel.Channel;
import io.linyu.channel.Trouble;
import io.linyu.platform.db.Db;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Consumer;

/// Going on with what a platform had told us to leave alone, once somebody has put it right: on all
/// nodes, and with what waits for it.
public final class Resumptions {
  private final Db db;
  private final Clock clock;
  private final ResumptionStore store = new ResumptionStore();

  public Resumptions(Db db, Clock clock) {
    this.db = db;
    this.clock = clock;
  }

  /// @param waiting how many messages and files go on now
  public record Resumed(Trouble trouble, int waiting) {}

  /// Whether the time of this trouble has not come yet.
  public boolean isHeld(Trouble trouble) {
    return trouble.until().isAfter(clock.instant());
  }

  /// What was due and has been put off goes on at once; should the platform refuse it again, it
  /// waits as before. Nothing of it uses up an attempt.
  ///
  /// @param call as the [Trouble] names it
  /// @param before is told of it before anything happens, to write it down
  /// @return empty: that call is not left alone, or not any more
  public Optional<Resumed> resume(
      Channel channel, String account, String call, Consumer<Trouble> before) {
    Optional<Trouble> held =
        channel.troubles().stream()
            .filter(each -> each.account().equals(account) && each.call().equals(call))
            .filter(this::isHeld)
            .findFirst();
    held.ifPresent(before);
    return held.filter(_ -> channel.resume(account, call))
        .map(trouble -> new Resumed(trouble, wake(channel.name(), account, trouble.code())));
  }

  private int wake(String channel, String account, int code) {
    int all = 0;
    int some;
    do {
      some = store.wakeMessages(db, channel, account, code, clock.instant());
      all += some;
    } while (some == ResumptionStore.AT_ONCE);
    do {
      some = store.wakeFiles(db, channel, account, code, clock.instant());
      all += some;
    } while (some == ResumptionStore.AT_ONCE);
    return all;
  }
}
