package io.linyu;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.Media;
import io.linyu.casework.Case;
import io.linyu.community.Staff;
import io.linyu.simulator.wechat.Phone;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What residents open from the chat, on a small phone that runs no scripts.
class ResidentPageTest extends PageTest {
  @AutoClose private static final Neighbourhood TOWN = Neighbourhood.open();
  @AutoClose private static final Counter COUNTER = TOWN.counter();
  private static final Pattern PAGE = Pattern.compile("http://\\S+(/h5/cases/\\w+)");

  @BeforeAll
  static void rulesRest() {
    TOWN.withoutRules();
  }

  @Test
  void aMatterIsFollowedLikeAParcelAndWhatCouldNotBeSentIsReadThere() {
    Phone chen =
        TOWN.follower("chen").scan("bld:" + COUNTER.place("88001001B3").code()).says("三栋楼道灯又不亮了");
    chen.says("对");
    String link = PAGE.matcher(chen.hears()).results().findFirst().orElseThrow().group(1);
    Staff zhang = COUNTER.staff(Counter.ZHANG);
    Case matter = COUNTER.cases.visibleTo(zhang, link.substring(link.lastIndexOf('/') + 1));
    matter = COUNTER.handling.claim(zhang, matter.id(), matter.version());
    TOWN.clock.pass(Duration.ofSeconds(11));
    chen.awaitHeard("张伟");
    TOWN.clock.pass(Duration.ofDays(3)); // WeChat's window is shut
    matter = COUNTER.handling.note(zhang, matter.id(), "线路老化");
    var _ =
        COUNTER.asItStands(
            zhang,
            matter.id(),
            now ->
                COUNTER.handling.answer(
                    zhang, now.id(), now.version(), "电工明天来。" + "https://example.org/".repeat(4)));
    TOWN.until(
        "kept",
        () -> TOWN.sqlOne("SELECT count(*) FROM outbound WHERE state = 'waiting'").equals("1"));

    Page page = page(small().setJavaScriptEnabled(false));
    page.navigate(TOWN.url(link));
    assertThat(page.locator("h1")).containsText("楼道灯");
    assertThat(page.locator(".h5-way li", containing("张伟 已接手"))).isVisible();
    assertThat(page.locator(".h5-way blockquote")).containsText("电工明天来。");
    assertThat(page.locator("body")).not().containsText("线路老化");
    assertFits(page);
    page.locator(".h5-size").click();
    assertThat(page.locator("body")).hasClass("large");
    assertFits(page);
    // On paper it says what it is about, and has nothing to press.
    page.emulateMedia(new Page.EmulateMediaOptions().setMedia(Media.PRINT));
    assertThat(page.locator(".h5-way blockquote")).isVisible();
    for (String pressed : List.of(".h5-call", "#urge", ".withdraw", ".h5-size", "#hand-in form")) {
      assertThat(page.locator(pressed).locator("visible=true")).hasCount(0);
    }
    assertThat(new String(page.pdf(), StandardCharsets.ISO_8859_1)).startsWith("%PDF");
    page.emulateMedia(new Page.EmulateMediaOptions().setMedia(Media.SCREEN));
    page.locator("[lang=en]").click();
    assertThat(page.locator(".h5-way blockquote")).containsText("电工明天来。");
    assertThat(page.locator("body")).containsText("Usual type");

    String inbox = "/h5/inbox/" + TOWN.sqlOne("SELECT code FROM address");
    page.navigate(TOWN.url(inbox));
    assertThat(page.locator(".letter")).containsText("电工明天来。");
    page.reload();
    assertThat(page.locator(".letter")).isVisible(); // fetched is not read
    Page browser = page(small());
    browser.navigate(TOWN.url(inbox));
    assertThat(browser.locator(".letter")).containsText("电工明天来。");
    assertThat(browser.locator(".h5-shown")).isHidden();
    TOWN.until("read", () -> TOWN.sql("SELECT id FROM outbound WHERE state = 'waiting'").isEmpty());
    browser.reload();
    assertThat(browser.locator(".letter")).hasCount(0);
    page.locator(".h5-shown button").click();
    assertThat(page.locator(".letter")).hasCount(0);
    assertFits(page);
    page.locator(".matter").click();
    assertThat(page).hasURL(TOWN.url(link));
  }

  @Test
  void aCodeThatNobodyHasIsToldInASentence() {
    Page page = page(small().setJavaScriptEnabled(false));
    for (String path : List.of("/h5/cases/nosuchcode", "/h5/inbox/nosuchcode")) {
      assertThat(page.navigate(TOWN.url(path)).status()).isEqualTo(404);
      assertThat(page.locator(".lead")).containsText("这一页找不到了。在微信里回“查询”");
      assertThat(page.locator("[href='tel:12000000800']")).containsText("打电话给社区");
      assertFits(page);
    }
    forgive("404");
  }

  private static NewContextOptions small() {
    return new NewContextOptions().setViewportSize(360, 740).setIsMobile(true).setHasTouch(true);
  }

  private static void assertFits(Page page) {
    assertThat(page.evaluate("document.documentElement.scrollWidth")).isEqualTo(360);
  }

  private static Page.LocatorOptions containing(String text) {
    return new Page.LocatorOptions().setHasText(text);
  }
}
