package io.linyu.reception;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linyu.Counter;
import io.linyu.Neighbourhood;
import io.linyu.casework.Alarms.Alarm;
import io.linyu.casework.Case;
import io.linyu.community.Staff;
import io.linyu.simulator.wechat.Phone;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What a resident meets from the telephone to the case and back.
class ResidentTest {
  @AutoClose private static final Neighbourhood TOWN = Neighbourhood.open();

  @AutoClose private static final Counter COUNTER = TOWN.counter();

  /// Somebody who lives in building 3.
  private static Phone neighbour(String name) {
    return TOWN.follower(name).scan("bld:88001001B3");
  }

  @BeforeAll
  static void rulesRest() {
    TOWN.withoutRules();
  }

  @Test
  void oneDangerHasOneAlarmHoweverOftenItIsTold() {
    Phone li = neighbour("fire");
    li.says("家里着火了").says("厨房着火了快来").says("5栋2单元301着火了，救命");

    assertThat(li.hears()).contains("119", "正在叫值班员");
    assertThat(cases(li)).hasSize(1);
    List<Alarm> open =
        COUNTER.alarms.openFor(COUNTER.staff(Counter.WANG)).stream()
            .filter(each -> each.number().text().equals(cases(li).getFirst()))
            .toList();
    assertThat(open).hasSize(1);
    assertThat(messagesOf(cases(li).getFirst())).hasSize(3);

    COUNTER.alarms.acknowledge(COUNTER.staff(Counter.WANG), open.getFirst().id());
    assertThat(li.says("火越来越大了").hears()).contains("119", "值班员已经知道这件事").doesNotContain("正在叫");
    assertThat(cases(li)).hasSize(1);
    assertThat(messagesOf(cases(li).getFirst())).hasSize(4);
  }

  @Test
  void anotherDangerHasAnotherAlarm() {
    Phone li = TOWN.follower("two-dangers");
    li.says("家里着火了").says("我爸昏倒了");

    assertThat(cases(li)).hasSize(2);
  }

  @Test
  void whoTellsOfADangerAgainAfterAnotherRingsNoThirdAlarm() {
    Phone li = TOWN.follower("gas-fire-gas");
    li.says("屋里好大的煤气味").says("着火了").says("煤气味越来越重了");

    assertThat(cases(li)).hasSize(2);
    assertThat(messagesOf(cases(li).getFirst())).hasSize(2);
    assertThat(messagesOf(cases(li).getLast())).hasSize(1);
  }

  @Test
  void whatToDoInDangerComesBeforeOldNews() {
    Phone zhou = TOWN.follower("old-news");
    zhou.says("在吗");
    TOWN.park(zhou, "师傅明天来修");

    assertThat(zhou.says("家里着火了").hears()).startsWith("先到安全的地方").doesNotContain("师傅");
    assertThat(zhou.says("谢谢").hears()).startsWith("师傅明天来修");
  }

  @Test
  void whatIsNotSolvedAfterAllIsRegisteredWithTheOldNumber() {
    Phone wang = neighbour("unsolved");
    wang.says("楼道灯不亮了").says("对");
    String old = cases(wang).getFirst();
    ask(old);
    assertThat(wang.awaitHeard("换了灯泡").text()).contains("真好了吗？好了回1，没好回2");
    assertThat(wang.says("1").hears()).contains("编号" + old + "：好了", "满意回1");
    assertThat(wang.says("1").hears()).contains("有人联系过您吗");
    assertThat(wang.says("2").hears()).contains("谢谢，编号" + old + "记的是：好了", "七天里想改");
    assertThat(state(old)).isEqualTo("CLOSED");

    // It goes dark again: the same number, and what they say of it belongs to it.
    assertThat(wang.says("没修好，半夜又不亮了").hears()).contains("编号" + old, "是就回1");
    assertThat(state(old)).as("nothing is opened by a word in anger").isEqualTo("CLOSED");
    assertThat(wang.says("1").hears()).contains("编号" + old + "-2重新打开了", "张伟在办", "换一个人核查");
    assertThat(state(old)).isEqualTo("HANDLING");
    assertThat(cases(wang)).hasSize(1);
    assertThat(supplements(old)).isEqualTo("1");
    assertThat(wang.says("评价").hears()).as("it is not done").contains("没有要评价的事");

    // What was closed long ago is told anew, and names the old number.
    ask(old);
    TOWN.until("it was asked again", () -> heard(wang, "真好了吗") == 2);
    wang.says("1").says("1").says("1");
    assertThat(state(old)).isEqualTo("CLOSED");
    TOWN.clock.pass(Duration.ofDays(14));
    assertThat(wang.says("没修好，楼道灯还是不亮").hears()).contains("是就回1");
    wang.says("算了");
    assertThat(cases(wang)).hasSize(1);
  }

  /// Neither thanks nor a number that answers nothing rates anything.
  @Test
  void onlyAnAnswerToTheQuestionRates() {
    Phone zhao = neighbour("rating");
    zhao.says("楼道灯不亮了").says("对");
    String number = cases(zhao).getFirst();
    ask(number);
    zhao.awaitHeard("真好了吗");
    assertThat(zhao.says("谢谢").hears()).doesNotContain("记下了");
    assertThat(zhao.says("2").hears()).doesNotContain("记下了");
    assertThat(rating(number)).isEqualTo("nothing");

    assertThat(zhao.says("评价").hears()).contains("“楼道灯不亮了”（编号" + number + "）真好了吗？");
    assertThat(zhao.says("3").hears()).contains("说不准");
    assertThat(rating(number)).isEqualTo("partly");
    assertThat(zhao.says("评价").hears()).contains("真好了吗");
    assertThat(zhao.says("没好").hears()).contains("编号" + number, "满意回1");
    assertThat(zhao.says("4").hears()).contains("有人联系过您吗");
    assertThat(zhao.says("2").hears()).contains("对不起，让您白等了", "核实");
    assertThat(rating(number)).isEqualTo("no");
    assertThat(state(number)).as("somebody looks into it").isEqualTo("RETURN_VISIT");
    assertThat(cases(zhao)).as("and nothing is registered anew").hasSize(1);
  }

  private static long heard(Phone phone, String words) {
    return phone.heard().stream().filter(line -> line.text().contains(words)).count();
  }

  private static String rating(String number) {
    return TOWN.sqlOne(
        """
        SELECT coalesce(v.solved, 'nothing') FROM return_visit v JOIN "case" c ON c.id = v.case_id
         WHERE c.number = '%s'
        """
            .formatted(number));
  }

  private static String state(String number) {
    return TOWN.sqlOne("SELECT state FROM \"case\" WHERE number = '" + number + "'");
  }

  @Test
  void allMattersAreCountedAndEachSaysWhatHappensByWhen() {
    Phone sun = neighbour("many-matters");
    for (String each : List.of("楼道灯坏了", "电梯坏了", "大门关不上", "下水道堵了", "垃圾桶满了没人收", "路灯不亮了")) {
      sun.says(each).says("对");
    }
    assertThat(cases(sun)).hasSize(6);
    assertThat(sun.says("查询").hears()).contains("您一共有6件，最近的5件", "前联系您", "/h5/sign-in/main");

    String last = cases(sun).getLast();
    assertThat(sun.says("查询 " + last).hears()).startsWith(last).doesNotContain("您有");
    var _ =
        TOWN.sql(
            """
            UPDATE clock SET due_at = now() - interval '40 days'
             WHERE stopped_at IS NULL AND case_id = (SELECT id FROM "case" WHERE number = '%s')
            """
                .formatted(last));
    assertThat(sun.says("查询 " + last).hears()).contains("晚了，原定").doesNotContain("前联系您");
  }

  @Test
  void aMatterThatNobodyLookedAtYetPromisesThatSomebodyLooks() {
    Phone zhao = neighbour("unclassified");
    zhao.says("我要反映").says("门口那个东西一直摆在那里").says("对");

    assertThat(zhao.hears()).contains("前有人看，安排谁来办").doesNotContain("联系您");
    assertThat(zhao.says("查询").hears()).contains("前有人看，安排谁来办");
  }

  @Test
  void whoWritesEnglishHearsEnglishFromThenOn() {
    Phone smith = TOWN.follower("smith");

    assertThat(smith.says("progress").hears()).contains("Nothing of yours is registered");
    assertThat(smith.says("ok").hears()).contains("All right");
    assertThat(smith.says("中文").hears()).contains("以后用中文");
    assertThat(smith.says("The light in building 3 is broken again").hears())
        .containsAnyOf("I noted", "Which");
    assertThat(smith.says("human").hears()).containsAnyOf("I have asked", "Your words are kept");
  }

  @Test
  void aWordOfTheBotAddsNothingToTheMatterAPersonTalksAbout() {
    Phone wu = neighbour("words");
    wu.says("楼道灯不亮了").says("对");
    String number = cases(wu).getFirst();
    Staff zhang = COUNTER.staff(Counter.ZHANG);
    Case held = claimed(zhang, number);
    var _ = COUNTER.handling.answer(zhang, held.id(), held.version(), "哪一层的灯？");
    assertThat(wu.awaitHeard("哪一层的灯").text()).isNotEmpty();

    assertThat(wu.says("查询").hears()).contains(number);
    wu.says("对").says("五楼的");

    assertThat(supplements(number)).isEqualTo("1");
  }

  private static String supplements(String number) {
    return TOWN.sqlOne(
        """
        SELECT count(*) FROM event e JOIN "case" c ON c.id = e.subject
         WHERE c.number = '%s' AND e.room = 'casework' AND e.body ILIKE '%%supplemented%%'
        """
            .formatted(number));
  }

  private static void ask(String number) {
    Staff zhang = COUNTER.staff(Counter.ZHANG);
    Case held = claimed(zhang, number);
    var _ = COUNTER.finishAndAsk(zhang, held.id(), held.version(), "换了灯泡。");
    // Nobody answers faster than the account hears that its question has arrived.
    TOWN.until("it is known that it was asked", () -> hasArrived(number));
  }

  private static boolean hasArrived(String number) {
    return TOWN.sqlOne(
            """
            SELECT coalesce(max(o.state), 'unsaid') FROM outbound o
             WHERE o.message_key = (SELECT 'visit:' || max(v.id) || ':1'
                                      FROM return_visit v JOIN "case" c ON c.id = v.case_id
                                     WHERE c.number = '%s')
            """
                .formatted(number))
        .equals("delivered");
  }

  private static Case claimed(Staff staff, String number) {
    Case open =
        COUNTER.cases.visibleTo(
            staff, TOWN.sqlOne("SELECT code FROM \"case\" WHERE number = '" + number + "'"));
    return COUNTER.handling.claim(staff, open.id(), open.version());
  }

  @Test
  void nobodyIsForgottenWhileSomethingRefersToThem() {
    Phone li = TOWN.follower("referred-to");
    li.says("垃圾几点收");

    refuses("DELETE FROM address WHERE external_id = '" + li.openid() + "'", "still has messages");
  }

  @Test
  void aMessageNamesOnlyCasesAndStaffThatThereAre() {
    neighbour("names").says("楼道灯坏了").says("对");

    refuses("UPDATE message SET case_id = 999999999", "there is no case 999999999");
    refuses("UPDATE message SET staff_id = 999999999", "there is no member of staff 999999999");
    TOWN.sql(
        """
        UPDATE message
           SET case_id = (SELECT max(id) FROM "case"), staff_id = (SELECT min(id) FROM staff)
         WHERE id = (SELECT max(id) FROM message)
        """);
    refuses("DELETE FROM \"case\" WHERE id = (SELECT max(id) FROM \"case\")", "still has messages");
    refuses("DELETE FROM staff WHERE id = (SELECT min(id) FROM staff)", "still has messages");
  }

  @Test
  void aCaseKnowsTheMessagesItWasToldIn() {
    Phone li = neighbour("told-in");
    li.says("垃圾几点收").says("楼道灯坏了").says("三楼").says("对");

    assertThat(
            TOWN.sql(
                """
                SELECT m.content ->> 'text' FROM "case" c JOIN message m ON m.id = ANY (c.message_ids)
                 WHERE c.number = '%s' ORDER BY m.id
                """
                    .formatted(cases(li).getLast())))
        .startsWith("楼道灯坏了")
        .doesNotContain("垃圾几点收");
  }

  @Test
  void aCaseIsOpenWithARunningClockOrClosedWithAnEnd() {
    neighbour("sound").says("楼道灯坏了").says("对");

    refuses("UPDATE \"case\" SET state = 'CLOSED' WHERE state = 'DISPATCHED'", "is_sound");
    refuses("UPDATE \"case\" SET next_due_at = NULL WHERE state = 'DISPATCHED'", "is_sound");
    refuses("UPDATE \"case\" SET closed_at = now() WHERE state = 'DISPATCHED'", "is_sound");
    refuses("UPDATE \"case\" SET state = 'LOST' WHERE state = 'DISPATCHED'", "is_sound");
  }

  private static void refuses(String change, String why) {
    assertThatThrownBy(() -> TOWN.sql(change)).rootCause().hasMessageContaining(why);
  }

  private static List<String> cases(Phone phone) {
    return TOWN.sql(
        """
        SELECT c.number FROM "case" c JOIN address a ON a.id = c.address_id
         WHERE a.external_id = '%s' ORDER BY c.id
        """
            .formatted(phone.openid()));
  }

  private static List<String> messagesOf(String number) {
    return TOWN.sql(
        """
        SELECT m.id FROM message m JOIN "case" c ON m.id = ANY (c.message_ids)
         WHERE c.number = '%s' AND m.said_by = 'resident'
        """
            .formatted(number));
  }
}
