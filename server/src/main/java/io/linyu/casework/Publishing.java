package io.linyu.casework;

import io.linyu.casework.KnownMatter.Plan;
import io.linyu.community.Staff;
import io.linyu.community.Territories;
import io.linyu.community.Territory;
import io.linyu.community.audit.Audit;
import io.linyu.community.audit.Deed;
import io.linyu.community.audit.Who;
import io.linyu.platform.Refusal;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Tx;
import io.linyu.platform.events.Events;
import io.linyu.platform.text.Codes;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// What staff do with what is known: publish it once, have cases handled with it, say what is new,
/// and end it for all who joined.
///
/// `version` is the one the member of staff saw: when it has changed since, the step is refused as
/// `known-changed`.
public final class Publishing {
  /// Longer has no room in one reply beside the question.
  public static final int LONGEST_TOLD = 300;

  private static final Duration LONGEST = Duration.ofDays(60);

  private static final Duration MAY_BE_UNDONE = Duration.ofSeconds(10);

  /// So long it asks to be ended or extended, after it has expired.
  private static final Duration FORGOTTEN = Duration.ofHours(24);

  private static final int RELEASED_AT_ONCE = 20;

  private final Db db;
  private final Events events;
  private final CaseFiles files;
  private final Joining joining;
  private final KnownMatters known;
  private final Categories categories;
  private final Territories territories;
  private final Audit audit;
  private final CaseStore cases = new CaseStore();
  private final KnownMatterStore store = new KnownMatterStore();
  private final MergeStore merges = new MergeStore();

  Publishing(
      Db db,
      Events events,
      CaseFiles files,
      Joining joining,
      KnownMatters known,
      Categories categories,
      Territories territories,
      Audit audit) {
    this.db = db;
    this.events = events;
    this.files = files;
    this.joining = joining;
    this.known = known;
    this.categories = categories;
    this.territories = territories;
    this.audit = audit;
  }

  /// Publishes it and joins these cases to it; those that somebody has taken or ended meanwhile are
  /// left as they are.
  ///
  /// @param from the device it came from, for the audit
  public KnownMatter publish(Staff staff, String from, Plan plan, List<String> cases) {
    Territory place = place(plan.territoryId());
    requireSpeaker(staff, place.path());
    Category category =
        categories
            .named(plan.category())
            .filter(Category::isSpecific)
            .orElseThrow(() -> new Refusal("category-unknown", 422, plan.category()));
    Plan sound = sound(plan);
    return db.inTransaction(tx -> {
      Instant at = files.now();
      if (Db.await(files.rules(tx, at)).isConfidential(category)) {
        throw new Refusal("known-confidential", 422);
      }
      long id = store.insert(tx, sound, Codes.random(), place.path(), staff, at);
      say(tx, id, 1, "published", staff, sound, at);
      events.write(
          tx,
          KnownEvent.VOCABULARY,
          id,
          new KnownEvent.Published(
              staff.id(), place.id(), category.code(), sound.nextAt(), sound.expiresAt()));
      KnownMatter matter = store.byId(tx, id).orElseThrow();
      var _ = joinAll(tx, staff, matter, cases);
      audited(tx, staff, from, Deed.KNOWN_PUBLISHED, matter);
      tx.afterCommit(known::changed);
      return matter;
    });
  }

  /// Has one more case handled with it.
  public void join(Staff staff, String code, String caseCode) {
    var _ = join(staff, code, List.of(caseCode));
  }

  /// What was joined in one step.
  ///
  /// @param from when, to be taken out again together
  public record Taken(int cases, Instant from, Instant until) {}

  /// Has these handled with it, too; those that somebody has taken or ended meanwhile are left as
  /// they are.
  public Taken join(Staff staff, String code, List<String> cases) {
    KnownMatter matter = known.visibleTo(staff, code);
    requireSpeaker(staff, matter.territoryPath());
    return db.inTransaction(tx -> {
      KnownMatter now = locked(tx, matter, matter.version(), true);
      Instant from = files.now().truncatedTo(ChronoUnit.MICROS); // as the database has it
      int joined = joinAll(tx, staff, now, cases);
      if (joined == 0) {
        throw new Refusal("known-not-joined", 409);
      }
      return new Taken(joined, from, files.now().plus(1, ChronoUnit.MICROS));
    });
  }

  private int joinAll(Tx tx, Staff staff, KnownMatter matter, List<String> codes) {
    if (codes.size() > KnownMatters.JOINED_AT_ONCE) {
      throw new Refusal("form-outdated", 422);
    }
    int joined = 0;
    List<CaseId> ids =
        codes.stream()
            .distinct()
            .flatMap(code -> cases.idOf(tx, code).stream())
            .sorted(Comparator.comparingLong(CaseId::value)) // all lock in the same order
            .toList();
    for (CaseId id : ids) {
      cases.lock(tx, id);
      Case each = cases.byId(tx, id).orElseThrow();
      if (known.mayJoin(staff, each)
          && merges.countFollowers(tx, id) == 0 // what others follow follows nothing
          && matter.covers(each.territoryPath())
          && matter.categoryCode().equals(each.categoryCode())) {
        joining.join(files.open(tx, each), each, matter, staff.id(), actors(staff));
        joined++;
      }
    }
    if (joined > 0) {
      store.tellFrom(tx, matter.id(), files.now().plus(MAY_BE_UNDONE));
    }
    return joined;
  }

  /// It is another matter after all: it is handled by itself again, with its clocks as they began.
  public Case leave(Staff staff, String caseCode) {
    return db.inTransaction(tx -> {
      CaseId id = cases.idOf(tx, caseCode).orElseThrow(Refusal::notFound);
      cases.lock(tx, id);
      Case each = cases.byId(tx, id).orElseThrow();
      KnownMatterStore.Joining joined =
          store.joining(tx, id).orElseThrow(() -> new Refusal("known-none", 404));
      requireSpeaker(staff, each.territoryPath());
      if (store.byId(tx, joined.matter()).orElseThrow().isOver()) {
        throw new Refusal("known-over", 409);
      }
      leave(tx, staff, each, joined);
      return cases.byId(tx, id).orElseThrow();
    });
  }

  /// Takes out again what this member of staff joined to it in one step; what was taken out
  /// meanwhile is out.
  public void leave(Staff staff, String code, Instant from, Instant until) {
    KnownMatter matter = known.visibleTo(staff, code);
    requireSpeaker(staff, matter.territoryPath());
    db.withinTransaction(tx -> {
      var _ = locked(tx, matter, matter.version(), false);
      for (CaseId id : store.joinedBy(tx, matter.id(), staff.id(), from, until)) {
        cases.lock(tx, id);
        Case each = cases.byId(tx, id).orElseThrow();
        store
            .joining(tx, id)
            .filter(joined -> joined.matter() == matter.id())
            .ifPresent(joined -> leave(tx, staff, each, joined));
      }
    });
  }

  private void leave(Tx tx, Staff staff, Case each, KnownMatterStore.Joining joined) {
    boolean told = joined.toldVersion() > 0;
    joining.leave(files.open(tx, each), each, joined.matter(), staff.id(), told, actors(staff));
  }

  /// Says something new, or that it takes longer. With new words all who joined hear them.
  ///
  /// @param version as the member of staff saw it
  /// @param plan its place and category are not looked at
  public KnownMatter update(Staff staff, String from, String code, int version, Plan plan) {
    KnownMatter seen = known.visibleTo(staff, code);
    requireSpeaker(staff, seen.territoryPath());
    Plan sound = sound(plan);
    return db.inTransaction(tx -> {
      KnownMatter now = locked(tx, seen, version, false);
      boolean news =
          !sound.told().equals(now.told()) || !Objects.equals(sound.toldEn(), now.toldEn());
      int next = now.version() + 1;
      Instant at = files.now();
      store.update(
          tx,
          now.id(),
          next,
          sound.told(),
          sound.toldEn(),
          sound.nextAt(),
          sound.expiresAt(),
          news,
          at);
      say(tx, now.id(), next, news ? "updated" : "extended", staff, sound, at);
      events.write(
          tx,
          KnownEvent.VOCABULARY,
          now.id(),
          news
              ? new KnownEvent.Updated(staff.id(), next, sound.nextAt(), sound.expiresAt())
              : new KnownEvent.Extended(staff.id(), next, sound.nextAt(), sound.expiresAt()));
      audited(tx, staff, from, Deed.KNOWN_UPDATED, now);
      tx.afterCommit(known::changed);
      return store.byId(tx, now.id()).orElseThrow();
    });
  }

  /// It is over; all who joined hear this once.
  public KnownMatter end(Staff staff, String from, String code, int version, String text) {
    KnownMatter seen = known.visibleTo(staff, code);
    requireSpeaker(staff, seen.territoryPath());
    String told = soundTold(text);
    return db.inTransaction(tx -> {
      KnownMatter now = locked(tx, seen, version, false);
      int next = now.version() + 1;
      Instant at = files.now();
      store.end(tx, now.id(), next, staff.id(), at);
      store.say(
          tx, now.id(), next, "ended", at, staff.id(), told, null, now.nextAt(), now.expiresAt());
      events.write(tx, KnownEvent.VOCABULARY, now.id(), new KnownEvent.Ended(staff.id(), next));
      audited(tx, staff, from, Deed.KNOWN_ENDED, now);
      tx.afterCommit(known::changed);
      return store.byId(tx, now.id()).orElseThrow();
    });
  }

  /// Takes back what was published by mistake, within a minute: what had joined is handled by
  /// itself again.
  public KnownMatter withdraw(Staff staff, String from, String code) {
    KnownMatter seen = known.visibleTo(staff, code);
    requireSpeaker(staff, seen.territoryPath());
    return db.inTransaction(tx -> {
      KnownMatter now = locked(tx, seen, seen.version(), false);
      Instant at = files.now();
      if (!known.mayTakeBack(now)) {
        throw new Refusal("known-not-back", 409);
      }
      store.lockOut(tx, now.id());
      for (CaseId id : store.allMembers(tx, now.id())) {
        cases.lock(tx, id);
        Case each = cases.byId(tx, id).orElseThrow();
        // Its teller may have taken it out at this moment.
        store.joining(tx, id).ifPresent(joined -> leave(tx, staff, each, joined));
      }
      store.withdraw(tx, now.id(), 2, staff.id(), at);
      store.say(
          tx,
          now.id(),
          2,
          "withdrawn",
          at,
          staff.id(),
          now.told(),
          now.toldEn(),
          now.nextAt(),
          now.expiresAt());
      events.write(tx, KnownEvent.VOCABULARY, now.id(), new KnownEvent.Withdrawn(staff.id(), 2));
      audited(tx, staff, from, Deed.KNOWN_WITHDRAWN, now);
      tx.afterCommit(known::changed);
      return store.byId(tx, now.id()).orElseThrow();
    });
  }

  /// What nobody ended within a day of its expiry is taken down, and what had joined it is handled
  /// by itself again: nobody who told of a matter is left without an end. True when there is more.
  public boolean releaseDue() {
    return db.inTransaction(tx -> {
      Instant at = files.now();
      Optional<KnownMatter> found = store.forgotten(tx, at.minus(FORGOTTEN));
      if (found.isEmpty()) {
        return false;
      }
      KnownMatter matter = found.get();
      List<CaseId> next = store.nextMembers(tx, matter.id(), RELEASED_AT_ONCE);
      for (CaseId id : next) {
        cases.lock(tx, id);
        Case each = cases.byId(tx, id).orElseThrow();
        KnownMatterStore.Joining joined = store.joining(tx, id).orElse(null);
        if (joined != null) {
          joining.leave(
              files.open(tx, each),
              each,
              matter.id(),
              null,
              joined.toldVersion() > 0,
              EnumSet.of(Actor.SYSTEM));
        }
      }
      if (next.size() < RELEASED_AT_ONCE) {
        int version = matter.version() + 1;
        store.withdraw(tx, matter.id(), version, matter.publishedBy(), at);
        store.say(
            tx,
            matter.id(),
            version,
            "released",
            at,
            matter.publishedBy(),
            matter.told(),
            matter.toldEn(),
            matter.nextAt(),
            matter.expiresAt());
        events.write(
            tx,
            KnownEvent.VOCABULARY,
            matter.id(),
            new KnownEvent.Released(matter.publishedBy(), version));
        tx.afterCommit(known::changed);
      }
      return true;
    });
  }

  private KnownMatter locked(Tx tx, KnownMatter seen, int version, boolean joins) {
    store.lock(tx, seen.id());
    KnownMatter now = store.byId(tx, seen.id()).orElseThrow();
    if (now.isOver() || (joins && !now.isCurrent(files.now()))) {
      throw new Refusal("known-over", 409);
    }
    if (now.version() != version) {
      throw new Refusal("known-changed", 409);
    }
    return now;
  }

  private void say(Tx tx, long id, int version, String kind, Staff staff, Plan plan, Instant at) {
    store.say(
        tx,
        id,
        version,
        kind,
        at,
        staff.id(),
        plan.told(),
        plan.toldEn(),
        plan.nextAt(),
        plan.expiresAt());
  }

  private void audited(Tx tx, Staff staff, String from, Deed deed, KnownMatter matter) {
    var details = new HashMap<String, String>();
    details.put("place", territories.nameForResident(territories.byId(matter.territoryId())));
    details.put(
        "category", categories.named(matter.categoryCode()).map(Category::nameZh).orElse(""));
    audit.write(tx, Who.staff(staff.id(), from), deed, details);
  }

  private void requireSpeaker(Staff staff, String path) {
    if (!known.mayPublish(staff, path)) {
      throw new Refusal("known-not-yours", 403);
    }
  }

  private Territory place(long id) {
    try {
      return territories.byId(id);
    } catch (IllegalArgumentException unknown) {
      throw new Refusal("territory-unknown", 422);
    }
  }

  private Plan sound(Plan plan) {
    Instant now = files.now();
    if (!plan.nextAt().isAfter(now)) {
      throw new Refusal("known-next-past", 422);
    }
    if (plan.expiresAt().isBefore(plan.nextAt())) {
      throw new Refusal("known-expires-early", 422);
    }
    if (plan.expiresAt().isAfter(now.plus(LONGEST))) {
      throw new Refusal("known-too-long", 422, LONGEST.toDays());
    }
    String english = plan.toldEn();
    return new Plan(
        plan.territoryId(),
        plan.category(),
        soundTold(plan.told()),
        english == null || english.isBlank() ? null : soundTold(english),
        plan.nextAt(),
        plan.expiresAt());
  }

  private static String soundTold(String text) {
    String sound = text.strip().replaceAll("\\s*\\R\\s*", "\n");
    if (sound.isEmpty()) {
      throw new Refusal("text-missing", 422);
    }
    if (sound.length() > LONGEST_TOLD) {
      throw new Refusal("text-too-long", 422, LONGEST_TOLD);
    }
    return sound;
  }

  /// In the capacity of the level they speak for.
  private Set<Actor> actors(Staff staff) {
    var level = territories.byId(staff.territoryId()).level();
    return new HashSet<>(
        Set.of(
            switch (level) {
              case DISTRICT -> Actor.DISTRICT;
              case STREET -> Actor.STREET;
              case COMMUNITY, GROUP, BUILDING, GRID -> Actor.COMMUNITY;
            }));
  }
}
