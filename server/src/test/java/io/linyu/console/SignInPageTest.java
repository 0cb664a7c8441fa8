package io.linyu.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.linyu.App;
import io.linyu.Counter;
import io.linyu.PageTest;
import io.linyu.RunningClock;
import io.linyu.Settings;
import io.linyu.World;
import io.linyu.community.audit.AuditEntry;
import io.linyu.community.audit.Deed;
import io.linyu.platform.auth.Totp;
import io.linyu.platform.redis.Redis;
import io.linyu.platform.text.Words;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class SignInPageTest extends PageTest {
  private static final Settings SETTINGS = World.settings();
  private static final RunningClock CLOCK = new RunningClock();
  @AutoClose private static final Counter COUNTER = new Counter(SETTINGS, CLOCK);
  @AutoClose private static final App APP = App.start(SETTINGS, CLOCK);

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
    me.getByText("Sign out").click();
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
    timeIsOver("sign-in:told:*"); // of another test
    tries(page, Counter.PASSWORD);
    assertThat(page.getByRole(AriaRole.ALERT)).containsText("试错的次数太多，请过 3 分钟再试。");
    forgive("429");

    tries(page, Counter.PASSWORD);
    assertThat(page.getByRole(AriaRole.ALERT)).containsText("试错的次数太多");
    forgive("429");
    var refused = new ArrayList<AuditEntry>();
    COUNTER.community.audit().since(Instant.EPOCH, refused::add);
    assertThat(refused)
        .as("once a minute, however often it is tried")
        .filteredOn(entry -> entry.deed().equals(Optional.of(Deed.SIGN_IN_REFUSED)))
        .filteredOn(entry -> new AuditPages.Told(Words.in("zh"), entry).about().equals("李敏（U2）"))
        .hasSize(1);

    timeIsOver("sign-in:name:*");
    tries(page, Counter.PASSWORD);
    assertThat(page).hasURL(url("/console/cases"));
  }

  private static void timeIsOver(String limits) {
    try (var redis = Redis.connect(SETTINGS.redisUrl(), SETTINGS.redisPrefix())) {
      var keys = redis.commands().keys(SETTINGS.redisPrefix() + limits);
      for (String key : keys.toCompletableFuture().join()) {
        var _ = redis.commands().pexpire(key, 0).toCompletableFuture().join();
      }
    }
  }

  @Test
  void aSecondFactorIsSetUpAskedForAndAudited() {
    String inspector = "U9";
    COUNTER
        .community
        .staff()
        .add(inspector, "周正", "district_inspector", COUNTER.place("88"), "full_time", null);
    COUNTER.community.staff().setPassword(inspector, Counter.PASSWORD);

    Page elsewhere = desktop();
    signIn(elsewhere, inspector);
    Page page = phone();
    signIn(page, inspector);
    page.navigate(url("/console/account"));
    page.getByLabel("您的密码").fill(Counter.PASSWORD);
    page.getByRole(AriaRole.BUTTON, named("设置两步验证")).click();
    assertThat(page.getByRole(AriaRole.IMG, new Page.GetByRoleOptions().setName("给验证器扫的二维码")))
        .isVisible();
    String secret = page.locator(".groups").textContent().replaceAll("\\s", "");
    page.reload();
    assertThat(page.locator(".groups")).containsText(secret.substring(28));
    page.getByLabel("验证码").fill("000000");
    page.getByRole(AriaRole.BUTTON, named("开启")).click();
    assertThat(page.getByRole(AriaRole.ALERT)).containsText("验证码对不上");
    forgive("422");
    String first = Totp.code(secret, CLOCK.instant());
    page.getByLabel("验证码").fill(first);
    page.getByRole(AriaRole.BUTTON, named("开启")).click();
    List<String> codes = page.locator(".codes code").allTextContents();
    assertThat(codes)
        .hasSize(10)
        .doesNotHaveDuplicates()
        .allMatch(each -> each.matches("\\w{4}(-\\w{4}){2}"));

    elsewhere.navigate(url("/console/cases")); // began without it
    assertThat(elsewhere.getByLabel("密码")).isVisible();

    // The password alone opens nothing, and a code works once.
    Page half = desktop();
    signIn(half, inspector);
    assertThat(half.getByLabel("验证码")).hasAttribute("autocomplete", "one-time-code");
    half.navigate(url("/console/audit"));
    assertThat(half.getByLabel("密码")).isVisible();
    half.navigate(url("/console/session/second?to=/console/audit"));
    half.getByLabel("验证码").fill(first);
    half.keyboard().press("Enter");
    assertThat(half.getByRole(AriaRole.ALERT)).containsText("验证码不对，或者已经用过了");
    forgive("401");
    recovers(half, codes.getLast());
    assertThat(half).hasURL(url("/console/audit"));

    Page again = phone();
    signIn(again, inspector);
    recovers(again, codes.getLast());
    assertThat(again.getByRole(AriaRole.ALERT)).containsText("恢复码不对，或者已经用过了");
    CLOCK.pass(Duration.ofSeconds(30));
    again.getByLabel("验证码").fill(Totp.code(secret, CLOCK.instant()));
    again.keyboard().press("Enter");
    assertThat(again).hasURL(url("/console/cases"));
    page.navigate(url("/console/account"));
    assertThat(page.locator("main")).containsText("恢复码还剩 9 个");

    half.navigate(url("/console/audit?who=" + inspector));
    assertThat(half.locator(".audit-entry").first()).containsText("登录 验证码");
    assertThat(half.locator(".audit-entry").nth(1)).containsText("验证没通过 周正（U9） 恢复码");
    assertThat(half.locator(".audit-list")).containsText("用了恢复码 还剩 9 个");
    assertThat(half.locator(".audit-list")).containsText("添加人员 周正（U9） 澜湖区 区级巡查员");
    half.getByRole(AriaRole.BUTTON, named("English")).click();
    assertThat(half.locator(".audit-list")).containsText("Second factor turned on");
    half.getByLabel("What").selectOption("password_set");
    half.getByRole(AriaRole.BUTTON, named("Find")).click();
    assertThat(half.locator(".audit-entry")).hasCount(1);
    assertThat(half.locator(".audit-entry")).containsText("Password set 周正 (U9)");
    half.navigate(url("/console/audit?what=sign_in_failed&who=" + inspector));
    half.locator(".audit-export summary").click();
    half.fill("#audit-reason", "yearly check");
    var csv =
        half.waitForDownload(() -> half.locator(".audit-export button").click()).createReadStream();
    assertThat(csv).hasContent("\ufeffTime,Who,Code,What,About,Code of that,Details,Address\r\n");
    half.navigate(url("/console/audit"));
    assertThat(half.locator(".audit-entry").first())
        .containsText("Audit exported U9, Sign-in failed, yearly check");

    COUNTER.community.staff().setPassword(inspector, "another-password");
    for (Page each : List.of(page, half, again)) {
      each.navigate(url("/console/account"));
      assertThat(each).hasURL(Pattern.compile(".*/console/session\\?to=.*"));
    }

    Page deputy = enter(desktop(), url("/console"), Counter.ZHANG);
    deputy.navigate(url("/console/audit"));
    assertThat(deputy.locator(".audit-list")).not().containsText("周正");
    assertThat(deputy.locator("[name=who]")).hasCount(0);
  }

  @Test
  void whereItIsRequiredNobodyComesInWithoutSettingItUp() {
    var required =
        new Settings.Console(Settings.SecondFactor.REQUIRED, Settings.Console.USUAL.auditKept());
    try (var app = App.start(SETTINGS.withConsole(required), CLOCK)) {
      String there = "http://localhost:" + app.port();
      Page page = phone();
      page.navigate(there + "/console/alarms");
      tries(page, Counter.WANG, Counter.PASSWORD);
      page.waitForURL("**/console/session/second**");
      assertThat(page.locator("h1")).hasText("设置两步验证");
      page.navigate(there + "/console/cases");
      assertThat(page.getByLabel("密码")).isVisible();
      page.navigate(there + "/console/session/second?to=/console/alarms");
      String secret = page.locator(".groups").textContent().replaceAll("\\s", "");
      page.getByLabel("验证码").fill(Totp.code(secret, CLOCK.instant()));
      page.getByRole(AriaRole.BUTTON, named("开启")).click();
      assertThat(page.locator(".codes code")).hasCount(10);
      page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("我收好了")).click();
      assertThat(page).hasURL(there + "/console/alarms");
      page.navigate(there + "/console/account");
      assertThat(page.locator("main")).containsText("本区要求两步验证，不能关掉");

      // Whoever guesses codes has to wait, however right the password is.
      Page thief = desktop();
      thief.navigate(there + "/console");
      tries(thief, Counter.WANG, Counter.PASSWORD);
      for (int i = 0; i <= 5; i++) {
        thief.getByLabel("验证码").fill("00000" + i);
        thief.keyboard().press("Enter");
        assertThat(thief.getByRole(AriaRole.ALERT))
            .containsText(i < 5 ? "验证码不对" : "试错的次数太多，请过 3 分钟再试。");
        // The next answer says the same.
        var _ = thief.getByRole(AriaRole.ALERT).evaluate("alert => alert.textContent = ''");
      }
      forgive("401");
      forgive("429");

      COUNTER.community.secondFactors().reset(COUNTER.staff(Counter.WANG));
      page.navigate(there + "/console/alarms");
      assertThat(page.getByLabel("密码")).isVisible();
    }
  }

  private static void recovers(Page page, String code) {
    page.getByText("手机不在身边？").click();
    page.getByLabel("恢复码", new Page.GetByLabelOptions().setExact(true))
        .fill(" " + code.toUpperCase(Locale.ROOT));
    page.keyboard().press("Enter");
  }

  private static void signIn(Page page, String who) {
    page.navigate(url("/console"));
    tries(page, who, Counter.PASSWORD);
    page.waitForURL("**/console/{cases,session/second}**");
  }

  private static void tries(Page page, String password) {
    tries(page, Counter.LI, password);
  }

  private static void tries(Page page, String who, String password) {
    page.getByLabel("工号").fill(who);
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
