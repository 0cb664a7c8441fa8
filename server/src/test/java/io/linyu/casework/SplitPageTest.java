package io.linyu.casework;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import io.linyu.Counter;
import io.linyu.Neighbourhood;
import io.linyu.PageTest;
import io.linyu.community.Staff;
import io.linyu.simulator.wechat.Phone;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Two matters in one message, as the deputy takes them apart on a phone, and as it is told to
/// whoever wrote it; and a complaint about the deputy among other things.
class SplitPageTest extends PageTest {
  @AutoClose private static final Neighbourhood TOWN = Neighbourhood.open();
  @AutoClose private static final Counter COUNTER = TOWN.counter();

  @Test
  void onAPhoneOneMessageBecomesTwoMattersAndItsWriterHearsOfThemOnce() {
    Staff zhang = COUNTER.staff(Counter.ZHANG);
    forgive("422");
    Phone li = TOWN.follower("split-li").scan("bld:88001001B3");
    li.says("楼道灯不亮，垃圾桶也满了").says("对");
    String number =
        TOWN.sqlOne(
            """
            SELECT c.number FROM "case" c JOIN address a ON a.id = c.address_id
             WHERE a.external_id = '%s' ORDER BY c.id DESC LIMIT 1
            """
                .formatted(li.openid()));
    Case told = COUNTER.cases.visibleTo(zhang, COUNTER.codeOf(number));
    COUNTER.handling.claim(zhang, told.id(), told.version());
    Page page = enter(phone(), TOWN.url("/console"), Counter.ZHANG);

    split(page, told, "电梯坏了");
    assertThat(page.locator(".field-no")).containsText("“电梯坏了”不是居民的原话");
    assertThat(page.locator("input[name=clause0]:checked")).hasCount(1);
    page.fill("#quote1", "");
    page.locator("button.btn-primary").click();
    assertThat(page.locator(".merged summary").first()).containsText("一次说了 2 件事");
    page.locator(".merged form button").click();
    assertThat(page.locator("#case-facts")).containsText("撤回了分案");

    split(page, told, "");
    assertThat(page.locator(".merged li")).containsText("垃圾桶也满了");
    assertThat((int) page.evaluate("document.documentElement.scrollWidth"))
        .isLessThanOrEqualTo((int) page.evaluate("innerWidth"));
    TOWN.clock.pass(Duration.ofSeconds(31));
    String heard = li.awaitHeard("我们分开办").text();
    String other =
        TOWN.sqlOne(
            """
            SELECT p.number FROM "case" p JOIN "case" c ON c.id = p.split_from_id WHERE c.number = '%s'
            """
                .formatted(number));
    assertThat(heard).contains("2件事", "楼道灯不亮", number, "垃圾桶也满了", other);
    assertThat(li.heard().stream().filter(each -> each.text().contains("分开办")).count())
        .as("once, and not of what was taken back")
        .isEqualTo(1);
    assertThat(li.says("查询").hears()).contains(number, other);

    Page resident = phone();
    resident.navigate(TOWN.url("/h5/cases/" + told.code()));
    assertThat(resident.locator("body")).containsText("您同时说的别的事");
    resident.locator(".h5-together a").click();
    assertThat(resident.locator("h1")).containsText("垃圾桶也满了");
    assertThat(resident.locator("body")).containsText(other);
  }

  @Test
  void aComplaintThatNamesTheDeputyIsLiftedAtADeskOfTheStreetWithOnePress() {
    Opened told =
        COUNTER.told(COUNTER.resident("陈永年"), "楼道里堆了旧沙发，张伟主任态度很差", "0102", TOWN.clock.instant());
    Page deputy = enter(desktop(), TOWN.url("/console"), Counter.ZHANG);
    assertThat(deputy.locator("body")).not().containsText("旧沙发");

    Page page = enter(desktop(), TOWN.url("/console"), Counter.WANG);
    page.navigate(TOWN.url("/console/cases/" + told.code()));
    assertThat(page.locator(".suspicion h2")).containsText("话里提到“张伟”，像是反映工作人员");
    assertThat(page.locator(".deeds")).not().containsText("转派");
    page.locator(".suspicion .btn-primary").click();
    assertThat(page.locator("#case-head")).containsText("已安排，等接手");
    assertThat(page.locator(".suspicion")).hasCount(0);

    deputy.navigate(TOWN.url("/console/cases/" + told.code()));
    assertThat(deputy.locator("#case-title")).containsText("旧沙发");
    assertThat(deputy.locator("body")).not().containsText("像是反映工作人员");
  }

  private static void split(Page page, Case told, String quote) {
    page.navigate(TOWN.url("/console/cases/" + told.code() + "/split"));
    page.locator("input[name=clause0]").first().check();
    page.locator("input[name=clause1]").last().check();
    page.fill("#quote1", quote);
    page.selectOption("#category1", "0705");
    assertThat((int) page.evaluate("document.documentElement.scrollWidth"))
        .isLessThanOrEqualTo((int) page.evaluate("innerWidth"));
    page.locator("button.btn-primary").click();
  }
}
