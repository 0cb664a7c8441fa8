package io.linyu.casework;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import io.linyu.Counter;
import io.linyu.Neighbourhood;
import io.linyu.PageTest;
import io.linyu.simulator.wechat.Phone;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// A department that has signed says from a telephone that it is another's.
class RulingPageTest extends PageTest {
  @AutoClose private static final Neighbourhood TOWN = Neighbourhood.open();
  @AutoClose private static final Counter COUNTER = TOWN.counter();

  @Test
  void bothReadWhatTheOtherSaysAndWhoRulesSaysWhoLeads() {
    String department = COUNTER.hireAt("U21", "城市管理局");
    String other = COUNTER.hireAt("U23", "消防救援机构");
    COUNTER.hireDispatcher("U22");
    TOWN.until(
        "the server knows them",
        () ->
            TOWN.rooms()
                .community()
                .staff()
                .byCode("U23")
                .filter(each -> !each.desks().isEmpty())
                .isPresent());
    Page wang = enter(desktop(), TOWN.url("/console"), Counter.WANG);
    Page city = enter(phone(), TOWN.url("/console"), "U21");
    Page fire = enter(phone(), TOWN.url("/console"), "U23");
    Page zhou = enter(phone(), TOWN.url("/console"), "U22");
    String code = sent(wang, department);

    city.navigate(url(code));
    assertThat(city.locator("[data-opens=dispute-dialog]")).hasCount(0);
    city.locator("[data-key=e]").click();
    assertThat(city.locator("#case-head")).containsText("正在处理");
    city.locator(".deeds [data-opens=dispute-dialog]").click();
    assertThat(city.locator("#dispute-dialog")).containsText("裁定前你们先办着");
    assertThat(city.evaluate("document.documentElement.scrollWidth")).isEqualTo(390);
    choose(city, "#dispute-desk", other);
    city.fill("#dispute-words", "楼道里的可燃物归消防");
    city.locator("#dispute-dialog .btn-primary").click();
    assertThat(city.locator("#case-head")).containsText("争议待裁定");
    assertThat(city.locator("#dispute")).containsText("还没说看法");
    assertThat(city.locator("#dispute")).containsText("收回，还由我们办");

    // Whoever is named finds it by what they were called to, and says how they see it.
    fire.navigate(url(code));
    assertThat(fire.locator("[data-opens=ruling-dialog]")).hasCount(0);
    fire.locator("[data-key=e]").click();
    assertThat(fire.locator("#view-dialog")).containsText("楼道里的可燃物归消防");
    fire.fill("#view-words", "只是杂物，不是可燃物");
    assertThat(fire.evaluate("document.documentElement.scrollWidth")).isEqualTo(390);
    fire.locator("#view-dialog .btn-primary").click();
    assertThat(fire.locator("#dispute")).containsText("只是杂物，不是可燃物");
    assertThat(fire.locator("[data-opens=view-dialog]")).hasCount(0);

    zhou.navigate(url(code));
    zhou.locator(".deeds [data-opens=ruling-dialog]").click();
    assertThat(zhou.locator("#ruling-dialog")).containsText("楼道里的可燃物归消防");
    assertThat(zhou.locator("#ruling-dialog")).containsText("只是杂物，不是可燃物");
    assertThat(zhou.evaluate("document.documentElement.scrollWidth")).isEqualTo(390);
    zhou.locator("#ruling-dialog [name=lead]").nth(1).check();
    zhou.fill("#ruling-words", "按消防条例由消防牵头");
    zhou.fill("#ruling-along", "派车清运");
    zhou.locator("#ruling-dialog .btn-primary").click();
    assertThat(zhou.locator("#case-facts")).containsText("裁定由 " + other + " 牵头");
    assertThat(zhou.locator("#case-head")).not().containsText("争议待裁定");

    fire.navigate(url(code));
    assertThat(fire.locator("#case-notes")).containsText("按消防条例由消防牵头");
    assertThat(fire.locator("[data-opens=return-dialog]")).hasCount(0);
    assertThat(fire.locator("[data-opens=dispute-dialog]")).hasCount(0);
    assertThat(fire.locator("#case-facts")).containsText("派车清运");
    fire.locator("[data-key=e]").click();
    assertThat(fire.locator("#case-head")).containsText("正在处理");
    tolerate("404"); // what their page asks for when it has just left them
  }

  /// By the street, to this desk.
  private static String sent(Page wang, String desk) {
    Phone phone = TOWN.follower("tao").scan("bld:" + COUNTER.place("88001001B3").code());
    phone.says("三栋楼道堆了旧木板");
    phone.says("对");
    String code = TOWN.sqlOne("SELECT code FROM \"case\" WHERE what LIKE '%旧木板%'");
    wang.navigate(url(code));
    wang.locator("[data-opens=hand-on-dialog]").click();
    choose(wang, "#hand-on-desk", desk);
    wang.fill("#hand-on-reason", "归城管");
    wang.locator("#hand-on-dialog .btn-primary").click();
    assertThat(wang.locator("#hand-on-dialog")).isHidden();
    return code;
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
