package io.linyu.casework;

import io.linyu.casework.CaseEvent.Summoned.How;
import io.linyu.casework.Errand.Why;
import io.linyu.casework.LoopRule.Effect;
import io.linyu.community.Community;
import io.linyu.community.Desk;
import io.linyu.community.DeskOrders.Member;
import io.linyu.community.Staff;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.linyu.platform.events.Events;
import io.linyu.platform.events.Told;
import io.linyu.platform.time.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What has become due while no server ran, or stood so before a rule was turned live, calls nobody
/// case by case: each desk, and whoever leads it, hears of all of it in one message. What is
/// critical is never in it, and calls as ever; so does what comes after.
public final class CatchUps {
  /// What one member of staff is told at once.
  ///
  /// @param id of the digest; the same for all who are told of it
  /// @param cases how many they are
  /// @param counts how many by what is the matter; a case may be in several
  /// @param theirs how many of them this person has
  /// @param oldest of those that they may see
  public record Telling(
      Staff to,
      long addressId,
      long id,
      CatchUp why,
      Desk desk,
      int cases,
      Map<Why, Integer> counts,
      int theirs,
      List<Errands.Item> oldest) {}

  /// Says it, in the transaction that notes that it was said.
  public interface Mouth {
    void tell(Tx tx, Telling telling);
  }

  private static final Logger LOG = LoggerFactory.getLogger(CatchUps.class);
  private static final Duration BEAT = Duration.ofSeconds(30);

  /// A restart is shorter.
  static final Duration OUTAGE = Duration.ofMinutes(10);

  private static final Duration PAUSE = Duration.ofSeconds(2);

  /// Nothing more has come for so long: all has been looked at.
  static final Duration QUIET = Duration.ofMinutes(1);

  /// So long a desk waits at most for the first of it.
  private static final Duration AT_LATEST = Duration.ofMinutes(30);

  /// So long after it ended an outage is caught up with at most.
  private static final Duration RECENT = Duration.ofDays(1);

  private static final int OLDEST = 5;

  private final Db db;
  private final Events events;
  private final CaseFiles files;
  private final Cases cases;
  private final Categories categories;
  private final Community community;
  private final CatchUpStore store = new CatchUpStore();
  private final ErrandStore errands = new ErrandStore();

  /// Whether the last beat was heard: as long as it was not, nobody knows what was missed.
  private final AtomicBoolean awake = new AtomicBoolean(true);

  CatchUps(
      Db db,
      Events events,
      CaseFiles files,
      Cases cases,
      Categories categories,
      Community community) {
    this.db = db;
    this.events = events;
    this.files = files;
    this.cases = cases;
    this.categories = categories;
    this.community = community;
  }

  /// Before anything else that is due is done.
  public void start(Ticker ticker, Errands.Pace pace, Mouth mouth) {
    begin();
    var _ = ticker.every(BEAT, "heartbeat", this::beat);
    var _ = ticker.every(PAUSE, "digests", () -> tellDue(pace, mouth));
  }

  // Whether a server runs.

  /// A server begins, or reaches the database again: if none did for a while, that was an outage.
  void begin() {
    db.withinTransaction(tx -> {
      Instant now = files.now();
      Optional<Instant> last = store.alive(tx);
      last.filter(each -> !each.plus(OUTAGE).isAfter(now))
          .ifPresent(each -> {
            store.outage(tx, each, now);
            LOG.warn("no server ran from {} to {}", each, now);
          });
      store.alive(tx, now);
    });
    awake.set(true);
  }

  /// A server says that it runs.
  boolean beat() {
    if (!awake.get()) {
      begin();
      return false;
    }
    try {
      db.withinTransaction(tx -> store.alive(tx, files.now()));
    } catch (RuntimeException unheard) {
      awake.set(false);
      throw unheard;
    }
    return false;
  }

  /// False while the database was out of reach and it is not yet written down for how long.
  boolean isAwake() {
    return awake.get();
  }

  /// Those that ended after this moment, in their order.
  public List<Outage> outages(Sql sql, Instant after) {
    return store.outages(sql, after);
  }

  /// The newest first.
  List<CatchUpStore.Told> latest(int most) {
    return store.latest(db, most);
  }

  // What is folded in.

  /// From now on this rule is live over what stands so already.
  void turnedLive(Tx tx, LoopRule rule, int version, Instant at) {
    store.live(tx, rule, version, at);
  }

  /// Into what a call that was due then is folded; empty: into nothing, somebody is called.
  Optional<CatchUp> of(Sql sql, Case matter, Instant due) {
    return isDanger(matter)
        ? Optional.empty()
        : store.outageAt(sql, due, files.now().minus(RECENT));
  }

  /// Danger waits for nothing.
  private static boolean isDanger(Case matter) {
    return matter.urgency().compareTo(Urgency.CRITICAL) >= 0;
  }

  /// After a rule was applied: if that is catching up, whoever would be called for it is not.
  ///
  /// @param due when it was to be done
  void fold(Tx tx, CaseId id, RuleSwitch by, Effect effect, Instant due, Instant now) {
    Why why =
        switch (effect) {
          case URGED -> Why.URGED;
          case RAISED, GATHERED -> Why.NEW;
          case RESUMED -> Why.RESUMED;
          case SUPERVISED -> null; // nobody is called when it begins by rule
          case TAKEN_AWAY, ALARMED -> null; // for safety
        };
    if (why == null) {
      return;
    }
    Case matter = cases.named(tx, id).orElseThrow();
    if (isDanger(matter)) {
      return;
    }
    Instant set = by.setAt();
    Optional<CatchUp> into =
        set != null && due.isBefore(set)
            ? store.live(tx, by.rule(), by.version())
            : store.outageAt(tx, due, now.minus(RECENT));
    into.ifPresent(catchUp -> {
      Instant occasion =
          switch (effect) {
            case URGED -> Objects.requireNonNull(matter.urgedAt());
            case RAISED, GATHERED -> errands.heldSince(tx, id).orElse(now);
            case RESUMED, SUPERVISED, TAKEN_AWAY, ALARMED -> resumedAt(tx, id);
          };
      if (errands.fold(tx, id, matter.deskId(), why, occasion, catchUp.id(), now)) {
        files.tell(tx, id, rule -> folded(rule, why, matter.deskId()));
      }
    });
  }

  static CaseEvent folded(int rule, Why why, long desk) {
    return new CaseEvent.Summoned(null, rule, How.DIGEST, why.word(), desk, null, null);
  }

  private Instant resumedAt(Tx tx, CaseId id) {
    return events.of(tx, CaseEvent.VOCABULARY, id.value()).reversed().stream()
        .filter(each -> each.event() instanceof CaseEvent.Resumed)
        .findFirst()
        .map(Told::at)
        .orElseThrow();
  }

  // Digests.

  /// Tells one desk. True when there may be more.
  boolean tellDue(Errands.Pace pace, Mouth mouth) {
    Instant now = files.now();
    if (pace.quiet().next(now, pace.zone()).isAfter(now)) {
      return false;
    }
    return db.inTransaction(tx -> {
      Optional<CatchUpStore.Ready> ready = store.ready(tx, now.minus(QUIET), now.minus(AT_LATEST));
      ready.ifPresent(each -> tell(tx, mouth, each, now));
      return ready.isPresent();
    });
  }

  private void tell(Tx tx, Mouth mouth, CatchUpStore.Ready ready, Instant now) {
    long digest = store.make(tx, ready, now);
    int many = digest == 0 ? 0 : store.cases(tx, digest);
    if (many == 0) {
      return; // all of it has been seen to meanwhile
    }
    Desk desk = community.desks().byId(ready.desk());
    List<CatchUpStore.Count> found = store.counts(tx, digest);
    var counts = new TreeMap<Why, Integer>();
    found.forEach(each -> counts.merge(each.why(), each.cases(), Integer::sum));
    List<Errands.Item> oldest =
        store.oldest(tx, digest, OLDEST).stream().map(each -> item(tx, each)).toList();
    int told = 0;
    for (Member each : listeners(tx, desk, found)) {
      Optional<Staff> to = community.staff().byId(each.staffId());
      if (to.isPresent()) {
        int theirs =
            found.stream()
                .filter(count -> Objects.equals(count.holder(), each.staffId()))
                .mapToInt(CatchUpStore.Count::cases)
                .sum();
        List<Errands.Item> seen =
            oldest.stream()
                .filter(item -> cases.isVisibleTo(tx, to.get(), item.matter().id()))
                .toList();
        mouth.tell(
            tx,
            new Telling(
                to.get(),
                Objects.requireNonNull(each.addressId()),
                digest,
                ready.what(),
                desk,
                many,
                counts,
                theirs,
                seen));
        told++;
      }
    }
    store.told(tx, digest, many, told);
    if (told == 0) {
      telephone(tx, oldest, now);
    }
  }

  /// Who comes first at the desk, who leads it, and those who have some of them: of these whom a
  /// chat reaches, each once.
  private List<Member> listeners(Tx tx, Desk desk, List<CatchUpStore.Count> found) {
    var listeners = new LinkedHashMap<Long, Member>();
    members(tx, desk).findFirst().ifPresent(each -> listeners.put(each.staffId(), each));
    Stream.concat(Stream.of(desk), community.desks().fallbackAbove(desk).stream())
        .flatMap(each -> members(tx, each))
        .filter(each -> community.deskOrders().leads(each))
        .findFirst()
        .ifPresent(each -> listeners.putIfAbsent(each.staffId(), each));
    found.stream()
        .map(CatchUpStore.Count::holder)
        .filter(Objects::nonNull)
        .distinct()
        .flatMap(each -> community.deskOrders().standIn(tx, each, desk.id()).stream())
        .filter(each -> each.addressId() != null)
        .forEach(each -> listeners.putIfAbsent(each.staffId(), each));
    return List.copyOf(listeners.values());
  }

  private Stream<Member> members(Tx tx, Desk desk) {
    return community.deskOrders().of(tx, desk.id()).stream()
        .filter(each -> each.called() && each.addressId() != null);
  }

  /// Nobody can be told: the desk has to telephone about the oldest few, and finds the rest in its
  /// lists.
  private void telephone(Tx tx, List<Errands.Item> oldest, Instant now) {
    var due = new ArrayList<>(oldest);
    due.forEach(each -> errands.telephone(tx, each.errand().id(), now));
    // Locks of cases are taken in one order.
    due.sort(Comparator.comparingLong(each -> each.matter().id().value()));
    due.forEach(each ->
        files.tell(
            tx,
            each.matter().id(),
            rule ->
                new CaseEvent.Summoned(
                    null,
                    rule,
                    How.TELEPHONE,
                    each.errand().why().word(),
                    each.errand().deskId(),
                    null,
                    null)));
  }

  private Errands.Item item(Tx tx, long errand) {
    Errand one = errands.byId(tx, errand).orElseThrow();
    Case matter = cases.named(tx, one.caseId()).orElseThrow();
    return new Errands.Item(
        one,
        matter,
        categories.named(matter.categoryCode()).orElse(null),
        matter.territoryName(),
        null,
        null);
  }
}
