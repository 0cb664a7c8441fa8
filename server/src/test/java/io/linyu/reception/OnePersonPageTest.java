package io.linyu.reception;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import io.linyu.Counter;
import io.linyu.Neighbourhood;
import io.linyu.PageTest;
import io.linyu.community.Address;
import io.linyu.community.Consent;
import io.linyu.simulator.wechat.Phone;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Staff find that two persons are one, and that they were not.
class OnePersonPageTest extends PageTest {
  @AutoClose private static final Neighbourhood TOWN = Neighbourhood.open();
  @AutoClose private static final Counter COUNTER = TOWN.counter();

  @Test
  void twoAreJoinedReadTogetherAndPartedAsIfNothingHadBeen() throws IOException {
    Address one = COUNTER.resident("王阿姨");
    Address other = resident("王阿姨");
    COUNTER.said(one, "resident", "先在这里说的", TOWN.clock.instant());
    COUNTER.said(other, "resident", "后在那里说的", TOWN.clock.instant());
    String here = COUNTER.codeOf(COUNTER.told(one, "阳台漏水").number().toString());
    String number = COUNTER.told(other, "厨房漏水").number().toString();
    verify(other, "12000000321");
    String before = whole();

    Page page = enter(desktop(), TOWN.url("/console"), Counter.ZHANG);
    page.navigate(TOWN.url("/console/cases/" + here));
    Locator card = page.locator("#person-" + here);
    card.locator("summary", containing("和另一个人")).click();
    card.locator("[name=q]").fill("120-0000-0321");
    card.locator("[name=q]").press("Enter");
    card.locator(".found button", containing(number)).click();
    assertThat(card.locator(".compared")).containsText("120****0321");
    card.locator("[name=reason]").fill("打电话问过本人");
    card.locator(".row-actions button").click();

    Locator talk = page.locator("#conversation");
    assertThat(talk).containsText("后在那里说的");
    assertThat(talk.locator(".bubble-way").first()).hasText("微信·主号");
    assertThat(card).containsText("打电话问过本人");
    assertThat(card).containsText("120****0321");
    assertThat(card).containsText("打通核实");
    assertThat(persons(one, other)).hasSize(1);

    // What comes meanwhile stays with the address it came by.
    COUNTER.told(COUNTER.community.people().address(COUNTER.db(), other.id()), "书房漏水");
    page.locator(".notice button").click();
    assertThat(card).not().containsText("打电话问过本人");
    assertThat(whole()).isEqualTo(before);
    assertThat(
            TOWN.sqlOne(
                "SELECT person_id = %d FROM \"case\" WHERE what = '书房漏水'"
                    .formatted(other.personId())))
        .isEqualTo("t");
    assertThat(TOWN.sql("SELECT what FROM audit_entry WHERE what LIKE 'people%' ORDER BY id"))
        .containsExactly("people_joined", "people_parted");
    // Who looked is told to the person, too.
    Map<String, String> files = new HashMap<>();
    var _ =
        new PersonalData(COUNTER.db(), COUNTER.community, TOWN.clock)
            .export(
                other.personId(),
                "zh",
                TOWN.settings.zone(),
                (name, bytes) -> files.put(name, new String(bytes, UTF_8)));
    assertThat(files.get("data.json"))
        .contains("person_sought", "person_compared")
        .containsPattern("\"staff\" : \"张伟\"");
    assertThat(files.get("index.html")).contains("谁导出过");
  }

  @Test
  void theSameVerifiedNumberIsProposedAndNeverJoinedByItself() {
    Address one = resident("陈伯");
    Address other = resident("陈大爷");
    String here = COUNTER.codeOf(COUNTER.told(one, "门铃不响").number().toString());
    COUNTER.told(other, "门铃坏了");
    verify(other, "12000000777");
    Page page = enter(desktop(), TOWN.url("/console"), Counter.ZHANG);
    page.navigate(TOWN.url("/console/cases/" + here));
    Locator card = page.locator("#person-" + here);
    card.locator("summary", containing("核实电话")).click();
    card.locator("[name=phone]").fill("12000000777");
    card.locator("[name=phone]").press("Enter");
    assertThat(card).containsText("核实过的电话相同");
    assertThat(card.locator(".found button")).containsText("陈大爷");
    assertThat(persons(one, other)).hasSize(2);
  }

  /// A complaint about staff is handled above them: not even its address is shown beside another.
  @Test
  void whatWasToldInConfidenceIsNotSeenByWayOfAnotherMatter() {
    var staff = COUNTER.community.staff();
    staff.add("U00098", "赵强", "district_dispatcher", COUNTER.place("88"), "full_time", null);
    staff.setPasswordHash(
        "U00098", TOWN.sqlOne("SELECT password_hash FROM staff WHERE code = '" + Counter.LI + "'"));
    Address open = resident("李伯");
    Address secret = resident("李伯");
    COUNTER.said(open, "resident", "灯坏了的话", TOWN.clock.instant());
    COUNTER.said(secret, "resident", "不能给他们看的话", TOWN.clock.instant());
    String here = COUNTER.codeOf(COUNTER.told(open, "大门口灯坏了").number().toString());
    COUNTER.told(secret, "社区干部态度差", "1205", TOWN.clock.instant());
    TOWN.rooms()
        .db()
        .withinTransaction(tx -> {
          var _ = joinings().join(tx, open.personId(), secret.personId(), null, null);
        });
    var _ =
        TOWN.sql(
            """
            WITH kept AS (INSERT INTO blob VALUES (sha256('a'), 'image/jpeg', 1) RETURNING digest)
            INSERT INTO attachment (message_id, address_id, kind, media_id, code, state, digest)
            SELECT m.id, m.address_id, 'image', '', 'picture' || (m.address_id = %d), 'fetched', digest
              FROM message m, kept WHERE m.address_id IN (%d, %d)
            """
                .formatted(secret.id(), secret.id(), open.id()));
    Page zhang = enter(desktop(), TOWN.url("/console"), Counter.ZHANG);
    for (String picture : List.of("picturefalse", "picturetrue")) {
      assertThat(zhang.request().get(TOWN.url("/console/attachments/" + picture)).status())
          .isEqualTo(picture.equals("picturefalse") ? 200 : 404);
    }
    zhang.navigate(TOWN.url("/console/cases/" + here));
    assertThat(zhang.locator("#conversation")).containsText("灯坏了的话");
    assertThat(zhang.locator("#conversation")).not().containsText("不能给他们看");

    Page zhao = enter(phone(), TOWN.url("/console"), "U00098");
    zhao.navigate(TOWN.url("/console/cases/" + here));
    assertThat(zhao.locator("#conversation")).containsText("不能给他们看的话");
  }

  /// Beside what a relative told for them, too.
  @Test
  void thePicturesOfThePersonAreSeenWhereTheirWordsAre() {
    Address elder = resident("周奶奶");
    COUNTER.said(elder, "resident", "这是我自己拍的", TOWN.clock.instant());
    Phone son = TOWN.follower("pictures-son");
    Consent given =
        COUNTER
            .db()
            .inTransaction(tx ->
                TOWN.rooms()
                    .reception()
                    .acting()
                    .record(
                        tx,
                        COUNTER.staff(Counter.ZHANG),
                        elder.personId(),
                        "儿子",
                        "周奶奶",
                        null,
                        null,
                        Consent.How.VISIT,
                        false));
    String code =
        COUNTER.db().inTransaction(tx -> COUNTER.community.consents().draw(tx, given.id()));
    son.says("家人代办 " + code);
    assertThat(son.says("同意 周强").hears()).contains("可以替周奶奶说事");
    son.says("帮家人说：3栋的雨棚漏水滴到窗台").says("对");
    String told =
        TOWN.sqlOne("SELECT code FROM \"case\" WHERE what LIKE '%滴到窗台' AND consent_id IS NOT NULL");
    var _ =
        TOWN.sql(
            """
            WITH kept AS (INSERT INTO blob VALUES (sha256('b'), 'image/jpeg', 1) RETURNING digest)
            INSERT INTO attachment (message_id, address_id, kind, media_id, code, state, digest)
            SELECT m.id, m.address_id, 'image', '', 'elders-own', 'fetched', digest
              FROM message m, kept WHERE m.address_id = %d AND m.content ->> 'text' = '这是我自己拍的'
            """
                .formatted(elder.id()));
    Page page = enter(desktop(), TOWN.url("/console"), Counter.ZHANG);
    page.navigate(TOWN.url("/console/cases/" + told));
    Locator picture = page.locator("#conversation [src*='elders-own']");
    assertThat(picture).hasCount(1);
    assertThat(page.request().get(TOWN.url("/console/attachments/elders-own")).status())
        .isEqualTo(200);
  }

  /// At both widths: written down, taken by the code that is shown, renewed, ended. Every look is
  /// kept, and whoever told something for another is named wherever the matter is.
  @Test
  void whoMayActForAPersonIsWrittenDownTakenRenewedAndEnded() {
    Address elder = resident("赵奶奶");
    String here = COUNTER.codeOf(COUNTER.told(elder, "门槛太高进不去").number().toString());
    Page page = enter(desktop(), TOWN.url("/console"), Counter.ZHANG);
    page.navigate(TOWN.url("/console/cases/" + here));
    Locator consents = opened(page, here);
    assertThat(consents).containsText("没有人");
    Locator form = consents.locator("#consents-" + here + "-own");
    form.locator("summary").click();
    form.locator("[name=kinship]").fill("女儿");
    form.locator("[name=actor]").fill("林红");
    form.locator("[name=how]").selectOption("visit");
    form.locator("button").click();
    assertThat(consents.locator(".qr")).isVisible();
    assertThat(consents.locator(".consent.waiting")).containsText("女儿 林**");
    String first = consents.locator(".big").textContent();
    consents.locator("button", containing("再给一个码")).click();
    assertThat(consents.locator(".big")).not().hasText(first);

    Phone daughter = TOWN.follower("page-daughter");
    assertThat(daughter.says("家人代办 " + first).hears()).contains("代办码不对");
    daughter.says("家人代办 " + consents.locator(".big").textContent());
    assertThat(daughter.says("同意 林红").hears()).contains("可以替赵奶奶说事");
    daughter.says("帮家人说：3栋楼道灯坏了没人管").says("对");
    String told =
        TOWN.sqlOne("SELECT code FROM \"case\" WHERE what LIKE '%没人管' AND consent_id IS NOT NULL");

    Page small = enter(phone(), TOWN.url("/console"), Counter.ZHANG);
    small.navigate(TOWN.url("/console/cases"));
    assertThat(small.locator("#row-" + told + " .spoken")).hasText("女儿代说");
    small.navigate(TOWN.url("/console/cases/" + told));
    assertThat(small.locator(".chip.spoken")).hasText("代赵奶奶说（女儿 林**）");
    assertThat(small.locator("#conversation")).containsText("没人管");
    assertThat(small.locator("#conversation")).not().containsText("同意");
    assertThat(small.locator("#conversation .bubble-resident .bubble-who").first()).hasText("女儿");
    // The answer goes to her, and is addressed to her; in a table it says who told it.
    var _ =
        TOWN.sql(
            """
            INSERT INTO canned_reply (code, staff_id, name, text, created_at)
            VALUES ('hers', %d, '问候', '{称呼}您好', now())
            """
                .formatted(COUNTER.staff(Counter.ZHANG).id()));
    assertThat(small.request().get(TOWN.url("/console/cases/" + told + "/replies")).text())
        .contains("林红您好")
        .doesNotContain("赵奶奶您好");
    small.locator(".facts-label").click();
    Locator there = opened(small, told);
    assertThat(there.locator(".consent.stands")).containsText("张伟记的");
    there.locator("summary", containing("续一年")).click();
    there.locator("button", containing("问过本人")).click();
    assertThat(there.locator(".consent")).hasCount(2);
    assertThat(there.locator(".consent.over")).containsText("换成了新的");
    assertThat(small.evaluate("document.documentElement.scrollWidth <= innerWidth"))
        .isEqualTo(true);
    there.locator(".consent.stands summary", containing("结束")).click();
    there.locator("button", containing("结束代办")).click();
    assertThat(there.locator(".consent.over").first()).containsText("张伟停的");
    daughter.awaitHeard("社区停了您替赵奶奶代办");
    assertThat(TOWN.sql("SELECT what FROM audit_entry WHERE what LIKE 'consent%' ORDER BY id"))
        .containsExactly(
            "consents_seen",
            "consent_recorded",
            "consent_code_drawn",
            "consents_seen",
            "consent_renewed",
            "consent_ended");
    small.navigate(TOWN.url("/console/cases/" + told + "/print"));
    assertThat(small.locator("dl")).containsText("代赵奶奶说（女儿 林**）");

    // Somebody who has no chat at all, from her own matter.
    daughter.says("1栋的路灯坏了半个月，是我自己的").says("跳过").says("对");
    String hers = TOWN.sqlOne("SELECT code FROM \"case\" WHERE what LIKE '%半个月%'");
    page.navigate(TOWN.url("/console/cases/" + hers));
    assertThat(page.locator("#conversation")).containsText("半个月");
    assertThat(page.locator("#conversation")).not().containsText("没人管");
    Locator other = opened(page, hers);
    Locator unknown = other.locator("#consents-" + hers + "-other");
    unknown.locator("summary").click();
    unknown.locator("[name=giver]").fill("林大山");
    unknown.locator("[name=phone]").fill("12000000881");
    unknown.locator("[name=home]").fill("3栋");
    unknown.locator("[name=kinship]").fill("女儿");
    unknown.locator("button").click();
    assertThat(other.locator(".consent.waiting")).containsText("林**（他是对方的女儿）");
    daughter.says("家人代办 " + other.locator(".big").textContent());
    assertThat(daughter.says("同意 林红").hears()).contains("可以替林大山说事");
    assertThat(daughter.says("帮家人说：楼道里的扶手松了").hears()).contains("3栋");
  }

  private static Locator opened(Page page, String code) {
    Locator card = page.locator("#person-" + code);
    card.locator("summary", containing("家人代办")).click();
    assertThat(card.locator("#consents-" + code)).isVisible();
    return card.locator("#consents-" + code);
  }

  /// On small phones that run no scripts.
  @Test
  void residentsJoinTheirAddressesByTapping() {
    Address one = resident("赵姨");
    Address other = resident("赵姨");
    Page mine = page(small());
    mine.navigate(TOWN.url("/h5/inbox/" + one.code() + "/addresses"));
    mine.locator("button", new Page.LocatorOptions().setHasText("要一个绑定码")).click();
    String code = mine.locator(".h5-code").textContent();

    Page there = page(small());
    there.navigate(TOWN.url("/h5/inbox/" + other.code()));
    there.locator("a", new Page.LocatorOptions().setHasText("我有几个号")).click();
    there.fill("#typed", "1234");
    there.locator(".h5-typed button").click();
    assertThat(there.locator("[role=status]")).containsText("绑定码不对");
    there.fill("#typed", code);
    there.locator(".h5-typed button").click();
    assertThat(there.locator("[role=status]")).containsText("3栋（微信·主号）的，是您自己的吗");
    assertThat(persons(one, other)).hasSize(2);
    there.locator("button", new Page.LocatorOptions().setHasText("是我的")).click();
    assertThat(there.locator("[role=status]")).containsText("放在一起了");
    assertThat(persons(one, other)).hasSize(1);

    there.locator("label", new Page.LocatorOptions().setHasText("就是这里")).click();
    there.locator(".h5-choices button").click();
    assertThat(there.locator("[role=status]")).containsText("记下了");
    assertThat(TOWN.sql("SELECT id FROM address WHERE chosen_at IS NOT NULL"))
        .containsExactly(Long.toString(other.id()));
    mine.navigate(TOWN.url("/h5/inbox/" + one.code() + "/addresses"));
    mine.locator("button", new Page.LocatorOptions().setHasText("分开")).click();
    assertThat(mine.locator("[role=status]")).containsText("分开了");
    assertThat(persons(one, other)).hasSize(2);
  }

  private static Browser.NewContextOptions small() {
    return new Browser.NewContextOptions().setViewportSize(360, 1400).setJavaScriptEnabled(false);
  }

  private static Joinings joinings() {
    return TOWN.rooms().reception().joinings();
  }

  private static Address resident(String called) {
    return COUNTER.resident(called);
  }

  private static void verify(Address address, String phone) {
    COUNTER
        .db()
        .withinTransaction(tx ->
            COUNTER
                .community
                .people()
                .verifyPhone(tx, address.personId(), phone, COUNTER.staff(Counter.LI).id()));
  }

  private static List<String> persons(Address... addresses) {
    return TOWN.sql(
        "SELECT DISTINCT person_id FROM address WHERE id IN (%d, %d)"
            .formatted(addresses[0].id(), addresses[1].id()));
  }

  /// Everything a joining may touch, but what came after.
  private static String whole() {
    return TOWN.sqlOne(
        """
        SELECT jsonb_build_array(
          (SELECT jsonb_agg(to_jsonb(p) ORDER BY p.id) FROM person p),
          (SELECT jsonb_agg(to_jsonb(a) ORDER BY a.id) FROM address a),
          (SELECT jsonb_agg(to_jsonb(v) ORDER BY v.person_id) FROM phone_verification v),
          (SELECT jsonb_agg(to_jsonb(c) ORDER BY c.id) FROM "case" c WHERE what <> '书房漏水'))
        """);
  }

  private static Locator.LocatorOptions containing(String text) {
    return new Locator.LocatorOptions().setHasText(text);
  }
}
