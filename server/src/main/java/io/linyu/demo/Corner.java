package io.linyu.demo;

import io.linyu.casework.Round.Purpose;
import io.linyu.casework.Rounds.Wanted;
import io.linyu.community.DeskHours;
import io.linyu.community.Staff;
import io.linyu.community.Territory;
import java.time.Clock;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// What stands there to be tried: in 清月园社区 an opinion box that two keep and a round of visits, in
/// the district a fire brigade that works day and night.
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
    workDayAndNight(doors, staff(doors, Town.ZHANG), staff(doors, Town.PENG));
  }

  private static void workDayAndNight(Doors doors, Staff dispatcher, Staff who) {
    DeskHours hours = doors.community().deskHours();
    Map<DayOfWeek, String> days = new EnumMap<>(DayOfWeek.class);
    for (DayOfWeek day : DayOfWeek.values()) {
      days.put(day, "0:00-24:00");
    }
    hours.set(
        dispatcher,
        "127.0.0.1",
        doors.community().desks().of(who).getFirst(),
        hours.plan(hours.today(), days, false, "值班，节假日不休"));
  }

  private static Staff staff(Doors doors, Town.Worker worker) {
    return doors.community().staff().byCode(worker.code()).orElseThrow();
  }
}
