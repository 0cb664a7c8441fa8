package io.linyu.simulator.wechat;

import io.linyu.platform.text.Codes;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// WeChat, as far as one public account sees it.
///
/// ```java
/// var wechat = WechatSimulator.start(Account.invented(SAFE), clock);
/// // … start the account's server with wechat.apiBase() …
/// wechat.pushTo("http://127.0.0.1:8080/wechat/main");
/// Phone li = wechat.phone("li");
/// li.says("楼道灯坏了");
/// assertThat(li.hears()).contains("记的是");
/// ```
public final class WechatSimulator implements AutoCloseable {
  /// Before the name of the server that asks.
  private static final String SERVERS = "/servers/";

  /// Says whose browser it is.
  public static final String PHONE = "simulator_phone";

  private static final Set<String> TOKENS = Set.of("/cgi-bin/stable_token", "/cgi-bin/token");
  private static final Duration TRICKLE = Duration.ofMillis(100);
  private static final Duration SLOW = Duration.ofSeconds(10);

  /// Still in time for who waits.
  private static final Duration SLOWLY = Duration.ofSeconds(2);

  private final Account account;
  private final Clock clock;
  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .executor(Executors.newVirtualThreadPerTaskExecutor())
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final Courier courier;
  private final Tokens tokens;
  private final Shelf shelf;
  private final Faults faults = new Faults();
  private final Sendings sendings;
  private final Authorizations authorizations;
  private final Followers followers = new Followers(this);
  private final MassSendings massSendings;
  private final Articles articles;
  private final Notices notices = new Notices();
  private final String pageTicket = "sim-ticket-" + Codes.random() + Codes.random();
  private final Api api = new Api(this);
  private final Journal journal;
  private final Map<HttpServerRequest, Long> noted = new ConcurrentHashMap<>();
  private final Map<HttpServerRequest, String> said = new ConcurrentHashMap<>();
  private final Tags tags = new Tags();
  private final Blacklist blacklist = new Blacklist(this);
  private final Menus menus = new Menus(this);
  private final Insight insight = new Insight(this);
  private final Map<String, AtomicLong> calls = new ConcurrentHashMap<>();
  private final Map<String, Long> cleared = new ConcurrentHashMap<>();
  private final Map<String, Phone> phones = new ConcurrentSkipListMap<>();
  private final Map<String, String> tickets = new ConcurrentHashMap<>();
  private final List<Consumer<Phone>> watchers = new CopyOnWriteArrayList<>();
  private final AtomicLong lastMessageId =
      new AtomicLong(24_000_000_000_000_000L + ThreadLocalRandom.current().nextLong(1L << 50));
  private LocalDate day = LocalDate.MIN;
  private volatile Set<String> addresses = Set.of();
  private volatile Duration latency = Duration.ZERO;
  private final int port;
  private volatile HttpServer server;
  private volatile boolean plugged = true;
  private volatile List<URI> doors = List.of();

  private WechatSimulator(Account account, Clock clock, int port) {
    this.account = account;
    this.clock = clock;
    this.journal = new Journal(clock);
    this.courier = new Courier(account, clock, http, faults, journal);
    this.tokens = new Tokens(clock);
    this.shelf = new Shelf(clock);
    this.sendings = new Sendings(clock);
    this.authorizations = new Authorizations(account, clock);
    this.massSendings = new MassSendings(this, clock);
    this.articles = new Articles(this, clock);
    this.server = listen(port);
    this.port = server.actualPort();
  }

  private HttpServer listen(int wanted) {
    return vertx
        .createHttpServer()
        .requestHandler(this::receive)
        .listen(wanted, "127.0.0.1")
        .await();
  }

  /// From now on nobody reaches the platform: connections are refused.
  public synchronized void unplug() {
    if (plugged) {
      plugged = false;
      server.close().await();
    }
  }

  /// It is reached again, where it was.
  public synchronized void plugIn() {
    if (!plugged) {
      server = listen(port);
      plugged = true;
    }
  }

  public boolean isPlugged() {
    return plugged;
  }

  /// The last calls in both directions.
  public Journal journal() {
    return journal;
  }

  /// Whoever asks for a token next gets another one; the present one is good for five minutes more.
  public void renewToken() {
    tokens.renew();
  }

  /// On a free port of the loopback.
  public static WechatSimulator start(Account account, Clock clock) {
    return start(account, clock, 0);
  }

  public static WechatSimulator start(Account account, Clock clock, int port) {
    return new WechatSimulator(account, clock, port);
  }

  /// What the account's server must use in place of the platform's own address.
  public String apiBase() {
    return "http://127.0.0.1:" + port;
  }

  /// The same for one of several servers, whose sendings are then told apart by its name.
  ///
  /// @param asking letters, digits and hyphens
  public String apiBase(String asking) {
    return apiBase() + SERVERS + asking;
  }

  public Account account() {
    return account;
  }

  /// Where pushes go, such as `http://127.0.0.1:8080/wechat/main`. Several are nodes of one
  /// installation behind a proxy: each attempt meets the next of them.
  public void pushTo(String... urls) {
    doors = Arrays.stream(urls).map(URI::create).toList();
  }

  /// The phone of somebody who follows the account, since before anyone listened. The same name is
  /// the same phone and, in every run, the same openid.
  public Phone phone(String name) {
    return phone(name, true);
  }

  /// The phone of somebody who does not follow yet.
  public Phone stranger(String name) {
    return phone(name, false);
  }

  private Phone phone(String name, boolean follows) {
    return phones.computeIfAbsent(
        Phone.openid(account, name), openid -> new Phone(this, name, openid, follows));
  }

  public Collection<Phone> phones() {
    return List.copyOf(phones.values());
  }

  public Faults faults() {
    return faults;
  }

  /// How many since the day's calls were last begun anew.
  long callsOfTheDay(String path) {
    return calls(path) - cleared.getOrDefault(path, 0L);
  }

  /// The day's calls begin anew.
  void clearQuota() {
    cleared.putAll(calls());
    faults.startTheDayAnew();
  }

  /// Refuses with 45009 after so many calls, until midnight over there or until the account starts
  /// them anew; where nothing is said, the limits of a new account hold.
  public void limit(String path, int calls) {
    insight.limit(path, calls);
  }

  /// From where tokens may be asked for (IP 白名单), as it is entered in the platform's console.
  ///
  /// @param from addresses; none: from everywhere
  public void listAddresses(String... from) {
    addresses = Set.of(from);
  }

  /// How long every answer takes from now on, beside what it takes by itself.
  public void takes(Duration time) {
    latency = time;
  }

  public long calls(String path) {
    AtomicLong counted = calls.get(path);
    return counted == null ? 0 : counted.get();
  }

  public Map<String, Long> calls() {
    return calls.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, each -> each.getValue().get()));
  }

  /// Every customer-service message that was asked for, the oldest first.
  public List<Sending> sendings() {
    return sendings.all();
  }

  /// The account's pages that may ask who opens them (网页授权域名).
  ///
  /// @param host without scheme and port, as it is entered in the platform's console
  public void registerPages(String host) {
    authorizations.domain(host);
  }

  /// What the platform's page does when this phone opens it.
  ///
  /// @param query of the page's address
  /// @return where its browser goes on
  /// @throws IllegalArgumentException with what the page says instead
  public String authorize(Phone phone, MultiMap query) {
    try {
      return authorizations.grant(authorizations.read(query, phone), phone);
    } catch (PlatformError refused) {
      throw new IllegalArgumentException(refused.getMessage() + " (" + refused.code() + ")");
    }
  }

  Tags tags() {
    return tags;
  }

  Insight insight() {
    return insight;
  }

  /// The names of the tags that a follower has.
  public List<String> tagsOf(Phone phone) {
    return tags.of(phone.openid());
  }

  /// The platform has forgotten every file it was given; what is on the phones they still have.
  public void forgetMedia() {
    shelf.forget();
  }

  public int tokensIssued() {
    return tokens.issued();
  }

  /// Whether a page that calls itself by this address and names itself so to WeChat's scripts is
  /// let at them: the signature must be over the ticket, and the address the page's own.
  ///
  /// @param url without what follows `#`
  public boolean trusts(String url, String nonce, String timestamp, String signature) {
    String signed =
        "jsapi_ticket="
            + pageTicket
            + "&noncestr="
            + nonce
            + "&timestamp="
            + timestamp
            + "&url="
            + url;
    return Envelope.signature(signed).equals(signature);
  }

  /// Tells of every change on a phone.
  ///
  /// @return ends it
  public Runnable watch(Consumer<Phone> watcher) {
    watchers.add(watcher);
    return () -> watchers.remove(watcher);
  }

  @Override
  public void close() {
    http.shutdownNow();
    vertx.close().await();
  }

  Clock clock() {
    return clock;
  }

  Courier courier() {
    return courier;
  }

  Tokens tokens() {
    return tokens;
  }

  /// What is at the foot of the chat for all who match no other; null: nothing.
  public @Nullable JsonObject menu() {
    return menus.forAll();
  }

  /// As the account's owner does it on the platform's own pages.
  ///
  /// @param now whether it has them on its blacklist from now on
  public void blacklist(Phone phone, boolean now) {
    blacklist.put(phone, now);
  }

  Menus menus() {
    return menus;
  }

  Blacklist blacklist() {
    return blacklist;
  }

  Authorizations authorizations() {
    return authorizations;
  }

  Followers followers() {
    return followers;
  }

  MassSendings massSendings() {
    return massSendings;
  }

  Articles articles() {
    return articles;
  }

  /// Tells the account's server what the platform itself has done.
  void tell(Push push) {
    String from = Phone.openid(account, "the platform");
    String xml = push.xml(account.originalId(), from, clock.instant(), nextMessageId());
    var _ = courier.deliver(doors(), from, xml, Patience.OF_WECHAT, _ -> {});
  }

  Notices notices() {
    return notices;
  }

  String pageTicket() {
    return pageTicket;
  }

  /// What the platform does by itself after it has answered.
  void later(Runnable work) {
    Thread.ofVirtual().name("wechat-later").start(work);
  }

  Shelf shelf() {
    return shelf;
  }

  List<URI> doors() {
    if (doors.isEmpty()) {
      throw new IllegalStateException("nobody has said where pushes go: call pushTo");
    }
    return doors;
  }

  long nextMessageId() {
    return lastMessageId.incrementAndGet();
  }

  Phone phoneOf(@Nullable String openid) {
    Phone phone = openid == null ? null : phones.get(openid);
    if (phone == null) {
      throw new PlatformError(40003, "invalid openid");
    }
    return phone;
  }

  String ticketFor(String scene) {
    String ticket = "gQ" + Codes.random() + Codes.random();
    tickets.put(ticket, scene);
    return ticket;
  }

  /// @param code a ticket, or the scene itself
  String sceneOf(String code) {
    return tickets.getOrDefault(code, code);
  }

  void changed(Phone phone) {
    watchers.forEach(watcher -> watcher.accept(phone));
  }

  private void receive(HttpServerRequest request) {
    String path = String.valueOf(request.path());
    if (path.equals(Authorizations.PAGE)) {
      openPage(request);
      return;
    }
    int rest = path.startsWith(SERVERS) ? path.indexOf('/', SERVERS.length()) : 0;
    String server = rest > 0 ? path.substring(SERVERS.length(), rest) : "";
    request
        .body()
        .onSuccess(body -> {
          var call =
              new Api.Call(server, path.substring(Math.max(rest, 0)), request.params(), body);
          long millis = latency.toMillis();
          if (millis == 0) {
            answer(request, call);
          } else {
            vertx.setTimer(millis, _ -> answer(request, call));
          }
        });
  }

  /// Of the open platform, in the browser of whichever phone its cookie names.
  private void openPage(HttpServerRequest request) {
    Cookie whose = request.getCookie(PHONE);
    Phone phone = whose == null ? null : phones.get(whose.getValue());
    HttpServerResponse response = request.response();
    response.putHeader("Content-Type", "text/html; charset=utf-8");
    if (phone == null) {
      response.end("<!doctype html><title>请在微信客户端打开链接</title><h1>请在微信客户端打开链接</h1>");
      return;
    }
    try {
      response.setStatusCode(302).putHeader("Location", authorize(phone, request.params())).end();
    } catch (IllegalArgumentException refused) {
      response
          .setStatusCode(200)
          .end("<!doctype html><title>出错了</title><h1>" + refused.getMessage() + "</h1>");
    }
  }

  private void answer(HttpServerRequest request, Api.Call call) {
    turnTheDay();
    calls.computeIfAbsent(call.path(), path -> new AtomicLong()).incrementAndGet();
    Fault fault = faults.take(call.path());
    if (callsOfTheDay(call.path()) > insight.daily(call.path())) {
      fault = Fault.DAILY_QUOTA;
    }
    Sending asked = asked(call);
    note(request, call, fault);
    String from = request.remoteAddress().hostAddress();
    if (TOKENS.contains(call.path()) && !addresses.isEmpty() && !addresses.contains(from)) {
      refuse(request, notListed(from), asked);
      return;
    }
    switch (fault) {
      case null -> write(request, done(call, asked), asked);
      case BUSY -> refuse(request, Api.error(-1, "system error"), asked);
      case TOKEN_NOT_LATEST ->
          refuse(
              request,
              Api.error(40001, "invalid credential, access_token is invalid or not latest"),
              asked);
      case DROPPED_UNASKED -> request.connection().close();
      case TOKEN_EXPIRED -> refuse(request, Api.error(42001, "access_token expired"), asked);
      case DAILY_QUOTA ->
          refuse(request, Api.error(45009, "reach max api daily quota limit"), asked);
      case SLOW -> vertx.setTimer(SLOW.toMillis(), _ -> write(request, done(call, asked), asked));
      case SLOW_BEFORE_ACCEPTING ->
          vertx.setTimer(SLOWLY.toMillis(), _ -> write(request, done(call, asked), asked));
      case SLOW_AFTER_ACCEPTING -> {
        Api.Answer answer = done(call, asked);
        vertx.setTimer(SLOWLY.toMillis(), _ -> write(request, answer, asked));
      }
      case DAILY_QUOTA_CLEARED ->
          refuse(request, Api.error(48006, "clear quota limit reached"), asked);
      case TOO_OFTEN -> refuse(request, Api.error(45011, "api minute-quota reach limit"), asked);
      case BANNED -> refuse(request, Api.error(48004, "api forbidden for irregularities"), asked);
      case NO_PERMISSION -> refuse(request, Api.error(48001, "api unauthorized"), asked);
      case UNKNOWN_TEMPLATE -> refuse(request, Api.error(40037, "invalid template_id"), asked);
      case VALUE_REFUSED ->
          refuse(request, Api.error(47003, "argument invalid! data.thing3.value invalid"), asked);
      case ADDRESS_NOT_LISTED -> refuse(request, notListed("203.0.113.7"), asked);
      case EMPTY_ANSWER -> nonsense(request, call, asked, "");
      case ANSWER_WITHOUT_CODE -> nonsense(request, call, asked, "{}");
      case ANSWER_OF_ANOTHER_TYPE -> nonsense(request, call, asked, "[\"ok\"]");
      case STRANGE_PAGE ->
          request.response().end("<html><body>Please sign in to this network</body></html>");
      case TRICKLING -> {
        var _ = done(call, asked);
        trickle(request);
      }
      case SERVER_ERROR ->
          request
              .response()
              .setStatusCode(500)
              .end("<html><body>Internal Server Error</body></html>");
      case DROPPED_AFTER_ACCEPTING -> {
        var _ = done(call, asked);
        request.connection().close();
      }
    }
  }

  private static Api.Answer notListed(String address) {
    return Api.error(40164, "invalid ip " + address + ", not in whitelist");
  }

  private void turnTheDay() {
    LocalDate today = LocalDate.ofInstant(clock.instant(), Insight.CHINA);
    if (!today.equals(day)) {
      day = today;
      cleared.putAll(calls());
    }
  }

  /// What becomes of it is known when the answer is out, or nobody waits for it any more.
  private void note(HttpServerRequest request, Api.Call call, @Nullable Fault fault) {
    long began = System.nanoTime();
    long id = journal.asked(call, fault);
    noted.put(request, id);
    Runnable ended =
        () -> {
          if (noted.remove(request) != null) {
            String code = said.remove(request);
            journal.came(
                id, code == null ? "—" : code, Duration.ofNanos(System.nanoTime() - began));
          }
        };
    request.response().endHandler(_ -> ended.run());
    request.response().closeHandler(_ -> ended.run());
  }

  private void nonsense(
      HttpServerRequest request, Api.Call call, @Nullable Sending asked, String answer) {
    var _ = done(call, asked);
    request.response().putHeader("Content-Type", "application/json; encoding=utf-8").end(answer);
  }

  private void trickle(HttpServerRequest request) {
    var response = request.response().setChunked(true);
    response.putHeader("Content-Type", "application/json; encoding=utf-8");
    long timer = vertx.setPeriodic(TRICKLE.toMillis(), _ -> response.write(" "));
    response.closeHandler(_ -> vertx.cancelTimer(timer));
    response.exceptionHandler(_ -> vertx.cancelTimer(timer));
  }

  private @Nullable Sending asked(Api.Call call) {
    if (!call.path().equals(Sendings.PATH)) {
      return null;
    }
    try {
      return sendings.asked(call.server(), call.json());
    } catch (PlatformError unreadable) {
      return null; // refused in a moment
    }
  }

  private Api.Answer done(Api.Call call, @Nullable Sending asked) {
    Api.Answer answer = api.answer(call);
    if (asked != null && !Api.isDone(answer)) {
      sendings.refused(asked);
    }
    return answer;
  }

  private void refuse(HttpServerRequest request, Api.Answer answer, @Nullable Sending asked) {
    if (asked != null) {
      sendings.refused(asked);
    }
    write(request, answer, asked);
  }

  private void write(HttpServerRequest request, Api.Answer answer, @Nullable Sending asked) {
    if (request.response().closed()) {
      return;
    }
    said.put(request, Journal.said(answer));
    var written = write(request.response(), answer);
    if (asked != null) {
      written.onSuccess(_ -> sendings.answered(asked));
    }
  }

  private static Future<Void> write(HttpServerResponse response, Api.Answer answer) {
    return switch (answer) {
      case Api.Answer.Json(var json) ->
          response
              .putHeader("Content-Type", "application/json; encoding=utf-8")
              .end(json.toBuffer());
      case Api.Answer.File(var type, var name, var bytes) ->
          response
              .putHeader("Content-Type", type)
              .putHeader("Content-Disposition", "attachment; filename=\"" + name + "\"")
              .end(bytes);
    };
  }
}
