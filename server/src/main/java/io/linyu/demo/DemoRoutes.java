package io.linyu.demo;

import static io.linyu.platform.http.Sequential.sequential;

import io.linyu.community.Territories;
import io.linyu.demo.DemoPages.Choice;
import io.linyu.demo.DemoPages.Screen;
import io.linyu.demo.DemoPages.Someone;
import io.linyu.demo.DemoPages.Whole;
import io.linyu.demo.DemoPages.Window;
import io.linyu.platform.Refusal;
import io.linyu.platform.http.Frame;
import io.linyu.platform.http.Page;
import io.linyu.platform.http.Routes;
import io.linyu.platform.text.Words;
import io.linyu.simulator.wechat.Phone;
import io.linyu.simulator.wechat.Quota;
import io.linyu.simulator.wechat.WechatSimulator;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.handler.StaticHandler;
import java.time.Clock;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A resident's WeChat in the browser, beside the console. Needs no sign-in: it exists in the demo
/// only, which listens on the loopback.
public final class DemoRoutes implements Routes {
  private static final String LANGUAGE = "linyu-demo-language";
  private static final String PHONE = "linyu-demo-phone";

  /// Where the platform's own pages stand here, under our own address: its other ones may not be
  /// reached by a visitor's browser.
  static final String OPEN = "/demo/wechat/open";

  private static final String CLIENT = "/web/vendor/weixin/jweixin.js";
  private static final long LARGEST_PHOTO = 10_000_000;

  private final WechatSimulator wechat;
  private final Territories territories;
  private final Page page;
  private final Clock clock;
  private final ZoneId zone;
  private final Set<HttpServerResponse> watching = ConcurrentHashMap.newKeySet();

  public DemoRoutes(
      WechatSimulator wechat, Territories territories, Page page, Clock clock, ZoneId zone) {
    this.wechat = wechat;
    this.territories = territories;
    this.page = page;
    this.clock = clock;
    this.zone = zone;
    wechat.watch(phone -> tell(phone.name()));
  }

  @Override
  public void mount(Router router) {
    router.get(CLIENT).handler(DemoRoutes::client);
    router.get("/demo/phones/:who/open").handler(sequential(this::open));
    router.get("/demo/wechat/trusts").handler(this::trusts);
    router.get(OPEN + "/connect/oauth2/authorize").handler(sequential(this::authorize));
    router.route("/demo/web/*").handler(StaticHandler.create("demo/web"));
    router.route("/demo/samples/*").handler(StaticHandler.create("demo/photos"));
    router.get("/").handler(rc -> rc.redirect("/demo"));
    router.get("/demo").handler(sequential(this::whole));
    router.get("/demo/live").handler(this::live);
    router.get("/demo/phones/:who").handler(sequential(this::screen));
    router.get("/demo/phones/:who/media/:media").handler(sequential(this::media));
    router.post("/demo/*").handler(DemoRoutes::sameOrigin);
    router
        .post("/demo/*")
        .handler(BodyHandler.create().setBodyLimit(LARGEST_PHOTO).setUploadsDirectory(uploads()));
    router.post("/demo/crowd").handler(sequential(this::crowd));
    router.post("/demo/language").handler(sequential(this::language));
    router.post("/demo/phones/:who/deeds").handler(sequential(this::deed));
    router.post("/demo/wechat/popup").handler(sequential(this::popup));
  }

  /// In WeChat the app itself is there; here something stands for it.
  private static void client(RoutingContext rc) {
    rc.response().putHeader("Cache-Control", "no-store");
    rc.reroute("/demo/web/weixin.js");
  }

  /// Opens a page of ours from a chat, as this resident.
  private void open(RoutingContext rc) {
    Town.Resident who = resident(rc);
    String to = String.valueOf(rc.request().getParam("to"));
    int path = to.indexOf("/h5/");
    if (path < 0) {
      throw Refusal.notFound();
    }
    rc.response()
        .addCookie(Cookie.cookie(PHONE, who.key()).setPath("/").setHttpOnly(true))
        .setStatusCode(303)
        // No browser of a visitor says that it is WeChat's.
        .putHeader(
            "Location", to.substring(path).replaceFirst("^(/h5/sign-in/\\w+)$", "$1?anyway=yes"))
        .end();
  }

  /// WeChat tells a page who opens it: whose phone it was opened from last.
  private void authorize(RoutingContext rc) {
    Town.Resident who = opener(rc).orElse(null);
    if (who == null) {
      rc.redirect("/demo");
      return;
    }
    String to;
    try {
      to = wechat.authorize(phone(who), rc.queryParams());
    } catch (IllegalArgumentException refused) {
      rc.response()
          .putHeader("Content-Type", "text/plain; charset=utf-8")
          .end(String.valueOf(refused.getMessage()));
      return;
    }
    rc.response().setStatusCode(302).putHeader("Location", to).end();
  }

  private static Optional<Town.Resident> opener(RoutingContext rc) {
    Cookie whose = rc.request().getCookie(PHONE);
    return Town.residents().stream()
        .filter(each -> whose != null && each.key().equals(whose.getValue()))
        .findFirst();
  }

  private void trusts(RoutingContext rc) {
    var request = rc.request();
    boolean trusted =
        wechat.account().appId().equals(request.getParam("appId"))
            && wechat.trusts(
                String.valueOf(request.getParam("page")),
                String.valueOf(request.getParam("nonce")),
                String.valueOf(request.getParam("timestamp")),
                String.valueOf(request.getParam("signature")));
    rc.response().setStatusCode(trusted ? 204 : 403).end();
  }

  /// What somebody answers to WeChat's question about notices. Ends when the account has heard it.
  private void popup(RoutingContext rc) {
    String template = String.valueOf(rc.request().getFormAttribute("template"));
    Town.Resident who = opener(rc).orElseThrow(Refusal::notFound);
    Phone phone = phone(who);
    var _ =
        "accept".equals(rc.request().getFormAttribute("answer"))
            ? phone.allows(template)
            : phone.refuses(template);
    rc.response().setStatusCode(204).end();
  }

  private static String uploads() {
    return System.getProperty("java.io.tmpdir");
  }

  /// Another site open in the same browser must not play with the phones.
  private static void sameOrigin(RoutingContext rc) {
    String from = rc.request().getHeader("Sec-Fetch-Site");
    if (from == null || from.equals("same-origin") || from.equals("none")) {
      rc.next();
    } else {
      rc.fail(403);
    }
  }

  private void whole(RoutingContext rc) {
    String asked = rc.request().getParam("who");
    Town.Resident chosen =
        Town.residents().stream()
            .filter(each -> each.key().equals(asked))
            .findFirst()
            .orElse(Town.WANG);
    Words words = words(rc);
    var view =
        new Whole(
            words,
            zone.getId(),
            screen(words, chosen),
            Town.residents().stream()
                .map(each -> new Someone(each.key(), each.called(), each.equals(chosen)))
                .toList(),
            Town.logins(),
            choices(words, "menu", List.of("progress", "report", "human")),
            choices(words, "voice", Samples.VOICES),
            choices(words, "photo", Samples.PHOTOS),
            choices(words, "place", List.of("gate", "garden")),
            Town.residents().stream()
                .limit(4)
                .map(each -> new Choice(each.door(), words.of("demo.door." + each.key())))
                .toList());
    html(rc, "demo/demo", view);
  }

  private static List<Choice> choices(Words words, String kind, List<String> keys) {
    return keys.stream().map(key -> new Choice(key, words.of("demo." + kind + "." + key))).toList();
  }

  private void screen(RoutingContext rc) {
    html(rc, "demo/screen", screen(words(rc), resident(rc)));
  }

  private Screen screen(Words words, Town.Resident resident) {
    Phone phone = phone(resident);
    Quota quota = phone.quota();
    return new Screen(
        words,
        resident.key(),
        resident.called().substring(0, 1),
        words.of("demo.account"),
        phone.follows(),
        phone.typing(),
        new Window(quota.left(), quota.of(), quota.of() == 0 ? "" : Chat.lasts(quota.lasts())),
        new Chat(words, territories, clock, zone).items(phone));
  }

  private void media(RoutingContext rc) {
    Buffer sent = phone(resident(rc)).sent(String.valueOf(rc.pathParam("media")));
    if (sent == null) {
      throw Refusal.notFound();
    }
    boolean sound = sent.length() > 5 && sent.getString(0, 5).equals("#!AMR");
    rc.response()
        .putHeader("Content-Type", sound ? "audio/amr" : "image/jpeg")
        .putHeader("Cache-Control", "private, max-age=3600")
        .end(sent);
  }

  /// Answers at once: what becomes of the deed is seen on the screen.
  private void deed(RoutingContext rc) {
    Phone phone = phone(resident(rc));
    Consumer<Phone> deed = deed(rc, rc.request().getFormAttribute("what"));
    Thread.ofVirtual().name("phone").start(() -> deed.accept(phone));
    rc.response().setStatusCode(204).end();
  }

  /// Twenty neighbours say that there is no water. Asked whether theirs is the matter that is
  /// known, they say so; else they say that they were understood.
  private void crowd(RoutingContext rc) {
    for (Town.Resident each : Town.crowd()) {
      Thread.ofVirtual().name("phone").start(() -> cutOff(each));
    }
    rc.response().setStatusCode(204).end();
  }

  private void cutOff(Town.Resident neighbour) {
    Phone phone = phone(neighbour);
    if (phone.heard().isEmpty()) {
      phone.scan(neighbour.door());
    }
    phone.says("停水了");
    if (phone.hears().contains("2 不是一回事")) {
      phone.says("1");
    } else if (phone.hears().contains("对就回")) {
      phone.says("对");
    }
  }

  private Consumer<Phone> deed(RoutingContext rc, @Nullable String what) {
    String with =
        rc.request().getFormAttribute("with") == null ? "" : rc.request().getFormAttribute("with");
    return switch (what) {
      case "text" -> {
        if (with.isBlank()) {
          throw new Refusal("other", 400);
        }
        yield phone -> phone.says(with);
      }
      case "voice" -> {
        Buffer voice = Samples.voice(known(Samples.VOICES, with));
        yield phone -> phone.voice(voice);
      }
      case "photo" -> {
        Buffer photo =
            rc.fileUploads().isEmpty() ? Samples.photo(known(Samples.PHOTOS, with)) : uploaded(rc);
        yield phone -> phone.image(photo);
      }
      case "place" -> {
        String label = words(rc).of("demo.place-label." + known(List.of("gate", "garden"), with));
        yield phone -> phone.location(0.05957, 0.02721, label);
      }
      case "scan" -> phone -> phone.scan(with);
      case "menu" -> phone -> phone.tapMenu(with);
      case "follow" -> Phone::follow;
      case "unfollow" -> Phone::unfollow;
      case null, default -> throw new Refusal("other", 400);
    };
  }

  private static Buffer uploaded(RoutingContext rc) {
    var upload = rc.fileUploads().getFirst();
    try {
      return rc.vertx().fileSystem().readFile(upload.uploadedFileName()).await();
    } finally {
      rc.cancelAndCleanupFileUploads();
    }
  }

  private static String known(List<String> all, String one) {
    if (!all.contains(one)) {
      throw new Refusal("other", 400);
    }
    return one;
  }

  private void language(RoutingContext rc) {
    String language = "en".equals(rc.request().getFormAttribute("language")) ? "en" : "zh";
    rc.response()
        .addCookie(Cookie.cookie(LANGUAGE, language).setPath("/demo").setHttpOnly(true))
        // The console beside it speaks the same.
        .addCookie(Cookie.cookie(Frame.LANGUAGE_COOKIE, language).setPath("/").setHttpOnly(true));
    String who = rc.request().getFormAttribute("who");
    rc.redirect(
        Town.residents().stream().anyMatch(each -> each.key().equals(who))
            ? "/demo?who=" + who
            : "/demo");
  }

  static Words words(RoutingContext rc) {
    Cookie chosen = rc.request().getCookie(LANGUAGE);
    return chosen == null ? Frame.words(rc, null) : Words.in(chosen.getValue());
  }

  private static Town.Resident resident(RoutingContext rc) {
    return Town.residents().stream()
        .filter(each -> each.key().equals(rc.pathParam("who")))
        .findFirst()
        .orElseThrow(Refusal::notFound);
  }

  private Phone phone(Town.Resident resident) {
    return wechat.phone(resident.key());
  }

  private void live(RoutingContext rc) {
    HttpServerResponse response = rc.response();
    response
        .setChunked(true)
        .putHeader("Content-Type", "text/event-stream")
        .putHeader("Cache-Control", "no-store");
    response.closeHandler(_ -> watching.remove(response));
    response.exceptionHandler(_ -> watching.remove(response));
    watching.add(response);
    var _ = response.write("retry: 1000\n: open\n\n");
  }

  private void tell(String who) {
    watching.forEach(response -> {
      if (response.writeQueueFull()) {
        response.reset(); // too slow to watch: it connects again and asks for the whole screen
      } else {
        var _ = response.write("event: phone\ndata: " + who + "\n\n");
      }
    });
  }

  private void html(RoutingContext rc, String template, Object view) {
    Buffer html = page.render(template, view);
    rc.response()
        .putHeader("Content-Type", "text/html; charset=utf-8")
        .putHeader("Cache-Control", "no-store")
        .end(html);
  }
}
