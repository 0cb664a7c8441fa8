package io.linyu.reception;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.Cookie;
import io.linyu.Counter;
import io.linyu.Neighbourhood;
import io.linyu.PageTest;
import io.linyu.Settings;
import io.linyu.simulator.wechat.Phone;
import io.linyu.simulator.wechat.WechatSimulator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// 我的事, from the menu of the chat, without a password and without scripts.
class SignInPageTest extends PageTest {
  private static final String LEAVE = "sim-result-notice";

  @AutoClose
  private static final Neighbourhood TOWN =
      Neighbourhood.atItsAddress(
          new Settings.Wechat.Rights(
              true,
              true,
              new Settings.Wechat.Form(
                  LEAVE,
                  "character_string1=number, thing2=matter, thing3=words, time4=time",
                  false),
              null));

  @AutoClose private static final Counter COUNTER = TOWN.counter();

  @Test
  void oneTapLeadsToAllThatIsTheirsAndOnToEachMatter() {
    Phone chen =
        TOWN.follower("chen").scan("bld:" + COUNTER.place("88001001B3").code()).says("三栋楼道灯又不亮了");
    var _ = chen.says("对");
    Page page = inWechat(chen, 360, 740);
    page.navigate(TOWN.url("/h5/sign-in/main"));

    assertThat(page).hasURL(java.util.regex.Pattern.compile(".*/h5/me(#.*)?"));
    assertThat(page.locator("#going-on .matter")).containsText("楼道灯");
    assertThat(page.locator("#going-on .h5-next")).containsText("前");
    assertThat(page.locator("#answers")).containsText("发到您的微信·主号");
    assertThat(page.locator("#answers")).containsText("还没开");
    assertFits(page);
    page.locator(".h5-size").click();
    assertThat(page.locator("body")).hasClass("large");
    assertFits(page);
    page.locator("[lang=en]").click();
    assertThat(page.locator("h1")).hasText("My matters");
    page.locator("[lang=zh]").click();

    var _ = chen.allows(LEAVE);
    page.reload();
    assertThat(page.locator("#answers")).containsText("微信·主号：开了");
    page.locator(".matter").click();
    assertThat(page.locator(".h5-way")).isVisible();
    page.goBack();
    page.locator("#answers a").click();
    assertThat(page.locator("h1")).hasText("我的几个号");
    page.goBack();
    page.locator(".h5-leave button").click();
    assertThat(page.locator("#door")).containsText("退出了");
    assertFits(page);
  }

  @Test
  void whoActsForWhomIsShownToBothAndEndedByATapAndAYes() {
    Phone father = TOWN.follower("father").scan("bld:" + COUNTER.place("88001001B3").code());
    Phone daughter = TOWN.follower("daughter");
    Matcher code = Pattern.compile("\\d{4} \\d{4}").matcher(father.says("让女儿帮我办").hears());
    assertThat(code.find()).isTrue();
    daughter.says("家人代办 " + code.group()).says("同意 林红");
    daughter.says("帮家人说：门禁坏了").says("对");

    Page hers = inWechat(daughter, 360, 740);
    hers.navigate(TOWN.url("/h5/sign-in/main"));
    assertThat(hers.locator("#for-others .matter")).containsText("门禁坏了（替");
    assertThat(hers.locator("#family")).containsText("我可以替谁办");
    assertThat(hers.locator("#family")).containsText("只看自己代说的事");
    assertFits(hers);
    hers.locator("#for-others .matter").click();
    assertThat(hers.locator(".h5-way")).containsText("家人代为说了");

    Page his = inWechat(father, 1440, 900);
    his.navigate(TOWN.url("/h5/sign-in/main"));
    assertThat(his.locator("#going-on .matter")).containsText("女儿替您说的");
    assertThat(his.locator("#family")).containsText("女儿 林红");
    his.locator("#family a").click();
    assertThat(his.locator(".h5-card").first()).containsText("真的不要女儿林红代办了吗");
    assertFits(his);
    his.locator(".weui-btn_primary").click();
    assertThat(his.locator("#going-on .matter")).containsText("门禁坏了");
    assertThat(his.locator("#family")).hasCount(0);

    hers.reload();
    assertThat(hers.locator("h1")).not().containsText("门禁");
    hers.navigate(TOWN.url("/h5/me"));
    assertThat(hers.locator("#nothing")).isVisible();
    assertThat(hers.locator("#family")).hasCount(0);
    daughter.awaitHeard("不再请您代办了");
    forgive("404");
  }

  @Test
  void whoHasToldNothingIsToldHow() {
    Page page = inWechat(TOWN.follower("new").says("你好"), 1440, 900);
    page.navigate(TOWN.url("/h5/me"));
    assertThat(page.locator("#nothing")).containsText("直接跟公众号说");
    assertFits(page);
  }

  @Test
  void inAnotherBrowserItIsSaidWhereAndWithASpentLinkThatItMayBeTriedAgain() {
    for (int width : List.of(360, 1440)) {
      Page page =
          page(new NewContextOptions().setViewportSize(width, 740).setJavaScriptEnabled(false));
      page.navigate(TOWN.url("/h5/me"));
      assertThat(page.locator("#door")).containsText("请在微信里打开");
      assertFits(page);
      page.locator("#door a").click(); // the platform says so, too
      assertThat(page.locator("h1")).hasText("请在微信客户端打开链接");
      page.goBack();
      page.locator("[lang=en]").click();
      assertThat(page.locator("#door h1")).hasText("Please open this in WeChat");
    }
    Page page = inWechat(TOWN.follower("spent").says("你好"), 390, 844);
    page.navigate(TOWN.url("/h5/sign-in/main/back?code=c&state=s"));
    assertThat(page.locator("#door")).containsText("这次没进去");
    assertFits(page);
    page.locator("#door a").click();
    assertThat(page.locator("#nothing")).isVisible();
    forgive("403");
  }

  private Page inWechat(Phone phone, int width, int height) {
    Page page =
        page(
            new NewContextOptions()
                .setViewportSize(width, height)
                .setJavaScriptEnabled(false)
                .setUserAgent("Mozilla/5.0 (Linux; Android 14) MicroMessenger/8.0.49"));
    page.context()
        .addCookies(
            List.of(
                new Cookie(WechatSimulator.PHONE, phone.openid()).setUrl(TOWN.wechat.apiBase())));
    return page;
  }

  private static void assertFits(Page page) {
    assertThat(page.evaluate("document.documentElement.scrollWidth <= innerWidth")).isEqualTo(true);
  }
}
