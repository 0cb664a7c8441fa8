package io.linyu.reception;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linyu.Counter;
import io.linyu.Neighbourhood;
import io.linyu.Visitor;
import io.linyu.casework.Case;
import io.linyu.casework.CaseEvent;
import io.linyu.casework.CaseState;
import io.linyu.casework.Merging;
import io.linyu.casework.Opened;
import io.linyu.community.Staff;
import io.linyu.platform.Refusal;
import io.linyu.simulator.wechat.Line;
import io.linyu.simulator.wechat.Phone;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Several tell of the same: one case is handled, and nobody loses their number, their news or
/// their say by it.
class MergeTest {
  @AutoClose private static final Neighbourhood TOWN = Neighbourhood.open();
  @AutoClose private static final Counter COUNTER = TOWN.counter();

  private static final Merging MERGING = COUNTER.casework.merging();

  @Test
  void whoseCaseWasMergedHearsEachStepOfTheirOwnNumberAndIsAskedByThemselves() {
    Phone li = neighbour("hears-li");
    Phone wu = neighbour("hears-wu");
    String master = tells(li, "楼道灯不亮了，我家老人摔过");
    String own = tells(wu, "三楼楼道灯不亮了");
    claim(master);
    assertThat(MERGING.offered(zhang(), named(own), ""))
        .extracting(each -> each.number().text())
        .contains(master);

    Case merged = merge(own, master);
    assertThat(merged.state()).isEqualTo(CaseState.MERGED);
    assertThat(merged.nextDueAt()).isNull();
    TOWN.clock.pass(Duration.ofSeconds(11));
    assertThat(wu.awaitHeard("并在一起办").text())
        .contains("三楼楼道灯不亮了", own)
        .doesNotContain(master, "摔过");
    assertThat(wu.says("查询").hears()).contains(own, "正在处理").doesNotContain(master);
    assertThat(MERGING.heardBy(named(master))).isEqualTo(2);

    answer(master, "明天上午换灯泡");
    li.awaitHeard("明天上午换灯泡");
    wu.awaitHeard("明天上午换灯泡");
    assertThat(times(wu, "明天上午换灯泡")).isEqualTo(1);
    String page = page(own);
    assertThat(page).contains("和别人反映的一起办", "明天上午换灯泡", "三楼楼道灯不亮了");
    assertThat(page).doesNotContain(master, "摔过", "hears-li");
    assertThat(page(master)).doesNotContain(own, "三楼楼道灯");
    wu.says(own + " 是声控的那个");
    ask(master, "换好了。");
    assertThat(li.awaitHeard("真好了吗").text()).contains(master).doesNotContain(own);
    assertThat(wu.awaitHeard("真好了吗").text()).contains(own).doesNotContain(master);
    arrived(master);
    arrived(own);

    rates(li, "1", "1", "1");
    assertThat(stateOf(master)).as("waits until all were asked").isEqualTo("RETURN_VISIT");
    assertThat(named(master).rests()).isTrue();
    assertThat(li.says("评价").hears()).contains("真好了吗");
    rates(li, "2");
    assertThat(named(master).rests()).as("not too late to say no").isFalse();
    rates(wu, "2", "4", "2");
    assertThat(named(master).rests()).as("somebody looks").isFalse();
    assertThat(rating(master) + rating(own)).as("each their own").isEqualTo("nono");
    Case review = claim(master, Counter.LI);
    COUNTER.casework.checking().reopen(staff(Counter.LI), review.id(), review.version(), "还是不亮");
    assertThat(wu.awaitHeard("确实没办好").text()).contains(own);
    assertThat(li.awaitHeard("确实没办好").text()).contains(master);

    ask(master, "重新接了线。");
    TOWN.until("asked again", () -> times(wu, "重新接了线") == 1 && times(li, "重新接了线") == 1);
    arrived(master);
    arrived(own);
    rates(wu, "1", "1", "1");
    assertThat(stateOf(master)).isEqualTo("RETURN_VISIT");
    rates(li, "1", "2", "1");
    assertThat(stateOf(master)).isEqualTo("CLOSED");
    TOWN.until(
        "both count as content, and one as handled",
        () -> counted(own).equals("merged yes satisfied"));
    TOWN.until("the other, too", () -> counted(master).equals("closed yes basically"));
    assertThat(wu.says("查询 " + own).hears()).contains(own, "已办结");
    assertThat(COUNTER.events.broken(CaseEvent.VOCABULARY)).isEmpty();

    assertThat(wu.says("没好").hears()).contains(own);
    wu.says("1");
    TOWN.until("it is done again for both", () -> stateOf(master).equals("HANDLING"));
    assertThat(stateOf(own)).isEqualTo("MERGED");
    TOWN.until("and the other hears so", () -> times(li, "确实没办好") == 2);
  }

  @Test
  void whatIsTakenOutHasItsNumberAndItsFirstClocks() {
    Phone li = neighbour("out-li");
    Phone wu = neighbour("out-wu");
    String master = tells(li, "楼道灯不亮了");
    String own = tells(wu, "楼道灯不亮了，是二单元");
    String due = dueOf(own);
    claim(master);

    merge(own, master);
    Case back = unmerge(own);
    assertThat(back.state()).isEqualTo(CaseState.DISPATCHED);
    assertThat(dueOf(own)).isEqualTo(due);
    TOWN.clock.pass(Duration.ofSeconds(15));
    assertThat(wu.says("查询").hears()).contains(own, "联系您");
    assertThat(times(wu, "并在一起办")).as("taken back unsaid").isZero();

    merge(own, master);
    TOWN.clock.pass(Duration.ofSeconds(11));
    wu.awaitHeard("并在一起办");
    assertThat(wu.says("不一样").hears()).contains("编号" + own + "单独办");
    assertThat(stateOf(own)).isEqualTo("DISPATCHED");
    assertThat(dueOf(own)).isEqualTo(due);
    assertThat(wu.says("不一样").hears()).contains("没有跟别人一起办的事");

    merge(own, master);
    TOWN.clock.pass(Duration.ofSeconds(11));
    TOWN.until("told again", () -> times(wu, "并在一起办") == 2);
    answer(master, "物业在备料");
    wu.awaitHeard("物业在备料");
    unmerge(own);
    assertThat(wu.awaitHeard("单独办了").text()).contains(own);
    assertThat(dueOf(own)).as("contacted with the others").isEqualTo(handling(due));
    answer(master, "修好了一半");
    li.awaitHeard("修好了一半");
    assertThat(times(wu, "修好了一半")).isZero();
    assertThat(page(own)).as("what they had heard").contains("物业在备料").doesNotContain("修好了一半");
  }

  @Test
  void whoWithdrawsEndsTheirsAloneAndTheMatterGoesOnForTheOthers() {
    Phone li = neighbour("ends-li");
    Phone wu = neighbour("ends-wu");
    String master = tells(li, "楼道灯不亮了");
    String own = tells(wu, "楼道灯不亮了，晚上看不见");
    claim(master);
    merge(own, master);
    TOWN.clock.pass(Duration.ofSeconds(11));
    wu.awaitHeard("并在一起办");

    li.says("撤回 " + master).says("1");
    assertThat(stateOf(master)).isEqualTo("HANDLING");
    assertThat(li.says("查询 " + master).hears()).contains("已撤回");
    answer(master, "今天下午换");
    wu.awaitHeard("今天下午换");
    assertThat(times(li, "今天下午换")).isZero();
    assertThat(page(master)).doesNotContain("今天下午换");
    assertThat(MERGING.heardBy(named(master))).isEqualTo(1);
    ask(master, "换了。");
    wu.awaitHeard("真好了吗");
    arrived(own);
    assertThat(times(li, "真好了吗")).isZero();
    rates(wu, "1", "1", "1");
    assertThat(stateOf(master)).isEqualTo("CLOSED");

    Phone zhao = neighbour("ends-zhao");
    String first = tells(zhao, "楼道灯不亮了，一直闪");
    String second = tells(wu, "楼道灯不亮了，又坏了");
    claim(first);
    merge(second, first);
    zhao.says("撤回 " + first).says("1");
    wu.says("撤回 " + second).says("1");
    assertThat(List.of(stateOf(first), stateOf(second))).containsExactly("WITHDRAWN", "WITHDRAWN");
  }

  @Test
  void whoToldItSeveralTimesHearsAndIsAskedOnce() {
    Phone li = neighbour("twice");
    String first = tells(li, "楼道灯不亮了");
    String again = tells(li, "楼道灯还是不亮");
    claim(first);
    merge(again, first);
    answer(first, "明天换新的");
    li.awaitHeard("明天换新的");
    ask(first, "换新的了。");
    li.awaitHeard("真好了吗");
    arrived(first);
    assertThat(times(li, "明天换新的")).isEqualTo(1);
    assertThat(rating(again)).isEqualTo("unasked");
    rates(li, "1", "1", "1");
    assertThat(stateOf(first)).isEqualTo("CLOSED");
  }

  @Test
  void whatCannotFollowIsRefusedAndNothingIsDone() {
    Opened one = COUNTER.told(COUNTER.resident("钱伯"), "楼道堆满了", "0102", now());
    Opened two = COUNTER.told(COUNTER.resident("孙婶"), "楼道堆满了", "0102", now());
    Opened three = COUNTER.told(COUNTER.resident("周叔"), "楼道堆满了", "0102", now());
    Opened other = COUNTER.told(COUNTER.resident("吴奶奶"), "路灯不亮", "0201", now());
    String a = one.number().text();
    String b = two.number().text();
    String c = three.number().text();
    refused("merge-itself", () -> merge(a, a));
    refused("merge-category", () -> merge(a, other.number().text()));
    merge(b, a);
    refused("merge-follows", () -> merge(c, b));
    refused("merge-followed", () -> merge(a, c));
    assertThat(stateOf(c)).isEqualTo("DISPATCHED");
    // And past the door.
    assertThatThrownBy(() -> follow(c, b)).hasStackTraceContaining("follows another");
    assertThatThrownBy(() -> follow(a, c)).hasStackTraceContaining("others follow");
    assertThatThrownBy(
            () -> TOWN.sql("UPDATE \"case\" SET state = 'CLOSED' WHERE number = '" + b + "'"))
        .hasStackTraceContaining("case_follows_once_merged");

    Case held = COUNTER.handling.claim(staff(Counter.LI), three.id(), named(c).version());
    refused("case-held", () -> merge(c, a));
    Case far = named(other.number().text());
    assertThatThrownBy(
            () -> MERGING.merge(staff(Counter.SUN), far.id(), far.version(), COUNTER.codeOf(a)))
        .isInstanceOf(Refusal.class);
    refused("case-changed", () -> MERGING.merge(staff(Counter.LI), held.id(), 0, codeOf(a)));
    TOWN.sql("UPDATE \"case\" SET confidential = true WHERE number = '" + c + "'");
    Case quiet = named(c, Counter.LI);
    refused(
        "merge-confidential",
        () -> MERGING.merge(staff(Counter.LI), quiet.id(), quiet.version(), codeOf(a)));
    assertThat(MERGING.offered(staff(Counter.LI), quiet, "")).isEmpty();
    assertThat(MERGING.followers(named(a))).hasSize(1);
  }

  private static void follow(String number, String master) {
    TOWN.sql(
        """
        UPDATE "case" SET master_id = (SELECT id FROM "case" WHERE number = '%s'), merged_at = now()
         WHERE number = '%s'
        """
            .formatted(master, number));
  }

  private static java.time.Instant now() {
    return TOWN.clock.instant();
  }

  private static void refused(String code, ThrowingCallable step) {
    assertThatThrownBy(step)
        .isInstanceOfSatisfying(
            Refusal.class, refusal -> assertThat(refusal.code()).isEqualTo(code));
  }

  private static Case merge(String number, String master) {
    Case each = named(number);
    return MERGING.merge(zhang(), each.id(), each.version(), codeOf(master));
  }

  private static Case unmerge(String number) {
    Case each = named(number);
    return MERGING.unmerge(zhang(), each.id(), each.version());
  }

  private static void claim(String number) {
    claim(number, Counter.ZHANG);
  }

  private static Case claim(String number, String who) {
    Case each = named(number, who);
    return COUNTER.handling.claim(staff(who), each.id(), each.version());
  }

  private static void answer(String number, String text) {
    Case each = named(number);
    var _ = COUNTER.handling.answer(zhang(), each.id(), each.version(), text);
  }

  private static void ask(String number, String done) {
    Case each = named(number);
    var _ = COUNTER.finishAndAsk(zhang(), each.id(), each.version(), done);
  }

  private static void rates(Phone phone, String... answers) {
    for (String each : answers) {
      phone.says(each);
    }
  }

  /// Nobody answers faster than the account hears that its question has arrived.
  private static void arrived(String number) {
    TOWN.until(
        "it is known that it was asked",
        () ->
            TOWN.sqlOne(
                    """
                    SELECT coalesce(max(o.state), 'unsaid') FROM outbound o
                     WHERE o.message_key = (SELECT 'visit:' || max(v.id) || ':1'
                                              FROM return_visit v JOIN "case" c ON c.id = v.case_id
                                             WHERE c.number = '%s')
                    """
                        .formatted(number))
                .equals("delivered"));
  }

  private static Case named(String number) {
    return named(number, Counter.ZHANG);
  }

  private static Case named(String number, String who) {
    return COUNTER.cases.visibleTo(staff(who), codeOf(number));
  }

  private static String codeOf(String number) {
    return COUNTER.codeOf(number);
  }

  private static Staff zhang() {
    return staff(Counter.ZHANG);
  }

  private static Staff staff(String code) {
    return COUNTER.staff(code);
  }

  private static Phone neighbour(String name) {
    return TOWN.follower("merge-" + name).scan("bld:88001001B3");
  }

  private static String tells(Phone phone, String what) {
    phone.says(what).says("对");
    return TOWN.sqlOne(
        """
        SELECT c.number FROM "case" c JOIN address a ON a.id = c.address_id
         WHERE a.external_id = '%s' ORDER BY c.id DESC LIMIT 1
        """
            .formatted(phone.openid()));
  }

  private static String page(String number) {
    try (var visitor = Visitor.elsewhere()) {
      return visitor.get(TOWN.url("/h5/cases/" + codeOf(number))).body();
    }
  }

  private static long times(Phone phone, String words) {
    return phone.heard().stream()
        .map(Line.Heard::text)
        .filter(each -> each.contains(words))
        .count();
  }

  private static String stateOf(String number) {
    return TOWN.sqlOne("SELECT state FROM \"case\" WHERE number = '" + number + "'");
  }

  private static String rating(String number) {
    return TOWN.sqlOne(
        """
        SELECT coalesce((SELECT coalesce(v.solved, 'nothing') FROM return_visit v
                          WHERE v.case_id = c.id ORDER BY v.id DESC LIMIT 1), 'unasked')
          FROM "case" c WHERE c.number = '%s'
        """
            .formatted(number));
  }

  /// What the figures are counted from.
  private static String counted(String number) {
    return TOWN.sqlOne(
        """
        SELECT coalesce((SELECT concat_ws(' ', e.ended, e.solved, e.satisfied) FROM case_evaluation e
                          WHERE e.case_id = c.id ORDER BY e.version DESC LIMIT 1), '')
          FROM "case" c WHERE c.number = '%s'
        """
            .formatted(number));
  }

  /// Of the clocks that run for the resident.
  private static String dueOf(String number) {
    return TOWN.sqlOne(
        """
        SELECT coalesce(string_agg(k.kind || ' ' || k.due_at, ', ' ORDER BY k.kind), '') FROM clock k
          JOIN "case" c ON c.id = k.case_id
         WHERE c.number = '%s' AND k.kind IN ('first_contact', 'handling') AND k.stopped_at IS NULL
        """
            .formatted(number));
  }

  private static String handling(String due) {
    return due.substring(due.indexOf("handling"));
  }
}
