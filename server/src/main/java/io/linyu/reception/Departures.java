package io.linyu.reception;

import io.linyu.community.People;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Tx;
import io.linyu.platform.time.Ticker;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// Those who left without our hearing of it: the platform has said, when something was to be
/// delivered, that nobody is there. After a month without a word from them they are forgotten like
/// those whose leaving was told.
final class Departures {
  private static final Duration PAUSE = Duration.ofHours(1);
  private static final Duration WAITED_FOR = Duration.ofDays(30);
  private static final int AT_ONCE = 100;

  private final Db db;
  private final People people;
  private final Acting acting;
  private final Clock clock;
  private final TurnStore conversations = new TurnStore();
  private final SubscriptionStore subscriptions = new SubscriptionStore();
  private final DepartureStore store = new DepartureStore();

  Departures(Db db, People people, Acting acting, Clock clock) {
    this.db = db;
    this.people = people;
    this.acting = acting;
    this.clock = clock;
  }

  void start(Ticker ticker) {
    var _ = ticker.every(PAUSE, "departures", this::forgetDue);
  }

  /// Due work: whether there may be more.
  boolean forgetDue() {
    Instant now = clock.instant();
    int noted = store.note(db, now, AT_ONCE);
    List<Long> gone = store.gone(db, now.minus(WAITED_FOR), AT_ONCE);
    gone.forEach(address -> db.withinTransaction(tx -> forget(tx, address)));
    return noted == AT_ONCE || gone.size() == AT_ONCE;
  }

  private void forget(Tx tx, long address) {
    conversations.begin(tx, List.of(address));
    var _ = conversations.lock(tx, address);
    if (store.isGone(tx, address)) { // they may have spoken meanwhile
      people.unfollow(tx, address);
      acting.left(tx, address);
      subscriptions.erase(tx, address);
    }
  }
}
