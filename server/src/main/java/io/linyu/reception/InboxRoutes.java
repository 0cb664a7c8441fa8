package io.linyu.reception;

import static io.linyu.platform.http.Sequential.sequential;
import static java.util.Objects.requireNonNull;

import io.linyu.casework.Case;
import io.linyu.casework.Cases;
import io.linyu.community.Address;
import io.linyu.community.Community;
import io.linyu.community.Person;
import io.linyu.community.Territories;
import io.linyu.platform.Refusal;
import io.linyu.platform.db.Db;
import io.linyu.platform.http.Caller;
import io.linyu.platform.http.Page;
import io.linyu.platform.http.Routes;
import io.linyu.platform.http.Visit;
import io.linyu.platform.redis.RateLimit;
import io.linyu.platform.redis.Redis;
import io.linyu.platform.text.Words;
import io.linyu.platform.time.TimeWords;
import io.linyu.reception.InboxPages.Inbox;
import io.linyu.reception.InboxPages.Letter;
import io.linyu.reception.InboxPages.Matter;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;

/// A resident's own page: what could not be sent to them, and their matters. Its code is its only
/// key.
final class InboxRoutes implements Routes {
  private static final int MATTERS = 20;
  private static final int TIMES = 60;
  private static final Duration WITHIN = Duration.ofMinutes(1);

  private final Db db;
  private final Community community;
  private final Cases cases;
  private final Outbox outbox;
  private final RateLimit limit;
  private final Page page;
  private final Clock clock;
  private final ZoneId zone;
  private final boolean secure;

  InboxRoutes(
      Db db,
      Community community,
      Cases cases,
      Outbox outbox,
      Redis redis,
      Page page,
      Clock clock,
      ZoneId zone,
      boolean secure) {
    this.db = db;
    this.community = community;
    this.cases = cases;
    this.outbox = outbox;
    this.limit = new RateLimit(redis.commands(), redis.prefix() + "h5:", TIMES, WITHIN);
    this.page = page;
    this.clock = clock;
    this.zone = zone;
    this.secure = secure;
  }

  @Override
  public void mount(Router router) {
    router.get("/h5/inbox/:code").handler(sequential(this::inbox));
  }

  private void inbox(RoutingContext rc) {
    limit.takeOrRefuse(Caller.ip(rc));
    Address address =
        community
            .people()
            .addressByCode(requireNonNull(rc.pathParam("code")))
            .orElseThrow(Refusal::notFound);
    Person person = community.people().ofAddress(db, address.id());
    Instant now = clock.instant();
    Visit visit = Visit.of(rc, zone, now, person.language(), secure);
    Words words = visit.words();
    var times = new TimeWords(zone, words.language());
    List<Letter> waiting =
        outbox.showWaiting(address.id()).stream()
            .map(each -> new Letter(each.from(), times.exact(each.at(), now), each.text()))
            .toList();
    List<Matter> matters =
        cases.ofPerson(db, address.personId(), MATTERS).stream()
            .map(each -> matter(each, words, times.exact(each.saidAt(), now)))
            .toList();
    Territories territories = community.territories();
    Long home = person.homeId();
    String phone =
        territories
            .phoneOf(home == null ? territories.root() : territories.byId(home))
            .orElse(null);
    page.send(rc, "reception/inbox", new Inbox(visit, waiting, matters, phone));
  }

  private static Matter matter(Case each, Words words, String at) {
    return new Matter(
        each.number().toString(),
        each.title(),
        each.state().plainly(words.language()),
        each.isOpen(),
        at,
        "/h5/cases/" + each.code());
  }
}
