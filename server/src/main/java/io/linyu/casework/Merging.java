package io.linyu.casework;

import io.linyu.casework.CaseEvent.FollowerChanged;
import io.linyu.casework.CaseEvent.FollowerChanged.Change;
import io.linyu.casework.Cases.Step;
import io.linyu.community.Level;
import io.linyu.community.Staff;
import io.linyu.community.Territories;
import io.linyu.community.Territory;
import io.linyu.platform.Refusal;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Tx;
import io.linyu.platform.events.Told;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Several who tell of the same: one case is handled, the master, and the others follow it. Each
/// keeps their number, their page and their say: they hear what is said of the master, are asked by
/// themselves whether it is solved, and never learn who else told it.
///
/// What follows is closed for the desks (`MERGED`), and stands for whoever told it as the master
/// does. A master follows nothing itself, so there are neither chains nor circles; the database
/// holds that, too. Locks are those of both cases, in the order of all locks of cases; what is
/// asked of residents after a master is done is guarded by the lock of the master.
public final class Merging {
  /// More who tell of one thing are told once for all ([KnownMatters]).
  static final int FOLLOWERS = 200;

  /// So long nobody is told, so that it can be taken back unsaid.
  public static final Duration TOLD_AFTER = Duration.ofSeconds(10);

  private static final int OFFERED = 20;

  /// How long one followed another.
  ///
  /// @param until null: it still does
  record Span(CaseId master, Instant since, @Nullable Instant until) {
    boolean holds(Instant at) {
      return !at.isBefore(since) && (until == null || !at.isAfter(until));
    }
  }

  private final Db db;
  private final CaseFiles files;
  private final Cases cases;
  private final Categories categories;
  private final Territories territories;
  private final Joining joining;
  private final ReturnVisits visits;
  private final CaseStore caseStore = new CaseStore();
  private final MergeStore store = new MergeStore();

  Merging(
      Db db,
      CaseFiles files,
      Cases cases,
      Categories categories,
      Territories territories,
      Joining joining,
      ReturnVisits visits) {
    this.db = db;
    this.files = files;
    this.cases = cases;
    this.categories = categories;
    this.territories = territories;
    this.joining = joining;
    this.visits = visits;
  }

  /// What a case has followed, by its events, oldest first.
  static List<Span> spans(List<Told<CaseEvent>> told) {
    var spans = new ArrayList<Span>();
    Span open = null;
    for (Told<CaseEvent> each : told) {
      if (each.event() instanceof CaseEvent.Merged merged) {
        open = new Span(new CaseId(merged.masterId()), each.at(), null);
      } else if (open != null
          && (each.event() instanceof CaseEvent.Unmerged
              || each.event().transition() == Transition.T27b)) {
        spans.add(new Span(open.master(), open.since(), each.at()));
        open = null;
      }
    }
    if (open != null) {
      spans.add(open);
    }
    return spans;
  }

  // What staff see.

  /// Cases that tell of the same perhaps, which they may see: at the same place first, then the
  /// newest. With words only the one whose number they are.
  public List<Case> offered(Staff staff, Case matter, String words) {
    if (!words.isBlank()) {
      return CaseNumber.parse(words)
          .flatMap(number -> cases.byNumberVisibleTo(staff, number))
          .filter(each -> against(matter, each).isEmpty())
          .stream()
          .toList();
    }
    if (matter.categoryCode() == null) {
      return List.of();
    }
    Territory place = territories.byId(matter.territoryId());
    List<CaseId> near = store.near(db, matter, Units.of(place, territories), OFFERED);
    Set<CaseId> seen = cases.visibleTo(staff, near);
    return caseStore.byIds(db, near).stream()
        .filter(each -> seen.contains(each.id()))
        .filter(each -> against(matter, each).isEmpty())
        .sorted(Comparator.comparingInt(each -> near.indexOf(each.id())))
        .toList();
  }

  /// Those that follow it, in the order in which they were told.
  public List<Case> followers(Case master) {
    return store.followers(db, master.id(), files.now());
  }

  /// How many people hear what is said of it.
  public int heardBy(Case matter) {
    return cases.heardOf(db, matter, files.now()).size();
  }

  /// Why the one cannot follow the other, whoever wants it; empty: it can.
  Optional<Refusal> against(Case matter, Case master) {
    String number = master.number().text();
    if (matter.id().equals(master.id())) {
      return Optional.of(new Refusal("merge-itself", 422));
    }
    if (master.follows()) {
      return Optional.of(new Refusal("merge-follows", 409, number));
    }
    // What nobody has accepted has promised nothing; who tells of it after it was said to be done
    // says that it is not.
    if (!master.isOpen()
        || master.state().compareTo(CaseState.FILED) < 0
        || master.state().compareTo(CaseState.SUSPENDED) > 0) {
      return Optional.of(
          new Refusal("merge-not-handled", 409, number, master.state().plainly("zh")));
    }
    Category category = categories.named(matter.categoryCode()).orElse(null);
    if (category == null || !category.code().equals(master.categoryCode())) {
      return Optional.of(new Refusal("merge-category", 422, number));
    }
    if (category.quiet()) {
      return Optional.of(new Refusal("merge-quiet", 409, number));
    }
    if (!isNear(matter, master)) {
      return Optional.of(new Refusal("merge-place", 422, number));
    }
    if (matter.confidential() != master.confidential()) {
      return Optional.of(new Refusal("merge-confidential", 409, number));
    }
    return Optional.empty();
  }

  /// In one community, or the one inside the other.
  private boolean isNear(Case matter, Case master) {
    String one = matter.territoryPath();
    String other = master.territoryPath();
    Optional<Territory> community = communityOf(matter);
    return one.startsWith(other)
        || other.startsWith(one)
        || (community.isPresent() && community.equals(communityOf(master)));
  }

  private Optional<Territory> communityOf(Case each) {
    return territories.communityOf(territories.byId(each.territoryId()));
  }

  // What staff do.

  /// Has it handled with the other. They must see both.
  ///
  /// @param version of the one that is to follow
  /// @param master code of the other's page
  public Case merge(Staff staff, CaseId id, int version, String master) {
    return db.inTransaction(tx -> {
      CaseId with = caseStore.idOf(tx, master).orElseThrow(Refusal::notFound);
      files.lock(tx, List.of(id, with));
      Case other = cases.visibleTo(tx, staff, with);
      Case merged =
          files.withFile(
              tx,
              staff,
              id,
              version,
              null,
              (permits, file) -> {
                permits.require(Step.MERGE);
                follow(permits, file, other);
              });
      store.follow(tx, id, with, files.now());
      changed(tx, other, id, staff.id(), Change.JOINED);
      return caseStore.byId(tx, merged.id()).orElseThrow();
    });
  }

  private void follow(Permits permits, CaseFile file, Case other) {
    Case matter = permits.matter();
    against(matter, other)
        .ifPresent(refusal -> {
          throw refusal;
        });
    Category category = categories.named(matter.categoryCode()).orElseThrow();
    // A complaint about somebody passes their own unit by, also on this way.
    Level circle = category.circle();
    if (file.keepsFromNearest(category) && other.level().compareTo(circle) > 0) {
      throw new Refusal("merge-near", 409, other.number().text());
    }
    if (store.countFollowers(file.tx(), matter.id()) > 0) {
      throw new Refusal("merge-followed", 409, matter.number().text());
    }
    if (store.countFollowers(file.tx(), other.id()) >= FOLLOWERS) {
      throw new Refusal("merge-full", 409, FOLLOWERS);
    }
    Transition step = file.go(Transition.T08, permits.actors());
    file.tell(
        new CaseEvent.Merged(
            step, file.rule(), staff(permits), other.id().value(), matter.staffId()));
    file.shut();
  }

  private static long staff(Permits permits) {
    return permits.staff().id();
  }

  /// It is another matter after all: it is handled by itself, with its clocks as they began.
  public Case unmerge(Staff staff, CaseId id, int version) {
    return db.inTransaction(tx -> {
      var _ = files.lockGroup(tx, id);
      Case matter = cases.visibleTo(tx, staff, id);
      if (matter.version() != version) {
        throw new Refusal("case-changed", 409, matter.number().text());
      }
      Permits permits = files.permits(staff, matter);
      permits.require(Step.UNMERGE);
      return apart(tx, matter, staff.id(), permits.actors());
    });
  }

  /// The resident says that what was merged last is another matter.
  ///
  /// @param consentId only of what was told by it; null: of all
  public Case unmerge(Tx tx, long person, @Nullable Long consentId) {
    Case last =
        caseStore.ofPerson(tx, person, OFFERED).stream()
            .filter(Case::follows)
            .filter(each -> consentId == null || Objects.equals(each.consentId(), consentId))
            .findFirst()
            .orElseThrow(() -> new Refusal("known-none", 404));
    var _ = files.lockGroup(tx, last.id());
    Case matter = caseStore.byId(tx, last.id()).orElseThrow();
    if (!matter.follows()) {
      throw new Refusal("known-none", 404);
    }
    return apart(tx, matter, null, Set.of(Actor.RESIDENT));
  }

  private Case apart(Tx tx, Case matter, @Nullable Long staff, Set<Actor> actors) {
    Case master = caseStore.byId(tx, Objects.requireNonNull(matter.masterId())).orElseThrow();
    if (!master.isOpen()) {
      throw new Refusal("merge-over", 409, master.number().text());
    }
    CaseFile file = files.open(tx, matter);
    Span last = spans(file.told()).getLast();
    Category category = categories.named(matter.categoryCode()).orElseThrow();
    Instant answered = master.answeredAt();
    Transition step = file.go(Transition.T08b, actors);
    Level level = joining.level(matter, category);
    boolean heard = !file.at().isBefore(last.since().plus(TOLD_AFTER));
    file.tell(
        new CaseEvent.Unmerged(
            step, file.rule(), staff, master.id().value(), staff != null && heard, level));
    store.leave(tx, matter.id());
    file.raise(level);
    file.runOnResidentsClocks(
        category, answered != null && answered.isAfter(last.since()) ? answered : null);
    joining.handleAgain(file, matter, category, staff);
    visits.leave(tx, matter.id(), master);
    changed(tx, master, matter.id(), staff, Change.LEFT);
    return caseStore.byId(tx, matter.id()).orElseThrow();
  }

  // What residents do.

  /// The one who told it does not want it any more. What follows ends by itself; what others follow
  /// goes on for them, and so does what others may come to harm by. Empty: neither, it ends as any
  /// other.
  ///
  /// @param matter under the locks of it and what it follows
  Optional<Case> withdraw(Tx tx, Case matter, @Nullable Long consentId) {
    if (matter.follows()) {
      Case master = caseStore.byId(tx, Objects.requireNonNull(matter.masterId())).orElseThrow();
      if (!Transition.T27.allows(master.state(), Set.of(Actor.RESIDENT))) {
        throw new Refusal("case-not-withdrawn", 409, matter.number().text());
      }
      CaseFile file = files.open(tx, matter);
      Transition step = file.go(Transition.T27b, Set.of(Actor.RESIDENT));
      file.tell(new CaseEvent.Withdrawn(step, file.rule(), consentId));
      store.leave(tx, matter.id());
      Case now = file.save(true);
      changed(tx, master, matter.id(), null, Change.WITHDRAWN);
      return Optional.of(now);
    }
    if (matter.letGoAt() != null) {
      throw new Refusal("case-not-withdrawn", 409, matter.number().text());
    }
    boolean alone = store.countFollowers(tx, matter.id()) == 0;
    if ((alone && !categories.isSafety(matter))
        || !Transition.T27.allows(matter.state(), Set.of(Actor.RESIDENT))) {
      return Optional.empty();
    }
    CaseFile file = files.open(tx, matter);
    file.tell(new CaseEvent.LetGo(null, file.rule(), consentId, alone));
    store.letGo(tx, matter.id(), file.at());
    file.keep(true);
    return Optional.of(cases.asTold(tx, caseStore.byId(tx, matter.id()).orElseThrow()));
  }

  /// Whether more may be said of it: of what follows another, while that goes on.
  boolean takesMore(Tx tx, Case matter) {
    return cases.asTold(tx, matter).takesMore();
  }

  /// Of what follows another somebody said more: those who handle that see it.
  ///
  /// @param matter under the locks of both
  void heard(Tx tx, Case matter, Instant at) {
    CaseId master = matter.masterId();
    if (master != null) {
      store.heard(tx, master, at);
      changed(tx, caseStore.byId(tx, master).orElseThrow(), matter.id(), null, Change.SAID_MORE);
    }
  }

  /// So that whoever handles it looks again before they answer. Where its own teller does not want
  /// it any more, and nobody else does, it ends as what is withdrawn.
  private void changed(Tx tx, Case master, CaseId follower, @Nullable Long staff, Change how) {
    CaseFile file = files.open(tx, caseStore.byId(tx, master.id()).orElseThrow());
    file.tell(new FollowerChanged(null, file.rule(), follower.value(), staff, how));
    boolean wanted =
        master.letGoAt() == null
            || store.countFollowers(tx, master.id()) > 0
            || categories.isSafety(master);
    if (!wanted && Transition.T27.allows(file.state(), Set.of(Actor.RESIDENT))) {
      Transition step = file.go(Transition.T27, Set.of(Actor.RESIDENT));
      file.tell(new CaseEvent.Withdrawn(step, file.rule(), null));
      file.shut();
    }
    file.keep(how != Change.SAID_MORE);
  }
}
