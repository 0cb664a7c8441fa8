package io.linyu.community;

import io.linyu.community.audit.Audit;
import io.linyu.community.audit.Deed;
import io.linyu.platform.auth.Vault;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Tx;
import io.linyu.platform.time.WorkingCalendars;
import java.io.Reader;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Files become territory, desks, staff and holidays: all of a file or nothing, with every wrong
/// value named, and the same file twice changes nothing. DESIGN.md section 5 names the files.
public final class Imports {
  private final Db db;
  private final Directory directory;
  private final Clock clock;
  private final ZoneId zone;
  private final TerritoryStore territories = new TerritoryStore();
  private final DeskStore desks = new DeskStore();
  private final StaffImportStore staff;
  private final Audit audit;

  /// @param dryRun says what would change, and changes nothing
  /// @param endMissing what is not in the file is ended; otherwise it stays
  /// @param file its name, for the audit
  public record Options(boolean dryRun, boolean endMissing, @Nullable String file) {
    public static final Options PLAIN = new Options(false, false);

    public Options(boolean dryRun, boolean endMissing) {
      this(dryRun, endMissing, null);
    }
  }

  Imports(Db db, Directory directory, Vault vault, Clock clock, ZoneId zone, Audit audit) {
    this.db = db;
    this.directory = directory;
    this.clock = clock;
    this.zone = zone;
    this.staff = new StaffImportStore(vault);
    this.audit = audit;
  }

  /// The tree. New communities and streets get their desks at once. What was named or placed
  /// otherwise is remembered; what ends is kept, for old cases name it.
  public ImportReport territory(Reader file, Options options) {
    return run("territory", options, tx -> territory(tx, file, options));
  }

  /// The catalogue of bodies; each has its desk in every district, street or community, as its
  /// level says.
  public ImportReport desks(Reader file, Options options) {
    return run("desks", options, tx -> desks(tx, file, options));
  }

  /// Staff, and the desks that go with their roles. Nobody can sign in before a password is set.
  /// With `endMissing`, who is not in the file has left.
  public ImportReport staff(Reader file, Options options) {
    directory.reload(); // the desks of the roles are asked from memory
    return run("staff", options, tx -> staff(tx, file, options));
  }

  /// Public holidays and the working days that make up for them.
  public ImportReport holidays(Reader file, Options options) {
    return run("holidays", options, tx -> holidays(tx, file, options));
  }

  /// What is off (false) and worked (true) with this file; empty when something is wrong with it.
  public Optional<Map<LocalDate, Boolean>> holidaysWith(Reader file) {
    List<HolidayPlan.Holiday> existing = HolidayStore.all(db);
    HolidayPlan plan = HolidayPlan.of(file, existing);
    return plan.report().isGood() ? Optional.of(plan.with(existing)) : Optional.empty();
  }

  private ImportReport territory(Tx tx, Reader file, Options options) {
    TerritoryPlan plan = TerritoryPlan.of(file, territories.all(tx), today(), options.endMissing());
    if (plan.report().isGood() && !options.dryRun()) {
      territories.write(tx, plan, clock.instant(), today());
      desks.fit(tx, today());
    }
    return plan.report();
  }

  private ImportReport desks(Tx tx, Reader file, Options options) {
    BodyPlan plan = BodyPlan.of(file, desks.bodies(tx));
    if (plan.report().isGood() && !options.dryRun()) {
      desks.write(tx, plan.bodies());
      desks.fit(tx, today());
    }
    return plan.report();
  }

  private ImportReport staff(Tx tx, Reader file, Options options) {
    List<StaffPlan.Known> before = staff.all(tx);
    StaffPlan plan =
        StaffPlan.of(file, directory, today(), before, staff::hash, options.endMissing());
    if (plan.report().isGood() && !options.dryRun()) {
      staff.write(tx, plan);
      auditStaff(tx, plan, before);
    }
    return plan.report();
  }

  private ImportReport holidays(Tx tx, Reader file, Options options) {
    HolidayPlan plan = HolidayPlan.of(file, HolidayStore.all(tx));
    if (plan.report().isGood() && !options.dryRun()) {
      WorkingCalendars.lock(tx);
      HolidayStore.write(tx, plan.days());
    }
    return plan.report();
  }

  /// Each of them by name: what somebody may see goes with their role and their territory.
  private void auditStaff(Tx tx, StaffPlan plan, List<StaffPlan.Known> before) {
    var known = new HashMap<String, StaffPlan.Known>();
    before.forEach(each -> known.put(each.code(), each));
    var added = new LinkedHashMap<String, Map<String, ?>>();
    plan.added().forEach(each -> added.put(each.code(), place(each.role(), each.territory())));
    var changed = new LinkedHashMap<String, Map<String, ?>>();
    for (StaffPlan.Member each : plan.changed()) {
      StaffPlan.Known was = known.get(each.code());
      var details = place(each.role(), each.territory());
      if (was != null && !details.equals(place(was.role(), was.territory()))) {
        place(was.role(), was.territory())
            .forEach((key, value) -> details.put(key + "_was", value));
      }
      changed.put(each.code(), details);
    }
    var left = new LinkedHashMap<String, Map<String, ?>>();
    plan.left().forEach(each -> left.put(each.code(), Map.of()));
    audit.writeOwnAboutEach(tx, Deed.STAFF_ADDED, added);
    audit.writeOwnAboutEach(tx, Deed.STAFF_CHANGED, changed);
    audit.writeOwnAboutEach(tx, Deed.STAFF_LEFT, left);
  }

  private Map<String, String> place(String role, long territory) {
    var place = new LinkedHashMap<String, String>();
    place.put("role", role);
    directory.tree().byId(territory).ifPresent(found -> place.put("territory", found.name()));
    return place;
  }

  private ImportReport run(String kind, Options options, Function<Tx, ImportReport> work) {
    ImportReport report =
        db.inTransaction(tx -> {
          Directory.lock(tx);
          ImportReport done = work.apply(tx);
          if (!done.changesNothing()) {
            new DirectoryStore().bump(tx);
          }
          if (done.isGood() && !options.dryRun()) {
            audit.writeOwn(tx, Deed.IMPORTED, options.file(), done.counts(kind));
          }
          return done;
        });
    directory.changed();
    return report;
  }

  private LocalDate today() {
    return LocalDate.ofInstant(clock.instant(), zone);
  }
}
