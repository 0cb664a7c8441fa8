package io.linyu.demo;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import io.linyu.App;
import io.linyu.PageTest;
import io.linyu.Rooms;
import io.linyu.Settings;
import io.linyu.World;
import io.linyu.casework.Case;
import io.linyu.casework.CaseId;
import io.linyu.casework.CaseState;
import io.linyu.casework.Inbox;
import io.linyu.casework.LoopRule;
import io.linyu.casework.LoopRules;
import io.linyu.casework.ReturnVisit;
import io.linyu.community.Staff;
import io.linyu.simulator.wechat.Fault;
import io.linyu.simulator.wechat.Faults;
import io.linyu.simulator.wechat.Line;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.time.Clock;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The demo as a visitor finds it: the whole past of the town is told once, for all of these.
class DemoTest extends PageTest {
  private static Demo demo;
  private static App app;
  private static int lacking;

  /// As they stood when all had been told, before any of these has talked.
  private static List<Case> all;

  @BeforeAll
  static void letThePastHappen() {
    // Pages are signed for the address by which everybody reaches them.
    int port = freePort();
    Settings.Http usual = World.settings().http();
    var http =
        new Settings.Http(
            usual.host(),
            port,
            "http://127.0.0.1:" + port,
            usual.trusted(),
            usual.drain(),
            usual.templates());
    demo = Demo.start(World.settings().withHttp(http), Clock.systemUTC());
    app = App.start(demo.settings(), demo.clock(), rooms -> demo.routes(doors(rooms)));
    lacking = demo.open(doors(app.rooms()), app.port(), (done, of) -> {});
    List<CaseId> ids =
        app.rooms().db().rows("SELECT id FROM \"case\"").stream()
            .map(row -> new CaseId(row.getLong("id")))
            .toList();
    all = app.rooms().casework().cases().named(app.rooms().db(), ids);
  }

  @AfterAll
  static void close() {
    app.close();
    demo.close();
  }

  @Test
  void thePastHappenedAsItIsWritten() {
    assertThat(lacking).isZero();
    assertThat(demo.open(doors(app.rooms()), app.port(), (done, of) -> {})).isZero();
    assertThat(demo.wechat().phone("wang").heard())
        .extracting(Line.Heard::way)
        .contains(Line.Way.PASSIVE, Line.Way.CUSTOMER_SERVICE)
        .doesNotContain(Line.Way.FAILURE);
    assertThat(demo.wechat().phone("liu").follows()).isFalse();
  }

  /// Asked of the doors, as those see it who can sign in.
  @Test
  void aMatterStandsInEveryStateThatThereIs() {
    Set<CaseState> seen = all.stream().map(Case::state).collect(toSet());
    Set<CaseState> states = EnumSet.allOf(CaseState.class);
    // Words that nobody confirmed yet; and what passes at once.
    states.removeAll(EnumSet.of(CaseState.DRAFT, CaseState.FEEDBACK));
    assertThat(seen).isEqualTo(states);

    Instant now = demo.clock().instant();
    has("nobody has taken it", each -> each.state() == CaseState.DISPATCHED);
    has("returned", each -> each.returned() != null);
    has("late", each -> isDue(each, now));
    has("due within the hour", each -> !isDue(each, now) && isDue(each, now.plusSeconds(3600)));
    has("supervised", each -> each.supervisedAt() != null);
    has("urged", Case::isUrged);
    has("more time asked", each -> each.isOpen() && each.asked() != null);
    has("more time given", each -> each.extensions() == 1);
    has("failed a check", each -> each.state() == CaseState.HANDLING && each.reworks() == 1);
    has("done three times and more", each -> each.reworks() == 3 && !each.isOpen());
    has("is asked", each -> each.state() == CaseState.RETURN_VISIT && each.rests());
    has("not solved", each -> each.state() == CaseState.RETURN_VISIT && !each.rests());
    has("opened again", each -> each.isOpen() && ended(each) == ReturnVisit.Outcome.ANSWERED);
    has("appealed", each -> each.state() == CaseState.REPORTED && each.isUnderReview());
    has("told of staff", each -> "1205".equals(each.categoryCode()));
    has("nobody answered", each -> ended(each) == ReturnVisit.Outcome.NO_ANSWER);
    has("not content, and why", each -> ended(each) == ReturnVisit.Outcome.OVERRULED);
    has("solved in part", each -> said(each) == ReturnVisit.Solved.PARTLY);
    has("solved", each -> said(each) == ReturnVisit.Solved.YES);
    assertThat(all.stream().map(Case::channel))
        .contains("wechat", "phone", "visit", "box", "patrol");
    has("found on patrol, and done", each -> each.channel().equals("patrol") && !each.isOpen());
    assertThat(all.stream().filter(Case::follows)).hasSize(2);
    assertThat(all.stream().filter(each -> each.state() == CaseState.MERGED)).hasSize(4);

    Inbox inbox = app.rooms().casework().inbox();
    for (Inbox.View view : Inbox.View.values()) {
      assertThat(inbox.page(staff(Town.REN), view, null, null, 30).entries())
          .as(view.word())
          .isNotEmpty();
    }
    assertThat(app.rooms().casework().parts().waiting(staff(Town.PENG), null)).hasSize(1);
    LoopRules rules = app.rooms().casework().loopRules();
    assertThat(rules.current(LoopRule.E2).mode()).isEqualTo(LoopRule.Mode.DRY);
    assertThat(applied("E2", "raised", false)).as("raised for silence").isPositive();
    assertThat(applied("E2", "supervised", true)).as("tried out").isPositive();
    assertThat(applied("E3", "raised", true)).as("a problem").isPositive();
  }

  @Test
  void aVisitorTalksAsAResident() {
    Page page = desktop();
    page.navigate(url("/demo"));
    page.locator("[data-types]").first().click();
    assertThat(page.locator(".theirs").last()).containsText("我记的是：和光小区3栋");
    page.locator(".words input").fill("对");
    page.locator(".words input").press("Enter");
    assertThat(page.locator(".theirs").last()).containsText("记好了");

    page.locator(".people [data-who=liu]").click();
    assertThat(page.locator(".stranger")).isVisible();
  }

  @Test
  void eachPhoneOpensItsOwnersMatters() {
    Page page = phone();
    page.navigate(url("/demo?who=chen"));
    page.locator("[data-mode-to=menu]").click();
    Page chens = page.waitForPopup(() -> page.locator("[data-opens]").click());
    assertThat(chens.locator("h1")).hasText("我的事");
    String whose = chens.locator("#answers a").getAttribute("href");
    page.locator(".people [data-who=zhao]").click();
    Page zhaos = page.waitForPopup(() -> page.locator("[data-opens]").click());
    assertThat(zhaos.locator("#answers a")).not().hasAttribute("href", whose);
  }

  @Test
  void whatGoesWrongIsSwitchedOnAndSeenWithWhatCameOfIt() {
    Page board = desktop();
    board.navigate(url("/demo/faults"));
    assertThat(board.locator(".calls")).not().containsText(demo.wechat().account().secret());
    board.locator("form[action$=pushes] [name=fault]").selectOption("TWICE");
    board.locator("form[action$=pushes] button").click();
    assertThat(board.locator("form.on")).containsText("只记一次");
    demo.wechat().phone("sun").says("花坛里的灯歪了");
    assertThat(board.locator(".calls li:has-text('花坛里的灯歪了')")).hasCount(2);
    assertThat(board.locator(".calls li.good:has-text('每条推两遍')").first()).containsText("REPLIED");
    assertThat(
            app.rooms()
                .db()
                .one(
                    "SELECT count(*) FROM message WHERE said_by = 'resident' AND content::text LIKE '%灯歪了%'")
                .getLong(0))
        .isEqualTo(1);

    var send = board.locator("form:has([value$='custom/send'])");
    send.locator("[name=fault]").selectOption("TOKEN_NOT_LATEST");
    send.locator("[name=often]").selectOption("5");
    send.locator("button").click();
    assertThat(board.locator("form.on").first()).containsText("换一个新令牌");

    var every = board.locator("form:has([value='*'])");
    every.locator("[name=fault]").selectOption("BUSY");
    every.locator("[name=often]").selectOption("10%");
    every.locator("button").click();
    assertThat(every).hasClass(Pattern.compile("\\bon\\b"));
    assertThat(every.locator("[name=often]")).hasValue("10%");
    assertThat(demo.wechat().faults().on().get(Faults.EVERY_CALL))
        .isEqualTo(new Faults.On(Fault.BUSY, new Faults.Share(10)));
    assertThat(board.locator("[name=seed]")).hasValue("" + demo.wechat().faults().seed());
    board.locator("[name=seed]").fill("417");
    board.locator("form[action$=seed] button").click();
    assertThat(board.locator("[name=seed]")).hasValue("417");
    assertThat(demo.wechat().faults().seed()).isEqualTo(417);
    board.setViewportSize(390, 844);
    assertThat(board.evaluate("document.documentElement.scrollWidth <= innerWidth"))
        .isEqualTo(true);
    board.locator("form[action$=none] button").click();
    assertThat(board.locator("form.on")).hasCount(0);

    board.locator("form[action$=plug] button").click();
    assertThat(board.locator(".said")).containsText("排着队");
    assertThat(demo.wechat().isPlugged()).isFalse();
    board.locator("form[action$=plug] button").click();
    assertThat(demo.wechat().isPlugged()).isTrue();
  }

  @Test
  void aPhoneSendsWhatItHasNoDeviceFor() {
    Page page = phone();
    page.navigate(url("/demo?who=chen"));
    page.locator("[data-panel=more]").first().click();
    page.locator("[data-panel=photos]").click();
    page.locator("[data-deed=photo]").first().click();
    assertThat(page.locator(".mine.is-image img")).isVisible();
    page.locator("[data-mode-to=voice]").click();
    page.locator(".hold").click();
    assertThat(page.locator(".mine.is-voice")).isVisible();
    page.locator("form [name=language]").click();
    assertThat(page.locator(".hold")).hasText("Hold to talk");
  }

  @Test
  void whatIsLongIsSentAndWhatIsNotSentStays() {
    Page page = desktop();
    page.navigate(url("/demo?who=zhao"));
    page.locator(".words input").fill("坡道太陡了".repeat(390) + "完");
    page.locator(".words input").press("Enter");
    assertThat(page.locator(".mine").last()).containsText("坡道太陡了完");
    assertThat(page.locator(".words input")).hasValue("");

    page.route("**/deeds", route -> route.fulfill(new Route.FulfillOptions().setStatus(503)));
    page.locator(".words input").fill("还在吗");
    page.locator(".words input").press("Enter");
    assertThat(page.locator(".words input")).hasValue("还在吗");
    assertThat(page.locator(".send")).isVisible();
    forgive("503");
    page.unroute("**/deeds");
    page.waitForCondition(() -> page.locator(".words input").inputValue().equals("还在吗"));
    page.locator(".words input").press("Enter");
    assertThat(page.locator(".mine").last()).containsText("还在吗");
  }

  @Test
  void thePhoneGoesByTheTimeOfTheTownAndTheConsoleSpeaksWhatThePageSpeaks() {
    Page page = page(new NewContextOptions().setLocale("en-US").setTimezoneId("America/New_York"));
    page.navigate(url("/demo?who=wang"));
    assertThat(page.locator(".hold")).hasText("Hold to talk");
    assertThat(page.frameLocator("#console").locator("button.btn-primary")).hasText("Sign in");
    assertThat(page.locator("#screen")).not().containsText("bld:");
    String hour =
        ZonedDateTime.now(World.settings().zone()).format(DateTimeFormatter.ofPattern("HH:"));
    assertThat(page.locator("#clock")).containsText(hour);
    page.locator("form [name=language]").click();
    assertThat(page.locator(".hold")).hasText("按住 说话");
    assertThat(page.frameLocator("#console").locator("button.btn-primary")).hasText("登录");
  }

  @Test
  void aResidentAsksWithOneTapToBeToldTheResult() {
    Page screen = phone();
    screen.navigate(url("/demo?who=sun"));
    screen.locator(".words input").fill("楼下垃圾桶满了没人收");
    screen.locator(".words input").press("Enter");
    assertThat(screen.locator(".theirs").last()).containsText("我记的是");
    screen.locator(".words input").fill("对");
    screen.locator(".words input").press("Enter");
    assertThat(screen.locator(".theirs").last()).containsText("按一下有结果就通知您");

    Page matter = screen.waitForPopup(() -> screen.locator(".theirs a").last().click());
    assertThat(matter.locator(".h5-notice")).containsText("微信不让我们随时找您");
    matter.locator("wx-open-subscribe button").click();
    matter.locator(".sim-popup [value=accept]").click();
    assertThat(matter.locator("[data-when=given]")).containsText("有结果会在微信里通知您");
    assertThat(matter.evaluate("document.documentElement.scrollWidth <= innerWidth"))
        .isEqualTo(true);
    // The platform tells of it a moment later.
    Locator given = matter.locator("[data-when=given]");
    int times = 0;
    do {
      matter.reload();
      assertThat(matter.locator(".h5-notice")).isVisible();
    } while (!given.isVisible() && ++times < 20);
    assertThat(given).isVisible();
    matter.locator("wx-open-subscribe button").click();
    matter.locator(".sim-popup [value=reject]").click();
    assertThat(matter.locator("[data-when=refused]")).isVisible();

    // Whoever opens it by another address has no signature, and is told what to do.
    matter.navigate(matter.url().replace("127.0.0.1", "localhost"));
    assertThat(matter.locator("h1")).containsText("垃圾桶");
    assertThat(matter.locator(".h5-notice")).hasCount(0);
  }

  private static void has(String what, Predicate<Case> such) {
    assertThat(all).as(what).anyMatch(such);
  }

  private static boolean isDue(Case matter, Instant by) {
    Instant due = matter.nextDueAt();
    return matter.isOpen() && due != null && !due.isAfter(by);
  }

  private static Optional<ReturnVisit> visit(Case matter) {
    return app.rooms().casework().visits().last(app.rooms().db(), matter.id());
  }

  private static ReturnVisit.@Nullable Outcome ended(Case matter) {
    return visit(matter).map(ReturnVisit::outcome).orElse(null);
  }

  private static ReturnVisit.@Nullable Solved said(Case matter) {
    return matter.isOpen() ? null : visit(matter).map(ReturnVisit::solved).orElse(null);
  }

  private static long applied(String rule, String effect, boolean dry) {
    return app.rooms()
        .db()
        .one(
            "SELECT count(*) FROM rule_applied WHERE rule = $1 AND effect = $2 AND dry = $3",
            rule,
            effect,
            dry)
        .getLong(0);
  }

  private static Staff staff(Town.Worker worker) {
    return app.rooms().community().staff().byCode(worker.code()).orElseThrow();
  }

  private static int freePort() {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String url(String path) {
    return "http://127.0.0.1:" + app.port() + path;
  }

  private static Doors doors(Rooms rooms) {
    return new Doors(
        rooms.db(),
        rooms.ticker(),
        rooms.page(),
        rooms.community(),
        rooms.casework(),
        rooms.reception().hearings());
  }
}
