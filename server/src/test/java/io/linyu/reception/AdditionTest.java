package io.linyu.reception;

import static org.assertj.core.api.Assertions.assertThat;

import io.linyu.Counter;
import io.linyu.Neighbourhood;
import io.linyu.Samples;
import io.linyu.casework.Case;
import io.linyu.casework.CaseId;
import io.linyu.casework.CaseNumber;
import io.linyu.casework.Inbox;
import io.linyu.community.Staff;
import io.linyu.simulator.wechat.Phone;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// A case is found by what the resident said of it later, as long as that is not erased.
class AdditionTest {
  @AutoClose private static final Neighbourhood TOWN = Neighbourhood.open();
  @AutoClose private static final Counter COUNTER = TOWN.counter();
  private static final Inbox INBOX = TOWN.rooms().casework().inbox();

  @Test
  void whatWasAddedIsFoundHoweverItWasAddedAndNotWhenItIsErased() {
    Phone wang = TOWN.follower("wang").scan("bld:" + COUNTER.place("88001001B3").code());
    wang.says("楼道灯坏了").says("对");
    String number = TOWN.sqlOne("SELECT number FROM \"case\"");
    // To the bot.
    wang.says("补充 " + number + " 单元门也歪歪斜斜");
    isFound("歪歪斜斜", number);
    assertThat(found(Counter.SUN, "歪歪斜斜")).as("next door").isEmpty();

    // To whoever has the conversation: typed, and said.
    Staff zhang = COUNTER.staff(Counter.ZHANG);
    CaseId id = new CaseId(Long.parseLong(TOWN.sqlOne("SELECT id FROM \"case\"")));
    Case taken = COUNTER.handling.claim(zhang, id, COUNTER.cases.visibleTo(zhang, id).version());
    var _ = COUNTER.handling.answer(zhang, id, taken.version(), "师傅在路上");
    wang.awaitHeard("师傅在路上");
    wang.says("钥匙寄在传达室");
    wang.voice(Samples.amr(3));
    isFound("传达室", number);
    TOWN.until(
        "the voice waits to be heard",
        () -> !TOWN.rooms().reception().hearings().waitingFor(zhang, null, 5).isEmpty());
    List<Hearings.Waiting> voices = TOWN.rooms().reception().hearings().waitingFor(zhang, null, 5);
    var _ =
        TOWN.rooms()
            .reception()
            .hearings()
            .hear(zhang, List.of(new Hearings.Typed(voices.getFirst().id(), "梯子在车棚后头")));
    isFound("车棚后头", number);

    // The release before, which runs beside during an upgrade, leaves it out.
    var _ = TOWN.sql("UPDATE case_words SET words = replace(words, '传达室', '')");
    isFound("传达室", number);

    // Erased one by one, whoever does it.
    var _ =
        TOWN.sql(
            "UPDATE message SET content = '"
                + PersonalTables.ERASED
                + "' WHERE content ->> 'text' LIKE '%歪歪斜斜%'");
    assertThat(found(Counter.ZHANG, "歪歪斜斜")).as("from that moment on").isEmpty();
    isFound("传达室", number);
    assertThat(found(Counter.ZHANG, "歪歪斜斜")).as("when it was written anew").isEmpty();
    isFound("车棚后头", number);
    var _ = TOWN.sql("DELETE FROM hearing");
    assertThat(found(Counter.ZHANG, "车棚后头")).isEmpty();
    isFound("楼道灯", number);
    isFound("传达室", number);
    assertThat(found(Counter.ZHANG, "车棚后头")).isEmpty();
  }

  private static void isFound(String typed, String number) {
    TOWN.until(
        typed + " is found",
        () -> found(Counter.ZHANG, typed).equals(CaseNumber.parse(number).stream().toList()));
  }

  private static List<CaseNumber> found(String who, String typed) {
    return INBOX.page(COUNTER.staff(who), Inbox.View.ALL_OPEN, typed, null, 20).entries().stream()
        .map(Inbox.Entry::number)
        .toList();
  }
}
