package io.linyu.community;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which flat it is is nobody's business on a list that leaves the house; which building is.
class DoorsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          3栋2单元501王秀兰家漏水        | 3栋***家漏水
          和光小区三号楼二单元楼道灯不亮 | 和光小区三号楼***楼道灯不亮
          3栋501漏水                     | 3栋***漏水
          3号楼，501室的水管             | 3号楼***的水管
          3-2-501 水管爆了               | 3-*** 水管爆了
          ３栋２单元５０１               | ３栋***
          2单元三楼左手漏水              | ***漏水
          五零一室敲墙                   | ***敲墙
          3栋2-501                       | 3栋***
          A座1203                        | A座***
          building 3, room 501 leaks     | building 3, *** leaks
          """)
  void aDoorIsMasked(String said, String left) {
    assertThat(Doors.masked(said)).isEqualTo(left);
  }

  /// What only looks a little like one.
  @ParameterizedTest
  @CsvSource({
    "3栋楼道灯坏了",
    "三楼的灯不亮",
    "同 3-0417 是一件事",
    "2026-11-27 停水，有500户",
    "欠费1200元",
    "打119和120",
    "这个单元门坏了",
    "3栋2025年修的"
  })
  void whatIsNoDoorStays(String said) {
    assertThat(Doors.masked(said)).isEqualTo(said);
  }
}
