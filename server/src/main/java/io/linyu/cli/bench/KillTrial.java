package io.linyu.cli.bench;

import io.linyu.platform.CannotStart;
import io.linyu.platform.embedded.EmbeddedServers;
import io.linyu.simulator.wechat.Attempt;
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
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// Kills the server and what it stands on, again and again under a mixed load, and then counts
/// whether every promise was kept: nothing acknowledged is lost, nothing is done twice, what ends
/// as unknown was in flight, and every chain verifies.
///
/// Run it from `main` or another thread that lives as long as the trial: the servers are its
/// children, and end with it.
public final class KillTrial {
  /// Whom `kill -9` meets.
  public enum Victim {
    SERVER,
    POSTGRES,
    BOTH,
    REDIS
  }

  /// @param folder for the servers' data and the server's log; must not be in use
  /// @param programs where the unpacked server programs are kept; null: inside the folder
  /// @param lasts at least so long, and until each victim has had its turn
  /// @param patient false: leases and pauses are ended by hand when everything is over
  public record Plan(
      Path folder,
      @Nullable Path programs,
      int phones,
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

  /// As many as one server claims for sending at once.
  private static final int CLAIMED_AT_ONCE = 20;

  private static final Duration RECOVERS_WITHIN = Duration.ofMinutes(1);
  private static final Duration SETTLES_WITHIN = Duration.ofMinutes(2);
  private static final Duration POLL = Duration.ofMillis(20);

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
  private Duration slowest = Duration.ZERO;

  private KillTrial(Plan plan, Ground ground, Listener listener, Random random) {
    this.plan = plan;
    this.ground = ground;
    this.listener = listener;
    this.random = random;
    this.crowd = new Crowd(ground.wechat(), plan.phones());
    this.staff = new AnsweringStaff(ground, new Random(random.nextLong()));
  }

  public static Findings run(Plan plan, Listener listener) {
    var random = new Random(plan.seed());
    try (Ground ground = Ground.open(plan.folder(), plan.programs(), random)) {
      return new KillTrial(plan, ground, listener, random).run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CannotStart("interrupted");
    }
  }

  private Findings run() throws InterruptedException {
    Instant began = CLOCK.instant();
    crowd.start(random);
    staff.start();
    do {
      for (Victim victim : shuffled()) {
        pause();
        strike(victim);
      }
    } while (CLOCK.instant().isBefore(began.plus(plan.lasts())));
    pause();
    staff.stop();
    crowd.fallSilent();
    findings.figure("load-lasted", Duration.between(began, CLOCK.instant()));
    settle();
    tellFigures();

    var reckoning = new Reckoning(ground, crowd, findings);
    reckoning.askAgain();
    reckoning.reckon(
        CLAIMED_AT_ONCE
            * kills.entrySet().stream()
                .filter(each -> each.getKey() != Victim.REDIS)
                .mapToInt(Map.Entry::getValue)
                .sum());
    findings.promise("recovery", total(), unrecovered);
    if (!ground.server().isRunning()) {
      exits.add("the server had ended at the end");
    }
    findings.promise("survives", total(), exits);
    findings.promise("staff", 1, staff.broken().map(Exception::toString).stream().toList());
    return findings;
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
    ServerProcess server = ground.server();
    if (!server.isRunning()) {
      exits.add("the server had ended before " + victim);
      server.start();
    }
    kills.merge(victim, 1, Integer::sum);
    Instant killed = CLOCK.instant();
    switch (victim) {
      case SERVER -> {
        server.kill();
        away();
        server.start();
      }
      case POSTGRES -> {
        servers.killPostgres();
        away();
        servers.bringPostgresBack();
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
        server.start();
      }
      case REDIS -> {
        servers.killRedis();
        away();
        servers.bringRedisBack();
      }
    }
    awaitRecovery(victim, killed);
  }

  /// Until a message is acknowledged that was said after the kill.
  private void awaitRecovery(Victim victim, Instant killed) throws InterruptedException {
    Optional<Instant> back = crowd.acknowledgedAfter(killed);
    while (back.isEmpty() && CLOCK.instant().isBefore(killed.plus(RECOVERS_WITHIN))) {
      Thread.sleep(POLL);
      back = crowd.acknowledgedAfter(killed);
    }
    if (back.isEmpty()) {
      unrecovered.add(victim + " at " + killed);
      return;
    }
    Duration took = Duration.between(killed, back.get());
    if (took.compareTo(slowest) > 0) {
      slowest = took;
    }
    listener.killed(victim, took);
  }

  /// Until nothing is on its way any more.
  private void settle() throws InterruptedException {
    var store = new KillStore();
    Instant began = CLOCK.instant();
    Instant changed = began;
    KillStore.Unsettled before = store.unsettled(ground.db());
    while (!before.isSettled() && CLOCK.instant().isBefore(began.plus(SETTLES_WITHIN))) {
      Thread.sleep(POLL);
      KillStore.Unsettled now = store.unsettled(ground.db());
      if (!now.equals(before)) {
        changed = CLOCK.instant();
        before = now;
      } else if (!plan.patient() && CLOCK.instant().isAfter(changed.plusSeconds(1))) {
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
        crowd.phones().stream().map(crowd::acknowledged).mapToInt(List::size).sum());
    findings.figure("attempts", attempts.size());
    findings.figure("dropped", attempts.stream().filter(each -> !Crowd.isTaken(each)).count());
    findings.figure("kills", kills.toString().toLowerCase(Locale.ROOT));
    findings.figure("slowest-recovery", slowest);
    findings.figure("errors-logged", errors());
  }

  private int total() {
    return kills.values().stream().mapToInt(Integer::intValue).sum();
  }

  private long errors() {
    try (var lines = Files.lines(ground.server().log())) {
      return lines.filter(line -> line.contains(" ERROR ")).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
