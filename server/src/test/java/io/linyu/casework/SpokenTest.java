package io.linyu.casework;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linyu.Samples;
import io.linyu.World;
import io.linyu.casework.Spoken.Teller;
import io.linyu.casework.Spoken.Told;
import io.linyu.channel.AddressKey;
import io.linyu.community.Address;
import io.linyu.community.Person;
import io.linyu.community.Staff;
import io.linyu.platform.Refusal;
import io.linyu.platform.auth.Vault;
import io.linyu.platform.text.Codes;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// What people say elsewhere than in a chat, taken down by staff, and followed by a code on paper.
class SpokenTest {
  @AutoClose private static final Bureau BUREAU = new Bureau();
  private static final Spoken SPOKEN = BUREAU.casework.spoken();
  private static final Staff ZHANG = BUREAU.staff("张", "community_deputy", "C1");
  private static final Staff GAO = BUREAU.staff("高", "community_secretary", "C1");
  private static final Staff GRID = BUREAU.staff("格", "grid_worker", "C1G1");
  private static final Teller NOBODY = Teller.NOBODY;

  static {
    var _ = BUREAU.staff("李", "community_deputy", "C1");
    SPOKEN.start(
        new Vault(World.settings().secretsKey()),
        (words, _) ->
            words.contains("煤气")
                ? Optional.of(new Spoken.Danger("gas", "119", "先到外面，再打119"))
                : Optional.empty());
  }

  /// What was drawn for it.
  private record Filed(Case matter, List<@Nullable SlipCode> codes) {
    SlipCode code() {
      assertThat(codes).hasSize(1);
      return requireNonNull(codes.getFirst());
    }
  }

  @Test
  void becomesACaseByTheSameDoorWithItsClocksFromTheMomentItWasSaid() {
    Instant said = BUREAU.clock.instant().minus(Duration.ofHours(20)); // yesterday afternoon
    Filed filed = file(told(Way.VISIT, "楼道灯不亮了", "2单元501", said, NOBODY));
    Case matter = filed.matter();
    assertThat(matter.channel()).isEqualTo("visit");
    assertThat(matter.state()).isEqualTo(CaseState.DISPATCHED);
    assertThat(matter.saidAt()).isEqualTo(said);
    assertThat(matter.place()).isEqualTo("2单元501");
    assertThat(matter.personId()).isNull();
    var drafted =
        (CaseEvent.Drafted)
            BUREAU
                .events
                .of(BUREAU.db, CaseEvent.VOCABULARY, matter.id().value())
                .getFirst()
                .event();
    assertThat(drafted.enteredBy()).isEqualTo(ZHANG.id());
    assertThat(drafted.personId()).as("who took it down did not tell it").isNull();
    Case same =
        BUREAU
            .cases
            .named(BUREAU.db, BUREAU.open(BUREAU.told("楼道灯不亮了", null), said).id())
            .orElseThrow();
    assertThat(dues(matter)).as("as if it had been said to the bot").isEqualTo(dues(same));
    assertThat(BUREAU.cases.history(ZHANG, matter.id()).getFirst().sentence())
        .isEqualTo("张 记下了居民说的话（入户走访）");
  }

  private static List<String> dues(Case matter) {
    return BUREAU.cases.clocks(ZHANG, matter.id()).stream()
        .filter(each -> each.kind() != CaseClock.Kind.SIGNING)
        .map(each -> each.kind() + " " + each.dueAt())
        .sorted()
        .toList();
  }

  @Test
  void isOpenedOnceHoweverOftenItIsSent() throws Exception {
    var sending = new Sending(Codes.random());
    Told told = told(Way.PHONE, "井盖破了", null, null, NOBODY);
    var drawn = new ArrayList<@Nullable SlipCode>();
    Callable<Case> send =
        () ->
            SPOKEN.file(
                ZHANG,
                sending,
                told,
                false,
                (_, _, code) -> {
                  synchronized (drawn) {
                    drawn.add(code);
                  }
                });
    try (var both = Executors.newVirtualThreadPerTaskExecutor()) {
      var first = both.submit(send);
      var second = both.submit(send);
      assertThat(first.get().id()).isEqualTo(second.get().id());
    }
    assertThat(send.call().number()).isNotNull();
    assertThat(drawn).hasSize(1);
    assertThat(
            BUREAU
                .db
                .one("SELECT count(*)::int AS many FROM \"case\" WHERE what = '井盖破了'")
                .getInteger("many"))
        .isEqualTo(1);
  }

  @Test
  void whatIsFoundOnPatrolIsToldByNobodyAndEndsOnceItWasChecked() {
    Filed filed =
        file(
            new Told(
                Way.PATROL,
                "楼道有积水",
                null,
                BUREAU.place("C1L03").id(),
                "0102",
                true,
                null,
                new Teller("赵叔", "12000000109", null, false),
                List.of()));
    Case found = filed.matter();
    assertThat(filed.codes()).as("nobody is given a code").containsOnlyNulls();
    assertThat(SPOKEN.mayDraw(ZHANG, found)).isFalse();
    assertThatThrownBy(() -> SPOKEN.redraw(ZHANG, "", found.code(), (_, _) -> {}))
        .isInstanceOf(Refusal.class);
    assertThat(found.channel()).isEqualTo("patrol");
    assertThat(found.personId()).as("whatever a form says").isNull();
    assertThat(found.confidential()).isFalse();
    assertThat(found.waitsForAnswer()).isFalse();
    assertThat(BUREAU.cases.heardOf(BUREAU.db, found, BUREAU.clock.instant())).isEmpty();
    assertThat(BUREAU.cases.clocks(ZHANG, found.id()))
        .extracting(CaseClock::kind)
        .containsExactlyInAnyOrder(CaseClock.Kind.SIGNING, CaseClock.Kind.HANDLING);
    Case reported = reported(found);
    assertThat(BUREAU.cases.stepsFor(ZHANG, reported))
        .as("whoever found it")
        .doesNotContain(Cases.Step.CLAIM);
    Case taken = BUREAU.handling.claim(GAO, reported.id(), reported.version());
    var seen = new Checking.Finding(true, "扫了", List.of(), "手机没电");
    Case over = BUREAU.casework.checking().check(GAO, taken.id(), taken.version(), seen);
    assertThat(over.state()).isEqualTo(CaseState.CLOSED);
    assertThat(BUREAU.casework.visits().last(BUREAU.db, over.id())).isEmpty();
    assertThat(BUREAU.cases.history(ZHANG, over.id()).stream().map(Line::sentence))
        .startsWith("张 巡查时看到，记下了")
        .endsWith("没有反映人，不用回访，结案");
    EvaluationTest.record(BUREAU, over);
    BUREAU.casework.archiving().recordedBy((_, ends) -> Set.copyOf(ends));
    BUREAU.clock.pass(Duration.ofDays(8));
    while (BUREAU.casework.archiving().archiveDue()) {
      // there may be more
    }
    assertThat(BUREAU.cases.named(BUREAU.db, over.id()).orElseThrow().state())
        .as("its file is whole")
        .isEqualTo(CaseState.ARCHIVED);
  }

  @Test
  void whoToldOfWhatWasFoundOnPatrolIsAskedAndNobodyElseIs() {
    Staff li = BUREAU.community.staff().byCode("T-李").orElseThrow();
    Case found = file(told(Way.PATROL, "楼道堆了旧家具", null, null, NOBODY)).matter();
    Case again = file(told(Way.PATROL, "楼道又堆了旧家具", null, null, NOBODY)).matter();
    Case told = file(told(Way.PHONE, "楼道堆着旧家具", null, null, NOBODY)).matter();
    Case held = BUREAU.handling.claim(li, found.id(), found.version());
    for (Case each : List.of(again, told)) {
      var _ = BUREAU.casework.merging().merge(li, each.id(), each.version(), held.code());
    }
    assertThat(BUREAU.cases.heardOf(BUREAU.db, now(found), BUREAU.clock.instant()))
        .extracting(Case::id)
        .containsExactly(told.id());
    Case reported = BUREAU.casework.checking().report(li, found.id(), now(found).version(), "清了");
    Case taken = BUREAU.handling.claim(GAO, reported.id(), reported.version());
    var seen = new Checking.Finding(true, "清了", List.of(), "手机没电");
    Case asked = BUREAU.casework.checking().check(GAO, taken.id(), taken.version(), seen);
    assertThat(asked.state()).isEqualTo(CaseState.RETURN_VISIT);
    assertThat(BUREAU.casework.visits().last(BUREAU.db, told.id())).isPresent();
    assertThat(BUREAU.casework.visits().last(BUREAU.db, found.id())).isEmpty();
    assertThat(BUREAU.casework.visits().last(BUREAU.db, again.id())).isEmpty();
  }

  private static Case now(Case matter) {
    return BUREAU.cases.named(BUREAU.db, matter.id()).orElseThrow();
  }

  @Test
  void whoTookItDownNeverChecksIt() {
    Case taken = reported(file(told(Way.PHONE, "楼道堆满了杂物", null, null, NOBODY)).matter());
    assertThat(BUREAU.cases.stepsFor(ZHANG, taken)).doesNotContain(Cases.Step.CLAIM);
    assertThatThrownBy(() -> BUREAU.handling.claim(ZHANG, taken.id(), taken.version()))
        .isInstanceOf(Refusal.class);
    // What a resident told the bot is theirs to check.
    Opened other = BUREAU.open(BUREAU.told("楼道里全是杂物", "0102"));
    Case told = reported(BUREAU.cases.named(BUREAU.db, other.id()).orElseThrow());
    assertThat(BUREAU.cases.stepsFor(ZHANG, told)).contains(Cases.Step.CLAIM);
  }

  private static Case reported(Case matter) {
    Staff li = BUREAU.community.staff().byCode("T-李").orElseThrow();
    Case held = BUREAU.handling.claim(li, matter.id(), matter.version());
    Case reported = BUREAU.casework.checking().report(li, held.id(), held.version(), "清了");
    assertThat(reported.state()).isEqualTo(CaseState.INSPECTING);
    return reported;
  }

  @Test
  void isRefusedWhereItIsNotTheirsAndWhenItCannotHaveBeenSaid() {
    long next = BUREAU.place("C2").id();
    assertRefused("spoken-place-not-yours", at(next, null));
    long here = BUREAU.place("C1L03").id();
    Instant now = BUREAU.clock.instant();
    assertRefused("spoken-said-wrong", at(here, now.plus(Duration.ofMinutes(10))));
    assertRefused("spoken-said-wrong", at(here, now.minus(Duration.ofDays(7)).minusSeconds(1)));
    assertRefused("spoken-what-missing", told(Way.PHONE, "  ", null, null, NOBODY));
    assertRefused(
        "phone-wrong", told(Way.PHONE, "路灯", null, null, new Teller(null, "1a2", null, false)));
    assertThat(Spoken.mayTakeDown(BUREAU.staff("楼", "building_head", "C1L03"))).isFalse();
    // A grid worker takes down for all of their community.
    assertThat(SPOKEN.mayTakeDownAt(GRID, BUREAU.place("C1Z1"))).isTrue();
    assertThat(SPOKEN.mayTakeDownAt(GRID, BUREAU.place("S1"))).isFalse();
  }

  private static void assertRefused(String code, Told told) {
    assertThatThrownBy(() -> file(told))
        .isInstanceOfSatisfying(
            Refusal.class, refused -> assertThat(refused.code()).isEqualTo(code));
  }

  @Test
  void joinsTheCasesOfWhoIsKnownByTheirNumber() {
    long wang = person("12000000101", "王阿姨", "C1L03");
    long far = person("12000000101", "远方", "C2Z1");
    assertThat(SPOKEN.known(ZHANG, "120 0000 0101").stream().map(Person::id))
        .as("nobody of elsewhere")
        .containsExactly(wang);
    assertThat(by("12000000101", null, false).personId()).isEqualTo(wang);
    assertThat(by("12000000101", wang, false).personId()).isEqualTo(wang);
    assertRefused(
        "form-outdated",
        told(Way.PHONE, "灯", null, null, new Teller(null, "12000000101", far, false)));
    Case other = by("12000000101", null, true);
    assertThat(other.personId()).isNotNull().isNotEqualTo(wang);
    assertThat(other.addressId()).isNull();
    assertThat(SPOKEN.known(ZHANG, "12000000101")).as("who has told here").hasSize(2);
  }

  @Test
  void isAnsweredInTheChatOfWhoHasBeenTalkedToOnThatNumberAndOfNobodyElse() {
    Address address =
        BUREAU.db.inTransaction(tx -> {
          var key = new AddressKey("wechat", "main", "chat-of-chen");
          Address chen =
              requireNonNull(BUREAU.community.people().ensure(tx, List.of(key)).get(key));
          BUREAU.community.people().bind(tx, chen.personId(), BUREAU.place("C1L03"));
          BUREAU.community.people().setPhone(tx, chen.personId(), "12000000102");
          return chen;
        });
    assertThat(by("12000000102", null, false).addressId()).as("anybody can say a number").isNull();
    BUREAU.db.withinTransaction(tx ->
        BUREAU.community.people().verifyPhone(tx, address.personId(), "12000000102", ZHANG.id()));
    Case told = by("12000000102", null, false);
    assertThat(told.personId()).isEqualTo(address.personId());
    assertThat(told.addressId()).isEqualTo(address.id());
  }

  @Test
  void theCodeIsInNoTableOpensThatPageAndIsGoneWhenANewOneIsDrawn() {
    Filed filed = file(told(Way.RECEPTION, "健身器材松了", null, null, NOBODY));
    String page = SPOKEN.page(filed.code()).orElseThrow();
    assertThat(BUREAU.cases.ofPage(page)).contains(filed.matter().id());
    assertThat(
            BUREAU
                .db
                .one("SELECT slip_code::text AS row FROM slip_code WHERE page_code = $1", page)
                .getString("row"))
        .doesNotContain(filed.code().text());
    assertThat(SPOKEN.page(SlipCode.random())).isEmpty();

    var anew = new ArrayList<SlipCode>();
    Case matter =
        SPOKEN.redraw(ZHANG, "203.0.113.7", filed.matter().code(), (_, code) -> anew.add(code));
    assertThat(matter.id()).isEqualTo(filed.matter().id());
    assertThat(SPOKEN.page(filed.code())).as("the one before").isEmpty();
    assertThat(BUREAU.cases.ofPage(page)).as("and its page").isEmpty();
    assertThat(BUREAU.cases.ofPage(SPOKEN.page(anew.getFirst()).orElseThrow()))
        .contains(matter.id());
    assertThat(
            BUREAU
                .db
                .one(
                    "SELECT count(*)::int AS many FROM audit_entry WHERE what = 'slip_code_drawn' AND details::jsonb ->> 'case' = $1",
                    matter.number().text())
                .getInteger("many"))
        .isEqualTo(1);
    Staff next = BUREAU.staff("邻", "community_deputy", "C2");
    assertThatThrownBy(() -> SPOKEN.redraw(next, "", matter.code(), (_, _) -> {}))
        .isInstanceOf(Refusal.class);
  }

  @Test
  void aCodeIsReadHoweverItIsTypedAndASlipOfTheFingerIsNoOther() {
    SlipCode code = SlipCode.random();
    assertThat(code.grouped()).matches("[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{3}");
    assertThat(SlipCode.parse(" " + code.grouped().toLowerCase(Locale.ROOT) + " ")).contains(code);
    String spoken = code.text().replace('0', 'o').replace('1', 'l');
    assertThat(SlipCode.parse(spoken.replaceAll("(.)", "$1 "))).contains(code);
    assertThat(SlipCode.parse(code.text() + "0")).isEmpty();
    String text = code.text();
    for (int i = 0; i < text.length(); i++) {
      for (char wrong : "0123456789ABCDEFGHJKMNPQRSTVWXYZ".toCharArray()) {
        if (wrong != text.charAt(i)) {
          assertThat(SlipCode.parse(text.substring(0, i) + wrong + text.substring(i + 1)))
              .isEmpty();
        }
      }
      if (i > 0 && text.charAt(i) != text.charAt(i - 1)) {
        assertThat(
                SlipCode.parse(
                    text.substring(0, i - 1)
                        + text.charAt(i)
                        + text.charAt(i - 1)
                        + text.substring(i + 1)))
            .isEmpty();
      }
    }
  }

  @Test
  void dangerRingsAndNothingElseDoes() {
    Told danger = told(Way.PHONE, "家里一股煤气味", null, null, NOBODY);
    Case matter = SPOKEN.file(ZHANG, new Sending(Codes.random()), danger, true, (_, _, _) -> {});
    assertThat(matter.state()).isEqualTo(CaseState.HANDED_OFF);
    assertThat(BUREAU.alarms.of(ZHANG, matter.id()))
        .singleElement()
        .satisfies(alarm -> assertThat(alarm.kind()).isEqualTo("gas"));
    assertThatThrownBy(() ->
            SPOKEN.file(
                ZHANG,
                new Sending(Codes.random()),
                told(Way.PHONE, "路灯不亮", null, null, NOBODY),
                true,
                (_, _, _) -> {}))
        .isInstanceOf(Refusal.class);
  }

  @Test
  void theSameIsFoundBeforeItIsSentAndNotedInTheOneThatThereIs() {
    Case first = file(told(Way.PHONE, "电动车堵了楼道", null, null, NOBODY)).matter();
    String category = requireNonNull(first.categoryCode());
    assertThat(SPOKEN.alike(ZHANG, category, BUREAU.place("C1L03")))
        .extracting(Case::id)
        .contains(first.id());
    assertThat(SPOKEN.alike(ZHANG, category, BUREAU.place("C1")))
        .as("all of the community")
        .extracting(Case::id)
        .contains(first.id());
    Staff next = BUREAU.staff("旁", "community_deputy", "C2");
    assertThat(SPOKEN.alike(next, category, BUREAU.place("C1L03"))).isEmpty();
    var sending = new Sending(Codes.random());
    Told again = told(Way.TALK, "门口又堵了", "5楼", null, new Teller("赵叔", "12000000103", null, false));
    var _ = SPOKEN.addTo(ZHANG, sending, first.code(), again);
    var _ = SPOKEN.addTo(ZHANG, sending, first.code(), again);
    assertThat(BUREAU.cases.notes(ZHANG, first.id()))
        .singleElement()
        .satisfies(note ->
            assertThat(note.text())
                .isEqualTo("又有人说起（民情恳谈）：门口又堵了（地方：5楼）")
                .doesNotContain("赵叔", "12000000103"));
  }

  @Test
  void picturesAreKeptWithItAndTheNumberIsShownToWhoAnswersAndWrittenDown() {
    Buffer picture = Samples.picture(64, 48, "JPEG");
    Case matter =
        file(new Told(
                Way.VISIT,
                "楼道有杂物",
                null,
                BUREAU.place("C1L03").id(),
                null,
                false,
                null,
                new Teller("孙大爷", "12000000104", null, false),
                List.of(new Photos.Taken(picture, BUREAU.clock.instant(), null))))
            .matter();
    assertThat(BUREAU.casework.photos().of(ZHANG, matter.id())).hasSize(1);
    assertThatThrownBy(() -> SPOKEN.number(ZHANG, "", matter.code()))
        .as("nobody has it yet")
        .isInstanceOf(Refusal.class);
    var _ = BUREAU.handling.claim(ZHANG, matter.id(), matter.version());
    assertThat(SPOKEN.number(ZHANG, "203.0.113.7", matter.code())).isEqualTo("12000000104");
    assertThat(
            BUREAU
                .db
                .one(
                    "SELECT count(*)::int AS many FROM audit_entry WHERE what = 'resident_number_seen' AND details::jsonb ->> 'case' = $1",
                    matter.number().text())
                .getInteger("many"))
        .isEqualTo(1);
  }

  private static Told at(long territory, @Nullable Instant said) {
    return new Told(Way.PHONE, "路灯不亮", null, territory, null, false, said, NOBODY, List.of());
  }

  private static Told told(
      Way way, String what, @Nullable String place, @Nullable Instant said, Teller by) {
    return new Told(way, what, place, BUREAU.place("C1L03").id(), null, false, said, by, List.of());
  }

  private static Case by(String phone, @Nullable Long known, boolean other) {
    return file(told(Way.PHONE, "水管漏水", null, null, new Teller("某人", phone, known, other)))
        .matter();
  }

  private static Filed file(Told told) {
    var codes = new ArrayList<@Nullable SlipCode>();
    Case matter =
        SPOKEN.file(
            ZHANG, new Sending(Codes.random()), told, false, (_, _, code) -> codes.add(code));
    return new Filed(matter, codes);
  }

  private static long person(String phone, String called, String home) {
    return BUREAU.db.inTransaction(
        tx -> BUREAU.community.people().register(tx, called, null, phone, BUREAU.place(home).id()));
  }
}
