package io.linyu.casework;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator.FilterOptions;
import com.microsoft.playwright.Page;
import io.linyu.Counter;
import io.linyu.Neighbourhood;
import io.linyu.PageTest;
import io.linyu.community.Address;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// What a community says from a telephone, and what its street sees: of what is not on the list,
/// and of what comes back.
class AdmissionPageTest extends PageTest {
  @AutoClose private static final Neighbourhood TOWN = Neighbourhood.open();
  @AutoClose private static final Counter COUNTER = TOWN.counter();

  @Test
  void whatIsNotOnTheListIsSaidAndDecided() {
    Page wang = enter(desktop(), TOWN.url("/console"), Counter.WANG);
    Page zhang = enter(phone(), TOWN.url("/console"), Counter.ZHANG);

    // The street keeps its list; the community reads it.
    wang.navigate(TOWN.url("/console/admissions"));
    wang.locator("details summary").filter(new FilterOptions().setHasText("写一条")).click();
    wang.fill("#admission-name", "占道经营巡查");
    wang.locator("[name=admitted][value=no]").check();
    wang.fill("#admission-by", "街道党工委");
    wang.locator("#admission-form .btn-primary").click();
    assertThat(wang.locator("#admissions")).containsText("占道经营巡查");
    assertThat(wang.locator("#admissions")).containsText("街道党工委 定");
    zhang.navigate(TOWN.url("/console/admissions"));
    assertThat(zhang.locator("#admissions")).containsText("不得要求社区做");
    assertThat(zhang.locator("#admission-form, #admissions button")).hasCount(0);
    assertThat(zhang.evaluate("document.documentElement.scrollWidth")).isEqualTo(390);

    String code = told("何阿姨", "楼道堆了旧门板");
    zhang.navigate(url(code));
    assertThat(zhang.locator("#case-head")).containsText("等接手");
    assertThat(zhang.locator("[data-opens=unlisted-dialog]")).hasCount(0);
    sendRound(wang, code);
    zhang.navigate(url(code));
    zhang.locator(".deeds [data-opens=unlisted-dialog]").click();
    assertThat(zhang.locator("#unlisted-dialog")).containsText("4 个工作时内定");
    zhang.locator("#unlisted-dialog .btn-primary").click();
    assertThat(zhang.locator("#toasts")).containsText("或者写理由");
    zhang.selectOption(
        "#unlisted-entry",
        zhang
            .locator("#unlisted-entry option", new Page.LocatorOptions().setHasText("占道经营巡查"))
            .getAttribute("value"));
    zhang.fill("#unlisted-words", "门板在人行道上");
    assertThat(zhang.evaluate("document.documentElement.scrollWidth")).isEqualTo(390);
    zhang.locator("#unlisted-dialog .btn-primary").click();
    assertThat(zhang.locator("#case-head")).containsText("准入待定");
    assertThat(zhang.locator(".deeds .btn-primary")).hasCount(0);

    wang.navigate(url(code));
    wang.locator("[data-key=e]").click();
    assertThat(wang.locator("#returned-dialog")).containsText("引的是：占道经营巡查");
    assertThat(wang.locator("#returned-dialog")).containsText("门板在人行道上");
    wang.fill("#returned-refusal", "派两名协管员一起清");
    wang.locator("#returned-dialog .refuse").click();
    assertThat(wang.locator("#case-facts")).containsText("准入，由");
    assertThat(wang.locator("#case-facts")).containsText("王芳");
    zhang.navigate(url(code));
    assertThat(zhang.locator("#case-notes")).containsText("派两名协管员一起清");
    forgive("422");
  }

  @Test
  void whatComesBackIsFoundAndReadFromBothSides() {
    var _ =
        TOWN.sql(
            "INSERT INTO rule_switch (rule, version, mode) SELECT 'E4', max(version) + 1, 'live' FROM rule_switch WHERE rule = 'E4'");
    List<String> codes =
        Stream.of("钱阿姨", "孙大爷", "李姐", "周叔", "吴婆婆")
            .map(each -> told(each, each + "说楼道又堆了纸箱"))
            .toList();
    TOWN.until(
        "it is opened",
        () -> TOWN.sqlOne("SELECT count(*) FROM \"case\" WHERE channel = 'proactive'").equals("1"));
    String root = TOWN.sqlOne("SELECT code FROM \"case\" WHERE channel = 'proactive'");
    Page wang = enter(desktop(), TOWN.url("/console"), Counter.WANG);
    wang.navigate(url(root));
    assertThat(wang.locator("#case-facts .root-cause")).containsText("5 人反映");
    assertThat(wang.locator("#case-facts .root-cause li")).hasCount(5);
    assertThat(wang.locator("#case-facts")).containsText("没有反映人");
    assertThat(wang.locator("#case-facts")).containsText("按规则 E4（第 2 版）立案");
    wang.navigate(TOWN.url("/console/rules/E4"));
    assertThat(wang.locator("#rule-found")).containsText("5 人反映");
    assertThat(wang.locator("#rule-cases li")).hasCount(1);

    Page zhang = enter(phone(), TOWN.url("/console"), Counter.ZHANG);
    zhang.navigate(url(codes.getFirst()));
    assertThat(zhang.locator("#case-facts .root-cause")).containsText("另立了主动治理件");
    assertThat(zhang.evaluate("document.documentElement.scrollWidth")).isEqualTo(390);
    zhang.locator("#case-facts .root-cause a").click();
    assertThat(zhang.locator("#case-title")).containsText("反复出现");

    // Who leads the desk says that a colleague is away, and who stands in.
    zhang.navigate(TOWN.url("/console/desks"));
    zhang.locator("#desk details summary").click();
    choose(zhang, "#absence-who", "李敏");
    choose(zhang, "#absence-deputy", "李敏");
    zhang.locator("#absence-form .btn-primary").click();
    assertThat(zhang.locator("#toasts")).containsText("自己不能代自己");
    choose(zhang, "#absence-deputy", "张伟");
    zhang.locator("#absence-form .btn-primary").click();
    assertThat(zhang.locator("#absences")).containsText("张伟 代");
    assertThat(zhang.locator("#desk .desk-order").first()).containsText("代李敏");
    assertThat(zhang.evaluate("document.documentElement.scrollWidth")).isEqualTo(390);
    zhang.locator("#absences button").click();
    assertThat(zhang.locator("#absences li")).hasCount(0);
    forgive("422");
    // Next door nobody sees any of it.
    assertThat(COUNTER.casework.rootCauses().latest(COUNTER.staff(Counter.SUN), 9, 9)).isEmpty();
  }

  private static void choose(Page page, String select, String who) {
    page.selectOption(
        select,
        page.locator(select + " option", new Page.LocatorOptions().setHasText(who))
            .first()
            .getAttribute("value"));
  }

  /// To the street, and down again.
  private static void sendRound(Page wang, String code) {
    wang.navigate(url(code));
    wang.locator(".deeds [data-opens=raise-dialog]").click();
    wang.fill("#raise-reason", "两个社区交界");
    wang.locator("#raise-dialog .btn-primary").click();
    wang.locator(".deeds [data-opens=send-down-dialog]").click();
    wang.fill("#send-down-reason", "在清月园这边");
    wang.locator("#send-down-dialog .btn-primary").click();
    assertThat(wang.locator("#case-facts")).containsText("交回社区");
  }

  private static String told(String who, String what) {
    Address by = COUNTER.resident(who);
    Instant said = TOWN.clock.instant();
    return COUNTER.told(by, what, "0102", said).code();
  }

  private static String url(String code) {
    return TOWN.url("/console/cases/" + code);
  }
}
