package io.linyu.insight;

import static java.util.stream.Collectors.toSet;

import io.linyu.casework.CaseId;
import io.linyu.casework.Cases;
import io.linyu.casework.Rounds;
import io.linyu.community.Level;
import io.linyu.community.Staff;
import io.linyu.community.Territories;
import io.linyu.community.Territory;
import io.linyu.insight.Exclusion.Ground;
import io.linyu.insight.FigureStore.Answered;
import io.linyu.insight.FigureStore.Area;
import io.linyu.insight.FigureStore.Behind;
import io.linyu.insight.FigureStore.Sum;
import io.linyu.platform.Refusal;
import io.linyu.platform.db.Db;
import io.linyu.platform.time.WorkingCalendar;
import java.text.Collator;
import java.time.Clock;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The figures of a place and a time, for whoever looks after that place.
///
/// What ended is counted in the database, what goes on and is late is read. What residents said of
/// the work is told of whole months alone, of what ended before this week, and where nobody can
/// know from it who said what ([Discretion]).
public final class Figures {
  private static final int PAGE = 50;

  /// Late ones that go on, in one list: they are all on its first page.
  private static final int MOST_OPEN = 200;

  private final Db db;
  private final Clock clock;
  private final Cases cases;
  private final Rounds rounds;
  private final Territories territories;
  private final Supplier<WorkingCalendar> calendar;
  private final Evaluations evaluations;
  private final FigureStore store = new FigureStore();

  Figures(
      Db db,
      Clock clock,
      Cases cases,
      Rounds rounds,
      Territories territories,
      Supplier<WorkingCalendar> calendar,
      Evaluations evaluations) {
    this.db = db;
    this.clock = clock;
    this.cases = cases;
    this.rounds = rounds;
    this.territories = territories;
    this.calendar = calendar;
    this.evaluations = evaluations;
  }

  /// Whether there are any figures for them: they look after a community, a street or the district.
  boolean areFor(Staff staff) {
    return Cases.looksAfterTerritory(staff)
        && hasFigures(territories.byId(staff.territoryId()).level());
  }

  private static boolean hasFigures(Level level) {
    return switch (level) {
      case DISTRICT, STREET, COMMUNITY -> true;
      case GRID, GROUP, BUILDING -> false;
    };
  }

  /// The place that they ask for, where it is theirs.
  ///
  /// @param code empty: their own
  Territory place(Staff staff, String code) {
    if (!areFor(staff)) {
      throw new Refusal("figures-not-yours", 403);
    }
    return code.isEmpty()
        ? territories.byId(staff.territoryId())
        : territories
            .byCode(code)
            .filter(each -> staff.sees(each.path()) && hasFigures(each.level()))
            .orElseThrow(Refusal::notFound);
  }

  /// From what is theirs down to this place.
  List<Territory> way(Staff staff, Territory place) {
    return territories.pathOf(place).stream().filter(each -> staff.sees(each.path())).toList();
  }

  LocalDate today() {
    return LocalDate.ofInstant(clock.instant(), calendar.get().zone());
  }

  /// @param cases that ended
  /// @param late that go on and whose limit was over then
  /// @param withheld of these nothing is told
  /// @param saidUntil what residents said is counted of what ended before this day; null: it is not
  ///   told of such a time
  public record Counted(
      Map<Metric, Figure> figures,
      long cases,
      long late,
      Set<Metric> withheld,
      @Nullable LocalDate saidUntil) {
    /// Null: it is not told.
    @Nullable Figure figure(Metric metric) {
      return withheld.contains(metric) ? null : figures.get(metric);
    }
  }

  /// @param child null: what lay in none of the places below
  public record Below(@Nullable Territory child, Counted counted) {}

  /// @param leftOut how many of these two people leave out, by why
  /// @param without what is left out, where that says something else; never of what residents said,
  ///   since the difference would tell what one of them said
  /// @param residents how many live there; null: nobody has said
  /// @param visits to households
  /// @param below in the order of their names
  public record Report(
      Territory place,
      Period period,
      Counted now,
      Counted before,
      TimeTaken working,
      TimeTaken calendar,
      Map<Ground, Long> leftOut,
      Map<Metric, Figure> without,
      @Nullable Long residents,
      Coverage visits,
      List<Below> below) {}

  Report report(Territory place, Period period, Weights weights) {
    Tally now = tally(place, period, weights);
    Tally before = tally(place, period.before(), weights);
    Area area = area(place);
    Instant from = begin(period.from());
    Instant to = begin(period.to());
    return new Report(
        place,
        period,
        now.whole(),
        before.whole(),
        store.working(db, area, from, to),
        store.calendar(db, area, from, to),
        store.grounds(db, area, from, to),
        without(now.whole(), store.leftOut(db, area, from, to, weights)),
        store.residents(db, place.id()),
        Coverage.of(rounds.outcomes(place, from, to), store.households(db, place.id())),
        below(place, now));
  }

  private static Map<Metric, Figure> without(Counted counted, List<Sum> leftOut) {
    var without = new EnumMap<Metric, Figure>(Metric.class);
    counted
        .figures()
        .forEach((metric, figure) -> {
          Figure left =
              leftOut.stream()
                  .map(each -> each.figures().getOrDefault(metric, Figure.nothing(metric)))
                  .reduce(Figure.nothing(metric), Figure::plus);
          if (!metric.isInConfidence() && left.whole() > 0) {
            without.put(metric, figure.minus(left));
          }
        });
    return without;
  }

  private List<Below> below(Territory place, Tally now) {
    if (place.level() == Level.COMMUNITY) {
      return List.of();
    }
    var below = new ArrayList<Below>();
    var left = new HashMap<>(now.parts());
    // Of those that exist today each has its line, whether anything ended there or not.
    for (Territory each : territories.children(place)) {
      Counted counted = left.remove(each.id());
      below.add(new Below(each, counted == null ? now.nothing() : counted));
    }
    left.forEach((id, counted) -> {
      if (id != NOWHERE) {
        below.add(new Below(territories.byId(id), counted));
      }
    });
    Collator names = Collator.getInstance(Locale.CHINA);
    below.sort(
        Comparator.comparing(each -> each.child() == null ? "" : each.child().name(), names));
    Counted nowhere = left.get(NOWHERE);
    if (nowhere != null) {
      below.add(new Below(null, nowhere));
    }
    return below;
  }

  /// Of what lies in none of the places below.
  private static final long NOWHERE = 0;

  private record Tally(Counted whole, Map<Long, Counted> parts, Counted nothing) {}

  private Tally tally(Territory place, Period period, Weights weights) {
    Area area = area(place);
    Instant from = begin(period.from());
    Instant to = begin(period.to());
    LocalDate saidUntil = saidUntil(period);
    Map<Long, Map<Metric, Figure>> parts = new HashMap<>();
    Map<Long, Long> ended = new HashMap<>();
    for (Sum each : store.sums(db, area, from, to, weights)) {
      parts.put(key(each.child()), new EnumMap<>(each.figures()));
      ended.put(key(each.child()), each.cases());
    }
    if (saidUntil == null || saidUntil.isBefore(period.to())) {
      // What was said is of a shorter time than the rest.
      parts
          .values()
          .forEach(figures ->
              figures.replaceAll(
                  (metric, figure) -> metric.isInConfidence() ? Figure.nothing(metric) : figure));
    }
    if (saidUntil != null && saidUntil.isBefore(period.to())) {
      for (Sum each : store.sums(db, area, from, begin(saidUntil), weights)) {
        Map<Metric, Figure> figures = parts.get(key(each.child()));
        each.figures()
            .forEach((metric, figure) -> {
              if (metric.isInConfidence() && figures != null) {
                figures.put(metric, figure);
              }
            });
      }
    }
    Map<Long, Long> late = addLate(place, from, to, weights, parts);
    var whole = new EnumMap<Metric, Figure>(Metric.class);
    for (Metric each : Metric.values()) {
      whole.put(
          each,
          parts.values().stream()
              .map(figures -> figures.getOrDefault(each, Figure.nothing(each)))
              .reduce(Figure.nothing(each), Figure::plus));
    }
    Told told = told(place, period.from(), saidUntil);
    Set<Metric> withheld = told.withheld();
    Map<Long, Counted> counted = new HashMap<>();
    parts.forEach((child, figures) -> {
      var notTold = new HashSet<>(withheld);
      told.hidden()
          .forEach((metric, children) -> {
            if (children.contains(child)) {
              notTold.add(metric);
            }
          });
      counted.put(
          child,
          new Counted(
              figures,
              ended.getOrDefault(child, 0L),
              late.getOrDefault(child, 0L),
              notTold,
              saidUntil));
    });
    return new Tally(
        new Counted(whole, total(ended), total(late), withheld, saidUntil),
        counted,
        new Counted(nothing(), 0, 0, withheld, saidUntil));
  }

  private static long total(Map<Long, Long> many) {
    return many.values().stream().mapToLong(Long::longValue).sum();
  }

  private static Map<Metric, Figure> nothing() {
    var nothing = new EnumMap<Metric, Figure>(Metric.class);
    for (Metric each : Metric.values()) {
      nothing.put(each, Figure.nothing(each));
    }
    return nothing;
  }

  /// What goes on and is late, by the place below.
  private Map<Long, Long> addLate(
      Territory place,
      Instant from,
      Instant to,
      Weights weights,
      Map<Long, Map<Metric, Figure>> parts) {
    var late = new HashMap<Long, Long>();
    evaluations.walkLate(
        place,
        from,
        to,
        clock.instant(),
        page -> {
          for (Evaluation each : page) {
            long child = key(childOf(place, each));
            late.merge(child, 1L, Long::sum);
            Map<Metric, Figure> figures = parts.computeIfAbsent(child, _ -> nothing());
            for (Metric metric : Metric.values()) {
              if (!metric.isInConfidence()) {
                figures.merge(metric, Figure.of(metric, List.of(each), weights), Figure::plus);
              }
            }
          }
        });
    return late;
  }

  private static @Nullable Long childOf(Territory place, Evaluation each) {
    return switch (place.level()) {
      case DISTRICT -> each.where().street();
      case STREET -> each.where().community();
      case COMMUNITY, GRID, GROUP, BUILDING -> null;
    };
  }

  private static long key(@Nullable Long child) {
    return child == null ? NOWHERE : child;
  }

  /// @param withheld what is not told of the place
  /// @param hidden of which of the places below it is not told, either
  private record Told(Set<Metric> withheld, Map<Metric, Set<Long>> hidden) {}

  /// What residents said is told where neither the place nor any that it lies in could be known
  /// from those around it, or from another time.
  ///
  /// @param until null: nothing is told of this time
  private Told told(Territory place, LocalDate from, @Nullable LocalDate until) {
    var withheld = new HashSet<Metric>();
    Map<Metric, Set<Long>> hidden = new EnumMap<>(Metric.class);
    if (until == null) {
      return new Told(Set.of(Metric.SOLVED, Metric.SATISFIED), hidden);
    }
    List<Territory> way =
        territories.pathOf(place).stream().filter(each -> hasFigures(each.level())).toList();
    for (int i = 0; i < way.size(); i++) {
      List<List<Answered>> months = months(way.get(i), from, until);
      Long next = i + 1 < way.size() ? way.get(i + 1).id() : null;
      for (Metric each : List.of(Metric.SOLVED, Metric.SATISFIED)) {
        Set<Long> children = hidden(months, each);
        if (!isTold(months, each) || (next != null && children.contains(next))) {
          withheld.add(each);
        }
        if (next == null) {
          hidden.put(each, children);
        }
      }
    }
    return new Told(withheld, hidden);
  }

  /// How many answered in each month of this time, and in which places below.
  private List<List<Answered>> months(Territory place, LocalDate from, LocalDate to) {
    var months = new ArrayList<List<Answered>>();
    for (LocalDate month = from; month.isBefore(to); month = month.plusMonths(1)) {
      LocalDate end = month.plusMonths(1).isBefore(to) ? month.plusMonths(1) : to;
      months.add(store.answered(db, area(place), begin(month), begin(end)));
    }
    return months;
  }

  private static boolean isTold(List<List<Answered>> months, Metric metric) {
    List<Long> many =
        months.stream()
            .map(month -> month.stream().mapToLong(each -> many(each, metric)).sum())
            .toList();
    return !Discretion.isTooFew(many.stream().mapToLong(Long::longValue).sum())
        && Discretion.tells(many);
  }

  private static Set<Long> hidden(List<List<Answered>> months, Metric metric) {
    Map<Long, List<Long>> byMonth = new HashMap<>();
    Map<Long, Long> all = new HashMap<>();
    for (List<Answered> month : months) {
      for (Answered each : month) {
        byMonth.computeIfAbsent(key(each.child()), _ -> new ArrayList<>()).add(many(each, metric));
        all.merge(key(each.child()), many(each, metric), Long::sum);
      }
    }
    Set<Long> notTold =
        byMonth.entrySet().stream()
            .filter(each -> !Discretion.tells(each.getValue()))
            .map(Map.Entry::getKey)
            .collect(toSet());
    return Discretion.hidden(all, notTold, Comparator.naturalOrder());
  }

  private static long many(Answered answered, Metric metric) {
    return metric == Metric.SOLVED ? answered.solved() : answered.satisfied();
  }

  /// Null: it is not told. A week that goes on would tell every day what was said since the day
  /// before.
  private @Nullable LocalDate saidUntil(Period period) {
    LocalDate week = today().with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
    LocalDate until = week.isBefore(period.to()) ? week : period.to();
    return period.isOfWholeMonths() && until.isAfter(period.from()) ? until : null;
  }

  /// @param seen that they may look at
  /// @param unseen how many of this page they may not
  /// @param more how many there are beyond these, which no page shows
  /// @param open whether these go on; else they ended
  /// @param next where the next page begins; null: there is none
  record Listed(
      List<Cases.Named> seen, int unseen, int more, boolean open, @Nullable Behind next) {}

  /// Those behind a figure: what goes on first, then what ended in the order of its ends.
  ///
  /// @param after null: the first page
  List<Listed> behind(
      Staff staff,
      Territory place,
      Period period,
      Metric metric,
      Weights weights,
      @Nullable Behind after) {
    if (metric.isInConfidence()) {
      throw new Refusal("figures-in-confidence", 403);
    }
    Instant from = begin(period.from());
    Instant to = begin(period.to());
    var pages = new ArrayList<Listed>();
    if (after == null) {
      var open = new ArrayList<CaseId>();
      evaluations.walkLate(
          place,
          from,
          to,
          clock.instant(),
          page -> open.addAll(Figure.of(metric, page, weights).cases()));
      if (!open.isEmpty()) {
        List<CaseId> first = open.subList(0, Math.min(MOST_OPEN, open.size()));
        pages.add(page(staff, first, open.size() - first.size(), true, null));
      }
    }
    List<Behind> found =
        store.behind(
            db,
            area(place),
            metric,
            from,
            to,
            weights,
            after == null ? new Behind(new CaseId(0), Instant.EPOCH) : after,
            PAGE + 1);
    List<Behind> shown = found.subList(0, Math.min(PAGE, found.size()));
    if (!shown.isEmpty()) {
      pages.add(
          page(
              staff,
              shown.stream().map(Behind::id).toList(),
              0,
              false,
              found.size() > PAGE ? shown.getLast() : null));
    }
    return pages;
  }

  private Listed page(
      Staff staff, List<CaseId> ids, int more, boolean open, @Nullable Behind next) {
    Map<CaseId, Cases.Named> seen = cases.named(staff, ids);
    return new Listed(
        ids.stream().filter(seen::containsKey).map(seen::get).toList(),
        ids.size() - seen.size(),
        more,
        open,
        next);
  }

  private Instant begin(LocalDate day) {
    return day.atStartOfDay(calendar.get().zone()).toInstant();
  }

  static Area area(Territory place) {
    return switch (place.level()) {
      case DISTRICT -> new Area(place.path(), place.id(), null, "e.street_id");
      case STREET -> new Area(place.path(), place.id(), "e.street_id", "e.community_id");
      case COMMUNITY, GRID, GROUP, BUILDING ->
          new Area(place.path(), place.id(), "e.community_id", "NULL::bigint");
    };
  }
}
