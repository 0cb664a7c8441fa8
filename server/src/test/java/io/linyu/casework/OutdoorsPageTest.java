package io.linyu.casework;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.FilePayload;
import com.microsoft.playwright.options.Geolocation;
import com.microsoft.playwright.options.ServiceWorkerPolicy;
import io.linyu.App;
import io.linyu.Counter;
import io.linyu.PageTest;
import io.linyu.Settings;
import io.linyu.Wire;
import io.linyu.World;
import io.linyu.community.Address;
import io.linyu.community.Staff;
import io.vertx.sqlclient.Row;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// The console on a telephone that loses the network and finds it again.
class OutdoorsPageTest extends PageTest {
  private static final Clock CLOCK = Clock.systemUTC();
  private static final Settings SETTINGS = World.settings();
  @AutoClose private static final Counter COUNTER = new Counter(SETTINGS, CLOCK);
  @AutoClose private static final App APP = App.start(SETTINGS, CLOCK);
  private static final Address RESIDENT = COUNTER.resident("王阿姨");
  private static final String THINGS =
      "async () => new Promise(done => { const asked = indexedDB.open('linyu-outdoors');"
          + " asked.onsuccess = () => { const all = asked.result.transaction('things')"
          + ".objectStore('things').getAll(); all.onsuccess = () => done(all.result.length); }; })";

  /// The browser finds the place only when `finds()` is called.
  private static final String SEEKS =
      """
      const real = navigator.geolocation.getCurrentPosition.bind(navigator.geolocation);
      const held = [];
      navigator.geolocation.getCurrentPosition = (...asked) => held.push(asked);
      window.finds = () => held.splice(0).forEach(asked => real(...asked));
      """;

  private static final String KEPT =
      "async () => !!navigator.serviceWorker.controller + ' '"
          + " + (await (await caches.open('linyu-pages')).keys()).map(each => each.url)";

  private static final String DRAFTS =
      "() => Object.keys(localStorage).filter(each => each.startsWith('linyu-draft'))";

  @AutoClose private final Wire air = new Wire("http://localhost:" + APP.port() + "/console");

  @Test
  void whatIsWrittenAndTakenWithoutANetworkGoesByItselfInOrder() {
    Staff zhang = COUNTER.staff(Counter.ZHANG);
    Case mine = claimed("院墙裂了");
    Page page = outdoors(mine);
    assertThat(page.locator("#unsent")).isHidden();

    air.cut();
    note(page, "到现场了");
    assertThat(page.locator("#unsent")).containsText("1 条还没发出");
    assertThat(page.locator("#note-text")).hasValue("");
    page.locator("[data-take]").setInputFiles(picture());
    assertThat(page.locator(".thumbs li")).hasCount(1);
    page.locator("#note-form .btn-plain:not(.take)").click();
    assertThat(page.locator("#unsent")).containsText("2 条还没发出");
    page.locator("[data-mode=answer]").first().click();
    page.fill("#answer-text", "围起来了，别靠近");
    page.locator("#answer-form .btn-primary").click();
    assertThat(page.locator("#unsent")).containsText("3 条还没发出");
    assertThat(COUNTER.cases.notes(zhang, mine.id())).isEmpty();

    // The telephone ends the page, and there is still no network.
    page.reload();
    assertThat(page.locator("#case-title")).hasText("院墙裂了");
    assertThat(page.locator("#unsent")).containsText("没有网络 · 3 条还没发出");
    page.locator("#unsent [data-look]").click();
    assertThat(page.locator("[data-things] li")).hasCount(3);
    assertThat(page.locator("[data-things]")).containsText("围起来了，别靠近");
    page.keyboard().press("Escape");
    page.navigate(url("/console/known"));
    assertThat(page.locator("h1")).hasText("没有网络");
    page.navigate(url("/console/cases/" + mine.code()));
    // Hidden until the page has looked what waits.
    assertThat(page.locator("#unsent")).containsText("3 条还没发出");

    air.mend();
    assertThat(page.locator("#unsent")).isHidden();
    assertThat(COUNTER.cases.notes(zhang, mine.id()))
        .extracting(Note::text)
        .containsExactly("到现场了", "现场照片");
    assertThat(COUNTER.cases.answers(zhang, mine.id()))
        .extracting(Answer::text)
        .containsExactly("围起来了，别靠近");
    page.navigate(url("/console/cases/" + mine.code()));
    assertThat(page.locator("#conversation .note-photo img, #case-notes .note-photo img").first())
        .isVisible();
    Boolean drawn =
        (Boolean)
            page.waitForFunction(
                    "() => [...document.querySelectorAll('.note-photo img')]"
                        + ".some(each => each.naturalWidth === 1600)")
                .jsonValue();
    assertThat(drawn).isTrue();
    assertThat(page.evaluate(THINGS)).isEqualTo(0);
    tolerate("ERR_");
    tolerate("htmx:");
  }

  @Test
  void whatTheCaseHasOvertakenIsSaidAndNotThrownAway() {
    Staff zhang = COUNTER.staff(Counter.ZHANG);
    Case mine = claimed("下水道堵了");
    Page page = outdoors(mine);
    air.cut();
    page.fill("#answer-text", "我下午来通");
    page.locator("#answer-form .btn-primary").click();
    assertThat(page.locator("#unsent")).containsText("1 条还没发出");
    Case closed = COUNTER.finish(zhang, mine.id(), mine.version(), "街道已经通了");

    air.mend();
    assertThat(page.locator("#unsent")).containsText("1 条没发成");
    page.locator("#unsent [data-look]").click();
    assertThat(page.locator("[data-things]")).containsText("我下午来通");
    assertThat(page.locator("[data-things] .refused")).containsText(closed.number().text());
    page.locator("[data-things] [data-do=note]").click();
    assertThat(page.locator("#unsent")).isHidden();
    assertThat(COUNTER.cases.notes(zhang, mine.id()))
        .extracting(Note::text)
        .containsOnlyOnce("我下午来通");
    assertThat(COUNTER.cases.answers(zhang, mine.id()))
        .extracting(Answer::text)
        .containsExactly("街道已经通了");
    tolerate("ERR_");
    tolerate("htmx:");
    forgive("409");
  }

  /// An answer that was lost on its way back: the device asks again, and nothing is done again.
  @Test
  void whatComesTwiceUnderOneKeyIsDoneOnce() {
    Staff zhang = COUNTER.staff(Counter.ZHANG);
    Case mine = claimed("门禁坏了");
    Page page = outdoors(mine);
    String send =
        "async ([code, key, kind, text, version]) => (await fetch('/console/cases/' + code + '/things',"
            + " { method: 'POST', headers: { ...JSON.parse(document.body.getAttribute('hx-headers')),"
            + " 'Content-Type': 'application/json' },"
            + " body: JSON.stringify({ key, kind, text, version, photos: [] }) })).status";
    for (int i = 0; i < 2; i++) {
      assertThat(
              page.evaluate(
                  send,
                  new Object[] {
                    mine.code(), "k-0123456789abcdef", "answer", "明天换新的", mine.version()
                  }))
          .isEqualTo(204);
    }
    assertThat(COUNTER.cases.answers(zhang, mine.id())).hasSize(1);

    Case other = claimed("门禁又坏了");
    assertThat(
            page.evaluate(
                send, new Object[] {other.code(), "k-0123456789abcdef", "note", "别人的钥匙", null}))
        .isEqualTo(422);
    assertThat(COUNTER.cases.notes(zhang, other.id())).isEmpty();
    forgive("422");
  }

  @Test
  void photosAreKeptBeforeTheirPlaceIsFoundAndGoWithTheirNote() {
    Staff zhang = COUNTER.staff(Counter.ZHANG);
    Case mine = claimed("围栏倒了");
    Page page = desktop();
    page.context().grantPermissions(List.of("geolocation"));
    page.context().setGeolocation(new Geolocation(1.5, 2.5));
    page.addInitScript(SEEKS);
    page.clock().install();
    enter(page, air.url(), Counter.ZHANG);
    page.navigate(url("/console/cases/" + mine.code()));
    page.locator("[data-mode=note]").first().click();
    page.locator("[data-place]").check();
    page.locator("[data-take]").setInputFiles(picture());
    page.locator("[data-take]").setInputFiles(picture());
    assertThat(page.locator(".thumbs li")).hasCount(2);
    assertThat(page.locator(".thumbs")).containsText("定位中…×定位中…");
    assertThat(page.evaluate(THINGS)).isEqualTo(1);

    // The telephone ends the page; the place of these two is lost, and nothing else.
    page.reload();
    assertThat(page.locator(".thumbs li")).hasCount(2);
    assertThat(page.locator("#unsent")).containsText("1 条备注拍了照，还没按发送");
    page.locator("#unsent [data-look]").click();
    assertThat(page.locator("[data-things] li")).containsText("照片拍好了，备注还没按发送");
    page.keyboard().press("Escape");

    // Sent off at once: with what is just being taken, and with its place.
    page.locator("[data-mode=note]").first().click();
    page.locator("[data-place]").check();
    page.fill("#note-text", "全倒了");
    page.locator("[data-take]").setInputFiles(picture());
    page.locator("#note-form .send-row button").click();
    assertThat(page.locator(".thumbs")).containsText("定位中…");
    page.evaluate("finds()");
    assertThat(page.locator("#unsent")).isHidden();
    assertThat(COUNTER.cases.notes(zhang, mine.id())).extracting(Note::text).containsExactly("全倒了");
    assertThat(photos(mine)).isEqualTo("3 with 1 place");
    assertThat(page.locator("#case")).containsText("位置 1.50000, 2.50000");

    // A place that is not found in time is not waited for.
    page.locator("[data-mode=note]").first().click();
    page.locator("[data-place]").check();
    page.locator("[data-take]").setInputFiles(picture());
    assertThat(page.locator(".thumbs li")).hasCount(1);
    page.locator("#note-form .send-row button").click();
    assertThat(page.locator("#note-form .send-row button")).isDisabled();
    page.clock().fastForward(3_000);
    assertThat(page.locator("#unsent")).isHidden();
    assertThat(photos(mine)).isEqualTo("4 with 1 place");
    assertThat(page.evaluate(THINGS)).isEqualTo(0);
  }

  @Test
  void whatDoesNotGetThroughLetsOtherCasesGoFirst() {
    Staff zhang = COUNTER.staff(Counter.ZHANG);
    Case hard = claimed("化粪池满了");
    Case easy = claimed("路牌歪了");
    Page page = desktop();
    page.clock().install();
    enter(page, air.url(), Counter.ZHANG);
    var stuck = new ArrayList<Route>();
    page.route("**/cases/" + hard.code() + "/things", stuck::add);
    page.navigate(url("/console/cases/" + hard.code()));
    page.locator("[data-mode=note]").first().click();
    page.locator("[data-take]").setInputFiles(picture());
    assertThat(page.locator(".thumbs li")).hasCount(1);
    page.locator("#note-form .send-row button").click();
    page.waitForCondition(() -> stuck.size() == 1);
    note(page, "还在漫");
    assertThat(page.locator("#unsent")).containsText("2 条还没发出");

    page.navigate(url("/console/cases/" + easy.code()));
    page.waitForCondition(() -> stuck.size() == 2);
    note(page, "扶正了");
    assertThat(page.locator("#unsent")).containsText("3 条还没发出");
    page.clock().fastForward(60_000);
    assertThat(page.locator("#unsent")).containsText("网络慢，1 条没传完，会接着试");
    page.clock().fastForward(5_000);
    page.waitForCondition(() -> COUNTER.cases.notes(zhang, easy.id()).size() == 1);
    // It is its turn again, and what was written after it waits behind it.
    page.waitForCondition(() -> stuck.size() == 3);
    assertThat(page.locator("#unsent")).containsText("2 条还没发出");

    // The oftener it fails, the longer it rests.
    page.clock().fastForward(60_000);
    assertThat(page.locator("#unsent [data-now]")).isVisible();
    page.locator("#unsent [data-look]").click();
    assertThat(page.locator("[data-things] li").first()).containsText("没传完 2 次");
    page.keyboard().press("Escape");
    page.clock().runFor(6_000);
    assertThat(page.locator("#unsent [data-now]")).isVisible();
    assertThat(stuck).hasSize(3);
    page.unroute("**/cases/" + hard.code() + "/things");
    page.locator("#unsent [data-now]").click();
    assertThat(page.locator("#unsent")).isHidden();
    assertThat(COUNTER.cases.notes(zhang, hard.id()))
        .extracting(Note::text)
        .containsExactly("现场照片", "还在漫");
    tolerate("ERR_");
  }

  /// Two megabytes over a mobile network take minutes: nobody gives up while something moves.
  @Test
  void whatTakesLongArrivesAndSaysHowFarItIs() {
    Staff zhang = COUNTER.staff(Counter.ZHANG);
    Case mine = claimed("水管爆了");
    Page page = outdoors(mine, clock -> clock.clock().install());
    var sent = new AtomicInteger();
    page.onRequest(request -> {
      if (request.url().endsWith("/things")) {
        sent.incrementAndGet();
      }
    });
    slow(page, 150_000);
    page.locator("[data-mode=note]").first().click();
    page.locator("[data-take]").setInputFiles(noise());
    assertThat(page.locator(".thumbs li")).hasCount(1);
    page.locator("#note-form .send-row button").click();
    String last = "";
    for (int i = 0; i < 3; i++) {
      last =
          String.valueOf(
              page.waitForFunction(
                      "last => { const [said] = document.querySelector('#unsent').textContent"
                          + ".match(/到 \\d+% 了/) ?? []; return said !== last && said; }",
                      last)
                  .jsonValue());
      page.clock().fastForward(30_000);
    }
    slow(page, -1);
    assertThat(page.locator("#unsent")).isHidden();
    assertThat(COUNTER.cases.notes(zhang, mine.id())).hasSize(1);
    assertThat(sent).hasValue(1);
  }

  /// At a desk that several share, and where one of them went away without signing out.
  @Test
  void whatOneHasBegunIsNotShownToWhoeverSitsThereNext() {
    Staff zhang = COUNTER.staff(Counter.ZHANG);
    Case mine = claimed("门铃不响");
    Page page = desktop();
    enter(page, air.url(), Counter.ZHANG);
    page.navigate(url("/console/cases/" + mine.code()));
    page.evaluate(
        "code => localStorage.setItem('linyu-draft:close-' + code, '旧版留下的')", mine.code());
    page.reload();
    assertThat(page.locator("#report-text")).hasValue("");
    assertThat((List<?>) page.evaluate(DRAFTS)).isEmpty();
    page.locator("[data-opens=report-dialog]").first().click();
    page.fill("#report-text", "换了电池");
    page.reload();
    assertThat(page.locator("#report-text")).hasValue("换了电池");

    // Nothing on this page asks once more, as nobody.
    page.navigate("about:blank");
    var _ = COUNTER.handling.give(zhang, mine.id(), mine.version(), COUNTER.staff(Counter.LI).id());
    page.context().clearCookies();
    enter(page, air.url(), Counter.LI);
    page.navigate(url("/console/cases/" + mine.code()));
    assertThat(page.locator("#report-text")).hasValue("");
  }

  @Test
  void signingOutSaysWhatWouldBeLostAndLeavesNothingBehind() {
    Case mine = claimed("凉亭漏雨");
    Page page = outdoors(mine);
    page.locator("[data-opens=report-dialog]").first().click();
    page.fill("#report-text", "补好了");
    page.locator("#report-dialog [data-closes]").click();
    page.locator(".who summary").click();
    page.locator("[action='/console/session/end'] button").click();
    assertThat(page.locator("#leaving-dialog")).isVisible();
    page.locator("#leaving-dialog [data-closes]").click();
    assertThat((List<?>) page.evaluate(DRAFTS)).hasSize(1);
    page.reload();
    page.locator("[data-mode=note]").first().click();
    page.locator("[data-take]").setInputFiles(picture());
    assertThat(page.locator(".thumbs li")).hasCount(1);
    page.reload();
    assertThat(page.locator(".thumbs li")).hasCount(1);
    page.waitForFunction("() => caches.has('linyu-pages')");

    page.locator(".who summary").click();
    page.locator("[action='/console/session/end'] button").click();
    assertThat(page.locator("#leaving-dialog")).isVisible();
    page.locator("#leaving-dialog [data-closes]").click();
    assertThat(page.evaluate(THINGS)).isEqualTo(1);
    page.locator(".who summary").click();
    if (!page.locator("[action='/console/session/end'] button").isVisible()) {
      page.locator(".who summary").click();
    }
    page.locator("[action='/console/session/end'] button").click();
    page.locator("[data-leaves]").click();
    page.waitForURL("**/console/session**");
    assertThat(page.evaluate(THINGS)).isEqualTo(0);
    assertThat((List<?>) page.evaluate(DRAFTS)).isEmpty();
    await(page, "async () => !(await caches.has('linyu-pages'))");
  }

  private static void note(Page page, String text) {
    page.locator("[data-mode=note]").first().click();
    page.fill("#note-text", text);
    page.locator("#note-form .btn-plain:not(.take)").click();
  }

  /// Stands before this case on a telephone, with the page kept.
  private Page outdoors(Case mine) {
    return outdoors(mine, _ -> {});
  }

  private Page outdoors(Case mine, Consumer<Page> first) {
    Page page =
        page(
            new NewContextOptions()
                .setViewportSize(390, 844)
                .setHasTouch(true)
                .setIsMobile(true)
                .setServiceWorkers(ServiceWorkerPolicy.ALLOW));
    first.accept(page);
    enter(page, url("/console"), Counter.ZHANG);
    // A page that is on its way while the worker begins is not the worker's before the next one.
    await(page, "async () => !!(await navigator.serviceWorker.ready)");
    page.navigate(url("/console/cases/" + mine.code()));
    await(
        page,
        "async () => !!navigator.serviceWorker.controller && !!(await (await caches.open('linyu-pages'))"
            + ".match(location.href)) && (await (await caches.open('linyu-pages')).keys())"
            + ".some(each => each.url.includes('/console/conversations/'))");
    return page;
  }

  /// What has to be waited for itself: a wait of the browser takes the promise for the answer.
  private static void await(Page page, String asked) {
    for (int times = 0; times < 150; times++) {
      if (page.evaluate(asked).equals(true)) {
        return;
      }
      page.waitForTimeout(100);
    }
    throw new AssertionError("not in time: " + asked + ", but " + page.evaluate(KEPT));
  }

  private static Case claimed(String what) {
    Opened told = COUNTER.told(RESIDENT, what, "0102", CLOCK.instant());
    return COUNTER.handling.claim(COUNTER.staff(Counter.ZHANG), told.id(), 1);
  }

  private static String photos(Case mine) {
    Row row =
        COUNTER
            .db()
            .one(
                "SELECT count(*) AS all, count(latitude) AS placed FROM case_photo WHERE case_id = $1",
                mine.id().value());
    return row.getLong("all") + " with " + row.getLong("placed") + " place";
  }

  /// @param upwards bytes a second, or -1: as fast as it goes
  private static void slow(Page page, int upwards) {
    var how = new JsonObject();
    how.addProperty("offline", false);
    how.addProperty("latency", 0);
    how.addProperty("downloadThroughput", -1);
    how.addProperty("uploadThroughput", upwards);
    var _ = page.context().newCDPSession(page).send("Network.emulateNetworkConditions", how);
  }

  private static FilePayload picture() {
    return picture(new BufferedImage(2_400, 1_200, BufferedImage.TYPE_INT_RGB));
  }

  /// Hardly to be made smaller.
  private static FilePayload noise() {
    var picture = new BufferedImage(1_000, 800, BufferedImage.TYPE_INT_RGB);
    var random = new Random(7);
    for (int x = 0; x < picture.getWidth(); x++) {
      for (int y = 0; y < picture.getHeight(); y++) {
        picture.setRGB(x, y, random.nextInt(0x1000000));
      }
    }
    return picture(picture);
  }

  private static FilePayload picture(BufferedImage picture) {
    try {
      var out = new ByteArrayOutputStream();
      ImageIO.write(picture, "png", out);
      return new FilePayload("wall.png", "image/png", out.toByteArray());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private String url(String path) {
    return air.url().replace("/console", path);
  }
}
