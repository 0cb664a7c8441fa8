package io.linyu.insight;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.microsoft.playwright.Page;
import io.linyu.Counter;
import io.linyu.Neighbourhood;
import io.linyu.PageTest;
import io.linyu.Visitor;
import io.linyu.casework.Case;
import io.linyu.casework.CaseId;
import io.linyu.casework.Opened;
import io.linyu.casework.ReturnVisit.Outcome;
import io.linyu.casework.ReturnVisit.Satisfaction;
import io.linyu.casework.ReturnVisit.Solved;
import io.linyu.community.Address;
import io.linyu.community.Level;
import io.linyu.community.Staff;
import io.linyu.community.Territory;
import io.linyu.insight.Evaluation.Course;
import io.linyu.insight.Evaluation.End;
import io.linyu.insight.Evaluation.InTime;
import io.linyu.insight.Evaluation.Times;
import io.linyu.insight.Evaluation.Visit;
import io.linyu.insight.Evaluation.Where;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What those who look after a place read of how it went.
class PlaceFiguresPageTest extends PageTest {
  @AutoClose private static final Neighbourhood TOWN = Neighbourhood.open();
  @AutoClose private static final Counter COUNTER = TOWN.counter();
  private static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");

  /// Of cases that are none.
  private static long next = 1_000_000;

  /// Last month, in the one community nine residents said how it was, in the other four of
  /// twenty-four.
  @BeforeAll
  static void lastMonth() {
    COUNTER.hireDispatcher("U31");
    TOWN.until(
        "the server knows them", () -> TOWN.rooms().community().staff().byCode("U31").isPresent());
    for (String each : List.of("case_id", "event_id")) {
      TOWN.sql("ALTER TABLE case_evaluation DROP CONSTRAINT case_evaluation_" + each + "_fkey");
    }
    for (int i = 0; i < 9; i++) {
      ended("88001001", Solved.YES, true);
    }
    for (int i = 0; i < 4; i++) {
      ended("88001002", Solved.NO, false);
    }
    for (int i = 0; i < 20; i++) {
      ended("88001002", null, false);
    }
  }

  @Test
  void eachFigureSaysWhatItCountsAndLeadsToItsCases() {
    Address bai = COUNTER.resident("白");
    String seen = finished(bai, "楼道灯坏了");
    String found = found("楼道有积水");
    TOWN.until(
        "they are counted",
        () ->
            TOWN.sql("SELECT 1 FROM case_evaluation WHERE case_id < 1000000").size()
                >= TOWN.sql("SELECT 1 FROM \"case\"").size());
    int n = TOWN.sql("SELECT 1 FROM \"case\"").size();
    for (Page page :
        List.of(
            enter(desktop(), TOWN.url("/console"), Counter.WANG),
            enter(phone(), TOWN.url("/console"), Counter.WANG))) {
      page.locator(".rail a[href='/console/figures']").click();
      assertThat(page.locator("h1")).containsText("望澜街道");
      assertThat(page.locator(".figures-sum")).containsText(n + " 件有了结果");
      assertThat(page.locator("#figure-on_time")).containsText(n + " / " + n);
      assertThat(page.locator("#figure-on_time")).containsText("100.0 %");
      assertThat(page.locator("#figure-on_time")).containsText("～100.0% 之间");
      // Nine of thirty-three before.
      assertThat(page.locator("#figure-on_time .figures-change"))
          .containsText("高 72.7 个百分点，差别可能是偶然");
      assertThat(page.locator("#figure-on_time p")).isHidden();
      page.locator("#figure-on_time summary").click();
      assertThat(page.locator("#figure-on_time p")).containsText("K6");
      // One told it, the other was found on patrol: nobody is to be asked about that.
      assertThat(page.locator("#figure-found")).containsText("1 / " + n);
      assertThat(page.locator("#figure-visited")).containsText((n - 1) + " / " + (n - 1));
      assertFits(page);
      page.locator("#figure-on_time a").click();
      assertThat(page.locator(".figures-cases li")).hasCount(n);
      assertFits(page);
      page.locator(".figures-cases a").first().click();
      assertThat(page.locator("#case-head")).isVisible();
      assertThat(page.url()).contains("/console/cases/");
    }
    try (Visitor zhang = signedIn(Counter.ZHANG)) {
      assertThat(taken(zhang, "?metric=on_time").body().lines().skip(1))
          .as("by number and link, without what they are about")
          .hasSize(n)
          .allSatisfy(each ->
              assertThat(each).startsWith("K6 ").contains("/console/cases/").doesNotContain("楼道"))
          .anyMatch(each -> each.endsWith("/" + seen));
    }

    try (Visitor zhang = signedIn(Counter.ZHANG)) {
      assertThat(taken(zhang, "?metric=found").body().lines().skip(1))
          .singleElement()
          .asString()
          .startsWith("K19 ")
          .endsWith("/" + found);
    }

    // What nobody may look at is counted and not named.
    Page wang = enter(desktop(), TOWN.url("/console"), Counter.WANG);
    wang.navigate(TOWN.url("/console/figures/on_time?period=last_month"));
    assertThat(wang.locator(".figures-cases li")).hasCount(0);
    assertThat(wang.locator(".figures")).containsText("另有 9 件您不能看");
    wang.navigate(TOWN.url("/console/figures?place=88001001"));
    assertThat(wang.locator("#figure-closed")).containsText(n + " / " + n);
    wang.navigate(TOWN.url("/console/figures?place=88001002"));
    assertThat(wang.locator(".tile")).containsText("还没有什么可数");
    // Another day of one's own choice.
    wang.navigate(TOWN.url("/console/figures?period=own&from=2020-01-01&to=2020-01-31"));
    assertThat(wang.locator(".figures-when")).containsText("2020-01-01 至 2020-01-31");
    wang.navigate(TOWN.url("/console/figures?period=last_month"));
    assertThat(wang.locator("#figures-places tbody tr").first()).containsText("明显高于全部");
    assertThat(wang.locator("#figures-places tbody tr").last()).containsText("明显低于全部");
  }

  /// Four answers are not told, and neither are the nine that would tell of them.
  @Test
  void whoSaidWhatIsNotToBeFound() {
    Page zhou = enter(desktop(), TOWN.url("/console"), "U31");
    for (String place : List.of("88", "88001")) {
      zhou.navigate(TOWN.url("/console/figures?period=last_month&compare=solved&place=" + place));
      assertThat(zhou.locator("#figure-solved")).containsText("9 / 13");
      assertThat(zhou.locator("#figure-solved a")).hasCount(0);
    }
    assertThat(zhou.locator("#figures-places tbody tr")).hasCount(2);
    assertThat(zhou.locator("#figures-places .figures-withheld")).hasCount(2);
    for (String place : List.of("88001001", "88001002")) {
      zhou.navigate(TOWN.url("/console/figures?period=last_month&place=" + place));
      assertThat(zhou.locator("#figure-solved")).containsText("不显示");
      assertThat(zhou.locator("#figure-solved")).not().containsText(" / ");
      assertThat(zhou.locator("#figure-closed")).containsText(" / ");
    }
    LocalDate first = LocalDate.now(ZONE).withDayOfMonth(1).minusMonths(1);
    zhou.navigate(
        TOWN.url("/console/figures?period=own&from=" + first + "&to=" + first.plusDays(20)));
    assertThat(zhou.locator("#figure-solved")).containsText("只按整月数");
    assertThat(zhou.navigate(TOWN.url("/console/figures/solved?period=last_month")).status())
        .isEqualTo(403);
    assertThat(zhou.locator("body")).containsText("不该知道谁评了什么");
    forgive("403");
  }

  /// By two people at two desks, of whom neither did the work; and figures are told both ways.
  @Test
  void whatTwoPeopleLeaveOutIsSeenByEverybody() {
    String code = finished(COUNTER.resident("丁"), "要求把月亮修好");
    String number = TOWN.sqlOne("SELECT number FROM \"case\" WHERE code = '" + code + "'");
    TOWN.until(
        "it is counted",
        () ->
            TOWN.sqlOne(
                    "SELECT count(*) FROM case_evaluation e JOIN \"case\" c ON c.id = e.case_id WHERE c.code = '"
                        + code
                        + "'")
                .equals("1"));
    Page zhang = enter(desktop(), TOWN.url("/console"), Counter.ZHANG);
    propose(zhang, number);
    assertThat(zhang.locator("#toasts")).containsText("这件事是您这个台办的");

    Page wang = enter(phone(), TOWN.url("/console"), Counter.WANG);
    propose(wang, number);
    assertThat(wang.locator("li.tile").first()).containsText("等另一个人确认");
    assertThat(wang.locator("[name=decision]")).hasCount(0);
    assertFits(wang);
    propose(wang, number);
    assertThat(wang.locator("#toasts")).containsText("已经提出过了");
    String id = TOWN.sqlOne("SELECT max(id) FROM case_exclusion");
    assertThatThrownBy(() ->
            TOWN.sql(
                """
                INSERT INTO case_exclusion_step (exclusion_id, nth, step, reason, staff_id, place, desks, at,
                                                 proposed_by, proposed_place, proposed_desks, led_desk)
                SELECT id, 1, 'confirmed', 'x', proposed_by, proposed_place, '{}', now(), proposed_by,
                       proposed_place, proposed_desks, led_desk
                  FROM case_exclusion WHERE id = %s
                """
                    .formatted(id)))
        .as("the database wants another")
        .rootCause()
        .hasMessageContaining("decided_by_another");
    wang.navigate(TOWN.url("/console/figures"));
    assertThat(wang.locator(".figures-left-out")).containsText("没有不计入的事");

    Page zhou = enter(desktop(), TOWN.url("/console"), "U31");
    zhou.navigate(TOWN.url("/console/exclusions"));
    zhou.fill("#exclusion-" + id + " [name=reason]", "确实办不到");
    zhou.locator("#exclusion-" + id + " [value=confirm]").click();
    assertThat(zhou.locator("#toasts")).containsText("两种算法都写");
    assertThat(zhou.locator("#exclusion-" + id)).containsText("周敏");
    wang.navigate(TOWN.url("/console/figures"));
    assertThat(wang.locator(".figures-left-out")).containsText("1 件不计入：要求不合理");
    assertThat(wang.locator("#figure-on_time .figures-without")).containsText("不计剔除");
    assertThat(wang.locator("#figure-solved .figures-without")).hasCount(0);
    assertThatThrownBy(() -> TOWN.sql("DELETE FROM case_exclusion_step"))
        .rootCause()
        .hasMessageContaining("never changed");
    assertThat(TOWN.sql("SELECT what FROM audit_entry WHERE what LIKE 'exclusion%' ORDER BY id"))
        .containsExactly("exclusion_proposed", "exclusion_decided");

    zhou.fill("#exclusion-" + id + " [name=reason]", "弄错了");
    zhou.locator("#exclusion-" + id + " form[action$=end] button").click();
    assertThat(zhou.locator("#exclusion-" + id)).containsText("已撤回，照常计入");
    wang.navigate(TOWN.url("/console/figures"));
    assertThat(wang.locator(".figures-left-out")).containsText("没有不计入的事");
    forgive("403");
    tolerate("409");
  }

  private static void propose(Page page, String number) {
    page.navigate(TOWN.url("/console/exclusions"));
    page.locator(".exclusions details summary").first().click();
    page.fill("#exclusion-number", number);
    page.locator("#exclusion-form [value=unreasonable]").check();
    page.fill("#exclusion-reason", "谁也修不了");
    page.locator("#exclusion-form .btn-primary").click();
  }

  /// What is seen, and nothing that is not told.
  @Test
  void whatIsSeenIsTakenAwayAsATable() {
    TOWN.sql("UPDATE territory SET population = 5000 WHERE code = '88001'");
    try (Visitor zhou = signedIn("U31");
        Visitor zhang = signedIn(Counter.ZHANG)) {
      Visitor.Seen taken = taken(zhou, "?period=last_month&compare=solved&place=88001");
      assertThat(taken.status()).isEqualTo(200);
      assertThat(taken.whole().headers().firstValue("Content-Type"))
          .contains("text/csv; charset=utf-8");
      List<String> lines = taken.body().lines().toList();
      assertThat(lines.getFirst()).startsWith("\ufeff地方,从,到,编号,指标,数值");
      assertThat(line(lines, "望澜街道", "K6")).contains(",27.3,%,9,33,");
      assertThat(line(lines, "望澜街道", "K8")).contains(",69.2,%,9,13,");
      assertThat(line(lines, "望澜街道", "K22")).contains("督办按期反馈率,,%,0,0,");
      assertThat(line(lines, "望澜街道", "K15c")).contains("问到没回率,0.0,%,0,33,");
      assertThat(line(lines, "望澜街道", "K15d")).contains("联系不上率,");
      assertThat(line(lines, "望澜街道", "K21")).contains(",6.60,", ",33,5000");
      // Neither the four nor the nine that would tell of them.
      assertThat(lines.stream().filter(each -> each.contains(",K8,") && !each.startsWith("望澜")))
          .hasSize(2)
          .allSatisfy(each -> assertThat(each).contains("K8,解决率,,,,,,,,,,,,,").contains("不显示"));
      List<String> community =
          taken(zhou, "?period=last_month&place=88001001").body().lines().toList();
      assertThat(line(community, "", "K9")).contains("K9,满意率,,,,,,,,,,,,,");
      // Of the cases behind a figure those that nobody may look at are counted.
      assertThat(taken(zhou, "?metric=on_time&period=last_month").body())
          .startsWith("\ufeff指标,单号")
          .contains("件您不能看");

      // Nobody else's place, nobody's opinion, nothing without the form.
      assertThat(taken(zhang, "?place=88001002").status()).isEqualTo(404);
      assertThat(taken(zhou, "?metric=solved").status()).isEqualTo(403);
      assertThat(zhou.post(TOWN.url("/console/figures/export"), "").status()).isEqualTo(403);
    }
    assertThat(
            TOWN.sql(
                "SELECT e.details FROM audit_entry e JOIN staff s ON s.id = e.staff_id WHERE e.what = 'figures_exported' AND s.code = 'U31' ORDER BY e.id"))
        .hasSize(3)
        .satisfies(all -> {
          assertThat(all.getFirst()).contains("望澜街道");
          assertThat(all.getLast()).contains("on_time");
        });
  }

  private static Visitor.Seen taken(Visitor who, String query) {
    String page = who.get(TOWN.url("/console/figures")).body();
    Matcher form = Pattern.compile("name=\"X-Linyu-Form\" value=\"([^\"]+)\"").matcher(page);
    assertThat(form.find()).isTrue();
    return who.post(TOWN.url("/console/figures/export" + query), "X-Linyu-Form=" + form.group(1));
  }

  private static Visitor signedIn(String code) {
    Visitor visitor = Visitor.elsewhere();
    visitor.cookie(TOWN.url(""), "linyu_form", "ours");
    assertThat(
            visitor
                .post(
                    TOWN.url("/console/session"),
                    "X-Linyu-Form=ours&login=" + code + "&password=" + Counter.PASSWORD)
                .status())
        .isEqualTo(303);
    return visitor;
  }

  private static String line(List<String> lines, String place, String number) {
    return lines.stream()
        .filter(each -> each.startsWith(place) && each.contains("," + number + ","))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void nobodyReadsOfAPlaceThatIsNotTheirs() {
    Page zhang = enter(desktop(), TOWN.url("/console"), Counter.ZHANG);
    for (String place : List.of("88", "88001", "88001002", "88001001B3", "no")) {
      assertThat(zhang.navigate(TOWN.url("/console/figures?place=" + place)).status())
          .as(place)
          .isEqualTo(404);
      assertThat(zhang.navigate(TOWN.url("/console/figures/closed?place=" + place)).status())
          .as(place)
          .isEqualTo(404);
    }
    assertThat(zhang.navigate(TOWN.url("/console/figures/closed?after=x")).status()).isEqualTo(422);
    forgive("404");
    forgive("422");
  }

  private static void assertFits(Page page) {
    assertThat((int) page.evaluate("document.documentElement.scrollWidth - innerWidth"))
        .isLessThanOrEqualTo(0);
  }

  /// What it is called in addresses.
  private static String finished(Address who, String what) {
    Opened opened = COUNTER.told(who, what, "0102", Instant.now());
    Staff zhang = COUNTER.staff(Counter.ZHANG);
    Case matter = COUNTER.cases.visibleTo(zhang, opened.id());
    matter = COUNTER.handling.claim(zhang, matter.id(), matter.version());
    return COUNTER.finish(zhang, matter.id(), matter.version(), "好了").code();
  }

  /// Taken down by the grid worker who saw it, and done.
  private String found(String what) {
    Page grid = enter(phone(), TOWN.url("/console"), Counter.LI);
    grid.navigate(TOWN.url("/console/cases/new?way=patrol"));
    grid.fill("#spoken-what", what);
    grid.fill("#spoken-place", "3栋");
    grid.selectOption("#spoken-category", "0102");
    grid.locator(".spoken-do .btn-primary").click();
    grid.waitForURL("**/found");
    Staff zhang = COUNTER.staff(Counter.ZHANG);
    String code = TOWN.sqlOne("SELECT code FROM \"case\" WHERE what = '" + what + "'");
    Case matter = COUNTER.cases.visibleTo(zhang, code);
    matter = COUNTER.handling.claim(zhang, matter.id(), matter.version());
    return COUNTER.finish(zhang, matter.id(), matter.version(), "扫干净了").code();
  }

  /// In the middle of last month.
  private static void ended(String community, @Nullable Solved solved, boolean inTime) {
    Territory place = COUNTER.place(community);
    Instant at =
        LocalDate.now(ZONE).withDayOfMonth(15).minusMonths(1).atStartOfDay(ZONE).toInstant();
    long id = ++next;
    var evaluation =
        new Evaluation(
            new CaseId(id),
            1,
            at,
            End.CLOSED,
            "0102",
            "wechat",
            false,
            new Where(
                place.id(),
                place.path(),
                COUNTER.place("88001").id(),
                place.id(),
                Long.parseLong(TOWN.sqlOne("SELECT min(id) FROM desk")),
                null,
                Level.COMMUNITY),
            new Times(at.minus(Duration.ofDays(1)), at, null, at, at, 60L, 120L),
            new InTime(true, true, inTime, inTime),
            new Course(1, 1, 1, 1, 0, 0, 0, 0, 0, 0, false, 0, false, false, 0, 0),
            new Visit(
                Outcome.ANSWERED, solved, solved == null ? null : Satisfaction.FAIR, true, false));
    COUNTER.db().withinTransaction(tx -> new EvaluationStore().add(tx, id, evaluation));
  }
}
