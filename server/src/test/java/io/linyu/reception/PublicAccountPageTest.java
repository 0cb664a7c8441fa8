package io.linyu.reception;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import io.linyu.Counter;
import io.linyu.Neighbourhood;
import io.linyu.PageTest;
import io.linyu.simulator.wechat.Fault;
import io.linyu.simulator.wechat.Phone;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// What those who look after an account see of it.
class PublicAccountPageTest extends PageTest {
  private static final String SEND = "/cgi-bin/message/custom/send";
  private static final String DISPATCHER = "U9";

  @AutoClose private static final Neighbourhood TOWN = Neighbourhood.open();
  @AutoClose private static final Counter COUNTER = TOWN.counter();

  static {
    COUNTER.hireDispatcher(DISPATCHER);
  }

  @Test
  void whatIsUsedAndWhatWasRefusedIsThereWithWhatToDo() {
    Phone wang = TOWN.follower("wang");
    wang.scan("bld:" + COUNTER.place("88001001B3").code()).says("三栋楼道灯不亮了").says("对");
    TOWN.wechat.faults().next(SEND, Fault.BANNED);
    var zhang = COUNTER.staff(Counter.ZHANG);
    var matter =
        COUNTER.cases.visibleTo(
            zhang, TOWN.sqlOne("SELECT code FROM \"case\" WHERE what LIKE '%不亮%'"));
    matter = COUNTER.handling.claim(zhang, matter.id(), matter.version());
    var _ = COUNTER.handling.answer(zhang, matter.id(), matter.version(), "来修");
    TOWN.until(
        "it was refused",
        () -> !TOWN.sql("SELECT 1 FROM outbound WHERE reason LIKE '%48004%'").isEmpty());
    TOWN.clock.pass(Duration.ofMinutes(2));
    TOWN.until(
        "the figures are told",
        () ->
            TOWN.sqlOne("SELECT count(*) FROM account_day WHERE told_at IS NOT NULL").equals("7"));

    Page page = enter(phone(), TOWN.url("/console"), Counter.WANG);
    page.navigate(TOWN.url("/console/accounts"));
    assertThat(page.locator(".account-card h2")).hasText("微信·主号");
    assertThat(page.locator(".account-card")).containsText("服务号，已认证");
    assertThat(row(page, "48004")).containsText("这项接口被封了");
    assertThat(page.locator(".account-card")).containsText("关注总数");
    page.locator("form[action$='/limits'] button").click();
    assertThat(row(page, "上传照片和语音")).containsText("100000");
    assertThat(page.locator("table.figures").first().locator("td:first-child").allTextContents())
        .as("each call has a name that people understand")
        .isNotEmpty()
        .noneMatch(each -> each.matches("[a-z_./]+"));
    TOWN.wechat.faults().next("/cgi-bin/openapi/quota/get", Fault.VALUE_REFUSED);
    page.locator("form[action$='/limits'] button").click();
    assertThat(row(page, "47003")).containsText("“thing3”这一栏");
    assertThat(row(page, "47003"))
        .containsText("微信最后一次的原话：argument invalid! data.thing3.value invalid rid:");
    assertThat(page.evaluate("document.documentElement.scrollWidth <= innerWidth")).isEqualTo(true);
  }

  /// The quota was cleared on the platform's pages: nobody waits until midnight.
  @Test
  void whatWasPutRightIsTriedAgainAtOnce() {
    Phone chen = TOWN.follower("resume");
    chen.says("在吗");
    TOWN.wechat.faults().always(SEND, Fault.DAILY_QUOTA);
    TOWN.sql(
        """
        INSERT INTO outbound (message_key, address_id, text, next_due_at, created_at, updated_at)
        SELECT 'resumed', id, '师傅明天来', now(), now(), now() FROM address WHERE external_id = '%s'
        """
            .formatted(chen.openid()));
    TOWN.until("it waits", () -> waiting("reason LIKE '%45009%' AND next_due_at > now()"));

    // One who sees the page and leads nothing is told who may.
    TOWN.rooms()
        .community()
        .staff()
        .add("U8", "何静", "info_officer", COUNTER.place("88001001"), "full_time", null);
    TOWN.rooms()
        .community()
        .staff()
        .setPasswordHash(
            "U8",
            TOWN.sqlOne("SELECT password_hash FROM staff WHERE code = '" + Counter.ZHANG + "'"));
    Page officer = enter(desktop(), TOWN.url("/console"), "U8");
    officer.navigate(TOWN.url("/console/accounts"));
    assertThat(officer.locator(".account-troubles")).containsText("由社区书记、主任");
    assertThat(officer.locator("form[action$='/resumptions']")).hasCount(0);

    Page page = enter(phone(), TOWN.url("/console"), Counter.ZHANG);
    page.navigate(TOWN.url("/console/accounts"));
    Locator card = page.locator(".account-card");
    assertThat(card.locator(".account-troubles")).containsText("“客服消息”停着");
    card.locator("form[action$='/resumptions'] button").click();
    assertThat(card.locator(".account-troubles [role=status]")).containsText("等着的 1 条现在再试");
    // It has not been cleared at all.
    assertThat(card.locator(".account-troubles [role=status]")).containsText("微信还是不让用“客服消息”");
    assertThat(card.locator(".account-troubles .trouble-bar")).containsText("45009");
    TOWN.until("it waits again", () -> waiting("attempts = 0 AND next_due_at > now()"));

    TOWN.wechat.faults().none();
    card.locator("form[action$='/resumptions'] button").click();
    TOWN.until("it was sent", () -> waiting("state = 'delivered'"));
    assertThat(chen.hears()).isEqualTo("师傅明天来");
    assertThat(card.locator(".account-troubles [role=status]")).containsText("没有再拒绝");
    assertThat(card.locator(".account-troubles .trouble-bar")).hasCount(0);
    assertThat(
            TOWN.sql(
                """
                SELECT concat_ws(' ', s.code, d->>'account', d->>'call', d->>'code')
                  FROM audit_entry e JOIN staff s ON s.id = e.staff_id, LATERAL (SELECT e.details::jsonb) j (d)
                 WHERE e.what = 'channel_resumed'
                 ORDER BY e.id
                """))
        .containsExactly(
            Counter.ZHANG + " main message/custom/send 45009",
            Counter.ZHANG + " main message/custom/send 45009");
  }

  private static boolean waiting(String so) {
    return TOWN.sqlOne("SELECT count(*) FROM outbound WHERE message_key = 'resumed' AND " + so)
        .equals("1");
  }

  @Test
  void theMenuIsLookedAtBesideWhatItWasAndPublishedByWhoMay() throws IOException {
    Files.writeString(
        TOWN.menu(),
        """
        - { name: 有话说, key: report }
        - name: 服务
          below:
            - { name: 发照片, photo: '' }
            - { name: 一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一, key: nonsense }
        """);
    Page page = enter(desktop(), TOWN.url("/console"), DISPATCHER);
    page.navigate(TOWN.url("/console/accounts/wechat/main/menu"));
    assertThat(page.locator(".notice.bad")).containsText("第 5 行：");
    assertThat(page.locator(".notice.bad li")).hasCount(2);
    assertThat(page.locator("[data-opens=menu-dialog]")).hasCount(0);

    Files.writeString(
        TOWN.menu(),
        "- { name: 有话说, key: report }\n- name: 服务\n  below:\n    - { name: 发照片, photo: '' }\n");
    page.reload();
    assertThat(page.locator(".phone-menu").last()).containsText("发照片");
    assertThat(page.locator(".menu-changes .new")).hasCount(3);
    page.locator("[data-opens=menu-dialog]").click();
    // Somebody changes the file meanwhile: nothing is published that nobody has seen.
    Files.writeString(TOWN.menu(), "- { name: 找人, key: human }\n");
    page.locator("#menu-dialog .btn-primary").click();
    assertThat(page.locator(".lead")).containsText("文件刚改过");
    forgive("409");
    assertThat(TOWN.wechat.menu()).isNull();

    page.navigate(TOWN.url("/console/accounts/wechat/main/menu"));
    page.locator("[data-opens=menu-dialog]").click();
    page.locator("#menu-dialog .btn-primary").click();
    assertThat(page.locator(".health-well")).containsText("没有要发布的");
    assertThat(String.valueOf(TOWN.wechat.menu())).contains("找人");
    assertThat(
            TOWN.sqlOne(
                "SELECT s.code FROM audit_entry e JOIN staff s ON s.id = e.staff_id WHERE e.what = 'menu_published'"))
        .isEqualTo(DISPATCHER);

    // Of a street only, one may look.
    Files.writeString(TOWN.menu(), "- { name: 进度, key: progress }\n");
    Page street = enter(desktop(), TOWN.url("/console"), Counter.WANG);
    street.navigate(TOWN.url("/console/accounts/wechat/main/menu"));
    assertThat(street.locator(".menu-changes .gone")).hasCount(1);
    assertThat(street.locator("[data-opens=menu-dialog]")).hasCount(0);
    assertThat(street.locator("main")).containsText("发布菜单要由管这个公众号整个辖区的");
  }

  private static Locator row(Page page, String text) {
    return page.locator(".figures tr", new Page.LocatorOptions().setHasText(text)).first();
  }
}
