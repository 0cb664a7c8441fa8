package io.linyu.platform.health;

import io.linyu.platform.db.Db;
import io.linyu.platform.health.Problem.Kind;
import io.linyu.platform.redis.Redis;
import io.linyu.platform.time.Ticker;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks again and again at what this server stands on and at what waits in its queues, and says
/// what is wrong, also while nothing answers.
public final class Health {
  /// What a server cannot do without.
  public enum Part {
    DATABASE,
    REDIS;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// @param since when it began to be so
  public record State(Part part, boolean well, Instant since) {}

  private static final Logger LOG = LoggerFactory.getLogger(Health.class);
  private static final Duration PAUSE = Duration.ofSeconds(5);
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /// Later than this somebody should look.
  private static final Duration LATE = Duration.ofMinutes(2);

  /// How long an unanswered delivery is spoken of.
  private static final Duration RECENT = Duration.ofMinutes(5);

  private static final Duration APART_AT_MOST = Duration.ofSeconds(2);
  private static final long LEAST_FREE_MEGABYTES = 1_024;

  private record Unanswered(Instant at, double soFar) {}

  private final Db db;
  private final Redis redis;
  private final @Nullable Path disk;
  private final Clock clock;
  private final MeterRegistry metrics;
  private final HealthStore store = new HealthStore();
  private final Map<Part, State> parts = new EnumMap<>(Part.class);
  private final List<Supplier<? extends Collection<Backlog>>> queues = new CopyOnWriteArrayList<>();
  private final Map<String, Backlog> backlogs = new ConcurrentHashMap<>();
  private final List<Supplier<Map<String, Integer>>> parking = new CopyOnWriteArrayList<>();
  private final List<Supplier<Optional<Problem>>> hints = new CopyOnWriteArrayList<>();
  private final List<DoubleSupplier> unanswered = new CopyOnWriteArrayList<>();
  private final List<BooleanSupplier> holdingUp = new CopyOnWriteArrayList<>();
  private final Deque<Unanswered> unansweredAt = new ArrayDeque<>();
  private volatile Map<String, Integer> parked = Map.of();
  private volatile Duration apart = Duration.ZERO;

  /// @param disk where the database keeps its files, when it is on this machine
  public Health(Db db, Redis redis, @Nullable Path disk, Clock clock, MeterRegistry metrics) {
    this.db = db;
    this.redis = redis;
    this.disk = disk;
    this.clock = clock;
    this.metrics = metrics;
    for (Part each : Part.values()) {
      parts.put(each, new State(each, true, clock.instant()));
      Gauge.builder("linyu.up", this, health -> health.state(each).well() ? 1 : 0)
          .description("1 while it answers")
          .tag("part", each.word())
          .register(metrics);
    }
    Gauge.builder("linyu.clock.apart", this, health -> health.apart.toMillis() / 1_000.0)
        .description("How far this server's clock is ahead of the database's")
        .baseUnit("seconds")
        .register(metrics);
  }

  /// Queues of a room, asked every few seconds.
  public void queues(Supplier<? extends Collection<Backlog>> look) {
    queues.add(look);
  }

  /// How many events each listener has given up on.
  public void parking(Supplier<Map<String, Integer>> look) {
    parking.add(look);
  }

  /// What somebody should see to within weeks, asked when somebody looks.
  public void hinting(Supplier<Optional<Problem>> hint) {
    hints.add(hint);
  }

  /// A counter of deliveries that got no answer.
  public void unanswered(DoubleSupplier counter) {
    unanswered.add(counter);
  }

  /// Somebody to whom the database refuses what they have to write.
  public void holdingUp(BooleanSupplier heldUp) {
    holdingUp.add(heldUp);
  }

  public void watch(Ticker ticker) {
    var _ = ticker.every(PAUSE, "health", this::look);
  }

  /// Never more to do at once.
  boolean look() {
    note(Part.REDIS, answersRedis());
    boolean answers = answersDatabase();
    note(Part.DATABASE, answers && holdingUp.stream().noneMatch(BooleanSupplier::getAsBoolean));
    if (answers) {
      count();
    }
    countUnanswered();
    return false;
  }

  private boolean answersRedis() {
    try {
      var _ = redis.commands().ping().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (ExecutionException | TimeoutException | RuntimeException away) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private boolean answersDatabase() {
    Db hasty = db.within(PATIENCE);
    try {
      Instant before = clock.instant();
      Instant there = store.now(hasty);
      // Half of the way there and back.
      Instant here = before.plus(Duration.between(before, clock.instant()).dividedBy(2));
      apart = Duration.between(there, here);
      return true;
    } catch (Db.Away away) {
      return false;
    }
  }

  /// What cannot be counted now stays as it was.
  private void count() {
    try {
      queues.forEach(look -> look.get().forEach(this::keep));
      Map<String, Integer> all = new ConcurrentHashMap<>();
      parking.forEach(look -> all.putAll(look.get()));
      parked = all;
    } catch (Db.Away slow) {
      LOG.info("the queues could not be counted: {}", slow.getMessage());
    }
  }

  private void keep(Backlog now) {
    if (backlogs.put(now.queue(), now) == null) {
      Gauge.builder("linyu.queue.waiting", this, health -> health.backlog(now.queue()).waiting())
          .description("Due and not done yet")
          .tag("queue", now.queue())
          .register(metrics);
      Gauge.builder(
              "linyu.queue.oldest",
              this,
              health -> health.backlog(now.queue()).age(clock.instant()).toMillis() / 1_000.0)
          .description("How long the first has been due")
          .baseUnit("seconds")
          .tag("queue", now.queue())
          .register(metrics);
    }
  }

  private Backlog backlog(String queue) {
    return backlogs.getOrDefault(queue, Backlog.empty(queue));
  }

  private synchronized State state(Part part) {
    return parts.getOrDefault(part, new State(part, true, clock.instant()));
  }

  private synchronized void note(Part part, boolean well) {
    State before = state(part);
    if (before.well() == well) {
      return;
    }
    parts.put(part, new State(part, well, clock.instant()));
    if (well) {
      LOG.info("{} answers again, after {}", part.word(), since(before));
    } else {
      LOG.warn("{} does not answer", part.word());
    }
  }

  private Duration since(State before) {
    return Duration.between(before.since(), clock.instant()).truncatedTo(ChronoUnit.SECONDS);
  }

  private synchronized void countUnanswered() {
    Instant now = clock.instant();
    unansweredAt.add(new Unanswered(now, soFar()));
    while (unansweredAt.getFirst().at().plus(RECENT).isBefore(now)) {
      unansweredAt.removeFirst();
    }
  }

  private double soFar() {
    return unanswered.stream().mapToDouble(DoubleSupplier::getAsDouble).sum();
  }

  private synchronized long recentlyUnanswered() {
    return unansweredAt.isEmpty() ? 0 : Math.round(soFar() - unansweredAt.getFirst().soFar());
  }

  public synchronized List<State> parts() {
    return List.copyOf(parts.values());
  }

  /// As they were when the database answered last, by name.
  public List<Backlog> backlogs() {
    return backlogs.values().stream().sorted(Comparator.comparing(Backlog::queue)).toList();
  }

  /// The most urgent first; empty when all is well.
  public List<Problem> problems() {
    Instant now = clock.instant();
    var problems = new ArrayList<Problem>();
    for (State each : parts()) {
      if (!each.well()) {
        Kind kind = each.part() == Part.DATABASE ? Kind.DATABASE_AWAY : Kind.REDIS_AWAY;
        problems.add(new Problem(kind, "", 0, each.since()));
      }
    }
    Long free = freeMegabytes();
    if (free != null && free < LEAST_FREE_MEGABYTES) {
      problems.add(new Problem(Kind.DISK_LOW, "", free, null));
    }
    long dropped = recentlyUnanswered();
    if (dropped > 0) {
      problems.add(new Problem(Kind.UNANSWERED, "", dropped, null));
    }
    for (Backlog each : backlogs()) {
      if (each.age(now).compareTo(LATE) > 0) {
        boolean rings = each.queue().equals(Backlog.ALARMS);
        Kind kind = rings ? Kind.ALARM_RINGS : Kind.QUEUE_LATE;
        problems.add(new Problem(kind, each.queue(), each.waiting(), each.oldest()));
      }
    }
    parked.forEach(
        (listener, events) -> problems.add(new Problem(Kind.PARKED, listener, events, null)));
    if (apart.abs().compareTo(APART_AT_MOST) > 0) {
      problems.add(
          new Problem(Kind.CLOCK_APART, "", Math.round(apart.abs().toMillis() / 1_000.0), null));
    }
    return problems;
  }

  /// What is worth knowing, and nothing is wrong yet.
  public List<Problem> hints() {
    return hints.stream().flatMap(each -> each.get().stream()).toList();
  }

  /// Left for the database; null when it is elsewhere.
  public @Nullable Long freeMegabytes() {
    try {
      return disk == null ? null : Files.getFileStore(disk).getUsableSpace() >> 20;
    } catch (IOException gone) {
      return 0L;
    }
  }
}
