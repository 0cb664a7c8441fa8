package io.linyu.console;

import static io.linyu.platform.http.Sequential.sequential;

import io.linyu.community.Staff;
import io.linyu.community.StaffMembers;
import io.linyu.platform.Refusal;
import io.linyu.platform.auth.Sessions;
import io.linyu.platform.auth.Sessions.Session;
import io.linyu.platform.http.Caller;
import io.linyu.platform.http.Frame;
import io.linyu.platform.http.Htmx;
import io.linyu.platform.http.Live;
import io.linyu.platform.http.Page;
import io.linyu.platform.http.Routes;
import io.linyu.platform.redis.Redis;
import io.linyu.platform.text.Codes;
import io.linyu.platform.text.Words;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Signing in and out, the live stream, and how the console looks to one person.
public final class SessionRoutes implements Routes {
  static final String LIVE = "/console/live";
  private static final String FORM_COOKIE = "linyu_form";
  private static final String HALF_COOKIE = "linyu_half";
  private static final Duration REMEMBERED = Duration.ofDays(365);

  /// @param form proves that the answer comes from this page
  /// @param to where to go then
  /// @param refused why it did not work, in words
  public record SignInPage(
      Words words, String theme, String form, String to, String login, @Nullable String refused) {}

  private final SignIn signIn;
  private final StaffMembers members;
  private final Sessions sessions;
  private final Live live;
  private final Page page;
  private final boolean secure;

  SessionRoutes(
      SignIn signIn,
      StaffMembers members,
      Sessions sessions,
      Live live,
      Page page,
      boolean secure) {
    this.signIn = signIn;
    this.members = members;
    this.sessions = sessions;
    this.live = live;
    this.page = page;
    this.secure = secure;
  }

  @Override
  public void mount(Router router) {
    router.get("/console").handler(rc -> Htmx.see(rc, "/console/cases"));
    router.get(Guard.SIGN_IN).handler(sequential(rc -> ask(rc, "", null)));
    router.post(Guard.SIGN_IN).handler(sequential(this::come));
    router.post("/console/session/end").handler(sequential(this::go));
    router.post("/console/language").handler(sequential(this::speak));
    router.post("/console/theme").handler(sequential(this::colour));
    router.post("/console/density").handler(sequential(this::space));
    router.get(LIVE).handler(this::listen);
  }

  void ask(RoutingContext rc, String login, @Nullable Refusal refused) {
    Cookie known = rc.request().getCookie(FORM_COOKIE);
    String form = known == null ? Codes.random() : known.getValue();
    cookie(rc, Cookie.cookie(FORM_COOKIE, form).setPath(Guard.SIGN_IN), CookieSameSite.STRICT);
    Words words = Frame.words(rc, null);
    String chosen = rc.request().getParam("language");
    if (chosen != null && Words.LANGUAGES.contains(chosen)) {
      words = Words.in(chosen);
      remember(rc, Frame.LANGUAGE_COOKIE, chosen);
    }
    rc.response().setStatusCode(refused == null ? 200 : refused.status());
    page.send(
        rc,
        "console/sign-in",
        new SignInPage(
            words,
            Frame.theme(rc),
            form,
            within(rc.request().getParam("to")),
            login,
            refused == null ? null : words.of(refused)));
  }

  private void come(RoutingContext rc) {
    String login = field(rc, "login");
    try {
      if (!isFromOurPage(rc)) {
        throw new Refusal("form-outdated", 403);
      }
      String to = within(field(rc, "to"));
      switch (signIn.come(login, field(rc, "password"), Caller.ip(rc))) {
        case SignIn.Entrance.In(Session session) -> {
          enter(rc, session);
          Htmx.see(rc, to);
        }
        case SignIn.Entrance.HalfWay(Session half) -> {
          half(rc, half.id());
          Htmx.see(rc, Guard.SECOND + "?to=" + URLEncoder.encode(to, StandardCharsets.UTF_8));
        }
      }
    } catch (Refusal refused) {
      ask(rc, login, refused);
    } catch (Redis.Away away) {
      ask(rc, login, new Refusal("redis-away", 503));
    }
  }

  /// From here on it is they who ask.
  void enter(RoutingContext rc, Session session) {
    leaveOld(rc);
    cookie(rc, Cookie.cookie(Guard.COOKIE, session.id()).setPath("/"), CookieSameSite.LAX);
    leaveHalf(rc);
  }

  static @Nullable String half(RoutingContext rc) {
    Cookie known = rc.request().getCookie(HALF_COOKIE);
    return known == null ? null : known.getValue();
  }

  private void half(RoutingContext rc, String id) {
    cookie(rc, Cookie.cookie(HALF_COOKIE, id).setPath(Guard.SIGN_IN), CookieSameSite.STRICT);
  }

  void leaveHalf(RoutingContext rc) {
    if (half(rc) != null) {
      cookie(
          rc,
          Cookie.cookie(HALF_COOKIE, "").setPath(Guard.SIGN_IN).setMaxAge(0),
          CookieSameSite.STRICT);
    }
  }

  /// A session that somebody has slipped into the browser does not become the person's.
  private void leaveOld(RoutingContext rc) {
    Cookie old = rc.request().getCookie(Guard.COOKIE);
    if (old != null) {
      sessions.end(old.getValue());
    }
  }

  private void go(RoutingContext rc) {
    signIn.go(Guard.session(rc), Caller.ip(rc));
    rc.response().removeCookie(Guard.COOKIE);
    Htmx.go(rc, Guard.SIGN_IN);
  }

  private void speak(RoutingContext rc) {
    String language = field(rc, "language");
    if (Words.LANGUAGES.contains(language)) {
      members.setLanguage(Staff.signedIn(rc), language);
      remember(rc, Frame.LANGUAGE_COOKIE, language);
    }
    Htmx.go(rc, within(field(rc, "to")));
  }

  private void colour(RoutingContext rc) {
    remember(rc, Frame.THEME_COOKIE, field(rc, "theme").equals("dark") ? "dark" : "light");
    Htmx.go(rc, within(field(rc, "to")));
  }

  private void space(RoutingContext rc) {
    boolean compact = field(rc, "density").equals(Frame.COMPACT);
    remember(rc, Frame.DENSITY_COOKIE, compact ? Frame.COMPACT : "roomy");
    Htmx.go(rc, within(field(rc, "to")));
  }

  private void listen(RoutingContext rc) {
    Staff staff = Staff.signedIn(rc);
    String session = Guard.session(rc).id();
    live.open(
        rc,
        session,
        signal -> signal.concerns(staff.territoryPath(), staff.allDesks()),
        () -> sessions.goesOn(session));
  }

  private static boolean isFromOurPage(RoutingContext rc) {
    Cookie cookie = rc.request().getCookie(FORM_COOKIE);
    return cookie != null
        && MessageDigest.isEqual(
            cookie.getValue().getBytes(StandardCharsets.UTF_8),
            field(rc, Frame.FORM).getBytes(StandardCharsets.UTF_8));
  }

  private void remember(RoutingContext rc, String name, String value) {
    var cookie = Cookie.cookie(name, value).setPath("/").setMaxAge(REMEMBERED.toSeconds());
    cookie(rc, cookie, CookieSameSite.LAX);
  }

  private void cookie(RoutingContext rc, Cookie cookie, CookieSameSite site) {
    rc.response().addCookie(cookie.setHttpOnly(true).setSecure(secure).setSameSite(site));
  }

  static String field(RoutingContext rc, String name) {
    String value = rc.request().getFormAttribute(name);
    return value == null ? "" : value;
  }

  /// Only to our own pages: a foreign address would be somebody's trap.
  static String within(@Nullable String path) {
    return path != null && path.matches("/console(/[\\w/?&=.%~-]*)?") && !path.contains("//")
        ? path
        : "/console/cases";
  }
}
