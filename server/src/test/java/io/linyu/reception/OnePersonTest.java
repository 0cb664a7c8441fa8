package io.linyu.reception;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linyu.Counter;
import io.linyu.Neighbourhood;
import io.linyu.casework.Case;
import io.linyu.casework.CaseId;
import io.linyu.casework.KnownMatter;
import io.linyu.community.Staff;
import io.linyu.platform.Refusal;
import io.linyu.platform.text.Words;
import io.linyu.simulator.wechat.Line;
import io.linyu.simulator.wechat.Phone;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// One resident with two addresses: two public accounts of one installation.
class OnePersonTest {
  @AutoClose private static final Neighbourhood TOWN = Neighbourhood.withTwoAccounts();
  @AutoClose private static final Counter COUNTER = TOWN.counter();
  private static final Pattern CODE = Pattern.compile("\\d{4} \\d{4}");

  @BeforeAll
  static void rulesRest() {
    TOWN.withoutRules();
  }

  @Test
  void aCodeFromTheOneAndAYesAtTheOtherMakeThemOne() {
    Phone main = resident("bind");
    Phone other = TOWN.secondFollower("bind");
    other.says("下水道堵了，水冒出来了").says("跳过").says("对");
    String number = told(other);
    main.says("3栋楼道灯坏了").says("对");

    String code = code(main);
    assertThat(other.says("绑定 " + code).hears()).contains("3栋（微信·主号）", "回1");
    assertThat(person(other)).isNotEqualTo(person(main));
    assertThat(other.says("1").hears()).contains("绑在一起了");
    assertThat(person(other)).isEqualTo(person(main));
    main.awaitHeard("您的另一个号（微信·second）刚和这里绑在了一起");

    assertThat(main.says("查询").hears()).contains("您有2件", number);
    assertThat(other.says("查询 " + number).hears()).contains("下水道堵了");
    assertThat(other.says("绑定 " + code).hears()).contains("绑定码不对");

    assertThat(other.says("解除绑定").hears()).contains("和微信·主号绑在一起");
    assertThat(other.says("1").hears()).contains("分开了");
    assertThat(person(other)).isNotEqualTo(person(main));
    assertThat(main.says("查询").hears()).contains("您有1件").doesNotContain(number);
  }

  @Test
  void aCodeIsGoodForTenMinutesAndSaysNothingToWhoeverGuesses() {
    Phone main = resident("late");
    Phone other = TOWN.secondFollower("late");
    String code = code(main);
    TOWN.clock.pass(Duration.ofMinutes(11));
    assertThat(other.says("绑定" + code).hears()).contains("绑定码不对").doesNotContain("3栋");

    String second = code(main);
    String third = code(main);
    assertThat(other.says("绑定" + second).hears()).as("replaced").contains("绑定码不对");
    for (int wrong = 0; wrong < 3; wrong++) {
      assertThat(other.says("绑定0000000" + wrong).hears()).contains("绑定码不对");
    }
    assertThat(other.says("绑定" + third).hears()).contains("过一小时再试").doesNotContain("3栋");
    TOWN.clock.pass(Duration.ofMinutes(61));
    assertThat(other.says("绑定" + code(main)).hears()).contains("回1");
    TOWN.clock.pass(Duration.ofMinutes(11));
    assertThat(other.says("1").hears()).contains("过了时间，没有绑");
    assertThat(person(other)).isNotEqualTo(person(main));
  }

  @Test
  void whoScansTheCodeSaysNothingAndBindsAsIfTheyHadTypedIt() throws Exception {
    Phone main = resident("scan");
    String page =
        TOWN.sqlOne("SELECT code FROM address WHERE external_id = '" + main.openid() + "'");
    String shown;
    try (var http = HttpClient.newHttpClient()) {
      shown =
          http.send(
                  HttpRequest.newBuilder(URI.create(TOWN.url("/h5/inbox/" + page + "/addresses")))
                      .header("Content-Type", "application/x-www-form-urlencoded")
                      .POST(HttpRequest.BodyPublishers.ofString("do=code"))
                      .build(),
                  HttpResponse.BodyHandlers.ofString())
              .body();
    }
    assertThat(shown).contains("class=\"h5-qr\"");
    Matcher code = CODE.matcher(shown);
    assertThat(code.find()).isTrue();
    Phone other = TOWN.secondFollower("scan");
    assertThat(other.scan("bind-" + code.group().replace(" ", "")).hears()).contains("回1");
    assertThat(other.says("1").hears()).contains("绑在一起了");
    assertThat(person(other)).isEqualTo(person(main));
  }

  /// Answered at the other account, where staff talk about it when the two are parted.
  @Test
  void whoIsPartedAddsNothingToWhatIsTheOthersNow() {
    for (boolean fromHere : new boolean[] {true, false}) {
      String name = "parted-" + fromHere;
      Phone main = resident(name);
      Phone other = TOWN.secondFollower(name);
      other.says("你好");
      other.says("绑定 " + code(main)).says("1");
      main.says("3栋楼道灯坏了").says("对");
      other.says("你好");
      String id = TOWN.sqlOne("SELECT id FROM \"case\" WHERE person_id = " + person(main));
      Staff zhang = COUNTER.staff(Counter.ZHANG);
      Case matter =
          COUNTER.handling.claim(
              zhang,
              new CaseId(Long.parseLong(id)),
              COUNTER.cases.visibleTo(zhang, new CaseId(Long.parseLong(id))).version());
      var _ = COUNTER.handling.answer(zhang, matter.id(), matter.version(), "师傅在路上，" + name);
      other.awaitHeard("师傅在路上，" + name);

      assertThat((fromHere ? other : main).says("解除绑定").says("1").hears()).contains("分开了");
      assertThat(other.says("好的").hears()).as("the bot has it").isNotEmpty();
      other.says("这是我自己的秘密");
      assertThat(
              TOWN.sql(
                  """
                  SELECT 1 FROM "case" c JOIN message m ON m.id = ANY(c.message_ids)
                   WHERE c.id = %s AND m.content ->> 'text' LIKE '%%秘密'
                  """
                      .formatted(id)))
          .isEmpty();
      assertThat(
              TOWN.sql("SELECT 1 FROM conversation WHERE held_by = 'person' AND case_id = " + id))
          .isEmpty();
    }
  }

  /// Both ways at once, while both speak: one joining happens, and nothing is told to nobody.
  @Test
  void whoSpeaksWhileTheyAreJoinedIsTheOneTheyHaveBecome() throws Exception {
    for (int round = 0; round < 5; round++) {
      Phone main = resident("race" + round);
      Phone other = TOWN.secondFollower("race" + round);
      other.says("绑定" + code(main));
      other.says("1楼路灯不亮了，黑漆漆的").says("跳过");
      other.says("绑定" + code(main));
      Phone one = main;
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Callable<Phone>> atOnce =
            List.of(() -> other.says("1"), () -> one.says("3栋垃圾桶满了没人清运").says("对"));
        for (var each : threads.invokeAll(atOnce)) {
          var _ = each.get();
        }
      }
      other.says("对");
      String person = person(main);
      assertThat(person(other)).isEqualTo(person);
      assertThat(
              TOWN.sqlOne(
                  """
                  SELECT count(*) FROM "case" c JOIN address a ON a.id = c.address_id
                   WHERE a.person_id = %s AND c.person_id = a.person_id
                  """
                      .formatted(person)))
          .as("round %s", round)
          .isEqualTo("2");
    }
  }

  /// The platform says so only when it is asked to deliver.
  @Test
  void whatCannotBeSaidInOneChatIsSaidInTheOther() {
    Phone main = resident("gone");
    main.says("信箱的锁坏了").says("对");
    Phone other = TOWN.secondFollower("gone");
    other.says("绑定" + code(main)).says("1");
    main.says("以后都发到这里");
    main.remember(List.of(), false, 0, Instant.EPOCH);

    answer(COUNTER.staff(Counter.ZHANG), "信箱的锁", "锁换好了");

    other.awaitHeard("锁换好了");
    assertThat(
            TOWN.sqlOne("SELECT follows FROM address WHERE external_id = '" + main.openid() + "'"))
        .isEqualTo("f");
    // Nobody has told us that they left; after a month without a word that is taken for it.
    var rooms = TOWN.rooms();
    var departures =
        new Departures(
            rooms.db(), rooms.community().people(), rooms.reception().acting(), TOWN.clock);
    for (int days : new int[] {0, 29, 2}) {
      assertThat(idOf(main)).as("has not been forgotten").isNotEmpty();
      TOWN.clock.pass(Duration.ofDays(days));
      assertThat(departures.forgetDue()).isFalse();
    }
    TOWN.clock.pass(Duration.ofHours(2));
    var _ = rooms.community().people().forgetDue();
    assertThat(idOf(main)).isEmpty();
    assertThat(idOf(other)).isNotEmpty();
    assertThat(TOWN.sql("SELECT message_key FROM outbound GROUP BY 1 HAVING count(*) > 1"))
        .isEmpty();
  }

  @Test
  void anAnswerGoesToWhereTheyLastSpokeUnlessTheyChose() {
    Phone main = resident("answer");
    main.says("3栋门禁坏了").says("对");
    Phone other = TOWN.secondFollower("answer");
    other.says("绑定" + code(main)).says("1");
    Staff zhang = COUNTER.staff(Counter.ZHANG);

    answer(zhang, "门禁", "师傅下午来");
    other.awaitHeard("师傅下午来");
    assertThat(heard(main)).noneMatch(each -> each.contains("师傅下午来"));

    // Other, to whom a person talks now, goes on about the same matter.
    other.says("好，我在家等");
    TOWN.until(
        "it belongs to the case",
        () ->
            TOWN.sqlOne(
                    """
                    SELECT count(*) FROM "case" c JOIN message m ON m.id = ANY(c.message_ids)
                     WHERE c.what LIKE '%门禁%' AND m.content ->> 'text' = '好，我在家等'
                    """)
                .equals("1"));

    main.says("以后都发到这里");
    other.says("师傅来过了吗");
    answer(zhang, "门禁", "配件明天到");
    main.awaitHeard("配件明天到");
    assertThat(heard(other)).noneMatch(each -> each.contains("配件明天到"));

    // The one they chose is closed, the other is open.
    TOWN.clock.pass(Duration.ofHours(47));
    other.says("在吗");
    TOWN.clock.pass(Duration.ofHours(2));
    answer(zhang, "门禁", "门禁换好了");
    other.awaitHeard("门禁换好了");
    assertThat(TOWN.sql("SELECT message_key FROM outbound GROUP BY 1 HAVING count(*) > 1"))
        .isEmpty();
  }

  @Test
  void whatWaitsForOneAddressIsShownAtTheOther() {
    Phone main = resident("waits");
    main.says("3栋楼道灯一直在闪").says("对");
    Phone other = TOWN.secondFollower("waits");
    other.says("绑定" + code(main)).says("1");
    main.says("以后都发到这里");
    TOWN.clock.pass(Duration.ofHours(49));
    answer(COUNTER.staff(Counter.ZHANG), "一直在闪", "灯头已经修好");
    TOWN.until(
        "it waits",
        () -> TOWN.sql("SELECT state FROM outbound WHERE text LIKE '%已经修好'").contains("waiting"));
    assertThat(other.says("在吗").hears()).contains("灯头已经修好");
    TOWN.until(
        "it is delivered once, where it was shown",
        () ->
            TOWN.sql(
                    """
                    SELECT o.state || a.account FROM outbound o JOIN address a ON a.id = o.address_id
                     WHERE o.text LIKE '%已经修好'
                    """)
                .equals(List.of("deliveredsecond")));
    assertThat(main.says("在吗").hears()).doesNotContain("灯头");
  }

  @Test
  void theEndOfAKnownMatterGoesToWhereTheySpokeLast() {
    Phone main = resident("known");
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
    main.says("停水了").says("1");
    Phone other = TOWN.secondFollower("known");
    other.says("绑定" + code(main)).says("1");
    other.says("在吗");

    var _ = publishing.end(zhang, "127.0.0.1", cut.code(), cut.version(), "水管接好了");
    other.awaitHeard("水管接好了");
    assertThat(heard(main)).noneMatch(each -> each.contains("水管接好了"));
  }

  /// Whose joining lies below another one cannot be parted: it would take apart who does not exist.
  @Test
  void whatWasJoinedLastIsPartedFirst() {
    List<Phone> three = List.of(resident("stack-1"), resident("stack-2"), resident("stack-3"));
    List<String> themselves = three.stream().map(OnePersonTest::person).toList();
    long first = Long.parseLong(themselves.get(0));
    long second = Long.parseLong(themselves.get(1));
    long third = Long.parseLong(themselves.get(2));
    Joinings joinings = TOWN.rooms().reception().joinings();
    long staff = COUNTER.staff(Counter.ZHANG).id();
    var lower = COUNTER.db().inTransaction(tx -> joinings.join(tx, second, third, staff, "是一家人的号"));
    var upper = COUNTER.db().inTransaction(tx -> joinings.join(tx, first, second, staff, "还有一个号"));
    assertThat(three).extracting(OnePersonTest::person).containsOnly(themselves.get(0));

    assertThatThrownBy(() -> COUNTER.db().inTransaction(tx -> joinings.undo(tx, lower.id(), staff)))
        .isInstanceOfSatisfying(
            Refusal.class,
            no -> {
              assertThat(no.code()).isEqualTo("merge-not-last");
              assertThat(Words.in("zh").of("refusal." + no.code())).contains("要先拆开后面那次");
              assertThat(Words.in("en").of("refusal." + no.code())).contains("part that first");
            });
    assertThat(three).extracting(OnePersonTest::person).containsOnly(themselves.get(0));

    var _ = COUNTER.db().inTransaction(tx -> joinings.undo(tx, upper.id(), staff));
    assertThat(three)
        .extracting(OnePersonTest::person)
        .containsExactly(themselves.get(0), themselves.get(1), themselves.get(1));
    var _ = COUNTER.db().inTransaction(tx -> joinings.undo(tx, lower.id(), staff));
    assertThat(three).extracting(OnePersonTest::person).containsExactlyElementsOf(themselves);
  }

  /// Whoever makes a table says what becomes of it, or this fails.
  @Test
  void everyTableIsKnownToHoldSomethingOfResidentsOrNot() {
    assertThat(PersonalTables.all())
        .containsExactlyInAnyOrderElementsOf(
            TOWN.sql(
                """
                SELECT relname FROM pg_class
                 WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'
                   AND relname <> 'flyway_schema_history'
                """));
  }

  /// Whoever has something of a resident erased hands it out, too, or says why not.
  @Test
  void whatIsHeldIsHandedOutOrSaysWhyNot() {
    Stream<String> held = PersonalTables.HELD.stream().map(PersonalTables.Held::table).distinct();
    assertThat(
            held.filter(table ->
                    PersonalDataStore.PARTS.stream()
                        .noneMatch(part ->
                            Pattern.compile("(FROM|JOIN) " + Pattern.quote(table) + "\\s")
                                .matcher(part.statement())
                                .find()))
                .map(table -> table.replace("\"", "")))
        .containsExactlyInAnyOrderElementsOf(PersonalTables.NOT_HANDED_OUT.keySet());
  }

  // What they have.

  private static List<String> idOf(Phone phone) {
    return TOWN.sql("SELECT id FROM address WHERE external_id = '" + phone.openid() + "'");
  }

  private static Phone resident(String name) {
    return TOWN.follower(name).scan("bld:" + COUNTER.place("88001001B3").code());
  }

  private static String code(Phone phone) {
    Matcher code = CODE.matcher(phone.says("绑定").hears());
    assertThat(code.find()).isTrue();
    return code.group().replace(" ", "");
  }

  private static String told(Phone phone) {
    return TOWN.sqlOne(
        """
        SELECT c.number FROM "case" c JOIN address a ON a.id = c.address_id
         WHERE a.external_id = '%s' AND a.account = 'second' ORDER BY c.id DESC
        """
            .formatted(phone.openid()));
  }

  private static String person(Phone phone) {
    return TOWN.sqlOne(
        "SELECT person_id FROM address WHERE external_id = '%s'".formatted(phone.openid()));
  }

  private static Stream<String> text(Phone phone) {
    return phone.heard().stream().map(Line.Heard::text);
  }

  private static List<String> heard(Phone phone) {
    return text(phone).toList();
  }

  private static void answer(Staff staff, String what, String text) {
    CaseId id =
        new CaseId(
            Long.parseLong(
                TOWN.sqlOne("SELECT id FROM \"case\" WHERE what LIKE '%" + what + "%'")));
    Case matter = COUNTER.cases.visibleTo(staff, id);
    if (matter.staffId() == null) {
      matter = COUNTER.handling.claim(staff, id, matter.version());
    }
    var _ = COUNTER.handling.answer(staff, id, matter.version(), text);
  }
}
