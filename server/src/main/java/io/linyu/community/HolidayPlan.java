package io.linyu.community;

import io.linyu.platform.text.Csv;
import java.io.Reader;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What importing a file of holidays comes to. Days that are not in the file stay.
record HolidayPlan(List<Holiday> days, ImportReport report) {
  /// @param kind `off`, or `work` for a day that makes up for another
  record Holiday(LocalDate day, String kind, String name, String source) {
    boolean isWorked() {
      return kind.equals("work");
    }
  }

  /// What is off (false) and worked (true) when it is done.
  Map<LocalDate, Boolean> with(List<Holiday> existing) {
    Map<LocalDate, Boolean> all = new HashMap<>();
    existing.forEach(each -> all.put(each.day, each.isWorked()));
    days.forEach(each -> all.put(each.day, each.isWorked()));
    return all;
  }

  static HolidayPlan of(Reader file, List<Holiday> existing) {
    Csv csv = Csv.read(file, List.of("date", "kind", "name|name_zh"), List.of("source"));
    Map<LocalDate, Integer> lines = new HashMap<>();
    Map<LocalDate, Holiday> before = new HashMap<>();
    existing.forEach(each -> before.put(each.day, each));
    var read = new ArrayList<Holiday>();
    for (Csv.Line line : csv.lines()) {
      LocalDate day = line.day("date");
      String source = line.optional("source");
      var holiday =
          new Holiday(
              day == null ? LocalDate.MIN : day,
              line.oneOf("kind", Set.of("off", "work")),
              line.text("name"),
              source == null ? "" : source);
      Integer earlier = day == null ? null : lines.putIfAbsent(day, line.number());
      if (earlier != null) {
        line.wrong("date", "twice", earlier);
      }
      read.add(holiday);
    }
    return new HolidayPlan(
        read,
        ImportReport.of(csv, read, each -> each.day.toString(), each -> before.get(each.day)));
  }
}
