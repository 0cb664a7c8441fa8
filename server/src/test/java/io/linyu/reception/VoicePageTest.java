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
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// A voice that only a person understands: it comes by itself, is heard, typed and read back.
class VoicePageTest extends PageTest {
  @AutoClose private static final Neighbourhood TOWN = Neighbourhood.open();
  @AutoClose private static final Counter COUNTER = TOWN.counter();

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
    assertThat(page.locator(".rail [data-go=v] b")).hasText("1");
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
    assertThat(page.locator(".rail [data-go=v] b")).isEmpty();
    li.says("对");
    assertThat(li.hears()).contains("编号");
  }

  /// One tale in three breaths, and another one later.
  @Test
  void whatWasSaidInOneIsOneCardAndReadBackOnce() {
    Phone wang = TOWN.follower("wang").scan("bld:" + COUNTER.place("88001001B3").code());
    wang.voice(Samples.voice("stairwell-lamp"))
        .voice(Samples.voice("lift"))
        .voice(Samples.voice("kitchen-leak"));
    TOWN.clock.pass(Duration.ofMinutes(2));
    wang.voice(Samples.voice("lift"));
    Page page = enter(desktop(), TOWN.url("/console"), Counter.LI);
    page.navigate(TOWN.url("/console/voices"));
    assertThat(page.locator(".tile")).hasCount(2);
    Locator tale = page.locator(".tile").first();
    assertThat(tale.locator("textarea")).hasCount(3);

    tale.locator("textarea").nth(0).fill("三栋楼道灯不亮");
    tale.locator("textarea").nth(1).fill("已经三天了。");
    tale.locator("textarea").nth(2).fill("晚上看不见路");
    int heard = wang.heard().size();
    tale.locator(".btn-primary").click();

    wang.awaitHeard("我听到的是");
    assertThat(wang.hears()).contains("楼道灯不亮，已经三天了。晚上看不见路。对就回");
    assertThat(wang.heard()).hasSize(heard + 1);
    assertThat(page.locator(".tile")).hasCount(1);
    wang.says("对");
    page.locator(".tile textarea").fill("电梯停了");
    page.locator(".tile .btn-primary").click();
    assertThat(page.locator("#voices .empty")).isVisible();
    assertThat(messagesOfCases(wang)).isEqualTo("4");
    assertThat(transcripts(wang)).containsExactly("三栋楼道灯不亮", "已经三天了。", "晚上看不见路", "电梯停了");
  }

  private static String messagesOfCases(Phone phone) {
    return TOWN.sqlOne(
        """
        SELECT count(*) FROM "case" c JOIN message m ON m.id = ANY (c.message_ids)
          JOIN address a ON a.id = c.address_id
         WHERE a.external_id = '%s' AND m.said_by = 'resident'
        """
            .formatted(phone.openid()));
  }

  private static List<String> transcripts(Phone phone) {
    return TOWN.sql(
        """
        SELECT h.transcript FROM hearing h JOIN address a ON a.id = h.address_id
         WHERE a.external_id = '%s' ORDER BY h.id
        """
            .formatted(phone.openid()));
  }
}
