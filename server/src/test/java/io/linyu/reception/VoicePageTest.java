package io.linyu.reception;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import io.linyu.Counter;
import io.linyu.Neighbourhood;
import io.linyu.PageTest;
import io.linyu.demo.Samples;
import io.linyu.simulator.wechat.Phone;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// A voice that only a person understands: it comes by itself, is heard, typed and read back.
class VoicePageTest extends PageTest {
  @AutoClose private static final Neighbourhood TOWN = Neighbourhood.open();
  @AutoClose private static final Counter COUNTER = new Counter(TOWN.settings, TOWN.clock);

  @Test
  void isHeardAndTypedAndReadBack() {
    Phone li = TOWN.follower("li").scan("bld:" + COUNTER.place("88001001B3").code());
    Page page = enter(desktop(), TOWN.url("/console"), Counter.LI);
    page.keyboard().press("g");
    page.keyboard().press("v");
    assertThat(page.locator("#voices .empty")).isVisible();
    assertThat(page.locator("body")).hasAttribute("data-live-open", "true");

    li.voice(Samples.voice("stairwell-lamp"));
    page.locator("#voices-news a").click();
    assertThat(page.locator(".rail b")).hasText("1");
    Locator voice = page.locator(".tile");
    assertThat(voice).containsText("清月园社区3栋");

    TOWN.until(
        "fetched",
        () -> {
          page.reload();
          return page.locator(".voice").count() == 1;
        });
    voice.locator(".play").click();
    assertThat(voice.locator(".time")).hasText(Pattern.compile("\\d:\\d\\d / 0:0[2-9]"));
    assertThat(voice.locator(".voice"))
        .hasAttribute("data-state", Pattern.compile("playing|paused"));

    voice.locator("textarea").fill("三栋楼道灯不亮");
    voice.locator(".btn-primary").click();
    li.awaitHeard("我听到的是");
    assertThat(li.hears()).contains("楼道灯不亮");
    assertThat(page.locator("#voices .empty")).isVisible();
    assertThat(page.locator(".rail b")).isEmpty();
    li.says("对");
    assertThat(li.hears()).contains("编号");
  }
}
