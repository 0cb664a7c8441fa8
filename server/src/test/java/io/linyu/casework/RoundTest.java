package io.linyu.casework;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linyu.TestClock;
import io.linyu.World;
import io.linyu.casework.Round.Door;
import io.linyu.casework.Round.Purpose;
import io.linyu.casework.Round.State;
import io.linyu.casework.Rounds.Outcomes;
import io.linyu.casework.Rounds.Wanted;
import io.linyu.casework.Spoken.Teller;
import io.linyu.casework.Spoken.Told;
import io.linyu.community.Staff;
import io.linyu.platform.Refusal;
import io.linyu.platform.auth.Vault;
import io.linyu.platform.text.Codes;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// From door to door: what is asked of a household, and what is not.
class RoundTest {
  @AutoClose private static final Bureau BUREAU = new Bureau();
  private static final Rounds ROUNDS = BUREAU.casework.rounds();
  private static final Staff ZHANG = staff("张", "community_deputy", "C1");
  private static final Staff GRID = staff("格", "grid_worker", "C1G1");
  private static final Staff SUN = staff("孙", "community_deputy", "C2");

  static {
    BUREAU
        .casework
        .spoken()
        .start(new Vault(World.settings().secretsKey()), (_, _) -> Optional.empty());
  }

  private static Staff staff(String name, String role, String where) {
    Staff staff = BUREAU.staff(name, role, where);
    BUREAU.community.staff().setPasswordHash(staff.code(), "x");
    return staff;
  }

  private static Wanted wanted(@Nullable String place, String lines, int units, int floors) {
    return new Wanted(
        place == null ? null : BUREAU.place(place).id(),
        Purpose.SAFETY,
        LocalDate.ofInstant(BUREAU.clock.instant(), TestClock.ZONE).plusDays(3),
        GRID.id(),
        lines,
        units,
        floors,
        2);
  }

  private static void assertRefused(String code, ThrowingCallable what) {
    assertThatThrownBy(what)
        .isInstanceOfSatisfying(
            Refusal.class, refused -> assertThat(refused.code()).isEqualTo(code));
  }

  private static Door door(String code, int nth) {
    return ROUNDS.visibleTo(GRID, code).nth(nth).orElseThrow();
  }

  @Test
  void isMadeByWhoLeadsOfDoorsThatAreNumberedOrWritten() {
    String code = ROUNDS.make(ZHANG, wanted("C1L03", "", 2, 2));
    assertThat(ROUNDS.visibleTo(GRID, code).doors())
        .extracting(Door::label)
        .containsExactly(
            "1单元201", "1单元202", "1单元101", "1单元102", "2单元201", "2单元202", "2单元101", "2单元102");
    String written = ROUNDS.make(ZHANG, wanted(null, " 3栋101 \n\n门面房2号\n3栋101", 9, 9));
    assertThat(ROUNDS.visibleTo(GRID, written).doors())
        .extracting(Door::label)
        .containsExactly("3栋101", "门面房2号");
    assertRefused("round-not-yours", () -> ROUNDS.make(GRID, wanted("C1L03", "", 1, 1)));
    assertRefused("territory-unknown", () -> ROUNDS.make(ZHANG, wanted("C2Z1", "", 1, 1)));
    assertRefused("round-doors-missing", () -> ROUNDS.make(ZHANG, wanted("C1L03", "", 1, 0)));
    assertRefused("round-doors-many", () -> ROUNDS.make(ZHANG, wanted("C1L03", "", 30, 60)));
    assertRefused(
        "round-door-wrong", () -> ROUNDS.make(ZHANG, wanted("C1L03", "101 12000000104", 0, 0)));
    assertRefused("not-found", () -> ROUNDS.visibleTo(SUN, code));
    assertThat(ROUNDS.visibleTo(SUN, Long.MAX_VALUE)).isEmpty();
    assertThat(ROUNDS.visibleTo(GRID, Long.MAX_VALUE))
        .extracting(each -> each.round().code())
        .contains(code, written);
  }

  @Test
  void nobodyIsAskedWhyTheyDoNotTalkAndWhoIsNotThereIsGoneToOnceMore() {
    String code = ROUNDS.make(ZHANG, wanted("C1L03", "101\n102\n103", 0, 0));
    ROUNDS.visit(GRID, code, 1, State.ATTEMPTED, "好像有人");
    ROUNDS.visit(GRID, code, 1, State.ATTEMPTED, "");
    assertThat(door(code, 1).absent()).as("pressed twice").isEqualTo(1);
    assertThat(door(code, 1).note()).isNull();
    assertThat(ROUNDS.visibleTo(GRID, code).next().orElseThrow().nth()).isEqualTo(2);
    ROUNDS.visit(GRID, code, 2, State.REFUSED, "脾气大");
    assertThat(door(code, 2).note()).as("nobody writes why").isNull();
    assertThatThrownBy(() ->
            BUREAU.db.execute(
                "UPDATE visit_door SET note = '脾气大' WHERE id = $1", door(code, 2).id()))
        .hasMessageContaining("check");
    assertRefused(
        "round-note-number", () -> ROUNDS.visit(GRID, code, 3, State.DONE, "电话 120-0000-0104"));
    ROUNDS.visit(GRID, code, 3, State.DONE, "灶台软管老化");
    assertThat(ROUNDS.visibleTo(ZHANG, code).next().orElseThrow().nth())
        .as("once more, after all others")
        .isEqualTo(1);
    BUREAU.clock.pass(Duration.ofHours(3));
    ROUNDS.visit(GRID, code, 1, State.ATTEMPTED, "");
    assertThat(ROUNDS.visibleTo(GRID, code).next()).isEmpty();
    ROUNDS.visit(GRID, code, 2, State.TASKED, "");
    assertThat(door(code, 2).at()).as("taken back").isNull();

    ROUNDS.end(GRID, code, true);
    assertRefused("round-over", () -> ROUNDS.visit(GRID, code, 2, State.DONE, ""));
    assertRefused("not-found", () -> ROUNDS.end(SUN, code, false));
    ROUNDS.end(ZHANG, code, false);
    ROUNDS.visit(GRID, code, 2, State.DONE, "");
    assertThat(
            BUREAU.events.of(BUREAU.db, RoundEvent.VOCABULARY, ROUNDS.visibleTo(ZHANG, code).id()))
        .extracting(each -> each.event().getClass().getSimpleName())
        .startsWith("Made", "Visited")
        .contains("Ended");
  }

  @Test
  void whatTheyTellIsACaseAndWhereItWasIsForgottenAfterAYear() {
    String code = ROUNDS.make(ZHANG, wanted("C1L03", "101\n102", 0, 0));
    var told =
        new Told(
            Way.VISIT,
            "楼道灯不亮了",
            "3栋101",
            BUREAU.place("C1L03").id(),
            null,
            false,
            null,
            new Teller(null, null, null, false),
            List.of());
    Case matter =
        BUREAU
            .casework
            .spoken()
            .file(
                GRID,
                new Sending(Codes.random()),
                told,
                false,
                (tx, id, _) -> ROUNDS.followUp(tx, GRID, code, 1, id));
    assertThat(door(code, 1).state()).as("they have opened").isEqualTo(State.DONE);
    assertThat(door(code, 1).cases()).containsExactly(matter.number().text());
    ROUNDS.visit(GRID, code, 2, State.DONE, "好");
    // What was told counts more than the round: it is not refused where that is over or another's.
    ROUNDS.end(GRID, code, true);
    ROUNDS.followUp(GRID, code, 2, matter.id());
    assertThat(door(code, 2).cases()).containsExactly(matter.number().text());
    ROUNDS.followUp(SUN, code, 2, matter.id());
    ROUNDS.followUp(GRID, "nowhere", 1, matter.id());

    BUREAU.clock.pass(Duration.ofDays(370));
    while (ROUNDS.forgetDue()) {
      // there may be more
    }
    assertThat(ROUNDS.visibleTo(GRID, code).doors())
        .allSatisfy(each -> {
          assertThat(each.label()).isEmpty();
          assertThat(each.note()).isNull();
          assertThat(each.state()).isEqualTo(State.DONE);
        });
  }

  @Test
  void eachDoorCountsOnceInATime() {
    Instant from = BUREAU.clock.instant().plus(Duration.ofDays(900));
    BUREAU.clock.pass(Duration.ofDays(901));
    String first = ROUNDS.make(ZHANG, wanted("C1L03", "501\n502\n503", 0, 0));
    ROUNDS.visit(GRID, first, 1, State.REFUSED, "");
    ROUNDS.visit(GRID, first, 2, State.DONE, "");
    ROUNDS.visit(GRID, first, 3, State.ATTEMPTED, "");
    String second = ROUNDS.make(ZHANG, wanted("C1L03", "501\n502", 0, 0));
    BUREAU.clock.pass(Duration.ofDays(1));
    ROUNDS.visit(GRID, second, 1, State.DONE, "");
    ROUNDS.visit(GRID, second, 2, State.ATTEMPTED, "");
    Instant to = requireNonNull(BUREAU.clock.instant()).plusSeconds(1);
    assertThat(ROUNDS.outcomes(BUREAU.place("C1"), from, to)).isEqualTo(new Outcomes(2, 0, 1));
    assertThat(ROUNDS.outcomes(BUREAU.place("C2"), from, to)).isEqualTo(new Outcomes(0, 0, 0));
    assertThat(ROUNDS.outcomes(BUREAU.place("C1"), from, to.minus(Duration.ofHours(12))))
        .isEqualTo(new Outcomes(1, 1, 1));
  }
}
