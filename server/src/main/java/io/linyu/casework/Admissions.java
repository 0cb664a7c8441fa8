package io.linyu.casework;

import io.linyu.community.Community;
import io.linyu.community.ImportReport;
import io.linyu.community.Level;
import io.linyu.community.Staff;
import io.linyu.community.Territories;
import io.linyu.community.Territory;
import io.linyu.community.audit.Audit;
import io.linyu.community.audit.Deed;
import io.linyu.community.audit.Who;
import io.linyu.platform.Refusal;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.linyu.platform.text.Csv;
import java.io.Reader;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The list of what communities take on (准入清单): of the district, and of each street besides.
/// Everybody reads what holds where they work; a street's dispatchers keep that of their street,
/// the district's all.
public final class Admissions {
  private static final Set<String> KEEPING =
      Set.of("district_dispatcher", "street_dispatcher", "street_supervisor");
  private static final Set<Level> OF = Set.of(Level.DISTRICT, Level.STREET);
  private static final int LONGEST = 100;
  private static final int OFFERED = 30;

  /// What is to be written down.
  ///
  /// @param until the day after its last; null: it goes on
  record Plan(
      long territory,
      String name,
      boolean admitted,
      @Nullable String category,
      LocalDate from,
      @Nullable LocalDate until,
      String decidedBy) {}

  /// @param next where the next page begins; null: this is the last
  record Listing(List<Admission> entries, @Nullable Long next) {}

  private final Db db;
  private final Clock clock;
  private final ZoneId zone;
  private final Categories categories;
  private final Territories territories;
  private final Audit audit;
  private final AdmissionStore store = new AdmissionStore();

  Admissions(Db db, Clock clock, ZoneId zone, Categories categories, Community community) {
    this.db = db;
    this.clock = clock;
    this.zone = zone;
    this.categories = categories;
    this.territories = community.territories();
    this.audit = community.audit();
  }

  /// For a file.
  public static Admissions open(Db db, Clock clock, ZoneId zone, Community community) {
    return new Admissions(db, clock, zone, new Categories(db), community);
  }

  LocalDate today() {
    return LocalDate.ofInstant(clock.instant(), zone);
  }

  // What holds.

  /// What is said of this kind where it happened, and what is said of no kind.
  List<Admission> about(Sql sql, Case matter) {
    return store.inForce(sql, around(matter), matter.categoryCode(), today(), OFFERED);
  }

  /// What keeps this kind from the communities there.
  Optional<Admission> barring(Sql sql, Case matter) {
    return about(sql, matter).stream()
        .filter(each -> each.category() != null && !each.admitted())
        .findFirst();
  }

  private List<Long> around(Case matter) {
    return listsOf(territories.byId(matter.territoryId())).map(Territory::id).toList();
  }

  /// The district's and the street's.
  private Stream<Territory> listsOf(Territory place) {
    return territories.pathOf(place).stream().filter(each -> OF.contains(each.level()));
  }

  // The page.

  /// @param all also what is over
  Listing page(Staff staff, boolean all, @Nullable Long before, int limit) {
    List<Long> theirs = read(staff).stream().map(Territory::id).toList();
    List<Admission> found =
        store.page(db, theirs, all, today(), before == null ? Long.MAX_VALUE : before, limit + 1);
    return found.size() <= limit
        ? new Listing(found, null)
        : new Listing(found.subList(0, limit), found.get(limit - 1).id());
  }

  /// Whose list holds where they work, or within it.
  private List<Territory> read(Staff staff) {
    Territory own = territories.byId(staff.territoryId());
    return Stream.concat(listsOf(own), territories.children(own).stream())
        .filter(each -> OF.contains(each.level()))
        .distinct()
        .toList();
  }

  /// Whose list they keep; none: nobody's.
  List<Territory> kept(Staff staff) {
    return KEEPING.contains(staff.role())
        ? read(staff).stream().filter(each -> mayKeep(staff, each)).toList()
        : List.of();
  }

  boolean mayKeep(Staff staff, Admission entry) {
    return mayKeep(staff, territories.byId(entry.territoryId()));
  }

  private static boolean mayKeep(Staff staff, Territory of) {
    return KEEPING.contains(staff.role()) && OF.contains(of.level()) && staff.sees(of.path());
  }

  // How it is kept.

  /// @param from the address they act from
  void add(Staff staff, String from, Plan plan) {
    if (kept(staff).stream().noneMatch(each -> each.id() == plan.territory())) {
      throw new Refusal("admission-not-yours", 403);
    }
    against(plan, today())
        .ifPresent(fault -> {
          throw new Refusal(fault, 422);
        });
    db.withinTransaction(tx -> {
      store.lock(tx);
      if (store
          .ofName(tx, plan.territory(), plan.name(), plan.from(), plan.until())
          .findFirst()
          .isPresent()) {
        throw new Refusal("admission-twice", 409, plan.name());
      }
      store.insert(tx, plan, staff.id(), clock.instant());
      audit.write(
          tx,
          Who.staff(staff.id(), from),
          Deed.ADMISSION_SET,
          Map.of("name", plan.name(), "admitted", plan.admitted(), "by", plan.decidedBy()));
    });
  }

  /// What is wrong with it by itself.
  private Optional<String> against(Plan plan, LocalDate today) {
    if (plan.name().isEmpty()) {
      return Optional.of("admission-name-missing");
    }
    if (plan.decidedBy().isEmpty()) {
      return Optional.of("admission-by-missing");
    }
    if (plan.name().length() > LONGEST || plan.decidedBy().length() > LONGEST) {
      return Optional.of("admission-too-long");
    }
    String category = plan.category();
    if (category != null && categories.named(category).filter(Category::isSpecific).isEmpty()) {
      return Optional.of("admission-category");
    }
    LocalDate until = plan.until();
    if (until != null && (!until.isAfter(plan.from()) || !until.isAfter(today))) {
      return Optional.of("admission-past");
    }
    return Optional.empty();
  }

  /// It does not hold from today on; what has not begun never will.
  void end(Staff staff, String from, long id) {
    db.withinTransaction(tx -> {
      store.lock(tx);
      Admission entry = store.byId(tx, id).orElseThrow(Refusal::notFound);
      if (!mayKeep(staff, entry)) {
        throw new Refusal("admission-not-yours", 403);
      }
      if (entry.isOver(today())) {
        throw new Refusal("admission-over", 409, entry.name());
      }
      store.end(tx, id, today(), staff.id());
      audit.write(
          tx, Who.staff(staff.id(), from), Deed.ADMISSION_ENDED, Map.of("name", entry.name()));
    });
  }

  // From a file.

  /// What is in it is added, what is there already stays, and nothing is ended. All of the file or
  /// nothing.
  ///
  /// @param name of the file, for the audit
  public ImportReport read(Reader file, boolean dryRun, @Nullable String name) {
    return db.inTransaction(tx -> {
      store.lock(tx);
      ImportReport report = read(tx, file, dryRun);
      if (report.isGood() && !dryRun) {
        audit.writeOwn(tx, Deed.IMPORTED, name, report.counts("admissions"));
      }
      return report;
    });
  }

  private ImportReport read(Tx tx, Reader file, boolean dryRun) {
    Csv csv =
        Csv.read(
            file,
            List.of("territory", "name", "admitted", "from", "decided_by"),
            List.of("category", "until"));
    var fresh = new ArrayList<Plan>();
    var names = new HashSet<String>();
    int unchanged = 0;
    for (Csv.Line line : csv.lines()) {
      Plan plan = plan(csv, line);
      if (plan == null) {
        continue;
      }
      Optional<Admission> there =
          store.ofName(tx, plan.territory(), plan.name(), plan.from(), plan.until()).findFirst();
      if (there.isPresent()) {
        if (there.get().from().equals(plan.from())) {
          unchanged++;
        } else {
          line.wrong("name", "admission-twice", plan.name());
        }
      } else if (names.add(plan.territory() + " " + plan.name())) {
        fresh.add(plan);
      } else {
        line.wrong("name", "admission-twice", plan.name());
      }
    }
    if (!csv.problems().isEmpty()) {
      return ImportReport.wrong(csv.problems());
    }
    if (!dryRun) {
      fresh.forEach(each -> store.insert(tx, each, null, clock.instant()));
    }
    return new ImportReport(
        fresh.stream().map(Plan::name).toList(), List.of(), unchanged, List.of(), List.of());
  }

  /// Null where a value is wrong.
  private @Nullable Plan plan(Csv csv, Csv.Line line) {
    int before = csv.problems().size();
    String code = line.text("territory");
    String name = line.text("name");
    boolean admitted = line.yes("admitted");
    LocalDate from = line.day("from");
    LocalDate last = line.optional("until") == null ? null : line.day("until");
    String decidedBy = line.text("decided_by");
    String category = line.optional("category");
    Optional<Territory> of = territories.byCode(code).filter(each -> OF.contains(each.level()));
    if (!code.isEmpty() && of.isEmpty()) {
      line.wrong("territory", "admission-territory");
    }
    if (csv.problems().size() > before || from == null || of.isEmpty()) {
      return null;
    }
    var plan =
        new Plan(
            of.get().id(),
            name,
            admitted,
            category,
            from,
            last == null ? null : last.plusDays(1),
            decidedBy);
    // What a file says of the past is history.
    Optional<String> fault = against(plan, from);
    fault.ifPresent(each -> {
      switch (each) {
        case "admission-category" -> line.wrong("category", "admission-category");
        case "admission-past" -> line.wrong("until", "admission-until");
        default -> line.wrong("name", "admission-long", LONGEST);
      }
    });
    return fault.isPresent() ? null : plan;
  }
}
