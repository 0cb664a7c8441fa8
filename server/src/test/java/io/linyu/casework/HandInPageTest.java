package io.linyu.casework;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.FilePayload;
import io.linyu.Counter;
import io.linyu.Neighbourhood;
import io.linyu.PageTest;
import io.linyu.Samples;
import java.util.ArrayList;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// A document from a phone, over the page of the matter, to the desk.
class HandInPageTest extends PageTest {
  @AutoClose private static final Neighbourhood TOWN = Neighbourhood.open();
  @AutoClose private static final Counter COUNTER = TOWN.counter();
  private static final Pattern LINK = Pattern.compile("/h5/cases/\\w+");

  private static final String CHOOSE = ".papers-choose:nth-child(2) input";
  private static final FilePayload DIAGNOSIS =
      new FilePayload("诊断书.pdf", "application/pdf", Samples.pdf().getBytes());
  private static final FilePayload CONTRACT =
      new FilePayload("合同.pdf", "application/pdf", "%PDF-1.4\n% contract\n%%EOF\n".getBytes(UTF_8));
  private static final FilePayload PHOTO =
      new FilePayload("坡道.jpg", "image/jpeg", Samples.picture(640, 480, "JPEG").getBytes());

  @Test
  void itIsOnItsWayIsNotLostWithTheNetworkAndIsAtTheDesk() {
    String path = told("wang", "楼道扶手松了");
    Page desk = enter(desktop(), TOWN.url("/console"), Counter.ZHANG);
    desk.navigate(TOWN.url("/console/cases/" + path.substring(path.lastIndexOf('/') + 1)));
    assertThat(desk.locator(".bubble-resident").first()).isVisible();

    Page page = phone();
    page.navigate(TOWN.url(path));
    page.locator(".to-papers").click();
    page.locator(".papers-form .weui-btn_primary").click();
    assertThat(page.locator(".papers-trouble")).hasText("还没有选照片或文件。");
    // Words alone are said by the server to lack files, and danger in them is heard.
    page.fill(".papers-words textarea", "楼下着火了");
    page.locator(".papers-form .weui-btn_primary").click();
    assertThat(page.locator("#danger")).containsText("正在叫值班员");
    assertThat(page.locator("#papers .papers-no")).containsText("还没有选照片或文件。");
    assertThat(page.evaluate("document.documentElement.scrollWidth")).isEqualTo(390);
    forgive("422");
    page.navigate(TOWN.url(path));
    page.setInputFiles(CHOOSE, new FilePayload[] {DIAGNOSIS, PHOTO});
    Locator chosen = page.locator(".papers-chosen li");
    assertThat(chosen).hasCount(2);
    chosen.last().locator("button").click();
    assertThat(chosen).hasCount(1);
    page.setInputFiles(CHOOSE, PHOTO);
    page.setInputFiles(CHOOSE, new FilePayload("空.pdf", "application/pdf", new byte[0]));
    assertThat(page.locator(".papers-trouble")).containsText("“空.pdf”是空的");
    page.fill(".papers-words textarea", "这是医院的诊断");

    // The network goes while they are on their way.
    var stuck = new ArrayList<Route>();
    page.route("**/papers", stuck::add);
    page.locator(".papers-form .weui-btn_primary").click();
    assertThat(page.locator(".papers-going")).isVisible();
    assertThat(page.locator(".papers-form .weui-btn_primary")).isDisabled();
    page.waitForCondition(() -> stuck.size() == 1);
    stuck.getFirst().abort();
    assertThat(page.locator(".papers-trouble")).containsText("没有交上去：“诊断书.pdf” “坡道.jpg”。东西还在这里");
    assertThat(chosen).hasCount(2);
    tolerate("ERR_");

    // It arrives, and the answer does not; then it is sent again with one more, and is there once.
    page.unroute("**/papers");
    page.route(
        "**/papers",
        route -> {
          var _ = route.fetch();
          route.abort();
        });
    Locator again = page.locator(".papers-form .weui-btn_primary");
    assertThat(again).hasText("再交一次");
    again.click();
    assertThat(page.locator(".papers-trouble")).containsText("没有交上去");
    page.unroute("**/papers");
    page.setInputFiles(CHOOSE, CONTRACT);
    again.click();
    assertThat(page.locator(".papers-done")).containsText("交上去了，3 个");
    assertThat(page.locator(".papers-list li")).hasCount(3);
    assertThat(page.locator(".h5-way li").nth(1)).containsText("您交的材料收到了，1 个");
    assertThat(page.locator(".h5-way li").nth(2)).containsText("您交的材料收到了，2 个");
    assertThat(page.evaluate("document.documentElement.scrollWidth")).isEqualTo(390);

    // The desk has it before it looks, where it looks for what was said.
    Locator paper = desk.locator(".bubble-file", text("诊断书.pdf"));
    assertThat(paper).containsText("1 KB");
    assertThat(desk.locator("img.bubble-photo[alt='坡道.jpg']")).isVisible();
    assertThat(desk.locator(".bubble-resident", text("这是医院的诊断")).first()).isVisible();
    assertThat(desk.locator(".bubble-resident", text("诊断书.pdf"))).containsText("办理页交来");
    assertThat(desk.locator("#case-facts")).containsText("居民在办理页交来 2 个材料");
    var file = desk.waitForDownload(paper::click);
    assertThat(file.suggestedFilename()).isEqualTo("诊断书.pdf");
    assertThat(
            TOWN.sql(
                "SELECT details::jsonb ->> 'case' FROM audit_entry WHERE what = 'paper_opened'"))
        .contains(TOWN.sqlOne("SELECT number FROM \"case\" WHERE what LIKE '%扶手%'"));
    // Nobody else's.
    String code = String.valueOf(paper.getAttribute("href"));
    Page next = enter(desktop(), TOWN.url("/console"), Counter.SUN);
    assertThat(next.request().get(TOWN.url(code)).status()).isEqualTo(404);
    desk.navigate(desk.url() + "/print");
    assertThat(desk.locator("body")).containsText("诊断书.pdf · 1 KB");

    // What is taken back is gone from the desk, which sees that there was something.
    Locator line = page.locator(".papers-list li", text("诊断书.pdf"));
    line.locator("summary").click();
    line.locator("button").click();
    assertThat(page.locator(".papers-done")).containsText("收回了，社区看不到了");
    assertThat(page.locator(".papers-list li")).hasCount(2);
    desk.goBack();
    assertThat(desk.locator(".bubble-resident", text("收回了一个交来的材料"))).isVisible();
    assertThat(desk.locator(".bubble-file")).hasText(Pattern.compile("合同"));
  }

  @Test
  void aFormWithoutAScriptDoesTheSame() {
    String path = told("zhou", "楼道墙皮掉了");
    Page page =
        page(
            new NewContextOptions()
                .setViewportSize(390, 844)
                .setIsMobile(true)
                .setHasTouch(true)
                .setJavaScriptEnabled(false));
    page.navigate(TOWN.url(path) + "?size=large");
    page.setInputFiles(
        CHOOSE,
        new FilePayload[] {PHOTO, new FilePayload("程序.exe", "image/jpeg", new byte[] {0, 1})});
    page.fill(".papers-words textarea", "看照片");
    page.locator(".papers-form .weui-btn_primary").click();
    assertThat(page.locator(".papers-no")).containsText("没有交上去。“程序.exe”收不了");
    assertThat(page.locator(".papers-words textarea")).hasValue("看照片");
    assertThat(page.locator(".papers-list")).hasCount(0);
    assertThat(page.locator("body")).hasClass("large");
    assertThat(page.evaluate("document.documentElement.scrollWidth")).isEqualTo(390);
    page.setInputFiles(CHOOSE, PHOTO);
    page.locator(".papers-form .weui-btn_primary").click();
    assertThat(page.locator(".papers-done")).containsText("交上去了，1 个");
    Locator line = page.locator(".papers-list li");
    assertThat(line.locator("img")).isVisible();
    line.locator("summary").click();
    line.locator("button").click();
    assertThat(page.locator(".papers-done")).containsText("收回了");
    assertThat(line).hasCount(0);
    forgive("422");
  }

  /// @return the path of the page of what was told
  private static String told(String name, String what) {
    var phone =
        TOWN.follower(name).scan("bld:" + COUNTER.place("88001001B3").code()).says("三栋" + what);
    String path = LINK.matcher(phone.says("对").hears()).results().findFirst().orElseThrow().group();
    var zhang = COUNTER.staff(Counter.ZHANG);
    Case matter = COUNTER.cases.visibleTo(zhang, path.substring(path.lastIndexOf('/') + 1));
    var _ = COUNTER.handling.claim(zhang, matter.id(), matter.version());
    return path;
  }

  private static Page.LocatorOptions text(String text) {
    return new Page.LocatorOptions().setHasText(text);
  }
}
