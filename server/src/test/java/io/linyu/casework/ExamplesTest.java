package io.linyu.casework;

import static io.linyu.casework.Bureau.assertRefused;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linyu.TestClock;
import io.linyu.casework.Example.State;
import io.linyu.casework.Example.Text;
import io.linyu.casework.Examples.Answer;
import io.linyu.casework.Examples.Published;
import io.linyu.community.Staff;
import io.linyu.platform.Refusal;
import io.linyu.platform.events.Told;
import io.linyu.platform.text.Words;
import io.linyu.platform.time.QuietHours;
import java.time.Duration;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What may be published, whom it would lead to, and how long somebody is asked.
class ExamplesTest {
  private static final String LAMP = "0406";

  @AutoClose private static final Bureau BUREAU = new Bureau();
  private static final Examples EXAMPLES = BUREAU.casework.examples();
  private static final Staff REN = BUREAU.staff("任远航", "community_deputy", "C1");
  private static final Staff HE = BUREAU.staff("何晓", "info_officer", "C1");
  private static final Staff QIU = BUREAU.staff("邱平", "community_deputy", "C2");
  private static final Staff WEI = BUREAU.staff("韦东", "street_dispatcher", "S1");
  private static final Staff GAO = BUREAU.staff("高岚", "community_secretary", "C1");
  private static final Errands.Pace PACE =
      new Errands.Pace(
          Duration.ofMinutes(15),
          Duration.ofMinutes(10),
          new QuietHours(LocalTime.of(21, 0), LocalTime.of(8, 0)),
          TestClock.ZONE);

  @BeforeEach
  void itIsThursday() {
    BUREAU.clock.set("2026-03-12T10:00");
    BUREAU.db.execute("TRUNCATE \"case\" CASCADE");
  }

  @ParameterizedTest
  @CsvSource({
    "居民电话 １３８ ００００ ００６９,number",
    "身份证 11010519491231002X,number",
    "打一三八零零零零零零六九,number",
    "微信号 wx_lamp2020,account",
    "3栋2单元501的灯,door",
    "501室漏水,door",
    "停着川A·12345,plate",
    "新能源车 京AD12345,plate",
    "秦阿姨说灯不亮,teller",
    "何晓换的灯,staff",
  })
  void whatLeadsToSomebodyIsRefused(String told, String what) {
    Case lamp = closed(person("秦阿姨"));
    assertThatThrownBy(() -> propose(REN, lamp, new Text("灯亮了", told, "换了")))
        .isInstanceOfSatisfying(
            Refusal.class,
            no -> {
              assertThat(no.code()).isEqualTo("example-identifies");
              assertThat(no.arguments().getFirst().toString())
                  .startsWith("反映了什么里有" + Words.in("zh").of("example.found." + what));
            });
    assertThat(EXAMPLES.of(REN, lamp).last()).isNull();
  }

  @Test
  void whatLeadsToNobodyIsNot() {
    Case lamp = closed(person("秦阿姨"));
    propose(REN, lamp, new Text("3栋楼道灯亮了", "有居民说 2026 年春天灯不亮，等了 3 天。", "换了 12 盏灯，花了 1800 元。"));
    assertThat(last(lamp).state()).isEqualTo(State.ASKED);
  }

  @Test
  void onlyWhatIsClosedAndOpenToAllAndOnlyByTheCommunity() {
    var opened = BUREAU.open(Bureau.toldBy(person("秦阿姨"), BUREAU.told("楼道灯坏了", LAMP)));
    Case open = BUREAU.cases.visibleTo(REN, opened.id());
    assertRefused("example-open", () -> propose(REN, open, text("灯")));
    Case lamp = closed(person("秦阿姨"));
    assertRefused("not-found", () -> propose(QIU, lamp, text("灯")));
    assertRefused("example-by-community", () -> propose(WEI, lamp, text("灯")));
    assertThat(EXAMPLES.of(WEI, lamp).offered()).isFalse();
    assertThat(EXAMPLES.of(REN, lamp).offered()).isTrue();
    assertRefused("answer-unfilled", () -> propose(REN, lamp, new Text("灯", "{称呼}说", "换了")));
    assertRefused("example-missing", () -> propose(REN, lamp, new Text("灯", " ", "换了")));
    assertRefused("text-too-long", () -> propose(REN, lamp, new Text("灯".repeat(41), "坏了", "换了")));
    for (String not :
        List.of(
            "confidential = true",
            "suspected = '任远航'",
            "let_go_at = now()",
            "category_code = (SELECT code FROM category WHERE about_neighbours ORDER BY code LIMIT 1)",
            "category_code = (SELECT code FROM category WHERE NOT open311_public AND NOT about_neighbours AND sla_value IS NOT NULL ORDER BY code LIMIT 1)")) {
      Case kept = closed(person("秦阿姨"));
      BUREAU.db.execute("UPDATE \"case\" SET " + not + " WHERE id = " + kept.id().value());
      Case now = BUREAU.cases.named(BUREAU.db, kept.id()).orElseThrow();
      assertThatThrownBy(() -> propose(REN, now, text("灯")))
          .as(not)
          .isInstanceOfSatisfying(
              Refusal.class, no -> assertThat(no.code()).isIn("example-kind", "not-found"));
    }
    Case nobody = closed(null);
    assertRefused("example-nobody", () -> propose(REN, nobody, text("灯")));
  }

  @Test
  void theyAreAskedByDayOnceAndSilenceEndsIt() {
    Case lamp = closed(person("秦阿姨"));
    BUREAU.clock.set("2026-03-12T22:30");
    propose(REN, lamp, text("灯亮了"));
    goOn();
    assertThat(asked(lamp)).as("not at night").isZero();
    BUREAU.clock.set("2026-03-13T08:01");
    goOn();
    goOn();
    assertThat(asked(lamp)).isEqualTo(1);
    BUREAU.clock.set("2026-03-28T08:00");
    goOn();
    assertThat(last(lamp).state()).isEqualTo(State.ASKED);
    BUREAU.clock.set("2026-03-28T08:02");
    assertRefused("example-over", () -> says(lamp, Answer.YES));
    goOn();
    assertThat(last(lamp).state()).isEqualTo(State.SILENT);
    assertThat(history(lamp)).endsWith("当事人 15 天没有回话，不公开");
    assertRefused("example-refused", () -> propose(REN, lamp, text("灯亮了，真的")));
    assertThat(board()).isEmpty();
    assertThat(asked(lamp)).isEqualTo(1);
  }

  @Test
  void aNoIsTheEndAndNobodyIsAskedMoreThanThreeTimes() {
    Case lamp = closed(person("秦阿姨"));
    propose(REN, lamp, text("灯亮了"));
    says(lamp, Answer.NO);
    assertThat(last(lamp).state()).isEqualTo(State.DECLINED);
    assertRefused("example-refused", () -> propose(REN, lamp, text("楼道灯亮了")));
    assertRefused("example-over", () -> says(lamp, Answer.YES));

    Case door = closed(person("秦阿姨"));
    propose(REN, door, text("一"));
    assertRefused("example-same", () -> propose(REN, door, text("一")));
    propose(REN, door, text("二"));
    propose(REN, door, text("三"));
    assertRefused("example-asked-enough", () -> propose(REN, door, text("四")));
    says(door, Answer.YES);
    assertThat(board()).containsExactly("三");
    // Another who holds the same page says no.
    says(door, Answer.NO);
    assertThat(board()).isEmpty();
  }

  @Test
  void whatNobodyHasToldIsPublicAtOnce() {
    Case found = closed(null);
    BUREAU.db.execute("UPDATE \"case\" SET channel = 'proactive' WHERE id = " + found.id().value());
    Case root = BUREAU.cases.visibleTo(REN, found.id());
    propose(REN, root, text("路边清干净了"));
    assertThat(board()).containsExactly("路边清干净了");
    assertThat(history(root)).endsWith("任远航 把这件事公开成案例；没有人反映过，不用谁同意");
    goOn();
    assertThat(asked(root)).isZero();
    assertRefused(
        "not-found", () -> EXAMPLES.withdraw(QIU, "", root.id(), last(root).code(), "不是我们社区的"));
    // What is filed away is published no more, and can still be taken down.
    BUREAU.db.execute("UPDATE \"case\" SET state = 'ARCHIVED' WHERE id = " + found.id().value());
    assertThat(board()).containsExactly("路边清干净了");
    assertRefused("case-archived", () -> propose(REN, root, text("路边干净了")));
    assertThat(EXAMPLES.of(REN, BUREAU.cases.visibleTo(REN, root.id())).offered()).isFalse();
    var _ = EXAMPLES.withdraw(HE, "", root.id(), last(root).code(), "写错了");
    assertThat(board()).isEmpty();
  }

  @Test
  void theBoardIsReadAPageAtATimeTheNewestFirst() {
    for (int i = 1; i <= 5; i++) {
      BUREAU.clock.pass(Duration.ofMinutes(1));
      Case each = closed(person("秦阿姨"));
      propose(REN, each, text("第" + i + "件"));
      says(each, Answer.YES);
    }
    List<Published> first = EXAMPLES.published(null, null, 2);
    assertThat(titles(first)).containsExactly("第5件", "第4件");
    List<Published> next = EXAMPLES.published(null, first.getLast().code(), 2);
    assertThat(titles(next)).containsExactly("第3件", "第2件");
    // Where the page ended something was taken down meanwhile.
    BUREAU.db.execute(
        "UPDATE case_example SET state = 'withdrawn', ended_at = now() WHERE title = '第2件'");
    assertThat(titles(EXAMPLES.published(null, next.getLast().code(), 2))).containsExactly("第1件");
    assertThat(EXAMPLES.published(BUREAU.place("C2"), null, 9)).isEmpty();
    assertThat(titles(EXAMPLES.published(BUREAU.place("C1"), null, 9))).hasSize(4);
    assertThat(EXAMPLES.communities()).containsExactly(BUREAU.place("C1"));
    assertThat(first.getFirst().days()).isZero();

    BUREAU.clock.set("2026-04-30T16:00");
    var opened = BUREAU.open(Bureau.toldBy(person("秦阿姨"), BUREAU.told("楼道灯坏了", LAMP)));
    Case held =
        BUREAU.handling.claim(REN, opened.id(), BUREAU.cases.visibleTo(REN, opened.id()).version());
    BUREAU.clock.set("2026-05-07T10:00"); // 1 to 5 May are holidays
    Case late = BUREAU.finish(REN, held.id(), held.version(), "换了");
    propose(REN, late, text("过节"));
    says(late, Answer.YES);
    Published holiday = EXAMPLES.published(last(late).code()).orElseThrow();
    assertThat(holiday.days()).isEqualTo(2);
    assertThat(holiday.month()).hasToString("2026-05");
  }

  @Test
  void ofTwoAtOnceOneWinsAndTheOtherHearsSo() throws Exception {
    Case lamp = closed(person("秦阿姨"));
    List<Callable<String>> both =
        List.of(() -> tries(REN, lamp, "任写的"), () -> tries(HE, lamp, "何写的"));
    try (var threads = Executors.newFixedThreadPool(2)) {
      var told = new ArrayList<String>();
      for (var each : threads.invokeAll(both)) {
        try {
          told.add(each.get());
        } catch (ExecutionException failed) {
          throw new AssertionError(failed);
        }
      }
      assertThat(told).containsExactlyInAnyOrder("done", "case-changed");
    }
    assertThat(
            BUREAU
                .db
                .one(
                    "SELECT count(*)::int AS n FROM case_example WHERE case_id = "
                        + lamp.id().value())
                .getInteger("n"))
        .isEqualTo(1);
    // Opened again between the look and the step.
    Case door = closed(person("秦阿姨"));
    var _ = BUREAU.casework.checking().reopen(GAO, door.id(), door.version(), "又坏了");
    assertRefused("case-changed", () -> propose(REN, door, text("门好了")));
  }

  private static String tries(Staff who, Case matter, String title) {
    try {
      propose(who, matter, text(title));
      return "done";
    } catch (Refusal no) {
      return no.code();
    }
  }

  private static void goOn() {
    while (EXAMPLES.goOnDue(PACE)) {
      // there may be more
    }
  }

  private static long person(String called) {
    long person = BUREAU.person();
    BUREAU.db.withinTransaction(tx -> BUREAU.community.people().call(tx, person, called));
    return person;
  }

  private static Case closed(@Nullable Long person) {
    NewCase told = BUREAU.told("楼道灯坏了", LAMP);
    var opened = BUREAU.open(person == null ? told : Bureau.toldBy(person, told));
    Case seen = BUREAU.cases.visibleTo(REN, opened.id());
    Case held = BUREAU.handling.claim(REN, seen.id(), seen.version());
    return BUREAU.finish(REN, held.id(), held.version(), "换了灯");
  }

  private static Text text(String title) {
    return new Text(title, "灯不亮", "换了灯");
  }

  private static void propose(Staff who, Case matter, Text text) {
    // What was proposed before has changed the case.
    Case now = BUREAU.cases.named(BUREAU.db, matter.id()).orElseThrow();
    boolean before = EXAMPLES.of(who, now).last() != null;
    int seen = before ? now.version() : matter.version();
    var _ = EXAMPLES.propose(who, "127.0.0.1", matter.id(), seen, text);
  }

  private static void says(Case matter, Answer answer) {
    EXAMPLES.answer(BUREAU.cases.link(matter.code()).orElseThrow(), last(matter).code(), answer);
  }

  private static Example last(Case matter) {
    return requireNonNull(EXAMPLES.of(REN, matter).last());
  }

  private static List<String> history(Case matter) {
    return BUREAU.cases.history(REN, matter.id()).stream().map(Line::sentence).toList();
  }

  private static long asked(Case matter) {
    return BUREAU.told(matter).stream()
        .map(Told::event)
        .filter(CaseEvent.ExampleAsked.class::isInstance)
        .count();
  }

  private static List<String> board() {
    return titles(EXAMPLES.published(null, null, 50));
  }

  private static List<String> titles(List<Published> some) {
    return some.stream().map(each -> each.text().title()).toList();
  }
}
