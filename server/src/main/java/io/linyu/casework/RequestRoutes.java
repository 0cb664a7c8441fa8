package io.linyu.casework;

import static io.linyu.platform.http.Sequential.sequential;
import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import io.linyu.casework.Cases.Step;
import io.linyu.casework.RequestPages.HeadCode;
import io.linyu.casework.RequestPages.RequestPage;
import io.linyu.casework.RequestPages.RequestsView;
import io.linyu.community.Community;
import io.linyu.community.Staff;
import io.linyu.community.audit.Who;
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
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The page on which a head answers what they were asked, in large type and without a script; and
/// what is asked, as a part of the case's page. Asking itself is a step of [CaseRoutes].
final class RequestRoutes implements Routes {
  private static final String PATH = "/h5/requests/:code";

  /// All pictures, and the form around them.
  private static final long LARGEST_BODY = (long) Photos.MOST * TakenFile.LARGEST + (1 << 20);

  private static final int LOOKS = 120;
  private static final Duration LOOKS_WITHIN = Duration.ofMinutes(1);

  /// Many people share the address of a mobile network.
  private static final int FROM_ONE_PLACE = 120;

  private static final int OF_ONE_REQUEST = 20;
  private static final int CODES = 10;
  private static final Duration WITHIN = Duration.ofMinutes(10);

  private final Db db;
  private final Cases cases;
  private final Requests requests;
  private final Community community;
  private final Page page;
  private final Clock clock;
  private final ZoneId zone;
  private final boolean secure;
  private final String publicUrl;
  private final SameOrigin origin;
  private final RateLimit looks;
  private final RateLimit fromOnePlace;
  private final RateLimit ofOneRequest;
  private final RateLimit codes;

  RequestRoutes(
      Db db,
      Casework casework,
      Community community,
      Redis redis,
      Page page,
      Clock clock,
      ZoneId zone,
      boolean secure,
      String publicUrl) {
    this.db = db;
    this.cases = casework.cases();
    this.requests = casework.requests();
    this.community = community;
    this.page = page;
    this.clock = clock;
    this.zone = zone;
    this.secure = secure;
    this.publicUrl = publicUrl;
    this.origin = SameOrigin.of(publicUrl);
    this.looks = new RateLimit(redis.commands(), redis.prefix() + "h5-asked:", LOOKS, LOOKS_WITHIN);
    this.fromOnePlace =
        new RateLimit(
            redis.commands(), redis.prefix() + "h5-replies-from:", FROM_ONE_PLACE, WITHIN);
    this.ofOneRequest =
        new RateLimit(redis.commands(), redis.prefix() + "h5-replies-of:", OF_ONE_REQUEST, WITHIN);
    this.codes = new RateLimit(redis.commands(), redis.prefix() + "head-codes:", CODES, WITHIN);
  }

  @Override
  public void mount(Router router) {
    var files =
        BodyHandler.create(System.getProperty("java.io.tmpdir"))
            .setBodyLimit(LARGEST_BODY)
            .setDeleteUploadedFilesOnEnd(true);
    router.get(PATH).handler(sequential(this::show));
    router.post(PATH).handler(rc -> admit(rc, files)).handler(sequential(this::answer));
    router
        .get("/console/cases/:code/requests")
        .handler(sequential(rc -> ofCase(rc, "casework/_requests", false)));
    router
        .get("/console/cases/:code/heads")
        .handler(sequential(rc -> ofCase(rc, "casework/_ask-head", true)));
    router.post("/console/cases/:code/heads/:head/code").handler(sequential(this::bindCode));
  }

  private void show(RoutingContext rc) {
    looks.takeOrRefuse(Caller.ip(rc));
    Request asked = asked(rc);
    show(rc, asked, null, asked.outcome() == null ? "" : words(asked));
  }

  /// What they wrote, to be changed.
  private static String words(Request asked) {
    return asked.outcome() == Request.Outcome.TOLD ? requireNonNullElse(asked.answer(), "") : "";
  }

  private void show(RoutingContext rc, Request asked, @Nullable Refusal refused, String written) {
    Visit visit =
        Visit.inLargeType(rc, zone, clock.instant(), asked.language(), secure)
            .at("/h5/requests/" + asked.code());
    Case matter = cases.named(db, asked.caseId()).orElseThrow(Refusal::notFound);
    var territories = community.territories();
    page.send(
        rc,
        "casework/request",
        new RequestPage(
            visit,
            asked,
            asked.isOpenTo(clock.instant()),
            refused == null ? null : visit.words().of(refused),
            written,
            territories.phoneOf(territories.byId(matter.territoryId())).orElse(null),
            requests.isHeard(asked)));
  }

  /// Nobody has us keep megabytes who has no page of ours: the body waits until that is known.
  private void admit(RoutingContext rc, BodyHandler files) {
    rc.request().pause();
    var loop = rc.vertx().getOrCreateContext();
    sequential(
            _ -> {
              try {
                require(rc);
              } catch (RuntimeException refused) {
                rc.response().putHeader("Connection", "close");
                throw refused;
              }
              loop.runOnContext(_ -> {
                files.handle(rc);
                rc.request().resume();
              });
            })
        .handle(rc);
  }

  private void require(RoutingContext rc) {
    origin.require(rc);
    fromOnePlace.takeOrRefuse(Caller.ip(rc));
    ofOneRequest.takeOrRefuse(asked(rc).code());
  }

  private void answer(RoutingContext rc) {
    Request asked = asked(rc);
    String words = requireNonNullElse(rc.request().getFormAttribute("words"), "");
    Request.Outcome outcome =
        Request.Outcome.of(rc.request().getFormAttribute("outcome")).orElse(Request.Outcome.TOLD);
    try {
      var _ = requests.answer(asked.code(), outcome, words, Photos.taken(rc, clock.instant()));
    } catch (Refusal refused) {
      rc.response().setStatusCode(refused.status());
      show(rc, asked(rc), refused, words);
      return;
    }
    Htmx.see(rc, "/h5/requests/" + asked.code());
  }

  private Request asked(RoutingContext rc) {
    return requests.byCode(requireNonNull(rc.pathParam("code"))).orElseThrow(Refusal::notFound);
  }

  private void bindCode(RoutingContext rc) {
    Staff staff = Staff.signedIn(rc);
    codes.takeOrRefuse(Long.toString(staff.id()));
    Case matter = cases.visibleTo(staff, requireNonNull(rc.pathParam("code")));
    long head;
    try {
      head = Long.parseLong(requireNonNull(rc.pathParam("head")));
    } catch (NumberFormatException e) {
      throw Refusal.notFound();
    }
    String code = requests.bindCode(staff, Who.staff(staff.id(), Caller.ip(rc)), matter.id(), head);
    page.send(
        rc,
        "casework/_head-code",
        new HeadCode(Frame.of(rc).words(), head, code.substring(0, 4) + " " + code.substring(4)));
  }

  /// What is asked, or a form by which to ask.
  private void ofCase(RoutingContext rc, String template, boolean asking) {
    Staff staff = Staff.signedIn(rc);
    Case matter = cases.visibleTo(staff, requireNonNull(rc.pathParam("code")));
    var steps = EnumSet.noneOf(Step.class);
    steps.addAll(cases.stepsFor(staff, matter));
    Permits permits = cases.permits(staff, matter);
    boolean asks = steps.contains(Step.ASK_HEAD);
    page.send(
        rc,
        template,
        new RequestsView(
            Frame.of(rc),
            matter,
            CaseViews.query(rc),
            asking ? List.of() : requests.of(staff, matter.id()),
            asks,
            steps.contains(Step.LOOK) && requests.isToBeSeen(matter),
            permits.isHandler() || permits.directs(),
            asks && asking ? requests.candidates(staff, matter) : List.of(),
            publicUrl));
  }
}
