package io.linyu.casework;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.FormData;
import com.microsoft.playwright.options.RequestOptions;
import io.linyu.Counter;
import io.linyu.Neighbourhood;
import io.linyu.PageTest;
import io.linyu.community.Address;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.ZipFile;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

/// Lists that are taken away.
class ExportTest extends PageTest {
  @AutoClose private static final Neighbourhood TOWN = Neighbourhood.open();
  @AutoClose private static final Counter COUNTER = TOWN.counter();

  @Test
  void isTheListAsItIsNarrowedMaskedAndHarmlessAndWrittenDown() throws Exception {
    Address wang = COUNTER.resident("王阿姨");
    COUNTER
        .db()
        .withinTransaction(tx -> {
          COUNTER.community.people().setPhone(tx, wang.personId(), "12000000069");
          COUNTER.community.people().setName(tx, wang.personId(), "王秀兰");
        });
    var _ = COUNTER.told(wang, "=HYPERLINK(1)水管爆了，打12000000069", "0102", TOWN.clock.instant());
    var _ = COUNTER.told(wang, "电梯停了", "0102", TOWN.clock.instant());
    // Its title is cut in the middle of the door.
    var _ = COUNTER.told(wang, "水管边垃圾桶一直没有人来收，臭得很，麻烦找501室王秀兰问", "0102", TOWN.clock.instant());
    var _ = COUNTER.told(wang, "3栋2单元501王秀兰家水管也漏，王阿姨住院了", "0102", TOWN.clock.instant());

    Page page = enter(desktop(), TOWN.url("/console"), Counter.ZHANG);
    page.navigate(TOWN.url("/console/cases?view=all_open&q=水管"));
    String csv = Files.readString(ordered(page, "csv", null).path());
    assertThat(csv)
        .startsWith("\ufeff编号,标题")
        .contains("'=HYPERLINK(1)水管爆了")
        .contains("120****0069")
        .contains("3栋***家水管也漏，王**住院了")
        .contains("麻烦找**…", "麻烦找***王**问")
        .doesNotContain("501", "找5", "单元");
    assertThat(csv).contains(",王**,").doesNotContain("12000000069", "王秀兰", "王阿姨", "电梯停了", "3栋,3栋");
    assertThat(page.locator(".exporting")).containsText("导好了 3 条");
    assertThat(
            TOWN.sqlOne(
                "SELECT details FROM audit_entry WHERE what = 'cases_exported' AND details LIKE '%search_length%' ORDER BY id LIMIT 1"))
        .contains("all_open", "\"search_length\"", "csv", "\"unmasked\"")
        .doesNotContain("水管");
    assertThat(
            TOWN.sqlOne(
                """
                SELECT e.details FROM audit_entry e JOIN audit_entry b
                    ON b.details::jsonb ->> 'export' = e.details::jsonb ->> 'export'
                 WHERE e.what = 'cases_export_ended' AND b.details LIKE '%search_length%'
                 ORDER BY e.id LIMIT 1
                """))
        .contains("complete", "\"rows\":3");

    // With a reason, those who may get all of it; the reason is kept.
    page.reload();
    try (var book = new ZipFile(ordered(page, "xlsx", "停水通知要逐户打电话").path().toFile())) {
      Element sheet =
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(book.getInputStream(book.getEntry("xl/worksheets/sheet1.xml")))
              .getDocumentElement();
      assertThat(sheet.getTextContent())
          .contains("=HYPERLINK(1)水管爆了", "12000000069", "王秀兰", "3栋2单元501王秀兰家水管也漏，王阿姨住院了");
      assertThat(sheet.getElementsByTagName("f").getLength()).as("formulas").isZero();
    }
    assertThat(
            TOWN.sqlOne(
                "SELECT details FROM audit_entry WHERE what = 'cases_exported' ORDER BY id DESC LIMIT 1"))
        .contains("停水通知要逐户打电话");
    page.reload();
    page.locator("[data-opens=export-dialog]").click();
    page.locator(".unmask summary").click();
    page.check("[name=unmasked]");
    page.locator("#export-dialog .btn-primary").click();
    assertThat(page.locator(".toasts .bad")).isVisible();
    forgive("422");

    // Next door nothing of it is to be seen.
    Page sun = enter(desktop(), TOWN.url("/console"), Counter.SUN);
    sun.navigate(TOWN.url("/console/cases?view=all_open"));
    assertThat(Files.readString(ordered(sun, "csv", null).path())).doesNotContain("水管", "电梯");
  }

  @Test
  void isPrintedWithoutAFrameAndMaskedForThoseWhoMayNotTakeItAway() {
    var told =
        COUNTER.told(
            COUNTER.resident("周大爷"), "井盖翘了，402室周大爷打12000000070", "0102", TOWN.clock.instant());
    String path = "/console/cases/" + COUNTER.codeOf(told.number().text());
    Page page = enter(desktop(), TOWN.url("/console"), Counter.ZHANG);
    page.navigate(TOWN.url(path));
    page.locator(".case-head .print").click();
    assertThat(page.locator(".paper h1")).hasText("井盖翘了，402室周大爷打12000000070");
    assertThat(page.locator(".paper dl")).containsText("周大爷");
    assertThat(page.locator(".paper .qr")).isVisible();
    assertThat(page.locator(".rail")).hasCount(0);
    page.navigate(TOWN.url("/console/cases/print?view=all_open&q=井盖翘了"));
    assertThat(page.locator(".paper tbody tr")).hasCount(1);
    assertThat(page.locator(".paper")).not().containsText("周大爷");
    assertThat(page.locator(".paper tbody")).containsText("井盖翘了，***周**打120****0070");
    assertThat(page.locator(".paper .masked")).isVisible();
    // All of it only for a reason, and not with the hint of one.
    page.locator(".paper-unmask summary").click();
    page.fill("#print-reason", "抢修队要名单，逐户上门");
    page.locator(".paper-unmask button").click();
    assertThat(page.locator(".paper tbody")).containsText("井盖翘了，402室周大爷打12000000070");
    assertThat(page.locator(".paper h1")).containsText("井盖翘了");
    assertThat(page.locator(".paper-unmask")).hasCount(0);
    assertThat(page.locator(".paper .masked")).hasCount(0);
    // Like what is exported: who, which, how much, and nothing of what was sought.
    assertThat(
            TOWN.sql(
                "SELECT what || details FROM audit_entry WHERE what LIKE '%_printed' ORDER BY id"))
        .satisfiesExactly(
            one -> assertThat(one).contains("case_printed", told.number().text()),
            list ->
                assertThat(list)
                    .contains("cases_printed", "all_open", "\"search_length\"", "\"rows\":1")
                    .contains("\"unmasked\":\"no\"")
                    .doesNotContain("井盖", "reason"),
            whole ->
                assertThat(whole)
                    .contains("cases_printed", "\"unmasked\":\"yes\"", "抢修队要名单，逐户上门")
                    .doesNotContain("井盖"));

    var staff = COUNTER.community.staff();
    staff.add("U9", "吴倩", "info_officer", COUNTER.place("88001001"), "full_time", null);
    staff.setPassword("U9", Counter.PASSWORD);
    TOWN.until("she is known", () -> TOWN.rooms().community().staff().byCode("U9").isPresent());
    Page wu = enter(desktop(), TOWN.url("/console"), "U9");
    wu.navigate(TOWN.url(path + "/print"));
    assertThat(wu.locator(".paper h1")).hasText("井盖翘了，***周**打120****0070");
    assertThat(wu.locator(".paper")).not().containsText("周大爷");
    assertThat(wu.locator(".paper .masked")).isVisible();
    wu.navigate(TOWN.url("/console/cases?view=all_open"));
    assertThat(wu.locator("#export-dialog .unmask")).hasCount(0);
    wu.navigate(TOWN.url("/console/cases/print?view=all_open"));
    assertThat(wu.locator(".paper-unmask")).hasCount(0);
    assertThat(wu.locator(".paper")).not().containsText("周大爷");
    org.assertj.core.api.Assertions.assertThat(whole(wu, "想看一看")).isEqualTo(403);
    org.assertj.core.api.Assertions.assertThat(whole(page, " 不 ")).isEqualTo(422);
    // What is not theirs is not there, on paper neither.
    Page sun = enter(desktop(), TOWN.url("/console"), Counter.SUN);
    org.assertj.core.api.Assertions.assertThat(sun.navigate(TOWN.url(path + "/print")).status())
        .isEqualTo(404);
    forgive("404");
  }

  /// Nothing is read that the network does not take, and nothing more when nobody takes it.
  @Test
  void whoReadsSlowlyIsWrittenSlowlyAndWhoLeavesEndsIt() throws Exception {
    int rows = 30_000;
    var model = COUNTER.told(COUNTER.resident("李师傅"), "长的", "0102", TOWN.clock.instant());
    String numbers =
        IntStream.rangeClosed(1, rows)
            .mapToObj(nth -> CaseNumber.nth(500_000 + nth).text())
            .collect(Collectors.joining(","));
    String columns =
        TOWN.sqlOne(
            """
            SELECT string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position)
              FROM information_schema.columns
             WHERE table_name = 'case' AND is_generated = 'NEVER'
               AND column_name NOT IN ('id', 'number', 'code', 'what')
            """);
    var _ =
        TOWN.sql(
            """
            INSERT INTO "case" (id, number, code, what, %1$s) OVERRIDING SYSTEM VALUE
            SELECT 1000000 + n.nth, n.number, 'many-' || n.nth, repeat('x', 1000), %4$s
              FROM "case" c, unnest('{%2$s}'::text[]) WITH ORDINALITY AS n (number, nth)
             WHERE c.id = %3$d
            """
                .formatted(
                    columns, numbers, model.id().value(), "c." + columns.replace(", ", ", c.")));
    Page page = enter(desktop(), TOWN.url("/console"), Counter.LI);
    page.navigate(TOWN.url("/console/cases?view=all_open"));
    String id =
        page.evaluate(
                """
                async () => {
                  const answer = await fetch('/console/cases/exports?view=all_open', {
                    method: 'POST', headers: { ...JSON.parse(document.body.getAttribute('hx-headers')), 'HX-Request': 'true' },
                    body: new URLSearchParams({ format: 'csv' }) });
                  return (await answer.text()).match(/data-export="\\/console\\/cases\\/exports\\/([^"]+)"/)[1];
                }
                """)
            .toString();
    String cookie =
        page.context().cookies().stream()
            .filter(each -> each.name.equals("linyu_session"))
            .findFirst()
            .orElseThrow()
            .value;
    int before;
    try (var socket = new Socket()) {
      socket.setReceiveBufferSize(16 << 10);
      socket.connect(new java.net.InetSocketAddress("localhost", port()));
      String asks =
          "GET /console/cases/exports/%s HTTP/1.1\r\nHost: localhost\r\nCookie: linyu_session=%s\r\n\r\n"
              .formatted(id, cookie);
      socket.getOutputStream().write(asks.getBytes(StandardCharsets.UTF_8));
      read(socket.getInputStream(), 200_000);
      before = stands(page, id);
      assertThat(before).isPositive().isLessThan(rows / 2);
    }
    TOWN.until(
        "the export has ended",
        () ->
            TOWN.sqlOne(
                    "SELECT count(*) FROM audit_entry WHERE what = 'cases_export_ended'"
                        + " AND details::jsonb ->> 'export' = '"
                        + id
                        + "'")
                .equals("1"));
    assertThat(
            TOWN.sqlOne(
                "SELECT details FROM audit_entry WHERE what = 'cases_export_ended'"
                    + " AND details::jsonb ->> 'export' = '"
                    + id
                    + "'"))
        .contains("stopped");
    assertThat(stands(page, id)).isLessThan(rows / 2);
  }

  /// What the list on paper answers to whoever wants all of it, for this reason.
  private static int whole(Page page, String reason) {
    page.navigate(TOWN.url("/console/cases?view=all_open"));
    Object form =
        page.evaluate("() => JSON.parse(document.body.getAttribute('hx-headers'))['X-Linyu-Form']");
    return page.request()
        .post(
            TOWN.url("/console/cases/print?view=all_open"),
            RequestOptions.create()
                .setForm(
                    FormData.create().set("X-Linyu-Form", form.toString()).set("reason", reason)))
        .status();
  }

  /// How many rows are written when no more are: the network takes nothing.
  private static int stands(Page page, String id) {
    int last = -1;
    int now = written(page, id);
    while (now != last || now == 0) {
      last = now;
      page.waitForTimeout(300);
      now = written(page, id);
    }
    return now;
  }

  private static int written(Page page, String id) {
    String said =
        page.evaluate(
                "async id => (await (await fetch('/console/cases/exports/' + id + '/progress',"
                    + " { headers: { 'HX-Request': 'true' } })).text())"
                    + ".match(/([0-9,]+) 条/)[1]",
                id)
            .toString();
    return Integer.parseInt(said.replace(",", ""));
  }

  private static void read(InputStream in, int bytes) throws IOException {
    assertThat(in.readNBytes(bytes)).hasSize(bytes);
  }

  private static int port() {
    return java.net.URI.create(TOWN.url("/")).getPort();
  }

  /// @param why to have it unmasked; null: masked
  private static Download ordered(
      Page page, String format, @org.jspecify.annotations.Nullable String why) {
    page.locator("[data-opens=export-dialog]").click();
    page.check("#export-dialog [value=" + format + "]");
    if (why != null) {
      page.locator(".unmask summary").click();
      page.check("[name=unmasked]");
      page.fill("#export-reason", why);
    }
    return page.waitForDownload(() -> page.locator("#export-dialog .btn-primary").click());
  }
}
