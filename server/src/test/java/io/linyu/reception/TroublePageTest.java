package io.linyu.reception;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import io.linyu.Counter;
import io.linyu.Neighbourhood;
import io.linyu.PageTest;
import io.linyu.casework.Case;
import io.linyu.community.Staff;
import io.linyu.simulator.wechat.Fault;
import io.linyu.simulator.wechat.Line;
import io.linyu.simulator.wechat.Phone;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// What the platform says of the whole account reaches those who can act, and nobody's message is
/// lost by it.
class TroublePageTest extends PageTest {
  private static final String SEND = "/cgi-bin/message/custom/send";

  @AutoClose private static final Neighbourhood TOWN = Neighbourhood.open();
  @AutoClose private static final Counter COUNTER = TOWN.counter();

  @Test
  void staffSeeWhatIsWrongUntilItIsOverAndTheMessageArrives() {
    Phone li = TOWN.follower("trouble");
    li.says("在吗");
    TOWN.wechat.faults().always(SEND, Fault.ADDRESS_NOT_LISTED);
    say(li, "师傅明天来");
    TOWN.until(
        "it waits",
        () -> outbound("concat(state, attempts, reason IS NOT NULL)").equals("queued0t"));

    Page page = desktop();
    page.navigate(TOWN.url("/console/alarms"));
    page.getByLabel("工号").fill(Counter.ZHANG);
    page.getByLabel("密码").fill(Counter.PASSWORD);
    page.keyboard().press("Enter");
    assertThat(page.locator(".who .name")).hasText(COUNTER.staff(Counter.ZHANG).name());
    Locator bar = page.locator(".trouble-bar");
    assertThat(bar).hasCount(1);
    assertThat(bar).containsText("公众号 main");
    assertThat(bar).containsText("203.0.113.7");
    assertThat(bar).containsText("白名单");

    TOWN.wechat.faults().none();
    TOWN.clock.pass(Duration.ofMinutes(6));
    TOWN.until("it was sent", () -> outbound("state").equals("delivered"));
    assertThat(li.hears()).isEqualTo("师傅明天来");
    page.waitForResponse("**/console/troubles", page::reload);
    // The clock that was put on is told of, too, and nothing else.
    TOWN.until("it was looked at", () -> TOWN.metric("linyu_clock_apart_seconds") > 300);
    page.waitForResponse("**/console/troubles", page::reload);
    assertThat(bar).hasCount(1);
    assertThat(bar).containsText("时钟和数据库的差 360 秒");

    page.locator(".who summary").click();
    page.getByText("运行状况").click();
    assertThat(page.locator(".health .trouble-bar")).containsText("时钟");
    assertThat(page.locator(".health-list").first()).containsText("数据库（PostgreSQL）正常");
    // What is due is looked at every few seconds, and may have been before it was sent.
    TOWN.until(
        "nothing is due any more",
        () -> {
          page.reload();
          return requireNonNull(page.locator(".health-list").last().textContent())
              .replaceAll("\\s+", "")
              .contains("要发给居民的消息没有到期的");
        });
    assertThat(page.locator(".health-list dt").allTextContents())
        .as("each has a name that people understand")
        .noneMatch(each -> each.matches("[a-z-]+"));
  }

  @Test
  void whyAnAnswerCannotReachSomebodyStandsBelowIt() {
    Phone he = TOWN.follower("black").scan("bld:" + COUNTER.place("88001001B3").code());
    he.says("楼道灯不亮了").says("对");
    Staff zhang = COUNTER.staff(Counter.ZHANG);
    String code = TOWN.sqlOne("SELECT code FROM \"case\" WHERE what LIKE '%不亮%'");
    Case matter = COUNTER.cases.visibleTo(zhang, code);
    matter = COUNTER.handling.claim(zhang, matter.id(), matter.version());
    TOWN.wechat.blacklist(he, true);
    he.says("怎么没人理我");
    matter = COUNTER.handling.answer(zhang, matter.id(), matter.version(), "师傅明天来");
    TOWN.until(
        "it was refused",
        () -> !TOWN.sql("SELECT 1 FROM outbound WHERE reason LIKE '%43019%'").isEmpty());

    Page page = enter(phone(), TOWN.url("/console"), Counter.ZHANG);
    page.navigate(TOWN.url("/console/cases/" + code));
    Locator said = page.locator(".bubble-staff:has-text('师傅明天来')");
    assertThat(said.locator(".bubble-sending-failed")).containsText("没送到：公众号把对方拉进了黑名单");
    assertThat(page.locator("#conversation")).not().containsText("怎么没人理我");
    assertThat(he.heard()).noneMatch(each -> each.text().contains("师傅明天来"));

    TOWN.wechat.blacklist(he, false);
    var _ = COUNTER.handling.answer(zhang, matter.id(), matter.version(), "师傅后天来");
    assertThat(he.awaitHeard("师傅后天来").way()).isEqualTo(Line.Way.CUSTOMER_SERVICE);
  }

  private static void say(Phone to, String text) {
    TOWN.sql(
        """
        INSERT INTO outbound (message_key, address_id, text, next_due_at, created_at, updated_at)
        SELECT 'trouble', id, '%s', now(), now(), now() FROM address WHERE external_id = '%s'
        """
            .formatted(text, to.openid()));
  }

  private static String outbound(String column) {
    return TOWN.sqlOne("SELECT " + column + " FROM outbound WHERE message_key = 'trouble'");
  }
}
