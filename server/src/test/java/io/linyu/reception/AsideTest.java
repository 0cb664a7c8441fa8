package io.linyu.reception;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linyu.Counter;
import io.linyu.Neighbourhood;
import io.linyu.Reader;
import io.linyu.casework.Case;
import io.linyu.casework.CaseEvent;
import io.linyu.casework.CaseId;
import io.linyu.casework.CaseState;
import io.linyu.casework.Inbox;
import io.linyu.casework.KnownMatter;
import io.linyu.casework.Rejecting;
import io.linyu.casework.ReturnVisits;
import io.linyu.community.Staff;
import io.linyu.platform.Refusal;
import io.linyu.simulator.wechat.Phone;
import java.time.Duration;
import java.util.List;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// What somebody says of a matter later, and complains about those who have it: they read not a
/// word of it, wherever it was said.
class AsideTest {
  @AutoClose private static final Neighbourhood TOWN = Neighbourhood.open();
  @AutoClose private static final Counter COUNTER = TOWN.counter();
  private static final Inbox INBOX = TOWN.rooms().casework().inbox();
  private static final Staff ZHANG = COUNTER.staff(Counter.ZHANG);
  private static final Staff WANG = COUNTER.staff(Counter.WANG);

  @Test
  void whatIsAddedIsNoPartOfTheCaseThatTheyHaveAndComesBackWhenItIsNone() {
    Phone li = resident("added");
    li.says("楼道灯坏了").says("对");
    Case lamp = last(li);
    String due = due(lamp);
    assertThat(li.says("补充 " + lamp.number().text() + " 张伟主任收了红包才肯修").hears())
        .contains("记到编号" + last(li).number().text());
    Case apart = last(li);
    assertThat(apart.id()).isNotEqualTo(lamp.id());
    assertThat(li.awaitHeard("单独登记").text())
        .contains(apart.number().text(), "望澜街道", "编号" + lamp.number().text() + "照常办");
    assertThat(apart.accused().isSuspected()).isTrue();
    assertThat(apart.accused().staffId()).isEqualTo(ZHANG.id());
    TOWN.until("they are found by", () -> found(WANG, "收了红包").equals(List.of(apart.id())));
    theyReadNothing(lamp, "收了红包", apart.number().text(), "记到编号");
    assertThat(COUNTER.cases.visibleTo(ZHANG, lamp.id()).waitsForAnswer()).isTrue();
    assertThat(now(lamp).heardAt()).as("nothing was heard").isEqualTo(lamp.heardAt());
    assertThat(due(lamp)).isEqualTo(due);
    try (var street = Reader.of(TOWN, Counter.WANG)) {
      assertThat(thread(street, apart).text()).contains("收了红包");
      assertThat(street.opens("/console/cases/" + apart.code()).text())
          .contains("另外还说了 1 件事", "楼道灯坏了", "像是反映工作人员");
    }
    // Of the same person once more: there, and not a third number.
    li.says("补充 " + lamp.number().text() + " 投诉张伟，昨天又骂人");
    assertThat(last(li).id()).isEqualTo(apart.id());
    theyReadNothing(lamp, "昨天又骂人");
    // What is of the lamp goes to the lamp.
    li.says("补充 " + lamp.number().text() + " 三楼的也不亮");
    TOWN.until("they are found by", () -> found(ZHANG, "三楼的也不亮").equals(List.of(lamp.id())));

    Case judged = COUNTER.cases.visibleTo(WANG, apart.id());
    var _ = TOWN.rooms().casework().suspicions().lift(WANG, judged.id(), judged.version(), "");
    assertThat(li.awaitHeard("不是反映工作人员的").text()).contains("楼道灯坏了", lamp.number().text());
    assertThat(last(li).id()).isEqualTo(lamp.id());
    try (var deputy = Reader.of(TOWN, Counter.ZHANG)) {
      assertThat(thread(deputy, lamp).text()).contains("收了红包", "昨天又骂人", "三楼的也不亮");
      assertThat(deputy.opens("/console/cases/" + lamp.code()).text())
          .contains("王芳 看过居民另外说的话，记在这里");
    }
    TOWN.until("they are found by", () -> found(ZHANG, "收了红包").equals(List.of(lamp.id())));
    assertThat(li.says("查询").hears()).doesNotContain(apart.number().text());
    assertThat(COUNTER.events.broken(CaseEvent.VOCABULARY)).isEmpty();
  }

  @Test
  void whoTalksWithThemIsNotHeardByThemOfThemselvesNorWhatIsStillAskedBack() {
    Phone li = resident("talks");
    li.says("单元门关不上").says("对");
    Case door = last(li);
    Case taken = COUNTER.handling.claim(ZHANG, door.id(), now(door).version());
    var _ = COUNTER.handling.answer(ZHANG, door.id(), taken.version(), "师傅下午到");
    li.awaitHeard("师傅下午到");
    li.says("你们的网格员张伟态度恶劣");
    Case apart = last(li);
    assertThat(apart.what()).isEqualTo("你们的网格员张伟态度恶劣");
    li.awaitHeard("单独登记");
    theyReadNothing(door, "态度恶劣");
    assertThat(li.says("明天再来也行").heard()).isNotEmpty();
    try (var deputy = Reader.of(TOWN, Counter.ZHANG)) {
      assertThat(thread(deputy, door).text()).contains("明天再来也行");
    }

    Phone wu = resident("asked-back");
    wu.says("路灯坏了").says("对");
    Case lamp = last(wu);
    wu.says("楼道里堆了旧沙发，张伟主任态度很差");
    theyReadNothing(lamp, "旧沙发");
    wu.says("取消");
    theyReadNothing(lamp, "旧沙发");
    try (var street = Reader.of(TOWN, Counter.WANG)) {
      assertThat(thread(street, lamp).text()).contains("旧沙发");
    }
  }

  @Test
  void whatIsSaidInARatingOrWithAnAppealIsKeptToo() {
    Phone li = resident("rates");
    li.says("楼道窗户破了").says("对");
    Case window = last(li);
    Case taken = COUNTER.handling.claim(ZHANG, window.id(), now(window).version());
    var _ = COUNTER.finishAndAsk(ZHANG, window.id(), taken.version(), "换好了");
    li.awaitHeard("换好了");
    li.says("没修好，张伟主任还骂我");
    Case apart = last(li);
    ReturnVisits visits = TOWN.rooms().casework().visits();
    assertThat(visits.last(COUNTER.db(), window.id()).orElseThrow().words()).isNull();
    assertThat(visits.last(COUNTER.db(), window.id()).orElseThrow().isAgainst()).isTrue();
    theyReadNothing(window, "还骂我");
    // On the page of it, where no message is kept.
    try (var page = Reader.of(TOWN)) {
      Document followed = page.opens("/h5/cases/" + window.code());
      Reader.choose(followed.expectFirst("form[action$=/rating]"), "solved", "no");
      followed.expectFirst("form[action$=/rating] [name=words]").val("玻璃没换，社区主任张伟推诿");
      page.sends(followed, "form[action$=/rating]");
      assertThat(page.status()).isEqualTo(200);
    }
    Case said = last(li);
    assertThat(said.what()).isEqualTo("玻璃没换，社区主任张伟推诿");
    assertThat(said.id()).isNotEqualTo(apart.id());
    var _ = TOWN.rooms().casework().suspicions().lift(WANG, said.id(), now(said).version(), "");
    assertThat(visits.last(COUNTER.db(), window.id()).orElseThrow().words())
        .isEqualTo("玻璃没换，社区主任张伟推诿");
    var _ =
        TOWN.rooms().casework().suspicions().confirm(WANG, apart.id(), now(apart).version(), "");
    assertThat(now(apart).categoryCode()).isEqualTo("1205");
    theyReadNothing(window, "还骂我");

    Phone wu = resident("appeals");
    wu.says("我要反映问题").says("想问问厂里从前的旧事").says("对");
    Case old = last(wu);
    var _ =
        TOWN.rooms()
            .casework()
            .rejecting()
            .reject(ZHANG, old.id(), old.version(), Rejecting.Reason.OUTSIDE, "请找档案馆");
    TOWN.clock.pass(Duration.ofSeconds(21));
    wu.awaitHeard("请找档案馆");
    try (var page = Reader.of(TOWN)) {
      Document followed = page.opens("/h5/cases/" + old.code());
      followed.expectFirst("form[action$=/appeals] [name=words]").val("张伟主任收了好处才不办");
      page.sends(followed, "form[action$=/appeals]");
    }
    assertThat(now(old).isUnderReview()).isTrue();
    assertThat(last(wu).what()).isEqualTo("张伟主任收了好处才不办");
    theyReadNothing(old, "收了好处");
  }

  @Test
  void whatJoinsWouldBeReadByThemAndSoIsTakenByItself() {
    KnownMatter cut =
        TOWN.rooms()
            .casework()
            .publishing()
            .publish(
                ZHANG,
                "127.0.0.1",
                new KnownMatter.Plan(
                    COUNTER.place("88001001").id(),
                    "0302",
                    "变压器坏了。",
                    null,
                    TOWN.clock.instant().plus(Duration.ofHours(2)),
                    TOWN.clock.instant().plus(Duration.ofHours(24))),
                List.of());
    Phone li = resident("joins");
    assertThat(li.says("停电了，张伟主任不接电话，态度恶劣").hears()).contains("变压器坏了");
    assertThat(li.says("1").hears()).contains("对就回“对”");
    assertThat(li.says("对").hears()).contains("编号");
    Case own = last(li);
    assertThat(own.state()).isEqualTo(CaseState.REPORTED);
    assertThat(own.accused().isSuspected()).isTrue();
    assertThatThrownBy(() -> COUNTER.cases.visibleTo(ZHANG, own.id())).isInstanceOf(Refusal.class);
    assertThat(TOWN.rooms().casework().known().joined(ZHANG, cut)).isZero();
    // Who has joined says it later, and is heard apart.
    Phone wu = resident("joined");
    wu.says("停电了").says("1");
    Case joined = last(wu);
    assertThat(joined.state()).isEqualTo(CaseState.MERGED);
    wu.says("补充 " + joined.number().text() + " 投诉张伟，收了好处");
    assertThat(last(wu).id()).isNotEqualTo(joined.id());
    theyReadNothing(joined, "收了好处");
  }

  private static void theyReadNothing(Case of, String... words) {
    try (var deputy = Reader.of(TOWN, Counter.ZHANG)) {
      for (String page :
          List.of(
              "/console/cases?view=all_open",
              "/console/cases/" + of.code(),
              "/console/cases/" + of.code() + "/print",
              "/console/cases/print?view=all_open")) {
        assertThat(deputy.opens(page).text())
            .as(page)
            .doesNotContain(words)
            .doesNotContain("另外还说了");
      }
      assertThat(thread(deputy, of).text()).doesNotContain(words);
    }
    for (String each : words) {
      assertThat(found(ZHANG, each)).as(each).isEmpty();
    }
  }

  private static Document thread(Reader staff, Case of) {
    Document seen = staff.opens("/console/conversations/" + of.addressId() + "?case=" + of.code());
    assertThat(staff.status()).isEqualTo(200);
    return seen;
  }

  private static List<CaseId> found(Staff who, String typed) {
    return INBOX.page(who, Inbox.View.ALL_OPEN, typed, null, 20).entries().stream()
        .map(Inbox.Entry::id)
        .toList();
  }

  private static Phone resident(String name) {
    return TOWN.follower("aside-" + name).scan("bld:88001001B3");
  }

  private static Case last(Phone phone) {
    return now(
        new CaseId(
            Long.parseLong(
                TOWN.sqlOne(
                    """
                    SELECT max(c.id) FROM "case" c JOIN address a ON a.id = c.address_id
                     WHERE a.external_id = '%s'
                    """
                        .formatted(phone.openid())))));
  }

  private static Case now(CaseId id) {
    return COUNTER.cases.named(COUNTER.db(), id).orElseThrow();
  }

  private static Case now(Case matter) {
    return now(matter.id());
  }

  private static String due(Case matter) {
    return TOWN.sqlOne(
        "SELECT string_agg(kind || due_at, ',' ORDER BY kind) FROM clock WHERE case_id = "
            + matter.id().value());
  }
}
