package io.linyu.casework;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Page;
import io.linyu.Counter;
import io.linyu.Neighbourhood;
import io.linyu.PageTest;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// The list of desks that were silent: its desk on a telephone, and the street beside it.
class CriticismPageTest extends PageTest {
  @AutoClose private static final Neighbourhood TOWN = Neighbourhood.open();
  @AutoClose private static final Counter COUNTER = TOWN.counter();

  @Test
  void aDeskSaysWhyAndTheStreetStrikesItOff() throws IOException {
    Page zhang = enter(phone(), TOWN.url("/console"), Counter.ZHANG);
    zhang.navigate(TOWN.url("/console/criticisms"));
    assertThat(zhang.locator(".empty")).containsText("您这个台这个月没有");

    String code =
        COUNTER.told(COUNTER.resident("何阿姨"), "楼道堆了旧门板", "0102", TOWN.clock.instant()).code();
    var _ =
        TOWN.sql(
            """
            INSERT INTO rule_applied (case_id, rule, effect, occasion, dry, version, at)
            SELECT id, 'E2', 'raised', now(), false, 1, now() FROM "case" WHERE code = '%s'
            """
                .formatted(code));
    zhang.reload();
    assertThat(zhang.locator("#criticisms li")).containsText("清月园社区");
    assertThat(zhang.locator("#criticisms li")).containsText("还没有说过话");
    assertThat(zhang.locator("#criticisms .criticism-decision")).hasCount(0);
    assertThat(zhang.evaluate("document.documentElement.scrollWidth")).isEqualTo(390);
    zhang.locator(".criticism-word summary").click();
    zhang.fill(".criticism-word textarea", "全员排涝");
    zhang.locator(".criticism-word .btn-primary").click();
    assertThat(zhang.locator("#toasts")).containsText("写上了");
    zhang.locator(".criticism-request summary").click();
    zhang.fill(".criticism-request textarea", "那天停办");
    zhang.locator(".criticism-request .btn-primary").click();
    assertThat(zhang.locator("#criticisms .chip")).containsText("等上一级定");
    assertThat(zhang.evaluate("document.documentElement.scrollWidth")).isEqualTo(390);

    Page wang = enter(desktop(), TOWN.url("/console"), Counter.WANG);
    wang.navigate(TOWN.url("/console/rules/E2"));
    wang.getByText("没动静的台（通报）").click();
    assertThat(wang.locator("#criticism-desks")).containsText("清月园社区");
    assertThat(wang.locator("#criticisms")).containsText("说明：全员排涝");
    assertThat(wang.locator("#criticisms")).not().containsText("张伟");
    wang.navigate(TOWN.url("/console/criticisms?state=waits"));
    wang.locator(".criticism-decision summary").click();
    wang.fill(".criticism-decision textarea", "排涝属实");
    wang.locator(".criticism-decision .btn-primary").click();
    assertThat(wang.locator(".empty")).containsText("没有要定的");
    wang.navigate(TOWN.url("/console/criticisms"));
    assertThat(wang.locator("#criticisms")).containsText("核销：排涝属实");
    Download csv = wang.waitForDownload(() -> wang.locator("[name=format][value=csv]").click());
    assertThat(Files.readString(csv.path())).contains("清月园社区").contains("已核销");
    Download book = wang.waitForDownload(() -> wang.locator("[name=format][value=xlsx]").click());
    assertThat(Files.size(book.path())).isGreaterThan(1000);

    Page sun = enter(phone(), TOWN.url("/console"), Counter.SUN);
    sun.navigate(TOWN.url("/console/criticisms"));
    assertThat(sun.locator("#criticisms")).hasCount(0);
  }
}
