package io.linyu.community;

import io.linyu.community.HolidayPlan.Holiday;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.linyu.platform.text.Csv;
import io.linyu.platform.time.WorkingCalendars;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Makes an empty installation ready: a root territory, the shipped bodies with their desks, one of
/// them the fallback, and the shipped holidays. Once, however many nodes start at the same time.
final class Bootstrap {
  /// The root's code until a district is imported, which then takes its place.
  static final String ROOT = "root";

  private Bootstrap() {}

  static void prepare(Db db, LocalDate today) {
    db.withinTransaction(tx -> {
      Directory.lock(tx);
      boolean hasRoot = addRoot(tx);
      boolean hasBodies = addBodies(tx);
      if (hasRoot || hasBodies) {
        new DeskStore().fit(tx, today);
        new DirectoryStore().bump(tx);
      }
      addHolidays(tx);
    });
  }

  private static boolean addRoot(Sql sql) {
    return sql.execute(
            """
            INSERT INTO territory (id, code, level, name, path) OVERRIDING SYSTEM VALUE
            SELECT id, $1, 'district', '本区', '/' || id || '/'
              FROM nextval(pg_get_serial_sequence('territory', 'id')) AS id
             WHERE NOT EXISTS (SELECT FROM territory)
            """,
            ROOT)
        > 0;
  }

  private static boolean addBodies(Sql sql) {
    var desks = new DeskStore();
    if (!desks.bodies(sql).isEmpty()) {
      return false;
    }
    BodyPlan plan = shipped("desks.csv", file -> BodyPlan.of(file, List.of()));
    refuse(plan.report());
    desks.write(sql, plan.bodies());
    return true;
  }

  /// Years that somebody has imported are theirs; a newer release brings only years that are
  /// missing.
  private static void addHolidays(Tx tx) {
    Set<Integer> known =
        HolidayStore.all(tx).stream().map(each -> each.day().getYear()).collect(Collectors.toSet());
    HolidayPlan plan = shipped("holidays.csv", file -> HolidayPlan.of(file, List.of()));
    refuse(plan.report());
    List<Holiday> missing =
        plan.days().stream().filter(each -> !known.contains(each.day().getYear())).toList();
    if (!missing.isEmpty()) {
      WorkingCalendars.lock(tx);
      HolidayStore.write(tx, missing);
    }
  }

  private static void refuse(ImportReport report) {
    if (!report.isGood()) {
      throw new IllegalStateException("shipped with problems: " + report.problems());
    }
  }

  private static <T> T shipped(String name, Function<Reader, T> read) {
    try (var file =
        Objects.requireNonNull(Bootstrap.class.getResourceAsStream("/config/" + name), name)) {
      return read.apply(Csv.reader(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
