package io.linyu.casework;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import io.linyu.Counter;
import io.linyu.Neighbourhood;
import io.linyu.PageTest;
import java.time.LocalDateTime;
import java.time.ZoneId;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// A department that is asked to sit down about a case says so from a telephone.
class ConferencePageTest extends PageTest {
  @AutoClose private static final Neighbourhood TOWN = Neighbourhood.open();
  @AutoClose private static final Counter COUNTER = TOWN.counter();

  @Test
  void whoIsAskedSaysHowTheySeeItAndWhatIsDecidedIsTheirs() {
    String department = COUNTER.hireAt("U21", "城市管理局");
    TOWN.until(
        "the server knows them",
        () ->
            TOWN.rooms()
                .community()
                .staff()
                .byCode("U21")
                .filter(each -> !each.desks().isEmpty())
                .isPresent());
    String code =
        COUNTER.told(COUNTER.resident("何阿姨"), "楼道堆了旧门板", "0102", TOWN.clock.instant()).code();
    Page wang = enter(desktop(), TOWN.url("/console"), Counter.WANG);
    Page city = enter(phone(), TOWN.url("/console"), "U21");
    city.navigate(TOWN.url("/console/conferences"));
    assertThat(city.locator(".empty")).containsText("没有请你们来的会商");

    LocalDateTime day =
        LocalDateTime.ofInstant(TOWN.clock.instant(), ZoneId.of("Asia/Shanghai")).plusDays(2);
    wang.navigate(url(code));
    wang.locator(".deeds [data-opens=conference-dialog]").click();
    wang.fill("#conference-at", day.withSecond(0).withNano(0).toString());
    wang.fill("#conference-place", "街道二楼会议室");
    wang.fill("#conference-text", "请带上管线图");
    wang.locator("#conference-dialog .btn-primary").click();
    assertThat(wang.locator("#toasts")).containsText("至少请一个台");
    wang.locator("#conference-dialog label.tick")
        .filter(new com.microsoft.playwright.Locator.FilterOptions().setHasText(department))
        .locator("input")
        .check();
    wang.locator("#conference-dialog .btn-primary").click();
    assertThat(wang.locator("#conference")).containsText("街道二楼会议室");
    assertThat(wang.locator("#conference")).containsText("还没说来不来");
    assertThat(wang.locator("#case-head")).containsText("会商");

    city.navigate(TOWN.url("/console/conferences"));
    assertThat(city.evaluate("document.documentElement.scrollWidth")).isEqualTo(390);
    city.locator("#conferences a").click();
    assertThat(city.locator("h1")).containsText("的会商");
    assertThat(city.locator(".part-words").first()).containsText("请带上管线图");
    city.locator("textarea[name=text]").fill("图带来，门板要社区清");
    assertThat(city.evaluate("document.documentElement.scrollWidth")).isEqualTo(390);
    city.locator("section form .btn-primary").click();
    assertThat(city.locator(".sheet-page .chip.done")).containsText("来");
    city.navigate(url(code));
    assertThat(city.locator("#conference")).containsText("门板要社区清");
    assertThat(city.evaluate("document.documentElement.scrollWidth")).isEqualTo(390);

    wang.navigate(url(code));
    assertThat(wang.locator("#conference")).containsText("门板要社区清");
    wang.locator(".deeds [data-opens=minutes-dialog]").click();
    wang.fill("#minutes-text", "门板社区清，管线城管移");
    wang.fill("#decision-text-1", "移走管线");
    wang.locator("#minutes-dialog .btn-primary").click();
    assertThat(wang.locator("#toasts")).containsText("都要选台");
    wang.selectOption(
        "#decision-desk-1",
        wang.locator("#decision-desk-1 option", new Page.LocatorOptions().setHasText(department))
            .first()
            .getAttribute("value"));
    wang.fill("#decision-day-1", day.toLocalDate().minusDays(1).toString());
    wang.fill("#minutes-said", "门板和管线都会清走");
    wang.locator("#minutes-dialog .btn-primary").click();
    assertThat(wang.locator("#case-facts")).containsText("移走管线");
    assertThat(wang.locator("#conference")).hasCount(0);
    city.navigate(TOWN.url("/console/parts"));
    assertThat(city.locator(".part-rows")).containsText("移走管线");
    city.navigate(TOWN.url("/console/conferences"));
    assertThat(city.locator("#conferences")).containsText("开过了");

    Page resident = phone();
    resident.navigate(TOWN.url("/h5/cases/" + code));
    assertThat(resident.locator("body")).containsText("坐到一起商量这件事");
    assertThat(resident.locator("body")).containsText("门板和管线都会清走");
    forgive("422");
  }

  private static String url(String code) {
    return TOWN.url("/console/cases/" + code);
  }
}
