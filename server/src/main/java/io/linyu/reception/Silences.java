package io.linyu.reception;

import io.linyu.bot.Input;
import io.linyu.platform.db.Db;
import io.linyu.platform.health.Backlog;
import io.linyu.platform.time.Ticker;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A problem told never dies in a form: when its teller falls silent, the bot is woken and hands on
/// what it has.
final class Silences {
  private static final Logger LOG = LoggerFactory.getLogger(Silences.class);
  private static final Duration PAUSE = Duration.ofSeconds(5);
  private static final Duration AFTER_FAILURE = Duration.ofMinutes(5);
  private static final int AT_ONCE = 50;

  private final Db db;
  private final Turns turns;
  private final Outbox outbox;
  private final Clock clock;
  private final TurnStore store = new TurnStore();

  Silences(Db db, Turns turns, Outbox outbox, Clock clock) {
    this.db = db;
    this.turns = turns;
    this.outbox = outbox;
    this.clock = clock;
  }

  void start(Ticker ticker) {
    var _ = ticker.every(PAUSE, "silence", this::wakeDue);
  }

  private boolean wakeDue() {
    var silent = store.silent(db, clock.instant(), AT_ONCE);
    for (long address : silent) {
      try {
        db.withinTransaction(tx -> wake(tx, address));
      } catch (Db.Away away) {
        throw away;
      } catch (RuntimeException bug) {
        LOG.error("address {} was not woken", address, bug);
        store.wakeLater(db, address, clock.instant().plus(AFTER_FAILURE));
      }
    }
    return silent.size() == AT_ONCE;
  }

  private void wake(io.linyu.platform.db.Tx tx, long address) {
    Conversation with = store.lock(tx, address).orElseThrow();
    Instant now = clock.instant();
    Instant due = with.nextDueAt;
    if (due == null || due.isAfter(now)) {
      return; // spoke in the meantime, or another node was faster
    }
    with.nextDueAt = null;
    // Also while a person has the conversation: what was told before is filed all the same.
    var context = new Context(tx, with, null, 0, true, now);
    String text = turns.converse(context, new Input.Silence());
    if (with.isForgottenByPerson(now)) {
      with.handToBot();
      with.remember(with.state.givenBack(), now);
    }
    with.lendUntil(now);
    store.save(tx, with);
    if (text != null) {
      String key = "silence:" + address + ":" + due.toEpochMilli();
      outbox.say(tx, address, key, "bot", null, with.caseId, text);
    }
  }

  Backlog backlog() {
    return store.backlog(db, clock.instant());
  }
}
