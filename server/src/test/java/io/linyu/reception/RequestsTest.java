package io.linyu.reception;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linyu.Counter;
import io.linyu.Neighbourhood;
import io.linyu.casework.Case;
import io.linyu.casework.CaseEvent;
import io.linyu.casework.CaseId;
import io.linyu.casework.CaseState;
import io.linyu.casework.Line;
import io.linyu.casework.NewCase;
import io.linyu.casework.Note;
import io.linyu.casework.Request;
import io.linyu.casework.Request.Outcome;
import io.linyu.casework.Requests;
import io.linyu.casework.Requests.Question;
import io.linyu.casework.Requests.Within;
import io.linyu.community.Address;
import io.linyu.community.Staff;
import io.linyu.platform.Refusal;
import io.linyu.simulator.wechat.Phone;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Heads of buildings and groups are asked to look, in their own chat, and hold nothing by it.
class RequestsTest {
  private static final String MENG = "H1";
  private static final String GU = "H2";

  @AutoClose private static final Neighbourhood TOWN = Neighbourhood.open();
  @AutoClose private static final Counter COUNTER = TOWN.counter();
  private static final Requests REQUESTS = TOWN.rooms().casework().requests();

  @BeforeAll
  static void theyLiveThere() {
    var _ = COUNTER.hireHead(MENG, "孟婆婆", "building_head", "88001001B3");
    var _ = COUNTER.hireHead(GU, "顾大爷", "group_head", "88001001G1");
    TOWN.until(
        "the server knows them", () -> TOWN.rooms().community().staff().byCode(GU).isPresent());
  }

  @BeforeEach
  void nobodyIsAskedYet() {
    var _ = TOWN.sql("DELETE FROM staff_address");
    var _ =
        TOWN.sql("UPDATE request SET ended_at = now(), next_due_at = NULL WHERE ended_at IS NULL");
  }

  @BeforeAll
  static void rulesRest() {
    TOWN.withoutRules();
  }

  @Test
  void aHeadIsAskedInTheirChatAndWritesBackWithAPicture() {
    Phone meng = bound("meng", MENG);
    Phone zhang = bound("zhang", Counter.ZHANG);
    CaseId id = caseOf(resident("lift", "3栋楼道灯坏了，找王阿姨"));
    var _ = COUNTER.handling.claim(staff(Counter.ZHANG), id, matter(id).version());
    Case before = matter(id);
    List<String> clocks = clocks(id);

    var _ = ask(id, MENG, "楼道灯现在亮不亮？", true);
    String said = meng.awaitHeard("楼道灯现在亮不亮").text();
    assertThat(said)
        .contains("清月园社区", "张伟", "3栋", "去不了回3", "/h5/requests/")
        .doesNotContain("王阿姨", "坏了");
    assertThat(asked(id).code().length() * Math.log(32) / Math.log(2)).isGreaterThan(60);

    // A word of the bot's is none.
    assertThat(meng.says("菜单").hears()).doesNotContain("记下了");
    assertThat(meng.says("亮了，三楼那盏还闪").hears()).contains("记下了", "清月园社区居委会", "再拍张照片", "回“不是”");
    assertThat(meng.image(picture()).hears()).contains("记下了").doesNotContain("再拍张照片");
    zhang.awaitHeard("请人看的有回话了：" + number(id));

    Request now = asked(id);
    assertThat(now.outcome()).isEqualTo(Outcome.TOLD);
    List<Note> notes = COUNTER.cases.notes(staff(Counter.LI), id);
    assertThat(notes).extracting(Note::text).contains("楼道灯现在亮不亮？", "亮了，三楼那盏还闪");
    assertThat(notes.getLast().pictures()).hasSize(1);
    assertThat(history(id)).contains("张伟 请 孟婆婆 帮忙看看", "孟婆婆 回了话：有回话");

    // They hold nothing, and no clock has changed.
    Case after = matter(id);
    assertThat(after.staffId()).isEqualTo(before.staffId());
    assertThat(after.deskId()).isEqualTo(before.deskId());
    assertThat(after.state()).isEqualTo(before.state());
    assertThat(clocks(id)).isEqualTo(clocks);
    assertThatThrownBy(() -> COUNTER.cases.visibleTo(staff(MENG), id)).isInstanceOf(Refusal.class);

    // It is answered: what they say from now on is what a resident says.
    assertThat(meng.says("3栋门口的垃圾没人收").hears()).contains("我记的是").doesNotContain("记下了，");
  }

  @Test
  void whatWasMeantForSomebodyElseIsNotKept() {
    Phone meng = bound("not-this", MENG);
    CaseId id = caseOf(resident("not-this", "3栋楼道灯罩裂了"));
    var _ = ask(id, MENG, "灯罩还挂着没有？", false);
    meng.awaitHeard("灯罩还挂着没有");
    assertThat(meng.says("我家水表转得太快了").hears()).contains("回“不是”");
    assertThat(meng.says("不是").hears()).contains("没有留", "再说一遍");
    assertThat(asked(id).answeredAt()).isNull();
    assertThat(COUNTER.cases.notes(staff(Counter.LI), id))
        .extracting(Note::text)
        .doesNotContain("我家水表转得太快了");
    assertThat(history(id)).contains("孟婆婆 说那句回话不算，没有留");
    assertThat(meng.says("我家水表转得太快了").hears()).doesNotContain("记下了，");
    assertThat(asked(id).answeredAt()).isNull();
    meng.says("取消");
    assertThat(meng.says("1").hears()).contains("记下了");
    assertThat(asked(id).outcome()).isEqualTo(Outcome.GOOD);
  }

  @Test
  void ofSeveralItIsAskedWhichAndNobodyAsksWhyTheyCannotGo() {
    Phone meng = bound("several", MENG);
    CaseId one = caseOf(resident("several-1", "3栋楼道扶手松了"));
    CaseId two = caseOf(resident("several-2", "3栋单元门关不上"));
    var _ = ask(one, MENG, "扶手还晃不晃？", false);
    meng.awaitHeard("扶手还晃不晃");
    var _ = ask(two, MENG, "门能关上没有？", false);
    meng.awaitHeard("门能关上没有");
    assertThat(meng.says("3").hears()).contains("哪一件", "1. ", "门能关上没有", "2. ", "扶手还晃不晃");
    assertThat(meng.says("2").hears()).contains("没关系").doesNotContain("为什么");
    assertThat(asked(one).outcome()).isEqualTo(Outcome.CANNOT);
    assertThat(asked(two).answeredAt()).isNull();
    assertThat(meng.says("2").hears()).contains("记下了");
    assertThat(asked(two).outcome()).isEqualTo(Outcome.BAD);
    // Nothing is open: a bare number is nobody's answer.
    assertThat(meng.says("2").hears()).doesNotContain("记下了", "哪一件");
    assertThat(asked(one).outcome()).isEqualTo(Outcome.CANNOT);
  }

  @Test
  void whereThereIsNoAnswerTheDeskHearsSoAndWhatIsOverTakesNone() {
    Phone meng = bound("silent", MENG);
    Phone gu = bound("silent-group", GU);
    Phone zhang = bound("silent-desk", Counter.ZHANG);
    CaseId id = caseOf(resident("silent", "3栋楼道灯座松了"));
    var _ = COUNTER.handling.claim(staff(Counter.ZHANG), id, matter(id).version());
    var _ = ask(id, MENG, "灯座掉下来没有？", false);
    meng.awaitHeard("灯座掉下来没有");
    TOWN.clock.pass(Duration.ofHours(25));
    zhang.awaitHeard("请人看的还没回音：" + number(id));
    assertThat(history(id)).contains("请人看的事还没有回音");
    assertThat(gu.heard())
        .as("never who is above the head")
        .noneMatch(each -> each.text().contains("回音"));
    // Long after it was told a stray word is none.
    assertThat(meng.says("今天买菜去了").hears()).doesNotContain("记下了，");
    // It may still come, on the page.
    assertThat(asked(id).isOpen()).isTrue();

    var _ = ask(id, MENG, "现在呢？", false);
    meng.awaitHeard("现在呢");
    var _ = REQUESTS.release(staff(Counter.ZHANG), id, matter(id).version(), asked(id).id());
    meng.awaitHeard("不用去看了");
    assertThat(meng.says("没掉下来").hears()).doesNotContain("记下了，");
    assertThat(asked(id).answeredAt()).isNull();
  }

  @Test
  void dangerIsDangerAlsoFromWhoeverIsAsked() {
    Phone meng = bound("danger", MENG);
    CaseId id = caseOf(resident("danger", "3栋楼道灯线露出来了"));
    var _ = ask(id, MENG, "线还露着没有？", false);
    meng.awaitHeard("线还露着没有");
    assertThat(meng.says("我家着火了").hears()).contains("119");
    assertThat(asked(id).answeredAt()).isNull();

    // Whoever was to look need not go when it is over.
    Case taken = COUNTER.handling.claim(staff(Counter.ZHANG), id, matter(id).version());
    var _ = COUNTER.finish(staff(Counter.ZHANG), id, taken.version(), "线包好了");
    meng.awaitHeard("不用去看了");
  }

  @Test
  void beforeItIsAcceptedSomebodyLooksAndTheDeskHasItAllTheWhile() {
    Phone meng = bound("look", MENG);
    CaseId id = reported("楼道里堆了旧沙发");
    Staff zhang = staff(Counter.ZHANG);
    List<String> clocks = clocks(id);
    var _ =
        REQUESTS.look(
            zhang,
            id,
            matter(id).version(),
            staff(MENG).id(),
            new Question("楼道里有没有旧沙发？", true, Within.DAY));
    assertThat(matter(id).state()).isEqualTo(CaseState.VERIFYING);
    assertThat(matter(id).deskId()).isEqualTo(zhang.desks().iterator().next());
    assertThat(matter(id).staffId()).isNull();
    assertThat(clocks(id)).containsAll(clocks).anyMatch(each -> each.startsWith("look"));
    meng.awaitHeard("楼道里有没有旧沙发");
    assertThat(meng.says("2").hears()).contains("记下了");
    assertThat(matter(id).state()).isEqualTo(CaseState.REPORTED);
    assertThat(clocks(id)).isEqualTo(clocks);
    assertThat(asked(id).outcome()).as("a result, not a rejection").isEqualTo(Outcome.BAD);
    assertThat(COUNTER.cases.byCode(matter(id).code(), "zh").orElseThrow().steps())
        .extracting(Line::sentence)
        .as("who does it unpaid appears by what they are")
        .contains("社区请楼栋长去现场看看，看了再受理", "楼栋长去现场看过了")
        .noneMatch(each -> each.contains(staff(MENG).name()));

    // Nobody answers: it waits to be accepted again.
    var _ =
        REQUESTS.look(
            zhang,
            id,
            matter(id).version(),
            staff(MENG).id(),
            new Question("再看一眼行不行？", false, Within.DAY));
    meng.awaitHeard("再看一眼行不行");
    TOWN.clock.pass(Duration.ofDays(4));
    TOWN.until("nobody looked", () -> matter(id).state() == CaseState.REPORTED);
    assertThat(history(id)).contains("现场没有人看成，回到待受理");
    assertThat(clocks(id)).isEqualTo(clocks);
    assertThat(COUNTER.events.broken(CaseEvent.VOCABULARY)).isEmpty();
  }

  @Test
  void whatIsToldOfNeighboursIsShownToNoHead() {
    Phone wang =
        TOWN.follower("resident-neighbour").scan("bld:" + COUNTER.place("88001001B3").code());
    assertThat(wang.says("楼上邻居天天半夜吵架").hears()).contains("不给楼长看", "还是可能猜到是您");
    wang.says("对");
    CaseId id = caseOf(wang);
    assertThat(matter(id).confidential()).isTrue();
    assertThatThrownBy(() -> ask(id, MENG, "楼上吵不吵？", false))
        .isInstanceOfSatisfying(
            Refusal.class, each -> assertThat(each.code()).isEqualTo("request-confidential"));
    assertThatThrownBy(() -> COUNTER.cases.visibleTo(staff(MENG), id)).isInstanceOf(Refusal.class);

    // What turns out to be that is shown to nobody from then on.
    Phone meng = bound("neighbour", MENG);
    CaseId other = caseOf(resident("neighbour-2", "3栋楼道灯被人拆了"));
    var _ = COUNTER.handling.claim(staff(Counter.ZHANG), other, matter(other).version());
    var _ = ask(other, MENG, "灯还在不在？", false);
    meng.awaitHeard("灯还在不在");
    var _ =
        TOWN.rooms()
            .casework()
            .corrections()
            .setCategory(staff(Counter.ZHANG), other, matter(other).version(), "0703");
    assertThat(meng.says("在的").hears()).doesNotContain("记下了，");
    assertThat(asked(other).answeredAt()).isNull();
  }

  /// A figure or a list by head would have to ask by this column, or by this part of an event.
  @Test
  void nobodyCountsByHead() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src/main"))) {
      List<Path> sources =
          files.filter(each -> each.toString().matches(".*[.](java|jte|sql)")).toList();
      assertThat(sources.stream().filter(each -> text(each).contains("head_id")))
          .extracting(each -> each.getFileName().toString())
          .containsExactlyInAnyOrder("RequestStore.java", "V0049__heads_are_asked.sql");
      assertThat(sources)
          .filteredOn(each -> each.getFileName().toString().equals("RequestStore.java"))
          .allSatisfy(each -> assertThat(text(each)).doesNotContain("GROUP BY", "PARTITION BY"));
      assertThat(sources)
          .filteredOn(each -> each.toString().matches(".*/(insight|board|console)/.*"))
          .hasSizeGreaterThan(20)
          .allSatisfy(each -> assertThat(text(each)).doesNotContain("headId", "RequestStore"));
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  // What they have.

  private static Phone bound(String name, String code) {
    Phone phone = TOWN.follower("head-" + name);
    String drawn = TOWN.rooms().community().staffAddresses().draw(staff(code).id());
    assertThat(phone.says("工作号 " + drawn).hears()).contains("工作微信");
    return phone;
  }

  private static Phone resident(String name, String what) {
    return TOWN.follower("resident-" + name)
        .scan("bld:" + COUNTER.place("88001001B3").code())
        .says(what)
        .says("对");
  }

  /// Of a kind that can be seen, and not accepted yet.
  private static CaseId reported(String what) {
    Address by = COUNTER.resident("周姐");
    return COUNTER
        .db()
        .inTransaction(tx ->
            COUNTER
                .casework
                .intake()
                .open(
                    tx,
                    NewCase.of(what, COUNTER.place("88001001B3").id(), "wechat")
                        .by(by.personId(), by.id())
                        .place("3栋")
                        .category("0102")
                        .ready(),
                    Future.succeededFuture(TOWN.clock.instant())))
        .id();
  }

  private static Case ask(CaseId id, String head, String question, boolean photo) {
    return REQUESTS.ask(
        staff(Counter.ZHANG), id, staff(head).id(), new Question(question, photo, Within.DAY));
  }

  private static Request asked(CaseId id) {
    return REQUESTS.of(staff(Counter.LI), id).getFirst();
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

  private static List<String> clocks(CaseId id) {
    return TOWN.sql(
        "SELECT kind || ' ' || started_at || ' ' || due_at FROM clock WHERE stopped_at IS NULL AND case_id = %d ORDER BY kind"
            .formatted(id.value()));
  }

  private static List<String> history(CaseId id) {
    return COUNTER.cases.history(staff(Counter.LI), id).stream().map(Line::sentence).toList();
  }

  private static Buffer picture() {
    try (InputStream in = RequestsTest.class.getResourceAsStream("/demo/photos/puddle.jpg")) {
      return Buffer.buffer(Objects.requireNonNull(in).readAllBytes());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
