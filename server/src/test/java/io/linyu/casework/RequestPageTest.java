package io.linyu.casework;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.FilePayload;
import io.linyu.Counter;
import io.linyu.Neighbourhood;
import io.linyu.PageTest;
import io.linyu.Samples;
import io.linyu.community.Address;
import io.linyu.simulator.wechat.Phone;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// From the desk to a head who is 77 years old, on a telephone without a script, and back.
class RequestPageTest extends PageTest {
  private static final FilePayload PHOTO =
      new FilePayload("灯.jpg", "image/jpeg", Samples.picture(640, 480, "JPEG").getBytes());

  @AutoClose private static final Neighbourhood TOWN = Neighbourhood.open();
  @AutoClose private static final Counter COUNTER = TOWN.counter();

  @BeforeAll
  static void rulesRest() {
    TOWN.withoutRules();
  }

  @Test
  void theDeskAsksAndAHeadAnswersInLargeTypeAndChangesIt() {
    var _ = COUNTER.hireHead("H7", "孟婆婆", "building_head", "88001001B3");
    var _ = COUNTER.hireHead("H8", "顾大爷", "group_head", "88001001G1");
    var _ = COUNTER.hireHead("H9", "一栋的何姨", "building_head", "88001001B1");
    TOWN.until(
        "the server knows them", () -> TOWN.rooms().community().staff().byCode("H9").isPresent());
    Address wang = COUNTER.resident("王阿姨");
    Opened told = COUNTER.told(wang, "楼道灯坏了");
    Page desk = enter(desktop(), TOWN.url("/console"), Counter.ZHANG);
    desk.navigate(TOWN.url("/console/cases/" + told.code()));
    desk.locator(".others button", text("请人去看")).click();
    Locator who = desk.locator("#ask-head-who");
    assertThat(who.locator("option").nth(0)).containsText("孟婆婆 · 楼栋长");
    assertThat(who.locator("option").nth(1)).containsText("顾大爷");
    assertThat(who.locator("optgroup option").first()).containsText("一栋的何姨");
    desk.fill("#ask-head-text", "王阿姨说灯坏了，亮没亮？");
    desk.locator("#ask-head .btn-primary").click();
    assertThat(desk.locator("#toasts, .toast").first()).containsText("别写是谁反映的");
    forgive("422");
    desk.fill("#ask-head-text", "楼道灯现在亮不亮？");
    desk.locator("#ask-head .btn-primary").click();
    Locator asked = desk.locator("#requests li");
    assertThat(asked).containsText("楼道灯现在亮不亮？");
    assertThat(desk.locator("#case-facts")).containsText("张伟 请 孟婆婆 帮忙看看");
    // Who signs in nowhere binds their chat with the desk beside them, and is told there.
    asked.locator("button", new Locator.LocatorOptions().setHasText("帮他绑定微信")).click();
    String sentence = asked.locator(".head-code b").innerText();
    // It is read out still when news of the case come.
    desk.waitForResponse(
        each -> each.url().endsWith("/requests") && each.request().method().equals("GET"),
        () -> COUNTER.handling.note(COUNTER.staff(Counter.ZHANG), told.id(), "去找孟婆婆了"));
    assertThat(desk.locator("#case-notes")).containsText("去找孟婆婆了");
    assertThat(asked.locator(".head-code b")).hasText(sentence);
    assertThat(asked.locator("[data-binds]")).hasCount(0);
    Phone meng = TOWN.follower("meng");
    assertThat(meng.says(sentence).hears()).contains("孟婆婆", "工作微信");
    TOWN.clock.pass(Duration.ofMinutes(3));
    assertThat(meng.awaitHeard("楼道灯现在亮不亮").text()).doesNotContain("王阿姨");
    assertThat(TOWN.sql("SELECT what FROM audit_entry")).contains("staff_code_drawn");

    asked.locator("summary").click();
    String link = Objects.requireNonNull(asked.locator("a").getAttribute("href"));
    String path = link.substring(link.indexOf("/h5/requests/"));

    Page page =
        page(
            new NewContextOptions()
                .setViewportSize(390, 844)
                .setIsMobile(true)
                .setHasTouch(true)
                .setJavaScriptEnabled(false));
    page.navigate(TOWN.url(path));
    assertThat(page.locator("body")).hasClass("large");
    assertThat(page.locator("h1")).containsText("3栋");
    assertThat(page.locator(".asked-what")).hasText("楼道灯现在亮不亮？");
    assertThat(page.locator("body")).not().containsText("王阿姨");
    assertThat(page.evaluate("document.documentElement.scrollWidth")).isEqualTo(390);
    for (Locator button : page.locator(".asked-form .weui-btn").all()) {
      assertThat(Objects.requireNonNull(button.boundingBox()).height).isGreaterThanOrEqualTo(60);
    }
    page.locator(".asked-form button[value=told]").click();
    assertThat(page.locator(".papers-no")).containsText("写一句话");
    page.setInputFiles("#asked-photo", PHOTO);
    page.fill("#asked-words", "三楼那盏还闪");
    page.locator(".asked-form button[value=bad]").click();
    assertThat(page.locator(".asked-thanks")).containsText("收到了，谢谢您");
    assertThat(page.locator(".asked-thanks blockquote")).hasText("看过了，还没好。三楼那盏还闪");

    assertThat(asked.locator(".request-answer")).containsText("看过了，还没好。三楼那盏还闪");
    assertThat(desk.locator(".note-photo img").first()).isVisible();
    assertThat(desk.locator("#case-facts")).containsText("孟婆婆 回了话：看过了，不是那样，照片 1 张");

    page.locator(".asked-form button[value=good]").click();
    assertThat(page.locator(".asked-thanks blockquote")).hasText("看过了，好了");
    assertThat(desk.locator("#case-facts")).containsText("孟婆婆 改了回话：看过了");
    desk.close(); // nobody is signed in that long
    TOWN.clock.pass(Duration.ofHours(25));
    page.reload();
    assertThat(page.locator(".asked-thanks")).isVisible();
    assertThat(page.locator(".asked-form")).hasCount(0);
    assertThat(page.locator("body")).not().containsText("楼道灯现在亮不亮");

    // With the case it is over, and says nothing of it any more.
    Requests requests = COUNTER.casework.requests();
    Case matter =
        requests.ask(
            COUNTER.staff(Counter.ZHANG),
            told.id(),
            COUNTER.staff("H8").id(),
            new Requests.Question("还有别的灯坏没有？", false, Requests.Within.DAYS));
    Request other = requests.of(COUNTER.staff(Counter.ZHANG), told.id()).getFirst();
    matter = COUNTER.handling.claim(COUNTER.staff(Counter.ZHANG), matter.id(), matter.version());
    var _ = COUNTER.finish(COUNTER.staff(Counter.ZHANG), matter.id(), matter.version(), "换好了");
    page.navigate(TOWN.url("/h5/requests/" + other.code()));
    assertThat(page.locator("h1")).containsText("这件事不用看了");
    assertThat(page.locator("body")).not().containsText("别的灯");
    assertThat(page.navigate(TOWN.url("/h5/requests/nosuchcode")).status()).isEqualTo(404);
    forgive("404");
  }

  private static Page.LocatorOptions text(String text) {
    return new Page.LocatorOptions().setHasText(text);
  }
}
