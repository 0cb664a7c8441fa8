package io.linyu.reception;

import static io.linyu.platform.http.Sequential.sequential;
import static java.util.Objects.requireNonNull;

import io.linyu.casework.Case;
import io.linyu.casework.CaseId;
import io.linyu.casework.Cases;
import io.linyu.community.Address;
import io.linyu.community.Community;
import io.linyu.community.Person;
import io.linyu.community.Territories;
import io.linyu.platform.Refusal;
import io.linyu.platform.db.Db;
import io.linyu.platform.http.Caller;
import io.linyu.platform.http.Htmx;
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
import io.vertx.ext.web.handler.BodyHandler;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;

/// A resident's own page: what could not be sent to them, and their matters. Its code is its only
/// key.
final class InboxRoutes implements Routes {
  private static final int MATTERS = 20;
  private static final int LARGEST_FORM = 1_000;
  private static final int TIMES = 60;
  private static final Duration WITHIN = Duration.ofMinutes(1);

  private final Db db;
  private final Community community;
  private final Cases cases;
  private final Replies replies;
  private final RateLimit limit;
  private final Page page;
  private final Clock clock;
  private final ZoneId zone;
  private final boolean secure;

  InboxRoutes(
      Db db,
      Community community,
      Cases cases,
      Replies replies,
      Redis redis,
      Page page,
      Clock clock,
      ZoneId zone,
      boolean secure) {
    this.db = db;
    this.community = community;
    this.cases = cases;
    this.replies = replies;
    this.limit = new RateLimit(redis.commands(), redis.prefix() + "h5:", TIMES, WITHIN);
    this.page = page;
    this.clock = clock;
    this.zone = zone;
    this.secure = secure;
  }

  @Override
  public void mount(Router router) {
    router.get("/h5/inbox/:code").handler(sequential(this::inbox));
    router
        .post("/h5/inbox/:code/shown")
        .handler(BodyHandler.create(false).setBodyLimit(LARGEST_FORM))
        .handler(sequential(this::shown));
  }

  private void inbox(RoutingContext rc) {
    Address address = address(rc);
    Person person = community.people().ofAddress(db, address.id());
    Instant now = clock.instant();
    Visit visit = Visit.of(rc, zone, now, person.language(), secure);
    Words words = visit.words();
    var times = new TimeWords(zone, words.language());
    List<Replies.Shown> waits = replies.waitingFor(address.id());
    List<Letter> waiting =
        waits.stream()
            .map(each -> new Letter(each.from(), times.exact(each.at(), now), each.text()))
            .toList();
    List<Case> told = cases.ofPerson(db, address.personId(), MATTERS);
    Set<CaseId> unsolved = cases.unsolved(db, told);
    List<Matter> matters =
        told.stream()
            .map(each ->
                matter(
                    each,
                    each.state().plainly(words, unsolved.contains(each.id())),
                    times.exact(each.saidAt(), now)))
            .toList();
    Territories territories = community.territories();
    Long home = person.homeId();
    String phone =
        territories
            .phoneOf(home == null ? territories.root() : territories.byId(home))
            .orElse(null);
    long upTo = waits.isEmpty() ? 0 : waits.getFirst().id();
    page.send(rc, "reception/inbox", new Inbox(visit, waiting, upTo, matters, phone));
  }

  private void shown(RoutingContext rc) {
    Address address = address(rc);
    try {
      replies.shown(address.id(), Long.parseLong(rc.request().getFormAttribute("up-to")));
    } catch (NumberFormatException nonsense) {
      throw new Refusal("form-outdated", 422);
    }
    Htmx.see(rc, "/h5/inbox/" + rc.pathParam("code"));
  }

  private Address address(RoutingContext rc) {
    limit.takeOrRefuse(Caller.ip(rc));
    return community
        .people()
        .addressByCode(requireNonNull(rc.pathParam("code")))
        .orElseThrow(Refusal::notFound);
  }

  private static Matter matter(Case each, String state, String at) {
    return new Matter(
        each.number().toString(),
        each.title(),
        state,
        each.isOpen(),
        at,
        "/h5/cases/" + each.code());
  }
}
