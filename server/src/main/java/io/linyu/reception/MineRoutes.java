package io.linyu.reception;

import static io.linyu.platform.http.Sequential.sequential;

import io.linyu.casework.Case;
import io.linyu.casework.CaseClock;
import io.linyu.casework.CaseId;
import io.linyu.casework.CaseState;
import io.linyu.casework.Cases;
import io.linyu.casework.KnownMatter.Followed;
import io.linyu.casework.KnownMatters;
import io.linyu.channel.Channels;
import io.linyu.channel.Ladder.Subscription;
import io.linyu.community.Address;
import io.linyu.community.Community;
import io.linyu.community.Consent;
import io.linyu.platform.Refusal;
import io.linyu.platform.db.Db;
import io.linyu.platform.http.Caller;
import io.linyu.platform.http.Frame;
import io.linyu.platform.http.Htmx;
import io.linyu.platform.http.Page;
import io.linyu.platform.http.Routes;
import io.linyu.platform.http.Visit;
import io.linyu.platform.redis.RateLimit;
import io.linyu.platform.redis.Redis;
import io.linyu.platform.text.Words;
import io.linyu.platform.time.TimeWords;
import io.linyu.reception.MinePages.Matter;
import io.linyu.reception.MinePages.Mine;
import io.linyu.reception.MinePages.Relative;
import io.linyu.reception.Visitors.Visitor;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// 我的事: all that somebody has told us, by whichever of their addresses, what of it goes on, and
/// where they are answered. For whoever is signed in.
final class MineRoutes implements Routes {
  static final String PATH = "/h5/me";
  private static final int AT_ONCE = 20;
  private static final int LARGEST_FORM = 1_000;
  private static final int TIMES = 60;
  private static final Duration WITHIN = Duration.ofMinutes(1);

  private final Db db;
  private final Community community;
  private final Cases cases;
  private final KnownMatters known;
  private final Channels channels;
  private final Replies replies;
  private final Acting acting;
  private final Visitors visitors;
  private final SignInRoutes signIn;
  private final RateLimit limit;
  private final Page page;
  private final Clock clock;
  private final ZoneId zone;
  private final boolean secure;
  private final SubscriptionStore subscriptions = new SubscriptionStore();

  MineRoutes(
      Db db,
      Community community,
      Cases cases,
      KnownMatters known,
      Channels channels,
      Replies replies,
      Acting acting,
      Visitors visitors,
      SignInRoutes signIn,
      Redis redis,
      Page page,
      Clock clock,
      ZoneId zone,
      boolean secure) {
    this.db = db;
    this.community = community;
    this.cases = cases;
    this.known = known;
    this.channels = channels;
    this.replies = replies;
    this.acting = acting;
    this.visitors = visitors;
    this.signIn = signIn;
    this.limit = new RateLimit(redis.commands(), redis.prefix() + "h5:", TIMES, WITHIN);
    this.page = page;
    this.clock = clock;
    this.zone = zone;
    this.secure = secure;
  }

  @Override
  public void mount(Router router) {
    router.get(PATH).handler(sequential(signIn.orSay(this::mine)));
    router
        .post(PATH + "/session/end")
        .handler(BodyHandler.create(false).setBodyLimit(LARGEST_FORM))
        .handler(sequential(signIn.orSay(this::leave)));
    router.get(PATH + "/consents/:id").handler(sequential(signIn.orSay(this::askEnd)));
    router
        .post(PATH + "/consents/:id")
        .handler(BodyHandler.create(false).setBodyLimit(LARGEST_FORM))
        .handler(sequential(signIn.orSay(this::end)));
  }

  private void mine(RoutingContext rc) {
    limit.takeOrRefuse(Caller.ip(rc));
    Visitor visitor = visitors.of(rc).orElse(null);
    if (visitor == null) {
      signIn.ask(rc, PATH);
      return;
    }
    Instant now = clock.instant();
    Visit visit = Visit.of(rc, zone, now, visitor.person().language(), secure);
    Words words = visit.words();
    String after = rc.request().getParam("after");
    Cases.Mine found = cases.ofPerson(db, visitor.person().id(), after, AT_ONCE);
    List<Case> forOthers =
        after == null ? acting.matters(db, visitor.person().id(), AT_ONCE) : List.of();
    var list = new Shown(words, now, found, visitor.person().id(), forOthers);
    List<Address> addresses =
        community.people().addressesOf(db, visitor.person().id()).stream()
            .filter(Address::follows)
            .toList();
    Long home = visitor.person().homeId();
    var territories = community.territories();
    page.send(
        rc,
        "reception/me",
        new Mine(
            visit,
            visitor.session().form(),
            "/h5/inbox/" + visitor.address().code(),
            replies.waitingFor(visitor.address().id()).size(),
            list.of(found.goingOn()),
            list.of(found.over()),
            answers(words, visitor, addresses),
            addresses.stream()
                .filter(this::isNotified)
                .map(each -> Ways.label(words, each.key()))
                .toList(),
            addresses.stream().anyMatch(each -> subscription(each) != null),
            list.of(forOthers),
            community.consents().actingFor(db, visitor.person().id()).stream()
                .map(each -> relative(each, false, words))
                .toList(),
            community.consents().actedForBy(db, visitor.person().id()).stream()
                .map(each -> relative(each, true, words))
                .toList(),
            found.after() == null
                ? null
                : PATH + "?after=" + URLEncoder.encode(found.after(), StandardCharsets.UTF_8),
            after == null,
            territories
                .phoneOf(home == null ? territories.root() : territories.byId(home))
                .orElse(null)));
  }

  private Relative relative(Consent each, boolean given, Words words) {
    return new Relative(
        given
            ? words.of(
                "consent.who-given", Acting.kinship(each, words), acting.actorName(each, words))
            : acting.giverName(db, each, words),
        words.of(each.seesAll() ? "h5.me.sees-all" : "h5.me.sees-own", acting.day(each, words)),
        PATH + "/consents/" + each.id());
  }

  /// Whether it is really to end.
  private void askEnd(RoutingContext rc) {
    limit.takeOrRefuse(Caller.ip(rc));
    Visitor visitor = visitors.of(rc).orElse(null);
    if (visitor == null) {
      signIn.ask(rc, PATH);
      return;
    }
    Theirs theirs = theirs(rc, visitor);
    Visit visit = Visit.of(rc, zone, clock.instant(), visitor.person().language(), secure);
    Words words = visit.words();
    page.send(
        rc,
        "reception/consent-end",
        new ConsentPages.End(
            visit,
            visitor.session().form(),
            theirs.given()
                ? words.of(
                    "h5.consent.asks-given",
                    Acting.kinship(theirs.consent(), words),
                    acting.actorName(theirs.consent(), words))
                : words.of("h5.consent.asks-taken", acting.giverName(db, theirs.consent(), words)),
            null));
  }

  /// @param given whether they gave it, or took it
  private record Theirs(Consent consent, boolean given) {}

  private Theirs theirs(RoutingContext rc, Visitor visitor) {
    String id = rc.pathParam("id");
    long person = visitor.person().id();
    return Stream.concat(
            community.consents().actedForBy(db, person).stream().map(e -> new Theirs(e, true)),
            community.consents().actingFor(db, person).stream().map(e -> new Theirs(e, false)))
        .filter(each -> Long.toString(each.consent().id()).equals(id))
        .findFirst()
        .orElseThrow(Refusal::notFound);
  }

  private void end(RoutingContext rc) {
    limit.takeOrRefuse(Caller.ip(rc));
    Visitor visitor = visitors.of(rc).orElse(null);
    if (visitor == null) {
      signIn.ask(rc, PATH);
      return;
    }
    SignInRoutes.checkForm(visitor, rc.request().getFormAttribute(Frame.FORM));
    Theirs theirs = theirs(rc, visitor);
    db.withinTransaction(tx -> {
      var _ =
          acting.end(
              tx, theirs.consent(), theirs.given() ? Consent.End.GIVER : Consent.End.ACTOR, null);
    });
    Htmx.see(rc, PATH);
  }

  private String answers(Words words, Visitor visitor, List<Address> addresses) {
    Long chosen = community.people().chosen(db, visitor.person().id()).orElse(null);
    return addresses.stream()
        .filter(each -> addresses.size() == 1 || (chosen != null && chosen == each.id()))
        .findFirst()
        .map(each -> words.of("h5.me.answers-at", Ways.label(words, each.key())))
        .orElseGet(() -> words.of("h5.me.answers-last"));
  }

  private @Nullable Subscription subscription(Address address) {
    return channels.of(address.key()).ladder(address.key().account()).subscription();
  }

  private boolean isNotified(Address address) {
    Subscription wanted = subscription(address);
    return wanted != null && subscriptions.has(db, address.id(), wanted.template(), true);
  }

  private void leave(RoutingContext rc) {
    limit.takeOrRefuse(Caller.ip(rc));
    visitors
        .of(rc)
        .ifPresent(visitor -> {
          SignInRoutes.checkForm(visitor, rc.request().getFormAttribute(Frame.FORM));
          visitors.leave(rc, visitor);
        });
    Htmx.see(rc, SignInRoutes.LEFT);
  }

  /// The lines of one page, with what they need asked for at once.
  private final class Shown {
    private final Words words;
    private final Instant now;
    private final TimeWords times;
    private final Map<CaseId, CaseClock> promised;
    private final Map<CaseId, Followed> follows;
    private final Map<CaseId, String> titles;
    private final Map<CaseId, String> codes;
    private final Set<CaseId> unsolved;

    Shown(Words words, Instant now, Cases.Mine found, long person, List<Case> forOthers) {
      List<Case> all =
          Stream.of(found.goingOn(), found.over(), forOthers).flatMap(List::stream).toList();
      this.codes = acting.codes(db, person, all);
      this.unsolved = cases.unsolved(db, all);
      this.words = words;
      this.now = now;
      this.times = new TimeWords(zone, words.language());
      List<CaseId> open =
          Stream.concat(found.goingOn().stream(), forOthers.stream().filter(Case::isOpen))
              .map(Case::id)
              .toList();
      List<CaseId> joined =
          Stream.of(found.goingOn(), found.over(), forOthers)
              .flatMap(List::stream)
              .filter(each -> each.state() == CaseState.MERGED)
              .map(Case::id)
              .toList();
      this.titles = acting.titles(db, person, all, words);
      this.promised = open.isEmpty() ? Map.of() : cases.promised(db, open);
      this.follows = joined.isEmpty() ? Map.of() : known.followed(db, joined);
    }

    List<Matter> of(List<Case> some) {
      return some.stream().map(this::of).toList();
    }

    private Matter of(Case each) {
      CaseClock next = promised.get(each.id());
      Followed follow = follows.get(each.id());
      return new Matter(
          each.number().toString(),
          titles.getOrDefault(each.id(), each.title()),
          follow != null && follow.end() != null
              ? words.of("known.over")
              : each.state().plainly(words, unsolved.contains(each.id())),
          follow != null ? told(follow) : next == null ? "" : promise(next),
          follow == null && next != null && !next.dueAt().isAfter(now),
          times.exact(each.saidAt(), now),
          url(each));
    }

    private String url(Case each) {
      String code = codes.get(each.id());
      return code == null ? "" : "/h5/cases/" + code;
    }

    private String promise(CaseClock next) {
      return next.dueAt().isAfter(now)
          ? words.of("resident.promise." + next.kind().word(), times.before(next.dueAt(), now))
          : words.of("resident.promise.late", times.at(next.dueAt(), now));
    }

    private String told(Followed follow) {
      var end = follow.end();
      return end == null
          ? words.of(
              "known.told-until",
              follow.matter().told(words.language()),
              Scenes.nextNews(follow.matter(), words, zone, now))
          : end.told(words.language());
    }
  }
}
