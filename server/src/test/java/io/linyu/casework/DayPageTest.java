package io.linyu.casework;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Page;
import io.linyu.Counter;
import io.linyu.Neighbourhood;
import io.linyu.PageTest;
import io.linyu.community.Address;
import io.linyu.community.Staff;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// What somebody finds before them in the morning.
class DayPageTest extends PageTest {
  @AutoClose private static final Neighbourhood TOWN = Neighbourhood.open();
  @AutoClose private static final Counter COUNTER = TOWN.counter();

  @Test
  void saysWhatWaitsAndWellDoneWhenNothingDoes() {
    Page page = enter(phone(), TOWN.url("/console"), Counter.LI);
    page.locator(".rail [data-go=d]").click();
    assertThat(page.locator("#day")).containsText("现在没有等您的事");

    Staff li = COUNTER.staff(Counter.LI);
    Address wang = COUNTER.resident("王阿姨");
    Instant now = TOWN.clock.instant();
    Case late = claimed(wang, "屋顶漏水", now.minus(Duration.ofDays(60)), li);
    var fresh = COUNTER.told(wang, "路灯坏了", "0102", now);
    assertThat(page.locator(".day-overdue")).containsText("屋顶漏水");
    assertThat(page.locator(".day-overdue h2 b")).hasText("1");
    assertThat(page.locator(".day-unanswered")).containsText("王阿姨");
    assertThat(page.locator(".day-calls")).containsText("屋顶漏水");
    assertThat(page.locator(".day-new")).containsText("路灯坏了");

    page.locator(".day-overdue a[data-row]").click();
    page.locator("[data-mode=answer]").first().click();
    page.fill("#answer-text", "师傅在路上");
    assertThat(page.locator("#row-" + late.code() + " .draft")).isAttached();
    page.navigate(TOWN.url("/console/today"));
    assertThat(page.locator(".day-drafts")).containsText("屋顶漏水");

    Case answered = COUNTER.handling.answer(li, late.id(), late.version(), "师傅在路上");
    var _ = COUNTER.finish(li, late.id(), answered.version(), "补好了");
    assertThat(page.locator(".day-closed")).containsText("屋顶漏水");
    assertThat(page.locator(".day-overdue")).hasCount(0);
    assertThat(page.locator(".day-calls")).hasCount(0);

    // Whoever comes back after an hour has seen what was new before.
    TOWN.clock.pass(Duration.ofMinutes(45));
    var _ = COUNTER.handling.claim(COUNTER.staff(Counter.ZHANG), fresh.id(), 1);
    var _ = COUNTER.told(wang, "井盖响", "0102", TOWN.clock.instant());
    page.navigate(TOWN.url("/console/cases"));
    page.keyboard().press("g");
    page.keyboard().press("d");
    assertThat(page.locator(".day-new li")).hasCount(1);
    assertThat(page.locator(".day-new")).containsText("井盖响");
  }

  private static Case claimed(Address by, String what, Instant said, Staff staff) {
    var told = COUNTER.told(by, what, "0102", said);
    return COUNTER.handling.claim(staff, told.id(), 1);
  }
}
