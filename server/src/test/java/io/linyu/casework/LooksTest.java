package io.linyu.casework;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.APIResponse;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.FormData;
import com.microsoft.playwright.options.RequestOptions;
import io.linyu.Counter;
import io.linyu.Neighbourhood;
import io.linyu.PageTest;
import io.linyu.community.Address;
import io.linyu.community.Staff;
import io.linyu.community.audit.Audit;
import io.linyu.community.audit.AuditEntry;
import io.linyu.community.audit.Deed;
import io.linyu.community.audit.Who;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// A look at a case of another unit: why, for how long, what of it, and who hears of it.
class LooksTest extends PageTest {
  private static final String PHONE = "12000000199";

  @AutoClose private static final Neighbourhood TOWN = Neighbourhood.open();
  @AutoClose private static final Counter COUNTER = TOWN.counter();

  /// Who leads the community whose matter it is, and who leads its street.
  private static final String GAO = "K1";

  private static final String DU = "K2";

  static {
    COUNTER.hireSecretary(GAO);
    COUNTER.hireSupervisor(DU);
  }

  private static Opened told(String what, String category) {
    Address wang = COUNTER.resident("王阿姨");
    COUNTER
        .db()
        .withinTransaction(tx -> COUNTER.community.people().setPhone(tx, wang.personId(), PHONE));
    return COUNTER.told(wang, what, category, TOWN.clock.instant());
  }

  @Test
  void aNeighboursDeskSaysWhyAndReadsItForHalfAnHourOnAPhone() {
    Opened told = told("3栋2单元501的水管漏到外面了，请打" + PHONE, "0204");
    Page sun = enter(phone(), TOWN.url("/console"), Counter.SUN);
    forgive("404");
    sun.navigate(TOWN.url("/console/cases/" + told.code()));
    assertThat(sun.locator("h1")).hasText("这件事不在您能看的范围里");
    assertThat(sun.locator("body")).not().containsText(told.number().text());
    sun.getByLabel("我们这里有同一件事").check();
    sun.fill("#look-words", "同一根水管");
    assertThat(sun.evaluate("document.documentElement.scrollWidth")).isEqualTo(390);
    sun.locator(".look-page .btn-primary").click();
    sun.waitForURL("**/console/looks/*");

    assertThat(sun.locator("main")).containsText(told.number().text());
    assertThat(sun.locator("main")).containsText("只能看");
    assertThat(sun.locator("main")).containsText("120****0199");
    assertThat(sun.content()).doesNotContain(PHONE).doesNotContain("2单元501").doesNotContain("王阿姨");
    assertThat(sun.locator("main form, main button, main [hx-get], main [hx-post]")).hasCount(0);
    assertThat(sun.evaluate("document.documentElement.scrollWidth")).isEqualTo(390);
    sun.reload();
    assertThat(
            TOWN.sql(
                """
                SELECT s.code || ' ' || (e.details::jsonb ->> 'reason') || ' ' || (e.details::jsonb ->> 'words')
                  FROM audit_entry e JOIN staff s ON s.id = e.staff_id
                 WHERE e.what = 'case_looked' AND e.details::jsonb ->> 'case' = '%s'
                """
                    .formatted(told.number().text())))
        .as("each time the page was opened")
        .containsExactly("U4 same 同一根水管", "U4 same 同一根水管");

    // Whose it is reads in the history who has looked, and why.
    Page zhang = enter(desktop(), TOWN.url("/console"), Counter.ZHANG);
    zhang.navigate(TOWN.url("/console/cases/" + told.code()));
    assertThat(zhang.locator("#case-facts")).containsText("月塘社区的孙丽从别的单位看过这件事：我们这里有同一件事（同一根水管）");

    String look = sun.url();
    assertThat(zhang.request().get(look).status()).as("nobody else's").isEqualTo(404);
    COUNTER.db().execute("UPDATE \"case\" SET confidential = true WHERE code = $1", told.code());
    assertThat(sun.request().get(look).status()).as("told in confidence since").isEqualTo(404);
    COUNTER.db().execute("UPDATE \"case\" SET confidential = false WHERE code = $1", told.code());
    assertThat(sun.request().get(look).status()).isEqualTo(200);
    COUNTER
        .db()
        .execute(
            "UPDATE look_outside SET until = $1 WHERE code = $2",
            TOWN.clock.instant().atOffset(ZoneOffset.UTC),
            look.substring(look.lastIndexOf('/') + 1));
    assertThat(sun.request().get(look).status()).as("over").isEqualTo(410);
  }

  @Test
  void nothingElseOpensMeanwhile() {
    Opened told = told("楼道里有垃圾", "0101");
    Page sun = enter(desktop(), TOWN.url("/console"), Counter.SUN);
    assertThat(asks(sun, told.number().text(), "asked", "那边的张伟请我看").status()).isEqualTo(303);
    String its = "/console/cases/" + told.code();
    String version = "SELECT version FROM \"case\" WHERE code = '" + told.code() + "'";
    String before = TOWN.sqlOne(version);
    for (String page :
        List.of(
            "",
            "/print",
            "/changes",
            "/presence",
            "/row",
            "/colleagues",
            "/places?place=1",
            "/masters",
            "/heads",
            "/requests",
            "/slip")) {
      assertThat(sun.request().get(TOWN.url(its + page)).status()).as(page).isEqualTo(404);
    }
    for (String page :
        List.of(
            "/console/people/" + told.code(), "/console/notes/1/pictures?case=" + told.code())) {
      assertThat(sun.request().get(TOWN.url(page)).status()).as(page).isEqualTo(404);
    }
    Map<String, String> all =
        Map.ofEntries(
            Map.entry("version", "0"),
            Map.entry("holder", "me"),
            Map.entry("kind", "note"),
            Map.entry("text", "一句话"),
            Map.entry("category", "0102"),
            Map.entry("desk", "1"),
            Map.entry("reason", "other"),
            Map.entry("part", "ask"),
            Map.entry("return", "ask"),
            Map.entry("level", "up"),
            Map.entry("passed", "yes"));
    for (String verb :
        List.of(
            "holder",
            "answers",
            "draft",
            "notes",
            "holdings",
            "return",
            "level",
            "category",
            "accused",
            "territory",
            "known",
            "urges",
            "supervision",
            "result",
            "check",
            "parts",
            "calls",
            "review",
            "rejection",
            "merge",
            "extension",
            "suspension",
            "request",
            "requests",
            "number")) {
      assertThat(post(sun, its + "/" + verb, all).status()).as(verb).isEqualTo(404);
    }
    Staff outside = COUNTER.staff(Counter.SUN);
    assertThat(
            COUNTER
                .casework
                .inbox()
                .page(outside, Inbox.View.ALL_OPEN, told.number().text(), null, 9)
                .entries())
        .as("and no list has it")
        .isEmpty();
    assertThat(TOWN.sqlOne(version)).isEqualTo(before);
  }

  @Test
  void whatIsNotLookedAtSoAndWhatIsNotThereAreAnsweredAlike() {
    Page sun = enter(desktop(), TOWN.url("/console"), "U4");
    String none = bare(asks(sun, CaseNumber.nth(7_000_000).text(), "other", "想看一下"));
    assertThat(none).contains("没有找到，或者不能这样看。");
    for (String category : List.of("0703", "1205", "0704", "0907")) {
      String number = told("有件事", category).number().text();
      assertThat(bare(asks(sun, number, "other", "想看一下"))).as(category).isEqualTo(none);
      assertThat(
              TOWN.sqlOne(
                  "SELECT count(*) FROM audit_entry WHERE what = 'look_refused' AND details LIKE '%"
                      + number
                      + "%'"))
          .isEqualTo("1");
    }
    Address zhao = COUNTER.resident("赵");
    COUNTER.danger(zhao, "他又打我", "violence");
    String danger = TOWN.sqlOne("SELECT number FROM \"case\" WHERE person_id = " + zhao.personId());
    assertThat(bare(asks(sun, danger, "other", "想看一下"))).isEqualTo(none);
    // By its address, before anybody asks: the same for what there is and what there is not.
    String quiet = told("孩子没人管", "0907").code();
    assertThat(bare(sun.request().get(TOWN.url("/console/cases/" + quiet))))
        .isEqualTo(bare(sun.request().get(TOWN.url("/console/cases/AAAAAAAAAAAAAAAAAAAA"))));
    // Whoever leads a level above both sees it anyway, and need not ask.
    Page du = enter(desktop(), TOWN.url("/console"), DU);
    String neighbours = told("楼上吵", "0703").number().text();
    APIResponse theirs = asks(du, neighbours, "other", "想看一下");
    assertThat(theirs.status()).isEqualTo(303);
    assertThat(theirs.headers().get("location")).startsWith("/console/cases/");
  }

  @Test
  void whatIsKeptQuietIsShownAsSimilarToNothing() {
    Spoken spoken = COUNTER.casework.spoken();
    Staff zhang = COUNTER.staff(Counter.ZHANG);
    var _ = told("他又动手了", "0704");
    var _ = told("楼道有杂物", "0102");
    assertThat(spoken.alike(zhang, "0102", COUNTER.place("88001001B3"))).isNotEmpty();
    assertThat(spoken.alike(zhang, "0704", COUNTER.place("88001001B3"))).isEmpty();
  }

  @Test
  void aReasonIsAskedForAndNobodyLooksAllDay() {
    Page li = enter(desktop(), TOWN.url("/console"), Counter.SUN);
    String number = told("路灯不亮", "0201").number().text();
    assertThat(asks(li, number, "", "没有原因").text()).contains("请选一个原因");
    assertThat(asks(li, number, "same", " 短 ").text()).contains("至少 4 个字");
    assertThat(asks(li, "3-0000", "same", "看看水管").text()).contains("不像单号");
    COUNTER
        .db()
        .execute(
            """
            INSERT INTO look_outside (code, staff_id, unit_id, reason, words, at, until)
            SELECT 'many-' || n, s.id, s.territory_id, 'other', '够了', $1, $1
              FROM staff s, generate_series(1, 20) n WHERE s.code = 'U4'
            """,
            TOWN.clock.instant().atOffset(ZoneOffset.UTC));
    APIResponse many = asks(li, number, "same", "看看水管");
    assertThat(many.status()).isEqualTo(429);
    assertThat(many.text()).contains("今天已经看了 20 件");
    COUNTER.db().execute("DELETE FROM look_outside WHERE code LIKE 'many-%'");
    assertThat(asks(li, number, "same", "看看水管").status()).isEqualTo(303);
  }

  @Test
  void departmentsHaveNothingToAsk() {
    String number = told("井盖坏了", "0202").number().text();
    var _ = COUNTER.hireAt("D9", "D02");
    COUNTER
        .db()
        .execute(
            "UPDATE staff SET password_hash = (SELECT password_hash FROM staff WHERE code = 'U1') WHERE code = 'D9'");
    Page clerk = enter(desktop(), TOWN.url("/console"), "D9");
    assertThat(clerk.request().get(TOWN.url("/console/looks/new")).status()).isEqualTo(404);
    assertThat(asks(clerk, number, "other", "想看一下").status()).isEqualTo(404);
    assertThat(
            TOWN.sqlOne(
                "SELECT count(*) FROM look_outside k JOIN staff s ON s.id = k.staff_id WHERE s.code = 'D9'"))
        .isEqualTo("0");
  }

  @Test
  void whoLeadsEitherUnitReadsItInTheAuditAndNobodyElse() {
    Opened told = told("垃圾没人收", "0101");
    String number = told.number().text();
    Page sun = enter(desktop(), TOWN.url("/console"), Counter.SUN);
    String look = requireNonNull(asks(sun, number, "moved", "搬到我们这边了").headers().get("location"));
    assertThat(sun.request().get(TOWN.url(look)).status()).isEqualTo(200);
    var _ = asks(sun, CaseNumber.nth(7_100_000).text(), "other", "打错了一个");

    Page gao = enter(desktop(), TOWN.url("/console"), GAO);
    gao.navigate(TOWN.url("/console/audit?case=" + number));
    assertThat(gao.locator(".audit-entry")).hasCount(1);
    assertThat(gao.locator(".audit-entry"))
        .containsText("孙丽（U4） 看别的单位的事 " + number + "，居民搬到我们这里了：搬到我们这边了");
    gao.navigate(TOWN.url("/console/audit?what=look_refused"));
    assertThat(gao.locator(".audit-entry")).hasCount(0);
    gao.navigate(TOWN.url("/console/audit?who=U4&what=case_looked"));
    assertThat(gao.locator(".audit-list")).containsText(number);
    assertThat(gao.locator(".audit-list")).not().containsText("登录");

    Page du = enter(desktop(), TOWN.url("/console"), DU);
    du.navigate(TOWN.url("/console/audit?what=look_refused&who=U4"));
    assertThat(du.locator(".audit-list")).containsText(CaseNumber.nth(7_100_000).text());
    sun.navigate(TOWN.url("/console/audit?case=" + number));
    assertThat(sun.locator(".audit-entry")).hasCount(1);
    Page zhang = enter(phone(), TOWN.url("/console"), Counter.ZHANG);
    zhang.navigate(TOWN.url("/console/audit?case=" + number));
    assertThat(zhang.locator(".audit-entry")).hasCount(0);
    assertThat(zhang.evaluate("document.documentElement.scrollWidth")).isEqualTo(390);
    var until = requireNonNull(zhang.locator(".audit-filter [name=to]").boundingBox());
    assertThat(until.x + until.width).as("within the page").isLessThanOrEqualTo(390 - 12);

    // A matter that is kept from the unit is kept from its page of the audit, too.
    COUNTER
        .db()
        .execute(
            "UPDATE \"case\" SET confidential = true, level = 'street' WHERE code = $1",
            told.code());
    gao.reload();
    gao.navigate(TOWN.url("/console/audit?case=" + number));
    assertThat(gao.locator(".audit-entry")).hasCount(0);
    du.navigate(TOWN.url("/console/audit?case=" + number));
    assertThat(du.locator(".audit-entry")).hasCount(1);

    APIResponse without = post(du, "/console/audit/export?case=" + number, Map.of("reason", "  "));
    assertThat(without.status()).isEqualTo(422);
    APIResponse csv = post(du, "/console/audit/export?case=" + number, Map.of("reason", "季度检查"));
    assertThat(csv.text()).contains("看别的单位的事", number);
    du.navigate(TOWN.url("/console/audit?what=audit_exported"));
    assertThat(du.locator(".audit-entry").first()).containsText("季度检查");
  }

  @Test
  void theAuditOfAUnitIsReadPageByPageEachEntryOnce() {
    Staff gao = COUNTER.staff(GAO);
    Staff sun = COUNTER.staff(Counter.SUN);
    String number = told("灯坏了", "0201").number().text();
    var audit = COUNTER.community.audit();
    for (int i = 0; i < 7; i++) {
      audit.write(
          COUNTER.db(),
          Who.staff(i % 2 == 0 ? gao.id() : sun.id(), "192.0.2.1"),
          Deed.CASE_PRINTED,
          Map.of("case", number));
    }
    var filter = new Audit.Filter(null, "", null, null, null, number);
    var all = new ArrayList<Long>();
    AuditEntry.Place place = null;
    do {
      var page = audit.page(gao, filter, place, 2);
      page.entries().forEach(each -> all.add(each.id()));
      place = page.next();
    } while (place != null);
    assertThat(all)
        .hasSize(7)
        .doesNotHaveDuplicates()
        .isSortedAccordingTo((a, b) -> Long.compare(b, a));
  }

  private static APIResponse asks(Page page, String typed, String reason, String words) {
    return post(page, "/console/looks", Map.of("case", typed, "reason", reason, "words", words));
  }

  private static APIResponse post(Page page, String path, Map<String, String> fields) {
    FormData form = FormData.create().set("X-Linyu-Form", token(page));
    fields.forEach(form::set);
    return page.request()
        .post(TOWN.url(path), RequestOptions.create().setForm(form).setMaxRedirects(0));
  }

  private static String token(Page page) {
    return page.locator("[name=X-Linyu-Form]").first().inputValue();
  }

  /// Without what is another each time.
  private static String bare(APIResponse answer) {
    assertThat(answer.status()).isEqualTo(404);
    String html = answer.text();
    return html.substring(html.indexOf("<main"), html.indexOf("</main>"))
        .replaceAll("value=\"[^\"]*\"", "");
  }
}
