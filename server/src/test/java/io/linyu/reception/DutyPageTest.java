package io.linyu.reception;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import io.linyu.Counter;
import io.linyu.Neighbourhood;
import io.linyu.PageTest;
import io.linyu.simulator.wechat.Phone;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// The console's side of staff in a chat: binding, the pictures of a note, and the desk that has to
/// telephone.
class DutyPageTest extends PageTest {
  @AutoClose private static final Neighbourhood TOWN = Neighbourhood.open();
  @AutoClose private static final Counter COUNTER = TOWN.counter();

  @Test
  void bindsCallsInVainAndIsReachedByTelephone() {
    COUNTER
        .community
        .staff()
        .add("U0", "周敏", "info_officer", COUNTER.place("88001001"), "full_time", "12000000777");
    Phone zhou = TOWN.follower("zhou");
    var chats = TOWN.rooms().community().staffAddresses();
    assertThat(zhou.says("工作号" + chats.draw(COUNTER.staff("U0").id())).hears()).contains("周敏");

    Page page = enter(desktop(), TOWN.url("/console"), Counter.ZHANG);
    page.navigate(TOWN.url("/console/account"));
    page.locator("form[action='/console/account/chat'] button").click();
    page.fill("#chat-password", "not-this-one-3");
    forgive("422");
    page.locator("main button.btn-primary").click();
    assertThat(page.locator(".refused")).isVisible();
    page.fill("#chat-password", Counter.PASSWORD);
    page.locator("main button.btn-primary").click();
    String words = page.locator("#chat-code-words").textContent();
    assertThat(page.locator("svg.chat-qr")).isVisible();
    Phone zhang = TOWN.follower("zhang");
    assertThat(zhang.scan("work-" + words.replaceAll("\\D", "")).hears()).contains("张伟");
    assertThat(zhang.says("待办").hears()).contains("现在没有");
    page.locator("main a.btn-primary").click();
    assertThat(page.locator(".is-on").first()).containsText("微信·主号");

    // Zhou comes first and does not answer, nor does Zhang.
    TOWN.follower("teller").scan("bld:88001001B3").says("3栋楼道灯坏了").says("对");
    TOWN.clock.pass(Duration.ofMinutes(16));
    zhou.awaitHeard("新事没人接");
    TOWN.clock.pass(Duration.ofMinutes(11));
    zhang.awaitHeard("新事没人接");
    assertThat(zhang.image(picture()).hears()).contains("照片放进");
    TOWN.clock.pass(Duration.ofMinutes(11));
    TOWN.until(
        "the desk has to telephone",
        () -> TOWN.sqlOne("SELECT count(*) FROM errand WHERE state = 'phone'").equals("1"));

    page.navigate(TOWN.url("/console/desks"));
    Locator row = page.locator(".to-telephone");
    assertThat(row).containsText("新事没人接");
    assertThat(row).containsText("120****0777");
    assertThat(row).not().containsText("12000000777");
    row.locator(".called-number button").first().click();
    assertThat(row.locator("a[href='tel:12000000777']")).isVisible();
    String number = row.locator("a").first().textContent();
    row.locator("button", containing("周敏 知道了")).click();
    assertThat(page.locator("#desk")).containsText("没有要打的电话");
    assertThat(TOWN.sql("SELECT what FROM audit_entry WHERE what LIKE 'staff_%' ORDER BY id"))
        .endsWith("staff_number_seen", "staff_reached");

    page.locator(".desk-order li", new Page.LocatorOptions().setHasText("周敏"))
        .locator("[value=off]")
        .click();
    assertThat(page.locator(".desk-order li").last()).containsText("先不叫");

    page.navigate(TOWN.url("/console/cases/" + COUNTER.codeOf(number)));
    assertThat(page.locator(".note-pictures img").first()).isVisible();
    assertThat(page.locator("main")).containsText("打电话找到了 周敏");

    page.navigate(TOWN.url("/console/account"));
    page.locator("form[action='/console/account/chat/end'] button").click();
    assertThat(page.locator("form[action='/console/account/chat/end']")).hasCount(0);
    assertThat(zhang.says("待办").hears()).doesNotContain("手上");
  }

  private static Locator.LocatorOptions containing(String text) {
    return new Locator.LocatorOptions().setHasText(text);
  }

  private static Buffer picture() {
    try (InputStream in = DutyPageTest.class.getResourceAsStream("/demo/photos/puddle.jpg")) {
      return Buffer.buffer(Objects.requireNonNull(in).readAllBytes());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
