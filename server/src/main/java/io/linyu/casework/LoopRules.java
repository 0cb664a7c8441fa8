package io.linyu.casework;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.toMap;

import io.linyu.casework.LoopRule.Due;
import io.linyu.casework.LoopRule.Effect;
import io.linyu.casework.LoopRule.Mode;
import io.linyu.casework.LoopRuleStore.Once;
import io.linyu.community.Staff;
import io.linyu.community.Territories;
import io.linyu.community.audit.Audit;
import io.linyu.community.audit.Deed;
import io.linyu.community.audit.Who;
import io.linyu.platform.Refusal;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Tx;
import io.linyu.platform.events.Events;
import io.linyu.platform.events.Told;
import io.linyu.platform.time.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What is done by itself: looks at a case when its time has come, or when it has moved, and does
/// what a rule that is live wants, once for each occasion. A rule that is tried out writes into the
/// history what it would have done, and does nothing else.
public final class LoopRules {
  /// How often each was applied lately.
  static final Duration COUNTED = Duration.ofDays(30);

  private static final Duration PAUSE = Duration.ofSeconds(5);
  private static final Duration AFTER_A_FAULT = Duration.ofHours(1);
  private static final int AT_ONCE = 20;
  private static final int LONGEST_REASON = 300;
  private static final Logger LOG = LoggerFactory.getLogger(LoopRules.class);

  private record Planned(RuleSwitch by, Due due) {
    boolean isDue(Instant now) {
      return !due.at().isAfter(now);
    }
  }

  private final Db db;
  private final Events events;
  private final CaseFiles files;
  private final Cases cases;
  private final Suspending suspending;
  private final Raising raising;
  private final Conferences conferences;
  private final Alarms alarms;
  private final RoutingRules ruling;
  private final Territories territories;
  private final Audit audit;
  private final CatchUps catchUps;
  private final RootCauses roots;
  private final LoopRuleStore store = new LoopRuleStore();
  private final DueStore due = new DueStore("rule_watch");
  private final ClockStore clocks = new ClockStore();

  LoopRules(
      Db db,
      Events events,
      CaseFiles files,
      Cases cases,
      Suspending suspending,
      Raising raising,
      Conferences conferences,
      Alarms alarms,
      RoutingRules ruling,
      Territories territories,
      Audit audit,
      CatchUps catchUps,
      RootCauses roots) {
    this.db = db;
    this.events = events;
    this.files = files;
    this.cases = cases;
    this.suspending = suspending;
    this.raising = raising;
    this.conferences = conferences;
    this.alarms = alarms;
    this.ruling = ruling;
    this.territories = territories;
    this.audit = audit;
    this.catchUps = catchUps;
    this.roots = roots;
  }

  public void start(Ticker ticker) {
    var _ = ticker.every(PAUSE, "rules", this::applyDue);
  }

  // What is due.

  /// True when there may be more.
  boolean applyDue() {
    if (!catchUps.isAwake()) {
      return false;
    }
    Instant now = files.now();
    try {
      return lookTogether(now);
    } catch (RuntimeException failed) {
      if (Db.isPassing(failed)) {
        throw failed;
      }
      return lookSingly(now);
    }
  }

  /// What has to be read is read once for all of them. Few enough that nobody who wants to work at
  /// one of them waits long.
  private boolean lookTogether(Instant now) {
    return db.inTransaction(tx -> {
      List<CaseId> taken = due.take(tx, now, AT_ONCE);
      look(tx, taken, now);
      return !taken.isEmpty();
    });
  }

  /// One that cannot be looked at takes no other with it.
  private boolean lookSingly(Instant now) {
    int looked = 0;
    RuntimeException fault = null;
    for (CaseId id : due.due(db, now, AT_ONCE)) {
      try {
        looked += look(id, now) ? 1 : 0;
      } catch (RuntimeException failed) {
        if (Db.isPassing(failed)) {
          throw failed;
        }
        // It does not keep those behind it waiting.
        db.withinTransaction(tx -> {
          files.lock(tx, id);
          store.lookAgain(tx, id, now.plus(AFTER_A_FAULT));
        });
        LOG.warn("case {}: no rule could be applied, tried again in an hour", id.value());
        fault = failed;
      }
    }
    if (fault != null) {
      throw fault;
    }
    return looked > 0;
  }

  private boolean look(CaseId id, Instant now) {
    return db.<Boolean>inTransaction(tx -> {
      if (!due.take(tx, id, now)) {
        return false; // somebody is at work there, or another node was
      }
      look(tx, List.of(id), now);
      return true;
    });
  }

  /// @param taken locked
  private void look(Tx tx, List<CaseId> taken, Instant now) {
    if (taken.isEmpty()) {
      return;
    }
    List<RuleSwitch> switches =
        store.current(tx).stream().filter(each -> each.mode() != Mode.OFF).toList();
    Clocks by = files.clocks(tx, now);
    Map<CaseId, List<CaseClock>> ticking = clocks.clocks(tx, taken);
    Map<Long, List<Told<CaseEvent>>> told =
        events.of(tx, CaseEvent.VOCABULARY, taken.stream().map(CaseId::value).toList());
    Set<Once> applied = new HashSet<>(store.applied(tx, taken));
    Map<CaseId, Case> matters =
        cases.named(tx, taken).stream().collect(toMap(Case::id, each -> each));
    Map<CaseId, List<Planned>> planned = new LinkedHashMap<>();
    for (CaseId id : taken) {
      Case matter = requireNonNull(matters.get(id));
      planned.put(
          id,
          !matter.isOpen()
              ? List.of()
              : planned(
                  new Standing(
                      matter,
                      ticking.getOrDefault(id, List.of()),
                      told.getOrDefault(id.value(), List.of()),
                      files.calendar(),
                      raising.canRise(matter),
                      raising.isWithThoseItIsAbout(matter)),
                  switches));
    }
    var over = new ArrayList<CaseId>();
    var again = new ArrayList<LoopRuleStore.Again>();
    planned.forEach((id, all) -> {
      Instant next = apply(tx, requireNonNull(matters.get(id)), all, applied, by, now);
      if (next == null) {
        over.add(id);
      } else {
        again.add(new LoopRuleStore.Again(id, next));
      }
    });
    store.rest(tx, over);
    store.lookAgain(tx, again);
  }

  private static List<Planned> planned(Standing standing, List<RuleSwitch> switches) {
    return switches.stream()
        .flatMap(each -> each.rule().due(standing).stream().map(due -> new Planned(each, due)))
        .sorted(Comparator.comparing(each -> each.due().at()))
        .toList();
  }

  /// @param planned in their order
  /// @return when to look again; null: not before something happens
  private @Nullable Instant apply(
      Tx tx, Case matter, List<Planned> planned, Set<Once> applied, Clocks by, Instant now) {
    for (Planned each : planned) {
      if (!each.isDue(now)) {
        return each.due().at();
      }
      if (each.due().effect() == Effect.URGED && isRaisedBy(each.by(), planned, now)) {
        continue; // after a down-time: whoever is urged would not have it any more
      }
      Once once = Once.of(matter.id(), each.by(), each.due());
      if (applied.add(once)) {
        store.apply(tx, once, each.by().version(), now);
        apply(files.open(tx, matter, by), matter, each);
        if (!each.by().isDry() && each.due().effect().moves()) {
          return now; // it stands otherwise now
        }
      }
    }
    return null;
  }

  private static boolean isRaisedBy(RuleSwitch rule, List<Planned> planned, Instant now) {
    return planned.stream()
        .anyMatch(each ->
            each.by().equals(rule) && each.due().effect() == Effect.RAISED && each.isDue(now));
  }

  private void apply(CaseFile file, Case matter, Planned planned) {
    RuleSwitch by = planned.by();
    Effect effect = planned.due().effect();
    file.tell(
        new CaseEvent.RuleApplied(
            null,
            file.rule(),
            by.rule(),
            by.version(),
            by.isDry(),
            effect,
            planned.due().occasion()));
    if (by.isDry()) {
      return;
    }
    switch (effect) {
      case SUPERVISED -> file.supervise(true);
      case URGED -> file.urged(false);
      case RAISED -> {
        raising.raise(file, matter);
        if (by.rule() == LoopRule.E3) {
          conferences.callByRule(file);
        }
      }
      case TAKEN_AWAY -> raising.takeAway(file, matter);
      case ALARMED -> alarms.ringUnsigned(file.tx(), matter);
      case RESUMED -> suspending.resumeByRule(file);
      case GATHERED -> throw new IllegalStateException("of many cases, not of one");
    }
    // Whoever has it open looks again where it is not theirs any more, or runs on. That it is
    // supervised, or urged, is written already.
    if (effect.moves()) {
      file.keep(true);
    }
    catchUps.fold(file.tx(), matter.id(), by, effect, planned.due().at(), file.at());
  }

  // How they are set.

  /// For the whole district: its dispatchers.
  boolean mayRule(Staff staff) {
    return ruling.mayRule(staff, territories.root());
  }

  /// As they are set now, in their order.
  List<RuleSwitch> current() {
    return store.current(db);
  }

  public RuleSwitch current(LoopRule rule) {
    return current().stream()
        .filter(each -> each.rule() == rule)
        .findFirst()
        .orElseThrow(Refusal::notFound);
  }

  /// All its versions, the newest first.
  List<RuleSwitch> versions(LoopRule rule) {
    return store.versions(db, rule);
  }

  /// How often each was applied, and would have been, in the last [#COUNTED].
  Map<LoopRule, LoopRuleStore.Count> counts() {
    return store.counts(db, files.now().minus(COUNTED));
  }

  /// The cases behind that, of those that they may see; the newest first.
  List<LoopRuleStore.Applied> applied(Staff staff, LoopRule rule, int most) {
    return store.applied(
        db, staff, Scope.of(staff, territories), rule, files.now().minus(COUNTED), most);
  }

  /// @param from the address they act from
  /// @param version that they have seen
  public void set(Staff staff, String from, LoopRule rule, Mode mode, int version, String reason) {
    if (!mayRule(staff)) {
      throw new Refusal("rule-not-yours", 403);
    }
    String why = reason.strip();
    if (why.isEmpty()) {
      throw new Refusal("reason-missing", 422);
    }
    if (why.length() > LONGEST_REASON) {
      throw new Refusal("text-too-long", 422, LONGEST_REASON);
    }
    db.withinTransaction(tx -> {
      store.lock(tx);
      RuleSwitch was =
          store.current(tx).stream().filter(each -> each.rule() == rule).findFirst().orElseThrow();
      if (was.version() != version) {
        throw new Refusal("rule-changed", 409);
      }
      if (was.mode() == mode) {
        throw new Refusal("rule-same", 409);
      }
      Instant now = files.now();
      store.insert(tx, rule, version + 1, mode, why, staff.id(), now);
      if (mode == Mode.LIVE) {
        catchUps.turnedLive(tx, rule, version + 1, now);
      }
      // What stands so already is looked at, too.
      if (rule == LoopRule.E4) {
        roots.lookAtAll(tx, mode, now);
      } else {
        store.watchOpen(tx, now);
      }
      audit.write(
          tx,
          Who.staff(staff.id(), from),
          Deed.RULE_SET,
          Map.of(
              "rule", rule.name(),
              "version", version + 1,
              "was", was.mode().word(),
              "is", mode.word(),
              "reason", why));
    });
  }
}
