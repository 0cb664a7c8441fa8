package io.linyu.casework;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linyu.Counter;
import io.linyu.Neighbourhood;
import io.linyu.Plans;
import io.linyu.casework.Shifts.Remark;
import io.linyu.community.Address;
import io.linyu.community.Desk;
import io.linyu.community.DeskOrders;
import io.linyu.community.DeskOrders.Move;
import io.linyu.community.Staff;
import io.linyu.community.audit.Who;
import io.linyu.platform.Refusal;
import io.linyu.simulator.wechat.Phone;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A desk changes its person, and nothing falls between.
class ShiftTest {
  private static final Duration NOT_TAKEN = Duration.ofMinutes(31);

  @AutoClose private static final Neighbourhood TOWN = Neighbourhood.open();
  @AutoClose private static final Counter COUNTER = TOWN.counter();
  private static final Shifts SHIFTS = COUNTER.shifts;
  private static final Address WANG = COUNTER.resident("王阿姨");

  @BeforeEach
  void nobodyHasHandedOver() {
    var _ = TOWN.sql("DELETE FROM shift");
    var _ = TOWN.sql("DELETE FROM shift_draft");
    var _ = TOWN.sql("DELETE FROM staff_address");
    var _ = TOWN.sql("UPDATE staff SET active = true");
    var _ = TOWN.sql("UPDATE errand SET state = 'settled', next_due_at = NULL");
    // What the tests before have left in their hands.
    TOWN.sql(
            "SELECT c.id FROM \"case\" c JOIN staff s ON s.id = c.staff_id WHERE c.closed_at IS NULL AND s.code = '%s'"
                .formatted(Counter.ZHANG))
        .forEach(each -> {
          Case matter =
              COUNTER.cases.named(COUNTER.db(), new CaseId(Long.parseLong(each))).orElseThrow();
          var _ = COUNTER.handling.release(zhang(), matter.id(), matter.version());
        });
  }

  @Test
  void whatSomebodyHasIsTheirsUntilAnotherTakesOver() {
    Case lamp = held("路灯坏了");
    Case gate = held("门禁坏了");
    Case own = held("老问题，我跟到底");
    Shift shift =
        handOver(
            null,
            new Remark(lamp.code(), true, false, "师傅九点来"),
            new Remark(own.code(), false, true, ""));
    assertThat(now(lamp).isHeldBy(zhang().id())).isTrue();
    assertThat(SHIFTS.waitingFor(li())).extracting(Shift::code).containsExactly(shift.code());
    assertThat(SHIFTS.waitingFor(zhang())).isEmpty();
    Case late = held("刚刚又来一件");

    Shifts.Sheet sheet = SHIFTS.sheet(li(), shift.code());
    assertThat(sheet.lines())
        .filteredOn(Shift.Line::starred)
        .extracting(Shift.Line::comment)
        .containsExactly("师傅九点来");
    assertThat(sheet.after()).containsExactly(late.id());

    Shifts.Taken taken = SHIFTS.takeOver(li(), by(li()), shift.code());
    assertThat(taken.passed()).isEqualTo(3);
    assertThat(Stream.of(lamp, gate, late).map(each -> now(each).staffName())).containsOnly("李敏");
    assertThat(now(own).staffName()).isEqualTo("张伟");
    assertThat(history(lamp)).endsWith("交班：张伟 的事由 李敏 接着办");
    assertThat(
            COUNTER
                .events
                .of(COUNTER.db(), CaseEvent.VOCABULARY, lamp.id().value())
                .getLast()
                .event())
        .isInstanceOfSatisfying(
            CaseEvent.Claimed.class, claimed -> assertThat(claimed.shift()).isEqualTo(shift.id()));
    assertThat(COUNTER.events.broken(CaseEvent.VOCABULARY)).isEmpty();
    assertThat(SHIFTS.waitingFor(li())).isEmpty();

    // Pressed once more, it is the same; what one has taken over goes to the desk, not back.
    assertThat(SHIFTS.takeOver(li(), by(li()), shift.code()).shift().takenName()).isEqualTo("李敏");
    Case put = COUNTER.handling.release(li(), lamp.id(), now(lamp).version());
    assertThat(put.staffId()).isNull();
    assertThat(TOWN.sql("SELECT what FROM audit_entry WHERE what LIKE 'shift_%' ORDER BY id"))
        .endsWith("shift_handed_over", "shift_taken_over");
  }

  @Test
  void whatWasWrittenIsHandedOverThoughNothingPressesAnyMore() {
    Case gate = held("大门的锁松了");
    // While they write, a colleague has taken it and answered: it is no reason any more.
    Case put = COUNTER.handling.release(zhang(), gate.id(), now(gate).version());
    Case taken = COUNTER.handling.claim(li(), gate.id(), put.version());
    var _ = COUNTER.handling.answer(li(), gate.id(), taken.version(), "锁紧了");
    assertThat(SHIFTS.gather(zhang(), desk()).lines())
        .extracting(Shift.Line::caseId)
        .doesNotContain(gate.id());

    Shift shift = handOver(null, new Remark(gate.code(), false, false, "备用钥匙在门卫"));

    Shift.Line line = SHIFTS.sheet(li(), shift.code()).lines().getFirst();
    assertThat(line.caseId()).isEqualTo(gate.id());
    assertThat(line.kind()).isEqualTo(Shift.Kind.NOTED);
    assertThat(line.comment()).isEqualTo("备用钥匙在门卫");
    assertThat(SHIFTS.takeOver(li(), by(li()), shift.code()).passed()).isZero();
  }

  @Test
  void whoLeadsAndIsAwayIsNotReminded() {
    Staff street = COUNTER.staff(Counter.WANG);
    var orders = COUNTER.community.deskOrders();
    List<DeskOrders.Member> all = orders.of(COUNTER.db(), desk().id());
    all.forEach(each -> orders.move(street, "127.0.0.1", desk(), each.staffId(), Move.OFF));
    try {
      Shift shift = handOver(null);
      TOWN.clock.pass(NOT_TAKEN);
      TOWN.until(
          "the desk above is told",
          () ->
              TOWN.sql("SELECT staff_id FROM shift_reminder WHERE shift_id = " + shift.id())
                  .equals(List.of(Long.toString(street.id()))));
    } finally {
      all.forEach(each -> orders.move(street, "127.0.0.1", desk(), each.staffId(), Move.ON));
    }
  }

  @Test
  void ofTwoWhoTakeOverAtOnceOneHasIt() throws Exception {
    Staff wang = COUNTER.staff(Counter.WANG);
    COUNTER.community.staff().join(wang, desk());
    Staff there = COUNTER.staff(Counter.WANG);
    List<Case> some = Stream.of("积水一", "积水二", "积水三").map(ShiftTest::held).toList();
    Shift shift = handOver(null);
    var go = new CountDownLatch(1);
    try (var both = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<String>> ends =
          Stream.of(li(), there)
              .map(who ->
                  both.submit(() -> {
                    go.await();
                    try {
                      return String.valueOf(
                          SHIFTS.takeOver(who, by(who), shift.code()).shift().takenName());
                    } catch (Refusal late) {
                      return late.code();
                    }
                  }))
              .toList();
      go.countDown();
      List<String> told = List.of(ends.getFirst().get(), ends.getLast().get());
      String winner = SHIFTS.sheet(zhang(), shift.code()).shift().takenName();
      assertThat(told).containsExactlyInAnyOrder(winner, "shift-taken");
      assertThat(some.stream().map(each -> now(each).staffName())).containsOnly(winner);
    } finally {
      COUNTER.community.staff().leave(there, desk());
    }
  }

  @Test
  void whatWasClosedOrHasGoneElsewhereDoesNotPass() {
    Case closed = held("井盖松了");
    Case moved = held("要街道出面的事");
    Case stays = held("楼道堆物");
    Shift shift = handOver(li().id());
    var _ = COUNTER.finish(zhang(), closed.id(), now(closed).version(), "换好了");
    long street = COUNTER.community.desks().of(COUNTER.staff(Counter.WANG)).getFirst().id();
    var _ = COUNTER.handovers.handOn(zhang(), moved.id(), now(moved).version(), street, "要街道出面");

    var _ = SHIFTS.takeOver(li(), by(li()), shift.code());
    assertThat(now(stays).staffName()).isEqualTo("李敏");
    assertThat(now(closed).staffName()).isEqualTo("张伟");
    assertThat(now(moved).staffId()).isNull();
    assertThat(now(moved).deskId()).isEqualTo(street);
    assertThat(SHIFTS.sheet(li(), shift.code()).entries().get(closed.id()))
        .satisfies(entry -> assertThat(entry.state()).isEqualTo(CaseState.CLOSED));
  }

  @Test
  void itIsTakenBackAMomentLaterButNotWhatWasTouched() {
    Case one = held("水管漏水");
    Case two = held("电梯停了");
    Shift shift = handOver(null);
    var _ = SHIFTS.takeOver(li(), by(li()), shift.code());
    var _ = COUNTER.handling.answer(li(), two.id(), now(two).version(), "我接着办");
    Shift again = SHIFTS.giveBack(li(), by(li()), shift.code());
    assertThat(again.isOffered()).isTrue();
    assertThat(now(one).staffName()).isEqualTo("张伟");
    assertThat(now(two).staffName()).isEqualTo("李敏");
    var _ = SHIFTS.takeOver(li(), by(li()), shift.code());
    assertThat(now(one).staffName()).isEqualTo("李敏");
    TOWN.clock.pass(Duration.ofMinutes(2));
    assertThatThrownBy(() -> SHIFTS.giveBack(li(), by(li()), shift.code()))
        .hasMessageContaining("shift-not-back");
  }

  @Test
  void whoHandsOverTwiceIsAskedFirstAndGoesOnWriting() {
    Case lamp = held("门灯坏了");
    Shift first = handOver(li().id(), new Remark(lamp.code(), true, false, "别忘了"));
    assertThatThrownBy(() -> handOver(null)).hasMessageContaining("shift-waits");
    assertThatThrownBy(() -> SHIFTS.takeOver(zhang(), by(zhang()), first.code()))
        .hasMessageContaining("shift-own");
    var _ = SHIFTS.withdraw(zhang(), by(zhang()), first.code());
    assertThatThrownBy(() -> SHIFTS.takeOver(li(), by(li()), first.code()))
        .hasMessageContaining("shift-withdrawn");
    Shifts.Gathering again = SHIFTS.gather(zhang(), desk());
    assertThat(again.note()).isEqualTo("都在这里");
    assertThat(again.to()).isEqualTo(li().id());
    assertThat(again.lines())
        .filteredOn(Shift.Line::starred)
        .extracting(Shift.Line::comment)
        .containsExactly("别忘了");
    assertThat(handOver(null).code()).isNotEqualTo(first.code());
    assertThat(SHIFTS.history(zhang(), desk(), Long.MAX_VALUE)).hasSize(2);
  }

  @Test
  void whoeverIsThereTakesOverWhereTheChosenOneIsGone() {
    Staff sun = COUNTER.staff(Counter.SUN);
    assertThatThrownBy(() -> handOver(sun.id())).hasMessageContaining("shift-not-there");
    COUNTER.community.staff().join(sun, desk());
    Staff there = COUNTER.staff(Counter.SUN);
    Shift shift = handOver(there.id());
    assertThat(SHIFTS.waitingFor(li())).as("somebody else was chosen").isEmpty();
    assertThat(SHIFTS.waitingFor(there)).hasSize(1);
    // Away, whom the desk does not call meanwhile; and back.
    var order = COUNTER.community.deskOrders();
    order.move(li(), "127.0.0.1", desk(), there.id(), DeskOrders.Move.OFF);
    assertThat(SHIFTS.waitingFor(li())).hasSize(1);
    order.move(li(), "127.0.0.1", desk(), there.id(), DeskOrders.Move.ON);
    assertThat(SHIFTS.waitingFor(li())).isEmpty();
    var _ = TOWN.sql("UPDATE staff SET active = false WHERE code = '" + Counter.SUN + "'");
    assertThat(SHIFTS.waitingFor(li())).hasSize(1);
    assertThat(SHIFTS.takeOver(li(), by(li()), shift.code()).shift().takenName()).isEqualTo("李敏");
    var _ = TOWN.sql("UPDATE staff SET active = true WHERE code = '" + Counter.SUN + "'");
    COUNTER.community.staff().leave(there, desk());
  }

  @Test
  void whoLeadsTheDeskIsRemindedWhenNobodyComes() {
    Phone phone = TOWN.follower("lead-li");
    assertThat(phone.says("工作号 " + COUNTER.community.staffAddresses().draw(li().id())).hears())
        .contains("工作微信");
    Case lamp = held("景观灯不亮");
    Shift shift = handOver(null);
    TOWN.clock.pass(NOT_TAKEN);
    assertThat(phone.awaitHeard("没有人接").text())
        .contains("清月园社区", "张伟", "/console/handover/shifts/" + shift.code())
        .doesNotContain("景观灯", "王阿姨");
    assertThat(now(lamp).staffName()).as("nothing falls between").isEqualTo("张伟");
    assertThat(TOWN.sql("SELECT count(*) FROM shift_reminder WHERE told_at IS NOT NULL"))
        .containsExactly("1");
    // Once for each who leads.
    TOWN.clock.pass(NOT_TAKEN);
    TOWN.until(
        "nobody is left to be reminded",
        () -> TOWN.sqlOne("SELECT next_due_at IS NULL FROM shift").equals("t"));
    assertThat(TOWN.sql("SELECT count(*) FROM shift_reminder WHERE told_at IS NOT NULL"))
        .containsExactly("1");
  }

  @Test
  void itIsOfTheDeskAndOfThoseWhoLeadIt() {
    Shift shift = handOver(null);
    Staff next = COUNTER.staff(Counter.SUN);
    assertThatThrownBy(() -> SHIFTS.sheet(next, shift.code())).hasMessageContaining("not-found");
    assertThatThrownBy(() -> SHIFTS.history(next, desk(), Long.MAX_VALUE))
        .hasMessageContaining("not-found");
    assertThatThrownBy(() -> SHIFTS.say(next, shift.code(), "？")).hasMessageContaining("not-found");
    assertThatThrownBy(() -> SHIFTS.gather(next, desk())).hasMessageContaining("not-found");
    // The street leads it, may read and ask, and has nothing passed to it.
    Staff street = COUNTER.staff(Counter.WANG);
    assertThat(SHIFTS.sheet(street, shift.code()).shift().note()).isEqualTo("都在这里");
    assertThatThrownBy(() -> SHIFTS.takeOver(street, by(street), shift.code()))
        .hasMessageContaining("case-not-your-desk");
  }

  @Test
  void manyPassInParts() {
    TOWN.clock.pass(Duration.ofSeconds(1));
    List<Case> some =
        Stream.iterate(1, each -> each + 1).limit(105).map(each -> held("报修" + each)).toList();
    Shift shift = handOver(null);
    int passed = SHIFTS.takeOver(li(), by(li()), shift.code()).passed();
    assertThat(passed).isGreaterThanOrEqualTo(105);
    assertThat(some.stream().map(each -> now(each).staffName())).containsOnly("李敏");
    assertThat(TOWN.sqlOne("SELECT next_due_at IS NULL FROM shift")).isEqualTo("t");
  }

  @Test
  void yearsOfHandOversAreReadOffTheirIndexes() {
    Shift shift = handOver(null);
    COUNTER
        .db()
        .withinTransaction(tx -> {
          tx.execute(
              """
              INSERT INTO shift (code, desk_id, from_id, note, state, handed_at, ended_at)
              SELECT 'past-' || n, $1, $2, '', 'withdrawn', now(), now() FROM generate_series(1, 5000) n
              """,
              desk().id(),
              zhang().id());
          tx.execute("ANALYZE shift");
          var plans = new Plans(tx, 3L * Shifts.PAGE, Set.of("shift"));
          var store = new ShiftStore();
          assertThat(store.waiting(plans, li(), 10))
              .extracting(Shift::code)
              .containsExactly(shift.code());
          assertThat(store.offeredAt(plans, desk().id(), 10)).hasSize(1);
          assertThat(store.offered(plans, desk().id(), zhang().id())).isPresent();
          assertThat(store.ofDesk(plans, desk().id(), Long.MAX_VALUE, Shifts.PAGE))
              .hasSize(Shifts.PAGE);
          assertThat(store.byCode(plans, shift.code())).isPresent();
          assertThat(plans.complaints()).isEmpty();
        });
  }

  // What they have.

  private static Case held(String what) {
    Opened told = COUNTER.told(WANG, what, "0102", TOWN.clock.instant());
    return COUNTER.handling.claim(zhang(), told.id(), 1);
  }

  private static Shift handOver(@Nullable Long to, Remark... remarks) {
    return SHIFTS.handOver(zhang(), by(zhang()), desk(), to, "都在这里", List.of(remarks));
  }

  private static Case now(Case matter) {
    return COUNTER.cases.named(COUNTER.db(), matter.id()).orElseThrow();
  }

  private static List<String> history(Case matter) {
    return COUNTER.cases.history(li(), matter.id()).stream().map(Line::sentence).toList();
  }

  private static Staff zhang() {
    return COUNTER.staff(Counter.ZHANG);
  }

  private static Staff li() {
    return COUNTER.staff(Counter.LI);
  }

  private static Desk desk() {
    return COUNTER.community.desks().of(zhang()).getFirst();
  }

  private static Who by(Staff staff) {
    return Who.staff(staff.id(), "127.0.0.1");
  }
}
