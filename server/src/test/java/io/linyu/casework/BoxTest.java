package io.linyu.casework;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linyu.Samples;
import io.linyu.TestClock;
import io.linyu.World;
import io.linyu.casework.BoxOpening.Aside;
import io.linyu.casework.Boxes.Published;
import io.linyu.casework.Boxes.Reminder;
import io.linyu.casework.Spoken.Teller;
import io.linyu.casework.Spoken.Told;
import io.linyu.channel.AddressKey;
import io.linyu.community.Staff;
import io.linyu.platform.Refusal;
import io.linyu.platform.auth.Vault;
import io.linyu.platform.time.QuietHours;
import java.time.Duration;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Opening an opinion box: never by one alone, and nothing of it is left over.
class BoxTest {
  @AutoClose private static final Bureau BUREAU = new Bureau();
  private static final Boxes BOXES = BUREAU.casework.boxes();
  private static final BoxOpenings OPENINGS = BUREAU.casework.boxOpenings();
  private static final Staff ZHANG = keeper("张", "community_deputy", "C1");
  private static final Staff LI = keeper("李", "info_officer", "C1");
  private static final Staff GRID = keeper("格", "grid_worker", "C1G1");

  /// Of the community next door.
  private static final Staff SUN = keeper("孙", "community_deputy", "C2");

  private static final String IP = "203.0.113.7";
  private static int boxes;

  static {
    BUREAU
        .casework
        .spoken()
        .start(new Vault(World.settings().secretsKey()), (_, _) -> Optional.empty());
  }

  private static Staff keeper(String name, String role, String where) {
    Staff staff = BUREAU.staff(name, role, where);
    BUREAU.community.staff().setPasswordHash(staff.code(), "x");
    return staff;
  }

  private static String box() {
    return BOXES.hang(
        ZHANG, IP, "BX-" + ++boxes, "大门口", 7, List.of(ZHANG.id(), LI.id(), GRID.id()));
  }

  private static String opened(String box, int slips) {
    String code = OPENINGS.begin(ZHANG, box, slips);
    OPENINGS.confirm(LI, IP, code, slips);
    return code;
  }

  private static Photos.Taken photo(int n) {
    return new Photos.Taken(Samples.picture(40 + n, 30, "JPEG"), BUREAU.clock.instant(), null);
  }

  private static Told told(String what) {
    return new Told(
        Way.BOX,
        what,
        null,
        BUREAU.place("C1L03").id(),
        null,
        false,
        null,
        new Teller(null, null, null, false),
        List.of());
  }

  private static void assertRefused(String code, ThrowingCallable what) {
    assertThatThrownBy(what)
        .isInstanceOfSatisfying(
            Refusal.class, refused -> assertThat(refused.code()).isEqualTo(code));
  }

  @Test
  void isOpenedByTwoAndNeverByOneAlone() {
    String box = box();
    String code = OPENINGS.begin(ZHANG, box, 2);
    assertRefused("box-not-open", () -> OPENINGS.photograph(ZHANG, code, List.of(photo(1))));
    assertRefused("box-other-keeper", () -> OPENINGS.confirm(ZHANG, IP, code, 2));
    assertThat(OPENINGS.begin(LI, box, 9)).as("somebody has begun").isEqualTo(code);
    assertRefused("box-count-changed", () -> OPENINGS.confirm(LI, IP, code, 3));
    assertRefused("not-found", () -> OPENINGS.confirm(SUN, IP, code, 2));
    assertThat(OPENINGS.of(LI, code).opening().openedAt()).isNull();

    OPENINGS.confirm(LI, IP, code, 2);
    OPENINGS.confirm(LI, IP, code, 2);
    assertThat(OPENINGS.of(ZHANG, code).opening().isOpen()).isTrue();
    assertRefused("box-open-already", () -> OPENINGS.callOff(ZHANG, code));
    // Not even past the doors.
    assertThatThrownBy(() ->
            BUREAU.db.execute(
                "UPDATE box_opening SET confirmed_by = counted_by WHERE code = $1", code))
        .hasMessageContaining("two_keepers");
    // Another number is another thing to confirm, whoever says it.
    OPENINGS.recount(LI, code, 3);
    assertRefused("box-other-keeper", () -> OPENINGS.confirm(LI, IP, code, 3));
    OPENINGS.confirm(GRID, IP, code, 3);
    assertThat(
            BUREAU.events.of(BUREAU.db, BoxEvent.VOCABULARY, OPENINGS.of(LI, code).opening().id()))
        .extracting(each -> each.event().getClass().getSimpleName())
        .containsExactly("Begun", "Confirmed", "Recounted", "Confirmed");
    assertThat(BUREAU.events.broken(BoxEvent.VOCABULARY)).isEmpty();
  }

  @Test
  void whoWaitsInVainForTheOtherBeginsAnew() {
    String box = box();
    String code = OPENINGS.begin(ZHANG, box, 1);
    BUREAU.clock.pass(BoxOpenings.CONFIRMED_WITHIN.plusSeconds(1));
    assertRefused("box-opening-over", () -> OPENINGS.confirm(LI, IP, code, 1));
    String again = OPENINGS.begin(LI, box, 1);
    assertThat(again).isNotEqualTo(code);
    OPENINGS.confirm(ZHANG, IP, again, 1);
    assertThat(OPENINGS.of(LI, again).opening().isOpen()).isTrue();
    assertRefused("box-opening-over", () -> OPENINGS.recount(LI, code, 2));
  }

  @Test
  void isSealedOnlyWhenEachSlipHasItsPhotoAndItsEndAndThenNumbersAreAllThatIsTold() {
    String box = box();
    String code = opened(box, 3);
    assertRefused("box-not-complete", () -> OPENINGS.seal(ZHANG, IP, code));
    assertThat(OPENINGS.photograph(ZHANG, code, List.of(photo(1), photo(2)))).isEqualTo(2);
    assertThat(OPENINGS.photograph(ZHANG, code, List.of(photo(2)))).as("sent twice").isZero();
    assertRefused(
        "box-photos-over", () -> OPENINGS.photograph(ZHANG, code, List.of(photo(3), photo(4))));
    assertThat(OPENINGS.of(ZHANG, code).opening().of()).as("or none").hasSize(2);
    assertRefused("box-more-photos", () -> OPENINGS.recount(ZHANG, code, 1));
    var _ = OPENINGS.photograph(LI, code, List.of(photo(3)));
    OPENINGS.retake(LI, code, 3, photo(5));

    Case first = OPENINGS.file(ZHANG, code, 1, 0, told("楼道灯不亮了"), true, false);
    Case same = OPENINGS.file(ZHANG, code, 1, 0, told("楼道灯不亮了"), true, false);
    assertThat(same.id()).as("pressed twice").isEqualTo(first.id());
    assertRefused(
        "box-slip-changed", () -> OPENINGS.file(LI, code, 1, 0, told("灯坏了"), true, false));
    Case second = OPENINGS.file(ZHANG, code, 1, 1, told("楼道堆满了杂物"), false, false);
    assertThat(first.channel()).isEqualTo("box");
    assertThat(BUREAU.casework.photos().of(ZHANG, first.id())).hasSize(1);
    assertThat(BUREAU.casework.photos().of(ZHANG, second.id())).as("it was not to go").isEmpty();
    assertRefused("box-slip-case", () -> OPENINGS.setAside(ZHANG, code, 1, Aside.EMPTY, ""));
    assertRefused("box-aside-why", () -> OPENINGS.setAside(ZHANG, code, 2, Aside.OTHER, " "));
    OPENINGS.setAside(ZHANG, code, 2, Aside.PRAISE, "");
    assertRefused(
        "box-slip-aside", () -> OPENINGS.file(ZHANG, code, 2, 0, told("路灯"), false, false));
    OPENINGS.takeBack(ZHANG, code, 2);
    assertRefused("box-not-complete", () -> OPENINGS.seal(ZHANG, IP, code));
    OPENINGS.setAside(LI, code, 2, Aside.ILLEGIBLE, "");
    var noted = OPENINGS.addTo(LI, code, 3, 0, first.code(), told("灯还是不亮"));
    assertThat(noted.id()).isEqualTo(first.id());

    OPENINGS.recount(LI, code, 4);
    assertRefused("box-count-waits", () -> OPENINGS.seal(LI, IP, code));
    OPENINGS.recount(ZHANG, code, 3);
    OPENINGS.confirm(LI, IP, code, 3);
    assertThat(BOXES.published(box, Long.MAX_VALUE, 9)).as("not yet").isEmpty();
    OPENINGS.seal(LI, IP, code);
    assertRefused("box-opening-over", () -> OPENINGS.takeBack(LI, code, 2));
    assertThatThrownBy(
            () -> BUREAU.db.execute("UPDATE box_opening SET slips = 2 WHERE code = $1", code))
        .hasMessageContaining("never changed");
    Published told = BOXES.published(box, Long.MAX_VALUE, 9).getFirst();
    assertThat(told.slips()).isEqualTo(3);
    assertThat(told.told()).isEqualTo(2);
    assertThat(told.cases()).isEqualTo(2);
    assertThat(told.over()).isZero();
    assertThat(told.aside()).isEqualTo(Map.of(Aside.ILLEGIBLE, 1));
    var held = BUREAU.handling.claim(ZHANG, second.id(), second.version());
    var _ = BUREAU.finish(ZHANG, held.id(), held.version(), "换了");
    assertThat(BOXES.published(null, Long.MAX_VALUE, 9).getFirst().over()).isEqualTo(1);

    // The photos go after half a year, and what was counted stays.
    BUREAU.clock.pass(Duration.ofDays(184));
    while (OPENINGS.forgetDue()) {
      // there may be more
    }
    assertRefused("not-found", () -> OPENINGS.photo(ZHANG, code, 2));
    assertThat(BUREAU.casework.photos().of(ZHANG, first.id())).as("of the case").hasSize(1);
    assertThat(BOXES.published(box, Long.MAX_VALUE, 9).getFirst().slips()).isEqualTo(3);
  }

  @Test
  void isSetUpByWhoLeadsTheCommunityWithTwoOfItsPeople() {
    List<Long> two = List.of(ZHANG.id(), LI.id());
    assertRefused("box-not-yours", () -> BOXES.hang(LI, IP, "Z-1", "门口", 7, two));
    assertRefused(
        "box-keepers-few", () -> BOXES.hang(ZHANG, IP, "Z-1", "门口", 7, List.of(LI.id(), LI.id())));
    assertRefused(
        "form-outdated", () -> BOXES.hang(ZHANG, IP, "Z-1", "门口", 7, List.of(LI.id(), SUN.id())));
    assertRefused("box-days-wrong", () -> BOXES.hang(ZHANG, IP, "Z-1", "门口", 0, two));
    assertRefused("box-code-wrong", () -> BOXES.hang(ZHANG, IP, "箱", "门口", 7, two));
    assertThat(BOXES.hang(ZHANG, IP, " z-1 ", "门口", 7, two)).isEqualTo("Z-1");
    assertRefused("box-code-taken", () -> BOXES.hang(ZHANG, IP, "Z-1", "门口", 7, two));
    assertRefused("not-found", () -> BOXES.visibleTo(SUN, "Z-1", false));
    assertRefused("box-not-keeper", () -> OPENINGS.begin(GRID, "Z-1", 1));
    BOXES.hangAgain(ZHANG, IP, "Z-1", false);
    assertRefused("box-gone", () -> OPENINGS.begin(ZHANG, "Z-1", 1));
    assertThat(BOXES.visibleTo(GRID, "")).extracting(Box::code).contains("Z-1");
    assertThat(BOXES.visibleTo(SUN, "")).isEmpty();
  }

  @Test
  void aBoxThatNobodyOpensIsToldOfOnceAndByDay() {
    BUREAU.db.execute("UPDATE box SET next_due_at = NULL");
    long chat =
        BUREAU.db.inTransaction(tx -> {
          var key = new AddressKey("wechat", "main", "chat-of-zhang");
          return BUREAU.community.people().ensure(tx, List.of(key)).values().iterator().next().id();
        });
    BUREAU.db.execute(
        "INSERT INTO staff_address (staff_id, address_id, bound_at) VALUES ($1, $2, now())",
        ZHANG.id(),
        chat);
    String box = box();
    var said = new ArrayList<Reminder>();
    remind(QuietHours.NONE, said);
    assertThat(said).as("not due").isEmpty();
    assertThat(BOXES.overdueFor(ZHANG)).extracting(Box::code).doesNotContain(box);

    BUREAU.clock.pass(Duration.ofDays(7).plusSeconds(1));
    LocalTime now = BUREAU.clock.instant().atZone(TestClock.ZONE).toLocalTime();
    remind(new QuietHours(now.minusHours(1), now.plusHours(1)), said);
    assertThat(said).as("in the quiet hours").isEmpty();
    BUREAU.clock.pass(Duration.ofHours(2));
    remind(QuietHours.NONE, said);
    remind(QuietHours.NONE, said);
    assertThat(said)
        .singleElement()
        .satisfies(each -> {
          assertThat(each.to().id()).isEqualTo(ZHANG.id());
          assertThat(each.codes()).containsExactly(box);
        });
    assertThat(BOXES.overdueFor(ZHANG)).extracting(Box::code).contains(box);
    assertThat(BOXES.overdueFor(SUN)).isEmpty();

    OPENINGS.seal(ZHANG, IP, opened(box, 0));
    assertThat(BOXES.overdueFor(ZHANG)).extracting(Box::code).doesNotContain(box);
    BUREAU.clock.pass(Duration.ofDays(8));
    remind(QuietHours.NONE, said);
    assertThat(said).as("for the next time").hasSize(2);
  }

  private static void remind(QuietHours quiet, List<Reminder> said) {
    var pace =
        new Errands.Pace(Duration.ofMinutes(15), Duration.ofMinutes(10), quiet, TestClock.ZONE);
    while (BOXES.remindDue(pace, (_, each) -> said.add(each))) {
      // there may be more
    }
  }
}
