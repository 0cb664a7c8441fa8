package io.linyu.casework;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.FilePayload;
import io.linyu.Counter;
import io.linyu.Neighbourhood;
import io.linyu.PageTest;
import io.linyu.Samples;
import io.linyu.Visitor;
import io.linyu.platform.redis.Redis;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Taking down on a phone what somebody says, and following it by the code on paper.
class SpokenPageTest extends PageTest {
  @AutoClose private static final Neighbourhood TOWN = Neighbourhood.open();
  @AutoClose private static final Counter COUNTER = TOWN.counter();

  @Test
  void aCallIsTakenDownInTwoFieldsAndOnePressAndItsCodeOpensThePage() {
    Page page = enter(phone(), TOWN.url("/console"), Counter.ZHANG);
    page.locator(".take-down").click();
    page.fill("#spoken-what", "楼道灯不亮了");
    assertThat(page.locator("#spoken-read")).containsText("看着像：");
    page.fill("#spoken-place", "3栋2单元501");
    assertThat(page.locator("#spoken-found input:checked + span")).containsText("3栋");
    assertFits(page);
    // Gone and back: nothing of it is lost.
    page.reload();
    assertThat(page.locator("#spoken-what")).hasValue("楼道灯不亮了");
    assertThat(page.locator("#spoken-found input:checked + span")).containsText("3栋");
    page.locator(".spoken-do .btn-primary").click();
    page.waitForURL("**/slip**");
    String code = page.locator("#slip-code").textContent().strip();
    assertThat(code).matches("[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{3}");
    assertThat(page.locator(".slip svg.qr")).isVisible();
    assertFits(page);
    String what = "WHERE what = '楼道灯不亮了'";
    assertThat(TOWN.sqlOne("SELECT channel FROM \"case\" " + what)).isEqualTo("phone");
    assertThat(TOWN.sqlOne("SELECT place FROM \"case\" " + what)).isEqualTo("3栋2单元501");

    // The code is typed as somebody reads it aloud, on a telephone that runs no scripts.
    Page resident =
        page(new NewContextOptions().setViewportSize(390, 844).setJavaScriptEnabled(false));
    resident.navigate(TOWN.url("/h5/find"));
    assertFits(resident);
    resident.fill("#code", code.replace("-", " ").replace('0', 'O').toLowerCase(Locale.ROOT));
    resident.locator(".find button").click();
    assertThat(resident.locator("h1")).containsText("楼道灯不亮了");
    assertThat(resident.locator(".h5-way")).containsText("您说了这件事，张伟 记下了");
    // What they scan is the same.
    resident.navigate(TOWN.url("/h5/find?code=" + code));
    assertThat(resident.locator("h1")).containsText("楼道灯不亮了");
    String old = resident.url();

    // What was written is forgotten, and the way is remembered.
    page.locator(".slip-on a").first().click();
    assertThat(page.locator("#spoken-what")).hasValue("");
    assertThat(page.locator("input[value=phone]")).isChecked();

    // It is lost: a new one is drawn, and the old opens nothing.
    String matter = TOWN.sqlOne("SELECT code FROM \"case\" " + what);
    page.navigate(TOWN.url("/console/cases/" + matter + "/slip"));
    page.locator("form.slip-on button").click();
    assertThat(page.locator(".toasts")).containsText("换了新码");
    assertThat(page.locator("#slip-code")).not().hasText(code);
    assertThat(resident.navigate(old).status()).isEqualTo(404);
    resident.navigate(TOWN.url("/h5/find?code=" + code));
    assertThat(resident.locator("#find-no")).containsText("没有这个码");
    forgive("404");
  }

  @Test
  void whoIsDissatisfiedSaysSoByTheCodeAndTheOneWhoAnswersSeesTheNumber() {
    Page page = enter(phone(), TOWN.url("/console"), Counter.ZHANG);
    page.navigate(TOWN.url("/console/cases/new"));
    page.locator(".ways label", text("入户走访")).click();
    page.fill("#spoken-what", "楼道杂物堵着门");
    page.fill("#spoken-place", "3栋");
    page.fill("#spoken-phone", "120 0000 0777");
    page.locator("[name=called]").fill("周奶奶");
    page.locator(".spoken-do .btn-primary").click();
    String code = page.locator("#slip-code").textContent().strip();
    String number = TOWN.sqlOne("SELECT number FROM \"case\" WHERE what = '楼道杂物堵着门'");
    String matter = COUNTER.codeOf(number);

    Page desk = enter(desktop(), TOWN.url("/console"), Counter.LI);
    desk.navigate(TOWN.url("/console/cases/" + matter));
    assertThat(desk.locator("#case-facts")).containsText("周奶奶");
    assertThat(desk.locator("#resident-number")).containsText("120****0777");
    var li = COUNTER.staff(Counter.LI);
    Case held =
        COUNTER.handling.claim(
            li,
            COUNTER.cases.visibleTo(li, matter).id(),
            COUNTER.cases.visibleTo(li, matter).version());
    desk.reload();
    // What changes elsewhere draws the facts anew, and masks it again.
    var shown =
        desk.waitForResponse("**/number", () -> desk.locator("#resident-number button").click());
    assertThat(shown.text()).contains("tel:12000000777");
    // The next time they call, they are known by it.
    page.navigate(TOWN.url("/console/cases/new"));
    assertThat(page.locator("input[value=visit]")).isChecked();
    page.fill("#spoken-phone", "12000000777");
    assertThat(page.locator("#spoken-people input:checked + span")).containsText("周奶奶");
    page.fill("#spoken-phone", "");

    var _ = COUNTER.finishAndAsk(li, held.id(), held.version(), "清走了");
    Page resident = phone();
    resident.navigate(TOWN.url("/h5/find?code=" + code));
    assertThat(resident.locator(".rate-card")).containsText("好了");
    resident.locator(".rate-card input[name=solved][value=no]").check();
    resident.locator(".rate-card .weui-btn").first().click();
    TOWN.until(
        "rated",
        () ->
            TOWN.sql("SELECT solved FROM return_visit WHERE case_id = " + held.id().value())
                .contains("no"));
  }

  @Test
  void whatIsFoundOnPatrolAsksForNobodyAndSaysPlainlyThatItIsTakenDown() {
    var plain = new NewContextOptions().setViewportSize(390, 844).setJavaScriptEnabled(false);
    Page page = enter(page(plain), TOWN.url("/console"), Counter.LI);
    page.navigate(TOWN.url("/console/cases/new"));
    assertThat(page.locator("#spoken-phone")).isVisible();
    page.locator(".ways label", text("巡查")).click();
    for (String of : List.of("#spoken-phone", "[name=called]", "[name=confidential]")) {
      assertThat(page.locator(of)).isHidden();
    }
    assertThat(page.locator("label[for=spoken-what]")).containsText("看到了什么");
    page.fill("#spoken-what", "楼道有积水，滑");
    page.fill("#spoken-place", "3栋");
    page.locator(".spoken-more summary").click();
    page.setInputFiles(
        "#spoken-photo",
        new FilePayload("water.jpg", "image/jpeg", Samples.picture(120, 160, "JPEG").getBytes()));
    assertFits(page);
    page.locator(".spoken-do .btn-primary").click();
    page.waitForURL("**/found");
    String of = "\"case\" WHERE what = '楼道有积水，滑'";
    assertThat(page.locator("h1")).containsText(TOWN.sqlOne("SELECT number FROM " + of));
    assertThat(page.locator(".slip")).containsText("没有人等回复");
    assertFits(page);
    assertThat(TOWN.sqlOne("SELECT channel FROM " + of)).isEqualTo("patrol");
    assertThat(TOWN.sql("SELECT 1 FROM slip_code WHERE case_id IN (SELECT id FROM " + of + ")"))
        .isEmpty();
    page.locator(".slip-on a").last().click();
    assertThat(page.locator("#case-facts")).containsText("没有反映人");
    assertThat(page.locator("#case-facts")).containsText("巡查发现");
    assertThat(page.locator(".note-photo")).hasCount(1);
    assertThat(page.locator("#case .told")).containsText("自己发现的");
    assertThat(page.locator("#case-write")).containsText("不用回复");
    assertThat(page.locator(".slip-link, #answer-form")).hasCount(0);
    String url = page.url();
    assertThat(page.navigate(url + "/slip").status()).isEqualTo(404);
    // The next is one, too, with the pictures unfolded; and it is found by how it came.
    page.navigate(TOWN.url("/console/cases/new"));
    assertThat(page.locator("input[value=patrol]")).isChecked();
    assertThat(page.locator("#spoken-photo")).isVisible();
    page.navigate(TOWN.url("/console/cases?channel=patrol"));
    assertThat(page.locator(".rows > li")).hasCount(1);
    forgive("404");
  }

  @Test
  void dangerHasItsNumberAndItsAlarmBesideTheWordsAndTheSameIsOfferedToBeNotedThere() {
    Page page = enter(phone(), TOWN.url("/console"), Counter.ZHANG);
    page.navigate(TOWN.url("/console/cases/new"));
    page.fill("#spoken-what", "家头有股煤气味");
    Locator danger = page.locator(".spoken-danger");
    assertThat(danger).containsText("119");
    assertFits(page);
    danger.locator("button").click();
    assertThat(page.locator("#case-head")).isVisible();
    assertThat(page.locator("#ringing")).containsText("燃气");
    assertThat(TOWN.sqlOne("SELECT state FROM \"case\" WHERE what = '家头有股煤气味'"))
        .isEqualTo("HANDED_OFF");
    var alarm = COUNTER.alarms.openFor(COUNTER.staff(Counter.ZHANG)).getFirst();
    var _ = COUNTER.alarms.acknowledge(COUNTER.staff(Counter.ZHANG), alarm.id());

    var _ = COUNTER.told(COUNTER.resident("何叔"), "楼道堆满了杂物", "0102", TOWN.clock.instant());
    page.navigate(TOWN.url("/console/cases/new"));
    page.fill("#spoken-what", "有人说楼道又堆起来了");
    page.locator(".spoken-more summary").click();
    page.selectOption("#spoken-category", "0102");
    page.fill("#spoken-place", "3栋");
    assertThat(page.locator("#spoken-alike li").first()).containsText("楼道堆满了杂物");
    assertFits(page);
    page.locator("#spoken-alike li button").first().click();
    assertThat(page.locator("#case-head")).isVisible();
    assertThat(page.locator("#case")).containsText("有人说楼道又堆起来了");
    assertThat(TOWN.sql("SELECT id FROM \"case\" WHERE what = '有人说楼道又堆起来了'")).isEmpty();
  }

  @Test
  void whatIsWrongIsSaidBesideItsFieldAndNothingWrittenIsLost() {
    Page page =
        enter(
            page(new NewContextOptions().setViewportSize(390, 844)),
            TOWN.url("/console"),
            Counter.ZHANG);
    page.navigate(TOWN.url("/console/cases/new"));
    page.fill("#spoken-what", "路灯闪得厉害");
    page.fill("#spoken-place", "大门口");
    page.fill("#spoken-phone", "0123");
    page.evaluate("document.getElementById('spoken-form').noValidate = true");
    page.locator(".spoken-do .btn-primary").click();
    assertThat(page.locator(".spoken-who .field-no")).containsText("电话号码不对");
    assertThat(page.locator("#spoken-what")).hasValue("路灯闪得厉害");
    assertThat(page.locator("#spoken-place")).hasValue("大门口");
    assertThat(TOWN.sql("SELECT id FROM \"case\" WHERE what = '路灯闪得厉害'")).isEmpty();
    page.fill("#spoken-phone", "");
    page.locator(".spoken-do .btn-primary").click();
    page.waitForURL("**/slip**");
    assertThat(
            TOWN.sqlOne(
                "SELECT t.name FROM \"case\" c JOIN territory t ON t.id = c.territory_id WHERE what = '路灯闪得厉害'"))
        .isEqualTo("清月园社区");
    forgive("422");
  }

  @Test
  void wrongCodesAreLimitedAndMistypedOnesAreNot() {
    try (var one = Visitor.elsewhere()) {
      String url = TOWN.url("/h5/find");
      for (int i = 0; i < 3; i++) {
        assertThat(one.post(url, "code=1234-5678-90Z0").status()).isEqualTo(422);
      }
      for (int i = 0; i < FindRoutes.WRONG_FROM_ONE_PLACE; i++) {
        var seen = one.post(url, "code=" + SlipCode.random().text());
        assertThat(seen.status()).isEqualTo(404);
        assertThat(seen.body()).contains("没有这个码");
      }
      var seen = one.post(url, "code=" + SlipCode.random().text());
      assertThat(seen.status()).isEqualTo(429);
      assertThat(seen.body()).contains("试得太多了");
    } finally {
      // The other tests come from the same address.
      try (var redis = Redis.connect(TOWN.settings.redisUrl(), TOWN.settings.redisPrefix())) {
        String key = redis.prefix() + "h5-find";
        var _ =
            redis
                .commands()
                .del(key + ":all", key + "-from:127.0.0.1", key + "-from:0:0:0:0:0:0:0:1")
                .toCompletableFuture()
                .join();
      }
    }
  }

  private static void assertFits(Page page) {
    assertThat((int) page.evaluate("document.documentElement.scrollWidth"))
        .isLessThanOrEqualTo(390);
  }

  private static Page.LocatorOptions text(String text) {
    return new Page.LocatorOptions().setHasText(text);
  }
}
