package io.linyu.casework;

import static java.util.Comparator.comparing;

import io.linyu.casework.Category.Limit;
import io.linyu.community.Body;
import io.linyu.community.Community;
import io.linyu.community.Desks;
import io.linyu.community.ImportReport;
import io.linyu.community.Level;
import io.linyu.community.audit.Audit;
import io.linyu.community.audit.Deed;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Tx;
import io.linyu.platform.text.Csv;
import io.linyu.platform.time.WorkingCalendar;
import io.linyu.platform.time.WorkingCalendar.Unit;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The catalogue of matters from a file; DESIGN.md section 5 names it. An empty installation gets
/// the shipped one.
public final class CategoryImport {
  private static final Set<String> LOOPS = Set.of("community", "street", "district");
  private static final Set<String> UNITS = Set.of("calendar_hour", "work_hour", "work_day");
  private static final Set<String> URGENCIES =
      Set.of("low", "normal", "high", "critical", "emergency");

  private final Db db;
  private final Categories categories;
  private final Desks desks;
  private final Audit audit;

  public CategoryImport(Db db, Categories categories, Desks desks, Audit audit) {
    this.db = db;
    this.categories = categories;
    this.desks = desks;
    this.audit = audit;
  }

  /// All of the file or nothing. What is not in it is ended: cases keep it, nothing new gets it.
  ///
  /// @param name of the file, for the audit
  public ImportReport categories(Reader file, boolean dryRun, @Nullable String name) {
    return db.inTransaction(tx -> {
      lock(tx);
      categories.refresh();
      ImportReport report = read(tx, file, dryRun);
      if (report.isGood() && !dryRun) {
        audit.writeOwn(tx, Deed.IMPORTED, name, report.counts("categories"));
      }
      return report;
    });
  }

  /// What it would have done with the cases of the last months; empty where it is wrong, or changes
  /// nothing.
  public Optional<FileReplay> replay(
      Reader file, Community community, WorkingCalendar calendar, Instant now) {
    var catalogue = new ArrayList<Category>();
    ImportReport report =
        db.inTransaction(tx -> {
          categories.refresh();
          return read(file, catalogue);
        });
    return report.isGood() && !report.changesNothing()
        ? Optional.of(FileReplay.ofCatalogue(db, community, categories, catalogue, calendar, now))
        : Optional.empty();
  }

  /// Once, however many nodes start at the same time. The bodies must be there.
  public void prepare() {
    db.withinTransaction(tx -> {
      lock(tx);
      categories.refresh();
      if (categories.all().isEmpty()) {
        ImportReport report = readShipped(tx);
        if (!report.isGood()) {
          throw new IllegalStateException("shipped with problems: " + report.problems());
        }
      }
    });
  }

  private ImportReport readShipped(Tx tx) {
    String name = "/config/categories.csv";
    try (var file = Objects.requireNonNull(CategoryImport.class.getResourceAsStream(name), name)) {
      return read(tx, Csv.reader(file), false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ImportReport read(Tx tx, Reader file, boolean dryRun) {
    var catalogue = new ArrayList<Category>();
    ImportReport report = read(file, catalogue);
    if (report.isGood() && !dryRun && !report.changesNothing()) {
      categories.replace(tx, catalogue.stream().sorted(comparing(Category::code)).toList());
    }
    return report;
  }

  /// @param catalogue takes what stands in the file
  private ImportReport read(Reader file, List<Category> catalogue) {
    Csv csv =
        Csv.read(
            file,
            List.of("code", "name_zh", "name_en"),
            List.of(
                "level",
                "parent_code",
                "default_body",
                "co_bodies",
                "loop",
                "first_response_hours",
                "sla_value",
                "sla_unit",
                "default_urgency",
                "keywords",
                "closing_criteria",
                "open311_public",
                "on_site",
                "about_staff",
                "about_neighbours",
                "quiet"));
    csv.lines().stream().map(this::category).forEach(catalogue::add);
    judge(csv, catalogue);
    Map<String, Category> before = new HashMap<>();
    categories.all().forEach(each -> before.put(each.code(), each));
    ImportReport compared =
        ImportReport.of(csv, catalogue, Category::code, each -> before.get(each.code()));
    if (!compared.isGood()) {
      return compared;
    }
    catalogue.forEach(each -> before.remove(each.code()));
    List<String> ended =
        before.values().stream()
            .filter(each -> !each.keywords().isEmpty())
            .map(Category::code)
            .sorted()
            .toList();
    return new ImportReport(
        compared.added(), compared.changed(), compared.unchanged(), ended, List.of());
  }

  private Category category(Csv.Line line) {
    String urgency = line.optionalOneOf("default_urgency", URGENCIES);
    String loop = line.optionalOneOf("loop", LOOPS);
    var coBodies = new ArrayList<String>();
    for (String name : line.several("co_bodies", "[;；]")) {
      String code = body(line, "co_bodies", name);
      if (code != null) {
        coBodies.add(code);
      }
    }
    return new Category(
        line.text("code"),
        line.optional("parent_code"),
        line.text("name_zh"),
        line.text("name_en"),
        body(line, "default_body", line.optional("default_body")),
        coBodies,
        loop == null || !LOOPS.contains(loop) ? null : Level.of(loop),
        line.count("first_response_hours"),
        limit(line),
        urgency == null || !URGENCIES.contains(urgency) ? null : Urgency.of(urgency),
        line.several("keywords", "[,，、]"),
        line.optional("closing_criteria"),
        line.optional("on_site") == null || line.yes("on_site"),
        aboutNeighbours(line),
        line.yes("open311_public"),
        aboutStaff(line),
        quiet(line));
  }

  /// A file that does not say leaves it as it is.
  private boolean aboutStaff(Csv.Line line) {
    return line.optional("about_staff") == null
        ? categories.named(line.text("code")).map(Category::aboutStaff).orElse(false)
        : line.yes("about_staff");
  }

  /// A file that does not say it, as those of before, leaves it as it is.
  private boolean aboutNeighbours(Csv.Line line) {
    return line.optional("about_neighbours") == null
        ? categories.named(line.optional("code")).filter(Category::aboutNeighbours).isPresent()
        : line.yes("about_neighbours");
  }

  /// Likewise: nothing becomes loud because a file does not say it.
  private boolean quiet(Csv.Line line) {
    return line.optional("quiet") == null
        ? categories.named(line.optional("code")).filter(Category::quiet).isPresent()
        : line.yes("quiet");
  }

  private static @Nullable Limit limit(Csv.Line line) {
    Integer value = line.count("sla_value");
    String unit = line.optionalOneOf("sla_unit", UNITS);
    if ((value == null) != (unit == null)) {
      line.wrong(value == null ? "sla_value" : "sla_unit", "missing");
    }
    return value == null || unit == null || !UNITS.contains(unit)
        ? null
        : new Limit(value, Unit.of(unit));
  }

  private @Nullable String body(Csv.Line line, String column, @Nullable String name) {
    if (name == null) {
      return null;
    }
    String code = desks.body(name).map(Body::code).orElse(null);
    if (code == null) {
      line.wrong(column, "no-such-body", name);
    }
    return code;
  }

  private static void judge(Csv csv, List<Category> catalogue) {
    Map<String, Integer> lines = new HashMap<>();
    Set<String> codes = new HashSet<>();
    catalogue.forEach(each -> codes.add(each.code()));
    for (int i = 0; i < catalogue.size(); i++) {
      Category each = catalogue.get(i);
      Csv.Line line = csv.lines().get(i);
      Integer before = lines.putIfAbsent(each.code(), line.number());
      if (before != null) {
        line.wrong("code", "twice", before);
      }
      String parent = each.parent();
      if (parent != null && (!codes.contains(parent) || parent.compareTo(each.code()) >= 0)) {
        line.wrong("parent_code", "no-such-category");
      }
      // What a case can be of needs somebody who handles it, and a circle.
      if (each.isSpecific()) {
        Stream.of("default_body", "loop", "default_urgency").forEach(line::text);
      }
    }
  }

  private static void lock(Tx tx) {
    tx.rows("SELECT pg_advisory_xact_lock(hashtext('linyu.categories'))");
  }
}
