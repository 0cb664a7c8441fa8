package io.linyu.console;

import static io.linyu.platform.http.Sequential.sequential;

import io.linyu.community.Community;
import io.linyu.community.Desk;
import io.linyu.community.Staff;
import io.linyu.platform.Refusal;
import io.linyu.platform.auth.Sessions;
import io.linyu.platform.auth.Sessions.Session;
import io.linyu.platform.http.Frame;
import io.linyu.platform.http.Htmx;
import io.linyu.platform.http.Routes;
import io.linyu.platform.text.Words;
import io.linyu.platform.time.Moments;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.ZoneId;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Nobody passes to `/console` without a session, and nothing is changed there from a page that is
/// not ours. Mounted before every room that has pages there.
public final class Guard implements Routes {
  static final String COOKIE = "linyu_session";
  static final String SIGN_IN = "/console/session";

  /// For whoever has shown a password; it looks for itself who that is.
  static final String SECOND = "/console/session/second";

  static final String SET_UP = "/console/session/second/authenticator";
  private static final Set<String> OPEN = Set.of(SIGN_IN, SECOND, SET_UP);
  private static final String SESSION = "linyu.session";
  private static final long LARGEST_FORM = 256 * 1024;

  /// What was kept on a phone without a network comes with its pictures in it.
  private static final Pattern THINGS = Pattern.compile("/console/cases/[^/]+/things");

  private static final long LARGEST_THING = 8 * 1024 * 1024;

  /// A form with files. One by one they may each be 20 MB; without a script they come together.
  private static final long LARGEST_FILES = 64L << 20;

  /// Where files are sent to.
  private static final Pattern FILES =
      Pattern.compile(
          "/console/(?:cases/(?:new|[^/]+/(?:enclosures|answers|closure|check))|parts/[^/]+/answer|boxes/openings/[^/]+/slips(?:/[^/]+/photo)?)");

  private static final Set<HttpMethod> HARMLESS = Set.of(HttpMethod.GET, HttpMethod.HEAD);

  private final Sessions sessions;
  private final Community community;
  private final Clock clock;
  private final ZoneId zone;
  private final Predicate<String> needsSecond;

  /// @param needsSecond whether this role has to have a second factor
  public Guard(
      Sessions sessions,
      Community community,
      Clock clock,
      ZoneId zone,
      Predicate<String> needsSecond) {
    this.sessions = sessions;
    this.community = community;
    this.clock = clock;
    this.zone = zone;
    this.needsSecond = needsSecond;
  }

  @Override
  public void mount(Router router) {
    var small = BodyHandler.create(false).setBodyLimit(LARGEST_FORM);
    var files =
        BodyHandler.create(System.getProperty("java.io.tmpdir"))
            .setBodyLimit(LARGEST_FILES)
            .setDeleteUploadedFilesOnEnd(true);
    var things = BodyHandler.create(false).setBodyLimit(LARGEST_THING);
    router
        .route("/console/*")
        .handler(rc -> {
          if (bringsFiles(rc)) {
            known(rc, () -> files.handle(rc));
          } else if (THINGS.matcher(rc.normalizedPath()).matches()
              && rc.request().method().equals(HttpMethod.POST)) {
            known(rc, () -> things.handle(rc));
          } else {
            small.handle(rc);
          }
        })
        .handler(rc -> {
          if (OPEN.contains(rc.normalizedPath())) {
            rc.next();
          } else {
            watch(rc);
          }
        });
  }

  private static boolean bringsFiles(RoutingContext rc) {
    String type = rc.request().getHeader("Content-Type");
    return type != null
        && type.startsWith("multipart/form-data")
        && FILES.matcher(rc.normalizedPath()).matches();
  }

  /// Nobody has us keep megabytes who has not signed in: the body waits until that is known.
  private void known(RoutingContext rc, Runnable then) {
    rc.request().pause();
    var loop = rc.vertx().getOrCreateContext();
    sequential(
            _ -> {
              Cookie cookie = rc.request().getCookie(COOKIE);
              if (cookie == null || sessions.find(cookie.getValue(), true).isEmpty()) {
                rc.response().putHeader("Connection", "close");
                turnAway(rc);
                return;
              }
              loop.runOnContext(_ -> {
                then.run();
                rc.request().resume();
              });
            })
        .handle(rc);
  }

  static Session session(RoutingContext rc) {
    return java.util.Objects.requireNonNull(rc.<Session>get(SESSION));
  }

  private void watch(RoutingContext rc) {
    var loop = rc.vertx().getOrCreateContext();
    sequential(
            _ -> {
              if (enter(rc)) {
                loop.runOnContext(_ -> rc.next());
              } else {
                turnAway(rc);
              }
            })
        .handle(rc);
  }

  private boolean enter(RoutingContext rc) {
    Cookie cookie = rc.request().getCookie(COOKIE);
    if (cookie == null) {
      return false;
    }
    // Pages that refresh themselves, and streams, do not keep somebody signed in who has left.
    boolean acts = !Htmx.isLive(rc) && !rc.normalizedPath().equals(SessionRoutes.LIVE);
    Optional<Session> found = sessions.find(cookie.getValue(), acts);
    Optional<Staff> who = found.flatMap(session -> community.staff().byId(session.subject()));
    if (found.isEmpty() || who.isEmpty()) {
      return false;
    }
    Session session = found.get();
    if (session.credentials() != who.get().credentials()) {
      sessions.end(session.id()); // password or second factor was changed elsewhere
      return false;
    }
    if (needsSecond.test(who.get().role())
        && community.secondFactors().of(session.subject()).isEmpty()) {
      sessions.end(session.id()); // it is set up after the password
      return false;
    }
    if (!HARMLESS.contains(rc.request().method()) && !session.isForm(form(rc))) {
      throw new Refusal("form-outdated", 403);
    }
    rc.put(SESSION, session);
    who.get().enter(rc);
    frame(rc, session, who.get()).enter(rc);
    return true;
  }

  private static @Nullable String form(RoutingContext rc) {
    String header = rc.request().getHeader(Frame.FORM);
    return header != null ? header : rc.request().getFormAttribute(Frame.FORM);
  }

  private Frame frame(RoutingContext rc, Session session, Staff staff) {
    var words = Words.in(staff.language());
    String desks =
        community.desks().allOf(staff).stream().map(Desk::name).collect(Collectors.joining("、"));
    return new Frame(
        words,
        new Moments(words, zone, clock.instant()),
        session.form(),
        staff.code(),
        staff.name(),
        desks.isEmpty() ? community.territories().byId(staff.territoryId()).name() : desks,
        Frame.theme(rc),
        Frame.density(rc),
        rc.request().uri(),
        rc.request().getParam("done"));
  }

  private static void turnAway(RoutingContext rc) {
    String back = rc.request().uri();
    if (Htmx.asks(rc)) {
      String here = rc.request().getHeader("HX-Current-URL");
      back = here == null ? "/console" : here.replaceFirst("^https?://[^/]+", "");
    }
    String to = SIGN_IN + "?to=" + URLEncoder.encode(back, StandardCharsets.UTF_8);
    if (Htmx.asks(rc)) {
      rc.response().setStatusCode(401).putHeader("HX-Redirect", to).end();
    } else if (rc.request().method().equals(HttpMethod.GET)
        && !rc.normalizedPath().equals(SessionRoutes.LIVE)) {
      Htmx.see(rc, to);
    } else {
      rc.response().setStatusCode(401).end();
    }
  }
}
