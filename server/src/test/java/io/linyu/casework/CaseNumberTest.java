package io.linyu.casework;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CaseNumberTest {
  @Test
  void growsAndStaysSpeakable() {
    assertThat(CaseNumber.nth(1001).text()).matches("1-001\\d");
    assertThat(CaseNumber.nth(12_345_678).text()).matches("1-2345-678\\d");
    assertThat(CaseNumber.nth(123_456_789).text()).matches("12-3456-789\\d");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "3-0418",
        " 30418 ",
        "3 0418",
        "3－0418",
        "３０４１８",
        "3—0418",
        "单号3-0418",
        "编号：3-0418。",
        "我的3-0418怎么样了",
        "三零四一八",
        "三杠〇四幺八",
        "No. 3-O418",
        "3-0418-2",
        "3－0418－2怎么还没好",
        "三杠〇四幺八杠二",
        "30418-12",
        "3-0418-1",
      })
  void isReadHoweverItIsWritten(String typed) {
    assertThat(CaseNumber.parse(typed)).contains(new CaseNumber("3-0418"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "查询", "3-0416", "30415123", "13800138000", "0-3041-8", "三栋四零二"})
  void isNotReadOutOfAnythingElse(String typed) {
    assertThat(CaseNumber.parse(typed)).isEmpty();
  }

  @Test
  void oneWrongDigitOrTwoSwappedAreNoticed() {
    var random = new Random(417);
    for (int i = 0; i < 2_000; i++) {
      String digits = CaseNumber.nth(random.nextLong(1_001, 10_000_000)).text().replace("-", "");
      assertThat(CaseNumber.parse(digits)).isPresent();
      int at = random.nextInt(digits.length());
      char other = (char) ('0' + (digits.charAt(at) - '0' + random.nextInt(1, 10)) % 10);
      assertThat(CaseNumber.parse(digits.substring(0, at) + other + digits.substring(at + 1)))
          .isEmpty();
      if (at > 0 && digits.charAt(at - 1) != digits.charAt(at)) {
        String swapped =
            digits.substring(0, at - 1)
                + digits.charAt(at)
                + digits.charAt(at - 1)
                + digits.substring(at + 1);
        assertThat(CaseNumber.parse(swapped)).isEmpty();
      }
    }
  }

  @Test
  void saysForHowManythTimeItIsHandled() {
    assertThat(new CaseNumber("3-0418-2").base()).isEqualTo("3-0418");
    assertThat(new CaseNumber("3-0418-12").round()).isEqualTo(12);
    assertThat(new CaseNumber("3-0418").round()).isEqualTo(1);
    String big = CaseNumber.nth(12_345_678).text();
    assertThat(new CaseNumber(big).base()).as("a group is no round").isEqualTo(big);
    assertThatThrownBy(() -> new CaseNumber("3-0418-1")).hasMessageContaining("3-0418-1");
    assertThatThrownBy(() -> new CaseNumber("3-0416-2")).hasMessageContaining("3-0416-2");
  }

  @Test
  void isNeverMadeUp() {
    assertThatThrownBy(() -> new CaseNumber("3-0416")).hasMessageContaining("3-0416");
    assertThatThrownBy(() -> new CaseNumber("30418")).hasMessageContaining("30418");
  }
}
