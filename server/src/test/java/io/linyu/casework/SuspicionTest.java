package io.linyu.casework;

import static io.linyu.casework.Bureau.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linyu.casework.CaseClock.Kind;
import io.linyu.casework.Cases.Step;
import io.linyu.community.Level;
import io.linyu.community.Staff;
import io.linyu.community.StaffName;
import io.linyu.platform.Refusal;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What seems to complain about a member of staff by name.
class SuspicionTest {
  @AutoClose private static final Bureau BUREAU = new Bureau();
  private static final Suspicions SUSPICIONS = BUREAU.casework.suspicions();

  private static final Staff REN = BUREAU.staff("任", "community_deputy", "C1");
  private static final Staff LAN = BUREAU.staff("卫兰心", "community_deputy", "C1");
  private static final Staff SOLE = BUREAU.staff("邱小满", "community_deputy", "C2");
  private static final Staff FANG = BUREAU.staff("王芳", "grid_worker", "C1G1");
  private static final Staff WEI = BUREAU.staff("韦安平", "street_dispatcher", "S1");
  private static final Staff ZHANG = BUREAU.staff("章", "district_dispatcher", "D");

  private static final List<StaffName> NEARBY =
      List.of(
          new StaffName(1, "U00211", "王芳", "grid_worker", 1),
          new StaffName(2, "U00212", "赵玉兰", "building_head", 1),
          new StaffName(3, "U00213", "陈守信", "community_deputy", 1),
          new StaffName(4, "U00214", "高兴", "grid_worker", 1),
          new StaffName(5, "U00215", "欧阳清", "info_officer", 1),
          new StaffName(6, "U00216", "王建国", "grid_worker", 1));

  @BeforeEach
  void itIsThursdayTenOClock() {
    BUREAU.clock.set("2026-03-12T10:00");
  }

  @Test
  void itIsKeptFromThemUntilSomebodyAboveHasLookedAndThenGoesWhereItBelongs() {
    Case told = open("楼道里堆了沙发，网格员王芳一直不管，态度很差", "0102");
    assertThat(told.state()).isEqualTo(CaseState.REPORTED);
    assertThat(told.confidential()).isTrue();
    assertThat(told.level()).isEqualTo(Level.STREET);
    assertThat(WEI.worksAt(told.deskId())).isTrue();
    assertThat(told.accused().suspected()).isEqualTo("王芳");
    for (Staff each : List.of(REN, FANG)) {
      assertThat(BUREAU.cases.isVisibleTo(BUREAU.db, each, told.id()))
          .as("%s does not see it", each.name())
          .isFalse();
    }
    assertThat(BUREAU.cases.stepsFor(WEI, told))
        .contains(Step.JUDGE, Step.ANSWER, Step.NOTE)
        .doesNotContain(
            Step.CLAIM,
            Step.HAND_ON,
            Step.SET_CATEGORY,
            Step.SET_TERRITORY,
            Step.REJECT,
            Step.MERGE,
            Step.SPLIT);
    assertRefused("case-suspected", () -> BUREAU.handling.claim(WEI, told.id(), told.version()));
    assertRefused("case-not-your-desk", () -> SUSPICIONS.lift(ZHANG, told.id(), 1, ""));

    BUREAU.clock.set("2026-03-12T10:30");
    Case lifted = SUSPICIONS.lift(WEI, told.id(), told.version(), "");
    assertThat(lifted.state()).isEqualTo(CaseState.DISPATCHED);
    assertThat(lifted.categoryCode()).isEqualTo("0102");
    assertThat(lifted.confidential()).isFalse();
    assertThat(lifted.level()).isEqualTo(Level.COMMUNITY);
    assertThat(lifted.accused().isNamed()).isFalse();
    assertThat(REN.worksAt(lifted.deskId())).isTrue();
    assertThat(BUREAU.cases.isVisibleTo(BUREAU.db, REN, lifted.id())).isTrue();
    assertThat(clock(lifted, Kind.HANDLING).startedAt())
        .as("the resident's clock has run all the time")
        .isEqualTo(at("2026-03-12T10:00"));
    assertThat(BUREAU.cases.told(lifted.id(), "zh"))
        .extracting(Line::sentence)
        .contains("韦安平 看过，照常办")
        .noneMatch(each -> each.contains("王芳") || each.contains("反映工作人员"));
    assertRefused("case-step", () -> SUSPICIONS.lift(WEI, told.id(), lifted.version(), ""));
  }

  @Test
  void confirmedItIsHandledAsAComplaintAboutThem() {
    Case told = open("楼道里堆了沙发，投诉网格员王芳骂人", "0102");
    Case mine = SUSPICIONS.confirm(WEI, told.id(), told.version(), "电话里问过，是投诉");
    assertThat(mine.categoryCode()).isEqualTo("1205");
    assertThat(mine.accused().isSuspected()).isFalse();
    assertThat(mine.accused().staffId()).isEqualTo(FANG.id());
    assertThat(mine.confidential()).isTrue();
    assertThat(mine.state()).isEqualTo(CaseState.DISPATCHED);
    assertThat(BUREAU.cases.isVisibleTo(BUREAU.db, REN, mine.id())).isFalse();
    assertThat(BUREAU.cases.notes(ZHANG, mine.id())).extracting(Note::text).contains("电话里问过，是投诉");
  }

  /// Who is named and is the neighbour sees nothing of it from the first moment, nor afterwards.
  @Test
  void theNeighbourWhoIsNamedAndWorksHereNeverSeesIt() {
    Case told = open("楼上卫兰心天天半夜吵，态度恶劣，找她也不理", "0701");
    assertThat(told.accused().staffId()).isEqualTo(LAN.id());
    assertThat(sees(LAN, told)).isFalse();
    assertThat(sees(REN, told)).as("nor their unit, before somebody has looked").isFalse();
    Case kept = SUSPICIONS.keepFromNeighbour(WEI, told.id(), told.version(), "是楼上邻居");
    assertThat(kept.state()).isEqualTo(CaseState.DISPATCHED);
    assertThat(kept.categoryCode()).isEqualTo("0701");
    assertThat(kept.confidential()).isTrue();
    assertThat(kept.accused().isSuspected()).isFalse();
    assertThat(kept.accused().staffId()).isEqualTo(LAN.id());
    assertThat(REN.worksAt(kept.deskId())).as("it is with its own desk").isTrue();
    assertThat(LAN.worksAt(kept.deskId())).isTrue();
    assertThat(sees(REN, kept)).isTrue();
    assertThat(sees(LAN, kept)).isFalse();
    assertThat(BUREAU.cases.told(kept.id(), "zh"))
        .extracting(Line::sentence)
        .contains("韦安平 看过，照常办", "韦安平 写明反映的是 卫兰心");
    assertThat(BUREAU.events.broken(CaseEvent.VOCABULARY)).isEmpty();

    Case other = open("网格员王芳态度恶劣，楼道堆物也没人管", "0102");
    assertRefused(
        "suspicion-no-neighbour",
        () -> SUSPICIONS.keepFromNeighbour(WEI, other.id(), other.version(), "是邻居"));
    assertThat(BUREAU.cases.named(BUREAU.db, other.id()).orElseThrow())
        .as("nothing of it is done")
        .isEqualTo(other);
  }

  /// Where nobody else works at the desk it would wait at, it waits above.
  @Test
  void whereTheNeighbourWorksAloneItWaitsAbove() {
    NewCase draft = BUREAU.told("楼上邱小满天天半夜吵，态度恶劣", "0701", "C2Z1", true, false);
    Case told = BUREAU.cases.named(BUREAU.db, BUREAU.open(draft).id()).orElseThrow();
    assertThat(told.accused().staffId()).isEqualTo(SOLE.id());
    Case kept = SUSPICIONS.keepFromNeighbour(WEI, told.id(), told.version(), "");
    assertThat(kept.state()).isEqualTo(CaseState.REPORTED);
    assertThat(SOLE.worksAt(kept.deskId())).isFalse();
    assertThat(WEI.worksAt(kept.deskId())).isTrue();
    assertThat(sees(SOLE, kept)).isFalse();
    assertThat(sees(WEI, kept)).isTrue();
  }

  private static boolean sees(Staff who, Case matter) {
    return BUREAU.cases.isVisibleTo(BUREAU.db, who, matter.id());
  }

  @Test
  void ofTheStreetsOwnPeopleTheDistrictHears() {
    Case told = open("韦安平吃拿卡要，楼道堆物也没人清", "0102");
    assertThat(ZHANG.worksAt(told.deskId())).isTrue();
    assertThat(BUREAU.cases.isVisibleTo(BUREAU.db, WEI, told.id())).isFalse();
    // Of what is a complaint about staff by its kind it is known at once whom it is about.
    Case known = open("韦安平推诿", "1205");
    assertThat(known.accused().staffId()).isEqualTo(WEI.id());
    assertThat(known.accused().isSuspected()).isFalse();
    assertThat(BUREAU.cases.told(known.id(), "zh"))
        .extracting(Line::sentence)
        .contains("话里写明了反映谁，本人和他那一级看不到");
    assertThat(known.state()).isEqualTo(CaseState.DISPATCHED);
    // What is critical waits for nobody's judgement.
    Case gas = open("家里有煤气味，网格员王芳不接电话", "0303");
    assertThat(gas.urgency()).isGreaterThanOrEqualTo(Urgency.CRITICAL);
    assertThat(gas.accused().isSuspected()).isFalse();
    assertThat(gas.state()).isEqualTo(CaseState.DISPATCHED);
    // What nobody knows yet waits again where it would have waited.
    Case vague = open("反映个事，网格员小王不接电话", null);
    assertThat(vague.accused().suspected()).isNotNull();
    Case lifted = SUSPICIONS.lift(WEI, vague.id(), vague.version(), "说的是物业的人");
    assertThat(lifted.state()).isEqualTo(CaseState.REPORTED);
    assertThat(REN.worksAt(lifted.deskId())).isTrue();
    assertThat(lifted.confidential()).isFalse();
  }

  @Test
  void thanksAndOthersRaiseNone() {
    for (String each :
        List.of(
            "网格员王芳态度很差",
            "我要投诉赵玉兰",
            "王芳在楼道里骂我",
            "网格员王某推诿了三次",
            "陈主任拍桌子骂我",
            "姓陈的那个主任，态度极其恶劣",
            "社工欧阳某说话很难听",
            "楼道灯坏了三个月，网格员小王一直不管",
            "U00212 这个账号的人收了红包",
            "我投诉楼上太吵，赵玉兰包庇楼上")) {
      assertThat(Complaint.about(each, NEARBY)).as(each).isPresent();
    }
    assertThat(Complaint.about("网格员小王一直不管", NEARBY).orElseThrow().who())
        .as("there are two")
        .isNull();
    for (String each :
        List.of(
            "感谢网格员王芳",
            "感谢网格员王某，帮我把灯修好了",
            "网格员王芳态度特别好，要表扬",
            "网格员王芳说物业不管",
            "网格员王芳来过了，物业态度差",
            "王主任您好，楼上天天吵，邻居骂人",
            "投诉物业乱收费，赵玉兰也知道",
            "赵玉兰很负责任，就是开发商踢皮球",
            "楼下商家骂人。网格员王芳劝过",
            "大家都高兴，可惜垃圾不处理",
            "今天不高兴，楼道灯没人管，真是不作为",
            "工作人员严重不作为",
            "U002123 的快递不接电话",
            "楼道灯坏了，没人管")) {
      assertThat(Complaint.about(each, NEARBY)).as(each).isEmpty();
    }
  }

  private static Case open(String what, @Nullable String category) {
    return BUREAU
        .cases
        .named(BUREAU.db, BUREAU.open(BUREAU.told(what, category)).id())
        .orElseThrow();
  }

  private static CaseClock clock(Case matter, Kind kind) {
    return new ClockStore()
        .clocks(BUREAU.db, matter.id()).stream()
            .filter(each -> each.kind() == kind)
            .findFirst()
            .orElseThrow();
  }

  private static void assertRefused(String code, ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(Refusal.class).hasFieldOrPropertyWithValue("code", code);
  }
}
