package io.linyu.casework;

import io.linyu.casework.KnownMatter.Entry;
import io.linyu.casework.KnownMatter.Followed;
import io.linyu.casework.KnownMatter.Listing;
import io.linyu.casework.KnownMatter.Member;
import io.linyu.casework.KnownMatter.Members;
import io.linyu.casework.KnownMatter.Telling;
import io.linyu.casework.KnownMatter.Word;
import io.linyu.community.Staff;
import io.linyu.community.Territories;
import io.linyu.community.Territory;
import io.linyu.platform.Refusal;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// What is known already: published once by staff, told at once to everybody who has the same
/// matter, and ended once for all who joined.
///
/// Those that answer residents are held in memory by every node, because they are asked for in
/// every turn that tells of a matter.
public final class KnownMatters {
  /// How many cases may be joined in one step.
  public static final int JOINED_AT_ONCE = 200;

  /// Older ones are hardly the same.
  private static final Duration RECENT = Duration.ofDays(7);

  /// As long as the way back is offered on the page, and a little more.
  private static final Duration TAKEN_BACK_WITHIN = Duration.ofMinutes(1);

  /// Longer than any turn that may still be joining while news is told.
  private static final Duration TURNS_END = Duration.ofMinutes(1);

  /// Those who look after a territory and speak for it.
  private static final Set<String> SPEAKERS =
      Set.of(
          "district_dispatcher",
          "street_dispatcher",
          "street_supervisor",
          "community_secretary",
          "community_deputy",
          "info_officer");

  private final Db db;
  private final CaseFiles files;
  private final Intake intake;
  private final Joining joining;
  private final Territories territories;
  private final CaseStore cases = new CaseStore();
  private final KnownMatterStore store = new KnownMatterStore();
  private volatile List<KnownMatter> open;
  private volatile Runnable signal = () -> {};

  KnownMatters(Db db, CaseFiles files, Intake intake, Joining joining, Territories territories) {
    this.db = db;
    this.files = files;
    this.intake = intake;
    this.joining = joining;
    this.territories = territories;
    this.open = store.open(db);
  }

  // What residents' turns ask, from memory.

  /// What is known of this kind of matter at this place: the nearest, then the newest.
  public Optional<KnownMatter> about(String category, Territory place, Instant now) {
    return open.stream()
        .filter(each -> each.categoryCode().equals(category))
        .filter(each -> each.covers(place.path()) && each.isCurrent(now))
        .max(
            Comparator.comparingInt((KnownMatter each) -> each.territoryPath().length())
                .thenComparingLong(KnownMatter::id));
  }

  /// In whose name it is said.
  public String byName(KnownMatter matter) {
    return territories.byId(matter.byTerritoryId()).name();
  }

  /// Reads those that go on again.
  synchronized void refresh() {
    open = store.open(db);
  }

  /// How other nodes are told.
  void tellBy(Runnable how) {
    signal = how;
  }

  void changed() {
    refresh();
    signal.run();
  }

  // What residents' turns do.

  /// The category of its cases.
  public String category(Sql sql, long known) {
    return store.byId(sql, known).orElseThrow(Refusal::notFound).categoryCode();
  }

  /// A case that has joined.
  ///
  /// @param already whether it had before; then what was said now belongs to it
  public record Joined(Case matter, boolean already) {}

  /// The resident has the same matter. Refused when it has ended meanwhile, or what they tell seems
  /// to complain about staff: then it is told by itself. Who has joined it before keeps the number
  /// of then.
  ///
  /// @param read which version of it they have read, hours ago perhaps: what came after is told to
  ///   them; 0: nothing yet
  public Joined join(Tx tx, NewCase draft, Future<Instant> saidAt, long known, int read) {
    if (intake.isKept(draft)) {
      throw new Refusal("known-named", 409);
    }
    Long person = draft.personId();
    Optional<KnownMatterStore.Joining> before =
        person == null ? Optional.empty() : store.ofPerson(tx, person, known, null);
    if (before.isPresent() && person != null) {
      CaseId id = before.get().caseId();
      var _ = intake.supplement(tx, id, person, draft.messageIds(), draft.consentId());
      return new Joined(cases.byId(tx, id).orElseThrow(), true);
    }
    KnownMatter matter =
        store
            .joinable(tx, known)
            .filter(each -> each.isCurrent(files.now()))
            .orElseThrow(() -> new Refusal("known-over", 409));
    Case joined = intake.join(tx, draft, saidAt, known);
    store.join(tx, joined.id(), known, files.now(), null, Math.min(read, matter.version()));
    return new Joined(joined, false);
  }

  /// Whoever joins does not wait for the row of the matter, so it is marked afterwards that
  /// somebody has not heard the newest words. Always false: once is enough.
  boolean tellLate() {
    Instant now = files.now();
    db.withinTransaction(tx -> store.tellLate(tx, now));
    return false;
  }

  /// Whether they have joined one that goes on.
  ///
  /// @param consentId only by what was told by it; null: by all
  public boolean hasJoined(Tx tx, long person, @Nullable Long consentId) {
    return store.ofPerson(tx, person, 0, consentId).isPresent();
  }

  /// The resident says that what joined last is another matter after all.
  ///
  /// @param consentId only of what was told by it; null: of all
  public Case leave(Tx tx, long person, @Nullable Long consentId) {
    KnownMatterStore.Joining last =
        store.ofPerson(tx, person, 0, consentId).orElseThrow(() -> new Refusal("known-none", 404));
    cases.lock(tx, last.caseId());
    Case matter = cases.byId(tx, last.caseId()).orElseThrow();
    if (matter.state() != CaseState.MERGED) {
      throw new Refusal("known-none", 404);
    }
    joining.leave(
        files.open(tx, matter), matter, last.matter(), null, false, EnumSet.of(Actor.RESIDENT));
    return cases.byId(tx, matter.id()).orElseThrow();
  }

  /// What these cases follow; those that follow nothing are not among them.
  public Map<CaseId, Followed> followed(Sql sql, Collection<CaseId> ids) {
    return store.followed(sql, ids, territories);
  }

  // What staff see.

  /// Whether they may publish what is known of this place.
  public boolean mayPublish(Staff staff, String path) {
    return SPEAKERS.contains(staff.role()) && staff.sees(path);
  }

  /// Whether they may publish at all.
  public boolean maySpeak(Staff staff) {
    return SPEAKERS.contains(staff.role());
  }

  /// Refused as not found where it concerns neither their territory nor one around it.
  public KnownMatter visibleTo(Staff staff, String code) {
    return store.visible(db, staff, above(staff), code).orElseThrow(Refusal::notFound);
  }

  /// Newest first.
  ///
  /// @param within only inside this territory; null: everywhere
  /// @param over those that are over, or those that go on
  /// @param before from the page before; null: the first
  public Listing page(
      Staff staff, @Nullable Territory within, boolean over, @Nullable Long before, int limit) {
    List<Entry> found =
        store.page(
            db,
            staff,
            above(staff),
            within == null ? "/" : within.path(),
            over,
            before == null ? Long.MAX_VALUE : before,
            limit + 1);
    boolean more = found.size() > limit;
    List<Entry> shown = more ? found.subList(0, limit) : found;
    return new Listing(shown, more ? shown.getLast().matter().id() : null);
  }

  /// How many wait for the news, the end or the extension that was promised, of those that they may
  /// speak for.
  public long due(Staff staff) {
    Instant now = files.now();
    return open.stream()
        .filter(each -> each.isDue(now) && mayPublish(staff, each.territoryPath()))
        .count();
  }

  /// All that was said of it, oldest first.
  public List<Word> words(Staff staff, KnownMatter matter) {
    return store.words(db, visibleTo(staff, matter.code()).id());
  }

  public int joined(Staff staff, KnownMatter matter) {
    return store.joined(db, visibleTo(staff, matter.code()).id());
  }

  /// The cases that joined, oldest first; none for those who look after a part of the place only.
  public Members members(Staff staff, KnownMatter matter, long after, int limit) {
    if (!mayPublish(staff, matter.territoryPath())) {
      return new Members(List.of(), null);
    }
    List<Member> found = store.members(db, matter.id(), after, limit + 1);
    boolean more = found.size() > limit;
    List<Member> shown = more ? found.subList(0, limit) : found;
    return new Members(shown, more ? shown.getLast().id().value() : null);
  }

  /// Open cases that look the same: of this kind, inside this place, recent, and in no colleague's
  /// hand. Newest first.
  public List<Case> alike(Staff staff, String category, Territory place) {
    if (!mayPublish(staff, place.path())) {
      return List.of();
    }
    List<CaseId> ids =
        store.alike(
            db,
            staff.id(),
            category,
            place.path(),
            Units.of(place, territories),
            files.now().minus(RECENT),
            JOINED_AT_ONCE);
    return cases.byIds(db, ids).stream()
        .sorted(Comparator.comparingLong((Case each) -> each.id().value()).reversed())
        .toList();
  }

  /// The known matter that this case could join.
  public Optional<KnownMatter> fitting(Staff staff, Case matter) {
    String category = matter.categoryCode();
    return category == null || !mayJoin(staff, matter)
        ? Optional.empty()
        : about(category, territories.byId(matter.territoryId()), files.now())
            .filter(each -> mayPublish(staff, each.territoryPath()));
  }

  /// Whether they may have it handled with what is known: nobody takes it out of a colleague's
  /// hands.
  public boolean mayJoin(Staff staff, Case matter) {
    return matter.isOpen()
        && Transition.T08c.from().contains(matter.state())
        && !matter.confidential()
        && (matter.staffId() == null || matter.isHeldBy(staff.id()))
        && mayPublish(staff, matter.territoryPath());
  }

  /// What this case follows.
  public Optional<Followed> followed(Staff staff, Case matter) {
    return matter.state() == CaseState.MERGED
        ? Optional.ofNullable(followed(db, List.of(matter.id())).get(matter.id()))
        : Optional.empty();
  }

  private List<String> above(Staff staff) {
    return territories.pathOf(territories.byId(staff.territoryId())).stream()
        .map(Territory::path)
        .toList();
  }

  /// Whether it was published so short a time ago that it may simply be taken back.
  public boolean mayTakeBack(KnownMatter matter) {
    return !matter.isOver()
        && matter.version() == 1
        && !files.now().isAfter(matter.publishedAt().plus(TAKEN_BACK_WITHIN));
  }

  // Telling.

  /// Says the newest words of one matter to the next of those who joined it, in the transaction in
  /// which they are noted as told. False when nobody is to be told now.
  public boolean tellDue(int atOnce, BiConsumer<Tx, Telling> mouth) {
    return db.inTransaction(tx -> {
      Instant now = files.now();
      Optional<KnownMatterStore.Due> due = store.due(tx, now);
      if (due.isEmpty()) {
        return false;
      }
      KnownMatter matter = due.get().matter();
      int version = due.get().version();
      List<KnownMatterStore.Told> told = store.tell(tx, matter.id(), version, atOnce);
      if (told.size() < atOnce) {
        // Somebody may be joining at this moment, with what was said before in mind.
        Instant settled = due.get().since().plus(TURNS_END);
        store.tellFrom(tx, matter.id(), settled.isAfter(now) ? settled : null);
      }
      var to = told.stream().filter(KnownMatterStore.Told::each).map(KnownMatterStore.Told::ear);
      Word end = matter.isOver() ? store.end(tx, matter.id()).orElse(null) : null;
      long staff = store.speaker(tx, matter.id(), version);
      mouth.accept(tx, new Telling(matter, byName(matter), version, staff, end, to.toList()));
      return true;
    });
  }
}
