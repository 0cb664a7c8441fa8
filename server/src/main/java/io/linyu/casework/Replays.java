package io.linyu.casework;

import static java.util.stream.Collectors.toMap;

import io.linyu.casework.Replay.Change;
import io.linyu.casework.Replay.LimitSet;
import io.linyu.casework.Replay.RuleEnded;
import io.linyu.casework.Replay.RuleSet;
import io.linyu.casework.Replay.State;
import io.linyu.casework.ReplayStore.Came;
import io.linyu.casework.ReplayStore.Name;
import io.linyu.casework.ReplayStore.Ticked;
import io.linyu.community.Staff;
import io.linyu.community.Territories;
import io.linyu.community.Territory;
import io.linyu.platform.Refusal;
import io.linyu.platform.db.Db;
import io.linyu.platform.text.Codes;
import io.linyu.platform.time.WorkingCalendar;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
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
  private final Limits limits;
  private final Supplier<WorkingCalendar> calendar;
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
      Limits limits,
      Supplier<WorkingCalendar> calendar,
      Categories categories,
      Territories territories) {
    this.db = db;
    this.clock = clock;
    this.routing = routing;
    this.rules = rules;
    this.limits = limits;
    this.calendar = calendar;
    this.categories = categories;
    this.territories = territories;
  }

  /// Looks at it from now on, beside whoever asked. Refused where the change itself would be.
  public Replay begin(Staff staff, Change change) {
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
    Change wanted = change;
    long territory =
        switch (change) {
          case RuleSet set -> {
            rules.require(staff, set.plan());
            yield set.plan().territory();
          }
          case RuleEnded end ->
              rules.requireEnd(staff, end.rule(), end.from(), end.reason()).territory();
          case LimitSet limit -> {
            wanted = limits.require(staff, limit);
            yield territories.root().id();
          }
        };
    Change sound = wanted;
    return db.inTransaction(tx -> {
      long id = store.insert(tx, Codes.random(), sound, territory, staff.id(), now());
      return store.byId(tx, id, silentSince()).orElseThrow();
    });
  }

  void run(Replay replay) {
    try {
      Walk walk = walk(replay);
      boolean full = goThrough(replay, walk);
      store.end(db, replay.id(), State.COMPLETE, walk.seen(), walk.outcome(full));
    } catch (RuntimeException failed) {
      LOG.warn("a replay was cut short", failed);
      store.end(db, replay.id(), State.FAILED, 0, null);
    }
  }

  /// Through the newest cases.
  private interface Walk {
    /// Looks at the next of them.
    ///
    /// @param before the case that the page before ended with
    /// @param since what came before that is passed by
    Leaf next(long before, Instant since);

    /// How many there were that the change concerns.
    int seen();

    Object outcome(boolean full);
  }

  /// What was looked at.
  ///
  /// @param last the oldest of them
  /// @param young whether any of them came late enough
  /// @param more whether there are older ones
  private record Leaf(long last, Instant at, boolean young, boolean more) {}

  private Walk walk(Replay replay) {
    Territory place = territories.byId(replay.territory());
    return switch (replay.change()) {
      case RuleSet set -> {
        RoutingTable before = rulesOn(set.from());
        yield new OverCases(
            routing(before, before.with(set.plan()), place.path(), set.plan().category()));
      }
      case RuleEnded end -> {
        RoutingTable before = rulesOn(end.from());
        RoutingRule rule = routingRules.byId(db, end.rule()).orElseThrow();
        yield new OverCases(
            routing(before, before.without(end.rule()), place.path(), rule.category()));
      }
      case LimitSet limit -> new OverClocks(limit);
    };
  }

  private RoutingTable rulesOn(LocalDate day) {
    return RoutingTable.of(routingRules.inForce(db, day));
  }

  RoutingReplay routing(
      RoutingTable before, RoutingTable after, String within, @Nullable String kind) {
    Rules now = Db.await(house.at(db, now()));
    return new RoutingReplay(
        routing, categories, territories, now, before, after, within, kind, each -> each);
  }

  LimitReplay clocks(Limited what, @Nullable String kind, Rules before, Rules after) {
    WorkingCalendar days = calendar.get();
    return new LimitReplay(
        categories, what, kind, new Clocks(before, days), new Clocks(after, days), now());
  }

  private final class OverCases implements Walk {
    private final RoutingReplay past;

    OverCases(RoutingReplay past) {
      this.past = past;
    }

    @Override
    public Leaf next(long before, Instant since) {
      List<Came> page = store.cases(db, before, AT_ONCE);
      List<Came> young = page.stream().filter(each -> !each.at().isBefore(since)).toList();
      young.stream().takeWhile(_ -> past.cases() < MOST).forEach(each -> past.add(each.past()));
      return page.isEmpty()
          ? new Leaf(0, since, false, false)
          : new Leaf(
              page.getLast().past().id(),
              page.getLast().at(),
              !young.isEmpty(),
              page.size() == AT_ONCE);
    }

    @Override
    public int seen() {
      return past.cases();
    }

    @Override
    public Object outcome(boolean full) {
      return past.outcome(full);
    }
  }

  private final class OverClocks implements Walk {
    private final Limited what;
    private final LimitReplay past;

    OverClocks(LimitSet change) {
      what = change.what();
      past = clocks(change.what(), change.category(), limits.before(change), limits.after(change));
    }

    @Override
    public Leaf next(long before, Instant since) {
      List<Ticked> page = store.clocks(db, what, before, AT_ONCE);
      List<Ticked> young = page.stream().filter(each -> !each.at().isBefore(since)).toList();
      young.stream()
          .takeWhile(_ -> past.clocks() < MOST)
          .map(Ticked::ran)
          .filter(Objects::nonNull)
          .forEach(past::add);
      long cases = page.stream().mapToLong(Ticked::caseId).distinct().count();
      return page.isEmpty()
          ? new Leaf(0, since, false, false)
          : new Leaf(
              page.getLast().caseId(), page.getLast().at(), !young.isEmpty(), cases == AT_ONCE);
    }

    @Override
    public int seen() {
      return past.clocks();
    }

    @Override
    public Object outcome(boolean full) {
      return past.outcome(full);
    }
  }

  /// @return whether there were more than are looked at
  private boolean goThrough(Replay replay, Walk walk) {
    Instant now = now();
    Instant since = now.minus(Duration.ofDays(Replay.DAYS));
    long before = Long.MAX_VALUE;
    while (true) {
      Leaf leaf = walk.next(before, since);
      if (!leaf.young() || !leaf.more()) {
        return false;
      }
      if (walk.seen() >= MOST) {
        return true;
      }
      before = leaf.last();
      int share = share(walk.seen(), leaf.at(), since, now);
      if (!store.goesOn(db, replay.id(), walk.seen(), share, now())) {
        return false;
      }
    }
  }

  /// By time, or by number where that is further.
  private static int share(int cases, Instant at, Instant since, Instant now) {
    long gone = Duration.between(at, now).toMinutes();
    long all = Duration.between(since, now).toMinutes();
    long share = Math.max(100L * cases / MOST, 100 * gone / all);
    return Math.clamp(share, 0, 99);
  }

  /// Refused as not found where they could not have asked for it.
  public Replay visibleTo(Staff staff, String code) {
    return store
        .find(db, code, silentSince())
        .filter(each -> isTheirs(staff, each))
        .orElseThrow(Refusal::notFound);
  }

  /// What was looked at before something was decided, of what they may see.
  Map<Long, Replay> of(Staff staff, Collection<Long> ids) {
    return ids.isEmpty()
        ? Map.of()
        : store.byIds(db, ids, silentSince()).stream()
            .filter(each -> isTheirs(staff, each))
            .collect(toMap(Replay::id, each -> each));
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
  /// @return the rule that was set or ended; empty for a limit
  Optional<RoutingRule> decide(Staff staff, String from, String code) {
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
        case RuleSet set -> Optional.of(rules.add(tx, staff, from, set.plan(), replay.id()));
        case RuleEnded end ->
            Optional.of(
                rules.end(tx, staff, from, end.rule(), end.from(), end.reason(), replay.id()));
        case LimitSet limit -> {
          limits.set(tx, staff, from, limit, replay.id());
          yield Optional.empty();
        }
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
