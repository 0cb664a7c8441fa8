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

    Locator me = page.locator("details.who");
    me.locator("summary").click();
    me.getByRole(AriaRole.BUTTON).click();
    assertThat(page).hasURL(url("/console/session"));
    page.navigate(url("/console/alarms"));
    assertThat(page.getByLabel("Password")).isVisible();
  }

  private static Page.GetByRoleOptions named(String name) {
    return new Page.GetByRoleOptions().setName(name);
  }

  private static String url(String path) {
    return "http://localhost:" + APP.port() + path;
  }
}
