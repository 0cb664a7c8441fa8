package io.linyu.casework;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.FilePayload;
import com.microsoft.playwright.options.ServiceWorkerPolicy;
import io.linyu.App;
import io.linyu.Counter;
import io.linyu.PageTest;
import io.linyu.Settings;
import io.linyu.Wire;
import io.linyu.World;
import io.linyu.community.Address;
import io.linyu.community.Staff;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Clock;
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
    Case closed = COUNTER.handling.close(zhang, mine.id(), mine.version(), "街道已经通了");

    air.mend();
    assertThat(page.locator("#unsent")).containsText("1 条没发成");
    page.locator("#unsent [data-look]").click();
    assertThat(page.locator("[data-things]")).containsText("我下午来通");
    assertThat(page.locator("[data-things] .refused")).containsText(closed.number().text());
    page.locator("[data-things] [data-do=note]").click();
    assertThat(page.locator("#unsent")).isHidden();
    assertThat(COUNTER.cases.notes(zhang, mine.id()))
        .extracting(Note::text)
        .containsExactly("我下午来通");
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
  void signingOutSaysWhatWouldBeLostAndLeavesNothingBehind() {
    Case mine = claimed("凉亭漏雨");
    Page page = outdoors(mine);
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
    page.waitForFunction("async () => !(await caches.has('linyu-pages'))");
  }

  private static void note(Page page, String text) {
    page.locator("[data-mode=note]").first().click();
    page.fill("#note-text", text);
    page.locator("#note-form .btn-plain:not(.take)").click();
  }

  /// Stands before this case on a telephone, with the page kept.
  private Page outdoors(Case mine) {
    Page page =
        page(
            new NewContextOptions()
                .setViewportSize(390, 844)
                .setHasTouch(true)
                .setIsMobile(true)
                .setServiceWorkers(ServiceWorkerPolicy.ALLOW));
    enter(page, url("/console"), Counter.ZHANG);
    page.navigate(url("/console/cases/" + mine.code()));
    page.waitForFunction(
        "async () => !!navigator.serviceWorker.controller && !!(await (await caches.open('linyu-pages'))"
            + ".match(location.href)) && (await (await caches.open('linyu-pages')).keys())"
            + ".some(each => each.url.includes('/console/conversations/'))");
    return page;
  }

  private static Case claimed(String what) {
    Opened told = COUNTER.told(RESIDENT, what, "0102", CLOCK.instant());
    return COUNTER.handling.claim(COUNTER.staff(Counter.ZHANG), told.id(), 1);
  }

  private static FilePayload picture() {
    try {
      var out = new ByteArrayOutputStream();
      ImageIO.write(new BufferedImage(2_400, 1_200, BufferedImage.TYPE_INT_RGB), "png", out);
      return new FilePayload("wall.png", "image/png", out.toByteArray());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private String url(String path) {
    return air.url().replace("/console", path);
  }
}
