package io.linyu.demo;

import io.linyu.casework.Round.Purpose;
import io.linyu.casework.Rounds.Wanted;
import io.linyu.community.Staff;
import io.linyu.community.Territory;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;

/// What stands in 清月园社区 to be tried: an opinion box that two keep, and a round of visits.
final class Corner {
  private static final String BOX = "QYY-1";
  private static final int DAYS = 7;

  private Corner() {}

  /// Once; who comes again finds it there.
  static void furnish(Doors doors, Clock clock, ZoneId zone) {
    if (doors.casework().boxes().hanging(BOX).isPresent()) {
      return;
    }
    Staff deputy = staff(doors, Town.REN);
    Staff secretary = staff(doors, Town.YUAN);
    Territory building =
        doors.community().territories().byCode(Town.building(Town.QINGYUEYUAN, 3)).orElseThrow();
    var _ =
        doors
            .casework()
            .rounds()
            .make(
                deputy,
                new Wanted(
                    building.id(),
                    Purpose.SAFETY,
                    LocalDate.ofInstant(clock.instant(), zone).plusDays(DAYS),
                    deputy.id(),
                    "",
                    2,
                    6,
                    2));
    var _ =
        doors
            .casework()
            .boxes()
            .hang(deputy, "127.0.0.1", BOX, "大门口岗亭旁", DAYS, List.of(deputy.id(), secretary.id()));
  }

  private static Staff staff(Doors doors, Town.Worker worker) {
    return doors.community().staff().byCode(worker.code()).orElseThrow();
  }
}
