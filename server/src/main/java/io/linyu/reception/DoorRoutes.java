package io.linyu.reception;

import static io.linyu.platform.http.Sequential.sequential;
import static java.util.Objects.requireNonNull;

import io.linyu.channel.AccountKey;
import io.linyu.channel.Channel;
import io.linyu.channel.ChannelError;
import io.linyu.channel.Channels;
import io.linyu.community.Desks;
import io.linyu.community.Level;
import io.linyu.community.Staff;
import io.linyu.community.Territories;
import io.linyu.community.Territory;
import io.linyu.platform.Refusal;
import io.linyu.platform.db.Db;
import io.linyu.platform.http.Frame;
import io.linyu.platform.http.Htmx;
import io.linyu.platform.http.Page;
import io.linyu.platform.http.Routes;
import io.linyu.platform.text.QrCode;
import io.linyu.reception.DoorPages.Door;
import io.linyu.reception.DoorPages.Doors;
import io.linyu.reception.DoorPages.Place;
import io.linyu.reception.DoorPages.Sheet;
import io.linyu.reception.DoorPages.Sheets;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// Codes for the doors of buildings and for desks, to be printed: whoever scans one has the
/// account; at a door they are asked no more where they live, and at a desk what they tell goes to
/// that desk.
final class DoorRoutes implements Routes {
  private static final String DOORS = "/console/doors";

  /// Permanent codes are made side by side, few at a time.
  private static final int AT_ONCE = 8;

  private final Db db;
  private final Channels channels;
  private final Territories territories;
  private final Desks desks;
  private final Map<AccountKey, String> homeOfAccount;
  private final Page page;
  private final Clock clock;
  private final DoorCodeStore store = new DoorCodeStore();

  /// @param homeOfAccount code of the home territory by account; others: the root
  DoorRoutes(
      Db db,
      Channels channels,
      Territories territories,
      Desks desks,
      Map<AccountKey, String> homeOfAccount,
      Page page,
      Clock clock) {
    this.db = db;
    this.channels = channels;
    this.territories = territories;
    this.desks = desks;
    this.homeOfAccount = homeOfAccount;
    this.page = page;
    this.clock = clock;
  }

  @Override
  public void mount(Router router) {
    router.get(DOORS).handler(sequential(this::show));
    router.post(DOORS).handler(sequential(this::make));
    router.get(DOORS + "/sheets").handler(sequential(this::print));
    router.get(DOORS + "/desks").handler(sequential(this::showDesks));
    router.post(DOORS + "/desks").handler(sequential(this::makeDesks));
    router.get(DOORS + "/desks/sheets").handler(sequential(this::printDesks));
  }

  /// An account of ours on a channel whose codes may have a scene.
  private record Account(Channel channel, String name) {
    AccountKey key() {
      return new AccountKey(channel.name(), name);
    }
  }

  /// Where a code hangs.
  ///
  /// @param scene what it says
  /// @param around what it lies in
  private record Spot(String scene, String name, String around) {}

  private void show(RoutingContext rc) {
    Territory at = place(rc);
    show(rc, false, at, doors(at), null, 0);
  }

  private void make(RoutingContext rc) {
    Territory at = place(rc);
    make(rc, false, at, doors(at));
  }

  private void print(RoutingContext rc) {
    Territory at = place(rc);
    print(rc, false, at, doors(at));
  }

  private void showDesks(RoutingContext rc) {
    Territory at = place(rc);
    show(rc, true, at, desks(at), null, 0);
  }

  private void makeDesks(RoutingContext rc) {
    Territory at = place(rc);
    make(rc, true, at, desks(at));
  }

  private void printDesks(RoutingContext rc) {
    Territory at = place(rc);
    print(rc, true, at, desks(at));
  }

  private static String url(boolean ofDesks) {
    return ofDesks ? DOORS + "/desks" : DOORS;
  }

  private void show(
      RoutingContext rc,
      boolean ofDesks,
      Territory at,
      List<Spot> spots,
      @Nullable String failed,
      int lacking) {
    Optional<Account> account = accountFor(at);
    Map<String, String> made = account.map(each -> made(each, spots)).orElse(Map.of());
    page.send(
        rc,
        "reception/doors",
        new Doors(
            Frame.of(rc),
            ofDesks,
            url(ofDesks),
            at.code(),
            at.name(),
            above(Staff.signedIn(rc), at),
            below(at),
            account.isPresent(),
            spots.stream()
                .map(each -> new Door(each.name(), made.containsKey(each.scene())))
                .toList(),
            spots.size() - made.size(),
            failed,
            lacking));
  }

  /// Makes those that are lacking; what was made stays made, whatever becomes of the others.
  private void make(RoutingContext rc, boolean ofDesks, Territory at, List<Spot> spots) {
    Account account = accountFor(at).orElseThrow(() -> new Refusal("no-codes", 422));
    Map<String, String> made = made(account, spots);
    List<String> lacking =
        spots.stream().map(Spot::scene).filter(each -> !made.containsKey(each)).toList();
    String failed = null;
    int left = 0;
    var places = new Semaphore(AT_ONCE);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<? extends Future<?>> making =
          lacking.stream()
              .map(scene -> threads.submit(() -> makeOne(places, account, scene)))
              .toList();
      for (Future<?> each : making) {
        try {
          var _ = each.get();
        } catch (ExecutionException no) {
          if (!(no.getCause() instanceof ChannelError refused)) {
            throw new IllegalStateException(no.getCause());
          }
          failed = String.valueOf(refused.getMessage());
          left++;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    if (failed == null) {
      Htmx.see(rc, url(ofDesks) + "/sheets?at=" + at.code());
    } else {
      show(rc, ofDesks, at, spots, failed, left);
    }
  }

  private void makeOne(Semaphore places, Account account, String scene) {
    places.acquireUninterruptibly();
    try {
      String url = requireNonNull(account.channel().sceneUrl(account.name(), scene));
      store.keep(db, account.channel().name(), account.name(), scene, url, clock.instant());
    } finally {
      places.release();
    }
  }

  private void print(RoutingContext rc, boolean ofDesks, Territory at, List<Spot> spots) {
    Account account = accountFor(at).orElseThrow(() -> new Refusal("no-codes", 422));
    Map<String, String> made = made(account, spots);
    page.send(
        rc,
        "reception/door-sheets",
        new Sheets(
            Frame.of(rc),
            ofDesks,
            url(ofDesks) + "?at=" + at.code(),
            spots.stream()
                .filter(each -> made.containsKey(each.scene()))
                .map(each ->
                    new Sheet(
                        each.name(),
                        each.around(),
                        QrCode.of(requireNonNull(made.get(each.scene())))))
                .toList(),
            territories.phoneOf(at).orElse(null)));
  }

  private Map<String, String> made(Account account, List<Spot> spots) {
    return store.made(
        db, account.channel().name(), account.name(), spots.stream().map(Spot::scene).toList());
  }

  /// The account that is nearest to a place, of those whose codes may have a scene.
  private Optional<Account> accountFor(Territory at) {
    List<Account> able =
        channels.all().stream()
            .flatMap(channel ->
                channel.accountsWithScenes().stream().map(each -> new Account(channel, each)))
            .toList();
    List<Territory> path = territories.pathOf(at);
    for (int i = path.size() - 1; i >= 0; i--) {
      String code = path.get(i).code();
      Optional<Account> home =
          able.stream().filter(each -> code.equals(homeOfAccount.get(each.key()))).findFirst();
      if (home.isPresent()) {
        return home;
      }
    }
    return able.stream().filter(each -> !homeOfAccount.containsKey(each.key())).findFirst();
  }

  /// Where somebody is who may be there: within their own territory.
  private Territory place(RoutingContext rc) {
    Territory own = ownOf(Staff.signedIn(rc));
    String code = rc.request().getParam("at");
    Territory at =
        code == null
            ? own
            : territories.byCode(code).filter(own::contains).orElseThrow(Refusal::notFound);
    return at.level() == Level.BUILDING ? territories.communityOf(at).orElse(at) : at;
  }

  private Territory ownOf(Staff staff) {
    return territories.byId(staff.territoryId());
  }

  private List<Place> above(Staff staff, Territory at) {
    Territory own = ownOf(staff);
    return territories.pathOf(at).stream()
        .filter(each -> own.contains(each) && each.id() != at.id())
        .map(each -> new Place(each.code(), each.name()))
        .toList();
  }

  private List<Place> below(Territory at) {
    return switch (at.level()) {
      case DISTRICT, STREET ->
          territories.children(at).stream()
              .filter(each -> each.level() != Level.GRID)
              .map(each -> new Place(each.code(), each.name()))
              .toList();
      case COMMUNITY, GROUP, BUILDING, GRID -> List.of();
    };
  }

  /// Those at which somebody works: whoever scans there is spoken to by them.
  private List<Spot> desks(Territory at) {
    return desks.at(at).stream()
        .filter(each -> each.kind().equals("desk") && desks.isStaffed(each))
        .map(each -> new Spot(desks.scene(each), each.name(), at.name()))
        .toList();
  }

  private List<Spot> doors(Territory at) {
    String around = territories.communityOf(at).map(Territory::name).orElse(at.name());
    return buildings(at).stream()
        .map(each -> new Spot(Territories.scene(each), territories.nameForResident(each), around))
        .toList();
  }

  /// All buildings of a community or a group. Of more at once nobody prints sheets.
  private List<Territory> buildings(Territory at) {
    return switch (at.level()) {
      case COMMUNITY ->
          territories.children(at).stream()
              .flatMap(each ->
                  each.level() == Level.BUILDING
                      ? List.of(each).stream()
                      : territories.children(each).stream())
              .filter(each -> each.level() == Level.BUILDING)
              .distinct()
              .toList();
      case GROUP ->
          territories.children(at).stream().filter(each -> each.level() == Level.BUILDING).toList();
      case DISTRICT, STREET, BUILDING, GRID -> List.of();
    };
  }
}
