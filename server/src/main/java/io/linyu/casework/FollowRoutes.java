package io.linyu.casework;

import static io.linyu.platform.http.Sequential.sequential;
import static java.util.Objects.requireNonNull;

import io.linyu.casework.CasePages.AppealView;
import io.linyu.casework.CasePages.FollowedPage;
import io.linyu.casework.CasePages.HandingView;
import io.linyu.casework.CasePages.RatingView;
import io.linyu.casework.CasePages.UrgingView;
import io.linyu.casework.CasePages.WithdrawalView;
import io.linyu.casework.ExamplePages.AskedView;
import io.linyu.community.Community;
import io.linyu.platform.Refusal;
import io.linyu.platform.db.Db;
import io.linyu.platform.http.Caller;
import io.linyu.platform.http.Page;
import io.linyu.platform.http.Routes;
import io.linyu.platform.http.Visit;
import io.linyu.platform.redis.RateLimit;
import io.linyu.platform.redis.Redis;
import io.linyu.platform.text.Codes;
import io.linyu.platform.text.Words;
import io.linyu.platform.time.TimeWords;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The page of the person who told it: the matter on its way, like a parcel. Its address is the
/// key, so nothing is on it that others should not learn about others.
final class FollowRoutes implements Routes {
  private static final int TIMES = 60;
  private static final Duration WITHIN = Duration.ofMinutes(1);

  private final Cases cases;
  private final Categories categories;
  private final Enclosures enclosures;
  private final HandIns handIns;
  private final ReturnVisits visits;
  private final Appealing appealing;
  private final Splitting splitting;
  private final Examples examples;
  private final Community community;
  private final Db db;
  private final RateLimit limit;
  private final Page page;
  private final Clock clock;
  private final ZoneId zone;
  private final boolean secure;

  FollowRoutes(
      Cases cases,
      Categories categories,
      Enclosures enclosures,
      HandIns handIns,
      ReturnVisits visits,
      Appealing appealing,
      Splitting splitting,
      Examples examples,
      Community community,
      Db db,
      Redis redis,
      Page page,
      Clock clock,
      ZoneId zone,
      boolean secure) {
    this.cases = cases;
    this.categories = categories;
    this.enclosures = enclosures;
    this.handIns = handIns;
    this.visits = visits;
    this.appealing = appealing;
    this.splitting = splitting;
    this.examples = examples;
    this.community = community;
    this.db = db;
    this.limit = new RateLimit(redis.commands(), redis.prefix() + "h5:", TIMES, WITHIN);
    this.page = page;
    this.clock = clock;
    this.zone = zone;
    this.secure = secure;
  }

  @Override
  public void mount(Router router) {
    router.get("/h5/cases/:code").handler(sequential(this::follow));
  }

  private void follow(RoutingContext rc) {
    limit.takeOrRefuse(Caller.ip(rc));
    show(rc, null, null, rc.request().getParam("danger") != null);
  }

  /// Instead of a page that says no and leads nowhere: the same one, with the sentence beside the
  /// form, and what they wrote still in it.
  ///
  /// @param words that were to be handed in with files; null: it was not about that
  /// @param danger whether what they wrote tells of danger to life
  void showRefused(RoutingContext rc, Refusal refused, @Nullable String words, boolean danger) {
    rc.response().setStatusCode(refused.status());
    show(rc, refused, words, danger);
  }

  /// The same for another look that was asked for.
  void showNotAppealed(RoutingContext rc, Refusal refused, String words, boolean danger) {
    rc.response().setStatusCode(refused.status());
    show(rc, null, null, danger, refused, words, null);
  }

  /// The same for what they said of a text that is to be published.
  void showNotAgreed(RoutingContext rc, Refusal refused) {
    rc.response().setStatusCode(refused.status());
    show(rc, null, null, false, null, "", refused);
  }

  private void show(
      RoutingContext rc, @Nullable Refusal refused, @Nullable String words, boolean danger) {
    show(rc, refused, words, danger, null, "", null);
  }

  private void show(
      RoutingContext rc,
      @Nullable Refusal refused,
      @Nullable String words,
      boolean danger,
      @Nullable Refusal notAppealed,
      String appealed,
      @Nullable Refusal notAgreed) {
    String code = requireNonNull(rc.pathParam("code"));
    Cases.Link link = cases.link(code).orElseThrow(Refusal::notFound);
    Followed followed = cases.byCode(code, Words.DEFAULT_LANGUAGE).orElseThrow(Refusal::notFound);
    Case matter = followed.matter();
    Visit visit =
        Visit.of(rc, zone, clock.instant(), language(matter), secure).at("/h5/cases/" + code);
    String language = visit.words().language();
    if (!language.equals(Words.DEFAULT_LANGUAGE)) {
      followed = cases.byCode(code, language).orElseThrow(Refusal::notFound);
    }
    var territories = community.territories();
    String phone = territories.phoneOf(territories.byId(matter.territoryId())).orElse(null);
    List<Enclosure> along = enclosures.of(db, followed.answers().stream().map(Answer::id).toList());
    var handing =
        new HandingView(
            HandIns.isOpenTo(matter) && !hasEnded(followed.known()),
            Codes.random(),
            handIns.of(link),
            refused == null ? null : no(refused, words != null, visit.words()),
            words == null ? "" : words,
            refused == null ? done(rc, link, visit.words()) : null,
            danger);
    page.send(
        rc,
        "casework/followed",
        new FollowedPage(
            visit,
            code,
            followed,
            along,
            handing,
            urging(link.matter(), visit),
            withdrawal(rc, link.matter(), matter, visit.words()),
            rating(matter, visit),
            appeal(matter, visit, notAppealed, appealed),
            asked(link, visit, notAgreed),
            together(link, visit),
            phone));
  }

  /// Each of them leads whoever reads this to the page that is theirs.
  private List<SplitPages.Own> together(Cases.Link link, Visit visit) {
    Splitting.Family family = splitting.family(db, link.matter());
    List<Case> all =
        Stream.concat(Stream.ofNullable(family.from()), family.others().stream()).toList();
    return cases.asTold(db, all).stream()
        .filter(each -> link.isOwner() || Objects.equals(each.consentId(), link.consent()))
        .filter(each -> link.isOwner() || each.speakerCode() != null)
        .map(each ->
            new SplitPages.Own(
                each.title(),
                each.number().text(),
                "/h5/cases/" + (link.isOwner() ? each.code() : each.speakerCode()),
                each.state().plainly(visit.words().language())))
        .toList();
  }

  private RatingView rating(Case matter, Visit visit) {
    ReturnVisit asked = visits.last(db, matter.id()).orElse(null);
    if (asked == null || !ReturnVisits.isOpenTo(asked, visit.moments().now())) {
      return new RatingView(null, null);
    }
    Instant rated = asked.ratedAt() == null ? asked.endedAt() : asked.ratedAt();
    return new RatingView(
        asked, rated == null || asked.isOpen() ? null : rated.plus(ReturnVisits.CHANGEABLE));
  }

  private AppealView appeal(Case matter, Visit visit, @Nullable Refusal refused, String written) {
    Words words = visit.words();
    String no = refused == null ? null : words.of(refused);
    Appealing.Offer offer = appealing.offered(matter).orElse(null);
    if (offer != null) {
      return new AppealView(
          new TimeWords(zone, words.language()).date(offer.until()),
          offer.desk().name(),
          matter.addressId() != null,
          null,
          no,
          written);
    }
    Instant asked = matter.appealedAt();
    String said = null;
    if (matter.isUnderReview() && asked != null) {
      said = words.of("appeal.asked", visit.moments().at(asked), matter.deskName());
    } else if (matter.state() == CaseState.REJECTED) {
      said = words.of(asked == null ? "appeal.late" : "appeal.over");
    }
    return said == null && no == null
        ? AppealView.NONE
        : new AppealView(null, "", false, said, no, written);
  }

  private AskedView asked(Cases.Link link, Visit visit, @Nullable Refusal refused) {
    String no = refused == null ? null : visit.words().of(refused);
    Case matter = link.matter();
    return examples
        .asked(link)
        .map(each ->
            new AskedView(
                each,
                new ExamplePages.Shown(visit.words(), examples.shown(each, matter)),
                Examples.isOpenTo(each, matter, visit.moments().now()),
                no))
        .orElse(AskedView.NONE);
  }

  private static UrgingView urging(Case matter, Visit visit) {
    if (!Urging.isOpenTo(matter) || matter.letGoAt() != null) {
      return new UrgingView(false, null);
    }
    Instant last = Urging.lately(matter, visit.moments().now());
    return last == null
        ? new UrgingView(true, null)
        : new UrgingView(
            false,
            visit
                .words()
                .of(
                    "urge.said",
                    visit.moments().at(last),
                    who(matter, visit.words()),
                    visit.moments().at(last.plus(Urging.APART))));
  }

  /// @param standing as it stands for whoever told it
  private WithdrawalView withdrawal(RoutingContext rc, Case matter, Case standing, Words words) {
    boolean kept = rc.request().getParam("kept") != null && standing.state() != CaseState.WITHDRAWN;
    return new WithdrawalView(
        Intake.isWithdrawable(standing),
        !matter.follows() && categories.isSafety(matter),
        kept ? words.of("refusal.case-not-withdrawn", matter.number().text()) : null);
  }

  private static String who(Case matter, Words words) {
    String name = matter.staffName();
    return name == null
        ? words.of("urge.unheld", matter.deskName())
        : words.of("urge.held", matter.deskName(), name);
  }

  /// What joined a known matter is over when that is.
  private static boolean hasEnded(KnownMatter.@Nullable Followed known) {
    return known != null && known.end() != null;
  }

  private static String no(Refusal refused, boolean nothingSent, Words words) {
    String why = words.of(refused);
    return nothingSent ? words.of("papers.nothing-sent", why) : why;
  }

  /// What was just done, as the database knows it and not as the address says; null: nothing.
  private @Nullable String done(RoutingContext rc, Cases.Link link, Words words) {
    String key = rc.request().getParam("handed");
    HandIns.Came came = key == null ? null : handIns.came(link, key).orElse(null);
    if (came != null) {
      Case to = cases.named(db, came.to()).orElseThrow();
      return words.of("papers.done", came.count(), to.deskName());
    }
    return rc.request().getParam("taken-back") == null ? null : words.of("papers.taken-back");
  }

  private @Nullable String language(Case matter) {
    Long person = matter.personId();
    return person == null ? null : community.people().byId(db, person).language();
  }
}
