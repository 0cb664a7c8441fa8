package io.linyu.reception;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linyu.Counter;
import io.linyu.Neighbourhood;
import io.linyu.Reader;
import io.linyu.Visitor;
import io.linyu.casework.Case;
import io.linyu.casework.CaseEvent;
import io.linyu.casework.CaseId;
import io.linyu.casework.Example;
import io.linyu.casework.Line;
import io.linyu.community.Staff;
import io.linyu.platform.Refusal;
import io.linyu.simulator.wechat.Phone;
import java.time.Duration;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What was done is told in public (T34): proposed at the desk, agreed to by whoever told it, read
/// by everybody, and taken back.
class PublishTest {
  @AutoClose private static final Neighbourhood TOWN = Neighbourhood.open();
  @AutoClose private static final Counter COUNTER = TOWN.counter();
  private static final Staff ZHANG = COUNTER.staff(Counter.ZHANG);
  private static final String TOLD = "居民反映楼道里的灯不亮，晚上看不清。";
  private static final String DONE = "社区请物业换了灯 <b>和</b> 线路，第二天回访，亮了。";

  @BeforeAll
  static void rulesRest() {
    TOWN.withoutRules();
  }

  @Test
  void itIsProposedAgreedToReadByEverybodyAndTakenBack() {
    Phone wang = resident("agrees");
    Case lamp = closed(wang, "三楼的楼道灯坏了");
    try (var zhang = Reader.of(TOWN, Counter.ZHANG);
        var page = Reader.of(TOWN)) {
      Document desk = zhang.opens("/console/cases/" + lamp.code());
      assertThat(desk.select("#example-dialog").text()).contains("地点只显示社区", "同意了才公开");
      // What leads to somebody is named, with where it stands.
      fill(desk, "灯", "住3栋2单元501的居民说灯不亮，电话12000000069", "张伟去看过，换了");
      assertThat(zhang.sends(desk, "#example-dialog form[action*=/example]").text())
          .contains(
              "反映了什么里有单元门牌“3栋2单元501”", "反映了什么里有像电话、证件这样的长号码“12000000069”", "怎么办的里有工作人员的名字“张伟”");
      assertThat(zhang.status()).isEqualTo(422);
      assertThat(COUNTER.cases.history(ZHANG, lamp.id()))
          .noneMatch(each -> each.word().startsWith("example"));

      fill(desk, "楼道灯 <i>亮</i>了", TOLD, DONE);
      desk = zhang.sends(desk, "#example-dialog form[action*=/example]");
      assertThat(desk.select(".example-state").text()).contains("等当事人同意", TOLD);
      String asked = wang.awaitHeard("社区想公开是怎么办的").text();
      assertThat(asked).contains(lamp.number().text(), "/h5/cases/" + lamp.code() + "#example");
      String code =
          TOWN.sqlOne("SELECT code FROM case_example WHERE case_id = " + lamp.id().value());
      assertThat(code).hasSizeGreaterThanOrEqualTo(12).isNotEqualTo(lamp.code());
      assertThat(board("")).as("nothing is public before a yes").contains("还没有公开的案例");
      assertThat(status("/board/cases/" + code)).isEqualTo(404);

      Document own = page.opens("/h5/cases/" + lamp.code());
      assertThat(own.select("#example").text())
          .contains("楼道灯 <i>亮</i>了", TOLD, DONE, "清月园社区", "同意公开", "不同意", "可以在这里收回");
      assertThat(own.select("#example i, #example b b")).as("escaped").isEmpty();
      own = answers(page, lamp, code, "yes");
      assertThat(own.select("#example").text()).contains("您同意了公开这件事", "收回");

      String board = board("");
      assertThat(board)
          .contains("楼道灯 &lt;i&gt;亮&lt;/i&gt;了", TOLD, "&lt;b&gt;和&lt;/b&gt;", "清月园社区", "当天办完")
          .contains("/board/cases/" + code)
          .doesNotContain(lamp.number().text(), lamp.code(), "3栋", "张伟", "三楼", "<i>亮");
      assertThat(board("?community=88001001")).contains(TOLD);
      assertThat(board("?community=88001002")).contains("月塘社区办成的事", "还没有公开的案例");
      assertThat(status("/board/cases?community=88001001B3")).isEqualTo(404);
      assertThat(board("/" + code))
          .contains(TOLD)
          .doesNotContain(lamp.number().text(), lamp.code());
      assertThat(board("?language=en")).contains("What was done", "Done on the same day");

      assertThat(
              page.postsFrom(
                      "http://evil.example",
                      "/h5/cases/" + lamp.code() + "/example",
                      "example=" + code + "&answer=back")
                  .text())
          .isNotEmpty();
      assertThat(board("")).as("by no other site").contains(TOLD);
      own = answers(page, lamp, code, "back");
      assertThat(own.select("#example").text()).contains("不再公开");
      assertThat(board("")).doesNotContain(TOLD);
      assertThat(status("/board/cases/" + code)).isEqualTo(404);
      answers(page, lamp, code, "yes");
      assertThat(page.status()).as("not by going back").isEqualTo(409);
      assertThat(board("")).doesNotContain(TOLD);

      desk = zhang.opens("/console/cases/" + lamp.code());
      assertThat(desk.select("#example-dialog")).as("not asked again").isEmpty();
      assertThat(desk.select(".example-state").text()).contains("收回了同意");
    }
    assertThat(COUNTER.cases.history(ZHANG, lamp.id()))
        .extracting(Line::sentence)
        .containsSubsequence("张伟 想把这件事公开成案例，等当事人同意", "问了当事人同不同意公开", "当事人同意公开", "当事人收回了同意，不再公开");
    assertThat(
            TOWN.sql(
                "SELECT body::json->>'transition' FROM event WHERE subject = %d AND body LIKE '%%\"example_proposed\"%%'"
                    .formatted(lamp.id().value())))
        .containsExactly("T34");
    assertThat(wang.heard().stream().filter(each -> each.text().contains("社区想公开")))
        .as("once")
        .hasSize(1);
    assertThat(TOWN.sql("SELECT what FROM audit_entry WHERE what LIKE 'example%'"))
        .contains("example_proposed");
    assertThat(COUNTER.events.broken(CaseEvent.VOCABULARY)).isEmpty();
  }

  @Test
  void otherWordsAreAgreedToAgainAndStaffTakeItDown() {
    Phone li = resident("edits");
    Case lamp = closed(li, "楼道的声控灯不亮了");
    Example first = propose(lamp, "灯修好了");
    try (var page = Reader.of(TOWN);
        var zhang = Reader.of(TOWN, Counter.ZHANG)) {
      answers(page, lamp, first.code(), "yes");
      assertThat(board("")).contains("灯修好了");
      Example second = propose(lamp, "声控灯亮了");
      assertThat(board("")).doesNotContain("灯修好了", "声控灯亮了");
      Document own = answers(page, lamp, first.code(), "yes");
      assertThat(page.status()).isEqualTo(409);
      assertThat(own.text()).contains("刚刚改过这段文字");
      assertThat(own.select("#example").text()).contains("声控灯亮了");
      assertThat(board("")).doesNotContain("声控灯亮了");
      answers(page, lamp, second.code(), "yes");
      assertThat(board("")).contains("声控灯亮了");

      // Opened again it is not shown, and is there again once it is done.
      assertThat(li.says("没修好，又不亮了").hears()).contains("是就回1");
      li.says("1");
      assertThat(board("")).doesNotContain("声控灯亮了");
      assertThat(page.opens("/h5/cases/" + lamp.code()).select("#example").text())
          .contains("办的时候不公开");
      assertThatThrownBy(() -> propose(lamp, "换个说法"))
          .isInstanceOfSatisfying(
              Refusal.class, no -> assertThat(no.code()).isEqualTo("example-open"));
      Case again = COUNTER.cases.visibleTo(ZHANG, lamp.id());
      assertThat(again.isOpen()).isTrue();
      if (again.staffId() == null) {
        again = COUNTER.handling.claim(ZHANG, lamp.id(), again.version());
      }
      var _ = COUNTER.finish(ZHANG, lamp.id(), again.version(), "换了线路");
      assertThat(board("")).contains("声控灯亮了");

      Document desk = zhang.opens("/console/cases/" + lamp.code());
      desk.expectFirst("#example-withdraw-dialog textarea").val("写得不清楚");
      desk = zhang.sends(desk, "#example-withdraw-dialog form[action*=/example]");
      assertThat(desk.select(".example-state").text()).contains("收回了公开");
      assertThat(board("")).doesNotContain("声控灯亮了");
      assertThat(desk.text()).contains("写得不清楚");
    }
    assertThat(COUNTER.cases.history(ZHANG, lamp.id()))
        .extracting(Line::sentence)
        .contains("张伟 改了要公开的文字，重新等当事人同意", "张伟 收回了公开");
  }

  @Test
  void whoeverIsErasedIsNotOnTheBoardAnyMore() {
    Case stair = closed(resident("erased"), "楼道灯一直闪");
    Example example = propose(stair, "楼梯灯不闪了");
    try (var page = Reader.of(TOWN)) {
      answers(page, stair, example.code(), "yes");
    }
    assertThat(board("")).contains("楼梯灯不闪了");
    long person =
        Long.parseLong(
            TOWN.sqlOne("SELECT person_id FROM \"case\" WHERE id = " + stair.id().value()));
    TOWN.clock.pass(Duration.ofMinutes(1)); // whoever has just spoken is not erased
    var _ = new PersonalData(COUNTER.db(), COUNTER.community, TOWN.clock).erase(person);
    assertThat(board("")).doesNotContain("楼梯灯不闪了");
    assertThat(status("/board/cases/" + example.code())).isEqualTo(404);
    assertThatThrownBy(() -> propose(stair, "楼梯灯不闪了"))
        .isInstanceOfSatisfying(
            Refusal.class, no -> assertThat(no.code()).isEqualTo("example-nobody"));
    assertThat(COUNTER.events.broken(CaseEvent.VOCABULARY)).isEmpty();
  }

  private static Phone resident(String name) {
    return TOWN.follower("publish-" + name).scan("bld:88001001B3");
  }

  private static Case closed(Phone phone, String what) {
    phone.says(what).says("对");
    var id =
        new CaseId(
            Long.parseLong(
                TOWN.sqlOne(
                    "SELECT c.id FROM \"case\" c JOIN address a ON a.id = c.address_id WHERE a.external_id = '%s' ORDER BY c.id DESC"
                        .formatted(phone.openid()))));
    Case held = COUNTER.handling.claim(ZHANG, id, COUNTER.cases.visibleTo(ZHANG, id).version());
    Case done = COUNTER.finish(ZHANG, id, held.version(), "办好了。");
    TOWN.clock.pass(Duration.ofSeconds(11));
    return done;
  }

  private static Example propose(Case matter, String title) {
    var _ =
        COUNTER.asItStands(
            ZHANG,
            matter.id(),
            now ->
                COUNTER
                    .casework
                    .examples()
                    .propose(
                        ZHANG,
                        "127.0.0.1",
                        now.id(),
                        now.version(),
                        new Example.Text(title, "反映的事", "办的事")));
    return requireNonNull(
        COUNTER.casework.examples().of(ZHANG, COUNTER.cases.visibleTo(ZHANG, matter.id())).last());
  }

  private static void fill(Document desk, String title, String told, String done) {
    desk.expectFirst("#example-heading").val(title);
    desk.expectFirst("#example-told").val(told);
    desk.expectFirst("#example-done").val(done);
  }

  private static Document answers(Reader page, Case matter, String code, String answer) {
    return page.posts(
        "/h5/cases/" + matter.code() + "/example", "example=" + code + "&answer=" + answer);
  }

  private static String board(String rest) {
    try (var anybody = Visitor.elsewhere()) {
      return anybody.get(TOWN.url("/board/cases" + rest)).body();
    }
  }

  private static int status(String path) {
    try (var anybody = Visitor.elsewhere()) {
      return anybody.get(TOWN.url(path)).status();
    }
  }
}
