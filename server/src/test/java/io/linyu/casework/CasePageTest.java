package io.linyu.casework;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.RequestOptions;
import io.linyu.Counter;
import io.linyu.Neighbourhood;
import io.linyu.PageTest;
import io.linyu.TestClock;
import io.linyu.community.Address;
import io.linyu.community.Staff;
import io.linyu.simulator.wechat.Line;
import io.linyu.simulator.wechat.Phone;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// One case, as the people at the counter have it before them.
class CasePageTest extends PageTest {
  @AutoClose private static final Neighbourhood TOWN = Neighbourhood.open();
  @AutoClose private static final Counter COUNTER = TOWN.counter();

  @Test
  void isTakenAnsweredReportedCheckedAndDoneAgainWhenTheResidentSaysSo() {
    Phone wang =
        TOWN.follower("wang").scan("bld:" + COUNTER.place("88001001B3").code()).says("三栋楼道灯又不亮了");
    wang.says("对");
    String code = TOWN.sqlOne("SELECT code FROM \"case\" WHERE what LIKE '%楼道灯又不亮%'");
    Page page = zhang();
    page.navigate(url(code));

    page.locator("[data-key=e]").click();
    assertThat(page.locator(".notice button")).isVisible();
    TOWN.clock.pass(Duration.ofSeconds(11));
    wang.awaitHeard("张伟");
    assertThat(fact(page, "经办人")).hasText("张伟");
    assertThat(page.locator("#way")).containsText("微信客服消息，余 4/5");

    page.fill("#answer-text", "电工下午三点到。");
    page.locator("#answer-form button").click();
    wang.awaitHeard("电工下午三点到。");
    assertThat(page.locator("#answer-text")).hasValue("");
    assertThat(page.locator("#way")).containsText("余 3/5");

    page.locator("[data-mode=note]").click();
    page.fill("#note-text", "这户去年也报过，查一下线路。");
    page.locator("#note-form button").click();
    assertThat(page.locator("#conversation .note")).containsText("查一下线路");

    page.locator(".deeds [data-opens=report-dialog]").click();
    page.fill("#report-text", "换了声控开关，亮了");
    page.locator("#report-dialog .btn-primary").click();
    assertThat(page.locator("#case-head")).containsText("有人在核查");
    assertThat(page.locator(".notice button")).isVisible();
    assertThat(page.locator("[data-opens=report-dialog]")).hasCount(0);
    assertThat(page.locator(".visit")).containsText("等没有经手的人核查");

    // Somebody else looks, and says why there is no picture.
    Page li = enter(phone(), TOWN.url("/console"), Counter.LI);
    li.navigate(url(code));
    li.locator("[data-key=e]").click();
    assertThat(li.locator(".visit")).containsText("等您核查");
    li.locator(".deeds [data-opens=pass-dialog]").click();
    assertThat(li.evaluate("document.documentElement.scrollWidth")).isEqualTo(390);
    li.locator("#pass-dialog .btn-primary").click();
    assertThat(li.locator("#toasts")).containsText("请拍一张现场照片");
    li.fill("#pass-excuse", "晚上太暗，拍不清");
    li.locator("#pass-dialog .btn-primary").click();
    assertThat(wang.awaitHeard("换了声控开关，亮了。").text())
        .startsWith("清月园社区居委会张伟说，您反映的“楼道灯又不亮了”")
        .endsWith("真好了吗？好了回1，没好回2，说不准回3。");
    assertThat(page.locator("#case-head")).containsText("请您说说办好没有");
    assertThat(page.locator(".visit")).containsText("正在问居民好没好");

    // The resident says how it is, on a telephone without scripts.
    Page resident = phoneWithoutScripts();
    resident.navigate(TOWN.url("/h5/cases/" + code));
    assertThat(resident.locator(".h5-way")).containsText("李敏核查过，办好了");
    assertThat(resident.locator(".h5-way")).not().containsText("李敏 已接手");
    resident.locator("#rate [name=solved][value=no]").check();
    resident.locator("#rate [name=satisfied][value=dissatisfied]").check();
    resident.locator("#rate [name=contacted][value=yes]").check();
    resident.fill("#rate-words", "到了半夜还是不亮");
    assertThat(resident.evaluate("document.documentElement.scrollWidth")).isEqualTo(390);
    resident.locator("#rate .weui-btn").click();
    assertThat(resident.locator("#rate")).containsText("没好就不算完");

    // Whoever did it does not read it; whoever checked it has it done again.
    assertThat(page.locator(".visit")).containsText("经手的人看不到");
    assertThat(page.locator("#case")).not().containsText("到了半夜");
    li.navigate(url(code));
    assertThat(li.locator(".visit")).containsText("没好 · 不满意 · 有人联系过");
    assertThat(li.locator(".visit")).containsText("到了半夜还是不亮");
    li.locator("[data-key=e]").click();
    li.locator(".deeds [data-opens=reopen-dialog]").click();
    li.fill("#reopen-text", "半夜去看，确实不亮");
    li.locator("#reopen-dialog .btn-primary").click();
    wang.awaitHeard("确实没办好，对不起");
    assertThat(page.locator("#case-head")).containsText("正在处理");
    assertThat(page.locator("#case-head")).containsText("返工");
    assertThat(fact(page, "经办人")).hasText("张伟");
    assertThat(wang.heard()).extracting(Line.Heard::text).noneMatch(each -> each.contains("线路"));
    forgive("422");
  }

  /// The community returns it, the street rules whose it is, a department handles it, others check
  /// it, and the resident has the last word, twice.
  @Test
  void goesOverThreeDesksAndIsDoneWhenTheResidentSaysSo() {
    String department = COUNTER.hireAt("U21", "城市管理局");
    TOWN.until(
        "the server knows them",
        () ->
            TOWN.rooms()
                .community()
                .staff()
                .byCode("U21")
                .filter(each -> !each.desks().isEmpty())
                .isPresent());
    Phone he =
        TOWN.follower("he").scan("bld:" + COUNTER.place("88001001B3").code()).says("三栋楼道堆了旧床板");
    he.says("对");
    String code = TOWN.sqlOne("SELECT code FROM \"case\" WHERE what LIKE '%旧床板%'");
    String due = limit(code);

    Page zhang = zhang();
    zhang.navigate(url(code));
    handOn(zhang, "街道分中心", "床板是沿街商铺的，社区管不了");
    Page wang = enter(phone(), TOWN.url("/console"), Counter.WANG);
    wang.navigate(url(code));
    handOn(wang, department, "沿街商铺归城管");

    Page shui = enter(desktop(), TOWN.url("/console"), "U21");
    shui.navigate(TOWN.url("/console/cases?view=unclaimed"));
    shui.locator("#row-" + code + " a").click();
    shui.locator("[data-key=e]").click();
    assertThat(fact(shui, "经办人")).hasText("水清");
    report(shui, "通知商铺搬走了");
    assertThat(shui.locator("#case-head")).containsText("有人在核查");
    assertThat(fact(shui, "承办")).containsText("清月园社区");

    Page li = enter(phone(), TOWN.url("/console"), Counter.LI);
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
    assertThat(shui.locator("#row-" + code)).containsText("旧床板");
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
    page.fill("#pass-excuse", "店里不让拍");
    page.locator("#pass-dialog .btn-primary").click();
    assertThat(page.locator("#case-head")).containsText("请您说说办好没有");
  }

  @Test
  void isUrgedFromTheTelephoneWithoutScriptsAndFromTheDesk() {
    Phone wu =
        TOWN.follower("wu").scan("bld:" + COUNTER.place("88001001B3").code()).says("三栋楼道灯罩裂了");
    wu.says("对");
    String code = TOWN.sqlOne("SELECT code FROM \"case\" WHERE what LIKE '%灯罩裂了%'");
    Page desk = zhang();
    desk.navigate(url(code));
    desk.locator("[data-key=e]").click();
    assertThat(fact(desk, "经办人")).hasText("张伟");
    assertThat(desk.locator(".deeds", containing("催办"))).hasCount(0);

    Page page = phoneWithoutScripts();
    page.navigate(TOWN.url("/h5/cases/" + code));
    page.locator("#urge button").click();
    assertThat(page.locator("#urge")).containsText("催过了。现在是清月园社区");
    assertThat(page.locator("#urge")).containsText("张伟在办");
    assertThat(page.locator("#urge")).containsText("可以再催");
    assertThat(page.locator("#urge button")).hasCount(0);
    assertThat(page.locator(".h5-way")).containsText("您催了");
    assertThat(page.evaluate("document.documentElement.scrollWidth")).isEqualTo(390);
    // A page of others' that sends here is not heard; one that was left open does no more than
    // this.
    assertThat(
            page.request()
                .post(
                    TOWN.url("/h5/cases/" + code + "/urges"),
                    RequestOptions.create().setHeader("Origin", "https://example.org"))
                .status())
        .isEqualTo(403);
    assertThat(
            page.request()
                .post(TOWN.url("/h5/cases/" + code + "/urges"), RequestOptions.create())
                .status())
        .isEqualTo(200);
    assertThat(TOWN.sqlOne("SELECT urges FROM \"case\" WHERE code = '" + code + "'"))
        .isEqualTo("1");

    // The desk sees it without asking, in the list and on the case.
    assertThat(desk.locator("#case-head")).containsText("居民催过 1 次");
    assertThat(desk.locator("#row-" + code)).containsText("居民催过 1 次");
    desk.fill("#answer-text", "下午来换。");
    desk.locator("#answer-form button.btn-primary").click();
    wu.awaitHeard("下午来换。");
    assertThat(desk.locator("#case-head .chip.reply")).hasCount(0);

    TOWN.clock.pass(Duration.ofHours(2));
    Page li = enter(desktop(), TOWN.url("/console"), Counter.LI);
    li.navigate(url(code));
    li.locator(".deeds form[action*=urges] button").click();
    assertThat(li.locator(".notice")).containsText("催办记上了");
    assertThat(li.locator("#case-facts")).containsText("李敏 催办");
    page.navigate(TOWN.url("/h5/cases/" + code));
    assertThat(page.locator(".h5-way")).not().containsText("李敏");
  }

  @Test
  void isSupervisedFromAPhoneMarkedAndFound() {
    COUNTER.hireSecretary("U9");
    TOWN.until(
        "the server knows them", () -> TOWN.rooms().community().staff().byCode("U9").isPresent());
    String code = told("坡道的砖松了");
    Page li = enter(desktop(), TOWN.url("/console"), Counter.LI);
    li.navigate(url(code));
    assertThat(li.locator("[data-opens=supervise-dialog]")).hasCount(0);
    li.locator("[data-key=e]").click();
    assertThat(fact(li, "经办人")).hasText("李敏");

    Page gao = enter(phone(), TOWN.url("/console"), "U9");
    gao.navigate(url(code));
    gao.locator("[data-opens=supervise-dialog]").click();
    gao.fill("#supervise-reason", "有老人摔过，今天要围起来");
    assertThat(gao.evaluate("document.documentElement.scrollWidth")).isEqualTo(390);
    gao.locator("#supervise-dialog .btn-primary").click();
    assertThat(gao.locator("#case-head")).containsText("督办");
    gao.locator(".notice button").click();
    assertThat(gao.locator("#case-head")).not().containsText("督办");
    gao.locator("[data-opens=supervise-dialog]").click();
    gao.fill("#supervise-reason", "今天要围起来");
    gao.locator("#supervise-dialog .btn-primary").click();
    assertThat(gao.locator("#case-head")).containsText("督办");

    assertThat(li.locator("#case-head")).containsText("督办");
    assertThat(li.locator("#conversation .note, .talk .note").last()).containsText("今天要围起来");
    li.navigate(TOWN.url("/console/cases?view=all_open&supervised=yes"));
    assertThat(li.locator("[data-row]")).hasCount(1);
    assertThat(li.locator("#row-" + code)).containsText("督办");
    assertThat(li.locator(".narrowings")).containsText("督办的");
    gao.locator("form[action*=supervision] button:visible").click();
    assertThat(gao.locator("#case-head")).not().containsText("督办");
  }

  @Test
  void isRejectedFromAPhoneAndLookedAtAgainByTheStreetAsTheResidentAsksWithoutScripts() {
    Address resident = COUNTER.resident("钱阿姨");
    String code = COUNTER.told(resident, "想说说厂里从前的事").code();
    Page li = enter(phone(), TOWN.url("/console"), Counter.LI);
    li.navigate(url(code));
    li.locator("[data-opens=reject-dialog]").click();
    // What has a hole in it does not go, and what was written is not written over.
    li.locator("#reject-dialog label", containing("不在社区和街道的职责里")).click();
    assertThat(li.locator("#reject-text")).hasValue(Pattern.compile("请找\\{单位\\}"));
    li.locator("#reject-dialog .btn-primary").click();
    assertThat(li.locator("#reject-dialog")).isVisible();
    assertThat(li.locator("#reject-dialog .tells")).containsText("由望澜街道");
    li.fill("#reject-text", "请找厂里的留守处，电话 12000000555。");
    li.locator("#reject-dialog label", containing("已经答复过")).click();
    assertThat(li.locator("#reject-text")).hasValue("请找厂里的留守处，电话 12000000555。");
    li.locator("#reject-dialog label", containing("不在社区和街道的职责里")).click();
    assertThat(li.evaluate("document.documentElement.scrollWidth")).isEqualTo(390);
    li.locator("#reject-dialog .btn-primary").click();
    assertThat(li.locator("#case-head")).containsText("不予受理");
    li.locator(".notice button").click();
    assertThat(li.locator("#case-head")).containsText("已收到，正在看");
    li.locator("[data-opens=reject-dialog]").click();
    li.locator("#reject-dialog label", containing("不在社区和街道的职责里")).click();
    li.fill("#reject-text", "请找厂里的留守处。");
    li.locator("#reject-dialog .btn-primary").click();
    assertThat(li.locator("#case-head")).containsText("不予受理");
    assertThat(li.locator("[data-opens=reject-dialog]")).hasCount(0);

    Page page = phoneWithoutScripts();
    page.navigate(TOWN.url("/h5/cases/" + code));
    assertThat(page.locator(".h5-way")).containsText("不能受理：不在社区和街道的职责里");
    assertThat(page.locator(".h5-way blockquote")).containsText("留守处");
    assertThat(page.locator(".h5-why")).containsText("不能受理：不在社区和街道的职责里");
    assertThat(page.locator("#appeal")).containsText("由望澜街道");
    assertThat(page.locator("#appeal a")).hasAttribute("href", "tel:12000000800");
    assertThat(page.evaluate("document.documentElement.scrollWidth")).isEqualTo(390);
    assertThat(
            page.request()
                .post(
                    TOWN.url("/h5/cases/" + code + "/appeals"),
                    RequestOptions.create().setHeader("Origin", "https://example.org"))
                .status())
        .isEqualTo(403);
    page.fill("#appeal textarea", "留守处早撤了");
    page.locator("#appeal button").click();
    assertThat(page.locator("#appeal")).containsText("申请了复核，由望澜街道");
    assertThat(page.locator("#appeal button")).hasCount(0);
    assertThat(page.locator(".h5-way .next")).containsText("告诉您复核结果");

    Page wang = enter(desktop(), TOWN.url("/console"), Counter.WANG);
    wang.navigate(TOWN.url("/console/cases?view=unclaimed"));
    assertThat(wang.locator("#row-" + code)).containsText("申请复核");
    wang.navigate(url(code));
    assertThat(wang.locator(".review")).containsText("清月园社区");
    assertThat(wang.locator("#conversation")).containsText("留守处早撤了");
    wang.locator("[data-opens=reject-dialog]").click();
    assertThat(wang.locator("#reject-title")).hasText("复核：维持不予受理");
    wang.locator("#reject-dialog label", containing("不在社区和街道的职责里")).click();
    wang.fill("#reject-text", "留守处搬到了区里，地址另附。");
    wang.locator("#reject-dialog .btn-primary").click();
    assertThat(wang.locator("#case-facts")).containsText("王芳 复核后维持不予受理");
    page.navigate(TOWN.url("/h5/cases/" + code));
    assertThat(page.locator("#appeal")).containsText("只有一次");
    assertThat(page.locator(".h5-way")).containsText("复核过了，还是不能受理");
  }

  @Test
  void isGivenMoreTimeByAColleagueAndTheResidentHearsUntilWhenAndWhy() {
    Phone qian =
        TOWN.follower("qian").scan("bld:" + COUNTER.place("88001001B3").code()).says("三栋楼道灯座掉下来了");
    qian.says("对");
    String code = TOWN.sqlOne("SELECT code FROM \"case\" WHERE what LIKE '%灯座掉下来%'");
    Page zhang = zhang();
    zhang.navigate(url(code));
    zhang.locator("[data-key=e]").click();
    assertThat(fact(zhang, "经办人")).hasText("张伟");
    zhang.locator("[data-opens=extend-dialog]").click();
    assertThat(zhang.locator("#extend-amount option").first()).containsText("1 个工作日，到");
    String until =
        zhang
            .locator("#extend-amount option")
            .nth(1)
            .textContent()
            .replaceFirst(".*到 ", "")
            .strip();
    zhang.selectOption("#extend-amount", "2");
    zhang.fill("#extend-reason", "灯座要从厂家订，周四到货");
    zhang.locator("#extend-dialog .btn-primary").click();
    assertThat(zhang.locator("#case-head")).containsText("申请延期，等批");
    assertThat(zhang.locator("#row-" + code)).containsText("申请待批");
    assertThat(zhang.locator("[data-opens=extension-dialog]")).hasCount(0);
    zhang.locator(".notice", containing("申请提了")).locator("button").click();
    assertThat(zhang.locator("#case-head")).not().containsText("等批");
    zhang.locator("[data-opens=extend-dialog]").click();
    zhang.selectOption("#extend-amount", "2");
    zhang.fill("#extend-reason", "灯座要从厂家订，周四到货");
    zhang.locator("#extend-dialog .btn-primary").click();
    assertThat(zhang.locator("#case-head")).containsText("申请延期，等批");

    Page li = enter(phone(), TOWN.url("/console"), Counter.LI);
    li.navigate(TOWN.url("/console/cases?view=all_open&asking=yes"));
    assertThat(li.locator("#row-" + code)).containsText("申请待批");
    assertThat(li.locator(".narrowings")).containsText("有申请待批");
    li.navigate(url(code));
    li.locator(".deeds .btn-primary[data-opens=extension-dialog]").click();
    assertThat(li.locator("#extension-dialog")).containsText("灯座要从厂家订");
    assertThat(li.locator("#extension-dialog")).containsText(until);
    assertThat(li.evaluate("document.documentElement.scrollWidth")).isEqualTo(390);
    li.locator("#extension-dialog .btn-primary").click();
    assertThat(li.locator("#case-head")).not().containsText("等批");

    qian.awaitHeard("灯座要从厂家订，周四到货。现在说好");
    assertThat(zhang.locator("#case-facts")).containsText("李敏 同意 张伟 延期");
    zhang.fill("#answer-text", "订好了。");
    zhang.locator("#answer-form button.btn-primary").click();
    qian.awaitHeard("订好了。");
    Page page = phoneWithoutScripts();
    page.navigate(TOWN.url("/h5/cases/" + code));
    assertThat(page.locator(".h5-way")).containsText("要多些时间：办完的时间从");
    assertThat(page.locator(".h5-way blockquote").last()).containsText("灯座要从厂家订");
    assertThat(page.locator(".h5-way")).not().containsText("申请");
    assertThat(page.evaluate("document.documentElement.scrollWidth")).isEqualTo(390);
  }

  @Test
  void waitsUntilADayThatALeaderGrantsAndGoesOnWithTheTimeThatWasLeft() {
    COUNTER.hireSecretary("U11");
    TOWN.until(
        "the server knows them", () -> TOWN.rooms().community().staff().byCode("U11").isPresent());
    Phone sun =
        TOWN.follower("sun").scan("bld:" + COUNTER.place("88001001B3").code()).says("三栋楼道灯杆锈断了");
    sun.says("对");
    String code = TOWN.sqlOne("SELECT code FROM \"case\" WHERE what LIKE '%灯杆锈断%'");
    Page zhang = zhang();
    zhang.navigate(url(code));
    zhang.locator("[data-key=e]").click();
    assertThat(fact(zhang, "经办人")).hasText("张伟");
    zhang.locator("[data-opens=suspend-dialog]").click();
    zhang.selectOption("#suspend-kind", "works_plan");
    String last = zhang.locator("#suspend-review").getAttribute("max");
    zhang.fill("#suspend-review", last);
    zhang.fill("#suspend-words", "整条路的灯杆下个月统一换");
    zhang.locator("#suspend-dialog .btn-primary").click();
    assertThat(zhang.locator("#case-head")).containsText("申请挂账，等批");
    Page li = enter(desktop(), TOWN.url("/console"), Counter.LI);
    li.navigate(url(code));
    assertThat(li.locator("[data-opens=suspension-dialog]")).hasCount(0);

    Page gao = enter(phone(), TOWN.url("/console"), "U11");
    gao.navigate(url(code));
    gao.locator(".deeds .btn-primary[data-opens=suspension-dialog]").click();
    assertThat(gao.locator("#suspension-dialog")).containsText("申请放到 " + last + " 再看：等工程计划");
    assertThat(gao.locator("#suspension-dialog")).containsText("整条路的灯杆下个月统一换");
    assertThat(gao.evaluate("document.documentElement.scrollWidth")).isEqualTo(390);
    gao.locator("#suspension-dialog .btn-primary").click();
    assertThat(gao.locator("#case-head")).containsText("暂时办不了，到期再看");

    sun.awaitHeard("先放一放，没有忘。整条路的灯杆下个月统一换。");
    assertThat(zhang.locator("#case-head")).containsText("暂停，剩");
    assertThat(zhang.locator("#row-" + code)).containsText("挂账");
    assertThat(zhang.locator("#case-head")).containsText("再看");
    assertThat(zhang.locator("[data-opens=report-dialog]")).hasCount(0);
    Page page = phoneWithoutScripts();
    page.navigate(TOWN.url("/h5/cases/" + code));
    assertThat(page.locator(".h5-state")).hasText("暂时办不了，到期再看");
    assertThat(page.locator(".h5-way")).containsText("现在办不了，先放一放");
    assertThat(page.locator(".h5-way blockquote")).containsText("整条路的灯杆下个月统一换");
    assertThat(page.evaluate("document.documentElement.scrollWidth")).isEqualTo(390);

    zhang.reload();
    zhang.fill("#answer-text", "下个月一号换。");
    zhang.locator("#answer-form button.btn-primary").click();
    sun.awaitHeard("下个月一号换。");
    page.navigate(TOWN.url("/h5/cases/" + code));
    assertThat(page.locator(".h5-way .next")).containsText("再看一次能不能办");
    zhang.locator(".deeds .btn-primary:visible", containing("接着办")).click();
    assertThat(zhang.locator("#case-head")).containsText("正在处理");
    assertThat(zhang.locator("#case-head")).not().containsText("暂停");
    sun.awaitHeard("现在接着办了，说好");
    page.navigate(TOWN.url("/h5/cases/" + code));
    assertThat(page.locator(".h5-way")).containsText("接着办了，办完的时间是");
  }

  @Test
  void whatCannotBeDoneEndsWithAReasonAndIsNotCalledDone() {
    COUNTER.hireSecretary("U12");
    COUNTER.hireSupervisor("U10");
    TOWN.until(
        "the server knows them", () -> TOWN.rooms().community().staff().byCode("U10").isPresent());
    Phone lin =
        TOWN.follower("lin").scan("bld:" + COUNTER.place("88001001B3").code()).says("三栋楼道灯牌歪了");
    lin.says("对");
    String code = TOWN.sqlOne("SELECT code FROM \"case\" WHERE what LIKE '%灯牌歪了%'");
    Staff zhang = COUNTER.staff(Counter.ZHANG);
    Case matter = COUNTER.cases.visibleTo(zhang, code);
    matter = COUNTER.handling.claim(zhang, matter.id(), matter.version());
    Suspending suspending = TOWN.rooms().casework().suspending();
    LocalDate day = LocalDate.ofInstant(TOWN.clock.instant(), TestClock.ZONE).plusDays(9);
    matter = suspending.ask(zhang, matter.id(), TimeRequest.Reason.LAW_PROCEDURE, day, "法院在查封");
    TimeRequest asked = Objects.requireNonNull(matter.asked());
    var _ = suspending.grant(COUNTER.staff("U12"), matter.id(), matter.version(), asked.noteId());
    lin.awaitHeard("法院在查封");

    Page du = enter(phone(), TOWN.url("/console"), "U10");
    du.navigate(url(code));
    du.locator("[data-opens=unsolved-dialog]").click();
    du.fill("#unsolved-reason", "灯牌判给了别人，我们动不了");
    assertThat(du.evaluate("document.documentElement.scrollWidth")).isEqualTo(390);
    du.locator("#unsolved-dialog .btn-primary").click();
    assertThat(du.locator("#case-facts")).containsText("记作没有解决");

    Line.Heard heard = lin.awaitHeard("没有办成，只能到这里。灯牌判给了别人");
    assertThat(heard.text()).doesNotContain("办好了");
    Page page = phoneWithoutScripts();
    page.navigate(TOWN.url("/h5/cases/" + code));
    assertThat(page.locator(".h5-state")).hasText("没有办成，已结束");
    assertThat(page.locator(".h5-way blockquote").first()).containsText("灯牌判给了别人");
  }

  private Page phoneWithoutScripts() {
    return page(new NewContextOptions().setViewportSize(390, 844).setJavaScriptEnabled(false));
  }

  /// The tab, the next step and the keys lead to the same place to write.
  @Test
  void theAnswerIsWrittenInTheSamePlaceWhicheverWayOneComes() {
    Page page = zhang();
    page.navigate(url(told("窨井盖响")));
    page.locator("[data-key=e]").click();
    assertThat(page.locator(".deeds [data-mode=answer]")).isVisible();
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
  void aLongAnswerGoesInAsManyMessagesAsWereAnnounced() {
    Phone chen =
        TOWN.follower("chen").scan("bld:" + COUNTER.place("88001001B3").code()).says("三栋楼道灯一闪一闪");
    chen.says("对");
    String code = TOWN.sqlOne("SELECT code FROM \"case\" WHERE what LIKE '%一闪一闪%'");
    Page page = zhang();
    page.navigate(url(code));
    page.locator("[data-key=e]").click();
    assertThat(fact(page, "经办人")).hasText("张伟");

    page.fill("#answer-text", "明天来修。");
    assertThat(page.locator("#parts")).isEmpty();
    page.fill("#answer-text", "灯座松了要换一个新的。".repeat(181) + "就这样。");
    assertThat(page.locator("#parts")).containsText("分 3 条发。");
    assertThat(page.locator("#parts")).containsText("还能写 5 字。");
    page.locator("#answer-form button").click();
    chen.awaitHeard("就这样。");
    assertThat(TOWN.sqlOne("SELECT count(*) FROM message WHERE content ->> 'text' LIKE '%要换一个新的%'"))
        .isEqualTo("3");
  }

  @Test
  void aClaimThatIsUndoneIsNeverTold() {
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
    li.fill("#answer-text", "明早来装。");
    li.locator("#answer-form button").click();
    liu.awaitHeard("明早来装。");
    assertThat(liu.heard())
        .extracting(Line.Heard::text)
        .noneMatch(each -> each.contains("张伟"))
        .anyMatch(each -> each.contains("李敏接手了"));
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

  @Test
  void isHandedOnToAnotherDeskAndTakenBack() {
    String code = told("下水道堵了");
    Page page = zhang();
    page.navigate(url(code));
    String before = fact(page, "承办").textContent();

    page.keyboard().press("a");
    Locator centre = page.locator("#hand-on-desk option", containing("街道分中心"));
    page.selectOption("#hand-on-desk", centre.getAttribute("value"));
    page.fill("#hand-on-reason", "要市政来疏通。");
    page.locator("#hand-on-dialog .btn-primary").click();
    assertThat(page.locator("#hand-on-dialog")).isHidden();
    assertThat(fact(page, "承办")).containsText("街道分中心");
    assertThat(page.locator(".notice")).containsText("转过去了");

    page.locator(".notice button").click();
    assertThat(fact(page, "承办")).hasText(before);
    assertThat(page.locator("#case-facts .line-of").first()).containsText("张伟 收回刚才的转派");
  }

  @Test
  void whoeverActsOnWhatHasMovedOnIsToldAndLosesNoWord() {
    String code = told("门口的路灯不亮");
    Page zhang = zhang();
    zhang.navigate(url(code));
    zhang.waitForSelector("#conversation");
    Page li = enter(desktop(), TOWN.url("/console"), Counter.LI);
    li.navigate(url(code));
    assertThat(li.locator(".present")).hasText("张伟 正在看");

    li.locator("[data-mode=note]").click();
    li.fill("#note-text", "我们明天来看。");
    li.locator("[data-opens=hand-on-dialog]").click();
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
    assertThat(fact(li, "承办")).containsText("街道分中心");
  }

  @Test
  void aPostWithoutTheSecretOfThePageChangesNothing() {
    String code = told("楼顶漏水");
    Page page = zhang();
    for (String secret : List.of("", "guessed")) {
      List<?> answer = post(page, code, secret);
      assertThat(answer.getFirst()).isEqualTo(403);
      assertThat((String) answer.getLast()).contains("页面放得太久了，请刷新后再做一次");
    }
    forgive("403");
    page.navigate(url(code));
    assertThat(fact(page, "经办人")).hasText("没人接");

    String secret = page.locator("#note-form [name=X-Linyu-Form]").inputValue();
    assertThat(post(page, code, secret).getFirst()).isEqualTo(200);
    assertThat(fact(page, "经办人")).hasText("张伟");
  }

  /// What a page elsewhere could send with the cookies of whoever is signed in.
  private static List<?> post(Page page, String code, String secret) {
    return (List<?>)
        page.evaluate(
            """
            async ({ to, secret }) => {
              const headers = secret === '' ? {} : { 'X-Linyu-Form': secret };
              const body = new URLSearchParams({ holder: 'me', version: '1' });
              const answer = await fetch(to, { method: 'POST', headers, body });
              return [answer.status, await answer.text()];
            }
            """,
            Map.of("to", "/console/cases/" + code + "/holder", "secret", secret));
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
  void plainFormsDoWithoutScripts() {
    Page page =
        enter(
            page(new NewContextOptions().setJavaScriptEnabled(false)),
            TOWN.url("/console"),
            Counter.LI);
    page.navigate(url(told("栏杆松了")));
    assertThat(page.locator(".told")).containsText("栏杆松了");
    page.locator("[data-key=e]").click();
    assertThat(page.locator(".notice")).hasText("您接手了，居民会看到。");
    assertThat(fact(page, "经办人")).hasText("李敏");

    Locator where = fact(page, "哪里");
    where.locator("summary").click();
    where.locator("[name=place]").fill("清月园1栋");
    where.locator("[name=place]").press("Enter");
    assertThat(page.locator(".notice")).hasText("地点改好了。");
    assertThat(where).containsText("1栋");
  }

  @Test
  void aPhoneShowsWhatWasSaidLast() {
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
    page.locator("[data-key=e]").click();
    assertThat(fact(page, "经办人")).hasText("张伟");
    assertThat(last).isInViewport();
  }

  @Test
  void aLowWindowShowsWhatWasSaidLastAndWhereOneScanned() {
    Address resident = COUNTER.resident("何叔");
    for (int i = 1; i <= 30; i++) {
      COUNTER.said(resident, "resident", "第 " + i + " 句", TOWN.clock.instant());
    }
    String code = COUNTER.told(resident, "车棚灯坏了", "0102", TOWN.clock.instant()).code();
    Page page =
        enter(
            page(new NewContextOptions().setViewportSize(1440, 430)),
            TOWN.url("/console"),
            Counter.ZHANG);
    page.navigate(url(code));
    assertThat(page.locator(".bubble", containing("第 30 句"))).isInViewport();

    Phone lin = TOWN.follower("lin").scan("bld:" + COUNTER.place("88001001B3").code());
    lin.says("三栋楼道灯晚上自己亮").says("对");
    page.navigate(url(TOWN.sqlOne("SELECT code FROM \"case\" WHERE what LIKE '%自己亮%'")));
    assertThat(page.locator("#conversation")).containsText("扫了码：清月园社区3栋");
  }

  @Test
  void aRefusalIsInTheLanguageOfWhoeverIsSignedIn() {
    Page page = enter(desktop(), TOWN.url("/console"), Counter.SUN);
    page.locator("[name=language]").click();
    assertThat(page.locator("html")).hasAttribute("lang", "en");
    page.context().clearCookies(new BrowserContext.ClearCookiesOptions().setName("linyu_language"));
    page.navigate(url("nosuchcode"));
    assertThat(page.locator("h1")).containsText("This matter is not yours to see");
    forgive("404");
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
