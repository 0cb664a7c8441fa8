package io.linyu.reception;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linyu.Counter;
import io.linyu.Neighbourhood;
import io.linyu.Samples;
import io.linyu.casework.Case;
import io.linyu.casework.CaseEvent;
import io.linyu.casework.CaseId;
import io.linyu.casework.CaseState;
import io.linyu.casework.KnownMatter;
import io.linyu.channel.AddressKey;
import io.linyu.community.Address;
import io.linyu.community.Consent;
import io.linyu.community.PersonEvent;
import io.linyu.community.Staff;
import io.linyu.platform.Refusal;
import io.linyu.simulator.wechat.Line;
import io.linyu.simulator.wechat.Phone;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// A relative acts for an elder, with their consent.
class ActingTest {
  @AutoClose private static final Neighbourhood TOWN = Neighbourhood.withTwoAccounts();
  @AutoClose private static final Counter COUNTER = TOWN.counter();
  private static final Pattern CODE = Pattern.compile("\\d{4} \\d{4}");
  private static final Pattern LINK = Pattern.compile("/h5/cases/[a-zA-Z0-9_-]+");
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @BeforeAll
  static void rulesRest() {
    TOWN.withoutRules();
  }

  @Test
  void aDaughterTellsForHerFatherHearsTheAnswerAndHeHearsTheEnd() throws Exception {
    Phone father = elder("story");
    father.says("大门口的灯坏了").says("对");
    Phone daughter = TOWN.follower("story-daughter");
    daughter.says("家人代办 " + code(father, "让女儿帮我办"));
    assertThat(daughter.hears()).contains("3栋", "您替说的那些事", "同意");
    assertThat(daughter.says("同意 林红").hears()).contains("帮家人说", "为止");
    father.awaitHeard("林红（您女儿）从现在起可以替您说事");

    // The place is his, not hers.
    assertThat(daughter.says("帮家人说").hears()).contains("这件算", "什么事");
    assertThat(daughter.says("门禁坏了，爸爸进不去").hears()).contains("我替", "3栋", "爸爸进不去");
    String told = daughter.says("对").hears();
    assertThat(told).contains("编号", "回话发给您");
    Case matter = matter("爸爸进不去");
    assertThat(matter.personId()).isEqualTo(person(father));
    assertThat(matter.territoryId()).isEqualTo(COUNTER.place("88001001B3").id());
    assertThat(told).contains("/h5/cases/" + matter.speakerCode()).doesNotContain(matter.code());
    String receipt = father.awaitHeard("您女儿林红替您说了").text();
    assertThat(receipt).contains(matter.number().text(), "不要家人代办", matter.code());

    // What she adds is his, too; he sees all, she only what she told.
    assertThat(daughter.says("在门口等了半天").hears()).contains("记到编号" + matter.number().text());
    assertThat(matter("爸爸进不去").waitsForAnswer()).isTrue();
    assertThat(father.says("查询").hears()).contains("您有2件", "女儿替您说的", "大门口的灯坏了");
    assertThat(daughter.says("查询").hears()).contains("您有1件", "替").doesNotContain("大门口");
    String other = matter("大门口的灯").number().text();
    assertThat(daughter.says("查询 " + other).hears()).contains("没有" + other);
    assertThat(daughter.says("撤回 " + other).hears()).contains("没有" + other);
    assertThat(daughter.says("补充 " + other + " 还是不亮").hears()).doesNotContain("记到");

    // She may urge what she told, and it is urged once a day for both.
    assertThat(daughter.says("催").hears()).contains("催办记上了，编号" + matter.number().text());
    assertThat(father.says("催 " + matter.number().text()).hears()).contains("已经催过");
    assertThat(daughter.says("催 " + other).hears()).contains("没有" + other);

    // Staff see who spoke, and only what belongs to it.
    daughter.says("我自己的楼道灯坏了，在1栋").says("跳过").says("对");
    Staff zhang = COUNTER.staff(Counter.ZHANG);
    assertThat(history(zhang, matter)).anyMatch(each -> each.contains("家人凭委托"));
    assertThat(history(zhang, matter)).contains("家人代为催了");
    answer(zhang, matter, "师傅下午来疏通");
    daughter.awaitHeard("师傅下午来疏通");
    assertThat(heard(father)).noneMatch(each -> each.contains("师傅下午来"));

    // In the exchange with staff she goes on about it.
    daughter.says("好的，下午在家等");
    TOWN.until("it belongs to his case", () -> isIn(matter, "好的，下午在家等"));
    close(zhang, matter, "疏通好了");
    assertThat(daughter.awaitHeard("疏通好了").text()).contains("请本人跟我说");
    assertThat(father.awaitHeard("疏通好了").text()).contains("女儿替您说的", "真好了吗");
    assertThat(father.says("没好").hears()).contains(matter.number().text());
    father.says("取消");
    assertThat(TOWN.sql("SELECT message_key FROM outbound GROUP BY 1 HAVING count(*) > 1"))
        .isEmpty();
  }

  @Test
  void whatEndedIsSeenByNobodyAndWhatIsOnItsWayIsStopped() throws Exception {
    Phone father = elder("end");
    Phone daughter = TOWN.follower("end-daughter");
    agree(father, daughter, "女儿", "林红");
    daughter.says("帮家人说：楼道灯坏了三天").says("对");
    Case matter = matter("灯坏了三天");
    String link = "/h5/cases/" + matter.speakerCode();
    assertThat(status(link)).isEqualTo(200);
    assertThat(page(link)).doesNotContain(matter.code());

    // It waits for her window, which is closed.
    TOWN.clock.pass(Duration.ofHours(49));
    answer(COUNTER.staff(Counter.ZHANG), matter, "明早有人来看");
    TOWN.until(
        "it waits",
        () -> TOWN.sql("SELECT state FROM outbound WHERE text LIKE '%明早有人来看'").contains("waiting"));
    assertThat(father.says("不要家人代办").hears()).contains("林红不能再替您办");
    assertThat(status(link)).isEqualTo(404);
    assertThat(status("/h5/cases/" + matter.code())).isEqualTo(200);
    father.awaitHeard("明早有人来看");
    String heard = daughter.says("在吗").hears();
    assertThat(heard).doesNotContain("明早有人来看");
    assertThat(TOWN.sql("SELECT state FROM outbound WHERE text LIKE '%明早有人来看' ORDER BY id"))
        .first()
        .isEqualTo("failed");
    daughter.awaitHeard("不再请您代办了");

    // From now on his answers are his, and she is nobody here.
    answer(COUNTER.staff(Counter.ZHANG), matter, "已经约好师傅");
    father.awaitHeard("已经约好师傅");
    assertThat(heard(daughter)).noneMatch(each -> each.contains("约好师傅"));
    assertThat(daughter.says("查询 " + matter.number().text()).hears()).contains("没有");
    assertThat(daughter.says("帮家人说").hears()).contains("没有哪位家人委托您");
    assertThat(father.says("不要家人代办").hears()).contains("没有家人在替您代办");
  }

  /// She had begun to tell before he ended it.
  @Test
  void whatWasBegunBeforeItEndedIsNotFiled() {
    Phone father = elder("begun");
    Phone son = TOWN.follower("begun-son");
    agree(father, son, "儿子", "林强");
    son.says("帮家人说：窗户关不上了，漏风");
    father.says("不要儿子帮我办了");
    assertThat(son.says("对").hears()).contains("委托已经停了");
    assertThat(TOWN.sql("SELECT id FROM \"case\" WHERE what LIKE '%窗户关不上%'")).isEmpty();
    assertThat(son.says("你好").hears()).doesNotContain("窗户");
  }

  @Test
  void aCodeWorksOnceForTenMinutesAndForNothingElse() {
    Phone father = elder("codes");
    Phone daughter = TOWN.follower("codes-daughter");
    String late = code(father, "请家人帮我");
    TOWN.clock.pass(Duration.ofMinutes(11));
    assertThat(daughter.says("家人代办 " + late).hears()).contains("代办码不对").doesNotContain("3栋");

    String consent = code(father, "请家人帮我");
    assertThat(daughter.says("绑定 " + consent).hears()).contains("绑定码不对");
    String bind = code(father, "绑定");
    assertThat(daughter.says("家人代办 " + bind).hears()).contains("代办码不对");
    assertThat(father.says("家人代办 " + consent).hears()).contains("您自己要的码");

    // Wrong ones of both kinds are counted together: this is the fifth.
    assertThat(daughter.says("家人代办 0000 0001").hears()).contains("代办码不对");
    assertThat(daughter.says("家人代办 0000 0002").hears()).contains("代办码不对");
    assertThat(daughter.says("家人代办 " + consent).hears()).contains("过一小时再试");
    assertThat(daughter.says("绑定 " + bind).hears()).contains("过一小时再试");
    TOWN.clock.pass(Duration.ofMinutes(61));

    // Said yes too late; and used.
    daughter.says("家人代办 " + code(father, "请家人帮我"));
    TOWN.clock.pass(Duration.ofMinutes(11));
    assertThat(daughter.says("同意 林红").hears()).contains("过了时间");
    String used = code(father, "请家人帮我");
    Phone stranger = TOWN.follower("codes-stranger");
    daughter.says("家人代办 " + used);
    assertThat(stranger.says("家人代办 " + used).hears()).as("claimed").contains("代办码不对");
    assertThat(daughter.says("同意").hears()).contains("叫什么名字");
    assertThat(daughter.says("林红").hears()).contains("可以替");
    assertThat(stranger.says("家人代办 " + used).hears()).contains("代办码不对");
    assertThat(consents(father)).isEqualTo(1);
  }

  /// He tries out what he was given; that is no wrong guess, and takes nothing from her.
  @Test
  void whoSaysTheirOwnCodeLeavesItToTheOther() {
    Phone father = elder("own");
    Phone daughter = TOWN.follower("own-daughter");
    String code = code(father, "让女儿帮我办");
    for (int time = 0; time < 6; time++) {
      assertThat(father.says("家人代办 " + code).hears()).contains("您自己要的码");
    }
    assertThat(daughter.says("家人代办 " + code).hears()).contains("的委托");
    assertThat(father.says("家人代办 " + code).hears()).contains("您自己要的码");
    assertThat(daughter.says("同意 林红").hears()).contains("可以替");
  }

  @Test
  void whoScansTheCodeSaysNothing() {
    Phone father = elder("scans");
    Phone daughter = TOWN.follower("scans-daughter");
    String code = code(father, "请女儿帮我");
    assertThat(daughter.scan("kin-" + code.replace(" ", "")).hears()).contains("的委托");
    assertThat(daughter.says("同意 林红").hears()).contains("帮家人说");
  }

  /// Who may see all sees what he told himself, but not what he told in confidence.
  @Test
  void everythingIsSeenWhereTheConsentSaysSo() {
    Phone father = elder("all");
    father.says("健身器材坏了").says("对");
    COUNTER.told(address(father), "社区干部态度差", "1205", TOWN.clock.instant());
    assertThat(matter("态度差").confidential()).isTrue();
    Phone daughter = TOWN.follower("all-daughter");
    String code = code(father, "让女儿帮我办");
    assertThat(father.says("都给家人看").hears()).contains("所有的事");
    daughter.says("家人代办 " + code);
    assertThat(daughter.hears()).contains("所有的事");
    daughter.says("同意 林红");
    assertThat(daughter.says("查询").hears()).contains("健身器材").doesNotContain("态度");
    String number = matter("健身器材").number().text();
    assertThat(daughter.says("撤回 " + number).says("1").hears()).doesNotContain("撤回了");
    assertThat(matter("健身器材").isOpen()).isTrue();
  }

  @Test
  void whatIsNotWantedAnyMoreIsWithdrawnByEitherAndTheOtherHears() {
    Phone father = elder("withdraw");
    Phone daughter = TOWN.follower("withdraw-daughter");
    agree(father, daughter, "女儿", "林红");
    daughter.says("帮家人说：楼道里堆满了纸箱").says("对");
    Case first = matter("堆满了纸箱");
    assertThat(daughter.says("撤回 " + first.number().text()).hears()).contains("真的不办了吗");
    assertThat(daughter.says("1").hears()).contains("撤回了");
    father.awaitHeard("把“");
    assertThat(COUNTER.cases.named(COUNTER.db(), first.id()).orElseThrow().isOpen()).isFalse();
    assertThat(history(COUNTER.staff(Counter.ZHANG), first)).anyMatch(e -> e.contains("家人代为撤回"));
    assertThat(
            TOWN.sql(
                "SELECT 1 FROM clock WHERE stopped_at IS NULL AND case_id = " + first.id().value()))
        .isEmpty();

    daughter.says("帮家人说：门口的垃圾桶盖坏了").says("对");
    Case second = matter("垃圾桶盖");
    father.says("撤回 " + second.number().text()).says("1");
    daughter.awaitHeard("自己把“");
    assertThat(daughter.says("撤回 " + second.number().text()).says("1").hears()).contains("撤不回");

    daughter.says("帮家人说：门口的井盖不见了").says("对");
    Case third = matter("井盖不见了");
    assertThat(third.categoryCode()).isEqualTo("0202");
    assertThat(daughter.says("撤回 " + third.number().text()).says("1").hears()).contains("接着看完");
    father.awaitHeard("“门口的井盖不见了”（编号" + third.number().text() + "）撤回了");
    assertThat(matter("井盖不见了").isOpen()).as("others may come to harm").isTrue();
    assertThat(history(COUNTER.staff(Counter.ZHANG), third)).anyMatch(e -> e.contains("关系到安全"));
  }

  /// It was written down for 家人, and by staff for 大女儿.
  @Test
  void whoeverIsCalledOtherwiseThanItWasWrittenDownIsEndedAsWell() {
    Phone father = elder("kin");
    Phone daughter = TOWN.follower("kin-daughter");
    agree(father, daughter, "家人", "林红");
    assertThat(father.says("不要女儿代办").hears()).contains("林红不能再替您办").doesNotContain("还能");
    assertThat(daughter.says("帮家人说").hears()).contains("没有哪位家人委托您");
    assertThat(consents(father)).isZero();

    // Who is called so is meant alone, and the others are named.
    Phone son = TOWN.follower("kin-son");
    agree(father, daughter, "女儿", "林红");
    agree(father, son, "儿子", "林强");
    assertThat(father.says("不要女儿代办").hears()).contains("林红不能再替您办", "林强还能替您办", "不要家人代办");
    assertThat(consents(father)).isEqualTo(1);
    // A code that nobody took is no relative.
    var _ = code(father, "让女儿帮我办");
    assertThat(father.says("不要女儿代办").hears()).contains("林强不能再替您办");
    assertThat(consents(father)).isZero();
    assertThat(father.says("不要女儿代办").hears()).contains("没有家人在替您代办");
  }

  @Test
  void whoAsksForAPersonIsAnsweredInTheirOwnChat() {
    Phone father = elder("person");
    Phone daughter = TOWN.follower("person-daughter");
    agree(father, daughter, "女儿", "林红");
    daughter.says("帮家人说：单元门的玻璃裂了").says("对");
    Case hers = matter("单元门的玻璃");
    father.says("人工");
    CaseId about =
        new CaseId(
            Long.parseLong(
                TOWN.sqlOne(
                    "SELECT id FROM \"case\" WHERE consent_id IS NULL AND person_id = "
                        + person(father))));
    Case his = COUNTER.cases.named(COUNTER.db(), about).orElseThrow();
    answer(COUNTER.staff(Counter.ZHANG), his, "您请讲，我在听");
    father.awaitHeard("您请讲，我在听");
    father.says("有件私事想问问你们");
    TOWN.until("it belongs to his own", () -> isIn(his, "有件私事想问问你们"));
    assertThat(isIn(hers, "有件私事想问问你们")).isFalse();
    assertThat(heard(daughter)).noneMatch(each -> each.contains("您请讲"));
  }

  /// It had expired, so staff talked with him about it; then it was renewed.
  @Test
  void whomAPersonTalksWithGoesOnBeingAnsweredWhereSomebodyActsAgain() {
    Phone father = elder("again");
    Phone daughter = TOWN.follower("again-daughter");
    agree(father, daughter, "女儿", "林红");
    daughter.says("帮家人说：信箱的锁锈住了").says("对");
    Case matter = matter("信箱的锁");
    Consent was =
        COUNTER.community.consents().inForce(COUNTER.db(), consentOf(matter)).orElseThrow();
    TOWN.clock.pass(Duration.ofDays(367));
    TOWN.until(
        "it has ended",
        () -> TOWN.sqlOne("SELECT ended_by FROM consent WHERE id = " + was.id()).equals("expired"));
    father.says("在吗");
    daughter.says("在吗");
    Staff zhang = COUNTER.staff(Counter.ZHANG);
    answer(zhang, matter, "锁匠后天来");
    father.awaitHeard("锁匠后天来");
    TOWN.rooms()
        .db()
        .withinTransaction(tx -> {
          var _ = TOWN.rooms().reception().acting().renew(tx, zhang, was, Consent.How.TELEPHONE);
        });
    father.says("后天我不在家，改天行不行");
    TOWN.until("it belongs to it", () -> isIn(matter, "后天我不在家，改天行不行"));
    answer(zhang, matter, "改到大后天");
    daughter.awaitHeard("改到大后天");
    father.awaitHeard("改到大后天");
    assertThat(TOWN.sql("SELECT message_key FROM outbound GROUP BY 1 HAVING count(*) > 1"))
        .isEmpty();
  }

  @Test
  void whereAPersonTalkedAboutWhatIsNotWantedAnyMoreTheBotIsBack() {
    Phone father = elder("over");
    Phone daughter = TOWN.follower("over-daughter");
    agree(father, daughter, "女儿", "林红");
    daughter.says("帮家人说：楼道灯坏了，在车棚边上").says("对");
    Case matter = matter("在车棚边上");
    Staff zhang = COUNTER.staff(Counter.ZHANG);
    answer(zhang, matter, "这周派人去看");
    daughter.awaitHeard("这周派人去看");
    assertThat(holder(daughter)).isEqualTo("person");
    father.says("撤回 " + matter.number().text()).says("1");
    daughter.awaitHeard("自己把“");
    TOWN.until("the bot has it", () -> holder(daughter).equals("bot"));
    assertThat(daughter.says("查询").hears()).contains("在车棚边上");

    // That somebody has it is not said any more.
    daughter.says("帮家人说：楼道灯坏了，水表井旁边").says("对");
    Case third = matter("水表井旁边");
    var _ = taken(zhang, third);
    TOWN.until("it is to be said", () -> isClaimSaid(third));
    father.says("撤回 " + third.number().text()).says("1");
    TOWN.until("it was heard of", () -> isTold(third));
    assertThat(isClaimSaid(third)).isFalse();

    // Who stops while a person talks with them about it is answered, too.
    daughter.says("帮家人说：楼道灯坏了，晾衣杆旁边").says("对");
    Case last = matter("晾衣杆旁边");
    answer(zhang, last, "马上来看");
    daughter.awaitHeard("马上来看");
    assertThat(daughter.says("不帮家人办了").hears()).contains("以后不替");
    assertThat(holder(daughter)).isEqualTo("bot");
  }

  @Test
  void staffWriteItDownForSomebodyWithoutAChat() {
    Phone daughter = TOWN.follower("staff-daughter");
    Staff zhang = COUNTER.staff(Counter.ZHANG);
    Acting acting = TOWN.rooms().reception().acting();
    String code =
        TOWN.rooms()
            .db()
            .inTransaction(tx -> {
              long elder =
                  COUNTER
                      .community
                      .people()
                      .register(tx, "赵奶奶", "赵玉兰", null, COUNTER.place("88001001B3").id());
              Consent made =
                  acting.record(
                      tx, zhang, elder, "女儿", "赵玉兰", "林红", null, Consent.How.VISIT, false);
              return COUNTER.community.consents().draw(tx, made.id());
            });
    daughter.says("家人代办 " + code);
    assertThat(daughter.hears()).contains("这是赵玉兰的委托");
    assertThat(daughter.says("同意 林红").hears()).contains("可以替赵玉兰说事");
    daughter.says("帮家人说：楼道灯不亮，老人看不见").says("对");
    Case matter = matter("老人看不见");
    assertThat(matter.territoryId()).isEqualTo(COUNTER.place("88001001B3").id());
    answer(zhang, matter, "明天去装");
    daughter.awaitHeard("明天去装");
    close(zhang, matter, "装好了");
    // She is asked in the place of whoever cannot be.
    assertThat(daughter.awaitHeard("装好了").text()).contains("真好了吗");
    assertThat(daughter.says("1").says("1").says("1").hears()).contains("谢谢");
    assertThat(daughter.says("没好").hears()).contains(matter.number().text(), "是就回1");
    assertThat(daughter.says("对").hears()).contains(matter.number().text() + "-2重新打开了");
    Case again = COUNTER.cases.visibleTo(zhang, matter.id());
    assertThat(again.state()).isEqualTo(CaseState.HANDLING);
    assertThat(history(zhang, again)).anyMatch(each -> each.startsWith("家人替居民说没好"));

    // Ended by staff: nobody is left to be answered, and staff read so.
    TOWN.rooms()
        .db()
        .withinTransaction(tx -> {
          var _ =
              acting.end(
                  tx,
                  COUNTER.community.consents().inForce(tx, consentOf(again)).orElseThrow(),
                  Consent.End.STAFF,
                  zhang.id());
        });
    daughter.awaitHeard("社区停了您替赵玉兰代办");
    answer(zhang, again, "没人收得到的话");
    TOWN.until("it was heard of", () -> isTold(again));
    assertThat(TOWN.sql("SELECT 1 FROM outbound WHERE text LIKE '%没人收得到的话'")).isEmpty();
  }

  @Test
  void itLastsForAYearAndMayBeRenewed() {
    Phone father = elder("year");
    Phone daughter = TOWN.follower("year-daughter");
    agree(father, daughter, "女儿", "林红");
    daughter.says("帮家人说：煤气表走得太快了").says("对");
    Case matter = matter("煤气表");
    TOWN.clock.pass(Duration.ofDays(200));
    Staff zhang = COUNTER.staff(Counter.ZHANG);
    Acting acting = TOWN.rooms().reception().acting();
    Consent was =
        COUNTER.community.consents().inForce(COUNTER.db(), consentOf(matter)).orElseThrow();
    TOWN.rooms()
        .db()
        .withinTransaction(tx -> {
          var _ = acting.renew(tx, zhang, was, Consent.How.TELEPHONE);
        });
    TOWN.clock.pass(Duration.ofDays(200));
    assertThat(daughter.says("查询").hears()).contains("煤气表");
    assertThat(TOWN.sqlOne("SELECT ended_by FROM consent WHERE id = " + was.id()))
        .isEqualTo("renewed");
    TOWN.clock.pass(Duration.ofDays(170));
    // At that moment, whether anything has been ended yet or not.
    assertThat(daughter.says("帮家人说").hears()).contains("没有哪位家人委托您");
    TOWN.until(
        "it is written down",
        () ->
            TOWN.sql(
                    "SELECT ended_by FROM consent WHERE first_id = " + was.first() + " ORDER BY id")
                .equals(List.of("renewed", "expired")));
    daughter.awaitHeard("一年到期了");
    father.says("在吗");
    assertThat(heard(father)).anyMatch(each -> each.contains("一年到期了"));
  }

  @Test
  void itEndsWhenEitherLeaves() {
    Phone father = elder("leaves");
    Phone daughter = TOWN.follower("leaves-daughter");
    agree(father, daughter, "女儿", "林红");
    daughter.unfollow();
    father.awaitHeard("取消了关注，代办停了");
    assertThat(consents(father)).isZero();
    assertThat(
            TOWN.sqlOne(
                "SELECT ended_by || (actor_sealed IS NULL) FROM consent k JOIN address a ON a.person_id = k.giver_id WHERE a.external_id = '%s' ORDER BY k.id DESC"
                    .formatted(father.openid())))
        .isEqualTo("lefttrue");
  }

  @Test
  void consentsGoWithPersonsWhoAreJoinedAndParted() {
    Phone father = elder("merge");
    Phone daughter = TOWN.follower("merge-daughter");
    agree(father, daughter, "女儿", "林红");
    daughter.says("帮家人说：楼梯扶手断了").says("对");
    Case matter = matter("楼梯扶手断了");

    // She has another account; what she may do she may do there, too.
    Phone second = TOWN.secondFollower("merge-daughter");
    second.says("绑定 " + code(daughter, "绑定")).says("1");
    assertThat(second.says("查询").hears()).contains("楼梯扶手");
    second.says("帮家人说：楼顶的水箱盖子没盖").says("对");
    Case onTop = matter("水箱盖子");
    assertThat(onTop.personId()).isEqualTo(person(father));
    second.says("解除绑定").says("1");
    assertThat(second.says("查询").hears()).contains("还没有登记过的事");
    assertThat(daughter.says("查询").hears()).contains("水箱盖子", "楼梯扶手");
    assertThat(matter("水箱盖子").personId()).as("it is his").isEqualTo(person(father));

    // Taken for one person by mistake: nothing to consent to, and nothing of his becomes hers.
    Joinings joinings = TOWN.rooms().reception().joinings();
    long merge =
        TOWN.rooms()
            .db()
            .inTransaction(
                tx -> joinings.join(tx, person(father), person(daughter), null, null).id());
    assertThat(daughter.says("帮家人说").hears()).contains("没有哪位家人委托您");
    TOWN.rooms()
        .db()
        .withinTransaction(tx -> {
          var _ = joinings.undo(tx, merge, null);
        });
    assertThat(person(father)).isNotEqualTo(person(daughter));
    assertThat(matter("楼梯扶手断了").personId()).isEqualTo(person(father));
    assertThat(daughter.says("查询").hears()).contains("水箱盖子", "楼梯扶手");
    assertThat(daughter.says("帮家人说").hears()).contains("这件算");
    daughter.says("取消");

    // Given while he was one with another of his, and from that other account: it goes with it.
    Phone his = TOWN.secondFollower("merge");
    his.says("你好");
    his.says("绑定 " + code(father, "绑定")).says("1");
    Phone son = TOWN.follower("merge-son");
    agree(his, son, "儿子", "林强");
    son.says("帮家人说：门铃不响了，换个门铃").says("对");
    assertThat(matter("门铃不响").personId()).isEqualTo(person(father));
    his.says("解除绑定").says("1");
    assertThat(matter("门铃不响").personId()).isEqualTo(person(his));
    assertThat(son.says("查询").hears()).contains("门铃不响");
    assertThat(matter.personId()).isEqualTo(person(father));
  }

  /// Two neighbours taken for one: what is told meanwhile goes back to whoever lets it be told.
  @Test
  void whatIsToldWhileTwoAreOneIsTheirsByWhoseConsentItIs() {
    Phone kept = elder("kept");
    Phone gone = elder("gone");
    Phone son = TOWN.follower("gone-son");
    agree(gone, son, "儿子", "林强");
    Phone daughter = TOWN.follower("kept-daughter");
    agree(kept, daughter, "女儿", "林红");
    daughter.says("帮家人说：三楼的水表坏了").says("对");
    long one = person(kept);
    long other = person(gone);
    Joinings joinings = TOWN.rooms().reception().joinings();
    long merge =
        TOWN.rooms().db().inTransaction(tx -> joinings.join(tx, one, other, null, null).id());

    son.says("帮家人说：二楼的电表坏了").says("对");
    daughter.says("帮家人说：三楼的门锁坏了").says("对");
    assertThat(matter("二楼的电表").personId()).isEqualTo(one);
    // The other one's chat lets her speak, too. For her it is one person.
    agree(gone, daughter, "女儿", "林红");
    daughter.says("帮家人说：二楼的纱窗坏了").says("对");
    assertThat(matter("二楼的纱窗").personId()).isEqualTo(one);

    TOWN.rooms()
        .db()
        .withinTransaction(tx -> {
          var _ = joinings.undo(tx, merge, null);
        });
    assertThat(matter("二楼的电表").personId()).isEqualTo(other);
    assertThat(matter("二楼的纱窗").personId()).isEqualTo(other);
    assertThat(matter("三楼的水表").personId()).isEqualTo(one);
    assertThat(matter("三楼的门锁").personId()).isEqualTo(one);
    assertThat(kept.says("查询").hears()).contains("三楼的门锁").doesNotContain("二楼");
    assertThat(gone.says("查询").hears()).contains("二楼的电表", "二楼的纱窗").doesNotContain("三楼");
    assertThat(consents(kept)).isEqualTo(1);
    assertThat(consents(gone)).isEqualTo(2);
    gone.says("不要家人代办");
    assertThat(daughter.says("查询").hears()).contains("三楼的水表").doesNotContain("二楼");
  }

  /// The same chat twice, however long the two are one: it stands in the place of the first.
  @Test
  void whatIsGivenAgainByTheSameChatStandsInThePlaceOfTheFirst() {
    Phone father = elder("again");
    Phone his = TOWN.secondFollower("again");
    his.says("你好");
    Phone daughter = TOWN.follower("again-daughter");
    agree(his, daughter, "女儿", "林红");
    his.says("绑定 " + code(father, "绑定")).says("1");
    assertThat(person(his)).isEqualTo(person(father));
    agree(his, daughter, "女儿", "林红");
    assertThat(consents(father)).isEqualTo(1);
    agree(father, daughter, "女儿", "林红");
    assertThat(consents(father)).isEqualTo(2);
    assertThat(daughter.says("帮家人说").hears()).as("one person").contains("什么事");
    daughter.says("取消");
    daughter.says("不代办了");
    assertThat(consents(father)).isZero();
  }

  /// What waited for her is for him: his link, who told it for him, and nothing that he has heard.
  @Test
  void whatIsForwardedIsWrittenForTheOneItGoesTo() {
    Phone father = elder("forward");
    Phone daughter = TOWN.follower("forward-daughter");
    agree(father, daughter, "女儿", "林红");
    daughter.says("帮家人说：楼道的感应灯一直闪").says("对");
    Case matter = matter("感应灯一直闪");
    String hers = requireNonNull(matter.speakerCode());
    Staff zhang = COUNTER.staff(Counter.ZHANG);
    TOWN.clock.pass(Duration.ofHours(49));
    Case now = taken(zhang, matter);
    // What is done already when it is heard of is not said to be begun.
    TOWN.until("they are told who has it", () -> isTold(matter));
    var along = COUNTER.enclosures.add(zhang, now.id(), "灯.jpg", Samples.picture(640, 480, "JPEG"));
    var _ =
        COUNTER.handling.answer(zhang, now.id(), now.version(), "换成这种的灯", List.of(along.code()));
    close(zhang, matter, "感应灯换好了");
    TOWN.until(
        "all of it waits",
        () ->
            TOWN.sql(
                        """
                        SELECT 1 FROM outbound o JOIN message m ON m.id = o.message_id
                         WHERE m.case_id = %d AND o.state = 'waiting'
                           AND (o.text LIKE '%%接手了%%' OR o.text LIKE '%%换成这种%%' OR o.text LIKE '%%感应灯换好了%%')
                        """
                            .formatted(matter.id().value()))
                    .size()
                == 4);

    father.says("不要家人代办");
    father.awaitHeard("换成这种的灯");
    father.awaitHeard("接手了您反映的“" + matter.title() + "（女儿替您说的）”");
    father.awaitHeard("感应灯换好了");
    assertThat(heard(father))
        .anyMatch(each -> each.contains("/h5/cases/" + matter.code()) && each.contains("照片"))
        .noneMatch(each -> each.contains(hers))
        .noneMatch(each -> each.contains("（替"))
        .noneMatch(each -> each.contains("请本人跟我说"));
    assertThat(
            TOWN.sql(
                """
                SELECT o.text FROM outbound o JOIN address a ON a.id = o.address_id
                 WHERE a.external_id = '%s' AND o.text LIKE '%%感应灯换好了%%'
                """
                    .formatted(father.openid())))
        .hasSize(1);
  }

  /// Who has gone is not offered another year, and what staff wrote of them is not kept.
  @Test
  void whatIsWrittenDownOfSomebodyGoesWithThem() throws IOException {
    Phone father = elder("gone-for-good");
    Phone daughter = TOWN.follower("gone-for-good-daughter");
    Phone son = TOWN.follower("gone-for-good-son");
    agree(father, daughter, "女儿", "林红");
    agree(father, son, "儿子", "林强");
    Consent hers = given(father, "女儿");
    Consent sons = given(father, "儿子");
    TOWN.clock.pass(Duration.ofDays(367));
    // As the due work does, which rests for a while.
    COUNTER
        .db()
        .withinTransaction(tx -> {
          var _ = COUNTER.community.consents().endExpired(tx, 100);
        });
    assertThat(List.of(ended(hers), ended(sons))).containsOnly("expired");
    Staff zhang = COUNTER.staff(Counter.ZHANG);
    Acting acting = TOWN.rooms().reception().acting();
    Consent meant =
        COUNTER
            .db()
            .inTransaction(tx ->
                acting.record(
                    tx,
                    zhang,
                    person(father),
                    "大闺女",
                    "赵大山",
                    "林小红",
                    person(daughter),
                    Consent.How.TELEPHONE,
                    false));
    assertThat(export(person(daughter)))
        .contains("consents_meant", "大闺女", "\"林小红\"")
        .doesNotContain("赵大山");

    personal().erase(person(daughter));
    assertThat(
            TOWN.sqlOne(
                "SELECT kinship || num_nonnulls(meant_for_id, giver_sealed, actor_sealed) || ended_by FROM consent WHERE id = "
                    + meant.id()))
        .isEqualTo("0erased");
    son.unfollow();
    TOWN.until("he has left", () -> ended(sons).equals("left"));
    for (Consent each : List.of(hers, sons)) {
      assertThatThrownBy(() ->
              COUNTER.db().inTransaction(tx -> acting.renew(tx, zhang, each, Consent.How.VISIT)))
          .as(ended(each))
          .isInstanceOf(Refusal.class);
    }
  }

  /// She was answered at another account of hers than the one she told it at.
  @Test
  void nobodyTalksWithHerAboutWhatIsErased() {
    Phone father = elder("talked");
    Phone daughter = TOWN.follower("talked-daughter");
    agree(father, daughter, "女儿", "林红");
    daughter.says("帮家人说：楼道的灯泡松动了").says("对");
    Phone second = TOWN.secondFollower("talked-daughter");
    second.says("绑定 " + code(daughter, "绑定")).says("1");
    answer(COUNTER.staff(Counter.ZHANG), matter("灯泡松动"), "马上叫人来");
    second.awaitHeard("马上叫人来");
    String held =
        "SELECT held_by FROM conversation v JOIN address a ON a.id = v.address_id WHERE a.account = 'second' AND a.external_id = '%s'"
            .formatted(second.openid());
    assertThat(TOWN.sqlOne(held)).isEqualTo("person");
    TOWN.clock.pass(Duration.ofMinutes(1));
    personal().erase(person(father));
    assertThat(TOWN.sqlOne(held)).isEqualTo("bot");
    assertThat(second.says("你好").hears()).isNotEmpty();
  }

  private static Consent given(Phone giver, String kinship) {
    return COUNTER.community.consents().actedForBy(COUNTER.db(), person(giver)).stream()
        .filter(each -> each.kinship().equals(kinship))
        .findFirst()
        .orElseThrow();
  }

  private static String ended(Consent each) {
    return TOWN.sqlOne("SELECT ended_by FROM consent WHERE id = " + each.id());
  }

  @Test
  void aPersonWhoIsExportedKnowsNoMoreOfTheOtherThanBefore() throws IOException {
    Phone father = elder("export");
    Phone daughter =
        TOWN.follower("export-daughter").scan("bld:" + COUNTER.place("88001001B1").code());
    named(father, "赵大山", "12000000771");
    named(daughter, "林红真名", "12000000772");
    agree(father, daughter, "女儿", "林红");
    daughter.says("帮家人说：楼道灯坏了拜托了").says("对");
    daughter.says("我自己的秘密，1栋门口的路灯不亮").says("对");
    Case matter = matter("坏了拜托");
    answer(COUNTER.staff(Counter.ZHANG), matter, "师傅明天到家");
    daughter.awaitHeard("师傅明天到家");

    String his = export(person(father));
    assertThat(his)
        .contains("consents_given", "女儿", "\"林红\"", "坏了拜托", "师傅明天到家")
        .doesNotContain("林红真名", "12000000772", "我自己的秘密", daughter.openid());
    String hers = export(person(daughter));
    assertThat(hers)
        .contains("consents_taken", "我自己的秘密", matter.number().text())
        .doesNotContain("12000000771", father.openid());

    // She is erased: his matter stays, without her.
    TOWN.clock.pass(Duration.ofMinutes(1));
    personal().erase(person(daughter));
    assertThat(COUNTER.cases.named(COUNTER.db(), matter.id()).orElseThrow().what())
        .contains("坏了拜托");
    assertThat(
            TOWN.sqlOne(
                "SELECT kinship || num_nonnulls(giver_sealed, actor_sealed) || ended_by FROM consent WHERE id = "
                    + matter.consentId()))
        .isEqualTo("0erased");
    assertThat(status("/h5/cases/" + matter.speakerCode())).isEqualTo(404);
    answer(COUNTER.staff(Counter.ZHANG), matter, "换了新灯泡");
    father.awaitHeard("换了新灯泡");

    // He is erased: so is what another told for him, at their address.
    Phone son = TOWN.follower("export-son");
    agree(father, son, "儿子", "林强");
    son.says("帮家人说：厨房的水管爆了怎么办").says("对");
    Case last = matter("厨房的水管爆了");
    TOWN.clock.pass(Duration.ofMinutes(1));
    personal().erase(person(father));
    assertThat(TOWN.sql("SELECT 1 FROM message WHERE content::text LIKE '%厨房的水管爆了%'")).isEmpty();
    assertThat(TOWN.sql("SELECT 1 FROM receipt WHERE reply LIKE '%厨房的水管爆了%'")).isEmpty();
    assertThat(son.says("查询").hears()).contains("还没有登记过的事");
    assertThat(status("/h5/cases/" + last.speakerCode())).isEqualTo(404);
    assertThat(COUNTER.events.broken(CaseEvent.VOCABULARY)).isEmpty();
    assertThat(TOWN.sql("SELECT 1 FROM event WHERE body LIKE '%林%'")).isEmpty();
    assertThat(COUNTER.events.of(COUNTER.db(), PersonEvent.VOCABULARY, owner(last))).isNotEmpty();
  }

  private static long owner(Case matter) {
    return requireNonNull(matter.personId());
  }

  @Test
  void whatIsKnownIsToldToHerAsLongAsSheMayAndTheEndToHim() {
    Phone father = elder("known");
    Phone daughter = TOWN.follower("known-daughter");
    agree(father, daughter, "女儿", "林红");
    var publishing = TOWN.rooms().casework().publishing();
    Instant now = TOWN.clock.instant();
    var plan =
        new KnownMatter.Plan(
            COUNTER.place("88001001").id(),
            "0301",
            "东门主管爆了，正在抢修。",
            null,
            now.plus(Duration.ofHours(3)),
            now.plus(Duration.ofDays(1)));
    Staff zhang = COUNTER.staff(Counter.ZHANG);
    var cut = publishing.publish(zhang, "127.0.0.1", plan, List.of());
    assertThat(daughter.says("帮家人说：停水了").hears()).contains("我替", "已经知道");
    assertThat(daughter.says("1").hears()).contains("编号");
    father.awaitHeard("您女儿林红替您说了");
    var _ = publishing.end(zhang, "127.0.0.1", cut.code(), cut.version(), "水管接好了");
    daughter.awaitHeard("水管接好了");
    father.awaitHeard("水管接好了");
  }

  @Test
  void whoHasOneOfTheirOwnBesideWhatWasToldForThemHearsOfTheirOwnAndOnce() {
    Phone father = elder("known-both");
    Phone daughter = TOWN.follower("known-both-daughter");
    agree(father, daughter, "女儿", "林红");
    var publishing = TOWN.rooms().casework().publishing();
    Instant now = TOWN.clock.instant();
    var plan =
        new KnownMatter.Plan(
            COUNTER.place("88001001").id(),
            "0301",
            "西门阀门坏了。",
            null,
            now.plus(Duration.ofHours(3)),
            now.plus(Duration.ofDays(1)));
    Staff zhang = COUNTER.staff(Counter.ZHANG);
    var cut = publishing.publish(zhang, "127.0.0.1", plan, List.of());
    daughter.says("帮家人说：停水了").says("1");
    father.awaitHeard("您女儿林红替您说了");
    assertThat(father.says("停水了").hears()).contains("西门阀门坏了");
    // She told first; he joins with a matter of his own, through the desk.
    father.says("2").says("对");
    String own =
        TOWN.sqlOne(
            "SELECT number FROM \"case\" WHERE consent_id IS NULL AND person_id = "
                + person(father)
                + " ORDER BY id DESC LIMIT 1");
    String hers =
        TOWN.sqlOne(
            "SELECT number FROM \"case\" WHERE consent_id IS NOT NULL AND person_id = "
                + person(father)
                + " ORDER BY id DESC LIMIT 1");
    publishing.join(zhang, cut.code(), COUNTER.codeOf(own));
    TOWN.clock.pass(Duration.ofSeconds(11));
    assertThat(father.awaitHeard("跟这件事一起办").text()).contains(own);

    Instant then = TOWN.clock.instant();
    var news =
        new KnownMatter.Plan(
            plan.territoryId(),
            plan.category(),
            "新阀门在路上。",
            null,
            then.plus(Duration.ofHours(2)),
            plan.expiresAt());
    cut = publishing.update(zhang, "127.0.0.1", cut.code(), cut.version(), news);
    assertThat(father.awaitHeard("新阀门在路上").text()).contains(own);
    assertThat(daughter.awaitHeard("新阀门在路上").text()).contains(hers);
    cut = publishing.end(zhang, "127.0.0.1", cut.code(), cut.version(), "阀门换好了");
    assertThat(father.awaitHeard("阀门换好了").text()).contains(own);
    assertThat(daughter.awaitHeard("阀门换好了").text()).contains(hers);
    assertThat(
            TOWN.sqlOne(
                "SELECT count(*) FROM known_join WHERE told_version < %d AND matter_id = %d"
                    .formatted(cut.version(), cut.id())))
        .isEqualTo("0");
    assertThat(heard(father).stream().filter(each -> each.contains("阀门换好了"))).hasSize(1);
    assertThat(heard(daughter).stream().filter(each -> each.contains("阀门换好了"))).hasSize(1);
  }

  // What they have.

  private static Phone elder(String name) {
    return TOWN.follower(name).scan("bld:" + COUNTER.place("88001001B3").code());
  }

  private static String code(Phone phone, String words) {
    Matcher code = CODE.matcher(phone.says(words).hears());
    assertThat(code.find()).as(phone.hears()).isTrue();
    return code.group();
  }

  private static void agree(Phone giver, Phone actor, String kinship, String name) {
    actor.says("家人代办 " + code(giver, "让" + kinship + "帮我办"));
    assertThat(actor.says("同意 " + name).hears()).contains("可以替");
  }

  private static Address address(Phone phone) {
    return COUNTER
        .community
        .people()
        .known(COUNTER.db(), new AddressKey("wechat", "main", phone.openid()))
        .orElseThrow();
  }

  private static int consents(Phone giver) {
    return COUNTER.community.consents().actedForBy(COUNTER.db(), person(giver)).size();
  }

  private static boolean isClaimSaid(Case matter) {
    return !TOWN.sql(
            """
            SELECT 1 FROM outbound o JOIN message m ON m.id = o.message_id
             WHERE m.case_id = %d AND o.message_key LIKE 'claimed:%%'
            """
                .formatted(matter.id().value()))
        .isEmpty();
  }

  private static String holder(Phone phone) {
    return TOWN.sqlOne(
        "SELECT held_by FROM conversation WHERE address_id = " + address(phone).id());
  }

  private static long consentOf(Case matter) {
    return requireNonNull(matter.consentId());
  }

  private static long person(Phone phone) {
    return Long.parseLong(
        TOWN.sqlOne(
            "SELECT person_id FROM address WHERE external_id = '%s' ORDER BY id DESC"
                .formatted(phone.openid())));
  }

  private static void named(Phone phone, String name, String number) {
    COUNTER
        .db()
        .withinTransaction(tx -> {
          COUNTER.community.people().setName(tx, person(phone), name);
          COUNTER.community.people().setPhone(tx, person(phone), number);
        });
  }

  private static PersonalData personal() {
    return new PersonalData(COUNTER.db(), COUNTER.community, TOWN.clock);
  }

  private static String export(long person) throws IOException {
    Map<String, String> files = new HashMap<>();
    var _ =
        personal()
            .export(
                person,
                "zh",
                TOWN.settings.zone(),
                (name, bytes) -> files.put(name, new String(bytes, UTF_8)));
    return files.getOrDefault("data.json", "");
  }

  private static List<String> heard(Phone phone) {
    return phone.heard().stream().map(Line.Heard::text).toList();
  }

  private static Case matter(String what) {
    CaseId id =
        new CaseId(
            Long.parseLong(
                TOWN.sqlOne(
                    "SELECT id FROM \"case\" WHERE what LIKE '%" + what + "%' ORDER BY id DESC")));
    return COUNTER.cases.named(COUNTER.db(), id).orElseThrow();
  }

  private static List<String> history(Staff staff, Case matter) {
    return COUNTER.cases.history(staff, matter.id()).stream().map(each -> each.sentence()).toList();
  }

  private static Case taken(Staff staff, Case matter) {
    Case now = COUNTER.cases.visibleTo(staff, matter.id());
    return now.staffId() == null ? COUNTER.handling.claim(staff, now.id(), now.version()) : now;
  }

  private static void answer(Staff staff, Case matter, String text) {
    Case now = taken(staff, matter);
    var _ = COUNTER.handling.answer(staff, now.id(), now.version(), text);
  }

  private static void close(Staff staff, Case matter, String text) {
    Case now = taken(staff, matter);
    var _ = COUNTER.finishAndAsk(staff, now.id(), now.version(), text);
  }

  private static boolean isIn(Case matter, String text) {
    return !TOWN.sql(
            """
            SELECT 1 FROM "case" c JOIN message m ON m.id = ANY(c.message_ids)
             WHERE c.id = %d AND m.content ->> 'text' = '%s'
            """
                .formatted(matter.id().value(), text))
        .isEmpty();
  }

  /// Whether the listener is past everything that happened to it.
  private static boolean isTold(Case matter) {
    return TOWN.sqlOne(
            """
            SELECT (SELECT last_event FROM event_cursor WHERE listener = 'tell-residents')
                   >= (SELECT max(id) FROM event WHERE room = 'casework' AND subject = %d)
            """
                .formatted(matter.id().value()))
        .equals("t");
  }

  private static int status(String path) throws IOException {
    return got(path).statusCode();
  }

  private static String page(String path) throws IOException {
    String body = got(path).body();
    assertThat(LINK.matcher(body).results().map(each -> each.group()).filter(e -> !e.equals(path)))
        .isEmpty();
    return body;
  }

  private static HttpResponse<String> got(String path) throws IOException {
    try {
      return HTTP.send(
          HttpRequest.newBuilder(URI.create(TOWN.url(path))).build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
