package io.linyu.casework;

import static org.assertj.core.api.Assertions.assertThat;

import io.linyu.Counter;
import io.linyu.Neighbourhood;
import io.linyu.Reader;
import io.linyu.community.Address;
import io.linyu.simulator.wechat.Line;
import io.linyu.simulator.wechat.Phone;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The page of one case, as its forms do without scripts: what staff do there, and what the
/// resident does on theirs.
class CaseFormsTest {
  @AutoClose private static final Neighbourhood TOWN = Neighbourhood.open();
  @AutoClose private static final Counter COUNTER = TOWN.counter();
  private static final String CLAIM = ".deeds form:has([name=holder][value=me])";

  @AutoClose private static final Reader ZHANG = Reader.of(TOWN, Counter.ZHANG);
  @AutoClose private static final Reader LI = Reader.of(TOWN, Counter.LI);

  @BeforeAll
  static void rulesRest() {
    TOWN.withoutRules();
  }

  @Test
  void isTakenAnsweredReportedCheckedAndDoneAgainWhenTheResidentSaysSo() {
    Phone wang =
        TOWN.follower("wang").scan("bld:" + COUNTER.place("88001001B3").code()).says("三栋楼道灯又不亮了");
    wang.says("对");
    String code = code("楼道灯又不亮");
    Document page = claim(ZHANG, code);
    assertThat(text(page, ".notice")).isNotEmpty();
    assertThat(fact(page, "经办人")).isEqualTo("张伟");
    TOWN.clock.pass(Duration.ofSeconds(11));
    wang.awaitHeard("张伟");

    page.expectFirst("#answer-text").val("电工下午三点到。");
    page = ZHANG.sends(page, "#answer-form");
    wang.awaitHeard("电工下午三点到。");
    assertThat(page.expectFirst("#answer-text").val()).isEmpty();
    page.expectFirst("#note-text").val("这户去年也报过，查一下线路。");
    page = ZHANG.sends(page, "#note-form");
    assertThat(text(page, ".talk .note")).contains("查一下线路");

    page.expectFirst("#report-text").val("换了声控开关，亮了");
    page = ZHANG.sends(page, "#report-dialog form[method=post]");
    assertThat(text(page, "#case-head")).contains("有人在核查");
    assertThat(text(page, ".notice")).isNotEmpty();
    assertThat(page.select("[data-opens=report-dialog]")).isEmpty();
    assertThat(text(page, ".visit")).contains("等没有经手的人核查");

    // Somebody else looks, and says why there is no picture.
    Document check = claim(LI, code);
    assertThat(text(check, ".visit")).contains("等您核查");
    assertThat(text(LI.sends(check, "#pass-dialog form[method=post]"), "body"))
        .contains("请拍一张现场照片");
    assertThat(LI.status()).isEqualTo(422);
    check = LI.opens(url(code));
    check.expectFirst("#pass-excuse").val("晚上太暗，拍不清");
    check = LI.sends(check, "#pass-dialog form[method=post]");
    assertThat(wang.awaitHeard("换了声控开关，亮了。").text())
        .startsWith("清月园社区居委会张伟说，您反映的“楼道灯又不亮了”")
        .endsWith("真好了吗？好了回1，没好回2，说不准回3。");
    assertThat(text(check, "#case-head")).contains("请您说说办好没有");
    assertThat(text(ZHANG.opens(url(code)), ".visit")).contains("正在问居民好没好");

    // The resident says how it is.
    try (var resident = Reader.of(TOWN)) {
      Document theirs = resident.opens("/h5/cases/" + code);
      assertThat(text(theirs, ".h5-way")).contains("李敏核查过，办好了").doesNotContain("李敏 已接手");
      Element rate = theirs.expectFirst("#rate form");
      Reader.choose(rate, "solved", "no");
      Reader.choose(rate, "satisfied", "dissatisfied");
      Reader.choose(rate, "contacted", "yes");
      theirs.expectFirst("#rate-words").val("到了半夜还是不亮");
      assertThat(text(resident.sends(theirs, "#rate form"), "#rate")).contains("没好就不算完");
    }

    // Whoever did it does not read it; whoever checked it has it done again.
    page = ZHANG.opens(url(code));
    assertThat(text(page, ".visit")).contains("经手的人看不到");
    assertThat(page.text()).doesNotContain("到了半夜");
    check = claim(LI, code);
    assertThat(text(check, ".visit")).contains("没好 · 不满意 · 有人联系过", "到了半夜还是不亮");
    check.expectFirst("#reopen-text").val("半夜去看，确实不亮");
    var _ = LI.sends(check, "#reopen-dialog form[method=post]");
    wang.awaitHeard("确实没办好，对不起");
    page = ZHANG.opens(url(code));
    assertThat(text(page, "#case-head")).contains("正在处理", "返工");
    assertThat(fact(page, "经办人")).isEqualTo("张伟");
    assertThat(wang.heard()).extracting(Line.Heard::text).noneMatch(each -> each.contains("线路"));
  }

  @Test
  void isWithdrawnByTheResidentAndSeenToWhereOthersMayComeToHarm() {
    Address resident = COUNTER.resident("孙阿姨");
    String boxes = COUNTER.told(resident, "楼道堆了纸箱", "0102", TOWN.clock.instant()).code();
    String cover = COUNTER.told(resident, "门口的井盖不见了", "0202", TOWN.clock.instant()).code();
    var _ = claim(ZHANG, boxes);
    try (var theirs = Reader.of(TOWN);
        var wang = Reader.of(TOWN, Counter.WANG)) {
      Document page = theirs.opens("/h5/cases/" + boxes);
      assertThat(text(page, ".withdraw")).contains("撤回以后就不再办");
      var _ = theirs.postsFrom("https://example.org", "/h5/cases/" + boxes + "/withdrawal", "");
      assertThat(theirs.status()).isEqualTo(403);
      page = theirs.sends(page, ".withdraw form");
      assertThat(text(page, ".h5-state")).isEqualTo("已撤回");
      assertThat(text(page, ".h5-way")).contains("撤回了，不再办");
      assertThat(page.select(".withdraw, #urge")).isEmpty();
      page = theirs.posts("/h5/cases/" + boxes + "/withdrawal", "");
      assertThat(text(page, ".h5-state")).as("sent twice").isEqualTo("已撤回");
      assertThat(page.select("#withdraw")).isEmpty();
      assertThat(text(ZHANG.opens(url(boxes)), "#case-head")).contains("已撤回");

      page = theirs.opens("/h5/cases/" + cover);
      assertThat(text(page, ".withdraw")).contains("关系到别人的安全", "接着看完");
      page = theirs.sends(page, ".withdraw form");
      assertThat(text(page, ".h5-state")).isEqualTo("已撤回");
      assertThat(text(page, ".h5-way")).contains("办的人会接着看完");
      assertThat(page.select(".withdraw, #urge")).isEmpty();
      Document desk = claim(wang, cover);
      assertThat(text(desk, "#case-facts")).contains("居民不要办了；关系到安全，接着办完");
      desk.expectFirst("#report-text").val("盖上了新井盖");
      desk = wang.sends(desk, "#report-dialog form[method=post]");
      assertThat(text(desk, "#case-head")).as("nobody is asked").contains("已办结");
      assertThat(text(theirs.opens("/h5/cases/" + cover), "main"))
          .as("it is not theirs any more")
          .contains("已撤回")
          .doesNotContain("新井盖", "已办结");

      // What is being checked is not withdrawn any more.
      String water = COUNTER.told(resident, "楼道又堆了木板", "0102", TOWN.clock.instant()).code();
      desk = claim(ZHANG, water);
      desk.expectFirst("#report-text").val("木板清走了");
      var _ = ZHANG.sends(desk, "#report-dialog form[method=post]");
      assertThat(theirs.opens("/h5/cases/" + water).select(".withdraw")).isEmpty();
      page = theirs.posts("/h5/cases/" + water + "/withdrawal", "");
      assertThat(text(page, "#withdraw")).contains("撤不回");
    }
  }

  @Test
  void isUrgedByTheResidentAndFromTheDesk() {
    Phone wu =
        TOWN.follower("wu").scan("bld:" + COUNTER.place("88001001B3").code()).says("三栋楼道灯罩裂了");
    wu.says("对");
    String code = code("灯罩裂了");
    String page = "/h5/cases/" + code;
    Document desk = claim(ZHANG, code);
    assertThat(fact(desk, "经办人")).isEqualTo("张伟");
    assertThat(desk.select(".deeds form[action*=urges]")).isEmpty();

    try (var resident = Reader.of(TOWN)) {
      Document urged = resident.sends(resident.opens(page), "#urge");
      assertThat(text(urged, "#urge")).contains("催过了。现在是清月园社区", "张伟在办", "可以再催");
      assertThat(urged.select("#urge button")).isEmpty();
      assertThat(text(urged, ".h5-way")).contains("您催了");
      // A page of others' that sends here is not heard; one that was left open does no more than
      // this.
      var _ = resident.postsFrom("https://example.org", page + "/urges", "");
      assertThat(resident.status()).isEqualTo(403);
      var _ = resident.posts(page + "/urges", "");
      assertThat(resident.status()).isEqualTo(200);
      assertThat(TOWN.sqlOne("SELECT urges FROM \"case\" WHERE code = '" + code + "'"))
          .isEqualTo("1");

      desk = ZHANG.opens(url(code));
      assertThat(text(desk, "#case-head")).contains("居民催过 1 次");
      assertThat(text(desk, "#row-" + code)).contains("居民催过 1 次");
      desk.expectFirst("#answer-text").val("下午来换。");
      desk = ZHANG.sends(desk, "#answer-form");
      wu.awaitHeard("下午来换。");
      assertThat(desk.select("#case-head .chip.reply")).isEmpty();

      TOWN.clock.pass(Duration.ofHours(2));
      try (var li = Reader.of(TOWN, Counter.LI)) {
        Document theirs = li.sends(li.opens(url(code)), ".deeds form[action*=urges]");
        assertThat(text(theirs, ".notice")).contains("催办记上了");
        assertThat(text(theirs, "#case-facts")).contains("李敏 催办");
      }
      assertThat(text(resident.opens(page), ".h5-way")).contains("您催了").doesNotContain("李敏");
    }
  }

  @Test
  void isSupervisedMarkedAndFound() {
    COUNTER.hireSecretary("U9");
    TOWN.until(
        "the server knows them", () -> TOWN.rooms().community().staff().byCode("U9").isPresent());
    String code = told("坡道的砖松了");
    assertThat(LI.opens(url(code)).select("[data-opens=supervise-dialog]")).isEmpty();
    assertThat(fact(claim(LI, code), "经办人")).isEqualTo("李敏");

    try (var gao = Reader.of(TOWN, "U9")) {
      Document page = supervise(gao, code, "有老人摔过，今天要围起来");
      assertThat(text(page, "#case-head")).contains("督办");
      page = gao.sends(page, ".deeds form[action*=supervision]");
      assertThat(text(page, "#case-head")).doesNotContain("督办");
      page = supervise(gao, code, "今天要围起来");
      assertThat(text(page, "#case-head")).contains("督办");

      Document theirs = LI.opens(url(code));
      assertThat(text(theirs, "#case-head")).contains("督办");
      assertThat(theirs.select(".talk .note").eachText().getLast()).contains("今天要围起来");
      Document list = LI.opens("/console/cases?view=all_open&supervised=yes");
      assertThat(list.select("[data-row]")).hasSize(1);
      assertThat(text(list, "#row-" + code)).contains("督办");
      assertThat(text(list, ".narrowings")).contains("督办的");
      page = gao.sends(page, ".deeds form[action*=supervision]");
      assertThat(text(page, "#case-head")).doesNotContain("督办");
    }
  }

  private static Document supervise(Reader who, String code, String why) {
    Document page = who.opens(url(code));
    page.expectFirst("#supervise-reason").val(why);
    return who.sends(page, "#supervise-dialog form[method=post]");
  }

  @Test
  void itsPlaceIsCorrected() {
    String code = told("栏杆松了");
    Document page = LI.opens(url(code));
    assertThat(text(page, ".told")).contains("栏杆松了");
    page = LI.sends(page, CLAIM);
    assertThat(text(page, ".notice")).isEqualTo("您接手了，居民会看到。");
    assertThat(fact(page, "经办人")).isEqualTo("李敏");

    page.expectFirst("#place-typed").val("清月园1栋");
    page = LI.sends(page, "form[action*=territory]");
    assertThat(text(page, ".notice")).isEqualTo("地点改好了。");
    assertThat(fact(page, "哪里")).contains("1栋");
  }

  @Test
  void aPostWithoutTheSecretOfThePageChangesNothing() {
    String code = told("楼顶漏水");
    for (String secret : List.of("", "X-Linyu-Form=guessed&")) {
      Document no = ZHANG.posts(url(code) + "/holder", secret + "holder=me&version=1");
      assertThat(ZHANG.status()).isEqualTo(403);
      assertThat(no.text()).contains("页面放得太久了，请刷新后再做一次");
    }
    Document page = ZHANG.opens(url(code));
    assertThat(fact(page, "经办人")).isEqualTo("没人接");

    String secret = page.expectFirst("#note-form [name=X-Linyu-Form]").val();
    var _ = ZHANG.posts(url(code) + "/holder", "X-Linyu-Form=" + secret + "&holder=me&version=1");
    assertThat(ZHANG.status()).isEqualTo(200);
    assertThat(fact(ZHANG.opens(url(code)), "经办人")).isEqualTo("张伟");
  }

  @Test
  void aRefusalIsInTheLanguageOfWhoeverIsSignedIn() {
    try (var sun = Reader.of(TOWN, Counter.SUN)) {
      Document page = sun.opens("/console/cases");
      Element other = page.expectFirst("form[action=/console/language]");
      page =
          sun.posts(
              "/console/language",
              "language=en&X-Linyu-Form=" + other.expectFirst("[name=X-Linyu-Form]").val());
      assertThat(page.expectFirst("html").attr("lang")).isEqualTo("en");
      sun.forgets("linyu_language");
      assertThat(text(sun.opens(url("nosuchcode")), "h1"))
          .contains("This matter is not yours to see");
      assertThat(sun.status()).isEqualTo(404);
    }
  }

  @Test
  void whoWouldLeaveADeskEmptyIsToldSoFirstAndTheStreetSeesIt() {
    try (var sun = Reader.of(TOWN, Counter.SUN);
        var wang = Reader.of(TOWN, Counter.WANG)) {
      Document desk = sun.opens("/console/desks");
      assertThat(desk.select("#absence-deputy optgroup").eachAttr("label"))
          .anyMatch(each -> each.contains("望澜街道"));
      Document told = sun.sends(desk, "#absence-form");
      assertThat(sun.status()).isEqualTo(409);
      assertThat(told.text()).contains("Not noted yet", "月塘社区");
      assertThat(wang.opens("/console/today").select(".day-left")).isEmpty();

      desk = sun.opens("/console/desks");
      desk.expectFirst("#absence-form [name=left]").attr("checked", "checked");
      forLong(desk);
      desk = sun.sends(desk, "#absence-form");
      assertThat(text(desk, "#absences")).contains("Nobody stands in");
      assertThat(text(wang.opens("/console/today"), ".day-left")).contains("月塘社区", "没有人在");
      Document above = wang.opens("/console/desks");
      assertThat(text(above, "[aria-labelledby=desk-left]")).contains("月塘社区", "没有人在");
      assertThat(ZHANG.opens("/console/today").select(".day-left")).isEmpty();
      desk = sun.sends(desk, "#absences form");

      Reader.pick(desk.expectFirst("#absence-deputy"), "王芳");
      forLong(desk);
      assertThat(text(sun.sends(desk, "#absence-form"), "body")).contains("the only one");
      COUNTER.hireSupervisor("U10");
      desk = sun.opens("/console/desks");
      Reader.pick(desk.expectFirst("#absence-deputy"), "王芳");
      forLong(desk);
      desk = sun.sends(desk, "#absence-form");
      assertThat(text(desk, "#absences")).contains("王芳, of another desk");
      assertThat(wang.opens("/console/today").select(".day-left")).isEmpty();
      assertThat(text(wang.opens("/console/desks"), "body")).contains("月塘社区");
      var _ = sun.sends(desk, "#absences form");
    }
  }

  /// Whatever day it is, there are working days among these.
  private static void forLong(Document desk) {
    Element last = desk.expectFirst("#absence-form [name=last]");
    last.val(LocalDate.parse(last.val()).plusDays(20).toString());
  }

  private static Document claim(Reader who, String code) {
    return who.sends(who.opens(url(code)), CLAIM);
  }

  private static String code(String what) {
    return TOWN.sqlOne("SELECT code FROM \"case\" WHERE what LIKE '%" + what + "%'");
  }

  private static String told(String what) {
    Address resident = COUNTER.resident("王阿姨");
    return COUNTER.told(resident, what, "0102", TOWN.clock.instant()).code();
  }

  private static String url(String code) {
    return "/console/cases/" + code;
  }

  private static String text(Document page, String css) {
    return page.select(css).text();
  }

  private static String fact(Document page, String name) {
    return page.select(".fact:has(dt:contains(" + name + ")) dd").text();
  }
}
