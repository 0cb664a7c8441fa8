package io.linyu.casework;

import io.linyu.casework.LimitStore.Latest;
import io.linyu.casework.Replay.LimitSet;
import io.linyu.community.Staff;
import io.linyu.community.Territories;
import io.linyu.community.audit.Audit;
import io.linyu.community.audit.Deed;
import io.linyu.community.audit.Who;
import io.linyu.platform.Refusal;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How long things may take, as the district rules it. A change is a new version from a day on: a
/// clock that was set before keeps the limit by which it was set.
///
/// Versions come one after the other: while one waits to begin, only what begins later may follow.
public final class Limits {
  private static final int LONGEST = 999;
  private static final int LONGEST_REASON = 300;

  /// @param next where the next page begins; null: there is none
  record Listing(List<LimitVersion> versions, @Nullable Integer next) {}

  private final Db db;
  private final Clock clock;
  private final ZoneId zone;
  private final RoutingRules rules;
  private final Categories categories;
  private final Territories territories;
  private final Audit audit;
  private final RuleStore house = new RuleStore();
  private final LimitStore store = new LimitStore();

  Limits(
      Db db,
      Clock clock,
      ZoneId zone,
      RoutingRules rules,
      Categories categories,
      Territories territories,
      Audit audit) {
    this.db = db;
    this.clock = clock;
    this.zone = zone;
    this.rules = rules;
    this.categories = categories;
    this.territories = territories;
    this.audit = audit;
  }

  /// For the whole district: its dispatchers.
  boolean mayRule(Staff staff) {
    return rules.mayRule(staff, territories.root());
  }

  LocalDate today() {
    return rules.today();
  }

  Rules current() {
    return Db.await(house.at(db, now()));
  }

  Listing page(@Nullable Integer before, int limit) {
    List<LimitVersion> found =
        store.page(db, before == null ? Integer.MAX_VALUE : before, limit + 1);
    boolean more = found.size() > limit;
    List<LimitVersion> shown = more ? found.subList(0, limit) : found;
    return new Listing(shown, more ? shown.getLast().version() : null);
  }

  /// The version that may be taken back: the last one, where it has not begun.
  Optional<Integer> revocable() {
    Latest latest = store.latest(db);
    return latest.from().isAfter(now()) ? Optional.of(latest.rules().version()) : Optional.empty();
  }

  /// The rules that hold when this change begins, without it.
  Rules before(LimitSet change) {
    return Db.await(house.at(db, start(change)));
  }

  /// The same with it.
  Rules after(LimitSet change) {
    return before(change).with(change.what(), category(change), change.limit());
  }

  /// As it is kept; refused with a sentence where it cannot be.
  LimitSet require(Staff staff, LimitSet change) {
    return require(db, staff, change);
  }

  private LimitSet require(Sql sql, Staff staff, LimitSet change) {
    if (!mayRule(staff)) {
      throw new Refusal("limit-not-yours", 403);
    }
    Category category = category(change);
    if (change.what().isOfKinds() && category == null) {
      throw new Refusal("limit-kind-missing", 422);
    }
    String kind = change.category();
    if (kind != null && category == null) {
      throw new Refusal(
          change.what().mayBeOfKinds() ? "limit-kind-unknown" : "limit-of-house", 422);
    }
    if (!change.what().units().contains(change.unit())) {
      throw new Refusal("limit-unit", 422);
    }
    if (change.value() < 1 || change.value() > LONGEST) {
      throw new Refusal("limit-value", 422, LONGEST);
    }
    if (change.from().isBefore(today())) {
      throw new Refusal("routing-past", 422, today());
    }
    String reason = change.reason().strip();
    if (reason.isEmpty()) {
      throw new Refusal("reason-missing", 422);
    }
    if (reason.length() > LONGEST_REASON) {
      throw new Refusal("text-too-long", 422, LONGEST_REASON);
    }
    Latest latest = store.latest(sql);
    if (latest.from().isAfter(start(change))) {
      throw new Refusal("limit-planned", 409, LocalDate.ofInstant(latest.from(), zone));
    }
    String was = latest.rules().limit(change.what(), category);
    if (was.equals(change.limit())) {
      throw new Refusal("limit-same", 409);
    }
    return new LimitSet(
        change.what(),
        category == null ? null : category.code(),
        was,
        change.value(),
        change.unit(),
        change.from(),
        reason);
  }

  /// @param from the address they act from
  /// @param replay what they had looked at before
  void set(Tx tx, Staff staff, String from, LimitSet change, long replay) {
    store.lock(tx);
    LimitSet sound = require(tx, staff, change);
    Rules next = store.latest(tx).rules().with(sound.what(), category(sound), sound.limit());
    int version = store.insert(tx, next, sound, start(sound), staff.id(), now(), replay);
    audit.write(
        tx,
        Who.staff(staff.id(), from),
        Deed.LIMIT_SET,
        Map.of(
            "version",
            version,
            "what",
            sound.what().word(),
            "category",
            sound.category() == null ? "" : sound.category(),
            "was",
            String.valueOf(sound.was()),
            "limit",
            sound.limit(),
            "from",
            sound.from().toString(),
            "reason",
            sound.reason()));
  }

  /// As if nobody had set it. Only the last one, and only before it begins.
  void takeBack(Staff staff, String from, int version) {
    if (!mayRule(staff)) {
      throw new Refusal("limit-not-yours", 403);
    }
    db.withinTransaction(tx -> {
      store.lock(tx);
      Latest latest = store.latest(tx);
      if (latest.rules().version() != version || !latest.from().isAfter(now())) {
        throw new Refusal("limit-begun", 409);
      }
      store.takeBack(tx, version, staff.id(), now());
      audit.write(
          tx, Who.staff(staff.id(), from), Deed.LIMIT_TAKEN_BACK, Map.of("version", version));
    });
  }

  @Nullable Category category(LimitSet change) {
    return change.what().isOfKinds() || change.what().mayBeOfKinds()
        ? categories.named(change.category()).filter(Category::isSpecific).orElse(null)
        : null;
  }

  /// At once, or with the day.
  private Instant start(LimitSet change) {
    Instant day = change.from().atStartOfDay(zone).toInstant();
    return day.isBefore(now()) ? now() : day;
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }
}
