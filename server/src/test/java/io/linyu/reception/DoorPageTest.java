package io.linyu.reception;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import io.linyu.Counter;
import io.linyu.Neighbourhood;
import io.linyu.PageTest;
import io.linyu.simulator.wechat.Fault;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Codes for the doors of a community, from the platform onto paper.
class DoorPageTest extends PageTest {
  private static final String CREATE = "/cgi-bin/qrcode/create";

  @AutoClose private static final Neighbourhood TOWN = Neighbourhood.open();
  @AutoClose private static final Counter COUNTER = TOWN.counter();

  @Test
  void eachDoorHasItsCodeMadeOnceAndPrinted() {
    Page page = enter(desktop(), TOWN.url("/console"), Counter.ZHANG);
    page.locator(".who summary").click();
    page.getByText("门牌二维码").click();
    assertThat(page.locator("h1")).hasText("门牌二维码：清月园社区");
    assertThat(page.locator(".door-list li")).hasCount(2);

    TOWN.wechat.faults().next(CREATE, Fault.BANNED);
    page.locator("button", new Page.LocatorOptions().setHasText("生成 2 个")).click();
    assertThat(page.locator(".notice.bad")).containsText("48004");
    TOWN.wechat.faults().none();
    TOWN.clock.pass(java.time.Duration.ofMinutes(61));
    page.locator("button.btn-primary").click();

    page.waitForURL("**/console/doors/sheets**");
    assertThat(page.locator(".door-sheet .qr")).hasCount(2);
    assertThat(page.locator(".door-sheet").first()).containsText("清月园社区1栋");
    long made = TOWN.wechat.calls(CREATE);
    assertThat(TOWN.sql("SELECT scene FROM scene_code WHERE scene LIKE 'bld:%' ORDER BY scene"))
        .containsExactly("bld:88001001B1", "bld:88001001B3");
    page.navigate(TOWN.url("/console/doors"));
    assertThat(page.locator(".door-list small").first()).hasText("已生成");
    page.locator("a.btn-primary").click();
    assertThat(page.locator(".door-sheet .qr")).hasCount(2);
    assertThat(TOWN.wechat.calls(CREATE)).isEqualTo(made);
    // Whoever scans it is at home.
    String ticket = TOWN.sqlOne("SELECT url FROM scene_code WHERE scene = 'bld:88001001B3'");
    TOWN.wechat
        .stranger("new-neighbour")
        .scan(ticket.substring(ticket.lastIndexOf('/') + 1))
        .awaitHeard("3栋");
  }

  @Test
  void whoScansAtADeskIsGreetedByItAndWhatTheyTellGoesThere() {
    Page page = enter(phone(), TOWN.url("/console"), Counter.WANG);
    page.navigate(TOWN.url("/console/doors/desks"));
    assertThat(page.locator("h1")).hasText("工作台二维码：望澜街道");
    assertThat(page.locator(".door-list li")).hasCount(1);
    page.locator("button.btn-primary").click();
    page.waitForURL("**/console/doors/desks/sheets**");
    assertThat(page.locator(".door-sheet .qr")).hasCount(1);
    String desk = page.locator(".door-name").textContent();
    assertThat(page.evaluate("document.documentElement.scrollWidth <= innerWidth")).isEqualTo(true);

    String ticket = TOWN.sqlOne("SELECT url FROM scene_code WHERE scene LIKE 'dsk:%'");
    var at =
        TOWN.wechat.stranger("at-the-desk").scan(ticket.substring(ticket.lastIndexOf('/') + 1));
    assertThat(at.hears()).contains("这里是" + desk);
    at.says("清月园社区3栋楼道灯忽明不亮了").says("对");
    assertThat(
            TOWN.sqlOne(
                "SELECT d.name FROM \"case\" c JOIN desk d ON d.id = c.desk_id WHERE c.what LIKE '%楼道灯忽明%'"))
        .isEqualTo(desk);
    // Without the code the same goes to the community.
    TOWN.follower("elsewhere").says("清月园社区3栋楼道灯忽暗不亮了").says("对");
    assertThat(
            TOWN.sqlOne(
                "SELECT d.name FROM \"case\" c JOIN desk d ON d.id = c.desk_id WHERE c.what LIKE '%楼道灯忽暗%'"))
        .isNotEqualTo(desk);
  }

  @Test
  void nobodyPrintsForOthersDoors() {
    Page page = enter(phone(), TOWN.url("/console"), Counter.SUN);
    assertThat(page.navigate(TOWN.url("/console/doors?at=88001001")).status()).isEqualTo(404);
    forgive("404");
    page.navigate(TOWN.url("/console/doors"));
    assertThat(page.locator("h1")).hasText("门牌二维码：" + COUNTER.place("88001002").name());
    assertThat(page.locator(".empty")).containsText("这里还没有楼栋");
    assertThat(page.evaluate("document.documentElement.scrollWidth <= innerWidth")).isEqualTo(true);
  }
}
