package io.linyu.casework;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Response;
import io.linyu.App;
import io.linyu.Counter;
import io.linyu.PageTest;
import io.linyu.Settings;
import io.linyu.World;
import io.linyu.community.Address;
import io.linyu.community.Staff;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The lists that staff look at: what is in them, what is not, and the keyboard.
class InboxPageTest extends PageTest {
  private static final Clock CLOCK = Clock.systemUTC();
  private static final Settings SETTINGS = World.settings();
  @AutoClose private static final Counter COUNTER = new Counter(SETTINGS, CLOCK);
  @AutoClose private static final App APP = App.start(SETTINGS, CLOCK);
  private static final Address RESIDENT = COUNTER.resident("王阿姨");

  private static Opened streets;

  /// Six cases: one mine, one a colleague's, one with the street, one late, one closed, one new.
  @BeforeAll
  static void cases() {
    Staff zhang = COUNTER.staff(Counter.ZHANG);
    Case mine = claimed(Counter.ZHANG, "楼道灯不亮");
    var _ = claimed(Counter.LI, "垃圾桶满了");
    streets = told("下水道堵了");
    long centre =
        COUNTER.handovers.targets(zhang, streets.id()).stream()
            .filter(target -> target.deskName().contains("分中心"))
            .findFirst()
            .orElseThrow()
            .deskId();
    var _ = COUNTER.handovers.handOn(zhang, streets.id(), 1, centre, "要疏通");
    var _ = COUNTER.told(RESIDENT, "路灯坏了", "0102", CLOCK.instant().minus(Duration.ofDays(40)));
    Case closed = claimed(Counter.ZHANG, "楼道有杂物");
    var _ = COUNTER.finish(zhang, closed.id(), closed.version(), "清走了");
    assertThat(mine.isOpen()).isTrue();
    var _ = told("楼道墙皮掉了");
  }

  @Test
  void countsAreThoseOfTheListsAndAddressesKeepWhatIsSeen() {
    Page page = enter(desktop(), url("/console"), Counter.ZHANG);
    assertThat(count(page, "我的")).hasText("1");
    assertThat(count(page, "本台")).hasText("4");
    assertThat(count(page, "没人接")).hasText("2");
    assertThat(count(page, "已超时")).hasText("1");
    assertThat(count(page, "全部在办")).hasText("5");
    for (String tab : List.of("我的", "本台", "没人接", "快到期", "已超时", "全部在办")) {
      tab(page, tab).click();
      assertThat(tab(page, tab)).hasAttribute("aria-current", "page");
      assertThat(page.locator("[data-row]"))
          .hasCount(Integer.parseInt(count(page, tab).textContent()));
    }
    assertThat(page).hasURL(url("/console/cases?view=all_open"));
    tab(page, "已办结").click();
    assertThat(page.locator("[data-row]")).hasCount(1);
    page.reload();
    assertThat(page.locator("[data-row]")).containsText("楼道有杂物");

    tab(page, "没人接").click();
    Opened fresh = told("单元门关不上");
    assertThat(page.locator("[data-news]")).hasText("1 件新的，点这里看");
    assertThat(count(page, "没人接")).hasText("3");
    assertThat(page.locator("[data-row]")).hasCount(2);
    page.locator("[data-news]").click();
    assertThat(page.locator("#row-" + fresh.code())).isVisible();
    var _ = COUNTER.handling.claim(COUNTER.staff(Counter.LI), fresh.id(), 1);
    assertThat(count(page, "没人接")).hasText("2");
    close(fresh);
  }

  private static void close(Opened opened) {
    Staff li = COUNTER.staff(Counter.LI);
    Case now = COUNTER.cases.visibleTo(li, opened.id());
    var _ = COUNTER.finish(li, now.id(), now.version(), "修好了");
  }

  @Test
  void isSearchedInAllThatOneMaySee() {
    Page page = enter(desktop(), url("/console"), Counter.ZHANG);
    page.keyboard().press("/");
    assertThat(page.locator("#find")).isFocused();
    page.keyboard().type(streets.number().text());
    page.keyboard().press("Enter");
    assertThat(page.locator("[data-row]")).hasCount(1);
    assertThat(page.locator("[data-row]")).containsText("下水道堵了");
    assertThat(page.locator(".finding")).containsText(streets.number().text());
    assertThat(page.url()).contains("q=" + streets.number().text());

    page.fill("#find", "楼道有杂物");
    page.keyboard().press("Enter");
    assertThat(page.locator("[data-row]")).containsText("楼道有杂物");
    assertThat(page.locator("[data-row]")).containsText("已办结");
    page.fill("#find", streets.number().text().substring(2));
    page.keyboard().press("Enter");
    assertThat(page.locator("[data-row]")).containsText("下水道堵了");

    page.locator("[data-row]").click();
    assertThat(page.locator("#case-title")).hasText("下水道堵了");
    page.reload();
    assertThat(page.locator("[data-row]")).hasCount(1);
    assertThat(page.locator("#case-title")).hasText("下水道堵了");
  }

  @Test
  void whatWasWrittenIsFoundAndShownWhereItStands() {
    Staff zhang = COUNTER.staff(Counter.ZHANG);
    var _ = COUNTER.handling.note(zhang, streets.id(), "钥匙在<i>门卫</i>老赵那里");
    Page page = enter(desktop(), url("/console"), Counter.ZHANG);
    // The words follow a moment later, as due work.
    page.waitForCondition(() -> {
      page.navigate(url("/console/cases?view=all_open&q=门卫"));
      return page.locator("[data-row]").count() == 1;
    });
    assertThat(page.locator(".found-in")).hasText("钥匙在<i>门卫</i>老赵那里");
    assertThat(page.locator(".found-in mark")).hasText("门卫");
    page.navigate(url("/console/cases?view=all_open&q=三号楼 下水道"));
    assertThat(page.locator("[data-row] .title mark")).hasText("下水道");
    page.navigate(url("/console/cases?view=desk&q=麒麟&place=3栋"));
    assertThat(page.locator("#rows .empty")).containsText("找过“麒麟”");
    page.locator(".tries a", new Page.LocatorOptions().setHasText("不要筛选")).click();
    assertThat(page).hasURL(url("/console/cases?view=desk&q=%E9%BA%92%E9%BA%9F"));
  }

  @Test
  void filtersStandInTheAddressAndAreReachedByAKey() {
    Page page = enter(desktop(), url("/console"), Counter.ZHANG);
    page.navigate(url("/console/cases?view=all_open"));
    page.keyboard().press("f");
    assertThat(page.locator("#filters [name=q]")).isFocused();
    assertThat(page.locator("#filters [name=channel]")).containsText("入户走访");
    page.fill("#filters [name=holder]", "张伟");
    page.fill("#filters [name=place]", "清月园3栋");
    page.keyboard().press("Enter");
    assertThat(page.locator("[data-row]")).hasCount(1);
    assertThat(page.locator("[data-row]")).containsText("楼道灯不亮");
    assertThat(page.locator(".narrowings li")).hasText(new String[] {"地点：清月园3栋", "谁在办：张伟"});
    assertThat(page.evaluate("new URLSearchParams(location.search).size")).isEqualTo(3);
    page.locator("[data-row]").click();
    assertThat(page.locator("#case-title")).hasText("楼道灯不亮");
    page.reload();
    assertThat(page.locator("[data-row]")).hasCount(1);
    page.locator(".narrowings a", new Page.LocatorOptions().setHasText("张伟")).click();
    assertThat(page.locator(".narrowings li")).hasCount(1);

    Page phone = enter(phone(), url("/console"), Counter.ZHANG);
    phone.locator("#filters summary").click();
    phone.selectOption("#filters [name=state]", "closed");
    phone.locator("#filters .btn-primary").click();
    assertThat(phone.locator(".narrowings li")).hasText("状态：已办结");
    assertThat(phone.locator("#rows")).containsText("楼道有杂物");
    assertThat(phone.evaluate("document.documentElement.scrollWidth <= innerWidth"))
        .isEqualTo(true);
  }

  @Test
  void whatIsNotTheirsDoesNotExist() {
    Page page = enter(desktop(), url("/console"), Counter.SUN);
    for (String tab : List.of("本台", "没人接", "全部在办", "已办结")) {
      tab(page, tab).click();
      assertThat(page.locator("#rows .empty")).isVisible();
      assertThat(page.locator("[data-row]")).hasCount(0);
    }
    assertThat(count(page, "全部在办")).hasText("0");
    page.fill("#find", streets.number().text());
    page.keyboard().press("Enter");
    assertThat(page.locator("#rows .empty")).containsText("没有找到");

    for (String code : List.of(streets.code(), "nosuchcode")) {
      Response answer = page.navigate(url("/console/cases/" + code));
      assertThat(answer.status()).isEqualTo(404);
      assertThat(page.locator("h1")).hasText("这件事不在您能看的范围里");
    }
    for (String part : List.of("/row", "/changes", "/presence", "/places?place=1栋")) {
      Response answer = page.navigate(url("/console/cases/" + streets.code() + part));
      assertThat(answer.status()).isEqualTo(404);
      assertThat(page.locator(".lead")).hasText("没有找到，或者不在您能看的范围里。");
    }
    forgive("404");
  }

  @Test
  void everyKeyDoesWhatTheTableSays() {
    Page page = enter(desktop(), url("/console"), Counter.ZHANG);
    Locator rows = page.locator("[data-row]");
    page.keyboard().press("j");
    assertThat(rows.nth(0)).isFocused();
    page.keyboard().press("j");
    assertThat(rows.nth(1)).isFocused();
    page.waitForResponse(
        answer -> answer.url().contains("/row"),
        () ->
            page.evaluate(
                "document.body.dispatchEvent(new Event('live:case-'"
                    + " + document.activeElement.dataset.row))"));
    assertThat(rows.nth(1)).isFocused();
    page.keyboard().press("k");
    assertThat(rows.nth(0)).isFocused();
    page.keyboard().press("j");
    page.keyboard().press("Enter");
    assertThat(page.locator("#case"))
        .hasAttribute("data-code", rows.nth(1).getAttribute("data-row"));
    assertThat(rows.nth(1)).hasAttribute("aria-current", "true");

    page.navigate(url("/console/cases?view=mine"));
    page.keyboard().press("j");
    page.keyboard().press("Enter");
    assertThat(page.locator("#answer-text")).isVisible();
    page.keyboard().press("r");
    assertThat(page.locator("#answer-text")).isFocused();
    page.keyboard().type("jk");
    assertThat(page.locator("#answer-text")).hasValue("jk");
    page.keyboard().press("Escape");
    page.keyboard().press("n");
    assertThat(page.locator("#note-text")).isFocused();
    page.keyboard().press("Escape");
    page.keyboard().press("a");
    assertThat(page.locator("#hand-on-dialog")).isVisible();
    page.keyboard().press("Escape");
    assertThat(page.locator("#hand-on-dialog")).isHidden();
    page.keyboard().press("?");
    assertThat(page.locator("#keys")).isVisible();
    page.keyboard().press("Escape");
    assertThat(page.locator("#keys")).isHidden();

    page.keyboard().press("g");
    page.keyboard().press("v");
    assertThat(page).hasURL(url("/console/voices"));
    page.keyboard().press("g");
    page.keyboard().press("i");
    assertThat(page).hasURL(url("/console/cases"));
  }

  @Test
  void viewsStandInOneLineWhereThereIsLittleRoom() {
    Page page =
        enter(
            page(new NewContextOptions().setViewportSize(1000, 800)),
            url("/console"),
            Counter.ZHANG);
    page.navigate(url("/console/cases?view=closed"));
    assertThat(tab(page, "已办结")).isInViewport();
    // News that came meanwhile may just be putting others in their place.
    var _ = page.waitForFunction("document.getElementById('tabs').scrollLeft > 0");
    // Where somebody has moved it to, it stays when news comes.
    var _ =
        page.evaluate(
            """
            () => {
              document.getElementById('tabs').dataset.before = true;
              document.body.dispatchEvent(new CustomEvent('live:inbox'));
            }
            """);
    assertThat(page.locator("#tabs:not([data-before])")).isVisible();
    assertThat(tab(page, "已办结")).isInViewport();
    // All at one moment: a live signal may put others in their place.
    assertThat(
            page.locator("#tabs a")
                .evaluateAll("all => new Set(all.map(a => a.getBoundingClientRect().y)).size"))
        .isEqualTo(1);
  }

  private static Case claimed(String who, String what) {
    return COUNTER.handling.claim(COUNTER.staff(who), told(what).id(), 1);
  }

  private static Opened told(String what) {
    return COUNTER.told(RESIDENT, what, "0102", CLOCK.instant());
  }

  private static Locator tab(Page page, String name) {
    return page.locator("#tabs a", new Page.LocatorOptions().setHasText(name));
  }

  private static Locator count(Page page, String name) {
    return tab(page, name).locator("b");
  }

  private static String url(String path) {
    return "http://localhost:" + APP.port() + path;
  }
}
