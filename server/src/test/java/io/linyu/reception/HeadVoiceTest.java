package io.linyu.reception;

import static org.assertj.core.api.Assertions.assertThat;

import io.linyu.Counter;
import io.linyu.Neighbourhood;
import io.linyu.Reader;
import io.linyu.Samples;
import io.linyu.casework.CaseId;
import io.linyu.casework.Line;
import io.linyu.casework.Note;
import io.linyu.casework.Request;
import io.linyu.casework.Request.Outcome;
import io.linyu.casework.Requests;
import io.linyu.casework.Requests.Question;
import io.linyu.casework.Requests.Within;
import io.linyu.community.Staff;
import io.linyu.simulator.wechat.Phone;
import java.time.Duration;
import java.util.List;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A head who speaks rather than types answers what they were asked by voice, and hears what was
/// understood.
class HeadVoiceTest {
  private static final String MENG = "H1";

  @AutoClose private static final Neighbourhood TOWN = Neighbourhood.open();
  @AutoClose private static final Counter COUNTER = TOWN.counter();
  private static final Requests REQUESTS = TOWN.rooms().casework().requests();

  @AutoClose private final Reader sun = Reader.of(TOWN, Counter.SUN);
  private Reader zhang = Reader.of(TOWN, Counter.ZHANG);

  @AfterEach
  void everybodyGoesHome() {
    zhang.close();
  }

  /// Nobody stays signed in over night.
  private void nextMorning() {
    zhang.close();
    zhang = Reader.of(TOWN, Counter.ZHANG);
  }

  @BeforeAll
  static void sheLivesThere() {
    var _ = COUNTER.hireHead(MENG, "孟婆婆", "building_head", "88001001B3");
    TOWN.until(
        "the server knows her", () -> TOWN.rooms().community().staff().byCode(MENG).isPresent());
  }

  @BeforeEach
  void nobodyIsAskedYet() {
    var _ = TOWN.sql("DELETE FROM staff_address");
    var _ = TOWN.sql("DELETE FROM hearing");
    var _ =
        TOWN.sql("UPDATE request SET ended_at = now(), next_due_at = NULL WHERE ended_at IS NULL");
  }

  @BeforeAll
  static void rulesRest() {
    TOWN.withoutRules();
  }

  @Test
  void whatThePlatformUnderstoodIsReadBackAndCanBeSaidAgain() {
    Phone meng = bound("understood");
    CaseId id = caseOf("understood", "3栋楼道灯坏了");
    ask(id, "楼道灯现在亮不亮？", meng);
    assertThat(meng.voice(Samples.amr(3), "三楼那盏还在闪。").hears())
        .contains("我听到的是：“三楼那盏还在闪。”", "记下了", "清月园社区居委会", "听错了，回“改”", "回“不是”");
    assertThat(asked(id).answer()).isEqualTo("三楼那盏还在闪。");
    assertThat(asked(id).spoken()).isTrue();

    // Hours later, too; and nothing of what was misheard stands.
    TOWN.clock.pass(Duration.ofHours(3));
    assertThat(meng.voice(Samples.amr(1), "改。").hears()).contains("再说一遍");
    assertThat(asked(id).answeredAt()).isNull();
    assertThat(notes(id)).doesNotContain("三楼那盏还在闪。");
    assertThat(meng.voice(Samples.amr(3), "四楼那盏还在闪。").hears()).contains("我听到的是：“四楼那盏还在闪。”");
    assertThat(asked(id).answer()).isEqualTo("四楼那盏还在闪。");

    // Whoever sees the case reads that it was spoken, and may play it.
    String code = codeOf(id);
    Document page = zhang.opens("/console/cases/" + code + "/requests");
    assertThat(page.select(".request-answer").text()).contains("语音", "四楼那盏还在闪");
    String sounds = page.expectFirst(".note-pictures").attr("hx-get");
    TOWN.until("fetched", () -> zhang.opens(sounds).selectFirst("[data-voice]") != null);
    String sound = zhang.opens(sounds).expectFirst("[data-voice]").attr("data-voice");
    var _ = zhang.opens(sound);
    assertThat(zhang.status()).isEqualTo(200);
    var _ = sun.opens(sound);
    assertThat(sun.status()).as("next door").isEqualTo(404);

    // It was about something else: what she says next is her own matter, and no answer.
    assertThat(meng.voice(Samples.amr(1), "不是").hears()).contains("没有留");
    assertThat(meng.voice(Samples.amr(3), "我家厨房顶上漏水漏了一个多星期了").hears())
        .contains("漏水")
        .doesNotContain("记下了，清月园社区居委会看得到");
    assertThat(asked(id).answeredAt()).isNull();
  }

  @Test
  void whatNobodyUnderstoodWaitsAtTheCaseUntilItIsWrittenDown() {
    Phone meng = bound("waits");
    CaseId id = caseOf("waits", "3栋单元门关不上");
    ask(id, "门能关上没有？", meng);
    assertThat(meng.voice(Samples.amr(3)).hears())
        .contains("清月园社区3栋", "语音收到了", "清月园社区居委会", "会听")
        .doesNotContain("我听不懂");
    assertThat(meng.voice(Samples.amr(2)).hears()).contains("语音收到了");
    assertThat(asked(id).answeredAt()).isNull();

    String code = codeOf(id);
    Document page = zhang.opens("/console/cases/" + code + "/requests");
    String answers = page.expectFirst(".request-voices").attr("hx-get");
    TOWN.until("fetched", () -> zhang.opens(answers).select("[data-voice]").size() == 2);
    String sound = zhang.opens(answers).expectFirst("[data-voice]").attr("data-voice");
    var _ = zhang.opens(sound);
    assertThat(zhang.status()).isEqualTo(200);
    var _ = sun.opens(sound);
    assertThat(sun.status()).as("next door").isEqualTo(404);
    assertThat(sun.opens("/console/voices").select(".tile")).isEmpty();
    assertThat(sun.opens("/console/voices/badge").text()).isEmpty();
    assertThat(zhang.opens("/console/voices/badge").text()).isEqualTo("2");

    // The desk is not told of silence meanwhile.
    TOWN.clock.pass(Duration.ofHours(23));
    assertThat(meng.voice(Samples.amr(2)).hears()).contains("语音收到了");
    TOWN.clock.pass(Duration.ofHours(2));
    TOWN.until(
        "it goes on when somebody has listened",
        () ->
            TOWN.sqlOne(
                    "SELECT count(*) FROM request r WHERE id = %d AND next_due_at = (SELECT max(due_at) FROM hearing WHERE request_id = r.id)"
                        .formatted(asked(id).id()))
                .equals("1"));
    assertThat(history(id)).doesNotContain("请人看的事还没有回音");

    nextMorning();
    Document list = zhang.opens("/console/voices");
    assertThat(list.select(".tile")).hasSize(2);
    assertThat(list.expectFirst(".tile").text()).contains("孟婆婆", "楼栋长", "门能关上没有？");
    list.select(".tile").get(1).remove();
    list.select(".tile textarea").get(0).val("门关上了");
    list.select(".tile textarea").get(1).val("就是有点响");
    assertThat(zhang.sends(list, ".tile form").text()).contains("也念给说话的人听了");
    assertThat(meng.awaitHeard("门关上了，就是有点响").text()).contains("我听到的是", "记下了", "回“改”");
    assertThat(asked(id).answer()).isEqualTo("门关上了，就是有点响");
    assertThat(asked(id).spoken()).isTrue();
    assertThat(COUNTER.cases.notes(staff(Counter.LI), id).getLast().pictures()).hasSize(2);
    assertThat(history(id)).contains("孟婆婆 回了话：有回话");

    // What she said later stands behind it; from the page of the case, too.
    Document later = zhang.opens(answers);
    later.expectFirst("textarea").val("今天好了");
    assertThat(zhang.sends(later, "form").location()).contains("/console/cases/" + code);
    meng.awaitHeard("今天好了");
    assertThat(asked(id).answer()).isEqualTo("门关上了，就是有点响\n今天好了");

    // Erased with the matter, wherever it was said.
    String kept =
        "SELECT count(*) FROM attachment t JOIN blob b USING (digest) WHERE t.message_id IN (SELECT message_id FROM hearing)";
    assertThat(TOWN.sqlOne(kept)).isEqualTo("3");
    long person =
        Long.parseLong(TOWN.sqlOne("SELECT person_id FROM \"case\" WHERE id = " + id.value()));
    var _ = new PersonalData(COUNTER.db(), COUNTER.community, TOWN.clock).erase(person);
    assertThat(TOWN.sqlOne("SELECT count(*) FROM hearing")).isEqualTo("0");
    assertThat(
            TOWN.sqlOne(
                "SELECT count(*) FROM attachment WHERE digest IS NOT NULL AND address_id = (SELECT id FROM address WHERE external_id = '%s')"
                    .formatted(meng.openid())))
        .isEqualTo("0");
  }

  @Test
  void ofSeveralItIsAskedWhichAndNoVoiceIsLost() {
    Phone meng = bound("several");
    CaseId one = caseOf("several-1", "3栋楼道扶手松了");
    CaseId two = caseOf("several-2", "3栋楼道灯座松了");
    ask(one, "扶手还晃不晃？", meng);
    ask(two, "灯座还松不松？", meng);
    assertThat(meng.voice(Samples.amr(3), "还晃得很").hears()).contains("哪一件", "2. ", "扶手还晃不晃");
    assertThat(meng.voice(Samples.amr(1), "第二件。").hears()).contains("我听到的是：“还晃得很”", "记下了");
    assertThat(asked(one).answer()).isEqualTo("还晃得很");
    assertThat(asked(one).spoken()).isTrue();
    assertThat(asked(two).answeredAt()).isNull();

    ask(one, "现在呢？", meng);
    assertThat(meng.voice(Samples.amr(3)).hears()).contains("哪一件", "1. ", "现在呢");
    assertThat(meng.says("2").hears()).contains("语音收到了", "会听");
    type("还是松的", "灯座还松不松");
    meng.awaitHeard("我听到的是：“还是松的”");
    assertThat(asked(two).answer()).isEqualTo("还是松的");

    // She does not say which: whoever listens writes it down, and she is asked once more.
    ask(two, "今天还松吗？", meng);
    assertThat(meng.voice(Samples.amr(3)).hears()).contains("哪一件");
    TOWN.clock.pass(Duration.ofMinutes(30));
    Hearings.Waiting waiting =
        TOWN.rooms().reception().hearings().waitingFor(atHeart(), null, 5).getFirst();
    var _ =
        TOWN.rooms()
            .reception()
            .hearings()
            .hear(atHeart(), List.of(new Hearings.Typed(waiting.id(), "不松了")));
    meng.awaitHeard("我听到的是：“不松了”。您是说哪一件");
    TOWN.clock.pass(Duration.ofHours(1));
    assertThat(meng.says("1").hears()).contains("我听到的是：“不松了”", "记下了");
    assertThat(asked(two).answer()).isEqualTo("不松了");
    assertThat(asked(two).spoken()).isTrue();
    assertThat(asked(one).answeredAt()).isNull();
  }

  @Test
  void whoIsAskedNothingTellsSomethingAsAResidentAndDangerIsDanger() {
    Phone meng = bound("resident");
    CaseId id = caseOf("resident", "3栋楼道灯罩裂了");
    ask(id, "灯罩还挂着没有？", meng);
    assertThat(meng.voice(Samples.amr(2), "我家着火了").hears()).contains("119");
    assertThat(asked(id).answeredAt()).isNull();
    TOWN.clock.pass(Duration.ofHours(1));
    assertThat(meng.voice(Samples.amr(2)).hears()).contains("语音收到了");
    int heard = meng.heard().size();
    type("我家也有煤气味", "灯罩还挂着没有？");
    TOWN.until("it is told as danger is", () -> meng.heard().size() > heard);
    assertThat(meng.hears()).contains("119");
    assertThat(asked(id).answeredAt()).isNull();
    TOWN.clock.pass(Duration.ofHours(1));
    meng.says("取消");
    assertThat(meng.voice(Samples.amr(1), "1").hears()).contains("我听到的是：“看过了，好了”", "回“改”");
    assertThat(asked(id).outcome()).isEqualTo(Outcome.GOOD);
    assertThat(asked(id).spoken()).isTrue();

    // Nothing is open.
    assertThat(meng.voice(Samples.amr(3)).hears()).contains("我听不懂语音").doesNotContain("记的是什么");
    assertThat(meng.voice(Samples.amr(3), "3栋电梯停了").hears()).contains("电梯").doesNotContain("记下了，");
    assertThat(asked(id).outcome()).isEqualTo(Outcome.GOOD);
    assertThat(
            TOWN.sqlOne(
                "SELECT count(*) FROM hearing WHERE heard_at IS NULL AND request_id = "
                    + asked(id).id()))
        .isEqualTo("0");
  }

  @Test
  void thePageSaysThatTheyMaySpeakWhereTheyHaveAChat() {
    CaseId id = caseOf("page", "3栋门禁坏了");
    var _ =
        REQUESTS.ask(
            staff(Counter.ZHANG), id, staff(MENG).id(), new Question("门禁响不响？", false, Within.DAY));
    try (Reader meng = Reader.of(TOWN)) {
      assertThat(meng.opens("/h5/requests/" + asked(id).code()).text())
          .contains("门禁响不响")
          .doesNotContain("按住说话");
      Phone phone = bound("page");
      TOWN.clock.pass(Duration.ofMinutes(3));
      phone.awaitHeard("门禁响不响");
      assertThat(meng.opens("/h5/requests/" + asked(id).code()).text()).contains("按住说话");
    }
  }

  // What they have.

  private void type(String text, String question) {
    Document list = zhang.opens("/console/voices");
    assertThat(list.select(".tile").text()).contains(question);
    list.expectFirst(".tile textarea").val(text);
    var _ = zhang.sends(list, ".tile form");
  }

  /// Who listens to residents of whom nobody knows where they live.
  private static Staff atHeart() {
    return COUNTER.staff(Counter.LI);
  }

  private static Phone bound(String name) {
    Phone phone = TOWN.follower("head-" + name).scan("bld:" + COUNTER.place("88001001B3").code());
    String drawn = TOWN.rooms().community().staffAddresses().draw(staff(MENG).id());
    assertThat(phone.says("工作号 " + drawn).hears()).contains("工作微信");
    return phone;
  }

  private static CaseId caseOf(String name, String what) {
    Phone phone =
        TOWN.follower("resident-" + name)
            .scan("bld:" + COUNTER.place("88001001B3").code())
            .says(what)
            .says("对");
    return new CaseId(
        Long.parseLong(
            TOWN.sqlOne(
                """
                SELECT c.id FROM "case" c JOIN address a ON a.id = c.address_id
                 WHERE a.external_id = '%s' ORDER BY c.id DESC
                """
                    .formatted(phone.openid()))));
  }

  private static void ask(CaseId id, String question, Phone of) {
    var _ =
        REQUESTS.ask(
            staff(Counter.ZHANG), id, staff(MENG).id(), new Question(question, false, Within.DAY));
    of.awaitHeard(question);
  }

  private static Request asked(CaseId id) {
    return REQUESTS.of(staff(Counter.LI), id).getFirst();
  }

  private static List<String> notes(CaseId id) {
    return COUNTER.cases.notes(staff(Counter.LI), id).stream().map(Note::text).toList();
  }

  private static List<String> history(CaseId id) {
    return COUNTER.cases.history(staff(Counter.LI), id).stream().map(Line::sentence).toList();
  }

  private static String codeOf(CaseId id) {
    return TOWN.sqlOne("SELECT code FROM \"case\" WHERE id = " + id.value());
  }

  private static Staff staff(String code) {
    return COUNTER.staff(code);
  }
}
