package io.linyu.reception;

import static io.linyu.platform.http.Sequential.sequential;
import static java.util.Objects.requireNonNull;

import io.linyu.channel.AddressKey;
import io.linyu.channel.Arrival;
import io.linyu.channel.Channel;
import io.linyu.channel.ChannelError;
import io.linyu.channel.Channels;
import io.linyu.community.Address;
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
import io.linyu.reception.MinePages.Door;
import io.vertx.core.Handler;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How a resident comes to their own pages without a password: the platform, in whose app they are,
/// tells us who they are. Only somebody who has written to us is somebody here; nobody is made.
///
/// Neither the code nor the state is ever logged: whoever had them in time could be that person.
final class SignInRoutes implements Routes {
  static final String PATH = "/h5/sign-in/";

  /// What somebody sees who has just signed out.
  static final String LEFT = "/h5/signed-out";

  private static final Logger LOG = LoggerFactory.getLogger(SignInRoutes.class);

  /// Which browser went out is the one that may come back.
  private static final String COOKIE = "linyu_browser";

  private static final Pattern SOUND_COOKIE = Pattern.compile("[a-z0-9]{32}");
  private static final Pattern SOUND_CODE = Pattern.compile("[A-Za-z0-9_-]{1,512}");
  private static final int TIMES = 60;
  private static final Duration WITHIN = Duration.ofMinutes(1);

  private final Db db;
  private final Community community;
  private final Channels channels;
  private final Visitors visitors;
  private final Passes passes;
  private final RateLimit limit;
  private final Page page;
  private final Clock clock;
  private final ZoneId zone;
  private final String publicUrl;

  SignInRoutes(
      Db db,
      Community community,
      Channels channels,
      Visitors visitors,
      Passes passes,
      Redis redis,
      Page page,
      Clock clock,
      ZoneId zone,
      String publicUrl) {
    this.db = db;
    this.community = community;
    this.channels = channels;
    this.visitors = visitors;
    this.passes = passes;
    this.limit = new RateLimit(redis.commands(), redis.prefix() + "h5-sign-in:", TIMES, WITHIN);
    this.page = page;
    this.clock = clock;
    this.zone = zone;
    this.publicUrl = publicUrl;
  }

  @Override
  public void mount(Router router) {
    router.get(PATH + ":account").handler(sequential(orSay(this::go)));
    router.get(PATH + ":account/back").handler(sequential(orSay(this::back)));
    router.get(LEFT).handler(sequential(rc -> door(rc, "left", 200, MineRoutes.PATH)));
  }

  /// Without Redis nobody is let in: who has been here already, and with what, cannot be known.
  Handler<RoutingContext> orSay(Handler<RoutingContext> handler) {
    return rc -> {
      try {
        handler.handle(rc);
      } catch (Redis.Away away) {
        LOG.warn("nobody can sign in: {}", away.getMessage());
        door(rc, "down", 503, MineRoutes.PATH);
      }
    };
  }

  /// Where somebody signs in by this account, and then goes on.
  static String url(String account, String to) {
    return PATH + account + "?to=" + URLEncoder.encode(to, StandardCharsets.UTF_8);
  }

  private void go(RoutingContext rc) {
    limit.takeOrRefuse(Caller.ip(rc));
    String account = requireNonNull(rc.pathParam("account"));
    String to = Passes.own(rc.request().getParam("to"));
    Channel channel = channels.signingIn(account).orElse(null);
    if (channel == null) {
      door(rc, "no-account", 200, null);
      return;
    }
    // Not every browser inside the app says so; whoever knows better may try.
    if (!isApp(rc, channel) && rc.request().getParam("anyway") == null) {
      door(rc, "elsewhere", 200, url(account, to) + "&anyway=yes");
      return;
    }
    String browser = browser(rc);
    if (browser == null) {
      browser = Codes.random() + Codes.random();
    }
    rc.response()
        .addCookie(
            Cookie.cookie(COOKIE, browser)
                .setPath(PATH)
                .setMaxAge(Passes.LIFE.toSeconds())
                .setHttpOnly(true)
                .setSecure(publicUrl.startsWith("https:"))
                .setSameSite(CookieSameSite.LAX));
    String back = publicUrl + PATH + account + "/back";
    see(rc, channel.signInUrl(account, back, passes.issue(account, browser, to)));
  }

  private void back(RoutingContext rc) {
    limit.takeOrRefuse(Caller.ip(rc));
    String account = requireNonNull(rc.pathParam("account"));
    Channel channel = channels.signingIn(account).orElse(null);
    if (channel == null) {
      door(rc, "no-account", 200, null);
      return;
    }
    String given = rc.request().getParam("code");
    String code = given != null && SOUND_CODE.matcher(given).matches() ? given : "";
    switch (passes.take(account, browser(rc), rc.request().getParam("state"), code)) {
      case Passes.Taken.First first -> arrive(rc, channel, account, first, code);
      case Passes.Taken.Again(var address, var to) -> {
        visitors.enter(rc, community.people().address(db, address));
        see(rc, to);
      }
      case Passes.Taken.Not() -> door(rc, "mismatch", 403, again(account, MineRoutes.PATH));
    }
  }

  private void arrive(
      RoutingContext rc, Channel channel, String account, Passes.Taken.First first, String code) {
    Address address = null;
    try {
      Arrival arrival = code.isEmpty() ? new Arrival.CodeSpent() : channel.arrival(account, code);
      switch (arrival) {
        case Arrival.Known(var externalId) -> {
          address = known(new AddressKey(channel.name(), account, externalId));
          if (address == null) {
            door(rc, "unknown", 403, again(account, first.to()));
          }
        }
        case Arrival.CodeSpent() -> door(rc, "spent", 403, again(account, first.to()));
        case Arrival.Preview() -> door(rc, "preview", 403, again(account, first.to()));
      }
    } catch (ChannelError failed) {
      LOG.warn("nobody can sign in by {}: {}", account, failed.getMessage());
      door(rc, "away", 503, again(account, first.to()));
    } finally {
      if (address == null) {
        passes.failed(first);
      }
    }
    if (address != null) {
      visitors.enter(rc, address);
      passes.came(first, code, address.id());
      see(rc, first.to());
    }
  }

  /// Who has left is nobody any more.
  private @Nullable Address known(AddressKey key) {
    return community.people().known(db, key).filter(Address::follows).orElse(null);
  }

  /// As the platform knows our domain, whatever this browser calls it.
  private String again(String account, String to) {
    return publicUrl + url(account, to) + "&anyway=yes";
  }

  private static boolean isApp(RoutingContext rc, Channel channel) {
    String agent = rc.request().getHeader("User-Agent");
    return agent != null && channel.isApp(agent);
  }

  private static @Nullable String browser(RoutingContext rc) {
    Cookie known = rc.request().getCookie(COOKIE);
    return known != null && SOUND_COOKIE.matcher(known.getValue()).matches()
        ? known.getValue()
        : null;
  }

  private static void see(RoutingContext rc, String where) {
    rc.response()
        .setStatusCode(303)
        .putHeader("Cache-Control", "no-store")
        .putHeader("Location", where)
        .end();
  }

  /// @param why names the sentences
  /// @param link of the button; null: there is none
  void door(RoutingContext rc, String why, int status, @Nullable String link) {
    Visit visit = Visit.of(rc, zone, clock.instant(), null, publicUrl.startsWith("https:"));
    rc.response().setStatusCode(status);
    page.send(
        rc,
        "reception/sign-in",
        new Door(
            // The way back has the code in its address and works once: its links lead to the start.
            new Visit(
                visit.words(),
                visit.moments(),
                visit.large(),
                visit.path().replaceFirst("/back$", "")),
            why,
            link,
            community.territories().phone().orElse(null)));
  }

  /// For a page that somebody wants who is not signed in.
  void ask(RoutingContext rc, String to) {
    var accounts = channels.accountsWithSignIn();
    String named = rc.request().getParam("account");
    String account = accounts.size() == 1 ? accounts.getFirst() : named;
    Channel channel = account == null ? null : channels.signingIn(account).orElse(null);
    if (channel == null || account == null) {
      door(rc, accounts.isEmpty() ? "no-account" : "elsewhere", 200, null);
    } else if (isApp(rc, channel)) {
      see(rc, url(account, to));
    } else {
      door(rc, "elsewhere", 200, url(account, to) + "&anyway=yes");
    }
  }

  /// Whether this form comes from the page of the session.
  static void checkForm(Visitors.Visitor visitor, @Nullable String form) {
    if (!visitor.session().isForm(form)) {
      throw new Refusal("form-outdated", 403);
    }
  }
}
