package io.linyu.reception;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linyu.Counter;
import io.linyu.Neighbourhood;
import io.linyu.Reader;
import io.linyu.Settings;
import io.linyu.casework.Case;
import io.linyu.casework.CaseId;
import io.linyu.casework.Inbox;
import io.linyu.casework.Opened;
import io.linyu.casework.Shift;
import io.linyu.community.Address;
import io.linyu.community.Desk;
import io.linyu.community.Staff;
import io.linyu.community.audit.Who;
import io.linyu.platform.Refusal;
import io.linyu.platform.text.Words;
import io.linyu.simulator.wechat.Line;
import io.linyu.simulator.wechat.Phone;
import java.time.Duration;
import java.util.List;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What is kept quiet: violence at home, children, somebody who may harm themselves. Whoever reads
/// along on the telephone, or over a shoulder, learns nothing.
class QuietTest {
  private static final String LEAVE = "sim-result-notice";
  private static final String FIELDS =
      "character_string1=number, thing2=matter, thing3=words, time4=time";

  @AutoClose
  private static final Neighbourhood TOWN =
      Neighbourhood.with(
          new Settings.Wechat.Rights(
              true,
              true,
              new Settings.Wechat.Form(LEAVE, FIELDS, false),
              new Settings.Wechat.Form("sim-template", FIELDS, true)));

  @AutoClose private static final Counter COUNTER = TOWN.counter();
  private static final Staff ZHANG = COUNTER.staff(Counter.ZHANG);
  private static final Staff LI = COUNTER.staff(Counter.LI);

  /// Who has a chat with us, and has told this of a child.
  private record Told(Phone phone, CaseId id, String number) {
    Case matter() {
      return COUNTER.cases.visibleTo(ZHANG, id);
    }
  }

  private static Told told(String name) {
    Phone phone = TOWN.follower(name).scan("bld:88001001B3");
    assertThat(phone.says("你好").hears()).isNotEmpty();
    Address address =
        COUNTER
            .db()
            .inTransaction(tx -> {
              long id =
                  tx.one("SELECT id FROM address WHERE external_id = $1", phone.openid())
                      .getLong("id");
              long person =
                  tx.one("SELECT person_id FROM address WHERE id = $1", id).getLong("person_id");
              return TOWN.rooms().community().people().addressesOf(tx, person).getFirst();
            });
    Opened opened = COUNTER.told(address, "他又喝酒摔东西，孩子吓坏了", "0704", TOWN.clock.instant());
    return new Told(phone, opened.id(), opened.number().text());
  }

  @BeforeAll
  static void rulesRest() {
    TOWN.withoutRules();
  }

  @Test
  void isToldInConfidenceWhateverTheRulesName() {
    assertThat(
            TOWN.sqlOne("SELECT confidential::text FROM case_rules ORDER BY version DESC LIMIT 1"))
        .doesNotContain("0907");
    Address child = COUNTER.resident("孙");
    var _ = COUNTER.told(child, "孩子放学没人管", "0907", TOWN.clock.instant());
    assertThat(confidential(child)).isTrue();
    for (String kind : List.of("violence", "suicide")) {
      Address who = COUNTER.resident("周");
      COUNTER.danger(who, "救命", kind);
      assertThat(confidential(who)).as(kind).isTrue();
    }
    Address who = COUNTER.resident("吴");
    COUNTER.danger(who, "着火了", "fire");
    assertThat(confidential(who)).isFalse();
    // Also what is found out to be so later.
    Address late = COUNTER.resident("郑");
    CaseId other = COUNTER.told(late, "有件事", "0101", TOWN.clock.instant()).id();
    Case was = COUNTER.cases.visibleTo(ZHANG, other);
    var _ = COUNTER.casework.corrections().setCategory(ZHANG, other, was.version(), "0907");
    assertThat(confidential(late)).isTrue();
  }

  private static boolean confidential(Address of) {
    return COUNTER
        .db()
        .one("SELECT confidential FROM \"case\" WHERE person_id = $1", of.personId())
        .getBoolean("confidential");
  }

  @Test
  void whatIsSentUnaskedNamesNothingAndWhoIsTalkingIsAnsweredInWords() {
    Told told = told("quiet-2");
    Case held = COUNTER.handling.claim(ZHANG, told.id(), told.matter().version());
    Case answered = COUNTER.handling.answer(ZHANG, held.id(), held.version(), "我们今晚过去看孩子");
    assertThat(told.phone().awaitHeard("今晚过去看孩子").text()).contains("张伟");

    TOWN.clock.pass(Duration.ofHours(2));
    answer(answered.id(), "孩子已经送到奶奶家");
    assertThat(told.phone().awaitHeard("有新消息").text())
        .contains(told.number(), "/h5/cases/" + answered.code())
        .doesNotContain("孩子", "奶奶", "3栋", "家庭");
    TOWN.clock.pass(Duration.ofMinutes(1));
    assertThat(told.phone().heard().stream().map(Line.Heard::text).toList().toString())
        .doesNotContain("奶奶家", "喝酒");
  }

  @Test
  void noTemplateIsPushedOnlyWhatTheyGaveLeaveFor() {
    Told none = told("quiet-3");
    Told leave = told("quiet-4");
    var _ = leave.phone().allows(LEAVE);
    TOWN.clock.pass(Duration.ofSeconds(1)); // an event has no id but its second
    var _ = leave.phone().allows(LEAVE);
    TOWN.clock.pass(Duration.ofDays(3));
    for (Told each : List.of(none, leave)) {
      var _ =
          COUNTER.asItStands(
              ZHANG, each.id(), now -> COUNTER.handling.claim(ZHANG, now.id(), now.version()));
      answer(each.id(), "孩子送到奶奶家了");
    }
    TOWN.until("leave was used", () -> !notices(leave.phone()).isEmpty());
    assertThat(notices(leave.phone()).getFirst())
        .contains(leave.number(), "您的一件事", "有新消息")
        .doesNotContain("孩子", "奶奶");
    TOWN.until("the other waits", () -> states(none.phone()).contains("waiting"));
    assertThat(notices(none.phone())).isEmpty();
    assertThat(none.phone().says("在吗").hears()).contains("有新消息").doesNotContain("奶奶");
  }

  private static void answer(CaseId id, String text) {
    var _ =
        COUNTER.asItStands(
            ZHANG, id, now -> COUNTER.handling.answer(ZHANG, id, now.version(), text));
  }

  private static List<String> notices(Phone phone) {
    return phone.heard().stream()
        .filter(line -> line.way() == Line.Way.NOTICE)
        .map(Line.Heard::text)
        .toList();
  }

  private static List<String> states(Phone phone) {
    return TOWN.sql(
        "SELECT o.state FROM outbound o JOIN address a ON a.id = o.address_id WHERE a.external_id = '"
            + phone.openid()
            + "'");
  }

  @Test
  void staffAreCalledWithoutItsKindAndPlace() {
    Phone desk = TOWN.follower("quiet-desk");
    var chats = TOWN.rooms().community().staffAddresses();
    assertThat(desk.says("工作号" + chats.draw(ZHANG.id())).hears()).contains("张伟");
    Told told = told("quiet-8");
    TOWN.clock.pass(Duration.ofMinutes(16));
    Line.Heard call = desk.awaitHeard(told.number());
    String line =
        call.text().lines().filter(each -> each.contains(told.number())).findFirst().orElseThrow();
    assertThat(line).endsWith("新事没人接：" + told.number());
    assertThat(call.text()).doesNotContain("家庭矛盾", "喝酒");
    var _ = TOWN.sql("DELETE FROM staff_address");
  }

  @Test
  void listsNameItToWhoeverHasItInHandOnly() {
    Told told = told("quiet-5");
    var _ = COUNTER.handling.claim(ZHANG, told.id(), told.matter().version());
    assertThat(title(ZHANG, told.number())).isEqualTo("他又喝酒摔东西，孩子吓坏了");
    assertThat(title(LI, told.number())).isEqualTo("不便声张的事");
  }

  @Test
  void shiftPagesNameItToWhoeverHasItInHandOnly() {
    Told told = told("quiet-9");
    var _ = COUNTER.handling.claim(ZHANG, told.id(), told.matter().version());
    Desk desk = TOWN.rooms().community().desks().byId(told.matter().deskId());
    try (var zhang = Reader.of(TOWN, Counter.ZHANG);
        var li = Reader.of(TOWN, Counter.LI)) {
      Document hands = zhang.opens("/console/handover/" + desk.id());
      assertThat(hands.select("#handover").text()).contains("他又喝酒摔东西");
      Shift shift =
          COUNTER.shifts.handOver(
              ZHANG, Who.staff(ZHANG.id(), "127.0.0.1"), desk, null, "", List.of());
      String page = "/console/handover/shifts/" + shift.code();
      assertThat(zhang.opens(page).select("#shift").text()).contains("他又喝酒摔东西");
      for (String each : List.of(page, page + "/print")) {
        assertThat(li.opens(each).text()).contains(told.number(), "不便声张的事").doesNotContain("喝酒");
      }
      var _ = COUNTER.shifts.takeOver(LI, Who.staff(LI.id(), "127.0.0.1"), shift.code());
      assertThat(li.opens(page).select("#shift").text()).contains("他又喝酒摔东西");
    }
  }

  private static String title(Staff staff, String number) {
    Inbox.Entry entry =
        COUNTER
            .casework
            .inbox()
            .page(staff, Inbox.View.ALL_OPEN, number, null, 9)
            .entries()
            .getFirst();
    return entry.title(staff.id(), Words.in("zh"));
  }

  @Test
  void isHandledByItself() {
    Told one = told("quiet-6");
    Told two = told("quiet-7");
    for (Told each : List.of(one, two)) {
      var _ =
          TOWN.sql(
              "UPDATE \"case\" SET state = 'DISPATCHED' WHERE number = '" + each.number() + "'");
    }
    var merging = COUNTER.casework.merging();
    assertThat(merging.offered(ZHANG, one.matter(), "")).isEmpty();
    assertThatThrownBy(
            () -> merging.merge(ZHANG, one.id(), one.matter().version(), two.matter().code()))
        .isInstanceOfSatisfying(
            Refusal.class, no -> assertThat(no.code()).isEqualTo("merge-quiet"));
    assertThat(COUNTER.casework.known().mayJoin(ZHANG, one.matter())).isFalse();
    assertThat(COUNTER.casework.known().fitting(ZHANG, one.matter())).isEmpty();
  }
}
