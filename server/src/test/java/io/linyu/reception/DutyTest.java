package io.linyu.reception;

import static org.assertj.core.api.Assertions.assertThat;

import io.linyu.Counter;
import io.linyu.Neighbourhood;
import io.linyu.TestClock;
import io.linyu.casework.Case;
import io.linyu.casework.CaseId;
import io.linyu.casework.CaseState;
import io.linyu.casework.Errands;
import io.linyu.casework.Line;
import io.linyu.casework.Note;
import io.linyu.casework.Suspending;
import io.linyu.casework.TelephoneList;
import io.linyu.casework.TelephoneList.ToTelephone;
import io.linyu.casework.TimeRequest.Reason;
import io.linyu.community.Desk;
import io.linyu.community.DeskOrders;
import io.linyu.community.Staff;
import io.linyu.community.StaffAddresses;
import io.linyu.community.audit.Who;
import io.linyu.simulator.wechat.Phone;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Staff in their own chat: called to what needs them, and answering there.
class DutyTest {
  private static final Duration UNCLAIMED = Duration.ofMinutes(16);
  private static final Duration UNANSWERED = Duration.ofMinutes(11);

  @AutoClose private static final Neighbourhood TOWN = Neighbourhood.open();
  @AutoClose private static final Counter COUNTER = TOWN.counter();
  private static final StaffAddresses CHATS = TOWN.rooms().community().staffAddresses();
  private static final Errands ERRANDS = TOWN.rooms().casework().errands();
  private static final TelephoneList TO_TELEPHONE = ERRANDS.telephoneList();

  @BeforeEach
  void nobodyIsCalledYet() {
    var _ = TOWN.sql("DELETE FROM staff_address");
    var _ = TOWN.sql("DELETE FROM errand_watch");
    var _ =
        TOWN.sql(
            "UPDATE errand SET state = 'settled', next_due_at = NULL, told_at = NULL, number = NULL");
  }

  @Test
  void whoIsCalledTakesItSendsAPictureAndClosesIt() {
    Phone zhang = bound("zhang", Counter.ZHANG);
    Phone wang = resident("wang", "3栋楼道灯坏了，找王阿姨");
    CaseId id = caseOf(wang);
    TOWN.clock.pass(UNCLAIMED);

    String call = zhang.awaitHeard("新事没人接").text();
    assertThat(call).contains(number(id), "清月园社区3栋", "/console/cases/").doesNotContain("坏了", "王阿姨");

    assertThat(zhang.says("收到").hears()).contains(number(id), "由您接了");
    assertThat(matter(id).isHeldBy(staff(Counter.ZHANG).id())).isTrue();
    TOWN.clock.pass(Duration.ofSeconds(11));
    wang.awaitHeard("张伟");
    // The platform delivers it once more: the same answer, and nothing is done twice.
    var again = zhang.again(zhang.said().getLast());
    assertThat(again.toString()).contains("由您接了");
    assertThat(zhang.says("收到").hears()).contains("已经回过了");

    assertThat(zhang.image(picture()).hears()).contains("照片放进 " + number(id));
    List<Note> notes = COUNTER.cases.notes(staff(Counter.LI), id);
    assertThat(notes).hasSize(1);
    assertThat(notes.getFirst().pictures()).hasSize(1);
    assertThat(notes.getFirst().staffName()).isEqualTo("张伟");

    assertThat(zhang.says("办结").hears()).contains("怎么办的写在后面");
    assertThat(zhang.says("办结 灯泡换了新的").hears()).contains("写的是：“灯泡换了新的”", "回“1”");
    assertThat(matter(id).isOpen()).isTrue();
    assertThat(zhang.says("1").hears()).contains(number(id) + " 反馈了");
    assertThat(matter(id).state()).isEqualTo(CaseState.INSPECTING);
    var _ = COUNTER.check(matter(id));
    wang.awaitHeard("灯泡换了新的");
    assertThat(zhang.says("1").hears()).as("to the bot again").doesNotContain("办结");
    assertThat(history(id)).contains("在微信里通知了 张伟：新事没人接", "张伟 在微信里回了收到：新事没人接", "张伟 是在微信里办的");
  }

  @Test
  void severalAreToldAtOnceAndEachIsNamedByItsNumber() {
    Phone zhang = bound("several", Counter.ZHANG);
    CaseId one = caseOf(resident("several-1", "3栋楼道灯一直在闪"));
    CaseId two = caseOf(resident("several-2", "3栋楼道灯又灭了"));
    TOWN.until(
        "both have been looked at",
        () ->
            TOWN.sqlOne(
                    "SELECT count(*) FROM errand_watch WHERE case_id IN (%d, %d) AND next_due_at > '%s'"
                        .formatted(one.value(), two.value(), TOWN.clock.instant()))
                .equals("2"));
    TOWN.clock.pass(UNCLAIMED);
    String call = zhang.awaitHeard("2 件事").text();
    String first = errandNumber(call, number(one));
    String second = errandNumber(call, number(two));

    assertThat(zhang.says("99 收到").hears()).contains("没有编号 99");
    assertThat(zhang.says(second + " 收到").hears()).contains(number(two), "由您接了");
    assertThat(matter(one).staffId()).isNull();
    assertThat(zhang.says("办结 都好了").hears()).contains("不止一件");
    assertThat(zhang.image(picture()).hears()).contains("哪一件", number(one), number(two));
    assertThat(zhang.image(picture()).hears()).contains("哪一件");
    assertThat(zhang.says(first).hears()).contains("照片放进 " + number(one));
    assertThat(COUNTER.cases.notes(staff(Counter.LI), one).getFirst().pictures()).hasSize(2);
    assertThat(zhang.says(first + " 备注 灯头要换").hears()).contains("只有同事看得到");
    assertThat(zhang.says("转给物业").hears()).contains("在微信里不能转");
    assertThat(zhang.says("待办").hears()).contains("2 件", first + ".", second + ".");

    // A colleague has closed it from the console meanwhile.
    assertThat(zhang.says(second + " 办结 换好了").hears()).contains("回“1”");
    Case now = matter(two);
    var _ = COUNTER.finish(staff(Counter.ZHANG), two, now.version(), "在控制台办结");
    TOWN.until("it is not theirs any more", () -> !zhang.says("待办").hears().contains(second + "."));
    assertThat(zhang.says("确认").hears()).contains("不在您手上");
  }

  @Test
  void whatADownTimeLeftIsToldInOneMessage() {
    Phone zhang = bound("digest", Counter.ZHANG);
    CaseId one = caseOf(resident("digest-1", "3栋楼道灯全黑了"));
    CaseId two = caseOf(resident("digest-2", "3栋楼道灯罩掉了"));
    var _ =
        TOWN.sql(
            "INSERT INTO catch_up (kind, began_at, ended_at) VALUES ('outage', '%s', '%s')"
                .formatted(
                    TOWN.clock.instant(), TOWN.clock.instant().plus(Duration.ofMinutes(16))));
    TOWN.clock.pass(UNCLAIMED);
    TOWN.until(
        "both wait for the digest",
        () ->
            TOWN.sqlOne(
                    "SELECT count(*) FROM errand WHERE catch_up_id IS NOT NULL AND case_id IN (%d, %d)"
                        .formatted(one.value(), two.value()))
                .equals("2"));
    // What else nobody had taken by then is in it, too.
    String many =
        TOWN.sqlOne(
            """
            SELECT count(DISTINCT case_id) FROM errand
             WHERE catch_up_id = (SELECT catch_up_id FROM errand WHERE case_id = %d AND catch_up_id IS NOT NULL)
            """
                .formatted(one.value()));
    TOWN.clock.pass(Duration.ofMinutes(2));
    String told = zhang.awaitHeard("系统从").text();
    assertThat(told)
        .contains(
            many + " 件等着办",
            "新事没人接 " + many + " 件",
            number(one),
            number(two),
            "/console/cases?view=all_open&holder=")
        .doesNotContain("全黑");
    assertThat(history(one)).anyMatch(each -> each.startsWith("不单独叫人，合在一条汇总里告诉"));
    assertThat(zhang.says("收到").hears()).as("nothing waits for an answer").doesNotContain("由您接了");
  }

  @Test
  void whatIsUrgedCallsWhoHasItAndWhoLeadsThemUntilTheResidentIsAnswered() {
    Phone zhang = bound("urged", Counter.ZHANG);
    Phone li = bound("urged-lead", Counter.LI);
    Phone wang = resident("urged", "3栋楼道灯座烧黑了");
    CaseId id = caseOf(wang);
    var _ = COUNTER.handling.claim(staff(Counter.ZHANG), id, matter(id).version());

    assertThat(wang.says("催一下").hears())
        .contains("催办记上了，编号" + number(id), "张伟在办", "办的人和带班的人都看得到", "前联系您");
    assertThat(zhang.awaitHeard("催办：" + number(id)).text())
        .contains("清月园社区3栋")
        .doesNotContain("烧黑");
    li.awaitHeard("催办：" + number(id));
    assertThat(wang.says("催").hears()).contains("已经催过", "明天", "可以再催");
    assertThat(matter(id).urges()).isEqualTo(1);

    // That the lead knows does not spare whoever has it; nobody else is called.
    assertThat(li.says("收到").hears()).contains("您已经知道");
    assertThat(matter(id).isHeldBy(staff(Counter.ZHANG).id())).isTrue();
    TOWN.clock.pass(UNANSWERED);
    TOWN.until(
        "both are done with", () -> urged(id).containsAll(List.of("U1 passed", "U2 acknowledged")));
    assertThat(urged(id)).hasSize(2);
    assertThat(zhang.says("收到").hears()).contains("您已经知道");

    // With several it is asked which; another's number finds nothing.
    wang.says("大门口的垃圾桶满了").says("对");
    CaseId other = caseOf(wang);
    String list = wang.says("催").hears();
    assertThat(list).contains("催哪一件", "1 " + number(other), "2 " + number(id));
    assertThat(wang.says("1").hears()).contains("催办记上了，编号" + number(other), "还没有人接手");
    Phone stranger = resident("urged-stranger", "3栋单元门的玻璃碎了");
    assertThat(stranger.says("催 " + number(id)).hears()).contains("没有" + number(id));
    li.awaitHeard("催办：" + number(other));

    // Whoever answers the resident has answered the urge.
    var _ =
        TOWN.sql(
            "UPDATE \"case\" SET resident_urged_at = resident_urged_at - interval '1 day' WHERE id = "
                + id.value());
    assertThat(wang.says("催 " + number(id)).hears()).contains("催办记上了");
    TOWN.until("they are called again", () -> urged(id).contains("U1 told"));
    var _ = COUNTER.handling.answer(staff(Counter.ZHANG), id, matter(id).version(), "师傅在路上");
    TOWN.until("nobody has to say that they know", () -> !urged(id).contains("U1 told"));
    wang.awaitHeard("师傅在路上");
    assertThat(history(id)).contains("居民催了", "在微信里通知了 张伟：催办");
    Case now = matter(id);
    var _ = COUNTER.finishAndAsk(staff(Counter.ZHANG), id, now.version(), "换了灯座");
    wang.awaitHeard("换了灯座");
    assertThat(wang.says("催 " + number(id)).hears()).contains("正在核查", "回“没好”");
  }

  @Test
  void whatIsSupervisedCallsWhoHasItUntilThatIsLifted() {
    COUNTER.hireSecretary("U9");
    TOWN.until(
        "the server knows them", () -> TOWN.rooms().community().staff().byCode("U9").isPresent());
    Phone zhang = bound("supervised", Counter.ZHANG);
    CaseId id = caseOf(resident("supervised", "3栋楼道灯线头露出来"));
    var _ = COUNTER.handling.claim(staff(Counter.ZHANG), id, matter(id).version());
    var _ = TOWN.rooms().casework().supervising().supervise(staff("U9"), id, "当天要有人去看");
    zhang.awaitHeard("督办：" + number(id));
    var _ = TOWN.rooms().casework().supervising().lift(staff("U9"), id);
    TOWN.until(
        "nobody is called about it any more",
        () ->
            TOWN.sqlOne(
                    "SELECT state FROM errand WHERE why = 'supervised' AND case_id = " + id.value())
                .equals("settled"));
    assertThat(history(id)).contains("高岚 督办", "高岚 解除督办", "在微信里通知了 张伟：督办");
  }

  @Test
  void whatWaitedGoesOnOnItsDayAndCallsWhoHasItAndWhoLetItWait() {
    COUNTER.hireSecretary("U9");
    TOWN.until(
        "the server knows them", () -> TOWN.rooms().community().staff().byCode("U9").isPresent());
    Phone zhang = bound("resumed", Counter.ZHANG);
    Phone gao = bound("resumed-leads", "U9");
    Phone wang = resident("resumed", "3栋楼道灯罩要换");
    CaseId id = caseOf(wang);
    var _ = COUNTER.handling.claim(staff(Counter.ZHANG), id, matter(id).version());
    Suspending suspending = TOWN.rooms().casework().suspending();
    LocalDate day = LocalDate.ofInstant(TOWN.clock.instant(), TestClock.ZONE).plusDays(30);
    var asked = suspending.ask(staff(Counter.ZHANG), id, Reason.WORKS_PLAN, day, "灯罩下个月统一换");
    var _ =
        suspending.grant(
            staff("U9"), id, asked.version(), Objects.requireNonNull(asked.asked()).noteId());
    wang.awaitHeard("灯罩下个月统一换");
    // Its day has come, and a new house only tries out whether it should go on by itself.
    var _ =
        TOWN.sql(
            "UPDATE clock SET due_at = started_at WHERE kind = 'review' AND case_id = "
                + id.value());
    TOWN.until("it would have gone on", () -> history(id).toString().contains("本来会接着办，没有做"));
    TOWN.clock.pass(Duration.ofMinutes(11));
    var _ =
        TOWN.sql("UPDATE errand_watch SET next_due_at = '-infinity' WHERE case_id = " + id.value());
    zhang.awaitHeard("超时了：" + number(id));
    gao.awaitHeard("超时了：" + number(id));
    assertThat(matter(id).state()).isEqualTo(CaseState.SUSPENDED);

    goesOnByItself();
    zhang.awaitHeard("挂账到期，接着办：" + number(id));
    gao.awaitHeard("挂账到期，接着办：" + number(id));
    wang.awaitHeard("现在接着办了");
    assertThat(gao.says("收到").hears()).contains(number(id));
    assertThat(
            TOWN.sqlOne(
                "SELECT string_agg(state, ' ' ORDER BY staff_id) FROM errand WHERE why = 'resumed' AND case_id = "
                    + id.value()))
        .as("that who leads knows of it does not spare whoever has it")
        .isEqualTo("told acknowledged");
    assertThat(history(id)).contains("在微信里通知了 张伟：挂账到期，接着办", "在微信里通知了 高岚：挂账到期，接着办");
  }

  /// As in a house where it has long been so: turned live now, what stood so before were in a
  /// digest.
  private static void goesOnByItself() {
    var _ =
        TOWN.sql(
            "INSERT INTO rule_switch (rule, version, mode) SELECT rule, max(version) + 1, 'live' FROM rule_switch WHERE rule = 'E7' GROUP BY rule");
    var _ =
        TOWN.sql(
            """
            INSERT INTO rule_watch (case_id, next_due_at)
            SELECT id, '-infinity' FROM "case" WHERE closed_at IS NULL ORDER BY id
                ON CONFLICT (case_id) DO UPDATE SET next_due_at = excluded.next_due_at
            """);
  }

  @Test
  void whatNobodyAnswersGoesToWhoStandsInAndThenToTheTelephone() {
    Phone zhang = bound("silent-1", Counter.ZHANG);
    Phone li = bound("silent-2", Counter.LI);
    Desk desk = desk();
    COUNTER
        .community
        .deskOrders()
        .move(staff(Counter.LI), "127.0.0.1", desk, staff(Counter.LI).id(), DeskOrders.Move.UP);
    CaseId id = caseOf(resident("silent", "3栋楼道灯不停地闪"));
    // No way is open to the first.
    var _ =
        TOWN.sql(
            "UPDATE conversation SET quota_left = 0 FROM address a WHERE a.id = address_id AND a.external_id = '%s'"
                .formatted(li.openid()));
    TOWN.clock.pass(UNCLAIMED);
    TOWN.until("the first is told", () -> states(id).equals(List.of("U2 told")));
    TOWN.clock.pass(UNANSWERED);
    zhang.awaitHeard("新事没人接");
    TOWN.clock.pass(UNANSWERED);
    TOWN.until("the desk has to telephone", () -> toTelephone(id) != null);

    assertThat(Objects.requireNonNull(toTelephone(id)).called())
        .extracting(TelephoneList.CalledInVain::name)
        .containsExactly("李敏", "张伟");
    long errand = Objects.requireNonNull(toTelephone(id)).item().errand().id();
    long called = staff(Counter.ZHANG).id();
    Who by = Who.staff(staff(Counter.LI).id(), "127.0.0.1");
    var _ = TO_TELEPHONE.number(staff(Counter.LI), by, errand, called);
    var _ = TO_TELEPHONE.reached(staff(Counter.LI), by, errand, called);
    assertThat(toTelephone(id)).isNull();
    assertThat(history(id))
        .containsSubsequence(
            "在微信里通知了 李敏：新事没人接",
            "前面的人没回，改找 张伟：新事没人接",
            "微信里没找到人，要由 清月园社区居委会 打电话：新事没人接",
            "李敏 打电话找到了 张伟：新事没人接");
    assertThat(TOWN.sql("SELECT what FROM audit_entry WHERE what LIKE 'staff_%' ORDER BY id"))
        .contains("staff_address_bound", "staff_number_seen", "staff_reached");
    // Whoever comes back sees at once what waited.
    assertThat(li.says("待办").hears()).contains("新事没人接");
    COUNTER
        .community
        .deskOrders()
        .move(staff(Counter.LI), "127.0.0.1", desk, staff(Counter.LI).id(), DeskOrders.Move.DOWN);
  }

  @Test
  void rightsAreAskedForEachTimeAndResidentsAreResidents() {
    Phone zhang = bound("left-1", Counter.ZHANG);
    Phone li = bound("left-2", Counter.LI);
    Phone wang = resident("left", "3栋楼道灯时亮时灭");
    CaseId id = caseOf(wang);
    assertThat(wang.says("收到").hears()).doesNotContain("待办", "编号 ");
    assertThat(wang.says("待办").hears()).doesNotContain("手上");
    assertThat(wang.says("工作号 0000 0001").hears()).contains("码不对");
    try {
      var _ = TOWN.sql("UPDATE staff SET active = false WHERE code = '" + Counter.ZHANG + "'");
      TOWN.clock.pass(UNCLAIMED);
      li.awaitHeard("新事没人接");
      assertThat(zhang.says("待办").hears()).doesNotContain("手上");
    } finally {
      var _ = TOWN.sql("UPDATE staff SET active = true WHERE code = '" + Counter.ZHANG + "'");
    }
    assertThat(li.says("解除工作号").hears()).contains("以后不在这里叫您");
    assertThat(li.says("收到").hears()).doesNotContain("由您接了");
    assertThat(matter(id).staffId()).isNull();
    TOWN.clock.pass(UNANSWERED);
    zhang.awaitHeard("新事没人接");
    TOWN.clock.pass(UNANSWERED);
    TOWN.until("nobody is left", () -> toTelephone(id) != null);
    // Taken in the console: nobody needs to be called any more.
    var _ = COUNTER.handling.claim(staff(Counter.LI), id, matter(id).version());
    TOWN.until("it is over", () -> toTelephone(id) == null);
    // What staff tell as residents is the bot's.
    assertThat(zhang.says("3栋水管漏水了").hears()).contains("水管漏水");
  }

  @Test
  void numbersRunOnAndNoneNamesTwoThings() {
    Phone zhang = bound("numbers", Counter.ZHANG);
    CaseId one = caseOf(resident("numbers-1", "3栋楼道灯闪个不停"));
    String first = calledBy(zhang, one);
    assertThat(zhang.says("收到").hears()).contains("由您接了");
    var _ = COUNTER.finish(staff(Counter.ZHANG), one, matter(one).version(), "换好了");
    TOWN.until("its number is free", () -> answerable(one) == 0);

    // Free, and still the last to be given again.
    CaseId two = caseOf(resident("numbers-2", "3栋楼道灯不太亮"));
    String second = calledBy(zhang, two);
    assertThat(second).isNotEqualTo(first);

    // All others name something that goes on.
    var _ =
        TOWN.sql(
            """
            INSERT INTO errand (case_id, desk_id, why, occasion, step, staff_id, number, state,
                                created_at, told_at, ended_at)
            SELECT e.case_id, e.desk_id, 'soon', e.occasion + n * interval '1 second', 0, e.staff_id, n,
                   'acknowledged', e.created_at, e.told_at - interval '1 minute', e.told_at
              FROM errand e, generate_series(11, 99) AS n
             WHERE e.case_id = %d AND e.number <> n
            """
                .formatted(two.value()));
    CaseId three = caseOf(resident("numbers-3", "3栋楼道灯有时候亮"));
    TOWN.clock.pass(UNCLAIMED);
    String call = zhang.awaitHeard(number(three)).text();
    assertThat(call).contains(number(three) + ". 新事没人接").doesNotContain("0. ");
    assertThat(zhang.says(second + " 收到").hears())
        .contains(number(two))
        .doesNotContain(number(three));
    assertThat(zhang.says(number(three) + " 收到").hears()).contains(number(three) + "由您接了");
    assertThat(matter(three).isHeldBy(staff(Counter.ZHANG).id())).isTrue();
    assertThat(zhang.says(number(three) + " 办结 换了灯头").hears()).contains("写的是：“换了灯头”");
    assertThat(zhang.says("确认").hears()).contains(number(three) + " 反馈了");

    // What one number meant twice before is asked back, and touches neither.
    var _ = TOWN.sql("UPDATE errand SET number = 55 WHERE case_id = " + two.value());
    CaseId four = caseOf(resident("numbers-4", "3栋楼道灯灭了好几天"));
    String fourth = calledBy(zhang, four);
    var _ =
        TOWN.sql("UPDATE errand SET number = %s WHERE case_id = %d".formatted("55", four.value()));
    assertThat(fourth).isNotEqualTo("55");
    assertThat(zhang.says("55 收到").hears()).contains("不止一件", number(two), number(four));
    assertThat(zhang.says("55 办结 都换了").hears()).contains("不止一件").doesNotContain("告诉居民");
    assertThat(matter(four).staffId()).isNull();
    assertThat(zhang.says(number(four) + " 收到").hears()).contains("由您接了");
  }

  @Test
  void whatIsOverOrInOtherHandsLetsItsNumberGoWhateverBecameOfTheCall() {
    Phone zhang = bound("over-1", Counter.ZHANG);
    CaseId late = caseOf(resident("over-1", "3栋楼道灯又闪又响"));
    String name = calledBy(zhang, late);
    TOWN.clock.pass(UNANSWERED);
    TOWN.until("passed on", () -> states(late).equals(List.of("U1 passed")));
    // For a day they may say so all the same, and then no more.
    assertThat(zhang.says("待办").hears()).contains(name + ".", number(late));
    var _ =
        TOWN.sql(
            "UPDATE errand SET ended_at = ended_at - interval '25 hours' WHERE case_id = "
                + late.value());
    assertThat(zhang.says(name + " 收到").hears()).contains("没有编号 " + name);
    assertThat(ERRANDS.forgetDue()).isFalse();
    assertThat(answerable(late)).isZero();

    // Passed on, and a colleague takes it.
    CaseId taken = caseOf(resident("over-2", "3栋楼道灯罩掉了"));
    var _ = calledBy(zhang, taken);
    TOWN.clock.pass(UNANSWERED);
    TOWN.until("passed on", () -> states(taken).equals(List.of("U1 passed")));
    var _ = COUNTER.handling.claim(staff(Counter.LI), taken, matter(taken).version());
    TOWN.until("not theirs any more", () -> answerable(taken) == 0);

    // An alarm that they have is theirs to write to for a day.
    CaseId alarm = danger("何婆", "厨房着火了", "fire");
    TOWN.until("called", () -> states(alarm).equals(List.of("U1 told")));
    assertThat(zhang.says("收到").hears()).contains(number(alarm) + "）的警报由您处理");
    assertThat(zhang.says(number(alarm) + " 备注 火灭了").hears()).contains("只有同事看得到");
    assertThat(answerable(alarm)).isEqualTo(1);
    var _ =
        TOWN.sql(
            """
            UPDATE errand SET ended_at = ended_at - interval '25 hours',
                   created_at = created_at - interval '25 hours' WHERE case_id =
            """
                + alarm.value());
    assertThat(zhang.says(number(alarm) + " 备注 收拾好了").hears()).contains("没有编号");
    assertThat(ERRANDS.forgetDue()).isFalse();
    assertThat(answerable(alarm)).isZero();
  }

  @Test
  void whereNobodyIsReachedInAChatTheDeskHasToTelephone() {
    CaseId id = caseOf(resident("unbound", "3栋楼道灯白天也亮"));
    TOWN.clock.pass(UNCLAIMED);
    TOWN.until("the desk has to telephone", () -> toTelephone(id) != null);
    ToTelephone one = Objects.requireNonNull(toTelephone(id));
    assertThat(one.called()).extracting(TelephoneList.CalledInVain::name).contains("李敏", "张伟");
    assertThat(one.called()).noneMatch(TelephoneList.CalledInVain::bound);
    assertThat(history(id)).contains("微信里没找到人，要由 清月园社区居委会 打电话：新事没人接");

    Who by = Who.staff(staff(Counter.LI).id(), "127.0.0.1");
    var _ =
        TO_TELEPHONE.reached(
            staff(Counter.LI), by, one.item().errand().id(), staff(Counter.ZHANG).id());
    assertThat(toTelephone(id)).isNull();
    assertThat(history(id)).contains("李敏 打电话找到了 张伟：新事没人接");

    CaseId alarm = danger("孙爷", "屋里有煤气味", "gas");
    TOWN.until("also for an alarm", () -> toTelephone(alarm) != null);
  }

  @Test
  void anAlarmCallsAllOfTheDeskAtOnceAndEndsWithAName() {
    Phone zhang = bound("alarm-1", Counter.ZHANG);
    Phone li = bound("alarm-2", Counter.LI);
    COUNTER.danger(COUNTER.resident("陈伯"), "家里着火了", "fire");
    assertThat(zhang.awaitHeard("警报，请马上看").text())
        .contains("可能着火", "清月园社区3栋")
        .doesNotContain("家里", "陈伯");
    li.awaitHeard("警报，请马上看");
    assertThat(li.says("收到").hears()).contains("警报由您处理");
    assertThat(zhang.says("收到").hears()).contains("李敏 已经接了");
    assertThat(
            TOWN.sqlOne(
                "SELECT s.name FROM alarm a JOIN staff s ON s.id = a.acknowledged_by ORDER BY a.id DESC"))
        .isEqualTo("李敏");
    // Danger that staff tell themselves goes the resident's way.
    assertThat(zhang.says("我家着火了").hears()).contains("119");
  }

  @Test
  void dangerRingsWhateverWordStandsBeforeIt() {
    Phone zhang = bound("danger-words", Counter.ZHANG);
    CaseId id = caseOf(resident("danger-words", "3栋楼道灯闪得厉害"));
    TOWN.clock.pass(UNCLAIMED);
    zhang.awaitHeard("新事没人接");
    assertThat(zhang.says("收到").hears()).contains("由您接了");
    int rung = 0;
    for (String said : List.of("办结 三楼着火了，快来人", "备注 楼下煤气泄漏，人晕倒了", "转给物业 楼顶有人要跳楼")) {
      assertThat(zhang.says(said).hears())
          .as(said)
          .contains("没有当办结、备注或转办来记")
          .doesNotContain("告诉居民", "只有同事看得到", "在微信里不能转");
      assertThat(alarms(zhang)).as(said).isEqualTo(++rung);
    }
    assertThat(matter(id).isOpen()).isTrue();
    assertThat(COUNTER.cases.notes(staff(Counter.LI), id)).isEmpty();
    // What is over is no danger.
    assertThat(zhang.says("办结 灯泡换了新的").hears()).contains("写的是：“灯泡换了新的”");
  }

  private static long alarms(Phone phone) {
    return Long.parseLong(
        TOWN.sqlOne(
            """
            SELECT count(*) FROM alarm r JOIN address a ON a.id = r.address_id
             WHERE a.external_id = '%s'
            """
                .formatted(phone.openid())));
  }

  @Test
  void colleaguesReadBesideACaseOfStaffOnlyWhatTheySaidAsResidents() {
    Phone zhang =
        bound("own-case", Counter.ZHANG)
            .scan("bld:" + COUNTER.place("88001001B3").code())
            .says("我家门口的灯不亮");
    String filed = zhang.says("对").hears();
    CaseId own = caseOf(zhang);
    CaseId other = caseOf(resident("own-case", "3栋楼道灯一明一暗"));
    TOWN.clock.pass(UNCLAIMED);
    String call = zhang.awaitHeard("新事没人接").text();
    assertThat(zhang.says(errandNumber(call, number(other)) + " 收到").hears()).contains("由您接了");
    assertThat(zhang.image(picture()).hears()).contains("照片放进");
    assertThat(zhang.says("备注 灯头要换").hears()).contains("只有同事看得到");
    long address = Objects.requireNonNull(matter(own).addressId());
    List<String> shown =
        new ThreadStore()
                .before(COUNTER.db(), List.of(address), List.of(), 0, List.of(), Long.MAX_VALUE, 60)
                .stream()
                .map(line -> line.content().toString())
                .toList();
    assertThat(String.join("\n", shown))
        .contains("我家门口的灯不亮", filed.lines().findFirst().orElseThrow())
        .doesNotContain("工作号", "工作微信", "新事没人接", number(other), "收到", "由您接了", "Image", "灯头");
  }

  @Test
  void whatIsDueSoonIsToldToWhoHasIt() {
    Phone li = bound("due", Counter.LI);
    var _ = bound("due-other", Counter.ZHANG);
    CaseId id = caseOf(resident("due", "3栋楼道灯忽明忽暗"));
    Staff who = staff(Counter.LI);
    var _ = COUNTER.handling.claim(who, id, matter(id).version());
    var _ =
        TOWN.sql(
            """
            UPDATE clock SET amber_at = now() - interval '1 minute', due_at = now() + interval '10 days'
             WHERE case_id = %d AND stopped_at IS NULL AND kind = 'handling'
            """
                .formatted(id.value()));
    var _ = COUNTER.handling.note(who, id, "看看期限"); // something happens, so it is looked at
    assertThat(li.awaitHeard("快到期了").text()).contains(number(id), "到期");
    assertThat(li.says("1").hears()).contains("您已经知道");
  }

  // What they have.

  private static Phone bound(String name, String code) {
    Phone phone = TOWN.follower("staff-" + name);
    assertThat(phone.says("工作号 " + CHATS.draw(staff(code).id())).hears()).contains("工作微信");
    return phone;
  }

  private static Phone resident(String name, String what) {
    return TOWN.follower("resident-" + name)
        .scan("bld:" + COUNTER.place("88001001B3").code())
        .says(what)
        .says("对");
  }

  private static CaseId caseOf(Phone phone) {
    return new CaseId(
        Long.parseLong(
            TOWN.sqlOne(
                """
                SELECT c.id FROM "case" c JOIN address a ON a.id = c.address_id
                 WHERE a.external_id = '%s' ORDER BY c.id DESC
                """
                    .formatted(phone.openid()))));
  }

  private static String number(CaseId id) {
    return TOWN.sqlOne("SELECT number FROM \"case\" WHERE id = " + id.value());
  }

  private static Case matter(CaseId id) {
    return COUNTER.cases.named(COUNTER.db(), id).orElseThrow();
  }

  private static Staff staff(String code) {
    return COUNTER.staff(code);
  }

  private static Desk desk() {
    return COUNTER.community.desks().of(staff(Counter.ZHANG)).getFirst();
  }

  private static List<String> history(CaseId id) {
    return COUNTER.cases.history(staff(Counter.LI), id).stream().map(Line::sentence).toList();
  }

  private static List<String> urged(CaseId id) {
    return TOWN.sql(
        """
        SELECT s.code || ' ' || e.state FROM errand e JOIN staff s ON s.id = e.staff_id
         WHERE e.case_id = %d AND e.why = 'urged' ORDER BY e.id
        """
            .formatted(id.value()));
  }

  private static List<String> states(CaseId id) {
    return TOWN.sql(
        """
        SELECT s.code || ' ' || e.state FROM errand e JOIN staff s ON s.id = e.staff_id
         WHERE e.case_id = %d ORDER BY e.id
        """
            .formatted(id.value()));
  }

  private static CaseId danger(String who, String what, String kind) {
    COUNTER.danger(COUNTER.resident(who), what, kind);
    return new CaseId(
        Long.parseLong(TOWN.sqlOne("SELECT case_id FROM alarm ORDER BY id DESC LIMIT 1")));
  }

  /// How many of it hold a number.
  private static long answerable(CaseId id) {
    return Long.parseLong(
        TOWN.sqlOne(
            """
            SELECT count(*) FROM errand
             WHERE case_id = %d AND state IN ('told', 'passed', 'acknowledged') AND staff_id IS NOT NULL
            """
                .formatted(id.value())));
  }

  /// By which number they are called to it.
  private static String calledBy(Phone phone, CaseId id) {
    TOWN.clock.pass(UNCLAIMED);
    return errandNumber(phone.awaitHeard(number(id)).text(), number(id));
  }

  private static @Nullable ToTelephone toTelephone(CaseId id) {
    return TO_TELEPHONE.toTelephone(staff(Counter.LI), desk(), 0).stream()
        .filter(each -> each.item().matter().id().equals(id))
        .findFirst()
        .orElse(null);
  }

  private static String errandNumber(String call, String caseNumber) {
    Matcher line = Pattern.compile("(\\d{2})\\. .*" + Pattern.quote(caseNumber)).matcher(call);
    assertThat(line.find()).as(call).isTrue();
    return line.group(1);
  }

  private static Buffer picture() {
    try (InputStream in = DutyTest.class.getResourceAsStream("/demo/photos/puddle.jpg")) {
      return Buffer.buffer(Objects.requireNonNull(in).readAllBytes());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
