package io.linyu.reception;

import static org.assertj.core.api.Assertions.assertThat;

import io.linyu.Counter;
import io.linyu.Neighbourhood;
import io.linyu.casework.Appealing;
import io.linyu.casework.Case;
import io.linyu.casework.CaseEvent;
import io.linyu.casework.CaseId;
import io.linyu.casework.CaseState;
import io.linyu.casework.Rejecting;
import io.linyu.community.Staff;
import io.linyu.simulator.wechat.Line;
import io.linyu.simulator.wechat.Phone;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What is not accepted: the resident hears why, and has another desk look at it.
class AppealTest {
  @AutoClose private static final Neighbourhood TOWN = Neighbourhood.open();
  @AutoClose private static final Counter COUNTER = TOWN.counter();
  private static final Rejecting REJECTING = TOWN.rooms().casework().rejecting();
  private static final Appealing APPEALING = TOWN.rooms().casework().appealing();
  private static final Duration TOLD = Duration.ofSeconds(21);
  private static final Pattern CODE = Pattern.compile("\\d{4} \\d{4}");

  @BeforeAll
  static void rulesRest() {
    TOWN.withoutRules();
  }

  @Test
  void whoHearsWhyNotHasItLookedAtByTheStreetWhichTakesItUp() {
    Phone wu = resident("grants");
    Case matter = waiting(wu, "想问问老房子产权的旧事");
    String number = matter.number().text();
    Case gone = reject(Counter.ZHANG, matter, "这件事请找房管所，电话 12000000555");
    TOWN.until("it is written down", () -> !said(gone, "房管所").isEmpty());
    assertThat(heard(wu)).as("it may be taken back").noneMatch(each -> each.contains("房管所"));
    TOWN.clock.pass(TOLD);
    assertThat(wu.awaitHeard("房管所").text())
        .contains(
            "清月园社区",
            "张伟：您反映的",
            number,
            "我们不能受理，因为不在社区和街道的职责里。这件事请找房管所，电话 12000000555。",
            "可以申请一次复核，由望澜街道",
            "回“复核”");

    // Not done badly: not begun. What would be told again is looked at again instead.
    assertThat(wu.says("没好").hears()).contains("没有受理", "复核 " + number);
    assertThat(wu.says("复核").hears()).contains("编号" + number + "申请复核", "由望澜街道", "告诉您结果");
    assertThat(wu.says("复核 " + number).hears()).contains("已经在复核了");
    assertThat(wu.says("我有房产证的复印件").hears()).contains("编号" + number);
    Case asked = now(matter);
    assertThat(asked.isUnderReview()).isTrue();
    assertThat(history(asked)).contains("居民申请复核，交给 " + asked.deskName());

    Staff street = COUNTER.staff(Counter.WANG);
    Case taken =
        TOWN.rooms()
            .casework()
            .corrections()
            .setCategory(street, asked.id(), asked.version(), "0701");
    assertThat(taken.isOpen()).isTrue();
    assertThat(wu.awaitHeard("复核过了").text()).contains(number, "受理了");
  }

  @Test
  void whatIsUpheldIsTheEndAndWhatIsTakenBackIsNeverHeard() {
    Phone qian = resident("upheld");
    Case matter = waiting(qian, "想问问厂里从前的旧事");
    Case gone = reject(Counter.ZHANG, matter, "别人家的事不能给您看");
    TOWN.until("it is written down", () -> !said(gone, "不能给您看").isEmpty());
    Case back = REJECTING.takeBack(COUNTER.staff(Counter.ZHANG), gone.id(), gone.version());
    TOWN.until("nothing of it is left", () -> said(gone, "不能给您看").isEmpty());
    TOWN.clock.pass(TOLD);
    assertThat(qian.says("查询").hears()).contains("已收到，正在看");
    assertThat(heard(qian)).noneMatch(each -> each.contains("不能给您看") || each.contains("不能受理"));

    var _ = reject(Counter.ZHANG, back, "这是别人家的事");
    TOWN.clock.pass(TOLD);
    qian.awaitHeard("这是别人家的事");
    // Of several it is asked which.
    Case other = waiting(qian, "想问问以前的旧事");
    var _ = reject(Counter.ZHANG, other, "请找档案馆");
    TOWN.clock.pass(TOLD);
    qian.awaitHeard("请找档案馆");
    assertThat(qian.says("申诉").hears())
        .contains("复核哪一件", "1 " + other.number().text(), "2 " + matter.number().text());
    assertThat(qian.says("2").hears()).contains("编号" + matter.number().text() + "申请复核");
    Phone stranger = resident("stranger");
    assertThat(stranger.says("复核 " + other.number().text()).hears()).contains("没有");
    assertThat(stranger.says("复核").hears()).contains("没有可以申请复核的事");

    Case upheld = reject(Counter.WANG, now(matter), "看过了，确实是别人家的事");
    assertThat(upheld.state()).isEqualTo(CaseState.REJECTED);
    TOWN.clock.pass(TOLD);
    assertThat(qian.awaitHeard("确实是别人家的事").text())
        .contains("王芳", "复核过了，还是不能受理", "复核只有一次")
        .doesNotContain("回“复核”");
    assertThat(qian.says("复核 " + matter.number().text()).hears()).contains("已经复核过了");
    TOWN.clock.pass(Duration.ofDays(16));
    assertThat(qian.says("复核 " + other.number().text()).hears()).contains("过了15天");
    assertThat(COUNTER.events.broken(CaseEvent.VOCABULARY)).isEmpty();
  }

  @Test
  void aRelativeAsksForWhomTheyToldItAndBothHear() {
    Phone father = resident("father");
    Phone daughter = TOWN.follower("appeal-daughter");
    Matcher code = CODE.matcher(father.says("让女儿帮我办").hears());
    assertThat(code.find()).isTrue();
    daughter.says("家人代办 " + code.group()).says("同意 林红");
    daughter.says("帮家人说").says("想问问爸爸单位的旧事").says("跳过").says("对");
    Case matter = last(father);
    assertThat(matter.consentId()).isNotNull();
    Case ours = unaccepted(matter);
    var _ = reject(Counter.ZHANG, ours, "请找原来的单位");
    TOWN.clock.pass(TOLD);
    assertThat(daughter.awaitHeard("请找原来的单位").text()).contains("回“复核”");
    assertThat(father.awaitHeard("请找原来的单位").text()).contains("女儿替您说的");
    assertThat(daughter.says("复核").hears()).contains("编号" + matter.number().text() + "申请复核");
    assertThat(history(now(matter))).anyMatch(each -> each.startsWith("家人代为申请复核"));
    assertThat(father.says("复核 " + matter.number().text()).hears()).contains("已经在复核了");
    assertThat(APPEALING.offered(now(matter))).isEmpty();
  }

  private static Phone resident(String name) {
    return TOWN.follower("appeal-" + name).scan("bld:" + COUNTER.place("88001001B3").code());
  }

  /// What nobody knows the kind of waits for a person.
  private static Case waiting(Phone phone, String what) {
    assertThat(phone.says("我要反映问题").says(what).says("对").hears()).contains("编号");
    return unaccepted(last(phone));
  }

  private static Case unaccepted(Case matter) {
    assertThat(matter.state()).as(matter.what()).isEqualTo(CaseState.REPORTED);
    return matter;
  }

  private static Case last(Phone phone) {
    return now(
        new CaseId(
            Long.parseLong(
                TOWN.sqlOne(
                    """
                    SELECT c.id FROM "case" c JOIN address a ON a.person_id = c.person_id
                     WHERE a.external_id = '%s' ORDER BY c.id DESC LIMIT 1
                    """
                        .formatted(phone.openid())))));
  }

  private static Case now(Case matter) {
    return now(matter.id());
  }

  private static Case now(CaseId id) {
    return COUNTER.cases.named(COUNTER.db(), id).orElseThrow();
  }

  private static Case reject(String staff, Case matter, String text) {
    return REJECTING.reject(
        COUNTER.staff(staff), matter.id(), matter.version(), Rejecting.Reason.OUTSIDE, text);
  }

  private static List<String> said(Case matter, String text) {
    return TOWN.sql(
        "SELECT o.id FROM outbound o JOIN message m ON m.id = o.message_id WHERE m.case_id = %d AND o.text LIKE '%%%s%%'"
            .formatted(matter.id().value(), text));
  }

  private static List<String> heard(Phone phone) {
    return phone.heard().stream().map(Line.Heard::text).toList();
  }

  private static List<String> history(Case matter) {
    return COUNTER.cases.history(COUNTER.staff(Counter.WANG), matter.id()).stream()
        .map(each -> each.sentence())
        .toList();
  }
}
