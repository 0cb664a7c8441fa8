package io.linyu.casework;

import static java.util.Comparator.comparing;

import io.linyu.casework.ReplayStore.Came;
import io.linyu.casework.ReplayStore.Ticked;
import io.linyu.casework.RoutingRule.Plan;
import io.linyu.community.Community;
import io.linyu.platform.db.Db;
import io.linyu.platform.time.WorkingCalendar;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What a file of routing rules, or another catalogue, would have done with the cases of the last
/// months: looked at before it takes effect, as any other change of who gets what and of a limit.
/// None of them is touched.
///
/// @param cases so many there were of which it is known what and where they are
/// @param moves from which desk to which, the most first
/// @param lates by kind, for each limit that would be another
/// @param full whether there were more than are looked at
public record FileReplay(int cases, List<Move> moves, List<Late> lates, boolean full) {
  private static final int AT_ONCE = 1_000;

  /// @param from what the desk is called that would have had so many of them until now
  public record Move(String from, String to, int many) {}

  /// @param was the limit until now, as it is written, and `is`, by the file
  /// @param clocks so many ran
  /// @param before so many of them were late, and `after`, would have been
  public record Late(
      Category kind, Limited what, String was, String is, int clocks, int before, int after) {}

  public int moved() {
    return moves.stream().mapToInt(Move::many).sum();
  }

  /// @param rules that are added, as if each held on the day on which the last of them begins
  static FileReplay ofRules(
      Db db, Community community, Categories categories, List<Plan> rules, Instant now) {
    List<Plan> inOrder = rules.stream().sorted(comparing(Plan::from)).toList();
    RoutingTable before = table(db, inOrder.getLast().from());
    RoutingTable after = before;
    for (Plan each : inOrder) {
      after = after.with(each);
    }
    var past = new Past(db, community, categories, now);
    past.send(before, after, each -> each);
    return past.replay();
  }

  /// @param catalogue in the place of the present one
  static FileReplay ofCatalogue(
      Db db,
      Community community,
      Categories categories,
      List<Category> catalogue,
      WorkingCalendar calendar,
      Instant now) {
    Map<String, Category> then =
        catalogue.stream()
            .filter(Category::isSpecific)
            .collect(Collectors.toMap(Category::code, each -> each));
    var past = new Past(db, community, categories, now);
    RoutingTable rules = table(db, LocalDate.ofInstant(now, calendar.zone()));
    past.send(rules, rules, each -> then.getOrDefault(each.code(), each));
    past.count(Limited.FIRST_CONTACT, then, calendar);
    past.count(Limited.HANDLING, then, calendar);
    return past.replay();
  }

  private static RoutingTable table(Db db, LocalDate day) {
    return RoutingTable.of(new RoutingRuleStore().inForce(db, day));
  }

  /// The newest cases, page by page.
  private static final class Past {
    private final Db db;
    private final Community community;
    private final Categories categories;
    private final Instant now;
    private final Instant since;
    private final Rules house;
    private final ReplayStore store = new ReplayStore();
    private final List<Move> moves = new ArrayList<>();
    private final List<Late> lates = new ArrayList<>();
    private int cases;
    private boolean full;

    Past(Db db, Community community, Categories categories, Instant now) {
      this.db = db;
      this.community = community;
      this.categories = categories;
      this.now = now;
      this.since = now.minus(Duration.ofDays(Replay.DAYS));
      this.house = Db.await(new RuleStore().at(db, now));
    }

    FileReplay replay() {
      return new FileReplay(cases, List.copyOf(moves), List.copyOf(lates), full);
    }

    /// @param then what a kind would be
    void send(RoutingTable before, RoutingTable after, Function<Category, Category> then) {
      var routing = new Routing(community.territories(), community.desks(), categories).usual();
      var sent =
          new RoutingReplay(
              routing,
              categories,
              community.territories(),
              house,
              before,
              after,
              community.territories().root().path(),
              null,
              then);
      long last = Long.MAX_VALUE;
      while (true) {
        List<Came> page = store.cases(db, last, AT_ONCE);
        page.stream()
            .filter(each -> !each.at().isBefore(since))
            .forEach(each -> sent.add(each.past()));
        if (page.size() < AT_ONCE || page.getLast().at().isBefore(since)) {
          break;
        }
        if (sent.cases() >= Replays.MOST) {
          full = true;
          break;
        }
        last = page.getLast().past().id();
      }
      cases = sent.cases();
      sent.outcome(full)
          .moves()
          .forEach(each -> moves.add(new Move(name(each.from()), name(each.to()), each.many())));
    }

    private String name(long desk) {
      return community.desks().byId(desk).name();
    }

    /// A kind whose limit was set on the page keeps that, whatever the catalogue says.
    void count(Limited what, Map<String, Category> then, WorkingCalendar calendar) {
      Rules rules = house;
      var kinds = new TreeSet<String>();
      for (Category each : categories.all()) {
        Category is = then.get(each.code());
        if (!each.isSpecific() || is == null) {
          continue;
        }
        String limit = house.limit(what, is);
        if (!limit.equals(house.limit(what, each))) {
          rules = rules.with(what, each, limit);
          kinds.add(each.code());
        }
      }
      if (kinds.isEmpty()) {
        return;
      }
      var counted =
          new LimitReplay(
              categories,
              what,
              null,
              new Clocks(house, calendar),
              new Clocks(rules, calendar),
              now);
      long last = Long.MAX_VALUE;
      while (true) {
        List<Ticked> page = store.clocks(db, what, last, AT_ONCE);
        young(page, kinds).forEach(counted::add);
        boolean more = page.stream().mapToLong(Ticked::caseId).distinct().count() == AT_ONCE;
        if (!more || page.getLast().at().isBefore(since)) {
          break;
        }
        if (counted.clocks() >= Replays.MOST) {
          full = true;
          break;
        }
        last = page.getLast().caseId();
      }
      tell(what, kinds, then, counted);
    }

    private Stream<LimitReplay.Ran> young(List<Ticked> page, Set<String> kinds) {
      return page.stream()
          .filter(each -> !each.at().isBefore(since))
          .map(Ticked::ran)
          .filter(Objects::nonNull)
          .filter(each -> each.category() != null && kinds.contains(each.category()));
    }

    /// Also those of which nothing was told.
    private void tell(
        Limited what, Set<String> kinds, Map<String, Category> then, LimitReplay counted) {
      Map<String, Replay.Lateness> found =
          counted.outcome(full).kinds().stream()
              .collect(Collectors.toMap(Replay.Lateness::category, each -> each));
      for (String code : kinds) {
        Category was = categories.named(code).orElseThrow();
        Category is = Objects.requireNonNull(then.get(code));
        Replay.Lateness each = found.get(code);
        lates.add(
            new Late(
                is,
                what,
                house.limit(what, was),
                house.limit(what, is),
                each == null ? 0 : each.clocks(),
                each == null ? 0 : each.before(),
                each == null ? 0 : each.after()));
      }
    }
  }
}
