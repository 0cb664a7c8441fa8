package io.linyu.casework;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import io.linyu.App;
import io.linyu.Counter;
import io.linyu.PageTest;
import io.linyu.Settings;
import io.linyu.World;
import io.linyu.community.Address;
import io.linyu.community.Staff;
import io.linyu.platform.Refusal;
import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Lists that are kept, and the same done with several cases of one.
class SeveralPageTest extends PageTest {
  private static final Clock CLOCK = Clock.systemUTC();
  private static final Settings SETTINGS = World.settings();
  @AutoClose private static final Counter COUNTER = new Counter(SETTINGS, CLOCK);
  @AutoClose private static final App APP = App.start(SETTINGS, CLOCK);
  private static final Address RESIDENT = COUNTER.resident("王阿姨");

  @Test
  void severalAreTakenAndTakenBackTogether() {
    List<Opened> told = told("楼道灯一", "楼道灯二", "楼道灯三");
    Page page = enter(desktop(), url("/console"), Counter.ZHANG);
    page.navigate(url("/console/cases?view=unclaimed&q=楼道灯"));
    assertThat(page.locator("[data-row]")).hasCount(3);
    assertThat(page.locator("#several")).isHidden();
    page.keyboard().press("j");
    page.keyboard().press("x");
    assertThat(page.locator("[data-picked]")).hasText("选了 1 件");
    page.keyboard().press("j");
    page.keyboard().press("j");
    page.keyboard().press("Shift+X");
    assertThat(page.locator("[data-picked]")).hasText("选了 3 件");
    // Meanwhile a colleague takes one of them: several at once take nothing away from anybody.
    Case second = COUNTER.handling.claim(COUNTER.staff(Counter.LI), told.get(1).id(), 1);
    assertThat(page.locator("[data-row]", new Page.LocatorOptions().setHasText("楼道灯二")))
        .containsText("李敏");
    page.locator("#several [value=claim]").click();

    assertThat(page.locator(".outcome")).containsText(second.number().text() + " 楼道灯二");
    assertThat(page.locator(".outcome")).containsText("李敏 已经接手了这件事");
    assertThat(page.locator(".toasts")).containsText("2 件您接手了。还有 1 件没办成");
    assertThat(page.locator("[data-row]")).hasCount(0);
    assertThat(holders(told)).containsExactly("张伟", "李敏", "张伟");

    page.locator(".toasts button", new Page.LocatorOptions().setHasText("撤销")).click();
    assertThat(page.locator("[data-row]")).hasCount(2);
    assertThat(holders(told)).containsExactly("", "李敏", "");
  }

  @Test
  void severalAreHandedOnNotedAndClosedByTheRulesOfEach() {
    Staff zhang = COUNTER.staff(Counter.ZHANG);
    List<Opened> told = told("信箱坏一", "信箱坏二");
    Page page = enter(desktop(), url("/console"), Counter.ZHANG);
    page.navigate(url("/console/cases?view=desk&q=信箱坏"));
    page.locator("[data-pick-all]").evaluate("all => all.click()");
    assertThat(page.locator("[data-picked]")).hasText("选了 2 件");
    page.locator("[data-opens=several-note]").click();
    page.fill("#several-note-text", "两件是一家");
    page.locator("#several-note .btn-primary").click();
    assertThat(page.locator(".toasts")).containsText("2 件记下了。");
    assertThat(page.locator("#several-note")).isHidden();
    for (Opened each : told) {
      assertThat(COUNTER.cases.notes(zhang, each.id()))
          .extracting(Note::text)
          .containsExactly("两件是一家");
    }

    pickAll(page);
    page.locator("[data-opens=several-report]").click();
    page.fill("#several-report-text", "修好了");
    page.locator("#several-report .btn-primary").click();
    assertThat(page.locator(".outcome li")).hasCount(2);
    assertThat(page.locator(".outcome")).containsText("还没有人接手");

    pickAll(page);
    page.locator("[data-opens=several-hand-on]").click();
    page.locator("#several-desk")
        .selectOption(
            page.locator("#several-desk option", new Page.LocatorOptions().setHasText("分中心"))
                .first()
                .getAttribute("value"));
    page.fill("#several-hand_on-text", "要街道出面");
    page.locator("#several-hand-on .btn-primary").click();
    assertThat(page.locator(".toasts")).containsText("2 件转过去了。");
    assertThat(page.locator("[data-row]")).hasCount(0);
    page.locator(".toasts button", new Page.LocatorOptions().setHasText("撤销")).last().click();
    assertThat(page.locator("[data-row]")).hasCount(2);
    assertThat(page.locator(".toasts")).containsText("2 件收回来了。");
  }

  @Test
  void severalAreGivenToAColleagueAndTakenBackTogether() {
    Staff zhang = COUNTER.staff(Counter.ZHANG);
    List<Opened> told = told("楼梯扶手一", "楼梯扶手二");
    var _ = COUNTER.handling.claim(zhang, told.getFirst().id(), 1);
    Page page = enter(desktop(), url("/console"), Counter.ZHANG);
    page.navigate(url("/console/cases?view=desk&q=楼梯扶手"));
    page.locator("[data-pick-all]").evaluate("all => all.click()");
    page.locator("[data-opens=several-give]").click();
    page.locator("#several-colleague").selectOption(Long.toString(COUNTER.staff(Counter.LI).id()));
    assertThat(page.locator("#several-colleague option")).hasCount(2);
    page.locator("#several-give .btn-primary").click();
    assertThat(page.locator(".toasts")).containsText("2 件交给同事了。");
    assertThat(holders(told)).containsExactly("李敏", "李敏");
    assertThat(COUNTER.cases.history(zhang, told.getFirst().id()).getLast().sentence())
        .isEqualTo("张伟 交给了 李敏");
    Case second = COUNTER.cases.visibleTo(zhang, told.getLast().id());
    assertThat(second.state()).isEqualTo(CaseState.HANDLING);

    page.locator(".toasts button", new Page.LocatorOptions().setHasText("撤销")).last().click();
    assertThat(page.locator(".toasts")).containsText("2 件收回来了。");
    assertThat(holders(told)).containsExactly("张伟", "");
    // Waits to be signed again, by the clock that ran before.
    second = COUNTER.cases.visibleTo(zhang, told.getLast().id());
    assertThat(second.state()).isEqualTo(CaseState.DISPATCHED);

    // Only what is one's own, and only to those who work there.
    Case mine = COUNTER.cases.visibleTo(zhang, told.getFirst().id());
    assertThatThrownBy(() ->
            COUNTER.handling.give(
                zhang, mine.id(), mine.version(), COUNTER.staff(Counter.SUN).id()))
        .isInstanceOf(Refusal.class);
    assertThatThrownBy(() ->
            COUNTER.handling.give(COUNTER.staff(Counter.LI), mine.id(), mine.version(), zhang.id()))
        .isInstanceOf(Refusal.class);
  }

  @Test
  void listsAreKeptForOneselfOrForTheDesk() {
    var _ = told("路灯歪了");
    Page page = enter(desktop(), url("/console"), Counter.ZHANG);
    page.locator(".who summary").click();
    page.locator("[name=density]").click();
    assertThat(page.locator("html[data-density=compact]")).isAttached();
    page.navigate(url("/console/cases?view=all_open&q=路灯歪"));
    page.locator("[data-opens=keep-dialog]").click();
    page.fill("#keep-name", "路灯");
    page.selectOption(
        "#keep-desk", new com.microsoft.playwright.options.SelectOption().setIndex(1));
    page.locator("#keep-dialog .btn-primary").click();
    Locator kept = page.locator("#saved a");
    assertThat(kept).containsText("路灯");
    assertThat(kept.locator("b")).hasText("1");
    assertThat(kept).hasAttribute("aria-current", "page");

    Page li = enter(phone(), url("/console"), Counter.LI);
    li.locator("#saved a").click();
    assertThat(li.locator("[data-row]")).containsText("路灯歪了");
    li.locator("[data-opens=view-dialog]").click();
    li.fill("#view-name", "歪路灯");
    li.locator("#view-dialog .btn-primary").first().click();
    assertThat(li.locator("#saved a")).containsText("歪路灯");
    li.locator("[data-opens=view-dialog]").click();
    li.locator("#view-dialog .btn-plain").click();
    assertThat(li.locator("#saved a")).hasCount(0);
    li.locator(".toasts button", new Page.LocatorOptions().setHasText("撤销")).click();
    assertThat(li.locator("#saved a")).containsText("歪路灯");

    Page sun = enter(desktop(), url("/console"), Counter.SUN);
    assertThat(sun.locator("#tabs")).isVisible();
    assertThat(sun.locator("#saved a")).hasCount(0);
  }

  @Test
  void cannedRepliesAreFilledAndNotSentWithHoles() {
    Staff zhang = COUNTER.staff(Counter.ZHANG);
    Opened told = told("井盖响").getFirst();
    Case mine = COUNTER.handling.claim(zhang, told.id(), 1);
    Page page = enter(desktop(), url("/console"), Counter.ZHANG);
    page.navigate(url("/console/replies"));
    page.fill("#reply-name", "问候");
    page.fill("#reply-text", "{称呼}您好，{编号}由{社区}{工作人员}办。");
    page.locator("#replies .tile").first().locator(".btn-primary").click();
    assertThat(page.locator("#replies")).containsText("{称呼}您好");

    page.navigate(url("/console/cases/" + mine.code()));
    page.locator("#answer-text").pressSequentially("/");
    assertThat(page.locator("#replies-find")).isFocused();
    assertThat(page.locator("[data-reply]").first()).isVisible();
    page.fill("#replies-find", "问候");
    page.keyboard().press("Enter");
    String filled = "王阿姨您好，" + mine.number().text() + "由清月园社区张伟办。";
    assertThat(page.locator("#answer-text")).hasValue(filled);

    page.fill("#answer-text", "{期限}给您回话");
    page.locator("#answer-form .btn-primary").click();
    assertThat(page.evaluate("document.querySelector('#answer-text').validationMessage").toString())
        .contains("{期限}");
    assertThatThrownBy(() -> COUNTER.handling.answer(zhang, mine.id(), mine.version(), "{期限}给您回话"))
        .isInstanceOf(Refusal.class);
    assertThat(COUNTER.cases.answers(zhang, mine.id())).isEmpty();
    page.fill("#answer-text", filled);
    page.locator("#answer-form .btn-primary").click();
    assertThat(page.locator(".toasts")).containsText("回复已交出去发送");
    assertThat(COUNTER.cases.answers(zhang, mine.id()))
        .extracting(Answer::text)
        .containsExactly(filled);

    page.navigate(url("/console/replies"));
    Locator own = page.locator("#replies .tile", new Page.LocatorOptions().setHasText("问候"));
    own.locator("summary").click();
    own.locator(".btn-plain").click();
    assertThat(own).hasCount(0);
    page.locator(".toasts button", new Page.LocatorOptions().setHasText("撤销")).click();
    assertThat(own).hasCount(1);
  }

  @Test
  void whatIsBeingWrittenIsThereOnEveryDeviceUntilItIsSent() {
    Staff zhang = COUNTER.staff(Counter.ZHANG);
    Opened told = told("雨棚漏水").getFirst();
    Case mine = COUNTER.handling.claim(zhang, told.id(), 1);
    Page page = enter(desktop(), url("/console"), Counter.ZHANG);
    page.navigate(url("/console/cases/" + mine.code() + "?view=mine&q=雨棚"));
    page.fill("#answer-text", "师傅明天来补");
    assertThat(page.locator("#row-" + mine.code() + " .draft")).hasText("草稿");

    Page phone = enter(phone(), url("/console"), Counter.ZHANG);
    phone.navigate(url("/console/cases/" + mine.code() + "?view=mine&q=雨棚"));
    assertThat(phone.locator("#answer-text")).hasValue("师傅明天来补");
    Page li = enter(desktop(), url("/console"), Counter.LI);
    li.navigate(url("/console/cases/" + mine.code() + "?view=desk&q=雨棚"));
    assertThat(li.locator("#note-text")).hasValue("");
    assertThat(li.locator(".chip.draft")).hasCount(0);

    phone.locator("#answer-form .btn-primary").click();
    assertThat(phone.locator(".toasts")).containsText("回复已交出去发送");
    page.reload();
    assertThat(page.locator("#answer-text")).hasValue("");
    assertThat(page.locator(".chip.draft")).hasCount(0);
    assertThat(COUNTER.db().one("SELECT count(*) AS n FROM draft").getLong("n")).isZero();
  }

  private static void pickAll(Page page) {
    assertThat(page.locator("#several")).isHidden();
    page.locator("[data-pick-all]").evaluate("all => all.click()");
  }

  private static List<String> holders(List<Opened> told) {
    return told.stream()
        .map(each -> COUNTER.cases.visibleTo(COUNTER.staff(Counter.ZHANG), each.id()))
        .map(matter -> matter.staffName() == null ? "" : matter.staffName())
        .toList();
  }

  private static List<Opened> told(String... what) {
    return Stream.of(what)
        .map(each -> COUNTER.told(RESIDENT, each, "0102", CLOCK.instant()))
        .toList();
  }

  private static String url(String path) {
    return "http://localhost:" + APP.port() + path;
  }
}
