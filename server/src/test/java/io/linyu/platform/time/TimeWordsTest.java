package io.linyu.platform.time;

import static org.assertj.core.api.Assertions.assertThat;

import io.linyu.TestClock;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeWordsTest {
  private static final TimeWords ZH = new TimeWords(TestClock.ZONE, "zh");
  private static final TimeWords EN = new TimeWords(TestClock.ZONE, "en");

  /// A Thursday.
  private static final Instant NOW = TestClock.instant("2026-03-12T10:00");

  @ParameterizedTest
  @CsvSource({
    "2026-03-12T17:30, 今天下午5点半前, by 5:30 pm today",
    "2026-03-12T12:00, 今天中午12点前, by noon today",
    "2026-03-12T10:48, 今天上午10点45分前, by 10:45 am today",
    "2026-03-13T09:00, 明天上午9点前, by 9 am tomorrow",
    "2026-03-14T20:15, 后天晚上8点前, by 8 pm on Saturday",
    "2026-03-15T17:30, 周日下午5点半前, by 5:30 pm on Sunday",
    "2026-03-16T17:30, 下周一下午5点半前, by 5:30 pm on Monday",
    "2026-03-19T17:30, 3月19日下午5点半前, by 5:30 pm on 19 March",
    "2027-01-04T10:07, 2027年1月4日上午10点前, by 10 am on 4 January 2027",
    "2026-03-11T17:30, 昨天下午5点半前, by 5:30 pm yesterday",
    "2026-03-13T00:30, 明天凌晨0点半前, by 12:30 am tomorrow",
  })
  void promisesAsNeighboursSayIt(String due, String chinese, String english) {
    assertThat(ZH.before(TestClock.instant(due), NOW)).isEqualTo(chinese);
    assertThat(EN.before(TestClock.instant(due), NOW)).isEqualTo(english);
  }

  @Test
  void saysWhenACounterOpensAndRoughlyWhen() {
    Instant tomorrow = TestClock.instant("2026-03-13T09:00");
    assertThat(ZH.opens(tomorrow, NOW)).isEqualTo("明早9点");
    assertThat(ZH.opens(TestClock.instant("2026-03-16T09:00"), NOW)).isEqualTo("下周一早上9点");
    assertThat(ZH.opens(TestClock.instant("2026-03-12T13:30"), NOW)).isEqualTo("今天下午1点半");
    assertThat(EN.opens(tomorrow, NOW)).isEqualTo("9 am tomorrow");
    assertThat(ZH.around(TestClock.instant("2026-03-15T09:00"), NOW)).isEqualTo("周日上午");
    assertThat(EN.around(TestClock.instant("2026-03-12T15:00"), NOW)).isEqualTo("this afternoon");
    assertThat(ZH.exactlyBefore(TestClock.instant("2026-03-13T17:30"), NOW)).isEqualTo("明天17:30前");
    assertThat(EN.exact(TestClock.instant("2026-03-13T17:30"), NOW)).isEqualTo("tomorrow 17:30");
  }
}
