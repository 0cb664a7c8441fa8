package io.linyu.cli.bench;

import io.linyu.casework.Case;
import io.linyu.casework.Casework;
import io.linyu.casework.NewCase;
import io.linyu.cli.bench.DataTrial.Lived;
import io.linyu.community.Level;
import io.linyu.community.Staff;
import io.linyu.community.Territory;
import io.linyu.demo.Town;
import io.linyu.platform.auth.Sessions;
import io.linyu.platform.redis.Redis;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Something happens in the busy community, and everybody who may see it has the inbox open: those
/// who look after the community, its street and the district, each with several browsers.
///
/// It happens here, as on a second node, and the server hears of it as it would from that one.
final class DataLive implements AutoCloseable {
  private static final String PREFIX = "linyu:";
  private static final Duration APART = Duration.ofSeconds(3);

  private final DataGround ground;
  private final int consoles;
  private final Clock clock = Clock.systemUTC();
  private final Redis redis;
  private final Sessions sessions;
  private final Casework casework;
  private final LoadProcess<Consoles.Seen> browsers;

  DataLive(DataGround ground, int consoles, Path folder) throws IOException {
    this.ground = ground;
    this.consoles = consoles;
    this.redis = Redis.connect(ground.servers().redisUrl(), PREFIX);
    this.sessions = new Sessions(redis, clock);
    this.casework = ground.casework();
    this.browsers = LoadProcess.start(folder, Consoles.class, Consoles.Seen.class);
  }

  /// @param rounds of each kind; the first is not counted
  void measure(int rounds, Consumer<Lived> told) throws IOException, InterruptedException {
    Territory busy = ground.community().territories().byCode(DataGround.BUSY).orElseThrow();
    Staff deputy = ground.community().staff().byCode(Town.REN.code()).orElseThrow();
    var _ = browsers.carryOut(new Consoles.Order(ground.server().port(), visitors(busy), null));
    var opened = new Tally("opened");
    var claimed = new Tally("claimed");
    for (int i = 0; i <= rounds; i++) {
      Case matter = happens(opened, i, () -> open(busy));
      var _ = happens(claimed, i, () -> claim(deputy, matter));
    }
    told.accept(opened.lived());
    told.accept(claimed.lived());
  }

  private interface Deed {
    Case carryOut();
  }

  private Case happens(Tally tally, int round, Deed deed) throws IOException, InterruptedException {
    Thread.sleep(APART);
    var _ = browsers.carryOut(new Consoles.Order(0, List.of(), null));
    Instant began = clock.instant();
    Case matter = deed.carryOut();
    redis.publish("events", "");
    Consoles.Seen seen = browsers.carryOut(new Consoles.Order(0, List.of(), began));
    if (round > 0) {
      tally.add(seen);
    }
    return matter;
  }

  private Case open(Territory busy) {
    var draft =
        NewCase.of("3栋楼道灯坏了好几天", busy.id(), "wechat")
            .by(1L, 1L)
            .category("0406")
            .confirmed(true)
            .ready();
    var said = Future.succeededFuture(clock.instant());
    var opened = ground.db().inTransaction(tx -> casework.intake().open(tx, draft, said));
    return casework.cases().named(ground.db(), opened.id()).orElseThrow();
  }

  private Case claim(Staff who, Case matter) {
    return casework.handling().claim(who, matter.id(), matter.version());
  }

  /// Turn by turn over everybody who looks after the place.
  private List<Consoles.Visitor> visitors(Territory busy) {
    Territory street =
        ground.community().territories().ancestorOf(busy, Level.STREET).orElseThrow();
    List<DataStore.Worker> who =
        new DataStore()
            .lookingAfter(
                ground.db(),
                List.of(busy.id(), street.id(), ground.community().territories().root().id()));
    var visitors = new ArrayList<Consoles.Visitor>();
    for (int i = 0; i < consoles; i++) {
      DataStore.Worker one = who.get(i % who.size());
      Sessions.Session session = sessions.begin(one.id(), one.credentials());
      String view = i / who.size() % 2 == 0 ? "desk" : "all_open";
      visitors.add(new Consoles.Visitor(session.id(), session.form(), view));
    }
    return visitors;
  }

  /// The rounds together: the median of the medians, and the worst of the worst.
  private static final class Tally {
    private final String what;
    private final List<Consoles.Seen> rounds = new ArrayList<>();

    Tally(String what) {
      this.what = what;
    }

    void add(Consoles.Seen seen) {
      rounds.add(seen);
    }

    Lived lived() {
      return new Lived(
          what,
          rounds.stream().mapToInt(Consoles.Seen::heard).min().orElse(0),
          rounds.stream().mapToInt(Consoles.Seen::missing).max().orElse(0),
          over(rounds.stream().map(Consoles.Seen::heardIn).toList()),
          over(rounds.stream().map(Consoles.Seen::freshIn).toList()),
          rounds.stream().mapToLong(Consoles.Seen::requests).max().orElse(0));
    }

    private static List<Long> over(List<List<Long>> percentiles) {
      return List.of(
          middle(percentiles, 0),
          middle(percentiles, 1),
          percentiles.stream().mapToLong(each -> each.get(2)).max().orElse(0));
    }

    private static long middle(List<List<Long>> percentiles, int which) {
      List<Long> sorted = percentiles.stream().map(each -> each.get(which)).sorted().toList();
      return sorted.isEmpty() ? 0 : sorted.get(sorted.size() / 2);
    }
  }

  @Override
  public void close() {
    browsers.close();
    redis.close();
  }
}
