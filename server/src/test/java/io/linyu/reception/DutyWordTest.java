package io.linyu.reception;

import static org.assertj.core.api.Assertions.assertThat;

import io.linyu.platform.time.QuietHours;
import io.linyu.reception.DutyWord.Bind;
import io.linyu.reception.DutyWord.Close;
import io.linyu.reception.DutyWord.Named;
import io.linyu.reception.DutyWord.One;
import io.linyu.reception.DutyWord.PassOn;
import io.linyu.reception.DutyWord.Seen;
import io.linyu.reception.DutyWord.Todo;
import io.linyu.reception.DutyWord.Unbind;
import io.linyu.reception.DutyWord.Write;
import io.linyu.reception.DutyWord.Yes;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DutyWordTest {
  @Test
  void theFewWordsAreKnownHoweverTheyAreTyped() {
    Map.<String, DutyWord>ofEntries(
            Map.entry("收到", new Seen(null)),
            Map.entry("收到了。", new Seen(null)),
            Map.entry("12收到", new Seen("12")),
            Map.entry("１２ 收到！", new Seen("12")),
            Map.entry("收到 12", new Seen("12")),
            Map.entry("Got it", new Seen(null)),
            Map.entry("3-0417 收到", new Seen("3-0417")),
            Map.entry("3-0417 办结 换了灯泡", new Close("3-0417", "换了灯泡")),
            Map.entry("3-0417-2 办结 换了灯泡", new Close("3-0417-2", "换了灯泡")),
            Map.entry("3-0417", new Named("3-0417")),
            Map.entry("1", new One()),
            Map.entry("12", new Named("12")),
            Map.entry("确认", new Yes()),
            Map.entry("待办", new Todo()),
            Map.entry("办结", new Close(null, "")),
            Map.entry("办结：灯换好了，请放心。", new Close(null, "灯换好了，请放心。")),
            Map.entry("12 办结 换了2个灯泡", new Close("12", "换了2个灯泡")),
            Map.entry("办结 12 换了灯泡", new Close("12", "换了灯泡")),
            Map.entry("12 close The lamp is new.", new Close("12", "The lamp is new.")),
            Map.entry("12 转 给物业", new PassOn()),
            Map.entry("转给物业", new PassOn()),
            Map.entry("12 备注 等配件", new Write("12", "等配件")),
            Map.entry("工作号 4827 1935", new Bind("48271935")),
            Map.entry("工作号48271935", new Bind("48271935")),
            Map.entry("解除工作号", new Unbind()))
        .forEach((said, meant) -> assertThat(DutyWord.of(said)).as(said).contains(meant));
  }

  @Test
  void whatAResidentSaysIsNone() {
    for (String said :
        new String[] {
          "转人工", "3栋楼道灯坏了", "12栋的灯坏了", "收到你们的通知了，谢谢", "2", "对", "closed door", "123 收到", "48271935"
        }) {
      assertThat(DutyWord.of(said)).as(said).isEmpty();
    }
  }

  @Test
  void nobodyIsDisturbedAtNight() {
    var zone = ZoneId.of("Asia/Shanghai");
    var night = new QuietHours(LocalTime.of(21, 0), LocalTime.of(8, 0));
    ZonedDateTime evening = ZonedDateTime.of(2026, 3, 2, 21, 0, 0, 0, zone);
    ZonedDateTime morning = ZonedDateTime.of(2026, 3, 3, 8, 0, 0, 0, zone);
    assertThat(night.next(evening.toInstant(), zone)).isEqualTo(morning.toInstant());
    assertThat(night.next(morning.minusMinutes(1).toInstant(), zone))
        .isEqualTo(morning.toInstant());
    assertThat(night.next(morning.toInstant(), zone)).isEqualTo(morning.toInstant());
    assertThat(night.next(evening.minusMinutes(1).toInstant(), zone))
        .isEqualTo(evening.minusMinutes(1).toInstant());
    assertThat(QuietHours.NONE.next(evening.toInstant(), zone)).isEqualTo(evening.toInstant());
  }
}
