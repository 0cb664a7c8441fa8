package io.linyu.cli.bench;

import io.linyu.casework.Case;
import io.linyu.casework.CaseEvent;
import io.linyu.casework.CaseId;
import io.linyu.casework.CaseState;
import io.linyu.casework.Category;
import io.linyu.casework.Inbox;
import io.linyu.casework.Limited;
import io.linyu.casework.LoopRule;
import io.linyu.casework.LoopRule.Mode;
import io.linyu.casework.NewCase;
import io.linyu.casework.Opened;
import io.linyu.casework.Replay;
import io.linyu.casework.RoutingRule;
import io.linyu.casework.RuleSwitch;
import io.linyu.cli.bench.DataGround.Node;
import io.linyu.cli.bench.Sweeping.Applied;
import io.linyu.community.Level;
import io.linyu.community.Staff;
import io.linyu.community.StaffMember;
import io.linyu.community.Territory;
import io.linyu.demo.Town;
import io.linyu.platform.events.Events;
import io.linyu.platform.time.Ticker;
import io.linyu.platform.time.WorkingCalendar;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/// The loop of a case on a district that has years behind it: how fast its doors are, without the
/// pages around them.
///
/// The doors are those of servers, in this process, each node with connections of its own; nothing
/// goes on beside them but what is measured.
public final class CasesTrial {
  /// @param folder new, or filled by an earlier trial
  /// @param programs where the unpacked server programs are kept; null: inside the folder
  /// @param due so many cases are due at once in the sweep
  /// @param matters so many are taken, answered and reported
  /// @param hands so many work at once
  /// @param requests so many for each page that is measured
  /// @param counting whether PostgreSQL counts where its time goes
  public record Plan(
      Path folder,
      @Nullable Path programs,
      int cases,
      int people,
      int due,
      int matters,
      int hands,
      int requests,
      boolean counting) {}

  /// Something that was measured.
  ///
  /// @param what a word of the vocabulary
  /// @param size of it: cases, events, pages
  /// @param value in its own unit: a rate, milliseconds, seconds
  /// @param wish that it is to reach; null: it stands for comparison
  /// @param atLeast whether it is to reach that; else it is not to exceed it
  /// @param more about it, as name and value
  public record Measured(
      String what,
      long size,
      double value,
      @Nullable Double wish,
      boolean atLeast,
      Map<String, String> more) {
    public boolean isKept() {
      return wish == null || (atLeast ? value >= wish : value <= wish);
    }
  }

  /// @param breaches what was not as it must be, whatever its speed
  /// @param size of the data before the trial
  public record Result(
      DataSize size,
      List<Measured> measured,
      List<String> breaches,
      List<StatementTime> statements) {
    public long slow() {
      return measured.stream().filter(each -> !each.isKept()).count();
    }
  }

  /// @param seconds it took to make
  public record DataSize(long cases, long people, long events, long seconds) {}

  /// Is told how far it is.
  public interface Listener {
    void step(String what, Object detail);

    void size(DataSize size);

    void measured(Measured measured);
  }

  private static final double STEPS_A_SECOND = 1_000;
  private static final double INBOX_MILLIS = 30;
  private static final double SWEEP_SECONDS = 10;
  private static final double REPLAY_SECONDS = 20;
  private static final double VERIFIED_A_SECOND = 100_000;

  /// How many the goal of the sweep is for; that of fewer is in proportion.
  private static final int SWEPT = 10_000;

  /// How many those of replays are for; fewer are not judged.
  private static final int REPLAYED = 30_000;

  private static final int PAGE = 50;
  private static final int BARE_ROWS = 10_000;
  private static final Duration BARE = Duration.ofSeconds(5);
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final int BREACHES = 5;
  private static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");
  private static final String WORDS = "楼道里的灯不亮了，老人上下楼看不见，麻烦来看一下。";
  private static final String ANSWER = "您好，已经派人去看了，今天给您回话。";
  private static final String DONE = "灯换好了，请您看看；不满意随时说。";

  /// A case that somebody can take.
  private record Ready(CaseId id, int version, Staff staff) {}

  private final Plan plan;
  private final DataGround ground;
  private final Node node;
  private final Listener listener;
  private final CasesStore store = new CasesStore();
  private final List<Measured> measured = new ArrayList<>();
  private final List<String> breaches = new ArrayList<>();
  private final Map<Long, List<Staff>> members = new ConcurrentHashMap<>();

  private CasesTrial(Plan plan, DataGround ground, Listener listener) {
    this.plan = plan;
    this.ground = ground;
    this.node = ground.node();
    this.listener = listener;
  }

  public static Result run(Plan plan, Listener listener) throws IOException {
    try (DataGround ground =
        DataGround.open(
            plan.folder(),
            plan.programs(),
            plan.cases(),
            plan.people(),
            plan.counting() ? StatementStore.POSTGRES : List.of(),
            List.of(),
            listener::step)) {
      DataGround.Filled filled = ground.filled();
      var size =
          new DataSize(
              store().cases(ground.db()),
              filled.people(),
              store().events(ground.db()),
              filled.seconds());
      listener.size(size);
      return new CasesTrial(plan, ground, listener).run(size);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private static CasesStore store() {
    return new CasesStore();
  }

  private Result run(DataSize size) throws IOException, InterruptedException {
    int warming = plan.matters();
    List<Ready> all = open(plan.due() + plan.matters() + warming);
    List<Ready> due = all.subList(0, plan.due());
    List<Ready> matters = all.subList(plan.due(), plan.due() + plan.matters());
    List<Ready> first = all.subList(plan.due() + plan.matters(), all.size());
    listener.step("settling", "");
    StatementStore.settle(ground.db());
    if (plan.counting()) {
      StatementStore.forget(ground.db());
    }
    listener.step("warming", warming);
    var _ = live(first, true, new Histogram(60_000_000, 3));
    double bare = transitions(due, matters);
    inbox();
    sweep(due.stream().map(each -> each.id().value()).toList(), bare);
    replays();
    chains();
    return new Result(
        size,
        List.copyOf(measured),
        List.copyOf(breaches),
        plan.counting() ? StatementStore.spent(ground.db()) : List.of());
  }

  private void add(Measured one) {
    measured.add(one);
    listener.measured(one);
  }

  private void broken(List<String> found) {
    found.stream().limit(BREACHES).forEach(breaches::add);
    if (found.size() > BREACHES) {
      breaches.add("... and " + (found.size() - BREACHES) + " more");
    }
  }

  // Many hands.

  /// What one of many does with one thing.
  private interface Work<T> {
    void on(T thing) throws Exception;
  }

  /// Returns when all of it is done, and fails when any of it does.
  private <T> void together(List<T> things, Work<T> work) throws InterruptedException {
    var next = new AtomicInteger();
    var hands = new ArrayList<java.util.concurrent.Future<?>>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < plan.hands(); i++) {
        hands.add(
            threads.submit(() -> {
              for (int n = next.getAndIncrement(); n < things.size(); n = next.getAndIncrement()) {
                work.on(things.get(n));
              }
              return null;
            }));
      }
    }
    for (java.util.concurrent.Future<?> each : hands) {
      try {
        var _ = each.get();
      } catch (ExecutionException failed) {
        throw new IllegalStateException(failed.getCause());
      }
    }
  }

  /// What the machine has spent meanwhile.
  private final class Spent {
    private final long began = System.nanoTime();
    private final Duration own = Usage.processor(ProcessHandle.current().pid());
    private final Duration database = Usage.processor(ground.servers().postgresPid());
    private final Duration machine = Usage.machine();

    private Spent() throws IOException {}

    double seconds() {
      return (System.nanoTime() - began) / 1e9;
    }

    /// Microseconds of a processor for each, here and in PostgreSQL; and how many processors others
    /// have used.
    Map<String, String> each(long many) throws IOException {
      double seconds = seconds();
      Duration ours = Usage.processor(ProcessHandle.current().pid()).minus(own);
      Duration theirs = Usage.processor(ground.servers().postgresPid()).minus(database);
      Duration others = Usage.machine().minus(machine).minus(ours).minus(theirs);
      return Map.of(
          "cpu",
          "%.0f + %.0f".formatted(ours.toNanos() / 1e3 / many, theirs.toNanos() / 1e3 / many),
          "others",
          "%.2f".formatted(Math.max(0, others.toNanos() / 1e9 / seconds)));
    }
  }

  // Cases that wait for somebody.

  /// Told and dispatched as by residents.
  private List<Ready> open(int many) throws IOException, InterruptedException {
    listener.step("opening", many);
    List<Category> kinds =
        node.casework().categories().all().stream()
            .filter(Category::isSpecific)
            .filter(CasesTrial::hasTime)
            .toList();
    List<Territory> places = new ArrayList<>();
    communities(node.community().territories().root(), places);
    var ready = new ConcurrentLinkedQueue<Ready>();
    var tried = new AtomicLong();
    var spent = new Spent();
    together(
        Collections.nCopies(many, 0),
        _ -> {
          while (true) {
            var random = new SplittableRandom(tried.incrementAndGet());
            Category kind = kinds.get(random.nextInt(kinds.size()));
            Opened opened =
                open(
                    places.get(random.nextInt(places.size())),
                    kind,
                    1L + random.nextInt((int) ground.filled().people()));
            List<Staff> staff = membersOf(opened.deskId());
            if (opened.state() == CaseState.DISPATCHED && !staff.isEmpty()) {
              Case matter = node.casework().cases().named(node.db(), opened.id()).orElseThrow();
              ready.add(
                  new Ready(
                      opened.id(), matter.version(), staff.get(random.nextInt(staff.size()))));
              return;
            }
            if (tried.get() > 20L * many + 1_000) {
              throw new IllegalStateException("hardly anything is dispatched to anybody");
            }
          }
        });
    double seconds = spent.seconds();
    add(
        new Measured(
            "opened", tried.get(), tried.get() / seconds, null, true, spent.each(tried.get())));
    return List.copyOf(ready);
  }

  /// None must run out before they all do.
  private static boolean hasTime(Category kind) {
    Category.Limit limit = kind.limit();
    return limit != null && limit.unit() == WorkingCalendar.Unit.WORK_DAY;
  }

  private Opened open(Territory place, Category kind, long person) {
    Instant said = Instant.now().minus(Duration.ofMinutes(30)).truncatedTo(ChronoUnit.MICROS);
    return node.db()
        .inTransaction(tx ->
            node.casework()
                .intake()
                .open(
                    tx,
                    NewCase.of(WORDS, place.id(), "wechat")
                        .by(person, person)
                        .category(kind.code())
                        .confirmed(true)
                        .ready(),
                    Future.succeededFuture(said)));
  }

  private void communities(Territory from, List<Territory> into) {
    if (from.level() == Level.COMMUNITY) {
      into.add(from);
    } else {
      node.community().territories().children(from).forEach(each -> communities(each, into));
    }
  }

  private List<Staff> membersOf(long desk) {
    return members.computeIfAbsent(
        desk,
        id ->
            node.community().desks().membersOf(node.community().desks().byId(id)).stream()
                .map(StaffMember::id)
                .flatMap(each -> node.community().staff().byId(each).stream())
                .toList());
  }

  // Transitions.

  /// @return steps a second of the ceiling
  private double transitions(List<Ready> due, List<Ready> matters)
      throws IOException, InterruptedException {
    listener.step("transitions", due.size() + matters.size());
    store.prepareBare(node.db(), BARE_ROWS);
    double before = bare();
    var times = new Histogram(60_000_000, 3);
    var spent = new Spent();
    long steps = live(due, false, times) + live(matters, true, times);
    double seconds = spent.seconds();
    Map<String, String> more = new TreeMap<>(spent.each(steps));
    double bare = (before + bare()) / 2;
    store.forgetBare(node.db());
    more.put("bare", "%.0f".formatted(bare));
    more.put("ratio", "%.2f".formatted(steps / seconds / bare));
    more.put("p50", millis(times.getValueAtPercentile(50)));
    more.put("p99", millis(times.getValueAtPercentile(99)));
    add(new Measured("transitions", steps, steps / seconds, STEPS_A_SECOND, true, more));
    return bare;
  }

  /// Taken and answered, and, if so, reported as done.
  ///
  /// @return how many steps that were
  private long live(List<Ready> cases, boolean report, Histogram times)
      throws InterruptedException {
    var steps = new AtomicLong();
    together(
        cases,
        each -> {
          long began = System.nanoTime();
          Case matter = node.casework().handling().claim(each.staff(), each.id(), each.version());
          began = note(times, began);
          matter =
              node.casework().handling().answer(each.staff(), each.id(), matter.version(), ANSWER);
          began = note(times, began);
          steps.addAndGet(2);
          if (report) {
            matter =
                node.casework().checking().report(each.staff(), each.id(), matter.version(), DONE);
            var _ = note(times, began);
            steps.incrementAndGet();
          }
          CaseState state = matter.state();
          if (report == (state == CaseState.HANDLING)) {
            throw new IllegalStateException("case " + each.id().value() + " is " + state);
          }
        });
    return steps.get();
  }

  private static long note(Histogram times, long began) {
    long now = System.nanoTime();
    synchronized (times) {
      times.recordValue(Math.min((now - began) / 1_000, 59_999_999));
    }
    return now;
  }

  private double bare() throws InterruptedException {
    String body = "x".repeat(300);
    long end = System.nanoTime() + BARE.toNanos();
    var steps = new AtomicLong();
    long began = System.nanoTime();
    together(
        Collections.nCopies(plan.hands(), 0),
        _ -> {
          while (System.nanoTime() < end) {
            long nth = steps.incrementAndGet();
            node.db()
                .withinTransaction(
                    tx -> store.bareStep(tx, 1 + nth % BARE_ROWS, Instant.now(), body));
          }
        });
    return steps.get() / ((System.nanoTime() - began) / 1e9);
  }

  // Lists.

  private void inbox() throws IOException {
    listener.step("inbox", plan.requests());
    inbox("community", staff(Town.REN.code()));
    inbox("street", staff(Town.WEI.code()));
    inbox("district", staff(Town.ZHANG.code()));
  }

  private Staff staff(String code) {
    return node.community().staff().byCode(code).orElseThrow();
  }

  /// The slowest list of each counts.
  private void inbox(String who, Staff staff) throws IOException {
    double worst = 0;
    String slowest = "";
    var all = new Histogram(60_000_000, 3);
    var spent = new Spent();
    for (Inbox.View view : Inbox.View.values()) {
      var times = new Histogram(60_000_000, 3);
      for (int i = -20; i < plan.requests(); i++) {
        long began = System.nanoTime();
        Inbox.Listing page = node.casework().inbox().page(staff, view, null, null, PAGE);
        long micros = (System.nanoTime() - began) / 1_000;
        if (i >= 0) {
          times.recordValue(Math.min(micros, 59_999_999));
        }
        if (view == Inbox.View.ALL_OPEN && page.entries().isEmpty()) {
          throw new IllegalStateException(who + " sees nothing");
        }
      }
      all.add(times);
      double p95 = times.getValueAtPercentile(95) / 1e3;
      if (p95 >= worst) {
        worst = p95;
        slowest = view.word();
      }
    }
    Map<String, String> more = new TreeMap<>(spent.each(all.getTotalCount()));
    more.put("slowest", slowest);
    more.put("p50", millis(all.getValueAtPercentile(50)));
    more.put("p99", millis(all.getValueAtPercentile(99)));
    add(new Measured("inbox." + who, all.getTotalCount(), worst, INBOX_MILLIS, false, more));
  }

  // What is due.

  private void sweep(List<Long> cases, double bare) throws IOException, InterruptedException {
    listener.step("backlog", "");
    letAct();
    var both = List.of(node, ground.node());
    // What is late anyway is looked at before, also to be warm.
    var _ = sweep(both);
    listener.step("sweep", cases.size());
    Instant since = Instant.now().minusSeconds(1).truncatedTo(ChronoUnit.MICROS);
    int running = store.runOut(node.db(), cases, since);
    if (running != cases.size()) {
      breaches.add("only " + running + " of " + cases.size() + " had a limit that ran");
    }
    var spent = new Spent();
    Swept swept = sweep(both);
    Map<String, String> more = new TreeMap<>(spent.each(cases.size()));
    more.put("a second", "%.0f".formatted(cases.size() / swept.seconds()));
    more.put("bare", "%.0f".formatted(bare));
    more.put("rounds", swept.rounds().toString());
    add(
        new Measured(
            "sweep",
            cases.size(),
            swept.seconds(),
            SWEEP_SECONDS * cases.size() / SWEPT,
            false,
            more));
    List<Applied> applied = store.applied(node.db(), cases, since);
    List<Long> stands = store.supervised(node.db(), cases);
    broken(Sweeping.breaches(cases, applied, stands, swept.rounds()));
    noticesDoubled(cases, applied, stands, since, swept.rounds());
  }

  /// The rule that sees that limits are over, and no other.
  private void letAct() {
    Staff leads = staff(Town.ZHANG.code());
    for (LoopRule each : LoopRule.values()) {
      Mode wanted = each == LoopRule.E2 ? Mode.LIVE : Mode.OFF;
      RuleSwitch is = node.casework().loopRules().current(each);
      if (is.mode() != wanted) {
        node.casework()
            .loopRules()
            .set(leads, "192.0.2.1", each, wanted, is.version(), "bench cases");
      }
    }
  }

  /// @param rounds of each node in which it did something
  private record Swept(double seconds, List<Long> rounds) {}

  /// Until nothing is due any more.
  private Swept sweep(List<Node> nodes) throws InterruptedException {
    var counts = nodes.stream().map(_ -> new SimpleMeterRegistry()).toList();
    long began = System.nanoTime();
    long ended;
    try (var closings = new Closings()) {
      for (int i = 0; i < nodes.size(); i++) {
        var ticker = closings.closing(new Ticker(counts.get(i)));
        nodes.get(i).casework().loopRules().start(ticker);
      }
      do {
        Thread.sleep(50);
        ended = System.nanoTime();
        if (ended - began > PATIENCE.toNanos()) {
          throw new IllegalStateException("the sweep does not end");
        }
      } while (store.isAnyDue(node.db(), Instant.now()));
    }
    return new Swept(
        (ended - began) / 1e9,
        counts.stream()
            .map(each -> each.find("linyu.work").tag("outcome", "done").timer())
            .map(each -> each == null ? 0 : each.count())
            .toList());
  }

  /// Whether that judgement can fail: one more of what was done is noticed. Taken back.
  private void noticesDoubled(
      List<Long> cases,
      List<Applied> applied,
      List<Long> stands,
      Instant since,
      List<Long> rounds) {
    if (applied.isEmpty()) {
      return; // nothing was done, and that was noticed
    }
    long twice = applied.getFirst().subject();
    List<String> found =
        node.db()
            .inTransaction(tx ->
                tx.takenBack(() -> {
                  CaseEvent again =
                      node.events().of(tx, CaseEvent.VOCABULARY, twice).reversed().stream()
                          .map(each -> each.event())
                          .filter(CaseEvent.RuleApplied.class::isInstance)
                          .findFirst()
                          .orElseThrow();
                  node.events().write(tx, CaseEvent.VOCABULARY, twice, again);
                  return Sweeping.breaches(cases, store.applied(tx, cases, since), stands, rounds);
                }));
    if (found.stream().noneMatch(each -> each.contains("case " + twice + ":"))) {
      breaches.add("a case that was done twice would not be noticed");
    }
  }

  // Replays.

  private void replays() throws IOException, InterruptedException {
    Staff leads = staff(Town.ZHANG.code());
    LocalDate tomorrow = LocalDate.now(ZONE).plusDays(1);
    long there =
        Math.min(
            REPLAYED, store.cases(node.db(), Instant.now().minus(Duration.ofDays(Replay.DAYS))));
    Territory root = node.community().territories().root();
    long desk = node.community().desks().fallbackFor(root).id();
    replay(
        "routing",
        leads,
        new Replay.RuleSet(
            new RoutingRule.Plan(null, root.id(), desk, tomorrow, null, "bench cases")),
        there);
    replay(
        "limits",
        leads,
        new Replay.LimitSet(Limited.SIGNING, null, null, 3, "work_hour", tomorrow, "bench cases"),
        there);
  }

  private void replay(String what, Staff leads, Replay.Change change, long there)
      throws IOException, InterruptedException {
    listener.step("replay." + what, there);
    var spent = new Spent();
    Replay replay = node.casework().replays().begin(leads, change);
    var shares = new TreeSet<Integer>();
    boolean forward = true;
    do {
      Thread.sleep(20);
      int before = replay.share();
      replay = node.casework().replays().visibleTo(leads, replay.code());
      forward &= replay.share() >= before;
      shares.add(replay.share());
      if (spent.seconds() > PATIENCE.toSeconds()) {
        throw new IllegalStateException("a replay does not end");
      }
    } while (!replay.isOver());
    double seconds = spent.seconds();
    Map<String, String> more = new TreeMap<>(spent.each(Math.max(1, replay.cases())));
    more.put("a second", "%.0f".formatted(replay.cases() / seconds));
    more.put("progress", shares.size() + " times");
    add(
        new Measured(
            "replay." + what,
            replay.cases(),
            seconds,
            replay.cases() >= REPLAYED ? REPLAY_SECONDS : null,
            false,
            more));
    if (replay.state() != Replay.State.COMPLETE || !replay.hasOutcome()) {
      breaches.add("replay " + what + " ended as " + replay.state().word());
    }
    if (replay.cases() == 0 || (what.equals("routing") && replay.cases() < there / 2)) {
      breaches.add("replay %s saw %d of %d".formatted(what, replay.cases(), there));
    }
    if (!forward || (seconds > 2 && shares.size() < 3)) {
      breaches.add("replay " + what + " does not say how far it is: " + shares);
    }
  }

  // Chains.

  private void chains() throws IOException {
    long events = store.events(node.db());
    listener.step("chains", events);
    long began = System.nanoTime();
    long read = store.readChains(node.db());
    double reading = read / ((System.nanoTime() - began) / 1e9);
    var spent = new Spent();
    List<String> broken = node.events().broken(CaseEvent.VOCABULARY);
    double seconds = spent.seconds();
    Map<String, String> more = new TreeMap<>(spent.each(events));
    more.put("bare", "%.0f".formatted(reading));
    more.put("ratio", "%.2f".formatted(events / seconds / reading));
    add(new Measured("chains", events, events / seconds, VERIFIED_A_SECOND, true, more));
    broken(broken.stream().map(each -> "chain " + each).toList());
    listener.step("planted", "");
    noticesBroken(broken.size());
  }

  /// Whether that can fail: a link that says something else, one with another digest, and one that
  /// is gone are found, and nothing else. Taken back.
  private void noticesBroken(int before) {
    ground
        .db()
        .withinTransaction(tx ->
            tx.takenBack(() -> {
              List<Long> planted = store.breakChains(tx);
              List<String> found = Events.broken(tx, CaseEvent.VOCABULARY);
              var subjects = new TreeSet<String>();
              found.forEach(each -> subjects.add(each.split(" ", -1)[1]));
              boolean all = planted.stream().map(String::valueOf).allMatch(subjects::contains);
              if (!all || (before == 0 && subjects.size() != planted.size())) {
                breaches.add(
                    "chains that were broken on purpose: %s, found: %s"
                        .formatted(planted, subjects));
              }
              return true;
            }));
  }

  private static String millis(long micros) {
    return "%.1f ms".formatted(micros / 1e3);
  }
}
