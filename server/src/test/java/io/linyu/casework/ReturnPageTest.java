package io.linyu.casework;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import io.linyu.Counter;
import io.linyu.Neighbourhood;
import io.linyu.PageTest;
import io.linyu.simulator.wechat.Phone;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// A department returns from a telephone what is not for it.
class ReturnPageTest extends PageTest {
  @AutoClose private static final Neighbourhood TOWN = Neighbourhood.open();
  @AutoClose private static final Counter COUNTER = TOWN.counter();

  private static final Pattern LIST = Pattern.compile("/console/cases(\\?.*)?$");

  @Test
  void isReturnedOnceAndTheDeskOfTheLevelSaysWhereItGoes() {
    String department = COUNTER.hireAt("U21", "城市管理局");
    COUNTER.hireDispatcher("U22");
    TOWN.until(
        "the server knows them",
        () ->
            TOWN.rooms()
                .community()
                .staff()
                .byCode("U21")
                .filter(each -> !each.desks().isEmpty())
                .isPresent());
    Page wang = enter(desktop(), TOWN.url("/console"), Counter.WANG);
    Page shui = enter(phone(), TOWN.url("/console"), "U21");
    Page zhou = enter(phone(), TOWN.url("/console"), "U22");

    String code = sent(wang, "he", "楼道堆了旧床板", department);
    shui.navigate(url(code));
    assertThat(shui.locator("[data-opens=hand-on-dialog]")).hasCount(0);
    shui.locator(".deeds [data-opens=return-dialog]").click();
    assertThat(shui.locator("#return-dialog")).containsText("只能退一次");
    assertThat(shui.evaluate("document.documentElement.scrollWidth")).isEqualTo(390);
    shui.locator("#return-dialog [name=ground][value=not_ours]").check();
    shui.fill("#return-words", "楼道里的归物业和社区");
    shui.locator("#return-dialog .btn-primary").click();
    assertThat(shui.locator("#toasts")).containsText("请选应当由谁办");
    choose(shui, "#return-desk", "清月园社区");
    shui.locator("#return-dialog .btn-primary").click();
    shui.waitForURL(LIST);

    // The desk of the level finds whom they name chosen already.
    zhou.navigate(TOWN.url("/console/cases?view=unclaimed"));
    assertThat(zhou.locator("#row-" + code)).containsText("退单待定");
    zhou.navigate(url(code));
    assertThat(zhou.locator("#case-head")).containsText("退单待定");
    assertThat(zhou.locator("[data-opens=hand-on-dialog]")).hasCount(0);
    zhou.locator("[data-key=e]").click();
    assertThat(zhou.locator("#returned-dialog")).containsText("楼道里的归物业和社区");
    assertThat(zhou.locator("#returned-desk option:checked")).containsText("清月园社区");
    assertThat(zhou.evaluate("document.documentElement.scrollWidth")).isEqualTo(390);
    zhou.locator("#returned-dialog .btn-primary").click();
    assertThat(zhou.locator("#case-head")).containsText("等接手");
    assertThat(zhou.locator("#case-head")).not().containsText("退单待定");
    assertThat(zhou.locator("#case-facts")).containsText("同意 " + department + " 退单");

    // What is not agreed to is theirs again, and they read why it cannot be returned twice.
    String other = sent(wang, "ma", "楼道堆了旧柜子", department);
    shui.navigate(url(other));
    shui.locator(".deeds [data-opens=return-dialog]").click();
    shui.locator("#return-dialog [name=ground][value=lacking]").check();
    shui.fill("#return-words", "没有照片");
    shui.locator("#return-dialog .btn-primary").click();
    shui.waitForURL(LIST);
    zhou.navigate(url(other));
    zhou.locator("[data-key=e]").click();
    zhou.fill("#returned-refusal", "照片在会话里，请先去看");
    zhou.locator("#returned-dialog .refuse").click();
    assertThat(zhou.locator("#case-facts")).containsText("还由 " + department + " 办");
    shui.navigate(url(other));
    assertThat(shui.locator("#case-notes")).containsText("照片在会话里");
    shui.locator(".deeds [data-opens=return-dialog]").click();
    assertThat(shui.locator("#return-dialog")).containsText("已经退过一次单");
    assertThat(shui.locator("#return-dialog .btn-primary")).hasCount(0);
    shui.locator("#return-dialog [data-closes]").click();
    shui.locator("[data-key=e]").click();
    assertThat(shui.locator("#case-head")).containsText("正在处理");
    forgive("422");
    tolerate("404"); // what their page asks for when it has just left them
  }

  @Test
  void goesUpALevelAndDownAgainWithAReasonEach() {
    Page wang = enter(phone(), TOWN.url("/console"), Counter.WANG);
    String code = told("lu", "楼道堆了旧沙发");
    wang.navigate(url(code));
    assertThat(wang.locator("[data-opens=send-down-dialog]")).hasCount(0);
    wang.locator(".deeds [data-opens=raise-dialog]").click();
    assertThat(wang.locator("#raise-dialog")).containsText("街道分中心");
    wang.fill("#raise-reason", "两个社区交界");
    assertThat(wang.evaluate("document.documentElement.scrollWidth")).isEqualTo(390);
    wang.locator("#raise-dialog .btn-primary").click();
    assertThat(wang.locator("#case-facts")).containsText("王芳 提到街道");
    wang.locator(".deeds [data-opens=send-down-dialog]").click();
    assertThat(wang.locator("#send-down-dialog")).containsText("清月园社区");
    wang.fill("#send-down-reason", "查过了，在清月园这边");
    wang.locator("#send-down-dialog .btn-primary").click();
    assertThat(wang.locator("#case-facts")).containsText("王芳 交回社区");
    assertThat(wang.locator("#case")).containsText("查过了，在清月园这边");
    assertThat(wang.locator("[data-opens=send-down-dialog]")).hasCount(0);
  }

  /// By the street, to this desk.
  private static String sent(Page wang, String who, String what, String desk) {
    String code = told(who, what);
    wang.navigate(url(code));
    wang.locator("[data-opens=hand-on-dialog]").click();
    choose(wang, "#hand-on-desk", desk);
    wang.fill("#hand-on-reason", "归城管");
    wang.locator("#hand-on-dialog .btn-primary").click();
    assertThat(wang.locator("#hand-on-dialog")).isHidden();
    return code;
  }

  private static String told(String who, String what) {
    Phone phone = TOWN.follower(who).scan("bld:" + COUNTER.place("88001001B3").code());
    phone.says("三栋" + what);
    phone.says("对");
    return TOWN.sqlOne("SELECT code FROM \"case\" WHERE what LIKE '%" + what + "%'");
  }

  private static void choose(Page page, String select, String desk) {
    page.selectOption(
        select,
        page.locator(select + " option", new Page.LocatorOptions().setHasText(desk))
            .first()
            .getAttribute("value"));
  }

  private static String url(String code) {
    return TOWN.url("/console/cases/" + code);
  }
}
