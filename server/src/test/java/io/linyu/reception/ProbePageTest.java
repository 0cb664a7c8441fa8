package io.linyu.reception;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import io.linyu.Counter;
import io.linyu.Neighbourhood;
import io.linyu.PageTest;
import io.linyu.ReverseProxy;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Whether residents get through stands where those look who can do something about it.
class ProbePageTest extends PageTest {
  @AutoClose private static final ReverseProxy FRONT = new ReverseProxy();
  @AutoClose private static final Neighbourhood TOWN = Neighbourhood.behind(FRONT);
  @AutoClose private static final Counter COUNTER = TOWN.counter();

  @Test
  void itIsTriedAtOnceWhenAskedAndTheTroubleComesAndGoes() {
    TOWN.clock.pass(Duration.ofSeconds(21));
    TOWN.until(
        "it was tried by itself", () -> TOWN.sqlOne("SELECT count(*) FROM probe_way").equals("2"));
    Page page = enter(desktop(), TOWN.url("/console"), Counter.ZHANG);
    page.navigate(TOWN.url("/console/accounts"));
    Locator probe = page.locator("#probe-wechat-main");
    assertThat(probe).containsText("每 5 分钟");
    press(page);
    assertThat(probe.locator("div.well dt")).containsText(new String[] {"居民发来", "我们问微信"});
    assertThat(probe.locator("div.well b").first()).containsText("通，用了 0.");
    assertThat(probe.locator(".ticks").first().locator("rect")).hasCount(48);
    assertThat(probe.locator(".ticks").first().locator("rect.well")).hasCount(1);
    assertThat(TOWN.sqlOne("SELECT staff_id FROM audit_entry WHERE what = 'channel_probed'"))
        .isEqualTo(Long.toString(COUNTER.staff(Counter.ZHANG).id()));

    // Not again at once, whoever asks.
    probe.locator("button").click();
    assertThat(page.locator("#toasts .bad")).containsText("半分钟后再试");
    forgive("429");

    FRONT.answers(502, "text/html", "<html>Bad Gateway</html>");
    press(page);
    assertThat(probe.locator("div.bad b")).containsText("连着 1 次");
    assertThat(probe.locator("div.bad")).containsText("状态 502");
    page.waitForResponse("**/console/troubles", page::reload);
    assertThat(bar(page)).hasCount(0);
    press(page);
    assertThat(probe.locator("div.bad b")).containsText("连着 2 次");

    Page other = enter(phone(), TOWN.url("/console"), Counter.LI);
    other.navigate(TOWN.url("/console/health"));
    assertThat(bar(other)).hasCount(1);
    assertThat(bar(other)).containsText("微信·主号");
    assertThat(other.locator("#probe-wechat-main div.bad")).containsText("状态 502");
    assertThat(other.evaluate("document.documentElement.scrollWidth <= innerWidth"))
        .isEqualTo(true);

    FRONT.mend();
    press(page);
    assertThat(probe.locator("div.well")).hasCount(2);
    assertThat(probe).containsText("最近一次不通是");
    other.waitForResponse("**/console/troubles", other::reload);
    assertThat(bar(other)).hasCount(0);
  }

  private static Locator bar(Page page) {
    return page.locator("#troubles .trouble-bar", new Page.LocatorOptions().setHasText("找不到我们"));
  }

  /// Half a minute later, so that it may be asked.
  private static void press(Page page) {
    TOWN.clock.pass(Duration.ofSeconds(31));
    Locator probe = page.locator("#probe-wechat-main");
    int before = Integer.parseInt(TOWN.sqlOne("SELECT count(*) FROM probe_try"));
    probe.locator("button").click();
    TOWN.until(
        "it was tried",
        () -> Integer.parseInt(TOWN.sqlOne("SELECT count(*) FROM probe_try")) > before);
    assertThat(probe.locator("[role=status]")).hasText("");
  }
}
