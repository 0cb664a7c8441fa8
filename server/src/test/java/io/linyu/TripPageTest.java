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
  @AutoClose private static final Counter COUNTER = new Counter(TOWN.settings, TOWN.clock);
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

  private void thereAndBack(String name, String console) {
    Page desk = enter(desktop(), console, Counter.ZHANG);

    Phone wang = TOWN.follower(name).scan(DOOR);
    wang.says("咋个整，三栋楼道灯又不亮了");
    assertThat(wang.hears()).contains("3栋", "楼道灯", "回“对”");
    wang.says("对");
    assertThat(wang.hears()).contains("编号", "前联系您");

    desk.locator("[data-news]").click();
    desk.locator("[data-row]", new Page.LocatorOptions().setHasText("楼道灯")).first().click();
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
