package io.linyu.casework;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import io.linyu.Counter;
import io.linyu.Neighbourhood;
import io.linyu.PageTest;
import io.linyu.community.Address;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Two o'clock in the morning, one hand: a desk is handed over and taken over.
class ShiftPageTest extends PageTest {
  @AutoClose private static final Neighbourhood TOWN = Neighbourhood.open();
  @AutoClose private static final Counter COUNTER = TOWN.counter();
  private static final Address WANG = COUNTER.resident("王阿姨");

  @Test
  void isHandedOverAskedAboutTakenOverAndTakenBack() {
    Case leak = held("屋顶漏水", TOWN.clock.instant().minus(Duration.ofDays(60)));
    Case lamp = held("路灯坏了", TOWN.clock.instant());
    Page zhang = enter(phone(), TOWN.url("/console"), Counter.ZHANG);
    zhang.locator(".rail [data-go=d]").click();
    zhang.locator("#day header a").click();
    Locator overdue = zhang.locator(".shift-overdue li");
    assertThat(overdue).containsText("屋顶漏水");
    overdue.locator("[name^=comment-]").fill("雨停了再看，钥匙在门卫");
    overdue.locator("[name^=star-]").check();
    zhang.fill("#shift-note", "门卫会来电话");
    TOWN.until(
        "what was written is kept",
        () ->
            TOWN.sqlOne(
                    "SELECT count(*) FROM shift_draft WHERE text IN ('门卫会来电话', 'on') OR text LIKE '雨停%'")
                .equals("3"));
    zhang.reload();
    assertThat(overdue.locator("[name^=comment-]")).hasValue("雨停了再看，钥匙在门卫");
    assertThat(overdue.locator("[name^=star-]")).isChecked();
    assertThat(zhang.locator("#shift-note")).hasValue("门卫会来电话");
    fits(zhang);
    zhang.locator(".shift-do .btn").click();
    assertThat(zhang.locator("#handover")).containsText("交了班，等人接");
    assertThat(zhang.locator(".toasts")).containsText("交班了，等人接");

    // Nothing was handed over by mistake: taken back, it is written on.
    zhang.locator(".toasts button", new Page.LocatorOptions().setHasText("撤销")).click();
    assertThat(zhang.locator("#shift-note")).hasValue("门卫会来电话");
    assertThat(overdue.locator("[name^=star-]")).isChecked();
    zhang.locator(".shift-do .btn").click();
    assertThat(zhang.locator("#handover")).containsText("交了班，等人接");

    Page li = enter(phone(), TOWN.url("/console"), Counter.LI);
    li.locator(".rail [data-go=d]").click();
    assertThat(li.locator(".shift-bar")).containsText("张伟");
    li.locator(".shift-bar a").click();
    assertThat(li.locator(".shift-starred li")).containsText("雨停了再看，钥匙在门卫");
    assertThat(li.locator(".shift-note")).hasText("门卫会来电话");
    fits(li);
    li.fill("#shift-word", "哪个门卫？");
    li.locator(".shift-ask button").click();
    assertThat(li.locator(".shift-said")).containsText("哪个门卫？");
    assertThat(zhang.locator(".shift-bar")).containsText("有人在问");
    zhang.locator(".shift-bar a").click();
    zhang.fill("#shift-word", "东门的");
    zhang.locator(".shift-ask button").click();
    assertThat(li.locator(".shift-said")).containsText("东门的");
    assertThat(now(leak).staffName()).isEqualTo("张伟");

    li.locator("h1").click();
    li.keyboard().press("e");
    assertThat(li.locator(".shift-state")).containsText("李敏");
    assertThat(li.locator(".toasts")).containsText("2 件到您手上");
    assertThat(now(leak).staffName()).isEqualTo("李敏");
    li.locator(".toasts button", new Page.LocatorOptions().setHasText("撤销")).click();
    assertThat(li.locator(".shift-do .btn")).containsText("接班，2 件");
    assertThat(now(leak).staffName()).isEqualTo("张伟");
    li.locator(".shift-do .btn").click();
    assertThat(li.locator(".shift-state")).containsText("接的班");
    assertThat(now(lamp).staffName()).isEqualTo("李敏");
    assertThat(zhang.locator(".shift-state")).containsText("李敏");

    li.navigate(TOWN.url("/console/desks"));
    li.locator(".sheet-page header a", new Page.LocatorOptions().setHasText("记录")).click();
    assertThat(li.locator(".shift-history li").first()).containsText("张伟 → 李敏");
    assertThat(li.locator(".shift-history li").last()).containsText("撤回");
    li.locator(".shift-history a").first().click();
    li.locator("#shift-sheet header a").first().click();
    assertThat(li.locator(".paper table").first()).containsText("屋顶漏水");
    assertThat(li.locator(".paper dl")).containsText("李敏");
  }

  @Test
  void oneCaseIsGivenToAColleagueAndTakenBack() {
    Case gate = held("门禁坏了", TOWN.clock.instant());
    Page page = enter(desktop(), TOWN.url("/console"), Counter.ZHANG);
    page.navigate(TOWN.url("/console/cases/" + gate.code()));
    page.keyboard().press("c");
    page.locator("#give-to").selectOption(Long.toString(COUNTER.staff(Counter.LI).id()));
    page.fill("#give-reason", "李敏认识物业");
    page.locator("#give-dialog .btn-primary").click();
    assertThat(page.locator(".toasts")).containsText("交给同事了");
    assertThat(page.locator("#case-facts")).containsText("张伟 交给了 李敏");
    assertThat(page.locator("#case-facts")).containsText("李敏认识物业");
    assertThat(now(gate).staffName()).isEqualTo("李敏");
    page.locator(".toasts button", new Page.LocatorOptions().setHasText("撤销")).click();
    assertThat(page.locator(".toasts")).containsText("收回来了");
    assertThat(now(gate).staffName()).isEqualTo("张伟");
    page.locator("#case-facts [value=nobody] ~ button").click();
    assertThat(page.locator(".toasts")).containsText("放回本台了");
    // No button is wider than its box.
    for (int width : new int[] {1440, 390}) {
      page.setViewportSize(width, 900);
      assertThat(
              (Integer)
                  page.evaluate(
                      "() => [...document.querySelectorAll('.deeds .btn')].filter(b => b.scrollWidth > b.clientWidth + 1).length"))
          .as("buttons at " + width)
          .isZero();
    }
  }

  private static void fits(Page page) {
    assertThat(
            (Boolean)
                page.evaluate(
                    "() => document.documentElement.scrollWidth <= document.documentElement.clientWidth"))
        .isTrue();
  }

  private static Case held(String what, Instant said) {
    Opened told = COUNTER.told(WANG, what, "0102", said);
    return COUNTER.handling.claim(COUNTER.staff(Counter.ZHANG), told.id(), 1);
  }

  private static Case now(Case matter) {
    return COUNTER.cases.named(COUNTER.db(), matter.id()).orElseThrow();
  }
}
