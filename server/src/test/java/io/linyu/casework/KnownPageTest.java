package io.linyu.casework;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import io.linyu.Counter;
import io.linyu.Neighbourhood;
import io.linyu.PageTest;
import io.linyu.simulator.wechat.Phone;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// What many tell of, as the deputy publishes it and ends it.
class KnownPageTest extends PageTest {
  @AutoClose private static final Neighbourhood TOWN = Neighbourhood.open();
  @AutoClose private static final Counter COUNTER = TOWN.counter();

  @Test
  void onePublicationFromACaseTakesThoseLikeItAlongAndAnswersTheNext() {
    String first = tell("cut-a", "停水了，一滴都没得");
    String second = tell("cut-b", "家里停水了");
    String kept = tell("cut-c", "停水了，水表那里在漏");
    Page page = enter(desktop(), TOWN.url("/console"), Counter.ZHANG);
    page.navigate(TOWN.url("/console/cases/" + first));

    page.locator(".deeds a", new Page.LocatorOptions().setHasText("发布为已知的事")).click();
    assertThat(page.locator("#known-category")).hasValue("0301");
    assertThat(page.locator("#known-chosen input:checked + span")).containsText("清月园社区");
    Locator alike = page.locator("#known-alike input");
    assertThat(alike).hasCount(3);
    page.locator("#known-alike input[value='" + kept + "']").uncheck();
    page.fill("#known-told", "东门主管爆了，正在抢修，门口有水车。");
    assertThat(page.locator("#known-preview")).containsText("清月园社区已经知道：东门主管爆了");
    page.locator("#known-form .btn-primary").click();
    assertThat(page.locator(".meta").first()).containsText("2 件并进来");
    assertThat(page.locator(".known-members")).containsText("家里停水了");
    assertThat(state(first)).isEqualTo("MERGED");
    assertThat(state(kept)).isNotEqualTo("MERGED");

    Phone next = neighbour("cut-d");
    assertThat(next.says("停水了").hears()).contains("东门主管爆了，正在抢修，门口有水车。");
    next.says("1");
    String code =
        TOWN.sqlOne(
            """
            SELECT c.code FROM "case" c JOIN address a ON a.id = c.address_id
             WHERE a.external_id = '%s'
            """
                .formatted(next.openid()));
    Page resident = phone();
    resident.navigate(TOWN.url("/h5/cases/" + code));
    assertThat(resident.locator("body")).containsText("清月园社区已经知道这件事");
    assertThat(resident.locator("body")).containsText("门口有水车");

    // One was different after all, and is taken back in again.
    page.navigate(TOWN.url("/console/cases/" + second));
    page.locator(".deeds button", new Page.LocatorOptions().setHasText("单独办")).click();
    assertThat(page.locator("#case-head")).containsText("已安排，等接手");
    page.locator(".deeds button", new Page.LocatorOptions().setHasText("并进已知的事")).click();
    assertThat(page.locator("#case-head")).containsText("一起办");
    page.locator(".notice button").click();
    assertThat(page.locator("#case-head")).containsText("已安排，等接手");

    page.locator(".rail [data-go=k]").click();
    page.locator(".known-list a").first().click();
    page.fill("#known-end", "修好了，已经来水。");
    page.locator("form[action$='/end'] .btn-primary").click();
    assertThat(page.locator(".toasts")).containsText("结束了");
    next.awaitHeard("修好了，已经来水。");
    resident.reload();
    assertThat(resident.locator("body")).containsText("这件事办完了");
    assertThat(resident.locator("body")).containsText("已经来水");
  }

  @Test
  void whatCameWhileItWasPublishedIsJoinedWithOnePressAndTakenBackWithAnother() {
    String one = tell("late-a", "停电了");
    String two = tell("late-b", "家里停电了");
    String kept = tell("late-c", "又停电了");
    for (Page page : List.of(desktop(), phone())) {
      Page zhang = enter(page, TOWN.url("/console"), Counter.ZHANG);
      String category =
          TOWN.sqlOne("SELECT category_code FROM \"case\" WHERE code = '" + one + "'");
      zhang.navigate(TOWN.url("/console/known/new"));
      zhang.selectOption("#known-category", category);
      zhang.fill("#known-told", "电工在路上。");
      assertThat(zhang.locator("#known-alike input")).hasCount(3);
      for (Locator each : zhang.locator("#known-alike input").all()) {
        each.uncheck(); // as if they had come a moment later
      }
      zhang.locator("#known-form .btn-primary").click();
      zhang.waitForURL("**/console/known/*");
      zhang.fill("#known-end", "还没写完");

      assertThat(zhang.locator("#known-like input:checked")).hasCount(3);
      zhang.locator("#known-like input[value='" + kept + "']").uncheck();
      assertThat((int) zhang.evaluate("document.documentElement.scrollWidth"))
          .isLessThanOrEqualTo((int) zhang.evaluate("innerWidth"));
      zhang.locator("#known-like .btn-primary").click();
      assertThat(zhang.locator("#known-count")).containsText("2 件并进来");
      assertThat(zhang.locator(".known-members li")).hasCount(2);
      assertThat(zhang.locator("#known-like input[type=checkbox]")).hasCount(1);
      assertThat(zhang.locator("#known-end")).hasValue("还没写完");
      assertThat(state(one)).isEqualTo("MERGED");
      assertThat(state(two)).isEqualTo("MERGED");

      zhang.locator(".toasts .notice button").last().click();
      assertThat(zhang.locator("#known-count")).containsText("0 件并进来");
      assertThat(zhang.locator("#known-like input:checked")).hasCount(3);
      assertThat(zhang.locator(".known-members li")).hasCount(0);
      assertThat(state(one)).isNotEqualTo("MERGED");
      zhang.locator(".known-back button").click();
      assertThat(zhang.locator(".toasts")).containsText("收回来了");
    }
  }

  @Test
  void onAPhoneItIsPublishedFromNothingAndTakenBack() {
    Page page = enter(phone(), TOWN.url("/console"), Counter.ZHANG);
    page.navigate(TOWN.url("/console/known/new"));
    page.selectOption("#known-category", "0302");
    page.fill("#known-place", "3栋");
    assertThat(page.locator("#known-found input:checked + span")).containsText("清月园社区3栋");
    page.fill("#known-told", "电工在换保险。");
    assertThat((int) page.evaluate("document.documentElement.scrollWidth"))
        .isLessThanOrEqualTo(390);
    page.locator("#known-form .btn-primary").click();
    assertThat(page.locator(".toasts")).containsText("发布了");
    assertThat(page.locator("h1")).containsText("清月园社区3栋");
    assertThat((int) page.evaluate("document.documentElement.scrollWidth"))
        .isLessThanOrEqualTo(390);

    page.locator(".known-back button").click();
    assertThat(page.locator(".toasts")).containsText("收回来了");
    assertThat(neighbour("power").says("停电了").hears()).doesNotContain("已经知道");
    page.navigate(TOWN.url("/console/known?over=true"));
    assertThat(page.locator(".known-list")).containsText("撤下了");

    // Next door they neither see it nor speak for this place.
    Page sun = enter(desktop(), TOWN.url("/console"), Counter.SUN);
    sun.navigate(TOWN.url("/console/known?over=true"));
    assertThat(sun.locator(".sheet-page")).not().containsText("电工在换保险");
    sun.navigate(TOWN.url("/console/known/new"));
    sun.fill("#known-place", "清月园3栋");
    assertThat(sun.locator("#known-found")).containsText("不归您管");
  }

  private static String tell(String name, String what) {
    Phone phone = neighbour(name);
    phone.says(what).says("对");
    return TOWN.sqlOne(
        """
        SELECT c.code FROM "case" c JOIN address a ON a.id = c.address_id
         WHERE a.external_id = '%s'
        """
            .formatted(phone.openid()));
  }

  private static Phone neighbour(String name) {
    return TOWN.follower(name).scan("bld:" + COUNTER.place("88001001B3").code());
  }

  private static String state(String code) {
    return TOWN.sqlOne("SELECT state FROM \"case\" WHERE code = '" + code + "'");
  }
}
