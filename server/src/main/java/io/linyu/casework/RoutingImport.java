package io.linyu.casework;

import io.linyu.casework.RoutingRule.Plan;
import io.linyu.community.Community;
import io.linyu.community.Desk;
import io.linyu.community.Desks;
import io.linyu.community.ImportReport;
import io.linyu.community.Territories;
import io.linyu.community.Territory;
import io.linyu.community.audit.Audit;
import io.linyu.community.audit.Deed;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Tx;
import io.linyu.platform.text.Csv;
import java.io.Reader;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Routing rules from a file: what is in it is added, what is there already stays, and nothing is
/// ended. All of the file or nothing.
public final class RoutingImport {
  private final Db db;
  private final Clock clock;
  private final Community community;
  private final RoutingRules rules;
  private final Categories categories;
  private final Territories territories;
  private final Desks desks;
  private final Audit audit;
  private final RoutingRuleStore store = new RoutingRuleStore();

  private RoutingImport(
      Db db, Clock clock, RoutingRules rules, Categories categories, Community community) {
    this.db = db;
    this.clock = clock;
    this.community = community;
    this.rules = rules;
    this.categories = categories;
    this.territories = community.territories();
    this.desks = community.desks();
    this.audit = community.audit();
  }

  public static RoutingImport open(Db db, Clock clock, ZoneId zone, Community community) {
    var categories = new Categories(db);
    var routing = new Routing(community.territories(), community.desks(), categories).usual();
    return new RoutingImport(
        db,
        clock,
        new RoutingRules(db, clock, zone, routing, categories, community),
        categories,
        community);
  }

  /// What makes a rule the same rule.
  private record Key(
      @Nullable String category,
      long territory,
      long desk,
      LocalDate from,
      @Nullable LocalDate until) {
    static Key of(Plan plan) {
      return new Key(plan.category(), plan.territory(), plan.desk(), plan.from(), plan.until());
    }

    static Key of(RoutingRule rule) {
      return new Key(rule.category(), rule.territory(), rule.desk(), rule.from(), rule.until());
    }
  }

  /// What it would have done with the cases of the last months; empty where it is wrong, or adds
  /// nothing.
  public Optional<FileReplay> replay(Reader file) {
    var fresh = new ArrayList<Plan>();
    boolean good = db.inTransaction(tx -> read(tx, file, fresh).isGood());
    return good && !fresh.isEmpty()
        ? Optional.of(FileReplay.ofRules(db, community, categories, fresh, clock.instant()))
        : Optional.empty();
  }

  /// @param name of the file, for the audit
  public ImportReport routing(Reader file, boolean dryRun, @Nullable String name) {
    return db.inTransaction(tx -> {
      store.lock(tx);
      var fresh = new ArrayList<Plan>();
      ImportReport report = read(tx, file, fresh);
      if (report.isGood() && !dryRun) {
        rules.addAll(tx, fresh);
        audit.writeOwn(tx, Deed.IMPORTED, name, report.counts("routing"));
      }
      return report;
    });
  }

  /// @param fresh takes what is not there yet
  private ImportReport read(Tx tx, Reader file, List<Plan> fresh) {
    Csv csv =
        Csv.read(
            file,
            List.of("category", "territory", "body|desk", "from", "reason"),
            List.of("until"));
    Map<Key, RoutingRule> there = new HashMap<>();
    store.from(tx, LocalDate.EPOCH).forEach(each -> there.put(Key.of(each), each));
    var added = new ArrayList<String>();
    var lines = new HashMap<Plan, Integer>();
    int unchanged = 0;
    for (Csv.Line line : csv.lines()) {
      Plan plan = plan(line);
      if (plan == null) {
        continue;
      }
      if (there.containsKey(Key.of(plan))) {
        unchanged++;
        continue;
      }
      Optional<RoutingRules.Fault> fault = rules.fault(tx, plan).or(() -> rules.overlap(tx, plan));
      if (fault.isPresent()) {
        line.wrong(fault.get().column(), fault.get().code(), fault.get().arguments().toArray());
        continue;
      }
      Optional<Plan> twice = fresh.stream().filter(each -> isSameTime(each, plan)).findFirst();
      if (twice.isPresent()) {
        line.wrong("from", "twice", Objects.requireNonNull(lines.get(twice.get())));
        continue;
      }
      lines.put(plan, line.number());
      fresh.add(plan);
      added.add(line.text("category") + "@" + line.text("territory"));
    }
    if (!csv.problems().isEmpty()) {
      return ImportReport.wrong(csv.problems());
    }
    return new ImportReport(added, List.of(), unchanged, List.of(), List.of());
  }

  /// Null where a value is wrong.
  private @Nullable Plan plan(Csv.Line line) {
    String category = line.text("category");
    String territory = line.text("territory");
    String body = line.text("body");
    LocalDate from = line.day("from");
    LocalDate last = line.optional("until") == null ? null : line.day("until");
    String reason = line.text("reason");
    boolean readable =
        from != null && (last != null || line.optional("until") == null) && !reason.isEmpty();
    boolean all = category.equals("*");
    if (!category.isEmpty() && !all && categories.named(category).isEmpty()) {
      line.wrong("category", "category-unknown", category);
      readable = false;
    }
    Optional<Territory> place =
        from == null ? Optional.empty() : territories.byCode(territory, from);
    if (from != null && !territory.isEmpty() && place.isEmpty()) {
      line.wrong("territory", "no-such-territory");
    }
    Optional<Desk> desk = place.flatMap(where -> desk(body, where));
    if (place.isPresent() && !body.isEmpty() && desk.isEmpty()) {
      line.wrong("body", "routing-no-desk", body, place.get().name());
    }
    if (!readable || category.isEmpty() || from == null || desk.isEmpty() || place.isEmpty()) {
      return null;
    }
    return new Plan(
        all ? null : category,
        place.get().id(),
        desk.get().id(),
        from,
        last == null ? null : last.plusDays(1),
        reason);
  }

  /// A body by its code or name, whose desk is the one near the place; or `D07@C1`, the desk of a
  /// body at a node.
  private Optional<Desk> desk(String called, Territory place) {
    int at = called.indexOf('@');
    if (at < 0) {
      return desks.ofBodyNear(called, place);
    }
    return desks
        .body(called.substring(0, at))
        .flatMap(body ->
            territories
                .byCode(called.substring(at + 1))
                .flatMap(node ->
                    desks.at(node).stream()
                        .filter(each -> each.body().equals(body.code()))
                        .findFirst()));
  }

  private static boolean isSameTime(Plan one, Plan other) {
    LocalDate oneEnd = one.until();
    LocalDate otherEnd = other.until();
    return Objects.equals(one.category(), other.category())
        && one.territory() == other.territory()
        && (otherEnd == null || one.from().isBefore(otherEnd))
        && (oneEnd == null || other.from().isBefore(oneEnd));
  }
}
