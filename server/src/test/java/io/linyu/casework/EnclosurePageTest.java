package io.linyu.casework;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
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
import io.linyu.simulator.wechat.Line;
import io.linyu.simulator.wechat.Phone;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is sent along with an answer, from the composer to the phone.
class EnclosurePageTest extends PageTest {
  @AutoClose private static final Neighbourhood TOWN = Neighbourhood.open();
  @AutoClose private static final Counter COUNTER = TOWN.counter();

  private static final String UPLOAD = "/cgi-bin/media/upload";

  @Test
  void photosWaitBesideTheAnswerAndFollowItIntoTheChat() {
    Phone wang = resident("wang", "楼道灯罩碎了");
    Page page = open(desktop(), "灯罩碎了");
    choose(page, photo("换好了.png", "PNG"), photo("全景.jpg", "JPEG"));
    assertThat(page.locator(".enclosure-image img")).hasCount(2);
    assertThat(page.locator("#parts")).containsText("分 3 条发");

    // Taken away and brought back; and there after a reload.
    page.locator("#enclosures .off").first().click();
    assertThat(page.locator("#enclosures .enclosure-image")).hasCount(1);
    page.locator(".notice button", text("撤销")).click();
    assertThat(page.locator("#enclosures .enclosure-image")).hasCount(2);
    page.reload();
    assertThat(page.locator("#enclosures .enclosure-image")).hasCount(2);
    page.locator("#enclosures .off").last().click();
    assertThat(page.locator("#enclosures .enclosure-image")).hasCount(1);

    page.fill("#answer-text", "灯罩换好了，请看。");
    page.locator("#answer-form .btn-primary").click();
    wang.awaitHeard(heard -> heard.text().equals("[图片]"));
    List<String> heard = wang.heard().stream().map(Line.Heard::text).toList();
    assertThat(heard.get(heard.size() - 2)).contains("灯罩换好了，请看。").doesNotContain("http");
    assertThat(wang.received()).hasSize(1);
    assertThat(page.locator("#enclosures .enclosure")).hasCount(0);
    Locator sent = page.locator(".bubble-staff img.bubble-photo");
    assertThat(sent).hasCount(1);
    assertThat(page.locator(".bubble-staff", has(page, "img"))).containsText("已送达平台");

    // The same picture again is not given to the platform again, unless it has lost it.
    long uploads = TOWN.wechat.calls(UPLOAD);
    again(page, wang, 2);
    assertThat(TOWN.wechat.calls(UPLOAD)).isEqualTo(uploads);
    TOWN.wechat.forgetMedia();
    again(page, wang, 3);
    assertThat(TOWN.wechat.calls(UPLOAD)).isEqualTo(uploads + 1);
  }

  private static void again(Page page, Phone wang, int pictures) {
    wang.says("好");
    choose(page, photo("再一张.png", "PNG"));
    assertThat(page.locator("#enclosures .enclosure-image")).hasCount(1);
    page.fill("#answer-text", "再看一张。");
    page.locator("#answer-form .btn-primary").click();
    TOWN.until("it is there", () -> wang.received().size() == pictures);
    assertThat(page.locator("#enclosures .enclosure")).hasCount(0);
  }

  /// On the phone of a building head, with more than WeChat takes.
  @Test
  void whatTheWindowDoesNotTakeIsOnThePageOfTheMatter() {
    Phone chen = resident("chen", "楼道墙皮掉了");
    Page page = open(phone(), "墙皮掉了");
    choose(
        page,
        IntStream.range(0, 6)
            .mapToObj(i -> photo(i + ".jpg", Samples.picture(300 + i, 200, "JPEG")))
            .toArray(FilePayload[]::new));
    choose(page, new FilePayload("维修说明.doc.exe", "application/octet-stream", bytes(Samples.pdf())));
    assertThat(page.locator("#enclosures .enclosure")).hasCount(7);
    assertThat(page.locator("#parts")).containsText("文件《维修说明.doc.pdf》在办理页上看");
    page.fill("#answer-text", "六张照片和说明。");
    page.locator("#answer-form .btn-primary").click();
    chen.awaitHeard(heard -> heard.text().equals("[图片]"));
    String said =
        chen.heard().stream()
            .map(Line.Heard::text)
            .filter(each -> each.contains("六张照片和说明"))
            .findFirst()
            .orElseThrow();
    assertThat(said).contains("张照片、文件《维修说明.doc.pdf》在这里看：");
    int pushed = chen.received().size();
    assertThat(pushed).isBetween(1, 4);

    Page theirs = phone();
    theirs.navigate(TOWN.url(said.substring(said.indexOf("/h5/cases/")).strip()));
    assertThat(theirs.locator(".h5-along img")).hasCount(6);
    assertThat(theirs.locator(".h5-file")).containsText("维修说明.doc.pdf");
    var file = theirs.waitForDownload(() -> theirs.locator(".h5-file").click());
    assertThat(file.suggestedFilename()).isEqualTo("维修说明.doc.pdf");
    // Of another matter the same code opens nothing.
    String other = TOWN.sqlOne("SELECT code FROM \"case\" WHERE what NOT LIKE '%墙皮%' LIMIT 1");
    String path = String.valueOf(theirs.locator(".h5-along a").first().getAttribute("href"));
    assertThat(
            theirs
                .request()
                .get(TOWN.url(path.replaceFirst("/h5/cases/[^/]+", "/h5/cases/" + other)))
                .status())
        .isEqualTo(404);
  }

  @Test
  void whatCannotBeSentIsRefusedWithASentenceAndTheRestStays(@TempDir Path folder)
      throws IOException {
    var _ = resident("liu", "门禁坏了");
    Page page = open(desktop(), "门禁坏了");
    choose(page, photo("好的.jpg", "JPEG"));
    assertThat(page.locator("#enclosures .enclosure")).hasCount(1);
    refused(
        page, folder, "假照片.jpg", Buffer.buffer("\u0000\u0001no picture"), "“假照片.jpg”打不开，不是能看的照片");
    refused(page, folder, "录音.mp3", Samples.mp3(1_500), "“录音.mp3”太大了，最多 20 MB");
    refused(page, folder, "录音.mp3", Samples.mp3(600), "“录音.mp3”有 10 分钟，微信最多收 60 秒的语音");
    refused(page, folder, "通知.docx", Samples.docx().copy().appendString("<html>"), "“通知.docx”不能发");
    refused(page, folder, "空.pdf", Buffer.buffer(), "“空.pdf”是空的");
    assertThat(page.locator("#enclosures .enclosure")).hasCount(1);
    assertThat(TOWN.sqlOne("SELECT count(*) FROM enclosure WHERE name LIKE '%录音%'")).isEqualTo("0");
  }

  @Test
  void aFileThatDoesNotArriveIsKeptToBeTriedAgainOrLeftOut() {
    Phone sun = resident("sun", "楼道扶手松了");
    Page page = desktop();
    page.clock().install();
    open(page, "楼道扶手松了");
    page.fill("#answer-text", "加了垫圈，请看。");
    Locator line = page.locator("#answer-form [data-enclosing] li");
    Locator send = page.locator("#answer-form .btn-primary");
    var stuck = new ArrayList<Route>();
    page.route("**/enclosures", stuck::add);
    choose(page, photo("垫圈.jpg", "JPEG"));
    assertThat(line).containsText("正在传 垫圈.jpg");
    assertThat(send).isDisabled();
    page.waitForCondition(() -> stuck.size() == 1);
    page.clock().fastForward(60_000);
    assertThat(line).containsText("垫圈.jpg 没传上去，还留在这里");
    // Nothing goes without it unasked, neither by keys nor as a closing.
    page.locator("#answer-text").press("Control+Enter");
    page.locator("[data-opens=report-dialog]").first().click();
    assertThat(page.locator("#report-dialog .btn-primary")).isDisabled();
    assertThat(page.locator("#report-dialog [data-enclosing] li")).containsText("没传上去");
    page.locator("#report-dialog [data-closes]").click();

    page.unroute("**/enclosures");
    line.locator("[data-again]").click();
    assertThat(page.locator("#enclosures .enclosure-image")).hasCount(1);
    assertThat(line).hasCount(0);
    assertThat(send).isEnabled();

    page.route("**/enclosures", stuck::add);
    choose(page, photo("重影.jpg", "JPEG"));
    assertThat(send).isDisabled();
    line.locator("[data-out]").click();
    assertThat(line).hasCount(0);
    send.click();
    sun.awaitHeard(heard -> heard.text().equals("[图片]"));
    assertThat(sun.received()).hasSize(1);
    assertThat(sun.heard().stream().filter(heard -> heard.text().contains("加了垫圈，请看。")).count())
        .isEqualTo(1);
    tolerate("ERR_");
  }

  @Test
  void aFormWithoutAScriptTakesItsFilesAlong() {
    Phone zhou = resident("zhou", "垃圾桶满了");
    Page page =
        enter(
            page(new NewContextOptions().setJavaScriptEnabled(false)),
            TOWN.url("/console"),
            Counter.ZHANG);
    String code = code("垃圾桶满了");
    page.navigate(TOWN.url("/console/cases/" + code));
    page.fill("#answer-text", "清走了，听语音说明。");
    page.setInputFiles(
        "[data-encloses]", new FilePayload("说明.amr", "audio/amr", bytes(Samples.amr(7))));
    page.locator("#answer-form .btn-primary").click();
    zhou.awaitHeard(heard -> heard.text().equals("[语音]"));
    assertThat(zhou.received().getFirst()).isEqualTo(Samples.amr(7));
  }

  private static Phone resident(String name, String what) {
    Phone phone =
        TOWN.follower(name).scan("bld:" + COUNTER.place("88001001B3").code()).says("三栋" + what);
    phone.says("对");
    var zhang = COUNTER.staff(Counter.ZHANG);
    var matter = COUNTER.cases.visibleTo(zhang, code(what));
    var _ = COUNTER.handling.claim(zhang, matter.id(), matter.version());
    return phone;
  }

  private static String code(String what) {
    return TOWN.sqlOne("SELECT code FROM \"case\" WHERE what LIKE '%" + what + "%'");
  }

  private static Page open(Page page, String what) {
    var _ = enter(page, TOWN.url("/console"), Counter.ZHANG);
    page.navigate(TOWN.url("/console/cases/" + code(what)));
    assertThat(page.locator("#way")).isVisible();
    return page;
  }

  private static void choose(Page page, FilePayload... files) {
    page.setInputFiles("[data-encloses]", files);
  }

  private static void refused(Page page, Path folder, String name, Buffer content, String sentence)
      throws IOException {
    // By its path: what is long would otherwise be written out for the browser byte by byte.
    Path file = folder.resolve(name);
    Files.write(file, bytes(content));
    page.setInputFiles("[data-encloses]", file);
    assertThat(page.locator("#enclosures .enclosure-no")).containsText(sentence);
  }

  private static FilePayload photo(String name, String format) {
    return photo(name, Samples.picture(800, 600, format));
  }

  private static FilePayload photo(String name, Buffer content) {
    return new FilePayload(name, "image/*", bytes(content));
  }

  private static byte[] bytes(Buffer content) {
    return content.getBytes();
  }

  private static Page.LocatorOptions text(String text) {
    return new Page.LocatorOptions().setHasText(text);
  }

  private static Page.LocatorOptions has(Page page, String inside) {
    return new Page.LocatorOptions().setHas(page.locator(inside));
  }
}
