package io.linyu;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import io.linyu.simulator.wechat.Phone;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// There and back: a resident's word reaches a desk, and the answer returns.
class TripPageTest extends PageTest {
  @AutoClose private static final Neighbourhood TOWN = Neighbourhood.open();
  @AutoClose private static final Counter COUNTER = TOWN.counter();
  private static final String DOOR = "bld:" + COUNTER.place("88001001B3").code();

  @Test
  void aWordReachesTheDeskAndTheAnswerReturns() {
    thereAndBack("wang", TOWN.url("/console"));
  }

  @Test
  void soTheyDoWhenTheDeskLooksAtAnotherServerThanWeChatTalksTo() {
    try (App other = App.start(TOWN.settings, TOWN.clock)) {
      thereAndBack("zhou", "http://localhost:" + other.port() + "/console");
    }
  }

  @Test
  void whatComesWhileThePageIsOnItsWayIsNotMissed() {
    Phone sun = TOWN.follower("sun").scan(DOOR);
    sun.says("楼下垃圾桶满了没人清运");
    Page desk = desktop();
    desk.route(
        "**/console/live",
        stream -> {
          sun.says("对");
          TOWN.until("signalled", TripPageTest::isSignalled);
          stream.resume();
        });
    enter(desk, TOWN.url("/console"), Counter.ZHANG);

    desk.locator("[data-news]").click();
    assertThat(desk.locator("[data-row]", new Page.LocatorOptions().setHasText("垃圾桶"))).hasCount(1);
  }

  private static boolean isSignalled() {
    return TOWN.sqlOne(
            """
            SELECT count(*) FROM event e, event_cursor c
             WHERE e.room = 'casework' AND c.listener = 'live-cases'
               AND (e.xid, e.id) > (c.last_xid, c.last_event)
            """)
        .equals("0");
  }

  private void thereAndBack(String name, String console) {
    Page desk = enter(desktop(), console, Counter.ZHANG);

    Phone wang = TOWN.follower(name).scan(DOOR);
    wang.says("咋个整，三栋楼道灯又不亮了");
    assertThat(wang.hears()).contains("3栋", "楼道灯", "回“对”");
    wang.says("对");
    assertThat(wang.hears()).contains("编号", "前联系您");
    String number = wang.hears().replaceAll("(?s).*编号(\\d+-\\d+).*", "$1");

    desk.locator("[data-news]").click();
    desk.locator("[data-row]", new Page.LocatorOptions().setHasText(number)).click();
    assertThat(desk.locator("#conversation")).containsText("三栋楼道灯又不亮了");

    desk.locator("[data-key=e]").first().click();
    assertThat(desk.locator(".notice").last()).containsText("您接手了");
    TOWN.clock.pass(Duration.ofSeconds(11));
    wang.awaitHeard("张伟");

    desk.locator("#answer-text").fill("电工下午三点到，换个声控开关。");
    desk.locator("#answer-form button.btn-primary").click();
    wang.awaitHeard("电工下午三点到");
    assertThat(desk.locator("#conversation")).containsText("已送达平台");

    wang.says("好的，谢谢");
    assertThat(desk.locator("#conversation")).containsText("好的，谢谢");
    desk.close();
  }
}
