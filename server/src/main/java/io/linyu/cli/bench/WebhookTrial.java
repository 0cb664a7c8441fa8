package io.linyu.cli.bench;

import io.linyu.platform.CannotStart;
import io.linyu.simulator.wechat.Account;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// How fast residents are answered: a mixed load that follows the shipped scripts, in safe mode
/// with fsync on, against the [BareServer] in the same run. Load, server and PostgreSQL are
/// processes of their own on the same machine. Each answer is compared with the expected one.
///
/// Run it from `main` or another thread that lives as long as the trial: the servers are its
/// children, and end with it.
public final class WebhookTrial {
  private static final String BARE = "bare";
  private static final String FULL = "full";

  /// Learns what everybody is answered; not one of the people.
  private static final int TEACHER = 900_000;

  private static final Duration STEADY = Duration.ofSeconds(10);

  /// What one district needs at the worst moment, by the design.
  private static final int DISTRICT_RATE = 200;

  /// @param folder for the servers' data and logs; must not be in use
  /// @param programs where the unpacked server programs are kept; null: inside the folder
  /// @param rounds of both, by turns: the median counts
  /// @param warming of each server before the first round
  /// @param lasts of each round
  /// @param options for the Java of the server that is measured
  /// @param counting whether PostgreSQL counts where its time goes, which costs some of it
  public record Plan(
      Path folder,
      @Nullable Path programs,
      int connections,
      int people,
      int rounds,
      Duration warming,
      Duration lasts,
      List<String> options,
      boolean counting) {}

  /// One round.
  ///
  /// @param server processor time of the server for one message, in microseconds
  /// @param database the same of PostgreSQL
  /// @param others what the rest of the machine used meanwhile but the load, in processors
  public record Round(
      String target, Load.Measured load, double server, double database, double others) {
    public double processor() {
      return server + database;
    }
  }

  /// @param rates with messages that arrive at a rate, by that rate
  /// @param memory of the server, in bytes, at the end
  public record Result(
      Round bare,
      Round full,
      List<Round> rounds,
      Map<Integer, Round> rates,
      Usage.Memory memory,
      double botStep,
      List<StatementTime> statements) {
    public long wrong() {
      return rounds.stream().mapToLong(each -> each.load().wrong()).sum()
          + rates.values().stream().mapToLong(each -> each.load().wrong()).sum();
    }
  }

  private final Plan plan;
  private final Ground ground;
  private final ServerProcess bare;
  private final LoadProcess<Load.Measured> load;
  private final Consumer<Round> listener;
  private List<List<String>> answers = List.of();

  private WebhookTrial(
      Plan plan,
      Ground ground,
      ServerProcess bare,
      LoadProcess<Load.Measured> load,
      Consumer<Round> listener) {
    this.plan = plan;
    this.ground = ground;
    this.bare = bare;
    this.load = load;
    this.listener = listener;
  }

  /// @param listener is told of every round
  public static Result run(Plan plan, Consumer<Round> listener) throws IOException {
    var random = new Random();
    try (Ground ground =
            Ground.open(
                plan.folder(),
                plan.programs(),
                1,
                plan.counting() ? StatementStore.POSTGRES : List.of(),
                plan.options(),
                random);
        ServerProcess bare = bare(plan.folder(), ground, random);
        LoadProcess<Load.Measured> load = LoadProcess.start(plan.folder())) {
      bare.start();
      return new WebhookTrial(plan, ground, bare, load, listener).run();
    }
  }

  private static ServerProcess bare(Path folder, Ground ground, Random random) {
    int port = ServerProcess.quietPort(random);
    Map<String, String> settings = new HashMap<>(ground.settings());
    settings.put("LINYU_DATABASE_URL", ground.servers().databaseUrl(BARE));
    settings.put("LINYU_HTTP_PORT", Integer.toString(port));
    var program = new ArrayList<String>(List.of(BareServer.class.getName()));
    settings.forEach((name, value) -> program.add(name + "=" + value));
    return new ServerProcess(folder, BARE, port, List.of(), program, Map.of());
  }

  private Result run() throws IOException {
    var _ = load.carryOut(order(FULL, Load.Deed.FOLLOW, 0, plan.people(), 1, 0, 0));
    learn();
    var _ = load.carryOut(talking(BARE, Load.Deed.ECHO, plan.warming(), 0));
    var _ = load.carryOut(talking(FULL, Load.Deed.TALK, plan.warming(), 0));
    // As autovacuum does once a minute: what is measured is not how plans fare that were made for
    // empty tables.
    StatementStore.settle(ground.db());
    if (plan.counting()) {
      StatementStore.forget(ground.db());
    }
    var rounds = new ArrayList<Round>();
    for (int i = 0; i < plan.rounds(); i++) {
      rounds.add(measured(BARE, talking(BARE, Load.Deed.ECHO, plan.lasts(), 0)));
      rounds.add(measured(FULL, talking(FULL, Load.Deed.TALK, plan.lasts(), 0)));
    }
    Round full = median(rounds, FULL);
    List<StatementTime> statements =
        plan.counting() ? StatementStore.spent(ground.db()) : List.of();
    var rates = new HashMap<Integer, Round>();
    for (int rate : List.of(DISTRICT_RATE, (int) full.load().perSecond() / 2)) {
      rates.put(rate, measured(FULL, talking(FULL, Load.Deed.TALK, STEADY, rate)));
    }
    return new Result(
        median(rounds, BARE),
        full,
        rounds,
        rates,
        Usage.memory(ground.server().pid()),
        BotSpeed.step(Duration.ofSeconds(3)),
        statements);
  }

  /// Everybody has the same conversation, so one of them tells what all must hear: the first time,
  /// and at every later time.
  private void learn() throws IOException {
    int lines = Talk.LINES.size();
    var _ = load.carryOut(order(FULL, Load.Deed.FOLLOW, TEACHER, 1, 1, 0, 0));
    Load.Measured lesson = load.carryOut(order(FULL, Load.Deed.TALK, TEACHER, 1, 3 * lines, 0, 0));
    List<String> first = lesson.answers().subList(0, lines);
    List<String> later = lesson.answers().subList(lines, 2 * lines);
    if (lesson.wrong() > 0) {
      throw new CannotStart("bench.unexpected", lesson.examples());
    }
    if (!later.equals(lesson.answers().subList(2 * lines, 3 * lines))) {
      throw new CannotStart("bench.unexpected", later);
    }
    answers = List.of(first, later);
  }

  private Round measured(String target, Load.Order order) throws IOException {
    ServerProcess server = target.equals(BARE) ? bare : ground.server();
    long postgres = ground.servers().postgresPid();
    Duration serverBefore = Usage.processor(server.pid());
    Duration databaseBefore = Usage.processor(postgres);
    Duration loadBefore = Usage.processor(load.pid());
    Duration machineBefore = Usage.machine();
    Load.Measured measured = load.carryOut(order);
    Duration machine = Usage.machine().minus(machineBefore);
    Duration ours = Usage.processor(server.pid()).minus(serverBefore);
    Duration database = Usage.processor(postgres).minus(databaseBefore);
    Duration loading = Usage.processor(load.pid()).minus(loadBefore);
    var round =
        new Round(
            target,
            measured,
            ours.toNanos() / 1e3 / measured.messages(),
            database.toNanos() / 1e3 / measured.messages(),
            (double) machine.minus(ours).minus(database).minus(loading).toNanos()
                / measured.nanos());
    listener.accept(round);
    return round;
  }

  private Load.Order talking(String target, Load.Deed deed, Duration lasts, int rate) {
    return order(target, deed, 0, plan.people(), 0, lasts.toMillis(), rate);
  }

  private Load.Order order(
      String target, Load.Deed deed, int first, int people, int lines, long millis, int rate) {
    Account account = ground.wechat().account();
    int port = target.equals(BARE) ? bare.port() : ground.server().port();
    return new Load.Order(
        target,
        port,
        account,
        deed,
        plan.connections(),
        first,
        people,
        lines,
        millis,
        rate,
        false,
        answers);
  }

  private static Round median(List<Round> rounds, String target) {
    List<Round> sorted =
        rounds.stream()
            .filter(each -> each.target().equals(target))
            .sorted(Comparator.comparingDouble(each -> each.load().perSecond()))
            .toList();
    return sorted.get(sorted.size() / 2);
  }
}
