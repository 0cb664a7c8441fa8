package io.linyu.casework;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linyu.Counter;
import io.linyu.Neighbourhood;
import io.linyu.Visitor;
import io.linyu.casework.Inbox.Entry;
import io.linyu.casework.Inbox.View;
import io.linyu.community.Staff;
import io.linyu.platform.Refusal;
import io.linyu.simulator.wechat.Phone;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What is closed is filed away, found again, and opened again under its number.
class ArchiveTest {
  @AutoClose private static final Neighbourhood TOWN = Neighbourhood.open();
  @AutoClose private static final Counter COUNTER = TOWN.counter();
  private static final Duration WEEK = Duration.ofDays(7);

  private final Staff zhang = COUNTER.staff(Counter.ZHANG);
  private final Inbox inbox = COUNTER.casework.inbox();

  @BeforeAll
  static void rulesRest() {
    TOWN.withoutRules();
  }

  @Test
  void whatIsWholeIsFiledAwayAfterAWeekAndTheResidentMayStillHaveItOpenedAgain() {
    Phone wang = TOWN.follower("filed-away").scan("bld:88001001B3");
    String number = closed(wang, "楼道灯不亮了");
    CaseId id = id(number);
    TOWN.clock.pass(WEEK.minusHours(1));
    archive();
    assertThat(state(number)).as("not yet").isEqualTo("CLOSED");
    assertThat(closedOnes(Filters.NONE)).contains(id);
    TOWN.clock.pass(Duration.ofHours(2));
    TOWN.until("it is filed away", () -> archived(number));

    assertThat(closedOnes(Filters.NONE)).as("in no list any more").doesNotContain(id);
    assertThat(closedOnes(Filters.read(name -> name.equals("state") ? "archived" : null)))
        .contains(id);
    assertThat(closedOnes(Filters.read(name -> name.equals("state") ? "closed" : null)))
        .doesNotContain(id);
    assertThat(ids(inbox.page(zhang, View.ALL_OPEN, number, null, 10))).contains(id);
    TOWN.until(
        "its words are written",
        () -> ids(inbox.page(zhang, View.CLOSED, "换了灯泡", null, 10)).contains(id));
    Case filed = COUNTER.cases.visibleTo(zhang, id);
    assertThat(COUNTER.cases.stepsFor(zhang, filed)).isEmpty();
    assertThatThrownBy(() -> COUNTER.handling.note(zhang, id, "再记一笔"))
        .isInstanceOfSatisfying(
            Refusal.class, no -> assertThat(no.code()).isEqualTo("case-archived"));
    // A rule on trial may still say afterwards what it would have done.
    assertThat(COUNTER.cases.history(zhang, id))
        .extracting(Line::sentence)
        .filteredOn(each -> !each.contains("试运行"))
        .endsWith("材料齐全，归档");
    assertThat(
            TOWN.sql(
                "SELECT id FROM event WHERE body LIKE '%\"archived\"%' AND subject = "
                    + id.value()))
        .as("once")
        .hasSize(1);

    // Fifteen days are fifteen days, wherever the file lies.
    TOWN.clock.pass(Duration.ofDays(7));
    assertThat(wang.says("没修好，半夜又不亮了").hears()).contains("编号" + number, "是就回1");
    assertThat(wang.says("1").hears()).contains("编号" + number + "-2重新打开了");
    assertThat(state(number)).isEqualTo("HANDLING");
    Case again = COUNTER.cases.visibleTo(zhang, id);
    assertThat(again.number().text()).isEqualTo(number + "-2");
    assertThat(closedOnes(Filters.read(name -> name.equals("state") ? "archived" : null)))
        .doesNotContain(id);
    // Every form of it finds it, in the chat and at the desk.
    assertThat(wang.says("查询 " + number).hears()).startsWith(number + "-2");
    assertThat(wang.says("查询 " + number + "-2").hears()).startsWith(number + "-2");
    assertThat(wang.says("催 " + number + "-2").hears()).contains(number + "-2");
    for (String typed :
        List.of(number, number + "-2", number.replace("-", ""), "单号" + number + "-2")) {
      assertThat(inbox.page(zhang, View.ALL_OPEN, typed, null, 10).entries())
          .as(typed)
          .extracting(each -> each.number().text())
          .containsExactly(number + "-2");
    }
    assertThat(TOWN.sqlOne("SELECT number FROM \"case\" WHERE id = " + id.value()))
        .as("kept as it was")
        .isEqualTo(number);

    // Done again and filed away again, it is the second time that stands there.
    Case done = COUNTER.finish(zhang, id, again.version(), "换了线路。");
    assertThat(done.state()).isEqualTo(CaseState.CLOSED);
    untilRecorded(number);
    TOWN.clock.pass(WEEK.plusHours(1));
    TOWN.until("it is filed away again", () -> archived(number));
    assertThat(COUNTER.cases.visibleTo(zhang, id).number().text()).isEqualTo(number + "-2");
    TOWN.clock.pass(Duration.ofDays(9));
    assertThat(wang.says("没修好，还是不亮").hears()).as("too late").doesNotContain("重新打开");
    assertThat(state(number)).isEqualTo("ARCHIVED");
    assertThat(COUNTER.events.broken(CaseEvent.VOCABULARY))
        .noneMatch(each -> each.startsWith("casework " + id.value() + " "));
  }

  @Test
  void whatIsNotWholeStaysAndSaysWhatLacks() {
    String words = closed(TOWN.follower("no-words").scan("bld:88001001B3"), "楼道灯坏了");
    String chain = closed(TOWN.follower("no-chain").scan("bld:88001001B3"), "楼道灯不亮了");
    var _ = TOWN.sql("UPDATE case_answer SET text = '' WHERE case_id = " + id(words).value());
    var _ = TOWN.sql("ALTER TABLE event DISABLE TRIGGER USER");
    var _ =
        TOWN.sql(
            "UPDATE event SET body = replace(body, '\"noted\"', '\"noted\" ') , at = at - interval '1 hour' WHERE subject = %d AND seq = 2 AND room = 'casework'"
                .formatted(id(chain).value()));
    var _ = TOWN.sql("ALTER TABLE event ENABLE TRIGGER USER");
    TOWN.clock.pass(WEEK.plusHours(1));
    TOWN.until("both were looked at", () -> lacks(words) && lacks(chain));
    assertThat(state(words)).isEqualTo("CLOSED");
    assertThat(state(chain)).isEqualTo("CLOSED");

    assertThat(page())
        .contains(words, "缺最后给居民的答复", chain, "经过对不上")
        .doesNotContain("缺核查", "缺回访", "缺考核记录");

    // What is whole again is filed away the next day; what somebody has changed is not.
    var _ = TOWN.sql("UPDATE case_answer SET text = '修好了' WHERE case_id = " + id(words).value());
    TOWN.clock.pass(Duration.ofDays(1));
    TOWN.until("it is filed away", () -> archived(words));
    assertThat(page()).doesNotContain(words).contains(chain);
    assertThat(state(chain)).isEqualTo("CLOSED");
  }

  /// The list of what lacks something, as somebody at the desk sees it.
  private static String page() {
    try (Visitor zhang = Visitor.elsewhere()) {
      zhang.cookie(TOWN.url(""), "linyu_form", "ours");
      assertThat(
              zhang
                  .post(
                      TOWN.url("/console/session"),
                      "X-Linyu-Form=ours&login=" + Counter.ZHANG + "&password=" + Counter.PASSWORD)
                  .status())
          .isEqualTo(303);
      return zhang.get(TOWN.url("/console/archive")).body();
    }
  }

  private static String closed(Phone phone, String what) {
    phone.says(what).says("对");
    String number =
        TOWN.sqlOne(
            "SELECT c.number FROM \"case\" c JOIN address a ON a.id = c.address_id WHERE a.external_id = '%s' ORDER BY c.id DESC"
                .formatted(phone.openid()));
    Staff zhang = COUNTER.staff(Counter.ZHANG);
    Case seen = COUNTER.cases.visibleTo(zhang, id(number));
    Case held = COUNTER.handling.claim(zhang, seen.id(), seen.version());
    var _ = COUNTER.finish(zhang, held.id(), held.version(), "换了灯泡。");
    untilRecorded(number);
    return number;
  }

  /// As often as it was closed and opened again, the last time as closed.
  private static void untilRecorded(String number) {
    TOWN.until(
        "it is recorded how it went",
        () ->
            TOWN.sqlOne(
                    """
                    SELECT coalesce((SELECT e.ended = 'closed' AND e.event_id >= (
                                            SELECT max(v.id) FROM event v
                                             WHERE v.room = 'casework' AND v.subject = e.case_id AND v.body LIKE '%%"closed"%%')
                                       FROM case_evaluation e WHERE e.case_id = %d
                                      ORDER BY e.version DESC LIMIT 1), false)
                    """
                        .formatted(id(number).value()))
                .equals("t"));
  }

  private static CaseId id(String number) {
    return new CaseId(
        Long.parseLong(TOWN.sqlOne("SELECT id FROM \"case\" WHERE number = '" + number + "'")));
  }

  private static String state(String number) {
    return TOWN.sqlOne("SELECT state FROM \"case\" WHERE number = '" + number + "'");
  }

  /// Due work, which looks once a minute.
  private static void archive() {
    TOWN.rooms().ticker().ring("archive");
  }

  private static boolean archived(String number) {
    archive();
    return state(number).equals("ARCHIVED");
  }

  private static boolean lacks(String number) {
    archive();
    return TOWN.sqlOne(
            "SELECT count(*) FROM case_archive WHERE missing IS NOT NULL AND case_id = "
                + id(number).value())
        .equals("1");
  }

  private List<CaseId> closedOnes(Filters filters) {
    return ids(inbox.page(zhang, View.CLOSED, null, filters, null, 100));
  }

  private static List<CaseId> ids(Inbox.Listing listing) {
    return listing.entries().stream().map(Entry::id).toList();
  }
}
