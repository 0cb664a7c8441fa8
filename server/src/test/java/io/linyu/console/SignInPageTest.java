package io.linyu.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.linyu.App;
import io.linyu.Counter;
import io.linyu.PageTest;
import io.linyu.Settings;
import io.linyu.World;
import io.linyu.platform.redis.Redis;
import java.time.Clock;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class SignInPageTest extends PageTest {
  private static final Settings SETTINGS = World.settings();
  @AutoClose private static final Counter COUNTER = new Counter(SETTINGS, Clock.systemUTC());
  @AutoClose private static final App APP = App.start(SETTINGS, Clock.systemUTC());

  @Test
  void somebodyComesInSwitchesLanguageAndThemeAndGoesOut() {
    Page page = desktop();
    page.navigate(url("/console/alarms?x=1"));
    page.getByLabel("工号").fill(Counter.ZHANG);
    page.getByLabel("密码").fill("不是这个密码");
    page.keyboard().press("Enter");
    assertThat(page.getByRole(AriaRole.ALERT)).containsText("账号或密码不对");
    forgive("401");

    page.getByLabel("密码").fill(Counter.PASSWORD);
    page.keyboard().press("Enter");
    assertThat(page).hasURL(url("/console/alarms?x=1"));
    assertThat(page.locator(".who .name")).hasText(COUNTER.staff(Counter.ZHANG).name());
    assertThat(page.locator("html")).hasAttribute("data-bs-theme", "light");

    page.getByRole(AriaRole.BUTTON, named("English")).click();
    assertThat(page.locator("h1")).hasText("Alarms");
    page.getByRole(AriaRole.BUTTON, named("Dark")).click();
    assertThat(page.locator("html")).hasAttribute("data-bs-theme", "dark");
    page.navigate(url("/console/cases"));
    assertThat(page.locator("#tabs")).containsText("Mine");
    assertThat(page.locator("html")).hasAttribute("data-bs-theme", "dark");

    Locator me = page.locator("details.who");
    me.locator("summary").click();
    me.getByRole(AriaRole.BUTTON).click();
    assertThat(page).hasURL(url("/console/session"));
    page.navigate(url("/console/alarms"));
    assertThat(page.getByLabel("Password")).isVisible();
    assertThat(page.locator("html")).hasAttribute("data-bs-theme", "dark");

    Page elsewhere = enter(desktop(), url("/console"), Counter.ZHANG);
    assertThat(elsewhere.locator("#tabs")).containsText("Mine");
    assertThat(elsewhere.locator("html")).hasAttribute("data-bs-theme", "light");
  }

  @Test
  void whoeverGuessesHasToWaitEvenWithTheRightPassword() {
    Page page = desktop();
    page.navigate(url("/console"));
    for (int i = 1; i <= 5; i++) {
      tries(page, "猜的密码" + i);
      assertThat(page.getByLabel("密码")).hasValue("");
      assertThat(page.getByRole(AriaRole.ALERT)).containsText("账号或密码不对");
      assertThat(page.getByLabel("工号")).hasValue(Counter.LI);
    }
    forgive("401");
    tries(page, Counter.PASSWORD);
    assertThat(page.getByRole(AriaRole.ALERT)).containsText("试错的次数太多，请过 3 分钟再试。");
    forgive("429");

    try (var redis = Redis.connect(SETTINGS.redisUrl(), SETTINGS.redisPrefix())) {
      var keys = redis.commands().keys(SETTINGS.redisPrefix() + "sign-in:name:*");
      for (String key : keys.toCompletableFuture().join()) {
        var _ = redis.commands().pexpire(key, 0).toCompletableFuture().join(); // the time is over
      }
    }
    tries(page, Counter.PASSWORD);
    assertThat(page).hasURL(url("/console/cases"));
  }

  private static void tries(Page page, String password) {
    page.getByLabel("工号").fill(Counter.LI);
    page.getByLabel("密码").fill(password);
    page.keyboard().press("Enter");
  }

  private static Page.GetByRoleOptions named(String name) {
    return new Page.GetByRoleOptions().setName(name);
  }

  private static String url(String path) {
    return "http://localhost:" + APP.port() + path;
  }
}
