package io.linyu.reception;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.linyu.Counter;
import io.linyu.Neighbourhood;
import io.linyu.Settings;
import io.linyu.Visitor;
import io.linyu.Visitor.Seen;
import io.linyu.World;
import io.linyu.casework.Opened;
import io.linyu.channel.AddressKey;
import io.linyu.community.Address;
import io.linyu.platform.redis.Redis;
import io.linyu.simulator.wechat.Fault;
import io.linyu.simulator.wechat.Phone;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/// Residents come to their own pages by WeChat, nobody comes to anybody else's, and what could let
/// one in is in no log.
class SignInTest {
  private static final String EXCHANGE = "/sns/oauth2/access_token";
  private static final String SESSION = "linyu_resident";
  private static final String START = "/h5/sign-in/main";
  private static final Pattern CODE = Pattern.compile("[?&]code=([^&]+)");

  @AutoClose
  private static final Neighbourhood TOWN =
      Neighbourhood.atItsAddress(Settings.Wechat.Rights.VERIFIED);

  @AutoClose private static final Counter COUNTER = TOWN.counter();

  private final List<Visitor> visitors = new ArrayList<>();
  private final List<String> secrets = new CopyOnWriteArrayList<>();
  private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();

  @BeforeEach
  void nobodyHasComeYet() {
    // All come from one address.
    try (var redis = Redis.connect(TOWN.settings.redisUrl(), TOWN.settings.redisPrefix())) {
      for (String key :
          redis.commands().keys(redis.prefix() + "h5*").toCompletableFuture().join()) {
        var _ = redis.commands().del(key).toCompletableFuture().join();
      }
    }
    log.start();
    root.addAppender(log);
  }

  @AfterEach
  void nothingSecretWasLogged() {
    root.detachAppender(log);
    visitors.forEach(Visitor::close);
    TOWN.wechat.faults().none();
    for (ILoggingEvent event : List.copyOf(log.list)) {
      String said = event.getFormattedMessage() + event.getThrowableProxy();
      assertThat(said).doesNotContain(TOWN.wechat.account().secret());
      for (String secret : secrets) {
        assertThat(said).doesNotContain(secret);
      }
    }
  }

  @Test
  void whoHasWrittenSeesAllThatIsTheirsAndNothingElse() {
    Phone li = teller("li");
    String mine = told(li, "阳台漏水");
    String joined = told(teller("li-second"), "书房也漏");
    join(li, TOWN.follower("li-second"));
    told(teller("neighbour"), "邻居家的事");
    Visitor browser = in(li);

    Seen start = browser.get(TOWN.url(START));
    assertThat(start.status()).isEqualTo(303);
    assertThat(start.to())
        .startsWith(TOWN.wechat.apiBase() + "/connect/oauth2/authorize?appid=")
        .contains("&redirect_uri=" + encoded(TOWN.url(START + "/back")) + "&response_type=code")
        .matches(".*&scope=snsapi_base&state=[A-Za-z0-9]{1,128}#wechat_redirect");
    assertThat(start.setCookie("linyu_browser")).contains("HTTPOnly", "SameSite=Lax");

    Seen back = browser.get(keep(browser.get(start.to()).to()));
    assertThat(back.to()).isEqualTo(TOWN.url("/h5/me"));
    assertThat(back.setCookie(SESSION))
        .contains("Path=/h5", "HTTPOnly", "SameSite=Lax")
        .doesNotContain("Secure"); // over http
    Seen page = browser.get(back.to());
    assertThat(page.body())
        .contains("阳台漏水", "书房也漏", "/h5/cases/" + mine, "/h5/cases/" + joined, "联系您")
        .doesNotContain("邻居家的事");

    // Whoever has only the address of the page sees nothing of it.
    assertThat(elsewhere().get(TOWN.url("/h5/me")).body())
        .contains("请在微信里打开", "查询")
        .doesNotContain("阳台漏水");
  }

  @Test
  void aStateLeadsOneBrowserInOnce() {
    Phone wang = teller("wang");
    Visitor browser = in(wang);
    String back = keep(browser.get(browser.get(TOWN.url(START)).to()).to());

    long before = TOWN.wechat.calls(EXCHANGE);
    // Somebody else was sent the link, or sends theirs.
    Visitor other = in(teller("attacker"));
    other.get(TOWN.url(START)); // has a cookie of its own
    assertRefused(other.get(back), other);
    assertRefused(elsewhere().get(back), other);
    assertThat(TOWN.wechat.calls(EXCHANGE)).isEqualTo(before);

    assertThat(browser.get(back).to()).isEqualTo(TOWN.url("/h5/me"));
    long asked = TOWN.wechat.calls(EXCHANGE);
    // WeChat's browser asks for it twice; the platform is not asked again.
    assertThat(browser.get(back).to()).isEqualTo(TOWN.url("/h5/me"));
    assertThat(TOWN.wechat.calls(EXCHANGE)).isEqualTo(asked);
    // The same state with another code is no repetition.
    String another = keep(browser.get(browser.get(TOWN.url(START)).to()).to());
    String mixed = back.replaceAll("code=[^&]+", "code=" + codeOf(another));
    assertThat(browser.get(mixed).status()).isEqualTo(403);

    TOWN.clock.pass(Passes.ASKED_TWICE.plusSeconds(1));
    browser.cookie(back, SESSION, "");
    assertThat(browser.get(back).body()).contains("这次没进去", "再试一次");
    assertThat(browser.cookie(back, SESSION)).isEmpty();
    assertThat(browser.get(back.replaceFirst("state=.", "state=")).status()).isEqualTo(403);
    assertThat(browser.get(TOWN.url(START + "/back?code=x")).status()).isEqualTo(403);
  }

  @Test
  void aStateIsGoodForTenMinutesAndForOneAccount() {
    Visitor browser = in(teller("late"));
    String back = keep(browser.get(browser.get(TOWN.url(START)).to()).to());
    assertThat(browser.get(back.replace("/main/", "/other/")).body()).contains("不能从网页进");
    TOWN.clock.pass(Passes.LIFE);
    assertThat(browser.get(back).status()).isEqualTo(403);
  }

  @Test
  void aCodeIsGoodOnceAndForFiveMinutes() {
    Visitor browser = in(teller("code"));
    String back = keep(browser.get(browser.get(TOWN.url(START)).to()).to());
    assertThat(browser.get(back).status()).isEqualTo(303);

    Visitor thief = in(teller("thief"));
    String own = keep(thief.get(thief.get(TOWN.url(START)).to()).to());
    Seen stolen = thief.get(own.replaceAll("code=[^&]+", "code=" + codeOf(back)));
    assertThat(stolen.status()).isEqualTo(403);
    assertThat(stolen.body()).contains("凭据过期或者用过了", "再试一次");
    assertThat(thief.cookie(own, SESSION)).isEmpty();

    String late = keep(browser.get(browser.get(TOWN.url(START)).to()).to());
    TOWN.clock.pass(Duration.ofMinutes(6));
    assertThat(browser.get(late).body()).contains("凭据过期或者用过了");
    assertThat(browser.get(TOWN.url(START)).status()).isEqualTo(303);
  }

  @Test
  void onlyPagesOfOursAreGoneTo() {
    Phone sun = teller("sun");
    String matter = told(sun, "井盖响");
    Visitor browser = in(sun);
    for (String foreign :
        List.of(
            "https://evil.example/h5/me",
            "//evil.example",
            "/h5//evil.example",
            "/h5/..//evil.example",
            "/h5/me\\@evil.example",
            "/console/cases",
            "/h5/me?next=https://evil.example",
            "/h5/" + "a".repeat(60))) {
      assertThat(arrive(browser, foreign)).as(foreign).isEqualTo(TOWN.url("/h5/me"));
    }
    assertThat(arrive(browser, "/h5/cases/" + matter)).isEqualTo(TOWN.url("/h5/cases/" + matter));
  }

  @Test
  void whoHasNeverWrittenIsToldHowAndNobodyIsMade() {
    String people = TOWN.sqlOne("SELECT count(*) FROM person");
    Visitor stranger = in(TOWN.wechat.stranger("never"));
    assertThat(follow(stranger).body()).contains("您还没有跟我们说过话", "关注公众号");
    assertThat(stranger.cookie(TOWN.url(""), SESSION)).isEmpty();
    assertThat(TOWN.sqlOne("SELECT count(*) FROM person")).isEqualTo(people);

    Phone preview = teller("preview").onlyPreviews(true);
    assertThat(follow(in(preview)).body()).contains("使用完整服务");
    assertThat(follow(in(preview.onlyPreviews(false))).body()).contains("还没有事");
  }

  @Test
  void aSessionEndsWhenTheyLeaveAreErasedOrAreFoundToBeSomebodyElse() {
    Phone leaver = teller("leaver");
    told(leaver, "水管响");
    Visitor left = signedIn(leaver);
    var _ = leaver.unfollow();
    assertOut(left, "水管响");
    assertThat(follow(left).body()).contains("您还没有跟我们说过话");

    Phone erased = teller("erased");
    told(erased, "窗子坏了");
    Visitor gone = signedIn(erased);
    TOWN.clock.pass(Duration.ofMinutes(5)); // nobody talks at this moment
    long person = address(erased).personId();
    new PersonalData(TOWN.rooms().db(), TOWN.rooms().community(), TOWN.clock).erase(person);
    assertOut(gone, "窗子坏了");

    Phone kept = teller("kept");
    Phone moved = teller("moved");
    told(kept, "两个人的事");
    told(moved, "另一个人的事");
    Visitor before = signedIn(moved);
    join(kept, moved);
    assertOut(before, "两个人的事");
    assertThat(follow(before).body()).contains("两个人的事", "另一个人的事");
  }

  @Test
  void signingOutEndsItAndNoOtherPageCanDoThat() {
    Phone zhao = teller("zhao");
    told(zhao, "路灯不亮");
    Visitor browser = signedIn(zhao);
    String end = TOWN.url("/h5/me/session/end");
    assertThat(browser.post(end, "X-Linyu-Form=guessed").status()).isEqualTo(403);
    String page = browser.get(TOWN.url("/h5/me")).body();
    assertThat(page).contains("路灯不亮");
    String form = page.replaceAll("(?s).*name=\"X-Linyu-Form\" value=\"([^\"]+)\".*", "$1");
    String session = browser.cookie(end, SESSION);
    assertThat(browser.post(end, "X-Linyu-Form=" + form).to()).endsWith("/h5/signed-out");
    assertThat(browser.get(TOWN.url("/h5/signed-out")).body()).contains("退出了");
    browser.cookie(end, SESSION, session);
    assertOut(browser, "路灯不亮");
  }

  @Test
  void aSessionEndsByItselfAndIsNoneOfTheConsoles() {
    Visitor browser = signedIn(teller("idle"));
    browser.cookie(TOWN.url(""), "linyu_session", browser.cookie(TOWN.url(""), SESSION));
    assertThat(browser.get(TOWN.url("/console/cases")).to()).contains("/console/session");
    TOWN.clock.pass(Duration.ofHours(13));
    assertThat(browser.get(TOWN.url("/h5/me")).to()).contains(START);
  }

  @Test
  void whenThePlatformDoesNotAnswerThatIsSaidAndNobodyComesIn() {
    Phone qian = teller("qian");
    for (Fault fault : List.of(Fault.BUSY, Fault.SERVER_ERROR, Fault.STRANGE_PAGE)) {
      Visitor browser = in(qian);
      TOWN.wechat.faults().next(EXCHANGE, fault);
      Seen seen = follow(browser);
      assertThat(seen.status()).as("%s", fault).isEqualTo(503);
      assertThat(seen.body()).contains("没有回应", "再试一次");
      assertThat(browser.cookie(TOWN.url(""), SESSION)).isEmpty();
    }
    assertThat(follow(in(qian)).body()).contains("还没有事");
  }

  @Test
  void pagesFollowEachOtherWithWhatGoesOnFirst() {
    Phone many = teller("many");
    List<Opened> all = new ArrayList<>();
    for (int i = 1; i <= 23; i++) {
      all.add(COUNTER.told(address(many), "第" + i + "件事", "0102", TOWN.clock.instant()));
    }
    for (int i = 0; i < 23; i += 2) {
      close(all.get(i));
    }
    Visitor browser = signedIn(many);
    String first = browser.get(TOWN.url("/h5/me")).body();
    assertThat(numbers(first)).hasSize(20);
    assertThat(first.indexOf("第2件事")).isPositive().isLessThan(first.indexOf("第23件事"));
    String older = first.replaceAll("(?s).*id=\"older\" href=\"([^\"]+)\".*", "$1");
    String second = browser.get(TOWN.url(older)).body();
    assertThat(second).doesNotContain("id=\"older\"", "id=\"going-on\"");
    List<String> seen = new ArrayList<>(numbers(first));
    seen.addAll(numbers(second));
    assertThat(seen)
        .doesNotHaveDuplicates()
        .containsExactlyInAnyOrderElementsOf(
            all.stream().map(each -> each.number().toString()).toList());
    // A page of somebody else's begins where one's own begin.
    String other = told(teller("many-other"), "别人的事");
    assertThat(numbers(browser.get(TOWN.url("/h5/me?after=" + other)).body()))
        .isEqualTo(numbers(first));
  }

  @Test
  void anAccountWithoutTheRightAsksThePlatformNothing() {
    try (var poor =
        Neighbourhood.atItsAddress(new Settings.Wechat.Rights(false, true, null, null))) {
      Visitor browser = Visitor.in(poor.wechat, poor.follower("li"));
      visitors.add(browser);
      for (String path : List.of(START, START + "/back?code=c&state=s", "/h5/me")) {
        assertThat(browser.get(poor.url(path)).body()).contains("查询", "不能从网页进");
      }
      assertThat(poor.wechat.calls()).doesNotContainKey(EXCHANGE);
    }
  }

  @Test
  void withoutRedisNobodyComesIn() throws IOException {
    Settings plain = World.settings();
    try (var redis = new Cable(URI.create(plain.redisUrl()));
        var town =
            Neighbourhood.atItsAddress(
                Settings.Wechat.Rights.VERIFIED,
                plain.withServers(plain.databaseUrl(), redis.url(), plain.secretsKey()))) {
      Phone li = town.follower("li").says("你好");
      Visitor browser = Visitor.in(town.wechat, li);
      visitors.add(browser);
      String back = keep(browser.get(browser.get(town.url(START)).to()).to());
      redis.cut();
      Seen seen = browser.get(back);
      assertThat(seen.status()).isEqualTo(503);
      assertThat(seen.body()).contains("现在进不来", "查询");
      assertThat(town.wechat.calls()).doesNotContainKey(EXCHANGE);
      assertThat(browser.cookie(back, SESSION)).isEmpty();
    }
  }

  /// To a server, until it is cut.
  private static final class Cable implements AutoCloseable {
    private final URI to;
    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<Socket> open = new CopyOnWriteArrayList<>();

    Cable(URI to) throws IOException {
      this.to = to;
      Thread.ofVirtual().start(this::serve);
    }

    String url() {
      return to.toString()
          .replace(to.getHost() + ":" + to.getPort(), "127.0.0.1:" + server.getLocalPort());
    }

    private void serve() {
      try {
        while (true) {
          Socket near = server.accept();
          var far = new Socket(to.getHost(), to.getPort());
          open.addAll(List.of(near, far));
          Thread.ofVirtual().start(() -> carry(near, far));
          Thread.ofVirtual().start(() -> carry(far, near));
        }
      } catch (SocketException closed) {
        // cut
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static void carry(Socket from, Socket into) {
      try (from;
          into) {
        var _ = from.getInputStream().transferTo(into.getOutputStream());
      } catch (IOException closed) {
        // cut
      }
    }

    void cut() throws IOException {
      server.close();
      for (Socket each : open) {
        each.close();
      }
    }

    @Override
    public void close() throws IOException {
      cut();
    }
  }

  // Around it.

  private static Phone teller(String name) {
    return TOWN.follower(name).scan("bld:" + COUNTER.place("88001001B3").code()).says("你好");
  }

  private static Address address(Phone phone) {
    return COUNTER
        .community
        .people()
        .known(COUNTER.db(), new AddressKey("wechat", "main", phone.openid()))
        .orElseThrow();
  }

  /// @return the code of its page
  private static String told(Phone phone, String what) {
    return COUNTER.codeOf(COUNTER.told(address(phone), what).number().toString());
  }

  private static void close(Opened opened) {
    var zhang = COUNTER.staff(Counter.ZHANG);
    var matter = COUNTER.cases.visibleTo(zhang, opened.id());
    matter = COUNTER.handling.claim(zhang, matter.id(), matter.version());
    var _ = COUNTER.finish(zhang, matter.id(), matter.version(), "办好了");
  }

  private static void join(Phone kept, Phone gone) {
    TOWN.clock.pass(Duration.ofMinutes(2)); // nobody talks at this moment
    TOWN.rooms()
        .db()
        .withinTransaction(tx -> {
          var _ =
              TOWN.rooms()
                  .reception()
                  .joinings()
                  .join(tx, address(kept).personId(), address(gone).personId(), null, null);
        });
  }

  private Visitor in(Phone phone) {
    var visitor = Visitor.in(TOWN.wechat, phone);
    visitors.add(visitor);
    return visitor;
  }

  private Visitor elsewhere() {
    var visitor = Visitor.elsewhere();
    visitors.add(visitor);
    return visitor;
  }

  private Visitor signedIn(Phone phone) {
    Visitor visitor = in(phone);
    follow(visitor);
    assertThat(visitor.cookie(TOWN.url(""), SESSION)).isNotEmpty();
    return visitor;
  }

  private Seen follow(Visitor visitor) {
    return visitor.follow(TOWN.url(START));
  }

  /// Where a browser ends up that wants to go there.
  private String arrive(Visitor browser, String to) {
    Seen start = browser.get(TOWN.url(START) + "?to=" + encoded(to));
    return browser.get(keep(browser.get(start.to()).to())).to();
  }

  /// Notes what must be in no log.
  private String keep(String back) {
    secrets.add(codeOf(back));
    secrets.add(requireNonNull(URI.create(back).getQuery()).replaceAll(".*state=", ""));
    return back;
  }

  private static String codeOf(String back) {
    return CODE.matcher(back).results().findFirst().orElseThrow().group(1);
  }

  private static List<String> numbers(String page) {
    return Pattern.compile("h5-number\">(\\d+-\\d+)")
        .matcher(page)
        .results()
        .map(each -> each.group(1))
        .toList();
  }

  private static void assertRefused(Seen seen, Visitor who) {
    assertThat(seen.status()).isEqualTo(403);
    assertThat(seen.body()).contains("链接是别人转给您的");
    assertThat(who.cookie(TOWN.url(""), SESSION)).isEmpty();
  }

  /// The next page sends them to sign in.
  private static void assertOut(Visitor visitor, String secret) {
    Seen seen = visitor.get(TOWN.url("/h5/me"));
    assertThat(seen.body()).doesNotContain(secret);
    assertThat(seen.to()).startsWith(TOWN.url(START));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
