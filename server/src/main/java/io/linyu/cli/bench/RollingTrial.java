package io.linyu.cli.bench;

import io.linyu.platform.CannotStart;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Two servers behind HAProxy, with the project's own configuration of it, are stopped and started
/// again one after the other, as with a new release, while the platform delivers and people read
/// pages. The next is told to stop as soon as the one before says that it is ready.
///
/// Nothing may be lost, and nothing is meant to be repaired by the platform's delivering again:
/// each attempt without an answer counts.
///
/// Run it from `main` or another thread that lives as long as the trial.
public final class RollingTrial {
  /// @param folder for data and logs; must not be in use
  /// @param programs where the unpacked server programs are kept; null: inside the folder
  /// @param docker the folder of the proxy's configuration and the compose file
  /// @param rounds so often, each of both
  /// @param rate deliveries a second
  public record Plan(
      Path folder,
      @Nullable Path programs,
      Path docker,
      int rounds,
      int rate,
      int people,
      int connections) {}

  /// @param ended from the signal until the process was gone
  /// @param inOrder whether it ended by itself
  /// @param ready from its start until it said so
  public record Restart(String node, Duration ended, boolean inOrder, Duration ready) {}

  /// @param said distinct messages that everybody had an answer to
  /// @param received receipts that the database knows
  /// @param unequal addresses that have not one message for each receipt
  /// @param pages asked for, of which so many forms were sent
  public record Result(
      List<Restart> restarts,
      List<Load.Measured> load,
      long said,
      long received,
      List<String> unequal,
      long pages,
      long sent,
      int slowestPage,
      List<String> pagesFailed) {
    public long answered() {
      return load.stream().mapToLong(Load.Measured::messages).sum();
    }

    /// Attempts that were refused or left without an answer.
    public long lost() {
      return load.stream().mapToLong(each -> each.dropped() + each.refused()).sum();
    }

    public long late() {
      return load.stream().mapToLong(Load.Measured::late).sum();
    }

    public double slowestSeconds() {
      return load.stream().mapToLong(each -> each.micros().get(4)).max().orElse(0) / 1e6;
    }

    public List<String> breaches() {
      var breaches = new ArrayList<String>(unequal);
      if (said != received) {
        breaches.add(said + " were acknowledged, " + received + " received");
      }
      for (Load.Measured each : load) {
        if (each.dropped() + each.refused() > 0) {
          breaches.add(each.dropped() + " left without an answer, " + each.refused() + " refused");
        }
        if (each.wrong() > 0) {
          breaches.add(each.wrong() + " wrong answers: " + each.examples());
        }
        if (each.late() > 0) {
          breaches.add(each.late() + " answered late");
        }
      }
      pagesFailed.stream()
          .collect(Collectors.groupingBy(each -> each, Collectors.counting()))
          .forEach((what, times) -> breaches.add(times + " × page: " + what));
      restarts.stream()
          .filter(each -> !each.inOrder())
          .forEach(each -> breaches.add(each.node() + " had to be killed"));
      return breaches;
    }
  }

  private static final String NAME = "rolling";
  private static final long SPELL = 5_000;

  /// So many have said all there is to say before it begins: some cases to look at.
  private static final int REPORTING = 20;

  private static final int ROUND = Talk.LINES.size();
  private static final Duration BEFORE = Duration.ofSeconds(10);
  private static final Duration AFTER = Duration.ofSeconds(5);

  /// As in the compose file.
  private static final Duration ENDS_WITHIN = Duration.ofSeconds(40);

  private final Plan plan;
  private final Ground ground;
  private final int port;
  private final List<ServerProcess> nodes;
  private final LoadProcess<Load.Measured> load;
  private final Consumer<Restart> listener;
  private final Queue<Load.Measured> measured = new ConcurrentLinkedQueue<>();
  private volatile boolean over;

  private RollingTrial(
      Plan plan,
      Ground ground,
      int port,
      List<ServerProcess> nodes,
      LoadProcess<Load.Measured> load,
      Consumer<Restart> listener) {
    this.plan = plan;
    this.ground = ground;
    this.port = port;
    this.nodes = nodes;
    this.load = load;
    this.listener = listener;
  }

  public static Result run(Plan plan, Consumer<Restart> listener) throws IOException {
    Proxy.check(plan.docker());
    var random = new Random();
    try (Ground ground =
            Ground.open(plan.folder(), plan.programs(), 0, List.of(), List.of(), random);
        var closings = new Closings()) {
      int port = ServerProcess.quietPort(random);
      Map<String, String> settings = new HashMap<>(ground.settings());
      settings.put("LINYU_HTTP_PUBLICURL", "https://127.0.0.1:" + port);
      settings.put("LINYU_HTTP_DRAINSECONDS", Proxy.drainSeconds(plan.docker()));
      var nodes = new ArrayList<ServerProcess>();
      for (String name : List.of("node-a", "node-b")) {
        int own = ServerProcess.quietPort(random);
        nodes.add(
            closings.closing(ServerProcess.node(plan.folder(), name, own, List.of(), settings)));
      }
      ServerProcess.startAll(nodes);
      closings.closing(Proxy.start(plan.folder(), plan.docker(), port, nodes));
      LoadProcess<Load.Measured> load = closings.closing(LoadProcess.start(plan.folder()));
      return new RollingTrial(plan, ground, port, nodes, load, listener).run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CannotStart("interrupted");
    }
  }

  private Result run() throws IOException, InterruptedException {
    deliver(Load.Deed.FOLLOW, plan.people(), 1, 0, 0);
    deliver(Load.Deed.TALK, REPORTING, ROUND, 0, 0);
    for (Load.Measured each : measured) {
      if (each.wrong() > 0) {
        throw new CannotStart("bench.unexpected", each.examples());
      }
    }
    var store = new KillStore();
    var restarts = new ArrayList<Restart>();
    try (var readers = new Readers(port, store.cases(ground.db()).getFirst());
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      readers.start();
      var talking = CompletableFuture.runAsync(this::deliverUntilOver, threads);
      try {
        Thread.sleep(BEFORE);
        for (int i = 0; i < plan.rounds() * nodes.size(); i++) {
          Restart restart = restart(i % nodes.size());
          restarts.add(restart);
          listener.accept(restart);
        }
        Thread.sleep(AFTER);
      } finally {
        over = true;
      }
      readers.end();
      talking.join();
      List<Load.Measured> all = List.copyOf(measured);
      return new Result(
          restarts,
          all,
          all.stream()
              .mapToLong(each -> each.messages() - each.byKind().getOrDefault("duplicate", 0L))
              .sum(),
          store.receipts(ground.db()).size(),
          store.unequalMessages(ground.db()),
          readers.pages(),
          readers.sent(),
          readers.slowestMillis(),
          readers.failed());
    }
  }

  private Restart restart(int which) {
    ServerProcess node = nodes.get(which);
    long began = System.nanoTime();
    boolean inOrder = node.stop(ENDS_WITHIN);
    long ended = System.nanoTime();
    node.start();
    return new Restart(
        "node-" + (char) ('a' + which),
        Duration.ofNanos(ended - began),
        inOrder,
        Duration.ofNanos(System.nanoTime() - ended));
  }

  private void deliverUntilOver() {
    while (!over) {
      try {
        deliver(Load.Deed.TALK, plan.people(), 0, SPELL, plan.rate());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void deliver(Load.Deed deed, int people, int lines, long millis, int rate)
      throws IOException {
    measured.add(
        load.carryOut(
            new Load.Order(
                NAME,
                port,
                ground.wechat().account(),
                deed,
                plan.connections(),
                0,
                people,
                lines,
                millis,
                rate,
                true,
                List.of())));
  }
}
