package io.linyu.reception;

import static io.linyu.platform.http.Sequential.sequential;
import static java.util.Objects.requireNonNull;

import io.linyu.community.Address;
import io.linyu.community.BindCodes;
import io.linyu.community.Community;
import io.linyu.community.Person;
import io.linyu.platform.Refusal;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Tx;
import io.linyu.platform.http.Caller;
import io.linyu.platform.http.Page;
import io.linyu.platform.http.Routes;
import io.linyu.platform.http.Visit;
import io.linyu.platform.redis.RateLimit;
import io.linyu.platform.redis.Redis;
import io.linyu.platform.text.QrCode;
import io.linyu.platform.text.Words;
import io.linyu.reception.AddressPages.Mine;
import io.linyu.reception.AddressPages.Place;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// A resident's addresses, for whoever would rather tap than write: a code for another account, the
/// other account's code, where answers go. Does what the words in the chat do, by the same doors;
/// the code of the resident's own inbox is its only key.
final class AddressRoutes implements Routes {
  private static final int LARGEST_FORM = 1_000;
  private static final int TIMES = 60;
  private static final Duration WITHIN = Duration.ofMinutes(1);

  private final Db db;
  private final Community community;
  private final Joinings joinings;
  private final PassingCodes codes;
  private final RateLimit limit;
  private final Page page;
  private final Clock clock;
  private final ZoneId zone;
  private final boolean secure;
  private final TurnStore conversations = new TurnStore();

  AddressRoutes(
      Db db,
      Community community,
      Joinings joinings,
      PassingCodes codes,
      Redis redis,
      Page page,
      Clock clock,
      ZoneId zone,
      boolean secure) {
    this.db = db;
    this.community = community;
    this.joinings = joinings;
    this.codes = codes;
    this.limit = new RateLimit(redis.commands(), redis.prefix() + "h5:", TIMES, WITHIN);
    this.page = page;
    this.clock = clock;
    this.zone = zone;
    this.secure = secure;
  }

  @Override
  public void mount(Router router) {
    String path = "/h5/inbox/:code/addresses";
    var body = BodyHandler.create(false).setBodyLimit(LARGEST_FORM);
    router.get(path).handler(sequential(rc -> show(rc, Said.NOTHING)));
    router.post(path).handler(body).handler(sequential(this::act));
  }

  /// What has to be said once, on the page that answers a form.
  private record Said(@Nullable String code, @Nullable String found, @Nullable String told) {
    private static final Said NOTHING = new Said(null, null, null);

    private static Said told(String key) {
      return new Said(null, null, key);
    }
  }

  private void act(RoutingContext rc) {
    String what = field(rc, "do");
    BiFunction<Tx, Conversation, Said> deed =
        switch (what) {
          case "code" -> (tx, with) -> new Said(joinings.code(tx, with.addressId), null, null);
          case "claim" -> (tx, with) -> claim(tx, with, field(rc, "typed"));
          case "join" ->
              (tx, with) ->
                  Said.told(joinings.joinClaimed(tx, with).isPresent() ? "joined" : "gone");
          case "part" -> (tx, with) -> Said.told(joinings.part(tx, with) ? "parted" : "alone");
          case "answers" -> (tx, with) -> choose(tx, with, field(rc, "to"));
          default -> throw new Refusal("form-outdated", 422);
        };
    long address = address(rc).id();
    Said said =
        db.inTransaction(tx -> {
          conversations.begin(tx, List.of(address));
          return deed.apply(tx, conversations.lock(tx, address).orElseThrow(Refusal::notFound));
        });
    show(rc, said);
  }

  private Said claim(Tx tx, Conversation with, String typed) {
    String digits = typed.replaceAll("[^0-9]", "");
    if (digits.length() != 8) {
      return Said.told("wrong");
    }
    Joinings.Claimed claimed = joinings.claim(tx, with, digits);
    return claimed.who() == null
        ? Said.told(claimed.outcome())
        : new Said(null, claimed.who(), null);
  }

  private Said choose(Tx tx, Conversation with, String to) {
    if (to.equals("last")) {
      community.people().chooseNone(tx, with.personId);
    } else {
      Address wanted =
          community.people().addressesOf(tx, with.personId).stream()
              .filter(each -> Long.toString(each.id()).equals(to))
              .findFirst()
              .orElseThrow(Refusal::notFound);
      community.people().choose(tx, with.personId, wanted.id());
    }
    return Said.told("chosen");
  }

  private void show(RoutingContext rc, Said said) {
    Address here = address(rc);
    Person person = community.people().ofAddress(db, here.id());
    Visit visit = Visit.of(rc, zone, clock.instant(), person.language(), secure);
    Words words = visit.words();
    Long chosen = community.people().chosen(db, person.id()).orElse(null);
    List<Place> places =
        community.people().addressesOf(db, person.id()).stream()
            .filter(each -> each.follows() || each.id() == here.id())
            .map(each ->
                new Place(
                    each.id(),
                    Ways.label(words, each.key()),
                    each.id() == here.id(),
                    chosen != null && chosen == each.id()))
            .toList();
    String joined =
        db.inTransaction(tx ->
                conversations.read(tx, here.id()).flatMap(with -> joinings.joinedWith(tx, with)))
            .orElse(null);
    var territories = community.territories();
    Long home = person.homeId();
    page.send(
        rc,
        "reception/addresses",
        new Mine(
            visit,
            "/h5/inbox/" + here.code(),
            places,
            chosen != null,
            said.code(),
            said.code() == null
                ? null
                : codes
                    .toBind(said.code(), here.key(), BindCodes.LASTS)
                    .map(QrCode::of)
                    .orElse(null),
            said.found(),
            said.told() == null ? null : words.of("h5.addresses." + said.told()),
            joined,
            territories
                .phoneOf(home == null ? territories.root() : territories.byId(home))
                .orElse(null)));
  }

  private Address address(RoutingContext rc) {
    limit.takeOrRefuse(Caller.ip(rc));
    return community
        .people()
        .addressByCode(requireNonNull(rc.pathParam("code")))
        .orElseThrow(Refusal::notFound);
  }

  private static String field(RoutingContext rc, String name) {
    String value = rc.request().getFormAttribute(name);
    if (value == null) {
      throw new Refusal("form-outdated", 422);
    }
    return value;
  }
}
