package io.linyu.cli.bench;

import io.linyu.platform.CannotStart;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Takes away, under load and for a while, what the server stands on, or lets more come than it can
/// bear, and looks whether it comes back by itself, whether anything acknowledged was lost, and
/// whether the console said what was wrong.
public final class OutageTrial {
  public enum Stage {
    /// Many more speak at once than a throttled PostgreSQL can serve.
    OVERLOAD("/console/troubles", "次投递没来得及回答"),
    DATABASE_AWAY("/console/troubles", "数据库暂时连不上"),
    REDIS_AWAY("/console/troubles", "登录服务暂时不可用"),
    /// Only where a file system can be made for it, as root on Linux.
    DISK_FULL("/console/troubles", "数据库没有回应|数据库暂时连不上");

    private final String page;
    private final Pattern says;

    Stage(String page, String says) {
      this.page = page;
      this.says = Pattern.compile(says);
    }
  }

  /// @param folder for data and logs; must not be in use
  /// @param programs where the unpacked server programs are kept; null: inside the folder
  /// @param stages one after the other
  /// @param lasts each outage
  /// @param rate messages a second during outages
  /// @param small a server that lives shortly: not worth the second compiler
  /// @param crowd so many speak at once under overload; more than 4,000 are more than are held
  public record Plan(
      Path folder,
      @Nullable Path programs,
      List<Stage> stages,
      Duration lasts,
      int rate,
      int crowd,
      boolean small) {}

  /// How one stage went.
  ///
  /// @param load from a moment before it began until everybody had their answer
  /// @param recovered from its end until the server said that it was ready and somebody had an
  ///   answer; null: it did not within a minute
  /// @param memory of the server, the most during this stage, in bytes
  /// @param memoryBefore the same at its beginning
  /// @param told whether the console said what was wrong
  /// @param toldNoMore whether it stopped saying so
  public record Outcome(
      Stage stage,
      Load.Measured load,
      @Nullable Duration recovered,
      long memoryBefore,
      long memory,
      boolean told,
      boolean toldNoMore) {}

  /// @param said distinct messages that everybody had an answer to
  /// @param received receipts that the database knows
  /// @param unequal addresses that have not one message for each receipt
  public record Result(List<Outcome> outcomes, long said, long received, List<String> unequal) {
    public List<String> breaches() {
      var breaches = new ArrayList<String>(unequal);
      if (said != received) {
        breaches.add(said + " were acknowledged, " + received + " received");
      }
      for (Outcome each : outcomes) {
        if (each.load().wrong() > 0) {
          breaches.add(each.stage() + ": wrong answers " + each.load().examples());
        }
        if (each.recovered() == null) {
          breaches.add(each.stage() + ": it did not recover");
        }
        if (!each.told()) {
          breaches.add(each.stage() + ": the console did not say what was wrong");
        }
        if (!each.toldNoMore()) {
          breaches.add(each.stage() + ": the console went on saying that something was wrong");
        }
        if (each.stage() == Stage.DISK_FULL || each.stage() == Stage.DATABASE_AWAY) {
          if (each.load().dropped() == 0) {
            breaches.add(each.stage() + ": nothing was dropped");
          }
        }
      }
      return breaches;
    }
  }

  private static final String NAME = "outage";
  private static final int CONNECTIONS = 64;
  private static final Duration RECOVERS_WITHIN = Duration.ofMinutes(1);
  private static final Duration TOLD_WITHIN = Duration.ofSeconds(30);

  /// The last ones that were unanswered are spoken of for five minutes.
  private static final Duration NOT_TOLD_WITHIN = Duration.ofSeconds(20);

  private static final Duration BEFORE = Duration.ofSeconds(1);
  private static final Duration AFTER = Duration.ofSeconds(3);
  private static final Duration POLL = Duration.ofMillis(100);

  // PostgreSQL runs for a fortieth of the time. A small crowd is served in that, however slow: to
  // overload with it, PostgreSQL stands still for longer than anybody is held.
  private static final Duration FROZEN = Duration.ofMillis(195);
  private static final Duration FROZEN_FOR_FEW = Duration.ofSeconds(5);
  private static final Duration THAWED = Duration.ofMillis(5);

  private static final String DISK = "disk";
  private static final String FILLING = "filling";
  private static final int DISK_MEGABYTES = 600;

  private final Plan plan;
  private final Ground ground;
  private final LoadProcess<Load.Measured> load;
  private final Onlooker onlooker;
  private final Consumer<Outcome> listener;
  private long said;

  private OutageTrial(
      Plan plan,
      Ground ground,
      LoadProcess<Load.Measured> load,
      Onlooker onlooker,
      Consumer<Outcome> listener) {
    this.plan = plan;
    this.ground = ground;
    this.load = load;
    this.onlooker = onlooker;
    this.listener = listener;
  }

  /// Run it from `main` or another thread that lives as long as the trial.
  public static Result run(Plan plan, Consumer<Outcome> listener) throws IOException {
    Path folder = plan.folder();
    boolean ownDisk = plan.stages().contains(Stage.DISK_FULL);
    if (ownDisk) {
      folder = Files.createDirectory(folder.resolve(DISK));
      mount(folder);
    }
    try {
      return run(plan, folder, listener);
    } finally {
      if (ownDisk) {
        command("umount", folder.toString());
      }
    }
  }

  private static Result run(Plan plan, Path folder, Consumer<Outcome> listener) throws IOException {
    try (Ground ground =
            Ground.open(
                folder,
                plan.programs(),
                1,
                List.of(),
                plan.small() ? ServerProcess.SHORT_LIVED : List.of(),
                new Random());
        LoadProcess<Load.Measured> load = LoadProcess.start(plan.folder());
        var onlooker = new Onlooker(ground.nodes())) {
      return new OutageTrial(plan, ground, load, onlooker, listener).run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CannotStart("interrupted");
    }
  }

  private Result run() throws IOException, InterruptedException {
    int people = Math.max(plan.crowd(), CONNECTIONS);
    said += load.carryOut(order(Load.Deed.FOLLOW, CONNECTIONS, people, 1, 0, 0)).messages();
    var outcomes = new ArrayList<Outcome>();
    for (Stage stage : plan.stages()) {
      Outcome outcome = stage(stage, people);
      outcomes.add(outcome);
      listener.accept(outcome);
    }
    var store = new KillStore();
    return new Result(
        outcomes, said, store.receipts(ground.db()).size(), store.unequalMessages(ground.db()));
  }

  private Outcome stage(Stage stage, int people) throws IOException, InterruptedException {
    boolean crowded = stage == Stage.OVERLOAD;
    onlooker.comeIn(); // sessions may be lost with Redis
    long lasts = BEFORE.plus(plan.lasts()).plus(AFTER).toMillis();
    long memoryBefore = Usage.memory(ground.server().pid()).now();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var talking =
          CompletableFuture.supplyAsync(
              () ->
                  carryOut(
                      order(
                          Load.Deed.TALK,
                          crowded ? plan.crowd() : CONNECTIONS,
                          people,
                          0,
                          lasts,
                          crowded ? 0 : plan.rate())),
              threads);
      Thread.sleep(BEFORE);
      var memory = new long[] {memoryBefore};
      boolean told;
      take(stage);
      try {
        told = lastAndLook(stage, memory);
      } finally {
        giveBack(stage);
      }
      long back = System.nanoTime();
      Duration recovered = awaitRecovery(back);
      Load.Measured measured = talking.join();
      memory[0] = Math.max(memory[0], Usage.memory(ground.server().pid()).now());
      said += measured.messages() - measured.byKind().getOrDefault("duplicate", 0L);
      boolean toldNoMore = crowded || awaitPage(stage, false, NOT_TOLD_WITHIN);
      return new Outcome(stage, measured, recovered, memoryBefore, memory[0], told, toldNoMore);
    }
  }

  /// What is unanswered because of it is told somewhat later than it happens.
  private boolean lastAndLook(Stage stage, long[] memory) throws IOException, InterruptedException {
    long end = System.nanoTime() + plan.lasts().toNanos();
    long patience = System.nanoTime() + TOLD_WITHIN.toNanos();
    boolean told = false;
    while (System.nanoTime() < end || (!told && System.nanoTime() < patience)) {
      if (stage == Stage.OVERLOAD) {
        ground.servers().freezePostgres();
        Thread.sleep(plan.small() ? FROZEN_FOR_FEW : FROZEN);
        ground.servers().thawPostgres();
        Thread.sleep(THAWED);
      } else {
        Thread.sleep(POLL);
      }
      told = told || isTold(stage);
      memory[0] = Math.max(memory[0], Usage.memory(ground.server().pid()).now());
    }
    return told;
  }

  private boolean isTold(Stage stage) throws InterruptedException {
    return stage.says.matcher(onlooker.sees(ground.server(), stage.page)).find();
  }

  private boolean awaitPage(Stage stage, boolean told, Duration within)
      throws InterruptedException {
    long end = System.nanoTime() + within.toNanos();
    while (isTold(stage) != told) {
      if (System.nanoTime() > end) {
        return false;
      }
      Thread.sleep(POLL);
    }
    return true;
  }

  private void take(Stage stage) throws IOException {
    switch (stage) {
      case OVERLOAD -> {}
      case DATABASE_AWAY -> ground.servers().killPostgres();
      case REDIS_AWAY -> ground.servers().killRedis();
      case DISK_FULL -> fill();
    }
  }

  private void giveBack(Stage stage) throws IOException {
    switch (stage) {
      case OVERLOAD -> ground.servers().thawPostgres();
      case DATABASE_AWAY -> ground.servers().bringPostgresBack();
      case REDIS_AWAY -> ground.servers().bringRedisBack();
      case DISK_FULL -> {
        Files.delete(filling());
        ground.servers().startWhatEnded();
      }
    }
  }

  private Path filling() {
    return plan.folder().resolve(DISK).resolve(FILLING);
  }

  private void fill() throws IOException {
    byte[] part = new byte[1 << 16];
    try (var file = Files.newOutputStream(filling())) {
      while (true) {
        file.write(part);
      }
    } catch (IOException full) {
      // as it should be
    }
  }

  private static void mount(Path folder) {
    command(
        "mount",
        "-t",
        "tmpfs",
        "-o",
        "size=" + DISK_MEGABYTES + "m,mode=755",
        "tmpfs",
        folder.toString());
  }

  private static void command(String... words) {
    try {
      if (new ProcessBuilder(words).inheritIO().start().waitFor() != 0) {
        throw new CannotStart("bench.outage.no-disk");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CannotStart("interrupted");
    }
  }

  private @Nullable Duration awaitRecovery(long since) throws InterruptedException {
    while (System.nanoTime() - since < RECOVERS_WITHIN.toNanos()) {
      if (ground.server().isReady()) {
        return Duration.ofNanos(System.nanoTime() - since);
      }
      Thread.sleep(POLL);
    }
    return null;
  }

  private Load.Measured carryOut(Load.Order order) {
    try {
      return load.carryOut(order);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Load.Order order(
      Load.Deed deed, int connections, int people, int lines, long millis, int rate) {
    return new Load.Order(
        NAME,
        ground.server().port(),
        ground.wechat().account(),
        deed,
        connections,
        0,
        people,
        lines,
        millis,
        rate,
        false,
        List.of());
  }
}
