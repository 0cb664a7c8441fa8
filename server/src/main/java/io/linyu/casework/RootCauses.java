package io.linyu.casework;

import static java.util.Objects.requireNonNull;

import io.linyu.casework.LoopRule.Effect;
import io.linyu.casework.LoopRule.Mode;
import io.linyu.casework.RootCause.Link;
import io.linyu.casework.RootCauseStore.Counted;
import io.linyu.casework.RootCauseStore.Last;
import io.linyu.community.Desk;
import io.linyu.community.Level;
import io.linyu.community.Staff;
import io.linyu.community.Territories;
import io.linyu.community.Territory;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Tx;
import io.linyu.platform.events.Events;
import io.linyu.platform.events.Told;
import io.linyu.platform.text.Words;
import io.linyu.platform.time.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What comes back: five people tell of the same at one place within a week, or it was closed there
/// three times within a month (rule E4). Then a case is opened one level up for what is behind it,
/// told by nobody, and belongs together with all of these. One at a time for a place and kind, and
/// none for a month after that was closed.
///
/// What was told in confidence, complains about staff or is kept quiet never counts and never
/// belongs to one.
public final class RootCauses {
  /// So many people.
  static final int REPORTERS = 5;

  static final Duration TOLD_WITHIN = Duration.ofDays(7);

  /// Or so many that were closed.
  static final int CLOSED = 3;

  static final Duration CLOSED_WITHIN = Duration.ofDays(30);

  /// For the pages.
  public static final long TOLD_DAYS = TOLD_WITHIN.toDays();

  public static final long CLOSED_DAYS = CLOSED_WITHIN.toDays();

  /// So long after it was closed the next is not opened; nor found again while it is tried out.
  static final Duration RESTS = Duration.ofDays(30);

  /// The way by which it came, as the channel of the case.
  static final String CHANNEL = "proactive";

  /// A place that is the same for whoever tells of it. Of what is said of a whole community nobody
  /// knows that.
  private static final Set<Level> PLACES = EnumSet.of(Level.BUILDING, Level.GROUP, Level.GRID);

  private static final Duration PAUSE = Duration.ofSeconds(5);
  private static final Duration AFTER_A_FAULT = Duration.ofHours(1);
  private static final Logger LOG = LoggerFactory.getLogger(RootCauses.class);

  /// What belongs together, as one member of staff sees it on the page of a case.
  ///
  /// @param cause of the case that was opened for it; null: it is none
  /// @param links what belongs to that
  /// @param opened the case that was opened for this one; null: none was, or they do not see it
  public record View(@Nullable RootCause cause, List<Link> links, @Nullable Link opened) {
    static final int MOST = 50;

    public boolean isEmpty() {
      return cause == null && opened == null;
    }
  }

  /// One on the page of the rule.
  ///
  /// @param opened the case; null: nothing was opened, or they do not see it
  public record Found(
      RootCause cause,
      String place,
      @Nullable Category category,
      List<Link> links,
      Cases.@Nullable Named opened) {}

  private final Db db;
  private final CaseFiles files;
  private final Cases cases;
  private final Intake intake;
  private final Categories categories;
  private final Territories territories;
  private final Routing routing;
  private final CatchUps catchUps;
  private final RootCauseStore store = new RootCauseStore();
  private final LoopRuleStore rules = new LoopRuleStore();
  private final CaseStore caseStore = new CaseStore();

  RootCauses(
      Db db,
      CaseFiles files,
      Cases cases,
      Intake intake,
      Categories categories,
      Territories territories,
      Routing routing,
      CatchUps catchUps) {
    this.db = db;
    this.files = files;
    this.cases = cases;
    this.intake = intake;
    this.categories = categories;
    this.territories = territories;
    this.routing = routing;
    this.catchUps = catchUps;
  }

  public void start(Events events, Ticker ticker) {
    Ticker.Bell bell = ticker.every(PAUSE, "root-causes", this::lookDue);
    events.listen(
        ticker,
        "root-causes",
        CaseEvent.VOCABULARY,
        (tx, told) -> {
          if (hear(tx, told)) {
            tx.afterCommit(bell::ring);
          }
        });
  }

  // When to look.

  /// Whether anything has come to a place, or was closed there.
  boolean hear(Tx tx, List<Told<CaseEvent>> told) {
    Instant since = files.now().minus(CLOSED_WITHIN);
    List<CaseId> come =
        told.stream()
            .filter(each -> each.at().isAfter(since) && comes(each.event()))
            .map(each -> new CaseId(each.subject()))
            .distinct()
            .toList();
    if (!come.isEmpty()) {
      store.due(tx, come, files.now());
    }
    return !come.isEmpty();
  }

  private static boolean comes(CaseEvent event) {
    return event instanceof CaseEvent.Opened
        || event instanceof CaseEvent.Accepted
        || event instanceof CaseEvent.Corrected
        || event instanceof CaseEvent.Merged
        || event instanceof CaseEvent.Closed;
  }

  /// What stands so when the rule is turned on or tried out is looked at, too.
  void lookAtAll(Tx tx, Mode mode, Instant now) {
    if (mode != Mode.OFF) {
      store.dueOfAll(tx, now.minus(TOLD_WITHIN), now.minus(CLOSED_WITHIN), now);
    }
  }

  /// Looks at one place and kind. True when there may be more.
  boolean lookDue() {
    if (!catchUps.isAwake()) {
      return false;
    }
    Instant now = files.now();
    var taken = new CaseId[1];
    try {
      return db.<Boolean>inTransaction(tx -> {
        Optional<CaseId> due = store.take(tx, now);
        due.ifPresent(id -> {
          taken[0] = id;
          look(tx, id, now);
          store.done(tx, id);
        });
        return due.isPresent();
      });
    } catch (RuntimeException failed) {
      CaseId id = taken[0];
      if (id == null || Db.isPassing(failed)) {
        throw failed;
      }
      // It does not keep those behind it waiting.
      db.withinTransaction(tx -> store.lookAgain(tx, id, now.plus(AFTER_A_FAULT)));
      LOG.warn("case {}: its place could not be looked at, tried again in an hour", id.value());
      throw failed;
    }
  }

  // What there is.

  private void look(Tx tx, CaseId id, Instant now) {
    RuleSwitch by =
        rules.current(tx).stream()
            .filter(each -> each.rule() == LoopRule.E4)
            .findFirst()
            .orElseThrow();
    Case told = cases.named(tx, id).orElseThrow();
    CaseId master = told.masterId();
    Case matter = master == null ? told : cases.named(tx, master).orElseThrow();
    Category category =
        categories.named(matter.categoryCode()).filter(Category::isSpecific).orElse(null);
    Territory place = territories.byId(matter.territoryId());
    if (by.mode() == Mode.OFF
        || category == null
        || !matter.territoryKnown()
        || !PLACES.contains(place.level())) {
      return;
    }
    store.lock(tx, place.id(), category.code());
    Instant month = now.minus(CLOSED_WITHIN);
    List<Counted> found =
        store.counted(tx, place.id(), category.code(), now.minus(TOLD_WITHIN), month, by.isDry());
    Optional<Last> last = store.last(tx, place.id(), category.code(), now.minus(RESTS), by.isDry());
    if (last.isPresent()) {
      goOn(tx, last.get(), by, found);
    } else if (isEnough(found)) {
      find(tx, by, place, category, found, now);
    }
  }

  private static boolean isEnough(List<Counted> found) {
    return reporters(found) >= REPORTERS || closed(found) >= CLOSED;
  }

  /// Whoever tells it five times is one; and so are all together of whom nobody knows who they are.
  private static int reporters(List<Counted> found) {
    return (int)
        found.stream()
            .filter(Counted::told)
            .map(each -> each.personId() == null ? 0L : each.personId())
            .distinct()
            .count();
  }

  private static int closed(List<Counted> found) {
    return (int) found.stream().filter(Counted::done).count();
  }

  /// What comes while it is handled belongs to it. While it rests nothing does, and what comes
  /// counts afterwards.
  private void goOn(Tx tx, Last last, RuleSwitch by, List<Counted> more) {
    CaseId opened = last.caseId();
    if (more.isEmpty() || (opened != null && !last.open())) {
      return;
    }
    List<CaseId> ids = more.stream().map(Counted::id).toList();
    if (opened == null) {
      store.link(tx, last.id(), ids);
    } else if (!by.isDry()) {
      store.link(tx, last.id(), ids);
      tellOf(tx, by, opened, ids);
    }
  }

  private void find(
      Tx tx, RuleSwitch by, Territory place, Category category, List<Counted> found, Instant now) {
    List<CaseId> ids = found.stream().map(Counted::id).toList();
    CaseId opened = by.isDry() ? null : open(tx, place, category, found);
    // Where nothing is opened it stands in the last one that came.
    CaseId at = opened == null ? newest(found) : opened;
    long cause =
        store.insert(
            tx,
            place.id(),
            category.code(),
            opened,
            by.version(),
            reporters(found),
            closed(found),
            now);
    store.link(tx, cause, ids);
    if (opened != null) {
      tellOf(tx, by, opened, ids);
    }
    var once = LoopRuleStore.Once.of(at, by, new LoopRule.Due(Effect.GATHERED, now, now));
    if (rules.applyOnce(tx, once, by.version(), now)) {
      files.tell(tx, at, rule -> applied(by, rule, now, null));
    }
    if (opened != null) {
      catchUps.fold(tx, opened, by, Effect.GATHERED, since(found), now);
    }
  }

  private static CaseId newest(List<Counted> found) {
    return found.stream()
        .max(Comparator.comparing(RootCauses::last))
        .map(Counted::id)
        .orElseThrow();
  }

  /// When it stood so.
  private static Instant since(List<Counted> found) {
    return found.stream().map(RootCauses::last).max(Comparator.naturalOrder()).orElseThrow();
  }

  private static Instant last(Counted each) {
    Instant closed = each.closedAt();
    return each.done() && closed != null ? closed : each.saidAt();
  }

  private CaseId open(Tx tx, Territory place, Category category, List<Counted> found) {
    Level next = category.circle() == Level.COMMUNITY ? Level.STREET : Level.DISTRICT;
    Desk desk = routing.taking(next, place);
    Level of = routing.circleOf(desk);
    Words words = Words.in(Words.DEFAULT_LANGUAGE);
    String what =
        words.of(
            "root.what",
            territories.nameForResident(place),
            category.name(words.language()),
            TOLD_WITHIN.toDays(),
            reporters(found),
            CLOSED_WITHIN.toDays(),
            closed(found));
    var draft =
        NewCase.of(what, place.id(), CHANNEL).category(category.code()).confirmed(true).ready();
    return intake.openByItself(tx, draft, category, of.compareTo(next) < 0 ? of : next, desk).id();
  }

  /// In the history of each of them.
  private void tellOf(Tx tx, RuleSwitch by, CaseId opened, List<CaseId> ids) {
    files.lock(tx, ids);
    Instant at = files.now();
    ids.stream()
        .sorted(Comparator.comparingLong(CaseId::value))
        .forEach(id -> files.tell(tx, id, rule -> applied(by, rule, at, opened)));
  }

  private static CaseEvent applied(
      RuleSwitch by, int rule, Instant occasion, @Nullable CaseId opened) {
    return new CaseEvent.RuleApplied(
        null,
        rule,
        by.rule(),
        by.version(),
        by.isDry(),
        Effect.GATHERED,
        occasion,
        opened == null ? null : opened.value());
  }

  // Who sees what of it.

  /// Of a case that they may see.
  View of(Staff staff, Case matter) {
    Scope scope = Scope.of(staff, territories);
    RootCause cause = store.opened(db, matter.id()).orElse(null);
    return new View(
        cause,
        cause == null
            ? List.of()
            : store
                .links(db, staff, scope, List.of(cause.id()), View.MOST)
                .getOrDefault(cause.id(), List.of()),
        store.openedFor(db, staff, scope, matter.id()).orElse(null));
  }

  /// What was found in the last [LoopRules#COUNTED], of what they may see something of.
  List<Found> latest(Staff staff, int most, int links) {
    Scope scope = Scope.of(staff, territories);
    List<RootCause> found =
        store.latest(db, staff, scope, files.now().minus(LoopRules.COUNTED), most);
    Map<Long, List<Link>> theirs =
        store.links(db, staff, scope, found.stream().map(RootCause::id).toList(), links);
    Map<CaseId, Cases.Named> opened =
        caseStore.named(
            db,
            staff,
            scope,
            found.stream().flatMap(each -> Stream.ofNullable(each.caseId())).toList());
    return found.stream()
        .map(each ->
            new Found(
                each,
                territories.nameForResident(territories.byId(each.territoryId())),
                categories.named(each.categoryCode()).orElse(null),
                theirs.getOrDefault(each.id(), List.of()),
                each.caseId() == null ? null : opened.get(requireNonNull(each.caseId()))))
        .toList();
  }
}
