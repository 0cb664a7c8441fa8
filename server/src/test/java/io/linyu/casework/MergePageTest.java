package io.linyu.casework;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import io.linyu.Counter;
import io.linyu.Neighbourhood;
import io.linyu.PageTest;
import io.linyu.community.Staff;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Two who tell of the same, as the deputy sees it on a phone, and one of them on theirs.
class MergePageTest extends PageTest {
  @AutoClose private static final Neighbourhood TOWN = Neighbourhood.open();
  @AutoClose private static final Counter COUNTER = TOWN.counter();

  @Test
  void onAPhoneOneIsMergedTakenBackMergedAgainAndAnsweredForBoth() {
    Staff zhang = COUNTER.staff(Counter.ZHANG);
    Opened first = COUNTER.told(COUNTER.resident("王桂兰"), "楼道里堆了旧沙发", "0102", now());
    Opened second = COUNTER.told(COUNTER.resident("陈永年"), "三楼过道堵住了", "0102", now());
    Case master = COUNTER.handling.claim(zhang, first.id(), 1);
    Page page = enter(phone(), TOWN.url("/console"), Counter.ZHANG);
    page.navigate(TOWN.url("/console/cases/" + second.code()));

    merge(page);
    assertThat(page.locator("#case-head")).containsText("一起办");
    assertThat(page.locator(".merged a")).containsText(first.number().text());
    page.locator(".toasts .notice button").last().click();
    assertThat(page.locator("#case-head")).containsText("已安排，等接手");
    merge(page);
    assertThat(page.locator(".merged a")).containsText(first.number().text());

    page.navigate(TOWN.url("/console/cases/" + master.code()));
    assertThat(page.locator(".merged summary")).containsText("并进来 1 件，进展告诉 2 位居民");
    assertThat(page.locator(".merged li")).containsText("三楼过道堵住了");
    assertThat(page.locator(".heard")).containsText("2 位");
    page.fill("#answer-text", "下午来人清走。");
    page.locator("#answer-form .btn-primary").click();
    assertThat(page.locator("#case-facts")).containsText("联系");

    Page resident = phone();
    resident.navigate(TOWN.url("/h5/cases/" + second.code()));
    assertThat(resident.locator("body")).containsText("和别人反映的一起办");
    assertThat(resident.locator("body")).containsText("下午来人清走。");
    assertThat(resident.locator("body")).not().containsText("旧沙发");
    assertThat((int) resident.evaluate("document.documentElement.scrollWidth"))
        .isLessThanOrEqualTo((int) resident.evaluate("innerWidth"));
  }

  private static java.time.Instant now() {
    return TOWN.clock.instant();
  }

  private static void merge(Page page) {
    page.locator(".deeds button", new Page.LocatorOptions().setHasText("并案")).click();
    assertThat(page.locator("#merge-found p.merge-one")).containsText("三楼过道堵住了");
    assertThat(page.locator("#merge-found label.merge-one")).containsText("楼道里堆了旧沙发");
    assertThat((int) page.evaluate("document.documentElement.scrollWidth"))
        .isLessThanOrEqualTo((int) page.evaluate("innerWidth"));
    page.locator("#merge-found label.merge-one input").check();
    page.locator("#merge-dialog .btn-primary").click();
  }
}
