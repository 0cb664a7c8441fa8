package io.linyu.casework;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.Media;
import io.linyu.Counter;
import io.linyu.Neighbourhood;
import io.linyu.PageTest;
import io.linyu.community.Staff;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// What was done, as the deputy writes it down, whoever told it agrees on a small phone without
/// scripts, and everybody reads it.
class ExamplePageTest extends PageTest {
  private static final String DONE = "社区请物业换了灯和线路，第二天回访，亮了。";

  @AutoClose private static final Neighbourhood TOWN = Neighbourhood.open();
  @AutoClose private static final Counter COUNTER = TOWN.counter();

  @Test
  void itIsWrittenAgreedToReadAndPrinted() {
    TOWN.withoutRules();
    Staff zhang = COUNTER.staff(Counter.ZHANG);
    Opened told = COUNTER.told(COUNTER.resident("秦阿姨"), "楼道灯坏了", "0406", TOWN.clock.instant());
    Case held = COUNTER.handling.claim(zhang, told.id(), 1);
    var _ = COUNTER.finish(zhang, told.id(), held.version(), "换了灯");

    Page desk = enter(desktop(), TOWN.url("/console"), Counter.ZHANG);
    desk.navigate(TOWN.url("/console/cases/" + told.code()));
    desk.locator(".deeds button", text("公开成案例")).click();
    desk.fill("#example-heading", "楼道灯亮了");
    desk.fill("#example-told", "秦阿姨说灯不亮。");
    desk.fill("#example-done", DONE);
    desk.locator("#example-dialog .btn-primary").click();
    assertThat(desk.locator(".toasts")).containsText("反映了什么里有反映的人的名字“秦阿姨”");
    assertThat(desk.locator("#example-done")).hasValue(DONE);
    desk.fill("#example-told", "楼道里的灯不亮，晚上看不清。");
    desk.locator("#example-dialog .btn-primary").click();
    assertThat(desk.locator(".example-state")).containsText("等当事人同意");
    assertThat(desk.locator(".deeds")).containsText("收回公开");
    assertFits(desk);

    Page small =
        page(
            new NewContextOptions()
                .setViewportSize(360, 740)
                .setIsMobile(true)
                .setHasTouch(true)
                .setJavaScriptEnabled(false));
    small.navigate(TOWN.url("/board/cases"));
    assertThat(small.locator("main")).containsText("还没有公开的案例");
    assertFits(small);
    small.navigate(TOWN.url("/h5/cases/" + told.code()));
    assertThat(small.locator("#example")).containsText(DONE);
    assertFits(small);
    small.locator(".h5-size").click();
    assertThat(small.locator("body")).hasClass("large");
    assertFits(small);
    for (String each : new String[] {"yes", "no"}) {
      assertThat(small.locator("#example [value=" + each + "]").boundingBox().height)
          .as("is easily met")
          .isGreaterThanOrEqualTo(56);
    }
    small.locator("#example [value=yes]").click();
    assertThat(small.locator("#example")).containsText("大家现在看得到下面这些话");
    small.locator("#example a", text("看公示页")).click();
    assertThat(small.locator("h1")).containsText("楼道灯亮了");
    assertFits(small);
    small.locator("a", text("看所有办成的事")).click();
    assertThat(small.locator(".board-case")).containsText(DONE);
    assertFits(small);
    // The desk hears of it by itself.
    assertThat(desk.locator(".example-state")).containsText("公开成了案例");

    Page wide = desktop();
    wide.navigate(TOWN.url("/board/cases"));
    assertThat(wide.locator(".board-case")).containsText("清月园社区");
    assertFits(wide);
    wide.locator("[lang=en]").click();
    assertThat(wide.locator("h1")).containsText("What was done");
    assertThat(wide.locator(".board-case")).containsText("What was told");
    wide.emulateMedia(new Page.EmulateMediaOptions().setMedia(Media.PRINT));
    assertThat(wide.locator(".board-case")).isVisible();
    assertThat(wide.locator(".h5-call")).isHidden();
    assertThat(new String(wide.pdf(), StandardCharsets.ISO_8859_1)).startsWith("%PDF");
    small.navigate(TOWN.url("/h5/cases/" + told.code()));
    small.emulateMedia(new Page.EmulateMediaOptions().setMedia(Media.PRINT));
    assertThat(small.locator("#example form")).isHidden();
    small.emulateMedia(new Page.EmulateMediaOptions().setMedia(Media.SCREEN));
    small.locator("#example [value=back]").click();
    assertThat(small.locator("#example")).containsText("不再公开");
    wide.reload();
    assertThat(wide.locator(".board-case")).hasCount(0);
    forgive("422");
  }

  private static void assertFits(Page page) {
    assertThat((int) page.evaluate("document.documentElement.scrollWidth"))
        .isLessThanOrEqualTo(page.viewportSize().width);
  }

  private static Page.LocatorOptions text(String text) {
    return new Page.LocatorOptions().setHasText(text);
  }
}
