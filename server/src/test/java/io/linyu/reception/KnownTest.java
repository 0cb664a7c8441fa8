package io.linyu.reception;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linyu.Counter;
import io.linyu.Neighbourhood;
import io.linyu.casework.Case;
import io.linyu.casework.KnownMatter;
import io.linyu.casework.KnownMatters;
import io.linyu.casework.Publishing;
import io.linyu.community.Staff;
import io.linyu.platform.Refusal;
import io.linyu.simulator.wechat.Line;
import io.linyu.simulator.wechat.Phone;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Many have the same matter, and staff say once what is known of it.
class KnownTest {
  private static final String HERE = "127.0.0.1";

  @AutoClose private static final Neighbourhood TOWN = Neighbourhood.open();
  @AutoClose private static final Counter COUNTER = TOWN.counter();

  private static final KnownMatters KNOWN = TOWN.rooms().casework().known();
  private static final Publishing PUBLISHING = TOWN.rooms().casework().publishing();

  private final List<KnownMatter> published = new ArrayList<>();

  @AfterEach
  void nothingIsKnownAnyMore() {
    published.forEach(each -> {
      KnownMatter now = KNOWN.visibleTo(zhang(), each.code());
      if (!now.isOver()) {
        var _ = PUBLISHING.end(zhang(), HERE, now.code(), now.version(), "过去了。");
      }
    });
  }

  @BeforeAll
  static void rulesRest() {
    TOWN.withoutRules();
  }

  @Test
  void sixtyTellOfAWaterCutAndOneWordAnswersThemAllAndOneEndIsHeardOnceByEach() {
    KnownMatter cut = publish("88001001", "0301", "东门主管爆了，正在抢修。");
    List<Phone> sixty = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      sixty.add(TOWN.follower("cut-" + i));
    }
    Phone other = sixty.getFirst();
    allAtOnce(
        sixty,
        phone -> {
          phone.scan("bld:88001001B3").says("停水了");
          assertThat(phone.hears()).contains("清月园社区已经知道：东门主管爆了，正在抢修。", "有新消息");
          phone.says(phone.equals(other) ? "2" : "1");
        });

    assertThat(other.hears()).contains("我记的是：清月园社区3栋，停水了");
    other.says("对");
    assertThat(sqlOfCut("count(*)", "state = 'MERGED'")).isEqualTo("59");
    assertThat(sqlOfCut("count(DISTINCT number)", "true")).isEqualTo("60");
    assertThat(sqlOfCut("count(*)", "closed_at IS NULL")).isEqualTo("1");
    assertThat(
            TOWN.sqlOne(
                """
                SELECT count(*) FROM clock k JOIN known_join j ON j.case_id = k.case_id
                 WHERE j.matter_id = %d
                """
                    .formatted(cut.id())))
        .isEqualTo("0");
    assertThat(KNOWN.joined(zhang(), cut)).isEqualTo(59);

    var _ = PUBLISHING.end(zhang(), HERE, cut.code(), cut.version(), "修好了，已经来水");
    sixty.stream().skip(1).forEach(phone -> phone.awaitHeard("修好了，已经来水。"));
    TOWN.until("all have been told", () -> TOWN.sqlOne(leftToTell(cut)).equals("0"));
    assertThat(sixty.stream().skip(1))
        .allSatisfy(phone -> assertThat(heardOf(phone, "已经来水")).isEqualTo(1));
    assertThat(heardOf(other, "已经来水")).isZero();
    assertThat(TOWN.metric("linyu_known_told_total")).isGreaterThanOrEqualTo(59);
  }

  @Test
  void whoAsksAgainHearsHowItStandsAndKeepsTheNumber() {
    KnownMatter cut = publish("88001001", "0302", "变压器坏了，电工到了。");
    Phone li = neighbour("again");
    li.says("停电了").says("1");
    String number = numberOf(li);
    assertThat(li.hears()).contains("编号" + number);
    assertThat(li.says("停电怎么还没修好").hears()).contains("已经有编号了，" + number, "变压器坏了，电工到了。");
    assertThat(li.says("查询").hears()).contains(number, "清月园社区：变压器坏了，电工到了。");
    assertThat(casesOf(li)).hasSize(1);

    KnownMatter now = update(cut, "换变压器，晚上来电。");
    li.awaitHeard("换变压器，晚上来电。");
    TOWN.until("told", () -> TOWN.sqlOne(leftToTell(now)).equals("0"));
    assertThat(heardOf(li, "晚上来电")).isEqualTo(1);

    assertThat(li.says("不一样").hears()).contains("编号" + number + "单独办", "联系您");
    Case own = COUNTER.cases.visibleTo(zhang(), COUNTER.codeOf(number));
    assertThat(own.isOpen()).isTrue();
    assertThat(own.saidAt()).isEqualTo(saidAt(number));
    var _ = PUBLISHING.end(zhang(), HERE, now.code(), now.version(), "来电了");
    assertThat(li.says("不一样").hears()).contains("您现在没有跟别人一起办的事");
    assertThat(heardOf(li, "来电了")).isZero();
  }

  @Test
  void whatIsNewsBetweenTheQuestionAndTheAnswerIsToldToo() {
    KnownMatter cut = publish("88001001", "0302", "变压器坏了。");
    Phone quick = neighbour("read-old");
    Phone silent = neighbour("read-old-silent");
    Phone again = neighbour("read-new");
    quick.says("停电了");
    silent.says("停电了");
    again.says("停电了");
    KnownMatter now = update(cut, "换变压器，晚上八点来电。");
    TOWN.clock.pass(Duration.ofMinutes(2)); // whoever had joined has been told, and it is closed
    TOWN.until("all have been told", () -> TOWN.sqlOne(tellDue(now)).equals("null"));

    assertThat(again.says("到底咋回事，还要好久").hears()).contains("换变压器，晚上八点来电。");
    again.says("1");
    quick.says("1");
    quick.awaitHeard("有新消息：换变压器，晚上八点来电。");
    TOWN.clock.pass(Duration.ofMinutes(31));
    silent.awaitHeard("您没再回");
    silent.awaitHeard("有新消息：换变压器，晚上八点来电。");
    TOWN.until("all have been told", () -> TOWN.sqlOne(leftToTell(now)).equals("0"));
    assertThat(heardOf(quick, "有新消息：换变压器")).isEqualTo(1);
    assertThat(heardOf(silent, "有新消息：换变压器")).isEqualTo(1);
    assertThat(heardOf(again, "有新消息：换变压器")).as("read it in the question").isZero();
  }

  @Test
  void whoWasAskedAboutOneIsNotJoinedToAnotherThatIsNearer() {
    publish("88001001", "0302", "全社区检修。");
    Phone li = neighbour("nearer");
    assertThat(li.says("停电了").hears()).contains("全社区检修。");
    KnownMatter here = publish("88001001B3", "0302", "3栋保险烧了。");
    assertThat(li.says("1").hears()).contains("3栋保险烧了。");
    assertThat(casesOf(li)).isEmpty();
    assertThat(li.says("1").hears()).contains("编号" + numberOf(li));
    assertThat(KNOWN.joined(zhang(), here)).isEqualTo(1);
  }

  /// The order of a morning: first they tell, then somebody publishes, and still more arrive.
  @Test
  void whoTellsFirstIsAskedWhenTheyConfirmAndTheRestAreJoinedWithOnePress() {
    Phone filed = neighbour("surge-filed");
    filed.says("停电了").says("对");
    Phone standing = neighbour("surge-standing");
    assertThat(standing.says("停电了").hears()).contains("对就回“对”");
    Phone other = neighbour("surge-other");
    other.says("停电了");
    Phone silent = neighbour("surge-silent");
    silent.says("停电了");

    KnownMatter cut = publish("88001001", "0302", "电缆挖断了，正在接。");
    assertThat(standing.says("对").hears()).contains("清月园社区已经知道：电缆挖断了，正在接。");
    assertThat(casesOf(standing)).isEmpty();
    assertThat(standing.says("1").hears()).contains("编号" + numberOf(standing));
    assertThat(stateOf(standing)).isEqualTo("MERGED");
    assertThat(other.says("对").hears()).contains("电缆挖断了");
    assertThat(other.says("2").hears()).contains("对就回“对”");
    other.says("对");
    assertThat(stateOf(other)).isNotEqualTo("MERGED");
    // Nobody has told this one anything of it: silence is no yes.
    TOWN.clock.pass(Duration.ofMinutes(31));
    TOWN.until("filed", () -> casesOf(silent).size() == 1);

    List<Case> alike = KNOWN.alike(zhang(), "0302", COUNTER.place("88001001"));
    assertThat(alike)
        .extracting(each -> each.number().text())
        .contains(numberOf(filed), numberOf(other), numberOf(silent))
        .doesNotContain(numberOf(standing));
    List<String> picked =
        List.of(COUNTER.codeOf(numberOf(filed)), COUNTER.codeOf(numberOf(silent)));
    Publishing.Taken taken = PUBLISHING.join(zhang(), cut.code(), picked);
    assertThat(taken.cases()).isEqualTo(2);
    PUBLISHING.leave(zhang(), cut.code(), taken.from(), taken.until());
    assertThat(stateOf(filed)).isNotEqualTo("MERGED");
    assertThat(stateOf(standing)).as("was not theirs to take back").isEqualTo("MERGED");
    taken = PUBLISHING.join(zhang(), cut.code(), picked);
    assertThat(taken.cases()).isEqualTo(2);
    TOWN.clock.pass(Duration.ofSeconds(11));
    filed.awaitHeard("跟这件事一起办");
    silent.awaitHeard("跟这件事一起办");
    assertThatThrownBy(() -> PUBLISHING.join(zhang(), cut.code(), picked))
        .isInstanceOf(Refusal.class);
  }

  @Test
  void whoFallsSilentIsNotForgotten() {
    publish("88001001", "0302", "线路检修。");
    Phone li = neighbour("silent");
    li.says("停电了");
    TOWN.clock.pass(Duration.ofMinutes(31));
    assertThat(li.awaitHeard("您没再回").text()).contains("编号" + numberOf(li), "回“不一样”");
    assertThat(TOWN.sqlOne("SELECT confirmed FROM \"case\" WHERE number = '" + numberOf(li) + "'"))
        .isEqualTo("f");
  }

  @Test
  void whatHasExpiredOrLiesElsewhereAnswersNobody() {
    KnownMatter next = publish(Counter.SUN, "88001002", "0302", "月塘检修。");
    Phone li = neighbour("elsewhere");
    assertThat(li.says("停电了").hears()).contains("对就回“对”").doesNotContain("月塘");
    li.says("取消");

    KnownMatter here = publish("88001001", "0302", "检修。");
    TOWN.clock.pass(Duration.ofHours(25));
    assertThat(KNOWN.due(zhang())).isEqualTo(1);
    assertThat(li.says("停电了").hears()).contains("对就回“对”");
    li.says("取消");
    assertThat(update(here, "检修。").isOver()).isFalse();
    assertThat(KNOWN.due(zhang())).isZero();
    assertThat(li.says("停电了").hears()).contains("清月园社区已经知道：检修。");

    Staff sun = COUNTER.staff(Counter.SUN);
    assertThatThrownBy(() -> KNOWN.visibleTo(sun, here.code())).isInstanceOf(Refusal.class);
    var _ = PUBLISHING.end(sun, HERE, next.code(), next.version(), "好了");
  }

  @Test
  void openCasesAreJoinedAndTakenOutAgainWithTheirFirstClocks() {
    Phone li = neighbour("joined");
    li.says("停电了").says("对");
    String first = numberOf(li);
    li.says("今天又停电了没人修").says("对");
    List<String> both = casesOf(li);
    assertThat(both).hasSize(2);
    String due = dueOf(first);

    List<Case> alike = KNOWN.alike(zhang(), "0302", COUNTER.place("88001001"));
    assertThat(alike).extracting(each -> each.number().text()).containsAll(both);
    KnownMatter cut =
        publish(
            Counter.ZHANG,
            "88001001",
            "0302",
            "变压器坏了。",
            both.stream().map(COUNTER::codeOf).toList());
    assertThat(TOWN.sqlOne("SELECT state FROM \"case\" WHERE number = '" + first + "'"))
        .isEqualTo("MERGED");
    TOWN.clock.pass(Duration.ofSeconds(11));
    li.awaitHeard("跟这件事一起办");
    TOWN.until("told", () -> TOWN.sqlOne(leftToTell(cut)).equals("0"));
    assertThat(heardOf(li, "变压器坏了。")).isEqualTo(1);
    TOWN.until(
        "is sought among what is closed",
        () -> TOWN.sql(soughtAsOpen(first)).equals(List.of("false")));

    Case own = PUBLISHING.leave(zhang(), COUNTER.codeOf(first));
    assertThat(own.isOpen()).isTrue();
    assertThat(TOWN.sqlOne(soughtAsOpen(first))).isEqualTo("true");
    assertThat(dueOf(first)).isEqualTo(due);
    li.awaitHeard("单独办了");
    var _ = PUBLISHING.end(zhang(), HERE, cut.code(), cut.version(), "来电了");
    li.awaitHeard("来电了。");
    li.says("撤回 " + first).says("1");
    TOWN.until(
        "is sought among what is closed",
        () -> TOWN.sql(soughtAsOpen(first)).equals(List.of("false")));
    assertThat(COUNTER.events.broken(io.linyu.casework.CaseEvent.VOCABULARY)).isEmpty();
  }

  private static String soughtAsOpen(String number) {
    return "SELECT w.open::text FROM case_words w JOIN \"case\" c ON c.id = w.case_id WHERE c.number = '%s'"
        .formatted(number);
  }

  @Test
  void whatWasPublishedByMistakeIsTakenBackAndNobodyHearsOfIt() {
    Phone li = neighbour("mistake");
    li.says("停电了").says("对");
    String number = numberOf(li);
    KnownMatter wrong =
        publish(Counter.ZHANG, "88001001", "0302", "写错了。", List.of(COUNTER.codeOf(number)));

    assertThat(PUBLISHING.withdraw(zhang(), HERE, wrong.code()).withdrawn()).isTrue();
    assertThat(COUNTER.cases.visibleTo(zhang(), COUNTER.codeOf(number)).isOpen()).isTrue();
    TOWN.clock.pass(Duration.ofSeconds(30));
    assertThat(li.says("查询").hears()).contains(number, "联系您");
    assertThat(heardOf(li, "写错了")).isZero();
  }

  @Test
  void whatNobodyEndsIsTakenDownAndNobodyIsLeftWithoutAnEnd() {
    KnownMatter cut = publish("88001001", "0302", "检修，忘了结束。");
    Phone li = neighbour("forgotten");
    li.says("停电了").says("1");
    String number = numberOf(li);
    TOWN.clock.pass(Duration.ofHours(49));
    assertThat(PUBLISHING.releaseDue()).isTrue();
    TOWN.until(
        "it waits for the next contact",
        () ->
            TOWN.sqlOne(
                    "SELECT count(*) FROM outbound WHERE state = 'waiting' AND text LIKE '%单独办了%'")
                .equals("1"));
    assertThat(li.says("在吗").hears()).contains("编号" + number + "）单独办了");
    assertThat(COUNTER.cases.visibleTo(zhang(), COUNTER.codeOf(number)).isOpen()).isTrue();
    assertThat(KNOWN.visibleTo(zhang(), cut.code()).withdrawn()).isTrue();
  }

  private KnownMatter publish(String territory, String category, String told) {
    return publish(Counter.ZHANG, territory, category, told);
  }

  private KnownMatter publish(String by, String territory, String category, String told) {
    return publish(by, territory, category, told, List.of());
  }

  private KnownMatter publish(
      String by, String territory, String category, String told, List<String> cases) {
    KnownMatter matter =
        PUBLISHING.publish(COUNTER.staff(by), HERE, plan(territory, category, told), cases);
    if (by.equals(Counter.ZHANG)) {
      published.add(matter);
    }
    return matter;
  }

  private KnownMatter update(KnownMatter before, String told) {
    KnownMatter now = KNOWN.visibleTo(zhang(), before.code());
    return PUBLISHING.update(
        zhang(), HERE, now.code(), now.version(), plan("88001001", now.categoryCode(), told));
  }

  private static KnownMatter.Plan plan(String territory, String category, String told) {
    Instant now = TOWN.clock.instant();
    return new KnownMatter.Plan(
        COUNTER.place(territory).id(),
        category,
        told,
        null,
        now.plus(Duration.ofHours(2)),
        now.plus(Duration.ofHours(24)));
  }

  private static Staff zhang() {
    return COUNTER.staff(Counter.ZHANG);
  }

  private static Phone neighbour(String name) {
    return TOWN.follower("known-" + name).scan("bld:88001001B3");
  }

  private static long heardOf(Phone phone, String words) {
    return phone.heard().stream()
        .map(Line.Heard::text)
        .filter(each -> each.contains(words))
        .count();
  }

  private static List<String> casesOf(Phone phone) {
    return TOWN.sql(
        """
        SELECT c.number FROM "case" c JOIN address a ON a.id = c.address_id
         WHERE a.external_id = '%s' ORDER BY c.id
        """
            .formatted(phone.openid()));
  }

  private static String numberOf(Phone phone) {
    return casesOf(phone).getLast();
  }

  private static String stateOf(Phone phone) {
    return TOWN.sqlOne("SELECT state FROM \"case\" WHERE number = '" + numberOf(phone) + "'");
  }

  private static String tellDue(KnownMatter matter) {
    return "SELECT coalesce(tell_due_at::text, 'null') FROM known_matter WHERE id = " + matter.id();
  }

  private static Instant saidAt(String number) {
    return COUNTER
        .db()
        .one("SELECT said_at FROM \"case\" WHERE number = $1", number)
        .getOffsetDateTime("said_at")
        .toInstant();
  }

  private static String dueOf(String number) {
    return TOWN.sqlOne(
        """
        SELECT string_agg(k.kind || k.due_at, ' ' ORDER BY k.kind) FROM clock k
          JOIN "case" c ON c.id = k.case_id
         WHERE c.number = '%s' AND k.kind IN ('first_contact', 'handling') AND k.stopped_at IS NULL
        """
            .formatted(number));
  }

  private static String sqlOfCut(String what, String where) {
    return TOWN.sqlOne(
        "SELECT " + what + " FROM \"case\" WHERE category_code = '0301' AND " + where);
  }

  private static String leftToTell(KnownMatter matter) {
    return """
    SELECT count(*) FROM known_join j JOIN known_matter m ON m.id = j.matter_id
     WHERE m.id = %d AND j.told_version < m.news_version
    """
        .formatted(matter.id());
  }

  private static void allAtOnce(List<Phone> phones, Consumer<Phone> deed) {
    try (var each = Executors.newVirtualThreadPerTaskExecutor()) {
      var done = phones.stream().map(phone -> each.submit(() -> deed.accept(phone))).toList();
      for (var one : done) {
        try {
          one.get();
        } catch (Exception failed) {
          throw new AssertionError(failed);
        }
      }
    }
  }
}
