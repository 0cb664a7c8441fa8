package io.linyu.community;

import io.linyu.platform.auth.Vault;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Tx;
import java.io.Reader;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.function.Function;

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

  /// @param dryRun says what would change, and changes nothing
  /// @param endMissing what is not in the file is ended; otherwise it stays
  public record Options(boolean dryRun, boolean endMissing) {
    public static final Options PLAIN = new Options(false, false);
  }

  Imports(Db db, Directory directory, Vault vault, Clock clock, ZoneId zone) {
    this.db = db;
    this.directory = directory;
    this.clock = clock;
    this.zone = zone;
    this.staff = new StaffImportStore(vault);
  }

  /// The tree. New communities and streets get their desks at once. What was named or placed
  /// otherwise is remembered; what ends is kept, for old cases name it.
  public ImportReport territory(Reader file, Options options) {
    return run(tx -> territory(tx, file, options));
  }

  /// The catalogue of bodies; each has its desk in every district, street or community, as its
  /// level says.
  public ImportReport desks(Reader file, Options options) {
    return run(tx -> desks(tx, file, options));
  }

  /// Staff, and the desks that go with their roles. Nobody can sign in before a password is set.
  /// With `endMissing`, who is not in the file has left.
  public ImportReport staff(Reader file, Options options) {
    directory.reload(); // the desks of the roles are asked from memory
    return run(tx -> staff(tx, file, options));
  }

  /// Public holidays and the working days that make up for them.
  public ImportReport holidays(Reader file, Options options) {
    return run(tx -> holidays(tx, file, options));
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
    StaffPlan plan =
        StaffPlan.of(file, directory, today(), staff.all(tx), staff::hash, options.endMissing());
    if (plan.report().isGood() && !options.dryRun()) {
      staff.write(tx, plan);
    }
    return plan.report();
  }

  private ImportReport holidays(Tx tx, Reader file, Options options) {
    HolidayPlan plan = HolidayPlan.of(file, HolidayStore.all(tx));
    if (plan.report().isGood() && !options.dryRun()) {
      HolidayStore.write(tx, plan.days());
    }
    return plan.report();
  }

  private ImportReport run(Function<Tx, ImportReport> work) {
    ImportReport report =
        db.inTransaction(tx -> {
          Directory.lock(tx);
          ImportReport done = work.apply(tx);
          if (!done.changesNothing()) {
            new DirectoryStore().bump(tx);
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
