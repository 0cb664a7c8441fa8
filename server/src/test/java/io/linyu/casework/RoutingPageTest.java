package io.linyu.casework;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.util.Objects.requireNonNull;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.SelectOption;
import io.linyu.Counter;
import io.linyu.Neighbourhood;
import io.linyu.PageTest;
import io.linyu.TestClock;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Who gets what, as a dispatcher of the street rules it and a deputy reads it.
class RoutingPageTest extends PageTest {
  @AutoClose private static final Neighbourhood TOWN = Neighbourhood.open();
  @AutoClose private static final Counter COUNTER = TOWN.counter();

  @Test
  void aDispatcherRulesAndEverybodyCanLookItUp() {
    LocalDate today = LocalDate.ofInstant(TOWN.clock.instant(), TestClock.ZONE);
    for (int i = 0; i < 3; i++) {
      var _ = COUNTER.told(COUNTER.resident("王阿姨"), "楼道堆满了", "0102", TOWN.clock.instant());
    }
    Page page = enter(desktop(), TOWN.url("/console"), Counter.WANG);
    page.navigate(TOWN.url("/console/routing"));
    assertThat(page.locator(".empty")).containsText("每一类事按目录派给就近的承办单位");

    // Who would get it?
    Locator answer = page.locator("#routing-answer");
    page.selectOption("#routing-kind", "0102");
    page.locator("#routing-ask input[name=place]").pressSequentially("3栋");
    page.locator("#routing-ask-found input").first().check();
    page.locator("#routing-ask .btn").click();
    assertThat(answer).containsText("清月园社区居委会");
    assertThat(answer).containsText("没有规则管它");
    assertThat(answer).containsText("协办：物业服务人、消防救援机构");

    page.locator("header .btn-primary").click();
    page.selectOption("#routing-category", "0102");
    page.locator("#routing-place").pressSequentially("清月园社区");
    assertThat(page.locator("#routing-found input:checked + span")).containsText("清月园社区");
    // The desks of the place that is chosen, and of those around it.
    assertThat(page.locator("#routing-desk optgroup").first()).hasAttribute("label", "清月园社区");
    page.selectOption(
        "#routing-desk", page.locator("#routing-desk option", text("街道分中心")).getAttribute("value"));
    page.fill("input[name=from]", today.plusDays(1).toString());
    page.fill("#routing-reason", "物业中心并到街道");
    page.locator("#routing-form .btn-primary").click();

    // What it would have done is looked at before it takes effect.
    page.waitForURL("**/console/replays/*");
    assertThat(page.locator("#replay h2")).containsText("最近 90 天有关的 3 件，其中 3 件会换一个工作台");
    assertThat(page.locator(".replay-table tbody tr")).containsText(new String[] {"+3", "−3"});
    page.locator(".replay-cases summary").click();
    assertThat(page.locator(".replay-cases li").first()).containsText("楼道堆满了");
    assertThat(page.locator(".replay-cases li")).hasCount(3);
    Page small = enter(phone(), TOWN.url("/console"), Counter.WANG);
    small.navigate(page.url());
    assertThat(small.locator(".replay-table tbody tr")).hasCount(2);
    org.assertj.core.api.Assertions.assertThat(
            small.evaluate("document.documentElement.scrollWidth <= innerWidth"))
        .isEqualTo(true);
    page.locator("#replay .btn-primary").click();
    assertThat(page.locator(".routing")).containsText("王芳 定之前看过：有关的 3 件，3 件会换工作台");
    page.navigate(TOWN.url("/console/routing?when=coming"));
    Locator rule = page.locator(".known-list .tile");
    assertThat(rule).hasCount(1);
    assertThat(rule).containsText("清月园社区 · 乱堆物料、楼道堆物");
    assertThat(rule).containsText("王芳");
    assertThat(rule).containsText("物业中心并到街道");

    // Whoever is not to rule reads it on a phone, and sees no button.
    Page phone = enter(phone(), TOWN.url("/console"), Counter.ZHANG);
    phone.navigate(TOWN.url("/console/routing?when=coming"));
    assertThat(phone.locator(".known-list .tile")).containsText("街道分中心");
    assertThat(phone.locator("header .btn-primary")).hasCount(0);
    org.assertj.core.api.Assertions.assertThat(
            phone.evaluate("document.documentElement.scrollWidth <= innerWidth"))
        .isEqualTo(true);
    phone.selectOption("#routing-kind", "0102");
    phone.fill("#routing-day", today.plusDays(1).toString());
    phone.locator("#routing-ask .btn").click();
    assertThat(phone.locator("#routing-answer")).containsText("按这条规则");
    assertThat(phone.locator("#routing-answer b")).containsText("街道分中心");

    rule.locator("h2 a").click();
    page.locator("form button", text("收回")).click();
    assertThat(page.locator(".meta")).containsText("没有生效就收回了");
  }

  @Test
  void aLimitIsChangedByTheDistrictAfterALook() {
    COUNTER.hireDispatcher("U8");
    var _ = COUNTER.told(COUNTER.resident("王阿姨"), "小广告贴满了", "0104", TOWN.clock.instant());
    Page reader = enter(phone(), TOWN.url("/console"), Counter.ZHANG);
    reader.navigate(TOWN.url("/console/limits"));
    assertThat(reader.locator(".limits dl")).containsText("2 个工作时");
    assertThat(reader.locator("#limit-form")).hasCount(0);
    org.assertj.core.api.Assertions.assertThat(
            reader.evaluate("document.documentElement.scrollWidth <= innerWidth"))
        .isEqualTo(true);

    Page page = enter(desktop(), TOWN.url("/console"), "U8");
    page.navigate(TOWN.url("/console/limits"));
    page.selectOption("#limit-what", "handling");
    page.selectOption("#limit-category", "0104");
    page.fill("#limit-form input[name=value]", "5");
    page.fill("#limit-reason", "人手少");
    page.locator("#limit-form .btn-primary").click();
    page.waitForURL("**/console/replays/*");
    assertThat(page.locator("#replay h2")).containsText("最近 90 天有 1 次，按现在的时限超时 0 次，改了以后会是 0 次");
    assertThat(page.locator(".replay-table")).containsText("非法小广告");
    page.locator("#replay .btn-primary").click();
    Locator version = page.locator(".limits .known-list .tile").first();
    assertThat(version).containsText("第 2 版");
    assertThat(version).containsText("2 个工作日 → 5 个工作日");
    version.locator("button").click();
    assertThat(version).containsText("周敏");
    assertThat(version.locator("button")).hasCount(0);

    // One that the house has for all, for one kind alone and from now on.
    page.selectOption("#limit-what", "returning");
    page.selectOption("#limit-category", "0104");
    page.fill("#limit-form input[name=value]", "1");
    page.selectOption("#limit-form select[name=unit]", "work_hour");
    Locator from = page.locator("#limit-form input[name=from]");
    from.fill(from.getAttribute("min"));
    page.fill("#limit-reason", "小广告一看就知道");
    page.locator("#limit-form .btn-primary").click();
    page.waitForURL("**/console/replays/*");
    page.locator("#replay .btn-primary").click();
    assertThat(version).containsText("非法小广告、乱张贴 · 退单");
    assertThat(page.locator("tr:has-text('非法小广告')")).containsText("退单（派到后多久内可以退）：1 个工作时");
    assertThat(page.locator(".limits dl")).containsText("4 个工作时");
  }

  @Test
  void aDispatcherSetsTheHoursOfADeskAfterALook() {
    forgive("422");
    var _ = COUNTER.told(COUNTER.resident("王阿姨"), "路灯不亮了", "0102", TOWN.clock.instant());
    String desk =
        TOWN.sqlOne(
            "SELECT m.desk_id FROM desk_member m JOIN staff s ON s.id = m.staff_id WHERE s.code = 'U1' LIMIT 1");
    String url = TOWN.url("/console/desks/" + desk);
    Page page =
        enter(
            page(new NewContextOptions().setViewportSize(1280, 900)),
            TOWN.url("/console"),
            Counter.WANG);
    page.navigate(url);
    assertThat(page.locator(".sheet-page header")).containsText("工作时间跟全区一样");
    page.locator(".sheet-page header a", text("工作时间")).click();
    assertThat(page.locator(".hours input[name=monday]")).hasValue("09:00–12:00 13:30–17:30");
    for (String day : List.of("monday", "tuesday", "wednesday", "thursday", "friday")) {
      page.fill(".hours input[name=" + day + "]", "8:00-20:00");
    }
    page.fill(".hours input[name=saturday]", "12:00-9:00");
    page.fill(
        ".hours input[name=from]",
        LocalDate.ofInstant(TOWN.clock.instant(), TestClock.ZONE).toString());
    page.fill("#hours-reason", "窗口延时服务");
    page.locator("#hours-form .btn-primary").click();
    assertThat(page.locator(".toasts")).containsText("星期六的“12:00-9:00”：结束要晚于开始");
    page.fill(".hours input[name=saturday]", "9:00-12:00");
    page.locator("#hours-form .btn-primary").click();
    Locator look = page.locator("#hours-look");
    assertThat(look).containsText("周一至周五 08:00–20:00，周六 09:00–12:00");
    assertThat(look).containsText("最近 90 天派来要签收的");
    fits(page);
    look.locator(".btn-primary").click();
    assertThat(page.locator(".notice")).containsText("定好了");
    Locator version = page.locator(".known-list .tile");
    assertThat(version).containsText("窗口延时服务");
    assertThat(version.locator(".chip")).hasText("现在的");

    // Whoever works there reads it, on a phone, and sets nothing.
    Page phone = enter(phone(), TOWN.url("/console"), Counter.ZHANG);
    phone.navigate(url + "/hours");
    assertThat(phone.locator(".hours header")).containsText("周六 09:00–12:00");
    assertThat(phone.locator("#hours-form")).hasCount(0);
    fits(phone);
    Page small = enter(phone(), TOWN.url("/console"), Counter.WANG);
    small.navigate(url + "/hours");
    assertThat(small.locator("#hours-form")).isVisible();
    fits(small);

    // Taken back before it begins.
    page.locator("#hours-form input[name=house]").check();
    page.fill("#hours-reason", "试完了");
    page.locator("#hours-form .btn-primary").click();
    look.locator(".btn-primary").click();
    assertThat(version.first().locator(".chip")).hasText("还没开始");
    version.first().locator("button").click();
    assertThat(version.first().locator(".chip")).hasText("没有开始就收回了");
    assertThat(version.last().locator(".chip")).hasText("现在的");
  }

  private static void fits(Page page) {
    org.assertj.core.api.Assertions.assertThat(
            page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
        .isEqualTo(true);
  }

  @Test
  void whoeverLooksIntoAComplaintAboutStaffSaysWhomItIsAbout() {
    COUNTER.hireDispatcher("U7");
    TOWN.until(
        "the server knows them", () -> TOWN.rooms().community().staff().byCode("U7").isPresent());
    var _ = COUNTER.told(COUNTER.resident("赵大爷"), "有人拍桌子骂人", "1205", TOWN.clock.instant());
    String code = TOWN.sqlOne("SELECT code FROM \"case\" WHERE what LIKE '%拍桌子%'");
    Page page = enter(desktop(), TOWN.url("/console"), "U7");
    page.navigate(TOWN.url("/console/cases/" + code));
    Locator facts = page.locator("#case-facts");
    assertThat(facts).containsText("事发的社区");
    page.locator("#change-accused summary").click();
    page.selectOption("#accused-chosen", new SelectOption().setLabel("张伟"));
    page.locator("#change-accused .btn").click();
    assertThat(page.locator("#case-facts .line-of").first()).containsText("周敏 写明反映的是 张伟");
    assertThat(page.locator("#accused-chosen option:checked")).hasText("张伟");
  }

  @Test
  void whoLivesThereAndWorksHereDoesNotSeeTheComplaintAboutThem() {
    COUNTER.hireDispatcher("U6");
    TOWN.until(
        "the server knows them", () -> TOWN.rooms().community().staff().byCode("U6").isPresent());
    var _ = COUNTER.told(COUNTER.resident("钱大妈"), "楼上天天放音响", "0701", TOWN.clock.instant());
    String url =
        TOWN.url(
            "/console/cases/" + TOWN.sqlOne("SELECT code FROM \"case\" WHERE what LIKE '%音响%'"));
    Page li = enter(phone(), TOWN.url("/console"), Counter.LI);
    li.navigate(url);
    assertThat(li.locator("#case-facts")).containsText("不是这里的同事");

    Page page = enter(desktop(), TOWN.url("/console"), "U6");
    page.navigate(url);
    page.locator("#change-neighbour summary").click();
    page.selectOption(
        "#neighbour-chosen",
        "staff:" + TOWN.sqlOne("SELECT id::text FROM staff WHERE code = 'U2'"));
    page.locator("#change-neighbour .btn").click();
    assertThat(page.locator("#case-facts .line-of").first())
        .containsText("周敏 写明反映的是 " + TOWN.sqlOne("SELECT name FROM staff WHERE code = 'U2'"));
    forgive("404");
    org.assertj.core.api.Assertions.assertThat(requireNonNull(li.navigate(url)).status())
        .isEqualTo(404);
    li.navigate(TOWN.url("/console/cases?view=all_open"));
    assertThat(li.locator("#inbox, main").first()).not().containsText("楼上天天放音响");
  }

  @Test
  void whatIsDoneByItselfIsSetByTheDistrictAndReadByAll() {
    COUNTER.hireDispatcher("U9");
    Page reader = enter(phone(), TOWN.url("/console"), Counter.ZHANG);
    reader.navigate(TOWN.url("/console/rules"));
    assertThat(reader.locator(".rules .tile")).hasCount(8);
    assertThat(reader.locator("#rule-E2 .chip")).hasText("试运行");
    assertThat(reader.locator("#rule-E1 .chip")).hasText("生效");
    assertThat(reader.locator("#rule-E2")).containsText("第 1 版");
    org.assertj.core.api.Assertions.assertThat(
            reader.evaluate("document.documentElement.scrollWidth <= innerWidth"))
        .isEqualTo(true);
    reader.locator("#rule-E2 h2 a").click();
    assertThat(reader.locator("h1")).containsText("E2 · 办理超时");
    assertThat(reader.locator("[data-opens]", text("让它生效"))).hasCount(0);
    assertThat(reader.locator(".empty")).containsText("没有您能看的事情");

    Page page = enter(desktop(), TOWN.url("/console"), "U9");
    page.navigate(TOWN.url("/console/rules/E2"));
    page.locator("[data-opens=rule-live]").click();
    assertThat(page.locator("#rule-live")).containsText("眼下已经符合的也会马上做");
    page.fill("#rule-live-reason", "试了一个月，没有误伤");
    page.locator("#rule-live .btn-primary").click();
    assertThat(page.locator("h1 .chip")).hasText("生效");
    Locator versions = page.locator("#rule-versions .tile");
    assertThat(versions).hasCount(2);
    assertThat(versions.first()).containsText("试了一个月，没有误伤");
    assertThat(versions.first()).containsText("周敏");

    reader.navigate(TOWN.url("/console/rules"));
    assertThat(reader.locator("#catch-ups .tile").first()).containsText("规则 E2（第 2 版）生效");
    org.assertj.core.api.Assertions.assertThat(
            reader.evaluate("document.documentElement.scrollWidth <= innerWidth"))
        .isEqualTo(true);

    // Two had it open: the second looks again.
    forgive("409");
    Page other = enter(desktop(), TOWN.url("/console"), "U9");
    other.navigate(TOWN.url("/console/rules/E2"));
    page.locator("[data-opens=rule-dry]").click();
    page.fill("#rule-dry-reason", "再看看");
    page.locator("#rule-dry .btn-primary").click();
    assertThat(page.locator("h1 .chip")).hasText("试运行");
    other.locator("[data-opens=rule-off]").click();
    other.fill("#rule-off-reason", "不要了");
    other.locator("#rule-off .btn-primary").click();
    assertThat(
            other
                .locator("#toasts, .toasts, [role=alert], [role=status]")
                .filter(new Locator.FilterOptions().setHasText("刚刚有人改过"))
                .first())
        .isVisible();
    reader.navigate(TOWN.url("/console/rules/E2"));
    assertThat(reader.locator("#rule-versions .tile")).hasCount(3);
  }

  private static Page.LocatorOptions text(String text) {
    return new Page.LocatorOptions().setHasText(text);
  }
}
