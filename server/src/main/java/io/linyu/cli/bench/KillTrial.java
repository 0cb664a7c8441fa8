package io.linyu.cli.bench;

import io.linyu.platform.CannotStart;
import io.linyu.platform.db.Db;
import io.linyu.platform.embedded.EmbeddedServers;
import io.linyu.simulator.wechat.Attempt;
import io.linyu.simulator.wechat.Fault;
import io.linyu.simulator.wechat.Line;
import io.linyu.simulator.wechat.Phone;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Kills servers and what they stand on, or lets it stand still, again and again under a mixed
/// load, and then counts whether every promise was kept: nothing acknowledged is lost, nothing is
/// done twice, what ends as unknown was in flight, and every chain verifies.
///
/// Where there are several servers, the platform's deliveries meet them by turns, one person's as
/// well, and before anything is killed each message comes to two of them at the same moment.
///
/// The platform answers some of the customer-service messages slowly, so that some are always under
/// way when something is killed.
///
/// Run it from `main` or another thread that lives as long as the trial: the servers are its
/// children, and end with it.
public final class KillTrial {
  /// Whom `kill -9` meets, a server being any of them; those that hang are stopped for some seconds
  /// with their connections open. PostgreSQL hangs for less and for more than a message is held.
  public enum Victim {
    SERVER,
    POSTGRES,
    BOTH,
    REDIS,
    REDIS_HANGS,
    POSTGRES_HANGS,
    POSTGRES_HANGS_LONG
  }

  /// @param folder for the data of PostgreSQL and Redis and the servers' logs; must not be in use
  /// @param programs where the unpacked server programs are kept; null: inside the folder
  /// @param nodes servers on one database and one Redis
  /// @param twice so many messages come to two servers at once in the beginning, when there are two
  /// @param lasts at least so long, and until each victim has had its turn
  /// @param patient false: leases and pauses are ended by hand when everything is over
  public record Plan(
      Path folder,
      @Nullable Path programs,
      int nodes,
      int phones,
      int twice,
      Duration lasts,
      long seed,
      List<Victim> victims,
      boolean patient) {}

  /// Told of every kill.
  @FunctionalInterface
  public interface Listener {
    void killed(Victim victim, Duration recovery);
  }

  private static final Clock CLOCK = Clock.systemUTC();

  /// So many people say something twice at once: each waits for the answer.
  private static final int TWICE_AT_ONCE = 24;

  private static final String SENDS = "/cgi-bin/message/custom/send";
  private static final String TOKEN = "/cgi-bin/stable_token";

  /// One of so many sends is answered slowly.
  private static final int SLOW_AMONG = 3;

  /// Whoever still holds a lease after so long without a change is dead.
  private static final Duration NO_SEND_LASTS = Duration.ofMillis(2_500);

  /// An answer that takes longer is a slow one.
  private static final Duration SLOW = Duration.ofMillis(200);

  private static final Duration SLOWEST = Duration.ofMillis(1_500);
  private static final Duration SENDS_WITHIN = Duration.ofMinutes(1);
  private static final Duration RECOVERS_WITHIN = Duration.ofMinutes(1);
  private static final Duration SETTLES_WITHIN = Duration.ofMinutes(2);
  private static final Duration HEARD_WITHIN = Duration.ofSeconds(10);
  private static final Duration POLL = Duration.ofMillis(20);
  private static final Duration ANSWERS_WITHIN = Duration.ofSeconds(30);

  private final Plan plan;
  private final Ground ground;
  private final Listener listener;
  private final Random random;
  private final Crowd crowd;
  private final AnsweringStaff staff;
  private final Findings findings = new Findings();
  private final Map<Victim, Integer> kills = new EnumMap<>(Victim.class);
  private final List<String> unrecovered = new ArrayList<>();
  private final List<String> exits = new ArrayList<>();
  private final List<Observed.Blow> blows = new ArrayList<>();
  private final Set<Long> claimed = new HashSet<>();
  private final List<String> withoutRedis = new ArrayList<>();
  private final KillStore store = new KillStore();
  private final Visitor visitor;
  private Duration slowest = Duration.ZERO;

  private KillTrial(Plan plan, Ground ground, Listener listener, Random random) {
    this.plan = plan;
    this.ground = ground;
    this.listener = listener;
    this.random = random;
    int all = plan.nodes() > 1 ? Math.max(plan.phones(), TWICE_AT_ONCE) : plan.phones();
    this.crowd = new Crowd(ground.wechat(), all, plan.phones());
    this.staff = new AnsweringStaff(ground, new Random(random.nextLong()));
    this.visitor = new Visitor(ground.nodes());
  }

  public static Findings run(Plan plan, Listener listener) {
    var random = new Random(plan.seed());
    try (Ground ground =
        Ground.open(
            plan.folder(),
            plan.programs(),
            plan.nodes(),
            List.of(),
            ServerProcess.SHORT_LIVED,
            random)) {
      return new KillTrial(plan, ground, listener, random).run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CannotStart("interrupted");
    }
  }

  private Findings run() throws InterruptedException {
    staff.start();
    if (plan.nodes() > 1) {
      sayTwiceAtOnce();
    }
    Instant began = CLOCK.instant();
    ground
        .wechat()
        .faults()
        .oneOf(SLOW_AMONG, SENDS, Fault.SLOW_AFTER_ACCEPTING, Fault.SLOW_BEFORE_ACCEPTING);
    crowd.start(random);
    try (visitor) {
      do {
        for (Victim victim : shuffled()) {
          pause();
          strike(victim);
        }
      } while (CLOCK.instant().isBefore(began.plus(plan.lasts())));
    }
    pause();
    staff.stop();
    crowd.fallSilent();
    ground.wechat().faults().none();
    findings.figure("load-lasted", Duration.between(began, CLOCK.instant()));
    settle();
    tellFigures();

    crowd.askAgain();
    findings.figure("asked-again", crowd.askedAgain());
    var observed =
        new Observed(crowd.residents(), ground.wechat().sendings(), List.copyOf(blows), claimed);
    new Reckoning(ground.db(), observed, findings).reckon();
    findings.promise("recovery", total(), unrecovered);
    findings.promise("redis", times(Victim.REDIS) + times(Victim.REDIS_HANGS), withoutRedis);
    findings.promise("sign-in", visitor.times(), visitor.breaches());
    for (ServerProcess each : ground.nodes()) {
      if (!each.isRunning()) {
        exits.add("a server had ended at the end: " + each.log());
      }
    }
    findings.promise("survives", total(), exits);
    findings.promise("staff", 1, staff.broken().map(Exception::toString).stream().toList());
    findings.promise("broken", crowd.phones().size(), crowd.broken());
    return findings;
  }

  /// Both give the same answer to the byte, pages that are open at either hear of every case that
  /// came of it, and the platform gave out one token for both.
  private void sayTwiceAtOnce() throws InterruptedException {
    Instant began = CLOCK.instant();
    try (var onlooker = new Onlooker(ground.nodes())) {
      onlooker.comeIn();
      crowd.sayTwiceAtOnce(plan.twice());
      findings.figure("twice-lasted", Duration.between(began, CLOCK.instant()));
      var unequal = new ArrayList<String>();
      long twice = 0;
      for (Line.Said said :
          crowd.phones().stream().flatMap(each -> each.said().stream()).toList()) {
        List<Attempt> taken = said.attempts().stream().filter(Observed::isTaken).toList();
        Set<String> answers =
            taken.stream()
                .map(each -> each.reply() == null ? "" : each.reply().xml())
                .collect(Collectors.toSet());
        twice++;
        if (taken.size() != 2 || answers.size() != 1) {
          unequal.add(said.toString());
        }
      }
      findings.promise("twice", twice, unequal);
      Set<String> signals =
          store.cases(ground.db()).stream().map("case-"::concat).collect(Collectors.toSet());
      signals.add("inbox");
      findings.promise("live", signals.size(), onlooker.missed(signals, HEARD_WITHIN));
    }
    // Nobody needs one before the first answer of the staff.
    Instant first = CLOCK.instant();
    while (ground.wechat().calls(TOKEN) == 0
        && CLOCK.instant().isBefore(first.plus(ANSWERS_WITHIN))) {
      Thread.sleep(POLL);
    }
    long asked = ground.wechat().calls(TOKEN);
    findings.promise(
        "token", asked, asked == 1 ? List.of() : List.of("it was asked for " + asked + " times"));
  }

  private List<Victim> shuffled() {
    var order = new ArrayList<>(plan.victims());
    Collections.shuffle(order, random);
    return order;
  }

  /// Between two kills everybody has time to begin something.
  private void pause() throws InterruptedException {
    Thread.sleep(plan.patient() ? random.nextInt(1_000, 5_000) : random.nextInt(500, 1_000));
  }

  /// How long something stays away.
  private void away() throws InterruptedException {
    Thread.sleep(random.nextInt(plan.patient() ? 2_000 : 200));
  }

  private void strike(Victim victim) throws InterruptedException {
    EmbeddedServers servers = ground.servers();
    for (ServerProcess each : ground.nodes()) {
      if (!each.isRunning()) {
        exits.add("a server had ended before " + victim + ": " + each.log());
        each.start();
      }
    }
    ServerProcess server = ground.nodes().get(random.nextInt(ground.nodes().size()));
    kills.merge(victim, 1, Integer::sum);
    if (hitsSending(victim)) {
      awaitSendingBy(server);
    }
    Instant fell = CLOCK.instant();
    Instant stood = fell; // what was asked from here on met somebody who was away
    switch (victim) {
      case SERVER -> {
        server.kill();
        away();
        noteClaimed();
        server.start();
      }
      case POSTGRES -> {
        servers.killPostgres();
        away();
        servers.bringPostgresBack();
        noteClaimed();
      }
      case BOTH -> {
        if (random.nextBoolean()) {
          server.kill();
          servers.killPostgres();
        } else {
          servers.killPostgres();
          server.kill();
        }
        away();
        servers.bringPostgresBack();
        noteClaimed();
        server.start();
      }
      case REDIS -> {
        servers.killRedis();
        try {
          endure(victim);
        } finally {
          servers.bringRedisBack();
        }
      }
      case REDIS_HANGS -> {
        servers.freezeRedis();
        try {
          endure(victim);
        } finally {
          servers.thawRedis();
        }
      }
      case POSTGRES_HANGS -> stood = hang(random.nextInt(1_000, 4_000));
      case POSTGRES_HANGS_LONG -> stood = hang(random.nextInt(5_000, 9_000));
    }
    if (hitsSending(victim)) {
      blows.add(new Observed.Blow(fell, CLOCK.instant()));
    }
    awaitRecovery(victim, stood);
    if (!hitsSending(victim)) {
      visitor.comesIn("after " + victim);
    }
  }

  private static boolean hitsSending(Victim victim) {
    return switch (victim) {
      case SERVER, POSTGRES, BOTH, POSTGRES_HANGS, POSTGRES_HANGS_LONG -> true;
      case REDIS, REDIS_HANGS -> false;
    };
  }

  /// Until the platform has been asked by this one to send something, and takes its time to answer:
  /// what is quickly answered might be over before the blow.
  private void awaitSendingBy(ServerProcess server) throws InterruptedException {
    Instant end = CLOCK.instant().plus(SENDS_WITHIN);
    while (CLOCK.instant().isBefore(end)) {
      Instant now = CLOCK.instant();
      if (ground.wechat().sendings().stream()
          .filter(each -> each.server().equals(server.name()))
          .filter(each -> each.at().isAfter(now.minus(SLOWEST))) // not cut by an earlier blow
          .filter(each -> each.isUnderWay(now.minus(SLOW)))
          .anyMatch(each -> each.isUnderWay(now))) {
        return;
      }
      Thread.sleep(POLL);
    }
  }

  private Instant hang(int millis) throws InterruptedException {
    ground.servers().freezePostgres();
    Instant stood = CLOCK.instant();
    try {
      Thread.sleep(millis);
    } finally {
      ground.servers().thawPostgres();
    }
    noteClaimed();
    return stood;
  }

  /// Residents notice nothing of a Redis that is away, and staff are told.
  private void endure(Victim victim) throws InterruptedException {
    Instant fell = CLOCK.instant();
    if (awaitAcknowledged(fell).isEmpty()) {
      withoutRedis.add(victim + " at " + fell + ": nothing was acknowledged");
    }
    visitor.findsItAway("during " + victim);
    away();
  }

  /// The connections of before may be broken.
  private void noteClaimed() throws InterruptedException {
    while (true) {
      try {
        claimed.addAll(store.claimed(ground.db()));
        return;
      } catch (Db.Away stale) {
        Thread.sleep(POLL);
      }
    }
  }

  /// Until a message is acknowledged that was said after the blow, and the server says that it is
  /// ready.
  private void awaitRecovery(Victim victim, Instant fell) throws InterruptedException {
    Optional<Instant> back = awaitAcknowledged(fell);
    Instant end = fell.plus(RECOVERS_WITHIN);
    boolean ready = areReady();
    while (!ready && CLOCK.instant().isBefore(end)) {
      Thread.sleep(POLL);
      ready = areReady();
    }
    if (back.isEmpty() || !ready) {
      unrecovered.add(victim + " at " + fell + (ready ? "" : ": it is not ready"));
      return;
    }
    Duration took = Duration.between(fell, back.get());
    if (took.compareTo(slowest) > 0) {
      slowest = took;
    }
    listener.killed(victim, took);
  }

  private boolean areReady() throws InterruptedException {
    for (ServerProcess each : ground.nodes()) {
      if (!each.isReady()) {
        return false;
      }
    }
    return true;
  }

  private Optional<Instant> awaitAcknowledged(Instant fell) throws InterruptedException {
    Optional<Instant> back = crowd.acknowledgedAfter(fell);
    while (back.isEmpty() && CLOCK.instant().isBefore(fell.plus(RECOVERS_WITHIN))) {
      Thread.sleep(POLL);
      back = crowd.acknowledgedAfter(fell);
    }
    return back;
  }

  /// Until nothing is on its way any more.
  private void settle() throws InterruptedException {
    Instant began = CLOCK.instant();
    Instant changed = began;
    KillStore.Unsettled before = store.unsettled(ground.db());
    while (!before.isSettled() && CLOCK.instant().isBefore(began.plus(SETTLES_WITHIN))) {
      Thread.sleep(POLL);
      KillStore.Unsettled now = store.unsettled(ground.db());
      if (now.untold() == 0 && now.forms() > 0) {
        // An answer that a person is told of puts their form off once more.
        store.letSilencePass(ground.db());
      }
      if (!now.equals(before)) {
        changed = CLOCK.instant();
        before = now;
      } else if (!plan.patient() && CLOCK.instant().isAfter(changed.plus(NO_SEND_LASTS))) {
        store.letTimePass(ground.db());
        changed = CLOCK.instant();
      }
    }
    findings.figure("settled-in", Duration.between(began, CLOCK.instant()));
    findings.promise("settled", 1, before.isSettled() ? List.of() : List.of(before.toString()));
  }

  private void tellFigures() {
    List<Attempt> attempts =
        crowd.phones().stream()
            .flatMap(phone -> phone.said().stream())
            .flatMap(said -> said.attempts().stream())
            .toList();
    findings.figure("said", crowd.phones().stream().map(Phone::said).mapToInt(List::size).sum());
    findings.figure(
        "acknowledged",
        crowd.residents().stream().map(Observed.Resident::acknowledged).mapToInt(List::size).sum());
    findings.figure("attempts", attempts.size());
    findings.figure("dropped", attempts.stream().filter(each -> !Observed.isTaken(each)).count());
    findings.figure("kills", kills.toString().toLowerCase(Locale.ROOT));
    findings.figure("slowest-recovery", slowest);
    findings.figure("errors-logged", errors());
  }

  private int times(Victim victim) {
    return kills.getOrDefault(victim, 0);
  }

  private int total() {
    return kills.values().stream().mapToInt(Integer::intValue).sum();
  }

  private long errors() {
    return ground.nodes().stream().mapToLong(each -> errors(each.log())).sum();
  }

  private static long errors(Path log) {
    try (var lines = Files.lines(log)) {
      return lines.filter(line -> line.contains(" ERROR ")).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
