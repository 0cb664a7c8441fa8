package io.linyu.casework;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linyu.casework.Inbox.Entry;
import io.linyu.casework.Inbox.Listing;
import io.linyu.casework.Inbox.View;
import io.linyu.channel.AddressKey;
import io.linyu.community.Address;
import io.linyu.community.People;
import io.linyu.community.Staff;
import io.linyu.platform.Refusal;
import io.linyu.platform.text.Words;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// By what a case is found, and by whom not.
class FindingTest {
  private static final AddressKey WANG = new AddressKey("wechat", "main", "o-wang");

  @AutoClose private static final Bureau BUREAU = new Bureau();
  private static final Staff REN = BUREAU.staff("任", "community_deputy", "C1");
  private static final Staff QIU = BUREAU.staff("邱", "community_deputy", "C2");
  private static final Staff ZHANG = BUREAU.staff("章", "district_dispatcher", "D");
  private static final People PEOPLE = BUREAU.community.people();

  private static Address wang;
  private static Case lamp;
  private static Opened bins;
  private static Opened other;

  @BeforeAll
  static void cases() {
    wang =
        BUREAU.db.inTransaction(tx -> requireNonNull(PEOPLE.ensure(tx, List.of(WANG)).get(WANG)));
    BUREAU.db.withinTransaction(tx -> {
      PEOPLE.call(tx, wang.personId(), "王阿姨");
      PEOPLE.setName(tx, wang.personId(), "王竹影");
      PEOPLE.setPhone(tx, wang.personId(), "12000000069");
    });
    Opened told = BUREAU.open(by(wang.personId(), "楼道灯不亮了，晚上黑咕隆咚的，老人上楼看不清，麻烦尽快安排人来换灯泡", "C1L03"));
    Case taken = BUREAU.handling.claim(REN, told.id(), 1);
    lamp = BUREAU.handling.answer(REN, taken.id(), taken.version(), "电工师傅约了下午三点，WiFi也一起看");
    lamp = BUREAU.handling.note(REN, lamp.id(), "备用<b>灯泡</b>在库房");
    bins = BUREAU.open(by(null, "垃圾桶满了没人清", "C1L03"));
    other = BUREAU.open(by(null, "槐树上有马蜂窝，灯泡旁边也有", "C2Z1"));
    write();
  }

  private static NewCase by(@Nullable Long person, String what, String where) {
    return NewCase.of(what, BUREAU.place(where).id(), "wechat")
        .by(person, null)
        .category(what.startsWith("槐") ? null : "0102")
        .confirmed(!what.startsWith("槐"))
        .ready();
  }

  /// As the listener and the due work do it.
  private static void write() {
    BUREAU.casework.words().write(1, 20);
  }

  @ParameterizedTest
  @CsvSource({
    "灯泡",
    "黑咕隆咚",
    "麻烦尽快安排",
    "电工师傅",
    "wifi",
    "ＷＩＦＩ",
    "库房",
    "王阿姨",
    "王竹影",
    "12000000069",
    "+86 120 0000 0069",
    "尾号0069",
    "电话尾号是 0069",
    "尾号 0069 灯泡",
    "灯泡 0069",
    "ends 0069",
    "Ends in 0069",
    "黑咕隆咚 库房",
    "3栋 电工",
    "三号楼 电工",
    "清泉 黑咕隆咚",
    "王竹影 灯泡"
  })
  void isFoundByAllThatWasSaid(String typed) {
    assertThat(found(REN, typed)).as(typed).containsExactly(lamp.number());
    assertThat(found(QIU, typed)).as("not theirs: " + typed).doesNotContain(lamp.number());
  }

  @Test
  void placesAndKindsFindAllThatLiesThere() {
    String kind = BUREAU.casework.categories().named("0102").orElseThrow().nameZh();
    for (String typed : List.of("3栋", "清泉社区", kind)) {
      assertThat(found(REN, typed)).as(typed).contains(lamp.number(), bins.number());
    }
    assertThat(found(ZHANG, "清泉社区")).doesNotContain(other.number());
    assertThat(found(ZHANG, "槐荫")).containsExactly(other.number());
    assertThat(found(ZHANG, "灯泡")).containsExactlyInAnyOrder(lamp.number(), other.number());
    assertThat(found(REN, "麒麟")).isEmpty();
    assertThat(found(REN, "\u00a0")).as("nothing at all").isNotEmpty();
    assertThat(found(REN, "王竹")).as("part of a real name").isEmpty();
    assertThat(found(REN, "楼灯道")).as("the pieces, but not the words").isEmpty();
    assertThat(BUREAU.inbox.reading(REN, "三号楼 电工").places()).containsExactly("清泉社区3栋");
  }

  @Test
  void whatWasOpenedThisMomentIsFoundByItsTitle() {
    Opened fresh = BUREAU.open(by(null, "信箱锁坏了", "C1L03"));
    assertThat(found(REN, "信箱锁")).containsExactly(fresh.number());
    assertThat(found(QIU, "信箱锁")).isEmpty();
    write();
    assertThat(found(REN, "信箱锁")).containsExactly(fresh.number());
  }

  @Test
  void whereItStandsIsShown() {
    Listing note = BUREAU.inbox.page(REN, View.ALL_OPEN, "库房", null, 10);
    assertThat(note.found().get(lamp.id())).isEqualTo("备用<b>灯泡</b>在库房");
    assertThat(BUREAU.inbox.page(REN, View.ALL_OPEN, "楼道灯", null, 10).found()).isEmpty();
    assertThat(CasePages.Piece.of("备用<b>灯泡</b>", List.of("灯泡", "泡<")))
        .extracting(CasePages.Piece::text, CasePages.Piece::hit)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("备用<b>", false),
            org.assertj.core.groups.Tuple.tuple("灯泡<", true),
            org.assertj.core.groups.Tuple.tuple("/b>", false));
  }

  @Test
  void whatIsErasedIsNotFoundFromThatMomentOn() {
    AddressKey key = new AddressKey("wechat", "main", "o-leaves");
    Address leaves =
        BUREAU.db.inTransaction(tx -> requireNonNull(PEOPLE.ensure(tx, List.of(key)).get(key)));
    BUREAU.db.withinTransaction(tx -> {
      PEOPLE.call(tx, leaves.personId(), "欧阳大爷");
      PEOPLE.setName(tx, leaves.personId(), "欧阳梧");
    });
    Opened opened = BUREAU.open(by(leaves.personId(), "窨井盖翘起来了", "C1L03"));
    write();
    assertThat(found(REN, "欧阳大爷")).containsExactly(opened.number());
    assertThat(found(REN, "欧阳梧")).containsExactly(opened.number());

    BUREAU.db.withinTransaction(tx -> PEOPLE.unfollow(tx, leaves.id()));
    assertThat(found(REN, "欧阳大爷")).isEmpty();
    assertThat(found(REN, "欧阳梧")).isEmpty();
    assertThat(BUREAU.casework.words().writeDue()).as("no more than these").isFalse();
    assertThat(found(REN, "窨井盖")).containsExactly(opened.number());
    assertThat(found(REN, "欧阳大爷")).isEmpty();

    BUREAU.db.execute(
        "UPDATE \"case\" SET what = '', title = '（已删除）' WHERE id = $1", opened.id().value());
    assertThat(found(REN, "窨井盖")).isEmpty();
    var _ = BUREAU.casework.words().writeDue();
    assertThat(found(REN, "窨井盖")).isEmpty();
    assertThat(found(REN, "已删除")).containsExactly(opened.number());
  }

  @Test
  void filtersNarrowAListEachAndTogether() {
    Case closed = closedByRen("楼道有杂物");
    write();
    assertThat(narrowed(View.ALL_OPEN, Map.of("category", "0102")))
        .contains(lamp.number(), bins.number())
        .doesNotContain(other.number(), closed.number());
    assertThat(narrowed(View.ALL_OPEN, Map.of("category", "01"))).contains(lamp.number());
    assertThat(narrowed(View.ALL_OPEN, Map.of("category", "0406"))).isEmpty();
    assertThat(narrowed(View.ALL_OPEN, Map.of("place", "槐荫社区"))).containsExactly(other.number());
    assertThat(narrowed(View.ALL_OPEN, Map.of("place", "清泉3栋"))).contains(lamp.number());
    assertThat(narrowed(View.ALL_OPEN, Map.of("place", "没有这个地方"))).isEmpty();
    assertThat(narrowed(View.ALL_OPEN, Map.of("holder", "任"))).containsExactly(lamp.number());
    assertThat(narrowed(View.ALL_OPEN, Map.of("holder", "没人")))
        .contains(bins.number())
        .doesNotContain(lamp.number());
    assertThat(narrowed(View.ALL_OPEN, Map.of("confirmed", "no"))).containsExactly(other.number());
    assertThat(narrowed(View.ALL_OPEN, Map.of("channel", "qq"))).isEmpty();
    assertThat(narrowed(View.ALL_OPEN, Map.of("urgency", "emergency"))).isEmpty();
    assertThat(narrowed(View.ALL_OPEN, Map.of("from", "2026-03-12"))).contains(lamp.number());
    assertThat(narrowed(View.ALL_OPEN, Map.of("to", "2026-03-11"))).isEmpty();
    assertThat(narrowed(View.ALL_OPEN, Map.of("late", "yes"))).isEmpty();
    assertThat(narrowed(View.ALL_OPEN, Map.of("state", "closed", "holder", "任")))
        .containsExactly(closed.number());
    assertThat(narrowed(View.ALL_OPEN, Map.of("state", "any", "category", "0102", "holder", "任")))
        .containsExactly(lamp.number(), closed.number());
    Filters both = Filters.read(Map.of("holder", "任", "state", "any")::get);
    assertThat(BUREAU.inbox.page(ZHANG, View.ALL_OPEN, "杂物", both, null, 5).entries())
        .extracting(Entry::number)
        .containsExactly(closed.number());
    assertThat(
            BUREAU
                .inbox
                .page(REN, View.MINE, null, Filters.read(Map.of("state", "closed")::get), null, 5)
                .entries())
        .extracting(Entry::number)
        .containsExactly(closed.number());
    assertThatThrownBy(() -> Filters.read(Map.of("from", "gestern")::get))
        .isInstanceOf(Refusal.class);
    assertThat(Filters.read(Filters.read(both.given()::get).given()::get)).isEqualTo(both);
  }

  /// A channel that this installation has not got finds nothing, so it is not asked for.
  @Test
  void theChannelsThatThereAreCanBeChosen() {
    assertThat(channels("", "wechat")).as("no choice").isEmpty();
    assertThat(channels("", "pigeon", "wechat")).containsExactly("pigeon", "wechat");
    assertThat(channels("pigeon", "wechat"))
        .as("chosen before")
        .containsExactly("wechat", "pigeon");
    assertThat(channels("wechat", "wechat")).containsExactly("wechat");
  }

  private static List<String> channels(String chosen, String... there) {
    Filters filters = Filters.read(Map.of("channel", chosen)::get);
    return new CasePages.Filtering(
            Words.in("zh"),
            new Look(View.ALL_OPEN, "", filters),
            List.of(),
            List.of(),
            List.of(there),
            false,
            List.of())
        .channels();
  }

  private static Case closedByRen(String what) {
    Opened told =
        BUREAU.open(by(null, what, "C1L03"), BUREAU.clock.instant().minus(Duration.ofDays(1)));
    Case taken = BUREAU.handling.claim(REN, told.id(), 1);
    return BUREAU.finish(REN, taken.id(), taken.version(), "清走了");
  }

  private static List<CaseNumber> narrowed(View view, Map<String, String> filters) {
    return BUREAU
        .inbox
        .page(ZHANG, view, null, Filters.read(filters::get), null, 20)
        .entries()
        .stream()
        .map(Entry::number)
        .toList();
  }

  private static List<CaseNumber> found(Staff who, String typed) {
    return BUREAU.inbox.page(who, View.ALL_OPEN, typed, null, 20).entries().stream()
        .map(Entry::number)
        .toList();
  }
}
