package io.linyu.casework;

import io.linyu.casework.Replay.Change;
import io.linyu.casework.Replay.RuleEnded;
import io.linyu.casework.Replay.RuleSet;
import io.linyu.casework.Replay.State;
import io.linyu.casework.ReplayStore.Came;
import io.linyu.casework.ReplayStore.Name;
import io.linyu.community.Staff;
import io.linyu.community.Territories;
import io.linyu.community.Territory;
import io.linyu.platform.Refusal;
import io.linyu.platform.db.Db;
import io.linyu.platform.text.Codes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Before somebody rules, they see what it would have done with the cases of the last months.
///
/// A replay reads the newest cases page by page, one query for each, and looks at them in memory.
/// How far it is stands in its row, for whichever node is asked, and so does the wish to stop. One
/// whose server is gone says nothing any more, and counts as failed.
public final class Replays {
  private static final Logger LOG = LoggerFactory.getLogger(Replays.class);

  /// Cases that a change concerns; what is more stays unseen, and is said.
  static final int MOST = 30_000;

  private static final int AT_ONCE = 1_000;

  /// Of one process.
  private static final int SIDE_BY_SIDE = 2;

  private static final Duration SILENT = Duration.ofMinutes(1);
  private static final Duration KEPT = Duration.ofDays(30);

  private final Db db;
  private final Clock clock;
  private final Routing routing;
  private final RoutingRules rules;
  private final Categories categories;
  private final Territories territories;
  private final Semaphore running = new Semaphore(SIDE_BY_SIDE);
  private final RuleStore house = new RuleStore();
  private final RoutingRuleStore routingRules = new RoutingRuleStore();
  private final ReplayStore store = new ReplayStore();

  Replays(
      Db db,
      Clock clock,
      Routing routing,
      RoutingRules rules,
      Categories categories,
      Territories territories) {
    this.db = db;
    this.clock = clock;
    this.routing = routing;
    this.rules = rules;
    this.categories = categories;
    this.territories = territories;
  }

  /// Looks at it from now on, beside whoever asked. Refused where the change itself would be.
  Replay begin(Staff staff, Change change) {
    if (!running.tryAcquire()) {
      throw new Refusal("replay-busy", 503);
    }
    boolean started = false;
    try {
      Replay replay = order(staff, change);
      var _ =
          Thread.ofVirtual()
              .name("replay")
              .start(() -> {
                try {
                  run(replay);
                } finally {
                  running.release();
                }
              });
      started = true;
      return replay;
    } finally {
      if (!started) {
        running.release();
      }
    }
  }

  Replay order(Staff staff, Change change) {
    long territory =
        switch (change) {
          case RuleSet set -> {
            rules.require(staff, set.plan());
            yield set.plan().territory();
          }
          case RuleEnded end ->
              rules.requireEnd(staff, end.rule(), end.from(), end.reason()).territory();
        };
    return db.inTransaction(tx -> {
      long id = store.insert(tx, Codes.random(), change, territory, staff.id(), now());
      return store.byId(tx, id, silentSince()).orElseThrow();
    });
  }

  void run(Replay replay) {
    try {
      RoutingReplay past = replayOf(replay);
      boolean full = goThrough(replay, past);
      store.end(db, replay.id(), State.COMPLETE, past.cases(), past.outcome(full));
    } catch (RuntimeException failed) {
      LOG.warn("a replay was cut short", failed);
      store.end(db, replay.id(), State.FAILED, 0, null);
    }
  }

  private RoutingReplay replayOf(Replay replay) {
    Change change = replay.change();
    var before = RoutingTable.of(routingRules.inForce(db, change.from()));
    Territory place = territories.byId(replay.territory());
    return switch (change) {
      case RuleSet set ->
          routing(before, before.with(set.plan()), place.path(), set.plan().category());
      case RuleEnded end -> {
        RoutingRule rule = routingRules.byId(db, end.rule()).orElseThrow();
        yield routing(before, before.without(end.rule()), place.path(), rule.category());
      }
    };
  }

  RoutingReplay routing(
      RoutingTable before, RoutingTable after, String within, @Nullable String kind) {
    Rules now = Db.await(house.at(db, now()));
    return new RoutingReplay(routing, categories, territories, now, before, after, within, kind);
  }

  /// @return whether there were more cases than are looked at
  private boolean goThrough(Replay replay, RoutingReplay past) {
    Instant now = now();
    Instant since = now.minus(Duration.ofDays(Replay.DAYS));
    long before = Long.MAX_VALUE;
    while (true) {
      List<Came> page = store.cases(db, before, AT_ONCE);
      boolean young = false;
      for (Came each : page) {
        if (each.at().isBefore(since)) {
          continue;
        }
        young = true;
        if (past.cases() == MOST) {
          return true;
        }
        past.add(each.past());
      }
      if (!young || page.size() < AT_ONCE) {
        return false;
      }
      before = page.getLast().past().id();
      if (!store.goesOn(
          db, replay.id(), past.cases(), share(past.cases(), page, since, now), now())) {
        return false;
      }
    }
  }

  /// By time, or by number where that is further.
  private static int share(int cases, List<Came> page, Instant since, Instant now) {
    long gone = Duration.between(page.getLast().at(), now).toMinutes();
    long all = Duration.between(since, now).toMinutes();
    long share = Math.max(100L * cases / MOST, 100 * gone / all);
    return Math.clamp(share, 0, 99);
  }

  /// Refused as not found where they could not have asked for it.
  Replay visibleTo(Staff staff, String code) {
    return store
        .find(db, code, silentSince())
        .filter(each -> isTheirs(staff, each))
        .orElseThrow(Refusal::notFound);
  }

  /// What was looked at before a rule was set, or ended.
  Optional<Replay> of(Staff staff, @Nullable Long id) {
    return id == null
        ? Optional.empty()
        : store.byId(db, id, silentSince()).filter(each -> isTheirs(staff, each));
  }

  private boolean isTheirs(Staff staff, Replay replay) {
    return replay.askedBy() == staff.id()
        || rules.mayRule(staff, territories.byId(replay.territory()));
  }

  /// Of these cases, those that they may see.
  Map<Long, Name> names(Staff staff, Collection<Long> cases) {
    return store.names(db, staff, Scope.of(staff, territories), cases);
  }

  void stop(Staff staff, String code) {
    store.stop(db, askedBy(staff, code).id());
  }

  private Replay askedBy(Staff staff, String code) {
    return store
        .find(db, code, silentSince())
        .filter(each -> each.askedBy() == staff.id())
        .orElseThrow(Refusal::notFound);
  }

  /// It takes effect: once, by whoever has looked at it, and not while it still runs.
  ///
  /// @param from the address they act from
  /// @return the rule that was set or ended
  RoutingRule decide(Staff staff, String from, String code) {
    return db.inTransaction(tx -> {
      store.lock(tx, code);
      Replay replay =
          store
              .find(tx, code, silentSince())
              .filter(each -> each.askedBy() == staff.id())
              .orElseThrow(Refusal::notFound);
      if (!replay.isOver()) {
        throw new Refusal("replay-running", 409);
      }
      if (replay.decidedAt() != null) {
        throw new Refusal("replay-decided", 409);
      }
      if (!replay.isFresh(now())) {
        throw new Refusal("replay-old", 409);
      }
      store.decided(tx, replay.id(), now());
      return switch (replay.change()) {
        case RuleSet set -> rules.add(tx, staff, from, set.plan(), replay.id());
        case RuleEnded end ->
            rules.end(tx, staff, from, end.rule(), end.from(), end.reason(), replay.id());
      };
    });
  }

  /// Due work: what was looked at and not decided is forgotten. True when there may be more.
  boolean forgetDue() {
    return store.forget(db, now().minus(KEPT), AT_ONCE);
  }

  private Instant silentSince() {
    return now().minus(SILENT);
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }
}
