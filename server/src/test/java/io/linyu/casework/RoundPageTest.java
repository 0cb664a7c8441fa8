package io.linyu.casework;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.SelectOption;
import io.linyu.Counter;
import io.linyu.Neighbourhood;
import io.linyu.PageTest;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// A round is arranged at a desk, and walked with a phone in one hand.
class RoundPageTest extends PageTest {
  @AutoClose private static final Neighbourhood TOWN = Neighbourhood.open();
  @AutoClose private static final Counter COUNTER = TOWN.counter();

  @Test
  void doorAfterDoorIsAnsweredWithOnePressAndWhatIsToldBecomesACase() {
    Page zhang = enter(desktop(), TOWN.url("/console"), Counter.ZHANG);
    zhang.navigate(TOWN.url("/console/rounds/new"));
    zhang.selectOption("#round-place", new SelectOption().setLabel("　3栋"));
    zhang.locator("input[value=safety]").check();
    zhang.selectOption("#round-visitor", new SelectOption().setLabel("李敏（社区副主任）"));
    zhang.fill(
        "#round-until", TOWN.clock.instant().plusSeconds(3 * 86_400L).toString().substring(0, 10));
    zhang.fill("[name=units]", "1");
    zhang.fill("[name=floors]", "2");
    zhang.fill("[name=beside]", "2");
    zhang.locator(".spoken-do .btn-primary").click();
    assertThat(zhang.locator(".box-count")).containsText("0 / 4");

    Page li = enter(phone(), TOWN.url("/console"), Counter.LI);
    li.navigate(TOWN.url("/console/rounds"));
    assertFits(li);
    li.locator(".round-line").first().click();
    assertThat(li.locator("#door h2")).hasText("1单元201");
    assertThat(li.locator(".round-say")).containsText("我是清月园社区的李敏");
    assertFits(li);
    li.locator("button[value=refused]").click();
    assertThat(li.locator("#door h2")).hasText("1单元202");
    li.locator("button[value=attempted]").click();
    assertThat(li.locator("#door h2")).hasText("1单元101");
    li.fill("#round-note", "灶台软管老化");
    li.locator("#door button[value=done]").click();
    assertThat(li.locator(".round-list .is-done")).containsText("灶台软管老化");
    assertThat(li.locator("#door h2")).hasText("1单元102");

    li.locator("#door .row-actions a").click();
    assertThat(li.locator("input[value=visit]")).isChecked();
    assertThat(li.locator("#spoken-place")).hasValue("清月园社区3栋1单元102");
    assertThat(li.locator("#spoken-found input:checked + span")).containsText("3栋");
    li.fill("#spoken-what", "楼道里的灯不亮了");
    li.locator(".spoken-do .btn-primary").click();
    li.waitForURL("**/slip**");
    String code = TOWN.sqlOne("SELECT code FROM \"case\" WHERE what = '楼道里的灯不亮了'");
    Case told = COUNTER.cases.visibleTo(COUNTER.staff(Counter.ZHANG), code);
    assertThat(told.channel()).isEqualTo("visit");
    assertThat(told.isEnteredBy(COUNTER.staff(Counter.LI).id())).isTrue();
    String number = TOWN.sqlOne("SELECT number FROM \"case\" WHERE what = '楼道里的灯不亮了'");
    zhang.reload();
    assertThat(zhang.locator(".round-list li").nth(3)).containsText(number);
    assertThat(zhang.locator(".box-count")).containsText("3 / 4");
    assertThat(zhang.locator("#door h2")).hasText("1单元202");

    zhang.navigate(TOWN.url("/console/figures"));
    assertThat(zhang.locator("#figures-visits")).containsText("去了 4 户，谈了 2 户；不愿谈 1 户，没在家 1 户");
  }

  private static void assertFits(Page page) {
    assertThat((int) page.evaluate("document.documentElement.scrollWidth"))
        .isLessThanOrEqualTo(page.viewportSize().width);
  }
}
