package io.linyu.casework;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import io.linyu.Counter;
import io.linyu.Neighbourhood;
import io.linyu.PageTest;
import io.linyu.TestClock;
import io.linyu.community.Address;
import io.linyu.community.Staff;
import io.linyu.simulator.wechat.Line;
import io.linyu.simulator.wechat.Phone;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// One case, as the people at the counter have it before them.
class CasePageTest extends PageTest {
  @AutoClose private static final Neighbourhood TOWN = Neighbourhood.open();

  @AutoClose private static final Counter COUNTER = TOWN.counter();

  private static String department = "";

  @BeforeAll
  static void whoIsThere() {
    department = COUNTER.hireAt("U21", "城市管理局");
    TOWN.until(
        "the server knows them",
        () ->
            TOWN.rooms()
                .community()
                .staff()
                .byCode("U21")
                .filter(each -> !each.desks().isEmpty())
                .isPresent());
  }

  /// The community returns it, the street rules whose it is, a department handles it, others check
  /// it, and the resident has the last word, twice; all of them at desks, and all with telephones.
  @ParameterizedTest
  @ValueSource(strings = {"desktop", "phone"})
  void goesOverThreeDesksAndIsDoneWhenTheResidentSaysSo(String width) {
    Supplier<Page> own = width.equals("phone") ? this::phone : this::desktop;
    String thing = width.equals("phone") ? "旧柜子" : "旧床板";
    Phone he =
        TOWN.follower("he-" + width)
            .scan("bld:" + COUNTER.place("88001001B3").code())
            .says("三栋楼道堆了" + thing);
    he.says("对");
    String code = TOWN.sqlOne("SELECT code FROM \"case\" WHERE what LIKE '%" + thing + "%'");
    String due = limit(code);

    Page zhang = enter(own.get(), TOWN.url("/console"), Counter.ZHANG);
    zhang.navigate(url(code));
    handOn(zhang, "街道分中心", "是沿街商铺的，社区管不了");
    Page wang = enter(own.get(), TOWN.url("/console"), Counter.WANG);
    wang.navigate(url(code));
    wang.locator(".deeds [data-opens=send-down-dialog]").click();
    wang.fill("#send-down-reason", "请社区先去劝一劝");
    wang.locator("#send-down-dialog .btn-primary").click();
    assertThat(wang.locator("#case-facts")).containsText("交回社区");
    zhang.navigate(url(code));
    zhang.locator(".deeds [data-opens=unlisted-dialog]").click();
    zhang.fill("#unlisted-words", "沿街商铺归城管");
    zhang.locator("#unlisted-dialog .btn-primary").click();
    assertThat(zhang.locator("#case-head")).containsText("准入待定");
    wang.navigate(url(code));
    wang.locator("[data-key=e]").click();
    assertThat(wang.locator("#returned-dialog")).containsText("沿街商铺归城管");
    wang.selectOption(
        "#returned-desk",
        wang.locator("#returned-desk option", containing(department))
            .first()
            .getAttribute("value"));
    wang.locator("#returned-dialog .btn-primary").click();
    assertThat(fact(wang, "承办")).hasText(department);

    Page shui = enter(own.get(), TOWN.url("/console"), "U21");
    shui.navigate(TOWN.url("/console/cases?view=unclaimed"));
    shui.locator("#row-" + code + " a").click();
    shui.locator("[data-key=e]").click();
    assertThat(fact(shui, "经办人")).hasText("水清");
    report(shui, "通知商铺搬走了");
    assertThat(shui.locator("#case-head")).containsText("有人在核查");
    assertThat(fact(shui, "承办")).containsText("清月园社区");

    Page li = enter(own.get(), TOWN.url("/console"), Counter.LI);
    check(li, code);
    assertThat(he.awaitHeard("通知商铺搬走了").text()).startsWith(department + "水清说，您反映的");
    assertThat(he.says("2").says("4").says("1").hears()).contains("没好就不算完");
    li.navigate(url(code));
    li.locator("[data-key=e]").click();
    li.locator(".deeds [data-opens=reopen-dialog]").click();
    li.fill("#reopen-text", "又搬回来两块");
    li.locator("#reopen-dialog .btn-primary").click();
    he.awaitHeard("确实没办好，对不起");

    assertThat(shui.locator("#case-head")).containsText("正在处理");
    assertThat(fact(shui, "经办人")).hasText("水清");
    assertThat(limit(code)).as("the resident's limit is what it was").isEqualTo(due);
    report(shui, "当场拉走了");
    li.navigate(url(code));
    assertThat(li.locator(".deeds [data-key=e]"))
        .hasCount(0); // whoever passed it does not check it again
    check(zhang, code);
    he.awaitHeard("当场拉走了");
    assertThat(he.says("1").says("1").says("1").hears()).contains("谢谢");
    assertThat(zhang.locator("#case-head")).containsText("已办结");
    assertThat(fact(shui, "承办")).hasText(department);
    shui.navigate(TOWN.url("/console/cases?view=closed"));
    assertThat(shui.locator("#row-" + code)).containsText(thing);
    Page page = phoneWithoutScripts();
    page.navigate(TOWN.url("/h5/cases/" + code));
    assertThat(page.locator(".h5-state")).hasText("已办结");
    assertThat(page.locator(".h5-way")).containsText("张伟核查过，办好了");
    assertThat(page.locator("#rate")).containsText("您说了好没好");
    assertThat(page.evaluate("document.documentElement.scrollWidth")).isEqualTo(390);
    assertThat(
            TOWN.sql(
                "SELECT 1 FROM holding a JOIN holding b USING (case_id) WHERE a.ctid <> b.ctid AND a.during && b.during"))
        .isEmpty();
  }

  private static String limit(String code) {
    return TOWN.sqlOne(
        """
        SELECT k.started_at || ' ' || k.due_at FROM clock k JOIN "case" c ON c.id = k.case_id
         WHERE c.code = '%s' AND k.kind = 'handling'
        """
            .formatted(code));
  }

  private static void handOn(Page page, String desk, String why) {
    page.locator("[data-opens=hand-on-dialog]").click();
    page.selectOption(
        "#hand-on-desk",
        page.locator("#hand-on-desk option", containing(desk)).first().getAttribute("value"));
    page.fill("#hand-on-reason", why);
    page.locator("#hand-on-dialog .btn-primary").click();
    assertThat(page.locator("#hand-on-dialog")).isHidden();
  }

  private static void report(Page page, String what) {
    page.locator(".deeds [data-opens=report-dialog]").click();
    page.fill("#report-text", what);
    page.locator("#report-dialog .btn-primary").click();
    assertThat(page.locator("#case-head")).containsText("有人在核查");
  }

  private static void check(Page page, String code) {
    page.navigate(url(code));
    page.locator("[data-key=e]").click();
    page.locator(".deeds [data-opens=pass-dialog]").click();
    assertThat(page.evaluate("document.documentElement.scrollWidth"))
        .isEqualTo(page.viewportSize().width);
    page.fill("#pass-excuse", "店里不让拍");
    page.locator("#pass-dialog .btn-primary").click();
    assertThat(page.locator("#case-head")).containsText("请您说说办好没有");
  }

  private Page phoneWithoutScripts() {
    return page(new NewContextOptions().setViewportSize(390, 844).setJavaScriptEnabled(false));
  }

  /// Taken, put back before anybody heard of it, and answered by another: the tab, the next step
  /// and the keys lead to the same place to write, and the page says how the words will go.
  @Test
  void isTakenPutBackAndAnsweredInOnePlace() {
    Phone liu = TOWN.follower("liu").scan("bld:" + COUNTER.place("88001001B3").code());
    liu.says("三栋楼道灯罩掉了").says("对");
    String code = TOWN.sqlOne("SELECT code FROM \"case\" WHERE what LIKE '%灯罩掉了%'");
    Page page = zhang();
    page.navigate(url(code));
    page.locator("[data-key=e]").click();
    assertThat(page.locator(".bubble", containing("张伟接手了"))).isVisible();
    page.locator(".notice button").click();
    assertThat(fact(page, "经办人")).hasText("没人接");
    assertThat(page.locator("#case-head")).containsText("已安排，等接手");
    assertThat(page.locator(".clock", containing("签收"))).not().containsText("✓");
    assertThat(page.locator(".bubble", containing("张伟接手了"))).hasCount(0);

    Page li = enter(desktop(), TOWN.url("/console"), Counter.LI);
    li.navigate(url(code));
    li.locator("[data-key=e]").click();
    assertThat(fact(li, "经办人")).hasText("李敏");
    assertThat(li.locator("#way")).containsText("微信客服消息，余 4/5");
    writesInOnePlace(li);

    li.fill("#answer-text", "明早来装。");
    assertThat(li.locator("#parts")).isEmpty();
    li.fill("#answer-text", "灯座松了要换一个新的。".repeat(181) + "就这样。");
    assertThat(li.locator("#parts")).containsText("分 3 条发。");
    assertThat(li.locator("#parts")).containsText("还能写 5 字。");
    li.locator("#answer-form button").click();
    liu.awaitHeard("就这样。");
    assertThat(li.locator("#answer-text")).hasValue("");
    assertThat(li.locator("#way")).containsText("余 1/5");
    assertThat(TOWN.sqlOne("SELECT count(*) FROM message WHERE content ->> 'text' LIKE '%要换一个新的%'"))
        .isEqualTo("3");
    assertThat(liu.heard())
        .extracting(Line.Heard::text)
        .noneMatch(each -> each.contains("张伟"))
        .anyMatch(each -> each.contains("李敏接手了"));
  }

  private static void writesInOnePlace(Page page) {
    Locator answer = page.locator("#answer-form");
    page.locator(".deeds [data-mode=answer]").click();
    assertThat(page.locator("#answer-text")).isFocused();
    page.locator("#answer-text").blur();
    page.keyboard().press("n");
    assertThat(answer).isHidden();
    page.locator("#note-text").blur();
    for (String key : List.of("r", "e")) {
      page.keyboard().press(key);
      assertThat(page.locator("#answer-text")).isFocused();
      assertThat(page.locator(".modes [data-mode=answer]")).hasAttribute("aria-pressed", "true");
      assertThat(page.locator("#note-form")).isHidden();
      page.locator("#answer-text").blur();
    }
  }

  @Test
  void twoWhoAnswerAtOnceAreToldOfEachOther() {
    String code = told("公告栏玻璃碎了");
    Page zhang = zhang();
    zhang.navigate(url(code));
    assertThat(zhang.locator("#answer-form")).hasCount(0);
    assertThat(zhang.locator("#case-write")).containsText("先接手，再回复居民");
    zhang.locator("[data-key=e]").click();
    assertThat(zhang.locator(".deeds .btn-primary")).hasText("回复居民");

    Page wang = enter(desktop(), TOWN.url("/console"), Counter.WANG);
    wang.navigate(url(code));
    assertThat(wang.locator(".deeds .btn-primary")).hasCount(0);
    wang.fill("#answer-text", "街道安排人来。");
    var onTheirWay = new ArrayList<Route>();
    wang.route(url -> url.contains("/way?"), onTheirWay::add);
    zhang.fill("#answer-text", "我下午来换。");
    zhang.locator("#answer-form button").click();
    assertThat(zhang.locator("#answer-text")).hasValue("");
    wang.waitForCondition(() -> !onTheirWay.isEmpty());
    var asked = new ArrayList<Route>();
    wang.route(url -> url.endsWith("all=1"), asked::add);
    wang.locator("#answer-form button").click();
    assertThat(wang.locator(".notice.bad")).containsText("刚刚有了变化");
    forgive("409");
    // Until the page shows what is now so, nobody can act on what was; and it will, whatever else
    // is on its way.
    assertThat(wang.locator("#answer-form button")).isDisabled();
    asked.getFirst().resume();
    assertThat(wang.locator("#answer-form button")).isEnabled();
    assertThat(wang.locator("#answer-text")).hasValue("街道安排人来。");
    wang.locator("#answer-form button").click();
    assertThat(wang.locator("#answer-text")).hasValue("");
    onTheirWay.forEach(Route::resume);
  }

  /// And what was handed on is taken back.
  @Test
  void whoeverActsOnWhatHasMovedOnIsToldAndLosesNoWord() {
    String code = told("门口的路灯不亮");
    Page zhang = zhang();
    zhang.navigate(url(code));
    zhang.waitForSelector("#conversation");
    Page li = enter(desktop(), TOWN.url("/console"), Counter.LI);
    li.navigate(url(code));
    assertThat(li.locator(".present")).hasText("张伟 正在看");
    String before = fact(li, "承办").textContent();

    li.locator("[data-mode=note]").click();
    li.fill("#note-text", "我们明天来看。");
    li.locator("#note-text").blur();
    li.keyboard().press("a");
    li.selectOption(
        "#hand-on-desk",
        li.locator("#hand-on-desk option", containing("街道分中心")).getAttribute("value"));
    li.fill("#hand-on-reason", "要路灯管护单位来换。");
    zhang.locator("[data-key=e]").click();
    assertThat(fact(li, "经办人")).hasText("张伟");

    li.locator("#hand-on-dialog .btn-primary").click();
    assertThat(li.locator(".notice.bad")).containsText("刚刚有了变化，请看过再办");
    forgive("409");
    assertThat(li.locator("#note-text")).hasValue("我们明天来看。");
    assertThat(fact(li, "承办")).not().containsText("街道分中心");

    li.locator("[data-opens=hand-on-dialog]").click();
    assertThat(li.locator("#hand-on-reason")).hasValue("要路灯管护单位来换。");
    li.selectOption(
        "#hand-on-desk",
        li.locator("#hand-on-desk option", containing("街道分中心")).getAttribute("value"));
    li.locator("#hand-on-dialog .btn-primary").click();
    assertThat(li.locator("#hand-on-dialog")).isHidden();
    assertThat(fact(li, "承办")).containsText("街道分中心");
    Locator done = li.locator(".notice", containing("转过去了"));
    done.locator("button").click();
    assertThat(fact(li, "承办")).hasText(before);
    assertThat(li.locator("#case-facts .line-of").first()).containsText("李敏 收回刚才的转派");
  }

  @Test
  void noClickIsLostToNewsThatComeMeanwhile() {
    String code = told("花坛边的砖松了");
    Page zhang = zhang();
    zhang.navigate(url(code));
    zhang.waitForSelector("#conversation");
    zhang.evaluate(
        """
        () => document.body.addEventListener('htmx:afterRequest', event => {
          if (event.detail.pathInfo.requestPath.endsWith('/changes')) window.hasCome = true;
        })
        """);
    zhang.locator("[data-opens=hand-on-dialog]").hover();
    zhang.mouse().down();
    Staff li = COUNTER.staff(Counter.LI);
    Case matter = COUNTER.cases.visibleTo(li, code);
    var _ = COUNTER.handling.claim(li, matter.id(), matter.version());
    zhang.waitForCondition(() -> Boolean.TRUE.equals(zhang.evaluate("() => !!window.hasCome")));
    zhang.mouse().up();
    assertThat(zhang.locator("#hand-on-dialog")).isVisible();
    assertThat(fact(zhang, "经办人")).hasText("李敏");
  }

  @Test
  void itsPlaceIsCorrectedByTyping() {
    Page page = zhang();
    String code = told("围墙裂了");
    page.navigate(url(code));
    Locator where = fact(page, "哪里");
    where.locator("summary").click();
    Locator typed = where.locator("[name=place]");

    typed.fill("9栋");
    assertThat(page.locator("#places")).containsText("没有找到“9栋”");
    typed.blur();
    Staff li = COUNTER.staff(Counter.LI);
    var _ = COUNTER.handling.note(li, COUNTER.cases.visibleTo(li, code).id(), "我路过去看看");
    assertThat(page.locator("#case .talk")).containsText("我路过去看看");
    assertThat(typed).hasValue("9栋");
    assertThat(page.locator("#places")).containsText("没有找到“9栋”");
    typed.press("Enter");
    assertThat(page.locator(".notice.bad")).containsText("没有找到“9栋”");
    forgive("422");
    assertThat(typed).hasValue("9栋");

    typed.fill("1栋");
    page.locator("#places button").click();
    assertThat(page.locator(".notice").last()).containsText("地点改好了");
    assertThat(where).containsText("1栋");
    assertThat(page.locator("#case-facts .line-of").first())
        .containsText("张伟 把地点从 清月园社区3栋 改为 清月园社区1栋");

    page.locator(".notice", containing("地点改好了")).locator("button").click();
    assertThat(where).containsText("3栋");
  }

  @Test
  void whateverTheWindowWhatWasSaidLastIsSeen() {
    Address resident = COUNTER.resident("吴阿姨");
    for (int i = 1; i <= 30; i++) {
      COUNTER.said(
          resident, i % 2 == 0 ? "bot" : "resident", "第 " + i + " 句", TOWN.clock.instant());
    }
    String code = COUNTER.told(resident, "楼道堆满了", "0102", TOWN.clock.instant()).code();
    Page page = enter(phone(), TOWN.url("/console"), Counter.ZHANG);
    Locator last = page.locator(".bubble", containing("第 30 句"));

    page.locator("#row-" + code).click();
    assertThat(last).isInViewport();
    assertThat(page.locator("[data-key=e]")).isInViewport();
    page.reload();
    assertThat(last).isInViewport();
    page.setViewportSize(1440, 430);
    page.navigate(url(code));
    assertThat(last).isInViewport();
    page.setViewportSize(390, 844);
    page.locator("[data-key=e]").click();
    assertThat(fact(page, "经办人")).hasText("张伟");
    assertThat(last).isInViewport();

    Phone lin = TOWN.follower("lin").scan("bld:" + COUNTER.place("88001001B3").code());
    lin.says("三栋楼道灯晚上自己亮").says("对");
    page.navigate(url(TOWN.sqlOne("SELECT code FROM \"case\" WHERE what LIKE '%自己亮%'")));
    assertThat(page.locator("#conversation")).containsText("扫了码：清月园社区3栋");
  }

  /// Why it is not accepted is filled in by the reason, with a hole for whoever writes, and what
  /// they wrote is not written over.
  @Test
  void theReasonFillsInWordsAndEveryDialogFitsAPhone() {
    COUNTER.hireSecretary("U9");
    COUNTER.hireSupervisor("U10");
    TOWN.until(
        "the server knows them", () -> TOWN.rooms().community().staff().byCode("U10").isPresent());
    Page li = enter(phone(), TOWN.url("/console"), Counter.LI);
    li.navigate(url(COUNTER.told(COUNTER.resident("钱阿姨"), "想说说厂里从前的事").code()));
    opened(li, "reject-dialog");
    li.locator("#reject-dialog label", containing("不在社区和街道的职责里")).click();
    assertThat(li.locator("#reject-text")).hasValue(Pattern.compile("请找\\{单位\\}"));
    li.locator("#reject-dialog .btn-primary").click();
    assertThat(li.locator("#reject-dialog")).isVisible();
    assertThat(li.locator("#reject-dialog .tells")).containsText("由望澜街道");
    li.fill("#reject-text", "请找厂里的留守处，电话 12000000555。");
    li.locator("#reject-dialog label", containing("已经答复过")).click();
    assertThat(li.locator("#reject-text")).hasValue("请找厂里的留守处，电话 12000000555。");
    li.locator("#reject-dialog label", containing("不在社区和街道的职责里")).click();
    li.locator("#reject-dialog .btn-primary").click();
    assertThat(li.locator("#case-head")).containsText("不予受理");
    li.locator(".notice button").click();
    assertThat(li.locator("#case-head")).containsText("已收到，正在看");

    Staff zhang = COUNTER.staff(Counter.ZHANG);
    Case matter = COUNTER.cases.visibleTo(zhang, told("灯牌歪了"));
    matter = COUNTER.handling.claim(zhang, matter.id(), matter.version());
    Page gao = enter(phone(), TOWN.url("/console"), "U9");
    gao.navigate(url(matter.code()));
    opened(gao, "supervise-dialog");
    matter = COUNTER.casework.extending().ask(zhang, matter.id(), 2, "灯座要从厂家订");
    li.navigate(url(matter.code()));
    opened(li, "extension-dialog");
    matter =
        COUNTER
            .casework
            .extending()
            .grant(COUNTER.staff(Counter.LI), matter.id(), asked(matter).noteId());
    LocalDate day = LocalDate.ofInstant(TOWN.clock.instant(), TestClock.ZONE).plusDays(9);
    Suspending suspending = COUNTER.casework.suspending();
    matter = suspending.ask(zhang, matter.id(), TimeRequest.Reason.LAW_PROCEDURE, day, "法院在查封");
    gao.navigate(url(matter.code()));
    opened(gao, "suspension-dialog");
    matter =
        suspending.grant(
            COUNTER.staff("U9"), matter.id(), matter.version(), asked(matter).noteId());
    Page du = enter(phone(), TOWN.url("/console"), "U10");
    du.navigate(url(matter.code()));
    opened(du, "unsolved-dialog");

    Page page = phoneWithoutScripts();
    page.navigate(TOWN.url("/h5/cases/" + matter.code()));
    assertThat(page.locator("#urge")).isVisible();
    assertThat(page.evaluate("document.documentElement.scrollWidth")).isEqualTo(390);
    Case refused =
        COUNTER.cases.visibleTo(zhang, COUNTER.told(COUNTER.resident("冯"), "想说说从前的事").code());
    var _ =
        COUNTER
            .casework
            .rejecting()
            .reject(zhang, refused.id(), refused.version(), Rejecting.Reason.OUTSIDE, "请找厂里。");
    page.navigate(TOWN.url("/h5/cases/" + refused.code()));
    assertThat(page.locator("#appeal button")).isVisible();
    assertThat(page.evaluate("document.documentElement.scrollWidth")).isEqualTo(390);
  }

  private static void opened(Page page, String dialog) {
    page.locator(".deeds [data-opens=" + dialog + "]:visible").first().click();
    assertThat(page.locator("#" + dialog)).isVisible();
    assertThat(page.evaluate("document.documentElement.scrollWidth")).isEqualTo(390);
  }

  private static TimeRequest asked(Case matter) {
    return Objects.requireNonNull(matter.asked());
  }

  private Page zhang() {
    return enter(desktop(), TOWN.url("/console"), Counter.ZHANG);
  }

  private static String url(String code) {
    return TOWN.url("/console/cases/" + code);
  }

  private static String told(String what) {
    Address resident = COUNTER.resident("王阿姨");
    return COUNTER.told(resident, what, "0102", TOWN.clock.instant()).code();
  }

  private static Locator fact(Page page, String name) {
    return page.locator(".fact")
        .filter(
            new Locator.FilterOptions()
                .setHas(page.locator("dt", new Page.LocatorOptions().setHasText(name))))
        .locator("dd");
  }

  private static Page.LocatorOptions containing(String text) {
    return new Page.LocatorOptions().setHasText(text);
  }
}
