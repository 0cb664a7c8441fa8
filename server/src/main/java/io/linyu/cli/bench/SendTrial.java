package io.linyu.cli.bench;

import static io.linyu.simulator.wechat.Fault.BUSY;
import static io.linyu.simulator.wechat.Fault.DAILY_QUOTA;
import static io.linyu.simulator.wechat.Fault.SERVER_ERROR;
import static io.linyu.simulator.wechat.Fault.SLOW;
import static io.linyu.simulator.wechat.Fault.TOKEN_EXPIRED;

import io.linyu.platform.CannotStart;
import io.linyu.platform.redis.Redis;
import io.linyu.simulator.wechat.Line;
import io.linyu.simulator.wechat.Phone;
import io.linyu.simulator.wechat.Sending;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// How fast and how surely the one mouth speaks: first everything goes well and the platform takes
/// its usual time, then half of the calls fail by chance, each of five ways having a tenth of all,
/// and the server is killed meanwhile.
///
/// Run it from `main` or another thread that lives as long as the trial: the server is its child,
/// and ends with it.
public final class SendTrial {
  /// @param folder for the servers' data and logs; must not be in use
  /// @param programs where the unpacked server programs are kept; null: inside the folder
  /// @param people who are told five things each when everything goes well
  /// @param doubted who are told things while half of the calls fail
  /// @param kills of the server meanwhile
  /// @param latency of each answer of the platform
  public record Plan(
      Path folder,
      @Nullable Path programs,
      int people,
      int doubted,
      int kills,
      Duration latency,
      List<String> options) {}

  /// @param ceiling calls a second of a client that does nothing else
  /// @param perSecond of those that were sent between the first tenth and the last
  /// @param tokens that were asked for by all who found none
  /// @param server processor time for one, in microseconds
  /// @param database the same of PostgreSQL
  /// @param memory of the server, in bytes
  public record Speed(
      double ceiling,
      int sent,
      double perSecond,
      long tokens,
      double server,
      double database,
      Usage.Memory memory) {}

  /// How those ended that were sent while calls failed.
  ///
  /// @param keyless by their state, of those for which the platform takes no key
  /// @param keyed by their state, of those with a key
  /// @param asked how often the platform was asked for all of them
  /// @param seed by which it was chosen which calls failed
  public record Doubt(
      Map<String, Long> keyless, Map<String, Long> keyed, long asked, int kills, long seed) {}

  public record Result(Speed speed, Doubt doubt, List<String> breaches) {}

  private static final String CUSTOM = "/cgi-bin/message/custom/send";
  private static final String TEMPLATE = "/cgi-bin/message/template/send";
  private static final String TOKEN = "/cgi-bin/stable_token";

  /// The window after a word.
  private static final int EACH = 5;

  /// Of a hundred calls, in doubt.
  private static final int FAILING = 50;

  private static final int AT_ONCE = 100;
  private static final int TALKING = 24;
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration ENDS_WITHIN = Duration.ofMinutes(5);
  private static final Clock CLOCK = Clock.systemUTC();

  /// It does not try its own way meanwhile, which would fetch the token before all who have none.
  private static final Map<String, String> SETTINGS =
      Map.of(
          "LINYU_WECHAT_ACCOUNTS_MAIN_PROBEMINUTES", "0",
          "LINYU_WECHAT_ACCOUNTS_MAIN_TEMPLATE_ID", "sim-template",
          "LINYU_WECHAT_ACCOUNTS_MAIN_TEMPLATE_FIELDS", "character_string1=number, time4=time");

  private final Plan plan;
  private final Ground ground;
  private final Random random;
  private final Consumer<String> listener;
  private final SendStore store = new SendStore();
  private final KillStore kills = new KillStore();
  private final List<String> breaches = new ArrayList<>();

  private SendTrial(Plan plan, Ground ground, Random random, Consumer<String> listener) {
    this.plan = plan;
    this.ground = ground;
    this.random = random;
    this.listener = listener;
  }

  /// @param listener is told the key of each step
  public static Result run(Plan plan, Consumer<String> listener) throws IOException {
    var random = new Random();
    try (Ground ground =
        Ground.open(plan.folder(), plan.programs(), plan.options(), SETTINGS, random)) {
      return new SendTrial(plan, ground, random, listener).run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CannotStart("interrupted");
    }
  }

  private Result run() throws IOException, InterruptedException {
    Speed speed = speed();
    Doubt doubt = doubt();
    return new Result(speed, doubt, List.copyOf(breaches));
  }

  private Speed speed() throws IOException, InterruptedException {
    listener.accept("talk");
    List<Phone> phones = phones("well", plan.people());
    sideBySide(phones, phone -> phone.follow(Ground.HOME).says("可以匿名吗"));
    // Each is due when all are there, as the answers of a busy morning are.
    store.queue(ground.db(), "well", EACH, CLOCK.instant().plus(Duration.ofDays(1)));
    StatementStore.settle(ground.db());
    ground.wechat().takes(plan.latency());
    listener.accept("ceiling");
    double ceiling = ceiling();

    listener.accept("send");
    long tokens = ground.wechat().calls(TOKEN);
    long pid = ground.server().pid();
    long postgres = ground.servers().postgresPid();
    Duration server = Usage.processor(pid);
    Duration database = Usage.processor(postgres);
    int from = ground.wechat().sendings().size();
    store.letTimePass(ground.db());
    int all = EACH * phones.size();
    await("well", all);
    server = Usage.processor(pid).minus(server);
    database = Usage.processor(postgres).minus(database);
    List<Sending> sent = ground.wechat().sendings();
    sent = sent.subList(from, sent.size());
    reckonWell(sent, all);
    int tenth = sent.size() / 10;
    Duration took = Duration.between(sent.get(tenth).at(), sent.get(sent.size() - tenth).at());
    return new Speed(
        ceiling,
        sent.size(),
        (sent.size() - 2 * tenth) * 1e9 / took.toNanos(),
        ground.wechat().calls(TOKEN) - tokens,
        server.toNanos() / 1e3 / all,
        database.toNanos() / 1e3 / all,
        Usage.memory(pid));
  }

  private void reckonWell(List<Sending> sent, int all) {
    Set<String> texts = sent.stream().map(Sending::text).collect(Collectors.toSet());
    if (sent.size() != all || texts.size() != all) {
      breaches.add(
          "%d were asked for, %d different, of %d".formatted(sent.size(), texts.size(), all));
    }
    store.all(ground.db(), "well").stream()
        .filter(each -> !each.state().equals("delivered"))
        .forEach(each -> breaches.add("all went well, and it is " + each));
  }

  /// The same calls by somebody who has nothing else to do, to a phone that nobody counts.
  private double ceiling() throws InterruptedException {
    Phone phone = ground.wechat().phone("ceiling");
    try (HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      // Their windows are too small for so many: an answer that says so is one as well.
      String body =
          new JsonObject()
              .put("touser", phone.openid())
              .put("msgtype", "text")
              .put("text", new JsonObject().put("content", "ceiling"))
              .encode();
      var request =
          HttpRequest.newBuilder(
                  URI.create(ground.wechat().apiBase() + CUSTOM + "?access_token=none"))
              .POST(BodyPublishers.ofString(body))
              .build();
      int each = EACH * plan.people() / AT_ONCE / 2;
      long began = System.nanoTime();
      List<Future<?>> all =
          IntStream.range(0, AT_ONCE)
              .<Future<?>>mapToObj(_ ->
                  threads.submit(() -> {
                    for (int i = 0; i < each; i++) {
                      var _ = http.send(request, BodyHandlers.ofString());
                    }
                    return null;
                  }))
              .toList();
      await(all);
      return each * (double) AT_ONCE * 1e9 / (System.nanoTime() - began);
    }
  }

  private Doubt doubt() throws InterruptedException {
    listener.accept("talk");
    List<Phone> phones = phones("doubt", plan.doubted());
    sideBySide(phones, phone -> phone.follow(Ground.HOME).says("楼道灯坏了好几天").says("对").says("可以匿名吗"));
    listener.accept("doubt");
    List<Phone> before = List.copyOf(phones);
    Set<Long> inFlight = new HashSet<>();
    Instant due = CLOCK.instant();
    for (String path : List.of(CUSTOM, TEMPLATE)) {
      ground
          .wechat()
          .faults()
          .share(FAILING, path, BUSY, DAILY_QUOTA, TOKEN_EXPIRED, SERVER_ERROR, SLOW);
    }
    int from = ground.wechat().sendings().size();
    long templates = ground.wechat().calls(TEMPLATE);
    store.queueNotices(ground.db(), "keyed", due);
    store.queue(ground.db(), "keyless", EACH - 1, due);
    long all = store.all(ground.db(), "key").size();
    int killed = 0;
    Instant end = CLOCK.instant().plus(ENDS_WITHIN);
    try (Redis redis = Redis.connect(ground.servers().redisUrl(), "linyu:")) {
      long ended = 0;
      while (ended < all) {
        if (CLOCK.instant().isAfter(end)) {
          breaches.add("%d of %d have not ended".formatted(all - ended, all));
          break;
        }
        Thread.sleep(POLL);
        if (killed < plan.kills() && ended > all * (killed + 1) / (plan.kills() + 1)) {
          ground.server().kill();
          inFlight.addAll(kills.claimed(ground.db()));
          Thread.sleep(random.nextInt(200));
          ground.server().start();
          killed++;
        }
        // What the platform wants left alone until midnight it takes again: a day has passed.
        var _ = redis.commands().del("linyu:wechat:paused:" + ground.wechat().account().appId());
        store.letTimePass(ground.db());
        ended = store.ended(ground.db(), "key");
      }
    }
    ground.wechat().faults().none();
    List<Sending> sent = ground.wechat().sendings();
    reckon(before, sent.subList(from, sent.size()), inFlight);
    return new Doubt(
        states("keyless"),
        states("keyed"),
        sent.size() - from + ground.wechat().calls(TEMPLATE) - templates,
        killed,
        ground.wechat().faults().seed());
  }

  private Map<String, Long> states(String of) {
    return store.all(ground.db(), of).stream()
        .collect(
            Collectors.groupingBy(SendStore.Ended::state, TreeMap::new, Collectors.counting()));
  }

  private void reckon(List<Phone> phones, List<Sending> sent, Set<Long> inFlight) {
    Map<String, Long> heard =
        phones.stream()
            .flatMap(phone -> phone.heard().stream())
            .filter(
                line -> line.way() == Line.Way.CUSTOMER_SERVICE || line.way() == Line.Way.NOTICE)
            .collect(
                Collectors.groupingBy(
                    line -> line.text().lines().findFirst().orElse(""), Collectors.counting()));
    heard.forEach((text, times) -> {
      if (times > 1 && text.startsWith("key")) {
        breaches.add(text + " was heard " + times + " times");
      }
    });
    // Answered, and with a yes: the only ones of which the server could know.
    Set<String> doubtful =
        sent.stream()
            .filter(each -> each.refused() || each.answered() == null)
            .map(Sending::text)
            .collect(Collectors.toSet());
    for (SendStore.Ended each : store.all(ground.db(), "key")) {
      boolean was = heard.containsKey(each.key());
      boolean wrong =
          switch (each.state()) {
            case "delivered" -> !was;
            case "unknown" ->
                each.key().startsWith("keyed")
                    || !(doubtful.contains(each.key()) || inFlight.contains(each.id()));
            case "waiting", "failed" -> was || each.key().startsWith("keyed");
            default -> true;
          };
      if (wrong) {
        breaches.add(each + (was ? " was heard" : " was not heard"));
      }
    }
  }

  private void await(String of, long all) throws InterruptedException {
    Instant end = CLOCK.instant().plus(ENDS_WITHIN);
    for (long ended = 0; ended < all; ended = store.ended(ground.db(), of)) {
      if (CLOCK.instant().isAfter(end)) {
        breaches.add("%d of %d have not ended".formatted(all - ended, all));
        return;
      }
      Thread.sleep(POLL);
    }
  }

  private List<Phone> phones(String of, int many) {
    return IntStream.range(0, many).mapToObj(i -> ground.wechat().stranger(of + "-" + i)).toList();
  }

  private static void sideBySide(List<Phone> phones, Consumer<Phone> doing)
      throws InterruptedException {
    try (ExecutorService threads = Executors.newFixedThreadPool(TALKING)) {
      await(
          phones.stream()
              .<Future<?>>map(each -> threads.submit(() -> doing.accept(each)))
              .toList());
    }
  }

  private static void await(List<Future<?>> all) throws InterruptedException {
    for (Future<?> each : all) {
      try {
        var _ = each.get();
      } catch (ExecutionException e) {
        throw new IllegalStateException(e.getCause());
      }
    }
  }
}
