package io.linyu.bot.match;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlacesTest {
  @ParameterizedTest
  @CsvSource({
    "三栋楼道灯又不亮了, 3栋, 3栋",
    "三号楼二单元电梯坏了, 3栋, 3栋2单元",
    "我是和光小区3栋的, 和光小区3栋, 和光小区3栋",
    "你们看下和光小区的12幢501室, 和光小区12栋, 和光小区12栋501",
    "我住明月苑二十一栋1单元302, 明月苑21栋, 明月苑21栋1单元302",
    "Ｂ座大门坏了, B栋, B栋",
    "3-2-501漏水, 3栋, 3栋2单元501",
    "和光小区停水了, 和光小区, 和光小区",
    "the light in building 3 is broken, 3栋, 3栋",
  })
  void buildingsAreFoundAsPeopleNameThem(String said, String lookup, String shown) {
    assertThat(Places.in(Plain.of(said)))
        .isNotNull()
        .satisfies(mention -> {
          assertThat(mention.lookup()).isEqualTo(lookup);
          assertThat(mention.shown()).isEqualTo(shown);
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"住三楼", "3号去办证", "一座桥坏了", "这一栋都停水", "两栋楼之间", "订一个座位", "3-0417", "第三次了"})
  void whatOnlyLooksLikeABuildingIsNone(String said) {
    assertThat(Places.in(Plain.of(said))).isNull();
  }
}
