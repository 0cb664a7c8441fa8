package io.linyu.community;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linyu.platform.Refusal;
import java.time.Clock;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DesksTest {
  @AutoClose private static final House HOUSE = House.furnished(Clock.systemUTC());
  private static final Desks DESKS = HOUSE.community.desks();
  private static final StaffMembers STAFF = HOUSE.community.staff();
  private static final Territories TERRITORIES = HOUSE.community.territories();

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "社区居委会, 990103001001L003, 清月园社区居委会",
        "社区居委会(村委会), 990103011001, 晓翠村村委会",
        "D07, 990103001001001, 清月园社区居委会",
        "物业服务人, 990103001002L003, 安瑞社区物业服务人",
        "派出所, 990103001001L003, 望澜街道派出所",
        "110(紧急专线)或派出所, 990103001001, 望澜街道派出所",
        "街道综合执法队, 990103011001, 石渡街道综合执法队",
        "区城市管理局, 990103001001L003, 城市管理局",
        "区级指挥中心, 990103001001L003, 澜湖区指挥中心",
        "社区居委会, 990103001, -",
        "119(紧急专线), 990103001001L003, -",
        "无此机构, 990103001001L003, -",
      })
  void aBodyIsFoundAtTheRightLevel(String body, String place, @Nullable String desk) {
    assertThat(DESKS.ofBodyNear(body, HOUSE.at(place)).map(Desk::name))
        .isEqualTo(Optional.ofNullable(desk));
  }

  @ParameterizedTest
  @CsvSource({
    "990103001001L003, 清月园社区居委会",
    "990103001001001, 清月园社区居委会",
    "990103001, 望澜街道分中心",
    "990103, 澜湖区指挥中心",
  })
  void thereIsAlwaysAFallback(String place, String desk) {
    assertThat(DESKS.fallbackFor(HOUSE.at(place)).name()).isEqualTo(desk);
  }

  @Test
  void theChainIsClimbedToTheDistrict() {
    Desk community = DESKS.fallbackFor(HOUSE.at("990103001001"));
    Desk street = DESKS.fallbackAbove(community).orElseThrow();
    Desk district = DESKS.fallbackAbove(street).orElseThrow();
    assertThat(street.name()).isEqualTo("望澜街道分中心");
    assertThat(district.name()).isEqualTo("澜湖区指挥中心");
    assertThat(DESKS.fallbackAbove(district)).isEmpty();
  }

  @Test
  void knowsWhoIsThereToBeRung() {
    Desk desk = DESKS.fallbackFor(HOUSE.at("990103001001"));
    assertThat(DESKS.isStaffed(desk)).isTrue();
    assertThat(DESKS.membersOf(desk))
        .extracting(StaffMember::code, StaffMember::phone, StaffMember::signsIn)
        .containsExactly(org.assertj.core.groups.Tuple.tuple("U1", "12000000070", false));
    assertThat(DESKS.isStaffed(DESKS.ofBodyNear("物业服务人", HOUSE.at("990103001001")).orElseThrow()))
        .isFalse();
  }

  @Test
  void numbersAreFoundUpwards() {
    assertThat(TERRITORIES.phoneOf(HOUSE.at("990103001001L003"))).contains("12090001001");
    assertThat(TERRITORIES.phoneOf(HOUSE.at("990103001002L003"))).contains("12090001000");
    assertThat(TERRITORIES.dutyPhoneOf(HOUSE.at("990103001002L003"))).contains("12091000000");
  }

  @Test
  void staffSignInByCodeOrNumberOnceAPasswordIsSet() {
    assertThat(STAFF.signIn("U4", "").who()).isEmpty();
    STAFF.setPassword("U4", "correct horse");
    assertThat(STAFF.signIn("U4", "correct horse").who()).map(Staff::name).contains("韦屏青");
    assertThat(STAFF.signIn("120 0000 0023", "correct horse").who())
        .map(Staff::code)
        .contains("U4");
    assertThat(STAFF.signIn("U4", "wrong horse").who()).isEmpty();
    assertThat(STAFF.signIn("U99", "correct horse").who()).isEmpty();
    assertThatThrownBy(() -> STAFF.setPassword("U4", "short"))
        .isInstanceOf(Refusal.class)
        .hasMessage("password-too-short");
    assertThatThrownBy(() -> STAFF.setPassword("U99", "correct horse")).isInstanceOf(Refusal.class);
  }

  @Test
  void staffSeeTheirOwnTerritory() {
    Staff street = STAFF.byCode("U4").orElseThrow();
    assertThat(street.sees(HOUSE.at("990103001001L003").path())).isTrue();
    assertThat(street.sees(HOUSE.at("990103011001").path())).isFalse();
    assertThat(street.sees(HOUSE.at("990103").path())).isFalse();
    assertThat(STAFF.byCode("U7").orElseThrow().sees(HOUSE.at("990103011001").path())).isTrue();
    assertThat(street.worksAt(DESKS.fallbackFor(HOUSE.at("990103001")).id())).isTrue();
  }

  @Test
  void staffAreListedPageByPage() {
    Territory street = HOUSE.at("990103001");
    assertThat(STAFF.within(street, "", 3))
        .extracting(StaffMember::code)
        .containsExactly("U1", "U2", "U3");
    assertThat(STAFF.within(street, "U3", 3))
        .extracting(StaffMember::code)
        .containsExactly("U4", "U6");
  }

  @Test
  void somebodyNewWorksAtTheDeskOfTheRole() {
    Staff added =
        STAFF.add("N1", "新人", "info_officer", HOUSE.at("990103001002"), "full_time", "12000009999");
    assertThat(DESKS.of(added)).extracting(Desk::name).containsExactly("安瑞社区居委会");
    assertThatThrownBy(() ->
            STAFF.add("N1", "新人", "info_officer", HOUSE.at("990103001002"), "full_time", null))
        .hasMessage("staff-code-taken");
  }
}
