package io.linyu.casework;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import io.linyu.Counter;
import io.linyu.Neighbourhood;
import io.linyu.PageTest;
import io.linyu.TestClock;
import io.linyu.platform.time.StatutoryDays;
import java.time.LocalDate;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class CalendarPageTest extends PageTest {
  @AutoClose private static final Neighbourhood TOWN = Neighbourhood.open();
  @AutoClose private static final Counter COUNTER = TOWN.counter();

  @Test
  void saysWhichYearsAreAnnouncedAndWhichAreNot() {
    Page page = enter(phone(), TOWN.url("/console"), Counter.ZHANG);
    page.navigate(TOWN.url("/console/calendar?year=2025"));
    Locator calendar = page.locator(".calendar");
    assertThat(calendar).containsText("放假安排已公布并导入");
    assertThat(calendar.locator("dd a")).containsText("https://www.gov.cn/");
    assertThat(calendar.locator(".off").nth(1)).containsText("1月28日 周二 – 2月4日 周二");
    assertThat(calendar.locator(".worked").first()).containsText("1月26日 周日");
    org.assertj.core.api.Assertions.assertThat(
            page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
        .isEqualTo(true);

    // As if this year's notice had not come, whenever this runs.
    int year = LocalDate.ofInstant(TOWN.clock.instant(), TestClock.ZONE).getYear();
    var _ = TOWN.sql("DELETE FROM holiday WHERE extract(year FROM day) >= " + year);
    TOWN.until(
        "no node counts by what is gone",
        () -> {
          page.navigate(TOWN.url("/console/calendar"));
          return calendar.locator(".trouble-bar").count() == 1;
        });
    assertThat(calendar.locator(".trouble-bar")).containsText(year + " 年的放假安排还没有导入");
    assertThat(calendar.locator(".off").first()).containsText("1月1日");
    assertThat(calendar.locator(".worked")).hasCount(0);
    Locator hint =
        page.locator(".health-hint", new Page.LocatorOptions().setHasText(year + " 年的放假安排"));
    page.navigate(TOWN.url("/console/health"));
    assertThat(hint).hasCount(1);

    for (StatutoryDays.Holiday each : StatutoryDays.of(year)) {
      var _ =
          COUNTER
              .db()
              .execute(
                  "INSERT INTO holiday VALUES ($1, 'off', $2, '') ON CONFLICT DO NOTHING",
                  each.day(),
                  each.name());
    }
    TOWN.until(
        "all nodes count by it",
        () -> {
          page.navigate(TOWN.url("/console/calendar?year=" + year));
          return calendar.locator(".trouble-bar").count() == 0;
        });
    assertThat(calendar).containsText("导入时没有写");
    page.navigate(TOWN.url("/console/health"));
    assertThat(hint).hasCount(0);
  }
}
