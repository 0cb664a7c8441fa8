package io.linyu.casework;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import io.linyu.Counter;
import io.linyu.Neighbourhood;
import io.linyu.PageTest;
import io.linyu.community.Address;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Danger, as whoever is on duty has it before them.
class AlarmPageTest extends PageTest {
  @AutoClose private static final Neighbourhood TOWN = Neighbourhood.open();
  @AutoClose private static final Counter COUNTER = TOWN.counter();

  @Test
  void saysWhoSaidWhatAndWhereWithoutOpeningTheCase() {
    Address wang = COUNTER.resident("王阿姨");
    COUNTER.said(wang, "resident", "谢谢", TOWN.clock.instant().minus(Duration.ofDays(1)));
    COUNTER.said(wang, "resident", "家头有股煤气味", TOWN.clock.instant());
    COUNTER.said(wang, "bot", "先到安全的地方", TOWN.clock.instant());
    COUNTER.said(wang, "resident", "在3栋502", TOWN.clock.instant());
    COUNTER.danger(wang, "家头有股煤气味", "gas");
    Page page = enter(desktop(), TOWN.url("/console"), Counter.ZHANG);
    Locator bar = page.locator(".alarm-bar");
    assertThat(bar).hasCount(1);
    assertThat(bar).containsText("王阿姨");
    assertThat(bar.locator("q")).hasText("家头有股煤气味 在3栋502");
    page.navigate(TOWN.url("/console/alarms"));
    assertThat(page.locator(".tile q")).hasText("家头有股煤气味 在3栋502");
    assertThat(page.locator(".tile .alarm-words")).containsText("王阿姨");

    for (int i = 0; i < 2; i++) {
      COUNTER.danger(COUNTER.resident("李师傅"), "救命", "medical");
    }
    page.navigate(TOWN.url("/console/cases"));
    assertThat(bar).hasCount(1);
    assertThat(bar).containsText("3 个警报没人接");
    bar.locator("a.btn").click();
    assertThat(page.locator(".tile")).hasCount(3);
  }

  /// Another window is in front: the browser tells, and again, until somebody has it.
  @Test
  void theDesktopIsToldWithoutANameUntilSomebodyHasIt() {
    Page page = desktop();
    page.addInitScript(
        """
        window.told = [];
        window.asked = 0;
        window.Notification = class {
          static permission = 'default';
          static requestPermission() {
            window.asked++;
            this.permission = 'granted';
            return Promise.resolve('granted');
          }
          constructor(title, options) { window.told.push(title + ' ' + options.body); }
          close() { window.told.push('closed'); }
        };
        Document.prototype.hasFocus = () => false;
        """);
    enter(page, TOWN.url("/console"), Counter.SUN);
    page.navigate(TOWN.url("/console/alarms"));
    assertThat(page.locator(".alarm-how")).isVisible();
    org.assertj.core.api.Assertions.assertThat(page.evaluate("asked")).isEqualTo(0);
    page.locator("[data-ask]").click();
    assertThat(page.locator(".alarm-how [data-permission=granted]")).isVisible();
    page.locator("[data-mute]").click();
    assertThat(page.locator("[data-muted]")).isVisible();
    page.clock().install();
    COUNTER.danger(COUNTER.resident("钱奶奶"), "厨房着火了", "fire", COUNTER.place("88001002").id());
    assertThat(page.locator(".alarm-bar")).isVisible();
    page.clock().runFor(61_000);
    String told = page.evaluate("told.join(';')").toString();
    org.assertj.core.api.Assertions.assertThat(told.split(";"))
        .hasSizeGreaterThanOrEqualTo(2)
        .allMatch(each -> each.startsWith("有警报没人接"));
    org.assertj.core.api.Assertions.assertThat(told).doesNotContain("钱奶奶", "着火", "月塘");
    page.locator(".alarm-bar .btn").click();
    assertThat(page.locator(".alarm-bar")).hasCount(0);
    page.waitForFunction("told.at(-1) === 'closed'");
  }

  @Test
  void theWayToTheSoundStandsFreeOnAPhone() {
    COUNTER.danger(COUNTER.resident("唐阿姨"), "着火了", "fire");
    Page page = enter(phone(), TOWN.url("/console"), Counter.ZHANG);
    assertThat(page.locator(".alarm-bar").first()).isVisible();
    // As a browser has it that keeps a page silent until it was touched.
    page.evaluate("document.getElementById('sound').hidden = false");
    String overlap =
        "[...document.querySelectorAll('.top > :not([hidden])')]"
            + ".map(each => each.getBoundingClientRect()).filter(each => each.width > 0)"
            + ".sort((a, b) => a.left - b.left)"
            + ".some((each, i, all) => i > 0 && each.left < all[i - 1].right - 0.5"
            + " || each.right > innerWidth)";
    org.assertj.core.api.Assertions.assertThat(page.evaluate(overlap)).isEqualTo(false);
  }
}
