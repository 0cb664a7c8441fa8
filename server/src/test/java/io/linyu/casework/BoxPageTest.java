package io.linyu.casework;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.FilePayload;
import io.linyu.Counter;
import io.linyu.Neighbourhood;
import io.linyu.PageTest;
import io.linyu.Samples;
import io.linyu.Visitor;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Two keepers beside the box, each with a phone; and what everybody reads of it afterwards.
class BoxPageTest extends PageTest {
  @AutoClose private static final Neighbourhood TOWN = Neighbourhood.open();
  @AutoClose private static final Counter COUNTER = TOWN.counter();

  @Test
  void twoOpenItEachSlipBecomesSomethingAndTheNumbersArePublished() {
    Page zhang = enter(phone(), TOWN.url("/console"), Counter.ZHANG);
    zhang.navigate(TOWN.url("/console/boxes/new"));
    zhang.fill("#box-code", "QYY-1");
    zhang.fill("#box-place", "大门口岗亭旁");
    zhang.locator(".known-pick", text("李敏")).click();
    assertFits(zhang);
    zhang.locator(".spoken-do .btn-primary").click();
    assertThat(zhang.locator("#box-QYY-1")).containsText("张伟、李敏");
    assertFits(zhang);
    zhang.fill("#box-QYY-1 input[name=slips]", "2");
    zhang.locator("#box-QYY-1 .box-begin button").click();
    assertThat(zhang.locator("#box-wait")).containsText("等另一位保管人确认");
    assertThat(zhang.locator("#box-wait")).containsText("可以确认的是：李敏");
    assertThat(zhang.locator("#box-wait .qr")).isVisible();
    assertThat(zhang.locator("#box-photo")).hasCount(0);
    assertFits(zhang);

    Page li =
        enter(
            page(new NewContextOptions().setViewportSize(390, 844)),
            TOWN.url("/console"),
            Counter.LI);
    li.navigate(zhang.url());
    assertThat(li.locator("#box-wait")).containsText("张伟打开了箱子，数了 2 张");
    assertFits(li);
    li.locator("#box-wait .btn-primary").click();
    assertThat(li.locator(".toasts")).containsText("可以拍照了");
    // The other phone hears of it by itself.
    assertThat(zhang.locator(".box-photo")).isVisible();

    zhang.setInputFiles("#box-photo", slip(1));
    assertThat(zhang.locator("#slip-1")).isVisible();
    assertThat(zhang.locator(".box-photo")).containsText("还差 1 张照片");
    zhang.setInputFiles("#box-photo", slip(2));
    assertThat(zhang.locator("#slip-2 img")).isVisible();
    assertThat(zhang.locator(".box-photo")).hasCount(0);
    assertFits(zhang);

    zhang.locator("a.btn-large").click();
    zhang.fill("#spoken-what", "3栋楼道灯不亮，我叫周奶奶");
    assertThat(zhang.locator("#spoken-read")).containsText("看着像：");
    assertFits(zhang);
    zhang.locator("#spoken-form .btn-primary").click();
    assertThat(zhang.locator("h1")).containsText("第 2 张，共 2 张");
    assertThat(zhang.locator(".box-before")).containsText("第 1 张好了");
    zhang.locator(".box-aside label", text("没有留名的感谢")).click();
    zhang.locator(".box-aside button").click();
    assertThat(zhang.locator("#slip-2")).containsText("没有留名的感谢");
    zhang.locator("form[action$=seal] button").click();
    assertThat(zhang.locator(".tile.done")).containsText("一共 2 张");
    String matter = "WHERE what = '3栋楼道灯不亮，我叫周奶奶'";
    Case filed =
        COUNTER.cases.visibleTo(
            COUNTER.staff(Counter.LI), TOWN.sqlOne("SELECT code FROM \"case\" " + matter));
    assertThat(filed.channel()).isEqualTo("box");
    assertThat(filed.isEnteredBy(COUNTER.staff(Counter.ZHANG).id())).isTrue();
    assertThat(
            TOWN.sqlOne(
                "SELECT count(*) FROM case_photo p JOIN \"case\" c ON c.id = p.case_id " + matter))
        .isEqualTo("1");

    // On a telephone that runs no scripts, and signed in nowhere.
    Page resident =
        page(new NewContextOptions().setViewportSize(390, 844).setJavaScriptEnabled(false));
    resident.navigate(TOWN.url("/board/boxes?box=QYY-1"));
    assertThat(resident.locator("h1")).containsText("意见箱 QYY-1");
    assertThat(resident.locator(".box-board")).containsText("2 张条子");
    assertThat(resident.locator(".box-board")).containsText("1 张办成了 1 件事：0 件有了结果，1 件还在办");
    assertThat(resident.locator(".box-board")).containsText("没有留名的感谢：1 张");
    assertFits(resident);
    String number = TOWN.sqlOne("SELECT number FROM \"case\" " + matter);
    String code = TOWN.sqlOne("SELECT code FROM \"case\" " + matter);
    for (String address : new String[] {"/board/boxes", "/board/boxes?box=QYY-1"}) {
      try (var anybody = Visitor.elsewhere()) {
        var seen = anybody.get(TOWN.url(address));
        assertThat(seen.status()).isEqualTo(200);
        assertThat(seen.body())
            .contains("QYY-1")
            .doesNotContain("楼道灯", "周奶奶", "张伟", "李敏", number, code, "/photo");
      }
    }
    // A photo is for the keepers alone.
    Page wang = enter(desktop(), TOWN.url("/console"), Counter.WANG);
    String photo = zhang.url().replaceFirst("\\?.*", "") + "/slips/1/photo";
    assertThat(wang.navigate(photo).status()).isEqualTo(404);
    assertThat(zhang.context().request().get(photo).headers())
        .containsEntry("content-type", "image/jpeg");
    wang.navigate(TOWN.url("/console/boxes"));
    assertThat(wang.locator("#box-QYY-1")).containsText("大门口岗亭旁");
    assertThat(wang.locator("#box-QYY-1 .box-begin")).hasCount(0);
    assertFits(wang);
    forgive("404");
  }

  private static FilePayload slip(int n) {
    return new FilePayload(
        "slip-" + n + ".jpg", "image/jpeg", Samples.picture(120 + n, 160, "JPEG").getBytes());
  }

  private static void assertFits(Page page) {
    assertThat((int) page.evaluate("document.documentElement.scrollWidth"))
        .isLessThanOrEqualTo(page.viewportSize().width);
  }

  private static Page.LocatorOptions text(String text) {
    return new Page.LocatorOptions().setHasText(text);
  }
}
