package io.linyu.reception;

import static org.assertj.core.api.Assertions.assertThat;

import io.linyu.Counter;
import io.linyu.Neighbourhood;
import io.linyu.casework.Case;
import io.linyu.casework.Part;
import io.linyu.casework.Parts;
import io.linyu.community.Desk;
import io.linyu.community.Staff;
import io.linyu.community.StaffAddresses;
import io.linyu.simulator.wechat.Phone;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Whoever is asked to do a part of a case is called in their own chat, and answers there; whoever
/// leads hears it.
class PartDutyTest {
  private static final String FIRE = "U11";

  @AutoClose private static final Neighbourhood TOWN = Neighbourhood.open();
  @AutoClose private static final Counter COUNTER = TOWN.counter();
  private static final StaffAddresses CHATS = TOWN.rooms().community().staffAddresses();

  @Test
  void whoIsAskedSignsAndAnswersInAChatAndWhoLeadsHearsIt() {
    String name = COUNTER.hireAt(FIRE, "消防救援机构");
    Phone fire = bound("fire", FIRE);
    Phone zhang = bound("lead", Counter.ZHANG);
    Case mine = taken("楼道堆满了，找王阿姨", false);
    Parts.Asked asked = ask(mine, "请来看消防通道");

    String call = fire.awaitHeard("请你们会办").text();
    assertThat(call)
        .contains(mine.number().text(), "清月园社区3栋", "/console/parts/" + asked.codes().getFirst())
        .doesNotContain("王阿姨", "看消防通道");
    assertThat(fire.says("收到").hears()).contains("签收了").doesNotContain("居民会看到");
    assertThat(part(mine).staffName()).isEqualTo("水清");
    assertThat(fire.says("办结 通道清出来了").hears())
        .contains("我要答复", "写的是：“通道清出来了”")
        .doesNotContain("反馈");
    assertThat(part(mine).isOpen()).isTrue();
    assertThat(fire.says("1").hears()).contains("会办答复了");
    assertThat(part(mine).reply()).isEqualTo("通道清出来了");
    assertThat(COUNTER.cases.named(COUNTER.db(), mine.id()).orElseThrow().isHeldBy(zhang().id()))
        .as("the case is where it was")
        .isTrue();
    assertThat(zhang.awaitHeard("会办有回话了").text())
        .contains(mine.number().text(), "/console/cases/" + mine.code(), "这条不用回")
        .doesNotContain("收到");
    assertThat(zhang.says("待办").hears()).as("news").doesNotContain("会办有回话了");

    // In confidence: neither what nor where.
    Case quiet = taken("楼上天天打孩子", true);
    Parts.Asked secret = ask(quiet, "请一起上门");
    assertThat(fire.awaitHeard(quiet.number().text()).text())
        .contains("/console/parts/" + secret.codes().getFirst())
        .doesNotContain("清月园", "堆", "null");
    COUNTER.casework.parts().sign(COUNTER.staff(FIRE), secret.codes().getFirst());
    COUNTER.casework.parts().cancel(zhang(), quiet.id(), secret.codes());
    assertThat(fire.awaitHeard("会办不用办了").text()).contains("这条不用回");
    assertThat(COUNTER.cases.history(zhang(), mine.id()))
        .anyMatch(each -> each.sentence().equals("水清 答复了会办（" + name + "）"));
  }

  private static Phone bound(String name, String code) {
    Phone phone = TOWN.follower("part-" + name);
    assertThat(phone.says("工作号 " + CHATS.draw(COUNTER.staff(code).id())).hears()).contains("工作微信");
    return phone;
  }

  private static Staff zhang() {
    return COUNTER.staff(Counter.ZHANG);
  }

  private static Case taken(String what, boolean confidential) {
    var told = COUNTER.told(COUNTER.resident("王阿姨"), what, "0102", TOWN.clock.instant());
    if (confidential) {
      var _ = TOWN.sql("UPDATE \"case\" SET confidential = true WHERE id = " + told.id().value());
    }
    Case waits = COUNTER.cases.visibleTo(zhang(), told.id());
    return COUNTER.handling.claim(zhang(), told.id(), waits.version());
  }

  private static Parts.Asked ask(Case matter, String what) {
    Desk desk =
        COUNTER.community.desks().ofBodyNear("消防救援机构", COUNTER.place("88001001B3")).orElseThrow();
    LocalDate day = COUNTER.casework.parts().lastDay(matter);
    return COUNTER
        .casework
        .parts()
        .ask(zhang(), matter.id(), List.of(desk.id()), Objects.requireNonNull(day), what, false);
  }

  private static Part part(Case matter) {
    return COUNTER.casework.parts().of(zhang(), matter.id()).getLast();
  }
}
