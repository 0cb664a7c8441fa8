package io.linyu.reception;

import static org.assertj.core.api.Assertions.assertThat;

import io.linyu.Counter;
import io.linyu.Neighbourhood;
import io.linyu.Settings;
import io.linyu.casework.Case;
import io.linyu.casework.Rejecting;
import io.linyu.community.Staff;
import io.linyu.simulator.wechat.Fault;
import io.linyu.simulator.wechat.Line;
import io.linyu.simulator.wechat.Phone;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// How somebody learns the result whose window has closed: by a notice for which they gave leave,
/// by a template message, or when they next write.
class NoticeTest {
  private static final String SEND = "/cgi-bin/message/custom/send";
  private static final String NOTICE = "/cgi-bin/message/subscribe/bizsend";
  private static final String TEMPLATE = "/cgi-bin/message/template/send";
  private static final String LEAVE = "sim-result-notice";
  private static final String FIELDS =
      "character_string1=number, thing2=matter, thing3=words, time4=time";

  @AutoClose
  private static final Neighbourhood TOWN =
      Neighbourhood.withTwoAccounts(
          new Settings.Wechat.Rights(
              true,
              true,
              new Settings.Wechat.Form(LEAVE, FIELDS, false),
              new Settings.Wechat.Form("sim-template", FIELDS, true)));

  @AutoClose private static final Counter COUNTER = TOWN.counter();

  @AfterEach
  void nothingFails() {
    TOWN.wechat.faults().none();
  }

  @BeforeAll
  static void rulesRest() {
    TOWN.withoutRules();
  }

  @Test
  void whoGaveLeaveHearsTheResultByANoticeWhenTheWindowIsClosed() {
    Phone wang = teller("leave");
    assertThat(wang.hears()).contains("按一下有结果就通知您", "/h5/cases/");
    var _ = wang.allows(LEAVE);
    closeWindow(wang);

    answer(wang, "在等配件");
    assertDelivered(wang, "template");
    assertThat(leftOver(wang)).as("kept for the result").isEqualTo("1");

    close(wang, "师傅换了灯泡，装好以后我们又来看了一遍，请您放心");

    assertThat(wang.awaitHeard("师傅换了灯泡").text().lines().toList())
        .startsWith(number(wang), "楼道灯不亮了", "师傅换了灯泡，装好以后我们又来看了一遍…")
        .last()
        .asString()
        .matches("\\d{4}-\\d{2}-\\d{2} \\d{2}:\\d{2}");
    assertDelivered(wang, "subscribe_notice");
    assertThat(leftOver(wang)).isEqualTo("0");
    // It is not said again when they come back.
    assertThat(wang.says("查询").hears()).doesNotContain("师傅换了灯泡");
  }

  @Test
  void whatIsNotAcceptedIsToldLikeTheEnd() {
    Phone qin = TOWN.follower("notice-rejected").scan("bld:88001001B3");
    qin.says("我要反映问题").says("想问问厂里从前的旧事").says("对");
    var _ = qin.allows(LEAVE);
    closeWindow(qin);
    Case matter = matter(qin);
    var _ =
        TOWN.rooms()
            .casework()
            .rejecting()
            .reject(
                COUNTER.staff(Counter.ZHANG),
                matter.id(),
                matter.version(),
                Rejecting.Reason.OUTSIDE,
                "请找厂里的留守处");
    TOWN.clock.pass(Rejecting.TOLD_AFTER.plusSeconds(1));
    assertThat(notice(qin).text()).contains(matter.number().text(), "请找厂里的留守处");
    assertDelivered(qin, "subscribe_notice");
  }

  @Test
  void staffWhoseWindowIsClosedAreCalledByATemplateMessageAndKeepTheirOwnLeave() {
    // What others told here before calls nobody: it has waited for long.
    TOWN.until("everything was heard", NoticeTest::isAllHeard);
    var _ = TOWN.sql("DELETE FROM errand_watch");
    Phone chen = TOWN.follower("duty");
    Staff zhang = COUNTER.staff(Counter.ZHANG);
    var chats = TOWN.rooms().community().staffAddresses();
    assertThat(chen.says("工作号" + chats.draw(zhang.id())).hears()).contains("张伟");
    var _ = chen.allows(LEAVE);
    closeWindow(chen);
    Phone told = teller("duty-case");
    TOWN.clock.pass(Duration.ofMinutes(16));

    assertThat(notice(chen).text()).contains(number(told), "新事没人接").doesNotContain("不亮");
    assertDelivered(chen, "template");
    assertThat(leftOver(chen)).isEqualTo("1");
    var _ = TOWN.sql("DELETE FROM staff_address");
  }

  private static boolean isAllHeard() {
    return TOWN.sqlOne(
            """
            SELECT count(*) FROM event
             WHERE room = 'casework'
               AND (xid, id) > (SELECT last_xid, last_event FROM event_cursor WHERE listener = 'errands')
            """)
        .equals("0");
  }

  @Test
  void withinTheWindowFreeWordsGoAndTheLeaveIsKept() {
    Phone li = teller("window");
    var _ = li.allows(LEAVE);

    answer(li, "明天来修");

    assertThat(li.awaitHeard("明天来修").way()).isEqualTo(Line.Way.CUSTOMER_SERVICE);
    assertThat(leftOver(li)).isEqualTo("1");
  }

  @Test
  void withoutLeaveATemplateMessageGoes() {
    Phone zhao = teller("template");
    closeWindow(zhao);

    answer(zhao, "明天来修");

    assertThat(notice(zhao).text()).contains(number(zhao), "明天来修");
    assertDelivered(zhao, "template");
  }

  @Test
  void leaveThatThePlatformDoesNotKnowOfAnyMoreIsNotCountedOn() {
    Phone sun = teller("stale");
    var _ = sun.allows(LEAVE);
    var _ = TOWN.sql("UPDATE subscription SET left_over = 3 WHERE " + whose(sun));
    var _ = sun.turnsOff("something-else");
    closeWindow(sun);
    answer(sun, "明天来修");
    assertThat(notice(sun).text()).contains("明天来修");
    answer(sun, "后天来修"); // two leaves are left that WeChat knows nothing of

    TOWN.until("it went the next way", () -> ways(sun).contains("template"));
    assertThat(TOWN.sql("SELECT 1 FROM subscription WHERE " + whose(sun))).isEmpty();
  }

  @Test
  void whoTurnsItOffIsNotNotified() {
    Phone qian = teller("off");
    var _ = qian.allows(LEAVE);
    var _ = qian.turnsOff(LEAVE);
    assertThat(TOWN.sql("SELECT 1 FROM subscription WHERE " + whose(qian))).isEmpty();

    var _ = qian.allows(LEAVE);
    var _ = qian.unfollow();
    assertThat(TOWN.sql("SELECT 1 FROM subscription WHERE " + whose(qian))).isEmpty();
  }

  @Test
  void aCaseIsPushedThreeTimesAtMostAndTheLastIsItsEnd() {
    Phone wu = teller("three");
    closeWindow(wu);
    for (String each : List.of("一", "二", "三")) {
      answer(wu, "第" + each + "次答复");
    }
    TOWN.until("two have gone and one waits", () -> states(wu).contains("waiting"));
    assertThat(wu.heard()).filteredOn(line -> line.way() == Line.Way.NOTICE).hasSize(2);

    close(wu, "修好了");

    TOWN.until("its end has gone", () -> notice(wu).text().contains("修好了"));
    assertThat(wu.heard()).filteredOn(line -> line.way() == Line.Way.NOTICE).hasSize(3);
    // What was not pushed is shown when they come back.
    assertThat(wu.says("在吗").hears()).contains("第三次答复");
  }

  @Test
  void whoWaitsHearsThatItIsLateBeforeTheyAsk() {
    Phone lin = teller("late");
    Phone gu = teller("late-open");
    Staff zhang = COUNTER.staff(Counter.ZHANG);
    var _ = COUNTER.handling.claim(zhang, matter(gu).id(), matter(gu).version());
    closeWindow(lin);

    TOWN.clock.pass(Duration.ofHours(25));

    // In the chat, and as a template message where the chat is closed.
    assertThat(gu.awaitHeard("晚了").text())
        .startsWith("对不起，您反映的“楼道灯不亮了”（编号" + number(gu) + "）说好")
        .contains("前联系您", "张伟在办", "回“人工”");
    assertThat(notice(lin).text()).contains(number(lin), "前联系您，晚了");
    assertDelivered(lin, "template");
    // Of the three pushes two are left: one for what is answered, one for the end.
    answer(lin, "今天来修");
    answer(lin, "明天来修");
    TOWN.until("one has gone and one waits", () -> states(lin).contains("waiting"));
    assertThat(lin.heard()).filteredOn(line -> line.way() == Line.Way.NOTICE).hasSize(2);
  }

  /// Nobody is told that something is late after they have heard that it is done.
  @Test
  void whatIsNotLateAnyMoreIsNotSaid() {
    Phone xu = teller("no-longer");
    closeWindow(xu);
    answer(xu, "今天来修");
    answer(xu, "明天来修");
    TOWN.until("both pushes are used up", () -> notices(xu) == 2);
    TOWN.clock.pass(Duration.ofDays(30));
    TOWN.until(
        "that it is late waits",
        () ->
            TOWN.sql("SELECT text FROM outbound WHERE state = 'waiting' AND " + whose(xu)).stream()
                .anyMatch(text -> text.contains("还没有办完")));

    close(xu, "换好了");
    TOWN.until("its end has gone", () -> notices(xu) == 3);

    assertThat(xu.says("在吗").hears()).doesNotContain("还没有办完", "对不起");
  }

  private static long notices(Phone phone) {
    return phone.heard().stream().filter(line -> line.way() == Line.Way.NOTICE).count();
  }

  @Test
  void aTemplateMessageOfWhichNobodyKnowsWhetherItWentIsSentAgainAndShownOnce() {
    Phone zheng = teller("lost-answer");
    closeWindow(zheng);
    TOWN.wechat.faults().next(TEMPLATE, Fault.DROPPED_AFTER_ACCEPTING);
    long before = TOWN.wechat.calls(TEMPLATE);

    answer(zheng, "明天来修");

    assertDelivered(zheng, "template");
    assertThat(TOWN.wechat.calls(TEMPLATE) - before).isEqualTo(2);
    assertThat(zheng.heard()).filteredOn(line -> line.way() == Line.Way.NOTICE).hasSize(1);
  }

  /// The window opens while nobody knows: free words would say it a second time.
  @Test
  void whatMayHaveGoneAsATemplateMessageGoesNoOtherWay() {
    Phone he = teller("lost-then-open");
    closeWindow(he);
    Staff zhang = COUNTER.staff(Counter.ZHANG);
    Case matter = matter(he);
    Case held = COUNTER.handling.claim(zhang, matter.id(), matter.version());
    TOWN.wechat.faults().next(TEMPLATE, Fault.DROPPED_AFTER_ACCEPTING);
    var _ = COUNTER.handling.answer(zhang, held.id(), held.version(), "锁匠后天来");
    assertThat(notice(he).text()).contains("锁匠后天来");
    TOWN.wechat.faults().next(TEMPLATE, Fault.TOO_OFTEN);
    TOWN.until("the platform has no time", () -> reasons(he).contains("RateLimited"));

    assertThat(he.says("谢谢").hears()).doesNotContain("锁匠后天来");
    TOWN.clock.pass(Duration.ofSeconds(61));

    TOWN.until("it is done", () -> !states(he).contains("queued"));
    assertThat(he.lines().toString().split("锁匠后天来", -1)).hasSize(2);
    assertDelivered(he, "template");
  }

  private static String reasons(Phone phone) {
    return TOWN.sql("SELECT coalesce(reason, '') FROM outbound WHERE " + whose(phone)).toString();
  }

  @Test
  void aSubscribeNoticeOfWhichNobodyKnowsWhetherItWentIsNotSentAgain() {
    Phone feng = teller("lost-notice");
    var _ = feng.allows(LEAVE);
    closeWindow(feng);
    TOWN.wechat.faults().next(NOTICE, Fault.DROPPED_AFTER_ACCEPTING);

    close(feng, "修好了");

    TOWN.until("nobody knows", () -> states(feng).contains("unknown"));
    assertThat(feng.heard()).filteredOn(line -> line.way() == Line.Way.NOTICE).hasSize(1);
  }

  @Test
  void aTemplateThatThePlatformDoesNotKnowIsSaidAndTheOtherWayTaken() {
    Phone chen = teller("no-template");
    var _ = chen.allows(LEAVE);
    TOWN.clock.pass(Duration.ofSeconds(1)); // an event has no id but its second
    var _ = chen.allows(LEAVE);
    closeWindow(chen);
    TOWN.wechat.faults().next(NOTICE, Fault.UNKNOWN_TEMPLATE);

    answer(chen, "明天来修");

    assertDelivered(chen, "template");
    assertThat(leftOver(chen)).isEqualTo("2");
    // Nobody is asked for it again until its time.
    long asked = TOWN.wechat.calls(NOTICE);
    answer(chen, "后天来修");
    assertThat(TOWN.wechat.calls(NOTICE)).isEqualTo(asked);
    TOWN.clock.pass(Duration.ofMinutes(61));
  }

  @Test
  void whatThePlatformCouldNotDeliverAfterAllHasFailed() {
    Phone han = teller("blocked").blocksTemplates();
    closeWindow(han);

    answer(han, "明天来修");

    TOWN.until("the platform has said so", () -> states(han).contains("failed"));
    assertThat(
            TOWN.sql(
                "SELECT o.reason FROM outbound o JOIN address a ON a.id = o.address_id WHERE a.external_id = '"
                    + han.openid()
                    + "' AND o.state = 'failed'"))
        .containsExactly("failed:user block");
  }

  @Test
  void theChatTheyChoseIsAnsweredByANoticeWhileAnotherIsOpen() {
    Phone main = teller("chosen");
    Phone other = bound(main, "chosen");
    assertThat(main.says("以后都发到这里").hears()).contains("发到这里");
    closeWindow(main);
    other.says("在吗");

    answer(main, "明天来修");
    assertThat(notice(main).text()).contains(number(main), "明天来修");
    answer(main, "后天也来");

    // Both pushes are used up, and the other one is open.
    sayAnswer(main, "换了门轴");
    assertThat(other.awaitHeard("换了门轴").way()).isEqualTo(Line.Way.CUSTOMER_SERVICE);
    assertThat(other.heard())
        .noneMatch(line -> line.text().contains("明天来修") || line.text().contains("后天也来"));

    // The third push is kept for the end.
    close(main, "已经修好");
    TOWN.until("its end has gone", () -> notice(main).text().contains("已经修好"));
    assertThat(other.heard()).noneMatch(line -> line.text().contains("已经修好"));
  }

  /// Whatever was refused there, as a notice by leave and as a template message, may go here.
  @Test
  void whatMovesToTheirOtherChatHasAllTheWaysOfThatOne() {
    Phone main = teller("moved");
    Phone other = bound(main, "moved");
    assertThat(main.says("以后都发到这里").hears()).contains("发到这里");
    // The platform knows of none, whatever else is tried before this.
    var _ = main.allows(LEAVE).turnsOff(LEAVE);
    var _ = TOWN.sql("UPDATE subscription SET left_over = 3 WHERE " + whose(main));
    var _ = other.allows(LEAVE);
    TOWN.clock.pass(Duration.ofSeconds(1)); // an event has no id but its second
    var _ = other.allows(LEAVE);
    closeWindow(main);
    closeWindow(other);
    var _ = main.unfollowUnheard();
    long asked = TOWN.wechat.calls(TEMPLATE);

    sayAnswer(main, "明天来修");

    assertThat(notice(other).text()).contains("明天来修");
    assertDelivered(other, "subscribe_notice");
    assertThat(TOWN.wechat.calls(TEMPLATE) - asked).as("refused there").isEqualTo(1);
  }

  /// Somebody's other chat, in the second account.
  private static Phone bound(Phone main, String name) {
    Phone other = TOWN.secondFollower("notice-" + name);
    Matcher code = Pattern.compile("\\d{4} \\d{4}").matcher(main.says("绑定").hears());
    assertThat(code.find()).isTrue();
    assertThat(other.says("绑定" + code.group().replace(" ", "")).says("1").hears())
        .contains("绑在一起了");
    return other;
  }

  @Test
  void whoHasItIsToldOnceHoweverOftenItChanges() {
    Phone yang = teller("holders");
    for (String each : List.of(Counter.ZHANG, Counter.LI)) {
      Staff holder = COUNTER.staff(each);
      var _ = COUNTER.handling.claim(holder, matter(yang).id(), matter(yang).version());
      TOWN.clock.pass(Duration.ofSeconds(11)); // until it cannot be taken back any more
      var _ = yang.awaitHeard("接手");
      var _ = COUNTER.handling.release(holder, matter(yang).id(), matter(yang).version());
    }
    answer(yang, "我来看看");

    assertThat(yang.awaitHeard("我来看看").text()).contains("张伟");
    assertThat(yang.heard()).filteredOn(line -> line.text().contains("接手")).hasSize(1);
  }

  /// An account that is not verified may answer, and nothing else: 48001 is never met.
  @Test
  void whatAnAccountMayNotIsNeverAskedOfThePlatform() {
    try (Neighbourhood poor =
            Neighbourhood.with(
                new Settings.Wechat.Rights(
                    true, false, new Settings.Wechat.Form(LEAVE, FIELDS, false), null));
        Counter counter = poor.counter()) {
      Phone ma = poor.follower("poor").scan("bld:88001001B3").says("楼道灯不亮了").says("对");
      assertThat(ma.hears()).contains("看进度").doesNotContain("通知您");
      Staff zhang = counter.staff(Counter.ZHANG);
      Case matter =
          counter.cases.visibleTo(
              zhang, counter.codeOf(poor.sqlOne("SELECT number FROM \"case\"")));
      Case mine = counter.handling.claim(zhang, matter.id(), matter.version());
      var _ = counter.handling.answer(zhang, mine.id(), mine.version(), "明天来修");
      poor.until(
          "both wait",
          () -> poor.sql("SELECT state FROM outbound").equals(List.of("waiting", "waiting")));

      assertThat(ma.says("在吗").hears()).startsWith("清月园社区").contains("明天来修");
      assertThat(poor.wechat.calls(SEND) + poor.wechat.calls(NOTICE)).isZero();
    }
  }

  private static Phone teller(String name) {
    Phone phone = TOWN.follower("notice-" + name).scan("bld:88001001B3");
    return phone.says("楼道灯不亮了").says("对");
  }

  private static void closeWindow(Phone phone) {
    TOWN.until(
        "all that was queued has gone",
        () ->
            states(phone).stream()
                .noneMatch(state -> state.equals("queued") || state.equals("sending")));
    var _ =
        TOWN.sql(
            "UPDATE conversation SET quota_left = 0, quota_until = '2000-01-01Z' WHERE "
                + whose(phone));
  }

  private static void answer(Phone phone, String text) {
    sayAnswer(phone, text);
    TOWN.until(
        "it is on its way or has gone",
        () ->
            states(phone).stream()
                    .noneMatch(state -> state.equals("queued") || state.equals("sending"))
                && !TOWN.sql(
                        "SELECT 1 FROM outbound o JOIN address a ON a.id = o.address_id WHERE a.external_id = '"
                            + phone.openid()
                            + "' AND o.text LIKE '%"
                            + text
                            + "%'")
                    .isEmpty());
  }

  private static void sayAnswer(Phone phone, String text) {
    Staff zhang = COUNTER.staff(Counter.ZHANG);
    Case before = matter(phone);
    if (!before.isHeldBy(zhang.id())) {
      var _ = COUNTER.handling.claim(zhang, before.id(), before.version());
    }
    Case matter = matter(phone);
    var _ = COUNTER.handling.answer(zhang, matter.id(), matter.version(), text);
  }

  private static void close(Phone phone, String text) {
    Staff zhang = COUNTER.staff(Counter.ZHANG);
    Case matter = matter(phone);
    if (!matter.isHeldBy(zhang.id())) {
      matter = COUNTER.handling.claim(zhang, matter.id(), matter.version());
    }
    var _ = COUNTER.finishAndAsk(zhang, matter.id(), matter.version(), text);
  }

  private static Case matter(Phone phone) {
    return COUNTER.cases.visibleTo(COUNTER.staff(Counter.ZHANG), COUNTER.codeOf(number(phone)));
  }

  private static String number(Phone phone) {
    return TOWN.sqlOne("SELECT number FROM \"case\" WHERE " + whose(phone) + " ORDER BY id DESC");
  }

  private static String whose(Phone phone) {
    return "address_id = (SELECT id FROM address WHERE external_id = '" + phone.openid() + "')";
  }

  private static List<String> states(Phone phone) {
    return TOWN.sql("SELECT state FROM outbound WHERE " + whose(phone) + " ORDER BY id");
  }

  private static List<String> ways(Phone phone) {
    return TOWN.sql("SELECT way FROM outbound WHERE " + whose(phone) + " ORDER BY id");
  }

  private static String leftOver(Phone phone) {
    return TOWN.sqlOne("SELECT left_over FROM subscription WHERE " + whose(phone));
  }

  private static Line.Heard notice(Phone phone) {
    return phone.awaitHeard(line -> line.way() == Line.Way.NOTICE, Duration.ofSeconds(10));
  }

  private static void assertDelivered(Phone phone, String way) {
    TOWN.until(
        "delivered by " + way,
        () ->
            !TOWN.sql(
                    "SELECT 1 FROM outbound WHERE "
                        + whose(phone)
                        + " AND state = 'delivered' AND way = '"
                        + way
                        + "'")
                .isEmpty());
  }
}
