package io.linyu.casework;

import static org.assertj.core.api.Assertions.assertThat;

import io.linyu.Counter;
import io.linyu.Neighbourhood;
import io.linyu.Reader;
import io.linyu.TestClock;
import io.linyu.community.Address;
import io.linyu.community.Staff;
import io.linyu.community.audit.Who;
import io.linyu.simulator.wechat.Line;
import io.linyu.simulator.wechat.Phone;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// What cannot be done, or not yet, as the forms of its page do it without scripts, and as the
/// resident reads it: not accepted and looked at again, more time, put off, ended.
class CaseTimeFormsTest {
  @AutoClose private static final Neighbourhood TOWN = Neighbourhood.open();
  @AutoClose private static final Counter COUNTER = TOWN.counter();
  @AutoClose private static final Reader ZHANG = Reader.of(TOWN, Counter.ZHANG);
  @AutoClose private static final Reader LI = Reader.of(TOWN, Counter.LI);
  @AutoClose private static final Reader RESIDENT = Reader.of(TOWN);

  @Test
  void isRejectedAndLookedAtAgainByTheStreetAsTheResidentAsks() {
    Address resident = COUNTER.resident("钱阿姨");
    String code = COUNTER.told(resident, "想说说厂里从前的事").code();
    Document page = LI.opens(url(code));
    assertThat(text(page, "#reject-dialog .tells")).contains("由望澜街道");
    // What has a hole in it does not go.
    assertThat(page.expectFirst("#reject-dialog [value=outside]").attr("data-text"))
        .contains("请找{单位}");
    reject(LI, page, "请找{单位}。");
    assertThat(LI.status()).isEqualTo(422);
    assertThat(text(LI.opens(url(code)), "#case-head")).contains("已收到，正在看");
    page = reject(LI, LI.opens(url(code)), "请找厂里的留守处。");
    assertThat(text(page, "#case-head")).contains("不予受理");
    assertThat(page.select("[data-opens=reject-dialog]")).isEmpty();

    Document theirs = RESIDENT.opens("/h5/cases/" + code);
    assertThat(text(theirs, ".h5-way")).contains("不能受理：不在社区和街道的职责里");
    assertThat(text(theirs, ".h5-way blockquote")).contains("留守处");
    assertThat(text(theirs, ".h5-why")).contains("不能受理：不在社区和街道的职责里");
    assertThat(text(theirs, "#appeal")).contains("由望澜街道");
    assertThat(theirs.expectFirst("#appeal a").attr("href")).isEqualTo("tel:12000000800");
    var _ = RESIDENT.postsFrom("https://example.org", "/h5/cases/" + code + "/appeals", "");
    assertThat(RESIDENT.status()).isEqualTo(403);
    theirs.expectFirst("#appeal textarea").val("留守处早撤了");
    theirs = RESIDENT.sends(theirs, "#appeal form");
    assertThat(text(theirs, "#appeal")).contains("申请了复核，由望澜街道");
    assertThat(theirs.select("#appeal button")).isEmpty();
    assertThat(text(theirs, ".h5-way .next")).contains("告诉您复核结果");

    try (var wang = Reader.of(TOWN, Counter.WANG)) {
      assertThat(text(wang.opens("/console/cases?view=unclaimed"), "#row-" + code))
          .contains("申请复核");
      page = wang.opens(url(code));
      assertThat(text(page, ".review")).contains("清月园社区");
      assertThat(text(wang.part(page, ".talk .skeleton"), "#conversation")).contains("留守处早撤了");
      assertThat(text(page, "#reject-title")).isEqualTo("复核：维持不予受理");
      page = reject(wang, page, "留守处搬到了区里，地址另附。");
      assertThat(text(page, "#case-facts")).contains("王芳 复核后维持不予受理");
    }
    theirs = RESIDENT.opens("/h5/cases/" + code);
    assertThat(text(theirs, "#appeal")).contains("只有一次");
    assertThat(text(theirs, ".h5-way")).contains("复核过了，还是不能受理");
  }

  private static Document reject(Reader who, Document page, String text) {
    Reader.choose(page.expectFirst("#reject-dialog form[method=post]"), "reason", "outside");
    page.expectFirst("#reject-text").val(text);
    return who.sends(page, "#reject-dialog form[method=post]");
  }

  @Test
  void isGivenMoreTimeByAColleagueAndTheResidentHearsUntilWhenAndWhy() {
    Phone qian = told("qian", "灯座掉下来了");
    String code = code("灯座掉下来");
    Document page = claim(code);
    assertThat(text(page, "#extend-amount option")).startsWith("1 个工作日，到");
    String until =
        page.select("#extend-amount option").get(1).text().replaceFirst(".*到 ", "").strip();
    page = extend(page);
    assertThat(text(page, "#case-head")).contains("申请延期，等批");
    assertThat(text(page, "#row-" + code)).contains("申请待批");
    assertThat(page.select("[data-opens=extension-dialog]")).isEmpty();
    page = ZHANG.sends(page, ".deeds form:has([name=request])");
    assertThat(text(page, "#case-head")).doesNotContain("等批");
    page = extend(page);
    assertThat(text(page, "#case-head")).contains("申请延期，等批");

    Document list = LI.opens("/console/cases?view=all_open&asking=yes");
    assertThat(text(list, "#row-" + code)).contains("申请待批");
    assertThat(text(list, ".narrowings")).contains("有申请待批");
    Document asked = LI.opens(url(code));
    assertThat(asked.select(".deeds .btn-primary[data-opens=extension-dialog]")).hasSize(1);
    assertThat(text(asked, "#extension-dialog")).contains("灯座要从厂家订", until);
    asked = LI.sends(asked, "#extension-dialog form:has([value=grant])");
    assertThat(text(asked, "#case-head")).doesNotContain("等批");

    qian.awaitHeard("灯座要从厂家订，周四到货。现在说好");
    page = ZHANG.opens(url(code));
    assertThat(text(page, "#case-facts")).contains("李敏 同意 张伟 延期");
    page.expectFirst("#answer-text").val("订好了。");
    var _ = ZHANG.sends(page, "#answer-form");
    qian.awaitHeard("订好了。");
    Document theirs = RESIDENT.opens("/h5/cases/" + code);
    assertThat(text(theirs, ".h5-way")).contains("要多些时间：办完的时间从").doesNotContain("申请");
    assertThat(theirs.select(".h5-way blockquote").eachText().getLast()).contains("灯座要从厂家订");
  }

  private static Document extend(Document page) {
    Reader.pick(page.expectFirst("#extend-amount"), "2 个工作日");
    page.expectFirst("#extend-reason").val("灯座要从厂家订，周四到货");
    return ZHANG.sends(page, "#extend-dialog form[method=post]");
  }

  @Test
  void waitsUntilADayThatALeaderGrantsAndGoesOnWithTheTimeThatWasLeft() {
    COUNTER.hireSecretary("U11");
    know("U11");
    Phone sun = told("sun", "灯杆锈断了");
    String code = code("灯杆锈断");
    Document page = claim(code);
    Reader.pick(page.expectFirst("#suspend-kind"), "等工程计划");
    String last = page.expectFirst("#suspend-review").attr("max");
    page.expectFirst("#suspend-review").val(last);
    page.expectFirst("#suspend-words").val("整条路的灯杆下个月统一换");
    page = ZHANG.sends(page, "#suspend-dialog form[method=post]");
    assertThat(text(page, "#case-head")).contains("申请挂账，等批");
    assertThat(LI.opens(url(code)).select("[data-opens=suspension-dialog]")).isEmpty();

    try (var gao = Reader.of(TOWN, "U11")) {
      Document asked = gao.opens(url(code));
      assertThat(asked.select(".deeds .btn-primary[data-opens=suspension-dialog]")).hasSize(1);
      assertThat(text(asked, "#suspension-dialog"))
          .contains("申请放到 " + last + " 再看：等工程计划", "整条路的灯杆下个月统一换");
      asked = gao.sends(asked, "#suspension-dialog form:has([value=grant])");
      assertThat(text(asked, "#case-head")).contains("暂时办不了，到期再看");
    }

    sun.awaitHeard("先放一放，没有忘。整条路的灯杆下个月统一换。");
    page = ZHANG.opens(url(code));
    assertThat(text(page, "#case-head")).contains("暂停，剩", "再看");
    assertThat(text(page, "#row-" + code)).contains("挂账");
    assertThat(page.select("[data-opens=report-dialog]")).isEmpty();
    Document theirs = RESIDENT.opens("/h5/cases/" + code);
    assertThat(text(theirs, ".h5-state")).isEqualTo("暂时办不了，到期再看");
    assertThat(text(theirs, ".h5-way")).contains("现在办不了，先放一放");
    assertThat(text(theirs, ".h5-way blockquote")).contains("整条路的灯杆下个月统一换");

    page.expectFirst("#answer-text").val("下个月一号换。");
    page = ZHANG.sends(page, "#answer-form");
    sun.awaitHeard("下个月一号换。");
    assertThat(text(RESIDENT.opens("/h5/cases/" + code), ".h5-way .next")).contains("再看一次能不能办");
    assertThat(text(page, ".deeds .btn-primary")).contains("接着办");
    page = ZHANG.sends(page, ".deeds form:has([value=resume])");
    assertThat(text(page, "#case-head")).contains("正在处理").doesNotContain("暂停");
    sun.awaitHeard("现在接着办了，说好");
    assertThat(text(RESIDENT.opens("/h5/cases/" + code), ".h5-way")).contains("接着办了，办完的时间是");
  }

  /// It is not called done in any list either: of the desk, of the resident, and in what the bot
  /// says of it.
  @Test
  void whatCannotBeDoneEndsWithAReasonAndIsNowhereCalledDone() {
    COUNTER.hireSecretary("U12");
    COUNTER.hireSupervisor("U10");
    know("U10");
    Phone lin = told("lin", "灯牌歪了");
    String code = code("灯牌歪了");
    Staff zhang = COUNTER.staff(Counter.ZHANG);
    Case matter = COUNTER.cases.visibleTo(zhang, code);
    matter = COUNTER.handling.claim(zhang, matter.id(), matter.version());
    Suspending suspending = TOWN.rooms().casework().suspending();
    LocalDate day = LocalDate.ofInstant(TOWN.clock.instant(), TestClock.ZONE).plusDays(9);
    matter = suspending.ask(zhang, matter.id(), TimeRequest.Reason.LAW_PROCEDURE, day, "法院在查封");
    TimeRequest asked = Objects.requireNonNull(matter.asked());
    var _ = suspending.grant(COUNTER.staff("U12"), matter.id(), matter.version(), asked.noteId());
    lin.awaitHeard("法院在查封");
    Shift shift =
        COUNTER.shifts.handOver(
            zhang,
            Who.staff(zhang.id(), "127.0.0.1"),
            COUNTER.community.desks().byId(matter.deskId()),
            null,
            "",
            List.of());

    try (var du = Reader.of(TOWN, "U10")) {
      Document page = du.opens(url(code));
      page.expectFirst("#unsolved-reason").val("灯牌判给了别人，我们动不了");
      page = du.sends(page, "#unsolved-dialog form[method=post]");
      assertThat(text(page, "#case-facts")).contains("记作没有解决");
      assertThat(text(page, "#case-head")).contains("没有办成，已结束").doesNotContain("已办结");
    }
    Line.Heard heard = lin.awaitHeard("没有办成，只能到这里。灯牌判给了别人");
    assertThat(heard.text()).doesNotContain("办好了");
    Document theirs = RESIDENT.opens("/h5/cases/" + code);
    assertThat(text(theirs, ".h5-state")).isEqualTo("没有办成，已结束");
    assertThat(theirs.expectFirst(".h5-way blockquote").text()).contains("灯牌判给了别人");

    String row = text(ZHANG.opens("/console/cases?view=closed"), "#row-" + code);
    assertThat(row).contains("没有办成，已结束").doesNotContain("已办结");
    String handed =
        text(
            ZHANG.opens("/console/handover/shifts/" + shift.code()),
            "li:has([href*=" + code + "])");
    assertThat(handed).contains("没有办成，已结束").doesNotContain("已办结");
    assertThat(lin.says("查询").hears())
        .contains(matter.number().toString(), "没有办成，已结束")
        .doesNotContain("已办结");
    String letters =
        TOWN.sqlOne(
            "SELECT a.code FROM address a JOIN \"case\" c ON c.address_id = a.id WHERE c.code = '%s'"
                .formatted(code));
    assertThat(text(RESIDENT.opens("/h5/inbox/" + letters), "body"))
        .contains("没有办成，已结束")
        .doesNotContain("已办结");
    // What was done after all is called so.
    Phone done = told("done", "灯牌又亮了");
    Case other = COUNTER.cases.visibleTo(zhang, code("灯牌又亮了"));
    other = COUNTER.handling.claim(zhang, other.id(), other.version());
    var _ = COUNTER.finish(zhang, other.id(), other.version(), "修好了");
    assertThat(text(ZHANG.opens("/console/cases?view=closed"), "#row-" + other.code()))
        .contains("已办结");
    assertThat(done.says("查询").hears()).contains("已办结");
  }

  private static void know(String staff) {
    TOWN.until(
        "the server knows them", () -> TOWN.rooms().community().staff().byCode(staff).isPresent());
  }

  private static Phone told(String name, String what) {
    Phone phone =
        TOWN.follower(name).scan("bld:" + COUNTER.place("88001001B3").code()).says("三栋楼道" + what);
    return phone.says("对");
  }

  private static String code(String what) {
    return TOWN.sqlOne("SELECT code FROM \"case\" WHERE what LIKE '%" + what + "%'");
  }

  private static Document claim(String code) {
    Document page = ZHANG.sends(ZHANG.opens(url(code)), ".deeds form:has([name=holder][value=me])");
    assertThat(page.select(".fact:has(dt:contains(经办人)) dd").text()).isEqualTo("张伟");
    return page;
  }

  private static String url(String code) {
    return "/console/cases/" + code;
  }

  private static String text(Document page, String css) {
    return page.select(css).text();
  }
}
