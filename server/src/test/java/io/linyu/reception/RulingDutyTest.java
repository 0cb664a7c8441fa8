package io.linyu.reception;

import static org.assertj.core.api.Assertions.assertThat;

import io.linyu.Counter;
import io.linyu.Neighbourhood;
import io.linyu.casework.Case;
import io.linyu.casework.CaseId;
import io.linyu.casework.Returning;
import io.linyu.casework.Ruling;
import io.linyu.community.Staff;
import io.linyu.community.StaffAddresses;
import io.linyu.simulator.wechat.Phone;
import java.util.Objects;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Who is called in their own chat when it is not agreed whose a case is: whoever is named, whoever
/// rules, and then both; and what those read who do not have it any more.
class RulingDutyTest {
  private static final String FIRE = "U11";
  private static final String CITY = "U12";
  private static final String DISTRICT = "U13";

  @AutoClose private static final Neighbourhood TOWN = Neighbourhood.open();
  @AutoClose private static final Counter COUNTER = TOWN.counter();
  private static final StaffAddresses CHATS = TOWN.rooms().community().staffAddresses();

  @Test
  void whoIsNamedWhoRulesAndThenBothAreCalled() {
    COUNTER.hireAt(FIRE, "消防救援机构");
    COUNTER.hireAt(CITY, "城市管理局");
    COUNTER.hireDispatcher(DISTRICT);
    Phone fire = bound("fire", FIRE);
    Phone city = bound("city", CITY);
    Phone district = bound("district", DISTRICT);
    Returning returning = COUNTER.casework.returning();
    Ruling ruling = COUNTER.casework.ruling();

    Case sent = sent("楼道堆了旧门板", CITY);
    Case returned =
        returning.sendBack(
            COUNTER.staff(CITY),
            sent.id(),
            sent.version(),
            Returning.Ground.NOT_OURS,
            desk(FIRE),
            "归消防");
    Case on =
        returning.agree(COUNTER.staff(DISTRICT), returned.id(), returned.version(), desk(FIRE));
    assertThat(city.awaitHeard("你们退的单同意了").text())
        .as("nothing of a case that is not theirs any more")
        .contains(on.number().text(), "这条不用回")
        .doesNotContain("清月园", "门板", on.code(), "null");

    Case waits = ruling.dispute(COUNTER.staff(FIRE), on.id(), on.version(), desk(CITY), "不是消防通道");
    assertThat(city.awaitHeard("请说看法").text())
        .contains(on.number().text(), "/console/cases/" + on.code())
        .doesNotContain("不是消防通道");
    assertThat(city.says("收到").hears()).contains("记下了").doesNotContain("已经接了", "由您接了");
    assertThat(see(waits.id()).deskId()).as("that takes nothing").isEqualTo(desk(FIRE));
    Case viewed = ruling.view(COUNTER.staff(CITY), waits.id(), "是消防通道");
    assertThat(district.awaitHeard("有争议等您裁定").text()).contains("/console/cases/" + on.code());
    Case ruled =
        ruling.rule(
            COUNTER.staff(DISTRICT),
            viewed.id(),
            viewed.version(),
            Objects.requireNonNull(viewed.disputed()).viewNoteId(),
            desk(CITY),
            "按职责归城管",
            "");
    assertThat(fire.awaitHeard("牵头的争议裁定了").text())
        .contains(ruled.number().text(), "这条不用回")
        .doesNotContain("清月园", "门板", on.code(), "null");
    assertThat(city.awaitHeard("牵头的争议裁定了").text())
        .as("it is theirs now")
        .contains("/console/cases/" + on.code());
  }

  private static Phone bound(String name, String code) {
    Phone phone = TOWN.follower("ruling-" + name);
    assertThat(phone.says("工作号 " + CHATS.draw(COUNTER.staff(code).id())).hears()).contains("工作微信");
    return phone;
  }

  /// By the community's desk.
  private static Case sent(String what, String to) {
    Staff zhang = COUNTER.staff(Counter.ZHANG);
    var told = COUNTER.told(COUNTER.resident("王阿姨"), what, "0102", TOWN.clock.instant());
    Case waits = COUNTER.cases.visibleTo(zhang, told.id());
    return COUNTER.casework.handovers().handOn(zhang, told.id(), waits.version(), desk(to), "归他们管");
  }

  private static long desk(String code) {
    String body = code.equals(FIRE) ? "消防救援机构" : "城市管理局";
    return COUNTER
        .community
        .desks()
        .ofBodyNear(body, COUNTER.place("88001001B3"))
        .orElseThrow()
        .id();
  }

  private static Case see(CaseId id) {
    return COUNTER.cases.named(COUNTER.db(), id).orElseThrow();
  }
}
