package io.linyu.demo;

import io.linyu.Settings;
import io.linyu.platform.db.Db;
import io.linyu.platform.http.Routes;
import io.linyu.simulator.wechat.Account;
import io.linyu.simulator.wechat.WechatSimulator;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.function.BiConsumer;

/// What `demo` has and `serve` has not: the other side of WeChat, a phone in the browser, and a
/// district with a past.
///
/// Started before the server, which is told of the simulated account; opened after it.
public final class Demo implements AutoCloseable {
  private static final String ACCOUNT = "main";

  private final Settings settings;
  private final Clock world;
  private final TownClock clock;
  private final WechatSimulator wechat;

  private Demo(Settings settings, Clock world) {
    this.world = world;
    this.clock = new TownClock(world);
    this.wechat = WechatSimulator.start(Account.invented(Account.Mode.SAFE), clock);
    var accounts = new HashMap<>(settings.wechat());
    String publicUrl = settings.http().publicUrl();
    accounts.put(ACCOUNT, account(wechat, publicUrl));
    wechat.registerPages(URI.create(publicUrl).getHost());
    this.settings = settings.withWechat(accounts);
  }

  /// Before the server: where its past was cut short, the clock stands where it stood, so that
  /// nothing is due that is not yet in the past.
  public static Demo start(Settings settings, Clock world) {
    var demo = new Demo(settings, world);
    Vertx vertx = Vertx.vertx();
    try (Db db = Db.connect(vertx, settings.databaseUrl(), 1)) {
      new DemoStore().stands(db).ifPresent(demo.clock::putTo);
    } finally {
      vertx.close().await();
    }
    return demo;
  }

  private static Settings.Wechat account(WechatSimulator wechat, String publicUrl) {
    Account account = wechat.account();
    return new Settings.Wechat(
        account.appId(),
        account.secret(),
        account.token(),
        null,
        account.aesKey(),
        null,
        Settings.Wechat.Mode.SAFE,
        null,
        wechat.apiBase(),
        publicUrl + DemoRoutes.OPEN,
        new Settings.Wechat.Rights(
            true,
            true,
            new Settings.Wechat.Form(
                "sim-result-notice",
                "character_string1=number, thing2=matter, thing3=words, time4=time",
                false),
            null),
        null,
        Settings.Wechat.PROBE_USUAL);
  }

  /// With the simulated account.
  public Settings settings() {
    return settings;
  }

  /// For the server as well: the town's past is told on it.
  public Clock clock() {
    return clock;
  }

  public WechatSimulator wechat() {
    return wechat;
  }

  public List<Routes> routes(Doors doors) {
    return List.of(
        new DemoRoutes(
            wechat, doors.community().territories(), doors.page(), clock, settings.zone()),
        new FaultRoutes(wechat, doors.page(), settings.zone()));
  }

  /// Loads the district and tells its past, once; a telling that was cut short goes on.
  ///
  /// @param port where the server listens
  /// @param progress is told how many of all steps are done
  /// @return how many steps of the past could not happen
  public int open(Doors doors, int port, BiConsumer<Integer, Integer> progress) {
    wechat.pushTo("http://127.0.0.1:" + port + "/wechat/" + ACCOUNT);
    var store = new DemoStore();
    List<Tale.Step> past = Past.told();
    int told = store.told(doors.db());
    if (told >= past.size() || (told > 0 && store.stands(doors.db()).isEmpty())) {
      Memory.restore(doors.db(), wechat, past);
      Corner.furnish(doors, clock, settings.zone());
      return 0;
    }
    Instant began = store.began(doors.db(), world.instant());
    progress.accept(0, past.size());
    District.load(doors.community());
    District.load(doors.casework().admissions());
    if (told > 0) {
      Memory.restore(doors.db(), wechat, past);
    }
    int missed =
        new Teller(doors, wechat, clock, settings.zone(), began)
            .tell(past, told, done -> progress.accept(done, past.size()))
            .size();
    Corner.furnish(doors, clock, settings.zone());
    return missed;
  }

  @Override
  public void close() {
    wechat.close();
  }
}
