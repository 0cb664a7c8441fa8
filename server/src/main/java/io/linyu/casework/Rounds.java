package io.linyu.casework;

import io.linyu.casework.Round.Door;
import io.linyu.casework.Round.Purpose;
import io.linyu.casework.Round.State;
import io.linyu.community.Community;
import io.linyu.community.Level;
import io.linyu.community.Staff;
import io.linyu.community.StaffMember;
import io.linyu.community.Territories;
import io.linyu.community.Territory;
import io.linyu.platform.Refusal;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Tx;
import io.linyu.platform.events.Events;
import io.linyu.platform.text.Codes;
import io.linyu.platform.time.Ticker;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Rounds from door to door: whoever leads a community makes one, somebody of it goes, and what
/// people tell becomes a case of theirs.
///
/// A household need not talk: that is noted as an answer like any other, without a reason, and
/// nothing follows from it. Doors are known by what is written on them. There is no register, no
/// name, and a note takes only what the purpose names.
public final class Rounds {
  static final int PAGE = 30;

  /// Who presses twice was there once.
  private static final Duration SAME_ATTEMPT = Duration.ofHours(1);

  private static final int MOST_DOORS = 500;
  private static final int LONGEST_LABEL = 40;
  private static final int LONGEST_NOTE = 100;
  private static final int MOST_FLOORS = 60;
  private static final int MOST_UNITS = 30;
  private static final int MOST_BESIDE = 40;
  private static final Duration FORGET = Duration.ofHours(1);
  private static final Duration KEPT = Duration.ofDays(366);
  private static final int FORGOTTEN_AT_ONCE = 500;

  /// A telephone number, or that of a person.
  private static final Pattern LONG_NUMBER = Pattern.compile("\\d(?:[ -]?\\d){6,}");

  private static final Set<String> LEADS = Set.of("community_deputy", "community_secretary");

  /// What came of doors; each counts once.
  public record Outcomes(long done, long refused, long absent) {}

  /// A round in a list, without its doors.
  record Listed(Round round, int doors, int over) {}

  /// What somebody wants of a round.
  ///
  /// @param territory null: the whole community
  /// @param lines a label in each, in order; blank: they follow from the numbers
  /// @param units of a building; 0: its doors are numbered without
  public record Wanted(
      @Nullable Long territory,
      Purpose purpose,
      LocalDate until,
      long visitor,
      String lines,
      int units,
      int floors,
      int beside) {}

  private final Db db;
  private final Clock clock;
  private final ZoneId zone;
  private final Events events;
  private final Community community;
  private final Territories territories;
  private final RoundStore store = new RoundStore();

  Rounds(Db db, Clock clock, ZoneId zone, Events events, Community community) {
    this.db = db;
    this.clock = clock;
    this.zone = zone;
    this.events = events;
    this.community = community;
    this.territories = community.territories();
  }

  /// As a server needs it.
  public void start(Ticker ticker) {
    ticker.every(FORGET, "visits-forget", this::forgetDue);
  }

  /// True when there may be more.
  boolean forgetDue() {
    return store.forget(db, clock.instant().minus(KEPT), FORGOTTEN_AT_ONCE) == FORGOTTEN_AT_ONCE;
  }

  // Who may.

  boolean mayMake(Staff staff) {
    return LEADS.contains(staff.role())
        && territories.byId(staff.territoryId()).level() == Level.COMMUNITY;
  }

  /// Who may go: who works in the community, signs in, and takes down what people say.
  List<StaffMember> candidates(Staff staff) {
    return community.staff().within(territories.byId(staff.territoryId()), Scope.ROLES).stream()
        .filter(StaffMember::signsIn)
        .toList();
  }

  private static boolean isTheirs(Staff staff, Round round) {
    return round.visitorId() == staff.id()
        || (LEADS.contains(staff.role()) && staff.territoryId() == round.communityId());
  }

  /// Groups and buildings of their community, where a round may be.
  List<Territory> places(Staff staff) {
    var found = new ArrayList<Territory>();
    for (Territory group : territories.children(territories.byId(staff.territoryId()))) {
      if (group.level() == Level.GROUP) {
        found.add(group);
        found.addAll(territories.children(group));
      }
    }
    return found;
  }

  // Looking.

  /// @param before the last of the page before
  /// @return one more than a page where there is another
  List<Listed> visibleTo(Staff staff, long before) {
    long own = mayMake(staff) ? staff.territoryId() : 0;
    List<Round> rounds = store.visible(db, own, staff.id(), before, PAGE + 1);
    Map<Long, int[]> counts = store.counts(db, rounds.stream().map(Round::id).toList());
    return rounds.stream()
        .map(each -> {
          int[] counted = counts.getOrDefault(each.id(), new int[2]);
          return new Listed(each, counted[0], counted[1]);
        })
        .toList();
  }

  /// For whoever goes, and for those who lead the community.
  Round visibleTo(Staff staff, String code) {
    return store
        .byCode(db, code)
        .filter(each -> isTheirs(staff, each))
        .orElseThrow(Refusal::notFound);
  }

  /// What came of the doors of a place in a time; each door once.
  public Outcomes outcomes(Territory place, Instant from, Instant to) {
    return store.outcomes(db, place.path(), from, to);
  }

  // Making.

  public String make(Staff staff, Wanted wanted) {
    if (!mayMake(staff)) {
      throw new Refusal("round-not-yours", 403);
    }
    Territory own = territories.byId(staff.territoryId());
    Territory place =
        wanted.territory() == null
            ? own
            : places(staff).stream()
                .filter(each -> each.id() == wanted.territory())
                .findFirst()
                .orElseThrow(() -> new Refusal("territory-unknown", 422));
    if (candidates(staff).stream().noneMatch(each -> each.id() == wanted.visitor())) {
      throw new Refusal("round-who-missing", 422);
    }
    List<String> labels = labels(wanted);
    Instant now = clock.instant();
    Instant until = wanted.until().plusDays(1).atStartOfDay(zone).toInstant();
    if (!until.isAfter(now) || until.isAfter(now.plus(KEPT))) {
      throw new Refusal("round-until-wrong", 422);
    }
    String code = Codes.random();
    db.withinTransaction(tx -> {
      long id =
          store.add(
              tx,
              code,
              place.id(),
              own.id(),
              wanted.purpose(),
              until,
              wanted.visitor(),
              staff.id(),
              now,
              labels);
      tell(
          tx,
          id,
          new RoundEvent.Made(
              staff.id(), wanted.visitor(), wanted.purpose().word(), labels.size()));
    });
    return code;
  }

  private static List<String> labels(Wanted wanted) {
    List<String> labels =
        wanted.lines().isBlank()
            ? numbered(wanted.units(), wanted.floors(), wanted.beside())
            : wanted
                .lines()
                .lines()
                .map(String::strip)
                .filter(each -> !each.isEmpty())
                .distinct()
                .toList();
    if (labels.isEmpty()) {
      throw new Refusal("round-doors-missing", 422);
    }
    if (labels.size() > MOST_DOORS) {
      throw new Refusal("round-doors-many", 422, MOST_DOORS);
    }
    labels.stream()
        .filter(each -> each.length() > LONGEST_LABEL || LONG_NUMBER.matcher(each).find())
        .findFirst()
        .ifPresent(each -> {
          throw new Refusal("round-door-wrong", 422, each);
        });
    return labels;
  }

  /// `2单元501` for each door, from the top floor down as people walk, unit by unit.
  static List<String> numbered(int units, int floors, int beside) {
    if (units < 0
        || units > MOST_UNITS
        || floors < 0
        || floors > MOST_FLOORS
        || beside < 0
        || beside > MOST_BESIDE) {
      throw new Refusal("round-doors-many", 422, MOST_DOORS);
    }
    var labels = new ArrayList<String>();
    for (int unit = 1; unit <= Math.max(1, units); unit++) {
      for (int floor = floors; floor >= 1; floor--) {
        for (int nth = 1; nth <= beside; nth++) {
          labels.add((units == 0 ? "" : unit + "单元") + floor + String.format("%02d", nth));
        }
      }
    }
    return labels;
  }

  // Going.

  /// What came of a door; said again, it is changed.
  ///
  /// @param note of what the purpose names; never of who did not want to talk
  void visit(Staff staff, String code, int nth, State state, String note) {
    String written = note.strip();
    if (written.length() > LONGEST_NOTE) {
      throw new Refusal("text-too-long", 422, LONGEST_NOTE);
    }
    if (LONG_NUMBER.matcher(written).find()) {
      throw new Refusal("round-note-number", 422);
    }
    Instant now = clock.instant();
    db.withinTransaction(tx -> {
      Round round = open(tx, staff, code);
      Door door = round.nth(nth).orElseThrow(Refusal::notFound);
      boolean again =
          door.state() == State.ATTEMPTED
              && door.at() != null
              && now.isBefore(door.at().plus(SAME_ATTEMPT));
      switch (state) {
        case TASKED -> store.visit(tx, door.id(), State.TASKED, 0, null, null);
        case ATTEMPTED -> {
          if (again) {
            return;
          }
          int absent = door.state() == State.ATTEMPTED ? door.absent() + 1 : 1;
          store.visit(tx, door.id(), state, Math.min(absent, Round.ABSENT_TIMES), now, null);
        }
        case DONE ->
            store.visit(
                tx, door.id(), state, door.absent(), now, written.isEmpty() ? null : written);
        case REFUSED -> store.visit(tx, door.id(), state, door.absent(), now, null);
      }
      tell(tx, round.id(), new RoundEvent.Visited(staff.id(), nth, state.word()));
    });
  }

  /// What they told is this case, and whoever opened has been visited; also where the round was
  /// ended meanwhile. Where it is no door of theirs, nothing is: what was told is not lost by it.
  void followUp(Tx tx, Staff staff, String code, int nth, CaseId id) {
    Round round = store.lock(tx, code).filter(each -> isTheirs(staff, each)).orElse(null);
    Door door = round == null ? null : round.nth(nth).orElse(null);
    if (round != null && door != null && store.followUp(tx, door.id(), id)) {
      if (door.state() != State.DONE) {
        store.visit(tx, door.id(), State.DONE, door.absent(), clock.instant(), door.note());
        tell(tx, round.id(), new RoundEvent.Visited(staff.id(), nth, State.DONE.word()));
      }
      tell(tx, round.id(), new RoundEvent.FollowedUp(staff.id(), nth, id.value()));
    }
  }

  void followUp(Staff staff, String code, int nth, CaseId id) {
    db.withinTransaction(tx -> followUp(tx, staff, code, nth, id));
  }

  /// No more doors; or they go on after all.
  void end(Staff staff, String code, boolean ends) {
    db.withinTransaction(tx -> {
      Round round = locked(tx, staff, code);
      if (ends == round.isOpen()) {
        store.end(tx, round.id(), ends ? clock.instant() : null);
        tell(tx, round.id(), new RoundEvent.Ended(staff.id(), (int) round.count(State.DONE), ends));
      }
    });
  }

  private Round open(Tx tx, Staff staff, String code) {
    Round round = locked(tx, staff, code);
    if (!round.isOpen()) {
      throw new Refusal("round-over", 409);
    }
    return round;
  }

  private Round locked(Tx tx, Staff staff, String code) {
    return store
        .lock(tx, code)
        .filter(each -> isTheirs(staff, each))
        .orElseThrow(Refusal::notFound);
  }

  private void tell(Tx tx, long round, RoundEvent event) {
    events.write(tx, RoundEvent.VOCABULARY, round, event);
  }
}
