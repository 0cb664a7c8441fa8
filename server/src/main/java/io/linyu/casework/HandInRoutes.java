package io.linyu.casework;

import static io.linyu.platform.http.Sequential.sequential;
import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import io.linyu.casework.HandIns.Given;
import io.linyu.casework.HandIns.Paper;
import io.linyu.platform.Refusal;
import io.linyu.platform.http.Caller;
import io.linyu.platform.http.Htmx;
import io.linyu.platform.http.Routes;
import io.linyu.platform.redis.RateLimit;
import io.linyu.platform.redis.Redis;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Handing something in on the page of a matter, looking at it again, and taking it back. Works as
/// a plain form, too.
final class HandInRoutes implements Routes {
  private static final String PATH = "/h5/cases/:code/papers";

  /// All files of one request, and the form around them.
  private static final long LARGEST_BODY =
      (long) HandIns.MOST_AT_ONCE * TakenFile.LARGEST + (1 << 20);

  private static final int LARGEST_FORM = 1_000;
  private static final int LOOKS = 600;
  private static final Duration LOOKS_WITHIN = Duration.ofMinutes(1);

  /// Many people share the address of a mobile network.
  private static final int FROM_ONE_PLACE = 120;

  private static final int OF_ONE_MATTER = 20;
  private static final Duration WITHIN = Duration.ofMinutes(10);

  private final Cases cases;
  private final HandIns handIns;
  private final PageDangers dangers;
  private final FollowRoutes pages;
  private final SameOrigin origin;
  private final RateLimit looks;
  private final RateLimit fromOnePlace;
  private final RateLimit ofOneMatter;

  HandInRoutes(
      Cases cases,
      HandIns handIns,
      PageDangers dangers,
      FollowRoutes pages,
      Redis redis,
      String publicUrl) {
    this.cases = cases;
    this.handIns = handIns;
    this.dangers = dangers;
    this.pages = pages;
    this.origin = SameOrigin.of(publicUrl);
    this.looks =
        new RateLimit(redis.commands(), redis.prefix() + "h5-papers:", LOOKS, LOOKS_WITHIN);
    this.fromOnePlace =
        new RateLimit(redis.commands(), redis.prefix() + "h5-papers-from:", FROM_ONE_PLACE, WITHIN);
    this.ofOneMatter =
        new RateLimit(redis.commands(), redis.prefix() + "h5-papers-of:", OF_ONE_MATTER, WITHIN);
  }

  @Override
  public void mount(Router router) {
    var files =
        BodyHandler.create(System.getProperty("java.io.tmpdir"))
            .setBodyLimit(LARGEST_BODY)
            .setDeleteUploadedFilesOnEnd(true);
    router.post(PATH).handler(rc -> admit(rc, files)).handler(sequential(this::handIn));
    router.get(PATH + "/:paper").handler(sequential(this::show));
    router
        .post(PATH + "/:paper/removal")
        .handler(BodyHandler.create(false).setBodyLimit(LARGEST_FORM))
        .handler(sequential(this::takeBack));
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
              if (isTooLarge(rc)) {
                loop.runOnContext(_ -> rc.request().resume());
                refuse(
                    rc,
                    new Refusal(
                        "papers-too-large", 413, HandIns.MOST_AT_ONCE, TakenFile.LARGEST >> 20),
                    "",
                    false);
                return;
              }
              loop.runOnContext(_ -> {
                files.handle(rc);
                rc.request().resume();
              });
            })
        .handle(rc);
  }

  /// Known before it is read, and said on the page, where they can choose again. Without the length
  /// it is found out on the way, and the answer is a page of its own.
  private static boolean isTooLarge(RoutingContext rc) {
    String length = rc.request().getHeader("Content-Length");
    return length != null && length.length() < 19 && Long.parseLong(length) > LARGEST_BODY;
  }

  /// That it comes from a page of ours, and not too often.
  private Cases.Link require(RoutingContext rc) {
    origin.require(rc);
    fromOnePlace.takeOrRefuse(Caller.ip(rc));
    Cases.Link link = link(rc);
    ofOneMatter.takeOrRefuse(Long.toString(link.matter().id().value()));
    return link;
  }

  private void handIn(RoutingContext rc) {
    String code = requireNonNull(rc.pathParam("code"));
    String words = requireNonNullElse(rc.request().getFormAttribute("words"), "");
    String key = requireNonNullElse(rc.request().getFormAttribute("key"), "");
    Cases.Link link = link(rc);
    boolean danger = dangers.heard(link, words);
    try {
      handIns.handIn(link, key, words, given(rc));
    } catch (Refusal refused) {
      refuse(rc, refused, words, danger);
      return;
    }
    Htmx.go(rc, "/h5/cases/" + code + "?handed=" + key + (danger ? "&danger=1#danger" : "#papers"));
  }

  private void refuse(RoutingContext rc, Refusal refused, @Nullable String words, boolean danger) {
    if (Htmx.asks(rc) || refused.status() == 404) {
      throw refused;
    }
    pages.showRefused(rc, refused, words, danger);
  }

  private static List<Given> given(RoutingContext rc) {
    return rc.fileUploads().stream()
        // A field in which nothing was chosen comes as a file without a name.
        .filter(each -> !each.fileName().isEmpty())
        .map(each -> new Given(each.fileName(), each.size(), () -> EnclosureRoutes.read(each)))
        .toList();
  }

  private void show(RoutingContext rc) {
    looks.takeOrRefuse(Caller.ip(rc));
    Paper paper = handIns.seen(link(rc), requireNonNull(rc.pathParam("paper")));
    EnclosureRoutes.send(rc, paper.file().kind(), paper.file().name(), handIns.content(paper));
  }

  private void takeBack(RoutingContext rc) {
    Cases.Link link = require(rc);
    try {
      var _ = handIns.takeBack(link, requireNonNull(rc.pathParam("paper")));
    } catch (Refusal refused) {
      refuse(rc, refused, null, false);
      return;
    }
    Htmx.see(rc, "/h5/cases/" + rc.pathParam("code") + "?taken-back=1#papers");
  }

  private Cases.Link link(RoutingContext rc) {
    return cases.link(requireNonNull(rc.pathParam("code"))).orElseThrow(Refusal::notFound);
  }
}
