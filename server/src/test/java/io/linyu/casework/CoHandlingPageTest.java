package io.linyu.casework;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.FilePayload;
import io.linyu.Counter;
import io.linyu.Neighbourhood;
import io.linyu.PageTest;
import io.linyu.community.Staff;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// On a telephone: one desk asks another to do a part, which signs and answers.
class CoHandlingPageTest extends PageTest {
  @AutoClose private static final Neighbourhood TOWN = Neighbourhood.open();
  @AutoClose private static final Counter COUNTER = TOWN.counter();
  private static final String FIRE = "U11";

  @Test
  void isAskedSignedAndAnsweredOnATelephone() {
    String desk = COUNTER.hireAt(FIRE, "消防救援机构");
    var opened = COUNTER.told(COUNTER.resident("王阿姨"), "楼道堆满了纸箱", "0102", TOWN.clock.instant());
    Staff zhang = COUNTER.staff(Counter.ZHANG);
    Case mine =
        COUNTER.handling.claim(
            zhang, opened.id(), COUNTER.cases.visibleTo(zhang, opened.id()).version());

    Page lead = enter(phone(), TOWN.url("/console"), Counter.ZHANG);
    lead.navigate(TOWN.url("/console/cases/" + mine.code()));
    lead.locator("[data-opens=part-dialog]").click();
    Locator dialog = lead.locator("#part-dialog");
    assertThat(dialog.locator(".part-desks label").first()).containsText("目录里的协办");
    dialog.locator(".part-desks label").first().click();
    dialog.locator("#part-text").fill("请来看看消防通道");
    dialog.locator("#part-day").fill(dialog.locator("#part-day").getAttribute("max"));
    dialog.locator(".btn-primary").click();
    assertThat(lead.locator(".toasts")).containsText("请了");
    assertThat(lead.locator(".case-parts")).containsText(desk);
    assertThat(lead.locator(".case-parts")).containsText("会办都答复了，才能反馈结果");
    assertThat(lead.locator("[data-opens=report-dialog]")).hasCount(0);
    fits(lead);

    Page fire = enter(phone(), TOWN.url("/console"), FIRE);
    Locator tab = fire.locator("#tabs a", new Page.LocatorOptions().setHasText("会办"));
    assertThat(tab.locator("b")).hasText("1");
    tab.click();
    fits(fire);
    fire.locator(".part-rows a").click();
    assertThat(fire.locator(".part-page")).containsText("请来看看消防通道");
    assertThat(fire.locator(".part-page")).containsText("楼道堆满了纸箱");
    fits(fire);
    fire.locator("form[action$=holder] button").click();
    assertThat(fire.locator(".part-page header")).containsText("在办");
    fire.locator("#part-answer").fill("通道清出来了，贴了告示");
    fire.locator("#part-photos").setInputFiles(new FilePayload("a.jpg", "image/jpeg", picture()));
    fire.locator("form[action$=answer] button").click();
    assertThat(fire.locator(".part-page header")).containsText("答复了");
    assertThat(fire.locator("form[action$=answer]")).hasCount(0);

    assertThat(lead.locator(".case-parts blockquote")).containsText("通道清出来了，贴了告示");
    assertThat(lead.locator(".note-photo img").first()).isVisible();
    assertThat(lead.locator("[data-opens=report-dialog]").first()).isVisible();
    Page resident = phone();
    resident.navigate(TOWN.url("/h5/cases/" + mine.code()));
    assertThat(resident.locator(".h5-way")).containsText(desk + " 办了他们那一块，回了话");

    // What is asked by mistake is taken back at once.
    lead.locator("[data-opens=part-dialog]").click();
    dialog.locator(".part-desks label").first().click();
    dialog.locator("#part-text").fill("问错了");
    dialog.locator("#part-day").fill(dialog.locator("#part-day").getAttribute("max"));
    dialog.locator(".btn-primary").click();
    assertThat(lead.locator(".case-parts li")).hasCount(2);
    resident.reload();
    assertThat(resident.locator(".h5-along")).containsText("一起在办的还有：" + desk);
    lead.locator(".toasts button", new Page.LocatorOptions().setHasText("撤销")).last().click();
    assertThat(lead.locator(".toasts")).containsText("撤回了");
    assertThat(lead.locator(".case-parts")).containsText("撤回了");
  }

  private static void fits(Page page) {
    assertThat((Integer) page.evaluate("document.documentElement.scrollWidth"))
        .as(page.url())
        .isLessThanOrEqualTo(390);
  }

  private static byte[] picture() {
    try (InputStream in = CoHandlingPageTest.class.getResourceAsStream("/demo/photos/puddle.jpg")) {
      return Objects.requireNonNull(in).readAllBytes();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
